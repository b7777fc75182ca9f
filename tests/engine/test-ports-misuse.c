/* test-ports-misuse.c — miniports that call their port driver wrongly
 *
 * SPDX-License-Identifier: MIT
 */
#define DMS_NO_MARKS
#include "engine/devices/dms-bus-master.h"
#include "engine/devices/dms-prd.h"
#include "engine/drivers/card.h"
#include "engine/drivers/ide.h"
#include "engine/kernel/dms-io.h"
#include "engine/wdm/dms-wdm.h"
#include "engine/wdm/irb.h"
#include "engine/wdm/storport.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

#define PAGE 4096u

/* ---- a machine with one device and a miniport of ours ---- */

typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsMachine machine;
} Bench;

static void
bench_init (Bench *bench, guint requests)
{
  static const uint64_t frames[4][2]
      = { { 0x101, 0x103 }, { 0x105, 0x107 }, { 0x10f, 0x110 }, { 0x115, 0x117 } };

  memset (bench, 0, sizeof *bench);
  dms_scenario_init (&bench->scenario);
  fixture_add_device (&bench->scenario, "disk0", 32)->max_elements = 8;
  for (guint i = 0; i < requests; i++)
    {
      g_autofree char *name = g_strdup_printf ("data%u", i);

      fixture_add_mdl (
          fixture_add_buffer (&bench->scenario, name), 0, 2 * PAGE, frames[i]);
      fixture_add_request (&bench->scenario, 0, i, false, 2 * PAGE);
    }
}

static void
bench_run (Bench *bench, const DmsDeviceModel *model, SAMPLE_MINIPORT *entry)
{
  DmsMachine *machine = &bench->machine;
  DmsStatus status = DMS_OK;

  fixture_run_init (&bench->run);

  DmsSink sink = fixture_sink (&bench->run);

  g_assert_cmpint (dms_machine_init (machine, &bench->scenario, &sink), ==, DMS_OK);
  g_assert_cmpint (dms_wdm_init (machine), ==, DMS_OK);
  machine->devices[0].model = model;
  g_assert_true (model->start (machine, &machine->devices[0]));
  g_assert_cmpint (
      dms_wdm_add_miniport (machine, &machine->devices[0], entry), ==, DMS_OK);
  dms_io_begin (machine);
  do
    {
      status = dms_machine_step (machine);
      if (status == DMS_ERROR_END && dms_io_end (machine))
        status = DMS_OK;
    }
  while (status == DMS_OK);
  g_assert_cmpint (status, ==, DMS_ERROR_END);
  g_assert_cmpuint (machine->n_calls, ==, 0);
}

static void
bench_release (Bench *bench)
{
  dms_wdm_release (&bench->machine);
  dms_machine_release (&bench->machine);
  fixture_run_release (&bench->run);
  dms_scenario_release (&bench->scenario);
}

static const DmsEvent *
find_fact (const Bench *bench, DmsFact fact)
{
  for (guint i = 0; i < bench->run.events->len; i++)
    {
      const DmsEvent *event = &g_array_index (bench->run.events, DmsEvent, i);

      if (event->kind == DMS_EVENT_FACT && event->index == fact)
        return event;
    }
  return NULL;
}

static guint
count_calls (const Bench *bench, DmsRoutine routine)
{
  guint n = 0;

  for (guint i = 0; i < bench->run.events->len; i++)
    {
      const DmsEvent *event = &g_array_index (bench->run.events, DmsEvent, i);

      n += event->kind == DMS_EVENT_CALL && event->index == routine;
    }
  return n;
}

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

static uint32_t
status_of (const Bench *bench, guint nth)
{
  const DmsEvent *complete = fixture_find (&bench->run, DMS_EVENT_COMPLETE, nth);

  g_assert_nonnull (complete);
  return complete->status;
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
      count_calls (&bench, DMS_ROUTINE_STOR_PORT_BUILD_SCATTER_GATHER_LIST), ==, 1);
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
  g_test_add_func ("/ports-misuse/never-next", test_never_next);
  g_test_add_func ("/ports-misuse/null-srb", test_null_srb);
  g_test_add_func ("/ports-misuse/own-list", test_own_list);
  g_test_add_func ("/ports-misuse/ports-list", test_ports_list);
  g_test_add_func ("/ports-misuse/stor-build-decides", test_stor_build_decides);
  return g_test_run ();
}
