/* dms-json-text.c — places in a JSON text, and its bounds before it is read
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-json-text.h"

#include <string.h>

static gsize
line_at (const char *text, gsize at)
{
  gsize line = 1;

  for (gsize i = 0; i < at; i++)
    line += text[i] == '\n' ? 1 : 0;
  return line;
}

/* ---- the place of a value ---- */

typedef struct
{
  const char *text;
  gsize length;
  gsize at;
} Walk;

static void
skip_spaces (Walk *walk)
{
  while (walk->at < walk->length
         && memchr (" \t\r\n,:", walk->text[walk->at], 6) != NULL)
    walk->at++;
}

static gboolean
is_at (const Walk *walk, char wanted)
{
  return walk->at < walk->length && walk->text[walk->at] == wanted;
}

/* From the opening quotation mark to behind the closing one. */
static void
skip_string (Walk *walk)
{
  walk->at++;
  while (walk->at < walk->length && walk->text[walk->at] != '"')
    walk->at += walk->text[walk->at] == '\\' ? 2 : 1;
  walk->at = MIN (walk->at + 1, walk->length);
}

static void
skip_value (Walk *walk)
{
  gsize depth = 0;

  do
    {
      skip_spaces (walk);
      if (walk->at >= walk->length)
        return;
      char first = walk->text[walk->at];
      if (first == '"')
        skip_string (walk);
      else
        walk->at++;
      if (first == '{' || first == '[')
        depth++;
      else if (first == '}' || first == ']')
        depth -= depth > 0 ? 1 : 0;
      else if (first != '"')
        while (walk->at < walk->length
               && memchr (" \t\r\n,:]}", walk->text[walk->at], 8) == NULL)
          walk->at++;
    }
  while (depth > 0);
}

/* Keys are compared as they are written: the keys of a scenario have no escapes. */
static gboolean
enter_member (Walk *walk, const char *key)
{
  gsize key_length = strlen (key);

  if (!is_at (walk, '{'))
    return FALSE;
  walk->at++;
  for (skip_spaces (walk); is_at (walk, '"'); skip_spaces (walk))
    {
      gsize start = walk->at + 1;
      skip_string (walk);
      gsize written = walk->at - start - 1;
      skip_spaces (walk);
      if (written == key_length && memcmp (walk->text + start, key, key_length) == 0)
        return TRUE;
      skip_value (walk);
    }
  return FALSE;
}

static gboolean
enter_entry (Walk *walk, gsize index)
{
  if (!is_at (walk, '['))
    return FALSE;
  walk->at++;
  skip_spaces (walk);
  for (gsize i = 0; i < index && walk->at < walk->length && !is_at (walk, ']'); i++)
    {
      skip_value (walk);
      skip_spaces (walk);
    }
  return walk->at < walk->length && !is_at (walk, ']');
}

gsize
dms_json_line (const char *text, gsize length, const DmsJsonStep *steps, gsize n_steps)
{
  Walk walk = { text, length, 0 };
  gsize found;

  skip_spaces (&walk);
  found = walk.at;
  for (gsize i = 0; i < n_steps; i++)
    {
      gboolean is_there = steps[i].key != NULL ? enter_member (&walk, steps[i].key)
                                               : enter_entry (&walk, steps[i].index);
      if (!is_there)
        break;
      found = walk.at;
    }
  return line_at (text, found);
}

/* ---- bounds ---- */

typedef struct
{
  Walk walk;
  const DmsJsonLimit *limits;
  const DmsJsonLimit *limit; /* of the member that is being read, or NULL */
  gsize depth;
  gsize containers;
  gsize values;
  gsize entries; /* of the member that is being read */
} Count;

static void
take_key (Count *count)
{
  gsize start = count->walk.at + 1;

  skip_string (&count->walk);
  if (count->depth != 1)
    return;
  gsize length = count->walk.at - MIN (start + 1, count->walk.at);
  count->limit = NULL;
  count->entries = 0;
  for (const DmsJsonLimit *limit = count->limits; limit->key != NULL; limit++)
    if (strlen (limit->key) == length
        && memcmp (limit->key, count->walk.text + start, length) == 0)
      count->limit = limit;
}

static void
take_byte (Count *count)
{
  char byte = count->walk.text[count->walk.at];

  if (byte == '"')
    {
      take_key (count);
      return;
    }
  count->walk.at++;
  if (byte == '{' || byte == '[')
    {
      count->depth++;
      count->containers++;
    }
  else if (byte == '}' || byte == ']')
    count->depth -= count->depth > 0 ? 1 : 0;
  else if (byte == ',')
    {
      count->values++;
      count->entries += count->depth == 2 ? 1 : 0;
    }
}

static char *
problem_of (const Count *count)
{
  if (count->depth > DMS_JSON_DEPTH_MAX)
    return g_strdup_printf ("brackets are nested more than %d deep",
                            DMS_JSON_DEPTH_MAX);
  if (count->limit != NULL && count->entries >= count->limit->max)
    return g_strdup_printf ("%s has more than %" G_GSIZE_FORMAT
                            " entries; at most %" G_GSIZE_FORMAT " are allowed",
                            count->limit->key,
                            count->limit->max,
                            count->limit->max);
  if (count->containers > DMS_JSON_CONTAINERS_MAX)
    return g_strdup_printf ("there are more than %u objects and lists; no scenario "
                            "needs so many",
                            DMS_JSON_CONTAINERS_MAX);
  if (count->values > DMS_JSON_VALUES_MAX)
    return g_strdup_printf ("there are more than %u values; no scenario needs so many",
                            DMS_JSON_VALUES_MAX);
  return NULL;
}

gboolean
dms_json_check_bounds (const char *text,
                       gsize length,
                       const DmsJsonLimit *limits,
                       gsize *ret_line,
                       char **ret_problem)
{
  Count count = { .walk = { text, length, 0 }, .limits = limits };

  while (count.walk.at < length)
    {
      take_byte (&count);
      char *problem = problem_of (&count);
      if (problem != NULL)
        {
          *ret_line = line_at (text, count.walk.at);
          *ret_problem = problem;
          return FALSE;
        }
    }
  return TRUE;
}
