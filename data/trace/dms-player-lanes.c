/* dms-player-lanes.c — the timeline's lanes: merged nodes and exact bars
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player-index.h"

#include "data/trace/dms-trace-private.h"

/* Bars are made from events; beyond these a window is drawn by nodes. */
#define BAR_EVENTS_MAX 65536u
/* Events before and behind the window that are looked at for where a bar begins and
 * ends. */
#define BAR_MARGIN 4096u
#define WANTED_MAX 65536u

/* ---- lanes ------------------------------------------------------------- */

static int
compare_lanes (gconstpointer one, gconstpointer other)
{
  const DmsLane *a = one;
  const DmsLane *b = other;

  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  return a->device < b->device ? -1 : a->device > b->device;
}

GArray *
dms_player_lanes (DmsPlayer *player, GError **error)
{
  if (!dms_player_index_ensure (player, error))
    return NULL;

  GArray *lanes = g_array_new (FALSE, FALSE, sizeof (DmsLane));
  for (unsigned i = 0; i < dms_player_index_n_lanes (player); i++)
    g_array_append_vals (lanes, dms_player_index_lane (player, i), 1);
  g_array_sort (lanes, compare_lanes);
  return lanes;
}

/* ---- nodes
 * -----------------------------------------------------------------------------------
 */

typedef struct
{
  unsigned level;
  guint64 number; /* of the node in its level */
  DmsLaneNode node;
} Item;

typedef struct
{
  DmsPlayer *player;
  unsigned lane;
  gint64 x0, x1;
  guint64 bucket; /* what is at most so wide need not be taken apart */
  gboolean is_damaged;
} Search;

static guint64
width_of (const DmsLaneNode *node)
{
  return (guint64)node->x1 - (guint64)node->x0;
}

/* Appends a node unless it lies outside; of those before the window only the last
 * stays. */
static void
consider (Search *search, GArray *items, unsigned level, guint64 number)
{
  const DmsLaneNode *node
      = dms_player_index_node (search->player, search->lane, level, number);
  if (node == NULL)
    {
      search->is_damaged = TRUE;
      return;
    }
  if (node->x0 > search->x1)
    return;

  Item item = { .level = level, .number = number, .node = *node };
  if (items->len > 0)
    {
      Item *before = &g_array_index (items, Item, items->len - 1);
      if (before->node.x1 < search->x0
          && (node->x1 < search->x0 || node->x0 <= search->x0))
        {
          *before = item;
          return;
        }
    }
  g_array_append_val (items, item);
}

/* The nodes that have no parent yet, in order. */
static GArray *
roots (Search *search)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (Item));
  guint64 covered = 0;

  for (unsigned i = DMS_PYRAMID_LEVELS; i-- > 0;)
    {
      guint64 n = dms_player_index_n_nodes (search->player, search->lane, i);
      for (guint64 number = covered; number < n && !search->is_damaged; number++)
        consider (search, items, i, number);
      covered = n * DMS_PYRAMID_FANOUT;
    }
  return items;
}

/* Takes the wide nodes of @level apart. */
static GArray *
refine (Search *search, GArray *items, unsigned level)
{
  GArray *finer = g_array_new (FALSE, FALSE, sizeof (Item));

  for (guint i = 0; i < items->len && !search->is_damaged; i++)
    {
      const Item *item = &g_array_index (items, Item, i);
      gboolean is_before = item->node.x1 < search->x0;
      if (item->level != level || is_before || width_of (&item->node) <= search->bucket)
        {
          g_array_append_val (finer, *item);
          continue;
        }
      for (guint64 child = 0; child < DMS_PYRAMID_FANOUT; child++)
        consider (search, finer, level - 1, item->number * DMS_PYRAMID_FANOUT + child);
    }
  g_array_unref (items);
  return finer;
}

static void
merge_into (DmsLaneNode *all, guint64 *weight, const DmsLaneNode *node)
{
  if (node->kind == all->kind)
    *weight += node->count;
  else if (node->count > *weight)
    {
      all->kind = node->kind;
      *weight = node->count;
    }
  all->x1 = node->x1;
  all->last_seq = node->last_seq;
  all->count += node->count;
  all->min = MIN (all->min, node->min);
  all->max = MAX (all->max, node->max);
  all->last = node->last;
}

static GArray *
merge_items (const Search *search, const GArray *items)
{
  GArray *nodes = g_array_new (FALSE, FALSE, sizeof (DmsLaneNode));
  guint64 weight = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const DmsLaneNode *node = &g_array_index (items, Item, i).node;
      DmsLaneNode *last = nodes->len == 0
                              ? NULL
                              : &g_array_index (nodes, DmsLaneNode, nodes->len - 1);
      if (last != NULL && last->x1 >= search->x0
          && (guint64)node->x1 - (guint64)last->x0 <= search->bucket)
        merge_into (last, &weight, node);
      else
        {
          g_array_append_val (nodes, *node);
          weight = node->count;
        }
    }
  return nodes;
}

static GArray *
search_nodes (Search *search)
{
  GArray *items = roots (search);

  for (unsigned level = DMS_PYRAMID_LEVELS; --level > 0;)
    items = refine (search, items, level);
  GArray *nodes = search->is_damaged ? NULL : merge_items (search, items);
  g_array_unref (items);
  return nodes;
}

GArray *
dms_player_lane_nodes (DmsPlayer *player,
                       const DmsLane *lane,
                       gint64 x0,
                       gint64 x1,
                       guint wanted,
                       GError **error)
{
  Search search = { .player = player, .x0 = x0, .x1 = x1 };

  if (!dms_player_index_ensure (player, error))
    return NULL;
  if (x1 < x0 || !dms_player_index_find (player, lane, &search.lane))
    return g_array_new (FALSE, FALSE, sizeof (DmsLaneNode));
  search.bucket = ((guint64)x1 - (guint64)x0) / CLAMP (wanted, 1, WANTED_MAX);

  GArray *nodes = search_nodes (&search);
  if (nodes != NULL)
    return nodes;
  if (!dms_player_index_rebuild (player, error))
    return NULL;
  search.is_damaged = FALSE;
  if (!dms_player_index_find (player, lane, &search.lane))
    return g_array_new (FALSE, FALSE, sizeof (DmsLaneNode));
  nodes = search_nodes (&search);
  if (nodes == NULL)
    dms_trace_fail_status (error, DMS_ERROR_CORRUPT, player->path, player->n_events);
  return nodes;
}

/* ---- bars
 * --------------------------------------------------------------------------------------
 */

typedef struct
{
  DmsPlayer *player;
  const DmsLane *lane;
  guint limit;
  GArray *bars; /* DmsLaneBar */
  GArray
      *open; /* guint: places in bars of calls that have not returned; innermost last */
  gboolean is_running; /* the last bar is a descriptor that the device still works on */
  guint64 object;      /* its list */
  gboolean is_full;
} Bars;

static void
add_bar (Bars *bars, const DmsLaneBar *bar)
{
  if (bars->bars->len >= bars->limit)
    bars->is_full = TRUE;
  else
    g_array_append_val (bars->bars, *bar);
}

static DmsLaneBar
bar_of (const Bars *bars, const DmsEvent *event)
{
  gint64 x = dms_player_x_of (bars->player, event);
  return (DmsLaneBar){
    .x0 = x,
    .x1 = x,
    .first_seq = event->seq,
    .last_seq = event->seq,
    .index = event->index,
    .callback = (event->flags & DMS_FLAG_CALLBACK) != 0,
  };
}

static void
open_call (Bars *bars, const DmsEvent *event)
{
  DmsLaneBar bar = bar_of (bars, event);
  guint place = bars->bars->len;

  bar.depth = bars->open->len;
  bar.name = (uint32_t)event->a;
  bar.index = 0;
  add_bar (bars, &bar);
  if (!bars->is_full)
    g_array_append_val (bars->open, place);
}

static void
close_call (Bars *bars, const DmsEvent *event)
{
  if (bars->open->len == 0)
    return;
  guint place = g_array_index (bars->open, guint, bars->open->len - 1);
  DmsLaneBar *bar = &g_array_index (bars->bars, DmsLaneBar, place);

  bar->x1 = dms_player_x_of (bars->player, event);
  bar->last_seq = event->seq;
  g_array_set_size (bars->open, bars->open->len - 1);
}

/* The calls that are open at the window's left edge. */
static gboolean
open_calls_at (Bars *bars, guint64 seq, GError **error)
{
  DmsTimeline *side = dms_player_side (bars->player, seq, error);
  if (side == NULL)
    return FALSE;
  const DmsState *state = dms_timeline_state (side);
  for (uint32_t i = 0; i < state->n_calls; i++)
    {
      const DmsEvent *event
          = dms_player_peek (bars->player, state->calls[i].seq, error);
      if (event == NULL)
        return FALSE;
      open_call (bars, event);
    }
  return TRUE;
}

/* A descriptor's bursts, one after the other, are one bar. */
static void
take_device_event (Bars *bars, const DmsEvent *event)
{
  gboolean moves = event->kind == DMS_EVENT_BURST || event->kind == DMS_EVENT_STRAY;

  if (event->device != bars->lane->device)
    return;
  if ((event->flags & DMS_FLAG_RECORDED) != 0)
    {
      DmsLaneBar bar = bar_of (bars, event);
      add_bar (bars, &bar);
      return;
    }
  if (event->kind == DMS_EVENT_START || event->kind == DMS_EVENT_INTERRUPT)
    bars->is_running = FALSE;
  if (!moves)
    return;

  DmsLaneBar *last = bars->bars->len == 0
                         ? NULL
                         : &g_array_index (bars->bars, DmsLaneBar, bars->bars->len - 1);
  if (bars->is_running && last != NULL && last->index == event->index
      && bars->object == event->object)
    {
      last->x1 = dms_player_x_of (bars->player, event);
      last->last_seq = event->seq;
      return;
    }
  DmsLaneBar bar = bar_of (bars, event);
  add_bar (bars, &bar);
  bars->is_running = TRUE;
  bars->object = event->object;
}

/* Behind the window nothing begins, but what is open may end. */
static void
take_event (Bars *bars, const DmsEvent *event, gboolean is_behind)
{
  if (bars->lane->kind == DMS_LANE_CALLS)
    {
      if (event->kind == DMS_EVENT_CALL)
        open_call (bars, event);
      else if (event->kind == DMS_EVENT_RETURN)
        close_call (bars, event);
    }
  else if (!is_behind || (event->flags & DMS_FLAG_RECORDED) == 0)
    take_device_event (bars, event);
}

static gboolean
take_events (Bars *bars, guint64 first, guint64 last, gint64 x1, GError **error)
{
  for (guint64 seq = first; seq <= last && !bars->is_full; seq++)
    {
      const DmsEvent *event = dms_player_peek (bars->player, seq, error);
      if (event == NULL)
        return FALSE;
      take_event (bars, event, dms_player_x_of (bars->player, event) > x1);
    }
  return TRUE;
}

/* Takes out what does not touch the window, and lets what has not ended reach to the
 * end. */
static void
finish_bars (Bars *bars, gint64 x0, gint64 x1)
{
  const DmsPlayer *player = bars->player;
  gint64 end = player->info.kind == DMS_SOURCE_SIMULATION ? (gint64)player->n_steps
                                                          : player->last_time;
  guint kept = 0;

  for (guint i = 0; i < bars->open->len; i++)
    {
      DmsLaneBar *bar = &g_array_index (
          bars->bars, DmsLaneBar, g_array_index (bars->open, guint, i));
      bar->x1 = end;
      bar->last_seq = player->n_events;
    }
  for (guint i = 0; i < bars->bars->len; i++)
    {
      DmsLaneBar bar = g_array_index (bars->bars, DmsLaneBar, i);
      if (bar.x1 >= x0 && bar.x0 <= x1)
        g_array_index (bars->bars, DmsLaneBar, kept++) = bar;
    }
  g_array_set_size (bars->bars, kept);
}

/* Events with x in [x0, x1]: *ret_first > *ret_last when there is none. */
static gboolean
window_events (DmsPlayer *player,
               gint64 x0,
               gint64 x1,
               guint64 *ret_first,
               guint64 *ret_last,
               GError **error)
{
  if (player->info.kind != DMS_SOURCE_SIMULATION)
    {
      guint64 before = 0;
      if ((x0 > G_MININT64 && !dms_player_event_at (player, x0 - 1, &before, error))
          || !dms_player_event_at (player, x1, ret_last, error))
        return FALSE;
      *ret_first = before + 1;
      return TRUE;
    }
  guint64 before = x0 <= 0 ? 0 : dms_player_first_of_step (player, (guint64)x0, error);
  guint64 behind
      = x1 < 0 ? 1 : dms_player_first_of_step (player, (guint64)x1 + 1, error);
  if ((x0 > 0 && before == 0) || behind == 0)
    return FALSE;
  *ret_first = MAX (before, 1);
  *ret_last = behind - 1;
  return TRUE;
}

static gboolean
collect_bars (Bars *bars, gint64 x0, gint64 x1, GError **error)
{
  DmsPlayer *player = bars->player;
  guint64 first = 1;
  guint64 last = 0;

  if (!window_events (player, x0, x1, &first, &last, error))
    return FALSE;
  if (last >= first && last - first >= BAR_EVENTS_MAX)
    {
      bars->is_full = TRUE;
      return TRUE;
    }
  guint64 behind = MIN (last + BAR_MARGIN, player->n_events);
  gboolean is_calls = bars->lane->kind == DMS_LANE_CALLS;
  if (is_calls && !open_calls_at (bars, MIN (first - 1, player->n_events), error))
    return FALSE;
  if (!is_calls)
    first = first > BAR_MARGIN ? first - BAR_MARGIN : 1;
  return take_events (bars, first, behind, x1, error);
}

GArray *
dms_player_lane_bars (DmsPlayer *player,
                      const DmsLane *lane,
                      gint64 x0,
                      gint64 x1,
                      guint limit,
                      gboolean *ret_more,
                      GError **error)
{
  gboolean has_bars = lane->kind == DMS_LANE_CALLS || lane->kind == DMS_LANE_DEVICE;
  /* Bars in the margins count too until they are taken out. */
  Bars bars = {
    .player = player,
    .lane = lane,
    .limit = limit > G_MAXUINT / 2 ? limit : limit + 2 * BAR_MARGIN,
    .bars = g_array_new (FALSE, FALSE, sizeof (DmsLaneBar)),
    .open = g_array_new (FALSE, FALSE, sizeof (guint)),
  };
  gboolean is_done = !has_bars || x1 < x0 || collect_bars (&bars, x0, x1, error);

  if (is_done)
    finish_bars (&bars, x0, x1);
  g_array_unref (bars.open);
  if (!is_done)
    {
      g_array_unref (bars.bars);
      return NULL;
    }
  *ret_more = bars.is_full || bars.bars->len > limit;
  if (bars.bars->len > limit)
    g_array_set_size (bars.bars, limit);
  return bars.bars;
}
