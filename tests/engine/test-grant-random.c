/* test-grant-random.c — mapping and queues against a model that is slow and obvious
 *
 * The model walks byte by byte: it knows where each byte of a chain lies, and what its
 * device may be told of it. Queues are looked at from outside, by the events alone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-iommu.h"
#include "engine/kernel/dms-list.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/random-scenario.h"

enum
{
  N_SCENARIOS = 400,
  N_OPERATIONS = 12,
  N_QUEUE_SCENARIOS = 300,
  N_QUEUE_STEPS = 80,
  DEVICES_MAX = 4
};

typedef struct
{
  Maker maker;
  DmsScenario scenario;
  FixtureRun run;
  DmsMachine machine;
  DmsAdapter *adapters[DEVICES_MAX];
} Play;

static uint64_t
below (Play *play, uint64_t limit)
{
  return dms_test_random_below (&play->maker.random, limit);
}

static uint64_t
range (Play *play, uint64_t first, uint64_t last)
{
  return dms_test_random_range (&play->maker.random, first, last);
}

static bool
chance (Play *play, unsigned percent)
{
  return dms_test_random_chance (&play->maker.random, percent);
}

static DmsAdapter *
make_adapter (Play *play, size_t i)
{
  DmsDevice *device = &play->machine.devices[i];
  DmsDescription description = { .version = 3,
                                 .is_master = true,
                                 .scatter_gather = device->row->scatter_gather,
                                 .bus = DMS_BUS_PCI,
                                 .address_width = device->row->address_bits,
                                 .maximum_length = device->row->maximum_length };
  DmsAdapter *adapter = dms_adapter_new (&play->machine, device, &description);

  g_assert_nonnull (adapter);
  return adapter;
}

/* MDLs that lie right behind each other in memory. */
static void
add_neighbours (Play *play)
{
  DmsScenarioBuffer *buffer = fixture_add_buffer (&play->scenario, "b");
  uint64_t first = range (play, 0x800, (play->scenario.memory >> 12) - 16);
  uint64_t n_mdls = range (play, 2, 4);

  for (uint64_t m = 0; m < n_mdls; m++)
    {
      uint32_t offset = m == 0 ? (uint32_t)below (play, 4096) : 0;
      uint64_t pages = range (play, 1, 3);
      uint64_t frames[] = { first, first + 1, first + 2 };

      fixture_add_mdl (buffer, offset, pages * 4096 - offset, frames);
      first += pages;
    }
}

static void
play_begin (Play *play, uint64_t salt)
{
  static const uint32_t widths[] = { 24, 28, 32, 32, 64 };
  size_t n_devices = 0;
  DmsSink sink = { NULL, NULL, NULL };

  memset (play, 0, sizeof *play);
  maker_init (&play->maker, salt);
  dms_scenario_init (&play->scenario);
  play->scenario.seed = dms_test_random_next (&play->maker.random);
  play->scenario.memory = UINT64_C (1) << range (play, 25, 36);
  play->scenario.map_registers = (uint32_t)range (play, 8, 40);
  play->scenario.hal_x86 = chance (play, 40);
  n_devices = (size_t)range (play, 1, DEVICES_MAX);
  for (size_t i = 0; i < n_devices; i++)
    {
      char name[] = { 'd', (char)('0' + i), 0 };
      DmsScenarioDevice *device = fixture_add_device (
          &play->scenario, name, widths[below (play, G_N_ELEMENTS (widths))]);

      device->scatter_gather = chance (play, 65);
      device->iommu = chance (play, 20);
      device->maximum_length = range (play, 4096, 100000);
      device->map_registers = chance (play, 50) ? 0 : (uint32_t)range (play, 1, 12);
    }
  if (chance (play, 30))
    add_neighbours (play);
  else
    maker_add_buffer (&play->maker, &play->scenario, "b", 1);
  fixture_run_init (&play->run);
  sink = fixture_sink (&play->run);
  g_assert_cmpint (
      dms_machine_init (&play->machine, &play->scenario, &sink), ==, DMS_OK);
  for (size_t i = 0; i < n_devices; i++)
    play->adapters[i] = make_adapter (play, i);
}

static void
play_end (Play *play)
{
  while (dms_machine_step (&play->machine) == DMS_OK)
    continue;
  g_assert_cmpuint (play->machine.pool.n_free, ==, play->machine.pool.n);
  g_assert_cmpuint (play->machine.mapped.n, ==, 0);
  g_assert_cmpuint (play->machine.grants.n, ==, 0);
  for (size_t i = 0; i < play->machine.n_devices; i++)
    g_assert_cmpuint (play->adapters[i]->channel, ==, 0);
  dms_machine_release (&play->machine);
  fixture_run_release (&play->run);
  dms_scenario_release (&play->scenario);
  maker_release (&play->maker);
}

/* ---- the model: byte by byte ---- */

typedef struct
{
  uint64_t physical, logical;
  size_t mdl;
} Byte;

/* Where byte @at of the buffer lies. */
static Byte
find_byte (const DmsBuffer *buffer, uint64_t at)
{
  Byte byte = { 0, 0, 0 };

  while (at >= buffer->mdls[byte.mdl].length)
    at -= buffer->mdls[byte.mdl++].length;

  const DmsMdl *mdl = &buffer->mdls[byte.mdl];
  uint64_t in_pages = mdl->address % 4096 + at;

  byte.physical = mdl->frames[in_pages / 4096] * 4096 + in_pages % 4096;
  return byte;
}

/* What the device was told of @n bytes from @start on. */
static Byte *
find_bytes (const DmsBuffer *buffer,
            uint64_t start,
            uint64_t n,
            const DmsListElement *elements,
            uint32_t n_elements)
{
  Byte *bytes = g_new0 (Byte, n);
  uint64_t i = 0;

  for (uint32_t e = 0; e < n_elements; e++)
    {
      g_assert_cmpuint (elements[e].length, >, 0);
      for (uint64_t k = 0; k < elements[e].length; k++, i++)
        {
          g_assert_cmpuint (i, <, n);
          bytes[i] = find_byte (buffer, start + i);
          bytes[i].logical = elements[e].logical + k;
        }
    }
  g_assert_cmpuint (i, ==, n);
  return bytes;
}

/* The grant's register whose bounce page, or translation, @logical is in; -1 = none. */
static int64_t
register_of (const DmsMachine *machine, const DmsGrant *grant, uint64_t logical)
{
  for (uint32_t r = grant->first_register;
       r < grant->first_register + grant->n_registers;
       r++)
    {
      const DmsDevice *device = grant->adapter->device;
      uint64_t page = dms_iommu_is_before (device)
                          ? dms_iommu_logical (machine, device, r) / 4096
                          : machine->pool.registers[r].frame;

      if (page == logical / 4096)
        return (int64_t)r;
    }
  return -1;
}

static bool
bounces (const Byte *byte)
{
  return byte->physical != byte->logical;
}

/* Bytes @i and @i + 1 belong into one element: nothing that the documentation or the
 * HAL has between them. */
static bool
belong_together (const Play *play, const DmsGrant *grant, const Byte *bytes, uint64_t i)
{
  bool is_remapped = dms_iommu_is_before (grant->adapter->device);

  if (bytes[i].mdl != bytes[i + 1].mdl || bytes[i].logical + 1 != bytes[i + 1].logical)
    return false;
  if (bytes[i + 1].physical % 4096 != 0 || is_remapped
      || !grant->adapter->scatter_gather || play->scenario.hal_x86)
    return true;
  return !bounces (&bytes[i]) && !bounces (&bytes[i + 1]);
}

/* The part of one MDL that an adapter without scatter/gather gets: straight when it can
 * be, in any case in a row. */
static void
check_row (const DmsGrant *grant, const Byte *bytes, uint64_t first, uint64_t n)
{
  bool is_straight = true;

  for (uint64_t i = first; i < first + n; i++)
    is_straight = is_straight && bytes[i].physical <= grant->adapter->highest
                  && bytes[i].physical == bytes[first].physical + (i - first);
  for (uint64_t i = first; i < first + n; i++)
    {
      g_assert_cmpuint (bounces (&bytes[i]), ==, !is_straight);
      g_assert_cmphex (bytes[i].logical, ==, bytes[first].logical + (i - first));
    }
}

static void
check_rows (const DmsGrant *grant, const Byte *bytes, uint64_t n)
{
  uint64_t first = 0;

  for (uint64_t i = 1; i <= n; i++)
    if (i == n || bytes[i].mdl != bytes[first].mdl)
      {
        check_row (grant, bytes, first, i - first);
        first = i;
      }
}

static void
check_byte (const Play *play, const DmsGrant *grant, const Byte *byte)
{
  bool is_remapped = dms_iommu_is_before (grant->adapter->device);

  g_assert_cmphex (byte->logical % 4096, ==, byte->physical % 4096);
  g_assert_cmphex (byte->logical, <=, grant->adapter->highest);
  if (is_remapped || bounces (byte))
    g_assert_cmpint (register_of (&play->machine, grant, byte->logical), >=, 0);
  if (!is_remapped && grant->adapter->scatter_gather)
    g_assert_cmpuint (bounces (byte), ==, byte->physical > grant->adapter->highest);
}

/* Pages of MDLs that the bytes touch. */
static uint32_t
count_pages (const Byte *bytes, uint64_t n)
{
  uint32_t pages = 0;

  for (uint64_t i = 0; i < n; i++)
    pages += i == 0 || bytes[i].mdl != bytes[i - 1].mdl
             || bytes[i].physical / 4096 != bytes[i - 1].physical / 4096;
  return pages;
}

/* What was mapped of @wanted bytes is right, and as much as there could be. */
static void
check_mapping (const Play *play,
               const DmsGrant *grant,
               const Byte *bytes,
               uint64_t n,
               uint64_t wanted,
               const DmsListElement *elements,
               uint32_t n_elements,
               uint32_t max_elements)
{
  uint64_t end = 0;
  uint32_t pages = count_pages (bytes, n);

  for (uint64_t i = 0; i < n; i++)
    check_byte (play, grant, &bytes[i]);
  if (!grant->adapter->scatter_gather && !dms_iommu_is_before (grant->adapter->device))
    check_rows (grant, bytes, n);
  for (uint32_t e = 0; e < n_elements; e++)
    {
      for (uint64_t k = 0; k + 1 < elements[e].length; k++)
        g_assert_true (belong_together (play, grant, bytes, end + k));
      end += elements[e].length;
      if (end < n)
        g_assert_false (belong_together (play, grant, bytes, end - 1));
    }
  g_assert_cmpuint (pages, <=, grant->room);
  g_assert_cmpuint (n_elements, <=, max_elements);
  if (n < wanted)
    g_assert_true (pages == grant->room || n_elements == max_elements);
}

/* ---- bytes, as a device would move them ---- */

static uint8_t *
memory_at (Play *play, const DmsGrant *grant, uint64_t logical)
{
  const DmsGrantPage *page
      = dms_grant_page_at (&play->machine, grant->adapter->device, logical);

  g_assert_nonnull (page);
  g_assert_true (page->grant == grant);

  uint64_t frame
      = dms_iommu_is_before (grant->adapter->device) ? page->frame : logical / 4096;

  return dms_memory_page (&play->machine.memory, frame) + logical % 4096;
}

/* Remembers the buffer and lets the device read or write what is mapped. */
static uint8_t *
move (Play *play, const DmsGrant *grant, const Byte *bytes, uint64_t start, uint64_t n)
{
  DmsBuffer *buffer = &play->machine.buffers[0];
  uint8_t *expected = g_malloc (buffer->length);

  dms_buffer_read (buffer, 0, expected, (size_t)buffer->length);
  for (uint64_t i = 0; i < n; i++)
    {
      uint8_t *at = memory_at (play, grant, bytes[i].logical);

      if (grant->to_device)
        g_assert_cmpuint (*at, ==, expected[start + i]);
      else
        *at = expected[start + i] = (uint8_t)dms_test_random_next (&play->maker.random);
    }
  return expected;
}

static void
check_buffer (Play *play, uint8_t *expected)
{
  DmsBuffer *buffer = &play->machine.buffers[0];
  g_autofree uint8_t *there = g_malloc (buffer->length);

  dms_buffer_read (buffer, 0, there, (size_t)buffer->length);
  g_assert_cmpmem (there, (size_t)buffer->length, expected, (size_t)buffer->length);
  g_free (expected);
}

static void
choose_range (Play *play, uint64_t *start, uint64_t *length)
{
  uint64_t n = play->machine.buffers[0].length;

  *start = chance (play, 40) ? 0 : below (play, n);
  *length = chance (play, 40) ? n - *start : range (play, 1, n - *start);
  dms_buffer_fill (
      &play->machine.buffers[0], 0, n, dms_test_random_next (&play->maker.random));
}

/* The chain of the buffer, from the MDL that has byte *@start on; *@start is counted in
 * there afterwards. */
static size_t
chain_from (DmsBuffer *buffer, uint64_t *start, DmsMdl **mdls)
{
  size_t first = 0;
  size_t n = 0;

  while (*start >= buffer->mdls[first].length)
    *start -= buffer->mdls[first++].length;
  for (size_t i = first; i < buffer->n_mdls; i++)
    mdls[n++] = &buffer->mdls[i];
  return n;
}

/* ---- lists ---- */

static void
keep_list (DmsMachine *machine, DmsList *list)
{
  (void)machine;
  *(DmsList **)list->data.context = list;
}

static void
play_list (Play *play, DmsAdapter *adapter)
{
  DmsBuffer *buffer = &play->machine.buffers[0];
  DmsMdl *mdls[4];
  DmsList *list = NULL;
  uint64_t start = 0;
  uint64_t length = 0;
  bool to_device = chance (play, 50);

  choose_range (play, &start, &length);

  uint64_t skip = start;
  size_t n_mdls = chain_from (buffer, &skip, mdls);
  DmsListRequest request = { .adapter = adapter,
                             .mdls = mdls,
                             .n_mdls = n_mdls,
                             .address = mdls[0]->address + skip,
                             .length = length,
                             .to_device = to_device,
                             .deliver = keep_list,
                             .data = { .context = &list },
                             .callback = "Keep" };
  uint32_t status = dms_list_get (&play->machine, &request);

  if (status != DMS_NT_SUCCESS)
    {
      g_assert_cmphex (status, ==, DMS_NT_INSUFFICIENT_RESOURCES);
      g_assert_null (list);
      return;
    }
  g_assert_nonnull (list);

  g_autofree Byte *bytes
      = find_bytes (buffer, start, length, list->elements, list->n_elements);

  check_mapping (
      play, list, bytes, length, length, list->elements, list->n_elements, UINT32_MAX);
  g_assert_cmpuint (count_pages (bytes, length), ==, list->n_registers);

  uint8_t *expected = move (play, list, bytes, start, length);

  dms_list_put (&play->machine, list, to_device);
  check_buffer (play, expected);
}

/* ---- grants ---- */

static DmsAction
keep_grant (DmsMachine *machine, DmsGrant *grant)
{
  (void)machine;
  (void)grant;
  return DMS_ACTION_KEEP_REGISTERS;
}

/* Maps and flushes a part; bytes that are mapped now. */
static uint64_t
play_part (Play *play, DmsGrant *grant, uint64_t start, uint64_t length, bool to_device)
{
  DmsBuffer *buffer = &play->machine.buffers[0];
  DmsMdl *mdls[4];
  DmsListElement elements[64];
  bool whole_chain = chance (play, 60);
  uint64_t skip = start;
  size_t n_mdls = chain_from (buffer, &skip, mdls);
  DmsMapRange part
      = { .mdls = mdls,
          .n_mdls = whole_chain ? n_mdls : 1,
          .skip = skip,
          .length = whole_chain ? length : MIN (length, mdls[0]->length - skip),
          .to_device = to_device,
          .whole_chain = whole_chain,
          .max_elements = whole_chain ? (uint32_t)range (play, 1, 6) : 1 };
  uint32_t n = 0;
  uint64_t mapped = 0;

  g_assert_cmphex (dms_grant_map (&play->machine, grant, &part, elements, &n, &mapped),
                   ==,
                   DMS_NT_SUCCESS);
  g_assert_cmpuint (mapped, >, 0);
  g_assert_cmpuint (mapped, <=, part.length);

  g_autofree Byte *bytes = find_bytes (buffer, start, mapped, elements, n);

  check_mapping (
      play, grant, bytes, mapped, part.length, elements, n, part.max_elements);

  uint8_t *expected = move (play, grant, bytes, start, mapped);

  part.length = mapped;
  g_assert_cmphex (dms_grant_flush (&play->machine, grant, &part), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (grant->n_live, ==, 0);
  check_buffer (play, expected);
  return mapped;
}

static void
play_grant (Play *play, DmsAdapter *adapter)
{
  DmsGrant *grant = NULL;
  DmsGrantRequest request = { .adapter = adapter,
                              .count = (uint32_t)range (play, 1, adapter->allowed),
                              .deliver = keep_grant,
                              .callback = "Keep" };
  uint64_t start = 0;
  uint64_t length = 0;
  bool to_device = chance (play, 50);

  choose_range (play, &start, &length);
  g_assert_cmphex (
      dms_grant_ask (&play->machine, &request, &grant), ==, DMS_NT_SUCCESS);
  g_assert_nonnull (grant);
  while (length > 0)
    {
      uint64_t mapped = play_part (play, grant, start, length, to_device);

      start += mapped;
      length -= mapped;
    }
  dms_grant_free_registers (&play->machine, adapter, grant, request.count);
}

/* MapTransfer's caller takes care that the registers are enough; what it is told when
 * they are not is another test. */
static void
check_facts (const Play *play)
{
  const DmsEvent *event = NULL;

  for (guint i = 0; (event = fixture_find (&play->run, DMS_EVENT_FACT, i)) != NULL; i++)
    g_assert_cmpstr (dms_fact_info (event->index)->name, ==, "too-few-registers");
}

static void
test_mapping (void)
{
  for (uint64_t salt = 1; salt <= N_SCENARIOS; salt++)
    {
      Play play;

      g_test_message ("scenario %" G_GUINT64_FORMAT, salt);
      play_begin (&play, salt);
      for (int i = 0; i < N_OPERATIONS; i++)
        {
          DmsAdapter *adapter = play.adapters[below (&play, play.machine.n_devices)];

          if (chance (&play, 40))
            play_list (&play, adapter);
          else
            play_grant (&play, adapter);
          while (dms_machine_step (&play.machine) == DMS_OK)
            continue;
        }
      check_facts (&play);
      play_end (&play);
    }
}

/* ---- queues ---- */

/* Seen from outside: who has asked, in that order, and what became of it. */
typedef struct
{
  uint64_t id;
  DmsAdapter *adapter;
  uint64_t context;
  uint32_t count;
  bool wants_channel, wants_registers; /* waits for it */
  bool is_granted, has_channel;
} Asker;

typedef struct
{
  GArray *askers;   /* not given back, oldest first */
  GHashTable *held; /* registers in use */
  guint n_granted, n_waited, n_cancelled;
} Queue;

static Asker *
find_asker (const Queue *queue, uint64_t id)
{
  for (guint i = 0; i < queue->askers->len; i++)
    {
      Asker *asker = &g_array_index (queue->askers, Asker, i);

      if (asker->id == id)
        return asker;
    }
  return NULL;
}

static void
see_grant (Queue *queue, const DmsEvent *event)
{
  Asker *asker = find_asker (queue, event->object);

  g_assert_false (asker->is_granted);
  g_assert_cmpuint (event->a, ==, asker->count);
  /* Nobody who waited for registers longer is passed. */
  for (guint i = 0; i < queue->askers->len && event->a > 0; i++)
    {
      const Asker *other = &g_array_index (queue->askers, Asker, i);

      if (other == asker)
        break;
      g_assert_false (other->wants_registers);
    }
  asker->is_granted = true;
  asker->wants_registers = false;
  asker->has_channel = true;
  queue->n_granted++;
  for (uint64_t r = event->index; r < event->index + event->a; r++)
    g_assert_true (g_hash_table_add (queue->held, GSIZE_TO_POINTER (r + 1)));
}

static void
see_wait (Queue *queue, const DmsEvent *event)
{
  Asker *asker = find_asker (queue, event->object);

  queue->n_waited++;
  asker->wants_channel = (event->flags & DMS_FLAG_FOR_CHANNEL) != 0;
  asker->wants_registers = !asker->wants_channel;
  if (asker->wants_channel)
    return;
  /* Queues for registers are by the time of waiting: it goes behind those. */
  Asker moved = *asker;
  guint i = (guint)(asker - (Asker *)(void *)queue->askers->data);

  g_array_remove_index (queue->askers, i);
  g_array_append_val (queue->askers, moved);
}

/* Who has just taken it; nobody who waits for it longer is passed. */
static void
see_channel (Queue *queue, const DmsEvent *event)
{
  if ((event->flags & DMS_FLAG_TAKEN) == 0)
    return;
  for (guint i = 0; i < queue->askers->len; i++)
    {
      Asker *asker = &g_array_index (queue->askers, Asker, i);

      if (asker->adapter->id != event->object)
        continue;
      if (asker->adapter->channel == asker->id)
        {
          asker->wants_channel = false;
          return;
        }
      g_assert_false (asker->wants_channel);
    }
  g_assert_not_reached ();
}

static void
see (FixtureRun *run, const DmsEvent *event)
{
  Queue *queue = run->data;

  if (event->kind == DMS_EVENT_ASK)
    {
      Asker *last = &g_array_index (queue->askers, Asker, queue->askers->len - 1);

      last->id = event->object;
    }
  if (event->kind == DMS_EVENT_WAIT)
    see_wait (queue, event);
  if (event->kind == DMS_EVENT_GRANT)
    see_grant (queue, event);
  if (event->kind == DMS_EVENT_CHANNEL)
    see_channel (queue, event);
  if (event->kind == DMS_EVENT_RELEASE)
    for (uint64_t r = event->index; r < event->index + event->a; r++)
      g_assert_true (g_hash_table_remove (queue->held, GSIZE_TO_POINTER (r + 1)));
}

static uint32_t
longest_run (const Play *play, const Queue *queue)
{
  uint32_t longest = 0;
  uint32_t here = 0;

  for (uint64_t r = 0; r < play->scenario.map_registers; r++)
    {
      here = g_hash_table_contains (queue->held, GSIZE_TO_POINTER (r + 1)) ? 0
                                                                           : here + 1;
      longest = MAX (longest, here);
    }
  return longest;
}

/* Nothing is left to do: who still waits has to. */
static void
check_queue (const Play *play, const Queue *queue)
{
  bool is_first = true;

  for (guint i = 0; i < queue->askers->len; i++)
    {
      const Asker *asker = &g_array_index (queue->askers, Asker, i);

      if (asker->wants_channel)
        g_assert_nonnull (dms_grant_live (&play->machine, asker->adapter->channel));
      if (asker->wants_registers && is_first)
        g_assert_cmpuint (asker->count, >, longest_run (play, queue));
      is_first = is_first && !asker->wants_registers;
    }
}

static DmsAction
take_some (DmsMachine *machine, DmsGrant *grant)
{
  (void)machine;
  return grant->data.context == NULL ? DMS_ACTION_KEEP : DMS_ACTION_KEEP_REGISTERS;
}

static void
play_ask (Play *play, Queue *queue)
{
  DmsAdapter *adapter = play->adapters[below (play, play->machine.n_devices)];
  Asker asker
      = { .adapter = adapter,
          .context = 0x1000 + below (play, 1000),
          .count = chance (play, 5) ? 0 : (uint32_t)range (play, 1, adapter->allowed) };
  DmsGrantRequest request = { .adapter = adapter,
                              .context = asker.context,
                              .count = asker.count,
                              .is_synchronous = chance (play, 15),
                              .deliver = take_some,
                              .data = { .context = chance (play, 70) ? play : NULL },
                              .callback = "TakeSome" };

  if (dms_grant_is_context_used (&play->machine, asker.context))
    return;
  dms_grant_prepare (&play->machine, asker.context);
  g_array_append_val (queue->askers, asker);

  uint32_t status = dms_grant_ask (&play->machine, &request, NULL);

  if (status != DMS_NT_SUCCESS)
    {
      g_assert_true (request.is_synchronous);
      g_array_remove_index (queue->askers, queue->askers->len - 1);
    }
}

static void
forget_asker (Queue *queue, guint i)
{
  g_array_remove_index (queue->askers, i);
}

/* Gives back, or cancels, one of them. */
static void
play_end_one (Play *play, Queue *queue)
{
  guint i = (guint)below (play, queue->askers->len);
  Asker asker = g_array_index (queue->askers, Asker, i);
  DmsGrant *grant = dms_grant_live (&play->machine, asker.id);

  if (grant == NULL)
    {
      /* Of no registers: it ended with its callback. */
      g_assert_cmpuint (asker.count, ==, 0);
      forget_asker (queue, i);
    }
  else if (!asker.is_granted)
    {
      g_assert_true (dms_grant_cancel (&play->machine, asker.adapter, asker.context));
      g_assert_null (dms_grant_live (&play->machine, asker.id));
      queue->n_cancelled++;
      forget_asker (queue, i);
    }
  else
    {
      g_assert_false (dms_grant_cancel (&play->machine, asker.adapter, asker.context));
      if (asker.adapter->channel == asker.id)
        dms_grant_free_channel (&play->machine, asker.adapter);
      else
        dms_grant_free_registers (&play->machine, asker.adapter, grant, asker.count);
      forget_asker (queue, i);
    }
}

static void
play_queue (Play *play, Queue *queue)
{
  for (int i = 0; i < N_QUEUE_STEPS || queue->askers->len > 0; i++)
    {
      if (i < N_QUEUE_STEPS && (queue->askers->len == 0 || chance (play, 60)))
        play_ask (play, queue);
      else
        play_end_one (play, queue);
      if (chance (play, 70))
        {
          while (dms_machine_step (&play->machine) == DMS_OK)
            continue;
          check_queue (play, queue);
        }
    }
}

static void
test_queues (void)
{
  guint n_granted = 0;
  guint n_waited = 0;
  guint n_cancelled = 0;

  for (uint64_t salt = 1; salt <= N_QUEUE_SCENARIOS; salt++)
    {
      Queue queue = { .askers = g_array_new (FALSE, FALSE, sizeof (Asker)),
                      .held = g_hash_table_new (NULL, NULL) };
      Play play;

      g_test_message ("queue %" G_GUINT64_FORMAT, salt);
      play_begin (&play, 1000 + salt);
      play.run.after = see;
      play.run.data = &queue;
      play_queue (&play, &queue);
      n_granted += queue.n_granted;
      n_waited += queue.n_waited;
      n_cancelled += queue.n_cancelled;
      g_assert_cmpuint (fixture_count (&play.run, DMS_EVENT_FACT), ==, 0);
      play_end (&play);
      g_array_free (queue.askers, TRUE);
      g_hash_table_unref (queue.held);
    }
  g_test_message (
      "%u granted, %u waits, %u cancelled", n_granted, n_waited, n_cancelled);
  g_assert_cmpuint (n_waited, >, 1000);
  g_assert_cmpuint (n_cancelled, >, 200);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/grant/random/mapping", test_mapping);
  g_test_add_func ("/grant/random/queues", test_queues);
  return g_test_run ();
}
