/* dms-sink.h — where events go, and the one who numbers them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-event.h"
#include "engine/core/dms-names.h"

/* Who takes events: a recorder, a test, a state. Names come before the first event that
 * uses them. Neither call may keep pointers into what it gets. A status other than
 * DMS_OK stops the producer. */
typedef struct
{
  DmsStatus (*event) (void *data, const DmsEvent *event);
  DmsStatus (*name) (void *data, const DmsName *name);
  void *data;
} DmsSink;

/* Numbers events and steps, interns names, and remembers the first failure of the sink.
 */
typedef struct
{
  DmsSink sink;
  DmsNames *names; /* owned */
  uint64_t seq;    /* of the event emitted last */
  uint64_t step;
  bool recorded; /* of a recording: every event opens a step and is flagged RECORDED */
  DmsStatus status; /* first failure; once set nothing is emitted any more */
} DmsEmitter;

/* Copies @sink. DMS_ERROR_NO_MEMORY leaves nothing to release. */
DmsStatus dms_emitter_init (DmsEmitter *emitter, const DmsSink *sink, bool recorded);
void dms_emitter_release (DmsEmitter *emitter);

/* The id of a name; 0 and emitter->status set on failure. */
uint32_t dms_emitter_name (DmsEmitter *emitter,
                           DmsNameKind kind,
                           int64_t number,
                           const char *text);

/* Fills in seq and step of @event and hands it on. Returns its seq, 0 after a failure.
 */
uint64_t dms_emitter_emit (DmsEmitter *emitter, DmsEvent *event);
