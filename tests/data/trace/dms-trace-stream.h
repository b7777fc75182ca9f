/* dms-trace-stream.h — made-up events for tests and measurements of the trace file
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-payload.h"
#include "engine/core/dms-sink.h"
#include "tests/lib/dms-test.h"

/* A recording as a driver's traffic makes it: scatterlists and single mappings of a few
 * devices, in a random order of ending, at most @live at a time. */
typedef struct
{
  DmsEmitter emitter;
  DmsTestRandom random;
  DmsBytes payload;
  gint64 t_ns;
  guint32 devices[4], tasks[4];
  guint64 next_mapping;
  guint live, n_live;
  struct
  {
    guint64 address;
    guint64 length;
    guint32 device, flags;
  } * mappings;
} DmsTraceStream;

void dms_trace_stream_init (DmsTraceStream *stream,
                            const DmsSink *sink,
                            guint64 salt,
                            guint live);
void dms_trace_stream_release (DmsTraceStream *stream);
/* Emits one event more. */
DmsStatus dms_trace_stream_next (DmsTraceStream *stream);

/**
 * dms_trace_event_random:
 * @payload: filled and lent to the event
 *
 * An event of any kind with any values that dms_event_check() takes, of any size of
 * numbers; a state may refuse it.
 */
void dms_trace_event_random (DmsTestRandom *random,
                             guint64 seq,
                             guint64 step,
                             DmsBytes *payload,
                             DmsEvent *ret_event);

/* Whether all members and payload bytes are the same. */
gboolean dms_trace_event_equal (const DmsEvent *one, const DmsEvent *other);
