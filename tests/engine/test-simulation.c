/* test-simulation.c — the story, refusals, waiting, mistakes: sample drivers on the
 * machine
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

/* ---- the story ---- */

static bool
begins_statement (const char *line_before)
{
  g_autofree char *text = g_strchomp (g_strdup (line_before));
  size_t n = strlen (text);

  return n == 0 || strchr (";{}/", text[n - 1]) != NULL || g_str_has_suffix (text, ")");
}

/* Compilers differ by the line inside a statement of several lines: names its first
 * one. */
static guint
statement_line (char **lines, guint line)
{
  while (line > 1 && !begins_statement (lines[line - 2]))
    line--;
  return line;
}

static void
name_statements (FixtureRun *run)
{
  g_autofree char *path = dms_test_source_path ("../engine/drivers/packet-sg.c");
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; i < run->events->len; i++)
    {
      DmsEvent *event = &g_array_index (run->events, DmsEvent, i);

      if (event->line != 0)
        event->line = statement_line (lines, event->line);
    }
}

static void
check_golden (bool to_device, const char *name)
{
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, to_device);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  fixture_assert_clean (simulation);
  name_statements (&run);

  g_autofree char *dump = fixture_dump (&run);

  dms_test_golden (name, dump);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

static void
test_story_golden (void)
{
  check_golden (false, "simulation/story-from-device.events");
  check_golden (true, "simulation/story-to-device.events");
}

static void
check_elements (const DmsEvent *map, uint64_t bounce_1, uint64_t bounce_2)
{
  DmsSegment expected[] = {
    { 0xa311200, 7680 }, { bounce_1, 4096 }, { bounce_2, 4096 }, { 0xb020000, 5120 }
  };
  DmsPayloadList list;
  DmsSegment element;

  g_assert_true (
      dms_payload_find (map->payload, map->payload_length, DMS_PAYLOAD_DEVICE, &list));
  for (size_t i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_true (dms_payload_next_segment (&list, &element));
      g_assert_cmphex (element.address, ==, expected[i].address);
      g_assert_cmpuint (element.length, ==, expected[i].length);
    }
  g_assert_false (dms_payload_next_segment (&list, &element));
}

static void
check_story_numbers (bool to_device)
{
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, to_device);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  const DmsEvent *grant = fixture_find (&run, DMS_EVENT_GRANT, 0);

  g_assert_cmpuint (fixture_find (&run, DMS_EVENT_MACHINE, 0)->seq, ==, 1);
  g_assert_cmpuint (fixture_find (&run, DMS_EVENT_COUNT, 0)->a, ==, 6);
  g_assert_cmpuint (grant->a, ==, 6);
  g_assert_cmpuint (grant->index, ==, 0);
  g_assert_cmpuint (grant->b, ==, 58);
  g_assert_cmpuint (grant->c, ==, 2);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_BOUNCE), ==, 2);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_COPY), ==, 2);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_NO_COPY), ==, to_device ? 0 : 1);
  g_assert_cmpuint (run.state->copied_bytes, ==, 8192);
  g_assert_cmpuint (run.state->moved_bytes, ==, 20992);
  check_elements (fixture_find (&run, DMS_EVENT_MAP, 0),
                  simulation->machine.pool.registers[2].frame << 12,
                  simulation->machine.pool.registers[3].frame << 12);
  g_assert_cmpuint (
      fixture_find (&run, DMS_EVENT_INTERRUPT, 0)->a, ==, to_device ? 0 : 8192);
  /* The requester reads what it asked for. */
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_TOUCH), ==, to_device ? 0 : 1);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

static void
test_story_numbers (void)
{
  check_story_numbers (false);
  check_story_numbers (true);
}

/* The kind of the event that led to the only, or first, event of @kind. */
static DmsEventKind
cause_of (const FixtureRun *run, DmsEventKind kind, guint nth)
{
  const DmsEvent *event = fixture_find (run, kind, nth);

  g_assert_nonnull (event);
  if (event->cause == 0)
    return DMS_EVENT_NONE;
  return g_array_index (run->events, DmsEvent, event->cause - 1).kind;
}

static void
test_story_causes (void)
{
  static const struct
  {
    DmsEventKind kind;
    guint nth;
    DmsEventKind cause;
  } rows[] = {
    { DMS_EVENT_ADAPTER, 0, DMS_EVENT_CALL },
    { DMS_EVENT_COUNT, 0, DMS_EVENT_CALL },
    { DMS_EVENT_LIST_MEMORY, 0, DMS_EVENT_COUNT },
    { DMS_EVENT_CHANNEL, 0, DMS_EVENT_COUNT },
    { DMS_EVENT_GRANT, 0, DMS_EVENT_COUNT },
    { DMS_EVENT_PAGE, 1, DMS_EVENT_GRANT },
    { DMS_EVENT_BOUNCE, 0, DMS_EVENT_GRANT },
    { DMS_EVENT_NO_COPY, 0, DMS_EVENT_PAGE },
    { DMS_EVENT_MAP, 0, DMS_EVENT_NO_COPY },
    { DMS_EVENT_DESCRIPTOR, 0, DMS_EVENT_CALL },
    { DMS_EVENT_START, 0, DMS_EVENT_CALL },
    { DMS_EVENT_BURST, 0, DMS_EVENT_DESCRIPTOR },
    { DMS_EVENT_INTERRUPT, 0, DMS_EVENT_BURST },
    { DMS_EVENT_COPY, 0, DMS_EVENT_CALL },
    { DMS_EVENT_RELEASE, 0, DMS_EVENT_COPY },
    { DMS_EVENT_UNMAP, 0, DMS_EVENT_RELEASE },
    { DMS_EVENT_COMPLETE, 0, DMS_EVENT_CALL },
    { DMS_EVENT_TOUCH, 0, DMS_EVENT_COMPLETE },
  };
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, false);
  fixture_run_init (&run);
  dms_simulation_free (fixture_run (&run, &scenario));
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (cause_of (&run, rows[i].kind, rows[i].nth), ==, rows[i].cause);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* ---- refusals as packet-sg meets them ---- */

static const DmsEvent *
run_refused (FixtureRun *run, const DmsScenario *scenario, uint32_t status)
{
  DmsSimulation *simulation = fixture_run (run, scenario);
  const DmsEvent *complete = fixture_find (run, DMS_EVENT_COMPLETE, 0);

  fixture_assert_clean (simulation);
  g_assert_cmphex (fixture_find (run, DMS_EVENT_REFUSE, 0)->status, ==, status);
  g_assert_cmphex (complete->status, ==, status);
  g_assert_cmphex (complete->flags & DMS_FLAG_FAILED, ==, DMS_FLAG_FAILED);
  g_assert_cmpuint (fixture_count (run, DMS_EVENT_START), ==, 0);
  dms_simulation_free (simulation);
  return fixture_find (run, DMS_EVENT_REFUSE, 0);
}

static void
test_refusals_reach_the_requester (void)
{
  static const struct
  {
    uint32_t map_registers;
    uint64_t length;
    uint32_t status, why;
  } rows[] = {
    { 5, 20992, DMS_NT_INSUFFICIENT_RESOURCES, DMS_FLAG_TOO_MANY_REGISTERS },
    { 8, 20993, DMS_NT_BUFFER_TOO_SMALL, DMS_FLAG_TOO_SHORT },
    { 8, 0, DMS_NT_INVALID_PARAMETER, 0 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DmsScenario scenario;
      FixtureRun run;

      fixture_story (&scenario, false);
      scenario.devices[0].map_registers = rows[i].map_registers;
      scenario.requests[0].length = rows[i].length;
      fixture_run_init (&run);
      g_assert_cmphex (
          run_refused (&run, &scenario, rows[i].status)->flags, ==, rows[i].why);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* The list is longer than the device's table: the driver gives it back. */
static void
test_list_too_long_for_the_device (void)
{
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, false);
  scenario.devices[0].max_elements = 3;
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  fixture_assert_clean (simulation);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_MAP), ==, 1);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_UNMAP), ==, 1);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_START), ==, 0);
  g_assert_cmphex (fixture_find (&run, DMS_EVENT_COMPLETE, 0)->status,
                   ==,
                   DMS_NT_INSUFFICIENT_RESOURCES);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* Two MDLs whose bytes are neighbours in memory: never one element. */
static void
test_elements_end_with_their_mdl (void)
{
  static const uint64_t frames[] = { 0x9200, 0x9201, 0x9202, 0x9203 };
  DmsScenario scenario;
  FixtureRun run;

  for (int is_x86 = 0; is_x86 < 2; is_x86++)
    {
      fixture_story (&scenario, true);
      scenario.hal_x86 = is_x86 != 0;

      DmsScenarioBuffer *buffer = fixture_add_buffer (&scenario, "chain");

      fixture_add_mdl (buffer, 0, 8192, frames);
      fixture_add_mdl (buffer, 0, 4096, frames + 2);
      fixture_add_mdl (buffer, 0, 100, frames + 3);
      scenario.requests[0].buffer = 1;
      scenario.requests[0].length = 8192 + 4096 + 100;
      fixture_run_init (&run);
      dms_simulation_free (fixture_run (&run, &scenario));

      const DmsEvent *map = fixture_find (&run, DMS_EVENT_MAP, 0);

      g_assert_cmpuint (map->index, ==, 3);
      g_assert_cmpuint (map->a, ==, 4);
      g_assert_cmphex (fixture_find (&run, DMS_EVENT_COUNT, 0)->flags
                           & DMS_FLAG_CHAINED,
                       ==,
                       DMS_FLAG_CHAINED);
      g_assert_cmpuint (fixture_count (&run, DMS_EVENT_DESCRIPTOR), ==, 3);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* Bounce pages of the x86 HAL lie in a row and merge; those of the x64 HAL do not, and
 * with verification on guard pages lie between them. */
static void
test_bounce_pages_merge_by_hal (void)
{
  static const uint32_t elements[2][2] = { { 4, 6 }, { 3, 6 } };
  DmsScenario scenario;
  FixtureRun run;

  for (int way = 0; way < 4; way++)
    {
      bool verifies = way % 2 != 0;

      fixture_story (&scenario, false);
      scenario.hal_x86 = way / 2 != 0;
      scenario.verifier = verifies;
      fixture_run_init (&run);
      dms_simulation_free (fixture_run (&run, &scenario));

      const DmsEvent *map = fixture_find (&run, DMS_EVENT_MAP, 0);

      g_assert_cmpuint (map->index, ==, elements[way / 2][verifies]);
      g_assert_cmpuint (map->c, ==, verifies ? 6 : 2);
      g_assert_cmpuint (
          (map->flags & DMS_FLAG_ALL_BOUNCED) == DMS_FLAG_ALL_BOUNCED, ==, verifies);
      /* Page 0 could be reached, page 2 not. */
      g_assert_cmpuint (
          (fixture_find (&run, DMS_EVENT_BOUNCE, 0)->flags & DMS_FLAG_FORCED) != 0,
          ==,
          verifies);
      g_assert_cmphex (fixture_find (&run, DMS_EVENT_BOUNCE, verifies ? 2 : 0)->flags
                           & DMS_FLAG_FORCED,
                       ==,
                       0);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

/* ---- waiting ---- */

static void
test_waiters_go_on_when_registers_come_back (void)
{
  static const uint64_t frames[][3]
      = { { 0x140100, 0xc040, 0x140102 }, { 0x150100, 0xd040, 0x150102 } };
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, false);
  scenario.map_registers = 8;
  for (size_t i = 0; i < 2; i++)
    {
      char name[] = { 'd', (char)('1' + i), 0 };

      fixture_add_device (&scenario, name, 32);
      fixture_add_mdl (fixture_add_buffer (&scenario, name), 0, 12288, frames[i]);
      fixture_add_request (&scenario, i + 1, i + 1, true, 12288)->at_ns
          = 1000 + 1000 * i;
    }
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  const DmsEvent *first = fixture_find (&run, DMS_EVENT_WAIT, 0);
  const DmsEvent *second = fixture_find (&run, DMS_EVENT_WAIT, 1);

  fixture_assert_clean (simulation);
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_WAIT), ==, 2);
  g_assert_cmpuint (first->a, ==, 3);
  g_assert_cmpuint (first->b, ==, 2);
  g_assert_cmpuint (first->c, ==, 0);
  g_assert_cmpuint (second->c, ==, 1);
  g_assert_cmpuint (fixture_find (&run, DMS_EVENT_GRANT, 1)->object, ==, first->object);
  g_assert_cmpuint (
      fixture_find (&run, DMS_EVENT_GRANT, 2)->object, ==, second->object);
  g_assert_cmpint (cause_of (&run, DMS_EVENT_GRANT, 1), ==, DMS_EVENT_RELEASE);
  /* The waiting call has long returned. */
  g_assert_cmpuint (fixture_find (&run, DMS_EVENT_GRANT, 1)->line, ==, 0);
  g_assert_cmpuint (
      fixture_find (&run, DMS_EVENT_GRANT, 1)->context, ==, DMS_CONTEXT_DISPATCH);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

static void
test_requests_repeat (void)
{
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, false);
  scenario.requests[0].count = 5;
  scenario.requests[0].every_ns = 100000;
  scenario.requests[0].at_ns = 3000;
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);

  fixture_assert_clean (simulation);
  for (guint i = 0; i < 5; i++)
    {
      const DmsEvent *request = fixture_find (&run, DMS_EVENT_REQUEST, i);

      g_assert_cmpuint (request->transfer, ==, i + 1);
      g_assert_cmpint (request->t_ns, ==, 3000 + 100000 * (gint64)i);
      /* Ids of lists are not used again. */
      g_assert_cmpuint (fixture_find (&run, DMS_EVENT_MAP, i)->object, ==, i + 1);
    }
  g_assert_cmpuint (fixture_count (&run, DMS_EVENT_REQUEST), ==, 5);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* ---- mistakes and touches ---- */

typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsSimulation *simulation;
} Story;

static void
story_with_mistake (Story *story, const char *name, bool to_device)
{
  fixture_story (&story->scenario, to_device);
  fixture_add_mistake (&story->scenario, name, 0);
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

/* Whether the byte at @at of the story's buffer is what the device sent. */
static bool
has_arrived (const Story *story, uint64_t at)
{
  const DmsMachine *machine = &story->simulation->machine;
  uint8_t found[16];
  uint8_t sent[16];

  dms_buffer_read (&machine->buffers[0], at, found, sizeof found);
  dms_pattern_fill (
      dms_pattern_key (machine->scenario->seed, 1), at, sent, sizeof sent);
  return memcmp (found, sent, sizeof sent) == 0;
}

#define IN_PAGE_0 100
#define IN_PAGE_2 (3584 + 4096 + 100)

static guint
count_puts (const FixtureRun *run)
{
  guint n = 0;

  for (guint i = 0; i < run->events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run->events, DmsEvent, i);

      n += event->kind == DMS_EVENT_CALL
           && event->index == DMS_ROUTINE_PUT_SCATTER_GATHER_LIST && event->object == 1;
    }
  return n;
}

static void
test_list_never_put (void)
{
  Story story;

  story_with_mistake (&story, "list-never-put", false);
  g_assert_cmpuint (count_puts (&story.run), ==, 0);
  g_assert_cmpuint (story.simulation->machine.pool.n_free, ==, 58);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_COMPLETE), ==, 1);
  g_assert_true (has_arrived (&story, IN_PAGE_0));
  g_assert_false (has_arrived (&story, IN_PAGE_2));
  story_release (&story);
}

static void
test_list_put_twice (void)
{
  Story story;

  story_with_mistake (&story, "list-put-twice", false);
  g_assert_cmpuint (count_puts (&story.run), ==, 2);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_RELEASE), ==, 1);
  fixture_assert_clean (story.simulation);
  g_assert_true (has_arrived (&story, IN_PAGE_2));
  story_release (&story);
}

static void
test_wrong_direction (void)
{
  Story story;

  story_with_mistake (&story, "wrong-direction", false);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_COPY), ==, 0);
  g_assert_false (has_arrived (&story, IN_PAGE_2));
  fixture_assert_clean (story.simulation);
  story_release (&story);

  story_with_mistake (&story, "wrong-direction", true);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_COPY), ==, 4);
  fixture_assert_clean (story.simulation);
  story_release (&story);
}

static void
test_touch_before_flush (void)
{
  Story story;

  story_with_mistake (&story, "touch-before-flush", false);

  const DmsEvent *touch = fixture_find (&story.run, DMS_EVENT_TOUCH, 0);
  const DmsEvent *unmap = fixture_find (&story.run, DMS_EVENT_UNMAP, 0);

  g_assert_cmpuint (touch->seq, <, unmap->seq);
  g_assert_cmphex (touch->flags, ==, 0);
  g_assert_cmpuint (touch->length, ==, 20992);
  g_assert_cmpuint (touch->line, >, 0);
  g_assert_cmpstr (
      dms_names_text (story.run.names, touch->file), ==, "mistakes.c");
  story_release (&story);
}

static void
test_mistake_in_the_nth_request_only (void)
{
  Story story;

  fixture_story (&story.scenario, false);
  story.scenario.requests[0].count = 3;
  fixture_add_mistake (&story.scenario, "list-never-put", 0);
  story.scenario.mistakes[0].nth = 2;
  fixture_run_init (&story.run);
  story.simulation = fixture_run (&story.run, &story.scenario);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_UNMAP), ==, 2);
  g_assert_nonnull (dms_table_get (&story.simulation->machine.grants, 2));
  g_assert_cmpuint (story.simulation->machine.grants.n, ==, 1);
  story_release (&story);
}

/* The CPU writes after the list was made: what bounces was copied before, the rest is
 * sent as it is now. */
static void
test_touch_after_map (void)
{
  DmsScenarioTouch touch = { .when = DMS_TOUCH_AFTER_MAP, .writes = true };
  Story story;
  size_t n = 0;

  fixture_story (&story.scenario, true);
  touch.length = 20992;
  fixture_add_touch (&story.scenario.requests[0], touch);
  fixture_run_init (&story.run);
  story.simulation = fixture_run (&story.run, &story.scenario);

  const uint8_t *received
      = dms_device_received (&story.simulation->machine.devices[0], &n);
  uint8_t sent = 0;

  g_assert_cmpuint (n, ==, 20992);
  g_assert_cmpuint (received[IN_PAGE_0], ==, 0x5a);
  dms_pattern_fill (dms_pattern_key (7, 1), IN_PAGE_2, &sent, 1);
  g_assert_cmpuint (received[IN_PAGE_2], ==, sent);
  g_assert_cmphex (
      fixture_find (&story.run, DMS_EVENT_TOUCH, 0)->flags, ==, DMS_FLAG_CPU_WRITES);
  g_assert_cmpuint (fixture_find (&story.run, DMS_EVENT_TOUCH, 0)->seq,
                    <,
                    fixture_find (&story.run, DMS_EVENT_START, 0)->seq);
  story_release (&story);
}

static void
test_requester_touches_as_it_likes (void)
{
  DmsScenarioTouch touch = { .when = DMS_TOUCH_AFTER_COMPLETE, .start = 5000 };
  Story story;

  fixture_story (&story.scenario, false);
  touch.length = 12;
  fixture_add_touch (&story.scenario.requests[0], touch);
  fixture_run_init (&story.run);
  story.simulation = fixture_run (&story.run, &story.scenario);
  g_assert_cmpuint (fixture_count (&story.run, DMS_EVENT_TOUCH), ==, 1);

  const DmsEvent *event = fixture_find (&story.run, DMS_EVENT_TOUCH, 0);

  g_assert_cmpuint (event->a, ==, 5000);
  g_assert_cmpuint (event->length, ==, 12);
  g_assert_cmpuint (event->index, ==, 1);
  g_assert_cmphex (event->flags, ==, DMS_FLAG_REQUESTER);
  story_release (&story);
}

/* ---- scenarios that cannot be ---- */

/* The refusal of @scenario, which is released, begins so. */
static void
check_problem_begins (DmsScenario *scenario, const char *beginning)
{
  FixtureRun run;
  DmsSink sink;
  DmsBytes problem;
  DmsStatus status = DMS_OK;

  fixture_run_init (&run);
  sink = fixture_sink (&run);
  dms_bytes_init (&problem);
  g_assert_null (dms_simulation_new (scenario, &sink, &status, &problem));
  g_assert_cmpint (status, ==, DMS_ERROR_RANGE);
  if (!g_str_has_prefix (dms_bytes_text (&problem), beginning))
    g_error ("%s", dms_bytes_text (&problem));
  /* Who does not want the sentence gets none. */
  g_assert_null (dms_simulation_new (scenario, &sink, NULL, NULL));
  dms_bytes_release (&problem);
  fixture_run_release (&run);
  dms_scenario_release (scenario);
}

static void
check_problem (DmsScenario *scenario, const char *sentence)
{
  check_problem_begins (scenario, sentence);
}

static void
test_problems_have_a_sentence (void)
{
  DmsScenario scenario;

  fixture_story (&scenario, false);
  strcpy (scenario.devices[0].driver, "foo");
  check_problem_begins (&scenario,
                        "devices[0].driver is \"foo\"; it may be packet-sg, ");

  fixture_story (&scenario, false);
  strcpy (scenario.devices[0].model, "8237");
  check_problem_begins (&scenario,
                        "devices[0].model is \"8237\"; it may be bus-master");

  fixture_story (&scenario, false);
  scenario.devices[0].scatter_gather = false;
  check_problem (&scenario,
                 "devices[0].scatter_gather is false; packet-sg drives devices with "
                 "scatter/gather only");

  fixture_story (&scenario, false);
  scenario.devices[0].address_bits = 14;
  check_problem (
      &scenario,
      "machine.map_registers is 64; devices[0] reaches 4 frames, too few for "
      "so many bounce pages beside the buffers");

  fixture_story (&scenario, false);
  scenario.buffers[0].mdls[0].frames[3] = 0xa311;
  check_problem (&scenario,
                 "buffers[0].mdls[0].frames[3] is 0xa311, which another page has "
                 "already; each page needs a frame of its own");

  fixture_story (&scenario, false);
  scenario.buffers[0].mdls[0].frames[5] = 0x200000;
  check_problem (
      &scenario,
      "buffers[0].mdls[0].frames[5] is 0x200000; the last frame of memory is "
      "0x1fffff");

  fixture_story (&scenario, false);
  fixture_add_mistake (&scenario, "sloth", 0);
  check_problem_begins (
      &scenario, "mistakes[0].name is \"sloth\"; the driver packet-sg can make hal-");

  fixture_story (&scenario, false);
  scenario.requests[0].start = 20992;
  check_problem (&scenario, "requests[0].start is 20992; the buffer has 20992 bytes");
}

/* ---- a sink that fails ---- */

static DmsStatus
fail_late (void *data, const DmsEvent *event)
{
  return event->seq == *(uint64_t *)data ? DMS_ERROR_SINK : DMS_OK;
}

static DmsStatus
take_name (void *data, const DmsName *name)
{
  (void)data;
  (void)name;
  return DMS_OK;
}

static void
test_a_failing_sink_ends_the_run (void)
{
  DmsScenario scenario;

  fixture_story (&scenario, false);
  for (uint64_t seq = 1; seq <= 88; seq++)
    {
      DmsSink sink = { fail_late, take_name, &seq };
      DmsStatus status = DMS_OK;
      DmsSimulation *simulation = dms_simulation_new (&scenario, &sink, &status, NULL);

      if (simulation != NULL)
        status = dms_simulation_run (simulation, UINT64_MAX);
      g_assert_cmpint (status, ==, DMS_ERROR_SINK);
      dms_simulation_free (simulation);
    }
  dms_scenario_release (&scenario);
}

static void
test_run_stops_at_the_budget (void)
{
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, false);
  fixture_run_init (&run);

  DmsSink sink = fixture_sink (&run);
  DmsSimulation *simulation = dms_simulation_new (&scenario, &sink, NULL, NULL);

  g_assert_cmpint (dms_simulation_run (simulation, 50), ==, DMS_OK);
  g_assert_cmpuint (run.events->len, >=, 50);
  g_assert_cmpuint (run.events->len, <, 60);
  g_assert_cmpint (dms_simulation_run (simulation, UINT64_MAX), ==, DMS_ERROR_END);
  g_assert_cmpint (dms_simulation_run (simulation, UINT64_MAX), ==, DMS_ERROR_END);
  g_assert_cmpuint (run.events->len, ==, 88);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/simulation/story/golden", test_story_golden);
  g_test_add_func ("/simulation/story/numbers", test_story_numbers);
  g_test_add_func ("/simulation/story/causes", test_story_causes);
  g_test_add_func ("/simulation/refusals-reach-the-requester",
                   test_refusals_reach_the_requester);
  g_test_add_func ("/simulation/list-too-long-for-the-device",
                   test_list_too_long_for_the_device);
  g_test_add_func ("/simulation/elements-end-with-their-mdl",
                   test_elements_end_with_their_mdl);
  g_test_add_func ("/simulation/bounce-pages-merge-by-hal",
                   test_bounce_pages_merge_by_hal);
  g_test_add_func ("/simulation/waiters-go-on-when-registers-come-back",
                   test_waiters_go_on_when_registers_come_back);
  g_test_add_func ("/simulation/requests-repeat", test_requests_repeat);
  g_test_add_func ("/simulation/mistake/list-never-put", test_list_never_put);
  g_test_add_func ("/simulation/mistake/list-put-twice", test_list_put_twice);
  g_test_add_func ("/simulation/mistake/wrong-direction", test_wrong_direction);
  g_test_add_func ("/simulation/mistake/touch-before-flush", test_touch_before_flush);
  g_test_add_func ("/simulation/mistake/nth-request-only",
                   test_mistake_in_the_nth_request_only);
  g_test_add_func ("/simulation/touch/after-map", test_touch_after_map);
  g_test_add_func ("/simulation/touch/requester", test_requester_touches_as_it_likes);
  g_test_add_func ("/simulation/problems-have-a-sentence",
                   test_problems_have_a_sentence);
  g_test_add_func ("/simulation/a-failing-sink-ends-the-run",
                   test_a_failing_sink_ends_the_run);
  g_test_add_func ("/simulation/run-stops-at-the-budget", test_run_stops_at_the_budget);
  return g_test_run ();
}
