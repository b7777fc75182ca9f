/* dms-stage-item.h — one thing on the stage, for keyboard and screen reader
 *
 * Draws nothing: the stage draws all of its things at once. It has their place, their
 * sentence as accessible label, and the focus.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <gtk/gtk.h>

#define DMS_TYPE_STAGE_ITEM (dms_stage_item_get_type ())
G_DECLARE_FINAL_TYPE (DmsStageItem, dms_stage_item, DMS, STAGE_ITEM, GtkWidget)

GtkWidget *dms_stage_item_new (const char *id) G_GNUC_WARN_UNUSED_RESULT;
const char *dms_stage_item_id (DmsStageItem *item);
const char *dms_stage_item_sentence (DmsStageItem *item);
/* @place counts from 1 to @n. */
void dms_stage_item_update (DmsStageItem *item, const char *sentence, int place, int n);
