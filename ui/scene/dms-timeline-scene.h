/* dms-timeline-scene.h — the timeline as data: lanes, bars, levels, playhead
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-lane.h"
#include "engine/core/dms-sentence.h"
#include "ui/scene/dms-scene.h"

/* What one lane is made of; the caller owns the arrays. */
typedef struct
{
  DmsLane lane;
  const char *title;
  const DmsLaneBar *bars; /* calls and devices, when there are few enough to be exact */
  size_t n_bars;
  const DmsLaneNode *nodes; /* levels; merged bars */
  size_t n_nodes;
} DmsTimelineLane;

typedef struct
{
  const DmsTimelineLane *lanes;
  size_t n_lanes;
  bool is_time;        /* the axis: nanoseconds; else steps */
  int64_t first, last; /* of the whole axis */
  int64_t x0, x1;      /* window on it */
  int64_t cursor;
} DmsTimelineData;

typedef enum
{
  DMS_MARK_TITLE,
  DMS_MARK_TRACK, /* a lane's background */
  DMS_MARK_BAR,
  DMS_MARK_DENSITY, /* merged events: height by count */
  DMS_MARK_LEVEL,   /* a point of a level's outline: x, y in rect; width to the next */
  DMS_MARK_NOTE,    /* "most 388 208" */
  DMS_MARK_TICK     /* of the axis */
} DmsMarkKind;

typedef struct
{
  DmsMarkKind kind;
  DmsLaneKind lane;
  unsigned series; /* colour: depth of a call, number of the device */
  DmsRect rect;
  char text[64];
  uint64_t seq; /* where a click leads, 0 = by its x */
  uint64_t count;
} DmsMark;

typedef struct DmsTimelineScene DmsTimelineScene;

DmsTimelineScene *dms_timeline_scene_new (void);
void dms_timeline_scene_free (DmsTimelineScene *scene);
DmsStatus dms_timeline_scene_build (DmsTimelineScene *scene,
                                    const DmsTimelineData *data,
                                    const DmsNames *names,
                                    const DmsVoice *voice,
                                    double width,
                                    double height);
/* Moves the playhead without laying out anew. */
void dms_timeline_scene_set_cursor (DmsTimelineScene *scene, int64_t cursor);
const DmsMark *dms_timeline_scene_marks (const DmsTimelineScene *scene, size_t *ret_n);
/* The part right of the titles. */
DmsRect dms_timeline_scene_area (const DmsTimelineScene *scene);
double dms_timeline_scene_cursor_x (const DmsTimelineScene *scene);
/* Position on the axis under @x, within the window. */
int64_t dms_timeline_scene_at (const DmsTimelineScene *scene, double x);
size_t dms_timeline_scene_pick (const DmsTimelineScene *scene, double x, double y);
/* Height that the lanes of @data need. */
double dms_timeline_scene_natural_height (const DmsTimelineData *data);
void dms_timeline_scene_append_dump (DmsBytes *bytes, const DmsTimelineScene *scene);
