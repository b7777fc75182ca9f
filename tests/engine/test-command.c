/* test-command.c — commands in mid-run: each kind, at each moment
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

#define STATUS_OF_STOPPED DMS_NT_DELETE_PENDING

/* ---- helpers ---- */

static void
add_command (DmsScenario *scenario, DmsScenarioCommand command)
{
  scenario->commands = realloc (
      scenario->commands, (scenario->n_commands + 1) * sizeof *scenario->commands);
  scenario->commands[scenario->n_commands++] = command;
}

/* A run with what it was made of. */
typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsSimulation *simulation;
} Try;

static void
try_run (Try *try)
{
  fixture_run_init (&try->run);
  try->simulation = fixture_run (&try->run, &try->scenario);
}

static void
try_release (Try *try)
{
  dms_simulation_free (try->simulation);
  fixture_run_release (&try->run);
  dms_scenario_release (&try->scenario);
}

static const DmsEvent *
must_find (const FixtureRun *run, DmsEventKind kind, guint nth)
{
  const DmsEvent *event = fixture_find (run, kind, nth);

  g_assert_nonnull (event);
  return event;
}

static guint
count_status (const FixtureRun *run, uint32_t status)
{
  guint n = 0;

  for (guint i = 0; i < run->events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run->events, DmsEvent, i);

      n += event->kind == DMS_EVENT_COMPLETE && event->status == status;
    }
  return n;
}

/* Calls of @routine of the driver or of the system, from event @from on. */
static guint
count_calls (const FixtureRun *run, DmsRoutine routine, uint64_t from)
{
  guint n = 0;

  for (guint i = 0; i < run->events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run->events, DmsEvent, i);

      n += event->kind == DMS_EVENT_CALL && event->index == routine
           && event->seq >= from;
    }
  return n;
}

/* ---- limits ---- */

static void
test_fewer_lines_bounce_more (void)
{
  Try try;

  fixture_story (&try.scenario, false);
  try.scenario.devices[0].address_bits = 64;
  try.scenario.requests[0].at_ns = 1000000;
  try.scenario.requests[0].count = 2;
  try.scenario.requests[0].every_ns = 1000000;
  add_command (
      &try.scenario,
      (DmsScenarioCommand){ DMS_AFTER_TIME, 1500000, DMS_COMMAND_LIMIT, 0, 0, 32, 0 });
  try_run (&try);

  const DmsEvent *limit = must_find (&try.run, DMS_EVENT_LIMIT, 0);

  g_assert_cmpuint (limit->index, ==, 0);
  g_assert_cmpuint (limit->a, ==, 64);
  g_assert_cmpuint (limit->b, ==, 32);
  /* The first request went straight, the second bounces its two high pages. */
  g_assert_cmpuint (fixture_count (&try.run, DMS_EVENT_BOUNCE), ==, 2);
  g_assert_cmpuint (must_find (&try.run, DMS_EVENT_BOUNCE, 0)->seq, >, limit->seq);
  g_assert_cmpuint (fixture_count (&try.run, DMS_EVENT_STRAY), ==, 0);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

static void
test_fewer_registers_refuse (void)
{
  Try try;

  fixture_story (&try.scenario, false);
  try.scenario.requests[0].at_ns = 1000000;
  add_command (
      &try.scenario,
      (DmsScenarioCommand){ DMS_AFTER_TIME, 500000, DMS_COMMAND_LIMIT, 1, 0, 5, 0 });
  try_run (&try);

  const DmsEvent *limit = must_find (&try.run, DMS_EVENT_LIMIT, 0);
  const DmsEvent *refuse = must_find (&try.run, DMS_EVENT_REFUSE, 0);

  g_assert_cmpuint (limit->a, ==, 8);
  g_assert_cmpuint (limit->b, ==, 5);
  g_assert_cmpuint (refuse->a, ==, 6);
  g_assert_cmpuint (refuse->b, ==, 5);
  g_assert_cmpuint (count_status (&try.run, DMS_NT_INSUFFICIENT_RESOURCES), ==, 1);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

/* A burst that has begun is over between two items of work: the next one is shorter. */
static void
test_burst_changes_in_mid_transfer (void)
{
  Try try;
  guint n_long = 0;
  guint n_short = 0;

  fixture_story (&try.scenario, true);
  try_run (&try);

  uint64_t third = must_find (&try.run, DMS_EVENT_BURST, 2)->seq;

  try_release (&try);
  fixture_story (&try.scenario, true);
  add_command (
      &try.scenario,
      (DmsScenarioCommand){ DMS_AFTER_EVENT, third, DMS_COMMAND_LIMIT, 4, 0, 256, 0 });
  try_run (&try);
  for (guint i = 0; i < try.run.events->len; i++)
    {
      const DmsEvent *event = &g_array_index (try.run.events, DmsEvent, i);

      if (event->kind != DMS_EVENT_BURST)
        continue;
      n_long += event->length > 256;
      n_short += event->length <= 256;
    }
  g_assert_cmpuint (n_long, ==, 3);
  g_assert_cmpuint (n_short, >=, (20992 - 3 * 1024) / 256);
  g_assert_cmpuint (try.run.state->moved_bytes, ==, 20992);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

static void
test_limits_have_bounds (void)
{
  static const DmsScenarioCommand wrong[] = {
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 0, 0, 0, 0 },
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 0, 0, 65, 0 },
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 1, 0, 65537, 0 },
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 2, 0, 0, 0 },
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 2, 0, 17, 0 }, /* it is built with 16 */
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 3, 0, 0, 0 },
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 4, 0, 0, 0 },
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 5, 0, 1, 0 },
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 0, 1, 24, 0 },
    { DMS_AFTER_TIME, 0, DMS_COMMAND_FAIL, 4, 0, 1, 0 },
    { DMS_AFTER_TIME, 0, (DmsCommandKind)99, 0, 0, 1, 0 },
    /* The bounce pages lie above what 13 lines reach. */
    { DMS_AFTER_TIME, 0, DMS_COMMAND_LIMIT, 0, 0, 13, 0 },
  };
  Try try;

  fixture_story (&try.scenario, false);
  try_run (&try);

  guint before = try.run.events->len;

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_cmpint (
        dms_simulation_command (try.simulation, &wrong[i]), ==, DMS_ERROR_RANGE);
  g_assert_cmpuint (try.run.events->len, ==, before);
  try_release (&try);
}

/* ---- map registers ---- */

static void
test_taken_registers_are_waited_for (void)
{
  Try try;

  fixture_story (&try.scenario, false);
  add_command (
      &try.scenario,
      (DmsScenarioCommand){ DMS_AFTER_TIME, 0, DMS_COMMAND_TAKE, 0, 0, 60, 0 });
  add_command (
      &try.scenario,
      (DmsScenarioCommand){ DMS_AFTER_TIME, 5000000, DMS_COMMAND_GIVE, 0, 0, 100, 0 });
  try_run (&try);

  const DmsEvent *taken = must_find (&try.run, DMS_EVENT_POOL, 0);
  const DmsEvent *given = must_find (&try.run, DMS_EVENT_POOL, 1);

  g_assert_cmpuint (taken->flags, ==, DMS_FLAG_TAKEN);
  g_assert_cmpuint (taken->index, ==, 4);
  g_assert_cmpuint (taken->a, ==, 60);
  g_assert_cmpuint (taken->b, ==, 4);
  g_assert_cmpuint (given->flags, ==, 0);
  g_assert_cmpuint (given->index, ==, 4);
  g_assert_cmpuint (given->a, ==, 60);
  g_assert_cmpuint (given->b, ==, 64);
  g_assert_cmpuint (fixture_count (&try.run, DMS_EVENT_POOL), ==, 2);
  g_assert_cmpuint (must_find (&try.run, DMS_EVENT_WAIT, 0)->seq, <, given->seq);
  g_assert_cmpuint (must_find (&try.run, DMS_EVENT_GRANT, 0)->seq, >, given->seq);
  g_assert_cmpuint (count_status (&try.run, DMS_NT_SUCCESS), ==, 1);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

static void
test_held_registers_leave_when_they_come_back (void)
{
  Try try;

  fixture_story (&try.scenario, false);
  try_run (&try);

  uint64_t start = must_find (&try.run, DMS_EVENT_START, 0)->seq;

  try_release (&try);
  fixture_story (&try.scenario, false);
  add_command (
      &try.scenario,
      (DmsScenarioCommand){ DMS_AFTER_EVENT, start, DMS_COMMAND_TAKE, 0, 0, 1000, 0 });
  try_run (&try);

  const DmsEvent *release = must_find (&try.run, DMS_EVENT_RELEASE, 0);
  const DmsEvent *first = must_find (&try.run, DMS_EVENT_POOL, 0);
  const DmsEvent *second = must_find (&try.run, DMS_EVENT_POOL, 1);

  g_assert_cmpuint (first->index, ==, 6);
  g_assert_cmpuint (first->a, ==, 58);
  g_assert_cmpuint (first->b, ==, 0);
  g_assert_cmpuint (second->seq, ==, release->seq + 2); /* UNMAP between */
  g_assert_cmpuint (second->index, ==, 0);
  g_assert_cmpuint (second->a, ==, 6);
  g_assert_cmpuint (second->b, ==, 0);
  g_assert_cmpuint (fixture_count (&try.run, DMS_EVENT_POOL), ==, 2);
  g_assert_cmpuint (try.simulation->machine.commands.n_away, ==, 64);
  g_assert_cmpuint (try.simulation->machine.commands.n_owed, ==, 0);
  try_release (&try);
}

/* Who waits is not served with what is owed. */
static void
test_owed_registers_go_before_who_waits (void)
{
  static const uint64_t other[] = { 0x9000, 0x9002, 0x9004, 0x9006, 0x9008, 0x900a };
  Try try;

  fixture_story (&try.scenario, false);
  try.scenario.map_registers = 8;
  fixture_add_device (&try.scenario, "card1", 32);
  fixture_add_mdl (fixture_add_buffer (&try.scenario, "other"), 0, 24576, other);
  fixture_add_request (&try.scenario, 1, 1, false, 24576)->at_ns = 1000;
  try_run (&try);

  uint64_t wait = must_find (&try.run, DMS_EVENT_WAIT, 0)->seq;

  try_release (&try);
  fixture_story (&try.scenario, false);
  try.scenario.map_registers = 8;
  fixture_add_device (&try.scenario, "card1", 32);
  fixture_add_mdl (fixture_add_buffer (&try.scenario, "other"), 0, 24576, other);
  fixture_add_request (&try.scenario, 1, 1, false, 24576)->at_ns = 1000;
  add_command (
      &try.scenario,
      (DmsScenarioCommand){ DMS_AFTER_EVENT, wait, DMS_COMMAND_TAKE, 0, 0, 8, 0 });
  add_command (
      &try.scenario,
      (DmsScenarioCommand){ DMS_AFTER_TIME, 9000000, DMS_COMMAND_GIVE, 0, 0, 8, 0 });
  try_run (&try);
  g_assert_cmpuint (fixture_count (&try.run, DMS_EVENT_GRANT), ==, 2);
  g_assert_cmpint (must_find (&try.run, DMS_EVENT_GRANT, 1)->t_ns, >=, 9000000);
  g_assert_cmpuint (count_status (&try.run, DMS_NT_SUCCESS), ==, 2);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

/* ---- requests ---- */

static DmsScenarioCommand
cancel_at (DmsAfter after, uint64_t position, uint64_t nth)
{
  return (DmsScenarioCommand){ after, position, DMS_COMMAND_CANCEL, 0, 0, nth, 0 };
}

/* Two requests for one card at once, with buffers of their own. */
static void
make_two (DmsScenario *scenario)
{
  static const uint64_t other[] = { 0x9000, 0x9002, 0x9004 };

  fixture_story (scenario, false);
  fixture_add_mdl (fixture_add_buffer (scenario, "other"), 0, 12288, other);
  fixture_add_request (scenario, 0, 1, false, 12288);
}

static void
test_cancelled_in_the_queue (void)
{
  Try try;

  make_two (&try.scenario);
  add_command (&try.scenario, cancel_at (DMS_AFTER_TIME, 2000, 2));
  try_run (&try);

  const DmsEvent *cancelled = must_find (&try.run, DMS_EVENT_REQUEST_CANCELLED, 0);
  const DmsEvent *complete = must_find (&try.run, DMS_EVENT_COMPLETE, 0);

  g_assert_cmpuint (cancelled->transfer, ==, 2);
  g_assert_cmpuint (complete->transfer, ==, 2);
  g_assert_cmpuint (complete->cause, ==, cancelled->seq);
  g_assert_cmphex (complete->status, ==, DMS_NT_CANCELLED);
  g_assert_cmpuint (count_calls (&try.run, DMS_ROUTINE_START_IO, 0), ==, 1);
  g_assert_cmpuint (count_status (&try.run, DMS_NT_SUCCESS), ==, 1);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

static void
test_cancelled_before_it_comes (void)
{
  Try try;

  make_two (&try.scenario);
  try.scenario.requests[1].at_ns = 9000000;
  add_command (&try.scenario, cancel_at (DMS_AFTER_EVENT, 0, 2));
  try_run (&try);

  const DmsEvent *cancelled = must_find (&try.run, DMS_EVENT_REQUEST_CANCELLED, 0);

  g_assert_cmpuint (
      cancelled->seq, ==, must_find (&try.run, DMS_EVENT_REQUEST, 1)->seq + 1);
  g_assert_cmpuint (count_calls (&try.run, DMS_ROUTINE_START_IO, 0), ==, 1);
  g_assert_cmpuint (count_status (&try.run, DMS_NT_CANCELLED), ==, 1);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

/* packet-sg has no cancel routine: it ends what it has begun. */
static void
test_cancelled_in_the_drivers_hands (void)
{
  Try try;

  make_two (&try.scenario);
  add_command (&try.scenario, cancel_at (DMS_AFTER_TIME, 5000, 1));
  add_command (&try.scenario, cancel_at (DMS_AFTER_TIME, 6000, 1)); /* is already */
  try_run (&try);
  g_assert_cmpuint (fixture_count (&try.run, DMS_EVENT_REQUEST_CANCELLED), ==, 1);
  g_assert_cmpuint (count_status (&try.run, DMS_NT_SUCCESS), ==, 2);
  fixture_assert_clean (try.simulation);

  /* Done is done. */
  DmsScenarioCommand again = cancel_at (DMS_AFTER_TIME, 0, 1);

  g_assert_cmpint (
      dms_simulation_command (try.simulation, &again), ==, DMS_ERROR_RANGE);
  try_release (&try);
}

static void
test_stopped_device_ends_what_it_has (void)
{
  DmsScenarioCommand stop = { DMS_AFTER_TIME, 5000, DMS_COMMAND_STOP, 0, 0, 0, 0 };
  Try try;

  make_two (&try.scenario);
  fixture_add_request (&try.scenario, 0, 1, false, 4096)->at_ns = 9000000;
  add_command (&try.scenario, stop);
  try_run (&try);

  const DmsEvent *event = must_find (&try.run, DMS_EVENT_STOP, 0);
  const DmsEvent *first = must_find (&try.run, DMS_EVENT_COMPLETE, 0);
  const DmsEvent *second = must_find (&try.run, DMS_EVENT_COMPLETE, 1);
  const DmsEvent *third = must_find (&try.run, DMS_EVENT_COMPLETE, 2);

  /* The one that waited fails at once, the one that runs goes on to its end. */
  g_assert_cmpuint (first->seq, ==, event->seq + 1);
  g_assert_cmpuint (first->transfer, ==, 2);
  g_assert_cmpuint (first->cause, ==, event->seq);
  g_assert_cmphex (first->status, ==, STATUS_OF_STOPPED);
  g_assert_cmphex (second->status, ==, DMS_NT_SUCCESS);
  g_assert_cmphex (third->status, ==, STATUS_OF_STOPPED);
  g_assert_cmpuint (
      count_calls (&try.run, DMS_ROUTINE_STOP_DEVICE, second->seq), ==, 1);
  g_assert_cmpuint (count_calls (&try.run, DMS_ROUTINE_STOP_DEVICE, third->seq), ==, 0);
  g_assert_cmpuint (count_calls (&try.run, DMS_ROUTINE_START_IO, 0), ==, 1);
  g_assert_cmpint (dms_simulation_command (try.simulation, &stop), ==, DMS_ERROR_RANGE);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

/* ---- allocations ---- */

static void
test_lists_get_no_memory (void)
{
  Try try;

  make_two (&try.scenario);
  add_command (
      &try.scenario,
      (DmsScenarioCommand){ DMS_AFTER_EVENT, 0, DMS_COMMAND_FAIL, 0, 0, 1, 1 });
  try_run (&try);

  const DmsEvent *refuse = must_find (&try.run, DMS_EVENT_REFUSE, 0);

  g_assert_cmpuint (refuse->transfer, ==, 2);
  g_assert_cmpuint (refuse->flags & DMS_FLAG_NO_HOST_MEMORY, !=, 0);
  g_assert_cmpuint (count_status (&try.run, DMS_NT_SUCCESS), ==, 1);
  g_assert_cmpuint (count_status (&try.run, DMS_NT_INSUFFICIENT_RESOURCES), ==, 1);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

static void
test_adapter_cannot_be_had (void)
{
  Try try;

  make_two (&try.scenario);
  add_command (
      &try.scenario,
      /* Version 3 and then version 2. */
      (DmsScenarioCommand){ DMS_AFTER_EVENT, 0, DMS_COMMAND_FAIL, 3, 0, 2, 0 });
  try_run (&try);
  g_assert_cmpuint (fixture_count (&try.run, DMS_EVENT_FAIL), ==, 1);
  g_assert_cmpuint (fixture_count (&try.run, DMS_EVENT_ADAPTER), ==, 0);
  g_assert_cmpuint (count_status (&try.run, DMS_NT_UNSUCCESSFUL), ==, 2);
  fixture_assert_clean (try.simulation);
  try_release (&try);
}

/* ---- each command at each moment ---- */

static void
make_busy (DmsScenario *scenario)
{
  static const uint64_t other[] = { 0x9000, 0x9002, 0x140100, 0x9006, 0x9008 };

  fixture_story (scenario, false);
  scenario->map_registers = 10;
  scenario->requests[0].count = 2;
  fixture_add_device (scenario, "card1", 32)->burst = 4096;
  fixture_add_mdl (fixture_add_buffer (scenario, "other"), 100, 20000, other);
  fixture_add_mdl (
      fixture_add_buffer (scenario, "third"), 0, 4096, &(uint64_t){ 0x77 });
  fixture_add_request (scenario, 1, 1, true, 20000)->at_ns = 500;
  fixture_add_request (scenario, 0, 2, false, 4096)->at_ns = 700;
  fixture_add_request (scenario, 1, 2, true, 4096)->at_ns = 900;
}

static const DmsScenarioCommand all_kinds[] = {
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_LIMIT, 0, 0, 24, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_LIMIT, 1, 0, 3, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_LIMIT, 2, 0, 1, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_LIMIT, 3, 0, 4096, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_LIMIT, 4, 1, 100, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_TAKE, 0, 0, 9, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_TAKE, 0, 0, 1, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_GIVE, 0, 0, 4, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_CANCEL, 0, 0, 1, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_CANCEL, 0, 0, 2, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_CANCEL, 0, 1, 2, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_STOP, 0, 0, 0, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_STOP, 0, 1, 0, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_FAIL, 0, 0, 2, 0 },
  { DMS_AFTER_EVENT, 0, DMS_COMMAND_FAIL, 3, 0, 1, 0 },
};

/* Without registers a request may wait for ever; nothing else may be left. */
static void
assert_nothing_left (const DmsSimulation *simulation)
{
  const DmsMachine *machine = &simulation->machine;
  const DmsCommands *commands = &machine->commands;

  g_assert_cmpuint (machine->n_calls, ==, 0);
  if (commands->n_away == 0)
    {
      fixture_assert_clean (simulation);
      return;
    }
  g_assert_cmpuint (commands->n_owed, ==, 0);
  g_assert_cmpuint (machine->pool.n_free + commands->n_away, ==, machine->pool.n);
  g_assert_cmpuint (machine->mapped.n, ==, 0);
}

/* The same from outside: after the item of work in which that event happened. */
static char *
run_from_outside (const DmsScenarioCommand *command)
{
  DmsScenario scenario;
  FixtureRun run;
  DmsSink sink = { 0 };

  make_busy (&scenario);
  fixture_run_init (&run);
  sink = fixture_sink (&run);

  DmsSimulation *simulation = dms_simulation_new (&scenario, &sink, NULL, NULL);

  g_assert_nonnull (simulation);
  (void)dms_simulation_run (simulation, command->position);
  (void)dms_simulation_command (simulation, command);
  g_assert_cmpint (dms_simulation_run (simulation, UINT64_MAX), ==, DMS_ERROR_END);

  char *dump = fixture_dump (&run);

  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
  return dump;
}

static char *
run_with (const DmsScenarioCommand *command)
{
  Try try;

  make_busy (&try.scenario);
  add_command (&try.scenario, *command);
  try_run (&try);
  assert_nothing_left (try.simulation);

  char *dump = fixture_dump (&try.run);

  try_release (&try);
  return dump;
}

static void
test_each_command_at_each_moment (void)
{
  Try plain;

  make_busy (&plain.scenario);
  try_run (&plain);

  guint n = plain.run.events->len;

  fixture_assert_clean (plain.simulation);
  for (gsize i = 0; i < G_N_ELEMENTS (all_kinds); i++)
    for (guint at = (guint)(i % 5); at <= n; at += 5)
      {
        DmsScenarioCommand command = all_kinds[i];

        command.position = at;

        g_autofree char *first = run_with (&command);

        if (at % 8 == 0)
          {
            g_autofree char *again = run_with (&command);

            g_assert_cmpstr (first, ==, again);
          }
        /* Bounce pages lie where the scenario's own commands let them. */
        if (command.what != DMS_COMMAND_LIMIT || command.which != 0)
          {
            g_autofree char *outside = run_from_outside (&command);

            g_assert_cmpstr (first, ==, outside);
          }
      }
  try_release (&plain);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/command/fewer-address-lines-bounce-more",
                   test_fewer_lines_bounce_more);
  g_test_add_func ("/command/fewer-map-registers-refuse", test_fewer_registers_refuse);
  g_test_add_func ("/command/burst-changes-in-mid-transfer",
                   test_burst_changes_in_mid_transfer);
  g_test_add_func ("/command/values-have-bounds", test_limits_have_bounds);
  g_test_add_func ("/command/taken-registers-are-waited-for",
                   test_taken_registers_are_waited_for);
  g_test_add_func ("/command/held-registers-leave-when-they-come-back",
                   test_held_registers_leave_when_they_come_back);
  g_test_add_func ("/command/owed-registers-go-before-who-waits",
                   test_owed_registers_go_before_who_waits);
  g_test_add_func ("/command/cancelled-in-the-queue", test_cancelled_in_the_queue);
  g_test_add_func ("/command/cancelled-before-it-comes",
                   test_cancelled_before_it_comes);
  g_test_add_func ("/command/cancelled-in-the-drivers-hands",
                   test_cancelled_in_the_drivers_hands);
  g_test_add_func ("/command/stopped-device-ends-what-it-has",
                   test_stopped_device_ends_what_it_has);
  g_test_add_func ("/command/lists-get-no-memory", test_lists_get_no_memory);
  g_test_add_func ("/command/adapter-cannot-be-had", test_adapter_cannot_be_had);
  g_test_add_func ("/command/each-command-at-each-moment",
                   test_each_command_at_each_moment);
  return g_test_run ();
}
