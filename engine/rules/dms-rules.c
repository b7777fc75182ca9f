/* dms-rules.c — the fold: whom to ask about an event
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules.h"

#include "engine/rules/dms-rules-private.h"

#include <stdlib.h>

DmsRules *
dms_rules_new (DmsRulesFound found, void *data)
{
  DmsRules *rules = calloc (1, sizeof *rules);

  if (rules == NULL)
    return NULL;
  rules->found = found;
  rules->data = data;
  dms_table_init (&rules->lists);
  dms_table_init (&rules->by_transfer);
  dms_table_init (&rules->adapters);
  dms_table_init (&rules->commons);
  return rules;
}

void
dms_rules_free (DmsRules *rules)
{
  if (rules == NULL)
    return;
  dms_rules_release_live (rules);
  free (rules);
}

DmsFinding
dms_finding (DmsRuleId rule, const DmsEvent *event, DmsMoment other)
{
  return (DmsFinding){
    .rule = rule,
    .seq = event->seq,
    .step = event->step,
    .other_seq = other.seq,
    .other_step = other.step,
    .device = event->device,
    .transfer = event->transfer,
    .object = event->object,
    .file = event->file,
    .line = event->line,
  };
}

DmsFinding
dms_finding_at (DmsRuleId rule, const DmsEvent *event, const DmsLiveList *list)
{
  DmsFinding finding = dms_finding (rule, event, list->mapped);

  finding.device = list->device;
  finding.transfer = list->transfer;
  finding.object = list->id;
  return finding;
}

/* ---- events ---- */

static void
apply_arrival (DmsRules *rules, const DmsEvent *event)
{
  DmsLiveList *list = dms_table_get (&rules->lists, event->object);

  if (list != NULL && list->n_pending > 0)
    dms_rules_settle_arrival (rules, list, event, event->b);
}

static void
apply_call (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  if ((event->flags & DMS_FLAG_CALLBACK) != 0)
    return;
  dms_rules_judge_call (rules, event);
  if (event->index == DMS_ROUTINE_PUT_SCATTER_GATHER_LIST)
    dms_rules_judge_put (rules, event, after);
  else if (event->index == DMS_ROUTINE_PUT_DMA_ADAPTER)
    dms_rules_judge_adapter_put (rules, event);
  dms_rules_note_call (rules, event);
}

static void
note_transfer (DmsRules *rules, const DmsEvent *event)
{
  DmsKnownTransfer *transfer = dms_rules_transfer (rules, event->transfer);

  if (transfer == NULL)
    return;
  if (event->kind == DMS_EVENT_REQUEST)
    transfer->asked = dms_moment_of (event);
  else if (event->kind == DMS_EVENT_START)
    transfer->started = dms_moment_of (event);
  else
    transfer->complete = dms_moment_of (event);
}

static void
judge_crash (DmsRules *rules, const DmsEvent *event)
{
  DmsFinding finding = dms_finding (DMS_RULE_CRASHED, event, rules->call);

  rules->is_crashed = true;
  rules->found (rules->data, &finding);
}

DmsStatus
dms_rules_apply (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  if ((event->flags & DMS_FLAG_RECORDED) != 0)
    return DMS_OK;
  switch (event->kind)
    {
    case DMS_EVENT_COUNT:
    case DMS_EVENT_ASK:
      return dms_rules_begin_list (rules, event, after);
    case DMS_EVENT_GRANT:
      dms_rules_grant_list (rules, event);
      return DMS_OK;
    case DMS_EVENT_MAP:
      return (event->flags & DMS_FLAG_FAILED) != 0
                 ? DMS_OK
                 : dms_rules_map_list (rules, event, after);
    case DMS_EVENT_RELEASE:
      dms_rules_release_list (rules, event);
      return DMS_OK;
    case DMS_EVENT_UNMAP:
    case DMS_EVENT_CANCEL:
      dms_rules_end_list (rules, event);
      return DMS_OK;
    case DMS_EVENT_REFUSE:
      dms_rules_judge_refuse (rules, event, after);
      dms_rules_end_list (rules, event);
      return DMS_OK;
    case DMS_EVENT_ADAPTER:
      return dms_rules_begin_adapter (rules, event);
    case DMS_EVENT_CHANNEL:
      dms_rules_note_channel (rules, event);
      return DMS_OK;
    case DMS_EVENT_ALLOC:
      return (event->flags & DMS_FLAG_FAILED) != 0
                 ? DMS_OK
                 : dms_rules_begin_common (rules, event);
    case DMS_EVENT_FREE:
      dms_rules_end_common (rules, event);
      return DMS_OK;
    case DMS_EVENT_CALL:
      apply_call (rules, event, after);
      return DMS_OK;
    case DMS_EVENT_RETURN:
      dms_rules_judge_return (rules, event, after);
      return DMS_OK;
    case DMS_EVENT_FACT:
      dms_rules_judge_fact (rules, event, after);
      return DMS_OK;
    case DMS_EVENT_COMPLETE:
      dms_rules_judge_complete (rules, event, after);
      note_transfer (rules, event);
      return DMS_OK;
    case DMS_EVENT_REQUEST:
    case DMS_EVENT_START:
      note_transfer (rules, event);
      return DMS_OK;
    case DMS_EVENT_TOUCH:
      return dms_rules_judge_touch (rules, event, after);
    case DMS_EVENT_COPY:
      if ((event->flags & DMS_FLAG_COPY_IN) == 0)
        apply_arrival (rules, event);
      return DMS_OK;
    case DMS_EVENT_BURST:
      if ((event->flags & DMS_FLAG_DIRECTION) == DMS_FLAG_FROM_DEVICE)
        apply_arrival (rules, event);
      return DMS_OK;
    case DMS_EVENT_CRASH:
      judge_crash (rules, event);
      return DMS_OK;
    case DMS_EVENT_STRAY:
    case DMS_EVENT_FAULT:
      dms_rules_judge_access (rules, event);
      return DMS_OK;
    default: /* kind is a number from a file; the other kinds concern no rule */
      return DMS_OK;
    }
}

static DmsStatus
finish_lists (DmsRules *rules, const DmsState *last)
{
  uint64_t *ids = dms_table_sorted_ids (&rules->lists);

  if (ids == NULL)
    return rules->lists.n == 0 ? DMS_OK : DMS_ERROR_NO_MEMORY;
  for (size_t i = 0; i < rules->lists.n; i++)
    {
      DmsLiveList *list = dms_table_get (&rules->lists, ids[i]);
      dms_rules_settle_end (rules, list, NULL);
      dms_rules_judge_end (rules, last, list);
    }
  free (ids);
  return DMS_OK;
}

static DmsStatus
finish_adapters (DmsRules *rules, const DmsState *last)
{
  uint64_t *ids = dms_table_sorted_ids (&rules->adapters);
  DmsEvent end = { .seq = last->seq, .step = last->step };

  if (ids == NULL)
    return rules->adapters.n == 0 ? DMS_OK : DMS_ERROR_NO_MEMORY;
  for (size_t i = 0; i < rules->adapters.n; i++)
    {
      const DmsKnownAdapter *adapter = dms_table_get (&rules->adapters, ids[i]);
      DmsFinding finding
          = dms_finding (DMS_RULE_ADAPTER_NEVER_PUT, &end, adapter->made);

      finding.device = adapter->device;
      finding.object = adapter->id;
      rules->found (rules->data, &finding);
    }
  free (ids);
  return DMS_OK;
}

static void
judge_open_request (DmsRules *rules,
                    const DmsState *last,
                    const DmsTransferState *transfer)
{
  DmsEvent end = { .seq = last->seq,
                   .step = last->step,
                   .device = transfer->device,
                   .transfer = transfer->id };
  const DmsKnownTransfer *known = dms_rules_transfer (rules, transfer->id);
  DmsFinding finding = dms_finding (DMS_RULE_REQUEST_NEVER_COMPLETED,
                                    &end,
                                    known == NULL ? (DmsMoment){ 0, 0 } : known->asked);

  finding.variant = transfer->phase == DMS_TRANSFER_WAITING ? DMS_NEVER_GRANTED
                                                            : DMS_NEVER_COMPLETED;
  finding.a = transfer->id;
  rules->found (rules->data, &finding);
}

static DmsStatus
finish_requests (DmsRules *rules, const DmsState *last)
{
  uint64_t *ids = dms_table_sorted_ids (&last->transfers);

  if (ids == NULL)
    return last->transfers.n == 0 ? DMS_OK : DMS_ERROR_NO_MEMORY;
  for (size_t i = 0; i < last->transfers.n; i++)
    {
      const DmsTransferState *transfer = dms_state_transfer (last, ids[i]);

      if (transfer->phase != DMS_TRANSFER_COMPLETE)
        judge_open_request (rules, last, transfer);
    }
  free (ids);
  return DMS_OK;
}

DmsStatus
dms_rules_finish (DmsRules *rules, const DmsState *last)
{
  if (rules->is_crashed)
    return DMS_OK;

  DmsStatus status = finish_lists (rules, last);

  if (status == DMS_OK)
    status = finish_requests (rules, last);

  return status == DMS_OK ? finish_adapters (rules, last) : status;
}
