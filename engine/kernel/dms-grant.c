/* dms-grant.c — AllocateAdapterChannel: asked for, refused, cancelled
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-grant-private.h"

#include "engine/kernel/dms-controller.h"

DmsEvent
dms_grant_event (const DmsMachine *machine, const DmsGrant *grant, DmsEventKind kind)
{
  DmsEvent event = dms_machine_event (machine, kind);

  event.device = grant->adapter->device->name;
  event.transfer = grant->transfer;
  event.object = grant->id;
  return event;
}

void
dms_grant_fact (
    DmsMachine *machine, const DmsGrant *grant, DmsFact fact, uint64_t a, uint64_t b)
{
  dms_machine_fact (machine,
                    fact,
                    (DmsFactNote){ .device = grant->adapter->device,
                                   .transfer = grant->transfer,
                                   .object = grant->id,
                                   .a = a,
                                   .b = b });
}

uint32_t
dms_grant_refuse (DmsMachine *machine, DmsEvent event, uint32_t status, uint32_t why)
{
  event.status = status;
  event.flags = why;
  dms_machine_emit (machine, &event);
  return status;
}

/* ---- asking ---- */

static DmsEvent
asked_event (const DmsMachine *machine,
             const DmsGrantRequest *request,
             uint64_t id,
             DmsEventKind kind)
{
  DmsEvent event = dms_machine_event (machine, kind);

  event.device = request->adapter->device->name;
  event.transfer = request->transfer;
  event.object = id;
  event.cause = machine->call_seq;
  return event;
}

static uint32_t
refuse (DmsMachine *machine,
        const DmsGrantRequest *request,
        uint64_t id,
        uint32_t status,
        uint32_t why)
{
  DmsEvent event = asked_event (machine, request, id, DMS_EVENT_REFUSE);

  event.a = request->count;
  event.b = request->adapter->allowed;
  return dms_grant_refuse (machine, event, status, why);
}

static void
note (DmsMachine *machine,
      const DmsGrantRequest *request,
      DmsFact fact,
      uint64_t a,
      uint64_t b)
{
  dms_machine_fact (machine,
                    fact,
                    (DmsFactNote){ .device = request->adapter->device,
                                   .transfer = request->transfer,
                                   .object = request->adapter->id,
                                   .a = a,
                                   .b = b });
}

/* A device object has room for one request that waits, and no way to say that it is
 * taken. */
static uint32_t
check_device_object (DmsMachine *machine, const DmsGrantRequest *request)
{
  const DmsGrant *other
      = request->device_object == 0
            ? NULL
            : dms_table_get (&machine->asking, request->device_object);
  uint64_t total = (uint64_t)request->adapter->n_registers + request->count;

  if (other != NULL)
    {
      note (machine,
            request,
            other->is_in_callback ? DMS_FACT_ASKED_IN_CALLBACK : DMS_FACT_ASKED_TWICE,
            0,
            0);
      return refuse (machine, request, 0, DMS_NT_UNSUCCESSFUL, 0);
    }
  if (request->device_object != 0 && request->count <= request->adapter->allowed
      && total > request->adapter->allowed)
    note (
        machine, request, DMS_FACT_TOO_MANY_IN_TOTAL, total, request->adapter->allowed);
  return DMS_NT_SUCCESS;
}

uint32_t
dms_grant_check_context (DmsMachine *machine,
                         DmsAdapter *adapter,
                         uint64_t transfer,
                         uint64_t key)
{
  const DmsContext *context = key == 0 ? NULL : dms_grant_context (machine, key);
  DmsFact fact = DMS_FACT_NONE;

  if (key == 0)
    return DMS_NT_SUCCESS;
  if (context == NULL)
    fact = DMS_FACT_CONTEXT_UNKNOWN;
  else if (dms_grant_live (machine, context->grant) != NULL)
    fact = DMS_FACT_CONTEXT_IN_USE;
  else
    return DMS_NT_SUCCESS;

  DmsGrantRequest about = { .adapter = adapter, .transfer = transfer };

  note (machine, &about, fact, 0, 0);
  return refuse (machine, &about, 0, DMS_NT_INVALID_PARAMETER, 0);
}

static uint32_t
check (DmsMachine *machine, const DmsGrantRequest *request)
{
  uint32_t status = check_device_object (machine, request);

  if (status == DMS_NT_SUCCESS)
    status = dms_grant_check_context (
        machine, request->adapter, request->transfer, request->context);
  if (status == DMS_NT_SUCCESS && machine->n_calls > DMS_DEEPEST_NESTING)
    {
      note (machine, request, DMS_FACT_NESTED_TOO_DEEP, 0, 0);
      status = refuse (machine, request, 0, DMS_NT_INSUFFICIENT_RESOURCES, 0);
    }
  return status;
}

static uint64_t
emit_ask (DmsMachine *machine, const DmsGrantRequest *request, uint64_t id)
{
  DmsEvent event = asked_event (machine, request, id, DMS_EVENT_ASK);

  event.a = request->count;
  event.c = request->adapter->allowed;
  return dms_machine_emit (machine, &event);
}

static DmsGrant *
make (DmsMachine *machine, const DmsGrantRequest *request, uint64_t id)
{
  uint32_t room = dms_policy_room (machine, request->adapter, request->count);
  DmsGrant *grant = dms_grant_new (machine, request->adapter, id, room);

  if (grant == NULL)
    return NULL;
  if (request->device_object != 0
      && !dms_table_put (&machine->asking, request->device_object, grant))
    {
      dms_grant_drop (machine, grant);
      return NULL;
    }
  grant->transfer = request->transfer;
  grant->device_object = request->device_object;
  grant->context = request->context;
  grant->is_synchronous = request->is_synchronous;
  grant->count
      = dms_policy_wants_registers (machine, request->adapter) ? request->count : 0;
  grant->deliver = request->deliver;
  grant->data = request->data;
  grant->callback = request->callback;
  return grant;
}

/* False when the context was cancelled in advance. */
static bool
use_context (DmsMachine *machine, const DmsGrant *grant)
{
  DmsContext *context
      = grant->context == 0 ? NULL : dms_grant_context (machine, grant->context);

  if (context == NULL)
    return true;

  bool is_cancelled = context->is_cancelled;

  context->grant = grant->id;
  context->is_cancelled = false;
  return !is_cancelled;
}

uint32_t
dms_grant_begin (DmsMachine *machine, DmsGrant *grant)
{
  bool is_synchronous = grant->is_synchronous;
  DmsEvent event = dms_grant_event (machine, grant, DMS_EVENT_REFUSE);

  event.a = grant->count;
  event.b = machine->pool.n_free;
  event.cause = grant->cause;
  if (!use_context (machine, grant))
    {
      dms_wait_cancel (machine, grant);
      return is_synchronous ? DMS_NT_CANCELLED : DMS_NT_SUCCESS;
    }
  if (dms_wait_begin (machine, grant))
    return DMS_NT_SUCCESS;
  if (grant->device_object != 0)
    dms_table_take (&machine->asking, grant->device_object);
  dms_grant_drop (machine, grant);
  return dms_grant_refuse (machine, event, DMS_NT_INSUFFICIENT_RESOURCES, 0);
}

uint32_t
dms_grant_ask (DmsMachine *machine,
               const DmsGrantRequest *request,
               DmsGrant **ret_grant)
{
  uint32_t status = check (machine, request);
  DmsGrant *grant = NULL;

  if (ret_grant != NULL)
    *ret_grant = NULL;
  if (status != DMS_NT_SUCCESS)
    return status;

  uint64_t id = ++machine->last_list;
  uint64_t cause = emit_ask (machine, request, id);

  if (request->count > request->adapter->allowed
      && dms_policy_wants_registers (machine, request->adapter))
    return refuse (machine,
                   request,
                   id,
                   DMS_NT_INSUFFICIENT_RESOURCES,
                   DMS_FLAG_TOO_MANY_REGISTERS);
  grant = make (machine, request, id);
  if (grant == NULL)
    return refuse (
        machine, request, id, DMS_NT_INSUFFICIENT_RESOURCES, DMS_FLAG_NO_HOST_MEMORY);
  grant->cause = cause;
  status = dms_grant_begin (machine, grant);
  grant = dms_grant_live (machine, id);
  if (ret_grant != NULL && grant != NULL && grant->phase == DMS_GRANT_GRANTED)
    *ret_grant = grant;
  return status;
}

/* ---- cancelling ---- */

bool
dms_grant_is_context_used (const DmsMachine *machine, uint64_t key)
{
  const DmsContext *context = dms_grant_context (machine, key);

  return context != NULL && dms_grant_live (machine, context->grant) != NULL;
}

bool
dms_grant_is_cancelled (const DmsMachine *machine, const DmsGrant *grant)
{
  const DmsContext *context = dms_grant_context (machine, grant->context);

  return grant->context != 0 && context != NULL && context->is_cancelled;
}

static uint32_t
stop_running (DmsMachine *machine, DmsAdapter *adapter, DmsContext *context)
{
  if (dms_grant_live (machine, context->grant) == NULL
      || adapter->channel != context->grant
      || adapter->controller->counter (machine, adapter) == 0)
    return DMS_NT_UNSUCCESSFUL;
  context->is_cancelled = true;
  adapter->controller->mask (machine, adapter);
  dms_grant_complete (machine, adapter, DMS_COMPLETION_CANCELLED, machine->call_seq);
  return DMS_NT_SUCCESS;
}

uint32_t
dms_grant_stop (DmsMachine *machine, DmsAdapter *adapter, uint64_t key)
{
  DmsContext *context = dms_grant_context (machine, key);
  DmsGrantRequest about = { .adapter = adapter };

  if (adapter->controller == NULL)
    note (machine, &about, DMS_FACT_NOT_FOR_THIS_ADAPTER, 0, 0);
  else if (context == NULL)
    note (machine, &about, DMS_FACT_CONTEXT_UNKNOWN, 0, 0);
  else
    return stop_running (machine, adapter, context);
  return DMS_NT_INVALID_PARAMETER;
}

bool
dms_grant_cancel (DmsMachine *machine, DmsAdapter *adapter, uint64_t key)
{
  DmsContext *context = dms_grant_context (machine, key);

  if (context == NULL)
    {
      DmsGrantRequest about = { .adapter = adapter };

      note (machine, &about, DMS_FACT_CONTEXT_UNKNOWN, 0, 0);
      return false;
    }

  DmsGrant *grant = dms_grant_live (machine, context->grant);

  if (grant == NULL)
    {
      context->is_cancelled = true;
      return true;
    }
  if (grant->phase != DMS_GRANT_WAITS)
    return false;
  dms_wait_cancel (machine, grant);
  return true;
}
