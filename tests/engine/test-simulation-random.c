/* test-simulation-random.c — random scenarios against a slow model that is plainly
 * right
 *
 * Devices, limits, chains, frames, both directions: whatever the kernel makes of them,
 * the bytes that were sent are the bytes that arrived, lists are as documented, nothing
 * is left behind, and the folded state says what is so inside the machine after every
 * event.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-list.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/random-scenario.h"

enum
{
  N_SCENARIOS = 1000,
  REPEATED_EACH = 10, /* one scenario in so many runs twice */
  CONTENT_EACH = 8    /* page contents are compared after one event in so many */
};

/* ---- random scenarios ---- */

static void
make_requests (
    Maker *maker, DmsScenario *scenario, size_t device, size_t buffer, uint64_t n)
{
  uint64_t rows = dms_test_random_range (&maker->random, 1, 3);

  for (uint64_t i = 0; i < rows; i++)
    {
      uint64_t start = dms_test_random_chance (&maker->random, 60)
                           ? 0
                           : dms_test_random_below (&maker->random, n);
      uint64_t length = dms_test_random_chance (&maker->random, 50)
                            ? n - start
                            : dms_test_random_range (&maker->random, 1, n - start);
      DmsScenarioRequest *request
          = fixture_add_request (scenario,
                                 device,
                                 buffer,
                                 dms_test_random_chance (&maker->random, 50),
                                 length);

      request->start = start;
      request->at_ns = dms_test_random_below (&maker->random, 20000);
      request->count = (uint32_t)dms_test_random_range (&maker->random, 1, 2);
      request->every_ns = dms_test_random_below (&maker->random, 9000);
      /* Now and then more than there is: to be refused. */
      if (dms_test_random_chance (&maker->random, 5))
        request->length = n - start + 1;
    }
}

static void
make_scenario (DmsScenario *scenario, uint64_t salt)
{
  static const uint32_t widths[] = { 24, 28, 31, 32, 32, 32, 36, 64 };
  Maker maker;

  maker_init (&maker, salt);
  dms_scenario_init (scenario);
  scenario->seed = dms_test_random_next (&maker.random);
  scenario->memory = UINT64_C (1) << dms_test_random_range (&maker.random, 25, 40);
  scenario->map_registers = (uint32_t)dms_test_random_range (&maker.random, 4, 40);
  scenario->hal_x86 = dms_test_random_chance (&maker.random, 40);
  scenario->verifier = dms_test_random_chance (&maker.random, 10);

  size_t n_devices = (size_t)dms_test_random_range (&maker.random, 1, 3);

  for (size_t i = 0; i < n_devices; i++)
    {
      char name[] = { 'c', (char)('0' + i), 0 };
      DmsScenarioDevice *device = fixture_add_device (
          scenario,
          name,
          widths[dms_test_random_below (&maker.random, G_N_ELEMENTS (widths))]);

      device->burst = dms_test_random_range (&maker.random, 1500, 5000);
      device->map_registers
          = dms_test_random_chance (&maker.random, 60)
                ? 0
                : (uint32_t)dms_test_random_range (&maker.random, 1, 20);
    }
  for (size_t i = 0; i < n_devices + 1; i++)
    {
      char name[] = { 'b', (char)('0' + i), 0 };
      uint64_t n = maker_add_buffer (&maker, scenario, name, 1);

      make_requests (&maker, scenario, i % n_devices, i, n);
    }
  maker_release (&maker);
}

/* ---- what is watched during a run ---- */

typedef struct
{
  DmsTestRandom random;
  GHashTable *snapshots; /* transfer id → bytes of its buffer when it was requested */
  GArray *channel_waiters;  /* (device, list) in the order of waiting */
  GArray *register_waiters; /* lists in the order of waiting */
  uint64_t n_complete, n_refused, n_bounced, n_waits, n_checked;
} Watch;

typedef struct
{
  uint64_t list;
  uint32_t device;
} Waiter;

static DmsBuffer *
buffer_by_id (DmsMachine *machine, uint64_t id)
{
  g_assert_cmpuint (id, >=, 1);
  g_assert_cmpuint (id, <=, machine->n_buffers);
  return &machine->buffers[id - 1];
}

static void
take_snapshot (FixtureRun *run, const DmsEvent *event)
{
  Watch *watch = run->data;
  const DmsBuffer *buffer = buffer_by_id (run->machine, event->object);
  uint8_t *bytes = g_malloc ((gsize)buffer->length);

  dms_buffer_read (buffer, 0, bytes, (size_t)buffer->length);
  g_hash_table_insert (watch->snapshots, GSIZE_TO_POINTER (event->transfer), bytes);
}

/* ---- bytes from end to end ---- */

static void
check_bytes (FixtureRun *run, const DmsEvent *event)
{
  Watch *watch = run->data;
  DmsMachine *machine = run->machine;
  const DmsTransfer *transfer = dms_table_get (&machine->transfers, event->transfer);
  const DmsBuffer *buffer = transfer->buffer;
  uint8_t *expected = g_memdup2 (
      g_hash_table_lookup (watch->snapshots, GSIZE_TO_POINTER (event->transfer)),
      (gsize)buffer->length);
  g_autofree uint8_t *found = g_malloc ((gsize)buffer->length);
  uint64_t key = dms_pattern_key (machine->scenario->seed, transfer->id);

  watch->n_complete++;
  if ((event->flags & DMS_FLAG_FAILED) != 0)
    watch->n_refused++;
  else
    {
      g_assert_cmpuint (event->length, ==, transfer->length);
      /* To the device the buffer held the same stream all the time. */
      dms_pattern_fill (key, 0, expected + transfer->start, (size_t)transfer->length);
    }
  dms_buffer_read (buffer, 0, found, (size_t)buffer->length);
  g_assert_cmpmem (found, (size_t)buffer->length, expected, (size_t)buffer->length);
  if (transfer->to_device && (event->flags & DMS_FLAG_FAILED) == 0)
    {
      size_t n = 0;
      const uint8_t *received = dms_device_received (transfer->device, &n);

      g_assert_cmpmem (
          received, n, expected + transfer->start, (size_t)transfer->length);
    }
  g_free (expected);
}

/* ---- lists ---- */

/* The scenario's own words: where byte @at of the buffer lies. */
static uint64_t
physical_of_byte (const DmsScenarioBuffer *buffer, uint64_t at, size_t *ret_mdl)
{
  size_t m = 0;

  while (at >= buffer->mdls[m].length)
    at -= buffer->mdls[m++].length;
  at += buffer->mdls[m].offset;
  *ret_mdl = m;
  return (buffer->mdls[m].frames[at / 4096] << 12) + at % 4096;
}

typedef struct
{
  uint64_t physical, logical, length;
  size_t mdl;
  bool bounced;
} Piece;

/* Splits the transfer into pages byte by byte. */
static GArray *
expected_pieces (const DmsScenario *scenario, const DmsTransferState *transfer)
{
  const DmsScenarioBuffer *buffer = &scenario->buffers[transfer->buffer - 1];
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));

  for (uint64_t i = 0; i < transfer->length; i++)
    {
      Piece piece = { .length = 1 };

      piece.physical = physical_of_byte (buffer, transfer->start + i, &piece.mdl);

      Piece *last
          = pieces->len == 0 ? NULL : &g_array_index (pieces, Piece, pieces->len - 1);

      if (last != NULL && last->mdl == piece.mdl
          && last->physical + last->length == piece.physical
          && last->physical >> 12 == piece.physical >> 12)
        last->length++;
      else
        g_array_append_val (pieces, piece);
    }
  return pieces;
}

static uint32_t
bits_of (const FixtureRun *run, uint32_t device)
{
  const DmsScenario *scenario = run->machine->scenario;

  for (size_t i = 0; i < scenario->n_devices; i++)
    if (strcmp (scenario->devices[i].name, dms_names_text (run->names, device)) == 0)
      return scenario->devices[i].address_bits;
  g_assert_not_reached ();
}

/* Where each page must be found by the device, and that a bounce page may be one. */
static void
place_pieces (FixtureRun *run,
              const DmsEvent *event,
              GArray *pieces,
              DmsPayloadList *found)
{
  const DmsScenario *scenario = run->machine->scenario;
  uint64_t highest = dms_highest_address (bits_of (run, event->device));
  const DmsMappingState *mapping = dms_state_mapping (run->state, event->object);
  DmsSegment segment;

  g_assert_cmpuint (mapping->n_pieces, ==, pieces->len);
  for (guint i = 0; i < pieces->len; i++)
    {
      Piece *piece = &g_array_index (pieces, Piece, i);

      g_assert_true (dms_payload_next_segment (found, &segment));
      g_assert_cmphex (segment.address, ==, piece->physical);
      g_assert_cmpuint (segment.length, ==, piece->length);
      piece->bounced
          = scenario->verifier || piece->physical + piece->length - 1 > highest;
      piece->logical = piece->bounced ? mapping->pieces[i].logical : piece->physical;
      g_assert_cmpuint (piece->bounced, ==, mapping->pieces[i].bounced);
      if (!piece->bounced)
        continue;
      ((Watch *)run->data)->n_bounced++;
      g_assert_cmpuint (piece->logical % 4096, ==, piece->physical % 4096);
      g_assert_cmpuint (
          piece->logical >> 12,
          ==,
          run->machine->pool.registers[mapping->first_register + i].frame);
      g_assert_null (dms_memory_block_at (
          &run->machine->memory,
          dms_memory_page (&run->machine->memory, piece->logical >> 12)));
    }
  g_assert_false (dms_payload_next_segment (found, &segment));
}

static bool
may_join (const DmsScenario *scenario, const Piece *one, const Piece *next)
{
  return one->mdl == next->mdl && one->logical + one->length == next->logical
         && (scenario->hal_x86 || (!one->bounced && !next->bounced));
}

static void
check_list (FixtureRun *run, const DmsEvent *event)
{
  const DmsTransferState *transfer = dms_state_transfer (run->state, event->transfer);
  const DmsScenario *scenario = run->machine->scenario;
  g_autoptr (GArray) pieces = expected_pieces (scenario, transfer);
  uint64_t highest = dms_highest_address (bits_of (run, event->device));
  DmsPayloadList memory;
  DmsPayloadList device;
  DmsSegment element = { 0 };

  g_assert_true (dms_payload_find (
      event->payload, event->payload_length, DMS_PAYLOAD_MEMORY, &memory));
  g_assert_true (dms_payload_find (
      event->payload, event->payload_length, DMS_PAYLOAD_DEVICE, &device));
  g_assert_cmpuint (event->index, ==, device.left);
  g_assert_cmpuint (event->length, ==, transfer->length);
  place_pieces (run, event, pieces, &memory);
  for (guint i = 0; i < pieces->len;)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);
      uint64_t length = piece->length;

      for (i++; i < pieces->len; i++)
        {
          const Piece *next = &g_array_index (pieces, Piece, i);

          if (!may_join (scenario, next - 1, next))
            break;
          length += next->length;
        }
      g_assert_true (dms_payload_next_segment (&device, &element));
      g_assert_cmphex (element.address, ==, piece->logical);
      g_assert_cmpuint (element.length, ==, length);
      g_assert_cmpuint (element.length, >, 0);
      g_assert_cmphex (element.address + element.length - 1, <=, highest);
    }
  g_assert_false (dms_payload_next_segment (&device, &element));
}

static void
check_count (FixtureRun *run, const DmsEvent *event)
{
  const DmsTransferState *transfer = dms_state_transfer (run->state, event->transfer);
  g_autoptr (GArray) pieces = expected_pieces (run->machine->scenario, transfer);

  g_assert_cmpuint (event->a, ==, pieces->len);
}

/* ---- first come, first served ---- */

static void
note_wait (Watch *watch, const DmsEvent *event)
{
  Waiter waiter = { event->object, event->device };
  bool for_channel = (event->flags & DMS_FLAG_FOR_CHANNEL) != 0;
  GArray *queue = for_channel ? watch->channel_waiters : watch->register_waiters;

  watch->n_waits++;
  if (!for_channel)
    g_assert_cmpuint (event->c, ==, queue->len);
  g_array_append_val (queue, waiter);
}

static void
note_grant (Watch *watch, const DmsEvent *event)
{
  GArray *queue = watch->register_waiters;

  g_assert_cmpuint (event->a, >, 0);
  if (queue->len == 0)
    return;
  /* Nobody overtakes. */
  g_assert_cmpuint (g_array_index (queue, Waiter, 0).list, ==, event->object);
  g_array_remove_index (queue, 0);
}

/* ---- state and machine say the same ---- */

static void
compare_registers (const FixtureRun *run)
{
  const DmsRegisterPool *pool = &run->machine->pool;

  g_assert_cmpuint (run->state->n_registers, ==, pool->n);
  g_assert_cmpuint (run->state->registers_granted, ==, pool->n - pool->n_free);
  for (uint32_t r = 0; r < pool->n; r++)
    {
      const DmsRegister *truth = &pool->registers[r];
      const DmsRegisterState *shown = &run->state->registers[r];

      g_assert_cmpuint (shown->mapping, ==, truth->list);
      g_assert_cmpuint (shown->use,
                        ==,
                        truth->list == 0     ? DMS_REGISTER_FREE
                        : truth->is_bouncing ? DMS_REGISTER_BOUNCES
                                             : DMS_REGISTER_GRANTED);
      g_assert_cmpuint (shown->page, ==, truth->page);
      if (truth->is_bouncing)
        g_assert_cmphex (shown->bounce_frame, ==, truth->frame);
    }
}

static void
compare_list (const DmsList *list, const DmsMappingState *mapping)
{
  g_assert_cmpuint (mapping->n_elements, ==, list->n_elements);
  for (uint32_t i = 0; i < list->n_elements; i++)
    {
      g_assert_cmphex (mapping->elements[i].logical, ==, list->elements[i].logical);
      g_assert_cmpuint (mapping->elements[i].length, ==, list->elements[i].length);
    }
  g_assert_cmpuint (mapping->ready, ==, list->n_pages == list->n_list_pages);
}

static void
compare_lists (const FixtureRun *run)
{
  size_t at = 0;
  uint64_t id = 0;
  const DmsMappingState *mapping = NULL;

  while ((mapping = dms_table_next (&run->state->mappings, &at, &id)) != NULL)
    {
      const DmsList *list = dms_list_live (run->machine, id);

      if (list != NULL && mapping->n_pieces > 0
          && (mapping->ready || mapping->n_pieces < list->n_list_pages))
        compare_list (list, mapping);
    }
}

/* The bounce page that stands for @frame in the transfer's list, or NULL. */
static const uint8_t *
bounce_of (FixtureRun *run, uint64_t frame)
{
  size_t at = 0;
  const DmsList *list = NULL;

  while ((list = dms_table_next (&run->machine->grants, &at, NULL)) != NULL)
    for (uint32_t i = 0; i < list->n_pages; i++)
      if (list->pages[i].frame == frame && list->pages[i].is_bounced)
        return dms_memory_page (&run->machine->memory, list->pages[i].logical >> 12);
  return NULL;
}

/* One range of one page: what is drawn against the bytes that are there. */
static void
compare_range (FixtureRun *run,
               const DmsTransferState *transfer,
               const DmsPageState *page,
               uint64_t first,
               const DmsRange *range)
{
  Watch *watch = run->data;
  const uint8_t *old
      = g_hash_table_lookup (watch->snapshots, GSIZE_TO_POINTER (transfer->id));
  const uint8_t *here = dms_memory_page (&run->machine->memory, page->frame);
  const uint8_t *there = bounce_of (run, page->frame);
  size_t n = (size_t)(range->end - range->start);
  uint64_t at = first + range->start - page->start; /* in the buffer */
  uint8_t sent[4096];

  here += range->start;
  there = there == NULL ? NULL : there + range->start;
  dms_pattern_fill (dms_pattern_key (run->machine->scenario->seed, transfer->id),
                    at - transfer->start,
                    sent,
                    n);
  watch->n_checked++;
  switch ((DmsContent)range->content)
    {
    case DMS_CONTENT_OLD:
    case DMS_CONTENT_NONE:
      g_assert_cmpmem (here, n, old + at, n);
      break;
    case DMS_CONTENT_ARRIVED:
    case DMS_CONTENT_COPIED_BACK:
    case DMS_CONTENT_TO_BE_READ:
    case DMS_CONTENT_SENT:
      g_assert_cmpmem (here, n, sent, n);
      break;
    case DMS_CONTENT_IN_BOUNCE:
      g_assert_cmpmem (here, n, old + at, n);
      g_assert_cmpmem (there, n, sent, n);
      break;
    case DMS_CONTENT_COPIED_IN:
      g_assert_cmpmem (there, n, sent, n);
      g_assert_cmpmem (here, n, sent, n);
      break;
    case DMS_CONTENT_UNTRUSTED:
    case DMS_CONTENT_CHANGED:
    case DMS_CONTENT_LOST:
    case DMS_CONTENT_MIXED:
      g_error ("a clean run shows %s", dms_content_name (range->content));
    }
}

static void
compare_content (FixtureRun *run, uint64_t id)
{
  const DmsTransferState *transfer = dms_state_transfer (run->state, id);

  if (transfer == NULL)
    return;

  const DmsBufferState *buffer = dms_state_buffer (run->state, transfer->buffer);

  for (uint32_t m = 0; m < buffer->n_mdls && buffer->transfer == id; m++)
    {
      const DmsMdlState *mdl = &buffer->mdls[m];
      uint64_t first = mdl->start;

      for (uint32_t i = 0; i < mdl->n_pages; i++)
        {
          const DmsPageState *page = &buffer->pages[mdl->first_page + i];

          for (unsigned r = 0; r < page->n_ranges; r++)
            compare_range (run, transfer, page, first, &page->ranges[r]);
          first += (uint64_t)(page->end - page->start);
        }
    }
}

static void
after_event (FixtureRun *run, const DmsEvent *event)
{
  Watch *watch = run->data;

  if (run->machine == NULL)
    return;
  compare_registers (run);
  compare_lists (run);
  switch ((int)event->kind)
    {
    case DMS_EVENT_REQUEST:
      take_snapshot (run, event);
      break;
    case DMS_EVENT_COUNT:
      check_count (run, event);
      break;
    case DMS_EVENT_MAP:
      check_list (run, event);
      break;
    case DMS_EVENT_WAIT:
      note_wait (watch, event);
      break;
    case DMS_EVENT_GRANT:
      note_grant (watch, event);
      break;
    case DMS_EVENT_COMPLETE:
      check_bytes (run, event);
      compare_content (run, event->transfer);
      break;
    case DMS_EVENT_STRAY:
      g_error ("a clean run strays");
    default:
      break;
    }
  if (event->transfer != 0 && dms_test_random_below (&watch->random, CONTENT_EACH) == 0)
    compare_content (run, event->transfer);
}

/* ---- the runs ---- */

static void
watch_init (Watch *watch, uint64_t salt)
{
  *watch = (Watch){ .snapshots = g_hash_table_new_full (NULL, NULL, NULL, g_free),
                    .channel_waiters = g_array_new (FALSE, FALSE, sizeof (Waiter)),
                    .register_waiters = g_array_new (FALSE, FALSE, sizeof (Waiter)) };
  dms_test_random_init (&watch->random, salt ^ 0x5555);
}

static void
watch_release (Watch *watch)
{
  g_assert_cmpuint (watch->register_waiters->len, ==, 0);
  g_hash_table_unref (watch->snapshots);
  g_array_unref (watch->channel_waiters);
  g_array_unref (watch->register_waiters);
}

static DmsSimulation *
run_watched (FixtureRun *run, const DmsScenario *scenario)
{
  DmsSink sink = fixture_sink (run);
  DmsSimulation *simulation = dms_simulation_new (scenario, &sink, NULL, NULL);

  g_assert_nonnull (simulation);
  simulation->machine.keeps_received = true;
  run->machine = &simulation->machine;
  run->after = after_event;
  g_assert_cmpint (dms_simulation_run (simulation, UINT64_MAX), ==, DMS_ERROR_END);
  return simulation;
}

static uint64_t
count_requests (const DmsScenario *scenario)
{
  uint64_t n = 0;

  for (size_t i = 0; i < scenario->n_requests; i++)
    n += scenario->requests[i].count;
  return n;
}

static void
test_random_scenarios (void)
{
  uint64_t n_complete = 0;
  uint64_t n_refused = 0;
  uint64_t n_bounced = 0;
  uint64_t n_waits = 0;
  uint64_t n_checked = 0;

  for (uint64_t salt = 1; salt <= N_SCENARIOS; salt++)
    {
      DmsScenario scenario;
      FixtureRun run;
      Watch watch;

      make_scenario (&scenario, salt);
      fixture_run_init (&run);
      watch_init (&watch, salt);
      run.data = &watch;
      g_test_message ("scenario %" G_GUINT64_FORMAT, salt);

      DmsSimulation *simulation = run_watched (&run, &scenario);

      fixture_assert_clean (simulation);
      g_assert_cmpuint (run.state->oddities, ==, 0);
      g_assert_cmpuint (watch.n_complete, ==, count_requests (&scenario));
      g_assert_cmpuint (run.state->waiting_bytes, ==, 0);
      n_complete += watch.n_complete;
      n_refused += watch.n_refused;
      n_bounced += watch.n_bounced;
      n_waits += watch.n_waits;
      n_checked += watch.n_checked;
      watch_release (&watch);
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
  g_test_message ("%" G_GUINT64_FORMAT " transfers, %" G_GUINT64_FORMAT
                  " refused, %" G_GUINT64_FORMAT " pages bounced, %" G_GUINT64_FORMAT
                  " waits, %" G_GUINT64_FORMAT " ranges compared",
                  n_complete,
                  n_refused,
                  n_bounced,
                  n_waits,
                  n_checked);
  /* The scenarios are about something. */
  g_assert_cmpuint (n_complete, >, 4 * N_SCENARIOS);
  g_assert_cmpuint (n_refused, >, N_SCENARIOS / 20);
  g_assert_cmpuint (n_bounced, >, N_SCENARIOS);
  g_assert_cmpuint (n_waits, >, N_SCENARIOS / 20);
}

static void
test_same_scenario_same_events (void)
{
  for (uint64_t salt = 1; salt <= N_SCENARIOS; salt += REPEATED_EACH)
    {
      char *dumps[2] = { NULL, NULL };

      for (int i = 0; i < 2; i++)
        {
          DmsScenario scenario;
          FixtureRun run;

          make_scenario (&scenario, salt);
          fixture_run_init (&run);
          dms_simulation_free (fixture_run (&run, &scenario));
          dumps[i] = fixture_dump (&run);
          fixture_run_release (&run);
          dms_scenario_release (&scenario);
        }
      g_assert_cmpstr (dumps[0], ==, dumps[1]);
      g_free (dumps[0]);
      g_free (dumps[1]);
    }
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/simulation/random/scenarios", test_random_scenarios);
  g_test_add_func ("/simulation/random/same-scenario-same-events",
                   test_same_scenario_same_events);
  return g_test_run ();
}
