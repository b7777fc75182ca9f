/* dms-cli-import.c — dmascope import: a recording becomes a trace
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli-text.h"
#include "app/dms-cli.h"

static void
append_tally_line (DmsBytes *bytes, guint64 n, const char *what)
{
  DmsBytes number;

  if (n == 0)
    return;
  dms_bytes_init (&number);
  dms_say_number (&number, n, NULL);
  dms_bytes_printf (bytes, "%12s  %s\n", dms_bytes_text (&number), what);
  dms_bytes_release (&number);
}

/* Every line is in exactly one row, so the rows add up to the first one. */
static void
put_tally (const DmsImportTally *tally, const char *output)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  append_tally_line (&bytes, tally->lines, "lines, of which");
  append_tally_line (&bytes, tally->events, "are events that have a picture");
  append_tally_line (
      &bytes, tally->others, "are other events: kept, without a picture");
  append_tally_line (&bytes, tally->details, "belong to the event before them");
  append_tally_line (&bytes, tally->heads, "are comments and heads");
  append_tally_line (&bytes, tally->blank, "are blank");
  if (tally->unread > 0)
    append_tally_line (&bytes, tally->unread, "could not be read");
  else
    dms_bytes_append_text (&bytes, "           0  could not be read\n");
  dms_bytes_printf (&bytes, "Trace: %s\n", output);
  dms_text_put (&bytes);
}

static DmsExit
import (const char *path, const char *output)
{
  DmsOpenRequest request = { .path = path };
  g_auto (DmsCliWork) work = { 0 };
  g_autoptr (GError) error = NULL;
  DmsOpenResult result;
  DmsForm form;

  if (!dms_open_recognize (path, &form, &error))
    return dms_cli_fail_error (error);
  if (form == DMS_FORM_SCENARIO)
    return dms_cli_fail (
        DMS_EXIT_INPUT, "%s is a scenario; \"dmascope run\" makes a trace of it", path);
  dms_cli_work_init (&work, &request, TRUE);
  if (!dms_open_record (&request, output, TRUE, &result, work.cancellable, &error))
    return dms_cli_fail_error (error);
  put_tally (&result.tally, output);
  return DMS_EXIT_DONE;
}

static DmsExit
run (int argc, char **argv)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output",
      'o',
      0,
      G_OPTION_ARG_FILENAME,
      &output,
      "Write the trace there (.dmatrace); needed",
      "TRACE" },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (DmsCliLine) line = { 0 };
  DmsExit status = DMS_EXIT_DONE;

  if (!dms_cli_line_init (
          &line, &dms_cli_import, entries, FALSE, 1, G_MAXUINT, argc, argv, &status))
    return status;
  if (!output)
    return dms_cli_fail_usage (&dms_cli_import, "import needs -o TRACE");
  if (line.rest[1])
    return dms_cli_fail_usage (
        &dms_cli_import,
        "import makes a trace of one recording, and %u were named",
        g_strv_length (line.rest));
  return import (line.rest[0], output);
}

const DmsCommand dms_cli_import = {
  .name = "import",
  .arguments = "FILE",
  .summary = "Make a trace of the text that ftrace recorded on a Linux machine",
  .description
  = "Every line of the recording is read or reported: what was made of them is\n"
    "counted on standard output, lines that could not be read are named on\n"
    "standard error with the reason.\n\n"
    "How to record, as root:\n"
    "  cd /sys/kernel/tracing; echo 1 > events/dma/enable; cat trace > FILE",
  .run = run,
};
