/* dms-rules.h — the rules of correct DMA: a second fold over the events
 *
 * The simulated kernel and the importers record facts; only this judges.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-sentence.h"

/* Stable: part of reports and of files. */
typedef enum
{
#define DMS_RULE(id, number, ...) DMS_RULE_##id = number,
#include "engine/rules/dms-rules-list.h"
#undef DMS_RULE
} DmsRuleId;

/* What a source has to show before a rule can judge. */
typedef enum
{
  DMS_NEED_CALLS = 0x1,   /* calls of routines */
  DMS_NEED_FACTS = 0x2,   /* what the simulated kernel notes beside them */
  DMS_NEED_GRANTS = 0x4,  /* lists, grants and mappings, from begin to end */
  DMS_NEED_BYTES = 0x8,   /* who touches bytes, and copies */
  DMS_NEED_DEVICE = 0x10, /* what the device does */
  DMS_NEED_END = 0x20     /* that the run has come to its own end */
} DmsNeed;

typedef struct
{
  DmsRuleId id;
  const char *code;     /* "list-never-put" */
  const char *verifier; /* Driver Verifier's code, "0x06", or "" */
  const char *family;   /* "scatter/gather list" */
  uint32_t needs;       /* DMS_NEED_… */
  const char *source;   /* documentation page, or "our rule" */
  const char *rule;     /* one sentence: what is right */
  const char *here;     /* what the event is where it shows */
  const char *against;  /* what the event is that it conflicts with */
  const char *const
      *sentences;      /* what happened, by variant: templates; NULL-terminated */
  const char *instead; /* what the right call would have been */
} DmsRuleInfo;

/* In the order of the list. */
const DmsRuleInfo *dms_rule_infos (size_t *ret_n);
/* NULL for a number that is no rule. */
const DmsRuleInfo *dms_rule_info (unsigned id);

typedef struct
{
  DmsRuleId rule;
  uint32_t variant; /* which of the rule's sentences */
  uint64_t seq;     /* event where it shows */
  uint64_t step;
  uint64_t
      other_seq; /* the event that it conflicts with, 0 = none; may be a later one */
  uint64_t other_step;
  uint32_t device; /* name id */
  uint64_t transfer;
  uint64_t object;     /* the list, the grant, the adapter, the common buffer */
  uint64_t a, b, c;    /* numbers of this case; the rule's sentence says which */
  uint64_t length;     /* bytes, where the sentence has them */
  uint32_t name;       /* name id of the routine, where the sentence has one */
  uint32_t file, line; /* of the call at @seq */
} DmsFinding;

typedef struct DmsRules DmsRules;

/* Findings come when they are certain: one that needs to know when the bytes arrived
 * comes then, with an earlier seq than those before it. */
typedef void (*DmsRulesFound) (void *data, const DmsFinding *finding);

/* NULL without memory. */
DmsRules *dms_rules_new (DmsRulesFound found, void *data);
void dms_rules_free (DmsRules *rules);

/**
 * dms_rules_apply:
 * @after: the state right after @event
 *
 * Judges one event. Recordings are not judged by the rules that there are. Memory does
 * not grow with what has ended.
 *
 * Returns: DMS_OK or DMS_ERROR_NO_MEMORY.
 */
DmsStatus
dms_rules_apply (DmsRules *rules, const DmsEvent *event, const DmsState *after);

/**
 * dms_rules_finish:
 * @last: the state after the last event of a run that has come to its own end
 *
 * Judges what should have happened by now and did not.
 *
 * Returns: DMS_OK or DMS_ERROR_NO_MEMORY.
 */
DmsStatus dms_rules_finish (DmsRules *rules, const DmsState *last);

/* Appends one sentence with this case's numbers; then what would have been right. */
void dms_finding_sentence (DmsBytes *bytes,
                           const DmsFinding *finding,
                           const DmsNames *names,
                           const DmsVoice *voice);
