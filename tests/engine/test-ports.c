/* test-ports.c — the three port drivers, their miniports and the controllers with
 * tables
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-port-summary.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

#define PAGE 4096u

/* A miniport and the device that it drives. */
typedef struct
{
  const char *driver;
  const char *model;
  DmsRoutine learns; /* the routine by which it learns the addresses */
  DmsRoutine inside; /* the one of its own in which it does */
  uint8_t irql;      /* there */
  uint64_t lock;
} Way;

static const Way ways[] = {
  { "ata-miniport",
    "ide",
    DMS_ROUTINE_ATA_PORT_GET_SCATTER_GATHER_LIST,
    DMS_ROUTINE_IDE_HW_BUILD_IO,
    DMS_CONTEXT_DISPATCH,
    0 },
  { "ahci-miniport",
    "ahci",
    DMS_ROUTINE_ATA_PORT_GET_SCATTER_GATHER_LIST,
    DMS_ROUTINE_IDE_HW_BUILD_IO,
    DMS_CONTEXT_DISPATCH,
    0 },
  { "storport-miniport",
    "bus-master",
    DMS_ROUTINE_STOR_PORT_GET_SCATTER_GATHER_LIST,
    DMS_ROUTINE_HW_STOR_BUILD_IO,
    DMS_CONTEXT_DISPATCH,
    0 },
  { "scsi-miniport",
    "bus-master",
    DMS_ROUTINE_SCSI_PORT_GET_PHYSICAL_ADDRESS,
    DMS_ROUTINE_HW_SCSI_START_IO,
    DMS_CONTEXT_DEVICE,
    2 },
};

/* ---- scenarios ---- */

static DmsScenarioDevice *
add_device (DmsScenario *scenario, const Way *way, const char *name)
{
  DmsScenarioDevice *device = fixture_add_device (scenario, name, 32);

  free (device->driver);
  free (device->model);
  device->driver = fixture_text (way->driver);
  device->model = fixture_text (way->model);
  return device;
}

/* One request of @length bytes, @offset into its first page; pages lie apart, every
 * second one above what 32 lines reach. */
static void
scattered (DmsScenario *scenario,
           const Way *way,
           bool to_device,
           uint32_t offset,
           uint64_t length)
{
  uint64_t n = dms_span_pages (offset, length);
  g_autofree uint64_t *frames = g_new (uint64_t, n);

  for (uint64_t i = 0; i < n; i++)
    frames[i] = i % 2 == 0 ? 0x5000 + 2 * i : 0x140000 + 2 * i;
  dms_scenario_init (scenario);
  scenario->seed = 11;
  add_device (scenario, way, "disk0");
  fixture_add_mdl (fixture_add_buffer (scenario, "data"), offset, length, frames);
  fixture_add_request (scenario, 0, 0, to_device, length);
}

/* The same with pages in a row from @frame on. */
static void
in_a_row (DmsScenario *scenario,
          const Way *way,
          uint64_t frame,
          uint32_t offset,
          uint64_t length)
{
  uint64_t n = dms_span_pages (offset, length);
  g_autofree uint64_t *frames = g_new (uint64_t, n);

  for (uint64_t i = 0; i < n; i++)
    frames[i] = frame + i;
  dms_scenario_init (scenario);
  scenario->seed = 12;
  scenario->map_registers = 512;
  add_device (scenario, way, "disk0")->maximum_length = 1 << 20;
  fixture_add_mdl (fixture_add_buffer (scenario, "data"), offset, length, frames);
  fixture_add_request (scenario, 0, 0, false, length);
}

/* ---- what a run has to show ---- */

static void
assert_complete (const FixtureRun *run, uint32_t status, uint64_t length)
{
  const DmsEvent *complete = fixture_find (run, DMS_EVENT_COMPLETE, 0);

  g_assert_nonnull (complete);
  g_assert_cmphex (complete->status, ==, status);
  g_assert_cmpuint (complete->length, ==, length);
}

static void
assert_no_facts (const FixtureRun *run)
{
  g_assert_cmpuint (fixture_count (run, DMS_EVENT_FACT), ==, 0);
  g_assert_cmpuint (fixture_count (run, DMS_EVENT_STRAY), ==, 0);
  g_assert_cmpuint (run->state->oddities, ==, 0);
}

/* ---- bytes ---- */

static void
check_way (const Way *way, bool to_device, uint32_t offset, uint64_t length)
{
  DmsScenario scenario;
  FixtureRun run;

  scattered (&scenario, way, to_device, offset, length);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  assert_complete (&run, DMS_NT_SUCCESS, length);
  assert_no_facts (&run);
  fixture_assert_bytes (simulation, to_device, length);
  fixture_assert_clean (simulation);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* One page, several, half of them bounced, more than one request block can take. */
static void
test_bytes (void)
{
  static const uint64_t lengths[] = { 2, 512, PAGE, 5 * PAGE, 17 * PAGE, 40 * PAGE };

  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    for (size_t i = 0; i < G_N_ELEMENTS (lengths); i++)
      for (int to_device = 0; to_device < 2; to_device++)
        {
          check_way (&ways[w], to_device != 0, 0, lengths[i]);
          check_way (&ways[w], to_device != 0, 512, lengths[i]);
          check_way (&ways[w], to_device != 0, 4094, lengths[i]);
        }
}

/* ---- how the addresses are learnt ---- */

/* Six pages apart: an element each. One call or one for each of them, and where. */
static void
test_calls (void)
{
  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      const Way *way = &ways[w];
      bool one_by_one = way->learns == DMS_ROUTINE_SCSI_PORT_GET_PHYSICAL_ADDRESS;
      DmsScenario scenario;
      FixtureRun run;

      scattered (&scenario, way, false, 512, 5 * PAGE);
      fixture_run_init (&run);

      DmsSimulation *simulation = fixture_run (&run, &scenario);
      const DmsEvent *inside = fixture_find_call (&run, way->inside);
      const DmsEvent *learns = fixture_find_call (&run, way->learns);

      g_assert_cmpuint (fixture_find (&run, DMS_EVENT_MAP, 0)->index, ==, 6);
      g_assert_cmpuint (
          fixture_count_calls (&run, way->learns), ==, one_by_one ? 6 : 1);
      g_assert_cmpuint (inside->context, ==, way->irql);
      g_assert_cmpuint (inside->c, ==, way->lock);
      g_assert_cmpuint (learns->cause, ==, inside->seq);
      g_assert_cmpuint (learns->context, ==, way->irql);
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* At which IRQL and under which lock the start routine of each model runs. */
static void
test_locks (void)
{
  static const struct
  {
    DmsRoutine routine;
    uint8_t irql;
    uint64_t lock;
  } starts[] = { { DMS_ROUTINE_IDE_HW_START_IO, DMS_CONTEXT_DEVICE, 2 },
                 { DMS_ROUTINE_IDE_HW_START_IO, DMS_CONTEXT_DEVICE, 2 },
                 { DMS_ROUTINE_HW_STOR_START_IO, DMS_CONTEXT_DISPATCH, 1 },
                 { DMS_ROUTINE_HW_SCSI_START_IO, DMS_CONTEXT_DEVICE, 2 } };

  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      DmsScenario scenario;
      FixtureRun run;

      scattered (&scenario, &ways[w], false, 0, PAGE);
      fixture_run_init (&run);

      DmsSimulation *simulation = fixture_run (&run, &scenario);
      const DmsEvent *start = fixture_find_call (&run, starts[w].routine);

      g_assert_cmpuint (start->context, ==, starts[w].irql);
      g_assert_cmpuint (start->c, ==, starts[w].lock);
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* ScsiPortGetPhysicalAddress tells where, and how far it goes on in a row. */
static void
test_answers (void)
{
  static const uint64_t frames[] = { 0x500, 0x501, 0x502, 0x700 };
  static const uint64_t addresses[] = { 0x500200, 0x700000 };
  static const uint64_t lengths[] = { 3 * PAGE - 512, 100 };
  DmsScenario scenario;
  FixtureRun run;
  guint n = 0;

  dms_scenario_init (&scenario);
  add_device (&scenario, &ways[3], "disk0");
  fixture_add_mdl (
      fixture_add_buffer (&scenario, "data"), 512, 3 * PAGE - 512 + 100, frames);
  fixture_add_request (&scenario, 0, 0, true, 3 * PAGE - 512 + 100);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  for (guint i = 0; i < run.events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run.events, DmsEvent, i);

      if (event->kind != DMS_EVENT_RETURN
          || event->index != DMS_ROUTINE_SCSI_PORT_GET_PHYSICAL_ADDRESS)
        continue;
      g_assert_cmpuint (n, <, G_N_ELEMENTS (addresses));
      g_assert_cmphex (event->b, ==, addresses[n]);
      g_assert_cmpuint (event->length, ==, lengths[n]);
      n++;
    }
  g_assert_cmpuint (n, ==, 2);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* ---- limits ---- */

typedef struct
{
  uint32_t elements;
  uint64_t length;
  guint blocks; /* request blocks that it takes */
} Limit;

/* 64 KiB that begin in mid-page are 17 pages: 17 elements at worst. With one element
 * less they do not go at once; and each model counts breaks its own way. */
static void
test_worst_case (void)
{
  static const Limit limits[] = {
    { 17, 16 * PAGE, 1 },
    { 16, 16 * PAGE, 2 },
    { 33, 32 * PAGE, 1 },
    { 5, 16 * PAGE, 4 },
  };

  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    for (size_t i = 0; i < G_N_ELEMENTS (limits); i++)
      {
        DmsScenario scenario;
        FixtureRun run;

        scattered (&scenario, &ways[w], false, 16, limits[i].length);
        scenario.devices[0].max_elements = limits[i].elements;
        scenario.devices[0].maximum_length = 1 << 20;
        fixture_run_init (&run);

        DmsSimulation *simulation = fixture_run (&run, &scenario);

        assert_no_facts (&run);
        assert_complete (&run, DMS_NT_SUCCESS, limits[i].length);
        /* A PATA table of n entries is filled by n - 1 whole pages at most. */
        if (w != 0 || limits[i].elements != 5)
          g_assert_cmpuint (
              fixture_count (&run, DMS_EVENT_START), ==, limits[i].blocks);
        g_assert_cmpuint (
            fixture_find (&run, DMS_EVENT_MAP, 0)->index, <=, limits[i].elements);
        fixture_assert_bytes (simulation, false, limits[i].length);
        dms_simulation_free (simulation);
        fixture_run_release (&run);
        dms_scenario_release (&scenario);
      }
}

/* What a device may have at once is less than the request needs. */
static void
test_few_registers (void)
{
  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      DmsScenario scenario;
      FixtureRun run;

      scattered (&scenario, &ways[w], true, 16, 12 * PAGE - 16);
      scenario.devices[0].map_registers = 5;
      fixture_run_init (&run);

      DmsSimulation *simulation = fixture_run (&run, &scenario);

      assert_no_facts (&run);
      g_assert_cmpuint (fixture_count (&run, DMS_EVENT_START), ==, 3);
      fixture_assert_bytes (simulation, true, 12 * PAGE - 16);
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* AlignmentMask of both controllers with tables is 1; the card takes any address. */
static void
test_alignment (void)
{
  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    for (int odd_length = 0; odd_length < 2; odd_length++)
      {
        bool is_refused = w < 2;
        uint64_t length = odd_length ? 999 : 1000;
        DmsScenario scenario;
        FixtureRun run;

        scattered (&scenario, &ways[w], false, odd_length ? 0 : 1, length);
        fixture_run_init (&run);

        DmsSimulation *simulation = fixture_run (&run, &scenario);

        assert_complete (&run,
                         is_refused ? DMS_NT_INVALID_PARAMETER : DMS_NT_SUCCESS,
                         is_refused ? 0 : length);
        g_assert_cmpuint (
            fixture_count (&run, DMS_EVENT_START), ==, is_refused ? 0 : 1);
        fixture_assert_clean (simulation);
        dms_simulation_free (simulation);
        fixture_run_release (&run);
        dms_scenario_release (&scenario);
      }
}

static void
test_too_long_for_buffer (void)
{
  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      DmsScenario scenario;
      FixtureRun run;

      scattered (&scenario, &ways[w], false, 0, 2 * PAGE);
      scenario.requests[0].length = 3 * PAGE;
      fixture_run_init (&run);

      DmsSimulation *simulation = fixture_run (&run, &scenario);

      assert_complete (&run, DMS_NT_BUFFER_TOO_SMALL, 0);
      fixture_assert_clean (simulation);
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* ---- tables ---- */

static void
check_descriptors (const FixtureRun *run, const uint64_t *lengths, guint n)
{
  g_assert_cmpuint (fixture_count (run, DMS_EVENT_DESCRIPTOR), ==, n);
  for (guint i = 0; i < n; i++)
    {
      const DmsEvent *event = fixture_find (run, DMS_EVENT_DESCRIPTOR, i);

      g_assert_cmpuint (event->index, ==, i);
      g_assert_cmpuint (event->length, ==, lengths[i]);
      g_assert_cmpuint (event->flags & DMS_FLAG_FORM, ==, DMS_FLAG_FORM_COHERENT);
      g_assert_cmpint ((event->flags & DMS_FLAG_TAKEN) != 0, ==, i + 1 == n);
    }
}

static void
check_table (const Way *way,
             uint64_t frame,
             uint32_t offset,
             uint64_t length,
             const uint64_t *lengths,
             guint n)
{
  DmsScenario scenario;
  FixtureRun run;

  in_a_row (&scenario, way, frame, offset, length);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  assert_no_facts (&run);
  g_assert_cmpuint (fixture_find (&run, DMS_EVENT_MAP, 0)->index, ==, 1);
  check_descriptors (&run, lengths, n);
  fixture_assert_bytes (simulation, false, length);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* An element is cut at each multiple of 64 KiB, and nowhere else; 65 536 is written as
 * 0. */
static void
test_prd_windows (void)
{
  static const uint64_t five[] = { 8 * PAGE, 65536, 65536 };
  static const uint64_t whole[] = { 65536 };
  static const uint64_t across[] = { 2 * PAGE - 512, PAGE + 512 };
  static const uint64_t up_to[] = { PAGE };

  check_table (&ways[0], 0x123f8, 0, 40 * PAGE, five, 3);
  check_table (&ways[0], 0x12400, 0, 65536, whole, 1);
  check_table (&ways[0], 0x1240e, 512, 3 * PAGE, across, 2);
  check_table (&ways[0], 0x1240f, 0, PAGE, up_to, 1);
}

/* An AHCI entry goes across, up to 4 MiB. */
static void
test_ahci_counts (void)
{
  static const uint64_t one[] = { 40 * PAGE };
  static const uint64_t least[] = { 2 };

  check_table (&ways[1], 0x123f8, 0, 40 * PAGE, one, 1);
  check_table (&ways[1], 0x123f8, 4094, 2, least, 1);
}

/* ---- the end of a request ---- */

static uint64_t
seq_of (const DmsEvent *event)
{
  g_assert_nonnull (event);
  return event->seq;
}

/* The miniport says that it is done; the port driver flushes and frees; then the
 * requester has its buffer. */
static void
test_who_frees (void)
{
  static const DmsRoutine says[] = { DMS_ROUTINE_ATA_PORT_COMPLETE_REQUEST,
                                     DMS_ROUTINE_ATA_PORT_COMPLETE_REQUEST,
                                     DMS_ROUTINE_STOR_PORT_NOTIFICATION,
                                     DMS_ROUTINE_SCSI_PORT_NOTIFICATION };

  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      DmsScenario scenario;
      FixtureRun run;

      scattered (&scenario, &ways[w], false, 0, 4 * PAGE);
      fixture_run_init (&run);

      DmsSimulation *simulation = fixture_run (&run, &scenario);
      uint64_t done = seq_of (fixture_find_call (&run, says[w]));
      uint64_t put
          = seq_of (fixture_find_call (&run, DMS_ROUTINE_PORT_PUT_SCATTER_GATHER_LIST));
      uint64_t copied = seq_of (fixture_find (&run, DMS_EVENT_COPY, 0));
      uint64_t freed = seq_of (fixture_find (&run, DMS_EVENT_UNMAP, 0));

      g_assert_cmpuint (done, <, put);
      g_assert_cmpuint (put, <, copied);
      g_assert_cmpuint (copied, <, freed);
      g_assert_cmpuint (freed, <, seq_of (fixture_find (&run, DMS_EVENT_COMPLETE, 0)));
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* Several requests, one buffer each: they follow each other, and none is forgotten. */
static void
test_queue (void)
{
  static const uint64_t frames[3][2]
      = { { 0x10, 0x12 }, { 0x140000, 0x20 }, { 0x22, 0x24 } };

  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      DmsScenario scenario;
      FixtureRun run;

      dms_scenario_init (&scenario);
      add_device (&scenario, &ways[w], "disk0");
      for (size_t i = 0; i < 3; i++)
        {
          g_autofree char *name = g_strdup_printf ("data%zu", i);

          fixture_add_mdl (
              fixture_add_buffer (&scenario, name), 0, 2 * PAGE, frames[i]);
          fixture_add_request (&scenario, 0, i, i == 1, 2 * PAGE)->count = 3;
        }
      fixture_run_init (&run);

      DmsSimulation *simulation = fixture_run (&run, &scenario);

      assert_no_facts (&run);
      g_assert_cmpuint (fixture_count (&run, DMS_EVENT_START), ==, 9);
      g_assert_cmpuint (fixture_count (&run, DMS_EVENT_COMPLETE), ==, 9);
      fixture_assert_clean (simulation);
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* A chain is one buffer for a miniport, but its elements never join across MDLs. */
static void
test_chain (void)
{
  static const uint64_t frames[] = { 0x500, 0x501, 0x502 };

  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      DmsScenario scenario;
      FixtureRun run;

      dms_scenario_init (&scenario);
      scenario.seed = 5;
      add_device (&scenario, &ways[w], "disk0");

      DmsScenarioBuffer *buffer = fixture_add_buffer (&scenario, "data");

      fixture_add_mdl (buffer, 0, 2 * PAGE, frames);
      fixture_add_mdl (buffer, 0, PAGE, frames + 2);
      fixture_add_request (&scenario, 0, 0, false, 3 * PAGE);
      fixture_run_init (&run);

      DmsSimulation *simulation = fixture_run (&run, &scenario);

      assert_no_facts (&run);
      g_assert_cmpuint (fixture_find (&run, DMS_EVENT_MAP, 0)->index, ==, 2);
      fixture_assert_bytes (simulation, false, 3 * PAGE);
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* ---- the comparison ---- */

/* One device for each way, the same buffer, one request after the other. */
static void
three_models (DmsScenario *scenario)
{
  static const uint64_t frames[]
      = { 0xa30f, 0xa310, 0x140003, 0x140004, 0xb020, 0xc021 };

  dms_scenario_init (scenario);
  fixture_add_mdl (fixture_add_buffer (scenario, "file"), 512, 20992, frames);
  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      add_device (scenario, &ways[w], ways[w].driver)->max_elements = 17;
      fixture_add_request (scenario, w, 0, false, 20992)->at_ns = w * 100000;
    }
}

static DmsPortSummary *
summarize (const FixtureRun *run)
{
  DmsPortSummary *summary = dms_port_summary_new ();

  g_assert_nonnull (summary);
  for (guint i = 0; i < run->events->len; i++)
    g_assert_cmpint (
        dms_port_summary_apply (summary, &g_array_index (run->events, DmsEvent, i)),
        ==,
        DMS_OK);
  return summary;
}

static void
test_comparison (void)
{
  static const uint16_t valid_until[] = { DMS_ROUTINE_ATA_PORT_COMPLETE_REQUEST,
                                          DMS_ROUTINE_ATA_PORT_COMPLETE_REQUEST,
                                          DMS_ROUTINE_STOR_PORT_NOTIFICATION,
                                          DMS_ROUTINE_SCSI_PORT_NOTIFICATION };
  DmsScenario scenario;
  FixtureRun run;

  three_models (&scenario);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  DmsPortSummary *summary = summarize (&run);

  for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      const DmsPortSummaryRow *row = dms_port_summary_row (summary, w);

      g_assert_nonnull (row);
      g_assert_cmpstr (dms_names_text (run.names, row->device), ==, ways[w].driver);
      g_assert_cmpuint (row->requests, ==, 1);
      g_assert_cmpuint (row->learns, ==, ways[w].learns);
      g_assert_cmpuint (row->calls, ==, w == 3 ? 5 : 1);
      g_assert_cmpuint (row->elements, ==, 5);
      g_assert_cmpuint (row->inside, ==, ways[w].inside);
      g_assert_cmpuint (row->irql, ==, ways[w].irql);
      g_assert_cmpuint (row->lock, ==, ways[w].lock);
      g_assert_cmpint (row->freed_by, ==, DMS_OWNER_PORT);
      g_assert_cmpuint (row->valid_until, ==, valid_until[w]);
    }
  g_assert_null (dms_port_summary_row (summary, G_N_ELEMENTS (ways)));
  dms_port_summary_free (summary);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* A driver that does its own DMA frees its own list. */
static void
test_comparison_without_port (void)
{
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, false);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  DmsPortSummary *summary = summarize (&run);
  const DmsPortSummaryRow *row = dms_port_summary_row (summary, 0);

  g_assert_cmpuint (row->learns, ==, DMS_ROUTINE_GET_SCATTER_GATHER_LIST);
  g_assert_cmpuint (row->inside, ==, DMS_ROUTINE_START_IO);
  g_assert_cmpint (row->freed_by, ==, DMS_OWNER_DRIVER);
  g_assert_cmpuint (row->valid_until, ==, DMS_ROUTINE_PUT_SCATTER_GATHER_LIST);
  dms_port_summary_free (summary);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* ---- anything goes ---- */

static void
random_run (const Way *way, DmsTestRandom *random)
{
  bool to_device = dms_test_random_below (random, 2) != 0;
  uint32_t offset = 2 * (uint32_t)dms_test_random_below (random, 2048);
  uint64_t length = 2 * (1 + dms_test_random_below (random, 40 * PAGE));
  uint64_t frame = 0x1000 + dms_test_random_below (random, 64);
  uint64_t n = dms_span_pages (offset, length);
  g_autofree uint64_t *frames = g_new (uint64_t, n);
  DmsScenario scenario;
  FixtureRun run;

  for (uint64_t i = 0; i < n; i++)
    {
      frame += 1
               + (dms_test_random_below (random, 4) == 0
                      ? dms_test_random_below (random, 50)
                      : 0);
      frames[i] = frame + (dms_test_random_below (random, 6) == 0 ? 0x140000 : 0);
    }
  dms_scenario_init (&scenario);
  scenario.seed = dms_test_random_below (random, 1000);
  scenario.hal_x86 = dms_test_random_below (random, 2) != 0;
  scenario.verifier = dms_test_random_below (random, 4) == 0;

  DmsScenarioDevice *device = add_device (&scenario, way, "disk0");

  device->max_elements = 2 + (uint32_t)dms_test_random_below (random, 40);
  device->map_registers = 2 + (uint32_t)dms_test_random_below (random, 40);
  device->maximum_length = 2 * PAGE + dms_test_random_below (random, 200000);
  device->burst = 1 + dms_test_random_below (random, 5000);
  device->iommu = dms_test_random_below (random, 4) == 0;
  fixture_add_mdl (fixture_add_buffer (&scenario, "data"), offset, length, frames);
  fixture_add_request (&scenario, 0, 0, to_device, length);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  assert_complete (&run, DMS_NT_SUCCESS, length);
  assert_no_facts (&run);
  fixture_assert_bytes (simulation, to_device, length);
  fixture_assert_clean (simulation);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

static void
test_random (void)
{
  DmsTestRandom random;

  dms_test_random_init (&random, 77);
  for (int i = 0; i < 60; i++)
    for (size_t w = 0; w < G_N_ELEMENTS (ways); w++)
      random_run (&ways[w], &random);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/ports/bytes", test_bytes);
  g_test_add_func ("/ports/calls", test_calls);
  g_test_add_func ("/ports/locks", test_locks);
  g_test_add_func ("/ports/answers", test_answers);
  g_test_add_func ("/ports/worst-case", test_worst_case);
  g_test_add_func ("/ports/few-registers", test_few_registers);
  g_test_add_func ("/ports/alignment", test_alignment);
  g_test_add_func ("/ports/too-long-for-buffer", test_too_long_for_buffer);
  g_test_add_func ("/ports/prd-windows", test_prd_windows);
  g_test_add_func ("/ports/ahci-counts", test_ahci_counts);
  g_test_add_func ("/ports/who-frees", test_who_frees);
  g_test_add_func ("/ports/queue", test_queue);
  g_test_add_func ("/ports/chain", test_chain);
  g_test_add_func ("/ports/comparison", test_comparison);
  g_test_add_func ("/ports/comparison-without-port", test_comparison_without_port);
  g_test_add_func ("/ports/random", test_random);
  return g_test_run ();
}
