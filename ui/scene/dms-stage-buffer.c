/* dms-stage-buffer.c — the pages of the buffer, and what each byte of them is
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

DmsLook
dms_content_look (DmsContent content)
{
  switch (content)
    {
    case DMS_CONTENT_NONE:
      return DMS_LOOK_PLAIN;
    case DMS_CONTENT_OLD:
      return DMS_LOOK_OLD;
    case DMS_CONTENT_ARRIVED:
    case DMS_CONTENT_COPIED_BACK:
    case DMS_CONTENT_TO_BE_READ:
    case DMS_CONTENT_COPIED_IN:
    case DMS_CONTENT_SENT:
      return DMS_LOOK_CURRENT;
    case DMS_CONTENT_IN_BOUNCE:
      return DMS_LOOK_NEWER_BOUNCE;
    case DMS_CONTENT_UNTRUSTED:
    case DMS_CONTENT_CHANGED:
    case DMS_CONTENT_LOST:
      return DMS_LOOK_FAULT;
    case DMS_CONTENT_MIXED:
      return DMS_LOOK_MIXED;
    }
  return DMS_LOOK_MIXED;
}

/* How much a content matters to who looks: the word in the box is that of the greatest.
 */
static unsigned
weight (uint8_t content)
{
  static const uint8_t weights[] = {
    [DMS_CONTENT_NONE] = 0,        [DMS_CONTENT_OLD] = 1,
    [DMS_CONTENT_TO_BE_READ] = 2,  [DMS_CONTENT_COPIED_IN] = 3,
    [DMS_CONTENT_SENT] = 4,        [DMS_CONTENT_ARRIVED] = 5,
    [DMS_CONTENT_COPIED_BACK] = 6, [DMS_CONTENT_IN_BOUNCE] = 7,
    [DMS_CONTENT_MIXED] = 8,       [DMS_CONTENT_CHANGED] = 9,
    [DMS_CONTENT_UNTRUSTED] = 10,  [DMS_CONTENT_LOST] = 11,
  };
  return content < sizeof weights ? weights[content] : 0;
}

static const char *
content_word (DmsStage *stage, const DmsPageState *page)
{
  uint8_t content = DMS_CONTENT_NONE;
  uint64_t bytes = 0;

  for (unsigned i = 0; i < page->n_ranges; i++)
    if (weight (page->ranges[i].content) > weight (content))
      content = page->ranges[i].content;
  for (unsigned i = 0; i < page->n_ranges; i++)
    if (page->ranges[i].content == content)
      bytes += (uint64_t)(page->ranges[i].end - page->ranges[i].start);
  if (content == DMS_CONTENT_NONE)
    return DMS_STAGE_WORD (stage, "not in use");
  if (page->n_ranges > 1 && content == DMS_CONTENT_ARRIVED)
    return DMS_STAGE_TELL (stage, "{n} new so far", DMS_NUMBER ("n", bytes));
  if (page->n_ranges > 1 && content == DMS_CONTENT_SENT)
    return DMS_STAGE_TELL (stage, "{n} sent so far", DMS_NUMBER ("n", bytes));
  return DMS_STAGE_WORD (stage, dms_content_name ((DmsContent)content));
}

static void
set_ranges (DmsStage *stage, size_t item, const DmsPageState *page)
{
  DmsItem *it = dms_scene_item (stage->scene, item);

  for (unsigned i = 0; i < page->n_ranges && i < DMS_STATE_RANGES_MAX; i++)
    {
      const DmsRange *range = &page->ranges[i];
      DmsLook look = dms_content_look ((DmsContent)range->content);
      DmsItemRange *last = it->n_ranges == 0 ? NULL : &it->ranges[it->n_ranges - 1];
      if (last != NULL && last->look == look && last->end == range->start)
        last->end = range->end;
      else
        it->ranges[it->n_ranges++]
            = (DmsItemRange){ .start = range->start, .end = range->end, .look = look };
    }
}

/* "Page 2 is frame 0x140003: 2 048 bytes newer in bounce, 2 048 bytes old bytes." */
static const char *
page_sentence (DmsStage *stage, uint32_t index, const DmsPageState *page)
{
  DmsScene *scene = stage->scene;
  const char *head = DMS_STAGE_TELL (stage,
                                     "Page {page} of the buffer, frame {frame}",
                                     DMS_NUMBER ("page", index),
                                     DMS_FRAME ("frame", page->frame));

  dms_bytes_append_text (&scene->text, head);
  for (unsigned i = 0; i < page->n_ranges && i < DMS_STATE_RANGES_MAX; i++)
    {
      const DmsRange *range = &page->ranges[i];
      dms_bytes_append_text (&scene->text, i == 0 ? ": " : "; ");
      dms_say_bytes (&scene->text, (uint64_t)(range->end - range->start), stage->voice);
      dms_bytes_append_text (&scene->text, " ");
      dms_bytes_append_text (
          &scene->text,
          dms_say_translate (
              stage->voice, dms_content_name ((DmsContent)range->content), NULL, 0));
    }
  dms_bytes_append_text (&scene->text, ".");
  return dms_scene_keep_text (scene);
}

static void
add_page (DmsStage *stage, DmsRow *row, const DmsStagePage *page)
{
  DmsScene *scene = stage->scene;
  const DmsColumn *column = &stage->columns[DMS_COLUMN_BUFFER];

  row->item
      = dms_scene_add (scene,
                       DMS_ITEM_PAGE,
                       DMS_LOOK_PLAIN,
                       (DmsRect){ column->x, row->y, column->width, row->height });
  dms_scene_set_id (scene,
                    row->item,
                    "page:%llu:%u",
                    (unsigned long long)stage->buffer->id,
                    row->index);
  dms_scene_add_line (scene,
                      row->item,
                      DMS_STAGE_TELL (stage,
                                      stage->is_dense ? "{n}" : "page {n}",
                                      DMS_NUMBER ("n", row->index)));
  dms_scene_add_line (scene, row->item, content_word (stage, page->state));
  set_ranges (stage, row->item, page->state);
  if (page->state->start > 0 && row->height >= 18)
    {
      const char *aside
          = DMS_STAGE_TELL (stage, "{n}", DMS_NUMBER ("n", page->state->start));
      dms_scene_item (scene, row->item)->aside = aside;
    }
  dms_scene_set_sentence (
      scene, row->item, page_sentence (stage, row->index, page->state));
}

static void
add_more (DmsStage *stage, DmsRow *row)
{
  const DmsColumn *column = &stage->columns[DMS_COLUMN_BUFFER];

  row->item
      = dms_scene_add (stage->scene,
                       DMS_ITEM_MORE,
                       DMS_LOOK_PLAIN,
                       (DmsRect){ column->x, row->y, column->width, row->height });
  dms_say_pages (&stage->scene->text, row->left_out, stage->voice);
  const char *pages = dms_scene_keep_text (stage->scene);
  const char *text
      = DMS_STAGE_TELL (stage, "… {pages} more", DMS_TEXT ("pages", pages));
  dms_scene_add_line (stage->scene, row->item, text);
}

/* The rows of a chain are set apart where an MDL begins, with its number. */
static void
space_pages (DmsStage *stage)
{
  enum
  {
    BREAK = 20
  };
  unsigned n_breaks = 0;

  for (unsigned row = 0; row < stage->n_rows; row++)
    n_breaks += stage->rows[row].index != DMS_NO_PAGE && stage->pages[row].starts_mdl;
  double each = n_breaks == 0 ? 0 : BREAK;
  if (n_breaks * each > (stage->bottom - stage->top) / 3)
    each = (stage->bottom - stage->top) / 3 / n_breaks;
  dms_stage_space_rows (stage->rows,
                        stage->n_rows,
                        stage->top,
                        stage->bottom - n_breaks * each,
                        64 * stage->stretch,
                        9 * stage->stretch);
  double shift = 0;
  for (unsigned row = 0; row < stage->n_rows; row++)
    {
      bool is_break
          = stage->rows[row].index != DMS_NO_PAGE && stage->pages[row].starts_mdl;
      if (is_break)
        shift += each;
      stage->rows[row].y += shift;
      if (is_break && each >= 16)
        dms_scene_add_note (
            stage->scene,
            (DmsRect){ stage->columns[DMS_COLUMN_BUFFER].x,
                       stage->rows[row].y - each,
                       stage->columns[DMS_COLUMN_BUFFER].width,
                       each - 2 },
            DMS_ALIGN_START,
            DMS_STAGE_TELL (stage, "MDL {n}", DMS_NUMBER ("n", stage->pages[row].mdl)));
    }
}

void
dms_stage_add_buffer (DmsStage *stage)
{
  space_pages (stage);
  for (unsigned row = 0; row < stage->n_rows; row++)
    if (stage->rows[row].index == DMS_NO_PAGE)
      add_more (stage, &stage->rows[row]);
    else
      add_page (stage, &stage->rows[row], &stage->pages[row]);
}
