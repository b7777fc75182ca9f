/* test-trace.c — what is recorded is what is played
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-chunk.h"
#include "data/trace/dms-player.h"
#include "data/trace/dms-recorder.h"
#include "engine/core/dms-state.h"
#include "tests/data/trace/dms-trace-stream.h"

#include <sqlite3.h>
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

/* Events of all kinds with any values; what the state refuses is not recorded. */
static char *
record_random (const char *dir, Kept *kept, guint n)
{
  char *path = g_build_filename (dir, "random.dmatrace", NULL);
  DmsRecorder *recorder = new_recorder (path, DMS_SOURCE_SIMULATION);
  DmsSink sink = kept_sink (kept, recorder);
  DmsTestRandom random;
  DmsBytes payload;
  guint64 step = 0;

  dms_test_random_init (&random, n);
  dms_bytes_init (&payload);
  for (guint i = 0; i < n; i++)
    {
      DmsEvent event;
      guint64 passed = dms_test_random_below (&random, 3);
      dms_trace_event_random (
          &random, kept->events->len + 1, step + passed, &payload, &event);
      event.length &= 0xffffff; /* else most MDLs and machines are refused */
      DmsStatus status = keep_event (kept, &event);
      g_assert_cmpint (status, !=, DMS_ERROR_SINK);
      if (status == DMS_OK)
        step += passed;
    }
  dms_bytes_release (&payload);
  (void)sink;
  close_recorder (recorder);
  return path;
}

static void
test_any_events_are_played_as_they_were (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  Kept kept;

  kept_init (&kept);
  g_autofree char *path = record_random (dir, &kept, 9000);
  g_autoptr (DmsPlayer) player = open_player (path);
  g_assert_cmpuint (kept.events->len, >, 4500);
  assert_played (player, &kept);
  kept_release (&kept);
}

/* ---- the cursor ------------------------------------------------------------ */

static guint
state_hash (const DmsState *state)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_state_save (state, &bytes);
  g_autoptr (GBytes) copy = g_bytes_new (bytes.data, bytes.length);
  dms_bytes_release (&bytes);
  return g_bytes_hash (copy);
}

static void
test_seek_equals_fold_from_anywhere (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autoptr (GError) error = NULL;
  DmsTestRandom random;
  Kept kept;

  dms_test_random_init (&random, 3);
  kept_init (&kept);
  g_autofree char *path = record_stream (dir, &kept, 13000, 40);
  g_autoptr (DmsPlayer) player = open_player (path);
  g_autofree guint *hashes = g_new0 (guint, kept.events->len + 1);
  DmsState *state = dms_state_new ();
  hashes[0] = state_hash (state);
  for (guint64 seq = 1; seq <= kept.events->len; seq++)
    {
      g_assert_cmpint (dms_state_apply (state, kept_event (&kept, seq)), ==, DMS_OK);
      hashes[seq] = state_hash (state);
    }
  dms_state_free (state);

  guint64 at = 0;
  for (guint i = 0; i < 600; i++)
    {
      guint64 far = dms_test_random_below (&random, kept.events->len + 1);
      gboolean is_step = dms_test_random_chance (&random, 50) && at > 0;
      at = is_step ? at - 1 : far;
      dms_player_seek (player, at, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (dms_player_state (player)->seq, ==, at);
      g_assert_cmpuint (state_hash (dms_player_state (player)), ==, hashes[at]);
      g_assert_cmpuint (dms_player_event (player)->seq, ==, at);
    }
  g_assert_false (dms_player_seek (player, kept.events->len + 1, &error));
  g_assert_error (error, DMS_TRACE_ERROR, DMS_TRACE_ERROR_RANGE);
  kept_release (&kept);
}

static void
test_steps_are_found (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  Kept kept;

  kept_init (&kept);
  g_autofree char *path = record_random (dir, &kept, 5000);
  g_autoptr (DmsPlayer) player = open_player (path);
  guint64 n_steps = kept_event (&kept, kept.events->len)->step;
  guint64 seq = 1;
  g_assert_cmpuint (dms_player_n_steps (player), ==, n_steps);
  for (guint64 step = 0; step <= n_steps; step++)
    {
      g_autoptr (GError) error = NULL;
      guint64 first = 0, last = 0, end = seq;
      while (end <= kept.events->len && kept_event (&kept, end)->step == step)
        end++;
      gboolean is_found = dms_player_step_events (player, step, &first, &last, &error);
      g_assert_cmpint (is_found, ==, end > seq || step == 0);
      if (is_found && end > seq)
        {
          g_assert_cmpuint (first, ==, seq);
          g_assert_cmpuint (last, ==, end - 1);
        }
      seq = end;
    }
  kept_release (&kept);
}

static void
assert_position (DmsPlayer *player, const char *text, guint64 expected)
{
  g_autoptr (GError) error = NULL;
  guint64 seq = G_MAXUINT64;

  dms_player_parse_position (player, text, &seq, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (seq, ==, expected);
}

static void
test_positions_are_understood (void)
{
  static const char *const wrong[] = {
    "",   "x",       "12x", "step:", "step:999999",           "50%x",    "101%",
    "-3", "9999999", "1.5", "s",     "99999999999999999999s", "step:-1", "100.1%"
  };
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  Kept kept;

  kept_init (&kept);
  g_autofree char *path = record_stream (dir, &kept, 2001, 20);
  g_autoptr (DmsPlayer) player = open_player (path);
  gint64 t_ns = kept_event (&kept, 1500)->t_ns;
  g_autofree char *time
      = g_strdup_printf ("%" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT "s",
                         t_ns / 1000000000,
                         t_ns % 1000000000);
  assert_position (player, "0", 0);
  assert_position (player, "12", 12);
  assert_position (player, "step:21", 21);
  assert_position (player, "50%", 1001);
  assert_position (player, "100%", 2001);
  assert_position (player, "0%", 0);
  assert_position (player, time, 1500);
  assert_position (player, "1s", 0);
  assert_position (player, "-1s", 0);
  assert_position (player, "99999s", 2001);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 seq = 0;
      g_assert_false (dms_player_parse_position (player, wrong[i], &seq, &error));
      g_assert_error (error, DMS_TRACE_ERROR, DMS_TRACE_ERROR_RANGE);
    }
  kept_release (&kept);
}

/* ---- reading along --------------------------------------------------------- */

static void
test_reader_follows_a_recorder (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "live.dmatrace", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (GError) error = NULL;
  DmsRecorder *recorder = new_recorder (path, DMS_SOURCE_FTRACE_TEXT);
  Kept kept;
  DmsTraceStream stream;
  gboolean has_changed = FALSE;

  kept_init (&kept);
  DmsSink sink = kept_sink (&kept, recorder);
  g_autoptr (DmsPlayer) player = open_player (path);
  g_assert_true (dms_player_is_recording (player));
  dms_trace_stream_init (&stream, &sink, 5, 100);
  for (guint i = 0; i < 30; i++)
    {
      for (guint j = 0; j < 137 * i; j++)
        dms_trace_stream_next (&stream);
      g_assert_true (dms_recorder_commit (recorder, &error));
      g_assert_true (dms_player_poll (player, &has_changed, &error));
      g_assert_cmpuint (dms_player_n_events (player), ==, kept.events->len);
      g_assert_true (dms_player_seek (player, kept.events->len, &error));
      g_assert_true (dms_state_equal (dms_player_state (player), kept.state));
      g_autoptr (GArray) lanes = dms_player_lanes (player, &error);
      g_assert_no_error (error);
    }
  dms_trace_stream_release (&stream);
  g_assert_true (dms_player_poll (player, &has_changed, &error));
  g_assert_false (has_changed);
  close_recorder (recorder);
  /* The first look sees the end, the second makes one file of it. */
  g_assert_true (dms_player_poll (player, &has_changed, &error));
  g_assert_true (has_changed);
  g_assert_false (dms_player_is_recording (player));
  g_assert_true (dms_player_poll (player, &has_changed, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  assert_played (player, &kept);
  kept_release (&kept);
}

/* ---- lanes ----------------------------------------------------------------- */

/* Samples of @lane in the kept events, up to @n of them into @values. */
static guint64
count_samples (const Kept *kept, const DmsLane *lane)
{
  DmsState *state = dms_state_new ();
  guint64 n = 0;

  for (guint64 seq = 1; seq <= kept->events->len; seq++)
    {
      DmsLaneSample samples[DMS_LANE_SAMPLES_MAX];
      dms_state_apply (state, kept_event (kept, seq));
      unsigned n_samples = dms_lane_samples (kept_event (kept, seq), state, samples);
      for (unsigned i = 0; i < n_samples; i++)
        n += samples[i].lane.kind == lane->kind
             && samples[i].lane.device == lane->device;
    }
  dms_state_free (state);
  return n;
}

static void
assert_nodes (DmsPlayer *player, const DmsLane *lane, guint wanted, guint64 n_samples)
{
  g_autoptr (GError) error = NULL;
  gint64 x0 = dms_player_first_time (player);
  gint64 x1 = dms_player_last_time (player);
  g_autoptr (GArray) nodes
      = dms_player_lane_nodes (player, lane, x0, x1, wanted, &error);
  guint64 count = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (nodes->len, <=, wanted * 2 + 1);
  for (guint i = 0; i < nodes->len; i++)
    {
      const DmsLaneNode *node = &g_array_index (nodes, DmsLaneNode, i);
      const DmsLaneNode *before = i == 0 ? NULL : node - 1;
      count += node->count;
      g_assert_cmpint (node->x0, <=, node->x1);
      g_assert_cmpuint (node->min, <=, node->last);
      g_assert_cmpuint (node->last, <=, node->max);
      g_assert_true (before == NULL
                     || (before->x1 <= node->x0 && before->last_seq < node->first_seq));
    }
  g_assert_cmpuint (count, ==, n_samples);
}

static void
assert_lanes (DmsPlayer *player, const Kept *kept)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) lanes = dms_player_lanes (player, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (lanes->len, ==, 5);
  for (guint i = 0; i < lanes->len; i++)
    {
      const DmsLane *lane = &g_array_index (lanes, DmsLane, i);
      guint64 n = count_samples (kept, lane);
      assert_nodes (player, lane, 1, n);
      assert_nodes (player, lane, 50, n);
      assert_nodes (player, lane, 1600, n);
      assert_nodes (player, lane, 60000, n);
    }
}

static void
execute (const char *path, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_lanes_have_every_sample (void)
{
  static const char *const damages[] = {
    "SELECT 1",
    "DELETE FROM pyramid WHERE level = 1",
    "UPDATE pyramid SET data = x'0102' WHERE block = 3",
    "UPDATE pyramid SET n = n - 1",
    "UPDATE lane SET kind = 77",
    "UPDATE run SET n_indexed = 7777",
    "UPDATE run SET n_indexed = 0",
  };
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  Kept kept;

  kept_init (&kept);
  g_autofree char *path = record_stream (dir, &kept, 12345, 90);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      execute (path, damages[i]);
      g_autoptr (DmsPlayer) player = open_player (path);
      assert_lanes (player, &kept);
    }
  kept_release (&kept);
}

/* A node in a window must be what all the samples of the lane say there. */
static void
test_level_at_the_left_edge_is_known (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autoptr (GError) error = NULL;
  DmsTestRandom random;
  Kept kept;

  dms_test_random_init (&random, 9);
  kept_init (&kept);
  g_autofree char *path = record_stream (dir, &kept, 9000, 90);
  g_autoptr (DmsPlayer) player = open_player (path);
  DmsLane lane = { .kind = DMS_LANE_MAPPINGS };
  for (guint i = 0; i < 200; i++)
    {
      guint64 seq = dms_test_random_range (&random, 2, 8900);
      gint64 x0 = kept_event (&kept, seq)->t_ns + 1;
      gint64 x1 = kept_event (&kept, MIN (seq + 100, 9000))->t_ns;
      g_autoptr (GArray) nodes
          = dms_player_lane_nodes (player, &lane, x0, x1, 1000, &error);
      g_assert_no_error (error);
      dms_player_seek (player, seq, &error);
      g_assert_no_error (error);
      const DmsLaneNode *first = &g_array_index (nodes, DmsLaneNode, 0);
      g_assert_cmpuint (first->last, ==, dms_player_state (player)->mappings.n);
      g_assert_cmpint (first->x1, <, x0);
    }
  kept_release (&kept);
}

static void
emit (DmsEmitter *emitter, guint16 kind, guint32 device, guint32 index, guint64 a)
{
  DmsEvent event
      = { .kind = kind, .device = device, .index = index, .a = a, .length = 16 };

  event.object = kind == DMS_EVENT_BURST ? 1 : 0;
  dms_emitter_emit (emitter, &event);
  g_assert_cmpint (emitter->status, ==, DMS_OK);
}

static void
test_calls_and_returns_are_bars (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "calls.dmatrace", NULL);
  g_autoptr (GError) error = NULL;
  DmsRecorder *recorder = new_recorder (path, DMS_SOURCE_SIMULATION);
  DmsSink sink = dms_recorder_sink (recorder);
  DmsEmitter emitter;
  gboolean has_more = TRUE;

  g_assert_cmpint (dms_emitter_init (&emitter, &sink, false), ==, DMS_OK);
  guint32 outer = dms_emitter_name (&emitter, DMS_NAME_ROUTINE, 0, "StartIo");
  guint32 inner
      = dms_emitter_name (&emitter, DMS_NAME_ROUTINE, 0, "GetScatterGatherList");
  for (guint i = 0; i < 100; i++)
    {
      emit (&emitter, DMS_EVENT_CALL, 0, 0, outer);
      emit (&emitter, DMS_EVENT_CALL, 0, 0, inner);
      emit (&emitter, DMS_EVENT_RETURN, 0, 0, inner);
      emit (&emitter, DMS_EVENT_CALL, 0, 0, inner);
      emit (&emitter, DMS_EVENT_RETURN, 0, 0, inner);
      emit (&emitter, DMS_EVENT_RETURN, 0, 0, outer);
    }
  emit (&emitter, DMS_EVENT_CALL, 0, 0, outer);
  dms_emitter_release (&emitter);
  close_recorder (recorder);

  /* A group takes three steps: 3i + 1 to 3i + 3. The window begins within group 10. */
  g_autoptr (DmsPlayer) player = open_player (path);
  DmsLane lane = { .kind = DMS_LANE_CALLS };
  g_autoptr (GArray) bars
      = dms_player_lane_bars (player, &lane, 32, 35, 100, &has_more, &error);
  g_assert_no_error (error);
  g_assert_false (has_more);
  g_assert_cmpuint (bars->len, ==, 5);
  const DmsLaneBar *bar = &g_array_index (bars, DmsLaneBar, 0);
  g_assert_cmpint (bar->x0, ==, 31);
  g_assert_cmpint (bar->x1, ==, 33);
  g_assert_cmpuint (bar->name, ==, outer);
  g_assert_cmpuint (bar->depth, ==, 0);
  g_assert_cmpuint (bar[1].name, ==, inner);
  g_assert_cmpuint (bar[1].depth, ==, 1);
  g_assert_cmpint (bar[4].x0, ==, 35);
  g_autoptr (GArray) last
      = dms_player_lane_bars (player, &lane, 300, 301, 1, &has_more, &error);
  g_assert_no_error (error);
  g_assert_true (has_more);
  g_assert_cmpuint (last->len, ==, 1);
}

/* ---- mappings and SQL ------------------------------------------------------ */

static void
test_mappings_have_their_intervals (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autoptr (GError) error = NULL;
  Kept kept;

  kept_init (&kept);
  g_autofree char *path = record_stream (dir, &kept, 9000, 700);
  g_autoptr (DmsPlayer) player = open_player (path);
  DmsState *state = dms_state_new ();
  g_autofree guint64 *ends = g_new0 (guint64, 9001);
  for (guint64 seq = 1; seq <= 9000; seq++)
    {
      dms_state_apply (state, kept_event (&kept, seq));
      if (kept_event (&kept, seq)->kind == DMS_EVENT_UNMAP)
        ends[state->last_mapping] = seq;
    }
  guint64 id = 0;
  for (guint64 seq = 1; seq <= 9000; seq++)
    {
      const DmsEvent *event = kept_event (&kept, seq);
      DmsMappingInterval interval = { 0 };
      gboolean is_found = FALSE;
      if (event->kind != DMS_EVENT_MAP)
        continue;
      id = event->object;
      g_assert_true (dms_player_mapping (player, id, &interval, &is_found, &error));
      g_assert_true (is_found);
      g_assert_cmpuint (interval.last_seq, ==, ends[id]);
      if (dms_state_mapping (state, id) != NULL || ends[id] != 0)
        g_assert_cmpuint (interval.first_seq, ==, seq);
      g_assert_cmpuint (interval.length, ==, event->length);
      g_assert_cmpuint (interval.device, ==, event->device);
    }
  gboolean is_found = TRUE;
  DmsMappingInterval interval = { 0 };
  g_assert_true (dms_player_mapping (player, id + 1, &interval, &is_found, &error));
  g_assert_false (is_found);
  dms_state_free (state);
  kept_release (&kept);
}

static gboolean
keep_row (int n, const char *const *names, const char *const *values, gpointer data)
{
  GString *text = data;

  g_string_append (text, text->len == 0 ? "" : ";");
  for (int i = 0; i < n; i++)
    g_string_append_printf (text,
                            "%s%s=%s",
                            i == 0 ? "" : ",",
                            names[i],
                            values[i] == NULL ? "-" : values[i]);
  return TRUE;
}

static char *
ask (DmsPlayer *player, const char *query, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  return dms_player_sql (player, query, keep_row, text, error) ? g_strdup (text->str)
                                                               : NULL;
}

static void
test_sql_sees_every_event (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autoptr (GError) error = NULL;
  guint64 n_maps = 0, n_device = 0, n_segments = 0;
  Kept kept;

  kept_init (&kept);
  g_autofree char *path = record_stream (dir, &kept, 5000, 50);
  g_autoptr (DmsPlayer) player = open_player (path);
  for (guint64 seq = 1; seq <= 5000; seq++)
    {
      const DmsEvent *event = kept_event (&kept, seq);
      n_maps += event->kind == DMS_EVENT_MAP && seq >= 100 && seq < 4000;
      n_device += event->device == kept_event (&kept, 1)->device && event->t_ns > 0;
      n_segments += event->kind == DMS_EVENT_MAP ? 2 * event->a : 0;
    }
  g_autofree char *maps = ask (
      player,
      "SELECT count(*) n FROM event WHERE kind = 'map' AND seq >= 100 AND 4000 > seq",
      &error);
  g_autofree char *device
      = ask (player,
             "SELECT count(*) n FROM event WHERE t_ns > 0 AND device ="
             " (SELECT device FROM event WHERE seq = 1)",
             &error);
  g_autofree char *segments = ask (player, "SELECT count(*) n FROM segment", &error);
  g_autofree char *order = ask (player,
                                "SELECT group_concat(seq) s FROM (SELECT seq FROM "
                                "event WHERE step BETWEEN 1020 AND"
                                " 1026 ORDER BY seq DESC)",
                                &error);
  g_assert_no_error (error);
  g_autofree char *maps_wanted = g_strdup_printf ("n=%" G_GUINT64_FORMAT, n_maps);
  g_autofree char *device_wanted = g_strdup_printf ("n=%" G_GUINT64_FORMAT, n_device);
  g_autofree char *segments_wanted
      = g_strdup_printf ("n=%" G_GUINT64_FORMAT, n_segments);
  g_assert_cmpstr (maps, ==, maps_wanted);
  g_assert_cmpstr (device, ==, device_wanted);
  g_assert_cmpstr (segments, ==, segments_wanted);
  g_assert_cmpstr (order, ==, "s=1026,1025,1024,1023,1022,1021,1020");
  kept_release (&kept);
}

static void
test_sql_only_reads (void)
{
  static const char *const queries[] = {
    "DELETE FROM name",
    "UPDATE run SET title = 'x'",
    "CREATE TABLE x (y)",
    "CREATE TEMP TABLE x (y)",
    "ATTACH 'x' AS y",
    "PRAGMA journal_mode = WAL",
    "PRAGMA user_version",
    "BEGIN",
    "VACUUM",
    "DROP TABLE chunk",
    "INSERT INTO event (seq) VALUES (1)",
    "SELECT load_extension ('x')",
    "SELECT * FROM pragma_table_info ('run')",
    "SELECT 1; SELECT 2",
    "SELECT nothing FROM event",
    "",
    "-- only this",
    "SELECT zeroblob (1000000000)",
  };
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  Kept kept;

  kept_init (&kept);
  g_autofree char *path = record_stream (dir, &kept, 100, 10);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (path, &before, &length, NULL));
  g_autofree char *sum
      = g_compute_checksum_for_string (G_CHECKSUM_SHA256, before, (gssize)length);
  g_autoptr (DmsPlayer) player = open_player (path);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = ask (player, queries[i], &error);
      if (error == NULL)
        g_test_message ("not refused: %s", queries[i]);
      g_assert_error (error, DMS_TRACE_ERROR, DMS_TRACE_ERROR_RANGE);
    }
  g_assert_true (g_file_get_contents (path, &after, &length, NULL));
  g_autofree char *sum_after
      = g_compute_checksum_for_string (G_CHECKSUM_SHA256, after, (gssize)length);
  g_assert_cmpstr (sum, ==, sum_after);
  kept_release (&kept);
}

/* ---- what else travels ----------------------------------------------------- */

static void
test_facts_travel_with_the_trace (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "facts.dmatrace", NULL);
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = {
    .kind = DMS_SOURCE_FTRACE_TEXT,
    .title = (char *)"a title",
    .origin = (char *)"trace.txt",
    .resolution_ns = 1000,
    .parent_run = 3,
    .parent_seq = 77,
  };
  DmsRecorder *recorder = dms_recorder_new (path, FALSE, &info, &error);
  g_assert_no_error (error);
  g_assert_true (dms_recorder_add_source (recorder, "packet-sg.c", "int x;\n", &error));
  for (guint i = 1; i <= 2000; i++)
    g_assert_true (
        dms_recorder_add_unread (recorder, i, "what\xff", "no event", &error));
  info.clock = (char *)"mono";
  info.unread_lines = 2000;
  g_assert_true (dms_recorder_set_info (recorder, &info, &error));
  close_recorder (recorder);

  g_autoptr (DmsPlayer) player = open_player (path);
  const DmsRunInfo *read = dms_player_info (player);
  g_assert_true (g_uuid_string_is_valid (dms_player_uuid (player)));
  g_assert_cmpstr (read->title, ==, "a title");
  g_assert_cmpstr (read->origin, ==, "trace.txt");
  g_assert_cmpstr (read->clock, ==, "mono");
  g_assert_null (read->scenario);
  g_assert_cmpint (read->resolution_ns, ==, 1000);
  g_assert_cmpuint (read->parent_run, ==, 3);
  g_assert_cmpuint (read->parent_seq, ==, 77);
  g_assert_cmpuint (read->unread_lines, ==, 2000);
  g_autoptr (GPtrArray) unread = dms_player_unread (player, &error);
  g_assert_cmpuint (unread->len, ==, 1000);
  g_assert_true (g_utf8_validate (((DmsUnreadLine *)unread->pdata[0])->line, -1, NULL));
  g_autoptr (GPtrArray) names = dms_player_source_names (player, &error);
  g_assert_cmpuint (names->len, ==, 1);
  g_autofree char *text = dms_player_source (player, "packet-sg.c", &error);
  g_autofree char *none = dms_player_source (player, "other.c", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "int x;\n");
  g_assert_null (none);
  g_assert_cmpuint (dms_player_n_events (player), ==, 0);
  g_assert_true (dms_player_seek (player, 0, &error));
  g_assert_null (dms_recorder_new (path, FALSE, &info, NULL));
}

#define TEST(name, function) g_test_add_func ("/data/trace/" name, function)

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  TEST ("chunk/gives-back-any-event", test_chunk_gives_back_any_event);
  TEST ("recording-is-played-as-it-was", test_recording_is_played_as_it_was);
  TEST ("any-events-are-played-as-they-were", test_any_events_are_played_as_they_were);
  TEST ("seek-equals-fold-from-anywhere", test_seek_equals_fold_from_anywhere);
  TEST ("steps-are-found", test_steps_are_found);
  TEST ("positions-are-understood", test_positions_are_understood);
  TEST ("reader-follows-a-recorder", test_reader_follows_a_recorder);
  TEST ("lanes/have-every-sample", test_lanes_have_every_sample);
  TEST ("lanes/level-at-the-left-edge-is-known", test_level_at_the_left_edge_is_known);
  TEST ("lanes/calls-and-returns-are-bars", test_calls_and_returns_are_bars);
  TEST ("mappings-have-their-intervals", test_mappings_have_their_intervals);
  TEST ("sql/sees-every-event", test_sql_sees_every_event);
  TEST ("sql/only-reads", test_sql_only_reads);
  TEST ("facts-travel-with-the-trace", test_facts_travel_with_the_trace);
  return g_test_run ();
}
