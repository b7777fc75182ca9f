/* dms-stage.h — the widget that shows a scene
 *
 * One cached node holds the whole picture, a second one focus, hover and pulse. For
 * every focusable item there is an invisible child, kept in step by id.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/widget/dms-moment.h"

#include "ui/scene/dms-scene.h"

#include <gtk/gtk.h>

#define DMS_TYPE_STAGE (dms_stage_get_type ())
G_DECLARE_FINAL_TYPE (DmsStage, dms_stage, DMS, STAGE, GtkWidget)

GtkWidget *dms_stage_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* @moment: (nullable): read until the next call. @is_new_run forgets what was chosen
 * and how large the pictures of the run before were. */
void
dms_stage_set_moment (DmsStage *stage, const DmsMoment *moment, gboolean is_new_run);

/* The scene that is shown, in its own pixels; lives as long as the moment. */
const DmsScene *dms_stage_scene (DmsStage *stage);
/* Pixels of the widget for one of the scene: below 1 where room is short. */
double dms_stage_scale (DmsStage *stage);
/* (nullable): id of the item that the user chose. */
const char *dms_stage_chosen (DmsStage *stage);
