/* dms-routine-list.h — the routines that a call event can name
 *
 *   DMS_ROUTINE (ID, number, "name", "documentation page", LOW, HIGH, SAYINGS)
 *     number     is stored in traces and is never given to another routine
 *     LOW, HIGH  the lowest and the highest IRQL at which it may be called (routines of
 *                the system), or is called (routines of a driver), as its page says
 *
 * First the system's documented routines, from 100 on the roles that a driver's own routines
 * play; their name comes from the driver's source. SAY as in dms-event-list.h.
 *
 * SPDX-License-Identifier: MIT
 */

/* clang-format off */

DMS_ROUTINE (IO_GET_DMA_ADAPTER, 1, "IoGetDmaAdapter", "nf-wdm-iogetdmaadapter", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver asks for an adapter object and says in a DEVICE_DESCRIPTION what {device} can do."), ""))
DMS_ROUTINE (PUT_DMA_ADAPTER, 2, "PutDmaAdapter", "nc-wdm-pput_dma_adapter", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver gives {device}'s adapter object back."), ""))
DMS_ROUTINE (KE_FLUSH_IO_BUFFERS, 3, "KeFlushIoBuffers", "nf-wdm-keflushiobuffers", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver makes memory current for DMA with KeFlushIoBuffers."),
       N_ ("On x86 and x64 the caches follow DMA by themselves and the call does nothing; elsewhere it matters.")))
DMS_ROUTINE (GET_SCATTER_GATHER_LIST, 4, "GetScatterGatherList", "nc-wdm-pget_scatter_gather_list", DISPATCH, DISPATCH,
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("The driver asks for a scatter/gather list of {length}, from the buffer to the device."), "")
  SAY (0, 0, N_ ("The driver asks for a scatter/gather list of {length}, from the device into the buffer."), ""))
DMS_ROUTINE (PUT_SCATTER_GATHER_LIST, 5, "PutScatterGatherList", "nc-wdm-pput_scatter_gather_list", DISPATCH, DISPATCH,
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("The driver gives the list back with PutScatterGatherList."), N_ ("Nothing needs to be copied: the bytes went to the device."))
  SAY (0, 0, N_ ("The driver gives the list back with PutScatterGatherList."), N_ ("What waits in bounce pages is copied to the buffer first; then the map registers go back and the list is freed.")))
DMS_ROUTINE (IO_REQUEST_DPC, 6, "IoRequestDpc", "nf-wdm-iorequestdpc", DEVICE, DEVICE,
  SAY (0, 0, N_ ("The driver asks for its DPC: the rest can wait until the IRQL is lower."), ""))
DMS_ROUTINE (IO_COMPLETE_REQUEST, 7, "IoCompleteRequest", "nf-wdm-iocompleterequest", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver completes the request with IoCompleteRequest."), ""))
DMS_ROUTINE (KE_RAISE_IRQL, 8, "KeRaiseIrql", "nf-wdm-keraiseirql", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver raises the IRQL."), ""))
DMS_ROUTINE (KE_LOWER_IRQL, 9, "KeLowerIrql", "nf-wdm-kelowerirql", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver lowers the IRQL."), ""))

DMS_ROUTINE (ALLOCATE_COMMON_BUFFER, 10, "AllocateCommonBuffer", "nc-wdm-pallocate_common_buffer", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver asks for {length} of memory that it shares with {device}."), N_ ("It lies in a row for the device and stays mapped, so neither side has to map or flush anything.")))
DMS_ROUTINE (FREE_COMMON_BUFFER, 11, "FreeCommonBuffer", "nc-wdm-pfree_common_buffer", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver frees the memory that it shares with {device}."), ""))
DMS_ROUTINE (ALLOCATE_ADAPTER_CHANNEL, 12, "AllocateAdapterChannel", "nc-wdm-pallocate_adapter_channel", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The driver asks for the adapter channel and map registers with AllocateAdapterChannel."), N_ ("Its AdapterControl routine is called when both are there, perhaps before this call returns.")))
DMS_ROUTINE (FLUSH_ADAPTER_BUFFERS, 13, "FlushAdapterBuffers", "nc-wdm-pflush_adapter_buffers", PASSIVE, DISPATCH,
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("The driver flushes {length} with FlushAdapterBuffers."), N_ ("Nothing needs to be copied: the bytes went to the device."))
  SAY (0, 0, N_ ("The driver flushes {length} with FlushAdapterBuffers."), N_ ("What waits in bounce pages is copied to the buffer now.")))
DMS_ROUTINE (FREE_ADAPTER_CHANNEL, 14, "FreeAdapterChannel", "nc-wdm-pfree_adapter_channel", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The driver frees {device}'s adapter channel, and the map registers with it."), N_ ("This is the way out after AdapterControl returned KeepObject.")))
DMS_ROUTINE (FREE_MAP_REGISTERS, 15, "FreeMapRegisters", "nc-wdm-pfree_map_registers", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The driver frees its map registers."), N_ ("This is the way out after AdapterControl returned DeallocateObjectKeepRegisters.")))
DMS_ROUTINE (MAP_TRANSFER, 16, "MapTransfer", "nc-wdm-pmap_transfer", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver maps up to {length} with MapTransfer."), N_ ("One call maps one piece that is in a row for the device. For a device with scatter/gather it may be shorter than asked for; then the driver calls again.")))
DMS_ROUTINE (GET_DMA_ALIGNMENT, 17, "GetDmaAlignment", "nc-wdm-pget_dma_alignment", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver asks how {device}'s buffers have to be aligned."), ""))
DMS_ROUTINE (READ_DMA_COUNTER, 18, "ReadDmaCounter", "nc-wdm-pread_dma_counter", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver reads how many bytes the DMA controller has still to move."), N_ ("The controller goes on meanwhile.")))
DMS_ROUTINE (CALCULATE_SCATTER_GATHER_LIST, 19, "CalculateScatterGatherList", "nc-wdm-pcalculate_scatter_gather_list_size", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver asks how big a list for {length} would be."), ""))
DMS_ROUTINE (BUILD_SCATTER_GATHER_LIST, 20, "BuildScatterGatherList", "nc-wdm-pbuild_scatter_gather_list", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The driver asks for a scatter/gather list of {length} in memory of its own."), N_ ("As nothing is allocated, the call cannot fail for lack of memory.")))
DMS_ROUTINE (BUILD_MDL_FROM_SCATTER_GATHER_LIST, 21, "BuildMdlFromScatterGatherList", "nc-wdm-pbuild_mdl_from_scatter_gather_list", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver asks for an MDL that describes what the list describes."), N_ ("The routine is documented as reserved for the system.")))
DMS_ROUTINE (GET_DMA_ADAPTER_INFO, 22, "GetDmaAdapterInfo", "nc-wdm-pget_dma_adapter_info", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver asks what the adapter can do."), ""))
DMS_ROUTINE (GET_DMA_TRANSFER_INFO, 23, "GetDmaTransferInfo", "nc-wdm-pget_dma_transfer_info", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver asks what a transfer of {length} would need."), ""))
DMS_ROUTINE (INITIALIZE_DMA_TRANSFER_CONTEXT, 24, "InitializeDmaTransferContext", "nc-wdm-pinitialize_dma_transfer_context", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver prepares a transfer context: the handle by which one request can be cancelled."), ""))
DMS_ROUTINE (ALLOCATE_COMMON_BUFFER_EX, 25, "AllocateCommonBufferEx", "nc-wdm-pallocate_common_buffer_ex", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver asks for {length} of memory that it shares with {device}, not above an address of its choice."), ""))
DMS_ROUTINE (ALLOCATE_ADAPTER_CHANNEL_EX, 26, "AllocateAdapterChannelEx", "nc-wdm-pallocate_adapter_channel_ex", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The driver asks for the adapter channel and map registers with AllocateAdapterChannelEx."), N_ ("With a transfer context several requests of one device can wait, and each can be cancelled.")))
DMS_ROUTINE (CONFIGURE_ADAPTER_CHANNEL, 27, "ConfigureAdapterChannel", "nc-wdm-pconfigure_adapter_channel", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver asks for a special function of the DMA controller."), ""))
DMS_ROUTINE (CANCEL_ADAPTER_CHANNEL, 28, "CancelAdapterChannel", "nc-wdm-pcancel_adapter_channel", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver cancels its request for the adapter channel."), N_ ("It works as long as the request waits; what is granted has to be given back in the usual way.")))
DMS_ROUTINE (MAP_TRANSFER_EX, 29, "MapTransferEx", "nc-wdm-pmap_transfer_ex", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver maps up to {length} with MapTransferEx, along the whole chain of MDLs."), ""))
DMS_ROUTINE (GET_SCATTER_GATHER_LIST_EX, 30, "GetScatterGatherListEx", "nc-wdm-pget_scatter_gather_list_ex", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The driver asks for a scatter/gather list of {length}, with a transfer context."), ""))
DMS_ROUTINE (BUILD_SCATTER_GATHER_LIST_EX, 31, "BuildScatterGatherListEx", "nc-wdm-pbuild_scatter_gather_list_ex", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The driver asks for a scatter/gather list of {length} in memory of its own, with a transfer context."), ""))
DMS_ROUTINE (FLUSH_ADAPTER_BUFFERS_EX, 32, "FlushAdapterBuffersEx", "nc-wdm-pflush_adapter_buffers_ex", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver flushes {length} with FlushAdapterBuffersEx."), N_ ("What waits in bounce pages is copied to the buffer now.")))
DMS_ROUTINE (FREE_ADAPTER_OBJECT, 33, "FreeAdapterObject", "nc-wdm-pfree_adapter_object", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver says with FreeAdapterObject what becomes of channel and map registers."), N_ ("It is for those that were granted without a callback: there is no return value to say it with.")))
DMS_ROUTINE (CANCEL_MAPPED_TRANSFER, 34, "CancelMappedTransfer", "nc-wdm-pcancel_mapped_transfer", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver stops a transfer that the DMA controller is working on."), N_ ("It has to be flushed all the same.")))
DMS_ROUTINE (ALLOCATE_DOMAIN_COMMON_BUFFER, 35, "AllocateDomainCommonBuffer", "nc-wdm-pallocate_domain_common_buffer", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver asks for shared memory in a DMA domain."), ""))
DMS_ROUTINE (FLUSH_DMA_BUFFER, 36, "FlushDmaBuffer", "nc-wdm-pflush_dma_buffer", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver flushes a DMA buffer."), ""))
DMS_ROUTINE (JOIN_DMA_DOMAIN, 37, "JoinDmaDomain", "nc-wdm-pjoin_dma_domain", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver joins a DMA domain."), ""))
DMS_ROUTINE (LEAVE_DMA_DOMAIN, 38, "LeaveDmaDomain", "nc-wdm-pleave_dma_domain", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver leaves its DMA domain."), ""))
DMS_ROUTINE (GET_DMA_DOMAIN, 39, "GetDmaDomain", "nc-wdm-pget_dma_domain", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver asks for the handle of its DMA domain."), ""))
DMS_ROUTINE (ALLOCATE_COMMON_BUFFER_WITH_BOUNDS, 40, "AllocateCommonBufferWithBounds", "nc-wdm-pallocate_common_buffer_with_bounds", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver asks for shared memory between two addresses."), ""))
DMS_ROUTINE (ALLOCATE_COMMON_BUFFER_VECTOR, 41, "AllocateCommonBufferVector", "nc-wdm-pallocate_common_buffer_vector", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver asks for a vector of shared buffers."), ""))
DMS_ROUTINE (GET_COMMON_BUFFER_FROM_VECTOR, 42, "GetCommonBufferFromVectorByIndex", "nc-wdm-pget_common_buffer_from_vector_by_index", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver asks for one buffer of a vector."), ""))
DMS_ROUTINE (FREE_COMMON_BUFFER_FROM_VECTOR, 43, "FreeCommonBufferFromVector", "nc-wdm-pfree_common_buffer_from_vector", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver frees one buffer of a vector."), ""))
DMS_ROUTINE (FREE_COMMON_BUFFER_VECTOR, 44, "FreeCommonBufferVector", "nc-wdm-pfree_common_buffer_vector", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver frees a vector of shared buffers."), ""))
DMS_ROUTINE (CREATE_COMMON_BUFFER_FROM_MDL, 45, "CreateCommonBufferFromMdl", "nc-wdm-pcreate-common-buffer-from-mdl", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver asks to use the pages of an MDL as shared memory."), ""))
DMS_ROUTINE (HAL_GET_ADAPTER, 46, "HalGetAdapter", "bug-check-0xe6--driver-verifier-dma-violation", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver asks for an adapter object with HalGetAdapter, which is obsolete."), N_ ("IoGetDmaAdapter took its place.")))
DMS_ROUTINE (MM_GET_PHYSICAL_ADDRESS, 47, "MmGetPhysicalAddress", "nf-ntddk-mmgetphysicaladdress", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver asks where in memory an address lies."), N_ ("That is no address for a device: it may be out of reach, or behind an IOMMU.")))

DMS_ROUTINE (DRIVER_ENTRY, 100, "DriverEntry", "nc-wdm-driver_initialize", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The system loads the driver and calls {name}."), ""))
DMS_ROUTINE (ADD_DEVICE, 101, "AddDevice", "nc-wdm-driver_add_device", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The system has found {device} and calls {name}."), ""))
DMS_ROUTINE (START_DEVICE, 102, "StartDevice", "irp-mn-start-device", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The system starts {device}: it calls {name}."), ""))
DMS_ROUTINE (START_IO, 103, "StartIo", "nc-wdm-driver_startio", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The system hands the request to the driver: it calls {name} at {irql}."), ""))
DMS_ROUTINE (ADAPTER_LIST_CONTROL, 104, "AdapterListControl", "nc-wdm-driver_list_control", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The system calls {name} at {irql} with the list."), N_ ("When it returns the adapter channel is free again; the map registers stay granted.")))
DMS_ROUTINE (ISR, 105, "InterruptService", "nc-wdm-kservice_routine", DEVICE, DEVICE,
  SAY (0, 0, N_ ("The interrupt reaches the driver: the system calls {name} at {irql}."), ""))
DMS_ROUTINE (DPC, 106, "DpcForIsr", "nc-wdm-io_dpc_routine", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The system calls {name} at {irql}: the driver does what the interrupt could not wait for."), ""))
DMS_ROUTINE (STOP_DEVICE, 107, "StopDevice", "irp-mn-stop-device", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The system stops {device}: it calls {name}."), ""))
DMS_ROUTINE (ADAPTER_CONTROL, 108, "AdapterControl", "nc-wdm-driver_control", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The system calls {name} at {irql}: channel and map registers are there."), N_ ("What it returns says what becomes of them.")))
DMS_ROUTINE (DMA_COMPLETION, 109, "DmaCompletionRoutine", "nc-wdm-dma_completion_routine", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The DMA controller is done: the system calls {name} at {irql}."), ""))
DMS_ROUTINE (CANCEL_ROUTINE, 110, "Cancel", "nc-wdm-driver_cancel", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The requester has cancelled: the system calls {name} at {irql}."), ""))

/* clang-format on */
