/* dms-memory.h — physical memory with real bytes, sparse
 *
 * A frame is backed by a page of a block (a buffer, which the CPU touches by pointer)
 * or by a page of its own that comes into being when somebody first uses it.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-status.h"
#include "engine/core/dms-table.h"
#include "engine/core/dms-units.h"

/* One contiguous run of host memory behind scattered frames. */
typedef struct
{
  uint8_t *bytes; /* page aligned, so that offsets in a page are those of the frames */
  size_t n_pages;
  void *allocation; /* what free() takes */
} DmsMemoryBlock;

/* Invariants: blocks are sorted by address and do not overlap; frames maps each frame
 * in use to its 4096 host bytes; own holds those pages that no block has. */
typedef struct
{
  uint64_t size; /* bytes; frames at and behind it do not answer */
  DmsTable frames;
  DmsTable own;
  DmsMemoryBlock *blocks;
  size_t n_blocks, blocks_capacity;
} DmsMemory;

void dms_memory_init (DmsMemory *memory, uint64_t size);
void dms_memory_release (DmsMemory *memory);

/* True when the frame is behind a block or was used before. */
bool dms_memory_has (const DmsMemory *memory, uint64_t frame);

/**
 * dms_memory_add_block:
 * @ret_block: its place in the array until the next block is added
 *
 * Makes @n_pages zero-filled pages that lie in a row for the CPU; no frame refers to
 * them yet.
 *
 * Returns: DMS_OK or DMS_ERROR_NO_MEMORY.
 */
DmsStatus dms_memory_add_block (DmsMemory *memory, size_t n_pages, uint8_t **ret_bytes);

/* Puts @frame's bytes at @page, 4096 bytes of a block. DMS_ERROR_RANGE when the frame
 * has a page already or there is no memory at it. */
DmsStatus dms_memory_back (DmsMemory *memory, uint64_t frame, uint8_t *page);

/* @frame has no page any more; its bytes stay the block's. */
void dms_memory_unback (DmsMemory *memory, uint64_t frame);

/**
 * dms_memory_adopt_block:
 * @bytes: page aligned
 * @allocation: what free() takes; the memory's from now on
 *
 * The same as dms_memory_add_block() for pages that are there already.
 *
 * Returns: DMS_OK, or DMS_ERROR_NO_MEMORY: then nothing changed hands.
 */
DmsStatus dms_memory_adopt_block (DmsMemory *memory,
                                  uint8_t *bytes,
                                  size_t n_pages,
                                  void *allocation);

/* The 4096 bytes of @frame, made now when nobody has used it; NULL behind the end of
 * memory or without host memory. */
uint8_t *dms_memory_page (DmsMemory *memory, uint64_t frame);
/* The block that holds @pointer, or NULL. */
const DmsMemoryBlock *dms_memory_block_at (const DmsMemory *memory,
                                           const void *pointer);
