/* core-log.h — events kept in memory, and hand-made ones to fill them with
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-sink.h"
#include "engine/core/dms-state.h"
#include "engine/core/dms-timeline.h"

#include <glib.h>

/* Takes what an emitter hands out: copies of the events with their payloads, a second
 * dictionary filled by dms_names_add(), and the state that they fold to. */
typedef struct
{
  GArray *events; /* DmsEvent; payloads belong to the log */
  DmsNames *names;
  DmsState *state;
  DmsEmitter emitter;
} CoreLog;

void core_log_init (CoreLog *log, bool recorded);
void core_log_release (CoreLog *log);
const DmsEvent *core_log_event (const CoreLog *log, uint64_t seq);
/* Adds a copy of @event as it is; nothing is folded. */
void core_log_append (CoreLog *log, const DmsEvent *event);
/* Emits @event, which must be accepted; returns its seq. */
uint64_t core_log_emit (CoreLog *log, DmsEvent event);
uint32_t
core_log_name (CoreLog *log, DmsNameKind kind, int64_t number, const char *text);
/* A fresh state with the first @n events folded in. */
DmsState *core_log_fold (const CoreLog *log, uint64_t n);

/* ---- the story of ARCHITECTURE §7, emitted by hand ---- */

enum
{
  STORY_PAGES = 6,
  STORY_LENGTH = 20992,
  STORY_OFFSET = 512
};

/* Places in the story that tests look at: seq of the event. */
typedef struct
{
  uint64_t request, ask, count, grant, page[STORY_PAGES], copy_in[2], no_copy, map;
  uint64_t callback, descriptor[4], start, channel_free, ask_return;
  uint64_t first_burst_of[4], last_burst_of[4], interrupt;
  uint64_t put, copy_out[2], release, unmap, complete;
} CoreStory;

/* Runs the whole story into @log. */
CoreStory core_story_emit (CoreLog *log, bool to_device);

/* ---- comparing ---- */

/* Fails the test with both dumps when the states differ in a byte. */
void
core_assert_same_state (const DmsState *one, const DmsState *other, DmsNames *names);
/* Counts again what a state keeps as counts, and fails when they differ. */
void core_assert_counts (const DmsState *state);
