/* dms-system-dma.h — a card that moves its bytes by a channel of the DMA controller
 *
 * The card has no address lines of its own in use: it asks the controller for service
 * (DREQ) for as long as it has bytes to move, and stops at terminal count. What it was
 * told to do and what the controller was programmed for need not agree.
 *
 * The register window, offsets in bytes:
 *
 *   0x00  4  longest transfer without parts, in bytes   read only
 *   0x04  4  channel that it is wired to                read only
 *   0x08  4  1 = it wants auto-initialize               read only
 *   0x0c  4  status: 1 = done, 2 = error, 4 = a part    write ones to clear
 *   0x10  4  bytes to move
 *   0x14  4  part: interrupts after each so many bytes; 0 = at the end alone
 *   0x18  4  limit: bytes since its start that it may move before it waits; a write
 * lets it go on. A start without a part sets it to the bytes to move. 0x1c  4  control:
 * 1 = to the card, 2 = from the card, 0 = stop; a write starts it 0x20  4  bytes moved
 * since its start                read only
 *
 * A card with a "segment" in its row has records of so many bytes: a longer transfer
 * ends there, and the controller's counter tells the rest.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

#define DMS_SYSTEM_DMA_MAXIMUM_LENGTH 0x00
#define DMS_SYSTEM_DMA_CHANNEL 0x04
#define DMS_SYSTEM_DMA_AUTO 0x08
#define DMS_SYSTEM_DMA_STATUS 0x0c
#define DMS_SYSTEM_DMA_LENGTH 0x10
#define DMS_SYSTEM_DMA_PART 0x14
#define DMS_SYSTEM_DMA_LIMIT 0x18
#define DMS_SYSTEM_DMA_CONTROL 0x1c
#define DMS_SYSTEM_DMA_MOVED 0x20
#define DMS_SYSTEM_DMA_WINDOW 0x24

#define DMS_SYSTEM_DMA_STATUS_DONE 1
#define DMS_SYSTEM_DMA_STATUS_ERROR 2
#define DMS_SYSTEM_DMA_STATUS_PART 4
#define DMS_SYSTEM_DMA_STOP 0
#define DMS_SYSTEM_DMA_TO_CARD 1
#define DMS_SYSTEM_DMA_FROM_CARD 2

/* Needs dms_8237_attach(). */
extern const DmsDeviceModel dms_system_dma_model;
