/* dms-ftrace-line.c — the head of one line of ftrace text
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-ftrace-line.h"

#include "engine/core/dms-event.h"

#include <string.h>

/* Mainline prints 5 flags, kernels with real-time options more, very old ones fewer. */
#define FLAGS_MIN 3
#define FLAGS_MAX 10

/* A comm has at most 15 bytes, numbers at most 20: behind this no head begins. It also
 * keeps the search short in lines that are made to be slow. */
#define HEAD_MAX 160

/* The kernel cuts a task's name there; more means that something else stands before it,
 * as in a report of several buffers. */
#define COMM_MAX 15

#define NS_PER_SECOND INT64_C (1000000000)

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

/* Everything after "[cpu]": flags and time. Flags are told from a time by their first
 * letter, which is never a digit. */
static bool
take_flags (DmsSpan *rest, DmsSpan *ret_flags)
{
  *ret_flags = DMS_SPAN_EMPTY;
  if (rest->length == 0 || is_digit (rest->text[0]))
    return true;
  *ret_flags = dms_span_take_word (rest);
  return ret_flags->length >= FLAGS_MIN && ret_flags->length <= FLAGS_MAX;
}

/* The letters of need-resched and of the preemption depth never mean an interrupt, so
 * the column of h, s and z needs no fixed place. */
static uint8_t
context_of_flags (DmsSpan flags)
{
  uint8_t context = DMS_CONTEXT_LINUX;

  if (flags.length > 0 && (flags.text[0] == 'd' || flags.text[0] == 'D'))
    context |= DMS_CONTEXT_IRQS_OFF;
  for (size_t i = 1; i < flags.length; i++)
    switch (flags.text[i])
      {
      case 'h':
        return context | DMS_CONTEXT_HARDIRQ;
      case 'H':
        return context | DMS_CONTEXT_HARDIRQ | DMS_CONTEXT_SOFTIRQ;
      case 's':
        return context | DMS_CONTEXT_SOFTIRQ;
      case 'z':
        return context | DMS_CONTEXT_NMI | DMS_CONTEXT_HARDIRQ;
      case 'Z':
        return context | DMS_CONTEXT_NMI;
      }
  return context;
}

/* Digits behind the point, widened to nanoseconds. */
static bool
take_fraction (DmsSpan *rest, int64_t *ret_ns, int64_t *ret_unit)
{
  size_t before = rest->length;
  uint64_t digits = 0;

  if (!dms_span_take_decimal (rest, &digits) || before - rest->length > 9)
    return false;

  int64_t unit = NS_PER_SECOND;
  for (size_t n = before - rest->length; n > 0; n--)
    unit /= 10;
  *ret_ns = (int64_t)digits * unit;
  *ret_unit = unit;
  return true;
}

static DmsFtraceLineResult
set_seconds (DmsFtraceLine *line, uint64_t seconds, int64_t ns, int64_t unit)
{
  if (seconds >= (uint64_t)(INT64_MAX / NS_PER_SECOND))
    return DMS_FTRACE_LINE_RANGE;
  line->time = DMS_FTRACE_TIME_SECONDS;
  line->t_ns = (int64_t)seconds * NS_PER_SECOND + ns;
  line->resolution_ns = unit;
  return DMS_FTRACE_LINE_OK;
}

static DmsFtraceLineResult
set_count (DmsFtraceLine *line, uint64_t count)
{
  if (count > INT64_MAX)
    return DMS_FTRACE_LINE_RANGE;
  line->time = DMS_FTRACE_TIME_COUNT;
  line->t_ns = (int64_t)count;
  line->resolution_ns = 1;
  return DMS_FTRACE_LINE_OK;
}

static DmsFtraceLineResult
set_micros (DmsFtraceLine *line, uint64_t micros)
{
  if (micros > INT64_MAX / 1000)
    return DMS_FTRACE_LINE_RANGE;
  line->time = DMS_FTRACE_TIME_MICROS;
  line->t_ns = (int64_t)micros * 1000;
  line->resolution_ns = 1000;
  return DMS_FTRACE_LINE_OK;
}

/* "7.014086:" or "44212051635:", and a blank or the end of the line behind it. */
static DmsFtraceLineResult
take_time (DmsSpan *rest, DmsFtraceLine *line)
{
  uint64_t number;
  int64_t ns = 0, unit = 0;
  bool has_fraction;

  if (!dms_span_take_decimal (rest, &number))
    return DMS_FTRACE_LINE_NO_HEAD;
  has_fraction = dms_span_starts (*rest, ".");
  if (has_fraction)
    {
      *rest = dms_span_skip (*rest, 1);
      if (!take_fraction (rest, &ns, &unit))
        return DMS_FTRACE_LINE_NO_HEAD;
    }
  if (!dms_span_starts (*rest, ":"))
    return DMS_FTRACE_LINE_NO_HEAD;
  *rest = dms_span_skip (*rest, 1);
  return has_fraction ? set_seconds (line, number, ns, unit) : set_count (line, number);
}

/* ---- left of the anchor ------------------------------------------------------------
 */

/* Takes "(123)" or "(-------)" off the end, when it is there. */
static DmsSpan
without_tgid (DmsSpan left)
{
  if (!dms_span_ends (left, ")"))
    return left;

  size_t at = left.length - 1;
  while (at > 0
         && (is_digit (left.text[at - 1]) || left.text[at - 1] == ' '
             || left.text[at - 1] == '-'))
    at--;
  if (at == 0 || left.text[at - 1] != '(')
    return left;
  return dms_span_trim ((DmsSpan){ left.text, at - 1 });
}

/* "    Web Content-1234 " */
static bool
parse_task (DmsSpan left, DmsFtraceLine *line)
{
  left = without_tgid (dms_span_trim (left));

  size_t at = left.length;
  while (at > 0 && is_digit (left.text[at - 1]))
    at--;

  DmsSpan digits = dms_span_skip (left, at);
  uint64_t pid = 0;
  if (at == 0 || left.text[at - 1] != '-' || !dms_span_decimal (digits, &pid)
      || pid > INT32_MAX)
    return false;
  line->pid = (int64_t)pid;
  line->comm = dms_span_trim ((DmsSpan){ left.text, at - 1 });
  return line->comm.length <= COMM_MAX;
}

/* ---- right of the anchor ------------------------------------------------------------
 */

static bool
is_name_char (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit (c) || c == '_'
         || c == '-' || c == '.';
}

/* "dma_map_page: rest", "dma:dma_map_page: rest", "<stack trace>". A text without a
 * name is all rest. */
static void
split_name (DmsSpan right, DmsFtraceLine *line)
{
  size_t first = 0, at = 0;

  right = dms_span_trim (right);
  line->name = DMS_SPAN_EMPTY;
  line->rest = right;
  for (; at < right.length; at++)
    {
      if (is_name_char (right.text[at]))
        continue;
      if (right.text[at] != ':' || at == first)
        return;
      if (at + 1 == right.length || right.text[at + 1] == ' ')
        break;
      first = at + 1;
    }
  if (at == right.length)
    return;
  line->name = (DmsSpan){ right.text + first, at - first };
  line->rest = dms_span_trim (dms_span_skip (right, at + 1));
}

/* ---- the two forms ------------------------------------------------------------------
 */

/* @at is the place of a '['. */
static DmsFtraceLineResult
parse_at (DmsSpan text, size_t at, DmsFtraceLine *line)
{
  DmsSpan rest = dms_span_skip (text, at + 1);
  DmsSpan flags;
  uint64_t cpu;

  if (!dms_span_take_decimal (&rest, &cpu) || !dms_span_starts (rest, "] "))
    return DMS_FTRACE_LINE_NO_HEAD;
  rest = dms_span_skip (rest, 1);
  while (rest.length > 0 && rest.text[0] == ' ')
    rest = dms_span_skip (rest, 1);
  if (!take_flags (&rest, &flags))
    return DMS_FTRACE_LINE_NO_HEAD;

  DmsFtraceLineResult result = take_time (&rest, line);
  if (result != DMS_FTRACE_LINE_OK)
    return result;
  if (cpu > UINT16_MAX)
    return DMS_FTRACE_LINE_RANGE;
  line->cpu = (uint16_t)cpu;
  line->context = context_of_flags (flags);
  if (!parse_task ((DmsSpan){ text.text, at }, line))
    return DMS_FTRACE_LINE_NO_TASK;
  split_name (rest, line);
  return DMS_FTRACE_LINE_OK;
}

/* "0d.h1. 7014086us!: ": @left is what stands before the time. */
static bool
split_latency_left (DmsSpan left, DmsFtraceLine *line)
{
  uint64_t cpu;
  size_t at;

  left = dms_span_trim (left);
  for (at = left.length; at > 0 && left.text[at - 1] != ' '; at--)
    ;

  DmsSpan flags = dms_span_skip (left, at);
  if (!dms_span_take_decimal (&flags, &cpu) || cpu > UINT16_MAX
      || flags.length < FLAGS_MIN || flags.length > FLAGS_MAX)
    return false;
  line->cpu = (uint16_t)cpu;
  line->context = context_of_flags (flags);
  return parse_task ((DmsSpan){ left.text, at }, line);
}

/* @at is the place of "us", digits before it. */
static DmsFtraceLineResult
parse_latency_at (DmsSpan text, size_t at, DmsFtraceLine *line)
{
  DmsSpan rest = dms_span_skip (text, at + 2);
  size_t first = at;
  uint64_t micros = 0;

  if (rest.length > 0 && strchr ("$@*#!+ ", rest.text[0]) != NULL
      && rest.text[0] != '\0')
    rest = dms_span_skip (rest, 1);
  if (!dms_span_starts (rest, ": "))
    return DMS_FTRACE_LINE_NO_HEAD;
  while (first > 0 && is_digit (text.text[first - 1]))
    first--;

  DmsSpan digits = { text.text + first, at - first };
  if (!dms_span_decimal (digits, &micros)
      || !split_latency_left ((DmsSpan){ text.text, first }, line))
    return DMS_FTRACE_LINE_NO_HEAD;

  DmsFtraceLineResult result = set_micros (line, micros);
  if (result == DMS_FTRACE_LINE_OK)
    split_name (dms_span_skip (rest, 1), line);
  return result;
}

static DmsFtraceLineResult
parse_latency (DmsSpan text, DmsFtraceLine *line)
{
  for (size_t at = 1; at + 2 < text.length && at < HEAD_MAX; at++)
    if (text.text[at] == 'u' && text.text[at + 1] == 's' && is_digit (text.text[at - 1])
        && parse_latency_at (text, at, line) == DMS_FTRACE_LINE_OK)
      return DMS_FTRACE_LINE_OK;
  return DMS_FTRACE_LINE_NO_HEAD;
}

DmsFtraceLineResult
dms_ftrace_line_parse (DmsSpan text, DmsFtraceLine *ret_line)
{
  DmsFtraceLineResult result = DMS_FTRACE_LINE_NO_HEAD;
  DmsFtraceLine line = { .comm = DMS_SPAN_EMPTY };
  size_t end = text.length < HEAD_MAX ? text.length : HEAD_MAX;
  size_t at = 0;

  while (at < end)
    {
      const char *bracket = memchr (text.text + at, '[', end - at);
      if (bracket == NULL)
        break;
      at = (size_t)(bracket - text.text);
      DmsFtraceLineResult found = parse_at (text, at, &line);
      if (found == DMS_FTRACE_LINE_OK)
        {
          *ret_line = line;
          return found;
        }
      /* The first place that nearly fits says best what is wrong. */
      if (result == DMS_FTRACE_LINE_NO_HEAD)
        result = found;
      at++;
    }
  if (result == DMS_FTRACE_LINE_NO_HEAD
      && parse_latency (text, &line) == DMS_FTRACE_LINE_OK)
    {
      *ret_line = line;
      return DMS_FTRACE_LINE_OK;
    }
  return result;
}
