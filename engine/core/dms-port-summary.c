/* dms-port-summary.c — how the driver of each device learns the addresses of its
 * buffers: one more fold over the events
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-port-summary.h"

#include "engine/core/dms-table.h"

#include <stdlib.h>
#include <string.h>

/* Calls that are open at once; deeper ones are not told apart. */
#define DEEPEST 256

typedef struct
{
  uint16_t routine;
  bool is_callback;
  uint8_t context;
  uint8_t lock;
} OpenCall;

/* Of one device. */
typedef struct
{
  DmsPortSummaryRow row;
  size_t place;  /* among those that are shown; SIZE_MAX = not yet */
  uint16_t ends; /* the miniport's last call that ended a request */
} Device;

struct DmsPortSummary
{
  DmsTable devices; /* name id → Device */
  Device **shown;   /* in order; room for all devices */
  size_t n_shown, capacity;
  OpenCall calls[DEEPEST];
  size_t n_calls; /* may be more than there is room for */
};

DmsPortSummary *
dms_port_summary_new (void)
{
  DmsPortSummary *summary = calloc (1, sizeof *summary);

  if (summary != NULL)
    dms_table_init (&summary->devices);
  return summary;
}

void
dms_port_summary_free (DmsPortSummary *summary)
{
  size_t at = 0;
  Device *device = NULL;

  if (summary == NULL)
    return;
  while ((device = dms_table_next (&summary->devices, &at, NULL)) != NULL)
    free (device);
  dms_table_release (&summary->devices);
  free (summary->shown);
  free (summary);
}

static bool
make_room (DmsPortSummary *summary)
{
  size_t capacity = summary->capacity == 0 ? 8 : 2 * summary->capacity;
  Device **shown = NULL;

  if (summary->devices.n < summary->capacity)
    return true;
  shown = realloc (summary->shown, capacity * sizeof (Device *));
  if (shown == NULL)
    return false;
  summary->shown = shown;
  summary->capacity = capacity;
  return true;
}

static Device *
need_device (DmsPortSummary *summary, uint32_t id)
{
  Device *device = dms_table_get (&summary->devices, id);

  if (device != NULL)
    return device;
  device = calloc (1, sizeof *device);
  if (device == NULL || !make_room (summary)
      || !dms_table_put (&summary->devices, id, device))
    {
      free (device);
      return NULL;
    }
  device->row.device = id;
  device->place = SIZE_MAX;
  return device;
}

/* ---- routines ---- */

static bool
learns_by (uint32_t routine)
{
  switch (routine)
    {
    case DMS_ROUTINE_GET_SCATTER_GATHER_LIST:
    case DMS_ROUTINE_BUILD_SCATTER_GATHER_LIST:
    case DMS_ROUTINE_GET_SCATTER_GATHER_LIST_EX:
    case DMS_ROUTINE_BUILD_SCATTER_GATHER_LIST_EX:
    case DMS_ROUTINE_MAP_TRANSFER:
    case DMS_ROUTINE_MAP_TRANSFER_EX:
    case DMS_ROUTINE_ATA_PORT_GET_SCATTER_GATHER_LIST:
    case DMS_ROUTINE_STOR_PORT_GET_SCATTER_GATHER_LIST:
    case DMS_ROUTINE_SCSI_PORT_GET_PHYSICAL_ADDRESS:
      return true;
    default:
      return false;
    }
}

/* Whether a call of the miniport ends a request. */
static bool
ends_request (const DmsEvent *event)
{
  switch (event->index)
    {
    case DMS_ROUTINE_ATA_PORT_COMPLETE_REQUEST:
      return true;
    case DMS_ROUTINE_STOR_PORT_NOTIFICATION:
    case DMS_ROUTINE_SCSI_PORT_NOTIFICATION:
      return (event->flags & DMS_FLAG_FOR_CHANNEL) == 0;
    default:
      return false;
    }
}

static bool
is_of_port (uint16_t routine)
{
  switch (routine)
    {
    case DMS_ROUTINE_PORT_PUT_SCATTER_GATHER_LIST:
    case DMS_ROUTINE_PORT_FREE_ADAPTER_CHANNEL:
      return true;
    default:
      return false;
    }
}

/* The innermost open call, of the driver's routines or of the system's; NULL: none. */
static const OpenCall *
innermost (const DmsPortSummary *summary, bool is_callback)
{
  size_t n = summary->n_calls < DEEPEST ? summary->n_calls : DEEPEST;

  while (n-- > 0)
    if (summary->calls[n].is_callback == is_callback)
      return &summary->calls[n];
  return NULL;
}

/* ---- events ---- */

static void
show (DmsPortSummary *summary, Device *device)
{
  if (device->place != SIZE_MAX)
    return;
  device->place = summary->n_shown;
  summary->shown[summary->n_shown++] = device;
}

static void
note_call (DmsPortSummary *summary, Device *device, const DmsEvent *event)
{
  DmsPortSummaryRow *row = &device->row;
  const OpenCall *around = innermost (summary, true);

  if (ends_request (event))
    device->ends = (uint16_t)event->index;
  if (!learns_by (event->index))
    return;
  show (summary, device);
  row->learns = (uint16_t)event->index;
  row->calls++;
  row->inside = around == NULL ? 0 : around->routine;
  row->lock = around == NULL ? 0 : around->lock;
  row->irql = event->context;
}

static DmsStatus
fold_call (DmsPortSummary *summary, const DmsEvent *event)
{
  bool is_callback = (event->flags & DMS_FLAG_CALLBACK) != 0;

  if (!is_callback && event->device != 0)
    {
      Device *device = need_device (summary, event->device);

      if (device == NULL)
        return DMS_ERROR_NO_MEMORY;
      note_call (summary, device, event);
    }
  if (summary->n_calls < DEEPEST)
    summary->calls[summary->n_calls]
        = (OpenCall){ .routine = (uint16_t)event->index,
                      .is_callback = is_callback,
                      .context = event->context,
                      .lock = is_callback ? (uint8_t)(event->c & 0xff) : 0 };
  summary->n_calls++;
  return DMS_OK;
}

static void
fold_unmap (DmsPortSummary *summary, Device *device)
{
  DmsPortSummaryRow *row = &device->row;
  const OpenCall *call = innermost (summary, false);

  if (call == NULL)
    return;
  row->freed_with = call->routine;
  row->freed_by = is_of_port (call->routine) ? DMS_OWNER_PORT : DMS_OWNER_DRIVER;
  row->valid_until = row->freed_by == DMS_OWNER_PORT ? device->ends : call->routine;
}

static DmsStatus
fold_device (DmsPortSummary *summary, const DmsEvent *event)
{
  Device *device = need_device (summary, event->device);

  if (device == NULL)
    return DMS_ERROR_NO_MEMORY;
  if (event->kind == DMS_EVENT_REQUEST)
    device->row.requests++;
  else if (event->kind == DMS_EVENT_MAP)
    device->row.elements += event->index;
  else
    fold_unmap (summary, device);
  return DMS_OK;
}

DmsStatus
dms_port_summary_apply (DmsPortSummary *summary, const DmsEvent *event)
{
  if ((event->flags & DMS_FLAG_RECORDED) != 0)
    return DMS_OK;
  switch (event->kind)
    {
    case DMS_EVENT_CALL:
      return fold_call (summary, event);
    case DMS_EVENT_RETURN:
      summary->n_calls -= summary->n_calls > 0;
      return DMS_OK;
    case DMS_EVENT_REQUEST:
    case DMS_EVENT_MAP:
    case DMS_EVENT_UNMAP:
      return fold_device (summary, event);
    default:
      return DMS_OK;
    }
}

const DmsPortSummaryRow *
dms_port_summary_row (const DmsPortSummary *summary, size_t place)
{
  return place < summary->n_shown ? &summary->shown[place]->row : NULL;
}
