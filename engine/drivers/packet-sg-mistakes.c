/* packet-sg-mistakes.c — packet-sg with mistakes, for the lessons about them
 *
 * What is right is packet-sg's own code. The routines here take
 * the place of three of its routines when a scenario wants a
 * mistake, or the buffer touched at a bad moment.
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#define PacketSg PacketSgWithoutMistakes
#include "engine/drivers/packet-sg.c"
#undef PacketSg

#define LOOK_TAG 0x6b6f6f4c /* "Look" */

/* Reads bytes of the buffer, as a driver that needs them. */
static VOID ReadBytes(const VOID *bytes, SIZE_T length)
{
    PVOID copy =
        ExAllocatePoolWithTag(NonPagedPoolNx, length,
                              LOOK_TAG);

    if (copy == NULL)
        return;
    RtlCopyMemory(copy, bytes, length);
    ExFreePoolWithTag(copy, LOOK_TAG);
}

/* The scenario's touches: the buffer is the device's now. */
static VOID TouchBuffer(PDEVICE_OBJECT device,
                        SAMPLE_MOMENT moment)
{
    SAMPLE_TOUCH touch;
    ULONG i;

    for (i = 0; SampleTouch(device, moment, i, &touch); i++)
        if (touch.Writes)
            RtlFillMemory(touch.Bytes, touch.Length, 0x5a);
        else
            ReadBytes(touch.Bytes, touch.Length);
}

/* Mistake: what waits in bounce pages is not there yet. */
static VOID LookTooEarly(PIRP irp)
{
    PMDL mdl;

    for (mdl = irp->MdlAddress; mdl; mdl = mdl->Next)
        ReadBytes(MmGetSystemAddressForMdlSafe(
                      mdl, NormalPagePriority),
                  MmGetMdlByteCount(mdl));
}

static VOID MistakenProgramDevice(PDEVICE_OBJECT device,
                                  PIRP irp,
                                  PSCATTER_GATHER_LIST list,
                                  PVOID context)
{
    TouchBuffer(device, SAMPLE_AFTER_MAP);
    ProgramDevice(device, irp, list, context);
}

/* As packet-sg's, but for the routine that it hands over. */
static VOID MistakenStartIo(PDEVICE_OBJECT device, PIRP irp)
{
    CARD *card = device->DeviceExtension;
    PIO_STACK_LOCATION io;
    PMDL mdl;
    NTSTATUS status;
    SAMPLE_TOUCH touch;

    if (!SampleTouch(device, SAMPLE_AFTER_MAP, 0, &touch)) {
        StartIo(device, irp);
        return;
    }
    io = IoGetCurrentIrpStackLocation(irp);
    card->length = io->Parameters.Read.Length;
    card->writeToDevice = io->MajorFunction == IRP_MJ_WRITE;
    for (mdl = irp->MdlAddress; mdl; mdl = mdl->Next)
        KeFlushIoBuffers(mdl, !card->writeToDevice, TRUE);

    status = card->ops->GetScatterGatherList(
        card->adapter, device, irp->MdlAddress,
        MmGetMdlVirtualAddress(irp->MdlAddress),
        card->length, MistakenProgramDevice, NULL,
        card->writeToDevice);
    if (!NT_SUCCESS(status))
        CompleteRequest(device, irp, status, 0);
}

static VOID MistakenDpcForIsr(PKDPC dpc,
                              PDEVICE_OBJECT device,
                              PIRP irp, PVOID context)
{
    CARD *card = device->DeviceExtension;
    BOOLEAN toDevice = card->writeToDevice;

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    TouchBuffer(device, SAMPLE_BEFORE_FLUSH);
    if (SampleMistake(device, "touch-before-flush"))
        LookTooEarly(irp);

    /* Mistake: the direction is the one of the transfer. */
    if (SampleMistake(device, "wrong-direction"))
        toDevice = !toDevice;

    /* Mistake: each list is to be put back, and once. */
    if (!SampleMistake(device, "list-never-put"))
        card->ops->PutScatterGatherList(
            card->adapter, card->list, toDevice);
    if (SampleMistake(device, "list-put-twice"))
        card->ops->PutScatterGatherList(
            card->adapter, card->list, toDevice);

    card->list = NULL;
    CompleteRequest(device, irp, STATUS_SUCCESS,
                    card->length);
}

const SAMPLE_DRIVER PacketSgMistakes = {
    sizeof(CARD),     StartDevice,       MistakenStartIo,
    InterruptService, MistakenDpcForIsr, StopDevice,
};
