/* dms-wait.c — queues for the adapter channel and for map registers
 *
 * Both are first come, first served: whoever is ahead waits for enough, and nobody
 * overtakes. Who waits is served in a work item of its own, never inside of the call
 * that gave something back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-grant-private.h"

#include "engine/kernel/dms-controller.h"
#include "engine/kernel/dms-guard.h"
#include "engine/kernel/dms-iommu.h"
#include "engine/kernel/dms-reactos.h"

#include <assert.h>

static void
append (DmsGrantQueue *queue, DmsGrant *grant)
{
  grant->next = NULL;
  if (queue->last == NULL)
    queue->first = grant;
  else
    queue->last->next = grant;
  queue->last = grant;
  queue->n++;
}

static DmsGrant *
take_first (DmsGrantQueue *queue)
{
  DmsGrant *grant = queue->first;

  assert (grant != NULL);
  queue->first = grant->next;
  if (queue->first == NULL)
    queue->last = NULL;
  queue->n--;
  grant->next = NULL;
  return grant;
}

/* False when @grant is not in it; *@ret_behind: how many are behind it. */
static bool
take_out (DmsGrantQueue *queue, const DmsGrant *grant, uint32_t *ret_behind)
{
  DmsGrant *before = NULL;
  DmsGrant *at = queue->first;
  uint32_t ahead = 0;

  for (; at != NULL && at != grant; at = at->next, ahead++)
    before = at;
  if (at == NULL)
    return false;
  if (before == NULL)
    queue->first = at->next;
  else
    before->next = at->next;
  if (queue->last == at)
    queue->last = before;
  queue->n--;
  *ret_behind = queue->n - ahead;
  return true;
}

static void
emit_wait (DmsMachine *machine, DmsGrant *grant, uint32_t ahead, uint32_t flags)
{
  DmsEvent event = dms_grant_event (machine, grant, DMS_EVENT_WAIT);

  event.a = grant->count;
  event.b = dms_register_pool_longest (&machine->pool);
  event.c = ahead;
  event.flags = flags;
  event.cause = grant->cause;
  dms_machine_emit (machine, &event);
}

/* ---- the channel ---- */

static uint64_t
emit_channel (DmsMachine *machine,
              const DmsAdapter *adapter,
              uint64_t transfer,
              uint64_t cause,
              uint32_t flags)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_CHANNEL);

  event.device = adapter->device->name;
  event.transfer = transfer;
  event.object = adapter->id;
  event.flags = flags;
  event.cause = cause;
  return dms_machine_emit (machine, &event);
}

static void serve_channel (DmsMachine *machine, void *subject, uint64_t number);

void
dms_wait_free_channel (DmsMachine *machine,
                       DmsAdapter *adapter,
                       uint64_t transfer,
                       uint64_t cause)
{
  adapter->channel = 0;
  adapter->channel_seq = emit_channel (machine, adapter, transfer, cause, 0);
  if (adapter->waiting.first != NULL)
    dms_machine_push (machine, machine->now_ps, serve_channel, adapter, 0);
}

/* ---- the driver gets it ---- */

/* The driver may give everything back, and more, before it returns: nothing of the
 * grant but its id is sure afterwards. */
static void
deliver_list (DmsMachine *machine, DmsList *list)
{
  DmsAdapter *adapter = list->adapter;
  uint64_t id = list->id;
  uint64_t transfer = list->transfer;
  DmsCall call = { .seq = machine->call_seq };
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_ADAPTER_LIST_CONTROL,
          .name = list->callback,
          .device = adapter->device,
          .transfer = transfer,
          .object = id,
          .length = list->length,
          .flags = dms_direction_flag (list->to_device) | DMS_FLAG_CALLBACK,
          .cause = list->cause,
          .irql = DMS_CONTEXT_DISPATCH };

  if (dms_call_enter (machine, &info, &call))
    {
      list->deliver_list (machine, list);
      dms_call_leave (machine, &call);
    }
  if (adapter->channel == id)
    dms_wait_free_channel (machine, adapter, transfer, call.seq);
}

static void
deliver_grant (DmsMachine *machine, DmsGrant *grant)
{
  uint64_t id = grant->id;
  DmsAction action = DMS_ACTION_DEALLOCATE;
  DmsCall call = { .seq = machine->call_seq };
  DmsCallInfo info = { .routine = DMS_ROUTINE_ADAPTER_CONTROL,
                       .name = grant->callback,
                       .device = grant->adapter->device,
                       .transfer = grant->transfer,
                       .object = id,
                       .flags = DMS_FLAG_CALLBACK,
                       .cause = grant->cause,
                       .irql = DMS_CONTEXT_DISPATCH };

  grant->is_in_callback = true;
  if (dms_call_enter (machine, &info, &call))
    {
      action = grant->deliver (machine, grant);
      dms_call_leave_value (machine, &call, (uint64_t)action, 0);
    }
  grant = dms_grant_live (machine, id);
  if (grant == NULL)
    return;
  grant->is_in_callback = false;
  if (grant->device_object != 0)
    dms_table_take (&machine->asking, grant->device_object);
  dms_grant_follow (machine, grant, action, call.seq);
}

static void
deliver (DmsMachine *machine, DmsGrant *grant)
{
  if (grant->is_list && grant->deliver_list != NULL)
    deliver_list (machine, grant);
  else if (!grant->is_list && grant->deliver != NULL)
    deliver_grant (machine, grant);
}

static void
lay_guards (DmsMachine *machine, const DmsGrant *grant)
{
  DmsGuardSubject subject = { grant->adapter, grant->transfer, grant->id };

  if (grant->n_registers > 0)
    dms_guard_lay (machine, &subject, grant->first_register, grant->n_registers);
}

static void
emit_grant (DmsMachine *machine, DmsGrant *grant)
{
  DmsEvent event = dms_grant_event (machine, grant, DMS_EVENT_GRANT);

  event.index = grant->first_register;
  event.a = grant->n_registers;
  event.b = machine->pool.n_free;
  event.c = grant->adapter->allowed > grant->n_registers
                ? grant->adapter->allowed - grant->n_registers
                : 0;
  event.cause = grant->cause;
  grant->cause = dms_machine_emit (machine, &event);
}

/* With channel and registers in hand. */
static void
go_on (DmsMachine *machine, DmsGrant *grant)
{
  uint8_t irql_before = machine->irql;

  machine->irql = DMS_CONTEXT_DISPATCH;
  grant->phase = DMS_GRANT_GRANTED;
  grant->n_registers = grant->count;
  grant->adapter->n_registers += grant->count;
  dms_machine_spend_each (
      machine, machine->scenario->cost.register_ps, grant->n_registers);
  emit_grant (machine, grant);
  lay_guards (machine, grant);
  grant->adapter->device->list = grant->id;
  if (!grant->is_list || dms_list_map (machine, grant))
    deliver (machine, grant);
  machine->irql = irql_before;
}

/* ---- taking, and waiting ---- */

static bool
take_registers (DmsMachine *machine, DmsGrant *grant)
{
  const DmsAdapter *adapter = grant->adapter;
  uint64_t window
      = adapter->controller == NULL ? 0 : adapter->controller->window (adapter);

  if (grant->count == 0)
    return true;
  /* Behind an IOMMU registers in a row are logical pages in a row. */
  if (dms_iommu_is_before (adapter->device))
    return dms_register_pool_take_within (&machine->pool,
                                          grant->count,
                                          grant->id,
                                          (uint32_t)(window >> DMS_PAGE_SHIFT),
                                          &grant->first_register);
  if (adapter->scatter_gather)
    return dms_register_pool_take (
        &machine->pool, grant->count, grant->id, &grant->first_register);
  return dms_register_pool_take_row (
      &machine->pool, grant->count, grant->id, window, &grant->first_register);
}

/* Nobody who waits for registers is overtaken, but whoever needs none need not wait. */
static bool
may_take (const DmsMachine *machine, const DmsGrant *grant)
{
  return grant->count == 0 || machine->waiting.first == NULL;
}

/* With the channel in hand. */
static void
want_registers (DmsMachine *machine, DmsGrant *grant)
{
  if (may_take (machine, grant) && take_registers (machine, grant))
    {
      go_on (machine, grant);
      return;
    }
  emit_wait (machine, grant, machine->waiting.n, 0);
  append (&machine->waiting, grant);
  if (machine->policy.pool_grows)
    dms_reactos_grow (machine, grant->count);
}

static void
take_channel (DmsMachine *machine, DmsGrant *grant)
{
  grant->adapter->channel = grant->id;
  emit_channel (machine, grant->adapter, grant->transfer, grant->cause, DMS_FLAG_TAKEN);
}

static bool
is_channel_free (const DmsAdapter *adapter)
{
  return adapter->channel == 0 && adapter->waiting.first == NULL;
}

bool
dms_wait_begin (DmsMachine *machine, DmsGrant *grant)
{
  DmsAdapter *adapter = grant->adapter;

  if (grant->is_synchronous)
    {
      if (!is_channel_free (adapter) || !may_take (machine, grant)
          || !take_registers (machine, grant))
        return false;
      take_channel (machine, grant);
      go_on (machine, grant);
    }
  else if (is_channel_free (adapter))
    {
      take_channel (machine, grant);
      want_registers (machine, grant);
    }
  else
    {
      emit_wait (machine, grant, adapter->waiting.n, DMS_FLAG_FOR_CHANNEL);
      append (&adapter->waiting, grant);
    }
  return true;
}

static void
serve_channel (DmsMachine *machine, void *subject, uint64_t number)
{
  DmsAdapter *adapter = subject;

  (void)number;
  if (adapter->channel != 0 || adapter->waiting.first == NULL)
    return;

  DmsGrant *grant = take_first (&adapter->waiting);

  machine->irql = DMS_CONTEXT_DISPATCH;
  grant->cause = adapter->channel_seq;
  take_channel (machine, grant);
  want_registers (machine, grant);
}

static void
serve_registers (DmsMachine *machine, void *subject, uint64_t number)
{
  (void)subject;
  (void)number;
  machine->is_serving = false;
  machine->irql = DMS_CONTEXT_DISPATCH;
  while (machine->waiting.first != NULL
         && take_registers (machine, machine->waiting.first))
    {
      DmsGrant *grant = take_first (&machine->waiting);

      grant->cause = machine->release_seq;
      go_on (machine, grant);
    }
}

void
dms_wait_serve (DmsMachine *machine)
{
  dms_command_collect (machine);
  if (machine->waiting.first == NULL || machine->is_serving)
    return;
  machine->is_serving = true;
  dms_machine_push (machine, machine->now_ps, serve_registers, NULL, 0);
}

/* ---- no longer ---- */

static uint64_t
emit_cancel (DmsMachine *machine, const DmsGrant *grant, uint32_t behind)
{
  DmsEvent event = dms_grant_event (machine, grant, DMS_EVENT_CANCEL);

  event.c = behind;
  event.cause = machine->call_seq;
  return dms_machine_emit (machine, &event);
}

void
dms_wait_cancel (DmsMachine *machine, DmsGrant *grant)
{
  DmsAdapter *adapter = grant->adapter;
  uint32_t behind = 0;

  if (!take_out (&adapter->waiting, grant, &behind))
    take_out (&machine->waiting, grant, &behind);

  uint64_t seq = emit_cancel (machine, grant, behind);

  if (grant->device_object != 0)
    dms_table_take (&machine->asking, grant->device_object);
  if (adapter->channel == grant->id)
    {
      /* It was at the head, perhaps; those behind it may need less. */
      dms_wait_free_channel (machine, adapter, grant->transfer, seq);
      machine->release_seq = seq;
      dms_wait_serve (machine);
    }
  dms_grant_drop (machine, grant);
}
