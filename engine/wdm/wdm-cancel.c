/* wdm-cancel.c — a requester cancels what its driver has
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

void
wdm_cancel (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer)
{
  WdmIrp *irp = transfer->driver_side;
  WdmMachine *wdm = wdm_of (machine);
  PDRIVER_CANCEL routine = NULL;
  DmsCallInfo info = { .routine = DMS_ROUTINE_CANCEL_ROUTINE,
                       .transfer = transfer->id,
                       .cause = transfer->end_cause,
                       .irql = DMS_CONTEXT_DISPATCH };
  PDEVICE_OBJECT object = NULL;
  WdmVisit visit;

  if (irp == NULL)
    return;
  irp->irp.Cancel = TRUE;
  routine = irp->irp.CancelRoutine;
  irp->irp.CancelRoutine = NULL;
  if (routine == NULL || !wdm_visit_begin (machine, device, info, &visit))
    return;
  irp->irp.CancelIrql = DMS_CONTEXT_DISPATCH;
  (void)dms_table_put (&wdm->locks, wdm_key (&wdm->cancel_lock), &wdm->cancel_lock);
  object = IoGetCurrentIrpStackLocation (&irp->irp)->DeviceObject;
  routine (object, &irp->irp);
  if (dms_table_take (&wdm->locks, wdm_key (&wdm->cancel_lock)) != NULL)
    dms_machine_fact (machine, DMS_FACT_LOCK_HELD, (DmsFactNote){ .device = device });
  wdm_visit_end (machine, &visit);
}
