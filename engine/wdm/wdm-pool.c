/* wdm-pool.c — pool memory, with guards beside it
 *
 * Nonpaged allocations have whole pages of the host to themselves, so that they can
 * become memory of the simulated machine when an MDL is built for them. Until then, and
 * paged pool always, they are the host's alone: they have no frames, and no device can
 * be sent there. What was written beside an allocation is seen when it is freed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/kernel/dms-command.h"
#include "engine/kernel/dms-pattern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A driver that asks for more has miscounted. */
#define LARGEST (UINT64_C (1) << 30)

/* Where drivers see nonpaged pool: simulated addresses, so that two runs are alike. */
#define FIRST_ADDRESS UINT64_C (0xffffb80000000000)

/* What the driver gets lies on so many bytes. */
#define ALIGNMENT 16

/* So many of the allocations with frames that were freed last are not lent again. */
#define KEPT_FREED 8

static_assert (WDM_GUARD_BYTES % ALIGNMENT == 0, "memory stays aligned");

/* Invariant: around the @size bytes at @memory are WDM_GUARD_BYTES of guard on either
 * side. With pages of its own @memory begins in the first of them, and on its first
 * byte when size and guards are more than a page. */
struct WdmPool
{
  SIZE_T size;
  UCHAR *memory;
  void *allocation; /* what free() takes; the machine's when there are frames */
  UCHAR *room;      /* all the bytes that it may fill */
  size_t room_bytes;
  UCHAR *pages;        /* of its own, page aligned */
  size_t n_pages;      /* 0 for paged pool */
  uint64_t address;    /* virtual, of its pages */
  DmsNonpaged *frames; /* or NULL */
  WdmPool *next;       /* among those that are freed and have frames */
};

static void
free_pool (WdmPool *pool)
{
  if (pool != NULL && pool->frames == NULL)
    free (pool->allocation);
  free (pool);
}

/* ---- its pages ---- */

WdmPool *
wdm_pool_at (const DmsMachine *machine, const void *pointer)
{
  return dms_table_get (&wdm_of (machine)->pool_pages,
                        wdm_key (pointer) >> DMS_PAGE_SHIFT);
}

uint64_t
wdm_pool_virtual (const WdmPool *pool, const void *pointer)
{
  return pool->address + (uint64_t)((const UCHAR *)pointer - pool->pages);
}

const DmsNonpaged *
wdm_pool_frames (const WdmPool *pool)
{
  return pool->frames;
}

const DmsNonpaged *
wdm_pool_need_frames (DmsMachine *machine,
                      WdmPool *pool,
                      const void *pointer,
                      uint64_t length)
{
  const UCHAR *from = pointer;
  DmsNonpagedPages pages = { .bytes = pool->pages,
                             .n_pages = pool->n_pages,
                             .allocation = pool->allocation,
                             .address = pool->address };

  if (from < pool->memory || from >= pool->memory + pool->size
      || length > (uint64_t)(pool->memory + pool->size - from))
    return NULL;
  if (pool->frames == NULL)
    pool->frames = dms_nonpaged_make (machine, &pages);
  return pool->frames;
}

static void
forget_pages (WdmMachine *wdm, const WdmPool *pool, size_t n)
{
  for (size_t i = 0; i < n; i++)
    dms_table_take (&wdm->pool_pages, (wdm_key (pool->pages) >> DMS_PAGE_SHIFT) + i);
}

static bool
remember_pages (WdmMachine *wdm, WdmPool *pool)
{
  for (size_t i = 0; i < pool->n_pages; i++)
    if (!dms_table_put (
            &wdm->pool_pages, (wdm_key (pool->pages) >> DMS_PAGE_SHIFT) + i, pool))
      {
        forget_pages (wdm, pool, i);
        return false;
      }
  return true;
}

/* ---- allocation ---- */

/* Small ones lie anywhere in their page, our model: as the scenario's seed says. */
static void
place_memory (const DmsMachine *machine, WdmPool *pool, SIZE_T size)
{
  WdmMachine *wdm = wdm_of (machine);
  uint64_t drawn = dms_pattern_mix (machine->scenario->seed ^ ++wdm->n_pool);
  size_t taken = size + 2 * WDM_GUARD_BYTES;

  pool->size = size;
  pool->memory = pool->pages;
  if (taken <= DMS_PAGE_SIZE)
    pool->memory += WDM_GUARD_BYTES
                    + drawn % ((DMS_PAGE_SIZE - taken) / ALIGNMENT + 1) * ALIGNMENT;
}

static size_t
pages_for (SIZE_T size)
{
  return (size_t)dms_span_pages (0, size);
}

/* One page is enough for a small one and its guards; larger ones begin with a page, as
 * in Windows, and have a page more on either side for the guards. */
static WdmPool *
make_nonpaged (DmsMachine *machine, SIZE_T size)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmPool *pool = calloc (1, sizeof *pool);
  size_t beside = size + 2 * WDM_GUARD_BYTES <= DMS_PAGE_SIZE ? 0 : 1;

  if (pool == NULL)
    return NULL;
  pool->n_pages = pages_for (size);
  pool->room_bytes = (pool->n_pages + 2 * beside) << DMS_PAGE_SHIFT;
  pool->allocation = malloc (pool->room_bytes + DMS_PAGE_SIZE);
  if (pool->allocation == NULL)
    {
      free (pool);
      return NULL;
    }
  pool->room = pool->allocation;
  pool->room += -(uintptr_t)pool->allocation & DMS_PAGE_MASK;
  pool->pages = pool->room + (beside << DMS_PAGE_SHIFT);
  pool->address = FIRST_ADDRESS + wdm->pool_address;
  wdm->pool_address += (uint64_t)(pool->n_pages + 1) << DMS_PAGE_SHIFT;
  return pool;
}

/* The oldest that was freed, has frames and as many pages. */
static WdmPool *
reuse_nonpaged (WdmMachine *wdm, SIZE_T size)
{
  bool is_small = size + 2 * WDM_GUARD_BYTES <= DMS_PAGE_SIZE;
  WdmPool **at = &wdm->freed_frames;
  size_t n = 0;

  for (const WdmPool *pool = *at; pool != NULL; pool = pool->next)
    n++;
  for (; *at != NULL && n > KEPT_FREED; at = &(*at)->next, n--)
    if ((*at)->n_pages == pages_for (size) && ((*at)->pages == (*at)->room) == is_small)
      {
        WdmPool *pool = *at;

        *at = pool->next;
        pool->next = NULL;
        return pool;
      }
  return NULL;
}

static WdmPool *
make_paged (SIZE_T size)
{
  WdmPool *pool = calloc (1, sizeof *pool);

  if (pool == NULL)
    return NULL;
  pool->room_bytes = size + 2 * WDM_GUARD_BYTES;
  pool->allocation = malloc (pool->room_bytes);
  if (pool->allocation == NULL)
    {
      free (pool);
      return NULL;
    }
  pool->room = pool->allocation;
  pool->memory = pool->room + WDM_GUARD_BYTES;
  pool->size = size;
  return pool;
}

static WdmPool *
make_pool (DmsMachine *machine, SIZE_T size, bool is_paged)
{
  WdmPool *pool = NULL;

  if (is_paged)
    return make_paged (size);
  pool = reuse_nonpaged (wdm_of (machine), size);
  if (pool == NULL)
    pool = make_nonpaged (machine, size);
  if (pool != NULL)
    place_memory (machine, pool, size);
  return pool;
}

/* What is freed and has frames cannot be given back to the host. */
static void
put_freed (WdmMachine *wdm, WdmPool *pool)
{
  WdmPool **last = &wdm->freed_frames;

  while (*last != NULL)
    last = &(*last)->next;
  pool->next = NULL;
  *last = pool;
}

/* It can be found by the driver's pointers from now on; false without memory. */
static bool
remember (WdmMachine *wdm, WdmPool *pool)
{
  if (!remember_pages (wdm, pool))
    return false;
  if (dms_table_put (&wdm->pool, wdm_key (pool->memory), pool))
    return true;
  forget_pages (wdm, pool, pool->n_pages);
  return false;
}

static PVOID
allocate (SIZE_T size, bool is_paged, bool is_zeroed)
{
  DmsMachine *machine = wdm_current ();

  if (machine == NULL || size == 0 || size > LARGEST
      || dms_command_allocation_fails (machine, DMS_ALLOCATION_POOL))
    return NULL;

  WdmPool *pool = make_pool (machine, size, is_paged);

  if (pool == NULL)
    return NULL;
  if (!remember (wdm_of (machine), pool))
    {
      if (pool->frames != NULL)
        put_freed (wdm_of (machine), pool);
      else
        free_pool (pool);
      return NULL;
    }
  memset (pool->room, DMS_PATTERN_FREED, pool->room_bytes);
  memset (pool->memory, is_zeroed ? 0 : DMS_PATTERN_FRESH, size);
  return pool->memory;
}

PVOID
ExAllocatePoolWithTag (POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
  UNREFERENCED_PARAMETER (Tag);
  return allocate (NumberOfBytes, ((unsigned)PoolType & PagedPool) != 0, false);
}

PVOID
ExAllocatePool2 (POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
  UNREFERENCED_PARAMETER (Tag);
  return allocate (NumberOfBytes,
                   (Flags & POOL_FLAG_PAGED) != 0,
                   (Flags & POOL_FLAG_UNINITIALIZED) == 0);
}

/* ---- the end ---- */

/* Notes the byte of the guards that is nearest to the memory. */
static void
check_guards (DmsMachine *machine, const WdmPool *pool)
{
  const UCHAR *behind = pool->memory + pool->size;

  for (uint32_t i = 0; i < WDM_GUARD_BYTES; i++)
    {
      bool is_before = *(pool->memory - 1 - i) != DMS_PATTERN_FREED;

      if (!is_before && behind[i] == DMS_PATTERN_FREED)
        continue;
      dms_machine_fact (
          machine,
          DMS_FACT_POOL_DAMAGED,
          (DmsFactNote){ .a = i, .b = is_before ? 1 : 2, .length = pool->size });
      return;
    }
}

/* A device may still have it: what it does there harms nobody but the driver. */
static void
end_frames (DmsMachine *machine, const WdmPool *pool)
{
  uint64_t mapped = dms_nonpaged_mapped (machine, pool->frames);

  if (mapped > 0)
    dms_machine_fact (machine,
                      DMS_FACT_POOL_MAPPED,
                      (DmsFactNote){ .a = mapped, .length = pool->size });
  wdm_mdls_unbuild (machine, &pool->frames->buffer);
}

/* The memory is filled and lent again only much later, so that late users show. */
static void
retire (DmsMachine *machine, WdmPool *pool)
{
  WdmMachine *wdm = wdm_of (machine);

  forget_pages (wdm, pool, pool->n_pages);
  memset (pool->room, DMS_PATTERN_FREED, pool->room_bytes);
  if (pool->frames != NULL)
    {
      end_frames (machine, pool);
      put_freed (wdm, pool);
      return;
    }
  free_pool (wdm->freed_pool[wdm->freed_pool_next]);
  wdm->freed_pool[wdm->freed_pool_next] = pool;
  wdm->freed_pool_next = (wdm->freed_pool_next + 1) % WDM_FREED_POOL;
}

VOID
ExFreePoolWithTag (PVOID P, ULONG Tag)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("ExFreePool", &before);

  UNREFERENCED_PARAMETER (Tag);
  if (machine == NULL)
    return;

  WdmPool *pool = dms_table_take (&wdm_of (machine)->pool, wdm_key (P));

  if (pool == NULL)
    dms_machine_fact (
        machine, DMS_FACT_POOL_UNKNOWN, (DmsFactNote){ .a = wdm_shown (P) });
  else
    {
      check_guards (machine, pool);
      retire (machine, pool);
    }
  wdm_end (machine, before);
}

void
wdm_pool_report (DmsMachine *machine)
{
  const DmsTable *table = &wdm_of (machine)->pool;
  size_t at = 0;
  const WdmPool *pool = NULL;
  uint64_t bytes = 0;

  if (table->n == 0)
    return;
  while ((pool = dms_table_next (table, &at, NULL)) != NULL)
    bytes += pool->size;
  dms_machine_fact (
      machine, DMS_FACT_POOL_LEFT, (DmsFactNote){ .a = table->n, .b = bytes });
}

void
wdm_pool_release (WdmMachine *wdm)
{
  size_t at = 0;
  WdmPool *pool = NULL;

  while ((pool = dms_table_next (&wdm->pool, &at, NULL)) != NULL)
    free_pool (pool);
  dms_table_release (&wdm->pool);
  dms_table_release (&wdm->pool_pages);
  for (size_t i = 0; i < WDM_FREED_POOL; i++)
    free_pool (wdm->freed_pool[i]);
  while ((pool = wdm->freed_frames) != NULL)
    {
      wdm->freed_frames = pool->next;
      free_pool (pool);
    }
}
