/* wdm-mdl.c — MDLs as drivers see them, and the memory behind them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/kernel/dms-common.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert (sizeof (MDL) % sizeof (PFN_NUMBER) == 0, "frames lie right behind");

WdmMdl *
wdm_mdl_new (WdmMachine *wdm, const DmsMdl *kernel)
{
  WdmMdl *made = calloc (1, sizeof *made);
  PMDL mdl = calloc (1, sizeof (MDL) + kernel->n_frames * sizeof (PFN_NUMBER));

  if (made == NULL || mdl == NULL || !dms_table_put (&wdm->mdls, wdm_key (mdl), made))
    {
      free (made);
      free (mdl);
      return NULL;
    }
  made->kernel = *kernel;
  made->mdl = mdl;
  mdl->Size
      = (CSHORT)((sizeof (MDL) + kernel->n_frames * sizeof (PFN_NUMBER)) & 0x7fff);
  mdl->MdlFlags = kernel->is_locked ? MDL_PAGES_LOCKED : 0;
  mdl->StartVa = (PVOID)(uintptr_t)(kernel->address & ~DMS_PAGE_MASK);
  mdl->ByteOffset = (ULONG)dms_page_offset (kernel->address);
  mdl->ByteCount = kernel->length > UINT32_MAX ? UINT32_MAX : (ULONG)kernel->length;
  for (uint32_t i = 0; i < kernel->n_frames; i++)
    MmGetMdlPfnArray (mdl)[i] = (PFN_NUMBER)kernel->frames[i];
  return made;
}

void
wdm_mdl_free (WdmMachine *wdm, WdmMdl *mdl)
{
  if (mdl == NULL)
    return;
  dms_table_take (&wdm->mdls, wdm_key (mdl->mdl));
  free (mdl->mdl);
  free (mdl);
}

WdmMdl *
wdm_mdl_of (DmsMachine *machine, const DmsMdl *kernel)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmMdl *mdl = dms_table_get (&wdm->by_kernel, wdm_key (kernel));

  if (mdl != NULL)
    return mdl;
  mdl = wdm_mdl_new (wdm, kernel);
  if (mdl != NULL && !dms_table_put (&wdm->by_kernel, wdm_key (kernel), mdl))
    {
      wdm_mdl_free (wdm, mdl);
      return NULL;
    }
  return mdl;
}

static bool
grow_chain (WdmMachine *wdm)
{
  size_t capacity = wdm->chain_capacity == 0 ? 16 : 2 * wdm->chain_capacity;
  DmsMdl **chain = realloc (wdm->chain, capacity * sizeof (DmsMdl *));

  if (chain == NULL)
    return false;
  wdm->chain = chain;
  wdm->chain_capacity = capacity;
  return true;
}

bool
wdm_chain (DmsMachine *machine, PMDL first, size_t *ret_n)
{
  WdmMachine *wdm = wdm_of (machine);
  size_t n = 0;

  for (PMDL at = first; at != NULL; at = at->Next)
    {
      WdmMdl *mdl = dms_table_get (&wdm->mdls, wdm_key (at));

      if (mdl == NULL || mdl->kernel.length == 0 || n == WDM_LONGEST_CHAIN)
        return false;
      if (n == wdm->chain_capacity && !grow_chain (wdm))
        return false;
      wdm->chain[n++] = &mdl->kernel;
    }
  *ret_n = n;
  return true;
}

PVOID
MmGetSystemAddressForMdlSafe (PMDL Mdl, ULONG Priority)
{
  DmsMachine *machine = wdm_current ();
  WdmMdl *mdl = NULL;

  UNREFERENCED_PARAMETER (Priority);
  if (machine != NULL)
    mdl = dms_table_get (&wdm_of (machine)->mdls, wdm_key (Mdl));
  if (mdl == NULL)
    return NULL;
  mdl->mdl->MappedSystemVa = mdl->kernel.bytes;
  mdl->mdl->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
  return mdl->kernel.bytes;
}

/* ---- Rtl…Memory ---- */

/* The buffer that has its pages in @block. */
static const DmsBuffer *
buffer_of (const DmsMachine *machine, const DmsMemoryBlock *block)
{
  for (size_t i = 0; i < machine->n_buffers; i++)
    {
      const DmsBuffer *buffer = &machine->buffers[i];
      const uint8_t *page
          = buffer->mdls[0].bytes - dms_page_offset (buffer->mdls[0].address);

      if (page == block->bytes)
        return buffer;
    }
  return NULL;
}

/* Bytes of @buffer at @bytes are touched: an event for those that an MDL describes. */
static void
touch_mdl (DmsMachine *machine,
           const DmsMdl *mdl,
           const uint8_t *bytes,
           size_t length,
           uint32_t flags)
{
  const uint8_t *end = mdl->bytes + mdl->length;
  const uint8_t *from = bytes > mdl->bytes ? bytes : mdl->bytes;
  const uint8_t *to = bytes + length < end ? bytes + length : end;

  if (from < to)
    dms_io_touch (machine,
                  mdl->buffer,
                  mdl->start + (uint64_t)(from - mdl->bytes),
                  (uint64_t)(to - from),
                  flags);
}

static void
touch_buffer (DmsMachine *machine,
              const DmsBuffer *buffer,
              const uint8_t *bytes,
              size_t length,
              uint32_t flags)
{
  for (size_t i = 0; i < buffer->n_mdls; i++)
    touch_mdl (machine, &buffer->mdls[i], bytes, length, flags);
}

/* Bytes of a common buffer, one that was freed too, are touched; those behind its end
 * are nobody's. */
static void
touch_common (DmsMachine *machine, const uint8_t *bytes, size_t length, uint32_t flags)
{
  const DmsCommon *common = dms_common_of (machine, bytes);

  if (common == NULL)
    return;

  uint64_t start = (uint64_t)(bytes - common->bytes);
  uint64_t room = common->length - start;

  if (length > 0)
    dms_common_touch (machine, common, start, length < room ? length : room, flags);
}

/* Emits what is seen of an access by the driver, and shortens it to the memory that
 * there is: what lies behind a buffer is the host's. */
static size_t
touch (const void *pointer, size_t length, uint32_t flags)
{
  DmsMachine *machine = wdm_current ();
  const WdmPool *pool = machine == NULL ? NULL : wdm_pool_at (machine, pointer);
  const DmsMemoryBlock *block
      = machine == NULL ? NULL : dms_memory_block_at (&machine->memory, pointer);

  /* Pool memory has guards behind it: an access that is too long shall be seen. */
  if (pool != NULL)
    {
      if (wdm_pool_frames (pool) != NULL && length > 0)
        touch_mdl (machine, &wdm_pool_frames (pool)->mdl, pointer, length, flags);
      return length;
    }

  if (block == NULL)
    return length;

  const uint8_t *bytes = pointer;
  size_t room = block->n_pages * DMS_PAGE_SIZE - (size_t)(bytes - block->bytes);
  const DmsBuffer *buffer = buffer_of (machine, block);

  length = length < room ? length : room;
  if (buffer != NULL)
    touch_buffer (machine, buffer, bytes, length, flags);
  else
    touch_common (machine, bytes, length, flags);
  return length;
}

static size_t
marked_touch (const char *routine, const void *to, const void *from, size_t length)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin (routine, &before);

  if (from != NULL)
    length = touch (from, length, 0);
  length = touch (to, length, DMS_FLAG_CPU_WRITES);
  if (machine == NULL)
    return length;
  /* Filling costs nothing in the model; copying costs as a bounce does. */
  if (from != NULL)
    dms_machine_spend_each (machine, machine->scenario->cost.copy_byte_ps, length);
  wdm_end (machine, before);
  return length;
}

VOID
RtlCopyMemory (PVOID Destination, const VOID *Source, SIZE_T Length)
{
  if (Destination == NULL || Source == NULL)
    return;
  Length = marked_touch ("RtlCopyMemory", Destination, Source, Length);
  memmove (Destination, Source, Length);
}

VOID
RtlZeroMemory (PVOID Destination, SIZE_T Length)
{
  if (Destination == NULL)
    return;
  Length = marked_touch ("RtlZeroMemory", Destination, NULL, Length);
  memset (Destination, 0, Length);
}

VOID
RtlFillMemory (PVOID Destination, SIZE_T Length, UCHAR Fill)
{
  if (Destination == NULL)
    return;
  Length = marked_touch ("RtlFillMemory", Destination, NULL, Length);
  memset (Destination, Fill, Length);
}
