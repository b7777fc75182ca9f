/* bench-import.c — how fast a text of ftrace becomes events
 *
 *   bench-import [TEXT]
 *
 * Repeats a recording to a million lines, each copy later in time than the one before,
 * and imports that into a sink that only counts. Medians of several runs; the ratio is
 * to reading the same file and finding its line ends.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-import.h"
#include "tests/lib/dms-test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum
{
  LINES = 1000000,
  RUNS = 5,
  SECONDS_PER_COPY = 1000
};

static DmsStatus
count_event (void *data, const DmsEvent *event)
{
  guint64 *n = data;
  *n += event->kind != DMS_EVENT_NONE ? 1 : 0;
  return DMS_OK;
}

static DmsStatus
take_name (void *data, const DmsName *name)
{
  (void)data;
  return name->id > 0 ? DMS_OK : DMS_ERROR_CORRUPT;
}

/* Writes @line with @later more seconds in its time, which stands before the first ":
 * ". */
static void
write_later (FILE *file, const char *line, gsize length, unsigned later)
{
  const char *end = g_strstr_len (line, (gssize)length, ": ");
  const char *point = end;

  while (point != NULL && point > line && *point != '.')
    point--;

  const char *first = point;
  while (first != NULL && first > line && g_ascii_isdigit (first[-1]))
    first--;
  if (first == NULL || first == point)
    {
      fwrite (line, 1, length, file);
      return;
    }
  fwrite (line, 1, (gsize)(first - line), file);
  fprintf (file, "%lu", strtoul (first, NULL, 10) + later);
  fwrite (point, 1, length - (gsize)(point - line), file);
}

static guint64
write_copy (FILE *file, const char *text, unsigned later)
{
  guint64 n = 0;

  for (const char *line = text; *line != '\0'; n++)
    {
      const char *newline = strchr (line, '\n');
      gsize length = newline == NULL ? strlen (line) : (gsize)(newline + 1 - line);
      write_later (file, line, length, later);
      line += length;
    }
  return n;
}

static guint64
write_million (const char *path, const char *text)
{
  FILE *file = fopen (path, "w");
  guint64 n = 0;

  if (file == NULL)
    g_error ("%s cannot be written", path);
  for (unsigned copy = 0; n < LINES; copy++)
    n += write_copy (file, text, copy * SECONDS_PER_COPY);
  if (fclose (file) != 0)
    g_error ("%s cannot be written", path);
  return n;
}

static double
time_import (const char *path, DmsImportTally *tally, guint64 *n_events)
{
  DmsImportTarget target
      = { .sink = { .event = count_event, .name = take_name, .data = n_events } };
  DmsRunInfo info = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  *n_events = 0;
  if (!dms_import_ftrace_text (path, &target, &info, tally, NULL, &error))
    g_error ("%s", error->message);

  double seconds = (double)(g_get_monotonic_time () - start) / 1e6;
  g_free (info.title);
  g_free (info.origin);
  g_free (info.system);
  g_free (info.notes);
  return seconds;
}

static double
time_lines (const char *path, guint64 *n_lines)
{
  static char buffer[1024 * 1024];
  gint64 start = g_get_monotonic_time ();
  FILE *file = fopen (path, "r");
  gsize n;

  *n_lines = 0;
  if (file == NULL)
    g_error ("%s cannot be read", path);
  while ((n = fread (buffer, 1, sizeof buffer, file)) > 0)
    for (const char *at = buffer;
         (at = memchr (at, '\n', n - (gsize)(at - buffer))) != NULL;
         at++)
      ++*n_lines;
  fclose (file);
  return (double)(g_get_monotonic_time () - start) / 1e6;
}

static int
compare (const void *one, const void *other)
{
  double a = *(const double *)one, b = *(const double *)other;
  return a < b ? -1 : a > b ? 1 : 0;
}

static double
median (double *times)
{
  qsort (times, RUNS, sizeof *times, compare);
  return times[RUNS / 2];
}

static void
measure (const char *path, const char *name, guint64 n_lines)
{
  double imports[RUNS], reads[RUNS];
  DmsImportTally tally = { 0 };
  guint64 n_events = 0, n_found = 0;
  struct rusage usage;

  for (int i = 0; i < RUNS; i++)
    {
      reads[i] = time_lines (path, &n_found);
      imports[i] = time_import (path, &tally, &n_events);
    }
  if (n_found != n_lines || tally.lines != n_lines || tally.unread != 0)
    g_error ("not every line was read");

  double seconds = median (imports);
  printf ("import: %" G_GUINT64_FORMAT " lines made of %s\n", n_lines, name);
  printf ("import: %.0f lines/s, %.0f events/s, %.3f s\n",
          (double)n_lines / seconds,
          (double)n_events / seconds,
          seconds);
  printf ("import: %.1f times as long as finding the lines\n",
          seconds / median (reads));
  if (getrusage (RUSAGE_SELF, &usage) == 0)
    printf ("import: at most %ld KiB of memory\n", usage.ru_maxrss);
}

int
main (int argc, char **argv)
{
  g_autofree char *recording
      = dms_test_source_path ("../../shared/traces/iommu-6.12.95.ftrace.txt");
  g_autofree char *fixture = dms_test_source_path ("fixtures/ftrace/newer-kernel.txt");
  const char *source = argc > 1                                          ? argv[1]
                       : g_file_test (recording, G_FILE_TEST_IS_REGULAR) ? recording
                                                                         : fixture;
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "million.txt", NULL);
  g_autofree char *name = g_path_get_basename (source);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (source, &text, NULL, &error))
    g_error ("%s", error->message);
  measure (path, name, write_million (path, text));
  return 0;
}
