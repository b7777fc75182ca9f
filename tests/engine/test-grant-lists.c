/* test-grant-lists.c — lists in memory of the driver, MDLs of lists, and lists with a
 * transfer context: each documented return at its edge
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/grant-bench-3.h"

static VOID
KeepList (PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
  driver->list = list;
  driver->n_calls++;
}

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
  run (true, true, Build);
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
  run (true, true, BuildMdl);
  ASSERT_FACTS (DMS_FACT_NULL_MDL,
                DMS_FACT_NULL_POINTER,
                DMS_FACT_MDL_MADE_BEFORE,
                DMS_FACT_UNKNOWN_LIST);
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
  run (true, true, GetInEveryWay);
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
  run (true, true, BuildInMemory);
  ASSERT_FACTS (DMS_FACT_BUFFER_SMALL);
  finish ();
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  version = DEVICE_DESCRIPTION_VERSION3;
  g_test_add_func ("/grant-v3/build-list", test_build);
  g_test_add_func ("/grant-v3/build-mdl", test_build_mdl);
  g_test_add_func ("/grant-v3/list/in-every-way", test_get);
  g_test_add_func ("/grant-v3/list/build", test_build_ex);
  return g_test_run ();
}
