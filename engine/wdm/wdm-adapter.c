/* wdm-adapter.c — adapters, as drivers ask for them and about them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-call.h"

#include <assert.h>
#include <stdlib.h>

#define IS_AT(member, place)                                                           \
  static_assert (offsetof (DEVICE_DESCRIPTION, member) == (place), "documented layout")
IS_AT (DmaChannel, DMS_DESCRIPTION_DMA_CHANNEL);
IS_AT (DmaWidth, DMS_DESCRIPTION_DMA_WIDTH);
IS_AT (MaximumLength, DMS_DESCRIPTION_MAXIMUM_LENGTH);
IS_AT (DmaAddressWidth, DMS_DESCRIPTION_DMA_ADDRESS_WIDTH);
IS_AT (DmaRequestLine, DMS_DESCRIPTION_DMA_REQUEST_LINE);

/* ---- life ---- */

static DmsDescription
read_description (const DEVICE_DESCRIPTION *from)
{
  bool is_new = from->Version >= DEVICE_DESCRIPTION_VERSION3;

  return (DmsDescription){ .version = from->Version,
                           .is_master = from->Master != FALSE,
                           .scatter_gather = from->ScatterGather != FALSE,
                           .demand_mode = from->DemandMode != FALSE,
                           .auto_initialize = from->AutoInitialize != FALSE,
                           .ignore_count = from->IgnoreCount != FALSE,
                           .lines_32 = from->Dma32BitAddresses != FALSE,
                           .lines_64 = from->Dma64BitAddresses != FALSE,
                           .bus = from->InterfaceType,
                           .channel = is_new ? from->DmaRequestLine : from->DmaChannel,
                           .width = from->DmaWidth,
                           /* Older structures end before. */
                           .address_width = is_new ? from->DmaAddressWidth : 0,
                           .maximum_length = from->MaximumLength };
}

static void
make_mistakes (WdmAdapter *adapter, const WdmDevice *device)
{
  if (device->mistakes == NULL)
    return;
  adapter->operations = *adapter->adapter.DmaOperations;
  device->mistakes (&adapter->operations);
  adapter->adapter.DmaOperations = &adapter->operations;
}

static WdmAdapter *
make_adapter (DmsMachine *machine, DmsDevice *device, const DEVICE_DESCRIPTION *from)
{
  WdmMachine *wdm = wdm_of (machine);
  DmsDescription description = read_description (from);
  WdmAdapter *made = calloc (1, sizeof *made);

  if (made == NULL || !dms_table_put (&wdm->adapters, wdm_key (&made->adapter), made))
    {
      free (made);
      return NULL;
    }
  made->kernel = dms_adapter_new (machine, device, &description);
  if (made->kernel == NULL)
    {
      free (dms_table_take (&wdm->adapters, wdm_key (&made->adapter)));
      return NULL;
    }
  /* One for all tables, as its page says; the table's Size tells them apart. */
  made->adapter.Version = 1;
  made->adapter.Size = (USHORT)sizeof (DMA_ADAPTER);
  made->adapter.DmaOperations = wdm_operations (made->kernel->version);
  make_mistakes (made, device->driver_side);
  return made;
}

static void
note (DmsMachine *machine, const WdmDevice *device, DmsFact fact, uint64_t a)
{
  dms_machine_fact (
      machine,
      fact,
      (DmsFactNote){ .device = device == NULL ? NULL : device->device, .a = a });
}

/* From inside the call. */
static WdmAdapter *
get_adapter (DmsMachine *machine,
             WdmDevice *device,
             const DEVICE_OBJECT *object,
             const DEVICE_DESCRIPTION *description)
{
  enum
  {
    DESCRIPTION_ARGUMENT = 2
  };

  if (device == NULL)
    note (machine, NULL, DMS_FACT_UNKNOWN_DEVICE, wdm_shown (object));
  if (description == NULL)
    note (machine, device, DMS_FACT_NULL_POINTER, DESCRIPTION_ARGUMENT);
  if (device == NULL || description == NULL)
    return NULL;
  return make_adapter (machine, device->device, description);
}

PDMA_ADAPTER
IoGetDmaAdapter (PDEVICE_OBJECT PhysicalDeviceObject,
                 PDEVICE_DESCRIPTION DeviceDescription,
                 PULONG NumberOfMapRegisters)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoGetDmaAdapter", &before);
  WdmAdapter *adapter = NULL;
  DmsCall call;

  if (machine == NULL)
    return NULL;

  WdmDevice *device
      = dms_table_get (&wdm_of (machine)->devices, wdm_key (PhysicalDeviceObject));
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_GET_DMA_ADAPTER,
                       .name = "IoGetDmaAdapter",
                       .device = device == NULL ? NULL : device->device };

  if (dms_call_enter (machine, &info, &call))
    {
      adapter = get_adapter (machine, device, PhysicalDeviceObject, DeviceDescription);
      /* A pointer of the host says nothing; that there is none does. */
      if (adapter == NULL)
        dms_call_leave_value (machine, &call, 0, 0);
      else
        dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
  if (adapter == NULL)
    return NULL;
  if (NumberOfMapRegisters != NULL)
    *NumberOfMapRegisters = adapter->kernel->allowed;
  return &adapter->adapter;
}

/* Obsolete since Windows 2000: there is none by that way. */
PADAPTER_OBJECT
HalGetAdapter (PDEVICE_DESCRIPTION DeviceDescription, PULONG NumberOfMapRegisters)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("HalGetAdapter", &before);
  DmsCallInfo info
      = { .routine = DMS_ROUTINE_HAL_GET_ADAPTER, .name = "HalGetAdapter" };
  DmsCall call;

  UNREFERENCED_PARAMETER (DeviceDescription);
  if (machine == NULL)
    return NULL;
  if (dms_call_enter (machine, &info, &call))
    dms_call_leave_value (machine, &call, 0, 0);
  if (NumberOfMapRegisters != NULL)
    *NumberOfMapRegisters = 0;
  wdm_end (machine, before);
  return NULL;
}

VOID
wdm_put_dma_adapter (PDMA_ADAPTER DmaAdapter)
{
  WdmCall call;
  WdmCallInfo info
      = { .routine = DMS_ROUTINE_PUT_DMA_ADAPTER, .name = "PutDmaAdapter" };

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return;
  if (call.adapter != NULL)
    dms_adapter_put (call.adapter);
  wdm_call_leave (&call);
}

/* ---- what it can do ---- */

ULONG
wdm_get_dma_alignment (PDMA_ADAPTER DmaAdapter)
{
  WdmCall call;
  WdmCallInfo info
      = { .routine = DMS_ROUTINE_GET_DMA_ALIGNMENT, .name = "GetDmaAlignment" };
  ULONG alignment = 1;

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return alignment;
  if (call.adapter != NULL)
    alignment = dms_adapter_alignment (call.machine, call.adapter);
  wdm_call_leave_value (&call, alignment);
  return alignment;
}

static void
fill_adapter_info (const WdmCall *call, DMA_ADAPTER_INFO_V1 *info)
{
  const DmsAdapter *adapter = call->adapter;

  *info = (DMA_ADAPTER_INFO_V1){
    .ReadDmaCounterAvailable = adapter->is_slave && !adapter->ignore_count,
    .ScatterGatherLimit = adapter->scatter_gather ? adapter->allowed : 1,
    .DmaAddressWidth = dms_adapter_lines (adapter),
    .Flags = ADAPTER_INFO_SYNCHRONOUS_CALLBACK,
    .MinimumTransferUnit = dms_adapter_alignment (call->machine, adapter)
  };
}

NTSTATUS
wdm_get_dma_adapter_info (PDMA_ADAPTER DmaAdapter, PDMA_ADAPTER_INFO AdapterInfo)
{
  enum
  {
    INFO_ARGUMENT = 2
  };
  WdmCall call;
  WdmCallInfo info
      = { .routine = DMS_ROUTINE_GET_DMA_ADAPTER_INFO, .name = "GetDmaAdapterInfo" };

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_UNSUCCESSFUL;
  if (AdapterInfo == NULL)
    wdm_call_fact (&call, DMS_FACT_NULL_POINTER, INFO_ARGUMENT, 0);
  if (call.adapter == NULL || AdapterInfo == NULL)
    return wdm_call_leave_status (&call, DMS_NT_INVALID_PARAMETER);
  if (AdapterInfo->Version != DMA_ADAPTER_INFO_VERSION1)
    return wdm_call_leave_status (&call, DMS_NT_NOT_SUPPORTED);
  fill_adapter_info (&call, &AdapterInfo->V1);
  return wdm_call_leave_status (&call, DMS_NT_SUCCESS);
}

/* ---- what a transfer would need ---- */

/* The chain that begins at @mdl; none, with a fact, when it is no chain. */
static size_t
chain_of (const WdmCall *call, PMDL mdl)
{
  size_t n = 0;

  if (mdl == NULL)
    wdm_call_fact (call, DMS_FACT_NULL_MDL, 0, 0);
  else if (!wdm_chain (call->machine, mdl, &n))
    {
      wdm_call_fact (call, DMS_FACT_UNKNOWN_MDL, wdm_shown (mdl), 0);
      n = 0;
    }
  return n;
}

static uint32_t
narrow (uint64_t value)
{
  return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

/* From inside the call. */
static uint32_t
calculate (const WdmCall *call, PMDL mdl, DmsSizeRequest request, ULONG sizes[2])
{
  uint64_t bytes = 0;
  uint64_t registers = 0;

  if (mdl != NULL)
    {
      request.n_mdls = chain_of (call, mdl);
      request.mdls = wdm_of (call->machine)->chain;
      if (request.n_mdls == 0)
        return DMS_NT_INVALID_PARAMETER;
    }

  uint32_t status = dms_adapter_list_size (
      call->machine, call->adapter, &request, &bytes, &registers);

  if (status == DMS_NT_SUCCESS)
    {
      sizes[0] = narrow (bytes);
      sizes[1] = narrow (registers);
    }
  return status;
}

NTSTATUS
wdm_calculate_scatter_gather_list (PDMA_ADAPTER DmaAdapter,
                                   PMDL Mdl,
                                   PVOID CurrentVa,
                                   ULONG Length,
                                   PULONG ScatterGatherListSize,
                                   PULONG pNumberOfMapRegisters)
{
  enum
  {
    SIZE_ARGUMENT = 5
  };
  WdmCall call;
  WdmCallInfo info = { .routine = DMS_ROUTINE_CALCULATE_SCATTER_GATHER_LIST,
                       .name = "CalculateScatterGatherList",
                       .length = Length };
  uint32_t status = DMS_NT_INVALID_PARAMETER;
  ULONG sizes[2] = { 0, 0 };

  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_UNSUCCESSFUL;

  DmsSizeRequest request
      = { .address = wdm_virtual (call.machine, CurrentVa), .length = Length };

  if (ScatterGatherListSize == NULL)
    wdm_call_fact (&call, DMS_FACT_NULL_POINTER, SIZE_ARGUMENT, 0);
  else if (call.adapter != NULL)
    status = calculate (&call, Mdl, request, sizes);
  if (status == DMS_NT_SUCCESS)
    {
      *ScatterGatherListSize = sizes[0];
      if (pNumberOfMapRegisters != NULL)
        *pNumberOfMapRegisters = sizes[1];
    }
  return wdm_call_leave_status (&call, status);
}

static void
fill_transfer_info (const WdmCall *call, DMA_TRANSFER_INFO *info, uint64_t pages)
{
  info->V1.MapRegisterCount = narrow (pages);
  info->V1.ScatterGatherElementCount = narrow (pages);
  info->V1.ScatterGatherListSize
      = narrow (dms_policy_list_bytes (call->machine, pages));
  if (info->Version == DMA_TRANSFER_INFO_VERSION2)
    info->V2.LogicalPageCount = narrow (pages);
}

NTSTATUS
wdm_get_dma_transfer_info (PDMA_ADAPTER DmaAdapter,
                           PMDL Mdl,
                           ULONGLONG Offset,
                           ULONG Length,
                           BOOLEAN WriteOnly,
                           PDMA_TRANSFER_INFO TransferInfo)
{
  enum
  {
    INFO_ARGUMENT = 6
  };
  WdmCall call;
  WdmCallInfo info = { .routine = DMS_ROUTINE_GET_DMA_TRANSFER_INFO,
                       .name = "GetDmaTransferInfo",
                       .length = Length };
  uint64_t pages = 0;

  /* It matters only where caches do not follow DMA. */
  UNREFERENCED_PARAMETER (WriteOnly);
  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return STATUS_UNSUCCESSFUL;
  if (TransferInfo == NULL)
    wdm_call_fact (&call, DMS_FACT_NULL_POINTER, INFO_ARGUMENT, 0);
  if (call.adapter == NULL || TransferInfo == NULL)
    return wdm_call_leave_status (&call, DMS_NT_INVALID_PARAMETER);
  if (TransferInfo->Version != DMA_TRANSFER_INFO_VERSION1
      && TransferInfo->Version != DMA_TRANSFER_INFO_VERSION2)
    return wdm_call_leave_status (&call, DMS_NT_NOT_SUPPORTED);

  size_t n = chain_of (&call, Mdl);

  if (n > 0)
    pages = dms_adapter_transfer_size (
        call.machine, call.adapter, wdm_of (call.machine)->chain, n, Offset, Length);
  if (pages == 0)
    return wdm_call_leave_status (&call, DMS_NT_INVALID_PARAMETER);
  fill_transfer_info (&call, TransferInfo, pages);
  return wdm_call_leave_status (&call, DMS_NT_SUCCESS);
}
