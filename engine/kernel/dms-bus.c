/* dms-bus.c — the one way for a device to memory
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-bus.h"

#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-grant-private.h"
#include "engine/kernel/dms-iommu.h"
#include "engine/kernel/dms-pattern.h"

#include <stdlib.h>
#include <string.h>

/* More is not kept of what was received. */
#define RECEIVED_MAX (UINT64_C (256) << 20)

/* What a device reads where nobody answers. */
#define NOBODY 0xff

/* ---- where an address leads ---- */

typedef struct
{
  DmsGrantPage *page; /* of a list or grant that has it mapped for the device */
  DmsCommon *common;  /* or the shared memory */
  uint64_t physical;
  bool is_stopped; /* by the IOMMU */
} Target;

/* Behind an IOMMU the frame is what the page's map register says. */
static uint64_t
physical_of (const DmsDevice *device, const DmsGrantPage *page, uint64_t logical)
{
  if (!dms_iommu_is_before (device) || page->is_bounced)
    return logical;
  return dms_physical_of_frame (page->frame).value + dms_page_offset (logical);
}

static uint64_t
physical_in_common (const DmsCommon *common, uint64_t logical)
{
  uint64_t at = logical - common->logical;

  return dms_physical_of_frame (common->frames[at >> DMS_PAGE_SHIFT]).value
         + dms_page_offset (logical);
}

/* Entries of an IOMMU are whole pages; without one only the mapped bytes are the
 * list's. */
static Target
translate (const DmsMachine *machine, const DmsDevice *device, uint64_t logical)
{
  Target target
      = { .page = dms_grant_page_at (machine, device, logical), .physical = logical };
  const DmsGrantPage *entry = target.page;

  if (entry == NULL)
    {
      target.common = dms_common_at (machine, device, logical);
      entry = dms_table_get (&machine->mapped, dms_mapped_key (device, logical));
    }
  if (target.common != NULL)
    target.physical = physical_in_common (target.common, logical);
  else if (entry != NULL)
    target.physical = physical_of (device, entry, logical);
  else
    target.is_stopped = dms_iommu_is_before (device);
  return target;
}

uint32_t
dms_bus_room (const DmsMachine *machine,
              const DmsDevice *device,
              uint64_t logical,
              uint64_t want)
{
  uint64_t at = dms_bus_address (device, logical);
  const DmsGrantPage *page = dms_grant_page_at (machine, device, at);
  uint64_t room = DMS_PAGE_SIZE - dms_page_offset (at);

  if (room > device->row->burst)
    room = device->row->burst;
  if (page != NULL && room > page->length - (at - page->logical))
    room = page->length - (at - page->logical);
  return (uint32_t)(want < room ? want : room);
}

uint64_t
dms_bus_time (DmsMachine *machine, DmsDevice *device, uint64_t logical, uint32_t length)
{
  const DmsCost *cost = &machine->scenario->cost;
  uint64_t address = dms_bus_address (device, logical);
  uint64_t bytes = length != 0 && cost->bus_byte_ps > (uint64_t)INT64_MAX / length
                       ? (uint64_t)INT64_MAX
                       : cost->bus_byte_ps * length;
  bool is_missed
      = dms_iommu_is_before (device) && !dms_iommu_remembers (machine, device, address);
  uint64_t sum = bytes;

  for (int part = 0; part < 2; part++)
    {
      uint64_t more = part == 0 ? cost->burst_ps : is_missed ? cost->iotlb_miss_ps : 0;

      sum = dms_time_later (sum, more);
    }
  return sum;
}

/* ---- bytes ---- */

void
dms_bus_begin (DmsDevice *device, uint64_t transfer)
{
  DmsStream *stream = &device->stream;

  if (transfer != 0 && transfer == stream->transfer)
    return;
  stream->transfer = transfer;
  stream->at = 0;
  stream->n_received = 0;
}

static bool
make_room (DmsStream *stream, uint64_t end)
{
  if (end > RECEIVED_MAX)
    return false;
  if (end > stream->capacity)
    {
      size_t capacity = (size_t)end * 2;
      uint8_t *received = realloc (stream->received, capacity);

      if (received == NULL)
        return false;
      stream->received = received;
      stream->capacity = capacity;
    }
  return true;
}

/* @bytes: NULL where nobody answers. */
static void
receive (DmsStream *stream, const uint8_t *bytes, size_t length)
{
  uint64_t end = stream->at + length;

  if (stream->n_received != stream->at || !make_room (stream, end))
    return;
  if (bytes == NULL)
    memset (stream->received + stream->at, NOBODY, length);
  else
    memcpy (stream->received + stream->at, bytes, length);
  stream->n_received = (size_t)end;
}

/* @memory: NULL where nobody answers. */
static void
move_stream (DmsMachine *machine,
             DmsDevice *device,
             const DmsBurst *burst,
             uint8_t *memory)
{
  DmsStream *stream = &device->stream;

  if (burst->writes_memory && memory != NULL)
    dms_pattern_fill (dms_pattern_key (machine->scenario->seed, stream->transfer),
                      stream->at,
                      memory,
                      burst->length);
  else if (!burst->writes_memory && machine->keeps_received)
    receive (stream, memory, burst->length);
  stream->at += burst->length;
}

static void
move_bytes (const DmsBurst *burst, uint8_t *memory)
{
  if (memory == NULL && !burst->writes_memory)
    memset (burst->bytes, NOBODY, burst->length);
  else if (memory != NULL && burst->writes_memory)
    memcpy (memory, burst->bytes, burst->length);
  else if (memory != NULL)
    memcpy (burst->bytes, memory, burst->length);
}

/* False where no memory answers. */
static bool
move (DmsMachine *machine, DmsDevice *device, const DmsBurst *burst, uint64_t physical)
{
  uint8_t *memory
      = dms_memory_page (&machine->memory, dms_frame_of (dms_physical (physical)));

  if (memory != NULL)
    memory += dms_page_offset (physical);
  if (burst->bytes == NULL)
    move_stream (machine, device, burst, memory);
  else
    move_bytes (burst, memory);
  return memory != NULL;
}

/* ---- events ---- */

static DmsEvent
burst_event (const DmsMachine *machine,
             const DmsDevice *device,
             const DmsBurst *burst,
             DmsEventKind kind)
{
  DmsEvent event = dms_machine_event (machine, kind);

  event.device = device->name;
  event.transfer = burst->transfer;
  event.index = burst->descriptor;
  event.a = dms_bus_address (device, burst->logical);
  event.length = burst->length;
  event.flags = burst->writes_memory ? DMS_FLAG_FROM_DEVICE : DMS_FLAG_TO_DEVICE;
  event.cause = burst->cause;
  return event;
}

static uint64_t
fault (DmsMachine *machine, const DmsDevice *device, const DmsBurst *burst)
{
  DmsEvent event = burst_event (machine, device, burst, DMS_EVENT_FAULT);

  return dms_machine_emit (machine, &event);
}

/* Where the element that @page is part of begins: its pages are in a row in the grant,
 * and elements rise. */
static uint64_t
element_start (const DmsGrantPage *page)
{
  const DmsGrantPage *pages = page->grant->pages;
  size_t low = 0;
  size_t high = (size_t)(page - pages);

  while (low < high)
    {
      size_t middle = low + (high - low) / 2;

      if (pages[middle].element < page->element)
        low = middle + 1;
      else
        high = middle;
    }
  return pages[low].logical;
}

static uint64_t
tell_page (DmsMachine *machine,
           DmsEvent *event,
           const DmsBurst *burst,
           DmsGrantPage *page)
{
  DmsGrant *grant = page->grant;

  event->object = grant->id;
  event->transfer = grant->transfer;
  event->index = page->element;
  event->c = event->a + burst->length - element_start (page);
  event->flags |= page->is_bounced ? DMS_FLAG_BOUNCED : 0;
  if (page->is_bounced && burst->writes_memory)
    grant->waiting_bytes += burst->length;
  return dms_machine_emit (machine, event);
}

static uint64_t
tell_common (DmsMachine *machine,
             DmsEvent *event,
             const DmsBurst *burst,
             DmsCommon *common)
{
  common->moved += burst->length;
  event->object = common->id;
  event->index = 0;
  event->c = common->moved;
  return dms_machine_emit (machine, event);
}

/* The map register whose bounce page is @frame and that @device does not hold (any
 * more). */
static bool
find_freed_register (const DmsMachine *machine,
                     const DmsDevice *device,
                     uint64_t frame,
                     uint32_t *ret_register)
{
  for (uint32_t r = 0; r < machine->pool.n; r++)
    if (machine->pool.registers[r].frame == frame)
      {
        const DmsGrant *grant
            = dms_grant_live (machine, machine->pool.registers[r].list);

        *ret_register = r;
        return grant == NULL || grant->adapter->device != device;
      }
  return false;
}

static uint64_t
tell_stray (DmsMachine *machine,
            const DmsDevice *device,
            DmsEvent *event,
            bool is_there)
{
  uint32_t r = 0;

  event->kind = DMS_EVENT_STRAY;
  event->flags |= is_there ? 0 : DMS_FLAG_FAILED;

  uint64_t seq = dms_machine_emit (machine, event);

  if (find_freed_register (machine, device, dms_frame_of (dms_physical (event->b)), &r))
    dms_machine_fact (machine,
                      DMS_FACT_TOUCHES_FREED,
                      (DmsFactNote){ .device = device,
                                     .transfer = event->transfer,
                                     .a = event->a,
                                     .b = r,
                                     .length = event->length });
  return seq;
}

DmsBusResult
dms_bus_move (DmsMachine *machine,
              DmsDevice *device,
              const DmsBurst *burst,
              uint64_t *ret_seq)
{
  uint64_t logical = dms_bus_address (device, burst->logical);
  Target target = translate (machine, device, logical);

  if (target.is_stopped)
    {
      *ret_seq = fault (machine, device, burst);
      return DMS_BUS_FAULT;
    }

  bool is_there = move (machine, device, burst, target.physical);
  DmsEvent event = burst_event (machine, device, burst, DMS_EVENT_BURST);

  event.b = target.physical;
  if (target.page != NULL)
    *ret_seq = tell_page (machine, &event, burst, target.page);
  else if (target.common != NULL)
    *ret_seq = tell_common (machine, &event, burst, target.common);
  else
    *ret_seq = tell_stray (machine, device, &event, is_there);
  if (!is_there)
    return DMS_BUS_NOBODY;
  return target.page == NULL && target.common == NULL ? DMS_BUS_STRAY : DMS_BUS_DONE;
}

/* ---- what a device sees of an element ---- */

static DmsFactNote
element_note (const DmsDevice *device, uint32_t element, uint64_t a, uint64_t b)
{
  return (DmsFactNote){ .device = device,
                        .transfer = device->current == NULL ? 0 : device->current->id,
                        .object = device->list,
                        .a = a,
                        .b = b,
                        .c = element };
}

static void
check_limits (DmsMachine *machine,
              const DmsDevice *device,
              uint32_t element,
              uint64_t logical,
              uint64_t length)
{
  const DmsScenarioDevice *row = device->row;
  uint64_t last = logical + (length == 0 ? 0 : length - 1);

  if (row->segment != 0 && length > row->segment)
    dms_machine_fact (machine,
                      DMS_FACT_ELEMENT_TOO_LONG,
                      element_note (device, element, length, row->segment));
  if (row->boundary != 0 && logical / row->boundary != last / row->boundary)
    dms_machine_fact (
        machine,
        DMS_FACT_CROSSES_BOUNDARY,
        element_note (
            device, element, last / row->boundary * row->boundary, row->boundary));
  if (row->alignment > 1 && (logical | length) % row->alignment != 0)
    dms_machine_fact (machine,
                      DMS_FACT_MISALIGNED,
                      element_note (device,
                                    element,
                                    logical % row->alignment != 0 ? logical : length,
                                    row->alignment));
  if (last < logical || last > device->highest)
    dms_machine_fact (machine,
                      DMS_FACT_OUT_OF_REACH,
                      element_note (device, element, logical, device->highest));
}

/* The page of the buffer of the request that the driver works on, that @frame is. */
static bool
find_page (const DmsDevice *device, uint64_t frame, uint64_t *ret_page)
{
  const DmsBuffer *buffer = device->current == NULL ? NULL : device->current->buffer;

  for (size_t m = 0; buffer != NULL && m < buffer->n_mdls; m++)
    for (size_t i = 0; i < buffer->mdls[m].n_frames; i++)
      if (buffer->mdls[m].frames[i] == frame)
        {
          *ret_page = buffer->mdls[m].first_page + i;
          return true;
        }
  return false;
}

void
dms_bus_check_element (DmsMachine *machine,
                       DmsDevice *device,
                       uint32_t element,
                       uint64_t logical,
                       uint64_t length)
{
  uint64_t page = 0;
  uint64_t at = dms_bus_address (device, logical);

  check_limits (machine, device, element, logical, length);
  if (dms_grant_page_at (machine, device, at) == NULL
      && dms_grant_page_at (machine, device, logical) == NULL
      && dms_common_at (machine, device, at) == NULL
      && find_page (device, dms_frame_of (dms_physical (logical)), &page))
    dms_machine_fact (machine,
                      DMS_FACT_PHYSICAL_ADDRESS,
                      element_note (device, element, logical, page));
}

const uint8_t *
dms_device_received (const DmsDevice *device, size_t *ret_length)
{
  *ret_length = device->stream.n_received;
  return device->stream.received;
}

void
dms_device_forget_received (DmsDevice *device)
{
  free (device->stream.received);
  device->stream = (DmsStream){ 0, 0, NULL, 0, 0 };
}
