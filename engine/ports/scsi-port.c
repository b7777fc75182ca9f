/* scsi-port.c — the SCSI port driver
 *
 * The miniport pulls: it gets a request when it has asked for one. There is one
 * routine, HwScsiStartIo, at the IRQL of the interrupt (nc-srb-phw_startio).
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/ports/dms-port.h"

/* NumberOfPhysicalBreaks is one less than the elements; 0 stands for no scatter/gather
 * (ns-srb-_port_configuration_information). */
static uint32_t
elements (uint32_t breaks)
{
  return breaks == DMS_PORT_UNLIMITED ? DMS_PORT_UNLIMITED : breaks + 1;
}

const DmsPortModel dms_scsi_port_model = { .name = "the SCSI port driver",
                                           .build_io = DMS_ROUTINE_NONE,
                                           .start_io = DMS_ROUTINE_HW_SCSI_START_IO,
                                           .interrupt = DMS_ROUTINE_HW_SCSI_INTERRUPT,
                                           .start_irql = DMS_CONTEXT_DEVICE,
                                           .start_lock = DMS_LOCK_INTERRUPT,
                                           .is_pulled = true,
                                           .elements = elements };
