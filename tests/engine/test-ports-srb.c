/* test-ports-srb.c — SCSI and Storport miniports that call their port driver wrongly,
 * or in less common ways
 *
 * SPDX-License-Identifier: MIT
 */
#define DMS_NO_MARKS
#include "engine/devices/dms-bus-master.h"
#include "engine/drivers/card.h"
#include "engine/wdm/storport.h"
#include "tests/engine/ports-bench.h"
#include "tests/lib/dms-test.h"

/* ---- a Storport and a SCSI miniport ---- */

typedef struct
{
  CARD_REGISTERS *registers;
  PSCSI_REQUEST_BLOCK srb;
  PVOID uncached;
  UCHAR list[256]; /* room for a list of the miniport's own */
} ADAPTER;

typedef enum
{
  PLAIN,
  NEVER_NEXT,
  NULL_SRB,
  MAP_ON_MASTER,
  OWN_LIST,
  OWN_LIST_SMALL,
  PUT_PORTS_LIST,
  SYSTEM_ADDRESS,
  BUILD_FALSE
} SrbWrong;

static struct
{
  SrbWrong wrong;
  ULONG status, put_status;
  guint starts, lists;
  ULONG elements;
  LONGLONG address;
  guint8 first;
} srb_seen;

static ULONG
find_adapter (PVOID extension,
              PVOID context,
              PVOID bus,
              PCHAR argument,
              PPORT_CONFIGURATION_INFORMATION can,
              PBOOLEAN again)
{
  ADAPTER *adapter = extension;

  UNREFERENCED_PARAMETER (context);
  UNREFERENCED_PARAMETER (bus);
  UNREFERENCED_PARAMETER (argument);
  UNREFERENCED_PARAMETER (again);
  adapter->registers = StorPortGetDeviceBase (
      adapter, PCIBus, 0, (*can->AccessRanges)[0].RangeStart, 0, FALSE);
  can->NumberOfPhysicalBreaks = 4;
  can->MaximumTransferLength = 65536;
  can->Master = TRUE;
  can->ScatterGather = TRUE;
  can->Dma32BitAddresses = TRUE;
  adapter->uncached = StorPortGetUncachedExtension (adapter, can, 2 * PAGE);
  return SP_RETURN_FOUND;
}

static BOOLEAN
initialize (PVOID extension)
{
  return extension != NULL;
}

static VOID
own_list (PVOID *device, PVOID *irp, PSTOR_SCATTER_GATHER_LIST list, PVOID context)
{
  ADAPTER *adapter = context;

  UNREFERENCED_PARAMETER (device);
  UNREFERENCED_PARAMETER (irp);
  srb_seen.lists++;
  srb_seen.elements = list->NumberOfElements;
  srb_seen.put_status = StorPortPutScatterGatherList (adapter, list, FALSE);
}

static void
build_own_list (ADAPTER *adapter)
{
  PMDL mdl = IoAllocateMdl (adapter->uncached, 2 * PAGE, FALSE, FALSE, NULL);

  g_assert_nonnull (mdl);
  MmBuildMdlForNonPagedPool (mdl);
  srb_seen.status = StorPortBuildScatterGatherList (
      adapter,
      mdl,
      adapter->uncached,
      2 * PAGE,
      own_list,
      adapter,
      FALSE,
      adapter->list,
      srb_seen.wrong == OWN_LIST_SMALL ? 20 : sizeof adapter->list);
  IoFreeMdl (mdl);
}

static BOOLEAN
stor_build (PVOID extension, PSCSI_REQUEST_BLOCK srb)
{
  PSTOR_SCATTER_GATHER_LIST list = StorPortGetScatterGatherList (extension, srb);

  g_assert_nonnull (list);
  g_assert_null (srb->DataBuffer);
  if (srb_seen.wrong == OWN_LIST || srb_seen.wrong == OWN_LIST_SMALL)
    build_own_list (extension);
  if (srb_seen.wrong == PUT_PORTS_LIST)
    srb_seen.put_status = StorPortPutScatterGatherList (extension, list, FALSE);
  if (srb_seen.wrong == SYSTEM_ADDRESS)
    {
      PVOID address = NULL;

      srb_seen.status = StorPortGetSystemAddress (extension, srb, &address);
      srb_seen.first = *(PUCHAR)address;
    }
  if (srb_seen.wrong != BUILD_FALSE)
    return TRUE;
  srb->SrbStatus = SRB_STATUS_ERROR;
  StorPortNotification (RequestComplete, extension, srb);
  return FALSE;
}

static void
start_card (ADAPTER *adapter, PSCSI_REQUEST_BLOCK srb, ULONG64 address, ULONG length)
{
  CARD_REGISTERS *to = adapter->registers;

  adapter->srb = srb;
  WRITE_REGISTER_ULONG64 (&to->Descriptor[0].Address, address);
  WRITE_REGISTER_ULONG (&to->Descriptor[0].Length, length);
  WRITE_REGISTER_ULONG (&to->Count, 1);
  WRITE_REGISTER_ULONG (&to->Control, CONTROL_WRITE_MEMORY);
}

static BOOLEAN
stor_start (PVOID extension, PSCSI_REQUEST_BLOCK srb)
{
  PSTOR_SCATTER_GATHER_LIST list = StorPortGetScatterGatherList (extension, srb);

  srb_seen.starts++;
  start_card (extension,
              srb,
              (ULONG64)list->List[0].PhysicalAddress.QuadPart,
              list->List[0].Length);
  return TRUE;
}

static BOOLEAN
stor_interrupt (PVOID extension)
{
  ADAPTER *adapter = extension;

  WRITE_REGISTER_ULONG (&adapter->registers->Status, STATUS_DONE);
  adapter->srb->SrbStatus = SRB_STATUS_SUCCESS;
  StorPortNotification (RequestComplete, adapter, adapter->srb);
  return TRUE;
}

static BOOLEAN
scsi_start (PVOID extension, PSCSI_REQUEST_BLOCK srb)
{
  ULONG length = 0;
  SCSI_PHYSICAL_ADDRESS at = ScsiPortGetPhysicalAddress (
      extension, srb_seen.wrong == NULL_SRB ? NULL : srb, srb->DataBuffer, &length);

  if (srb_seen.wrong == MAP_ON_MASTER)
    {
      ScsiPortIoMapTransfer (extension, srb, srb->DataBuffer, 16);
      ScsiPortFlushDma (extension);
    }
  srb_seen.starts++;
  srb_seen.address = at.QuadPart;
  start_card (extension, srb, (ULONG64)at.QuadPart, length == 0 ? 1 : length);
  return TRUE;
}

static BOOLEAN
scsi_interrupt (PVOID extension)
{
  ADAPTER *adapter = extension;

  WRITE_REGISTER_ULONG (&adapter->registers->Status, STATUS_DONE);
  adapter->srb->SrbStatus = SRB_STATUS_SUCCESS;
  ScsiPortNotification (RequestComplete, adapter, adapter->srb);
  if (srb_seen.wrong != NEVER_NEXT)
    ScsiPortNotification (NextRequest, adapter, NULL);
  return TRUE;
}

static ULONG
stor_entry (PVOID driver, PVOID path)
{
  HW_INITIALIZATION_DATA we = { .HwInitializationDataSize = sizeof we,
                                .HwFindAdapter = find_adapter,
                                .HwInitialize = initialize,
                                .HwBuildIo = stor_build,
                                .HwStartIo = stor_start,
                                .HwInterrupt = stor_interrupt,
                                .DeviceExtensionSize = sizeof (ADAPTER) };

  return StorPortInitialize (driver, path, &we, NULL);
}

static ULONG
scsi_entry (PVOID driver, PVOID path)
{
  HW_INITIALIZATION_DATA we = { .HwInitializationDataSize = sizeof we,
                                .HwFindAdapter = find_adapter,
                                .HwInitialize = initialize,
                                .HwStartIo = scsi_start,
                                .HwInterrupt = scsi_interrupt,
                                .DeviceExtensionSize = sizeof (ADAPTER) };

  return ScsiPortInitialize (driver, path, &we, NULL);
}

static void
run_srb (Bench *bench, SAMPLE_MINIPORT *entry, SrbWrong wrong, guint requests)
{
  memset (&srb_seen, 0, sizeof srb_seen);
  srb_seen.wrong = wrong;
  bench_init (bench, requests);
  bench_run (bench, &dms_bus_master_model, entry);
}

/* Who does not ask gets nothing more: the requests wait for ever. */
static void
test_never_next (void)
{
  Bench bench;

  run_srb (&bench, scsi_entry, PLAIN, 3);
  g_assert_cmpuint (srb_seen.starts, ==, 3);
  bench_release (&bench);
  run_srb (&bench, scsi_entry, NEVER_NEXT, 3);
  g_assert_cmpuint (srb_seen.starts, ==, 1);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_REQUEST), ==, 3);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 1);
  bench_release (&bench);
}

/* A request that the port driver refuses does not use up the miniport's wish for one.
 */
static void
test_refused_before (void)
{
  Bench bench;

  memset (&srb_seen, 0, sizeof srb_seen);
  bench_init (&bench, 2);
  bench.scenario.requests[0].length = 3 * PAGE;
  bench_run (&bench, &dms_bus_master_model, scsi_entry);
  g_assert_cmphex (status_of (&bench, 0), ==, DMS_NT_BUFFER_TOO_SMALL);
  g_assert_cmphex (status_of (&bench, 1), ==, DMS_NT_SUCCESS);
  bench_release (&bench);
}

/* An address of the buffer cannot be translated without its SRB. */
static void
test_null_srb (void)
{
  Bench bench;

  run_srb (&bench, scsi_entry, NULL_SRB, 1);
  g_assert_cmpint (srb_seen.address, ==, 0);
  g_assert_nonnull (find_fact (&bench, DMS_FACT_COMMON_UNKNOWN));
  bench_release (&bench);
}

/* A bus master has no channel of the system's controller. */
static void
test_map_on_master (void)
{
  Bench bench;

  run_srb (&bench, scsi_entry, MAP_ON_MASTER, 1);
  g_assert_nonnull (find_fact (&bench, DMS_FACT_NOT_FOR_THIS_ADAPTER));
  g_assert_nonnull (find_fact (&bench, DMS_FACT_NOTHING_MAPPED));
  g_assert_cmphex (status_of (&bench, 0), ==, DMS_NT_SUCCESS);
  bench_release (&bench);
}

/* A list for the miniport's own memory: built, used in its routine, put back. */
static void
test_own_list (void)
{
  Bench bench;

  run_srb (&bench, stor_entry, OWN_LIST, 1);
  g_assert_cmphex (srb_seen.status, ==, STOR_STATUS_SUCCESS);
  g_assert_cmphex (srb_seen.put_status, ==, STOR_STATUS_SUCCESS);
  g_assert_cmpuint (srb_seen.lists, ==, 1);
  g_assert_cmpuint (srb_seen.elements, ==, 1);
  g_assert_cmpuint (
      fixture_count_calls (&bench.run, DMS_ROUTINE_STOR_PORT_BUILD_SCATTER_GATHER_LIST),
      ==,
      1);
  g_assert_cmpuint (bench.machine.pool.n_free, ==, bench.machine.pool.n);
  bench_release (&bench);
  run_srb (&bench, stor_entry, OWN_LIST_SMALL, 1);
  g_assert_cmphex (srb_seen.status, ==, STOR_STATUS_BUFFER_TOO_SMALL);
  g_assert_cmpuint (srb_seen.lists, ==, 0);
  bench_release (&bench);
}

/* The list that comes with the request is not the miniport's to put back. */
static void
test_ports_list (void)
{
  Bench bench;

  run_srb (&bench, stor_entry, PUT_PORTS_LIST, 1);
  g_assert_cmphex (srb_seen.put_status, ==, STOR_STATUS_INVALID_PARAMETER);
  g_assert_nonnull (find_fact (&bench, DMS_FACT_UNKNOWN_LIST));
  g_assert_cmphex (status_of (&bench, 0), ==, DMS_NT_SUCCESS);
  bench_release (&bench);
}

static void
test_stor_build_decides (void)
{
  Bench bench;

  run_srb (&bench, stor_entry, SYSTEM_ADDRESS, 1);
  g_assert_cmphex (srb_seen.status, ==, STOR_STATUS_SUCCESS);
  g_assert_cmpuint (srb_seen.first, ==, 0);
  bench_release (&bench);
  run_srb (&bench, stor_entry, BUILD_FALSE, 2);
  g_assert_cmpuint (srb_seen.starts, ==, 0);
  g_assert_cmphex (status_of (&bench, 1), ==, DMS_NT_UNSUCCESSFUL);
  bench_release (&bench);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/ports-srb/never-next", test_never_next);
  g_test_add_func ("/ports-srb/refused-before", test_refused_before);
  g_test_add_func ("/ports-srb/null-srb", test_null_srb);
  g_test_add_func ("/ports-srb/map-on-master", test_map_on_master);
  g_test_add_func ("/ports-srb/own-list", test_own_list);
  g_test_add_func ("/ports-srb/ports-list", test_ports_list);
  g_test_add_func ("/ports-srb/stor-build-decides", test_stor_build_decides);
  return g_test_run ();
}
