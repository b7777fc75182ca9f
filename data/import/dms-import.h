/* dms-import.h — foreign recordings become events
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-trace.h"
#include "engine/core/dms-sink.h"

#include <gio/gio.h>

#define DMS_IMPORT_ERROR (dms_import_error_quark ())
GQuark dms_import_error_quark (void);

typedef enum
{
  DMS_IMPORT_ERROR_OPEN,
  DMS_IMPORT_ERROR_FORMAT, /* no form that is known, or one that cannot work */
  DMS_IMPORT_ERROR_SINK,
  DMS_IMPORT_ERROR_CANCELLED
} DmsImportError;

/* What was read; every line is in exactly one of these counts. */
typedef struct
{
  guint64 lines;
  guint64 heads;   /* comments and column heads */
  guint64 events;  /* became an event with a picture */
  guint64 others;  /* well-formed, but of no kind that has a picture: kept as "other" */
  guint64 details; /* belong to the event before: stack frames */
  guint64 blank;
  guint64 unread; /* not understood: reported, with number and reason */
} DmsImportTally;

typedef struct
{
  DmsSink sink;
  /* May be NULL. Called for each unread line; returns FALSE to give up. */
  gboolean (*unread) (guint64 number,
                      const char *line,
                      const char *reason,
                      gpointer data);
  /* May be NULL. Called now and then with the share done, 0 to 1. */
  void (*progress) (double share, gpointer data);
  gpointer data;
} DmsImportTarget;

/* True when the first bytes of a file look like ftrace text (by content, not by name).
 */
gboolean dms_import_is_ftrace_text (const char *head, gsize length);

/* What a file that cannot be imported is by its first bytes, and what helps: "it is a
 * binary file of trace-cmd; …". NULL when it is of no kind that is known. Static. */
const char *dms_import_hint (const char *head, gsize length);

/**
 * dms_import_ftrace_text:
 * @info: (inout): title, origin, clock, resolution are filled in
 *
 * Reads tracefs' own `trace` text. A file with no ftrace event at all is
 * DMS_IMPORT_ERROR_FORMAT with one sentence that says what would be right.
 */
gboolean dms_import_ftrace_text (const char *path,
                                 const DmsImportTarget *target,
                                 DmsRunInfo *info,
                                 DmsImportTally *ret_tally,
                                 GCancellable *cancellable,
                                 GError **error);
