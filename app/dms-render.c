/* dms-render.c — one moment of a trace as a picture in a file
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-render.h"

#include "ui/widget/dms-moment.h"
#include "ui/widget/dms-timeline-data.h"

/* What the stage has in a window of 1440 × 900. */
#define STAGE_WIDTH 1120
#define STAGE_HEIGHT 700
#define TIMELINE_WIDTH 1440

G_DEFINE_QUARK (dms - render - error - quark, dms_render_error)

gboolean
dms_render_format (const char *path, DmsPictureFormat *ret_format, GError **error)
{
  static const struct
  {
    const char *tail;
    DmsPictureFormat format;
  } formats[] = {
    { ".png", DMS_PICTURE_PNG },
    { ".svg", DMS_PICTURE_SVG },
    { ".pdf", DMS_PICTURE_PDF },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_has_suffix (path, formats[i].tail))
      {
        *ret_format = formats[i].format;
        return TRUE;
      }
  g_set_error (error,
               DMS_RENDER_ERROR,
               DMS_RENDER_ERROR_FORMAT,
               "%s does not say which form the picture shall have; a name that ends in "
               ".png, .svg or .pdf is needed",
               path);
  return FALSE;
}

/* What the paint callbacks get. */
typedef struct
{
  const DmsScene *scene;
  const DmsTimelineScene *timeline;
  const DmsTheme *theme;
  DmsTextCache *cache;
} Picture;

static void
paint_stage_cb (cairo_t *cr, void *data)
{
  const Picture *picture = data;

  dms_paint_stage (cr, picture->scene, picture->theme, picture->cache);
}

static void
paint_timeline_cb (cairo_t *cr, void *data)
{
  const Picture *picture = data;

  dms_paint_timeline (cr, picture->timeline, picture->theme, picture->cache);
  dms_paint_playhead (cr, picture->timeline, picture->theme);
}

static gboolean
fail_memory (GError **error)
{
  g_set_error_literal (error,
                       DMS_RENDER_ERROR,
                       DMS_RENDER_ERROR_MEMORY,
                       "there is no memory for the picture");
  return FALSE;
}

static gboolean
write_picture (Picture *picture,
               double width,
               double height,
               void (*paint) (cairo_t *cr, void *data),
               const char *path,
               GError **error)
{
  DmsPictureFormat format;
  const char *reason = NULL;
  gboolean is_written;

  if (!dms_render_format (path, &format, error))
    return FALSE;
  picture->cache = dms_text_cache_new ();
  if (!picture->cache)
    return fail_memory (error);
  is_written = dms_picture_write (path, format, width, height, paint, picture, &reason);
  dms_text_cache_free (picture->cache);
  if (!is_written)
    g_set_error (error,
                 DMS_RENDER_ERROR,
                 DMS_RENDER_ERROR_WRITE,
                 "%s cannot be written: %s",
                 path,
                 reason ? reason : "the reason is not known");
  return is_written;
}

/* ---- the stage ------------------------------------------------------------------- */

static gboolean
build_stage (DmsScene *scene,
             DmsPlayer *player,
             guint64 seq,
             const DmsRenderOptions *options,
             GError **error)
{
  DmsMoment moment = { 0 };
  double width = options->width > 0 ? options->width : STAGE_WIDTH;
  double height = options->height > 0 ? options->height : STAGE_HEIGHT;
  DmsStatus status;

  if (!dms_moment_load (&moment, player, seq, error))
    return FALSE;
  dms_scene_set_facts (scene, moment.facts, moment.n_facts);
  status = dms_scene_build (scene,
                            dms_moment_state (&moment),
                            &moment.opening,
                            &moment.last,
                            dms_player_names (player),
                            NULL,
                            NULL,
                            width,
                            height);
  dms_moment_clear (&moment);
  return status == DMS_OK ? TRUE : fail_memory (error);
}

static gboolean
render_stage (DmsPlayer *player,
              guint64 seq,
              const DmsRenderOptions *options,
              const char *path,
              GError **error)
{
  DmsScene *scene = dms_scene_new ();
  Picture picture = { .scene = scene, .theme = dms_theme_get (options->theme) };
  gboolean is_done;

  if (!scene)
    return fail_memory (error);
  is_done = build_stage (scene, player, seq, options, error);
  if (is_done)
    {
      double width, height;
      dms_scene_size (scene, &width, &height);
      is_done = write_picture (&picture,
                               MAX (width, options->width),
                               MAX (height, options->height),
                               paint_stage_cb,
                               path,
                               error);
    }
  dms_scene_free (scene);
  return is_done;
}

/* ---- the timeline ---------------------------------------------------------------- */

static gboolean
read_timeline (DmsTimelineReader *reader,
               DmsPlayer *player,
               guint64 seq,
               double width,
               GError **error)
{
  DmsTimelineData *data = dms_timeline_reader_data (reader);
  DmsMoment moment = { 0 };

  if (!dms_timeline_reader_read (reader, data->first, data->last, (guint)width, error)
      || !dms_moment_load (&moment, player, seq, error))
    return FALSE;
  data->cursor = dms_moment_axis (&moment);
  dms_moment_clear (&moment);
  return TRUE;
}

static gboolean
paint_timeline (DmsTimelineReader *reader,
                DmsPlayer *player,
                const DmsRenderOptions *options,
                double width,
                const char *path,
                GError **error)
{
  const DmsTimelineData *data = dms_timeline_reader_data (reader);
  double natural = dms_timeline_scene_natural_height (data);
  double height = MAX (natural, options->height);
  DmsTimelineScene *scene = dms_timeline_scene_new ();
  Picture picture = { .timeline = scene, .theme = dms_theme_get (options->theme) };
  gboolean is_done;

  if (!scene)
    return fail_memory (error);
  if (dms_timeline_scene_build (
          scene, data, dms_player_names (player), NULL, width, height)
      == DMS_OK)
    is_done = write_picture (&picture, width, height, paint_timeline_cb, path, error);
  else
    is_done = fail_memory (error);
  dms_timeline_scene_free (scene);
  return is_done;
}

static gboolean
render_timeline (DmsPlayer *player,
                 guint64 seq,
                 const DmsRenderOptions *options,
                 const char *path,
                 GError **error)
{
  double width = options->width > 0 ? options->width : TIMELINE_WIDTH;
  g_autoptr (DmsTimelineReader) reader = dms_timeline_reader_new (player, error);

  return reader && read_timeline (reader, player, seq, width, error)
         && paint_timeline (reader, player, options, width, path, error);
}

gboolean
dms_render (DmsPlayer *player,
            guint64 seq,
            const DmsRenderOptions *options,
            const char *path,
            GError **error)
{
  switch (options->view)
    {
    case DMS_VIEW_STAGE:
      return render_stage (player, seq, options, path, error);
    case DMS_VIEW_TIMELINE:
      return render_timeline (player, seq, options, path, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}
