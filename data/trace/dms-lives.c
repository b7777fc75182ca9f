/* dms-lives.c — which events began and ended each mapping, packed in blocks of ids
 *
 *   block := life * 256
 *   life  := head varint · ready varint? · last varint?
 *   head  := 0 when there is no such mapping; else
 *            (zig-zag of first - first of the mapping before) * 4 + has last * 2 + has
 * ready, + 1
 *
 * ready and last are over first. Entries of 0 at the end are left out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-lives.h"

#include <string.h>

enum
{
  HAS_READY = 1,
  HAS_LAST = 2
};

static uint64_t
zigzag (int64_t value)
{
  return value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1;
}

void
dms_lives_pack (DmsBytes *bytes, const DmsLives *lives)
{
  uint64_t before = 0;
  unsigned n = DMS_LIVES_BLOCK;

  while (n > 0 && lives->lives[n - 1].first == 0)
    n--;
  for (unsigned i = 0; i < n; i++)
    {
      const DmsLife *life = &lives->lives[i];
      uint64_t head = 0;
      if (life->first != 0)
        {
          head = zigzag ((int64_t)(life->first - before)) * 4;
          head += life->ready != 0 ? HAS_READY : 0;
          head += life->last != 0 ? HAS_LAST : 0;
          head++;
          before = life->first;
        }
      dms_bytes_append_varint (bytes, head);
      if (life->ready != 0)
        dms_bytes_append_varint (bytes, life->ready - life->first);
      if (life->last != 0)
        dms_bytes_append_varint (bytes, life->last - life->first);
    }
}

/* False on damage. */
static bool
unpack_life (DmsReader *reader, uint64_t head, uint64_t *before, DmsLife *life)
{
  uint64_t doubled = (head - 1) / 4;
  uint64_t change = (doubled & 1) != 0 ? ~(doubled >> 1) : doubled >> 1;

  life->first = *before + change;
  if (((head - 1) & HAS_READY) != 0)
    life->ready = life->first + dms_reader_varint (reader);
  if (((head - 1) & HAS_LAST) != 0)
    life->last = life->first + dms_reader_varint (reader);
  *before = life->first;
  return !reader->failed && life->first >= 1 && life->first <= INT64_MAX
         && (life->ready == 0
             || (life->ready > life->first && life->ready <= INT64_MAX))
         && (life->last == 0 || (life->last > life->first && life->last <= INT64_MAX));
}

bool
dms_lives_unpack (const uint8_t *data, size_t length, DmsLives *lives)
{
  DmsReader reader;
  uint64_t before = 0;

  memset (lives->lives, 0, sizeof lives->lives);
  lives->n_ended = 0;
  dms_reader_init (&reader, data, length);
  for (unsigned i = 0; i < DMS_LIVES_BLOCK && !dms_reader_at_end (&reader); i++)
    {
      uint64_t head = dms_reader_varint (&reader);
      if (reader.failed)
        return false;
      if (head != 0 && !unpack_life (&reader, head, &before, &lives->lives[i]))
        return false;
      lives->n_ended += lives->lives[i].last != 0 ? 1 : 0;
    }
  return dms_reader_at_end (&reader);
}
