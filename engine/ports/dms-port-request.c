/* dms-port-request.c — a request on its way through a port driver
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/ports/dms-port-private.h"

#include "engine/kernel/dms-pattern.h"

#include <stdlib.h>
#include <string.h>

/* ---- how much goes at once ---- */

/* Whether each MDL that the transfer touches begins and ends where the adapter can. */
static bool
is_aligned (const DmsPort *port, const DmsTransfer *transfer)
{
  const DmsBuffer *buffer = transfer->buffer;
  uint64_t mask = port->limits.alignment_mask;
  uint64_t at = transfer->start;
  uint64_t end = transfer->start + transfer->length;

  while (at < end && at < buffer->length)
    {
      const DmsMdl *mdl = dms_buffer_mdl_at (buffer, at);
      uint64_t behind = mdl->start + mdl->length < end ? mdl->start + mdl->length : end;

      if (((mdl->address + (at - mdl->start)) & mask) != 0
          || ((behind - at) & mask) != 0)
        return false;
      at = behind;
    }
  return true;
}

/* Bytes from @at on that lie in at most @pages pages, counted for each MDL by itself:
 * so many elements and map registers suffice wherever the pages lie. */
static uint64_t
bytes_in_pages (const DmsBuffer *buffer, uint64_t at, uint64_t left, uint64_t pages)
{
  uint64_t bytes = 0;

  while (pages > 0 && bytes < left && at + bytes < buffer->length)
    {
      const DmsMdl *mdl = dms_buffer_mdl_at (buffer, at + bytes);
      uint64_t skip = at + bytes - mdl->start;
      uint64_t offset = dms_page_offset (mdl->address + skip);
      uint64_t room = mdl->length - skip;
      uint64_t n = dms_span_pages (offset, room);

      if (n > pages)
        room = pages * DMS_PAGE_SIZE - offset;
      pages -= n < pages ? n : pages;
      bytes += room;
    }
  return bytes < left ? bytes : left;
}

static uint64_t
piece_length (const DmsPort *port, const DmsTransfer *transfer)
{
  uint64_t left = transfer->length - port->done;
  uint64_t pages
      = port->limits.is_master ? dms_port_elements (port) : DMS_PORT_UNLIMITED;
  uint64_t unit = (uint64_t)port->limits.alignment_mask + 1;

  if (pages > port->adapter->allowed)
    pages = port->adapter->allowed;

  uint64_t length
      = bytes_in_pages (transfer->buffer, transfer->start + port->done, left, pages);

  if (length > port->limits.maximum_length)
    length = port->limits.maximum_length;
  /* The controller moves a part of one MDL. */
  if (!port->limits.is_master)
    {
      const DmsMdl *mdl
          = dms_buffer_mdl_at (transfer->buffer, transfer->start + port->done);
      uint64_t rest = mdl->start + mdl->length - transfer->start - port->done;

      length = length < rest ? length : rest;
    }
  /* What ends behind the buffer is asked for whole, and refused. */
  if (length == 0 || transfer->start + port->done + left > transfer->buffer->length)
    return left;
  return length < left && length >= unit ? length - length % unit : length;
}

/* ---- the end of a transfer ---- */

static void
complete (DmsMachine *machine, DmsPort *port, uint32_t status)
{
  DmsTransfer *transfer = dms_table_get (&machine->transfers, port->transfer);
  DmsCall call;

  if (transfer != NULL
      && dms_port_call (machine,
                        port,
                        (DmsCallInfo){ .routine = DMS_ROUTINE_IO_COMPLETE_REQUEST,
                                       .name = "IoCompleteRequest" },
                        &call))
    {
      dms_io_complete (machine, transfer, status, port->done);
      dms_call_leave (machine, &call);
    }
  port->transfer = 0;
  dms_port_go_on (machine, port);
}

/* ---- a piece ---- */

static bool
build (DmsMachine *machine, DmsPort *port)
{
  DmsPortVisit visit;

  if (port->model->build_io == DMS_ROUTINE_NONE)
    return true;
  if (!dms_port_enter (machine,
                       port,
                       port->model->build_io,
                       DMS_CONTEXT_DISPATCH,
                       DMS_LOCK_NONE,
                       &visit))
    return false;

  bool goes_on = port->ops->build_io (machine, port, &port->request);

  dms_port_leave (machine, port, &visit, goes_on);
  return goes_on && !port->request.is_ended;
}

static void
start (DmsMachine *machine, DmsPort *port)
{
  DmsPortVisit visit;

  if (!dms_port_enter (machine,
                       port,
                       port->model->start_io,
                       port->model->start_irql,
                       port->model->start_lock,
                       &visit))
    return;
  port->request.is_started = true;
  dms_port_leave (
      machine, port, &visit, port->ops->start_io (machine, port, &port->request));
}

static void
hand_over (DmsMachine *machine, DmsPort *port)
{
  port->is_wanted = false;
  if (!port->ops->make (machine, port, &port->request))
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }
  if (build (machine, port))
    start (machine, port);
}

/* The list is there: only now does the miniport hear of the request. */
static void
deliver (DmsMachine *machine, DmsList *list)
{
  DmsPort *port = list->data.device;

  if (!port->has_request)
    return;
  port->request.list = list->id;
  hand_over (machine, port);
}

static uint32_t
get_list (DmsMachine *machine, DmsPort *port, const DmsTransfer *transfer)
{
  const DmsBuffer *buffer = transfer->buffer;
  const DmsMdl *first = dms_buffer_mdl_at (buffer, port->request.start);
  size_t place = (size_t)(first - buffer->mdls);
  size_t n = buffer->n_mdls - place;
  DmsMdl **mdls = calloc (n, sizeof *mdls);

  if (mdls == NULL)
    return DMS_NT_INSUFFICIENT_RESOURCES;
  for (size_t i = 0; i < n; i++)
    mdls[i] = &buffer->mdls[place + i];

  DmsListRequest request = { .adapter = port->adapter,
                             .mdls = mdls,
                             .n_mdls = n,
                             .address = port->request.address,
                             .length = port->request.length,
                             .to_device = port->request.to_device,
                             .deliver = deliver,
                             .data = { .device = port },
                             .callback = port->model->name };
  uint32_t status = dms_list_get (machine, &request);

  free (mdls);
  return status;
}

static void
map (DmsMachine *machine, DmsPort *port, const DmsTransfer *transfer)
{
  uint8_t irql_before = machine->irql;
  DmsCall call;
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_PORT_GET_SCATTER_GATHER_LIST,
          .name = "GetScatterGatherList",
          .length = port->request.length,
          .flags = port->request.to_device ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE,
          .cause = transfer->request_seq };
  uint32_t status = DMS_NT_INSUFFICIENT_RESOURCES;

  machine->irql = DMS_CONTEXT_DISPATCH;
  if (dms_port_call (machine, port, info, &call))
    {
      status = get_list (machine, port, transfer);
      dms_call_leave_status (machine, &call, status);
    }
  machine->irql = irql_before;
  if (status == DMS_NT_SUCCESS)
    return;
  port->has_request = false;
  complete (machine, port, status);
}

/* A slave's miniport asks for its channel itself. What no MDL describes is refused. */
static void
hand_over_slave (DmsMachine *machine, DmsPort *port, const DmsTransfer *transfer)
{
  uint8_t irql_before = machine->irql;

  if (transfer->start + transfer->length > transfer->buffer->length)
    {
      dms_list_refuse (machine, port->device, transfer->id, DMS_NT_BUFFER_TOO_SMALL);
      port->has_request = false;
      complete (machine, port, DMS_NT_BUFFER_TOO_SMALL);
      return;
    }
  machine->irql = DMS_CONTEXT_DISPATCH;
  hand_over (machine, port);
  machine->irql = irql_before;
}

static void
begin_piece (DmsMachine *machine, DmsPort *port, const DmsTransfer *transfer)
{
  uint64_t start = transfer->start + port->done;
  const DmsMdl *mdl = dms_buffer_mdl_at (transfer->buffer, start);

  port->has_request = true;
  port->request = (DmsPortRequest){ .transfer = transfer->id,
                                    .start = start,
                                    .address = mdl->address + (start - mdl->start),
                                    .length = piece_length (port, transfer),
                                    .to_device = transfer->to_device };
  if (port->memory != NULL && port->limits.request_bytes > 0)
    {
      port->request.extension = port->memory->bytes + port->extension_at;
      memset (port->request.extension, DMS_PATTERN_FRESH, port->limits.request_bytes);
    }
  if (port->limits.is_master)
    map (machine, port, transfer);
  else
    hand_over_slave (machine, port, transfer);
}

void
dms_port_take (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer)
{
  DmsPort *port = device->driver_side;

  port->transfer = transfer->id;
  port->done = 0;
  if (transfer->length == 0 || !is_aligned (port, transfer))
    {
      dms_list_refuse (machine, device, transfer->id, DMS_NT_INVALID_PARAMETER);
      complete (machine, port, DMS_NT_INVALID_PARAMETER);
      return;
    }
  begin_piece (machine, port, transfer);
}

/* A miniport that asks for its requests gets none before. */
void
dms_port_go_on (DmsMachine *machine, DmsPort *port)
{
  const DmsTransfer *transfer = dms_table_get (&machine->transfers, port->transfer);

  if (port->has_request || (port->model->is_pulled && !port->is_wanted))
    return;
  if (transfer != NULL)
    begin_piece (machine, port, transfer);
  else
    dms_io_next (machine, port->device);
}

/* ---- the piece is done ---- */

static void
put_list (DmsMachine *machine, DmsPort *port, DmsList *list)
{
  uint32_t changed = 0;
  DmsCallInfo info = { .routine = DMS_ROUTINE_PORT_PUT_SCATTER_GATHER_LIST,
                       .name = "PutScatterGatherList",
                       .object = list->id,
                       .flags = port->request.to_device ? DMS_FLAG_TO_DEVICE
                                                        : DMS_FLAG_FROM_DEVICE };
  DmsCall call;

  if (!dms_port_call (machine, port, info, &call))
    return;
  if (!port->ops->is_unchanged (list, &changed))
    dms_machine_fact (machine,
                      DMS_FACT_LIST_CHANGED,
                      (DmsFactNote){ .device = port->device,
                                     .transfer = port->transfer,
                                     .object = list->id,
                                     .a = changed });
  dms_list_put (machine, list, port->request.to_device);
  dms_call_leave (machine, &call);
}

/* The same piece once more, by a new request block. */
static void
try_again (DmsMachine *machine, DmsPort *port)
{
  DmsPortRequest *request = &port->request;

  port->ops->retire (machine, port, request);
  request->is_again = true;
  request->is_busy = false;
  request->is_ended = false;
  request->is_started = false;
  hand_over (machine, port);
}

void
dms_port_finish (DmsMachine *machine, DmsPort *port)
{
  DmsPortRequest *request = &port->request;

  if (request->is_busy && !request->is_again)
    {
      try_again (machine, port);
      return;
    }

  const DmsTransfer *transfer = dms_table_get (&machine->transfers, port->transfer);
  DmsList *list = dms_list_live (machine, request->list);
  uint32_t status = request->status;

  if (list != NULL)
    put_list (machine, port, list);
  dms_port_free_channel (machine, port);
  port->ops->retire (machine, port, request);
  port->done += request->done < request->length ? request->done : request->length;

  bool is_whole = request->done >= request->length;

  port->has_request = false;
  if (transfer != NULL && status == DMS_NT_SUCCESS && is_whole
      && port->done < transfer->length)
    dms_port_go_on (machine, port);
  else
    complete (machine, port, status);
}

/* ---- what a miniport asks and tells ---- */

static DmsFactNote
note_of (const DmsPort *port, const DmsPortRequest *request)
{
  return (DmsFactNote){ .device = port->device,
                        .transfer = request == NULL ? 0 : request->transfer,
                        .object = request == NULL ? 0 : request->list };
}

const DmsList *
dms_port_list (DmsMachine *machine,
               DmsPort *port,
               const DmsPortRequest *request,
               uint64_t flags)
{
  DmsFactNote note = note_of (port, request);

  if (request == NULL || request->is_ended)
    {
      dms_machine_fact (machine, DMS_FACT_REQUEST_ENDED, note);
      return NULL;
    }

  const DmsList *list = dms_list_live (machine, request->list);

  note.a = flags;
  if (list == NULL)
    dms_machine_fact (machine, DMS_FACT_LIST_NOT_THERE, note);
  return list;
}

uint64_t
dms_port_address_of_data (DmsMachine *machine,
                          DmsPort *port,
                          const DmsPortRequest *request,
                          uint64_t address,
                          uint64_t *ret_length)
{
  const DmsList *list = dms_port_list (machine, port, request, 0);
  DmsFactNote note = note_of (port, request);

  *ret_length = 0;
  if (list == NULL)
    return 0;

  uint64_t at = address - request->address;

  for (uint32_t i = 0; i < list->n_elements; i++)
    {
      if (at < list->elements[i].length)
        {
          *ret_length = list->elements[i].length - at;
          return list->elements[i].logical + at;
        }
      at -= list->elements[i].length;
    }
  note.a = address;
  note.b = request->address;
  note.c = request->address + request->length;
  dms_machine_fact (machine, DMS_FACT_OUTSIDE_MDL, note);
  return 0;
}

uint64_t
dms_port_address_of_memory (DmsMachine *machine,
                            DmsPort *port,
                            const void *pointer,
                            uint64_t *ret_length)
{
  const DmsCommon *common = dms_common_of (machine, pointer);

  *ret_length = 0;
  if (common == NULL || common != port->memory)
    {
      dms_machine_fact (
          machine, DMS_FACT_COMMON_UNKNOWN, (DmsFactNote){ .device = port->device });
      return 0;
    }

  uint64_t at = (uint64_t)((const uint8_t *)pointer - common->bytes);

  *ret_length = common->length - at;
  return common->logical + at;
}

void
dms_port_wrong_place (DmsMachine *machine, const DmsPort *port)
{
  DmsFactNote note = note_of (port, port->has_request ? &port->request : NULL);

  note.a = port->inside;
  dms_machine_fact (machine, DMS_FACT_WRONG_PLACE, note);
}

void
dms_port_end (DmsMachine *machine,
              DmsPort *port,
              DmsPortRequest *request,
              uint32_t status,
              uint64_t done)
{
  if (request == NULL || request->is_ended)
    {
      dms_machine_fact (machine, DMS_FACT_COMPLETED_TWICE, note_of (port, request));
      return;
    }
  request->is_ended = true;
  request->status = status;
  request->done = done;
  (void)dms_io_request_dpc (machine, port->device);
}

void
dms_port_busy (DmsMachine *machine, DmsPort *port, DmsPortRequest *request)
{
  if (request != NULL && !request->is_ended)
    request->is_busy = true;
  dms_port_end (machine, port, request, DMS_NT_UNSUCCESSFUL, 0);
}

void
dms_port_next (DmsMachine *machine, DmsPort *port)
{
  port->is_wanted = true;
  if (port->model->is_pulled && !port->has_request)
    (void)dms_io_request_dpc (machine, port->device);
}
