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

#define LESSER(a, b) ((a) < (b) ? (a) : (b))

/* What a card can do. */
typedef struct
{
  ULONG lines;
  ULONG length;
  ULONG elements;
  ULONG segment;
  ULONG boundary;
} CARD_LIMITS;

static inline VOID
ReadLimits (CARD_REGISTERS *card, CARD_LIMITS *limits)
{
  limits->lines = READ_REGISTER_ULONG (&card->AddressLines);
  limits->length = READ_REGISTER_ULONG (&card->MaximumLength);
  limits->elements = READ_REGISTER_ULONG (&card->MaximumElements);
  limits->segment = READ_REGISTER_ULONG (&card->Segment);
  limits->boundary = READ_REGISTER_ULONG (&card->Boundary);
}

/* Bytes that one element from @address on may have, at most @length. */
static inline ULONG
OneElement (const CARD_LIMITS *limits, ULONG64 address, ULONG length)
{
  if (limits->segment != 0)
    length = LESSER (length, limits->segment);
  if (limits->boundary != 0)
    {
      ULONG64 every = (ULONG64)1 << limits->boundary;
      ULONG64 room = every - (address & (every - 1));

      length = (ULONG)LESSER (length, room);
    }
  return length;
}
