/* dms-list.c — GetScatterGatherList and PutScatterGatherList, as the driver meets them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-list.h"

#include "engine/kernel/dms-grant-private.h"

/* ---- refusals ---- */

void
dms_list_refuse (DmsMachine *machine,
                 const DmsDevice *device,
                 uint64_t transfer,
                 uint32_t status)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_REFUSE);

  event.device = device == NULL ? 0 : device->name;
  event.transfer = transfer;
  event.cause = machine->call_seq;
  dms_grant_refuse (machine, event, status, 0);
}

/* ---- counting ---- */

/* What is asked for, seen from the chain's first byte. */
typedef struct
{
  const DmsListRequest *request;
  uint64_t transfer;
  uint64_t list;   /* id of the list to be made */
  uint64_t skip;   /* bytes of the first MDL before the transfer */
  uint64_t pages;  /* counted for each MDL */
  uint64_t needed; /* map registers */
  uint64_t cause;
} Asked;

static DmsEvent
asked_event (const DmsMachine *machine, const Asked *asked, DmsEventKind kind)
{
  DmsEvent event = dms_machine_event (machine, kind);

  event.device = asked->request->adapter->device->name;
  event.transfer = asked->transfer;
  event.object = asked->list;
  event.cause = asked->cause;
  return event;
}

static void
note (DmsMachine *machine, const Asked *asked, DmsFact fact, uint64_t a, uint64_t b)
{
  dms_machine_fact (machine,
                    fact,
                    (DmsFactNote){ .device = asked->request->adapter->device,
                                   .transfer = asked->transfer,
                                   .object = asked->request->adapter->id,
                                   .a = a,
                                   .b = b });
}

static void
count (DmsMachine *machine, Asked *asked)
{
  const DmsListRequest *request = asked->request;
  uint32_t n_mdls = 0;
  DmsEvent event = asked_event (machine, asked, DMS_EVENT_COUNT);

  asked->pages = dms_chain_pages (
      request->mdls, request->n_mdls, asked->skip, request->length, &n_mdls);
  asked->needed = dms_policy_count (machine,
                                    request->adapter,
                                    request->mdls,
                                    request->n_mdls,
                                    asked->skip,
                                    request->length,
                                    &n_mdls);
  event.a = asked->needed;
  event.b = dms_page_offset (request->address);
  event.c = request->adapter->allowed;
  event.index = n_mdls;
  event.length = request->length;
  event.flags
      = dms_direction_flag (request->to_device) | (n_mdls > 1 ? DMS_FLAG_CHAINED : 0);
  if (!dms_policy_wants_registers (machine, request->adapter))
    event.flags |= DMS_FLAG_FORCED;
  else if (asked->needed < asked->pages)
    event.flags |= DMS_FLAG_TRUNCATED;
  asked->cause = dms_machine_emit (machine, &event);
}

static uint32_t
refuse_short (DmsMachine *machine, const Asked *asked, uint64_t there)
{
  DmsEvent event = asked_event (machine, asked, DMS_EVENT_REFUSE);

  event.a = asked->request->length;
  event.b = there;
  return dms_grant_refuse (machine, event, DMS_NT_BUFFER_TOO_SMALL, DMS_FLAG_TOO_SHORT);
}

static uint32_t
refuse_resources (DmsMachine *machine, const Asked *asked, uint32_t why)
{
  DmsEvent event = asked_event (machine, asked, DMS_EVENT_REFUSE);

  event.a = asked->needed;
  event.b = asked->request->adapter->allowed;
  return dms_grant_refuse (machine, event, DMS_NT_INSUFFICIENT_RESOURCES, why);
}

static uint32_t
refuse_memory (DmsMachine *machine, const Asked *asked)
{
  DmsEvent event = asked_event (machine, asked, DMS_EVENT_REFUSE);

  event.a = dms_policy_list_bytes (machine, asked->pages);
  event.b = asked->request->memory_bytes;
  return dms_grant_refuse (machine, event, DMS_NT_BUFFER_TOO_SMALL, 0);
}

/* The memory that the driver gave has to hold what the system keeps there, too. */
static bool
is_memory_enough (DmsMachine *machine, const Asked *asked)
{
  const DmsListRequest *request = asked->request;
  uint64_t bytes = dms_policy_list_bytes (machine, asked->pages);

  if (request->memory == NULL || request->memory_bytes >= bytes)
    return true;
  note (machine, asked, DMS_FACT_BUFFER_SMALL, request->memory_bytes, bytes);
  return false;
}

/* Two lists cannot lie in the same memory. */
static bool
is_memory_used (const DmsMachine *machine, const DmsListRequest *request)
{
  const DmsList *other
      = request->memory == NULL ? NULL : dms_list_of_image (machine, request->memory);

  return other != NULL && other->phase != DMS_GRANT_DONE;
}

/* ---- the list ---- */

static void
fill_pages (DmsList *list, const Asked *asked)
{
  const DmsListRequest *request = asked->request;
  DmsChainWalk walk
      = dms_chain_walk (request->mdls, request->n_mdls, asked->skip, request->length);
  DmsChainPiece piece;

  while (list->n_list_pages < list->room && dms_chain_next (&walk, &piece))
    dms_page_fill (&list->pages[list->n_list_pages++], &piece);
}

static void
emit_list_memory (DmsMachine *machine, const DmsList *list)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_LIST_MEMORY);

  event.device = list->adapter->device->name;
  event.transfer = list->transfer;
  event.object = list->id;
  event.a = list->image_bytes;
  event.b = list->room;
  event.cause = list->cause;
  if (list->owns_image)
    dms_machine_emit (machine, &event);
}

static DmsList *
new_list (DmsMachine *machine, const Asked *asked)
{
  const DmsListRequest *request = asked->request;
  /* In ReactOS the driver's memory holds only what the system keeps (R21). */
  void *memory = machine->policy.list_context != 0 ? NULL : request->memory;
  DmsList *list
      = dms_grant_new (machine, request->adapter, asked->list, (uint32_t)asked->pages);

  if (list != NULL && !dms_list_give_image (machine, list, memory))
    {
      dms_grant_drop (machine, list);
      return NULL;
    }
  return list;
}

static uint32_t
make (DmsMachine *machine, const Asked *asked)
{
  const DmsListRequest *request = asked->request;
  DmsList *list = new_list (machine, asked);

  if (list == NULL)
    return refuse_resources (machine, asked, DMS_FLAG_NO_HOST_MEMORY);
  list->transfer = asked->transfer;
  list->context = request->context;
  list->is_list = true;
  list->is_synchronous = request->is_synchronous;
  list->count = (uint32_t)asked->needed;
  list->to_device = request->to_device;
  list->length = request->length;
  list->deliver_list = request->deliver;
  list->data = request->data;
  list->callback = request->callback;
  list->cause = asked->cause;
  fill_pages (list, asked);
  emit_list_memory (machine, list);
  return dms_grant_begin (machine, list);
}

/* The list has more elements than the system makes: what it took goes back, and its
 * driver never hears of it (ReactOS, R2). */
static void
lose (DmsMachine *machine, DmsList *list)
{
  DmsAdapter *adapter = list->adapter;
  DmsEvent event = dms_grant_event (machine, list, DMS_EVENT_CANCEL);

  dms_grant_release_registers (machine, list);
  event.flags = DMS_FLAG_FORCED;
  event.cause = list->cause;
  list->cause = dms_machine_emit (machine, &event);
  if (adapter->channel == list->id)
    dms_wait_free_channel (machine, adapter, list->transfer, list->cause);
  dms_grant_drop (machine, list);
  dms_wait_serve (machine);
}

bool
dms_list_map (DmsMachine *machine, DmsList *list)
{
  DmsMapping mapping = { .grant = list,
                         .is_list = true,
                         .n_list_pages = list->n_list_pages,
                         .elements = list->elements,
                         .max_elements = list->room };

  if (machine->policy.most_elements != 0
      && machine->policy.most_elements < mapping.max_elements)
    mapping.max_elements = machine->policy.most_elements;
  dms_mapping_run (machine, &mapping);
  if (mapping.mapped == list->length)
    return true;
  lose (machine, list);
  return false;
}

/* ---- asking ---- */

static void
note_unlocked (DmsMachine *machine, const Asked *asked)
{
  const DmsListRequest *request = asked->request;

  for (size_t i = 0; i < request->n_mdls; i++)
    if (!request->mdls[i]->is_locked)
      {
        note (machine, asked, DMS_FACT_NOT_LOCKED, i, 0);
        return;
      }
}

/* The status of a call that is refused whatever the buffer is, or success. */
static uint32_t
check_call (DmsMachine *machine, const Asked *asked)
{
  const DmsListRequest *request = asked->request;

  if (request->n_mdls == 0 || request->adapter->is_put
      || (request->deliver == NULL && !request->is_synchronous)
      || is_memory_used (machine, request))
    return DMS_NT_INVALID_PARAMETER;
  if (request->length == 0 && !machine->policy.takes_nothing)
    {
      note (machine, asked, DMS_FACT_ZERO_LENGTH, 0, 0);
      return DMS_NT_INVALID_PARAMETER;
    }
  if (machine->n_calls > DMS_DEEPEST_NESTING)
    {
      note (machine, asked, DMS_FACT_NESTED_TOO_DEEP, 0, 0);
      return DMS_NT_INSUFFICIENT_RESOURCES;
    }
  return DMS_NT_SUCCESS;
}

/* The status of a range that the chain does not hold, or success; refused already. */
static uint32_t
check_range (DmsMachine *machine, const Asked *asked)
{
  const DmsListRequest *request = asked->request;
  DmsSizeRequest range
      = { request->mdls, request->n_mdls, request->address, request->length };
  uint32_t status = dms_adapter_check_range (machine, request->adapter, &range);
  uint64_t there = 0;

  if (status == DMS_NT_INVALID_PARAMETER)
    dms_list_refuse (machine, request->adapter->device, asked->transfer, status);
  if (status != DMS_NT_BUFFER_TOO_SMALL)
    return status;
  if (asked->skip < request->mdls[0]->length)
    there = dms_chain_bytes (request->mdls, request->n_mdls, asked->skip);
  return refuse_short (machine, asked, there);
}

/* The request that it is for. Memory of the driver's own belongs to none: it serves the
 * one that the driver works on, our model. */
static uint64_t
transfer_of (const DmsListRequest *request)
{
  const DmsTransfer *current = request->adapter->device->current;
  uint64_t transfer = request->mdls[0]->buffer->transfer;

  if (transfer != 0 || current == NULL)
    return transfer;
  return current->id;
}

uint32_t
dms_list_get (DmsMachine *machine, const DmsListRequest *request)
{
  Asked asked = { .request = request, .cause = machine->call_seq };
  uint32_t status = DMS_NT_SUCCESS;

  if (request->ret_list != NULL)
    *request->ret_list = NULL;
  if (request->n_mdls > 0)
    asked.transfer = transfer_of (request);
  status = check_call (machine, &asked);
  if (status != DMS_NT_SUCCESS)
    {
      dms_list_refuse (machine, request->adapter->device, asked.transfer, status);
      return status;
    }
  status = dms_grant_check_context (
      machine, request->adapter, asked.transfer, request->context);
  if (status != DMS_NT_SUCCESS)
    return status;
  asked.list = ++machine->last_list;
  asked.skip = request->address - request->mdls[0]->address;
  status = check_range (machine, &asked);
  if (status != DMS_NT_SUCCESS)
    return status;
  note_unlocked (machine, &asked);
  count (machine, &asked);
  if (asked.needed > request->adapter->allowed)
    return refuse_resources (machine, &asked, DMS_FLAG_TOO_MANY_REGISTERS);
  if (!is_memory_enough (machine, &asked))
    return refuse_memory (machine, &asked);
  status = make (machine, &asked);
  if (request->ret_list != NULL && status == DMS_NT_SUCCESS)
    *request->ret_list = dms_grant_live (machine, asked.list);
  return status;
}

/* ---- giving back ---- */

static void
note_direction (DmsMachine *machine, const DmsList *list, bool to_device)
{
  uint32_t n_bounced = 0;

  if (to_device == list->to_device)
    return;
  for (uint32_t i = 0; i < list->n_pages; i++)
    n_bounced += list->pages[i].is_bounced ? 1 : 0;
  dms_grant_fact (
      machine, list, DMS_FACT_DIRECTION_DIFFERS, n_bounced, list->waiting_bytes);
}

void
dms_list_put (DmsMachine *machine, DmsList *list, bool to_device)
{
  if (list->phase != DMS_GRANT_GRANTED)
    return;
  note_direction (machine, list, to_device);
  if (machine->policy.keeps_direction)
    to_device = list->to_device;
  list->cause = machine->call_seq;
  for (uint32_t i = 0; i < list->n_pages && !to_device; i++)
    {
      DmsGrantPage *page = &list->pages[i];

      if (page->is_bounced)
        dms_page_copy (machine, page, page->offset, page->offset + page->length, false);
    }
  dms_grant_release_registers (machine, list);
  dms_grant_end (machine, list);
  dms_list_retire (machine, list);
  dms_wait_serve (machine);
}
