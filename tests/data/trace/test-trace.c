/* test-trace.c — what is recorded is what is played
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-chunk.h"
#include "tests/data/trace/dms-trace-kept.h"
#include "tests/data/trace/dms-trace-stream.h"

#include <string.h>

static void
assert_played (DmsPlayer *player, const DmsTraceKept *kept)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (dms_player_n_events (player), ==, kept->events->len);
  for (guint64 seq = 1; seq <= kept->events->len; seq++)
    {
      DmsEvent event;
      dms_player_read (player, seq, &event, &error);
      g_assert_no_error (error);
      g_assert_true (dms_trace_event_equal (&event, dms_trace_kept_event (kept, seq)));
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
  DmsTraceKept kept;

  dms_trace_kept_init (&kept);
  g_autofree char *path = dms_trace_record_stream (dir, &kept, 20000, 300);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  assert_played (player, &kept);
  dms_trace_kept_release (&kept);
}

/* Events of all kinds with any values; what the state refuses is not recorded. */
static char *
record_random (const char *dir, DmsTraceKept *kept, guint n)
{
  char *path = g_build_filename (dir, "random.dmatrace", NULL);
  DmsRecorder *recorder = dms_trace_new_recorder (path, DMS_SOURCE_SIMULATION);
  DmsSink sink = dms_trace_kept_sink (kept, recorder);
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
      DmsStatus status = dms_trace_keep_event (kept, &event);
      g_assert_cmpint (status, !=, DMS_ERROR_SINK);
      if (status == DMS_OK)
        step += passed;
    }
  dms_bytes_release (&payload);
  (void)sink;
  dms_trace_close_recorder (recorder);
  return path;
}

static void
test_any_events_are_played_as_they_were (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  DmsTraceKept kept;

  dms_trace_kept_init (&kept);
  g_autofree char *path = record_random (dir, &kept, 9000);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  g_assert_cmpuint (kept.events->len, >, 4500);
  assert_played (player, &kept);
  dms_trace_kept_release (&kept);
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
  DmsTraceKept kept;

  dms_test_random_init (&random, 3);
  dms_trace_kept_init (&kept);
  g_autofree char *path = dms_trace_record_stream (dir, &kept, 13000, 40);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  g_autofree guint *hashes = g_new0 (guint, kept.events->len + 1);
  DmsState *state = dms_state_new ();
  hashes[0] = state_hash (state);
  for (guint64 seq = 1; seq <= kept.events->len; seq++)
    {
      g_assert_cmpint (
          dms_state_apply (state, dms_trace_kept_event (&kept, seq)), ==, DMS_OK);
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
  dms_trace_kept_release (&kept);
}

static void
test_steps_are_found (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  DmsTraceKept kept;

  dms_trace_kept_init (&kept);
  g_autofree char *path = record_random (dir, &kept, 5000);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  guint64 n_steps = dms_trace_kept_event (&kept, kept.events->len)->step;
  guint64 seq = 1;
  g_assert_cmpuint (dms_player_n_steps (player), ==, n_steps);
  for (guint64 step = 0; step <= n_steps; step++)
    {
      g_autoptr (GError) error = NULL;
      guint64 first = 0, last = 0, end = seq;
      while (end <= kept.events->len && dms_trace_kept_event (&kept, end)->step == step)
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
  dms_trace_kept_release (&kept);
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
  DmsTraceKept kept;

  dms_trace_kept_init (&kept);
  g_autofree char *path = dms_trace_record_stream (dir, &kept, 2001, 20);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  gint64 t_ns = dms_trace_kept_event (&kept, 1500)->t_ns;
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
  dms_trace_kept_release (&kept);
}

/* ---- reading along --------------------------------------------------------- */

static void
test_reader_follows_a_recorder (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "live.dmatrace", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (GError) error = NULL;
  DmsRecorder *recorder = dms_trace_new_recorder (path, DMS_SOURCE_FTRACE_TEXT);
  DmsTraceKept kept;
  DmsTraceStream stream;
  gboolean has_changed = FALSE;

  dms_trace_kept_init (&kept);
  DmsSink sink = dms_trace_kept_sink (&kept, recorder);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
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
      g_assert_nonnull (lanes);
    }
  dms_trace_stream_release (&stream);
  g_assert_true (dms_player_poll (player, &has_changed, &error));
  g_assert_false (has_changed);
  dms_trace_close_recorder (recorder);
  /* The first look sees the end, the second makes one file of it. */
  g_assert_true (dms_player_poll (player, &has_changed, &error));
  g_assert_true (has_changed);
  g_assert_false (dms_player_is_recording (player));
  g_assert_true (dms_player_poll (player, &has_changed, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  assert_played (player, &kept);
  dms_trace_kept_release (&kept);
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
  dms_trace_close_recorder (recorder);

  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
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
  TEST ("facts-travel-with-the-trace", test_facts_travel_with_the_trace);
  return g_test_run ();
}
