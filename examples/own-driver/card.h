/* card.h — the registers of the card, as its manual has them
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#pragma once

#define CONTROL_READ_MEMORY  1 /* to the device */
#define CONTROL_WRITE_MEMORY 2 /* from the device */
#define STATUS_DONE          1 /* write it back to clear it */

typedef struct _CARD_REGISTERS {
    ULONG AddressLines;    /* how many it drives */
    ULONG MaximumLength;   /* of one transfer, in bytes */
    ULONG MaximumElements; /* descriptors that it has */
    ULONG Status;
    ULONG Count;           /* descriptors to work through */
    ULONG Control;         /* a write starts the card */
    ULONG Reserved[2];
    struct {
        ULONG64 Address;   /* logical */
        ULONG Length;
        ULONG Reserved;
    } Descriptor[];
} CARD_REGISTERS;
