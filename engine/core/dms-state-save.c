/* dms-state-save.c — a state as bytes, in id order: keyframes and equality
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state-private.h"

#include <stdlib.h>
#include <string.h>

/* One function writes and reads each struct, so that the two cannot drift apart: a
 * Stream either appends a number or replaces it by what it reads. */
typedef struct
{
  DmsBytes *out; /* NULL while reading */
  DmsReader in;
  bool no_memory; /* that is why in.failed is set */
} Stream;

#define FORMAT                                                                         \
  2 /* of what follows; a keyframe of another one is passed over and made anew */

static void
fail_without_memory (Stream *stream)
{
  stream->in.failed = true;
  stream->no_memory = true;
}

static uint64_t
pass (Stream *stream, uint64_t value)
{
  if (stream->out != NULL)
    {
      dms_bytes_append_varint (stream->out, value);
      return value;
    }
  return dms_reader_varint (&stream->in);
}

static void
pass_u64 (Stream *stream, uint64_t *value)
{
  *value = pass (stream, *value);
}

static void
pass_u32 (Stream *stream, uint32_t *value)
{
  uint64_t wide = pass (stream, *value);
  stream->in.failed |= wide > UINT32_MAX;
  *value = (uint32_t)wide;
}

static void
pass_u16 (Stream *stream, uint16_t *value)
{
  uint64_t wide = pass (stream, *value);
  stream->in.failed |= wide > UINT16_MAX;
  *value = (uint16_t)wide;
}

static void
pass_u8 (Stream *stream, uint8_t *value)
{
  uint64_t wide = pass (stream, *value);
  stream->in.failed |= wide > UINT8_MAX;
  *value = (uint8_t)wide;
}

static void
pass_bool (Stream *stream, bool *value)
{
  uint64_t wide = pass (stream, *value ? 1 : 0);
  stream->in.failed |= wide > 1;
  *value = wide == 1;
}

static void
pass_i64 (Stream *stream, int64_t *value)
{
  if (stream->out != NULL)
    dms_bytes_append_signed (stream->out, *value);
  else
    *value = dms_reader_signed (&stream->in);
}

/* A count of entries, each of at least one byte. While reading, makes *array for them.
 */
static uint32_t
pass_array (Stream *stream, uint32_t n, void **array, size_t size)
{
  pass_u32 (stream, &n);
  if (stream->out != NULL)
    return n;
  if (stream->in.failed || n > DMS_STATE_OBJECTS_MAX
      || n > stream->in.length - stream->in.at)
    {
      stream->in.failed = true;
      return 0;
    }
  /* Capacity of the next power of two, which is what growing arrays of a state expect.
   */
  size_t capacity = 1;
  while (capacity < n)
    capacity *= 2;
  *array = n == 0 ? NULL : calloc (capacity, size);
  if (n > 0 && *array == NULL)
    {
      fail_without_memory (stream);
      return 0;
    }
  return n;
}

/* ---- the structs
 * ---------------------------------------------------------------------------------- */

static void
pass_register (Stream *stream, DmsRegisterState *value)
{
  pass_u8 (stream, &value->use);
  stream->in.failed |= value->use > DMS_REGISTER_AWAY;
  if (value->use == DMS_REGISTER_FREE)
    {
      value->page = UINT32_MAX;
      return;
    }
  pass_u32 (stream, &value->page);
  pass_u64 (stream, &value->mapping);
  pass_u64 (stream, &value->bounce_frame);
}

static void
pass_device (Stream *stream, DmsDeviceState *value)
{
  pass_u32 (stream, &value->id);
  pass_bool (stream, &value->described);
  pass_u32 (stream, &value->model);
  pass_u32 (stream, &value->address_bits);
  pass_u64 (stream, &value->mask);
  pass_u64 (stream, &value->maximum_length);
  pass_u64 (stream, &value->burst);
  pass_u32 (stream, &value->map_registers);
  pass_u32 (stream, &value->max_elements);
  pass_bool (stream, &value->scatter_gather);
  pass_u64 (stream, &value->adapter);
  pass_bool (stream, &value->channel_taken);
  pass_bool (stream, &value->remapped);
  pass_bool (stream, &value->stopped);
  pass_u32 (stream, &value->channel);
  pass_u64 (stream, &value->segment);
  pass_u64 (stream, &value->boundary);
  pass_u64 (stream, &value->alignment);
  pass_u64 (stream, &value->ring_length);
  pass_u64 (stream, &value->controller_address);
  pass_u64 (stream, &value->controller_length);
  pass_u32 (stream, &value->controller_mode);
  pass_bool (stream, &value->controller_runs);
  pass_u64 (stream, &value->rounds);
  pass_u64 (stream, &value->transfer);
  pass_bool (stream, &value->running);
  pass_u64 (stream, &value->moved_bytes);
  pass_u64 (stream, &value->moved_total);
  pass_u64 (stream, &value->live_mappings);
  pass_u64 (stream, &value->live_bytes);
}

static void
pass_page (Stream *stream, DmsPageState *value)
{
  pass_u64 (stream, &value->frame);
  pass_u16 (stream, &value->start);
  pass_u16 (stream, &value->end);
  pass_u8 (stream, &value->n_ranges);
  stream->in.failed |= value->n_ranges > DMS_STATE_RANGES_MAX
                       || value->start > value->end || value->end > DMS_PAGE_SIZE;
  uint32_t behind = value->start;
  for (unsigned i = 0; i < value->n_ranges && !stream->in.failed; i++)
    {
      DmsRange *range = &value->ranges[i];
      pass_u16 (stream, &range->start);
      pass_u16 (stream, &range->end);
      pass_u8 (stream, &range->content);
      stream->in.failed |= range->start < behind || range->end <= range->start
                           || range->end > value->end
                           || range->content == DMS_CONTENT_NONE
                           || range->content > DMS_CONTENT_MIXED
                           || (i > 0 && range->start == behind
                               && range->content == range[-1].content);
      behind = range->end;
    }
}

static void
pass_mdl (Stream *stream, DmsMdlState *value)
{
  pass_u64 (stream, &value->address);
  pass_u64 (stream, &value->start);
  pass_u64 (stream, &value->length);
  pass_u32 (stream, &value->first_page);
  pass_u32 (stream, &value->n_pages);
  pass_bool (stream, &value->locked);
}

static void
pass_buffer (Stream *stream, DmsBufferState *value)
{
  pass_u64 (stream, &value->id);
  pass_u32 (stream, &value->name);
  pass_u64 (stream, &value->length);
  pass_u64 (stream, &value->transfer);
  void *array = value->mdls;
  value->n_mdls = pass_array (stream, value->n_mdls, &array, sizeof *value->mdls);
  value->mdls = array;
  for (uint32_t i = 0; i < value->n_mdls; i++)
    pass_mdl (stream, &value->mdls[i]);
  array = value->pages;
  value->n_pages = pass_array (stream, value->n_pages, &array, sizeof *value->pages);
  value->pages = array;
  for (uint32_t i = 0; i < value->n_pages; i++)
    pass_page (stream, &value->pages[i]);
}

static void
pass_transfer (Stream *stream, DmsTransferState *value)
{
  pass_u64 (stream, &value->id);
  pass_u32 (stream, &value->device);
  pass_u64 (stream, &value->buffer);
  pass_u64 (stream, &value->start);
  pass_u64 (stream, &value->length);
  pass_u32 (stream, &value->direction);
  pass_u8 (stream, &value->phase);
  stream->in.failed |= value->phase > DMS_TRANSFER_REFUSED;
  pass_u64 (stream, &value->mapping);
  pass_u64 (stream, &value->moved_bytes);
  pass_u64 (stream, &value->copied_bytes);
  pass_u64 (stream, &value->waiting_bytes);
  pass_u64 (stream, &value->held_bytes);
  pass_u32 (stream, &value->status);
  pass_bool (stream, &value->cancelled);
}

static void
pass_piece (Stream *stream, DmsPieceState *value)
{
  pass_u64 (stream, &value->physical);
  pass_u64 (stream, &value->logical);
  pass_u64 (stream, &value->length);
  pass_u32 (stream, &value->element);
  pass_u32 (stream, &value->map_register);
  pass_bool (stream, &value->bounced);
  pass_bool (stream, &value->flushed);
}

static void
pass_element (Stream *stream, DmsElementState *value)
{
  pass_u64 (stream, &value->logical);
  pass_u64 (stream, &value->length);
  pass_u64 (stream, &value->moved);
  pass_bool (stream, &value->described);
}

static void
pass_mapping (Stream *stream, DmsMappingState *value)
{
  pass_u64 (stream, &value->id);
  pass_u64 (stream, &value->begin_seq);
  pass_i64 (stream, &value->begin_t_ns);
  pass_u32 (stream, &value->device);
  pass_u32 (stream, &value->task);
  pass_u64 (stream, &value->transfer);
  pass_u32 (stream, &value->flags);
  pass_bool (stream, &value->ready);
  pass_u64 (stream, &value->length);
  pass_u64 (stream, &value->virtual_address);
  pass_u64 (stream, &value->attributes);
  pass_u32 (stream, &value->first_register);
  pass_u32 (stream, &value->n_registers);
  pass_u32 (stream, &value->needed_registers);
  pass_u32 (stream, &value->used_registers);
  pass_u32 (stream, &value->n_flushed);
  pass_u32 (stream, &value->wanted_elements);
  pass_u32 (stream, &value->wanted_pieces);
  pass_u64 (stream, &value->bounced_bytes);
  void *array = value->pieces;
  value->n_pieces = pass_array (stream, value->n_pieces, &array, sizeof *value->pieces);
  value->pieces = array;
  for (uint32_t i = 0; i < value->n_pieces; i++)
    pass_piece (stream, &value->pieces[i]);
  array = value->elements;
  value->n_elements
      = pass_array (stream, value->n_elements, &array, sizeof *value->elements);
  value->elements = array;
  for (uint32_t i = 0; i < value->n_elements; i++)
    pass_element (stream, &value->elements[i]);
}

static void
pass_iommu (Stream *stream, DmsIommuState *value)
{
  pass_u64 (stream, &value->iova);
  pass_u64 (stream, &value->physical);
  pass_u64 (stream, &value->length);
  pass_u64 (stream, &value->seq);
}

static void
pass_call (Stream *stream, DmsCallState *value)
{
  pass_u32 (stream, &value->routine);
  pass_u32 (stream, &value->name);
  pass_u32 (stream, &value->file);
  pass_u32 (stream, &value->line);
  pass_u64 (stream, &value->seq);
  pass_u64 (stream, &value->transfer);
  pass_u8 (stream, &value->context);
  pass_bool (stream, &value->callback);
}

static void
pass_pending (Stream *stream, DmsPendingBounce *value)
{
  pass_u64 (stream, &value->original);
  pass_u64 (stream, &value->length);
  pass_u32 (stream, &value->device);
  pass_u32 (stream, &value->task);
  pass_u16 (stream, &value->cpu);
  pass_bool (stream, &value->forced);
}

static void
pass_scalars (Stream *stream, DmsState *state)
{
  pass_u64 (stream, &state->seq);
  pass_u64 (stream, &state->step);
  pass_i64 (stream, &state->t_ns);
  pass_u8 (stream, &state->context);
  pass_u16 (stream, &state->cpu);
  pass_u32 (stream, &state->file);
  pass_u32 (stream, &state->line);
  pass_bool (stream, &state->recorded);
  pass_u64 (stream, &state->memory_bytes);
  pass_u32 (stream, &state->page_size);
  pass_u32 (stream, &state->machine_flags);
  pass_u32 (stream, &state->registers_granted);
  pass_u32 (stream, &state->registers_bouncing);
  pass_u32 (stream, &state->registers_away);
  pass_bool (stream, &state->pool_is_used);
  pass_u64 (stream, &state->next_mapping);
  pass_u64 (stream, &state->last_mapping);
  pass_u64 (stream, &state->last_transfer);
  pass_u64 (stream, &state->live_bytes);
  pass_u64 (stream, &state->bounced_bytes);
  pass_u64 (stream, &state->pool_first);
  pass_u64 (stream, &state->pool_end);
  pass_u64 (stream, &state->memory_end);
  pass_u64 (stream, &state->waiting_bytes);
  pass_u64 (stream, &state->held_bytes);
  pass_u64 (stream, &state->copied_bytes);
  pass_u64 (stream, &state->moved_bytes);
  pass_u64 (stream, &state->lost_events);
  pass_u64 (stream, &state->oddities);
}

static void
pass_lists (Stream *stream, DmsState *state)
{
  void *array = state->registers;
  state->n_registers
      = pass_array (stream, state->n_registers, &array, sizeof *state->registers);
  state->registers = array;
  stream->in.failed |= state->n_registers > DMS_STATE_REGISTERS_MAX;
  for (uint32_t i = 0; i < state->n_registers; i++)
    pass_register (stream, &state->registers[i]);

  pass_u32 (stream, &state->n_calls);
  stream->in.failed |= state->n_calls > DMS_STATE_CALLS_MAX;
  for (uint32_t i = 0; i < state->n_calls && !stream->in.failed; i++)
    pass_call (stream, &state->calls[i]);

  pass_u32 (stream, &state->n_pending);
  stream->in.failed |= state->n_pending > DMS_STATE_PENDING_MAX;
  if (stream->out == NULL && !stream->in.failed && state->n_pending > 0)
    {
      state->pending = calloc (DMS_STATE_PENDING_MAX, sizeof *state->pending);
      if (state->pending == NULL)
        fail_without_memory (stream);
    }
  for (uint32_t i = 0; i < state->n_pending && !stream->in.failed; i++)
    pass_pending (stream, &state->pending[i]);
}

/* ---- saving
 * -------------------------------------------------------------------------------------
 */

/* Every struct of the tables begins with its id, or is passed by a function that writes
 * it. */
typedef void (*PassObject) (Stream *stream, void *object);

static void
device_object (Stream *stream, void *object)
{
  pass_device (stream, object);
}

static void
buffer_object (Stream *stream, void *object)
{
  pass_buffer (stream, object);
}

static void
transfer_object (Stream *stream, void *object)
{
  pass_transfer (stream, object);
}

static void
mapping_object (Stream *stream, void *object)
{
  pass_mapping (stream, object);
}

static void
iommu_object (Stream *stream, void *object)
{
  pass_iommu (stream, object);
}

static void
save_table (Stream *stream, const DmsTable *table, PassObject pass_object)
{
  uint64_t *ids = dms_table_sorted_ids (table);

  pass (stream, table->n);
  stream->out->failed |= ids == NULL && table->n > 0;
  for (size_t i = 0; ids != NULL && i < table->n; i++)
    {
      pass (stream, ids[i]);
      pass_object (stream, dms_table_get (table, ids[i]));
    }
  free (ids);
}

/* Eight bytes at a time; each step can be undone, so no single change is lost, and the
 * shift brings upper bits down so that two do not cancel out. */
uint64_t
dms_state_checksum (const uint8_t *data, size_t length)
{
  uint64_t sum = UINT64_C (0xcbf29ce484222325) ^ length;

  while (length > 0)
    {
      uint64_t word = 0;
      size_t n = length < 8 ? length : 8;
      for (size_t i = 0; i < n; i++)
        word |= (uint64_t)data[i] << (8 * i);
      sum = (sum ^ word) * UINT64_C (0x9e3779b97f4a7c15);
      sum ^= sum >> 32;
      data += n;
      length -= n;
    }
  return sum;
}

static void
append_checksum (DmsBytes *bytes, size_t start)
{
  uint8_t tail[DMS_STATE_CHECKSUM_BYTES];
  uint64_t sum = dms_state_checksum (bytes->data + start, bytes->length - start);

  for (unsigned i = 0; i < DMS_STATE_CHECKSUM_BYTES; i++)
    tail[i] = (uint8_t)(sum >> (8 * i));
  dms_bytes_append (bytes, tail, sizeof tail);
}

void
dms_state_save (const DmsState *state, DmsBytes *bytes)
{
  Stream stream = { .out = bytes };
  /* While out is set nothing of the state is changed: pass_… write back what they read.
   */
  DmsState *same = (DmsState *)(uintptr_t)state;
  size_t start = bytes->length;

  pass (&stream, FORMAT);
  pass_scalars (&stream, same);
  pass_lists (&stream, same);
  save_table (&stream, &state->devices, device_object);
  save_table (&stream, &state->buffers, buffer_object);
  save_table (&stream, &state->transfers, transfer_object);
  save_table (&stream, &state->mappings, mapping_object);
  save_table (&stream, &state->iommu, iommu_object);
  bytes->failed |= stream.in.failed;
  if (!bytes->failed)
    append_checksum (bytes, start);
}

/* ---- loading
 * ------------------------------------------------------------------------------------
 */

static void
free_mapping (void *object)
{
  dms_mapping_free (object);
}

static void
free_buffer (void *object)
{
  dms_buffer_free (object);
}

static void
load_table (Stream *stream,
            DmsTable *table,
            size_t size,
            PassObject pass_object,
            void (*release) (void *))
{
  uint64_t n = pass (stream, 0);
  uint64_t previous = 0;

  for (uint64_t i = 0; i < n && !stream->in.failed; i++)
    {
      uint64_t id = pass (stream, 0);
      void *object = calloc (1, size);
      if (object == NULL || !dms_table_reserve (table))
        fail_without_memory (stream);
      if (stream->in.failed || table->n >= DMS_STATE_OBJECTS_MAX
          || (i > 0 && id <= previous))
        {
          free (object);
          stream->in.failed = true;
          return;
        }
      pass_object (stream, object);
      if (stream->in.failed)
        release (object);
      else
        dms_table_put (table, id, object); /* there is room */
      previous = id;
    }
}

static bool
index_addresses (DmsState *state)
{
  size_t at = 0;
  DmsMappingState *mapping;

  while ((mapping = dms_table_next (&state->mappings, &at, NULL)) != NULL)
    {
      uint64_t key = 0;
      if (!dms_mapping_key (mapping, &key))
        continue;
      if (!dms_table_put (&state->by_address, key, mapping))
        return false;
    }
  return true;
}

static bool
is_intact (const uint8_t *data, size_t length)
{
  uint64_t sum = 0;

  if (length < DMS_STATE_CHECKSUM_BYTES)
    return false;
  length -= DMS_STATE_CHECKSUM_BYTES;
  for (unsigned i = 0; i < DMS_STATE_CHECKSUM_BYTES; i++)
    sum |= (uint64_t)data[length + i] << (8 * i);
  return sum == dms_state_checksum (data, length);
}

static void
load_tables (Stream *stream, DmsState *state)
{
  load_table (stream, &state->devices, sizeof (DmsDeviceState), device_object, free);
  load_table (
      stream, &state->buffers, sizeof (DmsBufferState), buffer_object, free_buffer);
  load_table (
      stream, &state->transfers, sizeof (DmsTransferState), transfer_object, free);
  load_table (
      stream, &state->mappings, sizeof (DmsMappingState), mapping_object, free_mapping);
  load_table (stream, &state->iommu, sizeof (DmsIommuState), iommu_object, free);
}

DmsStatus
dms_state_load (DmsState *state, const uint8_t *data, size_t length)
{
  Stream stream = { .out = NULL };

  dms_state_reset (state);
  if (!is_intact (data, length))
    return DMS_ERROR_CORRUPT;
  dms_reader_init (&stream.in, data, length - DMS_STATE_CHECKSUM_BYTES);
  if (pass (&stream, 0) != FORMAT)
    return DMS_ERROR_CORRUPT;
  pass_scalars (&stream, state);
  pass_lists (&stream, state);
  load_tables (&stream, state);

  DmsStatus status = DMS_OK;
  if (stream.no_memory)
    status = DMS_ERROR_NO_MEMORY;
  else if (stream.in.failed || !dms_reader_at_end (&stream.in)
           || !dms_state_is_sound (state))
    status = DMS_ERROR_CORRUPT;
  else if (!index_addresses (state))
    status = DMS_ERROR_NO_MEMORY;
  if (status != DMS_OK)
    dms_state_reset (state);
  return status;
}

bool
dms_state_equal (const DmsState *one, const DmsState *other)
{
  DmsBytes a;
  DmsBytes b;

  dms_bytes_init (&a);
  dms_bytes_init (&b);
  dms_state_save (one, &a);
  dms_state_save (other, &b);
  bool equal = !a.failed && !b.failed && a.length == b.length
               && (a.length == 0 || memcmp (a.data, b.data, a.length) == 0);
  dms_bytes_release (&a);
  dms_bytes_release (&b);
  return equal;
}
