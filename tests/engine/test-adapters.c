/* test-adapters.c — adapters of every kind, and what they say of themselves
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-controller.h"
#include "tests/engine/driver-bench.h"
#include "tests/lib/dms-test.h"

#include <stddef.h>

/* What the routines of a test's driver share. */
typedef struct
{
  PDMA_ADAPTER adapter;
  PDMA_OPERATIONS ops;
} DRIVER;

static NTSTATUS
Start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  DEVICE_DESCRIPTION can;

  UNREFERENCED_PARAMETER (registers);
  RtlZeroMemory (&can, sizeof can);
  can.Version = DEVICE_DESCRIPTION_VERSION3;
  can.Master = TRUE;
  can.ScatterGather = TRUE;
  can.DmaAddressWidth = 32;
  can.MaximumLength = 65536;
  driver->adapter = IoGetDmaAdapter (device, &can, NULL);
  g_assert_nonnull (driver->adapter);
  driver->ops = driver->adapter->DmaOperations;
  return STATUS_SUCCESS;
}

static guint
count_returns (const Bench *bench, DmsRoutine routine)
{
  const DmsEvent *event = NULL;
  guint n = 0;

  for (guint i = 0; (event = fixture_find (&bench->run, DMS_EVENT_RETURN, i)) != NULL;
       i++)
    n += event->index == routine;
  return n;
}

/* ---- sizes: the numbers of the documentation, measured from headers ---- */

static void
test_layouts (void)
{
  g_assert_cmpuint (sizeof (DEVICE_DESCRIPTION), ==, 64);
  g_assert_cmpuint (offsetof (DEVICE_DESCRIPTION, DmaAddressWidth), ==, 40);
  g_assert_cmpuint (offsetof (DEVICE_DESCRIPTION, DeviceAddress), ==, 56);
  g_assert_cmpuint (sizeof (MDL), ==, 48);
  g_assert_cmpuint (sizeof (SCATTER_GATHER_ELEMENT), ==, 24);
  g_assert_cmpuint (offsetof (SCATTER_GATHER_LIST, Elements), ==, 16);
  g_assert_cmpuint (sizeof (DMA_ADAPTER_INFO), ==, 24);
  g_assert_cmpuint (sizeof (DMA_TRANSFER_INFO), ==, 20);
  /* Size and 39 routines, as the table of members numbers them. */
  g_assert_cmpuint (sizeof (DMA_OPERATIONS), ==, 40 * sizeof (PVOID));
  g_assert_cmpuint (
      offsetof (DMA_OPERATIONS, PutScatterGatherList), ==, 12 * sizeof (PVOID));
  g_assert_cmpuint (offsetof (DMA_OPERATIONS, BuildMdlFromScatterGatherList),
                    ==,
                    15 * sizeof (PVOID));
  g_assert_cmpuint (
      offsetof (DMA_OPERATIONS, CancelMappedTransfer), ==, 28 * sizeof (PVOID));
  g_assert_cmpuint (
      offsetof (DMA_OPERATIONS, CreateCommonBufferFromMdl), ==, 39 * sizeof (PVOID));
  g_assert_cmpuint (DMA_TRANSFER_CONTEXT_SIZE_V1, ==, 128);
  g_assert_cmpint (KeepObject, ==, 1);
  g_assert_cmpint (DeallocateObject, ==, 2);
  g_assert_cmpint (DeallocateObjectKeepRegisters, ==, 3);
  g_assert_cmpint (DmaCancelled, ==, 3);
  g_assert_cmpint (PCIBus, ==, DMS_BUS_PCI);
  g_assert_cmpint (Isa, ==, DMS_BUS_ISA);
  g_assert_cmpint (Eisa, ==, DMS_BUS_EISA);
  g_assert_cmpint (Width16Bits, ==, 1);
}

/* ---- which descriptions are refused, and what is noted ---- */

typedef struct
{
  DEVICE_DESCRIPTION can;
  DmsFact fact; /* 0: it is possible */
  uint64_t a;
} Row;

static const Row rows[] = {
  { { .Version = 4, .Master = TRUE, .MaximumLength = 1 }, DMS_FACT_UNKNOWN_VERSION, 4 },
  { { .Version = 25, .MaximumLength = 1 }, DMS_FACT_UNKNOWN_VERSION, 25 },
  { { .Version = 1, .Master = TRUE }, DMS_FACT_IMPOSSIBLE_DESCRIPTION, 32 },
  { { .Version = 3, .Master = TRUE, .MaximumLength = 1 },
    DMS_FACT_IMPOSSIBLE_DESCRIPTION,
    40 },
  { { .Version = 3, .Master = TRUE, .MaximumLength = 1, .DmaAddressWidth = 65 },
    DMS_FACT_IMPOSSIBLE_DESCRIPTION,
    40 },
  { { .Version = 3, .Master = TRUE, .MaximumLength = 1, .DmaAddressWidth = 64 }, 0, 0 },
  /* Without scatter/gather: one piece. */
  { { .Version = 1, .Master = TRUE, .MaximumLength = 1 }, 0, 0 },
  /* Slaves: channel 4 joins the controllers, 0 to 3 move bytes, 5 to 7 words. */
  { { .MaximumLength = 1, .DmaChannel = 4 }, DMS_FACT_IMPOSSIBLE_DESCRIPTION, 16 },
  { { .MaximumLength = 1, .DmaChannel = 8 }, DMS_FACT_IMPOSSIBLE_DESCRIPTION, 16 },
  { { .MaximumLength = 1, .DmaChannel = 5 }, DMS_FACT_IMPOSSIBLE_DESCRIPTION, 16 },
  { { .MaximumLength = 1, .DmaChannel = 3, .DmaWidth = Width16Bits },
    DMS_FACT_IMPOSSIBLE_DESCRIPTION,
    16 },
  { { .MaximumLength = 1, .DmaWidth = Width32Bits },
    DMS_FACT_IMPOSSIBLE_DESCRIPTION,
    24 },
  { { .Version = 3, .MaximumLength = 1, .DmaRequestLine = 4 },
    DMS_FACT_IMPOSSIBLE_DESCRIPTION,
    48 },
  { { .MaximumLength = 1, .DmaChannel = 3 }, 0, 0 },
  { { .MaximumLength = 1, .DmaChannel = 7, .DmaWidth = Width16Bits }, 0, 0 },
  /* Version 3 takes the request line, older ones the channel. */
  { { .Version = 3, .MaximumLength = 1, .DmaChannel = 4, .DmaRequestLine = 2 }, 0, 0 },
};

static NTSTATUS
AskForEach (PDEVICE_OBJECT device, PVOID registers)
{
  DEVICE_OBJECT no_device = { 0 };
  ULONG n = 77;

  UNREFERENCED_PARAMETER (registers);
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DEVICE_DESCRIPTION can = rows[i].can;
      PDMA_ADAPTER adapter = IoGetDmaAdapter (device, &can, &n);

      g_assert_cmpuint (adapter == NULL, ==, rows[i].fact != 0);
      /* Version is 1 whatever was asked for. */
      if (adapter != NULL)
        g_assert_cmpuint (adapter->Version, ==, 1);
    }
  n = 77;
  g_assert_null (IoGetDmaAdapter (device, NULL, &n));
  g_assert_null (IoGetDmaAdapter (&no_device, NULL, &n));
  g_assert_null (HalGetAdapter (NULL, NULL));
  g_assert_null (HalGetAdapter (NULL, &n));
  g_assert_cmpuint (n, ==, 0);
  return STATUS_SUCCESS;
}

static void
test_impossible_descriptions_are_facts (void)
{
  static const SAMPLE_DRIVER driver = BENCH_DRIVER (DRIVER, AskForEach, bench_start_io);
  Bench bench;
  guint n = 0;

  fixture_story (&bench.scenario, false);
  bench_run (&bench, &driver);
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].fact != 0)
      {
        const DmsEvent *fact = fixture_find (&bench.run, DMS_EVENT_FACT, n++);

        g_assert_cmpuint (fact->index, ==, rows[i].fact);
        g_assert_cmpuint (fact->a, ==, rows[i].a);
        g_assert_cmpuint (fact->device, ==, bench.machine.devices[0].name);
      }
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_NULL_POINTER, 0)->a, ==, 2);
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_UNKNOWN_DEVICE, 0));
  g_assert_cmpuint (bench_count_facts (&bench), ==, n + 3);
  g_assert_cmpuint (count_returns (&bench, DMS_ROUTINE_HAL_GET_ADAPTER), ==, 2);
  g_assert_cmpuint (
      fixture_count (&bench.run, DMS_EVENT_ADAPTER), ==, G_N_ELEMENTS (rows) - n);
  bench_release (&bench);
}

/* ---- how many map registers ---- */

/* What IoGetDmaAdapter tells on a machine with 1024 map registers. */
static uint32_t
registers_of (DmsDescription description, DmsProfile profile)
{
  DmsScenario scenario;
  FixtureRun run;
  DmsMachine machine;
  uint32_t allowed = 0;

  fixture_story (&scenario, false);
  scenario.devices[0].map_registers = 0;
  scenario.map_registers = profile == DMS_PROFILE_REACTOS ? 64 : 1024;
  scenario.profile = profile;
  scenario.quirks = DMS_QUIRK_R1 | DMS_QUIRK_R2 | DMS_QUIRK_R4 | DMS_QUIRK_R17;
  fixture_run_init (&run);

  DmsSink sink = fixture_sink (&run);

  g_assert_cmpint (dms_machine_init (&machine, &scenario, &sink), ==, DMS_OK);

  const DmsAdapter *adapter
      = dms_adapter_new (&machine, &machine.devices[0], &description);

  if (adapter != NULL)
    allowed = adapter->allowed;
  dms_machine_release (&machine);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
  return allowed;
}

#define MASTER(bus_type, takes_list, length)                                           \
  ((DmsDescription){ .is_master = true,                                                \
                     .scatter_gather = (takes_list),                                   \
                     .bus = (bus_type),                                                \
                     .lines_32 = true,                                                 \
                     .maximum_length = (length) })
#define SLAVE(on_channel, takes_list, length)                                          \
  ((DmsDescription){ .scatter_gather = (takes_list),                                   \
                     .bus = DMS_BUS_ISA,                                               \
                     .channel = (on_channel),                                          \
                     .width = (on_channel) >= 5,                                       \
                     .maximum_length = (length) })

static void
test_documented_counts (void)
{
  const DmsProfile documented = DMS_PROFILE_DOCUMENTED;

  g_assert_cmpuint (
      registers_of (MASTER (DMS_BUS_PCI, true, 65536), documented), ==, 17);
  g_assert_cmpuint (
      registers_of (MASTER (DMS_BUS_PCI, false, 65536), documented), ==, 17);
  g_assert_cmpuint (
      registers_of (MASTER (DMS_BUS_PCI, true, 65535), documented), ==, 17);
  g_assert_cmpuint (registers_of (MASTER (DMS_BUS_PCI, true, 1), documented), ==, 2);
  g_assert_cmpuint (
      registers_of (MASTER (DMS_BUS_PCI, true, 1 << 20), documented), ==, 257);
  g_assert_cmpuint (
      registers_of (MASTER (DMS_BUS_PCI, true, 1 << 30), documented), ==, 1024);
  /* A slave's piece stays in one window of its controller. */
  g_assert_cmpuint (registers_of (SLAVE (2, false, 0x4800), documented), ==, 6);
  g_assert_cmpuint (registers_of (SLAVE (2, false, 65536), documented), ==, 16);
  g_assert_cmpuint (registers_of (SLAVE (5, false, 65536), documented), ==, 17);
  g_assert_cmpuint (registers_of (SLAVE (5, false, 1 << 20), documented), ==, 32);
  /* Its ScatterGather is ignored. */
  g_assert_cmpuint (registers_of (SLAVE (2, true, 0x4800), documented), ==, 6);
}

/* The counts that were seen by running ReactOS' dma.c. */
static void
test_reactos_counts (void)
{
  const DmsProfile reactos = DMS_PROFILE_REACTOS;
  DmsDescription third = MASTER (DMS_BUS_PCI, true, 65536);

  g_assert_cmpuint (registers_of (MASTER (DMS_BUS_PCI, true, 65536), reactos), ==, 17);
  g_assert_cmpuint (
      registers_of (MASTER (DMS_BUS_PCI, true, 1 << 20), reactos), ==, 257);
  g_assert_cmpuint (
      registers_of (MASTER (DMS_BUS_PCI, true, UINT32_MAX), reactos), ==, 524289);
  g_assert_cmpuint (registers_of (MASTER (DMS_BUS_PCI, false, 16384), reactos), ==, 5);
  g_assert_cmpuint (
      registers_of (MASTER (DMS_BUS_PCI, false, 1 << 20), reactos), ==, 16);
  g_assert_cmpuint (
      registers_of (MASTER (DMS_BUS_INTERNAL, true, 1 << 20), reactos), ==, 16);
  g_assert_cmpuint (registers_of (SLAVE (2, false, 0x4800), reactos), ==, 6);
  g_assert_cmpuint (registers_of (SLAVE (2, true, 0x4800), reactos), ==, 1);
  g_assert_cmpuint (registers_of (SLAVE (2, true, 1 << 20), reactos), ==, 1);
  g_assert_cmpuint (registers_of (SLAVE (4, false, 0x4800), reactos), ==, 0);
  /* An ISA master hangs on a channel, too. */
  third.bus = DMS_BUS_ISA;
  third.channel = 4;
  g_assert_cmpuint (registers_of (third, reactos), ==, 0);
  third.channel = 8;
  g_assert_cmpuint (registers_of (third, reactos), ==, 16);
  /* There is no third version. */
  third = MASTER (DMS_BUS_PCI, true, 65536);
  third.version = 3;
  third.address_width = 32;
  g_assert_cmpuint (registers_of (third, reactos), ==, 0);
}

/* ---- alignment and limits ---- */

static PDMA_ADAPTER
get_slave (PDEVICE_OBJECT device, ULONG channel)
{
  DEVICE_DESCRIPTION can;

  RtlZeroMemory (&can, sizeof can);
  can.Version = DEVICE_DESCRIPTION_VERSION3;
  can.DmaRequestLine = channel;
  can.DmaWidth = channel >= 5 ? Width16Bits : Width8Bits;
  can.MaximumLength = 16384;
  /* Ignored for a slave. */
  can.DmaAddressWidth = 64;
  can.ScatterGather = TRUE;
  return IoGetDmaAdapter (device, &can, NULL);
}

static NTSTATUS
AskForLimits (PDEVICE_OBJECT device, PVOID registers)
{
  DMA_ADAPTER_INFO info = { .Version = 2 };
  DRIVER *driver = device->DeviceExtension;
  PDMA_ADAPTER slave = get_slave (device, 5);

  Start (device, registers);
  g_assert_cmpuint (driver->ops->GetDmaAlignment (driver->adapter), ==, 1);
  g_assert_cmpuint (driver->ops->GetDmaAlignment (slave), ==, 2);
  g_assert_cmpuint (driver->ops->GetDmaAlignment (NULL), ==, 1);
  g_assert_cmphex (driver->ops->GetDmaAdapterInfo (driver->adapter, &info),
                   ==,
                   STATUS_NOT_SUPPORTED);
  g_assert_cmphex (driver->ops->GetDmaAdapterInfo (driver->adapter, NULL),
                   ==,
                   STATUS_INVALID_PARAMETER);
  info.Version = DMA_ADAPTER_INFO_VERSION1;
  g_assert_cmphex (
      driver->ops->GetDmaAdapterInfo (driver->adapter, &info), ==, STATUS_SUCCESS);
  g_assert_cmpuint (info.V1.ReadDmaCounterAvailable, ==, FALSE);
  g_assert_cmpuint (info.V1.ScatterGatherLimit, ==, 8);
  g_assert_cmpuint (info.V1.DmaAddressWidth, ==, 32);
  g_assert_cmpuint (info.V1.MinimumTransferUnit, ==, 1);
  g_assert_cmphex (driver->ops->GetDmaAdapterInfo (slave, &info), ==, STATUS_SUCCESS);
  g_assert_cmpuint (info.V1.ReadDmaCounterAvailable, ==, TRUE);
  g_assert_cmpuint (info.V1.ScatterGatherLimit, ==, 1);
  g_assert_cmpuint (info.V1.DmaAddressWidth, ==, 24);
  g_assert_cmpuint (info.V1.MinimumTransferUnit, ==, 2);
  /* After it was put back an adapter is none. */
  driver->ops->PutDmaAdapter (slave);
  driver->ops->PutDmaAdapter (slave);
  g_assert_cmphex (
      driver->ops->GetDmaAdapterInfo (slave, &info), ==, STATUS_INVALID_PARAMETER);
  return STATUS_SUCCESS;
}

static void
test_adapters_tell_their_limits (void)
{
  static const SAMPLE_DRIVER driver
      = BENCH_DRIVER (DRIVER, AskForLimits, bench_start_io);
  Bench bench;

  fixture_story (&bench.scenario, false);
  bench_run (&bench, &driver);
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_NULL_ADAPTER, 0));
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_NULL_POINTER, 0)->a, ==, 2);
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_DEAD_ADAPTER, 1));
  g_assert_cmpuint (bench_count_facts (&bench), ==, 4);
  bench_release (&bench);
}

/* ---- what a transfer would need ---- */

/* Buffer of the tests below: two MDLs, 0x20 bytes over a page's end and 5000 from a
 * page's start. */
enum
{
  FIRST_BYTES = 0x20,
  SECOND_BYTES = 5000,
  /* Behind them in the last page. */
  LAST_ROOM = 2 * 4096 - SECOND_BYTES
};

static ULONG
calculate (DRIVER *driver, PMDL mdl, ULONG_PTR address, ULONG length, NTSTATUS expected)
{
  ULONG size = 0;
  ULONG registers = 0;

  g_assert_cmphex (driver->ops->CalculateScatterGatherList (
                       driver->adapter, mdl, (PVOID)address, length, &size, &registers),
                   ==,
                   expected);
  if (expected == STATUS_SUCCESS)
    g_assert_cmpuint (size, >, 16 + 24 * registers);
  else
    g_assert_cmpuint (size + registers, ==, 0);
  return registers;
}

static VOID
Calculate (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  PMDL mdl = irp->MdlAddress;
  ULONG_PTR va = (ULONG_PTR)MmGetMdlVirtualAddress (mdl);
  ULONG all = FIRST_BYTES + SECOND_BYTES;
  ULONG size = 0;
  MDL no_mdl = { 0 };

  /* Each MDL for itself. */
  g_assert_cmpuint (calculate (driver, mdl, va, all, STATUS_SUCCESS), ==, 4);
  g_assert_cmpuint (
      calculate (driver, mdl, va, FIRST_BYTES + 1, STATUS_SUCCESS), ==, 3);
  g_assert_cmpuint (calculate (driver, mdl, va, 0x10, STATUS_SUCCESS), ==, 1);
  g_assert_cmpuint (calculate (driver, mdl, va + 0x10, 0x10, STATUS_SUCCESS), ==, 1);
  /* By bytes, not by pages. */
  calculate (driver, mdl, va, all + 1, STATUS_BUFFER_TOO_SMALL);
  calculate (driver, mdl, va, all + LAST_ROOM, STATUS_BUFFER_TOO_SMALL);
  calculate (driver, mdl, va, all + LAST_ROOM + 1, STATUS_BUFFER_TOO_SMALL);
  calculate (driver, mdl, va + FIRST_BYTES, 1, STATUS_BUFFER_TOO_SMALL);
  calculate (driver, mdl, va - 1, 1, STATUS_INVALID_PARAMETER);
  calculate (driver, mdl, va, 0, STATUS_INVALID_PARAMETER);
  calculate (driver, &no_mdl, va, 1, STATUS_INVALID_PARAMETER);
  /* Without an MDL the worst that can be. The adapter may have 8. */
  g_assert_cmpuint (calculate (driver, NULL, 0, 8 * 4096, STATUS_SUCCESS), ==, 8);
  g_assert_cmpuint (calculate (driver, NULL, 0xfff, 2, STATUS_SUCCESS), ==, 2);
  calculate (driver, NULL, 0, 8 * 4096 + 1, STATUS_INSUFFICIENT_RESOURCES);
  calculate (driver, NULL, 1, 8 * 4096, STATUS_INSUFFICIENT_RESOURCES);
  g_assert_cmphex (driver->ops->CalculateScatterGatherList (
                       driver->adapter, NULL, NULL, 1, NULL, NULL),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (driver->ops->CalculateScatterGatherList (
                       driver->adapter, NULL, NULL, 1, &size, NULL),
                   ==,
                   STATUS_SUCCESS);
  bench_start_io (device, irp);
}

static void
two_mdls (DmsScenario *scenario)
{
  static const uint64_t frames[2][2] = { { 0x500, 0x640 }, { 0x780, 0x8a0 } };
  DmsScenarioBuffer *buffer = NULL;

  fixture_story (scenario, false);
  buffer = fixture_add_buffer (scenario, "chain");
  fixture_add_mdl (buffer, 0xff0, FIRST_BYTES, frames[0]);
  fixture_add_mdl (buffer, 0, SECOND_BYTES, frames[1]);
  scenario->requests[0].buffer = 1;
  scenario->requests[0].length = FIRST_BYTES + SECOND_BYTES;
}

static void
test_calculate (void)
{
  static const SAMPLE_DRIVER driver = BENCH_DRIVER (DRIVER, Start, Calculate);
  Bench bench;

  two_mdls (&bench.scenario);
  bench_run (&bench, &driver);

  const DmsEvent *fact = bench_fact (&bench, DMS_FACT_TOO_LONG, 0);

  g_assert_cmpuint (fact->a, ==, FIRST_BYTES + SECOND_BYTES + 1);
  g_assert_cmpuint (fact->b, ==, FIRST_BYTES + SECOND_BYTES);
  /* Inside of the last page, up to its end, and over it. */
  g_assert_cmpuint (fact->c, ==, 0);
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_TOO_LONG, 1)->c, ==, 0);
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_TOO_LONG, 2)->c, ==, 1);
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_BEHIND_MDL, 0));
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_BEFORE_MDL, 0));
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_ZERO_LENGTH, 0));
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_UNKNOWN_MDL, 0));
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_NULL_POINTER, 0)->a, ==, 5);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 8);
  bench_release (&bench);
}

static DMA_TRANSFER_INFO
transfer_info (DRIVER *driver,
               PMDL mdl,
               ULONGLONG offset,
               ULONG length,
               ULONG version,
               NTSTATUS expected)
{
  DMA_TRANSFER_INFO info = { .Version = version, .V2.LogicalPageCount = 77 };

  g_assert_cmphex (driver->ops->GetDmaTransferInfo (
                       driver->adapter, mdl, offset, length, FALSE, &info),
                   ==,
                   expected);
  if (expected == STATUS_SUCCESS)
    {
      g_assert_cmpuint (
          info.V1.ScatterGatherElementCount, ==, info.V1.MapRegisterCount);
      g_assert_cmpuint (
          info.V1.ScatterGatherListSize, >, 16 + 24 * info.V1.MapRegisterCount);
    }
  return info;
}

static VOID
AskForTransfers (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  PMDL mdl = irp->MdlAddress;
  ULONG all = FIRST_BYTES + SECOND_BYTES;
  DMA_TRANSFER_INFO info = { 0 };

  info = transfer_info (driver, mdl, 0, all, 1, STATUS_SUCCESS);
  g_assert_cmpuint (info.V1.MapRegisterCount, ==, 4);
  g_assert_cmpuint (info.V2.LogicalPageCount, ==, 77);
  info = transfer_info (driver, mdl, 0, all, 2, STATUS_SUCCESS);
  g_assert_cmpuint (info.V2.LogicalPageCount, ==, 4);
  /* The offset may lie behind the first MDL. */
  info = transfer_info (driver, mdl, FIRST_BYTES, SECOND_BYTES, 1, STATUS_SUCCESS);
  g_assert_cmpuint (info.V1.MapRegisterCount, ==, 2);
  info = transfer_info (driver, mdl, FIRST_BYTES + 4096, 904, 1, STATUS_SUCCESS);
  g_assert_cmpuint (info.V1.MapRegisterCount, ==, 1);
  info = transfer_info (driver, mdl, all - 1, 1, 1, STATUS_SUCCESS);
  g_assert_cmpuint (info.V1.MapRegisterCount, ==, 1);
  transfer_info (driver, mdl, all, 1, 1, STATUS_INVALID_PARAMETER);
  transfer_info (driver, mdl, 0, 0, 1, STATUS_INVALID_PARAMETER);
  transfer_info (driver, mdl, 1, all + 5000, 1, STATUS_INVALID_PARAMETER);
  transfer_info (driver, mdl, UINT64_MAX, 2, 1, STATUS_INVALID_PARAMETER);
  transfer_info (driver, NULL, 0, 1, 1, STATUS_INVALID_PARAMETER);
  transfer_info (driver, mdl, 0, all, 0, STATUS_NOT_SUPPORTED);
  transfer_info (driver, mdl, 0, all, 3, STATUS_NOT_SUPPORTED);
  g_assert_cmphex (
      driver->ops->GetDmaTransferInfo (driver->adapter, mdl, 0, 1, FALSE, NULL),
      ==,
      STATUS_INVALID_PARAMETER);
  bench_start_io (device, irp);
}

static void
test_transfer_info (void)
{
  static const SAMPLE_DRIVER driver = BENCH_DRIVER (DRIVER, Start, AskForTransfers);
  Bench bench;

  two_mdls (&bench.scenario);
  bench_run (&bench, &driver);
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_TOO_LONG, 0)->c, ==, 0);
  /* This one leaves the last page. */
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_TOO_LONG, 1)->c, ==, 1);
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_TOO_LONG, 2));
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_ZERO_LENGTH, 0));
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_NULL_MDL, 0));
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_NULL_POINTER, 0)->a, ==, 6);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 6);
  bench_release (&bench);
}

/* ---- what came with Windows 10 ---- */

static void
call_domain_routines (DRIVER *driver)
{
  PHYSICAL_ADDRESS address = { .QuadPart = 5 };
  PVOID memory = NULL;

  g_assert_cmphex (
      driver->ops->AllocateDomainCommonBuffer (
          driver->adapter, NULL, NULL, 4096, 0, NULL, 0, &address, &memory),
      ==,
      STATUS_NOT_SUPPORTED);
  g_assert_null (memory);
  g_assert_cmphex (
      driver->ops->JoinDmaDomain (driver->adapter, NULL), ==, STATUS_NOT_SUPPORTED);
  g_assert_cmphex (
      driver->ops->LeaveDmaDomain (driver->adapter), ==, STATUS_NOT_SUPPORTED);
  g_assert_null (driver->ops->GetDmaDomain (driver->adapter));
  g_assert_null (driver->ops->AllocateCommonBufferWithBounds (
      driver->adapter, NULL, NULL, 4096, 0, NULL, 0, &address));
}

static void
call_vector_routines (DRIVER *driver, PMDL mdl)
{
  PHYSICAL_ADDRESS address = { .QuadPart = 5 };
  PDMA_COMMON_BUFFER_VECTOR vector = NULL;
  PVOID memory = driver;

  g_assert_cmphex (
      driver->ops->AllocateCommonBufferVector (
          driver->adapter, address, address, MmCached, 0, 0, 4, 4096, &vector),
      ==,
      STATUS_NOT_SUPPORTED);
  g_assert_null (vector);
  driver->ops->GetCommonBufferFromVectorByIndex (
      driver->adapter, vector, 3, &memory, &address);
  g_assert_null (memory);
  g_assert_cmpint (address.QuadPart, ==, 0);
  driver->ops->GetCommonBufferFromVectorByIndex (
      driver->adapter, vector, 3, NULL, NULL);
  driver->ops->FreeCommonBufferFromVector (driver->adapter, vector, 3);
  driver->ops->FreeCommonBufferVector (driver->adapter, vector);
  g_assert_cmphex (
      driver->ops->CreateCommonBufferFromMdl (driver->adapter, mdl, NULL, 0, &address),
      ==,
      STATUS_NOT_SUPPORTED);
}

static VOID
CallNewRoutines (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  MDL no_mdl = { 0 };

  call_domain_routines (driver);
  call_vector_routines (driver, irp->MdlAddress);
  /* Caches follow DMA by themselves: there is nothing to do, and it is done. */
  g_assert_cmphex (driver->ops->FlushDmaBuffer (driver->adapter, irp->MdlAddress, TRUE),
                   ==,
                   STATUS_SUCCESS);
  g_assert_cmphex (driver->ops->FlushDmaBuffer (driver->adapter, NULL, TRUE),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (driver->ops->FlushDmaBuffer (driver->adapter, &no_mdl, TRUE),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (driver->ops->FlushDmaBuffer (NULL, irp->MdlAddress, TRUE),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (
      driver->ops->JoinDmaDomain (NULL, NULL), ==, STATUS_INVALID_PARAMETER);
  g_assert_null (driver->ops->GetDmaDomain (NULL));
  driver->ops->FreeCommonBufferVector (NULL, NULL);
  bench_start_io (device, irp);
}

static void
test_new_routines_refuse (void)
{
  static const SAMPLE_DRIVER driver = BENCH_DRIVER (DRIVER, Start, CallNewRoutines);
  static const DmsRoutine routines[] = { DMS_ROUTINE_ALLOCATE_DOMAIN_COMMON_BUFFER,
                                         DMS_ROUTINE_FLUSH_DMA_BUFFER,
                                         DMS_ROUTINE_JOIN_DMA_DOMAIN,
                                         DMS_ROUTINE_LEAVE_DMA_DOMAIN,
                                         DMS_ROUTINE_GET_DMA_DOMAIN,
                                         DMS_ROUTINE_ALLOCATE_COMMON_BUFFER_WITH_BOUNDS,
                                         DMS_ROUTINE_ALLOCATE_COMMON_BUFFER_VECTOR,
                                         DMS_ROUTINE_GET_COMMON_BUFFER_FROM_VECTOR,
                                         DMS_ROUTINE_FREE_COMMON_BUFFER_FROM_VECTOR,
                                         DMS_ROUTINE_FREE_COMMON_BUFFER_VECTOR,
                                         DMS_ROUTINE_CREATE_COMMON_BUFFER_FROM_MDL };
  Bench bench;

  fixture_story (&bench.scenario, false);
  bench_run (&bench, &driver);
  for (size_t i = 0; i < G_N_ELEMENTS (routines); i++)
    g_assert_cmpuint (count_returns (&bench, routines[i]), >=, 1);
  /* Four uses of a vector that there is not; none that nobody asked for. */
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_VECTOR_MISUSED, 3)->a, ==, 3);
  g_assert_null (bench_fact (&bench, DMS_FACT_VECTOR_MISUSED, 4));
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_NULL_MDL, 0));
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_UNKNOWN_MDL, 0));
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_NULL_ADAPTER, 3));
  g_assert_cmpuint (bench_count_facts (&bench), ==, 4 + 2 + 4);
  bench_release (&bench);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/adapters/layouts-are-the-documented-ones", test_layouts);
  g_test_add_func ("/adapters/impossible-descriptions-are-facts",
                   test_impossible_descriptions_are_facts);
  g_test_add_func ("/adapters/documented-counts", test_documented_counts);
  g_test_add_func ("/adapters/reactos-counts", test_reactos_counts);
  g_test_add_func ("/adapters/tell-their-limits", test_adapters_tell_their_limits);
  g_test_add_func ("/adapters/calculate-counts-each-mdl", test_calculate);
  g_test_add_func ("/adapters/transfer-info", test_transfer_info);
  g_test_add_func ("/adapters/new-routines-refuse", test_new_routines_refuse);
  return g_test_run ();
}
