/* dms-state-recorded.c — recorded mappings, bounces and translations
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state-private.h"

#include <stdlib.h>
#include <string.h>

#define NO_ELEMENT UINT32_MAX

/* ---- bounces that wait for their mapping
 * ----------------------------------------------------- */

/* swiotlb_bounced is written before the map event of the same call (linux-dma-traces
 * §1.4); who bounced is known by task, cpu and device. */
static bool
is_of_call (const DmsPendingBounce *pending, const DmsEvent *event)
{
  return pending->task == event->task && pending->cpu == event->cpu
         && pending->device == event->device;
}

static DmsStatus
fold_bounce (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;
  if (state->pending == NULL)
    {
      state->pending = calloc (DMS_STATE_PENDING_MAX, sizeof *state->pending);
      if (state->pending == NULL)
        return DMS_ERROR_NO_MEMORY;
    }
  if (state->n_pending == DMS_STATE_PENDING_MAX)
    {
      /* Their mappings failed without a trace; the oldest half is of no use any more.
       */
      state->n_pending /= 2;
      memmove (state->pending,
               state->pending + state->n_pending,
               state->n_pending * sizeof *state->pending);
      state->oddities++;
    }
  state->pool_is_used = true;
  state->pending[state->n_pending++] = (DmsPendingBounce){
    .original = event->a,
    .length = event->length,
    .device = event->device,
    .task = event->task,
    .cpu = event->cpu,
    .forced = (event->flags & DMS_FLAG_FORCED) != 0,
  };
  if (event->c != 0)
    device->mask = event->c;
  return DMS_OK;
}

/* The bounces of the call that @event ends, in order, meet the pieces of its mapping. A
 * bounced segment's device address is its place in the pool. With @mapping NULL (it
 * failed) they are only dropped. */
static void
claim_bounces (DmsState *state, DmsMappingState *mapping, const DmsEvent *event)
{
  uint32_t kept = 0;
  uint32_t piece = 0;
  uint32_t claimed = 0;

  for (uint32_t i = 0; i < state->n_pending; i++)
    {
      const DmsPendingBounce *pending = &state->pending[i];
      if (!is_of_call (pending, event))
        {
          state->pending[kept++] = *pending;
          continue;
        }
      uint32_t at = piece;
      while (mapping != NULL && at < mapping->n_pieces
             && mapping->pieces[at].physical != pending->original)
        at++;
      if (mapping == NULL || at == mapping->n_pieces)
        continue; /* of an earlier call that failed */
      mapping->pieces[at].bounced = true;
      if (mapping->pieces[at].length == 0)
        mapping->pieces[at].length = pending->length;
      mapping->bounced_bytes += pending->length;
      mapping->flags |= DMS_FLAG_BOUNCED | (pending->forced ? DMS_FLAG_FORCED : 0);
      piece = at + 1;
      claimed++;
    }
  if (state->n_pending > kept)
    memset (
        state->pending + kept, 0, (state->n_pending - kept) * sizeof *state->pending);
  state->n_pending = kept;
  if (mapping != NULL && claimed > 0 && claimed == mapping->n_pieces)
    mapping->flags |= DMS_FLAG_ALL_BOUNCED;
}

/* ---- begin
 * --------------------------------------------------------------------------------------
 */

/* The segments of the payload, which has been checked and is read once. */
static bool
read_segments (DmsMappingState *mapping, const DmsEvent *event)
{
  DmsPayloadList memory;
  DmsPayloadList device;
  DmsSegment segment;

  dms_payload_find (event->payload, event->payload_length, DMS_PAYLOAD_MEMORY, &memory);
  dms_payload_find (event->payload, event->payload_length, DMS_PAYLOAD_DEVICE, &device);
  if (!dms_mapping_reserve_all (mapping, memory.left, device.left))
    return false;
  while (dms_payload_next_segment (&memory, &segment))
    mapping->pieces[mapping->n_pieces++]
        = (DmsPieceState){ .physical = segment.address,
                           .length = segment.length,
                           .element = NO_ELEMENT,
                           .map_register = UINT32_MAX };
  while (dms_payload_next_segment (&device, &segment))
    mapping->elements[mapping->n_elements++]
        = (DmsElementState){ .logical = segment.address, .length = segment.length };
  return true;
}

/* With as many segments on both sides, they belong together one by one; an IOMMU that
 * merges makes fewer of them, and then only the first address of each is sure. */
static void
join_sides (DmsMappingState *mapping)
{
  if (mapping->n_pieces != mapping->n_elements
      || mapping->wanted_pieces != mapping->wanted_elements)
    return;
  for (uint32_t i = 0; i < mapping->n_pieces; i++)
    {
      mapping->pieces[i].element = i;
      mapping->pieces[i].logical = mapping->elements[i].logical;
      if (mapping->pieces[i].length == 0)
        mapping->pieces[i].length = mapping->elements[i].length;
    }
}

static DmsMappingState *
make_mapping (const DmsEvent *event)
{
  DmsMappingState *mapping = malloc (sizeof *mapping);
  if (mapping == NULL)
    return NULL;
  *mapping = (DmsMappingState){
    .id = event->object,
    .begin_seq = event->seq,
    .begin_t_ns = event->t_ns,
    .device = event->device,
    .task = event->task,
    .flags
    = event->flags
      & (DMS_FLAG_DIRECTION | DMS_FLAG_FORM | DMS_FLAG_TRUNCATED | DMS_FLAG_RECORDED),
    .ready = true,
    .length = event->length,
    .virtual_address = event->kind == DMS_EVENT_ALLOC ? event->b : 0,
    .attributes = event->kind == DMS_EVENT_ALLOC ? 0 : event->b,
    .wanted_elements = event->kind == DMS_EVENT_ALLOC ? 1 : event->index,
    .wanted_pieces
    = event->kind == DMS_EVENT_ALLOC || event->a > UINT32_MAX ? 0 : (uint32_t)event->a,
  };
  if (!read_segments (mapping, event))
    {
      dms_mapping_free (mapping);
      return NULL;
    }
  join_sides (mapping);
  return mapping;
}

static DmsStatus
make_alloc_element (DmsMappingState *mapping, const DmsEvent *event)
{
  if (event->kind != DMS_EVENT_ALLOC || mapping->n_elements > 0)
    return DMS_OK;
  if (!dms_mapping_reserve_element (mapping))
    return DMS_ERROR_NO_MEMORY;
  mapping->elements[mapping->n_elements++]
      = (DmsElementState){ .logical = event->a, .length = event->length };
  return DMS_OK;
}

/* A mapping over a live one of the same device and address: its end was not traced, as
 * block drivers on direct-mapped devices may leave it out (linux-dma-traces §1.5.3), or
 * lost. */
static void
end_older (DmsState *state, const DmsMappingState *mapping)
{
  uint64_t key = 0;
  DmsMappingState *older = dms_table_get (&state->mappings, mapping->id);
  bool is_odd = older != NULL;

  if (older != NULL)
    dms_state_drop_mapping (state, older);
  if (dms_mapping_key (mapping, &key))
    {
      older = dms_table_get (&state->by_address, key);
      is_odd |= older != NULL;
      if (older != NULL)
        dms_state_drop_mapping (state, older);
    }
  state->oddities += is_odd ? 1 : 0;
}

/* Widens what is known of the machine by the pieces of @mapping. Addresses of a
 * device's own registers are no memory. */
static void
see_memory (DmsState *state, const DmsMappingState *mapping)
{
  if ((mapping->flags & DMS_FLAG_FORM) == DMS_FLAG_FORM_RESOURCE)
    return;
  for (uint32_t i = 0; i < mapping->n_pieces; i++)
    {
      const DmsPieceState *piece = &mapping->pieces[i];
      uint64_t end = piece->physical + piece->length;
      if (end > state->memory_end && end >= piece->physical)
        state->memory_end = end;
      if (!piece->bounced || piece->element == NO_ELEMENT)
        continue;
      end = piece->logical + piece->length;
      if (state->pool_end == 0 || piece->logical < state->pool_first)
        state->pool_first = piece->logical;
      if (end > state->pool_end && end >= piece->logical)
        state->pool_end = end;
    }
}

static DmsStatus
fold_begin (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  DmsDeviceState *device = dms_state_need_device (state, event->device, &status);
  if (device == NULL)
    return status;
  if ((event->flags & DMS_FLAG_FAILED) != 0)
    {
      claim_bounces (state, NULL, event);
      return DMS_OK;
    }
  /* In a simulated run only shared memory begins with one event. */
  if ((event->flags & DMS_FLAG_RECORDED) == 0
      && (event->flags & DMS_FLAG_FORM) != DMS_FLAG_FORM_COHERENT)
    return DMS_ERROR_CORRUPT;
  if (event->object == 0 || state->mappings.n >= DMS_STATE_OBJECTS_MAX)
    return event->object == 0 ? DMS_ERROR_CORRUPT : DMS_ERROR_LIMIT;
  DmsMappingState *mapping = make_mapping (event);
  if (mapping == NULL || make_alloc_element (mapping, event) != DMS_OK)
    {
      dms_mapping_free (mapping);
      return DMS_ERROR_NO_MEMORY;
    }

  /* Nothing of the state has changed yet; from here on nothing can fail. */
  if (!dms_table_reserve (&state->mappings) || !dms_table_reserve (&state->by_address))
    {
      dms_mapping_free (mapping);
      return DMS_ERROR_NO_MEMORY;
    }
  uint64_t key = 0;
  end_older (state, mapping);
  dms_table_put (&state->mappings, mapping->id, mapping);
  if (dms_mapping_key (mapping, &key))
    dms_table_put (&state->by_address, key, mapping);
  claim_bounces (state, mapping, event);
  see_memory (state, mapping);
  device->live_mappings++;
  device->live_bytes += mapping->length;
  state->live_bytes += mapping->length;
  state->bounced_bytes += mapping->bounced_bytes;
  state->last_mapping = mapping->id;
  if (mapping->id >= state->next_mapping)
    state->next_mapping = mapping->id + 1;
  return DMS_OK;
}

/* ---- end
 * ------------------------------------------------------------------------------------------
 */

static DmsMappingState *
find_mapping (DmsState *state, const DmsEvent *event)
{
  bool is_sg = (event->flags & DMS_FLAG_FORM) == DMS_FLAG_FORM_SG;
  const DmsMappingState *mapping
      = event->object != 0
            ? dms_state_mapping (state, event->object)
            : dms_state_mapping_at (state, event->device, event->a, is_sg);
  return mapping == NULL || dms_mapping_is_list (mapping)
             ? NULL
             : dms_table_get (&state->mappings, mapping->id);
}

static DmsStatus
fold_end (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  if (dms_state_need_device (state, event->device, &status) == NULL)
    return status;
  DmsMappingState *mapping = find_mapping (state, event);
  if (mapping == NULL)
    {
      state->oddities++;
      return DMS_OK;
    }
  state->last_mapping = mapping->id;
  dms_state_drop_mapping (state, mapping);
  return DMS_OK;
}

static DmsStatus
fold_sync (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  if (dms_state_need_device (state, event->device, &status) == NULL)
    return status;
  const DmsMappingState *mapping = find_mapping (state, event);
  if (mapping == NULL)
    state->oddities++; /* a part of a mapping may be synced: not an error by itself */
  else
    state->last_mapping = mapping->id;
  return DMS_OK;
}

/* ---- IOMMU
 * ------------------------------------------------------------------------------------------
 */

/* Translations are of whole pages, so an entry is kept under the start of its page. */
static uint64_t
iommu_key (uint64_t iova)
{
  return iova & ~DMS_PAGE_MASK;
}

static DmsStatus
fold_iommu_map (DmsState *state, const DmsEvent *event)
{
  DmsStatus status = DMS_OK;
  bool is_new = false;
  DmsIommuState *entry = dms_state_need (
      &state->iommu, iommu_key (event->a), sizeof *entry, &is_new, &status);
  if (entry == NULL)
    return status;
  *entry = (DmsIommuState){
    .iova = event->a,
    .physical = event->b,
    .length = event->length,
    .seq = event->seq,
  };
  return DMS_OK;
}

/* Takes out every entry whose page begins inside the pages of the range. */
static DmsStatus
fold_iommu_unmap (DmsState *state, const DmsEvent *event)
{
  uint64_t first = iommu_key (event->a);
  /* The range may run over the end of the address space; it does not begin anew. */
  uint64_t end
      = event->length > UINT64_MAX - event->a ? UINT64_MAX : event->a + event->length;
  uint64_t pages = ((end - first) >> DMS_PAGE_SHIFT)
                   + (dms_page_offset (end - first) == 0 ? 0 : 1);

  if (pages <= state->iommu.n)
    {
      for (uint64_t i = 0; i < pages; i++)
        free (dms_table_take (&state->iommu, first + (i << DMS_PAGE_SHIFT)));
      return DMS_OK;
    }
  uint64_t *ids = dms_table_sorted_ids (&state->iommu);
  if (ids == NULL && state->iommu.n > 0)
    return DMS_ERROR_NO_MEMORY;
  size_t n = state->iommu.n;
  for (size_t i = 0; i < n; i++)
    if ((ids[i] - first) >> DMS_PAGE_SHIFT < pages)
      free (dms_table_take (&state->iommu, ids[i]));
  free (ids);
  return DMS_OK;
}

DmsStatus
dms_state_fold_recorded (DmsState *state, const DmsEvent *event)
{
  switch (event->kind)
    {
    case DMS_EVENT_BOUNCE:
      return fold_bounce (state, event);
    case DMS_EVENT_MAP:
    case DMS_EVENT_ALLOC:
      return fold_begin (state, event);
    case DMS_EVENT_UNMAP:
    case DMS_EVENT_FREE:
      return fold_end (state, event);
    case DMS_EVENT_SYNC:
      return fold_sync (state, event);
    case DMS_EVENT_IOMMU_MAP:
      return fold_iommu_map (state, event);
    case DMS_EVENT_IOMMU_UNMAP:
      return fold_iommu_unmap (state, event);
    default: /* dms-state-apply.c sends no other kind */
      return DMS_ERROR_CORRUPT;
    }
}
