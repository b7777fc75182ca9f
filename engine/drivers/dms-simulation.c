/* dms-simulation.c — a scenario, the simulated kernel and its sample drivers, put
 * together
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-simulation-private.h"

#include "engine/devices/dms-bus-master.h"
#include "engine/drivers/dms-scenario-copy.h"
#include "engine/drivers/dms-simulation-check.h"
#include "engine/drivers/samples.h"
#include "engine/kernel/dms-io.h"
#include "engine/wdm/dms-wdm.h"

#include <stdlib.h>
#include <string.h>

/* A sample driver, and the one that takes its place where mistakes or early looks at
 * the buffer are wanted. */
typedef struct
{
  const char *name;
  const char *file;
  const SAMPLE_DRIVER *driver;
  const char *wrong_file;
  const SAMPLE_DRIVER *wrong_driver;
} Sample;

static const Sample samples[] = {
  { "packet-sg", "packet-sg.c", &PacketSg, "packet-sg-mistakes.c", &PacketSgMistakes },
};

static const char *const names[] = { "packet-sg" };
static const char *const files[] = { "packet-sg.c", "packet-sg-mistakes.c" };

static const DmsDeviceModel *const models[] = { &dms_bus_master_model };
static const char *const model_names[] = { "bus-master" };

const char *const *
dms_driver_names (size_t *ret_n)
{
  *ret_n = sizeof names / sizeof *names;
  return names;
}

const char *const *
dms_driver_files (size_t *ret_n)
{
  *ret_n = sizeof files / sizeof *files;
  return files;
}

static const Sample *
find_sample (const char *name)
{
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
    if (name != NULL && strcmp (samples[i].name, name) == 0)
      return &samples[i];
  return NULL;
}

const char *
dms_driver_file (const char *name)
{
  const Sample *sample = find_sample (name);

  return sample == NULL ? NULL : sample->file;
}

const char *const *
dms_simulation_models (size_t *ret_n)
{
  *ret_n = sizeof model_names / sizeof *model_names;
  return model_names;
}

static const DmsDeviceModel *
find_model (const char *name)
{
  for (size_t i = 0; i < sizeof models / sizeof *models; i++)
    if (strcmp (models[i]->name, name) == 0)
      return models[i];
  return NULL;
}

/* Whether the driver of device @index shall do what a right one does not. */
static bool
is_wrong (const DmsScenario *scenario, size_t index)
{
  for (size_t i = 0; i < scenario->n_mistakes; i++)
    if (scenario->mistakes[i].device == index)
      return true;
  for (size_t i = 0; i < scenario->n_requests; i++)
    for (size_t k = 0; k < scenario->requests[i].n_touches; k++)
      if (scenario->requests[i].device == index
          && scenario->requests[i].touches[k].when != DMS_TOUCH_AFTER_COMPLETE)
        return true;
  return false;
}

static DmsStatus
add_drivers (DmsMachine *machine)
{
  for (size_t i = 0; i < machine->n_devices; i++)
    {
      DmsDevice *device = &machine->devices[i];
      const Sample *sample = find_sample (device->row->driver);
      bool wrong = is_wrong (machine->scenario, i);

      device->model = find_model (device->row->model);
      if (!device->model->start (machine, device))
        return DMS_ERROR_NO_MEMORY;

      DmsStatus status = dms_wdm_add (
          machine, device, wrong ? sample->wrong_driver : sample->driver);

      if (status != DMS_OK)
        return status;
    }
  return DMS_OK;
}

static DmsStatus
make (DmsSimulation *simulation, const DmsScenario *scenario, const DmsSink *sink)
{
  DmsStatus status = dms_scenario_copy (&simulation->scenario, scenario);

  if (status != DMS_OK)
    return status;
  simulation->has_machine = true;
  status = dms_machine_init (&simulation->machine, &simulation->scenario, sink);
  if (status == DMS_OK)
    status = dms_wdm_init (&simulation->machine);
  if (status == DMS_OK)
    status = add_drivers (&simulation->machine);
  if (status == DMS_OK)
    dms_io_begin (&simulation->machine);
  return status == DMS_OK ? dms_machine_status (&simulation->machine) : status;
}

DmsSimulation *
dms_simulation_new (const DmsScenario *scenario,
                    const DmsSink *sink,
                    DmsStatus *ret_status,
                    DmsBytes *ret_problem)
{
  DmsSimulation *simulation = NULL;
  DmsStatus status = dms_simulation_check (scenario, ret_problem);

  if (status == DMS_OK)
    {
      simulation = calloc (1, sizeof *simulation);
      status = simulation == NULL ? DMS_ERROR_NO_MEMORY
                                  : make (simulation, scenario, sink);
      /* What was checked before leaves one thing that can be out of range. */
      if (status == DMS_ERROR_RANGE && ret_problem != NULL)
        dms_simulation_explain_pool (scenario, ret_problem);
      else if (status != DMS_OK && ret_problem != NULL)
        dms_bytes_append_text (ret_problem, dms_status_text (status));
    }
  if (ret_status != NULL)
    *ret_status = status;
  if (status == DMS_OK)
    return simulation;
  dms_simulation_free (simulation);
  return NULL;
}

void
dms_simulation_free (DmsSimulation *simulation)
{
  if (simulation == NULL)
    return;
  if (simulation->has_machine)
    {
      dms_wdm_release (&simulation->machine);
      dms_machine_release (&simulation->machine);
    }
  dms_scenario_release (&simulation->scenario);
  free (simulation);
}

DmsStatus
dms_simulation_run (DmsSimulation *simulation, uint64_t max_events)
{
  DmsMachine *machine = &simulation->machine;
  DmsStatus status = dms_machine_status (machine);

  while (status == DMS_OK && machine->emitter.seq < max_events)
    {
      status = dms_machine_step (machine);
      if (status == DMS_ERROR_END && dms_io_end (machine))
        status = DMS_OK;
    }
  return status;
}
