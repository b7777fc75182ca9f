/* test-grant.c — AllocateAdapterChannel, MapTransfer, FlushAdapterBuffers and the two
 * routines that free: each documented return at its edge
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-grant.h"
#include "tests/engine/driver-bench.h"
#include "tests/lib/dms-test.h"

#define PAGE 4096u

/* ---- a driver that does what a test says, in StartIo ---- */

typedef struct
{
  PDMA_ADAPTER adapter;
  PDMA_OPERATIONS ops;
  ULONG count;
  PVOID base;
  IO_ALLOCATION_ACTION action;
  ULONG n_calls; /* of AdapterControl */
} DRIVER;

static Bench bench;
static BOOLEAN scatter_gather;
static VOID (*body) (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp);

static NTSTATUS
Start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  DEVICE_DESCRIPTION can = { .Version = DEVICE_DESCRIPTION_VERSION1,
                             .Master = TRUE,
                             .ScatterGather = scatter_gather,
                             .Dma32BitAddresses = TRUE,
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

  g_assert_true (irp == device->CurrentIrp);
  g_assert_true (context == &bench);
  g_assert_cmpuint (KeGetCurrentIrql (), ==, DISPATCH_LEVEL);
  driver->base = base;
  driver->n_calls++;
  return driver->action;
}

static NTSTATUS
ask (DRIVER *driver, PDEVICE_OBJECT device, ULONG count)
{
  return driver->ops->AllocateAdapterChannel (
      driver->adapter, device, count, Control, &bench);
}

/* @count registers that stay. */
static VOID
hold (DRIVER *driver, PDEVICE_OBJECT device, ULONG count)
{
  driver->action = DeallocateObjectKeepRegisters;
  g_assert_cmphex (ask (driver, device, count), ==, STATUS_SUCCESS);
  g_assert_nonnull (driver->base);
}

static VOID
drop (DRIVER *driver, ULONG count)
{
  driver->ops->FreeMapRegisters (driver->adapter, driver->base, count);
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

/* The story's buffer: 20 992 bytes from offset 512; frames 2 and 3 are out of reach of
 * 32 lines, and no two of the runs are neighbours. */
static void
run (bool is_read, VOID (*what) (DRIVER *, PDEVICE_OBJECT, PIRP))
{
  static const SAMPLE_DRIVER driver
      = { sizeof (DRIVER), Start, StartIo, bench_isr, bench_dpc, Stop };

  memset (&bench, 0, sizeof bench);
  body = what;
  fixture_story (&bench.scenario, !is_read);
  bench_run (&bench, &driver);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 1);
  g_assert_cmpuint (n_free (), ==, 64);
  g_assert_cmpuint (bench.machine.mapped.n, ==, 0);
  g_assert_cmpuint (bench.machine.grants.n, ==, 0);
  g_assert_cmpuint (bench.machine.asking.n, ==, 0);
  g_assert_cmpuint (bench.run.state->oddities, ==, 0);
}

static void
finish (void)
{
  bench_release (&bench);
  scatter_gather = TRUE;
}

/* Exactly these facts, in this order. */
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

static const DmsEvent *
fact (DmsFact which)
{
  const DmsEvent *event = bench_fact (&bench, which, 0);

  g_assert_nonnull (event);
  return event;
}

/* The kinds of the events from the first of @first on, until @last, as "25 26 …". */
static char *
kinds (DmsEventKind first, DmsEventKind last)
{
  GString *text = g_string_new (NULL);
  bool has_begun = false;

  for (guint i = 0; i < bench.run.events->len; i++)
    {
      const DmsEvent *event = &g_array_index (bench.run.events, DmsEvent, i);

      has_begun = has_begun || event->kind == first;
      if (!has_begun)
        continue;
      g_string_append_printf (
          text, "%s%s", text->len == 0 ? "" : " ", dms_event_info (event->kind)->name);
      if (event->kind == last)
        break;
    }
  return g_string_free (text, FALSE);
}

/* ---- AllocateAdapterChannel ---- */

static VOID
AskAtTheEdge (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  UNREFERENCED_PARAMETER (irp);
  driver->action = DeallocateObject;
  g_assert_cmpuint (driver->count, ==, 8);
  g_assert_cmphex (ask (driver, device, 8), ==, STATUS_SUCCESS);
  g_assert_cmpuint (driver->n_calls, ==, 1);
  g_assert_cmphex (ask (driver, device, 9), ==, STATUS_INSUFFICIENT_RESOURCES);
  g_assert_cmpuint (driver->n_calls, ==, 1);
  g_assert_cmphex (ask (driver, device, 0), ==, STATUS_SUCCESS);
  g_assert_cmpuint (driver->n_calls, ==, 2);
  g_assert_null (driver->base);
}

static void
test_count (void)
{
  run (true, AskAtTheEdge);

  const DmsEvent *refuse = fixture_find (&bench.run, DMS_EVENT_REFUSE, 0);

  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_REFUSE), ==, 1);
  g_assert_cmpuint (refuse->a, ==, 9);
  g_assert_cmpuint (refuse->b, ==, 8);
  g_assert_cmphex (refuse->flags, ==, DMS_FLAG_TOO_MANY_REGISTERS);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  finish ();
}

static VOID
Act (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  UNREFERENCED_PARAMETER (irp);
  driver->action = KeepObject;
  g_assert_cmphex (ask (driver, device, 3), ==, STATUS_SUCCESS);
  g_assert_false (is_channel_free ());
  g_assert_cmpuint (n_free (), ==, 61);
  driver->ops->FreeAdapterChannel (driver->adapter);
  g_assert_true (is_channel_free ());
  g_assert_cmpuint (n_free (), ==, 64);

  driver->action = DeallocateObject;
  g_assert_cmphex (ask (driver, device, 3), ==, STATUS_SUCCESS);
  g_assert_true (is_channel_free ());
  g_assert_cmpuint (n_free (), ==, 64);

  driver->action = DeallocateObjectKeepRegisters;
  g_assert_cmphex (ask (driver, device, 3), ==, STATUS_SUCCESS);
  g_assert_true (is_channel_free ());
  g_assert_cmpuint (n_free (), ==, 61);
  drop (driver, 3);
  g_assert_cmpuint (n_free (), ==, 64);
}

static void
test_actions (void)
{
  run (true, Act);

  g_autofree char *text = kinds (DMS_EVENT_ASK, DMS_EVENT_UNMAP);
  const DmsEvent *back = NULL;

  g_assert_cmpstr (
      text, ==, "ask channel grant call return return call channel release unmap");
  for (guint i = 0;; i++)
    {
      back = fixture_find (&bench.run, DMS_EVENT_RETURN, i);
      if (back->index == DMS_ROUTINE_ADAPTER_CONTROL)
        break;
    }
  g_assert_cmphex (back->flags, ==, DMS_FLAG_CALLBACK | DMS_FLAG_HAS_VALUE);
  g_assert_cmpuint (back->b, ==, KeepObject);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  finish ();
}

static VOID
ActOddly (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  UNREFERENCED_PARAMETER (irp);
  driver->action = (IO_ALLOCATION_ACTION)77;
  g_assert_cmphex (ask (driver, device, 3), ==, STATUS_SUCCESS);
  g_assert_false (is_channel_free ());
  driver->ops->FreeAdapterChannel (driver->adapter);
}

static void
test_unknown_action (void)
{
  run (true, ActOddly);
  ASSERT_FACTS (DMS_FACT_UNKNOWN_ACTION);
  g_assert_cmpuint (fact (DMS_FACT_UNKNOWN_ACTION)->a, ==, 77);
  finish ();
}

static VOID
AskTwice (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  UNREFERENCED_PARAMETER (irp);
  /* The first has the channel; the next waits for it, and the one after is too much. */
  driver->action = KeepObject;
  g_assert_cmphex (ask (driver, device, 3), ==, STATUS_SUCCESS);
  g_assert_cmphex (ask (driver, device, 3), ==, STATUS_SUCCESS);
  g_assert_cmphex (ask (driver, device, 3), ==, STATUS_UNSUCCESSFUL);
  g_assert_cmpuint (driver->n_calls, ==, 1);
  driver->action = DeallocateObject;
  driver->ops->FreeAdapterChannel (driver->adapter);
}

static void
test_asked_twice (void)
{
  run (true, AskTwice);
  ASSERT_FACTS (DMS_FACT_ASKED_TWICE);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_GRANT), ==, 2);
  finish ();
}

static IO_ALLOCATION_ACTION
AskInside (PDEVICE_OBJECT device, PIRP irp, PVOID base, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  g_assert_cmphex (ask (driver, device, 1), ==, STATUS_UNSUCCESSFUL);
  driver->action = DeallocateObject;
  return Control (device, irp, base, context);
}

static VOID
AskInCallback (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  UNREFERENCED_PARAMETER (irp);
  g_assert_cmphex (driver->ops->AllocateAdapterChannel (
                       driver->adapter, device, 1, AskInside, &bench),
                   ==,
                   STATUS_SUCCESS);
  g_assert_cmpuint (driver->n_calls, ==, 1);
}

static void
test_asked_in_callback (void)
{
  run (true, AskInCallback);
  ASSERT_FACTS (DMS_FACT_ASKED_IN_CALLBACK);
  finish ();
}

static VOID
AskWrongly (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PDMA_OPERATIONS ops = driver->ops;
  DEVICE_OBJECT unknown = { 0 };
  DMA_ADAPTER none = { 0 };

  UNREFERENCED_PARAMETER (irp);
  g_assert_cmphex (ops->AllocateAdapterChannel (NULL, device, 1, Control, NULL),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (ops->AllocateAdapterChannel (&none, device, 1, Control, NULL),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (ops->AllocateAdapterChannel (driver->adapter, device, 1, NULL, NULL),
                   ==,
                   STATUS_INVALID_PARAMETER);
  g_assert_cmphex (
      ops->AllocateAdapterChannel (driver->adapter, &unknown, 1, Control, NULL),
      ==,
      STATUS_INVALID_PARAMETER);
  g_assert_cmpuint (driver->n_calls, ==, 0);
}

static void
test_asked_wrongly (void)
{
  run (true, AskWrongly);
  ASSERT_FACTS (DMS_FACT_NULL_ADAPTER,
                DMS_FACT_UNKNOWN_ADAPTER,
                DMS_FACT_NULL_POINTER,
                DMS_FACT_UNKNOWN_DEVICE);
  g_assert_cmpuint (fact (DMS_FACT_NULL_POINTER)->a, ==, 4);
  finish ();
}

static VOID
AskForMoreInTotal (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PVOID first = NULL;

  UNREFERENCED_PARAMETER (irp);
  hold (driver, device, 5);
  first = driver->base;
  hold (driver, device, 3);
  drop (driver, 3);
  hold (driver, device, 4);
  drop (driver, 4);
  driver->base = first;
  drop (driver, 5);
}

static void
test_total (void)
{
  run (true, AskForMoreInTotal);
  ASSERT_FACTS (DMS_FACT_TOO_MANY_IN_TOTAL);
  g_assert_cmpuint (fact (DMS_FACT_TOO_MANY_IN_TOTAL)->a, ==, 9);
  g_assert_cmpuint (fact (DMS_FACT_TOO_MANY_IN_TOTAL)->b, ==, 8);
  finish ();
}

/* ---- FreeAdapterChannel and FreeMapRegisters ---- */

static VOID
FreeWrongly (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PDMA_OPERATIONS ops = driver->ops;
  ULONG word = 0;

  UNREFERENCED_PARAMETER (irp);
  ops->FreeAdapterChannel (driver->adapter);
  ops->FreeMapRegisters (driver->adapter, NULL, 3);
  ops->FreeMapRegisters (driver->adapter, &word, 3);
  hold (driver, device, 3);
  drop (driver, 2);
  g_assert_cmpuint (n_free (), ==, 64);
  drop (driver, 3);
  ops->FreeAdapterChannel (driver->adapter);
  /* Both, for the same grant. */
  driver->action = KeepObject;
  g_assert_cmphex (ask (driver, device, 3), ==, STATUS_SUCCESS);
  drop (driver, 3);
  g_assert_cmpuint (n_free (), ==, 64);
  ops->FreeAdapterChannel (driver->adapter);
  g_assert_true (is_channel_free ());
}

static void
test_freed_wrongly (void)
{
  run (true, FreeWrongly);
  ASSERT_FACTS (DMS_FACT_CHANNEL_NOT_HELD,
                DMS_FACT_NULL_BASE,
                DMS_FACT_UNKNOWN_BASE,
                DMS_FACT_COUNT_DIFFERS,
                DMS_FACT_REGISTERS_NOT_HELD,
                DMS_FACT_CHANNEL_NOT_HELD,
                DMS_FACT_REGISTERS_NOT_HELD);
  g_assert_cmpuint (fact (DMS_FACT_COUNT_DIFFERS)->a, ==, 2);
  g_assert_cmpuint (fact (DMS_FACT_COUNT_DIFFERS)->b, ==, 3);
  finish ();
}

/* ---- MapTransfer, with scatter/gather ---- */

static PUCHAR
first_of (PIRP irp)
{
  return MmGetMdlVirtualAddress (irp->MdlAddress);
}

/* Maps from @skip on; the address. */
static ULONG64
map (DRIVER *driver, PIRP irp, ULONG skip, PULONG length, BOOLEAN write)
{
  return (ULONG64)driver->ops
      ->MapTransfer (driver->adapter,
                     irp->MdlAddress,
                     driver->base,
                     first_of (irp) + skip,
                     length,
                     write)
      .QuadPart;
}

static BOOLEAN
flush (DRIVER *driver, PIRP irp, ULONG skip, ULONG length, BOOLEAN write)
{
  return driver->ops->FlushAdapterBuffers (driver->adapter,
                                           irp->MdlAddress,
                                           driver->base,
                                           first_of (irp) + skip,
                                           length,
                                           write);
}

/* Two pages in a row, two bounce pages of their own each, and two in a row. */
static VOID
MapAlong (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  static const struct
  {
    ULONG length;
    ULONG64 address;
  } pieces[] = { { 2 * PAGE - 512, 0xa311200 },
                 { PAGE, 0 },
                 { PAGE, 0 },
                 { PAGE + 512 + 3584 - 512, 0xb020000 } };
  ULONG skip = 0;

  hold (driver, device, 6);
  for (ULONG i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      ULONG length = 20992 - skip;
      ULONG64 address = map (driver, irp, skip, &length, FALSE);

      if (pieces[i].address != 0)
        g_assert_cmphex (address, ==, pieces[i].address);
      else
        g_assert_cmphex (address, <=, UINT32_MAX);
      skip += length;
      if (i < 3)
        g_assert_cmpuint (length, ==, pieces[i].length);
    }
  g_assert_cmpuint (skip, ==, 20992);
  g_assert_cmpuint (bench.machine.mapped.n, ==, 6);
  /* Once over all of it, as many drivers do. */
  g_assert_true (flush (driver, irp, 0, 20992, FALSE));
  g_assert_cmpuint (bench.machine.mapped.n, ==, 0);
  drop (driver, 6);
}

static void
test_map_along (void)
{
  run (true, MapAlong);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_MAP), ==, 4);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COPY), ==, 2);

  const DmsEvent *flushed = fixture_find (&bench.run, DMS_EVENT_FLUSH, 0);

  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_FLUSH), ==, 1);
  g_assert_cmpuint (flushed->index, ==, 0);
  g_assert_cmpuint (flushed->a, ==, 6);
  g_assert_cmpuint (flushed->length, ==, 20992);
  finish ();
}

/* The registers of what was flushed serve again, from the first on; pieces are counted
 * on. */
static VOID
MapAgain (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  ULONG length = 0;

  hold (driver, device, 2);
  for (ULONG round = 0; round < 3; round++)
    {
      length = 2 * PAGE - 512;
      map (driver, irp, 0, &length, TRUE);
      g_assert_cmpuint (length, ==, 2 * PAGE - 512);
      g_assert_true (flush (driver, irp, 0, length, TRUE));
    }
  drop (driver, 2);
}

static void
test_map_again (void)
{
  run (false, MapAgain);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_PAGE, i)->index, ==, i);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_FLUSH, i)->index, ==, 2 * i);
  finish ();
}

static const DmsGrantPage *
page_at (ULONG64 logical)
{
  return dms_grant_page_at (&bench.machine, &bench.machine.devices[0], logical);
}

/* Three pieces of one page: each is found, as long as it is mapped. */
static VOID
MapOnePage (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  ULONG64 address = 0;

  hold (driver, device, 3);
  for (ULONG order = 0; order < 3; order++)
    {
      for (ULONG i = 0; i < 3; i++)
        {
          ULONG length = 10;

          address = map (driver, irp, 10 * i, &length, TRUE) - 10 * i;
        }
      for (ULONG i = 0; i < 3; i++)
        {
          g_assert_true (flush (driver, irp, 10 * ((i + order) % 3), 10, TRUE));
          for (ULONG k = 0; k < 3; k++)
            {
              ULONG at = (k + order) % 3;

              g_assert_true ((page_at (address + 10 * at) != NULL) == (k > i));
              g_assert_true ((page_at (address + 10 * at + 9) != NULL) == (k > i));
            }
        }
      g_assert_null (page_at (address + 30));
    }
  drop (driver, 3);
}

static void
test_one_page (void)
{
  run (false, MapOnePage);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  finish ();
}

static VOID
MapWrongly (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PDMA_OPERATIONS ops = driver->ops;
  ULONG length = 0;
  MDL none = { 0 };

  hold (driver, device, 6);
  g_assert_cmphex (map (driver, irp, 0, &length, TRUE), ==, 0);
  g_assert_cmphex (map (driver, irp, 0, NULL, TRUE), ==, 0);
  length = 1;
  g_assert_cmphex (map (driver, irp, 20992, &length, TRUE), ==, 0);
  g_assert_cmpuint (length, ==, 0);
  length = 1;
  g_assert_cmphex (map (driver, irp, (ULONG)-1, &length, TRUE), ==, 0);
  length = 1;
  ops->MapTransfer (driver->adapter, NULL, driver->base, first_of (irp), &length, TRUE);
  length = 1;
  ops->MapTransfer (
      driver->adapter, &none, driver->base, first_of (irp), &length, TRUE);
  length = 1;
  ops->MapTransfer (
      driver->adapter, irp->MdlAddress, &none, first_of (irp), &length, TRUE);
  g_assert_cmpuint (length, ==, 0);
  /* Two bytes more than there are: what is there is mapped. */
  length = 12;
  g_assert_cmphex (map (driver, irp, 20982, &length, TRUE), !=, 0);
  g_assert_cmpuint (length, ==, 10);
  /* And again, without advancing. */
  length = 4;
  map (driver, irp, 20980, &length, TRUE);
  g_assert_true (flush (driver, irp, 20980, 12, TRUE));
  drop (driver, 6);
  length = 1;
  g_assert_cmphex (map (driver, irp, 0, &length, TRUE), ==, 0);
}

static void
test_mapped_wrongly (void)
{
  run (false, MapWrongly);
  ASSERT_FACTS (DMS_FACT_ZERO_LENGTH,
                DMS_FACT_NULL_POINTER,
                DMS_FACT_OUTSIDE_MDL,
                DMS_FACT_OUTSIDE_MDL,
                DMS_FACT_NULL_MDL,
                DMS_FACT_UNKNOWN_MDL,
                DMS_FACT_UNKNOWN_BASE,
                DMS_FACT_TOO_LONG,
                DMS_FACT_ALREADY_MAPPED,
                DMS_FACT_REGISTERS_NOT_HELD);

  const DmsEvent *mapped = fact (DMS_FACT_ALREADY_MAPPED);

  g_assert_cmpuint (mapped->length, ==, 2);
  g_assert_cmpuint (mapped->b - mapped->a, ==, 2);
  g_assert_cmpuint (fact (DMS_FACT_TOO_LONG)->a, ==, 12);
  g_assert_cmpuint (fact (DMS_FACT_TOO_LONG)->b, ==, 10);
  g_assert_cmpuint (fact (DMS_FACT_TOO_LONG)->c, ==, 0);
  finish ();
}

static VOID
MapWithTooFew (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  ULONG length = 2 * PAGE - 512;

  hold (driver, device, 1);
  /* The first page; the second, right behind it, has no register. */
  g_assert_cmphex (map (driver, irp, 0, &length, TRUE), ==, 0xa311200);
  g_assert_cmpuint (length, ==, PAGE - 512);
  length = 10;
  g_assert_cmphex (map (driver, irp, PAGE - 512, &length, TRUE), ==, 0);
  g_assert_true (flush (driver, irp, 0, PAGE - 512, TRUE));
  /* One register is enough where the run ends anyway. */
  length = PAGE + 10;
  map (driver, irp, PAGE - 512, &length, TRUE);
  g_assert_cmpuint (length, ==, PAGE);
  g_assert_true (flush (driver, irp, PAGE - 512, PAGE, TRUE));
  drop (driver, 1);
}

static void
test_too_few_registers (void)
{
  run (false, MapWithTooFew);
  ASSERT_FACTS (DMS_FACT_TOO_FEW_REGISTERS, DMS_FACT_NOT_FLUSHED);
  g_assert_cmpuint (fact (DMS_FACT_TOO_FEW_REGISTERS)->a, ==, 2);
  g_assert_cmpuint (fact (DMS_FACT_TOO_FEW_REGISTERS)->b, ==, 1);
  g_assert_cmpuint (fact (DMS_FACT_NOT_FLUSHED)->a, ==, PAGE - 512);
  finish ();
}

static VOID
MapByStack (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  PULONG length = &IoGetCurrentIrpStackLocation (irp)->Parameters.Read.Length;

  hold (driver, device, 6);
  g_assert_cmpuint (*length, ==, 20992);
  map (driver, irp, 0, length, FALSE);
  g_assert_cmpuint (*length, ==, 2 * PAGE - 512);
  g_assert_true (flush (driver, irp, 0, *length, FALSE));
  /* What does not change it does no harm. */
  map (driver, irp, 0, length, FALSE);
  g_assert_true (flush (driver, irp, 0, *length, FALSE));
  drop (driver, 6);
}

static void
test_length_in_stack (void)
{
  run (true, MapByStack);
  ASSERT_FACTS (DMS_FACT_LENGTH_IN_STACK);
  g_assert_cmpuint (fact (DMS_FACT_LENGTH_IN_STACK)->a, ==, 20992);
  g_assert_cmpuint (fact (DMS_FACT_LENGTH_IN_STACK)->b, ==, 2 * PAGE - 512);
  finish ();
}

/* ---- MapTransfer, without ---- */

/* In a row and in reach it goes straight; else all of it bounces, and is in a row. */
static VOID
MapRows (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  ULONG length = 2 * PAGE - 512;

  hold (driver, device, 6);
  g_assert_cmphex (map (driver, irp, 0, &length, FALSE), ==, 0xa311200);
  g_assert_cmpuint (length, ==, 2 * PAGE - 512);
  g_assert_true (flush (driver, irp, 0, length, FALSE));
  length = 20992;
  g_assert_cmphex (map (driver, irp, 0, &length, FALSE), <=, UINT32_MAX);
  g_assert_cmpuint (length, ==, 20992);
  g_assert_true (flush (driver, irp, 0, length, FALSE));
  drop (driver, 6);
}

static void
test_rows (void)
{
  scatter_gather = FALSE;
  run (true, MapRows);
  g_assert_cmpuint (bench_count_facts (&bench), ==, 0);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_PAGE), ==, 2);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_BOUNCE), ==, 6);
  g_assert_cmpuint (fixture_find (&bench.run, DMS_EVENT_MAP, 1)->index, ==, 1);
  finish ();
}

/* The length stays what was asked for, as documented, whatever was mapped of it. */
static VOID
MapRowsWrongly (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  ULONG length = 20992;

  hold (driver, device, 2);
  map (driver, irp, 0, &length, FALSE);
  g_assert_cmpuint (length, ==, 20992);
  g_assert_cmpuint (bench.machine.mapped.n, ==, 2);
  g_assert_true (flush (driver, irp, 0, length, FALSE));
  length = 8;
  map (driver, irp, 0, &length, FALSE);
  map (driver, irp, 8, &length, FALSE);
  g_assert_true (flush (driver, irp, 0, 16, FALSE));
  drop (driver, 2);
}

static void
test_rows_wrongly (void)
{
  scatter_gather = FALSE;
  run (true, MapRowsWrongly);
  ASSERT_FACTS (
      DMS_FACT_TOO_FEW_REGISTERS, DMS_FACT_FLUSH_TOO_LONG, DMS_FACT_NOT_FLUSHED);
  g_assert_cmpuint (fact (DMS_FACT_TOO_FEW_REGISTERS)->a, ==, 6);
  finish ();
}

/* ---- FlushAdapterBuffers ---- */

static VOID
FlushWrongly (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp)
{
  ULONG length = 2 * PAGE - 512;

  hold (driver, device, 6);
  g_assert_false (flush (driver, irp, 0, 512, FALSE));
  g_assert_false (flush (driver, irp, 0, 0, FALSE));
  map (driver, irp, 0, &length, FALSE);
  g_assert_false (flush (driver, irp, 3 * PAGE, 512, FALSE));
  /* The first page of two. */
  g_assert_true (flush (driver, irp, 0, PAGE - 512, FALSE));
  g_assert_cmpuint (bench.machine.mapped.n, ==, 1);
  g_assert_true (flush (driver, irp, PAGE - 512, PAGE + 1, FALSE));
  /* A bounced one, the wrong way round: nothing is copied. */
  length = PAGE;
  map (driver, irp, 2 * PAGE - 512, &length, FALSE);
  g_assert_true (flush (driver, irp, 2 * PAGE - 512, PAGE, TRUE));
  length = PAGE;
  map (driver, irp, 2 * PAGE - 512, &length, FALSE);
  drop (driver, 6);
  g_assert_cmpuint (bench.machine.mapped.n, ==, 0);
}

static void
test_flushed_wrongly (void)
{
  run (true, FlushWrongly);
  ASSERT_FACTS (DMS_FACT_NOTHING_MAPPED,
                DMS_FACT_ZERO_LENGTH,
                DMS_FACT_NOT_MAPPED,
                DMS_FACT_FLUSH_TOO_SHORT,
                DMS_FACT_FLUSH_TOO_LONG,
                DMS_FACT_DIRECTION_DIFFERS,
                DMS_FACT_FREED_WHILE_MAPPED);
  g_assert_cmpuint (fact (DMS_FACT_FLUSH_TOO_SHORT)->a, ==, PAGE - 512);
  g_assert_cmpuint (fact (DMS_FACT_FLUSH_TOO_SHORT)->b, ==, 2 * PAGE - 512);
  g_assert_cmpuint (fact (DMS_FACT_FLUSH_TOO_LONG)->a, ==, PAGE + 1);
  g_assert_cmpuint (fact (DMS_FACT_FLUSH_TOO_LONG)->b, ==, PAGE);
  g_assert_cmpuint (fact (DMS_FACT_DIRECTION_DIFFERS)->a, ==, 1);
  g_assert_cmpuint (fact (DMS_FACT_FREED_WHILE_MAPPED)->a, ==, 1);
  g_assert_cmpuint (fact (DMS_FACT_FREED_WHILE_MAPPED)->b, ==, PAGE);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COPY), ==, 0);
  finish ();
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  scatter_gather = TRUE;
  g_test_add_func ("/grant/allocate/count-at-its-edge", test_count);
  g_test_add_func ("/grant/allocate/three-actions", test_actions);
  g_test_add_func ("/grant/allocate/unknown-action", test_unknown_action);
  g_test_add_func ("/grant/allocate/asked-twice", test_asked_twice);
  g_test_add_func ("/grant/allocate/asked-in-callback", test_asked_in_callback);
  g_test_add_func ("/grant/allocate/asked-wrongly", test_asked_wrongly);
  g_test_add_func ("/grant/allocate/total", test_total);
  g_test_add_func ("/grant/free/wrongly", test_freed_wrongly);
  g_test_add_func ("/grant/map/along-the-buffer", test_map_along);
  g_test_add_func ("/grant/map/again", test_map_again);
  g_test_add_func ("/grant/map/one-page", test_one_page);
  g_test_add_func ("/grant/map/wrongly", test_mapped_wrongly);
  g_test_add_func ("/grant/map/too-few-registers", test_too_few_registers);
  g_test_add_func ("/grant/map/length-in-stack", test_length_in_stack);
  g_test_add_func ("/grant/map/rows", test_rows);
  g_test_add_func ("/grant/map/rows-wrongly", test_rows_wrongly);
  g_test_add_func ("/grant/flush/wrongly", test_flushed_wrongly);
  return g_test_run ();
}
