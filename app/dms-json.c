/* dms-json.c — values as JSON, and events, findings and facts made of them
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-json-private.h"

#include <string.h>

/* ---- values ---------------------------------------------------------------------- */

/* Like g_malloc(): without memory there is nothing left to do. */
static json_t *
must (json_t *value)
{
  if (!value)
    g_error ("no memory for JSON");
  return value;
}

json_t *
dms_json_text (const char *text)
{
  g_autofree char *valid = NULL;

  if (!text)
    return json_null ();
  if (g_utf8_validate (text, -1, NULL))
    return must (json_string_nocheck (text));
  valid = g_utf8_make_valid (text, -1);
  return must (json_string_nocheck (valid));
}

json_t *
dms_json_number (guint64 number)
{
  if (number <= G_MAXINT64)
    return must (json_integer ((json_int_t)number));
  return must (json_sprintf ("%" G_GUINT64_FORMAT, number));
}

json_t *
dms_json_hex (guint64 number)
{
  char text[32];

  g_snprintf (text, sizeof text, "0x%" G_GINT64_MODIFIER "X", number);
  return must (json_string_nocheck (text));
}

void
dms_json_put (json_t *object, const char *key, json_t *value)
{
  if (json_object_set_new_nocheck (object, key, value) != 0)
    g_error ("no memory for JSON");
}

void
dms_json_put_text (json_t *object, const char *key, const char *text)
{
  dms_json_put (object, key, dms_json_text (text));
}

void
dms_json_put_number (json_t *object, const char *key, guint64 number)
{
  dms_json_put (object, key, dms_json_number (number));
}

void
dms_json_put_hex (json_t *object, const char *key, guint64 number)
{
  dms_json_put (object, key, dms_json_hex (number));
}

void
dms_json_put_id (json_t *object, const char *key, guint64 id)
{
  if (id != 0)
    dms_json_put_number (object, key, id);
}

void
dms_json_put_name (json_t *object, const char *key, guint32 id, const DmsNames *names)
{
  if (id != 0)
    dms_json_put_text (object, key, dms_names_text (names, id));
}

void
dms_json_put_bytes (json_t *object, const char *key, DmsBytes *bytes)
{
  dms_json_put_text (object, key, dms_bytes_text (bytes));
  dms_bytes_release (bytes);
}

void
dms_json_put_flags (json_t *object, const char *key, guint32 flags)
{
  DmsBytes bytes;
  json_t *array = must (json_array ());

  dms_bytes_init (&bytes);
  dms_flags_append (&bytes, flags & ~DMS_FLAG_RECORDED);
  if (bytes.length > 0)
    {
      g_auto (GStrv) words = g_strsplit (dms_bytes_text (&bytes), "|", -1);
      for (guint i = 0; words[i]; i++)
        json_array_append_new (array, dms_json_text (words[i]));
    }
  dms_bytes_release (&bytes);
  dms_json_put (object, key, array);
}

/* ---- events ---------------------------------------------------------------------- */

static void
put_status (json_t *object, const char *key, guint32 status)
{
  const char *name = dms_nt_status_name (status);

  if (name)
    dms_json_put_text (object, key, name);
  else
    dms_json_put_hex (object, key, status);
}

static json_t *
numbers_of (DmsPayloadList *list)
{
  json_t *array = must (json_array ());
  uint64_t number;

  while (dms_payload_next_number (list, &number))
    json_array_append_new (array, dms_json_hex (number));
  return array;
}

static json_t *
segments_of (DmsPayloadList *list)
{
  json_t *array = must (json_array ());
  DmsSegment segment;

  while (dms_payload_next_segment (list, &segment))
    {
      json_t *one = must (json_object ());
      dms_json_put_hex (one, "address", segment.address);
      if (segment.length > 0)
        dms_json_put_number (one, "length", segment.length);
      json_array_append_new (array, one);
    }
  return array;
}

static json_t *
stack_of (DmsPayloadList *list, const DmsNames *names)
{
  json_t *array = must (json_array ());
  uint64_t id;

  while (dms_payload_next_number (list, &id))
    json_array_append_new (array, dms_json_text (dms_names_text (names, (uint32_t)id)));
  return array;
}

static json_t *
text_of (DmsPayloadList *list)
{
  g_autoptr (GString) text = g_string_new (NULL);
  uint64_t byte;

  /* A NUL would end the text; no source has one in a line. */
  while (dms_payload_next_number (list, &byte))
    g_string_append_c (text, byte == 0 ? ' ' : (char)byte);
  return dms_json_text (text->str);
}

static json_t *
list_to_json (DmsPayloadTag tag, DmsPayloadList *list, const DmsNames *names)
{
  switch (tag)
    {
    case DMS_PAYLOAD_FRAMES:
      return numbers_of (list);
    case DMS_PAYLOAD_MEMORY:
    case DMS_PAYLOAD_DEVICE:
      return segments_of (list);
    case DMS_PAYLOAD_STACK:
      return stack_of (list, names);
    case DMS_PAYLOAD_TEXT:
      return text_of (list);
    default:
      g_assert_not_reached ();
    }
}

static void
put_payload (json_t *object, const DmsEvent *event, const DmsNames *names)
{
  static const struct
  {
    DmsPayloadTag tag;
    const char *key;
  } keys[] = {
    { DMS_PAYLOAD_FRAMES, "frames" },   { DMS_PAYLOAD_MEMORY, "memory_segments" },
    { DMS_PAYLOAD_DEVICE, "segments" }, { DMS_PAYLOAD_STACK, "stack" },
    { DMS_PAYLOAD_TEXT, "text" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      DmsPayloadList list;
      if (dms_payload_find (event->payload, event->payload_length, keys[i].tag, &list))
        dms_json_put (object, keys[i].key, list_to_json (keys[i].tag, &list, names));
    }
}

static void
put_field (json_t *object,
           const DmsEvent *event,
           const DmsFieldInfo *field,
           const DmsNames *names)
{
  guint64 value = dms_event_get (event, field->field);

  switch (field->unit)
    {
    case DMS_UNIT_NUMBER:
    case DMS_UNIT_BYTES:
    case DMS_UNIT_SIZE:
    case DMS_UNIT_BITS:
    case DMS_UNIT_PAGES:
    case DMS_UNIT_REGISTERS:
    case DMS_UNIT_ELEMENTS:
      dms_json_put_number (object, field->name, value);
      break;
    case DMS_UNIT_ID:
      dms_json_put_id (object, field->name, value);
      break;
    case DMS_UNIT_HEX:
    case DMS_UNIT_FRAME:
    case DMS_UNIT_PHYSICAL:
    case DMS_UNIT_LOGICAL:
    case DMS_UNIT_VIRTUAL:
      dms_json_put_hex (object, field->name, value);
      break;
    case DMS_UNIT_NAME:
      dms_json_put_name (object, field->name, (guint32)value, names);
      break;
    case DMS_UNIT_ROUTINE:
      if (dms_routine_info ((unsigned)value))
        dms_json_put_text (
            object, field->name, dms_routine_info ((unsigned)value)->name);
      break;
    case DMS_UNIT_FACT:
      if (dms_fact_info ((unsigned)value))
        dms_json_put_text (object, field->name, dms_fact_info ((unsigned)value)->name);
      break;
    case DMS_UNIT_STATUS:
      put_status (object, field->name, (guint32)value);
      break;
    case DMS_UNIT_FLAGS:
      dms_json_put_flags (object, field->name, (guint32)value);
      break;
    case DMS_UNIT_LIST: /* all lists go in together */
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
put_head (json_t *object, const DmsEvent *event, const DmsNames *names)
{
  const DmsName *task = dms_names_get (names, event->task);

  dms_json_put_number (object, "seq", event->seq);
  dms_json_put_number (object, "step", event->step);
  dms_json_put (object, "t_ns", must (json_integer (event->t_ns)));
  dms_json_put_text (object, "kind", dms_event_info (event->kind)->name);
  dms_json_put_number (object, "cpu", event->cpu);
  dms_json_put_text (object, "context", dms_context_name (event->context));
  if (task)
    {
      dms_json_put_text (object, "task", task->text);
      dms_json_put (object, "pid", must (json_integer (task->number)));
    }
  dms_json_put_id (object, "cause", event->cause);
  if (event->file != 0)
    {
      dms_json_put_name (object, "file", event->file, names);
      dms_json_put_number (object, "line", event->line);
    }
}

json_t *
dms_json_event (const DmsEvent *event, const DmsState *state, const DmsNames *names)
{
  const DmsEventInfo *info = dms_event_info (event->kind);
  json_t *object = must (json_object ());
  DmsBytes words;

  g_return_val_if_fail (info, object);

  put_head (object, event, names);
  for (const DmsFieldInfo *field = info->fields; field->field != DMS_FIELD_END; field++)
    put_field (object, event, field, names);
  put_payload (object, event, names);
  dms_bytes_init (&words);
  dms_event_sentence (&words, event, state, names, NULL);
  dms_json_put_bytes (object, "sentence", &words);
  dms_bytes_init (&words);
  dms_event_why (&words, event, state, names, NULL);
  if (words.length > 0)
    dms_json_put_bytes (object, "why", &words);
  else
    dms_bytes_release (&words);
  return object;
}

/* ---- findings -------------------------------------------------------------------- */

json_t *
dms_json_finding (const DmsFinding *finding, const DmsNames *names)
{
  const DmsRuleInfo *rule = dms_rule_info (finding->rule);
  json_t *object = must (json_object ());
  DmsBytes words;

  g_return_val_if_fail (rule, object);

  dms_json_put_text (object, "rule", rule->code);
  if (rule->verifier[0] != '\0')
    dms_json_put_text (object, "verifier", rule->verifier);
  dms_json_put_text (object, "family", rule->family);
  dms_json_put_number (object, "seq", finding->seq);
  dms_json_put_number (object, "step", finding->step);
  dms_json_put_id (object, "other_seq", finding->other_seq);
  if (finding->other_seq != 0)
    dms_json_put_number (object, "other_step", finding->other_step);
  dms_json_put_name (object, "device", finding->device, names);
  dms_json_put_id (object, "transfer", finding->transfer);
  dms_json_put_id (object, "object", finding->object);
  if (finding->file != 0)
    {
      dms_json_put_name (object, "file", finding->file, names);
      dms_json_put_number (object, "line", finding->line);
    }
  dms_bytes_init (&words);
  dms_finding_sentence (&words, finding, names, NULL);
  dms_json_put_bytes (object, "sentence", &words);
  dms_json_put_text (object, "what_is_right", rule->rule);
  dms_json_put_text (object, "source", rule->source);
  return object;
}

/* ---- facts about a trace --------------------------------------------------------- */

static void
put_known_text (json_t *object, const char *key, const char *text)
{
  if (text)
    dms_json_put_text (object, key, text);
}

static void
put_devices (json_t *object, const DmsNames *names)
{
  json_t *devices = must (json_array ());

  for (guint32 id = 1; id <= dms_names_count (names); id++)
    {
      const DmsName *name = dms_names_get (names, id);
      if (name && name->kind == DMS_NAME_DEVICE)
        json_array_append_new (devices, dms_json_text (name->text));
    }
  dms_json_put (object, "devices", devices);
}

json_t *
dms_json_info (DmsPlayer *player, DmsTraceLife life)
{
  static const char *const lives[] = { [DMS_LIFE_CLOSED] = "closed",
                                       [DMS_LIFE_GROWS] = "growing",
                                       [DMS_LIFE_ENDED] = "broken-off",
                                       [DMS_LIFE_OUT_OF_SIGHT] = "out-of-sight" };
  const DmsRunInfo *info = dms_player_info (player);
  json_t *object = must (json_object ());

  put_known_text (object, "title", info->title);
  dms_json_put_text (object,
                     "kind",
                     info->kind == DMS_SOURCE_SIMULATION ? "simulation"
                                                         : "ftrace-text");
  put_known_text (object, "origin", info->origin);
  put_known_text (object, "system", info->system);
  put_known_text (object, "clock", info->clock);
  dms_json_put_text (object, "state", lives[life]);
  dms_json_put_number (object, "events", dms_player_n_events (player));
  dms_json_put_number (object, "steps", dms_player_n_steps (player));
  dms_json_put (
      object, "first_t_ns", must (json_integer (dms_player_first_time (player))));
  dms_json_put (
      object, "last_t_ns", must (json_integer (dms_player_last_time (player))));
  dms_json_put (object, "resolution_ns", must (json_integer (info->resolution_ns)));
  put_devices (object, dms_player_names (player));
  if (info->kind != DMS_SOURCE_SIMULATION)
    {
      dms_json_put_number (object, "read_lines", info->read_lines);
      dms_json_put_number (object, "unread_lines", info->unread_lines);
    }
  put_known_text (object, "notes", info->notes);
  put_known_text (object, "uuid", dms_player_uuid (player));
  return object;
}
