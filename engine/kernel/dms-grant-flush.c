/* dms-grant-flush.c — FlushAdapterBuffers: what was mapped ends
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-grant-private.h"

#include "engine/kernel/dms-controller.h"

/* What one call flushes. */
typedef struct
{
  DmsGrant *grant;
  const DmsMapRange *range;
  uint64_t flushed;       /* bytes of the range that were mapped */
  uint64_t mapped;        /* bytes of the pages that it touches */
  uint32_t n_bounced;     /* of these pages, with another direction */
  uint64_t bounced_bytes; /* in these */
  uint32_t first, n;      /* pages in a row, not told of yet */
  uint64_t length;        /* bytes in these */
  uint32_t last;          /* page that was touched last */
} Flush;

static void
emit_flush (DmsMachine *machine, Flush *flush)
{
  DmsGrant *grant = flush->grant;
  DmsEvent event = dms_grant_event (machine, grant, DMS_EVENT_FLUSH);

  if (flush->n == 0)
    return;
  event.index = grant->first_piece + flush->first;
  event.a = flush->n;
  event.length = flush->length;
  event.flags = dms_direction_flag (flush->range->to_device);
  event.cause = grant->cause;
  grant->cause = dms_machine_emit (machine, &event);
  flush->n = 0;
  flush->length = 0;
}

static void
count_page (DmsMachine *machine, Flush *flush, uint32_t i)
{
  if (flush->n > 0 && i != flush->first + flush->n)
    emit_flush (machine, flush);
  if (flush->n == 0)
    flush->first = i;
  flush->n++;
  flush->length += flush->grant->pages[i].length;
  flush->last = i;
}

/* Bytes from @from to @to of the page, counted in the page, are flushed; with them the
 * mapping of the page ends. */
static void
flush_page (DmsMachine *machine, Flush *flush, uint32_t i, uint32_t from, uint32_t to)
{
  DmsGrantPage *page = &flush->grant->pages[i];
  uint64_t waiting = flush->grant->waiting_bytes;

  if (page->is_bounced && !flush->range->to_device)
    dms_page_copy (machine, page, from, to, false);
  if (page->is_bounced && page->to_device != flush->range->to_device)
    {
      flush->n_bounced++;
      flush->bounced_bytes += page->length;
    }
  if (page->is_bounced)
    flush->grant->waiting_bytes -= waiting < page->length ? waiting : page->length;
  count_page (machine, flush, i);
  flush->flushed += to - from;
  flush->mapped += page->length;
  dms_page_forget (machine, page);
}

/* Most drivers flush in the order of mapping: the search goes on where it ended. */
static void
flush_part (DmsMachine *machine, Flush *flush, const DmsChainPart *part)
{
  DmsGrant *grant = flush->grant;
  uint64_t left = part->end - part->start;

  for (uint32_t k = 0; k < grant->n_pages && left > 0 && grant->n_live > 0; k++)
    {
      uint32_t i = (grant->next_flush + k) % grant->n_pages;
      const DmsGrantPage *page = &grant->pages[i];
      uint64_t end = page->start + page->length;
      uint64_t from = page->start > part->start ? page->start : part->start;
      uint64_t to = end < part->end ? end : part->end;

      if (page->is_flushed || page->buffer != part->buffer || from >= to)
        continue;
      left -= to - from;
      flush_page (machine,
                  flush,
                  i,
                  page->offset + (uint32_t)(from - page->start),
                  page->offset + (uint32_t)(to - page->start));
    }
  grant->next_flush = flush->last + 1;
}

static void
flush_range (DmsMachine *machine, Flush *flush)
{
  const DmsMapRange *range = flush->range;
  DmsChainWalk walk
      = dms_chain_walk (range->mdls, range->n_mdls, range->skip, range->length);
  DmsChainPart part;

  while (dms_chain_next_part (&walk, &part))
    flush_part (machine, flush, &part);
  emit_flush (machine, flush);
}

/* Bytes of the element that was touched last which stay mapped. */
static uint64_t
left_of_element (const Flush *flush)
{
  const DmsGrant *grant = flush->grant;
  uint64_t bytes = 0;

  for (uint32_t i = flush->last + 1;
       i < grant->n_pages
       && grant->pages[i].element == grant->pages[flush->last].element;
       i++)
    bytes += grant->pages[i].is_flushed ? 0 : grant->pages[i].length;
  return bytes;
}

static uint64_t
first_address (const DmsMapRange *range)
{
  uint64_t skip = range->skip;

  for (size_t i = 0; i < range->n_mdls; i++)
    {
      if (skip < range->mdls[i]->length)
        return range->mdls[i]->address + skip;
      skip -= range->mdls[i]->length;
    }
  return 0;
}

static uint32_t
nothing_flushed (DmsMachine *machine, const Flush *flush)
{
  dms_machine_fact (machine,
                    flush->grant->n_live == 0 ? DMS_FACT_NOTHING_MAPPED
                                              : DMS_FACT_NOT_MAPPED,
                    (DmsFactNote){ .device = flush->grant->adapter->device,
                                   .transfer = flush->grant->transfer,
                                   .object = flush->grant->id,
                                   .a = first_address (flush->range),
                                   .length = flush->range->length });
  return DMS_NT_INVALID_PARAMETER;
}

static void
note_flush (DmsMachine *machine, const Flush *flush)
{
  const DmsGrant *grant = flush->grant;
  uint64_t mapped = flush->mapped + left_of_element (flush);

  if (flush->range->length > flush->flushed)
    dms_grant_fact (
        machine, grant, DMS_FACT_FLUSH_TOO_LONG, flush->range->length, flush->flushed);
  if (flush->flushed < mapped)
    dms_grant_fact (machine, grant, DMS_FACT_FLUSH_TOO_SHORT, flush->flushed, mapped);
  if (flush->n_bounced > 0)
    dms_grant_fact (machine,
                    grant,
                    DMS_FACT_DIRECTION_DIFFERS,
                    flush->n_bounced,
                    flush->bounced_bytes);
}

static void
stop_channel (DmsMachine *machine, const Flush *flush)
{
  DmsAdapter *adapter = flush->grant->adapter;

  if (adapter->controller == NULL)
    return;

  uint64_t left = adapter->controller->counter (machine, adapter);

  /* A driver of version 3 is told of the end, or cancels. */
  if (flush->range->whole_chain && left > 0 && !adapter->auto_initialize
      && !dms_grant_is_cancelled (machine, flush->grant))
    dms_grant_fact (machine,
                    flush->grant,
                    DMS_FACT_FLUSH_WHILE_RUNNING,
                    left,
                    adapter->dma_channel);
  adapter->controller->mask (machine, adapter);
}

/* What was cancelled is over: the context serves again. */
static void
resume_context (const DmsMachine *machine, const DmsGrant *grant)
{
  DmsContext *context
      = grant->context == 0 ? NULL : dms_grant_context (machine, grant->context);

  if (context != NULL)
    context->is_cancelled = false;
}

uint32_t
dms_grant_flush (DmsMachine *machine, DmsGrant *grant, const DmsMapRange *range)
{
  Flush flush = { .grant = grant, .range = range };

  if (range->length == 0 || range->n_mdls == 0)
    {
      dms_grant_fact (machine, grant, DMS_FACT_ZERO_LENGTH, 0, 0);
      return DMS_NT_INVALID_PARAMETER;
    }
  grant->cause = machine->call_seq;
  stop_channel (machine, &flush);
  if (grant->n_live > 0)
    flush_range (machine, &flush);
  if (flush.flushed == 0)
    return nothing_flushed (machine, &flush);
  note_flush (machine, &flush);
  resume_context (machine, grant);
  if (grant->n_live == 0)
    {
      grant->first_piece += grant->n_pages;
      grant->n_pages = 0;
      grant->next_flush = 0;
      grant->is_rising = true;
    }
  return DMS_NT_SUCCESS;
}
