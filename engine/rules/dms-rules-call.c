/* dms-rules-call.c — rules about calls: at which IRQL, which routine, what is left
 * behind
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules-private.h"

/* ---- IRQL ---- */

static uint32_t
irql_variant (const DmsRoutineInfo *routine, uint8_t irql)
{
  if (routine->routine == DMS_ROUTINE_GET_SCATTER_GATHER_LIST_EX
      && irql < routine->irql_low)
    return DMS_IRQL_BETTER;
  if (routine->irql_low == routine->irql_high)
    return DMS_IRQL_EXACTLY;
  return irql > routine->irql_high ? DMS_IRQL_AT_MOST : DMS_IRQL_AT_LEAST;
}

static void
judge_irql (DmsRules *rules, const DmsEvent *event)
{
  const DmsRoutineInfo *routine = dms_routine_info (event->index);
  DmsFinding finding;

  if (routine == NULL
      || (event->context >= routine->irql_low && event->context <= routine->irql_high))
    return;
  finding = dms_finding (DMS_RULE_WRONG_IRQL, event, (DmsMoment){ 0, 0 });
  finding.variant = irql_variant (routine, event->context);
  finding.a = routine->irql_low;
  finding.b = routine->irql_high;
  finding.c = event->context;
  finding.name = event->a > UINT32_MAX ? 0 : (uint32_t)event->a;
  rules->found (rules->data, &finding);
}

void
dms_rules_judge_call (DmsRules *rules, const DmsEvent *event)
{
  judge_irql (rules, event);
  if (event->index == DMS_ROUTINE_HAL_GET_ADAPTER)
    {
      DmsFinding finding
          = dms_finding (DMS_RULE_HAL_GET_ADAPTER, event, (DmsMoment){ 0, 0 });

      rules->found (rules->data, &finding);
    }
}

/* ---- PutDmaAdapter ---- */

/* Something of the adapter that is still there, and was not told of before. */
typedef struct
{
  uint64_t n;
  DmsMoment first;
} Left;

static void
count_left (Left *left, uint64_t n, DmsMoment moment)
{
  if (left->n == 0 || (moment.seq != 0 && moment.seq < left->first.seq))
    left->first = moment;
  left->n += n;
}

static void
tell_left (DmsRules *rules, DmsRuleId rule, const DmsEvent *event, const Left *left)
{
  DmsFinding finding = dms_finding (rule, event, left->first);

  if (left->n == 0)
    return;
  finding.a = left->n;
  rules->found (rules->data, &finding);
}

/* Whether something of the adapter was asked for and not granted yet. */
static bool
is_waiting (const DmsRules *rules, uint64_t adapter)
{
  size_t at = 0;
  const DmsLiveList *list;

  while ((list = dms_table_next (&rules->lists, &at, NULL)) != NULL)
    if (list->adapter == adapter && list->granted.seq == 0)
      return true;
  return false;
}

void
dms_rules_judge_adapter_put (DmsRules *rules, const DmsEvent *event)
{
  const DmsKnownAdapter *adapter = dms_table_get (&rules->adapters, event->object);
  Left lists = { 0 };
  Left registers = { 0 };
  Left commons = { 0 };
  Left channel = { 0 };
  size_t at = 0;
  const DmsLiveList *list;
  const DmsKnownCommon *common;

  if (adapter == NULL)
    return;
  while ((list = dms_table_next (&rules->lists, &at, NULL)) != NULL)
    if (list->is_told || list->adapter != adapter->id)
      continue;
    else if (list->is_list && list->is_mapped)
      count_left (&lists, 1, list->mapped);
    else if (!list->is_list && list->registers > 0)
      count_left (&registers, list->registers, list->granted);
  at = 0;
  while ((common = dms_table_next (&rules->commons, &at, NULL)) != NULL)
    if (common->adapter == adapter->id)
      count_left (&commons, 1, common->made);
  /* Whoever still waits for map registers cannot give the channel back. */
  if (adapter->channel.seq != 0 && !is_waiting (rules, adapter->id))
    count_left (&channel, 1, adapter->channel);
  tell_left (rules, DMS_RULE_PUT_WITH_COMMON_BUFFERS, event, &commons);
  tell_left (rules, DMS_RULE_PUT_WITH_CHANNEL, event, &channel);
  tell_left (rules, DMS_RULE_PUT_WITH_REGISTERS, event, &registers);
  tell_left (rules, DMS_RULE_PUT_WITH_LISTS, event, &lists);
  dms_rules_end_adapter (rules, event->object, event);
}

/* ---- what AdapterControl returns, and what is refused ---- */

#define DEALLOCATE_OBJECT 2

void
dms_rules_judge_return (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  const DmsDeviceState *device = dms_state_device (after, event->device);
  DmsKnownTransfer *transfer = dms_rules_transfer (rules, event->transfer);
  DmsFinding finding;

  if (event->index != DMS_ROUTINE_ADAPTER_CONTROL
      || (event->flags & DMS_FLAG_HAS_VALUE) == 0 || event->b != DEALLOCATE_OBJECT
      || device == NULL || transfer == NULL || !device->running
      || device->transfer != event->transfer)
    return;
  finding = dms_finding (DMS_RULE_DEALLOCATED_WHILE_RUNNING, event, transfer->started);
  rules->found (rules->data, &finding);
}

/* GetScatterGatherList counts by itself, and being refused is documented; who names a
 * number to AllocateAdapterChannel was told the highest. */
void
dms_rules_judge_refuse (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  const DmsCallState *call
      = after->n_calls == 0 ? NULL : &after->calls[after->n_calls - 1];
  const DmsKnownAdapter *adapter = dms_rules_adapter (rules, rules->call_adapter);
  DmsFinding finding;

  if ((event->flags & DMS_FLAG_TOO_MANY_REGISTERS) == 0 || call == NULL
      || (call->routine != DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL
          && call->routine != DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL_EX))
    return;
  finding = dms_finding (DMS_RULE_TOO_MANY_REGISTERS,
                         event,
                         adapter == NULL ? (DmsMoment){ 0, 0 } : adapter->made);
  finding.a = event->a;
  finding.b = event->b;
  rules->found (rules->data, &finding);
}
