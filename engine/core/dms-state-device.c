/* dms-state-device.c — what a device does: descriptors, bursts, interrupts
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state-private.h"

/* True for memory that CPU and device share: it may be mapped too, as the ring of an
 * auto-initialized channel is. */
static bool
is_shared (const DmsState *state, uint64_t physical)
{
  size_t at = 0;
  const DmsMappingState *mapping = NULL;

  while ((mapping = dms_table_next (&state->mappings, &at, NULL)) != NULL)
    if ((mapping->flags & DMS_FLAG_FORM) == DMS_FLAG_FORM_COHERENT
        && mapping->n_pieces > 0 && physical >= mapping->pieces[0].physical
        && physical - mapping->pieces[0].physical < mapping->pieces[0].length)
      return true;
  return false;
}

/* Bytes [offset, offset + length) of the page that @piece stands for have been moved.
 */
static void
move_content (DmsState *state,
              DmsTransferState *transfer,
              const DmsMappingState *mapping,
              const DmsPieceState *piece,
              const DmsEvent *event)
{
  DmsPageState *page = dms_transfer_page (
      state, transfer, (uint32_t)(piece - mapping->pieces), piece->physical);
  if (page == NULL)
    {
      if (!is_shared (state, piece->physical))
        state->oddities++;
      return;
    }

  bool to_device = (event->flags & DMS_FLAG_DIRECTION) == DMS_FLAG_TO_DEVICE;
  DmsContentChange change = dms_content_keep ();
  if (to_device)
    {
      change.to[DMS_CONTENT_TO_BE_READ] = DMS_CONTENT_SENT;
      change.to[DMS_CONTENT_COPIED_IN] = DMS_CONTENT_SENT;
    }
  else
    change.to[DMS_CONTENT_OLD]
        = piece->bounced ? DMS_CONTENT_IN_BOUNCE : DMS_CONTENT_ARRIVED;
  uint32_t offset
      = (uint32_t)dms_page_offset (piece->physical + (event->a - piece->logical));
  uint64_t were_old = dms_page_change (
      page, offset, offset + (uint32_t)event->length, &change, DMS_CONTENT_OLD);
  if (!to_device && piece->bounced)
    {
      transfer->waiting_bytes += were_old;
      state->waiting_bytes += were_old;
      transfer->held_bytes += were_old;
      state->held_bytes += were_old;
    }
}

static DmsStatus
fold_burst (DmsState *state, DmsDeviceState *device, const DmsEvent *event)
{
  DmsMappingState *mapping = dms_table_get (&state->mappings, event->object);
  DmsTransferState *transfer = dms_table_get (&state->transfers, event->transfer);

  if (event->length > DMS_PAGE_SIZE - dms_page_offset (event->a))
    return DMS_ERROR_CORRUPT;
  device->moved_bytes += event->length;
  device->moved_total += event->length;
  state->moved_bytes += event->length;
  if (transfer != NULL)
    transfer->moved_bytes += event->length;
  if (mapping == NULL || event->index >= mapping->n_elements)
    {
      state->oddities++;
      return DMS_OK;
    }
  state->last_mapping = mapping->id;
  mapping->elements[event->index].moved = event->c;
  /* Memory that is shared is current for both sides at all times. */
  if (!dms_mapping_is_list (mapping))
    return DMS_OK;
  if (transfer == NULL)
    {
      state->oddities++;
      return DMS_OK;
    }
  const DmsPieceState *piece = dms_mapping_piece (mapping, event->index, event->a);
  if (piece == NULL)
    state->oddities++;
  else
    move_content (state, transfer, mapping, piece, event);
  return DMS_OK;
}

/* A table in memory may have several entries for one element, one behind the other, but
 * never one for several: the element is not behind the entry's own place. */
static void
describe_by_table (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  uint32_t i
      = event->index < mapping->n_elements ? event->index + 1 : mapping->n_elements;

  while (i-- > 0)
    if (event->a - mapping->elements[i].logical < mapping->elements[i].length)
      {
        mapping->elements[i].described = true;
        return;
      }
  state->oddities++;
}

static void
fold_descriptor (DmsState *state, DmsDeviceState *device, const DmsEvent *event)
{
  DmsMappingState *mapping = dms_table_get (&state->mappings, event->object);
  uint32_t form = event->flags & DMS_FLAG_FORM;
  uint64_t element = form == DMS_FLAG_FORM_SINGLE ? event->b - 1 : event->index;

  device->transfer = event->transfer;
  if (mapping == NULL
      || (form != DMS_FLAG_FORM_COHERENT && element >= mapping->n_elements))
    {
      state->oddities++;
      return;
    }
  state->last_mapping = mapping->id;
  if (form == DMS_FLAG_FORM_COHERENT)
    describe_by_table (state, mapping, event);
  else
    mapping->elements[element].described = true;
}

static void
fold_start (DmsState *state, DmsDeviceState *device, const DmsEvent *event)
{
  DmsTransferState *transfer = dms_table_get (&state->transfers, event->transfer);

  device->transfer = event->transfer;
  device->running = true;
  device->moved_bytes = 0;
  if (transfer != NULL)
    transfer->phase = DMS_TRANSFER_RUNNING;
}

static void
fold_interrupt (DmsState *state, DmsDeviceState *device, const DmsEvent *event)
{
  DmsTransferState *transfer = dms_table_get (&state->transfers, event->transfer);

  if ((event->flags & DMS_FLAG_TAKEN) != 0)
    return;
  device->running = false;
  device->transfer = 0;
  if (transfer != NULL)
    transfer->phase = DMS_TRANSFER_MOVED;
}

static void
fold_controller (DmsDeviceState *device, const DmsEvent *event)
{
  device->controller_runs = (event->flags & DMS_FLAG_FAILED) == 0;
  if (!device->controller_runs)
    return;
  device->controller_address = event->a;
  device->controller_length = event->length;
  device->controller_mode = (uint32_t)(event->c & UINT32_MAX);
  device->rounds = 0;
  device->transfer = event->transfer;
}

static void
fold_terminal_count (DmsDeviceState *device, const DmsEvent *event)
{
  device->rounds = event->a;
  if ((event->flags & DMS_FLAG_FORCED) == 0)
    device->controller_runs = false;
}

DmsStatus
dms_state_fold_device (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;

  switch (event->kind)
    {
    case DMS_EVENT_DESCRIPTOR:
      fold_descriptor (state, device, event);
      return DMS_OK;
    case DMS_EVENT_START:
      fold_start (state, device, event);
      return DMS_OK;
    case DMS_EVENT_BURST:
      return fold_burst (state, device, event);
    case DMS_EVENT_INTERRUPT:
      fold_interrupt (state, device, event);
      return DMS_OK;
    case DMS_EVENT_CONTROLLER:
      fold_controller (device, event);
      return DMS_OK;
    case DMS_EVENT_TERMINAL_COUNT:
      fold_terminal_count (device, event);
      return DMS_OK;
    case DMS_EVENT_STRAY:
      device->moved_bytes += event->length;
      device->moved_total += event->length;
      state->moved_bytes += event->length;
      return DMS_OK;
    default: /* dms-state-apply.c sends no other kind */
      return DMS_ERROR_CORRUPT;
    }
}
