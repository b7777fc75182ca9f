/* wdm-srb.c — a SCSI or Storport miniport's routines as its port driver calls them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-port.h"

#include <stdlib.h>

#define LINES_64 64
#define LINES_32 32
#define LINES_24 24

static bool
is_storport (const DmsPort *port)
{
  return port->model == &dms_storport_model;
}

/* ---- the adapter ---- */

static uint32_t
address_lines (const DmsPort *port, const PORT_CONFIGURATION_INFORMATION *config)
{
  if (is_storport (port)
      && (config->FeatureSupport & STOR_ADAPTER_DMA_ADDRESS_WIDTH_SPECIFIED) != 0)
    return config->DmaAddressWidth;
  if ((config->Dma64BitAddresses & ~(unsigned)SCSI_DMA64_SYSTEM_SUPPORTED) != 0)
    return LINES_64;
  return config->Dma32BitAddresses ? LINES_32 : LINES_24;
}

void
wdm_srb_read_config (WdmPort *port, const PORT_CONFIGURATION_INFORMATION *config)
{
  bool is_stor = is_storport (&port->port);

  port->port.limits = (DmsPortLimits){
    .is_master = is_stor || config->Master,
    .scatter_gather = is_stor || config->ScatterGather,
    .address_bits = address_lines (&port->port, config),
    .maximum_length = config->MaximumTransferLength,
    .breaks = config->NumberOfPhysicalBreaks,
    .alignment_mask = config->AlignmentMask,
    .request_bytes = config->SrbExtensionSize,
    .channel = config->DmaChannel,
    .width = (uint32_t)config->DmaWidth,
    .demand_mode = config->DemandMode != FALSE,
  };
}

static void
prepare_config (WdmPort *port)
{
  bool is_stor = is_storport (&port->port);

  port->range = (ACCESS_RANGE){ .RangeLength = (ULONG)port->port.device->window_bytes,
                                .RangeInMemory = TRUE };
  port->config = (PORT_CONFIGURATION_INFORMATION){
    .Length = sizeof port->config,
    .AdapterInterfaceType = port->hw.AdapterInterfaceType,
    .MaximumTransferLength = SP_UNINITIALIZED_VALUE,
    .NumberOfPhysicalBreaks = is_stor ? 17 : SP_UNINITIALIZED_VALUE,
    .NumberOfAccessRanges = 1,
    .AccessRanges = (ACCESS_RANGE (*)[]) (void *)&port->range,
    .NumberOfBuses = 1,
    .ScatterGather = is_stor,
    .Master = is_stor,
    .NeedPhysicalAddresses = is_stor || port->hw.NeedPhysicalAddresses,
    .MapBuffers = port->hw.MapBuffers,
    .Dma32BitAddresses = is_stor,
    .Dma64BitAddresses = SCSI_DMA64_SYSTEM_SUPPORTED,
    .SrbExtensionSize = port->hw.SrbExtensionSize,
    .MaxNumberOfIO = 1,
  };
}

static bool
find (DmsMachine *machine, DmsPort *port)
{
  WdmPort *scsi = wdm_port_of (port);
  BOOLEAN again = FALSE;
  DmsPortVisit visit;

  prepare_config (scsi);
  if (!dms_port_enter (machine,
                       port,
                       is_storport (port) ? DMS_ROUTINE_HW_STOR_FIND_ADAPTER
                                          : DMS_ROUTINE_HW_SCSI_FIND_ADAPTER,
                       DMS_CONTEXT_PASSIVE,
                       DMS_LOCK_NONE,
                       &visit))
    return false;

  DmsMachine *outer = wdm_set_current (machine);
  ULONG answer = scsi->hw.HwFindAdapter (
      scsi->extension, scsi->hw_context, NULL, NULL, &scsi->config, &again);

  wdm_set_current (outer);
  dms_port_leave (machine, port, &visit, answer);
  wdm_srb_read_config (scsi, &scsi->config);
  return answer == SP_RETURN_FOUND
         && (port->limits.is_master || scsi->hw.HwDmaStarted != NULL);
}

static bool
initialize (DmsMachine *machine, DmsPort *port)
{
  WdmPort *scsi = wdm_port_of (port);
  DmsPortVisit visit;

  if (!dms_port_enter (machine,
                       port,
                       is_storport (port) ? DMS_ROUTINE_HW_STOR_INITIALIZE
                                          : DMS_ROUTINE_HW_SCSI_INITIALIZE,
                       DMS_CONTEXT_DEVICE,
                       DMS_LOCK_INTERRUPT,
                       &visit))
    return false;

  DmsMachine *outer = wdm_set_current (machine);
  bool is_set_up = scsi->hw.HwInitialize (scsi->extension) != FALSE;

  wdm_set_current (outer);
  dms_port_leave (machine, port, &visit, is_set_up);
  return is_set_up;
}

/* ---- requests ---- */

static bool
make (DmsMachine *machine, DmsPort *port, DmsPortRequest *request)
{
  WdmBlock *block = wdm_block_new (machine, wdm_port_of (port), request);

  if (block == NULL)
    return false;
  block->srb = (SCSI_REQUEST_BLOCK){
    .Length = (USHORT)sizeof block->srb,
    .Function = SRB_FUNCTION_EXECUTE_SCSI,
    .CdbLength = 10,
    .SrbFlags = request->to_device ? SRB_FLAGS_DATA_OUT : SRB_FLAGS_DATA_IN,
    .DataTransferLength = (ULONG)request->length,
    .DataBuffer = is_storport (port) ? NULL : (PVOID)(uintptr_t)request->address,
    .SrbExtension = request->extension,
    .Cdb = { request->to_device ? SCSIOP_WRITE : SCSIOP_READ },
  };
  return true;
}

static bool
build_io (DmsMachine *machine, DmsPort *port, DmsPortRequest *request)
{
  WdmPort *scsi = wdm_port_of (port);
  WdmBlock *block = request->block;

  if (scsi->hw.HwBuildIo == NULL)
    return true;

  DmsMachine *outer = wdm_set_current (machine);

  wdm_port_before_build (scsi, block);

  bool goes_on = scsi->hw.HwBuildIo (scsi->extension, &block->srb) != FALSE;

  wdm_port_after_build (scsi, block);

  wdm_set_current (outer);
  return goes_on;
}

static bool
start_io (DmsMachine *machine, DmsPort *port, DmsPortRequest *request)
{
  WdmPort *scsi = wdm_port_of (port);
  WdmBlock *block = request->block;
  DmsMachine *outer = wdm_set_current (machine);
  bool is_taken = scsi->hw.HwStartIo (scsi->extension, &block->srb) != FALSE;

  wdm_set_current (outer);
  return is_taken;
}

static bool
interrupt (DmsMachine *machine, DmsPort *port)
{
  WdmPort *scsi = wdm_port_of (port);
  DmsMachine *outer = wdm_set_current (machine);
  bool is_ours = scsi->hw.HwInterrupt (scsi->extension) != FALSE;

  wdm_port_after_interrupt (scsi);
  wdm_set_current (outer);
  return is_ours;
}

static void
dma_started (DmsMachine *machine, DmsPort *port)
{
  WdmPort *scsi = wdm_port_of (port);
  DmsMachine *outer = wdm_set_current (machine);

  scsi->hw.HwDmaStarted (scsi->extension);
  wdm_set_current (outer);
}

static const DmsMiniportOps srb_ops = { .find = find,
                                        .initialize = initialize,
                                        .make = make,
                                        .build_io = build_io,
                                        .start_io = start_io,
                                        .interrupt = interrupt,
                                        .dma_started = dma_started,
                                        .is_unchanged = wdm_list_is_unchanged,
                                        .retire = wdm_block_retire };

ULONG
wdm_srb_initialize (const DmsPortModel *model,
                    const HW_INITIALIZATION_DATA *data,
                    PVOID context)
{
  if (data == NULL || data->HwFindAdapter == NULL || data->HwInitialize == NULL
      || data->HwStartIo == NULL || data->HwInterrupt == NULL)
    return (ULONG)STATUS_INVALID_PARAMETER;

  WdmPort *port = wdm_port_new (model, &srb_ops, data->DeviceExtensionSize);

  if (port == NULL)
    return (ULONG)STATUS_INSUFFICIENT_RESOURCES;
  port->hw = *data;
  port->hw_context = context;
  return STATUS_SUCCESS;
}

/* ---- what both port drivers do for a miniport ---- */

PVOID
wdm_srb_device_base (const void *extension)
{
  const DmsMachine *machine = wdm_current ();
  const WdmPort *port
      = machine == NULL ? NULL
                        : dms_table_get (&wdm_of (machine)->ports, wdm_key (extension));

  return port == NULL ? NULL : port->port.device->window;
}

PVOID
wdm_srb_uncached_extension (DmsCallInfo info,
                            DmsRoutine place,
                            PVOID extension,
                            const PORT_CONFIGURATION_INFORMATION *config,
                            ULONG bytes)
{
  WdmPortCall call;
  PVOID memory = NULL;

  info.length = bytes;
  if (!wdm_port_begin (info, extension, NULL, &call))
    return NULL;
  if (call.port->port.inside != place)
    dms_port_wrong_place (call.machine, &call.port->port);
  else if (config == NULL)
    dms_machine_fact (call.machine, DMS_FACT_NULL_POINTER, (DmsFactNote){ .a = 2 });
  else
    {
      wdm_srb_read_config (call.port, config);
      memory = dms_port_memory (
          call.machine, &call.port->port, bytes, config->SrbExtensionSize);
    }
  wdm_port_end_value (&call, memory != NULL, 0);
  return memory;
}

/* RequestComplete, from inside its call. */
static void
complete (const WdmPortCall *call)
{
  DmsPort *port = &call->port->port;

  call->port->ending = call->block;
  if (call->block == NULL)
    return;
  switch (call->block->srb.SrbStatus)
    {
    case SRB_STATUS_SUCCESS:
    case SRB_STATUS_DATA_OVERRUN:
      dms_port_end (call->machine,
                    port,
                    call->request,
                    DMS_NT_SUCCESS,
                    call->block->srb.DataTransferLength);
      return;
    case SRB_STATUS_INVALID_REQUEST:
      dms_port_end (call->machine, port, call->request, DMS_NT_INVALID_PARAMETER, 0);
      return;
    case SRB_STATUS_BUSY:
      dms_port_busy (call->machine, port, call->request);
      return;
    default:
      dms_port_end (call->machine, port, call->request, DMS_NT_UNSUCCESSFUL, 0);
      return;
    }
}

void
wdm_srb_notify (DmsCallInfo info,
                const void *extension,
                SCSI_NOTIFICATION_TYPE type,
                va_list arguments)
{
  bool is_complete = type == RequestComplete;
  PSCSI_REQUEST_BLOCK srb
      = is_complete ? va_arg (arguments, PSCSI_REQUEST_BLOCK) : NULL;
  WdmPortCall call;

  info.b = type;
  if (!wdm_port_begin (info, extension, srb, &call))
    return;
  if (is_complete)
    complete (&call);
  else if ((info.flags & DMS_FLAG_FOR_CHANNEL) != 0)
    dms_port_next (call.machine, &call.port->port);
  wdm_port_end (&call);
}
