/* dms-state-apply.c — folds one event into a state
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state-private.h"

#include <stdlib.h>

/* ---- what there is
 * ------------------------------------------------------------------------------ */

static DmsStatus
fold_machine (DmsState *state, const DmsEvent *event)
{
  if (event->b > DMS_STATE_REGISTERS_MAX)
    return DMS_ERROR_LIMIT;
  if (event->length != DMS_PAGE_SIZE || state->n_registers != 0)
    return DMS_ERROR_CORRUPT;

  DmsRegisterState *registers = NULL;
  if (event->b > 0)
    {
      registers = calloc (event->b, sizeof *registers);
      if (registers == NULL)
        return DMS_ERROR_NO_MEMORY;
    }
  state->registers = registers;
  state->n_registers = (uint32_t)event->b;
  for (uint32_t i = 0; i < state->n_registers; i++)
    registers[i].page = UINT32_MAX;
  state->memory_bytes = event->a;
  state->page_size = (uint32_t)event->length;
  state->machine_flags = event->flags;
  return DMS_OK;
}

static DmsStatus
fold_device (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;

  device->described = true;
  device->model = (uint32_t)event->object;
  device->address_bits = event->a > 64 ? 64 : (uint32_t)event->a;
  device->mask
      = device->address_bits == 0 ? 0 : dms_highest_address (device->address_bits);
  device->maximum_length = event->b;
  device->burst = event->c;
  device->max_elements
      = event->length > UINT32_MAX ? UINT32_MAX : (uint32_t)event->length;
  device->scatter_gather = (event->flags & DMS_FLAG_SCATTER_GATHER) != 0;
  return DMS_OK;
}

/* The frames of an MDL event become its pages; the payload has been checked. */
static void
read_pages (DmsPayloadList *list, const DmsEvent *event, DmsPageState *pages)
{
  uint64_t frame;

  for (uint32_t i = 0; dms_payload_next_number (list, &frame); i++)
    {
      pages[i] = (DmsPageState){ .frame = frame };
      dms_page_bounds (event->a, event->length, i, &pages[i].start, &pages[i].end);
    }
}

static DmsStatus
fold_mdl (DmsState *state, const DmsEvent *event)
{
  if (event->length == 0
      || event->length > (uint64_t)DMS_STATE_OBJECTS_MAX << DMS_PAGE_SHIFT)
    return DMS_ERROR_CORRUPT;
  uint32_t n = (uint32_t)dms_span_pages (event->a, event->length);
  DmsPayloadList frames;
  dms_payload_find (event->payload, event->payload_length, DMS_PAYLOAD_FRAMES, &frames);
  if (frames.left != n)
    return DMS_ERROR_CORRUPT;
  DmsStatus status = DMS_OK;
  bool is_new = false;
  DmsBufferState *buffer = dms_state_need (
      &state->buffers, event->object, sizeof *buffer, &is_new, &status);
  if (buffer == NULL)
    return status;

  /* Grown copies, so that a refused event leaves the buffer as it was. */
  status = DMS_ERROR_CORRUPT;
  DmsMdlState *mdls = NULL;
  DmsPageState *pages = NULL;
  if (event->index != buffer->n_mdls || buffer->n_pages > DMS_STATE_OBJECTS_MAX - n)
    goto out;
  status = DMS_ERROR_NO_MEMORY;
  mdls = realloc (buffer->mdls, ((size_t)buffer->n_mdls + 1) * sizeof *mdls);
  if (mdls == NULL)
    goto out;
  buffer->mdls = mdls;
  pages = realloc (buffer->pages, ((size_t)buffer->n_pages + n) * sizeof *pages);
  if (pages == NULL)
    goto out;
  buffer->pages = pages;
  read_pages (&frames, event, &pages[buffer->n_pages]);

  mdls[buffer->n_mdls] = (DmsMdlState){
    .address = event->a,
    .start = buffer->length,
    .length = event->length,
    .first_page = buffer->n_pages,
    .n_pages = n,
    .locked = (event->flags & DMS_FLAG_LOCKED) != 0,
  };
  buffer->id = event->object;
  buffer->name = (uint32_t)event->c;
  buffer->length += event->length;
  buffer->n_mdls++;
  buffer->n_pages += n;
  status = DMS_OK;

out:
  if (status != DMS_OK && is_new)
    {
      dms_table_take (&state->buffers, event->object);
      dms_buffer_free (buffer);
    }
  return status;
}

/* ---- calls
 * ---------------------------------------------------------------------------------------
 */

static DmsStatus
fold_call (DmsState *state, const DmsEvent *event)
{
  if (state->n_calls == DMS_STATE_CALLS_MAX)
    return DMS_ERROR_LIMIT;
  state->calls[state->n_calls++] = (DmsCallState){
    .routine = event->index,
    .name = (uint32_t)event->a,
    .file = event->file,
    .line = event->line,
    .seq = event->seq,
    .transfer = event->transfer,
    .context = event->context,
    .callback = (event->flags & DMS_FLAG_CALLBACK) != 0,
  };
  return DMS_OK;
}

static DmsStatus
fold_return (DmsState *state)
{
  if (state->n_calls == 0)
    state->oddities++;
  else
    state->calls[--state->n_calls] = (DmsCallState){ 0 };
  return DMS_OK;
}

static DmsStatus
fold_adapter (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;
  device->adapter = event->object;
  device->map_registers = event->a > UINT32_MAX ? UINT32_MAX : (uint32_t)event->a;
  device->mask = event->c;
  return DMS_OK;
}

/* Further limits of a device. */
static DmsStatus
fold_limits (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;
  device->channel = event->index;
  device->segment = event->a;
  device->boundary = event->b;
  device->alignment = event->c;
  device->ring_length = event->length;
  device->remapped = (event->flags & DMS_FLAG_REMAPPED) != 0;
  return DMS_OK;
}

/* A command changes a limit. What the adapter told the driver before stays as it was
 * but for the map registers. */
static DmsStatus
fold_limit (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;
  uint32_t narrow = event->b > UINT32_MAX ? UINT32_MAX : (uint32_t)event->b;
  switch (event->index)
    {
    case 0:
      device->address_bits = event->b > 64 ? 64 : narrow;
      device->mask
          = device->address_bits == 0 ? 0 : dms_highest_address (device->address_bits);
      return DMS_OK;
    case 1:
      device->map_registers = narrow;
      return DMS_OK;
    case 2:
      device->max_elements = narrow;
      return DMS_OK;
    case 3:
      device->maximum_length = event->b;
      return DMS_OK;
    case 4:
      device->burst = event->b;
      return DMS_OK;
    default: /* the number of no limit */
      return DMS_ERROR_CORRUPT;
    }
}

static DmsStatus
fold_stop (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;
  device->stopped = true;
  return DMS_OK;
}

static DmsStatus
fold_channel (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;
  device->channel_taken = (event->flags & DMS_FLAG_TAKEN) != 0;
  return DMS_OK;
}

static DmsStatus
fold_plain (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;

  if (event->device != 0
      && dms_state_need_device (state, event->device, &status) == NULL)
    return status;
  if (event->kind == DMS_EVENT_GAP)
    state->lost_events += event->a;
  return DMS_OK;
}

/* ---- dispatch
 * -------------------------------------------------------------------------------------
 */

static DmsStatus
fold (DmsState *state, const DmsEvent *event)
{
  bool recorded = (event->flags & DMS_FLAG_RECORDED) != 0;

  switch ((DmsEventKind)event->kind)
    {
    case DMS_EVENT_MACHINE:
      return fold_machine (state, event);
    case DMS_EVENT_DEVICE:
      return fold_device (state, event);
    case DMS_EVENT_MDL:
      return fold_mdl (state, event);
    case DMS_EVENT_CALL:
      return fold_call (state, event);
    case DMS_EVENT_RETURN:
      return fold_return (state);
    case DMS_EVENT_ADAPTER:
      return fold_adapter (state, event);
    case DMS_EVENT_CHANNEL:
      return fold_channel (state, event);
    case DMS_EVENT_LIMITS:
      return fold_limits (state, event);
    case DMS_EVENT_LIMIT:
      return fold_limit (state, event);
    case DMS_EVENT_POOL:
      return dms_state_fold_pool (state, event);
    case DMS_EVENT_STOP:
      return fold_stop (state, event);
    case DMS_EVENT_REQUEST:
    case DMS_EVENT_REQUEST_CANCELLED:
    case DMS_EVENT_COMPLETE:
    case DMS_EVENT_TOUCH:
    case DMS_EVENT_WAIT:
    case DMS_EVENT_REFUSE:
      return dms_state_fold_simulated (state, event);
    case DMS_EVENT_BOUNCE:
    case DMS_EVENT_MAP:
    case DMS_EVENT_UNMAP:
      return recorded ? dms_state_fold_recorded (state, event)
                      : dms_state_fold_list (state, event);
    case DMS_EVENT_COUNT:
    case DMS_EVENT_GRANT:
    case DMS_EVENT_PAGE:
    case DMS_EVENT_COPY:
    case DMS_EVENT_RELEASE:
    case DMS_EVENT_ASK:
    case DMS_EVENT_FLUSH:
    case DMS_EVENT_CANCEL:
      return dms_state_fold_list (state, event);
    case DMS_EVENT_DESCRIPTOR:
    case DMS_EVENT_START:
    case DMS_EVENT_BURST:
    case DMS_EVENT_INTERRUPT:
    case DMS_EVENT_STRAY:
    case DMS_EVENT_CONTROLLER:
    case DMS_EVENT_TERMINAL_COUNT:
      return dms_state_fold_device (state, event);
    case DMS_EVENT_ALLOC:
    case DMS_EVENT_FREE:
    case DMS_EVENT_SYNC:
    case DMS_EVENT_IOMMU_MAP:
    case DMS_EVENT_IOMMU_UNMAP:
      return dms_state_fold_recorded (state, event);
    case DMS_EVENT_LIST_MEMORY:
    case DMS_EVENT_NO_COPY:
    case DMS_EVENT_REGISTER_WRITE:
    case DMS_EVENT_FAULT:
    case DMS_EVENT_GAP:
    case DMS_EVENT_LOG:
    case DMS_EVENT_OTHER:
    case DMS_EVENT_FACT:
    case DMS_EVENT_FAIL:
    case DMS_EVENT_CRASH:
    case DMS_EVENT_SHARED_TOUCH:
      return fold_plain (state, event);
    case DMS_EVENT_NONE:
    case DMS_EVENT_KIND_MAX:
      break;
    }
  return DMS_ERROR_CORRUPT;
}

/* Folds the event; when it is refused, takes back what every fold may do before it
 * knows: make the event's device, count an oddity, note the mapping. */
static DmsStatus
fold_whole (DmsState *state, const DmsEvent *event)
{
  size_t n_devices = state->devices.n;
  uint64_t oddities = state->oddities;
  uint64_t last_mapping = state->last_mapping;

  DmsStatus status = fold (state, event);
  if (status == DMS_OK)
    return DMS_OK;
  if (state->devices.n > n_devices)
    free (dms_table_take (&state->devices, event->device));
  state->oddities = oddities;
  state->last_mapping = last_mapping;
  return status;
}

DmsStatus
dms_state_apply (DmsState *state, const DmsEvent *event)
{
  if (event->seq != state->seq + 1)
    return DMS_ERROR_RANGE;
  DmsStatus status = dms_event_check (event);
  if (status == DMS_OK)
    status = fold_whole (state, event);
  if (status != DMS_OK)
    return status;

  state->seq = event->seq;
  state->step = event->step;
  state->t_ns = event->t_ns;
  state->context = event->context;
  state->cpu = event->cpu;
  state->recorded = (event->flags & DMS_FLAG_RECORDED) != 0;
  if (event->file != 0)
    {
      state->file = event->file;
      state->line = event->line;
    }
  if (event->transfer != 0)
    state->last_transfer = event->transfer;
  return DMS_OK;
}
