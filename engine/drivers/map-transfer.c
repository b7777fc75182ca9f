/* map-transfer.c — a bus master, one piece after the other
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/chain.h"
#include "engine/drivers/table-card.h"
#include "engine/wdm/sample.h"

#define MOST_PIECES 32

typedef struct {
    TABLE_CARD hardware;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    ULONG mapRegisters; /* a limit, not a reservation */
    BOOLEAN writeToDevice;
    ULONG length;       /* of the request */
    PVOID base;         /* what the channel came with */
    ULONG held;         /* map registers of it */
    PMDL mdl;           /* from here on, */
    PUCHAR va;          /* at this address, */
    ULONG left;         /* so much is not yet mapped */
    ULONG pieces;       /* mapped: of which MDL, where */
    PMDL pieceMdl[MOST_PIECES];
    PUCHAR pieceVa[MOST_PIECES];
    SCATTER_GATHER_ELEMENT piece[MOST_PIECES];
} CARD;

static DRIVER_CONTROL AdapterControl;

/* At PASSIVE_LEVEL, once: what can the card do? */
static NTSTATUS StartDevice(PDEVICE_OBJECT device,
                            PVOID registers)
{
    CARD *card = device->DeviceExtension;
    DEVICE_DESCRIPTION can;

    SetUpCard(&card->hardware, registers, &can);
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

/* At DISPATCH_LEVEL, for one request after the other. */
static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;
    NTSTATUS status;
    ULONG needed;
    PMDL mdl;

    card->length = ReadRequest(irp, &card->writeToDevice);
    card->left = card->length;
    card->mdl = irp->MdlAddress;
    card->va = MmGetMdlVirtualAddress(card->mdl);
    for (mdl = card->mdl; mdl; mdl = mdl->Next)
        KeFlushIoBuffers(mdl, !card->writeToDevice, TRUE);

    status = CheckChain(card->mdl, card->length, 0);
    if (NT_SUCCESS(status)) {
        needed = ChainPages(card->mdl, card->length);
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
    ULONG most = card->hardware.Limits.elements > 1
        ? MOST_PIECES : 1;
    ULONG free = card->held;
    ULONG n;

    for (n = 0; card->left && free && n < most; n++) {
        ULONG inMdl = BytesBehind(&card->mdl, &card->va);
        ULONG length = LESSER(
            LESSER(inMdl, card->left),
            free * PAGE_SIZE - BYTE_OFFSET(card->va));

        card->pieceMdl[n] = card->mdl;
        card->pieceVa[n] = card->va;
        card->piece[n].Address = card->ops->MapTransfer(
            card->adapter, card->mdl, card->base, card->va,
            &length, card->writeToDevice);
        card->piece[n].Length = length;
        free -= ADDRESS_AND_SIZE_TO_SPAN_PAGES(card->va,
                                               length);
        card->left -= length;
        card->va += length;
    }
    card->pieces = n;
    StartList(&card->hardware, card->piece, n,
              card->writeToDevice);
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
    return DeallocateObjectKeepRegisters;
}

/* The card has done its table: go on with what is mapped,
   then with what is not, or end. */
static VOID DpcForIsr(PKDPC dpc, PDEVICE_OBJECT device,
                      PIRP irp, PVOID context)
{
    CARD *card = device->DeviceExtension;
    NTSTATUS status = CardResult(&card->hardware);
    ULONG i;

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    if (NT_SUCCESS(status) && IsMore(&card->hardware)) {
        StartCard(&card->hardware, card->writeToDevice);
        return;
    }
    for (i = 0; i < card->pieces; i++)
        card->ops->FlushAdapterBuffers(
            card->adapter, card->pieceMdl[i], card->base,
            card->pieceVa[i], card->piece[i].Length,
            card->writeToDevice);
    if (NT_SUCCESS(status) && card->left) {
        MapPieces(card);
        return;
    }
    card->ops->FreeMapRegisters(card->adapter, card->base,
                                card->held);
    CompleteRequest(device, irp, status,
                    NT_SUCCESS(status) ? card->length : 0);
}

static VOID StopDevice(PDEVICE_OBJECT device)
{
    CARD *card = device->DeviceExtension;

    card->ops->PutDmaAdapter(card->adapter);
    card->adapter = NULL;
}

const SAMPLE_DRIVER MapTransferSample = {
    sizeof(CARD), StartDevice, StartIo,
    SilenceCard,  DpcForIsr,   StopDevice,
};
