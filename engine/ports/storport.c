/* storport.c — the Storport driver
 *
 * Requests are pushed. HwStorBuildIo runs without a lock, HwStorStartIo holds the
 * StartIo lock (nc-storport-hw_buildio, nc-storport-hw_startio).
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/ports/dms-port.h"

#define DEFAULT_BREAKS 17

/* NumberOfPhysicalBreaks is the most physical pages
 * (ns-storport-_port_configuration_information). */
static uint32_t
elements (uint32_t breaks)
{
  return breaks == DMS_PORT_UNLIMITED || breaks == 0 ? DEFAULT_BREAKS : breaks;
}

const DmsPortModel dms_storport_model = { .name = "the Storport driver",
                                          .build_io = DMS_ROUTINE_HW_STOR_BUILD_IO,
                                          .start_io = DMS_ROUTINE_HW_STOR_START_IO,
                                          .interrupt = DMS_ROUTINE_HW_STOR_INTERRUPT,
                                          .start_irql = DMS_CONTEXT_DISPATCH,
                                          .start_lock = DMS_LOCK_START_IO,
                                          .elements = elements };
