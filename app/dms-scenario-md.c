/* dms-scenario-md.c — prints docs/scenario.md from the JSON Schema and the list of
 * drivers
 *
 * Part of the build, not of the program: a test holds its output against the committed
 * file, and another one the schema against the reader.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-size.h"
#include "engine/drivers/dms-simulation-private.h"

#include <jansson.h>

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char intro[]
    = "# Scenarios\n"
      "\n"
      "<!-- Made from data/lessons/scenario.schema.json and\n"
      "     engine/drivers/dms-sample-list.h by app/dms-scenario-md.c; to renew it:\n"
      "     DMS_UPDATE_GOLDEN=1 ./dev test app -->\n"
      "\n"
      "What a simulated run starts from: one JSON file. Everything in the run follows "
      "from\n"
      "it; the same file gives the same events. The lessons in `data/lessons` are "
      "examples,\n"
      "and `data/lessons/scenario.schema.json` is a JSON Schema for editors.\n"
      "\n"
      "Sizes are bytes or text such as `\"64 KiB\"`; frames and seeds may be text such "
      "as\n"
      "`\"0x140003\"`. Unknown keys are errors, as are values out of bounds: the "
      "message names\n"
      "file, line, path, what was found and what is allowed. `dmascope run --set\n"
      "PATH=VALUE` changes any value before it is read: `--set "
      "'devices[0].address_bits=24'`.\n";

static const struct
{
  const char *definition; /* NULL: the outermost object */
  const char *title;
} parts[] = {
  { NULL, "The file" },
  { "machine", "A machine" },
  { "device", "A device" },
  { "buffer", "A buffer with one MDL" },
  { "chain", "A buffer with a chain of MDLs" },
  { "mdl", "An MDL of a chain" },
  { "framesRule", "Frames by a rule" },
  { "scattered", "Scattered frames" },
  { "request", "A request" },
  { "touch", "A touch" },
  { "mistake", "A mistake" },
  { "limitCommand", "The command set-limit" },
  { "registersCommand", "The commands take-map-registers and give-map-registers" },
  { "cancelCommand", "The command cancel" },
  { "stopCommand", "The command stop" },
  { "failCommand", "The command fail-allocation" },
  { "after", "When a command takes effect" },
  { "cost", "The cost table" },
};

/* ---- the schema ---- */

static const char *
text_of (json_t *object, const char *key)
{
  return json_string_value (json_object_get (object, key));
}

/* What "$ref" of @property names, without what stands before it; or NULL. */
static const char *
reference_of (json_t *property)
{
  const char *reference = text_of (property, "$ref");
  const char *slash = reference == NULL ? NULL : strrchr (reference, '/');

  return slash == NULL ? NULL : slash + 1;
}

static json_t *
definition (json_t *schema, const char *name)
{
  return json_object_get (json_object_get (schema, "$defs"), name);
}

static const char *
title_of (const char *name)
{
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (parts[i].definition != NULL && strcmp (parts[i].definition, name) == 0)
      return parts[i].title;
  return NULL;
}

static void
print_number (const char *before, json_t *property, const char *key)
{
  json_t *number = json_object_get (property, key);

  if (number != NULL)
    printf ("%s%" JSON_INTEGER_FORMAT, before, json_integer_value (number));
}

static void
print_size (const char *before, json_t *property, const char *key)
{
  json_t *number = json_object_get (property, key);
  g_autofree char *size = NULL;

  if (number == NULL)
    return;
  size = dms_size_format ((guint64)json_integer_value (number));
  printf ("%s%s", before, size);
}

static void
print_words (json_t *words)
{
  for (size_t i = 0; i < json_array_size (words); i++)
    printf ("%s`\"%s\"`",
            i == 0                             ? ""
            : i + 1 == json_array_size (words) ? " or "
                                               : ", ",
            json_string_value (json_array_get (words, i)));
}

/* "[a device](#a-device)" */
static void
print_link (const char *title)
{
  g_autofree char *anchor = g_ascii_strdown (title, -1);

  printf ("[%c%s](#%s)",
          g_ascii_tolower (*title),
          title + 1,
          g_strdelimit (anchor, " ", '-'));
}

/* One of some: the first says the bounds, a size has a second for text. */
static void
print_one_of (json_t *choices)
{
  const char *second = reference_of (json_array_get (choices, 1));
  json_t *first = json_array_get (choices, 0);

  if (reference_of (first) != NULL)
    {
      for (size_t i = 0; i < json_array_size (choices); i++)
        {
          const char *name = reference_of (json_array_get (choices, i));
          const char *title = title_of (name);

          fputs (i == 0 ? "" : ", or ", stdout);
          if (title == NULL)
            fputs (name, stdout);
          else
            print_link (title);
        }
      return;
    }
  if (second != NULL && strcmp (second, "sizeText") == 0)
    {
      print_size ("a size from ", first, "minimum");
      print_size (" to ", first, "maximum");
      return;
    }
  print_number ("a number from ", first, "minimum");
  print_number (" to ", first, "maximum");
}

static void print_value (json_t *schema, json_t *property);

static void
print_list (json_t *schema, json_t *property)
{
  json_t *items = json_object_get (property, "items");

  fputs ("a list of", stdout);
  print_number (" ", property, "minItems");
  print_number (" to ", property, "maxItems");
  fputs (": ", stdout);
  print_value (schema, items);
}

static void
print_plain (json_t *property)
{
  const char *type = text_of (property, "type");

  if (type == NULL)
    return;
  if (strcmp (type, "boolean") == 0)
    fputs ("`true` or `false`", stdout);
  else if (strcmp (type, "string") == 0)
    {
      fputs ("text", stdout);
      print_number (" of up to ", property, "maxLength");
      fputs (" bytes", stdout);
    }
  else
    {
      fputs ("a number", stdout);
      print_number (" from ", property, "minimum");
      print_number (" to ", property, "maximum");
    }
}

static void
print_value (json_t *schema, json_t *property)
{
  const char *name = reference_of (property);
  json_t *choices = json_object_get (property, "anyOf");

  if (choices == NULL)
    choices = json_object_get (property, "oneOf");
  if (name != NULL && title_of (name) != NULL)
    print_link (title_of (name));
  else if (name != NULL && strcmp (name, "frames") == 0)
    {
      fputs ("a list of frame numbers, or ", stdout);
      print_link (title_of ("framesRule"));
    }
  else if (name != NULL && strcmp (name, "frame") == 0)
    fputs ("a frame number", stdout);
  else if (name != NULL)
    print_value (schema, definition (schema, name));
  else if (json_object_get (property, "enum") != NULL)
    print_words (json_object_get (property, "enum"));
  else if (json_object_get (property, "const") != NULL)
    print_number ("the number ", property, "const");
  else if (choices != NULL)
    print_one_of (choices);
  else if (text_of (property, "type") != NULL
           && strcmp (text_of (property, "type"), "array") == 0)
    print_list (schema, property);
  else
    print_plain (property);
}

static bool
is_required (json_t *object, const char *name)
{
  json_t *required = json_object_get (object, "required");

  for (size_t i = 0; i < json_array_size (required); i++)
    if (strcmp (json_string_value (json_array_get (required, i)), name) == 0)
      return true;
  return false;
}

/* A default may stand at the key or at what it refers to. */
static json_t *
find (json_t *schema, json_t *property, const char *key)
{
  const char *name = reference_of (property);
  json_t *found = json_object_get (property, key);

  return found != NULL || name == NULL
             ? found
             : json_object_get (definition (schema, name), key);
}

static void
print_key (json_t *schema, json_t *object, const char *name, json_t *property)
{
  json_t *without = find (schema, property, "default");
  const char *what = json_string_value (find (schema, property, "description"));

  printf ("| `%s` | ", name);
  print_value (schema, property);
  fputs (" | ", stdout);
  if (without != NULL)
    {
      char *text = json_dumps (without, JSON_ENCODE_ANY);

      printf ("`%s`", text);
      free (text);
    }
  else
    fputs (is_required (object, name) ? "needed" : "–", stdout);
  printf (" | %s |\n", what == NULL ? "" : what);
}

static void
print_part (json_t *schema, size_t i)
{
  json_t *object
      = parts[i].definition == NULL ? schema : definition (schema, parts[i].definition);
  const char *what
      = parts[i].definition == NULL ? NULL : text_of (object, "description");
  const char *name = NULL;
  json_t *property = NULL;

  printf ("\n## %s\n\n", parts[i].title);
  if (what != NULL)
    printf ("%s\n\n", what);
  puts ("| key | value | unless given | meaning |\n|---|---|---|---|");
  json_object_foreach (json_object_get (object, "properties"), name, property)
  {
    print_key (schema, object, name, property);
  }
}

/* ---- drivers ---- */

static void
print_names (const char *const *names)
{
  for (size_t i = 0; names[i] != NULL; i++)
    printf ("%s`%s`", i == 0 ? "" : ", ", names[i]);
}

static void
print_drivers (void)
{
  size_t n = 0;
  const char *const *names = dms_driver_names (&n);

  puts ("\n## Drivers and the models that they drive\n\n"
        "| `driver` | source | `model` | `scatter_gather` |\n|---|---|---|---|");
  for (size_t i = 0; i < n; i++)
    {
      const DmsSample *sample = dms_sample_find (names[i]);

      printf ("| `%s` | `%s` | ", sample->name, sample->file);
      print_names (sample->models);
      printf (" | %s |\n",
              sample->scatter == DMS_SCATTER_ANY    ? "any"
              : sample->scatter == DMS_SCATTER_WITH ? "`true`"
                                                    : "`false`");
    }
}

static void
print_mistakes (void)
{
  size_t n_mistakes = 0;
  size_t n_drivers = 0;
  const DmsMistake *mistakes = dms_mistake_list (&n_mistakes);
  const char *const *drivers = dms_driver_names (&n_drivers);

  puts ("\n## Mistakes and the drivers that can make them\n\n"
        "| `name` | `driver` |\n|---|---|");
  for (size_t i = 0; i < n_mistakes; i++)
    {
      const char *between = "";

      printf ("| `%s` | ", mistakes[i].name);
      for (size_t k = 0; k < n_drivers; k++)
        if (dms_sample_can (dms_sample_find (drivers[k]), &mistakes[i]))
          {
            printf ("%s`%s`", between, drivers[k]);
            between = ", ";
          }
      puts (" |");
    }
}

int
main (void)
{
  json_t *schema = json_load_file (SCHEMA_FILE, JSON_REJECT_DUPLICATES, NULL);

  if (schema == NULL)
    return 1;
  fputs (intro, stdout);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    print_part (schema, i);
  print_drivers ();
  print_mistakes ();
  json_decref (schema);
  return 0;
}
