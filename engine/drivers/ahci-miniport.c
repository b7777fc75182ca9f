/* ahci-miniport.c — an ATA miniport for an AHCI controller
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <irb.h>

#include "engine/drivers/ahci.h"
#include "engine/wdm/sample.h"

/* The channel extension. */
typedef struct {
    AHCI_REGISTERS *registers;
    PIDE_REQUEST_BLOCK irb; /* that the channel works on */
} CHANNEL;

/* At PASSIVE_LEVEL, once: what can the controller do? */
static BOOLEAN AdapterControl(PVOID extension,
                              IDE_CONTROL_ACTION action,
                              PVOID parameters)
{
    PIDE_CONTROLLER_CONFIGURATION can = parameters;
    AHCI_REGISTERS *registers;

    UNREFERENCED_PARAMETER(extension);
    if (action != IdeStart)
        return TRUE;
    registers = can->ControllerResources;
    can->BusMaster = TRUE;
    can->Dma64BitAddress = AtaPortReadRegisterUlong(
        &registers->AddressLines) == 64;
    can->MaximumTransferLength = AtaPortReadRegisterUlong(
        &registers->MaximumLength);
    if (can->MaximumTransferLength > AHCI_LONGEST)
        can->MaximumTransferLength = AHCI_LONGEST;
    /* Breaks are between pieces: one less than these. */
    can->NumberOfPhysicalBreaks =
        AtaPortReadRegisterUlong(
            &registers->MaximumEntries) - 1;
    return TRUE;
}

/* One entry for each piece: none is longer than 4 MB. */
static BOOLEAN BuildIo(PVOID extension,
                       PIDE_REQUEST_BLOCK irb)
{
    PIDE_SCATTER_GATHER_LIST list;
    AHCI_COMMAND *command = irb->IrbExtension;
    AHCI_COMMAND_HEADER header = {0};
    ULONG i;

    list = AtaPortGetScatterGatherList(extension, irb);
    if (list == NULL) {
        irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
        return TRUE;
    }
    for (i = 0; i < list->NumberOfElements; i++) {
        AHCI_PRD prd = {0};

        prd.Address = (ULONG64)
            list->List[i].PhysicalAddress.QuadPart;
        prd.Count = list->List[i].Length - 1;
        AtaPortCopyMemory(&command->Prd[i], &prd,
                          sizeof(prd));
    }
    header.Flags = list->NumberOfElements << 16;
    if (irb->IrbFlags & IRB_FLAGS_DATA_OUT)
        header.Flags |= AHCI_READ_MEMORY;
    AtaPortCopyMemory(&command->Header, &header,
                      sizeof(header));
    return TRUE;
}

/* The header says where its table lies. */
static BOOLEAN StartIo(PVOID extension,
                       PIDE_REQUEST_BLOCK irb)
{
    CHANNEL *channel = extension;
    AHCI_REGISTERS *to = channel->registers;
    AHCI_COMMAND *command = irb->IrbExtension;
    IDE_PHYSICAL_ADDRESS header;
    ULONG64 table;
    ULONG bytes;

    channel->irb = irb;
    header = AtaPortGetPhysicalAddress(extension, irb,
                                       command, &bytes);
    table = (ULONG64)header.QuadPart + 128;
    AtaPortCopyMemory(&command->Header.CommandTable,
                      &table, sizeof(table));
    WRITE_REGISTER_ULONG64(&to->CommandHeader,
                           (ULONG64)header.QuadPart);
    AtaPortWriteRegisterUlong(&to->DriveBytes,
                              irb->DataTransferLength);
    AtaPortWriteRegisterUlong(&to->CommandIssue,
                              AHCI_ISSUE);
    return TRUE;
}

/* From here on neither the IRB nor its list is ours. */
static BOOLEAN Interrupt(PVOID extension)
{
    CHANNEL *channel = extension;
    AHCI_REGISTERS *from = channel->registers;
    PIDE_REQUEST_BLOCK irb = channel->irb;
    ULONG status;

    status = AtaPortReadRegisterUlong(&from->Status);
    if (!(status & AHCI_DONE) || irb == NULL)
        return FALSE;
    AtaPortWriteRegisterUlong(&from->Status, status);
    channel->irb = NULL;
    irb->IrbStatus = status & AHCI_ERROR
                         ? IRB_STATUS_DEVICE_ERROR
                         : IRB_STATUS_SUCCESS;
    AtaPortCompleteRequest(extension, irb);
    return TRUE;
}

static BOOLEAN Control(PVOID extension,
                       IDE_CONTROL_ACTION action,
                       PVOID parameters)
{
    CHANNEL *channel = extension;
    PIDE_CHANNEL_CONFIGURATION can = parameters;
    ULONG entries;

    if (action != IdeStart)
        return TRUE;
    channel->registers = can->ChannelResources;
    entries = AtaPortReadRegisterUlong(
        &channel->registers->MaximumEntries);
    can->SyncWithIsr = TRUE;
    return AtaPortGetUnCachedExtension(
               extension, PAGE_SIZE,
               (ULONG)(sizeof(AHCI_COMMAND) +
                       entries * sizeof(AHCI_PRD))) != NULL;
}

static BOOLEAN ChannelInit(PVOID extension,
                           PIDE_CHANNEL_INTERFACE routines,
                           PVOID context)
{
    UNREFERENCED_PARAMETER(extension);
    UNREFERENCED_PARAMETER(context);
    routines->IdeHwBuildIo = BuildIo;
    routines->IdeHwStartIo = StartIo;
    routines->IdeHwInterrupt = Interrupt;
    routines->IdeHwControl = Control;
    return TRUE;
}

/* DriverEntry. */
SAMPLE_MINIPORT AhciMiniport;
ULONG AhciMiniport(PVOID driver, PVOID registryPath)
{
    IDE_CONTROLLER_INTERFACE we = {0};

    we.Version = sizeof(we);
    we.ChannelExtensionSize = sizeof(CHANNEL);
    we.AlignmentMask = 1;
    we.AtaAdapterControl = AdapterControl;
    we.AtaChannelInitRoutine = ChannelInit;
    return (ULONG)AtaPortInitializeEx(driver, registryPath,
                                      &we);
}
