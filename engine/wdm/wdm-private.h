/* wdm-private.h — what the routines of wdm.h keep beside the kernel
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#ifndef DMS_NO_MARKS
#  define DMS_NO_MARKS
#endif
#include "engine/kernel/dms-io.h"
#include "engine/kernel/dms-list.h"
#include "engine/wdm/sample.h"

/* A chain longer than any buffer has is a loop. */
#define WDM_LONGEST_CHAIN 65536u

/* So many IRPs that are done keep their memory, for drivers that still look. */
#define WDM_DONE_IRPS 64

/* A device object and its driver. */
typedef struct
{
  DEVICE_OBJECT object;
  DmsDevice *device;
  const SAMPLE_DRIVER *driver;
  void *extension;
  PIRP dpc_irp;
  PVOID dpc_context;
} WdmDevice;

/* The MDL structure that drivers see, with its frames behind it, and what it stands
 * for. */
typedef struct
{
  DmsMdl kernel; /* length 0 as long as it describes nothing */
  PMDL mdl;
  bool is_drivers; /* from IoAllocateMdl */
  void *pointer;   /* that the driver gave then */
} WdmMdl;

/* An IRP and what belongs to it. Its MDLs are those of the buffer, but for a first one
 * that begins in mid-MDL. */
typedef struct
{
  IRP irp;
  IO_STACK_LOCATION location;
  DmsTransfer *transfer; /* NULL when the requester is done with it */
  uint64_t id;           /* of the transfer, even then */
  WdmMdl *own_mdl;
} WdmIrp;

typedef struct
{
  DMA_ADAPTER adapter;
  DmsAdapter *kernel;
} WdmAdapter;

/* Handles are looked up by their address, so that a driver may hand over any pointer.
 */
typedef struct
{
  DmsTable devices;   /* device object → WdmDevice */
  DmsTable irps;      /* IRP → WdmIrp, live or done lately */
  DmsTable adapters;  /* DMA_ADAPTER → WdmAdapter, put back or not */
  DmsTable mdls;      /* MDL → WdmMdl */
  DmsTable by_kernel; /* the kernel's MDL of a buffer → WdmMdl */
  DmsTable pool;      /* what ExAllocatePoolWithTag gave */
  DmsMdl **chain;     /* room for walking a chain */
  size_t chain_capacity;
  WdmIrp *done[WDM_DONE_IRPS];
  size_t done_next;
} WdmMachine;

static inline uint64_t
wdm_key (const volatile void *pointer)
{
  return (uint64_t)(uintptr_t)pointer;
}

/* ---- wdm-machine.c ---- */

/* The machine whose driver runs on this thread; NULL between driver routines. */
DmsMachine *wdm_current (void);
/* Makes @machine the current one and returns the one before. */
DmsMachine *wdm_set_current (DmsMachine *machine);
WdmMachine *wdm_of (const DmsMachine *machine);
/* Begins a routine that a driver calls: the mark that was made for it becomes the
 * place. NULL, and nothing to end, when no machine runs here. */
DmsMachine *wdm_begin (const char *routine, DmsPlace *ret_before);
void wdm_end (DmsMachine *machine, DmsPlace before);
/* Name of the routine that the call begun last hands over, or @otherwise; lives as long
 * as the driver. */
const char *wdm_argument (const char *otherwise);

/* The adapter at @pointer, put back or not; NULL for other pointers. */
WdmAdapter *wdm_find_adapter (const DmsMachine *machine, const void *pointer);
/* The same for a routine that needs it: from inside its call, with a fact when there is
 * none (NULL_ADAPTER, UNKNOWN_ADAPTER) or when it was put back (DEAD_ADAPTER). */
WdmAdapter *wdm_need_adapter (DmsMachine *machine, const void *pointer);

/* ---- wdm-mdl.c ---- */

/* The structure for one of a buffer's own MDLs, made when first asked for; NULL without
 * memory. */
WdmMdl *wdm_mdl_of (DmsMachine *machine, const DmsMdl *kernel);
/* A structure of its own for a part of an MDL. */
WdmMdl *wdm_mdl_new (WdmMachine *wdm, const DmsMdl *kernel);
void wdm_mdl_free (WdmMachine *wdm, WdmMdl *mdl);
/* The chain that begins at @first, as the driver linked it; false when a link is no MDL
 * of ours, the chain is a loop, or memory is lacking. */
bool wdm_chain (DmsMachine *machine, PMDL first, size_t *ret_n);

/* ---- wdm-mdl-own.c ---- */

/* The address by which MDLs and CurrentVa name @pointer: simulated for a byte of a
 * common buffer, else @pointer itself. */
uint64_t wdm_virtual (const DmsMachine *machine, const void *pointer);

/* ---- wdm-irp.c ---- */

/* The IRP of a transfer; NULL without memory. */
WdmIrp *wdm_irp_new (DmsMachine *machine, DmsTransfer *transfer);
/* Its memory is filled and kept for a while. */
void wdm_irp_retire (WdmMachine *wdm, WdmIrp *irp);
void wdm_irps_release (WdmMachine *wdm);

/* ---- wdm-dma.c and wdm-dma-table.c ---- */

VOID wdm_put_dma_adapter (PDMA_ADAPTER DmaAdapter);
NTSTATUS wdm_get_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                      PDEVICE_OBJECT DeviceObject,
                                      PMDL Mdl,
                                      PVOID CurrentVa,
                                      ULONG Length,
                                      PDRIVER_LIST_CONTROL ExecutionRoutine,
                                      PVOID Context,
                                      BOOLEAN WriteToDevice);
VOID wdm_put_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                  PSCATTER_GATHER_LIST ScatterGather,
                                  BOOLEAN WriteToDevice);

/* ---- wdm-common.c ---- */

PVOID wdm_allocate_common_buffer (PDMA_ADAPTER DmaAdapter,
                                  ULONG Length,
                                  PPHYSICAL_ADDRESS LogicalAddress,
                                  BOOLEAN CacheEnabled);
PVOID wdm_allocate_common_buffer_ex (PDMA_ADAPTER DmaAdapter,
                                     PPHYSICAL_ADDRESS MaximumAddress,
                                     ULONG Length,
                                     PPHYSICAL_ADDRESS LogicalAddress,
                                     BOOLEAN CacheEnabled,
                                     ULONG PreferredNode);
VOID wdm_free_common_buffer (PDMA_ADAPTER DmaAdapter,
                             ULONG Length,
                             PHYSICAL_ADDRESS LogicalAddress,
                             PVOID VirtualAddress,
                             BOOLEAN CacheEnabled);

/* ---- wdm-dma-table.c ---- */

/* The table of version 1, 2 or 3. */
const DMA_OPERATIONS *wdm_operations (uint32_t version);

extern const DmsDriverOps wdm_driver_ops;
