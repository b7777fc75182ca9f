/* dms-chunk.h — events packed into a row of the trace, and out of it again
 *
 * A chunk stands alone: it needs nothing of the chunks before it. docs/trace-format.md
 * has the layout to the byte.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-event.h"

/* A chunk is closed by the event that reaches one of these. */
#define DMS_CHUNK_EVENTS 1024u
#define DMS_CHUNK_BYTES 65536u
/* So a chunk's data never has more bytes than this: one event may be large. */
#define DMS_CHUNK_BYTES_MAX (DMS_CHUNK_BYTES + DMS_PAYLOAD_MAX + 256u)

/* What is known of a chunk without unpacking it. */
typedef struct
{
  uint64_t first_seq;
  uint32_t n;
  uint64_t first_step, last_step;
  int64_t t0, t1;    /* least and greatest time of its events */
  uint64_t kinds[2]; /* bit set of kinds */
  uint64_t devices;  /* bit (device % 64) of each device */
} DmsChunkHead;

/* What an event's fields are predicted from: the event of the same kind before it. */
typedef struct
{
  uint64_t transfer, object, a, b, c, length;
  uint32_t index, flags, status, device, file, line;
} DmsChunkPast;

typedef struct
{
  DmsChunkHead head;
  DmsBytes data;
  uint64_t step;
  int64_t t_ns;
  uint32_t task;
  uint16_t cpu;
  uint8_t context;
  DmsChunkPast past[DMS_EVENT_KIND_MAX + 1]; /* by kind */
} DmsChunkWriter;

void dms_chunk_writer_init (DmsChunkWriter *writer);
void dms_chunk_writer_release (DmsChunkWriter *writer);
/* Empties the chunk; the next event has number @first_seq. */
void dms_chunk_writer_start (DmsChunkWriter *writer, uint64_t first_seq);
/* Appends @event, which dms_event_check() has found possible and which has the next
 * number. False without memory: the chunk is then as before. */
bool dms_chunk_writer_add (DmsChunkWriter *writer, const DmsEvent *event);
bool dms_chunk_writer_is_full (const DmsChunkWriter *writer);

/* Unpacked events. Invariant: events[i].seq == head.first_seq + i; payloads lie in data
 * or in unfolded. */
typedef struct
{
  DmsChunkHead head;
  DmsEvent *events;
  uint8_t *data;     /* a copy of the packed bytes */
  uint8_t *unfolded; /* payloads that were stored folded */
} DmsChunk;

/**
 * dms_chunk_read:
 * @head: what the file says; must agree with the events
 * @run: goes into DmsEvent.run
 *
 * Returns: DMS_OK, DMS_ERROR_CORRUPT, DMS_ERROR_NO_MEMORY. @ret_chunk is to be released
 * only after DMS_OK.
 */
DmsStatus dms_chunk_read (const DmsChunkHead *head,
                          uint32_t run,
                          const uint8_t *data,
                          size_t length,
                          DmsChunk *ret_chunk);
void dms_chunk_release (DmsChunk *chunk);
/* Whether a head is possible by itself: n within bounds, numbers that do not wrap. */
bool dms_chunk_head_check (const DmsChunkHead *head);
