/* system-dma.c — a card that uses a channel of the system's DMA controller
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/chain.h"
#include "engine/drivers/system-dma-card.h"
#include "engine/wdm/sample.h"

typedef struct {
    CARD_STATUS status;
    SYSTEM_DMA_CARD *registers;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    ULONG mapRegisters; /* a limit, not a reservation */
    ULONG longest;      /* that the card can move */
    BOOLEAN writeToDevice;
    PVOID base;         /* what the channel came with */
    ULONG held;         /* map registers of it */
    PMDL mdl;           /* from here on, */
    PUCHAR va;          /* at this address, */
    ULONG left;         /* so much is still to move */
    ULONG piece;        /* of that, in one operation */
    ULONG done;
} CARD;

static DRIVER_CONTROL AdapterControl;

/* The card itself drives no address lines: the system's
   controller moves its bytes. */
static NTSTATUS StartDevice(PDEVICE_OBJECT device,
                            PVOID registers)
{
    CARD *card = device->DeviceExtension;
    DEVICE_DESCRIPTION can;

    card->registers = registers;
    card->status.Register = &card->registers->Status;
    card->longest = READ_REGISTER_ULONG(
        &card->registers->MaximumLength);
    DescribeSlave(&can, card->registers, card->longest);
    can.DemandMode = TRUE;
    card->adapter = IoGetDmaAdapter(device, &can,
                                    &card->mapRegisters);
    if (card->adapter == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    card->ops = card->adapter->DmaOperations;
    device->AlignmentRequirement =
        card->ops->GetDmaAlignment(card->adapter) - 1;
    return STATUS_SUCCESS;
}

/* At DISPATCH_LEVEL, for one request after the other. */
static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;
    NTSTATUS status;
    PMDL mdl;

    card->left = ReadRequest(irp, &card->writeToDevice);
    card->mdl = irp->MdlAddress;
    card->va = MmGetMdlVirtualAddress(card->mdl);
    card->done = 0;
    for (mdl = card->mdl; mdl; mdl = mdl->Next)
        KeFlushIoBuffers(mdl, !card->writeToDevice, TRUE);

    status = CheckChain(card->mdl, card->left,
                        device->AlignmentRequirement);
    if (NT_SUCCESS(status)) {
        card->held = LESSER(
            card->mapRegisters,
            ADDRESS_AND_SIZE_TO_SPAN_PAGES(card->va,
                                           card->left));
        status = card->ops->AllocateAdapterChannel(
            card->adapter, device, card->held,
            AdapterControl, NULL);
    }
    if (!NT_SUCCESS(status))
        CompleteRequest(device, irp, status, 0);
}

/* MapTransfer programs the controller; where it put the
   piece is no business of the card. */
static VOID StartPiece(CARD *card)
{
    ULONG inMdl = BytesBehind(&card->mdl, &card->va);
    ULONG room = PAGE_SIZE * card->held -
        BYTE_OFFSET(card->va);

    card->piece = LESSER(LESSER(card->left, inMdl),
                         LESSER(room, card->longest));
    card->ops->MapTransfer(
        card->adapter, card->mdl, card->base, card->va,
        &card->piece, card->writeToDevice);
    StartCard(card->registers, card->piece,
              card->writeToDevice);
}

/* The channel is ours until FreeAdapterChannel. */
static IO_ALLOCATION_ACTION AdapterControl(
    PDEVICE_OBJECT device, PIRP irp, PVOID base,
    PVOID context)
{
    CARD *card = device->DeviceExtension;

    UNREFERENCED_PARAMETER(irp);
    UNREFERENCED_PARAMETER(context);
    card->base = base;
    StartPiece(card);
    return KeepObject;
}

/* Count first, then flush: that masks the channel. */
static VOID DpcForIsr(PKDPC dpc, PDEVICE_OBJECT device,
                      PIRP irp, PVOID context)
{
    CARD *card = device->DeviceExtension;
    ULONG left = card->ops->ReadDmaCounter(card->adapter);
    ULONG moved = card->piece - LESSER(left, card->piece);
    NTSTATUS status = CardResult(TakeStatus(&card->status));

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    card->ops->FlushAdapterBuffers(
        card->adapter, card->mdl, card->base, card->va,
        card->piece, card->writeToDevice);
    card->done += moved;
    card->left -= moved;
    card->va += moved;
    if (NT_SUCCESS(status) && left == 0 && card->left > 0) {
        StartPiece(card);
        return;
    }
    card->ops->FreeAdapterChannel(card->adapter);
    CompleteRequest(device, irp, status, card->done);
}

static VOID StopDevice(PDEVICE_OBJECT device)
{
    CARD *card = device->DeviceExtension;

    card->ops->PutDmaAdapter(card->adapter);
    card->adapter = NULL;
}

const SAMPLE_DRIVER SystemDma = {
    sizeof(CARD), StartDevice, StartIo,
    SilenceCard,  DpcForIsr,   StopDevice,
};
