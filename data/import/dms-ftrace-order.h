/* dms-ftrace-order.h — puts events in the order of time, within a window
 *
 * Text from one buffer is in order; clocks that differ a little between CPUs, and texts
 * put together by hand, are not. Events of one time keep their order in the file. The
 * window is bounded in events and in bytes, so memory does not grow with the file.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-sink.h"

#define DMS_FTRACE_WINDOW 1024u
#define DMS_FTRACE_WINDOW_BYTES (16u * 1024u * 1024u)

typedef struct
{
  DmsEvent event;
  DmsBytes payload;
  size_t counted; /* bytes of the payload when it was pushed */
} DmsFtraceSlot;

typedef struct
{
  DmsEmitter *emitter; /* not owned */
  DmsFtraceSlot *slots;
  DmsFtraceSlot *spare[DMS_FTRACE_WINDOW + 1]; /* not in the window */
  size_t n_spare;
  DmsFtraceSlot *ring[DMS_FTRACE_WINDOW]; /* rising in time from ring[first] on */
  size_t first, n;
  size_t bytes;
  uint64_t next_object; /* mappings are numbered as they come out */
  int64_t latest_t_ns;  /* of the events emitted */
  uint64_t n_emitted;
  uint64_t n_late; /* events that came too late for their place */
} DmsFtraceOrder;

/* False without memory; then there is nothing to release. */
bool dms_ftrace_order_init (DmsFtraceOrder *order, DmsEmitter *emitter);
void dms_ftrace_order_release (DmsFtraceOrder *order);

/* An empty slot to fill in. It stays the same until it is pushed. */
DmsFtraceSlot *dms_ftrace_order_next (DmsFtraceOrder *order);
/* Takes the slot of dms_ftrace_order_next() into the window, and emits the oldest when
 * the window is full. The slot may be added to until the next push. */
void dms_ftrace_order_push (DmsFtraceOrder *order);
/* The latest event in the window of that CPU and task; NULL when there is none near. */
DmsFtraceSlot *
dms_ftrace_order_latest (DmsFtraceOrder *order, uint16_t cpu, uint32_t task);
/* Emits all that is left. */
void dms_ftrace_order_flush (DmsFtraceOrder *order);
