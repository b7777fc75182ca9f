/* test-8237.c — the DMA controller by itself: registers, windows, counts, rounds
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-8237.h"
#include "engine/kernel/dms-bus.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

/* Frames 0x10 to 0x30 hold the bytes that are moved; nothing is mapped, so each burst
 * strays, which the controller does not mind. */
typedef struct
{
  FixtureRun run;
  DmsScenario scenario;
  DmsSink sink;
  DmsMachine machine;
  DmsDevice *device;
  DmsAdapter *adapter;
} Bench;

static void
bench_init (Bench *bench, uint32_t channel, bool auto_initialize, bool demand)
{
  DmsDescription description = { .version = 2,
                                 .bus = DMS_BUS_ISA,
                                 .channel = channel,
                                 .width = channel > 4 ? 1 : 0,
                                 .auto_initialize = auto_initialize,
                                 .demand_mode = demand,
                                 .maximum_length = 65536 };

  fixture_run_init (&bench->run);
  bench->sink = fixture_sink (&bench->run);
  dms_scenario_init (&bench->scenario);
  bench->scenario.memory = UINT64_C (1) << 30;
  bench->scenario.map_registers = 32;
  bench->scenario.hal_x86 = true;

  DmsScenarioDevice *row = fixture_add_device (&bench->scenario, "card", 24);

  row->channel = channel;
  row->burst = 0x20000;
  g_assert_cmpint (
      dms_machine_init (&bench->machine, &bench->scenario, &bench->sink), ==, DMS_OK);
  g_assert_cmpint (dms_8237_attach (&bench->machine), ==, DMS_OK);
  bench->device = &bench->machine.devices[0];
  bench->adapter = dms_adapter_new (&bench->machine, bench->device, &description);
  g_assert_nonnull (bench->adapter);
}

static void
bench_release (Bench *bench)
{
  dms_machine_release (&bench->machine);
  dms_scenario_release (&bench->scenario);
  fixture_run_release (&bench->run);
}

static void
program (Bench *bench, uint64_t logical, uint32_t length, bool to_device)
{
  DmsControllerPiece piece = { .logical = logical,
                               .length = length,
                               .to_device = to_device,
                               .transfer = 5,
                               .grant = 9,
                               .element = 3 };

  bench->machine.controller->program (&bench->machine, bench->adapter, &piece);
}

static uint64_t
counter (Bench *bench)
{
  return bench->machine.controller->counter (&bench->machine, bench->adapter);
}

static Dms8237Registers
registers (const Bench *bench)
{
  return dms_8237_registers (&bench->machine, bench->device->row->channel);
}

/* Moves bytes until the channel is masked or @length are moved. */
static uint64_t
move (Bench *bench, uint64_t length)
{
  uint64_t moved = 0;

  while (moved < length)
    {
      Dms8237Burst burst
          = dms_8237_move (&bench->machine, bench->device, (uint32_t)(length - moved));

      if (burst.length == 0)
        break;
      moved += burst.length;
    }
  return moved;
}

/* ---- the table of the reference ---- */

static void
test_count_formula (void)
{
  g_assert_cmpuint (dms_8237_bytes_left (0xffff, 2), ==, 0);
  g_assert_cmpuint (dms_8237_bytes_left (0x01ff, 2), ==, 512);
  g_assert_cmpuint (dms_8237_bytes_left (0, 2), ==, 1);
  g_assert_cmpuint (dms_8237_bytes_left (0xfffe, 2), ==, 65535);
  g_assert_cmpuint (dms_8237_bytes_left (0xffff, 5), ==, 0);
  g_assert_cmpuint (dms_8237_bytes_left (0x01ff, 5), ==, 1024);
  g_assert_cmpuint (dms_8237_bytes_left (0, 7), ==, 2);
}

static void
test_which_channels_there_are (void)
{
  Bench bench;

  bench_init (&bench, 0, false, false);
  for (uint32_t channel = 0; channel < 10; channel++)
    for (uint32_t bits = 8; bits <= 32; bits *= 2)
      g_assert_cmpint (bench.machine.controller->is_possible (channel, bits),
                       ==,
                       (channel < 4 && bits == 8)
                           || (channel > 4 && channel < 8 && bits == 16));
  g_assert_cmphex (bench.adapter->highest, ==, 0xffffff);
  bench_release (&bench);
}

/* ---- programming ---- */

static void
test_byte_channel_registers (void)
{
  Bench bench;

  bench_init (&bench, 2, false, false);
  g_assert_true (registers (&bench).is_masked);
  g_assert_cmphex (registers (&bench).count, ==, 0xffff);
  g_assert_cmpuint (counter (&bench), ==, 0);
  program (&bench, 0x12345, 512, false);
  g_assert_cmphex (registers (&bench).page, ==, 0x01);
  g_assert_cmphex (registers (&bench).base_address, ==, 0x2345);
  g_assert_cmphex (registers (&bench).base_count, ==, 0x01ff);
  /* Channel 2, writes memory, single. */
  g_assert_cmphex (registers (&bench).mode, ==, 0x46);
  g_assert_false (registers (&bench).is_masked);
  g_assert_cmpuint (counter (&bench), ==, 512);

  const DmsEvent *event = fixture_find (&bench.run, DMS_EVENT_CONTROLLER, 0);

  g_assert_cmpuint (event->index, ==, 2);
  g_assert_cmphex (event->a, ==, 0x12345);
  g_assert_cmphex (event->b, ==, 0x01ff);
  g_assert_cmphex (event->c, ==, 0x46);
  g_assert_cmpuint (event->length, ==, 512);
  g_assert_cmphex (event->flags, ==, DMS_FLAG_FROM_DEVICE | DMS_FLAG_TAKEN);
  bench_release (&bench);
}

static void
test_word_channel_registers (void)
{
  Bench bench;

  bench_init (&bench, 6, false, true);
  /* Page registers of word channels lose their lowest bit: the address has it. */
  program (&bench, 0x1b2344, 512, true);
  g_assert_cmphex (registers (&bench).page, ==, 0x1b);
  g_assert_cmphex (registers (&bench).base_address, ==, 0x91a2);
  g_assert_cmphex (registers (&bench).base_count, ==, 0x00ff);
  /* Channel 2 of its controller, reads memory, demand. */
  g_assert_cmphex (registers (&bench).mode, ==, 0x0a);
  g_assert_cmpuint (counter (&bench), ==, 512);
  g_assert_cmpuint (move (&bench, 2), ==, 2);
  g_assert_cmphex (fixture_find (&bench.run, DMS_EVENT_STRAY, 0)->a, ==, 0x1b2344);
  g_assert_cmpuint (counter (&bench), ==, 510);
  g_assert_cmphex (registers (&bench).address, ==, 0x91a3);
  g_assert_cmphex (registers (&bench).count, ==, 0x00fe);
  bench_release (&bench);
}

static void
test_odd_on_a_word_channel (void)
{
  Bench bench;

  bench_init (&bench, 5, false, false);
  program (&bench, 0x20001, 64, true);
  program (&bench, 0x20000, 65, true);
  program (&bench, 0x20000, 64, true);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_FACT), ==, 2);

  const DmsEvent *address = fixture_find (&bench.run, DMS_EVENT_FACT, 0);
  const DmsEvent *length = fixture_find (&bench.run, DMS_EVENT_FACT, 1);

  g_assert_cmpuint (address->index, ==, DMS_FACT_MISALIGNED);
  g_assert_cmphex (address->a, ==, 0x20001);
  g_assert_cmpuint (address->b, ==, 2);
  g_assert_cmpuint (address->c, ==, 3);
  g_assert_cmpuint (length->a, ==, 65);
  bench_release (&bench);
}

/* ---- moving ---- */

static void
test_terminal_count_masks (void)
{
  Bench bench;

  bench_init (&bench, 1, false, false);
  program (&bench, 0x10000, 1000, true);
  g_assert_cmpuint (move (&bench, 999), ==, 999);
  g_assert_cmpuint (counter (&bench), ==, 1);
  g_assert_cmphex (registers (&bench).count, ==, 0);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_TERMINAL_COUNT), ==, 0);
  g_assert_cmpuint (move (&bench, 5), ==, 1);
  g_assert_cmphex (registers (&bench).count, ==, 0xffff);
  g_assert_cmpuint (counter (&bench), ==, 0);
  g_assert_true (registers (&bench).is_masked);
  g_assert_cmpuint (dms_8237_room (&bench.machine, bench.device, 100), ==, 0);

  const DmsEvent *event = fixture_find (&bench.run, DMS_EVENT_TERMINAL_COUNT, 0);

  g_assert_cmpuint (event->index, ==, 1);
  g_assert_cmpuint (event->a, ==, 1);
  g_assert_cmpuint (event->length, ==, 1000);
  g_assert_cmpuint (event->transfer, ==, 5);
  g_assert_cmpuint (event->object, ==, 9);
  g_assert_cmphex (event->flags, ==, DMS_FLAG_TO_DEVICE);
  /* It is masked already: masking it tells nothing. */
  bench.machine.controller->mask (&bench.machine, bench.adapter);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_CONTROLLER), ==, 1);
  bench_release (&bench);
}

static void
test_mask_stops_and_keeps_the_count (void)
{
  Bench bench;

  bench_init (&bench, 3, false, false);
  program (&bench, 0x10000, 1000, true);
  g_assert_cmpuint (move (&bench, 300), ==, 300);
  bench.machine.controller->mask (&bench.machine, bench.adapter);
  g_assert_cmpuint (move (&bench, 300), ==, 0);
  g_assert_cmpuint (counter (&bench), ==, 700);
  g_assert_cmphex (fixture_find (&bench.run, DMS_EVENT_CONTROLLER, 1)->flags
                       & DMS_FLAG_FAILED,
                   !=,
                   0);
  g_assert_false (
      dms_state_device (bench.run.state, bench.device->name)->controller_runs);
  bench_release (&bench);
}

static void
test_auto_initialize_goes_round (void)
{
  Bench bench;

  bench_init (&bench, 1, true, false);
  program (&bench, 0x10000, 256, false);
  g_assert_cmphex (registers (&bench).mode, ==, 0x55);
  for (unsigned round = 1; round <= 5; round++)
    {
      g_assert_cmpuint (move (&bench, 100), ==, 100);
      g_assert_cmpuint (counter (&bench), ==, 156);
      g_assert_cmpuint (move (&bench, 156), ==, 156);
      /* Base registers are current ones again. */
      g_assert_cmpuint (counter (&bench), ==, 256);
      g_assert_cmphex (registers (&bench).address, ==, 0);
      g_assert_cmpuint (registers (&bench).rounds, ==, round);

      const DmsEvent *event
          = fixture_find (&bench.run, DMS_EVENT_TERMINAL_COUNT, round - 1);

      g_assert_cmpuint (event->a, ==, round);
      g_assert_cmphex (event->flags & DMS_FLAG_FORCED, ==, DMS_FLAG_FORCED);
    }
  g_assert_false (registers (&bench).is_masked);
  bench_release (&bench);
}

/* The page register stands still: behind its window a channel begins at its start. */
static void
check_wrap (uint32_t channel, uint64_t window)
{
  Bench bench;

  bench_init (&bench, channel, false, false);
  g_assert_cmpuint (dms_8237_window (channel), ==, window);
  program (&bench, 8 * window - 16, 48, false);
  g_assert_cmpuint (dms_8237_room (&bench.machine, bench.device, 48), ==, 16);
  g_assert_cmpuint (move (&bench, 48), ==, 48);
  g_assert_cmphex (
      fixture_find (&bench.run, DMS_EVENT_STRAY, 0)->a, ==, 8 * window - 16);
  g_assert_cmphex (fixture_find (&bench.run, DMS_EVENT_STRAY, 1)->a, ==, 7 * window);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_STRAY), ==, 2);
  bench_release (&bench);
}

static void
test_windows_wrap_around (void)
{
  check_wrap (1, 65536);
  check_wrap (7, 131072);
}

/* A whole window is the most; its count reads as terminal count until the first
 * transfer. */
static void
test_whole_windows (void)
{
  static const struct
  {
    uint32_t channel, bytes, unit;
  } rows[] = { { 0, 65536, 1 }, { 6, 131072, 2 } };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Bench bench;

      bench_init (&bench, rows[i].channel, false, false);
      program (&bench, 0x40000, rows[i].bytes, true);
      g_assert_cmphex (registers (&bench).base_count, ==, 0xffff);
      g_assert_cmpuint (counter (&bench), ==, 0);
      g_assert_cmpuint (move (&bench, rows[i].unit), ==, rows[i].unit);
      g_assert_cmpuint (counter (&bench), ==, rows[i].bytes - rows[i].unit);
      g_assert_cmpuint (move (&bench, rows[i].bytes), ==, rows[i].bytes - rows[i].unit);
      g_assert_true (registers (&bench).is_masked);
      bench_release (&bench);
    }
}

/* Counter, address and bytes that are left agree after each burst, whatever its
 * length. */
static void
test_random_bursts (void)
{
  DmsTestRandom random;

  dms_test_random_init (&random, 0);
  for (unsigned i = 0; i < 200; i++)
    {
      static const uint32_t channels[] = { 0, 1, 2, 3, 5, 6, 7 };
      uint32_t channel
          = channels[dms_test_random_below (&random, G_N_ELEMENTS (channels))];
      uint32_t unit = channel > 4 ? 2 : 1;
      uint32_t length = unit * (uint32_t)dms_test_random_range (&random, 1, 20000);
      uint64_t address = unit * dms_test_random_below (&random, 0x800000 / unit);
      uint64_t left = length;
      Bench bench;

      bench_init (&bench, channel, false, dms_test_random_chance (&random, 50));
      bench.machine.devices[0].hardware.burst
          = dms_test_random_range (&random, 1, 5000);
      program (&bench, address, length, dms_test_random_chance (&random, 50));
      while (left > 0)
        {
          uint32_t want = unit * (uint32_t)dms_test_random_range (&random, 1, 3000);
          uint64_t moved = move (&bench, want);

          g_assert_cmpuint (moved, ==, want < left ? want : left);
          left -= moved;
          g_assert_cmpuint (counter (&bench), ==, left % dms_8237_window (channel));
          g_assert_cmphex (registers (&bench).address,
                           ==,
                           (uint16_t)((address + length - left) / unit));
        }
      g_assert_true (registers (&bench).is_masked);
      bench_release (&bench);
    }
}

/* ---- time, and waiting ---- */

static void
test_single_mode_costs_more (void)
{
  const DmsCost cost = dms_cost_default ();

  for (int demand = 0; demand < 2; demand++)
    {
      Bench bench;
      uint64_t n = demand ? 1 : 50;

      bench_init (&bench, 6, false, demand);
      program (&bench, 0x20000, 1000, true);
      g_assert_cmpuint (dms_8237_time (&bench.machine, bench.device, 100),
                        ==,
                        n * cost.burst_ps + 100 * cost.bus_byte_ps);
      bench_release (&bench);
    }
}

static void
served (DmsMachine *machine, void *subject, uint64_t number)
{
  g_assert_true (subject == &machine->devices[0]);
  machine->devices[0].n_requests += (uint32_t)number;
}

static void
test_who_waits_is_served_when_programmed (void)
{
  Bench bench;

  bench_init (&bench, 2, false, false);
  dms_8237_wait (&bench.machine, bench.device, served, 7);
  g_assert_cmpint (dms_machine_step (&bench.machine), ==, DMS_ERROR_END);
  program (&bench, 0x20000, 100, true);
  g_assert_cmpint (dms_machine_step (&bench.machine), ==, DMS_OK);
  g_assert_cmpuint (bench.device->n_requests, ==, 7);
  /* Once. */
  program (&bench, 0x20000, 100, true);
  g_assert_cmpint (dms_machine_step (&bench.machine), ==, DMS_ERROR_END);
  bench_release (&bench);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/8237/count-formula", test_count_formula);
  g_test_add_func ("/8237/channels", test_which_channels_there_are);
  g_test_add_func ("/8237/program/bytes", test_byte_channel_registers);
  g_test_add_func ("/8237/program/words", test_word_channel_registers);
  g_test_add_func ("/8237/program/odd", test_odd_on_a_word_channel);
  g_test_add_func ("/8237/terminal-count", test_terminal_count_masks);
  g_test_add_func ("/8237/mask", test_mask_stops_and_keeps_the_count);
  g_test_add_func ("/8237/auto-initialize", test_auto_initialize_goes_round);
  g_test_add_func ("/8237/wrap", test_windows_wrap_around);
  g_test_add_func ("/8237/whole-windows", test_whole_windows);
  g_test_add_func ("/8237/random", test_random_bursts);
  g_test_add_func ("/8237/cost", test_single_mode_costs_more);
  g_test_add_func ("/8237/wait", test_who_waits_is_served_when_programmed);
  return g_test_run ();
}
