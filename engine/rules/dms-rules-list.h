/* dms-rules-list.h — the rules of correct DMA: the one list
 *
 * Included several times with different meanings of its macros (no include guard).
 *
 * SPDX-License-Identifier: MIT
 */

/* clang-format off */

/* DMS_RULE (ID, number, "code", "Verifier's code", "family",
 *           "what is right",
 *           "source",
 *           SAYINGS,
 *           "what would have been right")
 *   number    is stored and reported and is never given to another rule
 *   Verifier  the code of Driver Verifier's bug check 0xE6 that fits best, or ""
 *   source    page of Microsoft's driver documentation, or "our rule"
 * SAY (VARIANT, "sentence")
 *   the cases of a rule, counted from 0
 *
 * In sentences {page} is the finding's number a, {a_pages} and {a_registers} are the same
 * with a noun, {b_bytes} is its number b; {step} and {other_step} are its two steps, {list}
 * and {device} what it is about. */


DMS_RULE (LIST_NEVER_PUT, 1, "list-never-put", "0x0A", "scatter/gather list",
  N_ ("Each list that GetScatterGatherList delivers is put back before its request is completed."),
  "nc-wdm-pput_scatter_gather_list",
  SAY (NEVER_PUT_AT_COMPLETE,
       N_ ("The driver completes the request, but has not put list {list} back: {a_registers} stay taken. Step {other_step} made the list, step {step} is the completion."))
  SAY (NEVER_PUT_BYTES_WAIT,
       N_ ("The driver completes the request, but has not put list {list} back: {a_registers} stay taken, and {b_bytes} still wait in bounce pages, where the requester does not see them. Step {other_step} made the list, step {step} is the completion."))
  SAY (NEVER_PUT_AT_END,
       N_ ("The run ends, and list {list} was never put back: {a_registers} stay taken. Step {other_step} made the list.")),
  N_ ("PutScatterGatherList belongs into the DPC, before IoCompleteRequest, also when the request failed."))

DMS_RULE (LIST_PUT_TWICE, 2, "list-put-twice", "0x06", "scatter/gather list",
  N_ ("Each list is put back once; then it is the system's memory again."),
  "nc-wdm-pput_scatter_gather_list",
  SAY (TWICE_KNOWN,
       N_ ("The driver puts list {list} back for the second time. Step {other_step} was the first; since then the list's memory and its map registers may be somebody else's."))
  SAY (TWICE_LONG_AGO,
       N_ ("The driver puts list {list} back, which it has put back long before. Since then the list's memory and its map registers may be somebody else's.")),
  N_ ("Forget the pointer when the list is put back: set it to NULL, and look at it before the next PutScatterGatherList."))

DMS_RULE (TOUCH_BEFORE_FLUSH, 3, "touch-before-flush", "0x0D", "buffer",
  N_ ("From the list to PutScatterGatherList the buffer belongs to the device."),
  "nc-wdm-pput_scatter_gather_list",
  SAY (TOUCH_READ_OLD,
       N_ ("The driver read page {page} before PutScatterGatherList: it saw the old bytes. Step {step} is the read, step {other_step} is where the bytes arrived."))
  SAY (TOUCH_READ_LOST,
       N_ ("The driver read page {page} before PutScatterGatherList: it saw the old bytes. Step {step} is the read; newer bytes never arrived there."))
  SAY (TOUCH_READ_LUCKY,
       N_ ("The driver read page {page} before PutScatterGatherList: the page does not bounce, so it saw the new bytes by luck. Step {step} is the read, step {other_step} ends the mapping."))
  SAY (TOUCH_WROTE_FROM_DEVICE,
       N_ ("The driver wrote {b_bytes} from page {page} on while the device was to write there: one of the two is lost. Step {step} is the write, step {other_step} ends the mapping."))
  SAY (TOUCH_WROTE_COPIED,
       N_ ("The driver wrote {b_bytes} from page {page} on when the page was already copied into its bounce page: the device sends the bytes from before. Step {step} is the write, step {other_step} ends the mapping."))
  SAY (TOUCH_WROTE_DIRECT,
       N_ ("The driver wrote {b_bytes} from page {page} on while the device was to read there: which bytes it sends depends on who comes first. Step {step} is the write, step {other_step} ends the mapping."))
  SAY (TOUCH_WROTE_SENT,
       N_ ("The driver wrote {b_bytes} from page {page} on before PutScatterGatherList, when the device had already read them: it had luck. Step {step} is the write, step {other_step} ends the mapping.")),
  N_ ("Touch the buffer before GetScatterGatherList or after PutScatterGatherList, never between them."))

DMS_RULE (WRONG_DIRECTION, 4, "wrong-direction", "", "flush",
  N_ ("PutScatterGatherList is told the direction that GetScatterGatherList was told."),
  "nc-wdm-pput_scatter_gather_list",
  SAY (DIRECTION_LOST,
       N_ ("The driver puts list {list} back as if it went to the device, but it came from the device: {b_bytes} wait in bounce pages and are not copied to the buffer. Step {other_step} made the list."))
  SAY (DIRECTION_LUCKY_IN,
       N_ ("The driver puts list {list} back as if it went to the device, but it came from the device. No page bounces, so nothing is lost this time. Step {other_step} made the list."))
  SAY (DIRECTION_OVERWRITES,
       N_ ("The driver puts list {list} back as if it came from the device, but it went to the device: what is in the bounce pages of {a_pages} may be copied over the buffer. Step {other_step} made the list."))
  SAY (DIRECTION_LUCKY_OUT,
       N_ ("The driver puts list {list} back as if it came from the device, but it went to the device. No page bounces, so nothing is lost this time. Step {other_step} made the list.")),
  N_ ("Keep the direction beside the list, and hand the same value to both routines."))

/* clang-format on */
