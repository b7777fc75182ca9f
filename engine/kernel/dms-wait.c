/* dms-wait.c — the adapter channel, the grant of map registers, and their queues
 *
 * Both queues are strictly first in, first out: a large request at the head holds up
 * small ones behind it. Waiters are served by work items, never from inside the call
 * that gave something back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-list-private.h"

#include <assert.h>

static void
append (DmsList **first, DmsList **last, uint32_t *n, DmsList *list)
{
  list->next = NULL;
  if (*last == NULL)
    *first = list;
  else
    (*last)->next = list;
  *last = list;
  *n += 1;
}

static DmsList *
take_first (DmsList **first, DmsList **last, uint32_t *n)
{
  DmsList *list = *first;

  assert (list != NULL);
  *first = list->next;
  if (*first == NULL)
    *last = NULL;
  *n -= 1;
  list->next = NULL;
  return list;
}

static void
emit_wait (DmsMachine *machine, DmsList *list, uint32_t ahead, uint32_t flags)
{
  DmsEvent event = dms_list_event (machine, list, DMS_EVENT_WAIT);

  event.a = list->n_pages;
  event.b = dms_register_pool_longest (&machine->pool);
  event.c = ahead;
  event.flags = flags;
  event.cause = list->cause;
  dms_machine_emit (machine, &event);
}

static uint64_t
emit_channel (DmsMachine *machine, const DmsList *list, uint64_t cause, uint32_t flags)
{
  DmsEvent event = dms_list_event (machine, list, DMS_EVENT_CHANNEL);

  event.object = list->adapter->id;
  event.flags = flags;
  event.cause = cause;
  return dms_machine_emit (machine, &event);
}

static void serve_channel (DmsMachine *machine, void *subject, uint64_t number);

/* The driver has its list; the registers stay with it, the channel does not. */
static void
free_channel (DmsMachine *machine,
              DmsAdapter *adapter,
              const DmsList *list,
              uint64_t cause)
{
  uint64_t seq = emit_channel (machine, list, cause, 0);

  adapter->channel = 0;
  adapter->channel_seq = seq;
  if (adapter->waiting_first != NULL)
    dms_machine_push (machine, machine->now_ps, serve_channel, adapter, 0);
}

/* The driver may put the list back, and more, before it returns: nothing of the list
 * but its id is sure afterwards, so that what is needed is copied. */
static void
deliver (DmsMachine *machine, DmsList *list)
{
  DmsAdapter *adapter = list->adapter;
  DmsList about = *list;
  DmsCall call;
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_ADAPTER_LIST_CONTROL,
          .name = list->callback,
          .device = adapter->device,
          .transfer = list->transfer,
          .object = list->id,
          .length = list->length,
          .flags = dms_direction_flag (list->to_device) | DMS_FLAG_CALLBACK,
          .cause = list->cause,
          .irql = DMS_CONTEXT_DISPATCH };

  adapter->device->list = list->id;
  if (dms_call_enter (machine, &info, &call))
    {
      list->deliver (machine, list);
      dms_call_leave (machine, &call);
    }
  free_channel (machine, adapter, &about, call.seq);
}

static void
go_on (DmsMachine *machine, DmsList *list)
{
  uint8_t irql_before = machine->irql;
  DmsEvent event = { 0 };

  machine->irql = DMS_CONTEXT_DISPATCH;
  list->n_registers = list->n_pages;
  dms_machine_spend_each (
      machine, machine->scenario->cost.register_ps, list->n_registers);
  event = dms_list_event (machine, list, DMS_EVENT_GRANT);
  event.index = list->first_register;
  event.a = list->n_registers;
  event.b = machine->pool.n_free;
  event.c = list->adapter->allowed - list->n_registers;
  event.flags = 0;
  event.cause = list->cause;
  list->cause = dms_machine_emit (machine, &event);
  dms_list_map (machine, list);
  deliver (machine, list);
  machine->irql = irql_before;
}

static bool
take_registers (DmsMachine *machine, DmsList *list)
{
  return dms_register_pool_take (
      &machine->pool, list->n_pages, list->id, &list->first_register);
}

/* With the channel in hand. */
static void
want_registers (DmsMachine *machine, DmsList *list)
{
  if (machine->waiting_first == NULL && take_registers (machine, list))
    {
      go_on (machine, list);
      return;
    }
  emit_wait (machine, list, machine->n_waiting, 0);
  append (&machine->waiting_first, &machine->waiting_last, &machine->n_waiting, list);
}

static void
take_channel (DmsMachine *machine, DmsList *list)
{
  list->adapter->channel = list->id;
  emit_channel (machine, list, list->cause, DMS_FLAG_TAKEN);
  want_registers (machine, list);
}

void
dms_list_begin (DmsMachine *machine, DmsList *list)
{
  DmsAdapter *adapter = list->adapter;

  if (adapter->channel == 0 && adapter->waiting_first == NULL)
    {
      take_channel (machine, list);
      return;
    }
  emit_wait (machine, list, adapter->n_waiting, DMS_FLAG_FOR_CHANNEL);
  append (&adapter->waiting_first, &adapter->waiting_last, &adapter->n_waiting, list);
}

static void
serve_channel (DmsMachine *machine, void *subject, uint64_t number)
{
  DmsAdapter *adapter = subject;

  (void)number;
  if (adapter->channel != 0 || adapter->waiting_first == NULL)
    return;

  DmsList *list = take_first (
      &adapter->waiting_first, &adapter->waiting_last, &adapter->n_waiting);

  machine->irql = DMS_CONTEXT_DISPATCH;
  list->cause = adapter->channel_seq;
  take_channel (machine, list);
}

static void
serve_registers (DmsMachine *machine, void *subject, uint64_t number)
{
  (void)subject;
  (void)number;
  machine->is_serving = false;
  machine->irql = DMS_CONTEXT_DISPATCH;
  while (machine->waiting_first != NULL
         && take_registers (machine, machine->waiting_first))
    {
      DmsList *list = take_first (
          &machine->waiting_first, &machine->waiting_last, &machine->n_waiting);

      list->cause = machine->release_seq;
      go_on (machine, list);
    }
}

void
dms_wait_serve (DmsMachine *machine)
{
  dms_command_collect (machine);
  if (machine->waiting_first == NULL || machine->is_serving)
    return;
  machine->is_serving = true;
  dms_machine_push (machine, machine->now_ps, serve_registers, NULL, 0);
}
