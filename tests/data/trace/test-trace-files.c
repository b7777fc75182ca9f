/* test-trace-files.c — damaged files, hostile files, full disks and killed recorders
 *
 * DMS_KILLS says how often a recorder is killed; 40 when it is not set.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player.h"
#include "data/trace/dms-recorder.h"
#include "tests/data/trace/dms-failing-vfs.h"
#include "tests/data/trace/dms-trace-exercise.h"
#include "tests/data/trace/dms-trace-stream.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
  LIVE = 60,
  KILLS = 40
};

static DmsRecorder *
start (const char *path, DmsTraceStream *stream, GError **error)
{
  DmsRunInfo info = { .kind = DMS_SOURCE_FTRACE_TEXT, .resolution_ns = 1 };
  DmsRecorder *recorder = dms_recorder_new (path, TRUE, &info, error);

  if (recorder == NULL)
    return NULL;
  DmsSink sink = dms_recorder_sink (recorder);
  dms_trace_stream_init (stream, &sink, 1, LIVE);
  return recorder;
}

static char *
record (const char *dir, guint n)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (dir, "good.dmatrace", NULL);
  DmsTraceStream stream;
  DmsRecorder *recorder = start (path, &stream, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (dms_trace_stream_next (&stream), ==, DMS_OK);
  dms_trace_stream_release (&stream);
  g_assert_true (dms_recorder_close (recorder, &error));
  return path;
}

static void
execute (const char *path, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* ---- sentences ------------------------------------------------------------- */

static void
assert_refused (const char *path, DmsTraceError code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsPlayer) player = dms_player_open (path, &error);

  g_assert_null (player);
  g_assert_error (error, DMS_TRACE_ERROR, (int)code);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_what_is_no_trace_is_refused (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *missing = g_build_filename (dir, "missing", NULL);
  g_autofree char *empty = g_build_filename (dir, "empty", NULL);
  g_autofree char *text = g_build_filename (dir, "text", NULL);
  g_autofree char *other = g_build_filename (dir, "other", NULL);
  g_autofree char *long_text = g_strnfill (9000, 'x');

  g_file_set_contents (empty, "", 0, NULL);
  g_file_set_contents (text, long_text, -1, NULL);
  execute (other, "CREATE TABLE x (y); PRAGMA application_id = 7");
  assert_refused (missing, DMS_TRACE_ERROR_OPEN, "no such file");
  assert_refused (dir, DMS_TRACE_ERROR_OPEN, "folder");
  assert_refused (empty, DMS_TRACE_ERROR_NOT_TRACE, "empty");
  assert_refused (text, DMS_TRACE_ERROR_NOT_TRACE, "no trace");
  assert_refused (other, DMS_TRACE_ERROR_NOT_TRACE, "another program");
  assert_refused ("/dev/zero", DMS_TRACE_ERROR_OPEN, "no ordinary file");
}

static void
test_strange_schemas_are_refused (void)
{
  static const char *const changes[] = {
    "CREATE TABLE stranger (x)",
    "CREATE VIEW stranger AS SELECT 1",
    "CREATE TRIGGER stranger AFTER INSERT ON name BEGIN SELECT 1; END",
    "CREATE INDEX stranger ON name (text)",
    "DROP TABLE note",
    "ALTER TABLE note ADD COLUMN more TEXT",
    "ALTER TABLE note RENAME COLUMN text TO words",
    "DROP TABLE chunk; CREATE VIEW chunk AS SELECT 1",
    "DELETE FROM run",
    "DELETE FROM meta",
    "UPDATE meta SET value = 'x'",
    "UPDATE run SET kind = 99",
    "UPDATE chunk SET n = n + 1 WHERE id = 1",
    "UPDATE chunk SET n = 9223372036854775807 WHERE id = 1",
    "UPDATE chunk SET first_seq = 0 WHERE id = 1",
    "UPDATE chunk SET first_step = 99 WHERE id = 1",
    "UPDATE chunk SET data = zeroblob (100) WHERE id = 1",
    "DELETE FROM chunk WHERE id = 1",
    "UPDATE name SET id = id + 1 WHERE id = 8",
    "UPDATE name SET kind = 77 WHERE id = 1",
    "PRAGMA user_version = 0",
  };
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *path = record (dir, 2500);
      execute (path, changes[i]);
      g_test_message ("%s", changes[i]);
      assert_refused (path, DMS_TRACE_ERROR_CORRUPT, ": ");
    }
  g_autofree char *newer = record (dir, 10);
  execute (newer, "PRAGMA user_version = 2");
  assert_refused (newer, DMS_TRACE_ERROR_VERSION, "newer Dmascope");
}

/* A cache that says something else changes nothing of what is seen. */
static void
test_damaged_caches_are_passed_over (void)
{
  static const char *const changes[] = {
    "DELETE FROM keyframe",
    "UPDATE keyframe SET data = zeroblob (50)",
    "UPDATE keyframe SET data = substr (data, 1, length (data) - 1)",
    "UPDATE keyframe SET seq = seq + 1",
    "UPDATE keyframe SET data = (SELECT data FROM keyframe ORDER BY seq LIMIT 1)",
    "DELETE FROM mapping",
    "UPDATE mapping SET data = x'ffffff'",
    "UPDATE mapping SET block = block + 1000",
  };
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = record (dir, 9000);
      g_autoptr (DmsPlayer) good = dms_player_open (path, &error);
      dms_player_seek (good, 8999, &error);
      g_assert_no_error (error);
      g_autofree char *copy = g_build_filename (dir, "copy.dmatrace", NULL);
      g_autofree char *bytes = NULL;
      gsize length = 0;
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents (copy, bytes, (gssize)length, NULL));
      execute (copy, changes[i]);
      g_test_message ("%s", changes[i]);
      g_autoptr (DmsPlayer) damaged = dms_player_open (copy, &error);
      g_assert_no_error (error);
      dms_player_seek (damaged, 8999, &error);
      g_assert_no_error (error);
      g_assert_true (
          dms_state_equal (dms_player_state (good), dms_player_state (damaged)));
      g_assert_true (dms_trace_exercise (copy));
    }
}

static void
test_every_truncation_is_a_sentence (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = record (dir, 3000);
  g_autofree char *cut = g_build_filename (dir, "cut.dmatrace", NULL);
  g_autofree char *bytes = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (length, >, 100000);
  for (gsize n = 0; n < length; n += 512)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents (cut, bytes, (gssize)n, NULL));
      g_autoptr (DmsPlayer) player = dms_player_open (cut, &error);
      g_assert_null (player);
      g_assert_nonnull (error);
      g_assert_true (g_str_has_prefix (error->message, cut));
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_no_flipped_byte_does_harm (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = record (dir, 5000);
  g_autofree char *bent = g_build_filename (dir, "bent.dmatrace", NULL);
  g_autofree char *bytes = NULL;
  DmsTestRandom random;
  gsize length = 0;
  guint n_open = 0;

  dms_test_random_init (&random, 11);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *copy = g_memdup2 (bytes, length);
      guint n = (guint)dms_test_random_range (&random, 1, 8);
      for (guint j = 0; j < n; j++)
        copy[dms_test_random_below (&random, length)]
            = (char)dms_test_random_next (&random);
      g_assert_true (g_file_set_contents (bent, copy, (gssize)length, NULL));
      n_open += dms_trace_exercise (bent);
    }
  /* Most damage lies deep in the events: the file opens, and says so when one gets
   * there. */
  g_assert_cmpuint (n_open, >, 20);
}

/* ---- what cannot be written ------------------------------------------------ */

static void
test_recorder_says_why_it_cannot (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "no", "where", NULL);
  g_autofree char *file = g_build_filename (dir, "file", NULL);
  DmsRunInfo info = { .kind = DMS_SOURCE_SIMULATION };
  const char *const paths[] = { path, dir, file };

  g_file_set_contents (file, "something", -1, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (dms_recorder_new (paths[i], FALSE, &info, &error));
      g_assert_error (error, DMS_TRACE_ERROR, DMS_TRACE_ERROR_OPEN);
      g_assert_true (g_str_has_prefix (error->message, paths[i]));
    }
  g_autofree char *kept = NULL;
  g_assert_true (g_file_get_contents (file, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "something");
}

/* Records until something fails; *ret_acknowledged is what commits promised. */
static gboolean
record_until_failure (const char *path, guint64 *ret_acknowledged, GError **error)
{
  DmsTraceStream stream;
  DmsRecorder *recorder = start (path, &stream, error);

  *ret_acknowledged = 0;
  if (recorder == NULL)
    return FALSE;
  for (guint i = 0; i < 12; i++)
    {
      DmsStatus status = DMS_OK;
      for (guint j = 0; j < 200 && status == DMS_OK; j++)
        status = dms_trace_stream_next (&stream);
      if (status != DMS_OK || !dms_recorder_commit (recorder, NULL))
        break;
      *ret_acknowledged = stream.emitter.seq;
    }
  dms_trace_stream_release (&stream);
  return dms_recorder_close (recorder, error);
}

static void
assert_whole (const char *path, guint64 acknowledged)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsPlayer) player = dms_player_open (path, &error);
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;

  /* Before the first commit there may be nothing to open, but a sentence. */
  if (player == NULL && acknowledged == 0)
    return;
  g_assert_no_error (error);
  g_assert_cmpuint (dms_player_n_events (player), >=, acknowledged);
  dms_player_seek (player, dms_player_n_events (player), &error);
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_prepare_v2 (db, "PRAGMA integrity_check", -1, &statement, NULL),
      ==,
      SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *)sqlite3_column_text (statement, 0), ==, "ok");
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

static void
fail_each_write (const char *dir, int code, DmsTraceError expected)
{
  g_autofree char *path = g_build_filename (dir, "full.dmatrace", NULL);
  guint n_failed = 0;

  for (int n = 0;; n++)
    {
      g_autoptr (GError) error = NULL;
      guint64 acknowledged = 0;
      dms_failing_vfs_start ();
      dms_failing_vfs_set (n, code);
      gboolean is_done = record_until_failure (path, &acknowledged, &error);
      gboolean has_failed = dms_failing_vfs_has_failed ();
      dms_failing_vfs_stop ();
      g_assert_true (is_done || has_failed);
      if (!is_done)
        {
          g_assert_error (error, DMS_TRACE_ERROR, (int)expected);
          g_assert_true (g_str_has_prefix (error->message, path));
          n_failed++;
        }
      assert_whole (path, acknowledged);
      if (!has_failed)
        break;
    }
  g_assert_cmpuint (n_failed, >, 50);
}

static void
test_disk_full_at_every_write (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  fail_each_write (dir, SQLITE_FULL, DMS_TRACE_ERROR_NO_SPACE);
}

static void
test_disk_error_at_every_write (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  fail_each_write (dir, SQLITE_IOERR_WRITE, DMS_TRACE_ERROR_WRITE);
}

/* ---- killed recorders ------------------------------------------------------ */

/* In the child: records for ever, and tells each commit. */
static void
record_for_ever (const char *path, int pipe)
{
  DmsTraceStream stream;
  DmsRecorder *recorder = start (path, &stream, NULL);

  while (recorder != NULL)
    {
      for (guint i = 0; i < 333; i++)
        dms_trace_stream_next (&stream);
      guint64 seq = stream.emitter.seq;
      if (!dms_recorder_commit (recorder, NULL)
          || write (pipe, &seq, sizeof seq) != (ssize_t)sizeof seq)
        break;
    }
  _exit (1);
}

/* Returns the last event that the child promised to be kept. */
static guint64
kill_a_recorder (const char *path, guint n_commits)
{
  int ends[2];
  guint64 seq = 0;
  guint64 acknowledged = 0;

  g_assert_cmpint (pipe (ends), ==, 0);
  pid_t child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      close (ends[0]);
      record_for_ever (path, ends[1]);
    }
  close (ends[1]);
  for (guint i = 0; i < n_commits; i++)
    if (read (ends[0], &seq, sizeof seq) == (ssize_t)sizeof seq)
      acknowledged = seq;
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  /* What it said before it died counts too. */
  while (read (ends[0], &seq, sizeof seq) == (ssize_t)sizeof seq)
    acknowledged = seq;
  close (ends[0]);
  return acknowledged;
}

typedef struct
{
  DmsPlayer *player;
  guint64 n;
} Comparison;

static DmsStatus
compare_event (void *data, const DmsEvent *event)
{
  const Comparison *comparison = data;
  g_autoptr (GError) error = NULL;
  DmsEvent played;

  dms_player_read (comparison->player, event->seq, &played, &error);
  g_assert_no_error (error);
  g_assert_true (dms_trace_event_equal (&played, event));
  return DMS_OK;
}

static DmsStatus
pass_name (void *data, const DmsName *name)
{
  (void)data;
  (void)name;
  return DMS_OK;
}

/* The same events are made once more and compared. */
static void
assert_same_events (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsPlayer) player = dms_player_open (path, &error);
  Comparison comparison = { .player = player };
  DmsSink sink = { .event = compare_event, .name = pass_name, .data = &comparison };
  DmsTraceStream stream;

  g_assert_no_error (error);
  g_assert_false (dms_player_is_recording (player));
  dms_trace_stream_init (&stream, &sink, 1, LIVE);
  for (guint64 i = 0; i < dms_player_n_events (player); i++)
    dms_trace_stream_next (&stream);
  dms_trace_stream_release (&stream);
}

static void
test_killed_recorder_loses_nothing_acknowledged (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "killed.dmatrace", NULL);
  const char *wanted = g_getenv ("DMS_KILLS");
  guint n_kills = wanted == NULL ? KILLS : (guint)g_ascii_strtoull (wanted, NULL, 10);
  DmsTestRandom random;

  dms_test_random_init (&random, 13);
  for (guint i = 0; i < n_kills; i++)
    {
      guint64 acknowledged
          = kill_a_recorder (path, (guint)dms_test_random_below (&random, 30));
      if (acknowledged > 0)
        {
          assert_same_events (path);
          g_assert_true (dms_trace_exercise (path));
        }
      assert_whole (path, acknowledged);
    }
}

#define TEST(name, function) g_test_add_func ("/data/trace/files/" name, function)

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  TEST ("what-is-no-trace-is-refused", test_what_is_no_trace_is_refused);
  TEST ("strange-schemas-are-refused", test_strange_schemas_are_refused);
  TEST ("damaged-caches-are-passed-over", test_damaged_caches_are_passed_over);
  TEST ("every-truncation-is-a-sentence", test_every_truncation_is_a_sentence);
  TEST ("no-flipped-byte-does-harm", test_no_flipped_byte_does_harm);
  TEST ("recorder-says-why-it-cannot", test_recorder_says_why_it_cannot);
  TEST ("disk-full-at-every-write", test_disk_full_at_every_write);
  TEST ("disk-error-at-every-write", test_disk_error_at_every_write);
  TEST ("killed-recorder-loses-nothing-acknowledged",
        test_killed_recorder_loses_nothing_acknowledged);
  return g_test_run ();
}
