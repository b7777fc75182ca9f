/* look.c — paints one moment of the story, to be looked at
 *
 * usage: look OUT.png [--seq N] [--write] [--dark] [--size WxH] [--pages N] [--dump]
 *        [--timeline] [--way NAME]
 *
 * Not a test: a tool for who works on the picture.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/core-log.h"
#include "tests/ui/ui-scenes.h"
#include "tests/ui/ui-ways.h"

#include "data/import/dms-import.h"

#include "ui/paint/dms-paint.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct
{
  DmsScene *scene;
  DmsTimelineScene *timeline;
  const DmsTheme *theme;
  DmsTextCache *cache;
} Look;

static void
paint (cairo_t *cr, void *data)
{
  const Look *look = data;

  if (look->timeline != NULL)
    {
      dms_paint_timeline (cr, look->timeline, look->theme, look->cache);
      dms_paint_playhead (cr, look->timeline, look->theme);
    }
  else
    dms_paint_stage (cr, look->scene, look->theme, look->cache);
}

static gboolean
import (CoreLog *log, const char *path, GError **error)
{
  DmsImportTarget target = { .sink = log->emitter.sink };
  DmsRunInfo info = { 0 };
  DmsImportTally tally;
  gboolean is_read = dms_import_ftrace_text (path, &target, &info, &tally, NULL, error);

  dms_run_info_clear (&info);
  return is_read;
}

int
main (int argc, char **argv)
{
  int seq = 0, width = 1067, height = 658, pages = 0;
  gboolean is_write = FALSE, is_dark = FALSE, dump = FALSE, timeline = FALSE;
  gboolean chain = FALSE, recorded = FALSE;
  g_autofree char *size = NULL;
  g_autofree char *path = NULL;
  g_autofree char *way = NULL;
  const GOptionEntry options[] = {
    { "seq", 0, 0, G_OPTION_ARG_INT, &seq, "event", "N" },
    { "pages", 0, 0, G_OPTION_ARG_INT, &pages, "pages of another buffer", "N" },
    { "chain", 0, 0, G_OPTION_ARG_NONE, &chain, "that buffer is a chain", NULL },
    { "write", 0, 0, G_OPTION_ARG_NONE, &is_write, "to the device", NULL },
    { "recorded", 0, 0, G_OPTION_ARG_NONE, &recorded, "a recording", NULL },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &is_dark, "dark", NULL },
    { "dump", 0, 0, G_OPTION_ARG_NONE, &dump, "print the scene", NULL },
    { "timeline", 0, 0, G_OPTION_ARG_NONE, &timeline, "the timeline", NULL },
    { "size", 0, 0, G_OPTION_ARG_STRING, &size, "pixels", "WxH" },
    { "import", 0, 0, G_OPTION_ARG_FILENAME, &path, "ftrace text", "FILE" },
    { "way", 0, 0, G_OPTION_ARG_STRING, &way, "another way of doing DMA", "NAME" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("OUT.png");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2
      || (size != NULL && sscanf (size, "%dx%d", &width, &height) != 2))
    {
      g_printerr ("look: %s\n", error == NULL ? "see --help" : error->message);
      return 2;
    }

  CoreLog log;
  UiTimeline lanes = { 0 };
  core_log_init (&log, recorded);
  if (path != NULL && !import (&log, path, &error))
    {
      g_printerr ("look: %s\n", error->message);
      return 2;
    }
  for (int i = 0; way != NULL && i < UI_WAYS; i++)
    if (g_str_equal (ui_way_name ((UiWay)i), way))
      ui_emit_way (&log, (UiWay)i);
  if (path != NULL || way != NULL)
    ;
  else if (recorded)
    ui_emit_recording (&log, (unsigned)pages);
  else if (pages > 0)
    ui_emit_large (&log, (unsigned)pages, is_write, chain);
  else
    core_story_emit (&log, is_write);
  if (seq <= 0 || (guint)seq > log.events->len)
    seq = (int)log.events->len;

  Look look = { .theme = dms_theme_get (is_dark ? DMS_THEME_DARK : DMS_THEME_LIGHT),
                .cache = dms_text_cache_new () };
  DmsEvent opening, last;
  DmsState *state = ui_moment (&log, (uint64_t)seq, &opening, &last);
  look.scene = dms_scene_new ();
  ui_set_facts (look.scene, &log, (uint64_t)seq);
  DmsStatus status = dms_scene_build (
      look.scene, state, &opening, &last, log.names, NULL, NULL, width, height);
  g_assert_cmpint (status, ==, DMS_OK);
  if (timeline)
    {
      ui_timeline_make (&lanes, &log, (uint64_t)seq);
      look.timeline = dms_timeline_scene_new ();
      status = dms_timeline_scene_build (
          look.timeline, &lanes.data, log.names, NULL, width, height);
      g_assert_cmpint (status, ==, DMS_OK);
    }

  DmsBytes text;
  dms_bytes_init (&text);
  if (timeline)
    dms_timeline_scene_append_dump (&text, look.timeline);
  else
    dms_scene_append_dump (&text, look.scene);
  if (dump)
    fputs (dms_bytes_text (&text), stdout);
  dms_bytes_release (&text);

  double w = width, h = height;
  const char *reason = "";
  if (!timeline)
    dms_scene_size (look.scene, &w, &h);
  DmsPictureFormat format = g_str_has_suffix (argv[1], ".svg")   ? DMS_PICTURE_SVG
                            : g_str_has_suffix (argv[1], ".pdf") ? DMS_PICTURE_PDF
                                                                 : DMS_PICTURE_PNG;
  if (!dms_picture_write (argv[1], format, w, h, paint, &look, &reason))
    g_printerr ("look: %s: %s\n", argv[1], reason);
  printf ("%s: event %d of %u, %s\n",
          argv[1],
          seq,
          log.events->len,
          dms_scene_sentence (look.scene));

  ui_timeline_release (&lanes);
  dms_timeline_scene_free (look.timeline);
  dms_scene_free (look.scene);
  dms_text_cache_free (look.cache);
  dms_state_free (state);
  core_log_release (&log);
  return 0;
}
