/* dms-bytes.c — a growing run of bytes, and a reader that cannot run past its end
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VARINT_BYTES_MAX 10

void
dms_bytes_init (DmsBytes *bytes)
{
  *bytes = (DmsBytes){ 0 };
}

void
dms_bytes_release (DmsBytes *bytes)
{
  free (bytes->data);
  dms_bytes_init (bytes);
}

void
dms_bytes_clear (DmsBytes *bytes)
{
  bytes->length = 0;
  bytes->failed = false;
}

bool
dms_bytes_reserve (DmsBytes *bytes, size_t more)
{
  if (bytes->failed)
    return false;
  if (bytes->capacity - bytes->length >= more)
    return true;

  size_t wanted = bytes->length + more;
  size_t capacity = bytes->capacity < 32 ? 64 : bytes->capacity;
  while (capacity < wanted && capacity <= SIZE_MAX / 2)
    capacity *= 2;
  uint8_t *data
      = wanted < more || capacity < wanted ? NULL : realloc (bytes->data, capacity);
  if (data == NULL)
    {
      bytes->failed = true;
      return false;
    }
  bytes->data = data;
  bytes->capacity = capacity;
  return true;
}

void
dms_bytes_append (DmsBytes *bytes, const void *data, size_t length)
{
  if (length == 0 || !dms_bytes_reserve (bytes, length))
    return;
  memcpy (bytes->data + bytes->length, data, length);
  bytes->length += length;
}

void
dms_bytes_append_byte (DmsBytes *bytes, uint8_t byte)
{
  if (dms_bytes_reserve (bytes, 1))
    bytes->data[bytes->length++] = byte;
}

void
dms_bytes_append_varint (DmsBytes *bytes, uint64_t value)
{
  if (!dms_bytes_reserve (bytes, VARINT_BYTES_MAX))
    return;
  uint8_t *at = bytes->data + bytes->length;
  while (value >= 0x80)
    {
      *at++ = (uint8_t)(value | 0x80);
      value >>= 7;
    }
  *at++ = (uint8_t)value;
  bytes->length = (size_t)(at - bytes->data);
}

void
dms_bytes_append_signed (DmsBytes *bytes, int64_t value)
{
  uint64_t doubled = (uint64_t)value << 1;
  dms_bytes_append_varint (bytes, value < 0 ? ~doubled : doubled);
}

void
dms_bytes_append_text (DmsBytes *bytes, const char *text)
{
  dms_bytes_append (bytes, text, strlen (text));
}

/* Bytes of the UTF-8 character at the start of @text, 0 when there is none. */
static size_t
character_length (const uint8_t *text, size_t length)
{
  static const struct
  {
    uint8_t mask, lead;
    uint32_t least; /* smaller numbers have a shorter form */
  } forms[] = { { 0x80, 0x00, 0 },
                { 0xe0, 0xc0, 0x80 },
                { 0xf0, 0xe0, 0x800 },
                { 0xf8, 0xf0, 0x10000 } };

  for (size_t n = 1; n <= sizeof forms / sizeof forms[0] && n <= length; n++)
    {
      if ((text[0] & forms[n - 1].mask) != forms[n - 1].lead)
        continue;
      uint32_t number = text[0] & (uint8_t)~forms[n - 1].mask;
      for (size_t i = 1; i < n; i++)
        {
          if ((text[i] & 0xc0) != 0x80)
            return 0;
          number = number << 6 | (text[i] & 0x3f);
        }
      bool is_surrogate = number >= 0xd800 && number < 0xe000;
      return number < forms[n - 1].least || number > 0x10ffff || is_surrogate ? 0 : n;
    }
  return 0;
}

void
dms_bytes_append_plain (DmsBytes *bytes, const char *text, size_t length)
{
  const uint8_t *at = (const uint8_t *)text;

  while (length > 0)
    {
      size_t n = character_length (at, length);
      bool is_control = n == 1 && (*at < ' ' || *at == 0x7f);
      /* U+0080 to U+009F: terminals take some of them for commands. */
      is_control |= n == 2 && at[0] == 0xc2 && at[1] < 0xa0;
      if (n == 0 || is_control)
        dms_bytes_append_byte (bytes, n == 0 ? '?' : ' ');
      else
        dms_bytes_append (bytes, at, n);
      n = n == 0 ? 1 : n;
      at += n;
      length -= n;
    }
}

void
dms_bytes_printf (DmsBytes *bytes, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  int length = vsnprintf (NULL, 0, format, arguments);
  va_end (arguments);
  if (length < 0 || !dms_bytes_reserve (bytes, (size_t)length + 1))
    {
      bytes->failed = true;
      return;
    }
  va_start (arguments, format);
  vsnprintf (
      (char *)bytes->data + bytes->length, (size_t)length + 1, format, arguments);
  va_end (arguments);
  bytes->length += (size_t)length;
}

const char *
dms_bytes_text (DmsBytes *bytes)
{
  if (!dms_bytes_reserve (bytes, 1))
    return "";
  bytes->data[bytes->length] = '\0';
  return (const char *)bytes->data;
}

void
dms_reader_init (DmsReader *reader, const void *data, size_t length)
{
  *reader = (DmsReader){ .data = data, .length = length };
}

uint8_t
dms_reader_byte (DmsReader *reader)
{
  if (reader->failed || reader->at >= reader->length)
    {
      reader->failed = true;
      return 0;
    }
  return reader->data[reader->at++];
}

uint64_t
dms_reader_varint (DmsReader *reader)
{
  uint64_t value = 0;

  /* Most numbers are one byte long. */
  if (!reader->failed && reader->at < reader->length && reader->data[reader->at] < 0x80)
    return reader->data[reader->at++];

  for (unsigned shift = 0; shift < 64; shift += 7)
    {
      uint8_t byte = dms_reader_byte (reader);
      if (shift == 63 && byte > 1)
        break; /* more than 64 bits */
      value |= (uint64_t)(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return reader->failed ? 0 : value;
    }
  reader->failed = true;
  return 0;
}

int64_t
dms_reader_signed (DmsReader *reader)
{
  uint64_t doubled = dms_reader_varint (reader);
  return (int64_t)((doubled & 1) != 0 ? ~(doubled >> 1) : doubled >> 1);
}

const uint8_t *
dms_reader_take (DmsReader *reader, size_t length)
{
  if (reader->failed || reader->length - reader->at < length)
    {
      reader->failed = true;
      return NULL;
    }
  const uint8_t *data = reader->data + reader->at;
  reader->at += length;
  return data;
}

bool
dms_reader_at_end (const DmsReader *reader)
{
  return reader->at >= reader->length;
}
