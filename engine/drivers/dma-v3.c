/* dma-v3.c — a bus master by routines of version 3, with cancel
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/table-card.h"
#include "engine/wdm/sample.h"

#define TAG 0x33766d64

typedef struct {
    TABLE_CARD hardware;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    ULONG mapRegisters;        /* a limit, not reserved */
    UCHAR transfer[DMA_TRANSFER_CONTEXT_SIZE_V1];
    PSCATTER_GATHER_LIST list; /* of what is mapped */
    PVOID base;                /* came with the channel: */
    ULONG held;                /* so many map registers */
    BOOLEAN writeToDevice;
    ULONG length;              /* of the request: */
    ULONG offset, mapped;      /* done, and mapped now */
} CARD;

/* At PASSIVE_LEVEL, once: what can the card do? */
static NTSTATUS StartDevice(PDEVICE_OBJECT device,
                            PVOID registers)
{
    CARD *card = device->DeviceExtension;
    DEVICE_DESCRIPTION can;

    SetUpCard(&card->hardware, registers, &can);
    card->adapter = IoGetDmaAdapter(device, &can,
                                    &card->mapRegisters);
    if (card->adapter == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    card->ops = card->adapter->DmaOperations;
    card->list = ExAllocatePoolWithTag(
        NonPagedPoolNx, ListBytes(&card->hardware), TAG);
    if (card->list != NULL)
        return STATUS_SUCCESS;
    card->ops->PutDmaAdapter(card->adapter);
    return STATUS_INSUFFICIENT_RESOURCES;
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
    DMA_TRANSFER_INFO need = {0};
    NTSTATUS status;

    card->length = ReadRequest(irp, &card->writeToDevice);
    card->offset = 0;
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
            card->adapter, device, card->transfer,
            card->held, 0, AdapterControl, NULL, NULL);
    }
    if (!NT_SUCCESS(status)) {
        IoSetCancelRoutine(irp, NULL);
        CompleteRequest(device, irp, status, 0);
    }
}

/* Along the whole chain, as far as map registers and list
   go: that may be less than is left. */
static NTSTATUS MapNext(CARD *card, PIRP irp)
{
    NTSTATUS status;

    card->mapped = card->length - card->offset;
    status = card->ops->MapTransferEx(
        card->adapter, irp->MdlAddress, card->base,
        card->offset, 0, &card->mapped, card->writeToDevice,
        card->list, ListBytes(&card->hardware), NULL, NULL);
    if (NT_SUCCESS(status))
        StartList(&card->hardware, card->list->Elements,
                  card->list->NumberOfElements,
                  card->writeToDevice);
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

/* The card has done its table: go on with what is mapped,
   then with what is not, or end. */
static VOID DpcForIsr(PKDPC dpc, PDEVICE_OBJECT device,
                      PIRP irp, PVOID context)
{
    CARD *card = device->DeviceExtension;
    NTSTATUS status = CardResult(&card->hardware);

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    if (NT_SUCCESS(status) && IsMore(&card->hardware)) {
        StartCard(&card->hardware, card->writeToDevice);
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
    sizeof(CARD), StartDevice, StartIo,
    SilenceCard,  DpcForIsr,   StopDevice,
};
