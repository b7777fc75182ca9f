/* wdm-irp.c — IRPs: a transfer as its driver sees it
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/kernel/dms-pattern.h"

#include <stdlib.h>
#include <string.h>

/* Links the buffer's MDLs from @place on; the driver may have changed their links. */
static PMDL
link_chain (DmsMachine *machine, const DmsBuffer *buffer, size_t place)
{
  PMDL first = NULL;

  for (size_t i = buffer->n_mdls; i > place; i--)
    {
      WdmMdl *mdl = wdm_mdl_of (machine, &buffer->mdls[i - 1]);

      if (mdl == NULL)
        {
          dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
          return NULL;
        }
      mdl->mdl->Next = first;
      first = mdl->mdl;
    }
  return first;
}

/* MDLs for the bytes from the transfer's first one on. */
static bool
describe_buffer (DmsMachine *machine, WdmIrp *irp)
{
  const DmsTransfer *transfer = irp->transfer;
  const DmsBuffer *buffer = transfer->buffer;
  const DmsMdl *mdl = dms_buffer_mdl_at (buffer, transfer->start);
  size_t place = (size_t)(mdl - buffer->mdls);
  uint64_t skip = transfer->start - mdl->start;

  if (skip == 0)
    {
      irp->irp.MdlAddress = link_chain (machine, buffer, place);
      return irp->irp.MdlAddress != NULL;
    }

  DmsMdl rest = dms_mdl_rest (mdl, skip);

  irp->own_mdl = wdm_mdl_new (wdm_of (machine), &rest);
  if (irp->own_mdl == NULL)
    return false;
  irp->own_mdl->mdl->Next = link_chain (machine, buffer, place + 1);
  irp->irp.MdlAddress = irp->own_mdl->mdl;
  return true;
}

WdmDevice *
wdm_top (WdmDevice *device)
{
  while (device->above != NULL)
    device = device->above;
  return device;
}

/* Made for the stack above @bottom, and already with its uppermost driver. */
static void
fill_irp (WdmIrp *irp, WdmDevice *bottom)
{
  int n = 1;

  for (const WdmDevice *at = bottom; at->above != NULL; at = at->above)
    n++;
  irp->n_locations = n;

  irp->irp.Type = 6;
  irp->irp.Size = (USHORT)sizeof (IRP);
  irp->irp.StackCount = (CHAR)n;
  irp->irp.CurrentLocation = (CHAR)n;
  irp->irp.Tail.Overlay.CurrentStackLocation = &irp->locations[n];
  irp->locations[n].DeviceObject = &wdm_top (bottom)->object;
}

WdmIrp *
wdm_irp_for_stack (DmsMachine *machine, WdmDevice *bottom)
{
  WdmIrp *irp = calloc (1, sizeof *irp);

  if (irp == NULL || !dms_table_put (&wdm_of (machine)->irps, wdm_key (&irp->irp), irp))
    {
      free (irp);
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return NULL;
    }
  irp->is_pnp = true;
  fill_irp (irp, bottom);
  irp->irp.IoStatus.Status = STATUS_NOT_SUPPORTED;
  return irp;
}

WdmIrp *
wdm_irp_new (DmsMachine *machine, DmsTransfer *transfer)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmIrp *irp = calloc (1, sizeof *irp);
  PIO_STACK_LOCATION location = NULL;

  if (irp == NULL)
    return NULL;
  irp->transfer = transfer;
  irp->id = transfer->id;
  if (!describe_buffer (machine, irp)
      || !dms_table_put (&wdm->irps, wdm_key (&irp->irp), irp))
    {
      wdm_mdl_free (wdm, irp->own_mdl);
      free (irp);
      return NULL;
    }
  fill_irp (irp, transfer->device->driver_side);
  location = &irp->locations[irp->n_locations];
  location->MajorFunction = transfer->to_device ? IRP_MJ_WRITE : IRP_MJ_READ;
  location->Parameters.Read.Length
      = transfer->length > UINT32_MAX ? UINT32_MAX : (ULONG)transfer->length;
  transfer->driver_side = irp;
  return irp;
}

static void
free_irp (WdmMachine *wdm, WdmIrp *irp)
{
  dms_table_take (&wdm->irps, wdm_key (&irp->irp));
  wdm_mdl_free (wdm, irp->own_mdl);
  free (irp);
}

/* Pointers in it stay what they were: a driver that follows them late must not fall out
 * of the simulation. */
void
wdm_irp_retire (WdmMachine *wdm, WdmIrp *irp)
{
  irp->transfer = NULL;
  memset (irp->irp.Tail.Overlay.DriverContext,
          DMS_PATTERN_FREED,
          sizeof irp->irp.Tail.Overlay.DriverContext);
  for (size_t i = 0; i < WDM_STACK_MAX + 2; i++)
    memset (&irp->locations[i].Parameters,
            DMS_PATTERN_FREED,
            sizeof irp->locations[i].Parameters);
  if (wdm->done[wdm->done_next] != NULL)
    free_irp (wdm, wdm->done[wdm->done_next]);
  wdm->done[wdm->done_next] = irp;
  wdm->done_next = (wdm->done_next + 1) % WDM_DONE_IRPS;
}

void
wdm_irps_release (WdmMachine *wdm)
{
  size_t at = 0;
  WdmIrp *irp = NULL;

  while ((irp = dms_table_next (&wdm->irps, &at, NULL)) != NULL)
    {
      wdm_mdl_free (wdm, irp->own_mdl);
      free (irp);
    }
  dms_table_release (&wdm->irps);
}
