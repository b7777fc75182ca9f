/* dms-compat.h — calls that newer GTK replaces, behind names of ours
 *
 * The day GTK 4.8 is dropped, this file changes and nothing else.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <gtk/gtk.h>

/* Scrolls so that row @position is in view. GtkColumnView has no call for it
 * before 4.12. */
void dms_compat_scroll_to_row (GtkColumnView *view, guint position);

/* Puts the title of the last column at its end, as numbers are. */
void dms_compat_align_last_title (GtkColumnView *view);

/**
 * dms_compat_ask_open:
 * @accept: the button's label
 * @filters: (nullable): models of GtkFileFilter, the first is the one that is set
 * @chosen: called with the file; not called when the user thinks better of it
 *
 * Asks for a file to open. @data must live as long as @parent.
 */
void dms_compat_ask_open (GtkWindow *parent,
                          const char *title,
                          const char *accept,
                          GListModel *filters,
                          void (*chosen) (GFile *file, gpointer data),
                          gpointer data);

/* Tells about a failure in a dialog over @parent, with one button. */
void dms_compat_tell (GtkWindow *parent, const char *heading, const char *body);
