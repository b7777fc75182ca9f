/* dms-rules-fact.c — facts that the kernel notes become findings: one table
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules-private.h"

/* Which event a finding is held against. */
typedef enum
{
  AGAINST_NOTHING,
  AGAINST_ASKED,     /* the call that asked for the grant or list */
  AGAINST_GRANTED,   /* the grant */
  AGAINST_MAPPED,    /* its mapping that came last */
  AGAINST_RELEASED,  /* the release of its map registers */
  AGAINST_OTHER,     /* another grant of the same device that is outstanding */
  AGAINST_ADAPTER,   /* IoGetDmaAdapter */
  AGAINST_PUT,       /* PutDmaAdapter */
  AGAINST_COMMON,    /* the allocation of a common buffer */
  AGAINST_FREED,     /* its FreeCommonBuffer */
  AGAINST_REQUEST,   /* the request's arrival */
  AGAINST_COMPLETED, /* its completion */
  AGAINST_STARTED,   /* the device's start for it */
  AGAINST_CALL       /* the call around it */
} Against;

typedef struct
{
  DmsFact fact;
  DmsRuleId rule;
  uint32_t variant;
  Against against;
} Judgement;

static const Judgement judgements[] = {
  { DMS_FACT_NULL_ADAPTER, DMS_RULE_NULL_ADAPTER, DMS_ADAPTER_NULL, AGAINST_NOTHING },
  { DMS_FACT_UNKNOWN_ADAPTER,
    DMS_RULE_NULL_ADAPTER,
    DMS_ADAPTER_UNKNOWN,
    AGAINST_NOTHING },
  { DMS_FACT_DEAD_ADAPTER,
    DMS_RULE_ADAPTER_USED_AFTER_PUT,
    DMS_ADAPTER_DEAD,
    AGAINST_PUT },
  { DMS_FACT_UNKNOWN_VERSION,
    DMS_RULE_UNKNOWN_VERSION,
    DMS_VERSION_UNKNOWN,
    AGAINST_NOTHING },
  { DMS_FACT_IMPOSSIBLE_DESCRIPTION,
    DMS_RULE_UNKNOWN_VERSION,
    DMS_DESCRIPTION_IMPOSSIBLE,
    AGAINST_NOTHING },
  { DMS_FACT_NOT_FOR_THIS_ADAPTER,
    DMS_RULE_WRONG_KIND_OF_ADAPTER,
    DMS_WRONG_KIND,
    AGAINST_ADAPTER },

  { DMS_FACT_NULL_POINTER, DMS_RULE_BAD_POINTER, DMS_POINTER_NULL, AGAINST_NOTHING },
  { DMS_FACT_UNKNOWN_DEVICE,
    DMS_RULE_BAD_POINTER,
    DMS_POINTER_NO_DEVICE,
    AGAINST_NOTHING },
  { DMS_FACT_NULL_MDL, DMS_RULE_BAD_POINTER, DMS_POINTER_NULL_MDL, AGAINST_NOTHING },
  { DMS_FACT_UNKNOWN_MDL, DMS_RULE_BAD_POINTER, DMS_POINTER_NO_MDL, AGAINST_NOTHING },
  { DMS_FACT_MDL_LOOP, DMS_RULE_BAD_POINTER, DMS_POINTER_LOOP, AGAINST_NOTHING },
  { DMS_FACT_UNKNOWN_LIST, DMS_RULE_BAD_POINTER, DMS_POINTER_NO_LIST, AGAINST_NOTHING },

  { DMS_FACT_BEFORE_MDL, DMS_RULE_INVALID_BUFFER, DMS_STARTS_BEFORE, AGAINST_REQUEST },
  { DMS_FACT_BEHIND_MDL, DMS_RULE_INVALID_BUFFER, DMS_STARTS_BEHIND, AGAINST_REQUEST },
  { DMS_FACT_ZERO_LENGTH, DMS_RULE_ZERO_LENGTH, DMS_NOTHING_TO_MAP, AGAINST_ASKED },
  { DMS_FACT_NOT_LOCKED, DMS_RULE_NOT_LOCKED, DMS_UNLOCKED, AGAINST_REQUEST },
  { DMS_FACT_NO_SYSTEM_ADDRESS,
    DMS_RULE_NO_SYSTEM_ADDRESS,
    DMS_NO_ADDRESS,
    AGAINST_REQUEST },
  { DMS_FACT_OUTSIDE_MDL, DMS_RULE_OUTSIDE_MDL, DMS_VA_OUTSIDE, AGAINST_REQUEST },

  { DMS_FACT_ASKED_TWICE, DMS_RULE_TWO_CHANNELS, DMS_ASKED_AGAIN, AGAINST_OTHER },
  { DMS_FACT_ASKED_IN_CALLBACK,
    DMS_RULE_TWO_CHANNELS,
    DMS_ASKED_INSIDE,
    AGAINST_OTHER },
  { DMS_FACT_CHANNEL_NOT_HELD,
    DMS_RULE_CHANNEL_FREED_TWICE,
    DMS_CHANNEL_TWICE,
    AGAINST_RELEASED },
  { DMS_FACT_REGISTERS_NOT_HELD,
    DMS_RULE_REGISTERS_FREED_TWICE,
    DMS_REGISTERS_TWICE,
    AGAINST_RELEASED },
  { DMS_FACT_UNKNOWN_BASE, DMS_RULE_WRONG_BASE, DMS_BASE_UNKNOWN, AGAINST_NOTHING },
  { DMS_FACT_NULL_BASE, DMS_RULE_WRONG_BASE, DMS_BASE_NULL, AGAINST_NOTHING },
  { DMS_FACT_NOTHING_MAPPED,
    DMS_RULE_WRONG_BASE,
    DMS_BASE_NOTHING_MAPPED,
    AGAINST_ASKED },
  { DMS_FACT_COUNT_DIFFERS, DMS_RULE_COUNT_DIFFERS, DMS_COUNT, AGAINST_ASKED },
  { DMS_FACT_FREED_WHILE_MAPPED,
    DMS_RULE_FREED_WHILE_MAPPED,
    DMS_FREED_MAPPED,
    AGAINST_MAPPED },
  { DMS_FACT_TOO_FEW_REGISTERS,
    DMS_RULE_TOO_FEW_REGISTERS,
    DMS_TOO_FEW,
    AGAINST_ASKED },
  { DMS_FACT_TOO_MANY_IN_TOTAL, DMS_RULE_TOO_MANY_IN_TOTAL, DMS_TOTAL, AGAINST_OTHER },
  { DMS_FACT_UNKNOWN_ACTION, DMS_RULE_UNKNOWN_ACTION, DMS_ACTION, AGAINST_GRANTED },

  { DMS_FACT_ALREADY_MAPPED, DMS_RULE_MAPPED_TWICE, DMS_MAPPED_AGAIN, AGAINST_MAPPED },
  { DMS_FACT_NOT_FLUSHED, DMS_RULE_NOT_FLUSHED, DMS_UNFLUSHED, AGAINST_MAPPED },
  { DMS_FACT_NOT_MAPPED,
    DMS_RULE_FLUSH_NOT_MAPPED,
    DMS_FLUSHED_NOTHING,
    AGAINST_MAPPED },
  { DMS_FACT_FLUSH_TOO_LONG, DMS_RULE_FLUSH_PAST_END, DMS_PAST_END, AGAINST_MAPPED },
  { DMS_FACT_FLUSH_TOO_SHORT,
    DMS_RULE_FLUSH_TOO_SHORT,
    DMS_FLUSHED_SHORT,
    AGAINST_MAPPED },
  { DMS_FACT_DIRECTION_DIFFERS,
    DMS_RULE_WRONG_DIRECTION,
    DMS_DIRECTION_OF_FLUSH,
    AGAINST_MAPPED },
  { DMS_FACT_FLUSH_WHILE_RUNNING,
    DMS_RULE_FLUSH_WHILE_RUNNING,
    DMS_STILL_RUNS,
    AGAINST_MAPPED },
  { DMS_FACT_LENGTH_IN_STACK,
    DMS_RULE_LENGTH_IN_STACK,
    DMS_STACK_CHANGED,
    AGAINST_REQUEST },
  { DMS_FACT_LIST_CHANGED, DMS_RULE_LIST_CHANGED, DMS_CHANGED, AGAINST_MAPPED },
  { DMS_FACT_BUFFER_SMALL,
    DMS_RULE_LIST_BUFFER_SMALL,
    DMS_BUFFER_SMALL,
    AGAINST_NOTHING },

  { DMS_FACT_CONTEXT_UNKNOWN,
    DMS_RULE_CONTEXT_MISUSED,
    DMS_CONTEXT_RAW,
    AGAINST_NOTHING },
  { DMS_FACT_CONTEXT_IN_USE,
    DMS_RULE_CONTEXT_MISUSED,
    DMS_CONTEXT_BUSY,
    AGAINST_OTHER },
  { DMS_FACT_BAD_COMBINATION,
    DMS_RULE_BAD_COMBINATION,
    DMS_COMBINATION,
    AGAINST_NOTHING },

  { DMS_FACT_COMMON_DIFFERS,
    DMS_RULE_COMMON_BUFFER_DIFFERS,
    DMS_COMMON_OTHER,
    AGAINST_COMMON },
  { DMS_FACT_VECTOR_MISUSED, DMS_RULE_VECTOR_MISUSED, DMS_VECTOR, AGAINST_COMMON },

  { DMS_FACT_TOO_MANY_ELEMENTS,
    DMS_RULE_DEVICE_LIMIT,
    DMS_LIMIT_ELEMENTS,
    AGAINST_REQUEST },
  { DMS_FACT_ELEMENT_TOO_LONG,
    DMS_RULE_DEVICE_LIMIT,
    DMS_LIMIT_SEGMENT,
    AGAINST_REQUEST },
  { DMS_FACT_CROSSES_BOUNDARY,
    DMS_RULE_DEVICE_LIMIT,
    DMS_LIMIT_BOUNDARY,
    AGAINST_REQUEST },
  { DMS_FACT_MISALIGNED, DMS_RULE_DEVICE_LIMIT, DMS_LIMIT_ALIGNMENT, AGAINST_REQUEST },
  { DMS_FACT_OUT_OF_REACH, DMS_RULE_DEVICE_LIMIT, DMS_LIMIT_REACH, AGAINST_REQUEST },
  { DMS_FACT_TRANSFER_TOO_LONG,
    DMS_RULE_DEVICE_LIMIT,
    DMS_LIMIT_LENGTH,
    AGAINST_REQUEST },
  { DMS_FACT_PHYSICAL_ADDRESS,
    DMS_RULE_PHYSICAL_ADDRESS,
    DMS_RAW_ADDRESS,
    AGAINST_REQUEST },
  { DMS_FACT_TOUCHES_FREED,
    DMS_RULE_TOUCHES_FREED,
    DMS_FREED_REGISTER,
    AGAINST_RELEASED },
  { DMS_FACT_REGISTER_OUTSIDE,
    DMS_RULE_REGISTER_OUTSIDE,
    DMS_REGISTER_NOWHERE,
    AGAINST_NOTHING },

  { DMS_FACT_UNKNOWN_REQUEST,
    DMS_RULE_COMPLETED_TWICE,
    DMS_COMPLETED_UNKNOWN,
    AGAINST_NOTHING },
  { DMS_FACT_COMPLETED_TWICE,
    DMS_RULE_COMPLETED_TWICE,
    DMS_COMPLETED_AGAIN,
    AGAINST_COMPLETED },
  { DMS_FACT_POOL_UNKNOWN,
    DMS_RULE_POOL_MISUSED,
    DMS_POOL_FREED_TWICE,
    AGAINST_NOTHING },
  { DMS_FACT_POOL_DAMAGED, DMS_RULE_POOL_MISUSED, DMS_POOL_OVERRUN, AGAINST_NOTHING },
  { DMS_FACT_POOL_LEFT, DMS_RULE_POOL_MISUSED, DMS_POOL_KEPT, AGAINST_NOTHING },
  { DMS_FACT_POOL_MAPPED, DMS_RULE_POOL_MISUSED, DMS_POOL_IN_USE, AGAINST_NOTHING },
  { DMS_FACT_WRONG_PLACE, DMS_RULE_WRONG_PLACE, DMS_PLACE, AGAINST_CALL },
  { DMS_FACT_LIST_NOT_THERE, DMS_RULE_LIST_NOT_THERE, DMS_NOT_THERE, AGAINST_REQUEST },
  { DMS_FACT_REQUEST_ENDED,
    DMS_RULE_LIST_USED_AFTER_END,
    DMS_USED_AFTER_END,
    AGAINST_COMPLETED },
  { DMS_FACT_NEITHER_DONE_NOR_PENDING,
    DMS_RULE_REQUEST_STATE,
    DMS_STATE_NEITHER,
    AGAINST_REQUEST },
  { DMS_FACT_PENDING_NOT_MARKED,
    DMS_RULE_REQUEST_STATE,
    DMS_STATE_NOT_MARKED,
    AGAINST_REQUEST },
  { DMS_FACT_PENDING_NOT_RETURNED,
    DMS_RULE_REQUEST_STATE,
    DMS_STATE_NOT_RETURNED,
    AGAINST_REQUEST },
  { DMS_FACT_NO_STACK_LOCATION,
    DMS_RULE_REQUEST_STATE,
    DMS_STATE_NO_LOCATION,
    AGAINST_REQUEST },
  { DMS_FACT_LOCK_HELD, DMS_RULE_LOCK_MISUSED, DMS_LOCK_TAKEN_AGAIN, AGAINST_NOTHING },
  { DMS_FACT_LOCK_NOT_HELD,
    DMS_RULE_LOCK_MISUSED,
    DMS_LOCK_NOT_TAKEN,
    AGAINST_NOTHING },
  { DMS_FACT_WAITS_FOREVER, DMS_RULE_HANGS, DMS_HANGS_HERE, AGAINST_NOTHING },
  { DMS_FACT_ASSERTION_FAILED,
    DMS_RULE_ASSERTION_FAILED,
    DMS_ASSERTED,
    AGAINST_NOTHING },
  { DMS_FACT_OBJECT_LEFT, DMS_RULE_OBJECTS_LEFT, DMS_LEFT_BEHIND, AGAINST_NOTHING },
  { DMS_FACT_ROUTINE_MISSING,
    DMS_RULE_ROUTINE_MISSING,
    DMS_NO_ROUTINE,
    AGAINST_NOTHING },
  { DMS_FACT_IRQL_NOT_LOWERED, DMS_RULE_IRQL_CHANGED, DMS_IRQL_LEFT, AGAINST_CALL },
};

/* ---- facts with more than one meaning ---- */

/* A surplus that leaves the last page is one code of Verifier, a shorter one another.
 */
static Judgement
judge_too_long (const DmsEvent *event)
{
  if (event->c != 0)
    return (Judgement){
      DMS_FACT_TOO_LONG, DMS_RULE_INVALID_BUFFER, DMS_ENDS_BEHIND, AGAINST_REQUEST
    };
  return (Judgement){
    DMS_FACT_TOO_LONG, DMS_RULE_BUFFER_TOO_SHORT, DMS_SHORT_CHAIN, AGAINST_REQUEST
  };
}

/* Registers that are used up: by what an operation before should have flushed, or,
 * when the device was not started since, because too few were asked for. */
static Judgement
judge_used_up (DmsRules *rules, const DmsEvent *event)
{
  const DmsLiveList *list = dms_table_get (&rules->lists, event->object);
  const DmsKnownTransfer *transfer = dms_rules_transfer (rules, event->transfer);

  if (list != NULL && transfer != NULL && transfer->started.seq < list->mapped.seq)
    return (Judgement){ DMS_FACT_NOT_FLUSHED,
                        DMS_RULE_TOO_FEW_REGISTERS,
                        DMS_TOO_FEW_AT_ALL,
                        AGAINST_ASKED };
  return (Judgement){
    DMS_FACT_NOT_FLUSHED, DMS_RULE_NOT_FLUSHED, DMS_UNFLUSHED, AGAINST_MAPPED
  };
}

/* Verifier's second parameter says what was damaged. */
static Judgement
judge_damage (const DmsEvent *event)
{
  Judgement judgement = {
    DMS_FACT_PADDING_DAMAGED, DMS_RULE_MEMORY_DAMAGED, DMS_DAMAGED_AFTER, AGAINST_MAPPED
  };

  if (event->b >= 1 && event->b <= 4)
    judgement.variant = (uint32_t)(event->b - 1);
  if (event->b == 1 || event->b == 2)
    judgement.against = AGAINST_COMMON;
  else if (event->b == 3)
    judgement.against = AGAINST_NOTHING;
  return judgement;
}

static const DmsKnownCommon *
freed_common (const DmsRules *rules, uint64_t address)
{
  const DmsKnownCommon *common
      = &rules->freed[(address >> DMS_PAGE_SHIFT) % DMS_RULES_RECENT];

  return common->id != 0 && common->address == address ? common : NULL;
}

static Judgement
judge_common (const DmsRules *rules, const DmsEvent *event)
{
  bool is_known = freed_common (rules, event->a) != NULL;

  return (Judgement){ DMS_FACT_COMMON_UNKNOWN,
                      DMS_RULE_COMMON_BUFFER_FREED_TWICE,
                      is_known ? DMS_COMMON_TWICE : DMS_COMMON_NEVER_WAS,
                      is_known ? AGAINST_FREED : AGAINST_NOTHING };
}

/* DMS_FACT_NONE where the fact alone is no mistake. */
static Judgement
judgement_of (DmsRules *rules, const DmsEvent *event)
{
  if (event->index == DMS_FACT_NOT_FLUSHED && event->b != 0)
    return judge_used_up (rules, event);
  if (event->index == DMS_FACT_TOO_LONG)
    return judge_too_long (event);
  if (event->index == DMS_FACT_PADDING_DAMAGED)
    return judge_damage (event);
  if (event->index == DMS_FACT_COMMON_UNKNOWN)
    return judge_common (rules, event);
  for (size_t i = 0; i < sizeof judgements / sizeof judgements[0]; i++)
    if (judgements[i].fact == event->index)
      return judgements[i];
  return (Judgement){ DMS_FACT_NONE, DMS_RULE_LIST_NEVER_PUT, 0, AGAINST_NOTHING };
}

/* ---- the other event ---- */

static DmsMoment
moment_of_list (const DmsRules *rules, const DmsEvent *event, Against against)
{
  const DmsLiveList *list = dms_table_get (&rules->lists, event->object);
  const DmsEndedList *ended = dms_rules_ended (rules, event->object);

  if (against == AGAINST_RELEASED)
    return ended == NULL ? (DmsMoment){ 0, 0 } : ended->released;
  if (list == NULL)
    return ended == NULL ? (DmsMoment){ 0, 0 } : ended->released;
  if (against == AGAINST_GRANTED)
    return list->granted;
  return against == AGAINST_MAPPED && list->is_mapped ? list->mapped : list->asked;
}

/* The first of the device's grants that is outstanding. */
static DmsMoment
moment_of_other (const DmsRules *rules, const DmsEvent *event)
{
  DmsMoment first = { 0, 0 };
  size_t at = 0;
  const DmsLiveList *list;

  while ((list = dms_table_next (&rules->lists, &at, NULL)) != NULL)
    if (list->device == event->device && list->id != event->object
        && (first.seq == 0 || list->asked.seq < first.seq))
      first = list->asked;
  return first;
}

static DmsMoment
moment_of_common (const DmsRules *rules, const DmsEvent *event, Against against)
{
  const DmsKnownCommon *common = dms_table_get (&rules->commons, event->object);
  const DmsKnownCommon *freed = freed_common (rules, event->a);

  if (against == AGAINST_FREED)
    return freed == NULL ? (DmsMoment){ 0, 0 } : freed->freed;
  return common == NULL ? (DmsMoment){ 0, 0 } : common->made;
}

/* The adapter that the fact names, or the one that the call was given. */
static const DmsKnownAdapter *
adapter_of (const DmsRules *rules, const DmsEvent *event)
{
  const DmsKnownAdapter *adapter = dms_rules_adapter (rules, event->object);

  return adapter != NULL ? adapter : dms_rules_adapter (rules, rules->call_adapter);
}

static DmsMoment
moment_of_transfer (DmsRules *rules, const DmsEvent *event, Against against)
{
  const DmsKnownTransfer *transfer = dms_rules_transfer (rules, event->transfer);

  if (transfer == NULL)
    return (DmsMoment){ 0, 0 };
  if (against == AGAINST_COMPLETED)
    return transfer->complete;
  return against == AGAINST_STARTED ? transfer->started : transfer->asked;
}

static DmsMoment
moment_of (DmsRules *rules,
           const DmsEvent *event,
           const DmsState *after,
           Against against)
{
  const DmsKnownAdapter *adapter;

  switch (against)
    {
    case AGAINST_ASKED:
    case AGAINST_GRANTED:
    case AGAINST_MAPPED:
    case AGAINST_RELEASED:
      return moment_of_list (rules, event, against);
    case AGAINST_OTHER:
      return moment_of_other (rules, event);
    case AGAINST_ADAPTER:
    case AGAINST_PUT:
      adapter = adapter_of (rules, event);
      if (adapter == NULL)
        return (DmsMoment){ 0, 0 };
      return against == AGAINST_PUT ? adapter->put : adapter->made;
    case AGAINST_COMMON:
    case AGAINST_FREED:
      return moment_of_common (rules, event, against);
    case AGAINST_REQUEST:
    case AGAINST_COMPLETED:
    case AGAINST_STARTED:
      return moment_of_transfer (rules, event, against);
    case AGAINST_CALL:
      return after->n_calls == 0
                 ? (DmsMoment){ 0, 0 }
                 : (DmsMoment){ after->calls[after->n_calls - 1].seq, event->step };
    case AGAINST_NOTHING:
      break;
    }
  return (DmsMoment){ 0, 0 };
}

void
dms_rules_judge_fact (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  Judgement judgement = judgement_of (rules, event);
  const DmsLiveList *list = dms_table_get (&rules->lists, event->object);
  DmsFinding finding;

  if (judgement.fact == DMS_FACT_NONE)
    return;
  /* The bursts that follow say the same. */
  if (judgement.rule == DMS_RULE_TOUCHES_FREED
      && dms_rules_is_told (dms_rules_transfer (rules, event->transfer),
                            DMS_TOLD_FREED))
    return;
  /* PutScatterGatherList's call says its direction itself. */
  if (judgement.rule == DMS_RULE_WRONG_DIRECTION && list != NULL && list->is_list)
    return;
  finding = dms_finding (
      judgement.rule, event, moment_of (rules, event, after, judgement.against));
  finding.variant = judgement.variant;
  finding.a = event->a;
  finding.b = event->b;
  finding.c = event->c;
  finding.length = event->length;
  if (after->n_calls > 0)
    finding.name = after->calls[after->n_calls - 1].name;
  rules->found (rules->data, &finding);
}
