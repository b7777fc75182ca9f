/* dms-player.h — reads a .dmatrace: seek, step, search, follow
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-trace.h"
#include "engine/core/dms-lane.h"
#include "engine/core/dms-state.h"

typedef struct DmsPlayer DmsPlayer;

/* Opens read-only and defensively; nothing of the file's schema is run.
 * Thread: a player belongs to one thread; open another one for another thread.
 * Returns: (transfer full) */
DmsPlayer *dms_player_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dms_player_free (DmsPlayer *player);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmsPlayer, dms_player_free)

const char *dms_player_path (const DmsPlayer *player);
const char *dms_player_uuid (const DmsPlayer *player);
const DmsRunInfo *dms_player_info (const DmsPlayer *player);
const DmsNames *dms_player_names (const DmsPlayer *player);
guint64 dms_player_n_events (const DmsPlayer *player);
guint64 dms_player_n_steps (const DmsPlayer *player);
/* Of the first and last event; 0 when there is none. */
gint64 dms_player_first_time (const DmsPlayer *player);
gint64 dms_player_last_time (const DmsPlayer *player);
typedef enum
{
  DMS_LIFE_CLOSED, /* all that was recorded is there */
  DMS_LIFE_GROWS,  /* somebody writes it: poll */
  DMS_LIFE_ENDED,  /* who wrote it went without closing it; nothing more will come */
  DMS_LIFE_OUT_OF_SIGHT /* it is or may be written, but its -wal file, where the newest
                           events are, is not beside it: what there is can be read, what
                           will come cannot be followed */
} DmsTraceLife;
DmsTraceLife dms_player_life (const DmsPlayer *player);
/* True while somebody writes the file and it can be followed; then poll. */
gboolean dms_player_is_recording (const DmsPlayer *player);
/* Looks whether the file grew (by data_version, without holding a read transaction).
 * @ret_changed may be NULL. */
gboolean dms_player_poll (DmsPlayer *player, gboolean *ret_changed, GError **error);

/* ---- the cursor -------------------------------------------------------- */

/* To the state after event @seq; 0 is before the first, more than there are is an
 * error. */
gboolean dms_player_seek (DmsPlayer *player, guint64 seq, GError **error);
const DmsState *dms_player_state (const DmsPlayer *player);
/* The event that the cursor stands behind; kind DMS_EVENT_NONE at 0. Valid until the
 * next call of the player. */
const DmsEvent *dms_player_event (const DmsPlayer *player);
/* First and last event of @step (0: what is before the first step). */
gboolean dms_player_step_events (DmsPlayer *player,
                                 guint64 step,
                                 guint64 *ret_first,
                                 guint64 *ret_last,
                                 GError **error);
/* The last event at or before @t_ns; 0 when none. */
gboolean
dms_player_event_at (DmsPlayer *player, gint64 t_ns, guint64 *ret_seq, GError **error);
/**
 * dms_player_parse_position:
 * @text: an event number, "step:21", "13.011706s" or "50%"
 */
gboolean dms_player_parse_position (DmsPlayer *player,
                                    const char *text,
                                    guint64 *ret_seq,
                                    GError **error);

/* ---- reading ----------------------------------------------------------- */

/* One event, without moving the cursor; its payload is valid until the next call. */
gboolean
dms_player_read (DmsPlayer *player, guint64 seq, DmsEvent *ret_event, GError **error);
/* Events @first to @last in order; @each returns FALSE to stop. Does not move the
 * cursor. With @state not NULL it is a state of the caller's that is folded along (it
 * must be at
 * @first - 1), so that sentences can be made. */
typedef gboolean (*DmsPlayerEach) (const DmsEvent *event,
                                   const DmsState *state,
                                   gpointer data);
gboolean dms_player_each (DmsPlayer *player,
                          guint64 first,
                          guint64 last,
                          DmsState *state,
                          DmsPlayerEach each,
                          gpointer data,
                          GError **error);

/* Driver sources that travel in the trace. */
/* (transfer full) (nullable): NULL without @error when there is none under that name.
 */
char *dms_player_source (DmsPlayer *player, const char *name, GError **error);
/* (transfer full) (element-type utf8): their names. */
GPtrArray *dms_player_source_names (DmsPlayer *player, GError **error);
/* Lines of the import that could not be read, as far as they were kept. */
typedef struct
{
  guint64 number;
  char *line;
  char *reason;
} DmsUnreadLine;
/* (transfer full) (element-type DmsUnreadLine) */
GPtrArray *dms_player_unread (DmsPlayer *player, GError **error);

/* An interval of the mapping table. End 0 = still live. */
typedef struct
{
  guint64 id;
  guint64 first_seq, last_seq;
  gint64 t_begin_ns, t_end_ns;
  guint32 device, task;
  guint32 flags;
  guint64 length;
  guint32 n_pieces, n_elements;
} DmsMappingInterval;
gboolean dms_player_mapping (DmsPlayer *player,
                             guint64 id,
                             DmsMappingInterval *ret_mapping,
                             gboolean *ret_found,
                             GError **error);

/* ---- the timeline ------------------------------------------------------ */

/* While a trace grows very fast, what these give may end some events before the last.
 */

/* (transfer full) (element-type DmsLane): lanes in drawing order. */
GArray *dms_player_lanes (DmsPlayer *player, GError **error);
/* (transfer full) (element-type DmsLaneNode): nodes of @lane that touch [x0, x1],
 * merged until they are about @wanted or fewer; the last node before x0 comes first, so
 * that a level's value at the left edge is known. */
GArray *dms_player_lane_nodes (DmsPlayer *player,
                               const DmsLane *lane,
                               gint64 x0,
                               gint64 x1,
                               guint wanted,
                               GError **error);

/* (transfer full) (element-type DmsLaneBar): bars of a DMS_LANE_CALLS or
 * DMS_LANE_DEVICE lane that touch [x0, x1]; at most @limit, then *ret_more is TRUE. */
GArray *dms_player_lane_bars (DmsPlayer *player,
                              const DmsLane *lane,
                              gint64 x0,
                              gint64 x1,
                              guint limit,
                              gboolean *ret_more,
                              GError **error);

/* ---- SQL --------------------------------------------------------------- */

/* Runs one read-only statement over the trace; the virtual tables `event` and `segment`
 * are there. @row gets texts (NULL for NULL) and returns FALSE to stop. */
typedef gboolean (*DmsPlayerRow) (int n_columns,
                                  const char *const *names,
                                  const char *const *values,
                                  gpointer data);
gboolean dms_player_sql (DmsPlayer *player,
                         const char *query,
                         DmsPlayerRow row,
                         gpointer data,
                         GError **error);
