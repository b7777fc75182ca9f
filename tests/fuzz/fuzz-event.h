/* fuzz-event.h — events out of any bytes, for the targets that fold and draw them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-event.h"

/* Takes the next event out of @reader; false at the end. One number after the other,
 * each by a statement of its own: the order in which a compiler evaluates an
 * initialiser is its own choice, and a corpus must mean the same to all. */
static inline bool
fuzz_read_event (DmsReader *reader, uint64_t seq, DmsEvent *ret_event)
{
  DmsEvent event = { .seq = seq, .step = seq };

  if (dms_reader_at_end (reader))
    return false;
  event.kind = dms_reader_byte (reader);
  event.flags = (uint32_t)dms_reader_varint (reader);
  event.device = (uint32_t)dms_reader_varint (reader);
  event.task = (uint32_t)dms_reader_varint (reader);
  event.cpu = dms_reader_byte (reader);
  event.context = dms_reader_byte (reader);
  event.transfer = dms_reader_varint (reader);
  event.object = dms_reader_varint (reader);
  event.index = (uint32_t)dms_reader_varint (reader);
  event.a = dms_reader_varint (reader);
  event.b = dms_reader_varint (reader);
  event.c = dms_reader_varint (reader);
  event.length = dms_reader_varint (reader);
  event.status = (uint32_t)dms_reader_varint (reader);
  uint64_t length = dms_reader_varint (reader);
  if (reader->failed || length > reader->length - reader->at)
    return false;
  event.payload = dms_reader_take (reader, (size_t)length);
  event.payload_length = (uint32_t)length;
  *ret_event = event;
  return true;
}
