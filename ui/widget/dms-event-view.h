/* dms-event-view.h — the events of a recording as a list: the selected one is the
 * cursor
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/widget/dms-moment.h"

#include <gtk/gtk.h>

#define DMS_TYPE_EVENT_VIEW (dms_event_view_get_type ())
G_DECLARE_FINAL_TYPE (DmsEventView, dms_event_view, DMS, EVENT_VIEW, GtkWidget)

/* Signal "seek" (guint64 seq): the user selected an event. */

GtkWidget *dms_event_view_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* @moment: (nullable): its player is read until the next call */
void dms_event_view_set_moment (DmsEventView *view,
                                const DmsMoment *moment,
                                gboolean is_new_run);
/* The run that is shown has more events than before. */
void dms_event_view_grow (DmsEventView *view);
