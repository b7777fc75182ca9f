/* dms-ftrace-order.c — puts events in the order of time, within a window
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-ftrace-order.h"

#include "engine/core/dms-payload.h"

#include <stdlib.h>
#include <string.h>

/* How many events back the owner of a stack is looked for: the other CPUs may have come
 * between. */
#define LATEST_DISTANCE 64u

/* A slot that held a long payload does not keep that much memory for ever. */
#define PAYLOAD_KEPT 4096u

bool
dms_ftrace_order_init (DmsFtraceOrder *order, DmsEmitter *emitter)
{
  memset (order, 0, sizeof *order);
  order->slots = calloc (DMS_FTRACE_WINDOW + 1, sizeof *order->slots);
  if (order->slots == NULL)
    return false;
  order->emitter = emitter;
  order->next_object = 1;
  for (size_t i = 0; i <= DMS_FTRACE_WINDOW; i++)
    order->spare[order->n_spare++] = &order->slots[i];
  return true;
}

void
dms_ftrace_order_release (DmsFtraceOrder *order)
{
  for (size_t i = 0; order->slots != NULL && i <= DMS_FTRACE_WINDOW; i++)
    dms_bytes_release (&order->slots[i].payload);
  free (order->slots);
  order->slots = NULL;
}

static DmsFtraceSlot **
at (DmsFtraceOrder *order, size_t place)
{
  return &order->ring[(order->first + place) % DMS_FTRACE_WINDOW];
}

static void
give_back (DmsFtraceOrder *order, DmsFtraceSlot *slot)
{
  if (slot->payload.capacity > PAYLOAD_KEPT)
    dms_bytes_release (&slot->payload);
  order->spare[order->n_spare++] = slot;
}

static void
emit_first (DmsFtraceOrder *order)
{
  DmsFtraceSlot *slot = *at (order, 0);
  DmsEvent *event = &slot->event;

  order->first = (order->first + 1) % DMS_FTRACE_WINDOW;
  order->n--;
  order->bytes -= slot->counted;
  if (order->n_emitted > 0 && event->t_ns < order->latest_t_ns)
    order->n_late++;
  else
    order->latest_t_ns = event->t_ns;
  if (event->kind == DMS_EVENT_MAP || event->kind == DMS_EVENT_ALLOC)
    event->object = order->next_object++;
  if (slot->payload.length > 0 && slot->payload.length <= DMS_PAYLOAD_MAX)
    {
      event->payload = slot->payload.data;
      event->payload_length = (uint32_t)slot->payload.length;
    }
  order->n_emitted++;
  (void)dms_emitter_emit (order->emitter, event);
  give_back (order, slot);
}

DmsFtraceSlot *
dms_ftrace_order_next (DmsFtraceOrder *order)
{
  DmsFtraceSlot *slot = order->spare[order->n_spare - 1];
  dms_bytes_clear (&slot->payload);
  return slot;
}

void
dms_ftrace_order_push (DmsFtraceOrder *order)
{
  DmsFtraceSlot *slot = order->spare[--order->n_spare];
  size_t place = order->n;

  if (order->n == DMS_FTRACE_WINDOW)
    {
      emit_first (order);
      place = order->n;
    }
  slot->counted = slot->payload.length;
  order->bytes += slot->counted;
  for (; place > 0 && (*at (order, place - 1))->event.t_ns > slot->event.t_ns; place--)
    *at (order, place) = *at (order, place - 1);
  *at (order, place) = slot;
  order->n++;
  while (order->bytes > DMS_FTRACE_WINDOW_BYTES && order->n > 1)
    emit_first (order);
}

DmsFtraceSlot *
dms_ftrace_order_latest (DmsFtraceOrder *order, uint16_t cpu, uint32_t task)
{
  for (size_t i = 0; i < order->n && i < LATEST_DISTANCE; i++)
    {
      DmsFtraceSlot *slot = *at (order, order->n - 1 - i);
      if (slot->event.cpu == cpu && slot->event.task == task)
        return slot;
    }
  return NULL;
}

void
dms_ftrace_order_flush (DmsFtraceOrder *order)
{
  while (order->n > 0)
    emit_first (order);
}
