/* dms-trace-kept.h — events that a test keeps beside the trace that it records
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"
#include "data/trace/dms-recorder.h"
#include "engine/core/dms-state.h"

typedef struct
{
  DmsSink recorder;
  GArray *events; /* DmsEvent, payloads owned */
  GPtrArray *payloads;
  DmsState *state; /* after all of them */
} DmsTraceKept;

void dms_trace_kept_init (DmsTraceKept *kept);
void dms_trace_kept_release (DmsTraceKept *kept);
/* By number, from 1. */
const DmsEvent *dms_trace_kept_event (const DmsTraceKept *kept, guint64 seq);
/* Hands on to @recorder, and keeps what it takes. */
DmsSink dms_trace_kept_sink (DmsTraceKept *kept, DmsRecorder *recorder);
/* These fail the test when they do not work. */
DmsRecorder *dms_trace_new_recorder (const char *path, DmsSourceKind kind);
void dms_trace_close_recorder (DmsRecorder *recorder);
DmsPlayer *dms_trace_open_player (const char *path);
/* A recording of @n events, at most @live mappings at a time, that is also in @kept.
 * Returns: (transfer full): the file. */
char *
dms_trace_record_stream (const char *dir, DmsTraceKept *kept, guint n, guint live);
/* The sink's event function; data is the DmsTraceKept. */
DmsStatus dms_trace_keep_event (void *data, const DmsEvent *event);
