/* sample-parts.h — what is the same in every driver and says nothing about DMA
 *
 * packet-sg.c has all of it written out.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

#define LESSER(a, b) ((a) < (b) ? (a) : (b))

/* What the card's interrupts said. A device extension begins with it. */
typedef struct
{
  ULONG *Register; /* written back, it is clear */
  LONG Seen;       /* of it, since the last DPC */
} CARD_STATUS;

/* An interrupt service routine. At DIRQL: silence the card, leave the rest to the DPC.
 */
static inline BOOLEAN
SilenceCard (PKINTERRUPT interrupt, PVOID context)
{
  PDEVICE_OBJECT device = context;
  CARD_STATUS *status = device->DeviceExtension;
  ULONG seen = READ_REGISTER_ULONG (status->Register);

  UNREFERENCED_PARAMETER (interrupt);
  if (seen == 0)
    return FALSE;
  WRITE_REGISTER_ULONG (status->Register, seen);
  InterlockedOr (&status->Seen, (LONG)seen);
  IoRequestDpc (device, device->CurrentIrp, NULL);
  return TRUE;
}

/* For the DPC: what the interrupts said. */
static inline ULONG
TakeStatus (CARD_STATUS *status)
{
  return (ULONG)InterlockedExchange (&status->Seen, 0);
}

/* Bytes that the request is for, and which way they go. */
static inline ULONG
ReadRequest (PIRP irp, PBOOLEAN writeToDevice)
{
  PIO_STACK_LOCATION io = IoGetCurrentIrpStackLocation (irp);

  *writeToDevice = io->MajorFunction == IRP_MJ_WRITE;
  return io->Parameters.Read.Length;
}

/* Gives the request back and asks for the next one. @length: bytes moved. */
static inline VOID
CompleteRequest (PDEVICE_OBJECT device, PIRP irp, NTSTATUS status, ULONG length)
{
  irp->IoStatus.Status = status;
  irp->IoStatus.Information = length;
  IoCompleteRequest (irp, IO_NO_INCREMENT);
  IoStartNextPacket (device, FALSE);
}

/* A bus master on PCI that drives @lines address lines and moves up to @length bytes.
 */
static inline VOID
DescribeMaster (PDEVICE_DESCRIPTION can, ULONG lines, ULONG length)
{
  *can = (DEVICE_DESCRIPTION){
    .Version = DEVICE_DESCRIPTION_VERSION3,
    .Master = TRUE,
    .ScatterGather = TRUE,
    .InterfaceType = PCIBus,
    .MaximumLength = length,
    .DmaAddressWidth = lines,
    .Dma32BitAddresses = lines >= 32,
    .Dma64BitAddresses = lines == 64,
  };
}
