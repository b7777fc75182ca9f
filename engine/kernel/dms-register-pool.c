/* dms-register-pool.c — the system's map registers and their bounce pages
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-register-pool.h"

#include "engine/kernel/dms-pattern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum
{
  WORD_BITS = 64,
  /* Below lies what firmware and old hardware keep for themselves; where there is
   * little memory only the very first frame is left out. */
  FIRST_FRAME = 0x20,
  LITTLE_MEMORY = 16 * FIRST_FRAME,
  /* Scattered bounce pages lie at most so far apart. */
  WIDEST_GAP = 24
};

DmsStatus
dms_register_pool_init (DmsRegisterPool *pool, uint32_t n)
{
  size_t n_words = (size_t)n / WORD_BITS + 1;

  memset (pool, 0, sizeof *pool);
  pool->registers = calloc ((size_t)n + 1, sizeof *pool->registers);
  pool->used = calloc (n_words, sizeof *pool->used);
  if (pool->registers == NULL || pool->used == NULL)
    {
      dms_register_pool_release (pool);
      return DMS_ERROR_NO_MEMORY;
    }
  pool->used[n / WORD_BITS] = UINT64_MAX << (n % WORD_BITS);
  pool->n = n;
  pool->n_free = n;
  for (uint32_t r = 0; r < n; r++)
    pool->registers[r].page = UINT32_MAX;
  return DMS_OK;
}

void
dms_register_pool_release (DmsRegisterPool *pool)
{
  free (pool->registers);
  free (pool->used);
  memset (pool, 0, sizeof *pool);
}

/* ---- where the bounce pages lie ---- */

static int
compare_frames (const void *one, const void *other)
{
  uint64_t a = *(const uint64_t *)one;
  uint64_t b = *(const uint64_t *)other;

  return (a > b) - (a < b);
}

static uint64_t
first_frame (uint64_t end)
{
  return end < LITTLE_MEMORY ? 1 : FIRST_FRAME;
}

/* The frames in use up to @end, sorted, in a malloc'ed array. */
static DmsStatus
collect_used (const DmsMemory *memory,
              uint64_t end,
              uint64_t **ret_frames,
              size_t *ret_n)
{
  uint64_t *frames = malloc ((memory->frames.n + 1) * sizeof *frames);
  size_t at = 0;
  size_t n = 0;
  uint64_t frame = 0;

  if (frames == NULL)
    return DMS_ERROR_NO_MEMORY;
  while (dms_table_next (&memory->frames, &at, &frame) != NULL)
    if (frame >= first_frame (end) && frame < end)
      frames[n++] = frame;
  qsort (frames, n, sizeof *frames, compare_frames);
  *ret_frames = frames;
  *ret_n = n;
  return DMS_OK;
}

static DmsStatus
place_block (DmsRegisterPool *pool, uint64_t end, const uint64_t *used, size_t n_used)
{
  uint64_t first = first_frame (end);

  for (size_t i = 0; i < n_used && used[i] - first < pool->n; i++)
    first = used[i] + 1;
  if (first > end || end - first < pool->n)
    return DMS_ERROR_RANGE;
  for (uint32_t r = 0; r < pool->n; r++)
    pool->registers[r].frame = first + r;
  return DMS_OK;
}

static DmsStatus
place_scattered (DmsRegisterPool *pool,
                 uint64_t end,
                 uint64_t seed,
                 const uint64_t *used,
                 size_t n_used)
{
  uint64_t first = first_frame (end);
  uint64_t n_free = end > first ? end - first - n_used : 0;
  uint64_t widest = n_free / pool->n;
  uint64_t frame = first - 1;
  size_t next = 0;

  if (widest == 0)
    return DMS_ERROR_RANGE;
  if (widest > WIDEST_GAP)
    widest = WIDEST_GAP;
  for (uint32_t r = 0; r < pool->n; r++)
    {
      uint64_t gap = 1 + dms_pattern_mix (seed ^ ((uint64_t)r << 32)) % widest;

      /* At most widest free frames for each register: the end is never reached. */
      while (gap > 0)
        {
          frame++;
          if (next < n_used && used[next] == frame)
            next++;
          else
            gap--;
        }
      pool->registers[r].frame = frame;
    }
  return DMS_OK;
}

DmsStatus
dms_register_pool_place (DmsRegisterPool *pool,
                         const DmsMemory *memory,
                         uint64_t highest,
                         uint64_t seed,
                         bool is_block)
{
  uint64_t end = memory->size >> DMS_PAGE_SHIFT;
  uint64_t *used = NULL;
  size_t n_used = 0;

  if (pool->n == 0)
    return DMS_OK;
  if (highest < UINT64_MAX && (highest + 1) >> DMS_PAGE_SHIFT < end)
    end = (highest + 1) >> DMS_PAGE_SHIFT;

  DmsStatus status = collect_used (memory, end, &used, &n_used);

  if (status != DMS_OK)
    return status;
  status = is_block ? place_block (pool, end, used, n_used)
                    : place_scattered (pool, end, seed, used, n_used);
  free (used);
  return status;
}

/* ---- who holds them ---- */

static bool
is_used (const DmsRegisterPool *pool, uint32_t r)
{
  return (pool->used[r / WORD_BITS] >> (r % WORD_BITS) & 1) != 0;
}

/* The next free register at or behind @r, or pool->n. */
static uint32_t
next_free (const DmsRegisterPool *pool, uint32_t r)
{
  while (r < pool->n)
    {
      if (r % WORD_BITS == 0 && pool->used[r / WORD_BITS] == UINT64_MAX)
        r += WORD_BITS;
      else if (is_used (pool, r))
        r++;
      else
        return r;
    }
  return pool->n;
}

/* The next used register behind @r, at most @most further on. */
static uint32_t
run_end (const DmsRegisterPool *pool, uint32_t r, uint32_t most)
{
  uint32_t end = r;

  while (end < pool->n && end - r < most)
    {
      if (end % WORD_BITS == 0 && pool->used[end / WORD_BITS] == 0)
        end += WORD_BITS;
      else if (is_used (pool, end))
        break;
      else
        end++;
    }
  return end;
}

static void
hold (DmsRegisterPool *pool, uint32_t first, uint32_t count, uint64_t list)
{
  for (uint32_t r = first; r < first + count; r++)
    {
      pool->used[r / WORD_BITS] |= UINT64_C (1) << (r % WORD_BITS);
      pool->registers[r].list = list;
      pool->registers[r].page = r - first;
      pool->registers[r].is_bouncing = false;
    }
  pool->n_free -= count;
}

bool
dms_register_pool_take (DmsRegisterPool *pool,
                        uint32_t count,
                        uint64_t list,
                        uint32_t *ret_first)
{
  assert (list != 0);
  if (count == 0 || count > pool->n_free)
    return false;

  uint32_t r = next_free (pool, pool->first_hint);

  pool->first_hint = r;
  while (r < pool->n)
    {
      uint32_t end = run_end (pool, r, count);

      if (end - r >= count)
        {
          hold (pool, r, count, list);
          *ret_first = r;
          return true;
        }
      r = next_free (pool, end);
    }
  return false;
}

void
dms_register_pool_give (DmsRegisterPool *pool, uint32_t first, uint32_t count)
{
  assert (first <= pool->n && count <= pool->n - first);
  for (uint32_t r = first; r < first + count; r++)
    {
      assert (is_used (pool, r));
      pool->used[r / WORD_BITS] &= ~(UINT64_C (1) << (r % WORD_BITS));
      pool->registers[r].list = 0;
      pool->registers[r].page = UINT32_MAX;
      pool->registers[r].is_bouncing = false;
    }
  pool->n_free += count;
  if (first < pool->first_hint)
    pool->first_hint = first;
}

uint32_t
dms_register_pool_longest (const DmsRegisterPool *pool)
{
  uint32_t longest = 0;

  for (uint32_t r = next_free (pool, 0); r < pool->n;)
    {
      uint32_t end = run_end (pool, r, pool->n);

      if (end > pool->n)
        end = pool->n;
      if (end - r > longest)
        longest = end - r;
      r = next_free (pool, end);
    }
  return longest;
}
