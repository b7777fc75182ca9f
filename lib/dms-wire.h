/* dms-wire.h — events on their way from the driver's process to the recorder's
 *
 * Both are the same program, so numbers go as they lie in memory. A record is
 *
 *   kind    4 bytes   DmsWireKind
 *   length  4 bytes   of the body
 *   body              EVENT: DmsEvent, then its payload
 *                     NAME: DmsWireName, then its text
 *                     END: DmsStatus of the run
 *                     FAULT: DmsWireFault
 *
 * Each is written at once into a pipe: what was written the kernel keeps, whatever
 * becomes of the process. A last record that is not whole is left out. The driver may
 * have written anywhere in its process, so the reader trusts no byte.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-sink.h"

#include <glib.h>

typedef enum
{
  DMS_WIRE_EVENT = 1,
  DMS_WIRE_NAME = 2,
  DMS_WIRE_END = 3,
  DMS_WIRE_FAULT = 4
} DmsWireKind;

typedef struct
{
  guint32 kind;
  guint32 length;
} DmsWireHead;

typedef struct
{
  guint32 id;
  guint32 kind;
  gint64 number;
} DmsWireName;

/* What a signal handler in the driver's process could tell. */
typedef struct
{
  gint32 signal;
  gint32 has_address;
  guint64 address;
} DmsWireFault;

/* ---- writing ---- */

/* Passes everything on to the pipe @fd, which @data of the sink points at. */
DmsSink dms_wire_sink (const int *fd);
gboolean dms_wire_write (int fd, DmsWireKind kind, const void *body, gsize length);

/* ---- reading ---- */

/* What was read and not yet understood, and what has been checked so far. */
typedef struct
{
  GByteArray *bytes;
  gsize at; /* of the next record */
  guint64 last_seq, last_step;
  guint32 n_names;
} DmsWireReader;

typedef struct
{
  DmsWireKind kind;
  DmsEvent event;
  DmsName name;
  DmsStatus status;
  DmsWireFault fault;
} DmsWireRecord;

void dms_wire_reader_init (DmsWireReader *reader);
void dms_wire_reader_clear (DmsWireReader *reader);
/* Room for @want bytes behind what is there; dms_wire_reader_filled() says how many
 * came.
 */
guint8 *dms_wire_reader_room (DmsWireReader *reader, gsize want);
void dms_wire_reader_filled (DmsWireReader *reader, gsize want, gsize came);

/**
 * dms_wire_reader_next:
 * @ret_record: valid until the reader gets more bytes; @text of a name too
 *
 * Returns: DMS_OK, DMS_ERROR_END when no whole record is there, DMS_ERROR_CORRUPT when
 * the bytes are no record or do not fit to those before
 */
DmsStatus dms_wire_reader_next (DmsWireReader *reader, DmsWireRecord *ret_record);
