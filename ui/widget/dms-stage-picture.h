/* dms-stage-picture.h — the painted stage, kept between frames
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/paint/dms-paint.h"

#include <gtk/gtk.h>

#define DMS_STAGE_PARTS 2

/* Two parts, one above the other: what a step does not change is not painted again, and
 * frames are paid for by area. Zeroed it is empty. */
typedef struct
{
  GskRenderNode *parts[DMS_STAGE_PARTS]; /* NULL: to be made */
  uint64_t keys[DMS_STAGE_PARTS];        /* what is painted on each */
} DmsStagePicture;

/* What is painted, and how. */
typedef struct
{
  const DmsScene *scene; /* NULL: the ground only */
  DmsTextCache *texts;
  int width, height; /* of the widget */
  double scale;
} DmsStageView;

/* Forgets what was painted: for another theme or size. */
void dms_stage_picture_clear (DmsStagePicture *picture);
/* Forgets those parts that differ from what @view shows. */
void dms_stage_picture_refresh (DmsStagePicture *picture, const DmsStageView *view);
/* Paints what is missing and appends all of it. */
void dms_stage_picture_draw (DmsStagePicture *picture,
                             const DmsStageView *view,
                             GtkSnapshot *snapshot);
