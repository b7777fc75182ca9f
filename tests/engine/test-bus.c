/* test-bus.c — the way of a device to memory, with and without an IOMMU
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-grant.h"
#include "engine/kernel/dms-iommu.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

/* ---- a machine without drivers ---- */

typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsSink sink;
  DmsMachine machine;
  DmsDevice *device;
} Bus;

static const uint64_t frames[] = { 0x500, 0x777 };

static void
bus_init (Bus *bus, uint32_t address_bits, bool iommu)
{
  memset (bus, 0, sizeof *bus);
  dms_scenario_init (&bus->scenario);
  bus->scenario.memory = UINT64_C (1) << 30;
  bus->scenario.map_registers = 16;
  fixture_add_device (&bus->scenario, "card0", address_bits)->iommu = iommu;
  fixture_add_mdl (fixture_add_buffer (&bus->scenario, "data"), 0, 8192, frames);
  fixture_run_init (&bus->run);
  bus->sink = fixture_sink (&bus->run);
  g_assert_cmpint (
      dms_machine_init (&bus->machine, &bus->scenario, &bus->sink), ==, DMS_OK);
  bus->machine.keeps_received = true;
  bus->device = &bus->machine.devices[0];
}

static void
bus_release (Bus *bus)
{
  dms_machine_release (&bus->machine);
  fixture_run_release (&bus->run);
  dms_scenario_release (&bus->scenario);
}

static DmsBusResult
bus_move (
    Bus *bus, uint64_t logical, uint32_t length, bool writes_memory, uint8_t *bytes)
{
  DmsBurst burst = { .logical = logical,
                     .length = length,
                     .writes_memory = writes_memory,
                     .descriptor = 3,
                     .bytes = bytes };
  uint64_t seq = 0;
  DmsBusResult result = dms_bus_move (&bus->machine, bus->device, &burst, &seq);

  g_assert_cmpuint (seq, !=, 0);
  return result;
}

static uint8_t *
bus_memory (Bus *bus, uint64_t physical)
{
  uint8_t *page = dms_memory_page (&bus->machine.memory, physical >> DMS_PAGE_SHIFT);

  g_assert_nonnull (page);
  return page + dms_page_offset (physical);
}

static const DmsEvent *
last_event (const Bus *bus)
{
  return &g_array_index (bus->run.events, DmsEvent, bus->run.events->len - 1);
}

/* ---- without an IOMMU ---- */

static void
test_room (void)
{
  Bus bus;

  bus_init (&bus, 32, false);
  g_assert_cmpuint (dms_bus_room (&bus.machine, bus.device, 0x500000, 9999), ==, 1024);
  g_assert_cmpuint (dms_bus_room (&bus.machine, bus.device, 0x500000, 10), ==, 10);
  g_assert_cmpuint (dms_bus_room (&bus.machine, bus.device, 0x500ffd, 10), ==, 3);
  g_assert_cmpuint (dms_bus_room (&bus.machine, bus.device, 0x500fff, 1), ==, 1);
  bus_release (&bus);
}

static void
test_stray_reaches_memory (void)
{
  Bus bus;
  uint8_t there[4] = { 1, 2, 3, 4 };
  uint8_t back[4] = { 0 };

  bus_init (&bus, 32, false);
  g_assert_cmpint (bus_move (&bus, 0x500ffc, 4, true, there), ==, DMS_BUS_STRAY);
  g_assert_cmpmem (bus_memory (&bus, 0x500ffc), 4, there, 4);
  g_assert_cmpuint (last_event (&bus)->kind, ==, DMS_EVENT_STRAY);
  g_assert_cmpuint (last_event (&bus)->b, ==, 0x500ffc);
  g_assert_cmpuint (last_event (&bus)->index, ==, 3);
  g_assert_cmpint (bus_move (&bus, 0x500ffc, 4, false, back), ==, DMS_BUS_STRAY);
  g_assert_cmpmem (back, 4, there, 4);
  bus_release (&bus);
}

static void
test_lines_that_are_not_there_are_lost (void)
{
  Bus bus;
  uint8_t there[] = { 9 };

  bus_init (&bus, 24, false);
  g_assert_cmpint (bus_move (&bus, 0x77123456, 1, true, there), ==, DMS_BUS_STRAY);
  g_assert_cmpuint (last_event (&bus)->a, ==, 0x123456);
  g_assert_cmpuint (*bus_memory (&bus, 0x123456), ==, 9);
  bus_release (&bus);
}

static void
test_nobody_answers (void)
{
  Bus bus;
  uint8_t back[2] = { 1, 2 };

  bus_init (&bus, 64, false);
  g_assert_cmpint (
      bus_move (&bus, UINT64_C (1) << 40, 2, false, back), ==, DMS_BUS_NOBODY);
  g_assert_cmpuint (back[0], ==, 0xff);
  g_assert_true ((last_event (&bus)->flags & DMS_FLAG_FAILED) != 0);
  bus_release (&bus);
}

/* A bounce page that nobody has mapped: a fact names its map register. */
static void
test_register_that_was_given_back (void)
{
  Bus bus;
  uint8_t bytes[4] = { 0 };

  bus_init (&bus, 32, false);

  uint64_t bounce = bus.machine.pool.registers[5].frame << DMS_PAGE_SHIFT;

  g_assert_cmpint (bus_move (&bus, bounce, 4, true, bytes), ==, DMS_BUS_STRAY);
  g_assert_cmpuint (last_event (&bus)->kind, ==, DMS_EVENT_FACT);
  g_assert_cmpuint (last_event (&bus)->index, ==, DMS_FACT_TOUCHES_FREED);
  g_assert_cmpuint (last_event (&bus)->b, ==, 5);
  bus_release (&bus);
}

/* ---- the device's stream ---- */

static void
test_stream_goes_on_over_operations (void)
{
  Bus bus;
  uint8_t wanted[300];

  bus_init (&bus, 32, false);
  dms_pattern_fill (dms_pattern_key (bus.scenario.seed, 7), 0, wanted, sizeof wanted);
  dms_bus_begin (bus.device, 7);
  bus_move (&bus, 0x500000, 100, true, NULL);
  dms_bus_begin (bus.device, 7);
  bus_move (&bus, 0x500064, 200, true, NULL);
  g_assert_cmpmem (bus_memory (&bus, 0x500000), 300, wanted, 300);
  /* Another one, and one that is not known, begin anew. */
  for (uint64_t transfer = 8; transfer > 0; transfer -= 8)
    {
      dms_pattern_fill (dms_pattern_key (bus.scenario.seed, transfer), 0, wanted, 100);
      dms_bus_begin (bus.device, transfer);
      bus_move (&bus, 0x777000, 100, true, NULL);
      g_assert_cmpmem (bus_memory (&bus, 0x777000), 100, wanted, 100);
    }
  bus_release (&bus);
}

static void
test_received_is_kept (void)
{
  Bus bus;
  size_t n = 1;

  bus_init (&bus, 32, false);
  dms_device_received (bus.device, &n);
  g_assert_cmpuint (n, ==, 0);
  memcpy (bus_memory (&bus, 0x500010), "abcdefgh", 8);
  dms_bus_begin (bus.device, 1);
  bus_move (&bus, 0x500010, 3, false, NULL);
  dms_bus_begin (bus.device, 1);
  bus_move (&bus, 0x500013, 5, false, NULL);

  const uint8_t *received = dms_device_received (bus.device, &n);

  g_assert_cmpmem (received, n, "abcdefgh", 8);
  dms_bus_begin (bus.device, 2);
  dms_device_received (bus.device, &n);
  g_assert_cmpuint (n, ==, 0);
  bus_release (&bus);
}

/* ---- elements ---- */

static guint
facts (const Bus *bus, DmsFact fact)
{
  guint n = 0;

  for (guint i = 0; i < bus->run.events->len; i++)
    {
      const DmsEvent *event = &g_array_index (bus->run.events, DmsEvent, i);

      n += event->kind == DMS_EVENT_FACT && event->index == (uint32_t)fact;
    }
  return n;
}

static void
test_element_limits (void)
{
  static const struct
  {
    uint64_t address, length;
    DmsFact fact; /* 0 = none */
  } rows[] = {
    { 0x10000, 0x2000, 0 },
    { 0x10000, 0x2004, DMS_FACT_ELEMENT_TOO_LONG },
    { 0x1f000, 0x1000, 0 },
    { 0x1f000, 0x1004, DMS_FACT_CROSSES_BOUNDARY },
    { 0x1fffc, 8, DMS_FACT_CROSSES_BOUNDARY },
    { 0x10001, 4, DMS_FACT_MISALIGNED },
    { 0x10000, 5, DMS_FACT_MISALIGNED },
    { 0xfffffc, 4, 0 },
    { 0x1000000, 4, DMS_FACT_OUT_OF_REACH },
    { UINT64_MAX - 3, 4, DMS_FACT_OUT_OF_REACH },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Bus bus;

      bus_init (&bus, 24, false);
      bus.device->hardware.segment = 0x2000;
      bus.device->hardware.boundary = 0x10000;
      bus.device->hardware.alignment = 4;

      guint before = bus.run.events->len;

      dms_bus_check_element (
          &bus.machine, bus.device, 0, rows[i].address, rows[i].length);
      g_assert_cmpuint (bus.run.events->len - before, ==, rows[i].fact != 0);
      if (rows[i].fact != 0)
        g_assert_cmpuint (facts (&bus, rows[i].fact), ==, 1);
      bus_release (&bus);
    }
}

/* An address of the driver's buffer that was never mapped. */
static void
test_physical_address (void)
{
  Bus bus;
  DmsTransfer transfer = { .id = 1 };

  bus_init (&bus, 32, false);
  transfer.buffer = &bus.machine.buffers[0];
  bus.device->current = &transfer;
  dms_bus_check_element (&bus.machine, bus.device, 2, 0x777010, 16);
  g_assert_cmpuint (facts (&bus, DMS_FACT_PHYSICAL_ADDRESS), ==, 1);
  g_assert_cmpuint (last_event (&bus)->b, ==, 1);
  g_assert_cmpuint (last_event (&bus)->c, ==, 2);
  dms_bus_check_element (&bus.machine, bus.device, 2, 0x778010, 16);
  g_assert_cmpuint (facts (&bus, DMS_FACT_PHYSICAL_ADDRESS), ==, 1);
  bus.device->current = NULL;
  bus_release (&bus);
}

/* ---- what is mapped ---- */

/* A grant that maps both pages of the buffer, from offset 0x100 on, for the device. */
static DmsGrant *
bus_map (Bus *bus, DmsListElement *elements, uint32_t *ret_n)
{
  DmsMachine *machine = &bus->machine;
  DmsMdl *mdl = &machine->buffers[0].mdls[0];
  DmsDescription description = { .version = 3,
                                 .is_master = true,
                                 .scatter_gather = true,
                                 .bus = DMS_BUS_PCI,
                                 .address_width = bus->device->row->address_bits,
                                 .maximum_length = 65536 };
  DmsGrantRequest request
      = { .adapter = dms_adapter_new (machine, bus->device, &description),
          .count = 2,
          .is_synchronous = true };
  DmsMapRange range = { .mdls = &mdl,
                        .n_mdls = 1,
                        .skip = 0x100,
                        .length = 0x1800,
                        .whole_chain = true,
                        .max_elements = 2 };
  DmsGrant *grant = NULL;
  uint64_t mapped = 0;

  g_assert_nonnull (request.adapter);
  g_assert_cmpint (dms_grant_ask (machine, &request, &grant), ==, DMS_NT_SUCCESS);
  g_assert_cmpint (dms_grant_map (machine, grant, &range, elements, ret_n, &mapped),
                   ==,
                   DMS_NT_SUCCESS);
  g_assert_cmpuint (mapped, ==, 0x1800);
  return grant;
}

static void
test_mapped_pages (void)
{
  Bus bus;
  DmsListElement elements[2];
  uint32_t n = 0;

  bus_init (&bus, 32, false);
  bus.device->hardware.burst = 4096;

  DmsGrant *grant = bus_map (&bus, elements, &n);

  g_assert_cmpuint (n, ==, 2);
  g_assert_cmphex (elements[0].logical, ==, 0x500100);
  g_assert_cmphex (elements[1].logical, ==, 0x777000);
  g_assert_cmpuint (elements[1].length, ==, 0x900);
  /* No further than the page, and than what is mapped of it. */
  g_assert_cmpuint (dms_bus_room (&bus.machine, bus.device, 0x500100, 9999), ==, 0xf00);
  g_assert_cmpuint (dms_bus_room (&bus.machine, bus.device, 0x777000, 9999), ==, 0x900);
  g_assert_cmpuint (dms_bus_room (&bus.machine, bus.device, 0x7778ff, 9999), ==, 1);
  g_assert_cmpint (bus_move (&bus, 0x777010, 16, true, NULL), ==, DMS_BUS_DONE);
  g_assert_cmpuint (last_event (&bus)->kind, ==, DMS_EVENT_BURST);
  g_assert_cmpuint (last_event (&bus)->object, ==, grant->id);
  g_assert_cmpuint (last_event (&bus)->index, ==, 1);
  g_assert_cmpuint (last_event (&bus)->c, ==, 32);
  /* Behind and before it in the same pages nothing is mapped. */
  g_assert_cmpint (bus_move (&bus, 0x777900, 16, true, NULL), ==, DMS_BUS_STRAY);
  g_assert_cmpint (bus_move (&bus, 0x5000ff, 1, true, NULL), ==, DMS_BUS_STRAY);
  bus_release (&bus);
}

/* ---- an IOMMU ---- */

static void
test_iommu_translates (void)
{
  Bus bus;
  DmsListElement elements[2];
  uint32_t n = 0;
  uint8_t bytes[] = { 1, 2, 3 };

  bus_init (&bus, 32, true);
  bus_map (&bus, elements, &n);

  uint64_t base = dms_iommu_logical (&bus.machine, bus.device, 0);

  g_assert_cmpuint (n, ==, 1);
  g_assert_cmphex (elements[0].logical, ==, base + 0x100);
  g_assert_cmpuint (elements[0].length, ==, 0x1800);
  g_assert_cmpint (bus_move (&bus, base + 0x1010, 3, true, bytes), ==, DMS_BUS_DONE);
  g_assert_cmphex (last_event (&bus)->b, ==, 0x777010);
  g_assert_cmpuint (last_event (&bus)->c, ==, 0xf13);
  g_assert_cmpmem (bus_memory (&bus, 0x777010), 3, bytes, 3);
  /* Entries are whole pages: bytes beside the mapped ones can be reached. */
  g_assert_cmpint (bus_move (&bus, base + 0x1a00, 3, true, bytes), ==, DMS_BUS_STRAY);
  g_assert_cmphex (last_event (&bus)->b, ==, 0x777a00);
  g_assert_cmpint (bus_move (&bus, base + 0x2000, 3, true, bytes), ==, DMS_BUS_FAULT);
  g_assert_cmpint (bus_move (&bus, 0x777010, 3, true, bytes), ==, DMS_BUS_FAULT);
  bus_release (&bus);
}

static void
test_iommu_stops (void)
{
  Bus bus;
  uint8_t bytes[4] = { 1, 2, 3, 4 };

  bus_init (&bus, 32, true);
  g_assert_cmpint (bus_move (&bus, 0x500000, 4, true, bytes), ==, DMS_BUS_FAULT);
  g_assert_cmpuint (last_event (&bus)->kind, ==, DMS_EVENT_FAULT);
  g_assert_cmpuint (last_event (&bus)->a, ==, 0x500000);
  g_assert_cmpuint (*bus_memory (&bus, 0x500000), !=, 1);
  g_assert_cmpuint (
      dms_state_device (bus.run.state, bus.device->name)->moved_bytes, ==, 0);
  bus_release (&bus);
}

static void
test_iommu_addresses (void)
{
  g_assert_true (dms_iommu_fits (64, 65536));
  g_assert_true (dms_iommu_fits (32, 65536));
  g_assert_true (dms_iommu_fits (29, 65536));
  g_assert_false (dms_iommu_fits (28, 65536));
  g_assert_true (dms_iommu_fits (24, 2048));
  g_assert_false (dms_iommu_fits (24, 2049));
  g_assert_true (dms_iommu_fits (13, 1));
  g_assert_false (dms_iommu_fits (12, 1));
  g_assert_true (dms_iommu_fits (1, 0));
  for (uint32_t bits = 17; bits <= 64; bits++)
    {
      Bus bus;

      bus_init (&bus, bits, true);
      for (uint32_t r = 0; r < 16; r++)
        {
          uint64_t logical = dms_iommu_logical (&bus.machine, bus.device, r);

          g_assert_cmpuint (dms_page_offset (logical), ==, 0);
          g_assert_cmpuint (logical + DMS_PAGE_MASK, <=, bus.device->highest);
          g_assert_cmpuint (logical,
                            ==,
                            dms_iommu_logical (&bus.machine, bus.device, 0)
                                + r * DMS_PAGE_SIZE);
        }
      bus_release (&bus);
    }
}

/* ---- entries for common buffers: first fit, against a map of every page ---- */

enum
{
  PAGES = 32, /* below the middle of what 18 lines reach; page 0 is left out */
  N_CHANGES = 4000,
  N_OWNERS = 12
};

static uint64_t
first_fit (const uint8_t *owners, uint64_t pages)
{
  for (uint64_t first = 1; first + pages <= PAGES; first++)
    {
      uint64_t n = 0;

      while (n < pages && owners[first + n] == 0)
        n++;
      if (n == pages)
        return first;
    }
  return 0;
}

static void
test_iommu_common_entries (void)
{
  Bus bus;
  DmsTestRandom random;
  uint8_t owners[PAGES] = { 0 };
  uint64_t starts[N_OWNERS + 1] = { 0 };

  dms_test_random_init (&random, 1);
  bus_init (&bus, 18, true);
  for (int i = 0; i < N_CHANGES; i++)
    {
      uint8_t owner = (uint8_t)dms_test_random_range (&random, 1, N_OWNERS);
      uint64_t pages = dms_test_random_range (&random, 1, 9);
      uint64_t logical = 0;
      guint before = bus.run.events->len;

      if (starts[owner] != 0)
        {
          dms_iommu_unmap_common (
              &bus.machine, bus.device, starts[owner] << DMS_PAGE_SHIFT);
          for (uint64_t k = 0; k < PAGES; k++)
            owners[k] = owners[k] == owner ? 0 : owners[k];
          starts[owner] = 0;
        }
      else
        {
          uint64_t first = first_fit (owners, pages);

          g_assert_cmpint (dms_iommu_map_common (
                               &bus.machine, bus.device, 0x100000, pages, &logical),
                           ==,
                           first != 0);
          if (first != 0)
            g_assert_cmpuint (logical, ==, first << DMS_PAGE_SHIFT);
          for (uint64_t k = 0; first != 0 && k < pages; k++)
            owners[first + k] = owner;
          starts[owner] = first;
          if (first == 0)
            before--;
        }
      g_assert_cmpuint (bus.run.events->len, ==, before + 1);
      if (bus.run.events->len > 1000)
        g_array_set_size (bus.run.events, 0);
    }
  dms_iommu_unmap_common (&bus.machine, bus.device, 0x7777000);
  bus_release (&bus);
}

static void
test_iommu_remembers_a_few (void)
{
  Bus bus;
  DmsCost cost = dms_cost_default ();
  DmsListElement elements[2];
  uint32_t n = 0;

  bus_init (&bus, 32, true);

  uint64_t without = cost.burst_ps + 100 * cost.bus_byte_ps;

  /* What is not mapped is looked for each time, what is, once. */
  for (int i = 0; i < 2; i++)
    g_assert_cmpuint (dms_bus_time (&bus.machine, bus.device, 0x500000, 100),
                      ==,
                      without + cost.iotlb_miss_ps);
  bus_map (&bus, elements, &n);
  for (int i = 0; i < 4; i++)
    g_assert_cmpuint (
        dms_bus_time (
            &bus.machine, bus.device, elements[0].logical + (i & 1) * 4096, 100),
        ==,
        without + (i < 2 ? cost.iotlb_miss_ps : 0));
  bus_release (&bus);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/bus/room", test_room);
  g_test_add_func ("/bus/stray-reaches-memory", test_stray_reaches_memory);
  g_test_add_func ("/bus/lines-that-are-not-there-are-lost",
                   test_lines_that_are_not_there_are_lost);
  g_test_add_func ("/bus/nobody-answers", test_nobody_answers);
  g_test_add_func ("/bus/register-that-was-given-back",
                   test_register_that_was_given_back);
  g_test_add_func ("/bus/stream/goes-on-over-operations",
                   test_stream_goes_on_over_operations);
  g_test_add_func ("/bus/stream/received-is-kept", test_received_is_kept);
  g_test_add_func ("/bus/element/limits", test_element_limits);
  g_test_add_func ("/bus/element/physical-address", test_physical_address);
  g_test_add_func ("/bus/mapped-pages", test_mapped_pages);
  g_test_add_func ("/bus/iommu/translates", test_iommu_translates);
  g_test_add_func ("/bus/iommu/stops", test_iommu_stops);
  g_test_add_func ("/bus/iommu/addresses", test_iommu_addresses);
  g_test_add_func ("/bus/iommu/common-entries", test_iommu_common_entries);
  g_test_add_func ("/bus/iommu/remembers-a-few", test_iommu_remembers_a_few);
  return g_test_run ();
}
