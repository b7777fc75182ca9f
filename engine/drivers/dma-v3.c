/* dma-v3.c — a bus master by routines of version 3, with cancel
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/card.h"
#include "engine/wdm/sample.h"

#define TAG 0x33766d64

typedef struct {
    CARD_REGISTERS *registers;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    CARD_LIMITS limits;
    ULONG mapRegisters;        /* a limit, not a reservation */
    UCHAR transfer[DMA_TRANSFER_CONTEXT_SIZE_V1];
    PSCATTER_GATHER_LIST list; /* of what is mapped, */
    ULONG listBytes;           /* in so much memory */
    PVOID base;                /* what the channel came with */
    ULONG held;                /* map registers of it */
    BOOLEAN writeToDevice, failed;
    ULONG length;              /* of the request: */
    ULONG offset, mapped;      /* done, and mapped now */
    ULONG next, done;          /* element; bytes of it */
} CARD;

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
    card->adapter = IoGetDmaAdapter(device, &can,
                                    &card->mapRegisters);
    if (card->adapter == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    card->ops = card->adapter->DmaOperations;
    card->listBytes = (ULONG)(sizeof(SCATTER_GATHER_LIST) +
        card->limits.elements * sizeof(SCATTER_GATHER_ELEMENT));
    card->list = ExAllocatePoolWithTag(
        NonPagedPoolNx, card->listBytes, TAG);
    if (card->list != NULL)
        return STATUS_SUCCESS;
    card->ops->PutDmaAdapter(card->adapter);
    return STATUS_INSUFFICIENT_RESOURCES;
}

static VOID CompleteRequest(PDEVICE_OBJECT device, PIRP irp,
                            NTSTATUS status, ULONG length)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = length;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    IoStartNextPacket(device, FALSE);
}

/* The requester does not want it any more. What waits can
   be taken back; what is granted goes on to its end. */
static VOID Cancel(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;

    IoReleaseCancelSpinLock(irp->CancelIrql);
    if (card->ops->CancelAdapterChannel(
            card->adapter, device, card->transfer))
        CompleteRequest(device, irp, STATUS_CANCELLED, 0);
}

static DRIVER_CONTROL AdapterControl;

/* At DISPATCH_LEVEL, for one request after the other. */
static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;
    PIO_STACK_LOCATION io;
    DMA_TRANSFER_INFO need;
    NTSTATUS status;

    io = IoGetCurrentIrpStackLocation(irp);
    card->length = io->Parameters.Read.Length;
    card->writeToDevice = io->MajorFunction == IRP_MJ_WRITE;
    card->offset = 0;
    RtlZeroMemory(&need, sizeof(need));
    need.Version = DMA_TRANSFER_INFO_VERSION1;
    status = card->ops->GetDmaTransferInfo(
        card->adapter, irp->MdlAddress, 0, card->length,
        card->writeToDevice, &need);
    if (NT_SUCCESS(status))
        status = card->ops->InitializeDmaTransferContext(
            card->adapter, card->transfer);
    if (NT_SUCCESS(status)) {
        IoSetCancelRoutine(irp, Cancel);
        if (irp->Cancel && IoSetCancelRoutine(irp, NULL))
            status = STATUS_CANCELLED;
    }
    if (NT_SUCCESS(status)) {
        card->held = LESSER(need.V1.MapRegisterCount,
                            card->mapRegisters);
        status = card->ops->AllocateAdapterChannelEx(
            card->adapter, device, card->transfer, card->held,
            0, AdapterControl, NULL, NULL);
    }
    if (!NT_SUCCESS(status)) {
        IoSetCancelRoutine(irp, NULL);
        CompleteRequest(device, irp, status, 0);
    }
}

/* One operation of the card: what its table holds. */
static VOID StartCard(CARD *card)
{
    CARD_REGISTERS *to = card->registers;
    ULONG room = card->limits.length;
    ULONG n = 0;

    while (card->next < card->list->NumberOfElements && room &&
           n < card->limits.elements) {
        SCATTER_GATHER_ELEMENT *from =
            &card->list->Elements[card->next];
        ULONG64 address =
            (ULONG64)from->Address.QuadPart + card->done;
        ULONG part = OneElement(
            &card->limits, address,
            LESSER(from->Length - card->done, room));

        WRITE_REGISTER_ULONG64(&to->Descriptor[n].Address,
                               address);
        WRITE_REGISTER_ULONG(&to->Descriptor[n++].Length,
                             part);
        room -= part;
        card->done += part;
        if (card->done == from->Length) {
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

/* Along the whole chain, as far as map registers and list
   go: that may be less than is left. */
static NTSTATUS MapNext(CARD *card, PIRP irp)
{
    NTSTATUS status;

    card->mapped = card->length - card->offset;
    card->next = card->done = 0;
    status = card->ops->MapTransferEx(
        card->adapter, irp->MdlAddress, card->base,
        card->offset, 0, &card->mapped, card->writeToDevice,
        card->list, card->listBytes, NULL, NULL);
    if (NT_SUCCESS(status))
        StartCard(card);
    return status;
}

/* From here on nothing can be taken back. */
static IO_ALLOCATION_ACTION AdapterControl(
    PDEVICE_OBJECT device, PIRP irp, PVOID base,
    PVOID context)
{
    CARD *card = device->DeviceExtension;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(context);
    IoSetCancelRoutine(irp, NULL);
    card->base = base;
    status = MapNext(card, irp);
    if (NT_SUCCESS(status))
        return DeallocateObjectKeepRegisters;
    CompleteRequest(device, irp, status, 0);
    return DeallocateObject;
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
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    if (card->failed)
        status = STATUS_IO_DEVICE_ERROR;
    else if (card->next < card->list->NumberOfElements) {
        StartCard(card);
        return;
    }
    card->ops->FlushAdapterBuffersEx(
        card->adapter, irp->MdlAddress, card->base,
        card->offset, card->mapped, card->writeToDevice);
    card->offset += card->mapped;
    if (NT_SUCCESS(status) && card->offset < card->length) {
        status = MapNext(card, irp);
        if (NT_SUCCESS(status))
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

    ExFreePoolWithTag(card->list, TAG);
    card->ops->PutDmaAdapter(card->adapter);
    card->adapter = NULL;
}

const SAMPLE_DRIVER DmaVersion3 = {
    sizeof(CARD),     StartDevice, StartIo,
    InterruptService, DpcForIsr,   StopDevice,
};
