/* wdm-channel.h — adapter channels and map registers, as drivers ask for them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm-call.h"

/* What the driver gets as MapRegisterBase: no address, and never read. NULL for a grant
 * that nothing can be mapped by. */
PVOID wdm_base_of (const DmsGrant *grant);
/* The grant that @base stands for: no fact when there is none. */
DmsGrant *wdm_find_grant (const DmsMachine *machine, const void *base);
/* The same for the adapter of a call, with the fact REGISTERS_NOT_HELD or UNKNOWN_BASE.
 * A null pointer is the adapter's own grant when that has no map registers. */
DmsGrant *wdm_need_grant (const WdmCall *call, const void *base);
/* Runs AdapterControl with @grant. */
DmsAction wdm_run_adapter_control (DmsMachine *machine, DmsGrant *grant);
/* The transfer that the buffer of @Mdl is used for; 0 = none, or no MDL of ours. */
uint64_t wdm_transfer_of (PMDL Mdl);
/* The first MDL of the chain, inside of a call, with a fact when there is none. */
WdmMdl *wdm_need_mdl (const WdmCall *call, PMDL Mdl);
/* Notes why wdm_chain() failed for @first. */
void wdm_note_chain (DmsMachine *machine, PMDL first);
/* The device object's kernel side, or NULL with the fact UNKNOWN_DEVICE. */
WdmDevice *wdm_need_device_of (const WdmCall *call, PDEVICE_OBJECT DeviceObject);
/* Notes that *@Length, which was @before, lies in the stack location of the request and
 * changes. */
void wdm_note_length (const WdmCall *call,
                      const DmsGrant *grant,
                      PULONG Length,
                      ULONG before);

/* The chain that begins at @first, inside of a call, with facts when it is none; it is
 * good until the next one is asked for. */
bool wdm_need_chain (const WdmCall *call, PMDL first, size_t *ret_n);
/* Notes that @pointer, argument number @argument from 1, is null; false then. */
bool wdm_need_pointer (const WdmCall *call, const void *pointer, uint64_t argument);

/* Bytes of @range that its MDLs have; fewer than it is long with the fact TOO_LONG. */
uint64_t
wdm_need_bytes (const WdmCall *call, const DmsGrant *grant, const DmsMapRange *range);
/* What the call of a routine that maps or flushes says; b is still to be told. */
WdmCallInfo wdm_map_info (
    DmsRoutine routine, PMDL mdl, const void *base, uint64_t length, bool to_device);

/* ---- wdm-channel.c ---- */

NTSTATUS wdm_allocate_adapter_channel (PDMA_ADAPTER DmaAdapter,
                                       PDEVICE_OBJECT DeviceObject,
                                       ULONG NumberOfMapRegisters,
                                       PDRIVER_CONTROL ExecutionRoutine,
                                       PVOID Context);
VOID wdm_free_adapter_channel (PDMA_ADAPTER DmaAdapter);
VOID wdm_free_map_registers (PDMA_ADAPTER DmaAdapter,
                             PVOID MapRegisterBase,
                             ULONG NumberOfMapRegisters);

/* ---- wdm-map.c ---- */

PHYSICAL_ADDRESS wdm_map_transfer (PDMA_ADAPTER DmaAdapter,
                                   PMDL Mdl,
                                   PVOID MapRegisterBase,
                                   PVOID CurrentVa,
                                   PULONG Length,
                                   BOOLEAN WriteToDevice);
BOOLEAN wdm_flush_adapter_buffers (PDMA_ADAPTER DmaAdapter,
                                   PMDL Mdl,
                                   PVOID MapRegisterBase,
                                   PVOID CurrentVa,
                                   ULONG Length,
                                   BOOLEAN WriteToDevice);
