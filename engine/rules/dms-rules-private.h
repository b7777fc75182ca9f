/* dms-rules-private.h — what the families of rules share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/rules/dms-rules.h"

/* The sentences of each rule by name; each rule counts its own from 0. */
#define SAY(variant, sentence) DMS_##variant,
#define DMS_RULE(id,                                                                   \
                 number,                                                               \
                 code,                                                                 \
                 verifier,                                                             \
                 family,                                                               \
                 needs,                                                                \
                 source,                                                               \
                 rule,                                                                 \
                 here,                                                                 \
                 against,                                                              \
                 sayings,                                                              \
                 instead)                                                              \
  enum                                                                                 \
  {                                                                                    \
    sayings                                                                            \
  };
#include "engine/rules/dms-rules-list.h"
#undef DMS_RULE
#undef SAY

#define DMS_RULES_PENDING_MAX 64u /* touches of one list that wait for its end */
#define DMS_RULES_RECENT 256u     /* of each sort, so many are remembered */

/* When something was; seq 0 = never, or not known any more. */
typedef struct
{
  uint64_t seq, step;
} DmsMoment;

/* A touch that is wrong; when its bytes arrive is not known yet. */
typedef struct
{
  DmsFinding finding;
  uint64_t physical; /* first byte touched whose newer version is elsewhere */
  uint64_t length;   /* bytes; 0 = no byte is waited for, only the end of the mapping */
} DmsPendingTouch;

/* A list or a grant, from the call that asks for it to its end. */
typedef struct
{
  uint64_t id;
  uint64_t transfer;
  uint64_t adapter; /* id; 0 = a port driver's own */
  bool is_list;     /* delivered by Get- or BuildScatterGatherList */
  bool is_mapped;   /* the driver has the list, or has mapped something */
  bool is_told;     /* that it was never given back */
  DmsMoment asked, granted, mapped;
  DmsMoment put;      /* the call that puts the list back */
  uint32_t registers; /* held now */
  uint32_t device;
  uint32_t direction; /* DMS_FLAG_TO_DEVICE or DMS_FLAG_FROM_DEVICE */
  DmsPendingTouch *pending;
  uint32_t n_pending, pending_capacity;
} DmsLiveList;

/* One that has ended, for naming the other event. */
typedef struct
{
  uint64_t id; /* 0 = free */
  DmsMoment put, released;
} DmsEndedList;

typedef struct
{
  uint64_t id;
  uint32_t device;
  DmsMoment made, put;
  DmsMoment channel; /* taken; seq 0 = free */
} DmsKnownAdapter;

typedef struct
{
  uint64_t id, adapter, address;
  uint32_t device;
  DmsMoment made, freed;
} DmsKnownCommon;

/* What a device does wrong is told once for each request. */
#define DMS_TOLD_FAULT 0x1u
#define DMS_TOLD_STRAY 0x2u
#define DMS_TOLD_FREED 0x4u

/* A request; those of long ago are forgotten. */
typedef struct
{
  uint64_t id; /* 0 = free */
  DmsMoment asked, complete, started, unmapped;
  uint32_t told; /* DMS_TOLD_… */
} DmsKnownTransfer;

struct DmsRules
{
  DmsRulesFound found;
  void *data;
  DmsTable lists;       /* id → DmsLiveList, owned */
  DmsTable by_transfer; /* transfer → the one of its lists that was mapped last */
  DmsTable adapters;    /* id → DmsKnownAdapter that was not given back, owned */
  DmsTable commons;     /* id → DmsKnownCommon that was not freed, owned */
  /* By id modulo their number; common buffers by page of their address. */
  DmsEndedList ended[DMS_RULES_RECENT];
  DmsKnownAdapter put[DMS_RULES_RECENT];
  DmsKnownCommon freed[DMS_RULES_RECENT];
  DmsKnownTransfer transfers[DMS_RULES_RECENT];
  /* The call of the system that was begun last, and the adapter that it was given. */
  DmsMoment call;
  uint64_t call_adapter;
  uint32_t call_routine;
  bool is_crashed; /* what is left undone then is no mistake of its own */
};

static inline DmsMoment
dms_moment_of (const DmsEvent *event)
{
  return (DmsMoment){ event->seq, event->step };
}

/* A finding at @event against @other. */
DmsFinding dms_finding (DmsRuleId rule, const DmsEvent *event, DmsMoment other);
/* A finding at @event about @list, whose other event is where the list was made. */
DmsFinding
dms_finding_at (DmsRuleId rule, const DmsEvent *event, const DmsLiveList *list);

/* ---- dms-rules-live.c: what there is ---- */

DmsStatus
dms_rules_begin_list (DmsRules *rules, const DmsEvent *event, const DmsState *after);
DmsStatus
dms_rules_map_list (DmsRules *rules, const DmsEvent *event, const DmsState *after);
void dms_rules_grant_list (DmsRules *rules, const DmsEvent *event);
void dms_rules_release_list (DmsRules *rules, const DmsEvent *event);
void dms_rules_end_list (DmsRules *rules, const DmsEvent *event);
DmsStatus dms_rules_begin_adapter (DmsRules *rules, const DmsEvent *event);
void dms_rules_end_adapter (DmsRules *rules, uint64_t id, const DmsEvent *event);
void dms_rules_note_channel (DmsRules *rules, const DmsEvent *event);
DmsStatus dms_rules_begin_common (DmsRules *rules, const DmsEvent *event);
void dms_rules_end_common (DmsRules *rules, const DmsEvent *event);
void dms_rules_note_call (DmsRules *rules, const DmsEvent *event);
/* What is known of transfer @id; made anew when another one has its place. NULL for 0.
 */
DmsKnownTransfer *dms_rules_transfer (DmsRules *rules, uint64_t id);
/* Whether it was told of before; from now on it was. False for no transfer. */
bool dms_rules_is_told (DmsKnownTransfer *transfer, uint32_t bit);
const DmsKnownAdapter *dms_rules_adapter (const DmsRules *rules, uint64_t id);
const DmsEndedList *dms_rules_ended (const DmsRules *rules, uint64_t id);
void dms_rules_release_live (DmsRules *rules);

/* ---- the families: each looks at the events that concern it ---- */

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
void
dms_rules_judge_fact (DmsRules *rules, const DmsEvent *event, const DmsState *after);
/* A call of the system: its IRQL, and routines that nobody should call. */
void dms_rules_judge_call (DmsRules *rules, const DmsEvent *event);
void dms_rules_judge_adapter_put (DmsRules *rules, const DmsEvent *event);
void
dms_rules_judge_return (DmsRules *rules, const DmsEvent *event, const DmsState *after);
void
dms_rules_judge_refuse (DmsRules *rules, const DmsEvent *event, const DmsState *after);
/* FAULT and STRAY. */
void dms_rules_judge_access (DmsRules *rules, const DmsEvent *event);
