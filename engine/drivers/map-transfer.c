/* map-transfer.c — a bus master, one piece after the other
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/card.h"
#include "engine/wdm/sample.h"

#define MOST_PIECES 32

/* What one MapTransfer has mapped. */
typedef struct {
    PMDL mdl;
    PUCHAR va;
    ULONG length;
    ULONG64 address; /* logical */
} PIECE;

typedef struct {
    CARD_REGISTERS *registers;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    CARD_LIMITS limits;
    ULONG mapRegisters; /* a limit, not a reservation */
    BOOLEAN writeToDevice, failed;
    ULONG length;       /* of the request */
    PVOID base;         /* what the channel came with */
    ULONG held;         /* map registers of it */
    PMDL mdl;           /* from here on, */
    PUCHAR va;          /* at this address, */
    ULONG left;         /* so much is not yet mapped */
    PIECE piece[MOST_PIECES];
    ULONG pieces, next; /* mapped; the card's next one */
    ULONG done;         /* bytes of that the card has */
} CARD;

static DRIVER_CONTROL AdapterControl;

/* At PASSIVE_LEVEL, once: what can the card do? */
static NTSTATUS StartDevice(PDEVICE_OBJECT device,
                            PVOID registers)
{
    CARD *card = device->DeviceExtension;
    DEVICE_DESCRIPTION can;

    card->registers = registers;
    ReadLimits(card->registers, &card->limits);
    RtlZeroMemory(&can, sizeof(can));
    can.Version = DEVICE_DESCRIPTION_VERSION3;
    can.Master = TRUE;
    can.ScatterGather = card->limits.elements > 1;
    can.InterfaceType = PCIBus;
    can.MaximumLength = card->limits.length;
    can.DmaAddressWidth = card->limits.lines;
    can.Dma32BitAddresses = card->limits.lines >= 32;
    can.Dma64BitAddresses = card->limits.lines == 64;
    card->adapter = IoGetDmaAdapter(device, &can,
                                    &card->mapRegisters);
    if (card->adapter == NULL) {
        /* There are systems without version 3. */
        can.Version = DEVICE_DESCRIPTION_VERSION2;
        card->adapter = IoGetDmaAdapter(
            device, &can, &card->mapRegisters);
    }
    if (card->adapter == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    card->ops = card->adapter->DmaOperations;
    return STATUS_SUCCESS;
}

static VOID CompleteRequest(PDEVICE_OBJECT device, PIRP irp,
                            NTSTATUS status, ULONG length)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = length;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    IoStartNextPacket(device, FALSE);
}

/* At DISPATCH_LEVEL, for one request after the other. */
static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;
    PIO_STACK_LOCATION io;
    NTSTATUS status = STATUS_BUFFER_TOO_SMALL;
    ULONG needed = 0;
    PMDL mdl;

    io = IoGetCurrentIrpStackLocation(irp);
    card->length = card->left = io->Parameters.Read.Length;
    card->writeToDevice = io->MajorFunction == IRP_MJ_WRITE;
    card->mdl = irp->MdlAddress;
    card->va = MmGetMdlVirtualAddress(card->mdl);
    for (mdl = card->mdl; mdl; mdl = mdl->Next) {
        ULONG part = LESSER(card->left,
                            MmGetMdlByteCount(mdl));

        KeFlushIoBuffers(mdl, !card->writeToDevice, TRUE);
        needed += ADDRESS_AND_SIZE_TO_SPAN_PAGES(
            MmGetMdlVirtualAddress(mdl), part);
        card->left -= part;
    }
    if (card->left == 0) {
        card->left = card->length;
        card->held = LESSER(needed, card->mapRegisters);
        status = card->ops->AllocateAdapterChannel(
            card->adapter, device, card->held,
            AdapterControl, NULL);
    }
    if (!NT_SUCCESS(status))
        CompleteRequest(device, irp, status, 0);
}

/* As much as the map registers hold; without
   scatter/gather one piece, which is in a row. */
static VOID MapPieces(CARD *card)
{
    ULONG max = card->limits.elements > 1 ? MOST_PIECES : 1;
    ULONG free = card->held;

    card->pieces = card->next = card->done = 0;
    while (card->left && free && card->pieces < max) {
        PIECE *piece = &card->piece[card->pieces++];
        PUCHAR first = MmGetMdlVirtualAddress(card->mdl);
        ULONG inMdl = MmGetMdlByteCount(card->mdl) -
            (ULONG)(card->va - first);

        piece->mdl = card->mdl;
        piece->va = card->va;
        piece->length = LESSER(
            LESSER(inMdl, card->left),
            free * PAGE_SIZE - BYTE_OFFSET(card->va));
        piece->address = (ULONG64)card->ops->MapTransfer(
            card->adapter, piece->mdl, card->base,
            piece->va, &piece->length,
            card->writeToDevice).QuadPart;
        free -= ADDRESS_AND_SIZE_TO_SPAN_PAGES(
            piece->va, piece->length);
        card->left -= piece->length;
        card->va += piece->length;
        if (piece->length == inMdl && card->left) {
            card->mdl = card->mdl->Next;
            card->va = MmGetMdlVirtualAddress(card->mdl);
        }
    }
}

/* One operation of the card: what its table holds. */
static VOID StartCard(CARD *card)
{
    CARD_REGISTERS *to = card->registers;
    ULONG room = card->limits.length;
    ULONG n = 0;

    while (card->next < card->pieces && room &&
           n < card->limits.elements) {
        PIECE *piece = &card->piece[card->next];
        ULONG64 address = piece->address + card->done;
        ULONG part = OneElement(
            &card->limits, address,
            LESSER(piece->length - card->done, room));

        WRITE_REGISTER_ULONG64(&to->Descriptor[n].Address,
                               address);
        WRITE_REGISTER_ULONG(&to->Descriptor[n++].Length,
                             part);
        room -= part;
        card->done += part;
        if (card->done == piece->length) {
            card->next++;
            card->done = 0;
        }
    }
    WRITE_REGISTER_ULONG(&to->Count, n);
    WRITE_REGISTER_ULONG(&to->Control,
                         card->writeToDevice
                             ? CONTROL_READ_MEMORY
                             : CONTROL_WRITE_MEMORY);
}

/* The channel is ours only here, the map registers until we
   free them. */
static IO_ALLOCATION_ACTION AdapterControl(
    PDEVICE_OBJECT device, PIRP irp, PVOID base,
    PVOID context)
{
    CARD *card = device->DeviceExtension;

    UNREFERENCED_PARAMETER(irp);
    UNREFERENCED_PARAMETER(context);
    card->base = base;
    MapPieces(card);
    StartCard(card);
    return DeallocateObjectKeepRegisters;
}

/* At DIRQL: silence the card, leave the rest to the DPC. */
static BOOLEAN InterruptService(PKINTERRUPT interrupt,
                                PVOID context)
{
    PDEVICE_OBJECT device = context;
    CARD *card = device->DeviceExtension;
    ULONG status;

    UNREFERENCED_PARAMETER(interrupt);
    status = READ_REGISTER_ULONG(&card->registers->Status);
    if (!(status & STATUS_DONE))
        return FALSE;
    card->failed = (status & STATUS_ERROR) != 0;
    WRITE_REGISTER_ULONG(&card->registers->Status, status);
    IoRequestDpc(device, device->CurrentIrp, NULL);
    return TRUE;
}

/* The card has done its table: go on with what is mapped,
   then with what is not, or end. */
static VOID DpcForIsr(PKDPC dpc, PDEVICE_OBJECT device,
                      PIRP irp, PVOID context)
{
    CARD *card = device->DeviceExtension;
    ULONG i;

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    if (!card->failed && card->next < card->pieces) {
        StartCard(card);
        return;
    }
    for (i = 0; i < card->pieces; i++)
        card->ops->FlushAdapterBuffers(
            card->adapter, card->piece[i].mdl, card->base,
            card->piece[i].va, card->piece[i].length,
            card->writeToDevice);
    if (!card->failed && card->left) {
        MapPieces(card);
        StartCard(card);
        return;
    }
    card->ops->FreeMapRegisters(card->adapter, card->base,
                                card->held);
    CompleteRequest(device, irp,
                    card->failed ? STATUS_IO_DEVICE_ERROR
                                 : STATUS_SUCCESS,
                    card->failed ? 0 : card->length);
}

static VOID StopDevice(PDEVICE_OBJECT device)
{
    CARD *card = device->DeviceExtension;

    card->ops->PutDmaAdapter(card->adapter);
    card->adapter = NULL;
}

const SAMPLE_DRIVER MapTransferSample = {
    sizeof(CARD),     StartDevice, StartIo,
    InterruptService, DpcForIsr,   StopDevice,
};
