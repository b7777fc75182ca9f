/* dms-chunk.c — events packed into a row of the trace, and out of it again
 *
 *   event := kind byte · mask varint · time zig-zag · field* in the order of the mask's
 * bits
 *
 * Bit 7 of the kind byte says that the event is one step after the one before it. A
 * field is there when its bit is set, as a zig-zag difference to its prediction;
 * otherwise it is as predicted. Task, CPU and context are predicted from the event
 * before, the other fields from the event of the same kind before. Predictions start at
 * 0 in each chunk.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-chunk.h"

#include "data/trace/dms-varint.h"
#include "engine/core/dms-payload.h"

#include <stdlib.h>
#include <string.h>

#define STEP_BIT 0x80u

/* Most often used first, so that most masks take one or two bytes. */
enum
{
  HAS_A = 1 << 0,
  HAS_OBJECT = 1 << 1,
  HAS_LENGTH = 1 << 2,
  HAS_PAYLOAD = 1 << 3, /* length varint, bytes */
  HAS_FOLDED = 1 << 4,  /* likewise; stands for twice the bytes, see can_fold() */
  HAS_DEVICE = 1 << 5,
  HAS_TASK = 1 << 6,
  HAS_CPU = 1 << 7,
  HAS_FLAGS = 1 << 8,
  HAS_INDEX = 1 << 9,
  HAS_B = 1 << 10,
  HAS_C = 1 << 11,
  HAS_LINE = 1 << 12,
  HAS_CONTEXT = 1 << 13,
  HAS_TRANSFER = 1 << 14,
  HAS_STATUS = 1 << 15,
  HAS_FILE = 1 << 16,
  HAS_CAUSE = 1 << 17, /* seq - cause, varint */
  HAS_STEPS = 1 << 18, /* steps passed, varint */
  HAS_MAX = 1 << 19
};

/* kind, mask, time and 17 numbers of at most ten bytes. */
#define HEAD_BYTES_MAX 208u

void
dms_chunk_writer_init (DmsChunkWriter *writer)
{
  memset (writer, 0, sizeof *writer);
  dms_bytes_init (&writer->data);
}

void
dms_chunk_writer_release (DmsChunkWriter *writer)
{
  dms_bytes_release (&writer->data);
}

void
dms_chunk_writer_start (DmsChunkWriter *writer, uint64_t first_seq)
{
  DmsBytes data = writer->data;

  memset (writer, 0, sizeof *writer);
  writer->data = data;
  dms_bytes_clear (&writer->data);
  writer->head.first_seq = first_seq;
}

bool
dms_chunk_writer_is_full (const DmsChunkWriter *writer)
{
  return writer->head.n >= DMS_CHUNK_EVENTS || writer->data.length >= DMS_CHUNK_BYTES;
}

/* ---- packing ----------------------------------------------------------- */

/* A mapping that goes straight has the same list twice: as MEMORY and as DEVICE. It is
 * stored once. */
static bool
can_fold (const DmsEvent *event)
{
  uint32_t half = event->payload_length / 2;
  const uint8_t *payload = event->payload;

  return half > 1 && event->payload_length % 2 == 0 && payload[0] == DMS_PAYLOAD_MEMORY
         && payload[half] == DMS_PAYLOAD_DEVICE
         && memcmp (payload + 1, payload + half + 1, half - 1) == 0;
}

static uint32_t
mask_of (const DmsChunkWriter *writer, const DmsChunkPast *past, const DmsEvent *event)
{
  uint32_t mask = 0;

#define CHANGED(member, old) ((event->member != (old)->member) ? UINT32_MAX : 0u)
  mask |= HAS_A & CHANGED (a, past);
  mask |= HAS_OBJECT & CHANGED (object, past);
  mask |= HAS_LENGTH & CHANGED (length, past);
  mask |= HAS_DEVICE & CHANGED (device, past);
  mask |= HAS_TASK & CHANGED (task, writer);
  mask |= HAS_CPU & CHANGED (cpu, writer);
  mask |= HAS_FLAGS & CHANGED (flags, past);
  mask |= HAS_INDEX & CHANGED (index, past);
  mask |= HAS_B & CHANGED (b, past);
  mask |= HAS_C & CHANGED (c, past);
  mask |= HAS_LINE & CHANGED (line, past);
  mask |= HAS_CONTEXT & CHANGED (context, writer);
  mask |= HAS_TRANSFER & CHANGED (transfer, past);
  mask |= HAS_STATUS & CHANGED (status, past);
  mask |= HAS_FILE & CHANGED (file, past);
#undef CHANGED
  if (event->payload_length > 0)
    mask |= can_fold (event) ? HAS_FOLDED : HAS_PAYLOAD;
  if (event->cause != 0)
    mask |= HAS_CAUSE;
  if (event->step - writer->step > 1)
    mask |= HAS_STEPS;
  return mask;
}

static uint8_t *
put_fields (uint8_t *at,
            uint32_t mask,
            const DmsChunkWriter *writer,
            const DmsChunkPast *past,
            const DmsEvent *event)
{
#define PUT(BIT, member, old)                                                          \
  if ((mask & HAS_##BIT) != 0)                                                         \
  at = dms_varint_put_difference (at, (uint64_t)event->member - (uint64_t)(old)->member)
  PUT (A, a, past);
  PUT (OBJECT, object, past);
  PUT (LENGTH, length, past);
  if ((mask & (HAS_PAYLOAD | HAS_FOLDED)) != 0)
    {
      uint32_t stored = event->payload_length / ((mask & HAS_FOLDED) != 0 ? 2u : 1u);
      at = dms_varint_put (at, stored);
      memcpy (at, event->payload, stored);
      at += stored;
    }
  PUT (DEVICE, device, past);
  PUT (TASK, task, writer);
  PUT (CPU, cpu, writer);
  PUT (FLAGS, flags, past);
  PUT (INDEX, index, past);
  PUT (B, b, past);
  PUT (C, c, past);
  PUT (LINE, line, past);
  PUT (CONTEXT, context, writer);
  PUT (TRANSFER, transfer, past);
  PUT (STATUS, status, past);
  PUT (FILE, file, past);
#undef PUT
  if ((mask & HAS_CAUSE) != 0)
    at = dms_varint_put (at, event->seq - event->cause);
  if ((mask & HAS_STEPS) != 0)
    at = dms_varint_put (at, event->step - writer->step);
  return at;
}

static void
remember (DmsChunkPast *past, const DmsEvent *event)
{
  *past = (DmsChunkPast){
    .transfer = event->transfer,
    .object = event->object,
    .a = event->a,
    .b = event->b,
    .c = event->c,
    .length = event->length,
    .index = event->index,
    .flags = event->flags,
    .status = event->status,
    .device = event->device,
    .file = event->file,
    .line = event->line,
  };
}

static void
count_in (DmsChunkHead *head, const DmsEvent *event)
{
  if (head->n == 0)
    {
      head->first_step = event->step;
      head->t0 = event->t_ns;
      head->t1 = event->t_ns;
    }
  head->n++;
  head->last_step = event->step;
  if (event->t_ns < head->t0)
    head->t0 = event->t_ns;
  if (event->t_ns > head->t1)
    head->t1 = event->t_ns;
  head->kinds[event->kind / 64] |= UINT64_C (1) << (event->kind % 64);
  if (event->device != 0)
    head->devices |= UINT64_C (1) << (event->device % 64);
}

bool
dms_chunk_writer_add (DmsChunkWriter *writer, const DmsEvent *event)
{
  DmsBytes *data = &writer->data;

  if (!dms_bytes_reserve (data, HEAD_BYTES_MAX + event->payload_length))
    return false;
  DmsChunkPast *past = &writer->past[event->kind];
  uint32_t mask = mask_of (writer, past, event);
  bool is_next_step = event->step - writer->step == 1;
  uint8_t *at = data->data + data->length;

  *at++ = (uint8_t)(event->kind | (is_next_step ? STEP_BIT : 0));
  at = dms_varint_put (at, mask);
  at = dms_varint_put_difference (at, (uint64_t)event->t_ns - (uint64_t)writer->t_ns);
  at = put_fields (at, mask, writer, past, event);
  data->length = (size_t)(at - data->data);

  remember (past, event);
  writer->step = event->step;
  writer->t_ns = event->t_ns;
  writer->task = event->task;
  writer->cpu = event->cpu;
  writer->context = event->context;
  count_in (&writer->head, event);
  return true;
}

/* ---- unpacking --------------------------------------------------------- */

/* What dms_chunk_read() carries from event to event. */
typedef struct
{
  DmsReader reader;
  DmsEvent last; /* the event before */
  DmsChunkHead head;
  uint8_t *unfolded;
  size_t n_unfolded; /* bytes of it in use */
  DmsStatus status;
  DmsChunkPast past[DMS_EVENT_KIND_MAX + 1];
} Unpacking;

static inline uint64_t
get_difference (DmsReader *reader)
{
  return (uint64_t)dms_reader_signed (reader);
}

/* The sum must fit where it goes. */
static uint32_t
get_bounded (DmsReader *reader, uint32_t old, uint32_t max)
{
  uint64_t sum = old + get_difference (reader);
  if (sum > max)
    {
      reader->failed = true;
      return 0;
    }
  return (uint32_t)sum;
}

static void
get_payload (Unpacking *unpacking, DmsEvent *event)
{
  DmsReader *reader = &unpacking->reader;
  uint64_t length = dms_reader_varint (reader);

  if (length == 0 || length > DMS_PAYLOAD_MAX)
    {
      reader->failed = true;
      return;
    }
  event->payload = dms_reader_take (reader, (size_t)length);
  event->payload_length = event->payload == NULL ? 0 : (uint32_t)length;
}

/* All unfolded payloads together have at most twice the packed bytes. */
static void
get_folded (Unpacking *unpacking, DmsEvent *event)
{
  get_payload (unpacking, event);
  if (unpacking->reader.failed)
    return;
  if (event->payload_length > DMS_PAYLOAD_MAX / 2
      || event->payload[0] != DMS_PAYLOAD_MEMORY)
    {
      unpacking->reader.failed = true;
      return;
    }
  if (unpacking->unfolded == NULL)
    unpacking->unfolded = malloc (2 * unpacking->reader.length);
  if (unpacking->unfolded == NULL)
    {
      unpacking->status = DMS_ERROR_NO_MEMORY;
      return;
    }

  uint8_t *twice = unpacking->unfolded + unpacking->n_unfolded;
  uint32_t half = event->payload_length;
  memcpy (twice, event->payload, half);
  memcpy (twice + half, event->payload, half);
  twice[half] = DMS_PAYLOAD_DEVICE;
  event->payload = twice;
  event->payload_length = 2 * half;
  unpacking->n_unfolded += 2 * (size_t)half;
}

static void
get_fields (Unpacking *unpacking,
            uint64_t mask,
            const DmsChunkPast *past,
            DmsEvent *event)
{
  DmsReader *reader = &unpacking->reader;

#define GET(BIT, member)                                                               \
  event->member = past->member + ((mask & HAS_##BIT) != 0 ? get_difference (reader) : 0)
#define GET32(BIT, member)                                                             \
  event->member = (mask & HAS_##BIT) != 0                                              \
                      ? get_bounded (reader, past->member, UINT32_MAX)                 \
                      : past->member
  GET (A, a);
  GET (OBJECT, object);
  GET (LENGTH, length);
  if ((mask & HAS_PAYLOAD) != 0)
    get_payload (unpacking, event);
  if ((mask & HAS_FOLDED) != 0)
    get_folded (unpacking, event);
  GET32 (DEVICE, device);
  if ((mask & HAS_TASK) != 0)
    event->task = get_bounded (reader, unpacking->last.task, UINT32_MAX);
  if ((mask & HAS_CPU) != 0)
    event->cpu = (uint16_t)get_bounded (reader, unpacking->last.cpu, UINT16_MAX);
  GET32 (FLAGS, flags);
  GET32 (INDEX, index);
  GET (B, b);
  GET (C, c);
  GET32 (LINE, line);
  if ((mask & HAS_CONTEXT) != 0)
    event->context = (uint8_t)get_bounded (reader, unpacking->last.context, UINT8_MAX);
  GET (TRANSFER, transfer);
  GET32 (STATUS, status);
  GET32 (FILE, file);
#undef GET
#undef GET32
}

/* Behind the fields: what is not a difference to something earlier. */
static void
get_rest (Unpacking *unpacking, uint64_t mask, bool is_next_step, DmsEvent *event)
{
  DmsReader *reader = &unpacking->reader;
  uint64_t steps = is_next_step ? 1 : 0;

  if ((mask & HAS_CAUSE) != 0)
    {
      uint64_t back = dms_reader_varint (reader);
      if (back == 0 || back >= event->seq)
        reader->failed = true;
      else
        event->cause = event->seq - back;
    }
  if ((mask & HAS_STEPS) != 0)
    {
      steps = dms_reader_varint (reader);
      if (is_next_step || steps < 2)
        reader->failed = true;
    }
  event->step = unpacking->last.step + steps;
  if (event->step < steps)
    reader->failed = true;
}

static DmsStatus
get_event (Unpacking *unpacking, DmsEvent *event)
{
  DmsReader *reader = &unpacking->reader;
  uint8_t kind = dms_reader_byte (reader);
  uint64_t mask = dms_reader_varint (reader);
  DmsChunkPast *past = &unpacking->past[kind & DMS_EVENT_KIND_MAX];

  if (reader->failed || mask >= HAS_MAX
      || (mask & (HAS_PAYLOAD | HAS_FOLDED)) == (HAS_PAYLOAD | HAS_FOLDED))
    return DMS_ERROR_CORRUPT;
  *event = (DmsEvent){
    .seq = unpacking->last.seq + 1,
    .run = unpacking->last.run,
    .t_ns = (int64_t)((uint64_t)unpacking->last.t_ns + get_difference (reader)),
    .task = unpacking->last.task,
    .cpu = unpacking->last.cpu,
    .context = unpacking->last.context,
    .kind = kind & DMS_EVENT_KIND_MAX,
  };
  get_fields (unpacking, mask, past, event);
  get_rest (unpacking, mask, (kind & STEP_BIT) != 0, event);
  if (unpacking->status != DMS_OK)
    return unpacking->status;
  if (reader->failed)
    return DMS_ERROR_CORRUPT;
  remember (past, event);
  unpacking->last = *event;
  count_in (&unpacking->head, event);
  return dms_event_check (event);
}

bool
dms_chunk_head_check (const DmsChunkHead *head)
{
  return head->n >= 1 && head->n <= DMS_CHUNK_EVENTS && head->first_seq >= 1
         && head->first_seq <= INT64_MAX - DMS_CHUNK_EVENTS
         && head->first_step <= head->last_step && head->last_step <= INT64_MAX
         && head->t0 <= head->t1;
}

/* The kinds and devices of @head are filters: more bits than needed do no harm. */
static bool
agrees (const DmsChunkHead *head, const DmsChunkHead *found)
{
  return head->first_step == found->first_step && head->last_step == found->last_step
         && head->t0 == found->t0 && head->t1 == found->t1
         && (found->kinds[0] & ~head->kinds[0]) == 0
         && (found->kinds[1] & ~head->kinds[1]) == 0
         && (found->devices & ~head->devices) == 0;
}

static DmsStatus
unpack (Unpacking *unpacking, const DmsChunkHead *head, DmsEvent *events)
{
  for (uint32_t i = 0; i < head->n; i++)
    {
      DmsStatus status = get_event (unpacking, &events[i]);
      if (status != DMS_OK)
        return status;
    }
  return dms_reader_at_end (&unpacking->reader) && agrees (head, &unpacking->head)
             ? DMS_OK
             : DMS_ERROR_CORRUPT;
}

DmsStatus
dms_chunk_read (const DmsChunkHead *head,
                uint32_t run,
                const uint8_t *data,
                size_t length,
                DmsChunk *ret_chunk)
{
  /* An event takes three bytes at least. */
  if (!dms_chunk_head_check (head) || length > DMS_CHUNK_BYTES_MAX
      || length / 3 < head->n)
    return DMS_ERROR_CORRUPT;

  DmsStatus status = DMS_ERROR_NO_MEMORY;
  DmsChunk chunk = { .head = *head };
  Unpacking *unpacking = calloc (1, sizeof *unpacking);
  chunk.events = malloc (head->n * sizeof *chunk.events);
  chunk.data = malloc (length);
  if (unpacking == NULL || chunk.events == NULL || chunk.data == NULL)
    goto out;
  memcpy (chunk.data, data, length);
  dms_reader_init (&unpacking->reader, chunk.data, length);
  unpacking->last.seq = head->first_seq - 1;
  unpacking->last.run = run;
  status = unpack (unpacking, head, chunk.events);
  chunk.unfolded = unpacking->unfolded;

out:
  free (unpacking);
  if (status == DMS_OK)
    *ret_chunk = chunk;
  else
    dms_chunk_release (&chunk);
  return status;
}

void
dms_chunk_release (DmsChunk *chunk)
{
  free (chunk->events);
  free (chunk->data);
  free (chunk->unfolded);
  *chunk = (DmsChunk){ 0 };
}
