/* dms-cli.c — what the commands share: options, messages, exit status
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define UNREAD_SAID_MAX 20

/* What a process has once and nobody can be handed: its signals and its output. */
static volatile sig_atomic_t is_interrupted;
static int output_errno;

/* ---- messages -------------------------------------------------------------------- */

static void say (const char *tail, const char *format, va_list arguments)
    G_GNUC_PRINTF (2, 0);

static void
say (const char *tail, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  /* Whatever could be said about a standard error that fails, nobody would read it. */
  (void)fprintf (stderr, "dmascope: %s%s\n", text, tail);
}

DmsExit
dms_cli_fail (DmsExit status, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  say ("", format, arguments);
  va_end (arguments);
  return status;
}

DmsExit
dms_cli_fail_usage (const DmsCommand *command, const char *format, ...)
{
  g_autofree char *tail = g_strdup_printf ("; see \"dmascope %s%s--help\"",
                                           command ? command->name : "",
                                           command ? " " : "");
  va_list arguments;

  va_start (arguments, format);
  say (tail, format, arguments);
  va_end (arguments);
  return DMS_EXIT_INPUT;
}

void
dms_cli_note (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  say ("", format, arguments);
  va_end (arguments);
}

static DmsExit
exit_of_error (const GError *error)
{
  if (g_error_matches (error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_OUTPUT)
      || g_error_matches (error, DMS_TRACE_ERROR, DMS_TRACE_ERROR_WRITE)
      || g_error_matches (error, DMS_TRACE_ERROR, DMS_TRACE_ERROR_NO_SPACE))
    return DMS_EXIT_OUTPUT;
  if (g_error_matches (error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_CANCELLED))
    return DMS_EXIT_INTERRUPTED;
  return DMS_EXIT_INPUT;
}

DmsExit
dms_cli_fail_error (const GError *error)
{
  g_autofree char *message = dms_open_readable_message (error->message);

  return dms_cli_fail (exit_of_error (error), "%s", message);
}

/* ---- standard output ------------------------------------------------------------- */

void
dms_cli_put (const char *text)
{
  size_t length = strlen (text);

  if (output_errno == 0 && fwrite (text, 1, length, stdout) != length)
    output_errno = errno != 0 ? errno : EIO;
}

gboolean
dms_cli_is_over (void)
{
  return is_interrupted || output_errno != 0;
}

DmsExit
dms_cli_finish (DmsExit status)
{
  if (fflush (stdout) != 0 && output_errno == 0)
    output_errno = errno;
  if (is_interrupted)
    return DMS_EXIT_INTERRUPTED;
  /* Who reads only the beginning, such as head, knows that he left. */
  if (output_errno == EPIPE)
    return DMS_EXIT_OUTPUT;
  if (output_errno != 0)
    return dms_cli_fail (DMS_EXIT_OUTPUT,
                         "standard output cannot be written: %s",
                         g_strerror (output_errno));
  return status;
}

/* ---- opening --------------------------------------------------------------------- */

static void
progress_cb (double share G_GNUC_UNUSED, guint64 n_events G_GNUC_UNUSED, gpointer data)
{
  const DmsCliWork *work = data;

  if (is_interrupted)
    g_cancellable_cancel (work->cancellable);
}

static void
unread_cb (guint64 number, const char *line, const char *reason, gpointer data)
{
  DmsCliWork *work = data;
  g_autofree char *valid = NULL;

  work->n_unread++;
  if (!work->says_unread || work->n_unread > UNREAD_SAID_MAX)
    return;
  valid = g_utf8_make_valid (line, -1);
  dms_cli_note ("%s:%" G_GUINT64_FORMAT ": not read, %s: %.200s",
                work->path,
                number,
                reason,
                valid);
}

void
dms_cli_work_init (DmsCliWork *work, DmsOpenRequest *request, gboolean says_unread)
{
  memset (work, 0, sizeof *work);
  work->cancellable = g_cancellable_new ();
  work->path = request->path;
  work->says_unread = says_unread;
  request->progress = progress_cb;
  request->unread = unread_cb;
  request->data = work;
}

void
dms_cli_work_clear (DmsCliWork *work)
{
  g_clear_object (&work->cancellable);
}

void
dms_cli_note_result (const char *path, const DmsOpenResult *result)
{
  if (result->is_cut)
    dms_cli_note ("%s goes on after %" G_GUINT64_FORMAT " events; only these are shown",
                  path,
                  result->n_events);
  if (result->tally.unread > 0)
    dms_cli_note ("%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                  " lines could not be read; \"dmascope import\" names them",
                  path,
                  result->tally.unread,
                  result->tally.lines);
}

DmsOpened *
dms_cli_open (const char *path, DmsExit *ret_exit)
{
  g_autoptr (GError) error = NULL;
  DmsOpenRequest request = { .path = path };
  g_auto (DmsCliWork) work = { 0 };
  DmsOpened *opened;

  dms_cli_work_init (&work, &request, FALSE);
  opened = dms_open (&request, work.cancellable, &error);
  if (opened)
    dms_cli_note_result (path, dms_opened_result (opened));
  else
    *ret_exit = dms_cli_fail_error (error);
  return opened;
}

/* ---- the command line ------------------------------------------------------------ */

static gboolean
check_format (DmsCliLine *line, DmsExit *ret_exit)
{
  if (!line->format || strcmp (line->format, "text") == 0)
    return TRUE;
  line->is_json = strcmp (line->format, "json") == 0;
  if (!line->is_json)
    *ret_exit = dms_cli_fail_usage (
        line->command, "--format is \"%s\"; text or json is needed", line->format);
  return line->is_json;
}

static gboolean
check_rest (const DmsCliLine *line, guint least, guint most, DmsExit *ret_exit)
{
  guint n = g_strv_length (line->rest);

  if (n >= least && n <= most)
    return TRUE;
  if (n < least)
    *ret_exit
        = dms_cli_fail_usage (line->command,
                              "%s needs %s",
                              line->command->name,
                              n == 0 ? line->command->arguments : "one argument more");
  else
    *ret_exit = dms_cli_fail_usage (line->command,
                                    "%s does not know what to do with \"%s\"",
                                    line->command->name,
                                    line->rest[most]);
  return FALSE;
}

static void
put_help (const DmsCliLine *line)
{
  g_autofree char *help = g_option_context_get_help (line->context, TRUE, NULL);

  dms_cli_put (help);
}

static GOptionContext *
make_context (DmsCliLine *line, const GOptionEntry *entries, gboolean has_format)
{
  const GOptionEntry format_entries[] = {
    { "format",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &line->format,
      "text, or json: one object a line",
      "text|json" },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry common[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &line->is_help, "Show this and leave", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &line->rest, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (line->command->arguments);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, line->command->summary);
  g_option_context_set_description (context, line->command->description);
  if (entries)
    g_option_context_add_main_entries (context, entries, NULL);
  if (has_format)
    g_option_context_add_main_entries (context, format_entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);
  return context;
}

gboolean
dms_cli_line_init (DmsCliLine *line,
                   const DmsCommand *command,
                   const GOptionEntry *entries,
                   gboolean has_format,
                   guint least,
                   guint most,
                   int argc,
                   char **argv,
                   DmsExit *ret_exit)
{
  g_autoptr (GError) error = NULL;

  memset (line, 0, sizeof *line);
  line->command = command;
  line->context = make_context (line, entries, has_format);
  if (!g_option_context_parse (line->context, &argc, &argv, &error))
    {
      *ret_exit = dms_cli_fail_usage (command, "%s: %s", command->name, error->message);
      return FALSE;
    }
  if (!line->rest)
    line->rest = g_new0 (char *, 1);
  if (line->is_help)
    {
      put_help (line);
      *ret_exit = DMS_EXIT_DONE;
      return FALSE;
    }
  return check_format (line, ret_exit) && check_rest (line, least, most, ret_exit);
}

void
dms_cli_line_clear (DmsCliLine *line)
{
  g_clear_pointer (&line->context, g_option_context_free);
  g_clear_pointer (&line->rest, g_strfreev);
  g_clear_pointer (&line->format, g_free);
}

/* ---- the commands ---------------------------------------------------------------- */

static const DmsCommand *const commands[] = {
  &dms_cli_run,          &dms_cli_import, &dms_cli_info,
  &dms_cli_events,       &dms_cli_state,  &dms_cli_check,
  &dms_cli_check_driver, &dms_cli_render, &dms_cli_sql,
};

const DmsCommand *
dms_cli_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i]->name, name) == 0)
      return commands[i];
  return NULL;
}

static void
put_main_help (void)
{
  g_autoptr (GString) text = g_string_new (
      "usage: dmascope [FILE…] [--at POSITION]   open the window\n"
      "       dmascope COMMAND [ARGUMENT…]       work without a display\n\n"
      "FILE is a trace (.dmatrace), a scenario (JSON) or the text of an ftrace\n"
      "recording; which of them is told by what is in it.\n\n"
      "Commands, each with more to say under --help:\n");

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (
        text, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
  g_string_append (text,
                   "\nPOSITION is an event number, step:21, 13.011706s or 50%.\n\n"
                   "Exit status: 0 done, nothing found; 1 findings; 2 wrong usage or\n"
                   "unreadable input; 3 the output could not be written.\n");
  dms_cli_put (text->str);
}

static void
interrupt_cb (int number G_GNUC_UNUSED)
{
  is_interrupted = 1;
}

/* Temporary traces are removed on the way out, so the process must reach its end: also
 * when the user presses Ctrl+C, and when nobody reads what it writes. */
static void
catch_signals (void)
{
  struct sigaction action
      = { .sa_handler = interrupt_cb, .sa_flags = (int)SA_RESETHAND };

  sigemptyset (&action.sa_mask);
  if (sigaction (SIGINT, &action, NULL) != 0 || sigaction (SIGTERM, &action, NULL) != 0
      || signal (SIGPIPE, SIG_IGN) == SIG_ERR)
    dms_cli_note ("signals cannot be caught: %s", g_strerror (errno));
}

static DmsExit
run_command (const DmsCommand *command, int argc, char **argv)
{
  g_autofree char *name = g_strconcat ("dmascope ", command->name, NULL);

  g_set_prgname (name);
  catch_signals ();
  return dms_cli_finish (command->run (argc, argv));
}

/* Names that are neither: a mistyped command would otherwise open an empty window. */
static gboolean
check_files (char **files, DmsExit *ret_exit)
{
  for (int i = 1; files[i]; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (files[i]);
      if (g_file_is_native (file) && !g_file_query_exists (file, NULL))
        {
          *ret_exit = dms_cli_fail_usage (
              NULL, "%s is neither a command nor a file that is there", files[i]);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
parse_window (int *argc, char ***argv, char **ret_position, DmsExit *ret_exit)
{
  gboolean is_help = FALSE;
  gboolean is_version = FALSE;
  g_autofree char *position = NULL;
  const GOptionEntry entries[] = {
    { "at", 0, 0, G_OPTION_ARG_FILENAME, &position, NULL, NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &is_help, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &is_version, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    *ret_exit = dms_cli_fail_usage (NULL, "%s", error->message);
  else if (is_help || is_version)
    {
      if (is_help)
        put_main_help ();
      else
        dms_cli_put ("dmascope " DMS_VERSION "\n");
      *ret_exit = dms_cli_finish (DMS_EXIT_DONE);
    }
  else if (check_files (*argv, ret_exit))
    {
      *ret_position = g_steal_pointer (&position);
      return FALSE;
    }
  return TRUE;
}

gboolean
dms_cli_main (int *argc, char ***argv, char **ret_position, DmsExit *ret_exit)
{
  const DmsCommand *command = *argc > 1 ? dms_cli_find ((*argv)[1]) : NULL;

  *ret_position = NULL;
  if (!command)
    return parse_window (argc, argv, ret_position, ret_exit);
  *ret_exit = run_command (command, *argc - 1, *argv + 1);
  return TRUE;
}
