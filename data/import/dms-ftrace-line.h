/* dms-ftrace-line.h — the head of one line of ftrace text
 *
 *   comm-pid  (tgid) [cpu] flags  seconds.micros: name: the rest
 *   comm-pid  cpuflags micros us!: name: the rest            (option latency-format)
 *
 * A comm may hold anything but a newline, so the place where the line is taken hold of
 * is
 * "[cpu] flags time:"; what stands left of it is read from the right.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/import/dms-span.h"

typedef enum
{
  DMS_FTRACE_TIME_SECONDS, /* seconds and a fraction of 1 to 9 digits */
  DMS_FTRACE_TIME_MICROS,  /* the latency format: microseconds and a mark */
  DMS_FTRACE_TIME_COUNT    /* a bare number: clocks `counter`, `x86-tsc` */
} DmsFtraceTime;

typedef struct
{
  DmsSpan comm;
  int64_t pid;
  uint16_t cpu;
  uint8_t context; /* DMS_CONTEXT_LINUX and what the flags say */
  DmsFtraceTime time;
  int64_t t_ns;          /* of a count: the count */
  int64_t resolution_ns; /* 1, or 1000 when the text has microseconds */
  DmsSpan name; /* of the event, without its system; empty when there is none */
  DmsSpan rest; /* behind the name */
} DmsFtraceLine;

typedef enum
{
  DMS_FTRACE_LINE_OK,
  DMS_FTRACE_LINE_NO_HEAD, /* nothing that looks like a head */
  DMS_FTRACE_LINE_NO_TASK, /* [cpu] and time, but no comm-pid before them */
  DMS_FTRACE_LINE_RANGE    /* a cpu or time beyond what can be stored */
} DmsFtraceLineResult;

/* @ret_line is written on DMS_FTRACE_LINE_OK only; its spans point into @text. */
DmsFtraceLineResult dms_ftrace_line_parse (DmsSpan text, DmsFtraceLine *ret_line);
