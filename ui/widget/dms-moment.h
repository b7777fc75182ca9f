/* dms-moment.h — one position in a run, as the widgets show it
 *
 * The owner of the player keeps one moment and hands it to the widgets; they read it,
 * and ask the player that it names, until they are given another one or NULL.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"
#include "ui/scene/dms-scene.h"

typedef struct
{
  DmsPlayer *player; /* stands at @seq; not owned */
  guint64 seq;       /* events folded in; 0 = before the first */
  guint64 step;
  DmsEvent
      opening;   /* that opened the step; kind DMS_EVENT_NONE before the first event */
  DmsEvent last; /* the last one folded in */
  DmsEvent facts[DMS_SCENE_FACTS_MAX]; /* of the step, without payloads */
  gsize n_facts;
  char *path; /* routines that were running when the step opened, "StartIo ▸ …"; "" */
} DmsMoment;

/**
 * dms_moment_load:
 * @moment: zero-initialised or loaded before; untouched on failure, but the player may
 * then stand anywhere
 * @seq: 0 to the number of events
 *
 * Moves @player to @seq and fills @moment in. Payloads are copied.
 */
gboolean
dms_moment_load (DmsMoment *moment, DmsPlayer *player, guint64 seq, GError **error);
void dms_moment_clear (DmsMoment *moment);

/* The state after moment->seq events. */
const DmsState *dms_moment_state (const DmsMoment *moment);
/* True for recordings, where every event is a step and the axis is time. */
gboolean dms_moment_is_recording (const DmsMoment *moment);
/* The place on the timeline's axis: a step, or nanoseconds. */
gint64 dms_moment_axis (const DmsMoment *moment);
