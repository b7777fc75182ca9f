/* test-lesson-pictures.c — every step of every lesson can be looked at
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-open.h"
#include "data/lessons/dms-lessons.h"
#include "tests/lib/dms-test.h"
#include "tests/ui/ui-scenes.h"
#include "ui/paint/dms-paint-private.h"
#include "ui/widget/dms-moment.h"

#include <stdio.h>
#include <string.h>

/* Of a longer lesson not every step is looked at, but steps all over it. */
#define STEPS_MAX 120

static const double sizes[][2] = { { 1067, 658 }, { 930, 560 }, { 1600, 1000 } };

typedef struct
{
  const char *lesson;
  DmsPlayer *player;
  DmsMoment moment;
  DmsScene *scene;
  DmsTextCache *cache;
} Look;

static void
build (Look *look, double width, double height)
{
  dms_scene_set_facts (look->scene, look->moment.facts, look->moment.n_facts);
  g_assert_cmpint (dms_scene_build (look->scene,
                                    dms_moment_state (&look->moment),
                                    &look->moment.opening,
                                    &look->moment.last,
                                    dms_player_names (look->player),
                                    NULL,
                                    NULL,
                                    width,
                                    height),
                   ==,
                   DMS_OK);
}

/* What a part of the picture says that is not known. */
static void
assert_nothing_is_missing (const Look *look)
{
  size_t n;
  const DmsItem *items = dms_scene_items (look->scene, &n);

  for (size_t i = 0; i < n; i++)
    for (unsigned line = 0; line < items[i].n_lines; line++)
      if (strchr (items[i].lines[line], '?') != NULL
          || strchr (items[i].lines[line], '{') != NULL)
        g_error ("%s, step %u: %s says “%s”",
                 look->lesson,
                 (unsigned)look->moment.step,
                 items[i].id,
                 items[i].lines[line]);
}

static bool
has_frame (const DmsMappingState *mapping, unsigned element, uint64_t frame)
{
  for (uint32_t i = 0; mapping != NULL && i < mapping->n_pieces; i++)
    if (mapping->pieces[i].element == element
        && (mapping->pieces[i].physical >> DMS_PAGE_SHIFT == frame
            || mapping->pieces[i].logical >> DMS_PAGE_SHIFT == frame))
      return true;
  return false;
}

/* An element refers to a frame only where a piece of it lies there. */
static void
assert_links_are_true (const Look *look)
{
  size_t n, n_items;
  const DmsLink *links = dms_scene_links (look->scene, &n);
  const DmsItem *items = dms_scene_items (look->scene, &n_items);

  for (size_t i = 0; i < n; i++)
    {
      unsigned long long mapping, frame;
      unsigned element;

      if (links[i].kind != DMS_LINK_REFERS
          || sscanf (items[links[i].from].id, "element:%llu:%u", &mapping, &element)
                 != 2
          || sscanf (items[links[i].to].id, "frame:%llx", &frame) != 1)
        continue;
      if (!has_frame (dms_state_mapping (dms_moment_state (&look->moment), mapping),
                      element,
                      frame))
        g_error ("%s, step %u: %s does not lie in %s",
                 look->lesson,
                 (unsigned)look->moment.step,
                 items[links[i].from].id,
                 items[links[i].to].id);
    }
}

static void
assert_no_text_is_cut (Look *look, const double *size)
{
  unsigned before = dms_text_cache_n_cut (look->cache);
  /* All of it is painted, but no pixel is made. */
  cairo_surface_t *image = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t *cr = cairo_create (image);

  dms_paint_stage (cr, look->scene, dms_theme_get (DMS_THEME_LIGHT), look->cache);
  cairo_destroy (cr);
  cairo_surface_destroy (image);
  if (dms_text_cache_n_cut (look->cache) != before)
    g_error ("%s, step %u: a text is cut at %g × %g",
             look->lesson,
             (unsigned)look->moment.step,
             size[0],
             size[1]);
}

/* Samples and gaps between them are at least as wide as these. */
static void
assert_legend_fits (Look *look, const double *size)
{
  enum
  {
    SAMPLE = 32,
    SAMPLE_LINK = 42,
    GAP = 6
  };
  size_t n;
  const DmsLegendEntry *entries = dms_scene_legend (look->scene, &n);
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += (entries[i].is_link ? SAMPLE_LINK : SAMPLE) + (i > 0 ? GAP : 0)
           + dms_text_width (look->cache, DMS_FONT_SMALL, entries[i].text);
  if (sum > dms_scene_legend_rect (look->scene).width)
    g_error ("%s, step %u: the legend needs %g pixels at %g × %g",
             look->lesson,
             (unsigned)look->moment.step,
             sum,
             size[0],
             size[1]);
}

static void
look_at_step (Look *look, guint64 step)
{
  g_autoptr (GError) error = NULL;
  guint64 first = 0, last = 0;

  g_assert_true (dms_player_step_events (look->player, step, &first, &last, &error));
  g_assert_true (dms_moment_load (&look->moment, look->player, last, &error));
  g_assert_no_error (error);
  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      build (look, sizes[s][0], sizes[s][1]);
      ui_assert_layout (look->scene);
      assert_nothing_is_missing (look);
      assert_links_are_true (look);
      /* In the smallest window words may be cut; what is cut is in the tooltip. */
      if (sizes[s][0] >= 1000)
        {
          assert_no_text_is_cut (look, sizes[s]);
          assert_legend_fits (look, sizes[s]);
        }
    }
}

static void
test_lesson (gconstpointer data)
{
  const DmsLesson *lesson = data;
  g_autofree char *name = g_strdup_printf ("%s.json", lesson->id);
  DmsOpenRequest request = { .text = dms_lesson_scenario (lesson->id), .name = name };
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsOpened) opened = dms_open (&request, NULL, &error);
  Look look = { .lesson = lesson->id,
                .scene = dms_scene_new (),
                .cache = dms_text_cache_new () };

  g_assert_no_error (error);
  look.player = dms_opened_player (opened);
  guint64 n = dms_player_n_steps (look.player);
  for (guint64 i = 0; i <= MIN (n, STEPS_MAX); i++)
    look_at_step (&look, n <= STEPS_MAX ? i : i * n / STEPS_MAX);
  dms_moment_clear (&look.moment);
  dms_text_cache_free (look.cache);
  dms_scene_free (look.scene);
}

int
main (int argc, char **argv)
{
  gsize n = 0;
  const DmsLesson *lessons = dms_lessons (&n);

  dms_test_init (&argc, &argv);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/lesson-pictures/%s", lessons[i].id);
      g_test_add_data_func (path, &lessons[i], test_lesson);
    }
  return g_test_run ();
}
