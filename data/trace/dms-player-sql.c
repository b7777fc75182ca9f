/* dms-player-sql.c — one read-only statement of the user's over a trace
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player-private.h"

#include "data/trace/dms-trace-private.h"

/* A statement that runs longer is stopped. */
#define SECONDS_MAX 60
/* Steps of SQLite's machine between two looks at the clock. */
#define STEPS_BETWEEN 50000

static int
is_late (void *data)
{
  const gint64 *deadline_us = data;
  return g_get_monotonic_time () > *deadline_us;
}

static gboolean
fail_query (DmsPlayer *player, int code, GError **error)
{
  switch (code & 0xff)
    {
    case SQLITE_INTERRUPT:
      return dms_trace_fail (error,
                             DMS_TRACE_ERROR_CANCELLED,
                             player->path,
                             "the query was stopped after %d seconds",
                             SECONDS_MAX);
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      return dms_trace_fail (
          error,
          DMS_TRACE_ERROR_RANGE,
          player->path,
          "the query would do more than read the trace (%s); a SELECT is "
          "needed",
          sqlite3_errmsg (player->db));
    case SQLITE_ERROR:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return dms_trace_fail (error,
                             DMS_TRACE_ERROR_RANGE,
                             player->path,
                             "the query cannot be run: %s",
                             sqlite3_errmsg (player->db));
    default:
      return dms_player_fail_sqlite (player, code, error);
    }
}

static sqlite3_stmt *
prepare (DmsPlayer *player, const char *query, GError **error)
{
  sqlite3_stmt *statement = NULL;
  sqlite3_stmt *second = NULL;
  const char *rest = NULL;

  player->is_query = TRUE;
  int code = sqlite3_prepare_v2 (player->db, query, -1, &statement, &rest);
  if (code == SQLITE_OK && statement != NULL)
    code = sqlite3_prepare_v2 (player->db, rest, -1, &second, NULL);
  player->is_query = FALSE;

  gboolean has_second = second != NULL;
  sqlite3_finalize (second);
  if (code != SQLITE_OK)
    fail_query (player, code, error);
  else if (statement == NULL || has_second)
    dms_trace_fail (error,
                    DMS_TRACE_ERROR_RANGE,
                    player->path,
                    "the query has %s; exactly one is needed",
                    has_second ? "more than one statement" : "no statement");
  else if (!sqlite3_stmt_readonly (statement))
    fail_query (player, SQLITE_READONLY, error);
  else
    return statement;
  sqlite3_finalize (statement);
  return NULL;
}

static char *
blob_text (const guint8 *bytes, int length)
{
  GString *text = g_string_sized_new ((gsize)length * 2 + 1);
  for (int i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

/* NULL for NULL; blobs as hexadecimal digits; texts of others made valid. */
static char *
column_text (sqlite3_stmt *statement, int column)
{
  int type = sqlite3_column_type (statement, column);

  if (type == SQLITE_NULL)
    return NULL;
  if (type == SQLITE_BLOB)
    return blob_text (sqlite3_column_blob (statement, column),
                      sqlite3_column_bytes (statement, column));
  const char *text = (const char *)sqlite3_column_text (statement, column);
  return g_utf8_make_valid (text == NULL ? "" : text, -1);
}

static gboolean
give_row (sqlite3_stmt *statement,
          const GPtrArray *names,
          DmsPlayerRow row,
          gpointer data)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (values, column_text (statement, (int)i));
  return row ((int)names->len,
              (const char *const *)names->pdata,
              (const char *const *)values->pdata,
              data);
}

static int
run (sqlite3_stmt *statement, DmsPlayerRow row, gpointer data)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < sqlite3_column_count (statement); i++)
    g_ptr_array_add (names, g_strdup (sqlite3_column_name (statement, i)));
  for (;;)
    {
      int code = sqlite3_step (statement);
      if (code != SQLITE_ROW)
        return code;
      if (!give_row (statement, names, row, data))
        return SQLITE_DONE;
    }
}

gboolean
dms_player_sql (DmsPlayer *player,
                const char *query,
                DmsPlayerRow row,
                gpointer data,
                GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + SECONDS_MAX * G_USEC_PER_SEC;
  sqlite3_stmt *statement = prepare (player, query, error);
  if (statement == NULL)
    return FALSE;

  sqlite3_progress_handler (player->db, STEPS_BETWEEN, is_late, &deadline_us);
  int code = run (statement, row, data);
  gboolean is_done = code == SQLITE_DONE || fail_query (player, code, error);
  sqlite3_finalize (statement);
  sqlite3_progress_handler (player->db, 0, NULL, NULL);
  return is_done;
}
