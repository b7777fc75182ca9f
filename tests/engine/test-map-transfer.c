/* test-map-transfer.c — AllocateAdapterChannel and MapTransfer by the sample driver:
 * what is split where
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-units.h"
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

#define PAGE UINT64_C (4096)

/* ---- one request ---- */

typedef struct
{
  DmsScenario scenario;
  DmsScenarioDevice *card;
  FixtureRun run;
  DmsSimulation *simulation;
} Story;

static void
story_init (Story *story, uint32_t address_bits)
{
  memset (story, 0, sizeof *story);
  dms_scenario_init (&story->scenario);
  story->scenario.seed = 11;
  story->card = fixture_add_device (&story->scenario, "card0", address_bits);
  free (story->card->driver);
  story->card->driver = fixture_text ("map-transfer");
  story->card->burst = 4096;
}

/* @n pages, none of them behind the one before. */
static void
story_add_pages (Story *story, uint32_t offset, uint64_t length, uint64_t first)
{
  uint64_t frames[64];

  for (uint64_t i = 0; i < G_N_ELEMENTS (frames); i++)
    frames[i] = first + 2 * i;
  fixture_add_mdl (&story->scenario.buffers[0], offset, length, frames);
}

static uint64_t
buffer_bytes (const DmsScenarioBuffer *buffer)
{
  uint64_t n = 0;

  for (size_t i = 0; i < buffer->n_mdls; i++)
    n += buffer->mdls[i].length;
  return n;
}

static void
story_run (Story *story, bool to_device)
{
  fixture_add_request (
      &story->scenario, 0, 0, to_device, buffer_bytes (&story->scenario.buffers[0]));
  fixture_run_init (&story->run);
  story->simulation = fixture_run (&story->run, &story->scenario);
}

/* The request is done, all of its bytes are there, and nothing is left or odd. */
static void
story_assert_done (Story *story)
{
  const DmsMachine *machine = &story->simulation->machine;
  const DmsBuffer *buffer = &machine->buffers[0];
  const DmsEvent *complete = fixture_find (&story->run, DMS_EVENT_COMPLETE, 0);
  const DmsEvent *request = fixture_find (&story->run, DMS_EVENT_REQUEST, 0);
  g_autofree uint8_t *expected = g_malloc ((gsize)buffer->length);
  g_autofree uint8_t *there = g_malloc ((gsize)buffer->length);

  g_assert_nonnull (complete);
  g_assert_cmpuint (complete->status, ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (complete->length, ==, buffer->length);
  dms_pattern_fill (dms_pattern_key (machine->scenario->seed, complete->transfer),
                    0,
                    expected,
                    (size_t)buffer->length);
  if ((request->flags & DMS_FLAG_DIRECTION) == DMS_FLAG_TO_DEVICE)
    {
      size_t n = 0;
      const uint8_t *received = dms_device_received (&machine->devices[0], &n);

      g_assert_cmpmem (received, n, expected, (size_t)buffer->length);
    }
  dms_buffer_read (buffer, 0, there, (size_t)buffer->length);
  g_assert_cmpmem (there, (size_t)buffer->length, expected, (size_t)buffer->length);
  fixture_assert_clean (story->simulation);
  g_assert_cmpuint (story->run.state->oddities, ==, 0);
  g_assert_cmpuint (fixture_count (&story->run, DMS_EVENT_FACT), ==, 0);
  g_assert_cmpuint (fixture_count (&story->run, DMS_EVENT_STRAY), ==, 0);
}

static void
story_release (Story *story)
{
  dms_simulation_free (story->simulation);
  fixture_run_release (&story->run);
  dms_scenario_release (&story->scenario);
}

/* Lengths of the events of @kind, as "20480 20480 8192". */
static char *
lengths (const FixtureRun *run, DmsEventKind kind)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < fixture_count (run, kind); i++)
    g_string_append_printf (text,
                            "%s%" G_GUINT64_FORMAT,
                            i == 0 ? "" : " ",
                            fixture_find (run, kind, i)->length);
  return g_string_free (text, FALSE);
}

static void
assert_lengths (const Story *story, DmsEventKind kind, const char *expected)
{
  g_autofree char *found = lengths (&story->run, kind);

  g_assert_cmpstr (found, ==, expected);
}

/* ---- split by map registers ---- */

/* The vector of windows-dma §6.2: 12 registers needed, 5 to be had. */
static void
test_twelve_by_five (void)
{
  for (int i = 0; i < 8; i++)
    {
      bool to_device = (i & 1) != 0;
      bool scatter_gather = (i & 2) != 0;
      uint32_t address_bits = (i & 4) != 0 ? 24 : 64; /* bounced, straight */
      Story story;

      story_init (&story, address_bits);
      story.card->map_registers = 5;
      story.card->scatter_gather = scatter_gather;
      fixture_add_buffer (&story.scenario, "data");
      story_add_pages (&story, 0, 12 * PAGE, 0x40000);
      story_run (&story, to_device);
      story_assert_done (&story);
      g_assert_cmpuint (fixture_find (&story.run, DMS_EVENT_ASK, 0)->a, ==, 5);
      g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_GRANT), ==, 1);
      assert_lengths (&story, DMS_EVENT_START, "20480 20480 8192");
      g_assert_cmpuint (
          fixture_find (&story.run, DMS_EVENT_START, 0)->a, ==, scatter_gather ? 5 : 1);
      g_assert_cmpuint (
          fixture_count (&story.run, DMS_EVENT_FLUSH), ==, scatter_gather ? 12 : 3);
      story_release (&story);
    }
}

/* 4096 · count − offset: the first operation begins in mid-page. */
static void
test_offset_counts (void)
{
  for (int i = 0; i < 2; i++)
    {
      Story story;

      story_init (&story, 32);
      story.card->map_registers = 5;
      story.card->scatter_gather = i != 0;
      fixture_add_buffer (&story.scenario, "data");
      story_add_pages (&story, 0x200, 12 * PAGE - 0x200, 0x40000);
      story_run (&story, false);
      story_assert_done (&story);
      assert_lengths (&story, DMS_EVENT_START, "19968 20480 8192");
      story_release (&story);
    }
}

/* What needs fewer registers than there are asks for no more. */
static void
test_asks_for_what_it_needs (void)
{
  Story story;

  story_init (&story, 32);
  fixture_add_buffer (&story.scenario, "data");
  story_add_pages (&story, 0xfff, 2, 0x500);
  story_run (&story, true);
  story_assert_done (&story);
  g_assert_cmpuint (fixture_find (&story.run, DMS_EVENT_ASK, 0)->a, ==, 2);
  assert_lengths (&story, DMS_EVENT_START, "2");
  story_release (&story);
}

/* ---- split by the card ---- */

/* Its table has two descriptors: what is mapped stays mapped meanwhile. */
static void
test_small_table (void)
{
  Story story;

  story_init (&story, 32);
  story.card->max_elements = 2;
  fixture_add_buffer (&story.scenario, "data");
  story_add_pages (&story, 0, 5 * PAGE, 0x500);
  story_run (&story, true);
  story_assert_done (&story);
  assert_lengths (&story, DMS_EVENT_START, "8192 8192 4096");
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_MAP), ==, 5);
  g_assert_cmpuint (fixture_find (&story.run, DMS_EVENT_FLUSH, 0)->seq,
                    >,
                    fixture_find (&story.run, DMS_EVENT_START, 2)->seq);
  story_release (&story);
}

static void
test_longest_transfer (void)
{
  Story story;

  story_init (&story, 32);
  story.card->maximum_length = 5000;
  story.card->scatter_gather = false;
  fixture_add_buffer (&story.scenario, "data");
  story_add_pages (&story, 0, 3 * PAGE, 0x500);
  story_run (&story, false);
  story_assert_done (&story);
  /* Three registers for 5000 bytes that begin anywhere, all of them mapped at once. */
  assert_lengths (&story, DMS_EVENT_START, "5000 5000 2288");
  story_release (&story);
}

static void
test_segment_and_boundary (void)
{
  Story story;

  story_init (&story, 32);
  story.card->segment = 3000;
  story.card->boundary = 2048;
  fixture_add_buffer (&story.scenario, "data");
  story_add_pages (&story, 0x400, 6000, 0x500);
  story_run (&story, true);
  story_assert_done (&story);
  assert_lengths (&story, DMS_EVENT_DESCRIPTOR, "1024 2048 2048 880");
  assert_lengths (&story, DMS_EVENT_START, "6000");
  story_release (&story);
}

/* ---- chains ---- */

static void
test_chain (void)
{
  for (int i = 0; i < 2; i++)
    {
      Story story;

      story_init (&story, 32);
      story.card->scatter_gather = i != 0;
      fixture_add_buffer (&story.scenario, "data");
      story_add_pages (&story, 0xff0, 0x20, 0x500);
      story_add_pages (&story, 0, 1, 0x600);
      story_add_pages (&story, 0x800, 2 * PAGE, 0x700);
      story_run (&story, i != 0);
      story_assert_done (&story);
      g_assert_cmpuint (fixture_find (&story.run, DMS_EVENT_ASK, 0)->a, ==, 6);
      if (i == 0)
        assert_lengths (&story, DMS_EVENT_START, "32 1 8192");
      else
        assert_lengths (&story, DMS_EVENT_START, "8225");
      story_release (&story);
    }
}

/* ---- an IOMMU ---- */

/* Scattered pages above the limit are in a row for the card, and nothing bounces. */
static void
test_iommu (void)
{
  for (int i = 0; i < 4; i++)
    {
      Story story;

      story_init (&story, 32);
      story.card->iommu = true;
      story.card->scatter_gather = (i & 2) != 0;
      fixture_add_buffer (&story.scenario, "data");
      story_add_pages (&story, 0x200, 5 * PAGE, 0x140000);
      story_run (&story, (i & 1) != 0);
      story_assert_done (&story);
      assert_lengths (&story, DMS_EVENT_DESCRIPTOR, "20480");
      g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_BOUNCE), ==, 0);
      g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_PAGE), ==, 6);
      for (guint k = 0; k < 6; k++)
        g_assert_true (
            (fixture_find (&story.run, DMS_EVENT_PAGE, k)->flags & DMS_FLAG_REMAPPED)
            != 0);
      story_release (&story);
    }
}

/* Model time of all operations of the card. */
static int64_t
working_ns (const FixtureRun *run)
{
  int64_t ns = 0;

  for (guint i = 0; i < fixture_count (run, DMS_EVENT_START); i++)
    ns += fixture_find (run, DMS_EVENT_INTERRUPT, i)->t_ns
          - fixture_find (run, DMS_EVENT_START, i)->t_ns;
  return ns;
}

/* Each page is looked up once, as eight are remembered; also when a map register stands
 * for another page than before. */
static void
test_iommu_costs (void)
{
  for (uint32_t map_registers = 1; map_registers <= 5; map_registers++)
    {
      int64_t took[2];

      for (int i = 0; i < 2; i++)
        {
          Story story;

          story_init (&story, 64);
          story.scenario.cost.iotlb_miss_ps = i == 0 ? 0 : 1000000;
          story.card->iommu = true;
          story.card->burst = 512;
          story.card->map_registers = map_registers;
          fixture_add_buffer (&story.scenario, "data");
          story_add_pages (&story, 0, 5 * PAGE, 0x500);
          story_run (&story, true);
          story_assert_done (&story);
          took[i] = working_ns (&story.run);
          story_release (&story);
        }
      g_assert_cmpint (took[1] - took[0], ==, 5000);
    }
}

/* ---- what goes wrong ---- */

static void
test_longer_than_the_buffer (void)
{
  Story story;

  story_init (&story, 32);
  fixture_add_buffer (&story.scenario, "data");
  story_add_pages (&story, 0, PAGE, 0x500);
  fixture_add_request (&story.scenario, 0, 0, true, PAGE + 1);
  fixture_run_init (&story.run);
  story.simulation = fixture_run (&story.run, &story.scenario);
  g_assert_cmpuint (fixture_find (&story.run, DMS_EVENT_COMPLETE, 0)->status,
                    ==,
                    DMS_NT_BUFFER_TOO_SMALL);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_ASK), ==, 0);
  fixture_assert_clean (story.simulation);
  story_release (&story);
}

/* A command takes descriptors away that the driver knows of: the card stops with an
 * error, and the driver gives everything back. */
static void
test_card_fails (void)
{
  Story story;

  story_init (&story, 32);
  fixture_add_buffer (&story.scenario, "data");
  story_add_pages (&story, 0, 5 * PAGE, 0x500);
  story.scenario.commands = calloc (1, sizeof *story.scenario.commands);
  story.scenario.n_commands = 1;
  story.scenario.commands[0] = (DmsScenarioCommand){ .after = DMS_AFTER_TIME,
                                                     .position = 1,
                                                     .what = DMS_COMMAND_LIMIT,
                                                     .which = 2,
                                                     .value = 4 };
  fixture_add_request (&story.scenario, 0, 0, true, 5 * PAGE)->at_ns = 5000;
  fixture_run_init (&story.run);
  story.simulation = fixture_run (&story.run, &story.scenario);
  g_assert_cmpuint (fixture_find (&story.run, DMS_EVENT_FACT, 0)->index,
                    ==,
                    DMS_FACT_TOO_MANY_ELEMENTS);
  g_assert_cmphex (
      fixture_find (&story.run, DMS_EVENT_COMPLETE, 0)->status, ==, 0xc0000185);
  fixture_assert_clean (story.simulation);
  story_release (&story);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/map-transfer/twelve-by-five", test_twelve_by_five);
  g_test_add_func ("/map-transfer/offset-counts", test_offset_counts);
  g_test_add_func ("/map-transfer/asks-for-what-it-needs", test_asks_for_what_it_needs);
  g_test_add_func ("/map-transfer/small-table", test_small_table);
  g_test_add_func ("/map-transfer/longest-transfer", test_longest_transfer);
  g_test_add_func ("/map-transfer/segment-and-boundary", test_segment_and_boundary);
  g_test_add_func ("/map-transfer/chain", test_chain);
  g_test_add_func ("/map-transfer/iommu", test_iommu);
  g_test_add_func ("/map-transfer/iommu-costs", test_iommu_costs);
  g_test_add_func ("/map-transfer/longer-than-the-buffer", test_longer_than_the_buffer);
  g_test_add_func ("/map-transfer/card-fails", test_card_fails);
  return g_test_run ();
}
