/* dms-application.c — the program with windows
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-application.h"

#include "app/dms-keys.h"
#include "app/dms-window.h"
#include "ui/widget/dms-widget.h"

#include <cairo.h>
#include <glib/gi18n.h>
#include <sqlite3.h>

/* Made by glib-compile-resources. */
void dms_app_register_resource (void);

struct _DmsApplication
{
  AdwApplication parent_instance;
  char *position; /* of what the command line names; NULL: the beginning */
};

G_DEFINE_FINAL_TYPE (DmsApplication, dms_application, ADW_TYPE_APPLICATION)

/* ---- actions
 * --------------------------------------------------------------------------------- */

static void
new_window_cb (G_GNUC_UNUSED GSimpleAction *action,
               G_GNUC_UNUSED GVariant *parameter,
               gpointer data)
{
  g_application_activate (G_APPLICATION (data));
}

static void
quit_cb (G_GNUC_UNUSED GSimpleAction *action,
         G_GNUC_UNUSED GVariant *parameter,
         gpointer data)
{
  GList *windows;

  /* Windows are closed, not dropped, so that each one clears away what is temporary. */
  while ((windows = gtk_application_get_windows (data)))
    gtk_window_destroy (windows->data);
}

static void
style_cb (GSimpleAction *action, GVariant *state, G_GNUC_UNUSED gpointer data)
{
  const char *name = g_variant_get_string (state, NULL);
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_str_equal (name, "light"))
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal (name, "dark"))
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  else if (!g_str_equal (name, "system"))
    return;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
  g_simple_action_set_state (action, state);
}

static char *
debug_info (void)
{
  return g_strdup_printf ("Dmascope %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\n"
                          "GLib %u.%u.%u\ncairo %s\nSQLite %s\n",
                          DMS_VERSION,
                          gtk_get_major_version (),
                          gtk_get_minor_version (),
                          gtk_get_micro_version (),
                          adw_get_major_version (),
                          adw_get_minor_version (),
                          adw_get_micro_version (),
                          glib_major_version,
                          glib_minor_version,
                          glib_micro_version,
                          cairo_version_string (),
                          sqlite3_libversion ());
}

static void
about_cb (G_GNUC_UNUSED GSimpleAction *action,
          G_GNUC_UNUSED GVariant *parameter,
          gpointer data)
{
  g_autofree char *debug = debug_info ();

  adw_show_about_window (gtk_application_get_active_window (data),
                         "application-name",
                         "Dmascope",
                         "application-icon",
                         DMS_APPLICATION_ID,
                         "version",
                         DMS_VERSION,
                         "developer-name",
                         _ ("The Dmascope authors"),
                         "comments",
                         _ ("Shows how device memory moves, step by step."),
                         "license-type",
                         GTK_LICENSE_MIT_X11,
                         "debug-info",
                         debug,
                         "debug-info-filename",
                         "dmascope.txt",
                         NULL);
}

static const GActionEntry actions[] = {
  { .name = "new-window", .activate = new_window_cb },
  { .name = "quit", .activate = quit_cb },
  { .name = "about", .activate = about_cb },
  { .name = "style",
    .parameter_type = "s",
    .state = "'system'",
    .change_state = style_cb },
};

/* ---- life
 * ------------------------------------------------------------------------------------
 */

static void
startup (GApplication *application)
{
  G_APPLICATION_CLASS (dms_application_parent_class)->startup (application);
  dms_widget_init ();
  g_action_map_add_action_entries (
      G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  dms_keys_set_accelerators (GTK_APPLICATION (application));
  gtk_window_set_default_icon_name (DMS_APPLICATION_ID);
}

static void
activate (GApplication *application)
{
  DmsWindow *window = dms_window_new (GTK_APPLICATION (application));

  dms_window_open_story (window, NULL);
  gtk_window_present (GTK_WINDOW (window));
}

static void
open_file (GApplication *application, GFile *file, const char *position)
{
  DmsWindow *window = dms_window_new (GTK_APPLICATION (application));
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  g_autofree char *uri = file && !path ? g_file_get_uri (file) : NULL;

  /* A place that is no path opens as little as a missing file, and says so the same
   * way. */
  if (file)
    dms_window_open_path (window, path ? path : uri, position);
  else
    dms_window_open_story (window, position);
  gtk_window_present (GTK_WINDOW (window));
}

/* @hint is the position. */
static void
open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    open_file (application, files[i], hint && hint[0] ? hint : NULL);
}

static void
open_arguments (DmsApplication *application, char **names)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (; *names; names++)
    g_ptr_array_add (files, g_file_new_for_commandline_arg (*names));
  g_application_open (G_APPLICATION (application),
                      (GFile **)files->pdata,
                      (int)files->len,
                      application->position ? application->position : "");
}

/* Options were read by whoever called; a running instance gets the files. */
static gboolean
local_command_line (GApplication *gapplication, char ***arguments, int *exit_status)
{
  DmsApplication *application = DMS_APPLICATION (gapplication);
  g_autoptr (GError) error = NULL;

  *exit_status = 0;
  if (!g_application_register (gapplication, NULL, &error))
    {
      g_printerr ("dmascope: %s\n", error->message);
      *exit_status = 2;
    }
  else if ((*arguments)[0] && (*arguments)[1])
    open_arguments (application, *arguments + 1);
  else if (application->position && !g_application_get_is_remote (gapplication))
    open_file (gapplication, NULL, application->position);
  else
    g_application_activate (gapplication);
  return TRUE;
}

static void
finalize (GObject *object)
{
  g_free (DMS_APPLICATION (object)->position);
  G_OBJECT_CLASS (dms_application_parent_class)->finalize (object);
}

static void
dms_application_class_init (DmsApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  application_class->local_command_line = local_command_line;
  application_class->startup = startup;
  application_class->activate = activate;
  application_class->open = open;
}

static void
dms_application_init (G_GNUC_UNUSED DmsApplication *application)
{
}

DmsApplication *
dms_application_new (void)
{
  /* Before the base class looks for style.css and icons under its resource path. */
  dms_app_register_resource ();
  return g_object_new (DMS_TYPE_APPLICATION,
                       "application-id",
                       DMS_APPLICATION_ID,
                       "flags",
                       G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path",
                       "/io/github/dmascope/Dmascope",
                       NULL);
}

int
dms_application_run (int argc, char **argv, const char *position)
{
  g_autoptr (DmsApplication) application = NULL;

  bindtextdomain (GETTEXT_PACKAGE, LOCALE_FOLDER);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (!gtk_init_check ())
    {
      g_printerr (
          "dmascope: %s\n",
          _ ("there is no display to open a window on; `dmascope --help` names the "
             "commands that need none"));
      return 2;
    }
  application = dms_application_new ();
  application->position = g_strdup (position);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
