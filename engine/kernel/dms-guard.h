/* dms-guard.h — verification: bounce pages between guard pages
 *
 * With verification on, one map register costs three pages of memory: guard, bounce
 * page, guard. Whatever of them is not mapped holds DMS_GUARD_PADDING, and is looked at
 * when the mapping ends: a device or a driver that wrote beside it is found then. Only
 * the first DMS_GUARD_REGISTERS map registers are so guarded
 * (WDD devtest/dma-verification).
 *
 * An adapter that takes one piece only needs its bounce pages in a row: then the guards
 * lie before the first and behind the last page of the grant (our model).
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-adapter.h"

#define DMS_GUARD_PADDING 0x0f
#define DMS_GUARD_REGISTERS 64u
/* Pages of memory that each of them takes. */
#define DMS_GUARD_PAGES 3u

/* True when @map_register is guarded, and so everything by it bounces. */
bool dms_guard_has (const DmsMachine *machine, uint32_t map_register);

/* Whom damage is told of. */
typedef struct
{
  DmsAdapter *adapter;
  uint64_t transfer, object;
} DmsGuardSubject;

/**
 * dms_guard_lay:
 *
 * The registers from @first on were granted: their pages are laid out for the adapter
 * and filled. Must come before anything is mapped by them.
 *
 * Emits: FACT PADDING_DAMAGED for what was overwritten while nobody held them.
 */
void dms_guard_lay (DmsMachine *machine,
                    const DmsGuardSubject *subject,
                    uint32_t first,
                    uint32_t count);

/**
 * dms_guard_check:
 * @offset: of the mapped bytes in the page of @map_register
 * @length: bytes
 *
 * The mapping of these bytes ends: the rest of the page and the guards beside it are
 * compared, and filled anew.
 *
 * Emits: FACT PADDING_DAMAGED, once before and once behind the mapped bytes.
 */
void dms_guard_check (DmsMachine *machine,
                      const DmsGuardSubject *subject,
                      uint32_t map_register,
                      uint32_t offset,
                      uint32_t length);

/* The registers go back to the pool: nothing is mapped by them any more, and their
 * pages are filled. Emits: FACT PADDING_DAMAGED. */
void dms_guard_lift (DmsMachine *machine,
                     const DmsGuardSubject *subject,
                     uint32_t first,
                     uint32_t count);

/* ---- common buffers ---- */

/* The page before a common buffer and the page behind it hold this text, again and
 * again. */
#define DMS_GUARD_TAG "DmaVrfy0"

/* Fills the page at @bytes with the tag. */
void dms_guard_tag (uint8_t *bytes);
/**
 * dms_guard_check_tag:
 * @address: physical, of the page
 * @is_behind: it lies behind the common buffer
 *
 * Emits: FACT PADDING_DAMAGED.
 */
void dms_guard_check_tag (DmsMachine *machine,
                          const DmsGuardSubject *subject,
                          const uint8_t *bytes,
                          uint64_t address,
                          bool is_behind);
