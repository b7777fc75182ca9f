/* dms-scenario.c — defaults and release of a scenario
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-scenario.h"

#include <stdlib.h>

#define DEFAULT_MEMORY (UINT64_C (8) << 30)
#define DEFAULT_REGISTERS 64

DmsCost
dms_cost_default (void)
{
  return (DmsCost){
    .call_ps = 100000,           /* 0.1 µs */
    .register_ps = 50000,        /* 0.05 µs */
    .copy_byte_ps = 100,         /* 10 GB/s */
    .bus_byte_ps = 250,          /* 4 GB/s */
    .burst_ps = 100000,          /* 0.1 µs */
    .register_write_ps = 150000, /* 0.15 µs: a posted write over the bus */
    .interrupt_ps = 2000000,     /* 2 µs */
    .dpc_ps = 1000000,           /* 1 µs */
    .iotlb_miss_ps = 500000, /* 0.5 µs: some reads of memory, one after the other */
  };
}

void
dms_scenario_init (DmsScenario *scenario)
{
  *scenario = (DmsScenario){
    .memory = DEFAULT_MEMORY,
    .map_registers = DEFAULT_REGISTERS,
    .seed = 1,
    .cost = dms_cost_default (),
  };
}

static void
release_buffer (DmsScenarioBuffer *buffer)
{
  for (size_t i = 0; i < buffer->n_mdls; i++)
    free (buffer->mdls[i].frames);
  free (buffer->mdls);
  free (buffer->name);
}

void
dms_scenario_release (DmsScenario *scenario)
{
  for (size_t i = 0; i < scenario->n_devices; i++)
    {
      free (scenario->devices[i].name);
      free (scenario->devices[i].model);
      free (scenario->devices[i].driver);
    }
  for (size_t i = 0; i < scenario->n_buffers; i++)
    release_buffer (&scenario->buffers[i]);
  for (size_t i = 0; i < scenario->n_requests; i++)
    free (scenario->requests[i].touches);
  for (size_t i = 0; i < scenario->n_mistakes; i++)
    free (scenario->mistakes[i].name);
  free (scenario->devices);
  free (scenario->buffers);
  free (scenario->requests);
  free (scenario->mistakes);
  free (scenario->commands);
  free (scenario->title);
  *scenario = (DmsScenario){ 0 };
}
