/* dms-8237.c — the DMA controller of the PC: two 8237s, seven channels for use
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-8237.h"

#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-grant.h"

#include <stdlib.h>

enum
{
  FIRST_WIDE = 5, /* channels of 16 bits */
  IN_ONE = 4,     /* channels of one 8237 */
  REGISTER_VALUES = 0x10000,
  AT_END = 0xffff,
  WRITES_MEMORY = 1 << 2,
  READS_MEMORY = 2 << 2,
  AUTO_INITIALIZE = 1 << 4,
  SINGLE = 1 << 6,
  MODE_BITS = 3 << 6
};

/* Invariants: done is below the bytes of one round, but equal to them at terminal
 * count; then, and before it is programmed, the channel is masked. */
typedef struct
{
  uint16_t base_address; /* in transfers */
  uint16_t base_count;
  uint8_t page;
  uint8_t mode;
  bool is_masked;
  uint64_t done; /* bytes of this round */
  uint64_t rounds;
  DmsControllerPiece piece; /* that it was programmed for */
  DmsAdapter *adapter;
  uint64_t seq; /* of the event that programmed it */
  /* The device that asked while the channel was masked. */
  DmsDevice *waiting;
  DmsWorkRun run;
  uint64_t number;
} Channel;

typedef struct
{
  Channel channels[DMS_8237_CHANNELS];
} Controller;

/* ---- numbers ---- */

static uint32_t
unit_of (uint32_t channel)
{
  return channel >= FIRST_WIDE ? 2 : 1;
}

uint64_t
dms_8237_window (uint32_t channel)
{
  return (uint64_t)REGISTER_VALUES * unit_of (channel);
}

uint32_t
dms_8237_bytes_left (uint16_t count, uint32_t channel)
{
  return (uint32_t)(uint16_t)(count + 1) * unit_of (channel);
}

static Channel *
channel_of (const DmsMachine *machine, uint32_t channel)
{
  Controller *controller = machine->controller_state;

  return &controller->channels[channel % DMS_8237_CHANNELS];
}

static uint32_t
number_of (const DmsMachine *machine, const Channel *channel)
{
  const Controller *controller = machine->controller_state;

  return (uint32_t)(channel - controller->channels);
}

/* Bytes of one round. */
static uint64_t
round_of (const DmsMachine *machine, const Channel *channel)
{
  return ((uint64_t)channel->base_count + 1) * unit_of (number_of (machine, channel));
}

static bool
is_at_end (const DmsMachine *machine, const Channel *channel)
{
  return channel->done == round_of (machine, channel);
}

/* Where the next byte goes: the address register wraps around below the page register.
 */
static uint64_t
next_address (const DmsMachine *machine, const Channel *channel)
{
  uint32_t unit = unit_of (number_of (machine, channel));
  uint64_t window = dms_8237_window (number_of (machine, channel));
  uint16_t address = (uint16_t)(channel->base_address + channel->done / unit);
  uint64_t page = (uint64_t)channel->page << 16;

  return page / window * window + (uint64_t)address * unit + channel->done % unit;
}

Dms8237Registers
dms_8237_registers (const DmsMachine *machine, uint32_t channel)
{
  const Channel *at = channel_of (machine, channel);
  uint32_t unit = unit_of (channel);
  bool is_over = is_at_end (machine, at);

  return (Dms8237Registers){
    .base_address = at->base_address,
    .address = (uint16_t)(at->base_address + at->done / unit),
    .base_count = at->base_count,
    .count = (uint16_t)(is_over ? AT_END : at->base_count - at->done / unit),
    .page = at->page,
    .mode = at->mode,
    .is_masked = at->is_masked,
    .rounds = at->rounds
  };
}

uint64_t
dms_8237_grant (const DmsMachine *machine, const DmsDevice *device)
{
  const Channel *channel = channel_of (machine, device->row->channel);

  return channel->is_masked ? 0 : channel->piece.grant;
}

/* ---- what the kernel uses ---- */

static uint64_t
window (const DmsAdapter *adapter)
{
  return dms_8237_window (adapter->dma_channel);
}

static uint64_t
highest (const DmsAdapter *adapter)
{
  (void)adapter;
  return DMS_8237_HIGHEST;
}

static bool
is_possible (uint32_t channel, uint32_t width_bits)
{
  return channel < DMS_8237_CHANNELS && channel != DMS_8237_CASCADE
         && width_bits == 8 * unit_of (channel);
}

static DmsEvent
event_of (const DmsMachine *machine, const Channel *channel, DmsEventKind kind)
{
  DmsEvent event = dms_machine_event (machine, kind);

  event.device = channel->adapter->device->name;
  event.transfer = channel->piece.transfer;
  event.object = channel->piece.grant;
  event.index = number_of (machine, channel);
  event.flags = channel->piece.to_device ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE;
  return event;
}

static uint8_t
mode_for (const DmsAdapter *adapter, bool to_device)
{
  int mode = (int)(adapter->dma_channel % IN_ONE);

  mode |= to_device ? READS_MEMORY : WRITES_MEMORY;
  mode |= adapter->auto_initialize ? AUTO_INITIALIZE : 0;
  mode |= adapter->demand_mode ? 0 : SINGLE;
  return (uint8_t)mode;
}

static void
emit_programmed (DmsMachine *machine, Channel *channel)
{
  DmsEvent event = event_of (machine, channel, DMS_EVENT_CONTROLLER);

  event.a = channel->piece.logical;
  event.b = channel->base_count;
  event.c = channel->mode;
  event.length = channel->piece.length;
  event.flags |= DMS_FLAG_TAKEN;
  event.cause = machine->call_seq;
  channel->seq = dms_machine_emit (machine, &event);
}

/* A word cannot begin, or end, in mid-word: the hardware has no bit for that. */
static void
note_odd (DmsMachine *machine, const Channel *channel)
{
  const DmsControllerPiece *piece = &channel->piece;
  uint32_t unit = unit_of (number_of (machine, channel));
  bool is_address = piece->logical % unit != 0;

  if (is_address || piece->length % unit != 0)
    dms_machine_fact (machine,
                      DMS_FACT_MISALIGNED,
                      (DmsFactNote){ .device = channel->adapter->device,
                                     .transfer = piece->transfer,
                                     .object = piece->grant,
                                     .a = is_address ? piece->logical : piece->length,
                                     .b = unit,
                                     .c = piece->element });
}

static void
wake (DmsMachine *machine, Channel *channel)
{
  DmsDevice *device = channel->waiting;

  channel->waiting = NULL;
  if (device != NULL)
    dms_machine_push (machine, machine->now_ps, channel->run, device, channel->number);
}

static void
program (DmsMachine *machine, DmsAdapter *adapter, const DmsControllerPiece *piece)
{
  Channel *channel = channel_of (machine, adapter->dma_channel);
  uint32_t unit = unit_of (adapter->dma_channel);
  uint32_t transfers = piece->length < unit ? 1 : piece->length / unit;

  channel->adapter = adapter;
  channel->piece = *piece;
  channel->base_address = (uint16_t)(piece->logical / unit);
  channel->page = (uint8_t)(piece->logical >> 16);
  channel->base_count = (uint16_t)(transfers - 1);
  channel->mode = mode_for (adapter, piece->to_device);
  channel->done = 0;
  channel->rounds = 0;
  channel->is_masked = false;
  emit_programmed (machine, channel);
  note_odd (machine, channel);
  wake (machine, channel);
}

static void
mask (DmsMachine *machine, DmsAdapter *adapter)
{
  Channel *channel = channel_of (machine, adapter->dma_channel);

  if (channel->is_masked)
    return;
  channel->is_masked = true;

  DmsEvent event = event_of (machine, channel, DMS_EVENT_CONTROLLER);

  event.flags |= DMS_FLAG_FAILED;
  event.cause = machine->call_seq;
  dms_machine_emit (machine, &event);
}

static uint64_t
counter (const DmsMachine *machine, const DmsAdapter *adapter)
{
  uint32_t channel = adapter->dma_channel;

  return dms_8237_bytes_left (dms_8237_registers (machine, channel).count, channel);
}

static void
release (DmsMachine *machine)
{
  free (machine->controller_state);
  machine->controller_state = NULL;
  machine->controller = NULL;
}

static const DmsControllerOps ops = { .window = window,
                                      .highest = highest,
                                      .is_possible = is_possible,
                                      .program = program,
                                      .mask = mask,
                                      .counter = counter,
                                      .release = release };

DmsStatus
dms_8237_attach (DmsMachine *machine)
{
  Controller *controller = calloc (1, sizeof *controller);

  if (controller == NULL)
    return DMS_ERROR_NO_MEMORY;
  for (uint32_t i = 0; i < DMS_8237_CHANNELS; i++)
    {
      Channel *channel = &controller->channels[i];

      channel->base_count = AT_END;
      channel->done = (uint64_t)REGISTER_VALUES * unit_of (i);
      channel->is_masked = true;
    }
  machine->controller_state = controller;
  machine->controller = &ops;
  return DMS_OK;
}

/* ---- service ---- */

uint32_t
dms_8237_room (const DmsMachine *machine, const DmsDevice *device, uint64_t want)
{
  const Channel *channel = channel_of (machine, device->row->channel);

  if (channel->is_masked)
    return 0;

  uint64_t left = round_of (machine, channel) - channel->done;

  /* A burst ends with its page, and so before the channel's window does. */
  return dms_bus_room (
      machine, device, next_address (machine, channel), want < left ? want : left);
}

uint64_t
dms_8237_time (DmsMachine *machine, DmsDevice *device, uint32_t length)
{
  const Channel *channel = channel_of (machine, device->row->channel);
  uint64_t ps = dms_bus_time (machine, device, next_address (machine, channel), length);
  uint64_t more = length / unit_of (number_of (machine, channel));
  uint64_t each = machine->scenario->cost.burst_ps;

  if ((channel->mode & MODE_BITS) != SINGLE || more < 2)
    return ps;
  more--;
  if (each > ((uint64_t)INT64_MAX - ps) / more)
    return (uint64_t)INT64_MAX;
  return ps + each * more;
}

/* The routine that waits for the end of the transfer (version 3) runs when the
 * controller's signal has arrived. */
static void
complete (DmsMachine *machine, void *subject, uint64_t cause)
{
  dms_grant_complete (machine, subject, DMS_COMPLETION_DONE, cause);
}

static uint64_t
terminal_count (DmsMachine *machine, Channel *channel, uint64_t cause)
{
  bool starts_anew = (channel->mode & AUTO_INITIALIZE) != 0;
  DmsEvent event = event_of (machine, channel, DMS_EVENT_TERMINAL_COUNT);

  channel->rounds++;
  event.a = channel->rounds;
  event.length = round_of (machine, channel);
  event.flags |= starts_anew ? DMS_FLAG_FORCED : 0;
  event.cause = cause;

  uint64_t seq = dms_machine_emit (machine, &event);

  if (starts_anew)
    channel->done = 0;
  else
    {
      channel->is_masked = true;
      dms_machine_push (machine, machine->now_ps, complete, channel->adapter, seq);
    }
  return seq;
}

Dms8237Burst
dms_8237_move (DmsMachine *machine, DmsDevice *device, uint32_t want)
{
  Channel *channel = channel_of (machine, device->row->channel);
  Dms8237Burst burst = { .length = dms_8237_room (machine, device, want),
                         .to_device = channel->piece.to_device };
  DmsBurst next = { .logical = next_address (machine, channel),
                    .length = burst.length,
                    .writes_memory = !channel->piece.to_device,
                    .transfer = channel->piece.transfer,
                    .list = channel->piece.grant,
                    .descriptor = channel->piece.element,
                    .cause = channel->seq };

  if (burst.length == 0)
    return burst;
  if (dms_bus_move (machine, device, &next, &burst.seq) == DMS_BUS_FAULT)
    {
      burst.length = 0;
      burst.is_stopped = true;
      return burst;
    }
  channel->done += burst.length;
  burst.is_at_end = is_at_end (machine, channel);
  if (burst.is_at_end)
    {
      burst.seq = terminal_count (machine, channel, burst.seq);
      burst.starts_anew = !channel->is_masked;
    }
  return burst;
}

void
dms_8237_wait (DmsMachine *machine, DmsDevice *device, DmsWorkRun run, uint64_t number)
{
  Channel *channel = channel_of (machine, device->row->channel);

  channel->waiting = device;
  channel->run = run;
  channel->number = number;
}
