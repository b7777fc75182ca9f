/* dms-open.c — a file becomes a trace that can be played, whatever form it has
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-open-private.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <string.h>

#define HEAD_BYTES 65536
#define SQLITE_MAGIC "SQLite format 3" /* with its NUL 16 bytes */

/* A temporary trace of NAME is …/dmascope-XXXXXX/NAME.dmatrace. */
#define PLACE_NAME "dmascope-"
#define PLACE_RANDOM "XXXXXX"
#define PLACE_TAIL ".dmatrace"

#define WHAT_OPENS                                                                     \
  "a Dmascope trace, a scenario (JSON that begins with {) or the text of an ftrace "   \
  "recording is needed"

struct DmsOpened
{
  DmsPlayer *player;
  char *place; /* of a temporary trace, else NULL */
  DmsOpenResult result;
};

G_DEFINE_QUARK (dms - open - error - quark, dms_open_error)

void
dms_open_adopt_error (GError **error, DmsOpenError code, GError *lower)
{
  g_set_error_literal (error, DMS_OPEN_ERROR, code, lower->message);
  g_error_free (lower);
}

gboolean
dms_open_check_cancelled (GCancellable *cancellable, GError **error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return TRUE;
  g_set_error_literal (
      error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_CANCELLED, "opening was cancelled");
  return FALSE;
}

const char *
dms_open_request_name (const DmsOpenRequest *request)
{
  return request->path ? request->path : request->name;
}

/* ---- what a file is -------------------------------------------------------------- */

static gboolean
fail_input (GError **error, const char *path, const char *what)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_INPUT, "%s %s", name, what);
  return FALSE;
}

static gboolean
fail_unknown (GError **error, const char *path, const char *head, gsize length)
{
  const char *hint = dms_import_hint (head, length);
  g_autofree char *what = NULL;

  if (length == 0)
    return fail_input (error, path, "is empty; " WHAT_OPENS);
  if (hint == NULL)
    return fail_input (error, path, "is nothing that can be opened; " WHAT_OPENS);
  what = g_strdup_printf ("cannot be opened: %s", hint);
  return fail_input (error, path, what);
}

static gboolean
fail_errno (GError **error, const char *path, int reason)
{
  g_autofree char *what = g_strdup_printf ("cannot be read: %s", g_strerror (reason));

  return fail_input (error, path, what);
}

/* The first bytes of @path; what is no regular file cannot be read twice and is
 * refused. */
static gboolean
read_head (const char *path, char *head, gsize *ret_length, GError **error)
{
  GStatBuf about;
  FILE *file;
  gboolean is_read;

  if (g_stat (path, &about) != 0)
    return fail_errno (error, path, errno);
  if (S_ISDIR (about.st_mode))
    return fail_input (error, path, "is a folder; " WHAT_OPENS);
  if (!S_ISREG (about.st_mode))
    return fail_input (error, path, "is no regular file; " WHAT_OPENS);
  file = g_fopen (path, "rb");
  if (!file)
    return fail_errno (error, path, errno);
  *ret_length = fread (head, 1, HEAD_BYTES, file);
  is_read = !ferror (file);
  fclose (file);
  return is_read ? TRUE : fail_errno (error, path, EIO);
}

static gboolean
is_json_object (const char *head, gsize length)
{
  gsize at = length >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  while (at < length && g_ascii_isspace (head[at]))
    at++;
  return at < length && head[at] == '{';
}

/* A file whose name promises a form goes to that form's reader, which knows best what
 * is wrong with it. */
static DmsForm
form_of_name (const char *path)
{
  if (g_str_has_suffix (path, ".dmatrace"))
    return DMS_FORM_TRACE;
  return g_str_has_suffix (path, ".json") ? DMS_FORM_SCENARIO : DMS_FORM_UNKNOWN;
}

gboolean
dms_open_recognize (const char *path, DmsForm *ret_form, GError **error)
{
  g_autofree char *head = g_malloc (HEAD_BYTES);
  gsize length = 0;
  DmsForm form;

  if (!read_head (path, head, &length, error))
    return FALSE;
  if (length >= sizeof SQLITE_MAGIC
      && memcmp (head, SQLITE_MAGIC, sizeof SQLITE_MAGIC) == 0)
    form = DMS_FORM_TRACE;
  else if (is_json_object (head, length))
    form = DMS_FORM_SCENARIO;
  else if (dms_import_is_ftrace_text (head, length))
    form = DMS_FORM_FTRACE_TEXT;
  else
    form = form_of_name (path);
  if (form == DMS_FORM_UNKNOWN)
    return fail_unknown (error, path, head, length);
  *ret_form = form;
  return TRUE;
}

/* ---- temporary traces ------------------------------------------------------------ */

char *
dms_open_make_place (const char *name, GError **error)
{
  g_autoptr (GError) lower = NULL;
  g_autofree char *folder = g_dir_make_tmp (PLACE_NAME PLACE_RANDOM, &lower);
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *file = NULL;

  if (!folder)
    {
      dms_open_adopt_error (error, DMS_OPEN_ERROR_OUTPUT, g_steal_pointer (&lower));
      return NULL;
    }
  file = g_strconcat (base, PLACE_TAIL, NULL);
  return g_build_filename (folder, file, NULL);
}

void
dms_open_remove_trace (const char *path)
{
  static const char *const tails[] = { "", "-wal", "-shm", "-journal" };

  /* What is not there, or cannot go, is left: nobody is waiting for it. */
  for (gsize i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      g_autofree char *name = g_strconcat (path, tails[i], NULL);
      (void)g_unlink (name);
    }
}

void
dms_open_remove_place (const char *place)
{
  g_autofree char *folder = g_path_get_dirname (place);

  dms_open_remove_trace (place);
  (void)g_rmdir (folder);
}

char *
dms_open_readable_message (const char *message)
{
  g_autofree char *fixed = g_build_filename (g_get_tmp_dir (), PLACE_NAME, NULL);
  gsize length = strlen (fixed) + strlen (PLACE_RANDOM G_DIR_SEPARATOR_S);
  const char *name;
  const char *tail;

  if (!g_str_has_prefix (message, fixed) || strlen (message) <= length)
    return g_strdup (message);
  name = message + length;
  tail = strstr (name, PLACE_TAIL);
  if (!tail)
    return g_strdup (message);
  return g_strdup_printf (
      "%.*s%s", (int)(tail - name), name, tail + strlen (PLACE_TAIL));
}

/* ---- opening --------------------------------------------------------------------- */

static gboolean
open_player (DmsOpened *opened, const char *path, GError **error)
{
  GError *lower = NULL;

  opened->player = dms_player_open (path, &lower);
  if (!opened->player)
    {
      dms_open_adopt_error (error, DMS_OPEN_ERROR_INPUT, lower);
      return FALSE;
    }
  opened->result.n_events = dms_player_n_events (opened->player);
  return TRUE;
}

/* Whoever writes the file may change any of it at any time, and without the log there
 * is nothing to go by: a copy stays as it is. */
static gboolean
open_copy (DmsOpened *opened, const DmsOpenRequest *request, GError **error)
{
  g_autoptr (GFile) from = g_file_new_for_path (request->path);
  g_autoptr (GFile) to = NULL;
  GError *lower = NULL;

  g_clear_pointer (&opened->player, dms_player_free);
  opened->place = dms_open_make_place (request->path, error);
  if (!opened->place)
    return FALSE;
  to = g_file_new_for_path (opened->place);
  if (!g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &lower))
    {
      dms_open_adopt_error (error, DMS_OPEN_ERROR_OUTPUT, lower);
      return FALSE;
    }
  return open_player (opened, opened->place, error);
}

static gboolean
open_trace (DmsOpened *opened, const DmsOpenRequest *request, GError **error)
{
  opened->result.form = DMS_FORM_TRACE;
  if (!open_player (opened, request->path, error))
    return FALSE;
  opened->result.life = dms_player_life (opened->player);
  return opened->result.life != DMS_LIFE_OUT_OF_SIGHT
         || open_copy (opened, request, error);
}

static gboolean
open_form (DmsOpened *opened,
           const DmsOpenRequest *request,
           DmsForm form,
           GCancellable *cancellable,
           GError **error)
{
  if (form == DMS_FORM_TRACE)
    return open_trace (opened, request, error);
  opened->place = dms_open_make_place (dms_open_request_name (request), error);
  return opened->place
         && dms_open_record (
             request, opened->place, TRUE, &opened->result, cancellable, error)
         && open_player (opened, opened->place, error);
}

DmsOpened *
dms_open (const DmsOpenRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (DmsOpened) opened = g_new0 (DmsOpened, 1);
  DmsForm form = DMS_FORM_SCENARIO;

  g_return_val_if_fail (request->path || (request->text && request->name), NULL);

  if (request->path && !dms_open_recognize (request->path, &form, error))
    return NULL;
  if (!open_form (opened, request, form, cancellable, error))
    return NULL;
  return g_steal_pointer (&opened);
}

void
dms_opened_free (DmsOpened *opened)
{
  if (!opened)
    return;
  dms_player_free (opened->player);
  if (opened->place)
    dms_open_remove_place (opened->place);
  g_free (opened->place);
  g_free (opened);
}

DmsPlayer *
dms_opened_player (DmsOpened *opened)
{
  return opened->player;
}

const DmsOpenResult *
dms_opened_result (const DmsOpened *opened)
{
  return &opened->result;
}

gboolean
dms_opened_is_temporary (const DmsOpened *opened)
{
  return opened->place != NULL;
}
