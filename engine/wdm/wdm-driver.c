/* wdm-driver.c — the system calls the driver: StartDevice, StartIo, ISR, DPC
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include <string.h>

/* What runs while a routine of the driver does. */
typedef struct
{
  DmsCall call;
  DmsMachine *outer;
  bool is_inside;
} Visit;

static bool
enter (DmsMachine *machine, const DmsDevice *device, DmsCallInfo info, Visit *visit)
{
  info.name = dms_routine_info (info.routine)->name;
  info.device = device;
  info.flags = DMS_FLAG_CALLBACK;
  if (!dms_call_enter (machine, &info, &visit->call))
    return false;
  visit->outer = wdm_set_current (machine);
  return true;
}

static void
leave (DmsMachine *machine, const Visit *visit)
{
  wdm_set_current (visit->outer);
  dms_call_leave (machine, &visit->call);
}

static bool
start_device (DmsMachine *machine, DmsDevice *device)
{
  WdmDevice *wdm = device->driver_side;
  Visit visit;

  if (!enter (machine,
              device,
              (DmsCallInfo){ .routine = DMS_ROUTINE_START_DEVICE,
                             .irql = DMS_CONTEXT_PASSIVE },
              &visit))
    return false;

  NTSTATUS status = wdm->driver->StartDevice (&wdm->object, device->window);

  wdm_set_current (visit.outer);
  dms_call_leave_status (machine, &visit.call, (uint32_t)status);
  return NT_SUCCESS (status);
}

static void
stop_device (DmsMachine *machine, DmsDevice *device)
{
  WdmDevice *wdm = device->driver_side;
  Visit visit;

  if (!enter (machine,
              device,
              (DmsCallInfo){ .routine = DMS_ROUTINE_STOP_DEVICE,
                             .irql = DMS_CONTEXT_PASSIVE },
              &visit))
    return;
  wdm->driver->StopDevice (&wdm->object);
  leave (machine, &visit);
}

static void
start_io (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer)
{
  WdmDevice *wdm = device->driver_side;
  WdmIrp *irp = wdm_irp_new (machine, transfer);
  Visit visit;

  if (irp == NULL)
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }
  wdm->object.CurrentIrp = &irp->irp;
  if (!enter (machine,
              device,
              (DmsCallInfo){ .routine = DMS_ROUTINE_START_IO,
                             .transfer = transfer->id,
                             .length = transfer->length,
                             .cause = transfer->request_seq,
                             .irql = DMS_CONTEXT_DISPATCH },
              &visit))
    return;
  wdm->driver->StartIo (&wdm->object, &irp->irp);
  leave (machine, &visit);
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
  Visit visit;

  if (!enter (machine,
              device,
              (DmsCallInfo){ .routine = DMS_ROUTINE_ISR,
                             .transfer = current_transfer (device),
                             .cause = device->interrupt_seq,
                             .irql = DMS_CONTEXT_DEVICE },
              &visit))
    return false;

  bool is_ours = wdm->driver->InterruptService (NULL, &wdm->object) != FALSE;

  leave (machine, &visit);
  return is_ours;
}

static void
dpc (DmsMachine *machine, DmsDevice *device)
{
  WdmDevice *wdm = device->driver_side;
  uint64_t cause = device->dpc_cause;
  Visit visit;

  device->dpc_cause = 0;
  if (!enter (machine,
              device,
              (DmsCallInfo){ .routine = DMS_ROUTINE_DPC,
                             .transfer = current_transfer (device),
                             .cause = cause,
                             .irql = DMS_CONTEXT_DISPATCH },
              &visit))
    return;
  wdm->driver->DpcForIsr (NULL, &wdm->object, wdm->dpc_irp, wdm->dpc_context);
  leave (machine, &visit);
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
                                      .forget = forget };

/* ---- what samples ask ---- */

static const DmsDevice *
device_of (PDEVICE_OBJECT object)
{
  const DmsMachine *machine = wdm_current ();
  const WdmDevice *device
      = machine == NULL ? NULL
                        : dms_table_get (&wdm_of (machine)->devices, wdm_key (object));

  return device == NULL ? NULL : device->device;
}

BOOLEAN
SampleMistake (PDEVICE_OBJECT device, const CHAR *name)
{
  const DmsDevice *kernel = device_of (device);

  if (kernel == NULL || kernel->current == NULL)
    return FALSE;

  const DmsScenario *scenario = wdm_current ()->scenario;

  for (size_t i = 0; i < scenario->n_mistakes; i++)
    {
      const DmsScenarioMistake *mistake = &scenario->mistakes[i];

      if (mistake->device == kernel->index && strcmp (mistake->name, name) == 0
          && (mistake->nth == 0 || mistake->nth == kernel->current->nth))
        return TRUE;
    }
  return FALSE;
}

static bool
is_wanted (const DmsScenarioTouch *touch, SAMPLE_MOMENT moment)
{
  return touch->when
         == (moment == SAMPLE_AFTER_MAP ? DMS_TOUCH_AFTER_MAP : DMS_TOUCH_BEFORE_FLUSH);
}

BOOLEAN
SampleTouch (PDEVICE_OBJECT device,
             SAMPLE_MOMENT moment,
             ULONG index,
             SAMPLE_TOUCH *touch)
{
  const DmsDevice *kernel = device_of (device);

  if (kernel == NULL || kernel->current == NULL)
    return FALSE;

  const DmsTransfer *transfer = kernel->current;
  const DmsScenarioRequest *request
      = &wdm_current ()->scenario->requests[transfer->row];

  for (size_t i = 0; i < request->n_touches; i++)
    if (is_wanted (&request->touches[i], moment) && index-- == 0)
      {
        const DmsScenarioTouch *row = &request->touches[i];
        const DmsMdl *mdl = dms_buffer_mdl_at (transfer->buffer, row->start);
        uint64_t room = mdl->length - (row->start - mdl->start);

        touch->Writes = row->writes;
        touch->Bytes = mdl->bytes + (row->start - mdl->start);
        touch->Length = (SIZE_T)(row->length < room ? row->length : room);
        return TRUE;
      }
  return FALSE;
}
