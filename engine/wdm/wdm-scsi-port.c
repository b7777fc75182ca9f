/* wdm-scsi-port.c — the routines of srb.h
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-port.h"

ULONG
ScsiPortInitialize (PVOID Argument1,
                    PVOID Argument2,
                    PHW_INITIALIZATION_DATA HwInitializationData,
                    PVOID HwContext)
{
  UNREFERENCED_PARAMETER (Argument1);
  UNREFERENCED_PARAMETER (Argument2);
  return wdm_srb_initialize (&dms_scsi_port_model, HwInitializationData, HwContext);
}

PVOID
ScsiPortGetDeviceBase (PVOID HwDeviceExtension,
                       INTERFACE_TYPE BusType,
                       ULONG SystemIoBusNumber,
                       SCSI_PHYSICAL_ADDRESS IoAddress,
                       ULONG NumberOfBytes,
                       BOOLEAN InIoSpace)
{
  UNREFERENCED_PARAMETER (BusType);
  UNREFERENCED_PARAMETER (SystemIoBusNumber);
  UNREFERENCED_PARAMETER (IoAddress);
  UNREFERENCED_PARAMETER (NumberOfBytes);
  UNREFERENCED_PARAMETER (InIoSpace);
  return wdm_srb_device_base (HwDeviceExtension);
}

PVOID
ScsiPortGetUncachedExtension (PVOID HwDeviceExtension,
                              PPORT_CONFIGURATION_INFORMATION ConfigInfo,
                              ULONG NumberOfBytes)
{
  return wdm_srb_uncached_extension (
      (DmsCallInfo){ .routine = DMS_ROUTINE_SCSI_PORT_GET_UNCACHED_EXTENSION,
                     .name = "ScsiPortGetUncachedExtension" },
      DMS_ROUTINE_HW_SCSI_FIND_ADAPTER,
      HwDeviceExtension,
      ConfigInfo,
      NumberOfBytes);
}

SCSI_PHYSICAL_ADDRESS
ScsiPortGetPhysicalAddress (PVOID HwDeviceExtension,
                            PSCSI_REQUEST_BLOCK Srb,
                            PVOID VirtualAddress,
                            ULONG *Length)
{
  return wdm_port_physical_address (
      (DmsCallInfo){ .routine = DMS_ROUTINE_SCSI_PORT_GET_PHYSICAL_ADDRESS,
                     .name = "ScsiPortGetPhysicalAddress" },
      HwDeviceExtension,
      Srb,
      VirtualAddress,
      Length);
}

VOID
ScsiPortNotification (SCSI_NOTIFICATION_TYPE NotificationType,
                      PVOID HwDeviceExtension,
                      ...)
{
  bool is_next = NotificationType == NextRequest || NotificationType == NextLuRequest;
  va_list arguments;

  va_start (arguments, HwDeviceExtension);
  wdm_srb_notify ((DmsCallInfo){ .routine = DMS_ROUTINE_SCSI_PORT_NOTIFICATION,
                                 .name = "ScsiPortNotification",
                                 .flags = is_next ? DMS_FLAG_FOR_CHANNEL : 0 },
                  HwDeviceExtension,
                  NotificationType,
                  arguments);
  va_end (arguments);
}

/* ---- slaves of the system's DMA controller ---- */

VOID
ScsiPortIoMapTransfer (PVOID HwDeviceExtension,
                       PSCSI_REQUEST_BLOCK Srb,
                       PVOID LogicalAddress,
                       ULONG Length)
{
  WdmPortCall call;

  if (!wdm_port_begin ((DmsCallInfo){ .routine = DMS_ROUTINE_SCSI_PORT_IO_MAP_TRANSFER,
                                      .name = "ScsiPortIoMapTransfer",
                                      .length = Length },
                       HwDeviceExtension,
                       Srb,
                       &call))
    return;
  dms_port_map (call.machine,
                &call.port->port,
                call.request,
                call.request == NULL ? 0
                                     : wdm_key (LogicalAddress) - call.request->address,
                Length);
  wdm_port_end (&call);
}

VOID
ScsiPortFlushDma (PVOID HwDeviceExtension)
{
  WdmPortCall call;

  if (!wdm_port_begin ((DmsCallInfo){ .routine = DMS_ROUTINE_SCSI_PORT_FLUSH_DMA,
                                      .name = "ScsiPortFlushDma" },
                       HwDeviceExtension,
                       NULL,
                       &call))
    return;
  dms_port_flush (call.machine, &call.port->port);
  wdm_port_end (&call);
}
