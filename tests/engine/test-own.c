/* test-own.c — a driver as for Windows: whatever it does is noted, and the run goes on
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/own-cases.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

static char *
log_text (const DmsEvent *event)
{
  DmsBytes bytes;
  char *text = NULL;

  dms_bytes_init (&bytes);
  dms_payload_append_plain (&bytes, event->payload, event->payload_length);
  text = g_strdup_printf ("\"%s\"", dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
  return text;
}

/* What is said of the run: facts, lines of the log, and calls of routines that the
 * driver handed over by name. */
static char *
summary (const FixtureRun *run)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < run->events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run->events, DmsEvent, i);
      g_autofree char *word = NULL;

      if (event->kind == DMS_EVENT_FACT)
        word = g_strdup (dms_fact_info (event->index)->name);
      else if (event->kind == DMS_EVENT_LOG)
        word = log_text (event);
      else if (event->kind == DMS_EVENT_CALL
               && (event->index == DMS_ROUTINE_SYNCH_ROUTINE
                   || event->index == DMS_ROUTINE_WORK_ITEM))
        word
            = g_strdup_printf ("%s()", dms_names_text (run->names, (uint32_t)event->a));
      if (word)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", word);
    }
  return g_string_free (text, FALSE);
}

static DmsSimulation *
run_own (FixtureRun *run, const DmsScenario *scenario)
{
  const DmsOwnDriver own = { own_entry (), "DriverEntry" };
  DmsSink sink = fixture_sink (run);
  DmsStatus status = DMS_OK;
  DmsSimulation *simulation
      = dms_simulation_new_own (scenario, &sink, &own, &status, NULL);

  g_assert_nonnull (simulation);
  run->machine = &simulation->machine;
  g_assert_cmpint (dms_simulation_run (simulation, UINT64_MAX), ==, DMS_ERROR_END);
  return simulation;
}

static void
own_scenario (DmsScenario *scenario)
{
  fixture_story (scenario, false);
  free (scenario->devices[0].driver);
  scenario->devices[0].driver = fixture_text ("own");
  /* So that what one request left can be seen by the next. */
  scenario->requests[0].count = 1;
}

/* Cases that say something for each of two requests. */
static bool
is_twice (const OwnCase *row)
{
  static const char *const names[]
      = { "complete-twice",     "complete-nobody",      "complete-late", "neither",
          "pending-not-marked", "pending-not-returned", "irql-left" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (row->name, names[i]) == 0)
      return true;
  return false;
}

static void
test_case (gconstpointer data)
{
  const OwnCase *row = data;
  DmsScenario scenario;
  FixtureRun run;

  own_scenario (&scenario);
  if (is_twice (row))
    {
      static const uint64_t frames[] = { 0x42 };

      fixture_add_mdl (fixture_add_buffer (&scenario, "more"), 0, 4096, frames);
      fixture_add_request (&scenario, 0, 1, true, 4096)->at_ns = 1000;
    }
  if (strcmp (row->name, "waits-for-cancel") == 0)
    {
      scenario.commands = calloc (1, sizeof *scenario.commands);
      scenario.n_commands = 1;
      scenario.commands[0] = (DmsScenarioCommand){ .after = DMS_AFTER_TIME,
                                                   .position = 5000,
                                                   .what = DMS_COMMAND_CANCEL,
                                                   .value = 1 };
    }
  own_choose ((size_t)(row - own_cases));
  fixture_run_init (&run);

  DmsSimulation *simulation = run_own (&run, &scenario);
  g_autofree char *said = summary (&run);

  g_assert_cmpstr (said, ==, row->expected);
  /* Whatever happened, the driver was told to go and went. */
  g_assert_cmpuint (simulation->machine.n_calls, ==, 0);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* The same run twice has the same events: no address of the host is in them. */
static void
test_runs_repeat (void)
{
  DmsScenario scenario;

  own_scenario (&scenario);
  for (size_t i = 0; i < own_n_cases; i++)
    {
      char *dumps[2] = { NULL, NULL };

      own_choose (i);
      for (guint k = 0; k < 2; k++)
        {
          FixtureRun run;

          fixture_run_init (&run);

          DmsSimulation *simulation = run_own (&run, &scenario);
          void *between = malloc (1000 + 4096 * (i + 1));

          dumps[k] = fixture_dump (&run);
          dms_simulation_free (simulation);
          free (between);
          fixture_run_release (&run);
        }
      g_assert_cmpstr (dumps[0], ==, dumps[1]);
      g_free (dumps[0]);
      g_free (dumps[1]);
    }
  dms_scenario_release (&scenario);
}

static void
test_own_needs_its_program (void)
{
  DmsScenario scenario;
  FixtureRun run;
  DmsBytes problem;
  DmsSink sink;

  own_scenario (&scenario);
  fixture_run_init (&run);
  sink = fixture_sink (&run);
  dms_bytes_init (&problem);
  g_assert_null (dms_simulation_new (&scenario, &sink, NULL, &problem));
  g_assert_nonnull (strstr (dms_bytes_text (&problem), "own-driver.md"));
  dms_bytes_release (&problem);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  for (size_t i = 0; i < own_n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/own/%s", own_cases[i].name);

      g_test_add_data_func (path, &own_cases[i], test_case);
    }
  g_test_add_func ("/engine/own/runs-repeat", test_runs_repeat);
  g_test_add_func ("/engine/own/own-needs-its-program", test_own_needs_its_program);
  return g_test_run ();
}
