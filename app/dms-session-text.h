/* dms-session-text.h — what a window says about the run that is open
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"

/* (transfer full): the scenario's title, or the recording's file name. */
char *dms_session_make_title (DmsPlayer *player, const char *name);
/* (transfer full): "1 187 events · 3 devices · 12.3 s · Linux 6.12.95 · nothing lost".
 * @lesson: (nullable): id of the lesson that it is.
 * @is_growing: more will come: only what is quick to know is said
 * Unless it grows the player may then stand anywhere. */
char *
dms_session_make_subtitle (DmsPlayer *player, const char *lesson, gboolean is_growing);
