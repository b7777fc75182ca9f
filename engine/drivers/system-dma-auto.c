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
#define HALF (RING_BYTES / 2)
#define AHEAD (RING_BYTES - 4) /* a full ring looks empty */

typedef struct {
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
    ULONG filled;             /* of them put into the ring */
    ULONG place;              /* of the channel, last seen */
    LONG status;              /* of interrupts, collected */
    BOOLEAN writeToDevice;
} CARD;

static DRIVER_CONTROL AdapterControl;

static VOID ReleaseAll(CARD *card)
{
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
    RtlZeroMemory(&can, sizeof(can));
    can.Version = DEVICE_DESCRIPTION_VERSION2;
    can.AutoInitialize = TRUE;
    can.InterfaceType = Isa;
    can.DmaChannel =
        READ_REGISTER_ULONG(&card->registers->Channel);
    can.DmaWidth = can.DmaChannel < FIRST_WIDE_CHANNEL
        ? Width8Bits : Width16Bits;
    can.MaximumLength = RING_BYTES;
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
        ReleaseAll(card);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(card->ringMdl);
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

static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;
    PIO_STACK_LOCATION io;
    NTSTATUS status;
    ULONG needed = RING_BYTES / PAGE_SIZE;

    io = IoGetCurrentIrpStackLocation(irp);
    card->mdl = irp->MdlAddress;
    card->length = io->Parameters.Read.Length;
    card->writeToDevice = io->MajorFunction == IRP_MJ_WRITE;
    card->done = card->filled = card->place = 0;
    status = CheckChain(card->mdl, card->length,
                        device->AlignmentRequirement);
    if (NT_SUCCESS(status))
        status = card->ops->AllocateAdapterChannel(
            card->adapter, device,
            LESSER(needed, card->mapRegisters),
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
        PUCHAR bytes = ChainBytes(card->mdl, *at, &part);

        part = LESSER(LESSER(part, length),
                      RING_BYTES - place);
        if (card->writeToDevice)
            RtlCopyMemory(card->ring + place, bytes, part);
        else
            RtlCopyMemory(bytes, card->ring + place, part);
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
        card->adapter, card->ringMdl, base,
        MmGetMdlVirtualAddress(card->ringMdl), &length,
        card->writeToDevice);
    WRITE_REGISTER_ULONG(&card->registers->Length,
                         card->length);
    WRITE_REGISTER_ULONG(&card->registers->Part, HALF);
    LetGoOn(card);
    WRITE_REGISTER_ULONG(&card->registers->Control,
                         card->writeToDevice
                             ? CONTROL_TO_CARD
                             : CONTROL_FROM_CARD);
    return KeepObject;
}

static BOOLEAN InterruptService(PKINTERRUPT interrupt,
                                PVOID context)
{
    PDEVICE_OBJECT device = context;
    CARD *card = device->DeviceExtension;
    ULONG *status = &card->registers->Status;
    ULONG seen = READ_REGISTER_ULONG(status);

    UNREFERENCED_PARAMETER(interrupt);
    if (!(seen & (STATUS_DONE | STATUS_PART)))
        return FALSE;
    WRITE_REGISTER_ULONG(status, seen);
    InterlockedOr(&card->status, (LONG)seen);
    IoRequestDpc(device, device->CurrentIrp, NULL);
    return TRUE;
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
    LONG status = InterlockedExchange(&card->status, 0);

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
        MmGetMdlVirtualAddress(card->ringMdl), RING_BYTES,
        card->writeToDevice);
    card->ops->FreeAdapterChannel(card->adapter);
    CompleteRequest(device, irp,
                    status & STATUS_ERROR
                        ? STATUS_UNSUCCESSFUL
                        : STATUS_SUCCESS,
                    card->done);
}

static VOID StopDevice(PDEVICE_OBJECT device)
{
    ReleaseAll(device->DeviceExtension);
}

const SAMPLE_DRIVER SystemDmaAuto = {
    sizeof(CARD),     StartDevice, StartIo,
    InterruptService, DpcForIsr,   StopDevice,
};
