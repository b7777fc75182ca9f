/* dms-system-dma.c — a card that moves its bytes by a channel of the DMA controller
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-system-dma.h"

#include "engine/devices/dms-8237.h"
#include "engine/devices/dms-device-parts.h"
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-grant.h"

/* Invariants: while it runs, moved <= end; generation tells a burst that was under way
 * before the card was started anew. */
typedef struct
{
  uint32_t status;
  uint32_t length;
  uint32_t part;
  uint32_t limit;
  bool is_running;
  bool to_card;
  bool is_waiting; /* for a higher limit */
  uint64_t generation;
  uint64_t end;      /* bytes after which it stops */
  uint64_t moved;    /* bytes since its start */
  uint32_t next;     /* bytes of the burst under way */
  uint64_t clock_ps; /* when that one ends */
  uint64_t transfer, grant;
  uint64_t cause; /* of the interrupt */
} Card;

static DmsEvent
event_of (const DmsMachine *machine, const DmsDevice *device, DmsEventKind kind)
{
  const Card *card = device->state;
  DmsDeviceWork work = { .transfer = card->transfer,
                         .object = card->grant,
                         .to_device = card->to_card };

  return dms_device_event (machine, device, work, kind);
}

static void
interrupt (DmsMachine *machine, DmsDevice *device, uint32_t status)
{
  Card *card = device->state;
  DmsEvent event = event_of (machine, device, DMS_EVENT_INTERRUPT);

  card->status |= status;
  event.length = card->moved;
  event.flags |= card->is_running ? DMS_FLAG_TAKEN : 0;
  event.cause = card->cause;
  dms_device_interrupt (machine,
                        device,
                        &event,
                        dms_grant_live (machine, card->grant),
                        (status & DMS_SYSTEM_DMA_STATUS_ERROR) != 0);
}

static void
finish (DmsMachine *machine, DmsDevice *device, uint32_t status)
{
  Card *card = device->state;

  card->is_running = false;
  interrupt (machine, device, status);
}

/* ---- service ---- */

static void serve (DmsMachine *machine, void *subject, uint64_t generation);

/* Bytes until something happens: the end, the limit, the next part. */
static uint64_t
bytes_ahead (const Card *card)
{
  uint64_t ahead = card->end - card->moved;

  if (card->part != 0 && ahead > card->part - card->moved % card->part)
    ahead = card->part - card->moved % card->part;
  if (card->limit <= card->moved)
    return 0;
  return ahead < card->limit - card->moved ? ahead : card->limit - card->moved;
}

static void
ask (DmsMachine *machine, DmsDevice *device)
{
  Card *card = device->state;
  uint64_t ahead = bytes_ahead (card);

  card->is_waiting = ahead == 0;
  if (card->is_waiting)
    return;
  card->next = dms_8237_room (machine, device, ahead);
  if (card->next == 0)
    {
      dms_8237_wait (machine, device, serve, card->generation);
      return;
    }
  if (card->clock_ps < machine->now_ps && card->moved == 0)
    card->clock_ps = machine->now_ps;
  card->clock_ps
      = dms_time_later (card->clock_ps, dms_8237_time (machine, device, card->next));
  dms_machine_push (machine, card->clock_ps, serve, device, card->generation);
}

/* One burst later. */
static void
go_on (DmsMachine *machine, DmsDevice *device, const Dms8237Burst *burst)
{
  Card *card = device->state;
  bool is_over = card->moved == card->end || (burst->is_at_end && !burst->starts_anew);

  if (is_over)
    {
      finish (machine, device, DMS_SYSTEM_DMA_STATUS_DONE);
      return;
    }
  if (card->part != 0 && burst->length > 0 && card->moved % card->part == 0)
    interrupt (machine, device, DMS_SYSTEM_DMA_STATUS_PART);
  ask (machine, device);
}

static void
serve (DmsMachine *machine, void *subject, uint64_t generation)
{
  DmsDevice *device = subject;
  Card *card = device->state;

  if (!card->is_running || generation != card->generation)
    return;
  /* It asked while its channel was masked, and time has passed. */
  if (card->next == 0)
    {
      card->clock_ps = machine->now_ps;
      ask (machine, device);
      return;
    }

  Dms8237Burst burst = dms_8237_move (machine, device, card->next);

  if (burst.is_stopped)
    {
      card->cause = burst.seq;
      finish (
          machine, device, DMS_SYSTEM_DMA_STATUS_DONE | DMS_SYSTEM_DMA_STATUS_ERROR);
      return;
    }
  if (burst.length > 0)
    card->cause = burst.seq;
  card->moved += burst.length;
  go_on (machine, device, &burst);
}

/* ---- registers ---- */

static void
fail_late (DmsMachine *machine, void *subject, uint64_t generation)
{
  DmsDevice *device = subject;
  const Card *card = device->state;

  if (card->is_running && generation == card->generation)
    finish (machine, device, DMS_SYSTEM_DMA_STATUS_DONE | DMS_SYSTEM_DMA_STATUS_ERROR);
}

/* Part by part there is no longest. */
static void
check_length (DmsMachine *machine, const DmsDevice *device)
{
  const Card *card = device->state;

  if (card->part == 0 && card->length > device->row->maximum_length)
    dms_machine_fact (machine,
                      DMS_FACT_TRANSFER_TOO_LONG,
                      (DmsFactNote){ .device = device,
                                     .transfer = card->transfer,
                                     .object = card->grant,
                                     .a = card->length,
                                     .b = device->row->maximum_length });
}

static void
start_transfer (DmsMachine *machine, DmsDevice *device, bool to_card)
{
  Card *card = device->state;
  uint64_t segment = device->row->segment;

  card->is_running = true;
  card->to_card = to_card;
  card->generation++;
  card->moved = 0;
  card->next = 0;
  card->end = segment != 0 && segment < card->length ? segment : card->length;
  card->clock_ps = machine->now_ps;
  card->transfer = dms_device_transfer (device, NULL);
  card->grant = dms_8237_grant (machine, device);
  if (card->part == 0)
    card->limit = card->length;
  check_length (machine, device);
  dms_bus_begin (device, card->transfer);

  DmsEvent event = event_of (machine, device, DMS_EVENT_START);

  event.a = 1;
  event.length = card->length;
  event.cause = machine->call_seq;
  card->cause = dms_machine_emit (machine, &event);
  /* Nothing to do is an error, told by an interrupt. */
  if (card->length == 0)
    dms_machine_push (machine, machine->now_ps, fail_late, device, card->generation);
  else
    ask (machine, device);
}

static void
set_limit (DmsMachine *machine, DmsDevice *device, uint32_t limit)
{
  Card *card = device->state;

  card->limit = limit;
  if (!card->is_running || !card->is_waiting)
    return;
  card->clock_ps = machine->now_ps;
  ask (machine, device);
}

static void
control (DmsMachine *machine, DmsDevice *device, uint64_t value)
{
  Card *card = device->state;

  if (value == DMS_SYSTEM_DMA_TO_CARD || value == DMS_SYSTEM_DMA_FROM_CARD)
    start_transfer (machine, device, value == DMS_SYSTEM_DMA_TO_CARD);
  else if (value == DMS_SYSTEM_DMA_STOP)
    card->is_running = false;
}

static void
write_register (DmsMachine *machine,
                DmsDevice *device,
                uint64_t offset,
                uint64_t value,
                uint32_t size)
{
  Card *card = device->state;

  (void)size;
  switch (offset)
    {
    case DMS_SYSTEM_DMA_STATUS:
      card->status &= ~(uint32_t)value;
      break;
    case DMS_SYSTEM_DMA_LENGTH:
      card->length = (uint32_t)value;
      break;
    case DMS_SYSTEM_DMA_PART:
      card->part = (uint32_t)value;
      break;
    case DMS_SYSTEM_DMA_LIMIT:
      set_limit (machine, device, (uint32_t)value);
      break;
    case DMS_SYSTEM_DMA_CONTROL:
      control (machine, device, value);
      break;
    default: /* read only, or none */
      break;
    }
}

static uint64_t
read_register (DmsMachine *machine, DmsDevice *device, uint64_t offset, uint32_t size)
{
  const Card *card = device->state;
  const DmsScenarioDevice *row = device->row;

  (void)machine;
  (void)size;
  switch (offset)
    {
    case DMS_SYSTEM_DMA_MAXIMUM_LENGTH:
      return dms_register_32 (row->maximum_length);
    case DMS_SYSTEM_DMA_CHANNEL:
      return row->channel;
    case DMS_SYSTEM_DMA_AUTO:
      return row->auto_initialize;
    case DMS_SYSTEM_DMA_STATUS:
      return card->status;
    case DMS_SYSTEM_DMA_LENGTH:
      return card->length;
    case DMS_SYSTEM_DMA_PART:
      return card->part;
    case DMS_SYSTEM_DMA_LIMIT:
      return card->limit;
    case DMS_SYSTEM_DMA_MOVED:
      return card->moved;
    default:
      return 0;
    }
}

/* ---- life ---- */

/* Its bytes go over the controller's address lines, of which there are 24. */
static bool
start (DmsMachine *machine, DmsDevice *device)
{
  (void)machine;
  /* The address lines are the controller's, whatever the card has. */
  device->highest = DMS_8237_HIGHEST;
  return dms_device_start (device, sizeof (Card), DMS_SYSTEM_DMA_WINDOW);
}

const DmsDeviceModel dms_system_dma_model = { .name = "system-dma",
                                              .start = start,
                                              .release = dms_device_release,
                                              .write = write_register,
                                              .read = read_register };
