/* dms-stage-list.c — the elements of the scatter/gather list, or of a grant
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

void
dms_stage_add_more (DmsStage *stage, DmsColumnKind column, const DmsRow *row)
{
  const DmsColumn *place = &stage->columns[column];
  size_t more
      = dms_scene_add (stage->scene,
                       DMS_ITEM_MORE,
                       DMS_LOOK_PLAIN,
                       (DmsRect){ place->x, row->y, place->width, row->height });

  dms_scene_add_line (
      stage->scene,
      more,
      DMS_STAGE_TELL (stage, "… {n} more", DMS_NUMBER ("n", row->left_out)));
}

typedef struct
{
  uint32_t first, last; /* pages */
  bool bounced;
  bool is_translated;
  bool is_flushed;
  uint64_t bounce_frame;
} Run;

/* The pages of the element in row @row. Pieces of one element follow each other. */
static Run
run_of (const DmsStage *stage, int row)
{
  const DmsMappingState *mapping = stage->mapping;
  uint32_t element = stage->elements[row].index;
  const DmsPieceState *first
      = dms_mapping_piece (mapping, element, mapping->elements[element].logical);
  Run run = { 0 };

  if (first == NULL)
    return run;
  run.first = run.last = (uint32_t)(first - mapping->pieces);
  while (run.last + 1 < mapping->n_pieces
         && mapping->pieces[run.last + 1].element == element)
    run.last++;
  run.bounced = first->bounced;
  run.is_translated = !run.bounced && first->logical != first->physical;
  run.is_flushed = first->flushed && mapping->pieces[run.last].flushed;
  if (stage->is_grant)
    {
      run.first = stage->element_pages[row][0];
      run.last = stage->element_pages[row][1];
    }
  run.bounce_frame = first->logical >> DMS_PAGE_SHIFT;
  return run;
}

static const char *
run_text (DmsStage *stage, const Run *run, bool is_brief)
{
  if (run->first == DMS_NO_PAGE)
    return DMS_STAGE_WORD (stage, "other memory");
  if (run->first == run->last && run->bounced)
    return DMS_STAGE_TELL (stage,
                           is_brief ? "page {page}, at frame {frame}"
                                    : "page {page}, bounce frame {frame}",
                           DMS_NUMBER ("page", run->first),
                           DMS_FRAME ("frame", run->bounce_frame));
  if (run->first == run->last)
    return DMS_STAGE_TELL (stage, "page {page}", DMS_NUMBER ("page", run->first));
  return DMS_STAGE_TELL (stage,
                         run->bounced
                             ? is_brief ? "pages {first}–{last}, they bounce"
                                        : "pages {first}–{last}, bounce pages in a row"
                         : run->is_translated ? "pages {first}–{last}, translated"
                                              : "pages {first}–{last}, one run",
                         DMS_NUMBER ("first", run->first),
                         DMS_NUMBER ("last", run->last));
}

static const char *
page_words (DmsStage *stage, const Run *run)
{
  if (run->first == DMS_NO_PAGE)
    return DMS_STAGE_WORD (stage, "other memory");
  return DMS_STAGE_TELL (stage,
                         run->first == run->last ? "page {first}"
                                                 : "pages {first}–{last}",
                         DMS_NUMBER ("first", run->first),
                         DMS_NUMBER ("last", run->last));
}

static void
add_element (DmsStage *stage, DmsRow *row)
{
  DmsScene *scene = stage->scene;
  const DmsMappingState *mapping = stage->mapping;
  const DmsElementState *element = &mapping->elements[row->index];
  Run run = run_of (stage, (int)(row - stage->elements));
  DmsItem *item = dms_scene_item (scene, row->item);

  item->look = run.is_flushed ? DMS_LOOK_FREE : DMS_LOOK_GRANTED;
  item->stripe = run.is_flushed      ? DMS_LOOK_PLAIN
                 : run.bounced       ? DMS_LOOK_BOUNCE
                 : run.is_translated ? DMS_LOOK_TRANSLATES
                                     : DMS_LOOK_CURRENT;
  dms_scene_set_id (
      scene, row->item, "element:%llu:%u", (unsigned long long)mapping->id, row->index);
  const char *pages = run_text (stage, &run, false);
  dms_scene_add_line (
      scene,
      row->item,
      DMS_STAGE_TELL (stage, "{a}", DMS_ADDRESS ("a", element->logical)));
  dms_scene_add_line (
      scene,
      row->item,
      row->height < 36
          ? DMS_STAGE_TELL (stage, "{n} B", DMS_NUMBER ("n", element->length))
          : DMS_STAGE_TELL (stage, "{n}", DMS_BYTES ("n", element->length)));
  dms_scene_add_line (
      scene,
      row->item,
      run.is_flushed ? DMS_STAGE_TELL (
          stage, "{pages}: flushed", DMS_TEXT ("pages", page_words (stage, &run)))
                     : run_text (stage, &run, true));
  dms_scene_set_sentence (
      scene,
      row->item,
      DMS_STAGE_TELL (stage,
                      "Element {n}: logical address {address}, {length}, {pages}.",
                      DMS_NUMBER ("n", row->index),
                      DMS_ADDRESS ("address", element->logical),
                      DMS_BYTES ("length", element->length),
                      DMS_TEXT ("pages", pages)));
}

void
dms_stage_add_list (DmsStage *stage)
{
  const DmsColumn *column = &stage->columns[DMS_COLUMN_LIST];
  uint32_t made = stage->mapping == NULL ? 0 : stage->mapping->n_elements;
  const char *pending = !dms_stage_is_over (stage)
                            ? DMS_STAGE_WORD (stage, "not made yet")
                        : stage->transfer->phase == DMS_TRANSFER_REFUSED
                            ? DMS_STAGE_WORD (stage, "not made")
                            : DMS_STAGE_WORD (stage, "freed");

  if (stage->transfer == NULL)
    {
      dms_stage_add_shared (stage, stage->top);
      return;
    }
  double bottom = stage->bottom - dms_stage_shared_height (stage);
  dms_stage_space_rows (stage->elements,
                        stage->n_element_rows,
                        stage->top,
                        bottom,
                        92 * stage->stretch,
                        24 * stage->stretch);
  for (unsigned i = 0; i < stage->n_element_rows; i++)
    {
      DmsRow *row = &stage->elements[i];
      if (row->index == DMS_NO_PAGE)
        {
          dms_stage_add_more (stage, DMS_COLUMN_LIST, row);
          continue;
        }
      row->item
          = dms_scene_add (stage->scene,
                           DMS_ITEM_ELEMENT,
                           DMS_LOOK_PENDING,
                           (DmsRect){ column->x, row->y, column->width, row->height });
      const char *badge = DMS_STAGE_TELL (stage, "{n}", DMS_NUMBER ("n", row->index));
      dms_scene_item (stage->scene, row->item)->badge = badge;
      if (row->index < made)
        add_element (stage, row);
      else
        dms_scene_add_line (stage->scene, row->item, pending);
    }
  const DmsRow *last
      = stage->n_element_rows == 0 ? NULL : &stage->elements[stage->n_element_rows - 1];
  dms_stage_add_shared (stage, last == NULL ? stage->top : last->y + last->height);
}
