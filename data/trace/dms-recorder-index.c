/* dms-recorder-index.c — what the recorder writes beside the events: mappings and lanes
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-recorder-private.h"

/* Unfinished rows of the pyramid are written when this long passed: a reader builds
 * what is missing by itself. */
#define INDEX_INTERVAL_US 1000000

/* ---- blocks of lives ------------------------------------------------------ */

/* Blocks in memory: those with a live mapping stay until there are too many. */
#define BLOCKS_MAX 1024u

static gboolean
write_block (DmsRecorder *recorder, DmsLives *block)
{
  sqlite3_stmt *statement = dms_recorder_statement (recorder, DMS_RECORDER_MAPPING);

  if (!block->is_changed)
    return TRUE;
  dms_bytes_clear (&recorder->scratch);
  dms_lives_pack (&recorder->scratch, block);
  if (recorder->scratch.failed || !dms_recorder_begin (recorder))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, DMS_RECORDER_RUN_NUMBER);
  sqlite3_bind_int64 (statement, 2, (sqlite3_int64)block->number);
  sqlite3_bind_blob64 (
      statement, 3, recorder->scratch.data, recorder->scratch.length, SQLITE_STATIC);
  block->is_changed = FALSE;
  return dms_recorder_run (recorder, DMS_RECORDER_MAPPING);
}

static gboolean
drop_block (DmsRecorder *recorder, DmsLives *block)
{
  gboolean is_written = write_block (recorder, block);

  dms_table_take (&recorder->blocks, block->number);
  if (recorder->recent == block)
    recorder->recent = NULL;
  g_free (block);
  return is_written;
}

/* The oldest goes: its mappings are likely to live on. */
static gboolean
make_room (DmsRecorder *recorder)
{
  DmsLives *oldest = NULL;
  size_t at = 0;

  if (recorder->blocks.n < BLOCKS_MAX)
    return TRUE;
  for (DmsLives *block;
       (block = dms_table_next (&recorder->blocks, &at, NULL)) != NULL;)
    if (oldest == NULL || block->number < oldest->number)
      oldest = block;
  return drop_block (recorder, oldest);
}

static gboolean
read_block (DmsRecorder *recorder, DmsLives *block)
{
  sqlite3_stmt *statement = dms_recorder_statement (recorder, DMS_RECORDER_MAPPINGS);
  gboolean is_read = TRUE;

  sqlite3_bind_int64 (statement, 1, DMS_RECORDER_RUN_NUMBER);
  sqlite3_bind_int64 (statement, 2, (sqlite3_int64)block->number);
  int code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    is_read = dms_lives_unpack (sqlite3_column_blob (statement, 0),
                                (size_t)sqlite3_column_bytes (statement, 0),
                                block);
  sqlite3_reset (statement);
  return is_read && (code == SQLITE_ROW || code == SQLITE_DONE);
}

/* NULL without memory, or when the file fails. */
static DmsLife *
life_of (DmsRecorder *recorder, uint64_t id, DmsLives **ret_block)
{
  uint64_t number = id / DMS_LIVES_BLOCK;
  DmsLives *block = recorder->recent;

  if (block == NULL || block->number != number)
    block = dms_table_get (&recorder->blocks, number);
  if (block == NULL)
    {
      if (!make_room (recorder))
        return NULL;
      block = g_new0 (DmsLives, 1);
      block->number = number;
      if (!read_block (recorder, block)
          || !dms_table_put (&recorder->blocks, number, block))
        {
          g_free (block);
          return NULL;
        }
    }
  block->is_changed = TRUE;
  recorder->recent = block;
  *ret_block = block;
  return &block->lives[id % DMS_LIVES_BLOCK];
}

static gboolean
write_blocks (DmsRecorder *recorder)
{
  size_t at = 0;

  for (DmsLives *block;
       (block = dms_table_next (&recorder->blocks, &at, NULL)) != NULL;)
    if (!write_block (recorder, block))
      return FALSE;
  return TRUE;
}

/* ---- mappings -------------------------------------------------------------- */

static gboolean
begin_life (DmsRecorder *recorder, uint64_t id, uint64_t seq)
{
  DmsLives *block = NULL;
  DmsLife *life = life_of (recorder, id, &block);

  if (life == NULL || !dms_table_put (&recorder->open, id, recorder))
    return FALSE;
  /* An id that comes again begins anew. */
  block->n_ended -= life->last != 0 ? 1 : 0;
  *life = (DmsLife){ .first = seq };
  return TRUE;
}

static gboolean
make_ready (DmsRecorder *recorder, uint64_t id, uint64_t seq)
{
  DmsLives *block = NULL;
  DmsLife *life = life_of (recorder, id, &block);

  if (life == NULL)
    return FALSE;
  if (seq > life->first)
    life->ready = seq;
  return TRUE;
}

static gboolean
end_life (DmsRecorder *recorder, uint64_t id, uint64_t seq)
{
  DmsLives *block = NULL;
  DmsLife *life = life_of (recorder, id, &block);

  dms_table_take (&recorder->open, id);
  if (life == NULL)
    return FALSE;
  /* Begun and ended by one event: it never was. */
  if (seq <= life->first)
    *life = (DmsLife){ 0 };
  else
    {
      life->last = seq;
      block->n_ended++;
    }
  return block->n_ended < DMS_LIVES_BLOCK || drop_block (recorder, block);
}

/* Rare: an event began or ended other mappings than the one that it speaks of (a map
 * over a map). Compares all. */
static gboolean
reconcile (DmsRecorder *recorder, uint64_t seq)
{
  const DmsTable *live = &recorder->state->mappings;
  g_autofree uint64_t *ended = g_new (uint64_t, recorder->open.n + 1);
  gsize n_ended = 0;
  size_t at = 0;
  uint64_t id = 0;

  while (dms_table_next (&recorder->open, &at, &id) != NULL)
    if (dms_table_get (live, id) == NULL)
      ended[n_ended++] = id;
  for (gsize i = 0; i < n_ended; i++)
    if (!end_life (recorder, ended[i], seq))
      return FALSE;
  at = 0;
  while (dms_table_next (live, &at, &id) != NULL)
    if (dms_table_get (&recorder->open, id) == NULL && !begin_life (recorder, id, seq))
      return FALSE;
  return TRUE;
}

/* Before the event the state had as many mappings as are open. */
static gboolean
follow_begin (DmsRecorder *recorder, const DmsEvent *event)
{
  uint64_t id = recorder->state->last_mapping;
  const DmsTable *live = &recorder->state->mappings;

  if (live->n == recorder->open.n + 1)
    return begin_life (recorder, id, event->seq);
  if (dms_table_get (live, id) == NULL)
    return TRUE;
  if (dms_table_get (&recorder->open, id) == NULL)
    return begin_life (recorder, id, event->seq);
  return event->kind != DMS_EVENT_MAP || make_ready (recorder, id, event->seq);
}

static gboolean
follow_end (DmsRecorder *recorder, const DmsEvent *event)
{
  uint64_t id = recorder->state->last_mapping;
  gboolean has_ended = recorder->state->mappings.n + 1 == recorder->open.n;

  return !has_ended || dms_table_get (&recorder->open, id) == NULL
         || end_life (recorder, id, event->seq);
}

static gboolean
track_mappings (DmsRecorder *recorder, const DmsEvent *event)
{
  switch (event->kind)
    {
    case DMS_EVENT_COUNT:
    case DMS_EVENT_MAP:
    case DMS_EVENT_ALLOC:
      if (!follow_begin (recorder, event))
        return FALSE;
      break;
    case DMS_EVENT_UNMAP:
    case DMS_EVENT_FREE:
      if (!follow_end (recorder, event))
        return FALSE;
      break;
    default: /* speaks of no mapping's begin or end */
      break;
    }
  return recorder->open.n == recorder->state->mappings.n
         || reconcile (recorder, event->seq);
}

/* ---- lanes ------------------------------------------------------------- */

static bool
write_row (void *data,
           unsigned lane,
           unsigned level,
           uint64_t block,
           const DmsLaneNode *nodes,
           unsigned n)
{
  DmsRecorder *recorder = data;
  sqlite3_stmt *statement = dms_recorder_statement (recorder, DMS_RECORDER_PYRAMID);

  dms_bytes_clear (&recorder->scratch);
  dms_pyramid_pack (&recorder->scratch, level, nodes, n);
  if (recorder->scratch.failed || !dms_recorder_begin (recorder))
    return false;
  sqlite3_bind_int64 (statement, 1, DMS_RECORDER_RUN_NUMBER);
  sqlite3_bind_int64 (statement, 2, lane);
  sqlite3_bind_int64 (statement, 3, level);
  sqlite3_bind_int64 (statement, 4, (sqlite3_int64)block);
  sqlite3_bind_int64 (statement, 5, n);
  sqlite3_bind_blob64 (
      statement, 6, recorder->scratch.data, recorder->scratch.length, SQLITE_STATIC);
  return dms_recorder_run (recorder, DMS_RECORDER_PYRAMID);
}

static gboolean
write_lanes (DmsRecorder *recorder)
{
  sqlite3_stmt *statement = dms_recorder_statement (recorder, DMS_RECORDER_LANE);

  if (!dms_recorder_begin (recorder))
    return FALSE;
  for (unsigned i = 0; i < dms_pyramid_n_lanes (recorder->pyramid); i++)
    {
      const DmsLane *lane = dms_pyramid_lane (recorder->pyramid, i);
      sqlite3_bind_int64 (statement, 1, DMS_RECORDER_RUN_NUMBER);
      sqlite3_bind_int64 (statement, 2, i);
      sqlite3_bind_int64 (statement, 3, (sqlite3_int64)lane->kind);
      sqlite3_bind_int64 (statement, 4, lane->device);
      if (!dms_recorder_run (recorder, DMS_RECORDER_LANE))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_index (DmsRecorder *recorder)
{
  sqlite3_stmt *statement = dms_recorder_statement (recorder, DMS_RECORDER_INDEXED);

  if (recorder->n_indexed == recorder->state->seq)
    return TRUE;
  if (!write_blocks (recorder) || !write_lanes (recorder)
      || dms_pyramid_flush (recorder->pyramid) != DMS_OK)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (sqlite3_int64)recorder->state->seq);
  sqlite3_bind_int64 (statement, 2, DMS_RECORDER_RUN_NUMBER);
  if (!dms_recorder_run (recorder, DMS_RECORDER_INDEXED))
    return FALSE;
  recorder->n_indexed = recorder->state->seq;
  return TRUE;
}

/* ---- for dms-recorder.c ------------------------------------------------ */

gboolean
dms_recorder_index_init (DmsRecorder *recorder)
{
  dms_table_init (&recorder->open);
  dms_table_init (&recorder->blocks);
  recorder->pyramid = dms_pyramid_new (write_row, recorder);
  recorder->indexed_us = g_get_monotonic_time ();
  return recorder->pyramid != NULL;
}

gboolean
dms_recorder_index_event (DmsRecorder *recorder, const DmsEvent *event)
{
  int64_t x = recorder->info.kind == DMS_SOURCE_SIMULATION ? (int64_t)event->step
                                                           : event->t_ns;

  return track_mappings (recorder, event)
         && dms_pyramid_add (recorder->pyramid, event, recorder->state, x) == DMS_OK;
}

gboolean
dms_recorder_index_commit (DmsRecorder *recorder)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us - recorder->indexed_us < INDEX_INTERVAL_US)
    return TRUE;
  recorder->indexed_us = now_us;
  return write_index (recorder);
}

gboolean
dms_recorder_index_finish (DmsRecorder *recorder)
{
  return write_index (recorder);
}

void
dms_recorder_index_release (DmsRecorder *recorder)
{
  size_t at = 0;

  for (DmsLives *block;
       (block = dms_table_next (&recorder->blocks, &at, NULL)) != NULL;)
    g_free (block);
  dms_table_release (&recorder->open);
  dms_table_release (&recorder->blocks);
  dms_pyramid_free (recorder->pyramid);
  recorder->pyramid = NULL;
}
