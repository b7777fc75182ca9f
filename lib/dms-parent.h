/* dms-parent.h — records what the driver's process tells, until it ends in whatever way
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-recorder.h"

#include <sys/types.h>

typedef struct
{
  DmsRecorder *recorder;
  pid_t child;
  int fd;              /* the pipe's end to read */
  guint timeout_s;     /* ends a driver that says nothing for so long; 0 = never */
  guint64 max_events;  /* ends a driver that goes on and on; 0 = never */
  const char *sources; /* folder where the driver's files are looked for, or NULL */
} DmsParent;

typedef struct
{
  guint64 n_events;  /* in the trace, CRASH included */
  char *crash;       /* how the driver's process ended early; NULL when it did not */
  char *crash_place; /* the routine of the driver that ran then, or NULL */
  guint64 address;   /* that it could not reach, when that is known; else 0 */
  DmsStatus status;  /* of the run, when it came to its end */
} DmsParentResult;

/* Reads until the child has ended; the child is gone then. FALSE, and @error, when the
 * trace could not be written. */
gboolean dms_parent_record (const DmsParent *parent,
                            DmsParentResult *ret_result,
                            GError **error);
void dms_parent_result_clear (DmsParentResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DmsParentResult, dms_parent_result_clear)
