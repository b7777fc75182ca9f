/* dms-ftrace-events.h — a traced event of Linux becomes a DmsEvent
 *
 * Which fields an event has depends on the kernel, and its version is not in the text:
 * each field is asked for by name, and what is not there is not known.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/import/dms-ftrace-bounces.h"
#include "data/import/dms-ftrace-fields.h"
#include "data/import/dms-ftrace-line.h"
#include "data/import/dms-ftrace-names.h"
#include "data/import/dms-ftrace-values.h"

typedef struct
{
  DmsFtraceNames *names; /* not owned */
  DmsFtraceBounces bounces;
  DmsFtraceFields fields;           /* of the line in hand */
  DmsFtraceSegments memory, device; /* likewise */
  DmsBytes text, unknown;
} DmsFtraceDecoder;

typedef enum
{
  DMS_FTRACE_EVENT, /* one with a picture */
  DMS_FTRACE_OTHER, /* well-formed, kept as DMS_EVENT_OTHER */
  DMS_FTRACE_UNREAD,
  DMS_FTRACE_NO_MEMORY
} DmsFtraceResult;

void dms_ftrace_decoder_init (DmsFtraceDecoder *decoder, DmsFtraceNames *names);
void dms_ftrace_decoder_release (DmsFtraceDecoder *decoder);

/**
 * dms_ftrace_decode:
 * @event: filled in but for its numbers and its payload's place
 * @payload: what the payload is appended to
 * @ret_reason: on DMS_FTRACE_UNREAD why, a static text
 *
 * A map or alloc gets no object here: whoever emits the events numbers them, after they
 * are in order. dma_free of nothing (address 0 or size 0, which is legal) is
 * DMS_FTRACE_OTHER.
 */
DmsFtraceResult dms_ftrace_decode (DmsFtraceDecoder *decoder,
                                   const DmsFtraceLine *line,
                                   DmsEvent *event,
                                   DmsBytes *payload,
                                   const char **ret_reason);
