/* own-cases.c — a driver as for Windows that does one thing in its dispatch routine
 *
 * Each case says after its name what the run shall have, in this order: FACTS by their
 * names, lines of the log in quotes, calls with () behind them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/own-cases.h"

#include "engine/wdm/wdm.h"

typedef struct _CARD
{
  PDEVICE_OBJECT Self, Physical, Below;
  PVOID Registers;
  PKINTERRUPT Interrupt;
  KDPC Dpc;
  KTIMER Timer;
  KEVENT Event;
  KSPIN_LOCK Lock;
  PIO_WORKITEM Item;
  PIRP Irp, Old;
  LONG Count;
} CARD, *PCARD;

static size_t chosen;

void
own_choose (size_t number)
{
  chosen = number;
}

static NTSTATUS
complete (PIRP irp, NTSTATUS status)
{
  irp->IoStatus.Status = status;
  irp->IoStatus.Information = 0;
  IoCompleteRequest (irp, IO_NO_INCREMENT);
  return status;
}

/* ---- cases ---- */

static NTSTATUS
nothing (PCARD card, PIRP irp)
{
  UNREFERENCED_PARAMETER (card);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
complete_twice (PCARD card, PIRP irp)
{
  UNREFERENCED_PARAMETER (card);
  (void)complete (irp, STATUS_SUCCESS);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
complete_nobody (PCARD card, PIRP irp)
{
  IoCompleteRequest (NULL, IO_NO_INCREMENT);
  IoCompleteRequest ((PIRP)card, IO_NO_INCREMENT);
  return complete (irp, STATUS_SUCCESS);
}

/* The first request is kept, and completed when the second one is there. */
static NTSTATUS
complete_late (PCARD card, PIRP irp)
{
  if (card->Old == NULL)
    card->Old = irp;
  else
    IoCompleteRequest (card->Old, IO_NO_INCREMENT);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
neither (PCARD card, PIRP irp)
{
  UNREFERENCED_PARAMETER (card);
  UNREFERENCED_PARAMETER (irp);
  return STATUS_SUCCESS;
}

static NTSTATUS
pending_not_marked (PCARD card, PIRP irp)
{
  UNREFERENCED_PARAMETER (card);
  (void)complete (irp, STATUS_SUCCESS);
  return STATUS_PENDING;
}

static NTSTATUS
pending_not_returned (PCARD card, PIRP irp)
{
  UNREFERENCED_PARAMETER (card);
  IoMarkIrpPending (irp);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
irql_left (PCARD card, PIRP irp)
{
  KIRQL irql;

  UNREFERENCED_PARAMETER (card);
  KeRaiseIrql (DISPATCH_LEVEL, &irql);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
pool (PCARD card, PIRP irp)
{
  PUCHAR memory = ExAllocatePool2 (POOL_FLAG_NON_PAGED, 100, 'looP');
  PUCHAR other = ExAllocatePoolWithTag (NonPagedPool, 100, 'looP');

  UNREFERENCED_PARAMETER (card);
  if (memory == NULL || other == NULL)
    return complete (irp, STATUS_INSUFFICIENT_RESOURCES);
  DbgPrint ("%u %u", memory[0], memory[99]);
  memory[100] = 1;
  ExFreePool (memory);
  other[-3] = 1;
  ExFreePoolWithTag (other, 'looP');
  ExFreePoolWithTag (other, 'looP');
  ExFreePool (NULL);
  ExFreePool (card);
  DbgPrint ("freed memory reads %02x", other[0]);
  (void)ExAllocatePoolWithTag (PagedPool, 7, 'tfeL');
  (void)ExAllocatePoolWithTag (PagedPool, 8, 'tfeL');
  if (ExAllocatePoolWithTag (PagedPool, 0, 0) == NULL
      && ExAllocatePool2 (0, ~(SIZE_T)0, 0) == NULL)
    DbgPrint ("no such sizes");
  return complete (irp, STATUS_SUCCESS);
}

/* Two MDLs over one allocation, which goes first. */
static VOID
describe_pool (PUCHAR memory, PMDL whole, PMDL part)
{
  PUCHAR mapped = NULL;

  MmBuildMdlForNonPagedPool (whole);
  MmBuildMdlForNonPagedPool (part);
  RtlFillMemory (memory + 5000, 100, 0x55);
  mapped = MmGetSystemAddressForMdlSafe (part, NormalPagePriority);
  if (mapped != NULL)
    DbgPrint (
        "%u %x", MmGetMdlPfnArray (part)[0] == MmGetMdlPfnArray (whole)[1], mapped[99]);
  ExFreePool (memory);
  MmBuildMdlForNonPagedPool (whole);
  if (MmGetSystemAddressForMdlSafe (part, NormalPagePriority) == NULL)
    DbgPrint ("describes nothing");
}

static NTSTATUS
pool_mdls (PCARD card, PIRP irp)
{
  PUCHAR memory = ExAllocatePool2 (POOL_FLAG_NON_PAGED, 9000, 'looP');
  PMDL whole = NULL;
  PMDL part = NULL;

  UNREFERENCED_PARAMETER (card);
  if (memory != NULL)
    whole = IoAllocateMdl (memory, 9000, FALSE, FALSE, NULL);
  if (memory != NULL)
    part = IoAllocateMdl (memory + 5000, 100, FALSE, FALSE, NULL);
  if (whole != NULL && part != NULL)
    describe_pool (memory, whole, part);
  else if (memory != NULL)
    ExFreePool (memory);
  if (whole != NULL)
    IoFreeMdl (whole);
  if (part != NULL)
    IoFreeMdl (part);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
locks (PCARD card, PIRP irp)
{
  KIRQL irql;
  KIRQL again;

  KeInitializeSpinLock (&card->Lock);
  KeAcquireSpinLock (&card->Lock, &irql);
  DbgPrint ("at %u", KeGetCurrentIrql ());
  KeAcquireSpinLock (&card->Lock, &again);
  KeReleaseSpinLock (&card->Lock, irql);
  KeReleaseSpinLock (&card->Lock, irql);
  KeReleaseSpinLock (NULL, irql);
  KeAcquireSpinLockAtDpcLevel (NULL);
  DbgPrint ("at %u", KeGetCurrentIrql ());
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
prints (PCARD card, PIRP irp)
{
  UNICODE_STRING name;

  UNREFERENCED_PARAMETER (card);
  RtlInitUnicodeString (&name, NULL);
  DbgPrint ("%d %i %u %x %#X %5d|%-5d|%05d %c %s %%\n",
            -1,
            2,
            3u,
            0xabcu,
            0xabcu,
            4,
            5,
            6,
            'z',
            "text");
  DbgPrint ("%ld %lu %I64d %llx %Iu %zu",
            (LONG)-7,
            (ULONG)8,
            (LONGLONG)-9,
            (ULONGLONG)0x123456789a,
            (SIZE_T)10,
            (SIZE_T)11);
  DbgPrint ("%wZ %s %q %", &name, (PCSTR)NULL);
  DbgPrintEx (DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL, "%.3s %p", "abcdef", NULL);
  KdPrint (("last %d", 1));
  DbgPrint (NULL);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
asserts (PCARD card, PIRP irp)
{
  KIRQL irql;

  PAGED_CODE ();
  ASSERT (card != NULL);
  KeRaiseIrql (DISPATCH_LEVEL, &irql);
  PAGED_CODE ();
  KeLowerIrql (irql);
  ASSERT (card->Count == 17);
  return complete (irp, STATUS_SUCCESS);
}

static KDEFERRED_ROUTINE run_dpc;

static VOID
run_dpc (PKDPC dpc, PVOID context, PVOID one, PVOID other)
{
  PCARD card = context;

  DbgPrint ("dpc %u %u", (ULONG)(ULONG_PTR)one, (ULONG)(ULONG_PTR)other);
  if (dpc == &card->Dpc)
    KeSetEvent (&card->Event, 0, FALSE);
}

static NTSTATUS
dpcs (PCARD card, PIRP irp)
{
  LARGE_INTEGER soon = { .QuadPart = -50 };

  KeInitializeEvent (&card->Event, SynchronizationEvent, FALSE);
  KeInitializeDpc (&card->Dpc, run_dpc, card);
  DbgPrint ("%u", KeInsertQueueDpc (&card->Dpc, (PVOID)3, (PVOID)4));
  DbgPrint ("%u", KeInsertQueueDpc (&card->Dpc, (PVOID)5, (PVOID)6));
  DbgPrint ("%x",
            KeWaitForSingleObject (&card->Event, Executive, KernelMode, FALSE, NULL));
  DbgPrint ("%x",
            KeWaitForSingleObject (&card->Event, Executive, KernelMode, FALSE, &soon));
  (void)KeInsertQueueDpc (&card->Dpc, NULL, NULL);
  DbgPrint ("%u", KeRemoveQueueDpc (&card->Dpc));
  DbgPrint ("%u", KeRemoveQueueDpc (&card->Dpc));
  (void)KeInsertQueueDpc (NULL, NULL, NULL);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
timers (PCARD card, PIRP irp)
{
  LARGE_INTEGER later = { .QuadPart = -1000 };
  ULONGLONG begun = KeQueryInterruptTime ();

  KeInitializeEvent (&card->Event, NotificationEvent, FALSE);
  KeInitializeDpc (&card->Dpc, run_dpc, card);
  KeInitializeTimer (&card->Timer);
  DbgPrint ("%u", KeSetTimer (&card->Timer, later, &card->Dpc));
  DbgPrint ("%u", KeSetTimer (&card->Timer, later, &card->Dpc));
  (void)KeWaitForSingleObject (&card->Timer, Executive, KernelMode, FALSE, NULL);
  DbgPrint ("after %u", (ULONG)(KeQueryInterruptTime () - begun));
  (void)KeDelayExecutionThread (KernelMode, FALSE, &later);
  DbgPrint ("after %u", (ULONG)(KeQueryInterruptTime () - begun));
  DbgPrint ("set %d", KeReadStateEvent (&card->Event));
  (void)KeSetTimer (&card->Timer, later, NULL);
  DbgPrint ("%u", KeCancelTimer (&card->Timer));
  DbgPrint ("%u", KeCancelTimer (&card->Timer));
  (void)KeSetTimer (NULL, later, NULL);
  KeStallExecutionProcessor (3);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
waits (PCARD card, PIRP irp)
{
  KIRQL irql;

  KeInitializeEvent (&card->Event, NotificationEvent, FALSE);
  (void)KeWaitForSingleObject (NULL, Executive, KernelMode, FALSE, NULL);
  KeRaiseIrql (DISPATCH_LEVEL, &irql);
  (void)KeWaitForSingleObject (&card->Event, Executive, KernelMode, FALSE, NULL);
  KeLowerIrql (irql);
  DbgPrint ("so far");
  DbgPrint ("%x",
            KeWaitForSingleObject (&card->Event, Executive, KernelMode, FALSE, NULL));
  return complete (irp, STATUS_SUCCESS);
}

static IO_WORKITEM_ROUTINE do_work;

static VOID
do_work (PDEVICE_OBJECT device, PVOID context)
{
  PCARD card = context;

  DbgPrint ("at %u for the same %u", KeGetCurrentIrql (), device == card->Self);
  IoFreeWorkItem (card->Item);
  (void)complete (card->Irp, STATUS_SUCCESS);
}

static NTSTATUS
work (PCARD card, PIRP irp)
{
  card->Irp = irp;
  card->Item = IoAllocateWorkItem (card->Self);
  IoQueueWorkItem (NULL, do_work, DelayedWorkQueue, card);
  IoMarkIrpPending (irp);
  IoQueueWorkItem (card->Item, do_work, DelayedWorkQueue, card);
  IoQueueWorkItem (card->Item, do_work, DelayedWorkQueue, card);
  if (IoAllocateWorkItem (NULL) == NULL)
    DbgPrint ("queued");
  return STATUS_PENDING;
}

static BOOLEAN
at_device_irql (PVOID context)
{
  DbgPrint ("at %u", KeGetCurrentIrql ());
  return context != NULL;
}

static NTSTATUS
interrupts (PCARD card, PIRP irp)
{
  IO_CONNECT_INTERRUPT_PARAMETERS messages = { .Version = CONNECT_MESSAGE_BASED };

  DbgPrint ("%u", KeSynchronizeExecution (card->Interrupt, at_device_irql, card));
  DbgPrint ("%u", KeSynchronizeExecution (NULL, at_device_irql, card));
  DbgPrint ("%x", IoConnectInterruptEx (&messages));
  DbgPrint ("%u", messages.Version);
  IoDisconnectInterrupt ((PKINTERRUPT)card);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
objects (PCARD card, PIRP irp)
{
  PDEVICE_OBJECT more[6];
  ULONG n = 0;

  while (
      n < 6
      && NT_SUCCESS (IoCreateDevice (
          card->Self->DriverObject, 16, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &more[n]))
      && IoAttachDeviceToDeviceStack (more[n], card->Self) != NULL)
    n++;
  DbgPrint ("%u fit", n);
  while (n > 0)
    IoDeleteDevice (more[--n]);
  IoDeleteDevice (NULL);
  IoDetachDevice ((PDEVICE_OBJECT)card);
  (void)IoCreateDevice (NULL, 0, NULL, 0, 0, FALSE, more);
  (void)IoCreateDevice (card->Self->DriverObject, 0, NULL, 0, 0, FALSE, NULL);
  (void)IoAttachDeviceToDeviceStack (card->Self, NULL);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
down_the_stack (PCARD card, PIRP irp)
{
  UNREFERENCED_PARAMETER (IoCallDriver (NULL, irp));
  UNREFERENCED_PARAMETER (IoCallDriver (card->Below, NULL));
  IoCopyCurrentIrpStackLocationToNext (irp);
  DbgPrint ("%x", IoCallDriver (card->Below, irp));
  return STATUS_INVALID_DEVICE_REQUEST;
}

static NTSTATUS
too_far_down (PCARD card, PIRP irp)
{
  irp->CurrentLocation = 1;
  irp->Tail.Overlay.CurrentStackLocation--;
  DbgPrint ("%x", IoCallDriver (card->Below, irp));
  irp->CurrentLocation = 127;
  DbgPrint ("%x", IoCallDriver (card->Below, irp));
  irp->StackCount = 100;
  irp->CurrentLocation = 2;
  irp->Tail.Overlay.CurrentStackLocation++;
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
registers (PCARD card, PIRP irp)
{
  PHYSICAL_ADDRESS nowhere = { .QuadPart = 0x1000 };

  if (MmMapIoSpace (nowhere, 4096, MmNonCached) == NULL)
    DbgPrint ("nothing there");
  MmUnmapIoSpace (card, 16);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
pages (PCARD card, PIRP irp)
{
  PMDL mdl = irp->MdlAddress;
  PUCHAR bytes = MmGetSystemAddressForMdlSafe (mdl, NormalPagePriority);

  UNREFERENCED_PARAMETER (card);
  DbgPrint ("%I64x", (ULONGLONG)MmGetPhysicalAddress (bytes).QuadPart);
  DbgPrint ("%I64x", (ULONGLONG)MmGetPhysicalAddress (bytes + 7680).QuadPart);
  DbgPrint ("%I64x", (ULONGLONG)MmGetPhysicalAddress (card).QuadPart);
  MmUnlockPages (mdl);
  DbgPrint ("%u", mdl->MdlFlags & MDL_PAGES_LOCKED);
  MmProbeAndLockPages (mdl, KernelMode, IoModifyAccess);
  DbgPrint ("%u", mdl->MdlFlags & MDL_PAGES_LOCKED);
  MmProbeAndLockPages (NULL, KernelMode, IoModifyAccess);
  MmUnlockPages ((PMDL)card);
  return complete (irp, STATUS_SUCCESS);
}

static NTSTATUS
start_packets (PCARD card, PIRP irp)
{
  IoMarkIrpPending (irp);
  IoStartPacket (NULL, irp, NULL, NULL);
  IoStartPacket (card->Self, NULL, NULL, NULL);
  IoStartPacket (card->Self, irp, NULL, NULL);
  return STATUS_PENDING;
}

static DRIVER_CANCEL cancelled;

static VOID
cancelled (PDEVICE_OBJECT device, PIRP irp)
{
  UNREFERENCED_PARAMETER (device);
  DbgPrint ("cancelled at %u, %u", KeGetCurrentIrql (), irp->Cancel);
  IoReleaseCancelSpinLock (irp->CancelIrql);
  (void)complete (irp, STATUS_CANCELLED);
}

static NTSTATUS
waits_for_cancel (PCARD card, PIRP irp)
{
  UNREFERENCED_PARAMETER (card);
  IoMarkIrpPending (irp);
  DbgPrint ("%u", IoSetCancelRoutine (irp, cancelled) == NULL);
  DbgPrint ("%u", IoSetCancelRoutine (irp, cancelled) == cancelled);
  if (IoSetCancelRoutine (NULL, cancelled) == NULL)
    DbgPrint ("pending");
  return STATUS_PENDING;
}

static NTSTATUS
lists (PCARD card, PIRP irp)
{
  LIST_ENTRY head;
  CARD *found;

  InitializeListHead (&head);
  InsertTailList (&head, &irp->Tail.Overlay.ListEntry);
  DbgPrint ("%u", IsListEmpty (&head));
  found
      = (PCARD)CONTAINING_RECORD (RemoveHeadList (&head), IRP, Tail.Overlay.ListEntry);
  DbgPrint ("%u %u", (PVOID)found == (PVOID)irp, IsListEmpty (&head));
  DbgPrint ("%d", InterlockedIncrement (&card->Count));
  DbgPrint ("%d", InterlockedCompareExchange (&card->Count, 5, 1));
  DbgPrint ("%d", card->Count);
  DbgPrint ("%d", InterlockedDecrement (&card->Count));
  DbgPrint ("%u", (ULONG)RtlCompareMemory ("abcd", "abxd", 4));
  return complete (irp, STATUS_SUCCESS);
}

typedef NTSTATUS (*Act) (PCARD card, PIRP irp);

static const Act acts[] = { nothing,
                            complete_twice,
                            complete_nobody,
                            complete_late,
                            neither,
                            pending_not_marked,
                            pending_not_returned,
                            irql_left,
                            pool,
                            pool_mdls,
                            locks,
                            prints,
                            asserts,
                            dpcs,
                            timers,
                            waits,
                            work,
                            interrupts,
                            objects,
                            down_the_stack,
                            too_far_down,
                            registers,
                            pages,
                            start_packets,
                            waits_for_cancel,
                            lists };

const OwnCase own_cases[] = {
  { "nothing", "" },
  { "complete-twice", "completed-twice completed-twice" },
  { "complete-nobody",
    "unknown-request unknown-request unknown-request unknown-request" },
  { "complete-late", "completed-twice" },
  { "neither", "neither-done-nor-pending neither-done-nor-pending" },
  { "pending-not-marked", "pending-not-marked pending-not-marked" },
  { "pending-not-returned", "pending-not-returned pending-not-returned" },
  { "irql-left", "irql-not-lowered irql-not-lowered" },
  { "pool",
    "\"0 0\" pool-damaged pool-damaged pool-unknown pool-unknown pool-unknown "
    "\"freed memory reads dd\" \"no such sizes\" pool-left" },
  { "pool-mdls", "\"1 55\" no-frames \"describes nothing\"" },
  { "locks", "\"at 2\" lock-held lock-not-held null-pointer null-pointer \"at 0\"" },
  { "prints",
    "\"-1 2 3 abc 0XABC     4|5    |00006 z text %\" \"-7 8 -9 123456789a 10 11\" "
    "\" (null) %q %\" \"abc 0x0\" \"last 1\" \"\"" },
  { "asserts",
    "\"Assertion failed: KeGetCurrentIrql () <= APC_LEVEL\" assertion-failed "
    "\"Assertion failed: card->Count == 17\" assertion-failed" },
  { "dpcs", "\"1\" \"0\" \"dpc 3 4\" \"0\" \"102\" \"1\" \"0\" null-pointer" },
  { "timers",
    "\"0\" \"1\" \"dpc 0 0\" \"after 1002\" \"after 2003\" \"set 1\" \"1\" \"0\" "
    "null-pointer" },
  { "waits", "null-pointer waits-forever \"so far\" waits-forever \"102\"" },
  { "work",
    "null-pointer unknown-device \"queued\" do_work() \"at 0 for the same 1\"" },
  { "interrupts",
    "at_device_irql() \"at 5\" \"1\" null-pointer \"0\" \"c00000bb\" \"2\" "
    "null-pointer" },
  { "objects",
    "\"2 fit\" unknown-device unknown-device null-pointer null-pointer "
    "unknown-device" },
  { "down-the-stack", "unknown-device unknown-request \"c0000010\"" },
  { "too-far-down", "no-stack-location \"c000000d\" no-stack-location \"c000000d\"" },
  { "registers", "register-outside \"nothing there\" register-outside" },
  { "pages", "\"a311200\" \"140003000\" \"0\" \"0\" \"2\" null-mdl unknown-mdl" },
  { "start-packets", "unknown-device unknown-request routine-missing" },
  { "waits-for-cancel",
    "\"1\" \"1\" unknown-request \"pending\" \"cancelled at 2, 1\"" },
  { "lists", "\"0\" \"1 1\" \"1\" \"1\" \"5\" \"4\" \"2\"" },
};

const size_t own_n_cases = sizeof own_cases / sizeof *own_cases;

/* ---- the driver around them ---- */

static NTSTATUS
dispatch (PDEVICE_OBJECT device, PIRP irp)
{
  return acts[chosen](device->DeviceExtension, irp);
}

static BOOLEAN
service (PKINTERRUPT interrupt, PVOID context)
{
  UNREFERENCED_PARAMETER (interrupt);
  UNREFERENCED_PARAMETER (context);
  return FALSE;
}

/* As drivers did before there was IoForwardIrpSynchronously. */
static NTSTATUS
bus_is_done (PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
  UNREFERENCED_PARAMETER (device);
  UNREFERENCED_PARAMETER (irp);
  KeSetEvent (context, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS
start (PCARD card, PIRP irp)
{
  KEVENT event;
  PIO_STACK_LOCATION io = IoGetCurrentIrpStackLocation (irp);
  PCM_PARTIAL_RESOURCE_DESCRIPTOR have
      = io->Parameters.StartDevice.AllocatedResourcesTranslated->List[0]
            .PartialResourceList.PartialDescriptors;
  NTSTATUS status;

  KeInitializeEvent (&event, NotificationEvent, FALSE);
  IoCopyCurrentIrpStackLocationToNext (irp);
  IoSetCompletionRoutine (irp, bus_is_done, &event, TRUE, TRUE, TRUE);
  status = IoCallDriver (card->Below, irp);
  if (status == STATUS_PENDING)
    KeWaitForSingleObject (&event, Executive, KernelMode, FALSE, NULL);
  if (KeReadStateEvent (&event) == 0)
    return STATUS_UNSUCCESSFUL;
  card->Registers
      = MmMapIoSpace (have[0].u.Memory.Start, have[0].u.Memory.Length, MmNonCached);
  status = IoConnectInterrupt (&card->Interrupt,
                               service,
                               card,
                               NULL,
                               have[1].u.Interrupt.Vector,
                               (KIRQL)have[1].u.Interrupt.Level,
                               (KIRQL)have[1].u.Interrupt.Level,
                               LevelSensitive,
                               TRUE,
                               have[1].u.Interrupt.Affinity,
                               FALSE);
  return card->Registers == NULL ? STATUS_UNSUCCESSFUL : status;
}

static NTSTATUS
pnp (PDEVICE_OBJECT device, PIRP irp)
{
  PCARD card = device->DeviceExtension;
  NTSTATUS status;

  switch (IoGetCurrentIrpStackLocation (irp)->MinorFunction)
    {
    case IRP_MN_START_DEVICE:
      status = start (card, irp);
      irp->IoStatus.Status = status;
      IoCompleteRequest (irp, IO_NO_INCREMENT);
      return status;
    case IRP_MN_REMOVE_DEVICE:
      IoDisconnectInterrupt (card->Interrupt);
      IoSkipCurrentIrpStackLocation (irp);
      status = IoCallDriver (card->Below, irp);
      IoDetachDevice (card->Below);
      IoDeleteDevice (device);
      return status;
    default:
      IoSkipCurrentIrpStackLocation (irp);
      return IoCallDriver (card->Below, irp);
    }
}

static NTSTATUS
add_device (PDRIVER_OBJECT driver, PDEVICE_OBJECT physical)
{
  PDEVICE_OBJECT device;
  PCARD card;
  NTSTATUS status = IoCreateDevice (
      driver, sizeof (CARD), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

  if (!NT_SUCCESS (status))
    return status;
  card = device->DeviceExtension;
  card->Self = device;
  card->Physical = physical;
  card->Below = IoAttachDeviceToDeviceStack (device, physical);
  return STATUS_SUCCESS;
}

static NTSTATUS
entry (PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
  UNREFERENCED_PARAMETER (path);
  driver->DriverExtension->AddDevice = add_device;
  driver->MajorFunction[IRP_MJ_PNP] = pnp;
  driver->MajorFunction[IRP_MJ_READ] = dispatch;
  driver->MajorFunction[IRP_MJ_WRITE] = dispatch;
  return STATUS_SUCCESS;
}

void (*own_entry (void)) (void) { return (void (*) (void))entry; }
