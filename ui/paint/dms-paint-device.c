/* dms-paint-device.c — the device, its descriptors and counters
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <math.h>

void
dms_paint_device (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  cairo_t *cr = brush->cr;

  dms_shape_round (cr, *r, dms_item_radius (item));
  dms_set_color (cr, brush->theme->card);
  cairo_fill (cr);
  cairo_save (cr);
  dms_shape_round (cr, *r, dms_item_radius (item));
  cairo_clip (cr);
  cairo_rectangle (cr, r->x, r->y, r->width, 28);
  dms_set_color (
      cr, item->look == DMS_LOOK_FAULT ? brush->theme->fence : brush->theme->head);
  cairo_fill (cr);
  cairo_restore (cr);
  dms_write (brush,
             DMS_FONT_SMALL_BOLD,
             dms_item_line (item, 0),
             (DmsRect){ r->x + 6, r->y, r->width - 12, 28 },
             DMS_ALIGN_MIDDLE,
             item->look == DMS_LOOK_FAULT ? brush->theme->card
                                          : brush->theme->head_ink);
  dms_shape_outline (cr, brush->theme, *r, dms_item_radius (item), item->look);
}

static void
paint_bar (const DmsBrush *brush, DmsRect bar, double share)
{
  cairo_t *cr = brush->cr;

  dms_shape_round (cr, bar, 4);
  dms_set_color (cr, brush->theme->trough);
  cairo_fill (cr);
  if (share > 0)
    {
      cairo_save (cr);
      cairo_rectangle (cr, bar.x, bar.y, bar.width * share, bar.height);
      cairo_clip (cr);
      dms_shape_round (cr, bar, 4);
      dms_set_color (cr, brush->theme->looks[DMS_LOOK_DEVICE].fill);
      cairo_fill (cr);
      cairo_restore (cr);
    }
  dms_shape_hairline (cr, bar, 4, brush->theme->outline);
}

void
dms_paint_descriptor (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;

  if (r->height >= 46)
    {
      dms_write (brush,
                 DMS_FONT_SMALL_BOLD,
                 dms_item_line (item, 0),
                 (DmsRect){ r->x, r->y, r->width, 17 },
                 DMS_ALIGN_START,
                 brush->theme->ink);
      paint_bar (brush, (DmsRect){ r->x, r->y + 20, r->width, 9 }, item->share);
      dms_write (brush,
                 DMS_FONT_SMALL,
                 dms_item_line (item, 1),
                 (DmsRect){ r->x, r->y + 31, r->width, 16 },
                 DMS_ALIGN_START,
                 brush->theme->dim);
      return;
    }
  if (r->height >= 28)
    {
      dms_write (brush,
                 DMS_FONT_SMALL,
                 dms_item_line (item, 0),
                 (DmsRect){ r->x, r->y, r->width, 16 },
                 DMS_ALIGN_START,
                 brush->theme->ink);
      paint_bar (brush, (DmsRect){ r->x, r->y + 17, r->width, 9 }, item->share);
      return;
    }
  double label = fmin (r->width * 0.62, 86);
  dms_write (brush,
             DMS_FONT_SMALL,
             dms_item_line (item, 0),
             (DmsRect){ r->x, r->y, label, r->height },
             DMS_ALIGN_START,
             brush->theme->ink);
  paint_bar (
      brush,
      (DmsRect){ r->x + label + 4, r->y + r->height / 2 - 4, r->width - label - 4, 8 },
      item->share);
}

/* The bar is what is left: it gets shorter as the channel counts down. */
void
dms_paint_channel (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;
  static const struct
  {
    double y;
    DmsFont font;
  } lines[] = { { 0, DMS_FONT_SMALL_BOLD },
                { 31, DMS_FONT_SMALL },
                { 48, DMS_FONT_MONO_SMALL },
                { 65, DMS_FONT_SMALL } };

  for (unsigned i = 0; i < item->n_lines; i++)
    dms_write (brush,
               lines[i].font,
               item->lines[i],
               (DmsRect){ r->x, r->y + lines[i].y, r->width, 17 },
               DMS_ALIGN_START,
               i == 1 ? brush->theme->dim : brush->theme->ink);
  paint_bar (brush, (DmsRect){ r->x, r->y + 20, r->width, 9 }, item->share);
}

void
dms_paint_counter (const DmsBrush *brush, const DmsItem *item)
{
  const DmsRect *r = &item->rect;

  dms_write (brush,
             DMS_FONT_SMALL,
             dms_item_line (item, 0),
             (DmsRect){ r->x, r->y, r->width, 16 },
             DMS_ALIGN_START,
             brush->theme->dim);
  dms_write (brush,
             DMS_FONT_BOLD,
             dms_item_line (item, 1),
             (DmsRect){ r->x, r->y + 16, r->width, 18 },
             DMS_ALIGN_START,
             item->look == DMS_LOOK_BOUNCE ? brush->theme->warn_ink
                                           : brush->theme->ink);
}
