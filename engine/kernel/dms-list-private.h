/* dms-list-private.h — the parts that a list's way is made of
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-list.h"

/* Key of the table of what is mapped: a device's logical page. */
static inline uint64_t
dms_mapped_key (const DmsDevice *device, uint64_t logical)
{
  return (logical >> DMS_PAGE_SHIFT) * DMS_SCENARIO_DEVICES_MAX + device->index;
}

static inline uint32_t
dms_direction_flag (bool to_device)
{
  return to_device ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE;
}

/* An event of @kind about @list. */
DmsEvent
dms_list_event (const DmsMachine *machine, const DmsList *list, DmsEventKind kind);

/* dms-list-memory.c: @pages pieces, and an image for as many elements. NULL without
 * memory. */
DmsList *dms_list_new (DmsMachine *machine, uint64_t id, uint32_t pages);
/* Its memory is filled with a pattern and kept for a while. */
void dms_list_retire (DmsMachine *machine, DmsList *list);
/* A list that was never delivered. */
void dms_list_free (DmsMachine *machine, DmsList *list);

/* dms-list-map.c: pieces get their logical addresses; registers are granted already. */
void dms_list_map (DmsMachine *machine, DmsList *list);
void dms_list_unmap (DmsMachine *machine, DmsList *list, bool to_device);

/* dms-wait.c: the list has been counted; it takes channel and registers, or waits. */
void dms_list_begin (DmsMachine *machine, DmsList *list);
/* Registers came back to the pool: whoever waits for them is served soon. */
void dms_wait_serve (DmsMachine *machine);
