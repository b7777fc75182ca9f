/* mistakes-lists.c — scatter/gather lists, used wrongly
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include "engine/drivers/mistakes.h"

/* The driver's routine, which is called from ours. */
typedef struct {
    PDRIVER_LIST_CONTROL routine;
    PVOID context;
    PDMA_ADAPTER adapter;
    BOOLEAN writeToDevice;
} CALL;

static VOID ListControl(PDEVICE_OBJECT device, PIRP irp,
                        PSCATTER_GATHER_LIST list,
                        PVOID context)
{
    CALL call = *(CALL *)context;
    PDMA_OPERATIONS ops = SampleOperations(call.adapter);

    ExFreePoolWithTag(context, MISTAKE_TAG);
    TouchBuffer(device, SAMPLE_AFTER_MAP);
    /* Mistake: the device is told to move more than is
       mapped. */
    if (SampleMistake(device, "memory-damaged") ||
        SampleMistake(device, "outside-mapping"))
        list->Elements[list->NumberOfElements - 1].Length +=
            64;
    /* Mistake: where a page lies is no address for a device. */
    if (SampleMistake(device, "physical-address") && irp)
        list->Elements[0].Address.QuadPart =
            (LONGLONG)(MmGetMdlPfnArray(irp->MdlAddress)[0]
                       << PAGE_SHIFT) |
            MmGetMdlByteOffset(irp->MdlAddress);
    call.routine(device, irp, list, call.context);
    /* Mistake: the list is the system's. */
    if (SampleMistake(device, "list-changed"))
        list->Elements[0].Length--;
    /* Mistake: the device has only just begun. */
    if (SampleMistake(device, "put-while-running") ||
        SampleMistake(device, "touches-freed") ||
        SampleMistake(device, "iommu-fault"))
        ops->PutScatterGatherList(call.adapter, list,
                                  call.writeToDevice);
}

static BOOLEAN WantsOwnRoutine(PDEVICE_OBJECT device)
{
    SAMPLE_TOUCH touch;

    return SampleMistake(device, "memory-damaged") ||
        SampleMistake(device, "outside-mapping") ||
        SampleMistake(device, "physical-address") ||
        SampleMistake(device, "put-while-running") ||
        SampleMistake(device, "touches-freed") ||
        SampleMistake(device, "list-changed") ||
        SampleMistake(device, "iommu-fault") ||
        SampleTouch(device, SAMPLE_AFTER_MAP, 0, &touch);
}

static CALL *WrapRoutine(PDMA_ADAPTER adapter,
                         PDEVICE_OBJECT device,
                         PDRIVER_LIST_CONTROL routine,
                         PVOID context, BOOLEAN write)
{
    SAMPLE_MARK mark = SampleMark();
    CALL *call;

    if (!WantsOwnRoutine(device))
        return NULL;
    call = ExAllocatePoolWithTag(NonPagedPoolNx,
                                 sizeof(*call), MISTAKE_TAG);
    SampleMarkAgain(mark);
    if (call == NULL)
        return NULL;
    call->routine = routine;
    call->context = context;
    call->adapter = adapter;
    call->writeToDevice = write;
    return call;
}

/* Mistake: the length is more than the MDLs describe. */
static ULONG TooLong(PDMA_ADAPTER adapter, ULONG length)
{
    if (Wants(adapter, "invalid-buffer"))
        return length + 2 * PAGE_SIZE;
    return Wants(adapter, "buffer-too-short") ? length + 1
                                              : length;
}

static NTSTATUS MistakenGet(PDMA_ADAPTER adapter,
                            PDEVICE_OBJECT device, PMDL mdl,
                            PVOID va, ULONG length,
                            PDRIVER_LIST_CONTROL routine,
                            PVOID context, BOOLEAN write)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);
    CALL *call =
        WrapRoutine(adapter, device, routine, context, write);
    NTSTATUS status;

    NeedlessCalls(adapter);
    if (call != NULL)
        status = (ops->GetScatterGatherList)(
            adapter, device, mdl, va, length, ListControl,
            call, write);
    else if (TooLong(adapter, length) != length)
        status = ops->GetScatterGatherList(
            adapter, device, mdl, va,
            TooLong(adapter, length), routine, context,
            write);
    else
        status = (ops->GetScatterGatherList)(
            adapter, device, mdl, va, length, routine,
            context, write);
    if (call != NULL && !NT_SUCCESS(status))
        ExFreePoolWithTag(call, MISTAKE_TAG);
    /* Mistake: there is a list that was not put back. */
    if (Wants(adapter, "put-with-lists"))
        ops->PutDmaAdapter(adapter);
    return status;
}

static NTSTATUS MistakenBuild(
    PDMA_ADAPTER adapter, PDEVICE_OBJECT device, PMDL mdl,
    PVOID va, ULONG length, PDRIVER_LIST_CONTROL routine,
    PVOID context, BOOLEAN write, PVOID buffer, ULONG size)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);

    NeedlessCalls(adapter);
    /* Mistake: the size was asked for, and is not kept. */
    if (Wants(adapter, "list-buffer-small"))
        return ops->BuildScatterGatherList(
            adapter, device, mdl, va, length, routine,
            context, write, buffer,
            sizeof(SCATTER_GATHER_LIST));
    return (ops->BuildScatterGatherList)(
        adapter, device, mdl, va, length, routine, context,
        write, buffer, size);
}

static VOID MistakenPut(PDMA_ADAPTER adapter,
                        PSCATTER_GATHER_LIST list,
                        BOOLEAN write)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);
    PDEVICE_OBJECT device = SampleDevice(adapter);

    if (device != NULL)
        TouchBuffer(device, SAMPLE_BEFORE_FLUSH);
    if (Wants(adapter, "touch-before-flush"))
        LookTooEarly(device);
    /* Mistake: each list is to be put back. */
    if (Wants(adapter, "list-never-put"))
        return;
    /* Mistake: the direction is the one of the transfer. */
    if (Wants(adapter, "wrong-direction")) {
        ops->PutScatterGatherList(adapter, list, !write);
        return;
    }
    (ops->PutScatterGatherList)(adapter, list, write);
    /* Mistake: once is enough. */
    if (Wants(adapter, "list-put-twice"))
        ops->PutScatterGatherList(adapter, list, write);
    /* Mistake: the driver completes it, too. */
    if (Wants(adapter, "completed-twice"))
        IoCompleteRequest(device->CurrentIrp,
                          IO_NO_INCREMENT);
}

VOID MistakeLists(DMA_OPERATIONS *ops)
{
    ops->GetScatterGatherList = MistakenGet;
    ops->PutScatterGatherList = MistakenPut;
    ops->BuildScatterGatherList = MistakenBuild;
}
