/* dms-gate.h — a sink that lets events through up to a position
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "app/dms-open.h"
#include "engine/core/dms-sink.h"

/* Stands between a producer and the recorder: counts, and stops the producer (by
 * DMS_ERROR_END) at the first event behind the wanted position or behind the budget. */
typedef struct
{
  DmsSink inner;
  DmsUntil until;
  guint64 max_events;
  guint64 n_events;     /* let through */
  gboolean is_complete; /* the wanted position was reached */
  gboolean is_cut;      /* the budget was reached before */
} DmsGate;

void dms_gate_init (DmsGate *gate, DmsSink inner, DmsUntil until, guint64 max_events);
/* Valid as long as @gate stays where it is. */
DmsSink dms_gate_sink (DmsGate *gate);
