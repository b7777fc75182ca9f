/* test-grant-v3.c — routines of versions 2 and 3 that map: each documented return at
 * its edge
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-adapter.h"
#include "tests/engine/driver-bench.h"
#include "tests/lib/dms-test.h"

#include <stdlib.h>

#define PAGE 4096u
#define LIST_BYTES(n)                                                                  \
  (sizeof (SCATTER_GATHER_LIST) + (n) * sizeof (SCATTER_GATHER_ELEMENT))

/* ---- a driver that does what a test says, in StartIo ---- */

typedef struct
{
  PDMA_ADAPTER adapter;
  PDMA_OPERATIONS ops;
  ULONG count;
  PVOID base;
  IO_ALLOCATION_ACTION action;
  ULONG n_calls; /* of AdapterControl and AdapterListControl */
  PSCATTER_GATHER_LIST list;
  UCHAR contexts[4][DMA_TRANSFER_CONTEXT_SIZE_V1];
} DRIVER;

typedef VOID BODY (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp);

static Bench bench;
static BODY *body;

static NTSTATUS
Start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  DEVICE_DESCRIPTION can = { .Version = DEVICE_DESCRIPTION_VERSION3,
                             .Master = TRUE,
                             .ScatterGather = TRUE,
                             .DmaAddressWidth = 32,
                             .InterfaceType = PCIBus,
                             .MaximumLength = 65536 };

  UNREFERENCED_PARAMETER (registers);
  driver->adapter = IoGetDmaAdapter (device, &can, &driver->count);
  driver->ops = driver->adapter->DmaOperations;
  return STATUS_SUCCESS;
}

static VOID
StartIo (PDEVICE_OBJECT device, PIRP irp)
{
  body (device->DeviceExtension, device, irp);
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = 0;
  IoCompleteRequest (irp, IO_NO_INCREMENT);
  IoStartNextPacket (device, FALSE);
}

static VOID
Stop (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;

  driver->ops->PutDmaAdapter (driver->adapter);
}

static IO_ALLOCATION_ACTION
Control (PDEVICE_OBJECT device, PIRP irp, PVOID base, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  driver->base = base;
  driver->n_calls++;
  return driver->action;
}

static VOID
KeepList (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  driver->list = list;
  driver->n_calls++;
}

static uint32_t
n_free (void)
{
  return bench.machine.pool.n_free;
}

static bool
is_channel_free (void)
{
  const DmsAdapter *adapter = dms_table_get (&bench.machine.adapters, 1);

  return adapter->channel == 0;
}

/* The story's buffer, and a second MDL of 100 bytes behind it. */
static void
run (bool is_read, BODY *what)
{
  static const SAMPLE_DRIVER driver
      = { sizeof (DRIVER), Start, StartIo, bench_isr, bench_dpc, Stop };
  static const uint64_t frame[] = { 0xb022 };

  memset (&bench, 0, sizeof bench);
  body = what;
  fixture_story (&bench.scenario, !is_read);
  fixture_add_mdl (&bench.scenario.buffers[0], 0, 100, frame);
  bench_run (&bench, &driver);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 1);
  g_assert_cmpuint (n_free (), ==, 64);
  g_assert_cmpuint (bench.machine.mapped.n, ==, 0);
  g_assert_cmpuint (bench.machine.grants.n, ==, 0);
  g_assert_cmpuint (bench.run.state->oddities, ==, 0);
}

static void
finish (void)
{
  bench_release (&bench);
}

static void
assert_facts (const DmsFact *facts, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      const DmsEvent *event = fixture_find (&bench.run, DMS_EVENT_FACT, i);

      g_assert_nonnull (event);
      g_assert_cmpstr (
          dms_fact_info (event->index)->name, ==, dms_fact_info (facts[i])->name);
    }
  g_assert_cmpuint (bench_count_facts (&bench), ==, n);
}

#define ASSERT_FACTS(...)                                                              \
  assert_facts ((const DmsFact[]){ __VA_ARGS__ },                                      \
                G_N_ELEMENTS (((const DmsFact[]){ __VA_ARGS__ })))

#define ASSERT_STATUS(call, status) g_assert_cmphex ((call), ==, (status))

/* ---- BuildScatterGatherList ---- */

static NTSTATUS
build (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp, PVOID buffer, ULONG bytes)
{
  return driver->ops->BuildScatterGatherList (driver->adapter,
                                              device,
                                              irp->MdlAddress,
                                              MmGetMdlVirtualAddress (irp->MdlAddress),
                                              20992,
                                              KeepList,
                                              NULL,
                                              FALSE,
                                              buffer,
                                              bytes);
}

static VOID
Build (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PVOID va = MmGetMdlVirtualAddress (irp->MdlAddress);
  ULONG size = 0;
  ULONG registers = 0;
  PVOID buffer = NULL;

  ASSERT_STATUS (driver->ops->CalculateScatterGatherList (
                     driver->adapter, irp->MdlAddress, va, 20992, &size, &registers),
                 STATUS_SUCCESS);
  g_assert_cmpuint (registers, ==, 6);
  g_assert_cmpuint (size, >, LIST_BYTES (6));
  buffer = ExAllocatePoolWithTag (NonPagedPoolNx, size, 1);
  ASSERT_STATUS (build (driver, device, irp, buffer, size - 1),
                 STATUS_BUFFER_TOO_SMALL);
  ASSERT_STATUS (build (driver, device, irp, NULL, size), STATUS_INVALID_PARAMETER);
  g_assert_cmpuint (driver->n_calls, ==, 0);
  ASSERT_STATUS (build (driver, device, irp, buffer, size), STATUS_SUCCESS);
  g_assert_true (driver->list == buffer);
  g_assert_cmpuint (driver->list->NumberOfElements, ==, 4);
  g_assert_cmphex (driver->list->Elements[0].Address.QuadPart, ==, 0xa311200);
  /* The memory holds a list until that is put back. */
  ASSERT_STATUS (build (driver, device, irp, buffer, size), STATUS_INVALID_PARAMETER);
  driver->ops->PutScatterGatherList (driver->adapter, driver->list, FALSE);
  ASSERT_STATUS (build (driver, device, irp, buffer, size), STATUS_SUCCESS);
  driver->ops->PutScatterGatherList (driver->adapter, driver->list, FALSE);
  ExFreePoolWithTag (buffer, 1);
}

static void
test_build (void)
{
  run (true, Build);
  ASSERT_FACTS (DMS_FACT_BUFFER_SMALL, DMS_FACT_NULL_POINTER);

  const DmsEvent *small = bench_fact (&bench, DMS_FACT_BUFFER_SMALL, 0);

  g_assert_cmpuint (small->a + 1, ==, small->b);
  /* Nothing is allocated. */
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_LIST_MEMORY), ==, 0);
  finish ();
}

/* ---- BuildMdlFromScatterGatherList ---- */

static VOID
BuildMdl (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PDMA_OPERATIONS ops = driver->ops;
  PMDL target = NULL;
  PPFN_NUMBER frames = NULL;

  ASSERT_STATUS (ops->GetScatterGatherList (driver->adapter,
                                            device,
                                            irp->MdlAddress,
                                            MmGetMdlVirtualAddress (irp->MdlAddress),
                                            20992 + 100,
                                            KeepList,
                                            NULL,
                                            FALSE),
                 STATUS_SUCCESS);
  ASSERT_STATUS (
      ops->BuildMdlFromScatterGatherList (driver->adapter, driver->list, NULL, &target),
      STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (ops->BuildMdlFromScatterGatherList (
                     driver->adapter, driver->list, irp->MdlAddress, NULL),
                 STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (ops->BuildMdlFromScatterGatherList (
                     driver->adapter, driver->list, irp->MdlAddress, &target),
                 STATUS_SUCCESS);
  /* Two pages bounce: the target names their bounce pages. */
  g_assert_true (target != irp->MdlAddress);
  frames = MmGetMdlPfnArray (target);
  g_assert_cmpuint (MmGetMdlByteCount (target), ==, 20992);
  g_assert_cmpuint (MmGetMdlByteOffset (target), ==, 512);
  g_assert_cmphex (frames[1], ==, 0xa312);
  g_assert_cmphex (
      frames[2], ==, (PFN_NUMBER)driver->list->Elements[1].Address.QuadPart >> 12);
  g_assert_cmphex (frames[5], ==, 0xb021);
  g_assert_cmpuint (MmGetMdlByteCount (target->Next), ==, 100);
  g_assert_null (target->Next->Next);
  ASSERT_STATUS (ops->BuildMdlFromScatterGatherList (
                     driver->adapter, driver->list, irp->MdlAddress, &target),
                 STATUS_NONE_MAPPED);
  ops->PutScatterGatherList (driver->adapter, driver->list, FALSE);
  ASSERT_STATUS (ops->BuildMdlFromScatterGatherList (
                     driver->adapter, driver->list, irp->MdlAddress, &target),
                 STATUS_INVALID_PARAMETER);
  /* All in reach: logical is physical, and the original serves. */
  ops->GetScatterGatherList (driver->adapter,
                             device,
                             irp->MdlAddress,
                             MmGetMdlVirtualAddress (irp->MdlAddress),
                             PAGE,
                             KeepList,
                             NULL,
                             FALSE);
  ASSERT_STATUS (ops->BuildMdlFromScatterGatherList (
                     driver->adapter, driver->list, irp->MdlAddress, &target),
                 STATUS_SUCCESS);
  g_assert_true (target == irp->MdlAddress);
  ops->PutScatterGatherList (driver->adapter, driver->list, FALSE);
}

static void
test_build_mdl (void)
{
  run (true, BuildMdl);
  ASSERT_FACTS (DMS_FACT_NULL_MDL,
                DMS_FACT_NULL_POINTER,
                DMS_FACT_MDL_MADE_BEFORE,
                DMS_FACT_UNKNOWN_LIST);
  finish ();
}

/* ---- contexts and AllocateAdapterChannelEx ---- */

static NTSTATUS
ask (DRIVER *driver,
     PDEVICE_OBJECT device,
     ULONG context,
     ULONG count,
     ULONG flags,
     PDRIVER_CONTROL routine,
     PVOID *base)
{
  return driver->ops->AllocateAdapterChannelEx (driver->adapter,
                                                device,
                                                driver->contexts[context],
                                                count,
                                                flags,
                                                routine,
                                                NULL,
                                                base);
}

static VOID
prepare (DRIVER *driver, ULONG context)
{
  ASSERT_STATUS (driver->ops->InitializeDmaTransferContext (driver->adapter,
                                                            driver->contexts[context]),
                 STATUS_SUCCESS);
}

static VOID
AskInEveryWay (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PVOID base = NULL;

  UNREFERENCED_PARAMETER (irp);
  prepare (driver, 0);
  driver->action = DeallocateObject;
  /* Who is not told how, cannot be. */
  ASSERT_STATUS (ask (driver, device, 0, 1, 0, NULL, NULL), STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (ask (driver, device, 0, 1, 0, Control, &base),
                 STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (ask (driver, device, 0, 1, DMA_SYNCHRONOUS_CALLBACK, NULL, NULL),
                 STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (ask (driver, device, 0, 1, 2, Control, NULL),
                 STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (ask (driver, device, 1, 1, 0, Control, NULL),
                 STATUS_INVALID_PARAMETER);
  g_assert_cmpuint (driver->n_calls, ==, 0);

  ASSERT_STATUS (ask (driver, device, 0, 8, 0, Control, NULL), STATUS_SUCCESS);
  ASSERT_STATUS (ask (driver, device, 0, 9, 0, Control, NULL),
                 STATUS_INSUFFICIENT_RESOURCES);
  ASSERT_STATUS (ask (driver, device, 0, 8, DMA_SYNCHRONOUS_CALLBACK, Control, NULL),
                 STATUS_SUCCESS);
  g_assert_cmpuint (driver->n_calls, ==, 2);
  driver->action = DeallocateObjectKeepRegisters;
  ASSERT_STATUS (ask (driver, device, 0, 8, DMA_SYNCHRONOUS_CALLBACK, Control, &base),
                 STATUS_SUCCESS);
  g_assert_true (base == driver->base && base != NULL);
  /* One request for each context. */
  ASSERT_STATUS (ask (driver, device, 0, 1, 0, Control, NULL),
                 STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (
      driver->ops->InitializeDmaTransferContext (driver->adapter, driver->contexts[0]),
      STATUS_INVALID_PARAMETER);
  driver->ops->FreeMapRegisters (driver->adapter, base, 8);
  ASSERT_STATUS (driver->ops->InitializeDmaTransferContext (driver->adapter, NULL),
                 STATUS_INVALID_PARAMETER);
}

static void
test_ask (void)
{
  run (true, AskInEveryWay);
  ASSERT_FACTS (DMS_FACT_BAD_COMBINATION,
                DMS_FACT_BAD_COMBINATION,
                DMS_FACT_BAD_COMBINATION,
                DMS_FACT_BAD_COMBINATION,
                DMS_FACT_CONTEXT_UNKNOWN,
                DMS_FACT_CONTEXT_IN_USE,
                DMS_FACT_CONTEXT_IN_USE,
                DMS_FACT_NULL_POINTER);
  finish ();
}

/* Without a callback the caller has what it asked for, and says later what becomes of
 * it. */
static VOID
AskAtOnce (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PDMA_OPERATIONS ops = driver->ops;
  PVOID base = NULL;
  PVOID other = &base;
  ULONG flags = DMA_SYNCHRONOUS_CALLBACK;

  UNREFERENCED_PARAMETER (irp);
  prepare (driver, 0);
  prepare (driver, 1);
  ASSERT_STATUS (ask (driver, device, 0, 3, flags, NULL, &base), STATUS_SUCCESS);
  g_assert_nonnull (base);
  g_assert_false (is_channel_free ());
  /* Nothing waits. */
  ASSERT_STATUS (ask (driver, device, 1, 3, flags, NULL, &other),
                 STATUS_INSUFFICIENT_RESOURCES);
  g_assert_null (other);
  ASSERT_STATUS (ask (driver, device, 1, 3, flags, Control, NULL),
                 STATUS_INSUFFICIENT_RESOURCES);
  g_assert_cmpuint (driver->n_calls, ==, 0);
  ops->FreeAdapterObject (driver->adapter, KeepObject);
  g_assert_false (is_channel_free ());
  ops->FreeAdapterObject (driver->adapter, DeallocateObjectKeepRegisters);
  g_assert_true (is_channel_free ());
  g_assert_cmpuint (n_free (), ==, 61);
  ASSERT_STATUS (ask (driver, device, 1, 3, flags, NULL, &other), STATUS_SUCCESS);
  ops->FreeAdapterObject (driver->adapter, DeallocateObject);
  g_assert_cmpuint (n_free (), ==, 61);
  ops->FreeMapRegisters (driver->adapter, base, 3);
  g_assert_cmpuint (n_free (), ==, 64);
  ops->FreeAdapterObject (driver->adapter, DeallocateObject);
  ops->FreeAdapterObject (driver->adapter, KeepObject);
}

static void
test_at_once (void)
{
  run (true, AskAtOnce);
  ASSERT_FACTS (DMS_FACT_CHANNEL_NOT_HELD);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_WAIT), ==, 0);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_REFUSE), ==, 2);
  finish ();
}

/* In each state of its request. */
static VOID
CancelInEachState (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PDMA_OPERATIONS ops = driver->ops;
  PVOID base = NULL;
  ULONG flags = DMA_SYNCHRONOUS_CALLBACK;

  UNREFERENCED_PARAMETER (irp);
#define CANCEL(context)                                                                \
  ops->CancelAdapterChannel (driver->adapter, device, driver->contexts[context])
  g_assert_false (CANCEL (0));
  for (ULONG i = 0; i < 4; i++)
    prepare (driver, i);
  /* In advance: what is asked for next is never granted, and later again it is. */
  g_assert_true (CANCEL (0));
  driver->action = KeepObject;
  ASSERT_STATUS (ask (driver, device, 0, 3, 0, Control, NULL), STATUS_SUCCESS);
  g_assert_cmpuint (driver->n_calls, ==, 0);
  g_assert_true (CANCEL (1));
  ASSERT_STATUS (ask (driver, device, 1, 3, flags, NULL, &base), STATUS_CANCELLED);
  g_assert_null (base);
  ASSERT_STATUS (ask (driver, device, 0, 3, 0, Control, NULL), STATUS_SUCCESS);
  g_assert_cmpuint (driver->n_calls, ==, 1);
  /* Granted: too late. */
  g_assert_false (CANCEL (0));
  /* Waiting, the first and the last of two. */
  ASSERT_STATUS (ask (driver, device, 1, 3, 0, Control, NULL), STATUS_SUCCESS);
  ASSERT_STATUS (ask (driver, device, 2, 3, 0, Control, NULL), STATUS_SUCCESS);
  ASSERT_STATUS (ask (driver, device, 3, 3, 0, Control, NULL), STATUS_SUCCESS);
  g_assert_true (CANCEL (1));
  g_assert_true (CANCEL (3));
  g_assert_cmpuint (driver->n_calls, ==, 1);
  driver->action = DeallocateObject;
  ops->FreeAdapterChannel (driver->adapter);
#undef CANCEL
}

static void
test_cancel (void)
{
  run (true, CancelInEachState);
  ASSERT_FACTS (DMS_FACT_CONTEXT_UNKNOWN);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_CANCEL), ==, 4);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_GRANT), ==, 2);
  g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_CANCEL, 2)->c, ==, 2);
  g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_CANCEL, 3)->c, ==, 0);
  finish ();
}

/* ---- MapTransferEx and FlushAdapterBuffersEx ---- */

static VOID
hold (DRIVER *driver, PDEVICE_OBJECT device, ULONG count)
{
  prepare (driver, 0);
  driver->action = DeallocateObjectKeepRegisters;
  ASSERT_STATUS (ask (driver, device, 0, count, 0, Control, NULL), STATUS_SUCCESS);
}

static NTSTATUS
map (DRIVER *driver, PIRP irp, ULONGLONG offset, PULONG length, PVOID list, ULONG bytes)
{
  return driver->ops->MapTransferEx (driver->adapter,
                                     irp->MdlAddress,
                                     driver->base,
                                     offset,
                                     0,
                                     length,
                                     FALSE,
                                     list,
                                     bytes,
                                     NULL,
                                     NULL);
}

static NTSTATUS
flush (DRIVER *driver, PIRP irp, ULONGLONG offset, ULONG length)
{
  return driver->ops->FlushAdapterBuffersEx (
      driver->adapter, irp->MdlAddress, driver->base, offset, length, FALSE);
}

static VOID
MapChain (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PSCATTER_GATHER_LIST list = ExAllocatePoolWithTag (NonPagedPoolNx, LIST_BYTES (8), 1);
  ULONG length = 20992 + 100;

  hold (driver, device, 7);
  /* Everything; the second MDL lies right behind the first, but does not join it. */
  ASSERT_STATUS (map (driver, irp, 0, &length, list, LIST_BYTES (8)), STATUS_SUCCESS);
  g_assert_cmpuint (length, ==, 20992 + 100);
  g_assert_cmpuint (list->NumberOfElements, ==, 5);
  g_assert_cmphex (list->Elements[4].Address.QuadPart, ==, 0xb022000);
  g_assert_cmpuint (list->Elements[4].Length, ==, 100);
  ASSERT_STATUS (flush (driver, irp, 0, length), STATUS_SUCCESS);
  /* Room for one element, for two, and for none. */
  length = 20992 + 100;
  ASSERT_STATUS (map (driver, irp, 0, &length, list, LIST_BYTES (1)), STATUS_SUCCESS);
  g_assert_cmpuint (length, ==, 2 * PAGE - 512);
  ASSERT_STATUS (flush (driver, irp, 0, length), STATUS_SUCCESS);
  length = 20992 + 100;
  ASSERT_STATUS (map (driver, irp, 0, &length, list, LIST_BYTES (3) - 1),
                 STATUS_SUCCESS);
  g_assert_cmpuint (length, ==, 3 * PAGE - 512);
  ASSERT_STATUS (flush (driver, irp, 0, length), STATUS_SUCCESS);
  length = 9;
  ASSERT_STATUS (map (driver, irp, 0, &length, list, LIST_BYTES (1) - 1),
                 STATUS_INVALID_PARAMETER);
  g_assert_cmpuint (length, ==, 9);
  /* From the second MDL on. */
  length = 90;
  ASSERT_STATUS (map (driver, irp, 20992 + 10, &length, list, LIST_BYTES (8)),
                 STATUS_SUCCESS);
  g_assert_cmphex (list->Elements[0].Address.QuadPart, ==, 0xb02200a);
  ASSERT_STATUS (flush (driver, irp, 20992 + 10, 90), STATUS_SUCCESS);
  driver->ops->FreeMapRegisters (driver->adapter, driver->base, 7);
  ExFreePoolWithTag (list, 1);
}

static void
test_map_chain (void)
{
  run (true, MapChain);
  ASSERT_FACTS (DMS_FACT_BUFFER_SMALL);
  finish ();
}

static VOID
MapByFew (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PSCATTER_GATHER_LIST list = ExAllocatePoolWithTag (NonPagedPoolNx, LIST_BYTES (8), 1);
  ULONGLONG offset = 0;
  ULONG n = 0;

  hold (driver, device, 2);
  for (; offset < 20992 + 100; n++)
    {
      ULONG length = (ULONG)(20992 + 100 - offset);

      ASSERT_STATUS (map (driver, irp, offset, &length, list, LIST_BYTES (8)),
                     STATUS_SUCCESS);
      ASSERT_STATUS (flush (driver, irp, offset, length), STATUS_SUCCESS);
      offset += length;
    }
  g_assert_cmpuint (n, ==, 4);
  driver->ops->FreeMapRegisters (driver->adapter, driver->base, 2);
  ExFreePoolWithTag (list, 1);
}

/* Too few registers are no mistake: the rest comes next time. */
static void
test_map_by_few (void)
{
  run (true, MapByFew);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_MAP), ==, 4);
  finish ();
}

static VOID
MapWrongly (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PSCATTER_GATHER_LIST list = ExAllocatePoolWithTag (NonPagedPoolNx, LIST_BYTES (8), 1);
  ULONG length = 10;
  PMDL mdl = irp->MdlAddress;
  PMDL next = mdl->Next;

  hold (driver, device, 3);
  ASSERT_STATUS (map (driver, irp, 0, &length, NULL, 0), STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (map (driver, irp, 0, NULL, list, LIST_BYTES (8)),
                 STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (driver->ops->MapTransferEx (driver->adapter,
                                             mdl,
                                             driver->base,
                                             0,
                                             4,
                                             &length,
                                             FALSE,
                                             list,
                                             LIST_BYTES (8),
                                             NULL,
                                             NULL),
                 STATUS_INVALID_PARAMETER);
  length = 0;
  ASSERT_STATUS (map (driver, irp, 0, &length, list, LIST_BYTES (8)),
                 STATUS_INVALID_PARAMETER);
  length = 101;
  ASSERT_STATUS (map (driver, irp, 20992, &length, list, LIST_BYTES (8)),
                 STATUS_BUFFER_TOO_SMALL);
  mdl->Next = mdl;
  ASSERT_STATUS (map (driver, irp, 0, &length, list, LIST_BYTES (8)),
                 STATUS_INVALID_PARAMETER);
  mdl->Next = next;
  ASSERT_STATUS (flush (driver, irp, 0, 10), STATUS_INVALID_PARAMETER);
  length = 10;
  ASSERT_STATUS (map (driver, irp, 0, &length, list, LIST_BYTES (8)), STATUS_SUCCESS);
  length = 2 * PAGE;
  /* Not flushed; one register of three is taken. */
  ASSERT_STATUS (map (driver, irp, 2 * PAGE - 512, &length, list, LIST_BYTES (8)),
                 STATUS_SUCCESS);
  length = PAGE;
  ASSERT_STATUS (map (driver, irp, 4 * PAGE - 512, &length, list, LIST_BYTES (8)),
                 STATUS_INSUFFICIENT_RESOURCES);
  ASSERT_STATUS (flush (driver, irp, 0, 10), STATUS_SUCCESS);
  ASSERT_STATUS (flush (driver, irp, 2 * PAGE - 512, 2 * PAGE), STATUS_SUCCESS);
  driver->ops->FreeMapRegisters (driver->adapter, driver->base, 3);
  ASSERT_STATUS (map (driver, irp, 0, &length, list, LIST_BYTES (8)),
                 STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (flush (driver, irp, 0, 10), STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (
      driver->ops->CancelMappedTransfer (driver->adapter, driver->contexts[0]),
      STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (driver->ops->ConfigureAdapterChannel (driver->adapter, 1, NULL),
                 STATUS_NOT_IMPLEMENTED);
  ExFreePoolWithTag (list, 1);
}

static void
test_mapped_wrongly (void)
{
  run (true, MapWrongly);
  ASSERT_FACTS (DMS_FACT_NULL_POINTER,
                DMS_FACT_NULL_POINTER,
                DMS_FACT_BAD_COMBINATION,
                DMS_FACT_ZERO_LENGTH,
                DMS_FACT_TOO_LONG,
                DMS_FACT_MDL_LOOP,
                DMS_FACT_NOTHING_MAPPED,
                DMS_FACT_NOT_FLUSHED,
                DMS_FACT_NOT_FLUSHED,
                DMS_FACT_REGISTERS_NOT_HELD,
                DMS_FACT_REGISTERS_NOT_HELD,
                DMS_FACT_NOT_FOR_THIS_ADAPTER,
                DMS_FACT_NOT_FOR_THIS_ADAPTER);
  g_assert_cmpuint (bench_fact (&bench, DMS_FACT_MDL_LOOP, 0)->a, ==, 1);
  finish ();
}

/* ---- GetScatterGatherListEx and BuildScatterGatherListEx ---- */

static NTSTATUS
get (DRIVER *driver,
     PDEVICE_OBJECT device,
     PIRP irp,
     ULONG context,
     ULONG flags,
     PDRIVER_LIST_CONTROL routine,
     PSCATTER_GATHER_LIST *list)
{
  return driver->ops->GetScatterGatherListEx (driver->adapter,
                                              device,
                                              driver->contexts[context],
                                              irp->MdlAddress,
                                              20992 - 10,
                                              20,
                                              flags,
                                              routine,
                                              NULL,
                                              FALSE,
                                              NULL,
                                              NULL,
                                              list);
}

static VOID
GetInEveryWay (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PDMA_OPERATIONS ops = driver->ops;
  PSCATTER_GATHER_LIST list = NULL;
  ULONG flags = DMA_SYNCHRONOUS_CALLBACK;

  ASSERT_STATUS (get (driver, device, irp, 0, 0, KeepList, NULL),
                 STATUS_INVALID_PARAMETER);
  for (ULONG i = 0; i < 4; i++)
    prepare (driver, i);
  ASSERT_STATUS (get (driver, device, irp, 0, 0, NULL, &list),
                 STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (get (driver, device, irp, 0, flags, NULL, NULL),
                 STATUS_INVALID_PARAMETER);
  ASSERT_STATUS (ops->GetScatterGatherListEx (driver->adapter,
                                              device,
                                              driver->contexts[0],
                                              irp->MdlAddress,
                                              0,
                                              20,
                                              0,
                                              KeepList,
                                              NULL,
                                              FALSE,
                                              NULL,
                                              driver,
                                              NULL),
                 STATUS_INVALID_PARAMETER);
  /* Ten bytes of each MDL. */
  ASSERT_STATUS (get (driver, device, irp, 0, 0, KeepList, NULL), STATUS_SUCCESS);
  g_assert_cmpuint (driver->n_calls, ==, 1);
  g_assert_cmpuint (driver->list->NumberOfElements, ==, 2);
  g_assert_cmphex (driver->list->Elements[1].Address.QuadPart, ==, 0xb022000);
  g_assert_true (is_channel_free ());
  ASSERT_STATUS (get (driver, device, irp, 0, 0, KeepList, NULL),
                 STATUS_INVALID_PARAMETER);
  ops->PutScatterGatherList (driver->adapter, driver->list, FALSE);
  ASSERT_STATUS (get (driver, device, irp, 0, flags, KeepList, &list), STATUS_SUCCESS);
  g_assert_true (list == driver->list);
  ops->PutScatterGatherList (driver->adapter, list, FALSE);
  /* Without a callback: the channel stays, until FreeAdapterObject. */
  ASSERT_STATUS (get (driver, device, irp, 1, flags, NULL, &list), STATUS_SUCCESS);
  g_assert_cmpuint (list->NumberOfElements, ==, 2);
  g_assert_cmpuint (list->Elements[0].Length, ==, 10);
  g_assert_false (is_channel_free ());
  g_assert_false (
      ops->CancelAdapterChannel (driver->adapter, device, driver->contexts[1]));
  ASSERT_STATUS (get (driver, device, irp, 2, flags, KeepList, NULL),
                 STATUS_INSUFFICIENT_RESOURCES);
  ASSERT_STATUS (get (driver, device, irp, 2, 0, KeepList, NULL), STATUS_SUCCESS);
  g_assert_true (
      ops->CancelAdapterChannel (driver->adapter, device, driver->contexts[2]));
  ops->FreeAdapterObject (driver->adapter, DeallocateObjectKeepRegisters);
  g_assert_true (is_channel_free ());
  ops->PutScatterGatherList (driver->adapter, list, FALSE);
  g_assert_cmpuint (driver->n_calls, ==, 2);
}

static void
test_get (void)
{
  run (true, GetInEveryWay);
  ASSERT_FACTS (DMS_FACT_CONTEXT_UNKNOWN,
                DMS_FACT_BAD_COMBINATION,
                DMS_FACT_BAD_COMBINATION,
                DMS_FACT_BAD_COMBINATION,
                DMS_FACT_CONTEXT_IN_USE);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_CANCEL), ==, 1);
  finish ();
}

static VOID
BuildInMemory (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PDMA_OPERATIONS ops = driver->ops;
  PSCATTER_GATHER_LIST list = NULL;
  DMA_TRANSFER_INFO need = { .Version = DMA_TRANSFER_INFO_VERSION1 };
  PVOID buffer = NULL;

  prepare (driver, 0);
  ASSERT_STATUS (ops->GetDmaTransferInfo (
                     driver->adapter, irp->MdlAddress, 100, 20992, FALSE, &need),
                 STATUS_SUCCESS);
  buffer = ExAllocatePoolWithTag (NonPagedPoolNx, need.V1.ScatterGatherListSize, 1);
  for (ULONG shorter = 0; shorter < 2; shorter++)
    {
      NTSTATUS status
          = ops->BuildScatterGatherListEx (driver->adapter,
                                           device,
                                           driver->contexts[0],
                                           irp->MdlAddress,
                                           100,
                                           20992,
                                           DMA_SYNCHRONOUS_CALLBACK,
                                           NULL,
                                           NULL,
                                           FALSE,
                                           buffer,
                                           need.V1.ScatterGatherListSize - shorter,
                                           NULL,
                                           NULL,
                                           &list);

      ASSERT_STATUS (status, shorter ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS);
      g_assert_true (list == (shorter ? NULL : buffer));
      if (shorter)
        continue;
      g_assert_cmpuint (list->NumberOfElements, ==, 5);
      ops->FreeAdapterObject (driver->adapter, DeallocateObjectKeepRegisters);
      ops->PutScatterGatherList (driver->adapter, list, FALSE);
    }
  ExFreePoolWithTag (buffer, 1);
}

static void
test_build_ex (void)
{
  run (true, BuildInMemory);
  ASSERT_FACTS (DMS_FACT_BUFFER_SMALL);
  finish ();
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/grant-v3/build-list", test_build);
  g_test_add_func ("/grant-v3/build-mdl", test_build_mdl);
  g_test_add_func ("/grant-v3/allocate/in-every-way", test_ask);
  g_test_add_func ("/grant-v3/allocate/at-once", test_at_once);
  g_test_add_func ("/grant-v3/allocate/cancel-in-each-state", test_cancel);
  g_test_add_func ("/grant-v3/map/chain", test_map_chain);
  g_test_add_func ("/grant-v3/map/by-few", test_map_by_few);
  g_test_add_func ("/grant-v3/map/wrongly", test_mapped_wrongly);
  g_test_add_func ("/grant-v3/list/in-every-way", test_get);
  g_test_add_func ("/grant-v3/list/build", test_build_ex);
  return g_test_run ();
}
