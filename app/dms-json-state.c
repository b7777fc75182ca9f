/* dms-json-state.c — a state as a JSON object
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-json-private.h"

#include <stdlib.h>

typedef json_t *(*ObjectToJson) (const void *object, const DmsNames *names);

/* All objects of a table in the order of their ids. */
static json_t *
table_to_json (const DmsTable *table, ObjectToJson to_json, const DmsNames *names)
{
  uint64_t *ids = dms_table_sorted_ids (table);
  json_t *array = json_array ();

  if (!array || (!ids && table->n > 0))
    g_error ("no memory for JSON");
  for (size_t i = 0; i < table->n; i++)
    json_array_append_new (array, to_json (dms_table_get (table, ids[i]), names));
  free (ids);
  return array;
}

static json_t *
device_to_json (const void *object, const DmsNames *names)
{
  const DmsDeviceState *device = object;
  json_t *json = json_object ();

  dms_json_put_name (json, "name", device->id, names);
  if (device->described)
    {
      dms_json_put_name (json, "model", device->model, names);
      dms_json_put_number (json, "address_bits", device->address_bits);
      dms_json_put_number (json, "maximum_length", device->maximum_length);
      dms_json_put_number (json, "burst", device->burst);
      dms_json_put_number (json, "max_elements", device->max_elements);
      dms_json_put (json, "scatter_gather", json_boolean (device->scatter_gather));
    }
  if (device->mask != 0)
    dms_json_put_hex (json, "highest", device->mask);
  dms_json_put_id (json, "map_registers", device->map_registers);
  dms_json_put_id (json, "adapter", device->adapter);
  dms_json_put (json, "channel_taken", json_boolean (device->channel_taken));
  dms_json_put (json, "running", json_boolean (device->running));
  dms_json_put_id (json, "transfer", device->transfer);
  dms_json_put_number (json, "moved_bytes", device->moved_bytes);
  dms_json_put_number (json, "moved_total", device->moved_total);
  dms_json_put_number (json, "live_mappings", device->live_mappings);
  dms_json_put_number (json, "live_bytes", device->live_bytes);
  return json;
}

static json_t *
page_to_json (const DmsPageState *page)
{
  json_t *json = json_object ();
  json_t *ranges = json_array ();

  dms_json_put_hex (json, "frame", page->frame);
  dms_json_put_number (json, "start", page->start);
  dms_json_put_number (json, "end", page->end);
  for (unsigned i = 0; i < page->n_ranges; i++)
    {
      json_t *range = json_object ();
      dms_json_put_number (range, "start", page->ranges[i].start);
      dms_json_put_number (range, "end", page->ranges[i].end);
      dms_json_put_text (
          range, "content", dms_content_name ((DmsContent)page->ranges[i].content));
      json_array_append_new (ranges, range);
    }
  dms_json_put (json, "ranges", ranges);
  return json;
}

static json_t *
mdl_to_json (const DmsBufferState *buffer, const DmsMdlState *mdl)
{
  json_t *json = json_object ();
  json_t *pages = json_array ();

  dms_json_put_hex (json, "address", mdl->address);
  dms_json_put_number (json, "start", mdl->start);
  dms_json_put_number (json, "length", mdl->length);
  dms_json_put (json, "locked", json_boolean (mdl->locked));
  for (uint32_t i = 0; i < mdl->n_pages; i++)
    json_array_append_new (pages, page_to_json (&buffer->pages[mdl->first_page + i]));
  dms_json_put (json, "pages", pages);
  return json;
}

static json_t *
buffer_to_json (const void *object, const DmsNames *names)
{
  const DmsBufferState *buffer = object;
  json_t *json = json_object ();
  json_t *mdls = json_array ();

  dms_json_put_number (json, "id", buffer->id);
  dms_json_put_name (json, "name", buffer->name, names);
  dms_json_put_number (json, "length", buffer->length);
  dms_json_put_id (json, "transfer", buffer->transfer);
  for (uint32_t i = 0; i < buffer->n_mdls; i++)
    json_array_append_new (mdls, mdl_to_json (buffer, &buffer->mdls[i]));
  dms_json_put (json, "mdls", mdls);
  return json;
}

static json_t *
transfer_to_json (const void *object, const DmsNames *names)
{
  const DmsTransferState *transfer = object;
  json_t *json = json_object ();

  dms_json_put_number (json, "id", transfer->id);
  dms_json_put_name (json, "device", transfer->device, names);
  dms_json_put_id (json, "buffer", transfer->buffer);
  dms_json_put_number (json, "start", transfer->start);
  dms_json_put_number (json, "length", transfer->length);
  dms_json_put_text (json,
                     "direction",
                     transfer->direction == DMS_FLAG_TO_DEVICE ? "to-device"
                                                               : "from-device");
  dms_json_put_text (json, "phase", dms_phase_name ((DmsPhase)transfer->phase));
  dms_json_put_id (json, "list", transfer->mapping);
  dms_json_put_number (json, "moved_bytes", transfer->moved_bytes);
  dms_json_put_number (json, "copied_bytes", transfer->copied_bytes);
  dms_json_put_number (json, "waiting_bytes", transfer->waiting_bytes);
  dms_json_put_number (json, "held_bytes", transfer->held_bytes);
  if (transfer->phase == DMS_TRANSFER_COMPLETE
      || transfer->phase == DMS_TRANSFER_REFUSED)
    {
      const char *name = dms_nt_status_name (transfer->status);
      if (name)
        dms_json_put_text (json, "status", name);
      else
        dms_json_put_hex (json, "status", transfer->status);
    }
  return json;
}

static json_t *
piece_to_json (const DmsPieceState *piece)
{
  json_t *json = json_object ();

  dms_json_put_hex (json, "physical", piece->physical);
  if (piece->logical != 0)
    dms_json_put_hex (json, "logical", piece->logical);
  if (piece->length != 0)
    dms_json_put_number (json, "length", piece->length);
  if (piece->element != UINT32_MAX)
    dms_json_put_number (json, "element", piece->element);
  dms_json_put (json, "bounced", json_boolean (piece->bounced));
  return json;
}

static json_t *
element_to_json (const DmsElementState *element)
{
  json_t *json = json_object ();

  dms_json_put_hex (json, "logical", element->logical);
  dms_json_put_number (json, "length", element->length);
  dms_json_put_number (json, "moved", element->moved);
  dms_json_put (json, "described", json_boolean (element->described));
  return json;
}

static json_t *
mapping_to_json (const void *object, const DmsNames *names)
{
  const DmsMappingState *mapping = object;
  json_t *json = json_object ();
  json_t *pieces = json_array ();
  json_t *elements = json_array ();

  dms_json_put_number (json, "id", mapping->id);
  dms_json_put_name (json, "device", mapping->device, names);
  dms_json_put_name (json, "task", mapping->task, names);
  dms_json_put_id (json, "transfer", mapping->transfer);
  dms_json_put_number (json, "begin_seq", mapping->begin_seq);
  dms_json_put (json, "begin_t_ns", json_integer (mapping->begin_t_ns));
  dms_json_put_flags (json, "flags", mapping->flags);
  dms_json_put (json, "ready", json_boolean (mapping->ready));
  dms_json_put_number (json, "length", mapping->length);
  if (mapping->n_registers > 0)
    {
      dms_json_put_number (json, "first_register", mapping->first_register);
      dms_json_put_number (json, "registers", mapping->n_registers);
    }
  for (uint32_t i = 0; i < mapping->n_pieces; i++)
    json_array_append_new (pieces, piece_to_json (&mapping->pieces[i]));
  for (uint32_t i = 0; i < mapping->n_elements; i++)
    json_array_append_new (elements, element_to_json (&mapping->elements[i]));
  dms_json_put (json, "pieces", pieces);
  dms_json_put (json, "elements", elements);
  return json;
}

static json_t *
iommu_to_json (const void *object, const DmsNames *names G_GNUC_UNUSED)
{
  const DmsIommuState *entry = object;
  json_t *json = json_object ();

  dms_json_put_hex (json, "iova", entry->iova);
  dms_json_put_hex (json, "physical", entry->physical);
  dms_json_put_number (json, "length", entry->length);
  dms_json_put_number (json, "seq", entry->seq);
  return json;
}

/* Only those in use: a pool has thousands that are all alike. */
static json_t *
registers_to_json (const DmsState *state)
{
  json_t *array = json_array ();

  for (uint32_t i = 0; i < state->n_registers; i++)
    {
      const DmsRegisterState *map_register = &state->registers[i];
      json_t *json;
      if (map_register->use == DMS_REGISTER_FREE)
        continue;
      json = json_object ();
      dms_json_put_number (json, "register", i);
      dms_json_put_text (json,
                         "use",
                         map_register->use == DMS_REGISTER_BOUNCES ? "bounces"
                                                                   : "granted");
      dms_json_put_number (json, "list", map_register->mapping);
      if (map_register->page != UINT32_MAX)
        dms_json_put_number (json, "page", map_register->page);
      if (map_register->use == DMS_REGISTER_BOUNCES)
        dms_json_put_hex (json, "bounce_frame", map_register->bounce_frame);
      json_array_append_new (array, json);
    }
  return array;
}

static json_t *
calls_to_json (const DmsState *state, const DmsNames *names)
{
  json_t *array = json_array ();

  for (uint32_t i = 0; i < state->n_calls; i++)
    {
      const DmsCallState *call = &state->calls[i];
      json_t *json = json_object ();
      dms_json_put_name (json, "name", call->name, names);
      dms_json_put (json, "callback", json_boolean (call->callback));
      dms_json_put_text (json, "context", dms_context_name (call->context));
      dms_json_put_number (json, "seq", call->seq);
      if (call->file != 0)
        {
          dms_json_put_name (json, "file", call->file, names);
          dms_json_put_number (json, "line", call->line);
        }
      json_array_append_new (array, json);
    }
  return array;
}

/* Bounces of a recording that still wait for the mapping they belong to. */
static json_t *
pending_to_json (const DmsState *state, const DmsNames *names)
{
  json_t *array = json_array ();

  for (uint32_t i = 0; i < state->n_pending; i++)
    {
      const DmsPendingBounce *bounce = &state->pending[i];
      json_t *json = json_object ();
      dms_json_put_name (json, "device", bounce->device, names);
      dms_json_put_name (json, "task", bounce->task, names);
      dms_json_put_hex (json, "original", bounce->original);
      dms_json_put_number (json, "length", bounce->length);
      json_array_append_new (array, json);
    }
  return array;
}

static void
put_totals (json_t *json, const DmsState *state)
{
  dms_json_put_number (json, "moved_bytes", state->moved_bytes);
  dms_json_put_number (json, "copied_bytes", state->copied_bytes);
  dms_json_put_number (json, "waiting_bytes", state->waiting_bytes);
  dms_json_put_number (json, "held_bytes", state->held_bytes);
  if (!state->recorded)
    return;
  dms_json_put_number (json, "live_bytes", state->live_bytes);
  dms_json_put_number (json, "bounced_bytes", state->bounced_bytes);
  dms_json_put_number (json, "lost_events", state->lost_events);
  dms_json_put_number (json, "oddities", state->oddities);
}

json_t *
dms_json_state (const DmsState *state, const DmsNames *names)
{
  json_t *json = json_object ();

  dms_json_put_number (json, "seq", state->seq);
  dms_json_put_number (json, "step", state->step);
  dms_json_put (json, "t_ns", json_integer (state->t_ns));
  dms_json_put_text (json, "context", dms_context_name (state->context));
  dms_json_put_id (json, "memory_bytes", state->memory_bytes);
  if (state->n_registers > 0)
    {
      dms_json_put_number (json, "map_registers", state->n_registers);
      dms_json_put_number (json, "registers_granted", state->registers_granted);
      dms_json_put_number (json, "registers_bouncing", state->registers_bouncing);
      dms_json_put (json, "registers", registers_to_json (state));
    }
  put_totals (json, state);
  dms_json_put (json, "calls", calls_to_json (state, names));
  dms_json_put (
      json, "devices", table_to_json (&state->devices, device_to_json, names));
  dms_json_put (
      json, "buffers", table_to_json (&state->buffers, buffer_to_json, names));
  dms_json_put (
      json, "transfers", table_to_json (&state->transfers, transfer_to_json, names));
  dms_json_put (
      json, "mappings", table_to_json (&state->mappings, mapping_to_json, names));
  dms_json_put (json, "iommu", table_to_json (&state->iommu, iommu_to_json, names));
  dms_json_put (json, "pending_bounces", pending_to_json (state, names));
  return json;
}
