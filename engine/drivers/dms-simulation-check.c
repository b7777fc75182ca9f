/* dms-simulation-check.c — what a scenario asks for that cannot be simulated
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-simulation-check.h"

#include "engine/core/dms-units.h"
#include "engine/drivers/dms-check-private.h"
#include "engine/drivers/dms-simulation-private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CONTROLLER_BITS 24

void
dms_check_problem (DmsCheck *check, const char *format, ...)
{
  char text[2560];
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

const char *
dms_check_words (char *text, size_t size, const char *const *words)
{
  text[0] = '\0';
  for (size_t i = 0; words[i] != NULL; i++)
    {
      size_t length = strlen (text);
      const char *between = i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ";

      snprintf (text + length, size - length, "%s%s", between, words[i]);
    }
  return text;
}

/* ---- the machine ---- */

uint32_t
dms_check_reaching_bits (const DmsScenarioDevice *device)
{
  const DmsModelRow *row = dms_model_find (device->model);
  bool is_slave = row != NULL && (row->traits & DMS_MODEL_SLAVE) != 0;

  return is_slave && device->address_bits > CONTROLLER_BITS ? CONTROLLER_BITS
                                                            : device->address_bits;
}

static uint64_t
reachable_frames (const DmsScenario *scenario, size_t *ret_device)
{
  uint64_t frames = scenario->memory >> DMS_PAGE_SHIFT;

  *ret_device = scenario->n_devices;
  for (size_t i = 0; i < scenario->n_devices; i++)
    {
      uint32_t bits = dms_check_reaching_bits (&scenario->devices[i]);
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
check_machine (DmsCheck *check)
{
  const DmsScenario *scenario = check->scenario;

  if (scenario->memory < DMS_SCENARIO_MEMORY_MIN
      || scenario->memory > DMS_SCENARIO_MEMORY_MAX
      || dms_page_offset (scenario->memory) != 0)
    dms_check_problem (check,
                       "machine.memory is %" PRIu64
                       " bytes; whole pages from 1 MiB to 4 PiB are needed",
                       scenario->memory);
  if (scenario->map_registers > DMS_SCENARIO_REGISTERS_MAX)
    dms_check_problem (check,
                       "machine.map_registers is %" PRIu32
                       "; a number from 0 to %u is needed",
                       scenario->map_registers,
                       DMS_SCENARIO_REGISTERS_MAX);
  if (scenario->n_devices > DMS_SCENARIO_DEVICES_MAX)
    dms_check_problem (check,
                       "devices has %zu entries; at most %u are possible",
                       scenario->n_devices,
                       DMS_SCENARIO_DEVICES_MAX);
  if (scenario->n_buffers > DMS_SCENARIO_BUFFERS_MAX)
    dms_check_problem (check,
                       "buffers has %zu entries; at most %u are possible",
                       scenario->n_buffers,
                       DMS_SCENARIO_BUFFERS_MAX);
  if (scenario->n_requests > DMS_SCENARIO_REQUESTS_MAX)
    dms_check_problem (check,
                       "requests has %zu entries; at most %u are possible",
                       scenario->n_requests,
                       DMS_SCENARIO_REQUESTS_MAX);
  if (scenario->n_commands > DMS_SCENARIO_COMMANDS_MAX)
    dms_check_problem (check,
                       "commands has %zu entries; at most %u are possible",
                       scenario->n_commands,
                       DMS_SCENARIO_COMMANDS_MAX);
  if (scenario->profile != DMS_PROFILE_DOCUMENTED
      && scenario->profile != DMS_PROFILE_REACTOS)
    dms_check_problem (check, "machine.profile is none of the profiles");
}

/* ReactOS has neither. */
static void
check_profile (DmsCheck *check)
{
  const DmsScenario *scenario = check->scenario;

  if (scenario->profile != DMS_PROFILE_REACTOS)
    return;
  if (scenario->verifier)
    dms_check_problem (
        check, "machine.verifier is true; the profile \"reactos\" does not verify");
  for (size_t i = 0; i < scenario->n_devices; i++)
    if (scenario->devices[i].iommu)
      dms_check_problem (
          check, "devices[%zu].iommu is true; the profile \"reactos\" has no IOMMU", i);
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
dms_simulation_check (const DmsScenario *scenario, bool has_own, DmsBytes *ret_problem)
{
  DmsCheck check = { scenario, ret_problem, DMS_OK, has_own };

  check_machine (&check);
  check_profile (&check);
  if (check.status == DMS_OK)
    dms_check_devices (&check);
  if (check.status == DMS_OK)
    dms_check_buffers (&check);
  if (check.status == DMS_OK)
    dms_check_plan (&check);
  return check.status;
}
