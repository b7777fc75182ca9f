/* wdm-dma.c — scatter/gather lists, as drivers ask for them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include <assert.h>
#include <stdlib.h>

static_assert (sizeof (SCATTER_GATHER_LIST) == DMS_LIST_HEAD_BYTES,
               "documented layout");
static_assert (sizeof (SCATTER_GATHER_ELEMENT) == DMS_LIST_ENTRY_BYTES,
               "documented layout");

static WdmAdapter *
find_adapter (const DmsMachine *machine, const void *adapter)
{
  return dms_table_get (&wdm_of (machine)->adapters, wdm_key (adapter));
}

static const DmsDevice *
device_of (const WdmAdapter *adapter)
{
  return adapter == NULL ? NULL : adapter->kernel->device;
}

/* ---- lists ---- */

static void
fill_image (const DmsList *list)
{
  SCATTER_GATHER_LIST *image = list->image;

  image->NumberOfElements = list->n_elements;
  for (uint32_t i = 0; i < list->n_elements; i++)
    {
      image->Elements[i].Address.QuadPart = (LONGLONG)list->elements[i].logical;
      image->Elements[i].Length = (ULONG)list->elements[i].length;
    }
}

static void
deliver (DmsMachine *machine, DmsList *list)
{
  PDRIVER_LIST_CONTROL routine = (PDRIVER_LIST_CONTROL)list->data.routine;
  PDEVICE_OBJECT device = list->data.device;
  PVOID context = list->data.context;
  DmsMachine *outer = wdm_set_current (machine);

  fill_image (list);
  routine (device, device->CurrentIrp, list->image, context);
  wdm_set_current (outer);
}

static uint32_t
get_list (DmsMachine *machine, const WdmAdapter *adapter, DmsListRequest *request)
{
  bool has_device
      = dms_table_get (&wdm_of (machine)->devices, wdm_key (request->data.device))
        != NULL;

  if (adapter == NULL || !has_device || request->data.routine == NULL)
    {
      uint64_t transfer = request->n_mdls == 0 ? 0 : request->mdls[0]->buffer->transfer;

      dms_list_refuse (
          machine, device_of (adapter), transfer, DMS_NT_INVALID_PARAMETER);
      return DMS_NT_INVALID_PARAMETER;
    }
  request->adapter = adapter->kernel;
  return dms_list_get (machine, request);
}

NTSTATUS
wdm_get_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                             PDEVICE_OBJECT DeviceObject,
                             PMDL Mdl,
                             PVOID CurrentVa,
                             ULONG Length,
                             PDRIVER_LIST_CONTROL ExecutionRoutine,
                             PVOID Context,
                             BOOLEAN WriteToDevice)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("GetScatterGatherList", &before);
  uint32_t status = DMS_NT_INSUFFICIENT_RESOURCES;
  DmsCall call;

  if (machine == NULL)
    return STATUS_UNSUCCESSFUL;

  WdmAdapter *adapter = find_adapter (machine, DmaAdapter);
  DmsListRequest request
      = { .address = (uint64_t)(uintptr_t)CurrentVa,
          .length = Length,
          .to_device = WriteToDevice != FALSE,
          .deliver = deliver,
          .data = { (void (*) (void))ExecutionRoutine, DeviceObject, Context },
          .callback = wdm_argument ("AdapterListControl") };

  if (!wdm_chain (machine, Mdl, &request.n_mdls))
    request.n_mdls = 0;
  request.mdls = wdm_of (machine)->chain;

  DmsCallInfo info
      = { .routine = DMS_ROUTINE_GET_SCATTER_GATHER_LIST,
          .name = "GetScatterGatherList",
          .device = device_of (adapter),
          .transfer = request.n_mdls == 0 ? 0 : request.mdls[0]->buffer->transfer,
          .object = adapter == NULL ? 0 : adapter->kernel->id,
          .length = Length,
          .flags = WriteToDevice ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE };

  if (dms_call_enter (machine, &info, &call))
    {
      status = get_list (machine, adapter, &request);
      dms_call_leave_status (machine, &call, status);
    }
  wdm_end (machine, before);
  return (NTSTATUS)status;
}

VOID
wdm_put_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                             PSCATTER_GATHER_LIST ScatterGather,
                             BOOLEAN WriteToDevice)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("PutScatterGatherList", &before);
  DmsCall call;

  if (machine == NULL)
    return;

  DmsList *list = dms_list_of_image (machine, ScatterGather);
  const WdmAdapter *adapter = find_adapter (machine, DmaAdapter);
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_PUT_SCATTER_GATHER_LIST,
          .name = "PutScatterGatherList",
          .device = list == NULL ? device_of (adapter) : list->adapter->device,
          .transfer = list == NULL ? 0 : list->transfer,
          .object = list == NULL ? 0 : list->id,
          .flags = WriteToDevice ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE };

  if (dms_call_enter (machine, &info, &call))
    {
      if (list != NULL && adapter != NULL)
        dms_list_put (machine, list, WriteToDevice != FALSE);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}
