/* dms-rules-live.c — what a driver has: lists and grants, adapters, common buffers
 *
 * Only what is live is kept whole; of what has ended some is remembered, so that a
 * finding can name the other event.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules-private.h"

#include <stdlib.h>

#define LOST_MAX 64u /* lists that are allowed to be lost at any time */

/* ---- lists and grants ---- */

static void
free_list (DmsLiveList *list)
{
  if (list != NULL)
    free (list->pending);
  free (list);
}

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

DmsStatus
dms_rules_begin_list (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  DmsStatus status = forget_lost_lists (rules, after);
  DmsLiveList *old = dms_table_get (&rules->lists, event->object);
  DmsLiveList *list;

  if (status != DMS_OK || event->object == 0)
    return status;
  if (old != NULL)
    drop_list (rules, old);
  list = calloc (1, sizeof *list);
  if (list == NULL)
    return DMS_ERROR_NO_MEMORY;
  *list = (DmsLiveList){
    .id = event->object,
    .transfer = event->transfer,
    .adapter = event->cause == rules->call.seq ? rules->call_adapter : 0,
    .is_list = event->kind == DMS_EVENT_COUNT,
    .asked = dms_moment_of (event),
    .device = event->device,
    .direction = event->flags & DMS_FLAG_DIRECTION,
  };
  if (dms_table_put (&rules->lists, list->id, list))
    return DMS_OK;
  free_list (list);
  return DMS_ERROR_NO_MEMORY;
}

void
dms_rules_grant_list (DmsRules *rules, const DmsEvent *event)
{
  DmsLiveList *list = dms_table_get (&rules->lists, event->object);

  if (list == NULL)
    return;
  list->granted = dms_moment_of (event);
  list->registers = event->a > UINT32_MAX ? UINT32_MAX : (uint32_t)event->a;
}

DmsStatus
dms_rules_map_list (DmsRules *rules, const DmsEvent *event, const DmsState *after)
{
  DmsLiveList *list = dms_table_get (&rules->lists, event->object);

  /* Only what the state holds as live is remembered here, too. */
  if (list == NULL || dms_state_mapping (after, event->object) == NULL)
    return DMS_OK;
  list->is_mapped = true;
  list->mapped = dms_moment_of (event);
  list->direction = event->flags & DMS_FLAG_DIRECTION;
  return dms_table_put (&rules->by_transfer, list->transfer, list)
             ? DMS_OK
             : DMS_ERROR_NO_MEMORY;
}

/* Of a list that is not known any more, too: it may be freed a second time. */
void
dms_rules_release_list (DmsRules *rules, const DmsEvent *event)
{
  DmsLiveList *list = dms_table_get (&rules->lists, event->object);
  DmsEndedList *ended = &rules->ended[event->object % DMS_RULES_RECENT];

  if (list != NULL)
    list->registers = 0;
  if (ended->id != event->object)
    *ended = (DmsEndedList){ .id = event->object };
  ended->released = dms_moment_of (event);
}

void
dms_rules_end_list (DmsRules *rules, const DmsEvent *event)
{
  DmsLiveList *list = dms_table_get (&rules->lists, event->object);
  DmsEndedList *ended = &rules->ended[event->object % DMS_RULES_RECENT];
  DmsKnownTransfer *transfer;

  if (list == NULL)
    return;
  dms_rules_settle_end (rules, list, event);
  transfer = dms_rules_transfer (rules, list->transfer);
  if (transfer != NULL)
    transfer->unmapped = dms_moment_of (event);
  if (ended->id != list->id)
    *ended = (DmsEndedList){ .id = list->id, .released = dms_moment_of (event) };
  ended->put = list->put;
  drop_list (rules, list);
}

const DmsEndedList *
dms_rules_ended (const DmsRules *rules, uint64_t id)
{
  const DmsEndedList *ended = &rules->ended[id % DMS_RULES_RECENT];

  return id != 0 && ended->id == id ? ended : NULL;
}

/* ---- adapters ---- */

/* Adapters that no driver asked for are a port driver's own. */
DmsStatus
dms_rules_begin_adapter (DmsRules *rules, const DmsEvent *event)
{
  DmsKnownAdapter *adapter;

  if (event->object == 0 || rules->call_routine != DMS_ROUTINE_IO_GET_DMA_ADAPTER
      || event->cause != rules->call.seq)
    return DMS_OK;
  adapter = dms_table_get (&rules->adapters, event->object);
  if (adapter == NULL)
    adapter = calloc (1, sizeof *adapter);
  if (adapter == NULL)
    return DMS_ERROR_NO_MEMORY;
  *adapter = (DmsKnownAdapter){ .id = event->object,
                                .device = event->device,
                                .made = dms_moment_of (event) };
  if (dms_table_put (&rules->adapters, adapter->id, adapter))
    return DMS_OK;
  free (adapter);
  return DMS_ERROR_NO_MEMORY;
}

void
dms_rules_end_adapter (DmsRules *rules, uint64_t id, const DmsEvent *event)
{
  DmsKnownAdapter *adapter = dms_table_take (&rules->adapters, id);

  if (adapter == NULL)
    return;
  adapter->put = dms_moment_of (event);
  rules->put[id % DMS_RULES_RECENT] = *adapter;
  free (adapter);
}

void
dms_rules_note_channel (DmsRules *rules, const DmsEvent *event)
{
  DmsKnownAdapter *adapter = dms_table_get (&rules->adapters, event->object);

  if (adapter != NULL)
    adapter->channel = (event->flags & DMS_FLAG_TAKEN) != 0 ? dms_moment_of (event)
                                                            : (DmsMoment){ 0, 0 };
}

const DmsKnownAdapter *
dms_rules_adapter (const DmsRules *rules, uint64_t id)
{
  const DmsKnownAdapter *adapter = dms_table_get (&rules->adapters, id);
  const DmsKnownAdapter *put = &rules->put[id % DMS_RULES_RECENT];

  if (adapter != NULL)
    return adapter;
  return id != 0 && put->id == id ? put : NULL;
}

/* ---- common buffers ---- */

DmsStatus
dms_rules_begin_common (DmsRules *rules, const DmsEvent *event)
{
  DmsKnownCommon *common = dms_table_get (&rules->commons, event->object);

  if (event->object == 0)
    return DMS_OK;
  if (common == NULL)
    common = calloc (1, sizeof *common);
  if (common == NULL)
    return DMS_ERROR_NO_MEMORY;
  *common = (DmsKnownCommon){
    .id = event->object,
    .adapter = event->cause == rules->call.seq ? rules->call_adapter : 0,
    .address = event->a,
    .device = event->device,
    .made = dms_moment_of (event),
  };
  if (dms_table_put (&rules->commons, common->id, common))
    return DMS_OK;
  free (common);
  return DMS_ERROR_NO_MEMORY;
}

void
dms_rules_end_common (DmsRules *rules, const DmsEvent *event)
{
  DmsKnownCommon *common = dms_table_take (&rules->commons, event->object);

  if (common == NULL)
    return;
  common->freed = dms_moment_of (event);
  rules->freed[(common->address >> DMS_PAGE_SHIFT) % DMS_RULES_RECENT] = *common;
  free (common);
}

/* ---- requests and calls ---- */

DmsKnownTransfer *
dms_rules_transfer (DmsRules *rules, uint64_t id)
{
  DmsKnownTransfer *transfer = &rules->transfers[id % DMS_RULES_RECENT];

  if (id == 0)
    return NULL;
  if (transfer->id != id)
    *transfer = (DmsKnownTransfer){ .id = id };
  return transfer;
}

void
dms_rules_note_call (DmsRules *rules, const DmsEvent *event)
{
  rules->call = dms_moment_of (event);
  rules->call_adapter = event->object;
  rules->call_routine = event->index;
}

void
dms_rules_release_live (DmsRules *rules)
{
  DmsTable *const plain[] = { &rules->adapters, &rules->commons };
  size_t at = 0;
  void *object;

  while ((object = dms_table_next (&rules->lists, &at, NULL)) != NULL)
    free_list (object);
  for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
    {
      at = 0;
      while ((object = dms_table_next (plain[i], &at, NULL)) != NULL)
        free (object);
      dms_table_release (plain[i]);
    }
  dms_table_release (&rules->lists);
  dms_table_release (&rules->by_transfer);
}
