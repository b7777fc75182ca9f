/* ahci.h — the registers of an AHCI controller and its tables, as its manual has them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

#define AHCI_DONE 1  /* write it back to clear it */
#define AHCI_ERROR 2 /* write it back to clear it */
#define AHCI_ISSUE 1

typedef struct
{
  ULONG AddressLines;
  ULONG MaximumLength;  /* of one transfer, in bytes */
  ULONG MaximumEntries; /* of its table */
  ULONG Reserved;
  ULONG64 CommandHeader; /* logical */
  ULONG Status;
  ULONG CommandIssue;
  ULONG DriveBytes; /* what the next command moves */
} AHCI_REGISTERS;

#define AHCI_READ_MEMORY 0x40 /* to the device */

typedef struct
{
  ULONG Flags; /* AHCI_READ_MEMORY; entries in the upper half */
  ULONG BytesMoved;
  ULONG64 CommandTable; /* logical, a multiple of 128 */
  ULONG64 Reserved[2];
} AHCI_COMMAND_HEADER;

#define AHCI_LONGEST 0x400000

typedef struct
{
  ULONG64 Address; /* logical, even */
  ULONG Reserved;
  ULONG Count; /* bytes less one, odd, in 22 bits */
} AHCI_PRD;

/* Header and table of one request. */
typedef struct
{
  AHCI_COMMAND_HEADER Header;
  UCHAR Unused[128 - sizeof (AHCI_COMMAND_HEADER)];
  UCHAR CommandFis[128];
  AHCI_PRD Prd[];
} AHCI_COMMAND;
