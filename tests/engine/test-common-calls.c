/* test-common-calls.c — drivers that call for common buffers and make MDLs of their own
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-common.h"
#include "tests/engine/driver-bench.h"
#include "tests/lib/dms-test.h"

typedef struct
{
  PDMA_ADAPTER adapter;
  PDMA_OPERATIONS ops;
  PUCHAR memory;
  PHYSICAL_ADDRESS address;
  PMDL mdl;
} DRIVER;

static void
open_bench (Bench *bench, const SAMPLE_DRIVER *driver)
{
  static const uint64_t frames[] = { 0x500, 0x501, 0x502 };

  dms_scenario_init (&bench->scenario);
  bench->scenario.memory = UINT64_C (1) << 30;
  bench->scenario.map_registers = 8;
  fixture_add_device (&bench->scenario, "card", 32);
  fixture_add_mdl (fixture_add_buffer (&bench->scenario, "data"), 0, 12288, frames);
  fixture_add_request (&bench->scenario, 0, 0, true, 12288);
  bench_run (bench, driver);
}

static void
get_adapter (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;
  DEVICE_DESCRIPTION can;
  ULONG n = 0;

  RtlZeroMemory (&can, sizeof can);
  can.Version = DEVICE_DESCRIPTION_VERSION3;
  can.Master = TRUE;
  can.ScatterGather = TRUE;
  can.DmaAddressWidth = 32;
  can.MaximumLength = 65536;
  driver->adapter = IoGetDmaAdapter (device, &can, &n);
  g_assert_nonnull (driver->adapter);
  driver->ops = driver->adapter->DmaOperations;
}

static void
get_memory (PDEVICE_OBJECT device, ULONG length)
{
  DRIVER *driver = device->DeviceExtension;

  driver->memory = driver->ops->AllocateCommonBuffer (
      driver->adapter, length, &driver->address, TRUE);
  g_assert_nonnull (driver->memory);
}

static void
free_memory (PDEVICE_OBJECT device, ULONG length)
{
  DRIVER *driver = device->DeviceExtension;

  driver->ops->FreeCommonBuffer (
      driver->adapter, length, driver->address, driver->memory, TRUE);
}

static const DmsEvent *
return_of (const Bench *bench, DmsRoutine routine, guint nth)
{
  const DmsEvent *event = NULL;

  for (guint i = 0; (event = fixture_find (&bench->run, DMS_EVENT_RETURN, i)) != NULL;
       i++)
    if (event->index == routine && nth-- == 0)
      return event;
  return NULL;
}

/* ---- touching ---- */

static NTSTATUS
touching_start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  UCHAR bytes[100];

  UNREFERENCED_PARAMETER (registers);
  get_adapter (device);
  get_memory (device, 5000);
  memset (bytes, 0x21, sizeof bytes);
  RtlCopyMemory (driver->memory + 4000, bytes, sizeof bytes);
  g_assert_cmpuint (driver->memory[4099], ==, 0x21);
  RtlCopyMemory (bytes, driver->memory + 4050, 20);
  /* What lies behind its last page is not ours. */
  RtlFillMemory (driver->memory + 8190, 100, 0x33);
  g_assert_cmpuint (driver->memory[8191], ==, 0x33);
  RtlZeroMemory (driver->memory, 0);
  free_memory (device, 5000);
  /* Too late: it is seen, and harmless here. */
  RtlCopyMemory (bytes, driver->memory, 4);
  g_assert_cmpuint (bytes[0], ==, 0xdd);
  return STATUS_SUCCESS;
}

static void
test_touches_leave_events (void)
{
  static const SAMPLE_DRIVER driver
      = BENCH_DRIVER (DRIVER, touching_start, bench_start_io);
  static const struct
  {
    uint64_t start, length;
    uint32_t flags;
  } touches[] = { { 4000, 100, DMS_FLAG_CPU_WRITES },
                  { 4050, 20, 0 },
                  { 8190, 2, DMS_FLAG_CPU_WRITES },
                  { 0, 4, 0 } };
  Bench bench;

  open_bench (&bench, &driver);

  const DmsEvent *alloc = fixture_find (&bench.run, DMS_EVENT_ALLOC, 0);

  g_assert_cmpuint (
      fixture_count (&bench.run, DMS_EVENT_SHARED_TOUCH), ==, G_N_ELEMENTS (touches));
  for (guint i = 0; i < G_N_ELEMENTS (touches); i++)
    {
      const DmsEvent *event = fixture_find (&bench.run, DMS_EVENT_SHARED_TOUCH, i);

      g_assert_cmpuint (event->object, ==, alloc->object);
      g_assert_cmpuint (event->a, ==, touches[i].start);
      g_assert_cmpuint (event->length, ==, touches[i].length);
      g_assert_cmpuint (event->flags, ==, touches[i].flags);
    }
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  /* The pointer is told as an address that is the same in every run. */
  g_assert_cmphex (
      return_of (&bench, DMS_ROUTINE_ALLOCATE_COMMON_BUFFER, 0)->b, ==, alloc->b);
  g_assert_cmpuint (dms_common_live (&bench.machine), ==, 0);
  bench_release (&bench);
}

/* Memory of a larger one that was freed: what lies behind the end was its, and is
 * nobody's now. */
static NTSTATUS
reusing_start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (registers);
  get_adapter (device);
  for (unsigned i = 0; i < 9; i++)
    {
      get_memory (device, 12288);
      free_memory (device, 12288);
    }
  get_memory (device, 4096);
  RtlFillMemory (driver->memory + 4090, 100, 0x44);
  free_memory (device, 4096);
  return STATUS_SUCCESS;
}

static void
test_touches_end_with_the_buffer (void)
{
  static const SAMPLE_DRIVER driver
      = BENCH_DRIVER (DRIVER, reusing_start, bench_start_io);
  Bench bench;

  open_bench (&bench, &driver);
  /* The oldest of the nine is used again. */
  g_assert_cmphex (fixture_find (&bench.run, DMS_EVENT_ALLOC, 9)->a,
                   ==,
                   fixture_find (&bench.run, DMS_EVENT_ALLOC, 0)->a);
  g_assert_cmpuint (
      fixture_find (&bench.run, DMS_EVENT_SHARED_TOUCH, 0)->length, ==, 6);
  bench_release (&bench);
}

/* ---- wrong calls ---- */

static NTSTATUS
wrong_start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  DMA_ADAPTER mine;
  PHYSICAL_ADDRESS address = { .QuadPart = 77 };

  UNREFERENCED_PARAMETER (registers);
  get_adapter (device);
  get_memory (device, 4096);
  memset (&mine, 0, sizeof mine);
  g_assert_null (driver->ops->AllocateCommonBuffer (NULL, 4096, &address, TRUE));
  g_assert_null (driver->ops->AllocateCommonBuffer (&mine, 4096, &address, TRUE));
  g_assert_null (driver->ops->AllocateCommonBuffer (driver->adapter, 4096, NULL, TRUE));
  g_assert_null (
      driver->ops->AllocateCommonBufferEx (driver->adapter, NULL, 4096, NULL, TRUE, 0));
  g_assert_null (
      driver->ops->AllocateCommonBuffer (driver->adapter, 0, &address, TRUE));
  g_assert_null (
      driver->ops->AllocateCommonBuffer (driver->adapter, UINT32_MAX, &address, TRUE));
  g_assert_cmpint (address.QuadPart, ==, 77);
  driver->ops->FreeCommonBuffer (driver->adapter, 4096, address, &mine, TRUE);
  driver->ops->FreeCommonBuffer (NULL, 4096, driver->address, driver->memory, TRUE);
  g_assert_cmpuint (driver->ops->ReadDmaCounter (driver->adapter), ==, 0);
  driver->ops->PutDmaAdapter (driver->adapter);
  g_assert_null (
      driver->ops->AllocateCommonBuffer (driver->adapter, 4096, &address, TRUE));
  free_memory (device, 4096);
  return STATUS_SUCCESS;
}

static void
test_wrong_calls_are_noted (void)
{
  static const SAMPLE_DRIVER driver
      = BENCH_DRIVER (DRIVER, wrong_start, bench_start_io);
  static const DmsFact facts[] = {
    DMS_FACT_NULL_ADAPTER,         DMS_FACT_UNKNOWN_ADAPTER, DMS_FACT_NULL_POINTER,
    DMS_FACT_NULL_POINTER,         DMS_FACT_COMMON_UNKNOWN,  DMS_FACT_NULL_ADAPTER,
    DMS_FACT_NOT_FOR_THIS_ADAPTER, DMS_FACT_DEAD_ADAPTER,    DMS_FACT_DEAD_ADAPTER,
  };
  Bench bench;

  open_bench (&bench, &driver);
  g_assert_cmpuint (bench_count_facts (&bench), ==, G_N_ELEMENTS (facts));
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    g_assert_cmpuint (
        fixture_find (&bench.run, DMS_EVENT_FACT, i)->index, ==, facts[i]);
  g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_FACT, 2)->a, ==, 3);
  g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_FACT, 3)->a, ==, 4);
  /* By an adapter that was put back it is freed all the same. */
  g_assert_cmpuint (dms_common_live (&bench.machine), ==, 0);
  bench_release (&bench);
}

static NTSTATUS
limited_start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  PHYSICAL_ADDRESS highest = { .QuadPart = 0xffffff };

  UNREFERENCED_PARAMETER (registers);
  get_adapter (device);
  driver->memory = driver->ops->AllocateCommonBufferEx (
      driver->adapter, &highest, 4096, &driver->address, TRUE, 0);
  g_assert_cmphex ((uint64_t)driver->address.QuadPart, ==, 0xfff000);
  free_memory (device, 4096);
  driver->memory = driver->ops->AllocateCommonBufferEx (
      driver->adapter, NULL, 4096, &driver->address, TRUE, 0);
  g_assert_cmphex ((uint64_t)driver->address.QuadPart, ==, 0x3ffff000);
  free_memory (device, 4096);
  return STATUS_SUCCESS;
}

static void
test_ex_keeps_below_an_address (void)
{
  static const SAMPLE_DRIVER driver
      = BENCH_DRIVER (DRIVER, limited_start, bench_start_io);
  Bench bench;

  open_bench (&bench, &driver);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  bench_release (&bench);
}

/* ---- MDLs ---- */

static VOID
ListControl (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  g_assert_cmpuint (list->NumberOfElements, ==, 1);
  g_assert_cmpint (
      list->Elements[0].Address.QuadPart, ==, driver->address.QuadPart + 100);
  g_assert_cmpuint (list->Elements[0].Length, ==, 5000);
  driver->ops->PutScatterGatherList (driver->adapter, list, TRUE);
}

static NTSTATUS
get_list (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;

  return driver->ops->GetScatterGatherList (driver->adapter,
                                            device,
                                            driver->mdl,
                                            MmGetMdlVirtualAddress (driver->mdl),
                                            5000,
                                            ListControl,
                                            NULL,
                                            TRUE);
}

static NTSTATUS
mdl_start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (registers);
  get_adapter (device);
  get_memory (device, 8192);
  driver->mdl = IoAllocateMdl (driver->memory + 100, 5000, FALSE, FALSE, NULL);
  g_assert_nonnull (driver->mdl);
  g_assert_cmpuint (MmGetMdlByteCount (driver->mdl), ==, 5000);
  g_assert_cmpuint (MmGetMdlByteOffset (driver->mdl), ==, 100);
  /* Before it is built it describes nothing. */
  g_assert_null (MmGetSystemAddressForMdlSafe (driver->mdl, NormalPagePriority));
  KeFlushIoBuffers (driver->mdl, FALSE, TRUE);
  g_assert_cmpint (get_list (device), ==, STATUS_INVALID_PARAMETER);
  MmBuildMdlForNonPagedPool (driver->mdl);
  g_assert_cmphex (MmGetMdlPfnArray (driver->mdl)[0],
                   ==,
                   (PFN_NUMBER)driver->address.QuadPart >> PAGE_SHIFT);
  g_assert_cmphex (MmGetMdlPfnArray (driver->mdl)[1],
                   ==,
                   ((PFN_NUMBER)driver->address.QuadPart >> PAGE_SHIFT) + 1);
  g_assert_true (MmGetSystemAddressForMdlSafe (driver->mdl, NormalPagePriority)
                 == driver->memory + 100);
  g_assert_cmpint (get_list (device), ==, STATUS_SUCCESS);
  IoFreeMdl (driver->mdl);
  free_memory (device, 8192);
  driver->ops->PutDmaAdapter (driver->adapter);
  return STATUS_SUCCESS;
}

static void
test_mdl_of_a_common_buffer (void)
{
  static const SAMPLE_DRIVER driver = BENCH_DRIVER (DRIVER, mdl_start, bench_start_io);
  Bench bench;

  open_bench (&bench, &driver);
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_UNKNOWN_MDL, 0));
  g_assert_cmpuint (bench_count_facts (&bench), ==, 1);
  /* What was refused belongs to no request. */
  g_assert_cmpuint (bench.run.state->oddities, ==, 1);
  g_assert_cmpuint (bench.machine.pool.n_free, ==, bench.machine.pool.n);
  g_assert_cmpuint (bench.machine.mapped.n, ==, 0);
  bench_release (&bench);
}

static NTSTATUS
odd_mdl_start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  PVOID pool = ExAllocatePoolWithTag (NonPagedPoolNx, 100, 0x54657374);
  PMDL mdl = NULL;

  UNREFERENCED_PARAMETER (registers);
  get_adapter (device);
  get_memory (device, 4096);
  g_assert_null (IoAllocateMdl (driver->memory, 0, FALSE, FALSE, NULL));
  /* Neither more than a common buffer, nor the stack, has frames. */
  mdl = IoAllocateMdl (driver->memory + 1, 4096, FALSE, FALSE, NULL);
  MmBuildMdlForNonPagedPool (mdl);
  IoFreeMdl (mdl);
  mdl = IoAllocateMdl (&mdl, sizeof mdl, FALSE, FALSE, NULL);
  MmBuildMdlForNonPagedPool (mdl);
  IoFreeMdl (mdl);
  IoFreeMdl (mdl);
  IoFreeMdl (NULL);
  MmBuildMdlForNonPagedPool ((PMDL)pool);
  ExFreePoolWithTag (pool, 0x54657374);
  free_memory (device, 4096);
  return STATUS_SUCCESS;
}

static void
test_odd_mdls_are_noted (void)
{
  static const SAMPLE_DRIVER driver
      = BENCH_DRIVER (DRIVER, odd_mdl_start, bench_start_io);
  static const DmsFact facts[] = { DMS_FACT_NO_FRAMES,
                                   DMS_FACT_NO_FRAMES,
                                   DMS_FACT_UNKNOWN_MDL,
                                   DMS_FACT_NULL_MDL,
                                   DMS_FACT_UNKNOWN_MDL };
  Bench bench;

  open_bench (&bench, &driver);
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    g_assert_cmpuint (
        fixture_find (&bench.run, DMS_EVENT_FACT, i)->index, ==, facts[i]);
  g_assert_cmpuint (bench_count_facts (&bench), ==, G_N_ELEMENTS (facts));
  bench_release (&bench);
}

static NTSTATUS
plain_start (PDEVICE_OBJECT device, PVOID registers)
{
  UNREFERENCED_PARAMETER (registers);
  get_adapter (device);
  get_memory (device, 8192);
  return STATUS_SUCCESS;
}

/* An MDL goes to the end of the request's chain, or takes its place; the request's own
 * are nothing for IoFreeMdl. */
static VOID
chain_start_io (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  PMDL own = irp->MdlAddress;
  PMDL second = IoAllocateMdl (driver->memory, 10, TRUE, FALSE, irp);
  PMDL third = IoAllocateMdl (driver->memory, 20, TRUE, FALSE, irp);
  PMDL instead = NULL;

  g_assert_true (irp->MdlAddress == own);
  g_assert_true (own->Next == second);
  g_assert_true (second->Next == third);
  g_assert_null (third->Next);
  /* A loop has no end, but it does not hold anybody up. */
  third->Next = second;
  instead = IoAllocateMdl (driver->memory, 30, TRUE, FALSE, irp);
  g_assert_true (third->Next == second);
  third->Next = NULL;
  IoFreeMdl (own);
  g_assert_true (irp->MdlAddress == own);
  IoFreeMdl (instead);
  instead = IoAllocateMdl (driver->memory, 30, FALSE, FALSE, irp);
  g_assert_true (irp->MdlAddress == instead);
  irp->MdlAddress = own;
  own->Next = NULL;
  IoFreeMdl (second);
  IoFreeMdl (third);
  IoFreeMdl (instead);
  bench_start_io (device, irp);
}

static void
test_mdls_of_a_request (void)
{
  static const SAMPLE_DRIVER driver
      = BENCH_DRIVER (DRIVER, plain_start, chain_start_io);
  Bench bench;

  open_bench (&bench, &driver);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 1);
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_UNKNOWN_MDL, 0));
  bench_release (&bench);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/common-calls/touches", test_touches_leave_events);
  g_test_add_func ("/common-calls/end", test_touches_end_with_the_buffer);
  g_test_add_func ("/common-calls/wrong", test_wrong_calls_are_noted);
  g_test_add_func ("/common-calls/ex", test_ex_keeps_below_an_address);
  g_test_add_func ("/common-calls/mdl", test_mdl_of_a_common_buffer);
  g_test_add_func ("/common-calls/odd-mdls", test_odd_mdls_are_noted);
  g_test_add_func ("/common-calls/mdls-of-a-request", test_mdls_of_a_request);
  return g_test_run ();
}
