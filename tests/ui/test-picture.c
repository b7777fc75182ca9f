/* test-picture.c — pictures as files
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/lib/dms-test.h"
#include "tests/ui/ui-scenes.h"
#include "ui/paint/dms-paint.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char *dir;
  char *path;
  DmsScene *scene;
  DmsTextCache *cache;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  CoreLog log;
  DmsEvent opening, last;

  (void)data;
  core_log_init (&log, false);
  CoreStory story = core_story_emit (&log, false);
  DmsState *state = ui_moment (&log, story.last_burst_of[1], &opening, &last);
  fixture->scene = dms_scene_new ();
  fixture->cache = dms_text_cache_new ();
  g_assert_cmpint (
      dms_scene_build (
          fixture->scene, state, &opening, &last, log.names, NULL, NULL, 1067, 658),
      ==,
      DMS_OK);
  dms_state_free (state);
  core_log_release (&log);
  fixture->dir = dms_test_temp_dir ();
  fixture->path = g_build_filename (fixture->dir, "picture", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  dms_scene_free (fixture->scene);
  dms_text_cache_free (fixture->cache);
  g_free (fixture->path);
  dms_test_temp_dir_free (fixture->dir);
}

static void
paint (cairo_t *cr, void *data)
{
  const Fixture *fixture = data;

  dms_paint_stage (cr, fixture->scene, dms_theme_get (DMS_THEME_LIGHT), fixture->cache);
}

static void
paint_nothing (cairo_t *cr, void *data)
{
  (void)cr;
  (void)data;
}

static char *
written (Fixture *fixture, DmsPictureFormat format, gsize *ret_length)
{
  const char *reason = NULL;
  char *bytes = NULL;

  if (!dms_picture_write (fixture->path, format, 1067, 658, paint, fixture, &reason))
    g_error ("%s", reason);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, ret_length, NULL));
  return bytes;
}

/* Bytes may be 0, where functions for text would stop. */
static bool
has_text (const char *bytes, gsize length, const char *text)
{
  gsize n = strlen (text);

  for (gsize i = 0; i + n <= length; i++)
    if (memcmp (bytes + i, text, n) == 0)
      return true;
  return false;
}

static void
test_same_bytes (Fixture *fixture, gconstpointer data)
{
  static const char *const magic[] = { "\x89PNG", "<?xml", "%PDF-" };
  DmsPictureFormat format = (DmsPictureFormat)GPOINTER_TO_INT (data);
  gsize length, again_length;
  g_autofree char *first = written (fixture, format, &length);

  dms_text_cache_free (fixture->cache);
  fixture->cache = dms_text_cache_new ();
  g_autofree char *again = written (fixture, format, &again_length);
  g_assert_cmpmem (first, length, again, again_length);
  g_assert_true (g_str_has_prefix (first, magic[format]));
  /* Not of this time and not of this place. */
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d");
  g_assert_false (has_text (first, length, stamp));
  g_assert_false (has_text (first, length, fixture->dir));
}

/* What was there before stays when the new picture cannot be made. */
static void
test_failure_keeps_the_old (Fixture *fixture, gconstpointer data)
{
  const char *reason = NULL;
  g_autofree char *part = g_strconcat (fixture->path, ".part", NULL);
  g_autofree char *bytes = NULL;

  (void)data;
  g_assert_true (g_file_set_contents (fixture->path, "old", 3, NULL));
  g_assert_cmpint (g_mkdir (part, 0700), ==, 0);
  g_assert_false (dms_picture_write (
      fixture->path, DMS_PICTURE_PNG, 20, 20, paint, fixture, &reason));
  g_assert_cmpstr (reason, !=, NULL);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, NULL, NULL));
  g_assert_cmpstr (bytes, ==, "old");
}

static void
test_missing_folder (Fixture *fixture, gconstpointer data)
{
  const char *reason = NULL;
  g_autofree char *path = g_build_filename (fixture->dir, "no", "folder.png", NULL);

  (void)data;
  g_assert_false (
      dms_picture_write (path, DMS_PICTURE_SVG, 20, 20, paint, fixture, &reason));
  g_assert_cmpstr (reason, ==, g_strerror (ENOENT));
}

static void
test_absurd_sizes (Fixture *fixture, gconstpointer data)
{
  static const double sizes[][2]
      = { { 0, 10 }, { 10, -1 }, { 1e9, 10 }, { 10, NAN }, { INFINITY, 10 } };

  (void)data;
  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const char *reason = NULL;
      g_assert_false (dms_picture_write (fixture->path,
                                         DMS_PICTURE_PNG,
                                         sizes[i][0],
                                         sizes[i][1],
                                         paint_nothing,
                                         NULL,
                                         &reason));
      g_assert_cmpstr (reason, !=, NULL);
      g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    }
}

/* The file has the scene's size, and nothing is left beside it. */
static void
test_png_is_whole (Fixture *fixture, gconstpointer data)
{
  gsize length;
  g_autofree char *bytes = written (fixture, DMS_PICTURE_PNG, &length);
  cairo_surface_t *image = cairo_image_surface_create_from_png (fixture->path);
  g_autofree char *part = g_strconcat (fixture->path, ".part", NULL);

  (void)data;
  g_assert_cmpint (cairo_surface_status (image), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (image), ==, 1067);
  g_assert_cmpint (cairo_image_surface_get_height (image), ==, 658);
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  cairo_surface_destroy (image);
}

static void
add (const char *path, int data, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, GINT_TO_POINTER (data), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  add ("/picture/same-bytes/png", DMS_PICTURE_PNG, test_same_bytes);
  add ("/picture/same-bytes/svg", DMS_PICTURE_SVG, test_same_bytes);
  add ("/picture/same-bytes/pdf", DMS_PICTURE_PDF, test_same_bytes);
  add ("/picture/failure-keeps-the-old", 0, test_failure_keeps_the_old);
  add ("/picture/missing-folder", 0, test_missing_folder);
  add ("/picture/absurd-sizes", 0, test_absurd_sizes);
  add ("/picture/png-is-whole", 0, test_png_is_whole);
  return g_test_run ();
}
