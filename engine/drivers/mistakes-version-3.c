/* mistakes-version-3.c — routines of version 3, used wrongly
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include "engine/drivers/mistakes.h"

static NTSTATUS MistakenAllocateEx(
    PDMA_ADAPTER adapter, PDEVICE_OBJECT device,
    PVOID transfer, ULONG count, ULONG flags,
    PDRIVER_CONTROL routine, PVOID context, PVOID *base)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);
    SAMPLE_MARK mark = SampleMark();
    UCHAR raw[DMA_TRANSFER_CONTEXT_SIZE_V1];

    NeedlessCalls(adapter);
    /* Mistake: nobody could be told. */
    if (Wants(adapter, "bad-combination"))
        ops->AllocateAdapterChannelEx(adapter, device,
                                      transfer, count, 0,
                                      NULL, NULL, NULL);
    /* Mistake: it was not initialized. */
    RtlZeroMemory(raw, sizeof(raw));
    if (Wants(adapter, "context-misused"))
        return ops->AllocateAdapterChannelEx(
            adapter, device, raw, count, flags, routine,
            context, base);
    /* Mistake: IoGetDmaAdapter has told how many. */
    if (Wants(adapter, "too-many-registers"))
        return ops->AllocateAdapterChannelEx(
            adapter, device, transfer, count + 100000, flags,
            routine, context, base);
    SampleMarkAgain(mark);
    return (ops->AllocateAdapterChannelEx)(
        adapter, device, transfer, count, flags, routine,
        context, base);
}

static NTSTATUS MistakenFlushEx(PDMA_ADAPTER adapter,
                                PMDL mdl, PVOID base,
                                ULONGLONG offset,
                                ULONG length, BOOLEAN write)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);
    NTSTATUS status;

    TouchBuffer(SampleDevice(adapter), SAMPLE_BEFORE_FLUSH);
    /* Mistake: what is mapped has to be flushed. */
    if (Wants(adapter, "not-flushed"))
        return STATUS_SUCCESS;
    /* Mistake: the direction is the one of the transfer. */
    if (Wants(adapter, "wrong-direction"))
        return ops->FlushAdapterBuffersEx(
            adapter, mdl, base, offset, length, !write);
    status = (ops->FlushAdapterBuffersEx)(
        adapter, mdl, base, offset, length, write);
    /* Mistake: once is enough. */
    if (Wants(adapter, "flush-not-mapped"))
        ops->FlushAdapterBuffersEx(adapter, mdl, base, offset,
                                   length, write);
    return status;
}

VOID MistakeVersion3(DMA_OPERATIONS *ops)
{
    ops->AllocateAdapterChannelEx = MistakenAllocateEx;
    ops->FlushAdapterBuffersEx = MistakenFlushEx;
}
