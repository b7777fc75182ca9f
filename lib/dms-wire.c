/* dms-wire.c — events on their way from the driver's process to the recorder's
 *
 * SPDX-License-Identifier: MIT
 */
#include "lib/dms-wire.h"

#include "engine/core/dms-payload.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* The longest body that is one. */
#define LONGEST (sizeof (DmsEvent) + DMS_PAYLOAD_MAX)

/* ---- writing ---- */

/* Calls nothing that a signal handler may not. */
static gboolean
write_all (int fd, struct iovec *parts, int n)
{
  while (n > 0)
    {
      ssize_t done = writev (fd, parts, n);

      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0)
        return FALSE;
      for (; n > 0 && (gsize)done >= parts->iov_len; parts++, n--)
        done -= (ssize_t)parts->iov_len;
      if (n > 0)
        {
          parts->iov_base = (guint8 *)parts->iov_base + done;
          parts->iov_len -= (gsize)done;
        }
    }
  return TRUE;
}

static gboolean
write_record (int fd,
              DmsWireKind kind,
              const void *body,
              gsize length,
              const void *more,
              gsize more_length)
{
  DmsWireHead head = { kind, (guint32)(length + more_length) };
  struct iovec parts[3] = { { &head, sizeof head },
                            { (void *)body, length },
                            { (void *)more, more_length } };

  return write_all (fd, parts, 3);
}

gboolean
dms_wire_write (int fd, DmsWireKind kind, const void *body, gsize length)
{
  return write_record (fd, kind, body, length, NULL, 0);
}

static DmsStatus
put_event (void *data, const DmsEvent *event)
{
  DmsEvent body = *event;

  body.payload = NULL;
  return write_record (*(const int *)data,
                       DMS_WIRE_EVENT,
                       &body,
                       sizeof body,
                       event->payload,
                       event->payload_length)
             ? DMS_OK
             : DMS_ERROR_SINK;
}

static DmsStatus
put_name (void *data, const DmsName *name)
{
  DmsWireName body = { name->id, name->kind, name->number };

  return write_record (*(const int *)data,
                       DMS_WIRE_NAME,
                       &body,
                       sizeof body,
                       name->text,
                       strlen (name->text))
             ? DMS_OK
             : DMS_ERROR_SINK;
}

DmsSink
dms_wire_sink (const int *fd)
{
  return (DmsSink){ .event = put_event, .name = put_name, .data = (void *)fd };
}

/* ---- reading ---- */

void
dms_wire_reader_init (DmsWireReader *reader)
{
  *reader = (DmsWireReader){ .bytes = g_byte_array_new () };
}

void
dms_wire_reader_clear (DmsWireReader *reader)
{
  g_clear_pointer (&reader->bytes, g_byte_array_unref);
}

guint8 *
dms_wire_reader_room (DmsWireReader *reader, gsize want)
{
  guint before;

  if (reader->at > 0)
    g_byte_array_remove_range (reader->bytes, 0, (guint)reader->at);
  reader->at = 0;
  before = reader->bytes->len;
  g_byte_array_set_size (reader->bytes, before + (guint)want);
  return reader->bytes->data + before;
}

void
dms_wire_reader_filled (DmsWireReader *reader, gsize want, gsize came)
{
  g_byte_array_set_size (reader->bytes, reader->bytes->len - (guint)(want - came));
}

static gboolean
read_event (DmsWireReader *reader,
            const guint8 *body,
            gsize length,
            DmsWireRecord *ret_record)
{
  DmsEvent *event = &ret_record->event;

  if (length < sizeof *event)
    return FALSE;
  memcpy (event, body, sizeof *event);
  event->payload = length > sizeof *event ? body + sizeof *event : NULL;
  if (event->payload_length != length - sizeof *event
      || event->seq != reader->last_seq + 1 || event->step < reader->last_step
      || event->step > reader->last_step + 1 || event->device > reader->n_names
      || event->file > reader->n_names || event->task > reader->n_names
      || dms_event_check (event) != DMS_OK)
    return FALSE;
  reader->last_seq = event->seq;
  reader->last_step = event->step;
  return TRUE;
}

static gboolean
read_name (DmsWireReader *reader, guint8 *body, gsize length, DmsWireRecord *ret_record)
{
  DmsWireName name;

  /* The byte behind the text is ours to use: a record's head, or the end of the array,
   * which the caller has kept aside. */
  if (length < sizeof name || length > sizeof name + DMS_NAME_TEXT_MAX)
    return FALSE;
  memcpy (&name, body, sizeof name);
  if (name.id != reader->n_names + 1 || name.id > DMS_NAMES_MAX
      || name.kind < DMS_NAME_DEVICE || name.kind > DMS_NAME_TEXT
      || memchr (body + sizeof name, '\0', length - sizeof name) != NULL)
    return FALSE;
  /* Moved down over what was read already, so that there is room for its end. */
  memmove (body, body + sizeof name, length - sizeof name);
  body[length - sizeof name] = '\0';
  ret_record->name = (DmsName){ .id = name.id,
                                .kind = (DmsNameKind)name.kind,
                                .number = name.number,
                                .text = (const char *)body };
  reader->n_names = name.id;
  return TRUE;
}

static gboolean
read_body (DmsWireReader *reader, guint8 *body, gsize length, DmsWireRecord *ret_record)
{
  switch (ret_record->kind)
    {
    case DMS_WIRE_EVENT:
      return read_event (reader, body, length, ret_record);
    case DMS_WIRE_NAME:
      return read_name (reader, body, length, ret_record);
    case DMS_WIRE_END:
      if (length != sizeof ret_record->status)
        return FALSE;
      memcpy (&ret_record->status, body, length);
      return TRUE;
    case DMS_WIRE_FAULT:
      if (length != sizeof ret_record->fault)
        return FALSE;
      memcpy (&ret_record->fault, body, length);
      return TRUE;
    }
  return FALSE;
}

DmsStatus
dms_wire_reader_next (DmsWireReader *reader, DmsWireRecord *ret_record)
{
  gsize there = reader->bytes->len - reader->at;
  guint8 *bytes = reader->bytes->data + reader->at;
  DmsWireHead head;

  if (there < sizeof head)
    return DMS_ERROR_END;
  memcpy (&head, bytes, sizeof head);
  if (head.kind < DMS_WIRE_EVENT || head.kind > DMS_WIRE_FAULT || head.length > LONGEST)
    return DMS_ERROR_CORRUPT;
  if (there - sizeof head < head.length)
    return DMS_ERROR_END;
  ret_record->kind = (DmsWireKind)head.kind;
  if (!read_body (reader, bytes + sizeof head, head.length, ret_record))
    return DMS_ERROR_CORRUPT;
  reader->at += sizeof head + head.length;
  return DMS_OK;
}
