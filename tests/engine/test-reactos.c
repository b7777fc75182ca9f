/* test-reactos.c — what was seen by running ReactOS' hal/halx86/generic/dma.c
 *
 * The numbers of the vectors are those of the reference; where a vector gives no
 * inputs, the ones here fit it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-list.h"
#include "engine/kernel/dms-reactos.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

/* Elements of the story that its card does not reach, and is given all the same. */
#define N_OUT_OF_REACH 1
#define ALL_QUIRKS (DMS_QUIRK_R1 | DMS_QUIRK_R2 | DMS_QUIRK_R4 | DMS_QUIRK_R17)

/* ---- a machine without drivers ---- */

typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsMachine machine;
  DmsAdapter *adapter;
  DmsMdl *mdl;
  uint32_t n_delivered; /* lists */
  DmsList *list;        /* the last of them, as long as it is not put back */
} Bare;

static void
bare_start (Bare *bare, const DmsDescription *description)
{
  fixture_run_init (&bare->run);

  DmsSink sink = fixture_sink (&bare->run);

  g_assert_cmpint (
      dms_machine_init (&bare->machine, &bare->scenario, &sink), ==, DMS_OK);
  bare->machine.irql = DMS_CONTEXT_DISPATCH;
  bare->adapter
      = dms_adapter_new (&bare->machine, &bare->machine.devices[0], description);
  g_assert_nonnull (bare->adapter);
  bare->mdl = &bare->machine.buffers[0].mdls[0];
}

static void
bare_release (Bare *bare)
{
  dms_machine_release (&bare->machine);
  fixture_run_release (&bare->run);
  dms_scenario_release (&bare->scenario);
}

/* A scenario with one device and one buffer in those frames. */
static void
scenario_of (Bare *bare,
             DmsProfile profile,
             uint32_t quirks,
             uint32_t offset,
             uint64_t length,
             const uint64_t *frames)
{
  DmsScenarioDevice *card = NULL;

  *bare = (Bare){ .n_delivered = 0 };
  dms_scenario_init (&bare->scenario);
  bare->scenario.seed = 7;
  bare->scenario.profile = profile;
  bare->scenario.quirks = quirks;
  card = fixture_add_device (&bare->scenario, "card0", 32);
  card->map_registers = 0;
  fixture_add_mdl (
      fixture_add_buffer (&bare->scenario, "data"), offset, length, frames);
}

static DmsDescription
pci_master (bool scatter_gather)
{
  return (DmsDescription){ .version = 2,
                           .is_master = true,
                           .scatter_gather = scatter_gather,
                           .bus = DMS_BUS_PCI,
                           .lines_32 = true,
                           .maximum_length = 1 << 20 };
}

static void
deliver (DmsMachine *machine, DmsList *list)
{
  Bare *bare = list->data.context;

  g_assert_true (machine == &bare->machine);
  bare->n_delivered++;
  bare->list = list;
}

static uint32_t
get (Bare *bare, uint64_t skip, uint64_t length, bool to_device)
{
  DmsListRequest request = { .adapter = bare->adapter,
                             .mdls = &bare->mdl,
                             .n_mdls = 1,
                             .address = bare->mdl->address + skip,
                             .length = length,
                             .to_device = to_device,
                             .deliver = deliver,
                             .data = { .context = bare },
                             .callback = "ProgramDevice" };

  return dms_list_get (&bare->machine, &request);
}

static void
assert_elements (const DmsList *list, const DmsListElement *elements, uint32_t n)
{
  g_assert_cmpuint (list->n_elements, ==, n);
  for (uint32_t i = 0; i < n; i++)
    {
      g_assert_cmphex (list->elements[i].logical, ==, elements[i].logical);
      g_assert_cmphex (list->elements[i].length, ==, elements[i].length);
    }
}

static void
run_work (Bare *bare)
{
  while (dms_machine_step (&bare->machine) == DMS_OK)
    ;
  g_assert_cmpint (dms_machine_status (&bare->machine), ==, DMS_OK);
}

/* ---- vector 1: the list of a scatter/gather device on PCI ---- */

static const uint64_t vector_1[] = { 0x100, 0x101, 0x105, 0xfffff, 0x100000, 0x100001 };

static void
test_straight_list_breaks_at_4_gib (void)
{
  static const DmsListElement elements[] = { { 0x100010, 0x1ff0 },
                                             { 0x105000, 0x1000 },
                                             { 0xfffff000, 0x1000 },
                                             { UINT64_C (0x100000000), 0x2000 } };
  DmsDescription master = pci_master (true);
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0x10, 0x5ff0, vector_1);
  bare_start (&bare, &master);
  g_assert_cmphex (get (&bare, 0, 0x5ff0, true), ==, DMS_NT_SUCCESS);
  assert_elements (bare.list, elements, G_N_ELEMENTS (elements));
  /* Beyond what it drives, and nothing bounces (R1). */
  g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_BOUNCE), ==, 0);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_GRANT, 0)->a, ==, 0);
  dms_list_put (&bare.machine, bare.list, true);
  g_assert_cmpuint (bare.machine.grants.n, ==, 0);
  g_assert_cmpuint (bare.machine.mapped.n, ==, 0);
  bare_release (&bare);

  /* The documented system bounces what a 32-bit device does not reach. */
  scenario_of (&bare, DMS_PROFILE_DOCUMENTED, 0, 0x10, 0x5ff0, vector_1);
  bare_start (&bare, &master);
  g_assert_cmphex (get (&bare, 0, 0x5ff0, true), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_BOUNCE), ==, 2);
  for (uint32_t i = 0; i < bare.list->n_elements; i++)
    g_assert_cmphex (bare.list->elements[i].logical + bare.list->elements[i].length - 1,
                     <=,
                     UINT32_MAX);
  bare_release (&bare);
}

/* Without R1 the same adapter takes slots, and its runs end at 64 KiB. */
static void
test_list_with_slots (void)
{
  static const DmsListElement elements[]
      = { { 0xe010, 0x1ff0 }, { 0x10000, 0x1000 }, { 0x23000, 0x2000 } };
  static const uint64_t frames[] = { 0xe, 0xf, 0x10, 0x100000, 0x100001 };
  DmsDescription master = pci_master (true);
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, 0, 0x10, 0x4ff0, frames);
  bare_start (&bare, &master);
  g_assert_cmpuint (bare.adapter->allowed, ==, 16);
  g_assert_cmphex (get (&bare, 0, 0x4ff0, true), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_GRANT, 0)->a, ==, 5);
  /* The slots begin at 0x20000; those of the last two pages lie in a row. */
  assert_elements (bare.list, elements, G_N_ELEMENTS (elements));
  bare_release (&bare);
}

/* ---- vectors 2 and 3: MapTransfer, piece by piece ---- */

/* Maps all of the buffer by as many calls as it takes; returns how many. */
static uint32_t
map_all (Bare *bare,
         DmsGrant *grant,
         uint64_t length,
         uint64_t *lengths,
         DmsListElement *elements)
{
  uint64_t done = 0;
  uint32_t n = 0;

  while (done < length)
    {
      DmsMapRange range = { .mdls = &bare->mdl,
                            .n_mdls = 1,
                            .skip = done,
                            .length = length - done,
                            .to_device = true,
                            .max_elements = 1 };
      uint32_t n_elements = 0;

      g_assert_cmphex (
          dms_grant_map (
              &bare->machine, grant, &range, &elements[n], &n_elements, &lengths[n]),
          ==,
          DMS_NT_SUCCESS);
      g_assert_cmpuint (n_elements, ==, 1);
      g_assert_cmpuint (elements[n].length, ==, lengths[n]);
      done += lengths[n++];
    }
  g_assert_cmpuint (done, ==, length);
  return n;
}

static DmsGrant *
ask (Bare *bare, uint32_t count, uint32_t expected)
{
  DmsGrantRequest request
      = { .adapter = bare->adapter, .count = count, .is_synchronous = true };
  DmsGrant *grant = NULL;

  g_assert_cmphex (dms_grant_ask (&bare->machine, &request, &grant), ==, expected);
  g_assert_cmpuint (grant != NULL, ==, expected == DMS_NT_SUCCESS);
  return grant;
}

static void
test_map_transfer_of_a_master (void)
{
  static const uint64_t frames[] = { 0x200, 0x201, 0x310, 0x311, 0x312, 0x400 };
  DmsDescription master = pci_master (true);
  DmsListElement elements[8];
  uint64_t lengths[8];
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0x10, 0x5fd0, frames);
  bare_start (&bare, &master);
  g_assert_cmpuint (
      map_all (&bare, ask (&bare, 6, DMS_NT_SUCCESS), 0x5fd0, lengths, elements),
      ==,
      3);
  g_assert_cmphex (lengths[0], ==, 0x1ff0);
  g_assert_cmphex (lengths[1], ==, 0x3000);
  g_assert_cmphex (lengths[2], ==, 0xfe0);
  g_assert_cmphex (elements[1].logical, ==, 0x310000);
  bare_release (&bare);
}

/* There the driver programs the controller anew for each piece. It gets one map
 * register, whatever it maps. */
static void
test_map_transfer_of_a_slave (void)
{
  static const uint64_t frames[] = { 0x202, 0x203, 0x310, 0x400 };
  DmsDescription slave
      = { .scatter_gather = true, .bus = DMS_BUS_ISA, .maximum_length = 0x4000 };
  DmsListElement elements[8];
  uint64_t lengths[8];
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0x200, 0x3e00, frames);
  bare.scenario.devices[0].scatter_gather = true;
  bare_start (&bare, &slave);
  g_assert_cmpuint (bare.adapter->allowed, ==, 1);
  g_assert_cmpuint (
      map_all (&bare, ask (&bare, 1, DMS_NT_SUCCESS), 0x3e00, lengths, elements),
      ==,
      3);
  g_assert_cmphex (lengths[0], ==, 0x1e00);
  g_assert_cmphex (lengths[1], ==, 0x1000);
  g_assert_cmphex (lengths[2], ==, 0x1000);
  /* Nothing had to bounce, so nobody's slot was touched. */
  g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_BOUNCE), ==, 0);
  g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_FACT), ==, 0);
  bare_release (&bare);
}

/* A driver that asks for too few slots writes into its neighbour's. */
static void
test_unchecked_map_transfer (void)
{
  static const uint64_t frames[] = { 0x100010, 0x100020, 0x100030 };
  DmsDescription slave
      = { .scatter_gather = true, .bus = DMS_BUS_ISA, .maximum_length = 0x4000 };
  DmsListElement elements[8];
  uint64_t lengths[8];
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0, 0x3000, frames);
  bare_start (&bare, &slave);

  DmsGrant *neighbour = ask (&bare, 1, DMS_NT_SUCCESS);

  /* Its first slot is 0; who comes next gets 1. */
  g_assert_cmpuint (neighbour->first_register, ==, 0);
  dms_grant_act (&bare.machine, neighbour, DMS_ACTION_KEEP_REGISTERS);

  DmsGrant *grant = ask (&bare, 1, DMS_NT_SUCCESS);

  g_assert_cmpuint (grant->first_register, ==, 1);
  g_assert_cmpuint (map_all (&bare, grant, 0x3000, lengths, elements), ==, 3);
  for (uint32_t i = 0; i < 3; i++)
    g_assert_cmphex (elements[i].logical, ==, 0x21000 + 0x1000 * i);
  /* The second and the third piece have no slot of their own. */
  g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_FACT), ==, 2);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_FACT, 0)->index,
                    ==,
                    DMS_FACT_TOO_FEW_REGISTERS);
  bare_release (&bare);
}

/* ---- vector 4: a piece that crosses a line of 64 KiB ---- */

static void
test_one_piece_bounces_at_64_kib (void)
{
  static const uint64_t frames[] = { 0x10e, 0x10f, 0x110, 0x111 };
  DmsDescription master = pci_master (false);
  DmsListElement elements[8];
  uint64_t lengths[8];
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0, 0x4000, frames);
  bare.scenario.devices[0].scatter_gather = false;
  bare_start (&bare, &master);
  g_assert_cmpuint (
      map_all (&bare, ask (&bare, 4, DMS_NT_SUCCESS), 0x4000, lengths, elements),
      ==,
      1);
  g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_BOUNCE), ==, 4);
  g_assert_cmphex (elements[0].logical, ==, 0x20000);
  bare_release (&bare);

  /* It stays as it is when no line is crossed, and always in the documented system. */
  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0, 0x2000, frames);
  bare.scenario.devices[0].scatter_gather = false;
  bare_start (&bare, &master);
  map_all (&bare, ask (&bare, 2, DMS_NT_SUCCESS), 0x2000, lengths, elements);
  g_assert_cmphex (elements[0].logical, ==, 0x10e000);
  bare_release (&bare);
  scenario_of (&bare, DMS_PROFILE_DOCUMENTED, 0, 0, 0x4000, frames);
  bare.scenario.devices[0].scatter_gather = false;
  bare_start (&bare, &master);
  map_all (&bare, ask (&bare, 4, DMS_NT_SUCCESS), 0x4000, lengths, elements);
  g_assert_cmphex (elements[0].logical, ==, 0x10e000);
  bare_release (&bare);
}

/* ---- vector 5: a list of seventeen elements ---- */

static void
test_long_lists_are_lost (void)
{
  DmsDescription master = pci_master (true);
  uint64_t frames[17];
  Bare bare;

  for (uint64_t i = 0; i < 17; i++)
    frames[i] = 0x200 + 2 * i;
  for (uint64_t pages = 16; pages <= 17; pages++)
    {
      scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0, 17 * 4096, frames);
      bare_start (&bare, &master);
      g_assert_cmphex (get (&bare, 0, pages * 4096, true), ==, DMS_NT_SUCCESS);
      run_work (&bare);
      g_assert_cmpuint (bare.n_delivered, ==, pages == 16);
      g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_MAP), ==, pages == 16);
      g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_CANCEL), ==, pages == 17);
      /* The channel is free again, and the slots. */
      g_assert_cmpuint (bare.adapter->channel, ==, 0);
      g_assert_cmpuint (bare.machine.pool.n_free, ==, 16);
      g_assert_cmpuint (bare.machine.grants.n, ==, pages == 16);
      g_assert_cmpuint (bare.run.state->mappings.n, ==, pages == 16);
      g_assert_cmpuint (bare.run.state->oddities, ==, 0);
      g_assert_cmpuint (bare.machine.mapped.n, ==, pages == 16 ? 16 : 0);
      bare_release (&bare);
    }
  /* Without R2 any length is delivered. */
  scenario_of (&bare, DMS_PROFILE_REACTOS, DMS_QUIRK_R1, 0, 17 * 4096, frames);
  bare_start (&bare, &master);
  g_assert_cmphex (get (&bare, 0, 17 * 4096, true), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (bare.list->n_elements, ==, 17);
  bare_release (&bare);
}

/* The same with slots: they go back to the pool. */
static void
test_long_lists_give_their_slots_back (void)
{
  DmsDescription master = pci_master (true);
  uint64_t frames[17];
  Bare bare;

  for (uint64_t i = 0; i < 17; i++)
    frames[i] = 0x200 + 2 * i;
  scenario_of (&bare,
               DMS_PROFILE_REACTOS,
               DMS_QUIRK_R2 | DMS_QUIRK_R4,
               0x800,
               16 * 4096,
               frames);
  bare_start (&bare, &master);
  g_assert_cmphex (get (&bare, 0, 16 * 4096, true), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (bare.n_delivered, ==, 0);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_GRANT, 0)->a, ==, 16);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_RELEASE, 0)->a, ==, 16);
  g_assert_cmpuint (bare.machine.pool.n_free, ==, 16);
  bare_release (&bare);
}

/* ---- vector 6: sizes ---- */

static uint32_t
size_of (Bare *bare, uint64_t address, uint64_t length, uint64_t *ret_registers)
{
  DmsSizeRequest request = { .address = address, .length = length };
  uint64_t bytes = 0;

  g_assert_cmphex (dms_adapter_list_size (
                       &bare->machine, bare->adapter, &request, &bytes, ret_registers),
                   ==,
                   DMS_NT_SUCCESS);
  return (uint32_t)bytes;
}

static void
test_sizes_ignore_the_offset (void)
{
  static const uint64_t frames[] = { 0x200, 0x300 };
  DmsDescription master = pci_master (true);
  uint64_t memory[64];
  uint64_t registers = 0;
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0xfff, 2, frames);
  bare_start (&bare, &master);
  g_assert_cmpuint (size_of (&bare, 0xfff, 2, &registers), ==, 144);
  g_assert_cmpuint (registers, ==, 1);
  /* A constant, and no failure, whatever is asked. */
  g_assert_cmpuint (size_of (&bare, 0, UINT64_C (1) << 30, &registers), ==, 144);
  g_assert_cmpuint (registers, ==, 1 << 18);

  DmsListRequest request = { .adapter = bare.adapter,
                             .mdls = &bare.mdl,
                             .n_mdls = 1,
                             .address = bare.mdl->address,
                             .length = 2,
                             .deliver = deliver,
                             .data = { .context = &bare },
                             .callback = "ProgramDevice",
                             .memory = memory,
                             .memory_bytes = 143 };

  g_assert_cmphex (dms_list_get (&bare.machine, &request), ==, DMS_NT_BUFFER_TOO_SMALL);
  g_assert_cmpuint (bare.n_delivered, ==, 0);
  request.memory_bytes = 144;
  g_assert_cmphex (dms_list_get (&bare.machine, &request), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (bare.n_delivered, ==, 1);
  bare_release (&bare);

  scenario_of (&bare, DMS_PROFILE_DOCUMENTED, 0, 0xfff, 2, frames);
  bare_start (&bare, &master);
  g_assert_cmpuint (size_of (&bare, 0xfff, 2, &registers), >, 16 + 2 * 24);
  g_assert_cmpuint (registers, ==, 2);
  bare_release (&bare);
}

/* ---- vector 7: more slots than an adapter may have ---- */

static void
test_too_many_slots (void)
{
  DmsDescription master = pci_master (false);
  uint64_t frames[17];
  Bare bare;

  for (uint64_t i = 0; i < 17; i++)
    frames[i] = 0x200 + 2 * i;
  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0, 17 * 4096, frames);
  bare.scenario.devices[0].scatter_gather = false;
  bare_start (&bare, &master);
  g_assert_cmphex (get (&bare, 0, 17 * 4096, true), ==, 0xc000009a);
  g_assert_cmpuint (bare.n_delivered, ==, 0);
  ask (&bare, 17, 0xc000009a);
  g_assert_cmphex (get (&bare, 0, 16 * 4096, true), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (bare.n_delivered, ==, 1);
  g_assert_cmpuint (bare.list->n_elements, ==, 1);
  bare_release (&bare);
  /* Who needs none may ask for any number. */
  master = pci_master (true);
  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0, 17 * 4096, frames);
  bare_start (&bare, &master);
  ask (&bare, 10000, DMS_NT_SUCCESS);
  bare_release (&bare);
}

/* ---- vector 8: nothing ---- */

static void
test_lists_of_nothing (void)
{
  static const uint64_t frames[] = { 0x200 };
  DmsDescription master = pci_master (true);
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0, 4096, frames);
  bare_start (&bare, &master);
  g_assert_cmphex (get (&bare, 0, 0, true), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (bare.n_delivered, ==, 1);
  g_assert_cmpuint (bare.list->n_elements, ==, 0);
  dms_list_put (&bare.machine, bare.list, true);
  g_assert_cmpuint (bare.machine.grants.n, ==, 0);
  bare_release (&bare);
  scenario_of (&bare, DMS_PROFILE_DOCUMENTED, 0, 0, 4096, frames);
  bare_start (&bare, &master);
  g_assert_cmphex (get (&bare, 0, 0, true), ==, DMS_NT_INVALID_PARAMETER);
  bare_release (&bare);
}

/* ---- R4: one slot too few, and the neighbour's bytes are gone ---- */

static void
test_offset_ignored_damages_the_neighbour (void)
{
  static const uint64_t frames[] = { 0x100010, 0x100020, 0x100030, 0x100040 };
  DmsDescription master = pci_master (true);
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, DMS_QUIRK_R4, 0x800, 0x3000, frames);
  bare_start (&bare, &master);
  memset (bare.mdl->bytes, 'a', 0x2000);
  memset (bare.mdl->bytes + 0x2000, 'b', 0x1000);
  /* Two pages, one slot each; the second of each list lies in the next one's. */
  g_assert_cmphex (get (&bare, 0x2000, 0x1000, true), ==, DMS_NT_SUCCESS);

  DmsList *second = bare.list;

  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_GRANT, 0)->a, ==, 1);
  g_assert_cmpuint (second->n_pages, ==, 2);
  g_assert_cmphex (get (&bare, 0, 0x1000, true), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (bare.list->first_register, ==, 1);
  g_assert_cmphex (bare.list->pages[0].logical, ==, 0x21800);
  g_assert_cmphex (second->pages[1].logical, ==, 0x21000);

  const uint8_t *slot = dms_memory_page (&bare.machine.memory, 0x21);

  /* Half a page of each: nobody's, in the end. */
  g_assert_cmpint (slot[0], ==, 'b');
  g_assert_cmpint (slot[0x800], ==, 'a');
  bare_release (&bare);

  scenario_of (&bare, DMS_PROFILE_REACTOS, 0, 0x800, 0x3000, frames);
  bare_start (&bare, &master);
  g_assert_cmphex (get (&bare, 0, 0x1000, true), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_GRANT, 0)->a, ==, 2);
  bare_release (&bare);
}

/* ---- R17: the direction of PutScatterGatherList ---- */

static void
test_direction_of_put_is_ignored (void)
{
  static const uint64_t frames[] = { 0x100010 };
  DmsDescription master = pci_master (true);

  for (uint32_t quirk = 0; quirk < 2; quirk++)
    {
      Bare bare;

      scenario_of (
          &bare, DMS_PROFILE_REACTOS, quirk == 0 ? 0 : DMS_QUIRK_R17, 0, 4096, frames);
      bare_start (&bare, &master);
      g_assert_cmphex (get (&bare, 0, 4096, false), ==, DMS_NT_SUCCESS);
      memset (dms_memory_page (&bare.machine.memory, 0x20), 'x', 4096);
      dms_list_put (&bare.machine, bare.list, true);
      g_assert_cmpint (bare.mdl->bytes[0] == 'x', ==, quirk);
      g_assert_cmpuint (fixture_count (&bare.run, DMS_EVENT_COPY), ==, quirk);
      bare_release (&bare);
    }
}

/* ---- common buffers ---- */

static void
test_common_buffers_keep_to_lines (void)
{
  static const uint64_t frames[] = { 0x200 };
  DmsDescription slave
      = { .bus = DMS_BUS_ISA, .channel = 5, .width = 1, .maximum_length = 65536 };
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, ALL_QUIRKS, 0, 4096, frames);
  bare_start (&bare, &slave);
  for (int i = 0; i < 5; i++)
    {
      const DmsCommon *common
          = dms_common_allocate (&bare.machine, bare.adapter, 0x6000, UINT64_MAX);

      g_assert_nonnull (common);
      g_assert_cmphex (
          common->logical >> 16, ==, (common->logical + common->length - 1) >> 16);
    }
  /* Though its channel moves 128 KiB. */
  g_assert_nonnull (
      dms_common_allocate (&bare.machine, bare.adapter, 0x10000, UINT64_MAX));
  g_assert_null (
      dms_common_allocate (&bare.machine, bare.adapter, 0x10001, UINT64_MAX));
  bare_release (&bare);
}

/* ---- R23: first come, first served, and the pool that grows ---- */

static void
test_waiting_makes_the_pool_grow (void)
{
  static const uint64_t frames[]
      = { 0x100010, 0x100020, 0x100030, 0x100040, 0x100050, 0x100060,
          0x100070, 0x100080, 0x100090, 0x1000a0, 0x1000b0, 0x1000c0 };
  DmsDescription master = pci_master (true);
  Bare bare;

  scenario_of (&bare, DMS_PROFILE_REACTOS, 0, 0, 12 * 4096, frames);
  bare_start (&bare, &master);
  /* Twelve of sixteen; then eight wait, and four behind them that would fit. */
  g_assert_cmphex (get (&bare, 0, 12 * 4096, true), ==, DMS_NT_SUCCESS);
  g_assert_cmphex (get (&bare, 0, 8 * 4096, true), ==, DMS_NT_SUCCESS);

  const DmsEvent *wait = fixture_find (&bare.run, DMS_EVENT_WAIT, 0);

  g_assert_cmpuint (wait->flags & DMS_FLAG_FOR_CHANNEL, ==, 0);
  g_assert_cmpuint (wait->a, ==, 8);
  g_assert_cmpuint (wait->b, ==, 4);
  bare.adapter = dms_adapter_new (&bare.machine, &bare.machine.devices[0], &master);
  g_assert_cmphex (get (&bare, 0, 4 * 4096, true), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (bare.n_delivered, ==, 1);
  run_work (&bare);
  g_assert_cmpuint (bare.n_delivered, ==, 3);

  const DmsEvent *pool = fixture_find (&bare.run, DMS_EVENT_POOL, 1);

  /* By exactly what was asked for, behind a gap. */
  g_assert_cmpuint (pool->index, ==, 17);
  g_assert_cmpuint (pool->a, ==, 8);
  g_assert_cmphex (pool->flags, ==, DMS_FLAG_FORCED);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_GRANT, 1)->index, ==, 17);
  /* The third wait has made it grow again, before anybody was served. */
  pool = fixture_find (&bare.run, DMS_EVENT_POOL, 2);
  g_assert_cmpuint (pool->a, ==, 4);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_GRANT, 1)->cause, ==, pool->seq);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_GRANT, 2)->a, ==, 4);
  g_assert_cmpuint (fixture_find (&bare.run, DMS_EVENT_GRANT, 2)->index, ==, 12);
  bare_release (&bare);
}

/* ---- what it has not ---- */

static void
test_what_there_is_not (void)
{
  static const char *const words[]
      = { "machine.verifier is true; the profile \"reactos\" does not verify",
          "devices[0].iommu is true; the profile \"reactos\" has no IOMMU" };
  DmsSink sink = { NULL, NULL, NULL };

  for (int i = 0; i < 2; i++)
    {
      DmsScenario scenario;
      DmsBytes problem;

      dms_bytes_init (&problem);
      fixture_story (&scenario, false);
      scenario.profile = DMS_PROFILE_REACTOS;
      scenario.verifier = i == 0;
      scenario.devices[0].iommu = i == 1;
      g_assert_null (dms_simulation_new (&scenario, &sink, NULL, &problem));
      g_assert_cmpstr (dms_bytes_text (&problem), ==, words[i]);
      dms_bytes_release (&problem);
      dms_scenario_release (&scenario);
    }
}

/* The story, there: nothing bounces, and the driver does with the second version. */
static void
test_story (void)
{
  DmsScenario scenario;
  FixtureRun run;

  for (uint32_t quirks = 0; quirks <= ALL_QUIRKS; quirks += ALL_QUIRKS)
    {
      fixture_story (&scenario, false);
      scenario.profile = DMS_PROFILE_REACTOS;
      scenario.quirks = quirks;
      fixture_run_init (&run);

      DmsSimulation *simulation = fixture_run (&run, &scenario);
      const DmsEvent *complete = fixture_find (&run, DMS_EVENT_COMPLETE, 0);

      g_assert_cmpuint (fixture_find (&run, DMS_EVENT_ADAPTER, 0)->index, ==, 2);
      g_assert_cmpuint (fixture_count (&run, DMS_EVENT_ADAPTER), ==, 1);
      g_assert_cmpuint (
          fixture_count (&run, DMS_EVENT_FACT), ==, quirks == 0 ? 0 : N_OUT_OF_REACH);
      g_assert_cmpuint (
          fixture_count (&run, DMS_EVENT_BOUNCE), ==, quirks == 0 ? 2 : 0);
      g_assert_cmphex (complete->status, ==, DMS_NT_SUCCESS);
      fixture_assert_clean (simulation);
      dms_simulation_free (simulation);
      fixture_run_release (&run);
      dms_scenario_release (&scenario);
    }
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/reactos/straight-list-breaks-at-4-gib",
                   test_straight_list_breaks_at_4_gib);
  g_test_add_func ("/reactos/list-with-slots", test_list_with_slots);
  g_test_add_func ("/reactos/map-transfer-of-a-master", test_map_transfer_of_a_master);
  g_test_add_func ("/reactos/map-transfer-of-a-slave", test_map_transfer_of_a_slave);
  g_test_add_func ("/reactos/unchecked-map-transfer", test_unchecked_map_transfer);
  g_test_add_func ("/reactos/one-piece-bounces-at-64-kib",
                   test_one_piece_bounces_at_64_kib);
  g_test_add_func ("/reactos/long-lists-are-lost", test_long_lists_are_lost);
  g_test_add_func ("/reactos/long-lists-give-their-slots-back",
                   test_long_lists_give_their_slots_back);
  g_test_add_func ("/reactos/sizes-ignore-the-offset", test_sizes_ignore_the_offset);
  g_test_add_func ("/reactos/too-many-slots", test_too_many_slots);
  g_test_add_func ("/reactos/lists-of-nothing", test_lists_of_nothing);
  g_test_add_func ("/reactos/offset-ignored-damages-the-neighbour",
                   test_offset_ignored_damages_the_neighbour);
  g_test_add_func ("/reactos/direction-of-put-is-ignored",
                   test_direction_of_put_is_ignored);
  g_test_add_func ("/reactos/common-buffers-keep-to-lines",
                   test_common_buffers_keep_to_lines);
  g_test_add_func ("/reactos/what-there-is-not", test_what_there_is_not);
  g_test_add_func ("/reactos/story", test_story);
  g_test_add_func ("/reactos/waiting-makes-the-pool-grow",
                   test_waiting_makes_the_pool_grow);
  return g_test_run ();
}
