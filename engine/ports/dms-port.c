/* dms-port.c — a port driver's life: adapter, memory, interrupt, DPC
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/ports/dms-port-private.h"

#include "engine/kernel/dms-pattern.h"

#include <string.h>

/* A request's extension begins here or behind: a multiple that tables of descriptors
 * are content with, so that none that fits in a page lies across two. */
#define EXTENSION_UNIT 1024u

/* ---- calls ---- */

bool
dms_port_enter (DmsMachine *machine,
                DmsPort *port,
                DmsRoutine role,
                uint8_t irql,
                DmsLock lock,
                DmsPortVisit *ret_visit)
{
  DmsCallInfo info = { .routine = role,
                       .name = dms_routine_info (role)->name,
                       .device = port->device,
                       .transfer = port->transfer,
                       .object = port->has_request ? port->request.list : 0,
                       .c = lock,
                       .length = port->has_request ? port->request.length : 0,
                       .flags = DMS_FLAG_CALLBACK,
                       .irql = irql };

  if (role == port->model->interrupt)
    info.cause = port->device->interrupt_seq;
  if (!dms_call_enter (machine, &info, &ret_visit->call))
    return false;
  ret_visit->outer = port->inside;
  port->inside = role;
  return true;
}

void
dms_port_leave (DmsMachine *machine,
                DmsPort *port,
                const DmsPortVisit *visit,
                uint64_t value)
{
  port->inside = visit->outer;
  dms_call_leave_value (machine, &visit->call, value, 0);
}

bool
dms_port_call (DmsMachine *machine,
               const DmsPort *port,
               DmsCallInfo info,
               DmsCall *ret_call)
{
  info.device = port->device;
  info.transfer = port->transfer;
  return dms_call_enter (machine, &info, ret_call);
}

/* ---- the adapter object and memory ---- */

static void
make_adapter (DmsMachine *machine, DmsPort *port)
{
  DmsDescription description
      = { .version = machine->policy.newest_version,
          .is_master = port->limits.is_master,
          .scatter_gather = port->limits.scatter_gather,
          .bus = port->limits.is_master ? DMS_BUS_PCI : DMS_BUS_ISA,
          .channel = port->limits.channel,
          .width = port->limits.width,
          .demand_mode = port->limits.demand_mode,
          .lines_32 = port->limits.address_bits >= 32,
          .lines_64 = port->limits.address_bits == 64,
          .address_width = port->limits.address_bits,
          .maximum_length = port->limits.maximum_length };
  DmsCall call;

  if (!dms_port_call (machine,
                      port,
                      (DmsCallInfo){ .routine = DMS_ROUTINE_PORT_GET_DMA_ADAPTER,
                                     .name = "IoGetDmaAdapter" },
                      &call))
    return;
  port->adapter = dms_adapter_new (machine, port->device, &description);
  dms_call_leave (machine, &call);
}

uint8_t *
dms_port_memory (DmsMachine *machine,
                 DmsPort *port,
                 uint64_t bytes,
                 uint32_t request_bytes)
{
  uint64_t at = (bytes + EXTENSION_UNIT - 1) / EXTENSION_UNIT * EXTENSION_UNIT;

  if (port->memory != NULL)
    return NULL;
  if (port->adapter == NULL)
    make_adapter (machine, port);
  if (port->adapter == NULL || bytes > DMS_COMMON_MAX / 2)
    return NULL;
  port->memory
      = dms_common_allocate (machine, port->adapter, at + request_bytes, UINT64_MAX);
  if (port->memory == NULL)
    return NULL;
  port->extension_at = at;
  port->limits.request_bytes = request_bytes;
  return port->memory->bytes;
}

static void
release_memory (DmsMachine *machine, DmsPort *port)
{
  DmsCommon *memory = port->memory;

  port->memory = NULL;
  if (memory != NULL)
    dms_common_free (
        machine, port->adapter, memory->asked, memory->logical, memory->bytes);
}

static void
put_adapter (DmsMachine *machine, DmsPort *port)
{
  DmsCall call;

  if (port->adapter == NULL
      || !dms_port_call (machine,
                         port,
                         (DmsCallInfo){ .routine = DMS_ROUTINE_PORT_PUT_DMA_ADAPTER,
                                        .name = "PutDmaAdapter",
                                        .object = port->adapter->id },
                         &call))
    return;
  dms_adapter_put (port->adapter);
  dms_call_leave (machine, &call);
  port->adapter = NULL;
}

uint32_t
dms_port_elements (const DmsPort *port)
{
  return port->model->elements (port->limits.breaks);
}

/* ---- the driver of a device ---- */

static bool
start_device (DmsMachine *machine, DmsDevice *device)
{
  DmsPort *port = device->driver_side;

  port->limits = (DmsPortLimits){ .maximum_length = DMS_PORT_UNLIMITED,
                                  .breaks = DMS_PORT_UNLIMITED };
  if (!port->ops->find (machine, port))
    {
      release_memory (machine, port);
      put_adapter (machine, port);
      return false;
    }
  if (port->adapter == NULL)
    make_adapter (machine, port);
  if (port->adapter == NULL)
    return false;
  if (port->memory == NULL && port->limits.request_bytes > 0
      && dms_port_memory (machine, port, 0, port->limits.request_bytes) == NULL)
    return false;
  port->is_wanted = true;
  return port->ops->initialize == NULL || port->ops->initialize (machine, port);
}

static void
stop_device (DmsMachine *machine, DmsDevice *device)
{
  DmsPort *port = device->driver_side;

  if (port->ops->stop != NULL)
    port->ops->stop (machine, port);
  release_memory (machine, port);
  put_adapter (machine, port);
}

static bool
isr (DmsMachine *machine, DmsDevice *device)
{
  DmsPort *port = device->driver_side;
  DmsPortVisit visit;

  if (!dms_port_enter (machine,
                       port,
                       port->model->interrupt,
                       DMS_CONTEXT_DEVICE,
                       DMS_LOCK_INTERRUPT,
                       &visit))
    return false;

  bool is_ours = port->ops->interrupt (machine, port);

  dms_port_leave (machine, port, &visit, is_ours);
  return is_ours;
}

static void
dpc (DmsMachine *machine, DmsDevice *device)
{
  DmsPort *port = device->driver_side;
  DmsCallInfo info = { .routine = DMS_ROUTINE_DPC,
                       .name = port->model->name,
                       .flags = DMS_FLAG_CALLBACK,
                       .cause = device->dpc_cause,
                       .irql = DMS_CONTEXT_DISPATCH };
  DmsCall call;

  device->dpc_cause = 0;
  if (!dms_port_call (machine, port, info, &call))
    return;
  if (port->has_request && port->request.is_to_map && !port->request.is_ended)
    dms_port_begin_map (machine, port);
  else if (port->has_request && port->request.is_ended)
    dms_port_finish (machine, port);
  else
    dms_port_go_on (machine, port);
  dms_call_leave (machine, &call);
}

/* The requester is done with it; a miniport that never completed has it no longer. */
static void
forget (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer)
{
  (void)machine;
  (void)device;
  (void)transfer;
}

static const DmsDriverOps driver_ops = { .start = start_device,
                                         .start_io = dms_port_take,
                                         .isr = isr,
                                         .dpc = dpc,
                                         .stop = stop_device,
                                         .forget = forget };

void
dms_port_init (DmsPort *port,
               DmsDevice *device,
               const DmsPortModel *model,
               const DmsMiniportOps *ops)
{
  *port = (DmsPort){ .model = model, .ops = ops, .device = device };
  device->driver_side = port;
  device->ops = &driver_ops;
}
