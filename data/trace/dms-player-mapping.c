/* dms-player-mapping.c — when a mapping began and ended
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player-private.h"

#include "data/trace/dms-trace-private.h"

/* Events of a mapping's life; 0 = none. */
typedef struct
{
  guint64 first, ready, last;
} Life;

static gboolean
read_life (
    DmsPlayer *player, guint64 id, Life *ret_life, gboolean *ret_found, GError **error)
{
  sqlite3_stmt *statement = dms_player_statement (player, DMS_PLAYER_MAPPING);

  sqlite3_bind_int64 (statement, 1, player->run);
  sqlite3_bind_int64 (statement, 2, (sqlite3_int64)id);
  int code = sqlite3_step (statement);
  *ret_found = code == SQLITE_ROW;
  if (code == SQLITE_ROW)
    *ret_life = (Life){
      .first = (guint64)sqlite3_column_int64 (statement, 0),
      .ready = (guint64)sqlite3_column_int64 (statement, 1),
      .last = (guint64)sqlite3_column_int64 (statement, 2),
    };
  sqlite3_reset (statement);
  return code == SQLITE_ROW || code == SQLITE_DONE
         || dms_player_fail_sqlite (player, code, error);
}

/* The table is a cache: a row counts only when its events are there and speak of @id.
 */
static gboolean
is_possible (DmsPlayer *player, guint64 id, const Life *life)
{
  const DmsEvent *first = dms_player_peek (player, life->first, NULL);
  if (first == NULL || first->object != id)
    return FALSE;
  if (life->ready != 0)
    {
      const DmsEvent *ready = dms_player_peek (player, life->ready, NULL);
      if (ready == NULL || ready->object != id)
        return FALSE;
    }
  return life->last == 0
         || (life->last > life->first && life->last <= player->n_events);
}

static gboolean
fill_times (DmsPlayer *player,
            guint64 id,
            const Life *life,
            DmsMappingInterval *interval,
            GError **error)
{
  const DmsEvent *first = dms_player_peek (player, life->first, error);
  if (first == NULL)
    return FALSE;
  *interval = (DmsMappingInterval){
    .id = id,
    .first_seq = life->first,
    .last_seq = life->last,
    .t_begin_ns = first->t_ns,
    .device = first->device,
    .task = first->task,
  };
  if (life->last == 0)
    return TRUE;
  const DmsEvent *last = dms_player_peek (player, life->last, error);
  if (last == NULL)
    return FALSE;
  interval->t_end_ns = last->t_ns;
  return TRUE;
}

/* What the event says that made the mapping ready, or else the one that began it. */
static gboolean
fill_facts (DmsPlayer *player,
            const Life *life,
            DmsMappingInterval *interval,
            GError **error)
{
  const DmsEvent *event
      = dms_player_peek (player, life->ready != 0 ? life->ready : life->first, error);
  if (event == NULL)
    return FALSE;
  interval->flags = event->flags;
  interval->length = event->length;
  if (event->kind == DMS_EVENT_MAP)
    {
      interval->n_pieces = (guint32)MIN (event->a, G_MAXUINT32);
      interval->n_elements = event->index;
    }
  else if (event->kind == DMS_EVENT_ALLOC)
    interval->n_elements = 1;
  return TRUE;
}

/* Not in the table, or not to be believed: what is live at the end is in the state
 * there. */
static gboolean
find_live (
    DmsPlayer *player, guint64 id, Life *ret_life, gboolean *ret_found, GError **error)
{
  DmsTimeline *side = dms_player_side (player, player->n_events, error);
  if (side == NULL)
    return FALSE;
  const DmsMappingState *mapping = dms_state_mapping (dms_timeline_state (side), id);
  *ret_found = mapping != NULL && mapping->begin_seq >= 1;
  if (*ret_found)
    *ret_life = (Life){ .first = mapping->begin_seq };
  return TRUE;
}

gboolean
dms_player_mapping (DmsPlayer *player,
                    guint64 id,
                    DmsMappingInterval *ret_mapping,
                    gboolean *ret_found,
                    GError **error)
{
  Life life = { 0 };
  gboolean is_found = FALSE;

  if (!read_life (player, id, &life, &is_found, error))
    return FALSE;
  if ((!is_found || !is_possible (player, id, &life))
      && !find_live (player, id, &life, &is_found, error))
    return FALSE;
  *ret_found = is_found;
  return !is_found
         || (fill_times (player, id, &life, ret_mapping, error)
             && fill_facts (player, &life, ret_mapping, error));
}
