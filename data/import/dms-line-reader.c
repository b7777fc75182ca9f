/* dms-line-reader.c — a file line by line, however long it and its lines are
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-line-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Room for the longest line and a piece of the file behind it. */
#define CAPACITY (DMS_LINE_MAX + 256u * 1024u)

static gboolean
set_errno (GError **error)
{
  int number = errno;
  g_set_error_literal (
      error, G_FILE_ERROR, (int)g_file_error_from_errno (number), g_strerror (number));
  return FALSE;
}

gboolean
dms_line_reader_open (DmsLineReader *reader, const char *path, GError **error)
{
  struct stat facts;
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return set_errno (error);

  bool is_known = fstat (fd, &facts) == 0;
  if (!is_known || S_ISDIR (facts.st_mode))
    {
      if (is_known)
        errno = EISDIR;
      set_errno (error);
      close (fd);
      return FALSE;
    }
  *reader = (DmsLineReader){ .fd = fd };
  if (S_ISREG (facts.st_mode) && facts.st_size > 0)
    reader->size = (guint64)facts.st_size;
  reader->buffer = g_malloc (CAPACITY);
  return TRUE;
}

void
dms_line_reader_close (DmsLineReader *reader)
{
  /* Nothing was written, so nothing can be lost by a failing close. */
  (void)close (reader->fd);
  g_free (reader->buffer);
  reader->buffer = NULL;
}

gboolean
dms_line_reader_fill (DmsLineReader *reader, GError **error)
{
  size_t kept = reader->end - reader->start;
  ssize_t n;

  memmove (reader->buffer, reader->buffer + reader->start, kept);
  reader->scanned -= reader->start;
  reader->start = 0;
  reader->end = kept;
  do
    n = read (reader->fd, reader->buffer + kept, CAPACITY - kept);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return set_errno (error);
  reader->end += (size_t)n;
  reader->read += (guint64)n;
  reader->is_at_end = n == 0;
  return TRUE;
}

/* Takes the bytes up to @line_end and @n_end bytes of line end behind them. */
static DmsSpan
take (DmsLineReader *reader, size_t line_end, size_t n_end)
{
  DmsSpan line = { reader->buffer + reader->start, line_end - reader->start };

  if (n_end > 0 && line.length > 0 && line.text[line.length - 1] == '\r')
    line.length--;
  reader->start = line_end + n_end;
  reader->scanned = reader->start;
  return line;
}

/* No line end in what there is. */
static DmsLineResult
next_without_end (DmsLineReader *reader, DmsSpan *ret_line)
{
  reader->scanned = reader->end;
  if (reader->is_skipping)
    {
      take (reader, reader->end, 0);
      return reader->is_at_end ? DMS_LINE_END : DMS_LINE_MORE;
    }
  if (reader->end - reader->start > DMS_LINE_MAX)
    {
      *ret_line = take (reader, reader->end, 0);
      reader->is_skipping = true;
      return DMS_LINE_TOO_LONG;
    }
  if (!reader->is_at_end)
    return DMS_LINE_MORE;
  if (reader->start == reader->end)
    return DMS_LINE_END;
  *ret_line = take (reader, reader->end, 0);
  return DMS_LINE_READ;
}

DmsLineResult
dms_line_reader_next (DmsLineReader *reader, DmsSpan *ret_line)
{
  for (;;)
    {
      const char *newline = memchr (
          reader->buffer + reader->scanned, '\n', reader->end - reader->scanned);
      if (newline == NULL)
        return next_without_end (reader, ret_line);

      *ret_line = take (reader, (size_t)(newline - reader->buffer), 1);
      if (!reader->is_skipping)
        return ret_line->length > DMS_LINE_MAX ? DMS_LINE_TOO_LONG : DMS_LINE_READ;
      reader->is_skipping = false;
    }
}

DmsSpan
dms_line_reader_peek (const DmsLineReader *reader)
{
  return (DmsSpan){ reader->buffer + reader->start, reader->end - reader->start };
}
