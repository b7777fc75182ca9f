/* wdm-list.h — scatter/gather lists, as drivers ask for them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm-channel.h"

/* What the four routines that make a list are told. */
typedef struct
{
  WdmCallInfo call;
  PDEVICE_OBJECT device;
  PMDL mdl;
  uint64_t address; /* CurrentVa */
  bool has_offset;  /* then the list begins so far behind the chain's first byte */
  uint64_t offset;
  ULONG length;
  PDRIVER_LIST_CONTROL routine;
  PVOID context;
  bool to_device;
  PVOID memory; /* of the driver, with bytes */
  bool has_memory;
  ULONG bytes;
  /* Version 3. */
  PVOID transfer_context;
  bool is_synchronous;
  bool has_completion; /* routine or context, which such calls do not have */
  PSCATTER_GATHER_LIST *ret_list;
} WdmListCall;

/* What a driver finds at @image. */
void wdm_list_write (SCATTER_GATHER_LIST *image,
                     const DmsListElement *elements,
                     uint32_t n_elements);
/* What the list looks like for its driver. */
void wdm_list_fill (const DmsList *list);
/* Whether it still does; else the first element that is not as it was, or the number of
 * elements when only that differs. DmsMiniportOps.is_unchanged. */
bool wdm_list_is_unchanged (const DmsList *list, uint32_t *ret_element);

/* wdm-dma-v3-list.c: whether the arguments fit together, with a fact if not. */
bool wdm_list_is_possible (const WdmCall *call, const WdmListCall *list);
/* The whole call. */
NTSTATUS wdm_list_call (PDMA_ADAPTER DmaAdapter, const WdmListCall *list);

NTSTATUS wdm_get_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                      PDEVICE_OBJECT DeviceObject,
                                      PMDL Mdl,
                                      PVOID CurrentVa,
                                      ULONG Length,
                                      PDRIVER_LIST_CONTROL ExecutionRoutine,
                                      PVOID Context,
                                      BOOLEAN WriteToDevice);
NTSTATUS wdm_build_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                        PDEVICE_OBJECT DeviceObject,
                                        PMDL Mdl,
                                        PVOID CurrentVa,
                                        ULONG Length,
                                        PDRIVER_LIST_CONTROL ExecutionRoutine,
                                        PVOID Context,
                                        BOOLEAN WriteToDevice,
                                        PVOID ScatterGatherBuffer,
                                        ULONG ScatterGatherLength);
VOID wdm_put_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                  PSCATTER_GATHER_LIST ScatterGather,
                                  BOOLEAN WriteToDevice);

/* ---- wdm-list-mdl.c ---- */

NTSTATUS wdm_build_mdl_from_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                                 PSCATTER_GATHER_LIST ScatterGather,
                                                 PMDL OriginalMdl,
                                                 PMDL *TargetMdl);
/* The list is put back: what was made from it goes with it. */
void wdm_list_mdls_free (WdmMachine *wdm, uint64_t list);
