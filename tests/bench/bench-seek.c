/* bench-seek.c — seeking in a long trace against a short one
 *
 * DMS_BENCH_EVENTS makes the long one longer than a million events.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player.h"
#include "data/trace/dms-recorder.h"
#include "tests/data/trace/dms-trace-stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum
{
  SHORT_EVENTS = 10000,
  LONG_EVENTS = 1000000,
  SEEKS = 2000,
  ROUNDS = 5,
  LIVE = 1000,
  WANTED = 1600
};

static int
compare (const void *one, const void *other)
{
  double difference = *(const double *)one - *(const double *)other;
  return difference < 0 ? -1 : difference > 0;
}

static void
record (const char *path, guint64 n)
{
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { .kind = DMS_SOURCE_FTRACE_TEXT, .resolution_ns = 1000 };
  DmsRecorder *recorder = dms_recorder_new (path, TRUE, &info, &error);
  DmsTraceStream stream;

  g_assert_no_error (error);
  DmsSink sink = dms_recorder_sink (recorder);
  dms_trace_stream_init (&stream, &sink, 1, LIVE);
  for (guint64 i = 0; i < n; i++)
    g_assert_cmpint (dms_trace_stream_next (&stream), ==, DMS_OK);
  dms_trace_stream_release (&stream);
  dms_recorder_close (recorder, &error);
  g_assert_no_error (error);
}

static double
open_ms (const char *path)
{
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (DmsPlayer) player = dms_player_open (path, &error);

  g_assert_no_error (error);
  dms_player_seek (player, MIN (1, dms_player_n_events (player)), &error);
  g_assert_no_error (error);
  return (double)(g_get_monotonic_time () - start_us) / 1e3;
}

/* Of this thread: what others do on the machine meanwhile is not the seek's. Everything
 * it reads is in memory by then. */
static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The CPU time that 99 of 100 random seeks stay below. */
static double
seek_p99_ms (DmsPlayer *player, DmsTestRandom *random)
{
  static double times_ms[SEEKS];

  for (int i = 0; i < SEEKS; i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 seq = dms_test_random_below (random, dms_player_n_events (player) + 1);
      double start_ms = cpu_ms ();
      dms_player_seek (player, seq, &error);
      times_ms[i] = cpu_ms () - start_ms;
      g_assert_no_error (error);
    }
  qsort (times_ms, SEEKS, sizeof *times_ms, compare);
  return times_ms[SEEKS * 99 / 100];
}

static gsize
state_bytes (DmsPlayer *player)
{
  g_autoptr (GError) error = NULL;
  DmsBytes bytes;

  dms_player_seek (player, dms_player_n_events (player), &error);
  g_assert_no_error (error);
  dms_bytes_init (&bytes);
  dms_state_save (dms_player_state (player), &bytes);
  gsize length = bytes.length;
  dms_bytes_release (&bytes);
  return length;
}

static double
lanes_ms (DmsPlayer *player, DmsTestRandom *random)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) lanes = dms_player_lanes (player, &error);
  gint64 first = dms_player_first_time (player);
  gint64 span = dms_player_last_time (player) - first;
  double start_ms = cpu_ms ();

  g_assert_no_error (error);
  for (int i = 0; i < 20; i++)
    {
      gint64 width = span >> dms_test_random_below (random, 12);
      gint64 x0
          = first + (gint64)dms_test_random_below (random, (guint64)(span - width) + 1);
      for (guint j = 0; j < lanes->len; j++)
        {
          g_autoptr (GArray) nodes
              = dms_player_lane_nodes (player,
                                       &g_array_index (lanes, DmsLane, j),
                                       x0,
                                       x0 + width,
                                       WANTED,
                                       &error);
          g_assert_no_error (error);
          g_assert_nonnull (nodes);
        }
    }
  return (cpu_ms () - start_ms) / 20;
}

static gboolean
count_row (int n, const char *const *names, const char *const *values, gpointer data)
{
  (void)n;
  (void)names;
  g_free (*(char **)data);
  *(char **)data = g_strdup (values[0]);
  return TRUE;
}

static double
search_ms (DmsPlayer *player)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *count = NULL;
  double start_ms = cpu_ms ();

  dms_player_sql (player,
                  "SELECT count(*) FROM event WHERE kind = 'map' AND length = 4096",
                  count_row,
                  &count,
                  &error);
  g_assert_no_error (error);
  return cpu_ms () - start_ms;
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);

  const char *wanted = g_getenv ("DMS_BENCH_EVENTS");
  guint64 n_long = wanted == NULL ? LONG_EVENTS : g_ascii_strtoull (wanted, NULL, 10);
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *short_path = g_build_filename (dir, "short.dmatrace", NULL);
  g_autofree char *long_path = g_build_filename (dir, "long.dmatrace", NULL);
  g_autoptr (GError) error = NULL;
  double short_ms[ROUNDS], long_ms[ROUNDS], ratios[ROUNDS];
  DmsTestRandom random;

  dms_test_random_init (&random, 1);
  record (short_path, SHORT_EVENTS);
  record (long_path, n_long);
  double opened_ms = open_ms (long_path);
  g_autoptr (DmsPlayer) short_player = dms_player_open (short_path, &error);
  g_assert_no_error (error);
  g_autoptr (DmsPlayer) long_player = dms_player_open (long_path, &error);
  g_assert_no_error (error);
  for (int i = 0; i < ROUNDS; i++)
    {
      short_ms[i] = seek_p99_ms (short_player, &random);
      long_ms[i] = seek_p99_ms (long_player, &random);
      ratios[i] = long_ms[i] / short_ms[i];
    }
  qsort (short_ms, ROUNDS, sizeof *short_ms, compare);
  qsort (long_ms, ROUNDS, sizeof *long_ms, compare);
  qsort (ratios, ROUNDS, sizeof *ratios, compare);
  double ratio = ratios[ROUNDS / 2];
  double growth
      = (double)state_bytes (long_player) / (double)state_bytes (short_player);

  printf ("seek_events: %" G_GUINT64_FORMAT " against %d\n", n_long, SHORT_EVENTS);
  printf ("open_ms: %.2f\n", opened_ms);
  printf ("seek_p99_cpu_ms_short: %.3f\n", short_ms[ROUNDS / 2]);
  printf ("seek_p99_cpu_ms_long: %.3f (at most 5)\n", long_ms[ROUNDS / 2]);
  printf ("seek_long_to_short_ratio: %.2f (at most 2)\n", ratio);
  printf ("state_bytes_long_to_short_ratio: %.2f (near 1)\n", growth);
  printf ("lanes_of_a_window_cpu_ms: %.2f\n", lanes_ms (long_player, &random));
  printf ("sql_scan_cpu_ms: %.1f\n", search_ms (long_player));
  return ratio <= 2 && long_ms[ROUNDS / 2] <= 5 && growth < 2 ? 0 : 1;
}
