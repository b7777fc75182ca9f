/* irb.h — what an ATA miniport sees of the ATA port driver, as far as DMA needs it
 *
 * Names and members are the documented ones; see wdm.h. DataBuffer is a simulated
 * address, unless IRB_FLAGS_MAP_BUFFERS is set.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

/* ---- request blocks ---- */

#define IRB_FUNCTION_ATA_COMMAND 0x100
#define IRB_FUNCTION_ATA_READ (IRB_FUNCTION_ATA_COMMAND | 0x02)
#define IRB_FUNCTION_ATA_WRITE (IRB_FUNCTION_ATA_COMMAND | 0x03)

#define IRB_STATUS_PENDING 0x00
#define IRB_STATUS_SUCCESS 0x01
#define IRB_STATUS_DATALENGTH_MISMATCH 0x02
#define IRB_STATUS_DEVICE_ERROR 0x03
#define IRB_STATUS_INVALID_REQUEST 0x04
#define IRB_STATUS_BUS_RESET 0x05
#define IRB_STATUS_SELECTION_TIMEOUT 0x06
#define IRB_STATUS_BUSY 0x07

#define IRB_FLAGS_USE_DMA 0x0002
#define IRB_FLAGS_MAP_BUFFERS 0x0004
#define IRB_FLAGS_DATA_IN 0x0040
#define IRB_FLAGS_DATA_OUT 0x0080

#define IDE_COMMAND_READ_DMA 0xC8
#define IDE_COMMAND_WRITE_DMA 0xCA

#define IDE_UNINITIALIZED_VALUE ((ULONG)~0u)

typedef PHYSICAL_ADDRESS IDE_PHYSICAL_ADDRESS;

typedef struct _IDEREGS
{
  UCHAR bFeaturesReg;
  UCHAR bSectorCountReg;
  UCHAR bSectorNumberReg;
  UCHAR bCylLowReg;
  UCHAR bCylHighReg;
  UCHAR bDriveHeadReg;
  UCHAR bCommandReg;
  UCHAR bReserved;
} IDEREGS, *PIDEREGS;

typedef struct _IDE_TASK_FILE
{
  IDEREGS Previous;
  IDEREGS Current;
} IDE_TASK_FILE, *PIDE_TASK_FILE;

typedef struct _IDE_REQUEST_BLOCK
{
  USHORT Function;
  UCHAR IrbStatus;
  UCHAR AtaStatus;
  UCHAR AtaError;
  UCHAR Channel;
  UCHAR TargetId;
  UCHAR Lun;
  UCHAR CdbLength;
  UCHAR SenseInfoBufferLength;
  UCHAR SenseInfoBufferType;
  UCHAR QueueTag;
  ULONG ReservedAsUlong;
  ULONG IrbFlags;
  ULONG TimeOutValue;
  ULONG DataTransferLength;
  PVOID IrbExtension;
  PVOID DataBuffer;
  PVOID SenseInfoBuffer;
  struct _IDE_REQUEST_BLOCK *NextIrb;
  PVOID Reserved;
  union
  {
    IDE_TASK_FILE IdeTaskFile;
    UCHAR Cdb[16];
    UCHAR AsUChar[16];
  };
} IDE_REQUEST_BLOCK, *PIDE_REQUEST_BLOCK;

/* As SCATTER_GATHER_LIST. */
typedef struct _IDE_SCATTER_GATHER_ELEMENT
{
  IDE_PHYSICAL_ADDRESS PhysicalAddress;
  ULONG Length;
  ULONG_PTR Reserved;
} IDE_SCATTER_GATHER_ELEMENT, *PIDE_SCATTER_GATHER_ELEMENT;

typedef struct _IDE_SCATTER_GATHER_LIST
{
  ULONG NumberOfElements;
  ULONG_PTR Reserved;
  IDE_SCATTER_GATHER_ELEMENT List[];
} IDE_SCATTER_GATHER_LIST, *PIDE_SCATTER_GATHER_LIST;

/* ---- controller and channel ---- */

typedef enum
{
  IdeStart,
  IdeStop,
  IdePowerUp,
  IdePowerDown,
  IdeVendorDefined
} IDE_CONTROL_ACTION;

typedef struct _IDE_CONTROLLER_CONFIGURATION
{
  USHORT Version;
  UCHAR NumberOfChannels;
  UCHAR ControllerMode;
  ULONG NumberOfPhysicalBreaks; /* elements less one */
  ULONG MaximumTransferLength;
  BOOLEAN NativeModeEnabled;
  BOOLEAN Dma64BitAddress;
  BOOLEAN BusMaster;
  UCHAR AtaBusType;
  PVOID ControllerResources; /* here: the controller's registers, mapped */
} IDE_CONTROLLER_CONFIGURATION, *PIDE_CONTROLLER_CONFIGURATION;

typedef struct _IDE_CHANNEL_CONFIGURATION
{
  USHORT Version;
  UCHAR ChannelNumber;
  UCHAR ChannelMode;
  PVOID ChannelResources; /* here: the channel's registers, mapped */
  UCHAR NumberOfOverlappedRequests;
  UCHAR MaxTargetId;
  BOOLEAN SyncWithIsr;
  BOOLEAN SupportsWmi;
} IDE_CHANNEL_CONFIGURATION, *PIDE_CHANNEL_CONFIGURATION;

typedef BOOLEAN IDE_HW_INITIALIZE (PVOID ChannelExtension, PVOID DeviceParameters);
typedef BOOLEAN IDE_HW_BUILDIO (PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
typedef BOOLEAN IDE_HW_STARTIO (PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
typedef BOOLEAN IDE_HW_INTERRUPT (PVOID ChannelExtension);
typedef BOOLEAN IDE_HW_RESET (PVOID ChannelExtension);
typedef BOOLEAN IDE_HW_CONTROL (PVOID ChannelExtension,
                                IDE_CONTROL_ACTION ControlAction,
                                PVOID Parameters);

typedef struct _IDE_CHANNEL_INTERFACE
{
  USHORT Version;
  UCHAR ChannelNumber;
  UCHAR Reserved;
  ULONG ReservedUlong;
  IDE_HW_INITIALIZE *IdeHwInitialize;
  IDE_HW_BUILDIO *IdeHwBuildIo; /* may be null */
  IDE_HW_STARTIO *IdeHwStartIo;
  IDE_HW_INTERRUPT *IdeHwInterrupt;
  IDE_HW_RESET *IdeHwReset;
  IDE_HW_CONTROL *IdeHwControl;
} IDE_CHANNEL_INTERFACE, *PIDE_CHANNEL_INTERFACE;

typedef BOOLEAN IDE_CHANNEL_INIT (PVOID ChannelExtension,
                                  PIDE_CHANNEL_INTERFACE ChannelInterface,
                                  PVOID InitContext);
typedef BOOLEAN IDE_ADAPTER_CONTROL (PVOID ControllerExtension,
                                     IDE_CONTROL_ACTION ControlAction,
                                     PVOID Parameters);

typedef struct _IDE_CONTROLLER_INTERFACE
{
  USHORT Version;
  USHORT Reserved;
  ULONG ControllerExtensionSize;
  ULONG ChannelExtensionSize;
  ULONG AlignmentMask;
  IDE_CHANNEL_INIT *AtaChannelInitRoutine;
  PVOID AtaControllerChannelEnabled;
  PVOID AtaControllerTransferModeSelect;
  IDE_ADAPTER_CONTROL *AtaAdapterControl;
} IDE_CONTROLLER_INTERFACE, *PIDE_CONTROLLER_INTERFACE;

/* ---- routines ---- */

NTSTATUS AtaPortInitializeEx (PVOID DriverObject,
                              PVOID RegistryPath,
                              PIDE_CONTROLLER_INTERFACE ControllerInterface);
PVOID AtaPortGetUnCachedExtension (PVOID ChannelExtension,
                                   ULONG UncachedExtensionSize,
                                   ULONG IrbExtensionSize);
PIDE_SCATTER_GATHER_LIST AtaPortGetScatterGatherList (PVOID ChannelExtension,
                                                      PIDE_REQUEST_BLOCK Irb);
IDE_PHYSICAL_ADDRESS AtaPortGetPhysicalAddress (PVOID ChannelExtension,
                                                PIDE_REQUEST_BLOCK Irb,
                                                PVOID VirtualAddress,
                                                ULONG *Length);
VOID AtaPortCompleteRequest (PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);

#define AtaPortReadRegisterUlong(address) READ_REGISTER_ULONG (address)
#define AtaPortWriteRegisterUlong(address, value)                                      \
  WRITE_REGISTER_ULONG ((address), (value))
#define AtaPortCopyMemory(to, from, length) RtlCopyMemory ((to), (from), (length))
#define AtaPortConvertPhysicalAddressToUlong(address) ((address).LowPart)

#ifndef DMS_NO_MARKS
#  define AtaPortGetUnCachedExtension(extension, uncached, irb)                        \
    AtaPortGetUnCachedExtension (                                                      \
        DMS_MARKED ("AtaPortGetUnCachedExtension", extension), (uncached), (irb))
#  define AtaPortGetScatterGatherList(extension, irb)                                  \
    AtaPortGetScatterGatherList (                                                      \
        DMS_MARKED ("AtaPortGetScatterGatherList", extension), (irb))
#  define AtaPortGetPhysicalAddress(extension, irb, address, length)                   \
    AtaPortGetPhysicalAddress (DMS_MARKED ("AtaPortGetPhysicalAddress", extension),    \
                               (irb),                                                  \
                               (address),                                              \
                               (length))
#  define AtaPortCompleteRequest(extension, irb)                                       \
    AtaPortCompleteRequest (DMS_MARKED ("AtaPortCompleteRequest", extension), (irb))
#endif
