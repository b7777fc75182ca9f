/* dmascope.c — the program that somebody's own driver becomes
 *
 * SPDX-License-Identifier: MIT
 */
#include "lib/dmascope.h"

#include "data/scenario/dms-scenario-reader.h"
#include "lib/dms-child.h"
#include "lib/dms-parent.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_S 10
#define EVENTS_MAX 10000000
/* As much as Linux gives to anybody. */
#define PIPE_BYTES (1024 * 1024)
/* Builds put programs no deeper below the folder where they run compilers. */
#define FOLDERS_ABOVE 5

/* Exit statuses, as those of the program dmascope. */
typedef enum
{
  EXIT_DONE = 0,
  EXIT_CRASHED = 1,
  EXIT_INPUT = 2,
  EXIT_OUTPUT = 3
} Exit;

typedef struct
{
  char *program; /* name without folder */
  char *output;
  char **overrides;
  char **rest;
  int timeout_s;
  gint64 max_events;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->program, g_free);
  g_clear_pointer (&options->output, g_free);
  g_clear_pointer (&options->overrides, g_strfreev);
  g_clear_pointer (&options->rest, g_strfreev);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static Exit fail (const Options *options, Exit status, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static Exit
fail (const Options *options, Exit status, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("%s: %s\n", options->program, text);
  return status;
}

static gboolean
parse (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "output",
      'o',
      0,
      G_OPTION_ARG_FILENAME,
      &options->output,
      "Write the trace there (PROGRAM.dmatrace)",
      "TRACE" },
    { "timeout",
      0,
      0,
      G_OPTION_ARG_INT,
      &options->timeout_s,
      "End a driver that says nothing for so long (10; 0 = never)",
      "SECONDS" },
    { "max-events",
      0,
      0,
      G_OPTION_ARG_INT64,
      &options->max_events,
      "End a driver that goes on and on (10000000; 0 = never)",
      "COUNT" },
    { "set",
      0,
      0,
      G_OPTION_ARG_FILENAME_ARRAY,
      &options->overrides,
      "Change a value of the scenario; may be given again",
      "PATH=VALUE" },
    { G_OPTION_REMAINING,
      0,
      0,
      G_OPTION_ARG_FILENAME_ARRAY,
      &options->rest,
      NULL,
      "SCENARIO" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (
      context,
      "Plays a scenario with this driver for its devices whose \"driver\" is \"own\",\n"
      "and records a trace that dmascope shows.");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

/* A sentence about what is wrong with the numbers, or NULL. */
static const char *
check_options (const Options *options)
{
  if (!options->rest || g_strv_length (options->rest) != 1)
    return "one scenario is needed; --help tells more";
  if (options->timeout_s < 0)
    return "--timeout is negative; 0 or more seconds are needed";
  if (options->max_events < 0)
    return "--max-events is negative; 0 or more are needed";
  return NULL;
}

/* ---- the scenario, before anything is made ---- */

static DmsStatus
ignore_event (void *data G_GNUC_UNUSED, const DmsEvent *event G_GNUC_UNUSED)
{
  return DMS_OK;
}

static DmsStatus
ignore_name (void *data G_GNUC_UNUSED, const DmsName *name G_GNUC_UNUSED)
{
  return DMS_OK;
}

/* Whether it can be simulated: everything is set up, and nothing runs. */
static gboolean
check_scenario (const Options *options,
                const DmsScenario *scenario,
                const DmsOwnDriver *own)
{
  const DmsSink nobody = { .event = ignore_event, .name = ignore_name };
  DmsBytes problem;
  DmsSimulation *simulation;
  gboolean has_own = FALSE;

  for (gsize i = 0; i < scenario->n_devices; i++)
    has_own |= g_strcmp0 (scenario->devices[i].driver, "own") == 0;
  if (!has_own)
    {
      fail (options,
            EXIT_INPUT,
            "%s: no device has the driver \"own\", so there is nothing for this driver",
            options->rest[0]);
      return FALSE;
    }
  dms_bytes_init (&problem);
  simulation = dms_simulation_new_own (scenario, &nobody, own, NULL, &problem);
  if (!simulation)
    fail (options, EXIT_INPUT, "%s: %s", options->rest[0], dms_bytes_text (&problem));
  dms_bytes_release (&problem);
  dms_simulation_free (simulation);
  return simulation != NULL;
}

/* ---- the run ---- */

static Exit
tell (const Options *options, const DmsParentResult *result)
{
  g_autoptr (GString) where = g_string_new (NULL);

  g_print (
      "Trace: %s, %" G_GUINT64_FORMAT " events.\n", options->output, result->n_events);
  if (!result->crash)
    return result->status == DMS_ERROR_END
               ? EXIT_DONE
               : fail (options,
                       EXIT_INPUT,
                       "the simulation stops after event %" G_GUINT64_FORMAT ": %s",
                       result->n_events,
                       dms_status_text (result->status));
  if (result->crash_place)
    g_string_append_printf (where, " in %s", result->crash_place);
  if (result->address != 0)
    g_string_append_printf (
        where, ", at address 0x%" G_GINT64_MODIFIER "x", result->address);
  return fail (options,
               EXIT_CRASHED,
               "the driver's program ended early%s: %s",
               where->str,
               result->crash);
}

/* The folder of @source_path, which the compiler had relative to where it was started:
 * where we are, or a folder above the program. NULL when it is nowhere. */
static char *
find_sources (const char *source_path)
{
  g_autofree char *program = NULL;
  g_autofree char *folder = NULL;

  if (g_file_test (source_path, G_FILE_TEST_IS_REGULAR))
    return g_path_get_dirname (source_path);
  program = g_file_read_link ("/proc/self/exe", NULL);
  if (!program || g_path_is_absolute (source_path))
    return NULL;
  folder = g_path_get_dirname (program);
  for (guint i = 0; i < FOLDERS_ABOVE && strcmp (folder, "/") != 0; i++)
    {
      g_autofree char *path = g_build_filename (folder, source_path, NULL);
      char *above;

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_path_get_dirname (path);
      above = g_path_get_dirname (folder);
      g_free (folder);
      folder = above;
    }
  return NULL;
}

/* In the parent: @fd is the pipe's end to read. */
static Exit
record (const Options *options,
        const DmsRunInfo *info,
        pid_t child,
        int fd,
        const char *source_path)
{
  g_autofree char *sources = source_path ? find_sources (source_path) : NULL;
  g_auto (DmsParentResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  DmsParent parent = { .child = child,
                       .fd = fd,
                       .timeout_s = (guint)options->timeout_s,
                       .max_events = (guint64)options->max_events,
                       .sources = sources };
  gboolean is_written;

  parent.recorder = dms_recorder_new (options->output, TRUE, info, &error);
  if (!parent.recorder)
    {
      /* Nobody reads: it is killed by what it does next, or by our end. */
      close (fd);
      return fail (options, EXIT_OUTPUT, "%s", error->message);
    }
  is_written = dms_parent_record (&parent, &result, &error);
  close (fd);
  if (!dms_recorder_close (parent.recorder, is_written ? &error : NULL) || !is_written)
    return fail (options, EXIT_OUTPUT, "%s", error->message);
  return tell (options, &result);
}

static Exit
fork_and_record (const Options *options,
                 const DmsScenario *scenario,
                 const DmsRunInfo *info,
                 const DmsOwnDriver *own,
                 const char *source_path)
{
  int ends[2];
  pid_t child;

  if (pipe (ends) != 0)
    return fail (options, EXIT_OUTPUT, "no pipe can be made: %s", g_strerror (errno));
#ifdef F_SETPIPE_SZ
  (void)fcntl (ends[1], F_SETPIPE_SZ, PIPE_BYTES);
#endif
  child = fork ();
  if (child < 0)
    {
      close (ends[0]);
      close (ends[1]);
      return fail (
          options, EXIT_OUTPUT, "no process can be made: %s", g_strerror (errno));
    }
  if (child == 0)
    {
      close (ends[0]);
      dms_child_run (scenario, own, ends[1]);
    }
  close (ends[1]);
  return record (options, info, child, ends[0], source_path);
}

static Exit
run (const Options *options, const DmsOwnDriver *own, const char *source_path)
{
  g_auto (DmsRunInfo) info = { .kind = DMS_SOURCE_SIMULATION, .resolution_ns = 1 };
  g_autoptr (GError) error = NULL;
  DmsScenario scenario;
  Exit status = EXIT_INPUT;

  if (!dms_scenario_load (options->rest[0],
                          (const char *const *)options->overrides,
                          &scenario,
                          &info.scenario,
                          &error))
    return fail (options, EXIT_INPUT, "%s", error->message);
  info.title = g_strdup (scenario.title);
  info.origin = g_path_get_basename (options->rest[0]);
  info.notes = g_strdup_printf ("The driver is somebody's own: %s", options->program);
  if (check_scenario (options, &scenario, own))
    status = fork_and_record (options, &scenario, &info, own, source_path);
  dms_scenario_release (&scenario);
  return status;
}

int
dmascope_main (int argc,
               char **argv,
               PDRIVER_INITIALIZE entry,
               const char *entry_name,
               const char *source_path)
{
  const DmsOwnDriver own = { .entry = (void (*) (void))entry, .name = entry_name };
  g_auto (Options) options = { .timeout_s = TIMEOUT_S, .max_events = EVENTS_MAX };
  g_autoptr (GError) error = NULL;
  const char *wrong;

  (void)setlocale (LC_ALL, "");
  options.program = g_path_get_basename (argc > 0 ? argv[0] : "driver");
  if (!parse (&options, &argc, &argv, &error))
    return (int)fail (&options, EXIT_INPUT, "%s", error->message);
  wrong = check_options (&options);
  if (wrong)
    return (int)fail (&options, EXIT_INPUT, "%s", wrong);
  if (!options.output)
    options.output = g_strdup_printf ("%s.dmatrace", options.program);
  return (int)run (&options, &own, source_path);
}
