/* dms-state-request.c — requests, their buffers, and who touches them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state-private.h"

#include <stdlib.h>

/* A transfer stays to be looked at until its buffer is used again. */
static void
retire_transfer (DmsState *state, uint64_t id)
{
  DmsTransferState *old = dms_table_get (&state->transfers, id);
  if (old == NULL
      || (old->phase != DMS_TRANSFER_COMPLETE && old->phase != DMS_TRANSFER_REFUSED))
    return;
  dms_transfer_holds_nothing (state, old);
  free (dms_table_take (&state->transfers, id));
}

/* All of @buffer is content "none" but for the bytes that the transfer is about. */
static void
start_content (DmsBufferState *buffer,
               uint64_t start,
               uint64_t length,
               DmsContent content)
{
  uint64_t end = length > buffer->length - start ? buffer->length : start + length;

  for (uint32_t m = 0; m < buffer->n_mdls; m++)
    {
      const DmsMdlState *mdl = &buffer->mdls[m];
      uint64_t offset = dms_page_offset (mdl->address);
      for (uint32_t i = 0; i < mdl->n_pages; i++)
        {
          DmsPageState *page = &buffer->pages[mdl->first_page + i];
          /* Place of this page's first byte of the buffer, and of the one behind its
           * last. */
          uint64_t first
              = mdl->start + ((uint64_t)i << DMS_PAGE_SHIFT) + page->start - offset;
          uint64_t behind = first + page->end - page->start;
          uint64_t from = start > first ? start : first;
          uint64_t to = end < behind ? end : behind;
          if (from >= to)
            dms_page_set (page, 0, 0, DMS_CONTENT_NONE);
          else
            dms_page_set (page,
                          (uint32_t)(page->start + (from - first)),
                          (uint32_t)(page->start + (to - first)),
                          content);
        }
    }
}

static DmsStatus
fold_request (DmsState *state, const DmsEvent *event)
{
  DmsBufferState *buffer = dms_table_get (&state->buffers, event->object);
  DmsStatus status = DMS_OK;
  bool is_new = false;

  if (buffer == NULL || event->a >= buffer->length)
    return DMS_ERROR_CORRUPT;
  if (dms_state_need_device (state, event->device, &status) == NULL)
    return status;
  DmsTransferState *transfer = dms_state_need (
      &state->transfers, event->transfer, sizeof *transfer, &is_new, &status);
  if (transfer == NULL)
    return status;
  if (!is_new)
    {
      state->oddities++;
      dms_transfer_holds_nothing (state, transfer);
    }
  if (buffer->transfer != event->transfer)
    retire_transfer (state, buffer->transfer);

  bool to_device = (event->flags & DMS_FLAG_DIRECTION) == DMS_FLAG_TO_DEVICE;
  *transfer = (DmsTransferState){
    .id = event->transfer,
    .device = event->device,
    .buffer = event->object,
    .start = event->a,
    .length = event->length,
    .direction = event->flags & DMS_FLAG_DIRECTION,
    .phase = DMS_TRANSFER_REQUESTED,
  };
  buffer->transfer = event->transfer;
  start_content (buffer,
                 event->a,
                 event->length,
                 to_device ? DMS_CONTENT_TO_BE_READ : DMS_CONTENT_OLD);
  return DMS_OK;
}

static DmsStatus
fold_complete (DmsState *state, const DmsEvent *event)
{
  DmsTransferState *transfer = dms_table_get (&state->transfers, event->transfer);
  if (transfer == NULL)
    {
      state->oddities++;
      return DMS_OK;
    }
  transfer->phase = DMS_TRANSFER_COMPLETE;
  transfer->status = event->status;
  const DmsBufferState *buffer = dms_state_buffer (state, transfer->buffer);
  if (buffer == NULL || buffer->transfer != transfer->id)
    retire_transfer (state, transfer->id);
  return DMS_OK;
}

/* Bytes that the CPU writes after they were copied into a bounce page are not sent;
 * bytes that it writes elsewhere are simply what the buffer holds. */
static void
write_content (DmsBufferState *buffer, uint64_t start, uint64_t length)
{
  DmsContentChange change = dms_content_keep ();
  change.to[DMS_CONTENT_COPIED_IN] = DMS_CONTENT_CHANGED;

  while (length > 0)
    {
      DmsPageState *page = &buffer->pages[dms_buffer_page_of (buffer, start)];
      const DmsMdlState *mdl = buffer->mdls;
      while (start - mdl->start >= mdl->length)
        mdl++;
      uint64_t offset = dms_page_offset (mdl->address + (start - mdl->start));
      uint64_t n = page->end - offset;
      n = n > length ? length : n;
      dms_page_change (
          page, (uint32_t)offset, (uint32_t)(offset + n), &change, DMS_CONTENT_NONE);
      start += n;
      length -= n;
    }
}

static DmsStatus
fold_touch (DmsState *state, const DmsEvent *event)
{
  DmsBufferState *buffer = dms_table_get (&state->buffers, event->object);
  if (buffer == NULL || event->a > buffer->length
      || event->length > buffer->length - event->a)
    return DMS_ERROR_CORRUPT;
  if ((event->flags & DMS_FLAG_CPU_WRITES) != 0)
    write_content (buffer, event->a, event->length);
  return DMS_OK;
}

static DmsStatus
fold_request_cancelled (DmsState *state, const DmsEvent *event)
{
  DmsTransferState *transfer = dms_table_get (&state->transfers, event->transfer);
  if (transfer == NULL)
    state->oddities++;
  else
    transfer->cancelled = true;
  return DMS_OK;
}

static DmsStatus
fold_wait (DmsState *state, const DmsEvent *event)
{
  DmsTransferState *transfer = dms_table_get (&state->transfers, event->transfer);
  if (transfer == NULL)
    state->oddities++;
  else
    transfer->phase = DMS_TRANSFER_WAITING;
  return DMS_OK;
}

static DmsStatus
fold_refuse (DmsState *state, const DmsEvent *event)
{
  DmsTransferState *transfer = dms_table_get (&state->transfers, event->transfer);
  DmsMappingState *mapping = dms_table_get (&state->mappings, event->object);

  if (mapping != NULL && !mapping->ready && mapping->n_registers == 0)
    {
      if (transfer != NULL && transfer->mapping == mapping->id)
        transfer->mapping = 0;
      dms_state_drop_mapping (state, mapping);
    }
  if (transfer == NULL)
    state->oddities++;
  else
    {
      transfer->phase = DMS_TRANSFER_REFUSED;
      transfer->status = event->status;
    }
  return DMS_OK;
}

DmsStatus
dms_state_fold_simulated (DmsState *state, const DmsEvent *event)
{
  switch (event->kind)
    {
    case DMS_EVENT_REQUEST:
      return fold_request (state, event);
    case DMS_EVENT_REQUEST_CANCELLED:
      return fold_request_cancelled (state, event);
    case DMS_EVENT_COMPLETE:
      return fold_complete (state, event);
    case DMS_EVENT_TOUCH:
      return fold_touch (state, event);
    case DMS_EVENT_WAIT:
      return fold_wait (state, event);
    case DMS_EVENT_REFUSE:
      return fold_refuse (state, event);
    default: /* dms-state-apply.c sends no other kind */
      return DMS_ERROR_CORRUPT;
    }
}
