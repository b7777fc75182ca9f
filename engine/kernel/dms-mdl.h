/* dms-mdl.h — buffers, the MDLs that describe them, and chains of MDLs
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-scenario.h"
#include "engine/kernel/dms-memory.h"

typedef struct DmsBuffer DmsBuffer;

/* One MDL: bytes that are in a row for the CPU, and the frames that hold them. */
typedef struct
{
  DmsBuffer *buffer;
  uint64_t start;   /* bytes of the buffer before it */
  uint64_t address; /* virtual address of its first byte */
  uint64_t length;  /* bytes, at least 1 */
  const uint64_t *frames;
  uint32_t n_frames;   /* as many as address and length span */
  uint32_t first_page; /* of the buffer's pages */
  uint8_t *bytes;      /* of its first byte, on the host */
  bool is_locked;
} DmsMdl;

struct DmsBuffer
{
  uint64_t id;
  uint32_t name; /* name id */
  uint64_t length;
  DmsMdl *mdls;
  size_t n_mdls;
  uint64_t transfer; /* that uses it, 0 = none */
  uint32_t *waiting; /* rows of requests that wait for it, oldest first */
  size_t n_waiting, waiting_capacity, waiting_first;
};

/**
 * dms_buffer_init:
 * @address: virtual address of its first page; each MDL begins at its own offset
 *
 * Lays @row out in @memory: one block of host memory for each buffer, its pages behind
 * the frames that the scenario names. @row must outlive the buffer.
 *
 * Returns: DMS_OK, DMS_ERROR_RANGE for a frame that is no memory or is used already,
 * DMS_ERROR_NO_MEMORY. What was begun is released with dms_buffer_release().
 */
DmsStatus dms_buffer_init (DmsBuffer *buffer,
                           uint64_t id,
                           uint64_t address,
                           const DmsScenarioBuffer *row,
                           DmsMemory *memory);
void dms_buffer_release (DmsBuffer *buffer);
/* Bytes of virtual address space that the buffer's MDLs take, whole pages. */
uint64_t dms_buffer_span (const DmsScenarioBuffer *row);

/* Puts request row @row in the queue for the buffer; false without memory. */
bool dms_buffer_wait (DmsBuffer *buffer, uint32_t row);
/* The oldest row that waits; false when there is none. */
bool dms_buffer_next_waiting (DmsBuffer *buffer, uint32_t *ret_row);

/* The MDL of @buffer that holds its byte @start, which must be inside. */
DmsMdl *dms_buffer_mdl_at (const DmsBuffer *buffer, uint64_t start);
/* What is left of @mdl behind its first @skip bytes, fewer than it has. */
DmsMdl dms_mdl_rest (const DmsMdl *mdl, uint64_t skip);
/* Reads or writes @length bytes of the buffer from @start by the CPU; both must be
 * inside. */
void dms_buffer_read (const DmsBuffer *buffer,
                      uint64_t start,
                      uint8_t *bytes,
                      size_t length);
/* Fills bytes of the buffer with a stream; see dms_pattern_fill(). */
void dms_buffer_fill (const DmsBuffer *buffer,
                      uint64_t start,
                      uint64_t length,
                      uint64_t key);

/* Bytes that @n MDLs describe behind the first @skip bytes of the first. */
uint64_t dms_chain_bytes (DmsMdl *const *mdls, size_t n, uint64_t skip);

/**
 * dms_chain_pages:
 * @skip: bytes of the first MDL before the transfer
 * @length: bytes of the transfer, no more than the chain has behind @skip
 * @ret_n_mdls: MDLs that it touches
 *
 * Returns: pages that it touches, counted for each MDL by itself: the map registers
 * that GetScatterGatherList needs.
 */
uint64_t dms_chain_pages (DmsMdl *const *mdls,
                          size_t n,
                          uint64_t skip,
                          uint64_t length,
                          uint32_t *ret_n_mdls);
