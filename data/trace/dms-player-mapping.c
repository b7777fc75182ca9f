/* dms-player-mapping.c — when a mapping began and ended
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-lives.h"
#include "data/trace/dms-player-private.h"

#include "data/trace/dms-trace-private.h"

static gboolean
read_life (DmsPlayer *player, guint64 id, DmsLife *ret_life, GError **error)
{
  sqlite3_stmt *statement = dms_player_statement (player, DMS_PLAYER_MAPPING);
  DmsLives block = { .number = id / DMS_LIVES_BLOCK };

  *ret_life = (DmsLife){ 0 };
  sqlite3_bind_int64 (statement, 1, player->run);
  sqlite3_bind_int64 (statement, 2, (sqlite3_int64)block.number);
  int code = sqlite3_step (statement);
  if (code == SQLITE_ROW
      && dms_lives_unpack (sqlite3_column_blob (statement, 0),
                           (size_t)sqlite3_column_bytes (statement, 0),
                           &block))
    *ret_life = block.lives[id % DMS_LIVES_BLOCK];
  sqlite3_reset (statement);
  return code == SQLITE_ROW || code == SQLITE_DONE
         || dms_player_fail_sqlite (player, code, error);
}

/* The table is a cache: a row counts only when its events are there and speak of @id.
 */
static gboolean
is_possible (DmsPlayer *player, guint64 id, const DmsLife *life)
{
  const DmsEvent *first
      = life->first == 0 ? NULL : dms_player_peek (player, life->first, NULL);
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
            const DmsLife *life,
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
            const DmsLife *life,
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

/* Not in the table, or not to be believed. Live mappings are in the state at the end;
 * one that ended a moment ago, in a trace that is still written, is found in the last
 * events. */
static gboolean
find_life (DmsPlayer *player, guint64 id, DmsLife *ret_life, GError **error)
{
  guint64 seq = MIN (player->file_indexed, player->n_events);

  for (; seq <= player->n_events; seq++)
    {
      DmsTimeline *side = dms_player_side (player, seq, error);
      if (side == NULL)
        return FALSE;
      const DmsMappingState *mapping
          = dms_state_mapping (dms_timeline_state (side), id);
      if (mapping != NULL)
        *ret_life = (DmsLife){ .first = mapping->begin_seq };
      else if (ret_life->first != 0 && ret_life->last == 0)
        ret_life->last = seq;
    }
  return TRUE;
}

gboolean
dms_player_mapping (DmsPlayer *player,
                    guint64 id,
                    DmsMappingInterval *ret_mapping,
                    gboolean *ret_found,
                    GError **error)
{
  DmsLife life = { 0 };

  if (!read_life (player, id, &life, error))
    return FALSE;
  if (!is_possible (player, id, &life) || (life.last == 0 && player->writer != NULL))
    {
      life = (DmsLife){ 0 };
      if (!find_life (player, id, &life, error))
        return FALSE;
    }
  *ret_found = life.first != 0;
  return !*ret_found
         || (fill_times (player, id, &life, ret_mapping, error)
             && fill_facts (player, &life, ret_mapping, error));
}
