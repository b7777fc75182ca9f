/* dms-open.h — a file becomes a trace that can be played, whatever form it has
 *
 * Window and commands open everything here. What a file is, is told by its content. A
 * scenario is run and a recording is imported into a trace of their own; then only that
 * trace is looked at. Nothing here needs a display.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/import/dms-import.h"
#include "data/trace/dms-player.h"

#define DMS_OPEN_ERROR (dms_open_error_quark ())
GQuark dms_open_error_quark (void);

/* Every message is one whole sentence for the user, without "dmascope:" and final stop.
 */
typedef enum
{
  DMS_OPEN_ERROR_INPUT,  /* what is read is missing or not what it should be */
  DMS_OPEN_ERROR_OUTPUT, /* the trace that is made cannot be written */
  DMS_OPEN_ERROR_CANCELLED
} DmsOpenError;

typedef enum
{
  DMS_FORM_UNKNOWN, /* DMS_OPEN_ERROR_INPUT says what would be right */
  DMS_FORM_TRACE,
  DMS_FORM_SCENARIO,
  DMS_FORM_FTRACE_TEXT
} DmsForm;

/* Where a run that is being made stops. */
typedef enum
{
  DMS_UNTIL_END,
  DMS_UNTIL_EVENT, /* behind event number value */
  DMS_UNTIL_STEP,  /* behind the last event of step number value */
  DMS_UNTIL_TIME   /* behind the last event at or before value, in nanoseconds */
} DmsUntilKind;

typedef struct
{
  DmsUntilKind kind;
  gint64 value;
} DmsUntil;

/* A scenario without an end of its own stops here when nothing else is said. */
#define DMS_OPEN_EVENTS_MAX G_GUINT64_CONSTANT (10000000)

/* What is wanted. Zero-initialised but for path (or text and name) it is complete.
 * Strings belong to the caller. */
typedef struct
{
  const char *path; /* file to be opened; or NULL, and instead: */
  const char *text; /* a scenario's JSON, such as a lesson's, */
  const char *name; /* and how messages call it */

  const char *const *overrides; /* "PATH=VALUE" for scenarios; may be NULL */
  DmsUntil until;               /* for scenarios */
  guint64 max_events;           /* for scenarios; 0 = DMS_OPEN_EVENTS_MAX */

  /* May be NULL. Called now and then, in the thread that works. @share is 0 to 1,
   * negative when it is not known. */
  void (*progress) (double share, guint64 n_events, gpointer data);
  /* May be NULL. For each line of a recording that could not be read. */
  void (*unread) (guint64 number, const char *line, const char *reason, gpointer data);
  gpointer data;
} DmsOpenRequest;

typedef struct
{
  DmsForm form;
  guint64 n_events;
  gboolean is_cut;      /* stopped at max_events though there was more to do */
  DmsTraceLife life;    /* of a trace: how it was when it was opened */
  DmsImportTally tally; /* of an import; else zero */
} DmsOpenResult;

/* Tells what @path is. FALSE for what cannot be read and for what is of no known form.
 */
gboolean dms_open_recognize (const char *path, DmsForm *ret_form, GError **error);

/* The positions of `--until`, which must make sense before the run is made: an event
 * number, "step:21" or "0.000013s". */
gboolean dms_until_parse (const char *text, DmsUntil *ret_until, GError **error);

/**
 * dms_open_record:
 * @trace_path: file to be made
 * @replace: whether one that exists is replaced
 * @ret_result: may be NULL
 *
 * Runs a scenario, or imports a recording, into a trace. Input that is wrong is found
 * before anything is written; after a later failure nothing is left at @trace_path.
 * While it works another thread may already open and follow the trace.
 *
 * Thread: any; nothing is shared with other calls.
 */
gboolean dms_open_record (const DmsOpenRequest *request,
                          const char *trace_path,
                          gboolean replace,
                          DmsOpenResult *ret_result,
                          GCancellable *cancellable,
                          GError **error);

/* A trace that was opened, and the temporary file that it may be. */
typedef struct DmsOpened DmsOpened;

/**
 * dms_open:
 *
 * Opens a trace, or makes one in a temporary folder of what can become one.
 *
 * Thread: any; what is returned belongs to one thread at a time.
 * Returns: (transfer full): NULL and @error on failure
 */
DmsOpened *dms_open (const DmsOpenRequest *request,
                     GCancellable *cancellable,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes the player and removes the temporary file. NULL is allowed. */
void dms_opened_free (DmsOpened *opened);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmsOpened, dms_opened_free)

DmsPlayer *dms_opened_player (DmsOpened *opened);
const DmsOpenResult *dms_opened_result (const DmsOpened *opened);
/* True when the trace lives only as long as @opened: it was made, or copied because
 * somebody writes the file and its log is out of sight. */
gboolean dms_opened_is_temporary (const DmsOpened *opened);

/* ---- temporary traces, for whoever records in a thread of its own ---------------- */

/* (transfer full): the path of a file that is not there yet, in a new folder of its
 * own. */
char *dms_open_make_place (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes the trace at @place, what SQLite keeps beside it, and the folder. */
void dms_open_remove_place (const char *place);
/* (transfer full): a message about the trace at such a place, with the name that the
 * place was made for instead of its path, which means nothing to a user; others as they
 * are. */
char *dms_open_readable_message (const char *message) G_GNUC_WARN_UNUSED_RESULT;
