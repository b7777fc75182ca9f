/* test-ports-slave.c — a SCSI miniport whose card uses the system's DMA controller
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

#define PAGE 4096u

static void
make (DmsScenario *scenario, uint32_t channel, bool to_device, uint64_t length)
{
  uint64_t n = dms_span_pages (512, length);
  g_autofree uint64_t *frames = g_new (uint64_t, n);

  /* Some below 16 MiB, some above, none in a row. */
  for (uint64_t i = 0; i < n; i++)
    frames[i] = i % 3 == 0 ? 0x200 + 2 * i : 0x20000 + 2 * i;
  dms_scenario_init (scenario);
  scenario->seed = 3;

  DmsScenarioDevice *device = fixture_add_device (scenario, "tape0", 24);

  free (device->driver);
  free (device->model);
  device->driver = fixture_text ("scsi-slave-miniport");
  device->model = fixture_text ("system-dma");
  device->scatter_gather = false;
  device->channel = channel;
  device->maximum_length = 65536;
  fixture_add_mdl (fixture_add_buffer (scenario, "data"), 512, length, frames);
  fixture_add_request (scenario, 0, 0, to_device, length);
}

/* The controller is programmed, then the miniport hears of it, then the card is
 * started; after the interrupt the miniport flushes, and the port driver frees the
 * channel. */
static void
check_order (const FixtureRun *run)
{
  const DmsEvent *asks = fixture_find_call (run, DMS_ROUTINE_SCSI_PORT_IO_MAP_TRANSFER);
  const DmsEvent *programmed = fixture_find (run, DMS_EVENT_CONTROLLER, 0);
  const DmsEvent *told = fixture_find_call (run, DMS_ROUTINE_HW_SCSI_DMA_STARTED);
  const DmsEvent *start = fixture_find (run, DMS_EVENT_START, 0);
  const DmsEvent *flush = fixture_find_call (run, DMS_ROUTINE_SCSI_PORT_FLUSH_DMA);
  const DmsEvent *free_it
      = fixture_find_call (run, DMS_ROUTINE_PORT_FREE_ADAPTER_CHANNEL);

  g_assert_true (asks != NULL && told != NULL && flush != NULL && free_it != NULL);
  g_assert_cmpuint (asks->seq, <, programmed->seq);
  g_assert_cmpuint (programmed->seq, <, told->seq);
  g_assert_cmpuint (told->seq, <, start->seq);
  g_assert_cmpuint (start->seq, <, flush->seq);
  g_assert_cmpuint (flush->seq, <, free_it->seq);
  g_assert_cmpuint (told->context, ==, DMS_CONTEXT_DEVICE);
  g_assert_cmpuint (told->c, ==, 2);
}

static void
check (uint32_t channel, bool to_device, uint64_t length)
{
  DmsScenario scenario;
  FixtureRun run;

  make (&scenario, channel, to_device, length);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  const DmsEvent *complete = fixture_find (&run, DMS_EVENT_COMPLETE, 0);

  g_assert_cmphex (complete->status, ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (complete->length, ==, length);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_FACT), ==, 0);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_STRAY), ==, 0);
  check_order (&run);
  fixture_assert_bytes (simulation, to_device, length);
  fixture_assert_clean (simulation);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

static void
test_bytes (void)
{
  static const uint64_t lengths[] = { 2, 512, 5 * PAGE, 16 * PAGE, 40 * PAGE };

  for (size_t i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (int to_device = 0; to_device < 2; to_device++)
      {
        check (1, to_device != 0, lengths[i]);
        check (5, to_device != 0, lengths[i]);
      }
}

/* A chain is done MDL by MDL, each with a request block of its own. */
static void
test_chain (void)
{
  static const uint64_t frames[] = { 0x9000, 0x9001, 0x300 };
  DmsScenario scenario;
  FixtureRun run;

  make (&scenario, 2, false, 3 * PAGE);
  fixture_add_mdl (&scenario.buffers[0], 0, 3 * PAGE, frames);
  scenario.requests[0].length = 6 * PAGE;
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_FACT), ==, 0);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_START), ==, 2);
  fixture_assert_bytes (simulation, false, 6 * PAGE);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

static void
test_too_long (void)
{
  DmsScenario scenario;
  FixtureRun run;

  make (&scenario, 1, false, PAGE);
  scenario.requests[0].length = 2 * PAGE;
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  g_assert_cmphex (
      fixture_find (&run, DMS_EVENT_COMPLETE, 0)->status, ==, DMS_NT_BUFFER_TOO_SMALL);
  fixture_assert_clean (simulation);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* Many requests for one channel: each gives it back. */
static void
test_queue (void)
{
  DmsScenario scenario;
  FixtureRun run;

  make (&scenario, 3, true, 3 * PAGE);
  scenario.requests[0].count = 5;
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_COMPLETE), ==, 5);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_FACT), ==, 0);
  fixture_assert_clean (simulation);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/ports-slave/bytes", test_bytes);
  g_test_add_func ("/ports-slave/chain", test_chain);
  g_test_add_func ("/ports-slave/too-long", test_too_long);
  g_test_add_func ("/ports-slave/queue", test_queue);
  return g_test_run ();
}
