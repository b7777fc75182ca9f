/* dms-ftrace-names.h — names of a text become ids, mostly without looking them up
 *
 * A trace has few names and says them on every line, so the last ones are kept in a
 * small table of their own.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/import/dms-span.h"
#include "engine/core/dms-sink.h"

#define DMS_FTRACE_NAME_SLOTS 256
#define DMS_FTRACE_NAME_SHORT 48

typedef struct
{
  uint32_t id; /* 0 = the slot is empty */
  DmsNameKind kind;
  int64_t number;
  size_t length;
  char text[DMS_FTRACE_NAME_SHORT];
} DmsFtraceNameSlot;

typedef struct
{
  DmsEmitter *emitter; /* not owned */
  DmsBytes scratch;
  uint64_t left_out; /* names asked for when the run could take no more */
  DmsFtraceNameSlot slots[DMS_FTRACE_NAME_SLOTS];
} DmsFtraceNames;

void dms_ftrace_names_init (DmsFtraceNames *names, DmsEmitter *emitter);
void dms_ftrace_names_release (DmsFtraceNames *names);

/* The id of a name; 0 when @text is empty, when the run is full of names, and after a
 * failure, which the emitter remembers. Bytes that are no UTF-8 are replaced. */
uint32_t dms_ftrace_names_get (DmsFtraceNames *names,
                               DmsNameKind kind,
                               int64_t number,
                               DmsSpan text);

/* Appends @text as valid UTF-8 without control characters. */
void dms_ftrace_append_clean (DmsBytes *bytes, DmsSpan text);
