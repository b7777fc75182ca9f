/* wdm-storport.c — the routines of storport.h
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-port.h"

#include <assert.h>

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

  if (!wdm_port_begin (
          (DmsCallInfo){ .routine = DMS_ROUTINE_STOR_PORT_GET_SCATTER_GATHER_LIST,
                         .name = "StorPortGetScatterGatherList" },
          HwDeviceExtension,
          Srb,
          &call))
    return NULL;
  return (PSTOR_SCATTER_GATHER_LIST)wdm_port_answer_list (&call, call.block != NULL);
}

STOR_PHYSICAL_ADDRESS
StorPortGetPhysicalAddress (PVOID HwDeviceExtension,
                            PSCSI_REQUEST_BLOCK Srb,
                            PVOID VirtualAddress,
                            ULONG *Length)
{
  return wdm_port_physical_address (
      (DmsCallInfo){ .routine = DMS_ROUTINE_STOR_PORT_GET_PHYSICAL_ADDRESS,
                     .name = "StorPortGetPhysicalAddress" },
      HwDeviceExtension,
      Srb,
      VirtualAddress,
      Length);
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
  va_list arguments;

  va_start (arguments, HwDeviceExtension);
  wdm_srb_notify ((DmsCallInfo){ .routine = DMS_ROUTINE_STOR_PORT_NOTIFICATION,
                                 .name = "StorPortNotification" },
                  HwDeviceExtension,
                  NotificationType,
                  arguments);
  va_end (arguments);
}

/* ---- lists of the miniport's own ---- */

static void
deliver (DmsMachine *machine, DmsList *list)
{
  PPOST_SCATTER_GATHER_EXECUTE routine
      = (PPOST_SCATTER_GATHER_EXECUTE)list->data.routine;
  DmsMachine *outer = wdm_set_current (machine);

  wdm_list_fill (list);
  routine (NULL, NULL, list->image, list->data.context);
  wdm_set_current (outer);
}

static ULONG
stor_status (uint32_t status)
{
  switch (status)
    {
    case DMS_NT_SUCCESS:
      return STOR_STATUS_SUCCESS;
    case DMS_NT_INSUFFICIENT_RESOURCES:
      return STOR_STATUS_INSUFFICIENT_RESOURCES;
    case DMS_NT_BUFFER_TOO_SMALL:
      return STOR_STATUS_BUFFER_TOO_SMALL;
    default:
      return STOR_STATUS_INVALID_PARAMETER;
    }
}

static void
note_null (const WdmPortCall *call, uint64_t argument)
{
  dms_machine_fact (call->machine,
                    DMS_FACT_NULL_POINTER,
                    (DmsFactNote){ .device = call->port->port.device, .a = argument });
}

/* The status of a call that cannot even be tried. */
static ULONG
check_build (const WdmPortCall *call,
             const DmsListRequest *request,
             PVOID mdl,
             size_t *ret_n_mdls)
{
  if (call->machine->irql != DMS_CONTEXT_DISPATCH)
    return STOR_STATUS_INVALID_IRQL;
  if (request->data.routine == NULL)
    note_null (call, 5);
  else if (request->memory == NULL)
    note_null (call, 8);
  else if (mdl == NULL)
    dms_machine_fact (call->machine,
                      DMS_FACT_NULL_MDL,
                      (DmsFactNote){ .device = call->port->port.device });
  else if (!wdm_chain (call->machine, mdl, ret_n_mdls))
    dms_machine_fact (call->machine,
                      DMS_FACT_UNKNOWN_MDL,
                      (DmsFactNote){ .device = call->port->port.device });
  else
    return STOR_STATUS_SUCCESS;
  return STOR_STATUS_INVALID_PARAMETER;
}

ULONG
StorPortBuildScatterGatherList (PVOID HwDeviceExtension,
                                PVOID Mdl,
                                PVOID CurrentVa,
                                ULONG Length,
                                PPOST_SCATTER_GATHER_EXECUTE ExecutionRoutine,
                                PVOID Context,
                                BOOLEAN WriteToDevice,
                                PVOID ScatterGatherBuffer,
                                ULONG ScatterGatherBufferLength)
{
  WdmPortCall call;
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_STOR_PORT_BUILD_SCATTER_GATHER_LIST,
          .name = "StorPortBuildScatterGatherList",
          .b = ScatterGatherBufferLength,
          .length = Length,
          .flags = WriteToDevice ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE };

  if (!wdm_port_begin (info, HwDeviceExtension, NULL, &call))
    return STOR_STATUS_INVALID_PARAMETER;

  DmsListRequest request
      = { .adapter = call.port->port.adapter,
          .address = wdm_virtual (call.machine, CurrentVa),
          .length = Length,
          .to_device = WriteToDevice != FALSE,
          .deliver = deliver,
          .data = { .routine = (void (*) (void))ExecutionRoutine, .context = Context },
          .callback = wdm_argument ("ExecutionRoutine"),
          .memory = ScatterGatherBuffer,
          .memory_bytes = ScatterGatherBufferLength };
  ULONG status = check_build (&call, &request, Mdl, &request.n_mdls);

  if (status == STOR_STATUS_SUCCESS)
    {
      request.mdls = wdm_of (call.machine)->chain;
      status = stor_status (dms_list_get (call.machine, &request));
    }
  wdm_port_end_status (&call, status);
  return status;
}

/* The list that comes with a request is the port driver's: that one stays. */
ULONG
StorPortPutScatterGatherList (PVOID HwDeviceExtension,
                              PSTOR_SCATTER_GATHER_LIST ScatterGatherList,
                              BOOLEAN WriteToDevice)
{
  WdmPortCall call;
  DmsMachine *machine = wdm_current ();
  DmsList *list
      = machine == NULL ? NULL : dms_list_of_image (machine, ScatterGatherList);
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_STOR_PORT_PUT_SCATTER_GATHER_LIST,
          .name = "StorPortPutScatterGatherList",
          .object = list == NULL ? 0 : list->id,
          .flags = WriteToDevice ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE };
  ULONG status = STOR_STATUS_INVALID_PARAMETER;

  if (!wdm_port_begin (info, HwDeviceExtension, NULL, &call))
    return status;
  if (list == NULL || list->owns_image)
    dms_machine_fact (call.machine,
                      DMS_FACT_UNKNOWN_LIST,
                      (DmsFactNote){ .device = call.port->port.device,
                                     .object = list == NULL ? 0 : list->id });
  else
    {
      dms_list_put (call.machine, list, WriteToDevice != FALSE);
      status = STOR_STATUS_SUCCESS;
    }
  wdm_port_end_status (&call, status);
  return status;
}
