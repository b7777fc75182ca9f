/* ide.h — the registers of a PATA bus master and its tables, as its manual has them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

#define BUS_MASTER_START 1
#define BUS_MASTER_WRITE_MEMORY 8 /* from the device */
#define BUS_MASTER_ERROR 2        /* write it back to clear it */
#define BUS_MASTER_INTERRUPT 4    /* write it back to clear it */

typedef struct
{
  ULONG AddressLines;
  ULONG MaximumLength; /* of one transfer, in bytes */
  ULONG MaxEntries;    /* of its table */
  ULONG Reserved;
  ULONG Command;
  ULONG Status;
  ULONG PrdTable;     /* logical, a multiple of 4 */
  ULONG DriveBytes;   /* what the next command moves */
  ULONG DriveCommand; /* READ DMA, WRITE DMA */
} IDE_REGISTERS;

#define PRD_WINDOW 0x10000 /* no entry crosses a multiple of it */
#define PRD_LAST 0x80000000u

/* A physical region descriptor. */
typedef struct
{
  ULONG Address; /* logical, even */
  ULONG Count;   /* bytes, even, in 16 bits: 0 = 65 536; or PRD_LAST */
} PRD;

/* How many of @left bytes from @address on one entry is for. */
static inline ULONG
PrdBytes (ULONG address, ULONG left)
{
  ULONG most = PRD_WINDOW - address % PRD_WINDOW;

  return left < most ? left : most;
}
