/* rules-run.h — runs for the rules' tests, told event by event
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-sink.h"
#include "engine/core/dms-units.h"
#include "engine/rules/dms-rules-private.h"

#include <glib.h>

/* A buffer of three pages: the first is within reach, the other two bounce. */
#define RULES_RUN_OFFSET 512u
#define RULES_RUN_LENGTH (3u * 4096u - 512u)
#define RULES_RUN_DIRECT_FRAME UINT64_C (0x100)
#define RULES_RUN_FIRST_HIGH_FRAME UINT64_C (0x140003)
#define RULES_RUN_FIRST_BOUNCE_FRAME UINT64_C (0x42)
#define RULES_RUN_BUFFER_ADDRESS (UINT64_C (0xffff800000000000) + RULES_RUN_OFFSET)

typedef struct
{
  DmsEmitter emitter;
  DmsState *state;
  DmsRules *rules;
  GArray *findings;
  uint32_t card;
} RulesRun;

/* A run with its machine, a device and the buffer. */
RulesRun *rules_run_new (void);
void rules_run_free (RulesRun *run);
/* Returns seq of the event. */
uint64_t rules_run_emit (RulesRun *run, DmsEvent event);
/* The i-th finding, and what it says. */
const DmsFinding *rules_run_finding (const RulesRun *run, guint i);
char *rules_run_sentence (const RulesRun *run, guint i);
/* Where a page lies, and where the device sees it. */
uint64_t rules_run_memory_of (unsigned page);
uint64_t rules_run_logical_of (unsigned page);
/* An event about transfer and list @id. */
DmsEvent rules_run_about (const RulesRun *run, DmsEventKind kind, uint64_t id);
/* A call of @routine at @irql, for no request, with adapter 1. Returns seq. */
uint64_t rules_run_call (RulesRun *run, DmsRoutine routine, uint8_t irql);
/* IoGetDmaAdapter makes adapter @id. */
void rules_run_adapter (RulesRun *run, uint64_t id);
/* From the request to the list. Returns seq of the map event. */
uint64_t rules_run_make_list (RulesRun *run, uint64_t id, uint32_t direction);
uint64_t
rules_run_move_page (RulesRun *run, uint64_t id, unsigned page, uint32_t direction);
void rules_run_move_all (RulesRun *run, uint64_t id, uint32_t direction);
uint64_t rules_run_call_put (RulesRun *run, uint64_t id, uint32_t direction);
uint64_t rules_run_copy_back (RulesRun *run, uint64_t id, unsigned page);
/* What PutScatterGatherList does last. Returns seq of the unmap event. */
uint64_t rules_run_end_list (RulesRun *run, uint64_t id);
/* The whole PutScatterGatherList, in the direction that it is told. */
void rules_run_put (RulesRun *run, uint64_t id, uint32_t direction);
uint64_t rules_run_touch (
    RulesRun *run, uint64_t id, uint64_t start, uint64_t length, uint32_t flags);
/* The driver completes the request, and the requester looks. */
uint64_t rules_run_complete (RulesRun *run, uint64_t id);
/* The run comes to its end. */
void rules_run_finish (RulesRun *run);
