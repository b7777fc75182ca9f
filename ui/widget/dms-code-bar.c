/* dms-code-bar.c — the bar at the left of the lines that run
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-code-bar.h"

#define BAR_WIDTH 3

struct _DmsCodeBar
{
  GtkSourceGutterRenderer parent_instance;
  guint first, last;
  GdkRGBA color;
};

G_DEFINE_FINAL_TYPE (DmsCodeBar, dms_code_bar, GTK_SOURCE_TYPE_GUTTER_RENDERER)

static void
snapshot_line (GtkSourceGutterRenderer *renderer,
               GtkSnapshot *snapshot,
               GtkSourceGutterLines *lines,
               guint line)
{
  DmsCodeBar *bar = DMS_CODE_BAR (renderer);
  int y, height;

  if (line + 1 < bar->first || line + 1 > bar->last)
    return;
  gtk_source_gutter_lines_get_line_yrange (
      lines, line, GTK_SOURCE_GUTTER_RENDERER_ALIGNMENT_MODE_CELL, &y, &height);
  gtk_snapshot_append_color (
      snapshot,
      &bar->color,
      &GRAPHENE_RECT_INIT (0, (float)y, BAR_WIDTH, (float)height));
}

static void
dms_code_bar_class_init (DmsCodeBarClass *class)
{
  GTK_SOURCE_GUTTER_RENDERER_CLASS (class)->snapshot_line = snapshot_line;
}

static void
dms_code_bar_init (DmsCodeBar *bar)
{
  gtk_widget_set_size_request (GTK_WIDGET (bar), BAR_WIDTH + 1, -1);
}

GtkSourceGutterRenderer *
dms_code_bar_new (void)
{
  return g_object_new (DMS_TYPE_CODE_BAR, NULL);
}

void
dms_code_bar_mark (DmsCodeBar *bar, guint first, guint last, const GdkRGBA *color)
{
  g_return_if_fail (DMS_IS_CODE_BAR (bar));

  bar->first = first;
  bar->last = last;
  bar->color = *color;
  gtk_widget_queue_draw (GTK_WIDGET (bar));
}
