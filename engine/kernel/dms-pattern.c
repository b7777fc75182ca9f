/* dms-pattern.c — bytes that follow from a seed
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-pattern.h"

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

void
dms_pattern_fill (uint64_t key, uint64_t offset, uint8_t *bytes, size_t length)
{
  uint64_t word = 0;

  for (size_t i = 0; i < length; i++)
    {
      uint64_t at = offset + i;

      if (i == 0 || at % 8 == 0)
        word = dms_pattern_mix (key ^ (at / 8));
      bytes[i] = (uint8_t)(word >> (8 * (at % 8)));
    }
}
