/* dms-simulation-check.c — what a scenario asks for that cannot be simulated
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-simulation-check.h"

#include "engine/core/dms-table.h"
#include "engine/core/dms-units.h"
#include "engine/drivers/dms-simulation-private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The sentence about what is wrong; the first one stays. */
typedef struct
{
  const DmsScenario *scenario;
  DmsBytes *problem; /* or NULL */
  DmsStatus status;
} Check;

static void problem (Check *check, const char *format, ...) DMS_PRINTF (2, 3);

static void
problem (Check *check, const char *format, ...)
{
  char text[512];
  va_list arguments;

  if (check->status != DMS_OK)
    return;
  check->status = DMS_ERROR_RANGE;
  if (check->problem == NULL)
    return;
  va_start (arguments, format);
  vsnprintf (text, sizeof text, format, arguments);
  va_end (arguments);
  dms_bytes_append_text (check->problem, text);
}

static bool
is_one_of (const char *name, const char *const *names, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (name != NULL && strcmp (names[i], name) == 0)
      return true;
  return false;
}

/* Says what @path may be, as a list. */
static void
check_name (Check *check,
            size_t device,
            const char *key,
            const char *name,
            const char *const *names,
            size_t n)
{
  char may[256] = "";

  if (is_one_of (name, names, n))
    return;
  for (size_t i = 0; i < n; i++)
    {
      size_t length = strlen (may);

      snprintf (
          may + length, sizeof may - length, "%s%s", i == 0 ? "" : " or ", names[i]);
    }
  problem (check,
           "devices[%zu].%s is \"%.64s\"; it may be %s",
           device,
           key,
           name == NULL ? "" : name,
           may);
}

static void
check_device (Check *check, size_t i)
{
  const DmsScenarioDevice *device = &check->scenario->devices[i];
  size_t n_models = 0;
  size_t n_drivers = 0;
  const char *const *models = dms_simulation_models (&n_models);
  const char *const *drivers = dms_driver_names (&n_drivers);

  if (device->name == NULL || *device->name == '\0')
    problem (check, "devices[%zu].name is empty; a name is needed", i);
  check_name (check, i, "model", device->model, models, n_models);
  check_name (check, i, "driver", device->driver, drivers, n_drivers);
  if (!device->scatter_gather)
    problem (check,
             "devices[%zu].scatter_gather is false; packet-sg drives devices with "
             "scatter/gather only",
             i);
  if (device->address_bits < 1 || device->address_bits > 64)
    problem (check,
             "devices[%zu].address_bits is %" PRIu32
             "; a number from 1 to 64 is needed",
             i,
             device->address_bits);
  if (device->maximum_length < 1 || device->maximum_length > UINT32_MAX)
    problem (check,
             "devices[%zu].maximum_length is %" PRIu64
             "; 1 to 4294967295 bytes are needed",
             i,
             device->maximum_length);
  if (device->max_elements < 1 || device->max_elements > DMS_SCENARIO_ELEMENTS_MAX)
    problem (check,
             "devices[%zu].max_elements is %" PRIu32
             "; a number from 1 to %u is needed",
             i,
             device->max_elements,
             DMS_SCENARIO_ELEMENTS_MAX);
  if (device->map_registers > DMS_SCENARIO_REGISTERS_MAX)
    problem (check,
             "devices[%zu].map_registers is %" PRIu32
             "; a number from 0 to %u is needed",
             i,
             device->map_registers,
             DMS_SCENARIO_REGISTERS_MAX);
  if (device->burst < 1)
    problem (check, "devices[%zu].burst is 0; at least 1 byte is needed", i);
}

static void
check_device_names (Check *check)
{
  const DmsScenario *scenario = check->scenario;

  for (size_t i = 0; i < scenario->n_devices; i++)
    for (size_t k = 0; k < i && check->status == DMS_OK; k++)
      if (strcmp (scenario->devices[i].name, scenario->devices[k].name) == 0)
        problem (check,
                 "devices[%zu].name is \"%.64s\" like devices[%zu].name; each device "
                 "needs a name of its own",
                 i,
                 scenario->devices[i].name,
                 k);
}

/* ---- buffers ---- */

static void
check_frame (Check *check, DmsTable *frames, size_t i, size_t m, size_t f)
{
  const DmsScenario *scenario = check->scenario;
  uint64_t frame = scenario->buffers[i].mdls[m].frames[f];

  if (frame >= scenario->memory >> DMS_PAGE_SHIFT)
    problem (check,
             "buffers[%zu].mdls[%zu].frames[%zu] is 0x%" PRIx64
             "; the last frame of memory is 0x%" PRIx64,
             i,
             m,
             f,
             frame,
             (scenario->memory >> DMS_PAGE_SHIFT) - 1);
  else if (dms_table_get (frames, frame) != NULL)
    problem (check,
             "buffers[%zu].mdls[%zu].frames[%zu] is 0x%" PRIx64
             ", which another page has already; each page needs a frame of its own",
             i,
             m,
             f,
             frame);
  else if (!dms_table_put (frames, frame, check))
    check->status = DMS_ERROR_NO_MEMORY;
}

static void
check_mdl (Check *check, DmsTable *frames, size_t i, size_t m)
{
  const DmsScenarioMdl *mdl = &check->scenario->buffers[i].mdls[m];
  uint64_t most = (uint64_t)DMS_SCENARIO_FRAMES_MAX << DMS_PAGE_SHIFT;

  if (mdl->offset >= DMS_PAGE_SIZE)
    problem (check,
             "buffers[%zu].mdls[%zu].offset is %" PRIu32 "; 0 to 4095 is needed",
             i,
             m,
             mdl->offset);
  else if (mdl->length < 1 || mdl->length > most)
    problem (check,
             "buffers[%zu].mdls[%zu].length is %" PRIu64 "; 1 to %" PRIu64
             " bytes are needed",
             i,
             m,
             mdl->length,
             most);
  else if (mdl->n_frames != dms_span_pages (mdl->offset, mdl->length))
    problem (check,
             "buffers[%zu].mdls[%zu].frames has %zu frames; %" PRIu64 " are needed",
             i,
             m,
             mdl->n_frames,
             dms_span_pages (mdl->offset, mdl->length));
  for (size_t f = 0; f < mdl->n_frames && check->status == DMS_OK; f++)
    check_frame (check, frames, i, m, f);
}

static void
check_buffers (Check *check)
{
  const DmsScenario *scenario = check->scenario;
  DmsTable frames;

  dms_table_init (&frames);
  for (size_t i = 0; i < scenario->n_buffers && check->status == DMS_OK; i++)
    {
      const DmsScenarioBuffer *buffer = &scenario->buffers[i];

      if (buffer->name == NULL || *buffer->name == '\0')
        problem (check, "buffers[%zu].name is empty; a name is needed", i);
      if (buffer->n_mdls < 1 || buffer->n_mdls > DMS_SCENARIO_MDLS_MAX)
        problem (check,
                 "buffers[%zu].mdls has %zu MDLs; 1 to %u are needed",
                 i,
                 buffer->n_mdls,
                 DMS_SCENARIO_MDLS_MAX);
      for (size_t m = 0; m < buffer->n_mdls && check->status == DMS_OK; m++)
        check_mdl (check, &frames, i, m);
      if (frames.n > DMS_SCENARIO_FRAMES_MAX)
        problem (check,
                 "buffers have more than %u pages; fewer are needed",
                 DMS_SCENARIO_FRAMES_MAX);
    }
  dms_table_release (&frames);
}

/* ---- requests ---- */

static uint64_t
buffer_length (const DmsScenarioBuffer *buffer)
{
  uint64_t length = 0;

  for (size_t m = 0; m < buffer->n_mdls; m++)
    length += buffer->mdls[m].length;
  return length;
}

static void
check_touches (Check *check, size_t i, uint64_t there)
{
  const DmsScenarioRequest *request = &check->scenario->requests[i];

  for (size_t k = 0; k < request->n_touches; k++)
    {
      const DmsScenarioTouch *touch = &request->touches[k];

      if (touch->length < 1 || touch->length > there
          || touch->start > there - touch->length)
        problem (check,
                 "requests[%zu].touch[%zu] is %" PRIu64 " bytes from byte %" PRIu64
                 "; the buffer has %" PRIu64,
                 i,
                 k,
                 touch->length,
                 touch->start,
                 there);
    }
}

static void
check_request (Check *check, size_t i)
{
  const DmsScenario *scenario = check->scenario;
  const DmsScenarioRequest *request = &scenario->requests[i];

  if (request->device >= scenario->n_devices)
    {
      problem (check, "requests[%zu].device is none of the devices", i);
      return;
    }
  if (request->buffer >= scenario->n_buffers)
    {
      problem (check, "requests[%zu].buffer is none of the buffers", i);
      return;
    }

  uint64_t there = buffer_length (&scenario->buffers[request->buffer]);

  if (request->start >= there)
    problem (check,
             "requests[%zu].start is %" PRIu64 "; the buffer has %" PRIu64 " bytes",
             i,
             request->start,
             there);
  if (request->length > UINT32_MAX)
    problem (check,
             "requests[%zu].length is %" PRIu64 "; 0 to 4294967295 bytes are needed",
             i,
             request->length);
  if (request->count > DMS_SCENARIO_REPEATS_MAX)
    problem (check,
             "requests[%zu].count is %" PRIu32 "; a number from 1 to %u is needed",
             i,
             request->count,
             DMS_SCENARIO_REPEATS_MAX);
  check_touches (check, i, there);
}

static void
check_mistake (Check *check, size_t i)
{
  static const char *const known[]
      = { "list-never-put", "list-put-twice", "touch-before-flush", "wrong-direction" };
  const DmsScenarioMistake *mistake = &check->scenario->mistakes[i];

  if (!is_one_of (mistake->name, known, sizeof known / sizeof *known))
    problem (check,
             "mistakes[%zu].name is \"%.64s\"; packet-sg can make list-never-put, "
             "list-put-twice, touch-before-flush and wrong-direction",
             i,
             mistake->name == NULL ? "" : mistake->name);
  if (mistake->device >= check->scenario->n_devices)
    problem (check, "mistakes[%zu].device is none of the devices", i);
}

/* ---- the machine ---- */

static uint64_t
reachable_frames (const DmsScenario *scenario, size_t *ret_device)
{
  uint64_t frames = scenario->memory >> DMS_PAGE_SHIFT;

  *ret_device = scenario->n_devices;
  for (size_t i = 0; i < scenario->n_devices; i++)
    {
      uint32_t bits = scenario->devices[i].address_bits;
      uint64_t reached = bits <= DMS_PAGE_SHIFT
                             ? 0
                             : (dms_highest_address (bits) >> DMS_PAGE_SHIFT) + 1;

      if (reached < frames)
        {
          frames = reached;
          *ret_device = i;
        }
    }
  return frames;
}

static void
check_machine (Check *check)
{
  const DmsScenario *scenario = check->scenario;

  if (scenario->memory < DMS_SCENARIO_MEMORY_MIN
      || scenario->memory > DMS_SCENARIO_MEMORY_MAX
      || dms_page_offset (scenario->memory) != 0)
    problem (check,
             "machine.memory is %" PRIu64
             " bytes; whole pages from 1 MiB to 4 PiB are needed",
             scenario->memory);
  if (scenario->map_registers > DMS_SCENARIO_REGISTERS_MAX)
    problem (check,
             "machine.map_registers is %" PRIu32 "; a number from 0 to %u is needed",
             scenario->map_registers,
             DMS_SCENARIO_REGISTERS_MAX);
  if (scenario->n_devices > DMS_SCENARIO_DEVICES_MAX)
    problem (check,
             "devices has %zu entries; at most %u are possible",
             scenario->n_devices,
             DMS_SCENARIO_DEVICES_MAX);
  if (scenario->n_buffers > DMS_SCENARIO_BUFFERS_MAX)
    problem (check,
             "buffers has %zu entries; at most %u are possible",
             scenario->n_buffers,
             DMS_SCENARIO_BUFFERS_MAX);
  if (scenario->n_requests > DMS_SCENARIO_REQUESTS_MAX)
    problem (check,
             "requests has %zu entries; at most %u are possible",
             scenario->n_requests,
             DMS_SCENARIO_REQUESTS_MAX);
}

void
dms_simulation_explain_pool (const DmsScenario *scenario, DmsBytes *bytes)
{
  size_t device = 0;
  uint64_t frames = reachable_frames (scenario, &device);

  if (device == scenario->n_devices)
    dms_bytes_printf (
        bytes,
        "machine.map_registers is %" PRIu32
        "; memory has not so many frames for bounce pages beside the buffers",
        scenario->map_registers);
  else
    dms_bytes_printf (bytes,
                      "machine.map_registers is %" PRIu32
                      "; devices[%zu] reaches %" PRIu64
                      " frames, too few for so many bounce pages beside the buffers",
                      scenario->map_registers,
                      device,
                      frames);
}

DmsStatus
dms_simulation_check (const DmsScenario *scenario, DmsBytes *ret_problem)
{
  Check check = { scenario, ret_problem, DMS_OK };

  check_machine (&check);
  if (check.status != DMS_OK)
    return check.status;
  for (size_t i = 0; i < scenario->n_devices; i++)
    check_device (&check, i);
  check_device_names (&check);
  check_buffers (&check);
  if (check.status != DMS_OK)
    return check.status;
  for (size_t i = 0; i < scenario->n_requests; i++)
    check_request (&check, i);
  for (size_t i = 0; i < scenario->n_mistakes; i++)
    check_mistake (&check, i);
  return check.status;
}
