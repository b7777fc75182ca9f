/* dms-lane.h — the rows of the timeline, and what an event adds to them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-state.h"

typedef enum
{
  DMS_LANE_CALLS = 1, /* bars: the driver's and the system's routines, by depth */
  DMS_LANE_DEVICE
  = 2, /* bars: descriptors that a device works on; recordings: its events */
  DMS_LANE_REGISTERS = 3, /* level: map registers granted */
  DMS_LANE_WAITING = 4,   /* level: bytes that bounce pages hold (simulation) */
  DMS_LANE_MAPPINGS = 5,  /* level: live mappings (recordings) */
  DMS_LANE_POOL = 6       /* level: bytes in the bounce pool (recordings) */
} DmsLaneKind;

typedef struct
{
  DmsLaneKind kind;
  uint32_t device; /* name id, of DMS_LANE_DEVICE */
} DmsLane;

#define DMS_LANE_SAMPLES_MAX 4

typedef struct
{
  DmsLane lane;
  uint64_t value; /* level after the event; bars: bytes, or depth of the call */
} DmsLaneSample;

/* What @event, with @state right after it, adds to which lanes. Returns how many of
 * @samples are filled, at most DMS_LANE_SAMPLES_MAX. */
unsigned dms_lane_samples (const DmsEvent *event,
                           const DmsState *state,
                           DmsLaneSample samples[DMS_LANE_SAMPLES_MAX]);
/* The title at the lane's left edge, English and translatable; a device's name for
 * DMS_LANE_DEVICE. */
const char *dms_lane_title (const DmsLane *lane, const DmsNames *names);

/* Merged events of a lane, in order. The axis is steps for simulations, nanoseconds for
 * recordings: x0 and x1 are on it. */
typedef struct
{
  int64_t x0, x1;
  uint64_t first_seq, last_seq;
  uint64_t count;          /* events merged into this node */
  uint32_t kind;           /* dominant DmsEventKind */
  uint64_t min, max, last; /* of the samples' values */
} DmsLaneNode;

/* A bar of a call or of a descriptor: exact, for windows with few events. */
typedef struct
{
  int64_t x0, x1; /* x1 at the axis' end when it does not end */
  uint64_t first_seq, last_seq;
  uint32_t depth; /* calls: 0 outermost */
  uint32_t name;  /* calls: name id of the routine */
  uint32_t index; /* device: descriptor */
  bool callback;
} DmsLaneBar;
