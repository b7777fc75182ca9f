/* dms-event-model.h — the events of a trace as a list that is read when it is looked at
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"

#include <gio/gio.h>

/* One row, with its texts. */
#define DMS_TYPE_EVENT_ROW (dms_event_row_get_type ())
G_DECLARE_FINAL_TYPE (DmsEventRow, dms_event_row, DMS, EVENT_ROW, GObject)

guint64 dms_event_row_seq (DmsEventRow *row);
guint dms_event_row_kind (DmsEventRow *row);
const char *dms_event_row_time (DmsEventRow *row);
const char *dms_event_row_name (DmsEventRow *row);
const char *dms_event_row_task (DmsEventRow *row);
const char *dms_event_row_bytes (DmsEventRow *row);

#define DMS_TYPE_EVENT_MODEL (dms_event_model_get_type ())
G_DECLARE_FINAL_TYPE (DmsEventModel, dms_event_model, DMS, EVENT_MODEL, GObject)

DmsEventModel *dms_event_model_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* @player: (nullable): must live until another one is set */
void dms_event_model_set_player (DmsEventModel *model, DmsPlayer *player);
/* The player has more events than before: rows are added at the end. */
void dms_event_model_grow (DmsEventModel *model);
