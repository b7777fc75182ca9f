/* dms-event.c — the list of events as tables, and checks of single events
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-event.h"

#include "engine/core/dms-payload.h"

#include <stddef.h>

/* ---- one array of fields and one of sayings for each kind
 * --------------------------------- */

/* Marks a message for the translators; who prints translates it. */
#define N_(text) text
#define STEP true
#define PART false
#define FIELD(member, name, unit, meaning)                                             \
  { DMS_FIELD_##member, name, DMS_UNIT_##unit, meaning },
#define SAY(mask, value, sentence, why) { mask, value, sentence, why },

#define DMS_EVENT(id, number, name, opens_step, meaning, fields, sayings)              \
  static const DmsFieldInfo fields_of_##id[]                                           \
      = { fields{ DMS_FIELD_END, NULL, 0, NULL } };                                    \
  static const DmsSaying sayings_of_##id[] = { sayings{ 0, 0, NULL, NULL } };
#include "engine/core/dms-event-list.h"
#undef DMS_EVENT

#define DMS_EVENT(id, number, name, opens_step, meaning, fields, sayings)              \
  { DMS_EVENT_##id, name, opens_step, meaning, fields_of_##id, sayings_of_##id },
static const DmsEventInfo event_infos[] = {
#include "engine/core/dms-event-list.h"
};
#undef DMS_EVENT

#define DMS_ROUTINE(id, number, name, page, low, high, sayings)                        \
  static const DmsSaying sayings_of_routine_##id[] = { sayings{ 0, 0, NULL, NULL } };
#include "engine/core/dms-routine-list.h"
#undef DMS_ROUTINE

#define DMS_ROUTINE(id, number, name, page, low, high, sayings)                        \
  { DMS_ROUTINE_##id,       name, page, DMS_CONTEXT_##low, DMS_CONTEXT_##high,         \
    sayings_of_routine_##id },
static const DmsRoutineInfo routine_infos[] = {
#include "engine/core/dms-routine-list.h"
};
#undef DMS_ROUTINE

#define DMS_FACT(id, number, name, sentence, numbers)                                  \
  { DMS_FACT_##id, name, sentence, numbers },
static const DmsFactInfo fact_infos[] = {
#include "engine/core/dms-fact-list.h"
};
#undef DMS_FACT

#define N_ELEMENTS(array) (sizeof (array) / sizeof (array)[0])

/* Places in event_infos by kind, so that a look-up on the hot path is one step. 0 =
 * none, else place + 1. */
#define DMS_EVENT(id, ...) PLACE_OF_##id,
enum
{
#include "engine/core/dms-event-list.h"
};
#undef DMS_EVENT
#define DMS_EVENT(id, number, ...) [number] = PLACE_OF_##id + 1,
static const uint8_t event_places[DMS_EVENT_KIND_MAX + 1] = {
#include "engine/core/dms-event-list.h"
};
#undef DMS_EVENT

const DmsEventInfo *
dms_event_info (unsigned kind)
{
  if (kind > DMS_EVENT_KIND_MAX || event_places[kind] == 0)
    return NULL;
  return &event_infos[event_places[kind] - 1];
}

const DmsEventInfo *
dms_event_infos (size_t *ret_n)
{
  *ret_n = N_ELEMENTS (event_infos);
  return event_infos;
}

const DmsRoutineInfo *
dms_routine_info (unsigned routine)
{
  for (size_t i = 0; i < N_ELEMENTS (routine_infos); i++)
    if ((unsigned)routine_infos[i].routine == routine)
      return &routine_infos[i];
  return NULL;
}

const DmsRoutineInfo *
dms_routine_infos (size_t *ret_n)
{
  *ret_n = N_ELEMENTS (routine_infos);
  return routine_infos;
}

const DmsFactInfo *
dms_fact_info (unsigned fact)
{
  for (size_t i = 0; i < N_ELEMENTS (fact_infos); i++)
    if ((unsigned)fact_infos[i].fact == fact)
      return &fact_infos[i];
  return NULL;
}

const DmsFactInfo *
dms_fact_infos (size_t *ret_n)
{
  *ret_n = N_ELEMENTS (fact_infos);
  return fact_infos;
}

uint64_t
dms_event_get (const DmsEvent *event, DmsField field)
{
  switch (field)
    {
    case DMS_FIELD_DEVICE:
      return event->device;
    case DMS_FIELD_TRANSFER:
      return event->transfer;
    case DMS_FIELD_OBJECT:
      return event->object;
    case DMS_FIELD_INDEX:
      return event->index;
    case DMS_FIELD_A:
      return event->a;
    case DMS_FIELD_B:
      return event->b;
    case DMS_FIELD_C:
      return event->c;
    case DMS_FIELD_LENGTH:
      return event->length;
    case DMS_FIELD_FLAGS:
      return event->flags;
    case DMS_FIELD_STATUS:
      return event->status;
    case DMS_FIELD_PAYLOAD:
    case DMS_FIELD_END:
      break;
    }
  return 0;
}

/* ---- names of contexts and flags
 * ------------------------------------------------------------ */

static const char *
linux_context_name (uint8_t context)
{
  if ((context & DMS_CONTEXT_NMI) != 0)
    return "nmi";
  if ((context & DMS_CONTEXT_HARDIRQ) != 0)
    return "hardirq";
  if ((context & DMS_CONTEXT_SOFTIRQ) != 0)
    return "softirq";
  return (context & DMS_CONTEXT_IRQS_OFF) != 0 ? "task, irqs off" : "task";
}

const char *
dms_context_name (uint8_t context)
{
  if ((context & DMS_CONTEXT_LINUX) != 0)
    return linux_context_name (context);
  switch (context)
    {
    case DMS_CONTEXT_PASSIVE:
      return "PASSIVE_LEVEL";
    case DMS_CONTEXT_APC:
      return "APC_LEVEL";
    case DMS_CONTEXT_DISPATCH:
      return "DISPATCH_LEVEL";
    default: /* any other byte */
      return "DIRQL";
    }
}

typedef struct
{
  uint32_t mask, value;
  const char *name;
} FlagName;

static const FlagName flag_names[] = {
  { DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, "TO_DEVICE" },
  { DMS_FLAG_DIRECTION, DMS_FLAG_FROM_DEVICE, "FROM_DEVICE" },
  { DMS_FLAG_DIRECTION, DMS_FLAG_NO_DIRECTION, "NO_DIRECTION" },
  { DMS_FLAG_FORM, DMS_FLAG_FORM_SINGLE, "FORM_SINGLE" },
  { DMS_FLAG_FORM, DMS_FLAG_FORM_SG, "FORM_SG" },
  { DMS_FLAG_FORM, DMS_FLAG_FORM_RESOURCE, "FORM_RESOURCE" },
  { DMS_FLAG_FORM, DMS_FLAG_FORM_COHERENT, "FORM_COHERENT" },
  { DMS_FLAG_FORM, DMS_FLAG_FORM_PAGES, "FORM_PAGES" },
  { DMS_FLAG_FORM, DMS_FLAG_FORM_SGT, "FORM_SGT" },
#define BIT(name)                                                                      \
  {                                                                                    \
    DMS_FLAG_##name, DMS_FLAG_##name, #name                                            \
  }
  BIT (BOUNCED),
  BIT (ALL_BOUNCED),
  BIT (FORCED),
  BIT (JOINED),
  BIT (COPY_IN),
  BIT (CALLBACK),
  BIT (HAS_STATUS),
  BIT (FAILED),
  BIT (TRUNCATED),
  BIT (CPU_WRITES),
  BIT (REQUESTER),
  BIT (TAKEN),
  BIT (FOR_CHANNEL),
  BIT (FOR_CPU),
  BIT (CHAINED),
  BIT (LOCKED),
  BIT (SCATTER_GATHER),
  BIT (TOO_MANY_REGISTERS),
  BIT (TOO_SHORT),
  BIT (NO_HOST_MEMORY),
  BIT (HAL_X86),
  BIT (VERIFIER),
  BIT (RECORDED),
  BIT (INFERRED),
  BIT (REMAPPED),
  BIT (HAS_VALUE),
#undef BIT
};

void
dms_flags_append (DmsBytes *bytes, uint32_t flags)
{
  const char *separator = "";

  for (size_t i = 0; i < N_ELEMENTS (flag_names); i++)
    if ((flags & flag_names[i].mask) == flag_names[i].value)
      {
        dms_bytes_append_text (bytes, separator);
        dms_bytes_append_text (bytes, flag_names[i].name);
        separator = "|";
      }
}

DmsStatus
dms_event_check (const DmsEvent *event)
{
  if (dms_event_info (event->kind) == NULL || event->seq == 0
      || event->cause >= event->seq || event->payload_length > DMS_PAYLOAD_MAX
      || (event->payload_length > 0 && event->payload == NULL)
      || !dms_payload_check (event->payload, event->payload_length))
    return DMS_ERROR_CORRUPT;
  return DMS_OK;
}

/* ---- the dump
 * -------------------------------------------------------------------------------- */

/* A field may hold more than an id can be. */
static uint32_t
name_id (uint64_t value)
{
  return value > UINT32_MAX ? 0 : (uint32_t)value;
}

static void
dump_list (DmsBytes *bytes, DmsPayloadList *list, const DmsNames *names)
{
  uint64_t number;
  DmsSegment segment;
  const char *separator = "";

  while (dms_payload_next_segment (list, &segment))
    {
      dms_bytes_printf (bytes,
                        "%s0x%llx+%llu",
                        separator,
                        (unsigned long long)segment.address,
                        (unsigned long long)segment.length);
      separator = ",";
    }
  while (dms_payload_next_number (list, &number))
    {
      dms_bytes_append_text (bytes, separator);
      if (list->tag == DMS_PAYLOAD_STACK)
        dms_names_append (bytes, names, name_id (number));
      else
        dms_bytes_printf (bytes, "0x%llx", (unsigned long long)number);
      separator = ",";
    }
}

static void
dump_payload (DmsBytes *bytes, const DmsEvent *event, const DmsNames *names)
{
  static const struct
  {
    DmsPayloadTag tag;
    const char *name;
  } tags[] = {
    { DMS_PAYLOAD_FRAMES, "frames" }, { DMS_PAYLOAD_MEMORY, "memory" },
    { DMS_PAYLOAD_DEVICE, "device" }, { DMS_PAYLOAD_STACK, "stack" },
    { DMS_PAYLOAD_TEXT, "text" },
  };

  for (size_t i = 0; i < N_ELEMENTS (tags); i++)
    {
      DmsPayloadList list;
      if (!dms_payload_find (event->payload, event->payload_length, tags[i].tag, &list))
        continue;
      dms_bytes_printf (bytes, " %s={", tags[i].name);
      if (list.tag == DMS_PAYLOAD_TEXT)
        dms_payload_append_plain (bytes, event->payload, event->payload_length);
      else
        dump_list (bytes, &list, names);
      dms_bytes_append_text (bytes, "}");
    }
}

static void
dump_field (DmsBytes *bytes,
            const DmsEvent *event,
            const DmsFieldInfo *field,
            const DmsNames *names)
{
  unsigned long long value = dms_event_get (event, field->field);

  dms_bytes_printf (bytes, " %s=", field->name);
  switch (field->unit)
    {
    case DMS_UNIT_NUMBER:
    case DMS_UNIT_ID:
    case DMS_UNIT_BYTES:
    case DMS_UNIT_SIZE:
    case DMS_UNIT_BITS:
    case DMS_UNIT_PAGES:
    case DMS_UNIT_REGISTERS:
    case DMS_UNIT_ELEMENTS:
      dms_bytes_printf (bytes, "%llu", value);
      break;
    case DMS_UNIT_HEX:
    case DMS_UNIT_FRAME:
    case DMS_UNIT_PHYSICAL:
    case DMS_UNIT_LOGICAL:
    case DMS_UNIT_VIRTUAL:
    case DMS_UNIT_STATUS:
      dms_bytes_printf (bytes, "0x%llx", value);
      break;
    case DMS_UNIT_NAME:
      if (value == 0)
        dms_bytes_append_text (bytes, "-");
      else
        dms_names_append (bytes, names, name_id (value));
      break;
    case DMS_UNIT_ROUTINE:
      {
        const DmsRoutineInfo *info = dms_routine_info ((unsigned)value);
        dms_bytes_append_text (bytes, info == NULL ? "-" : info->name);
        break;
      }
    case DMS_UNIT_FACT:
      {
        const DmsFactInfo *info = dms_fact_info ((unsigned)value);
        dms_bytes_append_text (bytes, info == NULL ? "-" : info->name);
        break;
      }
    case DMS_UNIT_FLAGS:
      dms_flags_append (bytes, (uint32_t)value & ~DMS_FLAG_RECORDED);
      break;
    case DMS_UNIT_LIST:
      break;
    }
}

static void
dump_tail (DmsBytes *bytes, const DmsEvent *event, const DmsNames *names)
{
  const DmsName *task = dms_names_get (names, event->task);

  if (event->cause != 0)
    dms_bytes_printf (bytes, " cause=%llu", (unsigned long long)event->cause);
  if (event->file != 0)
    {
      dms_bytes_append_text (bytes, " at=");
      dms_names_append (bytes, names, event->file);
      dms_bytes_printf (bytes, ":%u", event->line);
    }
  if (task != NULL)
    {
      dms_bytes_append_text (bytes, " task=");
      dms_names_append (bytes, names, event->task);
      dms_bytes_printf (bytes, "/%lld", (long long)task->number);
    }
  if ((event->flags & DMS_FLAG_RECORDED) != 0)
    dms_bytes_printf (bytes, " cpu=%u", event->cpu);
  dms_bytes_printf (bytes, " context=%s", dms_context_name (event->context));
}

void
dms_event_append_dump (DmsBytes *bytes, const DmsEvent *event, const DmsNames *names)
{
  const DmsEventInfo *info = dms_event_info (event->kind);

  dms_bytes_printf (bytes,
                    "seq=%llu step=%llu t=%lld %s",
                    (unsigned long long)event->seq,
                    (unsigned long long)event->step,
                    (long long)event->t_ns,
                    info == NULL ? "unknown" : info->name);
  for (const DmsFieldInfo *field = info == NULL ? NULL : info->fields;
       field != NULL && field->field != DMS_FIELD_END;
       field++)
    if (field->unit != DMS_UNIT_LIST)
      dump_field (bytes, event, field, names);
  dump_payload (bytes, event, names);
  dump_tail (bytes, event, names);
}
