/* dms-cli.h — what the commands share: options, messages, exit status
 *
 * A command works without a display: nothing here or in dms-cli-….c touches GTK.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "app/dms-open.h"

/* Exit status of every command. */
typedef enum
{
  DMS_EXIT_DONE = 0,
  DMS_EXIT_FOUND = 1,        /* done, and there are findings */
  DMS_EXIT_INPUT = 2,        /* wrong usage, or input that cannot be read */
  DMS_EXIT_OUTPUT = 3,       /* what was made cannot be written */
  DMS_EXIT_INTERRUPTED = 130 /* Ctrl+C */
} DmsExit;

typedef struct
{
  const char *name;
  const char *arguments;   /* behind the options in the first line of its help */
  const char *summary;     /* one line of the list of commands */
  const char *description; /* below the options in its help; may be NULL */
  DmsExit (*run) (int argc, char **argv); /* argv[0] is the command's name */
} DmsCommand;

/* One for each dms-cli-….c */
extern const DmsCommand dms_cli_run, dms_cli_import, dms_cli_info, dms_cli_events,
    dms_cli_state, dms_cli_check, dms_cli_check_driver, dms_cli_render, dms_cli_sql;

/* NULL for a word that is no command. */
const DmsCommand *dms_cli_find (const char *name);

/**
 * dms_cli_main:
 * @argc, @argv: (inout): of main(); for the window what is left are the files
 * @ret_position: (transfer full): of --at, or NULL
 *
 * Runs the command that the arguments name.
 *
 * Returns: TRUE when nothing is left to do and *ret_exit is set; FALSE when the window
 * is wanted.
 */
gboolean dms_cli_main (int *argc, char ***argv, char **ret_position, DmsExit *ret_exit);

/* ---- for commands ---------------------------------------------------------------- */

/* The command line of one command, taken apart. */
typedef struct
{
  const DmsCommand *command;
  GOptionContext *context;
  gboolean is_help;
  char *format; /* of --format, or NULL */
  char **rest;  /* what is no option; never NULL */
  gboolean is_json;
} DmsCliLine;

/**
 * dms_cli_line_init:
 * @entries: (nullable): the command's own options, closed by an empty entry
 * @has_format: whether it knows --format text|json
 * @least, @most: how many arguments that are no options it takes
 * @ret_exit: the status to leave with when nothing is left to do
 *
 * Returns: FALSE when help was printed, or usage is wrong, which was said.
 */
gboolean dms_cli_line_init (DmsCliLine *line,
                            const DmsCommand *command,
                            const GOptionEntry *entries,
                            gboolean has_format,
                            guint least,
                            guint most,
                            int argc,
                            char **argv,
                            DmsExit *ret_exit);
void dms_cli_line_clear (DmsCliLine *line);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DmsCliLine, dms_cli_line_clear)

/* Says one sentence on standard error, "dmascope: …". Returns @status. */
DmsExit dms_cli_fail (DmsExit status, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same for wrong usage of @command, and names its help. */
DmsExit dms_cli_fail_usage (const DmsCommand *command, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
/* Says the error's sentence and returns the status that belongs to it. */
DmsExit dms_cli_fail_error (const GError *error);
/* A sentence on standard error that is no failure. */
void dms_cli_note (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Opens what the user named: trace, scenario or recording. NULL and *ret_exit on
 * failure, which was said. */
DmsOpened *dms_cli_open (const char *path, DmsExit *ret_exit) G_GNUC_WARN_UNUSED_RESULT;
/* What a request needs to be interrupted by Ctrl+C and to tell about unread lines. */
typedef struct
{
  GCancellable *cancellable;
  const char *path;
  gboolean says_unread; /* each line by itself, up to a bound */
  guint64 n_unread;
} DmsCliWork;

/* Puts its callbacks into @request, which must have its path. */
void
dms_cli_work_init (DmsCliWork *work, DmsOpenRequest *request, gboolean says_unread);
void dms_cli_work_clear (DmsCliWork *work);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DmsCliWork, dms_cli_work_clear)
/* Warns about what was left out of what was made of @path. */
void dms_cli_note_result (const char *path, const DmsOpenResult *result);

/* Whether Ctrl+C was pressed, or nobody reads the output any more: stop then. */
gboolean dms_cli_is_over (void);
/* Writes to standard output. */
void dms_cli_put (const char *text);
/* Writes everything out; @status, or what says that it could not be written. */
DmsExit dms_cli_finish (DmsExit status);
