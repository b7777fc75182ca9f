/* dms-routine-list.h — the routines that a call event can name
 *
 *   DMS_ROUTINE (ID, number, "name", "documentation page", SAYINGS)
 *     number  is stored in traces and is never given to another routine
 *
 * First the system's documented routines, from 100 on the roles that a driver's own routines
 * play; their name comes from the driver's source. SAY as in dms-event-list.h.
 *
 * SPDX-License-Identifier: MIT
 */

/* clang-format off */

DMS_ROUTINE (IO_GET_DMA_ADAPTER, 1, "IoGetDmaAdapter", "nf-wdm-iogetdmaadapter",
  SAY (0, 0, N_ ("The driver asks for an adapter object and says in a DEVICE_DESCRIPTION what {device} can do."), ""))
DMS_ROUTINE (PUT_DMA_ADAPTER, 2, "PutDmaAdapter", "nc-wdm-pput_dma_adapter",
  SAY (0, 0, N_ ("The driver gives {device}'s adapter object back."), ""))
DMS_ROUTINE (KE_FLUSH_IO_BUFFERS, 3, "KeFlushIoBuffers", "nf-wdm-keflushiobuffers",
  SAY (0, 0, N_ ("The driver makes memory current for DMA with KeFlushIoBuffers."),
       N_ ("On x86 and x64 the caches follow DMA by themselves and the call does nothing; elsewhere it matters.")))
DMS_ROUTINE (GET_SCATTER_GATHER_LIST, 4, "GetScatterGatherList", "nc-wdm-pget_scatter_gather_list",
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("The driver asks for a scatter/gather list of {length}, from the buffer to the device."), "")
  SAY (0, 0, N_ ("The driver asks for a scatter/gather list of {length}, from the device into the buffer."), ""))
DMS_ROUTINE (PUT_SCATTER_GATHER_LIST, 5, "PutScatterGatherList", "nc-wdm-pput_scatter_gather_list",
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("The driver gives the list back with PutScatterGatherList."), N_ ("Nothing needs to be copied: the bytes went to the device."))
  SAY (0, 0, N_ ("The driver gives the list back with PutScatterGatherList."), N_ ("What waits in bounce pages is copied to the buffer first; then the map registers go back and the list is freed.")))
DMS_ROUTINE (IO_REQUEST_DPC, 6, "IoRequestDpc", "nf-wdm-iorequestdpc",
  SAY (0, 0, N_ ("The driver asks for its DPC: the rest can wait until the IRQL is lower."), ""))
DMS_ROUTINE (IO_COMPLETE_REQUEST, 7, "IoCompleteRequest", "nf-wdm-iocompleterequest",
  SAY (0, 0, N_ ("The driver completes the request with IoCompleteRequest."), ""))
DMS_ROUTINE (KE_RAISE_IRQL, 8, "KeRaiseIrql", "nf-wdm-keraiseirql",
  SAY (0, 0, N_ ("The driver raises the IRQL."), ""))
DMS_ROUTINE (KE_LOWER_IRQL, 9, "KeLowerIrql", "nf-wdm-kelowerirql",
  SAY (0, 0, N_ ("The driver lowers the IRQL."), ""))

DMS_ROUTINE (DRIVER_ENTRY, 100, "DriverEntry", "nc-wdm-driver_initialize",
  SAY (0, 0, N_ ("The system loads the driver and calls {name}."), ""))
DMS_ROUTINE (ADD_DEVICE, 101, "AddDevice", "nc-wdm-driver_add_device",
  SAY (0, 0, N_ ("The system has found {device} and calls {name}."), ""))
DMS_ROUTINE (START_DEVICE, 102, "StartDevice", "irp-mn-start-device",
  SAY (0, 0, N_ ("The system starts {device}: it calls {name}."), ""))
DMS_ROUTINE (START_IO, 103, "StartIo", "nc-wdm-driver_startio",
  SAY (0, 0, N_ ("The system hands the request to the driver: it calls {name} at {irql}."), ""))
DMS_ROUTINE (ADAPTER_LIST_CONTROL, 104, "AdapterListControl", "nc-wdm-driver_list_control",
  SAY (0, 0, N_ ("The system calls {name} at {irql} with the list."), N_ ("When it returns the adapter channel is free again; the map registers stay granted.")))
DMS_ROUTINE (ISR, 105, "InterruptService", "nc-wdm-kservice_routine",
  SAY (0, 0, N_ ("The interrupt reaches the driver: the system calls {name} at {irql}."), ""))
DMS_ROUTINE (DPC, 106, "DpcForIsr", "nc-wdm-io_dpc_routine",
  SAY (0, 0, N_ ("The system calls {name} at {irql}: the driver does what the interrupt could not wait for."), ""))
DMS_ROUTINE (STOP_DEVICE, 107, "StopDevice", "irp-mn-stop-device",
  SAY (0, 0, N_ ("The system stops {device}: it calls {name}."), ""))

/* clang-format on */
