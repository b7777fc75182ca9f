/* dms-paint-private.h — colours, texts and shapes that the painters share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/paint/dms-paint.h"

/* How one look is filled, what is written on it, and what surrounds it. */
typedef struct
{
  DmsColor fill;
  DmsColor ink;
} DmsLookColors;

enum
{
  DMS_LOOKS = DMS_LOOK_AWAY + 1,
  DMS_SERIES = 6
};

struct DmsTheme
{
  DmsColor ground;  /* of the stage */
  DmsColor card;    /* of boxes */
  DmsColor ink;     /* text */
  DmsColor dim;     /* text of less weight */
  DmsColor outline; /* of boxes */
  DmsColor hair;    /* thin lines that only set apart */
  DmsColor dots;    /* dotted outlines */
  DmsColor link;    /* refers to */
  DmsColor link_faint;
  DmsColor band, band_core; /* bytes move */
  DmsColor head, head_ink;  /* dark heads of boxes */
  DmsColor fence, fence_tint;
  DmsColor accent;
  DmsColor warn_ink; /* counters that wait */
  DmsColor trough;   /* of progress bars */
  DmsColor column;   /* the column of memory */
  DmsLookColors looks[DMS_LOOKS];
  DmsColor timeline_ground;
  DmsColor track;
  DmsColor tick;
  DmsColor series[DMS_SERIES]; /* bars of calls by depth */
  DmsColor series_ink[DMS_SERIES];
  DmsColor devices[DMS_SERIES]; /* bars and density of devices */
  DmsColor level_registers, level_bounce, level_mappings;
};

typedef enum
{
  DMS_FONT_TITLE,
  DMS_FONT_BOLD,
  DMS_FONT_BODY,
  DMS_FONT_SMALL_BOLD,
  DMS_FONT_SMALL,
  DMS_FONT_MONO,
  DMS_FONT_MONO_SMALL,
  DMS_FONT_SENTENCE,
  DMS_FONT_SENTENCE_BOLD,
  DMS_FONTS
} DmsFont;

/* Writes @text into @box, one line, middle of its height, cut with "…" when it is too
 * long. */
void dms_text_paint (DmsTextCache *cache,
                     cairo_t *cr,
                     DmsFont font,
                     const char *text,
                     DmsRect box,
                     DmsAlign align,
                     DmsColor color);
/* Width of @text on one line that is not cut. */
double dms_text_width (DmsTextCache *cache, DmsFont font, const char *text);
/* How many of the texts kept had to be cut: for tests. */
unsigned dms_text_cache_n_cut (const DmsTextCache *cache);
double dms_text_line_height (DmsTextCache *cache, DmsFont font);
/* Writes @text from the top of @box on, wrapped, at most @lines of them. Returns the
 * height; only measures when @cr is NULL. */
double dms_text_wrap (DmsTextCache *cache,
                      cairo_t *cr,
                      DmsFont font,
                      const char *text,
                      DmsRect box,
                      int lines,
                      DmsColor color);

void dms_set_color (cairo_t *cr, DmsColor color);
void dms_shape_round (cairo_t *cr, DmsRect rect, double radius);
/* The same with square corners at the top, or at the bottom. */
void dms_shape_round_ends (
    cairo_t *cr, DmsRect rect, double radius, bool is_top_round, bool is_bottom_round);
/* The rectangle moved to the middle of pixels, so that a line of 1 is sharp. */
DmsRect dms_shape_sharp (DmsRect rect);
/* Fills the current path, a box, with how @look looks. */
void dms_shape_fill_look (cairo_t *cr, const DmsTheme *theme, DmsLook look);
/* Outline of a box of @look; dotted where the look says so. */
void dms_shape_outline (
    cairo_t *cr, const DmsTheme *theme, DmsRect rect, double radius, DmsLook look);
/* A thin line that only sets apart. */
void dms_shape_hairline (cairo_t *cr, DmsRect rect, double radius, DmsColor color);
void dms_shape_ring (cairo_t *cr, DmsRect rect, double radius, DmsColor color);
void dms_shape_wave (cairo_t *cr, DmsRect rect, DmsColor color);

/* What every painter of an item needs. */
typedef struct
{
  cairo_t *cr;
  const DmsTheme *theme;
  DmsTextCache *cache;
} DmsBrush;

/* dms_text_paint() with what a brush holds. */
void dms_write (const DmsBrush *brush,
                DmsFont font,
                const char *text,
                DmsRect box,
                DmsAlign align,
                DmsColor color);
/* Line @i of the item, "" when it has fewer. */
const char *dms_item_line (const DmsItem *item, unsigned i);
void dms_paint_page (const DmsBrush *brush, const DmsItem *item);
void dms_paint_device (const DmsBrush *brush, const DmsItem *item);
void dms_paint_descriptor (const DmsBrush *brush, const DmsItem *item);
void dms_paint_counter (const DmsBrush *brush, const DmsItem *item);
void dms_paint_channel (const DmsBrush *brush, const DmsItem *item);
void dms_paint_item (cairo_t *cr,
                     const DmsItem *item,
                     const DmsTheme *theme,
                     DmsTextCache *cache);
double dms_item_radius (const DmsItem *item);
/* @is_plain: without a dot, in the colour of what it leads to: many into one place. */
void dms_paint_refers (cairo_t *cr,
                       const DmsLink *link,
                       const DmsTheme *theme,
                       bool is_plain);
void dms_paint_bytes (cairo_t *cr,
                      const DmsLink *link,
                      const DmsTheme *theme,
                      DmsTextCache *cache);
/* False when nothing of @rect needs to be painted. */
bool dms_is_in_clip (cairo_t *cr, DmsRect rect);

/* Nothing of an item, or a link, is painted outside of these. */
DmsRect dms_item_reach (const DmsItem *item);
DmsRect dms_link_reach (const DmsLink *link);
bool dms_rects_touch (DmsRect one, DmsRect other);
/* Whether it is one of the many that lead into the map of memory. */
bool dms_link_leads_to_map (const DmsScene *scene, const DmsLink *link);
