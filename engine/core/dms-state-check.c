/* dms-state-check.c — whether a loaded state holds what the folds rely on
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state-private.h"

static bool
are_registers_counted (const DmsState *state)
{
  uint32_t granted = 0;
  uint32_t bouncing = 0;
  uint32_t away = 0;

  for (uint32_t i = 0; i < state->n_registers; i++)
    {
      uint8_t use = state->registers[i].use;

      granted += use != DMS_REGISTER_FREE && use != DMS_REGISTER_AWAY ? 1 : 0;
      bouncing += use == DMS_REGISTER_BOUNCES ? 1 : 0;
      away += use == DMS_REGISTER_AWAY ? 1 : 0;
    }
  return granted == state->registers_granted && bouncing == state->registers_bouncing
         && away == state->registers_away;
}

/* What look-ups rely on: MDLs follow each other, in bytes and in pages, and each page
 * has the bytes that its MDL gives it. */
static bool
is_whole_buffer (const DmsBufferState *buffer)
{
  uint64_t start = 0;
  uint64_t first_page = 0;

  for (uint32_t m = 0; m < buffer->n_mdls; m++)
    {
      const DmsMdlState *mdl = &buffer->mdls[m];
      if (mdl->start != start || mdl->first_page != first_page || mdl->length == 0
          || mdl->length > (uint64_t)DMS_STATE_OBJECTS_MAX << DMS_PAGE_SHIFT
          || mdl->n_pages != dms_span_pages (mdl->address, mdl->length)
          || mdl->n_pages > buffer->n_pages - first_page)
        return false;
      for (uint32_t i = 0; i < mdl->n_pages; i++)
        {
          const DmsPageState *page = &buffer->pages[first_page + i];
          uint16_t begin = 0;
          uint16_t end = 0;
          dms_page_bounds (mdl->address, mdl->length, i, &begin, &end);
          if (page->start != begin || page->end != end)
            return false;
        }
      start += mdl->length;
      first_page += mdl->n_pages;
    }
  return start == buffer->length && first_page == buffer->n_pages;
}

static bool
are_buffers_whole (const DmsState *state)
{
  size_t at = 0;
  uint64_t id = 0;
  const DmsBufferState *buffer;

  while ((buffer = dms_table_next (&state->buffers, &at, &id)) != NULL)
    if (buffer->id != id || !is_whole_buffer (buffer))
      return false;
  return true;
}

static bool
are_transfers_counted (const DmsState *state)
{
  uint64_t waiting = 0;
  uint64_t held = 0;
  size_t at = 0;
  uint64_t id = 0;
  const DmsTransferState *transfer;

  while ((transfer = dms_table_next (&state->transfers, &at, &id)) != NULL)
    {
      const DmsBufferState *buffer = dms_state_buffer (state, transfer->buffer);
      if (transfer->id != id || buffer == NULL || transfer->start >= buffer->length)
        return false;
      waiting += transfer->waiting_bytes;
      held += transfer->held_bytes;
    }
  return waiting == state->waiting_bytes && held == state->held_bytes;
}

static bool
are_pieces_sound (const DmsState *state, const DmsMappingState *mapping)
{
  uint32_t flushed = 0;

  for (uint32_t i = 0; i < mapping->n_pieces; i++)
    {
      const DmsPieceState *piece = &mapping->pieces[i];

      if (piece->length > DMS_PAGE_SIZE
          || (piece->element >= mapping->n_elements && piece->element != UINT32_MAX)
          || (piece->map_register >= state->n_registers
              && piece->map_register != UINT32_MAX))
        return false;
      flushed += piece->flushed ? 1 : 0;
    }
  return flushed == mapping->n_flushed;
}

static bool
is_sound_mapping (const DmsState *state, const DmsMappingState *mapping)
{
  if (mapping->id == 0 || mapping->first_register > state->n_registers
      || mapping->n_registers > state->n_registers - mapping->first_register
      || (mapping->ready && dms_state_device (state, mapping->device) == NULL))
    return false;
  if (!dms_mapping_is_list (mapping))
    return mapping->n_registers == 0;
  return mapping->used_registers <= state->n_registers
         && are_pieces_sound (state, mapping);
}

static bool
are_mappings_counted (const DmsState *state)
{
  uint64_t live = 0;
  uint64_t live_bytes = 0;
  uint64_t bounced_bytes = 0;
  size_t at = 0;
  uint64_t id = 0;
  const DmsMappingState *mapping;
  const DmsDeviceState *device;

  while ((mapping = dms_table_next (&state->mappings, &at, &id)) != NULL)
    {
      if (mapping->id != id || !is_sound_mapping (state, mapping))
        return false;
      live += mapping->ready ? 1 : 0;
      live_bytes += mapping->ready ? mapping->length : 0;
      bounced_bytes += mapping->bounced_bytes;
    }
  if (live_bytes != state->live_bytes || bounced_bytes != state->bounced_bytes)
    return false;
  at = 0;
  while ((device = dms_table_next (&state->devices, &at, &id)) != NULL)
    {
      if (device->id != id)
        return false;
      live -= device->live_mappings;
      live_bytes -= device->live_bytes;
    }
  return live == 0 && live_bytes == 0;
}

static bool
are_translations_keyed (const DmsState *state)
{
  size_t at = 0;
  uint64_t id = 0;
  const DmsIommuState *entry;

  while ((entry = dms_table_next (&state->iommu, &at, &id)) != NULL)
    if ((entry->iova & ~DMS_PAGE_MASK) != id)
      return false;
  return true;
}

bool
dms_state_is_sound (const DmsState *state)
{
  return are_registers_counted (state) && are_buffers_whole (state)
         && are_transfers_counted (state) && are_mappings_counted (state)
         && are_translations_keyed (state);
}
