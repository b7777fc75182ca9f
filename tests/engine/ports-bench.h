/* ports-bench.h — a machine with one device that a miniport of the test drives
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "tests/engine/bench.h"

#define PAGE 4096u

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

  bench_begin (bench, model);
  g_assert_cmpint (
      dms_wdm_add_miniport (machine, &machine->devices[0], entry), ==, DMS_OK);
  bench_finish (bench);
}

static inline const DmsEvent *
find_fact (const Bench *bench, DmsFact fact)
{
  return fixture_find_indexed (&bench->run, DMS_EVENT_FACT, fact, 0);
}

static inline uint32_t
status_of (const Bench *bench, guint nth)
{
  const DmsEvent *complete = fixture_find (&bench->run, DMS_EVENT_COMPLETE, nth);

  g_assert_nonnull (complete);
  return complete->status;
}
