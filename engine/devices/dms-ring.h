/* dms-ring.h — a device that works through a ring in memory that it shares
 *
 * The driver allocates a common buffer, tells the device once where it lies, and from
 * then on both write into it: the driver fills slots and rings the doorbell, the device
 * works them off and gives them back. Nothing is mapped or flushed for a request.
 *
 * A slot, 512 bytes, numbers with the least significant byte first:
 *
 *   0x00  4  owner: 1 = the device, 0 = the driver
 *   0x04  4  bytes of data, at most 496; the device writes back how many it moved
 *   0x08  4  1 = to the device, 2 = from the device
 *   0x0c  4  result: 0 = not done yet, 1 = done, 2 = the device could not read this
 * slot 0x10     data
 *
 * The register window, offsets in bytes:
 *
 *   0x00  4  address lines that it drives        read only
 *   0x04  4  bytes that it wants to share        read only
 *   0x08  4  status: 1 = slots are done, 2 = error: it stopped   write ones to clear
 *   0x0c  4  slots in the ring; 0 = stop
 *   0x10  8  logical address of the ring
 *   0x18  4  tail, the doorbell: how many slots the driver has handed over, ever
 *   0x1c  4  head: how many the device has done                  read only
 *
 * Slot n is at place n modulo the number of slots. Writing the number of slots sets
 * head and tail to 0.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

#define DMS_RING_LINES 0x00
#define DMS_RING_BYTES 0x04
#define DMS_RING_STATUS 0x08
#define DMS_RING_SLOTS 0x0c
#define DMS_RING_ADDRESS 0x10
#define DMS_RING_TAIL 0x18
#define DMS_RING_HEAD 0x1c
#define DMS_RING_WINDOW 0x20

#define DMS_RING_SLOT 512
#define DMS_RING_SLOT_HEAD 16
#define DMS_RING_SLOT_DATA (DMS_RING_SLOT - DMS_RING_SLOT_HEAD)

#define DMS_RING_STATUS_DONE 1
#define DMS_RING_STATUS_ERROR 2
#define DMS_RING_DRIVER 0
#define DMS_RING_DEVICE 1
#define DMS_RING_TO_DEVICE 1
#define DMS_RING_FROM_DEVICE 2
#define DMS_RING_RESULT_DONE 1
#define DMS_RING_RESULT_BAD 2

extern const DmsDeviceModel dms_ring_model;
