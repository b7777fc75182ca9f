/* dms-sink.c — numbers events and interns names
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-sink.h"

DmsStatus
dms_emitter_init (DmsEmitter *emitter, const DmsSink *sink, bool recorded)
{
  *emitter = (DmsEmitter){ .sink = *sink, .recorded = recorded };
  emitter->names = dms_names_new ();
  return emitter->names == NULL ? DMS_ERROR_NO_MEMORY : DMS_OK;
}

void
dms_emitter_release (DmsEmitter *emitter)
{
  dms_names_free (emitter->names);
  emitter->names = NULL;
}

uint32_t
dms_emitter_name (DmsEmitter *emitter,
                  DmsNameKind kind,
                  int64_t number,
                  const char *text)
{
  uint32_t id = 0;
  bool is_new = false;

  if (emitter->status != DMS_OK)
    return 0;
  emitter->status = dms_names_intern (emitter->names, kind, number, text, &id, &is_new);
  if (emitter->status == DMS_OK && is_new && emitter->sink.name != NULL)
    emitter->status
        = emitter->sink.name (emitter->sink.data, dms_names_get (emitter->names, id));
  return emitter->status == DMS_OK ? id : 0;
}

uint64_t
dms_emitter_emit (DmsEmitter *emitter, DmsEvent *event)
{
  const DmsEventInfo *info = dms_event_info (event->kind);

  if (emitter->status != DMS_OK)
    return 0;
  if (emitter->recorded || (info != NULL && info->opens_step))
    emitter->step++;
  if (emitter->recorded)
    event->flags |= DMS_FLAG_RECORDED;
  event->seq = ++emitter->seq;
  event->step = emitter->step;
  emitter->status = emitter->sink.event (emitter->sink.data, event);
  return emitter->status == DMS_OK ? event->seq : 0;
}
