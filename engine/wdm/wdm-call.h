/* wdm-call.h — how routines of an adapter begin and end, and some of them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm-private.h"

/* What the call event of a routine of an adapter says. */
typedef struct
{
  DmsRoutine routine;
  const char *name;
  uint64_t transfer;
  uint64_t object; /* 0: the adapter */
  uint64_t b, c;
  uint64_t length;
  uint32_t flags;
} WdmCallInfo;

typedef struct
{
  DmsMachine *machine;
  DmsPlace before;
  DmsCall kernel;
  DmsAdapter *adapter; /* NULL when it is none, or was put back; facts say so */
} WdmCall;

/* Begins a routine of @DmaAdapter. False, and nothing to leave, when no machine runs
 * here or calls are nested too deep. */
bool wdm_call_enter (WdmCall *call, const WdmCallInfo *info, PDMA_ADAPTER DmaAdapter);
void wdm_call_leave (const WdmCall *call);
/* Returns @status. */
NTSTATUS wdm_call_leave_status (const WdmCall *call, uint32_t status);
/* The same for a routine that writes @length to its length argument. */
NTSTATUS
wdm_call_leave_status_length (const WdmCall *call, uint32_t status, uint64_t length);
void wdm_call_leave_value (const WdmCall *call, uint64_t value);
/* @length: what is written to the length argument, 0 when there is none. */
void wdm_call_leave_length (const WdmCall *call, uint64_t value, uint64_t length);
/* Notes @fact about the call's adapter. */
void wdm_call_fact (const WdmCall *call, DmsFact fact, uint64_t a, uint64_t b);

/* ---- wdm-adapter.c ---- */

ULONG wdm_get_dma_alignment (PDMA_ADAPTER DmaAdapter);
NTSTATUS wdm_calculate_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                            PMDL Mdl,
                                            PVOID CurrentVa,
                                            ULONG Length,
                                            PULONG ScatterGatherListSize,
                                            PULONG pNumberOfMapRegisters);
NTSTATUS wdm_get_dma_adapter_info (PDMA_ADAPTER DmaAdapter,
                                   PDMA_ADAPTER_INFO AdapterInfo);
NTSTATUS wdm_get_dma_transfer_info (PDMA_ADAPTER DmaAdapter,
                                    PMDL Mdl,
                                    ULONGLONG Offset,
                                    ULONG Length,
                                    BOOLEAN WriteOnly,
                                    PDMA_TRANSFER_INFO TransferInfo);

/* ---- wdm-windows-10.c ---- */

NTSTATUS wdm_allocate_domain_common_buffer (PDMA_ADAPTER DmaAdapter,
                                            HANDLE DomainHandle,
                                            PPHYSICAL_ADDRESS MaximumAddress,
                                            ULONG Length,
                                            ULONG Flags,
                                            MEMORY_CACHING_TYPE *CacheType,
                                            NODE_REQUIREMENT PreferredNode,
                                            PPHYSICAL_ADDRESS LogicalAddress,
                                            PVOID *VirtualAddress);
NTSTATUS
wdm_flush_dma_buffer (PDMA_ADAPTER DmaAdapter, PMDL Mdl, BOOLEAN ReadOperation);
NTSTATUS wdm_join_dma_domain (PDMA_ADAPTER DmaAdapter, HANDLE DomainHandle);
NTSTATUS wdm_leave_dma_domain (PDMA_ADAPTER DmaAdapter);
HANDLE wdm_get_dma_domain (PDMA_ADAPTER DmaAdapter);
PVOID wdm_allocate_common_buffer_with_bounds (PDMA_ADAPTER DmaAdapter,
                                              PPHYSICAL_ADDRESS MinimumAddress,
                                              PPHYSICAL_ADDRESS MaximumAddress,
                                              ULONG Length,
                                              ULONG Flags,
                                              MEMORY_CACHING_TYPE *CacheType,
                                              NODE_REQUIREMENT PreferredNode,
                                              PPHYSICAL_ADDRESS LogicalAddress);
NTSTATUS wdm_allocate_common_buffer_vector (PDMA_ADAPTER DmaAdapter,
                                            PHYSICAL_ADDRESS LowAddress,
                                            PHYSICAL_ADDRESS HighAddress,
                                            MEMORY_CACHING_TYPE CacheType,
                                            ULONG IdealNode,
                                            ULONG Flags,
                                            ULONG NumberOfElements,
                                            ULONGLONG SizeOfElements,
                                            PDMA_COMMON_BUFFER_VECTOR *VectorOut);
VOID wdm_get_common_buffer_from_vector (PDMA_ADAPTER DmaAdapter,
                                        PDMA_COMMON_BUFFER_VECTOR Vector,
                                        ULONG Index,
                                        PVOID *VirtualAddressOut,
                                        PPHYSICAL_ADDRESS LogicalAddressOut);
VOID wdm_free_common_buffer_from_vector (PDMA_ADAPTER DmaAdapter,
                                         PDMA_COMMON_BUFFER_VECTOR Vector,
                                         ULONG Index);
VOID wdm_free_common_buffer_vector (PDMA_ADAPTER DmaAdapter,
                                    PDMA_COMMON_BUFFER_VECTOR Vector);
NTSTATUS wdm_create_common_buffer_from_mdl (
    PDMA_ADAPTER DmaAdapter,
    PMDL Mdl,
    PDMA_COMMON_BUFFER_EXTENDED_CONFIGURATION ExtendedConfigs,
    ULONG ExtendedConfigsCount,
    PPHYSICAL_ADDRESS LogicalAddress);
