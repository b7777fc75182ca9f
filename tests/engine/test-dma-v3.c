/* test-dma-v3.c — the sample driver of version 3: what it maps at once, and cancels
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsSimulation *simulation;
} Story;

static DmsScenarioDevice *
story_add_card (Story *story, const char *name, const char *driver)
{
  DmsScenarioDevice *card = fixture_add_device (&story->scenario, name, 32);

  free (card->driver);
  card->driver = fixture_text (driver);
  card->burst = 4096;
  return card;
}

/* Two MDLs: 3 pages in a row and one above 4 GiB; then one page, from its middle on. */
static uint64_t
story_add_chain (Story *story, const char *name, uint64_t first)
{
  const uint64_t frames[] = { first, first + 1, first + 2, 0x100000 + first };
  const uint64_t other[] = { first + 3 };
  DmsScenarioBuffer *buffer = fixture_add_buffer (&story->scenario, name);

  fixture_add_mdl (buffer, 0x100, 4 * 4096 - 0x100, frames);
  fixture_add_mdl (buffer, 0x800, 0x700, other);
  return 4 * 4096 - 0x100 + 0x700;
}

static void
story_run (Story *story)
{
  fixture_run_init (&story->run);
  story->simulation = fixture_run (&story->run, &story->scenario);
}

static void
story_release (Story *story)
{
  dms_simulation_free (story->simulation);
  fixture_run_release (&story->run);
  dms_scenario_release (&story->scenario);
}

static void
assert_nothing_odd (const Story *story)
{
  fixture_assert_clean (story->simulation);
  g_assert_cmpuint (story->run.state->oddities, ==, 0);
  g_assert_cmpuint (fixture_count (&story->run, DMS_EVENT_FACT), ==, 0);
  g_assert_cmpuint (fixture_count (&story->run, DMS_EVENT_STRAY), ==, 0);
}

/* ---- bytes ---- */

static void
assert_bytes (const Story *story, bool to_device)
{
  const DmsMachine *machine = &story->simulation->machine;
  const DmsBuffer *buffer = &machine->buffers[0];
  g_autofree uint8_t *expected = g_malloc ((gsize)buffer->length);
  g_autofree uint8_t *there = g_malloc ((gsize)buffer->length);
  size_t n = 0;
  const uint8_t *received = dms_device_received (&machine->devices[0], &n);

  dms_pattern_fill (dms_pattern_key (machine->scenario->seed, 1),
                    0,
                    expected,
                    (size_t)buffer->length);
  dms_buffer_read (buffer, 0, there, (size_t)buffer->length);
  g_assert_cmpmem (there, (size_t)buffer->length, expected, (size_t)buffer->length);
  if (to_device)
    g_assert_cmpmem (received, n, expected, (size_t)buffer->length);
}

/* @registers allowed; how many MapTransferEx that takes. */
static void
check_split (uint32_t registers, bool scatter_gather, bool to_device, guint n_maps)
{
  Story story = { 0 };

  dms_scenario_init (&story.scenario);
  story.scenario.seed = 5;

  DmsScenarioDevice *card = story_add_card (&story, "card0", "dma-v3");
  uint64_t length = story_add_chain (&story, "data", 0x400);

  card->map_registers = registers;
  card->scatter_gather = scatter_gather;
  card->max_elements = scatter_gather ? 8 : 1;
  fixture_add_request (&story.scenario, 0, 0, to_device, length);
  story_run (&story);

  const DmsEvent *complete = fixture_find (&story.run, DMS_EVENT_COMPLETE, 0);

  g_assert_cmphex (complete->status, ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (complete->length, ==, length);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_MAP), ==, n_maps);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_FLUSH), ==, n_maps);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_GRANT), ==, 1);
  assert_bytes (&story, to_device);
  assert_nothing_odd (&story);
  story_release (&story);
}

static void
test_splits (void)
{
  for (int to_device = 0; to_device < 2; to_device++)
    {
      check_split (0, true, to_device, 1);
      check_split (5, true, to_device, 1);
      check_split (4, true, to_device, 2);
      check_split (2, true, to_device, 3);
      check_split (1, true, to_device, 5);
      /* One piece each: the first MDL, all of it bounced, and the second. */
      check_split (0, false, to_device, 2);
      check_split (2, false, to_device, 3);
    }
}

/* The list's memory has room for two elements: of three runs the last waits. */
static void
test_list_is_short (void)
{
  Story story = { 0 };

  dms_scenario_init (&story.scenario);
  story_add_card (&story, "card0", "dma-v3")->max_elements = 2;
  fixture_add_request (
      &story.scenario, 0, 0, false, story_add_chain (&story, "data", 0x400));
  story_run (&story);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_MAP), ==, 2);
  g_assert_cmpuint (fixture_find (&story.run, DMS_EVENT_MAP, 0)->index, ==, 2);
  g_assert_cmpuint (fixture_find (&story.run, DMS_EVENT_MAP, 1)->index, ==, 1);
  assert_nothing_odd (&story);
  story_release (&story);
}

static void
test_longer_than_its_buffer (void)
{
  Story story = { 0 };

  dms_scenario_init (&story.scenario);
  story_add_card (&story, "card0", "dma-v3");

  uint64_t length = story_add_chain (&story, "data", 0x400);

  fixture_add_request (&story.scenario, 0, 0, false, length + 1);
  story_run (&story);
  g_assert_cmphex (fixture_find (&story.run, DMS_EVENT_COMPLETE, 0)->status,
                   ==,
                   DMS_NT_INVALID_PARAMETER);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_ASK), ==, 0);
  fixture_assert_clean (story.simulation);
  story_release (&story);
}

/* ---- cancel ---- */

/* card1 waits for the registers of card0; the requester cancels it after @position. */
static void
run_cancel (Story *story, uint64_t position)
{
  *story = (Story){ 0 };
  dms_scenario_init (&story->scenario);
  story->scenario.map_registers = 6;
  story_add_card (story, "card0", "packet-sg");
  story_add_card (story, "card1", "dma-v3");

  uint64_t length = story_add_chain (story, "first", 0x400);

  story_add_chain (story, "second", 0x800);
  fixture_add_request (&story->scenario, 0, 0, false, length);
  fixture_add_request (&story->scenario, 1, 1, false, length);
  story->scenario.commands = malloc (sizeof *story->scenario.commands);
  story->scenario.commands[0] = (DmsScenarioCommand){ .after = DMS_AFTER_EVENT,
                                                      .position = position,
                                                      .what = DMS_COMMAND_CANCEL,
                                                      .device = 1,
                                                      .value = 1 };
  story->scenario.n_commands = 1;
  story_run (story);
}

/* The status of the request of card1. */
static uint32_t
status_of_second (const FixtureRun *run)
{
  for (guint i = 0;; i++)
    {
      const DmsEvent *complete = fixture_find (run, DMS_EVENT_COMPLETE, i);

      g_assert_nonnull (complete);
      if (complete->transfer == 2)
        return complete->status;
    }
}

static void
test_cancelled_while_it_waits (void)
{
  Story story;

  run_cancel (&story, UINT32_MAX);

  uint64_t waits = fixture_find (&story.run, DMS_EVENT_WAIT, 0)->seq;

  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_CANCEL), ==, 0);
  g_assert_cmphex (status_of_second (&story.run), ==, DMS_NT_SUCCESS);
  story_release (&story);

  run_cancel (&story, waits);

  const DmsEvent *cancel = fixture_find (&story.run, DMS_EVENT_CANCEL, 0);

  g_assert_nonnull (cancel);
  g_assert_cmpuint (cancel->transfer, ==, 2);
  g_assert_cmpuint (cancel->c, ==, 0);
  g_assert_cmphex (status_of_second (&story.run), ==, DMS_NT_CANCELLED);
  g_assert_cmpuint (
      fixture_count_calls (&story.run, DMS_ROUTINE_ADAPTER_CONTROL), ==, 0);
  g_assert_cmpuint (
      fixture_count_calls (&story.run, DMS_ROUTINE_CANCEL_ADAPTER_CHANNEL), ==, 1);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_GRANT), ==, 1);
  assert_nothing_odd (&story);
  story_release (&story);
}

/* What is granted goes on to its end: wherever the cancel comes, the request ends once,
 * and nothing is left. */
static void
test_cancelled_anywhere (void)
{
  Story story;
  guint n_cancelled = 0;
  guint n_done = 0;

  run_cancel (&story, UINT32_MAX);

  guint n_events = story.run.events->len;

  story_release (&story);
  for (guint at = 1; at <= n_events; at++)
    {
      run_cancel (&story, at);

      uint32_t status = status_of_second (&story.run);

      g_assert_true (status == DMS_NT_SUCCESS || status == DMS_NT_CANCELLED);
      n_cancelled += status == DMS_NT_CANCELLED;
      n_done += status == DMS_NT_SUCCESS;
      g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_COMPLETE), ==, 2);
      assert_nothing_odd (&story);
      story_release (&story);
    }
  g_assert_cmpuint (n_cancelled, >, 10);
  g_assert_cmpuint (n_done, >, 10);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/dma-v3/splits", test_splits);
  g_test_add_func ("/dma-v3/list-is-short", test_list_is_short);
  g_test_add_func ("/dma-v3/longer-than-its-buffer", test_longer_than_its_buffer);
  g_test_add_func ("/dma-v3/cancelled-while-it-waits", test_cancelled_while_it_waits);
  g_test_add_func ("/dma-v3/cancelled-anywhere", test_cancelled_anywhere);
  return g_test_run ();
}
