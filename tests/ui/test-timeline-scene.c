/* test-timeline-scene.c — lanes, bars, levels and the playhead
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/lib/dms-test.h"
#include "tests/ui/ui-scenes.h"

#include <string.h>

typedef struct
{
  CoreLog log;
  CoreStory story;
  UiTimeline lanes;
  DmsTimelineScene *scene;
} Fixture;

static void
build (Fixture *fixture, double width)
{
  g_assert_cmpint (dms_timeline_scene_build (
                       fixture->scene,
                       &fixture->lanes.data,
                       fixture->log.names,
                       NULL,
                       width,
                       dms_timeline_scene_natural_height (&fixture->lanes.data)),
                   ==,
                   DMS_OK);
}

static void
set_up (Fixture *fixture, gconstpointer recorded)
{
  core_log_init (&fixture->log, recorded != NULL);
  if (recorded != NULL)
    ui_emit_recording (&fixture->log, 30);
  else
    fixture->story = core_story_emit (&fixture->log, false);
  ui_timeline_make (&fixture->lanes, &fixture->log, 40);
  fixture->scene = dms_timeline_scene_new ();
  build (fixture, 1440);
}

static void
tear_down (Fixture *fixture, gconstpointer recorded)
{
  (void)recorded;
  dms_timeline_scene_free (fixture->scene);
  ui_timeline_release (&fixture->lanes);
  core_log_release (&fixture->log);
}

static const DmsMark *
mark_of (const Fixture *fixture, DmsMarkKind kind, const char *text)
{
  size_t n;
  const DmsMark *marks = dms_timeline_scene_marks (fixture->scene, &n);

  for (size_t i = 0; i < n; i++)
    if (marks[i].kind == kind && strcmp (marks[i].text, text) == 0)
      return &marks[i];
  g_error ("no mark \"%s\"", text);
}

static void
test_golden (Fixture *fixture, gconstpointer recorded)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_timeline_scene_append_dump (&bytes, fixture->scene);
  dms_test_golden (recorded != NULL ? "scene/timeline-recording.txt"
                                    : "scene/timeline-story.txt",
                   dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
}

/* A call stands below the one that made it, and within it. */
static void
test_calls_nest (Fixture *fixture, gconstpointer recorded)
{
  const DmsMark *outer = mark_of (fixture, DMS_MARK_BAR, "StartIo");
  const DmsMark *inner = mark_of (fixture, DMS_MARK_BAR, "GetScatterGatherList");
  const DmsMark *callback = mark_of (fixture, DMS_MARK_BAR, "ProgramDevice");

  (void)recorded;
  g_assert_cmpfloat (inner->rect.y, >, outer->rect.y);
  g_assert_cmpfloat (callback->rect.y, >, inner->rect.y);
  g_assert_cmpfloat (inner->rect.x, >, outer->rect.x);
  g_assert_cmpfloat (callback->rect.x + callback->rect.width,
                     <=,
                     inner->rect.x + inner->rect.width + 1);
  g_assert_cmpuint (inner->seq, ==, fixture->story.ask);
}

/* The level of registers rises where they are granted and falls where they go back. */
static void
test_level_of_registers (Fixture *fixture, gconstpointer recorded)
{
  size_t n;
  const DmsMark *marks = dms_timeline_scene_marks (fixture->scene, &n);
  const DmsMark *first = NULL, *high = NULL;

  (void)recorded;
  for (size_t i = 0; i < n; i++)
    if (marks[i].kind == DMS_MARK_LEVEL && marks[i].lane == DMS_LANE_REGISTERS)
      {
        first = first == NULL ? &marks[i] : first;
        high = marks[i].rect.height > 1 ? &marks[i] : high;
      }
  g_assert_nonnull (first);
  g_assert_nonnull (high);
  uint64_t granted = core_log_event (&fixture->log, fixture->story.grant)->step;
  uint64_t back = core_log_event (&fixture->log, fixture->story.release)->step;
  g_assert_cmpint (
      dms_timeline_scene_at (fixture->scene, first->rect.x + 1), ==, (int64_t)granted);
  g_assert_cmpint (
      dms_timeline_scene_at (fixture->scene, high->rect.x + high->rect.width - 1),
      ==,
      (int64_t)back - 1);
  (void)mark_of (fixture, DMS_MARK_NOTE, "most 6");
}

/* Where the playhead stands is the place that a click there leads to. */
static void
test_at_and_cursor_agree (Fixture *fixture, gconstpointer recorded)
{
  const DmsTimelineData *data = &fixture->lanes.data;
  int64_t by = recorded != NULL ? (data->last - data->first) / 50 : 1;

  for (int64_t position = data->first; position <= data->last; position += by)
    {
      dms_timeline_scene_set_cursor (fixture->scene, position);
      int64_t at = dms_timeline_scene_at (fixture->scene,
                                          dms_timeline_scene_cursor_x (fixture->scene));
      g_assert_cmpint (ABS (at - position), <=, recorded != NULL ? 1 : 0);
    }
  g_assert_cmpint (dms_timeline_scene_at (fixture->scene, -1000), ==, data->first);
  g_assert_cmpint (dms_timeline_scene_at (fixture->scene, 1e9), ==, data->last);
}

static void
test_pick (Fixture *fixture, gconstpointer recorded)
{
  size_t n;
  const DmsMark *marks = dms_timeline_scene_marks (fixture->scene, &n);
  const DmsMark *bar = mark_of (fixture, DMS_MARK_BAR, "GetScatterGatherList");

  (void)recorded;
  size_t found
      = dms_timeline_scene_pick (fixture->scene, bar->rect.x + 2, bar->rect.y + 2);
  g_assert_cmpuint (found, <, n);
  g_assert_true (&marks[found] == bar);
  g_assert_cmpuint (dms_timeline_scene_pick (fixture->scene, 2, 2), ==, DMS_NO_ITEM);
}

/* Everything is drawn right of the titles and within the picture, also zoomed in. */
static void
test_marks_stay_in_the_area (Fixture *fixture, gconstpointer recorded)
{
  DmsTimelineData *data = &fixture->lanes.data;
  int64_t first = data->first, span = data->last - data->first;
  static const double widths[] = { 60, 320, 1440, 4000 };

  (void)recorded;
  for (int zoom = 0; zoom < 4; zoom++)
    for (size_t w = 0; w < G_N_ELEMENTS (widths); w++)
      {
        size_t n;
        data->x0 = first + span * zoom / 5;
        data->x1 = first + span * (zoom + 2) / 5;
        build (fixture, widths[w]);
        DmsRect area = dms_timeline_scene_area (fixture->scene);
        const DmsMark *marks = dms_timeline_scene_marks (fixture->scene, &n);
        for (size_t i = 0; i < n; i++)
          if (marks[i].kind == DMS_MARK_BAR || marks[i].kind == DMS_MARK_LEVEL
              || marks[i].kind == DMS_MARK_DENSITY)
            {
              g_assert_cmpfloat (marks[i].rect.x, >=, area.x - 0.51);
              g_assert_cmpfloat (marks[i].rect.x + marks[i].rect.width,
                                 <=,
                                 area.x + area.width + 2.01);
              g_assert_cmpfloat (
                  marks[i].rect.y + marks[i].rect.height, <=, area.height);
            }
      }
}

static void
test_no_lanes (void)
{
  DmsTimelineScene *scene = dms_timeline_scene_new ();
  const DmsTimelineData data = { .last = 1, .x1 = 1 };
  DmsNames *names = dms_names_new ();

  g_assert_cmpint (
      dms_timeline_scene_build (scene, &data, names, NULL, 0, 0), ==, DMS_OK);
  g_assert_cmpfloat (dms_timeline_scene_natural_height (&data), >, 0);
  g_assert_cmpint (dms_timeline_scene_at (scene, 5), >=, 0);
  dms_names_free (names);
  dms_timeline_scene_free (scene);
}

#define STORY NULL
#define RECORDING GINT_TO_POINTER (1)

static void
add (const char *path, gconstpointer recorded, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, recorded, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  add ("/timeline/story/golden", STORY, test_golden);
  add ("/timeline/recording/golden", RECORDING, test_golden);
  add ("/timeline/story/calls-nest", STORY, test_calls_nest);
  add ("/timeline/story/level-of-registers", STORY, test_level_of_registers);
  add ("/timeline/story/at-and-cursor-agree", STORY, test_at_and_cursor_agree);
  add ("/timeline/recording/at-and-cursor-agree", RECORDING, test_at_and_cursor_agree);
  add ("/timeline/story/pick", STORY, test_pick);
  add ("/timeline/story/marks-stay-in-the-area", STORY, test_marks_stay_in_the_area);
  add ("/timeline/recording/marks-stay-in-the-area",
       RECORDING,
       test_marks_stay_in_the_area);
  g_test_add_func ("/timeline/no-lanes", test_no_lanes);
  return g_test_run ();
}
