/* dms-call.c — calls between driver and system, their IRQL, and where they come from
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-machine.h"

/* Fewer than what a state keeps (DMS_STATE_CALLS_MAX). */
#define DEEPEST_CALL 250

bool
dms_call_enter (DmsMachine *machine, const DmsCallInfo *info, DmsCall *ret_call)
{
  bool is_callback = (info->flags & DMS_FLAG_CALLBACK) != 0;

  if (machine->n_calls >= DEEPEST_CALL)
    return false;

  DmsCall call = { .routine = info->routine,
                   .device = info->device == NULL ? 0 : info->device->name,
                   .transfer = info->transfer,
                   .is_callback = is_callback,
                   .irql_before = machine->irql,
                   .place_before = machine->place,
                   .seq_before = machine->call_seq };

  if (is_callback)
    machine->irql = info->irql;
  call.name = dms_emitter_name (&machine->emitter, DMS_NAME_ROUTINE, 0, info->name);

  DmsEvent event = dms_machine_event (machine, DMS_EVENT_CALL);

  event.device = call.device;
  event.transfer = info->transfer;
  event.object = info->object;
  event.index = info->routine;
  event.a = call.name;
  event.b = info->b;
  event.c = info->c;
  event.length = info->length;
  event.flags = info->flags;
  event.cause = info->cause != 0 ? info->cause : machine->call_seq;
  call.seq = dms_machine_emit (machine, &event);
  machine->call_seq = call.seq;
  machine->n_calls++;
  if (!is_callback)
    dms_machine_spend (machine, machine->scenario->cost.call_ps);
  *ret_call = call;
  return true;
}

/* What a return event says beside its routine. */
typedef struct
{
  uint32_t flags, status;
  uint64_t value, length;
} Answer;

static void
leave (DmsMachine *machine, const DmsCall *call, Answer answer)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_RETURN);

  event.device = call->device;
  event.transfer = call->transfer;
  event.index = call->routine;
  event.a = call->name;
  event.b = answer.value;
  event.length = answer.length;
  event.flags = answer.flags | (call->is_callback ? DMS_FLAG_CALLBACK : 0);
  event.status = answer.status;
  event.cause = call->seq;
  dms_machine_emit (machine, &event);
  machine->irql = call->irql_before;
  machine->place = call->place_before;
  machine->call_seq = call->seq_before;
  machine->n_calls--;
}

void
dms_call_leave (DmsMachine *machine, const DmsCall *call)
{
  leave (machine, call, (Answer){ 0 });
}

void
dms_call_leave_status (DmsMachine *machine, const DmsCall *call, uint32_t status)
{
  leave (machine, call, (Answer){ .flags = DMS_FLAG_HAS_STATUS, .status = status });
}

void
dms_call_leave_status_length (DmsMachine *machine,
                              const DmsCall *call,
                              uint32_t status,
                              uint64_t length)
{
  leave (machine,
         call,
         (Answer){ .flags = DMS_FLAG_HAS_STATUS, .status = status, .length = length });
}

void
dms_call_leave_value (DmsMachine *machine,
                      const DmsCall *call,
                      uint64_t value,
                      uint64_t length)
{
  leave (machine,
         call,
         (Answer){ .flags = DMS_FLAG_HAS_VALUE, .value = value, .length = length });
}
