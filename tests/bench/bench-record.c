/* bench-record.c — recording against the same events as plain rows
 *
 * Both write the same events, made beforehand, with the same pragmas and as many events
 * in a transaction, and close the file. The ratio counts; the times are of this
 * machine.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-recorder.h"
#include "tests/data/trace/dms-trace-stream.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum
{
  EVENTS = 400000,
  ROUNDS = 9,
  LIVE = 300 /* as in the recordings of real drivers */
};

typedef struct
{
  GArray *events; /* DmsEvent; payload is an offset into payloads until all are there */
  GByteArray *payloads;
  GPtrArray *names; /* DmsName, with own text */
} Made;

static DmsStatus
make_event (void *data, const DmsEvent *event)
{
  Made *made = data;
  DmsEvent copy = *event;

  copy.payload = (const uint8_t *)(uintptr_t)made->payloads->len;
  g_byte_array_append (made->payloads, event->payload, event->payload_length);
  g_array_append_val (made->events, copy);
  return DMS_OK;
}

static DmsStatus
make_name (void *data, const DmsName *name)
{
  Made *made = data;
  DmsName *copy = g_memdup2 (name, sizeof *name);

  copy->text = g_strdup (name->text);
  g_ptr_array_add (made->names, copy);
  return DMS_OK;
}

static void
free_name (gpointer data)
{
  DmsName *name = data;
  g_free ((char *)name->text);
  g_free (name);
}

static void
make (Made *made)
{
  DmsSink sink = { .event = make_event, .name = make_name, .data = made };
  DmsTraceStream stream;

  made->events = g_array_sized_new (FALSE, FALSE, sizeof (DmsEvent), EVENTS);
  made->payloads = g_byte_array_new ();
  made->names = g_ptr_array_new_with_free_func (free_name);
  dms_trace_stream_init (&stream, &sink, 1, LIVE);
  for (int i = 0; i < EVENTS; i++)
    g_assert_cmpint (dms_trace_stream_next (&stream), ==, DMS_OK);
  dms_trace_stream_release (&stream);
  for (guint i = 0; i < made->events->len; i++)
    {
      DmsEvent *event = &g_array_index (made->events, DmsEvent, i);
      event->payload = made->payloads->data + (uintptr_t)event->payload;
    }
}

static gint64
size_of (const char *path)
{
  struct stat facts;
  return stat (path, &facts) == 0 ? (gint64)facts.st_size : 0;
}

/* ---- into a trace ------------------------------------------------------ */

static double
record (const Made *made, const char *path)
{
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { .kind = DMS_SOURCE_FTRACE_TEXT, .resolution_ns = 1000 };
  gint64 start_us = g_get_monotonic_time ();
  DmsRecorder *recorder = dms_recorder_new (path, TRUE, &info, &error);

  g_assert_no_error (error);
  DmsSink sink = dms_recorder_sink (recorder);
  for (guint i = 0; i < made->names->len; i++)
    g_assert_cmpint (
        sink.name (sink.data, g_ptr_array_index (made->names, i)), ==, DMS_OK);
  for (guint i = 0; i < made->events->len; i++)
    g_assert_cmpint (
        sink.event (sink.data, &g_array_index (made->events, DmsEvent, i)), ==, DMS_OK);
  dms_recorder_close (recorder, &error);
  g_assert_no_error (error);
  return (double)(g_get_monotonic_time () - start_us) / 1e6;
}

/* ---- as rows
 * -----------------------------------------------------------------------------------
 */

static void
execute (sqlite3 *db, const char *sql)
{
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static void
insert (sqlite3_stmt *statement, const DmsEvent *event)
{
  const gint64 numbers[] = {
    (gint64)event->seq,
    (gint64)event->step,
    event->t_ns,
    event->kind,
    event->device,
    event->task,
    event->cpu,
    event->context,
    (gint64)event->transfer,
    (gint64)event->object,
    event->index,
    (gint64)event->a,
    (gint64)event->b,
    (gint64)event->c,
    (gint64)event->length,
    event->flags,
    event->status,
    (gint64)event->cause,
    event->file,
    event->line,
  };
  int n = G_N_ELEMENTS (numbers);

  for (int i = 0; i < n; i++)
    sqlite3_bind_int64 (statement, i + 1, numbers[i]);
  sqlite3_bind_blob (
      statement, n + 1, event->payload, (int)event->payload_length, SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
  sqlite3_reset (statement);
}

static double
put_rows (const Made *made, const char *path, guint per_transaction)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;

  unlink (path);
  gint64 start_us = g_get_monotonic_time ();
  g_assert_cmpint (
      sqlite3_open_v2 (path,
                       &db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                       NULL),
      ==,
      SQLITE_OK);
  execute (
      db,
      "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      "PRAGMA wal_autocheckpoint = 4000;"
      "CREATE TABLE event (seq INTEGER PRIMARY KEY, step INTEGER, t_ns INTEGER,"
      " kind INTEGER, device INTEGER, task INTEGER, cpu INTEGER, context INTEGER,"
      " transfer INTEGER, object INTEGER, idx INTEGER, a INTEGER, b INTEGER,"
      " c INTEGER, length INTEGER, flags INTEGER, status INTEGER, cause INTEGER,"
      " file INTEGER, line INTEGER, payload BLOB) STRICT; BEGIN");
  g_assert_cmpint (
      sqlite3_prepare_v2 (db,
                          "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                          " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          -1,
                          &statement,
                          NULL),
      ==,
      SQLITE_OK);
  for (guint i = 0; i < made->events->len; i++)
    {
      insert (statement, &g_array_index (made->events, DmsEvent, i));
      if ((i + 1) % per_transaction == 0)
        execute (db, "COMMIT; BEGIN");
    }
  execute (db, "COMMIT");
  sqlite3_finalize (statement);
  execute (db, "PRAGMA wal_checkpoint (TRUNCATE); PRAGMA journal_mode = DELETE");
  sqlite3_close (db);
  return (double)(g_get_monotonic_time () - start_us) / 1e6;
}

/* ---- medians
 * ------------------------------------------------------------------------------------
 */

static int
compare (const void *one, const void *other)
{
  double difference = *(const double *)one - *(const double *)other;
  return difference < 0 ? -1 : difference > 0;
}

static double
median (double *values)
{
  qsort (values, ROUNDS, sizeof *values, compare);
  return values[ROUNDS / 2];
}

/* Of this process, which does nothing else meanwhile. */
static double
cpu_s (void)
{
  return (double)clock () / CLOCKS_PER_SEC;
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);

  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *trace = g_build_filename (dir, "bench.dmatrace", NULL);
  g_autofree char *rows = g_build_filename (dir, "rows.sqlite", NULL);
  double trace_s[ROUNDS], rows_s[ROUNDS], ratios[ROUNDS], cpu_ratios[ROUNDS];
  Made made = { 0 };

  make (&made);
  for (int i = 0; i < ROUNDS; i++)
    {
      double start_s = cpu_s ();
      trace_s[i] = record (&made, trace);
      double trace_cpu_s = cpu_s () - start_s;
      /* The recorder commits each 50 ms: as many events to a transaction here. */
      double per_commit = EVENTS * 0.05 / trace_s[i];
      rows_s[i] = put_rows (&made, rows, (guint)MAX (per_commit, 1));
      ratios[i] = rows_s[i] / trace_s[i];
      cpu_ratios[i] = (cpu_s () - start_s - trace_cpu_s) / trace_cpu_s;
    }
  printf ("record_events: %d\n", EVENTS);
  printf ("record_events_per_s: %.0f\n", EVENTS / median (trace_s));
  printf ("rows_events_per_s: %.0f\n", EVENTS / median (rows_s));
  printf ("record_bytes_per_event: %.1f\n", (double)size_of (trace) / EVENTS);
  printf ("rows_bytes_per_event: %.1f\n", (double)size_of (rows) / EVENTS);
  printf ("record_to_rows_ratio_of_cpu_time: %.2f\n", median (cpu_ratios));
  printf ("record_to_rows_ratio: %.2f (at least 2)\n", median (ratios));
  int status = median (ratios) >= 2 ? 0 : 1;
  g_array_unref (made.events);
  g_byte_array_unref (made.payloads);
  g_ptr_array_unref (made.names);
  return status;
}
