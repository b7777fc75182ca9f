/* dms-cli-run.c — dmascope run: plays a scenario and tells its story
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli-print.h"
#include "app/dms-cli-text.h"

typedef struct
{
  char *output;
  char *until;
  char **overrides;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->output, g_free);
  g_clear_pointer (&options->until, g_free);
  g_clear_pointer (&options->overrides, g_strfreev);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
put_summary (DmsPlayer *player, const char *output)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_bytes_append_text (&bytes, "\n");
  dms_text_append_count (&bytes, dms_player_n_steps (player), "step", "steps");
  dms_bytes_append_text (&bytes, ", ");
  dms_text_append_count (&bytes, dms_player_n_events (player), "event", "events");
  dms_bytes_append_text (&bytes, ", model time ");
  dms_text_append_time (&bytes, dms_player_last_time (player), FALSE, FALSE);
  dms_bytes_append_text (&bytes, ".\n");
  if (output)
    dms_bytes_printf (&bytes, "Trace: %s\n", output);
  dms_text_put (&bytes);
}

static DmsExit
tell (DmsPlayer *player, const char *output, gboolean is_json)
{
  DmsExit status = dms_cli_print (player, is_json ? DMS_PRINT_JSON : DMS_PRINT_STORY);

  if (status == DMS_EXIT_DONE && !is_json && !dms_cli_is_over ())
    put_summary (player, output);
  return status;
}

static gboolean
check_is_scenario (const char *path, DmsExit *ret_exit)
{
  g_autoptr (GError) error = NULL;
  DmsForm form;

  if (!dms_open_recognize (path, &form, &error))
    *ret_exit = dms_cli_fail_error (error);
  else if (form != DMS_FORM_SCENARIO)
    *ret_exit
        = dms_cli_fail (DMS_EXIT_INPUT,
                        "%s is a %s, not a scenario; \"dmascope events\" reads it",
                        path,
                        form == DMS_FORM_TRACE ? "trace" : "recording");
  else
    return TRUE;
  return FALSE;
}

/* Records to the place that the user wants, then plays it like any other trace. */
static DmsExit
run_to_file (const DmsOpenRequest *request,
             GCancellable *cancellable,
             const char *output,
             gboolean is_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsPlayer) player = NULL;
  DmsOpenResult result;

  if (!dms_open_record (request, output, TRUE, &result, cancellable, &error))
    return dms_cli_fail_error (error);
  dms_cli_note_result (request->path, &result);
  player = dms_player_open (output, &error);
  return player ? tell (player, output, is_json) : dms_cli_fail_error (error);
}

static DmsExit
run_for_now (const DmsOpenRequest *request, GCancellable *cancellable, gboolean is_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsOpened) opened = dms_open (request, cancellable, &error);

  if (!opened)
    return dms_cli_fail_error (error);
  dms_cli_note_result (request->path, dms_opened_result (opened));
  return tell (dms_opened_player (opened), NULL, is_json);
}

static DmsExit
run_options (const Options *options, const DmsCliLine *line)
{
  DmsOpenRequest request = { .path = line->rest[0],
                             .overrides = (const char *const *)options->overrides,
                             .max_events = G_MAXUINT64 };
  g_auto (DmsCliWork) work = { 0 };
  g_autoptr (GError) error = NULL;
  DmsExit status = DMS_EXIT_DONE;

  if (options->until && !dms_until_parse (options->until, &request.until, &error))
    return dms_cli_fail_usage (line->command, "%s", error->message);
  if (!check_is_scenario (request.path, &status))
    return status;
  dms_cli_work_init (&work, &request, FALSE);
  return options->output
             ? run_to_file (&request, work.cancellable, options->output, line->is_json)
             : run_for_now (&request, work.cancellable, line->is_json);
}

static DmsExit
run (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "output",
      'o',
      0,
      G_OPTION_ARG_FILENAME,
      &options.output,
      "Write the trace there (.dmatrace)",
      "TRACE" },
    { "until",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &options.until,
      "Stop there: an event number, step:21, 0.000013s",
      "POSITION" },
    { "set",
      0,
      0,
      G_OPTION_ARG_FILENAME_ARRAY,
      &options.overrides,
      "Change a value of the scenario; may be given again",
      "PATH=VALUE" },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (DmsCliLine) line = { 0 };
  DmsExit status = DMS_EXIT_DONE;

  if (!dms_cli_line_init (
          &line, &dms_cli_run, entries, TRUE, 1, 1, argc, argv, &status))
    return status;
  return run_options (&options, &line);
}

const DmsCommand dms_cli_run = {
  .name = "run",
  .arguments = "SCENARIO",
  .summary = "Play a scenario, tell its story step by step, and write its trace",
  .description
  = "Without -o the trace is made all the same, and removed at the end.\n\n"
    "For example, the story with a card that drives 24 address lines:\n"
    "  dmascope run story.json --set 'devices[0].address_bits=24'",
  .run = run,
};
