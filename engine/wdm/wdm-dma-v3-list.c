/* wdm-dma-v3-list.c — scatter/gather lists with a transfer context
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-v3.h"

/* Who is told of the list: a routine, or, when nothing has to wait, the caller by the
 * pointer. For bus masters alone; the completion routine is none of theirs. */
static bool
are_arguments_possible (const WdmCall *call, const WdmListCall *list)
{
  bool has_pointer = list->is_synchronous && list->ret_list != NULL;

  if (call->adapter == NULL)
    return false;
  if (call->adapter->is_slave)
    {
      wdm_call_fact (call, DMS_FACT_NOT_FOR_THIS_ADAPTER, 0, 0);
      return false;
    }
  if (list->has_completion || (list->routine == NULL && !has_pointer))
    {
      dms_machine_fact (call->machine,
                        DMS_FACT_BAD_COMBINATION,
                        (DmsFactNote){ .device = call->adapter->device,
                                       .transfer = list->call.transfer,
                                       .object = call->adapter->id,
                                       .a = list->is_synchronous,
                                       .b = list->routine != NULL,
                                       .c = list->ret_list != NULL });
      return false;
    }
  return wdm_need_pointer (call, list->transfer_context, 3);
}

bool
wdm_list_is_possible (const WdmCall *call, const WdmListCall *list)
{
  return !list->has_offset || are_arguments_possible (call, list);
}

static WdmListCall
describe (DmsRoutine routine,
          PDEVICE_OBJECT device,
          PVOID transfer_context,
          PMDL mdl,
          ULONGLONG offset,
          ULONG length,
          ULONG flags)
{
  return (WdmListCall){ .call = { .routine = routine,
                                  .name = dms_routine_info (routine)->name,
                                  .transfer = wdm_transfer_of (mdl),
                                  .b = offset,
                                  .c = flags,
                                  .length = length },
                        .device = device,
                        .transfer_context = transfer_context,
                        .mdl = mdl,
                        .has_offset = true,
                        .offset = offset,
                        .length = length,
                        .is_synchronous = (flags & DMA_SYNCHRONOUS_CALLBACK) != 0 };
}

static void
set_direction (WdmListCall *list, BOOLEAN write)
{
  list->to_device = write != FALSE;
  list->call.flags = write ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE;
}

/* Who is told, and how. */
static void
set_answer (WdmListCall *list,
            PDRIVER_LIST_CONTROL routine,
            PVOID context,
            PDMA_COMPLETION_ROUTINE completion,
            PVOID completion_context,
            PSCATTER_GATHER_LIST *ret_list)
{
  list->routine = routine;
  list->context = context;
  list->has_completion = completion != NULL || completion_context != NULL;
  list->ret_list = ret_list;
}

NTSTATUS
wdm_get_scatter_gather_list_ex (PDMA_ADAPTER DmaAdapter,
                                PDEVICE_OBJECT DeviceObject,
                                PVOID DmaTransferContext,
                                PMDL Mdl,
                                ULONGLONG Offset,
                                ULONG Length,
                                ULONG Flags,
                                PDRIVER_LIST_CONTROL ExecutionRoutine,
                                PVOID Context,
                                BOOLEAN WriteToDevice,
                                PDMA_COMPLETION_ROUTINE DmaCompletionRoutine,
                                PVOID CompletionContext,
                                PSCATTER_GATHER_LIST *ScatterGatherList)
{
  WdmListCall list = describe (DMS_ROUTINE_GET_SCATTER_GATHER_LIST_EX,
                               DeviceObject,
                               DmaTransferContext,
                               Mdl,
                               Offset,
                               Length,
                               Flags);

  set_direction (&list, WriteToDevice);
  set_answer (&list,
              ExecutionRoutine,
              Context,
              DmaCompletionRoutine,
              CompletionContext,
              ScatterGatherList);
  return wdm_list_call (DmaAdapter, &list);
}

NTSTATUS
wdm_build_scatter_gather_list_ex (PDMA_ADAPTER DmaAdapter,
                                  PDEVICE_OBJECT DeviceObject,
                                  PVOID DmaTransferContext,
                                  PMDL Mdl,
                                  ULONGLONG Offset,
                                  ULONG Length,
                                  ULONG Flags,
                                  PDRIVER_LIST_CONTROL ExecutionRoutine,
                                  PVOID Context,
                                  BOOLEAN WriteToDevice,
                                  PVOID ScatterGatherBuffer,
                                  ULONG ScatterGatherLength,
                                  PDMA_COMPLETION_ROUTINE DmaCompletionRoutine,
                                  PVOID CompletionContext,
                                  PSCATTER_GATHER_LIST *ScatterGatherList)
{
  WdmListCall list = describe (DMS_ROUTINE_BUILD_SCATTER_GATHER_LIST_EX,
                               DeviceObject,
                               DmaTransferContext,
                               Mdl,
                               Offset,
                               Length,
                               Flags);

  set_direction (&list, WriteToDevice);
  set_answer (&list,
              ExecutionRoutine,
              Context,
              DmaCompletionRoutine,
              CompletionContext,
              ScatterGatherList);
  list.memory = ScatterGatherBuffer;
  list.has_memory = true;
  list.bytes = ScatterGatherLength;
  return wdm_list_call (DmaAdapter, &list);
}
