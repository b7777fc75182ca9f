/* dms-io.c — requests on their way
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-io.h"

#include "engine/kernel/dms-pattern.h"

#include <stdlib.h>

#define PS_PER_NS 1000
#define IS_FAILURE(status) ((status) >> 31 != 0)

static uint64_t
ns_to_ps (uint64_t ns)
{
  return ns > (uint64_t)INT64_MAX / PS_PER_NS ? (uint64_t)INT64_MAX : ns * PS_PER_NS;
}

/* ---- touches ---- */

static uint32_t
page_at (const DmsBuffer *buffer, uint64_t start)
{
  const DmsMdl *mdl = dms_buffer_mdl_at (buffer, start);
  uint64_t offset = dms_page_offset (mdl->address) + (start - mdl->start);

  return mdl->first_page + (uint32_t)(offset >> DMS_PAGE_SHIFT);
}

void
dms_io_touch (DmsMachine *machine,
              const DmsBuffer *buffer,
              uint64_t start,
              uint64_t length,
              uint32_t flags)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_TOUCH);
  const DmsTransfer *transfer = dms_table_get (&machine->transfers, buffer->transfer);

  event.transfer = buffer->transfer;
  event.device = transfer == NULL ? 0 : transfer->device->name;
  event.object = buffer->id;
  event.a = start;
  event.length = length;
  event.index = page_at (buffer, start);
  event.flags = flags;
  event.cause = machine->call_seq;
  if (event.cause == 0 && transfer != NULL)
    event.cause = transfer->complete_seq;
  dms_machine_emit (machine, &event);
}

/* ---- arrival ---- */

static void stop_device (DmsMachine *machine, void *subject, uint64_t number);
static void request_arrives (DmsMachine *machine, void *subject, uint64_t number);
static void start_next (DmsMachine *machine, void *subject, uint64_t number);

static void
schedule_row (DmsMachine *machine, uint32_t row)
{
  const DmsScenarioRequest *request = &machine->scenario->requests[row];
  uint64_t n = machine->issued[row];

  if (n >= request->count)
    return;

  uint64_t wait = n == 0 || request->every_ns <= UINT64_MAX / n ? n * request->every_ns
                                                                : UINT64_MAX;
  uint64_t at = wait > UINT64_MAX - request->at_ns ? UINT64_MAX : request->at_ns + wait;

  dms_machine_push (machine, ns_to_ps (at), request_arrives, NULL, row);
}

static DmsTransfer *
new_transfer (DmsMachine *machine, uint32_t row)
{
  const DmsScenarioRequest *request = &machine->scenario->requests[row];
  DmsTransfer *transfer = calloc (1, sizeof *transfer);

  if (transfer == NULL
      || !dms_table_put (&machine->transfers, machine->last_transfer + 1, transfer))
    {
      free (transfer);
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return NULL;
    }
  transfer->id = ++machine->last_transfer;
  transfer->device = &machine->devices[request->device];
  transfer->buffer = &machine->buffers[request->buffer];
  transfer->row = row;
  transfer->start = request->start;
  transfer->length = request->length;
  transfer->to_device = request->to_device;
  transfer->nth = ++transfer->device->n_requests;
  return transfer;
}

static void
emit_request (DmsMachine *machine, DmsTransfer *transfer)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_REQUEST);

  event.device = transfer->device->name;
  event.transfer = transfer->id;
  event.object = transfer->buffer->id;
  event.a = transfer->start;
  event.length = transfer->length;
  event.flags = transfer->to_device ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE;
  transfer->request_seq = dms_machine_emit (machine, &event);
}

/* What the requester wants to be written, it has put into the buffer before. */
static void
prepare_buffer (DmsMachine *machine, const DmsTransfer *transfer)
{
  uint64_t there = transfer->buffer->length - transfer->start;

  if (transfer->to_device)
    dms_buffer_fill (transfer->buffer,
                     transfer->start,
                     there < transfer->length ? there : transfer->length,
                     dms_pattern_key (machine->scenario->seed, transfer->id));
}

void
dms_io_queue (DmsMachine *machine, DmsTransfer *transfer)
{
  DmsDevice *device = transfer->device;

  if (device->last == NULL)
    device->first = transfer;
  else
    device->last->next = transfer;
  device->last = transfer;
  if (!device->is_busy)
    start_next (machine, device, 0);
}

static void
hand_to_driver (DmsMachine *machine, DmsTransfer *transfer)
{
  DmsDevice *device = transfer->device;

  if (device->is_stopping)
    {
      transfer->end_cause = device->stop_seq;
      dms_io_refuse (machine, transfer, DMS_NT_DELETE_PENDING);
    }
  else if (device->ops->dispatch == NULL)
    dms_io_queue (machine, transfer);
  else if (device->is_started)
    {
      transfer->is_with_driver = true;
      device->n_open++;
      device->ops->dispatch (machine, device, transfer);
    }
  else
    dms_io_refuse (machine, transfer, DMS_NT_UNSUCCESSFUL);
}

/* A requester uses its buffer for one request at a time. */
static void
request_arrives (DmsMachine *machine, void *subject, uint64_t number)
{
  uint32_t row = (uint32_t)number;
  DmsBuffer *buffer = &machine->buffers[machine->scenario->requests[row].buffer];

  (void)subject;
  if (buffer->transfer != 0)
    {
      if (!dms_buffer_wait (buffer, row))
        dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }

  DmsTransfer *transfer = new_transfer (machine, row);

  if (transfer == NULL)
    return;
  buffer->transfer = transfer->id;
  machine->issued[row]++;
  schedule_row (machine, row);
  prepare_buffer (machine, transfer);
  emit_request (machine, transfer);
  if (!dms_command_greet (machine, transfer))
    hand_to_driver (machine, transfer);
}

static void
start_next (DmsMachine *machine, void *subject, uint64_t number)
{
  DmsDevice *device = subject;
  DmsTransfer *transfer = device->first;

  (void)number;
  if (device->is_busy || transfer == NULL)
    return;
  device->first = transfer->next;
  if (device->first == NULL)
    device->last = NULL;
  transfer->next = NULL;
  if (!transfer->is_with_driver)
    device->n_open++;
  transfer->is_with_driver = true;
  device->is_busy = true;
  device->current = transfer;
  if (device->is_started)
    {
      device->ops->start_io (machine, device, transfer);
      return;
    }
  dms_io_complete (machine, transfer, DMS_NT_UNSUCCESSFUL, 0);
  dms_io_next (machine, device);
}

static void
stop_when_idle (DmsMachine *machine, DmsDevice *device)
{
  if (device->is_stopping && device->is_started && !device->is_busy
      && device->n_open == 0)
    dms_machine_push (machine, machine->now_ps, stop_device, device, 0);
}

void
dms_io_next (DmsMachine *machine, DmsDevice *device)
{
  device->is_busy = false;
  device->current = NULL;
  if (device->first != NULL)
    dms_machine_push (machine, machine->now_ps, start_next, device, 0);
  stop_when_idle (machine, device);
}

/* ---- completion ---- */

static void
touch_for_requester (DmsMachine *machine,
                     const DmsTransfer *transfer,
                     const DmsScenarioTouch *touch)
{
  if (touch->writes)
    dms_buffer_fill (transfer->buffer,
                     touch->start,
                     touch->length,
                     dms_pattern_key (~machine->scenario->seed, transfer->id));
  dms_io_touch (machine,
                transfer->buffer,
                touch->start,
                touch->length,
                DMS_FLAG_REQUESTER | (touch->writes ? DMS_FLAG_CPU_WRITES : 0));
}

static void
touch_all (DmsMachine *machine, const DmsTransfer *transfer)
{
  const DmsScenarioRequest *request = &machine->scenario->requests[transfer->row];
  uint64_t there = transfer->buffer->length - transfer->start;
  uint64_t done = transfer->done < there ? transfer->done : there;
  bool has_touched = false;

  for (size_t i = 0; i < request->n_touches; i++)
    if (request->touches[i].when == DMS_TOUCH_AFTER_COMPLETE)
      {
        touch_for_requester (machine, transfer, &request->touches[i]);
        has_touched = true;
      }
  /* Whoever asked for bytes reads what came. */
  if (!has_touched && !transfer->to_device && done > 0)
    dms_io_touch (machine, transfer->buffer, transfer->start, done, DMS_FLAG_REQUESTER);
}

/* The requester has its buffer back; then it may use it for its next request. */
static void
requester_goes_on (DmsMachine *machine, void *subject, uint64_t number)
{
  DmsTransfer *transfer = dms_table_get (&machine->transfers, number);
  uint32_t row = 0;

  (void)subject;
  touch_all (machine, transfer);

  DmsBuffer *buffer = transfer->buffer;

  buffer->transfer = 0;
  if (dms_buffer_next_waiting (buffer, &row))
    dms_machine_push (machine, machine->now_ps, request_arrives, NULL, row);
  transfer->device->ops->forget (machine, transfer->device, transfer);
  if (transfer->device->current == transfer)
    transfer->device->current = NULL;
  dms_table_take (&machine->transfers, number);
  free (transfer);
}

void
dms_io_complete (DmsMachine *machine,
                 DmsTransfer *transfer,
                 uint32_t status,
                 uint64_t done)
{
  if (transfer->is_complete)
    return;
  transfer->is_complete = true;
  transfer->status = status;
  transfer->done = IS_FAILURE (status) ? 0 : done;

  DmsEvent event = dms_machine_event (machine, DMS_EVENT_COMPLETE);

  event.device = transfer->device->name;
  event.transfer = transfer->id;
  event.object = transfer->buffer->id;
  event.length = done;
  event.status = status;
  event.flags = IS_FAILURE (status) ? DMS_FLAG_FAILED : 0;
  /* A request that the driver never got, or that a command ends. */
  event.flags |= machine->call_seq == 0 ? DMS_FLAG_FORCED : 0;
  event.cause = machine->call_seq != 0     ? machine->call_seq
                : transfer->end_cause != 0 ? transfer->end_cause
                                           : transfer->request_seq;
  transfer->complete_seq = dms_machine_emit (machine, &event);
  dms_machine_push (machine, machine->now_ps, requester_goes_on, NULL, transfer->id);
  if (transfer->is_with_driver)
    {
      transfer->device->n_open--;
      stop_when_idle (machine, transfer->device);
    }
}

void
dms_io_unqueue (DmsTransfer *transfer)
{
  DmsDevice *device = transfer->device;
  DmsTransfer *before = NULL;

  for (DmsTransfer *at = device->first; at != NULL; before = at, at = at->next)
    if (at == transfer)
      {
        if (before == NULL)
          device->first = at->next;
        else
          before->next = at->next;
        if (device->last == at)
          device->last = before;
        at->next = NULL;
        return;
      }
}

void
dms_io_refuse (DmsMachine *machine, DmsTransfer *transfer, uint32_t status)
{
  dms_io_unqueue (transfer);
  dms_io_complete (machine, transfer, status, 0);
}

/* ---- interrupt and DPC ---- */

static void
run_isr (DmsMachine *machine, void *subject, uint64_t number)
{
  DmsDevice *device = subject;

  (void)number;
  if (device->is_started)
    (void)device->ops->isr (machine, device);
}

void
dms_io_interrupt (DmsMachine *machine, DmsDevice *device, DmsEvent *event)
{
  device->interrupt_seq = dms_machine_emit (machine, event);
  dms_machine_push (
      machine,
      dms_time_later (machine->now_ps, machine->scenario->cost.interrupt_ps),
      run_isr,
      device,
      0);
}

static void
run_dpc (DmsMachine *machine, void *subject, uint64_t number)
{
  DmsDevice *device = subject;

  (void)number;
  device->ops->dpc (machine, device);
}

bool
dms_io_request_dpc (DmsMachine *machine, DmsDevice *device)
{
  if (device->dpc_cause != 0)
    return false;
  /* The call's own number; 1 is the machine's description, for calls that left no
   * event. */
  device->dpc_cause = machine->call_seq != 0 ? machine->call_seq : 1;
  dms_machine_push (machine,
                    dms_time_later (machine->now_ps, machine->scenario->cost.dpc_ps),
                    run_dpc,
                    device,
                    0);
  return true;
}

/* ---- begin and end ---- */

static void
start_device (DmsMachine *machine, void *subject, uint64_t number)
{
  DmsDevice *device = subject;

  (void)number;
  device->is_started = device->ops->start (machine, device);
}

static void
stop_device (DmsMachine *machine, void *subject, uint64_t number)
{
  DmsDevice *device = subject;

  (void)number;
  if (device->is_started)
    device->ops->stop (machine, device);
  device->is_started = false;
  if (machine->is_stopping && device->ops->remove != NULL)
    device->ops->remove (machine, device);
}

void
dms_io_stop (DmsMachine *machine, DmsDevice *device)
{
  device->is_stopping = true;
  /* A driver with a queue of its own finishes what is in it. */
  while (device->first != NULL && device->ops->dispatch == NULL)
    {
      device->first->end_cause = device->stop_seq;
      dms_io_refuse (machine, device->first, DMS_NT_DELETE_PENDING);
    }
  stop_when_idle (machine, device);
}

void
dms_io_begin (DmsMachine *machine)
{
  for (size_t i = 0; i < machine->n_devices; i++)
    dms_machine_push (machine, 0, start_device, &machine->devices[i], 0);
  for (size_t i = 0; i < machine->scenario->n_requests; i++)
    schedule_row (machine, (uint32_t)i);
}

bool
dms_io_end (DmsMachine *machine)
{
  if (machine->is_stopping)
    return false;
  machine->is_stopping = true;
  for (size_t i = 0; i < machine->n_devices; i++)
    dms_machine_push (machine, machine->now_ps, stop_device, &machine->devices[i], 0);
  return true;
}
