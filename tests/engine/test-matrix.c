/* test-matrix.c — every sample driver with every device that it drives, and random
 * limits
 *
 * Several devices of different kinds share memory and map registers. Nobody makes a
 * mistake, so: all bytes that were sent arrive, no device is given what it cannot do,
 * the kernel notes nothing, the rules find nothing, and nothing is left behind.
 *
 * DMS_MATRIX_RUNS sets the number of runs, DMS_MATRIX_DRIVER lets one driver run alone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-iommu.h"
#include "engine/kernel/dms-pattern.h"
#include "engine/rules/dms-rules.h"
#include "tests/engine/random-scenario.h"

enum
{
  N_RUNS = 10000,
  DEVICES_MAX = 3,
  LIMIT_BURST = 4 /* as in the LIMIT event */
};

/* ---- scenarios ---- */

typedef struct
{
  Maker maker;
  bool channels[8]; /* of the DMA controller, in use */
} Matrix;

static uint64_t
below (Matrix *matrix, uint64_t limit)
{
  return dms_test_random_below (&matrix->maker.random, limit);
}

static bool
chance (Matrix *matrix, unsigned percent)
{
  return dms_test_random_chance (&matrix->maker.random, percent);
}

static uint64_t
range (Matrix *matrix, uint64_t first, uint64_t last)
{
  return dms_test_random_range (&matrix->maker.random, first, last);
}

static uint32_t
free_channel (Matrix *matrix)
{
  static const uint32_t all[] = { 0, 1, 2, 3, 5, 6, 7 };

  for (;;)
    {
      uint32_t channel = all[below (matrix, G_N_ELEMENTS (all))];

      if (!matrix->channels[channel])
        {
          matrix->channels[channel] = true;
          return channel;
        }
    }
}

/* By the upper channels words are moved. A segment would be a short record. */
static void
use_channel (Matrix *matrix, DmsScenarioDevice *device)
{
  device->channel = free_channel (matrix);
  device->segment = 0;
  if (device->channel >= 5 && device->alignment < 2)
    device->alignment = 2;
  device->maximum_length -= device->maximum_length % MAX (device->alignment, 1);
}

static void
choose_reach (Matrix *matrix, DmsScenarioDevice *device)
{
  static const uint32_t widths[] = { 24, 26, 28, 31, 32, 32, 32, 36, 40, 64 };

  device->address_bits = widths[below (matrix, G_N_ELEMENTS (widths))];
  device->iommu = chance (matrix, 15);
  device->burst = range (matrix, 700, 5000);
  device->map_registers = chance (matrix, 60) ? 0 : (uint32_t)range (matrix, 2, 20);
  device->maximum_length = range (matrix, 4096, 131072);
}

/* Only drivers that look for these in the card's registers respect them. */
static void
choose_limits (Matrix *matrix, DmsScenarioDevice *device)
{
  device->max_elements = (uint32_t)range (matrix, 2, 40);
  device->alignment = chance (matrix, 70) ? 0 : UINT64_C (1) << below (matrix, 5);
  device->maximum_length -= device->maximum_length % MAX (device->alignment, 1);
  if (chance (matrix, 40))
    device->segment = range (matrix, 1, 32) * 512;
  if (chance (matrix, 40))
    device->boundary = UINT64_C (1) << range (matrix, 10, 17);
}

/* packet-sg and the miniports ask for one list that has to fit. ATA moves words. */
static void
make_room (const DmsSample *sample, DmsScenarioDevice *device)
{
  if (device->address_bits < sample->lines)
    device->address_bits = sample->lines;
  if (strcmp (device->model, "ide") == 0 || strcmp (device->model, "ahci") == 0)
    device->alignment = MAX (device->alignment, 2);
  device->max_elements = 64;
  device->maximum_length = 131072;
  device->segment = 0;
  device->boundary = 0;
}

static const DmsSample *
choose_driver (Matrix *matrix, uint64_t salt, size_t i)
{
  size_t n = 0;
  const char *const *names = dms_driver_names (&n);
  const char *only = g_getenv ("DMS_MATRIX_DRIVER");
  const DmsSample *sample = dms_sample_find (
      only != NULL ? only : names[i == 0 ? salt % n : below (matrix, n)]);

  g_assert_nonnull (sample);
  return sample;
}

static void
add_device (Matrix *matrix, DmsScenario *scenario, const DmsSample *sample)
{
  char name[] = { 'c', (char)('0' + scenario->n_devices), 0 };
  DmsScenarioDevice *device = fixture_add_device (scenario, name, 32);
  size_t n_models = g_strv_length ((char **)(void *)sample->models);
  const DmsModelRow *model = dms_model_find (sample->models[below (matrix, n_models)]);

  free (device->driver);
  free (device->model);
  device->driver = fixture_text (sample->name);
  device->model = fixture_text (model->name);
  device->scatter_gather
      = sample->scatter == DMS_SCATTER_WITH
        || (sample->scatter == DMS_SCATTER_ANY && chance (matrix, 60));
  choose_reach (matrix, device);
  choose_limits (matrix, device);
  if (strcmp (sample->name, "packet-sg") == 0 || sample->miniport != NULL)
    make_room (sample, device);
  if ((model->traits & DMS_MODEL_SLAVE) != 0)
    use_channel (matrix, device);
  if ((model->traits & DMS_MODEL_RING) != 0)
    device->ring = range (matrix, 1, 8) * DMS_PAGE_SIZE;
}

static void
add_requests (Matrix *matrix, DmsScenario *scenario, size_t device, uint64_t n)
{
  uint64_t unit = MAX (scenario->devices[device].alignment, 1);
  uint64_t rows = range (matrix, 1, 3);

  for (uint64_t i = 0; i < rows; i++)
    {
      uint64_t start = chance (matrix, 60) ? 0 : below (matrix, n / unit) * unit;
      uint64_t length = chance (matrix, 50)
                            ? n - start
                            : range (matrix, 1, (n - start) / unit) * unit;
      DmsScenarioRequest *request = fixture_add_request (
          scenario, device, scenario->n_buffers - 1, chance (matrix, 50), length);

      request->start = start;
      request->at_ns = below (matrix, 4000);
      request->count = (uint32_t)range (matrix, 1, 2);
      request->every_ns = below (matrix, 9000);
    }
}

static void
add_command (DmsScenario *scenario, DmsScenarioCommand command)
{
  command.after = DMS_AFTER_TIME;
  scenario->commands = realloc (
      scenario->commands, (scenario->n_commands + 1) * sizeof *scenario->commands);
  scenario->commands[scenario->n_commands++] = command;
}

/* What a correct driver lives with: registers that are away for a while, requests that
 * nobody wants any more, another burst, no memory. */
static void
add_commands (Matrix *matrix, DmsScenario *scenario)
{
  uint64_t at = below (matrix, 20000);
  uint64_t taken = range (matrix, 1, scenario->map_registers);
  size_t device = below (matrix, scenario->n_devices);

  add_command (
      scenario,
      (DmsScenarioCommand){ .position = at, .what = DMS_COMMAND_TAKE, .value = taken });
  add_command (scenario,
               (DmsScenarioCommand){ .position = at + range (matrix, 1, 40000),
                                     .what = DMS_COMMAND_GIVE,
                                     .value = taken });
  add_command (scenario,
               (DmsScenarioCommand){ .position = below (matrix, 20000),
                                     .what = DMS_COMMAND_CANCEL,
                                     .device = device,
                                     .value = 1 });
  add_command (scenario,
               (DmsScenarioCommand){ .position = below (matrix, 20000),
                                     .what = DMS_COMMAND_LIMIT,
                                     .which = LIMIT_BURST,
                                     .device = device,
                                     .value = range (matrix, 700, 5000) });
  add_command (scenario,
               (DmsScenarioCommand){ .position = below (matrix, 20000),
                                     .what = DMS_COMMAND_FAIL,
                                     .which = (uint32_t)below (matrix, 4),
                                     .value = range (matrix, 1, 3),
                                     .skip = below (matrix, 3) });
}

static void
make_scenario (DmsScenario *scenario, uint64_t salt)
{
  Matrix matrix = { 0 };

  maker_init (&matrix.maker, salt);
  dms_scenario_init (scenario);
  scenario->seed = dms_test_random_next (&matrix.maker.random);
  scenario->memory = UINT64_C (1) << range (&matrix, 25, 40);
  scenario->map_registers = (uint32_t)range (&matrix, 4, 40);
  scenario->hal_x86 = chance (&matrix, 40);
  scenario->verifier = chance (&matrix, 10);

  size_t n_devices = (size_t)range (&matrix, 1, DEVICES_MAX);

  for (size_t i = 0; i < n_devices; i++)
    add_device (&matrix, scenario, choose_driver (&matrix, salt, i));
  for (size_t i = 0; i < n_devices; i++)
    {
      char name[] = { 'b', (char)('0' + i), 0 };
      uint64_t n = maker_add_buffer (
          &matrix.maker, scenario, name, MAX (scenario->devices[i].alignment, 1));

      add_requests (&matrix, scenario, i, n);
    }
  if (chance (&matrix, 25))
    add_commands (&matrix, scenario);
  maker_release (&matrix.maker);
}

/* ---- what is watched during a run ---- */

typedef struct
{
  DmsRules *rules;
  GHashTable *snapshots; /* transfer id → bytes of its buffer when it was requested */
  uint64_t n_complete, n_refused, n_bytes, n_bounced, n_remapped, n_waits, n_starts;
} Watch;

static void
found (void *data, const DmsFinding *finding)
{
  FixtureRun *run = data;
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_finding_sentence (&bytes, finding, run->names, NULL);
  g_error ("event %" G_GUINT64_FORMAT ": %s", finding->seq, dms_bytes_text (&bytes));
}

static void
not_in_a_clean_run (const FixtureRun *run, const DmsEvent *event)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_event_append_dump (&bytes, event, run->names);
  g_error ("%s", dms_bytes_text (&bytes));
}

static void
take_snapshot (FixtureRun *run, const DmsEvent *event)
{
  Watch *watch = run->data;
  const DmsBuffer *buffer = &run->machine->buffers[event->object - 1];
  uint8_t *bytes = g_malloc ((gsize)buffer->length);

  dms_buffer_read (buffer, 0, bytes, (size_t)buffer->length);
  g_hash_table_insert (watch->snapshots, GSIZE_TO_POINTER (event->transfer), bytes);
}

/* All of it is the stream of the device, or what the device has got. */
static void
check_success (const DmsTransfer *transfer,
               const DmsEvent *event,
               const uint8_t *stream)
{
  size_t n = 0;
  const uint8_t *received = dms_device_received (transfer->device, &n);

  g_assert_cmpuint (event->length, ==, transfer->length);
  if (transfer->to_device)
    g_assert_cmpmem (received, n, stream, (size_t)transfer->length);
}

/* A port driver cuts long requests: when a later part fails, an earlier one has come.
 */
static void
keep_what_came (const DmsTransfer *transfer, uint8_t *stream, const uint8_t *before)
{
  const DmsBuffer *buffer = transfer->buffer;
  g_autofree uint8_t *there = g_malloc ((gsize)transfer->length);
  uint64_t n = 0;

  dms_buffer_read (buffer, transfer->start, there, (size_t)transfer->length);
  while (n < transfer->length && there[n] == stream[n])
    n++;
  memcpy (stream + n, before + n, (size_t)(transfer->length - n));
}

/* Beside the bytes of the transfer nothing has changed. */
static void
check_bytes (FixtureRun *run, const DmsEvent *event)
{
  Watch *watch = run->data;
  const DmsTransfer *transfer
      = dms_table_get (&run->machine->transfers, event->transfer);
  const DmsBuffer *buffer = transfer->buffer;
  uint8_t *expected
      = g_hash_table_lookup (watch->snapshots, GSIZE_TO_POINTER (event->transfer));
  g_autofree uint8_t *stream = g_malloc ((gsize)transfer->length);
  g_autofree uint8_t *there = g_malloc ((gsize)buffer->length);

  dms_pattern_fill (dms_pattern_key (run->machine->scenario->seed, transfer->id),
                    0,
                    stream,
                    (size_t)transfer->length);
  watch->n_complete++;
  if ((event->flags & DMS_FLAG_FAILED) == 0)
    {
      watch->n_bytes += transfer->length;
      check_success (transfer, event, stream);
    }
  else
    {
      watch->n_refused++;
      keep_what_came (transfer, stream, expected + transfer->start);
    }
  memcpy (expected + transfer->start, stream, (size_t)transfer->length);
  dms_buffer_read (buffer, 0, there, (size_t)buffer->length);
  g_assert_cmpmem (there, (size_t)buffer->length, expected, (size_t)buffer->length);
  g_hash_table_remove (watch->snapshots, GSIZE_TO_POINTER (event->transfer));
}

static const DmsScenarioDevice *
device_of (const FixtureRun *run, uint32_t name)
{
  const DmsMachine *machine = run->machine;

  for (size_t i = 0; i < machine->n_devices; i++)
    if (machine->devices[i].name == name)
      return machine->devices[i].row;
  g_assert_not_reached ();
}

/* In other words than the kernel's: byte by byte where that is possible. */
static void
check_descriptor (const FixtureRun *run, const DmsEvent *event)
{
  const DmsScenarioDevice *device = device_of (run, event->device);
  uint64_t last = event->a + event->length - 1;

  g_assert_cmpuint (event->length, >, 0);
  if (device->address_bits < 64)
    g_assert_cmpuint (last >> device->address_bits, ==, 0);
  if (device->segment != 0)
    g_assert_cmpuint (event->length, <=, device->segment);
  for (uint64_t at = event->a + 1; device->boundary != 0 && at <= last; at++)
    g_assert_cmpuint (at % device->boundary, !=, 0);
  if (device->alignment > 1)
    {
      g_assert_cmpuint (event->a % device->alignment, ==, 0);
      g_assert_cmpuint (event->length % device->alignment, ==, 0);
    }
}

static void
check_start (const FixtureRun *run, const DmsEvent *event)
{
  const DmsScenarioDevice *device = device_of (run, event->device);

  ((Watch *)run->data)->n_starts++;
  if (strcmp (device->model, "bus-master") != 0)
    return;
  g_assert_cmpuint (event->length, <=, device->maximum_length);
  g_assert_cmpuint (event->a, <=, device->scatter_gather ? device->max_elements : 1);
}

static void
check_interrupt (const FixtureRun *run, const DmsEvent *event)
{
  const DmsTransferState *transfer = dms_state_transfer (run->state, event->transfer);

  if ((event->flags & DMS_FLAG_FAILED) != 0)
    not_in_a_clean_run (run, event);
  g_assert_nonnull (transfer);
  g_assert_cmpuint (event->a, ==, transfer->waiting_bytes);
}

static void
after_event (FixtureRun *run, const DmsEvent *event)
{
  Watch *watch = run->data;

  g_assert_cmpint (dms_rules_apply (watch->rules, event, run->state), ==, DMS_OK);
  if (run->machine == NULL)
    return;
  switch ((int)event->kind)
    {
    case DMS_EVENT_REQUEST:
      take_snapshot (run, event);
      break;
    case DMS_EVENT_COMPLETE:
      check_bytes (run, event);
      break;
    case DMS_EVENT_DESCRIPTOR:
      check_descriptor (run, event);
      break;
    case DMS_EVENT_START:
      check_start (run, event);
      break;
    case DMS_EVENT_BOUNCE:
      watch->n_bounced++;
      break;
    case DMS_EVENT_PAGE:
      watch->n_remapped += (event->flags & DMS_FLAG_REMAPPED) != 0;
      break;
    case DMS_EVENT_WAIT:
      watch->n_waits++;
      break;
    case DMS_EVENT_INTERRUPT:
      check_interrupt (run, event);
      break;
    case DMS_EVENT_FACT:
    case DMS_EVENT_STRAY:
    case DMS_EVENT_FAULT:
      not_in_a_clean_run (run, event);
      break;
    default:
      break;
    }
}

/* ---- the runs ---- */

static uint64_t
count_requests (const DmsScenario *scenario)
{
  uint64_t n = 0;

  for (size_t i = 0; i < scenario->n_requests; i++)
    n += scenario->requests[i].count;
  return n;
}

static DmsSimulation *
run_watched (FixtureRun *run, const DmsScenario *scenario)
{
  DmsSink sink = fixture_sink (run);
  DmsBytes problem;

  dms_bytes_init (&problem);

  DmsSimulation *simulation = dms_simulation_new (scenario, &sink, NULL, &problem);

  g_assert_cmpstr (dms_bytes_text (&problem), ==, "");
  dms_bytes_release (&problem);
  simulation->machine.keeps_received = true;
  run->machine = &simulation->machine;
  g_assert_cmpint (dms_simulation_run (simulation, UINT64_MAX), ==, DMS_ERROR_END);
  return simulation;
}

static void
run_one (uint64_t salt, Watch *sum)
{
  DmsScenario scenario;
  FixtureRun run;
  Watch watch = { .snapshots = g_hash_table_new_full (NULL, NULL, NULL, g_free) };

  make_scenario (&scenario, salt);
  fixture_run_init (&run);
  run.forgets = true;
  run.data = &watch;
  run.after = after_event;
  watch.rules = dms_rules_new (found, &run);
  g_test_message ("run %" G_GUINT64_FORMAT ": %s by %s",
                  salt,
                  scenario.devices[0].model,
                  scenario.devices[0].driver);

  DmsSimulation *simulation = run_watched (&run, &scenario);

  dms_rules_finish (watch.rules, run.state);
  fixture_assert_clean (simulation);
  g_assert_cmpuint (dms_common_live (&simulation->machine), ==, 0);
  g_assert_cmpuint (run.state->oddities, ==, 0);
  g_assert_cmpuint (run.state->waiting_bytes, ==, 0);
  g_assert_cmpuint (run.state->mappings.n, ==, 0);
  g_assert_cmpuint (watch.n_complete, ==, count_requests (&scenario));
  sum->n_complete += watch.n_complete;
  sum->n_refused += watch.n_refused;
  sum->n_bytes += watch.n_bytes;
  sum->n_bounced += watch.n_bounced;
  sum->n_remapped += watch.n_remapped;
  sum->n_waits += watch.n_waits;
  sum->n_starts += watch.n_starts;
  dms_rules_free (watch.rules);
  g_hash_table_unref (watch.snapshots);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

static uint64_t
wanted_runs (void)
{
  const char *text = g_getenv ("DMS_MATRIX_RUNS");
  guint64 n = N_RUNS;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, 1000000, &n, NULL))
    g_error ("DMS_MATRIX_RUNS is \"%s\"; a number from 1 to 1000000 is needed", text);
  return n;
}

static void
test_clean_runs (void)
{
  Watch sum = { 0 };
  uint64_t n = wanted_runs ();

  for (uint64_t salt = 1; salt <= n; salt++)
    run_one (salt, &sum);
  g_test_message ("%" G_GUINT64_FORMAT " transfers, %" G_GUINT64_FORMAT
                  " refused, %" G_GUINT64_FORMAT " bytes, %" G_GUINT64_FORMAT
                  " device operations, %" G_GUINT64_FORMAT
                  " pages bounced, %" G_GUINT64_FORMAT " remapped, %" G_GUINT64_FORMAT
                  " waits",
                  sum.n_complete,
                  sum.n_refused,
                  sum.n_bytes,
                  sum.n_starts,
                  sum.n_bounced,
                  sum.n_remapped,
                  sum.n_waits);
  if (g_getenv ("DMS_MATRIX_DRIVER") != NULL)
    return;
  /* The runs are about something. */
  g_assert_cmpuint (sum.n_complete, >, 2 * n);
  g_assert_cmpuint (sum.n_refused * 20, <, sum.n_complete);
  g_assert_cmpuint (sum.n_bounced, >, n);
  g_assert_cmpuint (sum.n_remapped, >, n / 4);
  g_assert_cmpuint (sum.n_starts, >, sum.n_complete);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/matrix/clean-runs", test_clean_runs);
  return g_test_run ();
}
