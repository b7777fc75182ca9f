/* dms-state-private.h — what the files that fold events into a state share
 *
 * Every fold_… function leaves the state as it was when it does not return DMS_OK: it
 * takes the memory that it needs before it changes anything.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-state.h"

/* Finds the object or makes a zeroed one with its id set; NULL without memory or beyond
 * DMS_STATE_OBJECTS_MAX, and then *ret_status says which. */
DmsDeviceState *
dms_state_need_device (DmsState *state, uint32_t id, DmsStatus *ret_status);
void *dms_state_need (
    DmsTable *table, uint64_t id, size_t size, bool *ret_is_new, DmsStatus *ret_status);

void dms_mapping_free (DmsMappingState *mapping);
void dms_buffer_free (DmsBufferState *buffer);
/* Makes room for so many in a mapping that has none yet; the capacity is a power of two
 * as if the arrays had grown. */
bool dms_mapping_reserve_all (DmsMappingState *mapping,
                              uint64_t n_pieces,
                              uint64_t n_elements);
/* Makes room for one more; the arrays double. */
bool dms_mapping_reserve_piece (DmsMappingState *mapping);
bool dms_mapping_reserve_element (DmsMappingState *mapping);
/* Whether it is a simulated scatter/gather list or grant, which its own events build
 * up; all else begins and ends with one event. */
static inline bool
dms_mapping_is_list (const DmsMappingState *mapping)
{
  uint32_t form = mapping->flags & (DMS_FLAG_RECORDED | DMS_FLAG_FORM);

  return form == DMS_FLAG_FORM_LIST || form == DMS_FLAG_FORM_SINGLE;
}
/* Takes the mapping out of the state, its counts and its map registers with it, and
 * frees it. */
void dms_state_drop_mapping (DmsState *state, DmsMappingState *mapping);
/* Map registers [first, first + n) become free, but for those that another list than
 * @owner holds (0: whoever holds them). The range must lie within the pool. */
void
dms_state_free_registers (DmsState *state, uint32_t first, uint32_t n, uint64_t owner);

/* @bytes fewer wait in the transfer's bounce pages. */
void
dms_transfer_waits_less (DmsState *state, DmsTransferState *transfer, uint64_t bytes);
/* Nothing waits or is held in the transfer's bounce pages any more. */
void dms_transfer_holds_nothing (DmsState *state, DmsTransferState *transfer);
/* The page of @transfer's buffer that piece @index at @physical stands for, or NULL.
 * Pages of a transfer are counted from its first one; a driver that maps from elsewhere
 * is found by its frame. */
DmsPageState *dms_transfer_page (DmsState *state,
                                 const DmsTransferState *transfer,
                                 uint32_t index,
                                 uint64_t physical);

/* Whether what later changes rely on holds: ids, bounds, and counts that are what the
 * lists add up to. For states that were loaded. */
bool dms_state_is_sound (const DmsState *state);
/* The last eight bytes of a saved state, little-endian, are this of all before them, so
 * that a damaged one is told from a good one. Not against forgers. */
uint64_t dms_state_checksum (const uint8_t *data, size_t length);
#define DMS_STATE_CHECKSUM_BYTES 8

DmsStatus dms_state_fold_pool (DmsState *state, const DmsEvent *event);
DmsStatus dms_state_fold_simulated (DmsState *state, const DmsEvent *event);
DmsStatus dms_state_fold_list (DmsState *state, const DmsEvent *event);
DmsStatus dms_state_fold_device (DmsState *state, const DmsEvent *event);
DmsStatus dms_state_fold_recorded (DmsState *state, const DmsEvent *event);

/* ---- recorded mappings by address
 * --------------------------------------------------------- */

uint64_t dms_state_address_key (uint32_t device, uint64_t address, bool is_sg);
/* The key that a recorded mapping is found by: of its first device address, or for
 * scatterlists of its first physical address. False when the source shows none. */
bool dms_mapping_key (const DmsMappingState *mapping, uint64_t *ret_key);

/* ---- content of buffers
 * ------------------------------------------------------------------- */

/* What becomes of each DmsContent in a range. */
typedef struct
{
  uint8_t to[DMS_CONTENT_MIXED + 1];
} DmsContentChange;

/* The change that leaves everything as it is. */
DmsContentChange dms_content_keep (void);
/* Applies @change to bytes [start, end) of @page. Returns how many bytes of content
 * @counted there were before. */
uint64_t dms_page_change (DmsPageState *page,
                          uint32_t start,
                          uint32_t end,
                          const DmsContentChange *change,
                          DmsContent counted);
/* Which bytes of its page belong to page @i of an MDL of @length bytes at @address. */
void dms_page_bounds (uint64_t address,
                      uint64_t length,
                      uint32_t i,
                      uint16_t *ret_start,
                      uint16_t *ret_end);
/* All of the page becomes @content between start and end, nothing elsewhere. */
void
dms_page_set (DmsPageState *page, uint32_t start, uint32_t end, DmsContent content);
