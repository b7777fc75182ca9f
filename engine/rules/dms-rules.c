/* dms-rules.c — the fold: which lists a driver has, and whom to ask about an event
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules.h"

#include "engine/rules/dms-rules-private.h"

#include <stdlib.h>

#define LOST_MAX 64u /* lists that are allowed to be lost at any time */

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
  return rules;
}

static void
free_list (DmsLiveList *list)
{
  if (list != NULL)
    free (list->pending);
  free (list);
}

void
dms_rules_free (DmsRules *rules)
{
  size_t at = 0;
  DmsLiveList *list;

  if (rules == NULL)
    return;
  while ((list = dms_table_next (&rules->lists, &at, NULL)) != NULL)
    free_list (list);
  dms_table_release (&rules->lists);
  dms_table_release (&rules->by_transfer);
  free (rules);
}

DmsFinding
dms_finding_at (DmsRuleId rule, const DmsEvent *event, const DmsLiveList *list)
{
  return (DmsFinding){
    .rule = rule,
    .seq = event->seq,
    .step = event->step,
    .other_seq = list->map_seq,
    .other_step = list->map_step,
    .device = list->device,
    .transfer = list->transfer,
    .object = list->id,
    .file = event->file,
    .line = event->line,
  };
}

/* ---- lists that the driver has ---- */

static void
drop_list (DmsRules *rules, DmsLiveList *list)
{
  dms_table_take (&rules->lists, list->id);
  if (dms_table_get (&rules->by_transfer, list->transfer) == list)
    dms_table_take (&rules->by_transfer, list->transfer);
  free_list (list);
}

/* A damaged trace can end lists in ways that are no unmap event of a simulated run.
 * They are looked for when there are so many that looking costs little for each. */
static DmsStatus
forget_lost_lists (DmsRules *rules, const DmsState *state)
{
  if (rules->lists.n <= LOST_MAX + 2 * state->mappings.n)
    return DMS_OK;
  size_t n = rules->lists.n;
  uint64_t *ids = dms_table_sorted_ids (&rules->lists);
  if (ids == NULL)
    return DMS_ERROR_NO_MEMORY;
  for (size_t i = 0; i < n; i++)
    if (dms_state_mapping (state, ids[i]) == NULL)
      drop_list (rules, dms_table_get (&rules->lists, ids[i]));
  free (ids);
  return DMS_OK;
}

static DmsStatus
begin_list (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  /* Only what the state holds as live is remembered here, too. */
  if (dms_state_mapping (after, event->object) == NULL)
    return DMS_OK;

  DmsStatus status = forget_lost_lists (rules, after);
  if (status != DMS_OK)
    return status;
  DmsLiveList *old = dms_table_get (&rules->lists, event->object);
  DmsLiveList *list = calloc (1, sizeof *list);

  if (list == NULL)
    return DMS_ERROR_NO_MEMORY;
  if (old != NULL)
    drop_list (rules, old);
  *list = (DmsLiveList){
    .id = event->object,
    .transfer = event->transfer,
    .map_seq = event->seq,
    .map_step = event->step,
    .device = event->device,
    .direction = event->flags & DMS_FLAG_DIRECTION,
  };
  if (!dms_table_put (&rules->lists, list->id, list))
    {
      free_list (list);
      return DMS_ERROR_NO_MEMORY;
    }
  if (!dms_table_put (&rules->by_transfer, list->transfer, list))
    {
      drop_list (rules, list);
      return DMS_ERROR_NO_MEMORY;
    }
  return DMS_OK;
}

static void
end_list (DmsRules *rules, DmsLiveList *list, const DmsEvent *event)
{
  dms_rules_settle_end (rules, list, event);
  rules->ended[list->id % DMS_RULES_ENDED_MAX]
      = (DmsEndedList){ list->id, list->put_seq, list->put_step };
  drop_list (rules, list);
}

/* ---- events ---- */

static void
apply_arrival (DmsRules *rules, const DmsEvent *event)
{
  DmsLiveList *list = dms_table_get (&rules->lists, event->object);

  if (list != NULL && list->n_pending > 0)
    dms_rules_settle_arrival (rules, list, event, event->b);
}

DmsStatus
dms_rules_apply (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  DmsLiveList *list;

  if ((event->flags & DMS_FLAG_RECORDED) != 0)
    return DMS_OK;
  switch (event->kind)
    {
    case DMS_EVENT_MAP:
      return (event->flags & DMS_FLAG_FAILED) != 0 ? DMS_OK
                                                   : begin_list (rules, event, after);
    case DMS_EVENT_UNMAP:
      list = dms_table_get (&rules->lists, event->object);
      if (list != NULL)
        end_list (rules, list, event);
      return DMS_OK;
    case DMS_EVENT_CALL:
      if (event->index == DMS_ROUTINE_PUT_SCATTER_GATHER_LIST)
        dms_rules_judge_put (rules, event, after);
      return DMS_OK;
    case DMS_EVENT_COMPLETE:
      dms_rules_judge_complete (rules, event, after);
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
    default: /* kind is a number from a file; most kinds concern no rule */
      return DMS_OK;
    }
}

DmsStatus
dms_rules_finish (DmsRules *rules, const DmsState *last)
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
