/* dms-ftrace-bounces.c — which pieces of a mapping were bounced
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-ftrace-bounces.h"

#include <string.h>

/* Comparisons for one mapping. Real ones need a few hundred; a text that is made to be
 * slow gets no further. */
#define COMPARISONS_MAX 65536

void
dms_ftrace_bounces_add (DmsFtraceBounces *bounces, const DmsEvent *bounce)
{
  /* Forgetting half at once keeps the cost of one event small. */
  if (bounces->n == DMS_FTRACE_BOUNCES_MAX)
    {
      bounces->n /= 2;
      memmove (bounces->waiting,
               bounces->waiting + bounces->n,
               bounces->n * sizeof bounces->waiting[0]);
    }
  bounces->waiting[bounces->n++] = (DmsFtraceBounce){ .original = bounce->a,
                                                      .device = bounce->device,
                                                      .task = bounce->task,
                                                      .cpu = bounce->cpu };
}

static bool
is_for (const DmsFtraceBounce *bounce, const DmsEvent *map)
{
  return bounce->device == map->device && bounce->task == map->task
         && bounce->cpu == map->cpu;
}

/* The newest one below @end that is for @map and for @address; @end when there is none.
 */
static size_t
find_below (const DmsFtraceBounces *bounces,
            size_t end,
            const DmsEvent *map,
            uint64_t address,
            size_t *budget)
{
  for (size_t at = end; at > 0 && *budget > 0; at--, (*budget)--)
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
drop (DmsFtraceBounces *bounces, const DmsEvent *map)
{
  size_t n = 0;
  for (size_t i = 0; i < bounces->n; i++)
    if (!is_for (&bounces->waiting[i], map))
      bounces->waiting[n++] = bounces->waiting[i];
  bounces->n = n;
}

uint64_t
dms_ftrace_bounces_claim (DmsFtraceBounces *bounces,
                          const DmsEvent *map,
                          const DmsSegment *pieces,
                          size_t n_pieces,
                          uint64_t n_total)
{
  size_t budget = COMPARISONS_MAX;
  size_t end = bounces->n;
  uint64_t n_bounced = 0;

  if (bounces->n == 0)
    return 0;
  /* Both are in the order of the pieces, and what is old lies below: from the end. */
  for (size_t i = n_pieces; i > 0; i--)
    {
      size_t found = find_below (bounces, end, map, pieces[i - 1].address, &budget);
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
  drop (bounces, map);
  return n_bounced;
}
