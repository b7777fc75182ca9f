/* test-grant-slave.c — version 3 on a channel of the system's DMA controller: the
 * completion routine, and a mapped transfer that is cancelled
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-8237.h"
#include "engine/devices/dms-system-dma.h"
#include "engine/drivers/system-dma-card.h"
#include "engine/kernel/dms-grant.h"
#include "tests/engine/driver-bench.h"
#include "tests/lib/dms-test.h"

#define LENGTH 20000

typedef struct
{
  PDMA_ADAPTER adapter;
  PDMA_OPERATIONS ops;
  SYSTEM_DMA_CARD *card;
  PVOID base;
  ULONG mapped, n_done;
  DMA_COMPLETION_STATUS status;
  UCHAR context[DMA_TRANSFER_CONTEXT_SIZE_V1];
} DRIVER;

static Bench bench;
static PDRIVER_CONTROL control;

static NTSTATUS
Start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  DEVICE_DESCRIPTION can = { .Version = DEVICE_DESCRIPTION_VERSION3,
                             .InterfaceType = Isa,
                             .DmaRequestLine = 1,
                             .DmaWidth = Width8Bits,
                             .MaximumLength = 32768 };
  ULONG count = 0;

  driver->card = registers;
  driver->adapter = IoGetDmaAdapter (device, &can, &count);
  g_assert_nonnull (driver->adapter);
  g_assert_cmpuint (count, ==, 9);
  driver->ops = driver->adapter->DmaOperations;
  return STATUS_SUCCESS;
}

static VOID
Complete (PDEVICE_OBJECT device)
{
  PIRP irp = device->CurrentIrp;

  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = LENGTH;
  IoCompleteRequest (irp, IO_NO_INCREMENT);
  IoStartNextPacket (device, FALSE);
}

static NTSTATUS
map (DRIVER *driver, PIRP irp, PDMA_COMPLETION_ROUTINE routine)
{
  driver->mapped = LENGTH;
  return driver->ops->MapTransferEx (driver->adapter,
                                     irp->MdlAddress,
                                     driver->base,
                                     0,
                                     0,
                                     &driver->mapped,
                                     FALSE,
                                     NULL,
                                     0,
                                     routine,
                                     driver);
}

static NTSTATUS
flush (DRIVER *driver, PIRP irp)
{
  return driver->ops->FlushAdapterBuffersEx (
      driver->adapter, irp->MdlAddress, driver->base, 0, LENGTH, FALSE);
}

static VOID
StartIo (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  g_assert_cmphex (
      driver->ops->InitializeDmaTransferContext (driver->adapter, driver->context),
      ==,
      STATUS_SUCCESS);
  g_assert_cmphex (
      driver->ops->AllocateAdapterChannelEx (
          driver->adapter, device, driver->context, 6, 0, control, NULL, NULL),
      ==,
      STATUS_SUCCESS);
}

static VOID
Stop (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;

  driver->ops->PutDmaAdapter (driver->adapter);
}

static BOOLEAN
Silence (PKINTERRUPT interrupt, PVOID context)
{
  PDEVICE_OBJECT device = context;
  DRIVER *driver = device->DeviceExtension;
  ULONG status = READ_REGISTER_ULONG (&driver->card->Status);

  UNREFERENCED_PARAMETER (interrupt);
  WRITE_REGISTER_ULONG (&driver->card->Status, status);
  return TRUE;
}

/* One read of 20 000 bytes. */
static void
run (PDRIVER_CONTROL what)
{
  static const SAMPLE_DRIVER driver
      = { sizeof (DRIVER), Start, StartIo, Silence, bench_dpc, Stop };
  DmsScenarioDevice *row = NULL;

  memset (&bench, 0, sizeof bench);
  control = what;
  fixture_story (&bench.scenario, false);
  row = &bench.scenario.devices[0];
  free (row->model);
  row->model = fixture_text ("system-dma");
  row->address_bits = 24;
  row->map_registers = 0;
  row->channel = 1;
  row->scatter_gather = false;
  bench.scenario.requests[0].length = LENGTH;
  bench_run_model (&bench, &driver, &dms_system_dma_model);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 1);
  g_assert_cmpuint (bench.machine.pool.n_free, ==, 64);
  g_assert_cmpuint (bench.machine.grants.n, ==, 0);
  g_assert_cmpuint (bench.run.state->oddities, ==, 0);
}

/* ---- to its end ---- */

static VOID
Finish (PDMA_ADAPTER adapter,
        PDEVICE_OBJECT device,
        PVOID context,
        DMA_COMPLETION_STATUS status)
{
  DRIVER *driver = device->DeviceExtension;

  g_assert_true (adapter == driver->adapter);
  g_assert_true (context == driver);
  g_assert_cmpuint (status, ==, DmaComplete);
  g_assert_cmpuint (KeGetCurrentIrql (), ==, DISPATCH_LEVEL);
  g_assert_cmphex (driver->ops->CancelMappedTransfer (driver->adapter, driver->context),
                   ==,
                   STATUS_UNSUCCESSFUL);
  g_assert_cmphex (flush (driver, device->CurrentIrp), ==, STATUS_SUCCESS);
  driver->ops->FreeAdapterChannel (driver->adapter);
  Complete (device);
}

static IO_ALLOCATION_ACTION
MapAll (PDEVICE_OBJECT device, PIRP irp, PVOID base, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (context);
  driver->base = base;
  g_assert_cmphex (map (driver, irp, Finish), ==, STATUS_SUCCESS);
  g_assert_cmpuint (driver->mapped, ==, LENGTH);
  WRITE_REGISTER_ULONG (&driver->card->Length, LENGTH);
  WRITE_REGISTER_ULONG (&driver->card->Control, CONTROL_FROM_CARD);
  return KeepObject;
}

static void
test_completion (void)
{
  const DmsEvent *call = NULL;

  run (MapAll);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  for (guint i = 0; (call = fixture_find (&bench.run, DMS_EVENT_CALL, i)) != NULL; i++)
    if (call->index == DMS_ROUTINE_DMA_COMPLETION)
      break;
  g_assert_nonnull (call);
  g_assert_cmpuint (call->b, ==, DMS_COMPLETION_DONE);
  g_assert_cmpuint (
      call->cause, ==, fixture_find (&bench.run, DMS_EVENT_TERMINAL_COUNT, 0)->seq);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COPY), >, 0);
  bench_release (&bench);
}

/* ---- stopped ---- */

static VOID
Count (PDMA_ADAPTER adapter,
       PDEVICE_OBJECT device,
       PVOID context,
       DMA_COMPLETION_STATUS status)
{
  DRIVER *driver = context;

  UNREFERENCED_PARAMETER (adapter);
  UNREFERENCED_PARAMETER (device);
  driver->n_done++;
  driver->status = status;
}

static IO_ALLOCATION_ACTION
Interfere (PDEVICE_OBJECT device, PIRP irp, PVOID base, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;
  PDMA_OPERATIONS ops = driver->ops;

  UNREFERENCED_PARAMETER (context);
  driver->base = base;
  g_assert_cmphex (ops->CancelMappedTransfer (driver->adapter, driver->context),
                   ==,
                   STATUS_UNSUCCESSFUL);
  /* Nothing moves without the card, so it stays mapped. */
  g_assert_cmphex (map (driver, irp, Count), ==, STATUS_SUCCESS);
  g_assert_cmphex (
      ops->CancelMappedTransfer (driver->adapter, driver->context), ==, STATUS_SUCCESS);
  g_assert_cmpuint (driver->n_done, ==, 1);
  g_assert_cmpuint (driver->status, ==, DmaCancelled);
  g_assert_cmphex (map (driver, irp, Count), ==, STATUS_CANCELLED);
  g_assert_cmphex (flush (driver, irp), ==, STATUS_SUCCESS);
  /* The flush ends the cancelling. */
  g_assert_cmphex (map (driver, irp, NULL), ==, STATUS_SUCCESS);
  g_assert_cmphex (flush (driver, irp), ==, STATUS_SUCCESS);
  g_assert_cmpuint (driver->n_done, ==, 1);
  g_assert_cmphex (ops->ConfigureAdapterChannel (driver->adapter, 1, NULL),
                   ==,
                   STATUS_NOT_IMPLEMENTED);
  Complete (device);
  return DeallocateObject;
}

static void
test_stopped (void)
{
  const DmsEvent *fact = NULL;

  run (Interfere);
  /* The last flush alone came while the channel had still to move. */
  g_assert_cmpuint (bench_count_facts (&bench), ==, 1);
  fact = bench_fact (&bench, DMS_FACT_FLUSH_WHILE_RUNNING, 0);
  g_assert_nonnull (fact);
  g_assert_cmpuint (fact->a, ==, LENGTH);
  g_assert_cmpuint (fact->b, ==, 1);
  bench_release (&bench);
}

/* A list with a transfer context is for bus masters. */
static IO_ALLOCATION_ACTION
GetList (PDEVICE_OBJECT device, PIRP irp, PVOID base, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;
  PSCATTER_GATHER_LIST list = NULL;

  UNREFERENCED_PARAMETER (base);
  UNREFERENCED_PARAMETER (context);
  g_assert_cmphex (driver->ops->GetScatterGatherListEx (driver->adapter,
                                                        device,
                                                        driver->context,
                                                        irp->MdlAddress,
                                                        0,
                                                        LENGTH,
                                                        DMA_SYNCHRONOUS_CALLBACK,
                                                        NULL,
                                                        NULL,
                                                        FALSE,
                                                        NULL,
                                                        NULL,
                                                        &list),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_null (list);
  Complete (device);
  return DeallocateObject;
}

static void
test_no_list (void)
{
  run (GetList);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 1);
  g_assert_nonnull (bench_fact (&bench, DMS_FACT_NOT_FOR_THIS_ADAPTER, 0));
  bench_release (&bench);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/grant-v3/system-dma/completion", test_completion);
  g_test_add_func ("/grant-v3/map/system-dma", test_stopped);
  g_test_add_func ("/grant-v3/list/not-for-system-dma", test_no_list);
  return g_test_run ();
}
