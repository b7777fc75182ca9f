/* dms-mdl.c — buffers, the MDLs that describe them, and chains of MDLs
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-mdl.h"

#include "engine/kernel/dms-pattern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t
count_pages (const DmsScenarioBuffer *row)
{
  size_t n = 0;

  for (size_t i = 0; i < row->n_mdls; i++)
    n += row->mdls[i].n_frames;
  return n;
}

uint64_t
dms_buffer_span (const DmsScenarioBuffer *row)
{
  return (uint64_t)count_pages (row) << DMS_PAGE_SHIFT;
}

static DmsStatus
back_mdl (DmsMemory *memory, const DmsScenarioMdl *row, uint8_t *page)
{
  for (size_t i = 0; i < row->n_frames; i++)
    {
      DmsStatus status
          = dms_memory_back (memory, row->frames[i], page + i * DMS_PAGE_SIZE);

      if (status != DMS_OK)
        return status;
    }
  return DMS_OK;
}

static bool
is_possible (const DmsScenarioBuffer *row)
{
  for (size_t i = 0; i < row->n_mdls; i++)
    {
      const DmsScenarioMdl *mdl = &row->mdls[i];

      if (mdl->offset >= DMS_PAGE_SIZE || mdl->length == 0
          || mdl->length > (uint64_t)DMS_SCENARIO_FRAMES_MAX << DMS_PAGE_SHIFT
          || mdl->n_frames != dms_span_pages (mdl->offset, mdl->length))
        return false;
    }
  return row->n_mdls > 0 && row->n_mdls <= DMS_SCENARIO_MDLS_MAX;
}

DmsStatus
dms_buffer_init (DmsBuffer *buffer,
                 uint64_t id,
                 uint64_t address,
                 const DmsScenarioBuffer *row,
                 DmsMemory *memory)
{
  uint8_t *block = NULL;
  uint32_t page = 0;

  *buffer = (DmsBuffer){ .id = id };
  if (!is_possible (row))
    return DMS_ERROR_RANGE;

  DmsStatus status = dms_memory_add_block (memory, count_pages (row), &block);

  if (status != DMS_OK)
    return status;
  buffer->mdls = calloc (row->n_mdls, sizeof *buffer->mdls);
  if (buffer->mdls == NULL)
    return DMS_ERROR_NO_MEMORY;
  buffer->n_mdls = row->n_mdls;
  for (size_t i = 0; i < row->n_mdls && status == DMS_OK; i++)
    {
      const DmsScenarioMdl *from = &row->mdls[i];
      size_t offset = (size_t)page * DMS_PAGE_SIZE;

      buffer->mdls[i] = (DmsMdl){ .buffer = buffer,
                                  .start = buffer->length,
                                  .address = address + offset + from->offset,
                                  .length = from->length,
                                  .frames = from->frames,
                                  .n_frames = (uint32_t)from->n_frames,
                                  .first_page = page,
                                  .bytes = block + offset + from->offset,
                                  .is_locked = from->locked };
      status = back_mdl (memory, from, block + offset);
      buffer->length += from->length;
      page += (uint32_t)from->n_frames;
    }
  return status;
}

void
dms_buffer_release (DmsBuffer *buffer)
{
  free (buffer->mdls);
  free (buffer->waiting);
  *buffer = (DmsBuffer){ 0 };
}

/* ---- requests that wait for the buffer ---- */

bool
dms_buffer_wait (DmsBuffer *buffer, uint32_t row)
{
  if (buffer->n_waiting == buffer->waiting_capacity)
    {
      size_t capacity = buffer->n_waiting == 0 ? 8 : 2 * buffer->n_waiting;
      uint32_t *waiting = malloc (capacity * sizeof *waiting);

      if (waiting == NULL)
        return false;
      for (size_t i = 0; i < buffer->n_waiting; i++)
        waiting[i]
            = buffer->waiting[(buffer->waiting_first + i) % buffer->waiting_capacity];
      free (buffer->waiting);
      buffer->waiting = waiting;
      buffer->waiting_capacity = capacity;
      buffer->waiting_first = 0;
    }
  buffer
      ->waiting[(buffer->waiting_first + buffer->n_waiting) % buffer->waiting_capacity]
      = row;
  buffer->n_waiting++;
  return true;
}

bool
dms_buffer_next_waiting (DmsBuffer *buffer, uint32_t *ret_row)
{
  if (buffer->n_waiting == 0)
    return false;
  *ret_row = buffer->waiting[buffer->waiting_first];
  buffer->waiting_first = (buffer->waiting_first + 1) % buffer->waiting_capacity;
  buffer->n_waiting--;
  return true;
}

/* ---- places in a buffer ---- */

DmsMdl *
dms_buffer_mdl_at (const DmsBuffer *buffer, uint64_t start)
{
  size_t i = 0;

  assert (start < buffer->length);
  while (start - buffer->mdls[i].start >= buffer->mdls[i].length)
    i++;
  return &buffer->mdls[i];
}

DmsMdl
dms_mdl_rest (const DmsMdl *mdl, uint64_t skip)
{
  DmsMdl rest = *mdl;
  uint32_t pages
      = (uint32_t)((dms_page_offset (mdl->address) + skip) >> DMS_PAGE_SHIFT);

  assert (skip < mdl->length);
  rest.start += skip;
  rest.address += skip;
  rest.length -= skip;
  rest.frames += pages;
  rest.n_frames -= pages;
  rest.first_page += pages;
  rest.bytes += skip;
  return rest;
}

void
dms_buffer_read (const DmsBuffer *buffer, uint64_t start, uint8_t *bytes, size_t length)
{
  while (length > 0)
    {
      const DmsMdl *mdl = dms_buffer_mdl_at (buffer, start);
      uint64_t skip = start - mdl->start;
      size_t n = mdl->length - skip < length ? (size_t)(mdl->length - skip) : length;

      memcpy (bytes, mdl->bytes + skip, n);
      bytes += n;
      start += n;
      length -= n;
    }
}

void
dms_buffer_fill (const DmsBuffer *buffer, uint64_t start, uint64_t length, uint64_t key)
{
  for (uint64_t done = 0; done < length;)
    {
      const DmsMdl *mdl = dms_buffer_mdl_at (buffer, start + done);
      uint64_t skip = start + done - mdl->start;
      uint64_t n
          = mdl->length - skip < length - done ? mdl->length - skip : length - done;

      dms_pattern_fill (key, done, mdl->bytes + skip, (size_t)n);
      done += n;
    }
}

/* ---- chains ---- */

uint64_t
dms_chain_bytes (DmsMdl *const *mdls, size_t n, uint64_t skip)
{
  uint64_t bytes = 0;

  for (size_t i = 0; i < n; i++)
    bytes += mdls[i]->length;
  return bytes > skip ? bytes - skip : 0;
}

uint64_t
dms_chain_pages (
    DmsMdl *const *mdls, size_t n, uint64_t skip, uint64_t length, uint32_t *ret_n_mdls)
{
  uint64_t pages = 0;
  uint32_t n_mdls = 0;

  for (size_t i = 0; i < n && length > 0; i++)
    {
      uint64_t here = mdls[i]->length - skip;

      if (here > length)
        here = length;
      pages += dms_span_pages (mdls[i]->address + skip, here);
      length -= here;
      skip = 0;
      n_mdls++;
    }
  *ret_n_mdls = n_mdls;
  return pages;
}
