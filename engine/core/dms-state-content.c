/* dms-state-content.c — which bytes of a page are old, arrived, or newer elsewhere
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state-private.h"

#include <string.h>

/* While a page is worked on its ranges are in a longer list, so that one change can
 * split three of them before neighbours are joined again. */
#define WORK_MAX (DMS_STATE_RANGES_MAX * 3 + 4)

typedef struct
{
  DmsRange ranges[WORK_MAX];
  unsigned n;
} Work;

void
dms_page_bounds (uint64_t address,
                 uint64_t length,
                 uint32_t i,
                 uint16_t *ret_start,
                 uint16_t *ret_end)
{
  uint64_t offset = dms_page_offset (address);
  uint64_t end = offset + length - ((uint64_t)i << DMS_PAGE_SHIFT);

  *ret_start = i == 0 ? (uint16_t)offset : 0;
  *ret_end = (uint16_t)(end > DMS_PAGE_SIZE ? DMS_PAGE_SIZE : end);
}

DmsContentChange
dms_content_keep (void)
{
  DmsContentChange change;
  for (unsigned i = 0; i <= DMS_CONTENT_MIXED; i++)
    change.to[i] = (uint8_t)i;
  return change;
}

static void
append (Work *work, uint32_t start, uint32_t end, uint8_t content)
{
  if (start >= end || content == DMS_CONTENT_NONE)
    return;
  DmsRange *last = work->n == 0 ? NULL : &work->ranges[work->n - 1];
  if (last != NULL && last->end == start && last->content == content)
    last->end = (uint16_t)end;
  else if (work->n < WORK_MAX)
    work->ranges[work->n++] = (DmsRange){ .start = (uint16_t)start,
                                          .end = (uint16_t)end,
                                          .content = content };
}

/* A stretch of one content, of which the part in [start, end) changes. */
static uint64_t
append_changed (Work *work,
                DmsRange stretch,
                uint32_t start,
                uint32_t end,
                const DmsContentChange *change,
                DmsContent counted)
{
  uint32_t from = stretch.start < start ? start : stretch.start;
  uint32_t to = stretch.end > end ? end : stretch.end;

  if (from >= to)
    {
      append (work, stretch.start, stretch.end, stretch.content);
      return 0;
    }
  append (work, stretch.start, from, stretch.content);
  append (work, from, to, change->to[stretch.content]);
  append (work, to, stretch.end, stretch.content);
  return stretch.content == counted ? to - from : 0;
}

static void
store (DmsPageState *page, const Work *work)
{
  memset (page->ranges, 0, sizeof page->ranges);
  page->n_ranges = 0;
  if (work->n > DMS_STATE_RANGES_MAX)
    {
      page->ranges[0] = (DmsRange){ .start = work->ranges[0].start,
                                    .end = work->ranges[work->n - 1].end,
                                    .content = DMS_CONTENT_MIXED };
      page->n_ranges = 1;
      return;
    }
  memcpy (page->ranges, work->ranges, work->n * sizeof *work->ranges);
  page->n_ranges = (uint8_t)work->n;
}

uint64_t
dms_page_change (DmsPageState *page,
                 uint32_t start,
                 uint32_t end,
                 const DmsContentChange *change,
                 DmsContent counted)
{
  Work work = { .n = 0 };
  uint64_t bytes = 0;
  uint32_t at = page->start;

  start = start < page->start ? page->start : start;
  end = end > page->end ? page->end : end;
  for (unsigned i = 0; i <= page->n_ranges; i++)
    {
      /* Between the ranges there is content "none"; behind the last one as well. */
      bool is_last = i == page->n_ranges;
      uint16_t next = is_last ? page->end : page->ranges[i].start;
      DmsRange gap
          = { .start = (uint16_t)at, .end = next, .content = DMS_CONTENT_NONE };
      if (gap.start < gap.end)
        bytes += append_changed (&work, gap, start, end, change, counted);
      if (is_last)
        break;
      bytes += append_changed (&work, page->ranges[i], start, end, change, counted);
      at = page->ranges[i].end;
    }
  store (page, &work);
  return bytes;
}

void
dms_page_set (DmsPageState *page, uint32_t start, uint32_t end, DmsContent content)
{
  Work work = { .n = 0 };

  start = start < page->start ? page->start : start;
  end = end > page->end ? page->end : end;
  append (&work, start, end, (uint8_t)content);
  store (page, &work);
}

const char *
dms_content_name (DmsContent content)
{
  static const char *const names[] = {
    "",       "old bytes", "new bytes", "newer in bounce", "copied back", "to be read",
    "copied", "untrusted", "sent",      "changed since",   "lost",        "mixed",
  };
  return (unsigned)content <= DMS_CONTENT_MIXED ? names[content] : "?";
}

const char *
dms_phase_name (DmsPhase phase)
{
  static const char *const names[] = {
    "requested", "counted", "waiting", "granted",  "mapped",
    "running",   "moved",   "put",     "complete", "refused",
  };
  return (unsigned)phase <= DMS_TRANSFER_REFUSED ? names[phase] : "?";
}
