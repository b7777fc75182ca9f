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
/* Gives @device its device object and @driver. */
DmsStatus
dms_wdm_add (DmsMachine *machine, DmsDevice *device, const SAMPLE_DRIVER *driver);
