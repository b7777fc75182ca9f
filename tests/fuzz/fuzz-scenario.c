/* fuzz-scenario.c — any bytes as a scenario, and any line of them as an override
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "data/scenario/dms-scenario-reader.h"
#include "engine/core/dms-units.h"

#include <string.h>

/* Whatever is accepted keeps the promises of dms-scenario.h. */
static void
check_mdl (const DmsScenario *scenario, const DmsScenarioMdl *mdl)
{
  g_assert_cmpuint (mdl->offset, <, DMS_PAGE_SIZE);
  g_assert_cmpuint (mdl->length, >=, 1);
  g_assert_cmpuint (mdl->n_frames, ==, dms_span_pages (mdl->offset, mdl->length));
  for (size_t i = 0; i < mdl->n_frames; i++)
    g_assert_cmpuint (mdl->frames[i], <, scenario->memory >> DMS_PAGE_SHIFT);
}

static void
check (const DmsScenario *scenario)
{
  g_assert_cmpuint (scenario->memory % DMS_PAGE_SIZE, ==, 0);
  g_assert_cmpuint (scenario->memory, <=, DMS_SCENARIO_MEMORY_MAX);
  g_assert_cmpuint (scenario->map_registers, <=, DMS_SCENARIO_REGISTERS_MAX);
  g_assert_cmpuint (scenario->n_devices, <=, DMS_SCENARIO_DEVICES_MAX);
  for (size_t i = 0; i < scenario->n_devices; i++)
    {
      g_assert_true (g_utf8_validate (scenario->devices[i].name, -1, NULL));
      g_assert_cmpuint (scenario->devices[i].address_bits - 1, <, 64);
      g_assert_cmpuint (scenario->devices[i].burst, >=, 1);
      g_assert_cmpuint (scenario->devices[i].channel, <=, 7);
      g_assert_cmpuint (
          scenario->devices[i].boundary & (scenario->devices[i].boundary - 1), ==, 0);
      g_assert_cmpuint (
          scenario->devices[i].alignment & (scenario->devices[i].alignment - 1), ==, 0);
    }
  for (size_t i = 0; i < scenario->n_buffers; i++)
    for (size_t m = 0; m < scenario->buffers[i].n_mdls; m++)
      check_mdl (scenario, &scenario->buffers[i].mdls[m]);
  for (size_t i = 0; i < scenario->n_requests; i++)
    {
      g_assert_cmpuint (scenario->requests[i].device, <, scenario->n_devices);
      g_assert_cmpuint (scenario->requests[i].buffer, <, scenario->n_buffers);
      g_assert_cmpuint (scenario->requests[i].count, >=, 1);
    }
  for (size_t i = 0; i < scenario->n_mistakes; i++)
    g_assert_cmpuint (scenario->mistakes[i].device, <, scenario->n_devices);
  for (size_t i = 0; i < scenario->n_commands; i++)
    {
      g_assert_cmpuint (scenario->commands[i].device, <, scenario->n_devices);
      g_assert_cmpuint (scenario->commands[i].what, >=, DMS_COMMAND_LIMIT);
      g_assert_cmpuint (scenario->commands[i].what, <=, DMS_COMMAND_FAIL);
      g_assert_cmpuint (scenario->commands[i].after, <=, DMS_AFTER_STEP);
    }
}

/* The first line, when it does not begin with a bracket, is an override for the rest.
 */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length)
{
  const char *text = (const char *)bytes;
  const char *end = length > 0 ? memchr (text, '\n', length) : NULL;
  g_autofree char *override = NULL;
  const char *overrides[] = { NULL, NULL };
  g_autoptr (GError) error = NULL;
  DmsScenario scenario;

  if (end != NULL && text[0] != '{' && text[0] != '[')
    {
      override = g_strndup (text, (gsize)(end - text));
      overrides[0] = override;
      length -= (size_t)(end + 1 - text);
      text = end + 1;
    }
  if (dms_scenario_parse (text, length, "fuzz", overrides, &scenario, &error))
    {
      check (&scenario);
      dms_scenario_release (&scenario);
    }
  else
    g_assert_nonnull (error);
  return 0;
}
