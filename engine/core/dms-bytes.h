/* dms-bytes.h — a growing run of bytes, and a reader that cannot run past its end
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __GNUC__
#  define DMS_PRINTF(at, first) __attribute__ ((format (printf, at, first)))
#else
#  define DMS_PRINTF(at, first)
#endif

/* Invariants: length <= capacity; data is NULL only when capacity is 0; once failed,
 * the contents stay as they were and every later append does nothing, so a caller may
 * check once at the end. Text is kept NUL-terminated behind length by dms_bytes_text().
 */
typedef struct
{
  uint8_t *data;
  size_t length;
  size_t capacity;
  bool failed; /* an allocation failed since the last clear */
} DmsBytes;

void dms_bytes_init (DmsBytes *bytes);
void dms_bytes_release (DmsBytes *bytes);
/* Empties @bytes and forgets a failure; keeps the memory. */
void dms_bytes_clear (DmsBytes *bytes);
/* Makes room for @more further bytes; false (and failed) without memory. */
bool dms_bytes_reserve (DmsBytes *bytes, size_t more);
void dms_bytes_append (DmsBytes *bytes, const void *data, size_t length);
void dms_bytes_append_byte (DmsBytes *bytes, uint8_t byte);
/* Little-endian base 128, seven bits a byte, at most ten bytes. */
void dms_bytes_append_varint (DmsBytes *bytes, uint64_t value);
/* Zig-zag varint: small for small positive and negative numbers. */
void dms_bytes_append_signed (DmsBytes *bytes, int64_t value);
void dms_bytes_append_text (DmsBytes *bytes, const char *text);
/* Text from outside, for one line that people read: a control character becomes a blank
 * and each byte that is not UTF-8 a "?". */
void dms_bytes_append_plain (DmsBytes *bytes, const char *text, size_t length);
void dms_bytes_printf (DmsBytes *bytes, const char *format, ...) DMS_PRINTF (2, 3);
/* NUL-terminated view, valid until the next change; "" when nothing could be stored. */
const char *dms_bytes_text (DmsBytes *bytes);

/* Reads forward; after the first impossible read, failed is set and all reads give 0.
 */
typedef struct
{
  const uint8_t *data;
  size_t length;
  size_t at;
  bool failed;
} DmsReader;

void dms_reader_init (DmsReader *reader, const void *data, size_t length);
uint8_t dms_reader_byte (DmsReader *reader);
uint64_t dms_reader_varint (DmsReader *reader);
int64_t dms_reader_signed (DmsReader *reader);
/* @length bytes inside the reader's data, or NULL and failed. */
const uint8_t *dms_reader_take (DmsReader *reader, size_t length);
bool dms_reader_at_end (const DmsReader *reader);
