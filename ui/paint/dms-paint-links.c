/* dms-paint-links.c — "refers to" thin with a dot, "bytes move this way" thick with a
 * tip
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <math.h>

enum
{
  DOT = 3,
  TIP = 12, /* length of a tip */
  TIP_HALF = 6,
  BEND = 14 /* radius of a routed link's corners */
};

void
dms_paint_refers (cairo_t *cr,
                  const DmsLink *link,
                  const DmsTheme *theme,
                  bool is_plain)
{
  DmsColor color = link->faint ? theme->link_faint : theme->link;

  if (is_plain)
    {
      color = theme->looks[DMS_LOOK_CURRENT].fill;
      color.a = 0.6;
    }
  cairo_new_path (cr);
  cairo_move_to (cr, link->x0, link->y0);
  cairo_curve_to (cr,
                  link->x0 + link->bend0,
                  link->y0,
                  link->x1 + link->bend1,
                  link->y1,
                  link->x1,
                  link->y1);
  dms_set_color (cr, color);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
  if (is_plain)
    return;
  cairo_arc (cr, link->x1, link->y1, DOT, 0, 2 * M_PI);
  dms_set_color (cr, theme->link);
  cairo_fill (cr);
}

/* A corner from the point reached so far round (x, y) towards (to_x, to_y). */
static void
turn (cairo_t *cr, double x, double y, double to_x, double to_y)
{
  double from_x, from_y;

  cairo_get_current_point (cr, &from_x, &from_y);
  double before = hypot (x - from_x, y - from_y), behind = hypot (to_x - x, to_y - y);
  double radius = fmin (BEND, fmin (before, behind) / 2);
  if (radius < 0.5)
    {
      cairo_line_to (cr, x, y);
      return;
    }
  double ax = x - (x - from_x) / before * radius,
         ay = y - (y - from_y) / before * radius;
  double bx = x + (to_x - x) / behind * radius, by = y + (to_y - y) / behind * radius;
  cairo_line_to (cr, ax, ay);
  cairo_curve_to (cr,
                  ax + (x - ax) * 0.56,
                  ay + (y - ay) * 0.56,
                  bx + (x - bx) * 0.56,
                  by + (y - by) * 0.56,
                  bx,
                  by);
}

/* The way of the bytes up to where the tip begins; returns the side from which it
 * arrives, -1 from the left, 1 from the right. */
static double
trace_bytes (cairo_t *cr, const DmsLink *link)
{
  double side = link->is_routed ? (link->turn1 > link->x1 ? 1 : -1)
                                : (link->bend1 > 0 ? 1 : -1);
  double end = link->x1 + side * (TIP - 2);

  cairo_new_path (cr);
  cairo_move_to (cr, link->x0, link->y0);
  if (!link->is_routed)
    {
      cairo_curve_to (cr,
                      link->x0 + link->bend0,
                      link->y0,
                      link->x1 + link->bend1,
                      link->y1,
                      end,
                      link->y1);
      return side;
    }
  turn (cr, link->turn0, link->y0, link->turn0, link->over);
  turn (cr, link->turn0, link->over, link->turn1, link->over);
  turn (cr, link->turn1, link->over, link->turn1, link->y1);
  turn (cr, link->turn1, link->y1, end, link->y1);
  cairo_line_to (cr, end, link->y1);
  return side;
}

static void
paint_label (cairo_t *cr,
             const DmsLink *link,
             const DmsTheme *theme,
             DmsTextCache *cache)
{
  double width = fmin (dms_text_width (cache, DMS_FONT_SMALL_BOLD, link->label) + 20,
                       fmax (link->label_rect.width, 40));
  DmsRect pill = { link->label_rect.x + (link->label_rect.width - width) / 2,
                   link->label_rect.y,
                   width,
                   link->label_rect.height };
  DmsRect text = { pill.x + 8, pill.y, pill.width - 16, pill.height };

  dms_shape_round (cr, dms_shape_sharp (pill), pill.height / 2);
  dms_set_color (cr, theme->card);
  cairo_fill_preserve (cr);
  dms_set_color (cr,
                 link->is_wrong ? theme->fence : theme->looks[DMS_LOOK_CURRENT].fill);
  cairo_set_line_width (cr, 1.4);
  cairo_stroke (cr);
  dms_text_paint (
      cache, cr, DMS_FONT_SMALL_BOLD, link->label, text, DMS_ALIGN_MIDDLE, theme->ink);
}

/* A cross where the way ends: nothing gets any further. */
static void
paint_cross (cairo_t *cr, const DmsLink *link, double side, const DmsTheme *theme)
{
  const double half = 6;
  double x = link->x1 + side * half, y = link->y1;

  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, x - half, y - half);
  cairo_line_to (cr, x + half, y + half);
  cairo_move_to (cr, x - half, y + half);
  cairo_line_to (cr, x + half, y - half);
  dms_set_color (cr, theme->ground);
  cairo_set_line_width (cr, 7);
  cairo_stroke_preserve (cr);
  dms_set_color (cr, theme->fence);
  cairo_set_line_width (cr, 3.5);
  cairo_stroke (cr);
}

static void
paint_tip (cairo_t *cr, const DmsLink *link, double side, const DmsTheme *theme)
{
  cairo_move_to (cr, link->x1, link->y1);
  cairo_line_to (cr, link->x1 + side * TIP, link->y1 - TIP_HALF);
  cairo_line_to (cr, link->x1 + side * TIP, link->y1 + TIP_HALF);
  cairo_close_path (cr);
  dms_set_color (cr, theme->ground);
  cairo_set_line_width (cr, 2);
  cairo_stroke_preserve (cr);
  dms_set_color (cr,
                 link->is_wrong ? theme->fence : theme->looks[DMS_LOOK_CURRENT].fill);
  cairo_fill (cr);
}

void
dms_paint_bytes (cairo_t *cr,
                 const DmsLink *link,
                 const DmsTheme *theme,
                 DmsTextCache *cache)
{
  cairo_save (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  double side = trace_bytes (cr, link);
  /* A rim in the colour of the ground sets the band off from what it crosses. */
  dms_set_color (cr, theme->ground);
  cairo_set_line_width (cr, 10);
  cairo_stroke_preserve (cr);
  dms_set_color (cr, theme->band);
  cairo_set_line_width (cr, 7);
  cairo_stroke_preserve (cr);
  dms_set_color (cr, link->is_wrong ? theme->fence : theme->band_core);
  cairo_set_line_width (cr, link->is_wrong ? 3 : 2.2);
  cairo_stroke (cr);
  if (link->is_stopped)
    paint_cross (cr, link, side, theme);
  else
    paint_tip (cr, link, side, theme);
  cairo_restore (cr);
  if (link->label != NULL)
    paint_label (cr, link, theme, cache);
}
