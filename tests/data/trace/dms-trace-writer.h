/* dms-trace-writer.h — another process that records a trace as it is told
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <gio/gio.h>

typedef struct DmsTraceWriter DmsTraceWriter;

/* (transfer full): the trace is there, with no event or few. Fails the test when the
 * program cannot be run. */
DmsTraceWriter *dms_trace_writer_start (const char *path, gboolean is_simulation);
/* Records @n events more; returns how many are committed now. */
guint64 dms_trace_writer_emit (DmsTraceWriter *writer, guint64 n);
/* Goes on recording @rate events a second until another call. */
void dms_trace_writer_run (DmsTraceWriter *writer, guint64 rate);
/* Records until some of it was taken over from the log into the file itself; returns
 * how many events are committed then. */
guint64 dms_trace_writer_fill (DmsTraceWriter *writer);
/* Closes the trace and frees the writer. */
void dms_trace_writer_close (DmsTraceWriter *writer);
/* Kills it amid whatever it does, and frees the writer. */
void dms_trace_writer_kill (DmsTraceWriter *writer);
