/* grant-play.h — random machines whose adapters a test plays with, without drivers
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-list.h"
#include "tests/engine/random-scenario.h"

#define DEVICES_MAX 4

typedef struct
{
  Maker maker;
  DmsScenario scenario;
  FixtureRun run;
  DmsMachine machine;
  DmsAdapter *adapters[DEVICES_MAX];
} Play;

static inline uint64_t
below (Play *play, uint64_t limit)
{
  return dms_test_random_below (&play->maker.random, limit);
}

static inline uint64_t
range (Play *play, uint64_t first, uint64_t last)
{
  return dms_test_random_range (&play->maker.random, first, last);
}

static inline bool
chance (Play *play, unsigned percent)
{
  return dms_test_random_chance (&play->maker.random, percent);
}

static inline DmsAdapter *
make_adapter (Play *play, size_t i)
{
  DmsDevice *device = &play->machine.devices[i];
  DmsDescription description = { .version = 3,
                                 .is_master = true,
                                 .scatter_gather = device->row->scatter_gather,
                                 .bus = DMS_BUS_PCI,
                                 .address_width = device->row->address_bits,
                                 .maximum_length = device->row->maximum_length };
  DmsAdapter *adapter = dms_adapter_new (&play->machine, device, &description);

  g_assert_nonnull (adapter);
  return adapter;
}

/* MDLs that lie right behind each other in memory. */
static inline void
add_neighbours (Play *play)
{
  DmsScenarioBuffer *buffer = fixture_add_buffer (&play->scenario, "b");
  uint64_t first = range (play, 0x800, (play->scenario.memory >> 12) - 16);
  uint64_t n_mdls = range (play, 2, 4);

  for (uint64_t m = 0; m < n_mdls; m++)
    {
      uint32_t offset = m == 0 ? (uint32_t)below (play, 4096) : 0;
      uint64_t pages = range (play, 1, 3);
      uint64_t frames[] = { first, first + 1, first + 2 };

      fixture_add_mdl (buffer, offset, pages * 4096 - offset, frames);
      first += pages;
    }
}

static inline void
play_begin (Play *play, uint64_t salt)
{
  static const uint32_t widths[] = { 24, 28, 32, 32, 64 };
  size_t n_devices = 0;
  DmsSink sink = { NULL, NULL, NULL };

  memset (play, 0, sizeof *play);
  maker_init (&play->maker, salt);
  dms_scenario_init (&play->scenario);
  play->scenario.seed = dms_test_random_next (&play->maker.random);
  play->scenario.memory = UINT64_C (1) << range (play, 25, 36);
  play->scenario.map_registers = (uint32_t)range (play, 8, 40);
  play->scenario.hal_x86 = chance (play, 40);
  n_devices = (size_t)range (play, 1, DEVICES_MAX);
  for (size_t i = 0; i < n_devices; i++)
    {
      char name[] = { 'd', (char)('0' + i), 0 };
      DmsScenarioDevice *device = fixture_add_device (
          &play->scenario, name, widths[below (play, G_N_ELEMENTS (widths))]);

      device->scatter_gather = chance (play, 65);
      device->iommu = chance (play, 20);
      device->maximum_length = range (play, 4096, 100000);
      device->map_registers = chance (play, 50) ? 0 : (uint32_t)range (play, 1, 12);
    }
  if (chance (play, 30))
    add_neighbours (play);
  else
    maker_add_buffer (&play->maker, &play->scenario, "b", 1);
  fixture_run_init (&play->run);
  sink = fixture_sink (&play->run);
  g_assert_cmpint (
      dms_machine_init (&play->machine, &play->scenario, &sink), ==, DMS_OK);
  for (size_t i = 0; i < n_devices; i++)
    play->adapters[i] = make_adapter (play, i);
}

static inline void
play_end (Play *play)
{
  while (dms_machine_step (&play->machine) == DMS_OK)
    continue;
  g_assert_cmpuint (play->machine.pool.n_free, ==, play->machine.pool.n);
  g_assert_cmpuint (play->machine.mapped.n, ==, 0);
  g_assert_cmpuint (play->machine.grants.n, ==, 0);
  for (size_t i = 0; i < play->machine.n_devices; i++)
    g_assert_cmpuint (play->adapters[i]->channel, ==, 0);
  dms_machine_release (&play->machine);
  fixture_run_release (&play->run);
  dms_scenario_release (&play->scenario);
  maker_release (&play->maker);
}
