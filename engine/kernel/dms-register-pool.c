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
  pool->pages_each = 1;
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

/* The lowest run of @count frames at or behind @from that are not in @used; beyond the
 * end of memory there is room enough. */
static uint64_t
find_run (uint64_t from, uint64_t count, const uint64_t *used, size_t n_used)
{
  uint64_t first = from;

  for (size_t i = 0; i < n_used; i++)
    if (used[i] >= first)
      {
        if (used[i] - first >= count)
          break;
        first = used[i] + 1;
      }
  return first;
}

static void
put_home (DmsRegisterPool *pool, uint32_t r, uint64_t frame)
{
  pool->registers[r].home = frame;
  pool->registers[r].frame = frame;
}

static DmsStatus
place_block (DmsRegisterPool *pool, uint64_t end, const uint64_t *used, size_t n_used)
{
  uint64_t each = pool->pages_each;
  uint64_t first = find_run (first_frame (end), pool->n * each, used, n_used);

  if (first > end || end - first < pool->n * each)
    return DMS_ERROR_RANGE;
  for (uint32_t r = 0; r < pool->n; r++)
    put_home (pool, r, first + r * each + each / 2);
  return DMS_OK;
}

/* Where the pages of the next register begin: behind at least @gap frames from @frame
 * on that nobody uses. *@next: the first used frame that is not passed. */
static uint64_t
next_place (const DmsRegisterPool *pool,
            uint64_t frame,
            uint64_t gap,
            const uint64_t *used,
            size_t n_used,
            size_t *next)
{
  uint64_t n_free = 0;

  for (;; frame++)
    {
      if (*next < n_used && used[*next] == frame)
        {
          ++*next;
          /* Pages of one register lie in a row. */
          n_free = n_free < gap ? n_free : gap;
          continue;
        }
      n_free++;
      if (n_free == gap + pool->pages_each)
        return frame + 1 - pool->pages_each;
    }
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
  uint64_t widest = n_free / ((uint64_t)pool->n * pool->pages_each);
  uint64_t frame = first;
  size_t next = 0;

  if (widest == 0)
    return DMS_ERROR_RANGE;
  if (widest > WIDEST_GAP)
    widest = WIDEST_GAP;
  for (uint32_t r = 0; r < pool->n; r++)
    {
      uint64_t gap = dms_pattern_mix (seed ^ ((uint64_t)r << 32)) % widest;

      frame = next_place (pool, frame, gap, used, n_used, &next);
      put_home (pool, r, frame + pool->pages_each / 2);
      frame += pool->pages_each;
      /* Only where used frames lie between the pages that a register needs. */
      if (frame > end)
        return DMS_ERROR_RANGE;
    }
  return DMS_OK;
}

DmsStatus
dms_register_pool_place (DmsRegisterPool *pool,
                         const DmsMemory *memory,
                         const DmsRegisterLayout *layout)
{
  uint64_t end = memory->size >> DMS_PAGE_SHIFT;
  uint64_t *used = NULL;
  size_t n_used = 0;

  if (pool->n == 0)
    return DMS_OK;
  if (layout->highest < UINT64_MAX && (layout->highest + 1) >> DMS_PAGE_SHIFT < end)
    end = (layout->highest + 1) >> DMS_PAGE_SHIFT;
  pool->pages_each = layout->pages_each;
  pool->is_block = layout->is_block;

  DmsStatus status = collect_used (memory, end, &used, &n_used);

  if (status != DMS_OK)
    return status;
  status = layout->is_block ? place_block (pool, end, used, n_used)
                            : place_scattered (pool, end, layout->seed, used, n_used);
  free (used);
  return status;
}

DmsStatus
dms_register_pool_find_block (const DmsRegisterPool *pool,
                              const DmsMemory *memory,
                              uint64_t from,
                              uint64_t end,
                              uint32_t count,
                              uint64_t *ret_first)
{
  uint64_t *used = NULL;
  size_t n_used = 0;

  for (uint32_t r = 0; r < pool->n; r++)
    if (pool->registers[r].home >= from)
      from = pool->registers[r].home + 1;

  DmsStatus status = collect_used (memory, end, &used, &n_used);

  if (status != DMS_OK)
    return status;

  uint64_t first = find_run (from, count, used, n_used);

  free (used);
  if (first > end || end - first < count)
    return DMS_ERROR_RANGE;
  *ret_first = first;
  return DMS_OK;
}

void
dms_register_pool_add_page (DmsRegisterPool *pool, uint32_t r, uint64_t frame)
{
  put_home (pool, r, frame);
}

bool
dms_register_pool_has_frame (const DmsRegisterPool *pool, uint64_t frame)
{
  uint64_t beside = pool->pages_each / 2;

  for (uint32_t r = 0; r < pool->n; r++)
    {
      uint64_t home = pool->registers[r].home;

      if (home != 0 && frame + beside >= home && frame <= home + beside)
        return true;
    }
  return false;
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

bool
dms_register_pool_take_within (DmsRegisterPool *pool,
                               uint32_t count,
                               uint64_t list,
                               uint32_t window,
                               uint32_t *ret_first)
{
  if (window == 0)
    return dms_register_pool_take (pool, count, list, ret_first);
  assert (list != 0);
  if (count == 0 || count > pool->n_free)
    return false;
  for (uint32_t r = next_free (pool, 0); r < pool->n && pool->n - r >= count;
       r = next_free (pool, r + 1))
    if (r / window == (r + count - 1) / window && run_end (pool, r, count) - r >= count)
      {
        hold (pool, r, count, list);
        *ret_first = r;
        return true;
      }
  return false;
}

/* Registers from @r on whose pages lie in a row, at most @count. With guard pages they
 * are laid out when they are granted, in the row of all their pages. */
static uint32_t
row_length (const DmsRegisterPool *pool, uint32_t r, uint32_t count)
{
  const DmsRegister *at = &pool->registers[r];
  uint32_t n = 1;

  while (n < count && at[n].home == at[n - 1].home + pool->pages_each)
    n++;
  return n;
}

static bool
fits_window (const DmsRegister *first, uint32_t count, uint64_t window)
{
  uint64_t from = dms_physical_of_frame (first->home).value;
  uint64_t last = from + count * DMS_PAGE_SIZE - 1;

  return window == 0 || from / window == last / window;
}

bool
dms_register_pool_take_row (DmsRegisterPool *pool,
                            uint32_t count,
                            uint64_t list,
                            uint64_t window,
                            uint32_t *ret_first)
{
  assert (list != 0);
  if (count == 0 || count > pool->n_free)
    return false;
  for (uint32_t r = next_free (pool, 0); r < pool->n && pool->n - r >= count;
       r = next_free (pool, r + 1))
    if (run_end (pool, r, count) - r >= count && row_length (pool, r, count) == count
        && fits_window (&pool->registers[r], count, window))
      {
        hold (pool, r, count, list);
        *ret_first = r;
        return true;
      }
  return false;
}

uint32_t
dms_register_pool_longest_row (const DmsRegisterPool *pool, uint64_t window)
{
  uint32_t longest = 0;

  for (uint32_t r = 0; r < pool->n; r++)
    while (pool->n - r > longest && row_length (pool, r, longest + 1) == longest + 1
           && fits_window (&pool->registers[r], longest + 1, window))
      longest++;
  return longest;
}

void
dms_register_pool_withdraw (DmsRegisterPool *pool,
                            uint32_t first,
                            uint32_t count,
                            uint64_t holder)
{
  assert (first <= pool->n && count <= pool->n - first);
  assert (run_end (pool, first, count) - first >= count || count == 0);
  hold (pool, first, count, holder);
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
