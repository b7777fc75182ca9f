/* dms-trace-writer.c — another process that records a trace as it is told
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/data/trace/dms-trace-writer.h"

#include <glib/gstdio.h>

struct DmsTraceWriter
{
  GSubprocess *process;
  GOutputStream *commands;
  GDataInputStream *answers;
  char *path;
};

static guint64
read_answer (DmsTraceWriter *writer)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line
      = g_data_input_stream_read_line (writer->answers, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return g_ascii_strtoull (line, NULL, 10);
}

static void
command (DmsTraceWriter *writer, const char *name, guint64 n)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strdup_printf ("%s %" G_GUINT64_FORMAT "\n", name, n);

  g_output_stream_write_all (writer->commands, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
}

DmsTraceWriter *
dms_trace_writer_start (const char *path, gboolean is_simulation)
{
  DmsTraceWriter *writer = g_new0 (DmsTraceWriter, 1);
  g_autofree char *program = g_build_filename (
      g_getenv ("DMS_TEST_BUILD_DIR"), "data", "trace", "trace-writer", NULL);
  g_autoptr (GError) error = NULL;

  writer->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE
                                          | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                      &error,
                                      program,
                                      path,
                                      is_simulation ? "--simulation" : NULL,
                                      NULL);
  g_assert_no_error (error);
  writer->commands = g_subprocess_get_stdin_pipe (writer->process);
  writer->answers
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (writer->process));
  writer->path = g_strdup (path);
  read_answer (writer);
  return writer;
}

guint64
dms_trace_writer_emit (DmsTraceWriter *writer, guint64 n)
{
  command (writer, "emit", n);
  return read_answer (writer);
}

guint64
dms_trace_writer_fill (DmsTraceWriter *writer)
{
  const goffset enough = 1 << 20;
  GStatBuf facts = { 0 };
  guint64 n = 0;

  while (facts.st_size < enough)
    {
      n = dms_trace_writer_emit (writer, 100000);
      g_assert_cmpint (g_stat (writer->path, &facts), ==, 0);
    }
  return n;
}

void
dms_trace_writer_run (DmsTraceWriter *writer, guint64 rate)
{
  command (writer, "run", rate);
  read_answer (writer);
}

static void
writer_free (DmsTraceWriter *writer)
{
  g_object_unref (writer->answers);
  g_object_unref (writer->process);
  g_free (writer->path);
  g_free (writer);
}

void
dms_trace_writer_close (DmsTraceWriter *writer)
{
  g_autoptr (GError) error = NULL;

  command (writer, "close", 0);
  g_subprocess_wait_check (writer->process, NULL, &error);
  g_assert_no_error (error);
  writer_free (writer);
}

void
dms_trace_writer_kill (DmsTraceWriter *writer)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_force_exit (writer->process);
  g_subprocess_wait (writer->process, NULL, &error);
  g_assert_no_error (error);
  writer_free (writer);
}
