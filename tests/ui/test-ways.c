/* test-ways.c — the stage of every way of doing DMA: grants, translations, the DMA
 * controller, common buffers, queues, and what goes wrong
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/lib/dms-test.h"
#include "tests/ui/ui-scenes.h"
#include "tests/ui/ui-ways.h"
#include "ui/paint/dms-paint-private.h"

#include <string.h>

typedef struct
{
  CoreLog log;
  DmsScene *scene;
  DmsTextCache *cache;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer way)
{
  core_log_init (&fixture->log, false);
  ui_emit_way (&fixture->log, (UiWay)GPOINTER_TO_INT (way));
  fixture->scene = dms_scene_new ();
  fixture->cache = dms_text_cache_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer way)
{
  (void)way;
  dms_text_cache_free (fixture->cache);
  dms_scene_free (fixture->scene);
  core_log_release (&fixture->log);
}

static void
build (Fixture *fixture, uint64_t seq, double width, double height)
{
  ui_set_facts (fixture->scene, &fixture->log, seq);
  ui_build_scene (fixture->scene, &fixture->log, seq, NULL, width, height);
}

/* Builds the scene of the @nth event of @kind, from 1. */
static const DmsScene *
scene_of (Fixture *fixture, DmsEventKind kind, unsigned nth)
{
  for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
    if (core_log_event (&fixture->log, seq)->kind == kind && --nth == 0)
      {
        build (fixture, seq, 1067, 658);
        return fixture->scene;
      }
  g_error ("there is no such event of kind %d", (int)kind);
}

static bool
has_link (const DmsScene *scene, const char *from, const char *to)
{
  size_t n, n_items;
  const DmsLink *links = dms_scene_links (scene, &n);
  const DmsItem *items = dms_scene_items (scene, &n_items);

  for (size_t i = 0; i < n; i++)
    if (strcmp (items[links[i].from].id, from) == 0
        && strcmp (items[links[i].to].id, to) == 0)
      return true;
  return false;
}

static const DmsLink *
bytes_link (const DmsScene *scene)
{
  size_t n;
  const DmsLink *links = dms_scene_links (scene, &n);

  for (size_t i = 0; i < n; i++)
    if (links[i].kind == DMS_LINK_BYTES)
      return &links[i];
  g_error ("no bytes move");
}

static bool
has_legend (const DmsScene *scene, const char *text)
{
  size_t n;
  const DmsLegendEntry *legend = dms_scene_legend (scene, &n);

  for (size_t i = 0; i < n; i++)
    if (strcmp (legend[i].text, text) == 0)
      return true;
  return false;
}

/* ---- of all ways ---- */

/* The last moment of each kind that has something of its own to be seen. */
static bool
is_in_golden (const CoreLog *log, uint64_t seq)
{
  static const DmsEventKind kinds[]
      = { DMS_EVENT_MAP,   DMS_EVENT_BURST,          DMS_EVENT_FAULT,
          DMS_EVENT_STRAY, DMS_EVENT_TERMINAL_COUNT, DMS_EVENT_SHARED_TOUCH,
          DMS_EVENT_WAIT,  DMS_EVENT_UNMAP,          DMS_EVENT_CRASH };
  uint16_t kind = core_log_event (log, seq)->kind;
  bool is_wanted = false;

  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    is_wanted |= kinds[i] == kind;
  for (uint64_t later = seq + 1; is_wanted && later <= log->events->len; later++)
    is_wanted = core_log_event (log, later)->kind != kind;
  return is_wanted;
}

static void
test_golden (Fixture *fixture, gconstpointer way)
{
  g_autofree char *name = g_strdup_printf ("scene/way-%s.txt",
                                           ui_way_name ((UiWay)GPOINTER_TO_INT (way)));
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
    {
      if (!is_in_golden (&fixture->log, seq))
        continue;
      build (fixture, seq, 1067, 658);
      dms_bytes_printf (&bytes, "== event %u\n", (unsigned)seq);
      dms_scene_append_dump (&bytes, fixture->scene);
    }
  dms_test_golden (name, dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
}

static const double sizes[][2]
    = { { 100, 100 }, { 1067, 658 }, { 1227, 760 }, { 1600, 1000 } };

static void
test_nothing_covers_anything (Fixture *fixture, gconstpointer way)
{
  (void)way;
  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
      {
        build (fixture, seq, sizes[s][0], sizes[s][1]);
        ui_assert_layout (fixture->scene);
      }
}

static void
paint (Fixture *fixture)
{
  /* All of it is painted, but no pixel is made. */
  cairo_surface_t *image = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t *cr = cairo_create (image);

  dms_paint_stage (cr, fixture->scene, dms_theme_get (DMS_THEME_LIGHT), fixture->cache);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (image);
}

static void
test_no_text_is_cut (Fixture *fixture, gconstpointer way)
{
  (void)way;
  for (size_t s = 1; s < G_N_ELEMENTS (sizes); s++)
    for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
      {
        unsigned before = dms_text_cache_n_cut (fixture->cache);
        build (fixture, seq, sizes[s][0], sizes[s][1]);
        paint (fixture);
        if (dms_text_cache_n_cut (fixture->cache) != before)
          g_error ("event %u: a text is cut at %g × %g",
                   (unsigned)seq,
                   sizes[s][0],
                   sizes[s][1]);
      }
}

/* While nothing of an area's key changes, nothing of its pixels does. */
static void
test_keys_tell_pictures_apart (Fixture *fixture, gconstpointer way)
{
  enum
  {
    WIDTH = 1067,
    HEIGHT = 658
  };
  const DmsRect area = { 0, 0, WIDTH, HEIGHT };
  g_autoptr (GHashTable) pictures
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);

  (void)way;
  for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
    {
      cairo_surface_t *image
          = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
      cairo_t *cr = cairo_create (image);
      uint64_t key = 0;

      build (fixture, seq, WIDTH, HEIGHT);
      dms_paint_stage (
          cr, fixture->scene, dms_theme_get (DMS_THEME_DARK), fixture->cache);
      cairo_destroy (cr);
      cairo_surface_flush (image);
      dms_paint_stage_keys (fixture->scene, &area, 1, &key);
      g_autofree char *sum = g_compute_checksum_for_data (
          G_CHECKSUM_SHA256,
          cairo_image_surface_get_data (image),
          (gsize)cairo_image_surface_get_stride (image) * HEIGHT);
      const char *before = g_hash_table_lookup (pictures, &key);
      if (before != NULL)
        g_assert_cmpstr (before, ==, sum);
      else
        g_hash_table_insert (
            pictures, g_memdup2 (&key, sizeof key), g_steal_pointer (&sum));
      cairo_surface_destroy (image);
    }
  g_assert_cmpuint (g_hash_table_size (pictures), >, 5);
}

/* ---- grants ---- */

static void
test_pieces_come_one_after_the_other (Fixture *fixture, gconstpointer way)
{
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_MAP, 1);

  (void)way;
  g_assert_cmpstr (ui_item (scene, "title:3")->lines[0], ==, "Mapped pieces");
  g_assert_cmpstr (ui_item (scene, "element:1:0")->lines[2], ==, "pages 0–1, one run");
  g_assert_cmpuint (dms_scene_find (scene, "element:1:1"), ==, DMS_NO_ITEM);
  g_assert_cmpstr (ui_item (scene, "register:1")->lines[1], ==, "page 1 direct");
  g_assert_cmpstr (ui_item (scene, "register:2")->lines[1], ==, "no page now");
  g_assert_cmpuint (dms_scene_find (scene, "register:3"), ==, DMS_NO_ITEM);
  scene = scene_of (fixture, DMS_EVENT_MAP, 2);
  g_assert_cmpint (ui_item (scene, "register:2")->look, ==, DMS_LOOK_BOUNCE);
  g_assert_true (has_link (scene, "element:1:1", "register:2"));
  g_assert_true (has_link (scene, "register:2", "frame:42"));
}

/* Registers are used again for other pages; what is flushed is no more referred to. */
static void
test_flushed_pieces_are_done_with (Fixture *fixture, gconstpointer way)
{
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_START, 2);

  (void)way;
  g_assert_cmpint (ui_item (scene, "element:1:0")->look, ==, DMS_LOOK_FREE);
  g_assert_cmpstr (ui_item (scene, "element:1:0")->lines[2], ==, "pages 0–1: flushed");
  g_assert_cmpstr (ui_item (scene, "element:1:1")->lines[2], ==, "page 2: flushed");
  g_assert_cmpint (ui_item (scene, "element:1:2")->look, ==, DMS_LOOK_GRANTED);
  g_assert_cmpint (ui_item (scene, "register:0")->look, ==, DMS_LOOK_BOUNCE);
  g_assert_cmpstr (ui_item (scene, "register:0")->lines[1], ==, "page 3");
  g_assert_cmpstr (ui_item (scene, "register:1")->lines[1], ==, "page 4 direct");
  g_assert_true (has_link (scene, "element:1:2", "register:0"));
  g_assert_false (has_link (scene, "element:1:0", "frame:a311"));
  g_assert_cmpuint (dms_scene_find (scene, "frame:42"), ==, DMS_NO_ITEM);
  g_assert_true (has_link (scene, "register:0", "frame:57"));
}

/* ---- an IOMMU ---- */

static void
test_registers_translate (Fixture *fixture, gconstpointer way)
{
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_MAP, 1);

  (void)way;
  g_assert_cmpint (ui_item (scene, "register:2")->look, ==, DMS_LOOK_TRANSLATES);
  g_assert_cmpstr (ui_item (scene, "register:2")->lines[0], ==, "0x0008_2000");
  g_assert_cmpstr (ui_item (scene, "register:2")->lines[1], ==, "is page 2");
  g_assert_true (has_link (scene, "register:2", "frame:140003"));
  g_assert_true (has_link (scene, "element:1:0", "register:2"));
  g_assert_true (has_legend (scene, "translates"));
  g_assert_false (has_legend (scene, "out of reach"));
  g_assert_cmpuint (dms_scene_find (scene, "fence"), ==, DMS_NO_ITEM);
  g_assert_cmpstr (ui_item (scene, "iommu")->lines[0], ==, "IOMMU");
}

static void
test_a_fault_ends_at_the_wall (Fixture *fixture, gconstpointer way)
{
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_FAULT, 1);
  const DmsLink *link = bytes_link (scene);
  const DmsItem *wall = ui_item (scene, "iommu");

  (void)way;
  g_assert_true (link->is_wrong);
  g_assert_true (link->is_stopped);
  g_assert_cmpfloat (link->x1, ==, wall->rect.x + wall->rect.width);
  g_assert_true (wall->chosen);
  g_assert_true (has_legend (scene, "not mapped for the device"));
}

/* ---- astray ---- */

static void
test_strays_are_seen (Fixture *fixture, gconstpointer way)
{
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_STRAY, 1);

  (void)way;
  g_assert_cmpint (ui_item (scene, "frame:c00")->look, ==, DMS_LOOK_FAULT);
  g_assert_true (bytes_link (scene)->is_wrong);
  g_assert_false (bytes_link (scene)->is_stopped);
  scene = scene_of (fixture, DMS_EVENT_STRAY, 2); /* into a page of the buffer */
  g_assert_cmpint (ui_item (scene, "frame:b020")->look, ==, DMS_LOOK_FAULT);
  scene = scene_of (fixture, DMS_EVENT_STRAY, 3); /* where nobody answers */
  g_assert_true (bytes_link (scene)->is_stopped);
  scene = scene_of (fixture, DMS_EVENT_BURST, 1);
  g_assert_false (bytes_link (scene)->is_wrong);
  g_assert_false (has_legend (scene, "not mapped for the device"));
}

/* ---- the controller ---- */

static void
test_the_channel_counts_down (Fixture *fixture, gconstpointer way)
{
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_START, 1);

  (void)way;
  g_assert_cmpfloat (ui_item (scene, "channel:2")->share, ==, 1.0);
  g_assert_cmpstr (ui_item (scene, "channel:2")->lines[0], ==, "8237 channel 2");
  g_assert_cmpstr (ui_item (scene, "channel:2")->lines[2], ==, "at 0x0003_0200");
  scene = scene_of (fixture, DMS_EVENT_BURST, 2);
  g_assert_cmpstr (ui_item (scene, "channel:2")->lines[1], ==, "5 632 of 7 680 B left");
  g_assert_cmpstr (ui_item (scene, "channel:2")->lines[2], ==, "at 0x0003_0A00");
  scene = scene_of (fixture, DMS_EVENT_TERMINAL_COUNT, 1);
  g_assert_cmpfloat (ui_item (scene, "channel:2")->share, ==, 0.0);
  g_assert_cmpstr (ui_item (scene, "channel:2")->lines[3], ==, "terminal count");
  g_assert_true (ui_item (scene, "channel:2")->chosen);
}

/* ---- shared memory ---- */

static void
test_shared_memory_shows_who_touches_it (Fixture *fixture, gconstpointer way)
{
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_SHARED_TOUCH, 2);
  const DmsItem *box = ui_item (scene, "shared:1:1");

  (void)way;
  g_assert_cmpstr (ui_item (scene, "title:3")->lines[0], ==, "Shared memory");
  g_assert_cmpstr (box->badge, ==, "∞");
  g_assert_cmpstr (box->lines[2], ==, "CPU writes 512 B at 4 096");
  g_assert_cmpuint (box->n_ranges, ==, 1);
  g_assert_cmpuint (box->ranges[0].start, ==, 0);
  g_assert_cmpuint (box->ranges[0].end, ==, 512);
  g_assert_true (box->chosen);
  g_assert_cmpint (ui_item (scene, "frame:2a1")->look, ==, DMS_LOOK_COHERENT);
  g_assert_true (has_link (scene, "shared:1:1", "frame:2a1"));
  g_assert_true (has_legend (scene, "shared memory"));
  scene = scene_of (fixture, DMS_EVENT_BURST, 3);
  g_assert_cmpstr (
      ui_item (scene, "shared:1:2")->lines[2], ==, "device writes 512 B at 8 320");
  g_assert_true (has_link (scene, "device:1", "frame:2a2"));
  scene = scene_of (fixture, DMS_EVENT_FREE, 1);
  g_assert_cmpuint (dms_scene_find (scene, "shared:1:0"), ==, DMS_NO_ITEM);
}

/* ---- queues and commands ---- */

static void
test_who_waits_is_in_order (Fixture *fixture, gconstpointer way)
{
  static const char *const ids[] = { "waiter:2", "waiter:3", "waiter:4", "waiter:5" };
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_WAIT, 4);

  (void)way;
  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *badge = g_strdup_printf ("%u.", (unsigned)i + 1);
      g_assert_cmpstr (ui_item (scene, ids[i])->badge, ==, badge);
      if (i > 0)
        g_assert_cmpfloat (
            ui_item (scene, ids[i])->rect.y, >, ui_item (scene, ids[i - 1])->rect.y);
    }
  g_assert_true (ui_item (scene, "waiter:5")->chosen);
  g_assert_cmpstr (ui_item (scene, "title:4")->lines[0], ==, "video4");
  scene = scene_of (fixture, DMS_EVENT_CANCEL, 1);
  g_assert_cmpuint (dms_scene_find (scene, "waiter:3"), ==, DMS_NO_ITEM);
  g_assert_cmpstr (ui_item (scene, "waiter:4")->badge, ==, "2.");
  g_assert_cmpstr (ui_item (scene, "title:4")->lines[0], ==, "net2");
}

static void
test_registers_are_taken_away (Fixture *fixture, gconstpointer way)
{
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_POOL, 1);

  (void)way;
  g_assert_cmpint (ui_item (scene, "away")->look, ==, DMS_LOOK_AWAY);
  g_assert_cmpstr (ui_item (scene, "away")->lines[0], ==, "56 taken away");
  g_assert_cmpstr (ui_item (scene, "pool")->lines[0], ==, "8 in the pool");
  g_assert_true (has_legend (scene, "taken away"));
  scene = scene_of (fixture, DMS_EVENT_STOP, 1);
  g_assert_cmpstr (ui_item (scene, "title:4")->lines[0], ==, "audio3");
  g_assert_true (g_str_has_suffix (ui_item (scene, "title:2")->lines[2], "pool"));
}

/* ---- facts, and the end ---- */

static void
test_facts_are_noted (Fixture *fixture, gconstpointer way)
{
  const DmsScene *scene = scene_of (fixture, DMS_EVENT_RETURN, 1);

  (void)way;
  g_assert_cmpstr (dms_scene_noted (scene), ==, "Noted: the MDL is a null pointer.");
  scene = scene_of (fixture, DMS_EVENT_CRASH, 1);
  g_assert_cmpstr (dms_scene_noted (scene), ==, "");
  g_assert_cmpint (ui_item (scene, "device:1")->look, ==, DMS_LOOK_FAULT);
}

static void
add (UiWay way, const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/ways/%s/%s", ui_way_name (way), name);

  g_test_add (path, Fixture, GINT_TO_POINTER (way), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  for (int way = 0; way < UI_WAYS; way++)
    {
      add ((UiWay)way, "golden", test_golden);
      add ((UiWay)way, "nothing-covers-anything", test_nothing_covers_anything);
      add ((UiWay)way, "no-text-is-cut", test_no_text_is_cut);
      add ((UiWay)way, "keys-tell-pictures-apart", test_keys_tell_pictures_apart);
    }
  add (UI_WAY_GRANT, "pieces-come", test_pieces_come_one_after_the_other);
  add (UI_WAY_GRANT, "flushed-pieces", test_flushed_pieces_are_done_with);
  add (UI_WAY_IOMMU, "registers-translate", test_registers_translate);
  add (UI_WAY_IOMMU, "a-fault-ends-at-the-wall", test_a_fault_ends_at_the_wall);
  add (UI_WAY_STRAY, "strays-are-seen", test_strays_are_seen);
  add (UI_WAY_SLAVE, "the-channel-counts-down", test_the_channel_counts_down);
  add (UI_WAY_RING, "who-touches-it", test_shared_memory_shows_who_touches_it);
  add (UI_WAY_QUEUE, "who-waits-is-in-order", test_who_waits_is_in_order);
  add (UI_WAY_QUEUE, "registers-are-taken-away", test_registers_are_taken_away);
  add (UI_WAY_CRASH, "facts-are-noted", test_facts_are_noted);
  return g_test_run ();
}
