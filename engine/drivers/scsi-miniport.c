/* scsi-miniport.c — a SCSI miniport for a card with a table of descriptors
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <srb.h>

#include "engine/drivers/card.h"
#include "engine/wdm/sample.h"

/* The device extension. */
typedef struct {
    CARD_REGISTERS *registers;
    PSCSI_REQUEST_BLOCK srb; /* that the card works on */
} ADAPTER;

/* At PASSIVE_LEVEL, once: what can the card do? */
static ULONG FindAdapter(PVOID extension, PVOID context,
                         PVOID bus, PCHAR argument,
                         PPORT_CONFIGURATION_INFORMATION can,
                         PBOOLEAN again)
{
    ADAPTER *adapter = extension;
    ACCESS_RANGE *range = &(*can->AccessRanges)[0];
    ULONG lines;

    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(bus);
    UNREFERENCED_PARAMETER(argument);
    adapter->registers = ScsiPortGetDeviceBase(
        adapter, can->AdapterInterfaceType,
        can->SystemIoBusNumber, range->RangeStart,
        range->RangeLength, FALSE);
    if (adapter->registers == NULL)
        return SP_RETURN_ERROR;
    can->Master = TRUE;
    can->ScatterGather = TRUE;
    can->NeedPhysicalAddresses = TRUE;
    can->MaximumTransferLength = ScsiPortReadRegisterUlong(
        &adapter->registers->MaximumLength);
    /* Breaks are between pieces: one less than these. */
    can->NumberOfPhysicalBreaks =
        ScsiPortReadRegisterUlong(
            &adapter->registers->MaximumElements) - 1;
    lines = ScsiPortReadRegisterUlong(
        &adapter->registers->AddressLines);
    can->Dma32BitAddresses = lines >= 32;
    if (lines == 64)
        can->Dma64BitAddresses |=
            SCSI_DMA64_MINIPORT_SUPPORTED;
    *again = FALSE;
    return SP_RETURN_FOUND;
}

static BOOLEAN Initialize(PVOID extension)
{
    ADAPTER *adapter = extension;

    ScsiPortWriteRegisterUlong(
        &adapter->registers->Status, STATUS_DONE);
    return TRUE;
}

/* The card has 64-bit registers, the port driver writes
   32 bits at a time. */
static VOID Describe(CARD_REGISTERS *to, ULONG i,
                     SCSI_PHYSICAL_ADDRESS at, ULONG length)
{
    ULONG *address = (ULONG *)&to->Descriptor[i].Address;

    ScsiPortWriteRegisterUlong(&address[0], at.LowPart);
    ScsiPortWriteRegisterUlong(&address[1],
                               (ULONG)at.HighPart);
    ScsiPortWriteRegisterUlong(&to->Descriptor[i].Length,
                               length);
}

/* With the interrupt's lock held. Nobody gives us a list:
   where the pieces lie is asked for one by one. */
static BOOLEAN StartIo(PVOID extension,
                       PSCSI_REQUEST_BLOCK srb)
{
    ADAPTER *adapter = extension;
    CARD_REGISTERS *to = adapter->registers;
    PUCHAR va = srb->DataBuffer;
    ULONG left = srb->DataTransferLength;
    ULONG n = 0;

    adapter->srb = srb;
    while (left > 0) {
        SCSI_PHYSICAL_ADDRESS at;
        ULONG length;

        at = ScsiPortGetPhysicalAddress(adapter, srb, va,
                                        &length);
        if (length == 0) {
            srb->SrbStatus = SRB_STATUS_INVALID_REQUEST;
            ScsiPortNotification(RequestComplete, adapter,
                                 srb);
            ScsiPortNotification(NextRequest, adapter,
                                 NULL);
            return TRUE;
        }
        /* It may tell of more than the request has. */
        if (length > left)
            length = left;
        Describe(to, n++, at, length);
        va += length;
        left -= length;
    }
    ScsiPortWriteRegisterUlong(&to->Count, n);
    ScsiPortWriteRegisterUlong(
        &to->Control, srb->SrbFlags & SRB_FLAGS_DATA_OUT
                          ? CONTROL_READ_MEMORY
                          : CONTROL_WRITE_MEMORY);
    return TRUE;
}

/* The port driver sends nothing more until we ask. */
static BOOLEAN Interrupt(PVOID extension)
{
    ADAPTER *adapter = extension;
    CARD_REGISTERS *from = adapter->registers;
    PSCSI_REQUEST_BLOCK srb = adapter->srb;
    ULONG status;

    status = ScsiPortReadRegisterUlong(&from->Status);
    if (!(status & STATUS_DONE) || srb == NULL)
        return FALSE;
    ScsiPortWriteRegisterUlong(&from->Status, status);
    adapter->srb = NULL;
    srb->SrbStatus = status & ~(ULONG)STATUS_DONE
                         ? SRB_STATUS_ERROR
                         : SRB_STATUS_SUCCESS;
    ScsiPortNotification(RequestComplete, adapter, srb);
    ScsiPortNotification(NextRequest, adapter, NULL);
    return TRUE;
}

/* DriverEntry. */
SAMPLE_MINIPORT ScsiMiniport;
ULONG ScsiMiniport(PVOID driver, PVOID registryPath)
{
    HW_INITIALIZATION_DATA we = {0};

    we.HwInitializationDataSize = sizeof(we);
    we.AdapterInterfaceType = PCIBus;
    we.HwFindAdapter = FindAdapter;
    we.HwInitialize = Initialize;
    we.HwStartIo = StartIo;
    we.HwInterrupt = Interrupt;
    we.DeviceExtensionSize = sizeof(ADAPTER);
    we.NumberOfAccessRanges = 1;
    we.NeedPhysicalAddresses = TRUE;
    return ScsiPortInitialize(driver, registryPath, &we,
                              NULL);
}
