/* wdm.h — what a Windows driver sees of the system, as far as DMA needs it
 *
 * Names, members and prototypes are the documented ones; drivers written for Windows
 * compile against it as far as they use what is here. Addresses of requesters' buffers
 * are simulated (MmGetMdlVirtualAddress); the pointer of MmGetSystemAddressForMdlSafe
 * can be used.
 *
 * A routine's name is also a macro that notes where it is called; DMS_NO_MARKS turns
 * that off, and then events do not know their line.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm-dma-new.h"
#include "engine/wdm/wdm-object.h"
#include "engine/wdm/wdm-routines.h"
#include "engine/wdm/wdm-types.h"
#ifndef DMS_NO_MARKS
#  include "engine/wdm/wdm-sal.h"
#endif

/* ---- DMA
 * ------------------------------------------------------------------------------- */

#define DEVICE_DESCRIPTION_VERSION 0
#define DEVICE_DESCRIPTION_VERSION1 1
#define DEVICE_DESCRIPTION_VERSION2 2
#define DEVICE_DESCRIPTION_VERSION3 3

typedef enum _DMA_WIDTH
{
  Width8Bits,
  Width16Bits,
  Width32Bits,
  Width64Bits,
  WidthNoWrap
} DMA_WIDTH;

typedef enum _DMA_SPEED
{
  Compatible,
  TypeA,
  TypeB,
  TypeC,
  TypeF
} DMA_SPEED;

typedef struct _DEVICE_DESCRIPTION
{
  ULONG Version;
  BOOLEAN Master;
  BOOLEAN ScatterGather;
  BOOLEAN DemandMode;
  BOOLEAN AutoInitialize;
  BOOLEAN Dma32BitAddresses;
  BOOLEAN IgnoreCount;
  BOOLEAN Reserved1;
  BOOLEAN Dma64BitAddresses;
  ULONG BusNumber;
  ULONG DmaChannel;
  INTERFACE_TYPE InterfaceType;
  DMA_WIDTH DmaWidth;
  DMA_SPEED DmaSpeed;
  ULONG MaximumLength;
  ULONG DmaPort;
  /* Version 3 and later. */
  ULONG DmaAddressWidth;
  ULONG DmaControllerInstance;
  ULONG DmaRequestLine;
  PHYSICAL_ADDRESS DeviceAddress;
} DEVICE_DESCRIPTION, *PDEVICE_DESCRIPTION;

typedef struct _SCATTER_GATHER_ELEMENT
{
  PHYSICAL_ADDRESS Address; /* a logical address: what the device puts on the bus */
  ULONG Length;
  ULONG_PTR Reserved;
} SCATTER_GATHER_ELEMENT, *PSCATTER_GATHER_ELEMENT;

typedef struct _SCATTER_GATHER_LIST
{
  ULONG NumberOfElements;
  ULONG_PTR Reserved;
  SCATTER_GATHER_ELEMENT Elements[];
} SCATTER_GATHER_LIST, *PSCATTER_GATHER_LIST;

typedef enum _IO_ALLOCATION_ACTION
{
  KeepObject = 1,
  DeallocateObject,
  DeallocateObjectKeepRegisters
} IO_ALLOCATION_ACTION;

typedef struct _DMA_ADAPTER
{
  USHORT Version;
  USHORT Size;
  const struct _DMA_OPERATIONS *DmaOperations;
} DMA_ADAPTER, *PDMA_ADAPTER;

typedef IO_ALLOCATION_ACTION DRIVER_CONTROL (PDEVICE_OBJECT DeviceObject,
                                             PIRP Irp,
                                             PVOID MapRegisterBase,
                                             PVOID Context);
typedef DRIVER_CONTROL *PDRIVER_CONTROL;
typedef VOID DRIVER_LIST_CONTROL (PDEVICE_OBJECT DeviceObject,
                                  PIRP Irp,
                                  PSCATTER_GATHER_LIST ScatterGather,
                                  PVOID Context);
typedef DRIVER_LIST_CONTROL *PDRIVER_LIST_CONTROL;

typedef VOID (*PPUT_DMA_ADAPTER) (PDMA_ADAPTER DmaAdapter);
typedef PVOID (*PALLOCATE_COMMON_BUFFER) (PDMA_ADAPTER DmaAdapter,
                                          ULONG Length,
                                          PPHYSICAL_ADDRESS LogicalAddress,
                                          BOOLEAN CacheEnabled);
typedef VOID (*PFREE_COMMON_BUFFER) (PDMA_ADAPTER DmaAdapter,
                                     ULONG Length,
                                     PHYSICAL_ADDRESS LogicalAddress,
                                     PVOID VirtualAddress,
                                     BOOLEAN CacheEnabled);
typedef NTSTATUS (*PALLOCATE_ADAPTER_CHANNEL) (PDMA_ADAPTER DmaAdapter,
                                               PDEVICE_OBJECT DeviceObject,
                                               ULONG NumberOfMapRegisters,
                                               PDRIVER_CONTROL ExecutionRoutine,
                                               PVOID Context);
typedef BOOLEAN (*PFLUSH_ADAPTER_BUFFERS) (PDMA_ADAPTER DmaAdapter,
                                           PMDL Mdl,
                                           PVOID MapRegisterBase,
                                           PVOID CurrentVa,
                                           ULONG Length,
                                           BOOLEAN WriteToDevice);
typedef VOID (*PFREE_ADAPTER_CHANNEL) (PDMA_ADAPTER DmaAdapter);
typedef VOID (*PFREE_MAP_REGISTERS) (PDMA_ADAPTER DmaAdapter,
                                     PVOID MapRegisterBase,
                                     ULONG NumberOfMapRegisters);
typedef PHYSICAL_ADDRESS (*PMAP_TRANSFER) (PDMA_ADAPTER DmaAdapter,
                                           PMDL Mdl,
                                           PVOID MapRegisterBase,
                                           PVOID CurrentVa,
                                           PULONG Length,
                                           BOOLEAN WriteToDevice);
typedef ULONG (*PGET_DMA_ALIGNMENT) (PDMA_ADAPTER DmaAdapter);
typedef ULONG (*PREAD_DMA_COUNTER) (PDMA_ADAPTER DmaAdapter);
typedef NTSTATUS (*PGET_SCATTER_GATHER_LIST) (PDMA_ADAPTER DmaAdapter,
                                              PDEVICE_OBJECT DeviceObject,
                                              PMDL Mdl,
                                              PVOID CurrentVa,
                                              ULONG Length,
                                              PDRIVER_LIST_CONTROL ExecutionRoutine,
                                              PVOID Context,
                                              BOOLEAN WriteToDevice);
typedef VOID (*PPUT_SCATTER_GATHER_LIST) (PDMA_ADAPTER DmaAdapter,
                                          PSCATTER_GATHER_LIST ScatterGather,
                                          BOOLEAN WriteToDevice);

/* Flag of the routines with a transfer context: nothing waits. */
#define DMA_SYNCHRONOUS_CALLBACK 0x01
#define DMA_TRANSFER_CONTEXT_SIZE_V1 128 /* bytes, on 64-bit Windows */

typedef enum _DMA_COMPLETION_STATUS
{
  DmaComplete,
  DmaAborted,
  DmaError,
  DmaCancelled
} DMA_COMPLETION_STATUS;

typedef VOID DMA_COMPLETION_ROUTINE (PDMA_ADAPTER DmaAdapter,
                                     PDEVICE_OBJECT DeviceObject,
                                     PVOID CompletionContext,
                                     DMA_COMPLETION_STATUS Status);
typedef DMA_COMPLETION_ROUTINE *PDMA_COMPLETION_ROUTINE;
typedef NTSTATUS (*PCALCULATE_SCATTER_GATHER_LIST_SIZE) (PDMA_ADAPTER DmaAdapter,
                                                         PMDL Mdl,
                                                         PVOID CurrentVa,
                                                         ULONG Length,
                                                         PULONG ScatterGatherListSize,
                                                         PULONG pNumberOfMapRegisters);
typedef NTSTATUS (*PBUILD_SCATTER_GATHER_LIST) (PDMA_ADAPTER DmaAdapter,
                                                PDEVICE_OBJECT DeviceObject,
                                                PMDL Mdl,
                                                PVOID CurrentVa,
                                                ULONG Length,
                                                PDRIVER_LIST_CONTROL ExecutionRoutine,
                                                PVOID Context,
                                                BOOLEAN WriteToDevice,
                                                PVOID ScatterGatherBuffer,
                                                ULONG ScatterGatherLength);
typedef NTSTATUS (*PBUILD_MDL_FROM_SCATTER_GATHER_LIST) (
    PDMA_ADAPTER DmaAdapter,
    PSCATTER_GATHER_LIST ScatterGather,
    PMDL OriginalMdl,
    PMDL *TargetMdl);
typedef NTSTATUS (*PGET_DMA_ADAPTER_INFO) (PDMA_ADAPTER DmaAdapter,
                                           PDMA_ADAPTER_INFO AdapterInfo);
typedef NTSTATUS (*PGET_DMA_TRANSFER_INFO) (PDMA_ADAPTER DmaAdapter,
                                            PMDL Mdl,
                                            ULONGLONG Offset,
                                            ULONG Length,
                                            BOOLEAN WriteOnly,
                                            PDMA_TRANSFER_INFO TransferInfo);
typedef NTSTATUS (*PINITIALIZE_DMA_TRANSFER_CONTEXT) (PDMA_ADAPTER DmaAdapter,
                                                      PVOID DmaTransferContext);
typedef PVOID (*PALLOCATE_COMMON_BUFFER_EX) (PDMA_ADAPTER DmaAdapter,
                                             PPHYSICAL_ADDRESS MaximumAddress,
                                             ULONG Length,
                                             PPHYSICAL_ADDRESS LogicalAddress,
                                             BOOLEAN CacheEnabled,
                                             ULONG PreferredNode);
typedef NTSTATUS (*PALLOCATE_ADAPTER_CHANNEL_EX) (PDMA_ADAPTER DmaAdapter,
                                                  PDEVICE_OBJECT DeviceObject,
                                                  PVOID DmaTransferContext,
                                                  ULONG NumberOfMapRegisters,
                                                  ULONG Flags,
                                                  PDRIVER_CONTROL ExecutionRoutine,
                                                  PVOID ExecutionContext,
                                                  PVOID *MapRegisterBase);
typedef NTSTATUS (*PCONFIGURE_ADAPTER_CHANNEL) (PDMA_ADAPTER DmaAdapter,
                                                ULONG FunctionNumber,
                                                PVOID Context);
typedef BOOLEAN (*PCANCEL_ADAPTER_CHANNEL) (PDMA_ADAPTER DmaAdapter,
                                            PDEVICE_OBJECT DeviceObject,
                                            PVOID DmaTransferContext);
typedef NTSTATUS (*PMAP_TRANSFER_EX) (PDMA_ADAPTER DmaAdapter,
                                      PMDL Mdl,
                                      PVOID MapRegisterBase,
                                      ULONGLONG Offset,
                                      ULONG DeviceOffset,
                                      PULONG Length,
                                      BOOLEAN WriteToDevice,
                                      PSCATTER_GATHER_LIST ScatterGatherBuffer,
                                      ULONG ScatterGatherBufferLength,
                                      PDMA_COMPLETION_ROUTINE DmaCompletionRoutine,
                                      PVOID CompletionContext);
typedef NTSTATUS (*PGET_SCATTER_GATHER_LIST_EX) (
    PDMA_ADAPTER DmaAdapter,
    PDEVICE_OBJECT DeviceObject,
    PVOID DmaTransferContext,
    PMDL Mdl,
    ULONGLONG Offset,
    ULONG Length,
    ULONG Flags,
    PDRIVER_LIST_CONTROL ExecutionRoutine,
    PVOID Context,
    BOOLEAN WriteToDevice,
    PDMA_COMPLETION_ROUTINE DmaCompletionRoutine,
    PVOID CompletionContext,
    PSCATTER_GATHER_LIST *ScatterGatherList);
typedef NTSTATUS (*PBUILD_SCATTER_GATHER_LIST_EX) (
    PDMA_ADAPTER DmaAdapter,
    PDEVICE_OBJECT DeviceObject,
    PVOID DmaTransferContext,
    PMDL Mdl,
    ULONGLONG Offset,
    ULONG Length,
    ULONG Flags,
    PDRIVER_LIST_CONTROL ExecutionRoutine,
    PVOID Context,
    BOOLEAN WriteToDevice,
    PVOID ScatterGatherBuffer,
    ULONG ScatterGatherLength,
    PDMA_COMPLETION_ROUTINE DmaCompletionRoutine,
    PVOID CompletionContext,
    PSCATTER_GATHER_LIST *ScatterGatherList);
typedef NTSTATUS (*PFLUSH_ADAPTER_BUFFERS_EX) (PDMA_ADAPTER DmaAdapter,
                                               PMDL Mdl,
                                               PVOID MapRegisterBase,
                                               ULONGLONG Offset,
                                               ULONG Length,
                                               BOOLEAN WriteToDevice);
typedef VOID (*PFREE_ADAPTER_OBJECT) (PDMA_ADAPTER DmaAdapter,
                                      IO_ALLOCATION_ACTION AllocationAction);
typedef NTSTATUS (*PCANCEL_MAPPED_TRANSFER) (PDMA_ADAPTER DmaAdapter,
                                             PVOID DmaTransferContext);

/* In the documented order. What DEVICE_DESCRIPTION asks for is there up to Size;
 * members that are not modelled yet return NULL, FALSE or STATUS_NOT_IMPLEMENTED. */
typedef struct _DMA_OPERATIONS
{
  ULONG Size;
  PPUT_DMA_ADAPTER PutDmaAdapter;
  PALLOCATE_COMMON_BUFFER AllocateCommonBuffer;
  PFREE_COMMON_BUFFER FreeCommonBuffer;
  PALLOCATE_ADAPTER_CHANNEL AllocateAdapterChannel;
  PFLUSH_ADAPTER_BUFFERS FlushAdapterBuffers;
  PFREE_ADAPTER_CHANNEL FreeAdapterChannel;
  PFREE_MAP_REGISTERS FreeMapRegisters;
  PMAP_TRANSFER MapTransfer;
  PGET_DMA_ALIGNMENT GetDmaAlignment;
  PREAD_DMA_COUNTER ReadDmaCounter;
  PGET_SCATTER_GATHER_LIST GetScatterGatherList;
  PPUT_SCATTER_GATHER_LIST PutScatterGatherList;
  /* Version 2 and later. */
  PCALCULATE_SCATTER_GATHER_LIST_SIZE CalculateScatterGatherList;
  PBUILD_SCATTER_GATHER_LIST BuildScatterGatherList;
  PBUILD_MDL_FROM_SCATTER_GATHER_LIST BuildMdlFromScatterGatherList;
  /* Version 3 and later. */
  PGET_DMA_ADAPTER_INFO GetDmaAdapterInfo;
  PGET_DMA_TRANSFER_INFO GetDmaTransferInfo;
  PINITIALIZE_DMA_TRANSFER_CONTEXT InitializeDmaTransferContext;
  PALLOCATE_COMMON_BUFFER_EX AllocateCommonBufferEx;
  PALLOCATE_ADAPTER_CHANNEL_EX AllocateAdapterChannelEx;
  PCONFIGURE_ADAPTER_CHANNEL ConfigureAdapterChannel;
  PCANCEL_ADAPTER_CHANNEL CancelAdapterChannel;
  PMAP_TRANSFER_EX MapTransferEx;
  PGET_SCATTER_GATHER_LIST_EX GetScatterGatherListEx;
  PBUILD_SCATTER_GATHER_LIST_EX BuildScatterGatherListEx;
  PFLUSH_ADAPTER_BUFFERS_EX FlushAdapterBuffersEx;
  PFREE_ADAPTER_OBJECT FreeAdapterObject;
  PCANCEL_MAPPED_TRANSFER CancelMappedTransfer;
  /* Windows 10 and later. */
  PALLOCATE_DOMAIN_COMMON_BUFFER AllocateDomainCommonBuffer;
  PFLUSH_DMA_BUFFER FlushDmaBuffer;
  PJOIN_DMA_DOMAIN JoinDmaDomain;
  PLEAVE_DMA_DOMAIN LeaveDmaDomain;
  PGET_DMA_DOMAIN GetDmaDomain;
  PALLOCATE_COMMON_BUFFER_WITH_BOUNDS AllocateCommonBufferWithBounds;
  PALLOCATE_COMMON_BUFFER_VECTOR AllocateCommonBufferVector;
  PGET_COMMON_BUFFER_FROM_VECTOR_BY_INDEX GetCommonBufferFromVectorByIndex;
  PFREE_COMMON_BUFFER_FROM_VECTOR FreeCommonBufferFromVector;
  PFREE_COMMON_BUFFER_VECTOR FreeCommonBufferVector;
  PCREATE_COMMON_BUFFER_FROM_MDL CreateCommonBufferFromMdl;
} DMA_OPERATIONS;
typedef const DMA_OPERATIONS *PDMA_OPERATIONS;

/* ---- routines
 * -------------------------------------------------------------------------- */

#define PASSIVE_LEVEL 0
#define APC_LEVEL 1
#define DISPATCH_LEVEL 2

#pragma GCC visibility push(default)

PDMA_ADAPTER IoGetDmaAdapter (PDEVICE_OBJECT PhysicalDeviceObject,
                              PDEVICE_DESCRIPTION DeviceDescription,
                              PULONG NumberOfMapRegisters);
/* Obsolete: always NULL. */
typedef struct _ADAPTER_OBJECT *PADAPTER_OBJECT;
PADAPTER_OBJECT HalGetAdapter (PDEVICE_DESCRIPTION DeviceDescription,
                               PULONG NumberOfMapRegisters);
VOID KeFlushIoBuffers (PMDL Mdl, BOOLEAN ReadOperation, BOOLEAN DmaOperation);
KIRQL KeGetCurrentIrql (VOID);
VOID KeRaiseIrql (KIRQL NewIrql, PKIRQL OldIrql);
VOID KeLowerIrql (KIRQL NewIrql);
VOID IoRequestDpc (PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context);
VOID IoCompleteRequest (PIRP Irp, CCHAR PriorityBoost);
VOID IoStartNextPacket (PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable);
PVOID MmGetSystemAddressForMdlSafe (PMDL Mdl, ULONG Priority);
PMDL IoAllocateMdl (PVOID VirtualAddress,
                    ULONG Length,
                    BOOLEAN SecondaryBuffer,
                    BOOLEAN ChargeQuota,
                    PIRP Irp);
VOID MmBuildMdlForNonPagedPool (PMDL MemoryDescriptorList);
VOID IoFreeMdl (PMDL Mdl);
ULONG READ_REGISTER_ULONG (volatile ULONG *Register);
ULONG64 READ_REGISTER_ULONG64 (volatile ULONG64 *Register);
VOID WRITE_REGISTER_ULONG (volatile ULONG *Register, ULONG Value);
VOID WRITE_REGISTER_ULONG64 (volatile ULONG64 *Register, ULONG64 Value);
VOID RtlCopyMemory (PVOID Destination, const VOID *Source, SIZE_T Length);
VOID RtlZeroMemory (PVOID Destination, SIZE_T Length);
VOID RtlFillMemory (PVOID Destination, SIZE_T Length, UCHAR Fill);

#pragma GCC visibility pop

/* ---- where a routine is called
 * ---------------------------------------------------------- */

#ifndef DMS_NO_MARKS
#  define IoGetDmaAdapter(pdo, description, registers)                                 \
    IoGetDmaAdapter (DMS_MARKED ("IoGetDmaAdapter", pdo), (description), (registers))
#  define HalGetAdapter(description, registers)                                        \
    HalGetAdapter (DMS_MARKED ("HalGetAdapter", description), (registers))
#  define KeFlushIoBuffers(mdl, read, dma)                                             \
    KeFlushIoBuffers (DMS_MARKED ("KeFlushIoBuffers", mdl), (read), (dma))
#  define KeRaiseIrql(irql, old) KeRaiseIrql (DMS_MARKED ("KeRaiseIrql", irql), (old))
#  define KeLowerIrql(irql) KeLowerIrql (DMS_MARKED ("KeLowerIrql", irql))
#  define IoRequestDpc(device, irp, context)                                           \
    IoRequestDpc (DMS_MARKED ("IoRequestDpc", device), (irp), (context))
#  define IoCompleteRequest(irp, boost)                                                \
    IoCompleteRequest (DMS_MARKED ("IoCompleteRequest", irp), (boost))
#  define WRITE_REGISTER_ULONG(address, value)                                         \
    WRITE_REGISTER_ULONG (DMS_MARKED ("WRITE_REGISTER_ULONG", address), (value))
#  define WRITE_REGISTER_ULONG64(address, value)                                       \
    WRITE_REGISTER_ULONG64 (DMS_MARKED ("WRITE_REGISTER_ULONG64", address), (value))
#  define RtlCopyMemory(to, from, length)                                              \
    RtlCopyMemory (DMS_MARKED ("RtlCopyMemory", to), (from), (length))
#  define RtlZeroMemory(to, length)                                                    \
    RtlZeroMemory (DMS_MARKED ("RtlZeroMemory", to), (length))
#  define RtlFillMemory(to, length, fill)                                              \
    RtlFillMemory (DMS_MARKED ("RtlFillMemory", to), (length), (fill))

#  define IoAllocateMdl(va, length, secondary, quota, irp)                             \
    IoAllocateMdl (                                                                    \
        DMS_MARKED ("IoAllocateMdl", va), (length), (secondary), (quota), (irp))
#  define MmBuildMdlForNonPagedPool(mdl)                                               \
    MmBuildMdlForNonPagedPool (DMS_MARKED ("MmBuildMdlForNonPagedPool", mdl))
#  define IoFreeMdl(mdl) IoFreeMdl (DMS_MARKED ("IoFreeMdl", mdl))

/* Members of DMA_OPERATIONS: called as ops->GetScatterGatherList (adapter, …). */
#  define PutDmaAdapter(adapter) PutDmaAdapter (DMS_MARKED ("PutDmaAdapter", adapter))
#  define GetDmaAlignment(adapter)                                                     \
    GetDmaAlignment (DMS_MARKED ("GetDmaAlignment", adapter))
#  define CalculateScatterGatherList(adapter, ...)                                     \
    CalculateScatterGatherList (DMS_MARKED ("CalculateScatterGatherList", adapter),    \
                                __VA_ARGS__)
#  define GetDmaAdapterInfo(adapter, info)                                             \
    GetDmaAdapterInfo (DMS_MARKED ("GetDmaAdapterInfo", adapter), (info))
#  define GetDmaTransferInfo(adapter, ...)                                             \
    GetDmaTransferInfo (DMS_MARKED ("GetDmaTransferInfo", adapter), __VA_ARGS__)
#  define AllocateDomainCommonBuffer(adapter, ...)                                     \
    AllocateDomainCommonBuffer (DMS_MARKED ("AllocateDomainCommonBuffer", adapter),    \
                                __VA_ARGS__)
#  define FlushDmaBuffer(adapter, mdl, read)                                           \
    FlushDmaBuffer (DMS_MARKED ("FlushDmaBuffer", adapter), (mdl), (read))
#  define JoinDmaDomain(adapter, domain)                                               \
    JoinDmaDomain (DMS_MARKED ("JoinDmaDomain", adapter), (domain))
#  define LeaveDmaDomain(adapter)                                                      \
    LeaveDmaDomain (DMS_MARKED ("LeaveDmaDomain", adapter))
#  define GetDmaDomain(adapter) GetDmaDomain (DMS_MARKED ("GetDmaDomain", adapter))
#  define AllocateCommonBufferWithBounds(adapter, ...)                                 \
    AllocateCommonBufferWithBounds (                                                   \
        DMS_MARKED ("AllocateCommonBufferWithBounds", adapter), __VA_ARGS__)
#  define AllocateCommonBufferVector(adapter, ...)                                     \
    AllocateCommonBufferVector (DMS_MARKED ("AllocateCommonBufferVector", adapter),    \
                                __VA_ARGS__)
#  define GetCommonBufferFromVectorByIndex(adapter, ...)                               \
    GetCommonBufferFromVectorByIndex (                                                 \
        DMS_MARKED ("GetCommonBufferFromVectorByIndex", adapter), __VA_ARGS__)
#  define FreeCommonBufferFromVector(adapter, vector, index)                           \
    FreeCommonBufferFromVector (                                                       \
        DMS_MARKED ("FreeCommonBufferFromVector", adapter), (vector), (index))
#  define FreeCommonBufferVector(adapter, vector)                                      \
    FreeCommonBufferVector (DMS_MARKED ("FreeCommonBufferVector", adapter), (vector))
#  define CreateCommonBufferFromMdl(adapter, ...)                                      \
    CreateCommonBufferFromMdl (DMS_MARKED ("CreateCommonBufferFromMdl", adapter),      \
                               __VA_ARGS__)
#  define AllocateCommonBuffer(adapter, length, logical, cached)                       \
    AllocateCommonBuffer (                                                             \
        DMS_MARKED ("AllocateCommonBuffer", adapter), (length), (logical), (cached))
#  define AllocateCommonBufferEx(adapter, maximum, length, logical, cached, node)      \
    AllocateCommonBufferEx (DMS_MARKED ("AllocateCommonBufferEx", adapter),            \
                            (maximum),                                                 \
                            (length),                                                  \
                            (logical),                                                 \
                            (cached),                                                  \
                            (node))
#  define FreeCommonBuffer(adapter, length, logical, va, cached)                       \
    FreeCommonBuffer (                                                                 \
        DMS_MARKED ("FreeCommonBuffer", adapter), (length), (logical), (va), (cached))
#  define ReadDmaCounter(adapter)                                                      \
    ReadDmaCounter (DMS_MARKED ("ReadDmaCounter", adapter))
#  define AllocateAdapterChannel(adapter, device, count, routine, context)             \
    AllocateAdapterChannel (                                                           \
        (dms_mark ("AllocateAdapterChannel", __FILE__, __LINE__, #routine),            \
         (adapter)),                                                                   \
        (device),                                                                      \
        (count),                                                                       \
        (routine),                                                                     \
        (context))
#  define MapTransfer(adapter, ...)                                                    \
    MapTransfer (DMS_MARKED ("MapTransfer", adapter), __VA_ARGS__)
#  define FlushAdapterBuffers(adapter, ...)                                            \
    FlushAdapterBuffers (DMS_MARKED ("FlushAdapterBuffers", adapter), __VA_ARGS__)
#  define FreeAdapterChannel(adapter)                                                  \
    FreeAdapterChannel (DMS_MARKED ("FreeAdapterChannel", adapter))
#  define FreeMapRegisters(adapter, base, count)                                       \
    FreeMapRegisters (DMS_MARKED ("FreeMapRegisters", adapter), (base), (count))
#  define GetScatterGatherList(                                                        \
      adapter, device, mdl, va, length, routine, context, write)                       \
    GetScatterGatherList (                                                             \
        (dms_mark ("GetScatterGatherList", __FILE__, __LINE__, #routine), (adapter)),  \
        (device),                                                                      \
        (mdl),                                                                         \
        (va),                                                                          \
        (length),                                                                      \
        (routine),                                                                     \
        (context),                                                                     \
        (write))
#  define BuildScatterGatherList(                                                      \
      adapter, device, mdl, va, length, routine, context, write, buffer, bytes)        \
    BuildScatterGatherList (                                                           \
        (dms_mark ("BuildScatterGatherList", __FILE__, __LINE__, #routine),            \
         (adapter)),                                                                   \
        (device),                                                                      \
        (mdl),                                                                         \
        (va),                                                                          \
        (length),                                                                      \
        (routine),                                                                     \
        (context),                                                                     \
        (write),                                                                       \
        (buffer),                                                                      \
        (bytes))
#  define BuildMdlFromScatterGatherList(adapter, list, original, target)               \
    BuildMdlFromScatterGatherList (                                                    \
        DMS_MARKED ("BuildMdlFromScatterGatherList", adapter),                         \
        (list),                                                                        \
        (original),                                                                    \
        (target))
#  define InitializeDmaTransferContext(adapter, context)                               \
    InitializeDmaTransferContext (                                                     \
        DMS_MARKED ("InitializeDmaTransferContext", adapter), (context))
#  define AllocateAdapterChannelEx(                                                    \
      adapter, device, transfer, count, flags, routine, context, base)                 \
    AllocateAdapterChannelEx (                                                         \
        (dms_mark ("AllocateAdapterChannelEx", __FILE__, __LINE__, #routine),          \
         (adapter)),                                                                   \
        (device),                                                                      \
        (transfer),                                                                    \
        (count),                                                                       \
        (flags),                                                                       \
        (routine),                                                                     \
        (context),                                                                     \
        (base))
#  define ConfigureAdapterChannel(adapter, function, context)                          \
    ConfigureAdapterChannel (                                                          \
        DMS_MARKED ("ConfigureAdapterChannel", adapter), (function), (context))
#  define CancelAdapterChannel(adapter, device, transfer)                              \
    CancelAdapterChannel (                                                             \
        DMS_MARKED ("CancelAdapterChannel", adapter), (device), (transfer))
#  define MapTransferEx(adapter,                                                       \
                        mdl,                                                           \
                        base,                                                          \
                        offset,                                                        \
                        device_offset,                                                 \
                        length,                                                        \
                        write,                                                         \
                        list,                                                          \
                        bytes,                                                         \
                        routine,                                                       \
                        context)                                                       \
    MapTransferEx (                                                                    \
        (dms_mark ("MapTransferEx", __FILE__, __LINE__, #routine), (adapter)),         \
        (mdl),                                                                         \
        (base),                                                                        \
        (offset),                                                                      \
        (device_offset),                                                               \
        (length),                                                                      \
        (write),                                                                       \
        (list),                                                                        \
        (bytes),                                                                       \
        (routine),                                                                     \
        (context))
#  define GetScatterGatherListEx(                                                      \
      adapter, device, transfer, mdl, offset, length, flags, routine, ...)             \
    GetScatterGatherListEx (                                                           \
        (dms_mark ("GetScatterGatherListEx", __FILE__, __LINE__, #routine),            \
         (adapter)),                                                                   \
        (device),                                                                      \
        (transfer),                                                                    \
        (mdl),                                                                         \
        (offset),                                                                      \
        (length),                                                                      \
        (flags),                                                                       \
        (routine),                                                                     \
        __VA_ARGS__)
#  define BuildScatterGatherListEx(                                                    \
      adapter, device, transfer, mdl, offset, length, flags, routine, ...)             \
    BuildScatterGatherListEx (                                                         \
        (dms_mark ("BuildScatterGatherListEx", __FILE__, __LINE__, #routine),          \
         (adapter)),                                                                   \
        (device),                                                                      \
        (transfer),                                                                    \
        (mdl),                                                                         \
        (offset),                                                                      \
        (length),                                                                      \
        (flags),                                                                       \
        (routine),                                                                     \
        __VA_ARGS__)
#  define FlushAdapterBuffersEx(adapter, ...)                                          \
    FlushAdapterBuffersEx (DMS_MARKED ("FlushAdapterBuffersEx", adapter), __VA_ARGS__)
#  define FreeAdapterObject(adapter, action)                                           \
    FreeAdapterObject (DMS_MARKED ("FreeAdapterObject", adapter), (action))
#  define CancelMappedTransfer(adapter, transfer)                                      \
    CancelMappedTransfer (DMS_MARKED ("CancelMappedTransfer", adapter), (transfer))
#  define PutScatterGatherList(adapter, list, write)                                   \
    PutScatterGatherList (DMS_MARKED ("PutScatterGatherList", adapter), (list), (write))
#endif
