/* wdm-channel.c — adapter channels and map registers, as drivers ask for them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-channel.h"

/* Bases are numbers that no pointer of the host has. */
#define FIRST_BASE UINT64_C (0xffffe00000000000)
#define BASE_SHIFT 6

PVOID
wdm_base_of (const DmsGrant *grant)
{
  if (grant->room == 0)
    return NULL;
  return (PVOID)(uintptr_t)(FIRST_BASE + (grant->id << BASE_SHIFT));
}

/* The id that @base stands for, perhaps of a grant that is gone; 0 = none. */
static uint64_t
id_of (const DmsMachine *machine, const void *base)
{
  uint64_t key = wdm_key (base);
  uint64_t id = (key - FIRST_BASE) >> BASE_SHIFT;

  if (key < FIRST_BASE || (key & ((1u << BASE_SHIFT) - 1)) != 0
      || id > machine->last_list)
    return 0;
  return id;
}

DmsGrant *
wdm_find_grant (const DmsMachine *machine, const void *base)
{
  DmsGrant *grant = dms_grant_live (machine, id_of (machine, base));

  return grant == NULL || grant->is_list || grant->phase != DMS_GRANT_GRANTED ? NULL
                                                                              : grant;
}

DmsGrant *
wdm_need_grant (const WdmCall *call, const void *base)
{
  DmsGrant *grant = base == NULL
                        ? dms_grant_live (call->machine, call->adapter->channel)
                        : wdm_find_grant (call->machine, base);

  if (grant != NULL && grant->adapter == call->adapter
      && (base != NULL || (grant->room == 0 && !grant->is_list)))
    return grant;
  if (grant == NULL && id_of (call->machine, base) != 0)
    wdm_call_fact (call, DMS_FACT_REGISTERS_NOT_HELD, 0, 0);
  else
    wdm_call_fact (call, DMS_FACT_UNKNOWN_BASE, wdm_shown (base), 0);
  return NULL;
}

DmsAction
wdm_run_adapter_control (DmsMachine *machine, DmsGrant *grant)
{
  PDRIVER_CONTROL routine = (PDRIVER_CONTROL)grant->data.routine;
  PDEVICE_OBJECT device = grant->data.device;
  PVOID context = grant->data.context;
  DmsMachine *outer = wdm_set_current (machine);
  IO_ALLOCATION_ACTION action
      = routine (device, device->CurrentIrp, wdm_base_of (grant), context);

  wdm_set_current (outer);
  return (DmsAction)action;
}

WdmDevice *
wdm_need_device_of (const WdmCall *call, PDEVICE_OBJECT DeviceObject)
{
  WdmDevice *device
      = dms_table_get (&wdm_of (call->machine)->devices, wdm_key (DeviceObject));

  if (device == NULL)
    wdm_call_fact (call, DMS_FACT_UNKNOWN_DEVICE, wdm_shown (DeviceObject), 0);
  return device;
}

static uint64_t
current_transfer (const DmsAdapter *adapter)
{
  const DmsTransfer *current = adapter->device->current;

  return current == NULL ? 0 : current->id;
}

/* From inside the call. */
static uint32_t
allocate (const WdmCall *call, DmsGrantRequest *request)
{
  request->adapter = call->adapter;
  if (call->adapter == NULL)
    return DMS_NT_INVALID_PARAMETER;
  request->transfer = current_transfer (call->adapter);
  if (wdm_need_device_of (call, request->data.device) != NULL
      && request->data.routine != NULL)
    return dms_grant_ask (call->machine, request, NULL);
  if (request->data.routine == NULL)
    wdm_call_fact (call, DMS_FACT_NULL_POINTER, 4, 0);
  dms_list_refuse (call->machine,
                   call->adapter->device,
                   request->transfer,
                   DMS_NT_INVALID_PARAMETER);
  return DMS_NT_INVALID_PARAMETER;
}

NTSTATUS
wdm_allocate_adapter_channel (PDMA_ADAPTER DmaAdapter,
                              PDEVICE_OBJECT DeviceObject,
                              ULONG NumberOfMapRegisters,
                              PDRIVER_CONTROL ExecutionRoutine,
                              PVOID Context)
{
  WdmCallInfo info = { .routine = DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL,
                       .name = "AllocateAdapterChannel",
                       .b = NumberOfMapRegisters };
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_UNSUCCESSFUL;

  DmsGrantRequest request = { .device_object = wdm_key (DeviceObject),
                              .count = NumberOfMapRegisters,
                              .deliver = wdm_run_adapter_control,
                              .data = { .routine = (void (*) (void))ExecutionRoutine,
                                        .device = DeviceObject,
                                        .context = Context },
                              .callback = wdm_argument ("AdapterControl") };

  return wdm_call_leave_status (&call, allocate (&call, &request));
}

VOID
wdm_free_adapter_channel (PDMA_ADAPTER DmaAdapter)
{
  WdmCallInfo info
      = { .routine = DMS_ROUTINE_FREE_ADAPTER_CHANNEL, .name = "FreeAdapterChannel" };
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return;
  if (call.adapter != NULL)
    dms_grant_free_channel (call.machine, call.adapter);
  wdm_call_leave (&call);
}

VOID
wdm_free_map_registers (PDMA_ADAPTER DmaAdapter,
                        PVOID MapRegisterBase,
                        ULONG NumberOfMapRegisters)
{
  const DmsMachine *machine = wdm_current ();
  DmsGrant *grant = machine == NULL ? NULL : wdm_find_grant (machine, MapRegisterBase);
  WdmCallInfo info = { .routine = DMS_ROUTINE_FREE_MAP_REGISTERS,
                       .name = "FreeMapRegisters",
                       .transfer = grant == NULL ? 0 : grant->transfer,
                       .object = grant == NULL ? 0 : grant->id,
                       .b = NumberOfMapRegisters };
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return;
  if (call.adapter != NULL && MapRegisterBase == NULL)
    wdm_call_fact (&call, DMS_FACT_NULL_BASE, 0, 0);
  else if (call.adapter != NULL)
    {
      grant = wdm_need_grant (&call, MapRegisterBase);
      if (grant != NULL)
        dms_grant_free_registers (
            call.machine, call.adapter, grant, NumberOfMapRegisters);
    }
  wdm_call_leave (&call);
}
