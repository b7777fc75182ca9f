/* dms-work.c — what is to be done, in the order of model time
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-work.h"

#include <stdlib.h>
#include <string.h>

void
dms_work_init (DmsWorkQueue *queue)
{
  memset (queue, 0, sizeof *queue);
}

void
dms_work_release (DmsWorkQueue *queue)
{
  free (queue->items);
  dms_work_init (queue);
}

static bool
comes_before (const DmsWork *one, const DmsWork *other)
{
  if (one->due_ps != other->due_ps)
    return one->due_ps < other->due_ps;
  return one->order < other->order;
}

static void
swap (DmsWork *one, DmsWork *other)
{
  DmsWork kept = *one;

  *one = *other;
  *other = kept;
}

static void
sift_up (DmsWorkQueue *queue, size_t at)
{
  while (at > 0 && comes_before (&queue->items[at], &queue->items[(at - 1) / 2]))
    {
      swap (&queue->items[at], &queue->items[(at - 1) / 2]);
      at = (at - 1) / 2;
    }
}

static void
sift_down (DmsWorkQueue *queue)
{
  size_t at = 0;

  for (;;)
    {
      size_t first = at;

      for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < queue->n; child++)
        if (comes_before (&queue->items[child], &queue->items[first]))
          first = child;
      if (first == at)
        return;
      swap (&queue->items[at], &queue->items[first]);
      at = first;
    }
}

DmsStatus
dms_work_push (DmsWorkQueue *queue,
               uint64_t due_ps,
               DmsWorkRun run,
               void *subject,
               uint64_t number)
{
  if (queue->n == queue->capacity)
    {
      size_t capacity = queue->capacity == 0 ? 64 : 2 * queue->capacity;
      DmsWork *items = realloc (queue->items, capacity * sizeof *items);

      if (items == NULL)
        return DMS_ERROR_NO_MEMORY;
      queue->items = items;
      queue->capacity = capacity;
    }
  queue->items[queue->n]
      = (DmsWork){ due_ps, queue->next_order++, run, subject, number };
  sift_up (queue, queue->n++);
  return DMS_OK;
}

bool
dms_work_pop (DmsWorkQueue *queue, DmsWork *ret_work)
{
  if (queue->n == 0)
    return false;
  *ret_work = queue->items[0];
  queue->items[0] = queue->items[--queue->n];
  sift_down (queue);
  return true;
}
