/* wdm-visit.c — the system calls a routine of a driver
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/core/dms-payload.h"

bool
wdm_visit_begin (DmsMachine *machine,
                 const DmsDevice *device,
                 DmsCallInfo info,
                 WdmVisit *visit)
{
  if (info.name == NULL)
    info.name = dms_routine_info (info.routine)->name;
  info.device = device;
  info.flags = DMS_FLAG_CALLBACK;
  if (!dms_call_enter (machine, &info, &visit->call))
    return false;
  visit->irql = machine->irql;
  visit->outer = wdm_set_current (machine);
  return true;
}

/* A routine has to come back at the IRQL at which it was called; the machine then
 * carries on as if it had. */
static void
come_back (DmsMachine *machine, const WdmVisit *visit)
{
  wdm_set_current (visit->outer);
  if (machine->irql != visit->irql)
    dms_machine_fact (machine,
                      DMS_FACT_IRQL_NOT_LOWERED,
                      (DmsFactNote){ .a = visit->irql, .b = machine->irql });
}

void
wdm_visit_end (DmsMachine *machine, const WdmVisit *visit)
{
  come_back (machine, visit);
  dms_call_leave (machine, &visit->call);
}

void
wdm_visit_end_status (DmsMachine *machine, const WdmVisit *visit, NTSTATUS status)
{
  come_back (machine, visit);
  dms_call_leave_status (machine, &visit->call, (uint32_t)status);
}

void
wdm_log (DmsMachine *machine, const char *text)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_LOG);

  dms_bytes_clear (&machine->scratch);
  dms_payload_append_string (&machine->scratch, text);
  if (machine->scratch.failed)
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }
  event.cause = machine->call_seq;
  event.payload = machine->scratch.data;
  event.payload_length = (uint32_t)machine->scratch.length;
  dms_machine_emit (machine, &event);
}
