/* dms-state-list.c — a scatter/gather list in the making: registers, pages, copies
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state-private.h"

#include <stdlib.h>

#define NO_PAGE UINT32_MAX

static DmsTransferState *
transfer_of (DmsState *state, uint64_t id)
{
  return dms_table_get (&state->transfers, id);
}

static DmsPageState *
page_with (const DmsBufferState *buffer, uint64_t frame)
{
  for (uint32_t i = 0; i < buffer->n_pages; i++)
    if (buffer->pages[i].frame == frame)
      return &buffer->pages[i];
  return NULL;
}

/* A driver may do the transfer in memory of its own, which is a buffer of its own. */
static DmsPageState *
page_elsewhere (const DmsState *state, const DmsBufferState *own, uint64_t frame)
{
  const DmsBufferState *buffer = NULL;
  DmsPageState *page = NULL;
  size_t at = 0;

  while (page == NULL && (buffer = dms_table_next (&state->buffers, &at, NULL)) != NULL)
    if (buffer != own)
      page = page_with (buffer, frame);
  return page;
}

DmsPageState *
dms_transfer_page (DmsState *state,
                   const DmsTransferState *transfer,
                   uint32_t index,
                   uint64_t physical)
{
  DmsBufferState *buffer
      = transfer == NULL ? NULL : dms_table_get (&state->buffers, transfer->buffer);
  if (buffer == NULL)
    return NULL;

  uint64_t frame = physical >> DMS_PAGE_SHIFT;
  uint64_t at = (uint64_t)dms_buffer_page_of (buffer, transfer->start) + index;
  if (at < buffer->n_pages && buffer->pages[at].frame == frame)
    return &buffer->pages[at];

  DmsPageState *page = page_with (buffer, frame);

  return page != NULL ? page : page_elsewhere (state, buffer, frame);
}

static void
count_register (DmsState *state, const DmsRegisterState *map_register, int32_t by)
{
  if (map_register->use == DMS_REGISTER_AWAY)
    state->registers_away += (uint32_t)by;
  else if (map_register->use != DMS_REGISTER_FREE)
    state->registers_granted += (uint32_t)by;
  if (map_register->use == DMS_REGISTER_BOUNCES)
    state->registers_bouncing += (uint32_t)by;
}

static void
set_register (DmsState *state, uint32_t i, DmsRegisterState value)
{
  count_register (state, &state->registers[i], -1);
  state->registers[i] = value;
  count_register (state, &state->registers[i], 1);
}

void
dms_state_free_registers (DmsState *state, uint32_t first, uint32_t n, uint64_t owner)
{
  for (uint32_t i = first; i < first + n; i++)
    if ((owner == 0 && state->registers[i].use != DMS_REGISTER_AWAY)
        || (owner != 0 && state->registers[i].mapping == owner))
      set_register (
          state, i, (DmsRegisterState){ .use = DMS_REGISTER_FREE, .page = NO_PAGE });
}

/* A command takes registers that nobody holds out of the pool, or puts them back. */
DmsStatus
dms_state_fold_pool (DmsState *state, const DmsEvent *event)
{
  bool is_taken = (event->flags & DMS_FLAG_TAKEN) != 0;
  DmsRegisterUse from = is_taken ? DMS_REGISTER_FREE : DMS_REGISTER_AWAY;
  DmsRegisterUse to = is_taken ? DMS_REGISTER_AWAY : DMS_REGISTER_FREE;

  if (event->a > state->n_registers || event->index > state->n_registers - event->a)
    return DMS_ERROR_CORRUPT;
  for (uint32_t i = event->index; i < event->index + event->a; i++)
    if (state->registers[i].use != from)
      return DMS_ERROR_CORRUPT;
  for (uint32_t i = event->index; i < event->index + event->a; i++)
    set_register (state, i, (DmsRegisterState){ .use = (uint8_t)to, .page = NO_PAGE });
  return DMS_OK;
}

void
dms_transfer_waits_less (DmsState *state, DmsTransferState *transfer, uint64_t bytes)
{
  uint64_t waiting = bytes > transfer->waiting_bytes ? transfer->waiting_bytes : bytes;
  uint64_t held = bytes > transfer->held_bytes ? transfer->held_bytes : bytes;

  transfer->waiting_bytes -= waiting;
  state->waiting_bytes -= waiting;
  transfer->held_bytes -= held;
  state->held_bytes -= held;
}

void
dms_transfer_holds_nothing (DmsState *state, DmsTransferState *transfer)
{
  state->waiting_bytes -= transfer->waiting_bytes;
  state->held_bytes -= transfer->held_bytes;
  transfer->waiting_bytes = 0;
  transfer->held_bytes = 0;
}

/* Whatever is still newer in the bounce pages is lost with the registers. */
static void
lose_content (DmsState *state, const DmsMappingState *mapping)
{
  DmsTransferState *transfer = transfer_of (state, mapping->transfer);
  DmsContentChange change = dms_content_keep ();
  change.to[DMS_CONTENT_IN_BOUNCE] = DMS_CONTENT_LOST;

  if (transfer == NULL)
    return;
  for (uint32_t i = 0; i < mapping->n_pieces; i++)
    {
      const DmsPieceState *piece = &mapping->pieces[i];
      DmsPageState *page = piece->bounced && !piece->flushed
                               ? dms_transfer_page (state, transfer, i, piece->physical)
                               : NULL;
      if (page == NULL)
        continue;
      uint32_t offset = (uint32_t)dms_page_offset (piece->physical);
      dms_page_change (page,
                       offset,
                       offset + (uint32_t)piece->length,
                       &change,
                       DMS_CONTENT_IN_BOUNCE);
    }
  /* Going out, the bounce pages held what was copied in until now. */
  dms_transfer_holds_nothing (state, transfer);
}

static DmsMappingState *
new_list (const DmsEvent *event)
{
  DmsMappingState *mapping = calloc (1, sizeof *mapping);
  if (mapping == NULL)
    return NULL;
  *mapping = (DmsMappingState){
    .id = event->object,
    .begin_seq = event->seq,
    .begin_t_ns = event->t_ns,
    .device = event->device,
    .transfer = event->transfer,
    .flags = event->flags & DMS_FLAG_DIRECTION,
    .length = event->length,
    .needed_registers = (uint32_t)event->a,
  };
  return mapping;
}

static DmsStatus
fold_count (DmsState *state, const DmsEvent *event)
{
  if (event->object == 0 || event->a > UINT32_MAX)
    return DMS_ERROR_CORRUPT;
  DmsMappingState *old = dms_table_get (&state->mappings, event->object);
  if (old == NULL && state->mappings.n >= DMS_STATE_OBJECTS_MAX)
    return DMS_ERROR_LIMIT;
  DmsMappingState *mapping = new_list (event);
  /* Nothing is mapped by what is only asked for. */
  if (mapping != NULL && event->kind == DMS_EVENT_ASK)
    {
      mapping->flags = DMS_FLAG_FORM_SINGLE;
      mapping->length = 0;
    }
  if (mapping == NULL || !dms_table_reserve (&state->mappings))
    {
      dms_mapping_free (mapping);
      return DMS_ERROR_NO_MEMORY;
    }

  if (old != NULL)
    {
      state->oddities++;
      lose_content (state, old);
      dms_state_drop_mapping (state, old);
    }
  dms_table_put (&state->mappings, mapping->id, mapping); /* there is room */
  if (event->object >= state->next_mapping)
    state->next_mapping = event->object + 1;
  state->last_mapping = event->object;
  DmsTransferState *transfer = transfer_of (state, event->transfer);
  if (transfer != NULL)
    {
      transfer->phase = DMS_TRANSFER_COUNTED;
      transfer->mapping = event->object;
    }
  return DMS_OK;
}

static DmsStatus
fold_grant (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  if (event->a > state->n_registers || event->index > state->n_registers - event->a)
    return DMS_ERROR_CORRUPT;
  for (uint32_t i = 0; i < event->a; i++)
    if (state->registers[event->index + i].use == DMS_REGISTER_AWAY)
      return DMS_ERROR_CORRUPT;
  if (mapping->n_registers != 0)
    {
      state->oddities++;
      dms_state_free_registers (
          state, mapping->first_register, mapping->n_registers, mapping->id);
    }
  mapping->first_register = event->index;
  mapping->n_registers = (uint32_t)event->a;
  for (uint32_t i = 0; i < mapping->n_registers; i++)
    {
      if (state->registers[event->index + i].use != DMS_REGISTER_FREE)
        state->oddities++;
      set_register (state,
                    event->index + i,
                    (DmsRegisterState){ .use = DMS_REGISTER_GRANTED,
                                        .page = i,
                                        .mapping = mapping->id });
    }
  mapping->used_registers = 0;
  DmsTransferState *transfer = transfer_of (state, event->transfer);
  if (transfer != NULL)
    transfer->phase = DMS_TRANSFER_GRANTED;
  return DMS_OK;
}

/* A page joins the list as its next piece, in the element before or in one of its own.
 */
static DmsStatus
add_piece (DmsMappingState *mapping, const DmsEvent *event, DmsPieceState piece)
{
  bool joined = (event->flags & DMS_FLAG_JOINED) != 0;

  if (event->index != mapping->n_pieces || event->length == 0
      || event->length > DMS_PAGE_SIZE || (joined && mapping->n_elements == 0))
    return DMS_ERROR_CORRUPT;
  if (!dms_mapping_reserve_piece (mapping)
      || (!joined && !dms_mapping_reserve_element (mapping)))
    return DMS_ERROR_NO_MEMORY;

  if (joined)
    mapping->elements[mapping->n_elements - 1].length += event->length;
  else
    mapping->elements[mapping->n_elements++]
        = (DmsElementState){ .logical = event->b, .length = event->length };
  piece.logical = event->b;
  piece.length = event->length;
  piece.element = mapping->n_elements - 1;
  piece.map_register = UINT32_MAX;
  if (mapping->used_registers < mapping->n_registers)
    piece.map_register = mapping->first_register + mapping->used_registers++;
  mapping->pieces[mapping->n_pieces++] = piece;
  return DMS_OK;
}

/* The register of the piece that was added last says what it does for it. */
static void
use_register (DmsState *state,
              const DmsMappingState *mapping,
              DmsRegisterUse use,
              uint64_t frame)
{
  uint32_t i = mapping->pieces[mapping->n_pieces - 1].map_register;

  if (i == UINT32_MAX)
    state->oddities++;
  else
    set_register (state,
                  i,
                  (DmsRegisterState){ .use = (uint8_t)use,
                                      .page = mapping->n_pieces - 1,
                                      .mapping = mapping->id,
                                      .bounce_frame = frame });
}

/* A grant that is one register short takes the one behind its own, which may be
 * somebody else's (ReactOS, R4). Whose it is does not change by that. */
static void
use_register_behind (DmsState *state, const DmsMappingState *mapping)
{
  uint64_t behind = (uint64_t)mapping->first_register + mapping->n_registers;

  state->oddities++;
  if (mapping->n_registers > 0 && behind < state->n_registers)
    mapping->pieces[mapping->n_pieces - 1].map_register = (uint32_t)behind;
}

static DmsStatus
fold_page (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  DmsStatus status
      = add_piece (mapping,
                   event,
                   (DmsPieceState){ .physical = (event->a << DMS_PAGE_SHIFT)
                                                + dms_page_offset (event->b) });

  if (status == DMS_OK && (event->flags & DMS_FLAG_REMAPPED) != 0)
    use_register (state, mapping, DMS_REGISTER_TRANSLATES, event->b >> DMS_PAGE_SHIFT);
  return status;
}

static DmsStatus
fold_bounce (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  DmsStatus status = add_piece (
      mapping, event, (DmsPieceState){ .physical = event->a, .bounced = true });
  if (status != DMS_OK)
    return status;
  mapping->flags |= DMS_FLAG_BOUNCED | (event->flags & DMS_FLAG_FORCED);
  if (mapping->pieces[mapping->n_pieces - 1].map_register == UINT32_MAX)
    use_register_behind (state, mapping);
  else
    use_register (state, mapping, DMS_REGISTER_BOUNCES, event->b >> DMS_PAGE_SHIFT);
  return DMS_OK;
}

/* The copy covers the same offsets of the page and of its bounce page. */
static DmsStatus
fold_copy (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  bool in = (event->flags & DMS_FLAG_COPY_IN) != 0;
  uint64_t physical = in ? event->a : event->b;
  uint32_t offset = (uint32_t)dms_page_offset (physical);
  DmsTransferState *transfer = transfer_of (state, event->transfer);
  DmsPageState *page = dms_transfer_page (state, transfer, event->index, physical);

  if (event->index >= mapping->n_pieces || event->length > DMS_PAGE_SIZE - offset)
    return DMS_ERROR_CORRUPT;
  state->copied_bytes += event->length;
  if (transfer != NULL)
    transfer->copied_bytes += event->length;
  if (transfer == NULL || page == NULL)
    {
      state->oddities++;
      return DMS_OK;
    }

  DmsContentChange change = dms_content_keep ();
  change.to[DMS_CONTENT_TO_BE_READ]
      = in ? DMS_CONTENT_COPIED_IN : DMS_CONTENT_TO_BE_READ;
  change.to[DMS_CONTENT_IN_BOUNCE]
      = in ? DMS_CONTENT_IN_BOUNCE : DMS_CONTENT_COPIED_BACK;
  change.to[DMS_CONTENT_OLD] = in ? DMS_CONTENT_OLD : DMS_CONTENT_UNTRUSTED;
  change.to[DMS_CONTENT_CHANGED] = in ? DMS_CONTENT_COPIED_IN : DMS_CONTENT_CHANGED;
  uint64_t waited = dms_page_change (
      page, offset, offset + (uint32_t)event->length, &change, DMS_CONTENT_IN_BOUNCE);
  if (in)
    {
      transfer->held_bytes += event->length;
      state->held_bytes += event->length;
    }
  else
    dms_transfer_waits_less (state, transfer, waited);
  return DMS_OK;
}

static DmsStatus
fold_map (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;

  DmsTransferState *transfer = transfer_of (state, event->transfer);
  bool is_list = (mapping->flags & DMS_FLAG_FORM) == DMS_FLAG_FORM_LIST;
  uint64_t length = is_list ? mapping->length : event->length;
  if (mapping->ready && is_list)
    state->oddities++;
  else
    {
      if (mapping->ready)
        device = dms_table_get (&state->devices, mapping->device);
      else
        device->live_mappings++;
      if (length > UINT64_MAX - state->live_bytes)
        return DMS_ERROR_CORRUPT;
      mapping->device = device->id;
      mapping->length = is_list ? mapping->length : mapping->length + length;
      device->live_bytes += length;
      state->live_bytes += length;
    }
  mapping->ready = true;
  mapping->flags |= event->flags & (DMS_FLAG_BOUNCED | DMS_FLAG_ALL_BOUNCED);
  mapping->wanted_elements = event->index;
  mapping->wanted_pieces = event->a > UINT32_MAX ? UINT32_MAX : (uint32_t)event->a;
  if (transfer != NULL)
    transfer->phase = DMS_TRANSFER_MAPPED;
  return DMS_OK;
}

static DmsStatus
fold_release (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  if (event->a > state->n_registers || event->index > state->n_registers - event->a)
    return DMS_ERROR_CORRUPT;
  if (event->index != mapping->first_register || event->a != mapping->n_registers)
    state->oddities++;
  lose_content (state, mapping);
  dms_state_free_registers (state, event->index, (uint32_t)event->a, 0);
  mapping->n_registers = 0;
  return DMS_OK;
}

/* A register stays granted and can be mapped again. */
static void
clear_register (DmsState *state, const DmsMappingState *mapping, uint32_t i)
{
  if (i < state->n_registers && state->registers[i].mapping == mapping->id
      && state->registers[i].use != DMS_REGISTER_FREE)
    set_register (state,
                  i,
                  (DmsRegisterState){ .use = DMS_REGISTER_GRANTED,
                                      .page = NO_PAGE,
                                      .mapping = mapping->id });
}

static DmsStatus
fold_flush (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  if (event->a > mapping->n_pieces || event->index > mapping->n_pieces - event->a)
    return DMS_ERROR_CORRUPT;
  for (uint32_t i = event->index; i < event->index + event->a; i++)
    {
      DmsPieceState *piece = &mapping->pieces[i];

      if (piece->flushed)
        continue;
      piece->flushed = true;
      mapping->n_flushed++;
      clear_register (state, mapping, piece->map_register);
    }
  if (mapping->n_flushed == mapping->n_pieces)
    mapping->used_registers = 0;
  return DMS_OK;
}

static DmsStatus
fold_cancel (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  DmsTransferState *transfer = transfer_of (state, event->transfer);

  if (mapping->ready || mapping->n_registers != 0)
    {
      state->oddities++;
      return DMS_OK;
    }
  if (transfer != NULL)
    {
      transfer->phase = DMS_TRANSFER_REQUESTED;
      transfer->mapping = 0;
    }
  dms_state_drop_mapping (state, mapping);
  return DMS_OK;
}

static void
fold_unmap (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  DmsTransferState *transfer = transfer_of (state, event->transfer);

  if (mapping->n_registers != 0)
    {
      state->oddities++;
      lose_content (state, mapping);
    }
  if (transfer != NULL)
    {
      transfer->phase = DMS_TRANSFER_PUT;
      transfer->mapping = 0;
    }
  dms_state_drop_mapping (state, mapping);
}

DmsStatus
dms_state_fold_list (DmsState *state, const DmsEvent *event)
{
  if (event->kind == DMS_EVENT_COUNT || event->kind == DMS_EVENT_ASK)
    return fold_count (state, event);

  DmsMappingState *mapping = dms_table_get (&state->mappings, event->object);
  if (mapping == NULL || !dms_mapping_is_list (mapping))
    {
      state->oddities++;
      return DMS_OK;
    }
  state->last_mapping = event->object;
  switch (event->kind)
    {
    case DMS_EVENT_GRANT:
      return fold_grant (state, mapping, event);
    case DMS_EVENT_PAGE:
      return fold_page (state, mapping, event);
    case DMS_EVENT_BOUNCE:
      return fold_bounce (state, mapping, event);
    case DMS_EVENT_COPY:
      return fold_copy (state, mapping, event);
    case DMS_EVENT_MAP:
      return fold_map (state, mapping, event);
    case DMS_EVENT_RELEASE:
      return fold_release (state, mapping, event);
    case DMS_EVENT_FLUSH:
      return fold_flush (state, mapping, event);
    case DMS_EVENT_CANCEL:
      return fold_cancel (state, mapping, event);
    case DMS_EVENT_UNMAP:
      fold_unmap (state, mapping, event);
      return DMS_OK;
    default: /* dms-state-apply.c sends no other kind */
      return DMS_ERROR_CORRUPT;
    }
}
