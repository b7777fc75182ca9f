/* table-card.h — the card of card.h, given a list through its table, part by part
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/drivers/card.h"
#include "engine/drivers/sample-parts.h"

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

/* A card, and how far it has got in a list: it may not take all at once, nor an element
 * whole. A device extension begins with it. */
typedef struct
{
  CARD_STATUS Status;
  CARD_REGISTERS *Registers;
  CARD_LIMITS Limits;
  const SCATTER_GATHER_ELEMENT *Element;
  ULONG Count; /* of them */
  ULONG Next;  /* element that the card gets, */
  ULONG Done;  /* and bytes of that one that it had */
} TABLE_CARD;

/* At @registers; @can: what the card can do. */
static inline VOID
SetUpCard (TABLE_CARD *card, PVOID registers, PDEVICE_DESCRIPTION can)
{
  card->Registers = registers;
  card->Status.Register = &card->Registers->Status;
  ReadLimits (card->Registers, &card->Limits);
  DescribeMaster (can, card->Limits.lines, card->Limits.length);
  can->ScatterGather = card->Limits.elements > 1;
}

/* Bytes of a list that has as many elements as the card's table. */
static inline ULONG
ListBytes (const TABLE_CARD *card)
{
  return (ULONG)(sizeof (SCATTER_GATHER_LIST)
                 + card->Limits.elements * sizeof (SCATTER_GATHER_ELEMENT));
}

/* One operation of the card: what its table holds of the list. */
static inline VOID
StartCard (TABLE_CARD *card, BOOLEAN writeToDevice)
{
  CARD_REGISTERS *to = card->Registers;
  ULONG room = card->Limits.length;
  ULONG n = 0;

  while (card->Next < card->Count && room && n < card->Limits.elements)
    {
      const SCATTER_GATHER_ELEMENT *from = &card->Element[card->Next];
      ULONG64 address = (ULONG64)from->Address.QuadPart + card->Done;
      ULONG left = from->Length - card->Done;
      ULONG part = OneElement (&card->Limits, address, LESSER (left, room));

      WRITE_REGISTER_ULONG64 (&to->Descriptor[n].Address, address);
      WRITE_REGISTER_ULONG (&to->Descriptor[n].Length, part);
      n++;
      room -= part;
      card->Done += part;
      if (part == left)
        {
          card->Next++;
          card->Done = 0;
        }
    }
  WRITE_REGISTER_ULONG (&to->Count, n);
  WRITE_REGISTER_ULONG (&to->Control,
                        writeToDevice ? CONTROL_READ_MEMORY : CONTROL_WRITE_MEMORY);
}

/* Starts the card with a new list of @count elements. */
static inline VOID
StartList (TABLE_CARD *card,
           const SCATTER_GATHER_ELEMENT *element,
           ULONG count,
           BOOLEAN writeToDevice)
{
  card->Element = element;
  card->Count = count;
  card->Next = card->Done = 0;
  StartCard (card, writeToDevice);
}

/* Whether the card has not had all of the list. */
static inline BOOLEAN
IsMore (const TABLE_CARD *card)
{
  return card->Next < card->Count;
}

/* For the DPC: how the card's operation went. */
static inline NTSTATUS
CardResult (TABLE_CARD *card)
{
  return TakeStatus (&card->Status) & STATUS_ERROR ? STATUS_IO_DEVICE_ERROR
                                                   : STATUS_SUCCESS;
}
