/* dms-span.c — a piece of a line, not copied
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-span.h"

#include <string.h>

#define NO_DIGIT 0xff

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

bool
dms_span_is (DmsSpan span, const char *word)
{
  size_t length = strlen (word);
  return span.length == length && memcmp (span.text, word, length) == 0;
}

bool
dms_span_starts (DmsSpan span, const char *prefix)
{
  size_t length = strlen (prefix);
  return span.length >= length && memcmp (span.text, prefix, length) == 0;
}

bool
dms_span_ends (DmsSpan span, const char *suffix)
{
  size_t length = strlen (suffix);
  return span.length >= length
         && memcmp (span.text + span.length - length, suffix, length) == 0;
}

ptrdiff_t
dms_span_find (DmsSpan span, const char *word)
{
  size_t length = strlen (word);

  for (size_t at = 0; at + length <= span.length; at++)
    {
      const char *first
          = memchr (span.text + at, word[0], span.length - length - at + 1);
      if (first == NULL)
        return -1;
      at = (size_t)(first - span.text);
      if (memcmp (first, word, length) == 0)
        return first - span.text;
    }
  return -1;
}

DmsSpan
dms_span_skip (DmsSpan span, size_t n)
{
  return (DmsSpan){ span.text + n, span.length - n };
}

DmsSpan
dms_span_trim (DmsSpan span)
{
  while (span.length > 0 && is_blank (span.text[0]))
    span = dms_span_skip (span, 1);
  while (span.length > 0 && is_blank (span.text[span.length - 1]))
    span.length--;
  return span;
}

DmsSpan
dms_span_take_word (DmsSpan *rest)
{
  const char *blank = memchr (rest->text, ' ', rest->length);
  size_t length = blank == NULL ? rest->length : (size_t)(blank - rest->text);
  DmsSpan word = { rest->text, length };

  while (length < rest->length && is_blank (rest->text[length]))
    length++;
  *rest = dms_span_skip (*rest, length);
  return word;
}

bool
dms_span_take_decimal (DmsSpan *rest, uint64_t *ret_number)
{
  uint64_t number = 0;
  size_t at = 0;

  for (; at < rest->length; at++)
    {
      unsigned digit = (unsigned)(unsigned char)rest->text[at] - '0';
      if (digit > 9)
        break;
      if (number > (UINT64_MAX - digit) / 10)
        return false;
      number = number * 10 + digit;
    }
  if (at == 0)
    return false;
  *rest = dms_span_skip (*rest, at);
  *ret_number = number;
  return true;
}

static bool
has_0x (DmsSpan span)
{
  return span.length > 2 && span.text[0] == '0' && span.text[1] == 'x';
}

static unsigned
hex_digit (char c)
{
  if (c >= '0' && c <= '9')
    return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'f')
    return (unsigned)(c - 'a') + 10;
  if (c >= 'A' && c <= 'F')
    return (unsigned)(c - 'A') + 10;
  return NO_DIGIT;
}

bool
dms_span_take_hex (DmsSpan *rest, uint64_t *ret_number)
{
  uint64_t number = 0;
  size_t first = has_0x (*rest) ? 2 : 0;
  size_t at = first;

  for (; at < rest->length; at++)
    {
      unsigned digit = hex_digit (rest->text[at]);
      if (digit == NO_DIGIT)
        break;
      if (number > UINT64_MAX >> 4)
        return false;
      number = number << 4 | digit;
    }
  if (at == first)
    return false;
  *rest = dms_span_skip (*rest, at);
  *ret_number = number;
  return true;
}

bool
dms_span_decimal (DmsSpan span, uint64_t *ret_number)
{
  uint64_t number;

  if (has_0x (span))
    return dms_span_hex (span, ret_number);
  if (!dms_span_take_decimal (&span, &number) || span.length > 0)
    return false;
  *ret_number = number;
  return true;
}

bool
dms_span_hex (DmsSpan span, uint64_t *ret_number)
{
  uint64_t number;

  if (!dms_span_take_hex (&span, &number) || span.length > 0)
    return false;
  *ret_number = number;
  return true;
}
