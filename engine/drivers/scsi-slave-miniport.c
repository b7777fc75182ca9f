/* scsi-slave-miniport.c — a SCSI miniport for a card on the system's DMA controller
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <srb.h>

#include "engine/drivers/system-dma-card.h"
#include "engine/wdm/sample.h"

/* The device extension. */
typedef struct {
    SYSTEM_DMA_CARD *registers;
    PSCSI_REQUEST_BLOCK srb; /* that the card works on */
} ADAPTER;

/* At PASSIVE_LEVEL, once: the card is no bus master. */
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
    adapter->registers = ScsiPortGetDeviceBase(
        adapter, can->AdapterInterfaceType,
        can->SystemIoBusNumber, range->RangeStart,
        range->RangeLength, FALSE);
    if (adapter->registers == NULL)
        return SP_RETURN_ERROR;
    can->Master = FALSE;
    can->ScatterGather = FALSE;
    can->NumberOfPhysicalBreaks = 0;
    can->DemandMode = TRUE;
    can->DmaChannel = ScsiPortReadRegisterUlong(
        &adapter->registers->Channel);
    can->DmaWidth = can->DmaChannel < FIRST_WIDE_CHANNEL
        ? Width8Bits : Width16Bits;
    can->AlignmentMask =
        can->DmaWidth == Width16Bits ? 1 : 0;
    can->MaximumTransferLength = ScsiPortReadRegisterUlong(
        &adapter->registers->MaximumLength);
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

/* The controller comes first: the card is started when the
   port driver says that it is programmed. */
static BOOLEAN StartIo(PVOID extension,
                       PSCSI_REQUEST_BLOCK srb)
{
    ADAPTER *adapter = extension;

    adapter->srb = srb;
    ScsiPortIoMapTransfer(adapter, srb, srb->DataBuffer,
                          srb->DataTransferLength);
    return TRUE;
}

static VOID DmaStarted(PVOID extension)
{
    ADAPTER *adapter = extension;
    SYSTEM_DMA_CARD *to = adapter->registers;
    PSCSI_REQUEST_BLOCK srb = adapter->srb;

    ScsiPortWriteRegisterUlong(&to->Length,
                               srb->DataTransferLength);
    ScsiPortWriteRegisterUlong(
        &to->Control, srb->SrbFlags & SRB_FLAGS_DATA_OUT
                          ? CONTROL_TO_CARD
                          : CONTROL_FROM_CARD);
}

/* Flush first, then complete, then ask for more. */
static BOOLEAN Interrupt(PVOID extension)
{
    ADAPTER *adapter = extension;
    SYSTEM_DMA_CARD *from = adapter->registers;
    PSCSI_REQUEST_BLOCK srb = adapter->srb;
    ULONG status;

    status = ScsiPortReadRegisterUlong(&from->Status);
    if (!(status & STATUS_DONE) || srb == NULL)
        return FALSE;
    ScsiPortWriteRegisterUlong(&from->Status, status);
    ScsiPortFlushDma(adapter);
    adapter->srb = NULL;
    srb->SrbStatus = status & STATUS_ERROR
                         ? SRB_STATUS_ERROR
                         : SRB_STATUS_SUCCESS;
    ScsiPortNotification(RequestComplete, adapter, srb);
    ScsiPortNotification(NextRequest, adapter, NULL);
    return TRUE;
}

/* DriverEntry. */
SAMPLE_MINIPORT ScsiSlaveMiniport;
ULONG ScsiSlaveMiniport(PVOID driver, PVOID registryPath)
{
    HW_INITIALIZATION_DATA we = {0};

    we.HwInitializationDataSize = sizeof(we);
    we.AdapterInterfaceType = Isa;
    we.HwFindAdapter = FindAdapter;
    we.HwInitialize = Initialize;
    we.HwStartIo = StartIo;
    we.HwDmaStarted = DmaStarted;
    we.HwInterrupt = Interrupt;
    we.DeviceExtensionSize = sizeof(ADAPTER);
    we.NumberOfAccessRanges = 1;
    return ScsiPortInitialize(driver, registryPath, &we,
                              NULL);
}
