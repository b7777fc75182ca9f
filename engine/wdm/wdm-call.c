/* wdm-call.c — how routines of an adapter begin and end
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-call.h"

bool
wdm_call_enter (WdmCall *call, const WdmCallInfo *info, PDMA_ADAPTER DmaAdapter)
{
  call->machine = wdm_begin (info->name, &call->before);
  call->adapter = NULL;
  if (call->machine == NULL)
    return false;

  const WdmAdapter *adapter = wdm_find_adapter (call->machine, DmaAdapter);
  DmsCallInfo kernel = { .routine = info->routine,
                         .name = info->name,
                         .device = adapter == NULL ? NULL : adapter->kernel->device,
                         .transfer = info->transfer,
                         .object = info->object,
                         .b = info->b,
                         .c = info->c,
                         .length = info->length,
                         .flags = info->flags };

  if (info->object == 0 && adapter != NULL)
    kernel.object = adapter->kernel->id;
  if (!dms_call_enter (call->machine, &kernel, &call->kernel))
    {
      wdm_end (call->machine, call->before);
      return false;
    }
  adapter = wdm_need_adapter (call->machine, DmaAdapter);
  if (adapter != NULL && !adapter->kernel->is_put)
    call->adapter = adapter->kernel;
  return true;
}

void
wdm_call_leave (const WdmCall *call)
{
  dms_call_leave (call->machine, &call->kernel);
  wdm_end (call->machine, call->before);
}

NTSTATUS
wdm_call_leave_status (const WdmCall *call, uint32_t status)
{
  dms_call_leave_status (call->machine, &call->kernel, status);
  wdm_end (call->machine, call->before);
  return (NTSTATUS)status;
}

NTSTATUS
wdm_call_leave_status_length (const WdmCall *call, uint32_t status, uint64_t length)
{
  dms_call_leave_status_length (call->machine, &call->kernel, status, length);
  wdm_end (call->machine, call->before);
  return (NTSTATUS)status;
}

void
wdm_call_leave_length (const WdmCall *call, uint64_t value, uint64_t length)
{
  dms_call_leave_value (call->machine, &call->kernel, value, length);
  wdm_end (call->machine, call->before);
}

void
wdm_call_leave_value (const WdmCall *call, uint64_t value)
{
  wdm_call_leave_length (call, value, 0);
}

void
wdm_call_fact (const WdmCall *call, DmsFact fact, uint64_t a, uint64_t b)
{
  const DmsAdapter *adapter = call->adapter;

  dms_machine_fact (call->machine,
                    fact,
                    (DmsFactNote){ .device = adapter == NULL ? NULL : adapter->device,
                                   .object = adapter == NULL ? 0 : adapter->id,
                                   .a = a,
                                   .b = b });
}
