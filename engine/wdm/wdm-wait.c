/* wdm-wait.c — spin locks, events, and time
 *
 * There is one processor, and a routine runs to its end. So a lock that is held when it
 * is asked for would hang a real machine; and a routine that waits lets the machine's
 * other work go on inside of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#define PS_PER_UNIT UINT64_C (100000) /* times of drivers count 100 nanoseconds */
#define PS_PER_US UINT64_C (1000000)

/* ---- spin locks ---- */

static void
take (DmsMachine *machine, PKSPIN_LOCK lock)
{
  WdmMachine *wdm = wdm_of (machine);

  if (lock == NULL)
    dms_machine_fact (machine, DMS_FACT_NULL_POINTER, (DmsFactNote){ .a = 1 });
  else if (dms_table_get (&wdm->locks, wdm_key (lock)) != NULL)
    dms_machine_fact (machine, DMS_FACT_LOCK_HELD, (DmsFactNote){ .a = 0 });
  else if (!dms_table_put (&wdm->locks, wdm_key (lock), lock))
    dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
}

static void
give (DmsMachine *machine, PKSPIN_LOCK lock)
{
  if (lock == NULL)
    dms_machine_fact (machine, DMS_FACT_NULL_POINTER, (DmsFactNote){ .a = 1 });
  else if (dms_table_take (&wdm_of (machine)->locks, wdm_key (lock)) == NULL)
    dms_machine_fact (machine, DMS_FACT_LOCK_NOT_HELD, (DmsFactNote){ .a = 0 });
}

/* A call that ends at another IRQL than it began. */
static void
change (DmsMachine *machine,
        DmsCallInfo info,
        void (*act) (DmsMachine *machine, PKSPIN_LOCK lock),
        PKSPIN_LOCK lock,
        KIRQL irql)
{
  DmsCall call;

  if (!dms_call_enter (machine, &info, &call))
    return;
  act (machine, lock);
  dms_call_leave (machine, &call);
  machine->irql = irql;
}

VOID
KeInitializeSpinLock (PKSPIN_LOCK SpinLock)
{
  const DmsMachine *machine = wdm_current ();

  if (SpinLock == NULL)
    return;
  *SpinLock = 0;
  if (machine != NULL)
    dms_table_take (&wdm_of (machine)->locks, wdm_key (SpinLock));
}

KIRQL
KeAcquireSpinLockRaiseToDpc (PKSPIN_LOCK SpinLock)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("KeAcquireSpinLock", &before);
  KIRQL irql = KeGetCurrentIrql ();

  if (machine == NULL)
    return PASSIVE_LEVEL;
  change (machine,
          (DmsCallInfo){ .routine = DMS_ROUTINE_KE_ACQUIRE_SPIN_LOCK,
                         .name = "KeAcquireSpinLock" },
          take,
          SpinLock,
          irql < DISPATCH_LEVEL ? DISPATCH_LEVEL : irql);
  wdm_end (machine, before);
  return irql;
}

VOID
KeReleaseSpinLock (PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("KeReleaseSpinLock", &before);

  if (machine == NULL)
    return;
  change (machine,
          (DmsCallInfo){ .routine = DMS_ROUTINE_KE_RELEASE_SPIN_LOCK,
                         .name = "KeReleaseSpinLock",
                         .b = NewIrql },
          give,
          SpinLock,
          NewIrql);
  wdm_end (machine, before);
}

VOID
KeAcquireSpinLockAtDpcLevel (PKSPIN_LOCK SpinLock)
{
  DmsMachine *machine = wdm_current ();

  if (machine != NULL)
    take (machine, SpinLock);
}

VOID
KeReleaseSpinLockFromDpcLevel (PKSPIN_LOCK SpinLock)
{
  DmsMachine *machine = wdm_current ();

  if (machine != NULL)
    give (machine, SpinLock);
}

/* One for the whole system; it protects cancel routines. */
VOID
IoAcquireCancelSpinLock (PKIRQL Irql)
{
  DmsMachine *machine = wdm_current ();

  if (machine == NULL || Irql == NULL)
    return;
  *Irql = machine->irql;
  take (machine, &wdm_of (machine)->cancel_lock);
  if (machine->irql < DISPATCH_LEVEL)
    machine->irql = DISPATCH_LEVEL;
}

VOID
IoReleaseCancelSpinLock (KIRQL Irql)
{
  DmsMachine *machine = wdm_current ();

  if (machine == NULL)
    return;
  give (machine, &wdm_of (machine)->cancel_lock);
  machine->irql = Irql;
}

/* ---- events ---- */

VOID
KeInitializeEvent (PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
  if (Event != NULL)
    *Event = (KEVENT){ .Header = { .Type = (UCHAR)Type, .SignalState = State } };
}

LONG
KeSetEvent (PRKEVENT Event, LONG Increment, BOOLEAN Wait)
{
  LONG before = 0;

  UNREFERENCED_PARAMETER (Increment);
  UNREFERENCED_PARAMETER (Wait);
  if (Event == NULL)
    return 0;
  before = Event->Header.SignalState;
  Event->Header.SignalState = 1;
  return before;
}

LONG
KeResetEvent (PRKEVENT Event)
{
  LONG before = 0;

  if (Event == NULL)
    return 0;
  before = Event->Header.SignalState;
  Event->Header.SignalState = 0;
  return before;
}

VOID
KeClearEvent (PRKEVENT Event)
{
  (void)KeResetEvent (Event);
}

LONG
KeReadStateEvent (PRKEVENT Event)
{
  return Event == NULL ? 0 : Event->Header.SignalState;
}

/* ---- waiting ---- */

bool
wdm_wait_until (DmsMachine *machine, const volatile LONG *state, uint64_t until_ps)
{
  uint8_t irql = machine->irql;
  DmsPlace place = machine->place;
  uint64_t call = machine->call_seq;
  DmsMachine *outer = wdm_set_current (NULL);

  machine->call_seq = 0;
  while (*state == 0 && machine->work.n > 0
         && machine->work.items[0].due_ps <= until_ps)
    if (dms_machine_step (machine) != DMS_OK)
      break;
  if (*state == 0 && until_ps != UINT64_MAX && machine->now_ps < until_ps)
    machine->now_ps = until_ps;
  wdm_set_current (outer);
  machine->call_seq = call;
  machine->place = place;
  machine->irql = irql;
  return *state != 0;
}

/* When a wait is over: relative times are negative, absolute ones count from the start
 * of the run. */
static uint64_t
end_of_wait (const DmsMachine *machine, const LARGE_INTEGER *time)
{
  uint64_t units = 0;

  if (time == NULL)
    return UINT64_MAX;
  units = time->QuadPart < 0 ? -(uint64_t)time->QuadPart : (uint64_t)time->QuadPart;
  if (units > (uint64_t)INT64_MAX / PS_PER_UNIT / 2)
    return (uint64_t)INT64_MAX;
  return units * PS_PER_UNIT + (time->QuadPart < 0 ? machine->now_ps : 0);
}

static NTSTATUS
wait_for (DmsMachine *machine, DISPATCHER_HEADER *object, const LARGE_INTEGER *time)
{
  bool may_wait = machine->irql == DMS_CONTEXT_PASSIVE;
  bool is_set = object->SignalState != 0;

  if (!is_set && may_wait)
    is_set
        = wdm_wait_until (machine, &object->SignalState, end_of_wait (machine, time));
  if (is_set)
    {
      if (object->Type == SynchronizationEvent)
        object->SignalState = 0;
      return STATUS_SUCCESS;
    }
  if (time == NULL)
    dms_machine_fact (machine, DMS_FACT_WAITS_FOREVER, (DmsFactNote){ .a = 0 });
  return STATUS_TIMEOUT;
}

NTSTATUS
KeWaitForSingleObject (PVOID Object,
                       KWAIT_REASON WaitReason,
                       KPROCESSOR_MODE WaitMode,
                       BOOLEAN Alertable,
                       PLARGE_INTEGER Timeout)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("KeWaitForSingleObject", &before);
  DmsCallInfo info = { .routine = DMS_ROUTINE_KE_WAIT_FOR_SINGLE_OBJECT,
                       .name = "KeWaitForSingleObject" };
  NTSTATUS status = STATUS_UNSUCCESSFUL;
  DmsCall call;

  UNREFERENCED_PARAMETER (WaitReason);
  UNREFERENCED_PARAMETER (WaitMode);
  UNREFERENCED_PARAMETER (Alertable);
  if (machine == NULL)
    return status;
  if (dms_call_enter (machine, &info, &call))
    {
      if (Object == NULL)
        {
          dms_machine_fact (machine, DMS_FACT_NULL_POINTER, (DmsFactNote){ .a = 1 });
          status = STATUS_INVALID_PARAMETER;
        }
      else
        status = wait_for (machine, Object, Timeout);
      dms_call_leave_status (machine, &call, (uint32_t)status);
    }
  wdm_end (machine, before);
  return status;
}

NTSTATUS
KeDelayExecutionThread (KPROCESSOR_MODE WaitMode,
                        BOOLEAN Alertable,
                        PLARGE_INTEGER Interval)
{
  static const LONG never = 0;
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("KeDelayExecutionThread", &before);
  DmsCallInfo info = { .routine = DMS_ROUTINE_KE_DELAY_EXECUTION_THREAD,
                       .name = "KeDelayExecutionThread" };
  DmsCall call;

  UNREFERENCED_PARAMETER (WaitMode);
  UNREFERENCED_PARAMETER (Alertable);
  if (machine == NULL || Interval == NULL)
    return STATUS_INVALID_PARAMETER;
  if (dms_call_enter (machine, &info, &call))
    {
      if (machine->irql == DMS_CONTEXT_PASSIVE)
        (void)wdm_wait_until (machine, &never, end_of_wait (machine, Interval));
      dms_call_leave_status (machine, &call, (uint32_t)STATUS_SUCCESS);
    }
  wdm_end (machine, before);
  return STATUS_SUCCESS;
}

/* ---- time ---- */

VOID
KeStallExecutionProcessor (ULONG MicroSeconds)
{
  DmsMachine *machine = wdm_current ();

  if (machine != NULL)
    dms_machine_spend_each (machine, PS_PER_US, MicroSeconds);
}

ULONGLONG
KeQueryInterruptTime (VOID)
{
  const DmsMachine *machine = wdm_current ();

  return machine == NULL ? 0 : machine->now_ps / PS_PER_UNIT;
}

VOID
KeQuerySystemTime (PLARGE_INTEGER CurrentTime)
{
  if (CurrentTime != NULL)
    CurrentTime->QuadPart = (LONGLONG)KeQueryInterruptTime ();
}

LARGE_INTEGER
KeQueryPerformanceCounter (PLARGE_INTEGER PerformanceFrequency)
{
  LARGE_INTEGER now = { .QuadPart = (LONGLONG)KeQueryInterruptTime () };

  if (PerformanceFrequency != NULL)
    PerformanceFrequency->QuadPart = 10000000;
  return now;
}

void
wdm_waits_release (WdmMachine *wdm)
{
  dms_table_release (&wdm->locks);
}
