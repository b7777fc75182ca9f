/* dms-stage-picture.c — the painted stage, kept between frames
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-stage-picture.h"

#include "ui/widget/dms-widget.h"

/* Between what is above the legend and the legend. No curve crosses the cut: cairo
 * would round it there. */
#define CUT_DISTANCE 6.0

void
dms_stage_picture_clear (DmsStagePicture *picture)
{
  for (guint i = 0; i < DMS_STAGE_PARTS; i++)
    g_clear_pointer (&picture->parts[i], gsk_render_node_unref);
}

/* Whole pixels, so that parts meet without a seam. */
static GdkRectangle
part_area (const DmsStageView *view, guint part)
{
  double y = view->scene ? dms_scene_legend_rect (view->scene).y - CUT_DISTANCE : 0;
  int cut = CLAMP ((int)(y * view->scale), 0, view->height);

  return part == 0 ? (GdkRectangle){ 0, 0, view->width, cut }
                   : (GdkRectangle){ 0, cut, view->width, view->height - cut };
}

static void
find_keys (const DmsStageView *view, uint64_t *ret_keys)
{
  DmsRect areas[DMS_STAGE_PARTS];

  for (guint i = 0; i < DMS_STAGE_PARTS; i++)
    {
      GdkRectangle area = part_area (view, i);

      ret_keys[i] = 0;
      areas[i] = (DmsRect){ area.x / view->scale,
                            area.y / view->scale,
                            area.width / view->scale,
                            area.height / view->scale };
    }
  if (view->scene)
    dms_paint_stage_keys (view->scene, areas, DMS_STAGE_PARTS, ret_keys);
}

void
dms_stage_picture_refresh (DmsStagePicture *picture, const DmsStageView *view)
{
  uint64_t keys[DMS_STAGE_PARTS];

  find_keys (view, keys);
  for (guint i = 0; i < DMS_STAGE_PARTS; i++)
    {
      if (keys[i] != picture->keys[i])
        g_clear_pointer (&picture->parts[i], gsk_render_node_unref);
      picture->keys[i] = keys[i];
    }
}

static void
paint (cairo_t *cr, gpointer data)
{
  const DmsStageView *view = data;
  const DmsTheme *theme = dms_widget_theme ();
  DmsColor ground = dms_theme_stage_ground (theme);

  cairo_set_source_rgba (cr, ground.r, ground.g, ground.b, ground.a);
  cairo_paint (cr);
  if (!view->scene)
    return;
  if (view->scale < 1.0)
    cairo_scale (cr, view->scale, view->scale);
  dms_paint_stage (cr, view->scene, theme, view->texts);
}

void
dms_stage_picture_draw (DmsStagePicture *picture,
                        const DmsStageView *view,
                        GtkSnapshot *snapshot)
{
  for (guint i = 0; i < DMS_STAGE_PARTS; i++)
    {
      GdkRectangle area = part_area (view, i);

      if (area.width <= 0 || area.height <= 0)
        continue;
      if (!picture->parts[i])
        picture->parts[i] = dms_widget_make_picture (&area, paint, (gpointer)view);
      if (picture->parts[i])
        gtk_snapshot_append_node (snapshot, picture->parts[i]);
    }
}
