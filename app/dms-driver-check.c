/* dms-driver-check.c — which names in the sources of a driver are not in our headers
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-driver-check.h"

#include "app/dms-c-tokens.h"

#include <gio/gio.h>

#include <string.h>

/* Bounds against input that is no driver. */
#define FILE_BYTES_MAX (8 * 1024 * 1024)
#define FILES_MAX 256

typedef struct
{
  const char *path;
  GArray *tokens;
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_array_unref (source->tokens);
  g_free (source);
}

static void
missing_free (gpointer data)
{
  DmsMissingName *missing = data;

  g_array_unref (missing->lines);
  g_free (missing);
}

DmsDriverCheck *
dms_driver_check_new (void)
{
  DmsDriverCheck *check = g_new0 (DmsDriverCheck, 1);

  check->strings = g_string_chunk_new (4096);
  check->files = g_ptr_array_new_with_free_func (source_free);
  check->defined = g_hash_table_new (g_str_hash, g_str_equal);
  check->missing = g_ptr_array_new_with_free_func (missing_free);
  return check;
}

void
dms_driver_check_free (DmsDriverCheck *check)
{
  if (!check)
    return;
  g_ptr_array_unref (check->files);
  g_hash_table_unref (check->defined);
  g_ptr_array_unref (check->missing);
  g_string_chunk_free (check->strings);
  g_free (check);
}

/* ---- what a file defines ---- */

static const DmsToken *
token_at (const GArray *tokens, gint64 i)
{
  static const DmsToken none = { DMS_TOKEN_OTHER, "", 0 };

  return i < 0 || i >= (gint64)tokens->len ? &none
                                           : &g_array_index (tokens, DmsToken, i);
}

static gboolean
is_mark (const DmsToken *token, const char *marks)
{
  return token->kind == DMS_TOKEN_PUNCTUATION && token->text[1] == '\0'
         && strchr (marks, token->text[0]) != NULL;
}

/* Words that end no type: what follows them is used, not declared. */
static gboolean
is_keyword (const char *word)
{
  static const char *const keywords[]
      = { "return", "else", "do", "case", "goto", "sizeof", "typeof", "defined" };

  for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (strcmp (word, keywords[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_type_end (const DmsToken *token)
{
  return token->kind == DMS_TOKEN_WORD && !is_keyword (token->text);
}

/* Whether the word at @i is declared there: it stands behind a type, it names a struct,
 * it is listed in an enum, it is a label … */
static gboolean
is_declared (const GArray *tokens, gint64 i, int depth)
{
  const DmsToken *before = token_at (tokens, i - 1);
  const DmsToken *behind = token_at (tokens, i + 1);
  gint64 stars = i - 1;

  if (before->kind == DMS_TOKEN_WORD
      && (strcmp (before->text, "struct") == 0 || strcmp (before->text, "union") == 0
          || strcmp (before->text, "enum") == 0))
    return is_mark (behind, "{;");
  if (is_type_end (before))
    return is_mark (behind, ";,=[():");
  if (is_mark (before, "}") && is_mark (behind, ";,["))
    return TRUE;
  if (is_mark (behind, ":") && is_mark (before, ";{}"))
    return TRUE;
  if (depth == 0 && is_mark (before, ",{") && is_mark (behind, ",}=;["))
    return TRUE;
  while (is_mark (token_at (tokens, stars), "*"))
    stars--;
  if (stars == i - 1)
    return FALSE;
  before = token_at (tokens, stars);
  /* PFOO *Bar; and , *Bar; and (*Routine) (…) */
  if (is_type_end (before) || (is_mark (before, ",}") && depth == 0))
    return is_mark (behind, ";,=[()");
  return is_mark (before, "(") && is_mark (behind, ")")
         && is_mark (token_at (tokens, i + 2), "(");
}

static void
collect_defined (DmsDriverCheck *check, const GArray *tokens)
{
  int depth = 0;

  for (guint i = 0; i < tokens->len; i++)
    {
      const DmsToken *token = &g_array_index (tokens, DmsToken, i);

      if (is_mark (token, "("))
        depth++;
      else if (is_mark (token, ")") && depth > 0)
        depth--;
      else if (is_mark (token, ";"))
        depth = 0;
      if (token->kind == DMS_TOKEN_DEFINED
          || (token->kind == DMS_TOKEN_WORD && is_declared (tokens, i, depth)))
        g_hash_table_add (check->defined, (gpointer)token->text);
    }
}

/* ---- reading ---- */

static gboolean
has_file (const DmsDriverCheck *check, const char *path)
{
  for (guint i = 0; i < check->files->len; i++)
    if (strcmp (((Source *)g_ptr_array_index (check->files, i))->path, path) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_file (const char *path, char **ret_text, gsize *ret_length, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree char *text = NULL;

  if (!stream)
    return FALSE;
  text = g_malloc (FILE_BYTES_MAX + 1);
  if (!g_input_stream_read_all (
          G_INPUT_STREAM (stream), text, FILE_BYTES_MAX + 1, ret_length, NULL, error))
    return FALSE;
  if (*ret_length > FILE_BYTES_MAX)
    {
      g_set_error (error,
                   G_FILE_ERROR,
                   G_FILE_ERROR_INVAL,
                   "it has more than %d bytes, too many for a source",
                   FILE_BYTES_MAX);
      return FALSE;
    }
  *ret_text = g_steal_pointer (&text);
  return TRUE;
}

/* A header lies beside the file, or its path begins where we stand. */
static void
add_included (DmsDriverCheck *check, const char *path, const GArray *tokens)
{
  g_autofree char *folder = g_path_get_dirname (path);

  for (guint i = 0; i < tokens->len; i++)
    {
      const DmsToken *token = &g_array_index (tokens, DmsToken, i);
      g_autofree char *beside = NULL;

      if (token->kind != DMS_TOKEN_OWN_HEADER)
        continue;
      beside = strcmp (folder, ".") == 0 ? g_strdup (token->text)
                                         : g_build_filename (folder, token->text, NULL);
      if (g_file_test (beside, G_FILE_TEST_IS_REGULAR))
        (void)dms_driver_check_add (check, beside, NULL);
      else if (g_file_test (token->text, G_FILE_TEST_IS_REGULAR))
        (void)dms_driver_check_add (check, token->text, NULL);
    }
}

gboolean
dms_driver_check_add (DmsDriverCheck *check, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  Source *source;

  if (has_file (check, path) || check->files->len >= FILES_MAX)
    return TRUE;
  if (!read_file (path, &text, &length, error))
    {
      if (error)
        g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  source = g_new0 (Source, 1);
  source->path = g_string_chunk_insert_const (check->strings, path);
  source->tokens = dms_c_tokens (text, length, check->strings);
  g_ptr_array_add (check->files, source);
  collect_defined (check, source->tokens);
  add_included (check, source->path, source->tokens);
  return TRUE;
}

/* ---- what is missing ---- */

/* Names of Windows begin with a capital, its annotations with an underscore and one. */
static gboolean
looks_foreign (const char *word)
{
  return g_ascii_isupper (word[0]) || (word[0] == '_' && g_ascii_isupper (word[1]));
}

/* Those that C itself has, such as _Bool, are in no header. */
static gboolean
is_of_language (const char *word)
{
  static const char *const words[]
      = { "_Alignas",  "_Alignof",       "_Atomic",       "_Bool",   "_Generic",
          "_Noreturn", "_Static_assert", "_Thread_local", "_Complex" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (word, words[i]) == 0)
      return TRUE;
  return FALSE;
}

static DmsNameUse
use_of (const GArray *tokens, gint64 i)
{
  const DmsToken *before = token_at (tokens, i - 1);
  gboolean is_called = is_mark (token_at (tokens, i + 1), "(");

  if (token_at (tokens, i)->kind == DMS_TOKEN_SYSTEM_HEADER)
    return DMS_NAME_USE_HEADER;
  /* A routine of DMA_OPERATIONS is called behind an arrow: then it is a routine too. */
  if (before->kind == DMS_TOKEN_PUNCTUATION
      && (strcmp (before->text, "->") == 0 || strcmp (before->text, ".") == 0))
    return DMS_NAME_USE_MEMBER;
  return is_called ? DMS_NAME_USE_ROUTINE : DMS_NAME_USE_OTHER;
}

static void
add_missing (DmsDriverCheck *check,
             GHashTable *of_file,
             const char *file,
             const DmsToken *token,
             DmsNameUse use)
{
  DmsMissingName *missing = g_hash_table_lookup (of_file, token->text);

  if (!missing)
    {
      missing = g_new0 (DmsMissingName, 1);
      *missing = (DmsMissingName){
        file, token->text, use, g_array_new (FALSE, FALSE, sizeof (guint))
      };
      g_hash_table_insert (of_file, (gpointer)token->text, missing);
      g_ptr_array_add (check->missing, missing);
    }
  if (missing->lines->len == 0
      || g_array_index (missing->lines, guint, missing->lines->len - 1) != token->line)
    g_array_append_val (missing->lines, token->line);
}

/* Headers of Windows that ours take the place of, and those of C. */
static gboolean
is_known_header (const char *name)
{
  static const char *const known[]
      = { "wdm.h",    "ntddk.h",  "ntifs.h",    "assert.h",   "ctype.h",   "errno.h",
          "limits.h", "stdarg.h", "stdbool.h",  "stddef.h",   "stdint.h",  "stdio.h",
          "stdlib.h", "string.h", "inttypes.h", "stdalign.h", "dmascope.h" };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (name, known[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_missing (const DmsDriverCheck *check, const DmsToken *token)
{
  if (token->kind == DMS_TOKEN_SYSTEM_HEADER)
    return !is_known_header (token->text);
  return token->kind == DMS_TOKEN_WORD && looks_foreign (token->text)
         && !is_of_language (token->text) && !dms_driver_name_is_there (token->text)
         && !g_hash_table_contains (check->defined, token->text);
}

void
dms_driver_check_run (DmsDriverCheck *check)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < check->files->len; i++)
    {
      const Source *source = g_ptr_array_index (check->files, i);
      g_autoptr (GHashTable) of_file = g_hash_table_new (g_str_hash, g_str_equal);

      for (guint k = 0; k < source->tokens->len; k++)
        {
          const DmsToken *token = &g_array_index (source->tokens, DmsToken, k);

          if (token->kind == DMS_TOKEN_WORD && looks_foreign (token->text))
            g_hash_table_add (seen, (gpointer)token->text);
          if (is_missing (check, token))
            add_missing (
                check, of_file, source->path, token, use_of (source->tokens, k));
        }
    }
  check->n_words = g_hash_table_size (seen);
}
