/* dms-session.h — what is open: the player, the cursor, the clock that plays
 *
 * The one object that owns both ends: below it the trace, above it the widgets that
 * show the moment it is at. It knows no widget.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/widget/dms-moment.h"

#include <gio/gio.h>

#define DMS_TYPE_SESSION (dms_session_get_type ())
G_DECLARE_FINAL_TYPE (DmsSession, dms_session, DMS, SESSION, GObject)

/* Properties: "playing" (boolean), "speed" (double, steps per second of a simulation),
 * "loading" (boolean), "growing" (boolean: somebody writes what is open), "following"
 * (boolean: the cursor stays at its end); all read-only but for speed.
 * Signals:
 *   "closing": what the last moment named is about to go; let go of it
 *   "opened":  another run is open; its moment follows with "moved"
 *   "grown":   there are more events, or the last ones are there; "moved" follows when
 *              the cursor follows
 *   "moved":   the moment is another one
 *   "failed" (char *message): reading what is open went wrong; the cursor stays */

DmsSession *dms_session_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * dms_session_open_async:
 * @path: (nullable): file to open; NULL for @lesson
 * @lesson: (nullable): id of a bundled lesson
 * @position: (nullable): where to begin, as `--at` has it
 *
 * Opens in a thread; a scenario is run there, a recording imported. What is open stays
 * open until the other one is there; on failure it stays. A later call cancels an
 * earlier one.
 */
void dms_session_open_async (DmsSession *session,
                             const char *path,
                             const char *lesson,
                             const char *position,
                             GAsyncReadyCallback callback,
                             gpointer data);
gboolean
dms_session_open_finish (DmsSession *session, GAsyncResult *result, GError **error);

/* How what is open was when it was opened; of what grew then, how it is now. */
DmsTraceLife dms_session_life (DmsSession *session);
/* (nullable): NULL while nothing is open. Valid until "moved" or "closing". */
const DmsMoment *dms_session_moment (DmsSession *session);
/* "" while nothing is open. */
const char *dms_session_title (DmsSession *session);
const char *dms_session_subtitle (DmsSession *session);

/* ---- the cursor: FALSE when it did not move
 * ------------------------------------------------ */

gboolean dms_session_seek (DmsSession *session, guint64 seq);
/* A step of a simulation, nanoseconds of a recording. */
gboolean dms_session_seek_axis (DmsSession *session, gint64 position);
gboolean dms_session_back (DmsSession *session);
gboolean dms_session_forward (DmsSession *session);
gboolean dms_session_first (DmsSession *session);
gboolean dms_session_last (DmsSession *session);
gboolean dms_session_is_at_first (DmsSession *session);
gboolean dms_session_is_at_last (DmsSession *session);

/* ---- following a trace that grows
 * ----------------------------------------------------------------------- */

/* A trace that grows is followed from the beginning unless a position was asked for;
 * any move but dms_session_last() ends that. */
gboolean dms_session_is_growing (DmsSession *session);
gboolean dms_session_is_following (DmsSession *session);
/* TRUE also moves to the end. Nothing happens when what is open does not grow. */
void dms_session_set_following (DmsSession *session, gboolean is_following);

/* ---- playing
 * --------------------------------------------------------------------------------- */

/* At the end it begins again; when it gets to the end of a trace that grows it follows
 * that. */
void dms_session_play (DmsSession *session);
void dms_session_pause (DmsSession *session);
gboolean dms_session_is_playing (DmsSession *session);
