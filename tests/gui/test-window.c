/* test-window.c — the window shows what the session is at, and survives what it is
 * given
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/gui/dms-gui.h"

#include "app/dms-keys.h"
#include "data/lessons/dms-lessons.h"
#include "ui/paint/dms-paint.h"
#include "ui/widget/dms-code-view.h"
#include "ui/widget/dms-event-model.h"
#include "ui/widget/dms-stage-item.h"
#include "ui/widget/dms-stage.h"
#include "ui/widget/dms-timeline-view.h"
#include "ui/widget/dms-transport.h"
#include "ui/widget/dms-widget.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define STORY "two-pages-out-of-reach"
#define WIDTH 1440
#define HEIGHT 900

/* ---- the stage
 * ------------------------------------------------------------------------------ */

static GtkWidget *
next_item (GtkWidget *child)
{
  while (child && !DMS_IS_STAGE_ITEM (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
assert_at (GtkWidget *child, const DmsRect *rect, double scale)
{
  graphene_rect_t bounds;

  g_assert_true (
      gtk_widget_compute_bounds (child, gtk_widget_get_parent (child), &bounds));
  g_assert_cmpfloat (fabs (bounds.origin.x - rect->x * scale), <=, 1.0);
  g_assert_cmpfloat (fabs (bounds.origin.y - rect->y * scale), <=, 1.0);
  g_assert_cmpfloat (fabs (bounds.size.width - rect->width * scale), <=, 2.0);
  g_assert_cmpfloat (fabs (bounds.size.height - rect->height * scale), <=, 2.0);
}

/* For each focusable item one child, in the scene's order, in its place, with its
 * words. */
static void
assert_children_are_the_items (DmsStage *stage)
{
  size_t n = 0;
  const DmsItem *items = dms_scene_items (dms_stage_scene (stage), &n);
  GtkWidget *child = next_item (gtk_widget_get_first_child (GTK_WIDGET (stage)));

  for (size_t i = 0; i < n; i++)
    {
      char *difference;

      if (!items[i].focusable)
        continue;
      g_assert_nonnull (child);
      g_assert_cmpstr (dms_stage_item_id (DMS_STAGE_ITEM (child)), ==, items[i].id);
      g_assert_nonnull (items[i].sentence);
      g_assert_cmpstr (items[i].sentence, !=, "");
      gtk_test_accessible_assert_role (child, GTK_ACCESSIBLE_ROLE_IMG);
      difference = gtk_test_accessible_check_property (
          GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, items[i].sentence);
      g_assert_cmpstr (difference, ==, NULL);
      assert_at (child, &items[i].rect, dms_stage_scale (stage));
      child = next_item (gtk_widget_get_next_sibling (child));
    }
  g_assert_null (child);
}

static void
check_children (const char *lesson, int width, int height)
{
  DmsWindow *window = dms_gui_open (lesson, NULL, width, height);
  DmsSession *session = dms_window_session (window);
  DmsStage *stage = dms_gui_find (window, DMS_TYPE_STAGE);
  guint steps = 0;

  do
    {
      dms_gui_settle (GTK_WIDGET (stage));
      assert_children_are_the_items (stage);
      steps++;
    }
  while (dms_session_forward (session));
  g_assert_cmpuint (steps, >, 10);
  while (dms_session_back (session))
    ;
  dms_gui_settle (GTK_WIDGET (stage));
  assert_children_are_the_items (stage);
  dms_gui_close (window);
}

static void
test_children_are_the_items (void)
{
  check_children (STORY, WIDTH, HEIGHT);
}

static void
test_children_are_the_items_where_room_is_short (void)
{
  check_children (STORY, 900, 600);
}

/* The same thing is the same child as long as it is there. */
static void
test_children_are_kept (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  DmsStage *stage = dms_gui_find (window, DMS_TYPE_STAGE);
  GtkWidget *before = next_item (gtk_widget_get_first_child (GTK_WIDGET (stage)));
  g_autofree char *id = g_strdup (dms_stage_item_id (DMS_STAGE_ITEM (before)));
  size_t n_kept = 0;

  gtk_widget_grab_focus (before);
  while (dms_session_forward (dms_window_session (window)))
    {
      if (dms_scene_find (dms_stage_scene (stage), id) == DMS_NO_ITEM)
        break;
      g_assert_true (gtk_widget_has_focus (before));
      n_kept++;
    }
  g_assert_cmpuint (n_kept, >, 5);
  dms_gui_close (window);
}

typedef struct
{
  DmsStage *stage;
  cairo_surface_t *painted;
} Comparison;

static cairo_surface_t *
paint (DmsStage *stage)
{
  int width = gtk_widget_get_width (GTK_WIDGET (stage));
  int height = gtk_widget_get_height (GTK_WIDGET (stage));
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  DmsTextCache *texts = dms_text_cache_new ();
  const DmsTheme *theme = dms_widget_theme ();
  DmsColor ground = dms_theme_stage_ground (theme);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgba (cr, ground.r, ground.g, ground.b, ground.a);
  cairo_paint (cr);
  cairo_scale (cr, dms_stage_scale (stage), dms_stage_scale (stage));
  dms_paint_stage (cr, dms_stage_scene (stage), theme, texts);
  cairo_destroy (cr);
  dms_text_cache_free (texts);
  cairo_surface_flush (surface);
  return surface;
}

static GdkTexture *
draw (GtkWidget *widget)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0,
                                               0,
                                               (float)gtk_widget_get_width (widget),
                                               (float)gtk_widget_get_height (widget));
  GskRenderNode *node;
  GdkTexture *texture;

  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_to_node (snapshot);
  g_assert_nonnull (node);
  texture = gsk_renderer_render_texture (renderer, node, &bounds);
  gsk_render_node_unref (node);
  return texture;
}

static guint
count_differences (DmsStage *stage, cairo_surface_t *painted)
{
  g_autoptr (GdkTexture) texture = draw (GTK_WIDGET (stage));
  int width = gdk_texture_get_width (texture),
      height = gdk_texture_get_height (texture);
  gsize stride = (gsize)cairo_image_surface_get_stride (painted);
  g_autofree guchar *drawn = g_malloc (stride * (gsize)height);
  guint n = 0;

  g_assert_cmpint (width, ==, cairo_image_surface_get_width (painted));
  g_assert_cmpint (height, ==, cairo_image_surface_get_height (painted));
  gdk_texture_download (texture, drawn, stride);
  for (gsize i = 0; i < stride * (gsize)height; i++)
    n += drawn[i] != cairo_image_surface_get_data (painted)[i];
  return n;
}

static gboolean
is_equal (gpointer data)
{
  Comparison *comparison = data;

  gtk_widget_queue_draw (GTK_WIDGET (comparison->stage));
  return count_differences (comparison->stage, comparison->painted) == 0;
}

/* Once the glow of what changed is over, not one byte differs. */
static void
test_the_texture_is_the_painters_picture (void)
{
  static const guint64 positions[] = { 0, 5, 14, 1000 };
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  Comparison comparison = { dms_gui_find (window, DMS_TYPE_STAGE), NULL };

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (positions); i++)
    {
      dms_session_seek_axis (dms_window_session (window), (gint64)positions[i]);
      dms_gui_settle (GTK_WIDGET (window));
      comparison.painted = paint (comparison.stage);
      dms_gui_wait (is_equal, &comparison);
      cairo_surface_destroy (comparison.painted);
    }
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  dms_gui_close (window);
}

/* A picture of another step must differ, or the comparison above proves nothing. */
static void
test_pictures_of_different_steps_differ (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  DmsStage *stage = dms_gui_find (window, DMS_TYPE_STAGE);
  cairo_surface_t *painted = paint (stage);

  dms_session_seek_axis (dms_window_session (window), 12);
  dms_gui_settle (GTK_WIDGET (window));
  g_assert_cmpuint (count_differences (stage, painted), >, 1000);
  cairo_surface_destroy (painted);
  dms_gui_close (window);
}

/* ---- names
 * ---------------------------------------------------------------------------------- */

static gboolean
has_name (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
         || gtk_test_accessible_has_relation (accessible,
                                              GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

static guint
assert_named (GtkWidget *widget)
{
  guint n = 0;

  /* Rows and cells of lists say what is in them; frames around things say nothing. */
  if (GTK_IS_LIST_VIEW (widget)
      || g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "GtkList")
      || g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "GtkColumn"))
    return 0;
  if (gtk_widget_get_focusable (widget) && gtk_widget_get_mapped (widget)
      && !GTK_IS_SCROLLED_WINDOW (widget) && !GTK_IS_LABEL (widget)
      && !GTK_IS_PANED (widget))
    {
      if (!has_name (widget))
        g_error ("%s, %s has no name",
                 G_OBJECT_TYPE_NAME (widget),
                 gtk_widget_get_css_name (widget));
      n++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    n += assert_named (child);
  return n;
}

static void
test_what_takes_the_focus_has_a_name (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);

  g_assert_cmpuint (assert_named (GTK_WIDGET (window)), >, 15);
  dms_gui_close (window);
}

static gboolean
is_status_label (GtkWidget *widget)
{
  return GTK_IS_LABEL (widget)
         && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget))
                == GTK_ACCESSIBLE_ROLE_STATUS;
}

static void
test_the_sentence_is_said (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  DmsStage *stage = dms_gui_find (window, DMS_TYPE_STAGE);
  GtkWidget *label = gtk_widget_get_first_child (GTK_WIDGET (stage));

  g_assert_true (is_status_label (label));
  while (dms_session_forward (dms_window_session (window)))
    {
      const char *sentence = dms_scene_sentence (dms_stage_scene (stage));

      g_assert_cmpuint (strlen (sentence), >, 10);
      g_assert_true (
          g_str_has_prefix (gtk_label_get_text (GTK_LABEL (label)), sentence));
    }
  dms_gui_close (window);
}

/* What the system noted beside a call is said with the sentence of its step. */
static void
test_facts_are_said (void)
{
  DmsWindow *window = dms_gui_open ("mistake-two-channels", NULL, WIDTH, HEIGHT);
  DmsStage *stage = dms_gui_find (window, DMS_TYPE_STAGE);
  GtkLabel *label = GTK_LABEL (gtk_widget_get_first_child (GTK_WIDGET (stage)));
  guint n_noted = 0;

  while (dms_session_forward (dms_window_session (window)))
    {
      const char *noted = dms_scene_noted (dms_stage_scene (stage));

      if (!noted[0])
        continue;
      g_assert_true (g_str_has_prefix (noted, "Noted: "));
      g_assert_nonnull (strstr (gtk_label_get_text (label), noted));
      n_noted++;
    }
  g_assert_cmpuint (n_noted, >, 0);
  dms_gui_close (window);
}

/* ---- the other views
 * ------------------------------------------------------------------------ */

static void
test_the_playhead_is_where_the_cursor_is (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  DmsSession *session = dms_window_session (window);
  DmsTimelineView *timeline = dms_gui_find (window, DMS_TYPE_TIMELINE_VIEW);
  double before = -1.0;

  do
    {
      double x = dms_timeline_view_cursor_x (timeline);

      g_assert_cmpfloat (x, >, before);
      g_assert_cmpint (dms_timeline_view_position_at (timeline, x),
                       ==,
                       dms_moment_axis (dms_session_moment (session)));
      before = x;
    }
  while (dms_session_forward (session));
  dms_gui_close (window);
}

static void
test_the_timeline_stays_within_the_run (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  DmsTimelineView *timeline = dms_gui_find (window, DMS_TYPE_TIMELINE_VIEW);
  gint64 first, last, x0, x1;

  dms_timeline_view_window (timeline, &first, &last);
  g_assert_cmpint (first, <, last);
  dms_timeline_view_set_window (timeline, first + 5, first + 5);
  dms_timeline_view_window (timeline, &x0, &x1);
  g_assert_cmpint (x0, >=, first);
  g_assert_cmpint (x1 - x0, >=, 1);
  g_assert_cmpint (x1 - x0, <, last - first);
  dms_timeline_view_set_window (timeline, last - 1, last + 1000);
  dms_timeline_view_window (timeline, &x0, &x1);
  g_assert_cmpint (x0, ==, first);
  g_assert_cmpint (x1, ==, last);
  dms_timeline_view_set_window (timeline, first + 10, first + 15);
  dms_session_last (dms_window_session (window));
  dms_timeline_view_window (timeline, &x0, &x1);
  g_assert_cmpint (x0, <=, last);
  g_assert_cmpint (x1, ==, last);
  dms_gui_close (window);
}

/* The statement that is marked holds the line that the event names. */
static void
test_the_marked_statement_holds_the_line (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  DmsSession *session = dms_window_session (window);
  DmsCodeView *code = dms_gui_find (window, DMS_TYPE_CODE_VIEW);
  guint n_marked = 0, n_long = 0;

  while (dms_session_forward (session))
    {
      guint line = dms_session_moment (session)->opening.line;
      guint first = 0, last = 0;

      if (line == 0)
        continue;
      dms_code_view_marked (code, &first, &last);
      g_assert_cmpuint (first, >=, 1);
      g_assert_cmpuint (first, <=, line);
      g_assert_cmpuint (last, >=, line);
      n_marked++;
      n_long += last > first;
    }
  g_assert_cmpuint (n_marked, >, 5);
  g_assert_cmpuint (n_long, >, 0);
  dms_gui_close (window);
}

static void
test_the_counter_says_the_step (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  DmsSession *session = dms_window_session (window);
  DmsTransport *transport = dms_gui_find (window, DMS_TYPE_TRANSPORT);
  guint64 n = dms_player_n_steps (dms_session_moment (session)->player);

  for (guint64 step = 1; step <= n; step++)
    {
      g_autofree char *text = g_strdup_printf (
          "Step %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, step, n);

      g_assert_true (dms_session_forward (session));
      g_assert_cmpstr (dms_transport_position (transport), ==, text);
      g_assert_true (g_str_has_prefix (dms_transport_time (transport), "model time "));
    }
  g_assert_false (dms_session_forward (session));
  dms_gui_close (window);
}

/* ---- a recording
 * ---------------------------------------------------------------------------- */

static void
test_the_list_follows_the_cursor_and_leads_it (void)
{
  g_autofree char *path = dms_test_source_path ("fixtures/ftrace/bounces.txt");
  DmsWindow *window = dms_gui_open (NULL, path, WIDTH, HEIGHT);
  DmsSession *session = dms_window_session (window);
  GtkColumnView *list = dms_gui_find (window, GTK_TYPE_COLUMN_VIEW);
  GtkSingleSelection *selection
      = GTK_SINGLE_SELECTION (gtk_column_view_get_model (list));
  guint64 n = dms_player_n_events (dms_session_moment (session)->player);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (selection)), ==, n);
  g_assert_cmpuint (n, >, 3);
  for (guint64 seq = 2; seq <= n; seq++)
    {
      g_assert_true (dms_session_forward (session));
      g_assert_cmpuint (dms_session_moment (session)->seq, ==, seq);
      g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, seq - 1);
    }
  gtk_single_selection_set_selected (selection, 1);
  g_assert_cmpuint (dms_session_moment (session)->seq, ==, 2);
  dms_gui_close (window);
}

static void
test_a_recording_and_a_lesson_take_turns (void)
{
  g_autofree char *path = dms_test_source_path ("fixtures/ftrace/bounces.txt");
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  DmsSession *session = dms_window_session (window);

  g_assert_false (dms_moment_is_recording (dms_session_moment (session)));
  dms_gui_open_path (window, path);
  g_assert_true (dms_moment_is_recording (dms_session_moment (session)));
  assert_children_are_the_items (dms_gui_find (window, DMS_TYPE_STAGE));
  dms_window_open_lesson (window, STORY, NULL);
  dms_gui_open_path (window, path);
  g_assert_true (dms_moment_is_recording (dms_session_moment (session)));
  dms_gui_close (window);
}

/* ---- what cannot be opened
 * ------------------------------------------------------------------- */

static void
assert_stays_open (DmsWindow *window, const char *path)
{
  DmsSession *session = dms_window_session (window);
  guint64 seq = dms_session_moment (session)->seq;
  g_autofree char *title = g_strdup (dms_session_title (session));
  DmsStage *stage = dms_gui_find (window, DMS_TYPE_STAGE);
  g_autofree char *sentence = g_strdup (dms_scene_sentence (dms_stage_scene (stage)));
  AdwMessageDialog *dialog = NULL;
  g_autoptr (GList) tops = NULL;

  dms_gui_open_path (window, path);
  g_assert_cmpuint (dms_session_moment (session)->seq, ==, seq);
  g_assert_cmpstr (dms_session_title (session), ==, title);
  g_assert_cmpstr (dms_scene_sentence (dms_stage_scene (stage)), ==, sentence);
  tops = gtk_window_list_toplevels ();
  for (GList *top = tops; top; top = top->next)
    if (ADW_IS_MESSAGE_DIALOG (top->data))
      dialog = top->data;
  g_assert_nonnull (dialog);
  g_assert_cmpuint (strlen (adw_message_dialog_get_body (dialog)), >, 10);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static char *
write_file (const char *dir, const char *name, const char *text, gsize length)
{
  char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, (gssize)length, NULL));
  return path;
}

static void
test_a_bad_file_leaves_what_was_open (void)
{
  static const struct
  {
    const char *name, *text;
  } bad[] = {
    { "empty.dmatrace", "" },
    { "empty.json", "{}" },
    { "words.txt", "This is a letter, not a trace.\n" },
    { "broken.json", "{ \"dmascope\": 1, \"machine\": " },
    { "huge.json",
      "{ \"dmascope\": 1, \"machine\": { \"memory\": 9223372036854775808 } }" },
    { "cut.dmatrace", "SQLite format 3" },
  };
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);

  dms_session_seek_axis (dms_window_session (window), 7);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path
          = write_file (dir, bad[i].name, bad[i].text, strlen (bad[i].text));

      assert_stays_open (window, path);
    }
  g_autofree char *missing = g_build_filename (dir, "not-there.dmatrace", NULL);
  assert_stays_open (window, missing);
  assert_stays_open (window, dir);
  dms_gui_close (window);
}

static void
test_a_bad_first_file_says_so (void)
{
  DmsWindow *window = dms_gui_open (NULL, "/nowhere/not-there.dmatrace", WIDTH, HEIGHT);
  AdwStatusPage *page = dms_gui_find (window, ADW_TYPE_STATUS_PAGE);

  g_assert_null (dms_session_moment (dms_window_session (window)));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (page)));
  g_assert_nonnull (strstr (adw_status_page_get_title (page), "not-there.dmatrace"));
  g_assert_cmpuint (strlen (adw_status_page_get_description (page)), >, 10);
  dms_gui_close (window);
}

/* ---- playing, keys, lessons
 * -------------------------------------------------------------------- */

static gboolean
is_at_rest (gpointer session)
{
  return !dms_session_is_playing (session);
}

static void
test_playing_ends_at_the_end (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);
  DmsSession *session = dms_window_session (window);
  DmsTransport *transport = dms_gui_find (window, DMS_TYPE_TRANSPORT);

  dms_transport_set_speed (transport, DMS_SPEED_MAX);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.play", NULL);
  g_assert_true (dms_session_is_playing (session));
  dms_gui_wait (is_at_rest, session);
  g_assert_true (dms_session_is_at_last (session));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.play", NULL);
  g_assert_true (dms_session_is_at_first (session));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.forward", NULL);
  g_assert_false (dms_session_is_playing (session));
  dms_gui_close (window);
}

static gboolean
has_action (DmsWindow *window, const char *name)
{
  GApplication *application
      = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (window)));

  if (g_str_has_prefix (name, "win."))
    return g_action_group_has_action (G_ACTION_GROUP (window), name + strlen ("win."));
  if (g_str_has_prefix (name, "app."))
    return g_action_group_has_action (G_ACTION_GROUP (application),
                                      name + strlen ("app."));
  return g_str_equal (name, "window.close");
}

static void
test_every_key_does_something (void)
{
  DmsWindow *window = dms_gui_open (STORY, NULL, WIDTH, HEIGHT);

  for (const DmsKey *key = dms_keys (); key->title; key++)
    {
      g_auto (GStrv) accelerators = g_strsplit (key->accelerator, " ", -1);

      if (key->action && !has_action (window, key->action))
        g_error ("%s does not exist", key->action);
      for (char **accelerator = accelerators; *accelerator; accelerator++)
        {
          guint keyval = 0;

          g_assert_true (gtk_accelerator_parse (*accelerator, &keyval, NULL));
          g_assert_cmpuint (keyval, !=, 0);
        }
    }
  g_assert_nonnull (
      gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)));
  dms_gui_close (window);
}

static void
test_every_lesson_opens (void)
{
  gsize n = 0;
  const DmsLesson *lessons = dms_lessons (&n);

  g_assert_cmpuint (n, >, 0);
  for (gsize i = 0; i < n; i++)
    {
      DmsWindow *window = dms_gui_open (lessons[i].id, NULL, 1100, 700);
      DmsSession *session = dms_window_session (window);

      g_assert_nonnull (dms_session_moment (session));
      g_assert_cmpstr (dms_session_title (session), ==, lessons[i].title);
      g_assert_cmpstr (dms_session_subtitle (session), ==, lessons[i].subtitle);
      dms_session_last (session);
      dms_gui_settle (GTK_WIDGET (window));
      assert_children_are_the_items (dms_gui_find (window, DMS_TYPE_STAGE));
      dms_gui_close (window);
    }
}

int
main (int argc, char **argv)
{
  dms_gui_init (&argc, &argv);
  g_test_add_func ("/gui/stage/children-are-the-items", test_children_are_the_items);
  g_test_add_func ("/gui/stage/children-are-the-items-where-room-is-short",
                   test_children_are_the_items_where_room_is_short);
  g_test_add_func ("/gui/stage/children-are-kept", test_children_are_kept);
  g_test_add_func ("/gui/stage/the-texture-is-the-painters-picture",
                   test_the_texture_is_the_painters_picture);
  g_test_add_func ("/gui/stage/pictures-of-different-steps-differ",
                   test_pictures_of_different_steps_differ);
  g_test_add_func ("/gui/names/what-takes-the-focus-has-a-name",
                   test_what_takes_the_focus_has_a_name);
  g_test_add_func ("/gui/names/the-sentence-is-said", test_the_sentence_is_said);
  g_test_add_func ("/gui/names/facts-are-said", test_facts_are_said);
  g_test_add_func ("/gui/timeline/the-playhead-is-where-the-cursor-is",
                   test_the_playhead_is_where_the_cursor_is);
  g_test_add_func ("/gui/timeline/it-stays-within-the-run",
                   test_the_timeline_stays_within_the_run);
  g_test_add_func ("/gui/code/the-marked-statement-holds-the-line",
                   test_the_marked_statement_holds_the_line);
  g_test_add_func ("/gui/transport/the-counter-says-the-step",
                   test_the_counter_says_the_step);
  g_test_add_func ("/gui/recording/the-list-follows-the-cursor-and-leads-it",
                   test_the_list_follows_the_cursor_and_leads_it);
  g_test_add_func ("/gui/recording/a-recording-and-a-lesson-take-turns",
                   test_a_recording_and_a_lesson_take_turns);
  g_test_add_func ("/gui/open/a-bad-file-leaves-what-was-open",
                   test_a_bad_file_leaves_what_was_open);
  g_test_add_func ("/gui/open/a-bad-first-file-says-so", test_a_bad_first_file_says_so);
  g_test_add_func ("/gui/play/it-ends-at-the-end", test_playing_ends_at_the_end);
  g_test_add_func ("/gui/keys/every-key-does-something", test_every_key_does_something);
  g_test_add_func ("/gui/lessons/every-one-opens", test_every_lesson_opens);
  return g_test_run ();
}
