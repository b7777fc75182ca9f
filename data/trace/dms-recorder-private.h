/* dms-recorder-private.h — what the recorder's files share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-chunk.h"
#include "data/trace/dms-lives.h"
#include "data/trace/dms-pyramid.h"
#include "data/trace/dms-recorder.h"
#include "engine/core/dms-timeline.h"

#include <sqlite3.h>

/* A recorder makes a file of one run. */
#define DMS_RECORDER_RUN_NUMBER 1u

typedef enum
{
  DMS_RECORDER_BEGIN,
  DMS_RECORDER_COMMIT,
  DMS_RECORDER_CHUNK,
  DMS_RECORDER_TAIL,
  DMS_RECORDER_NO_TAIL,
  DMS_RECORDER_KEYFRAME,
  DMS_RECORDER_NAME,
  DMS_RECORDER_MAPPING,
  DMS_RECORDER_MAPPINGS,
  DMS_RECORDER_LANE,
  DMS_RECORDER_PYRAMID,
  DMS_RECORDER_INDEXED,
  DMS_RECORDER_SOURCE,
  DMS_RECORDER_UNREAD,
  DMS_RECORDER_RUN,
  DMS_RECORDER_STATEMENTS
} DmsRecorderStatement;

/* Invariants: chunk.head.first_seq + chunk.head.n == state->seq + 1; open has exactly
 * the ids of state->mappings; once error is set nothing is written. */
struct DmsRecorder
{
  char *path;
  char *writer;
  DmsRunInfo info;
  sqlite3 *db;
  sqlite3_stmt *statements[DMS_RECORDER_STATEMENTS];
  GError *error;
  gboolean in_transaction;
  gboolean tail_is_old; /* the tail row does not hold the open chunk as it is */
  guint since_commit;   /* events */
  gint64 committed_us;
  guint n_unread;

  DmsState *state;
  DmsChunkWriter chunk;
  DmsBytes scratch;
  guint64 keyframe_seq;

  /* dms-recorder-index.c */
  DmsTable open;    /* ids of live mappings */
  DmsTable blocks;  /* number → DmsLives, those with a live mapping and others */
  DmsLives *recent; /* of blocks, that was used last */
  DmsPyramid *pyramid;
  guint64 n_indexed; /* events that the pyramid's rows have */
  gint64 indexed_us;
};

sqlite3_stmt *dms_recorder_statement (DmsRecorder *recorder,
                                      DmsRecorderStatement which);
/* Runs a bound statement that gives no rows; FALSE and error set on failure. */
gboolean dms_recorder_run (DmsRecorder *recorder, DmsRecorderStatement which);
gboolean dms_recorder_begin (DmsRecorder *recorder);

/* Mapping intervals and lanes, after @event was applied to the state. */
/* FALSE without memory. */
gboolean dms_recorder_index_init (DmsRecorder *recorder);
gboolean dms_recorder_index_event (DmsRecorder *recorder, const DmsEvent *event);
/* Now and then writes what of the pyramid is unfinished. */
gboolean dms_recorder_index_commit (DmsRecorder *recorder);
/* At the end writes all of it, and the live mappings. */
gboolean dms_recorder_index_finish (DmsRecorder *recorder);
void dms_recorder_index_release (DmsRecorder *recorder);
