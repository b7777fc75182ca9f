/* dms-stage.c — the widget that shows a scene
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-stage.h"

#include "ui/widget/dms-stage-item.h"
#include "ui/widget/dms-stage-picture.h"
#include "ui/widget/dms-widget.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

/* Where room is short the picture shrinks so far, then it scrolls. */
#define SCALE_MIN 0.70
/* The smallest room that is asked for when nothing is shown. */
#define EMPTY_WIDTH 320.0
#define EMPTY_HEIGHT 240.0

#define PULSE_MS 700
#define PULSE_WAVES 2.0
#define PULSE_WIDTH 2.5
/* Rings lie outside of what they are around. */
#define RING_DISTANCE 3.0
#define RING_RADIUS 7.0
/* Beyond an item's edge nothing is drawn for it. */
#define LAYER_REACH 12.0

struct _DmsStage
{
  GtkWidget parent_instance;

  const DmsMoment *moment;
  DmsScene *scene;
  DmsScene *probe; /* laid out in no room: tells how much is needed at least */
  DmsTextCache *texts;
  DmsStagePicture picture;
  gboolean is_stale; /* the scene changed: parts of the picture may differ */
  char *chosen;

  int width, height; /* of the widget, as laid out last */
  double scale;
  double need_width, need_height; /* most that any scene of this run needed */

  GHashTable *items; /* id → DmsStageItem, children */
  GtkWidget *status; /* says the sentence; not to be seen */
  size_t hover;

  AdwAnimation *pulse;
  double pulse_at; /* 0 to 1; 1 = over */
};

G_DEFINE_FINAL_TYPE (DmsStage, dms_stage, GTK_TYPE_WIDGET)

/* ---- the scene
 * ---------------------------------------------------------------------------- */

static gboolean
build (DmsStage *stage, DmsScene *scene, double width, double height)
{
  const DmsMoment *moment = stage->moment;

  dms_scene_set_facts (scene, moment->facts, moment->n_facts);
  return dms_scene_build (scene,
                          dms_moment_state (moment),
                          &moment->opening,
                          &moment->last,
                          dms_player_names (moment->player),
                          dms_widget_voice (),
                          stage->chosen,
                          width,
                          height)
         == DMS_OK;
}

static const DmsItem *
item_at (DmsStage *stage, size_t place)
{
  size_t n = 0;
  const DmsItem *items = dms_scene_items (stage->scene, &n);

  return stage->moment && place < n ? &items[place] : NULL;
}

/* The focusable item that the keyboard is on, or DMS_NO_ITEM. */
static size_t
focused_place (DmsStage *stage)
{
  GtkWidget *child = gtk_widget_get_focus_child (GTK_WIDGET (stage));

  if (!stage->moment || !DMS_IS_STAGE_ITEM (child) || !gtk_widget_has_focus (child))
    return DMS_NO_ITEM;
  return dms_scene_find (stage->scene, dms_stage_item_id (DMS_STAGE_ITEM (child)));
}

static void
drop_picture (DmsStage *stage)
{
  dms_stage_picture_clear (&stage->picture);
  stage->is_stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (stage));
}

static void
theme_cb (GtkWidget *widget)
{
  drop_picture (DMS_STAGE (widget));
}

static void
focus_cb (DmsStage *stage)
{
  gtk_widget_queue_draw (GTK_WIDGET (stage));
}

static GtkWidget *
item_widget (DmsStage *stage, const char *id)
{
  GtkWidget *child = g_hash_table_lookup (stage->items, id);

  if (child)
    return child;
  child = dms_stage_item_new (id);
  g_signal_connect_object (
      child, "notify::has-focus", G_CALLBACK (focus_cb), stage, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (child, GTK_WIDGET (stage));
  g_hash_table_insert (
      stage->items, (gpointer)dms_stage_item_id (DMS_STAGE_ITEM (child)), child);
  return child;
}

static int
count_focusable (const DmsItem *items, size_t n)
{
  int count = 0;

  for (size_t i = 0; i < n; i++)
    count += items[i].focusable;
  return count;
}

static void
remove_items_without (DmsStage *stage, GHashTable *kept)
{
  GHashTableIter iter;
  gpointer id, child;

  g_hash_table_iter_init (&iter, stage->items);
  while (g_hash_table_iter_next (&iter, &id, &child))
    if (!g_hash_table_contains (kept, child))
      {
        g_hash_table_iter_remove (&iter);
        gtk_widget_unparent (child);
      }
}

/* Children follow the scene: the same thing keeps its child, and the order is the
 * scene's. */
static void
sync_items (DmsStage *stage)
{
  g_autoptr (GHashTable) kept = g_hash_table_new (NULL, NULL);
  GtkWidget *before = stage->status;
  size_t n = 0;
  const DmsItem *items = stage->moment ? dms_scene_items (stage->scene, &n) : NULL;
  int n_focusable = items ? count_focusable (items, n) : 0;
  int place = 0;

  for (size_t i = 0; i < n; i++)
    {
      GtkWidget *child;

      if (!items[i].focusable)
        continue;
      child = item_widget (stage, items[i].id);
      g_hash_table_add (kept, child);
      dms_stage_item_update (
          DMS_STAGE_ITEM (child), items[i].sentence, ++place, n_focusable);
      if (gtk_widget_get_prev_sibling (child) != before)
        gtk_widget_insert_after (child, GTK_WIDGET (stage), before);
      before = child;
    }
  remove_items_without (stage, kept);
}

static void
say_sentence (DmsStage *stage)
{
  g_autofree char *text = NULL;

  if (stage->moment)
    text = g_strjoin (" ",
                      dms_scene_sentence (stage->scene),
                      dms_scene_noted (stage->scene),
                      dms_scene_why (stage->scene),
                      NULL);
  gtk_label_set_text (GTK_LABEL (stage->status), text ? g_strstrip (text) : "");
}

/* Lays the scene out for the widget's size. */
static void
lay_out (DmsStage *stage)
{
  double fit;

  stage->is_stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (stage));
  stage->hover = DMS_NO_ITEM;
  if (!stage->moment || stage->width <= 0)
    return;
  fit = fmin (stage->width / stage->need_width, stage->height / stage->need_height);
  stage->scale = CLAMP (fit, SCALE_MIN, 1.0);
  if (!build (stage,
              stage->scene,
              stage->width / stage->scale,
              stage->height / stage->scale))
    g_warning ("No memory for the picture");
}

/* Room only grows while a run is shown, so that things keep their places between steps.
 */
static void
ask_for_room (DmsStage *stage)
{
  double width = EMPTY_WIDTH, height = EMPTY_HEIGHT;

  if (stage->moment && build (stage, stage->probe, 0, 0))
    dms_scene_size (stage->probe, &width, &height);
  if (width <= stage->need_width && height <= stage->need_height)
    return;
  stage->need_width = fmax (width, stage->need_width);
  stage->need_height = fmax (height, stage->need_height);
  gtk_widget_queue_resize (GTK_WIDGET (stage));
}

static void
refresh (DmsStage *stage)
{
  ask_for_room (stage);
  lay_out (stage);
  sync_items (stage);
  say_sentence (stage);
  gtk_widget_queue_allocate (GTK_WIDGET (stage));
}

/* ---- size
 * -----------------------------------------------------------------------------------
 */

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         G_GNUC_UNUSED int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  DmsStage *stage = DMS_STAGE (widget);
  double need = orientation == GTK_ORIENTATION_HORIZONTAL ? stage->need_width
                                                          : stage->need_height;

  *minimum = (int)ceil (need * SCALE_MIN);
  *natural = (int)ceil (need);
  *minimum_baseline = *natural_baseline = -1;
}

static void
allocate_child (GtkWidget *child, const DmsRect *rect, double scale)
{
  GtkAllocation allocation = {
    (int)floor (rect->x * scale),
    (int)floor (rect->y * scale),
    MAX ((int)ceil (rect->width * scale), 1),
    MAX ((int)ceil (rect->height * scale), 1),
  };
  int minimum;

  gtk_widget_measure (
      child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  allocation.width = MAX (allocation.width, minimum);
  gtk_widget_measure (
      child, GTK_ORIENTATION_VERTICAL, allocation.width, &minimum, NULL, NULL, NULL);
  allocation.height = MAX (allocation.height, minimum);
  gtk_widget_size_allocate (child, &allocation, -1);
}

static void
allocate_children (DmsStage *stage)
{
  size_t n = 0;
  const DmsItem *items = stage->moment ? dms_scene_items (stage->scene, &n) : NULL;
  DmsRect place = { 0, 0, stage->width, 1 };

  if (stage->moment)
    place = dms_scene_sentence_rect (stage->scene);
  allocate_child (stage->status, &place, stage->scale);
  for (size_t i = 0; i < n; i++)
    if (items[i].focusable)
      {
        GtkWidget *child = g_hash_table_lookup (stage->items, items[i].id);

        if (child)
          allocate_child (child, &items[i].rect, stage->scale);
      }
}

static void
size_allocate (GtkWidget *widget, int width, int height, G_GNUC_UNUSED int baseline)
{
  DmsStage *stage = DMS_STAGE (widget);

  if (width != stage->width || height != stage->height)
    {
      stage->width = width;
      stage->height = height;
      drop_picture (stage);
      lay_out (stage);
      sync_items (stage);
    }
  allocate_children (stage);
}

/* ---- drawing
 * ---------------------------------------------------------------------------------- */

/* A layer over one item only: layers are paid for by their area. */
static cairo_t *
begin_layer (DmsStage *stage, GtkSnapshot *snapshot, const DmsItem *item)
{
  double scale = stage->scale;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (
      (float)floor ((item->rect.x - LAYER_REACH) * scale),
      (float)floor ((item->rect.y - LAYER_REACH) * scale),
      (float)ceil ((item->rect.width + 2 * LAYER_REACH) * scale),
      (float)ceil ((item->rect.height + 2 * LAYER_REACH) * scale));
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);

  cairo_scale (cr, scale, scale);
  return cr;
}

static void
round_box (cairo_t *cr, const DmsRect *rect, double grow, double radius)
{
  double x0 = rect->x - grow, y0 = rect->y - grow;
  double x1 = rect->x + rect->width + grow, y1 = rect->y + rect->height + grow;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x1 - radius, y0 + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x1 - radius, y1 - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x0 + radius, y1 - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x0 + radius, y0 + radius, radius, G_PI, G_PI + G_PI_2);
  cairo_close_path (cr);
}

static void
draw_ring (DmsStage *stage,
           GtkSnapshot *snapshot,
           const DmsItem *item,
           const char *color,
           double alpha,
           double width)
{
  cairo_t *cr = begin_layer (stage, snapshot, item);
  GdkRGBA rgba;

  gdk_rgba_parse (&rgba, color);
  cairo_set_source_rgba (cr, rgba.red, rgba.green, rgba.blue, alpha);
  cairo_set_line_width (cr, width);
  round_box (cr, &item->rect, RING_DISTANCE, RING_RADIUS);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* What the last step changed glows twice and fades; without animations it keeps a thin
 * outline until the next step. */
static void
draw_pulse (DmsStage *stage, GtkSnapshot *snapshot)
{
  gboolean is_still = !adw_get_enable_animations (GTK_WIDGET (stage));
  double wave = 0.5 - 0.5 * cos (2.0 * G_PI * PULSE_WAVES * stage->pulse_at);
  double alpha = is_still ? 0.55 : wave * (1.0 - 0.4 * stage->pulse_at);
  size_t n = 0;
  const DmsItem *items = dms_scene_items (stage->scene, &n);

  if (!is_still && stage->pulse_at >= 1.0)
    return;
  for (size_t i = 0; i < n; i++)
    if (items[i].changed && !items[i].chosen)
      draw_ring (
          stage, snapshot, &items[i], "#3584e4", alpha, is_still ? 1.0 : PULSE_WIDTH);
}

static gboolean
is_focus_visible (DmsStage *stage)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (stage));

  return GTK_IS_WINDOW (root) && gtk_window_get_focus_visible (GTK_WINDOW (root));
}

static void
draw_focus (DmsStage *stage, GtkSnapshot *snapshot)
{
  size_t place = focused_place (stage);
  const DmsItem *item = item_at (stage, place);
  cairo_t *cr;

  if (!item || !is_focus_visible (stage))
    return;
  cr = begin_layer (stage, snapshot, item);
  dms_paint_stage_focus (cr, stage->scene, dms_widget_theme (), place);
  cairo_destroy (cr);
}

static void
draw_hover (DmsStage *stage, GtkSnapshot *snapshot)
{
  const DmsItem *item = item_at (stage, stage->hover);

  if (item && item->focusable)
    draw_ring (stage, snapshot, item, "#808080", 0.55, 1.5);
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DmsStage *stage = DMS_STAGE (widget);
  DmsStageView view = { .scene = stage->moment ? stage->scene : NULL,
                        .texts = stage->texts,
                        .width = stage->width,
                        .height = stage->height,
                        .scale = stage->scale };

  if (stage->width <= 0 || stage->height <= 0)
    return;
  if (stage->is_stale)
    dms_stage_picture_refresh (&stage->picture, &view);
  stage->is_stale = FALSE;
  dms_stage_picture_draw (&stage->picture, &view, snapshot);
  if (!stage->moment)
    return;
  draw_pulse (stage, snapshot);
  draw_hover (stage, snapshot);
  draw_focus (stage, snapshot);
}

static void
pulse_cb (double value, DmsStage *stage)
{
  stage->pulse_at = value;
  gtk_widget_queue_draw (GTK_WIDGET (stage));
}

static void
start_pulse (DmsStage *stage)
{
  adw_animation_reset (stage->pulse);
  if (stage->moment && gtk_widget_get_mapped (GTK_WIDGET (stage)))
    adw_animation_play (stage->pulse);
  else
    stage->pulse_at = 1.0;
}

/* ---- pointer
 * ------------------------------------------------------------------------------------
 */

static size_t
pick_at (DmsStage *stage, double x, double y)
{
  if (!stage->moment)
    return DMS_NO_ITEM;
  return dms_scene_pick (stage->scene, x / stage->scale, y / stage->scale);
}

static void
set_hover (DmsStage *stage, size_t place)
{
  const DmsItem *item = item_at (stage, place);

  if (stage->hover == place)
    return;
  stage->hover = place;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (stage),
                                   item && item->focusable ? "pointer" : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (stage));
}

static void
motion_cb (DmsStage *stage, double x, double y)
{
  set_hover (stage, pick_at (stage, x, y));
}

static void
leave_cb (DmsStage *stage)
{
  set_hover (stage, DMS_NO_ITEM);
}

static void
choose (DmsStage *stage, const char *id)
{
  if (g_strcmp0 (stage->chosen, id) == 0)
    return;
  g_free (stage->chosen);
  stage->chosen = g_strdup (id);
  refresh (stage);
}

static void
pressed_cb (DmsStage *stage, G_GNUC_UNUSED int n_press, double x, double y)
{
  const DmsItem *item = item_at (stage, pick_at (stage, x, y));
  g_autofree char *id = item && item->focusable ? g_strdup (item->id) : NULL;
  GtkWidget *child = id ? g_hash_table_lookup (stage->items, id) : NULL;

  gtk_widget_grab_focus (child ? child : GTK_WIDGET (stage));
  choose (stage, id);
}

static gboolean
query_tooltip (
    GtkWidget *widget, int x, int y, gboolean is_keyboard, GtkTooltip *tooltip)
{
  DmsStage *stage = DMS_STAGE (widget);
  size_t place = is_keyboard ? focused_place (stage) : pick_at (stage, x, y);
  const DmsItem *item = item_at (stage, place);
  GdkRectangle area;

  if (!item || !item->sentence || !item->sentence[0])
    return FALSE;
  area = (GdkRectangle){ (int)(item->rect.x * stage->scale),
                         (int)(item->rect.y * stage->scale),
                         (int)(item->rect.width * stage->scale),
                         (int)(item->rect.height * stage->scale) };
  gtk_tooltip_set_tip_area (tooltip, &area);
  gtk_tooltip_set_text (tooltip, item->sentence);
  return TRUE;
}

/* ---- keyboard
 * -------------------------------------------------------------------------------------
 */

static void
focus_place (DmsStage *stage, size_t place)
{
  const DmsItem *item = item_at (stage, place);
  GtkWidget *child = item ? g_hash_table_lookup (stage->items, item->id) : NULL;

  if (child)
    gtk_widget_grab_focus (child);
}

static size_t
first_focusable (DmsStage *stage)
{
  size_t n = 0;
  const DmsItem *items = dms_scene_items (stage->scene, &n);

  for (size_t i = 0; i < n; i++)
    if (items[i].focusable)
      return i;
  return DMS_NO_ITEM;
}

static gboolean
move_cb (GtkWidget *widget, GVariant *args, G_GNUC_UNUSED gpointer data)
{
  DmsStage *stage = DMS_STAGE (widget);
  size_t from = focused_place (stage);

  if (!stage->moment)
    return FALSE;
  if (from == DMS_NO_ITEM)
    focus_place (stage, first_focusable (stage));
  else
    focus_place (stage,
                 dms_scene_neighbour (
                     stage->scene, from, (DmsDirection)g_variant_get_int32 (args)));
  return TRUE;
}

static gboolean
choose_cb (GtkWidget *widget, GVariant *args, G_GNUC_UNUSED gpointer data)
{
  DmsStage *stage = DMS_STAGE (widget);
  const DmsItem *item = item_at (stage, focused_place (stage));
  g_autofree char *id = NULL;

  if (g_variant_get_boolean (args) && item)
    id = g_strdup (item->id);
  else if (!stage->chosen)
    return FALSE;
  choose (stage, id);
  return TRUE;
}

static void
add_move (GtkWidgetClass *class, guint key, guint keypad_key, DmsDirection direction)
{
  gtk_widget_class_add_binding (
      class, key, GDK_SHIFT_MASK, move_cb, "i", (int)direction);
  gtk_widget_class_add_binding (
      class, keypad_key, GDK_SHIFT_MASK, move_cb, "i", (int)direction);
}

static void
add_bindings (GtkWidgetClass *class)
{
  add_move (class, GDK_KEY_Left, GDK_KEY_KP_Left, DMS_TO_LEFT);
  add_move (class, GDK_KEY_Right, GDK_KEY_KP_Right, DMS_TO_RIGHT);
  add_move (class, GDK_KEY_Up, GDK_KEY_KP_Up, DMS_TO_UP);
  add_move (class, GDK_KEY_Down, GDK_KEY_KP_Down, DMS_TO_DOWN);
  gtk_widget_class_add_binding (class, GDK_KEY_Up, 0, move_cb, "i", DMS_TO_UP);
  gtk_widget_class_add_binding (class, GDK_KEY_Down, 0, move_cb, "i", DMS_TO_DOWN);
  gtk_widget_class_add_binding (class, GDK_KEY_Return, 0, choose_cb, "b", TRUE);
  gtk_widget_class_add_binding (class, GDK_KEY_KP_Enter, 0, choose_cb, "b", TRUE);
  gtk_widget_class_add_binding (class, GDK_KEY_Escape, 0, choose_cb, "b", FALSE);
}

/* ---- life
 * --------------------------------------------------------------------------------------------
 */

static void
dispose (GObject *object)
{
  DmsStage *stage = DMS_STAGE (object);
  GtkWidget *child;

  stage->moment = NULL;
  if (stage->pulse)
    adw_animation_skip (stage->pulse);
  g_clear_object (&stage->pulse);
  if (stage->items)
    g_hash_table_remove_all (stage->items);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (stage))))
    gtk_widget_unparent (child);
  stage->status = NULL;
  G_OBJECT_CLASS (dms_stage_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  DmsStage *stage = DMS_STAGE (object);

  dms_stage_picture_clear (&stage->picture);
  g_hash_table_unref (stage->items);
  dms_scene_free (stage->scene);
  dms_scene_free (stage->probe);
  dms_text_cache_free (stage->texts);
  g_free (stage->chosen);
  G_OBJECT_CLASS (dms_stage_parent_class)->finalize (object);
}

static void
dms_stage_class_init (DmsStageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = dispose;
  object_class->finalize = finalize;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->snapshot = snapshot;
  widget_class->query_tooltip = query_tooltip;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "stage");
  add_bindings (widget_class);
}

static void
add_controllers (DmsStage *stage)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), stage);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), stage);
  gtk_widget_add_controller (GTK_WIDGET (stage), motion);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), stage);
  gtk_widget_add_controller (GTK_WIDGET (stage), GTK_EVENT_CONTROLLER (click));
}

static void
add_pulse (DmsStage *stage)
{
  AdwAnimationTarget *target = adw_callback_animation_target_new (
      (AdwAnimationTargetFunc)pulse_cb, stage, NULL);

  stage->pulse = adw_timed_animation_new (GTK_WIDGET (stage), 0, 1, PULSE_MS, target);
  adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (stage->pulse), ADW_LINEAR);
  stage->pulse_at = 1.0;
}

static void
dms_stage_init (DmsStage *stage)
{
  stage->scene = dms_scene_new ();
  stage->probe = dms_scene_new ();
  stage->texts = dms_text_cache_new ();
  if (!stage->scene || !stage->probe || !stage->texts)
    g_error ("No memory for a picture");
  stage->items = g_hash_table_new (g_str_hash, g_str_equal);
  stage->scale = 1.0;
  stage->hover = DMS_NO_ITEM;
  stage->need_width = EMPTY_WIDTH;
  stage->need_height = EMPTY_HEIGHT;

  stage->status = g_object_new (
      GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (stage->status), PANGO_ELLIPSIZE_END);
  gtk_widget_set_opacity (stage->status, 0);
  gtk_widget_set_can_target (stage->status, FALSE);
  gtk_widget_set_parent (stage->status, GTK_WIDGET (stage));

  gtk_widget_set_focusable (GTK_WIDGET (stage), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (stage), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (stage), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (stage), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Stage"), -1);
  add_pulse (stage);
  add_controllers (stage);
  dms_widget_follow_theme (GTK_WIDGET (stage), theme_cb);
}

GtkWidget *
dms_stage_new (void)
{
  return g_object_new (DMS_TYPE_STAGE, NULL);
}

void
dms_stage_set_moment (DmsStage *stage, const DmsMoment *moment, gboolean is_new_run)
{
  g_return_if_fail (DMS_IS_STAGE (stage));

  stage->moment = moment;
  if (is_new_run)
    {
      g_clear_pointer (&stage->chosen, g_free);
      stage->need_width = EMPTY_WIDTH;
      stage->need_height = EMPTY_HEIGHT;
      gtk_widget_queue_resize (GTK_WIDGET (stage));
    }
  refresh (stage);
  start_pulse (stage);
}

const DmsScene *
dms_stage_scene (DmsStage *stage)
{
  g_return_val_if_fail (DMS_IS_STAGE (stage), NULL);
  return stage->moment ? stage->scene : NULL;
}

double
dms_stage_scale (DmsStage *stage)
{
  g_return_val_if_fail (DMS_IS_STAGE (stage), 1.0);
  return stage->scale;
}

const char *
dms_stage_chosen (DmsStage *stage)
{
  g_return_val_if_fail (DMS_IS_STAGE (stage), NULL);
  return stage->chosen;
}
