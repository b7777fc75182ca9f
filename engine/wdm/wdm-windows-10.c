/* wdm-windows-10.c — the DMA routines of Windows 10 and later
 *
 * DMA domains, common buffers in bounds and vectors of them are not modelled. The
 * routines are there, leave their events, and fail in the way that their pages leave
 * them; none pretends to have done something. FlushDmaBuffer alone has nothing to do on
 * x86 and x64, where caches follow DMA by themselves.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-call.h"

/* A routine that returns a status; what it would write to stays as it is. */
static NTSTATUS
refuse (PDMA_ADAPTER adapter, DmsRoutine routine, const char *name, uint64_t length)
{
  WdmCall call;
  WdmCallInfo info = { .routine = routine, .name = name, .length = length };

  if (!wdm_call_enter (&call, &info, adapter))
    return STATUS_UNSUCCESSFUL;
  return wdm_call_leave_status (
      &call, call.adapter == NULL ? DMS_NT_INVALID_PARAMETER : DMS_NT_NOT_SUPPORTED);
}

/* One that returns a pointer or a handle. */
static PVOID
refuse_pointer (PDMA_ADAPTER adapter,
                DmsRoutine routine,
                const char *name,
                uint64_t length)
{
  WdmCall call;
  WdmCallInfo info = { .routine = routine, .name = name, .length = length };

  if (wdm_call_enter (&call, &info, adapter))
    wdm_call_leave_value (&call, 0);
  return NULL;
}

/* One that takes a vector, which nobody can have. */
static void
refuse_vector (PDMA_ADAPTER adapter, DmsRoutine routine, const char *name, ULONG index)
{
  /* Index out of range, as in bug check 0x1DC. */
  enum
  {
    NO_SUCH_INDEX = 3
  };
  WdmCall call;
  WdmCallInfo info = { .routine = routine, .name = name };

  if (!wdm_call_enter (&call, &info, adapter))
    return;
  if (call.adapter != NULL)
    wdm_call_fact (&call, DMS_FACT_VECTOR_MISUSED, NO_SUCH_INDEX, index);
  wdm_call_leave (&call);
}

NTSTATUS
wdm_allocate_domain_common_buffer (PDMA_ADAPTER DmaAdapter,
                                   HANDLE DomainHandle,
                                   PPHYSICAL_ADDRESS MaximumAddress,
                                   ULONG Length,
                                   ULONG Flags,
                                   MEMORY_CACHING_TYPE *CacheType,
                                   NODE_REQUIREMENT PreferredNode,
                                   PPHYSICAL_ADDRESS LogicalAddress,
                                   PVOID *VirtualAddress)
{
  UNREFERENCED_PARAMETER (DomainHandle);
  UNREFERENCED_PARAMETER (MaximumAddress);
  UNREFERENCED_PARAMETER (Flags);
  UNREFERENCED_PARAMETER (CacheType);
  UNREFERENCED_PARAMETER (PreferredNode);
  UNREFERENCED_PARAMETER (LogicalAddress);
  UNREFERENCED_PARAMETER (VirtualAddress);
  return refuse (DmaAdapter,
                 DMS_ROUTINE_ALLOCATE_DOMAIN_COMMON_BUFFER,
                 "AllocateDomainCommonBuffer",
                 Length);
}

NTSTATUS
wdm_flush_dma_buffer (PDMA_ADAPTER DmaAdapter, PMDL Mdl, BOOLEAN ReadOperation)
{
  WdmCall call;
  WdmCallInfo info
      = { .routine = DMS_ROUTINE_FLUSH_DMA_BUFFER,
          .name = "FlushDmaBuffer",
          .flags = ReadOperation ? DMS_FLAG_FROM_DEVICE : DMS_FLAG_TO_DEVICE };
  size_t n_mdls = 0;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_UNSUCCESSFUL;
  if (call.adapter == NULL)
    return wdm_call_leave_status (&call, DMS_NT_INVALID_PARAMETER);
  if (Mdl == NULL)
    wdm_call_fact (&call, DMS_FACT_NULL_MDL, 0, 0);
  else if (!wdm_chain (call.machine, Mdl, &n_mdls))
    wdm_call_fact (&call, DMS_FACT_UNKNOWN_MDL, wdm_key (Mdl), 0);
  return wdm_call_leave_status (
      &call, n_mdls == 0 ? DMS_NT_INVALID_PARAMETER : DMS_NT_SUCCESS);
}

NTSTATUS
wdm_join_dma_domain (PDMA_ADAPTER DmaAdapter, HANDLE DomainHandle)
{
  UNREFERENCED_PARAMETER (DomainHandle);
  return refuse (DmaAdapter, DMS_ROUTINE_JOIN_DMA_DOMAIN, "JoinDmaDomain", 0);
}

NTSTATUS
wdm_leave_dma_domain (PDMA_ADAPTER DmaAdapter)
{
  return refuse (DmaAdapter, DMS_ROUTINE_LEAVE_DMA_DOMAIN, "LeaveDmaDomain", 0);
}

HANDLE
wdm_get_dma_domain (PDMA_ADAPTER DmaAdapter)
{
  return refuse_pointer (DmaAdapter, DMS_ROUTINE_GET_DMA_DOMAIN, "GetDmaDomain", 0);
}

PVOID
wdm_allocate_common_buffer_with_bounds (PDMA_ADAPTER DmaAdapter,
                                        PPHYSICAL_ADDRESS MinimumAddress,
                                        PPHYSICAL_ADDRESS MaximumAddress,
                                        ULONG Length,
                                        ULONG Flags,
                                        MEMORY_CACHING_TYPE *CacheType,
                                        NODE_REQUIREMENT PreferredNode,
                                        PPHYSICAL_ADDRESS LogicalAddress)
{
  UNREFERENCED_PARAMETER (MinimumAddress);
  UNREFERENCED_PARAMETER (MaximumAddress);
  UNREFERENCED_PARAMETER (Flags);
  UNREFERENCED_PARAMETER (CacheType);
  UNREFERENCED_PARAMETER (PreferredNode);
  UNREFERENCED_PARAMETER (LogicalAddress);
  return refuse_pointer (DmaAdapter,
                         DMS_ROUTINE_ALLOCATE_COMMON_BUFFER_WITH_BOUNDS,
                         "AllocateCommonBufferWithBounds",
                         Length);
}

NTSTATUS
wdm_allocate_common_buffer_vector (PDMA_ADAPTER DmaAdapter,
                                   PHYSICAL_ADDRESS LowAddress,
                                   PHYSICAL_ADDRESS HighAddress,
                                   MEMORY_CACHING_TYPE CacheType,
                                   ULONG IdealNode,
                                   ULONG Flags,
                                   ULONG NumberOfElements,
                                   ULONGLONG SizeOfElements,
                                   PDMA_COMMON_BUFFER_VECTOR *VectorOut)
{
  UNREFERENCED_PARAMETER (LowAddress);
  UNREFERENCED_PARAMETER (HighAddress);
  UNREFERENCED_PARAMETER (CacheType);
  UNREFERENCED_PARAMETER (IdealNode);
  UNREFERENCED_PARAMETER (Flags);
  UNREFERENCED_PARAMETER (NumberOfElements);
  UNREFERENCED_PARAMETER (VectorOut);
  return refuse (DmaAdapter,
                 DMS_ROUTINE_ALLOCATE_COMMON_BUFFER_VECTOR,
                 "AllocateCommonBufferVector",
                 SizeOfElements);
}

/* The routine returns nothing: only what it writes can say that there is no buffer. */
VOID
wdm_get_common_buffer_from_vector (PDMA_ADAPTER DmaAdapter,
                                   PDMA_COMMON_BUFFER_VECTOR Vector,
                                   ULONG Index,
                                   PVOID *VirtualAddressOut,
                                   PPHYSICAL_ADDRESS LogicalAddressOut)
{
  UNREFERENCED_PARAMETER (Vector);
  if (VirtualAddressOut != NULL)
    *VirtualAddressOut = NULL;
  if (LogicalAddressOut != NULL)
    LogicalAddressOut->QuadPart = 0;
  refuse_vector (DmaAdapter,
                 DMS_ROUTINE_GET_COMMON_BUFFER_FROM_VECTOR,
                 "GetCommonBufferFromVectorByIndex",
                 Index);
}

VOID
wdm_free_common_buffer_from_vector (PDMA_ADAPTER DmaAdapter,
                                    PDMA_COMMON_BUFFER_VECTOR Vector,
                                    ULONG Index)
{
  UNREFERENCED_PARAMETER (Vector);
  refuse_vector (DmaAdapter,
                 DMS_ROUTINE_FREE_COMMON_BUFFER_FROM_VECTOR,
                 "FreeCommonBufferFromVector",
                 Index);
}

VOID
wdm_free_common_buffer_vector (PDMA_ADAPTER DmaAdapter,
                               PDMA_COMMON_BUFFER_VECTOR Vector)
{
  UNREFERENCED_PARAMETER (Vector);
  refuse_vector (
      DmaAdapter, DMS_ROUTINE_FREE_COMMON_BUFFER_VECTOR, "FreeCommonBufferVector", 0);
}

NTSTATUS
wdm_create_common_buffer_from_mdl (
    PDMA_ADAPTER DmaAdapter,
    PMDL Mdl,
    PDMA_COMMON_BUFFER_EXTENDED_CONFIGURATION ExtendedConfigs,
    ULONG ExtendedConfigsCount,
    PPHYSICAL_ADDRESS LogicalAddress)
{
  UNREFERENCED_PARAMETER (Mdl);
  UNREFERENCED_PARAMETER (ExtendedConfigs);
  UNREFERENCED_PARAMETER (ExtendedConfigsCount);
  UNREFERENCED_PARAMETER (LogicalAddress);
  return refuse (DmaAdapter,
                 DMS_ROUTINE_CREATE_COMMON_BUFFER_FROM_MDL,
                 "CreateCommonBufferFromMdl",
                 0);
}
