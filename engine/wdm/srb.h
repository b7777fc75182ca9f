/* srb.h — what a SCSI miniport sees of the SCSI port driver, as far as DMA needs it
 *
 * Names and members are the documented ones; see wdm.h. storport.h adds what Storport
 * has beside them: the structures are the same for both, and members that one of them
 * has alone say so.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

/* ---- request blocks ---- */

#define SRB_FUNCTION_EXECUTE_SCSI 0x00

#define SRB_STATUS_PENDING 0x00
#define SRB_STATUS_SUCCESS 0x01
#define SRB_STATUS_ABORTED 0x02
#define SRB_STATUS_ERROR 0x04
#define SRB_STATUS_BUSY 0x05
#define SRB_STATUS_INVALID_REQUEST 0x06
#define SRB_STATUS_DATA_OVERRUN 0x12

#define SRB_FLAGS_DATA_IN 0x00000040  /* from the device */
#define SRB_FLAGS_DATA_OUT 0x00000080 /* to the device */

#define SCSIOP_READ 0x28
#define SCSIOP_WRITE 0x2A

#define SP_UNINITIALIZED_VALUE ((ULONG)~0u)

typedef PHYSICAL_ADDRESS SCSI_PHYSICAL_ADDRESS;

typedef struct _SCSI_REQUEST_BLOCK
{
  USHORT Length;
  UCHAR Function;
  UCHAR SrbStatus;
  UCHAR ScsiStatus;
  UCHAR PathId;
  UCHAR TargetId;
  UCHAR Lun;
  UCHAR QueueTag;
  UCHAR QueueAction;
  UCHAR CdbLength;
  UCHAR SenseInfoBufferLength;
  ULONG SrbFlags;
  ULONG DataTransferLength;
  ULONG TimeOutValue;
  /* SCSI port: a simulated address, for ScsiPortGetPhysicalAddress. Storport: null. */
  PVOID DataBuffer;
  PVOID SenseInfoBuffer;
  struct _SCSI_REQUEST_BLOCK *NextSrb;
  PVOID OriginalRequest;
  PVOID SrbExtension;
  ULONG InternalStatus;
  ULONG Reserved;
  UCHAR Cdb[16];
} SCSI_REQUEST_BLOCK, *PSCSI_REQUEST_BLOCK;

/* ---- the adapter ---- */

#define SCSI_DMA64_MINIPORT_SUPPORTED 0x01
#define SCSI_DMA64_SYSTEM_SUPPORTED 0x80

#define SP_RETURN_NOT_FOUND 0u
#define SP_RETURN_FOUND 1u
#define SP_RETURN_ERROR 2u
#define SP_RETURN_BAD_CONFIG 3u

typedef struct _ACCESS_RANGE
{
  SCSI_PHYSICAL_ADDRESS RangeStart;
  ULONG RangeLength;
  BOOLEAN RangeInMemory;
} ACCESS_RANGE, *PACCESS_RANGE;

typedef struct _PORT_CONFIGURATION_INFORMATION
{
  ULONG Length;
  ULONG SystemIoBusNumber;
  INTERFACE_TYPE AdapterInterfaceType;
  ULONG BusInterruptLevel;
  ULONG MaximumTransferLength;
  /* SCSI port: elements less one, 0 for no scatter/gather. Storport: elements. */
  ULONG NumberOfPhysicalBreaks;
  ULONG DmaChannel;
  ULONG DmaPort;
  DMA_WIDTH DmaWidth;
  DMA_SPEED DmaSpeed;
  ULONG AlignmentMask;
  ULONG NumberOfAccessRanges;
  ACCESS_RANGE (*AccessRanges)[];
  UCHAR NumberOfBuses;
  BOOLEAN ScatterGather;
  BOOLEAN Master;
  BOOLEAN NeedPhysicalAddresses;
  BOOLEAN DemandMode;
  UCHAR MapBuffers;
  BOOLEAN BufferAccessScsiPortControlled;
  UCHAR MaximumNumberOfTargets;
  BOOLEAN Dma32BitAddresses;
  UCHAR Dma64BitAddresses;
  ULONG SrbExtensionSize;
  ULONG SpecificLuExtensionSize;
  /* Storport: how many requests are with the miniport at most; here always one. */
  ULONG MaxNumberOfIO;
  /* Storport: address lines that the adapter drives. */
  ULONG FeatureSupport;
  ULONG DmaAddressWidth;
} PORT_CONFIGURATION_INFORMATION, *PPORT_CONFIGURATION_INFORMATION;

typedef BOOLEAN HW_INITIALIZE (PVOID DeviceExtension);
typedef BOOLEAN HW_STARTIO (PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb);
typedef BOOLEAN HW_BUILDIO (PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb);
typedef BOOLEAN HW_INTERRUPT (PVOID DeviceExtension);
typedef BOOLEAN HW_RESET_BUS (PVOID DeviceExtension, ULONG PathId);
typedef VOID HW_DMA_STARTED (PVOID DeviceExtension);
typedef ULONG HW_FIND_ADAPTER (PVOID DeviceExtension,
                               PVOID HwContext,
                               PVOID BusInformation,
                               PCHAR ArgumentString,
                               PPORT_CONFIGURATION_INFORMATION ConfigInfo,
                               PBOOLEAN Again);

typedef struct _HW_INITIALIZATION_DATA
{
  ULONG HwInitializationDataSize;
  INTERFACE_TYPE AdapterInterfaceType;
  HW_INITIALIZE *HwInitialize;
  HW_STARTIO *HwStartIo;
  HW_INTERRUPT *HwInterrupt;
  HW_FIND_ADAPTER *HwFindAdapter;
  HW_RESET_BUS *HwResetBus;
  HW_DMA_STARTED *HwDmaStarted;
  PVOID HwAdapterState;
  ULONG DeviceExtensionSize;
  ULONG SpecificLuExtensionSize;
  ULONG SrbExtensionSize;
  ULONG NumberOfAccessRanges;
  PVOID Reserved;
  UCHAR MapBuffers;
  BOOLEAN NeedPhysicalAddresses;
  BOOLEAN TaggedQueuing;
  BOOLEAN AutoRequestSense;
  BOOLEAN MultipleRequestPerLu;
  BOOLEAN ReceiveEvent;
  PVOID HwAdapterControl;
  HW_BUILDIO *HwBuildIo; /* Storport; may be null */
} HW_INITIALIZATION_DATA, *PHW_INITIALIZATION_DATA;

/* ---- routines of the SCSI port driver ---- */

typedef enum _SCSI_NOTIFICATION_TYPE
{
  RequestComplete,
  NextRequest,
  NextLuRequest,
  ResetDetected
} SCSI_NOTIFICATION_TYPE;

ULONG ScsiPortInitialize (PVOID Argument1,
                          PVOID Argument2,
                          PHW_INITIALIZATION_DATA HwInitializationData,
                          PVOID HwContext);
PVOID ScsiPortGetDeviceBase (PVOID HwDeviceExtension,
                             INTERFACE_TYPE BusType,
                             ULONG SystemIoBusNumber,
                             SCSI_PHYSICAL_ADDRESS IoAddress,
                             ULONG NumberOfBytes,
                             BOOLEAN InIoSpace);
PVOID ScsiPortGetUncachedExtension (PVOID HwDeviceExtension,
                                    PPORT_CONFIGURATION_INFORMATION ConfigInfo,
                                    ULONG NumberOfBytes);
SCSI_PHYSICAL_ADDRESS ScsiPortGetPhysicalAddress (PVOID HwDeviceExtension,
                                                  PSCSI_REQUEST_BLOCK Srb,
                                                  PVOID VirtualAddress,
                                                  ULONG *Length);
/* @LogicalAddress: an address of DataBuffer, whatever it is called. */
VOID ScsiPortIoMapTransfer (PVOID HwDeviceExtension,
                            PSCSI_REQUEST_BLOCK Srb,
                            PVOID LogicalAddress,
                            ULONG Length);
VOID ScsiPortFlushDma (PVOID HwDeviceExtension);
/* RequestComplete: the SRB as third argument. */
VOID ScsiPortNotification (SCSI_NOTIFICATION_TYPE NotificationType,
                           PVOID HwDeviceExtension,
                           ...);

#define ScsiPortReadRegisterUlong(address) READ_REGISTER_ULONG (address)
#define ScsiPortWriteRegisterUlong(address, value)                                     \
  WRITE_REGISTER_ULONG ((address), (value))

#ifndef DMS_NO_MARKS
#  define ScsiPortGetUncachedExtension(extension, config, bytes)                       \
    ScsiPortGetUncachedExtension (                                                     \
        DMS_MARKED ("ScsiPortGetUncachedExtension", extension), (config), (bytes))
#  define ScsiPortGetPhysicalAddress(extension, srb, address, length)                  \
    ScsiPortGetPhysicalAddress (DMS_MARKED ("ScsiPortGetPhysicalAddress", extension),  \
                                (srb),                                                 \
                                (address),                                             \
                                (length))
#  define ScsiPortIoMapTransfer(extension, srb, address, length)                       \
    ScsiPortIoMapTransfer (                                                            \
        DMS_MARKED ("ScsiPortIoMapTransfer", extension), (srb), (address), (length))
#  define ScsiPortFlushDma(extension)                                                  \
    ScsiPortFlushDma (DMS_MARKED ("ScsiPortFlushDma", extension))
#  define ScsiPortNotification(type, ...)                                              \
    ScsiPortNotification (DMS_MARKED ("ScsiPortNotification", type), __VA_ARGS__)
#endif
