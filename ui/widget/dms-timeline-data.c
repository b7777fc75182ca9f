/* dms-timeline-data.c — what a window of the timeline shows, read from the trace
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-timeline-data.h"

#include "ui/widget/dms-widget.h"

/* With more bars than this in the window they are too narrow to be told apart: merged.
 */
#define BARS_MAX 1500u
#define NODES_MIN 16u

struct DmsTimelineReader
{
  DmsPlayer *player;
  DmsTimelineLane *lanes;
  GArray **bars;  /* per lane: DmsLaneBar, or NULL */
  GArray **nodes; /* per lane: DmsLaneNode, or NULL */
  DmsTimelineData data;
};

static void
set_axis (DmsTimelineReader *reader)
{
  DmsPlayer *player = reader->player;
  DmsTimelineData *data = &reader->data;

  data->is_time = dms_player_info (player)->kind != DMS_SOURCE_SIMULATION;
  data->first = data->is_time ? dms_player_first_time (player) : 0;
  data->last = data->is_time ? dms_player_last_time (player)
                             : (gint64)dms_player_n_steps (player);
  if (data->last <= data->first)
    data->last = data->first + 1;
  data->x0 = data->first;
  data->x1 = data->last;
}

static const char *
title_of (const DmsLane *lane, DmsPlayer *player)
{
  const char *title = dms_lane_title (lane, dms_player_names (player));

  if (lane->kind == DMS_LANE_DEVICE)
    return title;
  return dms_say_translate (dms_widget_voice (), title, NULL, 1);
}

DmsTimelineReader *
dms_timeline_reader_new (DmsPlayer *player, GError **error)
{
  g_autoptr (GArray) lanes = dms_player_lanes (player, error);
  DmsTimelineReader *reader;

  if (!lanes)
    return NULL;
  reader = g_new0 (DmsTimelineReader, 1);
  reader->player = player;
  reader->lanes = g_new0 (DmsTimelineLane, lanes->len + 1);
  reader->bars = g_new0 (GArray *, lanes->len + 1);
  reader->nodes = g_new0 (GArray *, lanes->len + 1);
  reader->data.lanes = reader->lanes;
  reader->data.n_lanes = lanes->len;
  for (guint i = 0; i < lanes->len; i++)
    {
      reader->lanes[i].lane = g_array_index (lanes, DmsLane, i);
      reader->lanes[i].title = title_of (&reader->lanes[i].lane, player);
    }
  set_axis (reader);
  return reader;
}

void
dms_timeline_reader_free (DmsTimelineReader *reader)
{
  if (!reader)
    return;
  for (size_t i = 0; i < reader->data.n_lanes; i++)
    {
      g_clear_pointer (&reader->bars[i], g_array_unref);
      g_clear_pointer (&reader->nodes[i], g_array_unref);
    }
  g_free (reader->lanes);
  g_free (reader->bars);
  g_free (reader->nodes);
  g_free (reader);
}

static gboolean
has_bars (const DmsLane *lane)
{
  return lane->kind == DMS_LANE_CALLS || lane->kind == DMS_LANE_DEVICE;
}

/* Bars when they are few enough to be exact; (transfer full) (nullable) without @error.
 */
static GArray *
read_bars (DmsTimelineReader *reader,
           const DmsLane *lane,
           gint64 x0,
           gint64 x1,
           GError **error)
{
  gboolean is_more = FALSE;
  GArray *bars;

  /* Recordings have no calls, and what a device does there are single events. */
  if (!has_bars (lane) || reader->data.is_time)
    return NULL;
  bars = dms_player_lane_bars (reader->player, lane, x0, x1, BARS_MAX, &is_more, error);
  if (bars && is_more)
    g_clear_pointer (&bars, g_array_unref);
  return bars;
}

static gboolean
read_lane (DmsTimelineReader *reader,
           size_t i,
           gint64 x0,
           gint64 x1,
           guint pixels,
           GError **error)
{
  DmsTimelineLane *lane = &reader->lanes[i];
  g_autoptr (GError) failure = NULL;
  g_autoptr (GArray) bars = read_bars (reader, &lane->lane, x0, x1, &failure);
  g_autoptr (GArray) nodes = NULL;

  if (!bars && !failure)
    nodes = dms_player_lane_nodes (
        reader->player, &lane->lane, x0, x1, MAX (pixels, NODES_MIN), &failure);
  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  g_clear_pointer (&reader->bars[i], g_array_unref);
  g_clear_pointer (&reader->nodes[i], g_array_unref);
  reader->bars[i] = g_steal_pointer (&bars);
  reader->nodes[i] = g_steal_pointer (&nodes);
  lane->bars
      = reader->bars[i] ? (const DmsLaneBar *)(void *)reader->bars[i]->data : NULL;
  lane->n_bars = reader->bars[i] ? reader->bars[i]->len : 0;
  lane->nodes
      = reader->nodes[i] ? (const DmsLaneNode *)(void *)reader->nodes[i]->data : NULL;
  lane->n_nodes = reader->nodes[i] ? reader->nodes[i]->len : 0;
  return TRUE;
}

gboolean
dms_timeline_reader_read (
    DmsTimelineReader *reader, gint64 x0, gint64 x1, guint pixels, GError **error)
{
  for (size_t i = 0; i < reader->data.n_lanes; i++)
    if (!read_lane (reader, i, x0, x1, pixels, error))
      return FALSE;
  reader->data.x0 = x0;
  reader->data.x1 = x1;
  return TRUE;
}

DmsTimelineData *
dms_timeline_reader_data (DmsTimelineReader *reader)
{
  return &reader->data;
}
