/* test-verifier.c — what verification finds of devices that are told too much
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/card.h"
#include "tests/engine/driver-bench.h"
#include "tests/lib/dms-test.h"

/* How wrong the driver programs its card: bytes that the first element begins too
 * early, and that the last one ends too late. */
static ULONG too_early, too_late;

typedef struct
{
  CARD_REGISTERS *registers;
  PDMA_ADAPTER adapter;
  PDMA_OPERATIONS ops;
  PSCATTER_GATHER_LIST list;
  BOOLEAN to_device;
} DRIVER;

static NTSTATUS
Start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  DEVICE_DESCRIPTION can;

  RtlZeroMemory (&can, sizeof can);
  can.Version = DEVICE_DESCRIPTION_VERSION2;
  can.Master = TRUE;
  can.ScatterGather = TRUE;
  can.Dma64BitAddresses = TRUE;
  can.MaximumLength = 65536;
  driver->registers = registers;
  driver->adapter = IoGetDmaAdapter (device, &can, NULL);
  driver->ops = driver->adapter->DmaOperations;
  return STATUS_SUCCESS;
}

static VOID
Program (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;
  CARD_REGISTERS *to = driver->registers;
  ULONG last = list->NumberOfElements - 1;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  driver->list = list;
  for (ULONG i = 0; i <= last; i++)
    {
      ULONG early = i == 0 ? too_early : 0;
      ULONG late = i == last ? too_late : 0;

      WRITE_REGISTER_ULONG64 (&to->Descriptor[i].Address,
                              (ULONG64)list->Elements[i].Address.QuadPart - early);
      WRITE_REGISTER_ULONG (&to->Descriptor[i].Length,
                            list->Elements[i].Length + early + late);
    }
  WRITE_REGISTER_ULONG (&to->Count, last + 1);
  WRITE_REGISTER_ULONG (&to->Control,
                        driver->to_device ? CONTROL_READ_MEMORY : CONTROL_WRITE_MEMORY);
}

static VOID
StartIo (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  PMDL mdl = irp->MdlAddress;

  driver->to_device = IoGetCurrentIrpStackLocation (irp)->MajorFunction == IRP_MJ_WRITE;
  g_assert_cmphex (driver->ops->GetScatterGatherList (driver->adapter,
                                                      device,
                                                      mdl,
                                                      MmGetMdlVirtualAddress (mdl),
                                                      MmGetMdlByteCount (mdl),
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
  WRITE_REGISTER_ULONG (&driver->registers->Status, STATUS_DONE);
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
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = MmGetMdlByteCount (irp->MdlAddress);
  IoCompleteRequest (irp, IO_NO_INCREMENT);
  IoStartNextPacket (device, FALSE);
}

/* One request of 5000 bytes from offset 100 of the first page, by a card that reaches
 * everything. */
static void
run (Bench *bench, bool verifies, bool to_device)
{
  static const SAMPLE_DRIVER driver
      = { sizeof (DRIVER), Start, StartIo, Interrupt, Finish, bench_stop };
  static const uint64_t frames[] = { 0x500, 0x700 };

  *bench = (Bench){ .scenario = { .seed = 0 } };
  dms_scenario_init (&bench->scenario);
  bench->scenario.verifier = verifies;
  fixture_add_device (&bench->scenario, "card0", 64);
  fixture_add_mdl (fixture_add_buffer (&bench->scenario, "data"), 100, 5000, frames);
  fixture_add_request (&bench->scenario, 0, 0, to_device, 5000);
  bench_run (bench, &driver);
}

/* Everything bounces, though the card reaches all of it; nothing is found. */
static void
test_clean (void)
{
  Bench bench;

  for (int to_device = 0; to_device < 2; to_device++)
    {
      run (&bench, true, to_device != 0);
      g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_BOUNCE), ==, 2);
      g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COPY), ==, 2);
      g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
      g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_STRAY), ==, 0);
      bench_release (&bench);
    }
}

static void
assert_damage (const DmsEvent *fact, uint64_t address, uint64_t where, uint64_t length)
{
  g_assert_nonnull (fact);
  g_assert_cmphex (fact->a, ==, address);
  g_assert_cmpuint (fact->b, ==, where);
  g_assert_cmpuint (fact->length, ==, length);
  g_assert_cmpuint (fact->object, ==, 1);
  g_assert_cmpuint (fact->transfer, ==, 1);
}

/* The device's stray bytes are seen on the bus as they happen, and what they did when
 * the list is put back. */
static void
test_device_writes_too_far (void)
{
  Bench bench;

  too_late = 10;
  run (&bench, true, false);

  const DmsEvent *last = fixture_find (&bench.run, DMS_EVENT_BOUNCE, 1);
  const DmsEvent *stray = fixture_find (&bench.run, DMS_EVENT_STRAY, 0);
  const DmsEvent *fact = bench_fact (&bench, DMS_FACT_PADDING_DAMAGED, 0);

  g_assert_cmphex (stray->a, ==, last->b + last->length);
  assert_damage (fact, last->b + last->length, 5, 10);
  g_assert_cmpuint (fact->seq, >, stray->seq);
  bench_release (&bench);
  /* Into the guard page behind. */
  too_late = 4096;
  run (&bench, true, false);
  last = fixture_find (&bench.run, DMS_EVENT_BOUNCE, 1);
  assert_damage (bench_fact (&bench, DMS_FACT_PADDING_DAMAGED, 0),
                 last->b + last->length,
                 5,
                 4096);
  bench_release (&bench);
  too_late = 0;
}

static void
test_device_writes_too_early (void)
{
  Bench bench;

  too_early = 101;
  run (&bench, true, false);

  const DmsEvent *first = fixture_find (&bench.run, DMS_EVENT_BOUNCE, 0);

  /* 100 bytes of its page, and one of the guard page. */
  assert_damage (
      bench_fact (&bench, DMS_FACT_PADDING_DAMAGED, 0), first->b - 101, 4, 101);
  bench_release (&bench);
  too_early = 0;
}

/* Reading damages nothing: only the bus shows it. */
static void
test_device_reads_too_far (void)
{
  Bench bench;

  too_late = 10;
  run (&bench, true, true);
  g_assert_null (bench_fact (&bench, DMS_FACT_PADDING_DAMAGED, 0));
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_STRAY), ==, 1);
  bench_release (&bench);
  too_late = 0;
}

/* Without verification nobody looks. */
static void
test_unverified (void)
{
  Bench bench;

  too_late = 10;
  run (&bench, false, false);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_BOUNCE), ==, 0);
  g_assert_null (bench_fact (&bench, DMS_FACT_PADDING_DAMAGED, 0));
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_STRAY), ==, 1);
  bench_release (&bench);
  too_late = 0;
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/verifier/clean", test_clean);
  g_test_add_func ("/verifier/device-writes-too-far", test_device_writes_too_far);
  g_test_add_func ("/verifier/device-writes-too-early", test_device_writes_too_early);
  g_test_add_func ("/verifier/device-reads-too-far", test_device_reads_too_far);
  g_test_add_func ("/verifier/unverified", test_unverified);
  return g_test_run ();
}
