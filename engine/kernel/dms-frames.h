/* dms-frames.h — runs of frames that nobody uses
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

/* What a run of frames has to be. */
typedef struct
{
  uint64_t n;      /* frames */
  uint64_t guards; /* further ones before them, and as many behind */
  uint64_t end;    /* none at or behind it */
  uint64_t window; /* no multiple of so many frames inside of it; 0 = any */
} DmsFrameWish;

/* True when a multiple of the wish's window lies inside of such a run from @first on.
 */
bool dms_frames_cross (const DmsFrameWish *wish, uint64_t first);
/* The highest such run: low memory is for those who reach no other. Frames of buffers,
 * bounce pages and their guards are used. False when there is none, or without memory.
 */
bool dms_frames_find (const DmsMachine *machine,
                      const DmsFrameWish *wish,
                      uint64_t *ret_first);
