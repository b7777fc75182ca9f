/* wdm-stack.c — requests on their way down and up a stack of device objects
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include <string.h>

WdmIrp *
wdm_need_irp (DmsMachine *machine, const void *pointer)
{
  WdmIrp *irp = dms_table_get (&wdm_of (machine)->irps, wdm_key (pointer));

  if (irp == NULL || (irp->transfer == NULL && !irp->is_pnp))
    {
      dms_machine_fact (machine,
                        DMS_FACT_UNKNOWN_REQUEST,
                        (DmsFactNote){ .transfer = irp == NULL ? 0 : irp->id,
                                       .a = wdm_shown (pointer) });
      return NULL;
    }
  return irp;
}

WdmDevice *
wdm_need_device (DmsMachine *machine, const void *pointer)
{
  WdmDevice *device = dms_table_get (&wdm_of (machine)->devices, wdm_key (pointer));

  if (device == NULL)
    dms_machine_fact (
        machine, DMS_FACT_UNKNOWN_DEVICE, (DmsFactNote){ .a = wdm_shown (pointer) });
  return device;
}

static const DmsDevice *
device_of (const WdmIrp *irp)
{
  const WdmDevice *top = NULL;

  if (irp->transfer != NULL)
    return irp->transfer->device;
  top = (const WdmDevice *)irp->locations[irp->n_locations].DeviceObject;
  return top == NULL ? NULL : top->device;
}

/* ---- down ---- */

/* Our bus: it starts and stops whatever it is told, and takes no transfers. */
static NTSTATUS
serve_by_bus (DmsMachine *machine, WdmIrp *irp, PIO_STACK_LOCATION location)
{
  bool is_known = location->MajorFunction == IRP_MJ_PNP
                  && (location->MinorFunction <= IRP_MN_CANCEL_STOP_DEVICE
                      || location->MinorFunction == IRP_MN_SURPRISE_REMOVAL);
  NTSTATUS status = STATUS_SUCCESS;

  if (location->MajorFunction != IRP_MJ_PNP)
    status = STATUS_INVALID_DEVICE_REQUEST;
  else if (!is_known)
    status = irp->irp.IoStatus.Status;
  irp->irp.IoStatus.Status = status;
  (void)wdm_complete_up (machine, irp);
  return status;
}

static NTSTATUS
refuse (DmsMachine *machine, WdmIrp *irp)
{
  irp->irp.IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
  irp->irp.IoStatus.Information = 0;
  (void)wdm_complete_up (machine, irp);
  return STATUS_INVALID_DEVICE_REQUEST;
}

static const char *
routine_name (UCHAR major)
{
  switch (major)
    {
    case IRP_MJ_CREATE:
      return "DispatchCreate";
    case IRP_MJ_CLOSE:
      return "DispatchClose";
    case IRP_MJ_READ:
      return "DispatchRead";
    case IRP_MJ_WRITE:
      return "DispatchWrite";
    case IRP_MJ_CLEANUP:
      return "DispatchCleanup";
    case IRP_MJ_PNP:
      return "DispatchPnp";
    default:
      return "Dispatch";
    }
}

NTSTATUS
wdm_dispatch (DmsMachine *machine, WdmDevice *device, WdmIrp *irp)
{
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation (&irp->irp);
  PDRIVER_OBJECT driver = device->object.DriverObject;
  PDRIVER_DISPATCH routine = NULL;
  WdmVisit visit;

  if (device->is_bus)
    return serve_by_bus (machine, irp, location);
  if (driver != NULL && location->MajorFunction <= IRP_MJ_MAXIMUM_FUNCTION)
    routine = driver->MajorFunction[location->MajorFunction];
  if (routine == NULL)
    return refuse (machine, irp);

  DmsCallInfo info = {
    .routine = location->MajorFunction == IRP_MJ_PNP ? DMS_ROUTINE_DISPATCH_PNP
                                                     : DMS_ROUTINE_DISPATCH_REQUEST,
    .name = routine_name (location->MajorFunction),
    .transfer = irp->id,
    .b = (uint64_t)location->MajorFunction << 8 | location->MinorFunction,
    .length = irp->transfer == NULL ? 0 : irp->transfer->length,
    .cause
    = irp->transfer == NULL || machine->call_seq != 0 ? 0 : irp->transfer->request_seq,
    .irql = machine->irql
  };

  if (!wdm_visit_begin (machine, device->device, info, &visit))
    return refuse (machine, irp);

  NTSTATUS status = routine (&device->object, &irp->irp);

  wdm_visit_end_status (machine, &visit, status);
  return status;
}

/* The place in the stack where @irp is; the driver may have moved it anywhere. */
static bool
is_within (const WdmIrp *irp)
{
  int at = irp->irp.CurrentLocation;

  return at >= 1 && at <= irp->n_locations + 1
         && irp->irp.Tail.Overlay.CurrentStackLocation == &irp->locations[at];
}

static NTSTATUS
call_driver (DmsMachine *machine, PDEVICE_OBJECT object, PIRP pointer)
{
  WdmIrp *irp = wdm_need_irp (machine, pointer);
  WdmDevice *device = irp == NULL ? NULL : wdm_need_device (machine, object);

  if (device == NULL)
    return STATUS_INVALID_PARAMETER;
  if (irp->is_complete)
    {
      dms_machine_fact (
          machine, DMS_FACT_COMPLETED_TWICE, (DmsFactNote){ .transfer = irp->id });
      return STATUS_INVALID_PARAMETER;
    }
  if (!is_within (irp) || irp->irp.CurrentLocation == 1)
    {
      dms_machine_fact (
          machine,
          DMS_FACT_NO_STACK_LOCATION,
          (DmsFactNote){ .transfer = irp->id, .a = (uint64_t)irp->n_locations });
      return STATUS_INVALID_PARAMETER;
    }
  irp->irp.CurrentLocation--;
  irp->irp.Tail.Overlay.CurrentStackLocation--;
  IoGetCurrentIrpStackLocation (&irp->irp)->DeviceObject = object;
  return wdm_dispatch (machine, device, irp);
}

NTSTATUS
IoCallDriver (PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoCallDriver", &before);
  NTSTATUS status = STATUS_INVALID_PARAMETER;
  DmsCall call;

  if (machine == NULL)
    return status;

  const WdmIrp *irp = dms_table_get (&wdm_of (machine)->irps, wdm_key (Irp));
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_CALL_DRIVER,
                       .name = "IoCallDriver",
                       .device = irp == NULL ? NULL : device_of (irp),
                       .transfer = irp == NULL ? 0 : irp->id };

  if (dms_call_enter (machine, &info, &call))
    {
      status = call_driver (machine, DeviceObject, Irp);
      dms_call_leave_status (machine, &call, (uint32_t)status);
    }
  wdm_end (machine, before);
  return status;
}

BOOLEAN
IoForwardIrpSynchronously (PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
  DmsMachine *machine = wdm_current ();
  WdmIrp *irp
      = machine == NULL ? NULL : dms_table_get (&wdm_of (machine)->irps, wdm_key (Irp));

  if (irp == NULL || !is_within (irp) || irp->irp.CurrentLocation == 1)
    return FALSE;

  /* Completion stops below the location of the caller, who goes on with it. */
  CHAR at = irp->irp.CurrentLocation;

  IoCopyCurrentIrpStackLocationToNext (Irp);
  irp->stops_at = at;
  (void)IoCallDriver (DeviceObject, Irp);
  if (!irp->has_stopped)
    (void)wdm_wait_until (machine, &irp->has_stopped, UINT64_MAX);
  irp->stops_at = 0;
  irp->has_stopped = 0;
  return TRUE;
}

/* ---- up ---- */

static bool
is_invoked (const WdmIrp *irp, const IO_STACK_LOCATION *location)
{
  UCHAR wanted = NT_SUCCESS (irp->irp.IoStatus.Status) ? SL_INVOKE_ON_SUCCESS
                                                       : SL_INVOKE_ON_ERROR;

  if (irp->irp.Cancel)
    wanted |= SL_INVOKE_ON_CANCEL;
  return location->CompletionRoutine != NULL && (location->Control & wanted) != 0;
}

/* Calls the completion routine that the driver above @location has set there. */
static NTSTATUS
invoke (DmsMachine *machine, WdmIrp *irp, const IO_STACK_LOCATION *location)
{
  PDEVICE_OBJECT device = NULL;
  WdmVisit visit;
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_COMPLETION,
                       .transfer = irp->id,
                       .irql = machine->irql };

  if (irp->irp.CurrentLocation <= irp->n_locations)
    device = IoGetCurrentIrpStackLocation (&irp->irp)->DeviceObject;
  if (!wdm_visit_begin (machine, device_of (irp), info, &visit))
    return STATUS_SUCCESS;

  NTSTATUS status = location->CompletionRoutine (device, &irp->irp, location->Context);

  wdm_visit_end_status (machine, &visit, status);
  return status;
}

bool
wdm_complete_up (DmsMachine *machine, WdmIrp *irp)
{
  while (is_within (irp) && irp->irp.CurrentLocation <= irp->n_locations)
    {
      IO_STACK_LOCATION *location = IoGetCurrentIrpStackLocation (&irp->irp);

      irp->irp.PendingReturned = (location->Control & SL_PENDING_RETURNED) != 0;
      irp->irp.CurrentLocation++;
      irp->irp.Tail.Overlay.CurrentStackLocation++;
      if (irp->stops_at != 0 && irp->irp.CurrentLocation == irp->stops_at)
        {
          irp->has_stopped = 1;
          return false;
        }
      if (is_invoked (irp, location))
        {
          if (invoke (machine, irp, location) == STATUS_MORE_PROCESSING_REQUIRED)
            return false;
        }
      else if (irp->irp.PendingReturned && irp->irp.CurrentLocation <= irp->n_locations)
        IoMarkIrpPending (&irp->irp);
    }
  irp->is_complete = 1;
  if (irp->transfer == NULL)
    return true;
  if (irp->is_queued)
    dms_io_unqueue (irp->transfer);
  irp->is_queued = false;
  dms_io_complete (machine,
                   irp->transfer,
                   (uint32_t)irp->irp.IoStatus.Status,
                   irp->irp.IoStatus.Information);
  return true;
}

/* ---- IoCompleteRequest ---- */

static void
complete (DmsMachine *machine, PIRP pointer)
{
  WdmIrp *irp = dms_table_get (&wdm_of (machine)->irps, wdm_key (pointer));

  if (irp != NULL && irp->is_complete)
    dms_machine_fact (machine,
                      DMS_FACT_COMPLETED_TWICE,
                      (DmsFactNote){ .device = device_of (irp), .transfer = irp->id });
  else if (wdm_need_irp (machine, pointer) != NULL)
    (void)wdm_complete_up (machine, irp);
}

VOID
IoCompleteRequest (PIRP Irp, CCHAR PriorityBoost)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoCompleteRequest", &before);
  DmsCall call;

  UNREFERENCED_PARAMETER (PriorityBoost);
  if (machine == NULL)
    return;

  const WdmIrp *irp = dms_table_get (&wdm_of (machine)->irps, wdm_key (Irp));
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_IO_COMPLETE_REQUEST,
          .name = "IoCompleteRequest",
          .device = irp == NULL || irp->transfer == NULL ? NULL : irp->transfer->device,
          .transfer = irp == NULL ? 0 : irp->id };

  if (dms_call_enter (machine, &info, &call))
    {
      complete (machine, Irp);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

/* ---- StartIo's queue and cancelling ---- */

static void
start_packet (DmsMachine *machine,
              WdmDevice *device,
              WdmIrp *irp,
              PDRIVER_CANCEL cancel)
{
  /* What is queued already, or done, is not queued again. */
  if (irp->transfer == NULL || irp->is_complete || irp->is_queued)
    {
      dms_machine_fact (machine,
                        irp->is_complete ? DMS_FACT_COMPLETED_TWICE
                                         : DMS_FACT_UNKNOWN_REQUEST,
                        (DmsFactNote){ .device = device->device, .transfer = irp->id });
      return;
    }
  if (cancel != NULL)
    irp->irp.CancelRoutine = cancel;
  irp->start_device = device;
  irp->is_queued = true;
  dms_io_queue (machine, irp->transfer);
}

VOID
IoStartPacket (PDEVICE_OBJECT DeviceObject,
               PIRP Irp,
               PULONG Key,
               PDRIVER_CANCEL CancelFunction)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoStartPacket", &before);
  DmsCall call;

  UNREFERENCED_PARAMETER (Key);
  if (machine == NULL)
    return;

  const WdmIrp *known = dms_table_get (&wdm_of (machine)->irps, wdm_key (Irp));
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_START_PACKET,
                       .name = "IoStartPacket",
                       .device = known == NULL ? NULL : device_of (known),
                       .transfer = known == NULL ? 0 : known->id };

  if (dms_call_enter (machine, &info, &call))
    {
      WdmIrp *irp = wdm_need_irp (machine, Irp);
      WdmDevice *device = irp == NULL ? NULL : wdm_need_device (machine, DeviceObject);

      if (device != NULL)
        start_packet (machine, device, irp, CancelFunction);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

PDRIVER_CANCEL
IoSetCancelRoutine (PIRP Irp, PDRIVER_CANCEL CancelRoutine)
{
  DmsMachine *machine = wdm_current ();
  WdmIrp *irp = machine == NULL ? NULL : wdm_need_irp (machine, Irp);
  PDRIVER_CANCEL before = NULL;

  if (irp == NULL)
    return NULL;
  before = irp->irp.CancelRoutine;
  irp->irp.CancelRoutine = CancelRoutine;
  return before;
}
