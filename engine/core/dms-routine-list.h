/* dms-routine-list.h — the routines that a call event can name
 *
 *   DMS_ROUTINE (ID, number, "name", "documentation page", LOW, HIGH, SAYINGS)
 *     number     is stored in traces and is never given to another routine
 *     LOW, HIGH  the lowest and the highest IRQL at which it may be called (routines of
 *                the system), or is called (routines of a driver), as its page says
 *
 * First the system's documented routines, from 100 to 139 the roles that a driver's own routines
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

DMS_ROUTINE (IO_ALLOCATE_MDL, 48, "IoAllocateMdl", "nf-wdm-ioallocatemdl", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver asks for an MDL of its own, for {length}."), N_ ("It has room for the numbers of the frames, but they are not in it yet.")))
DMS_ROUTINE (MM_BUILD_MDL_FOR_NON_PAGED_POOL, 49, "MmBuildMdlForNonPagedPool", "nf-wdm-mmbuildmdlfornonpagedpool", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver has the numbers of the frames put into its MDL."), N_ ("That memory cannot be paged out, so there is nothing to lock.")))
DMS_ROUTINE (IO_FREE_MDL, 50, "IoFreeMdl", "nf-wdm-iofreemdl", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver frees its MDL."), N_ ("The memory that it described stays as it is.")))

/* Routines of the port drivers, which miniports call. */
DMS_ROUTINE (ATA_PORT_GET_SCATTER_GATHER_LIST, 70, "AtaPortGetScatterGatherList", "nf-irb-ataportgetscattergatherlist", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The miniport asks for the request's scatter/gather list: one call, however many pieces there are."), N_ ("The list is the port driver's. It may be read until the IRB is completed, and is never changed or freed by the miniport.")))
DMS_ROUTINE (ATA_PORT_GET_PHYSICAL_ADDRESS, 71, "AtaPortGetPhysicalAddress", "nf-irb-ataportgetphysicaladdress", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The miniport asks where {device} finds an address of its own."), N_ ("This is the way to the address of the IrbExtension, where its table for {device} lies.")))
DMS_ROUTINE (ATA_PORT_COMPLETE_REQUEST, 72, "AtaPortCompleteRequest", "nf-irb-ataportcompleterequest", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The miniport completes the IRB with AtaPortCompleteRequest."), N_ ("From here on the IRB and its scatter/gather list are not the miniport's any more. What has to be flushed and freed, the port driver does.")))
DMS_ROUTINE (ATA_PORT_GET_UNCACHED_EXTENSION, 73, "AtaPortGetUnCachedExtension", "nf-irb-ataportgetuncachedextension", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The miniport asks for memory that {device} reaches: {length} for itself and some for each IRB."), N_ ("It may do so only while it starts the channel.")))
DMS_ROUTINE (STOR_PORT_GET_SCATTER_GATHER_LIST, 78, "StorPortGetScatterGatherList", "nf-storport-storportgetscattergatherlist", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The miniport asks for the request's scatter/gather list: one call, however many pieces there are."), N_ ("The list is the port driver's. It may be read until the SRB is completed, and is never changed or freed by the miniport.")))
DMS_ROUTINE (STOR_PORT_BUILD_SCATTER_GATHER_LIST, 79, "StorPortBuildScatterGatherList", "nf-storport-storportbuildscattergatherlist", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The miniport asks for a scatter/gather list of {length} in memory of its own."), N_ ("It has to put the list back itself, with StorPortPutScatterGatherList.")))
DMS_ROUTINE (STOR_PORT_PUT_SCATTER_GATHER_LIST, 80, "StorPortPutScatterGatherList", "nf-storport-storportputscattergatherlist", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The miniport puts back a list that StorPortBuildScatterGatherList made."), N_ ("The memory of the list stays the miniport's.")))
DMS_ROUTINE (STOR_PORT_NOTIFICATION, 81, "StorPortNotification", "nf-storport-storportnotification", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The miniport tells the port driver with StorPortNotification that the SRB is done."), N_ ("From here on the SRB and its scatter/gather list are not the miniport's any more. What has to be flushed and freed, the port driver does.")))
DMS_ROUTINE (STOR_PORT_GET_PHYSICAL_ADDRESS, 82, "StorPortGetPhysicalAddress", "nf-storport-storportgetphysicaladdress", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The miniport asks where {device} finds an address of its own."), ""))
DMS_ROUTINE (STOR_PORT_GET_SYSTEM_ADDRESS, 83, "StorPortGetSystemAddress", "nf-storport-storportgetsystemaddress", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The miniport asks for an address by which the CPU reaches the request's buffer."), N_ ("DataBuffer of reads and writes is null: most of them need no such address.")))
DMS_ROUTINE (STOR_PORT_GET_UNCACHED_EXTENSION, 84, "StorPortGetUncachedExtension", "nf-storport-storportgetuncachedextension", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The miniport asks for {length} of memory that {device} reaches."), N_ ("It may do so only in HwStorFindAdapter.")))
DMS_ROUTINE (SCSI_PORT_GET_PHYSICAL_ADDRESS, 88, "ScsiPortGetPhysicalAddress", "nf-srb-scsiportgetphysicaladdress", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The miniport asks where {device} finds one address of the buffer, and how many bytes are in a row from there."), N_ ("There is no list to be had here: each piece takes one call.")))
DMS_ROUTINE (SCSI_PORT_NOTIFICATION, 89, "ScsiPortNotification", "nf-srb-scsiportnotification", PASSIVE, DEVICE,
  SAY (DMS_FLAG_FOR_CHANNEL, DMS_FLAG_FOR_CHANNEL, N_ ("The miniport tells the port driver with ScsiPortNotification that it can take the next request."), N_ ("Until it does, it gets none."))
  SAY (0, 0, N_ ("The miniport tells the port driver with ScsiPortNotification that the SRB is done."), N_ ("What has to be flushed and freed, the port driver does.")))
DMS_ROUTINE (SCSI_PORT_IO_MAP_TRANSFER, 90, "ScsiPortIoMapTransfer", "nf-srb-scsiportiomaptransfer", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The miniport asks the port driver to have {length} moved by the system's DMA controller."), N_ ("When the controller is programmed, the port driver calls HwScsiDmaStarted.")))
DMS_ROUTINE (SCSI_PORT_FLUSH_DMA, 91, "ScsiPortFlushDma", "nf-srb-scsiportflushdma", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The miniport ends the transfer by the system's DMA controller with ScsiPortFlushDma."), N_ ("It has to before it completes the SRB, and before it maps more.")))
DMS_ROUTINE (SCSI_PORT_GET_UNCACHED_EXTENSION, 92, "ScsiPortGetUncachedExtension", "nf-srb-scsiportgetuncachedextension", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The miniport asks for {length} of memory that {device} reaches."), N_ ("It may do so only in HwScsiFindAdapter.")))

/* What a port driver calls on behalf of its miniport. */
DMS_ROUTINE (PORT_GET_DMA_ADAPTER, 93, "IoGetDmaAdapter, by the port driver", "nf-wdm-iogetdmaadapter", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The port driver asks for an adapter object: it does DMA on behalf of the miniport, which has said what {device} can do."), ""))
DMS_ROUTINE (PORT_PUT_DMA_ADAPTER, 94, "PutDmaAdapter, by the port driver", "nc-wdm-pput_dma_adapter", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The port driver gives {device}'s adapter object back."), ""))
DMS_ROUTINE (PORT_GET_SCATTER_GATHER_LIST, 95, "GetScatterGatherList, by the port driver", "nc-wdm-pget_scatter_gather_list", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The port driver maps {length} of the buffer, before the miniport hears of the request."), N_ ("Port drivers map and flush; a miniport only learns the addresses.")))
DMS_ROUTINE (PORT_PUT_SCATTER_GATHER_LIST, 96, "PutScatterGatherList, by the port driver", "nc-wdm-pput_scatter_gather_list", DISPATCH, DISPATCH,
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("The port driver gives the list back: the request is done, so the list is invalid from here on."), N_ ("The miniport has nothing to free."))
  SAY (0, 0, N_ ("The port driver gives the list back: the request is done, so the list is invalid from here on."), N_ ("What waits in bounce pages is copied to the buffer first. The miniport has nothing to free.")))
DMS_ROUTINE (PORT_ALLOCATE_ADAPTER_CHANNEL, 97, "AllocateAdapterChannel, by the port driver", "nc-wdm-pallocate_adapter_channel", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The port driver asks for the channel of the system's DMA controller, and for map registers."), ""))
DMS_ROUTINE (PORT_FREE_ADAPTER_CHANNEL, 98, "FreeAdapterChannel, by the port driver", "nc-wdm-pfree_adapter_channel", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The port driver frees the channel of the system's DMA controller."), ""))

DMS_ROUTINE (MM_MAP_IO_SPACE, 140, "MmMapIoSpace", "nf-wdm-mmmapiospace", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver maps {length} of {device}'s registers, so that it can reach them by pointer."), ""))
DMS_ROUTINE (MM_UNMAP_IO_SPACE, 141, "MmUnmapIoSpace", "nf-wdm-mmunmapiospace", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver gives up its mapping of {device}'s registers."), ""))
DMS_ROUTINE (IO_CONNECT_INTERRUPT, 51, "IoConnectInterrupt", "nf-wdm-ioconnectinterrupt", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver connects its interrupt routine: from now on {device} can call for it."), ""))
DMS_ROUTINE (IO_DISCONNECT_INTERRUPT, 52, "IoDisconnectInterrupt", "nf-wdm-iodisconnectinterrupt", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver disconnects its interrupt routine."), ""))
DMS_ROUTINE (IO_CREATE_DEVICE, 53, "IoCreateDevice", "nf-wdm-iocreatedevice", PASSIVE, APC,
  SAY (0, 0, N_ ("The driver creates a device object, with room for what it knows of one device."), ""))
DMS_ROUTINE (IO_DELETE_DEVICE, 54, "IoDeleteDevice", "nf-wdm-iodeletedevice", PASSIVE, APC,
  SAY (0, 0, N_ ("The driver deletes its device object."), ""))
DMS_ROUTINE (IO_ATTACH_DEVICE, 55, "IoAttachDeviceToDeviceStack", "nf-wdm-ioattachdevicetodevicestack", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver puts its device object on top of {device}'s stack: requests reach it first."), ""))
DMS_ROUTINE (IO_DETACH_DEVICE, 56, "IoDetachDevice", "nf-wdm-iodetachdevice", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The driver takes its device object off the stack."), ""))
DMS_ROUTINE (IO_CALL_DRIVER, 57, "IoCallDriver", "nf-wdm-iocalldriver", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver passes a request down the stack with IoCallDriver."), ""))
DMS_ROUTINE (IO_START_PACKET, 58, "IoStartPacket", "nf-ntifs-iostartpacket", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver hands the request to its StartIo routine, or to the queue before it, with IoStartPacket."), ""))
DMS_ROUTINE (KE_INSERT_QUEUE_DPC, 59, "KeInsertQueueDpc", "nf-wdm-keinsertqueuedpc", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver queues a DPC."), ""))
DMS_ROUTINE (KE_SYNCHRONIZE_EXECUTION, 60, "KeSynchronizeExecution", "nf-wdm-kesynchronizeexecution", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The driver asks for a routine to be run while {device}'s interrupt is kept out."), ""))
DMS_ROUTINE (KE_WAIT_FOR_SINGLE_OBJECT, 61, "KeWaitForSingleObject", "nf-wdm-kewaitforsingleobject", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver waits for an event; the machine goes on meanwhile."), ""))
DMS_ROUTINE (KE_ACQUIRE_SPIN_LOCK, 62, "KeAcquireSpinLock", "nf-wdm-keacquirespinlock", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver acquires a spin lock."), ""))
DMS_ROUTINE (KE_RELEASE_SPIN_LOCK, 63, "KeReleaseSpinLock", "nf-wdm-kereleasespinlock", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The driver releases its spin lock."), ""))
DMS_ROUTINE (MM_PROBE_AND_LOCK_PAGES, 64, "MmProbeAndLockPages", "nf-wdm-mmprobeandlockpages", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver locks the pages of an MDL, so that they stay where they are."), ""))
DMS_ROUTINE (MM_UNLOCK_PAGES, 65, "MmUnlockPages", "nf-wdm-mmunlockpages", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver unlocks the pages of an MDL."), ""))
DMS_ROUTINE (KE_SET_TIMER, 66, "KeSetTimer", "nf-wdm-kesettimer", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver sets a timer."), ""))
DMS_ROUTINE (IO_QUEUE_WORK_ITEM, 67, "IoQueueWorkItem", "nf-wdm-ioqueueworkitem", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The driver queues a work item: its routine runs later, at PASSIVE_LEVEL."), ""))
DMS_ROUTINE (KE_DELAY_EXECUTION_THREAD, 68, "KeDelayExecutionThread", "nf-wdm-kedelayexecutionthread", PASSIVE, APC,
  SAY (0, 0, N_ ("The driver waits for some time; the machine goes on meanwhile."), ""))
DMS_ROUTINE (KE_BUG_CHECK, 69, "KeBugCheckEx", "nf-wdm-kebugcheckex", PASSIVE, HIGHEST,
  SAY (0, 0, N_ ("The driver brings the machine down on purpose, with KeBugCheckEx."), ""))

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

/* Roles of a miniport's routines. */
DMS_ROUTINE (ATA_ADAPTER_CONTROL, 111, "AtaAdapterControl", "nc-irb-ide_adapter_control", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The port driver asks the miniport what its controller can do: it calls {name} at {irql}."), ""))
DMS_ROUTINE (ATA_CHANNEL_INIT, 112, "AtaChannelInitRoutine", "nc-irb-ide_channel_init", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The port driver asks the miniport for the routines of a channel: it calls {name} at {irql}."), ""))
DMS_ROUTINE (IDE_HW_CONTROL, 113, "IdeHwControl", "nc-irb-ide_hw_control", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The port driver starts or stops the channel: it calls {name} at {irql}."), ""))
DMS_ROUTINE (IDE_HW_BUILD_IO, 114, "IdeHwBuildIo", "nc-irb-ide_hw_buildio", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The port driver calls {name} at {irql}, holding {lock}: the miniport prepares the request."), N_ ("This is the place to translate the scatter/gather list. Interrupts are on, and other processors may be here at the same time, so that data which requests share must be left alone.")))
DMS_ROUTINE (IDE_HW_START_IO, 115, "IdeHwStartIo", "nc-irb-ide_hw_startio", DISPATCH, DEVICE,
  SAY (0, 0, N_ ("The port driver calls {name} at {irql}, holding {lock}: the miniport starts {device}."), N_ ("Here the miniport may use what requests share, and it should be quick.")))
DMS_ROUTINE (IDE_HW_INTERRUPT, 116, "IdeHwInterrupt", "nc-irb-ide_hw_interrupt", DEVICE, DEVICE,
  SAY (0, 0, N_ ("The interrupt reaches the miniport: the port driver calls {name} at {irql}, holding {lock}."), ""))
DMS_ROUTINE (HW_STOR_FIND_ADAPTER, 117, "HwStorFindAdapter", "nc-storport-hw_find_adapter", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The port driver asks the miniport what its adapter can do: it calls {name} at {irql}."), ""))
DMS_ROUTINE (HW_STOR_INITIALIZE, 118, "HwStorInitialize", "nc-storport-hw_initialize", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The port driver has the miniport set {device} up: it calls {name} at {irql}."), ""))
DMS_ROUTINE (HW_STOR_BUILD_IO, 119, "HwStorBuildIo", "nc-storport-hw_buildio", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The port driver calls {name} at {irql}, holding {lock}: the miniport prepares the request."), N_ ("This is the place to translate the scatter/gather list. Other processors may be here at the same time, so that data which requests share must be left alone.")))
DMS_ROUTINE (HW_STOR_START_IO, 120, "HwStorStartIo", "nc-storport-hw_startio", DISPATCH, DEVICE,
  SAY (0, 0, N_ ("The port driver calls {name} at {irql}, holding {lock}: the miniport starts {device}."), N_ ("The request was prepared before, so that the lock is held for a short time only.")))
DMS_ROUTINE (HW_STOR_INTERRUPT, 121, "HwStorInterrupt", "nc-storport-hw_interrupt", DEVICE, DEVICE,
  SAY (0, 0, N_ ("The interrupt reaches the miniport: the port driver calls {name} at {irql}, holding {lock}."), ""))
DMS_ROUTINE (STOR_LIST_CONTROL, 122, "ExecutionRoutine", "nf-storport-storportbuildscattergatherlist", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The system calls {name} at {irql} with the list that the miniport has asked for."), N_ ("Whatever needs the list is done in here.")))
DMS_ROUTINE (HW_SCSI_FIND_ADAPTER, 123, "HwScsiFindAdapter", "nc-srb-phw_find_adapter", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The port driver asks the miniport what its adapter can do: it calls {name} at {irql}."), ""))
DMS_ROUTINE (HW_SCSI_INITIALIZE, 124, "HwScsiInitialize", "nc-srb-phw_initialize", PASSIVE, DEVICE,
  SAY (0, 0, N_ ("The port driver has the miniport set {device} up: it calls {name} at {irql}."), ""))
DMS_ROUTINE (HW_SCSI_START_IO, 125, "HwScsiStartIo", "nc-srb-phw_startio", DISPATCH, DEVICE,
  SAY (0, 0, N_ ("The port driver hands the request over: it calls {name} at {irql}, holding {lock}."), N_ ("There is no routine before this one. The miniport finds the pieces one by one here, while the interrupt of {device} has to wait.")))
DMS_ROUTINE (HW_SCSI_INTERRUPT, 126, "HwScsiInterrupt", "nc-srb-phw_interrupt", DEVICE, DEVICE,
  SAY (0, 0, N_ ("The interrupt reaches the miniport: the port driver calls {name} at {irql}, holding {lock}."), ""))
DMS_ROUTINE (HW_SCSI_DMA_STARTED, 127, "HwScsiDmaStarted", "nc-srb-phw_dma_started", DISPATCH, DEVICE,
  SAY (0, 0, N_ ("The system's DMA controller is programmed: the port driver calls {name} at {irql}, holding {lock}."), N_ ("Now the miniport starts {device}.")))

DMS_ROUTINE (DRIVER_UNLOAD, 130, "DriverUnload", "nc-wdm-driver_unload", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The system unloads the driver: it calls {name}."), ""))
DMS_ROUTINE (DISPATCH_PNP, 131, "DispatchPnp", "nc-wdm-driver_dispatch", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The system tells the driver about {device} with a Plug and Play request: it calls {name}."), ""))
DMS_ROUTINE (DISPATCH_REQUEST, 132, "Dispatch", "nc-wdm-driver_dispatch", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("The system hands the driver a request for {device}: it calls {name} at {irql}."), ""))
DMS_ROUTINE (IO_COMPLETION, 133, "IoCompletion", "nc-wdm-io_completion_routine", PASSIVE, DISPATCH,
  SAY (0, 0, N_ ("A driver below has completed the request: the system calls {name} at {irql}."), ""))
DMS_ROUTINE (CUSTOM_DPC, 134, "CustomDpc", "nc-wdm-kdeferred_routine", DISPATCH, DISPATCH,
  SAY (0, 0, N_ ("The system calls {name} at {irql}: a DPC of the driver."), ""))
DMS_ROUTINE (SYNCH_ROUTINE, 135, "SynchCritSection", "nc-wdm-ksynchronize_routine", DEVICE, DEVICE,
  SAY (0, 0, N_ ("The system calls {name} at {irql}: the interrupt is kept out meanwhile."), ""))
DMS_ROUTINE (WORK_ITEM, 136, "WorkItem", "nc-wdm-io_workitem_routine", PASSIVE, PASSIVE,
  SAY (0, 0, N_ ("The system calls {name} at {irql}: a work item of the driver."), ""))

/* clang-format on */
