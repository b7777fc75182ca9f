/* dms-trace.h — what recorder and player share: facts about a trace and its runs
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-lane.h"
#include "engine/core/dms-names.h"

#include <glib.h>

#define DMS_TRACE_ERROR (dms_trace_error_quark ())
GQuark dms_trace_error_quark (void);

/* Every message is one sentence that names the file, what is wrong and what would be
 * right. */
typedef enum
{
  DMS_TRACE_ERROR_OPEN,      /* missing, no permission, a folder … */
  DMS_TRACE_ERROR_NOT_TRACE, /* no SQLite file, or somebody else's */
  DMS_TRACE_ERROR_VERSION,   /* of a newer Dmascope */
  DMS_TRACE_ERROR_CORRUPT,   /* damaged or cut */
  DMS_TRACE_ERROR_NO_SPACE,
  DMS_TRACE_ERROR_WRITE,
  DMS_TRACE_ERROR_RANGE, /* no such event, run … */
  DMS_TRACE_ERROR_CANCELLED
} DmsTraceError;

/* Stored in the file; numbers never change. */
typedef enum
{
  DMS_SOURCE_SIMULATION = 1,
  DMS_SOURCE_FTRACE_TEXT = 2
} DmsSourceKind;

/* How a run came to be. All strings may be NULL when not known; owned by whoever holds
 * the struct, released with dms_run_info_clear(). */
typedef struct
{
  DmsSourceKind kind;
  char *title;          /* of the scenario, or the file's name */
  char *origin;         /* file that it was made from, without its folder */
  char *scenario;       /* JSON text, simulations */
  char *system;         /* "Linux 6.12.95", when the source says so */
  char *clock;          /* when the source says so */
  gint64 resolution_ns; /* of the times: 1, or 1000 for texts with microseconds */
  guint64 read_lines;   /* tally of an import, see dms-import.h */
  guint64 unread_lines;
  char *notes;        /* further facts, one per line */
  guint32 parent_run; /* 0: none; a branch names its parent run and event */
  guint64 parent_seq;
} DmsRunInfo;

void dms_run_info_clear (DmsRunInfo *info);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DmsRunInfo, dms_run_info_clear)
