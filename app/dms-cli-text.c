/* dms-cli-text.c — lines of text about events, as the commands print them
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli-text.h"

#include "app/dms-cli.h"

static int
digits_of (guint64 number)
{
  int digits = 1;

  for (; number >= 10; number /= 10)
    digits++;
  return digits;
}

void
dms_text_columns_init (DmsTextColumns *columns, DmsPlayer *player)
{
  columns->is_recording = dms_player_info (player)->kind != DMS_SOURCE_SIMULATION;
  columns->seq_width = digits_of (dms_player_n_events (player));
  columns->step_width = digits_of (dms_player_n_steps (player));
}

static guint64
magnitude (gint64 number)
{
  return number < 0 ? -(guint64)number : (guint64)number;
}

void
dms_text_append_time (DmsBytes *bytes,
                      gint64 t_ns,
                      gboolean is_recording,
                      gboolean is_column)
{
  const char *sign = t_ns < 0 ? "-" : "";
  guint64 ns = magnitude (t_ns);
  g_autofree char *text = NULL;

  if (is_recording)
    text = g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%06u s",
                            sign,
                            ns / 1000000000u,
                            (unsigned)(ns / 1000 % 1000000));
  else
    {
      DmsBytes whole;
      dms_bytes_init (&whole);
      dms_say_number (&whole, ns / 1000, NULL);
      text = g_strdup_printf (
          "%s%s.%03u µs", sign, dms_bytes_text (&whole), (unsigned)(ns % 1000));
      dms_bytes_release (&whole);
    }
  if (is_column)
    for (glong n = g_utf8_strlen (text, -1); n < DMS_TEXT_TIME_WIDTH; n++)
      dms_bytes_append_text (bytes, " ");
  dms_bytes_append_text (bytes, text);
}

void
dms_text_append_event (DmsBytes *bytes,
                       const DmsEvent *event,
                       const DmsState *state,
                       const DmsNames *names,
                       const DmsTextColumns *columns,
                       gboolean has_seq)
{
  DmsBytes place;

  if (has_seq)
    dms_bytes_printf (bytes,
                      "%*llu" DMS_TEXT_GAP,
                      columns->seq_width,
                      (unsigned long long)event->seq);
  if (!columns->is_recording)
    dms_bytes_printf (bytes,
                      "step %*llu" DMS_TEXT_GAP,
                      columns->step_width,
                      (unsigned long long)event->step);
  dms_text_append_time (bytes, event->t_ns, columns->is_recording, TRUE);
  dms_bytes_append_text (bytes, DMS_TEXT_GAP);
  dms_event_sentence (bytes, event, state, names, NULL);
  dms_bytes_init (&place);
  dms_event_place (&place, event, names);
  if (place.length > 0)
    dms_bytes_printf (bytes, " (%s)", dms_bytes_text (&place));
  dms_bytes_release (&place);
  dms_bytes_append_text (bytes, "\n");
}

void
dms_text_append_count (DmsBytes *bytes, guint64 n, const char *one, const char *many)
{
  dms_say_number (bytes, n, NULL);
  dms_bytes_printf (bytes, " %s", n == 1 ? one : many);
}

void
dms_text_put (DmsBytes *bytes)
{
  g_autofree char *valid = NULL;
  const char *text = dms_bytes_text (bytes);

  /* Names of a damaged trace may be anything; a terminal gets UTF-8. */
  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);
  dms_cli_put (text);
  dms_bytes_release (bytes);
}
