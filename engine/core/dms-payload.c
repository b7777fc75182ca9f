/* dms-payload.c — tagged lists of numbers behind an event
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-payload.h"

static bool
is_segments (DmsPayloadTag tag)
{
  return tag == DMS_PAYLOAD_MEMORY || tag == DMS_PAYLOAD_DEVICE;
}

static bool
is_known (uint64_t tag)
{
  return tag >= DMS_PAYLOAD_FRAMES && tag <= DMS_PAYLOAD_TEXT;
}

static void
append_head (DmsBytes *bytes, DmsPayloadTag tag, size_t n)
{
  dms_bytes_append_varint (bytes, (uint64_t)tag);
  dms_bytes_append_varint (bytes, n);
}

void
dms_payload_append_frames (DmsBytes *bytes, const uint64_t *frames, size_t n)
{
  uint64_t previous = 0;

  append_head (bytes, DMS_PAYLOAD_FRAMES, n);
  for (size_t i = 0; i < n; i++)
    {
      dms_bytes_append_signed (bytes, (int64_t)(frames[i] - previous));
      previous = frames[i];
    }
}

void
dms_payload_append_segments (DmsBytes *bytes,
                             DmsPayloadTag tag,
                             const DmsSegment *segments,
                             size_t n)
{
  uint64_t previous = 0;

  append_head (bytes, tag, n);
  for (size_t i = 0; i < n; i++)
    {
      dms_bytes_append_signed (bytes, (int64_t)(segments[i].address - previous));
      dms_bytes_append_varint (bytes, segments[i].length);
      previous = segments[i].address + segments[i].length;
    }
}

void
dms_payload_append_ids (DmsBytes *bytes,
                        DmsPayloadTag tag,
                        const uint32_t *ids,
                        size_t n)
{
  append_head (bytes, tag, n);
  for (size_t i = 0; i < n; i++)
    dms_bytes_append_varint (bytes, ids[i]);
}

void
dms_payload_append_string (DmsBytes *bytes, const char *text)
{
  size_t length = 0;
  while (length < DMS_PAYLOAD_ENTRIES_MAX && text[length] != '\0')
    length++;
  append_head (bytes, DMS_PAYLOAD_TEXT, length);
  dms_bytes_append (bytes, text, length);
}

/* Reads a list's head; false at the end of the payload or on damage. */
static bool
next_list (DmsReader *reader, DmsPayloadList *ret_list)
{
  if (reader->failed || dms_reader_at_end (reader))
    return false;
  uint64_t tag = dms_reader_varint (reader);
  uint64_t n = dms_reader_varint (reader);
  /* An entry takes at least one byte, so a count beyond what is left is damage. */
  if (reader->failed || !is_known (tag) || n > DMS_PAYLOAD_ENTRIES_MAX
      || n > reader->length - reader->at)
    {
      reader->failed = true;
      return false;
    }
  *ret_list
      = (DmsPayloadList){ .reader = *reader, .tag = (DmsPayloadTag)tag, .left = n };
  return true;
}

/* Reads one entry of any tag; false at the end or on damage. */
static bool
next_entry (DmsPayloadList *list, DmsSegment *ret_entry)
{
  if (list->left == 0 || list->reader.failed)
    return false;

  DmsSegment entry = { 0 };
  switch (list->tag)
    {
    case DMS_PAYLOAD_FRAMES:
      entry.address = list->previous + (uint64_t)dms_reader_signed (&list->reader);
      list->previous = entry.address;
      break;
    case DMS_PAYLOAD_MEMORY:
    case DMS_PAYLOAD_DEVICE:
      entry.address = list->previous + (uint64_t)dms_reader_signed (&list->reader);
      entry.length = dms_reader_varint (&list->reader);
      list->previous = entry.address + entry.length;
      break;
    case DMS_PAYLOAD_STACK:
      entry.address = dms_reader_varint (&list->reader);
      break;
    case DMS_PAYLOAD_TEXT:
      entry.address = dms_reader_byte (&list->reader);
      break;
    }
  if (list->reader.failed)
    return false;
  list->left--;
  *ret_entry = entry;
  return true;
}

/* Passes over the entries of @list and moves @reader behind them. */
static bool
skip_list (DmsReader *reader, const DmsPayloadList *list)
{
  *reader = list->reader;
  if (list->tag == DMS_PAYLOAD_TEXT)
    return dms_reader_take (reader, (size_t)list->left) != NULL;
  uint64_t numbers = is_segments (list->tag) ? list->left * 2 : list->left;
  while (numbers > 0 && !reader->failed)
    {
      dms_reader_varint (reader);
      numbers--;
    }
  return !reader->failed;
}

bool
dms_payload_find (const uint8_t *payload,
                  size_t length,
                  DmsPayloadTag tag,
                  DmsPayloadList *ret_list)
{
  DmsReader reader;
  DmsPayloadList list;

  dms_reader_init (&reader, payload, length);
  while (next_list (&reader, &list))
    {
      if (list.tag == tag)
        {
          *ret_list = list;
          return true;
        }
      if (!skip_list (&reader, &list))
        break;
    }
  *ret_list = (DmsPayloadList){ .tag = tag };
  return false;
}

bool
dms_payload_next_number (DmsPayloadList *list, uint64_t *ret_number)
{
  DmsSegment entry;
  if (is_segments (list->tag) || !next_entry (list, &entry))
    return false;
  *ret_number = entry.address;
  return true;
}

bool
dms_payload_next_segment (DmsPayloadList *list, DmsSegment *ret_segment)
{
  return is_segments (list->tag) && next_entry (list, ret_segment);
}

void
dms_payload_append_plain (DmsBytes *bytes, const uint8_t *payload, size_t length)
{
  DmsPayloadList list;

  if (!dms_payload_find (payload, length, DMS_PAYLOAD_TEXT, &list))
    return;
  const uint8_t *text = dms_reader_take (&list.reader, (size_t)list.left);
  if (text != NULL)
    dms_bytes_append_plain (bytes, (const char *)text, (size_t)list.left);
}

bool
dms_payload_check (const uint8_t *payload, size_t length)
{
  DmsReader reader;
  DmsPayloadList list;

  if (length > DMS_PAYLOAD_MAX)
    return false;
  dms_reader_init (&reader, payload, length);
  while (next_list (&reader, &list))
    if (!skip_list (&reader, &list))
      return false;
  return !reader.failed;
}
