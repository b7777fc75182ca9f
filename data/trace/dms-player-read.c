/* dms-player-read.c — the cursor, steps, positions, and what else a trace holds
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player-private.h"

#include "data/trace/dms-trace-private.h"

#include <string.h>

/* ---- the cursor -------------------------------------------------------- */

gboolean
dms_player_seek (DmsPlayer *player, guint64 seq, GError **error)
{
  return dms_player_move (player, player->timeline, seq, error);
}

const DmsState *
dms_player_state (const DmsPlayer *player)
{
  return dms_timeline_state (player->timeline);
}

const DmsEvent *
dms_player_event (const DmsPlayer *player)
{
  /* The chunk cache is no part of what a caller sees. */
  DmsPlayer *unlocked = (DmsPlayer *)player;
  guint64 seq = dms_player_state (player)->seq;
  const DmsEvent *event = seq == 0 ? NULL : dms_player_peek (unlocked, seq, NULL);

  if (event == NULL)
    unlocked->event = (DmsEvent){ .kind = DMS_EVENT_NONE };
  else
    unlocked->event = *event;
  return &player->event;
}

/* ---- steps and times --------------------------------------------------- */

/* First chunk whose last step is at least @step; the number of chunks when there is
 * none. */
static gsize
place_of_step (const DmsPlayer *player, guint64 step)
{
  gsize low = 0;
  gsize high = player->directory->len;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      if (dms_player_chunk_at (player, middle)->head.last_step < step)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint64
dms_player_first_of_step (DmsPlayer *player, guint64 step, GError **error)
{
  gsize place = place_of_step (player, step);
  if (place == player->directory->len)
    return player->n_events + 1;

  const DmsChunk *chunk = dms_player_chunk (player, place, error);
  if (chunk == NULL)
    return 0;
  guint32 low = 0;
  guint32 high = chunk->head.n - 1; /* which has the last step */
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (chunk->events[middle].step < step)
        low = middle + 1;
      else
        high = middle;
    }
  return chunk->events[low].seq;
}

gboolean
dms_player_step_events (DmsPlayer *player,
                        guint64 step,
                        guint64 *ret_first,
                        guint64 *ret_last,
                        GError **error)
{
  if (step > player->n_steps)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_RANGE,
                           player->path,
                           "there is no step %" G_GUINT64_FORMAT
                           "; a number from 0 to %" G_GUINT64_FORMAT " is needed",
                           step,
                           player->n_steps);

  guint64 first = dms_player_first_of_step (player, step, error);
  guint64 next = first == 0 ? 0 : dms_player_first_of_step (player, step + 1, error);
  if (next == 0)
    return FALSE;
  if (next == first && step > 0)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_RANGE,
                           player->path,
                           "there is no step %" G_GUINT64_FORMAT,
                           step);
  *ret_first = next == first ? 0 : first;
  *ret_last = next - 1;
  return TRUE;
}

gboolean
dms_player_event_at (DmsPlayer *player, gint64 t_ns, guint64 *ret_seq, GError **error)
{
  /* Times may go back a little, so the last chunk that has an early enough one decides.
   */
  gsize place = player->directory->len;
  while (place > 0 && dms_player_chunk_at (player, place - 1)->head.t0 > t_ns)
    place--;
  if (place == 0)
    {
      *ret_seq = 0;
      return TRUE;
    }

  const DmsChunk *chunk = dms_player_chunk (player, place - 1, error);
  if (chunk == NULL)
    return FALSE;
  guint32 i = chunk->head.n;
  while (i > 1 && chunk->events[i - 1].t_ns > t_ns)
    i--;
  *ret_seq = chunk->events[i - 1].seq;
  return TRUE;
}

/* ---- positions --------------------------------------------------------- */

static gboolean
fail_position (DmsPlayer *player, const char *text, GError **error)
{
  return dms_trace_fail (
      error,
      DMS_TRACE_ERROR_RANGE,
      player->path,
      "“%.100s” is no position; an event number (12), a step (step:21), "
      "a time (13.011706s) or a share (50%%) is needed",
      text);
}

/* Decimal digits only, without sign; moves *at behind them. */
static gboolean
take_number (const char **at, guint64 *ret_number)
{
  guint64 number = 0;
  const char *digit = *at;

  for (; g_ascii_isdigit (*digit); digit++)
    {
      guint64 value = (guint64)(*digit - '0');
      if (number > (G_MAXINT64 - value) / 10)
        return FALSE;
      number = number * 10 + value;
    }
  if (digit == *at)
    return FALSE;
  *at = digit;
  *ret_number = number;
  return TRUE;
}

/* ".011706": up to @digits digits count, further ones do not; a missing fraction is 0.
 */
static guint64
take_fraction (const char **at, guint digits)
{
  guint64 value = 0;

  if (**at == '.' || **at == ',')
    ++*at;
  for (; g_ascii_isdigit (**at); ++*at)
    if (digits > 0)
      {
        value = value * 10 + (guint64)(**at - '0');
        digits--;
      }
  for (; digits > 0; digits--)
    value *= 10;
  return value;
}

static gboolean
position_of_step (DmsPlayer *player, const char *text, guint64 *ret_seq, GError **error)
{
  guint64 step = 0;
  guint64 first = 0;
  const char *at = text + strlen ("step:");

  if (!take_number (&at, &step) || *at != '\0')
    return fail_position (player, text, error);
  return dms_player_step_events (player, step, &first, ret_seq, error);
}

static gboolean
position_of_time (DmsPlayer *player,
                  const char *text,
                  gboolean is_negative,
                  guint64 seconds,
                  guint64 ns,
                  guint64 *ret_seq,
                  GError **error)
{
  if (seconds > G_MAXINT64 / 1000000000 - 1)
    return fail_position (player, text, error);
  gint64 t_ns = (gint64)(seconds * 1000000000 + ns);
  return dms_player_event_at (player, is_negative ? -t_ns : t_ns, ret_seq, error);
}

/* In millionths of a percent. */
static gboolean
position_of_share (DmsPlayer *player,
                   const char *text,
                   guint64 percent,
                   guint64 millionths,
                   guint64 *ret_seq,
                   GError **error)
{
  if (percent > 100 || (percent == 100 && millionths > 0))
    return fail_position (player, text, error);
  double share = ((double)percent + (double)millionths / 1e6) / 100;
  guint64 seq = (guint64)(share * (double)player->n_events + 0.5);
  *ret_seq = MIN (seq, player->n_events);
  return TRUE;
}

static gboolean
position_of_event (DmsPlayer *player, guint64 seq, guint64 *ret_seq, GError **error)
{
  if (seq > player->n_events)
    return dms_trace_fail (error,
                           DMS_TRACE_ERROR_RANGE,
                           player->path,
                           "there is no event %" G_GUINT64_FORMAT
                           "; a number from 0 to %" G_GUINT64_FORMAT " is needed",
                           seq,
                           player->n_events);
  *ret_seq = seq;
  return TRUE;
}

gboolean
dms_player_parse_position (DmsPlayer *player,
                           const char *text,
                           guint64 *ret_seq,
                           GError **error)
{
  if (g_str_has_prefix (text, "step:"))
    return position_of_step (player, text, ret_seq, error);

  const char *at = text;
  gboolean is_negative = *at == '-';
  guint64 number = 0;
  at += is_negative ? 1 : 0;
  if (!take_number (&at, &number))
    return fail_position (player, text, error);
  if (*at == '\0' && !is_negative)
    return position_of_event (player, number, ret_seq, error);

  const char *fraction = at;
  guint64 ns = take_fraction (&at, 9);
  if (strcmp (at, "s") == 0)
    return position_of_time (player, text, is_negative, number, ns, ret_seq, error);
  guint64 millionths = take_fraction (&fraction, 6);
  if (strcmp (at, "%") == 0 && !is_negative)
    return position_of_share (player, text, number, millionths, ret_seq, error);
  return fail_position (player, text, error);
}

/* ---- reading
 * -----------------------------------------------------------------------------------
 */

gboolean
dms_player_read (DmsPlayer *player, guint64 seq, DmsEvent *ret_event, GError **error)
{
  const DmsEvent *event = dms_player_peek (player, seq, error);
  if (event == NULL)
    return FALSE;
  *ret_event = *event;
  return TRUE;
}

gboolean
dms_player_each (DmsPlayer *player,
                 guint64 first,
                 guint64 last,
                 DmsState *state,
                 DmsPlayerEach each,
                 gpointer data,
                 GError **error)
{
  for (guint64 seq = first; seq <= last; seq++)
    {
      /* @each may use the player, so that the chunk may leave the cache meanwhile: the
       * event is looked up each time, which a cached chunk makes cheap. */
      const DmsEvent *event = dms_player_peek (player, seq, error);
      if (event == NULL)
        return FALSE;
      DmsEvent copy = *event;
      DmsStatus status = state == NULL ? DMS_OK : dms_state_apply (state, &copy);
      if (status != DMS_OK)
        return dms_trace_fail_status (error, status, player->path, seq);
      if (!each (&copy, state, data))
        break;
    }
  return TRUE;
}

/* ---- sources, unread lines, mappings ----------------------------------- */

/* A text, or what SQLite says instead. */
static int
step_text (sqlite3_stmt *statement, int column, char **ret_text)
{
  int code = sqlite3_step (statement);
  const char *text = code == SQLITE_ROW
                         ? (const char *)sqlite3_column_text (statement, column)
                         : NULL;

  if (text != NULL)
    *ret_text = g_utf8_make_valid (text, -1);
  return code == SQLITE_ROW && text == NULL ? SQLITE_NOMEM : code;
}

char *
dms_player_source (DmsPlayer *player, const char *name, GError **error)
{
  sqlite3_stmt *statement = NULL;
  char *text = NULL;
  int code = sqlite3_prepare_v2 (player->db,
                                 "SELECT text FROM source WHERE run = ? AND name = ?",
                                 -1,
                                 &statement,
                                 NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, player->run);
      sqlite3_bind_text (statement, 2, name, -1, SQLITE_STATIC);
      code = step_text (statement, 0, &text);
    }
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    dms_player_fail_sqlite (player, code, error);
  sqlite3_finalize (statement);
  return text;
}

GPtrArray *
dms_player_source_names (DmsPlayer *player, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement = NULL;
  char *name = NULL;
  int code = sqlite3_prepare_v2 (
      player->db,
      "SELECT name FROM source WHERE run = ? ORDER BY name LIMIT 10000",
      -1,
      &statement,
      NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, player->run);
      while ((code = step_text (statement, 0, &name)) == SQLITE_ROW)
        g_ptr_array_add (names, name);
    }
  sqlite3_finalize (statement);
  if (code != SQLITE_DONE)
    {
      dms_player_fail_sqlite (player, code, error);
      return NULL;
    }
  return g_steal_pointer (&names);
}

static void
free_unread (gpointer data)
{
  DmsUnreadLine *line = data;
  g_free (line->line);
  g_free (line->reason);
  g_free (line);
}

static DmsUnreadLine *
new_unread (sqlite3_stmt *statement)
{
  const char *line = (const char *)sqlite3_column_text (statement, 1);
  const char *reason = (const char *)sqlite3_column_text (statement, 2);
  DmsUnreadLine *unread = g_new0 (DmsUnreadLine, 1);

  unread->number = (guint64)sqlite3_column_int64 (statement, 0);
  unread->line = g_utf8_make_valid (line == NULL ? "" : line, -1);
  unread->reason = g_utf8_make_valid (reason == NULL ? "" : reason, -1);
  return unread;
}

GPtrArray *
dms_player_unread (DmsPlayer *player, GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (free_unread);
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (
      player->db,
      "SELECT number, line, reason FROM unread WHERE run = ? ORDER BY number LIMIT ?",
      -1,
      &statement,
      NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, player->run);
      sqlite3_bind_int64 (statement, 2, DMS_TRACE_UNREAD_MAX);
      while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        g_ptr_array_add (lines, new_unread (statement));
    }
  sqlite3_finalize (statement);
  if (code != SQLITE_DONE)
    {
      dms_player_fail_sqlite (player, code, error);
      return NULL;
    }
  return g_steal_pointer (&lines);
}
