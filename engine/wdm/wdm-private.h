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
#include "engine/kernel/dms-nonpaged.h"
#include "engine/wdm/sample.h"

/* A chain longer than any buffer has is a loop. */
#define WDM_LONGEST_CHAIN 65536u

/* So many IRPs that are done keep their memory, for drivers that still look. */
#define WDM_DONE_IRPS 64

/* Device objects of one stack, the bus's own included. */
#define WDM_STACK_MAX 4

/* Bytes before and behind pool memory that nobody may write. */
#define WDM_GUARD_BYTES 16
/* So many allocations that are freed keep their memory for a while. */
#define WDM_FREED_POOL 64

typedef struct WdmOwn WdmOwn;
typedef struct WdmInterrupt WdmInterrupt;
typedef struct WdmDevice WdmDevice;
typedef struct WdmPool WdmPool;

/* A device object and its driver. Sample drivers have one for each device. Somebody's
 * own driver has a stack: the bus's object at the bottom, which the kernel's device
 * knows, and above it those that the driver attached. */
struct WdmDevice
{
  DEVICE_OBJECT object;
  DmsDevice *device;           /* NULL as long as it is in no stack */
  const SAMPLE_DRIVER *driver; /* NULL in the stacks of an own driver */
  SAMPLE_MISTAKES *mistakes;   /* or NULL */
  void *extension;
  PIRP dpc_irp;
  PVOID dpc_context;
  WdmDevice *dpc_target; /* of the bottom: whose DPC was asked for */
  PIO_DPC_ROUTINE dpc_routine;
  const char *dpc_name;
  WdmDevice *above, *below;
  bool is_bus; /* made by the system for an own driver */
  bool is_deleted;
  WdmInterrupt *interrupt; /* of the bottom: what is connected */
  PCM_RESOURCE_LIST resources;
  const char *start_io_name;
};

/* The MDL structure that drivers see, with its frames behind it, and what it stands
 * for. */
typedef struct
{
  /* Length 0 as long as it describes nothing, and then the buffer is nobody's. */
  DmsMdl kernel;
  PMDL mdl;
  bool is_drivers; /* from IoAllocateMdl */
  void *pointer;   /* that the driver gave then */
} WdmMdl;

/* An IRP and what belongs to it. Its MDLs are those of the buffer, but for a first one
 * that begins in mid-MDL. */
typedef struct
{
  IRP irp;
  /* Those of the stack are 1 to StackCount; one below and one above belong to nobody,
   * so that a step too far finds memory. */
  IO_STACK_LOCATION locations[WDM_STACK_MAX + 2];
  DmsTransfer *transfer; /* NULL when the requester is done with it */
  uint64_t id;           /* of the transfer, even then */
  WdmMdl *own_mdl;
  int n_locations;         /* of its stack; the driver may write what the IRP says */
  WdmDevice *start_device; /* whose StartIo is to get it */
  bool is_pnp;             /* not a request for a transfer */
  LONG is_complete;
  bool is_queued; /* by IoStartPacket, and StartIo not called yet */
  CHAR stops_at;  /* completion goes up no further than this location; 0 = to the top */
  LONG has_stopped; /* there */
} WdmIrp;

typedef struct
{
  DMA_ADAPTER adapter;
  DmsAdapter *kernel;
  DMA_OPERATIONS operations; /* of a driver that makes mistakes */
} WdmAdapter;

/* Handles are looked up by their address, so that a driver may hand over any pointer.
 */
typedef struct
{
  DmsTable ports;      /* a miniport's extension → WdmPort */
  DmsTable blocks;     /* IRB or SRB → WdmBlock, live or done lately */
  DmsDevice *entering; /* whose miniport's entry runs */
  DmsTable devices;    /* device object → WdmDevice */
  DmsTable irps;       /* IRP → WdmIrp, live or done lately */
  DmsTable adapters;   /* DMA_ADAPTER → WdmAdapter, put back or not */
  DmsTable mdls;       /* MDL → WdmMdl */
  DmsTable by_kernel;  /* the kernel's MDL of a buffer → WdmMdl */
  DmsTable list_mdls;  /* id of a list → what was made from it; see wdm-list-mdl.c */
  DmsTable pool;       /* address → WdmPool, what ExAllocatePoolWithTag gave */
  DmsTable pool_pages; /* page of the host → WdmPool that has it alone, not freed */
  uint64_t pool_address; /* virtual, of the nonpaged pool that was handed out last */
  uint64_t n_pool;       /* allocations so far that have pages of their own */
  DmsTable deleted;      /* device object → WdmDevice, deleted by its driver */
  DmsTable interrupts;   /* PKINTERRUPT → WdmInterrupt, connected or not any more */
  DmsTable dpcs;         /* number → WdmDpc, queued or set by a timer */
  uint64_t last_dpc;
  DmsTable locks;        /* spin lock that is held → itself */
  DmsTable work_items;   /* PIO_WORKITEM → itself, allocated */
  uint64_t n_interrupts; /* connected */
  KSPIN_LOCK cancel_lock;
  WdmOwn *own;           /* somebody's own driver, or NULL */
  WdmPool *freed_frames; /* freed and with frames, oldest first */
  WdmPool *freed_pool[WDM_FREED_POOL];
  size_t freed_pool_next;
  DmsBuffer nothing; /* the buffer of MDLs that are not built yet */
  DmsMdl **chain;    /* room for walking a chain */
  size_t chain_capacity;
  WdmIrp *done[WDM_DONE_IRPS];
  size_t done_next;
} WdmMachine;

static inline uint64_t
wdm_key (const volatile void *pointer)
{
  return (uint64_t)(uintptr_t)pointer;
}

/* A wrong pointer as events show it: addresses of the host would differ from run to
 * run, numbers that a driver took for a pointer do not. */
static inline uint64_t
wdm_shown (const volatile void *pointer)
{
  return wdm_key (pointer) < 0x10000 ? wdm_key (pointer) : 0;
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

/* ---- wdm-cancel.c ---- */

/* Sets Irp->Cancel and calls the cancel routine when there is one, with the system's
 * lock for cancelling held, which that routine releases. An op of drivers. */
void wdm_cancel (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer);

/* ---- wdm-visit.c ---- */

/* What runs while a routine of the driver does. */
typedef struct
{
  DmsCall call;
  DmsMachine *outer;
  uint8_t irql; /* at which it was called */
} WdmVisit;

/* The system calls a routine of a driver: everything but the call itself. @info needs
 * routine and IRQL; a name of NULL is that of the role. False when calls are nested too
 * deep. */
bool wdm_visit_begin (DmsMachine *machine,
                      const DmsDevice *device,
                      DmsCallInfo info,
                      WdmVisit *visit);
void wdm_visit_end (DmsMachine *machine, const WdmVisit *visit);
void wdm_visit_end_status (DmsMachine *machine, const WdmVisit *visit, NTSTATUS status);
/* Bytes of the driver's stack are no concern of the kernel: text for the log. */
void wdm_log (DmsMachine *machine, const char *text);

/* ---- wdm-sample.c ---- */

/* Whether the scenario wants this mistake now. */
bool wdm_wants_mistake (const DmsDevice *kernel, const char *name);

/* ---- wdm-port.c ---- */

void wdm_ports_release (WdmMachine *wdm);

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
 * common buffer or of nonpaged pool, else @pointer itself. */
uint64_t wdm_virtual (const DmsMachine *machine, const void *pointer);

/* MDLs that drivers built over @buffer describe nothing any more. */
void wdm_mdls_unbuild (DmsMachine *machine, const DmsBuffer *buffer);

/* ---- wdm-irp.c ---- */

/* The IRP of a transfer; NULL without memory. */
WdmIrp *wdm_irp_new (DmsMachine *machine, DmsTransfer *transfer);
/* Its memory is filled and kept for a while. */
void wdm_irp_retire (WdmMachine *wdm, WdmIrp *irp);
void wdm_irps_release (WdmMachine *wdm);

/* ---- wdm-stack.c ---- */

/* The request at @pointer; NULL, and a fact, when there is none. */
WdmIrp *wdm_need_irp (DmsMachine *machine, const void *pointer);
/* The device object at @pointer; NULL, and a fact, when there is none. */
WdmDevice *wdm_need_device (DmsMachine *machine, const void *pointer);
/* Hands @irp to @device, as the next one down its stack. */
NTSTATUS wdm_dispatch (DmsMachine *machine, WdmDevice *device, WdmIrp *irp);
/* Completes @irp: completion routines from where it is upwards; true when it is done
 * with. */
bool wdm_complete_up (DmsMachine *machine, WdmIrp *irp);
WdmDevice *wdm_top (WdmDevice *device);
/* An IRP without a transfer, for the stack above @bottom; NULL without memory. */
WdmIrp *wdm_irp_for_stack (DmsMachine *machine, WdmDevice *bottom);

/* ---- wdm-interrupt.c, wdm-dpc.c, wdm-wait.c and wdm-pool.c ---- */

void wdm_interrupts_release (WdmMachine *wdm);
/* Calls the routine that is connected to @device; false when none is, or the interrupt
 * is not its. */
bool wdm_interrupt_run (DmsMachine *machine, DmsDevice *device);
uint32_t wdm_interrupt_vector (const DmsDevice *device);
/* Where the registers of @device lie in the machine's addresses; our model. */
uint64_t wdm_registers_at (const DmsMachine *machine, const DmsDevice *device);
void wdm_dpcs_release (WdmMachine *wdm);
/* How many are queued, timers included. */
size_t wdm_dpcs_left (const WdmMachine *wdm);
void wdm_waits_release (WdmMachine *wdm);
/**
 * wdm_wait_until:
 * @state: what the machine's other work shall make anything but 0
 * @until_ps: model time at which it is no use any more; UINT64_MAX for never
 *
 * Lets the machine go on inside of a routine that waits, at PASSIVE_LEVEL.
 *
 * Returns: false when time is over or nothing is left to do
 */
bool
wdm_wait_until (DmsMachine *machine, const volatile LONG *state, uint64_t until_ps);
/* The nonpaged allocation, not freed, in whose pages @pointer lies, or NULL. */
WdmPool *wdm_pool_at (const DmsMachine *machine, const void *pointer);
/* The virtual address of @pointer, which lies in @pool's pages; simulated. */
uint64_t wdm_pool_virtual (const WdmPool *pool, const void *pointer);
/* Its frames; NULL as long as nobody asked for them. */
const DmsNonpaged *wdm_pool_frames (const WdmPool *pool);
/* The same, made when there are none yet, for @length bytes from @pointer on. NULL when
 * these are not all its own, or there are no frames or no memory. */
const DmsNonpaged *wdm_pool_need_frames (DmsMachine *machine,
                                         WdmPool *pool,
                                         const void *pointer,
                                         uint64_t length);
void wdm_pool_release (WdmMachine *wdm);
/* Notes what the drivers never freed. */
void wdm_pool_report (DmsMachine *machine);

/* ---- wdm-own.c ---- */

void wdm_own_release (WdmMachine *wdm);

/* ---- wdm-list-mdl.c ---- */

void wdm_list_mdls_release (WdmMachine *wdm);

/* ---- wdm-adapter.c ---- */

VOID wdm_put_dma_adapter (PDMA_ADAPTER DmaAdapter);

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

/* ---- wdm-system-dma.c ---- */

ULONG wdm_read_dma_counter (PDMA_ADAPTER DmaAdapter);

/* ---- wdm-dma-table.c ---- */

/* The table of version 1, 2 or 3. */
const DMA_OPERATIONS *wdm_operations (uint32_t version);

extern const DmsDriverOps wdm_driver_ops;
