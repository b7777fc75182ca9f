/* test-other-devices.c — cards that are no bus masters with descriptors: system DMA
 * with and without auto-initialize, a ring in shared memory; their drivers, end to end
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-ring.h"
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/random-scenario.h"

enum
{
  N_RUNS = 300 /* of each driver */
};

/* ---- scenarios ---- */

static void
make_ring (Maker *maker, DmsScenarioDevice *device)
{
  static const uint32_t lines[] = { 24, 28, 32, 36, 64 };

  device->address_bits
      = lines[dms_test_random_below (&maker->random, G_N_ELEMENTS (lines))];
  device->ring = DMS_RING_SLOT * dms_test_random_range (&maker->random, 1, 40);
  /* What is no whole slot stays unused. */
  device->ring += dms_test_random_below (&maker->random, DMS_RING_SLOT);
  device->iommu = dms_test_random_chance (&maker->random, 25);
}

static void
make_slave (Maker *maker, DmsScenarioDevice *device)
{
  static const uint32_t channels[] = { 0, 1, 2, 3, 5, 6, 7 };

  /* Each device has a channel of its own. */
  device->channel = channels[(size_t)(device->name[1] - '0') * 2
                             + dms_test_random_below (&maker->random, 2)];
  device->maximum_length = 2 * dms_test_random_range (&maker->random, 1024, 32768);
  device->iommu = dms_test_random_chance (&maker->random, 25);
  if (device->burst < 2)
    device->burst = 2;
}

static void
make_auto_slave (Maker *maker, DmsScenarioDevice *device)
{
  make_slave (maker, device);
  device->auto_initialize = true;
}

typedef struct
{
  const char *model, *driver;
  void (*make) (Maker *maker, DmsScenarioDevice *device);
} Kind;

static const Kind ring_kind = { "ring", "common-buffer", make_ring };
static const Kind slave_kind = { "system-dma", "system-dma", make_slave };
static const Kind auto_kind = { "system-dma", "system-dma-auto", make_auto_slave };

static void
set_text (char **text, const char *to)
{
  free (*text);
  *text = fixture_text (to);
}

static void
make_device (Maker *maker, DmsScenario *scenario, const Kind *kind, size_t i)
{
  char name[] = { 'c', (char)('0' + i), 0 };
  DmsScenarioDevice *device = fixture_add_device (scenario, name, 24);

  set_text (&device->model, kind->model);
  set_text (&device->driver, kind->driver);
  device->scatter_gather = false;
  device->burst = dms_test_random_range (&maker->random, 1, 600);
  kind->make (maker, device);
}

static void
make_requests (Maker *maker, DmsScenario *scenario, size_t device, uint64_t alignment)
{
  size_t buffer = scenario->n_buffers;
  char name[] = { 'b', (char)('0' + buffer), 0 };
  uint64_t n = maker_add_buffer (maker, scenario, name, alignment);
  uint64_t rows = dms_test_random_range (&maker->random, 1, 3);

  for (uint64_t i = 0; i < rows; i++)
    {
      uint64_t units = n / alignment;
      uint64_t start = dms_test_random_chance (&maker->random, 60)
                           ? 0
                           : dms_test_random_below (&maker->random, units);
      uint64_t length = dms_test_random_chance (&maker->random, 50)
                            ? units - start
                            : dms_test_random_range (&maker->random, 1, units - start);
      DmsScenarioRequest *request
          = fixture_add_request (scenario,
                                 device,
                                 buffer,
                                 dms_test_random_chance (&maker->random, 50),
                                 length * alignment);

      request->start = start * alignment;
      request->at_ns = dms_test_random_below (&maker->random, 20000);
      request->count = (uint32_t)dms_test_random_range (&maker->random, 1, 2);
      request->every_ns = dms_test_random_below (&maker->random, 9000);
    }
}

static uint64_t
alignment_of (const DmsScenarioDevice *device)
{
  return strcmp (device->model, "system-dma") == 0 && device->channel > 4 ? 2 : 1;
}

static void
make_scenario (DmsScenario *scenario, const Kind *kind, uint64_t salt)
{
  Maker maker;

  maker_init (&maker, salt);
  dms_scenario_init (scenario);
  scenario->seed = dms_test_random_next (&maker.random);
  scenario->memory = UINT64_C (1) << dms_test_random_range (&maker.random, 25, 40);
  scenario->map_registers = (uint32_t)dms_test_random_range (&maker.random, 4, 40);
  scenario->hal_x86 = dms_test_random_chance (&maker.random, 40);
  scenario->verifier = dms_test_random_chance (&maker.random, 20);
  /* A driver that comes late: up to 30 ms. */
  if (dms_test_random_chance (&maker.random, 40))
    scenario->cost.dpc_ps
        = dms_test_random_below (&maker.random, UINT64_C (30000000000));

  size_t n = (size_t)dms_test_random_range (&maker.random, 1, 3);

  for (size_t i = 0; i < n; i++)
    make_device (&maker, scenario, kind, i);
  for (size_t i = 0; i < n; i++)
    make_requests (&maker, scenario, i, alignment_of (&scenario->devices[i]));
  maker_release (&maker);
}

/* ---- what has to be ---- */

/* The stream that requester and device make by themselves: byte n of the transfer is
 * its byte n, whatever way it went. */
static void
check_bytes (FixtureRun *run, const DmsEvent *event)
{
  const DmsTransfer *transfer
      = dms_table_get (&run->machine->transfers, event->transfer);
  uint64_t key = dms_pattern_key (run->machine->scenario->seed, transfer->id);
  size_t n = (size_t)event->length;
  size_t n_received = 0;
  const uint8_t *received = dms_device_received (transfer->device, &n_received);
  uint8_t *expected = g_malloc (n + 1);
  uint8_t *found = g_malloc (n + 1);

  dms_pattern_fill (key, 0, expected, n);
  dms_buffer_read (transfer->buffer, transfer->start, found, n);
  g_assert_cmpmem (found, n, expected, n);
  if (transfer->to_device)
    g_assert_cmpmem (received, n_received, expected, n);
  g_free (expected);
  g_free (found);
}

static void
after (FixtureRun *run, const DmsEvent *event)
{
  guint *n_complete = run->data;

  g_assert_cmpint (event->kind, !=, DMS_EVENT_STRAY);
  g_assert_cmpint (event->kind, !=, DMS_EVENT_FAULT);
  g_assert_cmpint (event->kind, !=, DMS_EVENT_FACT);
  /* An interrupt in between does not stop the card. */
  if (event->kind == DMS_EVENT_INTERRUPT)
    g_assert_cmpint (dms_state_device (run->state, event->device)->running,
                     ==,
                     (event->flags & DMS_FLAG_TAKEN) != 0);
  if (event->kind != DMS_EVENT_COMPLETE)
    return;
  g_assert_cmphex (event->status, ==, DMS_NT_SUCCESS);
  (*n_complete)++;
  check_bytes (run, event);
}

static guint
count_requests (const DmsScenario *scenario)
{
  guint n = 0;

  for (size_t i = 0; i < scenario->n_requests; i++)
    n += scenario->requests[i].count;
  return n;
}

static void
run_one (const Kind *kind, uint64_t salt)
{
  DmsScenario scenario;
  FixtureRun run;
  guint n_complete = 0;

  make_scenario (&scenario, kind, salt);
  fixture_run_init (&run);
  run.after = after;
  run.data = &n_complete;

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  fixture_assert_clean (simulation);
  g_assert_cmpuint (dms_common_live (&simulation->machine), ==, 0);
  g_assert_cmpuint (run.state->oddities, ==, 0);
  g_assert_cmpuint (run.state->mappings.n, ==, 0);
  g_assert_cmpuint (n_complete, ==, count_requests (&scenario));
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

static void
test_kind (const void *data)
{
  for (uint64_t i = 0; i < N_RUNS; i++)
    {
      if (g_test_verbose ())
        g_test_message ("scenario %" G_GUINT64_FORMAT, i);
      run_one (data, i);
    }
}

/* ---- the ring ---- */

static void
ring_scenario (DmsScenario *scenario, uint64_t ring, uint64_t length, bool to_device)
{
  static const uint64_t frames[] = { 0x7311, 0x7409, 0x7500 };

  dms_scenario_init (scenario);
  scenario->memory = UINT64_C (1) << 30;

  DmsScenarioDevice *device = fixture_add_device (scenario, "card0", 32);

  set_text (&device->model, "ring");
  set_text (&device->driver, "common-buffer");
  device->ring = ring;
  fixture_add_mdl (fixture_add_buffer (scenario, "data"), 100, length, frames);
  fixture_add_request (scenario, 0, 0, to_device, length);
}

/* Two slots for data of three: the doorbell rings twice, and nothing is mapped. */
static void
test_ring_tells_its_steps (void)
{
  DmsScenario scenario;
  FixtureRun run;

  ring_scenario (&scenario, 2 * DMS_RING_SLOT, 1000, false);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  const DmsEvent *alloc = fixture_find (&run, DMS_EVENT_ALLOC, 0);
  const DmsEvent *start = fixture_find (&run, DMS_EVENT_START, 0);

  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_ALLOC), ==, 1);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_FREE), ==, 1);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_MAP), ==, 0);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_START), ==, 2);
  g_assert_cmpuint (start->a, ==, 2);
  g_assert_cmpuint (start->length, ==, 2 * DMS_RING_SLOT_DATA);
  g_assert_cmpuint (start->object, ==, alloc->object);
  g_assert_cmpuint (start->flags, ==, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (fixture_find (&run, DMS_EVENT_START, 1)->length,
                    ==,
                    1000 - 2 * DMS_RING_SLOT_DATA);
  g_assert_cmpuint (
      fixture_find (&run, DMS_EVENT_INTERRUPT, 0)->length, ==, 2 * DMS_RING_SLOT_DATA);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_SHARED_TOUCH), >=, 3 + 3 + 3);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* Registers of the first device, as a driver writes them. */
static void
write_register (DmsSimulation *simulation, uint64_t offset, uint64_t value)
{
  DmsDevice *device = &simulation->machine.devices[0];

  device->model->write (&simulation->machine, device, offset, value, 4);
}

static uint64_t
read_register (DmsSimulation *simulation, uint64_t offset)
{
  DmsDevice *device = &simulation->machine.devices[0];

  return device->model->read (&simulation->machine, device, offset, 4);
}

static void
run_to_end (DmsSimulation *simulation)
{
  while (dms_machine_step (&simulation->machine) == DMS_OK)
    ;
}

static void
put (uint8_t *slot, uint32_t owner, uint32_t length, uint32_t direction)
{
  uint32_t numbers[] = { owner, length, direction };

  for (size_t i = 0; i < 3; i++)
    for (size_t k = 0; k < 4; k++)
      slot[4 * i + k] = (uint8_t)(numbers[i] >> 8 * k);
}

/* A slot that is not the device's, that is too long, without a direction, and a ring
 * that is nowhere: an error, told by an interrupt, and nothing else is touched. */
static void
test_ring_refuses_bad_slots (void)
{
  static const uint32_t bad[][3] = { { 0, 10, 1 }, { 1, 497, 1 }, { 1, 10, 0 } };

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      DmsScenario scenario;
      FixtureRun run;
      DmsStatus status = DMS_OK;
      DmsSink sink;

      ring_scenario (&scenario, 4 * DMS_RING_SLOT, 10, true);
      scenario.requests[0].at_ns = 1000000;
      fixture_run_init (&run);
      sink = fixture_sink (&run);

      DmsSimulation *simulation = dms_simulation_new (&scenario, &sink, &status, NULL);

      /* The driver's start, and no request yet. */
      g_assert_cmpint (dms_machine_step (&simulation->machine), ==, DMS_OK);

      const DmsEvent *alloc = fixture_find (&run, DMS_EVENT_ALLOC, 0);
      DmsCommon *ring = dms_table_get (&simulation->machine.commons, alloc->object);

      put (ring->bytes, 1, 5, DMS_RING_FROM_DEVICE);
      put (ring->bytes + DMS_RING_SLOT, bad[i][0], bad[i][1], bad[i][2]);
      put (ring->bytes + 2 * DMS_RING_SLOT, 1, 5, DMS_RING_FROM_DEVICE);
      write_register (simulation, DMS_RING_TAIL, 3);
      while (fixture_find (&run, DMS_EVENT_INTERRUPT, 0) == NULL)
        g_assert_cmpint (dms_machine_step (&simulation->machine), ==, DMS_OK);
      g_assert_cmphex (fixture_find (&run, DMS_EVENT_INTERRUPT, 0)->flags
                           & DMS_FLAG_FAILED,
                       ==,
                       DMS_FLAG_FAILED);
      g_assert_cmpuint (
          read_register (simulation, DMS_RING_STATUS) & DMS_RING_STATUS_ERROR, !=, 0);
      g_assert_cmpuint (ring->bytes[12], ==, DMS_RING_RESULT_DONE);
      g_assert_cmpuint (ring->bytes[DMS_RING_SLOT + 12], ==, DMS_RING_RESULT_BAD);
      g_assert_cmpuint (ring->bytes[DMS_RING_SLOT + 4], ==, 0);
      g_assert_cmpuint (ring->bytes[2 * DMS_RING_SLOT], ==, DMS_RING_DEVICE);
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

static void
test_ring_nowhere (void)
{
  DmsScenario scenario;
  FixtureRun run;
  DmsStatus status = DMS_OK;
  DmsSink sink;

  ring_scenario (&scenario, 4 * DMS_RING_SLOT, 10, true);
  scenario.n_requests = 0;
  fixture_run_init (&run);
  sink = fixture_sink (&run);

  DmsSimulation *simulation = dms_simulation_new (&scenario, &sink, &status, NULL);

  g_assert_cmpint (dms_machine_step (&simulation->machine), ==, DMS_OK);
  /* Nobody is asked: the driver has no request. */
  simulation->machine.devices[0].is_started = false;
  write_register (simulation, DMS_RING_ADDRESS, 0xfffff000);
  write_register (simulation, DMS_RING_SLOTS, 2);
  write_register (simulation, DMS_RING_TAIL, 1);
  run_to_end (simulation);
  g_assert_cmphex (
      fixture_find (&run, DMS_EVENT_STRAY, 0)->flags & DMS_FLAG_FAILED, !=, 0);
  g_assert_cmpuint (
      fixture_find (&run, DMS_EVENT_INTERRUPT, 0)->flags & DMS_FLAG_FAILED, !=, 0);
  /* No slots: the doorbell is not heard. */
  write_register (simulation, DMS_RING_SLOTS, 0);
  write_register (simulation, DMS_RING_TAIL, 7);
  run_to_end (simulation);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_INTERRUPT), ==, 1);
  scenario.n_requests = 1;
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* ---- system DMA ---- */

/* Three pages out of the controller's reach, 100 bytes into the first. */
static DmsScenarioDevice *
slave_scenario (DmsScenario *scenario, const char *driver, uint32_t channel)
{
  static const uint64_t frames[] = { 0x7311, 0x7409, 0x7500, 0x7601, 0x7777, 0x8888 };

  dms_scenario_init (scenario);
  scenario->memory = UINT64_C (1) << 30;

  DmsScenarioDevice *device = fixture_add_device (scenario, "card0", 24);

  set_text (&device->model, "system-dma");
  set_text (&device->driver, driver);
  device->scatter_gather = false;
  device->channel = channel;
  fixture_add_mdl (fixture_add_buffer (scenario, "data"), 100, 22000, frames);
  return device;
}

static const DmsEvent *
call_of (const FixtureRun *run, DmsEventKind kind, DmsRoutine routine)
{
  const DmsEvent *event = NULL;

  for (guint i = 0; (event = fixture_find (run, kind, i)) != NULL; i++)
    if (event->index == routine)
      return event;
  return NULL;
}

static void
end_run (FixtureRun *run, DmsSimulation *simulation, DmsScenario *scenario)
{
  dms_simulation_free (simulation);
  fixture_run_release (run);
  dms_scenario_release (scenario);
}

/* The controller gets to its end: counter 0, channel masked by itself. */
static void
test_slave_to_terminal_count (void)
{
  DmsScenario scenario;
  FixtureRun run;

  slave_scenario (&scenario, "system-dma", 2);
  fixture_add_request (&scenario, 0, 0, false, 5000);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  const DmsEvent *program = fixture_find (&run, DMS_EVENT_CONTROLLER, 0);
  const DmsEvent *map = fixture_find (&run, DMS_EVENT_MAP, 0);
  const DmsEvent *end = fixture_find (&run, DMS_EVENT_TERMINAL_COUNT, 0);

  g_assert_cmpuint (program->index, ==, 2);
  g_assert_cmpuint (program->length, ==, 5000);
  g_assert_cmphex (program->b, ==, 4999);
  g_assert_cmphex (program->a, <=, 0xffffff);
  g_assert_cmpuint (program->object, ==, map->object);
  g_assert_cmpuint (map->seq, <, program->seq);
  g_assert_cmpuint (end->length, ==, 5000);
  g_assert_cmphex (
      call_of (&run, DMS_EVENT_RETURN, DMS_ROUTINE_READ_DMA_COUNTER)->b, ==, 0);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_CONTROLLER), ==, 1);
  g_assert_cmpuint (fixture_find (&run, DMS_EVENT_COMPLETE, 0)->length, ==, 5000);
  end_run (&run, simulation, &scenario);
}

/* The card ends early: the counter tells what is missing, and is read before the flush
 * masks the channel. */
static void
test_slave_ends_short (void)
{
  DmsScenario scenario;
  FixtureRun run;

  slave_scenario (&scenario, "system-dma", 6)->segment = 3000;
  fixture_add_request (&scenario, 0, 0, false, 5000);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  const DmsEvent *read = call_of (&run, DMS_EVENT_CALL, DMS_ROUTINE_READ_DMA_COUNTER);
  const DmsEvent *flush
      = call_of (&run, DMS_EVENT_CALL, DMS_ROUTINE_FLUSH_ADAPTER_BUFFERS);
  const DmsEvent *mask = fixture_find (&run, DMS_EVENT_CONTROLLER, 1);
  const DmsEvent *complete = fixture_find (&run, DMS_EVENT_COMPLETE, 0);

  g_assert_cmpuint (fixture_find (&run, DMS_EVENT_INTERRUPT, 0)->length, ==, 3000);
  g_assert_cmpuint (
      call_of (&run, DMS_EVENT_RETURN, DMS_ROUTINE_READ_DMA_COUNTER)->b, ==, 2000);
  g_assert_cmpuint (read->seq, <, flush->seq);
  g_assert_cmphex (mask->flags & DMS_FLAG_FAILED, !=, 0);
  g_assert_cmpuint (mask->cause, ==, flush->seq);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_TERMINAL_COUNT), ==, 0);
  g_assert_cmphex (complete->status, ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (complete->length, ==, 3000);
  fixture_assert_clean (simulation);
  end_run (&run, simulation, &scenario);
}

static uint32_t
status_of_request (uint32_t channel, uint64_t start, uint64_t length)
{
  DmsScenario scenario;
  FixtureRun run;

  slave_scenario (&scenario, "system-dma", channel);
  fixture_add_request (&scenario, 0, 0, true, length)->start = start;
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  uint32_t status = fixture_find (&run, DMS_EVENT_COMPLETE, 0)->status;

  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_FACT), ==, 0);
  fixture_assert_clean (simulation);
  end_run (&run, simulation, &scenario);
  return status;
}

static void
test_slave_driver_refuses (void)
{
  g_assert_cmphex (status_of_request (3, 1, 999), ==, DMS_NT_SUCCESS);
  g_assert_cmphex (status_of_request (5, 2, 998), ==, DMS_NT_SUCCESS);
  /* Words of 16 bits. */
  g_assert_cmphex (status_of_request (5, 1, 998), ==, DMS_NT_INVALID_PARAMETER);
  g_assert_cmphex (status_of_request (5, 2, 999), ==, DMS_NT_INVALID_PARAMETER);
  g_assert_cmphex (status_of_request (3, 0, 22001), ==, DMS_NT_BUFFER_TOO_SMALL);
}

static void
assert_problem (const DmsScenario *scenario, const char *text)
{
  DmsStatus status = DMS_OK;
  DmsSink sink = { NULL, NULL, NULL };
  DmsBytes problem;

  dms_bytes_init (&problem);
  g_assert_null (dms_simulation_new (scenario, &sink, &status, &problem));
  g_assert_cmpstr (dms_bytes_text (&problem), ==, text);
  g_assert_cmpint (status, ==, DMS_ERROR_RANGE);
  dms_bytes_release (&problem);
}

/* Nothing of it is found out in mid-run. */
static void
test_scenarios_that_cannot_be (void)
{
  DmsScenario scenario;
  DmsScenarioDevice *device = slave_scenario (&scenario, "system-dma", 4);

  fixture_add_request (&scenario, 0, 0, true, 100);
  assert_problem (&scenario,
                  "devices[0].channel is 4; 0 to 3 or 5 to 7 is needed, because "
                  "channel 4 links the two controllers");
  device->channel = 8;
  assert_problem (&scenario,
                  "devices[0].channel is 8; 0 to 3 or 5 to 7 is needed, because "
                  "channel 4 links the two controllers");
  device->channel = 3;
  device = fixture_add_device (&scenario, "card1", 24);
  set_text (&device->model, "system-dma");
  set_text (&device->driver, "system-dma-auto");
  device->channel = 3;
  assert_problem (&scenario,
                  "devices[1].channel is 3 like devices[0].channel; each card needs a "
                  "channel of its own");
  set_text (&device->model, "ring");
  set_text (&device->driver, "common-buffer");
  device->ring = 511;
  assert_problem (&scenario,
                  "devices[1].ring is 511; ring shares memory with its driver, so at "
                  "least one slot of 512 bytes is needed");
  device->ring = 512;
  device->auto_initialize = true;
  assert_problem (&scenario,
                  "devices[1].auto_initialize is true; ring uses no channel of the "
                  "DMA controller that could start again");
  dms_scenario_release (&scenario);
}

/* Two times round a ring of 8 KiB and on: mapped and programmed once, and no byte of
 * the ring is copied by the system. */
static void
test_auto_goes_round (void)
{
  DmsScenario scenario;
  FixtureRun run;
  guint n_complete = 0;

  slave_scenario (&scenario, "system-dma-auto", 1)->auto_initialize = true;
  fixture_add_request (&scenario, 0, 0, false, 20000);
  fixture_run_init (&run);
  run.after = after;
  run.data = &n_complete;

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  const DmsEvent *alloc = fixture_find (&run, DMS_EVENT_ALLOC, 0);
  const DmsEvent *program = fixture_find (&run, DMS_EVENT_CONTROLLER, 0);

  g_assert_cmpuint (n_complete, ==, 1);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_MAP), ==, 1);
  g_assert_cmphex (program->a, ==, alloc->a);
  g_assert_cmpuint (program->length, ==, 8192);
  /* Channel 1, writes memory, auto-initialize, single. */
  g_assert_cmphex (program->c, ==, 0x55);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_TERMINAL_COUNT), ==, 2);
  g_assert_cmpuint (fixture_find (&run, DMS_EVENT_TERMINAL_COUNT, 1)->a, ==, 2);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_COPY), ==, 0);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_BOUNCE), ==, 0);
  /* An interrupt for each half, and one at the end. */
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_INTERRUPT), ==, 4 + 1);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (
        (fixture_find (&run, DMS_EVENT_INTERRUPT, i)->flags & DMS_FLAG_TAKEN) != 0,
        ==,
        i < 4);
  g_assert_cmpuint (
      call_of (&run, DMS_EVENT_RETURN, DMS_ROUTINE_READ_DMA_COUNTER)->b, <=, 4096);
  end_run (&run, simulation, &scenario);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_data_func ("/other-devices/ring/random", &ring_kind, test_kind);
  g_test_add_data_func ("/other-devices/system-dma/random", &slave_kind, test_kind);
  g_test_add_data_func ("/other-devices/system-dma-auto/random", &auto_kind, test_kind);
  g_test_add_func ("/other-devices/system-dma/steps", test_slave_to_terminal_count);
  g_test_add_func ("/other-devices/system-dma/short", test_slave_ends_short);
  g_test_add_func ("/other-devices/system-dma/refuses", test_slave_driver_refuses);
  g_test_add_func ("/other-devices/cannot-be", test_scenarios_that_cannot_be);
  g_test_add_func ("/other-devices/system-dma-auto/steps", test_auto_goes_round);
  g_test_add_func ("/other-devices/ring/steps", test_ring_tells_its_steps);
  g_test_add_func ("/other-devices/ring/bad-slots", test_ring_refuses_bad_slots);
  g_test_add_func ("/other-devices/ring/nowhere", test_ring_nowhere);
  return g_test_run ();
}
