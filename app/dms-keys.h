/* dms-keys.h — every key of the program, once: what it does and how it is called
 *
 * The accelerators, the plain keys of the player and the window of keyboard shortcuts
 * come from this table.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <gtk/gtk.h>

typedef struct
{
  const char *group;       /* heading in the window of shortcuts */
  const char *title;       /* what it does */
  const char *accelerator; /* of GTK */
  const char *action;      /* with its target, as in menus; NULL: a widget's own key */
  gboolean is_plain; /* without modifier: given up to widgets that need it themselves */
} DmsKey;

/* Ends with a row whose title is NULL. */
const DmsKey *dms_keys (void);

/* Sets the accelerators of everything that has a modifier. */
void dms_keys_set_accelerators (GtkApplication *application);
/* Makes the plain keys work in @window, wherever the focus is. */
void dms_keys_add_plain (GtkWindow *window);
/* (transfer floating) */
GtkWidget *dms_keys_make_window (void) G_GNUC_WARN_UNUSED_RESULT;
