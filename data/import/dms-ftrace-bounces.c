/* dms-ftrace-bounces.c — which pieces of a mapping were bounced
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-ftrace-bounces.h"

#include <string.h>

/* Comparisons for one mapping. Real ones need a few hundred; a text that is made to be
 * slow gets no further. */
#define COMPARISONS_MAX 65536

static uint16_t *
caller (DmsFtraceBounces *bounces, uint32_t device, uint32_t task, uint16_t cpu)
{
  uint32_t hash = device * 31 + task * 7919 + cpu * 127u;
  return &bounces->callers[(hash ^ hash >> 10) % DMS_FTRACE_CALLERS];
}

static void
forget_first (DmsFtraceBounces *bounces, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      const DmsFtraceBounce *bounce = &bounces->waiting[i];
      (*caller (bounces, bounce->device, bounce->task, bounce->cpu))--;
    }
  bounces->n -= n;
  memmove (
      bounces->waiting, bounces->waiting + n, bounces->n * sizeof bounces->waiting[0]);
}

void
dms_ftrace_bounces_add (DmsFtraceBounces *bounces, const DmsEvent *bounce)
{
  /* Forgetting half at once keeps the cost of one event small. */
  if (bounces->n == DMS_FTRACE_BOUNCES_MAX)
    forget_first (bounces, DMS_FTRACE_BOUNCES_MAX / 2);
  bounces->waiting[bounces->n++] = (DmsFtraceBounce){ .original = bounce->a,
                                                      .device = bounce->device,
                                                      .task = bounce->task,
                                                      .cpu = bounce->cpu };
  (*caller (bounces, bounce->device, bounce->task, bounce->cpu))++;
}

static bool
is_for (const DmsFtraceBounce *bounce, const DmsEvent *map)
{
  return bounce->device == map->device && bounce->task == map->task
         && bounce->cpu == map->cpu;
}

/* The place of the oldest one for @map. At most @n are for it, and they are mostly the
 * newest, so the search goes down from the end. */
static size_t
find_oldest (const DmsFtraceBounces *bounces, const DmsEvent *map, size_t n)
{
  size_t oldest = bounces->n;
  for (size_t at = bounces->n; at > 0 && n > 0; at--)
    if (is_for (&bounces->waiting[at - 1], map))
      {
        oldest = at - 1;
        n--;
      }
  return oldest;
}

/* The newest one from @oldest to below @end that is for @map and for @address; @end
 * when there is none. */
static size_t
find_below (const DmsFtraceBounces *bounces,
            size_t oldest,
            size_t end,
            const DmsEvent *map,
            uint64_t address,
            size_t *budget)
{
  for (size_t at = end; at > oldest && *budget > 0; at--, (*budget)--)
    if (bounces->waiting[at - 1].original == address
        && is_for (&bounces->waiting[at - 1], map))
      return at - 1;
  return end;
}

static uint64_t
count_from (const DmsFtraceBounces *bounces, size_t first, const DmsEvent *map)
{
  uint64_t n = 0;
  for (size_t i = first; i < bounces->n; i++)
    n += is_for (&bounces->waiting[i], map) ? 1 : 0;
  return n;
}

static void
drop (DmsFtraceBounces *bounces, size_t oldest, const DmsEvent *map)
{
  size_t n = oldest;
  for (size_t i = oldest; i < bounces->n; i++)
    if (!is_for (&bounces->waiting[i], map))
      bounces->waiting[n++] = bounces->waiting[i];
  uint16_t *waiting = caller (bounces, map->device, map->task, map->cpu);
  *waiting = (uint16_t)(*waiting - (bounces->n - n));
  bounces->n = n;
}

uint64_t
dms_ftrace_bounces_claim (DmsFtraceBounces *bounces,
                          const DmsEvent *map,
                          const DmsSegment *pieces,
                          size_t n_pieces,
                          uint64_t n_total)
{
  uint16_t n_waiting = *caller (bounces, map->device, map->task, map->cpu);
  size_t budget = COMPARISONS_MAX;
  size_t end = bounces->n;
  uint64_t n_bounced = 0;

  if (n_waiting == 0)
    return 0;

  size_t oldest = find_oldest (bounces, map, n_waiting);
  /* Both are in the order of the pieces, and what is old lies below: from the end. */
  for (size_t i = n_pieces; i > 0 && end > oldest; i--)
    {
      size_t found
          = find_below (bounces, oldest, end, map, pieces[i - 1].address, &budget);
      if (found == end)
        continue;
      /* Newer ones are for pieces that the text left out. */
      if (n_bounced == 0)
        {
          uint64_t n_behind = count_from (bounces, found + 1, map);
          n_bounced = n_behind < n_total - n_pieces ? n_behind : n_total - n_pieces;
        }
      n_bounced++;
      end = found;
    }
  drop (bounces, oldest, map);
  return n_bounced;
}
