/* test-common.c — common buffers by themselves, and MDLs that a driver makes of them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-8237.h"
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

typedef struct
{
  FixtureRun run;
  DmsScenario scenario;
  DmsSink sink;
  DmsMachine machine;
  DmsAdapter *adapter;
} Bench;

/* One device of @bits address lines in @memory bytes. */
static void
bench_init (Bench *bench, uint64_t memory, uint32_t bits)
{
  fixture_run_init (&bench->run);
  bench->sink = fixture_sink (&bench->run);
  dms_scenario_init (&bench->scenario);
  bench->scenario.memory = memory;
  bench->scenario.map_registers = 8;
  fixture_add_device (&bench->scenario, "card", bits);
}

static void
bench_start (Bench *bench, bool is_master)
{
  DmsDescription description
      = { .version = is_master ? 3 : 2,
          .is_master = is_master,
          .scatter_gather = true,
          .address_width = bench->scenario.devices[0].address_bits,
          .bus = is_master ? DMS_BUS_PCI : DMS_BUS_ISA,
          .maximum_length = 65536 };

  g_assert_cmpint (
      dms_machine_init (&bench->machine, &bench->scenario, &bench->sink), ==, DMS_OK);
  g_assert_cmpint (dms_8237_attach (&bench->machine), ==, DMS_OK);
  bench->adapter
      = dms_adapter_new (&bench->machine, &bench->machine.devices[0], &description);
  g_assert_nonnull (bench->adapter);
}

static void
bench_release (Bench *bench)
{
  dms_machine_release (&bench->machine);
  dms_scenario_release (&bench->scenario);
  fixture_run_release (&bench->run);
}

static DmsCommon *
allocate (Bench *bench, uint64_t length, uint64_t highest)
{
  return dms_common_allocate (&bench->machine, bench->adapter, length, highest);
}

static void
give_back (Bench *bench, DmsCommon *common)
{
  dms_common_free (
      &bench->machine, bench->adapter, common->asked, common->logical, common->bytes);
}

static uint64_t
last_byte (const DmsCommon *common)
{
  return common->logical + common->length - 1;
}

/* ---- where it lies ---- */

static void
test_whole_pages_in_a_row (void)
{
  static const struct
  {
    uint64_t asked, length;
  } rows[] = { { 1, 4096 }, { 4096, 4096 }, { 4097, 8192 }, { 300000, 303104 } };
  Bench bench;

  bench_init (&bench, UINT64_C (1) << 30, 32);
  bench_start (&bench, true);
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DmsCommon *common = allocate (&bench, rows[i].asked, UINT64_MAX);

      g_assert_nonnull (common);
      g_assert_cmpuint (common->length, ==, rows[i].length);
      g_assert_cmpuint (common->logical % 4096, ==, 0);
      for (uint64_t at = 0; at < common->length; at += 4096)
        {
          uint64_t frame = (common->logical + at) >> 12;

          g_assert_cmpuint (common->frames[at >> 12], ==, frame);
          g_assert_true (dms_memory_page (&bench.machine.memory, frame)
                         == common->bytes + at);
          g_assert_true (dms_common_at (&bench.machine,
                                        &bench.machine.devices[0],
                                        common->logical + at + 17)
                         == common);
        }
      g_assert_cmpuint (common->bytes[0], ==, DMS_PATTERN_FRESH);
      g_assert_true (dms_common_of (&bench.machine, common->bytes + common->length - 1)
                     == common);
    }
  g_assert_cmpuint (dms_common_live (&bench.machine), ==, G_N_ELEMENTS (rows));
  /* No map register is taken. */
  g_assert_cmpuint (bench.machine.pool.n_free, ==, bench.machine.pool.n);
  bench_release (&bench);
}

static void
test_below_every_limit (void)
{
  static const uint32_t lines[] = { 22, 24, 27, 32, 36, 64 };

  for (size_t i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      Bench bench;
      uint64_t highest = dms_highest_address (lines[i]);

      bench_init (&bench, UINT64_C (1) << 36, lines[i]);
      bench_start (&bench, true);

      DmsCommon *any = allocate (&bench, 8192, UINT64_MAX);
      DmsCommon *lower = allocate (&bench, 8192, 0x1fffff);

      g_assert_cmphex (last_byte (any), <=, highest);
      /* From the top downwards. */
      if (lines[i] < 36)
        g_assert_cmphex (last_byte (any), ==, highest);
      g_assert_cmphex (last_byte (lower), ==, 0x1fffff);
      /* A limit inside of a page leaves that page out. */
      g_assert_cmphex (last_byte (allocate (&bench, 4096, 0x1ffffe)), <, 0x1ff000);
      g_assert_null (allocate (&bench, 4096, 0xfff));
      bench_release (&bench);
    }
}

/* Frames of requesters' buffers, of bounce pages and of other common buffers stay what
 * they are, until nothing is left. */
static void
test_takes_nothing_that_is_used (void)
{
  static const uint64_t frames[] = { 0x1ff, 0x1fd, 0x100 };
  Bench bench;
  uint64_t n = 0;
  DmsCommon *common = NULL;

  bench_init (&bench, UINT64_C (2) << 20, 32);
  fixture_add_mdl (fixture_add_buffer (&bench.scenario, "data"), 0, 3 * 4096, frames);
  bench_start (&bench, true);
  common = allocate (&bench, 4096, UINT64_MAX);
  g_assert_cmphex (common->logical, ==, 0x1fe000);
  common = allocate (&bench, 8192, UINT64_MAX);
  g_assert_cmphex (common->logical, ==, 0x1fb000);
  while ((common = allocate (&bench, 4096, UINT64_MAX)) != NULL)
    {
      n++;
      for (uint32_t r = 0; r < bench.machine.pool.n; r++)
        g_assert_cmpuint (common->frames[0], !=, bench.machine.pool.registers[r].frame);
    }
  g_assert_cmpuint (n, >, 0x1e0 - 3 - 3 - 3 * 8 - 1);
  g_assert_nonnull (fixture_find (&bench.run, DMS_EVENT_ALLOC, 0));
  /* What failed is told, and shares nothing. */
  g_assert_cmphex (bench.run.state->live_bytes, ==, (n + 3) * 4096);
  bench_release (&bench);
}

static void
test_of_a_slave_stays_in_a_window (void)
{
  static const uint64_t frames[] = { 0xff8 };
  Bench bench;

  bench_init (&bench, UINT64_C (1) << 30, 24);
  fixture_add_mdl (fixture_add_buffer (&bench.scenario, "data"), 0, 4096, frames);
  bench_start (&bench, false);
  /* From 0xff9 on 7 pages are free; 8 of them would reach into the window below. */
  g_assert_cmphex (allocate (&bench, 7 * 4096, UINT64_MAX)->logical, ==, 0xff9000);
  g_assert_cmphex (allocate (&bench, 8 * 4096, UINT64_MAX)->logical, ==, 0xff0000);
  g_assert_cmphex (allocate (&bench, 65536, UINT64_MAX)->logical, ==, 0xfe0000);
  g_assert_cmphex (allocate (&bench, 4096, UINT64_MAX)->logical, ==, 0xfdf000);
  g_assert_cmphex (allocate (&bench, 65536, UINT64_MAX)->logical, ==, 0xfc0000);
  /* More than a window has can never be. */
  g_assert_null (allocate (&bench, 65537, UINT64_MAX));
  bench_release (&bench);
}

static void
test_what_cannot_be (void)
{
  Bench bench;

  bench_init (&bench, UINT64_C (1) << 36, 64);
  bench_start (&bench, true);
  g_assert_null (allocate (&bench, 0, UINT64_MAX));
  g_assert_null (allocate (&bench, DMS_COMMON_MAX + 1, UINT64_MAX));
  g_assert_null (allocate (&bench, UINT64_MAX, UINT64_MAX));
  g_assert_null (allocate (&bench, 4096, 0));
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_ALLOC), ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_true (
        (fixture_find (&bench.run, DMS_EVENT_ALLOC, i)->flags & DMS_FLAG_FAILED) != 0);
  g_assert_cmpuint (bench.run.state->mappings.n, ==, 0);
  bench_release (&bench);
}

/* ---- giving back ---- */

static const DmsEvent *
fact (const Bench *bench, guint nth)
{
  return fixture_find (&bench->run, DMS_EVENT_FACT, nth);
}

static void
test_free_leaves_a_pattern (void)
{
  Bench bench;

  bench_init (&bench, UINT64_C (1) << 30, 32);
  bench_start (&bench, true);

  DmsCommon *common = allocate (&bench, 5000, UINT64_MAX);
  uint64_t logical = common->logical;
  uint64_t id = common->id;

  memset (common->bytes, 0x11, 8192);
  g_assert_nonnull (dms_state_mapping (bench.run.state, id));
  give_back (&bench, common);
  for (size_t i = 0; i < 8192; i++)
    g_assert_cmpuint (common->bytes[i], ==, DMS_PATTERN_FREED);
  g_assert_null (
      dms_common_at (&bench.machine, &bench.machine.devices[0], logical + 4096));
  g_assert_true (dms_common_of (&bench.machine, common->bytes) == common);
  g_assert_true (common->is_freed);
  g_assert_null (dms_state_mapping (bench.run.state, id));
  g_assert_cmpuint (bench.run.state->oddities, ==, 0);
  g_assert_cmpuint (dms_common_live (&bench.machine), ==, 0);
  g_assert_null (fact (&bench, 0));
  bench_release (&bench);
}

static void
test_free_notes_what_differs (void)
{
  Bench bench;

  bench_init (&bench, UINT64_C (1) << 30, 32);
  bench_start (&bench, true);

  DmsMachine *machine = &bench.machine;
  DmsCommon *one = allocate (&bench, 5000, UINT64_MAX);
  DmsCommon *two = allocate (&bench, 5000, UINT64_MAX);
  DmsCommon *three = allocate (&bench, 5000, UINT64_MAX);

  dms_common_free (machine, bench.adapter, 4096, one->logical, one->bytes);
  g_assert_cmpuint (fact (&bench, 0)->index, ==, DMS_FACT_COMMON_DIFFERS);
  g_assert_cmpuint (fact (&bench, 0)->object, ==, one->id);
  g_assert_cmpuint (fact (&bench, 0)->a, ==, 4096);
  g_assert_cmpuint (fact (&bench, 0)->b, ==, 5000);
  g_assert_cmpuint (fact (&bench, 0)->c, ==, 2);
  dms_common_free (machine, bench.adapter, 5000, 0, two->bytes);
  g_assert_cmpuint (fact (&bench, 1)->c, ==, 3);
  dms_common_free (machine, bench.adapter, 5000, three->logical, NULL);
  g_assert_cmpuint (fact (&bench, 2)->c, ==, 4);
  g_assert_cmpuint (dms_common_live (machine), ==, 0);
  bench_release (&bench);
}

static void
test_free_of_what_is_not_there (void)
{
  Bench bench;
  int local = 0;

  bench_init (&bench, UINT64_C (1) << 30, 32);
  bench_start (&bench, true);

  DmsMachine *machine = &bench.machine;
  DmsCommon *common = allocate (&bench, 4096, UINT64_MAX);

  dms_common_free (machine, bench.adapter, 4096, 0x5000, &local);
  dms_common_free (machine, bench.adapter, 4096, UINT64_MAX, NULL);
  give_back (&bench, common);
  give_back (&bench, common);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_FACT), ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (fact (&bench, i)->index, ==, DMS_FACT_COMMON_UNKNOWN);
  g_assert_cmphex (fact (&bench, 0)->a, ==, 0x5000);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_FREE), ==, 1);
  bench_release (&bench);
}

/* The frames of the last few come back late, but before the call fails. */
static void
test_freed_memory_is_used_again_late (void)
{
  Bench bench;
  uint64_t first = 0;

  bench_init (&bench, UINT64_C (2) << 20, 32);
  bench_start (&bench, true);
  for (unsigned i = 0; i < 2000; i++)
    {
      DmsCommon *common = allocate (&bench, 4096, UINT64_MAX);

      g_assert_nonnull (common);
      if (i == 0)
        first = common->logical;
      else if (i <= 8)
        g_assert_cmphex (common->logical, !=, first);
      give_back (&bench, common);
    }
  /* Memory does not grow with the number of times. */
  g_assert_cmpuint (bench.machine.memory.n_blocks, <, 16);
  bench_release (&bench);
}

/* ---- both sides reach it ---- */

static void
test_device_reaches_its_bytes (void)
{
  Bench bench;
  uint8_t bytes[100];
  uint64_t seq = 0;

  bench_init (&bench, UINT64_C (1) << 30, 32);
  bench_start (&bench, true);

  DmsDevice *device = &bench.machine.devices[0];
  DmsCommon *common = allocate (&bench, 8192, UINT64_MAX);
  DmsBurst burst = { .logical = common->logical + 4096 + 50,
                     .length = sizeof bytes,
                     .writes_memory = true,
                     .bytes = bytes };

  memset (bytes, 0x3c, sizeof bytes);
  g_assert_cmpint (
      dms_bus_move (&bench.machine, device, &burst, &seq), ==, DMS_BUS_DONE);
  g_assert_cmpuint (common->bytes[4096 + 49], ==, DMS_PATTERN_FRESH);
  g_assert_cmpmem (common->bytes + 4096 + 50, 100, bytes, 100);
  g_assert_cmpuint (common->bytes[4096 + 150], ==, DMS_PATTERN_FRESH);

  const DmsEvent *event = fixture_find (&bench.run, DMS_EVENT_BURST, 0);

  g_assert_cmpuint (event->object, ==, common->id);
  g_assert_cmpuint (event->index, ==, 0);
  g_assert_cmpuint (bench.run.state->oddities, ==, 0);
  /* Freed, it is memory like any other: the device strays. */
  give_back (&bench, common);
  g_assert_cmpint (
      dms_bus_move (&bench.machine, device, &burst, &seq), ==, DMS_BUS_STRAY);
  bench_release (&bench);
}

static void
test_behind_an_iommu (void)
{
  Bench bench;
  uint8_t bytes[64];
  uint64_t seq = 0;

  bench_init (&bench, UINT64_C (1) << 36, 32);
  bench.scenario.devices[0].iommu = true;
  bench_start (&bench, true);

  DmsDevice *device = &bench.machine.devices[0];
  DmsCommon *common = allocate (&bench, 3 * 4096, UINT64_MAX);
  DmsBurst burst = { .logical = common->logical + 8192,
                     .length = sizeof bytes,
                     .writes_memory = true,
                     .bytes = bytes };

  memset (bytes, 0x5e, sizeof bytes);
  /* In reach for the device, though its frames are not. */
  g_assert_cmphex (last_byte (common), <=, UINT32_MAX);
  g_assert_cmphex (common->frames[0] << 12, >, UINT32_MAX);
  g_assert_cmpint (
      dms_bus_move (&bench.machine, device, &burst, &seq), ==, DMS_BUS_DONE);
  g_assert_cmpmem (common->bytes + 8192, 64, bytes, 64);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_IOMMU_MAP), ==, 1);
  give_back (&bench, common);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_IOMMU_UNMAP), ==, 1);
  g_assert_cmpint (
      dms_bus_move (&bench.machine, device, &burst, &seq), ==, DMS_BUS_FAULT);
  bench_release (&bench);
}

static void
test_touches_are_told (void)
{
  Bench bench;

  bench_init (&bench, UINT64_C (1) << 30, 32);
  bench_start (&bench, true);

  DmsCommon *common = allocate (&bench, 4096, UINT64_MAX);

  dms_common_touch (&bench.machine, common, 100, 28, DMS_FLAG_CPU_WRITES);

  const DmsEvent *event = fixture_find (&bench.run, DMS_EVENT_SHARED_TOUCH, 0);

  g_assert_cmpuint (event->object, ==, common->id);
  g_assert_cmpuint (event->a, ==, 100);
  g_assert_cmpuint (event->length, ==, 28);
  g_assert_cmpuint (event->flags, ==, DMS_FLAG_CPU_WRITES);
  bench_release (&bench);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/common/whole-pages-in-a-row", test_whole_pages_in_a_row);
  g_test_add_func ("/common/below-every-limit", test_below_every_limit);
  g_test_add_func ("/common/takes-nothing-used", test_takes_nothing_that_is_used);
  g_test_add_func ("/common/of-a-slave", test_of_a_slave_stays_in_a_window);
  g_test_add_func ("/common/what-cannot-be", test_what_cannot_be);
  g_test_add_func ("/common/free/pattern", test_free_leaves_a_pattern);
  g_test_add_func ("/common/free/differs", test_free_notes_what_differs);
  g_test_add_func ("/common/free/unknown", test_free_of_what_is_not_there);
  g_test_add_func ("/common/free/again-late", test_freed_memory_is_used_again_late);
  g_test_add_func ("/common/device-reaches-it", test_device_reaches_its_bytes);
  g_test_add_func ("/common/behind-an-iommu", test_behind_an_iommu);
  g_test_add_func ("/common/touches-are-told", test_touches_are_told);
  return g_test_run ();
}
