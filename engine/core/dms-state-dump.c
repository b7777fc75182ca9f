/* dms-state-dump.c — a state as text, one object a line
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state.h"

#include <stdlib.h>

#define U(value) ((unsigned long long)(value))

static void
dump_machine (DmsBytes *bytes, const DmsState *state)
{
  dms_bytes_printf (bytes,
                    "at seq=%llu step=%llu t=%lld context=%s\n",
                    U (state->seq),
                    U (state->step),
                    (long long)state->t_ns,
                    dms_context_name (state->context));
  dms_bytes_printf (bytes,
                    "machine memory=%llu registers=%u granted=%u bouncing=%u",
                    U (state->memory_bytes),
                    state->n_registers,
                    state->registers_granted,
                    state->registers_bouncing);
  if (state->registers_away != 0)
    dms_bytes_printf (bytes, " away=%u", state->registers_away);
  dms_bytes_append_text (bytes, "\n");
  dms_bytes_printf (bytes,
                    "bytes moved=%llu copied=%llu waiting=%llu held=%llu mapped=%llu "
                    "pool=%llu\n",
                    U (state->moved_bytes),
                    U (state->copied_bytes),
                    U (state->waiting_bytes),
                    U (state->held_bytes),
                    U (state->live_bytes),
                    U (state->bounced_bytes));
  if (state->lost_events != 0 || state->oddities != 0)
    dms_bytes_printf (bytes,
                      "events lost=%llu odd=%llu\n",
                      U (state->lost_events),
                      U (state->oddities));
}

static void
dump_calls (DmsBytes *bytes, const DmsState *state, const DmsNames *names)
{
  for (uint32_t i = 0; i < state->n_calls; i++)
    {
      const DmsCallState *call = &state->calls[i];
      dms_bytes_printf (bytes, "call %u ", i);
      dms_names_append (bytes, names, call->name);
      if (call->file != 0)
        {
          dms_bytes_append_text (bytes, " from ");
          dms_names_append (bytes, names, call->file);
          dms_bytes_printf (bytes, ":%u", call->line);
        }
      dms_bytes_printf (bytes,
                        " context=%s%s\n",
                        dms_context_name (call->context),
                        call->callback ? " callback" : "");
    }
}

static void
dump_registers (DmsBytes *bytes, const DmsState *state)
{
  for (uint32_t i = 0; i < state->n_registers; i++)
    {
      const DmsRegisterState *map_register = &state->registers[i];
      if (map_register->use == DMS_REGISTER_FREE)
        continue;
      if (map_register->use == DMS_REGISTER_AWAY)
        {
          dms_bytes_printf (bytes, "register %u away\n", i);
          continue;
        }
      dms_bytes_printf (bytes,
                        "register %u list=%llu page=%u",
                        i,
                        U (map_register->mapping),
                        map_register->page);
      if (map_register->use == DMS_REGISTER_BOUNCES)
        dms_bytes_printf (
            bytes, " bounces frame=0x%llx", U (map_register->bounce_frame));
      else if (map_register->use == DMS_REGISTER_TRANSLATES)
        dms_bytes_printf (
            bytes, " translates page=0x%llx", U (map_register->bounce_frame));
      dms_bytes_append_text (bytes, "\n");
    }
}

/* Limits and parts that few devices have. */
static void
dump_device_extras (DmsBytes *bytes, const DmsDeviceState *device)
{
  if (device->segment != 0)
    dms_bytes_printf (bytes, " segment=%llu", U (device->segment));
  if (device->boundary != 0)
    dms_bytes_printf (bytes, " boundary=%llu", U (device->boundary));
  if (device->alignment > 1)
    dms_bytes_printf (bytes, " alignment=%llu", U (device->alignment));
  if (device->ring_length != 0)
    dms_bytes_printf (bytes, " ring=%llu", U (device->ring_length));
  if (device->channel != 0)
    dms_bytes_printf (bytes,
                      " channel=%u address=0x%llx+%llu mode=0x%x rounds=%llu%s",
                      device->channel - 1,
                      U (device->controller_address),
                      U (device->controller_length),
                      device->controller_mode,
                      U (device->rounds),
                      device->controller_runs ? " unmasked" : "");
  if (device->remapped)
    dms_bytes_append_text (bytes, " iommu");
  if (device->stopped)
    dms_bytes_append_text (bytes, " stopped");
}

static void
dump_device (DmsBytes *bytes, const DmsDeviceState *device, const DmsNames *names)
{
  dms_bytes_append_text (bytes, "device ");
  dms_names_append (bytes, names, device->id);
  if (device->described)
    dms_bytes_printf (bytes,
                      " bits=%u maximum=%llu burst=%llu elements=%u%s",
                      device->address_bits,
                      U (device->maximum_length),
                      U (device->burst),
                      device->max_elements,
                      device->scatter_gather ? " sg" : "");
  if (device->map_registers != 0)
    dms_bytes_printf (bytes, " registers=%u", device->map_registers);
  if (device->mask != 0)
    dms_bytes_printf (bytes, " highest=0x%llx", U (device->mask));
  dump_device_extras (bytes, device);
  dms_bytes_printf (bytes,
                    "%s%s moved=%llu mappings=%llu mapped=%llu\n",
                    device->channel_taken ? " channel-taken" : "",
                    device->running ? " running" : "",
                    U (device->moved_total),
                    U (device->live_mappings),
                    U (device->live_bytes));
}

static void
dump_buffer (DmsBytes *bytes, const DmsBufferState *buffer, const DmsNames *names)
{
  dms_bytes_printf (bytes, "buffer %llu ", U (buffer->id));
  dms_names_append (bytes, names, buffer->name);
  dms_bytes_printf (bytes,
                    " length=%llu mdls=%u transfer=%llu\n",
                    U (buffer->length),
                    buffer->n_mdls,
                    U (buffer->transfer));
  for (uint32_t i = 0; i < buffer->n_pages; i++)
    {
      const DmsPageState *page = &buffer->pages[i];
      dms_bytes_printf (bytes, "  page %u frame=0x%llx", i, U (page->frame));
      for (unsigned r = 0; r < page->n_ranges; r++)
        dms_bytes_printf (bytes,
                          " [%u,%u) %s",
                          page->ranges[r].start,
                          page->ranges[r].end,
                          dms_content_name ((DmsContent)page->ranges[r].content));
      dms_bytes_append_text (bytes, "\n");
    }
}

static void
dump_transfer (DmsBytes *bytes, const DmsTransferState *transfer, const DmsNames *names)
{
  dms_bytes_printf (bytes, "transfer %llu device=", U (transfer->id));
  dms_names_append (bytes, names, transfer->device);
  dms_bytes_printf (bytes,
                    " buffer=%llu start=%llu length=%llu %s %s "
                    "moved=%llu copied=%llu waiting=%llu held=%llu",
                    U (transfer->buffer),
                    U (transfer->start),
                    U (transfer->length),
                    transfer->direction == DMS_FLAG_TO_DEVICE ? "to-device"
                                                              : "from-device",
                    dms_phase_name ((DmsPhase)transfer->phase),
                    U (transfer->moved_bytes),
                    U (transfer->copied_bytes),
                    U (transfer->waiting_bytes),
                    U (transfer->held_bytes));
  if (transfer->cancelled)
    dms_bytes_append_text (bytes, " cancelled");
  if (transfer->mapping != 0)
    dms_bytes_printf (bytes, " list=%llu", U (transfer->mapping));
  if (transfer->phase == DMS_TRANSFER_COMPLETE
      || transfer->phase == DMS_TRANSFER_REFUSED)
    dms_bytes_printf (bytes, " status=0x%x", transfer->status);
  dms_bytes_append_text (bytes, "\n");
}

static void
dump_mapping (DmsBytes *bytes, const DmsMappingState *mapping, const DmsNames *names)
{
  dms_bytes_printf (bytes, "mapping %llu device=", U (mapping->id));
  dms_names_append (bytes, names, mapping->device);
  dms_bytes_printf (bytes,
                    " since=%llu length=%llu flags=",
                    U (mapping->begin_seq),
                    U (mapping->length));
  dms_flags_append (bytes, mapping->flags & ~DMS_FLAG_RECORDED);
  if (mapping->n_registers != 0)
    dms_bytes_printf (
        bytes, " registers=%u+%u", mapping->first_register, mapping->n_registers);
  if (mapping->task != 0)
    {
      dms_bytes_append_text (bytes, " task=");
      dms_names_append (bytes, names, mapping->task);
    }
  dms_bytes_printf (bytes, "%s\n", mapping->ready ? " ready" : "");
  for (uint32_t i = 0; i < mapping->n_pieces; i++)
    {
      const DmsPieceState *piece = &mapping->pieces[i];
      dms_bytes_printf (bytes,
                        "  piece %u physical=0x%llx+%llu",
                        i,
                        U (piece->physical),
                        U (piece->length));
      if (piece->element != UINT32_MAX)
        dms_bytes_printf (
            bytes, " logical=0x%llx element=%u", U (piece->logical), piece->element);
      dms_bytes_append_text (bytes, piece->bounced ? " bounced" : "");
      dms_bytes_append_text (bytes, piece->flushed ? " flushed\n" : "\n");
    }
  for (uint32_t i = 0; i < mapping->n_elements; i++)
    {
      const DmsElementState *element = &mapping->elements[i];
      dms_bytes_printf (bytes,
                        "  element %u logical=0x%llx+%llu moved=%llu%s\n",
                        i,
                        U (element->logical),
                        U (element->length),
                        U (element->moved),
                        element->described ? " described" : "");
    }
}

typedef void (*DumpObject) (DmsBytes *bytes, const void *object, const DmsNames *names);

static void
device_object (DmsBytes *bytes, const void *object, const DmsNames *names)
{
  dump_device (bytes, object, names);
}

static void
buffer_object (DmsBytes *bytes, const void *object, const DmsNames *names)
{
  dump_buffer (bytes, object, names);
}

static void
transfer_object (DmsBytes *bytes, const void *object, const DmsNames *names)
{
  dump_transfer (bytes, object, names);
}

static void
mapping_object (DmsBytes *bytes, const void *object, const DmsNames *names)
{
  dump_mapping (bytes, object, names);
}

static void
iommu_object (DmsBytes *bytes, const void *object, const DmsNames *names)
{
  const DmsIommuState *entry = object;
  (void)names;
  dms_bytes_printf (bytes,
                    "iommu iova=0x%llx physical=0x%llx length=%llu\n",
                    U (entry->iova),
                    U (entry->physical),
                    U (entry->length));
}

static void
dump_table (DmsBytes *bytes,
            const DmsTable *table,
            DumpObject dump,
            const DmsNames *names)
{
  uint64_t *ids = dms_table_sorted_ids (table);

  bytes->failed |= ids == NULL && table->n > 0;
  for (size_t i = 0; ids != NULL && i < table->n; i++)
    dump (bytes, dms_table_get (table, ids[i]), names);
  free (ids);
}

void
dms_state_append_dump (DmsBytes *bytes, const DmsState *state, const DmsNames *names)
{
  dump_machine (bytes, state);
  dump_calls (bytes, state, names);
  dump_registers (bytes, state);
  dump_table (bytes, &state->devices, device_object, names);
  dump_table (bytes, &state->buffers, buffer_object, names);
  dump_table (bytes, &state->transfers, transfer_object, names);
  dump_table (bytes, &state->mappings, mapping_object, names);
  dump_table (bytes, &state->iommu, iommu_object, names);
  for (uint32_t i = 0; i < state->n_pending; i++)
    dms_bytes_printf (bytes,
                      "bounce %u original=0x%llx+%llu waits for its mapping\n",
                      i,
                      U (state->pending[i].original),
                      U (state->pending[i].length));
}
