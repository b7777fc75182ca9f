/* dms-line-reader.h — a file line by line, however long it and its lines are
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/import/dms-span.h"

#include <glib.h>

/* A longer line is passed over and reported. */
#define DMS_LINE_MAX (1024u * 1024u)

typedef struct
{
  int fd; /* owned */
  char *buffer;
  size_t start, scanned, end; /* the line in hand begins at start */
  bool is_at_end;             /* of the file */
  bool is_skipping;           /* in the rest of a line that is too long */
  guint64 size;               /* of the file; 0 = not known */
  guint64 read;               /* bytes so far */
} DmsLineReader;

typedef enum
{
  DMS_LINE_READ,     /* a line, without its end */
  DMS_LINE_TOO_LONG, /* the first bytes of a line that is longer than DMS_LINE_MAX */
  DMS_LINE_MORE,     /* nothing yet: call dms_line_reader_fill() */
  DMS_LINE_END
} DmsLineResult;

/* Opens @path; a folder is refused. @error is G_FILE_ERROR's with a bare reason. */
gboolean dms_line_reader_open (DmsLineReader *reader, const char *path, GError **error);
void dms_line_reader_close (DmsLineReader *reader);
/* The next line of what was read so far; valid until the next fill. */
DmsLineResult dms_line_reader_next (DmsLineReader *reader, DmsSpan *ret_line);
/* Reads on. */
gboolean dms_line_reader_fill (DmsLineReader *reader, GError **error);
/* What there is now, without taking it. */
DmsSpan dms_line_reader_peek (const DmsLineReader *reader);
