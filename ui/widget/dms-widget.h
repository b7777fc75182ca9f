/* dms-widget.h — what all widgets share: resources, styles, the voice, the theme
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-sentence.h"
#include "ui/paint/dms-paint.h"

#include <gtk/gtk.h>

/**
 * dms_widget_init:
 *
 * Registers the templates, the types and the style sheet. To be called once GTK is
 * initialised and before the first widget; further calls do nothing.
 */
void dms_widget_init (void);

/* Speaks the language of the program. Static. */
const DmsVoice *dms_widget_voice (void);

/* The painters' theme that goes with the window's, light or dark. */
const DmsTheme *dms_widget_theme (void);

/**
 * dms_widget_make_picture:
 * @area: part of the widget that the node covers
 * @paint: paints in the widget's pixels; what is outside of @area is left out
 *
 * Paints once, for as many frames as the node is kept.
 *
 * Returns: (transfer full) (nullable): NULL when nothing was painted
 */
GskRenderNode *dms_widget_make_picture (const GdkRectangle *area,
                                        void (*paint) (cairo_t *cr, gpointer data),
                                        gpointer data) G_GNUC_WARN_UNUSED_RESULT;

/* Calls @callback with @widget when dms_widget_theme() changes, as long as it lives. */
void dms_widget_follow_theme (GtkWidget *widget, void (*callback) (GtkWidget *widget));
