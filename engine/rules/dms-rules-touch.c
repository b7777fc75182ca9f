/* dms-rules-touch.c — rules about who may touch the buffer while the device has it
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules-private.h"

#include <stdlib.h>

/* What a touch met. */
typedef struct
{
  bool is_inside;    /* at least one byte belongs to the transfer */
  uint64_t page;     /* page of the buffer that the finding names */
  bool is_stale;     /* it holds bytes whose newer version is elsewhere */
  bool was_copied;   /* bytes of it were in a bounce page already */
  bool is_awaited;   /* bytes of it are still to be read by the device, here */
  uint64_t physical; /* of the first stale byte touched */
  uint64_t length;   /* bytes from there to the end of the touch in that page */
} Met;

static bool
is_stale (uint8_t content)
{
  return content == DMS_CONTENT_OLD || content == DMS_CONTENT_IN_BOUNCE
         || content == DMS_CONTENT_MIXED;
}

/* Bytes [start, end) of one page, which is page @index of the buffer. */
static void
meet_page (
    Met *met, const DmsPageState *page, uint64_t index, uint64_t start, uint64_t end)
{
  for (unsigned i = 0; i < page->n_ranges; i++)
    {
      const DmsRange *range = &page->ranges[i];
      uint64_t first = range->start > start ? range->start : start;
      uint64_t behind = range->end < end ? range->end : end;
      if (first >= behind || range->content == DMS_CONTENT_NONE)
        continue;
      if (!met->is_inside)
        met->page = index;
      met->is_inside = true;
      /* What was in a bounce page when it was written is marked so by the write. */
      met->was_copied |= range->content == DMS_CONTENT_CHANGED;
      met->is_awaited |= range->content == DMS_CONTENT_TO_BE_READ;
      if (!is_stale (range->content) || met->is_stale)
        continue;
      met->is_stale = true;
      met->page = index;
      met->physical = (page->frame << DMS_PAGE_SHIFT) + first;
      met->length = end - first;
    }
}

/* Walks the pages of an MDL that bytes [start, end) of the buffer lie in. */
static void
meet_mdl (Met *met,
          const DmsBufferState *buffer,
          const DmsMdlState *mdl,
          uint64_t start,
          uint64_t end)
{
  uint64_t offset = dms_page_offset (mdl->address);
  /* Distances from the start of the MDL's first page. */
  uint64_t at = start - mdl->start + offset;
  uint64_t behind = end - mdl->start + offset;

  while (at < behind && (at >> DMS_PAGE_SHIFT) < mdl->n_pages)
    {
      uint64_t index = mdl->first_page + (at >> DMS_PAGE_SHIFT);
      uint64_t in_page = dms_page_offset (at);
      uint64_t n = DMS_PAGE_SIZE - in_page;
      n = n < behind - at ? n : behind - at;
      meet_page (met, &buffer->pages[index], index, in_page, in_page + n);
      at += n;
    }
}

static Met
meet (const DmsBufferState *buffer, uint64_t start, uint64_t length)
{
  Met met = { 0 };

  for (uint32_t i = 0; i < buffer->n_mdls; i++)
    {
      const DmsMdlState *mdl = &buffer->mdls[i];
      uint64_t first = start > mdl->start ? start : mdl->start;
      uint64_t end = start + length;
      uint64_t behind = end < mdl->start + mdl->length ? end : mdl->start + mdl->length;
      if (first < behind)
        meet_mdl (&met, buffer, mdl, first, behind);
    }
  return met;
}

/* ---- waiting for the other event ---- */

static void
settle (DmsRules *rules, DmsPendingTouch *touch, const DmsEvent *event)
{
  DmsFinding *finding = &touch->finding;

  finding->other_seq = event == NULL ? 0 : event->seq;
  finding->other_step = event == NULL ? 0 : event->step;
  if (finding->variant == DMS_TOUCH_READ_OLD
      && (event == NULL || event->kind == DMS_EVENT_UNMAP))
    finding->variant = DMS_TOUCH_READ_LOST;
  rules->found (rules->data, finding);
}

void
dms_rules_settle_arrival (DmsRules *rules,
                          DmsLiveList *list,
                          const DmsEvent *event,
                          uint64_t physical)
{
  uint32_t left = 0;

  for (uint32_t i = 0; i < list->n_pending; i++)
    {
      DmsPendingTouch *touch = &list->pending[i];
      if (touch->length > 0 && physical < touch->physical + touch->length
          && touch->physical < physical + event->length)
        settle (rules, touch, event);
      else
        list->pending[left++] = *touch;
    }
  list->n_pending = left;
}

void
dms_rules_settle_end (DmsRules *rules, DmsLiveList *list, const DmsEvent *event)
{
  for (uint32_t i = 0; i < list->n_pending; i++)
    settle (rules, &list->pending[i], event);
  list->n_pending = 0;
}

static DmsStatus
remember (DmsRules *rules, DmsLiveList *list, DmsPendingTouch touch)
{
  if (list->n_pending == DMS_RULES_PENDING_MAX)
    {
      settle (rules, &touch, NULL);
      return DMS_OK;
    }
  if (list->n_pending == list->pending_capacity)
    {
      uint32_t capacity = list->pending_capacity == 0 ? 4 : list->pending_capacity * 2;
      DmsPendingTouch *more = realloc (list->pending, capacity * sizeof *list->pending);
      if (more == NULL)
        return DMS_ERROR_NO_MEMORY;
      list->pending = more;
      list->pending_capacity = capacity;
    }
  list->pending[list->n_pending++] = touch;
  return DMS_OK;
}

/* ---- the rule ---- */

static uint32_t
variant_of (const DmsLiveList *list, bool writes, const Met *met)
{
  if (list->direction == DMS_FLAG_TO_DEVICE && met->was_copied)
    return DMS_TOUCH_WROTE_COPIED;
  if (list->direction == DMS_FLAG_TO_DEVICE)
    return met->is_awaited ? DMS_TOUCH_WROTE_DIRECT : DMS_TOUCH_WROTE_SENT;
  if (writes)
    return DMS_TOUCH_WROTE_FROM_DEVICE;
  return met->is_stale ? DMS_TOUCH_READ_OLD : DMS_TOUCH_READ_LUCKY;
}

/* Whether @list maps @page, and has not flushed it. A transfer can be done in memory of
 * the driver's own, and the buffer touched while the device works there. */
static bool
maps_page (const DmsState *state, const DmsLiveList *list, const DmsPageState *page)
{
  const DmsMappingState *mapping = dms_state_mapping (state, list->id);

  if (mapping == NULL)
    return true;
  for (uint32_t i = 0; i < mapping->n_pieces; i++)
    if (!mapping->pieces[i].flushed
        && mapping->pieces[i].physical >> DMS_PAGE_SHIFT == page->frame)
      return true;
  return false;
}

DmsStatus
dms_rules_judge_touch (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  DmsLiveList *list = dms_table_get (&rules->by_transfer, event->transfer);
  const DmsBufferState *buffer = dms_state_buffer (after, event->object);
  bool writes = (event->flags & DMS_FLAG_CPU_WRITES) != 0;

  /* The requester looks when its request is completed: that the list is still there
   * then is another rule's business. */
  if (list == NULL || buffer == NULL || (event->flags & DMS_FLAG_REQUESTER) != 0)
    return DMS_OK;
  /* Reading what goes to the device does no harm. */
  if (!writes && list->direction == DMS_FLAG_TO_DEVICE)
    return DMS_OK;
  Met met = meet (buffer, event->a, event->length);
  if (!met.is_inside || !maps_page (after, list, &buffer->pages[met.page]))
    return DMS_OK;

  DmsPendingTouch touch
      = { .finding = dms_finding_at (DMS_RULE_TOUCH_BEFORE_FLUSH, event, list) };
  touch.finding.variant = variant_of (list, writes, &met);
  touch.finding.a = met.page;
  touch.finding.b = event->length;
  if (touch.finding.variant == DMS_TOUCH_READ_OLD)
    {
      touch.physical = met.physical;
      touch.length = met.length;
    }
  return remember (rules, list, touch);
}
