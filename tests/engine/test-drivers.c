/* test-drivers.c — drivers of the worst kind, and what only unusual drivers do
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/card.h"
#include "engine/kernel/dms-list.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/driver-bench.h"
#include "tests/lib/dms-test.h"

/* ---- what the drivers below share ---- */

typedef struct
{
  CARD_REGISTERS *registers;
  PDMA_ADAPTER adapter;
  PDMA_OPERATIONS ops;
  ULONG order[8];
  ULONG n;
  PSCATTER_GATHER_LIST lists[8];
} DRIVER;

static NTSTATUS
StartDevice (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  DEVICE_DESCRIPTION can;
  ULONG n = 0;

  RtlZeroMemory (&can, sizeof can);
  can.Version = DEVICE_DESCRIPTION_VERSION;
  can.Master = TRUE;
  can.ScatterGather = TRUE;
  can.Dma32BitAddresses = TRUE;
  can.MaximumLength = 65536;
  driver->registers = registers;
  driver->adapter = IoGetDmaAdapter (device, &can, &n);
  g_assert_nonnull (driver->adapter);
  g_assert_cmpuint (n, ==, 8);
  driver->ops = driver->adapter->DmaOperations;
  return STATUS_SUCCESS;
}

static VOID
StopDevice (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;

  driver->ops->PutDmaAdapter (driver->adapter);
}

static BOOLEAN
InterruptService (PKINTERRUPT interrupt, PVOID context)
{
  PDEVICE_OBJECT device = context;

  UNREFERENCED_PARAMETER (interrupt);
  g_assert_cmpuint (KeGetCurrentIrql (), ==, DMS_CONTEXT_DEVICE);
  IoRequestDpc (device, device->CurrentIrp, device);
  IoRequestDpc (device, device->CurrentIrp, NULL); /* still one DPC */
  return TRUE;
}

static VOID
Complete (PIRP irp)
{
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = 0;
  IoCompleteRequest (irp, IO_NO_INCREMENT);
}

static VOID
DpcForIsr (PKDPC dpc, PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
  UNREFERENCED_PARAMETER (dpc);
  g_assert_true (context == device);
  Complete (irp);
  IoStartNextPacket (device, FALSE);
}

static NTSTATUS
AskForAll (PDEVICE_OBJECT device, PIRP irp, PDRIVER_LIST_CONTROL routine, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  return driver->ops->GetScatterGatherList (driver->adapter,
                                            device,
                                            irp->MdlAddress,
                                            MmGetMdlVirtualAddress (irp->MdlAddress),
                                            MmGetMdlByteCount (irp->MdlAddress),
                                            routine,
                                            context,
                                            FALSE);
}

static NTSTATUS
Ask (DRIVER *driver,
     PDMA_ADAPTER adapter,
     PDEVICE_OBJECT device,
     PMDL mdl,
     PVOID address,
     ULONG length,
     PDRIVER_LIST_CONTROL routine)
{
  return driver->ops->GetScatterGatherList (
      adapter, device, mdl, address, length, routine, NULL, FALSE);
}

/* ---- several lists at once: the channel and its queue ---- */

static VOID
TakeList (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;
  ULONG number = (ULONG)(ULONG_PTR)context;

  g_assert_cmpuint (KeGetCurrentIrql (), ==, DISPATCH_LEVEL);
  g_assert_cmpuint (list->NumberOfElements, ==, 4);
  driver->lists[driver->n] = list;
  driver->order[driver->n++] = number;
  if (number == 0)
    /* From inside the callback is allowed: the channel is ours, so these wait. */
    for (ULONG_PTR i = 1; i <= 2; i++)
      g_assert_cmphex (AskForAll (device, irp, TakeList, (PVOID)i), ==, STATUS_SUCCESS);
  if (driver->n < 3)
    return;
  for (ULONG i = 0; i < 3; i++)
    {
      driver->ops->PutScatterGatherList (driver->adapter, driver->lists[i], FALSE);
      /* Whoever still looks sees the pattern. */
      g_assert_cmpuint (driver->lists[i]->NumberOfElements, ==, 4);
      g_assert_cmphex (driver->lists[i]->Elements[3].Length, ==, 0xdddddddd);
    }
  Complete (irp);
}

static VOID
AskThreeTimes (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;

  g_assert_cmphex (AskForAll (device, irp, TakeList, NULL), ==, STATUS_SUCCESS);
  g_assert_cmpuint (driver->n, ==, 1);
}

static void
test_channel_is_first_in_first_out (void)
{
  static const SAMPLE_DRIVER driver = { sizeof (DRIVER),  StartDevice, AskThreeTimes,
                                        InterruptService, DpcForIsr,   StopDevice };
  Bench bench;

  fixture_story (&bench.scenario, false);
  bench_run (&bench, &driver);

  const DmsEvent *first = fixture_find (&bench.run, DMS_EVENT_WAIT, 0);
  const DmsEvent *second = fixture_find (&bench.run, DMS_EVENT_WAIT, 1);

  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_WAIT), ==, 2);
  g_assert_cmphex (first->flags, ==, DMS_FLAG_FOR_CHANNEL);
  g_assert_cmpuint (first->c, ==, 0);
  g_assert_cmpuint (second->c, ==, 1);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_GRANT, i)->object, ==, i + 1);
  g_assert_cmpuint (bench.machine.pool.n_free, ==, 64);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_CHANNEL), ==, 6);
  /* The waiting lists' callbacks know their routine's name, too. */
  g_assert_cmpstr (
      dms_names_text (bench.run.names,
                      (uint32_t)fixture_find (&bench.run, DMS_EVENT_CALL, 12)->a),
      !=,
      "?");
  bench_release (&bench);
}

/* ---- marks ---- */

static unsigned marked_line;

static VOID
IgnoreList (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  driver->ops->PutScatterGatherList (driver->adapter, list, FALSE);
}

static VOID
CallBothWays (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  PGET_SCATTER_GATHER_LIST get = driver->ops->GetScatterGatherList;
  PVOID address = MmGetMdlVirtualAddress (irp->MdlAddress);

  /* clang-format off */
  marked_line = __LINE__ + 1;
  driver->ops->GetScatterGatherList (driver->adapter, device, irp->MdlAddress, address, 1, IgnoreList, NULL, FALSE);
  /* clang-format on */
  get (driver->adapter, device, irp->MdlAddress, address, 1, IgnoreList, NULL, FALSE);
  /* Refused, so that no other mark comes between. */
  Ask (driver, driver->adapter, device, irp->MdlAddress, address, 0, IgnoreList);
  get (driver->adapter, device, irp->MdlAddress, address, 0, IgnoreList, NULL, FALSE);
  Complete (irp);
}

static void
test_marks (void)
{
  static const SAMPLE_DRIVER driver = { sizeof (DRIVER),  StartDevice, CallBothWays,
                                        InterruptService, DpcForIsr,   StopDevice };
  Bench bench;

  fixture_story (&bench.scenario, false);
  bench_run (&bench, &driver);

  const DmsEvent *marked = fixture_find (&bench.run, DMS_EVENT_COUNT, 0);
  const DmsEvent *bare = fixture_find (&bench.run, DMS_EVENT_COUNT, 1);

  g_assert_cmpuint (marked->line, ==, marked_line);
  g_assert_cmpstr (
      dms_names_text (bench.run.names, marked->file), ==, "test-drivers.c");
  g_assert_cmpuint (bare->line, ==, 0);
  g_assert_cmpuint (bare->file, ==, 0);
  g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_REFUSE, 0)->line, >, 0);
  g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_REFUSE, 1)->line, ==, 0);
  /* Back from the driver's callback, the call is where it was. */
  g_assert_cmpuint (
      fixture_find (&bench.run, DMS_EVENT_CHANNEL, 1)->line, ==, marked_line);
  bench_release (&bench);
}

/* ---- a list put back while the device works ---- */

static VOID
ProgramAndPut (PDEVICE_OBJECT device,
               PIRP irp,
               PSCATTER_GATHER_LIST list,
               PVOID context)
{
  DRIVER *driver = device->DeviceExtension;
  CARD_REGISTERS *to = driver->registers;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  /* By halves: 32-bit writes reach the whole address. */
  WRITE_REGISTER_ULONG ((ULONG *)&to->Descriptor[0].Address,
                        (ULONG)list->Elements[0].Address.LowPart);
  WRITE_REGISTER_ULONG ((ULONG *)&to->Descriptor[0].Address + 1, 0);
  WRITE_REGISTER_ULONG (&to->Descriptor[0].Length, list->Elements[0].Length);
  /* Beyond the card's 32 lines, and 4 GiB of it are lost: address 0x5000. */
  WRITE_REGISTER_ULONG64 (&to->Descriptor[1].Address, UINT64_C (0x100005000));
  WRITE_REGISTER_ULONG (&to->Descriptor[1].Length, 100);
  WRITE_REGISTER_ULONG (&to->Count, 2);
  WRITE_REGISTER_ULONG (&to->Control, CONTROL_WRITE_MEMORY);
  driver->ops->PutScatterGatherList (driver->adapter, list, FALSE);
}

static VOID
PutTooEarly (PDEVICE_OBJECT device, PIRP irp)
{
  g_assert_cmphex (AskForAll (device, irp, ProgramAndPut, NULL), ==, STATUS_SUCCESS);
}

static void
test_stray (void)
{
  static const SAMPLE_DRIVER driver = { sizeof (DRIVER),  StartDevice, PutTooEarly,
                                        InterruptService, DpcForIsr,   StopDevice };
  Bench bench;

  fixture_story (&bench.scenario, false);
  bench_run (&bench, &driver);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_BURST), ==, 0);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_STRAY), ==, 9);

  const DmsEvent *last = fixture_find (&bench.run, DMS_EVENT_STRAY, 8);
  uint8_t sent[100];

  g_assert_cmphex (last->a, ==, 0x5000);
  g_assert_cmpuint (last->length, ==, 100);
  /* It really wrote there. */
  dms_pattern_fill (dms_pattern_key (7, 1), 7680, sent, sizeof sent);
  g_assert_cmpmem (
      dms_memory_page (&bench.machine.memory, 5), sizeof sent, sent, sizeof sent);
  bench_release (&bench);
}

/* ---- a device that is started with nothing to do ---- */

static VOID
StartIdle (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  WRITE_REGISTER_ULONG (&driver->registers->Count, 0x7fffffff);
  WRITE_REGISTER_ULONG (&driver->registers->Control, CONTROL_READ_MEMORY);
}

static void
test_device_error (void)
{
  static const SAMPLE_DRIVER driver = { sizeof (DRIVER),  StartDevice, StartIdle,
                                        InterruptService, DpcForIsr,   StopDevice };
  Bench bench;

  fixture_story (&bench.scenario, false);
  bench_run (&bench, &driver);

  const DmsEvent *interrupt = fixture_find (&bench.run, DMS_EVENT_INTERRUPT, 0);

  g_assert_cmpuint (interrupt->length, ==, 0);
  g_assert_cmphex (interrupt->flags & DMS_FLAG_FAILED, ==, DMS_FLAG_FAILED);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 1);
  bench_release (&bench);
}

/* ---- everything that is wrong ---- */

static VOID
KeepList (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  driver->lists[0] = list;
}

static VOID
AskWrongly (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  PMDL mdl = irp->MdlAddress;
  PVOID address = MmGetMdlVirtualAddress (mdl);
  PDMA_ADAPTER adapter = driver->adapter;
  DMA_ADAPTER no_adapter = { 0 };
  DEVICE_OBJECT no_device = { 0 };
  MDL no_mdl = { 0 };
  PMDL next = mdl->Next;

  driver->lists[0] = NULL;
  g_assert_cmphex (Ask (driver, NULL, device, mdl, address, 1, KeepList),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (Ask (driver, &no_adapter, device, mdl, address, 1, KeepList),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (Ask (driver, adapter, &no_device, mdl, address, 1, KeepList),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (Ask (driver, adapter, device, NULL, address, 1, KeepList),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (Ask (driver, adapter, device, &no_mdl, address, 1, KeepList),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (Ask (driver, adapter, device, mdl, address, 0, KeepList),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (Ask (driver, adapter, device, mdl, NULL, 1, KeepList),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (Ask (driver, adapter, device, mdl, address, 1, NULL),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (Ask (driver, adapter, device, mdl, address, UINT32_MAX, KeepList),
                   ==,
                   STATUS_BUFFER_TOO_SMALL);
  mdl->Next = mdl;
  g_assert_cmphex (Ask (driver, adapter, device, mdl, address, 1, KeepList),
                   ==,
                   STATUS_INVALID_PARAMETER);
  mdl->Next = &no_mdl;
  g_assert_cmphex (Ask (driver, adapter, device, mdl, address, 1, KeepList),
                   ==,
                   STATUS_INVALID_PARAMETER);
  mdl->Next = next;
  g_assert_null (driver->lists[0]);
}

static VOID
PutWrongly (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  SCATTER_GATHER_LIST no_list = { 0 };
  PDMA_OPERATIONS ops = driver->ops;

  g_assert_cmphex (AskForAll (device, irp, KeepList, NULL), ==, STATUS_SUCCESS);
  ops->PutScatterGatherList (driver->adapter, NULL, FALSE);
  ops->PutScatterGatherList (driver->adapter, &no_list, FALSE);
  ops->PutScatterGatherList (NULL, driver->lists[0], FALSE);
  ops->PutScatterGatherList (driver->adapter, driver->lists[0], FALSE);
  ops->PutScatterGatherList (driver->adapter, driver->lists[0], FALSE);
  ops->PutDmaAdapter (NULL);
}

static VOID
UseWhatIsNotThere (PDEVICE_OBJECT device, PIRP irp)
{
  DRIVER *driver = device->DeviceExtension;
  PDMA_OPERATIONS ops = driver->ops;
  PHYSICAL_ADDRESS address = { .QuadPart = 0 };
  ULONG length = 5;

  ops->FreeCommonBuffer (driver->adapter, 4096, address, NULL, TRUE);
  g_assert_cmphex (ops->AllocateAdapterChannel (driver->adapter, device, 1, NULL, NULL),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_false (ops->FlushAdapterBuffers (
      driver->adapter, irp->MdlAddress, NULL, NULL, 1, FALSE));
  ops->FreeAdapterChannel (driver->adapter);
  ops->FreeMapRegisters (driver->adapter, NULL, 1);
  address
      = ops->MapTransfer (driver->adapter, irp->MdlAddress, NULL, NULL, &length, TRUE);
  g_assert_cmpint (address.QuadPart, ==, 0);
  g_assert_cmpuint (length, ==, 0);
  g_assert_cmpuint (ops->GetDmaAlignment (driver->adapter), ==, 1);
  g_assert_cmpuint (ops->ReadDmaCounter (driver->adapter), ==, 0);
}

/* The table is as long as the version that was asked for; what is in it can be called.
 */
static VOID
CheckTables (PDEVICE_OBJECT device, PIRP irp)
{
  static const SIZE_T sizes[] = { offsetof (DMA_OPERATIONS, CalculateScatterGatherList),
                                  offsetof (DMA_OPERATIONS, CalculateScatterGatherList),
                                  offsetof (DMA_OPERATIONS, GetDmaAdapterInfo),
                                  sizeof (DMA_OPERATIONS) };
  DEVICE_DESCRIPTION can = { .Master = TRUE, .ScatterGather = TRUE };
  PDMA_ADAPTER adapter = NULL;
  ULONG size = 0;

  can.MaximumLength = 4096;
  can.DmaAddressWidth = 40;
  for (can.Version = 0; can.Version <= 3; can.Version++)
    {
      adapter = IoGetDmaAdapter (device, &can, NULL);
      g_assert_cmpuint (adapter->DmaOperations->Size, ==, sizes[can.Version]);
      if (can.Version < 3)
        adapter->DmaOperations->PutDmaAdapter (adapter);
    }
  g_assert_null (IoGetDmaAdapter (device, &can, NULL));
  g_assert_cmphex (adapter->DmaOperations->CalculateScatterGatherList (
                       adapter, irp->MdlAddress, NULL, 1, &size, NULL),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (adapter->DmaOperations->CancelMappedTransfer (adapter, NULL),
                   ==,
                   STATUS_INVALID_PARAMETER);
  adapter->DmaOperations->FreeAdapterObject (adapter, KeepObject);
  adapter->DmaOperations->PutDmaAdapter (adapter);
}

static VOID
UseMemoryWrongly (PIRP irp)
{
  PUCHAR bytes = MmGetSystemAddressForMdlSafe (irp->MdlAddress, NormalPagePriority);
  ULONG wild = 0;
  KIRQL irql = 0;
  PVOID pool = ExAllocatePoolWithTag (PagedPool, 16, 1);

  g_assert_null (MmGetSystemAddressForMdlSafe (NULL, NormalPagePriority));
  /* Far behind its end: only what is there is touched. */
  RtlFillMemory (bytes, (SIZE_T)1 << 40, 1);
  RtlCopyMemory (NULL, bytes, 5);
  RtlCopyMemory (bytes, NULL, 5);
  RtlZeroMemory (NULL, 5);
  WRITE_REGISTER_ULONG (&wild, 1);
  g_assert_cmphex (READ_REGISTER_ULONG (&wild), ==, UINT32_MAX);
  g_assert_cmpuint (wild, ==, 0);
  KeFlushIoBuffers (NULL, TRUE, TRUE);
  KeRaiseIrql (9, &irql);
  g_assert_cmpuint (irql, ==, DISPATCH_LEVEL);
  KeLowerIrql (PASSIVE_LEVEL);
  g_assert_cmpuint (KeGetCurrentIrql (), ==, PASSIVE_LEVEL);
  ExFreePoolWithTag (pool, 1);
  ExFreePoolWithTag (pool, 1);
  ExFreePool (&wild);
  g_assert_null (ExAllocatePoolWithTag (PagedPool, 0, 1));
}

static VOID
DoEverythingWrong (PDEVICE_OBJECT device, PIRP irp)
{
  IRP no_irp = { 0 };

  AskWrongly (device, irp);
  PutWrongly (device, irp);
  UseWhatIsNotThere (device, irp);
  UseMemoryWrongly (irp);
  CheckTables (device, irp);
  g_assert_null (IoGetDmaAdapter (device, NULL, NULL));
  g_assert_null (IoGetDmaAdapter (NULL, NULL, NULL));
  IoRequestDpc (NULL, NULL, NULL);
  IoCompleteRequest (NULL, 0);
  IoCompleteRequest (&no_irp, 0);
  IoStartNextPacket (NULL, FALSE);
  Complete (irp);
  Complete (irp);
  IoStartNextPacket (device, FALSE);
  IoStartNextPacket (device, FALSE);
}

static VOID
StopTwice (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;
  PDMA_OPERATIONS ops = driver->ops;

  ops->PutDmaAdapter (driver->adapter);
  ops->PutDmaAdapter (driver->adapter);
}

static void
test_misuse_is_only_a_fact (void)
{
  static const SAMPLE_DRIVER driver
      = { sizeof (DRIVER),  StartDevice, DoEverythingWrong,
          InterruptService, DpcForIsr,   StopTwice };
  Bench bench;

  fixture_story (&bench.scenario, false);
  bench.scenario.requests[0].count = 3;
  bench_run (&bench, &driver);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 3);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_UNMAP), ==, 3);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_REFUSE), ==, 3 * 12);
  g_assert_cmpuint (bench.machine.pool.n_free, ==, 64);
  bench_release (&bench);
}

/* Without a machine the routines refuse; they do not crash. */
static void
test_no_machine (void)
{
  DEVICE_DESCRIPTION can = { 0 };

  g_assert_null (IoGetDmaAdapter (NULL, &can, NULL));
  g_assert_cmpuint (KeGetCurrentIrql (), ==, PASSIVE_LEVEL);
  KeFlushIoBuffers (NULL, TRUE, TRUE);
  IoCompleteRequest (NULL, 0);
  IoRequestDpc (NULL, NULL, NULL);
  IoStartNextPacket (NULL, FALSE);
  KeRaiseIrql (2, NULL);
  WRITE_REGISTER_ULONG (NULL, 0);
  g_assert_cmphex (READ_REGISTER_ULONG (NULL), ==, UINT32_MAX);
  g_assert_null (ExAllocatePoolWithTag (PagedPool, 1, 0));
  ExFreePoolWithTag (NULL, 0);
  RtlZeroMemory (&can, sizeof can);
}

/* ---- calls without end ---- */

static VOID
AskAgain (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (context);
  driver->ops->PutScatterGatherList (driver->adapter, list, FALSE);
  if (driver->n++ < 500)
    g_assert_cmphex (AskForAll (device, irp, AskAgain, NULL), ==, STATUS_SUCCESS);
  else
    Complete (irp);
}

static VOID
AskForever (PDEVICE_OBJECT device, PIRP irp)
{
  AskForAll (device, irp, AskAgain, NULL);
}

static void
test_asking_from_callbacks_does_not_nest (void)
{
  static const SAMPLE_DRIVER driver = { sizeof (DRIVER),  StartDevice, AskForever,
                                        InterruptService, DpcForIsr,   StopDevice };
  Bench bench;

  fixture_story (&bench.scenario, false);
  bench_run (&bench, &driver);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_MAP), ==, 501);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 1);
  bench_release (&bench);
}

/* A channel of its own for each list, so that nothing waits and all nests. */
static NTSTATUS AskDeeper (PDEVICE_OBJECT device, PIRP irp);

static ULONG deepest;

static VOID
GoDeeper (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;
  PDMA_ADAPTER adapter = context;

  g_assert_cmpuint (driver->n, <, 1000);
  driver->n++;
  deepest = driver->n;
  if (AskDeeper (device, irp) != STATUS_SUCCESS)
    Complete (irp);
  adapter->DmaOperations->PutScatterGatherList (adapter, list, FALSE);
}

static NTSTATUS
AskDeeper (PDEVICE_OBJECT device, PIRP irp)
{
  DEVICE_DESCRIPTION can = { .Master = TRUE, .ScatterGather = TRUE };
  PDMA_ADAPTER adapter = NULL;

  can.Dma64BitAddresses = TRUE;
  can.MaximumLength = 4096;
  adapter = IoGetDmaAdapter (device, &can, NULL);
  if (adapter == NULL)
    return STATUS_INSUFFICIENT_RESOURCES;
  return adapter->DmaOperations->GetScatterGatherList (
      adapter,
      device,
      irp->MdlAddress,
      MmGetMdlVirtualAddress (irp->MdlAddress),
      1,
      GoDeeper,
      adapter,
      FALSE);
}

static VOID
AskDeep (PDEVICE_OBJECT device, PIRP irp)
{
  AskDeeper (device, irp);
}

static void
test_calls_nest_only_so_deep (void)
{
  static const SAMPLE_DRIVER driver = { sizeof (DRIVER),  StartDevice, AskDeep,
                                        InterruptService, DpcForIsr,   StopDevice };
  Bench bench;

  fixture_story (&bench.scenario, false);
  bench.scenario.map_registers = 1000;
  bench_run (&bench, &driver);
  g_assert_cmpuint (deepest, >, 100);
  g_assert_cmpuint (deepest, <=, 125);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 1);
  bench_release (&bench);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/drivers/channel-is-first-in-first-out",
                   test_channel_is_first_in_first_out);
  g_test_add_func ("/drivers/marks", test_marks);
  g_test_add_func ("/drivers/stray", test_stray);
  g_test_add_func ("/drivers/device-error", test_device_error);
  g_test_add_func ("/drivers/misuse-is-only-a-fact", test_misuse_is_only_a_fact);
  g_test_add_func ("/drivers/no-machine", test_no_machine);
  g_test_add_func ("/drivers/asking-from-callbacks-does-not-nest",
                   test_asking_from_callbacks_does_not_nest);
  g_test_add_func ("/drivers/calls-nest-only-so-deep", test_calls_nest_only_so_deep);
  return g_test_run ();
}
