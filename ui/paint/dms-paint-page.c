/* dms-paint-page.c — a page of the buffer, its bytes to scale
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <math.h>

enum
{
  PAD = 9,
  FEW = 3,       /* least height of a range */
  TWO_LINES = 36 /* least height of a box with two lines */
};

static double
range_y (const DmsItem *item, unsigned bytes)
{
  return round (item->rect.y + item->rect.height * bytes / 4096.0);
}

static void
fill_ranges (const DmsBrush *brush, const DmsItem *item)
{
  cairo_t *cr = brush->cr;
  double radius = dms_item_radius (item);
  double bottom = item->rect.y + item->rect.height;

  if (item->n_ranges != 1 || item->ranges[0].start != 0 || item->ranges[0].end != 4096)
    {
      dms_shape_round (cr, item->rect, radius);
      dms_set_color (cr, brush->theme->looks[item->look].fill);
      cairo_fill (cr);
    }
  for (unsigned i = 0; i < item->n_ranges; i++)
    {
      double y = range_y (item, item->ranges[i].start);
      double end = range_y (item, item->ranges[i].end);
      /* A few bytes are seen as well. */
      if (end - y < FEW)
        y = fmax (item->rect.y, fmin (y, bottom - FEW));
      end = fmax (end, y + FEW);
      dms_shape_round_ends (cr,
                            (DmsRect){ item->rect.x, y, item->rect.width, end - y },
                            radius,
                            y<item->rect.y + 1, end> bottom - 1);
      dms_shape_fill_look (cr, brush->theme, item->ranges[i].look);
    }
}

/* The look behind the lines from @y to @end; false when there are several. */
static bool
one_look (const DmsItem *item, double y, double end, DmsLook *ret_look)
{
  *ret_look = item->look;
  for (unsigned i = 0; i < item->n_ranges; i++)
    {
      double from = range_y (item, item->ranges[i].start);
      double to = range_y (item, item->ranges[i].end);
      if (from <= y && to >= end)
        {
          *ret_look = item->ranges[i].look;
          return true;
        }
      if (to > y && from < end)
        return false;
    }
  return true;
}

static bool
is_patterned (DmsLook look)
{
  return look == DMS_LOOK_NEWER_BOUNCE || look == DMS_LOOK_MIXED
         || look == DMS_LOOK_FAULT;
}

/* A plate under a word, where what is behind it is not of one colour. */
static void
paint_plate (const DmsBrush *brush,
             DmsFont font,
             const char *text,
             double x,
             double y,
             double width,
             double height)
{
  DmsColor color = brush->theme->card;
  double w = fmin (dms_text_width (brush->cache, font, text), width);

  if (text[0] == '\0')
    return;
  color.a = 0.9;
  dms_shape_round (brush->cr, (DmsRect){ x - 3, y, w + 6, height }, 3);
  dms_set_color (brush->cr, color);
  cairo_fill (brush->cr);
}

static void
write_on_page (const DmsBrush *brush,
               const DmsItem *item,
               DmsFont font,
               const char *text,
               double x,
               double y,
               double width)
{
  const double height = 17;
  DmsLook look;
  bool is_one = one_look (item, y + 2, y + height - 2, &look);
  DmsColor ink = brush->theme->looks[look].ink;

  if (!is_one || is_patterned (look))
    {
      paint_plate (brush, font, text, x, y, width, height);
      ink = look == DMS_LOOK_FAULT ? brush->theme->looks[look].ink : brush->theme->ink;
    }
  dms_write (brush, font, text, (DmsRect){ x, y, width, height }, DMS_ALIGN_START, ink);
}

/* Where two lines stand best: where they are over one look; else in the middle. */
static double
best_place (const DmsItem *item, double height)
{
  const DmsRect *r = &item->rect;
  double places[]
      = { r->y + (r->height - height) / 2, r->y + r->height - height - 4, r->y + 4 };
  DmsLook look;

  for (int i = 0; i < 3; i++)
    if (one_look (item, places[i] + 2, places[i] + height - 2, &look))
      return places[i];
  return places[0];
}

static void
paint_aside (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  double end = item->n_ranges == 0 ? r->y : range_y (item, item->ranges[0].start);

  if (item->aside == NULL)
    return;
  cairo_move_to (brush->cr, r->x + r->width + 5, r->y);
  cairo_line_to (brush->cr, r->x + r->width + 5, fmax (end, r->y + 3));
  dms_set_color (brush->cr, brush->theme->dim);
  cairo_set_line_width (brush->cr, 2);
  cairo_stroke (brush->cr);
  dms_write (brush,
             DMS_FONT_SMALL,
             item->aside,
             (DmsRect){ r->x + r->width + 9, r->y - 4, 40, 16 },
             DMS_ALIGN_START,
             brush->theme->dim);
}

void
dms_paint_page (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  double width = r->width - 2 * PAD;

  fill_ranges (brush, item);
  if (r->height >= TWO_LINES)
    {
      double y = best_place (item, 35);
      write_on_page (
          brush, item, DMS_FONT_BOLD, dms_item_line (item, 0), r->x + PAD, y, width);
      write_on_page (brush,
                     item,
                     DMS_FONT_SMALL,
                     dms_item_line (item, 1),
                     r->x + PAD,
                     y + 18,
                     width);
    }
  else
    {
      double y = r->y + (r->height - 17) / 2;
      double first = ceil (dms_text_width (
                         brush->cache, DMS_FONT_SMALL_BOLD, dms_item_line (item, 0)))
                     + 1;
      write_on_page (brush,
                     item,
                     DMS_FONT_SMALL_BOLD,
                     dms_item_line (item, 0),
                     r->x + 6,
                     y,
                     width);
      write_on_page (brush,
                     item,
                     DMS_FONT_SMALL,
                     dms_item_line (item, 1),
                     r->x + 6 + first + 7,
                     y,
                     r->width - first - 16);
    }
  bool is_faulty = false;
  for (unsigned i = 0; i < item->n_ranges; i++)
    is_faulty |= item->ranges[i].look == DMS_LOOK_FAULT;
  dms_shape_outline (brush->cr,
                     brush->theme,
                     *r,
                     dms_item_radius (item),
                     is_faulty ? DMS_LOOK_FAULT : item->look);
  paint_aside (brush, item);
}
