/* dms-schema.h — the tables of a trace: made by the recorder, checked by the player
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-trace.h"

#include <sqlite3.h>

/* "DmaT", so that `file` and desktops can tell a trace from other SQLite files. */
#define DMS_SCHEMA_APPLICATION_ID 0x446d6154

/* PRAGMA user_version. Each number with the reason why it came to be; a new one needs a
 * stored trace of the old one in tests/fixtures and a way to read it. */
typedef enum
{
  DMS_SCHEMA_VERSION_1 = 1, /* the first */
  DMS_SCHEMA_VERSION = DMS_SCHEMA_VERSION_1
} DmsSchemaVersion;

/* Makes all tables in the empty database @db; an SQLite result code. */
int dms_schema_create (sqlite3 *db);
/* Whether @db is a trace that this program reads, and nothing else is in its schema. */
gboolean dms_schema_check (sqlite3 *db, const char *path, GError **error);
/* Whether @name is one of the tables of a trace. */
gboolean dms_schema_is_table (const char *name);
