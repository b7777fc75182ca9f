/* dms-c-tokens.c — the tokens of a C source, without any compiler
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-c-tokens.h"

#include <string.h>

typedef struct
{
  const char *at, *end;
  guint line;
  gboolean is_line_start; /* nothing but blanks since the line began */
  GStringChunk *strings;
  GArray *tokens;
} Scanner;

static char
look (const Scanner *scanner, gsize ahead)
{
  return (gsize)(scanner->end - scanner->at) > ahead ? scanner->at[ahead] : '\0';
}

static gboolean
is_word_start (char c)
{
  return g_ascii_isalpha (c) || c == '_';
}

static void
step (Scanner *scanner)
{
  if (*scanner->at == '\n')
    {
      scanner->line++;
      scanner->is_line_start = TRUE;
    }
  scanner->at++;
}

static void
add (Scanner *scanner, DmsTokenKind kind, const char *start, gsize length)
{
  DmsToken token = { .kind = kind, .line = scanner->line };

  /* Words longer than this are none. */
  token.text = g_string_chunk_insert_len (
      scanner->strings, start, (gssize)MIN (length, (gsize)255));
  g_array_append_val (scanner->tokens, token);
  scanner->is_line_start = FALSE;
}

/* A backslash before the end of a line joins it with the next one. */
static gboolean
skip_joint (Scanner *scanner)
{
  gsize n = look (scanner, 1) == '\r' ? 2 : 1;

  if (look (scanner, 0) != '\\' || look (scanner, n) != '\n')
    return FALSE;
  scanner->at += n + 1;
  scanner->line++;
  return TRUE;
}

static gboolean
skip_comment (Scanner *scanner)
{
  if (look (scanner, 0) != '/'
      || (look (scanner, 1) != '/' && look (scanner, 1) != '*'))
    return FALSE;

  gboolean is_line = look (scanner, 1) == '/';

  scanner->at += 2;
  while (scanner->at < scanner->end)
    {
      if (is_line && *scanner->at == '\n')
        return TRUE;
      if (is_line && skip_joint (scanner))
        continue;
      if (!is_line && look (scanner, 0) == '*' && look (scanner, 1) == '/')
        {
          scanner->at += 2;
          return TRUE;
        }
      /* A comment does not begin a line. */
      if (*scanner->at == '\n')
        scanner->line++;
      scanner->at++;
    }
  return TRUE;
}

/* A string or character; one that is not closed ends with its line. */
static void
take_quoted (Scanner *scanner)
{
  char quote = *scanner->at++;

  while (scanner->at < scanner->end && *scanner->at != '\n')
    {
      if (skip_joint (scanner))
        continue;
      if (*scanner->at == quote)
        {
          scanner->at++;
          break;
        }
      scanner->at += *scanner->at == '\\' && look (scanner, 1) != '\0'
                             && look (scanner, 1) != '\n'
                         ? 2
                         : 1;
    }
  add (scanner, DMS_TOKEN_OTHER, "\"", 1);
}

static gsize
word_length (const Scanner *scanner)
{
  gsize n = 0;

  while (g_ascii_isalnum (look (scanner, n)) || look (scanner, n) == '_')
    n++;
  return n;
}

static void
skip_blanks (Scanner *scanner)
{
  while (scanner->at < scanner->end
         && (*scanner->at == ' ' || *scanner->at == '\t' || skip_joint (scanner)))
    if (scanner->at < scanner->end && (*scanner->at == ' ' || *scanner->at == '\t'))
      scanner->at++;
}

/* To the end of a preprocessor's line that says nothing to us. */
static void
skip_line (Scanner *scanner)
{
  while (scanner->at < scanner->end && *scanner->at != '\n')
    if (!skip_joint (scanner) && !skip_comment (scanner))
      scanner->at++;
}

static void
take_include (Scanner *scanner)
{
  char open = look (scanner, 0);
  char close = open == '<' ? '>' : '"';
  gsize n = 1;

  if (open != '<' && open != '"')
    return;
  while (look (scanner, n) != close && look (scanner, n) != '\n'
         && look (scanner, n) != '\0')
    n++;
  if (look (scanner, n) == close)
    add (scanner,
         open == '<' ? DMS_TOKEN_SYSTEM_HEADER : DMS_TOKEN_OWN_HEADER,
         scanner->at + 1,
         n - 1);
}

/* The parameters of a macro are names of its own. */
static void
take_define (Scanner *scanner)
{
  gsize n = word_length (scanner);
  gboolean has_parameters = look (scanner, n) == '(';

  add (scanner, DMS_TOKEN_DEFINED, scanner->at, n);
  scanner->at += n;
  if (!has_parameters)
    return;
  while (scanner->at < scanner->end && *scanner->at != ')' && *scanner->at != '\n')
    {
      if (skip_joint (scanner))
        continue;
      n = word_length (scanner);
      if (n > 0)
        add (scanner, DMS_TOKEN_DEFINED, scanner->at, n);
      scanner->at += MAX (n, (gsize)1);
    }
}

static void
take_directive (Scanner *scanner)
{
  const char *word;
  gsize n;

  scanner->at++;
  skip_blanks (scanner);
  word = scanner->at;
  n = word_length (scanner);
  scanner->at += n;
  skip_blanks (scanner);
  if (n == 7 && strncmp (word, "include", n) == 0)
    take_include (scanner);
  else if (n == 6 && strncmp (word, "define", n) == 0)
    {
      take_define (scanner);
      scanner->is_line_start = FALSE;
      return;
    }
  skip_line (scanner);
}

static void
take_other (Scanner *scanner)
{
  gsize n = word_length (scanner);

  if (is_word_start (*scanner->at))
    add (scanner, DMS_TOKEN_WORD, scanner->at, n);
  else if (n > 0)
    add (scanner, DMS_TOKEN_OTHER, "0", 1);
  else
    {
      n = look (scanner, 0) == '-' && look (scanner, 1) == '>' ? 2 : 1;
      add (scanner, DMS_TOKEN_PUNCTUATION, scanner->at, n);
    }
  scanner->at += n;
}

GArray *
dms_c_tokens (const char *text, gsize length, GStringChunk *strings)
{
  Scanner scanner = { .at = text,
                      .end = text + length,
                      .line = 1,
                      .is_line_start = TRUE,
                      .strings = strings,
                      .tokens = g_array_new (FALSE, FALSE, sizeof (DmsToken)) };

  while (scanner.at < scanner.end)
    {
      if (g_ascii_isspace (*scanner.at) || *scanner.at == '\0')
        step (&scanner);
      else if (skip_comment (&scanner) || skip_joint (&scanner))
        continue;
      else if (*scanner.at == '#' && scanner.is_line_start)
        take_directive (&scanner);
      else if (*scanner.at == '"' || *scanner.at == '\'')
        take_quoted (&scanner);
      else
        take_other (&scanner);
    }
  return scanner.tokens;
}
