/* trace-writer.c — a program that records a trace as it is told, for tests of who reads
 * along
 *
 * usage: trace-writer TRACE [--simulation]
 *
 * Commands on standard input, one a line; each is answered by one line, the number of
 * events that are committed:
 *   emit N  records N events and commits them
 *   run N   records N events a second until the next line comes
 *   close   closes the trace and ends
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-recorder.h"
#include "tests/data/trace/dms-trace-stream.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
  SLICES = 200, /* a second */
  EVENTS_OF_A_CALL = 3
};

typedef struct
{
  DmsRecorder *recorder;
  gboolean is_simulation;
  DmsTraceStream stream; /* of a recording */
  DmsEmitter emitter;    /* of a simulation */
  guint32 device, routine;
} Writer;

static void
check (GError *error)
{
  if (error == NULL)
    return;
  fprintf (stderr, "trace-writer: %s\n", error->message);
  exit (1);
}

/* ---- events -------------------------------------------------------------- */

static void
emit (Writer *writer, DmsEvent event)
{
  event.t_ns = (gint64)writer->emitter.seq * 100;
  event.context = DMS_CONTEXT_PASSIVE;
  dms_emitter_emit (&writer->emitter, &event);
}

static void
describe (Writer *writer)
{
  DmsEmitter *emitter = &writer->emitter;

  writer->device = dms_emitter_name (emitter, DMS_NAME_DEVICE, 0, "card0");
  writer->routine = dms_emitter_name (emitter, DMS_NAME_TEXT, 0, "StartIo");
  emit (writer,
        (DmsEvent){ .kind = DMS_EVENT_MACHINE,
                    .a = G_GUINT64_CONSTANT (8) << 30,
                    .b = 64,
                    .length = DMS_PAGE_SIZE });
  emit (
      writer,
      (DmsEvent){ .kind = DMS_EVENT_DEVICE,
                  .device = writer->device,
                  .object = dms_emitter_name (emitter, DMS_NAME_TEXT, 0, "bus-master"),
                  .a = 32,
                  .b = 65536,
                  .c = 1024,
                  .length = 16,
                  .flags = DMS_FLAG_SCATTER_GATHER });
}

/* A call, what it writes, its end: one step. */
static void
simulate_one (Writer *writer)
{
  DmsEvent event = { .device = writer->device };

  switch (writer->emitter.seq % EVENTS_OF_A_CALL)
    {
    case 2:
      event.kind = DMS_EVENT_CALL;
      event.index = DMS_ROUTINE_START_IO;
      event.a = writer->routine;
      event.flags = DMS_FLAG_CALLBACK;
      break;
    case 0:
      event.kind = DMS_EVENT_REGISTER_WRITE;
      event.a = writer->emitter.seq;
      event.length = 4;
      break;
    default:
      event.kind = DMS_EVENT_RETURN;
      event.index = DMS_ROUTINE_START_IO;
      event.a = writer->routine;
      event.flags = DMS_FLAG_CALLBACK;
      break;
    }
  emit (writer, event);
}

static void
emit_many (Writer *writer, guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    if (writer->is_simulation)
      simulate_one (writer);
    else
      dms_trace_stream_next (&writer->stream);
}

static guint64
emitted (const Writer *writer)
{
  return writer->is_simulation ? writer->emitter.seq : writer->stream.emitter.seq;
}

/* ---- commands ------------------------------------------------------------ */

static void
answer (Writer *writer)
{
  printf ("%" G_GUINT64_FORMAT "\n", emitted (writer));
  fflush (stdout);
}

static void
commit (Writer *writer)
{
  GError *error = NULL;

  dms_recorder_commit (writer->recorder, &error);
  check (error);
}

static void
run (Writer *writer, guint64 rate)
{
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
  gint64 begun = g_get_monotonic_time ();
  guint64 n = 0;

  answer (writer);
  while (poll (&input, 1, 1000 / SLICES) == 0)
    {
      guint64 due = (guint64)(g_get_monotonic_time () - begun) * rate / 1000000;
      emit_many (writer, due - n);
      n = due;
    }
  commit (writer);
}

static gboolean
obey (Writer *writer, const char *line)
{
  guint64 n = 0;

  if (g_str_has_prefix (line, "close"))
    return FALSE;
  if (g_str_has_prefix (line, "run "))
    {
      g_ascii_string_to_unsigned (line + 4, 10, 1, 100000000, &n, NULL);
      run (writer, n);
      return TRUE;
    }
  g_ascii_string_to_unsigned (line + strlen ("emit "), 10, 0, 100000000, &n, NULL);
  emit_many (writer, n);
  commit (writer);
  answer (writer);
  return TRUE;
}

int
main (int argc, char **argv)
{
  Writer writer = { .is_simulation = argc == 3 };
  DmsRunInfo info
      = { .kind = argc == 3 ? DMS_SOURCE_SIMULATION : DMS_SOURCE_FTRACE_TEXT,
          .title = (char *)"a run that grows",
          .resolution_ns = 1 };
  GError *error = NULL;
  char line[64];

  if (argc < 2 || argc > 3)
    return 2;
  writer.recorder = dms_recorder_new (argv[1], TRUE, &info, &error);
  check (error);
  DmsSink sink = dms_recorder_sink (writer.recorder);
  if (writer.is_simulation)
    {
      g_assert_cmpint (dms_emitter_init (&writer.emitter, &sink, false), ==, DMS_OK);
      describe (&writer);
    }
  else
    dms_trace_stream_init (&writer.stream, &sink, 1, 200);

  setvbuf (stdin, NULL, _IONBF, 0); /* poll() must see what is not read */
  answer (&writer);
  while (fgets (line, sizeof line, stdin) != NULL)
    if (!obey (&writer, g_strchomp (line)))
      break;
  if (writer.is_simulation)
    dms_emitter_release (&writer.emitter);
  else
    dms_trace_stream_release (&writer.stream);
  dms_recorder_close (writer.recorder, &error);
  check (error);
  return 0;
}
