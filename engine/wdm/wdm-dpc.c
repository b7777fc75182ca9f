/* wdm-dpc.c — DPCs and timers of a driver, and its work items
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include <stdlib.h>

#define PS_PER_UNIT UINT64_C (100000) /* times of drivers count 100 nanoseconds */

/* A DPC that waits for its moment. */
typedef struct
{
  PKDPC dpc;     /* NULL: a timer without one */
  PKTIMER timer; /* NULL: queued by KeInsertQueueDpc */
  PKDEFERRED_ROUTINE routine;
  PVOID context, argument1, argument2;
  uint64_t cause;
} WdmDpc;

struct _IO_WORKITEM
{
  WdmDevice *device;
  PIO_WORKITEM_ROUTINE routine;
  PVOID context;
  const char *name;
  uint64_t cause;
  bool is_queued;
  bool is_freed; /* while it was queued */
};

/* ---- DPCs ---- */

/* The number of the one that is queued with @dpc, or with @timer; 0 when none is. */
static uint64_t
find (const WdmMachine *wdm, const KDPC *dpc, const KTIMER *timer)
{
  size_t at = 0;
  uint64_t number = 0;
  const WdmDpc *queued = NULL;

  while ((queued = dms_table_next (&wdm->dpcs, &at, &number)) != NULL)
    if (timer != NULL ? queued->timer == timer
                      : queued->timer == NULL && queued->dpc == dpc)
      return number;
  return 0;
}

static void
run (DmsMachine *machine, void *subject, uint64_t number)
{
  WdmDpc *queued = dms_table_take (&wdm_of (machine)->dpcs, number);
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_CUSTOM_DPC, .irql = DMS_CONTEXT_DISPATCH };
  WdmVisit visit;

  (void)subject;
  if (queued == NULL)
    return;
  if (queued->timer != NULL)
    queued->timer->Header.SignalState = 1;
  info.cause = queued->cause;
  if (queued->routine != NULL && wdm_visit_begin (machine, NULL, info, &visit))
    {
      queued->routine (
          queued->dpc, queued->context, queued->argument1, queued->argument2);
      wdm_visit_end (machine, &visit);
    }
  free (queued);
}

static bool
queue (DmsMachine *machine, WdmDpc dpc, uint64_t due_ps)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmDpc *queued = malloc (sizeof *queued);

  if (queued == NULL || !dms_table_put (&wdm->dpcs, wdm->last_dpc + 1, queued))
    {
      free (queued);
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return false;
    }
  *queued = dpc;
  queued->cause = machine->call_seq;
  dms_machine_push (machine, due_ps, run, NULL, ++wdm->last_dpc);
  return true;
}

VOID
KeInitializeDpc (PKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext)
{
  if (Dpc == NULL)
    return;
  *Dpc = (KDPC){ .Type = 0x13,
                 .DeferredRoutine = DeferredRoutine,
                 .DeferredContext = DeferredContext };
}

static bool
insert (DmsMachine *machine, PKDPC dpc, PVOID argument1, PVOID argument2)
{
  if (dpc == NULL || dpc->DeferredRoutine == NULL)
    {
      dms_machine_fact (machine, DMS_FACT_NULL_POINTER, (DmsFactNote){ .a = 1 });
      return false;
    }
  if (find (wdm_of (machine), dpc, NULL) != 0)
    return false;
  return queue (machine,
                (WdmDpc){ dpc,
                          NULL,
                          dpc->DeferredRoutine,
                          dpc->DeferredContext,
                          argument1,
                          argument2,
                          0 },
                dms_time_later (machine->now_ps, machine->scenario->cost.dpc_ps));
}

BOOLEAN
KeInsertQueueDpc (PKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("KeInsertQueueDpc", &before);
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_KE_INSERT_QUEUE_DPC, .name = "KeInsertQueueDpc" };
  bool is_queued = false;
  DmsCall call;

  if (machine == NULL)
    return FALSE;
  if (dms_call_enter (machine, &info, &call))
    {
      is_queued = insert (machine, Dpc, SystemArgument1, SystemArgument2);
      dms_call_leave_value (machine, &call, is_queued, 0);
    }
  wdm_end (machine, before);
  return is_queued;
}

static bool
remove_queued (const KDPC *dpc, const KTIMER *timer)
{
  const DmsMachine *machine = wdm_current ();
  uint64_t number = machine == NULL ? 0 : find (wdm_of (machine), dpc, timer);

  if (number == 0)
    return false;
  free (dms_table_take (&wdm_of (machine)->dpcs, number));
  return true;
}

BOOLEAN
KeRemoveQueueDpc (PKDPC Dpc) { return Dpc != NULL && remove_queued (Dpc, NULL); }

/* ---- timers ---- */

VOID
KeInitializeTimer (PKTIMER Timer)
{
  if (Timer != NULL)
    *Timer = (KTIMER){ .Header = { .Type = 8 } };
}

/* Relative times are negative; absolute ones count from the start of the run. */
static uint64_t
due (const DmsMachine *machine, LONGLONG time)
{
  uint64_t units = time < 0 ? -(uint64_t)time : (uint64_t)time;
  uint64_t ps
      = units > INT64_MAX / PS_PER_UNIT ? (uint64_t)INT64_MAX : units * PS_PER_UNIT;

  if (time < 0)
    return dms_time_later (machine->now_ps, ps);
  return ps > machine->now_ps ? ps : machine->now_ps;
}

static bool
set_timer (DmsMachine *machine, PKTIMER timer, LONGLONG time, PKDPC dpc)
{
  bool was_set = false;
  WdmDpc made = { .dpc = dpc, .timer = timer };

  if (timer == NULL)
    {
      dms_machine_fact (machine, DMS_FACT_NULL_POINTER, (DmsFactNote){ .a = 1 });
      return false;
    }
  was_set = remove_queued (NULL, timer);
  timer->Header.SignalState = 0;
  if (dpc != NULL)
    {
      made.routine = dpc->DeferredRoutine;
      made.context = dpc->DeferredContext;
    }
  (void)queue (machine, made, due (machine, time));
  return was_set;
}

BOOLEAN
KeSetTimer (PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("KeSetTimer", &before);
  DmsCallInfo info = { .routine = DMS_ROUTINE_KE_SET_TIMER,
                       .name = "KeSetTimer",
                       .b = (uint64_t)DueTime.QuadPart };
  bool was_set = false;
  DmsCall call;

  if (machine == NULL)
    return FALSE;
  if (dms_call_enter (machine, &info, &call))
    {
      was_set = set_timer (machine, Timer, DueTime.QuadPart, Dpc);
      dms_call_leave_value (machine, &call, was_set, 0);
    }
  wdm_end (machine, before);
  return was_set;
}

BOOLEAN
KeCancelTimer (PKTIMER Timer) { return Timer != NULL && remove_queued (NULL, Timer); }

size_t
wdm_dpcs_left (const WdmMachine *wdm)
{
  return wdm->dpcs.n;
}

/* ---- work items ---- */

PIO_WORKITEM
IoAllocateWorkItem (PDEVICE_OBJECT DeviceObject)
{
  DmsMachine *machine = wdm_current ();
  WdmDevice *device = machine == NULL ? NULL : wdm_need_device (machine, DeviceObject);
  PIO_WORKITEM item = device == NULL ? NULL : calloc (1, sizeof *item);

  if (item == NULL
      || !dms_table_put (&wdm_of (machine)->work_items, wdm_key (item), item))
    {
      free (item);
      return NULL;
    }
  item->device = device;
  return item;
}

static void
run_item (DmsMachine *machine, void *subject, uint64_t number)
{
  PIO_WORKITEM item = dms_table_get (&wdm_of (machine)->work_items, number);
  WdmVisit visit;

  (void)subject;
  if (item == NULL)
    return;

  DmsCallInfo info = { .routine = DMS_ROUTINE_WORK_ITEM,
                       .name = item->name,
                       .cause = item->cause,
                       .irql = DMS_CONTEXT_PASSIVE };

  item->is_queued = false;
  if (!item->is_freed && wdm_visit_begin (machine, item->device->device, info, &visit))
    {
      /* The routine may free its item. */
      item->routine (&item->device->object, item->context);
      wdm_visit_end (machine, &visit);
    }
  item = dms_table_get (&wdm_of (machine)->work_items, number);
  if (item != NULL && item->is_freed && !item->is_queued)
    free (dms_table_take (&wdm_of (machine)->work_items, number));
}

static void
queue_item (DmsMachine *machine,
            PIO_WORKITEM pointer,
            PIO_WORKITEM_ROUTINE routine,
            PVOID context)
{
  PIO_WORKITEM item = dms_table_get (&wdm_of (machine)->work_items, wdm_key (pointer));

  if (item == NULL || routine == NULL || item->is_freed)
    {
      dms_machine_fact (machine,
                        DMS_FACT_NULL_POINTER,
                        (DmsFactNote){ .a = routine == NULL ? 2 : 1 });
      return;
    }
  if (item->is_queued)
    return;
  item->routine = routine;
  item->context = context;
  item->name = wdm_argument (NULL);
  item->cause = machine->call_seq;
  item->is_queued = true;
  dms_machine_push (machine, machine->now_ps, run_item, NULL, wdm_key (item));
}

VOID
IoQueueWorkItem (PIO_WORKITEM IoWorkItem,
                 PIO_WORKITEM_ROUTINE WorkerRoutine,
                 WORK_QUEUE_TYPE QueueType,
                 PVOID Context)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoQueueWorkItem", &before);
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_IO_QUEUE_WORK_ITEM, .name = "IoQueueWorkItem" };
  DmsCall call;

  UNREFERENCED_PARAMETER (QueueType);
  if (machine == NULL)
    return;
  if (dms_call_enter (machine, &info, &call))
    {
      queue_item (machine, IoWorkItem, WorkerRoutine, Context);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

VOID
IoFreeWorkItem (PIO_WORKITEM IoWorkItem)
{
  const DmsMachine *machine = wdm_current ();
  PIO_WORKITEM item = machine == NULL ? NULL
                                      : dms_table_get (&wdm_of (machine)->work_items,
                                                       wdm_key (IoWorkItem));

  if (item == NULL)
    return;
  item->is_freed = true;
  if (!item->is_queued)
    free (dms_table_take (&wdm_of (machine)->work_items, wdm_key (item)));
}

void
wdm_dpcs_release (WdmMachine *wdm)
{
  size_t at = 0;
  void *value = NULL;

  while ((value = dms_table_next (&wdm->dpcs, &at, NULL)) != NULL)
    free (value);
  dms_table_release (&wdm->dpcs);
  at = 0;
  while ((value = dms_table_next (&wdm->work_items, &at, NULL)) != NULL)
    free (value);
  dms_table_release (&wdm->work_items);
}
