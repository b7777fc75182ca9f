/* dms-port-table.c — how drivers learn the addresses of their buffers, device by device
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-port-table.h"

#include "app/dms-cli-text.h"
#include "app/dms-json-private.h"
#include "engine/core/dms-sentence.h"

#include <glib.h>

/* Devices beside each other; more go below. */
#define COLUMNS 3
#define HEAD_WIDTH 20

/* What is told of a device, a line each. */
typedef enum
{
  TELL_DEVICE,
  TELL_LEARNS,
  TELL_CALLS,
  TELL_ELEMENTS,
  TELL_INSIDE,
  TELL_IRQL,
  TELL_LOCK,
  TELL_FREED,
  TELL_VALID,
  TELL_MAX
} Tell;

static const char *
head_of (Tell line)
{
  switch (line)
    {
    case TELL_DEVICE:
      return "Device";
    case TELL_LEARNS:
      return "Learns addresses by";
    case TELL_CALLS:
      return "Calls";
    case TELL_ELEMENTS:
      return "Pieces";
    case TELL_INSIDE:
      return "Called in";
    case TELL_IRQL:
      return "IRQL";
    case TELL_LOCK:
      return "Holding";
    case TELL_FREED:
      return "Freed by";
    case TELL_VALID:
      return "Valid until";
    case TELL_MAX:
      break;
    }
  return "";
}

/* (nullable) */
static const char *
routine_name (guint routine)
{
  const DmsRoutineInfo *info = dms_routine_info (routine);

  return info ? info->name : NULL;
}

static const char *
shown (const char *text)
{
  return text ? text : "-";
}

static const char *
owner_text (DmsOwner owner)
{
  switch (owner)
    {
    case DMS_OWNER_NOBODY:
      return "nobody yet";
    case DMS_OWNER_DRIVER:
      return "the driver";
    case DMS_OWNER_PORT:
      return "the port driver";
    }
  return "-";
}

static void
append_cell (DmsBytes *bytes,
             const DmsPortSummaryRow *row,
             Tell line,
             const DmsNames *names)
{
  switch (line)
    {
    case TELL_DEVICE:
      dms_names_append (bytes, names, row->device);
      return;
    case TELL_LEARNS:
      dms_bytes_append_text (bytes, shown (routine_name (row->learns)));
      return;
    case TELL_CALLS:
      dms_say_number (bytes, row->calls, NULL);
      dms_bytes_append_text (bytes, " for ");
      dms_text_append_count (bytes, row->requests, "request", "requests");
      return;
    case TELL_ELEMENTS:
      dms_say_elements (bytes, row->elements, NULL);
      return;
    case TELL_INSIDE:
      dms_bytes_append_text (bytes, shown (routine_name (row->inside)));
      return;
    case TELL_IRQL:
      dms_bytes_append_text (bytes, dms_context_name (row->irql));
      return;
    case TELL_LOCK:
      dms_bytes_append_text (bytes, dms_lock_text (row->lock));
      return;
    case TELL_FREED:
      dms_bytes_append_text (bytes, owner_text (row->freed_by));
      return;
    case TELL_VALID:
      dms_bytes_append_text (bytes, shown (routine_name (row->valid_until)));
      return;
    case TELL_MAX:
      return;
    }
}

static char *
cell (const DmsPortSummaryRow *row, Tell line, const DmsNames *names)
{
  DmsBytes bytes;
  char *text = NULL;

  dms_bytes_init (&bytes);
  append_cell (&bytes, row, line, names);
  text = g_strdup (dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
  return text;
}

static int
width_of (const DmsPortSummaryRow *row, const DmsNames *names)
{
  glong widest = 0;

  for (Tell line = TELL_DEVICE; line < TELL_MAX; line++)
    {
      g_autofree char *text = cell (row, line, names);

      widest = MAX (widest, g_utf8_strlen (text, -1));
    }
  return (int)widest;
}

static void
append_line (DmsBytes *bytes,
             const DmsPortSummary *summary,
             gsize first,
             Tell line,
             const DmsNames *names)
{
  dms_bytes_printf (bytes, "%-*s", HEAD_WIDTH, head_of (line));
  for (gsize i = first; i < first + COLUMNS; i++)
    {
      const DmsPortSummaryRow *row = dms_port_summary_row (summary, i);
      const DmsPortSummaryRow *next = dms_port_summary_row (summary, i + 1);
      g_autofree char *text = row ? cell (row, line, names) : NULL;
      gboolean is_last = !next || i + 1 == first + COLUMNS;

      if (row)
        dms_bytes_printf (bytes, "  %s", text);
      if (row && !is_last)
        dms_bytes_printf (
            bytes, "%*s", width_of (row, names) - (int)g_utf8_strlen (text, -1), "");
    }
  dms_bytes_append_text (bytes, "\n");
}

void
dms_port_table_append (DmsBytes *bytes,
                       const DmsPortSummary *summary,
                       const DmsNames *names)
{
  for (gsize first = 0; dms_port_summary_row (summary, first); first += COLUMNS)
    {
      dms_bytes_append_text (bytes, "\n");
      for (Tell line = TELL_DEVICE; line < TELL_MAX; line++)
        append_line (bytes, summary, first, line, names);
    }
}

/* ---- JSON ---- */

static const char *
lock_key (guint lock)
{
  return lock == 0 ? "none" : lock == 1 ? "start-io" : "interrupt";
}

static const char *
owner_key (DmsOwner owner)
{
  switch (owner)
    {
    case DMS_OWNER_NOBODY:
      return "nobody";
    case DMS_OWNER_DRIVER:
      return "driver";
    case DMS_OWNER_PORT:
      return "port-driver";
    }
  return "nobody";
}

static json_t *
make_row (const DmsPortSummaryRow *row, const DmsNames *names)
{
  json_t *object = json_object ();

  dms_json_put_name (object, "device", row->device, names);
  dms_json_put_number (object, "requests", row->requests);
  dms_json_put_text (object, "learns_by", routine_name (row->learns));
  dms_json_put_number (object, "calls", row->calls);
  dms_json_put_number (object, "elements", row->elements);
  dms_json_put_text (object, "in", routine_name (row->inside));
  dms_json_put_text (object, "irql", dms_context_name (row->irql));
  dms_json_put_text (object, "lock", lock_key (row->lock));
  dms_json_put_text (object, "freed_by", owner_key (row->freed_by));
  dms_json_put_text (object, "freed_with", routine_name (row->freed_with));
  dms_json_put_text (object, "valid_until", routine_name (row->valid_until));
  return object;
}

void
dms_port_table_put_json (json_t *object,
                         const DmsPortSummary *summary,
                         const DmsNames *names)
{
  json_t *rows = json_array ();
  const DmsPortSummaryRow *row = NULL;

  for (gsize i = 0; (row = dms_port_summary_row (summary, i)) != NULL; i++)
    if (json_array_append_new (rows, make_row (row, names)) != 0)
      g_error ("no memory for the addresses");
  dms_json_put (object, "addresses", rows);
}
