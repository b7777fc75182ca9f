/* mistakes-mappings.c — MapTransfer and FlushAdapterBuffers, used wrongly
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include "engine/drivers/mistakes.h"

/* The request's own field: whoever reads it later is wrong. */
static PULONG LengthInStack(PDMA_ADAPTER adapter)
{
    PIRP irp = SampleDevice(adapter)->CurrentIrp;

    return &IoGetCurrentIrpStackLocation(irp)
                ->Parameters.Read.Length;
}

static VOID MapWrongly(PDMA_ADAPTER adapter, PMDL mdl,
                       PVOID base, PVOID va, ULONG length,
                       BOOLEAN write)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);
    SAMPLE_MARK mark = SampleMark();
    ULONG nothing = 0;

    /* Mistake: there is nothing left. */
    if (Wants(adapter, "zero-length"))
        ops->MapTransfer(adapter, mdl, base, va, &nothing,
                         write);
    /* Mistake: a system address is no index into the MDL. */
    if (Wants(adapter, "outside-mdl"))
        ops->MapTransfer(adapter, mdl, base,
                         (PUCHAR)MmGetMdlVirtualAddress(mdl) +
                             MmGetMdlByteCount(mdl) +
                             PAGE_SIZE,
                         &length, write);
    SampleMarkAgain(mark);
}

static PHYSICAL_ADDRESS MistakenMap(PDMA_ADAPTER adapter,
                                    PMDL mdl, PVOID base,
                                    PVOID va, PULONG length,
                                    BOOLEAN write)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);
    PHYSICAL_ADDRESS address;

    MapWrongly(adapter, mdl, base, va, *length, write);
    /* Mistake: the call writes to its length argument. */
    if (Wants(adapter, "length-in-stack")) {
        address = ops->MapTransfer(adapter, mdl, base, va,
                                   LengthInStack(adapter),
                                   write);
        *length = *LengthInStack(adapter);
    } else {
        address = (ops->MapTransfer)(adapter, mdl, base, va,
                                     length, write);
    }
    /* Mistake: the same piece once more. */
    if (Wants(adapter, "mapped-twice")) {
        ULONG again = *length;

        ops->MapTransfer(adapter, mdl, base, va, &again,
                         write);
    }
    /* Mistake: where a page lies is no address for a device. */
    if (Wants(adapter, "physical-address"))
        address.QuadPart =
            (LONGLONG)(MmGetMdlPfnArray(mdl)[0] << PAGE_SHIFT) |
            BYTE_OFFSET(va);
    /* Mistake: the device has yet to use them. */
    if (Wants(adapter, "freed-while-mapped"))
        ops->FreeMapRegisters(
            adapter, base,
            ADDRESS_AND_SIZE_TO_SPAN_PAGES(va, *length));
    return address;
}

static ULONG WrongLength(PDMA_ADAPTER adapter, ULONG length)
{
    /* Mistake: the piece ends before. */
    if (Wants(adapter, "flush-past-end"))
        return length + PAGE_SIZE;
    /* Mistake: the piece has more than that. */
    return Wants(adapter, "flush-too-short") ? length / 2
                                             : length;
}

static BOOLEAN MistakenFlush(PDMA_ADAPTER adapter, PMDL mdl,
                             PVOID base, PVOID va,
                             ULONG length, BOOLEAN write)
{
    PDMA_OPERATIONS ops = SampleOperations(adapter);
    ULONG wrong = WrongLength(adapter, length);
    BOOLEAN done;

    TouchBuffer(SampleDevice(adapter), SAMPLE_BEFORE_FLUSH);
    if (Wants(adapter, "touch-before-flush"))
        LookTooEarly(SampleDevice(adapter));
    /* Mistake: what is mapped has to be flushed. */
    if (Wants(adapter, "not-flushed"))
        return TRUE;
    /* Mistake: the direction is the one of the transfer. */
    if (Wants(adapter, "wrong-direction"))
        return ops->FlushAdapterBuffers(adapter, mdl, base,
                                        va, length, !write);
    if (wrong != length)
        return ops->FlushAdapterBuffers(adapter, mdl, base,
                                        va, wrong, write);
    done = (ops->FlushAdapterBuffers)(adapter, mdl, base, va,
                                      length, write);
    /* Mistake: once is enough. */
    if (Wants(adapter, "flush-not-mapped"))
        ops->FlushAdapterBuffers(adapter, mdl, base, va,
                                 length, write);
    return done;
}

VOID MistakeMappings(DMA_OPERATIONS *ops)
{
    ops->MapTransfer = MistakenMap;
    ops->FlushAdapterBuffers = MistakenFlush;
}
