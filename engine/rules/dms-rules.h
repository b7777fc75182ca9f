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
  DMS_RULE_LIST_NEVER_PUT = 1,
  DMS_RULE_LIST_PUT_TWICE = 2,
  DMS_RULE_TOUCH_BEFORE_FLUSH = 3,
  DMS_RULE_WRONG_DIRECTION = 4
} DmsRuleId;

typedef struct
{
  DmsRuleId id;
  const char *code;     /* "list-never-put" */
  const char *verifier; /* Driver Verifier's code, "0x06", or "" */
  const char *family;   /* "scatter/gather list" */
  const char *rule;     /* one sentence: what is right */
  const char *source;   /* documentation page, or "our rule" */
  const char *sentence; /* what happened, a template */
  const char *instead;  /* what the right call would have been */
} DmsRuleInfo;

const DmsRuleInfo *dms_rule_infos (size_t *ret_n);
const DmsRuleInfo *dms_rule_info (DmsRuleId id);

typedef struct
{
  DmsRuleId rule;
  uint64_t seq;       /* event where it shows */
  uint64_t step;
  uint64_t other_seq; /* the event that it conflicts with, 0 = none */
  uint64_t other_step;
  uint32_t device;
  uint64_t transfer;
  uint64_t object;    /* list, mapping or buffer */
  uint64_t a, b;      /* numbers of this case; the rule's sentence says which */
  uint32_t file, line; /* of the call at @seq */
} DmsFinding;

typedef struct DmsRules DmsRules;

typedef void (*DmsRulesFound) (void *data, const DmsFinding *finding);

DmsRules *dms_rules_new (DmsRulesFound found, void *data); /* NULL without memory */
void dms_rules_free (DmsRules *rules);
/* @after: the state right after @event. Memory does not grow with what
 * has ended. Returns DMS_OK or DMS_ERROR_NO_MEMORY. */
DmsStatus dms_rules_apply (DmsRules *rules,
                           const DmsEvent *event,
                           const DmsState *after);
/* The run is over: what should have happened by now did not. */
DmsStatus dms_rules_finish (DmsRules *rules, const DmsState *last);

/* One sentence with this case's numbers; then what would have been right. */
void dms_finding_sentence (DmsBytes *bytes,
                           const DmsFinding *finding,
                           const DmsNames *names,
                           const DmsVoice *voice);
