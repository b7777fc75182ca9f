/* dms-trace.c — what recorder and player share: errors, run facts, who is writing
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-trace.h"

#include "data/trace/dms-trace-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (dms - trace - error - quark, dms_trace_error)

/* ---- errors ------------------------------------------------------------ */

static char *
name_of (const char *path)
{
  return path == NULL ? g_strdup ("trace") : g_filename_display_name (path);
}

gboolean
dms_trace_fail (
    GError **error, DmsTraceError code, const char *path, const char *format, ...)
{
  g_autofree char *name = name_of (path);
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, DMS_TRACE_ERROR, (int)code, "%s: %s", name, text);
  return FALSE;
}

/* What the system said last to @db, 0 when nothing. */
static int
system_error (sqlite3 *db)
{
  return db == NULL ? 0 : sqlite3_system_errno (db);
}

static gboolean
fail_io (GError **error, sqlite3 *db, int code, const char *path)
{
  int number = system_error (db);

  if (number == ENOSPC || number == EDQUOT || number == EFBIG)
    return dms_trace_fail (
        error,
        DMS_TRACE_ERROR_NO_SPACE,
        path,
        "the disk is full; everything up to the last commit is kept");
  if (code == SQLITE_IOERR_SHORT_READ)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_CORRUPT,
                           path,
                           "the file is cut short; a whole copy is needed");
  return dms_trace_fail (error,
                         DMS_TRACE_ERROR_WRITE,
                         path,
                         "%s (%s)",
                         number == 0 ? "the disk reports an error"
                                     : g_strerror (number),
                         sqlite3_errstr (code));
}

gboolean
dms_trace_fail_sqlite (GError **error, sqlite3 *db, int code, const char *path)
{
  int extended = db == NULL ? code : sqlite3_extended_errcode (db);
  if ((extended & 0xff) != (code & 0xff))
    extended = code;

  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return dms_trace_fail (
          error,
          DMS_TRACE_ERROR_NO_SPACE,
          path,
          "the disk is full; everything up to the last commit is kept");
    case SQLITE_IOERR:
      return fail_io (error, db, extended, path);
    case SQLITE_NOTADB:
      return dms_trace_fail (error,
                             DMS_TRACE_ERROR_NOT_TRACE,
                             path,
                             "this is no trace; a file made by Dmascope is needed");
    case SQLITE_CORRUPT:
      return dms_trace_fail (
          error,
          DMS_TRACE_ERROR_CORRUPT,
          path,
          "the trace is damaged or cut short; a whole copy is needed");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return dms_trace_fail (error,
                             DMS_TRACE_ERROR_OPEN,
                             path,
                             "cannot be opened: %s",
                             system_error (db) == 0 ? sqlite3_errstr (code)
                                                    : g_strerror (system_error (db)));
    case SQLITE_READONLY:
      return dms_trace_fail (
          error,
          DMS_TRACE_ERROR_WRITE,
          path,
          "cannot be written; choose a folder that you may write to");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return dms_trace_fail (
          error,
          DMS_TRACE_ERROR_OPEN,
          path,
          "another program is writing it; try again when it has ended");
    case SQLITE_INTERRUPT:
      return dms_trace_fail (error, DMS_TRACE_ERROR_CANCELLED, path, "cancelled");
    case SQLITE_NOMEM:
      return dms_trace_fail (
          error, DMS_TRACE_ERROR_OPEN, path, "there is not enough memory");
    default:
      return dms_trace_fail (error,
                             DMS_TRACE_ERROR_CORRUPT,
                             path,
                             "%s",
                             db == NULL ? sqlite3_errstr (code) : sqlite3_errmsg (db));
    }
}

gboolean
dms_trace_fail_status (GError **error, DmsStatus status, const char *path, guint64 seq)
{
  if (status == DMS_ERROR_NO_MEMORY)
    return dms_trace_fail (
        error, DMS_TRACE_ERROR_OPEN, path, "there is not enough memory");
  if (status == DMS_ERROR_END || status == DMS_ERROR_RANGE)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_RANGE,
                           path,
                           "there is no event %" G_GUINT64_FORMAT,
                           seq);
  return dms_trace_fail (error,
                         DMS_TRACE_ERROR_CORRUPT,
                         path,
                         "the trace is damaged near event %" G_GUINT64_FORMAT ": %s",
                         seq,
                         dms_status_text (status));
}

gboolean
dms_trace_pragma_int (
    sqlite3 *db, const char *path, const char *sql, gint64 *ret_value, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    *ret_value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return code == SQLITE_ROW ? TRUE : dms_trace_fail_sqlite (error, db, code, path);
}

/* ---- facts about a run ------------------------------------------------- */

void
dms_run_info_clear (DmsRunInfo *info)
{
  g_free (info->title);
  g_free (info->origin);
  g_free (info->scenario);
  g_free (info->system);
  g_free (info->clock);
  g_free (info->notes);
  *info = (DmsRunInfo){ 0 };
}

void
dms_run_info_copy (DmsRunInfo *to, const DmsRunInfo *from)
{
  *to = *from;
  to->title = g_strdup (from->title);
  to->origin = g_strdup (from->origin);
  to->scenario = g_strdup (from->scenario);
  to->system = g_strdup (from->system);
  to->clock = g_strdup (from->clock);
  to->notes = g_strdup (from->notes);
}

/* ---- who is writing ---------------------------------------------------- */

/* Field 22 of /proc/PID/stat: when the process began. A process that came later under
 * the same number has another one. */
static char *
process_start (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  /* The second field is a name in parentheses that may hold blanks. */
  const char *rest = strrchr (text, ')');
  g_auto (GStrv) fields = g_strsplit (rest == NULL ? "" : rest, " ", 22);
  return g_strv_length (fields) > 20 ? g_strdup (fields[20]) : NULL;
}

static char *
boot_id (void)
{
  char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
    return g_strdup ("?");
  return g_strstrip (text);
}

/* "pid:[4026531836]" */
static char *
process_namespace (void)
{
  return g_file_read_link ("/proc/self/ns/pid", NULL);
}

char *
dms_trace_writer (void)
{
  g_autofree char *boot = boot_id ();
  g_autofree char *pid = g_strdup_printf ("%ld", (long)getpid ());
  g_autofree char *start = process_start (pid);
  g_autofree char *space = process_namespace ();

  return g_strdup_printf ("%s %s %s %s",
                          boot,
                          pid,
                          start == NULL ? "?" : start,
                          space == NULL ? "?" : space);
}

DmsWriterLife
dms_trace_writer_life (const char *writer)
{
  g_auto (GStrv) words = g_strsplit (writer, " ", 5);
  guint n = g_strv_length (words);
  if (n < 3 || n > 4 || strspn (words[1], "0123456789") != strlen (words[1]))
    return DMS_WRITER_GONE;

  g_autofree char *boot = boot_id ();
  if (strcmp (boot, words[0]) != 0)
    return DMS_WRITER_GONE;
  g_autofree char *space = process_namespace ();
  if (n == 4 && g_strcmp0 (space, words[3]) != 0)
    return DMS_WRITER_HIDDEN;
  g_autofree char *start = process_start (words[1]);
  return start != NULL && strcmp (start, words[2]) == 0 ? DMS_WRITER_LIVES
                                                        : DMS_WRITER_GONE;
}
