/* packet-sg-chain.c — chained MDLs, and a list of our own
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/table-card.h"
#include "engine/wdm/sample.h"

#define TAG 0x6e696843 /* "Chin" */

typedef struct {
    TABLE_CARD hardware;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    ULONG mapRegisters; /* a limit, not a reservation */
    BOOLEAN writeToDevice;
    ULONG length;       /* of the request */
    PVOID memory;       /* ours, */
    PSCATTER_GATHER_LIST list; /* and what it holds */
} CARD;

static DRIVER_LIST_CONTROL TakeList;

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

/* The memory of the list is ours: Put does not free it. */
static VOID EndRequest(PDEVICE_OBJECT device, PIRP irp,
                       NTSTATUS status)
{
    CARD *card = device->DeviceExtension;

    if (card->memory)
        ExFreePoolWithTag(card->memory, TAG);
    card->memory = NULL;
    CompleteRequest(device, irp, status,
                    NT_SUCCESS(status) ? card->length : 0);
}

/* At DISPATCH_LEVEL. All routines take the first MDL and
   walk the chain; only the caches are told one by one. */
static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;
    PVOID va = MmGetMdlVirtualAddress(irp->MdlAddress);
    NTSTATUS status;
    ULONG size, needed;
    PMDL mdl;

    card->length = ReadRequest(irp, &card->writeToDevice);
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
        EndRequest(device, irp, status);
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
    StartList(&card->hardware, list->Elements,
              list->NumberOfElements, card->writeToDevice);
}

/* The card has done its table: go on, or end. */
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
    card->ops->PutScatterGatherList(
        card->adapter, card->list, card->writeToDevice);
    card->list = NULL;
    EndRequest(device, irp, status);
}

static VOID StopDevice(PDEVICE_OBJECT device)
{
    CARD *card = device->DeviceExtension;

    card->ops->PutDmaAdapter(card->adapter);
    card->adapter = NULL;
}

const SAMPLE_DRIVER PacketSgChain = {
    sizeof(CARD), StartDevice, StartIo,
    SilenceCard,  DpcForIsr,   StopDevice,
};
