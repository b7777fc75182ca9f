/* ui-scenes.h — moments for tests of scene and painters
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "tests/engine/core-log.h"
#include "ui/scene/dms-timeline-scene.h"

/* The state after @seq events; what opened its step, and the last event of it so far.
 * Their payloads belong to @log. */
DmsState *
ui_moment (const CoreLog *log, uint64_t seq, DmsEvent *ret_opening, DmsEvent *ret_last);

/* A transfer of @pages pages, scattered with seed, every fourth out of reach; mapped,
 * with the device half through it. As a chain of three MDLs when @chain. */
void ui_emit_large (CoreLog *log, unsigned pages, bool to_device, bool chain);

/* A recording: some live mappings, then one of @segments segments that bounce. */
void ui_emit_recording (CoreLog *log, unsigned segments);

/* The lanes of a run in memory, as the program reads them from a trace. */
typedef struct
{
  DmsTimelineData data;
  GArray *lanes;     /* DmsTimelineLane */
  GPtrArray *arrays; /* GArray of bars or nodes */
} UiTimeline;

void ui_timeline_make (UiTimeline *timeline, const CoreLog *log, uint64_t seq);
void ui_timeline_release (UiTimeline *timeline);
