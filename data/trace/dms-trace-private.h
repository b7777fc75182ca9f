/* dms-trace-private.h — what the files of this folder share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-trace.h"

#include <sqlite3.h>

/* Unread lines that are kept; more are only counted. */
#define DMS_TRACE_UNREAD_MAX 1000u
#define DMS_TRACE_LINE_MAX 4096u
/* Text of one driver source, one scenario … */
#define DMS_TRACE_TEXT_MAX (16u * 1024u * 1024u)

/* Sets "PATH: what is wrong" and returns FALSE. */
gboolean dms_trace_fail (GError **error,
                         DmsTraceError code,
                         const char *path,
                         const char *format,
                         ...) G_GNUC_PRINTF (4, 5);
/* The same for an SQLite result code of @db, which may be NULL. */
gboolean
dms_trace_fail_sqlite (GError **error, sqlite3 *db, int code, const char *path);
/* The same for a status of the core; @seq is the event that was worked on. */
gboolean
dms_trace_fail_status (GError **error, DmsStatus status, const char *path, guint64 seq);
/* Runs a statement that gives one number. */
gboolean dms_trace_pragma_int (
    sqlite3 *db, const char *path, const char *sql, gint64 *ret_value, GError **error);
void dms_run_info_copy (DmsRunInfo *to, const DmsRunInfo *from);

/* Who is recording, for run.writer: this boot, process, its start and the namespace in
 * which the process has that number. */
char *dms_trace_writer (void);

typedef enum
{
  DMS_WRITER_GONE,
  DMS_WRITER_LIVES,
  DMS_WRITER_HIDDEN /* outside of the sandbox that this process is in: nobody knows */
} DmsWriterLife;
/* What is known of the process that dms_trace_writer() named. */
DmsWriterLife dms_trace_writer_life (const char *writer);
