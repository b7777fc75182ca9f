/* wdm-dma.c — scatter/gather lists, as drivers ask for them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-list.h"

#include <assert.h>

static_assert (sizeof (SCATTER_GATHER_LIST) == DMS_LIST_HEAD_BYTES,
               "documented layout");
static_assert (sizeof (SCATTER_GATHER_ELEMENT) == DMS_LIST_ENTRY_BYTES,
               "documented layout");

/* ---- the list as the driver sees it ---- */

void
wdm_list_write (SCATTER_GATHER_LIST *image,
                const DmsListElement *elements,
                uint32_t n_elements)
{
  image->NumberOfElements = n_elements;
  for (uint32_t i = 0; i < n_elements; i++)
    {
      image->Elements[i].Address.QuadPart = (LONGLONG)elements[i].logical;
      image->Elements[i].Length = (ULONG)elements[i].length;
    }
}

void
wdm_list_fill (const DmsList *list)
{
  wdm_list_write (list->image, list->elements, list->n_elements);
}

bool
wdm_list_is_unchanged (const DmsList *list, uint32_t *ret_element)
{
  const SCATTER_GATHER_LIST *image = list->image;
  bool is_same = image->NumberOfElements == list->n_elements;

  for (uint32_t i = 0; i < list->n_elements; i++)
    if ((uint64_t)image->Elements[i].Address.QuadPart != list->elements[i].logical
        || image->Elements[i].Length != list->elements[i].length)
      {
        *ret_element = i;
        return false;
      }
  *ret_element = list->n_elements;
  return is_same;
}

/* Memory that the driver gave may be gone: only memory of the system is looked at. */
static void
note_changes (const WdmCall *call, const DmsList *list)
{
  uint32_t element = 0;

  if (list->owns_image && list->phase == DMS_GRANT_GRANTED
      && !wdm_list_is_unchanged (list, &element))
    dms_machine_fact (call->machine,
                      DMS_FACT_LIST_CHANGED,
                      (DmsFactNote){ .device = list->adapter->device,
                                     .transfer = list->transfer,
                                     .object = list->id,
                                     .a = element });
}

static void
deliver (DmsMachine *machine, DmsList *list)
{
  PDRIVER_LIST_CONTROL routine = (PDRIVER_LIST_CONTROL)list->data.routine;
  PDEVICE_OBJECT device = list->data.device;
  PVOID context = list->data.context;
  DmsMachine *outer = wdm_set_current (machine);

  wdm_list_fill (list);
  routine (device, device->CurrentIrp, list->image, context);
  wdm_set_current (outer);
}

/* ---- asking ---- */

static uint32_t
refuse (const WdmCall *call, const WdmListCall *list)
{
  dms_list_refuse (call->machine,
                   call->adapter == NULL ? NULL : call->adapter->device,
                   list->call.transfer,
                   DMS_NT_INVALID_PARAMETER);
  return DMS_NT_INVALID_PARAMETER;
}

/* A callback may be missing, where the caller takes what it gets. */
static bool
are_arguments_there (const WdmCall *call, const WdmListCall *list)
{
  bool has_routine = list->routine != NULL || list->ret_list != NULL;

  if (!wdm_list_is_possible (call, list)
      || wdm_need_device_of (call, list->device) == NULL)
    return false;
  if (!has_routine)
    wdm_call_fact (call, DMS_FACT_NULL_POINTER, list->has_offset ? 8 : 6, 0);
  if (list->has_memory && list->memory == NULL)
    wdm_call_fact (call, DMS_FACT_NULL_POINTER, list->has_offset ? 11 : 9, 0);
  return has_routine && (!list->has_memory || list->memory != NULL);
}

/* What the routines of version 3 give as an offset is an address in the MDL that has
 * it. */
static void
find_offset (const WdmListCall *list, DmsListRequest *request)
{
  uint64_t skip = list->offset;

  request->address = list->address;
  if (!list->has_offset)
    return;
  while (request->n_mdls > 1 && skip >= request->mdls[0]->length)
    {
      skip -= request->mdls[0]->length;
      request->mdls++;
      request->n_mdls--;
    }
  request->address = request->mdls[0]->address + skip;
}

/* Whoever asked without a callback fills the list here; the pointer is good in any
 * case, as long as the list is not put back. */
static void
hand_out (const WdmListCall *list, const DmsList *made)
{
  if (made != NULL && list->routine == NULL)
    wdm_list_fill (made);
  if (list->ret_list != NULL && list->is_synchronous)
    *list->ret_list = made == NULL ? NULL : made->image;
}

static uint32_t
make (const WdmCall *call, const WdmListCall *list)
{
  DmsList *made = NULL;
  DmsListRequest request = { .adapter = call->adapter,
                             .length = list->length,
                             .to_device = list->to_device,
                             .deliver = list->routine == NULL ? NULL : deliver,
                             .data = { .routine = (void (*) (void))list->routine,
                                       .device = list->device,
                                       .context = list->context },
                             .callback = wdm_argument ("AdapterListControl"),
                             .memory = list->memory,
                             .memory_bytes = list->bytes,
                             .is_synchronous = list->is_synchronous,
                             .context = wdm_key (list->transfer_context),
                             .ret_list = &made };
  uint32_t status = DMS_NT_INVALID_PARAMETER;

  if (call->adapter == NULL || !are_arguments_there (call, list)
      || !wdm_need_chain (call, list->mdl, &request.n_mdls))
    refuse (call, list);
  else
    {
      request.mdls = wdm_of (call->machine)->chain;
      find_offset (list, &request);
      status = dms_list_get (call->machine, &request);
    }
  hand_out (list, made);
  return status;
}

static WdmListCall
describe (DmsRoutine routine,
          PDEVICE_OBJECT device,
          PMDL mdl,
          PVOID va,
          ULONG length,
          BOOLEAN write)
{
  const DmsMachine *machine = wdm_current ();

  return (WdmListCall){ .call = { .routine = routine,
                                  .name = dms_routine_info (routine)->name,
                                  .transfer = wdm_transfer_of (mdl),
                                  .length = length,
                                  .flags
                                  = write ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE },
                        .device = device,
                        .mdl = mdl,
                        .address = machine == NULL ? 0 : wdm_virtual (machine, va),
                        .length = length,
                        .to_device = write != FALSE };
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
  WdmListCall list = describe (DMS_ROUTINE_GET_SCATTER_GATHER_LIST,
                               DeviceObject,
                               Mdl,
                               CurrentVa,
                               Length,
                               WriteToDevice);

  list.routine = ExecutionRoutine;
  list.context = Context;
  return wdm_list_call (DmaAdapter, &list);
}

NTSTATUS
wdm_build_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                               PDEVICE_OBJECT DeviceObject,
                               PMDL Mdl,
                               PVOID CurrentVa,
                               ULONG Length,
                               PDRIVER_LIST_CONTROL ExecutionRoutine,
                               PVOID Context,
                               BOOLEAN WriteToDevice,
                               PVOID ScatterGatherBuffer,
                               ULONG ScatterGatherLength)
{
  WdmListCall list = describe (DMS_ROUTINE_BUILD_SCATTER_GATHER_LIST,
                               DeviceObject,
                               Mdl,
                               CurrentVa,
                               Length,
                               WriteToDevice);

  list.routine = ExecutionRoutine;
  list.context = Context;
  list.memory = ScatterGatherBuffer;
  list.has_memory = true;
  list.bytes = ScatterGatherLength;
  return wdm_list_call (DmaAdapter, &list);
}

NTSTATUS
wdm_list_call (PDMA_ADAPTER DmaAdapter, const WdmListCall *list)
{
  WdmCall call;

  if (!wdm_call_enter (&call, &list->call, DmaAdapter))
    return wdm_current () == NULL ? STATUS_UNSUCCESSFUL : STATUS_INSUFFICIENT_RESOURCES;
  return wdm_call_leave_status (&call, make (&call, list));
}

/* ---- giving back ---- */

/* From inside the call. A list that was put back before is known, and its call event
 * says so. */
static void
put (const WdmCall *call, PSCATTER_GATHER_LIST image, bool to_device)
{
  DmsList *list = dms_list_of_image (call->machine, image);

  if (list == NULL)
    {
      wdm_call_fact (call, DMS_FACT_UNKNOWN_LIST, 0, 0);
      return;
    }

  uint64_t id = list->id;
  bool is_live = list->phase == DMS_GRANT_GRANTED;

  if (call->adapter != NULL && list->adapter != call->adapter)
    wdm_call_fact (call, DMS_FACT_NOT_FOR_THIS_ADAPTER, 0, 0);
  note_changes (call, list);
  dms_list_put (call->machine, list, to_device);
  if (is_live)
    wdm_list_mdls_free (wdm_of (call->machine), id);
}

VOID
wdm_put_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                             PSCATTER_GATHER_LIST ScatterGather,
                             BOOLEAN WriteToDevice)
{
  const DmsMachine *machine = wdm_current ();
  const DmsList *list
      = machine == NULL ? NULL : dms_list_of_image (machine, ScatterGather);
  WdmCallInfo info
      = { .routine = DMS_ROUTINE_PUT_SCATTER_GATHER_LIST,
          .name = "PutScatterGatherList",
          .transfer = list == NULL ? 0 : list->transfer,
          .object = list == NULL ? 0 : list->id,
          .flags = WriteToDevice ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE };
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return;
  if (wdm_find_adapter (call.machine, DmaAdapter) != NULL)
    put (&call, ScatterGather, WriteToDevice != FALSE);
  wdm_call_leave (&call);
}
