/* wdm-v3.h — routines of version 3, as drivers call them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm-list.h"

/* ---- wdm-dma-v3.c ---- */

NTSTATUS wdm_initialize_dma_transfer_context (PDMA_ADAPTER DmaAdapter,
                                              PVOID DmaTransferContext);
NTSTATUS wdm_allocate_adapter_channel_ex (PDMA_ADAPTER DmaAdapter,
                                          PDEVICE_OBJECT DeviceObject,
                                          PVOID DmaTransferContext,
                                          ULONG NumberOfMapRegisters,
                                          ULONG Flags,
                                          PDRIVER_CONTROL ExecutionRoutine,
                                          PVOID ExecutionContext,
                                          PVOID *MapRegisterBase);
NTSTATUS wdm_configure_adapter_channel (PDMA_ADAPTER DmaAdapter,
                                        ULONG FunctionNumber,
                                        PVOID Context);
BOOLEAN wdm_cancel_adapter_channel (PDMA_ADAPTER DmaAdapter,
                                    PDEVICE_OBJECT DeviceObject,
                                    PVOID DmaTransferContext);
VOID wdm_free_adapter_object (PDMA_ADAPTER DmaAdapter,
                              IO_ALLOCATION_ACTION AllocationAction);
NTSTATUS wdm_cancel_mapped_transfer (PDMA_ADAPTER DmaAdapter, PVOID DmaTransferContext);

/* ---- wdm-dma-v3-map.c ---- */

NTSTATUS wdm_map_transfer_ex (PDMA_ADAPTER DmaAdapter,
                              PMDL Mdl,
                              PVOID MapRegisterBase,
                              ULONGLONG Offset,
                              ULONG DeviceOffset,
                              PULONG Length,
                              BOOLEAN WriteToDevice,
                              PSCATTER_GATHER_LIST ScatterGatherBuffer,
                              ULONG ScatterGatherBufferLength,
                              PDMA_COMPLETION_ROUTINE DmaCompletionRoutine,
                              PVOID CompletionContext);
NTSTATUS wdm_flush_adapter_buffers_ex (PDMA_ADAPTER DmaAdapter,
                                       PMDL Mdl,
                                       PVOID MapRegisterBase,
                                       ULONGLONG Offset,
                                       ULONG Length,
                                       BOOLEAN WriteToDevice);

/* ---- wdm-dma-v3-list.c ---- */

NTSTATUS wdm_get_scatter_gather_list_ex (PDMA_ADAPTER DmaAdapter,
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
                                         PSCATTER_GATHER_LIST *ScatterGatherList);
NTSTATUS wdm_build_scatter_gather_list_ex (PDMA_ADAPTER DmaAdapter,
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
                                           PSCATTER_GATHER_LIST *ScatterGatherList);
