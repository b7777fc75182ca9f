/* test-command-lessons.c — commands in every lesson: each driver and device lives with
 * them
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/lessons/dms-lessons.h"
#include "data/scenario/dms-scenario-reader.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

/* ---- helpers ---- */

static void
read_lesson (const char *id, DmsScenario *scenario)
{
  const char *text = dms_lesson_scenario (id);
  g_autoptr (GError) error = NULL;

  dms_scenario_parse (text, strlen (text), id, NULL, scenario, &error);
  g_assert_no_error (error);
}

static void
add_command (DmsScenario *scenario, DmsScenarioCommand command)
{
  scenario->commands = realloc (
      scenario->commands, (scenario->n_commands + 1) * sizeof *scenario->commands);
  scenario->commands[scenario->n_commands++] = command;
}

/* No call is open, and each map register is where the pool says. */
static void
assert_sound (const DmsSimulation *simulation)
{
  const DmsMachine *machine = &simulation->machine;
  uint32_t n_free = 0;
  uint32_t n_away = 0;

  g_assert_cmpuint (machine->n_calls, ==, 0);
  for (uint32_t r = 0; r < machine->pool.n; r++)
    {
      n_free += machine->pool.registers[r].list == 0;
      n_away += machine->pool.registers[r].list == DMS_REGISTER_TAKEN;
    }
  g_assert_cmpuint (n_free, ==, machine->pool.n_free);
  g_assert_cmpuint (n_away, ==, machine->commands.n_away);
  g_assert_cmpuint (
      machine->commands.n_away + machine->commands.n_owed, <=, machine->pool.n);
}

/* The run reaches its end, and the picture follows each event. Returns how many events
 * it has. */
static guint
run_to_end (DmsScenario *scenario)
{
  FixtureRun run;
  DmsSimulation *simulation = NULL;
  guint n = 0;

  fixture_run_init (&run);
  simulation = fixture_run (&run, scenario);
  assert_sound (simulation);
  n = run.events->len;
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  return n;
}

/* ---- any commands at any moment ---- */

static uint64_t
random_limit (DmsTestRandom *random, uint32_t which, const DmsScenarioDevice *device)
{
  switch (which)
    {
    case 0:
      return (uint64_t)dms_test_random_range (random, 24, 64);
    case 1:
      return (uint64_t)dms_test_random_range (random, 0, 12);
    case 2:
      return (uint64_t)dms_test_random_range (random, 1, device->max_elements);
    case 3:
      return (uint64_t)dms_test_random_range (random, 1, 70000);
    default:
      return (uint64_t)dms_test_random_range (random, 1, 5000);
    }
}

static DmsScenarioCommand
random_command (DmsTestRandom *random, const DmsScenario *scenario, guint n_events)
{
  DmsScenarioCommand command
      = { .after = DMS_AFTER_EVENT,
          .position = dms_test_random_range (random, 0, n_events),
          .what = (DmsCommandKind)dms_test_random_range (
              random, DMS_COMMAND_LIMIT, DMS_COMMAND_FAIL),
          .device = dms_test_random_range (random, 0, scenario->n_devices - 1),
          .value = dms_test_random_range (random, 1, 10) };

  if (command.what == DMS_COMMAND_LIMIT)
    {
      command.which = (uint32_t)dms_test_random_range (random, 0, 4);
      command.value
          = random_limit (random, command.which, &scenario->devices[command.device]);
    }
  if (command.what == DMS_COMMAND_FAIL)
    {
      command.which = (uint32_t)dms_test_random_range (random, 0, 3);
      command.skip = dms_test_random_range (random, 0, 3);
    }
  return command;
}

/* Another machine around the same devices. ReactOS verifies nothing and has no IOMMU.
 */
static void
change_machine (DmsTestRandom *random, DmsScenario *scenario)
{
  bool is_reactos = dms_test_random_chance (random, 25);

  scenario->hal_x86 = dms_test_random_chance (random, 30);
  scenario->profile = is_reactos ? DMS_PROFILE_REACTOS : DMS_PROFILE_DOCUMENTED;
  scenario->quirks = is_reactos ? (uint32_t)dms_test_random_range (random, 0, 15) : 0;
  scenario->verifier = !is_reactos && dms_test_random_chance (random, 20);
  for (size_t i = 0; i < scenario->n_devices; i++)
    scenario->devices[i].iommu = !is_reactos && scenario->devices[i].address_bits >= 32
                                 && dms_test_random_chance (random, 20);
}

static void
test_any_commands (void)
{
  gsize n = 0;
  const DmsLesson *lessons = dms_lessons (&n);

  for (gsize i = 0; i < n; i++)
    {
      DmsTestRandom random;
      DmsScenario scenario;
      guint n_events = 0;

      dms_test_random_init (&random, i);
      read_lesson (lessons[i].id, &scenario);
      n_events = run_to_end (&scenario);
      dms_scenario_release (&scenario);
      for (guint k = 0; k < 100; k++)
        {
          read_lesson (lessons[i].id, &scenario);
          change_machine (&random, &scenario);
          for (uint64_t more = dms_test_random_range (&random, 1, 6); more > 0; more--)
            add_command (&scenario, random_command (&random, &scenario, n_events));
          (void)run_to_end (&scenario);
          dms_scenario_release (&scenario);
        }
    }
}

/* ---- each allocation fails once ---- */

#define MOST_ALLOCATIONS 24

/* Whether the failure that was asked for has happened. */
static bool
fails_at (const char *id, uint32_t which, uint64_t skip)
{
  DmsScenario scenario;
  FixtureRun run;
  DmsSimulation *simulation = NULL;
  bool has_failed = false;

  read_lesson (id, &scenario);
  add_command (
      &scenario,
      (DmsScenarioCommand){ DMS_AFTER_EVENT, 0, DMS_COMMAND_FAIL, which, 0, 1, skip });
  fixture_run_init (&run);
  simulation = fixture_run (&run, &scenario);
  assert_sound (simulation);
  has_failed = simulation->machine.commands.fails[which] == 0;
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
  return has_failed;
}

static void
test_each_allocation (void)
{
  gsize n = 0;
  const DmsLesson *lessons = dms_lessons (&n);
  guint n_failed[DMS_ALLOCATIONS] = { 0 };

  for (gsize i = 0; i < n; i++)
    for (uint32_t which = 0; which < DMS_ALLOCATIONS; which++)
      for (uint64_t skip = 0; skip < MOST_ALLOCATIONS; skip++)
        {
          if (!fails_at (lessons[i].id, which, skip))
            break;
          n_failed[which]++;
        }
  /* Each kind has been met. */
  for (uint32_t which = 0; which < DMS_ALLOCATIONS; which++)
    g_assert_cmpuint (n_failed[which], >, 0);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/command/any-commands-in-any-lesson", test_any_commands);
  g_test_add_func ("/command/each-allocation-of-any-lesson-fails",
                   test_each_allocation);
  return g_test_run ();
}
