/* wdm-dma-v3-map.c — MapTransferEx and FlushAdapterBuffersEx: whole chains of MDLs
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-v3.h"

#include <stdlib.h>

typedef struct
{
  PMDL mdl;
  PVOID base;
  uint64_t offset;
  uint64_t length;
  bool to_device;
  ULONG device_offset;
  PSCATTER_GATHER_LIST list;
  ULONG list_bytes;
  PDMA_COMPLETION_ROUTINE completion;
  PVOID completion_context;
  const char *completion_name;
  PDMA_ADAPTER adapter;
} Arguments;

static WdmCallInfo
info_of (DmsRoutine routine, const Arguments *arguments)
{
  WdmCallInfo info = wdm_map_info (routine,
                                   arguments->mdl,
                                   arguments->base,
                                   arguments->length,
                                   arguments->to_device);

  info.b = arguments->offset;
  return info;
}

/* What both routines need; NULL, and facts, when something of it is not there. */
static DmsGrant *
prepare (const WdmCall *call, const Arguments *arguments, DmsMapRange *range)
{
  DmsGrant *grant
      = call->adapter == NULL ? NULL : wdm_need_grant (call, arguments->base);

  *range = (DmsMapRange){ .skip = arguments->offset,
                          .length = arguments->length,
                          .to_device = arguments->to_device,
                          .whole_chain = true,
                          .max_elements = 1 };
  if (grant == NULL || !wdm_need_chain (call, arguments->mdl, &range->n_mdls))
    return NULL;
  range->mdls = wdm_of (call->machine)->chain;
  return grant;
}

/* ---- MapTransferEx ---- */

/* Elements that the memory for the list has room for; 0 and a fact when that is too
 * few. The default list of system DMA has one. */
static uint32_t
room_for_elements (const WdmCall *call, const Arguments *arguments)
{
  size_t least = DMS_LIST_HEAD_BYTES + DMS_LIST_ENTRY_BYTES;

  if (arguments->list == NULL)
    return 1;
  if (arguments->list_bytes >= least)
    return (uint32_t)((arguments->list_bytes - DMS_LIST_HEAD_BYTES)
                      / DMS_LIST_ENTRY_BYTES);
  wdm_call_fact (call, DMS_FACT_BUFFER_SMALL, arguments->list_bytes, least);
  return 0;
}

/* A bus master has a list and no completion routine; system DMA may have both. */
static bool
are_arguments_possible (const WdmCall *call, const Arguments *arguments)
{
  bool is_slave = call->adapter->is_slave;

  if (!is_slave && !wdm_need_pointer (call, arguments->list, 8))
    return false;
  if (is_slave || (arguments->device_offset == 0 && arguments->completion == NULL))
    return true;
  dms_machine_fact (call->machine,
                    DMS_FACT_BAD_COMBINATION,
                    (DmsFactNote){ .device = call->adapter->device,
                                   .object = call->adapter->id,
                                   .a = arguments->device_offset,
                                   .b = arguments->completion != NULL,
                                   .c = 1 });
  return false;
}

static void
complete (DmsMachine *machine,
          DmsAdapter *adapter,
          const DmsListData *data,
          DmsCompletion status)
{
  PDMA_COMPLETION_ROUTINE routine = (PDMA_COMPLETION_ROUTINE)data->routine;
  DmsMachine *outer = wdm_set_current (machine);

  (void)adapter;
  routine (data->adapter, data->device, data->context, (DMA_COMPLETION_STATUS)status);
  wdm_set_current (outer);
}

static void
set_completion (DmsGrant *grant, const Arguments *arguments)
{
  grant->completion = (DmsGrantCompletion){ 0 };
  if (arguments->completion != NULL)
    grant->completion
        = (DmsGrantCompletion){ .run = complete,
                                .data
                                = { .routine = (void (*) (void))arguments->completion,
                                    .device = grant->data.device,
                                    .context = arguments->completion_context,
                                    .adapter = arguments->adapter },
                                .callback = arguments->completion_name };
}

static void
fill_list (const Arguments *arguments, const DmsListElement *elements, uint32_t n)
{
  if (arguments->list == NULL)
    return;
  wdm_list_write (arguments->list, elements, n);
  for (uint32_t i = 0; i < n; i++)
    arguments->list->Elements[i].Reserved = 0;
}

static uint32_t
map_range (const WdmCall *call,
           const Arguments *arguments,
           DmsGrant *grant,
           DmsMapRange *range,
           uint64_t *ret_mapped)
{
  uint32_t n = 0;
  DmsListElement *elements = NULL;
  uint32_t status = DMS_NT_SUCCESS;

  /* No more elements than pages. */
  if (range->max_elements > grant->room)
    range->max_elements = grant->room;
  elements = malloc (((size_t)range->max_elements + 1) * sizeof *elements);
  if (elements == NULL)
    return DMS_NT_INSUFFICIENT_RESOURCES;
  set_completion (grant, arguments);
  status = dms_grant_map (call->machine, grant, range, elements, &n, ret_mapped);
  fill_list (arguments, elements, n);
  free (elements);
  return status;
}

/* From inside the call. */
static uint32_t
map (const WdmCall *call, const Arguments *arguments, uint64_t *ret_mapped)
{
  DmsMapRange range;
  DmsGrant *grant = prepare (call, arguments, &range);
  uint32_t status = DMS_NT_INVALID_PARAMETER;

  if (grant == NULL || !are_arguments_possible (call, arguments))
    return status;
  if (range.length == 0)
    {
      wdm_call_fact (call, DMS_FACT_ZERO_LENGTH, 0, 0);
      return status;
    }
  range.max_elements = room_for_elements (call, arguments);
  if (range.max_elements == 0)
    return status;
  if (wdm_need_bytes (call, grant, &range) < range.length)
    return DMS_NT_BUFFER_TOO_SMALL;
  if (dms_grant_is_cancelled (call->machine, grant))
    return DMS_NT_CANCELLED;
  return map_range (call, arguments, grant, &range, ret_mapped);
}

static uint32_t
map_and_tell (const WdmCall *call, const Arguments *arguments, PULONG Length)
{
  uint64_t mapped = 0;
  uint32_t status = map (call, arguments, &mapped);
  const DmsGrant *grant = wdm_find_grant (call->machine, arguments->base);

  if (status != DMS_NT_SUCCESS)
    return status;
  *Length = (ULONG)mapped;
  if (grant != NULL)
    wdm_note_length (call, grant, Length, (ULONG)arguments->length);
  return status;
}

NTSTATUS
wdm_map_transfer_ex (PDMA_ADAPTER DmaAdapter,
                     PMDL Mdl,
                     PVOID MapRegisterBase,
                     ULONGLONG Offset,
                     ULONG DeviceOffset,
                     PULONG Length,
                     BOOLEAN WriteToDevice,
                     PSCATTER_GATHER_LIST ScatterGatherBuffer,
                     ULONG ScatterGatherBufferLength,
                     PDMA_COMPLETION_ROUTINE DmaCompletionRoutine,
                     PVOID CompletionContext)
{
  Arguments arguments = { .mdl = Mdl,
                          .base = MapRegisterBase,
                          .offset = Offset,
                          .length = Length == NULL ? 0 : *Length,
                          .to_device = WriteToDevice != FALSE,
                          .device_offset = DeviceOffset,
                          .list = ScatterGatherBuffer,
                          .list_bytes = ScatterGatherBufferLength,
                          .completion = DmaCompletionRoutine,
                          .completion_context = CompletionContext,
                          .adapter = DmaAdapter };
  WdmCallInfo info = info_of (DMS_ROUTINE_MAP_TRANSFER_EX, &arguments);
  uint32_t status = DMS_NT_INVALID_PARAMETER;
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_INSUFFICIENT_RESOURCES;
  arguments.completion_name = wdm_argument ("DmaCompletionRoutine");
  if (call.adapter != NULL && wdm_need_pointer (&call, Length, 6))
    status = map_and_tell (&call, &arguments, Length);
  return wdm_call_leave_status_length (
      &call, status, status == DMS_NT_SUCCESS ? *Length : 0);
}

/* ---- FlushAdapterBuffersEx ---- */

NTSTATUS
wdm_flush_adapter_buffers_ex (PDMA_ADAPTER DmaAdapter,
                              PMDL Mdl,
                              PVOID MapRegisterBase,
                              ULONGLONG Offset,
                              ULONG Length,
                              BOOLEAN WriteToDevice)
{
  Arguments arguments = { .mdl = Mdl,
                          .base = MapRegisterBase,
                          .offset = Offset,
                          .length = Length,
                          .to_device = WriteToDevice != FALSE };
  WdmCallInfo info = info_of (DMS_ROUTINE_FLUSH_ADAPTER_BUFFERS_EX, &arguments);
  uint32_t status = DMS_NT_INVALID_PARAMETER;
  DmsMapRange range;
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_INVALID_PARAMETER;

  DmsGrant *grant = prepare (&call, &arguments, &range);

  if (grant != NULL)
    status = dms_grant_flush (call.machine, grant, &range);
  return wdm_call_leave_status (&call, status);
}
