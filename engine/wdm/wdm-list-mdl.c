/* wdm-list-mdl.c — BuildMdlFromScatterGatherList: a list described as an MDL
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-list.h"

#include <stdlib.h>

/* What was made from one list; no MDLs at all where the original one serves. */
typedef struct
{
  size_t n;
  WdmMdl *mdls[];
} Made;

static void
free_made (WdmMachine *wdm, Made *made)
{
  if (made == NULL)
    return;
  for (size_t i = 0; i < made->n; i++)
    wdm_mdl_free (wdm, made->mdls[i]);
  free (made);
}

void
wdm_list_mdls_free (WdmMachine *wdm, uint64_t list)
{
  free_made (wdm, dms_table_take (&wdm->list_mdls, list));
}

void
wdm_list_mdls_release (WdmMachine *wdm)
{
  size_t at = 0;
  Made *made = NULL;

  while ((made = dms_table_next (&wdm->list_mdls, &at, NULL)) != NULL)
    free_made (wdm, made);
  dms_table_release (&wdm->list_mdls);
}

/* ---- making ---- */

static bool
is_straight (const DmsList *list)
{
  for (uint32_t i = 0; i < list->n_pages; i++)
    if (list->pages[i].logical
        != dms_physical_of_frame (list->pages[i].frame).value + list->pages[i].offset)
      return false;
  return true;
}

/* Pages from @first on that came from one MDL. */
static uint32_t
part_length (const DmsList *list, uint32_t first)
{
  uint32_t n = 1;

  while (first + n < list->n_pages && !list->pages[first + n].begins_mdl)
    n++;
  return n;
}

/* An MDL of the logical pages of one part. */
static WdmMdl *
describe (WdmMachine *wdm, const DmsList *list, uint32_t first, uint32_t n)
{
  const DmsGrantPage *page = &list->pages[first];
  uint64_t *frames = malloc (n * sizeof *frames);
  DmsMdl kernel = { .buffer = (DmsBuffer *)page->buffer,
                    .start = page->start,
                    .address = page->offset,
                    .frames = frames,
                    .n_frames = n,
                    .is_locked = true };

  if (frames == NULL)
    return NULL;
  for (uint32_t i = 0; i < n; i++)
    {
      frames[i] = page[i].logical >> DMS_PAGE_SHIFT;
      kernel.length += page[i].length;
    }

  WdmMdl *mdl = wdm_mdl_new (wdm, &kernel);

  free (frames);
  if (mdl != NULL)
    mdl->kernel.frames = (const uint64_t *)MmGetMdlPfnArray (mdl->mdl);
  return mdl;
}

static bool
fill_made (WdmMachine *wdm, const DmsList *list, Made *made)
{
  for (uint32_t first = 0; first < list->n_pages;)
    {
      uint32_t n = part_length (list, first);
      WdmMdl *mdl = describe (wdm, list, first, n);

      if (mdl == NULL)
        return false;
      if (made->n > 0)
        made->mdls[made->n - 1]->mdl->Next = mdl->mdl;
      made->mdls[made->n++] = mdl;
      first += n;
    }
  return true;
}

/* As many MDLs as the list has parts of MDLs; NULL without memory. */
static Made *
make (WdmMachine *wdm, const DmsList *list)
{
  size_t most = is_straight (list) ? 0 : list->n_pages;
  Made *made = calloc (1, sizeof *made + most * sizeof *made->mdls);

  if (made == NULL)
    return NULL;
  if ((most > 0 && !fill_made (wdm, list, made))
      || !dms_table_put (&wdm->list_mdls, list->id, made))
    {
      free_made (wdm, made);
      return NULL;
    }
  return made;
}

/* From inside the call. */
static uint32_t
build (const WdmCall *call, PSCATTER_GATHER_LIST image, PMDL original, PMDL *ret_target)
{
  WdmMachine *wdm = wdm_of (call->machine);
  const DmsList *list = dms_list_of_image (call->machine, image);

  if (list == NULL || list->phase != DMS_GRANT_GRANTED)
    {
      wdm_call_fact (call, DMS_FACT_UNKNOWN_LIST, 0, 0);
      return DMS_NT_INVALID_PARAMETER;
    }
  if (wdm_need_mdl (call, original) == NULL || !wdm_need_pointer (call, ret_target, 4))
    return DMS_NT_INVALID_PARAMETER;
  if (dms_table_get (&wdm->list_mdls, list->id) != NULL)
    {
      wdm_call_fact (call, DMS_FACT_MDL_MADE_BEFORE, 0, 0);
      return DMS_NT_NONE_MAPPED;
    }

  Made *made = make (wdm, list);

  if (made == NULL)
    return DMS_NT_INSUFFICIENT_RESOURCES;
  *ret_target = made->n == 0 ? original : made->mdls[0]->mdl;
  return DMS_NT_SUCCESS;
}

/* Logical pages go where an MDL has frames; where they are the frames, the original MDL
 * is handed out (our model, as the page allows;
 * nc-wdm-pbuild_mdl_from_scatter_gather_list).
 */
NTSTATUS
wdm_build_mdl_from_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                        PSCATTER_GATHER_LIST ScatterGather,
                                        PMDL OriginalMdl,
                                        PMDL *TargetMdl)
{
  const DmsMachine *machine = wdm_current ();
  const DmsList *list
      = machine == NULL ? NULL : dms_list_of_image (machine, ScatterGather);
  WdmCallInfo info = { .routine = DMS_ROUTINE_BUILD_MDL_FROM_SCATTER_GATHER_LIST,
                       .name = "BuildMdlFromScatterGatherList",
                       .transfer = list == NULL ? 0 : list->transfer,
                       .object = list == NULL ? 0 : list->id };
  WdmCall call;
  uint32_t status = DMS_NT_INVALID_PARAMETER;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_INSUFFICIENT_RESOURCES;
  if (call.adapter != NULL)
    status = build (&call, ScatterGather, OriginalMdl, TargetMdl);
  return wdm_call_leave_status (&call, status);
}
