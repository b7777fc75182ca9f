/* dms-wdm.h — puts drivers on a simulated machine
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"
#include "engine/wdm/sample.h"

/* Makes what the routines of wdm.h keep for @machine. Released with dms_wdm_release(),
 * before the machine is. */
DmsStatus dms_wdm_init (DmsMachine *machine);
void dms_wdm_release (DmsMachine *machine);
/* The adapters of @device, which was added before, get a table that @mistakes has
 * changed. */
void dms_wdm_set_mistakes (DmsDevice *device, SAMPLE_MISTAKES *mistakes);
/* Makes @device one of a port driver: @entry initializes its miniport. */
DmsStatus
dms_wdm_add_miniport (DmsMachine *machine, DmsDevice *device, SAMPLE_MINIPORT *entry);
/* The miniport of @device, which was added before, makes mistakes. */
void dms_wdm_set_port_mistakes (DmsDevice *device,
                                const SAMPLE_PORT_MISTAKES *mistakes);
/* Gives @device its device object and @driver. */
DmsStatus
dms_wdm_add (DmsMachine *machine, DmsDevice *device, const SAMPLE_DRIVER *driver);

/* ---- somebody's own driver, written as for Windows ---- */

/* Queues DriverEntry, before any device is begun. @name: of that routine; lives as long
 * as the machine. */
DmsStatus
dms_wdm_load (DmsMachine *machine, PDRIVER_INITIALIZE entry, const char *name);
/* Gives @device to the driver that was loaded: it hears of it by AddDevice. */
DmsStatus dms_wdm_add_own (DmsMachine *machine, DmsDevice *device);
/* The run is over: notes what the drivers left behind. */
void dms_wdm_end (DmsMachine *machine);
