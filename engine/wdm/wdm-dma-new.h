/* wdm-dma-new.h — what GetDma…Info fill in, and the DMA routines of Windows 10 and
 * later
 *
 * Included by wdm.h.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm-routines.h"

struct _DMA_ADAPTER;

/* ---- what GetDmaAdapterInfo and GetDmaTransferInfo fill in ---- */

#define DMA_ADAPTER_INFO_VERSION1 1
#define ADAPTER_INFO_SYNCHRONOUS_CALLBACK 0x0001
#define ADAPTER_INFO_API_BYPASS 0x0002

typedef struct _DMA_ADAPTER_INFO_V1
{
  ULONG ReadDmaCounterAvailable;
  ULONG ScatterGatherLimit;
  ULONG DmaAddressWidth;
  ULONG Flags;
  ULONG MinimumTransferUnit;
} DMA_ADAPTER_INFO_V1, *PDMA_ADAPTER_INFO_V1;

typedef struct _DMA_ADAPTER_INFO
{
  ULONG Version;
  union
  {
    DMA_ADAPTER_INFO_V1 V1;
  };
} DMA_ADAPTER_INFO, *PDMA_ADAPTER_INFO;

#define DMA_TRANSFER_INFO_VERSION1 1
#define DMA_TRANSFER_INFO_VERSION2 2

typedef struct _DMA_TRANSFER_INFO_V1
{
  ULONG MapRegisterCount;
  ULONG ScatterGatherElementCount;
  ULONG ScatterGatherListSize;
} DMA_TRANSFER_INFO_V1, *PDMA_TRANSFER_INFO_V1;

typedef struct _DMA_TRANSFER_INFO_V2
{
  ULONG MapRegisterCount;
  ULONG ScatterGatherElementCount;
  ULONG ScatterGatherListSize;
  ULONG LogicalPageCount;
} DMA_TRANSFER_INFO_V2, *PDMA_TRANSFER_INFO_V2;

typedef struct _DMA_TRANSFER_INFO
{
  ULONG Version;
  union
  {
    DMA_TRANSFER_INFO_V1 V1;
    DMA_TRANSFER_INFO_V2 V2;
  };
} DMA_TRANSFER_INFO, *PDMA_TRANSFER_INFO;

/* ---- Windows 10 and later: DMA domains, buffers in bounds, vectors of buffers ---- */

typedef ULONG NODE_REQUIREMENT;
typedef struct _DMA_COMMON_BUFFER_VECTOR *PDMA_COMMON_BUFFER_VECTOR;
typedef struct _DMA_COMMON_BUFFER_EXTENDED_CONFIGURATION
    *PDMA_COMMON_BUFFER_EXTENDED_CONFIGURATION;

#define DOMAIN_COMMON_BUFFER_LARGE_PAGE 0x1

typedef NTSTATUS (*PALLOCATE_DOMAIN_COMMON_BUFFER) (struct _DMA_ADAPTER *DmaAdapter,
                                                    HANDLE DomainHandle,
                                                    PPHYSICAL_ADDRESS MaximumAddress,
                                                    ULONG Length,
                                                    ULONG Flags,
                                                    MEMORY_CACHING_TYPE *CacheType,
                                                    NODE_REQUIREMENT PreferredNode,
                                                    PPHYSICAL_ADDRESS LogicalAddress,
                                                    PVOID *VirtualAddress);
typedef NTSTATUS (*PFLUSH_DMA_BUFFER) (struct _DMA_ADAPTER *DmaAdapter,
                                       PMDL Mdl,
                                       BOOLEAN ReadOperation);
typedef NTSTATUS (*PJOIN_DMA_DOMAIN) (struct _DMA_ADAPTER *DmaAdapter,
                                      HANDLE DomainHandle);
typedef NTSTATUS (*PLEAVE_DMA_DOMAIN) (struct _DMA_ADAPTER *DmaAdapter);
typedef HANDLE (*PGET_DMA_DOMAIN) (struct _DMA_ADAPTER *DmaAdapter);
typedef PVOID (*PALLOCATE_COMMON_BUFFER_WITH_BOUNDS) (struct _DMA_ADAPTER *DmaAdapter,
                                                      PPHYSICAL_ADDRESS MinimumAddress,
                                                      PPHYSICAL_ADDRESS MaximumAddress,
                                                      ULONG Length,
                                                      ULONG Flags,
                                                      MEMORY_CACHING_TYPE *CacheType,
                                                      NODE_REQUIREMENT PreferredNode,
                                                      PPHYSICAL_ADDRESS LogicalAddress);
typedef NTSTATUS (*PALLOCATE_COMMON_BUFFER_VECTOR) (
    struct _DMA_ADAPTER *DmaAdapter,
    PHYSICAL_ADDRESS LowAddress,
    PHYSICAL_ADDRESS HighAddress,
    MEMORY_CACHING_TYPE CacheType,
    ULONG IdealNode,
    ULONG Flags,
    ULONG NumberOfElements,
    ULONGLONG SizeOfElements,
    PDMA_COMMON_BUFFER_VECTOR *VectorOut);
typedef VOID (*PGET_COMMON_BUFFER_FROM_VECTOR_BY_INDEX) (
    struct _DMA_ADAPTER *DmaAdapter,
    PDMA_COMMON_BUFFER_VECTOR Vector,
    ULONG Index,
    PVOID *VirtualAddressOut,
    PPHYSICAL_ADDRESS LogicalAddressOut);
typedef VOID (*PFREE_COMMON_BUFFER_FROM_VECTOR) (struct _DMA_ADAPTER *DmaAdapter,
                                                 PDMA_COMMON_BUFFER_VECTOR Vector,
                                                 ULONG Index);
typedef VOID (*PFREE_COMMON_BUFFER_VECTOR) (struct _DMA_ADAPTER *DmaAdapter,
                                            PDMA_COMMON_BUFFER_VECTOR Vector);
typedef NTSTATUS (*PCREATE_COMMON_BUFFER_FROM_MDL) (
    struct _DMA_ADAPTER *DmaAdapter,
    PMDL Mdl,
    PDMA_COMMON_BUFFER_EXTENDED_CONFIGURATION ExtendedConfigs,
    ULONG ExtendedConfigsCount,
    PPHYSICAL_ADDRESS LogicalAddress);
