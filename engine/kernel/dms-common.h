/* dms-common.h — common buffers: memory that a driver and its device share
 *
 * A common buffer lies in a row for the device and for the CPU, below the limit of the
 * device, and is mapped from AllocateCommonBuffer to FreeCommonBuffer: neither side
 * maps or flushes anything. Its bytes are real: the CPU has them by pointer, the device
 * by their frames.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-adapter.h"

/* Invariants: mdl describes exactly the first length bytes behind its frames, which lie
 * in a row; mdl.buffer is &buffer, which no request uses. */
struct DmsCommon
{
  uint64_t id;         /* of the mapping; same ids as lists and grants */
  DmsAdapter *adapter; /* that it was allocated with */
  uint64_t logical;    /* of its first byte, as the device sees it */
  uint64_t asked;      /* bytes that the driver wanted */
  uint64_t length;     /* bytes, whole pages */
  uint64_t moved;      /* bytes that its device has moved, in and out */
  uint64_t *frames;    /* of its pages */
  uint8_t *bytes;      /* of its first page; also when it is freed */
  bool is_freed;
  size_t n_pages; /* of the block that it was cut from: no fewer than it has */
  size_t guards;  /* pages before that block, and as many behind: 1 with verification */
  DmsMdl mdl;     /* describes it, for MmBuildMdlForNonPagedPool */
  DmsBuffer buffer;
  DmsCommon *next; /* among those that are freed, oldest first */
};

/* More than this is never given in one piece. */
#define DMS_COMMON_MAX DMS_SCENARIO_RING_MAX

/**
 * dms_common_allocate:
 * @length: bytes, rounded up to whole pages
 * @highest: address that no byte of it may lie above (AllocateCommonBufferEx); the
 * limit of the adapter counts as well
 *
 * Frames in a row, from the top of what the device reaches downwards; for a slave none
 * of the controller's windows is crossed. Behind an IOMMU logical addresses in a row.
 * Takes no map registers (our model; on some platforms it does).
 *
 * Models:  AllocateCommonBuffer, AllocateCommonBufferEx, from inside their call
 * (nc-wdm-pallocate_common_buffer).
 * Emits:   ALLOC, with FAILED where there is none; IOMMU_MAP behind an IOMMU.
 * Owner:   the machine.
 * Returns: NULL for length 0, when no such run of frames is left, or without memory.
 */
DmsCommon *dms_common_allocate (DmsMachine *machine,
                                DmsAdapter *adapter,
                                uint64_t length,
                                uint64_t highest);

/**
 * dms_common_free:
 * @length: bytes, as the driver says now
 * @logical: first logical address, as the driver says now
 * @bytes: where its first byte lies for the CPU, as the driver says now
 *
 * Its bytes are overwritten with DMS_PATTERN_FREED, and its frames are used again as
 * late as possible. All three values must be those of the allocation: what is found
 * by the logical address or the pointer is freed whole, what differs is noted.
 *
 * Models:  FreeCommonBuffer, from inside its call (nc-wdm-pfree_common_buffer).
 * Emits:   FREE; IOMMU_UNMAP; facts COMMON_UNKNOWN (nothing is freed then),
 * COMMON_DIFFERS.
 */
void dms_common_free (DmsMachine *machine,
                      DmsAdapter *adapter,
                      uint64_t length,
                      uint64_t logical,
                      const void *bytes);

/* True for the bytes of a common buffer; requesters' buffers have ids. */
static inline bool
dms_buffer_is_common (const DmsBuffer *buffer)
{
  return buffer->id == 0;
}

/* The common buffer that @device reaches by @logical, or NULL. */
DmsCommon *
dms_common_at (const DmsMachine *machine, const DmsDevice *device, uint64_t logical);
/* The common buffer, live or freed, whose bytes @pointer is among, or NULL. */
DmsCommon *dms_common_of (const DmsMachine *machine, const void *pointer);
/* Emits SHARED_TOUCH for bytes of @common; @flags: 0 or DMS_FLAG_CPU_WRITES. */
void dms_common_touch (DmsMachine *machine,
                       const DmsCommon *common,
                       uint64_t start,
                       uint64_t length,
                       uint32_t flags);
/* Common buffers that are not freed. */
size_t dms_common_live (const DmsMachine *machine);
void dms_commons_release (DmsMachine *machine);
