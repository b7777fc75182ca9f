/* dms-stage-subject.c — which transfer is shown, and what is to be expected of its
 * pages
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- which transfer ---- */

static const DmsTransferState *
chosen_transfer (const DmsStage *stage)
{
  const char *chosen = stage->in->chosen;
  unsigned long long id;

  if (chosen == NULL)
    return NULL;
  if (sscanf (chosen, "page:%llu:", &id) == 1)
    {
      const DmsBufferState *buffer = dms_state_buffer (stage->state, id);
      return buffer == NULL ? NULL
                            : dms_state_transfer (stage->state, buffer->transfer);
    }
  if (sscanf (chosen, "element:%llu:", &id) == 1)
    {
      const DmsMappingState *mapping = dms_state_mapping (stage->state, id);
      return mapping == NULL ? NULL
                             : dms_state_transfer (stage->state, mapping->transfer);
    }
  return NULL;
}

static uint64_t
lowest_id (const DmsTable *table)
{
  size_t at = 0;
  uint64_t id, lowest = 0;

  while (dms_table_next (table, &at, &id) != NULL)
    if (lowest == 0 || id < lowest)
      lowest = id;
  return lowest;
}

/* What device @id works on, or did last. */
static const DmsTransferState *
transfer_of_device (const DmsState *state, uint32_t id)
{
  const DmsDeviceState *device = dms_state_device (state, id);
  const DmsTransferState *latest = NULL;
  const DmsTransferState *transfer;
  size_t at = 0;

  if (device != NULL && device->transfer != 0)
    latest = dms_state_transfer (state, device->transfer);
  if (latest != NULL)
    return latest;
  while ((transfer = dms_table_next (&state->transfers, &at, NULL)) != NULL)
    if (transfer->device == id && (latest == NULL || transfer->id > latest->id))
      latest = transfer;
  return latest;
}

static const DmsTransferState *
find_transfer (const DmsStage *stage)
{
  const DmsState *state = stage->state;
  const DmsTransferState *transfer = dms_state_transfer (state, stage->event->transfer);

  for (uint32_t i = state->n_calls; transfer == NULL && i > 0; i--)
    transfer = dms_state_transfer (state, state->calls[i - 1].transfer);
  if (transfer == NULL && stage->event->device != 0)
    {
      transfer = transfer_of_device (state, stage->event->device);
      if (transfer == NULL && state->devices.n > 1)
        return NULL; /* not another device's */
    }
  if (transfer == NULL)
    transfer = chosen_transfer (stage);
  if (transfer == NULL)
    transfer = dms_state_transfer (state, state->last_transfer);
  if (transfer == NULL)
    transfer = dms_state_transfer (state, lowest_id (&state->transfers));
  return transfer;
}

static void
find_pages (DmsStage *stage)
{
  const DmsBufferState *buffer = stage->buffer;
  uint64_t start = stage->transfer == NULL ? 0 : stage->transfer->start;
  uint64_t length = stage->transfer == NULL ? buffer->length : stage->transfer->length;

  if (start >= buffer->length)
    return;
  if (length > buffer->length - start)
    length = buffer->length - start;
  stage->first_page = dms_buffer_page_of (buffer, start);
  uint32_t last = length == 0 ? stage->first_page
                              : dms_buffer_page_of (buffer, start + length - 1);
  stage->n_pages = last - stage->first_page + 1;
}

void
dms_stage_find_subject (DmsStage *stage)
{
  const DmsState *state = stage->state;

  stage->transfer = find_transfer (stage);
  if (stage->transfer != NULL)
    {
      stage->device_id = stage->transfer->device;
      stage->buffer = dms_state_buffer (state, stage->transfer->buffer);
      stage->mapping = dms_state_mapping (state, stage->transfer->mapping);
      stage->to_device = stage->transfer->direction == DMS_FLAG_TO_DEVICE;
      stage->is_grant
          = stage->mapping != NULL
            && (stage->mapping->flags & DMS_FLAG_FORM) == DMS_FLAG_FORM_SINGLE;
    }
  else
    {
      stage->device_id = stage->event->device != 0
                             ? stage->event->device
                             : (uint32_t)lowest_id (&state->devices);
      if (stage->event->device == 0 || state->devices.n <= 1)
        stage->buffer = dms_state_buffer (state, lowest_id (&state->buffers));
    }
  stage->device = dms_state_device (state, stage->device_id);
  if (stage->buffer != NULL && stage->buffer->n_pages > 0)
    find_pages (stage);
}

const char *
dms_stage_device_name (const DmsStage *stage)
{
  if (stage->device_id == 0)
    return DMS_STAGE_WORD (stage, "the device");
  return dms_scene_keep (stage->scene,
                         dms_names_text (stage->in->names, stage->device_id));
}

bool
dms_stage_is_remapped (const DmsStage *stage)
{
  return stage->device != NULL && stage->device->remapped;
}

bool
dms_stage_expects_list (const DmsStage *stage)
{
  if (stage->mapping != NULL || stage->device == NULL || !stage->device->described)
    return true;
  return stage->device->scatter_gather && stage->shared == NULL;
}

uint64_t
dms_stage_registers_left (const DmsStage *stage)
{
  const DmsState *state = stage->state;

  return state->n_registers - state->registers_granted - state->registers_away;
}

bool
dms_stage_is_out_of_reach (const DmsStage *stage, uint64_t frame)
{
  return stage->device != NULL && stage->device->mask != 0 && !stage->device->remapped
         && frame > stage->device->mask >> DMS_PAGE_SHIFT;
}

bool
dms_stage_is_over (const DmsStage *stage)
{
  return stage->transfer != NULL
         && (stage->transfer->phase == DMS_TRANSFER_PUT
             || stage->transfer->phase == DMS_TRANSFER_COMPLETE
             || stage->transfer->phase == DMS_TRANSFER_REFUSED);
}

/* ---- what becomes of its pages ---- */

/* A list has one piece for each page, in their order; of a grant see
 * dms-stage-grant.c. */
static bool
is_mapped (const DmsStage *stage, uint32_t page)
{
  return stage->mapping != NULL && !stage->is_grant && page < stage->mapping->n_pieces;
}

static bool
bounces (const DmsStage *stage, uint32_t page)
{
  if (is_mapped (stage, page))
    return stage->mapping->pieces[page].bounced;
  return (stage->state->machine_flags & DMS_FLAG_VERIFIER) != 0
         || dms_stage_is_out_of_reach (
             stage, stage->buffer->pages[stage->first_page + page].frame);
}

static uint32_t
mdl_of (const DmsStage *stage, uint32_t page)
{
  uint32_t mdl = 0;
  uint32_t at = stage->first_page + page;

  while (mdl + 1 < stage->buffer->n_mdls
         && at >= stage->buffer->mdls[mdl + 1].first_page)
    mdl++;
  return mdl;
}

/* Whether page @page will join the element of the page before it: runs that are
 * adjacent for the device, within one MDL. */
static bool
joins (const DmsStage *stage, uint32_t page, uint32_t mdl)
{
  const DmsPageState *pages = &stage->buffer->pages[stage->first_page];

  if (page == 0 || stage->first_page + page == stage->buffer->mdls[mdl].first_page)
    return false;
  bool bounced = bounces (stage, page);
  if (bounced != bounces (stage, page - 1))
    return false;
  if (dms_stage_is_remapped (stage))
    return true; /* consecutive map registers are consecutive logical pages */
  if (bounced)
    return (stage->state->machine_flags & DMS_FLAG_HAL_X86) != 0;
  return pages[page].frame == pages[page - 1].frame + 1;
}

/* Fills in the element of every shown page, and the totals over all pages. */
static void
plan_elements (DmsStage *stage)
{
  const DmsPageState *pages = &stage->buffer->pages[stage->first_page];
  uint32_t mdl = stage->n_pages == 0 ? 0 : mdl_of (stage, 0);
  unsigned row = 0;
  uint32_t n = 0;

  for (uint32_t page = 0; page < stage->n_pages; page++)
    {
      while (mdl + 1 < stage->buffer->n_mdls
             && stage->first_page + page >= stage->buffer->mdls[mdl + 1].first_page)
        mdl++;
      if (is_mapped (stage, page) && stage->mapping->pieces[page].element != UINT32_MAX)
        n = stage->mapping->pieces[page].element + 1;
      else if (n == 0 || !joins (stage, page, mdl))
        n++;
      if (bounces (stage, page))
        {
          stage->n_bounced++;
          stage->bounced_bytes += is_mapped (stage, page)
                                      ? stage->mapping->pieces[page].length
                                      : (uint64_t)(pages[page].end - pages[page].start);
        }
      while (row < stage->n_rows && stage->rows[row].index == DMS_NO_PAGE)
        row++;
      if (row < stage->n_rows && stage->rows[row].index == page)
        stage->pages[row++].element = n - 1;
    }
  stage->n_elements = n;
  if (stage->mapping != NULL && stage->mapping->n_elements > n)
    stage->n_elements = stage->mapping->n_elements;
}

static void
plan_page (DmsStage *stage, unsigned row)
{
  uint32_t index = stage->rows[row].index;
  DmsStagePage *page = &stage->pages[row];
  const DmsMappingState *mapping = stage->mapping;

  page->state = &stage->buffer->pages[stage->first_page + index];
  page->mdl = mdl_of (stage, index);
  page->starts_mdl
      = index > 0
        && stage->first_page + index == stage->buffer->mdls[page->mdl].first_page;
  page->bounces = bounces (stage, index);
  page->is_mapped = is_mapped (stage, index);
  page->frame_item = page->bounce_item = page->register_item = DMS_NO_ITEM;
  if (mapping == NULL || stage->is_grant || index >= mapping->n_registers
      || mapping->first_register + index >= stage->state->n_registers)
    return;
  const DmsRegisterState *held
      = &stage->state->registers[mapping->first_register + index];
  if (held->use == DMS_REGISTER_BOUNCES)
    page->bounce_frame = held->bounce_frame;
}

/* ---- which of them are shown ---- */

uint32_t
dms_stage_event_page (const DmsStage *stage)
{
  const DmsEvent *event = stage->event;
  const DmsPieceState *piece = NULL;

  switch (event->kind)
    {
    case DMS_EVENT_PAGE:
    case DMS_EVENT_BOUNCE:
    case DMS_EVENT_COPY:
      return dms_stage_page_of_piece (stage, event->index);
    case DMS_EVENT_TOUCH:
      return event->index >= stage->first_page
                     && event->index - stage->first_page < stage->n_pages
                 ? event->index - stage->first_page
                 : DMS_NO_PAGE;
    case DMS_EVENT_BURST:
      if (stage->mapping != NULL && stage->mapping->id == event->object)
        piece = dms_mapping_piece (stage->mapping, event->index, event->a);
      if (piece == NULL)
        return DMS_NO_PAGE;
      return dms_stage_page_of_piece (stage,
                                      (uint32_t)(piece - stage->mapping->pieces));
    default:
      return DMS_NO_PAGE;
    }
}

static void
add_run (DmsStage *stage, uint32_t from, uint32_t to)
{
  const DmsRow *last = stage->n_rows == 0 ? NULL : &stage->rows[stage->n_rows - 1];
  uint32_t next = last == NULL ? 0 : last->index + 1;

  if (from < next)
    from = next;
  if (from > next && from - next == 1)
    from = next; /* "1 more" would take as much room as that one */
  if (from > next && from < to && stage->n_rows + 1 < DMS_STAGE_ROWS_MAX)
    stage->rows[stage->n_rows++]
        = (DmsRow){ .index = DMS_NO_PAGE, .left_out = from - next };
  for (uint32_t page = from; page < to && stage->n_rows < DMS_STAGE_ROWS_MAX; page++)
    stage->rows[stage->n_rows++] = (DmsRow){ .index = page };
}

/* @limit rows for the pages: the first ones, those around the one that the event is
 * about, the last ones. */
static void
choose_rows (DmsStage *stage, uint32_t limit)
{
  uint32_t n = stage->n_pages;
  uint32_t page = dms_stage_event_page (stage);

  stage->n_rows = 0;
  if (n <= limit)
    {
      add_run (stage, 0, n);
      return;
    }
  uint32_t room = limit - 2; /* two rows may say how many are left out */
  uint32_t tail = room / 4;
  uint32_t head = room - tail;
  if (page == DMS_NO_PAGE || page < head || page >= n - tail)
    {
      add_run (stage, 0, head);
      add_run (stage, n - tail, n);
      return;
    }
  uint32_t middle = room - 2 * tail;
  uint32_t from = page - middle / 2;
  uint32_t to = from + middle > n - tail ? n - tail : from + middle;
  add_run (stage, 0, tail);
  add_run (stage, from < tail ? tail : from, to);
  add_run (stage, n - tail, n);
}

/* The elements of the shown pages, in their order. */
static void
choose_elements (DmsStage *stage)
{
  uint32_t next = 0;

  stage->n_element_rows = 0;
  for (unsigned row = 0; row < stage->n_rows; row++)
    {
      if (stage->rows[row].index == DMS_NO_PAGE)
        continue;
      uint32_t element = stage->pages[row].element;
      if (element < next || stage->n_element_rows + 2 >= DMS_STAGE_ROWS_MAX)
        continue;
      if (element > next)
        stage->elements[stage->n_element_rows++]
            = (DmsRow){ .index = DMS_NO_PAGE, .left_out = element - next };
      stage->elements[stage->n_element_rows++] = (DmsRow){ .index = element };
      next = element + 1;
    }
  if (next < stage->n_elements && stage->n_element_rows < DMS_STAGE_ROWS_MAX)
    stage->elements[stage->n_element_rows++]
        = (DmsRow){ .index = DMS_NO_PAGE, .left_out = stage->n_elements - next };
}

void
dms_stage_plan (DmsStage *stage)
{
  enum
  {
    ROW_LEAST = 21,   /* pixels for a row of the buffer */
    FRAME_LEAST = 16, /* for a frame */
    ROWS_LEAST = 8
  };
  double height = stage->bottom - stage->top;
  uint32_t limit = (uint32_t)(height / ROW_LEAST);

  dms_stage_plan_shared (stage);
  if (stage->n_pages == 0)
    return;
  if (limit > 24)
    limit = 24;
  if (limit < ROWS_LEAST)
    limit = ROWS_LEAST;
  for (;; limit--)
    {
      unsigned frames = stage->n_shared_rows;
      choose_rows (stage, limit);
      for (unsigned row = 0; row < stage->n_rows; row++)
        {
          if (stage->rows[row].index == DMS_NO_PAGE)
            continue;
          plan_page (stage, row);
          frames += stage->pages[row].bounces ? 2 : 1;
        }
      if (frames * FRAME_LEAST < height - 60 || limit == ROWS_LEAST)
        break;
    }
  if (stage->is_grant)
    dms_stage_plan_grant (stage);
  else
    {
      plan_elements (stage);
      choose_elements (stage);
      if (!dms_stage_expects_list (stage))
        stage->n_element_rows = 0;
    }
  unsigned n_breaks = 0;
  for (unsigned row = 0; row < stage->n_rows; row++)
    n_breaks += stage->rows[row].index != DMS_NO_PAGE && stage->pages[row].starts_mdl;
  stage->is_dense = stage->n_rows * 40 + n_breaks * 20 > height;
}

int
dms_stage_row_of (const DmsRow *rows, unsigned n, uint32_t index)
{
  for (unsigned row = 0; row < n; row++)
    if (rows[row].index == index && index != DMS_NO_PAGE)
      return (int)row;
  return -1;
}

void
dms_stage_space_rows (
    DmsRow *rows, unsigned n, double top, double bottom, double pitch, double gap)
{
  const double more = 20;
  unsigned n_more = 0;

  for (unsigned row = 0; row < n; row++)
    n_more += rows[row].index == DMS_NO_PAGE ? 1 : 0;
  if (n > n_more)
    {
      double room = (bottom - top - n_more * more) / (n - n_more);
      pitch = room < pitch ? room : pitch;
    }
  gap = gap > pitch / 5 ? pitch / 5 : gap;
  for (unsigned row = 0; row < n; row++)
    {
      double height = rows[row].index == DMS_NO_PAGE ? more : pitch;
      rows[row].y = floor (top); /* whole pixels are sharp */
      rows[row].height = floor (height - (rows[row].index == DMS_NO_PAGE ? 4 : gap));
      top += height;
    }
}
