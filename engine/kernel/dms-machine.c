/* dms-machine.c — the simulated machine: its parts, its clock and its events
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-machine.h"

#include "engine/core/dms-payload.h"
#include "engine/kernel/dms-adapter.h"
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-controller.h"
#include "engine/kernel/dms-iommu.h"
#include "engine/kernel/dms-guard.h"
#include "engine/kernel/dms-list.h"
#include "engine/kernel/dms-nonpaged.h"
#include "engine/kernel/dms-reactos.h"

#include <stdlib.h>
#include <string.h>

/* Where the requesters' buffers begin in virtual memory, and the room between them. */
#define FIRST_ADDRESS UINT64_C (0x000001a000000000)
#define ADDRESS_GAP (16 * DMS_PAGE_SIZE)

#define PS_PER_NS 1000

/* Address lines of the system's DMA controller. */
#define CONTROLLER_LINES 24

DmsStatus
dms_machine_status (const DmsMachine *machine)
{
  return machine->emitter.status != DMS_OK ? machine->emitter.status : machine->status;
}

void
dms_machine_fail (DmsMachine *machine, DmsStatus status)
{
  if (machine->status == DMS_OK)
    machine->status = status;
}

DmsEvent
dms_machine_event (const DmsMachine *machine, DmsEventKind kind)
{
  return (DmsEvent){ .kind = (uint16_t)kind,
                     .t_ns = (int64_t)(machine->now_ps / PS_PER_NS),
                     .context = machine->irql,
                     .file = machine->place.file,
                     .line = machine->place.line };
}

uint64_t
dms_machine_emit (DmsMachine *machine, DmsEvent *event)
{
  if (machine->status != DMS_OK)
    return 0;
  return dms_emitter_emit (&machine->emitter, event);
}

void
dms_machine_fact (DmsMachine *machine, DmsFact fact, DmsFactNote note)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_FACT);

  event.device = note.device == NULL ? 0 : note.device->name;
  event.transfer = note.transfer;
  event.object = note.object;
  event.index = fact;
  event.a = note.a;
  event.b = note.b;
  event.c = note.c;
  event.length = note.length;
  event.cause = machine->call_seq;
  dms_machine_emit (machine, &event);
}

void
dms_machine_spend (DmsMachine *machine, uint64_t ps)
{
  machine->now_ps = dms_time_later (machine->now_ps, ps);
}

void
dms_machine_spend_each (DmsMachine *machine, uint64_t ps, uint64_t n)
{
  if (n != 0 && ps > (uint64_t)INT64_MAX / n)
    machine->now_ps = (uint64_t)INT64_MAX;
  else
    dms_machine_spend (machine, ps * n);
}

void
dms_machine_push (DmsMachine *machine,
                  uint64_t due_ps,
                  DmsWorkRun run,
                  void *subject,
                  uint64_t number)
{
  DmsStatus status = dms_work_push (&machine->work, due_ps, run, subject, number);

  if (status != DMS_OK)
    dms_machine_fail (machine, status);
}

DmsStatus
dms_machine_step (DmsMachine *machine)
{
  DmsWork work;

  dms_commands_serve (machine);
  if (dms_machine_status (machine) != DMS_OK)
    return dms_machine_status (machine);
  if (!dms_work_pop (&machine->work, &work))
    return DMS_ERROR_END;
  if (work.due_ps > machine->now_ps)
    machine->now_ps = work.due_ps;
  machine->irql = DMS_CONTEXT_PASSIVE;
  machine->place = (DmsPlace){ 0, 0 };
  work.run (machine, work.subject, work.number);
  return dms_machine_status (machine);
}

DmsDevice *
dms_machine_device_at (DmsMachine *machine, const volatile void *pointer)
{
  uintptr_t address = (uintptr_t)pointer;

  for (size_t i = 0; i < machine->n_devices; i++)
    {
      DmsDevice *device = &machine->devices[i];

      if (device->window != NULL && address >= (uintptr_t)device->window
          && address - (uintptr_t)device->window < device->window_bytes)
        return device;
    }
  return NULL;
}

/* ---- the events that describe the machine ---- */

static void
describe_machine (DmsMachine *machine)
{
  const DmsScenario *scenario = machine->scenario;
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_MACHINE);

  event.a = scenario->memory;
  event.b = scenario->map_registers;
  event.c = scenario->seed;
  event.length = DMS_PAGE_SIZE;
  event.flags = (scenario->hal_x86 ? DMS_FLAG_HAL_X86 : 0)
                | (machine->policy.verifies ? DMS_FLAG_VERIFIER : 0);
  dms_machine_emit (machine, &event);
  dms_reactos_tell (machine);
}

/* It uses a channel of the system's DMA controller. */
static bool
has_channel (const DmsScenarioDevice *row)
{
  return row->model != NULL && strcmp (row->model, "system-dma") == 0;
}

static void
describe_device (DmsMachine *machine, const DmsDevice *device)
{
  const DmsScenarioDevice *row = device->row;
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_DEVICE);

  event.device = device->name;
  event.object = dms_emitter_name (&machine->emitter, DMS_NAME_TEXT, 0, row->model);
  event.a = row->address_bits;
  event.b = row->maximum_length;
  event.c = row->burst;
  event.index = row->map_registers;
  event.length = row->max_elements;
  event.flags = (row->scatter_gather ? DMS_FLAG_SCATTER_GATHER : 0)
                | (has_channel (row) ? DMS_FLAG_FOR_CHANNEL : 0);
  dms_machine_emit (machine, &event);
}

/* Only where it has any. */
static void
describe_limits (DmsMachine *machine, const DmsDevice *device)
{
  const DmsScenarioDevice *row = device->row;
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_LIMITS);

  event.device = device->name;
  event.index = has_channel (row) ? row->channel + 1 : 0;
  event.a = row->segment;
  event.b = row->boundary;
  event.c = row->alignment;
  event.length = row->ring;
  event.flags = row->iommu ? DMS_FLAG_REMAPPED : 0;
  if (event.index != 0 || event.a != 0 || event.b != 0 || event.c > 1
      || event.length != 0 || event.flags != 0)
    dms_machine_emit (machine, &event);
}

void
dms_machine_describe_mdl (DmsMachine *machine, const DmsMdl *mdl, uint32_t place)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_MDL);

  dms_bytes_clear (&machine->scratch);
  dms_payload_append_frames (&machine->scratch, mdl->frames, mdl->n_frames);
  if (machine->scratch.failed)
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }
  event.object = mdl->buffer->id;
  event.index = place;
  event.a = mdl->address;
  event.b = mdl->start;
  event.c = mdl->buffer->name;
  event.length = mdl->length;
  event.flags = mdl->is_locked ? DMS_FLAG_LOCKED : 0;
  event.cause = machine->call_seq;
  event.payload = machine->scratch.data;
  event.payload_length = (uint32_t)machine->scratch.length;
  dms_machine_emit (machine, &event);
}

static void
describe (DmsMachine *machine)
{
  describe_machine (machine);
  for (size_t i = 0; i < machine->n_devices; i++)
    {
      describe_device (machine, &machine->devices[i]);
      describe_limits (machine, &machine->devices[i]);
    }
  for (size_t i = 0; i < machine->n_buffers; i++)
    for (size_t k = 0; k < machine->buffers[i].n_mdls; k++)
      dms_machine_describe_mdl (machine, &machine->buffers[i].mdls[k], (uint32_t)k);
}

/* ---- making it ---- */

static DmsStatus
make_buffers (DmsMachine *machine)
{
  const DmsScenario *scenario = machine->scenario;
  uint64_t address = FIRST_ADDRESS;

  machine->buffers = calloc (scenario->n_buffers + 1, sizeof *machine->buffers);
  if (machine->buffers == NULL)
    return DMS_ERROR_NO_MEMORY;
  for (size_t i = 0; i < scenario->n_buffers; i++)
    {
      const DmsScenarioBuffer *row = &scenario->buffers[i];
      DmsBuffer *buffer = &machine->buffers[i];
      DmsStatus status
          = dms_buffer_init (buffer, i + 1, address, row, &machine->memory);

      machine->n_buffers = i + 1;
      if (status != DMS_OK)
        return status;
      buffer->name
          = dms_emitter_name (&machine->emitter, DMS_NAME_BUFFER, 0, row->name);
      address += dms_buffer_span (row) + ADDRESS_GAP;
    }
  return DMS_OK;
}

static DmsStatus
make_devices (DmsMachine *machine)
{
  const DmsScenario *scenario = machine->scenario;

  machine->devices = calloc (scenario->n_devices + 1, sizeof *machine->devices);
  if (machine->devices == NULL)
    return DMS_ERROR_NO_MEMORY;
  machine->n_devices = scenario->n_devices;
  for (size_t i = 0; i < scenario->n_devices; i++)
    {
      const DmsScenarioDevice *row = &scenario->devices[i];
      DmsDevice *device = &machine->devices[i];

      device->hardware = *row;
      device->row = &device->hardware;
      device->index = (uint32_t)i;
      device->highest = dms_highest_address (row->address_bits);
      device->name
          = dms_emitter_name (&machine->emitter, DMS_NAME_DEVICE, 0, row->name);
    }
  return DMS_OK;
}

/* Bounce pages serve any device, so they lie where the one with the fewest lines
 * reaches, now and when a command will have taken some away. */
static uint64_t
lowest_reach (const DmsMachine *machine)
{
  uint64_t lowest = machine->policy.pool_highest;

  for (size_t i = 0; i < machine->n_devices; i++)
    {
      const DmsDevice *device = &machine->devices[i];

      if (device->highest < lowest)
        lowest = device->highest;
      if (has_channel (device->row) && dms_highest_address (CONTROLLER_LINES) < lowest)
        lowest = dms_highest_address (CONTROLLER_LINES);
    }
  for (size_t i = 0; i < machine->scenario->n_commands; i++)
    {
      const DmsScenarioCommand *command = &machine->scenario->commands[i];

      if (command->what == DMS_COMMAND_LIMIT && command->which == 0
          && dms_highest_address ((uint32_t)command->value) < lowest)
        lowest = dms_highest_address ((uint32_t)command->value);
    }
  return lowest;
}

/* A device that takes one piece only needs its bounce pages in a row, and gets them on
 * any HAL. */
static bool
needs_block (const DmsScenario *scenario)
{
  for (size_t i = 0; i < scenario->n_devices; i++)
    if (!scenario->devices[i].scatter_gather || has_channel (&scenario->devices[i]))
      return true;
  return scenario->hal_x86;
}

static DmsStatus
place_pool (DmsMachine *machine, bool is_block)
{
  DmsRegisterLayout layout
      = { .highest = lowest_reach (machine),
          .seed = machine->scenario->seed,
          .is_block = is_block,
          .pages_each = machine->policy.verifies ? DMS_GUARD_PAGES : 1 };

  return dms_register_pool_place (&machine->pool, &machine->memory, &layout);
}

static DmsStatus
make_pool (DmsMachine *machine)
{
  const DmsScenario *scenario = machine->scenario;
  DmsStatus status = dms_register_pool_init (&machine->pool, scenario->map_registers);

  if (status != DMS_OK)
    return status;
  if (machine->policy.pool_grows)
    return dms_reactos_boot (machine);
  return place_pool (machine, needs_block (scenario));
}

bool
dms_machine_make_rows (DmsMachine *machine)
{
  DmsRegisterPool *pool = &machine->pool;

  if (pool->is_block || machine->policy.pool_grows)
    return true;
  return pool->n_free == pool->n && place_pool (machine, true) == DMS_OK;
}

DmsStatus
dms_machine_init (DmsMachine *machine, const DmsScenario *scenario, const DmsSink *sink)
{
  memset (machine, 0, sizeof *machine);
  machine->scenario = scenario;
  machine->policy = dms_policy_of (scenario);
  dms_memory_init (&machine->memory, scenario->memory);
  dms_work_init (&machine->work);
  dms_table_init (&machine->transfers);
  dms_table_init (&machine->adapters);
  dms_table_init (&machine->grants);
  dms_table_init (&machine->images);
  dms_table_init (&machine->mapped);
  dms_table_init (&machine->asking);
  dms_table_init (&machine->contexts);
  dms_table_init (&machine->commons);
  dms_table_init (&machine->common_pages);
  dms_bytes_init (&machine->scratch);

  DmsStatus status = dms_emitter_init (&machine->emitter, sink, false);

  machine->issued = calloc (scenario->n_requests + 1, sizeof *machine->issued);
  if (machine->issued == NULL)
    status = DMS_ERROR_NO_MEMORY;
  if (status == DMS_OK)
    status = make_devices (machine);
  if (status == DMS_OK)
    status = make_buffers (machine);
  if (status == DMS_OK)
    status = make_pool (machine);
  if (status == DMS_OK)
    status = dms_commands_begin (machine);
  if (status != DMS_OK)
    return status;
  describe (machine);
  return dms_machine_status (machine);
}

static void
release_transfers (DmsMachine *machine)
{
  size_t at = 0;
  DmsTransfer *transfer = NULL;

  while ((transfer = dms_table_next (&machine->transfers, &at, NULL)) != NULL)
    free (transfer);
  dms_table_release (&machine->transfers);
}

void
dms_machine_release (DmsMachine *machine)
{
  dms_grants_release (machine);
  dms_commons_release (machine);
  dms_nonpaged_release (machine);
  if (machine->controller != NULL)
    machine->controller->release (machine);
  dms_adapters_release (machine);
  release_transfers (machine);
  for (size_t i = 0; i < machine->n_devices; i++)
    {
      DmsDevice *device = &machine->devices[i];

      if (device->model != NULL && device->state != NULL)
        device->model->release (device);
      free (device->window);
      dms_device_forget_received (device);
      dms_iommu_release (device);
    }
  for (size_t i = 0; i < machine->n_buffers; i++)
    dms_buffer_release (&machine->buffers[i]);
  dms_commands_release (machine);
  free (machine->issued);
  free (machine->devices);
  free (machine->buffers);
  dms_table_release (&machine->mapped);
  dms_register_pool_release (&machine->pool);
  dms_memory_release (&machine->memory);
  dms_work_release (&machine->work);
  dms_bytes_release (&machine->scratch);
  dms_emitter_release (&machine->emitter);
}
