/* dms-cli-state.c — dmascope state: what is so at one moment
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli-print.h"
#include "app/dms-cli-text.h"
#include "app/dms-json.h"

/* The last event, then one object a line. */
static void
put_text (DmsPlayer *player)
{
  const DmsEvent *event = dms_player_event (player);
  const DmsState *state = dms_player_state (player);
  const DmsNames *names = dms_player_names (player);
  DmsTextColumns columns;
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_text_columns_init (&columns, player);
  if (event->kind != DMS_EVENT_NONE)
    {
      dms_bytes_append_text (&bytes, "# ");
      dms_text_append_event (&bytes, event, state, names, &columns, TRUE);
    }
  else
    dms_bytes_append_text (&bytes, "# before the first event\n");
  dms_state_append_dump (&bytes, state, names);
  dms_text_put (&bytes);
}

static DmsExit
show (DmsPlayer *player, const char *position, gboolean is_json)
{
  g_autoptr (GError) error = NULL;
  guint64 seq;

  if (!dms_player_parse_position (player, position, &seq, &error)
      || !dms_player_seek (player, seq, &error))
    return dms_cli_fail_error (error);
  if (is_json)
    dms_cli_put_json (
        dms_json_state (dms_player_state (player), dms_player_names (player)));
  else
    put_text (player);
  return DMS_EXIT_DONE;
}

static DmsExit
run (int argc, char **argv)
{
  g_autofree char *position = NULL;
  const GOptionEntry entries[] = {
    { "at",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &position,
      "An event number, step:21, 13.011706s or 50%; else the end",
      "POSITION" },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (DmsCliLine) line = { 0 };
  g_autoptr (DmsOpened) opened = NULL;
  DmsExit status = DMS_EXIT_DONE;

  if (!dms_cli_line_init (
          &line, &dms_cli_state, entries, TRUE, 1, 1, argc, argv, &status))
    return status;
  opened = dms_cli_open (line.rest[0], &status);
  if (!opened)
    return status;
  return show (dms_opened_player (opened), position ? position : "100%", line.is_json);
}

const DmsCommand dms_cli_state = {
  .name = "state",
  .arguments = "FILE",
  .summary = "Print what is so at one moment: buffers, registers, lists, mappings",
  .description = "Text: the event that led there, then one object a line.\n"
                 "JSON: one object.",
  .run = run,
};
