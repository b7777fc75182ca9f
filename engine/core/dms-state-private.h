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
/* Makes room for one more; the arrays double. */
bool dms_mapping_reserve_piece (DmsMappingState *mapping);
bool dms_mapping_reserve_element (DmsMappingState *mapping);
/* Takes the mapping out of the state, its counts with it, and frees it. */
void dms_state_drop_mapping (DmsState *state, DmsMappingState *mapping);

/* @bytes fewer wait in the transfer's bounce pages. */
void
dms_transfer_waits_less (DmsState *state, DmsTransferState *transfer, uint64_t bytes);

DmsStatus dms_state_fold_simulated (DmsState *state, const DmsEvent *event);
DmsStatus dms_state_fold_list (DmsState *state, const DmsEvent *event);
DmsStatus dms_state_fold_device (DmsState *state, const DmsEvent *event);
DmsStatus dms_state_fold_recorded (DmsState *state, const DmsEvent *event);

/* ---- recorded mappings by address
 * --------------------------------------------------------- */

uint64_t dms_state_address_key (uint32_t device, uint64_t address, bool is_sg);
/* First device address, or for scatterlists first physical address. */
uint64_t dms_mapping_address (const DmsMappingState *mapping, bool *ret_is_sg);

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
/* All of the page becomes @content between start and end, nothing elsewhere. */
void
dms_page_set (DmsPageState *page, uint32_t start, uint32_t end, DmsContent content);
