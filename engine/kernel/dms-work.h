/* dms-work.h — what is to be done, in the order of model time
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct DmsMachine;

/* Runs to its end before the next item begins. @subject lives as long as the machine;
 * what may be gone by then is named by @number, its id. */
typedef void (*DmsWorkRun) (struct DmsMachine *machine, void *subject, uint64_t number);

typedef struct
{
  uint64_t due_ps;
  uint64_t order; /* rising: items that are due at once run in the order of pushing */
  DmsWorkRun run;
  void *subject;
  uint64_t number;
} DmsWork;

/* A binary heap: items[0] is the next one. */
typedef struct
{
  DmsWork *items;
  size_t n, capacity;
  uint64_t next_order;
} DmsWorkQueue;

void dms_work_init (DmsWorkQueue *queue);
void dms_work_release (DmsWorkQueue *queue);
DmsStatus dms_work_push (DmsWorkQueue *queue,
                         uint64_t due_ps,
                         DmsWorkRun run,
                         void *subject,
                         uint64_t number);
/* False when nothing is left. */
bool dms_work_pop (DmsWorkQueue *queue, DmsWork *ret_work);
