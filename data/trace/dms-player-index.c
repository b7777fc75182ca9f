/* dms-player-index.c — nodes of the lanes' pyramid, from the file or made anew
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player-index.h"

#include "data/trace/dms-trace-private.h"

#include <string.h>

/* The row of a level that was read last. */
typedef struct
{
  gboolean is_read;
  unsigned lane;
  guint64 block;
  unsigned n;
  DmsLaneNode nodes[DMS_PYRAMID_ROW];
} Row;

struct DmsPlayerIndex
{
  DmsPyramid *pyramid; /* what is unfinished */
  GHashTable *rows; /* row_key() → GBytes: finished rows that the file does not have */
  DmsTimeline *timeline; /* at the last event that the pyramid has */
  guint64 seq;           /* that event */
  Row *read;             /* one per level */
};

gint64
dms_player_x_of (const DmsPlayer *player, const DmsEvent *event)
{
  return player->info.kind == DMS_SOURCE_SIMULATION ? (gint64)event->step : event->t_ns;
}

/* ---- life -------------------------------------------------------------- */

static gint64
row_key (unsigned lane, unsigned level, guint64 block)
{
  return (gint64)((guint64)lane << 48 | (guint64)level << 44 | block);
}

/* Finished rows are kept packed: a tenth of the memory. */
static bool
keep_row (void *data,
          unsigned lane,
          unsigned level,
          uint64_t block,
          const DmsLaneNode *nodes,
          unsigned n)
{
  DmsPlayerIndex *index = data;
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_pyramid_pack (&bytes, level, nodes, n);
  if (!bytes.failed)
    {
      gint64 *key = g_new (gint64, 1);
      *key = row_key (lane, level, block);
      g_hash_table_replace (index->rows, key, g_bytes_new (bytes.data, bytes.length));
    }
  bool is_kept = !bytes.failed;
  dms_bytes_release (&bytes);
  return is_kept;
}

void
dms_player_index_free (DmsPlayerIndex *index)
{
  if (index == NULL)
    return;
  dms_pyramid_free (index->pyramid);
  dms_timeline_free (index->timeline);
  g_hash_table_unref (index->rows);
  g_free (index->read);
  g_free (index);
}

static DmsPlayerIndex *
index_new (DmsPlayer *player)
{
  DmsTimelineSource source = dms_player_source_of_events (player);
  DmsPlayerIndex *index = g_new0 (DmsPlayerIndex, 1);

  index->pyramid = dms_pyramid_new (keep_row, index);
  index->timeline = dms_timeline_new (&source);
  index->rows = g_hash_table_new_full (
      g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_bytes_unref);
  index->read = g_new0 (Row, DMS_PYRAMID_LEVELS);
  if (index->pyramid != NULL && index->timeline != NULL)
    return index;
  dms_player_index_free (index);
  return NULL;
}

/* ---- rows -------------------------------------------------------------- */

static gboolean
read_file_row (
    DmsPlayer *player, unsigned lane, unsigned level, guint64 block, Row *row)
{
  sqlite3_stmt *statement = dms_player_statement (player, DMS_PLAYER_PYRAMID);
  gboolean is_read = FALSE;

  sqlite3_bind_int64 (statement, 1, player->run);
  sqlite3_bind_int64 (statement, 2, lane);
  sqlite3_bind_int64 (statement, 3, level);
  sqlite3_bind_int64 (statement, 4, (sqlite3_int64)block);
  if (sqlite3_step (statement) == SQLITE_ROW)
    {
      sqlite3_int64 n = sqlite3_column_int64 (statement, 0);
      const void *data = sqlite3_column_blob (statement, 1);
      gsize length = (gsize)sqlite3_column_bytes (statement, 1);
      row->n = n < 1 || n > DMS_PYRAMID_ROW ? 0 : (unsigned)n;
      is_read = data != NULL
                && dms_pyramid_unpack (data, length, level, row->nodes, row->n);
    }
  sqlite3_reset (statement);
  return is_read;
}

static gboolean
read_row (DmsPlayer *player, unsigned lane, unsigned level, guint64 block, Row *row)
{
  DmsPlayerIndex *index = player->index;
  uint64_t open_block = 0;
  unsigned open_n = 0;
  const DmsLaneNode *open
      = dms_pyramid_open_row (index->pyramid, lane, level, &open_block, &open_n);

  if (block == open_block)
    {
      row->n = open_n;
      if (open_n > 0)
        memcpy (row->nodes, open, open_n * sizeof *open);
      return TRUE;
    }
  gint64 key = row_key (lane, level, block);
  GBytes *kept = g_hash_table_lookup (index->rows, &key);
  if (kept == NULL)
    return read_file_row (player, lane, level, block, row);
  row->n = DMS_PYRAMID_ROW;
  return dms_pyramid_unpack (g_bytes_get_data (kept, NULL),
                             g_bytes_get_size (kept),
                             level,
                             row->nodes,
                             row->n);
}

const DmsLaneNode *
dms_player_index_node (DmsPlayer *player, unsigned lane, unsigned level, guint64 node)
{
  Row *row = &player->index->read[level];
  guint64 block = node / DMS_PYRAMID_ROW;
  unsigned place = (unsigned)(node % DMS_PYRAMID_ROW);

  if (!row->is_read || row->lane != lane || row->block != block)
    {
      row->is_read = read_row (player, lane, level, block, row);
      row->lane = lane;
      row->block = block;
    }
  return row->is_read && place < row->n ? &row->nodes[place] : NULL;
}

static void
forget_read (DmsPlayerIndex *index)
{
  for (unsigned i = 0; i < DMS_PYRAMID_LEVELS; i++)
    index->read[i].is_read = FALSE;
}

/* ---- going on from the file -------------------------------------------- */

static gboolean
restore_lanes (DmsPlayer *player, DmsPyramid *pyramid)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (
      player->db,
      "SELECT lane, kind, device FROM lane WHERE run = ? ORDER BY lane",
      -1,
      &statement,
      NULL);

  if (code == SQLITE_OK)
    sqlite3_bind_int64 (statement, 1, player->run);
  while (code == SQLITE_OK && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      sqlite3_int64 kind = sqlite3_column_int64 (statement, 1);
      sqlite3_int64 device = sqlite3_column_int64 (statement, 2);
      DmsLane lane = { .kind = (DmsLaneKind)kind, .device = (uint32_t)device };
      gboolean is_possible = kind >= DMS_LANE_CALLS && kind <= DMS_LANE_POOL
                             && device >= 0 && device <= G_MAXUINT32
                             && sqlite3_column_int64 (statement, 0)
                                    == (sqlite3_int64)dms_pyramid_n_lanes (pyramid);
      code = is_possible && dms_pyramid_restore_lane (pyramid, &lane) ? SQLITE_OK
                                                                      : SQLITE_CORRUPT;
    }
  sqlite3_finalize (statement);
  return code == SQLITE_DONE;
}

static gint64
last_block (DmsPlayer *player, unsigned lane)
{
  sqlite3_stmt *statement = NULL;
  gint64 block = -1;
  int code = sqlite3_prepare_v2 (player->db,
                                 "SELECT block FROM pyramid WHERE run = ? AND lane = ?"
                                 " AND level = 0 ORDER BY block DESC LIMIT 1",
                                 -1,
                                 &statement,
                                 NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, player->run);
      sqlite3_bind_int64 (statement, 2, lane);
      if (sqlite3_step (statement) == SQLITE_ROW)
        block = sqlite3_column_int64 (statement, 0);
    }
  sqlite3_finalize (statement);
  return block < 0 || block > INT64_C (1) << 40 ? -1 : block;
}

/* Samples of a lane up to event @seq; rows may hold more. */
static gboolean
count_samples (DmsPlayer *player, unsigned lane, guint64 seq, Row *row, guint64 *ret_n)
{
  gint64 low = 0;
  gint64 high = last_block (player, lane);

  *ret_n = 0;
  if (high < 0)
    return TRUE;
  /* The last row that begins at or before @seq; it is nearly always the last of all. */
  gint64 middle = high;
  while (low < high)
    {
      if (!read_file_row (player, lane, 0, (guint64)middle, row))
        return FALSE;
      if (row->nodes[0].first_seq <= seq)
        low = middle;
      else
        high = middle - 1;
      middle = low + (high - low + 1) / 2;
    }
  if (!read_file_row (player, lane, 0, (guint64)low, row))
    return FALSE;
  unsigned n = 0;
  while (n < row->n && row->nodes[n].first_seq <= seq)
    n++;
  *ret_n = (guint64)low * DMS_PYRAMID_ROW + n;
  return TRUE;
}

static gboolean
restore_lane_rows (
    DmsPlayer *player, DmsPyramid *pyramid, unsigned lane, guint64 n_samples, Row *row)
{
  guint64 n = n_samples;

  for (unsigned level = 0; level < DMS_PYRAMID_LEVELS; level++)
    {
      unsigned rest = (unsigned)(n % DMS_PYRAMID_ROW);
      guint64 block = n / DMS_PYRAMID_ROW;
      if (rest > 0
          && (!read_file_row (player, lane, level, block, row) || row->n < rest))
        return FALSE;
      if (!dms_pyramid_restore_row (pyramid, lane, level, block, row->nodes, rest))
        return FALSE;
      n /= DMS_PYRAMID_FANOUT;
    }
  return TRUE;
}

/* FALSE when the file's pyramid cannot be used. */
static gboolean
restore (DmsPlayer *player, DmsPlayerIndex *index)
{
  Row *row = &index->read[0];
  guint64 seq = player->file_indexed;

  if (seq == 0)
    return TRUE;
  if (seq > player->n_events || !restore_lanes (player, index->pyramid))
    return FALSE;
  for (unsigned lane = 0; lane < dms_pyramid_n_lanes (index->pyramid); lane++)
    {
      guint64 n = 0;
      if (!count_samples (player, lane, seq, row, &n)
          || !restore_lane_rows (player, index->pyramid, lane, n, row))
        return FALSE;
    }
  index->seq = seq;
  return TRUE;
}

/* ---- up to date -------------------------------------------------------- */

static gboolean
add_event (DmsPlayer *player, DmsPlayerIndex *index, guint64 seq, GError **error)
{
  if (!dms_player_move (player, index->timeline, seq, error))
    return FALSE;
  const DmsEvent *event = dms_player_peek (player, seq, error);
  if (event == NULL)
    return FALSE;
  DmsStatus status = dms_pyramid_add (index->pyramid,
                                      event,
                                      dms_timeline_state (index->timeline),
                                      dms_player_x_of (player, event));
  if (status != DMS_OK)
    return dms_trace_fail_status (error, status, player->path, seq);
  index->seq = seq;
  return TRUE;
}

static gboolean
catch_up (DmsPlayer *player, GError **error)
{
  DmsPlayerIndex *index = player->index;

  if (index->seq == player->n_events)
    return TRUE;
  forget_read (index);
  for (; index->seq < player->n_events && player->may_index > 0; player->may_index--)
    if (!add_event (player, index, index->seq + 1, error))
      return FALSE;
  return TRUE;
}

static gboolean
replace_index (DmsPlayer *player, gboolean use_file, GError **error)
{
  dms_player_index_free (player->index);
  player->index = index_new (player);
  if (player->index != NULL && use_file && !restore (player, player->index))
    {
      /* Half restored: begin again without the file's rows. */
      dms_player_index_free (player->index);
      player->index = index_new (player);
    }
  if (player->index == NULL)
    return dms_trace_fail_status (error, DMS_ERROR_NO_MEMORY, player->path, 0);
  forget_read (player->index);
  return TRUE;
}

gboolean
dms_player_index_rebuild (DmsPlayer *player, GError **error)
{
  player->file_indexed = 0;
  return replace_index (player, FALSE, error) && catch_up (player, error);
}

gboolean
dms_player_index_ensure (DmsPlayer *player, GError **error)
{
  /* Once the file has what was made in memory, and more, its rows are used instead. */
  gboolean is_behind
      = player->index != NULL && player->file_indexed > player->index->seq;

  if ((player->index == NULL || is_behind) && !replace_index (player, TRUE, error))
    return FALSE;
  return catch_up (player, error);
}

/* ---- queries
 * -------------------------------------------------------------------------------------
 */

unsigned
dms_player_index_n_lanes (const DmsPlayer *player)
{
  return dms_pyramid_n_lanes (player->index->pyramid);
}

const DmsLane *
dms_player_index_lane (const DmsPlayer *player, unsigned lane)
{
  return dms_pyramid_lane (player->index->pyramid, lane);
}

gboolean
dms_player_index_find (DmsPlayer *player, const DmsLane *lane, unsigned *ret_lane)
{
  return dms_pyramid_find (player->index->pyramid, lane, ret_lane);
}

guint64
dms_player_index_n_nodes (const DmsPlayer *player, unsigned lane, unsigned level)
{
  return dms_pyramid_n_nodes (player->index->pyramid, lane, level);
}
