/* mistakes.c — adapters, common buffers, and calls that are wrong
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include "engine/drivers/mistakes.h"

/* ---- the buffer, touched at a bad moment ---- */

static VOID ReadBytes(const VOID *bytes, SIZE_T length)
{
    PVOID copy = ExAllocatePoolWithTag(NonPagedPoolNx,
                                       length, MISTAKE_TAG);

    if (copy == NULL)
        return;
    RtlCopyMemory(copy, bytes, length);
    ExFreePoolWithTag(copy, MISTAKE_TAG);
}

VOID TouchBuffer(PDEVICE_OBJECT device, SAMPLE_MOMENT moment)
{
    SAMPLE_MARK mark = SampleMark();
    SAMPLE_TOUCH touch;
    ULONG i;

    for (i = 0; SampleTouch(device, moment, i, &touch); i++)
        if (touch.Writes)
            RtlFillMemory(touch.Bytes, touch.Length, 0x5a);
        else
            ReadBytes(touch.Bytes, touch.Length);
    SampleMarkAgain(mark);
}

/* Mistake: what waits in bounce pages is not there yet. */
VOID LookTooEarly(PDEVICE_OBJECT device)
{
    SAMPLE_MARK mark = SampleMark();
    PIRP irp = device->CurrentIrp;
    PMDL mdl;

    for (mdl = irp ? irp->MdlAddress : NULL; mdl;
         mdl = mdl->Next)
        ReadBytes(MmGetSystemAddressForMdlSafe(
                      mdl, NormalPagePriority),
                  MmGetMdlByteCount(mdl));
    SampleMarkAgain(mark);
}

/* ---- calls that nobody needs ---- */

static VOID UseAdaptersWrongly(PDMA_ADAPTER adapter)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);

    /* Mistake: IoGetDmaAdapter was not called at all. */
    if (Wants(adapter, "null-adapter"))
        ops->FreeAdapterChannel(NULL);
    /* Mistake: a bus master has no channel of the controller. */
    if (Wants(adapter, "wrong-kind-of-adapter"))
        ops->ReadDmaCounter(adapter);
    /* Mistake: only at PASSIVE_LEVEL. */
    if (Wants(adapter, "wrong-irql"))
        ops->GetDmaAlignment(adapter);
}

static VOID UseMemoryWrongly(PDMA_ADAPTER adapter)
{
    PVOID memory;
    ULONG none = 0;

    /* Mistake: an MDL is needed. */
    if (Wants(adapter, "bad-pointer"))
        KeFlushIoBuffers(NULL, TRUE, TRUE);
    /* Mistake: this is no register of a device. */
    if (Wants(adapter, "register-outside"))
        WRITE_REGISTER_ULONG(&none, 1);
    if (!Wants(adapter, "pool-misused"))
        return;
    memory = ExAllocatePoolWithTag(NonPagedPoolNx, 64,
                                   MISTAKE_TAG);
    ExFreePoolWithTag(memory, MISTAKE_TAG);
    /* Mistake: it was freed. */
    ExFreePoolWithTag(memory, MISTAKE_TAG);
}

VOID NeedlessCalls(PDMA_ADAPTER adapter)
{
    SAMPLE_MARK mark = SampleMark();
    KIRQL old;

    UseAdaptersWrongly(adapter);
    UseMemoryWrongly(adapter);
    /* Mistake: nobody lowers it again. */
    if (Wants(adapter, "irql-changed"))
        KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
    SampleMarkAgain(mark);
}

/* ---- adapters and common buffers ---- */

static VOID AskForAnother(PDMA_ADAPTER adapter)
{
    SAMPLE_MARK mark = SampleMark();
    DEVICE_DESCRIPTION can;
    ULONG n;

    RtlZeroMemory(&can, sizeof(can));
    /* Mistake: IoGetDmaAdapter took its place long ago. */
    if (Wants(adapter, "hal-get-adapter"))
        HalGetAdapter(&can, &n);
    /* Mistake: there is no such version. */
    can.Version = 25;
    if (Wants(adapter, "unknown-version"))
        IoGetDmaAdapter(SampleDevice(adapter), &can, &n);
    SampleMarkAgain(mark);
}

static VOID MistakenPutAdapter(PDMA_ADAPTER adapter)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);

    AskForAnother(adapter);
    /* Mistake: the adapter is never given back. */
    if (Wants(adapter, "adapter-never-put"))
        return;
    (ops->PutDmaAdapter)(adapter);
    /* Mistake: the adapter is not ours any more. */
    if (Wants(adapter, "adapter-used-after-put"))
        ops->GetDmaAlignment(adapter);
}

static VOID MistakenFreeCommon(PDMA_ADAPTER adapter,
                               ULONG length,
                               PHYSICAL_ADDRESS logical,
                               PVOID pointer, BOOLEAN cached)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);

    /* Mistake: it has to be freed before the adapter goes. */
    if (Wants(adapter, "put-with-common-buffers"))
        return;
    /* Mistake: the length is the one of the allocation. */
    if (Wants(adapter, "common-buffer-differs")) {
        ops->FreeCommonBuffer(adapter, length + PAGE_SIZE,
                              logical, pointer, cached);
        return;
    }
    (ops->FreeCommonBuffer)(adapter, length, logical,
                            pointer, cached);
    /* Mistake: once is enough. */
    if (Wants(adapter, "common-buffer-freed-twice"))
        ops->FreeCommonBuffer(adapter, length, logical,
                              pointer, cached);
}

VOID MistakeAdapters(DMA_OPERATIONS *ops)
{
    ops->PutDmaAdapter = MistakenPutAdapter;
    ops->FreeCommonBuffer = MistakenFreeCommon;
}

VOID Mistakes(DMA_OPERATIONS *ops)
{
    MistakeAdapters(ops);
    MistakeLists(ops);
    MistakeChannels(ops);
    MistakeMappings(ops);
    MistakeVersion3(ops);
}
