/* dms-adapter.c — adapter objects
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-adapter.h"

#include "engine/kernel/dms-controller.h"
#include "engine/kernel/dms-iommu.h"
#include "engine/kernel/dms-reactos.h"

#include <stdlib.h>

enum
{
  THIRD_VERSION = 3,
  /* A device that says neither 32 nor 64 drives the lines of the ISA bus; the DMA
   * controller has no more. */
  OLD_LINES = 24,
  /* Channels of the DMA controllers; the second of them hangs on channel 4. */
  CHANNELS = 8,
  CASCADE = 4,
  FIRST_16_BIT = 5,
  WIDTH_8 = 0,
  WIDTH_16 = 1
};

/* ---- what cannot be ---- */

static bool
channel_is_possible (const DmsMachine *machine, const DmsDescription *description)
{
  uint32_t bits = description->width == WIDTH_16 ? 16 : 8;

  if (description->channel >= CHANNELS || description->channel == CASCADE)
    return false;
  if (machine->controller != NULL)
    return machine->controller->is_possible (description->channel, bits);
  return (description->channel >= FIRST_16_BIT) == (bits == 16);
}

/* Place of the member that is impossible, or 0. The first member is the version. */
static uint32_t
impossible_member (const DmsMachine *machine, const DmsDescription *description)
{
  bool is_new = description->version >= THIRD_VERSION;

  if (description->maximum_length == 0)
    return DMS_DESCRIPTION_MAXIMUM_LENGTH;
  if (machine->policy.reactos_adapters && !dms_reactos_is_possible (description))
    return DMS_DESCRIPTION_DMA_CHANNEL;
  if (!description->is_master && description->width > WIDTH_16)
    return DMS_DESCRIPTION_DMA_WIDTH;
  if (!description->is_master && !channel_is_possible (machine, description))
    return is_new ? DMS_DESCRIPTION_DMA_REQUEST_LINE : DMS_DESCRIPTION_DMA_CHANNEL;
  if (description->is_master && is_new
      && (description->address_width < 1 || description->address_width > 64))
    return DMS_DESCRIPTION_DMA_ADDRESS_WIDTH;
  return 0;
}

static bool
is_possible (DmsMachine *machine,
             const DmsDevice *device,
             const DmsDescription *description)
{
  uint32_t member = 0;

  /* That a system does not know version 3 is no mistake of the driver, which may ask
   * again for an older one. */
  if (description->version > THIRD_VERSION)
    dms_machine_fact (machine,
                      DMS_FACT_UNKNOWN_VERSION,
                      (DmsFactNote){ .device = device, .a = description->version });
  if (description->version > machine->policy.newest_version)
    return false;
  member = impossible_member (machine, description);
  if (member != 0)
    dms_machine_fact (machine,
                      DMS_FACT_IMPOSSIBLE_DESCRIPTION,
                      (DmsFactNote){ .device = device, .a = member });
  return member == 0;
}

/* ---- what it can do ---- */

static uint32_t
lines_of (const DmsDescription *description)
{
  if (!description->is_master)
    return OLD_LINES;
  if (description->version >= THIRD_VERSION)
    return description->address_width;
  if (description->lines_64)
    return 64;
  /* Scatter/gather on PCI implies them. */
  return description->lines_32
                 || (description->scatter_gather && description->bus == DMS_BUS_PCI)
             ? 32
             : OLD_LINES;
}

static uint64_t
wanted_registers (uint64_t maximum_length)
{
  uint64_t pages = maximum_length >> DMS_PAGE_SHIFT;

  return pages + (dms_page_offset (maximum_length) != 0) + 1;
}

/* Bytes that no piece of a slave leaves. */
static uint64_t
window_of (const DmsAdapter *adapter)
{
  if (adapter->controller != NULL)
    return adapter->controller->window (adapter);
  return adapter->width_16 ? UINT64_C (131072) : UINT64_C (65536);
}

static uint32_t
most_registers (const DmsMachine *machine,
                const DmsAdapter *adapter,
                const DmsDescription *description)
{
  uint64_t allowed = wanted_registers (description->maximum_length);

  if (machine->policy.reactos_adapters)
    allowed = dms_reactos_allowed (machine, description);
  else if (allowed > machine->pool.n)
    allowed = machine->pool.n;
  if (adapter->is_slave && allowed > window_of (adapter) >> DMS_PAGE_SHIFT)
    allowed = window_of (adapter) >> DMS_PAGE_SHIFT;
  return (uint32_t)allowed;
}

static void
fill_slave (const DmsMachine *machine,
            DmsAdapter *adapter,
            const DmsDescription *description)
{
  adapter->is_slave = true;
  adapter->scatter_gather = description->scatter_gather && machine->policy.slave_pieces;
  adapter->width_16 = description->width == WIDTH_16;
  adapter->demand_mode = description->demand_mode;
  adapter->auto_initialize = description->auto_initialize;
  adapter->ignore_count = description->ignore_count;
  adapter->dma_channel = description->channel;
  adapter->controller = machine->controller;
  if (adapter->controller != NULL
      && adapter->controller->highest (adapter) < adapter->highest)
    adapter->highest = adapter->controller->highest (adapter);
}

/* A slave's bounce pages lie in one window of its controller: more of them than fit
 * into one will never be free. */
static void
limit_to_window (const DmsMachine *machine, DmsAdapter *adapter)
{
  uint32_t longest = UINT32_MAX;

  if (adapter->controller != NULL && !adapter->scatter_gather
      && !dms_iommu_is_before (adapter->device) && !machine->policy.pool_grows)
    longest = dms_register_pool_longest_row (&machine->pool,
                                             adapter->controller->window (adapter));
  if (adapter->most > longest)
    adapter->most = longest;
  if (adapter->allowed > longest)
    adapter->allowed = longest;
}

static void
fill (DmsMachine *machine, DmsAdapter *adapter, const DmsDescription *description)
{
  const DmsScenarioDevice *row = adapter->device->row;

  adapter->version = description->version == 0 ? 1 : description->version;
  adapter->highest = dms_highest_address (lines_of (description));
  adapter->maximum_length = description->maximum_length;
  adapter->bus = description->bus;
  adapter->scatter_gather = description->scatter_gather;
  if (!description->is_master)
    fill_slave (machine, adapter, description);
  adapter->most = most_registers (machine, adapter, description);
  adapter->allowed = adapter->most;
  if (row->map_registers != 0 && row->map_registers < adapter->most)
    adapter->allowed = row->map_registers;
  /* One bounce page is in a row by itself. */
  if (!adapter->scatter_gather && !dms_machine_make_rows (machine))
    adapter->most = adapter->allowed = adapter->most < 1 ? 0 : 1;
  limit_to_window (machine, adapter);
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
  if (!is_possible (machine, device, description)
      || dms_command_allocation_fails (machine, DMS_ALLOCATION_ADAPTER))
    return NULL;

  DmsAdapter *adapter = calloc (1, sizeof *adapter);

  if (adapter == NULL)
    return NULL;
  adapter->id = machine->last_adapter + 1;
  adapter->device = device;
  fill (machine, adapter, description);
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

uint32_t
dms_adapter_alignment (const DmsMachine *machine, const DmsAdapter *adapter)
{
  return adapter->width_16 && !machine->policy.reactos_adapters ? 2 : 1;
}

uint32_t
dms_adapter_lines (const DmsAdapter *adapter)
{
  uint32_t lines = 64;

  while (lines > 1 && dms_highest_address (lines) > adapter->highest)
    lines--;
  return lines;
}
