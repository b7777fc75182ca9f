/* test-trace-index.c — lanes, mapping intervals and rows agree with the events
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/data/trace/dms-trace-kept.h"
#include "tests/data/trace/dms-trace-stream.h"

#include <sqlite3.h>
#include <string.h>

/* ---- lanes ----------------------------------------------------------------- */

/* Samples of @lane in the kept events, up to @n of them into @values. */
static guint64
count_samples (const DmsTraceKept *kept, const DmsLane *lane)
{
  DmsState *state = dms_state_new ();
  guint64 n = 0;

  for (guint64 seq = 1; seq <= kept->events->len; seq++)
    {
      DmsLaneSample samples[DMS_LANE_SAMPLES_MAX];
      dms_state_apply (state, dms_trace_kept_event (kept, seq));
      unsigned n_samples
          = dms_lane_samples (dms_trace_kept_event (kept, seq), state, samples);
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
assert_lanes (DmsPlayer *player, const DmsTraceKept *kept)
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
  DmsTraceKept kept;

  dms_trace_kept_init (&kept);
  g_autofree char *path = dms_trace_record_stream (dir, &kept, 12345, 90);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      execute (path, damages[i]);
      g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
      assert_lanes (player, &kept);
    }
  dms_trace_kept_release (&kept);
}

/* A node in a window must be what all the samples of the lane say there. */
static void
test_level_at_the_left_edge_is_known (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autoptr (GError) error = NULL;
  DmsTestRandom random;
  DmsTraceKept kept;

  dms_test_random_init (&random, 9);
  dms_trace_kept_init (&kept);
  g_autofree char *path = dms_trace_record_stream (dir, &kept, 9000, 90);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  DmsLane lane = { .kind = DMS_LANE_MAPPINGS };
  for (guint i = 0; i < 200; i++)
    {
      guint64 seq = dms_test_random_range (&random, 2, 8900);
      gint64 x0 = dms_trace_kept_event (&kept, seq)->t_ns + 1;
      gint64 x1 = dms_trace_kept_event (&kept, MIN (seq + 100, 9000))->t_ns;
      g_autoptr (GArray) nodes
          = dms_player_lane_nodes (player, &lane, x0, x1, 1000, &error);
      g_assert_no_error (error);
      dms_player_seek (player, seq, &error);
      g_assert_no_error (error);
      const DmsLaneNode *first = &g_array_index (nodes, DmsLaneNode, 0);
      g_assert_cmpuint (first->last, ==, dms_player_state (player)->mappings.n);
      g_assert_cmpint (first->x1, <, x0);
    }
  dms_trace_kept_release (&kept);
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
  DmsRecorder *recorder = dms_trace_new_recorder (path, DMS_SOURCE_SIMULATION);
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
  dms_trace_close_recorder (recorder);

  /* A group takes three steps: 3i + 1 to 3i + 3. The window begins within group 10. */
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
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
  DmsTraceKept kept;

  dms_trace_kept_init (&kept);
  g_autofree char *path = dms_trace_record_stream (dir, &kept, 9000, 700);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  DmsState *state = dms_state_new ();
  g_autofree guint64 *ends = g_new0 (guint64, 9001);
  for (guint64 seq = 1; seq <= 9000; seq++)
    {
      dms_state_apply (state, dms_trace_kept_event (&kept, seq));
      if (dms_trace_kept_event (&kept, seq)->kind == DMS_EVENT_UNMAP)
        ends[state->last_mapping] = seq;
    }
  guint64 id = 0;
  for (guint64 seq = 1; seq <= 9000; seq++)
    {
      const DmsEvent *event = dms_trace_kept_event (&kept, seq);
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
  dms_trace_kept_release (&kept);
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
  DmsTraceKept kept;

  dms_trace_kept_init (&kept);
  g_autofree char *path = dms_trace_record_stream (dir, &kept, 5000, 50);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  for (guint64 seq = 1; seq <= 5000; seq++)
    {
      const DmsEvent *event = dms_trace_kept_event (&kept, seq);
      n_maps += event->kind == DMS_EVENT_MAP && seq >= 100 && seq < 4000;
      n_device += event->device == dms_trace_kept_event (&kept, 1)->device
                  && event->t_ns > 0;
      n_segments += event->kind == DMS_EVENT_MAP ? 2 * event->a : 0;
    }
  g_autofree char *maps = ask (
      player,
      "SELECT count(*) n FROM event WHERE kind = 'map' AND seq > 99 AND 4000 > seq",
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
  dms_trace_kept_release (&kept);
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
  DmsTraceKept kept;

  dms_trace_kept_init (&kept);
  g_autofree char *path = dms_trace_record_stream (dir, &kept, 100, 10);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (path, &before, &length, NULL));
  g_autofree char *sum
      = g_compute_checksum_for_string (G_CHECKSUM_SHA256, before, (gssize)length);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = ask (player, queries[i], &error);
      if (error == NULL)
        g_test_message ("not refused: %s", queries[i]);
      g_assert_error (error, DMS_TRACE_ERROR, DMS_TRACE_ERROR_RANGE);
      g_assert_null (text);
    }
  g_assert_true (g_file_get_contents (path, &after, &length, NULL));
  g_autofree char *sum_after
      = g_compute_checksum_for_string (G_CHECKSUM_SHA256, after, (gssize)length);
  g_assert_cmpstr (sum, ==, sum_after);
  dms_trace_kept_release (&kept);
}

#define TEST(name, function) g_test_add_func ("/data/trace/" name, function)

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  TEST ("lanes/have-every-sample", test_lanes_have_every_sample);
  TEST ("lanes/level-at-the-left-edge-is-known", test_level_at_the_left_edge_is_known);
  TEST ("lanes/calls-and-returns-are-bars", test_calls_and_returns_are_bars);
  TEST ("mappings-have-their-intervals", test_mappings_have_their_intervals);
  TEST ("sql/sees-every-event", test_sql_sees_every_event);
  TEST ("sql/only-reads", test_sql_only_reads);
  return g_test_run ();
}
