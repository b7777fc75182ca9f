/* test-stage.c — the lesson's stage, step by step
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/lib/dms-test.h"
#include "tests/ui/ui-scenes.h"

#include <math.h>
#include <string.h>

typedef struct
{
  CoreLog log;
  CoreStory story;
  DmsScene *scene;
  double width, height;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer to_device)
{
  core_log_init (&fixture->log, false);
  fixture->story = core_story_emit (&fixture->log, to_device != NULL);
  fixture->scene = dms_scene_new ();
  fixture->width = 1067;
  fixture->height = 658;
}

static void
tear_down (Fixture *fixture, gconstpointer to_device)
{
  (void)to_device;
  dms_scene_free (fixture->scene);
  core_log_release (&fixture->log);
}

static void
build_chosen (Fixture *fixture, uint64_t seq, const char *chosen)
{
  ui_build_scene (
      fixture->scene, &fixture->log, seq, chosen, fixture->width, fixture->height);
}

static void
build (Fixture *fixture, uint64_t seq)
{
  build_chosen (fixture, seq, NULL);
}

static const DmsLink *
bytes_link (const DmsScene *scene)
{
  size_t n;
  const DmsLink *links = dms_scene_links (scene, &n);
  const DmsLink *found = NULL;

  for (size_t i = 0; i < n; i++)
    if (links[i].kind == DMS_LINK_BYTES)
      {
        g_assert_null (found); /* one thing moves at a time */
        found = &links[i];
      }
  return found;
}

static const char *
id_at (const DmsScene *scene, size_t item)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);

  g_assert_cmpuint (item, <, n);
  return items[item].id;
}

/* ---- golden dumps ---- */

static void
append_moment (Fixture *fixture, DmsBytes *bytes, uint64_t seq)
{
  build (fixture, seq);
  dms_bytes_printf (bytes, "== event %u\n", (unsigned)seq);
  dms_scene_append_dump (bytes, fixture->scene);
}

static void
test_golden (Fixture *fixture, gconstpointer to_device)
{
  const CoreStory *story = &fixture->story;
  const uint64_t moments[] = {
    3,
    story->request,
    story->count,
    story->grant,
    story->page[0],
    story->page[1],
    story->page[2],
    to_device != NULL ? story->copy_in[1] : story->no_copy,
    story->map,
    story->descriptor[1],
    story->start,
    story->first_burst_of[1],
    story->last_burst_of[3],
    story->interrupt,
    to_device != NULL ? story->put : story->copy_out[0],
    story->release,
    story->unmap,
    story->complete,
  };
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  for (size_t i = 0; i < G_N_ELEMENTS (moments); i++)
    append_moment (fixture, &bytes, moments[i]);
  dms_test_golden (to_device != NULL ? "scene/story-write.txt" : "scene/story-read.txt",
                   dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
}

/* ---- what it shows ---- */

static void
test_page_halfway (Fixture *fixture, gconstpointer to_device)
{
  (void)to_device;
  build (fixture, fixture->story.first_burst_of[1] + 1);
  const DmsItem *page = ui_item (fixture->scene, "page:1:2");
  g_assert_cmpuint (page->n_ranges, ==, 2);
  g_assert_cmpuint (page->ranges[0].start, ==, 0);
  g_assert_cmpuint (page->ranges[0].end, ==, 2048);
  g_assert_cmpint (page->ranges[0].look, ==, DMS_LOOK_NEWER_BOUNCE);
  g_assert_cmpuint (page->ranges[1].end, ==, 4096);
  g_assert_cmpint (page->ranges[1].look, ==, DMS_LOOK_OLD);
  g_assert_cmpstr (page->lines[1], ==, "newer in bounce");
  g_assert_cmpstr (
      ui_item (fixture->scene, "counter:2")->lines[1], ==, "2 048 of 8 192 B");
  g_assert_cmpfloat (ui_item (fixture->scene, "descriptor:1:1")->share, ==, 0.5);
  g_assert_true (ui_item (fixture->scene, "element:1:1")->chosen);
  g_assert_true (page->changed);
}

static void
test_partial_pages (Fixture *fixture, gconstpointer to_device)
{
  (void)to_device;
  build (fixture, fixture->story.complete);
  const DmsItem *first = ui_item (fixture->scene, "page:1:0");
  const DmsItem *last = ui_item (fixture->scene, "page:1:5");
  g_assert_cmpuint (first->ranges[0].start, ==, 512);
  g_assert_cmpstr (first->aside, ==, "512");
  g_assert_cmpuint (last->ranges[0].end, ==, 1024);
  g_assert_null (last->aside);
}

/* Bytes move from the device into memory, or out of memory to the device. */
static void
test_burst_direction (Fixture *fixture, gconstpointer to_device)
{
  build (fixture, fixture->story.first_burst_of[1]);
  const DmsLink *link = bytes_link (fixture->scene);
  g_assert_nonnull (link);
  const char *memory = to_device != NULL ? id_at (fixture->scene, link->from)
                                         : id_at (fixture->scene, link->to);
  const char *device = to_device != NULL ? id_at (fixture->scene, link->to)
                                         : id_at (fixture->scene, link->from);
  g_assert_cmpstr (memory, ==, "frame:42");
  g_assert_cmpstr (device, ==, "descriptor:1:1");
  g_assert_cmpint (link->x0 < link->x1, ==, to_device != NULL);
  g_assert_cmpstr (link->label, ==, "1 024 bytes");
}

static void
test_copy_direction (Fixture *fixture, gconstpointer to_device)
{
  const CoreStory *story = &fixture->story;

  build (fixture, to_device != NULL ? story->copy_in[1] : story->copy_out[1]);
  const DmsLink *link = bytes_link (fixture->scene);
  g_assert_nonnull (link);
  const char *from = id_at (fixture->scene, link->from);
  const char *to = id_at (fixture->scene, link->to);
  g_assert_cmpstr (from, ==, to_device != NULL ? "frame:140004" : "frame:57");
  g_assert_cmpstr (to, ==, to_device != NULL ? "frame:57" : "frame:140004");
  g_assert_cmpstr (link->label, ==, "CPU: 4 096 B");
  build (fixture, story->map);
  g_assert_null (bytes_link (fixture->scene));
}

/* An element refers to the register that bounces for it, or straight to its frame. */
static void
test_elements_refer (Fixture *fixture, gconstpointer to_device)
{
  static const char *const wanted[][2] = {
    { "element:1:0", "frame:a311" },     { "element:1:1", "register:2" },
    { "register:2", "frame:42" },        { "page:1:2", "frame:140003" },
    { "descriptor:1:3", "element:1:3" }, { "element:1:3", "frame:b020" },
  };
  size_t n;

  (void)to_device;
  build (fixture, fixture->story.start);
  const DmsLink *links = dms_scene_links (fixture->scene, &n);
  for (size_t w = 0; w < G_N_ELEMENTS (wanted); w++)
    {
      size_t i = 0;
      while (i < n
             && (strcmp (id_at (fixture->scene, links[i].from), wanted[w][0]) != 0
                 || strcmp (id_at (fixture->scene, links[i].to), wanted[w][1]) != 0))
        i++;
      if (i == n)
        g_error ("%s does not refer to %s", wanted[w][0], wanted[w][1]);
    }
}

static void
test_legend_is_of_the_picture (Fixture *fixture, gconstpointer to_device)
{
  size_t n;
  bool has_hatching = false;

  (void)to_device;
  build (fixture, fixture->story.request);
  const DmsLegendEntry *legend = dms_scene_legend (fixture->scene, &n);
  for (size_t i = 0; i < n; i++)
    g_assert_false (!legend[i].is_link && legend[i].look == DMS_LOOK_NEWER_BOUNCE);
  build (fixture, fixture->story.last_burst_of[1]);
  legend = dms_scene_legend (fixture->scene, &n);
  for (size_t i = 0; i < n; i++)
    has_hatching |= !legend[i].is_link && legend[i].look == DMS_LOOK_NEWER_BOUNCE;
  g_assert_true (has_hatching);
}

static void
test_chosen (Fixture *fixture, gconstpointer to_device)
{
  (void)to_device;
  build_chosen (fixture, fixture->story.first_burst_of[1], "register:4");
  g_assert_true (ui_item (fixture->scene, "register:4")->chosen);
  g_assert_false (ui_item (fixture->scene, "element:1:1")->chosen);
  build_chosen (fixture, fixture->story.first_burst_of[1], "register:four");
  g_assert_true (ui_item (fixture->scene, "element:1:1")->chosen);
}

static void
test_before_the_first_event (Fixture *fixture, gconstpointer to_device)
{
  DmsState *state = dms_state_new ();

  (void)to_device;
  g_assert_cmpint (
      dms_scene_build (
          fixture->scene, state, NULL, NULL, fixture->log.names, NULL, NULL, 100, 100),
      ==,
      DMS_OK);
  g_assert_cmpstr (dms_scene_sentence (fixture->scene), ==, "");
  double width, height;
  dms_scene_size (fixture->scene, &width, &height);
  g_assert_cmpfloat (width, >, 100);
  g_assert_cmpfloat (height, >, 100);
  dms_state_free (state);
}

static void
test_same_again (Fixture *fixture, gconstpointer to_device)
{
  DmsBytes first, again;

  (void)to_device;
  dms_bytes_init (&first);
  dms_bytes_init (&again);
  append_moment (fixture, &first, fixture->story.interrupt);
  build (fixture, 1);
  append_moment (fixture, &again, fixture->story.interrupt);
  g_assert_cmpstr (dms_bytes_text (&first), ==, dms_bytes_text (&again));
  dms_bytes_release (&first);
  dms_bytes_release (&again);
}

/* ---- layout ---- */

/* The same id stands in the same place during one transfer. */
static void
assert_constant (Fixture *fixture, GHashTable *places, const DmsItem *item)
{
  DmsRect *place = g_hash_table_lookup (places, item->id);

  (void)fixture;
  if (item->id[0] == '\0')
    return;
  if (place == NULL)
    g_hash_table_insert (
        places, g_strdup (item->id), g_memdup2 (&item->rect, sizeof item->rect));
  else if (memcmp (place, &item->rect, sizeof *place) != 0)
    g_error ("%s moved from %g,%g to %g,%g",
             item->id,
             place->x,
             place->y,
             item->rect.x,
             item->rect.y);
}

static void
test_constancy (Fixture *fixture, gconstpointer to_device)
{
  g_autoptr (GHashTable) places
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  (void)to_device;
  for (uint64_t seq = fixture->story.request; seq <= fixture->log.events->len; seq++)
    {
      size_t n;
      build (fixture, seq);
      const DmsItem *items = dms_scene_items (fixture->scene, &n);
      for (size_t i = 0; i < n; i++)
        assert_constant (fixture, places, &items[i]);
    }
  g_assert_cmpuint (g_hash_table_size (places), >, 30);
}

static bool
overlap (DmsRect a, DmsRect b)
{
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height
         && b.y < a.y + a.height;
}

static const double sizes[][2] = { { 100, 100 }, { 1067, 658 }, { 1600, 1000 } };

static void
test_nothing_covers_anything (Fixture *fixture, gconstpointer to_device)
{
  (void)to_device;
  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
      {
        fixture->width = sizes[s][0];
        fixture->height = sizes[s][1];
        build (fixture, seq);
        ui_assert_layout (fixture->scene);
      }
}

/* Buffers of one page to very many, as one MDL and as a chain. */
static void
test_larger_buffers (void)
{
  static const unsigned pages[] = { 1, 2, 9, 17, 24, 25, 60, 400 };

  for (size_t p = 0; p < G_N_ELEMENTS (pages); p++)
    for (int variant = 0; variant < 4; variant++)
      {
        Fixture fixture = { .scene = dms_scene_new () };
        core_log_init (&fixture.log, false);
        ui_emit_large (&fixture.log, pages[p], variant & 1, variant & 2);
        uint64_t n = fixture.log.events->len;
        for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
          for (uint64_t seq = n; seq > 0 && seq + 40 > n; seq -= MIN (seq, 13))
            {
              fixture.width = sizes[s][0];
              fixture.height = sizes[s][1];
              build (&fixture, seq);
              ui_assert_layout (fixture.scene);
            }
        tear_down (&fixture, NULL);
      }
}

/* Of a long buffer the page that the step is about is always there. */
static void
test_touched_page_is_shown (void)
{
  Fixture fixture = { .scene = dms_scene_new (), .width = 1067, .height = 658 };

  core_log_init (&fixture.log, false);
  ui_emit_large (&fixture.log, 300, true, false);
  for (uint64_t seq = 1; seq <= fixture.log.events->len; seq += 5)
    {
      const DmsEvent *event = core_log_event (&fixture.log, seq);
      char id[32];
      if (event->kind != DMS_EVENT_PAGE && event->kind != DMS_EVENT_BOUNCE)
        continue;
      build (&fixture, seq);
      g_snprintf (id, sizeof id, "page:1:%u", event->index);
      (void)ui_item (fixture.scene, id);
    }
  tear_down (&fixture, NULL);
}

/* ---- pointer and keys ---- */

static void
test_pick_finds_every_item (Fixture *fixture, gconstpointer to_device)
{
  size_t n;

  (void)to_device;
  build (fixture, fixture->story.last_burst_of[1]);
  const DmsItem *items = dms_scene_items (fixture->scene, &n);
  for (size_t i = 0; i < n; i++)
    {
      DmsRect r = items[i].rect;
      if (!items[i].focusable)
        continue;
      g_assert_cmpstr (items[i].sentence, !=, "");
      g_assert_cmpstr (items[i].id, !=, "");
      size_t found = dms_scene_pick (fixture->scene, r.x + 3, r.y + 3);
      g_assert_cmpuint (found, !=, DMS_NO_ITEM);
      if (found != i)
        g_assert_true (overlap (r, items[found].rect) && found > i);
    }
  g_assert_cmpuint (dms_scene_pick (fixture->scene, -5, -5), ==, DMS_NO_ITEM);
  g_assert_cmpuint (dms_scene_pick (fixture->scene, NAN, NAN), ==, DMS_NO_ITEM);
}

static void
test_arrows_reach_every_item (Fixture *fixture, gconstpointer to_device)
{
  size_t n, reached = 0, wanted = 0;

  (void)to_device;
  build (fixture, fixture->story.last_burst_of[1]);
  const DmsItem *items = dms_scene_items (fixture->scene, &n);
  g_autofree bool *seen = g_new0 (bool, n);
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (size_t));
  for (size_t i = 0; i < n; i++)
    {
      wanted += items[i].focusable;
      if (items[i].focusable && queue->len == 0)
        {
          g_array_append_val (queue, i);
          seen[i] = true;
        }
    }
  for (; reached < queue->len; reached++)
    for (int direction = DMS_TO_LEFT; direction <= DMS_TO_DOWN; direction++)
      {
        size_t next = dms_scene_neighbour (fixture->scene,
                                           g_array_index (queue, size_t, reached),
                                           (DmsDirection)direction);
        if (next == DMS_NO_ITEM || seen[next])
          continue;
        seen[next] = true;
        g_array_append_val (queue, next);
      }
  for (size_t i = 0; i < n; i++)
    if (items[i].focusable && !seen[i])
      g_error ("no key leads to %s", items[i].id);
  g_assert_cmpuint (reached, ==, wanted);
  g_assert_cmpuint (
      dms_scene_neighbour (fixture->scene, n + 5, DMS_TO_LEFT), ==, DMS_NO_ITEM);
}

#define READ NULL
#define WRITE GINT_TO_POINTER (1)

static void
add (const char *path, gconstpointer to_device, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, to_device, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  add ("/stage/read/golden", READ, test_golden);
  add ("/stage/write/golden", WRITE, test_golden);
  add ("/stage/read/page-halfway", READ, test_page_halfway);
  add ("/stage/read/partial-pages", READ, test_partial_pages);
  add ("/stage/read/burst-direction", READ, test_burst_direction);
  add ("/stage/write/burst-direction", WRITE, test_burst_direction);
  add ("/stage/read/copy-direction", READ, test_copy_direction);
  add ("/stage/write/copy-direction", WRITE, test_copy_direction);
  add ("/stage/read/elements-refer", READ, test_elements_refer);
  add ("/stage/read/legend-is-of-the-picture", READ, test_legend_is_of_the_picture);
  add ("/stage/read/chosen", READ, test_chosen);
  add ("/stage/before-the-first-event", READ, test_before_the_first_event);
  add ("/stage/read/same-again", READ, test_same_again);
  add ("/stage/read/constancy", READ, test_constancy);
  add ("/stage/write/constancy", WRITE, test_constancy);
  add ("/stage/read/nothing-covers-anything", READ, test_nothing_covers_anything);
  add ("/stage/write/nothing-covers-anything", WRITE, test_nothing_covers_anything);
  g_test_add_func ("/stage/larger-buffers", test_larger_buffers);
  g_test_add_func ("/stage/touched-page-is-shown", test_touched_page_is_shown);
  add ("/stage/read/pick-finds-every-item", READ, test_pick_finds_every_item);
  add ("/stage/read/arrows-reach-every-item", READ, test_arrows_reach_every_item);
  return g_test_run ();
}
