/* test-core-recorded.c — mappings, bounces and translations as Linux traces show them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-lane.h"
#include "engine/core/dms-sentence.h"
#include "tests/engine/core-log.h"
#include "tests/lib/dms-test.h"

#include <string.h>

typedef struct
{
  CoreLog log;
  uint32_t ahci, net, dd, idle;
  DmsBytes payload;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  CoreLog *log = &fixture->log;

  core_log_init (log, true);
  fixture->ahci = core_log_name (log, DMS_NAME_DEVICE, 0, "0000:00:1f.2");
  fixture->net = core_log_name (log, DMS_NAME_DEVICE, 0, "0000:00:04.0");
  fixture->dd = core_log_name (log, DMS_NAME_TASK, 174, "dd");
  fixture->idle = core_log_name (log, DMS_NAME_TASK, 0, "<idle>");
  dms_bytes_init (&fixture->payload);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  core_assert_counts (fixture->log.state);
  dms_bytes_release (&fixture->payload);
  core_log_release (&fixture->log);
}

static const DmsState *
emit (Fixture *fixture, DmsEvent event)
{
  if (event.task == 0)
    event.task = fixture->dd;
  event.context = DMS_CONTEXT_LINUX;
  event.t_ns = (int64_t)fixture->log.emitter.seq * 1000;
  event.payload = fixture->payload.data;
  event.payload_length = (uint32_t)fixture->payload.length;
  core_log_emit (&fixture->log, event);
  dms_bytes_clear (&fixture->payload);
  core_assert_counts (fixture->log.state);
  return fixture->log.state;
}

/* A mapping with as many segments in memory as for the device. */
static const DmsState *
map (Fixture *fixture,
     uint64_t id,
     uint32_t device,
     uint32_t flags,
     const DmsSegment *memory,
     size_t n_memory,
     const DmsSegment *logical,
     size_t n_logical)
{
  uint64_t length = 0;

  for (size_t i = 0; i < n_logical; i++)
    length += logical[i].length;
  dms_payload_append_segments (&fixture->payload, DMS_PAYLOAD_MEMORY, memory, n_memory);
  dms_payload_append_segments (
      &fixture->payload, DMS_PAYLOAD_DEVICE, logical, n_logical);
  return emit (fixture,
               (DmsEvent){ .kind = DMS_EVENT_MAP,
                           .device = device,
                           .object = id,
                           .index = (uint32_t)n_logical,
                           .a = n_memory,
                           .length = length,
                           .flags = flags });
}

static const DmsState *
map_single (
    Fixture *fixture, uint64_t id, uint32_t device, uint64_t physical, uint64_t logical)
{
  const DmsSegment memory = { physical, 4096 };
  const DmsSegment seen = { logical, 4096 };
  return map (fixture,
              id,
              device,
              DMS_FLAG_FROM_DEVICE | DMS_FLAG_FORM_SINGLE,
              &memory,
              1,
              &seen,
              1);
}

static const DmsState *
unmap (Fixture *fixture, uint32_t device, uint64_t address, uint32_t form)
{
  return emit (fixture,
               (DmsEvent){ .kind = DMS_EVENT_UNMAP,
                           .device = device,
                           .a = address,
                           .length = form == DMS_FLAG_FORM_SG ? 0 : 4096,
                           .flags = DMS_FLAG_FROM_DEVICE | form });
}

static void
bounce (
    Fixture *fixture, uint32_t device, uint64_t original, uint64_t length, uint16_t cpu)
{
  emit (fixture,
        (DmsEvent){ .kind = DMS_EVENT_BOUNCE,
                    .device = device,
                    .a = original,
                    .c = UINT32_MAX,
                    .length = length,
                    .cpu = cpu,
                    .flags = DMS_FLAG_FORCED });
}

static void
assert_says (Fixture *fixture, const char *expected)
{
  const CoreLog *log = &fixture->log;
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_event_sentence (
      &bytes, core_log_event (log, log->events->len), log->state, log->names, NULL);
  g_assert_cmpstr (dms_bytes_text (&bytes), ==, expected);
  dms_bytes_release (&bytes);
}

/* ---- life of a mapping ---- */

static void
test_map_and_unmap (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const DmsState *state = map_single (fixture, 1, fixture->ahci, 0x1a55000, 0xffff8000);
  const DmsDeviceState *device = dms_state_device (state, fixture->ahci);

  assert_says (fixture, "0000:00:1f.2 maps 4 096 bytes in 1 segment, from the device.");
  g_assert_true (state->recorded);
  g_assert_cmpuint (state->step, ==, 1); /* every recorded event opens a step */
  g_assert_cmpuint (state->live_bytes, ==, 4096);
  g_assert_cmpuint (device->live_mappings, ==, 1);
  g_assert_cmpuint (device->live_bytes, ==, 4096);
  const DmsMappingState *mapping
      = dms_state_mapping_at (state, fixture->ahci, 0xffff8000, false);
  g_assert_true (mapping == dms_state_mapping (state, 1));
  g_assert_cmpuint (mapping->task, ==, fixture->dd);
  g_assert_cmphex (mapping->pieces[0].logical, ==, 0xffff8000);
  g_assert_cmphex (mapping->pieces[0].physical, ==, 0x1a55000);
  g_assert_null (dms_state_mapping_at (state, fixture->net, 0xffff8000, false));
  g_assert_null (dms_state_mapping_at (state, fixture->ahci, 0xffff8000, true));
  g_assert_null (dms_state_mapping_at (state, fixture->ahci, 0x1a55000, false));

  unmap (fixture, fixture->ahci, 0xffff8000, DMS_FLAG_FORM_SINGLE);
  assert_says (
      fixture,
      "Device address 0xFFFF_8000, 4 096 bytes, is unmapped for 0000:00:1f.2.");
  g_assert_cmpuint (state->mappings.n, ==, 0);
  g_assert_cmpuint (state->live_bytes, ==, 0);
  g_assert_cmpuint (state->last_mapping, ==, 1);
  g_assert_cmpuint (state->next_mapping, ==, 2);
  g_assert_cmpuint (state->oddities, ==, 0);
}

static void
test_end_without_begin_is_odd (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const DmsState *state = unmap (fixture, fixture->ahci, 0x1000, DMS_FLAG_FORM_SINGLE);

  g_assert_cmpuint (state->oddities, ==, 1);
  map_single (fixture, 1, fixture->ahci, 0x1000, 0x1000);
  unmap (fixture, fixture->net, 0x1000, DMS_FLAG_FORM_SINGLE);
  g_assert_cmpuint (state->oddities, ==, 2);
  unmap (fixture, fixture->ahci, 0x1000, DMS_FLAG_FORM_SG); /* another form */
  g_assert_cmpuint (state->oddities, ==, 3);
  g_assert_cmpuint (state->mappings.n, ==, 1);
  unmap (fixture, fixture->ahci, 0x1000, DMS_FLAG_FORM_SINGLE);
  unmap (fixture, fixture->ahci, 0x1000, DMS_FLAG_FORM_SINGLE); /* twice */
  g_assert_cmpuint (state->oddities, ==, 4);
  g_assert_cmpuint (state->mappings.n, ==, 0);
}

/* linux-dma-traces §1.5.3: the end of the older one was not traced. */
static void
test_map_over_map_ends_the_older (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const DmsState *state = map_single (fixture, 1, fixture->ahci, 0x2000, 0x2000);

  map_single (fixture, 2, fixture->net, 0x2000, 0x2000); /* another device: no clash */
  g_assert_cmpuint (state->oddities, ==, 0);
  g_assert_cmpuint (state->mappings.n, ==, 2);
  map_single (fixture, 3, fixture->ahci, 0x9000, 0x2000);
  g_assert_cmpuint (state->oddities, ==, 1);
  g_assert_null (dms_state_mapping (state, 1));
  g_assert_cmpuint (state->live_bytes, ==, 8192);
  g_assert_true (dms_state_mapping_at (state, fixture->ahci, 0x2000, false)
                 == dms_state_mapping (state, 3));
  /* The same id once more. */
  map_single (fixture, 3, fixture->ahci, 0x9000, 0x7000);
  g_assert_cmpuint (state->oddities, ==, 2);
  g_assert_null (dms_state_mapping_at (state, fixture->ahci, 0x2000, false));
  g_assert_cmpuint (state->mappings.n, ==, 2);
}

static void
test_failed_map_maps_nothing (Fixture *fixture, gconstpointer data)
{
  (void)data;
  bounce (fixture, fixture->ahci, 0x3000, 4096, 0);
  const DmsState *state
      = map (fixture,
             1,
             fixture->ahci,
             DMS_FLAG_FROM_DEVICE | DMS_FLAG_FORM_SINGLE | DMS_FLAG_FAILED,
             &(DmsSegment){ 0x3000, 4096 },
             1,
             &(DmsSegment){ UINT64_MAX, 4096 },
             1);
  assert_says (fixture, "The mapping of 4 096 bytes for 0000:00:1f.2 fails.");
  g_assert_cmpuint (state->mappings.n, ==, 0);
  g_assert_cmpuint (state->live_bytes, ==, 0);
  g_assert_cmpuint (state->n_pending, ==, 0); /* its bounce went with it */
}

/* ---- scatterlists ---- */

static void
test_scatterlist_is_found_by_memory (Fixture *fixture, gconstpointer data)
{
  (void)data;
  static const DmsSegment memory[] = { { 0x5000, 0 }, { 0x9200, 0 }, { 0x7000, 0 } };
  static const DmsSegment seen[]
      = { { 0xff000, 512 }, { 0xfe200, 1024 }, { 0xfd000, 4096 } };
  const DmsState *state = map (fixture,
                               1,
                               fixture->ahci,
                               DMS_FLAG_TO_DEVICE | DMS_FLAG_FORM_SG,
                               memory,
                               3,
                               seen,
                               3);
  const DmsMappingState *mapping = dms_state_mapping (state, 1);

  assert_says (fixture, "0000:00:1f.2 maps 5 632 bytes in 3 segments, to the device.");
  /* As many on both sides: one by one, and lengths are those of the device's side. */
  for (unsigned i = 0; i < 3; i++)
    {
      g_assert_cmphex (mapping->pieces[i].logical, ==, seen[i].address);
      g_assert_cmpuint (mapping->pieces[i].length, ==, seen[i].length);
      g_assert_cmpuint (mapping->pieces[i].element, ==, i);
    }
  g_assert_null (dms_state_mapping_at (state, fixture->ahci, 0xff000, true));
  g_assert_true (dms_state_mapping_at (state, fixture->ahci, 0x5000, true) == mapping);
  dms_payload_append_segments (&fixture->payload, DMS_PAYLOAD_MEMORY, memory, 3);
  unmap (fixture, fixture->ahci, 0x5000, DMS_FLAG_FORM_SG);
  assert_says (fixture,
               "The scatterlist that begins at physical 0x0000_5000 is unmapped for "
               "0000:00:1f.2.");
  g_assert_cmpuint (state->mappings.n, ==, 0);
  g_assert_cmpuint (state->oddities, ==, 0);
}

/* An IOMMU makes fewer segments of many: which belong together is not known. */
static void
test_merged_scatterlist_joins_nothing (Fixture *fixture, gconstpointer data)
{
  (void)data;
  static const DmsSegment memory[] = { { 0x5000, 0 }, { 0x9000, 0 }, { 0x7000, 0 } };
  static const DmsSegment seen[] = { { 0xffe00000, 0x3000 } };
  const DmsState *state
      = map (fixture,
             1,
             fixture->ahci,
             DMS_FLAG_FROM_DEVICE | DMS_FLAG_FORM_SG | DMS_FLAG_TRUNCATED,
             memory,
             3,
             seen,
             1);
  const DmsMappingState *mapping = dms_state_mapping (state, 1);

  g_assert_cmpuint (mapping->n_pieces, ==, 3);
  g_assert_cmpuint (mapping->n_elements, ==, 1);
  g_assert_cmpuint (mapping->pieces[1].element, ==, UINT32_MAX);
  g_assert_true ((mapping->flags & DMS_FLAG_TRUNCATED) != 0);
  g_assert_null (dms_mapping_piece (mapping, 0, 0xffe00000));
}

/* Without any address a mapping cannot be found by one, and ends nobody else's. */
static void
test_mapping_without_segments (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const uint32_t flags = DMS_FLAG_FROM_DEVICE | DMS_FLAG_FORM_SG;
  const DmsState *state = map (fixture, 1, fixture->ahci, flags, NULL, 0, NULL, 0);

  map (fixture, 2, fixture->ahci, flags, NULL, 0, NULL, 0);
  g_assert_cmpuint (state->mappings.n, ==, 2);
  g_assert_cmpuint (state->oddities, ==, 0);
  unmap (fixture, fixture->ahci, 0, DMS_FLAG_FORM_SG);
  g_assert_cmpuint (state->mappings.n, ==, 2);
  g_assert_cmpuint (state->oddities, ==, 1);
}

/* ---- bounces ---- */

static void
test_bounces_meet_their_mapping (Fixture *fixture, gconstpointer data)
{
  (void)data;
  static const DmsSegment memory[] = { { 0x5000, 0 }, { 0x9200, 0 }, { 0x7000, 0 } };
  static const DmsSegment seen[]
      = { { 0x3a000, 4096 }, { 0x9200, 512 }, { 0x3b000, 2048 } };
  const CoreLog *log = &fixture->log;

  bounce (fixture, fixture->ahci, 0x5000, 4096, 0);
  g_assert_cmphex (dms_state_device (log->state, fixture->ahci)->mask, ==, UINT32_MAX);
  assert_says (
      fixture,
      "The system bounces 4 096 bytes at 0x0000_5000 for 0000:00:1f.2. The pool "
      "is forced on, so nothing goes straight.");
  bounce (fixture, fixture->ahci, 0x7000, 2048, 0);
  bounce (fixture, fixture->ahci, 0x7000, 2048, 1); /* another CPU's call */
  bounce (fixture, fixture->net, 0x5000, 60, 0);    /* another device's */
  g_assert_cmpuint (log->state->n_pending, ==, 4);

  const DmsState *state = map (fixture,
                               1,
                               fixture->ahci,
                               DMS_FLAG_TO_DEVICE | DMS_FLAG_FORM_SG,
                               memory,
                               3,
                               seen,
                               3);
  const DmsMappingState *mapping = dms_state_mapping (state, 1);
  assert_says (fixture,
               "0000:00:1f.2 maps 6 656 bytes in 3 segments, to the device; the pool "
               "bounces 2 of them.");
  g_assert_true (mapping->pieces[0].bounced);
  g_assert_false (mapping->pieces[1].bounced);
  g_assert_true (mapping->pieces[2].bounced);
  g_assert_cmpuint (mapping->bounced_bytes, ==, 6144);
  g_assert_cmpuint (state->bounced_bytes, ==, 6144);
  g_assert_true ((mapping->flags & DMS_FLAG_FORCED) != 0);
  g_assert_cmpuint (mapping->flags & DMS_FLAG_ALL_BOUNCED, ==, 0);
  g_assert_cmpuint (state->n_pending, ==, 2);
  unmap (fixture, fixture->ahci, 0x5000, DMS_FLAG_FORM_SG);
  g_assert_cmpuint (state->bounced_bytes, ==, 0);
}

static void
test_all_bounced (Fixture *fixture, gconstpointer data)
{
  (void)data;
  bounce (fixture, fixture->net, 0x19b2102, 60, 0);
  const DmsState *state = map (fixture,
                               1,
                               fixture->net,
                               DMS_FLAG_TO_DEVICE | DMS_FLAG_FORM_SINGLE,
                               &(DmsSegment){ 0x19b2102, 60 },
                               1,
                               &(DmsSegment){ 0x3a800, 60 },
                               1);
  assert_says (fixture,
               "0000:00:04.0 maps 60 bytes in 1 segment, to the device; every one is "
               "bounced.");
  g_assert_true ((dms_state_mapping (state, 1)->flags & DMS_FLAG_ALL_BOUNCED) != 0);
}

/* Bounces of calls that failed without a trace do not pile up for ever. */
static void
test_pending_bounces_are_bounded (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const DmsState *state = fixture->log.state;

  for (unsigned i = 0; i < DMS_STATE_PENDING_MAX + 10; i++)
    core_log_emit (&fixture->log,
                   (DmsEvent){ .kind = DMS_EVENT_BOUNCE,
                               .device = fixture->net,
                               .task = fixture->idle,
                               .a = i * 2048,
                               .length = 2048 });
  g_assert_cmpuint (state->n_pending, ==, DMS_STATE_PENDING_MAX / 2 + 10);
  g_assert_cmpuint (state->oddities, ==, 1);
  g_assert_cmphex (state->pending[0].original, ==, DMS_STATE_PENDING_MAX / 2 * 2048);
}

/* The level of the pool is known to the timeline, also behind a keyframe. */
static void
test_pool_level_falls_to_zero (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsLaneSample samples[DMS_LANE_SAMPLES_MAX];
  CoreLog *log = &fixture->log;
  DmsState *loaded = dms_state_new ();
  DmsBytes bytes;

  map_single (fixture, 1, fixture->ahci, 0x2000, 0x2000);
  g_assert_cmpuint (
      dms_lane_samples (core_log_event (log, 1), log->state, samples), ==, 2);
  bounce (fixture, fixture->net, 0x5000, 4096, 0);
  map_single (fixture, 2, fixture->net, 0x5000, 0x3a000);
  dms_bytes_init (&bytes);
  dms_state_save (log->state, &bytes);
  g_assert_cmpint (dms_state_load (loaded, bytes.data, bytes.length), ==, DMS_OK);
  unmap (fixture, fixture->net, 0x3a000, DMS_FLAG_FORM_SINGLE);
  const DmsEvent *last = core_log_event (log, log->events->len);
  g_assert_cmpint (dms_state_apply (loaded, last), ==, DMS_OK);
  g_assert_cmpuint (dms_lane_samples (last, loaded, samples), ==, 3);
  g_assert_cmpint (samples[2].lane.kind, ==, DMS_LANE_POOL);
  g_assert_cmpuint (samples[2].value, ==, 0);
  dms_bytes_release (&bytes);
  dms_state_free (loaded);
}

/* ---- shared memory, syncs ---- */

static void
test_alloc_and_free (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsEvent alloc = { .kind = DMS_EVENT_ALLOC,
                     .device = fixture->net,
                     .object = 1,
                     .a = 0x39eb9000,
                     .b = 0x1257e06,
                     .length = 512,
                     .flags = DMS_FLAG_FORM_COHERENT };
  const DmsState *state = emit (fixture, alloc);
  const DmsMappingState *mapping = dms_state_mapping (state, 1);

  assert_says (fixture,
               "The CPU and 0000:00:04.0 get 512 bytes of memory to share, at device "
               "address 0x39EB_9000.");
  g_assert_cmphex (mapping->virtual_address, ==, 0x1257e06);
  g_assert_cmpuint (mapping->n_elements, ==, 1);
  g_assert_cmphex (mapping->elements[0].logical, ==, 0x39eb9000);
  DmsEvent free_event = { .kind = DMS_EVENT_FREE,
                          .device = fixture->net,
                          .a = 0x39eb9000,
                          .length = 512,
                          .flags = DMS_FLAG_FORM_COHERENT };
  emit (fixture, free_event);
  g_assert_cmpuint (state->mappings.n, ==, 0);
  emit (fixture, free_event);
  g_assert_cmpuint (state->oddities, ==, 1);
  alloc.flags |= DMS_FLAG_FAILED;
  emit (fixture, alloc);
  g_assert_cmpuint (state->mappings.n, ==, 0);
}

static void
test_sync_keeps_the_mapping (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsEvent sync
      = { .kind = DMS_EVENT_SYNC,
          .device = fixture->net,
          .a = 0x36232800,
          .length = 68,
          .flags = DMS_FLAG_FROM_DEVICE | DMS_FLAG_FORM_SINGLE | DMS_FLAG_FOR_CPU };
  const DmsState *state = map_single (fixture, 1, fixture->net, 0x1000, 0x36232800);

  emit (fixture, sync);
  assert_says (fixture,
               "Device address 0x3623_2800, 68 bytes, is made current for the CPU.");
  g_assert_cmpuint (state->oddities, ==, 0);
  g_assert_cmpuint (state->mappings.n, ==, 1);
  sync.a += 64; /* a part of the mapping */
  emit (fixture, sync);
  g_assert_cmpuint (state->oddities, ==, 1);
  g_assert_cmpuint (state->mappings.n, ==, 1);
}

/* ---- IOMMU, and the rest ---- */

static const DmsState *
translate (Fixture *fixture, DmsEventKind kind, uint64_t iova, uint64_t length)
{
  return emit (
      fixture,
      (DmsEvent){
          .kind = (uint16_t)kind, .a = iova, .b = 0xc9e0000, .length = length });
}

static void
test_translations (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const DmsState *state = translate (fixture, DMS_EVENT_IOMMU_MAP, 0xfffff000, 4096);

  assert_says (fixture,
               "The IOMMU translates 4 096 bytes at IOVA 0xFFFF_F000 to physical "
               "0x0C9E_0000.");
  /* One transfer: rising iovas, then one unmap of the whole range (§1.5.4). */
  for (uint64_t i = 0; i < 28; i++)
    translate (fixture, DMS_EVENT_IOMMU_MAP, 0x100000 + i * 4096, 4096);
  translate (fixture, DMS_EVENT_IOMMU_MAP, 0x100000 + 28 * 4096, 4096);
  g_assert_cmpuint (state->iommu.n, ==, 30);
  translate (fixture, DMS_EVENT_IOMMU_UNMAP, 0x100000, 28 * 4096);
  g_assert_cmpuint (state->iommu.n, ==, 2);
  /* A range with many more pages than there are entries. */
  translate (fixture, DMS_EVENT_IOMMU_UNMAP, 0, UINT64_C (1) << 31);
  g_assert_cmpuint (state->iommu.n, ==, 1);
  translate (fixture, DMS_EVENT_IOMMU_UNMAP, 0xfffff000, 4096);
  g_assert_cmpuint (state->iommu.n, ==, 0);
  g_assert_cmpuint (state->oddities, ==, 0);
}

/* What goes does not depend on how many entries there are. */
static void
test_unmap_of_any_range (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsTestRandom random;

  dms_test_random_init (&random, 5);
  for (unsigned round = 0; round < 300; round++)
    {
      const DmsState *state = fixture->log.state;
      uint64_t first = dms_test_random_below (&random, 40) * 4096
                       + dms_test_random_below (&random, 2) * 100;
      uint64_t length = dms_test_random_below (&random, 40 * 4096);
      unsigned left = 0;
      if (dms_test_random_chance (&random, 5))
        length = UINT64_MAX - dms_test_random_below (&random, 9000);
      for (uint64_t page = 0; page < 40; page++)
        if (dms_test_random_chance (&random, 50))
          translate (fixture, DMS_EVENT_IOMMU_MAP, page * 4096, 4096);
      uint64_t begin = first / 4096;
      uint64_t pages = length > UINT64_MAX / 2 ? UINT64_MAX / 4096
                                               : (first % 4096 + length + 4095) / 4096;
      for (uint64_t page = 0; page < 40; page++)
        left += dms_table_get (&state->iommu, page * 4096) != NULL
                && (page < begin || page - begin >= pages);
      translate (fixture, DMS_EVENT_IOMMU_UNMAP, first, length);
      g_assert_cmpuint (state->iommu.n, ==, left);
    }
}

static void
test_gaps_and_logs (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const DmsState *state
      = emit (fixture, (DmsEvent){ .kind = DMS_EVENT_GAP, .cpu = 1, .a = 728 });

  assert_says (fixture, "Events of CPU 1 are lost here: 728.");
  emit (fixture, (DmsEvent){ .kind = DMS_EVENT_GAP });
  assert_says (fixture, "Events of CPU 0 are lost here: how many is not known.");
  g_assert_cmpuint (state->lost_events, ==, 728);
  dms_payload_append_string (&fixture->payload,
                             "DMAR: [DMA Read] fault addr 0x2345000");
  emit (fixture, (DmsEvent){ .kind = DMS_EVENT_LOG });
  assert_says (fixture, "The log says: DMAR: [DMA Read] fault addr 0x2345000");
  emit (fixture,
        (DmsEvent){ .kind = DMS_EVENT_FAULT,
                    .device = fixture->net,
                    .a = 0x2345000,
                    .flags = DMS_FLAG_TO_DEVICE });
  assert_says (fixture,
               "The IOMMU stops 0000:00:04.0 from reading device address 0x0234_5000.");
}

static void
test_place_names_task_and_cpu (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsBytes bytes;

  map_single (fixture, 1, fixture->ahci, 0x2000, 0x2000);
  dms_bytes_init (&bytes);
  dms_event_place (&bytes, core_log_event (&fixture->log, 1), fixture->log.names);
  g_assert_cmpstr (dms_bytes_text (&bytes), ==, "dd-174, CPU 0, task");
  dms_bytes_release (&bytes);
}

/* Simulated events that name a recorded mapping find nothing: its address stays what it
 * is found by. */
static void
test_simulated_events_leave_it_alone (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const DmsState *state = map (fixture,
                               1,
                               fixture->ahci,
                               DMS_FLAG_FROM_DEVICE | DMS_FLAG_FORM_SG,
                               NULL,
                               0,
                               &(DmsSegment){ 0x1000, 4096 },
                               1);
  DmsEvent page = { .seq = 2,
                    .kind = DMS_EVENT_PAGE,
                    .device = fixture->ahci,
                    .object = 1,
                    .a = 5,
                    .b = 0x5000,
                    .length = 4096 };

  g_assert_cmpint (dms_state_apply (fixture->log.state, &page), ==, DMS_OK);
  g_assert_cmpuint (state->oddities, ==, 1);
  g_assert_cmpuint (dms_state_mapping (state, 1)->n_pieces, ==, 0);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  add ("/core/recorded/map-and-unmap", test_map_and_unmap);
  add ("/core/recorded/end-without-begin", test_end_without_begin_is_odd);
  add ("/core/recorded/map-over-map", test_map_over_map_ends_the_older);
  add ("/core/recorded/failed-map", test_failed_map_maps_nothing);
  add ("/core/recorded/scatterlist", test_scatterlist_is_found_by_memory);
  add ("/core/recorded/merged-scatterlist", test_merged_scatterlist_joins_nothing);
  add ("/core/recorded/mapping-without-segments", test_mapping_without_segments);
  add ("/core/recorded/bounces-meet-their-mapping", test_bounces_meet_their_mapping);
  add ("/core/recorded/all-bounced", test_all_bounced);
  add ("/core/recorded/pending-bounces-are-bounded", test_pending_bounces_are_bounded);
  add ("/core/recorded/pool-level", test_pool_level_falls_to_zero);
  add ("/core/recorded/alloc-and-free", test_alloc_and_free);
  add ("/core/recorded/sync", test_sync_keeps_the_mapping);
  add ("/core/recorded/translations", test_translations);
  add ("/core/recorded/unmap-of-any-range", test_unmap_of_any_range);
  add ("/core/recorded/gaps-and-logs", test_gaps_and_logs);
  add ("/core/recorded/place", test_place_names_task_and_cpu);
  add ("/core/recorded/simulated-events", test_simulated_events_leave_it_alone);
  return g_test_run ();
}
