/* dms-window.c — a window on one run
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-window.h"

#include "app/dms-keys.h"
#include "data/lessons/dms-lessons.h"
#include "ui/widget/dms-code-view.h"
#include "ui/widget/dms-compat.h"
#include "ui/widget/dms-event-view.h"
#include "ui/widget/dms-stage.h"
#include "ui/widget/dms-timeline-view.h"
#include "ui/widget/dms-transport.h"

#include <glib/gi18n.h>

/* The story that a window without a file shows. */
#define STORY "two-pages-out-of-reach"
/* What opens faster than this shows no sign of waiting. */
#define LOADING_DELAY_MS 300
/* More lanes than fit into this are scrolled, or given room by the handle above. */
#define TIMELINE_HEIGHT_MAX 230

struct _DmsWindow
{
  AdwApplicationWindow parent_instance;

  AdwWindowTitle *title;
  GtkToggleButton *follow_button;
  GtkLabel *follow_label;
  GtkRevealer *remark;
  GtkLabel *remark_label;
  GtkMenuButton *menu_button;
  GMenu *lessons;
  GtkStack *pages;
  AdwStatusPage *status;
  GtkRevealer *loading;
  GtkSpinner *spinner;
  GtkStack *side;
  DmsCodeView *code;
  DmsEventView *events;
  DmsStage *stage;
  DmsTransport *transport;
  DmsTimelineView *timeline;
  GtkScrolledWindow *timeline_scroll;

  DmsSession *session;
  gboolean is_new_run; /* the next moment is the first one of its run */
  guint loading_timer;
  char *opening; /* how what is being opened is called */
};

G_DEFINE_FINAL_TYPE (DmsWindow, dms_window, ADW_TYPE_APPLICATION_WINDOW)

/* ---- showing
 * --------------------------------------------------------------------------------- */

static void
set_enabled (DmsWindow *window, const char *name, gboolean is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (window), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}

static void
update_actions (DmsWindow *window)
{
  gboolean is_open = dms_session_moment (window->session) != NULL;
  gboolean can_back = is_open && !dms_session_is_at_first (window->session);
  gboolean can_forward = is_open && !dms_session_is_at_last (window->session);
  gboolean can_follow = dms_session_is_growing (window->session)
                        && !dms_session_is_following (window->session);

  set_enabled (window, "first", can_back);
  set_enabled (window, "back", can_back);
  set_enabled (window, "forward", can_forward);
  set_enabled (window, "last", can_forward || can_follow);
  set_enabled (window, "play", is_open);
  set_enabled (window, "faster", is_open);
  set_enabled (window, "slower", is_open);
}

static void
show_position (DmsWindow *window, const DmsMoment *moment)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (window), "position");

  g_simple_action_set_state (G_SIMPLE_ACTION (action),
                             g_variant_new_uint64 (moment ? moment->seq : 0));
}

static void
give_room_to_timeline (DmsWindow *window)
{
  int minimum;

  gtk_widget_measure (GTK_WIDGET (window->timeline),
                      GTK_ORIENTATION_VERTICAL,
                      -1,
                      &minimum,
                      NULL,
                      NULL,
                      NULL);
  gtk_scrolled_window_set_min_content_height (window->timeline_scroll,
                                              MIN (minimum, TIMELINE_HEIGHT_MAX));
}

static void
show_moment (DmsWindow *window, const DmsMoment *moment)
{
  gboolean is_new_run = window->is_new_run;

  window->is_new_run = FALSE;
  dms_stage_set_moment (window->stage, moment, is_new_run);
  dms_timeline_view_set_moment (window->timeline, moment, is_new_run);
  dms_transport_set_moment (window->transport, moment);
  if (moment && !dms_moment_is_recording (moment))
    dms_code_view_set_moment (window->code, moment, is_new_run);
  else
    dms_event_view_set_moment (window->events, moment, is_new_run);
  if (is_new_run)
    give_room_to_timeline (window);
  show_position (window, moment);
  update_actions (window);
}

static void
moved_cb (DmsWindow *window)
{
  show_moment (window, dms_session_moment (window->session));
}

/* More of the run is there. The cursor stays, or "moved" follows. */
static void
grown_cb (DmsWindow *window)
{
  const DmsMoment *moment = dms_session_moment (window->session);

  dms_timeline_view_grow (window->timeline);
  dms_transport_set_moment (window->transport, moment);
  if (dms_moment_is_recording (moment))
    dms_event_view_grow (window->events);
  else
    dms_code_view_grow (window->code, moment);
  give_room_to_timeline (window);
  adw_window_title_set_subtitle (window->title, dms_session_subtitle (window->session));
  update_actions (window);
}

static void
following_cb (DmsWindow *window)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (window), "follow");
  gboolean is_following = dms_session_is_following (window->session);
  gboolean is_growing = dms_session_is_growing (window->session);

  g_simple_action_set_state (G_SIMPLE_ACTION (action),
                             g_variant_new_boolean (is_following));
  set_enabled (window, "follow", is_growing);
  gtk_label_set_text (window->follow_label,
                      is_following ? _ ("Following") : _ ("Follow"));
  gtk_widget_set_visible (GTK_WIDGET (window->follow_button), is_growing);
  update_actions (window);
}

/* What is to be known about the trace as a whole, besides what it shows; NULL =
 * nothing.
 */
static const char *
life_text (DmsTraceLife life)
{
  switch (life)
    {
    case DMS_LIFE_CLOSED:
    case DMS_LIFE_GROWS:
      return NULL;
    case DMS_LIFE_ENDED:
      return _ ("Who recorded this trace ended without closing it. What was committed "
                "until then is here.");
    case DMS_LIFE_OUT_OF_SIGHT:
      return _ (
          "This trace is still being written, but it cannot be followed: its -wal "
          "file, where the newest events are, is not beside it. Dmascope needs "
          "access to the folder of both.");
    default:
      return NULL;
    }
}

static void
show_remark (DmsWindow *window)
{
  const char *text = life_text (dms_session_life (window->session));

  if (text)
    gtk_label_set_text (window->remark_label, text);
  gtk_revealer_set_reveal_child (window->remark, text != NULL);
}

static void
growing_cb (DmsWindow *window)
{
  if (!dms_session_is_growing (window->session) && dms_session_moment (window->session))
    show_remark (window);
}

static void
closing_cb (DmsWindow *window)
{
  dms_event_view_set_moment (window->events, NULL, TRUE);
  show_moment (window, NULL);
}

static void
opened_cb (DmsWindow *window)
{
  const DmsMoment *moment = dms_session_moment (window->session);

  window->is_new_run = TRUE;
  adw_window_title_set_title (window->title, dms_session_title (window->session));
  adw_window_title_set_subtitle (window->title, dms_session_subtitle (window->session));
  gtk_window_set_title (GTK_WINDOW (window), dms_session_title (window->session));
  gtk_stack_set_visible_child_name (
      window->side, dms_moment_is_recording (moment) ? "events" : "code");
  show_remark (window);
  gtk_stack_set_visible_child_name (window->pages, "run");
  gtk_widget_grab_focus (GTK_WIDGET (window->stage));
}

/* A failure leaves what was open as it was; where nothing was, the page says what is
 * wrong. */
static void
show_failure (DmsWindow *window, const char *message)
{
  g_autofree char *heading = g_strdup_printf (_ ("Cannot Open %s"), window->opening);

  if (dms_session_moment (window->session))
    {
      dms_compat_tell (GTK_WINDOW (window), heading, message);
      return;
    }
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  adw_status_page_set_title (window->status, heading);
  adw_status_page_set_description (window->status, escaped);
  gtk_stack_set_visible_child_name (window->pages, "empty");
}

static void
failed_cb (DmsWindow *window, const char *message)
{
  dms_session_pause (window->session);
  dms_compat_tell (GTK_WINDOW (window), _ ("Cannot Read the Trace"), message);
}

static void
playing_cb (DmsWindow *window)
{
  dms_transport_set_playing (window->transport,
                             dms_session_is_playing (window->session));
}

static gboolean
loading_timer_cb (gpointer data)
{
  DmsWindow *window = data;

  window->loading_timer = 0;
  gtk_spinner_start (window->spinner);
  gtk_revealer_set_reveal_child (window->loading, TRUE);
  return G_SOURCE_REMOVE;
}

static void
loading_cb (DmsWindow *window)
{
  gboolean is_loading = FALSE;

  g_object_get (window->session, "loading", &is_loading, NULL);
  g_clear_handle_id (&window->loading_timer, g_source_remove);
  if (is_loading)
    {
      window->loading_timer
          = g_timeout_add (LOADING_DELAY_MS, loading_timer_cb, window);
      return;
    }
  gtk_revealer_set_reveal_child (window->loading, FALSE);
  gtk_spinner_stop (window->spinner);
}

/* ---- opening
 * -----------------------------------------------------------------------------------
 */

static void
open_done_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (DmsWindow) window = data;
  g_autoptr (GError) error = NULL;
  gboolean is_open = dms_session_open_finish (DMS_SESSION (object), result, &error);

  /* Cancelled: something else is being opened, or the window is gone. */
  if (!is_open && error
      && !g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    show_failure (window, error->message);
}

static void
open_source (DmsWindow *window,
             const char *path,
             const char *lesson,
             const char *position)
{
  g_free (window->opening);
  window->opening = path ? g_filename_display_basename (path)
                         : g_strdup_printf (_ ("“%s”"), lesson);
  dms_session_open_async (
      window->session, path, lesson, position, open_done_cb, g_object_ref (window));
}

void
dms_window_open_path (DmsWindow *window, const char *path, const char *position)
{
  g_return_if_fail (DMS_IS_WINDOW (window));
  open_source (window, path, NULL, position);
}

void
dms_window_open_lesson (DmsWindow *window, const char *id, const char *position)
{
  g_return_if_fail (DMS_IS_WINDOW (window));
  open_source (window, NULL, id, position);
}

void
dms_window_open_story (DmsWindow *window, const char *position)
{
  g_return_if_fail (DMS_IS_WINDOW (window));
  open_source (window, NULL, STORY, position);
}

static void
open_file (GFile *file, gpointer data)
{
  DmsWindow *window = data;
  g_autofree char *path = g_file_get_path (file);

  if (path)
    {
      dms_window_open_path (window, path, NULL);
      return;
    }
  g_autofree char *uri = g_file_get_uri (file);
  g_autofree char *message
      = g_strdup_printf (_ ("%s is not on this computer; a local file is needed"), uri);
  dms_compat_tell (GTK_WINDOW (window), _ ("Cannot Open the File"), message);
}

static void
add_filter (GListStore *filters, const char *name, const char *const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (; *patterns; patterns++)
    gtk_file_filter_add_pattern (filter, *patterns);
  g_list_store_append (filters, filter);
}

static void
open_cb (G_GNUC_UNUSED GSimpleAction *action,
         G_GNUC_UNUSED GVariant *parameter,
         gpointer data)
{
  static const char *const ours[] = { "*.dmatrace", "*.json", "*.txt", NULL };
  static const char *const all[] = { "*", NULL };
  g_autoptr (GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);

  add_filter (filters, _ ("Traces, Scenarios and Ftrace Texts"), ours);
  add_filter (filters, _ ("All Files"), all);
  dms_compat_ask_open (GTK_WINDOW (data),
                       _ ("Open a Trace, a Scenario or an Ftrace Text"),
                       _ ("_Open"),
                       G_LIST_MODEL (filters),
                       open_file,
                       data);
}

static void
open_lesson_cb (G_GNUC_UNUSED GSimpleAction *action, GVariant *parameter, gpointer data)
{
  dms_window_open_lesson (data, g_variant_get_string (parameter, NULL), NULL);
}

static void
story_cb (G_GNUC_UNUSED GSimpleAction *action,
          G_GNUC_UNUSED GVariant *parameter,
          gpointer data)
{
  dms_window_open_story (data, NULL);
}

static gboolean
drop_cb (G_GNUC_UNUSED GtkDropTarget *target,
         const GValue *value,
         G_GNUC_UNUSED double x,
         G_GNUC_UNUSED double y,
         gpointer data)
{
  GSList *files = g_value_get_boxed (value);

  if (!files)
    return FALSE;
  open_file (files->data, data);
  return TRUE;
}

/* ---- actions
 * -------------------------------------------------------------------------------------
 */

static void
step_cb (GSimpleAction *action, G_GNUC_UNUSED GVariant *parameter, gpointer data)
{
  DmsWindow *window = data;
  const char *name = g_action_get_name (G_ACTION (action));

  dms_session_pause (window->session);
  if (g_str_equal (name, "first"))
    dms_session_first (window->session);
  else if (g_str_equal (name, "back"))
    dms_session_back (window->session);
  else if (g_str_equal (name, "forward"))
    dms_session_forward (window->session);
  else
    dms_session_last (window->session);
}

static void
play_cb (G_GNUC_UNUSED GSimpleAction *action,
         G_GNUC_UNUSED GVariant *parameter,
         gpointer data)
{
  DmsWindow *window = data;

  if (dms_session_is_playing (window->session))
    dms_session_pause (window->session);
  else
    dms_session_play (window->session);
}

static void
speed_cb (GSimpleAction *action, G_GNUC_UNUSED GVariant *parameter, gpointer data)
{
  DmsWindow *window = data;
  gboolean is_faster = g_str_equal (g_action_get_name (G_ACTION (action)), "faster");

  dms_transport_set_speed (window->transport,
                           dms_transport_get_speed (window->transport)
                               * (is_faster ? 2.0 : 0.5));
}

static void
position_cb (G_GNUC_UNUSED GSimpleAction *action, GVariant *state, gpointer data)
{
  DmsWindow *window = data;

  /* The state follows when the cursor has moved. */
  dms_session_seek (window->session, g_variant_get_uint64 (state));
}

static void
follow_cb (G_GNUC_UNUSED GSimpleAction *action, GVariant *state, gpointer data)
{
  DmsWindow *window = data;

  /* The state follows the session. */
  dms_session_set_following (window->session, g_variant_get_boolean (state));
}

static void
hide_remark_cb (G_GNUC_UNUSED GSimpleAction *action,
                G_GNUC_UNUSED GVariant *parameter,
                gpointer data)
{
  gtk_revealer_set_reveal_child (DMS_WINDOW (data)->remark, FALSE);
}

static void
menu_cb (G_GNUC_UNUSED GSimpleAction *action,
         G_GNUC_UNUSED GVariant *parameter,
         gpointer data)
{
  gtk_menu_button_popup (DMS_WINDOW (data)->menu_button);
}

static const GActionEntry actions[] = {
  { .name = "open", .activate = open_cb },
  { .name = "open-lesson", .activate = open_lesson_cb, .parameter_type = "s" },
  { .name = "story", .activate = story_cb },
  { .name = "first", .activate = step_cb },
  { .name = "back", .activate = step_cb },
  { .name = "play", .activate = play_cb },
  { .name = "forward", .activate = step_cb },
  { .name = "last", .activate = step_cb },
  { .name = "faster", .activate = speed_cb },
  { .name = "slower", .activate = speed_cb },
  { .name = "menu", .activate = menu_cb },
  { .name = "follow", .state = "false", .change_state = follow_cb },
  { .name = "hide-remark", .activate = hide_remark_cb },
  { .name = "position", .state = "uint64 0", .change_state = position_cb },
};

static void
seek_axis_cb (DmsWindow *window, gint64 position)
{
  dms_session_pause (window->session);
  dms_session_seek_axis (window->session, position);
}

static void
seek_event_cb (DmsWindow *window, guint64 seq)
{
  dms_session_pause (window->session);
  dms_session_seek (window->session, seq);
}

/* ---- life
 * ------------------------------------------------------------------------------------------
 */

static void
dispose (GObject *object)
{
  DmsWindow *window = DMS_WINDOW (object);

  g_clear_handle_id (&window->loading_timer, g_source_remove);
  if (window->session)
    {
      g_object_run_dispose (G_OBJECT (window->session));
      g_clear_object (&window->session);
    }
  g_clear_pointer (&window->opening, g_free);
  G_OBJECT_CLASS (dms_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_child (class, DmsWindow, title);
  gtk_widget_class_bind_template_child (class, DmsWindow, follow_button);
  gtk_widget_class_bind_template_child (class, DmsWindow, follow_label);
  gtk_widget_class_bind_template_child (class, DmsWindow, remark);
  gtk_widget_class_bind_template_child (class, DmsWindow, remark_label);
  gtk_widget_class_bind_template_child (class, DmsWindow, menu_button);
  gtk_widget_class_bind_template_child (class, DmsWindow, lessons);
  gtk_widget_class_bind_template_child (class, DmsWindow, pages);
  gtk_widget_class_bind_template_child (class, DmsWindow, status);
  gtk_widget_class_bind_template_child (class, DmsWindow, loading);
  gtk_widget_class_bind_template_child (class, DmsWindow, spinner);
  gtk_widget_class_bind_template_child (class, DmsWindow, side);
  gtk_widget_class_bind_template_child (class, DmsWindow, code);
  gtk_widget_class_bind_template_child (class, DmsWindow, events);
  gtk_widget_class_bind_template_child (class, DmsWindow, stage);
  gtk_widget_class_bind_template_child (class, DmsWindow, transport);
  gtk_widget_class_bind_template_child (class, DmsWindow, timeline);
  gtk_widget_class_bind_template_child (class, DmsWindow, timeline_scroll);
}

static void
dms_window_class_init (DmsWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/dmascope/Dmascope/window.ui");
  bind_children (widget_class);
}

static void
connect_session (DmsWindow *window)
{
  DmsSession *session = window->session;
  const GConnectFlags swapped = G_CONNECT_SWAPPED;

  g_signal_connect_object (session, "moved", G_CALLBACK (moved_cb), window, swapped);
  g_signal_connect_object (session, "grown", G_CALLBACK (grown_cb), window, swapped);
  g_signal_connect_object (
      session, "closing", G_CALLBACK (closing_cb), window, swapped);
  g_signal_connect_object (session, "opened", G_CALLBACK (opened_cb), window, swapped);
  g_signal_connect_object (session, "failed", G_CALLBACK (failed_cb), window, swapped);
  g_signal_connect_object (
      session, "notify::playing", G_CALLBACK (playing_cb), window, swapped);
  g_signal_connect_object (
      session, "notify::loading", G_CALLBACK (loading_cb), window, swapped);
  g_signal_connect_object (
      session, "notify::growing", G_CALLBACK (following_cb), window, swapped);
  g_signal_connect_object (
      session, "notify::following", G_CALLBACK (following_cb), window, swapped);
  g_signal_connect_object (
      session, "notify::growing", G_CALLBACK (growing_cb), window, swapped);
  g_object_bind_property (
      window->transport, "speed", session, "speed", G_BINDING_SYNC_CREATE);
}

static void
connect_widgets (DmsWindow *window)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (
      window->timeline, "seek", G_CALLBACK (seek_axis_cb), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      window->events, "seek", G_CALLBACK (seek_event_cb), window, G_CONNECT_SWAPPED);
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), window);
  gtk_widget_add_controller (GTK_WIDGET (window), GTK_EVENT_CONTROLLER (drop));
  dms_keys_add_plain (GTK_WINDOW (window));
  gtk_application_window_set_help_overlay (
      GTK_APPLICATION_WINDOW (window), GTK_SHORTCUTS_WINDOW (dms_keys_make_window ()));
}

static void
fill_lessons (DmsWindow *window)
{
  gsize n = 0;
  const DmsLesson *lessons = dms_lessons (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (lessons[i].title), NULL);

      g_menu_item_set_action_and_target (item, "win.open-lesson", "s", lessons[i].id);
      g_menu_append_item (window->lessons, item);
    }
}

static void
dms_window_init (DmsWindow *window)
{
  gtk_widget_init_template (GTK_WIDGET (window));
  g_action_map_add_action_entries (
      G_ACTION_MAP (window), actions, G_N_ELEMENTS (actions), window);
  window->session = dms_session_new ();
  connect_session (window);
  connect_widgets (window);
  fill_lessons (window);
  following_cb (window);
  gtk_widget_grab_focus (GTK_WIDGET (window->stage));
}

DmsWindow *
dms_window_new (GtkApplication *application)
{
  return g_object_new (DMS_TYPE_WINDOW, "application", application, NULL);
}

DmsSession *
dms_window_session (DmsWindow *window)
{
  g_return_val_if_fail (DMS_IS_WINDOW (window), NULL);
  return window->session;
}
