/* dms-ftrace-text.c — reads the text of tracefs' file `trace`
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-import.h"

#include "data/import/dms-ftrace-events.h"
#include "data/import/dms-ftrace-order.h"
#include "data/import/dms-line-reader.h"

#include <stdlib.h>
#include <string.h>

/* Further frames of one stack, and gaps between two events, are only counted. */
#define STACK_MAX 1024u
#define GAPS_MAX 64u
/* As much of an unread line is handed on. */
#define UNREAD_MAX 4096u
/* A kernel's name in a head is not longer. */
#define SYSTEM_MAX 128u
/* Lines at the front of a file that decide what it is. */
#define FRONT_LINES 200u

typedef struct
{
  uint16_t cpu;
  uint64_t lost; /* 0 = not known */
} Gap;

typedef struct
{
  const DmsImportTarget *target;
  DmsImportTally tally;
  bool is_given_up; /* by who takes the unread lines */

  DmsEmitter emitter;
  DmsFtraceNames names;
  DmsFtraceDecoder decoder;
  DmsFtraceOrder order;
  DmsBytes text; /* of an unread line */

  DmsFtraceSlot *stack_owner; /* NULL: not in a stack */
  uint32_t stack[STACK_MAX];
  size_t n_stack;
  bool is_user_stack; /* its frames are passed over */

  Gap gaps[GAPS_MAX]; /* wait for the time of the next event */
  size_t n_gaps;

  bool has_time; /* some event was read, so the form of the times is known */
  bool has_counts;
  int64_t resolution_ns;
  int64_t last_t_ns;
  uint64_t in_buffer, written; /* by the header; 0 = it does not say */
  char *system;                /* likewise; NULL = it does not say */
} Import;

/* ---- unread lines
 * -------------------------------------------------------------------- */

static void
report_unread (Import *import, DmsSpan line, const char *reason)
{
  import->tally.unread++;
  if (import->target->unread == NULL)
    return;
  if (line.length > UNREAD_MAX)
    line.length = UNREAD_MAX;
  dms_bytes_clear (&import->text);
  dms_ftrace_append_clean (&import->text, line);
  if (!import->target->unread (import->tally.lines,
                               dms_bytes_text (&import->text),
                               reason,
                               import->target->data))
    import->is_given_up = true;
}

/* ---- gaps
 * ------------------------------------------------------------------------------ */

/* A lost-events line has no time. It stands before the CPU's next event, so it gets
 * that one's. */
static void
push_gaps (Import *import, int64_t t_ns)
{
  for (size_t i = 0; i < import->n_gaps; i++)
    {
      DmsFtraceSlot *slot = dms_ftrace_order_next (&import->order);
      slot->event = (DmsEvent){ .kind = DMS_EVENT_GAP,
                                .t_ns = t_ns,
                                .cpu = import->gaps[i].cpu,
                                .context = DMS_CONTEXT_LINUX,
                                .a = import->gaps[i].lost };
      dms_ftrace_order_push (&import->order);
    }
  import->n_gaps = 0;
}

static void
add_gap (Import *import, uint16_t cpu, uint64_t lost)
{
  if (import->n_gaps == GAPS_MAX)
    push_gaps (import, import->last_t_ns);
  import->gaps[import->n_gaps++] = (Gap){ cpu, lost };
}

/* "CPU:1 [LOST 728 EVENTS]", "CPU:1 [LOST EVENTS]", and trace-cmd's "[163 EVENTS
 * DROPPED]",
 * "[EVENTS DROPPED]". */
static bool
parse_gap (DmsSpan line, uint64_t *ret_cpu, uint64_t *ret_lost)
{
  DmsSpan rest = line;

  if (!dms_span_starts (rest, "CPU:"))
    return false;
  rest = dms_span_skip (rest, strlen ("CPU:"));
  if (!dms_span_take_decimal (&rest, ret_cpu) || *ret_cpu > UINT16_MAX
      || !dms_span_starts (rest, " ["))
    return false;
  rest = dms_span_skip (rest, 2);
  if (dms_span_starts (rest, "LOST "))
    rest = dms_span_skip (rest, strlen ("LOST "));
  *ret_lost = 0;
  if (dms_span_take_decimal (&rest, ret_lost) && dms_span_starts (rest, " "))
    rest = dms_span_skip (rest, 1);
  return dms_span_is (rest, "EVENTS]") || dms_span_is (rest, "EVENTS DROPPED]");
}

/* ---- stacks
 * ------------------------------------------------------------------------------ */

static void
end_stack (Import *import)
{
  if (import->stack_owner != NULL && import->n_stack > 0)
    dms_payload_append_ids (&import->stack_owner->payload,
                            DMS_PAYLOAD_STACK,
                            import->stack,
                            import->n_stack);
  import->stack_owner = NULL;
  import->n_stack = 0;
}

static bool
is_stack_head (const DmsFtraceLine *line, bool *ret_is_user)
{
  *ret_is_user = dms_span_starts (line->rest, "<user stack trace>")
                 || dms_span_is (line->name, "user_stack");
  return *ret_is_user || dms_span_starts (line->rest, "<stack trace");
}

/* The record of a stack follows its event, of the same CPU and task; events of other
 * CPUs may lie between. */
static void
begin_stack (Import *import, const DmsFtraceLine *line, DmsSpan text)
{
  uint32_t task
      = dms_ftrace_names_get (&import->names, DMS_NAME_TASK, line->pid, line->comm);

  import->stack_owner = dms_ftrace_order_latest (&import->order, line->cpu, task);
  if (import->stack_owner == NULL)
    report_unread (
        import, text, "the event that this stack belongs to is not before it");
  else
    import->tally.details++;
}

/* " => dma_map_sg_attrs" */
static void
add_frame (Import *import, DmsSpan text)
{
  DmsSpan frame = dms_span_trim (dms_span_skip (dms_span_trim (text), strlen ("=>")));

  if (import->stack_owner == NULL)
    {
      report_unread (import, text, "a frame of a stack that does not begin before it");
      return;
    }
  import->tally.details++;
  if (import->n_stack < STACK_MAX && frame.length > 0 && !import->is_user_stack)
    import->stack[import->n_stack++]
        = dms_ftrace_names_get (&import->names, DMS_NAME_TEXT, 0, frame);
}

/* ---- heads
 * -------------------------------------------------------------------------------- */

/* "# entries-in-buffer/entries-written: 407/407   #P:2" */
static void
read_entries (Import *import, DmsSpan line)
{
  static const char key[] = "entries-in-buffer/entries-written:";
  ptrdiff_t found = dms_span_find (line, key);
  uint64_t in_buffer, written;

  if (found < 0)
    return;
  DmsSpan rest = dms_span_trim (dms_span_skip (line, (size_t)found + strlen (key)));
  if (!dms_span_take_decimal (&rest, &in_buffer) || !dms_span_starts (rest, "/"))
    return;
  rest = dms_span_skip (rest, 1);
  if (!dms_span_take_decimal (&rest, &written))
    return;
  import->in_buffer = in_buffer;
  import->written = written;
}

/* "# nop latency trace v1.1.5 on 6.12.95+deb12-amd64": the only head that names a
 * kernel. */
static void
read_system (Import *import, DmsSpan line)
{
  static const char key[] = " latency trace v";
  ptrdiff_t found = dms_span_find (line, key);

  if (found < 0 || import->system != NULL)
    return;
  DmsSpan rest = dms_span_skip (line, (size_t)found + strlen (key));
  (void)dms_span_take_word (&rest);
  if (!dms_span_starts (rest, "on ") || rest.length > SYSTEM_MAX)
    return;
  rest = dms_span_skip (rest, strlen ("on "));
  dms_bytes_clear (&import->text);
  dms_ftrace_append_clean (&import->text, rest);
  import->system = g_strconcat ("Linux ", dms_bytes_text (&import->text), NULL);
}

/* Lines that trace-cmd puts before its report. */
static bool
is_head_of_report (DmsSpan line)
{
  return dms_span_starts (line, "cpus=") || dms_span_starts (line, "version = ")
         || (dms_span_starts (line, "CPU ") && dms_span_ends (line, " is empty"));
}

/* ---- lines
 * -------------------------------------------------------------------------------- */

static const char *
reason_of (DmsFtraceLineResult result)
{
  switch (result)
    {
    case DMS_FTRACE_LINE_NO_TASK:
      return "what stands before [cpu] is not comm-pid, with a comm of at most 15 "
             "bytes";
    case DMS_FTRACE_LINE_RANGE:
      return "its CPU or its time is too large";
    case DMS_FTRACE_LINE_NO_HEAD:
    case DMS_FTRACE_LINE_OK:
      break;
    }
  return "it has no \"comm-pid [cpu] flags time:\" as an event has, and is no comment";
}

static void
read_without_head (Import *import, DmsSpan line, DmsFtraceLineResult result)
{
  DmsSpan text = dms_span_trim (line);
  uint64_t cpu, lost;

  if (dms_span_starts (text, "=>"))
    {
      add_frame (import, line);
      return;
    }
  end_stack (import);
  if (text.length == 0)
    import->tally.blank++;
  else if (text.text[0] == '#')
    {
      import->tally.heads++;
      read_entries (import, text);
      read_system (import, text);
    }
  else if (parse_gap (text, &cpu, &lost))
    {
      import->tally.events++;
      add_gap (import, (uint16_t)cpu, lost);
    }
  else if (is_head_of_report (text))
    import->tally.heads++;
  else
    report_unread (import, line, reason_of (result));
}

/* All times of a run are of one form. */
static bool
check_time (Import *import, const DmsFtraceLine *line)
{
  bool is_count = line->time == DMS_FTRACE_TIME_COUNT;

  if (import->has_time && is_count != import->has_counts)
    return false;
  if (!import->has_time || line->resolution_ns < import->resolution_ns)
    import->resolution_ns = line->resolution_ns;
  import->has_time = true;
  import->has_counts = is_count;
  return true;
}

static void
read_event (Import *import, const DmsFtraceLine *line, DmsSpan text)
{
  const char *reason = NULL;

  if (!check_time (import, line))
    {
      report_unread (import, text, "its time is of another form than those before it");
      return;
    }
  push_gaps (import, line->t_ns);

  DmsFtraceSlot *slot = dms_ftrace_order_next (&import->order);
  switch (
      dms_ftrace_decode (&import->decoder, line, &slot->event, &slot->payload, &reason))
    {
    case DMS_FTRACE_EVENT:
      import->tally.events++;
      break;
    case DMS_FTRACE_OTHER:
      import->tally.others++;
      break;
    case DMS_FTRACE_UNREAD:
      report_unread (import, text, reason);
      return;
    case DMS_FTRACE_NO_MEMORY:
      import->emitter.status = DMS_ERROR_NO_MEMORY;
      return;
    }
  import->last_t_ns = line->t_ns;
  dms_ftrace_order_push (&import->order);
}

static void
read_line (Import *import, DmsSpan text)
{
  DmsFtraceLine line;
  DmsFtraceLineResult result = dms_ftrace_line_parse (text, &line);

  if (result != DMS_FTRACE_LINE_OK)
    {
      read_without_head (import, text, result);
      return;
    }
  end_stack (import);
  if (is_stack_head (&line, &import->is_user_stack))
    begin_stack (import, &line, text);
  else
    read_event (import, &line, text);
}

/* ---- the whole file
 * ------------------------------------------------------------------------ */

/* All lines that are in the reader's buffer; FALSE at the end of the file. */
static gboolean
read_lines (Import *import, DmsLineReader *reader)
{
  while (import->emitter.status == DMS_OK && !import->is_given_up)
    {
      DmsSpan line;
      switch (dms_line_reader_next (reader, &line))
        {
        case DMS_LINE_READ:
          import->tally.lines++;
          read_line (import, line);
          break;
        case DMS_LINE_TOO_LONG:
          import->tally.lines++;
          end_stack (import);
          report_unread (import, line, "it is longer than 1 MiB");
          break;
        case DMS_LINE_MORE:
          return TRUE;
        case DMS_LINE_END:
          return FALSE;
        }
    }
  return FALSE;
}

static void
finish_events (Import *import)
{
  end_stack (import);
  push_gaps (import, import->last_t_ns);
  dms_ftrace_order_flush (&import->order);
}

static gboolean
set_read_error (GError **error, const char *name, const GError *cause)
{
  g_set_error (error,
               DMS_IMPORT_ERROR,
               DMS_IMPORT_ERROR_OPEN,
               "%s cannot be read: %s",
               name,
               cause->message);
  return FALSE;
}

static gboolean
check_cancelled (GCancellable *cancellable, const char *name, GError **error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return TRUE;
  g_set_error (error,
               DMS_IMPORT_ERROR,
               DMS_IMPORT_ERROR_CANCELLED,
               "Reading %s was stopped before its end",
               name);
  return FALSE;
}

static void
report_progress (const Import *import, const DmsLineReader *reader)
{
  if (import->target->progress == NULL || reader->size == 0)
    return;
  double share = (double)reader->read / (double)reader->size;
  import->target->progress (share < 1.0 ? share : 1.0, import->target->data);
}

static gboolean
read_file (Import *import,
           DmsLineReader *reader,
           const char *name,
           GCancellable *cancellable,
           GError **error)
{
  while (read_lines (import, reader))
    {
      g_autoptr (GError) cause = NULL;
      if (!check_cancelled (cancellable, name, error))
        return FALSE;
      if (!dms_line_reader_fill (reader, &cause))
        return set_read_error (error, name, cause);
      report_progress (import, reader);
    }
  finish_events (import);
  return TRUE;
}

/* ---- what the file is
 * ----------------------------------------------------------------------- */

gboolean
dms_import_is_ftrace_text (const char *head, gsize length)
{
  DmsSpan rest = { head == NULL ? "" : head, head == NULL ? 0 : length };

  for (guint i = 0; i < FRONT_LINES && rest.length > 0; i++)
    {
      const char *newline = memchr (rest.text, '\n', rest.length);
      size_t n = newline == NULL ? rest.length : (size_t)(newline - rest.text);
      DmsFtraceLine line;

      if (dms_span_starts (rest, "# tracer: ")
          || dms_ftrace_line_parse ((DmsSpan){ rest.text, n }, &line)
                 == DMS_FTRACE_LINE_OK)
        return TRUE;
      rest = dms_span_skip (rest, newline == NULL ? n : n + 1);
    }
  return FALSE;
}

const char *
dms_import_hint (const char *head, gsize length)
{
  static const char tracecmd[] = "\x17\x08\x44tracing";
  DmsSpan span = { head, length };

  if (dms_span_starts (span, tracecmd))
    return "it is a binary file of trace-cmd; what `trace-cmd report` prints of it can "
           "be opened";
  if (dms_span_starts (span, "PERFILE2"))
    return "it is a binary file of perf; a recording made with trace-cmd can be opened";
  if (dms_span_find (span, " dma:dma_") >= 0)
    return "it looks like the output of perf; what `trace-cmd report` prints can be "
           "opened";
  return NULL;
}

/* What somebody may have meant, when it can be told. */
static const char *
hint_for (DmsSpan head)
{
  const char *hint = dms_import_hint (head.text, head.length);

  if (head.length == 0)
    return "it is empty";
  if (hint != NULL)
    return hint;
  if (dms_span_starts (head, "SQLite format 3"))
    return "it is a database";
  return "none of its first lines is an event such as \"dd-363 [001] d..1. 60.842866: "
         "dma_map_sg: …\"";
}

static gboolean
check_head (const DmsLineReader *reader, const char *name, GError **error)
{
  DmsSpan head = dms_line_reader_peek (reader);

  if (dms_import_is_ftrace_text (head.text, head.length))
    return TRUE;
  g_set_error (
      error,
      DMS_IMPORT_ERROR,
      DMS_IMPORT_ERROR_FORMAT,
      "%s is no ftrace text: %s; the file /sys/kernel/tracing/trace, copied, is "
      "needed",
      name,
      hint_for (head));
  return FALSE;
}

static gboolean
check_result (const Import *import, const char *name, GError **error)
{
  if (import->emitter.status != DMS_OK)
    g_set_error (error,
                 DMS_IMPORT_ERROR,
                 DMS_IMPORT_ERROR_SINK,
                 "%s:%" G_GUINT64_FORMAT ": the event cannot be stored: %s",
                 name,
                 import->tally.lines,
                 dms_status_text (import->emitter.status));
  else if (import->is_given_up)
    g_set_error (error,
                 DMS_IMPORT_ERROR,
                 DMS_IMPORT_ERROR_CANCELLED,
                 "Reading %s was given up at line %" G_GUINT64_FORMAT
                 ", which is not understood",
                 name,
                 import->tally.lines);
  else if (import->order.n_emitted == 0)
    g_set_error (
        error,
        DMS_IMPORT_ERROR,
        DMS_IMPORT_ERROR_FORMAT,
        "%s is ftrace text without an event; a recording with at least one event "
        "is needed",
        name);
  else
    return TRUE;
  return FALSE;
}

/* ---- what is known about the run
 * -------------------------------------------------------------- */

static void add_note (GString *notes, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
add_note (GString *notes, const char *format, ...)
{
  va_list arguments;

  if (notes->len > 0)
    g_string_append_c (notes, '\n');
  va_start (arguments, format);
  g_string_append_vprintf (notes, format, arguments);
  va_end (arguments);
}

static char *
make_notes (const Import *import)
{
  GString *notes = g_string_new (NULL);

  if (import->written > import->in_buffer)
    add_note (notes,
              "The recording is not whole: of %" G_GUINT64_FORMAT
              " events the buffer still held %" G_GUINT64_FORMAT
              "; the older ones were overwritten.",
              import->written,
              import->in_buffer);
  if (import->has_counts)
    add_note (
        notes,
        "The times are counts of a clock whose unit the text does not say; they are "
        "shown as nanoseconds.");
  if (import->order.n_late > 0)
    add_note (
        notes,
        "Events that stand more than %u events behind their place in time, and are "
        "kept where they stand: %" G_GUINT64_FORMAT ".",
        DMS_FTRACE_WINDOW,
        import->order.n_late);
  if (import->names.left_out > 0)
    add_note (notes,
              "The text has more names than a run can hold; %" G_GUINT64_FORMAT
              " were left out.",
              import->names.left_out);
  return g_string_free (notes, notes->len == 0);
}

static void
replace (char **place, char *text)
{
  g_free (*place);
  *place = text;
}

static void
fill_info (const Import *import, const char *name, DmsRunInfo *info)
{
  info->kind = DMS_SOURCE_FTRACE_TEXT;
  if (info->title == NULL)
    info->title = g_strdup (name);
  replace (&info->origin, g_strdup (name));
  replace (&info->notes, make_notes (import));
  replace (&info->system, g_strdup (import->system));
  info->resolution_ns = import->resolution_ns;
  info->read_lines = import->tally.lines - import->tally.unread;
  info->unread_lines = import->tally.unread;
}

/* ---- life
 * -------------------------------------------------------------------------------------
 */

static Import *
import_new (const DmsImportTarget *target)
{
  Import *import = g_new0 (Import, 1);

  import->target = target;
  if (dms_emitter_init (&import->emitter, &target->sink, true) != DMS_OK)
    {
      g_free (import);
      return NULL;
    }
  if (!dms_ftrace_order_init (&import->order, &import->emitter))
    {
      dms_emitter_release (&import->emitter);
      g_free (import);
      return NULL;
    }
  dms_ftrace_names_init (&import->names, &import->emitter);
  dms_ftrace_decoder_init (&import->decoder, &import->names);
  return import;
}

static void
import_free (Import *import)
{
  dms_ftrace_decoder_release (&import->decoder);
  dms_ftrace_names_release (&import->names);
  dms_ftrace_order_release (&import->order);
  dms_emitter_release (&import->emitter);
  dms_bytes_release (&import->text);
  g_free (import->system);
  g_free (import);
}

static gboolean
import_from (DmsLineReader *reader,
             const char *name,
             const DmsImportTarget *target,
             DmsRunInfo *info,
             DmsImportTally *ret_tally,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (!check_cancelled (cancellable, name, error))
    return FALSE;
  if (!dms_line_reader_fill (reader, &cause))
    return set_read_error (error, name, cause);
  if (!check_head (reader, name, error))
    return FALSE;

  Import *import = import_new (target);
  if (import == NULL)
    {
      g_set_error (error,
                   DMS_IMPORT_ERROR,
                   DMS_IMPORT_ERROR_SINK,
                   "There is no memory to read %s",
                   name);
      return FALSE;
    }
  gboolean is_ok = read_file (import, reader, name, cancellable, error)
                   && check_result (import, name, error);
  if (is_ok)
    fill_info (import, name, info);
  if (ret_tally != NULL)
    *ret_tally = import->tally;
  import_free (import);
  return is_ok;
}

gboolean
dms_import_ftrace_text (const char *path,
                        const DmsImportTarget *target,
                        DmsRunInfo *info,
                        DmsImportTally *ret_tally,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *name = g_filename_display_basename (path);
  DmsLineReader reader;

  if (!dms_line_reader_open (&reader, path, &cause))
    return set_read_error (error, name, cause);

  gboolean is_ok
      = import_from (&reader, name, target, info, ret_tally, cancellable, error);
  dms_line_reader_close (&reader);
  return is_ok;
}
