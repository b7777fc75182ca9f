/* bench-kernel.c — what a scatter/gather list costs the simulator, and many requests
 *
 * Lists are got and put back by a driver of this file, for pages that lie scattered and
 * within reach; first into a sink that drops the events, then into a recorder. What
 * counts are the numbers for each page beside each other.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-recorder.h"
#include "engine/devices/dms-bus-master.h"
#include "engine/drivers/dms-simulation.h"
#include "engine/kernel/dms-io.h"
#include "engine/wdm/dms-wdm.h"
#include "tests/engine/simulation-fixture.h"

#include <malloc.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum
{
  ROUNDS = 7,
  REQUESTS = 1000000,
  DEVICES = 8,
  SHARED_REGISTERS = 64
};

static double
seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
compare (const void *one, const void *other)
{
  double a = *(const double *)one;
  double b = *(const double *)other;

  return (a > b) - (a < b);
}

static double
median (double *values)
{
  qsort (values, ROUNDS, sizeof *values, compare);
  return values[ROUNDS / 2];
}

/* ---- lists: a driver that gets and puts them back, and does no transfer ---- */

typedef struct
{
  PDMA_ADAPTER adapter;
  PSCATTER_GATHER_LIST list;
} DRIVER;

/* How often; and what it took, in seconds. There is one driver at a time. */
static ULONG pairs;
static double took;

static NTSTATUS
StartDevice (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  DEVICE_DESCRIPTION can;
  ULONG n = 0;

  UNREFERENCED_PARAMETER (registers);
  RtlZeroMemory (&can, sizeof can);
  can.Version = DEVICE_DESCRIPTION_VERSION3;
  can.Master = TRUE;
  can.ScatterGather = TRUE;
  can.MaximumLength = 0x10000000;
  can.DmaAddressWidth = 64;
  driver->adapter = IoGetDmaAdapter (device, &can, &n);
  return driver->adapter == NULL ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

static VOID
ListControl (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  driver->list = list;
}

static VOID
StartIo (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  PDMA_OPERATIONS ops = driver->adapter->DmaOperations;
  ULONG length = IoGetCurrentIrpStackLocation (irp)->Parameters.Read.Length;
  double start = seconds ();

  for (ULONG i = 0; i < pairs; i++)
    {
      driver->list = NULL;
      NTSTATUS status
          = ops->GetScatterGatherList (driver->adapter,
                                       device,
                                       irp->MdlAddress,
                                       MmGetMdlVirtualAddress (irp->MdlAddress),
                                       length,
                                       ListControl,
                                       NULL,
                                       FALSE);
      g_assert_cmpint (status, ==, STATUS_SUCCESS);
      g_assert_nonnull (driver->list);
      ops->PutScatterGatherList (driver->adapter, driver->list, FALSE);
    }
  took = seconds () - start;
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = 0;
  IoCompleteRequest (irp, IO_NO_INCREMENT);
  IoStartNextPacket (device, FALSE);
}

static VOID
StopDevice (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;
  PDMA_OPERATIONS ops = driver->adapter->DmaOperations;

  ops->PutDmaAdapter (driver->adapter);
}

static const SAMPLE_DRIVER lists_driver
    = { sizeof (DRIVER), StartDevice, StartIo, NULL, NULL, StopDevice };

/* Every other frame, so that no two pages join. */
static void
add_scattered_buffer (DmsScenario *scenario, uint32_t pages)
{
  g_autofree uint64_t *frames = g_new (uint64_t, pages);

  for (uint32_t i = 0; i < pages; i++)
    frames[i] = 0x10000 + 2 * (uint64_t)i;
  fixture_add_mdl (fixture_add_buffer (scenario, "data"),
                   0,
                   (uint64_t)pages * DMS_PAGE_SIZE,
                   frames);
}

static void
make_lists_scenario (DmsScenario *scenario, uint32_t pages)
{
  dms_scenario_init (scenario);
  scenario->map_registers = DMS_SCENARIO_REGISTERS_MAX;
  DmsScenarioDevice *card = fixture_add_device (scenario, "card0", 64);
  card->maximum_length = 0x10000000;
  add_scattered_buffer (scenario, pages);
  fixture_add_request (scenario, 0, 0, false, (uint64_t)pages * DMS_PAGE_SIZE);
}

/* Nanoseconds for one pair of calls. */
static double
time_lists (const DmsSink *sink, uint32_t pages, ULONG n)
{
  DmsScenario scenario;
  DmsMachine machine;
  DmsStatus status = DMS_OK;

  make_lists_scenario (&scenario, pages);
  pairs = n;
  g_assert_cmpint (dms_machine_init (&machine, &scenario, sink), ==, DMS_OK);
  g_assert_cmpint (dms_wdm_init (&machine), ==, DMS_OK);
  machine.devices[0].model = &dms_bus_master_model;
  g_assert_true (dms_bus_master_model.start (&machine, &machine.devices[0]));
  g_assert_cmpint (
      dms_wdm_add (&machine, &machine.devices[0], &lists_driver), ==, DMS_OK);
  dms_io_begin (&machine);
  do
    {
      status = dms_machine_step (&machine);
      if (status == DMS_ERROR_END && dms_io_end (&machine))
        status = DMS_OK;
    }
  while (status == DMS_OK);
  g_assert_cmpint (status, ==, DMS_ERROR_END);
  dms_wdm_release (&machine);
  dms_machine_release (&machine);
  dms_scenario_release (&scenario);
  return took * 1e9 / n;
}

static DmsStatus
drop_event (void *data, const DmsEvent *event)
{
  (void)event;
  ++*(uint64_t *)data;
  return DMS_OK;
}

static double
time_dropped (uint32_t pages, ULONG n)
{
  uint64_t events = 0;
  DmsSink sink = { .event = drop_event, .data = &events };

  return time_lists (&sink, pages, n);
}

static double
time_recorded (uint32_t pages, ULONG n, const char *path)
{
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { .kind = DMS_SOURCE_SIMULATION, .resolution_ns = 1 };
  DmsRecorder *recorder = dms_recorder_new (path, TRUE, &info, &error);

  g_assert_no_error (error);
  DmsSink sink = dms_recorder_sink (recorder);
  double ns = time_lists (&sink, pages, n);
  dms_recorder_close (recorder, &error);
  g_assert_no_error (error);
  return ns;
}

static void
bench_lists (void)
{
  static const uint32_t sizes[] = { 1, 16, 64, 1024, 16384, 65536 };
  double dropped[ROUNDS];
  double recorded[ROUNDS];
  g_autofree char *path
      = g_build_filename (g_get_tmp_dir (), "bench-kernel.dmatrace", NULL);

  for (int round = 0; round < ROUNDS; round++)
    {
      dropped[round] = time_dropped (64, 5000);
      recorded[round] = time_recorded (64, 500, path);
    }
  unlink (path);
  printf ("GetScatterGatherList + PutScatterGatherList, 64 scattered pages\n");
  printf ("  events dropped:  %7.0f ns, %5.0f ns a page\n",
          median (dropped),
          median (dropped) / 64);
  printf ("  events recorded: %7.0f ns, %5.0f ns a page\n",
          median (recorded),
          median (recorded) / 64);
  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      ULONG n = sizes[i] > 1024 ? 8 : 262144 / sizes[i] / 8 + 1;

      for (int round = 0; round < ROUNDS; round++)
        dropped[round] = time_dropped (sizes[i], n) / sizes[i];
      printf ("  %6u pages: %5.0f ns a page\n", sizes[i], median (dropped));
    }
}

/* ---- many requests ---- */

static void
make_requests_scenario (DmsScenario *scenario)
{
  dms_scenario_init (scenario);
  scenario->map_registers = SHARED_REGISTERS;
  for (unsigned d = 0; d < DEVICES; d++)
    {
      uint64_t frames[] = { 0x10000 + 16 * d, 0x140000 + 16 * d, 0x10004 + 16 * d };
      g_autofree char *name = g_strdup_printf ("card%u", d);
      DmsScenarioDevice *card = fixture_add_device (scenario, name, 32);

      card->burst = 4096;
      fixture_add_mdl (fixture_add_buffer (scenario, name), 100, 12000, frames);
      DmsScenarioRequest *request
          = fixture_add_request (scenario, d, d, d % 2 == 0, 12000);
      request->count = REQUESTS / DEVICES;
    }
}

static double
mib_in_use (void)
{
  return (double)mallinfo2 ().uordblks / (1 << 20);
}

static void
bench_requests (void)
{
  uint64_t events = 0;
  DmsSink sink = { .event = drop_event, .data = &events };
  DmsScenario scenario;
  DmsStatus status = DMS_OK;
  double before = mib_in_use ();

  make_requests_scenario (&scenario);
  DmsSimulation *simulation = dms_simulation_new (&scenario, &sink, &status, NULL);
  g_assert_nonnull (simulation);

  double start = seconds ();
  status = dms_simulation_run (simulation, 1000000);
  g_assert_cmpint (status, ==, DMS_OK);
  double early = mib_in_use () - before;
  status = dms_simulation_run (simulation, UINT64_MAX);
  g_assert_cmpint (status, ==, DMS_ERROR_END);
  double all = seconds () - start;

  printf ("%d requests, %d devices, %d map registers\n",
          REQUESTS,
          DEVICES,
          SHARED_REGISTERS);
  printf ("  %.1f million events, %.2f million a second\n",
          (double)events / 1e6,
          (double)events / all / 1e6);
  printf ("  memory in use: %.2f MiB after 1 million events, %.2f MiB at the end\n",
          early,
          mib_in_use () - before);
  dms_simulation_free (simulation);
  dms_scenario_release (&scenario);
}

int
main (void)
{
  bench_lists ();
  bench_requests ();
  return 0;
}
