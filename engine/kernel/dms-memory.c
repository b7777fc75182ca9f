/* dms-memory.c — physical memory with real bytes, sparse
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-memory.h"

#include "engine/kernel/dms-pattern.h"

#include <stdlib.h>
#include <string.h>

void
dms_memory_init (DmsMemory *memory, uint64_t size)
{
  memset (memory, 0, sizeof *memory);
  memory->size = size;
  dms_table_init (&memory->frames);
  dms_table_init (&memory->own);
}

void
dms_memory_release (DmsMemory *memory)
{
  size_t at = 0;
  uint64_t frame = 0;
  void *page = NULL;

  while ((page = dms_table_next (&memory->own, &at, &frame)) != NULL)
    free (page);
  for (size_t i = 0; i < memory->n_blocks; i++)
    free (memory->blocks[i].allocation);
  free (memory->blocks);
  dms_table_release (&memory->own);
  dms_table_release (&memory->frames);
}

bool
dms_memory_has (const DmsMemory *memory, uint64_t frame)
{
  return dms_table_get (&memory->frames, frame) != NULL;
}

static bool
grow_blocks (DmsMemory *memory)
{
  if (memory->n_blocks < memory->blocks_capacity)
    return true;

  size_t capacity = memory->blocks_capacity == 0 ? 16 : 2 * memory->blocks_capacity;
  DmsMemoryBlock *blocks = realloc (memory->blocks, capacity * sizeof *blocks);

  if (blocks == NULL)
    return false;
  memory->blocks = blocks;
  memory->blocks_capacity = capacity;
  return true;
}

static void
insert_block (DmsMemory *memory, DmsMemoryBlock block)
{
  size_t at = memory->n_blocks++;

  while (at > 0 && (uintptr_t)memory->blocks[at - 1].bytes > (uintptr_t)block.bytes)
    {
      memory->blocks[at] = memory->blocks[at - 1];
      at--;
    }
  memory->blocks[at] = block;
}

DmsStatus
dms_memory_add_block (DmsMemory *memory, size_t n_pages, uint8_t **ret_bytes)
{
  if (n_pages == 0 || n_pages > SIZE_MAX / DMS_PAGE_SIZE - 1)
    return DMS_ERROR_RANGE;
  if (!grow_blocks (memory))
    return DMS_ERROR_NO_MEMORY;

  /* calloc: large blocks cost nothing before they are touched. */
  DmsMemoryBlock block
      = { .n_pages = n_pages, .allocation = calloc (n_pages + 1, DMS_PAGE_SIZE) };

  if (block.allocation == NULL)
    return DMS_ERROR_NO_MEMORY;
  block.bytes = block.allocation;
  block.bytes += -(uintptr_t)block.allocation & DMS_PAGE_MASK;
  insert_block (memory, block);
  *ret_bytes = block.bytes;
  return DMS_OK;
}

DmsStatus
dms_memory_back (DmsMemory *memory, uint64_t frame, uint8_t *page)
{
  if (frame >= memory->size >> DMS_PAGE_SHIFT || dms_memory_has (memory, frame))
    return DMS_ERROR_RANGE;
  if (!dms_table_put (&memory->frames, frame, page))
    return DMS_ERROR_NO_MEMORY;
  return DMS_OK;
}

void
dms_memory_unback (DmsMemory *memory, uint64_t frame)
{
  dms_table_take (&memory->frames, frame);
}

DmsStatus
dms_memory_adopt_block (DmsMemory *memory,
                        uint8_t *bytes,
                        size_t n_pages,
                        void *allocation)
{
  if (!grow_blocks (memory))
    return DMS_ERROR_NO_MEMORY;
  insert_block (
      memory,
      (DmsMemoryBlock){ .bytes = bytes, .n_pages = n_pages, .allocation = allocation });
  return DMS_OK;
}

static uint8_t *
make_page (DmsMemory *memory, uint64_t frame)
{
  uint8_t *page = malloc (DMS_PAGE_SIZE);

  if (page == NULL)
    return NULL;
  memset (page, DMS_PATTERN_FRESH, DMS_PAGE_SIZE);
  if (!dms_table_put (&memory->own, frame, page))
    {
      free (page);
      return NULL;
    }
  if (!dms_table_put (&memory->frames, frame, page))
    {
      free (dms_table_take (&memory->own, frame));
      return NULL;
    }
  return page;
}

uint8_t *
dms_memory_page (DmsMemory *memory, uint64_t frame)
{
  if (frame >= memory->size >> DMS_PAGE_SHIFT)
    return NULL;

  uint8_t *page = dms_table_get (&memory->frames, frame);

  return page != NULL ? page : make_page (memory, frame);
}

const DmsMemoryBlock *
dms_memory_block_at (const DmsMemory *memory, const void *pointer)
{
  uintptr_t address = (uintptr_t)pointer;
  size_t low = 0;
  size_t high = memory->n_blocks;

  while (low < high)
    {
      size_t middle = low + (high - low) / 2;
      const DmsMemoryBlock *block = &memory->blocks[middle];
      uintptr_t start = (uintptr_t)block->bytes;

      if (address < start)
        high = middle;
      else if (address - start >= block->n_pages * DMS_PAGE_SIZE)
        low = middle + 1;
      else
        return block;
    }
  return NULL;
}
