/* test-grant-v3.c — channels with a transfer context, MapTransferEx and
 * FlushAdapterBuffersEx: each documented return at its edge
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/grant-bench-3.h"

/* ---- contexts and AllocateAdapterChannelEx ---- */

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
  run (true, true, AskInEveryWay);
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
  run (true, true, AskAtOnce);
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
  run (true, true, CancelInEachState);
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
  run (true, true, MapChain);
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
  run (true, true, MapByFew);
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
  run (true, true, MapWrongly);
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

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  version = DEVICE_DESCRIPTION_VERSION3;
  g_test_add_func ("/grant-v3/allocate/in-every-way", test_ask);
  g_test_add_func ("/grant-v3/allocate/at-once", test_at_once);
  g_test_add_func ("/grant-v3/allocate/cancel-in-each-state", test_cancel);
  g_test_add_func ("/grant-v3/map/chain", test_map_chain);
  g_test_add_func ("/grant-v3/map/by-few", test_map_by_few);
  g_test_add_func ("/grant-v3/map/wrongly", test_mapped_wrongly);
  return g_test_run ();
}
