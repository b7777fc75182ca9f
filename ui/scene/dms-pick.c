/* dms-pick.c — what lies under a point, and where the arrow keys lead
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-scene.h"

#include <math.h>
#include <string.h>

static bool
holds (DmsRect rect, double x, double y)
{
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y
         && y < rect.y + rect.height;
}

/* Items are in the order in which they are painted. */
size_t
dms_scene_pick (const DmsScene *scene, double x, double y)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);

  while (n-- > 0)
    if (items[n].focusable && holds (items[n].rect, x, y))
      return n;
  return DMS_NO_ITEM;
}

size_t
dms_scene_find (const DmsScene *scene, const char *id)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);

  for (size_t i = 0; i < n && id[0] != '\0'; i++)
    if (strcmp (items[i].id, id) == 0)
      return i;
  return DMS_NO_ITEM;
}

/* How far @to lies in @direction from @from, and how far aside; false when it does not.
 * An item is somewhere when its middle is beyond the other one's. */
static bool
offsets (DmsRect from, DmsRect to, DmsDirection direction, double *ahead, double *aside)
{
  double dx = (to.x + to.width / 2) - (from.x + from.width / 2);
  double dy = (to.y + to.height / 2) - (from.y + from.height / 2);

  switch (direction)
    {
    case DMS_TO_LEFT:
      *ahead = -dx;
      *aside = fabs (dy);
      break;
    case DMS_TO_RIGHT:
      *ahead = dx;
      *aside = fabs (dy);
      break;
    case DMS_TO_UP:
      *ahead = -dy;
      *aside = fabs (dx);
      break;
    case DMS_TO_DOWN:
      *ahead = dy;
      *aside = fabs (dx);
      break;
    }
  return *ahead > 0.5;
}

size_t
dms_scene_neighbour (const DmsScene *scene, size_t item, DmsDirection direction)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);
  size_t best = DMS_NO_ITEM;
  double best_cost = 0;
  bool is_across = direction == DMS_TO_LEFT || direction == DMS_TO_RIGHT;

  for (size_t i = 0; i < n && item < n; i++)
    {
      double ahead = 0, aside = 0;
      if (i == item || !items[i].focusable
          || !offsets (items[item].rect, items[i].rect, direction, &ahead, &aside))
        continue;
      /* Up and down stay in the column; left and right look for the nearest column. */
      double cost = is_across ? ahead * 2 + aside : ahead + aside * 4;
      if (best == DMS_NO_ITEM || cost < best_cost)
        {
          best = i;
          best_cost = cost;
        }
    }
  return best;
}
