/* dms-bus-master.h — a bus master with a table of descriptors
 *
 * The register window, offsets in bytes:
 *
 *   0x00  4  address lines that it drives            read only
 *   0x04  4  longest transfer, in bytes              read only
 *   0x08  4  descriptors that it has                 read only
 *   0x0c  4  status: 1 = done, 2 = error             write ones to clear
 *   0x10  4  descriptors to work through
 *   0x14  4  control: 1 = read memory, 2 = write it  a write starts it
 *   0x20 + 16·i  8  logical address of descriptor i
 *   0x28 + 16·i  4  its length in bytes: a write makes the device take it in
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

#define DMS_BUS_MASTER_LINES 0x00
#define DMS_BUS_MASTER_MAXIMUM_LENGTH 0x04
#define DMS_BUS_MASTER_DESCRIPTORS 0x08
#define DMS_BUS_MASTER_STATUS 0x0c
#define DMS_BUS_MASTER_COUNT 0x10
#define DMS_BUS_MASTER_CONTROL 0x14
#define DMS_BUS_MASTER_TABLE 0x20
#define DMS_BUS_MASTER_ENTRY 0x10
#define DMS_BUS_MASTER_ENTRY_LENGTH 0x08

#define DMS_BUS_MASTER_STATUS_DONE 1
#define DMS_BUS_MASTER_STATUS_ERROR 2
#define DMS_BUS_MASTER_READ_MEMORY 1
#define DMS_BUS_MASTER_WRITE_MEMORY 2

extern const DmsDeviceModel dms_bus_master_model;

/* What the device read from memory in its transfer since it was started last; only kept
 * when machine->keeps_received. */
const uint8_t *dms_bus_master_received (const DmsDevice *device, size_t *ret_length);
