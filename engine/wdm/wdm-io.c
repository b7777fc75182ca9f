/* wdm-io.c — routines for requests, IRQL, registers of devices, and pool
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

static WdmDevice *
find_device (const DmsMachine *machine, const void *object)
{
  return dms_table_get (&wdm_of (machine)->devices, wdm_key (object));
}

static WdmIrp *
find_irp (const DmsMachine *machine, const void *irp)
{
  return dms_table_get (&wdm_of (machine)->irps, wdm_key (irp));
}

/* ---- requests ---- */

VOID
IoStartNextPacket (PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable)
{
  DmsMachine *machine = wdm_current ();
  WdmDevice *device = machine == NULL ? NULL : find_device (machine, DeviceObject);

  UNREFERENCED_PARAMETER (Cancelable);
  if (device == NULL || device->device == NULL)
    return;
  device->object.CurrentIrp = NULL;
  dms_io_next (machine, device->device);
}

VOID
IoRequestDpc (PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoRequestDpc", &before);
  DmsCall call;

  if (machine == NULL)
    return;

  WdmDevice *device = find_device (machine, DeviceObject);
  WdmIrp *irp = find_irp (machine, Irp);
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_REQUEST_DPC,
                       .name = "IoRequestDpc",
                       .device = device == NULL ? NULL : device->device,
                       .transfer = irp == NULL ? 0 : irp->id };

  if (dms_call_enter (machine, &info, &call))
    {
      if (device != NULL && device->device != NULL
          && dms_io_request_dpc (machine, device->device))
        {
          ((WdmDevice *)device->device->driver_side)->dpc_target = device;
          device->dpc_irp = Irp;
          device->dpc_context = Context;
        }
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

/* ---- IRQL and caches ---- */

KIRQL
KeGetCurrentIrql (VOID)
{
  const DmsMachine *machine = wdm_current ();

  return machine == NULL ? PASSIVE_LEVEL : machine->irql;
}

static void
change_irql (const char *name, DmsRoutine routine, KIRQL irql)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin (name, &before);
  DmsCallInfo info = { .routine = routine, .name = name, .b = irql };
  DmsCall call;

  if (machine == NULL)
    return;
  if (dms_call_enter (machine, &info, &call))
    {
      dms_call_leave (machine, &call);
      machine->irql = irql;
    }
  wdm_end (machine, before);
}

VOID
KeRaiseIrql (KIRQL NewIrql, PKIRQL OldIrql)
{
  if (OldIrql != NULL)
    *OldIrql = KeGetCurrentIrql ();
  change_irql ("KeRaiseIrql", DMS_ROUTINE_KE_RAISE_IRQL, NewIrql);
}

VOID
KeLowerIrql (KIRQL NewIrql)
{
  change_irql ("KeLowerIrql", DMS_ROUTINE_KE_LOWER_IRQL, NewIrql);
}

VOID
KeFlushIoBuffers (PMDL Mdl, BOOLEAN ReadOperation, BOOLEAN DmaOperation)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("KeFlushIoBuffers", &before);
  DmsCall call;

  if (machine == NULL)
    return;

  const WdmMdl *mdl = dms_table_get (&wdm_of (machine)->mdls, wdm_key (Mdl));
  /* An MDL of the driver's own describes no buffer of a requester. */
  const DmsBuffer *buffer = mdl == NULL ? NULL : mdl->kernel.buffer;
  const DmsTransfer *transfer
      = buffer == NULL ? NULL : dms_table_get (&machine->transfers, buffer->transfer);
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_KE_FLUSH_IO_BUFFERS,
          .name = "KeFlushIoBuffers",
          .device = transfer == NULL ? NULL : transfer->device,
          .transfer = transfer == NULL ? 0 : transfer->id,
          .object = buffer == NULL ? 0 : buffer->id,
          .b = DmaOperation,
          .length = mdl == NULL ? 0 : mdl->kernel.length,
          .flags = ReadOperation ? DMS_FLAG_FROM_DEVICE : DMS_FLAG_TO_DEVICE };

  if (dms_call_enter (machine, &info, &call))
    {
      if (mdl == NULL)
        dms_machine_fact (machine,
                          Mdl == NULL ? DMS_FACT_NULL_MDL : DMS_FACT_UNKNOWN_MDL,
                          (DmsFactNote){ .a = wdm_shown (Mdl) });
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

/* ---- registers of devices ---- */

/* Somewhere else than in a device's window. */
static void
note_outside (DmsMachine *machine, const volatile void *address)
{
  dms_machine_fact (machine,
                    DMS_FACT_REGISTER_OUTSIDE,
                    (DmsFactNote){ .a = (uint64_t)(uintptr_t)address });
}

static uint64_t
read_register (const volatile void *address, uint32_t size)
{
  DmsMachine *machine = wdm_current ();
  DmsDevice *device = machine == NULL ? NULL : dms_machine_device_at (machine, address);

  /* A bus where nobody answers reads as ones. */
  if (device == NULL)
    {
      if (machine != NULL)
        note_outside (machine, address);
      return UINT64_MAX;
    }
  return device->model->read (
      machine, device, (uintptr_t)address - (uintptr_t)device->window, size);
}

static void
write_register (const char *name, volatile void *address, uint64_t value, uint32_t size)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin (name, &before);

  if (machine == NULL)
    return;

  DmsDevice *device = dms_machine_device_at (machine, address);

  dms_machine_spend (machine, machine->scenario->cost.register_write_ps);
  if (device != NULL)
    {
      uint64_t offset = (uintptr_t)address - (uintptr_t)device->window;
      DmsEvent event = dms_machine_event (machine, DMS_EVENT_REGISTER_WRITE);

      event.device = device->name;
      event.index = (uint32_t)offset;
      event.a = value;
      event.length = size;
      event.cause = machine->call_seq;
      dms_machine_emit (machine, &event);
      device->model->write (machine, device, offset, value, size);
    }
  else
    note_outside (machine, address);
  wdm_end (machine, before);
}

ULONG
READ_REGISTER_ULONG (volatile ULONG *Register)
{
  return (ULONG)read_register (Register, sizeof (ULONG));
}

ULONG64
READ_REGISTER_ULONG64 (volatile ULONG64 *Register)
{
  return read_register (Register, sizeof (ULONG64));
}

VOID
WRITE_REGISTER_ULONG (volatile ULONG *Register, ULONG Value)
{
  write_register ("WRITE_REGISTER_ULONG", Register, Value, sizeof Value);
}

VOID
WRITE_REGISTER_ULONG64 (volatile ULONG64 *Register, ULONG64 Value)
{
  write_register ("WRITE_REGISTER_ULONG64", Register, Value, sizeof Value);
}
