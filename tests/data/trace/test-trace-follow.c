/* test-trace-follow.c — reading a trace while another process writes it
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/data/trace/dms-trace-kept.h"
#include "tests/data/trace/dms-trace-stream.h"
#include "tests/data/trace/dms-trace-writer.h"

#include <string.h>
#include <unistd.h>

#define RATE 300000
#define ROUNDS 30

static void
poll_once (DmsPlayer *player)
{
  g_autoptr (GError) error = NULL;
  gboolean is_read = dms_player_poll (player, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (is_read);
}

/* Every event up to the last can be read, and the state is that of a player that knew
 * nothing before. */
static void
assert_whole (DmsPlayer *player)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsPlayer) fresh = dms_trace_open_player (dms_player_path (player));
  guint64 n = dms_player_n_events (player);
  DmsEvent event;

  g_assert_cmpuint (dms_player_n_events (fresh), >=, n);
  for (guint64 seq = 1; seq <= n; seq += MAX (n / 50, 1))
    g_assert_true (dms_player_read (player, seq, &event, &error));
  g_assert_true (dms_player_seek (player, n, &error));
  g_assert_true (dms_player_seek (fresh, n, &error));
  g_assert_no_error (error);
  g_assert_true (dms_state_equal (dms_player_state (player), dms_player_state (fresh)));
}

static void
move_about (DmsPlayer *player, DmsTestRandom *random)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) lanes = NULL;
  guint64 n = dms_player_n_events (player);

  g_assert_true (dms_player_seek (player, n, &error));
  g_assert_cmpuint (dms_player_state (player)->seq, ==, n);
  g_assert_true (
      dms_player_seek (player, dms_test_random_below (random, n + 1), &error));
  lanes = dms_player_lanes (player, &error);
  g_assert_no_error (error);
  g_assert_nonnull (lanes);
}

/* Nothing is held against the writer: it goes on while its trace is read. */
static void
check_keeps_up (gboolean is_simulation)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "live.dmatrace", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  DmsTraceWriter *writer = dms_trace_writer_start (path, is_simulation);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
  DmsTestRandom random;
  guint64 before = dms_player_n_events (player);
  guint n_grown = 0;

  dms_test_random_init (&random, 21);
  dms_trace_writer_run (writer, RATE);
  while (n_grown < ROUNDS)
    {
      poll_once (player);
      g_assert_cmpint (dms_player_life (player), ==, DMS_LIFE_GROWS);
      g_assert_cmpuint (dms_player_n_events (player), >=, before);
      n_grown += dms_player_n_events (player) > before;
      before = dms_player_n_events (player);
      move_about (player, &random);
    }
  guint64 last = dms_trace_writer_emit (writer, 7);
  poll_once (player);
  g_assert_cmpuint (dms_player_n_events (player), ==, last);
  dms_trace_writer_close (writer);
  poll_once (player);
  g_assert_cmpint (dms_player_life (player), ==, DMS_LIFE_CLOSED);
  poll_once (player);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  assert_whole (player);
}

static void
test_a_recording_is_kept_up_with (void)
{
  check_keeps_up (FALSE);
}

static void
test_a_simulation_is_kept_up_with (void)
{
  check_keeps_up (TRUE);
}

static void
test_a_killed_writer_leaves_what_it_committed (void)
{
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
      g_autofree char *path = g_build_filename (dir, "killed.dmatrace", NULL);
      DmsTraceWriter *writer = dms_trace_writer_start (path, i % 2);
      g_autoptr (DmsPlayer) player = dms_trace_open_player (path);
      guint64 least = dms_trace_writer_emit (writer, 1000 * i + 1);

      dms_trace_writer_run (writer, RATE);
      while (dms_player_n_events (player) <= least)
        poll_once (player);
      dms_trace_writer_kill (writer);
      g_assert_cmpint (dms_player_life (player), ==, DMS_LIFE_ENDED);
      g_assert_false (dms_player_is_recording (player));
      poll_once (player);
      poll_once (player);
      assert_whole (player);
    }
}

/* Only the file itself is seen, as in a sandbox. */
static void
test_a_file_without_its_log_is_read_as_far_as_it_goes (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (dir, "live.dmatrace", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *alone = g_build_filename (dir, "alone.dmatrace", NULL);
  g_autofree char *made = g_strconcat (alone, "-wal", NULL);
  DmsTraceWriter *writer = dms_trace_writer_start (path, FALSE);

  g_assert_cmpint (link (path, alone), ==, 0);
  g_assert_null (dms_player_open (alone, &error));
  g_assert_error (error, DMS_TRACE_ERROR, DMS_TRACE_ERROR_OPEN);
  g_assert_nonnull (strstr (error->message, "-wal"));

  /* The log is taken over into the file now and then. */
  guint64 n = dms_trace_writer_fill (writer);
  g_autoptr (DmsPlayer) player = dms_trace_open_player (alone);
  g_assert_cmpint (dms_player_life (player), ==, DMS_LIFE_OUT_OF_SIGHT);
  g_assert_false (dms_player_is_recording (player));
  g_assert_cmpuint (dms_player_n_events (player), >, 0);
  g_assert_cmpuint (dms_player_n_events (player), <=, n);
  poll_once (player);
  g_assert_false (g_file_test (made, G_FILE_TEST_EXISTS));

  g_autoptr (DmsPlayer) other = dms_trace_open_player (path);
  g_assert_cmpint (dms_player_life (other), ==, DMS_LIFE_GROWS);
  g_assert_cmpuint (dms_player_n_events (other), ==, n);
  dms_trace_writer_close (writer);
}

#define TEST(name, function) g_test_add_func ("/data/trace/follow/" name, function)

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  TEST ("a-recording-is-kept-up-with", test_a_recording_is_kept_up_with);
  TEST ("a-simulation-is-kept-up-with", test_a_simulation_is_kept_up_with);
  TEST ("a-killed-writer-leaves-what-it-committed",
        test_a_killed_writer_leaves_what_it_committed);
  TEST ("a-file-without-its-log-is-read-as-far-as-it-goes",
        test_a_file_without_its_log_is_read_as_far_as_it_goes);
  return g_test_run ();
}
