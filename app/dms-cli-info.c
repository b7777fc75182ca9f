/* dms-cli-info.c — dmascope info: what a trace is and how it was made
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli-print.h"
#include "app/dms-cli-text.h"
#include "app/dms-json.h"
#include "app/dms-port-table.h"
#include "app/dms-run-summary.h"

#define HEAD_WIDTH 10 /* "Model time" */

static void
append_row (DmsBytes *bytes, const char *head, const char *text)
{
  if (text && text[0] != '\0')
    dms_bytes_printf (bytes, "%-*s %s\n", HEAD_WIDTH, head, text);
}

/* One fact a line, all below each other. */
static void
append_lines_of_text (DmsBytes *bytes, const char *head, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);

  for (guint i = 0; lines[i]; i++)
    append_row (bytes, i == 0 ? head : "", lines[i]);
}

static void
append_number (DmsBytes *bytes, const char *head, guint64 number)
{
  dms_bytes_printf (bytes, "%-*s ", HEAD_WIDTH, head);
  dms_say_number (bytes, number, NULL);
  dms_bytes_append_text (bytes, "\n");
}

static void
append_times (DmsBytes *bytes, DmsPlayer *player, gboolean is_recording)
{
  dms_bytes_printf (bytes, "%-*s ", HEAD_WIDTH, is_recording ? "Time" : "Model time");
  dms_text_append_time (bytes, dms_player_first_time (player), is_recording, FALSE);
  dms_bytes_append_text (bytes, " to ");
  dms_text_append_time (bytes, dms_player_last_time (player), is_recording, FALSE);
  dms_bytes_append_text (bytes, "\n");
}

static void
append_names (DmsBytes *bytes,
              const char *head,
              DmsNameKind kind,
              const DmsNames *names)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint32 id = 1; id <= dms_names_count (names); id++)
    {
      const DmsName *name = dms_names_get (names, id);
      if (name && name->kind == kind)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name->text);
    }
  append_row (bytes, head, text->str);
}

static void
append_lines (DmsBytes *bytes, const DmsRunInfo *info)
{
  append_number (bytes, "Lines read", info->read_lines);
  append_number (bytes, "Not read", info->unread_lines);
}

/* (nullable): NULL when all is there. */
static const char *
life_text (DmsTraceLife life)
{
  switch (life)
    {
    case DMS_LIFE_CLOSED:
      break;
    case DMS_LIFE_GROWS:
      return "still being written: this is what is there now";
    case DMS_LIFE_ENDED:
      return "its recorder ended without closing it; what it committed is there";
    case DMS_LIFE_OUT_OF_SIGHT:
      return "still being written, but its -wal file is not beside it: the newest "
             "events "
             "are missing";
    }
  return NULL;
}

static void
put_text (DmsPlayer *player, DmsTraceLife life, const DmsRunSummary *summary)
{
  const DmsRunInfo *info = dms_player_info (player);
  gboolean is_recording = info->kind != DMS_SOURCE_SIMULATION;
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  append_row (&bytes, "Title", info->title);
  append_row (&bytes, "Kind", is_recording ? "recording, ftrace text" : "simulation");
  append_row (&bytes, "Made from", info->origin);
  append_row (&bytes, "System", info->system);
  append_row (&bytes, "Clock", info->clock);
  append_row (&bytes, "State", life_text (life));
  append_number (&bytes, "Events", dms_player_n_events (player));
  if (!is_recording)
    append_number (&bytes, "Steps", dms_player_n_steps (player));
  append_times (&bytes, player, is_recording);
  append_names (&bytes, "Devices", DMS_NAME_DEVICE, dms_player_names (player));
  append_names (&bytes, "Sources", DMS_NAME_FILE, dms_player_names (player));
  if (is_recording)
    append_lines (&bytes, info);
  append_lines_of_text (&bytes, "Notes", info->notes);
  append_row (&bytes, "UUID", dms_player_uuid (player));
  dms_bytes_append_text (&bytes, "\n");
  dms_run_summary_append (&bytes, summary, player);
  dms_port_table_append (&bytes, summary->ports, dms_player_names (player));
  dms_text_put (&bytes);
}

static DmsExit
run (int argc, char **argv)
{
  g_auto (DmsCliLine) line = { 0 };
  g_autoptr (DmsOpened) opened = NULL;
  g_auto (DmsRunSummary) summary = { 0 };
  g_autoptr (GError) error = NULL;
  DmsPlayer *player = NULL;
  DmsTraceLife life = DMS_LIFE_CLOSED;
  DmsExit status = DMS_EXIT_DONE;

  if (!dms_cli_line_init (&line, &dms_cli_info, NULL, TRUE, 1, 1, argc, argv, &status))
    return status;
  opened = dms_cli_open (line.rest[0], &status);
  if (!opened)
    return status;
  player = dms_opened_player (opened);
  life = dms_opened_result (opened)->life;
  if (!dms_run_summary_init (&summary, player, &error))
    return dms_cli_fail_error (error);
  if (line.is_json)
    {
      json_t *object = dms_json_info (player, life);

      dms_run_summary_put_json (object, &summary, player);
      dms_port_table_put_json (object, summary.ports, dms_player_names (player));
      dms_cli_put_json (object);
    }
  else
    put_text (player, life, &summary);
  return DMS_EXIT_DONE;
}

const DmsCommand dms_cli_info = {
  .name = "info",
  .arguments = "FILE",
  .summary = "Say what a trace is: how it was made, how long it is, its devices",
  .run = run,
};
