/* dms-timeline.c — a cursor over a run: keyframe, then events
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-timeline.h"

#include <stdlib.h>

struct DmsTimeline
{
  DmsTimelineSource source;
  DmsState *state;
};

bool
dms_keyframe_due (uint64_t events_since, const DmsState *state)
{
  return events_since >= DMS_KEYFRAME_EVENTS
         && events_since >= 4 * dms_state_live (state);
}

DmsTimeline *
dms_timeline_new (const DmsTimelineSource *source)
{
  DmsTimeline *timeline = calloc (1, sizeof *timeline);
  if (timeline == NULL)
    return NULL;
  timeline->source = *source;
  timeline->state = dms_state_new ();
  if (timeline->state == NULL)
    {
      free (timeline);
      return NULL;
    }
  return timeline;
}

void
dms_timeline_free (DmsTimeline *timeline)
{
  if (timeline == NULL)
    return;
  dms_state_free (timeline->state);
  free (timeline);
}

/* Loads the best keyframe for @target, unless the cursor stands between the two; passes
 * over damaged ones. The state is at 0 when none is good. */
static DmsStatus
load_keyframe (DmsTimeline *timeline, uint64_t target)
{
  uint64_t before = target;

  for (;;)
    {
      uint64_t seq = 0;
      const uint8_t *data = NULL;
      size_t length = 0;
      DmsStatus status = timeline->source.keyframe (
          timeline->source.data, before, &seq, &data, &length);
      if (status == DMS_ERROR_END || (status == DMS_OK && (seq == 0 || seq > before)))
        break;
      if (status != DMS_OK)
        return status;
      if (seq <= timeline->state->seq && timeline->state->seq <= target)
        return DMS_OK;
      status = dms_state_load (timeline->state, data, length);
      if (status == DMS_ERROR_NO_MEMORY)
        return status;
      if (status == DMS_OK && timeline->state->seq == seq)
        return DMS_OK;
      dms_state_reset (timeline->state); /* it may be whole, but of another moment */
      before = seq - 1;
      if (before == 0)
        break;
    }
  dms_state_reset (timeline->state);
  return DMS_OK;
}

/* Whether going on from where the cursor is costs no more than a keyframe may. */
static bool
is_near (const DmsTimeline *timeline, uint64_t seq)
{
  uint64_t at = timeline->state->seq;
  return at <= seq && seq - at <= DMS_KEYFRAME_EVENTS / 4;
}

static DmsStatus
apply_up_to (DmsTimeline *timeline, uint64_t seq)
{
  while (timeline->state->seq < seq)
    {
      DmsEvent event;
      DmsStatus status = timeline->source.event (
          timeline->source.data, timeline->state->seq + 1, &event);
      if (status == DMS_OK)
        status = dms_state_apply (timeline->state, &event);
      if (status != DMS_OK)
        return status;
    }
  return DMS_OK;
}

DmsStatus
dms_timeline_seek (DmsTimeline *timeline, uint64_t seq)
{
  DmsStatus status = DMS_OK;

  if (!is_near (timeline, seq))
    status = load_keyframe (timeline, seq);
  if (status == DMS_OK)
    status = apply_up_to (timeline, seq);
  if (status != DMS_OK)
    dms_state_reset (timeline->state);
  return status;
}

const DmsState *
dms_timeline_state (const DmsTimeline *timeline)
{
  return timeline->state;
}
