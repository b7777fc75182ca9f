/* ring-card.h — the registers and the ring of a card that shares memory with its driver
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

#define RING_DONE 1  /* write it back to clear it */
#define RING_ERROR 2 /* with RING_DONE */
#define OWNER_DRIVER 0
#define OWNER_CARD 1
#define SLOT_TO_CARD 1
#define SLOT_FROM_CARD 2
#define SLOT_RESULT_DONE 1
#define SLOT_DATA 496

typedef struct
{
  ULONG AddressLines; /* how many it drives */
  ULONG RingBytes;    /* that it wants to share */
  ULONG Status;
  ULONG Slots;         /* in the ring; a write begins anew, 0 stops the card */
  ULONG64 RingAddress; /* logical */
  ULONG Tail;          /* the doorbell: slots handed to the card, ever */
  ULONG Head;          /* slots that it has done */
} RING_CARD;

/* Each side writes only into slots that are its own. */
typedef struct
{
  ULONG Owner;
  ULONG Length; /* bytes of Data; the card writes back how many it moved */
  ULONG Direction;
  ULONG Result;
} RING_SLOT_HEAD;

typedef struct
{
  RING_SLOT_HEAD Head;
  UCHAR Data[SLOT_DATA];
} RING_SLOT;
