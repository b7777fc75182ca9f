/* dms-gui.h — what tests of the window share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "app/dms-window.h"
#include "tests/lib/dms-test.h"

/* As dms_test_init(), with GTK; animations are off. */
void dms_gui_init (int *argc, char ***argv);

/* Runs the main loop until @condition holds; fails the test when it never does. */
void dms_gui_wait (gboolean (*condition) (gpointer data), gpointer data);
/* Runs the main loop until frames have been laid out and drawn. */
void dms_gui_settle (GtkWidget *widget);

/* (transfer full): a window of @width × @height on the lesson, or the file when @path
 * is given, shown and settled; dms_gui_close() destroys it and sees that it goes. */
DmsWindow *dms_gui_open (const char *lesson, const char *path, int width, int height)
    G_GNUC_WARN_UNUSED_RESULT;
void dms_gui_close (DmsWindow *window);

/* The first widget of @type inside of @root, depth first; fails when there is none. */
gpointer dms_gui_find (gpointer root, GType type);
/* The same for the first one of a CSS class. */
gpointer dms_gui_find_class (gpointer root, const char *css_class);
/* Opens another file in @window and waits until that has come to an end. */
void dms_gui_open_path (DmsWindow *window, const char *path);
