/* test-trace.c — what is recorded is what is played
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-chunk.h"
#include "data/trace/dms-player.h"
#include "data/trace/dms-recorder.h"
#include "engine/core/dms-state.h"
#include "tests/data/trace/dms-trace-stream.h"

#include <string.h>

/* ---- events that are kept beside the trace ----------------------------- */

typedef struct
{
  DmsSink recorder;
  GArray *events; /* DmsEvent, payloads owned */
  GPtrArray *payloads;
  DmsState *state; /* after all of them */
} Kept;

static void
kept_init (Kept *kept)
{
  memset (kept, 0, sizeof *kept);
  kept->events = g_array_new (FALSE, FALSE, sizeof (DmsEvent));
  kept->payloads = g_ptr_array_new_with_free_func (g_free);
  kept->state = dms_state_new ();
}

static void
kept_release (Kept *kept)
{
  g_array_unref (kept->events);
  g_ptr_array_unref (kept->payloads);
  dms_state_free (kept->state);
}

static const DmsEvent *
kept_event (const Kept *kept, guint64 seq)
{
  return &g_array_index (kept->events, DmsEvent, seq - 1);
}

static DmsStatus
keep_event (void *data, const DmsEvent *event)
{
  Kept *kept = data;
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
  Kept *kept = data;
  return kept->recorder.name (kept->recorder.data, name);
}

static DmsSink
kept_sink (Kept *kept, DmsRecorder *recorder)
{
  kept->recorder = dms_recorder_sink (recorder);
  return (DmsSink){ .event = keep_event, .name = keep_name, .data = kept };
}

static DmsRecorder *
new_recorder (const char *path, DmsSourceKind kind)
{
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { .kind = kind, .title = (char *)"a run", .resolution_ns = 1 };
  DmsRecorder *recorder = dms_recorder_new (path, FALSE, &info, &error);
  g_assert_no_error (error);
  return recorder;
}

static void
close_recorder (DmsRecorder *recorder)
{
  g_autoptr (GError) error = NULL;
  gboolean is_closed = dms_recorder_close (recorder, &error);
  g_assert_no_error (error);
  g_assert_true (is_closed);
}

static DmsPlayer *
open_player (const char *path)
{
  g_autoptr (GError) error = NULL;
  DmsPlayer *player = dms_player_open (path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (player);
  return player;
}

/* A recording of @n events that is also in @kept. */
static char *
record_stream (const char *dir, Kept *kept, guint n, guint live)
{
  char *path = g_build_filename (dir, "stream.dmatrace", NULL);
  DmsRecorder *recorder = new_recorder (path, DMS_SOURCE_FTRACE_TEXT);
  DmsSink sink = kept_sink (kept, recorder);
  DmsTraceStream stream;

  dms_trace_stream_init (&stream, &sink, n, live);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (dms_trace_stream_next (&stream), ==, DMS_OK);
  dms_trace_stream_release (&stream);
  close_recorder (recorder);
  return path;
}

static void
assert_played (DmsPlayer *player, const Kept *kept)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (dms_player_n_events (player), ==, kept->events->len);
  for (guint64 seq = 1; seq <= kept->events->len; seq++)
    {
      DmsEvent event;
      dms_player_read (player, seq, &event, &error);
      g_assert_no_error (error);
      g_assert_true (dms_trace_event_equal (&event, kept_event (kept, seq)));
    }
  dms_player_seek (player, kept->events->len, &error);
  g_assert_no_error (error);
  g_assert_true (dms_state_equal (dms_player_state (player), kept->state));
}

/* ---- packing
 * ------------------------------------------------------------------------------------
 */

static void
test_chunk_gives_back_any_event (void)
{
  DmsTestRandom random;
  DmsChunkWriter writer;
  DmsBytes payload;

  dms_test_random_init (&random, 1);
  dms_chunk_writer_init (&writer);
  dms_bytes_init (&payload);
  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (GPtrArray) payloads = g_ptr_array_new_with_free_func (g_free);
      g_autofree DmsEvent *events = g_new0 (DmsEvent, DMS_CHUNK_EVENTS);
      guint64 first = dms_test_random_range (&random, 1, 1u << 30);
      guint64 step = dms_test_random_below (&random, 1u << 20);
      guint n = (guint)dms_test_random_range (&random, 1, 60);
      DmsChunk chunk;

      dms_chunk_writer_start (&writer, first);
      for (guint i = 0; i < n; i++)
        {
          step += dms_test_random_below (&random, 4);
          dms_trace_event_random (&random, first + i, step, &payload, &events[i]);
          g_ptr_array_add (payloads, g_memdup2 (payload.data, payload.length));
          events[i].payload = g_ptr_array_index (payloads, i);
          g_assert_true (dms_chunk_writer_add (&writer, &events[i]));
        }
      g_assert_cmpint (
          dms_chunk_read (
              &writer.head, 1, writer.data.data, writer.data.length, &chunk),
          ==,
          DMS_OK);
      for (guint i = 0; i < n; i++)
        g_assert_true (dms_trace_event_equal (&chunk.events[i], &events[i]));
      dms_chunk_release (&chunk);
    }
  dms_bytes_release (&payload);
  dms_chunk_writer_release (&writer);
}

static void
test_recording_is_played_as_it_was (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  Kept kept;

  kept_init (&kept);
  g_autofree char *path = record_stream (dir, &kept, 20000, 300);
  g_autoptr (DmsPlayer) player = open_player (path);
  assert_played (player, &kept);
  kept_release (&kept);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/data/trace/chunk/gives-back-any-event",
                   test_chunk_gives_back_any_event);
  g_test_add_func ("/data/trace/recording-is-played-as-it-was",
                   test_recording_is_played_as_it_was);
  return g_test_run ();
}
