/* dms-cli-check-driver.c — dmascope check-driver: will this driver compile here?
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli-print.h"
#include "app/dms-cli-text.h"
#include "app/dms-driver-check.h"
#include "app/dms-json.h"

#include <string.h>

/* Further places that a line of text names. */
#define PLACES_MAX 4

static const char *
use_name (DmsNameUse use)
{
  switch (use)
    {
    case DMS_NAME_USE_ROUTINE:
      return "routine";
    case DMS_NAME_USE_MEMBER:
      return "member";
    case DMS_NAME_USE_HEADER:
      return "header";
    case DMS_NAME_USE_OTHER:
      return "name";
    }
  return "name";
}

static guint
line_at (const DmsMissingName *missing, guint i)
{
  return g_array_index (missing->lines, guint, i);
}

static void
put_text (const DmsMissingName *missing)
{
  DmsBytes bytes;
  guint n = missing->lines->len;

  dms_bytes_init (&bytes);
  dms_bytes_append_plain (&bytes, missing->file, strlen (missing->file));
  dms_bytes_printf (&bytes, ":%u: ", line_at (missing, 0));
  dms_bytes_append_plain (&bytes, missing->name, strlen (missing->name));
  dms_bytes_printf (
      &bytes, ": %s", dms_driver_name_advice (missing->name, missing->use));
  for (guint i = 1; i < n && i <= PLACES_MAX; i++)
    dms_bytes_printf (&bytes,
                      "%s%u",
                      i == 1 ? (n == 2 ? " (Also in line " : " (Also in lines ") : ", ",
                      line_at (missing, i));
  if (n > PLACES_MAX + 1)
    dms_bytes_append_text (&bytes, " …");
  dms_bytes_append_text (&bytes, n > 1 ? ")\n" : "\n");
  dms_text_put (&bytes);
}

static void
put_json (const DmsMissingName *missing)
{
  json_t *lines = json_array ();

  for (guint i = 0; i < missing->lines->len; i++)
    json_array_append_new (lines, json_integer (line_at (missing, i)));
  dms_cli_put_json (json_pack ("{s:o, s:i, s:o, s:s, s:s, s:o}",
                               "file",
                               dms_json_text (missing->file),
                               "line",
                               (int)line_at (missing, 0),
                               "name",
                               dms_json_text (missing->name),
                               "kind",
                               use_name (missing->use),
                               "advice",
                               dms_driver_name_advice (missing->name, missing->use),
                               "lines",
                               lines));
}

static void
put_summary (const DmsDriverCheck *check)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  if (check->missing->len == 0)
    dms_bytes_append_text (&bytes, "Nothing is missing");
  else
    {
      dms_text_append_count (&bytes, check->missing->len, "name", "names");
      dms_bytes_append_text (&bytes, " missing");
    }
  dms_bytes_append_text (&bytes, ": ");
  dms_text_append_count (&bytes, check->n_words, "name", "names");
  dms_bytes_append_text (&bytes, " in ");
  dms_text_append_count (&bytes, check->files->len, "file", "files");
  dms_bytes_append_text (&bytes, " looked up.\n");
  dms_text_put (&bytes);
}

static DmsExit
run (int argc, char **argv)
{
  g_auto (DmsCliLine) line = { 0 };
  g_autoptr (DmsDriverCheck) check = dms_driver_check_new ();
  g_autoptr (GError) error = NULL;
  DmsExit status = DMS_EXIT_DONE;

  if (!dms_cli_line_init (
          &line, &dms_cli_check_driver, NULL, TRUE, 1, G_MAXUINT, argc, argv, &status))
    return status;
  for (char **path = line.rest; *path; path++)
    if (!dms_driver_check_add (check, *path, &error))
      return dms_cli_fail (DMS_EXIT_INPUT, "%s", error->message);
  dms_driver_check_run (check);
  for (guint i = 0; i < check->missing->len && !dms_cli_is_over (); i++)
    if (line.is_json)
      put_json (g_ptr_array_index (check->missing, i));
    else
      put_text (g_ptr_array_index (check->missing, i));
  if (!line.is_json && !dms_cli_is_over ())
    put_summary (check);
  return check->missing->len > 0 ? DMS_EXIT_FOUND : DMS_EXIT_DONE;
}

const DmsCommand dms_cli_check_driver = {
  .name = "check-driver",
  .arguments = "FILE.c…",
  .summary
  = "List the names in a driver that wdm.h here does not have; status 1 with any",
  .description
  = "Headers that the files include in quotes are read too. No compiler is "
    "needed.\nJSON: one object for each name and file.",
  .run = run,
};
