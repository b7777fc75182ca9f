/* dms-trace-kept.c — events that a test keeps beside the trace that it records
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/data/trace/dms-trace-kept.h"

#include "tests/data/trace/dms-trace-stream.h"

#include <string.h>

void
dms_trace_kept_init (DmsTraceKept *kept)
{
  memset (kept, 0, sizeof *kept);
  kept->events = g_array_new (FALSE, FALSE, sizeof (DmsEvent));
  kept->payloads = g_ptr_array_new_with_free_func (g_free);
  kept->state = dms_state_new ();
}

void
dms_trace_kept_release (DmsTraceKept *kept)
{
  g_array_unref (kept->events);
  g_ptr_array_unref (kept->payloads);
  dms_state_free (kept->state);
}

const DmsEvent *
dms_trace_kept_event (const DmsTraceKept *kept, guint64 seq)
{
  return &g_array_index (kept->events, DmsEvent, seq - 1);
}

DmsStatus
dms_trace_keep_event (void *data, const DmsEvent *event)
{
  DmsTraceKept *kept = data;
  DmsStatus status = kept->recorder.event (kept->recorder.data, event);

  if (status != DMS_OK)
    return status;
  DmsEvent copy = *event;
  if (event->payload_length > 0)
    {
      copy.payload = g_memdup2 (event->payload, event->payload_length);
      g_ptr_array_add (kept->payloads, (gpointer)copy.payload);
    }
  g_array_append_val (kept->events, copy);
  return dms_state_apply (kept->state, event);
}

static DmsStatus
keep_name (void *data, const DmsName *name)
{
  DmsTraceKept *kept = data;
  return kept->recorder.name (kept->recorder.data, name);
}

DmsSink
dms_trace_kept_sink (DmsTraceKept *kept, DmsRecorder *recorder)
{
  kept->recorder = dms_recorder_sink (recorder);
  return (DmsSink){ .event = dms_trace_keep_event, .name = keep_name, .data = kept };
}

DmsRecorder *
dms_trace_new_recorder (const char *path, DmsSourceKind kind)
{
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { .kind = kind, .title = (char *)"a run", .resolution_ns = 1 };
  DmsRecorder *recorder = dms_recorder_new (path, FALSE, &info, &error);
  g_assert_no_error (error);
  return recorder;
}

void
dms_trace_close_recorder (DmsRecorder *recorder)
{
  g_autoptr (GError) error = NULL;
  gboolean is_closed = dms_recorder_close (recorder, &error);
  g_assert_no_error (error);
  g_assert_true (is_closed);
}

DmsPlayer *
dms_trace_open_player (const char *path)
{
  g_autoptr (GError) error = NULL;
  DmsPlayer *player = dms_player_open (path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (player);
  return player;
}

char *
dms_trace_record_stream (const char *dir, DmsTraceKept *kept, guint n, guint live)
{
  char *path = g_build_filename (dir, "stream.dmatrace", NULL);
  DmsRecorder *recorder = dms_trace_new_recorder (path, DMS_SOURCE_FTRACE_TEXT);
  DmsSink sink = dms_trace_kept_sink (kept, recorder);
  DmsTraceStream stream;

  dms_trace_stream_init (&stream, &sink, n, live);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (dms_trace_stream_next (&stream), ==, DMS_OK);
  dms_trace_stream_release (&stream);
  dms_trace_close_recorder (recorder);
  return path;
}
