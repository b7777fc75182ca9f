/* dms-player-chunks.c — where the player's events come from
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player-private.h"

#include "data/trace/dms-trace-private.h"

/* ---- the directory ----------------------------------------------------- */

const DmsPlayerChunk *
dms_player_chunk_at (const DmsPlayer *player, gsize place)
{
  return &g_array_index (player->directory, DmsPlayerChunk, place);
}

/* Columns from @column on: first_seq, n, first_step, last_step, t0, t1, kinds, devices.
 */
static DmsChunkHead
read_head (sqlite3_stmt *statement, int column)
{
  DmsChunkHead head = { 0 };
  sqlite3_int64 n = sqlite3_column_int64 (statement, column + 1);

  head.first_seq = (uint64_t)sqlite3_column_int64 (statement, column);
  head.n = n < 0 || n > UINT32_MAX ? 0 : (uint32_t)n;
  head.first_step = (uint64_t)sqlite3_column_int64 (statement, column + 2);
  head.last_step = (uint64_t)sqlite3_column_int64 (statement, column + 3);
  head.t0 = sqlite3_column_int64 (statement, column + 4);
  head.t1 = sqlite3_column_int64 (statement, column + 5);
  head.kinds[0] = (uint64_t)sqlite3_column_int64 (statement, column + 6);
  head.kinds[1] = (uint64_t)sqlite3_column_int64 (statement, column + 7);
  head.devices = (uint64_t)sqlite3_column_int64 (statement, column + 8);
  return head;
}

/* Appends a chunk when it goes on where the one before ends. */
static gboolean
add_chunk (DmsPlayer *player, const DmsChunkHead *head, gint64 row)
{
  if (!dms_chunk_head_check (head) || head->first_seq != player->n_events + 1
      || head->first_step < player->n_steps
      || player->directory->len >= DMS_PLAYER_CHUNKS_MAX)
    return FALSE;
  DmsPlayerChunk chunk = { .head = *head, .row = row };
  g_array_append_val (player->directory, chunk);
  player->n_events += head->n;
  player->n_steps = head->last_step;
  return TRUE;
}

/* Takes the tail out of the directory: it may have become a chunk. */
static void
drop_tail (DmsPlayer *player)
{
  guint n = player->directory->len;

  if (n == 0 || dms_player_chunk_at (player, n - 1)->row != 0)
    return;
  for (guint i = 0; i < DMS_PLAYER_CACHE; i++)
    if (player->cache[i].used != 0 && player->cache[i].place == n - 1)
      {
        dms_chunk_release (&player->cache[i].chunk);
        player->cache[i].used = 0;
      }
  g_array_set_size (player->directory, n - 1);
  g_clear_pointer (&player->tail, g_bytes_unref);
  player->n_events = 0;
  player->n_steps = 0;
  if (n > 1)
    {
      const DmsChunkHead *last = &dms_player_chunk_at (player, n - 2)->head;
      player->n_events = last->first_seq + last->n - 1;
      player->n_steps = last->last_step;
    }
}

static gboolean
fail_directory (const DmsPlayer *player, GError **error)
{
  return dms_trace_fail (error,
                         DMS_TRACE_ERROR_CORRUPT,
                         player->path,
                         "the trace is damaged: events behind %" G_GUINT64_FORMAT
                         " are not where they should be",
                         player->n_events);
}

static gboolean
read_directory (DmsPlayer *player, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (
      player->db,
      "SELECT id, first_seq, n, first_step, last_step, t0, t1, kinds_low, kinds_high, "
      "devices"
      " FROM chunk WHERE run = ? AND first_seq > ? ORDER BY first_seq",
      -1,
      &statement,
      NULL);
  gboolean is_whole = TRUE;

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, player->run);
      sqlite3_bind_int64 (statement, 2, (sqlite3_int64)player->n_events);
    }
  while (code == SQLITE_OK && is_whole
         && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      DmsChunkHead head = read_head (statement, 1);
      gint64 row = sqlite3_column_int64 (statement, 0);
      is_whole = row != 0 && add_chunk (player, &head, row);
      code = SQLITE_OK;
    }
  sqlite3_finalize (statement);
  if (!is_whole)
    return fail_directory (player, error);
  return code == SQLITE_DONE || dms_player_fail_sqlite (player, code, error);
}

static gboolean
read_tail (DmsPlayer *player, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (player->db,
                                 "SELECT first_seq, n, first_step, last_step, t0, t1, "
                                 "kinds_low, kinds_high, devices, data"
                                 " FROM tail WHERE run = ?",
                                 -1,
                                 &statement,
                                 NULL);
  gboolean is_whole = TRUE;

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, player->run);
      code = sqlite3_step (statement);
    }
  if (code == SQLITE_ROW)
    {
      DmsChunkHead head = read_head (statement, 0);
      const void *data = sqlite3_column_blob (statement, 9);
      gsize length = (gsize)sqlite3_column_bytes (statement, 9);
      is_whole = data != NULL && add_chunk (player, &head, 0);
      if (is_whole)
        player->tail = g_bytes_new (data, length);
    }
  sqlite3_finalize (statement);
  if (!is_whole)
    return fail_directory (player, error);
  return code == SQLITE_ROW || code == SQLITE_DONE
         || dms_player_fail_sqlite (player, code, error);
}

/* Reading the ends also tells at once when a trace is damaged there. */
static gboolean
read_times (DmsPlayer *player, GError **error)
{
  player->first_time = 0;
  player->last_time = 0;
  if (player->n_events == 0)
    return TRUE;
  const DmsEvent *first = dms_player_peek (player, 1, error);
  if (first == NULL)
    return FALSE;
  player->first_time = first->t_ns;
  const DmsEvent *last = dms_player_peek (player, player->n_events, error);
  if (last == NULL)
    return FALSE;
  player->last_time = last->t_ns;
  return TRUE;
}

gboolean
dms_player_load_events (DmsPlayer *player, GError **error)
{
  drop_tail (player);
  return read_directory (player, error) && read_tail (player, error)
         && read_times (player, error);
}

gsize
dms_player_place_of (const DmsPlayer *player, guint64 seq)
{
  gsize low = 0;
  gsize high = player->directory->len;

  /* The last chunk that begins at or before seq. */
  while (high - low > 1)
    {
      gsize middle = low + (high - low) / 2;
      if (dms_player_chunk_at (player, middle)->head.first_seq <= seq)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* ---- unpacked chunks --------------------------------------------------- */

static gboolean
unpack (DmsPlayer *player,
        const DmsPlayerChunk *from,
        const void *data,
        gsize length,
        DmsChunk *ret_chunk,
        GError **error)
{
  DmsStatus status
      = data == NULL
            ? DMS_ERROR_CORRUPT
            : dms_chunk_read (&from->head, player->run, data, length, ret_chunk);
  return status == DMS_OK
         || dms_trace_fail_status (error, status, player->path, from->head.first_seq);
}

gboolean
dms_player_read_chunk (DmsPlayer *player,
                       gsize place,
                       DmsChunk *ret_chunk,
                       GError **error)
{
  const DmsPlayerChunk *from = dms_player_chunk_at (player, place);

  if (from->row == 0)
    return unpack (player,
                   from,
                   g_bytes_get_data (player->tail, NULL),
                   g_bytes_get_size (player->tail),
                   ret_chunk,
                   error);

  sqlite3_stmt *statement = dms_player_statement (player, DMS_PLAYER_CHUNK);
  sqlite3_bind_int64 (statement, 1, from->row);
  int code = sqlite3_step (statement);
  gboolean is_read = FALSE;
  if (code == SQLITE_ROW)
    {
      const void *data = sqlite3_column_blob (statement, 0);
      is_read = unpack (player,
                        from,
                        data,
                        (gsize)sqlite3_column_bytes (statement, 0),
                        ret_chunk,
                        error);
    }
  else if (code == SQLITE_DONE)
    dms_trace_fail_status (
        error, DMS_ERROR_CORRUPT, player->path, from->head.first_seq);
  else
    dms_player_fail_sqlite (player, code, error);
  sqlite3_reset (statement);
  return is_read;
}

const DmsChunk *
dms_player_chunk (DmsPlayer *player, gsize place, GError **error)
{
  DmsPlayerCached *oldest = &player->cache[0];

  for (guint i = 0; i < DMS_PLAYER_CACHE; i++)
    {
      DmsPlayerCached *cached = &player->cache[i];
      if (cached->used != 0 && cached->place == place)
        {
          cached->used = ++player->clock;
          return &cached->chunk;
        }
      if (cached->used < oldest->used)
        oldest = cached;
    }

  DmsChunk chunk = { 0 };
  if (!dms_player_read_chunk (player, place, &chunk, error))
    return NULL;
  if (oldest->used != 0)
    dms_chunk_release (&oldest->chunk);
  *oldest
      = (DmsPlayerCached){ .chunk = chunk, .place = place, .used = ++player->clock };
  return &oldest->chunk;
}

void
dms_player_drop_chunks (DmsPlayer *player)
{
  for (guint i = 0; i < DMS_PLAYER_CACHE; i++)
    {
      if (player->cache[i].used != 0)
        dms_chunk_release (&player->cache[i].chunk);
      player->cache[i].used = 0;
    }
}

const DmsEvent *
dms_player_peek (DmsPlayer *player, guint64 seq, GError **error)
{
  if (seq < 1 || seq > player->n_events)
    {
      dms_trace_fail_status (error, DMS_ERROR_RANGE, player->path, seq);
      return NULL;
    }
  const DmsChunk *chunk
      = dms_player_chunk (player, dms_player_place_of (player, seq), error);
  return chunk == NULL ? NULL : &chunk->events[seq - chunk->head.first_seq];
}

/* ---- timelines --------------------------------------------------------- */

static DmsStatus
source_event (void *data, uint64_t seq, DmsEvent *ret_event)
{
  DmsPlayer *player = data;

  if (seq > player->n_events)
    return DMS_ERROR_END;
  g_clear_error (&player->failure);
  const DmsEvent *event = dms_player_peek (player, seq, &player->failure);
  if (event == NULL)
    return DMS_ERROR_CORRUPT;
  *ret_event = *event;
  return DMS_OK;
}

/* A keyframe is a cache: when it cannot be read there is none. */
static DmsStatus
source_keyframe (void *data,
                 uint64_t seq,
                 uint64_t *ret_seq,
                 const uint8_t **ret_data,
                 size_t *ret_length)
{
  DmsPlayer *player = data;

  if (player->no_keyframes)
    return DMS_ERROR_END;
  sqlite3_stmt *statement = dms_player_statement (player, DMS_PLAYER_KEYFRAME);
  sqlite3_bind_int64 (statement, 1, player->run);
  sqlite3_bind_int64 (statement, 2, (sqlite3_int64)seq);
  gboolean is_found = sqlite3_step (statement) == SQLITE_ROW;
  if (is_found)
    {
      const void *bytes = sqlite3_column_blob (statement, 1);
      guint length = (guint)sqlite3_column_bytes (statement, 1);
      *ret_seq = (uint64_t)sqlite3_column_int64 (statement, 0);
      g_byte_array_set_size (player->keyframe, 0);
      if (bytes != NULL)
        g_byte_array_append (player->keyframe, bytes, length);
      *ret_data = player->keyframe->data;
      *ret_length = player->keyframe->len;
    }
  sqlite3_reset (statement);
  return is_found ? DMS_OK : DMS_ERROR_END;
}

DmsTimelineSource
dms_player_source_of_events (DmsPlayer *player)
{
  return (DmsTimelineSource){
    .event = source_event,
    .keyframe = source_keyframe,
    .data = player,
  };
}

gboolean
dms_player_move (DmsPlayer *player, DmsTimeline *timeline, guint64 seq, GError **error)
{
  if (seq > player->n_events)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_RANGE,
                           player->path,
                           "there is no event %" G_GUINT64_FORMAT
                           "; a number from 0 to %" G_GUINT64_FORMAT " is needed",
                           seq,
                           player->n_events);

  g_clear_error (&player->failure);
  DmsStatus status = dms_timeline_seek (timeline, seq);
  if (status != DMS_OK && status != DMS_ERROR_NO_MEMORY && player->failure == NULL
      && !player->no_keyframes)
    {
      /* The events do not fit what a keyframe says: believe the events. */
      player->no_keyframes = TRUE;
      status = dms_timeline_seek (timeline, seq);
    }
  if (status == DMS_OK)
    return TRUE;
  if (player->failure == NULL)
    return dms_trace_fail_status (error, status, player->path, seq);
  g_propagate_error (error, g_steal_pointer (&player->failure));
  return FALSE;
}

DmsTimeline *
dms_player_side (DmsPlayer *player, guint64 seq, GError **error)
{
  if (player->side == NULL)
    {
      DmsTimelineSource source = dms_player_source_of_events (player);
      player->side = dms_timeline_new (&source);
    }
  if (player->side == NULL)
    {
      dms_trace_fail_status (error, DMS_ERROR_NO_MEMORY, player->path, seq);
      return NULL;
    }
  return dms_player_move (player, player->side, seq, error) ? player->side : NULL;
}
