/* dms-player-private.h — what the player's files share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-chunk.h"
#include "data/trace/dms-player.h"
#include "data/trace/dms-pyramid.h"
#include "engine/core/dms-timeline.h"

#include <sqlite3.h>

/* Unpacked chunks that are kept: a seek needs up to five. */
#define DMS_PLAYER_CACHE 8u
/* Chunks of one trace, against hostile files: 2^32 events. */
#define DMS_PLAYER_CHUNKS_MAX (1u << 22)

typedef enum
{
  DMS_PLAYER_BEGIN,
  DMS_PLAYER_END,
  DMS_PLAYER_VERSION,
  DMS_PLAYER_CHUNK,
  DMS_PLAYER_KEYFRAME,
  DMS_PLAYER_MAPPING,
  DMS_PLAYER_PYRAMID,
  DMS_PLAYER_STATEMENTS
} DmsPlayerStatement;

/* A chunk's place in the file; the last one may be the tail, which is in memory. */
typedef struct
{
  DmsChunkHead head;
  gint64 row; /* chunk.id; 0 = the tail */
} DmsPlayerChunk;

typedef struct
{
  DmsChunk chunk;
  gsize place;  /* in the directory */
  guint64 used; /* counts up; 0 = empty */
} DmsPlayerCached;

/* Invariant of directory: first_seq of each is first_seq + n of the one before, steps
 * do not go back; checked as rows are read. */
struct DmsPlayer
{
  char *path;
  char *uuid;
  sqlite3 *db;
  sqlite3_stmt *statements[DMS_PLAYER_STATEMENTS];
  gboolean is_query;     /* the statement being prepared is the user's */
  gboolean is_declaring; /* a virtual table's columns */
  DmsRunInfo info;
  DmsNames *names;
  guint32 run;
  char *writer; /* NULL once closed */
  gint64 data_version;
  gboolean was_recording; /* seen while it was being written */
  gboolean is_immutable;  /* read as it is, without a log beside it */

  GArray *directory; /* DmsPlayerChunk */
  GBytes *tail;
  guint64 n_events;
  guint64 n_steps;
  gint64 first_time, last_time;

  DmsPlayerCached cache[DMS_PLAYER_CACHE];
  guint64 clock; /* of the cache */
  GByteArray *keyframe;
  gboolean no_keyframes; /* they lead nowhere: do without */
  GError *failure;       /* in a callback of the timeline, which only knows a status */

  DmsTimeline *timeline;
  DmsTimeline *side; /* for whatever must not move the cursor; NULL until used */
  DmsEvent event;    /* handed out */

  /* dms-player-index.c */
  guint64 file_indexed;         /* events that the file's pyramid has */
  guint64 may_index;            /* events that may be added until the next poll */
  struct DmsPlayerIndex *index; /* NULL until used */
};

/* ---- dms-player.c ------------------------------------------------------ */
/* The statement, reset and with its bindings gone. */
sqlite3_stmt *dms_player_statement (DmsPlayer *player, DmsPlayerStatement which);
gboolean dms_player_fail_sqlite (const DmsPlayer *player, int code, GError **error);

/* ---- dms-player-chunks.c ----------------------------------------------- */
/* Reads what is new: names, chunks, tail. */
gboolean dms_player_load_events (DmsPlayer *player, GError **error);
void dms_player_drop_chunks (DmsPlayer *player);
/* Place in the directory of the chunk with event @seq, 1 to n_events. */
gsize dms_player_place_of (const DmsPlayer *player, guint64 seq);
const DmsPlayerChunk *dms_player_chunk_at (const DmsPlayer *player, gsize place);
/* Unpacked; valid until DMS_PLAYER_CACHE other chunks have been asked for. */
const DmsChunk *dms_player_chunk (DmsPlayer *player, gsize place, GError **error);
/* The same, as a copy that the caller releases. */
gboolean dms_player_read_chunk (DmsPlayer *player,
                                gsize place,
                                DmsChunk *ret_chunk,
                                GError **error);
/* An event by number; payload valid as long as its chunk. */
const DmsEvent *dms_player_peek (DmsPlayer *player, guint64 seq, GError **error);
/* What a timeline of this player reads from. */
DmsTimelineSource dms_player_source_of_events (DmsPlayer *player);
/* Moves @timeline; failures of callbacks become @error. */
gboolean
dms_player_move (DmsPlayer *player, DmsTimeline *timeline, guint64 seq, GError **error);
/* The timeline that does not move the cursor, at @seq. */
DmsTimeline *dms_player_side (DmsPlayer *player, guint64 seq, GError **error);

/* ---- dms-player-read.c ------------------------------------------------- */
/* First event of a step >= @step; n_events + 1 when there is none; 0 and @error on
 * failure. */
guint64 dms_player_first_of_step (DmsPlayer *player, guint64 step, GError **error);

/* ---- dms-player-index.c ------------------------------------------------ */
void dms_player_index_free (struct DmsPlayerIndex *index);
