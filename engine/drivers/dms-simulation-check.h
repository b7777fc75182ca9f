/* dms-simulation-check.h — what a scenario asks for that cannot be simulated
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-bytes.h"
#include "engine/core/dms-scenario.h"

/**
 * dms_simulation_check:
 * @has_own: whether devices may have the driver DMS_OWN_DRIVER
 * @ret_problem: (nullable): one sentence is appended when something cannot be
 *
 * Checks whatever the kernel, the device models and the drivers rely on; the scenario
 * may come from anywhere.
 *
 * Returns: DMS_OK, DMS_ERROR_RANGE, or DMS_ERROR_NO_MEMORY.
 */
DmsStatus
dms_simulation_check (const DmsScenario *scenario, bool has_own, DmsBytes *ret_problem);
/* Appends why there is no place for the bounce pages. */
void dms_simulation_explain_pool (const DmsScenario *scenario, DmsBytes *bytes);
