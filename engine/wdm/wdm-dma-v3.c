/* wdm-dma-v3.c — channels with a transfer context: asked for, cancelled, freed
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-v3.h"

static WdmCallInfo
info_of (DmsRoutine routine, uint64_t transfer)
{
  return (WdmCallInfo){ .routine = routine,
                        .name = dms_routine_info (routine)->name,
                        .transfer = transfer };
}

static uint64_t
current_transfer (PDMA_ADAPTER DmaAdapter)
{
  const DmsMachine *machine = wdm_current ();
  const WdmAdapter *adapter
      = machine == NULL ? NULL : wdm_find_adapter (machine, DmaAdapter);
  const DmsTransfer *current
      = adapter == NULL ? NULL : adapter->kernel->device->current;

  return current == NULL ? 0 : current->id;
}

/* ---- contexts ---- */

/* From inside the call. What a context is, is known by its address alone: memory of the
 * driver is neither read nor written (our model). */
static uint32_t
initialize (const WdmCall *call, PVOID context)
{
  if (call->adapter == NULL || !wdm_need_pointer (call, context, 2))
    return DMS_NT_INVALID_PARAMETER;
  if (dms_grant_is_context_used (call->machine, wdm_key (context)))
    {
      wdm_call_fact (call, DMS_FACT_CONTEXT_IN_USE, 0, 0);
      return DMS_NT_INVALID_PARAMETER;
    }
  return dms_grant_prepare (call->machine, wdm_key (context))
             ? DMS_NT_SUCCESS
             : DMS_NT_INSUFFICIENT_RESOURCES;
}

NTSTATUS
wdm_initialize_dma_transfer_context (PDMA_ADAPTER DmaAdapter, PVOID DmaTransferContext)
{
  WdmCallInfo info = info_of (DMS_ROUTINE_INITIALIZE_DMA_TRANSFER_CONTEXT,
                              current_transfer (DmaAdapter));
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_INSUFFICIENT_RESOURCES;
  return wdm_call_leave_status (&call, initialize (&call, DmaTransferContext));
}

BOOLEAN
wdm_cancel_adapter_channel (PDMA_ADAPTER DmaAdapter,
                            PDEVICE_OBJECT DeviceObject,
                            PVOID DmaTransferContext)
{
  WdmCallInfo info
      = info_of (DMS_ROUTINE_CANCEL_ADAPTER_CHANNEL, current_transfer (DmaAdapter));
  BOOLEAN is_cancelled = FALSE;
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return FALSE;
  if (call.adapter != NULL && wdm_need_device_of (&call, DeviceObject) != NULL
      && wdm_need_pointer (&call, DmaTransferContext, 3))
    is_cancelled
        = dms_grant_cancel (call.machine, call.adapter, wdm_key (DmaTransferContext));
  wdm_call_leave_value (&call, is_cancelled);
  return is_cancelled;
}

NTSTATUS
wdm_cancel_mapped_transfer (PDMA_ADAPTER DmaAdapter, PVOID DmaTransferContext)
{
  WdmCallInfo info
      = info_of (DMS_ROUTINE_CANCEL_MAPPED_TRANSFER, current_transfer (DmaAdapter));
  uint32_t status = DMS_NT_INVALID_PARAMETER;
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_UNSUCCESSFUL;
  if (call.adapter != NULL && wdm_need_pointer (&call, DmaTransferContext, 2))
    status = dms_grant_stop (call.machine, call.adapter, wdm_key (DmaTransferContext));
  return wdm_call_leave_status (&call, status);
}

/* ---- the channel ---- */

typedef struct
{
  PDEVICE_OBJECT device;
  PVOID transfer_context;
  ULONG count, flags;
  PDRIVER_CONTROL routine;
  PVOID context;
  PVOID *ret_base;
  const char *callback;
} Asked;

/* Who is told of the grant: a routine, or, when nothing has to wait, the caller by the
 * pointer. Only with a routine and without the flag may it wait
 * (basic-calling-pattern-for-version-3-dma-routines). */
static bool
are_arguments_possible (const WdmCall *call, const Asked *asked)
{
  bool is_synchronous = (asked->flags & DMA_SYNCHRONOUS_CALLBACK) != 0;
  bool is_told = is_synchronous ? asked->routine != NULL || asked->ret_base != NULL
                                : asked->routine != NULL && asked->ret_base == NULL;

  if (!is_told || (asked->flags & ~(ULONG)DMA_SYNCHRONOUS_CALLBACK) != 0)
    {
      dms_machine_fact (call->machine,
                        DMS_FACT_BAD_COMBINATION,
                        (DmsFactNote){ .device = call->adapter->device,
                                       .object = call->adapter->id,
                                       .a = asked->flags,
                                       .b = asked->routine != NULL,
                                       .c = asked->ret_base != NULL });
      return false;
    }
  return wdm_need_device_of (call, asked->device) != NULL
         && wdm_need_pointer (call, asked->transfer_context, 3);
}

/* From inside the call. */
static uint32_t
allocate (const WdmCall *call, const Asked *asked, uint64_t transfer)
{
  DmsGrant *grant = NULL;
  DmsGrantRequest request
      = { .adapter = call->adapter,
          .transfer = transfer,
          .context = wdm_key (asked->transfer_context),
          .count = asked->count,
          .is_synchronous = (asked->flags & DMA_SYNCHRONOUS_CALLBACK) != 0,
          .deliver = asked->routine == NULL ? NULL : wdm_run_adapter_control,
          .data = { .routine = (void (*) (void))asked->routine,
                    .device = asked->device,
                    .context = asked->context },
          .callback = asked->callback };
  uint32_t status = DMS_NT_INVALID_PARAMETER;

  if (call->adapter == NULL)
    return status;
  if (are_arguments_possible (call, asked))
    status = dms_grant_ask (call->machine, &request, &grant);
  else
    dms_list_refuse (call->machine, call->adapter->device, transfer, status);
  if (asked->ret_base != NULL)
    *asked->ret_base = grant == NULL ? NULL : wdm_base_of (grant);
  return status;
}

NTSTATUS
wdm_allocate_adapter_channel_ex (PDMA_ADAPTER DmaAdapter,
                                 PDEVICE_OBJECT DeviceObject,
                                 PVOID DmaTransferContext,
                                 ULONG NumberOfMapRegisters,
                                 ULONG Flags,
                                 PDRIVER_CONTROL ExecutionRoutine,
                                 PVOID ExecutionContext,
                                 PVOID *MapRegisterBase)
{
  uint64_t transfer = current_transfer (DmaAdapter);
  WdmCallInfo info = info_of (DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL_EX, transfer);
  WdmCall call;

  info.b = NumberOfMapRegisters;
  info.c = Flags;
  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_INSUFFICIENT_RESOURCES;

  Asked asked = { .device = DeviceObject,
                  .transfer_context = DmaTransferContext,
                  .count = NumberOfMapRegisters,
                  .flags = Flags,
                  .routine = ExecutionRoutine,
                  .context = ExecutionContext,
                  .ret_base = MapRegisterBase,
                  .callback = wdm_argument ("AdapterControl") };

  return wdm_call_leave_status (&call, allocate (&call, &asked, transfer));
}

VOID
wdm_free_adapter_object (PDMA_ADAPTER DmaAdapter, IO_ALLOCATION_ACTION AllocationAction)
{
  WdmCallInfo info
      = info_of (DMS_ROUTINE_FREE_ADAPTER_OBJECT, current_transfer (DmaAdapter));
  WdmCall call;

  info.b = (uint64_t)AllocationAction;
  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return;
  if (call.adapter != NULL)
    dms_grant_free_object (call.machine, call.adapter, (DmsAction)AllocationAction);
  wdm_call_leave (&call);
}

/* The controller of a PC has no functions of its own. */
NTSTATUS
wdm_configure_adapter_channel (PDMA_ADAPTER DmaAdapter,
                               ULONG FunctionNumber,
                               PVOID Context)
{
  WdmCallInfo info
      = info_of (DMS_ROUTINE_CONFIGURE_ADAPTER_CHANNEL, current_transfer (DmaAdapter));
  WdmCall call;

  UNREFERENCED_PARAMETER (Context);
  info.b = FunctionNumber;
  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_NOT_IMPLEMENTED;
  if (call.adapter != NULL && !call.adapter->is_slave)
    wdm_call_fact (&call, DMS_FACT_NOT_FOR_THIS_ADAPTER, 0, 0);
  return wdm_call_leave_status (&call, DMS_NT_NOT_IMPLEMENTED);
}
