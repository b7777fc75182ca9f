/* dms-grant-free.c — channel and map registers are given back
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-grant-private.h"

#include "engine/kernel/dms-guard.h"

static void
lift_guards (DmsMachine *machine, const DmsGrant *grant)
{
  DmsGuardSubject subject = { grant->adapter, grant->transfer, grant->id };

  dms_guard_lift (machine, &subject, grant->first_register, grant->n_registers);
}

static void
forget_pages (DmsMachine *machine, DmsGrant *grant)
{
  for (uint32_t i = 0; i < grant->n_pages; i++)
    if (!grant->pages[i].is_flushed)
      dms_page_forget (machine, &grant->pages[i]);
}

void
dms_grant_release_registers (DmsMachine *machine, DmsGrant *grant)
{
  forget_pages (machine, grant);
  if (grant->n_registers == 0)
    return;
  lift_guards (machine, grant);
  dms_machine_spend_each (
      machine, machine->scenario->cost.register_ps, grant->n_registers);
  dms_register_pool_give (&machine->pool, grant->first_register, grant->n_registers);

  DmsEvent event = dms_grant_event (machine, grant, DMS_EVENT_RELEASE);

  event.index = grant->first_register;
  event.a = grant->n_registers;
  event.b = machine->pool.n_free;
  event.cause = grant->cause;
  grant->cause = dms_machine_emit (machine, &event);
  machine->release_seq = grant->cause;
  grant->adapter->n_registers -= grant->n_registers;
  grant->n_registers = 0;
}

void
dms_grant_end (DmsMachine *machine, const DmsGrant *grant)
{
  DmsEvent event = dms_grant_event (machine, grant, DMS_EVENT_UNMAP);

  event.length = grant->is_list ? grant->length : 0;
  event.flags = dms_direction_flag (grant->to_device);
  event.flags |= grant->is_list ? DMS_FLAG_FORM_LIST : DMS_FLAG_FORM_SINGLE;
  event.cause = grant->cause;
  dms_machine_emit (machine, &event);
}

/* ---- grants ---- */

static void
note_mapped (DmsMachine *machine, const DmsGrant *grant)
{
  if (grant->n_live > 0)
    dms_grant_fact (machine,
                    grant,
                    DMS_FACT_FREED_WHILE_MAPPED,
                    grant->n_live,
                    grant->mapped_bytes);
}

/* Nothing is left of the grant. A list stays readable for a while, as after
 * PutScatterGatherList. */
static void
release (DmsMachine *machine, DmsGrant *grant, uint64_t cause)
{
  note_mapped (machine, grant);
  grant->cause = cause;
  dms_grant_release_registers (machine, grant);
  dms_grant_end (machine, grant);
  if (grant->is_list)
    dms_list_retire (machine, grant);
  else
    dms_grant_drop (machine, grant);
  dms_wait_serve (machine);
}

static void
free_channel_of (DmsMachine *machine, const DmsGrant *grant, uint64_t cause)
{
  if (grant->adapter->channel == grant->id)
    dms_wait_free_channel (machine, grant->adapter, grant->transfer, cause);
}

void
dms_grant_follow (DmsMachine *machine,
                  DmsGrant *grant,
                  DmsAction action,
                  uint64_t cause)
{
  switch (action)
    {
    case DMS_ACTION_KEEP:
      return;
    case DMS_ACTION_DEALLOCATE:
      free_channel_of (machine, grant, cause);
      release (machine, grant, cause);
      return;
    case DMS_ACTION_KEEP_REGISTERS:
      free_channel_of (machine, grant, cause);
      /* Without registers it is nothing when the channel is gone. */
      if (grant->room == 0)
        release (machine, grant, cause);
      return;
    }
  /* Like KeepObject (our model; ReactOS does the same). */
  dms_grant_fact (machine, grant, DMS_FACT_UNKNOWN_ACTION, (uint64_t)action, 0);
}

void
dms_grant_act (DmsMachine *machine, DmsGrant *grant, DmsAction action)
{
  dms_grant_follow (machine, grant, action, machine->call_seq);
}

static void
note_adapter (DmsMachine *machine, const DmsAdapter *adapter, DmsFact fact, uint64_t a)
{
  dms_machine_fact (
      machine,
      fact,
      (DmsFactNote){ .device = adapter->device, .object = adapter->id, .a = a });
}

void
dms_grant_free_object (DmsMachine *machine, DmsAdapter *adapter, DmsAction action)
{
  DmsGrant *grant = dms_grant_live (machine, adapter->channel);
  bool is_held
      = adapter->channel != 0 && (grant == NULL || grant->phase != DMS_GRANT_WAITS);

  if (action == DMS_ACTION_KEEP)
    return;
  if (!is_held)
    note_adapter (machine, adapter, DMS_FACT_CHANNEL_NOT_HELD, 0);
  else if (grant != NULL)
    dms_grant_follow (machine, grant, action, machine->call_seq);
  else
    dms_wait_free_channel (machine, adapter, 0, machine->call_seq);
}

void
dms_grant_free_channel (DmsMachine *machine, DmsAdapter *adapter)
{
  DmsGrant *grant = dms_grant_live (machine, adapter->channel);

  if (adapter->channel == 0 || (grant != NULL && grant->phase == DMS_GRANT_WAITS))
    {
      note_adapter (machine, adapter, DMS_FACT_CHANNEL_NOT_HELD, 0);
      return;
    }
  dms_wait_free_channel (
      machine, adapter, grant == NULL ? 0 : grant->transfer, machine->call_seq);
  if (grant == NULL)
    return;
  if (grant->n_registers == 0 && grant->count > 0)
    note_adapter (machine, adapter, DMS_FACT_REGISTERS_NOT_HELD, grant->count);
  release (machine, grant, machine->call_seq);
}

void
dms_grant_free_registers (DmsMachine *machine,
                          DmsAdapter *adapter,
                          DmsGrant *grant,
                          uint32_t count)
{
  if (grant->n_registers == 0 && grant->count > 0)
    {
      note_adapter (machine, adapter, DMS_FACT_REGISTERS_NOT_HELD, count);
      return;
    }
  if (grant->count > 0 && count != grant->n_registers)
    dms_grant_fact (machine, grant, DMS_FACT_COUNT_DIFFERS, count, grant->n_registers);
  if (adapter->channel != grant->id && !grant->is_in_callback)
    {
      release (machine, grant, machine->call_seq);
      return;
    }
  /* The channel is still held: the grant lives on without registers. */
  note_mapped (machine, grant);
  grant->cause = machine->call_seq;
  dms_grant_release_registers (machine, grant);
  dms_wait_serve (machine);
}
