/* dms-moment.c — one position in a run, as the widgets show it
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-moment.h"

#include <string.h>

/* A step of very many events tells only what is noted at its beginning. */
#define FACT_EVENTS_MAX 256

static void
event_clear (DmsEvent *event)
{
  g_free ((gpointer)event->payload);
  memset (event, 0, sizeof *event);
}

static gboolean
event_read (DmsPlayer *player, guint64 seq, DmsEvent *ret_event, GError **error)
{
  DmsEvent event;

  if (!dms_player_read (player, seq, &event, error))
    return FALSE;
  event.payload = g_memdup2 (event.payload, event.payload_length);
  *ret_event = event;
  return TRUE;
}

/* The step's own event; before the first step its last one, which says most. */
static guint64
opening_seq (DmsPlayer *player, const DmsEvent *last, GError **error)
{
  guint64 first_seq, last_seq;

  if (last->step == 0)
    return last->seq;
  if (!dms_player_step_events (player, last->step, &first_seq, &last_seq, error))
    return 0;
  return MIN (first_seq, last->seq);
}

static char *
calls_to_text (const DmsState *state, const DmsNames *names)
{
  GString *text = g_string_new (NULL);

  for (guint32 i = 0; i < state->n_calls; i++)
    {
      if (i > 0)
        g_string_append (text, " ▸ ");
      g_string_append (text, dms_names_text (names, state->calls[i].name));
    }
  return g_string_free (text, FALSE);
}

/* Calls that end within the step are still running in its picture. */
static gboolean
path_read (DmsPlayer *player, guint64 seq, char **ret_path, GError **error)
{
  if (!dms_player_seek (player, seq, error))
    return FALSE;
  *ret_path = calls_to_text (dms_player_state (player), dms_player_names (player));
  return TRUE;
}

static gboolean
take_fact (const DmsEvent *event, const DmsState *state, gpointer data)
{
  DmsMoment *moment = data;

  (void)state;
  if (event->kind == DMS_EVENT_FACT)
    {
      DmsEvent *fact = &moment->facts[moment->n_facts++];
      *fact = *event;
      fact->payload = NULL;
      fact->payload_length = 0;
    }
  return moment->n_facts < DMS_SCENE_FACTS_MAX;
}

/* What the system noted in the step, behind the event that opened it. */
static gboolean
read_facts (DmsMoment *moment, guint64 first, GError **error)
{
  guint64 last = MIN (moment->seq, first + FACT_EVENTS_MAX);

  return dms_moment_is_recording (moment) || last <= first
         || dms_player_each (
             moment->player, first + 1, last, NULL, take_fact, moment, error);
}

static gboolean
load_events (DmsMoment *moment, GError **error)
{
  guint64 first;

  if (!event_read (moment->player, moment->seq, &moment->last, error))
    return FALSE;
  moment->step = moment->last.step;
  first = opening_seq (moment->player, &moment->last, error);
  return first > 0 && event_read (moment->player, first, &moment->opening, error)
         && read_facts (moment, first, error)
         && path_read (moment->player, first, &moment->path, error);
}

gboolean
dms_moment_load (DmsMoment *moment, DmsPlayer *player, guint64 seq, GError **error)
{
  DmsMoment fresh = { .player = player, .seq = seq };

  if ((seq > 0 && !load_events (&fresh, error))
      || !dms_player_seek (player, seq, error))
    {
      dms_moment_clear (&fresh);
      return FALSE;
    }
  if (!fresh.path)
    fresh.path = g_strdup ("");
  dms_moment_clear (moment);
  *moment = fresh;
  return TRUE;
}

void
dms_moment_clear (DmsMoment *moment)
{
  event_clear (&moment->opening);
  event_clear (&moment->last);
  g_free (moment->path);
  memset (moment, 0, sizeof *moment);
}

const DmsState *
dms_moment_state (const DmsMoment *moment)
{
  return dms_player_state (moment->player);
}

gboolean
dms_moment_is_recording (const DmsMoment *moment)
{
  return dms_player_info (moment->player)->kind != DMS_SOURCE_SIMULATION;
}

gint64
dms_moment_axis (const DmsMoment *moment)
{
  if (!dms_moment_is_recording (moment))
    return (gint64)moment->step;
  return moment->seq > 0 ? moment->last.t_ns : dms_player_first_time (moment->player);
}
