/* card.h — the registers of the cards that the samples drive, as their manual has them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

#define CONTROL_READ_MEMORY 1  /* to the device */
#define CONTROL_WRITE_MEMORY 2 /* from the device */
#define STATUS_DONE 1          /* write it back to clear it */
#define STATUS_ERROR 2         /* likewise */

typedef struct
{
  ULONG AddressLines;    /* how many it drives */
  ULONG MaximumLength;   /* of one transfer, in bytes */
  ULONG MaximumElements; /* descriptors that it has */
  ULONG Status;
  ULONG Count;    /* descriptors to work through */
  ULONG Control;  /* a write starts the card */
  ULONG Segment;  /* longest element, in bytes; 0 = any */
  ULONG Boundary; /* n: no element crosses a multiple of 2^n; 0 = any may */
  struct
  {
    ULONG64 Address; /* logical */
    ULONG Length;
    ULONG Reserved;
  } Descriptor[];
} CARD_REGISTERS;
