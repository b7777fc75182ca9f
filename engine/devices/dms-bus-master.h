/* dms-bus-master.h — a bus master with a table of descriptors, or with one alone
 *
 * The register window, offsets in bytes:
 *
 *   0x00  4  address lines that it drives            read only
 *   0x04  4  longest transfer, in bytes              read only
 *   0x08  4  descriptors that it has                 read only
 *   0x0c  4  status: 1 = done, 2 = error             write ones to clear
 *   0x10  4  descriptors to work through
 *   0x14  4  control: 1 = read memory, 2 = write it  a write starts it
 *   0x18  4  longest element, in bytes; 0 = any      read only
 *   0x1c  4  n: no element crosses a multiple of 2^n; 0 = any may   read only
 *   0x20 + 16·i  8  logical address of descriptor i
 *   0x28 + 16·i  4  its length in bytes: a write makes the device take it in
 *
 * Without scatter/gather it has one descriptor, and what is said of elements holds for
 * that. A descriptor that breaks a limit is noted and worked through all the same.
 * Where an IOMMU stops the device it ends with an error.
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
#define DMS_BUS_MASTER_SEGMENT 0x18
#define DMS_BUS_MASTER_BOUNDARY 0x1c
#define DMS_BUS_MASTER_TABLE 0x20
#define DMS_BUS_MASTER_ENTRY 0x10
#define DMS_BUS_MASTER_ENTRY_LENGTH 0x08

#define DMS_BUS_MASTER_STATUS_DONE 1
#define DMS_BUS_MASTER_STATUS_ERROR 2
#define DMS_BUS_MASTER_READ_MEMORY 1
#define DMS_BUS_MASTER_WRITE_MEMORY 2

extern const DmsDeviceModel dms_bus_master_model;
