/* dms-event-list.h — every kind of event: the one list
 *
 * Included several times with different meanings of its macros (no include guard):
 *
 *   DMS_EVENT (ID, number, "name", STEP|PART, "what it means", FIELDS, SAYINGS)
 *     number  is stored in traces and is never given to another kind
 *     STEP    the event opens a step; PART: it belongs to the step before it. In an imported
 *             trace every event opens a step.
 *   FIELD (MEMBER, "name", UNIT, "meaning")   a member of DmsEvent that this kind uses
 *   SAY (mask, value, "sentence", "why")      the first whose (flags & mask) == value speaks;
 *                                             "why" may be ""
 *
 * In sentences {name} is a field of the event, printed in its unit, or one of the derived
 * words of dms-sentence.c ({device}, {register}, {element} …). Words that depend on a number
 * are written by the unit ({length} is "1 byte" or "4 096 bytes"), so that each sentence is
 * one translatable message.
 *
 * SPDX-License-Identifier: MIT
 */

/* clang-format off */

/* ---- what there is ---------------------------------------------------------------- */

DMS_EVENT (MACHINE, 1, "machine", PART,
  "The simulated machine. First event of a simulated run.",
  FIELD (A, "memory", SIZE, "physical memory installed")
  FIELD (B, "registers", REGISTERS, "map registers in the system's pool")
  FIELD (C, "seed", NUMBER, "seed of everything random in the run")
  FIELD (LENGTH, "page_size", BYTES, "size of a page")
  FIELD (FLAGS, "flags", FLAGS, "HAL_X86: bounce pages come as one block and merge; VERIFIER: everything bounces"),
  SAY (0, 0, N_ ("The machine has {memory} of memory in pages of {page_size}, and {registers} for all its devices."),
       N_ ("A map register stands for one page that a device sees; here it can hold a bounce page that every device reaches.")))

DMS_EVENT (DEVICE, 2, "device", PART,
  "A device and what its hardware can do.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (OBJECT, "model", NAME, "kind of device, as in the scenario")
  FIELD (A, "address_bits", BITS, "address lines that it drives")
  FIELD (B, "maximum_length", BYTES, "longest transfer it does in one go")
  FIELD (C, "burst", BYTES, "bytes moved in one burst")
  FIELD (INDEX, "map_registers", REGISTERS, "most map registers it may have in one transfer; 0 = what the documented rule gives")
  FIELD (LENGTH, "max_elements", ELEMENTS, "longest scatter/gather list that its hardware takes")
  FIELD (FLAGS, "flags", FLAGS, "SCATTER_GATHER: takes a list of pieces; FOR_CHANNEL: uses a channel of the system's DMA controller"),
  SAY (DMS_FLAG_FOR_CHANNEL, DMS_FLAG_FOR_CHANNEL,
       N_ ("{device} moves its bytes by a channel of the system's DMA controller, which drives 24 address lines and reaches memory up to 16 MiB."), "")
  SAY (DMS_FLAG_SCATTER_GATHER, DMS_FLAG_SCATTER_GATHER,
       N_ ("{device} is a bus master with scatter/gather. It drives {address_bits}, so it reaches memory up to {limit}."), "")
  SAY (0, 0, N_ ("{device} is a bus master without scatter/gather. It drives {address_bits}, so it reaches memory up to {limit}."), ""))

DMS_EVENT (MDL, 3, "mdl", PART,
  "One MDL of a buffer: which frames hold its bytes.",
  FIELD (OBJECT, "buffer", ID, "the buffer")
  FIELD (INDEX, "place", NUMBER, "place of this MDL in the buffer's chain, from 0")
  FIELD (A, "address", VIRTUAL, "virtual address of its first byte")
  FIELD (B, "start", BYTES, "bytes of the buffer in the MDLs before it")
  FIELD (C, "name", NAME, "the buffer's name")
  FIELD (LENGTH, "length", BYTES, "bytes that it describes")
  FIELD (FLAGS, "flags", FLAGS, "LOCKED: its pages cannot be paged out")
  FIELD (PAYLOAD, "frames", LIST, "FRAMES: one frame for each page, in the order of the buffer"),
  SAY (0, 0, N_ ("An MDL describes {length} of buffer {name} in {pages}: in a row for the CPU, wherever they lie in memory."), ""))

DMS_EVENT (LIMITS, 6, "limits", PART,
  "Further limits of a device, where it has any. Its driver has to respect them.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (INDEX, "channel", NUMBER, "channel of the system's DMA controller that it uses, and one more; 0 = none")
  FIELD (A, "segment", BYTES, "longest element that it takes; 0 = any")
  FIELD (B, "boundary", BYTES, "no element may cross a multiple of this; 0 = none")
  FIELD (C, "alignment", BYTES, "addresses and lengths are multiples of this")
  FIELD (LENGTH, "ring", BYTES, "size of the buffer that it shares with its driver; 0 = none")
  FIELD (FLAGS, "flags", FLAGS, "REMAPPED: an IOMMU stands before it"),
  SAY (DMS_FLAG_REMAPPED, DMS_FLAG_REMAPPED,
       N_ ("An IOMMU stands between {device} and memory: it translates each address that the device uses."),
       N_ ("What is not mapped there is stopped, and nothing has to bounce. That each map register is one entry of it is our model."))
  SAY (0, 0, N_ ("{device} has further limits, which its driver has to respect."), ""))

/* ---- commands that change the machine in mid-run -------------------------------------- */

DMS_EVENT (LIMIT, 5, "limit", STEP,
  "A command changes what a device can do or may have.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (INDEX, "which", NUMBER, "0 address lines, 1 map registers in one transfer, 2 elements, 3 longest transfer, 4 burst")
  FIELD (A, "before", NUMBER, "its value until now")
  FIELD (B, "after", NUMBER, "its value from now on"),
  SAY (0, 0, N_ ("A command changes a limit of {device}, {limit_name}: it was {before} and is {after} from now on."), ""))

DMS_EVENT (POOL, 7, "pool", STEP,
  "Map registers leave the pool or come into it: by a command, or because the pool grows (ReactOS).",
  FIELD (INDEX, "first", NUMBER, "first map register")
  FIELD (A, "count", REGISTERS, "how many")
  FIELD (B, "free", NUMBER, "map registers in the pool now")
  FIELD (FLAGS, "flags", FLAGS, "TAKEN: they leave the pool; else they come back; FORCED: by the system itself"),
  SAY (DMS_FLAG_TAKEN | DMS_FLAG_FORCED, DMS_FLAG_TAKEN | DMS_FLAG_FORCED, N_ ("The pool has {free} and lacks {count}: these get their bounce pages when somebody waits for them."), N_ ("That is how ReactOS does it."))
  SAY (DMS_FLAG_FORCED, DMS_FLAG_FORCED, N_ ("The pool grows by {count} and has {free} free now."), N_ ("Somebody waits for that many. That is how ReactOS does it."))
  SAY (DMS_FLAG_TAKEN, DMS_FLAG_TAKEN, N_ ("A command takes {count} out of the pool, which has {free} left."), "")
  SAY (0, 0, N_ ("A command puts {count} back into the pool, which has {free} again."), ""))

DMS_EVENT (STOP, 8, "stop", STEP,
  "A command stops a device: its driver gets no further request and is told to stop.",
  FIELD (DEVICE, "device", NAME, "the device"),
  SAY (0, 0, N_ ("A command stops {device}."), ""))

DMS_EVENT (FAIL, 9, "fail", STEP,
  "A command makes allocations fail.",
  FIELD (INDEX, "which", NUMBER, "0 memory for lists, 1 common buffers, 2 pool memory, 3 adapter objects")
  FIELD (A, "skipped", NUMBER, "allocations of that kind that still succeed")
  FIELD (B, "count", NUMBER, "allocations that fail after them"),
  SAY (0, 0, N_ ("A command makes allocations of {allocation_name} fail: {skipped} still succeed, then {count} fail."), ""))

/* ---- requests and calls ------------------------------------------------------------- */

DMS_EVENT (REQUEST, 10, "request", STEP,
  "A request for a transfer reaches the driver's device.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "this transfer")
  FIELD (OBJECT, "buffer", ID, "the buffer")
  FIELD (A, "start", BYTES, "offset of the first byte in the buffer")
  FIELD (LENGTH, "length", BYTES, "bytes asked for")
  FIELD (FLAGS, "flags", FLAGS, "the direction"),
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("A request arrives: {device} is to get {length} of buffer {buffer_name}."), "")
  SAY (0, 0, N_ ("A request arrives: {device} is to put {length} into buffer {buffer_name}."), ""))

DMS_EVENT (CALL, 11, "call", STEP,
  "A routine is called: by the driver a routine of the system, or by the system a routine of the driver (CALLBACK). Its sentence comes from the list of routines.",
  FIELD (DEVICE, "device", NAME, "the device, where there is one")
  FIELD (TRANSFER, "transfer", ID, "the transfer, where there is one")
  FIELD (OBJECT, "object", ID, "what the call is about: the list that is put back, the adapter")
  FIELD (INDEX, "routine", ROUTINE, "number of the routine in the list of routines")
  FIELD (A, "name", NAME, "name of the routine as the source has it")
  FIELD (B, "b", HEX, "second argument, as the list of routines says")
  FIELD (C, "c", HEX, "third argument, as the list of routines says; with CALLBACK the lock that is held: 0 none, 1 the StartIo lock, 2 the interrupt's")
  FIELD (LENGTH, "length", BYTES, "length argument, where there is one")
  FIELD (FLAGS, "flags", FLAGS, "the direction argument; CALLBACK"),
  SAY (DMS_FLAG_CALLBACK, DMS_FLAG_CALLBACK, N_ ("The system calls {name} at {irql}."), "")
  SAY (0, 0, N_ ("The driver calls {name}."), ""))

DMS_EVENT (RETURN, 12, "return", PART,
  "The innermost call returns.",
  FIELD (INDEX, "routine", ROUTINE, "number of the routine in the list of routines")
  FIELD (A, "name", NAME, "name of the routine")
  FIELD (B, "value", HEX, "what it returns, when that is a number or an address")
  FIELD (LENGTH, "length", BYTES, "what it writes to its length argument; 0 = it has none")
  FIELD (STATUS, "status", STATUS, "what it returns, when it returns an NTSTATUS")
  FIELD (FLAGS, "flags", FLAGS, "CALLBACK; HAS_STATUS; HAS_VALUE"),
  SAY (DMS_FLAG_HAS_STATUS, DMS_FLAG_HAS_STATUS, N_ ("{name} returns {status}."), "")
  SAY (DMS_FLAG_HAS_VALUE | DMS_FLAG_FORM, DMS_FLAG_HAS_VALUE | DMS_FLAG_FORM_SINGLE, N_ ("{name} returns {value}: {length} are mapped from there on."), "")
  SAY (DMS_FLAG_HAS_VALUE, DMS_FLAG_HAS_VALUE, N_ ("{name} returns {value}."), "")
  SAY (0, 0, N_ ("{name} returns."), ""))

DMS_EVENT (COMPLETE, 13, "complete", STEP,
  "The driver completes the request: the buffer belongs to the requester again.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "buffer", ID, "the buffer")
  FIELD (LENGTH, "length", BYTES, "bytes transferred, as the driver says")
  FIELD (STATUS, "status", STATUS, "final status")
  FIELD (FLAGS, "flags", FLAGS, "FAILED; FORCED: by the system, not by the driver"),
  SAY (DMS_FLAG_FORCED, DMS_FLAG_FORCED, N_ ("The system completes the request with {status}: the driver is not asked any more."), "")
  SAY (DMS_FLAG_FAILED, DMS_FLAG_FAILED, N_ ("The driver completes the request with {status}: nothing was transferred."), "")
  SAY (0, 0, N_ ("The driver completes the request with {status}, {length}. The buffer is the requester's again."), ""))

DMS_EVENT (TOUCH, 14, "touch", STEP,
  "The CPU reads or writes bytes of the buffer.",
  FIELD (TRANSFER, "transfer", ID, "the transfer that the buffer is used for")
  FIELD (OBJECT, "buffer", ID, "the buffer")
  FIELD (A, "start", BYTES, "offset of the first byte in the buffer")
  FIELD (LENGTH, "length", BYTES, "bytes touched")
  FIELD (INDEX, "page", NUMBER, "page of the buffer where it starts")
  FIELD (FLAGS, "flags", FLAGS, "CPU_WRITES; REQUESTER: by who asked for the transfer, not by the driver"),
  SAY (DMS_FLAG_REQUESTER | DMS_FLAG_CPU_WRITES, DMS_FLAG_REQUESTER, N_ ("The requester reads {length} of the buffer."), "")
  SAY (DMS_FLAG_REQUESTER | DMS_FLAG_CPU_WRITES, DMS_FLAG_REQUESTER | DMS_FLAG_CPU_WRITES, N_ ("The requester writes {length} into the buffer."), "")
  SAY (DMS_FLAG_CPU_WRITES, DMS_FLAG_CPU_WRITES, N_ ("The driver writes {length} into page {page} of the buffer."), "")
  SAY (0, 0, N_ ("The driver reads {length} from page {page} of the buffer."), ""))

DMS_EVENT (FACT, 15, "fact", PART,
  "Something about a call, or about what a device did, that a correct driver would not see. Its sentence comes from the list of facts; whether it is a mistake is for the rules to say.",
  FIELD (DEVICE, "device", NAME, "the device, where there is one")
  FIELD (TRANSFER, "transfer", ID, "the transfer, where there is one")
  FIELD (OBJECT, "object", ID, "what it is about: the list or grant, the adapter, the common buffer")
  FIELD (INDEX, "fact", FACT, "number of the fact in the list of facts")
  FIELD (A, "a", HEX, "first number, as the list of facts says")
  FIELD (B, "b", HEX, "second number")
  FIELD (C, "c", HEX, "third number")
  FIELD (LENGTH, "length", BYTES, "bytes, as the list of facts says"),
  SAY (0, 0, N_ ("Noted: {fact}."), ""))

DMS_EVENT (CRASH, 17, "crash", STEP,
  "The program of the driver crashed. Last event of its run.",
  FIELD (DEVICE, "device", NAME, "the device whose driver ran, where that is known")
  FIELD (OBJECT, "signal", NAME, "how it ended: the signal's name, or the exit status")
  FIELD (A, "address", HEX, "the address that it could not reach; 0 = not known"),
  SAY (0, 0, N_ ("The driver's program ends here: {signal}."), N_ ("Everything up to this event was kept.")))

DMS_EVENT (REQUEST_CANCELLED, 18, "request-cancelled", STEP,
  "The requester does not want its request done any more. The driver finds out by its cancel routine, or when it gets the request.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "buffer", ID, "the buffer"),
  SAY (0, 0, N_ ("The requester cancels its request to {device}."), ""))

/* ---- adapter, map registers, list ---------------------------------------------------- */

DMS_EVENT (ASK, 19, "ask", PART,
  "The adapter channel is asked for together with map registers (AllocateAdapterChannel). From here on what is granted and mapped has an id, as a list has.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "grant", ID, "the grant to be made")
  FIELD (A, "asked", REGISTERS, "map registers that the driver asks for")
  FIELD (C, "allowed", REGISTERS, "most that the adapter may have in one transfer"),
  SAY (0, 0, N_ ("The driver asks for {device}'s adapter channel and {asked}; it may have {allowed_number} in one transfer."), ""))

DMS_EVENT (ADAPTER, 20, "adapter", STEP,
  "IoGetDmaAdapter makes an adapter object for a device.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (OBJECT, "adapter", ID, "the adapter")
  FIELD (A, "allowed", REGISTERS, "most map registers in one transfer; what the driver is told")
  FIELD (B, "wanted", REGISTERS, "what the longest transfer would need: pages of maximum_length, and one more")
  FIELD (C, "highest", LOGICAL, "highest address that the device reaches")
  FIELD (LENGTH, "maximum_length", BYTES, "longest transfer, from DEVICE_DESCRIPTION")
  FIELD (INDEX, "version", NUMBER, "version of the table of routines: 1, 2 or 3"),
  SAY (0, 0, N_ ("{device} gets an adapter object. It may have {allowed} in one transfer."),
       N_ ("For {maximum_length} that start in mid-page {wanted} would do; the machine gives what it can. The number is a limit, not a reservation.")))

DMS_EVENT (COUNT, 21, "count", STEP,
  "The map registers that a transfer needs are counted.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the scatter/gather list to be made")
  FIELD (A, "needed", REGISTERS, "one for each page of each MDL that is touched")
  FIELD (B, "offset", BYTES, "offset of the first byte in its page")
  FIELD (C, "allowed", REGISTERS, "most that the adapter may have in one transfer")
  FIELD (INDEX, "mdls", NUMBER, "MDLs that the transfer touches")
  FIELD (LENGTH, "length", BYTES, "bytes to be mapped")
  FIELD (FLAGS, "flags", FLAGS, "the direction; CHAINED: more than one MDL is touched; FORCED: the system takes none for this device (ReactOS); TRUNCATED: it counts without the offset (ReactOS)"),
  SAY (DMS_FLAG_FORCED, DMS_FLAG_FORCED,
       N_ ("The system takes no map registers for {device}, whatever pages {length} may touch."),
       N_ ("That is how ReactOS does it for scatter/gather devices on PCI. Nothing of theirs can bounce."))
  SAY (DMS_FLAG_TRUNCATED, DMS_FLAG_TRUNCATED,
       N_ ("{length} would fit into {needed_pages}, so the system takes one map register for each; the offset of {offset} in the first, by which one page more is touched, is left out."),
       N_ ("That is how ReactOS counts. The last page will use the map register behind, whoever holds it."))
  SAY (DMS_FLAG_CHAINED, DMS_FLAG_CHAINED,
       N_ ("The chain of {mdls} MDLs touches {needed_pages}, counted for each MDL by itself. One map register is needed for each; {device} may have {allowed_number} in one transfer."), "")
  SAY (0, 0,
       N_ ("The buffer touches {needed_pages}, because it starts {offset} into the first: ({offset_number} + {length_number} + {page_less_one}) / {page_size}, rounded down. One map register is needed for each; {device} may have {allowed_number} in one transfer."), ""))

DMS_EVENT (LIST_MEMORY, 22, "list-memory", PART,
  "Memory for the scatter/gather list is allocated.",
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list")
  FIELD (A, "bytes", BYTES, "size of the allocation")
  FIELD (B, "elements", ELEMENTS, "most elements that fit"),
  SAY (0, 0, N_ ("The system allocates {bytes} for the list: room for {elements}."), ""))

DMS_EVENT (REFUSE, 23, "refuse", STEP,
  "A routine refuses what the driver asks.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list that is not made")
  FIELD (A, "needed", NUMBER, "what would be needed: map registers, or bytes")
  FIELD (B, "there", NUMBER, "what there is: map registers allowed, or bytes that the MDLs describe")
  FIELD (STATUS, "status", STATUS, "what the driver gets")
  FIELD (FLAGS, "flags", FLAGS, "why: TOO_MANY_REGISTERS, TOO_SHORT, NO_HOST_MEMORY; else a parameter is invalid"),
  SAY (DMS_FLAG_TOO_MANY_REGISTERS, DMS_FLAG_TOO_MANY_REGISTERS,
       N_ ("The transfer needs {needed} map registers, but {device} may have {there} in one transfer: {status}."),
       N_ ("Waiting would not help. The driver must split the transfer or fail the request."))
  SAY (DMS_FLAG_TOO_SHORT, DMS_FLAG_TOO_SHORT,
       N_ ("The call asks for {needed} bytes, but from its start on the MDLs describe {there}: {status}."), "")
  SAY (DMS_FLAG_NO_HOST_MEMORY, DMS_FLAG_NO_HOST_MEMORY,
       N_ ("There is no memory for the list: {status}."), "")
  SAY (0, 0, N_ ("The system refuses the call: {status}."), ""))

DMS_EVENT (WAIT, 24, "wait", STEP,
  "A request waits for the adapter channel or for map registers.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list to be made")
  FIELD (A, "needed", REGISTERS, "map registers that it needs")
  FIELD (B, "free", REGISTERS, "map registers free now, in one run")
  FIELD (C, "ahead", NUMBER, "requests that wait before it")
  FIELD (FLAGS, "flags", FLAGS, "FOR_CHANNEL: for the adapter channel; else for map registers"),
  SAY (DMS_FLAG_FOR_CHANNEL, DMS_FLAG_FOR_CHANNEL,
       N_ ("{device}'s adapter channel is taken, so the request waits {in_the_queue}. The call returns STATUS_SUCCESS all the same."), "")
  SAY (0, 0,
       N_ ("The request needs {needed}, but {are_free}, so it waits {in_the_queue}. The call returns STATUS_SUCCESS all the same."),
       N_ ("It goes on when somebody gives map registers back. That this goes in the order of asking is our model.")))

DMS_EVENT (CHANNEL, 25, "channel", PART,
  "The adapter channel is taken or becomes free.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "adapter", ID, "the adapter")
  FIELD (FLAGS, "flags", FLAGS, "TAKEN; else it becomes free"),
  SAY (DMS_FLAG_TAKEN, DMS_FLAG_TAKEN, N_ ("{device}'s adapter channel is taken for this request."), "")
  SAY (0, 0, N_ ("{device}'s adapter channel is free again."), ""))

DMS_EVENT (GRANT, 26, "grant", STEP,
  "Map registers are granted to a transfer.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list to be made")
  FIELD (INDEX, "first", NUMBER, "first map register")
  FIELD (A, "count", REGISTERS, "how many, all in one run")
  FIELD (B, "left", NUMBER, "map registers that stay in the pool")
  FIELD (C, "more", NUMBER, "further map registers that the device could have in this transfer"),
  SAY (0, 0, N_ ("{are_granted}. {stay} in the pool; {device} may take {more} more."),
       N_ ("That they lie in a row, the lowest first, is our model; the documentation leaves it open.")))

DMS_EVENT (PAGE, 27, "page", STEP,
  "A page of the buffer is mapped straight: the device reaches it, by itself or by the IOMMU.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list")
  FIELD (INDEX, "page", NUMBER, "page of the transfer, from 0")
  FIELD (A, "frame", FRAME, "frame that holds it")
  FIELD (B, "logical", LOGICAL, "logical address of its first byte")
  FIELD (LENGTH, "length", BYTES, "bytes of the transfer in this page")
  FIELD (FLAGS, "flags", FLAGS, "JOINED: it lies right behind the piece before and joins its element; REMAPPED: by a translation of the IOMMU; FORCED: no map register stands for it"),
  SAY (DMS_FLAG_REMAPPED | DMS_FLAG_JOINED, DMS_FLAG_REMAPPED | DMS_FLAG_JOINED,
       N_ ("Page {page} is frame {frame}. Map register {register} makes the IOMMU translate logical address {logical} to it. That lies right behind the piece before and joins element {element}, which is now {element_length}."),
       N_ ("For the device the pages are in a row, wherever they lie in memory. Nothing is copied."))
  SAY (DMS_FLAG_REMAPPED, DMS_FLAG_REMAPPED,
       N_ ("Page {page} is frame {frame}. Map register {register} makes the IOMMU translate logical address {logical} to it: element {element}, {length}."),
       N_ ("Nothing is copied, and the device reaches it however high it lies."))
  SAY (DMS_FLAG_FORCED | DMS_FLAG_JOINED, DMS_FLAG_FORCED | DMS_FLAG_JOINED,
       N_ ("Page {page} is frame {frame}, right behind page {page_before} in memory. It joins element {element}, which is now {element_length}; no map register stands for it."), "")
  SAY (DMS_FLAG_FORCED, DMS_FLAG_FORCED,
       N_ ("Page {page} is frame {frame}. No map register stands for it: element {element} points straight at logical address {logical}, {length}, whether {device} reaches it or not."), "")
  SAY (DMS_FLAG_JOINED, DMS_FLAG_JOINED,
       N_ ("Page {page} is frame {frame}, right behind page {page_before} in memory. It joins element {element}, which is now {element_length}."),
       N_ ("{device} reaches it, so map register {register} stays unused."))
  SAY (0, 0,
       N_ ("Page {page} is frame {frame}. {device} reaches it, so map register {register} stays unused and element {element} points straight at logical address {logical}, {length}."), ""))

DMS_EVENT (BOUNCE, 28, "bounce", STEP,
  "A piece of memory gets a bounce page (Windows: by a map register; Linux: slots of the swiotlb pool).",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer (simulated runs)")
  FIELD (OBJECT, "list", ID, "the list (simulated runs)")
  FIELD (INDEX, "page", NUMBER, "page of the transfer, from 0 (simulated runs)")
  FIELD (A, "original", PHYSICAL, "where the piece lies")
  FIELD (B, "logical", LOGICAL, "address of the piece's first byte in the bounce page; 0 = this event does not show it")
  FIELD (C, "highest", LOGICAL, "highest address that the device reaches: its DMA mask")
  FIELD (LENGTH, "length", BYTES, "bytes of the piece")
  FIELD (FLAGS, "flags", FLAGS, "JOINED; FORCED: bounced though the device could reach it; TAKEN: its map register is none of the grant's (ReactOS)"),
  SAY (DMS_FLAG_RECORDED | DMS_FLAG_FORCED, DMS_FLAG_RECORDED | DMS_FLAG_FORCED,
       N_ ("The system bounces {length} at {original} for {device}. The pool is forced on, so nothing goes straight."),
       N_ ("Where in the pool they go is seen when the mapping is made."))
  SAY (DMS_FLAG_RECORDED, DMS_FLAG_RECORDED,
       N_ ("The system bounces {length} at {original} for {device}, whose highest address is {highest}."),
       N_ ("Where in the pool they go is seen when the mapping is made."))
  SAY (DMS_FLAG_FORCED | DMS_FLAG_VERIFIER, DMS_FLAG_FORCED | DMS_FLAG_VERIFIER,
       N_ ("Page {page} is frame {frame_of_original}. Verification is on, so map register {register} puts its bounce page, frame {frame_of_logical}, in its place: element {element}, logical address {logical}."), "")
  SAY (DMS_FLAG_FORCED | DMS_FLAG_JOINED, DMS_FLAG_FORCED | DMS_FLAG_JOINED,
       N_ ("Page {page} is frame {frame_of_original}. Map register {register} puts its bounce page, frame {frame_of_logical}, in its place: it lies right behind the piece before and joins element {element}."), "")
  SAY (DMS_FLAG_TAKEN, DMS_FLAG_TAKEN,
       N_ ("Page {page} is frame {frame_of_original}. The grant has no map register left, so the page bounces by the one behind, frame {frame_of_logical}: element {element}, logical address {logical}."),
       N_ ("Whoever holds that map register has the same bounce page: one of the two loses its bytes."))
  SAY (DMS_FLAG_FORCED, DMS_FLAG_FORCED,
       N_ ("Page {page} is frame {frame_of_original}. {device} reaches it, but takes one piece that lies in a row. So map register {register} puts its bounce page, frame {frame_of_logical}, in its place: element {element}, logical address {logical}."), "")
  SAY (DMS_FLAG_JOINED, DMS_FLAG_JOINED,
       N_ ("Page {page} is frame {frame_of_original}, above {limit}. {device} drives {device_bits} and cannot reach it, so map register {register} puts its bounce page, frame {frame_of_logical}, in its place. That lies right behind the piece before and joins element {element}."), "")
  SAY (0, 0,
       N_ ("Page {page} is frame {frame_of_original}, above {limit}. {device} drives {device_bits} and cannot reach it, so map register {register} puts its bounce page, frame {frame_of_logical}, in its place: element {element}, logical address {logical}."), ""))

DMS_EVENT (NO_COPY, 29, "no-copy", STEP,
  "Bounce pages of a transfer from the device stay as they are until the device has written.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list")
  FIELD (A, "pages", PAGES, "bounce pages")
  FIELD (LENGTH, "length", BYTES, "bytes that the device will write into them"),
  SAY (0, 0, N_ ("Nothing is copied now: {device} will write {length} into {pages_that_bounce}."),
       N_ ("If it writes less than that, the rest must not be trusted: the bounce page still holds what was there before.")))

DMS_EVENT (COPY, 30, "copy", STEP,
  "The CPU copies between a page and its bounce page.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list")
  FIELD (INDEX, "page", NUMBER, "page of the transfer, from 0")
  FIELD (A, "from", PHYSICAL, "first byte read")
  FIELD (B, "to", PHYSICAL, "first byte written")
  FIELD (LENGTH, "length", BYTES, "bytes copied")
  FIELD (FLAGS, "flags", FLAGS, "COPY_IN: into the bounce page; else out of it"),
  SAY (DMS_FLAG_COPY_IN, DMS_FLAG_COPY_IN,
       N_ ("The system copies page {page}, {length}, into bounce frame {frame_of_to}, which map register {register} holds."),
       N_ ("It does so now, before the driver gets the list, because the device will read frame {frame_of_to} in its place. What the CPU writes to page {page} from here on is not sent."))
  SAY (0, 0,
       N_ ("The system copies {length} from bounce frame {frame_of_from}, which map register {register} holds, to page {page}."),
       N_ ("Only now does the buffer hold what the device wrote there.")))

DMS_EVENT (MAP, 31, "map", STEP,
  "A mapping exists: the device may use its segments. In a simulated run the scatter/gather list is ready.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer (simulated runs)")
  FIELD (OBJECT, "mapping", ID, "the mapping; in a simulated run the list")
  FIELD (INDEX, "elements", ELEMENTS, "segments that the device sees")
  FIELD (A, "pages", PAGES, "pages, or segments of memory, that it covers")
  FIELD (B, "attributes", HEX, "DMA_ATTR_… bits (Linux)")
  FIELD (C, "bounced", PAGES, "of these, how many bounce (simulated runs; recordings: from the bounces before)")
  FIELD (LENGTH, "length", BYTES, "bytes mapped")
  FIELD (STATUS, "error", NUMBER, "with FAILED: the error number, 0 = not shown")
  FIELD (FLAGS, "flags", FLAGS, "the direction; the form (FORM_…); FAILED; TRUNCATED: the payload lacks segments; BOUNCED, ALL_BOUNCED")
  FIELD (PAYLOAD, "segments", LIST, "MEMORY: what is mapped; DEVICE: what the device sees; STACK"),
  SAY (DMS_FLAG_FAILED, DMS_FLAG_FAILED, N_ ("The mapping of {length} for {device} fails."), "")
  SAY (DMS_FLAG_RECORDED | DMS_FLAG_BOUNCED, DMS_FLAG_RECORDED,
       N_ ("{device} maps {length} in {segments}, {direction}."), N_ ("Asked for by {task}."))
  SAY (DMS_FLAG_RECORDED | DMS_FLAG_ALL_BOUNCED, DMS_FLAG_RECORDED | DMS_FLAG_ALL_BOUNCED,
       N_ ("{device} maps {length} in {segments}, {direction}; every one is bounced."),
       N_ ("Asked for by {task}. The CPU copies each byte between memory and pool; the copies themselves are inferred: this trace does not show them."))
  SAY (DMS_FLAG_RECORDED, DMS_FLAG_RECORDED,
       N_ ("{device} maps {length} in {segments}, {direction}; the pool bounces {bounced_pieces} of them."),
       N_ ("Asked for by {task}. The copies between memory and pool are inferred: this trace does not show them."))
  SAY (DMS_FLAG_FORM, DMS_FLAG_FORM_SINGLE, N_ ("{length} are mapped now: {device} may use them."), "")
  SAY (DMS_FLAG_FORCED, DMS_FLAG_FORCED, N_ ("The list has {elements} for {pages}; the system did not ask whether {device} reaches them."), "")
  SAY (DMS_FLAG_ALL_BOUNCED | DMS_FLAG_HAL_X86, DMS_FLAG_ALL_BOUNCED | DMS_FLAG_HAL_X86,
       N_ ("The list has {elements} for {pages_that_bounce}."), N_ ("That bounce pages lie in a row and merge is practice of the 32-bit HAL; it is not documented."))
  SAY (DMS_FLAG_ALL_BOUNCED, DMS_FLAG_ALL_BOUNCED,
       N_ ("The list has {elements} for {pages_that_bounce}."), N_ ("That each page that bounces is an element of its own is practice of the 64-bit HAL; it is not documented."))
  SAY (DMS_FLAG_BOUNCED | DMS_FLAG_HAL_X86, DMS_FLAG_BOUNCED | DMS_FLAG_HAL_X86,
       N_ ("The list has {elements} for {pages}: {direct_runs} that {device} reaches and {pages_that_bounce}."), N_ ("That bounce pages lie in a row and merge is practice of the 32-bit HAL; it is not documented."))
  SAY (DMS_FLAG_BOUNCED, DMS_FLAG_BOUNCED,
       N_ ("The list has {elements} for {pages}: {direct_runs} that {device} reaches and {pages_that_bounce}."), N_ ("That each page that bounces is an element of its own is practice of the 64-bit HAL; it is not documented."))
  SAY (0, 0, N_ ("The list has {elements} for {pages}: {device} {reaches_them}."), ""))

DMS_EVENT (RELEASE, 32, "release", STEP,
  "Map registers go back to the pool.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list")
  FIELD (INDEX, "first", NUMBER, "first map register")
  FIELD (A, "count", REGISTERS, "how many")
  FIELD (B, "free", NUMBER, "map registers in the pool now"),
  SAY (0, 0, N_ ("{go_back} to the pool, which has {free} again."),
       N_ ("Their bounce pages may now be lent to anybody; what was not copied out of them is lost.")))

DMS_EVENT (UNMAP, 33, "unmap", STEP,
  "A mapping ends: the device must not use its segments any more. In a simulated run the list is freed.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer (simulated runs)")
  FIELD (OBJECT, "mapping", ID, "the mapping; 0 = found by device and address")
  FIELD (A, "address", LOGICAL, "its first device address (Linux scatterlists: its first physical address)")
  FIELD (B, "attributes", HEX, "DMA_ATTR_… bits (Linux)")
  FIELD (LENGTH, "length", BYTES, "its length; 0 = the event does not say")
  FIELD (FLAGS, "flags", FLAGS, "the direction; the form (FORM_…)")
  FIELD (PAYLOAD, "segments", LIST, "MEMORY: the pieces of a scatterlist"),
  SAY (DMS_FLAG_RECORDED | DMS_FLAG_FORM, DMS_FLAG_RECORDED | DMS_FLAG_FORM_SG,
       N_ ("The scatterlist that begins at physical {address} is unmapped for {device}."), "")
  SAY (DMS_FLAG_RECORDED, DMS_FLAG_RECORDED, N_ ("Device address {address}, {length}, is unmapped for {device}."), "")
  SAY (DMS_FLAG_FORM, DMS_FLAG_FORM_SINGLE, N_ ("The grant ends: {device} may use nothing of it any more."), "")
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_FROM_DEVICE, N_ ("The list is freed. Only now may the driver look at the buffer."), "")
  SAY (0, 0, N_ ("The list is freed."), ""))

DMS_EVENT (FLUSH, 34, "flush", PART,
  "Pieces that MapTransfer has mapped are done with: their map registers can be mapped again. What waited in bounce pages was copied before.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "grant", ID, "the grant")
  FIELD (INDEX, "first", NUMBER, "first piece, as PAGE and BOUNCE have counted them")
  FIELD (A, "pieces", NUMBER, "how many")
  FIELD (LENGTH, "length", BYTES, "bytes of these")
  FIELD (FLAGS, "flags", FLAGS, "the direction, as the driver says it now"),
  SAY (0, 0, N_ ("{length} are flushed: their map registers can be mapped again."), ""))

DMS_EVENT (CANCEL, 35, "cancel", STEP,
  "What waited for the channel or for map registers is taken out of the queue and never granted.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "grant", ID, "the grant, or the list, that is not made")
  FIELD (C, "behind", NUMBER, "requests that waited behind it")
  FIELD (FLAGS, "flags", FLAGS, "FORCED: by the system itself, because the list has too many elements (ReactOS)"),
  SAY (DMS_FLAG_FORCED, DMS_FLAG_FORCED, N_ ("The list would have more elements than the system makes. It is dropped, and the driver's routine is never called."),
       N_ ("That is how ReactOS does it: the call returns STATUS_SUCCESS all the same, and the driver waits for ever."))
  SAY (0, 0, N_ ("The waiting request of {device} is taken out of the queue: its routine will not be called."), ""))

DMS_EVENT (SHARED_TOUCH, 36, "shared-touch", STEP,
  "The CPU reads or writes memory that it shares with a device.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer, where there is one")
  FIELD (OBJECT, "mapping", ID, "the shared memory")
  FIELD (A, "start", BYTES, "offset of the first byte in it")
  FIELD (LENGTH, "length", BYTES, "bytes touched")
  FIELD (FLAGS, "flags", FLAGS, "CPU_WRITES"),
  SAY (DMS_FLAG_CPU_WRITES, DMS_FLAG_CPU_WRITES, N_ ("The driver writes {length} into the memory that it shares with {device}, from byte {start_number} on."), N_ ("The device sees them at once: nothing is mapped and nothing is copied."))
  SAY (0, 0, N_ ("The driver reads {length} of the memory that it shares with {device}, from byte {start_number} on."), N_ ("What the device wrote is there at once: nothing is mapped and nothing is copied.")))

/* ---- the device -------------------------------------------------------------------- */

DMS_EVENT (REGISTER_WRITE, 40, "register-write", PART,
  "The driver writes a register of the device (WRITE_REGISTER_…).",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (INDEX, "offset", HEX, "which register: its offset in the device's window")
  FIELD (A, "value", HEX, "what is written")
  FIELD (LENGTH, "length", BYTES, "size of the access"),
  SAY (0, 0, N_ ("The driver writes {value} to {device}'s register at offset {offset}."), ""))

DMS_EVENT (DESCRIPTOR, 41, "descriptor", STEP,
  "The device takes in one descriptor: a piece that it shall move.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list")
  FIELD (INDEX, "descriptor", NUMBER, "place in the device's table, from 0")
  FIELD (A, "logical", LOGICAL, "first address")
  FIELD (B, "element", NUMBER, "with FORM_SINGLE: element of the list or grant that it is of, and one more")
  FIELD (C, "entry", LOGICAL, "with FORM_COHERENT: where the device read it")
  FIELD (LENGTH, "length", BYTES, "bytes")
  FIELD (FLAGS, "flags", FLAGS, "FORM_SINGLE: it is of an element with another number; FORM_COHERENT: the device fetches it from a table in memory; TAKEN: the last one of that table"),
  SAY (DMS_FLAG_FORM | DMS_FLAG_TAKEN, DMS_FLAG_FORM_COHERENT | DMS_FLAG_TAKEN,
       N_ ("{device} fetches entry {descriptor} of its table, at {entry}: {length} at logical address {logical}. It is marked as the last one."), "")
  SAY (DMS_FLAG_FORM, DMS_FLAG_FORM_COHERENT,
       N_ ("{device} fetches entry {descriptor} of its table, at {entry}: {length} at logical address {logical}."),
       N_ ("The table lies in memory that the driver shares with {device}, which reads it by DMA like any other bytes."))
  SAY (DMS_FLAG_FORM, DMS_FLAG_FORM_SINGLE, N_ ("The driver writes {length} at logical address {logical} into {device}'s descriptor {descriptor}."), "")
  SAY (0, 0, N_ ("The driver writes element {descriptor} into {device}'s descriptor {descriptor}: {length} at logical address {logical}."), ""))

DMS_EVENT (START, 42, "start", STEP,
  "The driver starts the device.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list")
  FIELD (A, "descriptors", NUMBER, "descriptors that it has")
  FIELD (B, "table", LOGICAL, "with FORM_COHERENT: where its table of descriptors lies")
  FIELD (LENGTH, "length", BYTES, "bytes that they describe, or that it is to move")
  FIELD (FLAGS, "flags", FLAGS, "the direction; FORM_COHERENT: it fetches its descriptors from memory"),
  SAY (DMS_FLAG_DIRECTION | DMS_FLAG_FORM, DMS_FLAG_TO_DEVICE | DMS_FLAG_FORM_COHERENT, N_ ("The driver starts {device}: it shall read {length}, by the table at logical address {table}."), N_ ("From here on it works by itself; no driver code runs."))
  SAY (DMS_FLAG_FORM, DMS_FLAG_FORM_COHERENT, N_ ("The driver starts {device}: it shall write {length}, by the table at logical address {table}."), N_ ("From here on it works by itself; no driver code runs."))
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("The driver starts {device}: it shall read {length} by {descriptors_noun}."), N_ ("From here on it works by itself; no driver code runs."))
  SAY (0, 0, N_ ("The driver starts {device}: it shall write {length} by {descriptors_noun}."), N_ ("From here on it works by itself; no driver code runs.")))

DMS_EVENT (BURST, 43, "burst", STEP,
  "The device moves bytes over the bus.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list")
  FIELD (INDEX, "descriptor", NUMBER, "the descriptor that it works on")
  FIELD (A, "logical", LOGICAL, "first address")
  FIELD (B, "physical", PHYSICAL, "the memory that it reaches by that address")
  FIELD (C, "done", BYTES, "bytes of this descriptor moved with this burst")
  FIELD (LENGTH, "length", BYTES, "bytes of this burst")
  FIELD (FLAGS, "flags", FLAGS, "the direction; BOUNCED: it reaches a bounce page"),
  SAY (DMS_FLAG_DIRECTION | DMS_FLAG_FORM, DMS_FLAG_TO_DEVICE | DMS_FLAG_FORM_COHERENT,
       N_ ("{device} reads {length} of the memory that it shares with its driver, at logical address {logical}."), "")
  SAY (DMS_FLAG_FORM, DMS_FLAG_FORM_COHERENT,
       N_ ("{device} writes {length} into the memory that it shares with its driver, at logical address {logical}."),
       N_ ("The CPU can read them at once: nothing has to be copied."))
  SAY (DMS_FLAG_DIRECTION | DMS_FLAG_BOUNCED, DMS_FLAG_TO_DEVICE | DMS_FLAG_BOUNCED,
       N_ ("{device} reads {length} from logical address {logical}, in bounce frame {frame_of_physical}, which map register {register} holds for page {page}."),
       N_ ("It gets what was copied there; what the CPU wrote to page {page} since then is not sent."))
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE,
       N_ ("{device} reads {length} from logical address {logical}, in frame {frame_of_physical}: page {page} itself."), "")
  SAY (DMS_FLAG_BOUNCED | DMS_FLAG_FORM, DMS_FLAG_BOUNCED | DMS_FLAG_FORM_SINGLE,
       N_ ("{device} writes {length} to logical address {logical}, in bounce frame {frame_of_physical}, which map register {register} holds for page {page}."),
       N_ ("Page {page} itself is frame {page_frame} and keeps its old bytes until FlushAdapterBuffers copies them back."))
  SAY (DMS_FLAG_BOUNCED | DMS_FLAG_FORCED, DMS_FLAG_BOUNCED | DMS_FLAG_FORCED,
       N_ ("{device} writes {length} to logical address {logical}, in bounce frame {frame_of_physical}, which map register {register} holds for page {page}."),
       N_ ("Page {page} itself is frame {page_frame} and keeps its old bytes until PutScatterGatherList copies them back."))
  SAY (DMS_FLAG_BOUNCED, DMS_FLAG_BOUNCED,
       N_ ("{device} writes {length} to logical address {logical}, in bounce frame {frame_of_physical}, which map register {register} holds for page {page}."),
       N_ ("Page {page} itself is frame {page_frame}, above {limit}, and keeps its old bytes until PutScatterGatherList copies them back."))
  SAY (0, 0, N_ ("{device} writes {length} to logical address {logical}, in frame {frame_of_physical}: page {page} itself."), ""))

DMS_EVENT (INTERRUPT, 44, "interrupt", STEP,
  "The device interrupts.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "list", ID, "the list")
  FIELD (A, "waiting", BYTES, "of these bytes, how many wait in bounce pages")
  FIELD (LENGTH, "length", BYTES, "bytes moved")
  FIELD (FLAGS, "flags", FLAGS, "the direction; BOUNCED: some wait in bounce pages; FAILED: the device met an error; TAKEN: it goes on"),
  SAY (DMS_FLAG_TAKEN, DMS_FLAG_TAKEN, N_ ("{device} has moved {length} and interrupts. It goes on meanwhile."), "")
  SAY (DMS_FLAG_FAILED, DMS_FLAG_FAILED, N_ ("{device} interrupts: it stopped after {length} because of an error."), "")
  SAY (DMS_FLAG_BOUNCED, DMS_FLAG_BOUNCED, N_ ("{device} has moved all {length} and interrupts. {of_them_wait} in bounce pages."), "")
  SAY (0, 0, N_ ("{device} has moved all {length} and interrupts."), ""))

DMS_EVENT (STRAY, 45, "stray", STEP,
  "The device uses an address that is not mapped for it.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (A, "logical", LOGICAL, "first address on the bus")
  FIELD (B, "physical", PHYSICAL, "the memory that it reaches by that address")
  FIELD (INDEX, "descriptor", NUMBER, "the descriptor that it works on")
  FIELD (LENGTH, "length", BYTES, "bytes of this burst")
  FIELD (FLAGS, "flags", FLAGS, "the direction; FAILED: there is no memory at that address"),
  SAY (DMS_FLAG_FAILED, DMS_FLAG_FAILED, N_ ("{device} uses logical address {logical}, where no memory answers."), "")
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("{device} reads {length} at logical address {logical}, which is not mapped for it."), "")
  SAY (0, 0, N_ ("{device} writes {length} to logical address {logical}, which is not mapped for it."),
       N_ ("Whatever lies in frame {frame_of_physical} is overwritten.")))

DMS_EVENT (CONTROLLER, 46, "controller", STEP,
  "The system programs a channel of its DMA controller (8237).",
  FIELD (DEVICE, "device", NAME, "the device that the channel serves")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "grant", ID, "the grant")
  FIELD (INDEX, "channel", NUMBER, "the channel, 0 to 7")
  FIELD (A, "address", LOGICAL, "first address")
  FIELD (B, "count", HEX, "what is written to the count register: transfers less one")
  FIELD (C, "mode", HEX, "what is written to the mode register")
  FIELD (LENGTH, "length", BYTES, "bytes")
  FIELD (FLAGS, "flags", FLAGS, "the direction; TAKEN: the channel is unmasked; FAILED: it is masked and stops"),
  SAY (DMS_FLAG_FAILED, DMS_FLAG_FAILED, N_ ("The system masks channel {channel} of the DMA controller."), N_ ("From here on {device} moves nothing by it."))
  SAY (0, 0, N_ ("The system programs channel {channel} of the DMA controller: {length} at {address}, mode {mode}."), N_ ("The count register gets {count}, one less than there are transfers to do.")))

DMS_EVENT (TERMINAL_COUNT, 47, "terminal-count", STEP,
  "A channel of the DMA controller has counted down to its end.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer")
  FIELD (OBJECT, "grant", ID, "the grant")
  FIELD (INDEX, "channel", NUMBER, "the channel")
  FIELD (A, "rounds", NUMBER, "how often it has got to its end since it was programmed")
  FIELD (LENGTH, "length", BYTES, "bytes of one round")
  FIELD (FLAGS, "flags", FLAGS, "the direction; FORCED: it starts again from the beginning (auto-initialize)"),
  SAY (DMS_FLAG_FORCED, DMS_FLAG_FORCED, N_ ("Channel {channel} reaches terminal count and starts again at the beginning."), "")
  SAY (0, 0, N_ ("Channel {channel} reaches terminal count: all {length} are moved."), ""))

/* ---- shared memory, and what only recordings have --------------------------------------- */

DMS_EVENT (ALLOC, 60, "alloc", STEP,
  "Memory that CPU and device share is allocated (common buffer, coherent memory).",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (OBJECT, "mapping", ID, "the mapping")
  FIELD (A, "address", LOGICAL, "its device address")
  FIELD (B, "virtual", VIRTUAL, "the CPU's address; in ftrace text a hash of it")
  FIELD (C, "gfp", HEX, "allocation flags (Linux); in text form not decoded")
  FIELD (LENGTH, "length", BYTES, "its length")
  FIELD (FLAGS, "flags", FLAGS, "the direction; the form; FAILED")
  FIELD (PAYLOAD, "segments", LIST, "MEMORY, where the source shows it"),
  SAY (DMS_FLAG_FAILED, DMS_FLAG_FAILED, N_ ("The CPU and {device} get no shared memory: {length} cannot be had."), "")
  SAY (DMS_FLAG_RECORDED, DMS_FLAG_RECORDED, N_ ("The CPU and {device} get {length} of memory to share, at device address {address}."),
       N_ ("Asked for by {task}. Such memory is mapped until it is freed; nothing is copied."))
  SAY (0, 0, N_ ("The CPU and {device} get {length} of memory to share, at logical address {address}."),
       N_ ("It lies in a row for the device and is mapped until it is freed; nothing is copied.")))

DMS_EVENT (FREE, 61, "free", STEP,
  "Shared memory is freed.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (OBJECT, "mapping", ID, "the mapping; 0 = found by device and address")
  FIELD (A, "address", LOGICAL, "its device address")
  FIELD (B, "virtual", VIRTUAL, "the CPU's address; in ftrace text a hash of it")
  FIELD (LENGTH, "length", BYTES, "its length")
  FIELD (FLAGS, "flags", FLAGS, "the form"),
  SAY (DMS_FLAG_RECORDED, DMS_FLAG_RECORDED, N_ ("The shared memory at device address {address}, {length}, is freed for {device}."), "")
  SAY (0, 0, N_ ("The memory that {device} shared, {length} at logical address {address}, is freed."), ""))

DMS_EVENT (SYNC, 62, "sync", STEP,
  "A mapping's bytes are made current for the CPU or for the device while it stays mapped.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (OBJECT, "mapping", ID, "the mapping; 0 = found by device and address")
  FIELD (A, "address", LOGICAL, "first device address")
  FIELD (LENGTH, "length", BYTES, "how many bytes")
  FIELD (FLAGS, "flags", FLAGS, "the direction; FOR_CPU, else for the device")
  FIELD (PAYLOAD, "segments", LIST, "DEVICE: the pieces of a scatterlist"),
  SAY (DMS_FLAG_FOR_CPU, DMS_FLAG_FOR_CPU, N_ ("Device address {address}, {length}, is made current for the CPU."), N_ ("The mapping stays."))
  SAY (0, 0, N_ ("Device address {address}, {length}, is made current for {device}."), N_ ("The mapping stays.")))

DMS_EVENT (IOMMU_MAP, 63, "iommu-map", STEP,
  "The IOMMU gets a translation. Linux does not say for which device.",
  FIELD (DEVICE, "device", NAME, "the device (simulated runs)")
  FIELD (A, "iova", LOGICAL, "device address")
  FIELD (B, "physical", PHYSICAL, "memory behind it")
  FIELD (LENGTH, "length", BYTES, "how many bytes"),
  SAY (DMS_FLAG_RECORDED, DMS_FLAG_RECORDED, N_ ("The IOMMU translates {length} at IOVA {iova} to physical {physical}."), N_ ("This trace does not say for which device."))
  SAY (0, 0, N_ ("The IOMMU translates {length} at logical address {iova} to physical {physical} for {device}."), ""))

DMS_EVENT (IOMMU_UNMAP, 64, "iommu-unmap", STEP,
  "The IOMMU loses a translation.",
  FIELD (DEVICE, "device", NAME, "the device (simulated runs)")
  FIELD (A, "iova", LOGICAL, "device address")
  FIELD (B, "unmapped", BYTES, "bytes that were really unmapped")
  FIELD (LENGTH, "length", BYTES, "how many bytes"),
  SAY (0, 0, N_ ("The IOMMU gives up the translation of {length} at IOVA {iova}."), N_ ("A device that uses them now is stopped.")))

DMS_EVENT (FAULT, 65, "fault", STEP,
  "A device's access is stopped by the IOMMU.",
  FIELD (DEVICE, "device", NAME, "the device")
  FIELD (TRANSFER, "transfer", ID, "the transfer (simulated runs)")
  FIELD (INDEX, "descriptor", NUMBER, "the descriptor that it works on (simulated runs)")
  FIELD (A, "address", LOGICAL, "the address")
  FIELD (B, "reason", HEX, "reason as the source gives it")
  FIELD (LENGTH, "length", BYTES, "bytes that it tried to move (simulated runs)")
  FIELD (FLAGS, "flags", FLAGS, "the direction: what the device tried"),
  SAY (DMS_FLAG_DIRECTION, DMS_FLAG_TO_DEVICE, N_ ("The IOMMU stops {device} from reading device address {address}."), "")
  SAY (0, 0, N_ ("The IOMMU stops {device} from writing to device address {address}."), ""))

DMS_EVENT (GAP, 66, "gap", STEP,
  "Events of one CPU are lost here.",
  FIELD (A, "lost", NUMBER, "how many; 0 = not known"),
  SAY (0, 0, N_ ("Events of CPU {cpu} are lost here: {lost_events}."), N_ ("What follows may seem to come from nowhere.")))

DMS_EVENT (LOG, 67, "log", STEP,
  "A line of the system's log.",
  FIELD (DEVICE, "device", NAME, "the device that it speaks of, when it is plain")
  FIELD (PAYLOAD, "text", LIST, "TEXT: the line"),
  SAY (0, 0, N_ ("The log says: {text}"), ""))

DMS_EVENT (OTHER, 68, "other", STEP,
  "An event of the source that Dmascope has no picture for.",
  FIELD (OBJECT, "name", NAME, "its name in the source")
  FIELD (PAYLOAD, "text", LIST, "TEXT: what the source says"),
  SAY (0, 0, N_ ("{name}: {text}"), N_ ("Dmascope keeps this event but has no picture for it.")))

/* clang-format on */
