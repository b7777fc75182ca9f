/* test-ports-misuse.c — ATA miniports that call their port driver wrongly
 *
 * SPDX-License-Identifier: MIT
 */
#define DMS_NO_MARKS
#include "engine/devices/dms-prd.h"
#include "engine/drivers/ide.h"
#include "engine/wdm/irb.h"
#include "tests/engine/ports-bench.h"
#include "tests/lib/dms-test.h"

/* ---- an ATA miniport that does one thing wrong ---- */

typedef enum
{
  NOTHING,
  LIST_AFTER_COMPLETE,
  LIST_OF_OLD_IRB,
  COMPLETE_TWICE,
  COMPLETE_IN_BUILD,
  CLEAR_USE_DMA,
  CHANGE_LIST,
  EXTENSION_LATE,
  BAD_POINTERS,
  STATUS_IN_BUILD,
  BUSY,
  BUSY_AGAIN,
  ODD_ADDRESS,
  ACROSS_WINDOW,
  TABLE_TOO_SHORT,
  DATA_ADDRESS,
  FOREIGN_ADDRESS,
  MAP_BUFFER,
  LESS_MOVED
} Wrong;

/* What the miniport shall do and what it saw; tests run one machine at a time. */
static struct
{
  Wrong wrong;
  PIDE_REQUEST_BLOCK first; /* IRB of the first request */
  guint starts, builds;
  gboolean got_list;     /* where it should have got none */
  gboolean got_memory;   /* likewise */
  ULONG address, length; /* of the data */
  guint8 byte;           /* seen by the CPU */
} seen;

typedef struct
{
  IDE_REGISTERS *registers;
  PIDE_REQUEST_BLOCK irb;
} CHANNEL;

static BOOLEAN
adapter_control (PVOID extension, IDE_CONTROL_ACTION action, PVOID parameters)
{
  PIDE_CONTROLLER_CONFIGURATION can = parameters;

  UNREFERENCED_PARAMETER (extension);
  if (action == IdeStart)
    {
      can->BusMaster = TRUE;
      can->NumberOfPhysicalBreaks = 7;
    }
  return TRUE;
}

static void
build_table (PIDE_REQUEST_BLOCK irb, PIDE_SCATTER_GATHER_LIST list)
{
  PRD *table = irb->IrbExtension;
  ULONG n = list->NumberOfElements;

  for (ULONG i = 0; i < n; i++)
    {
      table[i].Address = list->List[i].PhysicalAddress.LowPart;
      table[i].Count = list->List[i].Length & 0xFFFF;
      if (i + 1 == n || (seen.wrong == TABLE_TOO_SHORT && i == 0))
        table[i].Count |= PRD_LAST;
    }
  if (seen.wrong == ODD_ADDRESS)
    table[0].Address |= 1;
}

static BOOLEAN
build_io (PVOID extension, PIDE_REQUEST_BLOCK irb)
{
  PIDE_SCATTER_GATHER_LIST list = NULL;

  seen.builds++;
  if (seen.first == NULL)
    seen.first = irb;
  if (seen.wrong == LIST_OF_OLD_IRB && irb != seen.first)
    seen.got_list = AtaPortGetScatterGatherList (extension, seen.first) != NULL;
  if (seen.wrong == CLEAR_USE_DMA)
    irb->IrbFlags &= ~(ULONG)IRB_FLAGS_USE_DMA;
  list = AtaPortGetScatterGatherList (extension, irb);
  if (seen.wrong == BAD_POINTERS)
    {
      seen.got_list = AtaPortGetScatterGatherList (NULL, irb) != NULL
                      || AtaPortGetScatterGatherList (irb, irb) != NULL
                      || AtaPortGetScatterGatherList (extension, extension) != NULL
                      || AtaPortGetScatterGatherList (extension, NULL) != NULL;
      AtaPortCompleteRequest (NULL, NULL);
    }
  if (list == NULL || seen.wrong == STATUS_IN_BUILD)
    {
      irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
      return TRUE;
    }
  build_table (irb, list);
  if (seen.wrong == CHANGE_LIST)
    list->List[1].Length = 1;
  if (seen.wrong == MAP_BUFFER)
    irb->IrbFlags |= IRB_FLAGS_MAP_BUFFERS;
  if (seen.wrong == COMPLETE_IN_BUILD)
    {
      irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
      AtaPortCompleteRequest (extension, irb);
    }
  return FALSE; /* which is ignored */
}

static void
ask_in_start (PVOID extension, PIDE_REQUEST_BLOCK irb)
{
  IDE_PHYSICAL_ADDRESS at = { .QuadPart = 0 };

  if (seen.wrong == EXTENSION_LATE)
    seen.got_memory = AtaPortGetUnCachedExtension (extension, 64, 64) != NULL;
  if (seen.wrong == DATA_ADDRESS)
    at = AtaPortGetPhysicalAddress (
        extension, irb, (PUCHAR)irb->DataBuffer + PAGE + 16, &seen.length);
  if (seen.wrong == FOREIGN_ADDRESS)
    {
      at = AtaPortGetPhysicalAddress (extension, NULL, irb, &seen.length);
      g_assert_cmpuint (at.LowPart, ==, 0);
      at = AtaPortGetPhysicalAddress (
          extension, irb, (PUCHAR)irb->DataBuffer + 2 * PAGE, &seen.length);
    }
  if (seen.wrong == MAP_BUFFER)
    seen.byte = *(PUCHAR)irb->DataBuffer;
  seen.address = at.LowPart;
}

static BOOLEAN
start_io (PVOID extension, PIDE_REQUEST_BLOCK irb)
{
  CHANNEL *channel = extension;
  IDE_REGISTERS *to = channel->registers;
  ULONG bytes = 0;

  seen.starts++;
  ask_in_start (extension, irb);
  if (seen.wrong == BUSY_AGAIN || (seen.wrong == BUSY && seen.starts == 1))
    {
      irb->IrbStatus = IRB_STATUS_BUSY;
      AtaPortCompleteRequest (extension, irb);
      return TRUE;
    }
  channel->irb = irb;
  WRITE_REGISTER_ULONG (
      &to->PrdTable,
      AtaPortGetPhysicalAddress (extension, irb, irb->IrbExtension, &bytes).LowPart);
  WRITE_REGISTER_ULONG (&to->DriveBytes, irb->DataTransferLength);
  WRITE_REGISTER_ULONG (&to->DriveCommand, IDE_COMMAND_READ_DMA);
  WRITE_REGISTER_ULONG (&to->Command, BUS_MASTER_START | BUS_MASTER_WRITE_MEMORY);
  return TRUE;
}

static BOOLEAN
interrupt (PVOID extension)
{
  CHANNEL *channel = extension;
  PIDE_REQUEST_BLOCK irb = channel->irb;
  ULONG status = READ_REGISTER_ULONG (&channel->registers->Status);

  WRITE_REGISTER_ULONG (&channel->registers->Status, status);
  WRITE_REGISTER_ULONG (&channel->registers->Command, 0);
  irb->IrbStatus
      = status & BUS_MASTER_ERROR ? IRB_STATUS_DEVICE_ERROR : IRB_STATUS_SUCCESS;
  if (seen.wrong == LESS_MOVED)
    {
      irb->IrbStatus = IRB_STATUS_DATALENGTH_MISMATCH;
      irb->DataTransferLength = 100;
    }
  AtaPortCompleteRequest (extension, irb);
  if (seen.wrong == COMPLETE_TWICE)
    AtaPortCompleteRequest (extension, irb);
  if (seen.wrong == LIST_AFTER_COMPLETE)
    seen.got_list = AtaPortGetScatterGatherList (extension, irb) != NULL;
  return TRUE;
}

static BOOLEAN
control (PVOID extension, IDE_CONTROL_ACTION action, PVOID parameters)
{
  CHANNEL *channel = extension;
  PIDE_CHANNEL_CONFIGURATION can = parameters;

  if (action != IdeStart)
    return TRUE;
  channel->registers = can->ChannelResources;
  return AtaPortGetUnCachedExtension (extension, 64, 64) != NULL;
}

static BOOLEAN
channel_init (PVOID extension, PIDE_CHANNEL_INTERFACE routines, PVOID context)
{
  UNREFERENCED_PARAMETER (extension);
  UNREFERENCED_PARAMETER (context);
  routines->IdeHwBuildIo = build_io;
  routines->IdeHwStartIo = start_io;
  routines->IdeHwInterrupt = interrupt;
  routines->IdeHwControl = control;
  return TRUE;
}

static ULONG
ata_entry (PVOID driver, PVOID path)
{
  IDE_CONTROLLER_INTERFACE we = { .Version = (USHORT)sizeof we,
                                  .ChannelExtensionSize = sizeof (CHANNEL),
                                  .AtaAdapterControl = adapter_control,
                                  .AtaChannelInitRoutine = channel_init };

  return (ULONG)AtaPortInitializeEx (driver, path, &we);
}

static void
run_ata (Bench *bench, Wrong wrong, guint requests)
{
  memset (&seen, 0, sizeof seen);
  seen.wrong = wrong;
  bench_init (bench, requests);
  bench_run (bench, &dms_ide_model, ata_entry);
}

/* ---- the tests ---- */

static void
test_nothing_wrong (void)
{
  Bench bench;

  run_ata (&bench, NOTHING, 2);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_FACT), ==, 0);
  g_assert_cmphex (status_of (&bench, 1), ==, DMS_NT_SUCCESS);
  bench_release (&bench);
}

/* The list dies with its IRB: at once, and for good. */
static void
test_request_ended (void)
{
  Bench bench;

  run_ata (&bench, LIST_AFTER_COMPLETE, 1);
  g_assert_nonnull (find_fact (&bench, DMS_FACT_REQUEST_ENDED));
  g_assert_false (seen.got_list);
  bench_release (&bench);
  run_ata (&bench, LIST_OF_OLD_IRB, 2);
  g_assert_nonnull (find_fact (&bench, DMS_FACT_REQUEST_ENDED));
  g_assert_false (seen.got_list);
  g_assert_cmphex (status_of (&bench, 1), ==, DMS_NT_SUCCESS);
  bench_release (&bench);
}

static void
test_completed_twice (void)
{
  Bench bench;

  run_ata (&bench, COMPLETE_TWICE, 2);
  g_assert_nonnull (find_fact (&bench, DMS_FACT_COMPLETED_TWICE));
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 2);
  bench_release (&bench);
}

static void
test_wrong_place (void)
{
  Bench bench;

  run_ata (&bench, COMPLETE_IN_BUILD, 1);
  g_assert_cmpuint (
      find_fact (&bench, DMS_FACT_WRONG_PLACE)->a, ==, DMS_ROUTINE_IDE_HW_BUILD_IO);
  g_assert_cmpuint (seen.starts, ==, 0);
  g_assert_cmphex (status_of (&bench, 0), ==, DMS_NT_INVALID_PARAMETER);
  bench_release (&bench);
  run_ata (&bench, EXTENSION_LATE, 1);
  g_assert_cmpuint (
      find_fact (&bench, DMS_FACT_WRONG_PLACE)->a, ==, DMS_ROUTINE_IDE_HW_START_IO);
  g_assert_false (seen.got_memory);
  bench_release (&bench);
}

static void
test_no_list (void)
{
  Bench bench;

  run_ata (&bench, CLEAR_USE_DMA, 1);

  const DmsEvent *fact = find_fact (&bench, DMS_FACT_LIST_NOT_THERE);

  g_assert_nonnull (fact);
  g_assert_cmphex (fact->a & IRB_FLAGS_USE_DMA, ==, 0);
  g_assert_cmphex (status_of (&bench, 0), ==, DMS_NT_INVALID_PARAMETER);
  bench_release (&bench);
}

static void
test_list_changed (void)
{
  Bench bench;

  run_ata (&bench, CHANGE_LIST, 1);
  g_assert_cmpuint (find_fact (&bench, DMS_FACT_LIST_CHANGED)->a, ==, 1);
  g_assert_cmpuint (bench.machine.pool.n_free, ==, bench.machine.pool.n);
  bench_release (&bench);
}

static void
test_pointers (void)
{
  Bench bench;

  run_ata (&bench, BAD_POINTERS, 1);
  g_assert_nonnull (find_fact (&bench, DMS_FACT_NULL_POINTER));
  g_assert_nonnull (find_fact (&bench, DMS_FACT_UNKNOWN_DEVICE));
  g_assert_nonnull (find_fact (&bench, DMS_FACT_UNKNOWN_REQUEST));
  g_assert_false (seen.got_list);
  g_assert_cmphex (status_of (&bench, 0), ==, DMS_NT_SUCCESS);
  bench_release (&bench);
}

static void
test_addresses (void)
{
  Bench bench;

  run_ata (&bench, DATA_ADDRESS, 1);
  g_assert_cmphex (seen.address, ==, 0x103010);
  g_assert_cmpuint (seen.length, ==, PAGE - 16);
  bench_release (&bench);
  run_ata (&bench, FOREIGN_ADDRESS, 1);
  g_assert_nonnull (find_fact (&bench, DMS_FACT_COMMON_UNKNOWN));
  g_assert_nonnull (find_fact (&bench, DMS_FACT_OUTSIDE_MDL));
  g_assert_cmphex (seen.address, ==, 0);
  g_assert_cmpuint (seen.length, ==, 0);
  bench_release (&bench);
}

/* What IdeHwBuildIo sets: a status completes, a flag maps the buffer. */
static void
test_build_decides (void)
{
  Bench bench;

  run_ata (&bench, STATUS_IN_BUILD, 2);
  g_assert_cmpuint (seen.starts, ==, 0);
  g_assert_cmpuint (seen.builds, ==, 2);
  g_assert_cmphex (status_of (&bench, 1), ==, DMS_NT_INVALID_PARAMETER);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_FACT), ==, 0);
  bench_release (&bench);
  run_ata (&bench, MAP_BUFFER, 1);
  g_assert_cmpuint (seen.byte, ==, 0);
  g_assert_cmphex (status_of (&bench, 0), ==, DMS_NT_SUCCESS);
  bench_release (&bench);
}

/* A busy request comes once more, and only once. */
static void
test_busy (void)
{
  Bench bench;

  run_ata (&bench, BUSY, 1);
  g_assert_cmpuint (seen.starts, ==, 2);
  g_assert_cmphex (status_of (&bench, 0), ==, DMS_NT_SUCCESS);
  bench_release (&bench);
  run_ata (&bench, BUSY_AGAIN, 2);
  g_assert_cmpuint (seen.starts, ==, 4);
  g_assert_cmphex (status_of (&bench, 1), ==, DMS_NT_UNSUCCESSFUL);
  bench_release (&bench);
}

static void
test_less_moved (void)
{
  Bench bench;

  run_ata (&bench, LESS_MOVED, 1);
  g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_COMPLETE, 0)->length, ==, 100);
  bench_release (&bench);
}

/* What the controller finds in its table. */
static void
test_tables (void)
{
  Bench bench;

  run_ata (&bench, ODD_ADDRESS, 1);
  g_assert_cmphex (find_fact (&bench, DMS_FACT_MISALIGNED)->a, ==, 0x101001);
  bench_release (&bench);
  /* The third buffer has two frames in a row, the second behind a multiple of 64 KiB:
   * in one entry the address wraps. */
  run_ata (&bench, ACROSS_WINDOW, 3);
  g_assert_cmphex (find_fact (&bench, DMS_FACT_CROSSES_BOUNDARY)->a, ==, 0x10f000);

  const DmsEvent *stray = fixture_find (&bench.run, DMS_EVENT_STRAY, 0);

  g_assert_cmphex (stray->a, ==, 0x100000);
  bench_release (&bench);
  run_ata (&bench, TABLE_TOO_SHORT, 1);
  g_assert_cmphex (status_of (&bench, 0), ==, DMS_NT_UNSUCCESSFUL);
  bench_release (&bench);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/ports-misuse/nothing-wrong", test_nothing_wrong);
  g_test_add_func ("/ports-misuse/request-ended", test_request_ended);
  g_test_add_func ("/ports-misuse/completed-twice", test_completed_twice);
  g_test_add_func ("/ports-misuse/wrong-place", test_wrong_place);
  g_test_add_func ("/ports-misuse/no-list", test_no_list);
  g_test_add_func ("/ports-misuse/list-changed", test_list_changed);
  g_test_add_func ("/ports-misuse/pointers", test_pointers);
  g_test_add_func ("/ports-misuse/addresses", test_addresses);
  g_test_add_func ("/ports-misuse/build-decides", test_build_decides);
  g_test_add_func ("/ports-misuse/busy", test_busy);
  g_test_add_func ("/ports-misuse/less-moved", test_less_moved);
  g_test_add_func ("/ports-misuse/tables", test_tables);
  return g_test_run ();
}
