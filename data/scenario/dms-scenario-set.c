/* dms-scenario-set.c — changes to a scenario's JSON before it is read: --set PATH=VALUE
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-set.h"

#include "data/scenario/dms-json-text.h"
#include "data/scenario/dms-scenario-reader.h"

#include <string.h>

#define PATH_MAX_BYTES 1024

static gboolean
fail (GError **error, const char *override, const char *problem)
{
  g_set_error (error,
               DMS_SCENARIO_ERROR,
               DMS_SCENARIO_ERROR_VALUE,
               "--set %s: %s",
               override,
               problem);
  return FALSE;
}

/* One step of the path: ".key", "key" at the start, or "[3]". */
typedef struct
{
  char *key; /* points into the copy of the path; NULL: index counts */
  gsize index;
} Step;

/* Cuts the step off at *at. FALSE when what stands there is none. */
static gboolean
take_step (char **at, Step *ret_step)
{
  char *start = *at;
  char *end;

  if (*start == '[')
    {
      guint64 index = g_ascii_strtoull (start + 1, &end, 10);
      if (end == start + 1 || !g_ascii_isdigit (start[1]) || *end != ']')
        return FALSE;
      *ret_step = (Step){ NULL, (gsize)index };
      *at = end + 1;
      return TRUE;
    }
  if (*start++ != '.')
    return FALSE;
  end = start + strcspn (start, ".[");
  if (end == start)
    return FALSE;
  /* The byte behind is the next step's sign: keep the key by moving it one to the left.
   */
  memmove (start - 1, start, (gsize)(end - start));
  end[-1] = '\0';
  *ret_step = (Step){ start - 1, 0 };
  *at = end;
  return TRUE;
}

static json_t *
step_into (json_t *json, const Step *step)
{
  return step->key != NULL ? json_object_get (json, step->key)
                           : json_array_get (json, step->index);
}

/* Takes over @value. */
static gboolean
store (json_t *json, const Step *step, json_t *value)
{
  int failed = step->key != NULL ? json_object_set_new (json, step->key, value)
                                 : json_array_set_new (json, step->index, value);

  return failed == 0;
}

static json_t *
parse_value (const char *text)
{
  static const DmsJsonLimit no_limits[] = { { NULL, 0 } };
  gsize line;
  g_autofree char *problem = NULL;
  json_error_t ignored;

  if (!dms_json_check_bounds (text, strlen (text), no_limits, &line, &problem))
    return NULL;
  json_t *value = json_loads (text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &ignored);
  return value != NULL ? value : json_string (text);
}

static gboolean
follow (json_t *json, char *path, const char *override, GError **error)
{
  const char *text = strchr (override, '=') + 1;
  Step step;

  if (!take_step (&path, &step))
    return fail (error, override, "the path must look like devices[0].address_bits");
  while (*path != '\0')
    {
      json = step_into (json, &step);
      if (json == NULL)
        return fail (
            error, override, "the scenario has nothing at the path before its end");
      if (!take_step (&path, &step))
        return fail (
            error, override, "the path must look like devices[0].address_bits");
    }
  json_t *value = parse_value (text);
  if (value == NULL)
    return fail (error, override, "the value is neither JSON nor text in UTF-8");
  if (!store (json, &step, value))
    return fail (error,
                 override,
                 "the scenario has no such entry; a path may end in a new "
                 "key of an object, but not in a new entry of a list");
  return TRUE;
}

gboolean
dms_scenario_set (json_t *root, const char *override, GError **error)
{
  gsize length = strcspn (override, "=");
  g_autofree char *path = NULL;

  if (override[length] != '=' || length == 0 || length > PATH_MAX_BYTES)
    return fail (
        error, override, "PATH=VALUE is needed, such as machine.map_registers=4");
  /* One byte in front, for the key of the first step to be moved into. */
  path = g_strdup_printf (".%.*s", (int)length, override);
  if (path[1] == '.' || path[1] == '[')
    return fail (error, override, "the path must begin with a key, such as devices[0]");
  return follow (root, path, override, error);
}
