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
dms_shape_round (cairo_t *cr, DmsRect rect, double radius)
{
  double right = rect.x + rect.width, bottom = rect.y + rect.height;

  radius = fmax (0, fmin (radius, fmin (rect.width, rect.height) / 2));
  cairo_new_sub_path (cr);
  cairo_arc (cr, right - radius, rect.y + radius, radius, -M_PI / 2, 0);
  cairo_arc (cr, right - radius, bottom - radius, radius, 0, M_PI / 2);
  cairo_arc (cr, rect.x + radius, bottom - radius, radius, M_PI / 2, M_PI);
  cairo_arc (cr, rect.x + radius, rect.y + radius, radius, M_PI, 3 * M_PI / 2);
  cairo_close_path (cr);
}

/* Diagonal strokes from x0,y0 to x1,y1; what is outside of the clip is seen to by
 * cairo. They do not depend on the clip, so that a part is painted as the whole is. */
static void
stroke_hatching (cairo_t *cr,
                 const double box[4],
                 DmsColor color,
                 double step,
                 double width,
                 bool crossed)
{
  double x0 = box[0], y0 = box[1], x1 = box[2], y1 = box[3];
  double height = y1 - y0;
  double from = floor ((x0 - y1) / step) * step;
  for (double c = from; c < x1 - y0 + height && height > 0; c += step)
    {
      cairo_move_to (cr, c + y0 - 1, y0 - 1);
      cairo_line_to (cr, c + y1 + 1, y1 + 1);
    }
  from = floor ((x0 + y0) / step) * step;
  for (double c = from; crossed && c < x1 + y1; c += step)
    {
      cairo_move_to (cr, c - y0 + 1, y0 - 1);
      cairo_line_to (cr, c - y1 - 1, y1 + 1);
    }
  dms_set_color (cr, color);
  cairo_set_line_width (cr, width);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_stroke (cr);
}

void
dms_shape_fill_look (cairo_t *cr, const DmsTheme *theme, DmsLook look)
{
  dms_set_color (cr, theme->looks[look].fill);
  cairo_fill_preserve (cr);
  if (look != DMS_LOOK_NEWER_BOUNCE && look != DMS_LOOK_MIXED && look != DMS_LOOK_FAULT)
    return;
  double box[4];
  cairo_path_t *path = cairo_copy_path (cr);
  cairo_path_extents (cr, &box[0], &box[1], &box[2], &box[3]);
  cairo_save (cr);
  cairo_clip (cr);
  if (look == DMS_LOOK_NEWER_BOUNCE)
    stroke_hatching (cr, box, theme->looks[DMS_LOOK_BOUNCE].fill, 8, 2.6, false);
  else if (look == DMS_LOOK_FAULT)
    {
      DmsColor color = theme->fence;
      color.a = 0.35;
      stroke_hatching (cr, box, color, 9, 1.2, true);
    }
  else
    stroke_hatching (cr, box, theme->hair, 6, 1, true);
  cairo_restore (cr);
  cairo_append_path (cr, path);
  cairo_path_destroy (path);
}

void
dms_shape_outline (
    cairo_t *cr, const DmsTheme *theme, DmsRect rect, double radius, DmsLook look)
{
  static const double dots[] = { 2.5, 3 };
  bool is_dotted = look == DMS_LOOK_POOL || look == DMS_LOOK_PENDING;

  cairo_save (cr);
  if (is_dotted)
    cairo_set_dash (cr, dots, 2, 0);
  dms_set_color (cr,
                 is_dotted                ? theme->dots
                 : look == DMS_LOOK_FAULT ? theme->fence
                                          : theme->outline);
  cairo_set_line_width (cr, 1.2);
  dms_shape_round (cr, dms_shape_sharp (rect), radius);
  cairo_stroke (cr);
  if (look == DMS_LOOK_FAULT)
    {
      DmsRect inner = { rect.x + 3, rect.y + 3, rect.width - 6, rect.height - 6 };
      dms_shape_round (cr, dms_shape_sharp (inner), radius - 2);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

void
dms_shape_ring (cairo_t *cr, DmsRect rect, double radius, DmsColor color)
{
  const double away = 3;
  DmsRect ring = { rect.x - away + 0.5,
                   rect.y - away + 0.5,
                   rect.width + 2 * away - 1,
                   rect.height + 2 * away - 1 };

  dms_set_color (cr, color);
  cairo_set_line_width (cr, 2.5);
  dms_shape_round (cr, ring, radius + away);
  cairo_stroke (cr);
}

void
dms_shape_wave (cairo_t *cr, DmsRect rect, DmsColor color)
{
  const double half = 5; /* of a wave's length */
  double y = rect.y + rect.height / 2;
  double height = 2.2;
  int sign = 1;

  cairo_save (cr);
  cairo_rectangle (cr, rect.x, rect.y - 2, rect.width, rect.height + 4);
  cairo_clip (cr);
  cairo_move_to (cr, rect.x, y);
  for (double x = rect.x; x < rect.x + rect.width; x += half, sign = -sign)
    cairo_curve_to (cr,
                    x + half * 0.36,
                    y + sign * height * 1.33,
                    x + half * 0.64,
                    y + sign * height * 1.33,
                    x + half,
                    y);
  dms_set_color (cr, color);
  cairo_set_line_width (cr, 1.3);
  cairo_stroke (cr);
  cairo_restore (cr);
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
