/* test-paint.c — the painters: what they draw, how well it is seen, how it repeats
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/core-nonsense.h"
#include "tests/lib/dms-test.h"
#include "tests/ui/ui-scenes.h"
#include "ui/paint/dms-paint-private.h"

#include <math.h>
#include <string.h>

enum
{
  WIDTH = 1067,
  HEIGHT = 658
};

typedef struct
{
  CoreLog log;
  CoreStory story;
  DmsScene *scene;
  DmsTextCache *cache;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer to_device)
{
  core_log_init (&fixture->log, false);
  fixture->story = core_story_emit (&fixture->log, to_device != NULL);
  fixture->scene = dms_scene_new ();
  fixture->cache = dms_text_cache_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer to_device)
{
  (void)to_device;
  dms_text_cache_free (fixture->cache);
  dms_scene_free (fixture->scene);
  core_log_release (&fixture->log);
}

static void
build (Fixture *fixture, uint64_t seq, double width, double height)
{
  ui_build_scene (fixture->scene, &fixture->log, seq, NULL, width, height);
}

static cairo_surface_t *
new_image (int width, int height)
{
  cairo_surface_t *image
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);

  g_assert_cmpint (cairo_surface_status (image), ==, CAIRO_STATUS_SUCCESS);
  return image;
}

static void
paint (Fixture *fixture,
       cairo_surface_t *image,
       const cairo_rectangle_int_t *clip,
       double scale,
       DmsThemeKind kind)
{
  cairo_t *cr = cairo_create (image);

  if (clip != NULL)
    {
      cairo_rectangle (cr, clip->x, clip->y, clip->width, clip->height);
      cairo_clip (cr);
    }
  cairo_scale (cr, scale, scale);
  dms_paint_stage (cr, fixture->scene, dms_theme_get (kind), fixture->cache);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (image);
}

static uint32_t
pixel (cairo_surface_t *image, int x, int y)
{
  const unsigned char *data = cairo_image_surface_get_data (image);
  uint32_t value;

  memcpy (&value, data + y * cairo_image_surface_get_stride (image) + x * 4, 4);
  return value & 0xffffff;
}

static unsigned
different_pixels (cairo_surface_t *one, cairo_surface_t *other)
{
  unsigned n = 0;

  for (int y = 0; y < cairo_image_surface_get_height (one); y++)
    for (int x = 0; x < cairo_image_surface_get_width (one); x++)
      n += pixel (one, x, y) != pixel (other, x, y);
  return n;
}

static int
level (uint32_t colour, int shift)
{
  return (int)(colour >> shift & 0xff);
}

enum
{
  CUT_X = 80,
  CUT_Y = 251,
  NEAR = 2
};

/* Differences beside the cuts, and anywhere else. */
static unsigned
count_differences (cairo_surface_t *one,
                   cairo_surface_t *other,
                   unsigned *ret_elsewhere)
{
  unsigned beside = 0;

  *ret_elsewhere = 0;
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      if (pixel (one, x, y) != pixel (other, x, y))
        {
          if (abs (x - CUT_X) <= NEAR || abs (y - CUT_Y) <= NEAR)
            beside++;
          else
            ++*ret_elsewhere;
        }
  return beside;
}

static void
test_four_clips_make_the_whole (Fixture *fixture, gconstpointer to_device)
{
  const uint64_t moments[] = { fixture->story.last_burst_of[1], fixture->story.map };

  (void)to_device;
  for (size_t i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      cairo_surface_t *whole = new_image (WIDTH, HEIGHT);
      cairo_surface_t *parts = new_image (WIDTH, HEIGHT);
      build (fixture, moments[i], WIDTH, HEIGHT);
      paint (fixture, whole, NULL, 1, DMS_THEME_LIGHT);
      for (int part = 0; part < 4; part++)
        {
          cairo_rectangle_int_t clip
              = { part % 2 * CUT_X, part / 2 * CUT_Y, CUT_X, CUT_Y };
          clip.width = part % 2 == 0 ? CUT_X : WIDTH - CUT_X;
          clip.height = part / 2 == 0 ? CUT_Y : HEIGHT - CUT_Y;
          paint (fixture, parts, &clip, 1, DMS_THEME_LIGHT);
        }
      /* cairo rounds a curve that leaves the clip, and only there. */
      unsigned elsewhere;
      unsigned beside = count_differences (whole, parts, &elsewhere);
      g_test_message (
          "%u differences beside the cuts, %u elsewhere", beside, elsewhere);
      g_assert_cmpuint (elsewhere, ==, 0);
      g_assert_cmpuint (beside, <, 40);
      cairo_surface_destroy (whole);
      cairo_surface_destroy (parts);
    }
}

/* A part that is kept while its key stays the same is what would be painted there. */
static void
test_parts_are_kept (Fixture *fixture, gconstpointer to_device)
{
  const DmsRect areas[]
      = { { 0, 0, WIDTH, CUT_Y }, { 0, CUT_Y, WIDTH, HEIGHT - CUT_Y } };
  cairo_surface_t *whole = new_image (WIDTH, HEIGHT);
  cairo_surface_t *parts = new_image (WIDTH, HEIGHT);
  uint64_t before[2] = { 0, 0 }, keys[2];
  unsigned n_kept = 0;

  (void)to_device;
  for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
    {
      unsigned elsewhere;

      build (fixture, seq, WIDTH, HEIGHT);
      dms_paint_stage_keys (fixture->scene, areas, 2, keys);
      for (int part = 0; part < 2; part++)
        {
          cairo_rectangle_int_t clip
              = { 0, part * CUT_Y, WIDTH, part == 0 ? CUT_Y : HEIGHT - CUT_Y };
          if (keys[part] != before[part])
            paint (fixture, parts, &clip, 1, DMS_THEME_LIGHT);
          else
            n_kept++;
          before[part] = keys[part];
        }
      paint (fixture, whole, NULL, 1, DMS_THEME_LIGHT);
      count_differences (whole, parts, &elsewhere);
      g_assert_cmpuint (elsewhere, ==, 0);
    }
  g_assert_cmpuint (n_kept, >, 0);
  cairo_surface_destroy (whole);
  cairo_surface_destroy (parts);
}

static void
test_same_picture_again (Fixture *fixture, gconstpointer to_device)
{
  cairo_surface_t *first = new_image (WIDTH, HEIGHT);
  cairo_surface_t *again = new_image (WIDTH, HEIGHT);

  (void)to_device;
  build (fixture, fixture->story.last_burst_of[1], WIDTH, HEIGHT);
  paint (fixture, first, NULL, 1, DMS_THEME_LIGHT);
  dms_text_cache_free (fixture->cache);
  fixture->cache = dms_text_cache_new ();
  paint (fixture, again, NULL, 1, DMS_THEME_LIGHT);
  g_assert_cmpuint (different_pixels (first, again), ==, 0);
  cairo_surface_destroy (first);
  cairo_surface_destroy (again);
}

/* At twice the size every pixel becomes four that are about the same on average. */
static void
test_twice_the_size (Fixture *fixture, gconstpointer to_device)
{
  cairo_surface_t *small = new_image (WIDTH, HEIGHT);
  cairo_surface_t *large = new_image (WIDTH * 2, HEIGHT * 2);
  double sum = 0;

  (void)to_device;
  build (fixture, fixture->story.last_burst_of[1], WIDTH, HEIGHT);
  paint (fixture, small, NULL, 1, DMS_THEME_LIGHT);
  paint (fixture, large, NULL, 2, DMS_THEME_LIGHT);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        int green = 0;
        for (int part = 0; part < 4; part++)
          green += level (pixel (large, x * 2 + part % 2, y * 2 + part / 2), 8);
        sum += abs (green / 4 - level (pixel (small, x, y), 8));
      }
  g_assert_cmpfloat (sum / (WIDTH * HEIGHT), <, 2.5);
  cairo_surface_destroy (small);
  cairo_surface_destroy (large);
}

static void
test_light_and_dark (Fixture *fixture, gconstpointer to_device)
{
  cairo_surface_t *light = new_image (WIDTH, HEIGHT);
  cairo_surface_t *dark = new_image (WIDTH, HEIGHT);

  (void)to_device;
  build (fixture, fixture->story.map, WIDTH, HEIGHT);
  paint (fixture, light, NULL, 1, DMS_THEME_LIGHT);
  paint (fixture, dark, NULL, 1, DMS_THEME_DARK);
  g_assert_cmpuint (
      different_pixels (light, dark), >, (unsigned)(WIDTH * HEIGHT * 9 / 10));
  g_assert_cmpint (level (pixel (light, 2, 2), 8), >, 200);
  g_assert_cmpint (level (pixel (dark, 2, 2), 8), <, 60);
  cairo_surface_destroy (light);
  cairo_surface_destroy (dark);
}

/* The look of an item is the colour in its box. */
static void
test_looks_are_seen (Fixture *fixture, gconstpointer to_device)
{
  cairo_surface_t *image = new_image (WIDTH, HEIGHT);
  size_t n, seen = 0;

  (void)to_device;
  build (fixture, fixture->story.last_burst_of[1], WIDTH, HEIGHT);
  paint (fixture, image, NULL, 1, DMS_THEME_LIGHT);
  const DmsItem *items = dms_scene_items (fixture->scene, &n);
  const DmsTheme *theme = dms_theme_get (DMS_THEME_LIGHT);
  for (size_t i = 0; i < n; i++)
    {
      if (items[i].kind != DMS_ITEM_FRAME && items[i].kind != DMS_ITEM_REGISTER)
        continue;
      DmsColor fill = theme->looks[items[i].look].fill;
      uint32_t found = pixel (image,
                              (int)items[i].rect.x + 4,
                              (int)(items[i].rect.y + items[i].rect.height) - 4);
      g_assert_cmpint (abs (level (found, 16) - (int)round (fill.r * 255)), <=, 2);
      g_assert_cmpint (abs (level (found, 0) - (int)round (fill.b * 255)), <=, 2);
      seen++;
    }
  g_assert_cmpuint (seen, >, 12);
  cairo_surface_destroy (image);
}

/* No text of the story is too long for its place at the sizes that people have. */
static void
test_no_text_is_cut (Fixture *fixture, gconstpointer to_device)
{
  static const int sizes[][2] = { { WIDTH, HEIGHT }, { 1227, 760 }, { 1600, 1000 } };

  (void)to_device;
  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
      {
        /* All of it is painted, but no pixel is made. */
        cairo_surface_t *image
            = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
        unsigned before = dms_text_cache_n_cut (fixture->cache);
        build (fixture, seq, sizes[s][0], sizes[s][1]);
        paint (fixture, image, NULL, 1, DMS_THEME_LIGHT);
        if (dms_text_cache_n_cut (fixture->cache) != before)
          g_error ("event %u: a text is cut at %d × %d",
                   (unsigned)seq,
                   sizes[s][0],
                   sizes[s][1]);
        cairo_surface_destroy (image);
      }
}

/* ---- contrast, as WCAG computes it ---- */

static double
linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
contrast (DmsColor a, DmsColor b)
{
  double one = 0.2126 * linear (a.r) + 0.7152 * linear (a.g) + 0.0722 * linear (a.b);
  double other = 0.2126 * linear (b.r) + 0.7152 * linear (b.g) + 0.0722 * linear (b.b);

  return (fmax (one, other) + 0.05) / (fmin (one, other) + 0.05);
}

static void
test_contrast (gconstpointer kind)
{
  const DmsTheme *theme = dms_theme_get ((DmsThemeKind)GPOINTER_TO_INT (kind));
  const DmsColor texts[] = { theme->ink, theme->dim, theme->warn_ink, theme->fence };
  const DmsColor shapes[]
      = { theme->outline, theme->dots, theme->link, theme->link_faint, theme->accent };
  const DmsColor grounds[] = { theme->ground, theme->card, theme->column };

  for (size_t g = 0; g < G_N_ELEMENTS (grounds); g++)
    {
      for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
        g_assert_cmpfloat (contrast (texts[i], grounds[g]), >=, 4.5);
      for (size_t i = 0; i < G_N_ELEMENTS (shapes); i++)
        g_assert_cmpfloat (contrast (shapes[i], grounds[g]), >=, 3);
    }
  for (int look = 0; look < DMS_LOOKS; look++)
    if (look != DMS_LOOK_OTHER) /* dashes without words */
      g_assert_cmpfloat (
          contrast (theme->looks[look].ink, theme->looks[look].fill), >=, 4.5);
  g_assert_cmpfloat (
      contrast (theme->looks[DMS_LOOK_OTHER].fill, theme->column), >=, 3);
  g_assert_cmpfloat (
      contrast (theme->looks[DMS_LOOK_CURRENT].fill, theme->column), >=, 3);
  g_assert_cmpfloat (contrast (theme->head_ink, theme->head), >=, 4.5);
  g_assert_cmpfloat (contrast (theme->dim, theme->timeline_ground), >=, 4.5);
  g_assert_cmpfloat (contrast (theme->accent, theme->timeline_ground), >=, 3);
  for (int series = 0; series < DMS_SERIES; series++)
    g_assert_cmpfloat (
        contrast (theme->series[series], theme->series_ink[series]), >=, 4.5);
}

/* ---- anything at all ---- */

/* Random events, most of them plausible: every state has a picture. */
static void
test_random_states (gconstpointer what)
{
  enum
  {
    RUNS = 60,
    EVENTS = 60
  };
  DmsScene *scene = dms_scene_new ();
  DmsTextCache *cache = dms_text_cache_new ();
  DmsNames *names = dms_names_new ();
  DmsBytes payload;

  dms_bytes_init (&payload);
  for (uint64_t run = 0; run < RUNS; run++)
    {
      DmsTestRandom random;
      DmsState *state = dms_state_new ();
      cairo_surface_t *image = new_image (300, 200);
      dms_test_random_init (&random, run);
      for (int i = 0; i < EVENTS; i++)
        {
          DmsEvent event = core_nonsense_next (
              &random, state, (CoreNonsense)GPOINTER_TO_INT (what), &payload);
          if (dms_state_apply (state, &event) != DMS_OK)
            continue;
          double width = (double)dms_test_random_below (&random, 2000);
          double height = (double)dms_test_random_below (&random, 1500);
          g_assert_cmpint (
              dms_scene_build (
                  scene, state, &event, &event, names, NULL, NULL, width, height),
              ==,
              DMS_OK);
          size_t n;
          const DmsItem *items = dms_scene_items (scene, &n);
          for (size_t k = 0; k < n; k++)
            g_assert_true (isfinite (items[k].rect.x) && isfinite (items[k].rect.y)
                           && items[k].rect.width >= 0 && items[k].rect.height >= 0);
          if (i % 6 != 0)
            continue;
          cairo_t *cr = cairo_create (image);
          dms_paint_stage (cr, scene, dms_theme_get (DMS_THEME_DARK), cache);
          g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
          cairo_destroy (cr);
        }
      cairo_surface_destroy (image);
      dms_state_free (state);
    }
  dms_bytes_release (&payload);
  dms_names_free (names);
  dms_text_cache_free (cache);
  dms_scene_free (scene);
}

/* ---- the timeline ---- */

static void
test_timeline (Fixture *fixture, gconstpointer to_device)
{
  UiTimeline lanes;
  DmsTimelineScene *scene = dms_timeline_scene_new ();
  const DmsTheme *theme = dms_theme_get (DMS_THEME_LIGHT);
  cairo_surface_t *image = new_image (1440, 200);
  cairo_t *cr = cairo_create (image);

  (void)to_device;
  ui_timeline_make (&lanes, &fixture->log, 40);
  g_assert_cmpint (dms_timeline_scene_build (
                       scene, &lanes.data, fixture->log.names, NULL, 1440, 200),
                   ==,
                   DMS_OK);
  dms_paint_timeline (cr, scene, theme, fixture->cache);
  dms_paint_playhead (cr, scene, theme);
  cairo_destroy (cr);
  cairo_surface_flush (image);
  int x = (int)dms_timeline_scene_cursor_x (scene);
  uint32_t found = pixel (image, x, 150);
  g_assert_cmpint (abs (level (found, 0) - (int)round (theme->accent.b * 255)), <=, 2);
  g_assert_cmpint (level (pixel (image, 1438, 198), 8),
                   ==,
                   (int)round (theme->timeline_ground.g * 255));
  cairo_surface_destroy (image);
  dms_timeline_scene_free (scene);
  ui_timeline_release (&lanes);
}

#define READ NULL
#define WRITE GINT_TO_POINTER (1)

static void
add (const char *path, gconstpointer to_device, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, to_device, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  add ("/paint/four-clips-make-the-whole", READ, test_four_clips_make_the_whole);
  add ("/paint/read/parts-are-kept", READ, test_parts_are_kept);
  add ("/paint/write/parts-are-kept", WRITE, test_parts_are_kept);
  add ("/paint/same-picture-again", READ, test_same_picture_again);
  add ("/paint/twice-the-size", READ, test_twice_the_size);
  add ("/paint/light-and-dark", READ, test_light_and_dark);
  add ("/paint/looks-are-seen", READ, test_looks_are_seen);
  add ("/paint/read/no-text-is-cut", READ, test_no_text_is_cut);
  add ("/paint/write/no-text-is-cut", WRITE, test_no_text_is_cut);
  add ("/paint/timeline", READ, test_timeline);
  g_test_add_data_func (
      "/paint/contrast/light", GINT_TO_POINTER (DMS_THEME_LIGHT), test_contrast);
  g_test_add_data_func (
      "/paint/contrast/dark", GINT_TO_POINTER (DMS_THEME_DARK), test_contrast);
  g_test_add_data_func (
      "/paint/random/simulated", GINT_TO_POINTER (CORE_SIMULATED), test_random_states);
  g_test_add_data_func (
      "/paint/random/recorded", GINT_TO_POINTER (CORE_RECORDED), test_random_states);
  g_test_add_data_func (
      "/paint/random/both", GINT_TO_POINTER (CORE_BOTH), test_random_states);
  return g_test_run ();
}
