/* dms-pattern.c — bytes that follow from a seed
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-pattern.h"

#include <string.h>

uint64_t
dms_pattern_mix (uint64_t value)
{
  uint64_t bits = value + UINT64_C (0x9e3779b97f4a7c15);

  bits = (bits ^ (bits >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  bits = (bits ^ (bits >> 27)) * UINT64_C (0x94d049bb133111eb);
  return bits ^ (bits >> 31);
}

uint64_t
dms_pattern_key (uint64_t seed, uint64_t transfer)
{
  return dms_pattern_mix (dms_pattern_mix (seed) ^ transfer);
}

/* Cheap, because every byte that moves is made here; keys are well mixed already. */
static uint64_t
word_at (uint64_t key, uint64_t place)
{
  uint64_t bits = (key ^ place) * UINT64_C (0x9e3779b97f4a7c15);

  return bits ^ (bits >> 32);
}

/* Least significant byte first, the same on every machine; written out, so that
 * compilers see one store. */
static inline void
put_word (uint64_t word, uint8_t *bytes)
{
  bytes[0] = (uint8_t)word;
  bytes[1] = (uint8_t)(word >> 8);
  bytes[2] = (uint8_t)(word >> 16);
  bytes[3] = (uint8_t)(word >> 24);
  bytes[4] = (uint8_t)(word >> 32);
  bytes[5] = (uint8_t)(word >> 40);
  bytes[6] = (uint8_t)(word >> 48);
  bytes[7] = (uint8_t)(word >> 56);
}

/* Up to the next whole word, or the end. */
static size_t
fill_part (uint64_t key, uint64_t offset, uint8_t *bytes, size_t length)
{
  uint8_t word[8];
  size_t skip = (size_t)(offset % 8);
  size_t n = sizeof word - skip < length ? sizeof word - skip : length;

  put_word (word_at (key, offset / 8), word);
  memcpy (bytes, word + skip, n);
  return n;
}

void
dms_pattern_fill (uint64_t key, uint64_t offset, uint8_t *bytes, size_t length)
{
  size_t done = 0;

  if (length > 0 && offset % 8 != 0)
    done = fill_part (key, offset, bytes, length);
  for (uint64_t place = (offset + done) / 8; length - done >= 8; place++, done += 8)
    put_word (word_at (key, place), bytes + done);
  if (done < length)
    fill_part (key, offset + done, bytes + done, length - done);
}
