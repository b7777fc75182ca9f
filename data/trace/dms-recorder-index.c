/* dms-recorder-index.c — what the recorder writes beside the events: mappings and lanes
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-recorder-private.h"

/* Unfinished rows of the pyramid are written when this long passed: a reader builds
 * what is missing by itself. */
#define INDEX_INTERVAL_US 1000000

/* ---- mappings
 * ------------------------------------------------------------------------------ */

static void *
as_value (uint64_t seq)
{
  return (void *)(uintptr_t)seq;
}

/* @last_seq 0: still live. */
static gboolean
write_mapping (DmsRecorder *recorder, uint64_t id, uint64_t last_seq)
{
  sqlite3_stmt *statement = dms_recorder_statement (recorder, DMS_RECORDER_MAPPING);
  uintptr_t first = (uintptr_t)dms_table_take (&recorder->open, id);
  uintptr_t ready
      = recorder->ready.n == 0 ? 0 : (uintptr_t)dms_table_take (&recorder->ready, id);

  if (!dms_recorder_begin (recorder))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, DMS_RECORDER_RUN_NUMBER);
  sqlite3_bind_int64 (statement, 2, (sqlite3_int64)id);
  sqlite3_bind_int64 (statement, 3, (sqlite3_int64)first);
  if (ready == 0)
    sqlite3_bind_null (statement, 4);
  else
    sqlite3_bind_int64 (statement, 4, (sqlite3_int64)ready);
  if (last_seq == 0)
    sqlite3_bind_null (statement, 5);
  else
    sqlite3_bind_int64 (statement, 5, (sqlite3_int64)last_seq);
  return dms_recorder_run (recorder, DMS_RECORDER_MAPPING);
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
    if (!write_mapping (recorder, ended[i], seq))
      return FALSE;
  at = 0;
  while (dms_table_next (live, &at, &id) != NULL)
    if (dms_table_get (&recorder->open, id) == NULL
        && !dms_table_put (&recorder->open, id, as_value (seq)))
      return FALSE;
  return TRUE;
}

static gboolean
follow_mapping (DmsRecorder *recorder, const DmsEvent *event)
{
  uint64_t id = recorder->state->last_mapping;
  gboolean is_live = dms_table_get (&recorder->state->mappings, id) != NULL;
  gboolean is_known = dms_table_get (&recorder->open, id) != NULL;

  if (is_live && !is_known)
    return dms_table_put (&recorder->open, id, as_value (event->seq));
  if (is_live && event->kind == DMS_EVENT_MAP)
    return dms_table_put (&recorder->ready, id, as_value (event->seq));
  if (!is_live && is_known)
    return write_mapping (recorder, id, event->seq);
  return TRUE;
}

static gboolean
track_mappings (DmsRecorder *recorder, const DmsEvent *event)
{
  switch (event->kind)
    {
    case DMS_EVENT_COUNT:
    case DMS_EVENT_MAP:
    case DMS_EVENT_ALLOC:
    case DMS_EVENT_UNMAP:
    case DMS_EVENT_FREE:
      if (!follow_mapping (recorder, event))
        return FALSE;
      break;
    default: /* speaks of no mapping's begin or end */
      break;
    }
  return recorder->open.n == recorder->state->mappings.n
         || reconcile (recorder, event->seq);
}

static gboolean
write_live_mappings (DmsRecorder *recorder)
{
  g_autofree uint64_t *ids = g_new (uint64_t, recorder->open.n + 1);
  size_t at = 0;
  gsize n = 0;

  while (dms_table_next (&recorder->open, &at, &ids[n]) != NULL)
    n++;
  for (gsize i = 0; i < n; i++)
    if (!write_mapping (recorder, ids[i], 0))
      return FALSE;
  return TRUE;
}

/* ---- lanes
 * ---------------------------------------------------------------------------------- */

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
write_pyramid (DmsRecorder *recorder)
{
  sqlite3_stmt *statement = dms_recorder_statement (recorder, DMS_RECORDER_INDEXED);

  if (recorder->n_indexed == recorder->state->seq)
    return TRUE;
  if (!write_lanes (recorder) || dms_pyramid_flush (recorder->pyramid) != DMS_OK)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (sqlite3_int64)recorder->state->seq);
  sqlite3_bind_int64 (statement, 2, DMS_RECORDER_RUN_NUMBER);
  if (!dms_recorder_run (recorder, DMS_RECORDER_INDEXED))
    return FALSE;
  recorder->n_indexed = recorder->state->seq;
  return TRUE;
}

/* ---- for dms-recorder.c
 * ----------------------------------------------------------------------- */

gboolean
dms_recorder_index_init (DmsRecorder *recorder)
{
  dms_table_init (&recorder->open);
  dms_table_init (&recorder->ready);
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
  return write_pyramid (recorder);
}

gboolean
dms_recorder_index_finish (DmsRecorder *recorder)
{
  return write_live_mappings (recorder) && write_pyramid (recorder);
}

void
dms_recorder_index_release (DmsRecorder *recorder)
{
  dms_table_release (&recorder->open);
  dms_table_release (&recorder->ready);
  dms_pyramid_free (recorder->pyramid);
  recorder->pyramid = NULL;
}
