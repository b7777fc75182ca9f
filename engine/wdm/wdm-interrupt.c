/* wdm-interrupt.c — registers of devices as addresses, and interrupts
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include <stdlib.h>

/* Our model of the machine's addresses: the registers of devices lie behind all memory,
 * and each device has a window of its own. */
#define LOWEST_REGISTERS UINT64_C (0x100000000)
#define WINDOW_BYTES UINT64_C (0x1000000)

#define FIRST_VECTOR 0x30

struct WdmInterrupt
{
  WdmDevice *bottom; /* NULL when disconnected */
  const DmsDevice *device;
  PKSERVICE_ROUTINE routine;
  PVOID context;
  const char *name;
};

/* ---- registers ---- */

uint64_t
wdm_registers_at (const DmsMachine *machine, const DmsDevice *device)
{
  uint64_t behind = machine->scenario->memory;

  if (behind < LOWEST_REGISTERS)
    behind = LOWEST_REGISTERS;
  return behind + device->index * WINDOW_BYTES;
}

static const DmsDevice *
device_at (const DmsMachine *machine, uint64_t address, uint64_t length)
{
  for (size_t i = 0; i < machine->n_devices; i++)
    {
      const DmsDevice *device = &machine->devices[i];
      uint64_t start = wdm_registers_at (machine, device);

      if (device->window != NULL && address >= start
          && address - start < device->window_bytes
          && length <= device->window_bytes - (address - start))
        return device;
    }
  return NULL;
}

PVOID
MmMapIoSpace (PHYSICAL_ADDRESS PhysicalAddress,
              SIZE_T NumberOfBytes,
              MEMORY_CACHING_TYPE CacheType)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("MmMapIoSpace", &before);
  PVOID mapped = NULL;
  DmsCall call;

  UNREFERENCED_PARAMETER (CacheType);
  if (machine == NULL)
    return NULL;

  uint64_t address = (uint64_t)PhysicalAddress.QuadPart;
  const DmsDevice *device = device_at (machine, address, NumberOfBytes);
  DmsCallInfo info = { .routine = DMS_ROUTINE_MM_MAP_IO_SPACE,
                       .name = "MmMapIoSpace",
                       .device = device,
                       .b = address,
                       .length = NumberOfBytes };

  if (dms_call_enter (machine, &info, &call))
    {
      if (device != NULL)
        mapped = device->window + (address - wdm_registers_at (machine, device));
      else
        dms_machine_fact (
            machine, DMS_FACT_REGISTER_OUTSIDE, (DmsFactNote){ .a = address });
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
  return mapped;
}

/* The mapping stays as it is: devices' registers are always there. */
VOID
MmUnmapIoSpace (PVOID BaseAddress, SIZE_T NumberOfBytes)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("MmUnmapIoSpace", &before);
  DmsCall call;

  if (machine == NULL)
    return;

  DmsCallInfo info = { .routine = DMS_ROUTINE_MM_UNMAP_IO_SPACE,
                       .name = "MmUnmapIoSpace",
                       .device = dms_machine_device_at (machine, BaseAddress),
                       .length = NumberOfBytes };

  if (dms_call_enter (machine, &info, &call))
    {
      if (info.device == NULL)
        dms_machine_fact (machine,
                          DMS_FACT_REGISTER_OUTSIDE,
                          (DmsFactNote){ .a = wdm_shown (BaseAddress) });
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

/* ---- connecting ---- */

uint32_t
wdm_interrupt_vector (const DmsDevice *device)
{
  return FIRST_VECTOR + device->index;
}

static const DmsDevice *
device_of_vector (const DmsMachine *machine, ULONG vector)
{
  for (size_t i = 0; i < machine->n_devices; i++)
    if (wdm_interrupt_vector (&machine->devices[i]) == vector)
      return &machine->devices[i];
  return NULL;
}

static NTSTATUS
connect (DmsMachine *machine,
         const DmsDevice *device,
         PKINTERRUPT *ret_interrupt,
         PKSERVICE_ROUTINE routine,
         PVOID context)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmDevice *bottom = device == NULL ? NULL : device->driver_side;
  WdmInterrupt *made = NULL;

  if (bottom == NULL || routine == NULL || ret_interrupt == NULL)
    {
      dms_machine_fact (machine,
                        DMS_FACT_NULL_POINTER,
                        (DmsFactNote){ .device = device,
                                       .a = ret_interrupt == NULL ? 1
                                            : routine == NULL     ? 2
                                                                  : 5 });
      return STATUS_INVALID_PARAMETER;
    }
  made = calloc (1, sizeof *made);
  if (made == NULL || !dms_table_put (&wdm->interrupts, wdm_key (made), made))
    {
      free (made);
      return STATUS_INSUFFICIENT_RESOURCES;
    }
  *made = (WdmInterrupt){
    bottom, device, routine, context, wdm_argument ("InterruptService")
  };
  bottom->interrupt = made;
  wdm->n_interrupts++;
  *ret_interrupt = (PKINTERRUPT)made;
  return STATUS_SUCCESS;
}

static NTSTATUS
marked_connect (const DmsDevice *device,
                PKINTERRUPT *ret_interrupt,
                PKSERVICE_ROUTINE routine,
                PVOID context)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoConnectInterrupt", &before);
  NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_CONNECT_INTERRUPT,
                       .name = "IoConnectInterrupt",
                       .device = device };
  DmsCall call;

  if (machine == NULL)
    return STATUS_UNSUCCESSFUL;
  if (dms_call_enter (machine, &info, &call))
    {
      status = connect (machine, device, ret_interrupt, routine, context);
      dms_call_leave_status (machine, &call, (uint32_t)status);
    }
  wdm_end (machine, before);
  return status;
}

NTSTATUS
IoConnectInterrupt (PKINTERRUPT *InterruptObject,
                    PKSERVICE_ROUTINE ServiceRoutine,
                    PVOID ServiceContext,
                    PKSPIN_LOCK SpinLock,
                    ULONG Vector,
                    KIRQL Irql,
                    KIRQL SynchronizeIrql,
                    KINTERRUPT_MODE InterruptMode,
                    BOOLEAN ShareVector,
                    KAFFINITY ProcessorEnableMask,
                    BOOLEAN FloatingSave)
{
  const DmsMachine *machine = wdm_current ();

  UNREFERENCED_PARAMETER (SpinLock);
  UNREFERENCED_PARAMETER (Irql);
  UNREFERENCED_PARAMETER (SynchronizeIrql);
  UNREFERENCED_PARAMETER (InterruptMode);
  UNREFERENCED_PARAMETER (ShareVector);
  UNREFERENCED_PARAMETER (ProcessorEnableMask);
  UNREFERENCED_PARAMETER (FloatingSave);
  return marked_connect (machine == NULL ? NULL : device_of_vector (machine, Vector),
                         InterruptObject,
                         ServiceRoutine,
                         ServiceContext);
}

NTSTATUS
IoConnectInterruptEx (PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
  const DmsMachine *machine = wdm_current ();
  const WdmDevice *device = NULL;

  if (machine == NULL || Parameters == NULL)
    return STATUS_INVALID_PARAMETER;
  if (Parameters->Version == CONNECT_FULLY_SPECIFIED)
    return marked_connect (
        device_of_vector (machine, Parameters->FullySpecified.Vector),
        Parameters->FullySpecified.InterruptObject,
        Parameters->FullySpecified.ServiceRoutine,
        Parameters->FullySpecified.ServiceContext);
  if (Parameters->Version != CONNECT_LINE_BASED)
    {
      /* The version that is there, as its page says. */
      Parameters->Version = CONNECT_LINE_BASED;
      return STATUS_NOT_SUPPORTED;
    }
  device = dms_table_get (&wdm_of (machine)->devices,
                          wdm_key (Parameters->LineBased.PhysicalDeviceObject));
  return marked_connect (device == NULL ? NULL : device->device,
                         Parameters->LineBased.InterruptObject,
                         Parameters->LineBased.ServiceRoutine,
                         Parameters->LineBased.ServiceContext);
}

static void
disconnect (DmsMachine *machine, WdmInterrupt *interrupt)
{
  if (interrupt->bottom == NULL)
    return;
  if (interrupt->bottom->interrupt == interrupt)
    interrupt->bottom->interrupt = NULL;
  interrupt->bottom = NULL;
  wdm_of (machine)->n_interrupts--;
}

VOID
IoDisconnectInterrupt (PKINTERRUPT InterruptObject)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoDisconnectInterrupt", &before);
  DmsCall call;

  if (machine == NULL)
    return;

  WdmInterrupt *interrupt
      = dms_table_get (&wdm_of (machine)->interrupts, wdm_key (InterruptObject));
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_DISCONNECT_INTERRUPT,
                       .name = "IoDisconnectInterrupt",
                       .device = interrupt == NULL ? NULL : interrupt->device };

  if (dms_call_enter (machine, &info, &call))
    {
      if (interrupt != NULL)
        disconnect (machine, interrupt);
      else
        dms_machine_fact (machine, DMS_FACT_NULL_POINTER, (DmsFactNote){ .a = 1 });
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

VOID
IoDisconnectInterruptEx (PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters)
{
  if (Parameters != NULL)
    IoDisconnectInterrupt (Parameters->ConnectionContext.InterruptObject);
}

/* ---- running ---- */

bool
wdm_interrupt_run (DmsMachine *machine, DmsDevice *device)
{
  const WdmDevice *bottom = device->driver_side;
  const WdmInterrupt *interrupt = bottom->interrupt;
  WdmVisit visit;

  if (interrupt == NULL)
    return false;

  DmsCallInfo info = { .routine = DMS_ROUTINE_ISR,
                       .name = interrupt->name,
                       .transfer = device->current == NULL ? 0 : device->current->id,
                       .cause = device->interrupt_seq,
                       .irql = DMS_CONTEXT_DEVICE };

  if (!wdm_visit_begin (machine, device, info, &visit))
    return false;

  bool is_ours
      = interrupt->routine ((PKINTERRUPT)interrupt, interrupt->context) != FALSE;

  wdm_visit_end (machine, &visit);
  return is_ours;
}

static BOOLEAN
synchronize (DmsMachine *machine,
             const WdmInterrupt *interrupt,
             PKSYNCHRONIZE_ROUTINE routine,
             PVOID context)
{
  DmsCallInfo info = { .routine = DMS_ROUTINE_SYNCH_ROUTINE,
                       .name = wdm_argument ("SynchCritSection"),
                       .irql = DMS_CONTEXT_DEVICE };
  BOOLEAN result = FALSE;
  WdmVisit visit;

  if (interrupt == NULL || routine == NULL)
    {
      dms_machine_fact (machine,
                        DMS_FACT_NULL_POINTER,
                        (DmsFactNote){ .a = interrupt == NULL ? 1 : 2 });
      return FALSE;
    }
  if (!wdm_visit_begin (machine, interrupt->device, info, &visit))
    return FALSE;
  result = routine (context);
  wdm_visit_end (machine, &visit);
  return result;
}

BOOLEAN
KeSynchronizeExecution (PKINTERRUPT Interrupt,
                        PKSYNCHRONIZE_ROUTINE SynchronizeRoutine,
                        PVOID SynchronizeContext)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("KeSynchronizeExecution", &before);
  BOOLEAN result = FALSE;
  DmsCall call;

  if (machine == NULL)
    return FALSE;

  const WdmInterrupt *interrupt
      = dms_table_get (&wdm_of (machine)->interrupts, wdm_key (Interrupt));
  DmsCallInfo info = { .routine = DMS_ROUTINE_KE_SYNCHRONIZE_EXECUTION,
                       .name = "KeSynchronizeExecution",
                       .device = interrupt == NULL ? NULL : interrupt->device };

  if (dms_call_enter (machine, &info, &call))
    {
      result = synchronize (machine, interrupt, SynchronizeRoutine, SynchronizeContext);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
  return result;
}

void
wdm_interrupts_release (WdmMachine *wdm)
{
  size_t at = 0;
  WdmInterrupt *interrupt = NULL;

  while ((interrupt = dms_table_next (&wdm->interrupts, &at, NULL)) != NULL)
    free (interrupt);
  dms_table_release (&wdm->interrupts);
}
