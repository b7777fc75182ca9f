/* dms-ahci.h — an AHCI controller with one port and one command slot
 *
 * The register window, offsets in bytes; what the AHCI specification has in several
 * places is put together here:
 *
 *   0x00  4  address lines that it drives            read only
 *   0x04  4  longest transfer, in bytes              read only
 *   0x08  4  entries that its table may have         read only
 *   0x10  8  logical address of the command header
 *   0x18  4  interrupt status: 1 = done, 2 = error; write ones to clear
 *   0x1c  4  command issue: a write of 1 starts it
 *   0x20  4  drive: bytes of the next command
 *
 * The command header has 32 bytes: in the first four, bit 6 is set when the controller
 * reads memory, and bits 16 to 31 are the number of entries; bytes 8 to 15 are the
 * logical address of the command table. The entries begin 0x80 bytes into that table.
 * Each has 16 bytes: address (bit 0 is 0), four bytes of nothing, and in the last four
 * the bytes less one in 22 bits, an odd number.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

#define DMS_AHCI_HEADER 0x10
#define DMS_AHCI_STATUS 0x18
#define DMS_AHCI_ISSUE 0x1c
#define DMS_AHCI_DRIVE_BYTES 0x20
#define DMS_AHCI_WINDOW 0x24

#define DMS_AHCI_DONE 1
#define DMS_AHCI_ERROR 2

#define DMS_AHCI_HEADER_BYTES 32
#define DMS_AHCI_TABLE_OFFSET 0x80
#define DMS_AHCI_READS_MEMORY 0x40

extern const DmsDeviceModel dms_ahci_model;
