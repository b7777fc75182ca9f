/* dms-map.c — page by page: straight, by a bounce page, or by a translation
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-grant-private.h"

#include "engine/core/dms-payload.h"
#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-controller.h"
#include "engine/kernel/dms-iommu.h"

#include <stdlib.h>

/* ---- where each page goes ---- */

void
dms_page_fill (DmsGrantPage *page, const DmsChainPiece *piece)
{
  *page = (DmsGrantPage){ .frame = piece->frame,
                          .offset = piece->offset,
                          .length = piece->length,
                          .buffer = piece->mdl->buffer,
                          .start = piece->mdl->start + piece->skip,
                          .begins_mdl = piece->begins_mdl };
}

/* The register that stands for page @i of the grant; UINT32_MAX when there is none.
 * Where nobody checks, it may be one that others hold. */
static uint32_t
register_of (const DmsMachine *machine, const DmsGrant *grant, uint32_t i)
{
  if (grant->n_registers == 0 || i >= machine->pool.n - grant->first_register
      || machine->pool.registers[grant->first_register + i].home == 0)
    return UINT32_MAX;
  return grant->first_register + i;
}

/* Whether the page itself has to bounce. What a driver shares with its device does not
 * where the device reaches it, with verification neither: both look at it while it is
 * mapped (our model). */
static bool
has_to_bounce (const DmsMachine *machine,
               const DmsAdapter *adapter,
               const DmsGrantPage *page,
               uint32_t map_register)
{
  uint64_t physical = dms_grant_physical (page);

  if (dms_buffer_is_common (page->buffer)
      && physical + page->length - 1 <= adapter->highest)
    return false;
  return dms_policy_bounces (machine, adapter, map_register, physical, page->length);
}

/* Whether pages @i of the mapping from the one in hand on, to the end of its MDL's
 * part, lie in a row that the device can take as one piece. */
static bool
is_row (const DmsMachine *machine, const DmsMapping *mapping)
{
  const DmsGrant *grant = mapping->grant;
  const DmsAdapter *adapter = grant->adapter;
  uint64_t window
      = adapter->controller == NULL ? 0 : adapter->controller->window (adapter);
  DmsChainWalk ahead = mapping->walk;
  DmsGrantPage page = grant->pages[grant->n_pages];
  uint64_t first = dms_grant_physical (&page);
  uint64_t next = first;

  for (uint32_t i = grant->n_pages;;)
    {
      uint64_t physical = dms_grant_physical (&page);
      DmsChainPiece piece;

      if (physical != next
          || has_to_bounce (machine, adapter, &page, register_of (machine, grant, i))
          || (next > first && dms_policy_ends_run (machine, adapter, next))
          || (window != 0 && (next + page.length - 1) / window != first / window))
        return false;
      next += page.length;
      if (++i == grant->room)
        return true;
      if (mapping->is_list)
        {
          if (i == mapping->n_list_pages)
            return true;
          page = grant->pages[i];
        }
      else if (dms_chain_next (&ahead, &piece))
        dms_page_fill (&page, &piece);
      else
        return true;
      if (page.begins_mdl)
        return true;
    }
}

static bool
is_remapped (const DmsGrant *grant)
{
  return grant->n_registers > 0 && dms_iommu_is_before (grant->adapter->device);
}

/* An adapter that takes one piece only needs the part of each MDL in a row. */
static bool
takes_rows (const DmsGrant *grant)
{
  return !grant->adapter->scatter_gather && !is_remapped (grant);
}

/* Decides what is done with the page in hand; nothing has happened yet. */
static void
choose (DmsMachine *machine, DmsMapping *mapping, DmsGrantPage *page)
{
  DmsGrant *grant = mapping->grant;
  uint64_t physical = dms_grant_physical (page);

  page->grant = grant;
  page->to_device = grant->to_device;
  page->map_register = register_of (machine, grant, grant->n_pages);
  if (is_remapped (grant))
    {
      page->logical
          = dms_iommu_logical (machine, grant->adapter->device, page->map_register)
            + page->offset;
      return;
    }
  if (!takes_rows (grant))
    page->is_bounced
        = has_to_bounce (machine, grant->adapter, page, page->map_register);
  else if (page->begins_mdl || grant->n_pages == mapping->first)
    page->is_bounced = mapping->row_bounces = !is_row (machine, mapping);
  else
    page->is_bounced = mapping->row_bounces;
  if (page->map_register == UINT32_MAX)
    page->is_bounced = false;
  if (page->is_bounced)
    physical = dms_physical_of_frame (machine->pool.registers[page->map_register].frame)
                   .value
               + page->offset;
  page->logical = dms_logical_of_physical (dms_physical (physical)).value;
}

/* Adjacent logical addresses join within one MDL. Where bounced pages of a list do not
 * merge, each is an element of its own. */
static bool
joins (const DmsMachine *machine, const DmsMapping *mapping, const DmsGrantPage *page)
{
  const DmsGrant *grant = mapping->grant;
  const DmsGrantPage *before = page - 1;
  uint64_t physical = dms_grant_physical (page);

  if (mapping->n_elements == 0 || page->begins_mdl)
    return false;
  if (before->logical + before->length != page->logical)
    return false;
  if (takes_rows (grant) || is_remapped (grant))
    return true;
  if (machine->policy.rows_only
      && dms_grant_physical (before) + before->length != physical)
    return false;
  return (machine->policy.bounces_merge || (!page->is_bounced && !before->is_bounced))
         && !dms_policy_ends_run (machine, grant->adapter, physical);
}

/* ---- the page is mapped ---- */

static void
emit_straight (DmsMachine *machine,
               DmsMapping *mapping,
               DmsGrantPage *page,
               bool joined)
{
  DmsEvent event = dms_page_event (machine, page, DMS_EVENT_PAGE);

  event.a = page->frame;
  event.b = page->logical;
  event.flags |= joined ? DMS_FLAG_JOINED : 0;
  event.flags |= is_remapped (page->grant) ? DMS_FLAG_REMAPPED : 0;
  event.flags |= page->map_register == UINT32_MAX ? DMS_FLAG_FORCED : 0;
  event.cause = mapping->cause;
  page->grant->cause = dms_machine_emit (machine, &event);
}

/* The register that it bounces by is none of the grant's. */
static bool
is_beyond (const DmsGrantPage *page)
{
  return page->map_register - page->grant->first_register >= page->grant->n_registers;
}

static void
emit_bounce (DmsMachine *machine, DmsMapping *mapping, DmsGrantPage *page, bool joined)
{
  uint64_t physical = dms_grant_physical (page);
  uint64_t highest = page->grant->adapter->highest;
  DmsEvent event = dms_page_event (machine, page, DMS_EVENT_BOUNCE);

  event.a = physical;
  event.b = page->logical;
  event.c = highest;
  event.flags |= joined ? DMS_FLAG_JOINED : 0;
  event.flags |= physical + page->length - 1 <= highest ? DMS_FLAG_FORCED : 0;
  if (is_beyond (page))
    event.flags |= DMS_FLAG_TAKEN;
  event.cause = mapping->cause;
  page->grant->cause = dms_machine_emit (machine, &event);
}

static void
settle (DmsMachine *machine, DmsMapping *mapping, DmsGrantPage *page, bool joined)
{
  DmsGrant *grant = mapping->grant;

  if (joined)
    mapping->elements[mapping->n_elements - 1].length += page->length;
  else
    mapping->elements[mapping->n_elements++]
        = (DmsListElement){ page->logical, page->length };
  page->element = grant->next_element + mapping->n_elements - 1;
  if (mapping->is_list)
    grant->n_elements = mapping->n_elements;
  if (grant->n_pages > 0
      && (page->buffer != page[-1].buffer
          || page->start < page[-1].start + page[-1].length))
    grant->is_rising = false;
  grant->n_pages++;
  grant->n_live++;
  grant->mapped_bytes += page->length;
  mapping->mapped += page->length;
  dms_machine_spend (machine, machine->scenario->cost.register_ps);
  dms_page_remember (machine, page);
  if (!page->is_bounced)
    {
      emit_straight (machine, mapping, page, joined);
      return;
    }
  machine->pool.registers[page->map_register].is_bouncing = true;
  if (is_beyond (page))
    mapping->n_beyond++;
  mapping->n_bounced++;
  mapping->bounced_bytes += page->length;
  emit_bounce (machine, mapping, page, joined);
  if (page->to_device)
    dms_page_copy (machine, page, page->offset, page->offset + page->length, true);
}

/* ---- all of them ---- */

/* Whether a register more would be used for @page now. */
static bool
lacks_register (const DmsMachine *machine,
                const DmsMapping *mapping,
                const DmsGrantPage *page)
{
  const DmsGrant *grant = mapping->grant;
  const DmsGrantPage *last = &grant->pages[grant->n_pages - 1];

  if (grant->n_pages == mapping->first || mapping->n_elements < mapping->max_elements)
    return true;
  if (page->begins_mdl)
    return false;
  if (takes_rows (grant))
    return true;
  if (last->is_bounced)
    return machine->policy.bounces_merge;
  return is_remapped (grant)
         || dms_grant_physical (last) + last->length == dms_grant_physical (page);
}

/* The next page to be mapped, at its place in the grant. NULL when there is none, or no
 * register for it. */
static DmsGrantPage *
next_page (const DmsMachine *machine, DmsMapping *mapping)
{
  DmsGrant *grant = mapping->grant;
  DmsGrantPage page;
  DmsChainPiece piece;

  if (mapping->is_list)
    return grant->n_pages == mapping->n_list_pages ? NULL
                                                   : &grant->pages[grant->n_pages];
  if (!dms_chain_next (&mapping->walk, &piece))
    return NULL;
  dms_page_fill (&page, &piece);
  if (grant->n_pages == grant->room)
    {
      mapping->lacks_registers = lacks_register (machine, mapping, &page);
      return NULL;
    }
  grant->pages[grant->n_pages] = page;
  return &grant->pages[grant->n_pages];
}

static void
emit_no_copy (DmsMachine *machine, const DmsMapping *mapping)
{
  DmsEvent event = dms_grant_event (machine, mapping->grant, DMS_EVENT_NO_COPY);

  event.a = mapping->n_bounced;
  event.length = mapping->bounced_bytes;
  event.flags = DMS_FLAG_FROM_DEVICE;
  event.cause = mapping->grant->cause;
  mapping->grant->cause = dms_machine_emit (machine, &event);
}

static bool
append_segments (DmsMachine *machine, const DmsMapping *mapping)
{
  const DmsGrant *grant = mapping->grant;
  uint32_t n_pages = grant->n_pages - mapping->first;
  size_t most = n_pages > mapping->n_elements ? n_pages : mapping->n_elements;
  DmsSegment *segments = malloc ((most + 1) * sizeof *segments);

  if (segments == NULL)
    return false;
  dms_bytes_clear (&machine->scratch);
  for (uint32_t i = 0; i < n_pages; i++)
    {
      const DmsGrantPage *page = &grant->pages[mapping->first + i];

      segments[i] = (DmsSegment){ dms_grant_physical (page), page->length };
    }
  dms_payload_append_segments (
      &machine->scratch, DMS_PAYLOAD_MEMORY, segments, n_pages);
  for (uint32_t i = 0; i < mapping->n_elements; i++)
    segments[i]
        = (DmsSegment){ mapping->elements[i].logical, mapping->elements[i].length };
  dms_payload_append_segments (
      &machine->scratch, DMS_PAYLOAD_DEVICE, segments, mapping->n_elements);
  free (segments);
  return !machine->scratch.failed;
}

static void
emit_map (DmsMachine *machine, const DmsMapping *mapping)
{
  DmsGrant *grant = mapping->grant;
  uint32_t n_pages = grant->n_pages - mapping->first;

  if (!append_segments (machine, mapping))
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }

  DmsEvent event = dms_grant_event (machine, grant, DMS_EVENT_MAP);

  event.index = mapping->n_elements;
  event.a = n_pages;
  event.c = mapping->n_bounced;
  event.length = mapping->mapped;
  event.flags = dms_direction_flag (grant->to_device);
  event.flags |= mapping->is_list ? DMS_FLAG_FORM_LIST : DMS_FLAG_FORM_SINGLE;
  event.flags |= mapping->n_bounced > 0 ? DMS_FLAG_BOUNCED : 0;
  if (!dms_policy_wants_registers (machine, grant->adapter))
    event.flags |= DMS_FLAG_FORCED;
  event.flags
      |= n_pages > 0 && mapping->n_bounced == n_pages ? DMS_FLAG_ALL_BOUNCED : 0;
  event.cause = grant->cause;
  event.payload = machine->scratch.data;
  event.payload_length = (uint32_t)machine->scratch.length;
  grant->cause = dms_machine_emit (machine, &event);
}

void
dms_mapping_run (DmsMachine *machine, DmsMapping *mapping)
{
  DmsGrant *grant = mapping->grant;
  DmsGrantPage *page;

  mapping->first = grant->n_pages;
  mapping->cause = grant->cause;
  while ((page = next_page (machine, mapping)) != NULL)
    {
      choose (machine, mapping, page);

      bool joined = joins (machine, mapping, page);

      if (!joined && mapping->n_elements == mapping->max_elements)
        break;
      settle (machine, mapping, page, joined);
    }
  grant->next_element += mapping->n_elements;
  if (grant->n_pages == mapping->first && !mapping->is_list)
    return;
  if (mapping->is_list && mapping->mapped < grant->length)
    return;
  if (mapping->n_bounced > 0 && !grant->to_device)
    emit_no_copy (machine, mapping);
  emit_map (machine, mapping);
}
