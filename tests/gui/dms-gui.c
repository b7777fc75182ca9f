/* dms-gui.c — what tests of the window share
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/gui/dms-gui.h"

#include "app/dms-application.h"
#include "ui/widget/dms-stage.h"

#define PATIENCE_S 60
#define SETTLED_FRAMES 3

static DmsApplication *application;

void
dms_gui_init (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  dms_test_init (argc, argv);
  gtk_init ();
  application = dms_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

static gboolean
wake_cb (gpointer is_late)
{
  *(gboolean *)is_late = TRUE;
  return G_SOURCE_CONTINUE;
}

void
dms_gui_wait (gboolean (*condition) (gpointer data), gpointer data)
{
  gboolean is_late = FALSE;
  guint timer = g_timeout_add_seconds (PATIENCE_S, wake_cb, &is_late);

  while (!condition (data))
    {
      g_main_context_iteration (NULL, TRUE);
      if (is_late)
        g_error ("nothing came of waiting for %d s", PATIENCE_S);
    }
  g_source_remove (timer);
}

static gboolean
frame_cb (GtkWidget *widget, G_GNUC_UNUSED GdkFrameClock *clock, gpointer frames)
{
  gtk_widget_queue_draw (widget);
  return ++*(int *)frames < SETTLED_FRAMES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
has_frames (gpointer frames)
{
  return *(int *)frames >= SETTLED_FRAMES;
}

void
dms_gui_settle (GtkWidget *widget)
{
  int frames = 0;

  gtk_widget_add_tick_callback (widget, frame_cb, &frames, NULL);
  dms_gui_wait (has_frames, &frames);
}

static gboolean
is_loaded (gpointer window)
{
  gboolean is_loading = TRUE;

  g_object_get (dms_window_session (window), "loading", &is_loading, NULL);
  return !is_loading;
}

DmsWindow *
dms_gui_open (const char *lesson, const char *path, int width, int height)
{
  DmsWindow *window = dms_window_new (GTK_APPLICATION (application));

  g_object_ref (window);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  if (path)
    dms_window_open_path (window, path, NULL);
  else
    dms_window_open_lesson (window, lesson, NULL);
  gtk_window_present (GTK_WINDOW (window));
  dms_gui_wait (is_loaded, window);
  dms_gui_settle (GTK_WIDGET (window));
  return window;
}

void
dms_gui_open_path (DmsWindow *window, const char *path)
{
  dms_window_open_path (window, path, NULL);
  dms_gui_wait (is_loaded, window);
  dms_gui_settle (GTK_WIDGET (window));
}

void
dms_gui_close (DmsWindow *window)
{
  gpointer gone = window;

  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (window);
  while (gone && g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (gone);
}

static GtkWidget *
find (GtkWidget *widget, GType type, const char *css_class)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type)
      && (!css_class || gtk_widget_has_css_class (widget, css_class)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, css_class);

      if (found)
        return found;
    }
  return NULL;
}

gpointer
dms_gui_find (gpointer root, GType type)
{
  GtkWidget *found = find (root, type, NULL);

  g_assert_nonnull (found);
  return found;
}

gpointer
dms_gui_find_class (gpointer root, const char *css_class)
{
  GtkWidget *found = find (root, GTK_TYPE_WIDGET, css_class);

  g_assert_nonnull (found);
  return found;
}
