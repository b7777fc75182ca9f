/* dms-paint-shapes.c — boxes, hatching, waves
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <math.h>

DmsRect
dms_shape_sharp (DmsRect rect)
{
  double x = floor (rect.x), y = floor (rect.y);

  return (DmsRect){ x + 0.5,
                    y + 0.5,
                    floor (rect.x + rect.width) - x - 1,
                    floor (rect.y + rect.height) - y - 1 };
}

void
dms_shape_round_ends (
    cairo_t *cr, DmsRect rect, double radius, bool is_top_round, bool is_bottom_round)
{
  double right = rect.x + rect.width, bottom = rect.y + rect.height;
  double most = fmax (0, fmin (radius, fmin (rect.width, rect.height) / 2));
  double top = is_top_round ? most : 0, low = is_bottom_round ? most : 0;

  cairo_new_sub_path (cr);
  cairo_arc (cr, right - top, rect.y + top, top, -M_PI / 2, 0);
  cairo_arc (cr, right - low, bottom - low, low, 0, M_PI / 2);
  cairo_arc (cr, rect.x + low, bottom - low, low, M_PI / 2, M_PI);
  cairo_arc (cr, rect.x + top, rect.y + top, top, M_PI, 3 * M_PI / 2);
  cairo_close_path (cr);
}

void
dms_shape_round (cairo_t *cr, DmsRect rect, double radius)
{
  dms_shape_round_ends (cr, rect, radius, true, true);
}

/* A diagonal band, from @top at the top of @box to @bottom at its bottom, @width wide
 * along x. */
static void
add_band (cairo_t *cr, const double box[4], double top, double bottom, double width)
{
  cairo_move_to (cr, top, box[1]);
  cairo_line_to (cr, top + width, box[1]);
  cairo_line_to (cr, bottom + width, box[3]);
  cairo_line_to (cr, bottom, box[3]);
  cairo_close_path (cr);
}

/* Diagonal bands over @box, whole pixels. They do not depend on the clip, so that a
 * part is painted as the whole is. A clip to whole pixels and fills are quick; a clip
 * to a path, and strokes, are not. */
static void
fill_hatching (cairo_t *cr,
               const double box[4],
               DmsColor color,
               double step,
               double width,
               bool is_crossed)
{
  double height = box[3] - box[1];

  if (height <= 0 || box[2] <= box[0])
    return;
  cairo_save (cr);
  cairo_rectangle (cr, box[0], box[1], box[2] - box[0], height);
  cairo_clip (cr);
  dms_set_color (cr, color);
  for (double x = floor ((box[0] - height) / step) * step; x < box[2]; x += step)
    add_band (cr, box, x, x + height, width);
  cairo_fill (cr);
  for (double x = floor (box[0] / step) * step; is_crossed && x < box[2] + height;
       x += step)
    add_band (cr, box, x, x - height, width);
  cairo_fill (cr);
  cairo_restore (cr);
}

void
dms_shape_fill_look (cairo_t *cr, const DmsTheme *theme, DmsLook look)
{
  double box[4];

  dms_set_color (cr, theme->looks[look].fill);
  if (look != DMS_LOOK_NEWER_BOUNCE && look != DMS_LOOK_MIXED && look != DMS_LOOK_FAULT
      && look != DMS_LOOK_AWAY)
    {
      cairo_fill (cr);
      return;
    }
  cairo_path_extents (cr, &box[0], &box[1], &box[2], &box[3]);
  cairo_fill (cr);
  /* Clear of the outline and its round corners. */
  box[0] = round (box[0]) + 2;
  box[1] = round (box[1]) + 1;
  box[2] = round (box[2]) - 2;
  box[3] = round (box[3]) - 1;
  if (look == DMS_LOOK_NEWER_BOUNCE)
    fill_hatching (cr, box, theme->looks[DMS_LOOK_BOUNCE].fill, 8, 3.7, false);
  else if (look == DMS_LOOK_AWAY)
    fill_hatching (cr, box, theme->hair, 7, 3, false);
  else if (look == DMS_LOOK_FAULT)
    {
      DmsColor color = theme->fence;
      color.a = 0.35;
      fill_hatching (cr, box, color, 9, 1.7, true);
    }
  else
    fill_hatching (cr, box, theme->hair, 6, 1.4, true);
}

/* A quarter of a ring round (x, y), from @from on. */
static void
add_corner (cairo_t *cr, double x, double y, double radius, double width, double from)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, radius, from, from + M_PI / 2);
  cairo_arc_negative (cr, x, y, fmax (0, radius - width), from + M_PI / 2, from);
  cairo_close_path (cr);
}

/* A line of @width inside the edge of @rect. The straight parts are rectangles, which
 * cairo fills at once; stroking a rounded box takes ten times as long. */
static void
fill_frame (cairo_t *cr, DmsRect rect, double radius, double width)
{
  double r = ceil (fmax (0, fmin (radius, fmin (rect.width, rect.height) / 2)));
  double right = rect.x + rect.width, bottom = rect.y + rect.height;
  double across = fmax (0, rect.width - 2 * r), down = fmax (0, rect.height - 2 * r);

  cairo_rectangle (cr, rect.x + r, rect.y, across, width);
  cairo_rectangle (cr, rect.x + r, bottom - width, across, width);
  cairo_rectangle (cr, rect.x, rect.y + r, width, down);
  cairo_rectangle (cr, right - width, rect.y + r, width, down);
  cairo_fill (cr);
  if (r < 1)
    return;
  add_corner (cr, right - r, rect.y + r, r, width, -M_PI / 2);
  add_corner (cr, right - r, bottom - r, r, width, 0);
  add_corner (cr, rect.x + r, bottom - r, r, width, M_PI / 2);
  add_corner (cr, rect.x + r, rect.y + r, r, width, M_PI);
  cairo_fill (cr);
}

/* The whole pixels that @rect touches. */
static DmsRect
whole (DmsRect rect)
{
  double x = floor (rect.x), y = floor (rect.y);

  return (DmsRect){
    x, y, floor (rect.x + rect.width) - x, floor (rect.y + rect.height) - y
  };
}

static void
stroke_dots (cairo_t *cr, DmsRect rect, double radius)
{
  static const double dots[] = { 2.5, 3 };

  cairo_save (cr);
  cairo_set_dash (cr, dots, 2, 0);
  cairo_set_line_width (cr, 1.2);
  dms_shape_round (cr, dms_shape_sharp (rect), radius);
  cairo_stroke (cr);
  cairo_restore (cr);
}

void
dms_shape_outline (
    cairo_t *cr, const DmsTheme *theme, DmsRect rect, double radius, DmsLook look)
{
  if (look == DMS_LOOK_POOL || look == DMS_LOOK_PENDING || look == DMS_LOOK_AWAY)
    {
      dms_set_color (cr, theme->dots);
      stroke_dots (cr, rect, radius);
      return;
    }
  dms_set_color (cr, look == DMS_LOOK_FAULT ? theme->fence : theme->outline);
  fill_frame (cr, whole (rect), radius, 1);
  if (look == DMS_LOOK_FAULT)
    {
      DmsRect inner = { rect.x + 3, rect.y + 3, rect.width - 6, rect.height - 6 };
      fill_frame (cr, whole (inner), radius - 2, 1);
    }
}

void
dms_shape_hairline (cairo_t *cr, DmsRect rect, double radius, DmsColor color)
{
  dms_set_color (cr, color);
  fill_frame (cr, whole (rect), radius, 1);
}

void
dms_shape_ring (cairo_t *cr, DmsRect rect, double radius, DmsColor color)
{
  const double away = 4, width = 2.5;
  DmsRect ring
      = { rect.x - away, rect.y - away, rect.width + 2 * away, rect.height + 2 * away };

  dms_set_color (cr, color);
  fill_frame (cr, whole (ring), radius + away, width);
}

/* A ribbon whose edges are waves; filled, which is much quicker than stroking. */
void
dms_shape_wave (cairo_t *cr, DmsRect rect, DmsColor color)
{
  const double step = 1.5, length = 12, height = 2, half = 0.75;
  double middle = rect.y + rect.height / 2;
  int n = (int)(rect.width / step);

  if (n < 1)
    return;
  cairo_new_path (cr);
  for (int i = 0; i <= n; i++)
    cairo_line_to (cr,
                   rect.x + i * step,
                   middle - half + height * sin (i * step / length * 2 * M_PI));
  for (int i = n; i >= 0; i--)
    cairo_line_to (cr,
                   rect.x + i * step,
                   middle + half + height * sin (i * step / length * 2 * M_PI));
  cairo_close_path (cr);
  dms_set_color (cr, color);
  cairo_fill (cr);
}

bool
dms_is_in_clip (cairo_t *cr, DmsRect rect)
{
  double x0, y0, x1, y1;
  const double around = 8; /* rings, outlines */

  cairo_clip_extents (cr, &x0, &y0, &x1, &y1);
  return rect.x - around < x1 && rect.x + rect.width + around > x0
         && rect.y - around < y1 && rect.y + rect.height + around > y0;
}
