/* dms-stage-list.c — map registers, and the elements of the scatter/gather list
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

/* ---- map registers ---- */

static const DmsRegisterState *
register_of (const DmsStage *stage, uint32_t page)
{
  const DmsMappingState *mapping = stage->mapping;

  if (mapping == NULL || page >= mapping->n_registers
      || mapping->first_register + page >= stage->state->n_registers)
    return NULL;
  return &stage->state->registers[mapping->first_register + page];
}

static void
add_pending_register (DmsStage *stage, DmsRect rect)
{
  size_t item = dms_scene_add (stage->scene, DMS_ITEM_REGISTER, DMS_LOOK_PENDING, rect);

  dms_scene_add_line (stage->scene,
                      item,
                      !dms_stage_is_over (stage)
                          ? DMS_STAGE_WORD (stage, "not granted yet")
                      : stage->transfer->phase == DMS_TRANSFER_REFUSED
                          ? DMS_STAGE_WORD (stage, "not granted")
                          : DMS_STAGE_WORD (stage, "given back"));
}

static const char *
register_sentence (DmsStage *stage,
                   uint32_t number,
                   uint32_t page,
                   const DmsRegisterState *held,
                   bool is_mapped)
{
  if (held->use == DMS_REGISTER_BOUNCES)
    return DMS_STAGE_TELL (stage,
                           "Map register {n} bounces: its bounce page, frame {frame}, "
                           "stands in for page {page}.",
                           DMS_NUMBER ("n", number),
                           DMS_FRAME ("frame", held->bounce_frame),
                           DMS_NUMBER ("page", page));
  if (is_mapped)
    return DMS_STAGE_TELL (
        stage,
        "Map register {n} is granted and stays unused: page {page} goes straight.",
        DMS_NUMBER ("n", number),
        DMS_NUMBER ("page", page));
  return DMS_STAGE_TELL (stage,
                         "Map register {n} is granted for page {page}.",
                         DMS_NUMBER ("n", number),
                         DMS_NUMBER ("page", page));
}

static void
add_register (DmsStage *stage, unsigned row, DmsRect rect)
{
  DmsScene *scene = stage->scene;
  uint32_t page = stage->rows[row].index;
  const DmsRegisterState *held = register_of (stage, page);

  if (held == NULL)
    {
      add_pending_register (stage, rect);
      return;
    }
  uint32_t number = stage->mapping->first_register + page;
  bool bounces = held->use == DMS_REGISTER_BOUNCES;
  bool is_mapped = stage->pages[row].is_mapped;
  size_t item = dms_scene_add (
      scene, DMS_ITEM_REGISTER, bounces ? DMS_LOOK_BOUNCE : DMS_LOOK_GRANTED, rect);
  stage->pages[row].register_item = item;
  dms_scene_set_id (scene, item, "register:%u", number);
  const char *badge = DMS_STAGE_TELL (stage, "{n}", DMS_NUMBER ("n", number));
  dms_scene_item (scene, item)->badge = badge;
  dms_scene_add_line (scene,
                      item,
                      bounces ? DMS_STAGE_WORD (stage, "bounces")
                              : DMS_STAGE_WORD (stage, "granted"));
  dms_scene_add_line (
      scene,
      item,
      bounces     ? DMS_STAGE_TELL (stage, "page {n}", DMS_NUMBER ("n", page))
      : is_mapped ? DMS_STAGE_TELL (stage, "page {n} direct", DMS_NUMBER ("n", page))
                  : DMS_STAGE_TELL (stage, "for page {n}", DMS_NUMBER ("n", page)));
  dms_scene_set_sentence (
      scene, item, register_sentence (stage, number, page, held, is_mapped));
}

static void
add_pool (DmsStage *stage, DmsRect rect)
{
  DmsScene *scene = stage->scene;
  uint64_t left = stage->state->n_registers - stage->state->registers_granted;
  size_t pool = dms_scene_add (scene, DMS_ITEM_POOL, DMS_LOOK_POOL, rect);

  dms_scene_set_id (scene, pool, "pool");
  dms_scene_item (scene, pool)->badge = "…";
  dms_scene_add_line (
      scene, pool, DMS_STAGE_TELL (stage, "{n} in the pool", DMS_NUMBER ("n", left)));
  dms_scene_set_sentence (
      scene,
      pool,
      DMS_STAGE_TELL (stage,
                      "Map registers in the pool, for any device: {n}.",
                      DMS_NUMBER ("n", left)));
}

static void
add_more (DmsStage *stage, DmsColumnKind column, const DmsRow *row, const char *text)
{
  const DmsColumn *place = &stage->columns[column];
  size_t more
      = dms_scene_add (stage->scene,
                       DMS_ITEM_MORE,
                       DMS_LOOK_PLAIN,
                       (DmsRect){ place->x, row->y, place->width, row->height });

  dms_scene_add_line (stage->scene, more, text);
}

void
dms_stage_add_registers (DmsStage *stage)
{
  const DmsColumn *column = &stage->columns[DMS_COLUMN_REGISTERS];
  DmsRow rows[DMS_STAGE_ROWS_MAX + 1];
  unsigned n = stage->n_rows;

  if (stage->state->n_registers == 0)
    return;
  if (stage->transfer == NULL)
    n = 0; /* nobody asks for any */
  for (unsigned i = 0; i < n; i++)
    rows[i] = (DmsRow){ .index = stage->rows[i].index };
  rows[n] = (DmsRow){ .index = 0 }; /* the pool's */
  dms_stage_space_rows (rows, n + 1, stage->top, stage->bottom, 46 * stage->stretch, 8);
  for (unsigned i = 0; i < n; i++)
    if (rows[i].index == DMS_NO_PAGE)
      add_more (stage,
                DMS_COLUMN_REGISTERS,
                &rows[i],
                DMS_STAGE_TELL (
                    stage, "… {n} more", DMS_NUMBER ("n", stage->rows[i].left_out)));
    else
      add_register (
          stage, i, (DmsRect){ column->x, rows[i].y, column->width, rows[i].height });
  add_pool (stage, (DmsRect){ column->x, rows[n].y, column->width, rows[n].height });
}

/* ---- elements ---- */

typedef struct
{
  uint32_t first, last; /* pages */
  bool bounced;
  uint64_t bounce_frame;
} Run;

/* The pages of element @element. Pieces of one element follow each other. */
static Run
run_of (const DmsStage *stage, uint32_t element)
{
  const DmsMappingState *mapping = stage->mapping;
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
  run.bounce_frame = first->logical >> DMS_PAGE_SHIFT;
  return run;
}

static const char *
run_text (DmsStage *stage, const Run *run, bool is_brief)
{
  if (run->first == run->last && run->bounced)
    return DMS_STAGE_TELL (stage,
                           is_brief ? "page {page}, at frame {frame}"
                                    : "page {page}, bounce frame {frame}",
                           DMS_NUMBER ("page", run->first),
                           DMS_FRAME ("frame", run->bounce_frame));
  if (run->first == run->last)
    return DMS_STAGE_TELL (stage, "page {page}", DMS_NUMBER ("page", run->first));
  return DMS_STAGE_TELL (stage,
                         run->bounced ? "pages {first}–{last}, bounce pages in a row"
                                      : "pages {first}–{last}, one run",
                         DMS_NUMBER ("first", run->first),
                         DMS_NUMBER ("last", run->last));
}

static void
add_element (DmsStage *stage, DmsRow *row)
{
  DmsScene *scene = stage->scene;
  const DmsMappingState *mapping = stage->mapping;
  const DmsElementState *element = &mapping->elements[row->index];
  Run run = run_of (stage, row->index);
  DmsItem *item = dms_scene_item (scene, row->item);

  item->look = DMS_LOOK_GRANTED;
  item->stripe = run.bounced ? DMS_LOOK_BOUNCE : DMS_LOOK_CURRENT;
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
  dms_scene_add_line (scene, row->item, run_text (stage, &run, true));
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
    return;
  dms_stage_space_rows (stage->elements,
                        stage->n_element_rows,
                        stage->top,
                        stage->bottom,
                        92 * stage->stretch,
                        24 * stage->stretch);
  for (unsigned i = 0; i < stage->n_element_rows; i++)
    {
      DmsRow *row = &stage->elements[i];
      if (row->index == DMS_NO_PAGE)
        {
          add_more (
              stage,
              DMS_COLUMN_LIST,
              row,
              DMS_STAGE_TELL (stage, "… {n} more", DMS_NUMBER ("n", row->left_out)));
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
}
