/* dms-paint-reach.c — how far things are painted, and what a part of the stage shows
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <math.h>

/* Beyond an item's rectangle: rings, the ends of the fence, the number at a page. */
enum
{
  REACH = 16,
  REACH_ASIDE = 56,
  REACH_TITLE = 80,
  REACH_LINK = 24
};

bool
dms_rects_touch (DmsRect one, DmsRect other)
{
  return one.x < other.x + other.width && other.x < one.x + one.width
         && one.y < other.y + other.height && other.y < one.y + one.height;
}

static DmsRect
grow (DmsRect rect, double by)
{
  return (
      DmsRect){ rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by };
}

static void
include (DmsRect *rect, double x, double y)
{
  double right = fmax (rect->x + rect->width, x);
  double bottom = fmax (rect->y + rect->height, y);

  rect->x = fmin (rect->x, x);
  rect->y = fmin (rect->y, y);
  rect->width = right - rect->x;
  rect->height = bottom - rect->y;
}

DmsRect
dms_item_reach (const DmsItem *item)
{
  DmsRect reach = grow (item->rect, REACH);

  if (item->aside != NULL)
    reach.width += REACH_ASIDE - REACH;
  if (item->kind == DMS_ITEM_TITLE)
    reach.height = fmax (reach.height, REACH_TITLE + 2 * REACH);
  return reach;
}

DmsRect
dms_link_reach (const DmsLink *link)
{
  DmsRect reach = { link->x0, link->y0, 0, 0 };

  include (&reach, link->x1, link->y1);
  if (link->is_routed)
    {
      include (&reach, link->turn0, link->over);
      include (&reach, link->turn1, link->over);
    }
  else
    {
      /* A curve does not leave the box around its handles. */
      include (&reach, link->x0 + link->bend0, link->y0);
      include (&reach, link->x1 + link->bend1, link->y1);
    }
  if (link->label != NULL)
    {
      include (&reach, link->label_rect.x, link->label_rect.y);
      include (&reach,
               link->label_rect.x + link->label_rect.width,
               link->label_rect.y + link->label_rect.height);
    }
  return grow (reach, REACH_LINK);
}

/* ---- keys: FNV-1a over what is painted ---- */

#define KEY_START UINT64_C (14695981039346656037)
#define KEY_PRIME UINT64_C (1099511628211)

static void
mix (uint64_t *key, const void *data, size_t length)
{
  const unsigned char *bytes = data;

  for (size_t i = 0; i < length; i++)
    *key = (*key ^ bytes[i]) * KEY_PRIME;
}

static void
mix_text (uint64_t *key, const char *text)
{
  const char *end = text == NULL ? "" : text;

  while (*end != '\0')
    *key = (*key ^ (unsigned char)*end++) * KEY_PRIME;
  /* Ends the text, and tells none from an empty one. */
  *key = (*key ^ (text == NULL ? 0x1ffu : 0x100u)) * KEY_PRIME;
}

static void
mix_number (uint64_t *key, uint64_t number)
{
  *key = (*key ^ number) * KEY_PRIME;
}

static void
mix_rect (uint64_t *key, DmsRect rect)
{
  const double numbers[] = { rect.x, rect.y, rect.width, rect.height };

  mix (key, numbers, sizeof numbers);
}

static uint64_t
item_key (const DmsItem *item)
{
  uint64_t key = KEY_START;

  mix_number (&key, item->kind);
  mix_number (&key, item->look);
  mix_number (&key, item->stripe);
  mix_number (&key, item->align);
  mix_number (&key, item->chosen);
  mix_rect (&key, item->rect);
  mix (&key, &item->share, sizeof item->share);
  for (unsigned i = 0; i < item->n_lines; i++)
    mix_text (&key, item->lines[i]);
  mix_text (&key, item->badge);
  mix_text (&key, item->aside);
  for (unsigned i = 0; i < item->n_ranges; i++)
    {
      mix_number (&key, item->ranges[i].start);
      mix_number (&key, item->ranges[i].end);
      mix_number (&key, item->ranges[i].look);
    }
  return key;
}

static uint64_t
link_key (const DmsScene *scene, const DmsLink *link)
{
  const double numbers[]
      = { link->x0,    link->y0,    link->x1,    link->y1,  link->bend0,
          link->bend1, link->turn0, link->turn1, link->over };
  uint64_t key = KEY_START;

  mix_number (&key, link->kind);
  mix_number (&key, link->is_routed);
  mix_number (&key, link->faint);
  mix_number (&key, link->is_wrong);
  mix_number (&key, link->is_stopped);
  mix_number (&key, dms_link_leads_to_map (scene, link));
  mix (&key, numbers, sizeof numbers);
  mix_text (&key, link->label);
  if (link->label != NULL)
    mix_rect (&key, link->label_rect);
  return key;
}

/* Adds @key to the keys of the areas that @reach touches. */
static void
add_key (
    const DmsRect *areas, size_t n_areas, uint64_t *keys, DmsRect reach, uint64_t key)
{
  for (size_t i = 0; i < n_areas; i++)
    if (dms_rects_touch (areas[i], reach))
      mix_number (&keys[i], key);
}

static uint64_t
legend_key (const DmsScene *scene)
{
  uint64_t key = KEY_START;
  size_t n;
  const DmsLegendEntry *entries = dms_scene_legend (scene, &n);

  mix_rect (&key, dms_scene_legend_rect (scene));
  for (size_t i = 0; i < n; i++)
    {
      mix_number (&key, entries[i].look);
      mix_number (&key, entries[i].link);
      mix_number (&key, entries[i].is_link);
      mix_number (&key, entries[i].is_wrong);
      mix_text (&key, entries[i].text);
    }
  return key;
}

static uint64_t
sentence_key (const DmsScene *scene)
{
  uint64_t key = KEY_START;

  mix_rect (&key, dms_scene_sentence_rect (scene));
  mix_text (&key, dms_scene_sentence (scene));
  mix_text (&key, dms_scene_why (scene));
  mix_text (&key, dms_scene_noted (scene));
  return key;
}

void
dms_paint_stage_keys (const DmsScene *scene,
                      const DmsRect *areas,
                      size_t n_areas,
                      uint64_t *ret_keys)
{
  size_t n_items, n_links;
  const DmsItem *items = dms_scene_items (scene, &n_items);
  const DmsLink *links = dms_scene_links (scene, &n_links);
  double width, height;

  dms_scene_size (scene, &width, &height);
  for (size_t i = 0; i < n_areas; i++)
    {
      ret_keys[i] = KEY_START;
      mix_rect (&ret_keys[i], (DmsRect){ 0, 0, width, height });
      mix_rect (&ret_keys[i], areas[i]);
    }
  for (size_t i = 0; i < n_items; i++)
    add_key (
        areas, n_areas, ret_keys, dms_item_reach (&items[i]), item_key (&items[i]));
  for (size_t i = 0; i < n_links; i++)
    add_key (areas,
             n_areas,
             ret_keys,
             dms_link_reach (&links[i]),
             link_key (scene, &links[i]));
  add_key (areas,
           n_areas,
           ret_keys,
           grow (dms_scene_legend_rect (scene), REACH),
           legend_key (scene));
  add_key (areas,
           n_areas,
           ret_keys,
           grow (dms_scene_sentence_rect (scene), REACH),
           sentence_key (scene));
}
