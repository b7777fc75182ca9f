/* ports-bench.h — a machine with one device that a miniport of the test drives
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-io.h"
#include "engine/wdm/dms-wdm.h"
#include "tests/engine/simulation-fixture.h"

#define PAGE 4096u

typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsMachine machine;
} Bench;

static inline void
bench_init (Bench *bench, guint requests)
{
  static const uint64_t frames[4][2]
      = { { 0x101, 0x103 }, { 0x105, 0x107 }, { 0x10f, 0x110 }, { 0x115, 0x117 } };

  memset (bench, 0, sizeof *bench);
  dms_scenario_init (&bench->scenario);
  fixture_add_device (&bench->scenario, "disk0", 32)->max_elements = 8;
  for (guint i = 0; i < requests; i++)
    {
      g_autofree char *name = g_strdup_printf ("data%u", i);

      fixture_add_mdl (
          fixture_add_buffer (&bench->scenario, name), 0, 2 * PAGE, frames[i]);
      fixture_add_request (&bench->scenario, 0, i, false, 2 * PAGE);
    }
}

static inline void
bench_run (Bench *bench, const DmsDeviceModel *model, SAMPLE_MINIPORT *entry)
{
  DmsMachine *machine = &bench->machine;
  DmsStatus status = DMS_OK;

  fixture_run_init (&bench->run);

  DmsSink sink = fixture_sink (&bench->run);

  g_assert_cmpint (dms_machine_init (machine, &bench->scenario, &sink), ==, DMS_OK);
  g_assert_cmpint (dms_wdm_init (machine), ==, DMS_OK);
  machine->devices[0].model = model;
  g_assert_true (model->start (machine, &machine->devices[0]));
  g_assert_cmpint (
      dms_wdm_add_miniport (machine, &machine->devices[0], entry), ==, DMS_OK);
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

static inline const DmsEvent *
find_fact (const Bench *bench, DmsFact fact)
{
  for (guint i = 0; i < bench->run.events->len; i++)
    {
      const DmsEvent *event = &g_array_index (bench->run.events, DmsEvent, i);

      if (event->kind == DMS_EVENT_FACT && event->index == fact)
        return event;
    }
  return NULL;
}

static inline guint
count_calls (const Bench *bench, DmsRoutine routine)
{
  guint n = 0;

  for (guint i = 0; i < bench->run.events->len; i++)
    {
      const DmsEvent *event = &g_array_index (bench->run.events, DmsEvent, i);

      n += event->kind == DMS_EVENT_CALL && event->index == routine;
    }
  return n;
}

static inline uint32_t
status_of (const Bench *bench, guint nth)
{
  const DmsEvent *complete = fixture_find (&bench->run, DMS_EVENT_COMPLETE, nth);

  g_assert_nonnull (complete);
  return complete->status;
}
