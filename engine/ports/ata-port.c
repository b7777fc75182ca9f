/* ata-port.c — the ATA port driver
 *
 * Requests are pushed. IdeHwBuildIo runs without a lock, IdeHwStartIo at the IRQL of
 * the interrupt, because a miniport has to set SyncWithIsr
 * (ns-irb-_ide_channel_configuration).
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/ports/dms-port.h"

/* NumberOfPhysicalBreaks is one less than the elements
 * (ns-irb-_ide_controller_configuration). */
static uint32_t
elements (uint32_t breaks)
{
  return breaks == DMS_PORT_UNLIMITED ? DMS_PORT_UNLIMITED : breaks + 1;
}

const DmsPortModel dms_ata_port_model = { .name = "the ATA port driver",
                                          .build_io = DMS_ROUTINE_IDE_HW_BUILD_IO,
                                          .start_io = DMS_ROUTINE_IDE_HW_START_IO,
                                          .interrupt = DMS_ROUTINE_IDE_HW_INTERRUPT,
                                          .start_irql = DMS_CONTEXT_DEVICE,
                                          .start_lock = DMS_LOCK_INTERRUPT,
                                          .elements = elements };
