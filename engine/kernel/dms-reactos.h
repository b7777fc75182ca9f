/* dms-reactos.h — map registers as ReactOS has them
 *
 * There they are called slots: an array of 64, of which 16 have a page from the
 * beginning. When somebody waits, a work item makes as many more as were asked for, in
 * one block of memory below 16 MiB. A block that does not lie right behind the one
 * before, and each line of 64 KiB inside of one, costs a gap: a slot that counts but
 * never has a page. (Read in and measured with hal/halx86/generic/dma.c.)
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-adapter.h"

DmsPolicy dms_reactos_policy (const DmsScenario *scenario);
/* True for those that get no map registers with R1: scatter/gather masters on PCI or
 * EISA. */
bool dms_reactos_needs_none (const DmsAdapter *adapter);
/* True when HalGetAdapter would make an adapter of it. */
bool dms_reactos_is_possible (const DmsDescription *description);
/* Map registers that IoGetDmaAdapter tells the driver. */
uint64_t dms_reactos_allowed (const DmsMachine *machine,
                              const DmsDescription *description);

/* The slots that are there at the beginning get their pages; the others are out of the
 * pool. DMS_ERROR_RANGE when memory below 16 MiB has no such block. */
DmsStatus dms_reactos_boot (DmsMachine *machine);
/* Emits: POOL for those that are out. */
void dms_reactos_tell (DmsMachine *machine);
/* Somebody waits for @count slots: a work item makes them, when so many more can be,
 * and serves who waits. Emits, from there: POOL. */
void dms_reactos_grow (DmsMachine *machine, uint32_t count);
