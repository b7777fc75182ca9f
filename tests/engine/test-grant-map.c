/* test-grant-map.c — MapTransfer and FlushAdapterBuffers: each documented return at its
 * edge
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/grant-bench-1.h"

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
  run (true, false, MapAlong);
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
  run (false, false, MapAgain);
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
  run (false, false, MapOnePage);
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
  run (false, false, MapWrongly);
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
  run (false, false, MapWithTooFew);
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
  run (true, false, MapByStack);
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
  run (true, false, MapRows);
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
  run (true, false, MapRowsWrongly);
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
  run (true, false, FlushWrongly);
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
