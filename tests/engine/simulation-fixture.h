/* simulation-fixture.h — scenarios made in code, and runs that remember their events
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-payload.h"
#include "engine/core/dms-state.h"
#include "engine/drivers/dms-simulation-private.h"
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-pattern.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* ---- scenarios: all by malloc, as dms_scenario_release() wants it ---- */

static inline char *
fixture_text (const char *text)
{
  size_t size = strlen (text) + 1;

  return memcpy (malloc (size), text, size);
}

static inline DmsScenarioDevice *
fixture_add_device (DmsScenario *scenario, const char *name, uint32_t address_bits)
{
  scenario->devices = realloc (scenario->devices,
                               (scenario->n_devices + 1) * sizeof *scenario->devices);

  DmsScenarioDevice *device = &scenario->devices[scenario->n_devices++];

  *device = (DmsScenarioDevice){ .name = fixture_text (name),
                                 .model = fixture_text ("bus-master"),
                                 .driver = fixture_text ("packet-sg"),
                                 .scatter_gather = true,
                                 .address_bits = address_bits,
                                 .maximum_length = 65536,
                                 .max_elements = 64,
                                 .burst = 1024 };
  return device;
}

static inline DmsScenarioBuffer *
fixture_add_buffer (DmsScenario *scenario, const char *name)
{
  scenario->buffers = realloc (scenario->buffers,
                               (scenario->n_buffers + 1) * sizeof *scenario->buffers);

  DmsScenarioBuffer *buffer = &scenario->buffers[scenario->n_buffers++];

  *buffer = (DmsScenarioBuffer){ .name = fixture_text (name) };
  return buffer;
}

static inline void
fixture_add_mdl (DmsScenarioBuffer *buffer,
                 uint32_t offset,
                 uint64_t length,
                 const uint64_t *frames)
{
  buffer->mdls = realloc (buffer->mdls, (buffer->n_mdls + 1) * sizeof *buffer->mdls);

  size_t n = (size_t)dms_span_pages (offset, length);
  DmsScenarioMdl *mdl = &buffer->mdls[buffer->n_mdls++];

  *mdl = (DmsScenarioMdl){ .offset = offset,
                           .length = length,
                           .frames = malloc (n * sizeof *frames),
                           .n_frames = n,
                           .locked = true };
  memcpy (mdl->frames, frames, n * sizeof *frames);
}

static inline DmsScenarioRequest *
fixture_add_request (DmsScenario *scenario,
                     size_t device,
                     size_t buffer,
                     bool to_device,
                     uint64_t length)
{
  scenario->requests = realloc (
      scenario->requests, (scenario->n_requests + 1) * sizeof *scenario->requests);

  DmsScenarioRequest *request = &scenario->requests[scenario->n_requests++];

  *request = (DmsScenarioRequest){ .device = device,
                                   .buffer = buffer,
                                   .to_device = to_device,
                                   .length = length,
                                   .count = 1 };
  return request;
}

static inline void
fixture_add_touch (DmsScenarioRequest *request, DmsScenarioTouch touch)
{
  request->touches
      = realloc (request->touches, (request->n_touches + 1) * sizeof *request->touches);
  request->touches[request->n_touches++] = touch;
}

static inline void
fixture_add_mistake (DmsScenario *scenario, const char *name, size_t device)
{
  scenario->mistakes = realloc (
      scenario->mistakes, (scenario->n_mistakes + 1) * sizeof *scenario->mistakes);
  scenario->mistakes[scenario->n_mistakes++]
      = (DmsScenarioMistake){ .name = fixture_text (name), .device = device };
}

/* ARCHITECTURE's story: six pages, two of them out of reach. */
static inline void
fixture_story (DmsScenario *scenario, bool to_device)
{
  static const uint64_t frames[]
      = { 0xa311, 0xa312, 0x140003, 0x140004, 0xb020, 0xb021 };

  dms_scenario_init (scenario);
  scenario->seed = 7;

  DmsScenarioDevice *card = fixture_add_device (scenario, "card0", 32);

  card->map_registers = 8;
  card->max_elements = 16;
  fixture_add_mdl (fixture_add_buffer (scenario, "data"), 512, 20992, frames);
  fixture_add_request (scenario, 0, 0, to_device, 20992);
}

/* ---- runs ---- */

/* Every event, folded into a state as it comes. */
typedef struct FixtureRun
{
  DmsNames *names;
  DmsState *state;
  GArray *events; /* DmsEvent, with payloads of their own */
  GPtrArray *payloads;
  bool forgets; /* keeps no events: for runs that are only watched */
  /* Called after each event was folded; may be NULL. */
  void (*after) (struct FixtureRun *run, const DmsEvent *event);
  DmsMachine *machine;
  void *data;
} FixtureRun;

static inline DmsStatus
fixture_event (void *data, const DmsEvent *event)
{
  FixtureRun *run = data;
  DmsEvent kept = *event;

  g_assert_cmpint (dms_event_check (event), ==, DMS_OK);
  g_assert_cmpint (dms_state_apply (run->state, event), ==, DMS_OK);
  g_assert_cmpuint (event->cause, <, event->seq);
  if (!run->forgets && event->payload_length > 0)
    {
      kept.payload = g_memdup2 (event->payload, event->payload_length);
      g_ptr_array_add (run->payloads, (void *)kept.payload);
    }
  if (!run->forgets)
    g_array_append_val (run->events, kept);
  if (run->after != NULL)
    run->after (run, event);
  return DMS_OK;
}

static inline DmsStatus
fixture_name (void *data, const DmsName *name)
{
  FixtureRun *run = data;

  return dms_names_add (run->names, name);
}

static inline void
fixture_run_init (FixtureRun *run)
{
  *run = (FixtureRun){ .names = dms_names_new (),
                       .state = dms_state_new (),
                       .events = g_array_new (FALSE, FALSE, sizeof (DmsEvent)),
                       .payloads = g_ptr_array_new_with_free_func (g_free) };
}

static inline void
fixture_run_release (FixtureRun *run)
{
  dms_names_free (run->names);
  dms_state_free (run->state);
  g_array_free (run->events, TRUE);
  g_ptr_array_free (run->payloads, TRUE);
}

static inline DmsSink
fixture_sink (FixtureRun *run)
{
  return (DmsSink){ fixture_event, fixture_name, run };
}

/* Runs @scenario to its end and leaves the simulation for a look inside. */
static inline DmsSimulation *
fixture_run (FixtureRun *run, const DmsScenario *scenario)
{
  DmsStatus status = DMS_OK;
  DmsSink sink = fixture_sink (run);
  DmsBytes problem;

  dms_bytes_init (&problem);

  DmsSimulation *simulation = dms_simulation_new (scenario, &sink, &status, &problem);

  g_assert_cmpstr (dms_bytes_text (&problem), ==, "");
  g_assert_nonnull (simulation);
  simulation->machine.keeps_received = true;
  run->machine = &simulation->machine;
  g_assert_cmpint (dms_simulation_run (simulation, UINT64_MAX), ==, DMS_ERROR_END);
  dms_bytes_release (&problem);
  return simulation;
}

/* Event number @nth (from 0) of @kind, or NULL. */
static inline const DmsEvent *
fixture_find (const FixtureRun *run, DmsEventKind kind, guint nth)
{
  for (guint i = 0; i < run->events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run->events, DmsEvent, i);

      if (event->kind == kind && nth-- == 0)
        return event;
    }
  return NULL;
}

/* The same of those that are about @index: a routine, a fact. */
static inline const DmsEvent *
fixture_find_indexed (const FixtureRun *run,
                      DmsEventKind kind,
                      uint32_t index,
                      guint nth)
{
  for (guint i = 0; i < run->events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run->events, DmsEvent, i);

      if (event->kind == kind && event->index == index && nth-- == 0)
        return event;
    }
  return NULL;
}

/* The first call of @routine, or NULL. */
static inline const DmsEvent *
fixture_find_call (const FixtureRun *run, DmsRoutine routine)
{
  return fixture_find_indexed (run, DMS_EVENT_CALL, routine, 0);
}

static inline guint
fixture_count_calls (const FixtureRun *run, DmsRoutine routine)
{
  guint n = 0;

  while (fixture_find_indexed (run, DMS_EVENT_CALL, routine, n) != NULL)
    n++;
  return n;
}

static inline guint
fixture_count (const FixtureRun *run, DmsEventKind kind)
{
  guint n = 0;

  for (guint i = 0; i < run->events->len; i++)
    n += g_array_index (run->events, DmsEvent, i).kind == kind;
  return n;
}

/* The dump of the whole run, as golden files hold it. */
static inline char *
fixture_dump (const FixtureRun *run)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  for (guint i = 0; i < run->events->len; i++)
    {
      dms_event_append_dump (
          &bytes, &g_array_index (run->events, DmsEvent, i), run->names);
      dms_bytes_append_text (&bytes, "\n");
    }

  char *text = g_strdup (dms_bytes_text (&bytes));

  dms_bytes_release (&bytes);
  return text;
}

/* Nothing is held any more: what a clean run leaves behind. */
static inline void
fixture_assert_clean (const DmsSimulation *simulation)
{
  const DmsMachine *machine = &simulation->machine;

  for (uint32_t r = 0; r < machine->pool.n; r++)
    g_assert_true (machine->pool.registers[r].list == 0
                   || machine->pool.registers[r].list == DMS_REGISTER_OUT);
  g_assert_cmpuint (machine->grants.n, ==, 0);
  g_assert_cmpuint (machine->mapped.n, ==, 0);
  g_assert_cmpuint (machine->transfers.n, ==, 0);
  g_assert_null (machine->waiting.first);
  g_assert_cmpuint (machine->n_calls, ==, 0);
}

/* The bytes of a request by the first device: what it got, or what is in the first
 * buffer, is what was sent. */
static inline void
fixture_assert_bytes (const DmsSimulation *simulation, bool to_device, uint64_t length)
{
  const DmsMachine *machine = &simulation->machine;
  g_autofree uint8_t *expected = g_malloc (length);
  g_autofree uint8_t *found = g_malloc (length);

  dms_pattern_fill (dms_pattern_key (machine->scenario->seed, 1), 0, expected, length);
  if (to_device)
    {
      size_t n = 0;
      const uint8_t *received = dms_device_received (&machine->devices[0], &n);

      g_assert_cmpmem (received, n, expected, length);
      return;
    }
  dms_buffer_read (&machine->buffers[0], 0, found, length);
  g_assert_cmpmem (found, length, expected, length);
}
