/* dms-timeline-data.h — what a window of the timeline shows, read from the trace
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"
#include "ui/scene/dms-timeline-scene.h"

typedef struct DmsTimelineReader DmsTimelineReader;

/* Reads which lanes there are. @player must outlive the reader. */
DmsTimelineReader *dms_timeline_reader_new (DmsPlayer *player, GError **error);
void dms_timeline_reader_free (DmsTimelineReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmsTimelineReader, dms_timeline_reader_free)

/**
 * dms_timeline_reader_read:
 * @x0, @x1: window on the axis
 * @pixels: how wide it is drawn
 *
 * Reads what is within the window. On failure what was read before stays.
 */
gboolean dms_timeline_reader_read (
    DmsTimelineReader *reader, gint64 x0, gint64 x1, guint pixels, GError **error);
/* Lives until the next read; cursor is the caller's to set. */
DmsTimelineData *dms_timeline_reader_data (DmsTimelineReader *reader);
