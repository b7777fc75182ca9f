/* packet-sg-chain.c — chained MDLs, and a list of our own
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/card.h"
#include "engine/wdm/sample.h"

#define TAG 0x6e696843 /* "Chin" */

typedef struct {
    CARD_REGISTERS *registers;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    CARD_LIMITS limits;
    ULONG mapRegisters; /* a limit, not a reservation */
    BOOLEAN writeToDevice, failed;
    ULONG length;       /* of the request */
    PVOID memory;       /* ours, */
    PSCATTER_GATHER_LIST list; /* and what it holds */
    ULONG next, done;   /* element, and bytes of it, that
                           the card has */
} CARD;

static DRIVER_LIST_CONTROL TakeList;

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
    can.ScatterGather = TRUE;
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

/* The memory of the list is ours: Put does not free it. */
static VOID CompleteRequest(PDEVICE_OBJECT device, PIRP irp,
                            NTSTATUS status, ULONG length)
{
    CARD *card = device->DeviceExtension;

    if (card->memory)
        ExFreePoolWithTag(card->memory, TAG);
    card->memory = NULL;
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = length;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    IoStartNextPacket(device, FALSE);
}

/* At DISPATCH_LEVEL. All routines take the first MDL and
   walk the chain; only the caches are told one by one. */
static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;
    PVOID va = MmGetMdlVirtualAddress(irp->MdlAddress);
    PIO_STACK_LOCATION io;
    NTSTATUS status;
    ULONG size, needed;
    PMDL mdl;

    io = IoGetCurrentIrpStackLocation(irp);
    card->length = io->Parameters.Read.Length;
    card->writeToDevice = io->MajorFunction == IRP_MJ_WRITE;
    for (mdl = irp->MdlAddress; mdl; mdl = mdl->Next)
        KeFlushIoBuffers(mdl, !card->writeToDevice, TRUE);

    status = card->ops->CalculateScatterGatherList(
        card->adapter, irp->MdlAddress, va, card->length,
        &size, &needed);
    if (NT_SUCCESS(status)) {
        card->memory = ExAllocatePoolWithTag(NonPagedPoolNx,
                                             size, TAG);
        status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (card->memory)
        status = card->ops->BuildScatterGatherList(
            card->adapter, device, irp->MdlAddress, va,
            card->length, TakeList, NULL,
            card->writeToDevice, card->memory, size);
    if (!NT_SUCCESS(status))
        CompleteRequest(device, irp, status, 0);
}

/* One operation of the card: what its table holds. */
static VOID StartCard(CARD *card)
{
    CARD_REGISTERS *to = card->registers;
    PSCATTER_GATHER_ELEMENT element = card->list->Elements;
    ULONG room = card->limits.length;
    ULONG n = 0;

    while (card->next < card->list->NumberOfElements &&
           room && n < card->limits.elements) {
        ULONG64 address = card->done +
            (ULONG64)element[card->next].Address.QuadPart;
        ULONG left =
            element[card->next].Length - card->done;
        ULONG part = OneElement(&card->limits, address,
                                LESSER(left, room));

        WRITE_REGISTER_ULONG64(&to->Descriptor[n].Address,
                               address);
        WRITE_REGISTER_ULONG(&to->Descriptor[n++].Length,
                             part);
        room -= part;
        card->done += part;
        if (part == left) {
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

/* AdapterListControl: the list is ours until we put it
   back. No element crosses from one MDL into the next. */
static VOID TakeList(PDEVICE_OBJECT device, PIRP irp,
                     PSCATTER_GATHER_LIST list,
                     PVOID context)
{
    CARD *card = device->DeviceExtension;

    UNREFERENCED_PARAMETER(irp);
    UNREFERENCED_PARAMETER(context);
    card->list = list;
    card->next = card->done = 0;
    StartCard(card);
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

/* The card has done its table: go on, or end. */
static VOID DpcForIsr(PKDPC dpc, PDEVICE_OBJECT device,
                      PIRP irp, PVOID context)
{
    CARD *card = device->DeviceExtension;

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    if (!card->failed &&
        card->next < card->list->NumberOfElements) {
        StartCard(card);
        return;
    }
    card->ops->PutScatterGatherList(
        card->adapter, card->list, card->writeToDevice);
    card->list = NULL;
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

const SAMPLE_DRIVER PacketSgChain = {
    sizeof(CARD),     StartDevice, StartIo,
    InterruptService, DpcForIsr,   StopDevice,
};
