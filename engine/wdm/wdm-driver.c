/* wdm-driver.c — the system calls the driver: StartDevice, StartIo, ISR, DPC
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include <string.h>

static bool
start_device (DmsMachine *machine, DmsDevice *device)
{
  WdmDevice *wdm = device->driver_side;
  WdmVisit visit;

  if (!wdm_visit_begin (machine,
                        device,
                        (DmsCallInfo){ .routine = DMS_ROUTINE_START_DEVICE,
                                       .irql = DMS_CONTEXT_PASSIVE },
                        &visit))
    return false;

  NTSTATUS status = wdm->driver->StartDevice (&wdm->object, device->window);

  wdm_visit_end_status (machine, &visit, status);
  return NT_SUCCESS (status);
}

static void
stop_device (DmsMachine *machine, DmsDevice *device)
{
  WdmDevice *wdm = device->driver_side;
  WdmVisit visit;

  if (!wdm_visit_begin (machine,
                        device,
                        (DmsCallInfo){ .routine = DMS_ROUTINE_STOP_DEVICE,
                                       .irql = DMS_CONTEXT_PASSIVE },
                        &visit))
    return;
  wdm->driver->StopDevice (&wdm->object);
  wdm_visit_end (machine, &visit);
}

static void
start_io (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer)
{
  WdmDevice *wdm = device->driver_side;
  WdmIrp *irp = wdm_irp_new (machine, transfer);
  WdmVisit visit;

  if (irp == NULL)
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }
  wdm->object.CurrentIrp = &irp->irp;
  if (!wdm_visit_begin (machine,
                        device,
                        (DmsCallInfo){ .routine = DMS_ROUTINE_START_IO,
                                       .transfer = transfer->id,
                                       .length = transfer->length,
                                       .cause = transfer->request_seq,
                                       .irql = DMS_CONTEXT_DISPATCH },
                        &visit))
    return;
  wdm->driver->StartIo (&wdm->object, &irp->irp);
  wdm_visit_end (machine, &visit);
}

static uint64_t
current_transfer (const DmsDevice *device)
{
  return device->current == NULL ? 0 : device->current->id;
}

static bool
isr (DmsMachine *machine, DmsDevice *device)
{
  WdmDevice *wdm = device->driver_side;
  WdmVisit visit;

  if (!wdm_visit_begin (machine,
                        device,
                        (DmsCallInfo){ .routine = DMS_ROUTINE_ISR,
                                       .transfer = current_transfer (device),
                                       .cause = device->interrupt_seq,
                                       .irql = DMS_CONTEXT_DEVICE },
                        &visit))
    return false;

  bool is_ours = wdm->driver->InterruptService (NULL, &wdm->object) != FALSE;

  wdm_visit_end (machine, &visit);
  return is_ours;
}

static void
dpc (DmsMachine *machine, DmsDevice *device)
{
  WdmDevice *wdm = device->driver_side;
  uint64_t cause = device->dpc_cause;
  WdmVisit visit;

  device->dpc_cause = 0;
  if (!wdm_visit_begin (machine,
                        device,
                        (DmsCallInfo){ .routine = DMS_ROUTINE_DPC,
                                       .transfer = current_transfer (device),
                                       .cause = cause,
                                       .irql = DMS_CONTEXT_DISPATCH },
                        &visit))
    return;
  wdm->driver->DpcForIsr (NULL, &wdm->object, wdm->dpc_irp, wdm->dpc_context);
  wdm_visit_end (machine, &visit);
}

static void
forget (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer)
{
  WdmDevice *wdm = device->driver_side;
  WdmIrp *irp = transfer->driver_side;

  if (irp == NULL)
    return;
  if (wdm->object.CurrentIrp == &irp->irp)
    wdm->object.CurrentIrp = NULL;
  wdm_irp_retire (wdm_of (machine), irp);
}

const DmsDriverOps wdm_driver_ops = { .start = start_device,
                                      .start_io = start_io,
                                      .isr = isr,
                                      .dpc = dpc,
                                      .stop = stop_device,
                                      .forget = forget,
                                      .cancel = wdm_cancel };
