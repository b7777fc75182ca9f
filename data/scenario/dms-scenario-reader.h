/* dms-scenario-reader.h — a scenario's JSON becomes a DmsScenario
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-scenario.h"

#include <glib.h>

#define DMS_SCENARIO_ERROR (dms_scenario_error_quark ())
GQuark dms_scenario_error_quark (void);

typedef enum
{
  DMS_SCENARIO_ERROR_OPEN,
  DMS_SCENARIO_ERROR_SYNTAX,
  DMS_SCENARIO_ERROR_VALUE
} DmsScenarioError;

/**
 * dms_scenario_parse:
 * @text: JSON, @length bytes, not trusted
 * @name: how messages call it: a file's name
 * @overrides: (nullable): NULL-terminated "PATH=VALUE" strings (`--set`), applied
 * before the values are checked: "devices[0].address_bits=24",
 * "machine.map_registers=4"
 * @ret_scenario: to be released with dms_scenario_release(); untouched on failure
 *
 * A message is one sentence: "lesson.json:14: devices[0].map_registers is -1; a number
 * from 0 to 65536 is needed".
 */
gboolean dms_scenario_parse (const char *text,
                             gsize length,
                             const char *name,
                             const char *const *overrides,
                             DmsScenario *ret_scenario,
                             GError **error);
/**
 * dms_scenario_line:
 * @text: a scenario that was read, @length bytes, without overrides
 * @sentence: what begins with the path of a value, as the sentences of
 * dms_simulation_new() do: "devices[0].driver is \"foo\"; it may be …"
 *
 * Returns: the line where that value is, or the innermost one around it that is there;
 * 0 when the sentence begins with no path
 */
gsize dms_scenario_line (const char *text, gsize length, const char *sentence);
/* Reads @path (at most 64 MiB); also gives the text that was read, with the overrides
 * in it, to travel in the trace. */
gboolean dms_scenario_load (const char *path,
                            const char *const *overrides,
                            DmsScenario *ret_scenario,
                            char **ret_text,
                            GError **error);
