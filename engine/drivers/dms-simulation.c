/* dms-simulation.c — a scenario, the simulated kernel and its sample drivers, put
 * together
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-simulation-private.h"

#include "engine/devices/dms-8237.h"
#include "engine/drivers/dms-scenario-copy.h"
#include "engine/drivers/dms-simulation-check.h"
#include "engine/drivers/mistakes.h"
#include "engine/kernel/dms-io.h"
#include "engine/wdm/dms-wdm.h"

#include <stdlib.h>

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
add_driver (DmsMachine *machine, DmsDevice *device, const DmsSample *sample)
{
  if (sample->miniport != NULL)
    return dms_wdm_add_miniport (machine, device, sample->miniport);
  return sample->driver == NULL ? dms_wdm_add_own (machine, device)
                                : dms_wdm_add (machine, device, sample->driver);
}

static DmsStatus
add_drivers (DmsMachine *machine)
{
  for (size_t i = 0; i < machine->n_devices; i++)
    {
      DmsDevice *device = &machine->devices[i];
      const DmsSample *sample = dms_sample_find (device->row->driver);
      device->model = dms_model_find (device->row->model)->model;
      if (!device->model->start (machine, device))
        return DMS_ERROR_NO_MEMORY;

      DmsStatus status = add_driver (machine, device, sample);

      if (status != DMS_OK)
        return status;
      if (sample->driver != NULL && is_wrong (machine->scenario, i))
        dms_wdm_set_mistakes (device, Mistakes);
      if (sample->miniport != NULL && is_wrong (machine->scenario, i))
        dms_wdm_set_port_mistakes (device, &PortMistakes);
    }
  return DMS_OK;
}

static DmsStatus
make (DmsSimulation *simulation,
      const DmsScenario *scenario,
      const DmsSink *sink,
      const DmsOwnDriver *own)
{
  DmsStatus status = dms_scenario_copy (&simulation->scenario, scenario);

  if (status != DMS_OK)
    return status;
  simulation->has_machine = true;
  status = dms_machine_init (&simulation->machine, &simulation->scenario, sink);
  if (status == DMS_OK)
    status = dms_8237_attach (&simulation->machine);
  if (status == DMS_OK)
    status = dms_wdm_init (&simulation->machine);
  if (status == DMS_OK && own != NULL)
    status = dms_wdm_load (
        &simulation->machine, (PDRIVER_INITIALIZE)own->entry, own->name);
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
  return dms_simulation_new_own (scenario, sink, NULL, ret_status, ret_problem);
}

DmsSimulation *
dms_simulation_new_own (const DmsScenario *scenario,
                        const DmsSink *sink,
                        const DmsOwnDriver *own,
                        DmsStatus *ret_status,
                        DmsBytes *ret_problem)
{
  DmsSimulation *simulation = NULL;
  DmsStatus status = dms_simulation_check (scenario, own != NULL, ret_problem);

  if (status == DMS_OK)
    {
      simulation = calloc (1, sizeof *simulation);
      status = simulation == NULL ? DMS_ERROR_NO_MEMORY
                                  : make (simulation, scenario, sink, own);
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
  if (status == DMS_ERROR_END && !simulation->is_over)
    {
      simulation->is_over = true;
      dms_wdm_end (machine);
    }
  return status;
}

DmsStatus
dms_simulation_command (DmsSimulation *simulation, const DmsScenarioCommand *command)
{
  DmsStatus status = dms_command_run (&simulation->machine, command);

  return status != DMS_OK ? status : dms_machine_status (&simulation->machine);
}
