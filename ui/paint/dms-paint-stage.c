/* dms-paint-stage.c — the stage as a whole: layers, legend, sentence
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <math.h>

/* ---- legend ---- */

enum
{
  SAMPLE = 24,
  SAMPLE_LINK = 34,
  AFTER_SAMPLE = 7,
  AFTER_ENTRY = 22
};

static double
entry_width (const DmsLegendEntry *entry, DmsTextCache *cache)
{
  return (entry->is_link ? SAMPLE_LINK : SAMPLE) + AFTER_SAMPLE
         + ceil (dms_text_width (cache, DMS_FONT_SMALL, entry->text)) + 1;
}

static void
paint_sample (cairo_t *cr,
              const DmsLegendEntry *entry,
              DmsRect rect,
              const DmsTheme *theme,
              DmsTextCache *cache)
{
  double y = floor (rect.y + rect.height / 2) + 0.5;
  DmsLink link = { .kind = entry->link,
                   .x0 = rect.x,
                   .y0 = y,
                   .x1 = rect.x + SAMPLE_LINK - 4,
                   .y1 = y,
                   .bend0 = 4,
                   .bend1 = -4,
                   .is_wrong = entry->is_wrong };

  if (entry->is_link && entry->link == DMS_LINK_REFERS)
    dms_paint_refers (cr, &link, theme, false);
  else if (entry->is_link)
    dms_paint_bytes (cr, &link, theme, cache);
  else
    {
      DmsRect box = { rect.x, floor (y) - 7, SAMPLE - 4, 15 };
      dms_shape_round (cr, box, 3);
      dms_shape_fill_look (cr, theme, entry->look);
      dms_shape_outline (cr, theme, box, 3, entry->look);
    }
}

static void
paint_legend (cairo_t *cr,
              const DmsScene *scene,
              const DmsTheme *theme,
              DmsTextCache *cache)
{
  size_t n;
  const DmsLegendEntry *entries = dms_scene_legend (scene, &n);
  DmsRect area = dms_scene_legend_rect (scene);
  double sum = 0;
  double x = area.x;

  for (size_t i = 0; i < n; i++)
    sum += entry_width (&entries[i], cache);
  double after = n < 2 ? 0 : fmin (AFTER_ENTRY, fmax (6, (area.width - sum) / (n - 1)));
  for (size_t i = 0; i < n; i++)
    {
      double width = entry_width (&entries[i], cache);
      double sample = (entries[i].is_link ? SAMPLE_LINK : SAMPLE) + AFTER_SAMPLE;
      DmsRect rect = { floor (x), area.y, width, area.height };
      if (x + sample + 12 > area.x + area.width)
        break;
      paint_sample (cr, &entries[i], rect, theme, cache);
      rect.x += sample;
      rect.width = fmin (width - sample, area.x + area.width - rect.x);
      dms_text_paint (cache,
                      cr,
                      DMS_FONT_SMALL,
                      entries[i].text,
                      rect,
                      DMS_ALIGN_START,
                      theme->dim);
      x += width + after;
    }
}

/* ---- sentence ---- */

static void
paint_sentence (cairo_t *cr,
                const DmsScene *scene,
                const DmsTheme *theme,
                DmsTextCache *cache)
{
  DmsRect rect = dms_scene_sentence_rect (scene);
  const char *sentence = dms_scene_sentence (scene);
  const char *noted = dms_scene_noted (scene);
  /* What the system noted matters more than why it did what it did. */
  const char *why = noted[0] != '\0' ? noted : dms_scene_why (scene);
  DmsColor why_color = noted[0] != '\0' ? theme->warn_ink : theme->dim;
  double line = dms_text_line_height (cache, DMS_FONT_SENTENCE);
  int lines = (int)((rect.height - 12) / line);
  DmsRect text = { rect.x + 18, rect.y, rect.width - 32, rect.height };

  dms_shape_round (cr, dms_shape_sharp (rect), 8);
  dms_set_color (cr, theme->card);
  cairo_fill (cr);
  dms_shape_hairline (cr, rect, 8, theme->hair);
  dms_shape_round (cr, (DmsRect){ rect.x - 2, rect.y, 5, rect.height }, 2.5);
  dms_set_color (cr, noted[0] != '\0' ? theme->warn_ink : theme->accent);
  cairo_fill (cr);

  int for_why = why[0] == '\0' ? 0 : 1;
  double first = dms_text_wrap (
      cache, NULL, DMS_FONT_SENTENCE_BOLD, sentence, text, lines - for_why, theme->ink);
  int left = lines - (int)round (first / line);
  double second
      = dms_text_wrap (cache, NULL, DMS_FONT_SENTENCE, why, text, left, why_color);
  double gap = second > 0 && rect.height - first - second > 12 ? 3 : 0;
  text.y = rect.y + (rect.height - first - second - gap) / 2;
  dms_text_wrap (
      cache, cr, DMS_FONT_SENTENCE_BOLD, sentence, text, lines - for_why, theme->ink);
  text.y += first + gap;
  dms_text_wrap (cache, cr, DMS_FONT_SENTENCE, why, text, left, why_color);
}

/* ---- layers ---- */

static bool
is_ground (const DmsItem *item)
{
  return item->kind == DMS_ITEM_MEMORY || item->kind == DMS_ITEM_FENCE
         || item->kind == DMS_ITEM_GAP || item->kind == DMS_ITEM_WALL
         || (item->kind == DMS_ITEM_BAND && item->look == DMS_LOOK_OTHER)
         || (item->kind == DMS_ITEM_POOL && item->look != DMS_LOOK_POOL);
}

static void
paint_items (cairo_t *cr,
             const DmsScene *scene,
             const DmsTheme *theme,
             DmsTextCache *cache,
             DmsRect clip,
             bool ground)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);

  for (size_t i = 0; i < n; i++)
    {
      if (is_ground (&items[i]) != ground
          || !dms_rects_touch (clip, dms_item_reach (&items[i])))
        continue;
      dms_paint_item (cr, &items[i], theme, cache);
      if (items[i].chosen)
        dms_shape_ring (cr, items[i].rect, dms_item_radius (&items[i]), theme->accent);
    }
}

bool
dms_link_leads_to_map (const DmsScene *scene, const DmsLink *link)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);

  return link->to < n && items[link->to].kind == DMS_ITEM_MEMORY;
}

static void
paint_links (cairo_t *cr,
             const DmsScene *scene,
             const DmsTheme *theme,
             DmsTextCache *cache,
             DmsRect clip,
             DmsLinkKind kind)
{
  size_t n;
  const DmsLink *links = dms_scene_links (scene, &n);

  for (size_t i = 0; i < n; i++)
    if (links[i].kind != kind || !dms_rects_touch (clip, dms_link_reach (&links[i])))
      continue;
    else if (kind == DMS_LINK_REFERS)
      dms_paint_refers (cr, &links[i], theme, dms_link_leads_to_map (scene, &links[i]));
    else
      dms_paint_bytes (cr, &links[i], theme, cache);
}

static DmsRect
clip_of (cairo_t *cr)
{
  double x0, y0, x1, y1;

  cairo_clip_extents (cr, &x0, &y0, &x1, &y1);
  return (DmsRect){ x0, y0, x1 - x0, y1 - y0 };
}

void
dms_paint_stage (cairo_t *cr,
                 const DmsScene *scene,
                 const DmsTheme *theme,
                 DmsTextCache *cache)
{
  double width, height;
  DmsRect clip;

  dms_scene_size (scene, &width, &height);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  clip = clip_of (cr);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  cairo_set_tolerance (cr, 0.25); /* pixels; cairo's 0.1 costs time and shows nothing */
  dms_set_color (cr, theme->ground);
  cairo_paint (cr);
  paint_items (cr, scene, theme, cache, clip, true);
  paint_links (cr, scene, theme, cache, clip, DMS_LINK_REFERS);
  paint_items (cr, scene, theme, cache, clip, false);
  paint_links (cr, scene, theme, cache, clip, DMS_LINK_BYTES);
  if (dms_rects_touch (clip, dms_scene_legend_rect (scene)))
    paint_legend (cr, scene, theme, cache);
  if (dms_rects_touch (clip, dms_scene_sentence_rect (scene)))
    paint_sentence (cr, scene, theme, cache);
  cairo_restore (cr);
}

void
dms_paint_stage_focus (cairo_t *cr,
                       const DmsScene *scene,
                       const DmsTheme *theme,
                       size_t item)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);

  if (item >= n)
    return;
  cairo_save (cr);
  dms_shape_ring (cr, items[item].rect, dms_item_radius (&items[item]), theme->accent);
  cairo_restore (cr);
}
