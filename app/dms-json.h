/* dms-json.h — events, states and findings as JSON objects
 *
 * The documented form of `--format json`. Counts and sizes are numbers; addresses,
 * frames and other bit patterns are strings like "0x42000", because most readers of
 * JSON keep only 53 bits of a number. A number above 2^63 - 1 (only damaged traces have
 * them) is a string of its digits. What is not known or not used is left out.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"
#include "engine/core/dms-sentence.h"
#include "engine/rules/dms-rules.h"

#include <jansson.h>

/**
 * dms_json_event:
 * @state: the state right after @event, for its sentence; may be NULL
 *
 * Its head (seq, step, t_ns, kind, cpu, context, task, pid, cause, file, line), the
 * fields of its kind by the names of the list of events, sentence and why.
 *
 * Returns: (transfer full): never NULL
 */
json_t *
dms_json_event (const DmsEvent *event, const DmsState *state, const DmsNames *names);

/* (transfer full): everything that is live. */
json_t *dms_json_state (const DmsState *state, const DmsNames *names);

/* (transfer full): the rule, the place, the sentence, and what would have been right.
 */
json_t *dms_json_finding (const DmsFinding *finding, const DmsNames *names);

/* (transfer full): facts about a trace and how it was made. */
json_t *dms_json_info (DmsPlayer *player, DmsTraceLife life);

/* (transfer full): one value; text that is not UTF-8 is mended, NULL is null. */
json_t *dms_json_text (const char *text);
json_t *dms_json_number (guint64 number);
json_t *dms_json_hex (guint64 number);
