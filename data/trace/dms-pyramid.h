/* dms-pyramid.h — the lanes of a run at every scale
 *
 * Level 0 of a lane are its samples in order; a node of level k + 1 merges
 * DMS_PYRAMID_FANOUT nodes of level k. Nodes are only ever complete: what is not yet
 * enough for a parent stands at the right end of its own level. Rows hold
 * DMS_PYRAMID_ROW nodes of one level.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-lane.h"

#define DMS_PYRAMID_FANOUT 16u
#define DMS_PYRAMID_ROW 256u /* a multiple of the fan-out */
#define DMS_PYRAMID_LEVELS 12u
/* Lanes beyond these are left out: their events are there, but no lane. */
#define DMS_PYRAMID_LANES_MAX 4096u

/* A row that is ready to be kept. Returns false to stop; then dms_pyramid_add() does.
 */
typedef bool (*DmsPyramidRow) (void *data,
                               unsigned lane,
                               unsigned level,
                               uint64_t block,
                               const DmsLaneNode *nodes,
                               unsigned n);

/* Keeps only the unfinished rows; finished ones go to the callback. */
typedef struct DmsPyramid DmsPyramid;

DmsPyramid *dms_pyramid_new (DmsPyramidRow row, void *data); /* NULL without memory */
void dms_pyramid_free (DmsPyramid *pyramid);
/* Lanes are numbered 0, 1, 2 … as they appear. */
unsigned dms_pyramid_n_lanes (const DmsPyramid *pyramid);
const DmsLane *dms_pyramid_lane (const DmsPyramid *pyramid, unsigned lane);
/* False when there is no such lane. */
bool
dms_pyramid_find (const DmsPyramid *pyramid, const DmsLane *lane, unsigned *ret_lane);

/* What @event, applied to @state, adds to the lanes. @x is its place on the axis. */
DmsStatus dms_pyramid_add (DmsPyramid *pyramid,
                           const DmsEvent *event,
                           const DmsState *state,
                           int64_t x);
/* Hands out the unfinished rows too; they come again, longer, later. */
DmsStatus dms_pyramid_flush (DmsPyramid *pyramid);

/* Puts back a lane and its last rows, in order of levels, to go on from there. False
 * when it cannot be. */
bool dms_pyramid_restore_lane (DmsPyramid *pyramid, const DmsLane *lane);
bool dms_pyramid_restore_row (DmsPyramid *pyramid,
                              unsigned lane,
                              unsigned level,
                              uint64_t block,
                              const DmsLaneNode *nodes,
                              unsigned n);
/* Nodes of a level, those of the unfinished row included. */
uint64_t dms_pyramid_n_nodes (const DmsPyramid *pyramid, unsigned lane, unsigned level);
/* The unfinished row of a level; its number is *ret_block. */
const DmsLaneNode *dms_pyramid_open_row (const DmsPyramid *pyramid,
                                         unsigned lane,
                                         unsigned level,
                                         uint64_t *ret_block,
                                         unsigned *ret_n);

/* Rows as bytes. */
void dms_pyramid_pack (DmsBytes *bytes,
                       unsigned level,
                       const DmsLaneNode *nodes,
                       unsigned n);
/* Fills @nodes (room for DMS_PYRAMID_ROW) with exactly @n; false on damage. */
bool dms_pyramid_unpack (
    const uint8_t *data, size_t length, unsigned level, DmsLaneNode *nodes, unsigned n);
