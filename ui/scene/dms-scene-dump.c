/* dms-scene-dump.c — a scene as text, for golden files
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-scene-private.h"

static const char *
kind_name (DmsItemKind kind)
{
  static const char *const names[] = {
    "title",   "page",   "memory",     "frame",  "fence",   "register", "pool",
    "element", "device", "descriptor", "slot",   "segment", "band",     "more",
    "note",    "gap",    "counter",    "shared", "channel", "waiter",   "wall",
  };
  return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "?";
}

static const char *
look_name (DmsLook look)
{
  static const char *const names[] = {
    "plain", "current",      "old",    "newer-bounce", "bounce", "granted",
    "pool",  "out-of-reach", "device", "coherent",     "fault",  "pending",
    "mixed", "free",         "other",  "translates",   "away",
  };
  return (size_t)look < sizeof names / sizeof *names ? names[look] : "?";
}

static void
append_rect (DmsBytes *bytes, DmsRect rect)
{
  dms_bytes_printf (
      bytes, " %.0f,%.0f %.0fx%.0f", rect.x, rect.y, rect.width, rect.height);
}

static void
append_item (DmsBytes *bytes, const DmsItem *item)
{
  dms_bytes_printf (bytes,
                    "%s %s %s",
                    kind_name (item->kind),
                    item->id[0] == '\0' ? "-" : item->id,
                    look_name (item->look));
  append_rect (bytes, item->rect);
  dms_bytes_printf (bytes,
                    "%s%s%s",
                    item->focusable ? " focusable" : "",
                    item->chosen ? " chosen" : "",
                    item->changed ? " changed" : "");
  if (item->kind == DMS_ITEM_DESCRIPTOR || item->kind == DMS_ITEM_CHANNEL)
    dms_bytes_printf (bytes, " share=%.3f", item->share);
  if (item->stripe != DMS_LOOK_PLAIN)
    dms_bytes_printf (bytes, " stripe=%s", look_name (item->stripe));
  for (unsigned i = 0; i < item->n_ranges; i++)
    dms_bytes_printf (bytes,
                      " [%u,%u)=%s",
                      (unsigned)item->ranges[i].start,
                      (unsigned)item->ranges[i].end,
                      look_name (item->ranges[i].look));
  if (item->badge != NULL)
    dms_bytes_printf (bytes, " (%s)", item->badge);
  for (unsigned i = 0; i < item->n_lines; i++)
    dms_bytes_printf (bytes, " | %s", item->lines[i]);
  if (item->aside != NULL)
    dms_bytes_printf (bytes, " | aside: %s", item->aside);
  if (item->sentence[0] != '\0')
    dms_bytes_printf (bytes, " # %s", item->sentence);
  dms_bytes_append_byte (bytes, '\n');
}

static const char *
id_of (const DmsScene *scene, size_t item)
{
  return item < scene->n_items ? scene->items[item].id : "-";
}

static void
append_link (DmsBytes *bytes, const DmsScene *scene, const DmsLink *link)
{
  dms_bytes_printf (bytes,
                    "%s %s -> %s %.0f,%.0f %.0f,%.0f%s%s%s%s%s%s\n",
                    link->kind == DMS_LINK_BYTES ? "bytes" : "refers",
                    id_of (scene, link->from),
                    id_of (scene, link->to),
                    link->x0,
                    link->y0,
                    link->x1,
                    link->y1,
                    link->is_routed ? " routed" : "",
                    link->faint ? " faint" : "",
                    link->is_wrong ? " wrong" : "",
                    link->is_stopped ? " stopped" : "",
                    link->label == NULL ? "" : " | ",
                    link->label == NULL ? "" : link->label);
}

void
dms_scene_append_dump (DmsBytes *bytes, const DmsScene *scene)
{
  dms_bytes_printf (bytes, "scene %.0fx%.0f\n", scene->width, scene->height);
  for (size_t i = 0; i < scene->n_items; i++)
    append_item (bytes, &scene->items[i]);
  for (size_t i = 0; i < scene->n_links; i++)
    append_link (bytes, scene, &scene->links[i]);
  for (size_t i = 0; i < scene->n_legend; i++)
    dms_bytes_printf (bytes, "legend %s\n", scene->legend[i].text);
  dms_bytes_printf (bytes, "sentence %s\n", scene->sentence);
  dms_bytes_printf (bytes, "why %s\n", scene->why);
  if (scene->noted[0] != '\0')
    dms_bytes_printf (bytes, "noted %s\n", scene->noted);
}
