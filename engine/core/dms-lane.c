/* dms-lane.c — what an event adds to the rows of the timeline
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-lane.h"

/* Marks a message for the translators; who prints translates it. */
#define N_(text) text

static unsigned
add (DmsLaneSample *samples,
     unsigned n,
     DmsLaneKind kind,
     uint32_t device,
     uint64_t value)
{
  samples[n]
      = (DmsLaneSample){ .lane = { .kind = kind, .device = device }, .value = value };
  return n + 1;
}

static unsigned
recorded_samples (const DmsEvent *event, const DmsState *state, DmsLaneSample *samples)
{
  unsigned n = 0;

  if (event->device != 0)
    n = add (samples, n, DMS_LANE_DEVICE, event->device, event->length);
  switch (event->kind)
    {
    case DMS_EVENT_MAP:
    case DMS_EVENT_UNMAP:
    case DMS_EVENT_ALLOC:
    case DMS_EVENT_FREE:
      n = add (samples, n, DMS_LANE_MAPPINGS, 0, state->mappings.n);
      if (state->pool_is_used)
        n = add (samples, n, DMS_LANE_POOL, 0, state->bounced_bytes);
      break;
    default: /* moves no level */
      break;
    }
  return n;
}

unsigned
dms_lane_samples (const DmsEvent *event,
                  const DmsState *state,
                  DmsLaneSample samples[DMS_LANE_SAMPLES_MAX])
{
  if ((event->flags & DMS_FLAG_RECORDED) != 0)
    return recorded_samples (event, state, samples);

  switch (event->kind)
    {
    case DMS_EVENT_CALL:
    case DMS_EVENT_RETURN:
      return add (samples, 0, DMS_LANE_CALLS, 0, state->n_calls);
    case DMS_EVENT_START:
    case DMS_EVENT_BURST:
    case DMS_EVENT_STRAY:
    case DMS_EVENT_INTERRUPT:
      {
        unsigned n = add (samples, 0, DMS_LANE_DEVICE, event->device, event->length);
        return add (samples, n, DMS_LANE_WAITING, 0, state->held_bytes);
      }
    case DMS_EVENT_GRANT:
    case DMS_EVENT_BOUNCE:
      return add (samples, 0, DMS_LANE_REGISTERS, 0, state->registers_granted);
    case DMS_EVENT_COPY:
      return add (samples, 0, DMS_LANE_WAITING, 0, state->held_bytes);
    case DMS_EVENT_RELEASE:
      {
        unsigned n = add (samples, 0, DMS_LANE_REGISTERS, 0, state->registers_granted);
        return add (samples, n, DMS_LANE_WAITING, 0, state->held_bytes);
      }
    default: /* moves no level */
      return 0;
    }
}

const char *
dms_lane_title (const DmsLane *lane, const DmsNames *names)
{
  switch (lane->kind)
    {
    case DMS_LANE_CALLS:
      return N_ ("Driver and system");
    case DMS_LANE_DEVICE:
      return dms_names_text (names, lane->device);
    case DMS_LANE_REGISTERS:
      return N_ ("Registers granted");
    case DMS_LANE_WAITING:
      return N_ ("In bounce pages");
    case DMS_LANE_MAPPINGS:
      return N_ ("Live mappings");
    case DMS_LANE_POOL:
      return N_ ("Bytes in the pool");
    }
  return "?";
}
