/* dms-rules-private.h — what the families of rules share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/rules/dms-rules.h"

/* The sentences of each rule by name; each rule counts its own from 0. */
#define SAY(variant, sentence) DMS_##variant,
#define DMS_RULE(id, number, code, verifier, family, rule, source, sayings, instead)   \
  enum                                                                                 \
  {                                                                                    \
    sayings                                                                            \
  };
#include "engine/rules/dms-rules-list.h"
#undef DMS_RULE
#undef SAY

#define DMS_RULES_PENDING_MAX 64u /* touches of one list that wait for its end */
#define DMS_RULES_ENDED_MAX 256u  /* lists whose end is remembered */

/* A touch that is wrong; when its bytes arrive is not known yet. */
typedef struct
{
  DmsFinding finding;
  uint64_t physical; /* first byte touched whose newer version is elsewhere */
  uint64_t length;   /* bytes; 0 = no byte is waited for, only the end of the mapping */
} DmsPendingTouch;

/* A list that the driver has. */
typedef struct
{
  uint64_t id;
  uint64_t transfer;
  uint64_t map_seq, map_step;
  uint64_t put_seq, put_step; /* of the call that puts it back; 0 = none yet */
  uint32_t device;
  uint32_t direction; /* DMS_FLAG_TO_DEVICE or DMS_FLAG_FROM_DEVICE */
  bool is_told;       /* that it was never put back */
  DmsPendingTouch *pending;
  uint32_t n_pending, pending_capacity;
} DmsLiveList;

/* A list that was put back, for naming the first of two calls. */
typedef struct
{
  uint64_t id; /* 0 = free */
  uint64_t put_seq, put_step;
} DmsEndedList;

struct DmsRules
{
  DmsRulesFound found;
  void *data;
  DmsTable lists;                          /* id → DmsLiveList, owned */
  DmsTable by_transfer;                    /* transfer → its list */
  DmsEndedList ended[DMS_RULES_ENDED_MAX]; /* by id modulo their number */
};

/* A finding at @event about @list, whose other event is where the list was made. */
DmsFinding
dms_finding_at (DmsRuleId rule, const DmsEvent *event, const DmsLiveList *list);

/* The families: each looks at the events that concern it. */
void
dms_rules_judge_put (DmsRules *rules, const DmsEvent *event, const DmsState *after);
void dms_rules_judge_complete (DmsRules *rules,
                               const DmsEvent *event,
                               const DmsState *after);
void dms_rules_judge_end (DmsRules *rules, const DmsState *last, DmsLiveList *list);
DmsStatus
dms_rules_judge_touch (DmsRules *rules, const DmsEvent *event, const DmsState *after);
/* Bytes reach @length bytes of memory from @physical on. */
void dms_rules_settle_arrival (DmsRules *rules,
                               DmsLiveList *list,
                               const DmsEvent *event,
                               uint64_t physical);
/* The list ends at @event, or at the end of the run (NULL). */
void dms_rules_settle_end (DmsRules *rules, DmsLiveList *list, const DmsEvent *event);
