/* test-grant.c — AllocateAdapterChannel and the two routines that free: each documented
 * return at its edge
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/grant-bench-1.h"

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
  run (true, false, AskAtTheEdge);

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
  run (true, false, Act);

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
  run (true, false, ActOddly);
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
  run (true, false, AskTwice);
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
  run (true, false, AskInCallback);
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
  run (true, false, AskWrongly);
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
  run (true, false, AskForMoreInTotal);
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
  run (true, false, FreeWrongly);
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

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/grant/allocate/count-at-its-edge", test_count);
  g_test_add_func ("/grant/allocate/three-actions", test_actions);
  g_test_add_func ("/grant/allocate/unknown-action", test_unknown_action);
  g_test_add_func ("/grant/allocate/asked-twice", test_asked_twice);
  g_test_add_func ("/grant/allocate/asked-in-callback", test_asked_in_callback);
  g_test_add_func ("/grant/allocate/asked-wrongly", test_asked_wrongly);
  g_test_add_func ("/grant/allocate/total", test_total);
  g_test_add_func ("/grant/free/wrongly", test_freed_wrongly);
  return g_test_run ();
}
