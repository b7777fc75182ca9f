/* dms-widget.c — what all widgets share: resources, styles, the voice, the theme
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-widget.h"

#include "ui/widget/dms-code-view.h"
#include "ui/widget/dms-event-view.h"
#include "ui/widget/dms-stage.h"
#include "ui/widget/dms-timeline-view.h"
#include "ui/widget/dms-transport.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

/* Made by glib-compile-resources; called by name because a static library's
 * constructors are dropped when nothing refers to them. */
void dms_widget_register_resource (void);

static void
load_style (void)
{
  GdkDisplay *display = gdk_display_get_default ();

  if (!display)
    return;
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (
      provider, "/io/github/dmascope/Dmascope/widget/widget.css");
  gtk_style_context_add_provider_for_display (
      display, GTK_STYLE_PROVIDER (provider), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

void
dms_widget_init (void)
{
  static gsize is_done = 0;

  if (!g_once_init_enter (&is_done))
    return;
  adw_init ();
  gtk_source_init ();
  dms_widget_register_resource ();
  g_type_ensure (DMS_TYPE_STAGE);
  g_type_ensure (DMS_TYPE_TIMELINE_VIEW);
  g_type_ensure (DMS_TYPE_CODE_VIEW);
  g_type_ensure (DMS_TYPE_EVENT_VIEW);
  g_type_ensure (DMS_TYPE_TRANSPORT);
  load_style ();
  g_once_init_leave (&is_done, 1);
}

static const char *
translate (G_GNUC_UNUSED void *data,
           const char *singular,
           const char *plural,
           uint64_t n)
{
  if (plural)
    return g_dngettext (GETTEXT_PACKAGE, singular, plural, (gulong)n);
  return g_dgettext (GETTEXT_PACKAGE, singular);
}

const DmsVoice *
dms_widget_voice (void)
{
  /* A space that no line is broken at: numbers stay whole. */
  static const DmsVoice voice = { .translate = translate, .group = "\u00a0" };

  return &voice;
}

const DmsTheme *
dms_widget_theme (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  return dms_theme_get (adw_style_manager_get_dark (manager) ? DMS_THEME_DARK
                                                             : DMS_THEME_LIGHT);
}

static void
dark_cb (GtkWidget *widget)
{
  void (*callback) (GtkWidget *) = NULL;

  *(gpointer *)&callback = g_object_get_data (G_OBJECT (widget), "dms-theme-callback");
  callback (widget);
}

void
dms_widget_follow_theme (GtkWidget *widget, void (*callback) (GtkWidget *widget))
{
  gpointer pointer = NULL;

  *(void (**) (GtkWidget *)) & pointer = callback;
  g_object_set_data (G_OBJECT (widget), "dms-theme-callback", pointer);
  g_signal_connect_object (adw_style_manager_get_default (),
                           "notify::dark",
                           G_CALLBACK (dark_cb),
                           widget,
                           G_CONNECT_SWAPPED);
}

GskRenderNode *
dms_widget_make_picture (const GdkRectangle *area,
                         void (*paint) (cairo_t *cr, gpointer data),
                         gpointer data)
{
  /* Strokes, not pixels: at this version the renderer that draws on the CPU takes twice
   * as long for a texture of this size as for playing the strokes. */
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot,
      &GRAPHENE_RECT_INIT (
          (float)area->x, (float)area->y, (float)area->width, (float)area->height));

  paint (cr, data);
  cairo_destroy (cr);
  return gtk_snapshot_to_node (snapshot);
}
