/* test-simulation-memory.c — every allocation of a run fails once
 *
 * Linked so that malloc, calloc and realloc of the engine come through here.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/own-cases.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

void *__real_malloc (size_t size);
void *__real_calloc (size_t n, size_t size);
void *__real_realloc (void *memory, size_t size);
void *__wrap_malloc (size_t size);
void *__wrap_calloc (size_t n, size_t size);
void *__wrap_realloc (void *memory, size_t size);

/* Allocations until one fails; 0 = none does. */
static uint64_t countdown = 0;

static bool
fails_now (void)
{
  return countdown > 0 && --countdown == 0;
}

void *
__wrap_malloc (size_t size)
{
  return fails_now () ? NULL : __real_malloc (size);
}

void *
__wrap_calloc (size_t n, size_t size)
{
  return fails_now () ? NULL : __real_calloc (n, size);
}

void *
__wrap_realloc (void *memory, size_t size)
{
  return fails_now () ? NULL : __real_realloc (memory, size);
}

/* Keeps nothing, so that all allocations are the engine's. */
typedef struct
{
  uint64_t n_events;
  bool is_refused, is_complete;
} Seen;

static DmsStatus
see_event (void *data, const DmsEvent *event)
{
  Seen *seen = data;

  seen->n_events++;
  if (event->kind == DMS_EVENT_REFUSE && (event->flags & DMS_FLAG_NO_HOST_MEMORY) != 0)
    seen->is_refused = true;
  if (event->kind == DMS_EVENT_COMPLETE)
    seen->is_complete = true;
  return dms_event_check (event);
}

static DmsStatus
see_name (void *data, const DmsName *name)
{
  (void)data;
  (void)name;
  return DMS_OK;
}

/* Runs with the @nth allocation failing; false when there were not so many. */
static bool
run_with_failure (const DmsScenario *scenario, uint64_t nth, Seen *seen, DmsStatus *ret)
{
  DmsSink sink = { see_event, see_name, seen };
  DmsStatus status = DMS_OK;
  DmsSimulation *simulation = NULL;

  countdown = nth;
  simulation = dms_simulation_new (scenario, &sink, &status, NULL);
  if (simulation != NULL)
    status = dms_simulation_run (simulation, UINT64_MAX);
  dms_simulation_free (simulation);

  bool has_failed = countdown == 0;

  countdown = 0;
  *ret = status;
  return has_failed;
}

/* At least @least_refused of the failures are told to the driver that asks for a list.
 */
static void
fail_each (DmsScenario *scenario, uint64_t least_refused)
{
  uint64_t n_stopped = 0;
  uint64_t n_refused = 0;
  uint64_t nth = 1;

  for (;; nth++)
    {
      Seen seen = { 0 };
      DmsStatus status = DMS_OK;

      if (!run_with_failure (scenario, nth, &seen, &status))
        {
          g_assert_cmpint (status, ==, DMS_ERROR_END);
          break;
        }
      n_stopped += status == DMS_ERROR_NO_MEMORY;
      n_refused += seen.is_refused;
      /* Told to the caller, or to the driver, or borne by the driver. */
      if (status != DMS_ERROR_NO_MEMORY)
        {
          g_assert_cmpint (status, ==, DMS_ERROR_END);
          g_assert_true (seen.is_complete);
        }
    }
  g_test_message ("%" G_GUINT64_FORMAT " allocations: %" G_GUINT64_FORMAT
                  " end the run, %" G_GUINT64_FORMAT " refuse a list",
                  nth - 1,
                  n_stopped,
                  n_refused);
  g_assert_cmpuint (n_stopped, >, 20);
  g_assert_cmpuint (n_refused, >=, least_refused);
  dms_scenario_release (scenario);
}

static void
test_story (void)
{
  DmsScenario scenario;

  fixture_story (&scenario, true);
  fail_each (&scenario, 4);
  fixture_story (&scenario, false);
  fixture_add_mistake (&scenario, "touch-before-flush", 0);
  scenario.requests[0].count = 3;
  scenario.requests[0].start = 100;
  scenario.requests[0].length = 5000;
  fail_each (&scenario, 4);
}

/* Every sample driver with the first model that it drives. */
static void
test_sample (const void *data)
{
  static const uint64_t frames[] = { 0x7311, 0x140003 };
  const DmsSample *sample = data;
  DmsScenario scenario;

  dms_scenario_init (&scenario);

  DmsScenarioDevice *device = fixture_add_device (&scenario, "card", 32);

  free (device->model);
  free (device->driver);
  device->model = fixture_text (sample->models[0]);
  device->driver = fixture_text (sample->name);
  device->scatter_gather = sample->scatter != DMS_SCATTER_WITHOUT;
  device->channel = 1;
  device->ring = 1024;
  fixture_add_mdl (fixture_add_buffer (&scenario, "data"), 0, 8192, frames);
  fixture_add_request (&scenario, 0, 0, true, 6144);
  fixture_add_request (&scenario, 0, 0, false, 6144);
  fail_each (&scenario, 0);
}

static void
test_verifier (void)
{
  DmsScenario scenario;

  fixture_story (&scenario, false);
  scenario.verifier = true;
  fail_each (&scenario, 2);
}

/* The second device waits for slots, and makes the pool grow. */
static void
test_reactos (void)
{
  DmsScenario scenario;
  uint64_t frames[12];

  for (uint64_t i = 0; i < G_N_ELEMENTS (frames); i++)
    frames[i] = 0x140100 + 2 * i;
  fixture_story (&scenario, false);
  scenario.profile = DMS_PROFILE_REACTOS;
  fixture_add_device (&scenario, "card1", 32);
  fixture_add_mdl (
      fixture_add_buffer (&scenario, "other"), 0, sizeof frames / 8 * 4096, frames);
  fixture_add_request (&scenario, 1, 1, false, sizeof frames / 8 * 4096);
  fail_each (&scenario, 2);
}

static void
add_samples (void)
{
  size_t n = 0;
  const char *const *names = dms_driver_names (&n);

  for (size_t i = 0; i < n; i++)
    {
      char *path = g_strdup_printf ("/simulation/memory/%s", names[i]);

      g_test_add_data_func (path, dms_sample_find (names[i]), test_sample);
      g_free (path);
    }
}

/* Somebody's own driver: whatever fails, the run ends, and nothing falls over. */
static void
test_own (void)
{
  const DmsOwnDriver own = { own_entry (), "DriverEntry" };
  DmsScenario scenario;
  uint64_t n_stopped = 0;
  uint64_t n_borne = 0;

  fixture_story (&scenario, false);
  free (scenario.devices[0].driver);
  scenario.devices[0].driver = fixture_text ("own");
  for (size_t i = 0; i < own_n_cases; i++)
    for (uint64_t nth = 1;; nth++)
      {
        Seen seen = { 0 };
        DmsSink sink = { see_event, see_name, &seen };
        DmsStatus status = DMS_OK;
        DmsSimulation *simulation = NULL;

        own_choose (i);
        countdown = nth;
        simulation = dms_simulation_new_own (&scenario, &sink, &own, &status, NULL);
        if (simulation != NULL)
          status = dms_simulation_run (simulation, UINT64_MAX);
        dms_simulation_free (simulation);
        if (countdown != 0)
          break;
        g_assert_true (status == DMS_ERROR_NO_MEMORY || status == DMS_ERROR_END);
        n_stopped += status == DMS_ERROR_NO_MEMORY;
        n_borne += status == DMS_ERROR_END;
      }
  countdown = 0;
  g_assert_cmpuint (n_stopped, >, 500);
  g_assert_cmpuint (n_borne, >, 50);
  dms_scenario_release (&scenario);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/simulation/memory/every-allocation-fails-once", test_story);
  g_test_add_func ("/simulation/memory/verifier", test_verifier);
  g_test_add_func ("/simulation/memory/reactos", test_reactos);
  add_samples ();
  g_test_add_func ("/simulation/memory/own-driver", test_own);
  return g_test_run ();
}
