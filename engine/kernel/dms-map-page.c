/* dms-map-page.c — one page: copied, and found by its logical address
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-grant-private.h"

#include "engine/kernel/dms-guard.h"

#include <string.h>

static uint32_t
piece_of (const DmsGrantPage *page)
{
  return page->grant->first_piece + (uint32_t)(page - page->grant->pages);
}

DmsEvent
dms_page_event (const DmsMachine *machine, const DmsGrantPage *page, DmsEventKind kind)
{
  DmsEvent event = dms_grant_event (machine, page->grant, kind);

  event.index = piece_of (page);
  event.length = page->length;
  event.flags = dms_direction_flag (page->to_device);
  return event;
}

void
dms_page_copy (
    DmsMachine *machine, DmsGrantPage *page, uint32_t from, uint32_t to, bool is_in)
{
  DmsGrant *grant = page->grant;
  uint64_t bounce = machine->pool.registers[page->map_register].frame;
  uint8_t *here = dms_memory_page (&machine->memory, page->frame);
  uint8_t *there = dms_memory_page (&machine->memory, bounce);

  if (here == NULL || there == NULL)
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }
  if (is_in)
    memcpy (there + from, here + from, to - from);
  else
    memcpy (here + from, there + from, to - from);
  dms_machine_spend_each (machine, machine->scenario->cost.copy_byte_ps, to - from);

  DmsEvent event = dms_page_event (machine, page, DMS_EVENT_COPY);
  uint64_t original = dms_physical_of_frame (page->frame).value + from;
  uint64_t behind = dms_physical_of_frame (bounce).value + from;

  event.a = is_in ? original : behind;
  event.b = is_in ? behind : original;
  event.length = to - from;
  event.flags |= is_in ? DMS_FLAG_COPY_IN : 0;
  event.cause = is_in ? grant->cause : machine->call_seq;
  grant->cause = dms_machine_emit (machine, &event);
}

/* ---- what is mapped ---- */

void
dms_page_remember (DmsMachine *machine, DmsGrantPage *page)
{
  uint64_t key = dms_mapped_key (page->grant->adapter->device, page->logical);

  page->below = dms_table_get (&machine->mapped, key);
  if (!dms_table_put (&machine->mapped, key, page))
    {
      page->below = NULL;
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
    }
}

void
dms_page_forget (DmsMachine *machine, DmsGrantPage *page)
{
  DmsGrant *grant = page->grant;
  uint64_t key = dms_mapped_key (grant->adapter->device, page->logical);
  DmsGrantPage *at = dms_table_get (&machine->mapped, key);
  DmsGuardSubject subject = { grant->adapter, grant->transfer, grant->id };

  if (page->is_bounced)
    dms_guard_check (machine, &subject, page->map_register, page->offset, page->length);
  if (at == page && page->below == NULL)
    dms_table_take (&machine->mapped, key);
  else if (at == page)
    dms_table_put (&machine->mapped, key, page->below); /* takes the old one's place */
  else
    {
      while (at != NULL && at->below != page)
        at = at->below;
      if (at != NULL)
        at->below = page->below;
    }
  page->is_flushed = true;
  grant->n_live--;
  grant->mapped_bytes -= page->length;
}

DmsGrantPage *
dms_grant_page_at (const DmsMachine *machine, const DmsDevice *device, uint64_t logical)
{
  DmsGrantPage *page
      = dms_table_get (&machine->mapped, dms_mapped_key (device, logical));

  while (page != NULL
         && (logical < page->logical || logical - page->logical >= page->length))
    page = page->below;
  return page;
}
