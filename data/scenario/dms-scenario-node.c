/* dms-scenario-node.c — a value of the scenario, and how to complain about it
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-node.h"

#include "data/scenario/dms-json-text.h"
#include "data/scenario/dms-scenario-reader.h"
#include "data/scenario/dms-scenario-size.h"

#include <math.h>
#include <string.h>

#define SHOWN_CHARACTERS 40
#define EXACT_REAL 9007199254740992.0 /* doubles hold each number up to 2^53 */

/* ---- complaints ---- */

/* A file's words go to terminals and windows: in quotation marks, not too long, and
 * without what a terminal would obey. */
static char *
quote (const char *text)
{
  GString *quoted = g_string_new ("\"");
  glong left = SHOWN_CHARACTERS;

  for (; *text != '\0' && left > 0; text = g_utf8_next_char (text), left--)
    {
      gunichar letter = g_utf8_get_char (text);
      g_string_append_unichar (quoted, g_unichar_isprint (letter) ? letter : '?');
    }
  g_string_append (quoted, *text == '\0' ? "\"" : "…\"");
  return g_string_free (quoted, FALSE);
}

static char *
describe (const json_t *json)
{
  switch (json_typeof (json))
    {
    case JSON_OBJECT:
      return g_strdup ("an object");
    case JSON_ARRAY:
      return g_strdup ("a list");
    case JSON_STRING:
      return quote (json_string_value (json));
    case JSON_INTEGER:
      return g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (json));
    case JSON_REAL:
      return g_strdup_printf ("%.17g", json_real_value (json));
    case JSON_TRUE:
      return g_strdup ("true");
    case JSON_FALSE:
      return g_strdup ("false");
    case JSON_NULL:
      return g_strdup ("null");
    }
  return g_strdup ("unknown");
}

#define STEPS_MAX 16 /* deeper than a scenario is */

static gsize
steps_of (const DmsNode *node, DmsJsonStep steps[STEPS_MAX])
{
  gsize n = 0;
  gsize at;

  for (const DmsNode *up = node; up->parent != NULL; up = up->parent)
    n++;
  g_assert (n <= STEPS_MAX);
  at = n;
  for (const DmsNode *up = node; up->parent != NULL; up = up->parent)
    steps[--at] = (DmsJsonStep){ up->key, up->index };
  return n;
}

char *
dms_node_path (const DmsNode *node)
{
  DmsJsonStep steps[STEPS_MAX];
  gsize n = steps_of (node, steps);
  GString *path = g_string_new (n == 0 ? "the scenario" : NULL);

  for (gsize i = 0; i < n; i++)
    if (steps[i].key == NULL)
      g_string_append_printf (path, "[%" G_GSIZE_FORMAT "]", steps[i].index);
    else
      g_string_append_printf (path, "%s%s", i == 0 ? "" : ".", steps[i].key);
  return g_string_free (path, FALSE);
}

/* The last override that set the value or something around it, or NULL. */
static const char *
override_of (const DmsNode *node, const char *path)
{
  const char *found = NULL;

  for (const char *const *set = node->reading->overrides; set != NULL && *set != NULL;
       set++)
    {
      gsize length = strcspn (*set, "=");
      if (strncmp (*set, path, length) == 0 && strchr (".[", path[length]) != NULL)
        found = *set;
    }
  return found;
}

static char *
place_of (const DmsNode *node, const char *path)
{
  const DmsReading *reading = node->reading;
  const char *set = override_of (node, path);
  DmsJsonStep steps[STEPS_MAX];
  gsize n = steps_of (node, steps);

  if (set != NULL)
    return g_strdup_printf ("--set %s", set);
  return g_strdup_printf ("%s:%" G_GSIZE_FORMAT,
                          reading->name,
                          dms_json_line (reading->text, reading->length, steps, n));
}

gboolean
dms_node_fail (const DmsNode *node, const char *format, ...)
{
  g_autofree char *path = dms_node_path (node);
  g_autofree char *place = place_of (node, path);
  g_autofree char *rest = NULL;
  va_list arguments;

  va_start (arguments, format);
  rest = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (node->reading->error,
               DMS_SCENARIO_ERROR,
               DMS_SCENARIO_ERROR_VALUE,
               "%s: %s%s",
               place,
               path,
               rest);
  return FALSE;
}

gboolean
dms_node_fail_needed (const DmsNode *node, const char *needed, ...)
{
  g_autofree char *found = describe (node->json);
  g_autofree char *rest = NULL;
  va_list arguments;

  va_start (arguments, needed);
  rest = g_strdup_vprintf (needed, arguments);
  va_end (arguments);
  return dms_node_fail (node, " is %s; %s is needed", found, rest);
}

/* ---- ways down ---- */

DmsNode
dms_node_member (const DmsNode *object, const char *key)
{
  return (DmsNode){ .reading = object->reading,
                    .parent = object,
                    .key = key,
                    .json = json_object_get (object->json, key) };
}

DmsNode
dms_node_entry (const DmsNode *list, gsize index)
{
  return (DmsNode){ .reading = list->reading,
                    .parent = list,
                    .index = index,
                    .json = json_array_get (list->json, index) };
}

gsize
dms_node_entries (const DmsNode *list)
{
  return json_array_size (list->json);
}

gboolean
dms_node_is_there (const DmsNode *node)
{
  return node->json != NULL && !json_is_null (node->json);
}

static gboolean
fail_unknown (const DmsNode *node, const DmsKeys *keys, const char *name)
{
  g_autofree char *known = dms_keys_join (keys);
  const char *nearest = dms_keys_nearest (keys, name);
  g_autofree char *quoted = quote (name);
  /* The member itself is where the line is to be found. */
  DmsNode member = dms_node_member (node, name);
  g_autofree char *path = dms_node_path (node);
  g_autofree char *member_path = dms_node_path (&member);
  g_autofree char *place = place_of (&member, member_path);
  g_autofree char *where
      = node->parent == NULL ? g_strdup ("") : g_strdup_printf ("%s: ", path);
  g_autofree char *meant = nearest == NULL
                               ? g_strdup ("")
                               : g_strdup_printf ("%s is probably meant; ", nearest);

  g_set_error (node->reading->error,
               DMS_SCENARIO_ERROR,
               DMS_SCENARIO_ERROR_VALUE,
               "%s: %s%s is not a key of %s; %sthe keys are %s",
               place,
               where,
               quoted,
               keys->noun,
               meant,
               known);
  return FALSE;
}

gboolean
dms_node_check_object (const DmsNode *node, const DmsKeys *keys)
{
  const char *name;
  json_t *value;

  if (!json_is_object (node->json))
    return dms_node_fail_needed (node, "an object, %s,", keys->noun);
  json_object_foreach (node->json, name, value)
  {
    if (dms_keys_find (keys, name) == NULL)
      return fail_unknown (node, keys, name);
  }
  for (const DmsKey *key = keys->keys; key->name != NULL; key++)
    if (key->is_required && json_object_get (node->json, key->name) == NULL)
      {
        DmsNode member = dms_node_member (node, key->name);
        return dms_node_fail (&member, " is missing; %s needs it", keys->noun);
      }
  return TRUE;
}

/* ---- values ---- */

static gboolean
fail_range (const DmsNode *node, DmsKeyKind kind, guint64 min, guint64 max)
{
  if (kind == DMS_KEY_SIZE)
    {
      g_autofree char *least = dms_size_format (min);
      g_autofree char *most = dms_size_format (max);
      return dms_node_fail_needed (
          node, "a size from %s to %s, such as 65536 or \"64 KiB\",", least, most);
    }
  if (kind == DMS_KEY_FRAME)
    return dms_node_fail_needed (node,
                                 "a frame number from 0x%" G_GINT64_MODIFIER
                                 "X to 0x%" G_GINT64_MODIFIER "X",
                                 min,
                                 max);
  if (min == max)
    return dms_node_fail_needed (node, "the number %" G_GUINT64_FORMAT, min);
  return dms_node_fail_needed (
      node, "a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, min, max);
}

/* As JSON Schema has it, 4.0 is a whole number too. */
static gboolean
read_number (const json_t *json, DmsKeyKind kind, guint64 *ret_number)
{
  if (json_is_integer (json) && json_integer_value (json) >= 0)
    *ret_number = (guint64)json_integer_value (json);
  else if (json_is_real (json) && json_real_value (json) >= 0
           && json_real_value (json) <= EXACT_REAL
           && floor (json_real_value (json)) >= json_real_value (json))
    *ret_number = (guint64)json_real_value (json);
  else if (json_is_string (json) && kind == DMS_KEY_SIZE)
    return dms_size_parse (json_string_value (json), ret_number);
  else if (json_is_string (json) && kind != DMS_KEY_NUMBER)
    return dms_number_parse (json_string_value (json), ret_number);
  else
    return FALSE;
  return TRUE;
}

gboolean
dms_node_number_within (
    const DmsNode *node, DmsKeyKind kind, guint64 min, guint64 max, guint64 *number)
{
  guint64 found;

  if (!read_number (node->json, kind, &found) || found < min || found > max)
    return fail_range (node, kind, min, max);
  *number = found;
  return TRUE;
}

gboolean
dms_node_number (const DmsNode *object,
                 const DmsKeys *keys,
                 const char *key,
                 guint64 *number)
{
  const DmsKey *rule = dms_keys_find (keys, key);
  DmsNode node = dms_node_member (object, key);

  if (node.json == NULL)
    return TRUE;
  return dms_node_number_within (&node, rule->kind, rule->min, rule->max, number);
}

gboolean
dms_node_number32 (const DmsNode *object,
                   const DmsKeys *keys,
                   const char *key,
                   guint32 *number)
{
  guint64 wide = *number;

  if (!dms_node_number (object, keys, key, &wide))
    return FALSE;
  *number = (guint32)wide;
  return TRUE;
}

gboolean
dms_node_bool (const DmsNode *object, const char *key, bool *value)
{
  DmsNode node = dms_node_member (object, key);

  if (node.json == NULL)
    return TRUE;
  if (!json_is_boolean (node.json))
    return dms_node_fail_needed (&node, "true or false");
  *value = json_is_true (node.json);
  return TRUE;
}

static gboolean
is_printable (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isprint (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

gboolean
dms_node_text (const DmsNode *object, const DmsKeys *keys, const char *key, char **text)
{
  const DmsKey *rule = dms_keys_find (keys, key);
  DmsNode node = dms_node_member (object, key);
  gsize least = rule->kind == DMS_KEY_NAME ? 1 : 0;
  gsize most = rule->kind == DMS_KEY_NAME ? DMS_SCENARIO_NAME_BYTES_MAX
                                          : DMS_SCENARIO_TITLE_BYTES_MAX;

  if (node.json == NULL)
    return TRUE;
  if (!json_is_string (node.json) || json_string_length (node.json) < least
      || json_string_length (node.json) > most
      || !is_printable (json_string_value (node.json)))
    return dms_node_fail_needed (&node,
                                 "text of %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
                                 " bytes without control characters",
                                 least,
                                 most);
  g_free (*text);
  *text = g_strdup (json_string_value (node.json));
  return TRUE;
}

static gboolean
fail_word (const DmsNode *node, const char *const *words)
{
  g_autofree char *known = dms_words_join (words, " or ");
  const char *nearest = json_is_string (node->json)
                            ? dms_words_nearest (words, json_string_value (node->json))
                            : NULL;
  g_autofree char *found = describe (node->json);

  if (nearest != NULL && words[1] != NULL)
    return dms_node_fail (
        node, " is %s; %s is probably meant, of %s", found, nearest, known);
  return dms_node_fail (node, " is %s; it may be %s", found, known);
}

gboolean
dms_node_word_of (const DmsNode *node, const char *const *words, guint *index)
{
  for (guint i = 0; json_is_string (node->json) && words[i] != NULL; i++)
    if (strcmp (json_string_value (node->json), words[i]) == 0)
      {
        *index = i;
        return TRUE;
      }
  return fail_word (node, words);
}

gboolean
dms_node_word (const DmsNode *object,
               const DmsKeys *keys,
               const char *key,
               guint *index)
{
  DmsNode node = dms_node_member (object, key);

  return node.json == NULL
         || dms_node_word_of (&node, dms_keys_find (keys, key)->words, index);
}

gboolean
dms_node_list (const DmsNode *object,
               const DmsKeys *keys,
               const char *key,
               DmsNode *ret_list)
{
  const DmsKey *rule = dms_keys_find (keys, key);
  DmsNode node = dms_node_member (object, key);
  gsize entries = dms_node_entries (&node);

  if (node.json != NULL && !json_is_array (node.json))
    return dms_node_fail_needed (&node, "a list");
  if (node.json != NULL && (entries < rule->min || entries > rule->max))
    return dms_node_fail (&node,
                          " has %" G_GSIZE_FORMAT
                          " entries; a list of %" G_GUINT64_FORMAT
                          " to %" G_GUINT64_FORMAT " is needed",
                          entries,
                          rule->min,
                          rule->max);
  *ret_list = node;
  return TRUE;
}
