/* dms-span.h — a piece of a line, not copied
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Not NUL-terminated; belongs to whoever owns the line. @text is never NULL, also when
 * @length is 0. */
typedef struct
{
  const char *text;
  size_t length;
} DmsSpan;

#define DMS_SPAN_EMPTY ((DmsSpan){ "", 0 })

bool dms_span_is (DmsSpan span, const char *word);
bool dms_span_starts (DmsSpan span, const char *prefix);
bool dms_span_ends (DmsSpan span, const char *suffix);
/* Where @word begins, or -1. */
ptrdiff_t dms_span_find (DmsSpan span, const char *word);
/* Without the first @n bytes; @n is at most its length. */
DmsSpan dms_span_skip (DmsSpan span, size_t n);
/* Without blanks and tabs at both ends. */
DmsSpan dms_span_trim (DmsSpan span);
/* Takes the bytes up to the first blank off @rest, and the blanks behind them. */
DmsSpan dms_span_take_word (DmsSpan *rest);

/* Takes decimal digits off the front; false, and nothing taken, when there is none or
 * the number does not fit. */
bool dms_span_take_decimal (DmsSpan *rest, uint64_t *ret_number);
/* The same for hexadecimal digits, with or without 0x. */
bool dms_span_take_hex (DmsSpan *rest, uint64_t *ret_number);

/* The whole span is one number. Decimal also takes 0x and hexadecimal digits. */
bool dms_span_decimal (DmsSpan span, uint64_t *ret_number);
bool dms_span_hex (DmsSpan span, uint64_t *ret_number);
