/* dms-trace-exercise.c — everything that a player can be asked, of a file by anybody
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/data/trace/dms-trace-exercise.h"

#include <string.h>

/* A refusal is one line and names the file; none is fine too. */
static void
check (const char *path, GError *error)
{
  if (error == NULL)
    return;
  g_autofree char *name = g_filename_display_name (path);
  g_assert_true (g_str_has_prefix (error->message, name));
  g_assert_null (strchr (error->message, '\n'));
  g_error_free (error);
}

static void
move_about (DmsPlayer *player, const char *path)
{
  guint64 n = dms_player_n_events (player);
  const guint64 places[] = { n, 0, n / 2, n / 3, n - MIN (n, 1), n / 2 + n / 4, n + 1 };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      GError *error = NULL;
      if (dms_player_seek (player, places[i], &error))
        g_assert_cmpuint (dms_player_state (player)->seq, ==, places[i]);
      check (path, error);
      (void)dms_player_event (player)->kind;
    }
}

static void
find (DmsPlayer *player, const char *path)
{
  static const char *const positions[] = { "7", "step:3", "13.01s", "37%" };
  DmsEvent event;

  for (guint i = 0; i < G_N_ELEMENTS (positions); i++)
    {
      GError *error = NULL;
      guint64 seq = 0;
      if (dms_player_parse_position (player, positions[i], &seq, &error))
        dms_player_read (player, seq, &event, seq == 0 ? NULL : &error);
      check (path, error);
    }
  for (guint64 id = 0; id < 4; id++)
    {
      GError *error = NULL;
      DmsMappingInterval interval;
      gboolean is_found = FALSE;
      dms_player_mapping (player, id * 50, &interval, &is_found, &error);
      check (path, error);
    }
}

static void
read_lane (DmsPlayer *player, const char *path, const DmsLane *lane)
{
  gint64 x0 = dms_player_first_time (player);
  gint64 x1 = dms_player_last_time (player);
  gboolean has_more = FALSE;

  for (guint i = 0; i < 3; i++)
    {
      GError *error = NULL;
      GArray *nodes = dms_player_lane_nodes (player, lane, x0, x1, 100, &error);
      check (path, error);
      g_clear_pointer (&nodes, g_array_unref);
      error = NULL;
      GArray *bars
          = dms_player_lane_bars (player, lane, x0, x1, 100, &has_more, &error);
      check (path, error);
      g_clear_pointer (&bars, g_array_unref);
      x1 = i == 0 ? x0 / 2 + x1 / 2 : G_MAXINT64;
      x0 = i == 0 ? x0 : G_MININT64;
    }
}

static void
read_lanes (DmsPlayer *player, const char *path)
{
  GError *error = NULL;
  GArray *lanes = dms_player_lanes (player, &error);

  check (path, error);
  for (guint i = 0; lanes != NULL && i < lanes->len && i < 8; i++)
    read_lane (player, path, &g_array_index (lanes, DmsLane, i));
  g_clear_pointer (&lanes, g_array_unref);
}

static gboolean
take_row (int n, const char *const *names, const char *const *values, gpointer data)
{
  guint *n_rows = data;
  for (int i = 0; i < n; i++)
    g_assert_true (names[i] != NULL
                   && (values[i] == NULL || g_utf8_validate (values[i], -1, NULL)));
  return ++*n_rows < 3000;
}

static void
read_tables (DmsPlayer *player, const char *path)
{
  static const char *const queries[] = {
    "SELECT * FROM event",
    "SELECT * FROM segment WHERE seq > 3",
    "SELECT * FROM event WHERE kind = 'map' AND device = '0000:00:01.0' AND step > 4",
    "SELECT * FROM run",
    "SELECT * FROM name",
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      GError *error = NULL;
      guint n_rows = 0;
      dms_player_sql (player, queries[i], take_row, &n_rows, &error);
      check (path, error);
    }
}

static void
read_rest (DmsPlayer *player, const char *path)
{
  GError *error = NULL;
  GPtrArray *unread = dms_player_unread (player, &error);
  check (path, error);
  error = NULL;
  GPtrArray *names = dms_player_source_names (player, &error);
  check (path, error);
  error = NULL;
  dms_player_poll (player, NULL, &error);
  check (path, error);
  g_clear_pointer (&unread, g_ptr_array_unref);
  g_clear_pointer (&names, g_ptr_array_unref);
}

gboolean
dms_trace_exercise (const char *path)
{
  GError *error = NULL;
  g_autoptr (DmsPlayer) player = dms_player_open (path, &error);

  g_assert_true ((player == NULL) == (error != NULL));
  check (path, error);
  if (player == NULL)
    return FALSE;
  move_about (player, path);
  find (player, path);
  read_lanes (player, path);
  read_tables (player, path);
  read_rest (player, path);
  return TRUE;
}
