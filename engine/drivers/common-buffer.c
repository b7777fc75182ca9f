/* common-buffer.c — a card and its driver share a ring of slots
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/chain.h"
#include "engine/drivers/ring-card.h"
#include "engine/wdm/sample.h"

typedef struct {
    CARD_STATUS status;
    RING_CARD *registers;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    RING_SLOT *ring;           /* where we find it */
    PHYSICAL_ADDRESS address;  /* where the card does */
    ULONG bytes, slots;
    ULONG head, tail;          /* slots taken back, given */
    PMDL mdl;                  /* of the request */
    BOOLEAN writeToDevice;
    ULONG length, given, done; /* its bytes */
} CARD;

/* The ring is allocated once, early, while memory in a row
   can still be had, and the card is told where it is. */
static NTSTATUS StartDevice(PDEVICE_OBJECT device,
                            PVOID registers)
{
    CARD *card = device->DeviceExtension;
    DEVICE_DESCRIPTION can;
    ULONG mapRegisters;

    card->registers = registers;
    card->status.Register = &card->registers->Status;
    card->bytes =
        READ_REGISTER_ULONG(&card->registers->RingBytes);
    card->slots = card->bytes / sizeof(RING_SLOT);
    DescribeMaster(&can, READ_REGISTER_ULONG(
        &card->registers->AddressLines), card->bytes);
    card->adapter = IoGetDmaAdapter(device, &can,
                                    &mapRegisters);
    if (card->adapter == NULL) {
        /* There are systems without version 3. */
        can.Version = DEVICE_DESCRIPTION_VERSION2;
        card->adapter = IoGetDmaAdapter(
            device, &can, &mapRegisters);
    }
    if (card->adapter == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    card->ops = card->adapter->DmaOperations;
    if (card->slots > 0)
        card->ring = card->ops->AllocateCommonBuffer(
            card->adapter, card->bytes, &card->address,
            TRUE);
    if (card->ring == NULL) {
        card->ops->PutDmaAdapter(card->adapter);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(card->ring, card->bytes);
    WRITE_REGISTER_ULONG64(&card->registers->RingAddress,
                           (ULONG64)card->address.QuadPart);
    WRITE_REGISTER_ULONG(&card->registers->Slots,
                         card->slots);
    return STATUS_SUCCESS;
}

/* As many slots as are free; the doorbell comes last. */
static VOID GiveSlots(CARD *card)
{
    while (card->given < card->length &&
           card->tail - card->head < card->slots) {
        RING_SLOT *slot =
            &card->ring[card->tail % card->slots];
        RING_SLOT_HEAD head = { OWNER_CARD, 0, 0, 0 };

        head.Length = LESSER(card->length - card->given,
                             SLOT_DATA);
        head.Direction = card->writeToDevice
            ? SLOT_TO_CARD : SLOT_FROM_CARD;
        if (card->writeToDevice)
            CopyChain(card->mdl, card->given, slot->Data,
                      head.Length, TRUE);
        RtlCopyMemory(&slot->Head, &head, sizeof(head));
        card->given += head.Length;
        card->tail++;
    }
    WRITE_REGISTER_ULONG(&card->registers->Tail,
                         card->tail);
}

/* What the card has given back. False for a bad slot. */
static BOOLEAN TakeSlots(CARD *card)
{
    while (card->head != card->tail) {
        RING_SLOT *slot =
            &card->ring[card->head % card->slots];
        RING_SLOT_HEAD head;

        RtlCopyMemory(&head, &slot->Head, sizeof(head));
        if (head.Owner != OWNER_DRIVER)
            return TRUE;
        if (head.Result != SLOT_RESULT_DONE)
            return FALSE;
        if (!card->writeToDevice)
            CopyChain(card->mdl, card->done, slot->Data,
                      head.Length, FALSE);
        card->done += head.Length;
        card->head++;
    }
    return TRUE;
}

static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;

    card->mdl = irp->MdlAddress;
    card->length = ReadRequest(irp, &card->writeToDevice);
    card->given = card->done = 0;
    if (ChainLength(card->mdl) < card->length)
        CompleteRequest(device, irp,
                        STATUS_BUFFER_TOO_SMALL, 0);
    else
        GiveSlots(card);
}

/* Nothing is flushed: what the card wrote is there. */
static VOID DpcForIsr(PKDPC dpc, PDEVICE_OBJECT device,
                      PIRP irp, PVOID context)
{
    CARD *card = device->DeviceExtension;
    ULONG seen = TakeStatus(&card->status);
    BOOLEAN failed = !TakeSlots(card) ||
        (seen & RING_ERROR) != 0;

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    if (failed) {
        card->head = card->tail = 0;
        WRITE_REGISTER_ULONG(&card->registers->Slots,
                             card->slots);
        CompleteRequest(device, irp, STATUS_UNSUCCESSFUL,
                        card->done);
    } else if (card->done < card->length)
        GiveSlots(card);
    else
        CompleteRequest(device, irp, STATUS_SUCCESS,
                        card->done);
}

/* First the card forgets the ring, then we free it. */
static VOID StopDevice(PDEVICE_OBJECT device)
{
    CARD *card = device->DeviceExtension;

    WRITE_REGISTER_ULONG(&card->registers->Slots, 0);
    card->ops->FreeCommonBuffer(
        card->adapter, card->bytes, card->address,
        card->ring, TRUE);
    card->ops->PutDmaAdapter(card->adapter);
    card->adapter = NULL;
}

const SAMPLE_DRIVER CommonBuffer = {
    sizeof(CARD), StartDevice, StartIo,
    SilenceCard,  DpcForIsr,   StopDevice,
};
