/* test-kernel.c — the parts of the simulated kernel, each by itself
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-adapter.h"
#include "engine/kernel/dms-list.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

/* ---- counting pages ---- */

static void
test_span_table (void)
{
  static const struct
  {
    uint64_t offset, length, pages;
  } rows[] = { { 0, 1, 1 },        { 0, 4096, 1 },      { 0, 4097, 2 },
               { 1, 4096, 2 },     { 0xfff, 1, 1 },     { 0xfff, 2, 2 },
               { 0xfff, 4097, 2 }, { 0xfff, 4098, 3 },  { 0x10, 65536, 17 },
               { 0, 65536, 16 },   { 0xe00, 0x3e00, 5 } };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpuint (
        dms_span_pages (rows[i].offset, rows[i].length), ==, rows[i].pages);
}

static void
test_chain_counts_each_mdl (void)
{
  uint64_t frames[] = { 1, 2 };
  DmsMdl a = { .address = 0xff0, .length = 0x20, .frames = frames, .n_frames = 2 };
  DmsMdl b = { .address = 0x10000, .length = 1, .frames = frames, .n_frames = 1 };
  DmsMdl c = { .address = 0x20800, .length = 1, .frames = frames, .n_frames = 1 };
  DmsMdl *chain[] = { &a, &b, &c };
  uint32_t n_mdls = 0;

  g_assert_cmpuint (dms_chain_pages (chain, 3, 0, 0x21, &n_mdls), ==, 3);
  g_assert_cmpuint (n_mdls, ==, 2);
  g_assert_cmpuint (dms_chain_pages (chain, 3, 0, 0x22, &n_mdls), ==, 4);
  g_assert_cmpuint (dms_chain_pages (chain, 3, 0x10, 0x10, &n_mdls), ==, 1);
  g_assert_cmpuint (n_mdls, ==, 1);
  g_assert_cmpuint (dms_chain_pages (chain, 3, 0x1f, 2, &n_mdls), ==, 2);
  /* What is skipped is skipped in the first MDL only. */
  b.address = 0x10ff0;
  b.length = 0x20;
  g_assert_cmpuint (dms_chain_pages (chain, 3, 0x1f, 0x11, &n_mdls), ==, 2);
  g_assert_cmpuint (dms_chain_pages (chain, 3, 0x1f, 0x12, &n_mdls), ==, 3);
  b.address = 0x10000;
  b.length = 1;
  g_assert_cmpuint (dms_chain_bytes (chain, 3, 0), ==, 0x22);
  g_assert_cmpuint (dms_chain_bytes (chain, 3, 0x1f), ==, 3);
}

/* ---- memory ---- */

static void
test_memory_is_sparse_to_its_end (void)
{
  DmsMemory memory;
  uint64_t last = (UINT64_C (1) << 40) - 1;

  dms_memory_init (&memory, UINT64_C (1) << 52);

  uint8_t *page = dms_memory_page (&memory, last);

  g_assert_nonnull (page);
  page[4095] = 0x77;
  g_assert_cmpuint (dms_memory_page (&memory, last)[4095], ==, 0x77);
  g_assert_null (dms_memory_page (&memory, last + 1));
  g_assert_cmpuint (dms_memory_page (&memory, 5)[0], ==, DMS_PATTERN_FRESH);
  dms_memory_release (&memory);
}

static void
test_memory_blocks_lie_behind_frames (void)
{
  DmsMemory memory;
  uint8_t *block = NULL;

  dms_memory_init (&memory, UINT64_C (1) << 30);
  g_assert_cmpint (dms_memory_add_block (&memory, 2, &block), ==, DMS_OK);
  g_assert_cmpuint ((uintptr_t)block % 4096, ==, 0);
  g_assert_cmpint (dms_memory_back (&memory, 9, block), ==, DMS_OK);
  g_assert_cmpint (dms_memory_back (&memory, 3, block + 4096), ==, DMS_OK);
  g_assert_cmpint (dms_memory_back (&memory, 9, block), ==, DMS_ERROR_RANGE);
  g_assert_cmpint (dms_memory_back (&memory, 1 << 18, block), ==, DMS_ERROR_RANGE);
  g_assert_true (dms_memory_page (&memory, 3) == block + 4096);
  g_assert_true (dms_memory_block_at (&memory, block + 8191)->bytes == block);
  g_assert_null (dms_memory_block_at (&memory, block + 8192));
  g_assert_null (dms_memory_block_at (&memory, NULL));
  dms_memory_release (&memory);
}

static void
test_pattern_has_no_seams (void)
{
  uint8_t whole[100];
  uint8_t part[100];

  dms_pattern_fill (42, 1000, whole, sizeof whole);
  for (size_t split = 0; split <= sizeof whole; split++)
    {
      dms_pattern_fill (42, 1000, part, split);
      dms_pattern_fill (42, 1000 + split, part + split, sizeof part - split);
      g_assert_cmpmem (whole, sizeof whole, part, sizeof part);
    }
}

/* ---- work ---- */

static void
no_work (DmsMachine *machine, void *subject, uint64_t number)
{
  (void)machine;
  (void)subject;
  (void)number;
}

static void
test_work_is_ordered_by_time_then_order (void)
{
  DmsTestRandom random;
  DmsWorkQueue queue;
  DmsWork before = { 0 };
  DmsWork work;

  dms_test_random_init (&random, 1);
  dms_work_init (&queue);
  for (uint64_t i = 0; i < 5000; i++)
    g_assert_cmpint (
        dms_work_push (&queue, dms_test_random_below (&random, 50), no_work, NULL, i),
        ==,
        DMS_OK);
  for (size_t i = 0; i < 5000; i++)
    {
      g_assert_true (dms_work_pop (&queue, &work));
      if (i > 0 && work.due_ps == before.due_ps)
        g_assert_cmpuint (work.number, >, before.number);
      else
        g_assert_cmpuint (work.due_ps, >=, before.due_ps);
      before = work;
    }
  g_assert_false (dms_work_pop (&queue, &work));
  dms_work_release (&queue);
}

/* ---- map registers ---- */

static void
test_pool_takes_the_first_run (void)
{
  DmsRegisterPool pool;
  uint32_t first = 0;

  g_assert_cmpint (dms_register_pool_init (&pool, 10), ==, DMS_OK);
  g_assert_true (dms_register_pool_take (&pool, 4, 1, &first));
  g_assert_true (dms_register_pool_take (&pool, 4, 2, &first));
  g_assert_cmpuint (first, ==, 4);
  dms_register_pool_give (&pool, 0, 4);
  g_assert_cmpuint (pool.n_free, ==, 6);
  /* Six are free, but not in a row. */
  g_assert_cmpuint (dms_register_pool_longest (&pool), ==, 4);
  g_assert_false (dms_register_pool_take (&pool, 5, 3, &first));
  g_assert_true (dms_register_pool_take (&pool, 2, 3, &first));
  g_assert_cmpuint (first, ==, 0);
  g_assert_true (dms_register_pool_take (&pool, 2, 4, &first));
  g_assert_cmpuint (first, ==, 2);
  g_assert_true (dms_register_pool_take (&pool, 2, 5, &first));
  g_assert_cmpuint (first, ==, 8);
  g_assert_false (dms_register_pool_take (&pool, 1, 6, &first));
  dms_register_pool_release (&pool);
}

/* Against the plainest way to look for a run. */
static uint32_t
slow_first_run (const DmsRegisterPool *pool, uint32_t count, uint32_t window)
{
  for (uint32_t first = 0; first + count <= pool->n; first++)
    {
      uint32_t run = 0;

      while (run < count && pool->registers[first + run].list == 0
             && (run == 0 || window == 0 || (first + run) % window != 0))
        run++;
      if (run == count)
        return first;
    }
  return UINT32_MAX;
}

static void
test_pool_random (void)
{
  DmsTestRandom random;
  DmsRegisterPool pool;
  uint32_t held[300][2];
  size_t n_held = 0;

  dms_test_random_init (&random, 2);
  g_assert_cmpint (dms_register_pool_init (&pool, 300), ==, DMS_OK);
  for (uint64_t i = 0; i < 20000; i++)
    {
      uint32_t count = (uint32_t)dms_test_random_range (&random, 1, 90);
      uint32_t first = UINT32_MAX;

      if (n_held > 0 && dms_test_random_chance (&random, 45))
        {
          size_t k = (size_t)dms_test_random_below (&random, n_held);

          dms_register_pool_give (&pool, held[k][0], held[k][1]);
          memcpy (held[k], held[--n_held], sizeof *held);
          continue;
        }

      uint32_t window = dms_test_random_chance (&random, 70)
                            ? 0
                            : UINT32_C (1) << dms_test_random_range (&random, 3, 6);
      uint32_t expected = slow_first_run (&pool, count, window);
      bool taken = dms_register_pool_take_within (&pool, count, i + 1, window, &first);

      g_assert_cmpuint (expected, ==, taken ? first : UINT32_MAX);
      if (!taken && window == 0)
        g_assert_cmpuint (dms_register_pool_longest (&pool), <, count);
      else if (taken)
        {
          held[n_held][0] = first;
          held[n_held++][1] = count;
        }
    }
  dms_register_pool_release (&pool);
}

static void
check_places (bool is_block, uint32_t n, uint64_t highest)
{
  DmsMemory memory;
  DmsRegisterPool pool;
  uint8_t *block = NULL;

  dms_memory_init (&memory, UINT64_C (1) << 30);
  g_assert_cmpint (dms_memory_add_block (&memory, 40, &block), ==, DMS_OK);
  for (uint64_t i = 0; i < 40; i++)
    g_assert_cmpint (
        dms_memory_back (&memory, 0x30 + 3 * i, block + 4096 * i), ==, DMS_OK);
  g_assert_cmpint (dms_register_pool_init (&pool, n), ==, DMS_OK);
  g_assert_cmpint (dms_register_pool_place (
                       &pool, &memory, &(DmsRegisterLayout){ highest, 7, is_block, 1 }),
                   ==,
                   DMS_OK);
  for (uint32_t r = 0; r < n; r++)
    {
      uint64_t frame = pool.registers[r].frame;

      g_assert_false (dms_memory_has (&memory, frame));
      g_assert_cmpuint (((frame + 1) << 12) - 1, <=, highest);
      if (r > 0 && is_block)
        g_assert_cmpuint (frame, ==, pool.registers[r - 1].frame + 1);
      else if (r > 0)
        g_assert_cmpuint (frame, >, pool.registers[r - 1].frame);
    }
  dms_register_pool_release (&pool);
  dms_memory_release (&memory);
}

static void
test_pool_places_bounce_pages (void)
{
  check_places (false, 64, UINT32_MAX);
  check_places (true, 64, UINT32_MAX);
  check_places (false, 400, (1 << 21) - 1);
  check_places (true, 300, (1 << 21) - 1);
}

static void
test_pool_refuses_too_little_memory (void)
{
  DmsMemory memory;
  DmsRegisterPool pool;

  dms_memory_init (&memory, UINT64_C (1) << 30);
  g_assert_cmpint (dms_register_pool_init (&pool, 16), ==, DMS_OK);
  for (int is_block = 0; is_block < 2; is_block++)
    {
      /* 16 frames, and the first is left out. */
      g_assert_cmpint (
          dms_register_pool_place (
              &pool, &memory, &(DmsRegisterLayout){ 0xffff, 1, is_block != 0, 1 }),
          ==,
          DMS_ERROR_RANGE);
      g_assert_cmpint (
          dms_register_pool_place (
              &pool, &memory, &(DmsRegisterLayout){ 0x10fff, 1, is_block != 0, 1 }),
          ==,
          DMS_OK);
      g_assert_cmpint (
          dms_register_pool_place (
              &pool, &memory, &(DmsRegisterLayout){ 100, 1, is_block != 0, 1 }),
          ==,
          DMS_ERROR_RANGE);
    }
  dms_register_pool_release (&pool);
  dms_memory_release (&memory);
}

/* ---- adapters ---- */

typedef struct
{
  FixtureRun run;
  DmsScenario scenario;
  DmsMachine machine;
} Bare;

static void
bare_init (Bare *bare, uint32_t pool, uint32_t device_registers)
{
  DmsSink sink = { NULL, NULL, NULL };

  fixture_run_init (&bare->run);
  sink = fixture_sink (&bare->run);
  fixture_story (&bare->scenario, false);
  bare->scenario.map_registers = pool;
  bare->scenario.devices[0].map_registers = device_registers;
  g_assert_cmpint (
      dms_machine_init (&bare->machine, &bare->scenario, &sink), ==, DMS_OK);
}

static void
bare_release (Bare *bare)
{
  dms_machine_release (&bare->machine);
  dms_scenario_release (&bare->scenario);
  fixture_run_release (&bare->run);
}

static uint32_t
allowed (uint32_t pool, uint32_t device_registers, uint64_t maximum_length)
{
  Bare bare;

  bare_init (&bare, pool, device_registers);

  DmsDescription description = { .version = 1,
                                 .is_master = true,
                                 .scatter_gather = true,
                                 .lines_32 = true,
                                 .maximum_length = maximum_length };
  DmsAdapter *adapter
      = dms_adapter_new (&bare.machine, &bare.machine.devices[0], &description);

  g_assert_nonnull (adapter);
  g_assert_cmpuint (adapter->highest, ==, UINT32_MAX);

  uint32_t count = adapter->allowed;

  bare_release (&bare);
  return count;
}

static void
test_adapter_counts (void)
{
  g_assert_cmpuint (allowed (64, 0, 65536), ==, 17);
  g_assert_cmpuint (allowed (64, 0, 65537), ==, 18);
  g_assert_cmpuint (allowed (64, 0, 1), ==, 2);
  g_assert_cmpuint (allowed (64, 8, 65536), ==, 8);
  g_assert_cmpuint (allowed (64, 20, 65536), ==, 17);
  g_assert_cmpuint (allowed (10, 0, 65536), ==, 10);
  g_assert_cmpuint (allowed (64, 0, UINT32_MAX), ==, 64);
}

static uint64_t
reach (DmsDescription description)
{
  Bare bare;

  bare_init (&bare, 64, 0);
  description.maximum_length = 4096;

  DmsAdapter *adapter
      = dms_adapter_new (&bare.machine, &bare.machine.devices[0], &description);
  uint64_t highest = adapter == NULL ? 0 : adapter->highest;

  bare_release (&bare);
  return highest;
}

static void
test_adapter_reach_by_version (void)
{
  DmsDescription d = { .version = 2, .is_master = true, .scatter_gather = true };

  g_assert_cmphex (reach (d), ==, 0xffffff);
  d.lines_32 = true;
  g_assert_cmphex (reach (d), ==, UINT32_MAX);
  d.lines_64 = true;
  g_assert_cmphex (reach (d), ==, UINT64_MAX);
  d.version = 3;
  d.address_width = 36;
  g_assert_cmphex (reach (d), ==, UINT64_C (0xfffffffff));
  d.address_width = 65;
  g_assert_cmphex (reach (d), ==, 0);
  d.version = 4;
  d.address_width = 32;
  g_assert_cmphex (reach (d), ==, 0);
  /* The DMA controller counts, whatever the device could. */
  d.version = 1;
  d.is_master = false;
  g_assert_cmphex (reach (d), ==, 0xffffff);
  /* Scatter/gather on PCI implies 32 lines. */
  d = (DmsDescription){ .is_master = true, .scatter_gather = true };
  d.bus = DMS_BUS_PCI;
  g_assert_cmphex (reach (d), ==, UINT32_MAX);
}

/* ---- GetScatterGatherList's returns, at their edges ---- */

static void
deliver (DmsMachine *machine, DmsList *list)
{
  (void)machine;
  g_assert_nonnull (list->image);
}

/* Asks for a part of the story's buffer: 20 992 bytes from offset 512. */
static uint32_t
ask (uint32_t device_registers, int64_t from, uint64_t length, DmsEvent *ret_refuse)
{
  Bare bare;

  bare_init (&bare, 64, device_registers);

  DmsDescription description = { .version = 3,
                                 .is_master = true,
                                 .scatter_gather = true,
                                 .address_width = 32,
                                 .maximum_length = 65536 };
  DmsAdapter *adapter
      = dms_adapter_new (&bare.machine, &bare.machine.devices[0], &description);
  DmsMdl *mdl = &bare.machine.buffers[0].mdls[0];
  DmsListRequest request = { .adapter = adapter,
                             .mdls = &mdl,
                             .n_mdls = 1,
                             .address = mdl->address + (uint64_t)from,
                             .length = length,
                             .deliver = deliver,
                             .callback = "ProgramDevice" };
  uint32_t status = dms_list_get (&bare.machine, &request);
  const DmsEvent *refuse = fixture_find (&bare.run, DMS_EVENT_REFUSE, 0);

  g_assert_cmpuint (status != DMS_NT_SUCCESS, ==, refuse != NULL);
  g_assert_cmpuint (
      status == DMS_NT_SUCCESS, ==, fixture_count (&bare.run, DMS_EVENT_MAP));
  if (refuse != NULL)
    {
      g_assert_cmphex (refuse->status, ==, status);
      *ret_refuse = *refuse;
    }
  bare_release (&bare);
  return status;
}

static void
test_list_returns (void)
{
  DmsEvent refuse = { 0 };

  g_assert_cmphex (ask (8, 0, 20992, &refuse), ==, DMS_NT_SUCCESS);
  g_assert_cmphex (ask (6, 0, 20992, &refuse), ==, DMS_NT_SUCCESS);
  g_assert_cmphex (ask (5, 0, 20992, &refuse), ==, DMS_NT_INSUFFICIENT_RESOURCES);
  g_assert_cmpuint (refuse.a, ==, 6);
  g_assert_cmpuint (refuse.b, ==, 5);
  g_assert_cmphex (refuse.flags, ==, DMS_FLAG_TOO_MANY_REGISTERS);
  /* One byte less saves no page, so many do. */
  g_assert_cmphex (ask (5, 0, 20991, &refuse), ==, DMS_NT_INSUFFICIENT_RESOURCES);
  g_assert_cmphex (ask (5, 0, 19968, &refuse), ==, DMS_NT_SUCCESS);
  /* By bytes, even inside the last page. */
  g_assert_cmphex (ask (8, 0, 20993, &refuse), ==, DMS_NT_BUFFER_TOO_SMALL);
  g_assert_cmpuint (refuse.a, ==, 20993);
  g_assert_cmpuint (refuse.b, ==, 20992);
  g_assert_cmphex (refuse.flags, ==, DMS_FLAG_TOO_SHORT);
  g_assert_cmphex (ask (8, 1, 20992, &refuse), ==, DMS_NT_BUFFER_TOO_SMALL);
  g_assert_cmphex (ask (8, 1, 20991, &refuse), ==, DMS_NT_SUCCESS);
  g_assert_cmphex (ask (8, 20991, 1, &refuse), ==, DMS_NT_SUCCESS);
  g_assert_cmphex (ask (8, 20992, 1, &refuse), ==, DMS_NT_BUFFER_TOO_SMALL);
  g_assert_cmphex (ask (8, 0, UINT64_MAX, &refuse), ==, DMS_NT_BUFFER_TOO_SMALL);
  g_assert_cmphex (ask (8, 0, 0, &refuse), ==, DMS_NT_INVALID_PARAMETER);
  g_assert_cmphex (ask (8, -1, 1, &refuse), ==, DMS_NT_INVALID_PARAMETER);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/kernel/mdl/span-table", test_span_table);
  g_test_add_func ("/kernel/mdl/chain-counts-each-mdl", test_chain_counts_each_mdl);
  g_test_add_func ("/kernel/memory/is-sparse-to-its-end",
                   test_memory_is_sparse_to_its_end);
  g_test_add_func ("/kernel/memory/blocks-lie-behind-frames",
                   test_memory_blocks_lie_behind_frames);
  g_test_add_func ("/kernel/pattern/has-no-seams", test_pattern_has_no_seams);
  g_test_add_func ("/kernel/work/is-ordered-by-time-then-order",
                   test_work_is_ordered_by_time_then_order);
  g_test_add_func ("/kernel/pool/takes-the-first-run", test_pool_takes_the_first_run);
  g_test_add_func ("/kernel/pool/random", test_pool_random);
  g_test_add_func ("/kernel/pool/places-bounce-pages", test_pool_places_bounce_pages);
  g_test_add_func ("/kernel/pool/refuses-too-little-memory",
                   test_pool_refuses_too_little_memory);
  g_test_add_func ("/kernel/adapter/counts", test_adapter_counts);
  g_test_add_func ("/kernel/adapter/reach-by-version", test_adapter_reach_by_version);
  g_test_add_func ("/kernel/list/returns-at-their-edges", test_list_returns);
  return g_test_run ();
}
