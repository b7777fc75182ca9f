/* wdm-storport.c — the routines of storport.h
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-port.h"

#include <assert.h>
#include <stdarg.h>

static_assert (sizeof (STOR_SCATTER_GATHER_LIST) == sizeof (SCATTER_GATHER_LIST)
                   && sizeof (STOR_SCATTER_GATHER_ELEMENT)
                          == sizeof (SCATTER_GATHER_ELEMENT),
               "one layout");

ULONG
StorPortInitialize (PVOID Argument1,
                    PVOID Argument2,
                    PHW_INITIALIZATION_DATA HwInitializationData,
                    PVOID HwContext)
{
  UNREFERENCED_PARAMETER (Argument1);
  UNREFERENCED_PARAMETER (Argument2);
  return wdm_srb_initialize (&dms_storport_model, HwInitializationData, HwContext);
}

PVOID
StorPortGetDeviceBase (PVOID HwDeviceExtension,
                       INTERFACE_TYPE BusType,
                       ULONG SystemIoBusNumber,
                       STOR_PHYSICAL_ADDRESS IoAddress,
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
StorPortGetUncachedExtension (PVOID HwDeviceExtension,
                              PPORT_CONFIGURATION_INFORMATION ConfigInfo,
                              ULONG NumberOfBytes)
{
  return wdm_srb_uncached_extension (
      (DmsCallInfo){ .routine = DMS_ROUTINE_STOR_PORT_GET_UNCACHED_EXTENSION,
                     .name = "StorPortGetUncachedExtension" },
      DMS_ROUTINE_HW_STOR_FIND_ADAPTER,
      HwDeviceExtension,
      ConfigInfo,
      NumberOfBytes);
}

PSTOR_SCATTER_GATHER_LIST
StorPortGetScatterGatherList (PVOID HwDeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
  WdmPortCall call;
  const DmsList *list = NULL;

  if (!wdm_port_begin (
          (DmsCallInfo){ .routine = DMS_ROUTINE_STOR_PORT_GET_SCATTER_GATHER_LIST,
                         .name = "StorPortGetScatterGatherList" },
          HwDeviceExtension,
          Srb,
          &call))
    return NULL;
  if (call.block != NULL)
    list = dms_port_list (call.machine, &call.port->port, call.request, 0);
  wdm_port_end_value (&call, list == NULL ? 0 : list->n_elements, 0);
  return list == NULL ? NULL : list->image;
}

STOR_PHYSICAL_ADDRESS
StorPortGetPhysicalAddress (PVOID HwDeviceExtension,
                            PSCSI_REQUEST_BLOCK Srb,
                            PVOID VirtualAddress,
                            ULONG *Length)
{
  WdmPortCall call;

  if (!wdm_port_begin (
          (DmsCallInfo){ .routine = DMS_ROUTINE_STOR_PORT_GET_PHYSICAL_ADDRESS,
                         .name = "StorPortGetPhysicalAddress" },
          HwDeviceExtension,
          Srb,
          &call))
    return (STOR_PHYSICAL_ADDRESS){ .QuadPart = 0 };
  return wdm_port_answer_address (&call, VirtualAddress, Length);
}

ULONG
StorPortGetSystemAddress (PVOID HwDeviceExtension,
                          PSCSI_REQUEST_BLOCK Srb,
                          PVOID *SystemAddress)
{
  ULONG status = STOR_STATUS_INVALID_PARAMETER;
  WdmPortCall call;

  if (!wdm_port_begin (
          (DmsCallInfo){ .routine = DMS_ROUTINE_STOR_PORT_GET_SYSTEM_ADDRESS,
                         .name = "StorPortGetSystemAddress" },
          HwDeviceExtension,
          Srb,
          &call))
    return status;
  if (call.request != NULL && SystemAddress != NULL)
    {
      *SystemAddress = wdm_port_system_address (call.machine, call.request);
      status = *SystemAddress == NULL ? STOR_STATUS_UNSUCCESSFUL : STOR_STATUS_SUCCESS;
    }
  wdm_port_end_status (&call, status);
  return status;
}

VOID
StorPortNotification (SCSI_NOTIFICATION_TYPE NotificationType,
                      PVOID HwDeviceExtension,
                      ...)
{
  PSCSI_REQUEST_BLOCK srb = NULL;
  WdmPortCall call;
  va_list arguments;

  va_start (arguments, HwDeviceExtension);
  if (NotificationType == RequestComplete)
    srb = va_arg (arguments, PSCSI_REQUEST_BLOCK);
  va_end (arguments);
  if (!wdm_port_begin ((DmsCallInfo){ .routine = DMS_ROUTINE_STOR_PORT_NOTIFICATION,
                                      .name = "StorPortNotification",
                                      .b = NotificationType },
                       HwDeviceExtension,
                       srb,
                       &call))
    return;
  if (NotificationType == RequestComplete)
    wdm_srb_complete (&call);
  wdm_port_end (&call);
}
