/* dms-list.c — GetScatterGatherList and PutScatterGatherList, as the driver meets them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-list-private.h"

DmsEvent
dms_list_event (const DmsMachine *machine, const DmsList *list, DmsEventKind kind)
{
  DmsEvent event = dms_machine_event (machine, kind);

  event.device = list->adapter->device->name;
  event.transfer = list->transfer;
  event.object = list->id;
  event.flags = dms_direction_flag (list->to_device);
  return event;
}

/* A list that is asked for deeper inside of callbacks is refused, as there must be room
 * for the calls that the driver makes then. */
#define DEEPEST_NESTING 240

/* ---- refusals ---- */

static uint32_t
refuse (DmsMachine *machine, DmsEvent event, uint32_t status, uint32_t why)
{
  event.status = status;
  event.flags = why;
  dms_machine_emit (machine, &event);
  return status;
}

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
  refuse (machine, event, status, 0);
}

/* ---- counting ---- */

/* What is asked for, seen from the chain's first byte. */
typedef struct
{
  const DmsListRequest *request;
  uint64_t transfer;
  uint64_t list; /* id of the list to be made */
  uint64_t skip; /* bytes of the first MDL before the transfer */
  uint64_t needed;
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

static uint64_t
count (DmsMachine *machine, const Asked *asked)
{
  const DmsListRequest *request = asked->request;
  uint32_t n_mdls = 0;
  DmsEvent event = asked_event (machine, asked, DMS_EVENT_COUNT);

  event.a = dms_chain_pages (
      request->mdls, request->n_mdls, asked->skip, request->length, &n_mdls);
  event.b = dms_page_offset (request->address);
  event.c = request->adapter->allowed;
  event.index = n_mdls;
  event.length = request->length;
  event.flags
      = dms_direction_flag (request->to_device) | (n_mdls > 1 ? DMS_FLAG_CHAINED : 0);
  dms_machine_emit (machine, &event);
  return event.a;
}

static uint32_t
refuse_short (DmsMachine *machine, const Asked *asked, uint64_t there)
{
  DmsEvent event = asked_event (machine, asked, DMS_EVENT_REFUSE);

  event.a = asked->request->length;
  event.b = there;
  return refuse (machine, event, DMS_NT_BUFFER_TOO_SMALL, DMS_FLAG_TOO_SHORT);
}

static uint32_t
refuse_resources (DmsMachine *machine, const Asked *asked, uint32_t why)
{
  DmsEvent event = asked_event (machine, asked, DMS_EVENT_REFUSE);

  event.a = asked->needed;
  event.b = asked->request->adapter->allowed;
  return refuse (machine, event, DMS_NT_INSUFFICIENT_RESOURCES, why);
}

/* ---- the list ---- */

static void
fill_pages (DmsList *list, const Asked *asked)
{
  const DmsListRequest *request = asked->request;
  uint64_t skip = asked->skip;
  uint64_t left = request->length;
  uint32_t n = 0;

  for (size_t m = 0; m < request->n_mdls && left > 0; m++)
    {
      const DmsMdl *mdl = request->mdls[m];
      uint64_t end = mdl->length - skip < left ? mdl->length : skip + left;

      for (uint64_t at = skip; at < end; n++)
        {
          uint64_t from_page = dms_page_offset (mdl->address) + at;
          uint64_t room = DMS_PAGE_SIZE - dms_page_offset (from_page);
          uint64_t length = end - at < room ? end - at : room;

          list->pages[n].frame = mdl->frames[from_page >> DMS_PAGE_SHIFT];
          list->pages[n].offset = (uint32_t)dms_page_offset (from_page);
          list->pages[n].length = (uint32_t)length;
          list->pages[n].begins_mdl = at == skip;
          at += length;
        }
      left -= end - skip;
      skip = 0;
    }
}

static void
emit_list_memory (DmsMachine *machine, DmsList *list, uint64_t cause)
{
  DmsEvent event = dms_list_event (machine, list, DMS_EVENT_LIST_MEMORY);

  event.a = list->image_bytes;
  event.b = list->n_pages;
  event.flags = 0;
  event.cause = cause;
  dms_machine_emit (machine, &event);
}

static uint32_t
make (DmsMachine *machine, const Asked *asked)
{
  const DmsListRequest *request = asked->request;
  DmsList *list = dms_list_new (machine, asked->list, (uint32_t)asked->needed);

  if (list == NULL)
    return refuse_resources (machine, asked, DMS_FLAG_NO_HOST_MEMORY);
  list->adapter = request->adapter;
  list->transfer = asked->transfer;
  list->to_device = request->to_device;
  list->length = request->length;
  list->deliver = request->deliver;
  list->data = request->data;
  list->callback = request->callback;
  list->cause = asked->cause;
  fill_pages (list, asked);
  emit_list_memory (machine, list, asked->cause);
  dms_list_begin (machine, list);
  return DMS_NT_SUCCESS;
}

/* The status of a call that is refused whatever the buffer is, or success. */
static uint32_t
check_call (const DmsMachine *machine, const DmsListRequest *request)
{
  if (request->n_mdls == 0 || request->length == 0 || request->deliver == NULL
      || request->adapter->is_put || request->address < request->mdls[0]->address)
    return DMS_NT_INVALID_PARAMETER;
  if (machine->n_calls > DEEPEST_NESTING)
    return DMS_NT_INSUFFICIENT_RESOURCES;
  return DMS_NT_SUCCESS;
}

uint32_t
dms_list_get (DmsMachine *machine, const DmsListRequest *request)
{
  Asked asked = { .request = request, .cause = machine->call_seq };
  uint32_t status = check_call (machine, request);

  if (request->n_mdls > 0)
    asked.transfer = request->mdls[0]->buffer->transfer;
  if (status != DMS_NT_SUCCESS)
    {
      dms_list_refuse (machine, request->adapter->device, asked.transfer, status);
      return status;
    }
  asked.list = ++machine->last_list;
  asked.skip = request->address - request->mdls[0]->address;

  uint64_t there = dms_chain_bytes (request->mdls, request->n_mdls, asked.skip);

  if (asked.skip >= request->mdls[0]->length)
    there = 0;
  if (there < request->length)
    return refuse_short (machine, &asked, there);
  asked.needed = count (machine, &asked);
  asked.cause = machine->emitter.seq;
  if (asked.needed > request->adapter->allowed)
    return refuse_resources (machine, &asked, DMS_FLAG_TOO_MANY_REGISTERS);
  return make (machine, &asked);
}

void
dms_list_put (DmsMachine *machine, DmsList *list, bool to_device)
{
  if (list->phase != DMS_LIST_MAPPED)
    return;
  dms_list_unmap (machine, list, to_device);
  dms_list_retire (machine, list);
  dms_wait_serve (machine);
}
