/* dms-ftrace-bounces.h — which pieces of a mapping were bounced
 *
 * The kernel tells of a bounce before the mapping that it is for: one event for each
 * piece, by the same task on the same CPU. They wait here until that mapping is read.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-event.h"
#include "engine/core/dms-payload.h"

#define DMS_FTRACE_BOUNCES_MAX 4096u
#define DMS_FTRACE_CALLERS 1024u

typedef struct
{
  uint64_t original;
  uint32_t device, task;
  uint16_t cpu;
} DmsFtraceBounce;

/* Invariant: callers[] adds up to n. Most mappings have no bounce that waits for them,
 * and that is seen there at once. */
typedef struct
{
  DmsFtraceBounce waiting[DMS_FTRACE_BOUNCES_MAX]; /* oldest first */
  size_t n;
  uint16_t
      callers[DMS_FTRACE_CALLERS]; /* how many wait, by hash of device, task and cpu */
} DmsFtraceBounces;

/* When there are too many the oldest is forgotten. */
void dms_ftrace_bounces_add (DmsFtraceBounces *bounces, const DmsEvent *bounce);

/**
 * dms_ftrace_bounces_claim:
 * @map: its device, task and cpu say which bounces may be meant
 * @pieces: what is mapped, as far as the text shows it
 * @n_total: pieces that there are, at least @n_pieces
 *
 * Takes what waits for @map's device, task and cpu, also what fits no piece: that was
 * for a mapping that failed without a word.
 *
 * Returns: how many of the pieces were bounced
 */
uint64_t dms_ftrace_bounces_claim (DmsFtraceBounces *bounces,
                                   const DmsEvent *map,
                                   const DmsSegment *pieces,
                                   size_t n_pieces,
                                   uint64_t n_total);
