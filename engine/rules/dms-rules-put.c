/* dms-rules-put.c — rules about giving back: lists and grants never, twice, too early,
 * in the wrong direction
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

static uint64_t
unflushed_bytes (const DmsState *state, const DmsLiveList *list)
{
  const DmsMappingState *mapping = dms_state_mapping (state, list->id);
  uint64_t bytes = 0;

  for (uint32_t i = 0; mapping != NULL && i < mapping->n_pieces; i++)
    bytes += mapping->pieces[i].flushed ? 0 : mapping->pieces[i].length;
  return bytes;
}

/* ---- never ---- */

static void
tell_list (DmsRules *rules,
           DmsLiveList *list,
           const DmsEvent *event,
           const DmsState *state,
           uint32_t variant)
{
  DmsFinding finding = dms_finding_at (DMS_RULE_LIST_NEVER_PUT, event, list);

  finding.variant = variant;
  finding.a = held_registers (state, list);
  finding.b = waiting_bytes (state, list);
  rules->found (rules->data, &finding);
}

/* What is still mapped, and then map registers that stay. */
static void
tell_grant (DmsRules *rules,
            DmsLiveList *list,
            const DmsEvent *event,
            const DmsState *state,
            bool is_end)
{
  uint64_t unflushed = unflushed_bytes (state, list);

  if (unflushed > 0 && !is_end)
    {
      DmsFinding finding = dms_finding_at (DMS_RULE_NOT_FLUSHED, event, list);

      finding.variant = DMS_UNFLUSHED_AT_COMPLETE;
      finding.a = unflushed;
      finding.b = waiting_bytes (state, list);
      rules->found (rules->data, &finding);
    }
  if (list->registers > 0)
    {
      DmsFinding finding = dms_finding_at (DMS_RULE_REGISTERS_NEVER_FREED, event, list);

      finding.variant = is_end ? DMS_NEVER_FREED_AT_END : DMS_NEVER_FREED;
      finding.other_seq = list->granted.seq;
      finding.other_step = list->granted.step;
      finding.a = list->registers;
      rules->found (rules->data, &finding);
    }
}

/* Lists of a port driver are given back by it, after the completion. */
static bool
is_drivers (const DmsLiveList *list)
{
  return list->adapter != 0;
}

static void
judge_outstanding (DmsRules *rules,
                   const DmsEvent *event,
                   const DmsState *after,
                   DmsLiveList *list)
{
  if (list->is_told || !is_drivers (list))
    return;
  if (list->is_list && list->is_mapped)
    tell_list (rules,
               list,
               event,
               after,
               waiting_bytes (after, list) > 0 ? DMS_NEVER_PUT_BYTES_WAIT
                                               : DMS_NEVER_PUT_AT_COMPLETE);
  else if (!list->is_list && list->granted.seq != 0)
    tell_grant (rules, list, event, after, false);
  else
    return;
  list->is_told = true;
}

void
dms_rules_judge_complete (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  size_t at = 0;
  DmsLiveList *list;

  if (event->transfer == 0)
    return;
  while ((list = dms_table_next (&rules->lists, &at, NULL)) != NULL)
    if (list->transfer == event->transfer)
      judge_outstanding (rules, event, after, list);
}

void
dms_rules_judge_end (DmsRules *rules, const DmsState *last, DmsLiveList *list)
{
  DmsEvent end = { .seq = last->seq, .step = last->step };

  if (list->is_told || !is_drivers (list))
    return;
  list->is_told = true;
  if (list->is_list && list->is_mapped)
    tell_list (rules, list, &end, last, DMS_NEVER_PUT_AT_END);
  else if (!list->is_list && list->granted.seq != 0)
    tell_grant (rules, list, &end, last, true);
}

/* ---- twice ---- */

/* The driver hands over a list that was delivered once and is not there any more. */
static void
judge_ended (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  const DmsEndedList *ended = dms_rules_ended (rules, event->object);
  bool is_known = ended != NULL && ended->put.seq != 0;
  DmsFinding finding;

  if (event->object == 0 || event->object >= after->next_mapping
      || dms_state_mapping (after, event->object) != NULL)
    return;
  finding = dms_finding (
      DMS_RULE_LIST_PUT_TWICE, event, is_known ? ended->put : (DmsMoment){ 0, 0 });
  finding.variant = is_known ? DMS_TWICE_KNOWN : DMS_TWICE_LONG_AGO;
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

/* ---- too early ---- */

static void
judge_running (DmsRules *rules,
               const DmsLiveList *list,
               const DmsEvent *event,
               const DmsState *after)
{
  const DmsDeviceState *device = dms_state_device (after, list->device);
  const DmsKnownTransfer *transfer = dms_rules_transfer (rules, list->transfer);
  DmsFinding finding;

  if (device == NULL || transfer == NULL || !device->running
      || device->transfer != list->transfer)
    return;
  finding = dms_finding_at (DMS_RULE_PUT_WHILE_RUNNING, event, list);
  finding.other_seq = transfer->started.seq;
  finding.other_step = transfer->started.step;
  rules->found (rules->data, &finding);
}

void
dms_rules_judge_put (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  DmsLiveList *list = dms_table_get (&rules->lists, event->object);

  if (list == NULL || !list->is_mapped)
    {
      judge_ended (rules, event, after);
      return;
    }
  list->put = dms_moment_of (event);
  judge_direction (rules, list, event, after);
  judge_running (rules, list, event, after);
}
