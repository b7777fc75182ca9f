/* packet-sg.c — a bus master with scatter/gather, one request at a time
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "engine/drivers/card.h"
#include "engine/wdm/sample.h"

/* The device extension: what we know of one card. */
typedef struct {
    CARD_REGISTERS *registers;
    PDMA_ADAPTER adapter;
    PDMA_OPERATIONS ops;
    ULONG mapRegisters; /* a limit, not a reservation */
    PSCATTER_GATHER_LIST list;
    ULONG length;
    BOOLEAN writeToDevice;
} CARD;

static DRIVER_LIST_CONTROL ProgramDevice;

/* At PASSIVE_LEVEL, once: what can the card do? */
static NTSTATUS StartDevice(PDEVICE_OBJECT device,
                            PVOID registers)
{
    CARD *card = device->DeviceExtension;
    DEVICE_DESCRIPTION can;

    card->registers = registers;
    RtlZeroMemory(&can, sizeof(can));
    can.Version = DEVICE_DESCRIPTION_VERSION3;
    can.Master = TRUE;
    can.ScatterGather = TRUE;
    can.InterfaceType = PCIBus;
    can.MaximumLength = READ_REGISTER_ULONG(
        &card->registers->MaximumLength);
    can.DmaAddressWidth = READ_REGISTER_ULONG(
        &card->registers->AddressLines);
    can.Dma32BitAddresses = can.DmaAddressWidth >= 32;
    can.Dma64BitAddresses = can.DmaAddressWidth == 64;
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
    PMDL mdl;
    NTSTATUS status;

    io = IoGetCurrentIrpStackLocation(irp);
    card->length = io->Parameters.Read.Length;
    card->writeToDevice = io->MajorFunction == IRP_MJ_WRITE;
    for (mdl = irp->MdlAddress; mdl; mdl = mdl->Next)
        KeFlushIoBuffers(mdl, !card->writeToDevice, TRUE);

    status = card->ops->GetScatterGatherList(
        card->adapter, device, irp->MdlAddress,
        MmGetMdlVirtualAddress(irp->MdlAddress),
        card->length, ProgramDevice, NULL,
        card->writeToDevice);
    if (!NT_SUCCESS(status))
        CompleteRequest(device, irp, status, 0);
}

/* AdapterListControl: the list is ours until we put it back. */
static VOID ProgramDevice(PDEVICE_OBJECT device, PIRP irp,
                          PSCATTER_GATHER_LIST list,
                          PVOID context)
{
    CARD *card = device->DeviceExtension;
    CARD_REGISTERS *to = card->registers;
    ULONG i;

    UNREFERENCED_PARAMETER(context);
    card->list = list;
    if (list->NumberOfElements >
        READ_REGISTER_ULONG(&to->MaximumElements)) {
        card->ops->PutScatterGatherList(
            card->adapter, list, card->writeToDevice);
        CompleteRequest(device, irp,
                        STATUS_INSUFFICIENT_RESOURCES, 0);
        return;
    }
    for (i = 0; i < list->NumberOfElements; i++) {
        WRITE_REGISTER_ULONG64(
            &to->Descriptor[i].Address,
            (ULONG64)list->Elements[i].Address.QuadPart);
        WRITE_REGISTER_ULONG(&to->Descriptor[i].Length,
                             list->Elements[i].Length);
    }
    WRITE_REGISTER_ULONG(&to->Count,
                         list->NumberOfElements);
    WRITE_REGISTER_ULONG(&to->Control,
                         card->writeToDevice
                             ? CONTROL_READ_MEMORY
                             : CONTROL_WRITE_MEMORY);
}

/* At DIRQL: silence the card, leave the rest to the DPC. */
static BOOLEAN InterruptService(PKINTERRUPT interrupt,
                                PVOID context)
{
    PDEVICE_OBJECT device = context;
    CARD *card = device->DeviceExtension;
    ULONG *status = &card->registers->Status;

    UNREFERENCED_PARAMETER(interrupt);
    if (!(READ_REGISTER_ULONG(status) & STATUS_DONE))
        return FALSE;
    WRITE_REGISTER_ULONG(status, STATUS_DONE);
    IoRequestDpc(device, device->CurrentIrp, NULL);
    return TRUE;
}

/* Put back, then complete: only now is the buffer current. */
static VOID DpcForIsr(PKDPC dpc, PDEVICE_OBJECT device,
                      PIRP irp, PVOID context)
{
    CARD *card = device->DeviceExtension;

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    card->ops->PutScatterGatherList(
        card->adapter, card->list, card->writeToDevice);
    card->list = NULL;
    CompleteRequest(device, irp, STATUS_SUCCESS,
                    card->length);
}

static VOID StopDevice(PDEVICE_OBJECT device)
{
    CARD *card = device->DeviceExtension;

    card->ops->PutDmaAdapter(card->adapter);
    card->adapter = NULL;
}

const SAMPLE_DRIVER PacketSg = {
    sizeof(CARD),     StartDevice, StartIo,
    InterruptService, DpcForIsr,   StopDevice,
};
