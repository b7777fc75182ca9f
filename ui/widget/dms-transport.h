/* dms-transport.h — first, back, play, forward, last, where we are, how fast
 *
 * The buttons trigger the window's actions win.first, win.back, win.play, win.forward
 * and win.last.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/widget/dms-moment.h"

#include <gtk/gtk.h>

#define DMS_TYPE_TRANSPORT (dms_transport_get_type ())
G_DECLARE_FINAL_TYPE (DmsTransport, dms_transport, DMS, TRANSPORT, GtkWidget)

/* Properties: "speed" (double, 0.25 to 64; notifies), "playing" (boolean). */

#define DMS_SPEED_MIN 0.25
#define DMS_SPEED_MAX 64.0

GtkWidget *dms_transport_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* @moment: (nullable): read during the call only */
void dms_transport_set_moment (DmsTransport *transport, const DmsMoment *moment);
double dms_transport_get_speed (DmsTransport *transport);
void dms_transport_set_speed (DmsTransport *transport, double speed);
void dms_transport_set_playing (DmsTransport *transport, gboolean is_playing);
/* "Step 21 of 34", "model time 9.61 µs": what stands beside the buttons. */
const char *dms_transport_position (DmsTransport *transport);
const char *dms_transport_time (DmsTransport *transport);
