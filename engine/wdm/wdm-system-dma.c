/* wdm-system-dma.c — what only slaves of the system's DMA controller call
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-controller.h"
#include "engine/wdm/wdm-call.h"

/* Models ReadDmaCounter (nc-wdm-pread_dma_counter): bytes that the channel has still to
 * move. It runs meanwhile. */
ULONG
wdm_read_dma_counter (PDMA_ADAPTER DmaAdapter)
{
  WdmCallInfo info
      = { .routine = DMS_ROUTINE_READ_DMA_COUNTER, .name = "ReadDmaCounter" };
  ULONG left = 0;
  WdmCall call;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return 0;
  if (call.adapter != NULL && call.adapter->controller != NULL)
    left = (ULONG)call.adapter->controller->counter (call.machine, call.adapter);
  else if (call.adapter != NULL)
    wdm_call_fact (&call, DMS_FACT_NOT_FOR_THIS_ADAPTER, 0, 0);
  wdm_call_leave_value (&call, left);
  return left;
}
