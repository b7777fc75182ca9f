/* driver.c — a Windows driver for a bus master with scatter/gather
 *
 * Nothing in it knows of Dmascope: it is written as for Windows.
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <wdm.h>

#include "card.h"

/* The device extension: what we know of one card. */
typedef struct _CARD {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT Physical;
    PDEVICE_OBJECT Below;
    CARD_REGISTERS *Registers;
    ULONG RegisterBytes;
    PKINTERRUPT Interrupt;
    PDMA_ADAPTER Adapter;
    ULONG MapRegisters; /* a limit, not a reservation */
    PSCATTER_GATHER_LIST List;
    ULONG Length;
    BOOLEAN WriteToDevice;
    BOOLEAN Started;
} CARD, *PCARD;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_ADD_DEVICE AddDevice;
static DRIVER_UNLOAD Unload;
static DRIVER_DISPATCH DispatchPnp, DispatchReadWrite;
static DRIVER_STARTIO StartIo;
static DRIVER_LIST_CONTROL ProgramDevice;
static KSERVICE_ROUTINE InterruptService;
static IO_DPC_ROUTINE DpcForIsr;

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    UNREFERENCED_PARAMETER(path);
    driver->DriverExtension->AddDevice = AddDevice;
    driver->DriverUnload = Unload;
    driver->DriverStartIo = StartIo;
    driver->MajorFunction[IRP_MJ_PNP] = DispatchPnp;
    driver->MajorFunction[IRP_MJ_READ] = DispatchReadWrite;
    driver->MajorFunction[IRP_MJ_WRITE] = DispatchReadWrite;
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    DbgPrint("card: unloaded\n");
}

static NTSTATUS AddDevice(PDRIVER_OBJECT driver,
                          PDEVICE_OBJECT physical)
{
    PDEVICE_OBJECT device;
    PCARD card;
    NTSTATUS status;

    PAGED_CODE();
    status = IoCreateDevice(driver, sizeof(CARD), NULL,
                            FILE_DEVICE_UNKNOWN,
                            FILE_DEVICE_SECURE_OPEN, FALSE,
                            &device);
    if (!NT_SUCCESS(status))
        return status;
    card = device->DeviceExtension;
    card->Self = device;
    card->Physical = physical;
    card->Below = IoAttachDeviceToDeviceStack(device, physical);
    if (card->Below == NULL) {
        IoDeleteDevice(device);
        return STATUS_NO_SUCH_DEVICE;
    }
    IoInitializeDpcRequest(device, DpcForIsr);
    device->Flags |= DO_DIRECT_IO;
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

/* ---- Plug and Play ---- */

static NTSTATUS GetAdapter(PCARD card)
{
    DEVICE_DESCRIPTION can;

    RtlZeroMemory(&can, sizeof(can));
    can.Version = DEVICE_DESCRIPTION_VERSION3;
    can.Master = TRUE;
    can.ScatterGather = TRUE;
    can.InterfaceType = PCIBus;
    can.MaximumLength =
        READ_REGISTER_ULONG(&card->Registers->MaximumLength);
    can.DmaAddressWidth =
        READ_REGISTER_ULONG(&card->Registers->AddressLines);
    card->Adapter = IoGetDmaAdapter(card->Physical, &can,
                                    &card->MapRegisters);
    return card->Adapter ? STATUS_SUCCESS
                         : STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS ConnectInterrupt(PCARD card)
{
    IO_CONNECT_INTERRUPT_PARAMETERS line;

    RtlZeroMemory(&line, sizeof(line));
    line.Version = CONNECT_LINE_BASED;
    line.LineBased.PhysicalDeviceObject = card->Physical;
    line.LineBased.InterruptObject = &card->Interrupt;
    line.LineBased.ServiceRoutine = InterruptService;
    line.LineBased.ServiceContext = card;
    return IoConnectInterruptEx(&line);
}

static NTSTATUS StartDevice(PCARD card, PIRP irp)
{
    PIO_STACK_LOCATION io = IoGetCurrentIrpStackLocation(irp);
    PCM_RESOURCE_LIST list =
        io->Parameters.StartDevice.AllocatedResourcesTranslated;
    PCM_PARTIAL_RESOURCE_LIST have =
        &list->List[0].PartialResourceList;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR one =
        have->PartialDescriptors;
    NTSTATUS status;
    ULONG i;

    for (i = 0; i < have->Count; i++, one++)
        if (one->Type == CmResourceTypeMemory) {
            card->RegisterBytes = one->u.Memory.Length;
            card->Registers = MmMapIoSpace(one->u.Memory.Start,
                                           one->u.Memory.Length,
                                           MmNonCached);
        }
    if (card->Registers == NULL)
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    status = GetAdapter(card);
    if (NT_SUCCESS(status))
        status = ConnectInterrupt(card);
    card->Started = NT_SUCCESS(status);
    return status;
}

static VOID StopDevice(PCARD card)
{
    card->Started = FALSE;
    if (card->Interrupt)
        IoDisconnectInterrupt(card->Interrupt);
    card->Interrupt = NULL;
    if (card->Adapter)
        card->Adapter->DmaOperations->PutDmaAdapter(card->Adapter);
    card->Adapter = NULL;
    if (card->Registers)
        MmUnmapIoSpace(card->Registers, card->RegisterBytes);
    card->Registers = NULL;
}

static NTSTATUS DispatchPnp(PDEVICE_OBJECT device, PIRP irp)
{
    PCARD card = device->DeviceExtension;
    PIO_STACK_LOCATION io = IoGetCurrentIrpStackLocation(irp);
    NTSTATUS status;

    PAGED_CODE();
    switch (io->MinorFunction) {
    case IRP_MN_START_DEVICE:
        /* The bus first; then the card is ours. */
        status = STATUS_UNSUCCESSFUL;
        if (IoForwardIrpSynchronously(card->Below, irp))
            status = irp->IoStatus.Status;
        if (NT_SUCCESS(status))
            status = StartDevice(card, irp);
        irp->IoStatus.Status = status;
        IoCompleteRequest(irp, IO_NO_INCREMENT);
        return status;
    case IRP_MN_STOP_DEVICE:
        StopDevice(card);
        break;
    case IRP_MN_REMOVE_DEVICE:
        StopDevice(card);
        irp->IoStatus.Status = STATUS_SUCCESS;
        IoSkipCurrentIrpStackLocation(irp);
        status = IoCallDriver(card->Below, irp);
        IoDetachDevice(card->Below);
        IoDeleteDevice(device);
        return status;
    }
    IoSkipCurrentIrpStackLocation(irp);
    return IoCallDriver(card->Below, irp);
}

/* ---- requests ---- */

static VOID CompleteRequest(PCARD card, PIRP irp,
                            NTSTATUS status, ULONG length)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = length;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    IoStartNextPacket(card->Self, FALSE);
}

static NTSTATUS DispatchReadWrite(PDEVICE_OBJECT device, PIRP irp)
{
    PCARD card = device->DeviceExtension;

    if (!card->Started || irp->MdlAddress == NULL) {
        irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
        irp->IoStatus.Information = 0;
        IoCompleteRequest(irp, IO_NO_INCREMENT);
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    IoMarkIrpPending(irp);
    IoStartPacket(device, irp, NULL, NULL);
    return STATUS_PENDING;
}

/* At DISPATCH_LEVEL, for one request after the other. */
static VOID StartIo(PDEVICE_OBJECT device, PIRP irp)
{
    PCARD card = device->DeviceExtension;
    PIO_STACK_LOCATION io = IoGetCurrentIrpStackLocation(irp);
    PMDL mdl;
    NTSTATUS status;

    card->Length = io->Parameters.Read.Length;
    card->WriteToDevice = io->MajorFunction == IRP_MJ_WRITE;
    for (mdl = irp->MdlAddress; mdl; mdl = mdl->Next)
        KeFlushIoBuffers(mdl, !card->WriteToDevice, TRUE);
    status = card->Adapter->DmaOperations->GetScatterGatherList(
        card->Adapter, device, irp->MdlAddress,
        MmGetMdlVirtualAddress(irp->MdlAddress), card->Length,
        ProgramDevice, card, card->WriteToDevice);
    if (!NT_SUCCESS(status))
        CompleteRequest(card, irp, status, 0);
}

/* AdapterListControl: the list is ours until we put it back. */
static VOID ProgramDevice(PDEVICE_OBJECT device, PIRP irp,
                          PSCATTER_GATHER_LIST list, PVOID context)
{
    PCARD card = context;
    CARD_REGISTERS *to = card->Registers;
    ULONG i;

    UNREFERENCED_PARAMETER(device);
    card->List = list;
    if (list->NumberOfElements >
        READ_REGISTER_ULONG(&to->MaximumElements)) {
        card->Adapter->DmaOperations->PutScatterGatherList(
            card->Adapter, list, card->WriteToDevice);
        CompleteRequest(card, irp,
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
    WRITE_REGISTER_ULONG(&to->Count, list->NumberOfElements);
    WRITE_REGISTER_ULONG(&to->Control,
                         card->WriteToDevice
                             ? CONTROL_READ_MEMORY
                             : CONTROL_WRITE_MEMORY);
}

/* At DIRQL: silence the card, leave the rest to the DPC. */
static BOOLEAN InterruptService(PKINTERRUPT interrupt,
                                PVOID context)
{
    PCARD card = context;
    ULONG *status = &card->Registers->Status;

    UNREFERENCED_PARAMETER(interrupt);
    if (!(READ_REGISTER_ULONG(status) & STATUS_DONE))
        return FALSE;
    WRITE_REGISTER_ULONG(status, STATUS_DONE);
    IoRequestDpc(card->Self, card->Self->CurrentIrp, card);
    return TRUE;
}

/* Put back, then complete: only now is the buffer current. */
static VOID DpcForIsr(PKDPC dpc, PDEVICE_OBJECT device, PIRP irp,
                      PVOID context)
{
    PCARD card = context;

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(device);
    card->Adapter->DmaOperations->PutScatterGatherList(
        card->Adapter, card->List, card->WriteToDevice);
    card->List = NULL;
#ifdef WITH_BUG
    /* The list is gone, and so is the pointer to it. */
    DbgPrint("card: %u elements\n",
             card->List->NumberOfElements);
#endif
    CompleteRequest(card, irp, STATUS_SUCCESS, card->Length);
}
