/* wdm-routines.h — routines that every driver needs, whatever it does with DMA
 *
 * Included by wdm.h.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm-object.h"

/* What drivers call leaves libdmascope. */
#pragma GCC visibility push(default)

/* ---- device objects and stacks ---- */

/* The name is not kept: nobody opens devices by their names here. */
NTSTATUS IoCreateDevice (PDRIVER_OBJECT DriverObject,
                         ULONG DeviceExtensionSize,
                         PUNICODE_STRING DeviceName,
                         DEVICE_TYPE DeviceType,
                         ULONG DeviceCharacteristics,
                         BOOLEAN Exclusive,
                         PDEVICE_OBJECT *DeviceObject);
VOID IoDeleteDevice (PDEVICE_OBJECT DeviceObject);
PDEVICE_OBJECT IoAttachDeviceToDeviceStack (PDEVICE_OBJECT SourceDevice,
                                            PDEVICE_OBJECT TargetDevice);
VOID IoDetachDevice (PDEVICE_OBJECT TargetDevice);
/* Names are not modelled: these succeed and do nothing. */
NTSTATUS IoCreateSymbolicLink (PUNICODE_STRING SymbolicLinkName,
                               PUNICODE_STRING DeviceName);
NTSTATUS IoDeleteSymbolicLink (PUNICODE_STRING SymbolicLinkName);
VOID RtlInitUnicodeString (PUNICODE_STRING DestinationString, PCWSTR SourceString);

/* ---- requests ---- */

NTSTATUS IoCallDriver (PDEVICE_OBJECT DeviceObject, PIRP Irp);
/* Power requests are not sent here; the routine of older systems is the same call. */
#define PoCallDriver(device, irp) IoCallDriver ((device), (irp))
#define PoStartNextPowerIrp(irp) ((void)(irp))
BOOLEAN IoForwardIrpSynchronously (PDEVICE_OBJECT DeviceObject, PIRP Irp);
VOID IoStartPacket (PDEVICE_OBJECT DeviceObject,
                    PIRP Irp,
                    PULONG Key,
                    PDRIVER_CANCEL CancelFunction);
/* Returns the routine that was set before; NULL when cancelling has begun. */
PDRIVER_CANCEL IoSetCancelRoutine (PIRP Irp, PDRIVER_CANCEL CancelRoutine);
VOID IoAcquireCancelSpinLock (PKIRQL Irql);
VOID IoReleaseCancelSpinLock (KIRQL Irql);

#define IoSkipCurrentIrpStackLocation(irp)                                             \
  ((irp)->CurrentLocation++, (irp)->Tail.Overlay.CurrentStackLocation++)

static inline VOID
IoCopyCurrentIrpStackLocationToNext (PIRP Irp)
{
  PIO_STACK_LOCATION next = IoGetNextIrpStackLocation (Irp);

  *next = *IoGetCurrentIrpStackLocation (Irp);
  next->CompletionRoutine = NULL;
  next->Context = NULL;
  next->Control = 0;
}

static inline VOID
IoSetCompletionRoutine (PIRP Irp,
                        PIO_COMPLETION_ROUTINE CompletionRoutine,
                        PVOID Context,
                        BOOLEAN InvokeOnSuccess,
                        BOOLEAN InvokeOnError,
                        BOOLEAN InvokeOnCancel)
{
  PIO_STACK_LOCATION next = IoGetNextIrpStackLocation (Irp);

  next->CompletionRoutine = CompletionRoutine;
  next->Context = Context;
  next->Control = (UCHAR)((InvokeOnSuccess ? SL_INVOKE_ON_SUCCESS : 0)
                          | (InvokeOnError ? SL_INVOKE_ON_ERROR : 0)
                          | (InvokeOnCancel ? SL_INVOKE_ON_CANCEL : 0));
}

/* ---- registers, interrupts, DPCs ---- */

typedef enum _MEMORY_CACHING_TYPE
{
  MmNonCached = 0,
  MmCached = 1,
  MmWriteCombined = 2
} MEMORY_CACHING_TYPE;

PVOID MmMapIoSpace (PHYSICAL_ADDRESS PhysicalAddress,
                    SIZE_T NumberOfBytes,
                    MEMORY_CACHING_TYPE CacheType);
VOID MmUnmapIoSpace (PVOID BaseAddress, SIZE_T NumberOfBytes);

NTSTATUS IoConnectInterrupt (PKINTERRUPT *InterruptObject,
                             PKSERVICE_ROUTINE ServiceRoutine,
                             PVOID ServiceContext,
                             PKSPIN_LOCK SpinLock,
                             ULONG Vector,
                             KIRQL Irql,
                             KIRQL SynchronizeIrql,
                             KINTERRUPT_MODE InterruptMode,
                             BOOLEAN ShareVector,
                             KAFFINITY ProcessorEnableMask,
                             BOOLEAN FloatingSave);
/* Fully specified and line based; messages are refused as not supported. */
NTSTATUS IoConnectInterruptEx (PIO_CONNECT_INTERRUPT_PARAMETERS Parameters);
VOID IoDisconnectInterrupt (PKINTERRUPT InterruptObject);
VOID IoDisconnectInterruptEx (PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters);
BOOLEAN KeSynchronizeExecution (PKINTERRUPT Interrupt,
                                PKSYNCHRONIZE_ROUTINE SynchronizeRoutine,
                                PVOID SynchronizeContext);

VOID IoInitializeDpcRequest (PDEVICE_OBJECT DeviceObject, PIO_DPC_ROUTINE DpcRoutine);
VOID
KeInitializeDpc (PKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext);
BOOLEAN KeInsertQueueDpc (PKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2);
BOOLEAN KeRemoveQueueDpc (PKDPC Dpc);

/* ---- locks, events, time ---- */

VOID KeInitializeSpinLock (PKSPIN_LOCK SpinLock);
KIRQL KeAcquireSpinLockRaiseToDpc (PKSPIN_LOCK SpinLock);
VOID KeReleaseSpinLock (PKSPIN_LOCK SpinLock, KIRQL NewIrql);
VOID KeAcquireSpinLockAtDpcLevel (PKSPIN_LOCK SpinLock);
VOID KeReleaseSpinLockFromDpcLevel (PKSPIN_LOCK SpinLock);
#define KeAcquireSpinLock(lock, irql) (*(irql) = KeAcquireSpinLockRaiseToDpc (lock))

VOID KeInitializeEvent (PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State);
LONG KeSetEvent (PRKEVENT Event, LONG Increment, BOOLEAN Wait);
VOID KeClearEvent (PRKEVENT Event);
LONG KeResetEvent (PRKEVENT Event);
LONG KeReadStateEvent (PRKEVENT Event);
/* At PASSIVE_LEVEL the machine goes on until the event is set or time is over. */
NTSTATUS KeWaitForSingleObject (PVOID Object,
                                KWAIT_REASON WaitReason,
                                KPROCESSOR_MODE WaitMode,
                                BOOLEAN Alertable,
                                PLARGE_INTEGER Timeout);
NTSTATUS KeDelayExecutionThread (KPROCESSOR_MODE WaitMode,
                                 BOOLEAN Alertable,
                                 PLARGE_INTEGER Interval);
VOID KeStallExecutionProcessor (ULONG MicroSeconds);
VOID KeQuerySystemTime (PLARGE_INTEGER CurrentTime);
ULONGLONG KeQueryInterruptTime (VOID);
LARGE_INTEGER KeQueryPerformanceCounter (PLARGE_INTEGER PerformanceFrequency);
VOID KeInitializeTimer (PKTIMER Timer);
BOOLEAN KeSetTimer (PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc);
BOOLEAN KeCancelTimer (PKTIMER Timer);

PIO_WORKITEM IoAllocateWorkItem (PDEVICE_OBJECT DeviceObject);
VOID IoQueueWorkItem (PIO_WORKITEM IoWorkItem,
                      PIO_WORKITEM_ROUTINE WorkerRoutine,
                      WORK_QUEUE_TYPE QueueType,
                      PVOID Context);
VOID IoFreeWorkItem (PIO_WORKITEM IoWorkItem);

#define InterlockedIncrement(target)                                                   \
  (__atomic_add_fetch ((target), 1, __ATOMIC_SEQ_CST))
#define InterlockedDecrement(target)                                                   \
  (__atomic_sub_fetch ((target), 1, __ATOMIC_SEQ_CST))
#define InterlockedExchange(target, value)                                             \
  (__atomic_exchange_n ((target), (value), __ATOMIC_SEQ_CST))
#define InterlockedExchangeAdd(target, value)                                          \
  (__atomic_fetch_add ((target), (value), __ATOMIC_SEQ_CST))
#define InterlockedExchangePointer(target, value)                                      \
  (__atomic_exchange_n ((target), (value), __ATOMIC_SEQ_CST))
#define InterlockedOr(target, value)                                                   \
  (__atomic_fetch_or ((target), (value), __ATOMIC_SEQ_CST))
#define InterlockedAnd(target, value)                                                  \
  (__atomic_fetch_and ((target), (value), __ATOMIC_SEQ_CST))

static inline LONG
InterlockedCompareExchange (volatile LONG *Destination, LONG Exchange, LONG Comparand)
{
  __atomic_compare_exchange_n (
      Destination, &Comparand, Exchange, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return Comparand;
}

/* ---- memory ---- */

typedef enum _POOL_TYPE
{
  NonPagedPool = 0,
  PagedPool = 1,
  NonPagedPoolNx = 512
} POOL_TYPE;

typedef ULONG64 POOL_FLAGS;

#define POOL_FLAG_UNINITIALIZED UINT64_C (0x0000000000000002)
#define POOL_FLAG_NON_PAGED UINT64_C (0x0000000000000040)
#define POOL_FLAG_PAGED UINT64_C (0x0000000000000100)

/* Memory of the host with guards beside it; freed memory is filled and reused late. */
PVOID ExAllocatePoolWithTag (POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);
PVOID ExAllocatePool2 (POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag);
VOID ExFreePoolWithTag (PVOID P, ULONG Tag);
#define ExFreePool(p) ExFreePoolWithTag ((p), 0)

typedef enum _LOCK_OPERATION
{
  IoReadAccess,
  IoWriteAccess,
  IoModifyAccess
} LOCK_OPERATION;

VOID MmProbeAndLockPages (PMDL MemoryDescriptorList,
                          KPROCESSOR_MODE AccessMode,
                          LOCK_OPERATION Operation);
VOID MmUnlockPages (PMDL MemoryDescriptorList);
/* An address of a buffer or a common buffer; 0 for memory of the driver's own. */
PHYSICAL_ADDRESS MmGetPhysicalAddress (PVOID BaseAddress);

#define RtlMoveMemory(to, from, length) RtlCopyMemory ((to), (from), (length))
#define RtlEqualMemory(one, other, length)                                             \
  (RtlCompareMemory ((one), (other), (length)) == (length))
SIZE_T RtlCompareMemory (const VOID *Source1, const VOID *Source2, SIZE_T Length);

/* ---- saying something ---- */

#define DPFLTR_IHVDRIVER_ID 77
#define DPFLTR_ERROR_LEVEL 0
#define DPFLTR_WARNING_LEVEL 1
#define DPFLTR_TRACE_LEVEL 2
#define DPFLTR_INFO_LEVEL 3

/* A line of the log. l is 32 bits and I64 or ll 64, as in Windows; wZ and ws are known.
 */
ULONG DbgPrint (PCSTR Format, ...);
ULONG DbgPrintEx (ULONG ComponentId, ULONG Level, PCSTR Format, ...);
#define KdPrint(arguments) DbgPrint arguments
#define KdPrintEx(arguments) DbgPrintEx arguments
VOID RtlAssert (PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PCHAR Message);
/* Ends the driver's program: no machine would go on here. */
VOID KeBugCheckEx (ULONG BugCheckCode,
                   ULONG_PTR BugCheckParameter1,
                   ULONG_PTR BugCheckParameter2,
                   ULONG_PTR BugCheckParameter3,
                   ULONG_PTR BugCheckParameter4);
#define KeBugCheck(code) KeBugCheckEx ((code), 0, 0, 0, 0)

#pragma GCC visibility pop

/* ---- where a routine is called; see wdm.h ---- */

#ifndef DMS_NO_MARKS
#  define ASSERT(condition)                                                            \
    ((condition) ? (void)0                                                             \
                 : RtlAssert ((PVOID) #condition, (PVOID)__FILE__, __LINE__, NULL))
#  define NT_ASSERT(condition) ASSERT (condition)
#  define PAGED_CODE() ASSERT (KeGetCurrentIrql () <= APC_LEVEL)

#  define IoCreateDevice(driver, size, name, type, characteristics, exclusive, device) \
    IoCreateDevice (DMS_MARKED ("IoCreateDevice", driver),                             \
                    (size),                                                            \
                    (name),                                                            \
                    (type),                                                            \
                    (characteristics),                                                 \
                    (exclusive),                                                       \
                    (device))
#  define IoDeleteDevice(device) IoDeleteDevice (DMS_MARKED ("IoDeleteDevice", device))
#  define IoAttachDeviceToDeviceStack(source, target)                                  \
    IoAttachDeviceToDeviceStack (DMS_MARKED ("IoAttachDeviceToDeviceStack", source),   \
                                 (target))
#  define IoDetachDevice(target) IoDetachDevice (DMS_MARKED ("IoDetachDevice", target))
#  define IoCallDriver(device, irp)                                                    \
    IoCallDriver (DMS_MARKED ("IoCallDriver", device), (irp))
#  define IofCallDriver(device, irp)                                                   \
    IoCallDriver (DMS_MARKED ("IoCallDriver", device), (irp))
#  define IoForwardIrpSynchronously(device, irp)                                       \
    IoForwardIrpSynchronously (DMS_MARKED ("IoCallDriver", device), (irp))
#  define IoStartPacket(device, irp, key, cancel)                                      \
    IoStartPacket (DMS_MARKED ("IoStartPacket", device), (irp), (key), (cancel))
#  define MmMapIoSpace(address, length, type)                                          \
    MmMapIoSpace (DMS_MARKED ("MmMapIoSpace", address), (length), (type))
#  define MmUnmapIoSpace(address, length)                                              \
    MmUnmapIoSpace (DMS_MARKED ("MmUnmapIoSpace", address), (length))
#  define IoConnectInterrupt(interrupt,                                                \
                             routine,                                                  \
                             context,                                                  \
                             lock,                                                     \
                             vector,                                                   \
                             irql,                                                     \
                             synchronize_irql,                                         \
                             mode,                                                     \
                             share,                                                    \
                             mask,                                                     \
                             floating)                                                 \
    IoConnectInterrupt (                                                               \
        (dms_mark ("IoConnectInterrupt", __FILE__, __LINE__, #routine), (interrupt)),  \
        (routine),                                                                     \
        (context),                                                                     \
        (lock),                                                                        \
        (vector),                                                                      \
        (irql),                                                                        \
        (synchronize_irql),                                                            \
        (mode),                                                                        \
        (share),                                                                       \
        (mask),                                                                        \
        (floating))
#  define IoConnectInterruptEx(parameters)                                             \
    IoConnectInterruptEx (DMS_MARKED ("IoConnectInterrupt", parameters))
#  define IoDisconnectInterrupt(interrupt)                                             \
    IoDisconnectInterrupt (DMS_MARKED ("IoDisconnectInterrupt", interrupt))
#  define IoDisconnectInterruptEx(parameters)                                          \
    IoDisconnectInterruptEx (DMS_MARKED ("IoDisconnectInterrupt", parameters))
#  define IoInitializeDpcRequest(device, routine)                                      \
    IoInitializeDpcRequest (                                                           \
        (dms_mark ("IoInitializeDpcRequest", __FILE__, __LINE__, #routine), (device)), \
        (routine))
#  define KeSynchronizeExecution(interrupt, routine, context)                          \
    KeSynchronizeExecution (                                                           \
        (dms_mark ("KeSynchronizeExecution", __FILE__, __LINE__, #routine),            \
         (interrupt)),                                                                 \
        (routine),                                                                     \
        (context))
#  define KeInsertQueueDpc(dpc, one, two)                                              \
    KeInsertQueueDpc (DMS_MARKED ("KeInsertQueueDpc", dpc), (one), (two))
#  define KeSetTimer(timer, due, dpc)                                                  \
    KeSetTimer (DMS_MARKED ("KeSetTimer", timer), (due), (dpc))
#  define KeAcquireSpinLockRaiseToDpc(lock)                                            \
    KeAcquireSpinLockRaiseToDpc (DMS_MARKED ("KeAcquireSpinLock", lock))
#  define KeReleaseSpinLock(lock, irql)                                                \
    KeReleaseSpinLock (DMS_MARKED ("KeReleaseSpinLock", lock), (irql))
#  define KeWaitForSingleObject(object, reason, mode, alertable, timeout)              \
    KeWaitForSingleObject (DMS_MARKED ("KeWaitForSingleObject", object),               \
                           (reason),                                                   \
                           (mode),                                                     \
                           (alertable),                                                \
                           (timeout))
#  define IoQueueWorkItem(item, routine, type, context)                                \
    IoQueueWorkItem (                                                                  \
        (dms_mark ("IoQueueWorkItem", __FILE__, __LINE__, #routine), (item)),          \
        (routine),                                                                     \
        (type),                                                                        \
        (context))
#  define MmProbeAndLockPages(mdl, mode, operation)                                    \
    MmProbeAndLockPages (DMS_MARKED ("MmProbeAndLockPages", mdl), (mode), (operation))
#  define MmGetPhysicalAddress(address)                                                \
    MmGetPhysicalAddress (DMS_MARKED ("MmGetPhysicalAddress", address))
#  define MmUnlockPages(mdl) MmUnlockPages (DMS_MARKED ("MmUnlockPages", mdl))
#  define DbgPrint(...)                                                                \
    (dms_mark ("DbgPrint", __FILE__, __LINE__, NULL), DbgPrint (__VA_ARGS__))
#  define DbgPrintEx(...)                                                              \
    (dms_mark ("DbgPrint", __FILE__, __LINE__, NULL), DbgPrintEx (__VA_ARGS__))
#  define ExFreePoolWithTag(pointer, tag)                                              \
    ExFreePoolWithTag (DMS_MARKED ("ExFreePool", pointer), (tag))
#  define KeBugCheckEx(code, one, two, three, four)                                    \
    KeBugCheckEx (DMS_MARKED ("KeBugCheckEx", code), (one), (two), (three), (four))
#endif
