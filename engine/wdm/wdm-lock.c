/* wdm-lock.c — pages are locked, and asked where they are
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/kernel/dms-common.h"

/* Nothing is paged out in our machine: locking is a mark, which rules look at. */
static void
set_locked (const char *name, DmsRoutine routine, PMDL pointer, bool is_locked)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin (name, &before);
  DmsCall call;

  if (machine == NULL)
    return;

  WdmMdl *mdl = dms_table_get (&wdm_of (machine)->mdls, wdm_key (pointer));
  DmsCallInfo info = { .routine = routine,
                       .name = name,
                       .length = mdl == NULL ? 0 : mdl->kernel.length };

  if (dms_call_enter (machine, &info, &call))
    {
      if (mdl == NULL)
        dms_machine_fact (machine,
                          pointer == NULL ? DMS_FACT_NULL_MDL : DMS_FACT_UNKNOWN_MDL,
                          (DmsFactNote){ .a = wdm_shown (pointer) });
      else
        {
          CSHORT flag = MDL_PAGES_LOCKED;

          mdl->kernel.is_locked = is_locked;
          mdl->mdl->MdlFlags = (CSHORT)(is_locked ? mdl->mdl->MdlFlags | flag
                                                  : mdl->mdl->MdlFlags & ~flag);
        }
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

VOID
MmProbeAndLockPages (PMDL MemoryDescriptorList,
                     KPROCESSOR_MODE AccessMode,
                     LOCK_OPERATION Operation)
{
  UNREFERENCED_PARAMETER (AccessMode);
  UNREFERENCED_PARAMETER (Operation);
  set_locked ("MmProbeAndLockPages",
              DMS_ROUTINE_MM_PROBE_AND_LOCK_PAGES,
              MemoryDescriptorList,
              true);
}

VOID
MmUnlockPages (PMDL MemoryDescriptorList)
{
  set_locked (
      "MmUnlockPages", DMS_ROUTINE_MM_UNLOCK_PAGES, MemoryDescriptorList, false);
}

/* The frame behind @pointer in one of @mdls; 0 is no answer. */
static uint64_t
find_in (const DmsMdl *mdls, size_t n, const uint8_t *pointer)
{
  for (size_t i = 0; i < n; i++)
    {
      const DmsMdl *mdl = &mdls[i];
      uint64_t at = 0;

      if (pointer < mdl->bytes || pointer >= mdl->bytes + mdl->length)
        continue;
      at = dms_page_offset (mdl->address) + (uint64_t)(pointer - mdl->bytes);
      return (mdl->frames[at >> DMS_PAGE_SHIFT] << DMS_PAGE_SHIFT)
             + dms_page_offset (at);
    }
  return 0;
}

static uint64_t
find_physical (const DmsMachine *machine, const void *pointer)
{
  const DmsCommon *common = dms_common_of (machine, pointer);
  const WdmPool *pool = wdm_pool_at (machine, pointer);
  uint64_t physical = 0;

  if (common != NULL)
    return find_in (&common->mdl, 1, pointer);
  if (pool != NULL && wdm_pool_frames (pool) != NULL)
    return find_in (&wdm_pool_frames (pool)->mdl, 1, pointer);
  for (size_t i = 0; i < machine->n_buffers && physical == 0; i++)
    physical = find_in (machine->buffers[i].mdls, machine->buffers[i].n_mdls, pointer);
  return physical;
}

/* Our model: only requesters' buffers, common buffers, and nonpaged pool that an MDL
 * was built for lie in the machine's memory; what else a driver has, its stack and
 * other pool memory, is the host's and has no address: 0. */
PHYSICAL_ADDRESS
MmGetPhysicalAddress (PVOID BaseAddress)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("MmGetPhysicalAddress", &before);
  PHYSICAL_ADDRESS address = { .QuadPart = 0 };
  DmsCallInfo info = { .routine = DMS_ROUTINE_MM_GET_PHYSICAL_ADDRESS,
                       .name = "MmGetPhysicalAddress" };
  DmsCall call;

  if (machine == NULL)
    return address;
  if (dms_call_enter (machine, &info, &call))
    {
      address.QuadPart = (LONGLONG)find_physical (machine, BaseAddress);
      dms_call_leave_value (machine, &call, (uint64_t)address.QuadPart, 0);
    }
  wdm_end (machine, before);
  return address;
}

SIZE_T
RtlCompareMemory (const VOID *Source1, const VOID *Source2, SIZE_T Length)
{
  const UCHAR *one = Source1;
  const UCHAR *other = Source2;
  SIZE_T n = 0;

  if (one == NULL || other == NULL)
    return 0;
  while (n < Length && one[n] == other[n])
    n++;
  return n;
}
