/* fuzz-simulation.c — any bytes as a scenario, and what can be simulated of it
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "data/scenario/dms-scenario-reader.h"
#include "engine/core/dms-state.h"
#include "engine/drivers/dms-simulation.h"
#include "engine/rules/dms-rules.h"

/* What a scenario may ask of this computer here. */
#define MOST_EVENTS 20000u
#define MOST_PAGES 2048u
#define MOST_REGISTERS 4096u
#define MOST_SHARED (1u << 20)

typedef struct
{
  DmsState *state;
  DmsRules *rules;
} Picture;

static DmsStatus
event_cb (void *data, const DmsEvent *event)
{
  Picture *picture = data;

  g_assert_cmpint (dms_event_check (event), ==, DMS_OK);
  g_assert_cmpint (dms_state_apply (picture->state, event), ==, DMS_OK);
  g_assert_cmpint (dms_rules_apply (picture->rules, event, picture->state), ==, DMS_OK);
  return DMS_OK;
}

static DmsStatus
name_cb (void *data G_GNUC_UNUSED, const DmsName *name G_GNUC_UNUSED)
{
  return DMS_OK;
}

static void
found_cb (void *data G_GNUC_UNUSED, const DmsFinding *finding G_GNUC_UNUSED)
{
}

static gboolean
is_small (const DmsScenario *scenario)
{
  size_t pages = 0;

  for (size_t i = 0; i < scenario->n_buffers; i++)
    for (size_t m = 0; m < scenario->buffers[i].n_mdls; m++)
      pages += scenario->buffers[i].mdls[m].n_frames;
  for (size_t i = 0; i < scenario->n_devices; i++)
    if (scenario->devices[i].ring > MOST_SHARED)
      return FALSE;
  return pages <= MOST_PAGES && scenario->map_registers <= MOST_REGISTERS;
}

/* Refused with a sentence, or run to an end or to the bound; never anything else. */
static void
simulate (const DmsScenario *scenario)
{
  Picture picture = { .state = dms_state_new () };
  DmsSink sink = { event_cb, name_cb, &picture };
  DmsStatus status = DMS_OK;
  DmsSimulation *simulation = NULL;
  DmsBytes problem;

  picture.rules = dms_rules_new (found_cb, NULL);
  g_assert_true (picture.state != NULL && picture.rules != NULL);
  dms_bytes_init (&problem);
  simulation = dms_simulation_new (scenario, &sink, &status, &problem);
  if (simulation == NULL)
    g_assert_cmpuint (problem.length, >, 0);
  else
    {
      status = dms_simulation_run (simulation, MOST_EVENTS);
      g_assert_true (status == DMS_OK || status == DMS_ERROR_END);
    }
  dms_simulation_free (simulation);
  dms_bytes_release (&problem);
  dms_rules_free (picture.rules);
  dms_state_free (picture.state);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length)
{
  DmsScenario scenario;

  if (!dms_scenario_parse ((const char *)bytes, length, "fuzz", NULL, &scenario, NULL))
    return 0;
  if (is_small (&scenario))
    simulate (&scenario);
  dms_scenario_release (&scenario);
  return 0;
}
