/* dms-timeline-view.h — the run from its beginning to its end, with a playhead
 *
 * Click and drag seek; the wheel pans, with Ctrl it zooms at the pointer.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/widget/dms-moment.h"

#include <gtk/gtk.h>

#define DMS_TYPE_TIMELINE_VIEW (dms_timeline_view_get_type ())
G_DECLARE_FINAL_TYPE (DmsTimelineView, dms_timeline_view, DMS, TIMELINE_VIEW, GtkWidget)

/* Signal "seek" (gint64 position): the user wants to go to a place on the axis: a step,
 * or nanoseconds. */

GtkWidget *dms_timeline_view_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* @moment: (nullable): read until the next call. @is_new_run reads the lanes anew and
 * shows the whole run. */
void dms_timeline_view_set_moment (DmsTimelineView *view,
                                   const DmsMoment *moment,
                                   gboolean is_new_run);
/* The part of the axis that is in view. */
/* The run that is shown goes further than before. A window on all of it stays one. */
void dms_timeline_view_grow (DmsTimelineView *view);
void dms_timeline_view_window (DmsTimelineView *view, gint64 *ret_x0, gint64 *ret_x1);
void dms_timeline_view_set_window (DmsTimelineView *view, gint64 x0, gint64 x1);
/* Where @position is drawn, and what is drawn at @x. */
double dms_timeline_view_cursor_x (DmsTimelineView *view);
gint64 dms_timeline_view_position_at (DmsTimelineView *view, double x);
