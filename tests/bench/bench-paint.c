/* bench-paint.c — how long the painter takes for the story
 *
 * At 1600 × 1000 on an image surface, each step of the story in both directions. Prints
 * `name: value` lines, processor time; fails when the median is above 4 ms.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/lib/dms-test.h"
#include "tests/ui/ui-scenes.h"
#include "ui/paint/dms-paint.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum
{
  WIDTH = 1600,
  HEIGHT = 1000,
  ROUNDS = 5,
  MOST = 2000
};

#define LIMIT_MS 4.0

/* Of this thread: other programs on the machine do not count. */
static double
now_ms (void)
{
  struct timespec now;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now), ==, 0);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

typedef struct
{
  double build_ms[MOST], paint_ms[MOST];
  size_t n;
} Times;

static int
compare (const void *one, const void *other)
{
  double difference = *(const double *)one - *(const double *)other;
  return difference < 0 ? -1 : difference > 0;
}

static double
at_share (double *values, size_t n, double share)
{
  qsort (values, n, sizeof *values, compare);
  return values[(size_t)((double)(n - 1) * share)];
}

static void
paint_story (Times *times, bool to_device, cairo_surface_t *image, DmsTextCache *cache)
{
  CoreLog log;
  DmsScene *scene = dms_scene_new ();

  core_log_init (&log, false);
  core_story_emit (&log, to_device);
  for (uint64_t seq = 1; seq <= log.events->len && times->n < MOST; seq++)
    {
      DmsEvent opening, last;
      DmsState *state = ui_moment (&log, seq, &opening, &last);
      double start_ms = now_ms ();
      g_assert_cmpint (
          dms_scene_build (
              scene, state, &opening, &last, log.names, NULL, NULL, WIDTH, HEIGHT),
          ==,
          DMS_OK);
      double built_ms = now_ms ();
      cairo_t *cr = cairo_create (image);
      dms_paint_stage (cr, scene, dms_theme_get (DMS_THEME_LIGHT), cache);
      cairo_destroy (cr);
      cairo_surface_flush (image);
      double painted_ms = now_ms ();
      times->build_ms[times->n] = built_ms - start_ms;
      times->paint_ms[times->n++] = painted_ms - built_ms;
      dms_state_free (state);
    }
  core_log_release (&log);
  dms_scene_free (scene);
}

int
main (void)
{
  static Times times;
  DmsTextCache *cache = dms_text_cache_new ();
  cairo_surface_t *image
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);

  for (int round = 0; round < ROUNDS; round++)
    {
      paint_story (&times, false, image, cache);
      paint_story (&times, true, image, cache);
    }
  double median = at_share (times.paint_ms, times.n, 0.5);
  printf ("paint_story_median_ms: %.2f\n", median);
  printf ("paint_story_p99_ms: %.2f\n", at_share (times.paint_ms, times.n, 0.99));
  printf ("build_scene_median_ms: %.3f\n", at_share (times.build_ms, times.n, 0.5));
  printf ("paint_story_limit_ms: %.1f\n", LIMIT_MS);
  cairo_surface_destroy (image);
  dms_text_cache_free (cache);
  return median <= LIMIT_MS ? EXIT_SUCCESS : EXIT_FAILURE;
}
