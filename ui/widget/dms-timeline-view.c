/* dms-timeline-view.c — the run from its beginning to its end, with a playhead
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-timeline-view.h"

#include "ui/widget/dms-timeline-data.h"
#include "ui/widget/dms-widget.h"

#include <glib/gi18n.h>
#include <math.h>

#define ZOOM_STEP 1.25
/* Share of the window that one notch of the wheel moves. */
#define PAN_STEP 0.08
/* Nothing is to be seen closer than this. */
#define SPAN_MIN_STEPS 4
#define SPAN_MIN_NS 1000
/* The playhead with its tip is not wider than twice this. */
#define PLAYHEAD_REACH 12.0f
#define WIDTH_MIN 280
#define HEIGHT_EMPTY 60

struct _DmsTimelineView
{
  GtkWidget parent_instance;

  const DmsMoment *moment;
  DmsTimelineReader *reader;
  DmsTimelineScene *scene;
  DmsTextCache *texts;
  GskRenderNode *picture; /* NULL: to be made */
  gboolean is_stale;      /* the scene has to be read and laid out */
  int width, height;
  gint64 x0, x1;
  double pointer_x;
  double pan_rest; /* of small movements of a touchpad */
};

enum
{
  SIGNAL_SEEK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DmsTimelineView, dms_timeline_view, GTK_TYPE_WIDGET)

/* ---- the scene
 * ---------------------------------------------------------------------------- */

static void
drop_picture (DmsTimelineView *view)
{
  g_clear_pointer (&view->picture, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

static void
make_stale (DmsTimelineView *view)
{
  view->is_stale = TRUE;
  drop_picture (view);
}

static void
theme_cb (GtkWidget *widget)
{
  drop_picture (DMS_TIMELINE_VIEW (widget));
}

static gint64
cursor_of (DmsTimelineView *view)
{
  return view->moment ? dms_moment_axis (view->moment) : 0;
}

static void
lay_out (DmsTimelineView *view)
{
  g_autoptr (GError) error = NULL;
  DmsTimelineData *data;

  view->is_stale = FALSE;
  if (!dms_timeline_reader_read (view->reader,
                                 view->x0,
                                 view->x1,
                                 (guint)MAX (view->width, WIDTH_MIN),
                                 &error))
    g_warning ("%s", error->message);
  data = dms_timeline_reader_data (view->reader);
  data->cursor = cursor_of (view);
  if (dms_timeline_scene_build (view->scene,
                                data,
                                dms_player_names (view->moment->player),
                                dms_widget_voice (),
                                view->width,
                                view->height)
      != DMS_OK)
    g_warning ("No memory for the timeline");
}

/* The scene, up to date; NULL while there is nothing to show. */
static DmsTimelineScene *
current_scene (DmsTimelineView *view)
{
  if (!view->moment || !view->reader || view->width <= 0)
    return NULL;
  if (view->is_stale)
    lay_out (view);
  return view->scene;
}

/* ---- the window on the axis
 * ----------------------------------------------------------------- */

static void
whole_axis (DmsTimelineView *view, gint64 *ret_first, gint64 *ret_last)
{
  const DmsTimelineData *data = dms_timeline_reader_data (view->reader);

  *ret_first = data->first;
  *ret_last = data->last;
}

static gint64
span_min (DmsTimelineView *view)
{
  gint64 first, last;
  gint64 least
      = dms_timeline_reader_data (view->reader)->is_time ? SPAN_MIN_NS : SPAN_MIN_STEPS;

  whole_axis (view, &first, &last);
  return MIN (least, last - first);
}

void
dms_timeline_view_set_window (DmsTimelineView *view, gint64 x0, gint64 x1)
{
  gint64 first, last, span;

  g_return_if_fail (DMS_IS_TIMELINE_VIEW (view));
  if (!view->reader)
    return;
  whole_axis (view, &first, &last);
  span = CLAMP (x1 - x0, span_min (view), last - first);
  x0 = CLAMP (x0, first, last - span);
  if (x0 == view->x0 && x0 + span == view->x1)
    return;
  view->x0 = x0;
  view->x1 = x0 + span;
  make_stale (view);
}

static void
zoom_at (DmsTimelineView *view, double x, double factor)
{
  DmsTimelineScene *scene = current_scene (view);
  gint64 at;
  double share, span;

  if (!scene)
    return;
  at = dms_timeline_scene_at (scene, x);
  span = (double)(view->x1 - view->x0);
  share = (double)(at - view->x0) / span;
  span *= factor;
  dms_timeline_view_set_window (
      view, at - (gint64)(share * span), at + (gint64)ceil ((1.0 - share) * span));
}

static void
pan (DmsTimelineView *view, double notches)
{
  double span = (double)(view->x1 - view->x0);
  gint64 shift;

  view->pan_rest += notches * fmax (span * PAN_STEP, 1.0);
  shift = (gint64)view->pan_rest;
  view->pan_rest -= (double)shift;
  dms_timeline_view_set_window (view, view->x0 + shift, view->x1 + shift);
}

/* While the run plays on, the window follows the playhead by pages. */
static void
keep_cursor_in_view (DmsTimelineView *view)
{
  gint64 cursor = cursor_of (view);
  gint64 span = view->x1 - view->x0;

  if (cursor > view->x1)
    dms_timeline_view_set_window (view, cursor - span / 8, cursor - span / 8 + span);
  else if (cursor < view->x0)
    dms_timeline_view_set_window (view, cursor - span * 7 / 8, cursor + span / 8);
}

/* ---- size and drawing
 * ------------------------------------------------------------------------- */

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         G_GNUC_UNUSED int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  DmsTimelineView *view = DMS_TIMELINE_VIEW (widget);
  int need = WIDTH_MIN;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    need = view->reader ? (int)ceil (dms_timeline_scene_natural_height (
               dms_timeline_reader_data (view->reader)))
                        : HEIGHT_EMPTY;
  *minimum = *natural = need;
  *minimum_baseline = *natural_baseline = -1;
}

static void
size_allocate (GtkWidget *widget, int width, int height, G_GNUC_UNUSED int baseline)
{
  DmsTimelineView *view = DMS_TIMELINE_VIEW (widget);

  if (width == view->width && height == view->height)
    return;
  view->width = width;
  view->height = height;
  make_stale (view);
}

static void
paint_picture (cairo_t *cr, gpointer data)
{
  DmsTimelineView *view = data;
  const DmsTheme *theme = dms_widget_theme ();
  DmsColor ground = dms_theme_timeline_ground (theme);
  DmsTimelineScene *scene = current_scene (view);

  cairo_set_source_rgba (cr, ground.r, ground.g, ground.b, ground.a);
  cairo_paint (cr);
  if (scene)
    dms_paint_timeline (cr, scene, theme, view->texts);
}

static void
draw_playhead (DmsTimelineView *view, GtkSnapshot *snapshot, DmsTimelineScene *scene)
{
  double x = floor (dms_timeline_scene_cursor_x (scene));
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (
      (float)(x - PLAYHEAD_REACH), 0, 2 * PLAYHEAD_REACH, (float)view->height);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);

  dms_paint_playhead (cr, scene, dms_widget_theme ());
  cairo_destroy (cr);
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DmsTimelineView *view = DMS_TIMELINE_VIEW (widget);
  DmsTimelineScene *scene = current_scene (view);

  if (view->width <= 0 || view->height <= 0)
    return;
  if (!view->picture)
    view->picture = dms_widget_make_picture (
        &(GdkRectangle){ 0, 0, view->width, view->height }, paint_picture, view);
  if (view->picture)
    gtk_snapshot_append_node (snapshot, view->picture);
  if (scene)
    draw_playhead (view, snapshot, scene);
}

/* ---- pointer
 * --------------------------------------------------------------------------------------
 */

static void
seek_to_x (DmsTimelineView *view, double x)
{
  DmsTimelineScene *scene = current_scene (view);

  if (scene)
    g_signal_emit (view, signals[SIGNAL_SEEK], 0, dms_timeline_scene_at (scene, x));
}

static void
drag_begin_cb (DmsTimelineView *view, double x, G_GNUC_UNUSED double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (view));
  seek_to_x (view, x);
}

static void
drag_update_cb (DmsTimelineView *view,
                double dx,
                G_GNUC_UNUSED double dy,
                GtkGestureDrag *drag)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (drag, &x, &y))
    seek_to_x (view, x + dx);
}

static void
motion_cb (DmsTimelineView *view, double x, G_GNUC_UNUSED double y)
{
  view->pointer_x = x;
}

static gboolean
scroll_cb (DmsTimelineView *view, double dx, double dy, GtkEventController *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (controller);
  gint64 first, last;

  if (!view->reader)
    return FALSE;
  if (state & GDK_CONTROL_MASK)
    {
      zoom_at (view, view->pointer_x, pow (ZOOM_STEP, dy));
      return TRUE;
    }
  whole_axis (view, &first, &last);
  /* With the whole run in view there is nowhere to pan to: lanes may scroll. */
  if (view->x0 == first && view->x1 == last)
    return FALSE;
  pan (view, dx + dy);
  return TRUE;
}

static gboolean
query_tooltip (GtkWidget *widget,
               int x,
               int y,
               G_GNUC_UNUSED gboolean is_keyboard,
               GtkTooltip *tooltip)
{
  DmsTimelineView *view = DMS_TIMELINE_VIEW (widget);
  DmsTimelineScene *scene = current_scene (view);
  const DmsMark *marks;
  size_t n = 0, place;

  if (!scene)
    return FALSE;
  marks = dms_timeline_scene_marks (scene, &n);
  place = dms_timeline_scene_pick (scene, x, y);
  if (place >= n || !marks[place].text[0])
    return FALSE;
  gtk_tooltip_set_text (tooltip, marks[place].text);
  return TRUE;
}

/* ---- life
 * -------------------------------------------------------------------------------------------
 */

static void
finalize (GObject *object)
{
  DmsTimelineView *view = DMS_TIMELINE_VIEW (object);

  g_clear_pointer (&view->picture, gsk_render_node_unref);
  dms_timeline_reader_free (view->reader);
  dms_timeline_scene_free (view->scene);
  dms_text_cache_free (view->texts);
  G_OBJECT_CLASS (dms_timeline_view_parent_class)->finalize (object);
}

static void
dms_timeline_view_class_init (DmsTimelineViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->snapshot = snapshot;
  widget_class->query_tooltip = query_tooltip;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  gtk_widget_class_set_css_name (widget_class, "timeline");

  signals[SIGNAL_SEEK] = g_signal_new ("seek",
                                       DMS_TYPE_TIMELINE_VIEW,
                                       G_SIGNAL_RUN_LAST,
                                       0,
                                       NULL,
                                       NULL,
                                       NULL,
                                       G_TYPE_NONE,
                                       1,
                                       G_TYPE_INT64);
}

static void
add_controllers (DmsTimelineView *view)
{
  GtkWidget *widget = GTK_WIDGET (view);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), view);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), view);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), view);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), view);
  gtk_widget_add_controller (widget, scroll);
}

static void
dms_timeline_view_init (DmsTimelineView *view)
{
  view->scene = dms_timeline_scene_new ();
  view->texts = dms_text_cache_new ();
  if (!view->scene || !view->texts)
    g_error ("No memory for a timeline");
  gtk_widget_set_focusable (GTK_WIDGET (view), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (view), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (view), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Timeline"), -1);
  add_controllers (view);
  dms_widget_follow_theme (GTK_WIDGET (view), theme_cb);
}

GtkWidget *
dms_timeline_view_new (void)
{
  return g_object_new (DMS_TYPE_TIMELINE_VIEW, NULL);
}

static void
read_run (DmsTimelineView *view)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&view->reader, dms_timeline_reader_free);
  if (view->moment)
    view->reader = dms_timeline_reader_new (view->moment->player, &error);
  if (error)
    g_warning ("%s", error->message);
  if (view->reader)
    {
      whole_axis (view, &view->x0, &view->x1);
      /* How deep calls nest decides how high the lanes are. */
      lay_out (view);
    }
  make_stale (view);
  gtk_widget_queue_resize (GTK_WIDGET (view));
}

static void
tell_position (DmsTimelineView *view)
{
  gint64 first, last;

  if (!view->reader)
    return;
  whole_axis (view, &first, &last);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN,
                                  (double)first,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
                                  (double)last,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  (double)cursor_of (view),
                                  -1);
}

static double
natural_height (DmsTimelineView *view)
{
  return dms_timeline_scene_natural_height (dms_timeline_reader_data (view->reader));
}

static gboolean
shows_whole_axis (DmsTimelineView *view)
{
  gint64 first, last;

  whole_axis (view, &first, &last);
  return view->x0 <= first && view->x1 >= last;
}

void
dms_timeline_view_grow (DmsTimelineView *view)
{
  g_autoptr (GError) error = NULL;
  DmsTimelineReader *reader;
  gboolean is_whole;
  double height;

  g_return_if_fail (DMS_IS_TIMELINE_VIEW (view));
  if (!view->moment || !view->reader)
    return;
  reader = dms_timeline_reader_new (view->moment->player, &error);
  if (!reader)
    {
      g_warning ("%s", error->message);
      return;
    }
  is_whole = shows_whole_axis (view);
  height = natural_height (view);
  dms_timeline_reader_free (view->reader);
  view->reader = reader;
  if (is_whole)
    whole_axis (view, &view->x0, &view->x1);
  lay_out (view);
  drop_picture (view);
  tell_position (view);
  if (natural_height (view) != height)
    gtk_widget_queue_resize (GTK_WIDGET (view));
}

void
dms_timeline_view_set_moment (DmsTimelineView *view,
                              const DmsMoment *moment,
                              gboolean is_new_run)
{
  g_return_if_fail (DMS_IS_TIMELINE_VIEW (view));

  view->moment = moment;
  if (is_new_run || !moment)
    read_run (view);
  if (!view->reader)
    return;
  keep_cursor_in_view (view);
  if (!view->is_stale)
    dms_timeline_scene_set_cursor (view->scene, cursor_of (view));
  tell_position (view);
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

void
dms_timeline_view_window (DmsTimelineView *view, gint64 *ret_x0, gint64 *ret_x1)
{
  g_return_if_fail (DMS_IS_TIMELINE_VIEW (view));
  *ret_x0 = view->x0;
  *ret_x1 = view->x1;
}

double
dms_timeline_view_cursor_x (DmsTimelineView *view)
{
  DmsTimelineScene *scene = current_scene (view);

  return scene ? dms_timeline_scene_cursor_x (scene) : 0.0;
}

gint64
dms_timeline_view_position_at (DmsTimelineView *view, double x)
{
  DmsTimelineScene *scene = current_scene (view);

  return scene ? dms_timeline_scene_at (scene, x) : 0;
}
