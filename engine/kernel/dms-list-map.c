/* dms-list-map.c — page by page: straight, or by a bounce page; and the way back
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-list-private.h"

#include "engine/core/dms-payload.h"

#include <stdlib.h>
#include <string.h>

static uint64_t
physical_of (const DmsListPage *page)
{
  return dms_physical_of_frame (page->frame).value + page->offset;
}

static DmsEvent
page_event (const DmsMachine *machine,
            const DmsList *list,
            uint32_t i,
            DmsEventKind kind)
{
  DmsEvent event = dms_list_event (machine, list, kind);

  event.index = i;
  event.length = list->pages[i].length;
  return event;
}

/* ---- copies ---- */

/* Copies between a page and its bounce page; the CPU needs no reach. */
static void
copy_page (DmsMachine *machine, DmsList *list, uint32_t i, bool is_in)
{
  const DmsListPage *page = &list->pages[i];
  uint64_t bounce = machine->pool.registers[list->first_register + i].frame;
  uint8_t *here = dms_memory_page (&machine->memory, page->frame);
  uint8_t *there = dms_memory_page (&machine->memory, bounce);

  if (here == NULL || there == NULL)
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }
  if (is_in)
    memcpy (there + page->offset, here + page->offset, page->length);
  else
    memcpy (here + page->offset, there + page->offset, page->length);
  dms_machine_spend_each (machine, machine->scenario->cost.copy_byte_ps, page->length);

  DmsEvent event = page_event (machine, list, i, DMS_EVENT_COPY);
  uint64_t behind = dms_physical_of_frame (bounce).value + page->offset;

  event.a = is_in ? physical_of (page) : behind;
  event.b = is_in ? behind : physical_of (page);
  event.flags |= is_in ? DMS_FLAG_COPY_IN : 0;
  event.cause = is_in ? list->cause : machine->call_seq;
  list->cause = dms_machine_emit (machine, &event);
}

/* ---- mapping ---- */

static bool
needs_bounce (const DmsMachine *machine, const DmsList *list, const DmsListPage *page)
{
  return machine->scenario->verifier
         || physical_of (page) + page->length - 1 > list->adapter->highest;
}

/* Adjacent logical addresses join within one MDL; on the x64 HAL a bounced page is an
 * element of its own. */
static bool
joins (const DmsMachine *machine, const DmsList *list, uint32_t i)
{
  const DmsListPage *page = &list->pages[i];

  if (i == 0 || page->begins_mdl)
    return false;
  if (!machine->scenario->hal_x86
      && (page->is_bounced || list->pages[i - 1].is_bounced))
    return false;
  return list->pages[i - 1].logical + list->pages[i - 1].length == page->logical;
}

static bool
add_to_elements (const DmsMachine *machine, DmsList *list, uint32_t i)
{
  DmsListPage *page = &list->pages[i];
  bool is_joined = joins (machine, list, i);

  if (is_joined)
    list->elements[list->n_elements - 1].length += page->length;
  else
    list->elements[list->n_elements++]
        = (DmsListElement){ page->logical, page->length };
  page->element = list->n_elements - 1;
  return is_joined;
}

static void
map_straight (DmsMachine *machine, DmsList *list, uint32_t i, uint64_t cause)
{
  DmsListPage *page = &list->pages[i];

  page->logical = dms_logical_of_physical (dms_physical (physical_of (page))).value;

  bool is_joined = add_to_elements (machine, list, i);
  DmsEvent event = page_event (machine, list, i, DMS_EVENT_PAGE);

  event.a = page->frame;
  event.b = page->logical;
  event.flags |= is_joined ? DMS_FLAG_JOINED : 0;
  event.cause = cause;
  list->cause = dms_machine_emit (machine, &event);
}

static void
map_by_bounce (DmsMachine *machine, DmsList *list, uint32_t i, uint64_t cause)
{
  DmsListPage *page = &list->pages[i];
  DmsRegister *map_register = &machine->pool.registers[list->first_register + i];
  uint64_t bounce = dms_physical_of_frame (map_register->frame).value + page->offset;
  bool is_forced = physical_of (page) + page->length - 1 <= list->adapter->highest;

  page->logical = dms_logical_of_physical (dms_physical (bounce)).value;
  page->is_bounced = true;
  map_register->is_bouncing = true;
  list->n_bounced++;
  list->bounced_bytes += page->length;

  bool is_joined = add_to_elements (machine, list, i);
  DmsEvent event = page_event (machine, list, i, DMS_EVENT_BOUNCE);

  event.a = physical_of (page);
  event.b = page->logical;
  event.c = list->adapter->highest;
  event.flags |= (is_joined ? DMS_FLAG_JOINED : 0) | (is_forced ? DMS_FLAG_FORCED : 0);
  event.cause = cause;
  list->cause = dms_machine_emit (machine, &event);
  if (list->to_device)
    copy_page (machine, list, i, true);
}

static void
map_page (DmsMachine *machine, DmsList *list, uint32_t i, uint64_t cause)
{
  DmsListPage *page = &list->pages[i];

  page->list = list;
  dms_machine_spend (machine, machine->scenario->cost.register_ps);
  if (needs_bounce (machine, list, page))
    map_by_bounce (machine, list, i, cause);
  else
    map_straight (machine, list, i, cause);
  if (!dms_table_put (&machine->mapped,
                      dms_mapped_key (list->adapter->device, page->logical),
                      page))
    dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
}

static void
emit_no_copy (DmsMachine *machine, DmsList *list)
{
  DmsEvent event = dms_list_event (machine, list, DMS_EVENT_NO_COPY);

  event.a = list->n_bounced;
  event.length = list->bounced_bytes;
  event.cause = list->cause;
  list->cause = dms_machine_emit (machine, &event);
}

static bool
append_segments (DmsMachine *machine, const DmsList *list)
{
  size_t most = list->n_pages > list->n_elements ? list->n_pages : list->n_elements;
  DmsSegment *segments = malloc (most * sizeof *segments);

  if (segments == NULL)
    return false;
  dms_bytes_clear (&machine->scratch);
  for (uint32_t i = 0; i < list->n_pages; i++)
    segments[i] = (DmsSegment){ physical_of (&list->pages[i]), list->pages[i].length };
  dms_payload_append_segments (
      &machine->scratch, DMS_PAYLOAD_MEMORY, segments, list->n_pages);
  for (uint32_t i = 0; i < list->n_elements; i++)
    segments[i] = (DmsSegment){ list->elements[i].logical, list->elements[i].length };
  dms_payload_append_segments (
      &machine->scratch, DMS_PAYLOAD_DEVICE, segments, list->n_elements);
  free (segments);
  return !machine->scratch.failed;
}

static void
emit_map (DmsMachine *machine, DmsList *list)
{
  if (!append_segments (machine, list))
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }

  DmsEvent event = dms_list_event (machine, list, DMS_EVENT_MAP);

  event.index = list->n_elements;
  event.a = list->n_pages;
  event.c = list->n_bounced;
  event.length = list->length;
  event.flags |= DMS_FLAG_FORM_LIST;
  event.flags |= list->n_bounced > 0 ? DMS_FLAG_BOUNCED : 0;
  event.flags |= list->n_bounced == list->n_pages ? DMS_FLAG_ALL_BOUNCED : 0;
  event.cause = list->cause;
  event.payload = machine->scratch.data;
  event.payload_length = (uint32_t)machine->scratch.length;
  list->cause = dms_machine_emit (machine, &event);
}

void
dms_list_map (DmsMachine *machine, DmsList *list)
{
  uint64_t grant = list->cause;

  for (uint32_t i = 0; i < list->n_pages; i++)
    map_page (machine, list, i, grant);
  if (list->n_bounced > 0 && !list->to_device)
    emit_no_copy (machine, list);
  list->phase = DMS_LIST_MAPPED;
  emit_map (machine, list);
}

/* ---- the way back ---- */

static void
forget_pages (DmsMachine *machine, DmsList *list)
{
  for (uint32_t i = 0; i < list->n_pages; i++)
    {
      uint64_t key = dms_mapped_key (list->adapter->device, list->pages[i].logical);

      /* Another list may have mapped the same page since. */
      if (dms_table_get (&machine->mapped, key) == &list->pages[i])
        dms_table_take (&machine->mapped, key);
    }
}

static void
release_registers (DmsMachine *machine, DmsList *list)
{
  dms_machine_spend_each (
      machine, machine->scenario->cost.register_ps, list->n_registers);
  dms_register_pool_give (&machine->pool, list->first_register, list->n_registers);

  DmsEvent event = dms_list_event (machine, list, DMS_EVENT_RELEASE);

  event.index = list->first_register;
  event.a = list->n_registers;
  event.b = machine->pool.n_free;
  event.cause = list->cause;
  event.flags = 0;
  list->cause = dms_machine_emit (machine, &event);
  machine->release_seq = list->cause;
  list->n_registers = 0;
}

void
dms_list_unmap (DmsMachine *machine, DmsList *list, bool to_device)
{
  list->cause = machine->call_seq;
  if (!to_device)
    for (uint32_t i = 0; i < list->n_pages; i++)
      if (list->pages[i].is_bounced)
        copy_page (machine, list, i, false);
  forget_pages (machine, list);
  release_registers (machine, list);

  DmsEvent event = dms_list_event (machine, list, DMS_EVENT_UNMAP);

  event.length = list->length;
  event.cause = list->cause;
  dms_machine_emit (machine, &event);
}

DmsListPage *
dms_list_page_at (const DmsMachine *machine, const DmsDevice *device, uint64_t logical)
{
  DmsListPage *page
      = dms_table_get (&machine->mapped, dms_mapped_key (device, logical));

  if (page == NULL || logical < page->logical
      || logical - page->logical >= page->length)
    return NULL;
  return page;
}
