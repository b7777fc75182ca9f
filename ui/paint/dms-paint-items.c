/* dms-paint-items.c — each kind of thing on the stage
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <math.h>

enum
{
  PAD = 9,
  BADGE = 30,     /* width of the head at an element's left */
  TWO_LINES = 36, /* least height of a box with two lines */
  THREE_LINES = 56
};

double
dms_item_radius (const DmsItem *item)
{
  if (item->kind == DMS_ITEM_ELEMENT || item->kind == DMS_ITEM_DEVICE
      || item->kind == DMS_ITEM_SHARED || item->kind == DMS_ITEM_WALL
      || item->kind == DMS_ITEM_MEMORY || item->kind == DMS_ITEM_FENCE)
    return 6;
  return item->kind == DMS_ITEM_FRAME || item->kind == DMS_ITEM_DESCRIPTOR ? 3 : 5;
}

const char *
dms_item_line (const DmsItem *item, unsigned i)
{
  return i < item->n_lines ? item->lines[i] : "";
}

static DmsFont
title_font (const DmsItem *item)
{
  return item->rect.height < 19 ? DMS_FONT_SMALL_BOLD : DMS_FONT_BOLD;
}

static void
fill_box (const DmsBrush *brush, const DmsItem *item)
{
  double radius = dms_item_radius (item);

  dms_shape_round (brush->cr, item->rect, radius);
  dms_shape_fill_look (brush->cr, brush->theme, item->look);
  dms_shape_outline (brush->cr, brush->theme, item->rect, radius, item->look);
}

/* ---- titles and notes ---- */

static void
paint_title (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;

  dms_write (brush,
             DMS_FONT_TITLE,
             dms_item_line (item, 0),
             (DmsRect){ r->x, r->y, r->width, 22 },
             DMS_ALIGN_START,
             brush->theme->ink);
  for (unsigned i = 1; i < item->n_lines; i++)
    dms_write (brush,
               DMS_FONT_SMALL,
               item->lines[i],
               (DmsRect){ r->x, r->y + 6 + i * 16, r->width, 16 },
               DMS_ALIGN_START,
               brush->theme->dim);
}

static void
paint_note (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  bool is_heading = item->look == DMS_LOOK_CURRENT;

  dms_write (brush,
             is_heading ? DMS_FONT_BOLD : DMS_FONT_SMALL,
             dms_item_line (item, 0),
             *r,
             item->align,
             is_heading ? brush->theme->ink : brush->theme->dim);
}

/* ---- memory ---- */

static void
paint_memory (const DmsBrush *brush, const DmsItem *item)
{
  dms_shape_round (brush->cr, dms_shape_sharp (item->rect), dms_item_radius (item));
  dms_set_color (brush->cr, brush->theme->column);
  cairo_fill (brush->cr);
  dms_shape_hairline (
      brush->cr, item->rect, dms_item_radius (item), brush->theme->hair);
}

static void
paint_fence (const DmsBrush *brush, const DmsItem *item)
{
  static const double dashes[] = { 6, 3.5 };
  const DmsRect *r = &item->rect;
  cairo_t *cr = brush->cr;
  double y = floor (r->y) + 0.5;

  cairo_rectangle (cr, r->x + 1, y, r->width - 2, r->height - 1);
  dms_set_color (cr, brush->theme->fence_tint);
  cairo_fill (cr);
  cairo_save (cr);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_move_to (cr, r->x - 14, y);
  cairo_line_to (cr, r->x + r->width + 14, y);
  dms_set_color (cr, brush->theme->fence);
  cairo_set_line_width (cr, 1.8);
  cairo_stroke (cr);
  cairo_restore (cr);
  dms_write (brush,
             DMS_FONT_SMALL_BOLD,
             dms_item_line (item, 0),
             (DmsRect){ r->x + 4, y + 3, r->width - 8, 16 },
             DMS_ALIGN_MIDDLE,
             brush->theme->fence);
  dms_write (brush,
             DMS_FONT_SMALL,
             dms_item_line (item, 1),
             (DmsRect){ r->x + 4, y + 18, r->width - 8, 16 },
             DMS_ALIGN_MIDDLE,
             brush->theme->fence);
}

static void
paint_frame (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;

  if (item->look == DMS_LOOK_FAULT)
    {
      /* Its only word would be lost in the hatching. */
      dms_shape_round (brush->cr, *r, dms_item_radius (item));
      dms_set_color (brush->cr, brush->theme->looks[item->look].fill);
      cairo_fill (brush->cr);
      dms_shape_outline (
          brush->cr, brush->theme, *r, dms_item_radius (item), item->look);
    }
  else
    fill_box (brush, item);
  dms_write (brush,
             r->height < 18 ? DMS_FONT_MONO_SMALL : DMS_FONT_MONO,
             dms_item_line (item, 0),
             (DmsRect){ r->x + 4, r->y, r->width - 8, r->height },
             DMS_ALIGN_MIDDLE,
             brush->theme->looks[item->look].ink);
}

/* ---- registers and the pool ---- */

static void
paint_register (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  DmsColor ink = brush->theme->looks[item->look].ink;
  double x = r->x + (item->badge == NULL ? PAD : 32);
  double width = r->x + r->width - 6 - x;

  fill_box (brush, item);
  if (item->badge != NULL)
    dms_write (brush,
               title_font (item),
               item->badge,
               (DmsRect){ r->x + 2, r->y, 28, r->height },
               DMS_ALIGN_MIDDLE,
               ink);
  if (item->n_lines == 1)
    dms_write (brush,
               DMS_FONT_SMALL,
               item->lines[0],
               (DmsRect){ x, r->y, width, r->height },
               DMS_ALIGN_START,
               ink);
  else if (r->height >= 32)
    {
      double y = r->y + (r->height - 32) / 2;
      dms_write (brush,
                 DMS_FONT_SMALL,
                 dms_item_line (item, 0),
                 (DmsRect){ x, y, width, 16 },
                 DMS_ALIGN_START,
                 ink);
      dms_write (brush,
                 DMS_FONT_SMALL,
                 dms_item_line (item, 1),
                 (DmsRect){ x, y + 15, width, 16 },
                 DMS_ALIGN_START,
                 ink);
    }
  else
    /* The colour says already that it bounces. */
    dms_write (brush,
               DMS_FONT_SMALL,
               dms_item_line (item, 1),
               (DmsRect){ x, r->y, width, r->height },
               DMS_ALIGN_START,
               ink);
}

/* ---- elements and segments ---- */

static void
paint_head (const DmsBrush *brush,
            const DmsItem *item,
            double width,
            DmsColor color,
            DmsColor ink)
{
  const DmsRect *r = &item->rect;
  cairo_t *cr = brush->cr;

  cairo_save (cr);
  dms_shape_round (cr, *r, dms_item_radius (item));
  cairo_clip (cr);
  cairo_rectangle (cr, r->x, r->y, width, r->height);
  dms_set_color (cr, color);
  cairo_fill (cr);
  cairo_restore (cr);
  dms_write (brush,
             title_font (item),
             item->badge,
             (DmsRect){ r->x + 2, r->y, width - 4, r->height },
             DMS_ALIGN_MIDDLE,
             ink);
}

static void
paint_stripe (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;

  if (item->stripe == DMS_LOOK_PLAIN)
    return;
  dms_shape_round (
      brush->cr, (DmsRect){ r->x + r->width - 11, r->y + 5, 5, r->height - 10 }, 1.5);
  dms_set_color (brush->cr, brush->theme->looks[item->stripe].fill);
  cairo_fill (brush->cr);
}

static void
write_element (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  double x = r->x + BADGE + 9;
  double width = r->x + r->width - 16 - x;

  if (item->n_lines == 1)
    dms_write (brush,
               DMS_FONT_SMALL,
               item->lines[0],
               (DmsRect){ x, r->y, width, r->height },
               DMS_ALIGN_START,
               brush->theme->dim);
  else if (r->height >= TWO_LINES)
    {
      bool has_three = r->height >= THREE_LINES;
      double y = r->y + (r->height - (has_three ? 53 : 36)) / 2;
      dms_write (brush,
                 DMS_FONT_MONO,
                 dms_item_line (item, 0),
                 (DmsRect){ x, y, width, 18 },
                 DMS_ALIGN_START,
                 brush->theme->ink);
      dms_write (brush,
                 DMS_FONT_BODY,
                 dms_item_line (item, 1),
                 (DmsRect){ x, y + 18, width, 18 },
                 DMS_ALIGN_START,
                 brush->theme->ink);
      if (has_three)
        dms_write (brush,
                   DMS_FONT_SMALL,
                   dms_item_line (item, 2),
                   (DmsRect){ x, y + 36, width, 17 },
                   DMS_ALIGN_START,
                   brush->theme->dim);
    }
  else
    {
      double first = ceil (dms_text_width (
                         brush->cache, DMS_FONT_MONO_SMALL, dms_item_line (item, 0)))
                     + 1;
      dms_write (brush,
                 DMS_FONT_MONO_SMALL,
                 dms_item_line (item, 0),
                 (DmsRect){ x - 4, r->y, width, r->height },
                 DMS_ALIGN_START,
                 brush->theme->ink);
      dms_write (brush,
                 DMS_FONT_SMALL,
                 dms_item_line (item, 1),
                 (DmsRect){ x - 3 + first + 3, r->y, width - first, r->height },
                 DMS_ALIGN_END,
                 brush->theme->dim);
    }
}

static void
paint_element (const DmsBrush *brush, const DmsItem *item)
{
  bool is_pending = item->look == DMS_LOOK_PENDING;

  dms_shape_round (brush->cr, item->rect, dms_item_radius (item));
  dms_shape_fill_look (brush->cr, brush->theme, item->look);
  if (is_pending)
    dms_write (
        brush,
        title_font (item),
        item->badge,
        (DmsRect){ item->rect.x + 2, item->rect.y, BADGE - 4, item->rect.height },
        DMS_ALIGN_MIDDLE,
        brush->theme->dim);
  else
    paint_head (brush, item, BADGE, brush->theme->head, brush->theme->head_ink);
  dms_shape_outline (
      brush->cr, brush->theme, item->rect, dms_item_radius (item), item->look);
  paint_stripe (brush, item);
  write_element (brush, item);
}

/* The strip at its right is the page to scale, with the bytes in question. */
static void
paint_shared (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  DmsLookColors colors = brush->theme->looks[DMS_LOOK_COHERENT];
  DmsRect strip = { r->x + r->width - 14, r->y + 5, 9, r->height - 10 };

  dms_shape_round (brush->cr, item->rect, dms_item_radius (item));
  dms_shape_fill_look (brush->cr, brush->theme, item->look);
  paint_head (brush, item, BADGE, colors.fill, colors.ink);
  dms_shape_outline (
      brush->cr, brush->theme, item->rect, dms_item_radius (item), item->look);
  cairo_rectangle (brush->cr, strip.x, strip.y, strip.width, strip.height);
  dms_set_color (brush->cr, colors.fill);
  cairo_fill (brush->cr);
  for (unsigned i = 0; i < item->n_ranges; i++)
    {
      double y = floor (strip.y + strip.height * item->ranges[i].start / 4096.0);
      double end = ceil (strip.y + strip.height * item->ranges[i].end / 4096.0);
      y = fmin (y, strip.y + strip.height - 3);
      cairo_rectangle (brush->cr, strip.x, y, strip.width, fmax (3, end - y));
      dms_set_color (brush->cr, brush->theme->looks[DMS_LOOK_DEVICE].fill);
      cairo_fill (brush->cr);
    }
  write_element (brush, item);
}

/* What stands between device and memory. */
static void
paint_wall (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  DmsColor color = brush->theme->head;

  color.a = 0.1;
  dms_shape_round (brush->cr, dms_shape_sharp (*r), dms_item_radius (item));
  dms_set_color (brush->cr, color);
  cairo_fill (brush->cr);
  dms_shape_hairline (brush->cr, *r, dms_item_radius (item), brush->theme->outline);
  dms_write (brush,
             DMS_FONT_SMALL_BOLD,
             dms_item_line (item, 0),
             (DmsRect){ r->x + 4, r->y + r->height - 22, r->width - 8, 18 },
             DMS_ALIGN_MIDDLE,
             brush->theme->ink);
}

/* A row of a table: slot of the pool, or segment at a device address. */
static void
paint_row (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  DmsColor ink = brush->theme->looks[item->look].ink;
  double x = r->x + PAD;
  double right = r->width - 2 * PAD;

  fill_box (brush, item);
  if (item->badge != NULL)
    {
      paint_head (brush,
                  item,
                  BADGE + 4,
                  brush->theme->looks[item->stripe].fill,
                  brush->theme->looks[item->stripe].ink);
      dms_shape_outline (
          brush->cr, brush->theme, *r, dms_item_radius (item), item->look);
      x += BADGE + 4;
      right -= BADGE + 4;
    }
  double first
      = ceil (dms_text_width (brush->cache, DMS_FONT_MONO, dms_item_line (item, 0)))
        + 8;
  dms_write (brush,
             DMS_FONT_MONO,
             dms_item_line (item, 0),
             (DmsRect){ x, r->y, right, r->height },
             DMS_ALIGN_START,
             ink);
  dms_write (brush,
             DMS_FONT_SMALL,
             dms_item_line (item, 1),
             (DmsRect){ x + first, r->y, right - first, r->height },
             DMS_ALIGN_END,
             item->look == DMS_LOOK_GRANTED ? brush->theme->dim : ink);
}

/* ---- recordings ---- */

static void
paint_band (const DmsBrush *brush, const DmsItem *item)
{
  cairo_rectangle (
      brush->cr, item->rect.x, item->rect.y, item->rect.width, item->rect.height);
  dms_set_color (brush->cr,
                 item->look == DMS_LOOK_FREE ? brush->theme->dots
                                             : brush->theme->looks[item->look].fill);
  cairo_fill (brush->cr);
}

/* The bounce pool as a band in the map of memory. */
static void
paint_pool_band (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  DmsColor color = brush->theme->looks[DMS_LOOK_BOUNCE].fill;

  color.a = 0.3;
  cairo_rectangle (brush->cr, r->x, r->y, r->width, r->height);
  dms_set_color (brush->cr, color);
  cairo_fill (brush->cr);
}

void
dms_paint_item (cairo_t *cr,
                const DmsItem *item,
                const DmsTheme *theme,
                DmsTextCache *cache)
{
  DmsBrush brush = { cr, theme, cache };

  switch (item->kind)
    {
    case DMS_ITEM_TITLE:
      paint_title (&brush, item);
      break;
    case DMS_ITEM_PAGE:
      dms_paint_page (&brush, item);
      break;
    case DMS_ITEM_MEMORY:
      paint_memory (&brush, item);
      break;
    case DMS_ITEM_FRAME:
      paint_frame (&brush, item);
      break;
    case DMS_ITEM_FENCE:
      paint_fence (&brush, item);
      break;
    case DMS_ITEM_REGISTER:
      paint_register (&brush, item);
      break;
    case DMS_ITEM_POOL:
      if (item->look == DMS_LOOK_POOL)
        paint_register (&brush, item);
      else
        paint_pool_band (&brush, item);
      break;
    case DMS_ITEM_ELEMENT:
      paint_element (&brush, item);
      break;
    case DMS_ITEM_DEVICE:
      dms_paint_device (&brush, item);
      break;
    case DMS_ITEM_DESCRIPTOR:
      dms_paint_descriptor (&brush, item);
      break;
    case DMS_ITEM_SLOT:
    case DMS_ITEM_SEGMENT:
      paint_row (&brush, item);
      break;
    case DMS_ITEM_BAND:
      paint_band (&brush, item);
      break;
    case DMS_ITEM_MORE:
    case DMS_ITEM_NOTE:
      paint_note (&brush, item);
      break;
    case DMS_ITEM_GAP:
      dms_shape_wave (cr, item->rect, theme->dots);
      break;
    case DMS_ITEM_COUNTER:
      dms_paint_counter (&brush, item);
      break;
    case DMS_ITEM_SHARED:
      paint_shared (&brush, item);
      break;
    case DMS_ITEM_CHANNEL:
      dms_paint_channel (&brush, item);
      break;
    case DMS_ITEM_WAITER:
      paint_register (&brush, item);
      break;
    case DMS_ITEM_WALL:
      paint_wall (&brush, item);
      break;
    }
}
