/* dms-simulation-private.h — the machine inside a simulation, for tests that compare
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/drivers/dms-simulation.h"
#include "engine/kernel/dms-machine.h"

struct DmsSimulation
{
  DmsScenario scenario;
  DmsMachine machine;
  bool has_machine;
};

/* Names of the device models. */
const char *const *dms_simulation_models (size_t *ret_n);
