/* dms-check-devices.c — whether devices, models and drivers of a scenario go together
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-check-private.h"

#include "engine/core/dms-units.h"
#include "engine/devices/dms-ring.h"
#include "engine/drivers/dms-simulation-private.h"
#include "engine/kernel/dms-iommu.h"

#include <inttypes.h>
#include <string.h>

#define WORDS_BYTES 320
#define CASCADE 4 /* the channel by which one 8237 hangs on the other */
#define CHANNELS 8

static bool
is_one_of (const char *name, const char *const *words)
{
  for (; *words != NULL; words++)
    if (name != NULL && strcmp (*words, name) == 0)
      return true;
  return false;
}

/* ---- names ---- */

#define NAMES_MAX 64

/* Says what a name may be. */
static void
refuse_name (DmsCheck *check,
             size_t device,
             const char *key,
             const char *name,
             const char *const *names,
             size_t n)
{
  const char *words[NAMES_MAX + 1] = { NULL };
  char text[WORDS_BYTES];

  for (size_t i = 0; i < n && i < NAMES_MAX; i++)
    words[i] = names[i];
  dms_check_problem (check,
                     "devices[%zu].%s is \"%.64s\"; it may be %s",
                     device,
                     key,
                     name == NULL ? "" : name,
                     dms_check_words (text, sizeof text, words));
}

static void
check_names (DmsCheck *check, size_t i)
{
  const DmsScenarioDevice *device = &check->scenario->devices[i];
  size_t n = 0;

  if (device->name == NULL || *device->name == '\0')
    dms_check_problem (check, "devices[%zu].name is empty; a name is needed", i);
  if (dms_model_find (device->model) == NULL)
    {
      const char *const *models = dms_simulation_models (&n);
      refuse_name (check, i, "model", device->model, models, n);
    }
  if (!check->has_own && device->driver != NULL
      && strcmp (device->driver, DMS_OWN_DRIVER) == 0)
    dms_check_problem (check,
                       "devices[%zu].driver is \"own\": only the program that has this "
                       "driver can run the scenario; docs/own-driver.md says how",
                       i);
  else if (dms_sample_find (device->driver) == NULL)
    {
      const char *const *drivers = dms_driver_names (&n);
      refuse_name (check, i, "driver", device->driver, drivers, n);
    }
}

static void
check_each_has_its_own (DmsCheck *check)
{
  const DmsScenario *scenario = check->scenario;

  for (size_t i = 0; i < scenario->n_devices; i++)
    for (size_t k = 0; k < i && check->status == DMS_OK; k++)
      if (strcmp (scenario->devices[i].name, scenario->devices[k].name) == 0)
        dms_check_problem (check,
                           "devices[%zu].name is \"%.64s\" like devices[%zu].name; "
                           "each device needs a name of its own",
                           i,
                           scenario->devices[i].name,
                           k);
}

/* ---- numbers ---- */

static void
check_power (DmsCheck *check, size_t i, const char *key, uint64_t value)
{
  if ((value & (value - 1)) != 0)
    dms_check_problem (check,
                       "devices[%zu].%s is %" PRIu64
                       "; a power of two, or 0 for no such limit, is needed",
                       i,
                       key,
                       value);
}

static void
check_numbers (DmsCheck *check, size_t i)
{
  const DmsScenarioDevice *device = &check->scenario->devices[i];

  if (device->address_bits < 1 || device->address_bits > 64)
    dms_check_problem (check,
                       "devices[%zu].address_bits is %" PRIu32
                       "; a number from 1 to 64 is needed",
                       i,
                       device->address_bits);
  if (device->maximum_length < 1 || device->maximum_length > UINT32_MAX)
    dms_check_problem (check,
                       "devices[%zu].maximum_length is %" PRIu64
                       "; 1 to 4294967295 bytes are needed",
                       i,
                       device->maximum_length);
  if (device->max_elements < 1 || device->max_elements > DMS_SCENARIO_ELEMENTS_MAX)
    dms_check_problem (check,
                       "devices[%zu].max_elements is %" PRIu32
                       "; a number from 1 to %u is needed",
                       i,
                       device->max_elements,
                       DMS_SCENARIO_ELEMENTS_MAX);
  if (device->map_registers > DMS_SCENARIO_REGISTERS_MAX)
    dms_check_problem (check,
                       "devices[%zu].map_registers is %" PRIu32
                       "; a number from 0 to %u is needed",
                       i,
                       device->map_registers,
                       DMS_SCENARIO_REGISTERS_MAX);
  if (device->burst < 1)
    dms_check_problem (check, "devices[%zu].burst is 0; at least 1 byte is needed", i);
  if (device->ring > DMS_SCENARIO_RING_MAX)
    dms_check_problem (check,
                       "devices[%zu].ring is %" PRIu64
                       " bytes; at most 1 GiB can be shared",
                       i,
                       device->ring);
  if (device->alignment > DMS_PAGE_SIZE)
    dms_check_problem (check,
                       "devices[%zu].alignment is %" PRIu64
                       " bytes; at most 4096 are possible",
                       i,
                       device->alignment);
  check_power (check, i, "boundary", device->boundary);
  check_power (check, i, "alignment", device->alignment);
}

/* ---- what goes together ---- */

static void
check_driver (DmsCheck *check, size_t i)
{
  const DmsScenarioDevice *device = &check->scenario->devices[i];
  const DmsSample *sample = dms_sample_find (device->driver);
  char text[WORDS_BYTES];

  if (!is_one_of (device->model, sample->models))
    dms_check_problem (check,
                       "devices[%zu].driver is \"%s\", which drives %s, not %s",
                       i,
                       sample->name,
                       dms_check_words (text, sizeof text, sample->models),
                       device->model);
  else if (device->address_bits < sample->lines)
    dms_check_problem (check,
                       "devices[%zu].address_bits is %" PRIu32
                       "; %s drives devices with %" PRIu32 " or more",
                       i,
                       device->address_bits,
                       sample->name,
                       sample->lines);
  else if (sample->scatter == DMS_SCATTER_WITH && !device->scatter_gather)
    dms_check_problem (check,
                       "devices[%zu].scatter_gather is false; %s drives devices with "
                       "scatter/gather only",
                       i,
                       sample->name);
  else if (sample->scatter == DMS_SCATTER_WITHOUT && device->scatter_gather)
    dms_check_problem (check,
                       "devices[%zu].scatter_gather is true; %s drives devices "
                       "without scatter/gather only, so false is needed",
                       i,
                       sample->name);
}

static void
check_iommu (DmsCheck *check, size_t i)
{
  const DmsScenarioDevice *device = &check->scenario->devices[i];
  uint32_t bits = dms_check_reaching_bits (device);

  if (device->iommu && !dms_iommu_fits (bits, check->scenario->map_registers))
    dms_check_problem (check,
                       "devices[%zu].iommu is true, but by %" PRIu32
                       " address lines no logical addresses are left for %" PRIu32
                       " map registers",
                       i,
                       bits,
                       check->scenario->map_registers);
}

static void
check_model (DmsCheck *check, size_t i)
{
  const DmsScenarioDevice *device = &check->scenario->devices[i];
  const DmsModelRow *row = dms_model_find (device->model);
  bool has_channel = (row->traits & DMS_MODEL_SLAVE) != 0;

  if (has_channel && (device->channel == CASCADE || device->channel >= CHANNELS))
    dms_check_problem (check,
                       "devices[%zu].channel is %" PRIu32
                       "; 0 to 3 or 5 to 7 is needed, because channel 4 links the two "
                       "controllers",
                       i,
                       device->channel);
  if (!has_channel && device->auto_initialize)
    dms_check_problem (check,
                       "devices[%zu].auto_initialize is true; %s uses no channel of "
                       "the DMA controller that could start again",
                       i,
                       row->name);
  if ((row->traits & DMS_MODEL_RING) != 0 && device->ring < DMS_RING_SLOT)
    dms_check_problem (check,
                       "devices[%zu].ring is %" PRIu64
                       "; %s shares memory with its driver, so at least one slot of %d "
                       "bytes is needed",
                       i,
                       device->ring,
                       row->name,
                       DMS_RING_SLOT);
}

static bool
is_slave (const DmsScenarioDevice *device)
{
  return (dms_model_find (device->model)->traits & DMS_MODEL_SLAVE) != 0;
}

/* A channel answers one card. */
static void
check_channels (DmsCheck *check)
{
  const DmsScenario *scenario = check->scenario;

  for (size_t i = 0; i < scenario->n_devices; i++)
    for (size_t k = 0; k < i && check->status == DMS_OK; k++)
      if (is_slave (&scenario->devices[i]) && is_slave (&scenario->devices[k])
          && scenario->devices[i].channel == scenario->devices[k].channel)
        dms_check_problem (check,
                           "devices[%zu].channel is %" PRIu32
                           " like devices[%zu].channel; each card needs a channel of "
                           "its own",
                           i,
                           scenario->devices[i].channel,
                           k);
}

void
dms_check_devices (DmsCheck *check)
{
  for (size_t i = 0; i < check->scenario->n_devices; i++)
    {
      check_names (check, i);
      check_numbers (check, i);
      if (check->status != DMS_OK)
        return;
      check_driver (check, i);
      check_model (check, i);
      check_iommu (check, i);
    }
  check_each_has_its_own (check);
  check_channels (check);
}
