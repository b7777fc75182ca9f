/* dms-child.h — the process in which somebody's own driver runs
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-scenario.h"
#include "engine/drivers/dms-simulation.h"

#include <glib.h>

/* Runs the scenario with the driver and writes what happens to the pipe @fd. In a
 * process of its own, which it ends. */
G_NORETURN void
dms_child_run (const DmsScenario *scenario, const DmsOwnDriver *own, int fd);
