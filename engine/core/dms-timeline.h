/* dms-timeline.h — a cursor over a run: seek forwards and back, exactly
 *
 * seek (n) = the nearest keyframe at or before n, then the events up to n. The same
 * state however n was reached; no inverse events. Where events and keyframes are kept
 * is the source's business: memory in tests, a trace file in the program.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-state.h"

typedef struct
{
  /* Event number @seq (1 …); its payload stays valid until the next call. DMS_ERROR_END
   * behind the last one. */
  DmsStatus (*event) (void *data, uint64_t seq, DmsEvent *ret_event);
  /* The last keyframe with seq <= @seq, valid until the next call. DMS_ERROR_END: none.
   */
  DmsStatus (*keyframe) (void *data,
                         uint64_t seq,
                         uint64_t *ret_seq,
                         const uint8_t **ret_data,
                         size_t *ret_length);
  void *data;
} DmsTimelineSource;

typedef struct DmsTimeline DmsTimeline;

/* A keyframe is due when this many events passed since the last one, and four times the
 * number of live objects. */
#define DMS_KEYFRAME_EVENTS 4096u
bool dms_keyframe_due (uint64_t events_since, const DmsState *state);

DmsTimeline *
dms_timeline_new (const DmsTimelineSource *source); /* NULL without memory */
void dms_timeline_free (DmsTimeline *timeline);
/* The state after @seq events; 0 is before the first. On failure the cursor is at 0. A
 * damaged keyframe is passed over: an earlier one, or the beginning, does as well. */
DmsStatus dms_timeline_seek (DmsTimeline *timeline, uint64_t seq);
const DmsState *dms_timeline_state (const DmsTimeline *timeline);
