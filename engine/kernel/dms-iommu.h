/* dms-iommu.h — an IOMMU between a device and memory
 *
 * Each map register is the entry of one logical page: register r stands for the page
 * dms_iommu_logical(r) of the device that holds it. So registers in a row are logical
 * pages in a row, wherever their frames lie, and nothing bounces. What is mapped is in
 * machine->mapped, as without an IOMMU; a page that is not there is stopped. Entries
 * are whole pages: bytes beside the mapped ones in the same page can be reached.
 *
 * Our model (the documentation has no more than that a map register may be such an
 * entry): the upper half of what the device reaches, and of the lowest 4 GiB, is for
 * map registers, the lower one for common buffers.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

/* True when one stands before @device. */
bool dms_iommu_is_before (const DmsDevice *device);

/* True when a device with @address_bits reaches the pages of @map_registers registers.
 */
bool dms_iommu_fits (uint32_t address_bits, uint32_t map_registers);

/* The first address of the logical page whose entry @map_register is, for @device. */
uint64_t dms_iommu_logical (const DmsMachine *machine,
                            const DmsDevice *device,
                            uint32_t map_register);

/**
 * dms_iommu_map_common:
 * @physical: first address, of a page
 * @pages: that lie in a row there
 * @ret_logical: where the device finds them
 *
 * Entries for memory that CPU and device share.
 *
 * Emits:   IOMMU_MAP.
 * Returns: false when there are no such logical pages in a row, or without memory.
 */
bool dms_iommu_map_common (DmsMachine *machine,
                           DmsDevice *device,
                           uint64_t physical,
                           uint64_t pages,
                           uint64_t *ret_logical);
/* Emits: IOMMU_UNMAP. Nothing when @logical is not the first address of such. */
void dms_iommu_unmap_common (DmsMachine *machine, DmsDevice *device, uint64_t logical);
/* Looks the logical page of @logical up: true when the device's last look-ups are
 * still remembered to have had it. Remembers it from now on. */
bool dms_iommu_remembers (DmsMachine *machine, DmsDevice *device, uint64_t logical);
void dms_iommu_release (DmsDevice *device);
