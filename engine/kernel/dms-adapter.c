/* dms-adapter.c — adapter objects
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-adapter.h"

#include <stdlib.h>

enum
{
  NEWEST_VERSION = 3,
  /* A device that says neither 32 nor 64 drives the lines of the ISA bus. */
  OLD_LINES = 24
};

static bool
is_possible (const DmsDescription *description)
{
  if (description->version > NEWEST_VERSION || description->maximum_length == 0)
    return false;
  /* System DMA, and bus masters that want one piece only, are not modelled. */
  if (!description->is_master || !description->scatter_gather)
    return false;
  return description->version < NEWEST_VERSION
         || (description->address_width >= 1 && description->address_width <= 64);
}

static uint32_t
lines_of (const DmsDescription *description)
{
  if (description->version == NEWEST_VERSION)
    return description->address_width;
  if (description->lines_64)
    return 64;
  return description->lines_32 ? 32 : OLD_LINES;
}

static uint64_t
wanted_registers (uint64_t maximum_length)
{
  uint64_t pages = maximum_length >> DMS_PAGE_SHIFT;

  return pages + (dms_page_offset (maximum_length) != 0) + 1;
}

static uint32_t
allowed_registers (const DmsMachine *machine, const DmsDevice *device, uint64_t wanted)
{
  uint64_t allowed = wanted < machine->pool.n ? wanted : machine->pool.n;

  if (device->row->map_registers != 0 && device->row->map_registers < allowed)
    allowed = device->row->map_registers;
  return (uint32_t)allowed;
}

static void
emit_adapter (DmsMachine *machine,
              const DmsAdapter *adapter,
              const DmsDescription *description)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_ADAPTER);

  event.device = adapter->device->name;
  event.object = adapter->id;
  event.a = adapter->allowed;
  event.b = wanted_registers (description->maximum_length);
  event.c = adapter->highest;
  event.length = description->maximum_length;
  event.index = adapter->version;
  event.cause = machine->call_seq;
  dms_machine_emit (machine, &event);
}

DmsAdapter *
dms_adapter_new (DmsMachine *machine,
                 DmsDevice *device,
                 const DmsDescription *description)
{
  if (!is_possible (description))
    return NULL;

  DmsAdapter *adapter = calloc (1, sizeof *adapter);

  if (adapter == NULL)
    return NULL;
  adapter->id = machine->last_adapter + 1;
  adapter->device = device;
  adapter->version = description->version == 0 ? 1 : description->version;
  adapter->highest = dms_highest_address (lines_of (description));
  adapter->allowed = allowed_registers (
      machine, device, wanted_registers (description->maximum_length));
  if (!dms_table_put (&machine->adapters, adapter->id, adapter))
    {
      free (adapter);
      return NULL;
    }
  machine->last_adapter++;
  emit_adapter (machine, adapter, description);
  return adapter;
}

void
dms_adapter_put (DmsAdapter *adapter)
{
  adapter->is_put = true;
}

void
dms_adapters_release (DmsMachine *machine)
{
  size_t at = 0;
  DmsAdapter *adapter = NULL;

  while ((adapter = dms_table_next (&machine->adapters, &at, NULL)) != NULL)
    free (adapter);
  dms_table_release (&machine->adapters);
}
