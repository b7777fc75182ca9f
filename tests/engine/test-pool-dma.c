/* test-pool-dma.c — drivers that send their device to nonpaged pool
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-nonpaged.h"
#include "engine/kernel/dms-pattern.h"
#include "engine/rules/dms-rules.h"
#include "tests/engine/driver-bench.h"
#include "tests/lib/dms-test.h"

#define TAG 0x54736574
#define LENGTH 20000
#define SKIP 40

typedef struct
{
  PUCHAR registers;
  PDMA_ADAPTER adapter;
  PDMA_OPERATIONS ops;
  PUCHAR pool;
  PMDL mdl;
  PSCATTER_GATHER_LIST list;
  ULONG bits;
  BOOLEAN to_device;
} DRIVER;

/* What the driver of the test is to do, and where. */
static struct
{
  Bench bench;
  ULONG bits;
  bool frees_early;
  GByteArray *seen; /* what pool memory held when the device was done */
} test;

static void
write_number (const DRIVER *driver, size_t at, ULONG value)
{
  WRITE_REGISTER_ULONG ((ULONG *)(void *)(driver->registers + at), value);
}

static void
get_adapter (DRIVER *driver, PDEVICE_OBJECT device)
{
  DEVICE_DESCRIPTION can;
  ULONG n = 0;

  RtlZeroMemory (&can, sizeof can);
  can.Version = DEVICE_DESCRIPTION_VERSION3;
  can.Master = TRUE;
  can.ScatterGather = TRUE;
  can.DmaAddressWidth = test.bits;
  can.MaximumLength = 65536;
  driver->adapter = IoGetDmaAdapter (device, &can, &n);
  g_assert_nonnull (driver->adapter);
  driver->ops = driver->adapter->DmaOperations;
}

static NTSTATUS
Start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;

  test.bench.machine.keeps_received = true;
  driver->registers = registers;
  get_adapter (driver, device);
  driver->pool = ExAllocatePool2 (POOL_FLAG_NON_PAGED, LENGTH + SKIP, TAG);
  g_assert_nonnull (driver->pool);
  g_assert_cmpuint ((uintptr_t)driver->pool % PAGE_SIZE, ==, 0);
  driver->mdl = IoAllocateMdl (driver->pool + SKIP, LENGTH, FALSE, FALSE, NULL);
  MmBuildMdlForNonPagedPool (driver->mdl);
  g_assert_true (MmGetMdlVirtualAddress (driver->mdl) == driver->pool + SKIP);
  g_assert_true (MmGetSystemAddressForMdlSafe (driver->mdl, NormalPagePriority)
                 == driver->pool + SKIP);
  g_assert_cmphex (MmGetPhysicalAddress (driver->pool + SKIP).QuadPart,
                   ==,
                   (MmGetMdlPfnArray (driver->mdl)[0] << PAGE_SHIFT) + SKIP);
  return STATUS_SUCCESS;
}

static VOID
Program (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  driver->list = list;
  for (ULONG i = 0; i < list->NumberOfElements; i++)
    {
      size_t at = DMS_BUS_MASTER_TABLE + i * DMS_BUS_MASTER_ENTRY;

      WRITE_REGISTER_ULONG64 ((ULONG64 *)(void *)(driver->registers + at),
                              (ULONG64)list->Elements[i].Address.QuadPart);
      write_number (driver, at + DMS_BUS_MASTER_ENTRY_LENGTH, list->Elements[i].Length);
    }
  write_number (driver, DMS_BUS_MASTER_COUNT, list->NumberOfElements);
  write_number (driver,
                DMS_BUS_MASTER_CONTROL,
                driver->to_device ? DMS_BUS_MASTER_READ_MEMORY
                                  : DMS_BUS_MASTER_WRITE_MEMORY);
  if (test.frees_early)
    ExFreePoolWithTag (driver->pool, TAG);
}

static VOID
StartIo (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;

  driver->to_device = IoGetCurrentIrpStackLocation (irp)->MajorFunction == IRP_MJ_WRITE;
  if (driver->to_device)
    RtlCopyMemory (driver->pool + SKIP,
                   MmGetSystemAddressForMdlSafe (irp->MdlAddress, NormalPagePriority),
                   LENGTH);
  g_assert_cmphex (driver->ops->GetScatterGatherList (driver->adapter,
                                                      device,
                                                      driver->mdl,
                                                      driver->pool + SKIP,
                                                      LENGTH,
                                                      Program,
                                                      NULL,
                                                      driver->to_device),
                   ==,
                   STATUS_SUCCESS);
}

static BOOLEAN
Interrupt (PKINTERRUPT interrupt, PVOID context)
{
  PDEVICE_OBJECT device = context;
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (interrupt);
  write_number (driver, DMS_BUS_MASTER_STATUS, DMS_BUS_MASTER_STATUS_DONE);
  IoRequestDpc (device, device->CurrentIrp, NULL);
  return TRUE;
}

static VOID
Finish (PKDPC dpc, PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (dpc);
  UNREFERENCED_PARAMETER (context);
  driver->ops->PutScatterGatherList (driver->adapter, driver->list, driver->to_device);
  if (!test.frees_early)
    g_byte_array_append (test.seen, driver->pool + SKIP, LENGTH);
  if (!driver->to_device && !test.frees_early)
    RtlCopyMemory (MmGetSystemAddressForMdlSafe (irp->MdlAddress, NormalPagePriority),
                   driver->pool + SKIP,
                   LENGTH);
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = LENGTH;
  IoCompleteRequest (irp, IO_NO_INCREMENT);
  IoStartNextPacket (device, FALSE);
}

static VOID
Stop (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;

  if (test.frees_early)
    {
      /* The MDL describes nothing any more. */
      g_assert_null (MmGetSystemAddressForMdlSafe (driver->mdl, NormalPagePriority));
      MmBuildMdlForNonPagedPool (driver->mdl);
    }
  IoFreeMdl (driver->mdl);
  if (!test.frees_early)
    ExFreePoolWithTag (driver->pool, TAG);
  driver->ops->PutDmaAdapter (driver->adapter);
}

static const SAMPLE_DRIVER pool_driver
    = { sizeof (DRIVER), Start, StartIo, Interrupt, Finish, Stop };

/* ---- rules ---- */

static void
count_finding (void *data, const DmsFinding *finding)
{
  guint *n = data;

  g_test_message ("%s", dms_rule_info (finding->rule)->code);
  (*n)++;
}

static guint
count_findings (const FixtureRun *run)
{
  DmsState *state = dms_state_new ();
  guint n = 0;
  DmsRules *rules = dms_rules_new (count_finding, &n);

  for (guint i = 0; i < run->events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run->events, DmsEvent, i);

      g_assert_cmpint (dms_state_apply (state, event), ==, DMS_OK);
      g_assert_cmpint (dms_rules_apply (rules, event, state), ==, DMS_OK);
    }
  g_assert_cmpint (dms_rules_finish (rules, state), ==, DMS_OK);
  dms_rules_free (rules);
  dms_state_free (state);
  return n;
}

/* ---- runs ---- */

static void
prepare (const SAMPLE_DRIVER *driver,
         uint32_t bits,
         bool to_device,
         const char *what,
         uint64_t memory)
{
  static const uint64_t frames[] = { 0x500, 0x501, 0x502, 0x700, 0x800 };
  DmsScenario *scenario = &test.bench.scenario;

  dms_scenario_init (scenario);
  scenario->seed = 5;
  scenario->memory = memory;
  scenario->map_registers = 8;
  scenario->verifier = strcmp (what, "verifier") == 0;
  fixture_add_device (scenario, "card", bits)->iommu = strcmp (what, "iommu") == 0;
  fixture_add_mdl (fixture_add_buffer (scenario, "data"), 0, LENGTH, frames);
  fixture_add_request (scenario, 0, 0, to_device, LENGTH);
  test.bits = bits;
  test.seen = g_byte_array_new ();
  bench_run (&test.bench, driver);
}

static void
finish (void)
{
  bench_release (&test.bench);
  g_byte_array_unref (test.seen);
  memset (&test, 0, sizeof test);
}

static void
assert_bytes (bool to_device)
{
  const DmsMachine *machine = &test.bench.machine;
  uint8_t *expected = g_malloc0 (LENGTH);
  uint8_t *buffer = g_malloc0 (LENGTH);
  size_t n = 0;
  const uint8_t *received = dms_device_received (&machine->devices[0], &n);

  dms_buffer_read (&machine->buffers[0], 0, buffer, LENGTH);
  g_assert_cmpmem (test.seen->data, test.seen->len, buffer, LENGTH);
  if (to_device)
    g_assert_cmpmem (received, n, buffer, LENGTH);
  else
    {
      dms_pattern_fill (dms_pattern_key (5, 1), 0, expected, LENGTH);
      g_assert_cmpmem (buffer, LENGTH, expected, LENGTH);
    }
  g_free (expected);
  g_free (buffer);
}

static const DmsEvent *
pool_mdl (void)
{
  return fixture_find (&test.bench.run, DMS_EVENT_MDL, 1);
}

/* Bytes arrive in both directions; some of the pages bounce for 32 bits, none for 64 or
 * behind an IOMMU, all with verification. */
static void
test_bytes (const void *data)
{
  const char *what = data;
  uint32_t bits = strcmp (what, "64") == 0 ? 64 : 32;

  for (int to_device = 0; to_device < 2; to_device++)
    {
      prepare (&pool_driver, bits, to_device != 0, what, UINT64_C (8) << 30);

      guint n = fixture_count (&test.bench.run, DMS_EVENT_BOUNCE);

      g_test_message ("%s: %u pages bounce", what, n);
      if (strcmp (what, "32") == 0)
        g_assert_true (n > 0 && n < 5);
      else
        g_assert_cmpuint (n, ==, strcmp (what, "verifier") == 0 ? 5 : 0);
      g_assert_cmpuint (fixture_count (&test.bench.run, DMS_EVENT_MDL), ==, 2);
      g_assert_cmpuint (pool_mdl ()->object, ==, 2);
      g_assert_cmpuint (pool_mdl ()->length, ==, 5 * PAGE_SIZE);
      g_assert_cmpuint (bench_count_facts (&test.bench), ==, 0);
      g_assert_cmpuint (fixture_count (&test.bench.run, DMS_EVENT_FAULT), ==, 0);
      g_assert_cmpuint (fixture_count (&test.bench.run, DMS_EVENT_STRAY), ==, 0);
      g_assert_cmpuint (test.bench.run.state->oddities, ==, 0);
      g_assert_cmpuint (test.bench.run.state->waiting_bytes, ==, 0);
      g_assert_cmpuint (count_findings (&test.bench.run), ==, 0);
      assert_bytes (to_device != 0);
      finish ();
    }
}

/* Two runs are alike. */
static void
test_same_frames (void)
{
  g_autofree char *first = NULL;

  for (int i = 0; i < 2; i++)
    {
      prepare (&pool_driver, 32, true, "32", UINT64_C (8) << 30);

      GString *text = g_string_new (NULL);
      guint n = test.bench.run.events->len;

      for (guint k = 0; k < n; k++)
        {
          const DmsEvent *event = &g_array_index (test.bench.run.events, DmsEvent, k);

          g_string_append_printf (text,
                                  "%u %" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER
                                  "x %" G_GINT64_MODIFIER "x\n",
                                  event->kind,
                                  event->a,
                                  event->b,
                                  event->length);
        }
      if (i == 0)
        first = g_string_free (text, FALSE);
      else
        {
          g_assert_cmpstr (first, ==, text->str);
          g_string_free (text, TRUE);
        }
      finish ();
    }
}

/* The CPU's copies are seen. */
static void
test_touches (void)
{
  const DmsEvent *touch = NULL;
  guint n = 0;

  prepare (&pool_driver, 32, true, "32", UINT64_C (8) << 30);
  for (guint i = 0;
       (touch = fixture_find (&test.bench.run, DMS_EVENT_TOUCH, i)) != NULL;
       i++)
    if (touch->object == 2)
      {
        g_assert_cmpuint (touch->a, ==, SKIP);
        g_assert_cmpuint (touch->length, ==, LENGTH);
        g_assert_cmpuint (touch->flags & DMS_FLAG_CPU_WRITES, !=, 0);
        n++;
      }
  g_assert_cmpuint (n, ==, 1);
  finish ();
}

/* The device goes on; its bytes harm nobody, and the MDL can be built no more. */
static void
test_freed_while_mapped (void)
{
  for (int to_device = 0; to_device < 2; to_device++)
    {
      const DmsEvent *fact = NULL;

      test.frees_early = true;
      prepare (&pool_driver, 32, to_device != 0, "32", UINT64_C (8) << 30);
      fact = bench_fact (&test.bench, DMS_FACT_POOL_MAPPED, 0);
      g_assert_nonnull (fact);
      g_assert_cmpuint (fact->a, ==, LENGTH);
      g_assert_cmpuint (fact->length, ==, LENGTH + SKIP);
      g_assert_nonnull (bench_fact (&test.bench, DMS_FACT_NO_FRAMES, 0));
      g_assert_cmpuint (bench_count_facts (&test.bench), ==, 2);
      finish ();
    }
}

/* ---- odd MDLs ---- */

static void
build_over (PUCHAR pool, ULONG skip, ULONG length, PFN_NUMBER *ret_first)
{
  PMDL mdl = IoAllocateMdl (pool + skip, length, FALSE, FALSE, NULL);

  MmBuildMdlForNonPagedPool (mdl);
  *ret_first = MmGetMdlPfnArray (mdl)[0];
  IoFreeMdl (mdl);
}

static NTSTATUS
odd_start (PDEVICE_OBJECT device, PVOID registers)
{
  PUCHAR pool = ExAllocatePoolWithTag (NonPagedPoolNx, 10000, TAG);
  PUCHAR small = ExAllocatePoolWithTag (NonPagedPool, 100, TAG);
  PUCHAR paged = ExAllocatePoolWithTag (PagedPool, 10000, TAG);
  PUCHAR last = NULL;
  PFN_NUMBER one, other, part, none;

  UNREFERENCED_PARAMETER (registers);
  get_adapter (device->DeviceExtension, device);
  g_assert_cmphex (MmGetPhysicalAddress (pool).QuadPart, ==, 0);
  build_over (pool, 0, 10000, &one);
  build_over (pool, 0, 10000, &other);
  build_over (pool, 5000, 1000, &part);
  g_assert_cmphex (one, ==, other);
  g_assert_cmphex (part, !=, one);
  g_assert_cmphex (
      part, ==, (PFN_NUMBER)MmGetPhysicalAddress (pool + 5000).QuadPart >> PAGE_SHIFT);
  /* Longer than the allocation, and paged pool: these have no frames. */
  build_over (pool, 5000, 5001, &none);
  g_assert_cmphex (none, ==, 0);
  build_over (paged, 0, 100, &none);
  g_assert_cmphex (none, ==, 0);
  build_over (small, 0, 100, &other);
  g_assert_true (other != 0 && other != one && other != part);
  /* Guards go on working, of both kinds. */
  small[100] = 1;
  pool[-1] = 1;
  ExFreePoolWithTag (small, TAG);
  ExFreePoolWithTag (pool, TAG);
  ExFreePoolWithTag (pool, TAG);
  ExFreePoolWithTag (paged, TAG);
  /* What was freed serves again, with its frames, but not at once. */
  for (unsigned i = 0; i < 40; i++)
    {
      last = ExAllocatePoolWithTag (NonPagedPool, 10000, TAG);
      build_over (last, 0, 10000, &other);
      ExFreePoolWithTag (last, TAG);
    }
  return STATUS_SUCCESS;
}

static VOID
odd_stop (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;

  driver->ops->PutDmaAdapter (driver->adapter);
}

static void
test_odd_mdls (void)
{
  static const SAMPLE_DRIVER driver
      = { sizeof (DRIVER), odd_start, bench_start_io, bench_isr, bench_dpc, odd_stop };
  static const DmsFact facts[] = { DMS_FACT_NO_FRAMES,
                                   DMS_FACT_NO_FRAMES,
                                   DMS_FACT_POOL_DAMAGED,
                                   DMS_FACT_POOL_DAMAGED,
                                   DMS_FACT_POOL_UNKNOWN };

  prepare (&driver, 32, true, "32", UINT64_C (1) << 30);
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    g_assert_cmpuint (
        fixture_find (&test.bench.run, DMS_EVENT_FACT, i)->index, ==, facts[i]);
  g_assert_cmpuint (bench_count_facts (&test.bench), ==, G_N_ELEMENTS (facts));
  /* The requester's, the two first, and no more than what is kept. */
  g_assert_cmpuint (fixture_count (&test.bench.run, DMS_EVENT_MDL), <=, 12);
  finish ();
}

/* Until there is no frame left: then there is a fact, and the rest of the machine goes
 * on. */
static NTSTATUS
greedy_start (PDEVICE_OBJECT device, PVOID registers)
{
  PUCHAR pool = ExAllocatePoolWithTag (NonPagedPoolNx, 64 << 20, TAG);
  PUCHAR small = ExAllocatePoolWithTag (NonPagedPoolNx, 5000, TAG);
  PFN_NUMBER first = 1;

  UNREFERENCED_PARAMETER (registers);
  get_adapter (device->DeviceExtension, device);
  build_over (pool, 0, 64 << 20, &first);
  g_assert_cmphex (first, ==, 0);
  build_over (small, 0, 5000, &first);
  g_assert_cmphex (first, !=, 0);
  ExFreePoolWithTag (pool, TAG);
  ExFreePoolWithTag (small, TAG);
  return STATUS_SUCCESS;
}

static void
test_no_frames_left (void)
{
  static const SAMPLE_DRIVER driver = { sizeof (DRIVER), greedy_start, bench_start_io,
                                        bench_isr,       bench_dpc,    odd_stop };

  prepare (&driver, 32, true, "32", UINT64_C (32) << 20);
  g_assert_nonnull (bench_fact (&test.bench, DMS_FACT_NO_FRAMES, 0));
  g_assert_cmpuint (bench_count_facts (&test.bench), ==, 1);
  finish ();
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_data_func ("/pool-dma/bytes/32", "32", test_bytes);
  g_test_add_data_func ("/pool-dma/bytes/64", "64", test_bytes);
  g_test_add_data_func ("/pool-dma/bytes/iommu", "iommu", test_bytes);
  g_test_add_data_func ("/pool-dma/bytes/verifier", "verifier", test_bytes);
  g_test_add_func ("/pool-dma/same-frames", test_same_frames);
  g_test_add_func ("/pool-dma/touches", test_touches);
  g_test_add_func ("/pool-dma/freed-while-mapped", test_freed_while_mapped);
  g_test_add_func ("/pool-dma/odd-mdls", test_odd_mdls);
  g_test_add_func ("/pool-dma/no-frames-left", test_no_frames_left);
  return g_test_run ();
}
