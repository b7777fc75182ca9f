/* dms-rules-access.c — rules about what a device does outside of its mappings
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules-private.h"

bool
dms_rules_is_told (DmsKnownTransfer *transfer, uint32_t bit)
{
  if (transfer == NULL)
    return false;

  bool told = (transfer->told & bit) != 0;

  transfer->told |= bit;
  return told;
}

static DmsMoment
last_moment (const DmsKnownTransfer *transfer)
{
  if (transfer == NULL)
    return (DmsMoment){ 0, 0 };
  if (transfer->unmapped.seq != 0)
    return transfer->unmapped;
  return transfer->started.seq != 0 ? transfer->started : transfer->asked;
}

static void
judge_fault (DmsRules *rules, const DmsEvent *event)
{
  DmsKnownTransfer *transfer = dms_rules_transfer (rules, event->transfer);
  DmsMoment unmapped = transfer == NULL ? (DmsMoment){ 0, 0 } : transfer->unmapped;
  DmsFinding finding = dms_finding (DMS_RULE_IOMMU_FAULT, event, unmapped);

  if (dms_rules_is_told (transfer, DMS_TOLD_FAULT))
    return;
  finding.variant = unmapped.seq != 0 ? DMS_FAULT_ENDED : DMS_FAULT_UNKNOWN;
  finding.a = event->a;
  rules->found (rules->data, &finding);
}

static uint32_t
stray_variant (const DmsEvent *event)
{
  if ((event->flags & DMS_FLAG_FAILED) != 0)
    return DMS_STRAY_NOWHERE;
  return (event->flags & DMS_FLAG_DIRECTION) == DMS_FLAG_TO_DEVICE ? DMS_STRAY_READ
                                                                   : DMS_STRAY_WRITE;
}

void
dms_rules_judge_access (DmsRules *rules, const DmsEvent *event)
{
  DmsKnownTransfer *transfer = dms_rules_transfer (rules, event->transfer);
  DmsFinding finding;

  if (event->kind == DMS_EVENT_FAULT)
    {
      judge_fault (rules, event);
      return;
    }
  if (dms_rules_is_told (transfer, DMS_TOLD_STRAY))
    return;
  finding = dms_finding (DMS_RULE_OUTSIDE_MAPPING, event, last_moment (transfer));
  finding.variant = stray_variant (event);
  finding.a = event->a;
  finding.length = event->length;
  rules->found (rules->data, &finding);
}
