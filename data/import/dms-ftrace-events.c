/* dms-ftrace-events.c — a traced event of Linux becomes a DmsEvent
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-ftrace-events.h"

#include <stdlib.h>
#include <string.h>

#define N_ELEMENTS(array) (sizeof (array) / sizeof (array)[0])

/* What a decoder of one kind has in hand. */
typedef struct
{
  DmsFtraceDecoder *decoder;
  DmsFtraceFields *fields;
  DmsSpan name, rest;
  DmsEvent *event;
  DmsBytes *payload;
  const char *reason;
} Line;

static DmsFtraceResult
unread (Line *line, const char *reason)
{
  line->reason = reason;
  return DMS_FTRACE_UNREAD;
}

static bool
take_device (Line *line)
{
  DmsSpan device = dms_ftrace_device (line->fields);

  line->event->device
      = dms_ftrace_names_get (line->decoder->names, DMS_NAME_DEVICE, 0, device);
  return line->event->device != 0;
}

/* Device, direction and attributes, which most kinds have. */
static bool
take_common (Line *line)
{
  line->event->b = dms_ftrace_attributes (line->fields);
  return take_device (line) && dms_ftrace_direction (line->fields, &line->event->flags);
}

#define NO_COMMON "it names no device, or no direction (dir=)"
#define NO_ADDRESS "dma_addr= or size= is missing, or is no number"
#define CUT_OFF "the kernel cut it off ([LINE TOO BIG]) before what is needed"
#define NO_LIST "a list of addresses is missing, or ends in its middle"

/* ---- one piece
 * ----------------------------------------------------------------------- */

static bool
take_address_and_size (Line *line, const char *address_key, uint64_t *ret_address)
{
  return dms_ftrace_fields_hex (line->fields, address_key, ret_address)
         && dms_ftrace_fields_decimal (line->fields, "size", &line->event->length);
}

static void
append_segment (Line *line, DmsPayloadTag tag, uint64_t address)
{
  DmsSegment segment = { .address = address, .length = line->event->length };
  dms_payload_append_segments (line->payload, tag, &segment, 1);
}

/* Asks how many of the pieces of @line's mapping were bounced. */
static void
claim_bounces (Line *line, const DmsSegment *pieces, size_t n_pieces)
{
  DmsEvent *event = line->event;
  uint64_t n = dms_ftrace_bounces_claim (
      &line->decoder->bounces, event, pieces, n_pieces, event->a);

  if (n == 0 || (event->flags & DMS_FLAG_FAILED) != 0)
    return;
  event->c = n;
  event->flags |= DMS_FLAG_BOUNCED | (n == event->a ? DMS_FLAG_ALL_BOUNCED : 0);
}

static DmsFtraceResult
decode_map (Line *line)
{
  DmsEvent *event = line->event;
  uint64_t physical, address;

  event->kind = DMS_EVENT_MAP;
  if (!take_common (line))
    return unread (line, NO_COMMON);
  if (!take_address_and_size (line, "dma_addr", &address)
      || !dms_ftrace_fields_hex (line->fields, "phys_addr", &physical))
    return unread (line, NO_ADDRESS);

  event->a = 1;
  append_segment (line, DMS_PAYLOAD_MEMORY, physical);
  if (address == DMS_FTRACE_NOT_MAPPED)
    event->flags |= DMS_FLAG_FAILED;
  else
    {
      event->index = 1;
      append_segment (line, DMS_PAYLOAD_DEVICE, address);
    }
  claim_bounces (line, &(DmsSegment){ .address = physical }, 1);
  return DMS_FTRACE_EVENT;
}

static DmsFtraceResult
decode_unmap (Line *line)
{
  DmsEvent *event = line->event;

  event->kind = DMS_EVENT_UNMAP;
  if (!take_common (line))
    return unread (line, NO_COMMON);
  /* The record calls it addr, the kernel's own text dma_addr. */
  if (!take_address_and_size (line, "dma_addr", &event->a)
      && !take_address_and_size (line, "addr", &event->a))
    return unread (line, NO_ADDRESS);
  return DMS_FTRACE_EVENT;
}

static DmsFtraceResult
decode_sync (Line *line)
{
  line->event->kind = DMS_EVENT_SYNC;
  if (!take_common (line))
    return unread (line, NO_COMMON);
  if (!take_address_and_size (line, "dma_addr", &line->event->a))
    return unread (line, NO_ADDRESS);
  return DMS_FTRACE_EVENT;
}

/* ---- lists of pieces
 * ------------------------------------------------------------------- */

/* Reads a list that may end early only where the kernel cut the line. */
static DmsFtraceResult
take_list (Line *line, const char *key, const char *other_key, DmsFtraceSegments *list)
{
  switch (dms_ftrace_addresses (line->fields, key, other_key, list))
    {
    case DMS_FTRACE_LIST_OK:
      return DMS_FTRACE_EVENT;
    case DMS_FTRACE_LIST_ABSENT:
    case DMS_FTRACE_LIST_CUT:
      if (!line->fields->is_cut)
        return unread (line, NO_LIST);
      line->event->flags |= DMS_FLAG_TRUNCATED;
      return DMS_FTRACE_EVENT;
    case DMS_FTRACE_LIST_NO_MEMORY:
      break;
    }
  return DMS_FTRACE_NO_MEMORY;
}

/* The device's addresses and their lengths, which must be as many. */
static DmsFtraceResult
take_device_list (Line *line)
{
  DmsFtraceSegments *device = &line->decoder->device;
  DmsFtraceResult result = take_list (line, "dma_addrs", NULL, device);
  size_t n_lengths;

  if (result != DMS_FTRACE_EVENT)
    return result;
  dms_ftrace_lengths (line->fields, device, &n_lengths);
  if (n_lengths != device->n && !line->fields->is_cut)
    return unread (line, "dma_addrs= and sizes= are not of the same number");
  if (n_lengths != device->n)
    line->event->flags |= DMS_FLAG_TRUNCATED;
  line->event->length = dms_ftrace_sum (device);
  return DMS_FTRACE_EVENT;
}

/* How many pieces and elements there really are: newer kernels list at most 128 of
 * them. */
static bool
take_totals (Line *line, uint64_t n_pieces, uint64_t n_elements)
{
  uint64_t all_pieces = n_pieces, all_elements = n_elements;

  (void)dms_ftrace_total (line->fields, "nents", "full_nents", &all_pieces);
  (void)dms_ftrace_total (line->fields, "ents", "full_ents", &all_elements);
  (void)dms_ftrace_fields_get (line->fields, "truncated");
  if (all_pieces < n_pieces || all_elements < n_elements || all_elements > UINT32_MAX
      || all_pieces > UINT32_MAX)
    return false;
  line->event->a = all_pieces;
  line->event->index = (uint32_t)all_elements;
  if (all_pieces > n_pieces || all_elements > n_elements
      || dms_ftrace_fields_has_word (line->fields, "[TRUNCATED]"))
    line->event->flags |= DMS_FLAG_TRUNCATED;
  return true;
}

/* As many elements as pieces: each is one, so their lengths are the same. */
static void
share_lengths (Line *line)
{
  DmsFtraceSegments *memory = &line->decoder->memory;
  const DmsFtraceSegments *device = &line->decoder->device;

  if (memory->n != device->n || line->event->a != line->event->index)
    return;
  for (size_t i = 0; i < memory->n; i++)
    memory->entries[i].length = device->entries[i].length;
}

static void
append_list (Line *line, DmsPayloadTag tag, const DmsFtraceSegments *list)
{
  if (list->n > 0)
    dms_payload_append_segments (line->payload, tag, list->entries, list->n);
}

static DmsFtraceResult
decode_map_sg (Line *line)
{
  DmsFtraceDecoder *decoder = line->decoder;
  DmsFtraceResult result;

  line->event->kind = DMS_EVENT_MAP;
  if (!take_common (line))
    return unread (line, NO_COMMON);
  result = take_device_list (line);
  if (result == DMS_FTRACE_EVENT)
    result = take_list (line, "phys_addrs", NULL, &decoder->memory);
  if (result != DMS_FTRACE_EVENT)
    return result;
  if (!take_totals (line, decoder->memory.n, decoder->device.n))
    return unread (line, "nents= or ents= is smaller than the list is long");
  share_lengths (line);
  append_list (line, DMS_PAYLOAD_MEMORY, &decoder->memory);
  append_list (line, DMS_PAYLOAD_DEVICE, &decoder->device);
  claim_bounces (line, decoder->memory.entries, decoder->memory.n);
  return DMS_FTRACE_EVENT;
}

/* "-12", as the kernel's functions return it. */
static uint32_t
take_error (Line *line)
{
  const DmsSpan *value = dms_ftrace_fields_get (line->fields, "err");
  uint64_t number = 0;

  if (value == NULL)
    return 0;
  DmsSpan digits = dms_span_starts (*value, "-") ? dms_span_skip (*value, 1) : *value;
  if (!dms_span_decimal (digits, &number) || number > UINT32_MAX)
    {
      dms_ftrace_fields_untake (line->fields, "err");
      return 0;
    }
  return (uint32_t)number;
}

/* The text calls the memory's addresses dma_addrs; there are no others. */
static DmsFtraceResult
decode_map_sg_err (Line *line)
{
  DmsFtraceSegments *memory = &line->decoder->memory;

  line->event->kind = DMS_EVENT_MAP;
  if (!take_common (line))
    return unread (line, NO_COMMON);
  DmsFtraceResult result = take_list (line, "dma_addrs", "phys_addrs", memory);
  if (result != DMS_FTRACE_EVENT)
    return result;
  line->event->a = memory->n;
  line->event->status = take_error (line);
  append_list (line, DMS_PAYLOAD_MEMORY, memory);
  claim_bounces (line, memory->entries, memory->n);
  return DMS_FTRACE_EVENT;
}

static DmsFtraceResult
decode_unmap_sg (Line *line)
{
  DmsFtraceSegments *memory = &line->decoder->memory;

  line->event->kind = DMS_EVENT_UNMAP;
  if (!take_common (line))
    return unread (line, NO_COMMON);
  DmsFtraceResult result = take_list (line, "phys_addrs", "addrs", memory);
  if (result != DMS_FTRACE_EVENT)
    return result;
  line->event->a = memory->n > 0 ? memory->entries[0].address : 0;
  append_list (line, DMS_PAYLOAD_MEMORY, memory);
  return DMS_FTRACE_EVENT;
}

static DmsFtraceResult
decode_sync_sg (Line *line)
{
  DmsFtraceSegments *device = &line->decoder->device;

  line->event->kind = DMS_EVENT_SYNC;
  if (!take_common (line))
    return unread (line, NO_COMMON);
  DmsFtraceResult result = take_device_list (line);
  if (result != DMS_FTRACE_EVENT)
    return result;
  line->event->a = device->n > 0 ? device->entries[0].address : 0;
  append_list (line, DMS_PAYLOAD_DEVICE, device);
  return DMS_FTRACE_EVENT;
}

/* ---- shared memory
 * ----------------------------------------------------------------------- */

/* Where the text lists the pages of a shared allocation. */
static DmsFtraceResult
take_pages (Line *line)
{
  DmsFtraceSegments *memory = &line->decoder->memory;

  if (dms_ftrace_fields_get (line->fields, "phys_addrs") == NULL)
    return DMS_FTRACE_EVENT;
  DmsFtraceResult result = take_list (line, "phys_addrs", NULL, memory);
  if (result == DMS_FTRACE_EVENT)
    append_list (line, DMS_PAYLOAD_MEMORY, memory);
  return result;
}

/* Shared memory has no field for attributes: when there are any, they are kept as text.
 */
static void
keep_attributes (Line *line)
{
  if (dms_ftrace_attributes (line->fields) != 0)
    dms_ftrace_fields_untake (line->fields, "attrs");
}

static DmsFtraceResult
decode_alloc (Line *line)
{
  DmsEvent *event = line->event;
  bool is_failed = (event->flags & DMS_FLAG_FAILED) != 0;

  event->kind = DMS_EVENT_ALLOC;
  if (!take_device (line))
    return unread (line, NO_COMMON);
  /* Kernels before 6.13 do not say the direction of shared memory. */
  (void)dms_ftrace_direction (line->fields, &event->flags);
  if (!take_address_and_size (line, "dma_addr", &event->a) && !is_failed)
    return unread (line, NO_ADDRESS);
  if (dms_ftrace_pointer (line->fields, "virt_addr", &event->b)
          == DMS_FTRACE_POINTER_NULL
      || event->a == DMS_FTRACE_NOT_MAPPED)
    event->flags |= DMS_FLAG_FAILED;
  keep_attributes (line);
  return take_pages (line);
}

/* Puts @text into the payload, cut where a list must end and between two characters. */
static void
append_text (Line *line, DmsSpan text)
{
  DmsBytes *clean = &line->decoder->text;
  size_t length;

  dms_bytes_clear (clean);
  dms_ftrace_append_clean (clean, text);
  length = clean->length;
  if (length > DMS_PAYLOAD_ENTRIES_MAX)
    {
      length = DMS_PAYLOAD_ENTRIES_MAX;
      while (length > 0 && (clean->data[length] & 0xc0) == 0x80)
        length--;
    }
  clean->length = length;
  dms_payload_append_string (line->payload, dms_bytes_text (clean));
}

static DmsFtraceResult
decode_other (Line *line, DmsSpan name)
{
  DmsEvent *event = line->event;

  event->kind = DMS_EVENT_OTHER;
  event->device = 0;
  event->a = event->b = event->c = event->length = 0;
  event->flags = 0;
  event->object = dms_ftrace_names_get (line->decoder->names, DMS_NAME_TEXT, 0, name);
  append_text (line, line->rest);
  return DMS_FTRACE_OTHER;
}

static DmsFtraceResult
decode_free (Line *line)
{
  DmsEvent *event = line->event;

  event->kind = DMS_EVENT_FREE;
  if (!take_device (line))
    return unread (line, NO_COMMON);
  (void)dms_ftrace_direction (line->fields, &event->flags);
  if (!take_address_and_size (line, "dma_addr", &event->a))
    return unread (line, NO_ADDRESS);
  if (event->length == 0
      || dms_ftrace_pointer (line->fields, "virt_addr", &event->b)
             == DMS_FTRACE_POINTER_NULL)
    return decode_other (line, line->name);
  keep_attributes (line);
  return take_pages (line);
}

/* ---- pool, IOMMU, log
 * --------------------------------------------------------------------- */

static DmsFtraceResult
decode_bounce (Line *line)
{
  DmsEvent *event = line->event;
  const DmsSpan *force = dms_ftrace_fields_get (line->fields, "force");

  event->kind = DMS_EVENT_BOUNCE;
  if (!take_device (line))
    return unread (line, "it names no device");
  if (!take_address_and_size (line, "dev_addr", &event->a)
      || !dms_ftrace_fields_hex (line->fields, "dma_mask", &event->c))
    return unread (line, "dma_mask=, dev_addr= or size= is missing, or is no number");
  if (dms_ftrace_fields_has_word (line->fields, "FORCE")
      || (force != NULL && !dms_span_is (*force, "0")))
    event->flags |= DMS_FLAG_FORCED;
  dms_ftrace_bounces_add (&line->decoder->bounces, event);
  return DMS_FTRACE_EVENT;
}

/* Another system may have an event called map; the IOMMU's text says that it is its
 * own. */
static bool
is_of_iommu (const Line *line)
{
  return dms_span_starts (line->rest, "IOMMU:");
}

static DmsFtraceResult
decode_iommu_map (Line *line)
{
  DmsEvent *event = line->event;

  if (!is_of_iommu (line))
    return decode_other (line, line->name);
  event->kind = DMS_EVENT_IOMMU_MAP;
  if (!take_address_and_size (line, "iova", &event->a)
      || !dms_ftrace_fields_hex (line->fields, "paddr", &event->b))
    return unread (line, "iova=, paddr= or size= is missing, or is no number");
  return DMS_FTRACE_EVENT;
}

static DmsFtraceResult
decode_iommu_unmap (Line *line)
{
  DmsEvent *event = line->event;

  if (!is_of_iommu (line))
    return decode_other (line, line->name);
  event->kind = DMS_EVENT_IOMMU_UNMAP;
  if (!take_address_and_size (line, "iova", &event->a)
      || !dms_ftrace_fields_decimal (line->fields, "unmapped_size", &event->b))
    return unread (line, "iova=, size= or unmapped_size= is missing, or is no number");
  return DMS_FTRACE_EVENT;
}

/* "IOMMU:<driver> <device> iova=… flags=…" */
static DmsFtraceResult
decode_fault (Line *line)
{
  DmsEvent *event = line->event;
  DmsSpan lead = line->fields->lead;
  size_t at = lead.length;

  event->kind = DMS_EVENT_FAULT;
  while (at > 0 && lead.text[at - 1] != ' ')
    at--;
  event->device = dms_ftrace_names_get (
      line->decoder->names, DMS_NAME_DEVICE, 0, dms_span_skip (lead, at));
  if (event->device == 0 || !dms_ftrace_fields_hex (line->fields, "iova", &event->a)
      || !dms_ftrace_fields_hex (line->fields, "flags", &event->b))
    return unread (line, "the device, iova= or flags= is missing, or is no number");
  event->flags |= (event->b & 1) != 0 ? DMS_FLAG_FROM_DEVICE : DMS_FLAG_TO_DEVICE;
  return DMS_FTRACE_EVENT;
}

static DmsFtraceResult
decode_log (Line *line)
{
  char device[32];

  line->event->kind = DMS_EVENT_LOG;
  if (dms_ftrace_device_of_log (line->rest, device, sizeof device))
    line->event->device = dms_ftrace_names_get (
        line->decoder->names, DMS_NAME_DEVICE, 0, (DmsSpan){ device, strlen (device) });
  append_text (line, line->rest);
  return DMS_FTRACE_EVENT;
}

/* ---- the table
 * ---------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  size_t length;
  DmsFtraceResult (*decode) (Line *line);
  uint32_t flags;
} Kind;

#define KIND(name, decode, flags)                                                      \
  {                                                                                    \
    name, sizeof name - 1, decode, flags                                               \
  }

/* Names of all kernels; the frequent ones first. */
static const Kind kinds[] = {
  KIND ("map", decode_iommu_map, 0),
  KIND ("unmap", decode_iommu_unmap, 0),
  KIND ("dma_map_page", decode_map, DMS_FLAG_FORM_SINGLE),
  KIND ("dma_unmap_page", decode_unmap, DMS_FLAG_FORM_SINGLE),
  KIND ("dma_map_phys", decode_map, DMS_FLAG_FORM_SINGLE),
  KIND ("dma_unmap_phys", decode_unmap, DMS_FLAG_FORM_SINGLE),
  KIND ("swiotlb_bounced", decode_bounce, 0),
  KIND ("dma_map_sg", decode_map_sg, DMS_FLAG_FORM_SG),
  KIND ("dma_unmap_sg", decode_unmap_sg, DMS_FLAG_FORM_SG),
  KIND ("dma_map_sg_err", decode_map_sg_err, DMS_FLAG_FORM_SG | DMS_FLAG_FAILED),
  KIND ("dma_map_resource", decode_map, DMS_FLAG_FORM_RESOURCE),
  KIND ("dma_unmap_resource", decode_unmap, DMS_FLAG_FORM_RESOURCE),
  KIND ("dma_sync_single_for_cpu", decode_sync, DMS_FLAG_FOR_CPU),
  KIND ("dma_sync_single_for_device", decode_sync, 0),
  KIND ("dma_sync_sg_for_cpu", decode_sync_sg, DMS_FLAG_FOR_CPU),
  KIND ("dma_sync_sg_for_device", decode_sync_sg, 0),
  KIND ("dma_alloc", decode_alloc, DMS_FLAG_FORM_COHERENT),
  KIND ("dma_free", decode_free, DMS_FLAG_FORM_COHERENT),
  KIND ("dma_alloc_pages", decode_alloc, DMS_FLAG_FORM_PAGES),
  KIND ("dma_free_pages", decode_free, DMS_FLAG_FORM_PAGES),
  KIND ("dma_alloc_sgt", decode_alloc, DMS_FLAG_FORM_SGT),
  KIND ("dma_alloc_sgt_err", decode_alloc, DMS_FLAG_FORM_SGT | DMS_FLAG_FAILED),
  KIND ("dma_free_sgt", decode_free, DMS_FLAG_FORM_SGT),
  KIND ("io_page_fault", decode_fault, 0),
  KIND ("console", decode_log, 0),
};

static const Kind *
find_kind (DmsSpan name)
{
  for (size_t i = 0; i < N_ELEMENTS (kinds); i++)
    if (kinds[i].length == name.length
        && kinds[i].name[name.length - 1] == name.text[name.length - 1]
        && memcmp (kinds[i].name, name.text, name.length) == 0)
      return &kinds[i];
  return NULL;
}

/* A line of the function tracer has no name before its text. */
static DmsSpan
name_of (const DmsFtraceLine *line)
{
  if (line->name.length > 0)
    return line->name;
  if (dms_span_find (line->rest, " <-") >= 0)
    return (DmsSpan){ "function", strlen ("function") };
  return (DmsSpan){ "unnamed", strlen ("unnamed") };
}

/* What a newer kernel says beyond what is asked for is kept as text. */
static void
append_unknown (Line *line)
{
  DmsBytes *unknown = &line->decoder->unknown;

  dms_bytes_clear (unknown);
  dms_ftrace_fields_append_rest (line->fields, unknown);
  if (unknown->length > 0)
    append_text (line, (DmsSpan){ (const char *)unknown->data, unknown->length });
}

DmsFtraceResult
dms_ftrace_decode (DmsFtraceDecoder *decoder,
                   const DmsFtraceLine *line,
                   DmsEvent *event,
                   DmsBytes *payload,
                   const char **ret_reason)
{
  const Kind *kind = find_kind (line->name);
  Line state = { .decoder = decoder,
                 .fields = &decoder->fields,
                 .name = line->name,
                 .rest = line->rest,
                 .event = event,
                 .payload = payload };

  *event = (DmsEvent){
    .t_ns = line->t_ns,
    .cpu = line->cpu,
    .context = line->context,
    .task = dms_ftrace_names_get (decoder->names, DMS_NAME_TASK, line->pid, line->comm),
    .flags = kind == NULL ? 0 : kind->flags,
  };
  if (kind == NULL)
    return decode_other (&state, name_of (line));

  dms_ftrace_fields_parse (line->rest, &decoder->fields);
  DmsFtraceResult result = kind->decode (&state);
  if (result == DMS_FTRACE_EVENT && event->kind != DMS_EVENT_LOG)
    append_unknown (&state);
  if (result == DMS_FTRACE_UNREAD)
    *ret_reason = decoder->fields.is_cut ? CUT_OFF : state.reason;
  return payload->failed || decoder->text.failed || decoder->unknown.failed
             ? DMS_FTRACE_NO_MEMORY
             : result;
}

void
dms_ftrace_decoder_init (DmsFtraceDecoder *decoder, DmsFtraceNames *names)
{
  memset (decoder, 0, sizeof *decoder);
  decoder->names = names;
}

void
dms_ftrace_decoder_release (DmsFtraceDecoder *decoder)
{
  free (decoder->memory.entries);
  free (decoder->device.entries);
  dms_bytes_release (&decoder->text);
  dms_bytes_release (&decoder->unknown);
}
