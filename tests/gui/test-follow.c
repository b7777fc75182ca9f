/* test-follow.c — the window on a trace that another process is writing
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/data/trace/dms-trace-writer.h"
#include "tests/gui/dms-gui.h"

#include "ui/widget/dms-event-model.h"
#include "ui/widget/dms-stage.h"
#include "ui/widget/dms-timeline-view.h"
#include "ui/widget/dms-transport.h"

#include <string.h>
#include <unistd.h>

#define WIDTH 1440
#define HEIGHT 900
#define RATE 1000000
#define MANY 500000
/* The main loop may be busy for so long at a time. Without sanitizers, on a machine
 * that does nothing else, it is a tenth of that; a pause of the machine counts too. */
#define BUSY_MS_MAX 3000

typedef struct
{
  DmsTestTempDir *dir;
  char *path;
  DmsTraceWriter *writer;
  DmsWindow *window;
  DmsSession *session;
  guint64 wanted;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer is_simulation)
{
  fixture->dir = dms_test_temp_dir ();
  fixture->path = g_build_filename (fixture->dir, "live.dmatrace", NULL);
  fixture->writer = dms_trace_writer_start (fixture->path, is_simulation != NULL);
  dms_trace_writer_emit (fixture->writer, 30);
  fixture->window = dms_gui_open (NULL, fixture->path, WIDTH, HEIGHT);
  fixture->session = dms_window_session (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer is_simulation)
{
  (void)is_simulation;
  dms_gui_close (fixture->window);
  if (fixture->writer)
    dms_trace_writer_close (fixture->writer);
  g_free (fixture->path);
  dms_test_temp_dir_free (fixture->dir);
}

static guint64
n_events (const Fixture *fixture)
{
  return dms_player_n_events (dms_session_moment (fixture->session)->player);
}

static guint64
position (const Fixture *fixture)
{
  return dms_session_moment (fixture->session)->seq;
}

static gboolean
has_wanted (gpointer data)
{
  const Fixture *fixture = data;

  return n_events (fixture) >= fixture->wanted;
}

static void
wait_for_growth (Fixture *fixture, guint64 n)
{
  fixture->wanted = dms_trace_writer_emit (fixture->writer, n);
  dms_gui_wait (has_wanted, fixture);
  g_assert_cmpuint (n_events (fixture), ==, fixture->wanted);
}

static void
press (Fixture *fixture, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL);
}

static GtkWidget *
follow_button (const Fixture *fixture)
{
  return dms_gui_find_class (fixture->window, "follow");
}

static void
assert_following (const Fixture *fixture, gboolean is_following)
{
  GtkToggleButton *button = GTK_TOGGLE_BUTTON (follow_button (fixture));

  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (button)));
  g_assert_cmpint (gtk_toggle_button_get_active (button), ==, is_following);
  g_assert_cmpint (dms_session_is_following (fixture->session), ==, is_following);
}

/* What stands beside the buttons says the same as the player. */
static void
assert_counted (const Fixture *fixture)
{
  const DmsMoment *moment = dms_session_moment (fixture->session);
  DmsTransport *transport = dms_gui_find (fixture->window, DMS_TYPE_TRANSPORT);
  gboolean is_recording = dms_moment_is_recording (moment);
  guint64 at = is_recording ? moment->seq : moment->step;
  guint64 n = is_recording ? n_events (fixture) : dms_player_n_steps (moment->player);
  g_autofree char *text = g_strdup_printf (
      is_recording ? "Event %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                   : "Step %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT,
      at,
      n);

  g_assert_cmpstr (dms_transport_position (transport), ==, text);
}

static void
assert_axis_is_whole (const Fixture *fixture)
{
  DmsTimelineView *timeline = dms_gui_find (fixture->window, DMS_TYPE_TIMELINE_VIEW);
  DmsPlayer *player = dms_session_moment (fixture->session)->player;
  gint64 x0, x1;

  dms_timeline_view_window (timeline, &x0, &x1);
  if (dms_moment_is_recording (dms_session_moment (fixture->session)))
    g_assert_cmpint (x1, ==, dms_player_last_time (player));
  else
    g_assert_cmpint (x1, ==, (gint64)dms_player_n_steps (player));
}

static void
test_it_keeps_up (Fixture *fixture, gconstpointer is_simulation)
{
  (void)is_simulation;
  assert_following (fixture, TRUE);
  g_assert_cmpuint (position (fixture), ==, n_events (fixture));
  for (guint i = 0; i < 10; i++)
    {
      wait_for_growth (fixture, 7 * (i + 1));
      g_assert_cmpuint (position (fixture), ==, n_events (fixture));
      assert_counted (fixture);
      assert_axis_is_whole (fixture);
    }
  dms_gui_settle (GTK_WIDGET (fixture->window));
  assert_following (fixture, TRUE);
}

static void
test_one_can_step_back_meanwhile (Fixture *fixture, gconstpointer is_simulation)
{
  static const char *const moves[] = { "win.back", "win.first", "win.back" };

  (void)is_simulation;
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      DmsStage *stage = dms_gui_find (fixture->window, DMS_TYPE_STAGE);

      press (fixture, moves[i]);
      assert_following (fixture, FALSE);
      guint64 before = position (fixture);
      g_autofree char *sentence
          = g_strdup (dms_scene_sentence (dms_stage_scene (stage)));
      g_assert_cmpuint (before, <, n_events (fixture));
      wait_for_growth (fixture, 50);
      g_assert_cmpuint (position (fixture), ==, before);
      g_assert_cmpstr (dms_scene_sentence (dms_stage_scene (stage)), ==, sentence);
      g_assert_cmpuint (
          dms_moment_state (dms_session_moment (fixture->session))->seq, ==, before);
      assert_counted (fixture);
      press (fixture, "win.last");
      assert_following (fixture, TRUE);
      g_assert_cmpuint (position (fixture), ==, n_events (fixture));
      wait_for_growth (fixture, 9);
      g_assert_cmpuint (position (fixture), ==, n_events (fixture));
    }
}

static void
test_the_button_goes_on (Fixture *fixture, gconstpointer is_simulation)
{
  GtkWidget *button = follow_button (fixture);

  (void)is_simulation;
  g_signal_emit_by_name (button, "clicked");
  assert_following (fixture, FALSE);
  guint64 before = position (fixture);
  wait_for_growth (fixture, 20);
  g_assert_cmpuint (position (fixture), ==, before);
  g_signal_emit_by_name (button, "clicked");
  assert_following (fixture, TRUE);
  g_assert_cmpuint (position (fixture), ==, n_events (fixture));
}

static gboolean
follows (gpointer data)
{
  return dms_session_is_following (data);
}

static void
test_playing_to_the_end_follows (Fixture *fixture, gconstpointer is_simulation)
{
  DmsTransport *transport = dms_gui_find (fixture->window, DMS_TYPE_TRANSPORT);

  (void)is_simulation;
  press (fixture, "win.first");
  dms_transport_set_speed (transport, DMS_SPEED_MAX);
  press (fixture, "win.play");
  assert_following (fixture, FALSE);
  dms_gui_wait (follows, fixture->session);
  wait_for_growth (fixture, 20);
  g_assert_cmpuint (position (fixture), ==, n_events (fixture));
}

static gboolean
has_ended (gpointer session)
{
  return !dms_session_is_growing (session);
}

static void
assert_ended (Fixture *fixture, guint64 before)
{
  dms_gui_wait (has_ended, fixture->session);
  g_assert_false (gtk_widget_get_visible (follow_button (fixture)));
  g_assert_null (strstr (dms_session_subtitle (fixture->session), "so far"));
  g_assert_cmpuint (position (fixture), ==, before);
  g_assert_cmpuint (
      dms_moment_state (dms_session_moment (fixture->session))->seq, ==, before);
  press (fixture, "win.first");
  press (fixture, "win.last");
  g_assert_cmpuint (position (fixture), ==, n_events (fixture));
  g_assert_false (dms_session_is_following (fixture->session));
}

static void
test_it_ends_with_the_writer (Fixture *fixture, gconstpointer is_simulation)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);

  (void)is_simulation;
  g_assert_nonnull (strstr (dms_session_subtitle (fixture->session), "so far"));
  press (fixture, "win.back");
  guint64 before = position (fixture);
  dms_trace_writer_close (g_steal_pointer (&fixture->writer));
  assert_ended (fixture, before);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
}

static void
test_a_killed_writer_ends_it (Fixture *fixture, gconstpointer is_simulation)
{
  (void)is_simulation;
  wait_for_growth (fixture, 5000);
  press (fixture, "win.back");
  guint64 before = position (fixture);
  dms_trace_writer_kill (g_steal_pointer (&fixture->writer));
  assert_ended (fixture, before);
  g_assert_true (gtk_revealer_get_reveal_child (
      dms_gui_find (fixture->window, GTK_TYPE_REVEALER)));
  g_assert_cmpuint (n_events (fixture), ==, fixture->wanted);
}

typedef struct
{
  gint64 last_us, worst_us;
} Pulse;

static gboolean
pulse_cb (gpointer data)
{
  Pulse *pulse = data;
  gint64 now = g_get_monotonic_time ();

  if (pulse->last_us > 0)
    pulse->worst_us = MAX (pulse->worst_us, now - pulse->last_us);
  pulse->last_us = now;
  return G_SOURCE_CONTINUE;
}

/* Much happens in a second; still the window answers, and what it shows is recent. */
static void
test_it_answers_while_much_happens (Fixture *fixture, gconstpointer is_simulation)
{
  Pulse pulse = { 0 };
  guint timer = g_timeout_add (5, pulse_cb, &pulse);

  (void)is_simulation;
  dms_trace_writer_run (fixture->writer, RATE);
  fixture->wanted = MANY;
  dms_gui_wait (has_wanted, fixture);
  g_assert_cmpuint (position (fixture), ==, n_events (fixture));
  press (fixture, "win.back");
  guint64 before = position (fixture);
  fixture->wanted = n_events (fixture) + MANY / 5;
  dms_gui_wait (has_wanted, fixture);
  g_assert_cmpuint (position (fixture), ==, before);
  g_source_remove (timer);
  g_test_message ("busy for %.1f ms at most", (double)pulse.worst_us / 1000.0);
  g_assert_cmpint (pulse.worst_us, <, BUSY_MS_MAX * 1000);
}

static void
test_out_of_sight_is_said (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "live.dmatrace", NULL);
  g_autofree char *alone = g_build_filename (dir, "alone.dmatrace", NULL);
  DmsTraceWriter *writer = dms_trace_writer_start (path, FALSE);

  dms_trace_writer_fill (writer);
  g_assert_cmpint (link (path, alone), ==, 0);
  DmsWindow *window = dms_gui_open (NULL, alone, WIDTH, HEIGHT);
  DmsSession *session = dms_window_session (window);
  g_assert_nonnull (dms_session_moment (session));
  g_assert_false (dms_session_is_growing (session));
  g_assert_cmpint (dms_session_life (session), ==, DMS_LIFE_OUT_OF_SIGHT);
  GtkRevealer *remark = dms_gui_find (window, GTK_TYPE_REVEALER);
  GtkLabel *label = dms_gui_find (remark, GTK_TYPE_LABEL);
  g_assert_true (gtk_revealer_get_reveal_child (remark));
  g_assert_nonnull (strstr (gtk_label_get_text (label), "-wal"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.hide-remark", NULL);
  g_assert_false (gtk_revealer_get_reveal_child (remark));
  dms_session_last (session);
  g_assert_cmpuint (dms_session_moment (session)->seq, >, 1000);
  dms_trace_writer_close (writer);
  dms_session_first (session);
  dms_session_last (session);
  dms_gui_close (window);
}

#define RECORDING NULL
#define SIMULATION GINT_TO_POINTER (1)

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *one = g_strconcat ("/gui/follow/recording/", name, NULL);
  g_autofree char *other = g_strconcat ("/gui/follow/simulation/", name, NULL);

  g_test_add (one, Fixture, RECORDING, set_up, test, tear_down);
  g_test_add (other, Fixture, SIMULATION, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_gui_init (&argc, &argv);
  add ("it-keeps-up", test_it_keeps_up);
  add ("one-can-step-back-meanwhile", test_one_can_step_back_meanwhile);
  add ("the-button-goes-on", test_the_button_goes_on);
  add ("playing-to-the-end-follows", test_playing_to_the_end_follows);
  add ("it-ends-with-the-writer", test_it_ends_with_the_writer);
  add ("a-killed-writer-ends-it", test_a_killed_writer_ends_it);
  add ("it-answers-while-much-happens", test_it_answers_while_much_happens);
  g_test_add_func ("/gui/follow/out-of-sight-is-said", test_out_of_sight_is_said);
  return g_test_run ();
}
