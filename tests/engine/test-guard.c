/* test-guard.c — verification's guard pages, and the slots of ReactOS
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-guard.h"
#include "engine/kernel/dms-reactos.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

/* ---- a machine without drivers, and an adapter on it ---- */

typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsMachine machine;
  DmsGuardSubject subject;
} Bare;

/* The scenario is there already. */
static void
bare_start (Bare *bare)
{
  DmsDescription description
      = { .version = 2,
          .is_master = true,
          .scatter_gather = bare->scenario.devices[0].scatter_gather,
          .lines_32 = true,
          .maximum_length = 65536 };

  fixture_run_init (&bare->run);

  DmsSink sink = fixture_sink (&bare->run);

  g_assert_cmpint (
      dms_machine_init (&bare->machine, &bare->scenario, &sink), ==, DMS_OK);
  bare->subject.adapter
      = dms_adapter_new (&bare->machine, &bare->machine.devices[0], &description);
  g_assert_nonnull (bare->subject.adapter);
  bare->subject.object = 1;
}

static void
bare_release (Bare *bare)
{
  dms_machine_release (&bare->machine);
  fixture_run_release (&bare->run);
  dms_scenario_release (&bare->scenario);
}

static void
verified (Bare *bare, bool scatter_gather)
{
  fixture_story (&bare->scenario, false);
  bare->scenario.verifier = true;
  bare->scenario.map_registers = 80;
  bare->scenario.devices[0].scatter_gather = scatter_gather;
  bare_start (bare);
}

/* Registers for a grant, laid out. */
static uint32_t
take (Bare *bare, uint32_t count)
{
  uint32_t first = UINT32_MAX;

  g_assert_true (dms_register_pool_take (&bare->machine.pool, count, 1, &first));
  dms_guard_lay (&bare->machine, &bare->subject, first, count);
  return first;
}

static void
give (Bare *bare, uint32_t first, uint32_t count)
{
  dms_guard_lift (&bare->machine, &bare->subject, first, count);
  dms_register_pool_give (&bare->machine.pool, first, count);
}

static uint64_t
frame_of (const Bare *bare, uint32_t map_register)
{
  return bare->machine.pool.registers[map_register].frame;
}

/* A byte of memory, @offset from the start of @frame, before it or behind it. */
static uint8_t *
byte_at (Bare *bare, uint64_t frame, int64_t offset)
{
  uint64_t address = (frame << DMS_PAGE_SHIFT) + (uint64_t)offset;
  uint8_t *page
      = dms_memory_page (&bare->machine.memory, dms_frame_of (dms_physical (address)));

  g_assert_nonnull (page);
  return page + dms_page_offset (address);
}

static guint
count_facts (const Bare *bare)
{
  return fixture_count (&bare->run, DMS_EVENT_FACT);
}

static void
assert_damage (
    const Bare *bare, guint nth, uint64_t address, uint64_t where, uint64_t r)
{
  const DmsEvent *fact = fixture_find (&bare->run, DMS_EVENT_FACT, nth);

  g_assert_nonnull (fact);
  g_assert_cmpuint (fact->index, ==, DMS_FACT_PADDING_DAMAGED);
  g_assert_cmphex (fact->a, ==, address);
  g_assert_cmpuint (fact->b, ==, where);
  g_assert_cmpuint (fact->c, ==, r);
  g_assert_cmpuint (fact->object, ==, 1);
  g_assert_cmpuint (fact->device, ==, bare->machine.devices[0].name);
}

/* ---- where the pages lie ---- */

/* Each register has three pages of its own, and nobody else's. */
static void
test_three_pages_each (void)
{
  Bare bare = { 0 };

  for (int is_x86 = 0; is_x86 < 2; is_x86++)
    {
      fixture_story (&bare.scenario, false);
      bare.scenario.verifier = true;
      bare.scenario.map_registers = 300;
      bare.scenario.hal_x86 = is_x86 != 0;
      bare_start (&bare);
      for (uint32_t r = 0; r < 300; r++)
        {
          uint64_t frame = frame_of (&bare, r);

          if (r > 0)
            g_assert_cmpuint (frame, >=, frame_of (&bare, r - 1) + 3);
          for (uint64_t at = frame - 1; at <= frame + 1; at++)
            {
              g_assert_false (dms_memory_has (&bare.machine.memory, at));
              g_assert_true (dms_register_pool_has_frame (&bare.machine.pool, at));
            }
          g_assert_cmpuint (dms_guard_has (&bare.machine, r), ==, r < 64);
        }
      g_assert_false (
          dms_register_pool_has_frame (&bare.machine.pool, frame_of (&bare, 299) + 2));
      bare_release (&bare);
    }
}

/* ---- what is found when a mapping ends ---- */

static void
test_clean_mapping (void)
{
  Bare bare = { 0 };

  verified (&bare, true);

  uint32_t first = take (&bare, 2);

  /* Exactly what was mapped is written. */
  for (int64_t i = 100; i < 1100; i++)
    *byte_at (&bare, frame_of (&bare, first), i) = (uint8_t)i;
  dms_guard_check (&bare.machine, &bare.subject, first, 100, 1000);
  /* The page is mapped anew, other bytes of it. */
  *byte_at (&bare, frame_of (&bare, first), 4095) = 1;
  dms_guard_check (&bare.machine, &bare.subject, first, 4095, 1);
  dms_guard_check (&bare.machine, &bare.subject, first + 1, 0, 4096);
  give (&bare, first, 2);
  first = take (&bare, 70);
  give (&bare, first, 70);
  g_assert_cmpuint (count_facts (&bare), ==, 0);
  bare_release (&bare);
}

static void
test_damage_beside_a_mapping (void)
{
  Bare bare = { 0 };

  verified (&bare, true);

  uint32_t first = take (&bare, 3);
  uint64_t frame = frame_of (&bare, first + 1);
  uint64_t base = frame << DMS_PAGE_SHIFT;

  /* In the page, before and behind. */
  *byte_at (&bare, frame, 99) = 0;
  *byte_at (&bare, frame, 1100) = 0;
  *byte_at (&bare, frame, 1200) = 0;
  dms_guard_check (&bare.machine, &bare.subject, first + 1, 100, 1000);
  assert_damage (&bare, 0, base + 99, 4, first + 1);
  assert_damage (&bare, 1, base + 1100, 5, first + 1);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_FACT, 1)->length, ==, 101);
  /* It is told once. */
  dms_guard_check (&bare.machine, &bare.subject, first + 1, 0, 4096);
  g_assert_cmpuint (count_facts (&bare), ==, 2);
  /* In the guards. */
  *byte_at (&bare, frame, -1) = 0;
  *byte_at (&bare, frame, 4096) = 0;
  dms_guard_check (&bare.machine, &bare.subject, first + 1, 0, 4096);
  assert_damage (&bare, 2, base - 1, 4, first + 1);
  assert_damage (&bare, 3, base + 4096, 5, first + 1);
  /* Behind the mapping's end, found when the registers go back. */
  *byte_at (&bare, frame, -4096) = 0;
  *byte_at (&bare, frame, 8191) = 0;
  give (&bare, first, 3);
  assert_damage (&bare, 4, base - 4096, 4, first + 1);
  assert_damage (&bare, 5, base + 8191, 5, first + 1);
  g_assert_cmpuint (count_facts (&bare), ==, 6);
  bare_release (&bare);
}

static void
test_damage_of_a_free_register (void)
{
  Bare bare = { 0 };

  verified (&bare, true);

  uint32_t first = take (&bare, 1);
  uint64_t frame = frame_of (&bare, first);

  give (&bare, first, 1);
  *byte_at (&bare, frame, 7) = 1;
  g_assert_cmpuint (take (&bare, 1), ==, first);
  assert_damage (&bare, 0, (frame << DMS_PAGE_SHIFT) + 7, 3, first);
  give (&bare, first, 1);
  g_assert_cmpuint (count_facts (&bare), ==, 1);
  bare_release (&bare);
}

/* Register 64 and those behind it have no padding: nothing is found there. */
static void
test_only_the_first_registers_are_guarded (void)
{
  Bare bare = { 0 };

  verified (&bare, true);

  uint32_t first = take (&bare, 80);

  *byte_at (&bare, frame_of (&bare, 64), -1) = 1;
  *byte_at (&bare, frame_of (&bare, 63), -1) = 1;
  give (&bare, first, 80);
  g_assert_cmpuint (count_facts (&bare), ==, 1);
  assert_damage (&bare, 0, (frame_of (&bare, 63) << DMS_PAGE_SHIFT) - 1, 4, 63);
  bare_release (&bare);
}

/* ---- an adapter that takes one piece ---- */

static void
test_pages_in_a_row (void)
{
  Bare bare = { 0 };

  verified (&bare, false);

  uint32_t first = UINT32_MAX;

  g_assert_true (dms_register_pool_take_row (&bare.machine.pool, 5, 1, 65536, &first));
  dms_guard_lay (&bare.machine, &bare.subject, first, 5);

  uint64_t frame = frame_of (&bare, first);

  for (uint32_t i = 0; i < 5; i++)
    g_assert_cmpuint (frame_of (&bare, first + i), ==, frame + i);
  /* All of it is mapped, from mid-page to mid-page. */
  for (int64_t i = 100; i < 4 * 4096 + 100; i++)
    *byte_at (&bare, frame, i) = 1;
  dms_guard_check (&bare.machine, &bare.subject, first, 100, 3996);
  for (uint32_t i = 1; i < 4; i++)
    dms_guard_check (&bare.machine, &bare.subject, first + i, 0, 4096);
  dms_guard_check (&bare.machine, &bare.subject, first + 4, 0, 100);
  g_assert_cmpuint (count_facts (&bare), ==, 0);
  /* Right before and behind all of it. */
  *byte_at (&bare, frame, -1) = 1;
  *byte_at (&bare, frame, 5 * 4096) = 1;
  dms_guard_check (&bare.machine, &bare.subject, first, 0, 4096);
  dms_guard_check (&bare.machine, &bare.subject, first + 4, 0, 4096);
  assert_damage (&bare, 0, (frame << DMS_PAGE_SHIFT) - 1, 4, first);
  assert_damage (&bare, 1, (frame + 5) << DMS_PAGE_SHIFT, 5, first + 4);
  /* Far behind: the last of the fifteen pages. */
  *byte_at (&bare, frame, 13 * 4096 + 4095) = 1;
  give (&bare, first, 5);
  assert_damage (&bare, 2, ((frame + 13) << DMS_PAGE_SHIFT) + 4095, 5, first + 4);
  /* Back in its place, and padding all over. */
  g_assert_cmpuint (frame_of (&bare, first + 1), ==, frame + 3);
  g_assert_cmpuint (take (&bare, 1), ==, first);
  g_assert_cmpuint (count_facts (&bare), ==, 3);
  bare_release (&bare);
}

/* ---- common buffers ---- */

static DmsCommon *
share (Bare *bare, uint64_t length)
{
  DmsCommon *common
      = dms_common_allocate (&bare->machine, bare->subject.adapter, length, UINT64_MAX);

  g_assert_nonnull (common);
  return common;
}

static void
unshare (Bare *bare, const DmsCommon *common)
{
  dms_common_free (&bare->machine,
                   bare->subject.adapter,
                   common->asked,
                   common->logical,
                   common->bytes);
}

static void
test_tags_around_common_buffers (void)
{
  Bare bare = { 0 };

  verified (&bare, true);

  DmsCommon *common = share (&bare, 5000);
  uint64_t frame = common->frames[0];

  g_assert_cmpmem (common->bytes - 8, 8, "DmaVrfy0", 8);
  g_assert_cmpmem (common->bytes + 8192, 8, "DmaVrfy0", 8);
  /* The CPU's bytes and the device's are the same. */
  g_assert_true (byte_at (&bare, frame, -8) == common->bytes - 8);
  g_assert_true (byte_at (&bare, frame, 8192) == common->bytes + 8192);
  /* Whole pages belong to the driver. */
  memset (common->bytes, 0, 8192);
  unshare (&bare, common);
  g_assert_cmpuint (count_facts (&bare), ==, 0);

  common = share (&bare, 4096);
  frame = common->frames[0];
  bare.subject.object = common->id;
  *byte_at (&bare, frame, -1) = 'D';
  common->bytes[4096] = 'X';
  common->bytes[4099] = 'X';
  unshare (&bare, common);
  g_assert_cmpuint (count_facts (&bare), ==, 2);
  g_assert_cmphex (fixture_find (&bare.run, DMS_EVENT_FACT, 0)->a,
                   ==,
                   (frame << DMS_PAGE_SHIFT) - 1);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_FACT, 0)->b, ==, 1);
  g_assert_cmphex (fixture_find (&bare.run, DMS_EVENT_FACT, 1)->a,
                   ==,
                   (frame + 1) << DMS_PAGE_SHIFT);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_FACT, 1)->b, ==, 2);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_FACT, 1)->length, ==, 4);
  bare_release (&bare);
}

/* Used again, for fewer bytes, the tag lies closer. */
static void
test_tags_when_used_again (void)
{
  Bare bare = { 0 };

  verified (&bare, true);
  for (int i = 0; i < 40; i++)
    {
      DmsCommon *common = share (&bare, i % 2 == 0 ? 3 * 4096 : 1);

      g_assert_cmpmem (common->bytes - 4096, 8, "DmaVrfy0", 8);
      g_assert_cmpmem (common->bytes + common->length, 8, "DmaVrfy0", 8);
      memset (common->bytes, 1, common->length);
      unshare (&bare, common);
    }
  g_assert_cmpuint (count_facts (&bare), ==, 0);
  bare_release (&bare);
}

/* Bounce pages for a channel of the DMA controller: in a row, below 16 MiB, on any HAL.
 */
static void
test_pool_for_a_channel (void)
{
  Bare bare = { 0 };

  fixture_story (&bare.scenario, false);
  bare.scenario.map_registers = 2000;
  free (bare.scenario.devices[0].model);
  bare.scenario.devices[0].model = fixture_text ("system-dma");
  bare.scenario.devices[0].address_bits = 64;
  bare_start (&bare);
  for (uint32_t r = 0; r < 2000; r++)
    {
      g_assert_cmphex (frame_of (&bare, r), <, 0x1000);
      g_assert_cmphex (frame_of (&bare, r), ==, frame_of (&bare, 0) + r);
    }
  bare_release (&bare);
}

static void
test_row_in_a_window (void)
{
  DmsRegisterPool pool;
  DmsMemory memory;
  DmsRegisterLayout layout = { UINT32_MAX, 1, true, 1 };
  uint32_t first = 0;

  dms_memory_init (&memory, UINT64_C (1) << 30);
  g_assert_cmpint (dms_register_pool_init (&pool, 40), ==, DMS_OK);
  g_assert_cmpint (dms_register_pool_place (&pool, &memory, &layout), ==, DMS_OK);
  /* Frames 0x20 to 0x47: windows of 64 KiB end behind registers 15 and 31. */
  g_assert_cmphex (pool.registers[0].frame, ==, 0x20);
  g_assert_true (dms_register_pool_take_row (&pool, 10, 1, 65536, &first));
  g_assert_cmpuint (first, ==, 0);
  g_assert_true (dms_register_pool_take_row (&pool, 10, 2, 65536, &first));
  g_assert_cmpuint (first, ==, 16);
  g_assert_true (dms_register_pool_take_row (&pool, 6, 3, 65536, &first));
  g_assert_cmpuint (first, ==, 10);
  g_assert_false (dms_register_pool_take_row (&pool, 9, 4, 65536, &first));
  g_assert_true (dms_register_pool_take_row (&pool, 9, 4, 0, &first));
  g_assert_cmpuint (first, ==, 26);
  g_assert_false (dms_register_pool_take_row (&pool, 6, 5, 0, &first));
  g_assert_false (dms_register_pool_take_row (&pool, 0, 5, 0, &first));
  g_assert_cmpuint (pool.n_free, ==, 5);
  dms_register_pool_release (&pool);
  dms_memory_release (&memory);
}

static void
test_row_of_scattered_pages (void)
{
  DmsRegisterPool pool;
  uint32_t first = 0;

  g_assert_cmpint (dms_register_pool_init (&pool, 6), ==, DMS_OK);
  for (uint32_t r = 0; r < 6; r++)
    dms_register_pool_add_page (&pool, r, r < 3 ? 0x40 + 2 * r : 0x50 + r);
  g_assert_true (dms_register_pool_take_row (&pool, 3, 1, 0, &first));
  g_assert_cmpuint (first, ==, 3);
  g_assert_false (dms_register_pool_take_row (&pool, 2, 1, 0, &first));
  g_assert_true (dms_register_pool_take_row (&pool, 1, 1, 0, &first));
  g_assert_cmpuint (first, ==, 0);
  dms_register_pool_release (&pool);
}

/* ---- slots of ReactOS ---- */

static void
reactos (Bare *bare, uint64_t first_used, uint64_t n_used)
{
  fixture_story (&bare->scenario, false);
  bare->scenario.profile = DMS_PROFILE_REACTOS;
  if (n_used > 0)
    {
      uint64_t *frames = g_new (uint64_t, n_used);

      for (uint64_t i = 0; i < n_used; i++)
        frames[i] = first_used + i;
      fixture_add_mdl (fixture_add_buffer (&bare->scenario, "low"),
                       0,
                       n_used * DMS_PAGE_SIZE,
                       frames);
      g_free (frames);
    }
  bare_start (bare);
}

static void
run_work (Bare *bare)
{
  while (dms_machine_step (&bare->machine) == DMS_OK)
    ;
  g_assert_cmpint (dms_machine_status (&bare->machine), ==, DMS_OK);
}

static uint32_t
usable (const Bare *bare)
{
  uint32_t n = 0;

  for (uint32_t r = 0; r < bare->machine.pool.n; r++)
    n += bare->machine.pool.registers[r].list != DMS_REGISTER_OUT;
  return n;
}

static void
test_slots_at_boot (void)
{
  Bare bare = { 0 };

  reactos (&bare, 0, 0);

  const DmsRegisterPool *pool = &bare.machine.pool;
  const DmsEvent *event = fixture_find (&bare.run, DMS_EVENT_POOL, 0);

  g_assert_cmpuint (pool->n_free, ==, 16);
  for (uint32_t r = 0; r < 16; r++)
    g_assert_cmphex (pool->registers[r].frame, ==, 0x20 + r);
  g_assert_cmpuint (event->index, ==, 16);
  g_assert_cmpuint (event->a, ==, 48);
  g_assert_cmpuint (event->b, ==, 16);
  g_assert_cmphex (event->flags, ==, DMS_FLAG_TAKEN | DMS_FLAG_FORCED);
  g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_POOL), ==, 1);
  bare_release (&bare);
}

/* The block lies at 0x28000: it crosses a line of 64 KiB behind its eighth page. */
static void
test_slots_with_a_gap (void)
{
  Bare bare = { 0 };

  reactos (&bare, 0x20, 8);

  const DmsRegisterPool *pool = &bare.machine.pool;

  g_assert_cmpuint (pool->n_free, ==, 16);
  g_assert_cmphex (pool->registers[0].frame, ==, 0x28);
  g_assert_cmphex (pool->registers[7].frame, ==, 0x2f);
  g_assert_cmphex (pool->registers[8].list, ==, DMS_REGISTER_OUT);
  g_assert_cmphex (pool->registers[9].frame, ==, 0x30);
  g_assert_cmphex (pool->registers[16].frame, ==, 0x37);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_POOL, 0)->index, ==, 8);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_POOL, 0)->a, ==, 1);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_POOL, 1)->index, ==, 17);
  bare_release (&bare);
}

/* Three blocks of sixteen and two gaps are what there can be. */
static void
test_slots_grow_to_48 (void)
{
  Bare bare = { 0 };

  reactos (&bare, 0, 0);
  dms_reactos_grow (&bare.machine, 16);
  run_work (&bare);
  g_assert_cmpuint (usable (&bare), ==, 32);
  g_assert_cmphex (bare.machine.pool.registers[16].list, ==, DMS_REGISTER_OUT);
  g_assert_cmphex (bare.machine.pool.registers[17].frame, ==, 0x30);
  dms_reactos_grow (&bare.machine, 16);
  run_work (&bare);
  g_assert_cmpuint (usable (&bare), ==, 48);
  g_assert_cmphex (bare.machine.pool.registers[49].frame, ==, 0x4f);
  /* 50 slots and 16 are too many, 50 and 14 are not; but one is lost to a gap. */
  dms_reactos_grow (&bare.machine, 16);
  run_work (&bare);
  g_assert_cmpuint (usable (&bare), ==, 48);
  dms_reactos_grow (&bare.machine, 14);
  run_work (&bare);
  g_assert_cmpuint (usable (&bare), ==, 61);
  dms_reactos_grow (&bare.machine, 1);
  run_work (&bare);
  g_assert_cmpuint (usable (&bare), ==, 61);

  /* State and machine know the same. */
  uint32_t n_away = 0;

  for (uint32_t r = 0; r < 64; r++)
    n_away += bare.run.state->registers[r].use == DMS_REGISTER_AWAY;
  g_assert_cmpuint (n_away, ==, 3);
  g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_POOL), ==, 4);
  bare_release (&bare);
}

/* Never above 16 MiB, whatever the device reaches. */
static void
test_slots_lie_low (void)
{
  Bare bare = { 0 };

  reactos (&bare, 0x20, 0x1000 - 0x20 - 20);
  g_assert_cmpuint (usable (&bare), ==, 16);
  g_assert_cmphex (bare.machine.pool.registers[0].frame, ==, 0xfec);
  dms_reactos_grow (&bare.machine, 5);
  run_work (&bare);
  g_assert_cmpuint (usable (&bare), ==, 16);
  dms_reactos_grow (&bare.machine, 4);
  run_work (&bare);
  g_assert_cmpuint (usable (&bare), ==, 20);
  bare_release (&bare);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/guard/three-pages-each", test_three_pages_each);
  g_test_add_func ("/guard/clean-mapping-leaves-no-fact", test_clean_mapping);
  g_test_add_func ("/guard/damage-beside-a-mapping", test_damage_beside_a_mapping);
  g_test_add_func ("/guard/damage-of-a-free-register", test_damage_of_a_free_register);
  g_test_add_func ("/guard/only-the-first-registers",
                   test_only_the_first_registers_are_guarded);
  g_test_add_func ("/guard/pages-in-a-row", test_pages_in_a_row);
  g_test_add_func ("/guard/tags-around-common-buffers",
                   test_tags_around_common_buffers);
  g_test_add_func ("/guard/tags-when-used-again", test_tags_when_used_again);
  g_test_add_func ("/pool/for-a-channel", test_pool_for_a_channel);
  g_test_add_func ("/pool/row-in-a-window", test_row_in_a_window);
  g_test_add_func ("/pool/row-of-scattered-pages", test_row_of_scattered_pages);
  g_test_add_func ("/slots/at-boot", test_slots_at_boot);
  g_test_add_func ("/slots/with-a-gap", test_slots_with_a_gap);
  g_test_add_func ("/slots/grow-to-48", test_slots_grow_to_48);
  g_test_add_func ("/slots/lie-low", test_slots_lie_low);
  return g_test_run ();
}
