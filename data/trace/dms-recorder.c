/* dms-recorder.c — writes a .dmatrace while things happen
 *
 * Events go into the open chunk; full chunks, keyframes and ended mappings go into an
 * open transaction; a commit writes the open chunk into the tail row, so that what is
 * committed is always complete.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-recorder.h"

#include "data/trace/dms-recorder-private.h"
#include "data/trace/dms-schema.h"
#include "data/trace/dms-trace-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A commit is due when this long passed since the last one. */
#define COMMIT_INTERVAL_US 50000
/* The clock is read at each of so many events after a commit, so that a slow producer
 * is never late; then at every so manyth, because reading it costs as much as packing.
 */
#define CLOCK_EACH 64u
#define CLOCK_EVERY 32u
/* Pages in the write-ahead log before SQLite moves them into the file. */
#define CHECKPOINT_PAGES 4000

static const char *const statement_texts[DMS_RECORDER_STATEMENTS] = {
  [DMS_RECORDER_BEGIN] = "BEGIN IMMEDIATE",
  [DMS_RECORDER_COMMIT] = "COMMIT",
  [DMS_RECORDER_CHUNK]
  = "INSERT INTO chunk (run, first_seq, n, first_step, last_step, t0, t1,"
    " kinds_low, kinds_high, devices, data)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  [DMS_RECORDER_TAIL]
  = "REPLACE INTO tail (run, first_seq, n, first_step, last_step, t0, t1,"
    " kinds_low, kinds_high, devices, data)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  [DMS_RECORDER_NO_TAIL] = "DELETE FROM tail WHERE run = ?",
  [DMS_RECORDER_KEYFRAME] = "INSERT INTO keyframe (run, seq, data) VALUES (?, ?, ?)",
  [DMS_RECORDER_NAME]
  = "INSERT INTO name (run, id, kind, number, text) VALUES (?, ?, ?, ?, ?)",
  [DMS_RECORDER_MAPPING] = "REPLACE INTO mapping (run, block, data) VALUES (?, ?, ?)",
  [DMS_RECORDER_MAPPINGS] = "SELECT data FROM mapping WHERE run = ? AND block = ?",
  [DMS_RECORDER_LANE]
  = "REPLACE INTO lane (run, lane, kind, device) VALUES (?, ?, ?, ?)",
  [DMS_RECORDER_PYRAMID] = "REPLACE INTO pyramid (run, lane, level, block, n, data)"
                           " VALUES (?, ?, ?, ?, ?, ?)",
  [DMS_RECORDER_INDEXED] = "UPDATE run SET n_indexed = ? WHERE run = ?",
  [DMS_RECORDER_SOURCE] = "REPLACE INTO source (run, name, text) VALUES (?, ?, ?)",
  [DMS_RECORDER_UNREAD]
  = "REPLACE INTO unread (run, number, line, reason) VALUES (?, ?, ?, ?)",
  [DMS_RECORDER_RUN]
  = "REPLACE INTO run (run, parent_run, parent_seq, kind, engine, title,"
    " origin, scenario, system, clock, resolution_ns, read_lines,"
    " unread_lines, notes, n_indexed, writer)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

/* ---- statements and errors --------------------------------------------- */

/* The first failure is kept for dms_recorder_close(); after it nothing is written. */
static gboolean
broke (DmsRecorder *recorder, int code)
{
  if (recorder->error == NULL)
    dms_trace_fail_sqlite (&recorder->error, recorder->db, code, recorder->path);
  return FALSE;
}

sqlite3_stmt *
dms_recorder_statement (DmsRecorder *recorder, DmsRecorderStatement which)
{
  return recorder->statements[which];
}

gboolean
dms_recorder_run (DmsRecorder *recorder, DmsRecorderStatement which)
{
  sqlite3_stmt *statement = recorder->statements[which];
  int code = sqlite3_step (statement);
  int reset = sqlite3_reset (statement);

  if (code == SQLITE_DONE && reset == SQLITE_OK)
    return TRUE;
  return broke (recorder, code == SQLITE_DONE ? reset : code);
}

/* Binding fails only without memory; the statement would then write NULL, which no
 * column takes, so the insert fails and is reported. */
static void
bind_int (sqlite3_stmt *statement, int place, guint64 value)
{
  sqlite3_bind_int64 (statement, place, (sqlite3_int64)value);
}

static void
bind_text (sqlite3_stmt *statement, int place, const char *text)
{
  sqlite3_bind_text (statement, place, text, -1, SQLITE_STATIC);
}

static gboolean
copy_error (const DmsRecorder *recorder, GError **error)
{
  if (recorder->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (recorder->error));
  return FALSE;
}

gboolean
dms_recorder_begin (DmsRecorder *recorder)
{
  if (recorder->error != NULL)
    return FALSE;
  if (recorder->in_transaction)
    return TRUE;
  recorder->in_transaction = dms_recorder_run (recorder, DMS_RECORDER_BEGIN);
  return recorder->in_transaction;
}

/* ---- chunks ------------------------------------------------------------ */

static gboolean
write_chunk (DmsRecorder *recorder, DmsRecorderStatement which)
{
  const DmsChunkHead *head = &recorder->chunk.head;
  sqlite3_stmt *statement = recorder->statements[which];

  bind_int (statement, 1, DMS_RECORDER_RUN_NUMBER);
  bind_int (statement, 2, head->first_seq);
  bind_int (statement, 3, head->n);
  bind_int (statement, 4, head->first_step);
  bind_int (statement, 5, head->last_step);
  sqlite3_bind_int64 (statement, 6, head->t0);
  sqlite3_bind_int64 (statement, 7, head->t1);
  bind_int (statement, 8, head->kinds[0]);
  bind_int (statement, 9, head->kinds[1]);
  bind_int (statement, 10, head->devices);
  sqlite3_bind_blob64 (statement,
                       11,
                       recorder->chunk.data.data,
                       recorder->chunk.data.length,
                       SQLITE_STATIC);
  return dms_recorder_run (recorder, which);
}

static gboolean
close_chunk (DmsRecorder *recorder)
{
  if (recorder->chunk.head.n == 0)
    return TRUE;
  if (!dms_recorder_begin (recorder) || !write_chunk (recorder, DMS_RECORDER_CHUNK))
    return FALSE;
  dms_chunk_writer_start (&recorder->chunk, recorder->state->seq + 1);
  recorder->tail_is_old = TRUE;
  return TRUE;
}

static gboolean
write_tail (DmsRecorder *recorder)
{
  if (!recorder->tail_is_old)
    return TRUE;
  if (!dms_recorder_begin (recorder))
    return FALSE;
  if (recorder->chunk.head.n > 0)
    recorder->tail_is_old = !write_chunk (recorder, DMS_RECORDER_TAIL);
  else
    {
      bind_int (recorder->statements[DMS_RECORDER_NO_TAIL], 1, DMS_RECORDER_RUN_NUMBER);
      recorder->tail_is_old = !dms_recorder_run (recorder, DMS_RECORDER_NO_TAIL);
    }
  return !recorder->tail_is_old;
}

static gboolean
write_keyframe (DmsRecorder *recorder)
{
  sqlite3_stmt *statement = recorder->statements[DMS_RECORDER_KEYFRAME];

  dms_bytes_clear (&recorder->scratch);
  dms_state_save (recorder->state, &recorder->scratch);
  if (recorder->scratch.failed)
    return broke (recorder, SQLITE_NOMEM);
  if (!dms_recorder_begin (recorder))
    return FALSE;
  bind_int (statement, 1, DMS_RECORDER_RUN_NUMBER);
  bind_int (statement, 2, recorder->state->seq);
  sqlite3_bind_blob64 (
      statement, 3, recorder->scratch.data, recorder->scratch.length, SQLITE_STATIC);
  recorder->keyframe_seq = recorder->state->seq;
  return dms_recorder_run (recorder, DMS_RECORDER_KEYFRAME);
}

/* The index says FALSE without memory, or when a statement failed, which is then noted.
 */
static gboolean
index_result (DmsRecorder *recorder, gboolean is_done)
{
  return is_done || broke (recorder, SQLITE_NOMEM);
}

/* ---- commits ----------------------------------------------------------- */

static gboolean
commit (DmsRecorder *recorder)
{
  if (recorder->error != NULL
      || !index_result (recorder, dms_recorder_index_commit (recorder))
      || !write_tail (recorder))
    return FALSE;
  if (recorder->in_transaction)
    {
      if (!dms_recorder_run (recorder, DMS_RECORDER_COMMIT))
        return FALSE;
      recorder->in_transaction = FALSE;
    }
  recorder->since_commit = 0;
  recorder->committed_us = g_get_monotonic_time ();
  return TRUE;
}

static gboolean
commit_if_due (DmsRecorder *recorder)
{
  recorder->since_commit++;
  if (recorder->since_commit > CLOCK_EACH && recorder->since_commit % CLOCK_EVERY != 0)
    return TRUE;
  return g_get_monotonic_time () - recorder->committed_us < COMMIT_INTERVAL_US
         || commit (recorder);
}

/* ---- the sink ---------------------------------------------------------- */

static gboolean
write_event (DmsRecorder *recorder, const DmsEvent *event)
{
  if (!dms_chunk_writer_add (&recorder->chunk, event))
    return broke (recorder, SQLITE_NOMEM);
  recorder->tail_is_old = TRUE;
  if (!index_result (recorder, dms_recorder_index_event (recorder, event)))
    return FALSE;
  if (dms_chunk_writer_is_full (&recorder->chunk) && !close_chunk (recorder))
    return FALSE;
  if (dms_keyframe_due (event->seq - recorder->keyframe_seq, recorder->state)
      && !write_keyframe (recorder))
    return FALSE;
  return commit_if_due (recorder);
}

static DmsStatus
take_event (void *data, const DmsEvent *event)
{
  DmsRecorder *recorder = data;

  if (recorder->error != NULL)
    return DMS_ERROR_SINK;
  if (event->step < recorder->state->step || event->step > INT64_MAX)
    return DMS_ERROR_RANGE;
  /* What the state refuses could not be played, so it is not recorded; nothing is
   * broken. */
  DmsStatus status = dms_state_apply (recorder->state, event);
  if (status != DMS_OK)
    return status;
  return write_event (recorder, event) ? DMS_OK : DMS_ERROR_SINK;
}

static DmsStatus
take_name (void *data, const DmsName *name)
{
  DmsRecorder *recorder = data;
  sqlite3_stmt *statement = recorder->statements[DMS_RECORDER_NAME];

  if (!dms_recorder_begin (recorder))
    return DMS_ERROR_SINK;
  bind_int (statement, 1, DMS_RECORDER_RUN_NUMBER);
  bind_int (statement, 2, name->id);
  bind_int (statement, 3, (guint64)name->kind);
  sqlite3_bind_int64 (statement, 4, name->number);
  bind_text (statement, 5, name->text);
  return dms_recorder_run (recorder, DMS_RECORDER_NAME) ? DMS_OK : DMS_ERROR_SINK;
}

DmsSink
dms_recorder_sink (DmsRecorder *recorder)
{
  return (DmsSink){ .event = take_event, .name = take_name, .data = recorder };
}

/* ---- what else travels in a trace -------------------------------------- */

gboolean
dms_recorder_add_source (DmsRecorder *recorder,
                         const char *name,
                         const char *text,
                         GError **error)
{
  sqlite3_stmt *statement = recorder->statements[DMS_RECORDER_SOURCE];

  if (strlen (text) > DMS_TRACE_TEXT_MAX)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_RANGE,
                           recorder->path,
                           "the source %s is longer than 16 MiB",
                           name);
  if (dms_recorder_begin (recorder))
    {
      bind_int (statement, 1, DMS_RECORDER_RUN_NUMBER);
      bind_text (statement, 2, name);
      bind_text (statement, 3, text);
      dms_recorder_run (recorder, DMS_RECORDER_SOURCE);
    }
  return copy_error (recorder, error);
}

gboolean
dms_recorder_add_unread (DmsRecorder *recorder,
                         guint64 line_number,
                         const char *line,
                         const char *reason,
                         GError **error)
{
  sqlite3_stmt *statement = recorder->statements[DMS_RECORDER_UNREAD];

  if (recorder->n_unread >= DMS_TRACE_UNREAD_MAX)
    return copy_error (recorder, error);
  recorder->n_unread++;
  g_autofree char *kept = g_strndup (line, DMS_TRACE_LINE_MAX);
  g_autofree char *cause = g_strndup (reason, DMS_TRACE_LINE_MAX);
  if (dms_recorder_begin (recorder))
    {
      bind_int (statement, 1, DMS_RECORDER_RUN_NUMBER);
      bind_int (statement, 2, line_number & INT64_MAX);
      bind_text (statement, 3, kept);
      bind_text (statement, 4, cause);
      dms_recorder_run (recorder, DMS_RECORDER_UNREAD);
    }
  return copy_error (recorder, error);
}

/* The run's row; @writer is NULL when nobody records any more. */
static gboolean
write_run (DmsRecorder *recorder, const char *writer)
{
  const DmsRunInfo *info = &recorder->info;
  sqlite3_stmt *statement = recorder->statements[DMS_RECORDER_RUN];

  if (!dms_recorder_begin (recorder))
    return FALSE;
  bind_int (statement, 1, DMS_RECORDER_RUN_NUMBER);
  bind_int (statement, 2, info->parent_run);
  bind_int (statement, 3, info->parent_seq);
  bind_int (statement, 4, (guint64)info->kind);
  bind_text (statement, 5, DMS_VERSION);
  bind_text (statement, 6, info->title);
  bind_text (statement, 7, info->origin);
  bind_text (statement, 8, info->scenario);
  bind_text (statement, 9, info->system);
  bind_text (statement, 10, info->clock);
  sqlite3_bind_int64 (statement, 11, info->resolution_ns);
  bind_int (statement, 12, info->read_lines);
  bind_int (statement, 13, info->unread_lines);
  bind_text (statement, 14, info->notes);
  bind_int (statement, 15, recorder->n_indexed);
  bind_text (statement, 16, writer);
  return dms_recorder_run (recorder, DMS_RECORDER_RUN);
}

gboolean
dms_recorder_set_info (DmsRecorder *recorder, const DmsRunInfo *info, GError **error)
{
  DmsRunInfo old = recorder->info;

  /* @info may be the old one itself. */
  dms_run_info_copy (&recorder->info, info);
  dms_run_info_clear (&old);
  write_run (recorder, recorder->writer);
  return copy_error (recorder, error);
}

gboolean
dms_recorder_commit (DmsRecorder *recorder, GError **error)
{
  commit (recorder);
  return copy_error (recorder, error);
}

/* ---- life
 * ------------------------------------------------------------------------------------
 */

/* The file must be new: with @replace an older one and what SQLite keeps beside it go
 * first. */
static gboolean
make_way (const char *path, gboolean replace, GError **error)
{
  struct stat facts;

  if (lstat (path, &facts) != 0)
    return errno == ENOENT
               ? TRUE
               : dms_trace_fail (
                   error, DMS_TRACE_ERROR_OPEN, path, "%s", g_strerror (errno));
  if (S_ISDIR (facts.st_mode))
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_OPEN,
                           path,
                           "this is a folder; the name of a file is needed");
  if (!replace)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_OPEN,
                           path,
                           "there is such a file already; another name is needed");

  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (path, endings[i], NULL);
      if (unlink (name) != 0 && errno != ENOENT)
        return dms_trace_fail (error,
                               DMS_TRACE_ERROR_WRITE,
                               path,
                               "cannot be replaced: %s",
                               g_strerror (errno));
    }
  return TRUE;
}

static gboolean
execute (DmsRecorder *recorder, const char *sql)
{
  int code = sqlite3_exec (recorder->db, sql, NULL, NULL, NULL);
  return code == SQLITE_OK || broke (recorder, code);
}

static gboolean
open_file (DmsRecorder *recorder)
{
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  int code = sqlite3_open_v2 (recorder->path, &recorder->db, flags, NULL);

  if (code != SQLITE_OK)
    return broke (recorder, code);
  sqlite3_extended_result_codes (recorder->db, 1);
  g_autofree char *setup
      = g_strdup_printf ("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;"
                         "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = %d;",
                         CHECKPOINT_PAGES);
  return execute (recorder, setup) && execute (recorder, "BEGIN IMMEDIATE");
}

static gboolean
write_head (DmsRecorder *recorder)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *sql
      = g_strdup_printf ("INSERT INTO meta (key, value) VALUES ('uuid', '%s')", uuid);
  int code = dms_schema_create (recorder->db);

  recorder->in_transaction = TRUE;
  if (code != SQLITE_OK)
    return broke (recorder, code);
  if (!execute (recorder, sql))
    return FALSE;
  for (int i = 0; i < DMS_RECORDER_STATEMENTS; i++)
    {
      code = sqlite3_prepare_v3 (recorder->db,
                                 statement_texts[i],
                                 -1,
                                 SQLITE_PREPARE_PERSISTENT,
                                 &recorder->statements[i],
                                 NULL);
      if (code != SQLITE_OK)
        return broke (recorder, code);
    }
  return write_run (recorder, recorder->writer) && commit (recorder);
}

DmsRecorder *
dms_recorder_new (const char *path,
                  gboolean replace,
                  const DmsRunInfo *info,
                  GError **error)
{
  if (!make_way (path, replace, error))
    return NULL;

  DmsRecorder *recorder = g_new0 (DmsRecorder, 1);
  recorder->path = g_strdup (path);
  recorder->writer = dms_trace_writer ();
  recorder->state = dms_state_new ();
  dms_run_info_copy (&recorder->info, info);
  dms_chunk_writer_init (&recorder->chunk);
  dms_chunk_writer_start (&recorder->chunk, 1);
  if (!dms_recorder_index_init (recorder) || recorder->state == NULL)
    dms_trace_fail_status (&recorder->error, DMS_ERROR_NO_MEMORY, path, 0);
  else if (open_file (recorder) && write_head (recorder))
    return recorder;
  copy_error (recorder, error);
  dms_recorder_abandon (recorder);
  return NULL;
}

/* One file, in the form that needs no second one beside it. While somebody reads along
 * SQLite cannot change the form; then the reader does it (dms_player_poll()). */
static gboolean
make_one_file (DmsRecorder *recorder)
{
  int code = sqlite3_wal_checkpoint_v2 (
      recorder->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
    return broke (recorder, code);
  code = sqlite3_exec (recorder->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
  return code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY
         || (code & 0xff) == SQLITE_LOCKED || broke (recorder, code);
}

gboolean
dms_recorder_close (DmsRecorder *recorder, GError **error)
{
  if (recorder->error == NULL && close_chunk (recorder)
      && index_result (recorder, dms_recorder_index_finish (recorder))
      && write_run (recorder, NULL) && commit (recorder))
    make_one_file (recorder);
  gboolean is_done = copy_error (recorder, error);
  dms_recorder_abandon (recorder);
  return is_done;
}

void
dms_recorder_abandon (DmsRecorder *recorder)
{
  if (recorder == NULL)
    return;
  for (int i = 0; i < DMS_RECORDER_STATEMENTS; i++)
    sqlite3_finalize (recorder->statements[i]);
  /* An open transaction is rolled back: closing may fail only with statements left. */
  sqlite3_close (recorder->db);
  dms_recorder_index_release (recorder);
  dms_chunk_writer_release (&recorder->chunk);
  dms_bytes_release (&recorder->scratch);
  dms_state_free (recorder->state);
  dms_run_info_clear (&recorder->info);
  g_clear_error (&recorder->error);
  g_free (recorder->writer);
  g_free (recorder->path);
  g_free (recorder);
}
