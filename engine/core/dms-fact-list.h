/* dms-fact-list.h — what the simulated kernel notes beside calls: the one list
 *
 *   DMS_FACT (ID, number, "name", "sentence", "what the numbers are")
 *     number  is stored in traces and is never given to another fact
 *
 * A fact is what the kernel sees and a correct driver never causes. It judges nothing:
 * engine/rules turns facts into findings. In sentences {a}, {b}, {c} are numbers, with
 * _address, _bytes and _registers behind them they are printed so; {length} is bytes.
 *
 * SPDX-License-Identifier: MIT
 */

/* clang-format off */

/* ---- adapters and pointers ---- */
DMS_FACT (NULL_ADAPTER, 1, "null-adapter", N_ ("the adapter is a null pointer"), "")
DMS_FACT (DEAD_ADAPTER, 2, "dead-adapter", N_ ("the adapter was given back before"), "")
DMS_FACT (UNKNOWN_ADAPTER, 3, "unknown-adapter", N_ ("the pointer is no adapter"), "a: the pointer")
DMS_FACT (UNKNOWN_DEVICE, 4, "unknown-device", N_ ("the pointer is no device object"), "a: the pointer")
DMS_FACT (NULL_POINTER, 5, "null-pointer", N_ ("argument {a} is a null pointer"), "a: which argument, from 1")
DMS_FACT (UNKNOWN_VERSION, 6, "unknown-version", N_ ("the DEVICE_DESCRIPTION has version {a}, which there is not"), "a: the version")
DMS_FACT (IMPOSSIBLE_DESCRIPTION, 7, "impossible-description", N_ ("the DEVICE_DESCRIPTION describes no device that can be"), "a: which member, by its offset")
DMS_FACT (NOT_FOR_THIS_ADAPTER, 8, "not-for-this-adapter", N_ ("the routine is not for this kind of adapter"), "")
DMS_FACT (NESTED_TOO_DEEP, 9, "nested-too-deep", N_ ("calls are nested too deep"), "")

/* ---- MDLs and ranges ---- */
DMS_FACT (NULL_MDL, 10, "null-mdl", N_ ("the MDL is a null pointer"), "")
DMS_FACT (UNKNOWN_MDL, 11, "unknown-mdl", N_ ("the pointer is no MDL, or one that was freed"), "a: the pointer; b: its place in the chain")
DMS_FACT (MDL_LOOP, 12, "mdl-loop", N_ ("the chain of MDLs is a loop"), "a: MDLs before it closes")
DMS_FACT (BEFORE_MDL, 13, "before-mdl", N_ ("the range begins at {a_address}, before the first MDL, which begins at {b_address}"), "a: address; b: first address of the MDL")
DMS_FACT (BEHIND_MDL, 14, "behind-mdl", N_ ("the range begins at {a_address}, behind the first MDL, which ends at {b_address}"), "a: address; b: address behind the MDL")
DMS_FACT (TOO_LONG, 15, "too-long", N_ ("{a_bytes} are asked for, but from there on the MDLs describe {b_bytes}"), "a: bytes asked for; b: bytes described; c: 1 when the surplus leaves the last page")
DMS_FACT (ZERO_LENGTH, 16, "zero-length", N_ ("nothing is to be mapped: the length is 0"), "")
DMS_FACT (NOT_LOCKED, 17, "not-locked", N_ ("the pages of the MDL are not locked"), "a: place of the MDL in the chain")
DMS_FACT (NO_SYSTEM_ADDRESS, 18, "no-system-address", N_ ("a page has to be copied, but the MDL has no system address"), "a: place of the MDL in the chain")
DMS_FACT (OUTSIDE_MDL, 19, "outside-mdl", N_ ("address {a_address} is not inside of the MDL"), "a: address; b: first address of the MDL; c: address behind it")

/* ---- channel and map registers ---- */
DMS_FACT (ASKED_TWICE, 20, "asked-twice", N_ ("the device object has a request for the channel outstanding already"), "")
DMS_FACT (ASKED_IN_CALLBACK, 21, "asked-in-callback", N_ ("the channel is asked for inside of AdapterControl"), "")
DMS_FACT (CHANNEL_NOT_HELD, 22, "channel-not-held", N_ ("nobody holds the adapter channel"), "")
DMS_FACT (REGISTERS_NOT_HELD, 23, "registers-not-held", N_ ("the map registers are not held any more"), "a: how many are to be freed")
DMS_FACT (UNKNOWN_BASE, 24, "unknown-base", N_ ("MapRegisterBase is none that this adapter was granted"), "a: the handle")
DMS_FACT (NULL_BASE, 25, "null-base", N_ ("MapRegisterBase is null: there are no map registers to free"), "")
DMS_FACT (COUNT_DIFFERS, 26, "count-differs", N_ ("{a_registers} are to be freed, but {b_registers} were granted"), "a: given; b: granted")
DMS_FACT (FREED_WHILE_MAPPED, 27, "freed-while-mapped", N_ ("{a_registers} are freed while {b_bytes} are mapped by them"), "a: registers still mapped; b: bytes")
DMS_FACT (TOO_FEW_REGISTERS, 28, "too-few-registers", N_ ("the piece needs {a_registers}, but {b_registers} of the grant are left"), "a: needed; b: left")
DMS_FACT (TOO_MANY_IN_TOTAL, 29, "too-many-in-total", N_ ("with these the adapter holds {a_registers}; {b_registers} are allowed"), "a: held and asked for; b: allowed")
DMS_FACT (UNKNOWN_ACTION, 30, "unknown-action", N_ ("{a} is no IO_ALLOCATION_ACTION"), "a: what AdapterControl returned")

/* ---- mapping and flushing ---- */
DMS_FACT (ALREADY_MAPPED, 32, "already-mapped", N_ ("{length} from {a_address} on are mapped already"), "a: first address; b: address behind; length: bytes that overlap")
DMS_FACT (NOT_FLUSHED, 33, "not-flushed", N_ ("{a_bytes} are mapped and not flushed"), "a: bytes mapped; b: most that may be")
DMS_FACT (NOT_MAPPED, 34, "not-mapped", N_ ("nothing is mapped at {a_address}"), "a: address; length: bytes to be flushed")
DMS_FACT (NOTHING_MAPPED, 35, "nothing-mapped", N_ ("nothing is mapped by these map registers"), "a: address")
DMS_FACT (FLUSH_TOO_LONG, 36, "flush-too-long", N_ ("{a_bytes} are to be flushed, but {b_bytes} are mapped from there on"), "a: bytes to be flushed; b: bytes mapped")
DMS_FACT (FLUSH_TOO_SHORT, 37, "flush-too-short", N_ ("{a_bytes} are flushed of {b_bytes} that were mapped"), "a: bytes flushed; b: bytes mapped")
DMS_FACT (DIRECTION_DIFFERS, 38, "direction-differs", N_ ("the direction is not the one of the mapping"), "a: bounced pages; b: bytes that wait in them")
DMS_FACT (FLUSH_WHILE_RUNNING, 39, "flush-while-running", N_ ("the transfer still runs: {a_bytes} are left"), "a: bytes left; b: channel")
DMS_FACT (PADDING_DAMAGED, 40, "padding-damaged", N_ ("memory beside the mapped bytes was overwritten, first at {a_address}"), "a: first address; b: 1 tag before, 2 tag after, 3 free register, 4 padding before, 5 padding after; c: the map register; length: bytes")
DMS_FACT (LENGTH_IN_STACK, 41, "length-in-stack", N_ ("the length argument lies in the request's stack location, and the call changes it"), "a: before; b: after")
DMS_FACT (UNKNOWN_LIST, 42, "unknown-list", N_ ("the pointer is no scatter/gather list"), "")
DMS_FACT (LIST_CHANGED, 43, "list-changed", N_ ("the list was changed by the driver"), "a: first element that differs")
DMS_FACT (MDL_MADE_BEFORE, 44, "mdl-made-before", N_ ("an MDL was made from this list before"), "")
DMS_FACT (BUFFER_SMALL, 45, "buffer-small", N_ ("the buffer for the list has {a_bytes}; {b_bytes} are needed"), "a: bytes given; b: bytes needed")

/* ---- version 3 ---- */
DMS_FACT (CONTEXT_UNKNOWN, 48, "context-unknown", N_ ("the transfer context was not initialized"), "")
DMS_FACT (CONTEXT_IN_USE, 49, "context-in-use", N_ ("the transfer context is in use for another request"), "")
DMS_FACT (BAD_COMBINATION, 50, "bad-combination", N_ ("the arguments contradict each other"), "a: flags; b: 1 there is a routine; c: 1 there is a pointer for the result")
DMS_FACT (NOT_CANCELLED, 51, "not-cancelled", N_ ("there is nothing left to cancel"), "")

/* ---- common buffers ---- */
DMS_FACT (COMMON_UNKNOWN, 52, "common-unknown", N_ ("there is no common buffer at {a_address}"), "a: logical address")
DMS_FACT (COMMON_DIFFERS, 53, "common-differs", N_ ("{a_bytes} are to be freed, but {b_bytes} were allocated"), "a: given; b: allocated; c: which argument differs, from 1")
DMS_FACT (VECTOR_MISUSED, 54, "vector-misused", N_ ("the vector of common buffers is misused"), "a: 1 wrong IRQL, 2 not empty, 3 index out of range, 4 freed before, 5 leaked; b: index")
DMS_FACT (NO_FRAMES, 55, "no-frames", N_ ("the memory of the MDL does not lie in the simulated machine: no device can be sent there"), "a: bytes")

/* ---- what a device was told, and did ---- */
DMS_FACT (TOO_MANY_ELEMENTS, 56, "too-many-elements", N_ ("{device} is given {a} elements; it takes {b}"), "a: given; b: taken")
DMS_FACT (ELEMENT_TOO_LONG, 57, "element-too-long", N_ ("element {c} has {a_bytes}; {device} takes {b_bytes}"), "a: given; b: taken; c: element")
DMS_FACT (CROSSES_BOUNDARY, 58, "crosses-boundary", N_ ("element {c} crosses a boundary of {b_bytes} at {a_address}"), "a: address; b: boundary; c: element")
DMS_FACT (MISALIGNED, 59, "misaligned", N_ ("element {c} at {a_address} is not aligned to {b_bytes}"), "a: address or length; b: alignment; c: element")
DMS_FACT (OUT_OF_REACH, 60, "out-of-reach", N_ ("{device} is given address {a_address}; the highest that it drives is {b_address}"), "a: address; b: highest; c: element")
DMS_FACT (TOUCHES_FREED, 61, "touches-freed", N_ ("{device} uses a bounce page whose map register was given back"), "a: address; b: map register")
DMS_FACT (REGISTER_OUTSIDE, 62, "register-outside", N_ ("{a_address} is no register of a device"), "a: the pointer")
DMS_FACT (TRANSFER_TOO_LONG, 63, "transfer-too-long", N_ ("{device} is to move {a_bytes} in one go; it can move {b_bytes}"), "a: given; b: most")

/* ---- requests, pool, port drivers ---- */
DMS_FACT (UNKNOWN_REQUEST, 66, "unknown-request", N_ ("the pointer is no request, or one that is completed"), "a: the pointer")
DMS_FACT (COMPLETED_TWICE, 67, "completed-twice", N_ ("the request was completed before"), "")
DMS_FACT (POOL_UNKNOWN, 68, "pool-unknown", N_ ("the pointer is no pool memory, or it was freed before"), "a: the pointer")
DMS_FACT (POOL_DAMAGED, 69, "pool-damaged", N_ ("memory beside the allocation was overwritten"), "a: bytes from its end, or before its start; b: 1 before, 2 behind; length: bytes of the allocation")
DMS_FACT (POOL_LEFT, 70, "pool-left", N_ ("pool memory was never freed: {b_bytes} (allocations: {a})"), "a: how many; b: bytes of all")
DMS_FACT (WRONG_PLACE, 71, "wrong-place", N_ ("the routine may not be called here"), "a: number of the routine around the call")
DMS_FACT (LIST_NOT_THERE, 72, "list-not-there", N_ ("the request has no scatter/gather list"), "a: flags of the request")
DMS_FACT (REQUEST_ENDED, 73, "request-ended", N_ ("the request of this list is completed: the list is not there any more"), "")
DMS_FACT (IRQL_NOT_LOWERED, 74, "irql-not-lowered", N_ ("the routine returns at an IRQL that it was not called at"), "a: IRQL at entry; b: IRQL at return")
DMS_FACT (PHYSICAL_ADDRESS, 75, "physical-address", N_ ("{device} is given address {a_address}, which was never mapped for it but is where page {b} of the buffer lies"), "a: address; b: page; c: element")
DMS_FACT (POOL_MAPPED, 76, "pool-mapped", N_ ("pool memory of {length} is freed while {a_bytes} of it are mapped for a device"), "a: bytes mapped and not flushed; length: bytes of the allocation")

/* ---- drivers as they are written for Windows ---- */
DMS_FACT (NO_STACK_LOCATION, 80, "no-stack-location", N_ ("the request has no stack location left for a driver below"), "a: stack locations that it has")
DMS_FACT (NEITHER_DONE_NOR_PENDING, 81, "neither-done-nor-pending", N_ ("the dispatch routine returns, but the request is neither completed nor marked pending"), "a: what it returns")
DMS_FACT (PENDING_NOT_MARKED, 82, "pending-not-marked", N_ ("the dispatch routine returns STATUS_PENDING, but the request is not marked pending"), "")
DMS_FACT (PENDING_NOT_RETURNED, 83, "pending-not-returned", N_ ("the request is marked pending, but the dispatch routine does not return STATUS_PENDING"), "a: what it returns")
DMS_FACT (LOCK_HELD, 84, "lock-held", N_ ("the spin lock is held already: a real processor would hang here"), "a: the lock")
DMS_FACT (LOCK_NOT_HELD, 85, "lock-not-held", N_ ("the spin lock is not held"), "a: the lock")
DMS_FACT (WAITS_FOREVER, 86, "waits-forever", N_ ("nothing is left to do that could end the wait: a real thread would hang here"), "a: the object")
DMS_FACT (ASSERTION_FAILED, 87, "assertion-failed", N_ ("an assertion of the driver does not hold"), "")
DMS_FACT (OBJECT_LEFT, 88, "object-left", N_ ("the driver is unloaded and leaves something behind"), "a: 1 device objects, 2 interrupts, 3 waiting DPCs or timers; b: how many")
DMS_FACT (ROUTINE_MISSING, 89, "routine-missing", N_ ("the driver has no routine for this"), "a: number of the routine that is called")

/* clang-format on */
