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

/* Memory that the driver gave may be gone: only memory of the system is looked at. */
static void
note_changes (const WdmCall *call, const DmsList *list)
{
  const SCATTER_GATHER_LIST *image = list->image;
  uint32_t i = 0;

  if (!list->owns_image || list->phase != DMS_GRANT_GRANTED)
    return;
  while (i < list->n_elements
         && image->Elements[i].Address.QuadPart == (LONGLONG)list->elements[i].logical
         && image->Elements[i].Length == (ULONG)list->elements[i].length)
    i++;
  if (i < list->n_elements || image->NumberOfElements != list->n_elements)
    dms_machine_fact (call->machine,
                      DMS_FACT_LIST_CHANGED,
                      (DmsFactNote){ .device = list->adapter->device,
                                     .transfer = list->transfer,
                                     .object = list->id,
                                     .a = i });
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

  if (wdm_need_device_of (call, list->device) == NULL || list->is_wrong)
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
find_offset (WdmListCall *list, DmsListRequest *request)
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

static uint32_t
hand_out (WdmListCall *list, const DmsList *made, uint32_t status)
{
  if (list->ret_list == NULL || !list->is_synchronous)
    return status;
  *list->ret_list = NULL;
  if (made == NULL)
    return status;
  if (list->routine == NULL)
    fill_image (made);
  *list->ret_list = made->image;
  return status;
}

uint32_t
wdm_list_make (const WdmCall *call, WdmListCall *list)
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

  if (call->adapter == NULL || !are_arguments_there (call, list)
      || !wdm_need_chain (call, list->mdl, &request.n_mdls))
    return refuse (call, list);
  request.mdls = wdm_of (call->machine)->chain;
  find_offset (list, &request);
  return hand_out (list, made, dms_list_get (call->machine, &request)) == 0
             ? hand_out (list, made, DMS_NT_SUCCESS)
             : DMS_NT_UNSUCCESSFUL;
}
