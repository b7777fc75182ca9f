/* storport.h — what a Storport miniport sees of Storport, as far as DMA needs it
 *
 * Names and members are the documented ones; see wdm.h and srb.h.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/srb.h"

#define STOR_MAP_NO_BUFFERS 0
#define STOR_MAP_ALL_BUFFERS 1
#define STOR_MAP_NON_READ_WRITE_BUFFERS 2

#define STOR_ADAPTER_DMA_ADDRESS_WIDTH_SPECIFIED 0x40

#define STOR_STATUS_SUCCESS 0x00000000u
#define STOR_STATUS_UNSUCCESSFUL 0xC1000001u
#define STOR_STATUS_NOT_IMPLEMENTED 0xC1000002u
#define STOR_STATUS_INSUFFICIENT_RESOURCES 0xC1000003u
#define STOR_STATUS_BUFFER_TOO_SMALL 0xC1000004u
#define STOR_STATUS_ACCESS_DENIED 0xC1000005u
#define STOR_STATUS_INVALID_PARAMETER 0xC1000006u
#define STOR_STATUS_INVALID_DEVICE_REQUEST 0xC1000007u
#define STOR_STATUS_INVALID_IRQL 0xC1000008u

typedef PHYSICAL_ADDRESS STOR_PHYSICAL_ADDRESS;

/* As SCATTER_GATHER_LIST. */
typedef struct _STOR_SCATTER_GATHER_ELEMENT
{
  STOR_PHYSICAL_ADDRESS PhysicalAddress;
  ULONG Length;
  ULONG_PTR Reserved;
} STOR_SCATTER_GATHER_ELEMENT, *PSTOR_SCATTER_GATHER_ELEMENT;

typedef struct _STOR_SCATTER_GATHER_LIST
{
  ULONG NumberOfElements;
  ULONG_PTR Reserved;
  STOR_SCATTER_GATHER_ELEMENT List[];
} STOR_SCATTER_GATHER_LIST, *PSTOR_SCATTER_GATHER_LIST;

typedef VOID STOR_EXECUTION_ROUTINE (PVOID *DeviceObject,
                                     PVOID *Irp,
                                     PSTOR_SCATTER_GATHER_LIST ScatterGather,
                                     PVOID Context);
typedef STOR_EXECUTION_ROUTINE *PPOST_SCATTER_GATHER_EXECUTE;

ULONG StorPortInitialize (PVOID Argument1,
                          PVOID Argument2,
                          PHW_INITIALIZATION_DATA HwInitializationData,
                          PVOID HwContext);
PVOID StorPortGetDeviceBase (PVOID HwDeviceExtension,
                             INTERFACE_TYPE BusType,
                             ULONG SystemIoBusNumber,
                             STOR_PHYSICAL_ADDRESS IoAddress,
                             ULONG NumberOfBytes,
                             BOOLEAN InIoSpace);
PVOID StorPortGetUncachedExtension (PVOID HwDeviceExtension,
                                    PPORT_CONFIGURATION_INFORMATION ConfigInfo,
                                    ULONG NumberOfBytes);
PSTOR_SCATTER_GATHER_LIST StorPortGetScatterGatherList (PVOID HwDeviceExtension,
                                                        PSCSI_REQUEST_BLOCK Srb);
ULONG StorPortBuildScatterGatherList (PVOID HwDeviceExtension,
                                      PVOID Mdl,
                                      PVOID CurrentVa,
                                      ULONG Length,
                                      PPOST_SCATTER_GATHER_EXECUTE ExecutionRoutine,
                                      PVOID Context,
                                      BOOLEAN WriteToDevice,
                                      PVOID ScatterGatherBuffer,
                                      ULONG ScatterGatherBufferLength);
ULONG StorPortPutScatterGatherList (PVOID HwDeviceExtension,
                                    PSTOR_SCATTER_GATHER_LIST ScatterGatherList,
                                    BOOLEAN WriteToDevice);
STOR_PHYSICAL_ADDRESS StorPortGetPhysicalAddress (PVOID HwDeviceExtension,
                                                  PSCSI_REQUEST_BLOCK Srb,
                                                  PVOID VirtualAddress,
                                                  ULONG *Length);
ULONG StorPortGetSystemAddress (PVOID HwDeviceExtension,
                                PSCSI_REQUEST_BLOCK Srb,
                                PVOID *SystemAddress);
/* RequestComplete: the SRB as third argument. */
VOID StorPortNotification (SCSI_NOTIFICATION_TYPE NotificationType,
                           PVOID HwDeviceExtension,
                           ...);

#define StorPortReadRegisterUlong(extension, address) READ_REGISTER_ULONG (address)
#define StorPortWriteRegisterUlong(extension, address, value)                          \
  WRITE_REGISTER_ULONG ((address), (value))
#define StorPortWriteRegisterUlong64(extension, address, value)                        \
  WRITE_REGISTER_ULONG64 ((address), (value))

#ifndef DMS_NO_MARKS
#  define StorPortGetUncachedExtension(extension, config, bytes)                       \
    StorPortGetUncachedExtension (                                                     \
        DMS_MARKED ("StorPortGetUncachedExtension", extension), (config), (bytes))
#  define StorPortGetScatterGatherList(extension, srb)                                 \
    StorPortGetScatterGatherList (                                                     \
        DMS_MARKED ("StorPortGetScatterGatherList", extension), (srb))
#  define StorPortBuildScatterGatherList(                                              \
      extension, mdl, va, length, routine, context, write, buffer, bytes)              \
    StorPortBuildScatterGatherList (                                                   \
        (dms_mark ("StorPortBuildScatterGatherList", __FILE__, __LINE__, #routine),    \
         (extension)),                                                                 \
        (mdl),                                                                         \
        (va),                                                                          \
        (length),                                                                      \
        (routine),                                                                     \
        (context),                                                                     \
        (write),                                                                       \
        (buffer),                                                                      \
        (bytes))
#  define StorPortPutScatterGatherList(extension, list, write)                         \
    StorPortPutScatterGatherList (                                                     \
        DMS_MARKED ("StorPortPutScatterGatherList", extension), (list), (write))
#  define StorPortGetPhysicalAddress(extension, srb, address, length)                  \
    StorPortGetPhysicalAddress (DMS_MARKED ("StorPortGetPhysicalAddress", extension),  \
                                (srb),                                                 \
                                (address),                                             \
                                (length))
#  define StorPortGetSystemAddress(extension, srb, address)                            \
    StorPortGetSystemAddress (                                                         \
        DMS_MARKED ("StorPortGetSystemAddress", extension), (srb), (address))
#  define StorPortNotification(type, ...)                                              \
    StorPortNotification (DMS_MARKED ("StorPortNotification", type), __VA_ARGS__)
#endif
