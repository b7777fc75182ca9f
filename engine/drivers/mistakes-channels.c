/* mistakes-channels.c — the adapter channel and map registers, used wrongly
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include "engine/drivers/mistakes.h"

/* The driver's routine, which is called from ours. */
typedef struct {
    PDRIVER_CONTROL routine;
    PVOID context;
    PDMA_ADAPTER adapter;
} CALL;

static IO_ALLOCATION_ACTION Control(PDEVICE_OBJECT device,
                                    PIRP irp, PVOID base,
                                    PVOID context)
{
    CALL call = *(CALL *)context;
    PDMA_OPERATIONS ops = SampleOperations(call.adapter);
    IO_ALLOCATION_ACTION action;

    ExFreePoolWithTag(context, MISTAKE_TAG);
    TouchBuffer(device, SAMPLE_AFTER_MAP);
    /* Mistake: one at a time. */
    if (SampleMistake(device, "two-channels"))
        ops->AllocateAdapterChannel(call.adapter, device, 1,
                                    call.routine,
                                    call.context);
    action = call.routine(device, irp, base, call.context);
    /* Mistake: there is no such action. */
    if (SampleMistake(device, "unknown-action"))
        return (IO_ALLOCATION_ACTION)7;
    /* Mistake: the device works with the map registers. */
    if (SampleMistake(device, "deallocated-while-running"))
        return DeallocateObject;
    return action;
}

static CALL *WrapRoutine(PDMA_ADAPTER adapter,
                         PDEVICE_OBJECT device,
                         PDRIVER_CONTROL routine,
                         PVOID context)
{
    SAMPLE_MARK mark = SampleMark();
    SAMPLE_TOUCH touch;
    CALL *call;

    if (!SampleMistake(device, "two-channels") &&
        !SampleMistake(device, "unknown-action") &&
        !SampleMistake(device, "deallocated-while-running") &&
        !SampleTouch(device, SAMPLE_AFTER_MAP, 0, &touch))
        return NULL;
    call = ExAllocatePoolWithTag(NonPagedPoolNx,
                                 sizeof(*call), MISTAKE_TAG);
    SampleMarkAgain(mark);
    if (call == NULL)
        return NULL;
    call->routine = routine;
    call->context = context;
    call->adapter = adapter;
    return call;
}

static ULONG WrongCount(PDMA_ADAPTER adapter, ULONG count)
{
    /* Mistake: IoGetDmaAdapter has told how many. */
    if (Wants(adapter, "too-many-registers"))
        return count + 100000;
    /* Mistake: pages' worth of bytes are not the pages that
       the buffer touches. */
    if (Wants(adapter, "too-few-registers") && count > 1)
        return count - 1;
    return count;
}

static NTSTATUS MistakenAllocate(PDMA_ADAPTER adapter,
                                 PDEVICE_OBJECT device,
                                 ULONG count,
                                 PDRIVER_CONTROL routine,
                                 PVOID context)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);
    CALL *call =
        WrapRoutine(adapter, device, routine, context);
    ULONG wrong = WrongCount(adapter, count);
    NTSTATUS status;

    NeedlessCalls(adapter);
    if (call != NULL)
        status = (ops->AllocateAdapterChannel)(
            adapter, device, count, Control, call);
    else if (wrong != count)
        status = ops->AllocateAdapterChannel(
            adapter, device, wrong, routine, context);
    else
        status = (ops->AllocateAdapterChannel)(
            adapter, device, count, routine, context);
    if (call != NULL && !NT_SUCCESS(status))
        ExFreePoolWithTag(call, MISTAKE_TAG);
    /* Mistake: map registers, or the channel, are held. */
    if (Wants(adapter, "put-with-registers") ||
        Wants(adapter, "put-with-channel"))
        ops->PutDmaAdapter(adapter);
    return status;
}

static VOID MistakenFreeRegisters(PDMA_ADAPTER adapter,
                                  PVOID base, ULONG count)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);

    /* Mistake: they are to be freed. */
    if (Wants(adapter, "registers-never-freed"))
        return;
    /* Mistake: all that were granted, used or not. */
    if (Wants(adapter, "count-differs")) {
        ops->FreeMapRegisters(adapter, base, count - 1);
        return;
    }
    /* Mistake: this is no handle. */
    if (Wants(adapter, "wrong-base"))
        ops->FreeMapRegisters(adapter, (PUCHAR)base + 1,
                              count);
    (ops->FreeMapRegisters)(adapter, base, count);
    /* Mistake: once is enough. */
    if (Wants(adapter, "registers-freed-twice"))
        ops->FreeMapRegisters(adapter, base, count);
    /* Mistake: the channel was given back by what
       AdapterControl returned. */
    if (Wants(adapter, "channel-freed-twice"))
        ops->FreeAdapterChannel(adapter);
    /* Mistake: the driver completes it, too. */
    if (Wants(adapter, "completed-twice"))
        IoCompleteRequest(SampleDevice(adapter)->CurrentIrp,
                          IO_NO_INCREMENT);
}

static VOID MistakenFreeChannel(PDMA_ADAPTER adapter)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);

    /* Mistake: they are to be freed, with the channel. */
    if (Wants(adapter, "registers-never-freed"))
        return;
    (ops->FreeAdapterChannel)(adapter);
    /* Mistake: once is enough. */
    if (Wants(adapter, "channel-freed-twice"))
        ops->FreeAdapterChannel(adapter);
}

VOID MistakeChannels(DMA_OPERATIONS *ops)
{
    ops->AllocateAdapterChannel = MistakenAllocate;
    ops->FreeMapRegisters = MistakenFreeRegisters;
    ops->FreeAdapterChannel = MistakenFreeChannel;
}
