/* wdm-pool.c — pool memory, with guards beside it
 *
 * The memory is the host's: it has no frames, so no device can be sent there. What was
 * written beside it is seen when it is freed.
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

static_assert (WDM_GUARD_BYTES % sizeof (void *) == 0, "memory stays aligned");

/* Invariant: the bytes behind it are guard, @size bytes for the driver, guard. */
typedef struct WdmPool
{
  SIZE_T size;
  uint64_t padding; /* what the driver gets lies on 16 bytes */
  UCHAR bytes[];
} WdmPool;

static PVOID
allocate (SIZE_T size, bool is_zeroed)
{
  DmsMachine *machine = wdm_current ();

  if (machine == NULL || size == 0 || size > LARGEST
      || dms_command_allocation_fails (machine, DMS_ALLOCATION_POOL))
    return NULL;

  WdmPool *pool = malloc (sizeof *pool + size + 2 * WDM_GUARD_BYTES);
  UCHAR *memory = NULL;

  if (pool == NULL)
    return NULL;
  memory = pool->bytes + WDM_GUARD_BYTES;
  if (!dms_table_put (&wdm_of (machine)->pool, wdm_key (memory), pool))
    {
      free (pool);
      return NULL;
    }
  pool->size = size;
  memset (pool->bytes, DMS_PATTERN_FREED, size + 2 * WDM_GUARD_BYTES);
  memset (memory, is_zeroed ? 0 : DMS_PATTERN_FRESH, size);
  return memory;
}

PVOID
ExAllocatePoolWithTag (POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
  UNREFERENCED_PARAMETER (PoolType);
  UNREFERENCED_PARAMETER (Tag);
  return allocate (NumberOfBytes, false);
}

PVOID
ExAllocatePool2 (POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
  UNREFERENCED_PARAMETER (Tag);
  return allocate (NumberOfBytes, (Flags & POOL_FLAG_UNINITIALIZED) == 0);
}

/* Notes the byte of the guards that is nearest to the memory. */
static void
check_guards (DmsMachine *machine, const WdmPool *pool)
{
  const UCHAR *behind = pool->bytes + WDM_GUARD_BYTES + pool->size;

  for (uint32_t i = 0; i < WDM_GUARD_BYTES; i++)
    {
      bool is_before = pool->bytes[WDM_GUARD_BYTES - 1 - i] != DMS_PATTERN_FREED;

      if (!is_before && behind[i] == DMS_PATTERN_FREED)
        continue;
      dms_machine_fact (
          machine,
          DMS_FACT_POOL_DAMAGED,
          (DmsFactNote){ .a = i, .b = is_before ? 1 : 2, .length = pool->size });
      return;
    }
}

/* The memory is filled and lent again only much later, so that late users show. */
static void
retire (WdmMachine *wdm, WdmPool *pool)
{
  memset (pool->bytes, DMS_PATTERN_FREED, pool->size + 2 * WDM_GUARD_BYTES);
  free (wdm->freed_pool[wdm->freed_pool_next]);
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
      retire (wdm_of (machine), pool);
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
    free (pool);
  dms_table_release (&wdm->pool);
  for (size_t i = 0; i < WDM_FREED_POOL; i++)
    free (wdm->freed_pool[i]);
}
