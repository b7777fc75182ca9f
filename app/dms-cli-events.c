/* dms-cli-events.c — dmascope events: each event of a trace in a line
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli-print.h"

static DmsExit
run (int argc, char **argv)
{
  g_auto (DmsCliLine) line = { 0 };
  g_autoptr (DmsOpened) opened = NULL;
  DmsExit status = DMS_EXIT_DONE;

  if (!dms_cli_line_init (
          &line, &dms_cli_events, NULL, TRUE, 1, 1, argc, argv, &status))
    return status;
  opened = dms_cli_open (line.rest[0], &status);
  if (!opened)
    return status;
  return dms_cli_print (dms_opened_player (opened),
                        line.is_json ? DMS_PRINT_JSON : DMS_PRINT_EVENTS);
}

const DmsCommand dms_cli_events = {
  .name = "events",
  .arguments = "FILE",
  .summary = "Print every event in a line: what happened, in a sentence",
  .description = "Text: number, step, time, sentence, and where the driver was.\n"
                 "JSON: one object a line; docs/events.md says what is in it.",
  .run = run,
};
