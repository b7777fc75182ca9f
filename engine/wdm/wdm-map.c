/* wdm-map.c — MapTransfer and FlushAdapterBuffers, as drivers call them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-channel.h"

/* ---- arguments ---- */

static const WdmMdl *
find_mdl (const DmsMachine *machine, const void *mdl)
{
  return dms_table_get (&wdm_of (machine)->mdls, wdm_key (mdl));
}

uint64_t
wdm_transfer_of (PMDL Mdl)
{
  const DmsMachine *machine = wdm_current ();
  const WdmMdl *mdl = machine == NULL ? NULL : find_mdl (machine, Mdl);

  return mdl == NULL || mdl->kernel.buffer == NULL ? 0 : mdl->kernel.buffer->transfer;
}

/* MDLs of a chain that is a loop, all of them ours: behind so many it closes. */
static uint64_t
loop_length (PMDL first)
{
  PMDL slow = first->Next;
  PMDL fast = first->Next->Next;
  uint64_t n = 1;

  while (slow != fast)
    {
      slow = slow->Next;
      fast = fast->Next->Next;
    }
  for (slow = first; slow != fast; slow = slow->Next, n++)
    fast = fast->Next;
  for (fast = slow->Next; fast != slow; fast = fast->Next)
    n++;
  return n;
}

static void
note_mdl (DmsMachine *machine, DmsFact fact, uint64_t a, uint64_t b)
{
  dms_machine_fact (machine, fact, (DmsFactNote){ .a = a, .b = b });
}

void
wdm_note_chain (DmsMachine *machine, PMDL first)
{
  size_t n = 0;

  if (first == NULL)
    {
      note_mdl (machine, DMS_FACT_NULL_MDL, 0, 0);
      return;
    }
  for (PMDL at = first; at != NULL; at = at->Next, n++)
    {
      const WdmMdl *mdl = find_mdl (machine, at);

      if (mdl == NULL || mdl->kernel.length == 0)
        {
          note_mdl (machine, DMS_FACT_UNKNOWN_MDL, wdm_shown (at), n);
          return;
        }
      if (n == WDM_LONGEST_CHAIN)
        {
          note_mdl (machine, DMS_FACT_MDL_LOOP, loop_length (first), 0);
          return;
        }
    }
}

bool
wdm_need_chain (const WdmCall *call, PMDL first, size_t *ret_n)
{
  if (first != NULL && wdm_chain (call->machine, first, ret_n))
    return true;
  wdm_note_chain (call->machine, first);
  return false;
}

bool
wdm_need_pointer (const WdmCall *call, const void *pointer, uint64_t argument)
{
  if (pointer == NULL)
    wdm_call_fact (call, DMS_FACT_NULL_POINTER, argument, 0);
  return pointer != NULL;
}

WdmMdl *
wdm_need_mdl (const WdmCall *call, PMDL Mdl)
{
  WdmMdl *mdl = dms_table_get (&wdm_of (call->machine)->mdls, wdm_key (Mdl));

  if (mdl != NULL && mdl->kernel.length > 0)
    return mdl;
  if (Mdl == NULL)
    wdm_call_fact (call, DMS_FACT_NULL_MDL, 0, 0);
  else
    wdm_call_fact (call, DMS_FACT_UNKNOWN_MDL, wdm_shown (Mdl), 0);
  return NULL;
}

/* The stack location of the request that @grant works for. */
static bool
is_in_stack (const WdmCall *call, const DmsGrant *grant, const void *pointer)
{
  const DmsTransfer *transfer
      = dms_table_get (&call->machine->transfers, grant->transfer);
  const WdmIrp *irp = transfer == NULL ? NULL : transfer->driver_side;
  uint64_t first = irp == NULL ? 0 : wdm_key (irp->locations);

  return irp != NULL && wdm_key (pointer) >= first
         && wdm_key (pointer) < first + sizeof irp->locations;
}

void
wdm_note_length (const WdmCall *call,
                 const DmsGrant *grant,
                 PULONG Length,
                 ULONG before)
{
  if (*Length != before && is_in_stack (call, grant, Length))
    wdm_call_fact (call, DMS_FACT_LENGTH_IN_STACK, before, *Length);
}

/* ---- MapTransfer and FlushAdapterBuffers ---- */

typedef struct
{
  PMDL mdl;
  PVOID base;
  PVOID va;
  ULONG length;
  bool to_device;
} Arguments;

/* An address of the host differs from run to run, and is not told. */
static uint64_t
shown (const DmsMdl *mdl, uint64_t address)
{
  bool is_simulated = address - mdl->address + DMS_SCENARIO_RING_MAX
                      < 2 * DMS_SCENARIO_RING_MAX + mdl->length;

  return is_simulated ? address : 0;
}

/* Bytes of the MDL before CurrentVa; what lies outside of it is noted. */
static bool
find_place (const WdmCall *call,
            const DmsGrant *grant,
            const DmsMdl *mdl,
            uint64_t address,
            uint64_t *ret_skip)
{
  *ret_skip = address - mdl->address;
  if (address >= mdl->address && *ret_skip < mdl->length)
    return true;
  dms_machine_fact (call->machine,
                    DMS_FACT_OUTSIDE_MDL,
                    (DmsFactNote){ .device = call->adapter->device,
                                   .transfer = grant->transfer,
                                   .object = grant->id,
                                   .a = shown (mdl, address),
                                   .b = mdl->address,
                                   .c = mdl->address + mdl->length });
  return false;
}

/* What both routines need; NULL, and facts, when something of it is not there. */
static DmsGrant *
prepare (const WdmCall *call,
         const Arguments *arguments,
         DmsMdl **mdl,
         DmsMapRange *range)
{
  DmsGrant *grant
      = call->adapter == NULL ? NULL : wdm_need_grant (call, arguments->base);
  WdmMdl *wdm = grant == NULL ? NULL : wdm_need_mdl (call, arguments->mdl);

  if (wdm == NULL)
    return NULL;
  *mdl = &wdm->kernel;
  *range = (DmsMapRange){ .mdls = (DmsMdl *const *)mdl,
                          .n_mdls = 1,
                          .length = arguments->length,
                          .to_device = arguments->to_device,
                          .max_elements = 1 };
  return find_place (call,
                     grant,
                     *mdl,
                     wdm_virtual (call->machine, arguments->va),
                     &range->skip)
             ? grant
             : NULL;
}

uint64_t
wdm_need_bytes (const WdmCall *call, const DmsGrant *grant, const DmsMapRange *range)
{
  uint64_t there = dms_chain_bytes (range->mdls, range->n_mdls, range->skip);
  const DmsMdl *last = range->mdls[range->n_mdls - 1];
  uint64_t room = -(last->address + last->length) & DMS_PAGE_MASK;

  if (range->length <= there)
    return range->length;
  dms_machine_fact (call->machine,
                    DMS_FACT_TOO_LONG,
                    (DmsFactNote){ .device = call->adapter->device,
                                   .transfer = grant->transfer,
                                   .object = grant->id,
                                   .a = range->length,
                                   .b = there,
                                   .c = range->length - there > room ? 1 : 0 });
  return there;
}

WdmCallInfo
wdm_map_info (
    DmsRoutine routine, PMDL mdl, const void *base, uint64_t length, bool to_device)
{
  const DmsMachine *machine = wdm_current ();
  const DmsGrant *grant = machine == NULL ? NULL : wdm_find_grant (machine, base);

  return (WdmCallInfo){ .routine = routine,
                        .name = dms_routine_info (routine)->name,
                        .transfer = wdm_transfer_of (mdl),
                        .object = grant == NULL ? 0 : grant->id,
                        .length = length,
                        .flags
                        = to_device ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE };
}

static WdmCallInfo
info_of (DmsRoutine routine, const Arguments *arguments)
{
  const DmsMachine *machine = wdm_current ();
  const WdmMdl *mdl = machine == NULL ? NULL : find_mdl (machine, arguments->mdl);
  WdmCallInfo info = wdm_map_info (routine,
                                   arguments->mdl,
                                   arguments->base,
                                   arguments->length,
                                   arguments->to_device);

  if (mdl != NULL)
    info.b = shown (&mdl->kernel, wdm_virtual (machine, arguments->va));
  return info;
}

/* From inside the call. A piece for a device without scatter/gather is as long as was
 * asked for, as documented, whatever could be mapped of it. */
static uint64_t
map (const WdmCall *call, const Arguments *arguments, PULONG Length)
{
  DmsMdl *mdl = NULL;
  DmsMapRange range;
  DmsListElement element = { 0 };
  uint32_t n = 0;
  uint64_t mapped = 0;

  if (!wdm_need_pointer (call, Length, 5))
    return 0;

  DmsGrant *grant = prepare (call, arguments, &mdl, &range);

  if (grant != NULL)
    {
      /* More than the MDL describes cannot be mapped. */
      range.length = wdm_need_bytes (call, grant, &range);
      dms_grant_map (call->machine, grant, &range, &element, &n, &mapped);
    }
  if (call->adapter == NULL || call->adapter->scatter_gather)
    *Length = (ULONG)mapped;
  if (grant != NULL)
    wdm_note_length (call, grant, Length, arguments->length);
  return element.logical;
}

PHYSICAL_ADDRESS
wdm_map_transfer (PDMA_ADAPTER DmaAdapter,
                  PMDL Mdl,
                  PVOID MapRegisterBase,
                  PVOID CurrentVa,
                  PULONG Length,
                  BOOLEAN WriteToDevice)
{
  Arguments arguments = { .mdl = Mdl,
                          .base = MapRegisterBase,
                          .va = CurrentVa,
                          .length = Length == NULL ? 0 : *Length,
                          .to_device = WriteToDevice != FALSE };
  WdmCallInfo info = info_of (DMS_ROUTINE_MAP_TRANSFER, &arguments);
  PHYSICAL_ADDRESS address = { .QuadPart = 0 };
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return address;
  address.QuadPart = (LONGLONG)map (&call, &arguments, Length);
  wdm_call_leave_length (
      &call, (uint64_t)address.QuadPart, Length == NULL ? 0 : *Length);
  return address;
}

BOOLEAN
wdm_flush_adapter_buffers (PDMA_ADAPTER DmaAdapter,
                           PMDL Mdl,
                           PVOID MapRegisterBase,
                           PVOID CurrentVa,
                           ULONG Length,
                           BOOLEAN WriteToDevice)
{
  Arguments arguments = { .mdl = Mdl,
                          .base = MapRegisterBase,
                          .va = CurrentVa,
                          .length = Length,
                          .to_device = WriteToDevice != FALSE };
  WdmCallInfo info = info_of (DMS_ROUTINE_FLUSH_ADAPTER_BUFFERS, &arguments);
  DmsMdl *mdl = NULL;
  DmsMapRange range;
  BOOLEAN is_flushed = FALSE;
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return FALSE;

  DmsGrant *grant = prepare (&call, &arguments, &mdl, &range);

  if (grant != NULL && dms_grant_flush (call.machine, grant, &range) == DMS_NT_SUCCESS)
    is_flushed = TRUE;
  wdm_call_leave_value (&call, is_flushed);
  return is_flushed;
}
