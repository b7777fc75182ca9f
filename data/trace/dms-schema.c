/* dms-schema.c — the tables of a trace
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-schema.h"

#include "data/trace/dms-trace-private.h"

#include <string.h>

typedef struct
{
  const char *type;
  const char *name;
  const char *sql; /* exactly as sqlite_schema keeps it */
} Entry;

#define TABLE(name, rest)                                                              \
  {                                                                                    \
    "table", name, "CREATE TABLE " name " " rest                                       \
  }

/* The text is compared with what a file holds, so it may change only with the version.
 */
static const Entry entries[] = {
  TABLE ("meta",
         "(\n"
         "  key TEXT NOT NULL PRIMARY KEY,\n"
         "  value TEXT NOT NULL\n"
         ") STRICT, WITHOUT ROWID"),
  TABLE ("run",
         "(\n"
         "  run INTEGER PRIMARY KEY,\n"
         "  parent_run INTEGER NOT NULL, -- 0: none\n"
         "  parent_seq INTEGER NOT NULL,\n"
         "  kind INTEGER NOT NULL, -- 1 simulation, 2 ftrace text\n"
         "  engine TEXT NOT NULL, -- version of Dmascope that wrote it\n"
         "  title TEXT,\n"
         "  origin TEXT,\n"
         "  scenario TEXT, -- JSON\n"
         "  system TEXT,\n"
         "  clock TEXT,\n"
         "  resolution_ns INTEGER NOT NULL,\n"
         "  read_lines INTEGER NOT NULL,\n"
         "  unread_lines INTEGER NOT NULL,\n"
         "  notes TEXT,\n"
         "  n_indexed INTEGER NOT NULL, -- events that lane and pyramid have\n"
         "  writer TEXT -- who is recording; NULL once closed\n"
         ") STRICT"),
  TABLE ("name",
         "(\n"
         "  run INTEGER NOT NULL,\n"
         "  id INTEGER NOT NULL,\n"
         "  kind INTEGER NOT NULL, -- 1 device, 2 task, 3 routine, 4 file, 5 buffer, 6 "
         "text\n"
         "  number INTEGER NOT NULL, -- pid of a task\n"
         "  text TEXT NOT NULL,\n"
         "  PRIMARY KEY (run, id)\n"
         ") STRICT, WITHOUT ROWID"),
  TABLE ("source",
         "(\n"
         "  run INTEGER NOT NULL,\n"
         "  name TEXT NOT NULL,\n"
         "  text TEXT NOT NULL,\n"
         "  PRIMARY KEY (run, name)\n"
         ") STRICT"),
  TABLE ("chunk",
         "(\n"
         "  id INTEGER PRIMARY KEY,\n"
         "  run INTEGER NOT NULL,\n"
         "  first_seq INTEGER NOT NULL,\n"
         "  n INTEGER NOT NULL,\n"
         "  first_step INTEGER NOT NULL,\n"
         "  last_step INTEGER NOT NULL,\n"
         "  t0 INTEGER NOT NULL, -- least and greatest time, ns\n"
         "  t1 INTEGER NOT NULL,\n"
         "  kinds_low INTEGER NOT NULL, -- bit k: has kind k\n"
         "  kinds_high INTEGER NOT NULL, -- bit k: has kind 64 + k\n"
         "  devices INTEGER NOT NULL, -- bit d: has a device with name id % 64 = d\n"
         "  data BLOB NOT NULL\n"
         ") STRICT"),
  { "index",
    "chunk_directory",
    "CREATE UNIQUE INDEX chunk_directory ON chunk\n"
    "  (run, first_seq, n, first_step, last_step, t0, t1, kinds_low, kinds_high, "
    "devices)" },
  TABLE ("tail",
         "(\n"
         "  run INTEGER PRIMARY KEY,\n"
         "  first_seq INTEGER NOT NULL,\n"
         "  n INTEGER NOT NULL,\n"
         "  first_step INTEGER NOT NULL,\n"
         "  last_step INTEGER NOT NULL,\n"
         "  t0 INTEGER NOT NULL,\n"
         "  t1 INTEGER NOT NULL,\n"
         "  kinds_low INTEGER NOT NULL,\n"
         "  kinds_high INTEGER NOT NULL,\n"
         "  devices INTEGER NOT NULL,\n"
         "  data BLOB NOT NULL\n"
         ") STRICT"),
  TABLE ("keyframe",
         "(\n"
         "  run INTEGER NOT NULL,\n"
         "  seq INTEGER NOT NULL,\n"
         "  data BLOB NOT NULL,\n"
         "  PRIMARY KEY (run, seq)\n"
         ") STRICT"),
  TABLE ("mapping",
         "(\n"
         "  run INTEGER NOT NULL,\n"
         "  block INTEGER NOT NULL, -- mappings with id / 256 = block\n"
         "  data BLOB NOT NULL,\n"
         "  PRIMARY KEY (run, block)\n"
         ") STRICT"),
  TABLE ("lane",
         "(\n"
         "  run INTEGER NOT NULL,\n"
         "  lane INTEGER NOT NULL,\n"
         "  kind INTEGER NOT NULL,\n"
         "  device INTEGER NOT NULL,\n"
         "  PRIMARY KEY (run, lane)\n"
         ") STRICT, WITHOUT ROWID"),
  TABLE ("pyramid",
         "(\n"
         "  run INTEGER NOT NULL,\n"
         "  lane INTEGER NOT NULL,\n"
         "  level INTEGER NOT NULL,\n"
         "  block INTEGER NOT NULL,\n"
         "  n INTEGER NOT NULL,\n"
         "  data BLOB NOT NULL,\n"
         "  PRIMARY KEY (run, lane, level, block)\n"
         ") STRICT"),
  TABLE ("finding",
         "(\n"
         "  run INTEGER NOT NULL,\n"
         "  id INTEGER NOT NULL,\n"
         "  rule TEXT NOT NULL,\n"
         "  seq INTEGER NOT NULL,\n"
         "  other_seq INTEGER,\n"
         "  text TEXT NOT NULL,\n"
         "  PRIMARY KEY (run, id)\n"
         ") STRICT, WITHOUT ROWID"),
  TABLE ("note",
         "(\n"
         "  run INTEGER NOT NULL,\n"
         "  seq INTEGER NOT NULL,\n"
         "  text TEXT NOT NULL,\n"
         "  PRIMARY KEY (run, seq)\n"
         ") STRICT, WITHOUT ROWID"),
  TABLE ("unread",
         "(\n"
         "  run INTEGER NOT NULL,\n"
         "  number INTEGER NOT NULL,\n"
         "  line TEXT NOT NULL,\n"
         "  reason TEXT NOT NULL,\n"
         "  PRIMARY KEY (run, number)\n"
         ") STRICT, WITHOUT ROWID"),
};

gboolean
dms_schema_is_table (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    if (strcmp (entries[i].type, "table") == 0
        && g_ascii_strcasecmp (entries[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

int
dms_schema_create (sqlite3 *db)
{
  g_autofree char *marks
      = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                         DMS_SCHEMA_APPLICATION_ID,
                         DMS_SCHEMA_VERSION);
  int code = sqlite3_exec (db, marks, NULL, NULL, NULL);

  for (gsize i = 0; code == SQLITE_OK && i < G_N_ELEMENTS (entries); i++)
    code = sqlite3_exec (db, entries[i].sql, NULL, NULL, NULL);
  return code;
}

/* ---- the check --------------------------------------------------------- */

static gboolean
is_ours (const char *type, const char *name, const char *sql)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    if (g_strcmp0 (type, entries[i].type) == 0
        && g_strcmp0 (name, entries[i].name) == 0)
      return g_strcmp0 (sql, entries[i].sql) == 0;
  /* SQLite's own index behind a PRIMARY KEY. */
  return g_strcmp0 (type, "index") == 0 && sql == NULL && name != NULL
         && g_str_has_prefix (name, "sqlite_autoindex_");
}

static gboolean
check_marks (sqlite3 *db, const char *path, GError **error)
{
  gint64 id = 0;
  gint64 version = 0;

  if (!dms_trace_pragma_int (db, path, "PRAGMA application_id", &id, error)
      || !dms_trace_pragma_int (db, path, "PRAGMA user_version", &version, error))
    return FALSE;
  if (id != DMS_SCHEMA_APPLICATION_ID)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_NOT_TRACE,
                           path,
                           "this is an SQLite file of another program; a trace made by "
                           "Dmascope is needed");
  if (version > DMS_SCHEMA_VERSION)
    return dms_trace_fail (
        error,
        DMS_TRACE_ERROR_VERSION,
        path,
        "this trace has version %" G_GINT64_FORMAT
        " and was made by a newer Dmascope; this one reads up to version %d",
        version,
        (int)DMS_SCHEMA_VERSION);
  if (version < DMS_SCHEMA_VERSION_1)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_CORRUPT,
                           path,
                           "this trace has version %" G_GINT64_FORMAT
                           ", which never was; a number from 1 is needed",
                           version);
  return TRUE;
}

gboolean
dms_schema_check (sqlite3 *db, const char *path, GError **error)
{
  if (!check_marks (db, path, error))
    return FALSE;

  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (
      db, "SELECT type, name, sql FROM sqlite_schema", -1, &statement, NULL);
  gsize found = 0;
  gboolean is_clean = TRUE;
  g_autofree char *stranger = NULL;

  while (code == SQLITE_OK && is_clean
         && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const char *sql = (const char *)sqlite3_column_text (statement, 2);
      const char *name = (const char *)sqlite3_column_text (statement, 1);
      is_clean = is_ours ((const char *)sqlite3_column_text (statement, 0), name, sql);
      found += sql == NULL ? 0 : 1;
      if (!is_clean)
        stranger = g_utf8_make_valid (name == NULL ? "?" : name, -1);
      code = SQLITE_OK;
    }
  sqlite3_finalize (statement);
  if (!is_clean)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_CORRUPT,
                           path,
                           "“%.100s” in it is not what a trace holds; it is not opened",
                           stranger);
  if (code != SQLITE_DONE)
    return dms_trace_fail_sqlite (error, db, code, path);
  if (found != G_N_ELEMENTS (entries))
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_CORRUPT,
                           path,
                           "only %d of the %d tables of a trace are there",
                           (int)found,
                           (int)G_N_ELEMENTS (entries));
  return TRUE;
}
