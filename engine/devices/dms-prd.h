/* dms-prd.h — a PATA controller with bus-master DMA: physical region descriptors
 *
 * The register window, offsets in bytes; after the bus-master registers of the PIIX,
 * but each in 32 bits, and with a drive that knows two commands:
 *
 *   0x00  4  address lines that it drives            read only
 *   0x04  4  longest transfer, in bytes              read only
 *   0x08  4  entries that its table may have         read only
 *   0x10  4  bus master: 1 = start, 8 = write memory
 *   0x14  4  bus master: 1 = active, 2 = error, 4 = interrupt; write ones to clear
 *   0x18  4  logical address of the table, a multiple of 4
 *   0x1c  4  drive: bytes of the next command
 *   0x20  4  drive: command, 0xC8 READ DMA or 0xCA WRITE DMA
 *
 * It moves bytes when the drive has a command and the bus master is started. An entry
 * of the table has 8 bytes: address (bit 0 is 0), count (16 bits, bit 0 is 0; 0 =
 * 65536), and in bit 31 of the second half the mark of the last one. No entry crosses a
 * multiple of 64 KiB: what would, goes on at its beginning.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

#define DMS_IDE_COMMAND 0x10
#define DMS_IDE_STATUS 0x14
#define DMS_IDE_TABLE 0x18
#define DMS_IDE_DRIVE_BYTES 0x1c
#define DMS_IDE_DRIVE_COMMAND 0x20
#define DMS_IDE_WINDOW 0x24

#define DMS_IDE_START 1
#define DMS_IDE_WRITES_MEMORY 8
#define DMS_IDE_ACTIVE 1
#define DMS_IDE_ERROR 2
#define DMS_IDE_INTERRUPT 4
#define DMS_IDE_READ_DMA 0xc8
#define DMS_IDE_WRITE_DMA 0xca

#define DMS_PRD_WINDOW UINT64_C (0x10000)

extern const DmsDeviceModel dms_ide_model;
