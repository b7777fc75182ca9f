/* dms-gate.c — a sink that lets events through up to a position
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-gate.h"

#include <string.h>

static gboolean
is_behind (const DmsUntil *until, const DmsEvent *event)
{
  switch (until->kind)
    {
    case DMS_UNTIL_END:
      return FALSE;
    case DMS_UNTIL_EVENT:
      return event->seq > (guint64)until->value;
    case DMS_UNTIL_STEP:
      return event->step > (guint64)until->value;
    case DMS_UNTIL_TIME:
      return event->t_ns > until->value;
    default:
      g_assert_not_reached ();
    }
}

static DmsStatus
gate_event (void *data, const DmsEvent *event)
{
  DmsGate *gate = data;
  DmsStatus status;

  if (gate->is_complete || is_behind (&gate->until, event))
    {
      gate->is_complete = TRUE;
      return DMS_ERROR_END;
    }
  if (gate->n_events >= gate->max_events)
    {
      gate->is_cut = TRUE;
      return DMS_ERROR_END;
    }
  status = gate->inner.event (gate->inner.data, event);
  if (status == DMS_OK)
    gate->n_events++;
  return status;
}

static DmsStatus
gate_name (void *data, const DmsName *name)
{
  const DmsGate *gate = data;

  return gate->inner.name (gate->inner.data, name);
}

void
dms_gate_init (DmsGate *gate, DmsSink inner, DmsUntil until, guint64 max_events)
{
  memset (gate, 0, sizeof *gate);
  gate->inner = inner;
  gate->until = until;
  gate->max_events = max_events;
}

DmsSink
dms_gate_sink (DmsGate *gate)
{
  return (DmsSink){ .event = gate_event, .name = gate_name, .data = gate };
}

/* ---- positions of --until -------------------------------------------------------- */

/* Whole seconds and up to nine decimals, "s" behind them. */
static gboolean
parse_seconds (const char *text, gint64 *ret_ns)
{
  const char *end;
  gint64 ns = 0;
  gint64 unit = G_GINT64_CONSTANT (1000000000);
  guint64 seconds;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  seconds = g_ascii_strtoull (text, (char **)&end, 10);
  if (seconds > (guint64)(G_MAXINT64 / unit) - 1)
    return FALSE;
  if (*end == '.')
    for (end++; g_ascii_isdigit (*end) && unit > 1; end++)
      {
        unit /= 10;
        ns += (*end - '0') * unit;
      }
  if (strcmp (end, "s") != 0)
    return FALSE;
  *ret_ns = (gint64)seconds * G_GINT64_CONSTANT (1000000000) + ns;
  return TRUE;
}

static gboolean
parse_number (const char *text, gint64 *ret_number)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return FALSE;
  *ret_number = (gint64)number;
  return TRUE;
}

gboolean
dms_until_parse (const char *text, DmsUntil *ret_until, GError **error)
{
  DmsUntil until = { .kind = DMS_UNTIL_EVENT };

  if (parse_number (text, &until.value))
    ;
  else if (parse_seconds (text, &until.value))
    until.kind = DMS_UNTIL_TIME;
  else if (g_str_has_prefix (text, "step:") && parse_number (text + 5, &until.value))
    until.kind = DMS_UNTIL_STEP;
  else
    {
      g_set_error (
          error,
          DMS_OPEN_ERROR,
          DMS_OPEN_ERROR_INPUT,
          "\"%s\" is no position to stop at: an event number, step:21 or 0.000013s "
          "is needed",
          text);
      return FALSE;
    }
  *ret_until = until;
  return TRUE;
}
