/* storport-miniport.c — a Storport miniport for a card with a table of descriptors
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <storport.h>

#include "engine/drivers/card.h"
#include "engine/wdm/sample.h"

/* The device extension. */
typedef struct {
    CARD_REGISTERS *registers;
    PSCSI_REQUEST_BLOCK srb; /* that the card works on */
} ADAPTER;

/* What HwStorBuildIo leaves for HwStorStartIo. */
typedef struct {
    PSTOR_SCATTER_GATHER_LIST list;
} REQUEST;

/* At PASSIVE_LEVEL, once: what can the card do? */
static ULONG FindAdapter(PVOID extension, PVOID context,
                         PVOID bus, PCHAR argument,
                         PPORT_CONFIGURATION_INFORMATION can,
                         PBOOLEAN again)
{
    ADAPTER *adapter = extension;
    ACCESS_RANGE *range = &(*can->AccessRanges)[0];

    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(bus);
    UNREFERENCED_PARAMETER(argument);
    adapter->registers = StorPortGetDeviceBase(
        adapter, can->AdapterInterfaceType,
        can->SystemIoBusNumber, range->RangeStart,
        range->RangeLength, FALSE);
    if (adapter->registers == NULL)
        return SP_RETURN_ERROR;
    can->MaximumTransferLength = StorPortReadRegisterUlong(
        adapter, &adapter->registers->MaximumLength);
    /* Here it is the number of pieces itself. */
    can->NumberOfPhysicalBreaks = StorPortReadRegisterUlong(
        adapter, &adapter->registers->MaximumElements);
    can->FeatureSupport =
        STOR_ADAPTER_DMA_ADDRESS_WIDTH_SPECIFIED;
    can->DmaAddressWidth = StorPortReadRegisterUlong(
        adapter, &adapter->registers->AddressLines);
    *again = FALSE;
    return SP_RETURN_FOUND;
}

static BOOLEAN Initialize(PVOID extension)
{
    ADAPTER *adapter = extension;

    StorPortWriteRegisterUlong(
        adapter, &adapter->registers->Status, STATUS_DONE);
    return TRUE;
}

/* No lock is held: only what belongs to this request may
   be touched. The list is neither changed nor freed. */
static BOOLEAN BuildIo(PVOID extension,
                       PSCSI_REQUEST_BLOCK srb)
{
    REQUEST *request = srb->SrbExtension;

    request->list =
        StorPortGetScatterGatherList(extension, srb);
    if (request->list != NULL)
        return TRUE;
    srb->SrbStatus = SRB_STATUS_INVALID_REQUEST;
    StorPortNotification(RequestComplete, extension, srb);
    return FALSE;
}

/* With the StartIo lock held: the card takes one request
   at a time. */
static BOOLEAN StartIo(PVOID extension,
                       PSCSI_REQUEST_BLOCK srb)
{
    ADAPTER *adapter = extension;
    CARD_REGISTERS *to = adapter->registers;
    REQUEST *request = srb->SrbExtension;
    PSTOR_SCATTER_GATHER_LIST list = request->list;
    ULONG i;

    adapter->srb = srb;
    for (i = 0; i < list->NumberOfElements; i++) {
        PSTOR_SCATTER_GATHER_ELEMENT at = &list->List[i];

        StorPortWriteRegisterUlong64(
            adapter, &to->Descriptor[i].Address,
            (ULONG64)at->PhysicalAddress.QuadPart);
        StorPortWriteRegisterUlong(
            adapter, &to->Descriptor[i].Length, at->Length);
    }
    StorPortWriteRegisterUlong(adapter, &to->Count,
                               list->NumberOfElements);
    StorPortWriteRegisterUlong(
        adapter, &to->Control,
        srb->SrbFlags & SRB_FLAGS_DATA_OUT
            ? CONTROL_READ_MEMORY
            : CONTROL_WRITE_MEMORY);
    return TRUE;
}

/* From here on neither the SRB nor its list is ours. */
static BOOLEAN Interrupt(PVOID extension)
{
    ADAPTER *adapter = extension;
    CARD_REGISTERS *from = adapter->registers;
    PSCSI_REQUEST_BLOCK srb = adapter->srb;
    ULONG status;

    status = StorPortReadRegisterUlong(adapter,
                                       &from->Status);
    if (!(status & STATUS_DONE) || srb == NULL)
        return FALSE;
    StorPortWriteRegisterUlong(adapter, &from->Status,
                               status);
    adapter->srb = NULL;
    srb->SrbStatus = status & ~(ULONG)STATUS_DONE
                         ? SRB_STATUS_ERROR
                         : SRB_STATUS_SUCCESS;
    StorPortNotification(RequestComplete, adapter, srb);
    return TRUE;
}

/* DriverEntry. */
SAMPLE_MINIPORT StorportMiniport;
ULONG StorportMiniport(PVOID driver, PVOID registryPath)
{
    HW_INITIALIZATION_DATA we = {0};

    we.HwInitializationDataSize = sizeof(we);
    we.AdapterInterfaceType = PCIBus;
    we.HwFindAdapter = FindAdapter;
    we.HwInitialize = Initialize;
    we.HwBuildIo = BuildIo;
    we.HwStartIo = StartIo;
    we.HwInterrupt = Interrupt;
    we.DeviceExtensionSize = sizeof(ADAPTER);
    we.SrbExtensionSize = sizeof(REQUEST);
    we.NumberOfAccessRanges = 1;
    we.MapBuffers = STOR_MAP_NO_BUFFERS;
    we.NeedPhysicalAddresses = TRUE;
    we.TaggedQueuing = TRUE;
    we.AutoRequestSense = TRUE;
    we.MultipleRequestPerLu = TRUE;
    return StorPortInitialize(driver, registryPath, &we,
                              NULL);
}
