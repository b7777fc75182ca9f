/* system-dma-card.h — the registers of a card that uses a channel of system DMA
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/drivers/sample-parts.h"

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

/* The card itself drives no address lines: the system's controller moves its bytes, up
 * to @length at a time. */
static inline VOID
DescribeSlave (PDEVICE_DESCRIPTION can, SYSTEM_DMA_CARD *card, ULONG length)
{
  ULONG channel = READ_REGISTER_ULONG (&card->Channel);

  *can = (DEVICE_DESCRIPTION){
    .Version = DEVICE_DESCRIPTION_VERSION2,
    .Master = FALSE,
    .InterfaceType = Isa,
    .DmaChannel = channel,
    .DmaWidth = channel < FIRST_WIDE_CHANNEL ? Width8Bits : Width16Bits,
    .MaximumLength = length,
  };
}

static inline VOID
StartCard (SYSTEM_DMA_CARD *card, ULONG length, BOOLEAN writeToDevice)
{
  WRITE_REGISTER_ULONG (&card->Length, length);
  WRITE_REGISTER_ULONG (&card->Control,
                        writeToDevice ? CONTROL_TO_CARD : CONTROL_FROM_CARD);
}

/* How the request went, by what the card's interrupts said. */
static inline NTSTATUS
CardResult (ULONG seen)
{
  return seen & STATUS_ERROR ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}
