/* dms-sentence.c — what an event says, in one sentence, and why in a second one
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-sentence.h"

#include <string.h>

/* Marks a message for the translators; who prints translates it. */
#define N_(text) text

typedef struct
{
  const DmsEvent *event;
  const DmsEventInfo *info;
  const DmsState *state; /* may be NULL */
  const DmsNames *names;
  const DmsVoice *voice;
  const DmsMappingState *mapping; /* that the event speaks of, while it is live */
  uint32_t flags;                 /* of the event, and what its mapping adds to them */
} Speech;

static bool
is_word (const char *name, size_t length, const char *word)
{
  return strlen (word) == length && memcmp (name, word, length) == 0;
}

/* Which mapping an event speaks of differs by kind: recorded ends find theirs by
 * address and are gone from the state by then. */
static const DmsMappingState *
mapping_of (const DmsEvent *event, const DmsState *state)
{
  if (state == NULL || event->object == 0)
    return NULL;
  switch (event->kind)
    {
    case DMS_EVENT_COUNT:
    case DMS_EVENT_GRANT:
    case DMS_EVENT_PAGE:
    case DMS_EVENT_BOUNCE:
    case DMS_EVENT_NO_COPY:
    case DMS_EVENT_COPY:
    case DMS_EVENT_MAP:
    case DMS_EVENT_RELEASE:
    case DMS_EVENT_DESCRIPTOR:
    case DMS_EVENT_BURST:
    case DMS_EVENT_ASK:
    case DMS_EVENT_FLUSH:
      return dms_state_mapping (state, event->object);
    default:
      return NULL;
    }
}

/* Whether the piece that a burst reaches is no page of its transfer's buffer. */
static bool
is_elsewhere (const Speech *speech)
{
  const DmsMappingState *mapping = speech->mapping;
  const DmsEvent *event = speech->event;
  const DmsPieceState *piece
      = mapping == NULL ? NULL : dms_mapping_piece (mapping, event->index, event->a);
  const DmsTransferState *transfer
      = piece == NULL ? NULL : dms_state_transfer (speech->state, mapping->transfer);
  const DmsBufferState *buffer
      = transfer == NULL ? NULL : dms_state_buffer (speech->state, transfer->buffer);

  if (buffer == NULL || (mapping->flags & DMS_FLAG_FORM) != DMS_FLAG_FORM_SINGLE)
    return false;
  for (uint32_t i = 0; i < buffer->n_pages; i++)
    if (buffer->pages[i].frame == piece->physical >> DMS_PAGE_SHIFT)
      return false;
  return true;
}

static Speech
speech_of (const DmsEvent *event,
           const DmsState *state,
           const DmsNames *names,
           const DmsVoice *voice)
{
  Speech speech = {
    .event = event,
    .info = dms_event_info (event->kind),
    .state = state,
    .names = names,
    .voice = voice,
    .mapping = mapping_of (event, state),
    .flags = event->flags,
  };
  /* A recorded map event does not say that its segments bounced; the fold knows. */
  if (event->kind == DMS_EVENT_MAP && speech.mapping != NULL)
    speech.flags |= speech.mapping->flags & (DMS_FLAG_BOUNCED | DMS_FLAG_ALL_BOUNCED);
  /* Why a page bounces is not repeated by each burst, nor what kind of memory it is. */
  if (event->kind == DMS_EVENT_BURST && speech.mapping != NULL)
    speech.flags |= speech.mapping->flags & (DMS_FLAG_FORCED | DMS_FLAG_FORM);
  /* A channel that goes round in memory of the driver's own. */
  if (event->kind == DMS_EVENT_BURST && is_elsewhere (&speech))
    speech.flags = (speech.flags & ~DMS_FLAG_FORM) | DMS_FLAG_FORM_COHERENT;
  if (event->kind == DMS_EVENT_BOUNCE && state != NULL)
    speech.flags |= state->machine_flags & DMS_FLAG_VERIFIER;
  if (event->kind == DMS_EVENT_MAP && state != NULL)
    speech.flags |= state->machine_flags & DMS_FLAG_HAL_X86;
  if (event->kind == DMS_EVENT_RETURN && event->index == DMS_ROUTINE_MAP_TRANSFER
      && event->length > 0)
    speech.flags |= DMS_FLAG_FORM_SINGLE;
  return speech;
}

static const DmsSaying *
saying_of (const Speech *speech)
{
  const DmsSaying *saying = speech->info->sayings;
  if (speech->event->kind == DMS_EVENT_CALL)
    {
      const DmsRoutineInfo *routine = dms_routine_info (speech->event->index);
      if (routine != NULL)
        saying = routine->sayings;
    }
  while (saying->sentence != NULL && (speech->flags & saying->mask) != saying->value)
    saying++;
  return saying->sentence == NULL ? NULL : saying;
}

/* ---- fields in their unit
 * --------------------------------------------------------------------- */

static void
say_status (uint32_t status, DmsBytes *bytes)
{
  const char *name = dms_nt_status_name (status);
  if (name != NULL)
    dms_bytes_append_text (bytes, name);
  else
    dms_bytes_printf (bytes, "0x%08X", status);
}

/* {a} is a plain number; {a_address}, {a_bytes} and {a_registers} say what it counts.
 */
static bool
say_fact_number (
    const Speech *speech, const char *suffix, size_t n, uint64_t value, DmsBytes *bytes)
{
  if (n == 0)
    dms_say_number (bytes, value, speech->voice);
  else if (is_word (suffix, n, "_address"))
    dms_say_address (bytes, value);
  else if (is_word (suffix, n, "_bytes"))
    dms_say_bytes (bytes, value, speech->voice);
  else if (is_word (suffix, n, "_registers"))
    dms_say_registers (bytes, value, speech->voice);
  else
    return false;
  return true;
}

static bool
say_fact_word (void *data, const char *name, size_t length, DmsBytes *bytes)
{
  const Speech *speech = data;
  const DmsEvent *event = speech->event;

  if (is_word (name, length, "device"))
    dms_names_append (bytes, speech->names, event->device);
  else if (is_word (name, length, "length"))
    dms_say_bytes (bytes, event->length, speech->voice);
  else if (name[0] == 'a')
    return say_fact_number (speech, name + 1, length - 1, event->a, bytes);
  else if (name[0] == 'b')
    return say_fact_number (speech, name + 1, length - 1, event->b, bytes);
  else if (name[0] == 'c')
    return say_fact_number (speech, name + 1, length - 1, event->c, bytes);
  else
    return false;
  return true;
}

static void
say_fact (const Speech *speech, DmsBytes *bytes)
{
  const DmsFactInfo *fact = dms_fact_info (speech->event->index);
  Speech inner = *speech;

  if (fact == NULL)
    dms_bytes_append_text (bytes, "?");
  else
    dms_say_template (bytes,
                      dms_say_translate (speech->voice, fact->sentence, NULL, 0),
                      say_fact_word,
                      &inner);
}

/* What a routine returns, by the name that it has in the documentation; false where it
 * is a mere number. */
static bool
say_returned (const DmsEvent *event, uint64_t value, DmsBytes *bytes)
{
  static const char *const actions[]
      = { NULL, "KeepObject", "DeallocateObject", "DeallocateObjectKeepRegisters" };

  switch (event->index)
    {
    case DMS_ROUTINE_ADAPTER_CONTROL:
      if (value == 0 || value >= sizeof actions / sizeof *actions)
        return false;
      dms_bytes_append_text (bytes, actions[value]);
      return true;
    case DMS_ROUTINE_FLUSH_ADAPTER_BUFFERS:
    case DMS_ROUTINE_CANCEL_ADAPTER_CHANNEL:
      dms_bytes_append_text (bytes, value == 0 ? "FALSE" : "TRUE");
      return true;
    case DMS_ROUTINE_MAP_TRANSFER:
    case DMS_ROUTINE_ALLOCATE_COMMON_BUFFER:
    case DMS_ROUTINE_ALLOCATE_COMMON_BUFFER_EX:
      if (value == 0)
        return false;
      dms_say_address (bytes, value);
      return true;
    case DMS_ROUTINE_ATA_PORT_GET_SCATTER_GATHER_LIST:
    case DMS_ROUTINE_STOR_PORT_GET_SCATTER_GATHER_LIST:
      if (value == 0)
        return false;
      dms_bytes_printf (bytes, "a list (%llu)", (unsigned long long)value);
      return true;
    case DMS_ROUTINE_READ_DMA_COUNTER:
    case DMS_ROUTINE_GET_DMA_ALIGNMENT:
      dms_bytes_printf (bytes, "%llu", (unsigned long long)value);
      return true;
    default: /* a number from a file; of most routines it says no more in words */
      return false;
    }
}

static void
say_field (const Speech *speech, const DmsFieldInfo *field, DmsBytes *bytes)
{
  uint64_t value = dms_event_get (speech->event, field->field);
  const DmsVoice *voice = speech->voice;

  switch (field->unit)
    {
    case DMS_UNIT_NUMBER:
    case DMS_UNIT_ID:
      dms_say_number (bytes, value, voice);
      break;
    case DMS_UNIT_HEX:
      if (speech->event->kind != DMS_EVENT_RETURN || field->field != DMS_FIELD_B
          || !say_returned (speech->event, value, bytes))
        dms_bytes_printf (bytes, "0x%llx", (unsigned long long)value);
      break;
    case DMS_UNIT_BYTES:
      dms_say_bytes (bytes, value, voice);
      break;
    case DMS_UNIT_SIZE:
      dms_say_size (bytes, value, voice);
      break;
    case DMS_UNIT_BITS:
      dms_say_bits (bytes, value, voice);
      break;
    case DMS_UNIT_PAGES:
      dms_say_pages (bytes, value, voice);
      break;
    case DMS_UNIT_REGISTERS:
      dms_say_registers (bytes, value, voice);
      break;
    case DMS_UNIT_ELEMENTS:
      dms_say_elements (bytes, value, voice);
      break;
    case DMS_UNIT_FRAME:
      dms_say_frame (bytes, value);
      break;
    case DMS_UNIT_PHYSICAL:
    case DMS_UNIT_LOGICAL:
    case DMS_UNIT_VIRTUAL:
      dms_say_address (bytes, value);
      break;
    case DMS_UNIT_NAME:
      dms_names_append (bytes, speech->names, value > UINT32_MAX ? 0 : (uint32_t)value);
      break;
    case DMS_UNIT_ROUTINE:
      {
        const DmsRoutineInfo *routine = dms_routine_info ((unsigned)value);
        dms_bytes_append_text (bytes, routine == NULL ? "?" : routine->name);
        break;
      }
    case DMS_UNIT_FACT:
      say_fact (speech, bytes);
      break;
    case DMS_UNIT_STATUS:
      say_status ((uint32_t)value, bytes);
      break;
    case DMS_UNIT_FLAGS:
      dms_flags_append (bytes, (uint32_t)value);
      break;
    case DMS_UNIT_LIST:
      dms_payload_append_plain (
          bytes, speech->event->payload, speech->event->payload_length);
      break;
    }
}

/* {needed_number} is field "needed" without its noun, {needed_pages} with another noun,
 * {frame_of_to} the frame that address field "to" lies in. */
static bool
say_event_field (const Speech *speech, const char *name, size_t length, DmsBytes *bytes)
{
  for (const DmsFieldInfo *field = speech->info->fields; field->field != DMS_FIELD_END;
       field++)
    {
      size_t n = strlen (field->name);
      uint64_t value = dms_event_get (speech->event, field->field);
      if (is_word (name, length, field->name))
        say_field (speech, field, bytes);
      else if (length == n + 7 && memcmp (name, field->name, n) == 0
               && memcmp (name + n, "_number", 7) == 0)
        dms_say_number (bytes, value, speech->voice);
      else if (length == n + 6 && memcmp (name, field->name, n) == 0
               && memcmp (name + n, "_pages", 6) == 0)
        dms_say_pages (bytes, value, speech->voice);
      else if (length == n + 9 && memcmp (name, "frame_of_", 9) == 0
               && memcmp (name + 9, field->name, n) == 0)
        dms_say_frame (bytes, value >> DMS_PAGE_SHIFT);
      else
        continue;
      return true;
    }
  return false;
}

/* ---- words that the state knows
 * ----------------------------------------------------------------- */

/* The piece of the mapping that the event is about, or NULL. */
static const DmsPieceState *
piece_of (const Speech *speech)
{
  const DmsMappingState *mapping = speech->mapping;
  const DmsEvent *event = speech->event;

  if (mapping == NULL || mapping->n_pieces == 0)
    return NULL;
  if (event->kind != DMS_EVENT_BURST)
    return event->index < mapping->n_pieces ? &mapping->pieces[event->index] : NULL;
  return dms_mapping_piece (mapping, event->index, event->a);
}

/* Pieces of a list are the pages of its transfer, in order; what MapTransfer maps may
 * be any part of it, and is found by its frame. */
static uint64_t
page_of (const Speech *speech, const DmsPieceState *piece)
{
  const DmsMappingState *mapping = speech->mapping;
  uint64_t index = (uint64_t)(piece - mapping->pieces);
  const DmsTransferState *transfer
      = dms_state_transfer (speech->state, mapping->transfer);
  const DmsBufferState *buffer
      = transfer == NULL ? NULL : dms_state_buffer (speech->state, transfer->buffer);

  if ((mapping->flags & DMS_FLAG_FORM) != DMS_FLAG_FORM_SINGLE || buffer == NULL)
    return index;
  uint32_t first = dms_buffer_page_of (buffer, transfer->start);
  for (uint32_t i = first; i < buffer->n_pages; i++)
    if (buffer->pages[i].frame == piece->physical >> DMS_PAGE_SHIFT)
      return i - first;
  return index;
}

static bool
say_piece_word (const Speech *speech, const char *name, size_t length, DmsBytes *bytes)
{
  const DmsMappingState *mapping = speech->mapping;
  const DmsPieceState *piece = piece_of (speech);
  uint64_t page = piece == NULL ? 0 : page_of (speech, piece);
  uint64_t element = piece == NULL ? UINT32_MAX : piece->element;

  if (piece == NULL)
    return false;
  if (is_word (name, length, "page"))
    dms_say_number (bytes, page, speech->voice);
  else if (is_word (name, length, "page_before"))
    dms_say_number (bytes, page == 0 ? 0 : page - 1, speech->voice);
  else if (is_word (name, length, "page_frame"))
    dms_say_frame (bytes, piece->physical >> DMS_PAGE_SHIFT);
  else if (is_word (name, length, "register") && piece->map_register != UINT32_MAX)
    dms_say_number (bytes, piece->map_register, speech->voice);
  else if (is_word (name, length, "element") && element < mapping->n_elements)
    dms_say_number (bytes, element, speech->voice);
  else if (is_word (name, length, "element_length") && element < mapping->n_elements)
    dms_say_bytes (bytes, mapping->elements[element].length, speech->voice);
  else
    return false;
  return true;
}

/* Elements of a simulated list none of whose pages bounces. */
static uint64_t
direct_runs (const DmsMappingState *mapping)
{
  uint64_t runs = 0;
  uint32_t last = UINT32_MAX;

  for (uint32_t i = 0; i < mapping->n_pieces; i++)
    {
      const DmsPieceState *piece = &mapping->pieces[i];
      if (!piece->bounced && piece->element != last)
        runs++;
      last = piece->element;
    }
  return runs;
}

static uint64_t
bounced_pieces (const DmsMappingState *mapping)
{
  uint64_t n = 0;
  for (uint32_t i = 0; i < mapping->n_pieces; i++)
    n += mapping->pieces[i].bounced ? 1 : 0;
  return n;
}

static bool
say_mapping_word (const Speech *speech,
                  const char *name,
                  size_t length,
                  DmsBytes *bytes)
{
  const DmsMappingState *mapping = speech->mapping;

  if (is_word (name, length, "segments"))
    dms_say_segments (bytes, speech->event->index, speech->voice);
  else if (mapping == NULL)
    return false;
  else if (is_word (name, length, "direct_runs"))
    dms_say_runs (bytes, direct_runs (mapping), speech->voice);
  else if (is_word (name, length, "bounced_pieces"))
    dms_say_number (bytes, bounced_pieces (mapping), speech->voice);
  else
    return false;
  return true;
}

static bool
say_device_word (const Speech *speech, const char *name, size_t length, DmsBytes *bytes)
{
  const DmsDeviceState *device
      = speech->state == NULL ? NULL
                              : dms_state_device (speech->state, speech->event->device);

  if (is_word (name, length, "device"))
    {
      dms_names_append (bytes, speech->names, speech->event->device);
      return true;
    }
  if (device == NULL)
    return false;
  if (is_word (name, length, "device_bits"))
    dms_say_bits (bytes, device->address_bits, speech->voice);
  else if (is_word (name, length, "limit") && device->mask != 0)
    dms_say_limit (bytes, device->mask, speech->voice);
  else
    return false;
  return true;
}

static bool
say_buffer_word (const Speech *speech, const char *name, size_t length, DmsBytes *bytes)
{
  const DmsBufferState *buffer
      = speech->state == NULL ? NULL
                              : dms_state_buffer (speech->state, speech->event->object);

  if (buffer == NULL)
    return false;
  if (is_word (name, length, "buffer_name"))
    dms_names_append (bytes, speech->names, buffer->name);
  else if (is_word (name, length, "pages") && speech->event->index < buffer->n_mdls)
    dms_say_pages (bytes, buffer->mdls[speech->event->index].n_pages, speech->voice);
  else
    return false;
  return true;
}

static const char *
direction_words (uint32_t flags)
{
  switch (flags & DMS_FLAG_DIRECTION)
    {
    case DMS_FLAG_TO_DEVICE:
      return N_ ("to the device");
    case DMS_FLAG_FROM_DEVICE:
      return N_ ("from the device");
    case DMS_FLAG_BIDIRECTIONAL:
      return N_ ("in both directions");
    default:
      return N_ ("in no direction");
    }
}

const char *
dms_lock_text (uint64_t lock)
{
  switch (lock)
    {
    case 0:
      return N_ ("no lock");
    case 1:
      return N_ ("the StartIo lock");
    default:
      return N_ ("the lock of the interrupt");
    }
}

/* What a LIMIT event changes, and whose allocations a FAIL event makes fail. */
static const char *
word_of_index (const DmsEvent *event, const char *const *words, uint32_t n)
{
  return event->index < n ? words[event->index] : "?";
}

static bool
say_command_word (const Speech *speech,
                  const char *name,
                  size_t length,
                  DmsBytes *bytes)
{
  static const char *const limits[] = { N_ ("its address lines"),
                                        N_ ("its map registers in one transfer"),
                                        N_ ("its longest list"),
                                        N_ ("its longest transfer"),
                                        N_ ("its burst") };
  static const char *const allocations[] = { N_ ("memory for lists"),
                                             N_ ("common buffers"),
                                             N_ ("pool memory"),
                                             N_ ("adapter objects") };
  const char *word = NULL;

  if (is_word (name, length, "limit_name"))
    word = word_of_index (speech->event, limits, sizeof limits / sizeof *limits);
  else if (is_word (name, length, "allocation_name"))
    word = word_of_index (
        speech->event, allocations, sizeof allocations / sizeof *allocations);
  else
    return false;
  dms_bytes_append_text (bytes, dms_say_translate (speech->voice, word, NULL, 0));
  return true;
}

static bool
say_other_word (const Speech *speech, const char *name, size_t length, DmsBytes *bytes)
{
  const DmsEvent *event = speech->event;
  const DmsName *task = dms_names_get (speech->names, event->task);

  if (is_word (name, length, "irql"))
    dms_bytes_append_text (bytes, dms_context_name (event->context));
  else if (is_word (name, length, "lock"))
    dms_bytes_append_text (
        bytes, dms_say_translate (speech->voice, dms_lock_text (event->c), NULL, 0));
  else if (is_word (name, length, "last"))
    dms_say_number (
        bytes, event->index + (event->a == 0 ? 0 : event->a - 1), speech->voice);
  else if (is_word (name, length, "direction"))
    dms_bytes_append_text (
        bytes,
        dms_say_translate (speech->voice, direction_words (event->flags), NULL, 0));
  else if (is_word (name, length, "page_size"))
    dms_say_number (bytes, DMS_PAGE_SIZE, speech->voice);
  else if (is_word (name, length, "page_less_one"))
    dms_say_number (bytes, DMS_PAGE_SIZE - 1, speech->voice);
  else if (is_word (name, length, "cpu"))
    dms_say_number (bytes, event->cpu, speech->voice);
  else if (is_word (name, length, "task"))
    {
      dms_names_append (bytes, speech->names, event->task);
      if (task != NULL)
        dms_bytes_printf (bytes, " (%lld)", (long long)task->number);
    }
  else if (is_word (name, length, "lost_events") && event->a == 0)
    dms_bytes_append_text (
        bytes, dms_say_translate (speech->voice, "how many is not known", NULL, 0));
  else if (is_word (name, length, "lost_events"))
    dms_say_number (bytes, event->a, speech->voice);
  else
    return false;
  return true;
}

/* Numbers with their verb: one message with plural forms. The number is {n}; other
 * words are those of the sentence. */
typedef struct
{
  uint16_t kind; /* DmsEventKind */
  DmsField field;
  const char *word;
  const char *singular, *plural;
  const char *none; /* what is said for 0; NULL: the plural */
} Clause;

static const Clause clauses[] = {
  { DMS_EVENT_GRANT,
    DMS_FIELD_A,
    "are_granted",
    N_ ("{n} map register is granted, number {first}"),
    N_ ("{n} map registers are granted, {first} to {last}"),
    N_ ("The request is granted without map registers") },
  { DMS_EVENT_GRANT, DMS_FIELD_B, "stay", N_ ("{n} stays"), N_ ("{n} stay"), NULL },
  { DMS_EVENT_RELEASE,
    DMS_FIELD_A,
    "go_back",
    N_ ("Map register {first} goes back"),
    N_ ("Map registers {first} to {last} go back"),
    NULL },
  { DMS_EVENT_WAIT,
    DMS_FIELD_B,
    "are_free",
    N_ ("{n} map register is free"),
    N_ ("{n} map registers are free"),
    NULL },
  { DMS_EVENT_WAIT,
    DMS_FIELD_C,
    "in_the_queue",
    N_ ("in the queue behind {n} other"),
    N_ ("in the queue behind {n} others"),
    N_ ("as the first in the queue") },
  { DMS_EVENT_NO_COPY,
    DMS_FIELD_A,
    "pages_that_bounce",
    N_ ("{n} page that bounces"),
    N_ ("{n} pages that bounce"),
    NULL },
  { DMS_EVENT_MAP,
    DMS_FIELD_C,
    "pages_that_bounce",
    N_ ("{n} page that bounces"),
    N_ ("{n} pages that bounce"),
    NULL },
  { DMS_EVENT_MAP,
    DMS_FIELD_A,
    "reaches_them",
    N_ ("reaches it"),
    N_ ("reaches them all"),
    NULL },
  { DMS_EVENT_INTERRUPT,
    DMS_FIELD_A,
    "of_them_wait",
    N_ ("{n} of them waits"),
    N_ ("{n} of them wait"),
    NULL },
  { DMS_EVENT_START,
    DMS_FIELD_A,
    "descriptors_noun",
    N_ ("{n} descriptor"),
    N_ ("{n} descriptors"),
    NULL },
};

typedef struct
{
  const Speech *speech;
  uint64_t n;
} Counting;

static bool
say_plain_word (const Speech *speech, const char *name, size_t length, DmsBytes *bytes)
{
  /* {segments} says how many; the list of that name has no words. */
  return say_mapping_word (speech, name, length, bytes)
         || say_event_field (speech, name, length, bytes)
         || say_device_word (speech, name, length, bytes)
         || say_piece_word (speech, name, length, bytes)
         || say_buffer_word (speech, name, length, bytes)
         || say_command_word (speech, name, length, bytes)
         || say_other_word (speech, name, length, bytes);
}

static bool
say_clause_word (void *data, const char *name, size_t length, DmsBytes *bytes)
{
  const Counting *counting = data;

  if (!is_word (name, length, "n"))
    return say_plain_word (counting->speech, name, length, bytes);
  dms_say_number (bytes, counting->n, counting->speech->voice);
  return true;
}

static bool
say_clause (const Speech *speech, const char *name, size_t length, DmsBytes *bytes)
{
  for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++)
    {
      const Clause *clause = &clauses[i];
      if (clause->kind != speech->event->kind || !is_word (name, length, clause->word))
        continue;
      Counting counting = { speech, dms_event_get (speech->event, clause->field) };
      bool is_none = counting.n == 0 && clause->none != NULL;
      const char *message
          = dms_say_translate (speech->voice,
                               is_none ? clause->none : clause->singular,
                               is_none ? NULL : clause->plural,
                               counting.n);
      dms_say_template (bytes, message, say_clause_word, &counting);
      return true;
    }
  return false;
}

/* What the event says itself goes before what the state knows; "?" for what neither
 * does. */
static bool
say_word (void *data, const char *name, size_t length, DmsBytes *bytes)
{
  const Speech *speech = data;

  if (say_clause (speech, name, length, bytes)
      || say_plain_word (speech, name, length, bytes))
    return true;
  dms_bytes_append_text (bytes, "?");
  return true;
}

void
dms_event_sentence (DmsBytes *bytes,
                    const DmsEvent *event,
                    const DmsState *state,
                    const DmsNames *names,
                    const DmsVoice *voice)
{
  Speech speech = speech_of (event, state, names, voice);
  const DmsSaying *saying = speech.info == NULL ? NULL : saying_of (&speech);

  if (saying != NULL)
    dms_say_template (
        bytes, dms_say_translate (voice, saying->sentence, NULL, 0), say_word, &speech);
}

void
dms_event_why (DmsBytes *bytes,
               const DmsEvent *event,
               const DmsState *state,
               const DmsNames *names,
               const DmsVoice *voice)
{
  Speech speech = speech_of (event, state, names, voice);
  const DmsSaying *saying = speech.info == NULL ? NULL : saying_of (&speech);

  if (saying != NULL && saying->why[0] != '\0')
    dms_say_template (
        bytes, dms_say_translate (voice, saying->why, NULL, 0), say_word, &speech);
}

void
dms_event_place (DmsBytes *bytes, const DmsEvent *event, const DmsNames *names)
{
  const DmsName *file = dms_names_get (names, event->file);

  if (file != NULL)
    {
      dms_names_append (bytes, names, event->file);
      dms_bytes_printf (bytes, ":%u, ", event->line);
    }
  if ((event->flags & DMS_FLAG_RECORDED) != 0)
    {
      const DmsName *task = dms_names_get (names, event->task);
      if (task != NULL)
        {
          dms_names_append (bytes, names, event->task);
          dms_bytes_printf (bytes, "-%lld, ", (long long)task->number);
        }
      dms_bytes_printf (bytes, "CPU %u, ", event->cpu);
    }
  dms_bytes_append_text (bytes, dms_context_name (event->context));
}
