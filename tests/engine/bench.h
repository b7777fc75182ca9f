/* bench.h — a machine whose driver is the test's own
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-io.h"
#include "engine/wdm/dms-wdm.h"
#include "tests/engine/simulation-fixture.h"

typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsMachine machine;
} Bench;

/* Begins the machine of the bench's scenario, with devices of kind @model that no
 * driver has yet. */
static inline void
bench_begin (Bench *bench, const DmsDeviceModel *model)
{
  DmsMachine *machine = &bench->machine;

  fixture_run_init (&bench->run);

  DmsSink sink = fixture_sink (&bench->run);

  g_assert_cmpint (dms_machine_init (machine, &bench->scenario, &sink), ==, DMS_OK);
  g_assert_cmpint (dms_wdm_init (machine), ==, DMS_OK);
  for (size_t i = 0; i < machine->n_devices; i++)
    {
      machine->devices[i].model = model;
      g_assert_true (model->start (machine, &machine->devices[i]));
    }
}

/* Runs the requests of the scenario to the end. */
static inline void
bench_finish (Bench *bench)
{
  DmsMachine *machine = &bench->machine;
  DmsStatus status = DMS_OK;

  dms_io_begin (machine);
  do
    {
      status = dms_machine_step (machine);
      if (status == DMS_ERROR_END && dms_io_end (machine))
        status = DMS_OK;
    }
  while (status == DMS_OK);
  g_assert_cmpint (status, ==, DMS_ERROR_END);
  g_assert_cmpuint (machine->n_calls, ==, 0);
}

static inline void
bench_release (Bench *bench)
{
  dms_wdm_release (&bench->machine);
  dms_machine_release (&bench->machine);
  fixture_run_release (&bench->run);
  dms_scenario_release (&bench->scenario);
}
