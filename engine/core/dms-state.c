/* dms-state.c — life and look-ups of a state
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state.h"

#include "engine/core/dms-state-private.h"

#include <stdlib.h>
#include <string.h>

DmsState *
dms_state_new (void)
{
  return calloc (1, sizeof (DmsState));
}

void
dms_mapping_free (DmsMappingState *mapping)
{
  if (mapping == NULL)
    return;
  free (mapping->pieces);
  free (mapping->elements);
  free (mapping);
}

void
dms_buffer_free (DmsBufferState *buffer)
{
  if (buffer == NULL)
    return;
  free (buffer->mdls);
  free (buffer->pages);
  free (buffer);
}

static void
release_all (DmsState *state)
{
  size_t at = 0;
  void *object;

  while ((object = dms_table_next (&state->mappings, &at, NULL)) != NULL)
    dms_mapping_free (object);
  at = 0;
  while ((object = dms_table_next (&state->buffers, &at, NULL)) != NULL)
    dms_buffer_free (object);
  DmsTable *const plain[] = { &state->devices, &state->transfers, &state->iommu };
  for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
    {
      at = 0;
      while ((object = dms_table_next (plain[i], &at, NULL)) != NULL)
        free (object);
      dms_table_release (plain[i]);
    }
  dms_table_release (&state->mappings);
  dms_table_release (&state->buffers);
  dms_table_release (&state->by_address);
  free (state->registers);
  free (state->pending);
}

void
dms_state_free (DmsState *state)
{
  if (state == NULL)
    return;
  release_all (state);
  free (state);
}

void
dms_state_reset (DmsState *state)
{
  release_all (state);
  memset (state, 0, sizeof *state);
}

/* ---- look-ups
 * -------------------------------------------------------------------------------- */

const DmsDeviceState *
dms_state_device (const DmsState *state, uint32_t id)
{
  return dms_table_get (&state->devices, id);
}

const DmsBufferState *
dms_state_buffer (const DmsState *state, uint64_t id)
{
  return dms_table_get (&state->buffers, id);
}

const DmsTransferState *
dms_state_transfer (const DmsState *state, uint64_t id)
{
  return dms_table_get (&state->transfers, id);
}

const DmsMappingState *
dms_state_mapping (const DmsState *state, uint64_t id)
{
  return dms_table_get (&state->mappings, id);
}

uint64_t
dms_state_address_key (uint32_t device, uint64_t address, bool is_sg)
{
  uint64_t mixed
      = ((uint64_t)device << 1 | (is_sg ? 1 : 0)) * UINT64_C (0xbf58476d1ce4e5b9);
  return address ^ mixed;
}

static bool
first_address (const DmsMappingState *mapping, uint64_t *ret_address, bool *ret_is_sg)
{
  *ret_is_sg = (mapping->flags & DMS_FLAG_FORM) == DMS_FLAG_FORM_SG;
  if ((*ret_is_sg ? mapping->n_pieces : mapping->n_elements) == 0)
    return false;
  *ret_address
      = *ret_is_sg ? mapping->pieces[0].physical : mapping->elements[0].logical;
  return true;
}

bool
dms_mapping_key (const DmsMappingState *mapping, uint64_t *ret_key)
{
  uint64_t address = 0;
  bool is_sg = false;

  if ((mapping->flags & DMS_FLAG_RECORDED) == 0
      || !first_address (mapping, &address, &is_sg))
    return false;
  *ret_key = dms_state_address_key (mapping->device, address, is_sg);
  return true;
}

const DmsMappingState *
dms_state_mapping_at (const DmsState *state,
                      uint32_t device,
                      uint64_t address,
                      bool is_sg)
{
  const DmsMappingState *mapping = dms_table_get (
      &state->by_address, dms_state_address_key (device, address, is_sg));
  uint64_t found = 0;
  bool found_sg = false;

  /* Two pairs of device and address can share a key; the mapping itself decides. */
  if (mapping == NULL || mapping->device != device
      || !first_address (mapping, &found, &found_sg) || found != address
      || found_sg != is_sg)
    return NULL;
  return mapping;
}

const DmsPieceState *
dms_mapping_piece (const DmsMappingState *mapping, uint32_t element, uint64_t logical)
{
  /* Pieces are in order of their element, and within one of their logical address. */
  uint32_t low = 0;
  uint32_t high = mapping->n_pieces;
  while (low < high)
    {
      uint32_t middle = low + (high - low) / 2;
      const DmsPieceState *piece = &mapping->pieces[middle];
      if (piece->element < element
          || (piece->element == element && piece->logical + piece->length <= logical))
        low = middle + 1;
      else
        high = middle;
    }
  if (low == mapping->n_pieces)
    return NULL;
  const DmsPieceState *piece = &mapping->pieces[low];
  return piece->element == element && logical >= piece->logical
                 && logical - piece->logical < piece->length
             ? piece
             : NULL;
}

uint32_t
dms_buffer_page_of (const DmsBufferState *buffer, uint64_t start)
{
  for (uint32_t i = 0; i < buffer->n_mdls; i++)
    {
      const DmsMdlState *mdl = &buffer->mdls[i];
      if (start - mdl->start < mdl->length)
        return mdl->first_page
               + (uint32_t)((dms_page_offset (mdl->address) + start - mdl->start)
                            >> DMS_PAGE_SHIFT);
    }
  return 0;
}

uint64_t
dms_state_live (const DmsState *state)
{
  return state->devices.n + state->buffers.n + state->transfers.n + state->mappings.n
         + state->iommu.n + state->n_registers + state->n_pending;
}

/* ---- making and dropping objects
 * --------------------------------------------------------------- */

void *
dms_state_need (
    DmsTable *table, uint64_t id, size_t size, bool *ret_is_new, DmsStatus *ret_status)
{
  void *object = dms_table_get (table, id);

  *ret_is_new = object == NULL;
  *ret_status = DMS_OK;
  if (object != NULL)
    return object;
  if (table->n >= DMS_STATE_OBJECTS_MAX)
    {
      *ret_status = DMS_ERROR_LIMIT;
      return NULL;
    }
  object = calloc (1, size);
  if (object == NULL || !dms_table_put (table, id, object))
    {
      free (object);
      *ret_status = DMS_ERROR_NO_MEMORY;
      return NULL;
    }
  return object;
}

DmsDeviceState *
dms_state_need_device (DmsState *state, uint32_t id, DmsStatus *ret_status)
{
  bool is_new = false;
  DmsDeviceState *device
      = dms_state_need (&state->devices, id, sizeof *device, &is_new, ret_status);
  if (device != NULL)
    device->id = id;
  return device;
}

/* Doubles *array of @size-byte entries when @n fill it: the capacity is always the next
 * power of two, so it need not be kept. */
static bool
reserve_one (void **array, uint32_t n, size_t size)
{
  if (n != 0 && (n & (n - 1)) != 0)
    return true;
  if (n >= DMS_STATE_OBJECTS_MAX)
    return false;
  void *larger = realloc (*array, (n == 0 ? 1 : (size_t)n * 2) * size);
  if (larger == NULL)
    return false;
  *array = larger;
  return true;
}

bool
dms_mapping_reserve_all (DmsMappingState *mapping,
                         uint64_t n_pieces,
                         uint64_t n_elements)
{
  const uint64_t wanted[2] = { n_pieces, n_elements };
  size_t capacity[2] = { 1, 1 };

  for (unsigned i = 0; i < 2; i++)
    {
      if (wanted[i] > DMS_STATE_OBJECTS_MAX)
        return false;
      while (capacity[i] < wanted[i])
        capacity[i] *= 2;
    }
  if (n_pieces > 0)
    mapping->pieces = malloc (capacity[0] * sizeof *mapping->pieces);
  if (n_elements > 0)
    mapping->elements = malloc (capacity[1] * sizeof *mapping->elements);
  return (n_pieces == 0 || mapping->pieces != NULL)
         && (n_elements == 0 || mapping->elements != NULL);
}

bool
dms_mapping_reserve_piece (DmsMappingState *mapping)
{
  void *array = mapping->pieces;
  bool is_there = reserve_one (&array, mapping->n_pieces, sizeof *mapping->pieces);
  mapping->pieces = array;
  return is_there;
}

bool
dms_mapping_reserve_element (DmsMappingState *mapping)
{
  void *array = mapping->elements;
  bool is_there = reserve_one (&array, mapping->n_elements, sizeof *mapping->elements);
  mapping->elements = array;
  return is_there;
}

void
dms_state_drop_mapping (DmsState *state, DmsMappingState *mapping)
{
  uint64_t key = 0;

  if (dms_mapping_key (mapping, &key)
      && dms_table_get (&state->by_address, key) == mapping)
    dms_table_take (&state->by_address, key);
  dms_state_free_registers (
      state, mapping->first_register, mapping->n_registers, mapping->id);
  DmsDeviceState *device = dms_table_get (&state->devices, mapping->device);
  if (mapping->ready && device != NULL)
    {
      device->live_mappings--;
      device->live_bytes -= mapping->length;
    }
  if (mapping->ready)
    state->live_bytes -= mapping->length;
  state->bounced_bytes -= mapping->bounced_bytes;
  dms_table_take (&state->mappings, mapping->id);
  dms_mapping_free (mapping);
}
