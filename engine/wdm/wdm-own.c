/* wdm-own.c — somebody's own driver: loaded, told of its devices, given requests
 *
 * The way of a device: DriverEntry and AddDevice, IRP_MN_START_DEVICE, IRP_MJ_CREATE
 * when the driver has a routine for it; requests as they arrive; at the end
 * IRP_MJ_CLEANUP and IRP_MJ_CLOSE, IRP_MN_REMOVE_DEVICE, and DriverUnload after the
 * last device.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/wdm/dms-wdm.h"

#include <stdlib.h>
#include <string.h>

#define RESOURCES_MAX 3

struct WdmOwn
{
  DRIVER_OBJECT object;
  DRIVER_EXTENSION extension;
  const char *name;
  bool is_loaded;
  size_t n_devices; /* not removed so far */
};

/* ---- requests of the system itself ---- */

/* The status that a request of the system's came back with. */
static NTSTATUS
finish (DmsMachine *machine, WdmIrp *irp, NTSTATUS returned)
{
  NTSTATUS status = STATUS_UNSUCCESSFUL;

  if (!irp->is_complete && returned == STATUS_PENDING)
    (void)wdm_wait_until (machine, &irp->is_complete, UINT64_MAX);
  if (irp->is_complete)
    status = irp->irp.IoStatus.Status;
  else
    dms_machine_fact (machine,
                      returned == STATUS_PENDING ? DMS_FACT_WAITS_FOREVER
                                                 : DMS_FACT_NEITHER_DONE_NOR_PENDING,
                      (DmsFactNote){ .a = (uint32_t)returned });
  irp->is_pnp = false;
  wdm_irp_retire (wdm_of (machine), irp);
  return status;
}

/* Sends a request without a transfer down the stack of @bottom, and waits for it. */
static NTSTATUS
send (DmsMachine *machine, WdmDevice *bottom, UCHAR major, UCHAR minor)
{
  WdmIrp *irp = wdm_irp_for_stack (machine, bottom);
  PIO_STACK_LOCATION location = NULL;

  if (irp == NULL)
    return STATUS_INSUFFICIENT_RESOURCES;
  location = IoGetCurrentIrpStackLocation (&irp->irp);
  location->MajorFunction = major;
  location->MinorFunction = minor;
  if (major != IRP_MJ_PNP)
    irp->irp.IoStatus.Status = STATUS_SUCCESS;
  else if (minor == IRP_MN_START_DEVICE)
    {
      location->Parameters.StartDevice.AllocatedResources = bottom->resources;
      location->Parameters.StartDevice.AllocatedResourcesTranslated = bottom->resources;
    }
  else
    irp->irp.IoStatus.Status = STATUS_SUCCESS;
  return finish (machine, irp, wdm_dispatch (machine, wdm_top (bottom), irp));
}

/* Whether the driver has said what it does with @major. */
static bool
has_routine (const DmsMachine *machine, UCHAR major)
{
  return wdm_of (machine)->own->object.MajorFunction[major] != NULL;
}

/* ---- DriverEntry ---- */

static void
run_entry (DmsMachine *machine, void *subject, uint64_t number)
{
  WdmOwn *own = wdm_of (machine)->own;
  UNICODE_STRING path = { 0, 0, NULL };
  DmsCallInfo info = { .routine = DMS_ROUTINE_DRIVER_ENTRY,
                       .name = own->name,
                       .irql = DMS_CONTEXT_PASSIVE };
  WdmVisit visit;

  (void)subject;
  (void)number;
  if (!wdm_visit_begin (machine, NULL, info, &visit))
    return;

  NTSTATUS status = own->object.DriverInit (&own->object, &path);

  wdm_visit_end_status (machine, &visit, status);
  own->is_loaded = NT_SUCCESS (status);
}

DmsStatus
dms_wdm_load (DmsMachine *machine, PDRIVER_INITIALIZE entry, const char *name)
{
  WdmOwn *own = calloc (1, sizeof *own);

  if (own == NULL)
    return DMS_ERROR_NO_MEMORY;
  own->name = name;
  own->object.Type = 4;
  own->object.Size = (CSHORT)sizeof (DRIVER_OBJECT);
  own->object.DriverInit = entry;
  own->object.DriverExtension = &own->extension;
  own->extension.DriverObject = &own->object;
  wdm_of (machine)->own = own;
  dms_machine_push (machine, 0, run_entry, NULL, 0);
  return dms_machine_status (machine);
}

void
wdm_own_release (WdmMachine *wdm)
{
  free (wdm->own);
}

/* ---- a device's resources ---- */

/* What the device uses: its registers, its interrupt, and a channel of the system's DMA
 * controller when it has one. Raw and translated are the same in our machine. */
static bool
describe_resources (const DmsMachine *machine, WdmDevice *bottom)
{
  const DmsDevice *device = bottom->device;
  PCM_RESOURCE_LIST list = calloc (
      1, sizeof *list + (RESOURCES_MAX - 1) * sizeof (CM_PARTIAL_RESOURCE_DESCRIPTOR));

  if (list == NULL)
    return false;

  PCM_PARTIAL_RESOURCE_LIST partial = &list->List[0].PartialResourceList;
  /* As a pointer: there is room for more behind the one that is declared. */
  PCM_PARTIAL_RESOURCE_DESCRIPTOR at = partial->PartialDescriptors;

  list->Count = 1;
  list->List[0].InterfaceType = PCIBus;
  partial->Version = 1;
  partial->Revision = 1;
  at->Type = CmResourceTypeMemory;
  at->u.Memory.Start.QuadPart = (LONGLONG)wdm_registers_at (machine, device);
  at->u.Memory.Length = (ULONG)device->window_bytes;
  at++;
  at->Type = CmResourceTypeInterrupt;
  at->Flags = CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE;
  at->u.Interrupt.Level = DMS_CONTEXT_DEVICE;
  at->u.Interrupt.Vector = wdm_interrupt_vector (device);
  at->u.Interrupt.Affinity = 1;
  partial->Count = 2;
  if (machine->controller != NULL && strcmp (device->row->model, "system-dma") == 0)
    {
      at++;
      at->Type = CmResourceTypeDma;
      at->u.Dma.Channel = device->row->channel;
      partial->Count = 3;
    }
  bottom->resources = list;
  return true;
}

/* ---- start and end of a device ---- */

static NTSTATUS
add_device (DmsMachine *machine, DmsDevice *device)
{
  WdmOwn *own = wdm_of (machine)->own;
  WdmDevice *bottom = device->driver_side;
  PDRIVER_ADD_DEVICE routine = own->extension.AddDevice;
  DmsCallInfo info = { .routine = DMS_ROUTINE_ADD_DEVICE, .irql = DMS_CONTEXT_PASSIVE };
  WdmVisit visit;

  if (routine == NULL)
    {
      dms_machine_fact (machine,
                        DMS_FACT_ROUTINE_MISSING,
                        (DmsFactNote){ .device = device, .a = DMS_ROUTINE_ADD_DEVICE });
      return STATUS_NOT_SUPPORTED;
    }
  if (!wdm_visit_begin (machine, device, info, &visit))
    return STATUS_UNSUCCESSFUL;

  NTSTATUS status = routine (&own->object, &bottom->object);

  wdm_visit_end_status (machine, &visit, status);
  return status;
}

static bool
start (DmsMachine *machine, DmsDevice *device)
{
  WdmOwn *own = wdm_of (machine)->own;
  WdmDevice *bottom = device->driver_side;

  if (!own->is_loaded || !describe_resources (machine, bottom)
      || !NT_SUCCESS (add_device (machine, device)))
    return false;
  if (!NT_SUCCESS (send (machine, bottom, IRP_MJ_PNP, IRP_MN_START_DEVICE)))
    return false;
  return !has_routine (machine, IRP_MJ_CREATE)
         || NT_SUCCESS (send (machine, bottom, IRP_MJ_CREATE, 0));
}

static void
close_device (DmsMachine *machine, WdmDevice *bottom)
{
  if (has_routine (machine, IRP_MJ_CLEANUP))
    (void)send (machine, bottom, IRP_MJ_CLEANUP, 0);
  if (has_routine (machine, IRP_MJ_CLOSE))
    (void)send (machine, bottom, IRP_MJ_CLOSE, 0);
}

/* At the end of the run remove() follows, which says everything. */
static void
stop (DmsMachine *machine, DmsDevice *device)
{
  WdmDevice *bottom = device->driver_side;

  close_device (machine, bottom);
  if (machine->is_stopping)
    return;
  (void)send (machine, bottom, IRP_MJ_PNP, IRP_MN_QUERY_STOP_DEVICE);
  (void)send (machine, bottom, IRP_MJ_PNP, IRP_MN_STOP_DEVICE);
}

static void
note_left (DmsMachine *machine, uint64_t what, uint64_t count)
{
  if (count > 0)
    dms_machine_fact (
        machine, DMS_FACT_OBJECT_LEFT, (DmsFactNote){ .a = what, .b = count });
}

static void
unload (DmsMachine *machine)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmOwn *own = wdm->own;
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_DRIVER_UNLOAD, .irql = DMS_CONTEXT_PASSIVE };
  WdmVisit visit;

  if (!own->is_loaded)
    return;
  own->is_loaded = false;
  if (own->object.DriverUnload != NULL && wdm_visit_begin (machine, NULL, info, &visit))
    {
      own->object.DriverUnload (&own->object);
      wdm_visit_end (machine, &visit);
    }
  note_left (machine, 2, wdm->n_interrupts);
  note_left (machine, 3, wdm_dpcs_left (wdm));
}

static void
remove_device (DmsMachine *machine, DmsDevice *device)
{
  WdmOwn *own = wdm_of (machine)->own;
  WdmDevice *bottom = device->driver_side;
  uint64_t n_left = 0;

  if (bottom->above != NULL)
    (void)send (machine, bottom, IRP_MJ_PNP, IRP_MN_REMOVE_DEVICE);
  for (const WdmDevice *at = bottom->above; at != NULL; at = at->above)
    n_left++;
  note_left (machine, 1, n_left);
  if (--own->n_devices == 0)
    unload (machine);
}

/* ---- requests for transfers ---- */

/* What a dispatch routine returns has to agree with what became of the request. */
static void
check_answer (DmsMachine *machine, const WdmIrp *irp, NTSTATUS status)
{
  bool is_marked
      = (irp->locations[irp->n_locations].Control & SL_PENDING_RETURNED) != 0;
  DmsFactNote note = { .transfer = irp->id, .a = (uint32_t)status };

  note.device = irp->transfer == NULL ? NULL : irp->transfer->device;
  if (status == STATUS_PENDING && !is_marked)
    dms_machine_fact (machine, DMS_FACT_PENDING_NOT_MARKED, note);
  else if (status != STATUS_PENDING && is_marked)
    dms_machine_fact (machine, DMS_FACT_PENDING_NOT_RETURNED, note);
  else if (status != STATUS_PENDING && !irp->is_complete)
    dms_machine_fact (machine, DMS_FACT_NEITHER_DONE_NOR_PENDING, note);
}

static void
dispatch (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer)
{
  WdmIrp *irp = wdm_irp_new (machine, transfer);

  if (irp == NULL)
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }
  irp->irp.Cancel = transfer->is_cancelled;

  WdmDevice *top = wdm_top (device->driver_side);
  const PIRP pointer = &irp->irp;
  NTSTATUS status = wdm_dispatch (machine, top, irp);

  /* A routine that waited may have let the requester finish meanwhile. */
  irp = dms_table_get (&wdm_of (machine)->irps, wdm_key (pointer));
  if (irp != NULL)
    check_answer (machine, irp, status);
}

static void
start_io (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer)
{
  WdmIrp *irp = transfer->driver_side;
  WdmDevice *target = irp->start_device;
  PDRIVER_STARTIO routine = target->object.DriverObject->DriverStartIo;
  DmsCallInfo info = { .routine = DMS_ROUTINE_START_IO,
                       .transfer = transfer->id,
                       .length = transfer->length,
                       .irql = DMS_CONTEXT_DISPATCH };
  WdmVisit visit;

  irp->is_queued = false;
  if (routine == NULL || target->is_deleted)
    {
      dms_machine_fact (machine,
                        DMS_FACT_ROUTINE_MISSING,
                        (DmsFactNote){ .device = device, .a = DMS_ROUTINE_START_IO });
      irp->irp.IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
      (void)wdm_complete_up (machine, irp);
      dms_io_next (machine, device);
      return;
    }
  target->object.CurrentIrp = &irp->irp;
  if (!wdm_visit_begin (machine, device, info, &visit))
    return;
  routine (&target->object, &irp->irp);
  wdm_visit_end (machine, &visit);
}

static void
dpc (DmsMachine *machine, DmsDevice *device)
{
  WdmDevice *bottom = device->driver_side;
  WdmDevice *target = bottom->dpc_target;
  DmsCallInfo info = { .routine = DMS_ROUTINE_DPC,
                       .transfer = device->current == NULL ? 0 : device->current->id,
                       .cause = device->dpc_cause,
                       .irql = DMS_CONTEXT_DISPATCH };
  WdmVisit visit;

  device->dpc_cause = 0;
  if (target == NULL || target->dpc_routine == NULL)
    {
      dms_machine_fact (machine,
                        DMS_FACT_ROUTINE_MISSING,
                        (DmsFactNote){ .device = device, .a = DMS_ROUTINE_DPC });
      return;
    }
  info.name = target->dpc_name;
  if (!wdm_visit_begin (machine, device, info, &visit))
    return;
  target->dpc_routine (NULL, &target->object, target->dpc_irp, target->dpc_context);
  wdm_visit_end (machine, &visit);
}

VOID
IoInitializeDpcRequest (PDEVICE_OBJECT DeviceObject, PIO_DPC_ROUTINE DpcRoutine)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoInitializeDpcRequest", &before);
  WdmDevice *device = NULL;

  if (machine == NULL)
    return;
  device = wdm_need_device (machine, DeviceObject);
  if (device != NULL)
    {
      device->dpc_routine = DpcRoutine;
      device->dpc_name = wdm_argument (NULL);
    }
  wdm_end (machine, before);
}

/* Memory of the request is kept for a while; who still has it in a queue has lost it.
 */
static void
forget (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer)
{
  WdmIrp *irp = transfer->driver_side;

  (void)device;
  if (irp == NULL)
    return;
  if (irp->start_device != NULL && irp->start_device->object.CurrentIrp == &irp->irp)
    irp->start_device->object.CurrentIrp = NULL;
  wdm_irp_retire (wdm_of (machine), irp);
}

static const DmsDriverOps own_ops = { .start = start,
                                      .start_io = start_io,
                                      .isr = wdm_interrupt_run,
                                      .dpc = dpc,
                                      .stop = stop,
                                      .forget = forget,
                                      .cancel = wdm_cancel,
                                      .dispatch = dispatch,
                                      .remove = remove_device };

DmsStatus
dms_wdm_add_own (DmsMachine *machine, DmsDevice *device)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmDevice *made = calloc (1, sizeof *made);

  if (made == NULL || !dms_table_put (&wdm->devices, wdm_key (&made->object), made))
    {
      free (made);
      return DMS_ERROR_NO_MEMORY;
    }
  made->device = device;
  made->is_bus = true;
  made->object.Type = 3;
  made->object.Size = (USHORT)sizeof (DEVICE_OBJECT);
  made->object.StackSize = 1;
  made->object.Flags = DO_BUS_ENUMERATED_DEVICE;
  device->driver_side = made;
  device->ops = &own_ops;
  wdm->own->n_devices++;
  return DMS_OK;
}
