/* ui-scenes.h — moments for tests of scene and painters
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "tests/engine/core-log.h"
#include "ui/scene/dms-scene.h"
#include "ui/scene/dms-timeline-scene.h"

/* The state after @seq events; what opened its step, and the last event of it so far.
 * Their payloads belong to @log. */
DmsState *
ui_moment (const CoreLog *log, uint64_t seq, DmsEvent *ret_opening, DmsEvent *ret_last);

/* The facts of the step that ends with event @seq go into the scene that is built next.
 */
void ui_set_facts (DmsScene *scene, const CoreLog *log, uint64_t seq);

/* Builds the scene of event @seq, with @chosen chosen unless it is NULL. */
void ui_build_scene (DmsScene *scene,
                     const CoreLog *log,
                     uint64_t seq,
                     const char *chosen,
                     double width,
                     double height);

/* The item with this id, which there must be. */
const DmsItem *ui_item (const DmsScene *scene, const char *id);

/* Fails the test when something covers something else, or is not on the picture. */
void ui_assert_layout (const DmsScene *scene);

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
