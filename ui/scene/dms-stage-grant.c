/* dms-stage-grant.c — what a channel was granted with: pieces mapped one after the
 * other
 *
 * The pieces of a grant are counted over its whole life, and each takes the next of its
 * few map registers. Which page of the transfer a piece is follows from the bytes that
 * were mapped before it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

enum
{
  PIECES_MAX = 4096, /* that are looked at, from the last one back */
  REGISTERS_LEAST = 4,
  REGISTERS_MOST = 12,
  REGISTER_HEIGHT = 34,
  ELEMENTS_LEAST = 4,
  ELEMENTS_MOST = 12,
  ELEMENT_HEIGHT = 46
};

static uint64_t
bytes_before (const DmsMappingState *mapping, uint32_t piece)
{
  uint64_t sum = 0;

  for (uint32_t i = 0; i < piece && i < mapping->n_pieces; i++)
    sum += mapping->pieces[i].length;
  return sum;
}

/* The page where byte @at of the transfer lies. */
static uint32_t
page_at (const DmsStage *stage, uint64_t at)
{
  const DmsBufferState *buffer = stage->buffer;
  uint64_t start = stage->transfer->start;

  if (buffer == NULL || start >= buffer->length || at >= buffer->length - start)
    return DMS_NO_PAGE;
  uint32_t page = dms_buffer_page_of (buffer, start + at) - stage->first_page;
  return page < stage->n_pages ? page : DMS_NO_PAGE;
}

/* The same, when @piece is really of the buffer: a driver may also map memory of its
 * own. */
static uint32_t
page_of (const DmsStage *stage, const DmsPieceState *piece, uint64_t at)
{
  uint32_t page = page_at (stage, at);

  if (page == DMS_NO_PAGE
      || stage->buffer->pages[stage->first_page + page].frame
             != piece->physical >> DMS_PAGE_SHIFT)
    return DMS_NO_PAGE;
  return page;
}

uint32_t
dms_stage_page_of_piece (const DmsStage *stage, uint32_t piece)
{
  if (!stage->is_grant)
    return piece < stage->n_pages ? piece : DMS_NO_PAGE;
  if (piece >= stage->mapping->n_pieces)
    return DMS_NO_PAGE;
  return page_of (
      stage, &stage->mapping->pieces[piece], bytes_before (stage->mapping, piece));
}

uint32_t
dms_stage_event_element (const DmsStage *stage)
{
  const DmsEvent *event = stage->event;
  const DmsMappingState *mapping = stage->mapping;

  if (mapping == NULL)
    return UINT32_MAX;
  switch (event->kind)
    {
    case DMS_EVENT_BURST:
    case DMS_EVENT_STRAY:
      return event->index;
    case DMS_EVENT_DESCRIPTOR:
      /* Of a grant the device's descriptors begin anew with each start. */
      if ((event->flags & DMS_FLAG_FORM) == DMS_FLAG_FORM_SINGLE)
        return event->b - 1 < mapping->n_elements ? (uint32_t)(event->b - 1)
                                                  : UINT32_MAX;
      return event->index;
    case DMS_EVENT_PAGE:
    case DMS_EVENT_BOUNCE:
    case DMS_EVENT_COPY:
      return event->index < mapping->n_pieces ? mapping->pieces[event->index].element
                                              : UINT32_MAX;
    default:
      return UINT32_MAX;
    }
}

/* ---- which rows there are ---- */

static unsigned
fit (const DmsStage *stage, double height, unsigned least, unsigned most)
{
  double n = (stage->bottom - stage->top) / height;

  return n < least ? least : n > most ? most : (unsigned)n;
}

static void
choose_registers (DmsStage *stage)
{
  unsigned most = fit (stage, REGISTER_HEIGHT, REGISTERS_LEAST, REGISTERS_MOST);
  const DmsMappingState *mapping = stage->mapping;
  uint32_t n = mapping->n_registers != 0 ? mapping->n_registers
               : mapping->ready          ? 0
                                         : mapping->needed_registers;
  uint32_t shown = n <= most ? n : most - 1;

  for (uint32_t i = 0; i < shown; i++)
    stage->registers[i]
        = (DmsStageRegister){ .row = { .index = i }, .page = DMS_NO_PAGE };
  stage->n_registers = shown;
  if (n > shown)
    stage->registers[stage->n_registers++]
        = (DmsStageRegister){ .row = { .index = DMS_NO_PAGE, .left_out = n - shown },
                              .page = DMS_NO_PAGE };
}

/* The element that the event is about; else the one that was mapped last. */
static uint32_t
element_in_question (const DmsStage *stage)
{
  uint32_t last = stage->mapping->n_elements - 1;
  uint32_t element = dms_stage_event_element (stage);

  return element < last ? element : last;
}

static void
add_left_out (DmsStage *stage, uint32_t n)
{
  if (n > 0)
    stage->elements[stage->n_element_rows++]
        = (DmsRow){ .index = DMS_NO_PAGE, .left_out = n };
}

static void
choose_elements (DmsStage *stage)
{
  uint32_t n = stage->mapping->n_elements;
  uint32_t most = fit (stage, ELEMENT_HEIGHT, ELEMENTS_LEAST, ELEMENTS_MOST);
  uint32_t from = 0;

  stage->n_element_rows = 0;
  stage->n_elements = n;
  if (n == 0)
    {
      stage->elements[stage->n_element_rows++] = (DmsRow){ .index = 0 };
      stage->n_elements = 1;
      return;
    }
  if (n > most)
    {
      uint32_t at = element_in_question (stage);
      from = at + 2 > most ? at + 2 - most : 0;
      from = from > n - most ? n - most : from;
    }
  uint32_t to = n - from > most ? from + most : n;
  add_left_out (stage, from);
  for (uint32_t i = from; i < to; i++)
    stage->elements[stage->n_element_rows++] = (DmsRow){ .index = i };
  add_left_out (stage, n - to);
}

/* ---- what is known of each ---- */

static void
tell_page (DmsStage *stage, unsigned row, const DmsPieceState *piece)
{
  DmsStagePage *page = &stage->pages[row];
  const DmsState *state = stage->state;

  page->is_mapped = true;
  page->is_flushed = piece->flushed;
  page->element = piece->element;
  page->bounces = piece->bounced;
  page->bounce_frame = 0;
  if (piece->flushed || piece->map_register >= state->n_registers)
    return;
  const DmsRegisterState *held = &state->registers[piece->map_register];
  if (held->use == DMS_REGISTER_BOUNCES && held->mapping == stage->mapping->id)
    page->bounce_frame = held->bounce_frame;
}

static void
tell_register (DmsStage *stage, const DmsPieceState *piece, uint32_t page)
{
  uint32_t number = piece->map_register - stage->mapping->first_register;

  if (piece->flushed || piece->map_register == UINT32_MAX)
    return;
  for (unsigned i = 0; i < stage->n_registers; i++)
    if (stage->registers[i].row.index == number && !stage->registers[i].is_used)
      {
        stage->registers[i].page = page;
        stage->registers[i].is_used = true;
      }
}

static void
tell_element (DmsStage *stage, const DmsPieceState *piece, uint32_t page)
{
  int row = dms_stage_row_of (stage->elements, stage->n_element_rows, piece->element);

  if (row < 0)
    return;
  if (stage->element_pages[row][1] == DMS_NO_PAGE)
    stage->element_pages[row][1] = page;
  stage->element_pages[row][0] = page;
}

/* From the last piece back, so that of a page that was mapped twice the later counts.
 */
static void
tell_pieces (DmsStage *stage)
{
  const DmsMappingState *mapping = stage->mapping;
  uint64_t at = bytes_before (mapping, mapping->n_pieces);
  uint32_t looked_at = 0;

  for (uint32_t i = mapping->n_pieces; i-- > 0 && looked_at < PIECES_MAX; looked_at++)
    {
      const DmsPieceState *piece = &mapping->pieces[i];
      at -= piece->length;
      uint32_t page = page_of (stage, piece, at);
      int row = dms_stage_row_of (stage->rows, stage->n_rows, page);
      if (row >= 0 && !stage->pages[row].is_mapped)
        tell_page (stage, (unsigned)row, piece);
      tell_register (stage, piece, page);
      if (page != DMS_NO_PAGE)
        tell_element (stage, piece, page);
      if (piece->bounced && !piece->flushed)
        {
          stage->n_bounced++;
          stage->bounced_bytes += piece->length;
        }
    }
}

void
dms_stage_plan_grant (DmsStage *stage)
{
  choose_registers (stage);
  choose_elements (stage);
  for (unsigned row = 0; row < stage->n_element_rows; row++)
    stage->element_pages[row][0] = stage->element_pages[row][1] = DMS_NO_PAGE;
  for (unsigned row = 0; row < stage->n_rows; row++)
    {
      stage->pages[row].is_mapped = false;
      stage->pages[row].element = UINT32_MAX;
    }
  tell_pieces (stage);
}
