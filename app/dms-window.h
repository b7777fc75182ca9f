/* dms-window.h — a window on one run
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "app/dms-session.h"

#include <adwaita.h>

#define DMS_TYPE_WINDOW (dms_window_get_type ())
G_DECLARE_FINAL_TYPE (DmsWindow, dms_window, DMS, WINDOW, AdwApplicationWindow)

/* Actions, all as "win.…": open, open-lesson (s), story, first, back, play,
 * forward, last, faster, slower, menu; and position, whose state (t) is the number of
 * the last event folded in, to be changed for seeking. */

DmsWindow *dms_window_new (GtkApplication *application) G_GNUC_WARN_UNUSED_RESULT;
/* @position: (nullable): where to begin, as `--at` has it */
void dms_window_open_path (DmsWindow *window, const char *path, const char *position);
void dms_window_open_lesson (DmsWindow *window, const char *id, const char *position);
/* What a window without a file shows. */
void dms_window_open_story (DmsWindow *window, const char *position);
/* (transfer none) */
DmsSession *dms_window_session (DmsWindow *window);
