/* dms-payload.h — tagged lists of numbers behind an event
 *
 *   payload := list*
 *   list    := tag varint · count varint · count entries
 *
 * | tag           | entry                                                            |
 * |---------------|------------------------------------------------------------------|
 * | FRAMES        | frame number, zig-zag difference to the one before               |
 * | MEMORY        | physical address (zig-zag difference to the end of the one       |
 * |               | before), then length in bytes; 0 = length not known              |
 * | DEVICE        | logical address and length, as MEMORY                            |
 * | STACK         | name id (DMS_NAME_TEXT) of one frame, innermost first            |
 * | TEXT          | one byte of UTF-8 text: a log line, a line that was not understood|
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-bytes.h"

typedef enum
{
  DMS_PAYLOAD_FRAMES = 1,
  DMS_PAYLOAD_MEMORY = 2,
  DMS_PAYLOAD_DEVICE = 3,
  DMS_PAYLOAD_STACK = 4,
  DMS_PAYLOAD_TEXT = 5
} DmsPayloadTag;

/* One event's payload has at most this many bytes, and one list at most this many
 * entries. */
#define DMS_PAYLOAD_MAX (16u * 1024u * 1024u)
#define DMS_PAYLOAD_ENTRIES_MAX (1u << 20)

typedef struct
{
  uint64_t address;
  uint64_t length; /* bytes; 0 = not known */
} DmsSegment;

void dms_payload_append_frames (DmsBytes *bytes, const uint64_t *frames, size_t n);
/* @tag is DMS_PAYLOAD_MEMORY or DMS_PAYLOAD_DEVICE. */
void dms_payload_append_segments (DmsBytes *bytes,
                                  DmsPayloadTag tag,
                                  const DmsSegment *segments,
                                  size_t n);
void dms_payload_append_ids (DmsBytes *bytes,
                             DmsPayloadTag tag,
                             const uint32_t *ids,
                             size_t n);
void dms_payload_append_string (DmsBytes *bytes, const char *text);

/* A list inside a payload, found by dms_payload_find(); entries are read in order. */
typedef struct
{
  DmsReader reader;
  DmsPayloadTag tag;
  uint64_t left;
  uint64_t previous;
} DmsPayloadList;

/* Looks for the first list with @tag. False when there is none or the payload is
 * damaged before it; then @ret_list has 0 entries left. */
bool dms_payload_find (const uint8_t *payload,
                       size_t length,
                       DmsPayloadTag tag,
                       DmsPayloadList *ret_list);
/* The next frame number, name id or byte. False at the end or on damage. */
bool dms_payload_next_number (DmsPayloadList *list, uint64_t *ret_number);
bool dms_payload_next_segment (DmsPayloadList *list, DmsSegment *ret_segment);
/* Appends the first TEXT list as dms_bytes_append_plain() does, or nothing. */
void dms_payload_append_plain (DmsBytes *bytes, const uint8_t *payload, size_t length);
/* True when the payload is whole: known tags, counts within bounds, nothing behind. */
bool dms_payload_check (const uint8_t *payload, size_t length);
