/* dms-bus-master.c — a bus master with a table of descriptors, or with one alone
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-bus-master.h"

#include "engine/devices/dms-device-parts.h"
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-list.h"

#include <stdlib.h>

typedef struct
{
  uint64_t address; /* logical */
  uint32_t length;
  uint64_t seq; /* of its event */
} Descriptor;

/* Invariants: while it runs, at < count and done <= descriptors[at].length; generation
 * tells a burst that was under way before the device was started anew. */
typedef struct
{
  Descriptor *descriptors;
  uint32_t n_descriptors; /* in its table */
  uint32_t count;
  uint32_t status;
  bool is_running;
  bool writes_memory;
  uint64_t generation;
  uint32_t at;
  uint64_t done;        /* bytes of this descriptor */
  uint64_t moved;       /* bytes since the start */
  uint32_t next_length; /* of the burst under way */
  uint64_t clock_ps;    /* when that one ends */
  uint64_t transfer, list;
  uint64_t cause; /* of the interrupt */
} BusMaster;

/* ---- events ---- */

static DmsEvent
event_of (const DmsMachine *machine, const DmsDevice *device, DmsEventKind kind)
{
  const BusMaster *master = device->state;
  DmsDeviceWork work = { .transfer = master->transfer,
                         .object = master->list,
                         .to_device = !master->writes_memory };

  return dms_device_event (machine, device, work, kind);
}

/* ---- moving bytes ---- */

static void
finish (DmsMachine *machine, DmsDevice *device, uint32_t status)
{
  BusMaster *master = device->state;
  DmsEvent event = event_of (machine, device, DMS_EVENT_INTERRUPT);

  master->is_running = false;
  master->status |= status;
  event.length = master->moved;
  event.cause = master->cause;
  dms_device_interrupt (machine,
                        device,
                        &event,
                        dms_list_live (machine, master->list),
                        (status & DMS_BUS_MASTER_STATUS_ERROR) != 0);
}

static void burst (DmsMachine *machine, void *subject, uint64_t generation);

static void
schedule (DmsMachine *machine, DmsDevice *device)
{
  BusMaster *master = device->state;

  while (master->at < master->count
         && master->done == master->descriptors[master->at].length)
    {
      master->at++;
      master->done = 0;
    }
  if (master->at == master->count)
    {
      finish (machine, device, DMS_BUS_MASTER_STATUS_DONE);
      return;
    }

  const Descriptor *descriptor = &master->descriptors[master->at];
  uint64_t logical = descriptor->address + master->done;

  master->next_length
      = dms_bus_room (machine, device, logical, descriptor->length - master->done);
  dms_device_push_burst (machine,
                         device,
                         &master->clock_ps,
                         logical,
                         master->next_length,
                         burst,
                         master->generation);
}

static void
burst (DmsMachine *machine, void *subject, uint64_t generation)
{
  DmsDevice *device = subject;
  BusMaster *master = device->state;

  if (!master->is_running || generation != master->generation)
    return;

  const Descriptor *descriptor = &master->descriptors[master->at];
  DmsBurst next = { .logical = descriptor->address + master->done,
                    .writes_memory = master->writes_memory,
                    .transfer = master->transfer,
                    .list = master->list,
                    .descriptor = master->at,
                    .cause = descriptor->seq };

  /* What was mapped when it won the bus may have changed since. */
  next.length = dms_bus_room (machine, device, next.logical, master->next_length);
  if (dms_bus_move (machine, device, &next, &master->cause) == DMS_BUS_FAULT)
    {
      finish (
          machine, device, DMS_BUS_MASTER_STATUS_DONE | DMS_BUS_MASTER_STATUS_ERROR);
      return;
    }
  master->done += next.length;
  master->moved += next.length;
  schedule (machine, device);
}

/* ---- registers ---- */

/* Descriptors that it works through in one go: a command may have changed that. */
static uint32_t
usable (const DmsDevice *device)
{
  const BusMaster *master = device->state;
  uint32_t most = device->row->scatter_gather ? device->row->max_elements : 1;

  return most < master->n_descriptors ? most : master->n_descriptors;
}

static void
fail_late (DmsMachine *machine, void *subject, uint64_t generation)
{
  DmsDevice *device = subject;
  const BusMaster *master = device->state;

  if (master->is_running && generation == master->generation)
    finish (machine, device, DMS_BUS_MASTER_STATUS_DONE | DMS_BUS_MASTER_STATUS_ERROR);
}

/* The device does what it can all the same. */
static void
check_start (DmsMachine *machine, const DmsDevice *device, uint64_t total)
{
  const BusMaster *master = device->state;
  DmsFactNote note
      = { .device = device, .transfer = master->transfer, .object = master->list };

  if (master->count > usable (device))
    {
      note.a = master->count;
      note.b = usable (device);
      dms_machine_fact (machine, DMS_FACT_TOO_MANY_ELEMENTS, note);
    }
  else if (total > device->row->maximum_length)
    {
      note.a = total;
      note.b = device->row->maximum_length;
      dms_machine_fact (machine, DMS_FACT_TRANSFER_TOO_LONG, note);
    }
}

static void
start_transfer (DmsMachine *machine, DmsDevice *device, bool writes_memory)
{
  BusMaster *master = device->state;
  uint64_t total = 0;
  bool is_possible = master->count <= usable (device);

  for (uint32_t i = 0; is_possible && i < master->count; i++)
    total += master->descriptors[i].length;
  check_start (machine, device, total);
  dms_bus_begin (device, master->transfer);
  master->is_running = true;
  master->writes_memory = writes_memory;
  master->generation++;
  master->at = 0;
  master->done = 0;
  master->moved = 0;
  master->clock_ps = machine->now_ps;

  DmsEvent event = event_of (machine, device, DMS_EVENT_START);

  event.a = master->count;
  event.length = total;
  event.cause = machine->call_seq;
  master->cause = dms_machine_emit (machine, &event);
  /* Nothing to do, or a table longer than there is: an error, told by an interrupt. */
  if (total == 0)
    dms_machine_push (machine, machine->now_ps, fail_late, device, master->generation);
  else
    schedule (machine, device);
}

/* What is mapped at its address tells what it is for; else what the driver was given
 * last. */
static void
take_descriptor (DmsMachine *machine, DmsDevice *device, uint32_t i)
{
  BusMaster *master = device->state;
  const Descriptor *descriptor = &master->descriptors[i];
  const DmsGrantPage *page = dms_grant_page_at (
      machine, device, dms_bus_address (device, descriptor->address));
  const DmsList *list
      = page != NULL ? page->grant : dms_list_live (machine, device->list);

  master->list = list == NULL ? 0 : list->id;
  master->transfer = dms_device_transfer (device, list);

  DmsEvent event = event_of (machine, device, DMS_EVENT_DESCRIPTOR);

  event.index = i;
  event.a = descriptor->address;
  event.length = descriptor->length;
  event.flags = 0;
  if (page != NULL && page->element != i)
    {
      event.b = (uint64_t)page->element + 1;
      event.flags = DMS_FLAG_FORM_SINGLE;
    }
  event.cause = machine->call_seq;
  master->descriptors[i].seq = dms_machine_emit (machine, &event);
  dms_bus_check_element (machine, device, i, descriptor->address, descriptor->length);
}

static void
write_table (DmsMachine *machine,
             DmsDevice *device,
             uint64_t offset,
             uint64_t value,
             uint32_t size)
{
  BusMaster *master = device->state;
  uint64_t i = offset / DMS_BUS_MASTER_ENTRY;
  uint64_t at = offset % DMS_BUS_MASTER_ENTRY;

  if (i >= master->n_descriptors)
    return;
  if (at < DMS_BUS_MASTER_ENTRY_LENGTH)
    {
      uint64_t *address = &master->descriptors[i].address;

      *address = dms_register_merge (*address, at % 8 != 0, value, size);
    }
  else if (at == DMS_BUS_MASTER_ENTRY_LENGTH)
    {
      master->descriptors[i].length = (uint32_t)value;
      take_descriptor (machine, device, (uint32_t)i);
    }
}

static void
write_register (DmsMachine *machine,
                DmsDevice *device,
                uint64_t offset,
                uint64_t value,
                uint32_t size)
{
  BusMaster *master = device->state;

  if (offset >= DMS_BUS_MASTER_TABLE)
    write_table (machine, device, offset - DMS_BUS_MASTER_TABLE, value, size);
  else if (offset == DMS_BUS_MASTER_STATUS)
    master->status &= ~(uint32_t)value;
  else if (offset == DMS_BUS_MASTER_COUNT)
    master->count = (uint32_t)value;
  else if (offset == DMS_BUS_MASTER_CONTROL
           && (value == DMS_BUS_MASTER_READ_MEMORY
               || value == DMS_BUS_MASTER_WRITE_MEMORY))
    start_transfer (machine, device, value == DMS_BUS_MASTER_WRITE_MEMORY);
}

static uint64_t
read_table (const BusMaster *master, uint64_t offset)
{
  uint64_t i = offset / DMS_BUS_MASTER_ENTRY;
  uint64_t at = offset % DMS_BUS_MASTER_ENTRY;

  if (i >= master->n_descriptors)
    return UINT64_MAX;
  if (at < DMS_BUS_MASTER_ENTRY_LENGTH)
    return master->descriptors[i].address >> (8 * at);
  return at == DMS_BUS_MASTER_ENTRY_LENGTH ? master->descriptors[i].length : 0;
}

/* The power of two that @boundary is; 0 for none. */
static uint32_t
shift_of (uint64_t boundary)
{
  uint32_t shift = 0;

  while (boundary > 1)
    {
      boundary >>= 1;
      shift++;
    }
  return shift;
}

static uint64_t
read_register (DmsMachine *machine, DmsDevice *device, uint64_t offset, uint32_t size)
{
  const BusMaster *master = device->state;
  const DmsScenarioDevice *row = device->row;

  (void)machine;
  (void)size;
  if (offset >= DMS_BUS_MASTER_TABLE)
    return read_table (master, offset - DMS_BUS_MASTER_TABLE);
  switch (offset)
    {
    case DMS_BUS_MASTER_LINES:
      return row->address_bits;
    case DMS_BUS_MASTER_MAXIMUM_LENGTH:
      return dms_register_32 (row->maximum_length);
    case DMS_BUS_MASTER_DESCRIPTORS:
      return usable (device);
    case DMS_BUS_MASTER_STATUS:
      return master->status;
    case DMS_BUS_MASTER_COUNT:
      return master->count;
    case DMS_BUS_MASTER_SEGMENT:
      return row->segment > UINT32_MAX ? 0 : row->segment;
    case DMS_BUS_MASTER_BOUNDARY:
      return shift_of (row->boundary);
    default:
      return 0;
    }
}

/* ---- life ---- */

static bool
start (DmsMachine *machine, DmsDevice *device)
{
  uint32_t n = device->row->scatter_gather ? device->row->max_elements : 1;

  (void)machine;
  if (!dms_device_start (device,
                         sizeof (BusMaster),
                         DMS_BUS_MASTER_TABLE + (uint64_t)n * DMS_BUS_MASTER_ENTRY))
    return false;

  BusMaster *master = device->state;

  master->n_descriptors = n;
  master->descriptors = calloc ((size_t)n + 1, sizeof *master->descriptors);
  return master->descriptors != NULL;
}

static void
release (DmsDevice *device)
{
  BusMaster *master = device->state;

  free (master->descriptors);
  dms_device_release (device);
}

const DmsDeviceModel dms_bus_master_model = { .name = "bus-master",
                                              .start = start,
                                              .release = release,
                                              .write = write_register,
                                              .read = read_register };
