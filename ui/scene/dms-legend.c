/* dms-legend.c — the legend: just what is on the picture
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-scene-private.h"

static bool
has_link (const DmsScene *scene, DmsLinkKind kind, bool is_wrong)
{
  for (size_t i = 0; i < scene->n_links; i++)
    if (scene->links[i].kind == kind && scene->links[i].is_wrong == is_wrong)
      return true;
  return false;
}

static bool
is_explained (DmsItemKind kind)
{
  return kind == DMS_ITEM_PAGE || kind == DMS_ITEM_FRAME || kind == DMS_ITEM_REGISTER
         || kind == DMS_ITEM_SLOT || kind == DMS_ITEM_BAND || kind == DMS_ITEM_SEGMENT
         || kind == DMS_ITEM_POOL || kind == DMS_ITEM_SHARED;
}

static bool
has_look (const DmsScene *scene, DmsLook look)
{
  for (size_t i = 0; i < scene->n_items; i++)
    {
      const DmsItem *item = &scene->items[i];
      if (!is_explained (item->kind))
        continue;
      if (item->kind == DMS_ITEM_FRAME && look == DMS_LOOK_FAULT)
        continue; /* told by the way that leads there */
      if (item->look == look && item->n_ranges == 0)
        return true;
      if (item->kind == DMS_ITEM_SHARED)
        continue; /* its ranges are told by its words */
      for (unsigned r = 0; r < item->n_ranges; r++)
        if (item->ranges[r].look == look)
          return true;
    }
  return false;
}

static void
add (DmsScene *scene, DmsLegendEntry entry, const DmsVoice *voice)
{
  if (scene->n_legend == DMS_SCENE_LEGEND_MAX)
    return;
  entry.text = dms_scene_keep (scene, dms_say_translate (voice, entry.text, NULL, 0));
  scene->legend[scene->n_legend++] = entry;
}

void
dms_scene_make_legend (DmsScene *scene, const DmsVoice *voice)
{
  static const DmsLegendEntry links[] = {
    { .is_link = true, .link = DMS_LINK_REFERS, .text = "refers to" },
    { .is_link = true, .link = DMS_LINK_BYTES, .text = "bytes move this way" },
    { .is_link = true,
      .link = DMS_LINK_BYTES,
      .is_wrong = true,
      .text = "not mapped for the device" },
  };
  static const DmsLegendEntry stage[] = {
    { .look = DMS_LOOK_CURRENT, .text = "current bytes" },
    { .look = DMS_LOOK_OLD, .text = "old bytes" },
    { .look = DMS_LOOK_NEWER_BOUNCE, .text = "newer in the bounce page" },
    { .look = DMS_LOOK_BOUNCE, .text = "bounce page" },
    { .look = DMS_LOOK_OUT_OF_REACH, .text = "out of reach" },
    { .look = DMS_LOOK_TRANSLATES, .text = "translates" },
    { .look = DMS_LOOK_COHERENT, .text = "shared memory" },
    { .look = DMS_LOOK_AWAY, .text = "taken away" },
    { .look = DMS_LOOK_MIXED, .text = "mixed bytes" },
    { .look = DMS_LOOK_FAULT, .text = "not to be trusted" },
  };
  static const DmsLegendEntry recorded[] = {
    { .look = DMS_LOOK_CURRENT, .text = "memory of this mapping" },
    { .look = DMS_LOOK_OTHER, .text = "mapped by others" },
    { .look = DMS_LOOK_BOUNCE, .text = "bounce pool" },
    { .look = DMS_LOOK_DEVICE, .text = "device address" },
    { .look = DMS_LOOK_COHERENT, .text = "shared memory" },
    { .look = DMS_LOOK_FREE, .text = "unmapped now" },
  };
  bool is_recorded = dms_scene_find (scene, "map") != DMS_NO_ITEM;
  const DmsLegendEntry *looks = is_recorded ? recorded : stage;
  size_t n
      = is_recorded ? sizeof recorded / sizeof *recorded : sizeof stage / sizeof *stage;

  for (size_t i = 0; i < sizeof links / sizeof *links; i++)
    if (has_link (scene, links[i].link, links[i].is_wrong))
      add (scene, links[i], voice);
  for (size_t i = 0; i < n; i++)
    if (has_look (scene, looks[i].look))
      add (scene, looks[i], voice);
}
