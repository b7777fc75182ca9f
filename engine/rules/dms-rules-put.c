/* dms-rules-put.c — rules about giving a list back: never, twice, in the wrong
 * direction
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules-private.h"

static uint64_t
waiting_bytes (const DmsState *state, const DmsLiveList *list)
{
  const DmsTransferState *transfer = dms_state_transfer (state, list->transfer);

  return transfer == NULL ? 0 : transfer->waiting_bytes;
}

static uint64_t
bounced_pages (const DmsState *state, const DmsLiveList *list)
{
  const DmsMappingState *mapping = dms_state_mapping (state, list->id);
  uint64_t pages = 0;

  for (uint32_t i = 0; mapping != NULL && i < mapping->n_pieces; i++)
    pages += mapping->pieces[i].bounced ? 1 : 0;
  return pages;
}

static uint64_t
held_registers (const DmsState *state, const DmsLiveList *list)
{
  const DmsMappingState *mapping = dms_state_mapping (state, list->id);

  return mapping == NULL ? 0 : mapping->n_registers;
}

/* ---- never ---- */

static void
tell_never_put (DmsRules *rules,
                DmsLiveList *list,
                DmsFinding finding,
                const DmsState *state)
{
  if (list->is_told)
    return;
  list->is_told = true;
  finding.a = held_registers (state, list);
  finding.b = waiting_bytes (state, list);
  rules->found (rules->data, &finding);
}

void
dms_rules_judge_complete (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  DmsLiveList *list = dms_table_get (&rules->by_transfer, event->transfer);

  if (list == NULL)
    return;
  DmsFinding finding = dms_finding_at (DMS_RULE_LIST_NEVER_PUT, event, list);
  finding.variant = waiting_bytes (after, list) > 0 ? DMS_NEVER_PUT_BYTES_WAIT
                                                    : DMS_NEVER_PUT_AT_COMPLETE;
  tell_never_put (rules, list, finding, after);
}

void
dms_rules_judge_end (DmsRules *rules, const DmsState *last, DmsLiveList *list)
{
  DmsEvent end = { .seq = last->seq, .step = last->step };
  DmsFinding finding = dms_finding_at (DMS_RULE_LIST_NEVER_PUT, &end, list);

  finding.variant = DMS_NEVER_PUT_AT_END;
  tell_never_put (rules, list, finding, last);
}

/* ---- twice ---- */

/* The driver hands over a list that was delivered once and is not there any more. */
static void
judge_ended (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  const DmsEndedList *ended = &rules->ended[event->object % DMS_RULES_ENDED_MAX];
  bool is_known = ended->id == event->object && ended->put_seq != 0;

  if (event->object == 0 || event->object >= after->next_mapping
      || dms_state_mapping (after, event->object) != NULL)
    return;
  DmsFinding finding = {
    .rule = DMS_RULE_LIST_PUT_TWICE,
    .variant = is_known ? DMS_TWICE_KNOWN : DMS_TWICE_LONG_AGO,
    .seq = event->seq,
    .step = event->step,
    .other_seq = is_known ? ended->put_seq : 0,
    .other_step = is_known ? ended->put_step : 0,
    .device = event->device,
    .transfer = event->transfer,
    .object = event->object,
    .file = event->file,
    .line = event->line,
  };
  rules->found (rules->data, &finding);
}

/* ---- direction ---- */

static void
judge_direction (DmsRules *rules,
                 const DmsLiveList *list,
                 const DmsEvent *event,
                 const DmsState *after)
{
  bool was_out = list->direction == DMS_FLAG_TO_DEVICE;

  if ((event->flags & DMS_FLAG_DIRECTION) == list->direction)
    return;
  DmsFinding finding = dms_finding_at (DMS_RULE_WRONG_DIRECTION, event, list);
  finding.a = bounced_pages (after, list);
  finding.b = waiting_bytes (after, list);
  if (was_out)
    finding.variant
        = finding.a > 0 ? DMS_DIRECTION_OVERWRITES : DMS_DIRECTION_LUCKY_OUT;
  else
    finding.variant = finding.a > 0 ? DMS_DIRECTION_LOST : DMS_DIRECTION_LUCKY_IN;
  rules->found (rules->data, &finding);
}

void
dms_rules_judge_put (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  DmsLiveList *list = dms_table_get (&rules->lists, event->object);

  if (list == NULL)
    {
      judge_ended (rules, event, after);
      return;
    }
  list->put_seq = event->seq;
  list->put_step = event->step;
  judge_direction (rules, list, event, after);
}
