/* dms-scenario-copy.h — a scenario of one's own
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-scenario.h"

/* Copies @from with all that it owns; on failure there is nothing to release. */
DmsStatus dms_scenario_copy (DmsScenario *to, const DmsScenario *from);
