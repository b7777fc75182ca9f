/* wdm-mdl-own.c — MDLs that a driver makes: IoAllocateMdl, MmBuildMdlForNonPagedPool
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/kernel/dms-common.h"

#include <stdlib.h>

uint64_t
wdm_virtual (const DmsMachine *machine, const void *pointer)
{
  const DmsCommon *common = dms_common_of (machine, pointer);
  const WdmPool *pool = wdm_pool_at (machine, pointer);

  if (pool != NULL)
    return wdm_pool_virtual (pool, pointer);
  if (common == NULL)
    return wdm_key (pointer);
  return common->mdl.address + (uint64_t)((const uint8_t *)pointer - common->bytes);
}

static WdmMdl *
find_mdl (const DmsMachine *machine, const void *mdl)
{
  return dms_table_get (&wdm_of (machine)->mdls, wdm_key (mdl));
}

/* For events: addresses of the host would make two runs differ. */
static uint64_t
shown (const DmsMachine *machine, const void *pointer)
{
  bool is_simulated = dms_common_of (machine, pointer) != NULL
                      || wdm_pool_at (machine, pointer) != NULL;

  return is_simulated ? wdm_virtual (machine, pointer) : 0;
}

/* An MDL with room for its frames and none in it: until it is built it describes
 * nothing, so its kernel side has length 0. */
static WdmMdl *
make_empty (DmsMachine *machine, PVOID pointer, ULONG length)
{
  uint64_t address = wdm_virtual (machine, pointer);
  uint64_t *frames = calloc (dms_span_pages (address, length) + 1, sizeof *frames);
  DmsMdl kernel = { .address = address,
                    .length = length,
                    .frames = frames,
                    .n_frames = (uint32_t)dms_span_pages (address, length) };

  if (frames == NULL)
    return NULL;

  WdmMdl *made = wdm_mdl_new (wdm_of (machine), &kernel);

  free (frames);
  if (made == NULL)
    return NULL;
  made->is_drivers = true;
  made->pointer = pointer;
  /* In Windows MmGetMdlVirtualAddress of pool memory is a pointer that works. */
  if (wdm_pool_at (machine, pointer) != NULL)
    made->mdl->StartVa = (PUCHAR)pointer - dms_page_offset (address);
  made->kernel = (DmsMdl){ .buffer = &wdm_of (machine)->nothing, .address = address };
  return made;
}

/* As the page says: without @secondary the IRP's first MDL, else the last of its chain.
 */
static void
hand_to_irp (const DmsMachine *machine, PIRP irp, PMDL mdl, BOOLEAN secondary)
{
  if (dms_table_get (&wdm_of (machine)->irps, wdm_key (irp)) == NULL)
    return;
  if (!secondary || irp->MdlAddress == NULL)
    {
      irp->MdlAddress = mdl;
      return;
    }

  /* No further than MDLs that we know, and in a loop not for ever. */
  WdmMdl *last = find_mdl (machine, irp->MdlAddress);
  WdmMdl *next = NULL;

  for (uint32_t n = 0; last != NULL && n < WDM_LONGEST_CHAIN; n++, last = next)
    {
      next = find_mdl (machine, last->mdl->Next);
      if (next == NULL)
        {
          last->mdl->Next = mdl;
          return;
        }
    }
}

PMDL
IoAllocateMdl (PVOID VirtualAddress,
               ULONG Length,
               BOOLEAN SecondaryBuffer,
               BOOLEAN ChargeQuota,
               PIRP Irp)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoAllocateMdl", &before);
  WdmMdl *made = NULL;
  DmsCall call;

  UNREFERENCED_PARAMETER (ChargeQuota);
  if (machine == NULL)
    return NULL;

  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_ALLOCATE_MDL,
                       .name = "IoAllocateMdl",
                       .b = shown (machine, VirtualAddress),
                       .length = Length };

  if (dms_call_enter (machine, &info, &call))
    {
      if (Length > 0)
        made = make_empty (machine, VirtualAddress, Length);
      if (made != NULL && Irp != NULL)
        hand_to_irp (machine, Irp, made->mdl, SecondaryBuffer);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
  return made == NULL ? NULL : made->mdl;
}

/* The driver's own MDL at @pointer; else NULL and a fact. */
static WdmMdl *
need_own (DmsMachine *machine, PMDL pointer)
{
  WdmMdl *mdl = find_mdl (machine, pointer);

  if (mdl != NULL && mdl->is_drivers)
    return mdl;
  dms_machine_fact (machine,
                    pointer == NULL ? DMS_FACT_NULL_MDL : DMS_FACT_UNKNOWN_MDL,
                    (DmsFactNote){ .a = wdm_shown (pointer) });
  return NULL;
}

/* The kernel's MDL of all the memory that @mdl describes a part of, which begins
 * *@ret_skip bytes behind its start; NULL when it has no frames. */
static const DmsMdl *
find_memory (DmsMachine *machine, const WdmMdl *mdl, uint64_t *ret_skip)
{
  const DmsCommon *common = dms_common_of (machine, mdl->pointer);
  WdmPool *pool = wdm_pool_at (machine, mdl->pointer);
  const DmsMdl *whole = NULL;
  uint64_t length = mdl->mdl->ByteCount;

  if (common != NULL && !common->is_freed)
    whole = &common->mdl;
  else if (pool != NULL)
    {
      const DmsNonpaged *nonpaged
          = wdm_pool_need_frames (machine, pool, mdl->pointer, length);

      whole = nonpaged == NULL ? NULL : &nonpaged->mdl;
    }
  if (whole == NULL)
    return NULL;
  *ret_skip = (uint64_t)((const uint8_t *)mdl->pointer - whole->bytes);
  return length > whole->length - *ret_skip ? NULL : whole;
}

/* Our model: of what is not paged, common buffers and nonpaged pool have frames that a
 * device can be told of. */
static void
build (DmsMachine *machine, WdmMdl *mdl)
{
  uint64_t skip = 0;
  uint64_t length = mdl->mdl->ByteCount;
  const DmsMdl *whole = find_memory (machine, mdl, &skip);

  if (whole == NULL)
    {
      dms_machine_fact (machine, DMS_FACT_NO_FRAMES, (DmsFactNote){ .a = length });
      return;
    }
  mdl->kernel = dms_mdl_rest (whole, skip);
  mdl->kernel.length = length;
  mdl->kernel.n_frames = (uint32_t)dms_span_pages (mdl->kernel.address, length);
  for (uint32_t i = 0; i < mdl->kernel.n_frames; i++)
    MmGetMdlPfnArray (mdl->mdl)[i] = (PFN_NUMBER)mdl->kernel.frames[i];
  mdl->mdl->MdlFlags |= MDL_SOURCE_IS_NONPAGED_POOL;
  mdl->mdl->MappedSystemVa = mdl->pointer;
}

void
wdm_mdls_unbuild (DmsMachine *machine, const DmsBuffer *buffer)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmMdl *mdl = NULL;
  size_t at = 0;

  while ((mdl = dms_table_next (&wdm->mdls, &at, NULL)) != NULL)
    if (mdl->is_drivers && mdl->kernel.buffer == buffer)
      {
        mdl->kernel
            = (DmsMdl){ .buffer = &wdm->nothing, .address = mdl->kernel.address };
        mdl->pointer = NULL;
        mdl->mdl->MdlFlags = 0;
        mdl->mdl->MappedSystemVa = NULL;
      }
}

VOID
MmBuildMdlForNonPagedPool (PMDL MemoryDescriptorList)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("MmBuildMdlForNonPagedPool", &before);
  DmsCall call;

  if (machine == NULL)
    return;

  const WdmMdl *known = find_mdl (machine, MemoryDescriptorList);
  DmsCallInfo info = { .routine = DMS_ROUTINE_MM_BUILD_MDL_FOR_NON_PAGED_POOL,
                       .name = "MmBuildMdlForNonPagedPool",
                       .b = known == NULL ? 0 : shown (machine, known->pointer),
                       .length = known == NULL ? 0 : known->mdl->ByteCount };

  if (dms_call_enter (machine, &info, &call))
    {
      WdmMdl *mdl = need_own (machine, MemoryDescriptorList);

      if (mdl != NULL)
        build (machine, mdl);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

VOID
IoFreeMdl (PMDL Mdl)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoFreeMdl", &before);
  DmsCall call;

  if (machine == NULL)
    return;

  const WdmMdl *known = find_mdl (machine, Mdl);
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_FREE_MDL,
                       .name = "IoFreeMdl",
                       .b = known == NULL ? 0 : shown (machine, known->pointer) };

  if (dms_call_enter (machine, &info, &call))
    {
      WdmMdl *mdl = need_own (machine, Mdl);

      if (mdl != NULL)
        wdm_mdl_free (wdm_of (machine), mdl);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}
