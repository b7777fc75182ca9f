/* system-dma-card.h — the registers of a card that uses a channel of system DMA
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

#define STATUS_DONE 1  /* write it back to clear it */
#define STATUS_ERROR 2 /* with STATUS_DONE */
#define STATUS_PART 4
#define CONTROL_TO_CARD 1
#define CONTROL_FROM_CARD 2
#define FIRST_WIDE_CHANNEL 5 /* from here on 16 bits at a time */

typedef struct
{
  ULONG MaximumLength; /* of one transfer, in bytes */
  ULONG Channel;       /* that it is wired to */
  ULONG AutoInitialize;
  ULONG Status;
  ULONG Length;  /* bytes to move */
  ULONG Part;    /* interrupts after each so many bytes; 0 = at the end */
  ULONG Limit;   /* bytes that it may move before it waits */
  ULONG Control; /* a write starts the card */
  ULONG Moved;
} SYSTEM_DMA_CARD;
