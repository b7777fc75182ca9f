/* dms-cli-print.c — a whole trace, printed event by event
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli-print.h"

#include "app/dms-cli-text.h"
#include "app/dms-json.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  DmsPlayer *player;
  DmsTextColumns columns;
  DmsPrintStyle style;
  guint64 shown_step; /* story: the step whose line is out */
  char *shown_why;    /* story: the reason that was told last */
} Printing;

void
dms_cli_put_json (json_t *object)
{
  char *line = json_dumps (object, JSON_COMPACT);

  if (!line)
    g_error ("no memory for JSON");
  dms_cli_put (line);
  dms_cli_put ("\n");
  free (line);
  json_decref (object);
}

/* A step is told by the event that opens it; before the first step all have something
 * to say about what there is. */
static gboolean
is_in_story (Printing *printing, const DmsEvent *event)
{
  if (event->step != 0 && event->step == printing->shown_step)
    return FALSE;
  printing->shown_step = event->step;
  return TRUE;
}

/* Steps that follow each other for the same reason give it once. */
static void
append_why (DmsBytes *bytes,
            const DmsEvent *event,
            const DmsState *state,
            Printing *printing)
{
  int indent = (int)strlen ("step ") + printing->columns.step_width
               + DMS_TEXT_TIME_WIDTH + 2 * (int)strlen (DMS_TEXT_GAP);
  DmsBytes why;

  dms_bytes_init (&why);
  dms_event_why (&why, event, state, dms_player_names (printing->player), NULL);
  if (why.length > 0 && g_strcmp0 (printing->shown_why, dms_bytes_text (&why)) != 0)
    dms_bytes_printf (bytes, "%*s%s\n", indent, "", dms_bytes_text (&why));
  g_free (printing->shown_why);
  printing->shown_why = g_strdup (dms_bytes_text (&why));
  dms_bytes_release (&why);
}

static gboolean
print_event_cb (const DmsEvent *event, const DmsState *state, gpointer data)
{
  Printing *printing = data;
  const DmsNames *names = dms_player_names (printing->player);
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  switch (printing->style)
    {
    case DMS_PRINT_JSON:
      dms_cli_put_json (dms_json_event (event, state, names));
      break;
    case DMS_PRINT_EVENTS:
      dms_text_append_event (&bytes, event, state, names, &printing->columns, TRUE);
      break;
    case DMS_PRINT_STORY:
      if (!is_in_story (printing, event))
        break;
      dms_text_append_event (&bytes, event, state, names, &printing->columns, FALSE);
      append_why (&bytes, event, state, printing);
      break;
    default:
      g_assert_not_reached ();
    }
  dms_text_put (&bytes);
  return !dms_cli_is_over ();
}

DmsExit
dms_cli_print (DmsPlayer *player, DmsPrintStyle style)
{
  Printing printing = { .player = player, .style = style };
  guint64 n = dms_player_n_events (player);
  g_autoptr (GError) error = NULL;
  DmsState *state = dms_state_new ();
  gboolean is_done;

  if (!state)
    g_error ("no memory for a state");
  dms_text_columns_init (&printing.columns, player);
  is_done = n == 0
            || dms_player_each (player, 1, n, state, print_event_cb, &printing, &error);
  dms_state_free (state);
  g_free (printing.shown_why);
  return is_done || dms_cli_is_over () ? DMS_EXIT_DONE : dms_cli_fail_error (error);
}
