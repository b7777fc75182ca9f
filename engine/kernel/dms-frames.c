/* dms-frames.c — runs of frames that nobody uses
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-frames.h"

#include <stdlib.h>

/* Below lies what firmware and old hardware keep for themselves. */
#define FIRST_FRAME 0x20

bool
dms_frames_cross (const DmsFrameWish *wish, uint64_t first)
{
  return wish->window != 0
         && first / wish->window != (first + wish->n - 1) / wish->window;
}

static int
compare_frames (const void *one, const void *other)
{
  uint64_t a = *(const uint64_t *)one;
  uint64_t b = *(const uint64_t *)other;

  return (a > b) - (a < b);
}

/* Frames that somebody has, sorted: those with bytes, and the bounce pages with their
 * neighbours, which may become guard pages. A malloc'ed array; NULL without memory. */
static uint64_t *
collect_used (const DmsMachine *machine, size_t *ret_n)
{
  size_t room = machine->memory.frames.n + 3 * (size_t)machine->pool.n;
  uint64_t *frames = malloc ((room + 1) * sizeof *frames);
  size_t at = 0;
  size_t n = 0;
  uint64_t frame = 0;

  if (frames == NULL)
    return NULL;
  while (dms_table_next (&machine->memory.frames, &at, &frame) != NULL)
    frames[n++] = frame;
  for (uint32_t r = 0; r < machine->pool.n; r++)
    for (uint64_t k = 0; k < 3; k++)
      frames[n++] = machine->pool.registers[r].home + k - 1;
  qsort (frames, n, sizeof *frames, compare_frames);
  *ret_n = n;
  return frames;
}

/* The highest such run between frames @low and @high; false when there is none. */
static bool
fit_between (const DmsFrameWish *wish, uint64_t low, uint64_t high, uint64_t *ret_first)
{
  if (high < low || high - low < wish->n + 2 * wish->guards)
    return false;
  low += wish->guards;
  high -= wish->guards;
  if (wish->window != 0 && wish->n > wish->window)
    return false;

  uint64_t first = high - wish->n;

  if (dms_frames_cross (wish, first))
    {
      uint64_t border = (first + wish->n - 1) / wish->window * wish->window;

      if (border < low || border - low < wish->n)
        return false;
      first = border - wish->n;
    }
  *ret_first = first;
  return true;
}

bool
dms_frames_find (const DmsMachine *machine,
                 const DmsFrameWish *wish,
                 uint64_t *ret_first)
{
  size_t n_used = 0;
  uint64_t *used = collect_used (machine, &n_used);
  uint64_t high = wish->end;
  bool is_found = false;

  if (used == NULL)
    return false;
  while (!is_found && high > FIRST_FRAME)
    {
      while (n_used > 0 && used[n_used - 1] >= high)
        n_used--;

      uint64_t low = n_used == 0 ? 0 : used[n_used - 1] + 1;

      is_found
          = fit_between (wish, low > FIRST_FRAME ? low : FIRST_FRAME, high, ret_first);
      high = low > 0 ? low - 1 : 0;
    }
  free (used);
  return is_found;
}
