/* wdm-dma-table.c — the tables of DMA routines, and the members that are not modelled
 * yet
 *
 * What is not modelled fails in the way that its page documents, and says nothing else.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-channel.h"

#include <stddef.h>

/* ---- version 1 ---- */

/* ---- versions 2 and 3 ---- */

static NTSTATUS
build_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                           PDEVICE_OBJECT DeviceObject,
                           PMDL Mdl,
                           PVOID CurrentVa,
                           ULONG Length,
                           PDRIVER_LIST_CONTROL ExecutionRoutine,
                           PVOID Context,
                           BOOLEAN WriteToDevice,
                           PVOID ScatterGatherBuffer,
                           ULONG ScatterGatherLength)
{
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (DeviceObject);
  UNREFERENCED_PARAMETER (Mdl);
  UNREFERENCED_PARAMETER (CurrentVa);
  UNREFERENCED_PARAMETER (Length);
  UNREFERENCED_PARAMETER (ExecutionRoutine);
  UNREFERENCED_PARAMETER (Context);
  UNREFERENCED_PARAMETER (WriteToDevice);
  UNREFERENCED_PARAMETER (ScatterGatherBuffer);
  UNREFERENCED_PARAMETER (ScatterGatherLength);
  return STATUS_NOT_IMPLEMENTED;
}

static NTSTATUS
build_mdl_from_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                    PSCATTER_GATHER_LIST ScatterGather,
                                    PMDL OriginalMdl,
                                    PMDL *TargetMdl)
{
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (ScatterGather);
  UNREFERENCED_PARAMETER (OriginalMdl);
  UNREFERENCED_PARAMETER (TargetMdl);
  return STATUS_NOT_IMPLEMENTED;
}

static NTSTATUS
initialize_dma_transfer_context (PDMA_ADAPTER DmaAdapter, PVOID DmaTransferContext)
{
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (DmaTransferContext);
  return STATUS_NOT_IMPLEMENTED;
}

static NTSTATUS
allocate_adapter_channel_ex (PDMA_ADAPTER DmaAdapter,
                             PDEVICE_OBJECT DeviceObject,
                             PVOID DmaTransferContext,
                             ULONG NumberOfMapRegisters,
                             ULONG Flags,
                             PDRIVER_CONTROL ExecutionRoutine,
                             PVOID ExecutionContext,
                             PVOID *MapRegisterBase)
{
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (DeviceObject);
  UNREFERENCED_PARAMETER (DmaTransferContext);
  UNREFERENCED_PARAMETER (NumberOfMapRegisters);
  UNREFERENCED_PARAMETER (Flags);
  UNREFERENCED_PARAMETER (ExecutionRoutine);
  UNREFERENCED_PARAMETER (ExecutionContext);
  UNREFERENCED_PARAMETER (MapRegisterBase);
  return STATUS_NOT_IMPLEMENTED;
}

static NTSTATUS
configure_adapter_channel (PDMA_ADAPTER DmaAdapter, ULONG FunctionNumber, PVOID Context)
{
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (FunctionNumber);
  UNREFERENCED_PARAMETER (Context);
  return STATUS_NOT_IMPLEMENTED;
}

static BOOLEAN
cancel_adapter_channel (PDMA_ADAPTER DmaAdapter,
                        PDEVICE_OBJECT DeviceObject,
                        PVOID DmaTransferContext)
{
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (DeviceObject);
  UNREFERENCED_PARAMETER (DmaTransferContext);
  return FALSE;
}

static NTSTATUS
map_transfer_ex (PDMA_ADAPTER DmaAdapter,
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
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (Mdl);
  UNREFERENCED_PARAMETER (MapRegisterBase);
  UNREFERENCED_PARAMETER (Offset);
  UNREFERENCED_PARAMETER (DeviceOffset);
  UNREFERENCED_PARAMETER (Length);
  UNREFERENCED_PARAMETER (WriteToDevice);
  UNREFERENCED_PARAMETER (ScatterGatherBuffer);
  UNREFERENCED_PARAMETER (ScatterGatherBufferLength);
  UNREFERENCED_PARAMETER (DmaCompletionRoutine);
  UNREFERENCED_PARAMETER (CompletionContext);
  return STATUS_NOT_IMPLEMENTED;
}

static NTSTATUS
get_scatter_gather_list_ex (PDMA_ADAPTER DmaAdapter,
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
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (DeviceObject);
  UNREFERENCED_PARAMETER (DmaTransferContext);
  UNREFERENCED_PARAMETER (Mdl);
  UNREFERENCED_PARAMETER (Offset);
  UNREFERENCED_PARAMETER (Length);
  UNREFERENCED_PARAMETER (Flags);
  UNREFERENCED_PARAMETER (ExecutionRoutine);
  UNREFERENCED_PARAMETER (Context);
  UNREFERENCED_PARAMETER (WriteToDevice);
  UNREFERENCED_PARAMETER (DmaCompletionRoutine);
  UNREFERENCED_PARAMETER (CompletionContext);
  UNREFERENCED_PARAMETER (ScatterGatherList);
  return STATUS_NOT_IMPLEMENTED;
}

static NTSTATUS
build_scatter_gather_list_ex (PDMA_ADAPTER DmaAdapter,
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
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (DeviceObject);
  UNREFERENCED_PARAMETER (DmaTransferContext);
  UNREFERENCED_PARAMETER (Mdl);
  UNREFERENCED_PARAMETER (Offset);
  UNREFERENCED_PARAMETER (Length);
  UNREFERENCED_PARAMETER (Flags);
  UNREFERENCED_PARAMETER (ExecutionRoutine);
  UNREFERENCED_PARAMETER (Context);
  UNREFERENCED_PARAMETER (WriteToDevice);
  UNREFERENCED_PARAMETER (ScatterGatherBuffer);
  UNREFERENCED_PARAMETER (ScatterGatherLength);
  UNREFERENCED_PARAMETER (DmaCompletionRoutine);
  UNREFERENCED_PARAMETER (CompletionContext);
  UNREFERENCED_PARAMETER (ScatterGatherList);
  return STATUS_NOT_IMPLEMENTED;
}

static NTSTATUS
flush_adapter_buffers_ex (PDMA_ADAPTER DmaAdapter,
                          PMDL Mdl,
                          PVOID MapRegisterBase,
                          ULONGLONG Offset,
                          ULONG Length,
                          BOOLEAN WriteToDevice)
{
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (Mdl);
  UNREFERENCED_PARAMETER (MapRegisterBase);
  UNREFERENCED_PARAMETER (Offset);
  UNREFERENCED_PARAMETER (Length);
  UNREFERENCED_PARAMETER (WriteToDevice);
  return STATUS_NOT_IMPLEMENTED;
}

static VOID
free_adapter_object (PDMA_ADAPTER DmaAdapter, IO_ALLOCATION_ACTION AllocationAction)
{
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (AllocationAction);
}

static NTSTATUS
cancel_mapped_transfer (PDMA_ADAPTER DmaAdapter, PVOID DmaTransferContext)
{
  UNREFERENCED_PARAMETER (DmaAdapter);
  UNREFERENCED_PARAMETER (DmaTransferContext);
  return STATUS_NOT_IMPLEMENTED;
}

/* ---- the tables: each is the one before, longer ---- */

#define MEMBERS_1                                                                      \
  .PutDmaAdapter = wdm_put_dma_adapter,                                                \
  .AllocateCommonBuffer = wdm_allocate_common_buffer,                                  \
  .FreeCommonBuffer = wdm_free_common_buffer,                                          \
  .AllocateAdapterChannel = wdm_allocate_adapter_channel,                              \
  .FlushAdapterBuffers = wdm_flush_adapter_buffers,                                    \
  .FreeAdapterChannel = wdm_free_adapter_channel,                                      \
  .FreeMapRegisters = wdm_free_map_registers, .MapTransfer = wdm_map_transfer,         \
  .GetDmaAlignment = wdm_get_dma_alignment, .ReadDmaCounter = wdm_read_dma_counter,    \
  .GetScatterGatherList = wdm_get_scatter_gather_list,                                 \
  .PutScatterGatherList = wdm_put_scatter_gather_list
#define MEMBERS_2                                                                      \
  .CalculateScatterGatherList = wdm_calculate_scatter_gather_list,                     \
  .BuildScatterGatherList = build_scatter_gather_list,                                 \
  .BuildMdlFromScatterGatherList = build_mdl_from_scatter_gather_list
#define MEMBERS_3                                                                      \
  .GetDmaAdapterInfo = wdm_get_dma_adapter_info,                                       \
  .GetDmaTransferInfo = wdm_get_dma_transfer_info,                                     \
  .InitializeDmaTransferContext = initialize_dma_transfer_context,                     \
  .AllocateCommonBufferEx = wdm_allocate_common_buffer_ex,                             \
  .AllocateAdapterChannelEx = allocate_adapter_channel_ex,                             \
  .ConfigureAdapterChannel = configure_adapter_channel,                                \
  .CancelAdapterChannel = cancel_adapter_channel, .MapTransferEx = map_transfer_ex,    \
  .GetScatterGatherListEx = get_scatter_gather_list_ex,                                \
  .BuildScatterGatherListEx = build_scatter_gather_list_ex,                            \
  .FlushAdapterBuffersEx = flush_adapter_buffers_ex,                                   \
  .FreeAdapterObject = free_adapter_object,                                            \
  .CancelMappedTransfer = cancel_mapped_transfer,                                      \
  .AllocateDomainCommonBuffer = wdm_allocate_domain_common_buffer,                     \
  .FlushDmaBuffer = wdm_flush_dma_buffer, .JoinDmaDomain = wdm_join_dma_domain,        \
  .LeaveDmaDomain = wdm_leave_dma_domain, .GetDmaDomain = wdm_get_dma_domain,          \
  .AllocateCommonBufferWithBounds = wdm_allocate_common_buffer_with_bounds,            \
  .AllocateCommonBufferVector = wdm_allocate_common_buffer_vector,                     \
  .GetCommonBufferFromVectorByIndex = wdm_get_common_buffer_from_vector,               \
  .FreeCommonBufferFromVector = wdm_free_common_buffer_from_vector,                    \
  .FreeCommonBufferVector = wdm_free_common_buffer_vector,                             \
  .CreateCommonBufferFromMdl = wdm_create_common_buffer_from_mdl

static const DMA_OPERATIONS tables[] = {
  { .Size = offsetof (DMA_OPERATIONS, CalculateScatterGatherList), MEMBERS_1 },
  { .Size = offsetof (DMA_OPERATIONS, GetDmaAdapterInfo), MEMBERS_1, MEMBERS_2 },
  { .Size = sizeof (DMA_OPERATIONS), MEMBERS_1, MEMBERS_2, MEMBERS_3 },
};

const DMA_OPERATIONS *
wdm_operations (uint32_t version)
{
  return &tables[version - 1];
}
