/* core-log.c — events kept in memory
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/core-log.h"

static void
clear_event (gpointer data)
{
  DmsEvent *event = data;
  g_free ((gpointer)event->payload);
}

static DmsStatus
take_event (void *data, const DmsEvent *event)
{
  CoreLog *log = data;

  core_log_append (log, event);
  return dms_state_apply (log->state, event);
}

static DmsStatus
take_name (void *data, const DmsName *name)
{
  CoreLog *log = data;
  return dms_names_add (log->names, name);
}

void
core_log_init (CoreLog *log, bool recorded)
{
  const DmsSink sink = { .event = take_event, .name = take_name, .data = log };

  *log = (CoreLog){
    .events = g_array_new (FALSE, FALSE, sizeof (DmsEvent)),
    .names = dms_names_new (),
    .state = dms_state_new (),
  };
  g_array_set_clear_func (log->events, clear_event);
  g_assert_cmpint (dms_emitter_init (&log->emitter, &sink, recorded), ==, DMS_OK);
}

void
core_log_release (CoreLog *log)
{
  dms_emitter_release (&log->emitter);
  dms_state_free (log->state);
  dms_names_free (log->names);
  g_array_unref (log->events);
}

const DmsEvent *
core_log_event (const CoreLog *log, uint64_t seq)
{
  g_assert_cmpuint (seq, >=, 1);
  g_assert_cmpuint (seq, <=, log->events->len);
  return &g_array_index (log->events, DmsEvent, seq - 1);
}

void
core_log_append (CoreLog *log, const DmsEvent *event)
{
  DmsEvent copy = *event;

  copy.payload = g_memdup2 (event->payload, event->payload_length);
  g_array_append_val (log->events, copy);
}

uint64_t
core_log_emit (CoreLog *log, DmsEvent event)
{
  uint64_t seq = dms_emitter_emit (&log->emitter, &event);

  g_assert_cmpint (log->emitter.status, ==, DMS_OK);
  return seq;
}

uint32_t
core_log_name (CoreLog *log, DmsNameKind kind, int64_t number, const char *text)
{
  uint32_t id = dms_emitter_name (&log->emitter, kind, number, text);

  g_assert_cmpuint (id, !=, 0);
  return id;
}

DmsState *
core_log_fold (const CoreLog *log, uint64_t n)
{
  DmsState *state = dms_state_new ();

  for (uint64_t seq = 1; seq <= n; seq++)
    g_assert_cmpint (dms_state_apply (state, core_log_event (log, seq)), ==, DMS_OK);
  return state;
}

/* ---- comparing ---- */

void
core_assert_same_state (const DmsState *one, const DmsState *other, DmsNames *names)
{
  if (dms_state_equal (one, other))
    return;

  DmsBytes a;
  DmsBytes b;
  dms_bytes_init (&a);
  dms_bytes_init (&b);
  dms_state_append_dump (&a, one, names);
  dms_state_append_dump (&b, other, names);
  g_test_message ("one:\n%s\nother:\n%s", dms_bytes_text (&a), dms_bytes_text (&b));
  dms_bytes_release (&a);
  dms_bytes_release (&b);
  g_assert_not_reached ();
}

static void
assert_register_counts (const DmsState *state)
{
  unsigned granted = 0;
  unsigned bouncing = 0;
  unsigned away = 0;

  for (uint32_t i = 0; i < state->n_registers; i++)
    {
      granted += state->registers[i].use == DMS_REGISTER_GRANTED
                 || state->registers[i].use == DMS_REGISTER_TRANSLATES;
      away += state->registers[i].use == DMS_REGISTER_AWAY;
      bouncing += state->registers[i].use == DMS_REGISTER_BOUNCES;
    }
  g_assert_cmpuint (state->registers_granted, ==, granted + bouncing);
  g_assert_cmpuint (state->registers_bouncing, ==, bouncing);
  g_assert_cmpuint (state->registers_away, ==, away);
}

static void
assert_transfer_counts (const DmsState *state)
{
  uint64_t waiting = 0;
  uint64_t held = 0;
  size_t at = 0;
  const DmsTransferState *transfer;

  while ((transfer = dms_table_next (&state->transfers, &at, NULL)) != NULL)
    {
      waiting += transfer->waiting_bytes;
      held += transfer->held_bytes;
      g_assert_nonnull (dms_state_buffer (state, transfer->buffer));
    }
  g_assert_cmpuint (state->waiting_bytes, ==, waiting);
  g_assert_cmpuint (state->held_bytes, ==, held);
}

static void
assert_device_counts (const DmsState *state, const DmsDeviceState *device)
{
  uint64_t live = 0;
  uint64_t bytes = 0;
  size_t at = 0;
  const DmsMappingState *mapping;

  while ((mapping = dms_table_next (&state->mappings, &at, NULL)) != NULL)
    if (mapping->ready && mapping->device == device->id)
      {
        live++;
        bytes += mapping->length;
      }
  g_assert_cmpuint (device->live_mappings, ==, live);
  g_assert_cmpuint (device->live_bytes, ==, bytes);
}

static void
assert_mapping_counts (const DmsState *state)
{
  uint64_t bytes = 0;
  uint64_t bounced = 0;
  size_t at = 0;
  const DmsMappingState *mapping;
  const DmsDeviceState *device;

  while ((mapping = dms_table_next (&state->mappings, &at, NULL)) != NULL)
    {
      bytes += mapping->ready ? mapping->length : 0;
      bounced += mapping->bounced_bytes;
      g_assert_cmpuint (mapping->id, <, state->next_mapping);
    }
  g_assert_cmpuint (state->live_bytes, ==, bytes);
  g_assert_cmpuint (state->bounced_bytes, ==, bounced);
  at = 0;
  while ((device = dms_table_next (&state->devices, &at, NULL)) != NULL)
    assert_device_counts (state, device);
}

/* Ranges are sorted, lie in the page's part, and do not touch equal ones. */
static void
assert_ranges (const DmsPageState *page)
{
  unsigned behind = page->start;

  g_assert_cmpuint (page->n_ranges, <=, DMS_STATE_RANGES_MAX);
  for (unsigned i = 0; i < page->n_ranges; i++)
    {
      const DmsRange *range = &page->ranges[i];
      g_assert_cmpuint (range->start, >=, behind);
      g_assert_cmpuint (range->end, >, range->start);
      g_assert_cmpuint (range->end, <=, page->end);
      g_assert_cmpuint (range->content, !=, DMS_CONTENT_NONE);
      if (i > 0 && range->start == behind)
        g_assert_cmpuint (range->content, !=, range[-1].content);
      behind = range->end;
    }
}

/* Every indexed mapping is a live one: no pointer to what has ended. */
static void
assert_index (const DmsState *state)
{
  size_t at = 0;
  const DmsMappingState *mapping;

  while ((mapping = dms_table_next (&state->by_address, &at, NULL)) != NULL)
    {
      size_t other = 0;
      const DmsMappingState *live;
      while ((live = dms_table_next (&state->mappings, &other, NULL)) != NULL)
        if (live == mapping)
          break;
      g_assert_true (live == mapping);
    }
}

void
core_assert_counts (const DmsState *state)
{
  size_t at = 0;
  const DmsBufferState *buffer;

  assert_register_counts (state);
  assert_transfer_counts (state);
  assert_mapping_counts (state);
  assert_index (state);
  while ((buffer = dms_table_next (&state->buffers, &at, NULL)) != NULL)
    for (uint32_t i = 0; i < buffer->n_pages; i++)
      assert_ranges (&buffer->pages[i]);
}
