/* dms-ring.c — a device that works through a ring in memory that it shares
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-ring.h"

#include "engine/devices/dms-device-parts.h"
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-common.h"

/* What the device does with its slot next. */
typedef enum
{
  READS_HEAD = 0, /* fetches owner, length, direction */
  MOVES_DATA = 1,
  WRITES_HEAD = 2 /* gives it back */
} Stage;

/* Invariants: while it runs, head != tail and at is below the bytes of the stage;
 * generation tells a burst that was under way before the ring was set up anew. */
typedef struct
{
  uint32_t status;
  uint32_t slots;
  uint64_t address;
  uint32_t tail, head;
  bool is_running;
  uint64_t generation;
  Stage stage;
  uint32_t at;     /* bytes of the stage that are done */
  uint32_t length; /* of the slot's data */
  bool to_device;
  bool is_bad;
  uint8_t slot_head[DMS_RING_SLOT_HEAD];
  uint32_t next;     /* bytes of the burst under way */
  uint64_t moved;    /* bytes of data since it began to run */
  uint64_t clock_ps; /* when that burst ends */
  uint64_t transfer, common;
  uint64_t start; /* seq of that event */
  uint64_t cause; /* of the interrupt */
} Ring;

static void
put_number (uint8_t *bytes, uint32_t number)
{
  for (unsigned i = 0; i < 4; i++)
    bytes[i] = (uint8_t)(number >> (8 * i));
}

/* ---- events ---- */

static DmsEvent
event_of (const DmsMachine *machine, const DmsDevice *device, DmsEventKind kind)
{
  const Ring *ring = device->state;
  DmsDeviceWork work = { .transfer = ring->transfer,
                         .object = ring->common,
                         .to_device = ring->to_device };

  return dms_device_event (machine, device, work, kind);
}

static void
stop_running (DmsMachine *machine, DmsDevice *device, uint32_t status)
{
  Ring *ring = device->state;
  DmsEvent event = event_of (machine, device, DMS_EVENT_INTERRUPT);

  ring->is_running = false;
  ring->status |= status;
  event.length = ring->moved;
  event.cause = ring->cause;
  dms_device_interrupt (
      machine, device, &event, NULL, (status & DMS_RING_STATUS_ERROR) != 0);
}

/* ---- slots ---- */

static uint64_t
stage_bytes (const Ring *ring)
{
  return ring->stage == MOVES_DATA ? ring->length : DMS_RING_SLOT_HEAD;
}

static uint64_t
next_address (const Ring *ring)
{
  uint64_t slot = ring->address + (uint64_t)(ring->head % ring->slots) * DMS_RING_SLOT;

  return slot + ring->at + (ring->stage == MOVES_DATA ? DMS_RING_SLOT_HEAD : 0);
}

static void
take_head (Ring *ring)
{
  uint32_t direction = dms_bytes_get_32 (ring->slot_head + 8);

  ring->length = dms_bytes_get_32 (ring->slot_head + 4);
  ring->to_device = direction == DMS_RING_TO_DEVICE;
  ring->is_bad = dms_bytes_get_32 (ring->slot_head) != DMS_RING_DEVICE
                 || ring->length > DMS_RING_SLOT_DATA
                 || (!ring->to_device && direction != DMS_RING_FROM_DEVICE);
  if (ring->is_bad)
    ring->length = 0;
}

static void
answer (Ring *ring)
{
  put_number (ring->slot_head, DMS_RING_DRIVER);
  put_number (ring->slot_head + 4, ring->length);
  put_number (ring->slot_head + 12,
              ring->is_bad ? DMS_RING_RESULT_BAD : DMS_RING_RESULT_DONE);
}

/* The stage is complete: on to the next one, which may be of the next slot. */
static void
advance (Ring *ring)
{
  ring->at = 0;
  switch (ring->stage)
    {
    case READS_HEAD:
      take_head (ring);
      ring->stage = ring->length > 0 ? MOVES_DATA : WRITES_HEAD;
      break;
    case MOVES_DATA:
      ring->stage = WRITES_HEAD;
      break;
    case WRITES_HEAD:
      ring->stage = READS_HEAD;
      ring->head++;
      break;
    }
  if (ring->stage == WRITES_HEAD)
    answer (ring);
}

/* ---- moving ---- */

static void burst (DmsMachine *machine, void *subject, uint64_t generation);

static void
schedule (DmsMachine *machine, DmsDevice *device)
{
  Ring *ring = device->state;
  uint64_t address = next_address (ring);

  ring->next = dms_bus_room (machine, device, address, stage_bytes (ring) - ring->at);
  dms_device_push_burst (
      machine, device, &ring->clock_ps, address, ring->next, burst, ring->generation);
}

static void
burst (DmsMachine *machine, void *subject, uint64_t generation)
{
  DmsDevice *device = subject;
  Ring *ring = device->state;

  if (!ring->is_running || generation != ring->generation)
    return;

  bool is_data = ring->stage == MOVES_DATA;
  DmsBurst next
      = { .logical = next_address (ring),
          .length = ring->next,
          .writes_memory = is_data ? !ring->to_device : ring->stage == WRITES_HEAD,
          .transfer = ring->transfer,
          .list = ring->common,
          .cause = ring->start,
          .bytes = is_data ? NULL : ring->slot_head + ring->at };
  DmsBusResult result = dms_bus_move (machine, device, &next, &ring->cause);

  if (result == DMS_BUS_FAULT || result == DMS_BUS_NOBODY)
    {
      stop_running (machine, device, DMS_RING_STATUS_DONE | DMS_RING_STATUS_ERROR);
      return;
    }
  ring->at += ring->next;
  ring->moved += is_data ? ring->next : 0;
  if (ring->at == stage_bytes (ring))
    advance (ring);
  if (ring->is_bad && ring->stage == READS_HEAD)
    stop_running (machine, device, DMS_RING_STATUS_DONE | DMS_RING_STATUS_ERROR);
  else if (ring->head == ring->tail)
    stop_running (machine, device, DMS_RING_STATUS_DONE);
  else
    schedule (machine, device);
}

/* ---- registers ---- */

/* The bytes in the slots that were handed over, looked up for the event alone. */
static uint64_t
bytes_ahead (const DmsMachine *machine, const DmsDevice *device, bool *ret_to_device)
{
  const Ring *ring = device->state;
  uint64_t sum = 0;

  for (uint32_t n = ring->head; n != ring->tail && n - ring->head < ring->slots; n++)
    {
      uint64_t address = dms_bus_address (
          device, ring->address + (uint64_t)(n % ring->slots) * DMS_RING_SLOT);
      const DmsCommon *common = dms_common_at (machine, device, address);

      if (common == NULL
          || common->length - (address - common->logical) < DMS_RING_SLOT_HEAD)
        return sum;

      const uint8_t *head = common->bytes + (address - common->logical);

      sum += dms_bytes_get_32 (head + 4);
      *ret_to_device = dms_bytes_get_32 (head + 8) == DMS_RING_TO_DEVICE;
    }
  return sum;
}

static void
begin (DmsMachine *machine, DmsDevice *device)
{
  Ring *ring = device->state;
  const DmsCommon *common
      = dms_common_at (machine, device, dms_bus_address (device, ring->address));
  uint64_t sum = 0;

  ring->is_running = true;
  ring->is_bad = false;
  ring->stage = READS_HEAD;
  ring->at = 0;
  ring->moved = 0;
  ring->clock_ps = machine->now_ps;
  ring->common = common == NULL ? 0 : common->id;
  ring->transfer = dms_device_transfer (device, NULL);
  dms_bus_begin (device, ring->transfer);
  sum = bytes_ahead (machine, device, &ring->to_device);

  DmsEvent event = event_of (machine, device, DMS_EVENT_START);

  event.a = ring->tail - ring->head;
  event.length = sum;
  event.cause = machine->call_seq;
  ring->start = dms_machine_emit (machine, &event);
  ring->cause = ring->start;
  schedule (machine, device);
}

static void
ring_doorbell (DmsMachine *machine, DmsDevice *device, uint32_t tail)
{
  Ring *ring = device->state;

  ring->tail = tail;
  if (!ring->is_running && ring->slots > 0 && ring->head != tail)
    begin (machine, device);
}

static void
set_up (Ring *ring, uint32_t slots)
{
  ring->slots = slots;
  ring->head = 0;
  ring->tail = 0;
  ring->is_running = false;
  ring->generation++;
}

static void
write_register (DmsMachine *machine,
                DmsDevice *device,
                uint64_t offset,
                uint64_t value,
                uint32_t size)
{
  Ring *ring = device->state;

  switch (offset)
    {
    case DMS_RING_STATUS:
      ring->status &= ~(uint32_t)value;
      break;
    case DMS_RING_SLOTS:
      set_up (ring, (uint32_t)value);
      break;
    case DMS_RING_ADDRESS:
    case DMS_RING_ADDRESS + 4:
      ring->address
          = dms_register_merge (ring->address, offset != DMS_RING_ADDRESS, value, size);
      break;
    case DMS_RING_TAIL:
      ring_doorbell (machine, device, (uint32_t)value);
      break;
    default: /* read only, or none */
      break;
    }
}

static uint64_t
read_register (DmsMachine *machine, DmsDevice *device, uint64_t offset, uint32_t size)
{
  const Ring *ring = device->state;
  const DmsScenarioDevice *row = device->row;

  (void)machine;
  (void)size;
  switch (offset)
    {
    case DMS_RING_LINES:
      return row->address_bits;
    case DMS_RING_BYTES:
      return dms_register_32 (row->ring);
    case DMS_RING_STATUS:
      return ring->status;
    case DMS_RING_SLOTS:
      return ring->slots;
    case DMS_RING_ADDRESS:
      return ring->address;
    case DMS_RING_ADDRESS + 4:
      return ring->address >> 32;
    case DMS_RING_TAIL:
      return ring->tail;
    case DMS_RING_HEAD:
      return ring->head;
    default:
      return 0;
    }
}

/* ---- life ---- */

static bool
start (DmsMachine *machine, DmsDevice *device)
{
  (void)machine;
  return dms_device_start (device, sizeof (Ring), DMS_RING_WINDOW);
}

const DmsDeviceModel dms_ring_model = { .name = "ring",
                                        .start = start,
                                        .release = dms_device_release,
                                        .write = write_register,
                                        .read = read_register };
