/* dms-player-index.h — nodes of the lanes' pyramid, from the file or made anew
 *
 * The pyramid of a file is a cache. What a file that is still written lacks at the end,
 * and everything when its rows are damaged, is folded from the events into memory.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player-private.h"

typedef struct DmsPlayerIndex DmsPlayerIndex;

/* Brings the index up to the last event. */
gboolean dms_player_index_ensure (DmsPlayer *player, GError **error);
/* Whether there is such a lane; its number. */
gboolean
dms_player_index_find (DmsPlayer *player, const DmsLane *lane, unsigned *ret_lane);
unsigned dms_player_index_n_lanes (const DmsPlayer *player);
const DmsLane *dms_player_index_lane (const DmsPlayer *player, unsigned lane);
guint64
dms_player_index_n_nodes (const DmsPlayer *player, unsigned lane, unsigned level);
/* A node; NULL when its row is damaged: then dms_player_index_rebuild() and begin
 * again. Valid until the next call for the same level. */
const DmsLaneNode *
dms_player_index_node (DmsPlayer *player, unsigned lane, unsigned level, guint64 node);
/* Forgets the file's pyramid and makes it anew from the events. */
gboolean dms_player_index_rebuild (DmsPlayer *player, GError **error);
/* The place of an event on the axis. */
gint64 dms_player_x_of (const DmsPlayer *player, const DmsEvent *event);
