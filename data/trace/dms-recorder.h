/* dms-recorder.h — writes a .dmatrace while things happen
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-trace.h"
#include "engine/core/dms-sink.h"

typedef struct DmsRecorder DmsRecorder;

/**
 * dms_recorder_new:
 * @path: file to be made; one that exists is replaced only when @replace
 * @info: copied
 *
 * Thread: the recorder belongs to one thread at a time.
 * Returns: (transfer full): NULL and @error on failure
 */
DmsRecorder *dms_recorder_new (const char *path,
                               gboolean replace,
                               const DmsRunInfo *info,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes events and names until dms_recorder_close(); valid as long as the recorder. A
 * failure (disk full …) is DMS_ERROR_SINK and dms_recorder_close() tells the reason. */
DmsSink dms_recorder_sink (DmsRecorder *recorder);

/* The text of a driver's source file, which travels in the trace under @name. */
gboolean dms_recorder_add_source (DmsRecorder *recorder,
                                  const char *name,
                                  const char *text,
                                  GError **error);
/* A line of an import that could not be read; a bounded number is kept, all are
 * counted. */
gboolean dms_recorder_add_unread (DmsRecorder *recorder,
                                  guint64 line_number,
                                  const char *line,
                                  const char *reason,
                                  GError **error);
/* Corrects what is known about the run (clock, tally) before closing. */
gboolean
dms_recorder_set_info (DmsRecorder *recorder, const DmsRunInfo *info, GError **error);
/* Commits what is open now. Otherwise a commit comes at least every 50 ms of recording.
 */
gboolean dms_recorder_commit (DmsRecorder *recorder, GError **error);

/* Commits, checkpoints, makes the trace one single file again and frees the recorder,
 * also on failure. */
gboolean dms_recorder_close (DmsRecorder *recorder, GError **error);
/* Frees without finishing, as after a crash: what was committed stays. NULL is allowed.
 */
void dms_recorder_abandon (DmsRecorder *recorder);
