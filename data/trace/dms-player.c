/* dms-player.c — opens a .dmatrace, knows its run, and follows its growth
 *
 * A trace may come from anybody, so it is opened read-only, its schema must be exactly
 * ours, an authorizer lets nothing but reads of our tables through, and every number in
 * it is checked before it is used.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player.h"

#include "data/trace/dms-player-private.h"
#include "data/trace/dms-player-tables.h"
#include "data/trace/dms-schema.h"
#include "data/trace/dms-trace-private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const statement_texts[DMS_PLAYER_STATEMENTS] = {
  [DMS_PLAYER_BEGIN] = "BEGIN",
  [DMS_PLAYER_END] = "COMMIT",
  [DMS_PLAYER_VERSION] = "PRAGMA data_version",
  [DMS_PLAYER_CHUNK] = "SELECT data FROM chunk WHERE id = ?",
  [DMS_PLAYER_KEYFRAME] = "SELECT seq, data FROM keyframe WHERE run = ? AND seq <= ?"
                          " ORDER BY seq DESC LIMIT 1",
  [DMS_PLAYER_MAPPING] = "SELECT data FROM mapping WHERE run = ? AND block = ?",
  [DMS_PLAYER_PYRAMID] = "SELECT n, data FROM pyramid"
                         " WHERE run = ? AND lane = ? AND level = ? AND block = ?",
};

/* ---- plain facts ------------------------------------------------------- */

const char *
dms_player_path (const DmsPlayer *player)
{
  return player->path;
}

const char *
dms_player_uuid (const DmsPlayer *player)
{
  return player->uuid;
}

const DmsRunInfo *
dms_player_info (const DmsPlayer *player)
{
  return &player->info;
}

const DmsNames *
dms_player_names (const DmsPlayer *player)
{
  return player->names;
}

guint64
dms_player_n_events (const DmsPlayer *player)
{
  return player->n_events;
}

guint64
dms_player_n_steps (const DmsPlayer *player)
{
  return player->n_steps;
}

gint64
dms_player_first_time (const DmsPlayer *player)
{
  return player->first_time;
}

gint64
dms_player_last_time (const DmsPlayer *player)
{
  return player->last_time;
}

static gboolean
has_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);

  return access (log, F_OK) == 0;
}

DmsTraceLife
dms_player_life (const DmsPlayer *player)
{
  if (player->writer == NULL)
    return DMS_LIFE_CLOSED;
  if (dms_trace_writer_life (player->writer) == DMS_WRITER_GONE)
    return DMS_LIFE_ENDED;
  return player->is_immutable || !has_log (player->path) ? DMS_LIFE_OUT_OF_SIGHT
                                                         : DMS_LIFE_GROWS;
}

gboolean
dms_player_is_recording (const DmsPlayer *player)
{
  return dms_player_life (player) == DMS_LIFE_GROWS;
}

/* ---- SQLite ------------------------------------------------------------ */

sqlite3_stmt *
dms_player_statement (DmsPlayer *player, DmsPlayerStatement which)
{
  sqlite3_stmt *statement = player->statements[which];
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return statement;
}

gboolean
dms_player_fail_sqlite (const DmsPlayer *player, int code, GError **error)
{
  return dms_trace_fail_sqlite (error, player->db, code, player->path);
}

static gboolean
may_read (const char *table)
{
  return table != NULL
         && (dms_schema_is_table (table) || g_ascii_strcasecmp (table, "event") == 0
             || g_ascii_strcasecmp (table, "segment") == 0
             || g_ascii_strcasecmp (table, "sqlite_master") == 0);
}

static gboolean
is_own_pragma (const char *name)
{
  static const char *const names[]
      = { "data_version", "application_id", "user_version" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      return TRUE;
  return FALSE;
}

/* SQLite asks before it prepares anything. */
static int
authorize (void *data,
           int action,
           const char *one,
           const char *two,
           const char *schema,
           const char *trigger)
{
  const DmsPlayer *player = data;
  gboolean is_fine = FALSE;

  (void)schema;
  (void)trigger;
  /* Declaring our own tables runs nothing, but SQLite asks all the same. */
  if (player->is_declaring)
    return SQLITE_OK;
  switch (action)
    {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      is_fine = TRUE;
      break;
    case SQLITE_READ:
      /* Column names may be empty for a count of rows. */
      is_fine = may_read (one);
      break;
    case SQLITE_FUNCTION:
      is_fine = g_ascii_strcasecmp (two, "load_extension") != 0;
      break;
    case SQLITE_PRAGMA:
      is_fine = !player->is_query && two == NULL && is_own_pragma (one);
      break;
    case SQLITE_TRANSACTION:
      is_fine = !player->is_query;
      break;
    default: /* everything that writes, attaches or makes something */
      break;
    }
  return is_fine ? SQLITE_OK : SQLITE_DENY;
}

static void
limit (sqlite3 *db)
{
  static const int limits[][2] = {
    { SQLITE_LIMIT_LENGTH, (int)(2 * DMS_CHUNK_BYTES_MAX) },
    { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },
    { SQLITE_LIMIT_COLUMN, 200 },
    { SQLITE_LIMIT_EXPR_DEPTH, 100 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 20 },
    { SQLITE_LIMIT_VDBE_OP, 100000 },
    { SQLITE_LIMIT_FUNCTION_ARG, 32 },
    { SQLITE_LIMIT_ATTACHED, 0 },
    { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
    { SQLITE_LIMIT_VARIABLE_NUMBER, 32 },
    { SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
    { SQLITE_LIMIT_WORKER_THREADS, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    sqlite3_limit (db, limits[i][0], limits[i][1]);
}

static int
open_database (sqlite3 **ret_db, const char *path, gboolean is_immutable)
{
  int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  /* Everything but letters, digits and slashes is escaped, so no parameter can hide in
   * a name. */
  g_autofree char *escaped = g_uri_escape_string (absolute, "/", FALSE);
  g_autofree char *uri
      = g_strconcat ("file:", escaped, is_immutable ? "?immutable=1" : "", NULL);
  int code = sqlite3_open_v2 (uri, ret_db, flags, NULL);

  if (code != SQLITE_OK)
    return code;
  sqlite3 *db = *ret_db;
  sqlite3_extended_result_codes (db, 1);
  sqlite3_busy_timeout (db, 1000);
  limit (db);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  return sqlite3_exec (db,
                       "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
                       "PRAGMA query_only = ON; SELECT 1 FROM sqlite_schema LIMIT 1",
                       NULL,
                       NULL,
                       NULL);
}

/* A trace whose recorder was killed is still in the form that needs a second file,
 * which SQLite cannot make in a folder that may not be written. When nothing is in that
 * second file the first can be read as it is. */
static gboolean
is_alone (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  struct stat facts;

  return stat (log, &facts) != 0 || facts.st_size == 0;
}

/* Whether its header says that newer pages are in a log beside it. */
static gboolean
is_in_log_form (const char *path)
{
  enum
  {
    FORM = 18, /* offset of the form for writers; behind it that for readers */
    LOG_FORM = 2
  };
  FILE *file = fopen (path, "rb");
  char bytes[FORM + 2] = { 0 };
  gboolean is_read = file != NULL && fread (bytes, sizeof bytes, 1, file) == 1;

  if (file != NULL)
    fclose (file);
  return is_read && bytes[FORM] == LOG_FORM;
}

static gboolean
open_read_only (DmsPlayer *player, GError **error)
{
  /* A file that should have a log but has none beside it was cut off from it: SQLite
   * would make an empty one, and take that for the newest. */
  player->is_immutable = is_in_log_form (player->path) && !has_log (player->path);
  int code = open_database (&player->db, player->path, player->is_immutable);
  int kind = code & 0xff;

  if ((kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY) && is_alone (player->path))
    {
      sqlite3_close (player->db);
      player->is_immutable = TRUE;
      code = open_database (&player->db, player->path, TRUE);
    }
  else if (kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY)
    return dms_trace_fail (
        error,
        DMS_TRACE_ERROR_OPEN,
        player->path,
        "was not closed by who recorded it, and its folder cannot be "
        "written; a copy of it and of its -wal file in another folder "
        "is needed");
  return code == SQLITE_OK || dms_player_fail_sqlite (player, code, error);
}

static gboolean
check_file (const char *path, GError **error)
{
  struct stat facts;

  if (stat (path, &facts) != 0)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_OPEN,
                           path,
                           "%s",
                           errno == ENOENT ? "there is no such file"
                                           : g_strerror (errno));
  if (S_ISDIR (facts.st_mode))
    return dms_trace_fail (
        error, DMS_TRACE_ERROR_OPEN, path, "this is a folder; a trace is needed");
  if (!S_ISREG (facts.st_mode))
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_OPEN,
                           path,
                           "this is no ordinary file; a trace is needed");
  if (access (path, R_OK) != 0)
    return dms_trace_fail (error, DMS_TRACE_ERROR_OPEN, path, "%s", g_strerror (errno));
  if (facts.st_size == 0 && is_alone (path))
    return dms_trace_fail (
        error, DMS_TRACE_ERROR_NOT_TRACE, path, "the file is empty; a trace is needed");
  return TRUE;
}

/* SQLite takes the missing rest of a last page for zeros, so the size is looked at
 * here. While there is a log beside the file its size says nothing. */
static gboolean
check_size (DmsPlayer *player, GError **error)
{
  gint64 n_pages = 0;
  gint64 page_size = 0;
  struct stat facts;

  if (!dms_trace_pragma_int (
          player->db, player->path, "PRAGMA page_count", &n_pages, error)
      || !dms_trace_pragma_int (
          player->db, player->path, "PRAGMA page_size", &page_size, error))
    return FALSE;
  if (!is_alone (player->path) || stat (player->path, &facts) != 0
      || facts.st_size >= n_pages * page_size)
    return TRUE;
  return dms_trace_fail_sqlite (error, NULL, SQLITE_CORRUPT, player->path);
}

static gboolean
prepare_statements (DmsPlayer *player, GError **error)
{
  for (int i = 0; i < DMS_PLAYER_STATEMENTS; i++)
    {
      int code = sqlite3_prepare_v3 (player->db,
                                     statement_texts[i],
                                     -1,
                                     SQLITE_PREPARE_PERSISTENT,
                                     &player->statements[i],
                                     NULL);
      if (code != SQLITE_OK)
        return dms_player_fail_sqlite (player, code, error);
    }
  return TRUE;
}

static void
close_database (DmsPlayer *player)
{
  for (int i = 0; i < DMS_PLAYER_STATEMENTS; i++)
    {
      sqlite3_finalize (player->statements[i]);
      player->statements[i] = NULL;
    }
  sqlite3_close (player->db);
  player->db = NULL;
}

static gboolean
connect_file (DmsPlayer *player, GError **error)
{
  if (!check_file (player->path, error) || !open_read_only (player, error)
      || !check_size (player, error)
      || !dms_schema_check (player->db, player->path, error))
    return FALSE;
  int code = dms_player_tables_register (player);
  if (code == SQLITE_OK)
    code = sqlite3_set_authorizer (player->db, authorize, player);
  if (code != SQLITE_OK)
    return dms_player_fail_sqlite (player, code, error);
  return prepare_statements (player, error);
}

/* ---- the run ----------------------------------------------------------- */

static char *
column_text (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *)sqlite3_column_text (statement, column);
  return text == NULL ? NULL : g_utf8_make_valid (text, -1);
}

static gboolean
read_uuid (DmsPlayer *player, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (
      player->db, "SELECT value FROM meta WHERE key = 'uuid'", -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    player->uuid = column_text (statement, 0);
  sqlite3_finalize (statement);
  if (code == SQLITE_DONE
      || (code == SQLITE_ROW && !g_uuid_string_is_valid (player->uuid)))
    return dms_trace_fail (
        error, DMS_TRACE_ERROR_CORRUPT, player->path, "the trace lacks its uuid");
  return code == SQLITE_ROW || dms_player_fail_sqlite (player, code, error);
}

static gboolean
check_info (const DmsPlayer *player, GError **error)
{
  const DmsRunInfo *info = &player->info;

  if (info->kind != DMS_SOURCE_SIMULATION && info->kind != DMS_SOURCE_FTRACE_TEXT)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_CORRUPT,
                           player->path,
                           "run %u is of a kind that this program does not know",
                           player->run);
  if (info->resolution_ns < 0)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_CORRUPT,
                           player->path,
                           "the times of run %u have a negative resolution",
                           player->run);
  return TRUE;
}

static void
take_run (DmsPlayer *player, sqlite3_stmt *statement)
{
  DmsRunInfo *info = &player->info;

  dms_run_info_clear (info);
  player->run = (guint32)sqlite3_column_int64 (statement, 0);
  info->parent_run = (guint32)sqlite3_column_int64 (statement, 1);
  info->parent_seq = (guint64)sqlite3_column_int64 (statement, 2);
  info->kind = (DmsSourceKind)sqlite3_column_int (statement, 3);
  info->title = column_text (statement, 4);
  info->origin = column_text (statement, 5);
  info->scenario = column_text (statement, 6);
  info->system = column_text (statement, 7);
  info->clock = column_text (statement, 8);
  info->resolution_ns = sqlite3_column_int64 (statement, 9);
  info->read_lines = (guint64)sqlite3_column_int64 (statement, 10);
  info->unread_lines = (guint64)sqlite3_column_int64 (statement, 11);
  info->notes = column_text (statement, 12);
  player->file_indexed = (guint64)sqlite3_column_int64 (statement, 13);
  g_free (player->writer);
  player->writer = column_text (statement, 14);
}

static gboolean
read_run (DmsPlayer *player, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (
      player->db,
      "SELECT run, parent_run, parent_seq, kind, title, origin, scenario, system, "
      "clock,"
      " resolution_ns, read_lines, unread_lines, notes, n_indexed, writer"
      " FROM run WHERE run BETWEEN 1 AND 4294967295 ORDER BY run LIMIT 1",
      -1,
      &statement,
      NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    take_run (player, statement);
  sqlite3_finalize (statement);
  if (code == SQLITE_DONE)
    return dms_trace_fail (
        error, DMS_TRACE_ERROR_CORRUPT, player->path, "the trace has no run");
  if (code != SQLITE_ROW)
    return dms_player_fail_sqlite (player, code, error);
  return check_info (player, error);
}

static int
take_name (DmsPlayer *player, sqlite3_stmt *statement)
{
  const char *raw = (const char *)sqlite3_column_text (statement, 3);
  if (raw == NULL)
    return SQLITE_CORRUPT;
  g_autofree char *text = g_utf8_make_valid (raw, -1);
  DmsName name = {
    .id = (uint32_t)sqlite3_column_int64 (statement, 0),
    .kind = (DmsNameKind)sqlite3_column_int (statement, 1),
    .number = sqlite3_column_int64 (statement, 2),
    .text = text,
  };

  switch (dms_names_add (player->names, &name))
    {
    case DMS_OK:
      return SQLITE_OK;
    case DMS_ERROR_NO_MEMORY:
      return SQLITE_NOMEM;
    case DMS_ERROR_CORRUPT:
    case DMS_ERROR_RANGE:
    case DMS_ERROR_SINK:
    case DMS_ERROR_END:
    case DMS_ERROR_LIMIT:
      break;
    }
  return SQLITE_CORRUPT;
}

static gboolean
read_names (DmsPlayer *player, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (
      player->db,
      "SELECT id, kind, number, text FROM name WHERE run = ? AND id > ? ORDER BY id",
      -1,
      &statement,
      NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, player->run);
      sqlite3_bind_int64 (statement, 2, (sqlite3_int64)dms_names_count (player->names));
    }
  while (code == SQLITE_OK && (code = sqlite3_step (statement)) == SQLITE_ROW)
    code = take_name (player, statement);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE || dms_player_fail_sqlite (player, code, error);
}

/* ---- growth
 * ------------------------------------------------------------------------------------
 */

/* Statements that give no row. */
static gboolean
run_statement (DmsPlayer *player, DmsPlayerStatement which, GError **error)
{
  sqlite3_stmt *statement = dms_player_statement (player, which);
  int code = sqlite3_step (statement);
  sqlite3_reset (statement);
  return code == SQLITE_DONE || dms_player_fail_sqlite (player, code, error);
}

static gboolean
read_version (DmsPlayer *player, gint64 *ret_version, GError **error)
{
  sqlite3_stmt *statement = dms_player_statement (player, DMS_PLAYER_VERSION);
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    *ret_version = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return code == SQLITE_ROW || dms_player_fail_sqlite (player, code, error);
}

static gboolean
load_all (DmsPlayer *player, GError **error)
{
  return read_run (player, error) && read_names (player, error)
         && dms_player_load_events (player, error);
}

/* All of it as of one commit; the read transaction ends with the call. */
static gboolean
load (DmsPlayer *player, GError **error)
{
  gint64 version = 0;

  if (!read_version (player, &version, error)
      || !run_statement (player, DMS_PLAYER_BEGIN, error))
    return FALSE;
  gboolean is_loaded = load_all (player, error);
  if (!run_statement (player, DMS_PLAYER_END, is_loaded ? error : NULL))
    return FALSE;
  player->data_version = version;
  return is_loaded;
}

/* While somebody reads along, who recorded cannot bring the file into the form of one
 * single file. So the reader that has seen it end does that, once, instead. */
static gboolean
finish_file (DmsPlayer *player, GError **error)
{
  sqlite3 *db = NULL;

  close_database (player);
  if (sqlite3_open_v2 (
          player->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL)
      == SQLITE_OK)
    {
      /* When others read as well the last of them does it. */
      sqlite3_busy_timeout (db, 200);
      sqlite3_exec (db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    }
  sqlite3_close (db);
  player->was_recording = FALSE;
  gint64 version = 0;
  if (!connect_file (player, error) || !read_version (player, &version, error))
    return FALSE;
  player->data_version = version;
  return TRUE;
}

/* A reader of a trace that grows fast would do nothing else if it made all that the
 * recorder makes as well, a second later: so it makes some, and waits for the rest. */
static void
allow_indexing (DmsPlayer *player)
{
  enum
  {
    EVENTS_WHILE_GROWING = 8000
  };

  player->may_index
      = dms_player_is_recording (player) ? EVENTS_WHILE_GROWING : G_MAXUINT64;
}

gboolean
dms_player_poll (DmsPlayer *player, gboolean *ret_changed, GError **error)
{
  gint64 version = 0;

  if (ret_changed != NULL)
    *ret_changed = FALSE;
  allow_indexing (player);
  if (player->was_recording && player->writer == NULL)
    return finish_file (player, error);
  if (!read_version (player, &version, error))
    return FALSE;
  if (version == player->data_version)
    return TRUE;
  if (!load (player, error))
    return FALSE;
  if (ret_changed != NULL)
    *ret_changed = TRUE;
  return TRUE;
}

/* ---- life
 * ----------------------------------------------------------------------------------------
 */

static gboolean
make_cursor (DmsPlayer *player, GError **error)
{
  DmsTimelineSource source = dms_player_source_of_events (player);

  player->names = dms_names_new ();
  player->timeline = dms_timeline_new (&source);
  if (player->names == NULL || player->timeline == NULL)
    return dms_trace_fail_status (error, DMS_ERROR_NO_MEMORY, player->path, 0);
  return TRUE;
}

/* As connect_file(). A trace that was begun a moment ago has all it has in its log. */
static gboolean
connect_first (DmsPlayer *player, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (connect_file (player, &reason))
    return TRUE;
  if (player->is_immutable
      && g_error_matches (reason, DMS_TRACE_ERROR, DMS_TRACE_ERROR_NOT_TRACE))
    return dms_trace_fail (
        error,
        DMS_TRACE_ERROR_OPEN,
        player->path,
        "what was recorded is still in the -wal file beside it, which cannot be seen "
        "here; the folder of both is needed, or the trace once it is closed");
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

DmsPlayer *
dms_player_open (const char *path, GError **error)
{
  g_autoptr (DmsPlayer) player = g_new0 (DmsPlayer, 1);

  player->path = g_strdup (path);
  player->directory = g_array_new (FALSE, FALSE, sizeof (DmsPlayerChunk));
  player->keyframe = g_byte_array_new ();
  if (!make_cursor (player, error) || !connect_first (player, error)
      || !read_uuid (player, error) || !load (player, error))
    return NULL;
  player->was_recording = dms_player_is_recording (player);
  allow_indexing (player);
  return g_steal_pointer (&player);
}

void
dms_player_free (DmsPlayer *player)
{
  if (player == NULL)
    return;
  close_database (player);
  dms_player_drop_chunks (player);
  dms_timeline_free (player->timeline);
  dms_timeline_free (player->side);
  dms_player_index_free (player->index);
  dms_names_free (player->names);
  dms_run_info_clear (&player->info);
  g_clear_error (&player->failure);
  g_clear_pointer (&player->tail, g_bytes_unref);
  g_byte_array_unref (player->keyframe);
  g_array_unref (player->directory);
  g_free (player->writer);
  g_free (player->uuid);
  g_free (player->path);
  g_free (player);
}
