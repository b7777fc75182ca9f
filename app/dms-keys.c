/* dms-keys.c — every key of the program, once: what it does and how it is called
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-keys.h"

#include <glib/gi18n.h>

static const DmsKey keys[] = {
  { N_ ("Playing"), N_ ("Play or pause"), "space", "win.play", TRUE },
  { N_ ("Playing"), N_ ("One step forward"), "Right", "win.forward", TRUE },
  { N_ ("Playing"), N_ ("One step back"), "Left", "win.back", TRUE },
  { N_ ("Playing"), N_ ("To the beginning"), "Home", "win.first", TRUE },
  { N_ ("Playing"), N_ ("To the end"), "End", "win.last", TRUE },
  { N_ ("Playing"), N_ ("Faster"), "<Control>Up", "win.faster", FALSE },
  { N_ ("Playing"), N_ ("Slower"), "<Control>Down", "win.slower", FALSE },
  { N_ ("Stage"),
    N_ ("To the neighbouring thing"),
    "<Shift>Left <Shift>Right",
    NULL,
    FALSE },
  { N_ ("Stage"), N_ ("To the thing above or below"), "Up Down", NULL, FALSE },
  { N_ ("Stage"), N_ ("Choose the thing"), "Return", NULL, FALSE },
  { N_ ("Stage"), N_ ("Choose nothing"), "Escape", NULL, FALSE },
  { N_ ("General"), N_ ("Open a file"), "<Control>O", "win.open", FALSE },
  { N_ ("General"), N_ ("New window"), "<Control>N", "app.new-window", FALSE },
  { N_ ("General"), N_ ("Main menu"), "F10", "win.menu", FALSE },
  { N_ ("General"),
    N_ ("Keyboard shortcuts"),
    "<Control>question",
    "win.show-help-overlay",
    FALSE },
  { N_ ("General"), N_ ("Close the window"), "<Control>W", "window.close", FALSE },
  { N_ ("General"), N_ ("Quit"), "<Control>Q", "app.quit", FALSE },
  { NULL, NULL, NULL, NULL, FALSE },
};

const DmsKey *
dms_keys (void)
{
  return keys;
}

void
dms_keys_set_accelerators (GtkApplication *application)
{
  for (const DmsKey *key = keys; key->title; key++)
    if (key->action && !key->is_plain)
      {
        const char *accelerators[] = { key->accelerator, NULL };

        gtk_application_set_accels_for_action (application, key->action, accelerators);
      }
}

/* ---- plain keys
 * ----------------------------------------------------------------------------- */

/* Menus, entries and buttons keep the keys that they need; nobody else does, or a click
 * into the code would stop → from stepping. */
static gboolean
is_needed_by (GtkWidget *focus, guint keyval)
{
  if (!focus)
    return FALSE;
  if (GTK_IS_EDITABLE (focus) || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER))
    return TRUE;
  if (keyval == GDK_KEY_space)
    return GTK_IS_BUTTON (focus)
           || gtk_widget_get_ancestor (focus, GTK_TYPE_MENU_BUTTON);
  return GTK_IS_RANGE (focus);
}

static guint
plain_keyval (guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_KP_Space:
      return GDK_KEY_space;
    case GDK_KEY_KP_Left:
      return GDK_KEY_Left;
    case GDK_KEY_KP_Right:
      return GDK_KEY_Right;
    case GDK_KEY_KP_Home:
      return GDK_KEY_Home;
    case GDK_KEY_KP_End:
      return GDK_KEY_End;
    default:
      return keyval;
    }
}

static gboolean
pressed_cb (GtkEventControllerKey *controller,
            guint keyval,
            G_GNUC_UNUSED guint keycode,
            GdkModifierType state,
            GtkWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus (window);

  (void)controller;
  keyval = plain_keyval (keyval);
  if ((state & gtk_accelerator_get_default_mod_mask ()) != 0
      || is_needed_by (focus, keyval))
    return GDK_EVENT_PROPAGATE;
  for (const DmsKey *key = keys; key->title; key++)
    if (key->is_plain && gdk_keyval_from_name (key->accelerator) == keyval)
      {
        gtk_widget_activate_action (GTK_WIDGET (window), key->action, NULL);
        return GDK_EVENT_STOP;
      }
  return GDK_EVENT_PROPAGATE;
}

void
dms_keys_add_plain (GtkWindow *window)
{
  GtkEventController *controller = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-pressed", G_CALLBACK (pressed_cb), window);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
}

/* ---- the window of shortcuts
 * ------------------------------------------------------------------- */

static void
append_shortcut (GString *ui, const DmsKey *key)
{
  g_autofree char *text
      = g_markup_printf_escaped ("<child><object class='GtkShortcutsShortcut'>"
                                 "<property name='title'>%s</property>"
                                 "<property name='accelerator'>%s</property>"
                                 "</object></child>",
                                 _ (key->title),
                                 key->accelerator);

  g_string_append (ui, text);
}

static void
append_group (GString *ui, const char *group)
{
  g_autofree char *text
      = g_markup_printf_escaped ("<child><object class='GtkShortcutsGroup'>"
                                 "<property name='title'>%s</property>",
                                 _ (group));

  g_string_append (ui, text);
  for (const DmsKey *key = keys; key->title; key++)
    if (g_str_equal (key->group, group))
      append_shortcut (ui, key);
  g_string_append (ui, "</object></child>");
}

/* Until GTK 4.14 such a window can only be filled by a builder. */
GtkWidget *
dms_keys_make_window (void)
{
  g_autoptr (GString) ui
      = g_string_new ("<interface>"
                      "<object class='GtkShortcutsWindow' id='window'>"
                      "<property name='modal'>1</property><child>"
                      "<object class='GtkShortcutsSection'>"
                      "<property name='section-name'>keys</property>");
  g_autoptr (GtkBuilder) builder = NULL;
  const char *group = NULL;

  for (const DmsKey *key = keys; key->title; key++)
    if (g_strcmp0 (group, key->group) != 0)
      append_group (ui, group = key->group);
  g_string_append (ui, "</object></child></object></interface>");
  builder = gtk_builder_new_from_string (ui->str, -1);
  return GTK_WIDGET (gtk_builder_get_object (builder, "window"));
}
