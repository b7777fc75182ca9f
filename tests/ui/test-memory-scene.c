/* test-memory-scene.c — the three address spaces of a recording
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/lib/dms-test.h"
#include "tests/ui/ui-scenes.h"

#include <string.h>

typedef struct
{
  CoreLog log;
  uint32_t device, task;
  DmsScene *scene;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  core_log_init (&fixture->log, true);
  fixture->device = core_log_name (&fixture->log, DMS_NAME_DEVICE, 0, "0000:00:1f.2");
  fixture->task = core_log_name (&fixture->log, DMS_NAME_TASK, 253, "dd");
  fixture->scene = dms_scene_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  dms_scene_free (fixture->scene);
  core_log_release (&fixture->log);
}

static void
build (Fixture *fixture, const char *chosen)
{
  ui_build_scene (
      fixture->scene, &fixture->log, fixture->log.events->len, chosen, 1067, 658);
}

static void
emit_map (Fixture *fixture,
          uint64_t id,
          const DmsSegment *memory,
          unsigned n_memory,
          const DmsSegment *device,
          unsigned n_device,
          unsigned wanted)
{
  DmsBytes payload;
  uint64_t length = 0;

  for (unsigned i = 0; i < n_device; i++)
    length += device[i].length;
  dms_bytes_init (&payload);
  dms_payload_append_segments (&payload, DMS_PAYLOAD_MEMORY, memory, n_memory);
  dms_payload_append_segments (&payload, DMS_PAYLOAD_DEVICE, device, n_device);
  core_log_emit (&fixture->log,
                 (DmsEvent){ .kind = DMS_EVENT_MAP,
                             .device = fixture->device,
                             .task = fixture->task,
                             .object = id,
                             .index = wanted,
                             .a = n_memory,
                             .length = length,
                             .flags = DMS_FLAG_FROM_DEVICE | DMS_FLAG_FORM_SG
                                      | (wanted > n_device ? DMS_FLAG_TRUNCATED : 0),
                             .payload = payload.data,
                             .payload_length = (uint32_t)payload.length });
  dms_bytes_release (&payload);
}

static void
emit_bounce (Fixture *fixture, uint64_t original, uint64_t length)
{
  core_log_emit (&fixture->log,
                 (DmsEvent){ .kind = DMS_EVENT_BOUNCE,
                             .device = fixture->device,
                             .task = fixture->task,
                             .a = original,
                             .c = UINT64_MAX,
                             .length = length,
                             .flags = DMS_FLAG_FORCED });
}

static unsigned
count (const DmsScene *scene, DmsItemKind kind)
{
  size_t n;
  unsigned found = 0;
  const DmsItem *items = dms_scene_items (scene, &n);

  for (size_t i = 0; i < n; i++)
    found += items[i].kind == kind;
  return found;
}

static bool
says (const DmsScene *scene, const char *words)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);

  for (size_t i = 0; i < n; i++)
    for (unsigned l = 0; l < items[i].n_lines; l++)
      if (strstr (items[i].lines[l], words) != NULL)
        return true;
  return false;
}

/* The item that @id refers to; fails when it refers to none. */
static const char *
referred (const DmsScene *scene, const char *id)
{
  size_t n, n_items;
  const DmsLink *links = dms_scene_links (scene, &n);
  const DmsItem *items = dms_scene_items (scene, &n_items);

  for (size_t i = 0; i < n; i++)
    if (strcmp (items[links[i].from].id, id) == 0)
      return items[links[i].to].id;
  g_error ("%s refers to nothing", id);
}

static void
test_before_the_first_mapping (Fixture *fixture, gconstpointer data)
{
  (void)data;
  core_log_emit (&fixture->log, (DmsEvent){ .kind = DMS_EVENT_GAP });
  build (fixture, NULL);
  g_assert_cmpuint (count (fixture->scene, DMS_ITEM_SEGMENT), ==, 0);
  g_assert_true (says (fixture->scene, "Nothing was mapped"));
}

static void
test_straight (Fixture *fixture, gconstpointer data)
{
  const DmsSegment memory[] = { { 0x52d8000, 4096 }, { 0x600000, 512 } };

  (void)data;
  emit_map (fixture, 1, memory, 2, memory, 2, 2);
  build (fixture, NULL);
  g_assert_cmpuint (count (fixture->scene, DMS_ITEM_SEGMENT), ==, 2);
  g_assert_cmpuint (count (fixture->scene, DMS_ITEM_SLOT), ==, 0);
  g_assert_cmpstr (referred (fixture->scene, "segment:1:1"), ==, "map");
  g_assert_cmpstr (
      ui_item (fixture->scene, "segment:1:0")->lines[0], ==, "0x052D_8000");
}

/* Slots are counted from the lowest one that the recording has shown, also when it is
 * free again. */
static void
test_bounced (Fixture *fixture, gconstpointer data)
{
  const DmsSegment low[] = { { 0x1000, 2048 } }, lows[] = { { 0x3bc00000, 2048 } };
  const DmsSegment memory[] = { { 0x52d8000, 4096 }, { 0x52f0000, 4096 } };
  const DmsSegment pool[] = { { 0x3bc01000, 4096 }, { 0x3bd84000, 4096 } };

  (void)data;
  emit_bounce (fixture, 0x1000, 2048);
  emit_map (fixture, 1, low, 1, lows, 1, 1);
  core_log_emit (&fixture->log,
                 (DmsEvent){ .kind = DMS_EVENT_UNMAP,
                             .device = fixture->device,
                             .object = 1,
                             .flags = DMS_FLAG_FORM_SG });
  emit_bounce (fixture, 0x52d8000, 4096);
  build (fixture, NULL);
  g_assert_cmpstr (ui_item (fixture->scene, "slot:0")->lines[0], ==, "slot ?");
  g_assert_cmpint (ui_item (fixture->scene, "segment:0:0")->look, ==, DMS_LOOK_PENDING);
  emit_bounce (fixture, 0x52f0000, 4096);
  emit_map (fixture, 2, memory, 2, pool, 2, 2);
  build (fixture, NULL);
  g_assert_cmpstr (ui_item (fixture->scene, "slot:0")->lines[0], ==, "slot 2");
  g_assert_cmpstr (ui_item (fixture->scene, "slot:1")->lines[0], ==, "slot 776");
  g_assert_cmpstr (referred (fixture->scene, "segment:2:1"), ==, "slot:1");
  g_assert_cmpstr (referred (fixture->scene, "slot:1"), ==, "map");
  const DmsItem *pool_band = ui_item (fixture->scene, "pool");
  g_assert_cmpint (pool_band->look, ==, DMS_LOOK_BOUNCE);
}

static void
test_iommu (Fixture *fixture, gconstpointer data)
{
  const DmsSegment memory[] = { { 0xd074040, 1522 } },
                   device[] = { { 0xfff91040, 1522 } };

  (void)data;
  core_log_emit (&fixture->log,
                 (DmsEvent){ .kind = DMS_EVENT_IOMMU_MAP,
                             .a = 0xfff91000,
                             .b = 0xd074000,
                             .length = 4096 });
  build (fixture, NULL);
  g_assert_true (says (fixture->scene, "translated now"));
  g_assert_cmpstr (
      ui_item (fixture->scene, "segment:0:0")->lines[0], ==, "0xFFF9_1000");
  emit_map (fixture, 1, memory, 1, device, 1, 1);
  build (fixture, NULL);
  g_assert_true (says (fixture->scene, "IOMMU"));
  g_assert_cmpstr (ui_item (fixture->scene, "slot:0")->lines[0], ==, "frame 0xD074");
  g_assert_cmpstr (ui_item (fixture->scene, "slot:0")->lines[1], ==, "4 KiB");
}

/* What has just ended is shown by what the event itself says. */
static void
test_ended (Fixture *fixture, gconstpointer data)
{
  const DmsSegment memory[] = { { 0x52d8000, 4096 }, { 0x600000, 512 } };
  DmsBytes payload;

  (void)data;
  emit_map (fixture, 1, memory, 2, memory, 2, 2);
  dms_bytes_init (&payload);
  dms_payload_append_segments (&payload, DMS_PAYLOAD_MEMORY, memory, 2);
  core_log_emit (&fixture->log,
                 (DmsEvent){ .kind = DMS_EVENT_UNMAP,
                             .device = fixture->device,
                             .object = 1,
                             .a = 0x52d8000,
                             .flags = DMS_FLAG_FORM_SG,
                             .payload = payload.data,
                             .payload_length = (uint32_t)payload.length });
  dms_bytes_release (&payload);
  build (fixture, NULL);
  g_assert_cmpuint (count (fixture->scene, DMS_ITEM_SEGMENT), ==, 2);
  g_assert_cmpint (ui_item (fixture->scene, "segment:0:0")->look, ==, DMS_LOOK_FREE);
  g_assert_true (says (fixture->scene, "unmapped, frame 0x52D8"));
}

/* An event that speaks of no mapping leaves the one that the user chose. */
static void
test_chosen (Fixture *fixture, gconstpointer data)
{
  const DmsSegment one[] = { { 0x1000, 512 } }, other[] = { { 0x2000, 512 } };

  (void)data;
  emit_map (fixture, 1, one, 1, one, 1, 1);
  emit_map (fixture, 2, other, 1, other, 1, 1);
  core_log_emit (&fixture->log, (DmsEvent){ .kind = DMS_EVENT_GAP });
  build (fixture, NULL);
  (void)ui_item (fixture->scene, "segment:2:0");
  build (fixture, "segment:1:0");
  g_assert_true (ui_item (fixture->scene, "segment:1:0")->chosen);
}

static void
test_many_segments (Fixture *fixture, gconstpointer data)
{
  DmsSegment memory[61];

  (void)data;
  for (unsigned i = 0; i < 61; i++)
    memory[i] = (DmsSegment){ 0x5000000 + 0x2000 * (uint64_t)i, 4096 };
  emit_map (fixture, 1, memory, 61, memory, 61, 61);
  build (fixture, NULL);
  unsigned shown = count (fixture->scene, DMS_ITEM_SEGMENT);
  g_assert_cmpuint (shown, >, 10);
  g_assert_cmpuint (shown, <, 61);
  g_autofree char *more = g_strdup_printf ("%u more segments", 61 - shown);
  g_assert_true (says (fixture->scene, more));
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  const DmsSegment memory[] = { { 0x52d8000, 4096 } };

  (void)data;
  emit_map (fixture, 1, memory, 1, memory, 1, 200);
  build (fixture, NULL);
  g_assert_true (
      says (fixture->scene, "199 more segments, which the recording left out"));
}

/* A map of memory has a bounded number of dashes however much is mapped, and addresses
 * at the end of everything are drawn inside it. */
static void
test_absurd_addresses (Fixture *fixture, gconstpointer data)
{
  const DmsSegment memory[] = { { UINT64_MAX - 4095, 4096 }, { 0, UINT64_MAX } };
  size_t n;

  (void)data;
  emit_map (fixture, 1, memory, 2, memory, 2, 2);
  build (fixture, NULL);
  const DmsItem *items = dms_scene_items (fixture->scene, &n);
  const DmsItem *map = ui_item (fixture->scene, "map");
  g_assert_cmpuint (n, <, 2000);
  for (size_t i = 0; i < n; i++)
    if (items[i].kind == DMS_ITEM_BAND)
      {
        g_assert_cmpfloat (items[i].rect.x, >=, map->rect.x);
        g_assert_cmpfloat (items[i].rect.y + items[i].rect.height,
                           <=,
                           map->rect.y + map->rect.height + 0.01);
      }
}

static void
test_golden (void)
{
  Fixture fixture = { .scene = dms_scene_new () };
  DmsBytes bytes;

  core_log_init (&fixture.log, true);
  ui_emit_recording (&fixture.log, 61);
  build (&fixture, NULL);
  dms_bytes_init (&bytes);
  dms_scene_append_dump (&bytes, fixture.scene);
  dms_test_golden ("scene/recording.txt", dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
  tear_down (&fixture, NULL);
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
  add ("/memory-scene/before-the-first-mapping", test_before_the_first_mapping);
  add ("/memory-scene/straight", test_straight);
  add ("/memory-scene/bounced", test_bounced);
  add ("/memory-scene/iommu", test_iommu);
  add ("/memory-scene/ended", test_ended);
  add ("/memory-scene/chosen", test_chosen);
  add ("/memory-scene/many-segments", test_many_segments);
  add ("/memory-scene/truncated", test_truncated);
  add ("/memory-scene/absurd-addresses", test_absurd_addresses);
  g_test_add_func ("/memory-scene/golden", test_golden);
  return g_test_run ();
}
