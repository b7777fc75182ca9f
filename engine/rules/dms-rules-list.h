/* dms-rules-list.h — the rules of correct DMA: the one list
 *
 * Included several times with different meanings of its macros (no include guard).
 *
 *   DMS_RULE (ID, number, "code", "Verifier's code", "family", NEEDS, "source",
 *             "what is right", "the event where it shows", "the event against it",
 *             SAYINGS, "what would have been right")
 *     number    is stored and reported and is never given to another rule
 *     code      is also the name of the mistake that makes a sample driver break it
 *     Verifier  the code of Driver Verifier's bug check 0xE6 that fits best, or ""
 *     NEEDS     what a source has to show: DMS_NEED_…
 *     source    page of Microsoft's driver documentation, or "our rule"
 *   SAY (VARIANT, "sentence")
 *     the cases of a rule, counted from 0
 *
 * In sentences {a}, {b}, {c} are the finding's numbers; with _bytes, _pages, _registers,
 * _address or _irql behind them they are printed so. {length} is its bytes, {step} and
 * {other_step} its two steps, {name} the routine, {list} and {device} what it is about.
 *
 * SPDX-License-Identifier: MIT
 */

/* clang-format off */

/* ---- scatter/gather lists -------------------------------------------------------------- */

DMS_RULE (LIST_NEVER_PUT, 1, "list-never-put", "0x0A", "scatter/gather list", DMS_NEED_CALLS | DMS_NEED_GRANTS,
  "nc-wdm-pput_scatter_gather_list",
  N_ ("Each list that GetScatterGatherList delivers is put back before its request is completed."),
  N_ ("the completion of the request"), N_ ("the list becoming ready"),
  SAY (NEVER_PUT_AT_COMPLETE,
       N_ ("The driver completes the request, but has not put list {list} back: {a_registers} stay taken. Step {other_step} made the list, step {step} is the completion."))
  SAY (NEVER_PUT_BYTES_WAIT,
       N_ ("The driver completes the request, but has not put list {list} back: {a_registers} stay taken, and {b_bytes} still wait in bounce pages, where the requester does not see them. Step {other_step} made the list, step {step} is the completion."))
  SAY (NEVER_PUT_AT_END,
       N_ ("The run ends, and list {list} was never put back: {a_registers} stay taken. Step {other_step} made the list.")),
  N_ ("PutScatterGatherList belongs into the DPC, before IoCompleteRequest, also when the request failed."))

DMS_RULE (LIST_PUT_TWICE, 2, "list-put-twice", "0x06", "scatter/gather list", DMS_NEED_CALLS | DMS_NEED_GRANTS,
  "nc-wdm-pput_scatter_gather_list",
  N_ ("Each list is put back once; then it is the system's memory again."),
  N_ ("the second call"), N_ ("the first call"),
  SAY (TWICE_KNOWN,
       N_ ("The driver puts list {list} back for the second time. Step {other_step} was the first; since then the list's memory and its map registers may be somebody else's."))
  SAY (TWICE_LONG_AGO,
       N_ ("The driver puts list {list} back, which it has put back long before. Since then the list's memory and its map registers may be somebody else's.")),
  N_ ("Forget the pointer when the list is put back: set it to NULL, and look at it before the next PutScatterGatherList."))

DMS_RULE (TOUCH_BEFORE_FLUSH, 3, "touch-before-flush", "0x0D", "buffer", DMS_NEED_CALLS | DMS_NEED_BYTES,
  "nc-wdm-pput_scatter_gather_list",
  N_ ("From the mapping to the flush (PutScatterGatherList, FlushAdapterBuffers) the buffer belongs to the device."),
  N_ ("the touch"), N_ ("the arrival of the bytes, or the end of the mapping"),
  SAY (TOUCH_READ_OLD,
       N_ ("The driver read page {a} before PutScatterGatherList: it saw the old bytes. Step {step} is the read, step {other_step} is where the bytes arrived."))
  SAY (TOUCH_READ_LOST,
       N_ ("The driver read page {a} before PutScatterGatherList: it saw the old bytes. Step {step} is the read; newer bytes never arrived there."))
  SAY (TOUCH_READ_LUCKY,
       N_ ("The driver read page {a} before PutScatterGatherList: the page does not bounce, so it saw the new bytes by luck. Step {step} is the read, step {other_step} ends the mapping."))
  SAY (TOUCH_WROTE_FROM_DEVICE,
       N_ ("The driver wrote {b_bytes} from page {a} on while the device was to write there: one of the two is lost. Step {step} is the write, step {other_step} ends the mapping."))
  SAY (TOUCH_WROTE_COPIED,
       N_ ("The driver wrote {b_bytes} from page {a} on when the page was already copied into its bounce page: the device sends the bytes from before. Step {step} is the write, step {other_step} ends the mapping."))
  SAY (TOUCH_WROTE_DIRECT,
       N_ ("The driver wrote {b_bytes} from page {a} on while the device was to read there: which bytes it sends depends on who comes first. Step {step} is the write, step {other_step} ends the mapping."))
  SAY (TOUCH_WROTE_SENT,
       N_ ("The driver wrote {b_bytes} from page {a} on before PutScatterGatherList, when the device had already read them: it had luck. Step {step} is the write, step {other_step} ends the mapping.")),
  N_ ("Touch the buffer before it is mapped or after it is flushed, never between them."))

DMS_RULE (WRONG_DIRECTION, 4, "wrong-direction", "", "flush", DMS_NEED_CALLS | DMS_NEED_GRANTS,
  "nc-wdm-pput_scatter_gather_list",
  N_ ("The flush (PutScatterGatherList, FlushAdapterBuffers) is told the direction that the mapping was told."),
  N_ ("the flush"), N_ ("the mapping"),
  SAY (DIRECTION_LOST,
       N_ ("The driver puts list {list} back as if it went to the device, but it came from the device: {b_bytes} wait in bounce pages and are not copied to the buffer. Step {other_step} made the list."))
  SAY (DIRECTION_LUCKY_IN,
       N_ ("The driver puts list {list} back as if it went to the device, but it came from the device. No page bounces, so nothing is lost this time. Step {other_step} made the list."))
  SAY (DIRECTION_OVERWRITES,
       N_ ("The driver puts list {list} back as if it came from the device, but it went to the device: what is in the bounce pages of {a_pages} may be copied over the buffer. Step {other_step} made the list."))
  SAY (DIRECTION_LUCKY_OUT,
       N_ ("The driver puts list {list} back as if it came from the device, but it went to the device. No page bounces, so nothing is lost this time. Step {other_step} made the list."))
  SAY (DIRECTION_OF_FLUSH,
       N_ ("The driver flushes in the other direction than it mapped: {a_pages} bounce, and {b_bytes} wait in them. Step {other_step} mapped them.")),
  N_ ("Keep the direction beside the mapping, and hand the same value to both routines."))

DMS_RULE (PUT_WHILE_RUNNING, 5, "put-while-running", "0x0F", "scatter/gather list", DMS_NEED_CALLS | DMS_NEED_DEVICE,
  "nc-wdm-pput_scatter_gather_list",
  N_ ("A list is put back when the device is done with it."),
  N_ ("the call that puts it back"), N_ ("the start of the device"),
  SAY (PUT_RUNS,
       N_ ("The driver puts list {list} back while {device} still works with it: its map registers may go to somebody else, and the device writes into their memory. Step {other_step} started the device.")),
  N_ ("Put the list back in the DPC, after the interrupt that says that the device is done; in AdapterListControl only when the device is not started."))

DMS_RULE (LIST_USED_AFTER_END, 6, "list-used-after-end", "", "scatter/gather list", DMS_NEED_FACTS,
  "ata-port-scatter-gather",
  N_ ("A list of a port driver is there until its request is completed, and not longer."),
  N_ ("the use"), N_ ("the completion of the request"),
  SAY (USED_AFTER_END,
       N_ ("The miniport uses the list of a request that is completed: the port driver has taken it back. Step {other_step} is the completion.")),
  N_ ("Translate the list while the request is there, into memory of the request, and complete the request last."))

DMS_RULE (LIST_CHANGED, 7, "list-changed", "", "scatter/gather list", DMS_NEED_FACTS,
  "access-to-scatter-gather-lists-in-the-ata-port-i-o-model",
  N_ ("A list belongs to the system: a driver reads it and does not change it."),
  N_ ("the moment when it is seen"), N_ ("the list becoming ready"),
  SAY (CHANGED, N_ ("Element {a} of list {list} is not what the system has put there. Step {other_step} made the list.")),
  N_ ("Copy what has to be changed into a table of the driver's own."))

DMS_RULE (LIST_NOT_THERE, 8, "list-not-there", "", "scatter/gather list", DMS_NEED_FACTS,
  "nf-irb-ataportgetscattergatherlist",
  N_ ("Only a request that uses DMA has a list."),
  N_ ("the call"), N_ ("the request"),
  SAY (NOT_THERE, N_ ("The miniport asks for the list of a request that has none: NULL comes back.")),
  N_ ("Look whether the request uses DMA before asking for its list, and at the pointer before using it."))

/* ---- the adapter channel and map registers ----------------------------------------------- */

DMS_RULE (CHANNEL_FREED_TWICE, 10, "channel-freed-twice", "0x04", "adapter channel", DMS_NEED_FACTS,
  "nc-wdm-pfree_adapter_channel",
  N_ ("FreeAdapterChannel belongs to an AdapterControl that returned KeepObject, once."),
  N_ ("the call"), N_ ("the call before it that freed the channel"),
  SAY (CHANNEL_TWICE, N_ ("The driver frees the adapter channel of {device}, but it holds none.")),
  N_ ("After KeepObject call FreeAdapterChannel once; after DeallocateObjectKeepRegisters call FreeMapRegisters instead."))

DMS_RULE (REGISTERS_FREED_TWICE, 11, "registers-freed-twice", "0x05", "map registers", DMS_NEED_FACTS,
  "nc-wdm-pfree_map_registers",
  N_ ("Map registers are freed once, by FreeMapRegisters or with the channel."),
  N_ ("the second call"), N_ ("the first call"),
  SAY (REGISTERS_TWICE, N_ ("The driver frees {a_registers} that it does not hold any more. Step {other_step} gave them back.")),
  N_ ("FreeAdapterChannel frees the map registers as well: call one of the two."))

DMS_RULE (TWO_CHANNELS, 12, "two-channels", "0x0B", "adapter channel", DMS_NEED_FACTS,
  "nc-wdm-pallocate_adapter_channel",
  N_ ("A device object has one AllocateAdapterChannel outstanding at a time, and none is asked for inside AdapterControl."),
  N_ ("the second call"), N_ ("the first call"),
  SAY (ASKED_AGAIN, N_ ("The driver asks for the adapter channel again while its first request is outstanding: on Windows the queue breaks. Step {other_step} asked first."))
  SAY (ASKED_INSIDE, N_ ("The driver asks for the adapter channel inside of its AdapterControl routine: on Windows the queue breaks. Step {other_step} was granted.")),
  N_ ("Wait until AdapterControl has been called and has returned; DMA version 3 with one transfer context for each request has no such limit."))

DMS_RULE (TOO_MANY_REGISTERS, 13, "too-many-registers", "0x0C", "map registers", DMS_NEED_CALLS,
  "nc-wdm-pallocate_adapter_channel",
  N_ ("A driver asks for no more map registers than IoGetDmaAdapter told it."),
  N_ ("the call"), N_ ("IoGetDmaAdapter"),
  SAY (TOO_MANY, N_ ("The driver asks for {a_registers} in one go; {device} may have {b}. Step {other_step} told it so.")),
  N_ ("Take the smaller of what the buffer spans and what IoGetDmaAdapter gave, and do the transfer in several parts."))

DMS_RULE (NOT_FLUSHED, 14, "not-flushed", "0x0D", "flush", DMS_NEED_FACTS,
  "nc-wdm-pflush_adapter_buffers",
  N_ ("What MapTransfer has mapped is flushed before it is mapped again, before its map registers are freed, and before the request is completed."),
  N_ ("the call that comes too early"), N_ ("the mapping"),
  SAY (UNFLUSHED, N_ ("{a_bytes} are mapped and were not flushed: what waits in bounce pages does not reach the buffer. Step {other_step} mapped them."))
  SAY (UNFLUSHED_AT_COMPLETE, N_ ("The driver completes the request, but {a_bytes} are mapped and were not flushed: {b_bytes} wait in bounce pages, where the requester does not see them. Step {other_step} mapped them.")),
  N_ ("Call FlushAdapterBuffers with the same MDL, address, length and direction, after the interrupt."))

DMS_RULE (FREED_WHILE_MAPPED, 15, "freed-while-mapped", "0x10", "map registers", DMS_NEED_FACTS,
  "nc-wdm-pfree_map_registers",
  N_ ("Map registers are freed after the last flush."),
  N_ ("the call that frees them"), N_ ("the mapping"),
  SAY (FREED_MAPPED, N_ ("{a_registers} are freed while {b_bytes} are mapped by them: they may go to somebody else while the device uses them. Step {other_step} mapped them.")),
  N_ ("FlushAdapterBuffers first, then FreeMapRegisters or FreeAdapterChannel."))

DMS_RULE (TOO_MANY_IN_TOTAL, 16, "too-many-in-total", "0x15", "map registers", DMS_NEED_FACTS,
  "nf-wdm-iogetdmaadapter",
  N_ ("All that a driver holds at a time stays within what IoGetDmaAdapter told it."),
  N_ ("the call"), N_ ("the request that it holds"),
  SAY (TOTAL, N_ ("With these {device} holds {a_registers}; {b_registers} are allowed. Step {other_step} asked for those before.")),
  N_ ("Free what is done with before asking for more, or queue the request."))

DMS_RULE (TOO_FEW_REGISTERS, 17, "too-few-registers", "0x00", "map registers", DMS_NEED_FACTS,
  "setting-up-a-transfer-operation",
  N_ ("One map register is needed for each page that is touched, not for each page's worth of bytes."),
  N_ ("the mapping"), N_ ("the request for map registers"),
  SAY (TOO_FEW, N_ ("The piece needs {a_registers}, but {b_registers} of the grant are left. Step {other_step} asked for too few."))
  SAY (TOO_FEW_AT_ALL, N_ ("{a_bytes} are mapped, and no map register is left for the rest of the same operation. Step {other_step} asked for too few.")),
  N_ ("Count with ADDRESS_AND_SIZE_TO_SPAN_PAGES, which knows the offset; BYTES_TO_PAGES does not."))

DMS_RULE (COUNT_DIFFERS, 18, "count-differs", "", "map registers", DMS_NEED_FACTS,
  "nc-wdm-pfree_map_registers",
  N_ ("FreeMapRegisters is told the number that was allocated, whatever was used of it."),
  N_ ("the call"), N_ ("the request for map registers"),
  SAY (COUNT, N_ ("The driver frees {a_registers}, but {b_registers} were granted. Step {other_step} asked for them.")),
  N_ ("Keep the number beside the handle and hand over both."))

DMS_RULE (WRONG_BASE, 19, "wrong-base", "0x20", "map registers", DMS_NEED_FACTS,
  "nc-wdm-pmap_transfer",
  N_ ("MapRegisterBase is the handle that AdapterControl was given, unchanged, for as long as the registers are held."),
  N_ ("the call"), N_ ("what came before it"),
  SAY (BASE_UNKNOWN, N_ ("The driver hands over a MapRegisterBase that it was never given, or one that was freed."))
  SAY (BASE_NULL, N_ ("The driver frees map registers with a null MapRegisterBase: it has none, and nothing happens."))
  SAY (BASE_NOTHING_MAPPED, N_ ("The driver flushes, but nothing is mapped by these map registers. Step {other_step} asked for them.")),
  N_ ("Save the handle in AdapterControl, use it for mapping, flushing and freeing, and forget it then."))

DMS_RULE (REGISTERS_NEVER_FREED, 20, "registers-never-freed", "0x09", "map registers", DMS_NEED_GRANTS,
  "nc-wdm-pfree_map_registers",
  N_ ("Map registers are freed before the request that they were for is completed."),
  N_ ("the completion, or the end of the run"), N_ ("the grant"),
  SAY (NEVER_FREED, N_ ("The driver completes the request and keeps {a_registers}. Step {other_step} granted them."))
  SAY (NEVER_FREED_AT_END, N_ ("The run ends, and {a_registers} were never freed. Step {other_step} granted them.")),
  N_ ("Free them on every way out, also when the request fails."))

DMS_RULE (UNKNOWN_ACTION, 21, "unknown-action", "", "adapter channel", DMS_NEED_FACTS,
  "ne-wdm-_io_allocation_action",
  N_ ("AdapterControl returns KeepObject, DeallocateObject or DeallocateObjectKeepRegisters."),
  N_ ("the return"), N_ ("the grant"),
  SAY (ACTION, N_ ("AdapterControl returns {a}, which is no IO_ALLOCATION_ACTION. Step {other_step} granted what it should speak of.")),
  N_ ("System DMA keeps the object; a bus master keeps the map registers."))

DMS_RULE (DEALLOCATED_WHILE_RUNNING, 22, "deallocated-while-running", "0x10", "adapter channel", DMS_NEED_CALLS | DMS_NEED_DEVICE,
  "ne-wdm-_io_allocation_action",
  N_ ("DeallocateObject is for an AdapterControl that has started no transfer."),
  N_ ("the return"), N_ ("the start of the device"),
  SAY (DEALLOCATED, N_ ("AdapterControl returns DeallocateObject, but has started {device}: its map registers are gone while it works. Step {other_step} started it.")),
  N_ ("Return DeallocateObjectKeepRegisters, and free the map registers after the flush."))

/* ---- mapping and flushing ------------------------------------------------------------------ */

DMS_RULE (FLUSH_PAST_END, 30, "flush-past-end", "0x00", "flush", DMS_NEED_FACTS,
  "nc-wdm-pflush_adapter_buffers",
  N_ ("A flush covers what was mapped, and no more."),
  N_ ("the flush"), N_ ("the mapping"),
  SAY (PAST_END, N_ ("The driver flushes {a_bytes}, but {b_bytes} are mapped from there on. Step {other_step} mapped them.")),
  N_ ("Flush with the address and the length of the piece that was mapped, not with those of the request."))

DMS_RULE (FLUSH_TOO_SHORT, 31, "flush-too-short", "", "flush", DMS_NEED_FACTS,
  "nc-wdm-pflush_adapter_buffers",
  N_ ("A flush covers all of what was mapped."),
  N_ ("the flush"), N_ ("the mapping"),
  SAY (FLUSHED_SHORT, N_ ("The driver flushes {a_bytes} of {b_bytes} that are mapped. Step {other_step} mapped them.")),
  N_ ("Flush each piece with its own length, or all of them with the sum."))

DMS_RULE (FLUSH_NOT_MAPPED, 32, "flush-not-mapped", "0x16", "flush", DMS_NEED_FACTS,
  "nc-wdm-pflush_adapter_buffers",
  N_ ("Only what is mapped is flushed, once."),
  N_ ("the flush"), N_ ("the flush before, or the grant"),
  SAY (FLUSHED_NOTHING, N_ ("The driver flushes {length} at {a_address}, where nothing is mapped. Step {other_step} is what the handle is about.")),
  N_ ("Remember what is mapped: address and length go up by the piece, and the flush gets the values from before."))

DMS_RULE (MAPPED_TWICE, 33, "mapped-twice", "0x1D", "mapping", DMS_NEED_FACTS,
  "nc-wdm-pmap_transfer",
  N_ ("CurrentVa goes on by what MapTransfer has mapped."),
  N_ ("the second mapping"), N_ ("the first mapping"),
  SAY (MAPPED_AGAIN, N_ ("The driver maps {length} from {a_address} on, which are mapped already. Step {other_step} mapped them.")),
  N_ ("Add the length that MapTransfer returned to CurrentVa before calling it again."))

DMS_RULE (ZERO_LENGTH, 34, "zero-length", "0x21", "mapping", DMS_NEED_FACTS,
  "nc-wdm-pmap_transfer",
  N_ ("There is always something to map."),
  N_ ("the call"), N_ ("the request for map registers"),
  SAY (NOTHING_TO_MAP, N_ ("The driver maps 0 bytes: its loop has run once too often.")),
  N_ ("End the loop when nothing is left, before the call."))

DMS_RULE (OUTSIDE_MDL, 35, "outside-mdl", "0x1B", "mapping", DMS_NEED_FACTS,
  "nc-wdm-pmap_transfer",
  N_ ("CurrentVa is an address of the MDL that goes with it, counted from MmGetMdlVirtualAddress."),
  N_ ("the call"), N_ ("the request"),
  SAY (VA_OUTSIDE, N_ ("Address {a_address} is not inside of the MDL, which goes from {b_address} to {c_address}.")),
  N_ ("Begin with MmGetMdlVirtualAddress, and begin anew with each MDL of a chain; a system address is no index."))

DMS_RULE (INVALID_BUFFER, 36, "invalid-buffer", "0x1F", "mapping", DMS_NEED_FACTS,
  "nc-wdm-pget_scatter_gather_list",
  N_ ("The range lies inside of what the MDLs describe."),
  N_ ("the call"), N_ ("the request"),
  SAY (STARTS_BEFORE, N_ ("The range begins at {a_address}, before the first MDL, which begins at {b_address}."))
  SAY (STARTS_BEHIND, N_ ("The range begins at {a_address}, behind the first MDL, which ends at {b_address}."))
  SAY (ENDS_BEHIND, N_ ("{a_bytes} are asked for, but from there on the MDLs describe {b_bytes}: the surplus leaves the last page.")),
  N_ ("Take address and length from the MDL: MmGetMdlVirtualAddress and MmGetMdlByteCount."))

DMS_RULE (BUFFER_TOO_SHORT, 37, "buffer-too-short", "0x24", "mapping", DMS_NEED_FACTS,
  "nc-wdm-pget_scatter_gather_list",
  N_ ("The MDLs describe at least as many bytes as the transfer has."),
  N_ ("the call"), N_ ("the request"),
  SAY (SHORT_CHAIN, N_ ("{a_bytes} are asked for, but from there on the MDLs describe {b_bytes}.")),
  N_ ("Compare the length with the sum of MmGetMdlByteCount over the chain first."))

DMS_RULE (NOT_LOCKED, 38, "not-locked", "0x0E", "mapping", DMS_NEED_FACTS,
  "using-mdls",
  N_ ("Pages that a device uses are locked in memory."),
  N_ ("the call"), N_ ("the MDL"),
  SAY (UNLOCKED, N_ ("MDL {a} of the buffer is not locked: its pages may be given to somebody else while {device} uses them.")),
  N_ ("MmProbeAndLockPages before, MmUnlockPages after; or memory that is not paged."))

DMS_RULE (NO_SYSTEM_ADDRESS, 39, "no-system-address", "0x22", "mapping", DMS_NEED_FACTS,
  "bug-check-0xe6--driver-verifier-dma-violation",
  N_ ("A buffer that has to be copied has a system address."),
  N_ ("the call"), N_ ("the MDL"),
  SAY (NO_ADDRESS, N_ ("A page of MDL {a} has to be copied, but the MDL has no system address.")),
  N_ ("MmGetSystemAddressForMdlSafe, and a look at what it returns."))

DMS_RULE (LENGTH_IN_STACK, 40, "length-in-stack", "", "mapping", DMS_NEED_FACTS,
  "nc-wdm-pmap_transfer",
  N_ ("MapTransfer writes to its length argument, so that must be a variable of the driver's own."),
  N_ ("the call"), N_ ("the request"),
  SAY (STACK_CHANGED, N_ ("The length argument is the request's own field: it was {a} and is {b} now, and everybody who reads it later is wrong.")),
  N_ ("Copy the length into a local variable and hand over its address."))

DMS_RULE (FLUSH_WHILE_RUNNING, 41, "flush-while-running", "0x23", "flush", DMS_NEED_FACTS,
  "nc-wdm-pflush_adapter_buffers_ex",
  N_ ("A transfer of the DMA controller is flushed when it is complete or cancelled."),
  N_ ("the flush"), N_ ("the mapping that started it"),
  SAY (STILL_RUNS, N_ ("The driver flushes while channel {b} still has {a_bytes} to move: they are cut off. Step {other_step} started it.")),
  N_ ("Wait for the completion routine, or call CancelMappedTransfer first."))

DMS_RULE (PHYSICAL_ADDRESS, 42, "physical-address", "0x26", "mapping", DMS_NEED_FACTS | DMS_NEED_DEVICE,
  "nc-wdm-pmap_transfer",
  N_ ("A device is given logical addresses: what the mapping returned, never what MmGetPhysicalAddress says."),
  N_ ("the device taking the address"), N_ ("the request"),
  SAY (RAW_ADDRESS, N_ ("{device} is given address {a_address}: that is where page {b} of the buffer lies in memory, but it was not mapped for the device. Where it lies higher than the device reaches, or behind an IOMMU, something else is hit.")),
  N_ ("Use the addresses of the scatter/gather list, or what MapTransfer returned."))

/* ---- adapters -------------------------------------------------------------------------------- */

DMS_RULE (PUT_WITH_COMMON_BUFFERS, 50, "put-with-common-buffers", "0x07", "adapter", DMS_NEED_CALLS | DMS_NEED_GRANTS,
  "nc-wdm-pput_dma_adapter",
  N_ ("Common buffers are freed before their adapter is given back."),
  N_ ("PutDmaAdapter"), N_ ("the allocation"),
  SAY (PUT_COMMON, N_ ("The driver gives {device}'s adapter back with common buffers that are not freed ({a}). Step {other_step} allocated the first.")),
  N_ ("FreeCommonBuffer for each, then PutDmaAdapter."))

DMS_RULE (PUT_WITH_CHANNEL, 51, "put-with-channel", "0x08", "adapter", DMS_NEED_CALLS | DMS_NEED_GRANTS,
  "nc-wdm-pput_dma_adapter",
  N_ ("The channel is freed before its adapter is given back."),
  N_ ("PutDmaAdapter"), N_ ("the grant"),
  SAY (PUT_CHANNEL, N_ ("The driver gives {device}'s adapter back, but holds its channel. Step {other_step} took it.")),
  N_ ("FreeAdapterChannel after the last flush, then PutDmaAdapter."))

DMS_RULE (PUT_WITH_REGISTERS, 52, "put-with-registers", "0x09", "adapter", DMS_NEED_CALLS | DMS_NEED_GRANTS,
  "nc-wdm-pput_dma_adapter",
  N_ ("Map registers are freed before their adapter is given back."),
  N_ ("PutDmaAdapter"), N_ ("the grant"),
  SAY (PUT_REGISTERS, N_ ("The driver gives {device}'s adapter back, but holds {a_registers}. Step {other_step} granted the first.")),
  N_ ("FreeMapRegisters on every way out, then PutDmaAdapter."))

DMS_RULE (PUT_WITH_LISTS, 53, "put-with-lists", "0x0A", "adapter", DMS_NEED_CALLS | DMS_NEED_GRANTS,
  "nc-wdm-pput_dma_adapter",
  N_ ("Lists are put back before their adapter is given back."),
  N_ ("PutDmaAdapter"), N_ ("the list becoming ready"),
  SAY (PUT_LISTS, N_ ("The driver gives {device}'s adapter back with lists that it has not put back ({a}). Step {other_step} made the first.")),
  N_ ("PutScatterGatherList for each, then PutDmaAdapter."))

DMS_RULE (ADAPTER_NEVER_PUT, 54, "adapter-never-put", "0x11", "adapter", DMS_NEED_CALLS | DMS_NEED_END,
  "nc-wdm-pput_dma_adapter",
  N_ ("Each adapter that IoGetDmaAdapter gives is given back when the device stops."),
  N_ ("the end of the run"), N_ ("IoGetDmaAdapter"),
  SAY (ADAPTER_KEPT, N_ ("The run ends, and {device}'s adapter was never given back: its reference count stays too high. Step {other_step} made it.")),
  N_ ("PutDmaAdapter when handling IRP_MN_STOP_DEVICE and IRP_MN_REMOVE_DEVICE."))

DMS_RULE (ADAPTER_USED_AFTER_PUT, 55, "adapter-used-after-put", "0x18", "adapter", DMS_NEED_FACTS,
  "nc-wdm-pput_dma_adapter",
  N_ ("An adapter that was given back is not used any more."),
  N_ ("the call"), N_ ("PutDmaAdapter"),
  SAY (ADAPTER_DEAD, N_ ("The driver calls {name} with an adapter that it has given back. Step {other_step} gave it back.")),
  N_ ("Set the pointer to NULL when the adapter is given back, and stop all requests before."))

DMS_RULE (NULL_ADAPTER, 56, "null-adapter", "0x19", "adapter", DMS_NEED_FACTS,
  "nf-wdm-iogetdmaadapter",
  N_ ("Each routine gets the adapter that IoGetDmaAdapter returned."),
  N_ ("the call"), N_ ("what it should have come from"),
  SAY (ADAPTER_NULL, N_ ("The driver calls {name} with a null pointer for the adapter."))
  SAY (ADAPTER_UNKNOWN, N_ ("The driver calls {name} with a pointer that is no adapter.")),
  N_ ("Look at what IoGetDmaAdapter returns, and fail the start of the device when it is NULL."))

DMS_RULE (HAL_GET_ADAPTER, 57, "hal-get-adapter", "0x1E", "adapter", DMS_NEED_CALLS,
  "bug-check-0xe6--driver-verifier-dma-violation",
  N_ ("Adapters come from IoGetDmaAdapter; HalGetAdapter is obsolete."),
  N_ ("the call"), N_ ("nothing"),
  SAY (OBSOLETE, N_ ("The driver calls HalGetAdapter, which is obsolete: NULL comes back.")),
  N_ ("IoGetDmaAdapter with the physical device object."))

DMS_RULE (UNKNOWN_VERSION, 58, "unknown-version", "0x25", "adapter", DMS_NEED_FACTS,
  "ns-wdm-_device_description",
  N_ ("A DEVICE_DESCRIPTION is zeroed, and its Version is one that there is."),
  N_ ("the call"), N_ ("nothing"),
  SAY (VERSION_UNKNOWN, N_ ("The DEVICE_DESCRIPTION has version {a}, which there is not: NULL comes back."))
  SAY (DESCRIPTION_IMPOSSIBLE, N_ ("The DEVICE_DESCRIPTION describes no device that can be: NULL comes back.")),
  N_ ("RtlZeroMemory first, then DEVICE_DESCRIPTION_VERSION1, 2 or 3 and the members that are needed."))

DMS_RULE (WRONG_KIND_OF_ADAPTER, 59, "wrong-kind-of-adapter", "", "adapter", DMS_NEED_FACTS,
  "nc-wdm-pget_scatter_gather_list_ex",
  N_ ("Routines for bus masters are called for bus masters, those for system DMA for system DMA."),
  N_ ("the call"), N_ ("IoGetDmaAdapter"),
  SAY (WRONG_KIND, N_ ("{name} is not for this kind of adapter. Step {other_step} made it.")),
  N_ ("System DMA maps with MapTransfer or MapTransferEx; a bus master has no counter of the DMA controller."))

/* ---- IRQL ---------------------------------------------------------------------------------------- */

DMS_RULE (WRONG_IRQL, 60, "wrong-irql", "0x13", "IRQL", DMS_NEED_CALLS,
  "dma-verification",
  N_ ("Each routine is called at an IRQL that its page allows."),
  N_ ("the call"), N_ ("the call around it"),
  SAY (IRQL_EXACTLY, N_ ("The driver calls {name} at {c_irql}; it has to be {a_irql}."))
  SAY (IRQL_AT_MOST, N_ ("The driver calls {name} at {c_irql}; the highest that it may be called at is {b_irql}."))
  SAY (IRQL_AT_LEAST, N_ ("The driver calls {name} at {c_irql}; the lowest that it may be called at is {a_irql}."))
  SAY (IRQL_BETTER, N_ ("The driver calls {name} at {c_irql}. Its page allows that; as it takes the adapter channel, {a_irql} is the safe choice.")),
  N_ ("Raise to DISPATCH_LEVEL with KeRaiseIrql around the call, or move the call to where the IRQL is low enough."))

DMS_RULE (IRQL_CHANGED, 61, "irql-changed", "0x14", "IRQL", DMS_NEED_FACTS,
  "nf-wdm-keraiseirql",
  N_ ("A routine returns at the IRQL that it was called at."),
  N_ ("the return"), N_ ("the call"),
  SAY (IRQL_LEFT, N_ ("A routine of the driver was called at {a_irql} and returns at {b_irql}. Step {other_step} called it.")),
  N_ ("KeLowerIrql with the value that KeRaiseIrql has stored, on every way out."))

/* ---- common buffers ------------------------------------------------------------------------------ */

DMS_RULE (COMMON_BUFFER_FREED_TWICE, 65, "common-buffer-freed-twice", "0x03", "common buffer", DMS_NEED_FACTS,
  "nc-wdm-pfree_common_buffer",
  N_ ("Each common buffer is freed once."),
  N_ ("the call"), N_ ("the call before"),
  SAY (COMMON_TWICE, N_ ("The driver frees a common buffer at {a_address}, where there is none. Step {other_step} freed it before."))
  SAY (COMMON_NEVER_WAS, N_ ("The driver frees a common buffer at {a_address}, where there was none.")),
  N_ ("Forget pointer and address when the buffer is freed."))

DMS_RULE (COMMON_BUFFER_DIFFERS, 66, "common-buffer-differs", "", "common buffer", DMS_NEED_FACTS,
  "nc-wdm-pfree_common_buffer",
  N_ ("FreeCommonBuffer is told exactly what AllocateCommonBuffer was told and gave."),
  N_ ("the call"), N_ ("the allocation"),
  SAY (COMMON_OTHER, N_ ("The driver frees a common buffer of {b_bytes} as if it had {a_bytes}: argument {c} differs. Step {other_step} allocated it.")),
  N_ ("Keep length, logical address, pointer and caching beside each other."))

DMS_RULE (VECTOR_MISUSED, 67, "vector-misused", "", "common buffer", DMS_NEED_FACTS,
  "bug-check-0x1dc--dma-common-buffer-vector-error",
  N_ ("A vector of common buffers is freed empty, its entries once, and its indexes stay within it."),
  N_ ("the call"), N_ ("the allocation"),
  SAY (VECTOR, N_ ("The vector of common buffers is misused (code {a}, index {b}).")),
  N_ ("Free each entry once, then the vector."))

/* ---- memory and devices -------------------------------------------------------------------------- */

DMS_RULE (MEMORY_DAMAGED, 70, "memory-damaged", "0x0F", "device", DMS_NEED_FACTS | DMS_NEED_DEVICE,
  "bug-check-0xe6--driver-verifier-dma-violation",
  N_ ("A device writes only where it was told to, and its driver tells it only what is mapped."),
  N_ ("the moment when it is seen"), N_ ("the mapping"),
  SAY (DAMAGED_TAG_BEFORE, N_ ("The tag before a common buffer was overwritten, first at {a_address}. Step {other_step} is where the memory was given out."))
  SAY (DAMAGED_TAG_AFTER, N_ ("The tag behind a common buffer was overwritten, first at {a_address}. Step {other_step} is where the memory was given out."))
  SAY (DAMAGED_FREE, N_ ("The bounce page of a free map register was overwritten, first at {a_address}."))
  SAY (DAMAGED_BEFORE, N_ ("{length} before the mapped bytes were overwritten, first at {a_address}, by map register {c}. Step {other_step} mapped them."))
  SAY (DAMAGED_AFTER, N_ ("{length} behind the mapped bytes were overwritten, first at {a_address}, by map register {c}. Step {other_step} mapped them.")),
  N_ ("Give the device the lengths of the elements as they are, and no count larger than the transfer."))

DMS_RULE (IOMMU_FAULT, 71, "iommu-fault", "0x26", "device", DMS_NEED_DEVICE,
  "bug-check-0xe6--driver-verifier-dma-violation",
  N_ ("A device uses only addresses that are mapped for it, as long as they are."),
  N_ ("the fault"), N_ ("the end of the mapping"),
  SAY (FAULT_UNKNOWN, N_ ("The IOMMU stops {device} at {a_address}, which is not mapped for it."))
  SAY (FAULT_ENDED, N_ ("The IOMMU stops {device} at {a_address}, which is not mapped for it any more. Step {other_step} ended the mapping.")),
  N_ ("Stop the device, or wait for its interrupt, before the mapping ends; and give it logical addresses only."))

DMS_RULE (OUTSIDE_MAPPING, 72, "outside-mapping", "0x0F", "device", DMS_NEED_DEVICE,
  "our rule",
  N_ ("A device uses only addresses that are mapped for it, as long as they are."),
  N_ ("the access"), N_ ("the end of the mapping"),
  SAY (STRAY_WRITE, N_ ("{device} writes {length} at {a_address}, which is not mapped for it: whoever has that memory finds other bytes in it. Step {other_step} is what its transfer had last."))
  SAY (STRAY_READ, N_ ("{device} reads {length} at {a_address}, which is not mapped for it: it sends bytes of somebody else. Step {other_step} is what its transfer had last."))
  SAY (STRAY_NOWHERE, N_ ("{device} uses {a_address}, where there is no memory. Step {other_step} is what its transfer had last.")),
  N_ ("Hand the device the addresses and lengths of the mapping, and stop it before the mapping ends."))

DMS_RULE (TOUCHES_FREED, 73, "touches-freed", "0x0F", "device", DMS_NEED_FACTS | DMS_NEED_DEVICE,
  "our rule",
  N_ ("A device is done with a map register before it is freed."),
  N_ ("the access"), N_ ("the release"),
  SAY (FREED_REGISTER, N_ ("{device} uses {a_address}, the bounce page of map register {b}, which was given back. Step {other_step} gave it back.")),
  N_ ("Wait for the interrupt before flushing and freeing."))

DMS_RULE (DEVICE_LIMIT, 74, "device-limit", "", "device", DMS_NEED_FACTS | DMS_NEED_DEVICE,
  "ns-wdm-_device_description",
  N_ ("A driver gives its device only what the hardware takes: the routines know the address width and nothing else of it."),
  N_ ("the device taking it"), N_ ("the request"),
  SAY (LIMIT_ELEMENTS, N_ ("{device} is given {a} elements; it takes {b}."))
  SAY (LIMIT_SEGMENT, N_ ("Element {c} has {a_bytes}; {device} takes {b_bytes}."))
  SAY (LIMIT_BOUNDARY, N_ ("Element {c} at {a_address} crosses a boundary of {b_bytes}, which {device} cannot."))
  SAY (LIMIT_ALIGNMENT, N_ ("Element {c} at {a_address} is not aligned to {b_bytes}, as {device} needs it."))
  SAY (LIMIT_REACH, N_ ("{device} is given address {a_address}; the highest that it drives is {b_address}."))
  SAY (LIMIT_LENGTH, N_ ("{device} is to move {a_bytes} in one go; it can move {b_bytes}.")),
  N_ ("Split elements, split the transfer, or fail the request; MaximumLength and the address width belong into the DEVICE_DESCRIPTION."))

/* ---- version 3 ------------------------------------------------------------------------------------- */

DMS_RULE (CONTEXT_MISUSED, 80, "context-misused", "", "version 3", DMS_NEED_FACTS,
  "nc-wdm-pinitialize_dma_transfer_context",
  N_ ("Each request has a transfer context of its own, initialized before it is used."),
  N_ ("the call"), N_ ("the use before"),
  SAY (CONTEXT_RAW, N_ ("The driver uses a transfer context that it has not initialized."))
  SAY (CONTEXT_BUSY, N_ ("The driver uses a transfer context that belongs to another request. Step {other_step} is what that one had last.")),
  N_ ("InitializeDmaTransferContext for one context in each request."))

DMS_RULE (BAD_COMBINATION, 81, "bad-combination", "", "version 3", DMS_NEED_FACTS,
  "nc-wdm-pallocate_adapter_channel_ex",
  N_ ("Without DMA_SYNCHRONOUS_CALLBACK there is a routine; without a routine there is a pointer for the result."),
  N_ ("the call"), N_ ("nothing"),
  SAY (COMBINATION, N_ ("The arguments of {name} contradict each other: the call is refused.")),
  N_ ("Either wait for the routine, or ask with the flag and take the result from the pointer."))

DMS_RULE (LIST_BUFFER_SMALL, 82, "list-buffer-small", "", "scatter/gather list", DMS_NEED_FACTS,
  "nc-wdm-pbuild_scatter_gather_list",
  N_ ("The buffer for a list is as big as CalculateScatterGatherList or GetDmaTransferInfo says."),
  N_ ("the call"), N_ ("nothing"),
  SAY (BUFFER_SMALL, N_ ("The buffer for the list has {a_bytes}; {b_bytes} are needed.")),
  N_ ("Ask for the size first: it is more than a head and so many elements."))

/* ---- requests, pointers, pool memory ---------------------------------------------------------------- */

DMS_RULE (COMPLETED_TWICE, 85, "completed-twice", "", "request", DMS_NEED_FACTS,
  "nf-wdm-iocompleterequest",
  N_ ("A request is completed once, and not touched afterwards."),
  N_ ("the second completion"), N_ ("the first completion"),
  SAY (COMPLETED_AGAIN, N_ ("The driver completes a request that is completed. Step {other_step} was the first time."))
  SAY (COMPLETED_UNKNOWN, N_ ("The driver completes something that is no request, or that is the system's again.")),
  N_ ("Forget the request when it is completed."))

DMS_RULE (BAD_POINTER, 86, "bad-pointer", "", "pointer", DMS_NEED_FACTS,
  "our rule",
  N_ ("A routine is handed what it is for: an MDL, a list, a device object that is there."),
  N_ ("the call"), N_ ("nothing"),
  SAY (POINTER_NULL, N_ ("Argument {a} of {name} is a null pointer."))
  SAY (POINTER_NULL_MDL, N_ ("The MDL that {name} gets is a null pointer."))
  SAY (POINTER_NO_MDL, N_ ("{name} gets something that is no MDL, or one that was freed."))
  SAY (POINTER_LOOP, N_ ("The chain of MDLs that {name} gets is a loop."))
  SAY (POINTER_NO_LIST, N_ ("{name} gets something that is no scatter/gather list."))
  SAY (POINTER_NO_DEVICE, N_ ("{name} gets something that is no device object.")),
  N_ ("Look at each pointer before it is handed on, and forget it when what it points to ends."))

DMS_RULE (POOL_MISUSED, 87, "pool-misused", "", "pool memory", DMS_NEED_FACTS,
  "nf-wdm-exfreepoolwithtag",
  N_ ("Pool memory is written within its bounds and freed once."),
  N_ ("the moment when it is seen"), N_ ("nothing"),
  SAY (POOL_FREED_TWICE, N_ ("The driver frees pool memory that it does not have, or that was freed before."))
  SAY (POOL_OVERRUN, N_ ("Memory beside an allocation of {length} was overwritten."))
  SAY (POOL_KEPT, N_ ("Pool memory was never freed: {b_bytes} (allocations: {a})."))
  SAY (POOL_IN_USE, N_ ("Pool memory of {length} is freed while {a_bytes} of it are mapped for a device, which may still use them.")),
  N_ ("Each allocation has one owner, who knows its length and frees it once."))

DMS_RULE (WRONG_PLACE, 88, "wrong-place", "", "port driver", DMS_NEED_FACTS,
  "nc-irb-ide_hw_buildio",
  N_ ("A port driver's routine is called only from those routines that may call it."),
  N_ ("the call"), N_ ("the call around it"),
  SAY (PLACE, N_ ("The miniport calls {name} where that is not allowed. Step {other_step} is the call around it.")),
  N_ ("Move it to the routine that the page names."))

DMS_RULE (REGISTER_OUTSIDE, 89, "register-outside", "", "device", DMS_NEED_FACTS,
  "our rule",
  N_ ("A driver reads and writes registers of its device, and nothing beside them."),
  N_ ("the access"), N_ ("nothing"),
  SAY (REGISTER_NOWHERE, N_ ("The driver uses {a_address} as a register, which is none of a device.")),
  N_ ("Use the address that the device's start gave, and offsets within its length."))

/* ---- drivers as a whole -------------------------------------------------------------------------------- */

DMS_RULE (REQUEST_STATE, 90, "request-state", "", "request", DMS_NEED_FACTS,
  "nf-wdm-iomarkirppending",
  N_ ("A dispatch routine completes its request and returns that status, or marks it pending and returns STATUS_PENDING."),
  N_ ("the return"), N_ ("the request"),
  SAY (STATE_NEITHER, N_ ("{name} returns, but the request is neither completed nor marked pending: whoever waits for it waits forever."))
  SAY (STATE_NOT_MARKED, N_ ("{name} returns STATUS_PENDING, but the request is not marked pending."))
  SAY (STATE_NOT_RETURNED, N_ ("The request is marked pending, but {name} returns something else than STATUS_PENDING."))
  SAY (STATE_NO_LOCATION, N_ ("The request has no stack location left for a driver below: {a} are all that it has.")),
  N_ ("IoMarkIrpPending before the request is queued, and STATUS_PENDING from the same routine."))

DMS_RULE (LOCK_MISUSED, 91, "lock-misused", "", "lock", DMS_NEED_FACTS,
  "nf-wdm-keacquirespinlock",
  N_ ("A spin lock is taken by who does not hold it, and given back by who does."),
  N_ ("the call"), N_ ("nothing"),
  SAY (LOCK_TAKEN_AGAIN, N_ ("The driver takes a spin lock that is held: a real processor would hang here."))
  SAY (LOCK_NOT_TAKEN, N_ ("The driver gives a spin lock back that it does not hold.")),
  N_ ("One acquire and one release on every way, and none inside of the other."))

DMS_RULE (HANGS, 92, "hangs", "", "lock", DMS_NEED_FACTS,
  "nf-wdm-kewaitforsingleobject",
  N_ ("Whoever waits is woken by something that will happen."),
  N_ ("the wait"), N_ ("nothing"),
  SAY (HANGS_HERE, N_ ("The driver waits, and nothing is left to do that could end the wait: a real thread would hang here.")),
  N_ ("Start what shall signal the event before waiting for it."))

DMS_RULE (ASSERTION_FAILED, 93, "assertion-failed", "", "driver", DMS_NEED_FACTS,
  "our rule",
  N_ ("What a driver asserts holds."),
  N_ ("the assertion"), N_ ("nothing"),
  SAY (ASSERTED, N_ ("An assertion of the driver does not hold.")),
  N_ ("Look at what came before: the driver's own expectation was wrong there."))

DMS_RULE (OBJECTS_LEFT, 94, "objects-left", "", "driver", DMS_NEED_FACTS,
  "nc-wdm-driver_unload",
  N_ ("A driver that is unloaded leaves nothing behind."),
  N_ ("the unload"), N_ ("nothing"),
  SAY (LEFT_BEHIND, N_ ("The driver is unloaded and leaves something behind: {b} of kind {a} (1 device objects, 2 interrupts, 3 waiting DPCs or timers).")),
  N_ ("IoDisconnectInterrupt, IoDeleteDevice and the like in the routine for IRP_MN_REMOVE_DEVICE."))

DMS_RULE (ROUTINE_MISSING, 95, "routine-missing", "", "driver", DMS_NEED_FACTS,
  "nc-wdm-driver_initialize",
  N_ ("DriverEntry fills in a routine for everything that the driver is asked."),
  N_ ("the moment when it is needed"), N_ ("nothing"),
  SAY (NO_ROUTINE, N_ ("The driver has no routine for what it is asked here.")),
  N_ ("Set MajorFunction, AddDevice and DriverUnload in DriverEntry."))

DMS_RULE (REQUEST_NEVER_COMPLETED, 96, "request-never-completed", "", "request", DMS_NEED_CALLS | DMS_NEED_END,
  "nf-wdm-iocompleterequest",
  N_ ("Each request is completed."),
  N_ ("the end of the run"), N_ ("the request"),
  SAY (NEVER_COMPLETED, N_ ("The run ends, and {device}'s request {a} was never completed: whoever asked waits forever. Step {other_step} is the request."))
  SAY (NEVER_GRANTED, N_ ("The run ends, and {device}'s request {a} still waits for the adapter channel or for map registers. Step {other_step} is the request.")),
  N_ ("IoCompleteRequest on every way out; what may wait for long can be cancelled (version 3), and what can never be had has to be split."))

DMS_RULE (CRASHED, 97, "crashed", "", "driver", DMS_NEED_CALLS,
  "our rule",
  N_ ("A driver does not crash."),
  N_ ("the crash"), N_ ("the call that was made last"),
  SAY (CRASHED_HERE, N_ ("The driver's program ended before its run did. Step {other_step} is the last call that it made.")),
  N_ ("Look at what the driver did after that call: its own statements in between leave no event."))

/* clang-format on */
