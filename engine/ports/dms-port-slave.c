/* dms-port-slave.c — adapters that use a channel of the system's DMA controller
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/ports/dms-port-private.h"

static DmsFactNote
note_of (const DmsPort *port, const DmsPortRequest *request)
{
  return (DmsFactNote){ .device = port->device,
                        .transfer = request == NULL ? 0 : request->transfer,
                        .object = request == NULL ? 0 : request->grant };
}

/* The part of the request that dms_port_map() noted, in its MDL. */
static bool
range_of (const DmsMachine *machine,
          const DmsPortRequest *request,
          DmsMdl **mdls,
          DmsMapRange *ret_range)
{
  const DmsTransfer *transfer = dms_table_get (&machine->transfers, request->transfer);

  if (transfer == NULL)
    return false;
  mdls[0] = dms_buffer_mdl_at (transfer->buffer, request->start);
  *ret_range
      = (DmsMapRange){ .mdls = mdls,
                       .n_mdls = 1,
                       .skip = request->start + request->map_start - mdls[0]->start,
                       .length = request->map_length,
                       .to_device = request->to_device,
                       .max_elements = 1 };
  return true;
}

void
dms_port_map (DmsMachine *machine,
              DmsPort *port,
              DmsPortRequest *request,
              uint64_t start,
              uint64_t length)
{
  DmsFactNote note = note_of (port, request);
  const DmsGrant *grant
      = request == NULL ? NULL : dms_grant_live (machine, request->grant);

  if (request == NULL || request->is_ended)
    dms_machine_fact (machine, DMS_FACT_REQUEST_ENDED, note);
  else if (!port->adapter->is_slave)
    dms_machine_fact (machine, DMS_FACT_NOT_FOR_THIS_ADAPTER, note);
  else if (length == 0 || start >= request->length || length > request->length - start)
    {
      note.a = request->address + start;
      note.b = request->address;
      note.c = request->address + request->length;
      dms_machine_fact (machine, DMS_FACT_OUTSIDE_MDL, note);
    }
  else if (request->is_to_map || (grant != NULL && grant->mapped_bytes > 0))
    {
      note.a = grant == NULL ? request->map_length : grant->mapped_bytes;
      dms_machine_fact (machine, DMS_FACT_NOT_FLUSHED, note);
    }
  else
    {
      request->is_to_map = true;
      request->map_start = start;
      request->map_length = length;
      (void)dms_io_request_dpc (machine, port->device);
    }
}

/* With the channel in hand. */
static void
program (DmsMachine *machine, DmsPort *port, DmsGrant *grant)
{
  DmsMdl *mdls[1] = { NULL };
  DmsMapRange range;
  DmsListElement element;
  DmsPortVisit visit;
  uint32_t n = 0;
  uint64_t mapped = 0;

  port->request.is_to_map = false;
  if (!range_of (machine, &port->request, mdls, &range)
      || dms_grant_map (machine, grant, &range, &element, &n, &mapped)
             != DMS_NT_SUCCESS)
    return;
  if (!dms_port_enter (machine,
                       port,
                       DMS_ROUTINE_HW_SCSI_DMA_STARTED,
                       DMS_CONTEXT_DEVICE,
                       DMS_LOCK_INTERRUPT,
                       &visit))
    return;
  port->ops->dma_started (machine, port);
  dms_port_leave (machine, port, &visit, 0);
}

static DmsAction
deliver (DmsMachine *machine, DmsGrant *grant)
{
  DmsPort *port = grant->data.device;

  if (!port->has_request)
    return DMS_ACTION_DEALLOCATE;
  port->request.grant = grant->id;
  program (machine, port, grant);
  return DMS_ACTION_KEEP;
}

static uint32_t
ask (DmsMachine *machine, DmsPort *port)
{
  const DmsPortRequest *request = &port->request;
  uint64_t pages = dms_span_pages (dms_page_offset (request->address), request->length);
  DmsGrantRequest asked = { .adapter = port->adapter,
                            .transfer = request->transfer,
                            .count = (uint32_t)pages,
                            .deliver = deliver,
                            .data = { .device = port },
                            .callback = port->model->name };

  return dms_grant_ask (machine, &asked, NULL);
}

/* The channel is asked for once for each request, and programmed as often as the
 * miniport wants. */
void
dms_port_begin_map (DmsMachine *machine, DmsPort *port)
{
  DmsGrant *grant = dms_grant_live (machine, port->request.grant);
  DmsCall call;

  if (grant != NULL)
    {
      program (machine, port, grant);
      return;
    }
  if (!dms_port_call (
          machine,
          port,
          (DmsCallInfo){ .routine = DMS_ROUTINE_PORT_ALLOCATE_ADAPTER_CHANNEL,
                         .name = "AllocateAdapterChannel" },
          &call))
    return;

  uint32_t status = ask (machine, port);

  dms_call_leave_status (machine, &call, status);
  if (status == DMS_NT_SUCCESS)
    return;
  /* The miniport is not told that its request is over, so it will not ask for the next
   * one (our model). */
  port->is_wanted = true;
  dms_port_end (machine, port, &port->request, status, 0);
}

void
dms_port_flush (DmsMachine *machine, DmsPort *port)
{
  DmsPortRequest *request = port->has_request ? &port->request : NULL;
  DmsGrant *grant = request == NULL ? NULL : dms_grant_live (machine, request->grant);
  DmsMdl *mdls[1] = { NULL };
  DmsMapRange range;

  if (grant == NULL || grant->mapped_bytes == 0
      || !range_of (machine, request, mdls, &range))
    dms_machine_fact (machine, DMS_FACT_NOTHING_MAPPED, note_of (port, request));
  else
    (void)dms_grant_flush (machine, grant, &range);
}

void
dms_port_free_channel (DmsMachine *machine, DmsPort *port)
{
  DmsGrant *grant = dms_grant_live (machine, port->request.grant);
  DmsCall call;

  if (grant == NULL || grant->is_list || port->request.grant == 0)
    return;
  port->request.grant = 0;
  if (!dms_port_call (machine,
                      port,
                      (DmsCallInfo){ .routine = DMS_ROUTINE_PORT_FREE_ADAPTER_CHANNEL,
                                     .name = "FreeAdapterChannel",
                                     .object = port->adapter->id },
                      &call))
    return;
  dms_grant_free_channel (machine, port->adapter);
  dms_call_leave (machine, &call);
}
