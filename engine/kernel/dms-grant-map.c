/* dms-grant-map.c — MapTransfer: what is mapped by the registers of a grant
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-grant-private.h"

#include "engine/kernel/dms-controller.h"

/* ---- what a correct driver does not do ---- */

/* Bytes of @part that the grant has mapped already. */
static uint64_t
overlap (const DmsGrant *grant, const DmsChainPart *part, uint64_t *ret_first)
{
  uint64_t bytes = 0;

  for (uint32_t i = 0; i < grant->n_pages; i++)
    {
      const DmsGrantPage *page = &grant->pages[i];
      uint64_t end = page->start + page->length;
      uint64_t from = page->start > part->start ? page->start : part->start;
      uint64_t to = end < part->end ? end : part->end;

      if (page->is_flushed || page->buffer != part->buffer || from >= to)
        continue;
      if (bytes == 0)
        *ret_first = from;
      bytes += to - from;
    }
  return bytes;
}

/* Pages are mapped in the order of the buffer, as a rule: only what begins before the
 * last one ends needs a look at all of them. */
static bool
follows_last (const DmsGrant *grant, const DmsChainPart *part)
{
  const DmsGrantPage *last = &grant->pages[grant->n_pages - 1];

  return grant->is_rising && last->buffer == part->buffer
         && part->start >= last->start + last->length;
}

static void
note_mapped (DmsMachine *machine, const DmsGrant *grant, const DmsMapRange *range)
{
  DmsChainWalk walk
      = dms_chain_walk (range->mdls, range->n_mdls, range->skip, range->length);
  DmsChainPart part;

  while (grant->n_pages > 0 && dms_chain_next_part (&walk, &part))
    {
      uint64_t first = 0;
      uint64_t bytes = follows_last (grant, &part) ? 0 : overlap (grant, &part, &first);
      uint64_t address = part.mdl->address + (first - part.mdl->start);

      if (bytes > 0)
        dms_machine_fact (machine,
                          DMS_FACT_ALREADY_MAPPED,
                          (DmsFactNote){ .device = grant->adapter->device,
                                         .transfer = grant->transfer,
                                         .object = grant->id,
                                         .a = address,
                                         .b = address + bytes,
                                         .length = bytes });
    }
}

static void
note_unlocked (DmsMachine *machine, const DmsGrant *grant, const DmsMapRange *range)
{
  for (size_t i = 0; i < range->n_mdls; i++)
    if (!range->mdls[i]->is_locked)
      {
        dms_grant_fact (machine, grant, DMS_FACT_NOT_LOCKED, i, 0);
        return;
      }
}

/* An adapter that takes one piece, and MapTransferEx, map again only what was
 * flushed. */
static void
note_before (DmsMachine *machine, DmsGrant *grant, const DmsMapRange *range)
{
  if (grant->n_live > 0 && (range->whole_chain || !grant->adapter->scatter_gather))
    dms_grant_fact (machine, grant, DMS_FACT_NOT_FLUSHED, grant->mapped_bytes, 0);
  note_mapped (machine, grant, range);
  note_unlocked (machine, grant, range);
}

/* MapTransfer's caller has to see to it that the registers are enough; with
 * MapTransferEx a part is mapped, and the rest next time. */
static void
note_after (DmsMachine *machine,
            const DmsGrant *grant,
            const DmsMapRange *range,
            const DmsMapping *mapping)
{
  uint32_t n_mdls = 0;
  uint64_t needed = dms_chain_pages (
      range->mdls, range->n_mdls, range->skip, range->length, &n_mdls);

  if (mapping->n_beyond > 0)
    dms_grant_fact (
        machine, grant, DMS_FACT_TOO_FEW_REGISTERS, needed, needed - mapping->n_beyond);
  if (!mapping->lacks_registers || range->whole_chain)
    return;
  if (mapping->first > 0 && needed <= grant->room)
    dms_grant_fact (machine,
                    grant,
                    DMS_FACT_NOT_FLUSHED,
                    grant->mapped_bytes,
                    (uint64_t)grant->room << DMS_PAGE_SHIFT);
  else
    dms_grant_fact (machine,
                    grant,
                    DMS_FACT_TOO_FEW_REGISTERS,
                    needed,
                    grant->room - mapping->first);
}

/* ---- mapping ---- */

static void
adopt_transfer (DmsGrant *grant, const DmsMapRange *range)
{
  uint64_t transfer = range->mdls[0]->buffer->transfer;

  if (transfer != 0)
    grant->transfer = transfer;
  grant->to_device = range->to_device;
}

static void
program (DmsMachine *machine, const DmsMapping *mapping)
{
  const DmsGrant *grant = mapping->grant;
  DmsControllerPiece piece = { .logical = mapping->elements[0].logical,
                               .length = (uint32_t)mapping->elements[0].length,
                               .to_device = grant->to_device,
                               .transfer = grant->transfer,
                               .grant = grant->id,
                               .element = grant->pages[mapping->first].element };

  grant->adapter->controller->program (machine, grant->adapter, &piece);
}

uint32_t
dms_grant_map (DmsMachine *machine,
               DmsGrant *grant,
               const DmsMapRange *range,
               DmsListElement *elements,
               uint32_t *ret_n,
               uint64_t *ret_mapped)
{
  DmsMapping mapping = { .grant = grant,
                         .walk = dms_chain_walk (
                             range->mdls, range->n_mdls, range->skip, range->length),
                         .elements = elements,
                         .max_elements = range->max_elements };

  *ret_n = 0;
  *ret_mapped = 0;
  if (range->length == 0 || range->n_mdls == 0)
    {
      dms_grant_fact (machine, grant, DMS_FACT_ZERO_LENGTH, 0, 0);
      return DMS_NT_INVALID_PARAMETER;
    }
  /* The controller is programmed with one piece. */
  if (grant->adapter->controller != NULL)
    mapping.max_elements = 1;
  note_before (machine, grant, range);
  adopt_transfer (grant, range);
  grant->adapter->device->list = grant->id;
  grant->cause = machine->call_seq;
  dms_mapping_run (machine, &mapping);
  note_after (machine, grant, range, &mapping);
  *ret_n = mapping.n_elements;
  *ret_mapped = mapping.mapped;
  if (mapping.n_elements == 0)
    return DMS_NT_INSUFFICIENT_RESOURCES;
  if (grant->adapter->controller != NULL)
    program (machine, &mapping);
  return DMS_NT_SUCCESS;
}

/* ---- what the controller tells ---- */

void
dms_grant_complete (DmsMachine *machine,
                    DmsAdapter *adapter,
                    DmsCompletion status,
                    uint64_t cause)
{
  DmsGrant *grant = dms_grant_live (machine, adapter->channel);
  DmsCall call;

  if (grant == NULL || grant->completion.run == NULL)
    return;

  DmsGrantCompletion completion = grant->completion;
  DmsCallInfo info = { .routine = DMS_ROUTINE_DMA_COMPLETION,
                       .name = completion.callback,
                       .device = adapter->device,
                       .transfer = grant->transfer,
                       .object = grant->id,
                       .b = (uint64_t)status,
                       .flags = DMS_FLAG_CALLBACK,
                       .cause = cause,
                       .irql = DMS_CONTEXT_DISPATCH };

  grant->completion.run = NULL;
  if (!dms_call_enter (machine, &info, &call))
    return;
  completion.run (machine, adapter, &completion.data, status);
  dms_call_leave (machine, &call);
}
