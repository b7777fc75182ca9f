/* system-dma-auto.c — a channel that goes round and round in a common buffer
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/chain.h"
#include "engine/drivers/system-dma-card.h"
#include "engine/wdm/sample.h"

#define RING_BYTES 8192
#define RING_PAGES (RING_BYTES / PAGE_SIZE)
#define HALF (RING_BYTES / 2)
#define AHEAD (RING_BYTES - 4) /* a full ring looks empty */

typedef struct {
    CARD_STATUS status;
    SYSTEM_DMA_CARD *registers;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    PUCHAR ring;              /* where we find it */
    PHYSICAL_ADDRESS address; /* where the channel does */
    PMDL ringMdl;
    PVOID base;
    ULONG mapRegisters;
    PMDL mdl;                 /* of the request */
    ULONG length, done;       /* its bytes */
    ULONG filled;             /* of them, into the ring */
    ULONG place;              /* of the channel, at last */
    BOOLEAN writeToDevice;
} CARD;

static DRIVER_CONTROL AdapterControl;

static VOID StopDevice(PDEVICE_OBJECT device)
{
    CARD *card = device->DeviceExtension;

    if (card->ringMdl != NULL)
        IoFreeMdl(card->ringMdl);
    if (card->ring != NULL)
        card->ops->FreeCommonBuffer(
            card->adapter, RING_BYTES, card->address,
            card->ring, TRUE);
    card->ops->PutDmaAdapter(card->adapter);
    card->adapter = NULL;
}

/* The ring, and an MDL by which MapTransfer takes it. */
static NTSTATUS StartDevice(PDEVICE_OBJECT device,
                            PVOID registers)
{
    CARD *card = device->DeviceExtension;
    DEVICE_DESCRIPTION can;

    card->registers = registers;
    card->status.Register = &card->registers->Status;
    DescribeSlave(&can, card->registers, RING_BYTES);
    can.AutoInitialize = TRUE;
    card->adapter = IoGetDmaAdapter(device, &can,
                                    &card->mapRegisters);
    if (card->adapter == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    card->ops = card->adapter->DmaOperations;
    device->AlignmentRequirement =
        card->ops->GetDmaAlignment(card->adapter) - 1;
    card->ring = card->ops->AllocateCommonBuffer(
        card->adapter, RING_BYTES, &card->address, TRUE);
    if (card->ring != NULL)
        card->ringMdl = IoAllocateMdl(
            card->ring, RING_BYTES, FALSE, FALSE, NULL);
    if (card->ringMdl == NULL) {
        StopDevice(device);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(card->ringMdl);
    return STATUS_SUCCESS;
}

static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;
    NTSTATUS status;

    card->mdl = irp->MdlAddress;
    card->length = ReadRequest(irp, &card->writeToDevice);
    card->done = card->filled = card->place = 0;
    status = CheckChain(card->mdl, card->length,
                        device->AlignmentRequirement);
    if (NT_SUCCESS(status))
        status = card->ops->AllocateAdapterChannel(
            card->adapter, device,
            LESSER(RING_PAGES, card->mapRegisters),
            AdapterControl, NULL);
    if (!NT_SUCCESS(status))
        CompleteRequest(device, irp, status, 0);
}

/* Bytes from *at of the request on, between its buffer and
   the ring, where byte n has its place at n mod size. */
static VOID CopyData(CARD *card, ULONG *at, ULONG length)
{
    for (ULONG part; length > 0; length -= part) {
        ULONG place = *at % RING_BYTES;

        part = LESSER(length, RING_BYTES - place);
        CopyChain(card->mdl, *at, card->ring + place, part,
                  card->writeToDevice);
        *at += part;
    }
}

/* The card may run ahead of us, but not overtake us. */
static VOID LetGoOn(CARD *card)
{
    ULONG limit = LESSER(card->length, card->done + AHEAD);

    if (card->writeToDevice)
        CopyData(card, &card->filled, limit - card->filled);
    WRITE_REGISTER_ULONG(&card->registers->Limit, limit);
}

/* One MapTransfer for the whole request: the channel
   begins anew by itself when it gets to the ring's end. */
static IO_ALLOCATION_ACTION AdapterControl(
    PDEVICE_OBJECT device, PIRP irp, PVOID base,
    PVOID context)
{
    CARD *card = device->DeviceExtension;
    ULONG length = RING_BYTES;

    UNREFERENCED_PARAMETER(irp);
    UNREFERENCED_PARAMETER(context);
    card->base = base;
    card->ops->MapTransfer(
        card->adapter, card->ringMdl, base, card->ring,
        &length, card->writeToDevice);
    WRITE_REGISTER_ULONG(&card->registers->Part, HALF);
    LetGoOn(card);
    StartCard(card->registers, card->length,
              card->writeToDevice);
    return KeepObject;
}

/* How far has the channel got? Its counter tells. */
static VOID DpcForIsr(PKDPC dpc, PDEVICE_OBJECT device,
                      PIRP irp, PVOID context)
{
    CARD *card = device->DeviceExtension;
    ULONG left = card->ops->ReadDmaCounter(card->adapter);
    ULONG place = (RING_BYTES - left) % RING_BYTES;
    ULONG fresh = (RING_BYTES + place - card->place) %
        RING_BYTES;
    ULONG status = TakeStatus(&card->status);

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    card->place = place;
    if (card->writeToDevice)
        card->done += fresh;
    else
        CopyData(card, &card->done, fresh);
    if (!(status & STATUS_DONE)) {
        LetGoOn(card);
        return;
    }
    card->ops->FlushAdapterBuffers(
        card->adapter, card->ringMdl, card->base,
        card->ring, RING_BYTES, card->writeToDevice);
    card->ops->FreeAdapterChannel(card->adapter);
    CompleteRequest(device, irp, CardResult(status),
                    card->done);
}

const SAMPLE_DRIVER SystemDmaAuto = {
    sizeof(CARD), StartDevice, StartIo,
    SilenceCard,  DpcForIsr,   StopDevice,
};
