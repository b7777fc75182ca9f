/* dms-statement.c — which lines of C text one statement covers
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-statement.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Longer than this is no statement but text that was misread. */
#define STATEMENT_LINES_MAX 40u

typedef struct
{
  const char *text;
  size_t length;
  size_t at;
  unsigned line;
  unsigned depth;  /* of parentheses */
  unsigned first;  /* line where the statement began; 0 = between statements */
  bool is_control; /* it began with if, for, while or switch */
} Reader;

static char
peek (const Reader *reader, size_t ahead)
{
  size_t left = reader->length - reader->at;

  return ahead < left ? reader->text[reader->at + ahead] : '\0';
}

static void
advance (Reader *reader, size_t n)
{
  for (; n > 0 && reader->at < reader->length; n--)
    if (reader->text[reader->at++] == '\n')
      reader->line++;
}

static void
skip_line_comment (Reader *reader)
{
  while (reader->at < reader->length && peek (reader, 0) != '\n')
    advance (reader, 1);
}

static void
skip_block_comment (Reader *reader)
{
  advance (reader, 2);
  while (reader->at < reader->length
         && !(peek (reader, 0) == '*' && peek (reader, 1) == '/'))
    advance (reader, 1);
  advance (reader, 2);
}

static void
skip_quoted (Reader *reader)
{
  char quote = peek (reader, 0);

  advance (reader, 1);
  while (reader->at < reader->length && peek (reader, 0) != quote
         && peek (reader, 0) != '\n')
    advance (reader, peek (reader, 0) == '\\' ? 2 : 1);
  advance (reader, 1);
}

/* A directive and the lines that a backslash adds to it. */
static void
skip_directive (Reader *reader)
{
  while (reader->at < reader->length && peek (reader, 0) != '\n')
    advance (reader, peek (reader, 0) == '\\' ? 2 : 1);
}

/* Passes over what is no code. */
static bool
skip_other (Reader *reader)
{
  char c = peek (reader, 0);

  if (isspace ((unsigned char)c))
    advance (reader, 1);
  else if (c == '/' && peek (reader, 1) == '/')
    skip_line_comment (reader);
  else if (c == '/' && peek (reader, 1) == '*')
    skip_block_comment (reader);
  else if (c == '#' && reader->first == 0)
    skip_directive (reader);
  else
    return false;
  return true;
}

static size_t
word_length (const Reader *reader)
{
  size_t n = 0;

  while (isalnum ((unsigned char)peek (reader, n)) || peek (reader, n) == '_')
    n++;
  return n;
}

static bool
is_control_word (const char *word, size_t length)
{
  static const char *const words[] = { "if", "for", "while", "switch" };

  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strlen (words[i]) == length && memcmp (words[i], word, length) == 0)
      return true;
  return false;
}

static void
read_word (Reader *reader, size_t length, bool begins)
{
  if (begins)
    reader->is_control = is_control_word (reader->text + reader->at, length);
  advance (reader, length);
}

/* Reads one token of a statement; true when the statement ends with it. */
static bool
read_token (Reader *reader)
{
  bool begins = reader->first == 0;
  char c = peek (reader, 0);
  size_t word = word_length (reader);

  if (begins)
    {
      reader->first = reader->line;
      reader->is_control = false;
    }
  if (word > 0)
    {
      read_word (reader, word, begins);
      return false;
    }
  if (c == '"' || c == '\'')
    {
      skip_quoted (reader);
      return false;
    }
  advance (reader, 1);
  if (c == '(')
    reader->depth++;
  else if (c == ')' && reader->depth > 0)
    return --reader->depth == 0 && reader->is_control;
  return reader->depth == 0 && (c == ';' || c == '{' || c == '}');
}

void
dms_statement_lines (const char *text,
                     size_t length,
                     unsigned line,
                     unsigned *ret_first,
                     unsigned *ret_last)
{
  Reader reader = { .text = text, .length = length, .line = 1 };

  *ret_first = *ret_last = line;
  while (reader.at < reader.length && (reader.line <= line || reader.first > 0))
    {
      if (skip_other (&reader) || !read_token (&reader))
        continue;
      /* Of several statements that touch the line, the last one that begins before it
       * ends is the one whose call reaches over it. */
      if (reader.first <= line && line <= reader.line
          && reader.line - reader.first < STATEMENT_LINES_MAX)
        {
          *ret_first = reader.first;
          *ret_last = reader.line;
        }
      if (reader.line > line)
        return;
      reader.first = 0;
      reader.depth = 0;
    }
}
