/* dms-varint.h — numbers into memory that is known to be large enough
 *
 * dms_bytes_append_varint() makes sure of room each time; packing many numbers does it
 * once.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stdint.h>

#define DMS_VARINT_MAX 10u /* bytes of one number */

/* Returns the place behind the number. */
static inline uint8_t *
dms_varint_put (uint8_t *at, uint64_t value)
{
  while (value >= 0x80)
    {
      *at++ = (uint8_t)(value | 0x80);
      value >>= 7;
    }
  *at++ = (uint8_t)value;
  return at;
}

/* Zig-zag. @difference is modulo 2^64, so any number is reached from any other. */
static inline uint8_t *
dms_varint_put_difference (uint8_t *at, uint64_t difference)
{
  uint64_t doubled = difference << 1;
  return dms_varint_put (at, (difference >> 63) != 0 ? ~doubled : doubled);
}
