/* dms-scenario-reader.c — a scenario's JSON becomes a DmsScenario
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-reader.h"

#include "data/scenario/dms-json-text.h"
#include "data/scenario/dms-scenario-parts.h"
#include "data/scenario/dms-scenario-set.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((gsize)64 << 20)

G_DEFINE_QUARK (dms - scenario - error - quark, dms_scenario_error)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

/* ---- syntax ---- */

/* What jansson found, in our words; "" when its own are kept. */
static const char *
syntax_words (const json_error_t *found)
{
  switch (json_error_code (found))
    {
    case json_error_premature_end_of_input:
      return "the text ends before its brackets are closed; it seems to be cut off";
    case json_error_end_of_input_expected:
      return "more text stands behind the scenario's closing bracket; nothing may";
    case json_error_invalid_utf8:
      return "these bytes are not UTF-8; a scenario is JSON in UTF-8";
    case json_error_duplicate_key:
      return "a key is here for the second time; each may be in an object once";
    case json_error_numeric_overflow:
      return "a number is too large; nothing in a scenario is above "
             "9223372036854775807";
    case json_error_null_character:
    case json_error_null_byte_in_key:
      return "a text contains a zero byte; a scenario has none";
    case json_error_stack_overflow:
      return "brackets are nested too deep";
    case json_error_out_of_memory:
      return "reading it needs more memory than this computer has free";
    case json_error_invalid_syntax:
    case json_error_invalid_format:
    case json_error_wrong_type:
    case json_error_null_value:
    case json_error_item_not_found:
    case json_error_index_out_of_range:
    case json_error_cannot_open_file:
    case json_error_invalid_argument:
    case json_error_unknown:
      break;
    }
  return "this is no JSON; a scenario is one object of JSON, from { to }";
}

/* jansson ends its message with " near 'what it read last'". */
static char *
near_of (const json_error_t *found)
{
  const char *near = strstr (found->text, " near ");
  g_autofree char *valid = g_utf8_make_valid (near == NULL ? "" : near, -1);

  for (char *at = valid; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      *at = ' ';
  return g_steal_pointer (&valid);
}

static void
set_syntax_error (GError **error, const char *name, const json_error_t *found)
{
  g_autofree char *near = near_of (found);

  g_set_error (error,
               DMS_SCENARIO_ERROR,
               DMS_SCENARIO_ERROR_SYNTAX,
               "%s:%d:%d:%s%s %s",
               name,
               MAX (found->line, 1),
               MAX (found->column, 1),
               near,
               *near == '\0' ? "" : ":",
               syntax_words (found));
}

/* ---- text to JSON ---- */

static gboolean
check_text (const char *text, gsize length, const char *name, GError **error)
{
  static const DmsJsonLimit limits[] = {
    { "devices", DMS_SCENARIO_DEVICES_MAX },
    { "buffers", DMS_SCENARIO_BUFFERS_MAX },
    { "requests", DMS_SCENARIO_REQUESTS_MAX },
    { "commands", DMS_SCENARIO_COMMANDS_MAX },
    { "mistakes", DMS_SCENARIO_MISTAKES_MAX },
    { NULL, 0 },
  };
  g_autofree char *problem = NULL;
  gsize line = 1;

  if (length == 0)
    problem = g_strdup ("the text is empty; a scenario is one object of JSON, "
                        "from { to }");
  else if (length > TEXT_MAX)
    problem = g_strdup ("the text is longer than 64 MiB; no scenario needs so much");
  else if (dms_json_check_bounds (text, length, limits, &line, &problem))
    return TRUE;
  g_set_error (error,
               DMS_SCENARIO_ERROR,
               DMS_SCENARIO_ERROR_SYNTAX,
               "%s:%" G_GSIZE_FORMAT ": %s",
               name,
               line,
               problem);
  return FALSE;
}

static json_t *
parse_json (const char *text,
            gsize length,
            const char *name,
            const char *const *overrides,
            GError **error)
{
  g_autoptr (json_t) root = NULL;
  json_error_t found;

  if (!check_text (text, length, name, error))
    return NULL;
  root = json_loadb (text, length, JSON_REJECT_DUPLICATES, &found);
  if (root == NULL)
    {
      set_syntax_error (error, name, &found);
      return NULL;
    }
  for (; overrides != NULL && *overrides != NULL; overrides++)
    if (!dms_scenario_set (root, *overrides, error))
      return NULL;
  return g_steal_pointer (&root);
}

/* ---- JSON to scenario ---- */

static gboolean
read_scenario (const DmsNode *root, DmsScenario *scenario)
{
  guint64 version = 1;

  if (!dms_node_check_object (root, &dms_scenario_keys)
      || !dms_node_number (root, &dms_scenario_keys, "dmascope", &version))
    return FALSE;
  scenario->title = g_strdup ("");
  return dms_node_text (root, &dms_scenario_keys, "title", &scenario->title)
         && dms_read_machine (root, scenario) && dms_read_devices (root, scenario)
         && dms_read_buffers (root, scenario) && dms_read_requests (root, scenario)
         && dms_read_mistakes (root, scenario) && dms_read_commands (root, scenario);
}

/* Gives the JSON as it was read, too, for whoever wants to write it out. */
static json_t *
parse (const char *text,
       gsize length,
       const char *name,
       const char *const *overrides,
       DmsScenario *ret_scenario,
       GError **error)
{
  g_autoptr (json_t) json = parse_json (text, length, name, overrides, error);
  DmsReading reading = { name, text, length, overrides, error };
  DmsNode root = { .reading = &reading, .json = json };
  DmsScenario scenario;

  if (json == NULL)
    return NULL;
  dms_scenario_init (&scenario);
  if (!read_scenario (&root, &scenario))
    {
      dms_scenario_release (&scenario);
      return NULL;
    }
  *ret_scenario = scenario;
  return g_steal_pointer (&json);
}

gboolean
dms_scenario_parse (const char *text,
                    gsize length,
                    const char *name,
                    const char *const *overrides,
                    DmsScenario *ret_scenario,
                    GError **error)
{
  g_autoptr (json_t) json = parse (text, length, name, overrides, ret_scenario, error);

  return json != NULL;
}

/* ---- places ---- */

#define PATH_STEPS_MAX 8

gsize
dms_scenario_line (const char *text, gsize length, const char *sentence)
{
  g_autofree char *path = g_strndup (sentence, strcspn (sentence, " :"));
  g_auto (GStrv) parts = g_strsplit (g_strdelimit (path, "[", '.'), ".", 0);
  DmsJsonStep steps[PATH_STEPS_MAX];
  gsize n = 0;

  if (parts[0] == NULL || dms_keys_find (&dms_scenario_keys, parts[0]) == NULL)
    return 0;
  /* Entries are what was in brackets: "0]". */
  for (; n < PATH_STEPS_MAX && parts[n] != NULL; n++)
    if (g_ascii_isdigit (parts[n][0]))
      steps[n] = (DmsJsonStep){ NULL, (gsize)g_ascii_strtoull (parts[n], NULL, 10) };
    else
      steps[n] = (DmsJsonStep){ parts[n], 0 };
  return dms_json_line (text, length, steps, n);
}

/* ---- files ---- */

/* Reads at most one byte more than is allowed: the file may be a device without an end.
 */
static GString *
read_file (const char *path, const char *name, GError **error)
{
  FILE *file = fopen (path, "rbe");
  g_autoptr (GString) text = g_string_new (NULL);
  char block[65536];
  size_t got = 0;
  int problem = file == NULL ? errno : 0;

  while (file != NULL && text->len <= TEXT_MAX
         && (got = fread (block, 1, sizeof block, file)) > 0)
    g_string_append_len (text, block, (gssize)got);
  if (file != NULL && ferror (file) != 0)
    problem = errno != 0 ? errno : EIO;
  if (file != NULL && fclose (file) != 0 && problem == 0)
    problem = errno;
  if (problem == 0)
    return g_steal_pointer (&text);
  g_set_error (error,
               DMS_SCENARIO_ERROR,
               DMS_SCENARIO_ERROR_OPEN,
               "%s: cannot be read: %s",
               name,
               g_strerror (problem));
  return NULL;
}

gboolean
dms_scenario_load (const char *path,
                   const char *const *overrides,
                   DmsScenario *ret_scenario,
                   char **ret_text,
                   GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (GString) text = read_file (path, name, error);
  g_autoptr (json_t) json = NULL;

  if (text == NULL)
    return FALSE;
  json = parse (text->str, text->len, name, overrides, ret_scenario, error);
  if (json == NULL)
    return FALSE;
  if (ret_text == NULL)
    return TRUE;
  if (overrides == NULL || *overrides == NULL)
    *ret_text = g_string_free (g_steal_pointer (&text), FALSE);
  else
    {
      char *dump = json_dumps (json, JSON_INDENT (2));
      *ret_text = g_strdup (dump);
      free (dump);
    }
  return TRUE;
}
