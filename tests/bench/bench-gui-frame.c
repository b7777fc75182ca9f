/* bench-gui-frame.c — how long a whole frame takes while the story is stepped through
 *
 * From the seek over layout and drawing to the last pixel that GTK hands to the
 * display, at 1600 × 1000. The story is stepped through several times, forwards and
 * back; each time has its 99th percentile, and the median of these counts, so that a
 * moment in which the machine did something else does not. Prints `name: value` lines;
 * fails when that misses the beat of a 60 Hz display.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/gui/dms-gui.h"

#include <stdlib.h>

#define WIDTH 1600
#define HEIGHT 1000
#define ROUNDS 11
#define LIMIT_MS 16.7

typedef struct
{
  gint64 begun_us;
  gint64 seek_us; /* spent on the step that this frame shows */
  gboolean is_drawn;
  GArray *frames; /* double, milliseconds, of one time through the story */
} Clock;

static void
before_paint_cb (Clock *clock)
{
  clock->begun_us = g_get_monotonic_time ();
}

static void
after_paint_cb (Clock *clock)
{
  double ms
      = (double)(g_get_monotonic_time () - clock->begun_us + clock->seek_us) / 1000.0;

  /* Only frames that show a step count; those of the glow after it are cheaper. */
  if (clock->seek_us > 0)
    g_array_append_val (clock->frames, ms);
  clock->seek_us = 0;
  clock->is_drawn = TRUE;
}

static gboolean
is_drawn (gpointer clock)
{
  return ((Clock *)clock)->is_drawn;
}

static gboolean
step (DmsSession *session, gboolean is_forward)
{
  return is_forward ? dms_session_forward (session) : dms_session_back (session);
}

static void
run (DmsWindow *window, Clock *clock, gboolean is_forward)
{
  DmsSession *session = dms_window_session (window);

  for (;;)
    {
      gint64 begun = g_get_monotonic_time ();

      if (!step (session, is_forward))
        return;
      clock->seek_us = MAX (g_get_monotonic_time () - begun, 1);
      clock->is_drawn = FALSE;
      dms_gui_wait (is_drawn, clock);
    }
}

static int
compare (gconstpointer one, gconstpointer other)
{
  double a = *(const double *)one, b = *(const double *)other;

  return (a > b) - (a < b);
}

static double
percentile (GArray *frames, double share)
{
  guint place = (guint)((double)(frames->len - 1) * share + 0.5);

  return g_array_index (frames, double, place);
}

/* Steps once through the story and adds its percentiles. */
static void
measure (DmsWindow *window, Clock *clock, int round, GArray *medians, GArray *p99s)
{
  double median, p99;

  g_array_set_size (clock->frames, 0);
  run (window, clock, round % 2 == 0);
  g_array_sort (clock->frames, compare);
  median = percentile (clock->frames, 0.5);
  p99 = percentile (clock->frames, 0.99);
  g_array_append_val (medians, median);
  g_array_append_val (p99s, p99);
}

int
main (int argc, char **argv)
{
  Clock clock = { 0 };
  DmsWindow *window;
  GdkFrameClock *frame_clock;
  g_autoptr (GArray) medians = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) p99s = g_array_new (FALSE, FALSE, sizeof (double));
  double p99;

  dms_gui_init (&argc, &argv);
  clock.frames = g_array_new (FALSE, FALSE, sizeof (double));
  window = dms_gui_open ("two-pages-out-of-reach", NULL, WIDTH, HEIGHT);
  frame_clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  g_signal_connect_swapped (
      frame_clock, "before-paint", G_CALLBACK (before_paint_cb), &clock);
  g_signal_connect_swapped (
      frame_clock, "after-paint", G_CALLBACK (after_paint_cb), &clock);
  for (int round = 0; round < ROUNDS; round++)
    measure (window, &clock, round, medians, p99s);
  g_signal_handlers_disconnect_by_data (frame_clock, &clock);

  g_array_sort (medians, compare);
  g_array_sort (p99s, compare);
  p99 = percentile (p99s, 0.5);
  g_print ("frame_size: %dx%d\n", WIDTH, HEIGHT);
  g_print ("frames: %d times %u\n", ROUNDS, clock.frames->len);
  g_print ("frame_median_ms: %.2f\n", percentile (medians, 0.5));
  g_print ("frame_p99_ms: %.2f (of one time through: %.2f to %.2f)\n",
           p99,
           percentile (p99s, 0),
           percentile (p99s, 1));
  g_print ("frame_p99_limit_ms: %.1f\n", LIMIT_MS);
  g_array_unref (clock.frames);
  dms_gui_close (window);
  return p99 <= LIMIT_MS ? EXIT_SUCCESS : EXIT_FAILURE;
}
