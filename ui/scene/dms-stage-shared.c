/* dms-stage-shared.c — memory that CPU and device share: common buffers
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

#include <math.h>

enum
{
  ROW_HEIGHT = 72,
  ROWS_ALONE = 6,  /* with no elements above them */
  ROWS_BESIDE = 2, /* below elements */
  GAP = 14
};

static const DmsMappingState *
find_shared (const DmsStage *stage)
{
  const DmsState *state = stage->state;
  const DmsMappingState *found = NULL, *mapping;
  size_t at = 0;

  if (stage->device == NULL || stage->device->live_mappings == 0)
    return NULL;
  while ((mapping = dms_table_next (&state->mappings, &at, NULL)) != NULL)
    if (mapping->device == stage->device_id
        && (mapping->flags & DMS_FLAG_FORM) == DMS_FLAG_FORM_COHERENT
        && (found == NULL || mapping->id == stage->event->object
            || (found->id != stage->event->object && mapping->id < found->id)))
      found = mapping;
  return found;
}

/* The bytes of the shared memory that the event is about. */
static bool
event_range (const DmsStage *stage, uint64_t *ret_start, uint64_t *ret_end)
{
  const DmsEvent *event = stage->event;
  const DmsMappingState *shared = stage->shared;
  uint64_t logical = shared->n_elements == 0 ? 0 : shared->elements[0].logical;
  uint64_t start = 0;

  if (event->object != shared->id || event->length == 0)
    return false;
  if (event->kind == DMS_EVENT_SHARED_TOUCH)
    start = event->a;
  else if (event->kind == DMS_EVENT_BURST && event->a >= logical)
    start = event->a - logical;
  else
    return false;
  if (start >= shared->length || event->length > shared->length - start)
    return false;
  *ret_start = start;
  *ret_end = start + event->length;
  return true;
}

void
dms_stage_plan_shared (DmsStage *stage)
{
  uint64_t start = 0, end = 0;

  stage->shared = find_shared (stage);
  if (stage->shared == NULL)
    return;
  uint64_t pages = (stage->shared->length + DMS_PAGE_SIZE - 1) / DMS_PAGE_SIZE;
  uint32_t n = pages > UINT32_MAX - 1 ? UINT32_MAX - 1 : (uint32_t)pages;
  uint32_t most = stage->mapping == NULL ? ROWS_ALONE : ROWS_BESIDE;
  uint32_t from = 0;
  if (n > most && event_range (stage, &start, &end))
    {
      uint64_t page = start / DMS_PAGE_SIZE;
      from = page > n - most ? n - most : (uint32_t)page;
    }
  uint32_t to = n - from > most ? from + most : n;
  if (from > 0)
    stage->shared_rows[stage->n_shared_rows++]
        = (DmsRow){ .index = DMS_NO_PAGE, .left_out = from };
  for (uint32_t page = from; page < to; page++)
    stage->shared_rows[stage->n_shared_rows++] = (DmsRow){ .index = page };
  if (to < n)
    stage->shared_rows[stage->n_shared_rows++]
        = (DmsRow){ .index = DMS_NO_PAGE, .left_out = n - to };
  for (unsigned i = 0; i < stage->n_shared_rows; i++)
    stage->shared_frames[i] = DMS_NO_ITEM;
}

uint64_t
dms_stage_shared_frame (const DmsStage *stage, uint32_t page)
{
  const DmsMappingState *shared = stage->shared;
  uint64_t offset = (uint64_t)page << DMS_PAGE_SHIFT;

  for (uint32_t i = 0; i < shared->n_pieces; i++)
    {
      const DmsPieceState *piece = &shared->pieces[i];
      if (offset < piece->length)
        return (piece->physical + offset) >> DMS_PAGE_SHIFT;
      offset -= piece->length;
    }
  return 0;
}

double
dms_stage_shared_height (const DmsStage *stage)
{
  return stage->n_shared_rows == 0
             ? 0
             : stage->n_shared_rows * ROW_HEIGHT * stage->stretch + GAP;
}

/* ---- items ---- */

static const char *
use_text (DmsStage *stage, uint64_t start, uint64_t length)
{
  const DmsEvent *event = stage->event;
  const char *template = event->kind == DMS_EVENT_BURST
                             ? (event->flags & DMS_FLAG_DIRECTION) == DMS_FLAG_TO_DEVICE
                                   ? "device reads {n} B at {at}"
                                   : "device writes {n} B at {at}"
                         : (event->flags & DMS_FLAG_CPU_WRITES) != 0
                             ? "CPU writes {n} B at {at}"
                             : "CPU reads {n} B at {at}";

  return DMS_STAGE_TELL (
      stage, template, DMS_NUMBER ("n", length), DMS_NUMBER ("at", start));
}

/* The part of page @page that the event is about, if any; returns what to say of it. */
static const char *
add_use (DmsStage *stage, DmsItem *item, uint32_t page)
{
  uint64_t first = (uint64_t)page << DMS_PAGE_SHIFT;
  uint64_t start = 0, end = 0;

  if (!event_range (stage, &start, &end) || end <= first
      || start >= first + DMS_PAGE_SIZE)
    return NULL;
  uint64_t from = start > first ? start - first : 0;
  uint64_t to = end - first > DMS_PAGE_SIZE ? DMS_PAGE_SIZE : end - first;
  item->ranges[0] = (DmsItemRange){ .start = (uint16_t)from,
                                    .end = (uint16_t)to,
                                    .look = stage->event->kind == DMS_EVENT_BURST
                                                ? DMS_LOOK_DEVICE
                                                : DMS_LOOK_CURRENT };
  item->n_ranges = 1;
  item->chosen = item->changed = true;
  return use_text (stage, start, end - start);
}

static void
add_box (DmsStage *stage, DmsRow *row)
{
  const DmsColumn *column = &stage->columns[DMS_COLUMN_LIST];
  const DmsMappingState *shared = stage->shared;
  DmsScene *scene = stage->scene;
  uint64_t offset = (uint64_t)row->index << DMS_PAGE_SHIFT;
  uint64_t logical = shared->n_elements == 0 ? 0 : shared->elements[0].logical + offset;
  uint64_t left = shared->length - offset;
  uint64_t length = left < DMS_PAGE_SIZE ? left : DMS_PAGE_SIZE;

  row->item
      = dms_scene_add (scene,
                       DMS_ITEM_SHARED,
                       DMS_LOOK_GRANTED,
                       (DmsRect){ column->x, row->y, column->width, row->height });
  DmsItem *item = dms_scene_item (scene, row->item);
  item->stripe = DMS_LOOK_COHERENT;
  item->badge = "∞";
  const char *use = add_use (stage, item, row->index);
  dms_scene_set_id (
      scene, row->item, "shared:%llu:%u", (unsigned long long)shared->id, row->index);
  dms_scene_add_line (
      scene, row->item, DMS_STAGE_TELL (stage, "{a}", DMS_ADDRESS ("a", logical)));
  dms_scene_add_line (scene,
                      row->item,
                      row->height < 36
                          ? DMS_STAGE_TELL (stage, "{n} B", DMS_NUMBER ("n", length))
                          : DMS_STAGE_TELL (stage, "{n}", DMS_BYTES ("n", length)));
  dms_scene_add_line (scene,
                      row->item,
                      use != NULL ? use
                                  : DMS_STAGE_WORD (stage, "shared, always mapped"));
  dms_scene_set_sentence (
      scene,
      row->item,
      DMS_STAGE_TELL (
          stage,
          "Page {page} of the memory that {device} shares, {length} at logical "
          "address {address}: CPU and device see the same bytes at once.",
          DMS_NUMBER ("page", row->index),
          DMS_TEXT ("device", dms_stage_device_name (stage)),
          DMS_BYTES ("length", length),
          DMS_ADDRESS ("address", logical)));
}

void
dms_stage_add_shared (DmsStage *stage, double top)
{
  if (stage->n_shared_rows == 0)
    return;
  dms_stage_space_rows (stage->shared_rows,
                        stage->n_shared_rows,
                        top + (stage->n_element_rows > 0 ? GAP : 0),
                        stage->bottom,
                        ROW_HEIGHT * stage->stretch,
                        8 * stage->stretch);
  for (unsigned i = 0; i < stage->n_shared_rows; i++)
    if (stage->shared_rows[i].index == DMS_NO_PAGE)
      dms_stage_add_more (stage, DMS_COLUMN_LIST, &stage->shared_rows[i]);
    else
      add_box (stage, &stage->shared_rows[i]);
}
