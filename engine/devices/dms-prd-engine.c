/* dms-prd-engine.c — a disk controller that fetches its descriptors from memory
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-prd-engine.h"

#include "engine/devices/dms-device-parts.h"
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-list.h"

/* The engine is the first member of the device's state. */
static DmsPrdEngine *
engine_of (const DmsDevice *device)
{
  return device->state;
}

bool
dms_prd_engine_make (DmsDevice *device,
                     size_t state_bytes,
                     uint64_t window_bytes,
                     const DmsPrdFormat *format,
                     DmsPrdFinished finished)
{
  if (!dms_device_start (device, state_bytes, window_bytes))
    return false;

  DmsPrdEngine *engine = engine_of (device);

  engine->format = format;
  engine->finished = finished;
  return true;
}

uint64_t
dms_prd_engine_limit (const DmsDevice *device, uint64_t offset)
{
  const DmsScenarioDevice *row = device->row;

  switch (offset)
    {
    case DMS_PRD_LINES:
      return row->address_bits;
    case DMS_PRD_MAXIMUM_LENGTH:
      return dms_register_32 (row->maximum_length);
    case DMS_PRD_ENTRIES:
      return row->max_elements;
    default:
      return 0;
    }
}

DmsEvent
dms_prd_engine_event (const DmsMachine *machine,
                      const DmsDevice *device,
                      const DmsPrdEngine *engine,
                      DmsEventKind kind)
{
  DmsDeviceWork work = { .transfer = engine->transfer,
                         .object = engine->list,
                         .to_device = !engine->job.writes_memory };

  return dms_device_event (machine, device, work, kind);
}

/* ---- the bus ---- */

static void burst (DmsMachine *machine, void *subject, uint64_t generation);

/* Where the next byte goes: an entry's address wraps at the boundary. */
static uint64_t
next_address (const DmsPrdEngine *engine)
{
  if (!engine->has_entry)
    return engine->job.table + (uint64_t)engine->at * engine->format->entry_bytes
           + engine->n_fetched;

  uint64_t mask = engine->format->boundary - 1; /* all ones when there is none */
  uint64_t first = engine->entry.address;

  return (first & ~mask) | ((first + engine->done) & mask);
}

/* Bytes that are left of the entry being fetched, or of what it describes. */
static uint64_t
next_want (const DmsPrdEngine *engine, uint64_t address)
{
  if (!engine->has_entry)
    return engine->format->entry_bytes - engine->n_fetched;

  uint64_t of_job = engine->job.length - engine->moved;
  uint64_t of_entry = engine->entry.length - engine->done;
  uint64_t want = of_job < of_entry ? of_job : of_entry;
  uint64_t mask = engine->format->boundary - 1;
  uint64_t room = mask - (address & mask);

  return want <= room ? want : room + 1;
}

static void
end (DmsMachine *machine, DmsDevice *device, bool is_error)
{
  DmsPrdEngine *engine = engine_of (device);

  engine->is_running = false;
  engine->finished (machine, device, is_error);
}

static void
schedule (DmsMachine *machine, DmsDevice *device)
{
  DmsPrdEngine *engine = engine_of (device);
  uint64_t address = next_address (engine);

  engine->next_length
      = dms_bus_room (machine, device, address, next_want (engine, address));
  dms_device_push_burst (machine,
                         device,
                         &engine->clock_ps,
                         address,
                         engine->next_length,
                         burst,
                         engine->generation);
}

/* ---- entries ---- */

static void
note (
    DmsMachine *machine, const DmsDevice *device, DmsFact fact, uint64_t a, uint64_t b)
{
  const DmsPrdEngine *engine = engine_of (device);

  dms_machine_fact (machine,
                    fact,
                    (DmsFactNote){ .device = device,
                                   .transfer = engine->transfer,
                                   .object = engine->list,
                                   .a = a,
                                   .b = b,
                                   .c = engine->at });
}

/* The controller does what it can all the same. */
static void
check_entry (DmsMachine *machine, DmsDevice *device)
{
  const DmsPrdEngine *engine = engine_of (device);
  const DmsPrd *entry = &engine->entry;
  uint64_t boundary = engine->format->boundary;

  dms_bus_check_element (machine, device, engine->at, entry->address, entry->length);
  if ((entry->address & 1) != 0)
    note (machine, device, DMS_FACT_MISALIGNED, entry->address, 2);
  else if ((entry->length & 1) != 0)
    note (machine, device, DMS_FACT_MISALIGNED, entry->length, 2);
  if (boundary != 0 && (entry->address & (boundary - 1)) + entry->length > boundary)
    note (machine, device, DMS_FACT_CROSSES_BOUNDARY, entry->address, boundary);
}

/* What is mapped at its address tells what the entry is for. */
static void
take_entry (DmsMachine *machine, DmsDevice *device)
{
  DmsPrdEngine *engine = engine_of (device);

  engine->entry = engine->format->decode (engine->fetched);
  engine->has_entry = true;
  engine->done = 0;
  if (engine->at + 1 == engine->job.n_entries)
    engine->entry.is_last = true;

  const DmsGrantPage *page = dms_grant_page_at (
      machine, device, dms_bus_address (device, engine->entry.address));

  if (page != NULL)
    engine->list = page->grant->id;

  DmsEvent event = dms_prd_engine_event (machine, device, engine, DMS_EVENT_DESCRIPTOR);

  event.index = engine->at;
  event.a = engine->entry.address;
  event.b = page == NULL ? 0 : (uint64_t)page->element - engine->at;
  event.c = engine->job.table + (uint64_t)engine->at * engine->format->entry_bytes;
  event.length = engine->entry.length;
  event.flags = DMS_FLAG_FORM_COHERENT | (engine->entry.is_last ? DMS_FLAG_TAKEN : 0);
  event.cause = engine->cause;
  engine->entry_seq = dms_machine_emit (machine, &event);
  engine->cause = engine->entry_seq;
  check_entry (machine, device);
  /* There is no wire for the lowest bit. */
  engine->entry.address &= ~UINT64_C (1);
  engine->entry.length &= ~UINT64_C (1);
}

/* The entry is through: the drive is, or the table, or there is a next one. */
static void
next_entry (DmsMachine *machine, DmsDevice *device)
{
  DmsPrdEngine *engine = engine_of (device);

  engine->has_entry = false;
  engine->n_fetched = 0;
  if (engine->moved == engine->job.length)
    end (machine, device, false);
  else if (engine->entry.is_last)
    end (machine, device, true);
  else if (++engine->at >= device->row->max_elements)
    {
      note (machine,
            device,
            DMS_FACT_TOO_MANY_ELEMENTS,
            (uint64_t)engine->at + 1,
            device->row->max_elements);
      end (machine, device, true);
    }
  else
    schedule (machine, device);
}

static DmsBurst
next_burst (const DmsMachine *machine, const DmsDevice *device)
{
  DmsPrdEngine *engine = engine_of (device);
  uint64_t address = next_address (engine);
  DmsBurst next
      = { .logical = address,
          .length = dms_bus_room (machine, device, address, engine->next_length),
          .transfer = engine->transfer,
          .descriptor = engine->at,
          .cause = engine->cause };

  if (engine->has_entry)
    {
      next.writes_memory = engine->job.writes_memory;
      next.list = engine->list;
      next.cause = engine->entry_seq;
    }
  else
    next.bytes = engine->fetched + engine->n_fetched;
  return next;
}

static void
burst (DmsMachine *machine, void *subject, uint64_t generation)
{
  DmsDevice *device = subject;
  DmsPrdEngine *engine = engine_of (device);

  if (!engine->is_running || generation != engine->generation)
    return;

  DmsBurst next = next_burst (machine, device);

  if (dms_bus_move (machine, device, &next, &engine->cause) == DMS_BUS_FAULT)
    {
      end (machine, device, true);
      return;
    }
  if (engine->has_entry)
    {
      engine->done += next.length;
      engine->moved += next.length;
    }
  else
    {
      engine->n_fetched += next.length;
      if (engine->n_fetched == engine->format->entry_bytes)
        take_entry (machine, device);
    }
  if (engine->has_entry
      && (engine->done == engine->entry.length || engine->moved == engine->job.length))
    next_entry (machine, device);
  else
    schedule (machine, device);
}

/* ---- start and end ---- */

static void
fail_late (DmsMachine *machine, void *subject, uint64_t generation)
{
  DmsDevice *device = subject;
  const DmsPrdEngine *engine = engine_of (device);

  if (engine->is_running && generation == engine->generation)
    end (machine, device, true);
}

void
dms_prd_engine_start (DmsMachine *machine,
                      DmsDevice *device,
                      DmsPrdEngine *engine,
                      const DmsPrdJob *job)
{
  const DmsList *list = dms_list_live (machine, device->list);

  engine->job = *job;
  engine->is_running = true;
  engine->generation++;
  engine->has_entry = false;
  engine->n_fetched = 0;
  engine->at = 0;
  engine->moved = 0;
  engine->clock_ps = machine->now_ps;
  engine->list = list == NULL ? 0 : list->id;
  engine->transfer = dms_device_transfer (device, list);
  dms_bus_begin (device, engine->transfer);
  if (job->length > device->row->maximum_length)
    note (machine,
          device,
          DMS_FACT_TRANSFER_TOO_LONG,
          job->length,
          device->row->maximum_length);

  DmsEvent event = dms_prd_engine_event (machine, device, engine, DMS_EVENT_START);

  event.a = job->n_entries == UINT32_MAX ? 0 : job->n_entries;
  event.b = job->table;
  event.length = job->length;
  event.flags |= DMS_FLAG_FORM_COHERENT;
  event.cause = machine->call_seq;
  engine->cause = dms_machine_emit (machine, &event);
  if (job->length == 0 || job->n_entries == 0)
    dms_machine_push (machine, machine->now_ps, fail_late, device, engine->generation);
  else
    schedule (machine, device);
}

void
dms_prd_engine_stop (DmsPrdEngine *engine)
{
  engine->is_running = false;
  engine->generation++;
}

void
dms_prd_engine_interrupt (DmsMachine *machine,
                          DmsDevice *device,
                          const DmsPrdEngine *engine,
                          bool is_error)
{
  DmsEvent event = dms_prd_engine_event (machine, device, engine, DMS_EVENT_INTERRUPT);

  event.length = engine->moved;
  event.cause = engine->cause;
  dms_device_interrupt (
      machine, device, &event, dms_list_live (machine, engine->list), is_error);
}
