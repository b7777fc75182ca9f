/* dms-command.c — what changes the machine in mid-run
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-command.h"

#include "engine/kernel/dms-adapter.h"
#include "engine/kernel/dms-io.h"
#include "engine/kernel/dms-grant-private.h"

#include <stdlib.h>

#define PS_PER_NS 1000
#define NEVER UINT64_MAX

/* ---- limits ---- */

/* The numbers of the LIMIT event. */
enum
{
  LIMIT_ADDRESS_BITS = 0,
  LIMIT_MAP_REGISTERS = 1,
  LIMIT_ELEMENTS = 2,
  LIMIT_LENGTH = 3,
  LIMIT_BURST = 4
};

/* The adapter that @device has now, or NULL. */
static DmsAdapter *
adapter_of (const DmsMachine *machine, const DmsDevice *device)
{
  size_t at = 0;
  DmsAdapter *adapter = NULL;
  DmsAdapter *found = NULL;

  while ((adapter = dms_table_next (&machine->adapters, &at, NULL)) != NULL)
    if (adapter->device == device && !adapter->is_put
        && (found == NULL || adapter->id < found->id))
      found = adapter;
  return found;
}

/* The system cannot put a bounce page elsewhere: each has its place since the start. */
static bool
reaches_bounce_pages (const DmsMachine *machine, const DmsDevice *device, uint64_t bits)
{
  uint64_t highest = dms_highest_address ((uint32_t)bits) >> DMS_PAGE_SHIFT;

  if (device->row->iommu)
    return true;
  for (uint32_t r = 0; r < machine->pool.n; r++)
    if (machine->pool.registers[r].home > highest)
      return false;
  return true;
}

static bool
limit_can_be (const DmsMachine *machine,
              const DmsDevice *device,
              uint32_t which,
              uint64_t value)
{
  switch (which)
    {
    case LIMIT_ADDRESS_BITS:
      return value >= 1 && value <= 64 && reaches_bounce_pages (machine, device, value);
    case LIMIT_MAP_REGISTERS:
      return value <= DMS_SCENARIO_REGISTERS_MAX;
    case LIMIT_ELEMENTS:
      return value >= 1
             && value <= machine->scenario->devices[device->index].max_elements;
    case LIMIT_LENGTH:
      return value >= 1 && value <= UINT32_MAX;
    case LIMIT_BURST:
      return value >= 1;
    default:
      return false;
    }
}

static uint64_t
limit_of (const DmsMachine *machine, const DmsDevice *device, uint32_t which)
{
  const DmsAdapter *adapter = adapter_of (machine, device);

  switch (which)
    {
    case LIMIT_ADDRESS_BITS:
      return device->hardware.address_bits;
    case LIMIT_MAP_REGISTERS:
      return adapter != NULL ? adapter->allowed : device->hardware.map_registers;
    case LIMIT_ELEMENTS:
      return device->hardware.max_elements;
    case LIMIT_LENGTH:
      return device->hardware.maximum_length;
    default:
      return device->hardware.burst;
    }
}

/* A driver that was right about its hardware before is taken to be right still. */
static void
follow_lines (DmsMachine *machine, DmsDevice *device, uint64_t before)
{
  size_t at = 0;
  DmsAdapter *adapter = NULL;

  while ((adapter = dms_table_next (&machine->adapters, &at, NULL)) != NULL)
    if (adapter->device == device && adapter->highest == before)
      adapter->highest = device->highest;
}

static void
follow_registers (DmsMachine *machine, const DmsDevice *device)
{
  uint32_t limit = device->hardware.map_registers;
  size_t at = 0;
  DmsAdapter *adapter = NULL;

  while ((adapter = dms_table_next (&machine->adapters, &at, NULL)) != NULL)
    if (adapter->device == device)
      adapter->allowed = limit != 0 && limit < adapter->most ? limit : adapter->most;
}

static void
set_limit (DmsMachine *machine, DmsDevice *device, uint32_t which, uint64_t value)
{
  DmsScenarioDevice *hardware = &device->hardware;
  uint64_t before = device->highest;

  switch (which)
    {
    case LIMIT_ADDRESS_BITS:
      hardware->address_bits = (uint32_t)value;
      device->highest = dms_highest_address (hardware->address_bits);
      follow_lines (machine, device, before);
      return;
    case LIMIT_MAP_REGISTERS:
      hardware->map_registers = (uint32_t)value;
      follow_registers (machine, device);
      return;
    case LIMIT_ELEMENTS:
      hardware->max_elements = (uint32_t)value;
      return;
    case LIMIT_LENGTH:
      hardware->maximum_length = value;
      return;
    default:
      hardware->burst = value;
    }
}

static DmsStatus
run_limit (DmsMachine *machine, const DmsScenarioCommand *command)
{
  DmsDevice *device = &machine->devices[command->device];
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_LIMIT);

  if (!limit_can_be (machine, device, command->which, command->value))
    return DMS_ERROR_RANGE;
  event.device = device->name;
  event.index = command->which;
  event.a = limit_of (machine, device, command->which);
  set_limit (machine, device, command->which, command->value);
  event.b = limit_of (machine, device, command->which);
  dms_machine_emit (machine, &event);
  return DMS_OK;
}

/* ---- map registers ---- */

static void
emit_pool (DmsMachine *machine, uint32_t first, uint32_t count, uint32_t flags)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_POOL);

  event.index = first;
  event.a = count;
  event.b = machine->pool.n_free;
  event.flags = flags;
  event.cause = machine->call_seq;
  dms_machine_emit (machine, &event);
}

/* The last run below @end of registers that @holder holds, 0 = nobody, at most @most
 * long; false when there is none. */
static bool
last_run (const DmsRegisterPool *pool,
          uint32_t end,
          uint64_t holder,
          uint32_t most,
          uint32_t *ret_first,
          uint32_t *ret_count)
{
  uint32_t first = 0;

  while (end > 0 && pool->registers[end - 1].list != holder)
    end--;
  if (end == 0)
    return false;
  first = end - 1;
  while (first > 0 && end - first < most && pool->registers[first - 1].list == holder)
    first--;
  *ret_first = first;
  *ret_count = end - first;
  return true;
}

void
dms_command_collect (DmsMachine *machine)
{
  DmsCommands *commands = &machine->commands;
  uint32_t first = machine->pool.n;
  uint32_t count = 0;

  while (commands->n_owed > 0
         && last_run (&machine->pool, first, 0, commands->n_owed, &first, &count))
    {
      dms_register_pool_withdraw (&machine->pool, first, count, DMS_REGISTER_TAKEN);
      commands->n_owed -= count;
      commands->n_away += count;
      emit_pool (machine, first, count, DMS_FLAG_TAKEN);
    }
}

static void
take_registers (DmsMachine *machine, uint64_t count)
{
  DmsCommands *commands = &machine->commands;
  uint32_t left = machine->pool.n - commands->n_away - commands->n_owed;

  commands->n_owed += count < left ? (uint32_t)count : left;
  dms_command_collect (machine);
}

/* What is owed is forgiven first. */
static void
give_registers (DmsMachine *machine, uint64_t count)
{
  DmsCommands *commands = &machine->commands;
  uint64_t forgiven = count < commands->n_owed ? count : commands->n_owed;
  uint32_t first = machine->pool.n;
  uint32_t n = 0;

  commands->n_owed -= (uint32_t)forgiven;
  count -= forgiven;
  while (count > 0
         && last_run (&machine->pool,
                      first,
                      DMS_REGISTER_TAKEN,
                      count < UINT32_MAX ? (uint32_t)count : UINT32_MAX,
                      &first,
                      &n))
    {
      dms_register_pool_give (&machine->pool, first, n);
      commands->n_away -= n;
      count -= n;
      emit_pool (machine, first, n, 0);
    }
  dms_wait_serve (machine);
}

/* ---- requests ---- */

static DmsTransfer *
find_request (const DmsMachine *machine, const DmsDevice *device, uint64_t nth)
{
  size_t at = 0;
  DmsTransfer *transfer = NULL;

  while ((transfer = dms_table_next (&machine->transfers, &at, NULL)) != NULL)
    if (transfer->device == device && transfer->nth == nth)
      return transfer;
  return NULL;
}

static void
cancel (DmsMachine *machine, DmsTransfer *transfer)
{
  DmsDevice *device = transfer->device;
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_REQUEST_CANCELLED);

  event.device = device->name;
  event.transfer = transfer->id;
  event.object = transfer->buffer->id;
  transfer->is_cancelled = true;
  transfer->end_cause = dms_machine_emit (machine, &event);
  if (!transfer->is_with_driver)
    dms_io_refuse (machine, transfer, DMS_NT_CANCELLED);
  else if (device->ops->cancel != NULL)
    device->ops->cancel (machine, device, transfer);
}

static DmsStatus
cancel_later (DmsMachine *machine, const DmsDevice *device, uint64_t nth)
{
  DmsCommands *commands = &machine->commands;
  DmsCancelledEarly *early = NULL;

  if (commands->n_early >= DMS_SCENARIO_COMMANDS_MAX)
    return DMS_ERROR_RANGE;
  early = realloc (commands->early, (commands->n_early + 1) * sizeof *early);
  if (early == NULL)
    return DMS_ERROR_NO_MEMORY;
  commands->early = early;
  early[commands->n_early++] = (DmsCancelledEarly){ device->index, nth };
  return DMS_OK;
}

static DmsStatus
run_cancel (DmsMachine *machine, const DmsScenarioCommand *command)
{
  DmsDevice *device = &machine->devices[command->device];
  DmsTransfer *transfer = find_request (machine, device, command->value);

  if (command->value > device->n_requests)
    return cancel_later (machine, device, command->value);
  if (transfer == NULL || transfer->is_complete || transfer->is_cancelled)
    return DMS_ERROR_RANGE;
  cancel (machine, transfer);
  return DMS_OK;
}

bool
dms_command_greet (DmsMachine *machine, DmsTransfer *transfer)
{
  DmsCommands *commands = &machine->commands;

  for (size_t i = 0; i < commands->n_early; i++)
    if (commands->early[i].device == transfer->device->index
        && commands->early[i].nth == transfer->nth)
      {
        commands->early[i] = commands->early[--commands->n_early];
        cancel (machine, transfer);
        return true;
      }
  return false;
}

static DmsStatus
run_stop (DmsMachine *machine, const DmsScenarioCommand *command)
{
  DmsDevice *device = &machine->devices[command->device];
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_STOP);

  if (device->is_stopping)
    return DMS_ERROR_RANGE;
  event.device = device->name;
  device->stop_seq = dms_machine_emit (machine, &event);
  dms_io_stop (machine, device);
  return DMS_OK;
}

/* ---- allocations ---- */

static DmsStatus
run_fail (DmsMachine *machine, const DmsScenarioCommand *command)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_FAIL);

  if (command->which >= DMS_ALLOCATIONS)
    return DMS_ERROR_RANGE;
  machine->commands.skip[command->which] = command->skip;
  machine->commands.fails[command->which] = command->value;
  event.index = command->which;
  event.a = command->skip;
  event.b = command->value;
  dms_machine_emit (machine, &event);
  return DMS_OK;
}

bool
dms_command_allocation_fails (DmsMachine *machine, DmsAllocation which)
{
  DmsCommands *commands = &machine->commands;

  if (commands->fails[which] == 0)
    return false;
  if (commands->skip[which] > 0)
    {
      commands->skip[which]--;
      return false;
    }
  commands->fails[which]--;
  return true;
}

/* ---- running them ---- */

DmsStatus
dms_command_run (DmsMachine *machine, const DmsScenarioCommand *command)
{
  if (dms_machine_status (machine) != DMS_OK)
    return dms_machine_status (machine);
  if (command->device >= machine->n_devices)
    return DMS_ERROR_RANGE;
  machine->irql = DMS_CONTEXT_PASSIVE;
  machine->place = (DmsPlace){ 0, 0 };
  switch (command->what)
    {
    case DMS_COMMAND_LIMIT:
      return run_limit (machine, command);
    case DMS_COMMAND_TAKE:
      take_registers (machine, command->value);
      return DMS_OK;
    case DMS_COMMAND_GIVE:
      give_registers (machine, command->value);
      return DMS_OK;
    case DMS_COMMAND_CANCEL:
      return run_cancel (machine, command);
    case DMS_COMMAND_STOP:
      return run_stop (machine, command);
    case DMS_COMMAND_FAIL:
      return run_fail (machine, command);
    }
  return DMS_ERROR_RANGE;
}

/* One of the scenario's: what has become impossible by then is left out. */
static void
run_row (DmsMachine *machine, void *subject, uint64_t number)
{
  DmsStatus status = dms_command_run (machine, &machine->scenario->commands[number]);

  (void)subject;
  machine->commands.is_done[number] = true;
  if (status == DMS_ERROR_NO_MEMORY)
    dms_machine_fail (machine, status);
}

static void
find_next (DmsMachine *machine)
{
  DmsCommands *commands = &machine->commands;

  commands->next_event = NEVER;
  commands->next_step = NEVER;
  for (size_t i = 0; i < machine->scenario->n_commands; i++)
    {
      const DmsScenarioCommand *row = &machine->scenario->commands[i];
      uint64_t *next
          = row->after == DMS_AFTER_STEP ? &commands->next_step : &commands->next_event;

      if (row->after != DMS_AFTER_TIME && !commands->is_done[i]
          && row->position < *next)
        *next = row->position;
    }
}

static bool
has_happened (const DmsMachine *machine, const DmsScenarioCommand *row)
{
  switch (row->after)
    {
    case DMS_AFTER_TIME:
      return false; /* such a row is an item of work */
    case DMS_AFTER_EVENT:
      return machine->emitter.seq >= row->position;
    case DMS_AFTER_STEP:
      return machine->emitter.step >= row->position;
    }
  return false;
}

void
dms_commands_serve (DmsMachine *machine)
{
  const DmsScenario *scenario = machine->scenario;

  if (machine->commands.next_event > machine->emitter.seq
      && machine->commands.next_step > machine->emitter.step)
    return;
  for (size_t i = 0; i < scenario->n_commands; i++)
    if (!machine->commands.is_done[i] && has_happened (machine, &scenario->commands[i]))
      run_row (machine, NULL, i);
  find_next (machine);
}

DmsStatus
dms_commands_begin (DmsMachine *machine)
{
  const DmsScenario *scenario = machine->scenario;

  machine->commands.is_done = calloc (scenario->n_commands + 1, sizeof (bool));
  if (machine->commands.is_done == NULL)
    return DMS_ERROR_NO_MEMORY;
  for (size_t i = 0; i < scenario->n_commands; i++)
    if (scenario->commands[i].after == DMS_AFTER_TIME)
      {
        uint64_t ns = scenario->commands[i].position;
        uint64_t most = (uint64_t)INT64_MAX / PS_PER_NS;

        dms_machine_push (
            machine, (ns < most ? ns : most) * PS_PER_NS, run_row, NULL, i);
      }
  find_next (machine);
  return dms_machine_status (machine);
}

void
dms_commands_release (DmsMachine *machine)
{
  free (machine->commands.is_done);
  free (machine->commands.early);
}
