/* ata-miniport.c — an ATA miniport for a PATA bus master with PRD tables
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <irb.h>

#include "engine/drivers/ide.h"
#include "engine/drivers/sample-parts.h"
#include "engine/wdm/sample.h"

/* The channel extension. */
typedef struct {
    IDE_REGISTERS *registers;
    PIDE_REQUEST_BLOCK irb; /* that the channel works on */
} CHANNEL;

/* No more than fits into a page: such a table never
   crosses a multiple of 64 KB. */
#define TABLE_BYTES PAGE_SIZE
#define TABLE_ENTRIES ((ULONG)(TABLE_BYTES / sizeof(PRD)))

/* At PASSIVE_LEVEL, once: what can the controller do? */
static BOOLEAN AdapterControl(PVOID extension,
                              IDE_CONTROL_ACTION action,
                              PVOID parameters)
{
    PIDE_CONTROLLER_CONFIGURATION can = parameters;
    IDE_REGISTERS *from;
    ULONG entries, bytes;

    UNREFERENCED_PARAMETER(extension);
    if (action != IdeStart)
        return TRUE;
    from = can->ControllerResources;
    entries = AtaPortReadRegisterUlong(&from->MaxEntries);
    bytes = AtaPortReadRegisterUlong(&from->MaximumLength);
    entries = LESSER(entries, TABLE_ENTRIES);
    if (entries < 2)
        return FALSE;
    /* Pieces are cut at multiples of 64 KB, where a page
       begins anyhow: one entry for each page is enough. A
       buffer may begin and end in mid-page. */
    can->BusMaster = TRUE;
    can->MaximumTransferLength =
        LESSER(bytes, (entries - 1) * PAGE_SIZE);
    can->NumberOfPhysicalBreaks = entries - 1;
    return TRUE;
}

/* The list stays the port driver's: it is translated here,
   where no lock is held, and never freed by us. */
static BOOLEAN BuildIo(PVOID extension,
                       PIDE_REQUEST_BLOCK irb)
{
    PIDE_SCATTER_GATHER_LIST list;
    PRD *table = irb->IrbExtension;
    ULONG i, last, n = 0;

    list = AtaPortGetScatterGatherList(extension, irb);
    if (list == NULL) {
        irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
        return TRUE;
    }
    last = list->NumberOfElements - 1;
    for (i = 0; i <= last; i++) {
        ULONG from = list->List[i].PhysicalAddress.LowPart;
        ULONG left = list->List[i].Length;

        while (left > 0) {
            ULONG count = PrdBytes(from, left);
            PRD prd = {from, count & 0xFFFF};

            from += count;
            left -= count;
            if (left == 0 && i == last)
                prd.Count |= PRD_LAST;
            AtaPortCopyMemory(&table[n++], &prd,
                              sizeof(prd));
        }
    }
    return TRUE;
}

/* With the interrupt's lock held, so it is short. */
static BOOLEAN StartIo(PVOID extension,
                       PIDE_REQUEST_BLOCK irb)
{
    CHANNEL *channel = extension;
    IDE_REGISTERS *to = channel->registers;
    IDE_PHYSICAL_ADDRESS table;
    ULONG bytes;

    channel->irb = irb;
    table = AtaPortGetPhysicalAddress(
        extension, irb, irb->IrbExtension, &bytes);
    AtaPortWriteRegisterUlong(&to->PrdTable, table.LowPart);
    AtaPortWriteRegisterUlong(&to->DriveBytes,
                              irb->DataTransferLength);
    AtaPortWriteRegisterUlong(
        &to->DriveCommand,
        irb->IdeTaskFile.Current.bCommandReg);
    AtaPortWriteRegisterUlong(
        &to->Command,
        irb->IrbFlags & IRB_FLAGS_DATA_IN
            ? BUS_MASTER_START | BUS_MASTER_WRITE_MEMORY
            : BUS_MASTER_START);
    return TRUE;
}

/* From here on neither the IRB nor its list is ours. */
static BOOLEAN Interrupt(PVOID extension)
{
    CHANNEL *channel = extension;
    IDE_REGISTERS *from = channel->registers;
    PIDE_REQUEST_BLOCK irb = channel->irb;
    ULONG status;

    status = AtaPortReadRegisterUlong(&from->Status);
    if (!(status & BUS_MASTER_INTERRUPT) || irb == NULL)
        return FALSE;
    AtaPortWriteRegisterUlong(&from->Status, status);
    AtaPortWriteRegisterUlong(&from->Command, 0);
    channel->irb = NULL;
    irb->IrbStatus = status & BUS_MASTER_ERROR
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

    if (action != IdeStart)
        return TRUE;
    channel->registers = can->ChannelResources;
    can->SyncWithIsr = TRUE;
    return AtaPortGetUnCachedExtension(
               extension, TABLE_BYTES, TABLE_BYTES) != NULL;
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
SAMPLE_MINIPORT AtaMiniport;
ULONG AtaMiniport(PVOID driver, PVOID registryPath)
{
    IDE_CONTROLLER_INTERFACE we = {0};

    we.Version = sizeof(we);
    we.ChannelExtensionSize = sizeof(CHANNEL);
    we.AlignmentMask = 1; /* a PRD has no odd address */
    we.AtaAdapterControl = AdapterControl;
    we.AtaChannelInitRoutine = ChannelInit;
    return (ULONG)AtaPortInitializeEx(driver, registryPath,
                                      &we);
}
