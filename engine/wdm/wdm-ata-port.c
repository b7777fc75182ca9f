/* wdm-ata-port.c — the routines of irb.h, and an ATA miniport's as its port driver
 * calls them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-port.h"

#include <assert.h>
#include <stdlib.h>

static_assert (sizeof (IDE_SCATTER_GATHER_LIST) == sizeof (SCATTER_GATHER_LIST)
                   && sizeof (IDE_SCATTER_GATHER_ELEMENT)
                          == sizeof (SCATTER_GATHER_ELEMENT),
               "one layout");

#define LINES_64 64
#define LINES_32 32

/* ---- the miniport's routines ---- */

static bool
start_controller (DmsMachine *machine, WdmPort *port)
{
  IDE_CONTROLLER_CONFIGURATION config
      = { .Version = (USHORT)sizeof config,
          .NumberOfChannels = 1,
          .NumberOfPhysicalBreaks = IDE_UNINITIALIZED_VALUE,
          .MaximumTransferLength = IDE_UNINITIALIZED_VALUE,
          .ControllerResources = port->port.device->window };
  DmsPortVisit visit;

  if (!dms_port_enter (machine,
                       &port->port,
                       DMS_ROUTINE_ATA_ADAPTER_CONTROL,
                       DMS_CONTEXT_PASSIVE,
                       DMS_LOCK_NONE,
                       &visit))
    return false;

  bool is_there = port->controller.AtaAdapterControl (
      port->controller_extension, IdeStart, &config);

  dms_port_leave (machine, &port->port, &visit, is_there);
  port->port.limits = (DmsPortLimits){
    .is_master = config.BusMaster != FALSE,
    .scatter_gather = true,
    .address_bits = config.Dma64BitAddress ? LINES_64 : LINES_32,
    .maximum_length = config.MaximumTransferLength,
    .breaks = config.NumberOfPhysicalBreaks,
    .alignment_mask = port->controller.AlignmentMask,
  };
  return is_there && config.BusMaster;
}

static bool
init_channel (DmsMachine *machine, WdmPort *port)
{
  DmsPortVisit visit;

  port->channel
      = (IDE_CHANNEL_INTERFACE){ .Version = (USHORT)sizeof (IDE_CHANNEL_INTERFACE) };
  if (!dms_port_enter (machine,
                       &port->port,
                       DMS_ROUTINE_ATA_CHANNEL_INIT,
                       DMS_CONTEXT_PASSIVE,
                       DMS_LOCK_NONE,
                       &visit))
    return false;

  bool is_there = port->controller.AtaChannelInitRoutine (
      port->extension, &port->channel, port->controller_extension);

  dms_port_leave (machine, &port->port, &visit, is_there);
  return is_there && port->channel.IdeHwStartIo != NULL
         && port->channel.IdeHwInterrupt != NULL && port->channel.IdeHwControl != NULL;
}

static bool
control_channel (DmsMachine *machine, WdmPort *port, IDE_CONTROL_ACTION action)
{
  IDE_CHANNEL_CONFIGURATION config = { .Version = (USHORT)sizeof config,
                                       .ChannelResources = port->port.device->window,
                                       .NumberOfOverlappedRequests = 1,
                                       .MaxTargetId = 1 };
  DmsPortVisit visit;

  if (!dms_port_enter (machine,
                       &port->port,
                       DMS_ROUTINE_IDE_HW_CONTROL,
                       DMS_CONTEXT_PASSIVE,
                       DMS_LOCK_NONE,
                       &visit))
    return false;

  bool is_done = port->channel.IdeHwControl (
      port->extension, action, action == IdeStart ? &config : NULL);

  dms_port_leave (machine, &port->port, &visit, is_done);
  return is_done;
}

static bool
find (DmsMachine *machine, DmsPort *port)
{
  WdmPort *ata = wdm_port_of (port);
  DmsMachine *outer = wdm_set_current (machine);
  bool is_there = start_controller (machine, ata) && init_channel (machine, ata)
                  && control_channel (machine, ata, IdeStart);

  wdm_set_current (outer);
  return is_there;
}

static void
stop (DmsMachine *machine, DmsPort *port)
{
  DmsMachine *outer = wdm_set_current (machine);

  (void)control_channel (machine, wdm_port_of (port), IdeStop);
  wdm_set_current (outer);
}

static bool
make (DmsMachine *machine, DmsPort *port, DmsPortRequest *request)
{
  WdmBlock *block = wdm_block_new (machine, wdm_port_of (port), request);

  if (block == NULL)
    return false;
  block->irb = (IDE_REQUEST_BLOCK){
    .Function = request->to_device ? IRB_FUNCTION_ATA_WRITE : IRB_FUNCTION_ATA_READ,
    .IrbFlags
    = IRB_FLAGS_USE_DMA | (request->to_device ? IRB_FLAGS_DATA_OUT : IRB_FLAGS_DATA_IN),
    .DataTransferLength = (ULONG)request->length,
    .IrbExtension = request->extension,
    .DataBuffer = (PVOID)(uintptr_t)request->address,
    .IdeTaskFile.Current.bCommandReg
    = request->to_device ? IDE_COMMAND_WRITE_DMA : IDE_COMMAND_READ_DMA,
  };
  return true;
}

static void
complete (DmsMachine *machine, DmsPort *port, WdmBlock *block)
{
  switch (block->irb.IrbStatus)
    {
    case IRB_STATUS_SUCCESS:
    case IRB_STATUS_DATALENGTH_MISMATCH:
      dms_port_end (
          machine, port, block->request, DMS_NT_SUCCESS, block->irb.DataTransferLength);
      return;
    case IRB_STATUS_INVALID_REQUEST:
      dms_port_end (machine, port, block->request, DMS_NT_INVALID_PARAMETER, 0);
      return;
    case IRB_STATUS_BUSY:
      dms_port_busy (machine, port, block->request);
      return;
    default:
      dms_port_end (machine, port, block->request, DMS_NT_UNSUCCESSFUL, 0);
      return;
    }
}

/* What it returns is ignored; a status that it has set completes the request. */
static bool
build_io (DmsMachine *machine, DmsPort *port, DmsPortRequest *request)
{
  WdmPort *ata = wdm_port_of (port);
  WdmBlock *block = request->block;

  if (ata->channel.IdeHwBuildIo == NULL)
    return true;

  DmsMachine *outer = wdm_set_current (machine);

  wdm_port_before_build (ata, block);
  (void)ata->channel.IdeHwBuildIo (ata->extension, &block->irb);
  wdm_port_after_build (ata, block);
  wdm_set_current (outer);
  if ((block->irb.IrbFlags & IRB_FLAGS_MAP_BUFFERS) != 0)
    block->irb.DataBuffer = wdm_port_system_address (machine, request);
  if (block->irb.IrbStatus != IRB_STATUS_PENDING && !request->is_ended)
    complete (machine, port, block);
  return !request->is_ended;
}

static bool
start_io (DmsMachine *machine, DmsPort *port, DmsPortRequest *request)
{
  WdmPort *ata = wdm_port_of (port);
  WdmBlock *block = request->block;
  DmsMachine *outer = wdm_set_current (machine);
  bool is_taken = ata->channel.IdeHwStartIo (ata->extension, &block->irb) != FALSE;

  wdm_set_current (outer);
  return is_taken;
}

static bool
interrupt (DmsMachine *machine, DmsPort *port)
{
  WdmPort *ata = wdm_port_of (port);
  DmsMachine *outer = wdm_set_current (machine);
  bool is_ours = ata->channel.IdeHwInterrupt (ata->extension) != FALSE;

  wdm_port_after_interrupt (ata);
  wdm_set_current (outer);
  return is_ours;
}

static const DmsMiniportOps ata_ops = { .find = find,
                                        .make = make,
                                        .build_io = build_io,
                                        .start_io = start_io,
                                        .interrupt = interrupt,
                                        .stop = stop,
                                        .is_unchanged = wdm_list_is_unchanged,
                                        .retire = wdm_block_retire };

NTSTATUS
AtaPortInitializeEx (PVOID DriverObject,
                     PVOID RegistryPath,
                     PIDE_CONTROLLER_INTERFACE ControllerInterface)
{
  UNREFERENCED_PARAMETER (DriverObject);
  UNREFERENCED_PARAMETER (RegistryPath);
  if (ControllerInterface == NULL || ControllerInterface->AtaAdapterControl == NULL
      || ControllerInterface->AtaChannelInitRoutine == NULL)
    return STATUS_INVALID_PARAMETER;

  void *controller
      = calloc (1, (size_t)ControllerInterface->ControllerExtensionSize + 1);
  WdmPort *port = controller == NULL
                      ? NULL
                      : wdm_port_new (&dms_ata_port_model,
                                      &ata_ops,
                                      ControllerInterface->ChannelExtensionSize);

  if (port == NULL)
    {
      free (controller);
      return STATUS_INSUFFICIENT_RESOURCES;
    }
  port->controller_extension = controller;
  port->controller = *ControllerInterface;
  return STATUS_SUCCESS;
}

/* ---- what the miniport calls ---- */

/* The page of IdeHwBuildIo forbids all of these there. The one exception is ours,
 * because the overview tells to translate the list there: AtaPortGetScatterGatherList.
 */
static void
check_place (const WdmPortCall *call)
{
  if (call->port->port.inside == DMS_ROUTINE_IDE_HW_BUILD_IO)
    dms_port_wrong_place (call->machine, &call->port->port);
}

PVOID
AtaPortGetUnCachedExtension (PVOID ChannelExtension,
                             ULONG UncachedExtensionSize,
                             ULONG IrbExtensionSize)
{
  WdmPortCall call;
  PVOID memory = NULL;

  if (!wdm_port_begin (
          (DmsCallInfo){ .routine = DMS_ROUTINE_ATA_PORT_GET_UNCACHED_EXTENSION,
                         .name = "AtaPortGetUnCachedExtension",
                         .b = IrbExtensionSize,
                         .length = UncachedExtensionSize },
          ChannelExtension,
          NULL,
          &call))
    return NULL;
  if (call.port->port.inside == DMS_ROUTINE_IDE_HW_CONTROL)
    memory = dms_port_memory (
        call.machine, &call.port->port, UncachedExtensionSize, IrbExtensionSize);
  else
    dms_port_wrong_place (call.machine, &call.port->port);
  wdm_port_end_value (&call, memory != NULL, 0);
  return memory;
}

PIDE_SCATTER_GATHER_LIST
AtaPortGetScatterGatherList (PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
  WdmPortCall call;

  if (!wdm_port_begin (
          (DmsCallInfo){ .routine = DMS_ROUTINE_ATA_PORT_GET_SCATTER_GATHER_LIST,
                         .name = "AtaPortGetScatterGatherList" },
          ChannelExtension,
          Irb,
          &call))
    return NULL;

  bool has_none = call.request != NULL && (Irb->IrbFlags & IRB_FLAGS_USE_DMA) == 0;

  if (has_none)
    dms_machine_fact (call.machine,
                      DMS_FACT_LIST_NOT_THERE,
                      (DmsFactNote){ .device = call.port->port.device,
                                     .transfer = call.request->transfer,
                                     .object = call.request->list,
                                     .a = Irb->IrbFlags });
  return (PIDE_SCATTER_GATHER_LIST)wdm_port_answer_list (
      &call, call.block != NULL && !has_none);
}

IDE_PHYSICAL_ADDRESS
AtaPortGetPhysicalAddress (PVOID ChannelExtension,
                           PIDE_REQUEST_BLOCK Irb,
                           PVOID VirtualAddress,
                           ULONG *Length)
{
  WdmPortCall call;

  if (!wdm_port_begin (
          (DmsCallInfo){ .routine = DMS_ROUTINE_ATA_PORT_GET_PHYSICAL_ADDRESS,
                         .name = "AtaPortGetPhysicalAddress" },
          ChannelExtension,
          Irb,
          &call))
    return (IDE_PHYSICAL_ADDRESS){ .QuadPart = 0 };
  check_place (&call);
  return wdm_port_answer_address (&call, VirtualAddress, Length);
}

VOID
AtaPortCompleteRequest (PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
  WdmPortCall call;

  if (!wdm_port_begin ((DmsCallInfo){ .routine = DMS_ROUTINE_ATA_PORT_COMPLETE_REQUEST,
                                      .name = "AtaPortCompleteRequest" },
                       ChannelExtension,
                       Irb,
                       &call))
    return;
  check_place (&call);
  call.port->ending = call.block;
  if (call.block != NULL)
    complete (call.machine, &call.port->port, call.block);
  wdm_port_end (&call);
}
