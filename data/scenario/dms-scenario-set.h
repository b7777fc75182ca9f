/* dms-scenario-set.h — changes to a scenario's JSON before it is read: --set PATH=VALUE
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/**
 * dms_scenario_set:
 * @root: the whole scenario, changed in place
 * @override: "devices[0].address_bits=24"; the value is JSON, or else plain text
 *
 * All that stands before the last step of the path must be there; the last one may be a
 * new member of an object.
 */
gboolean dms_scenario_set (json_t *root, const char *override, GError **error);
