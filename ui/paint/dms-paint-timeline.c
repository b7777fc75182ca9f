/* dms-paint-timeline.c — the timeline
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <math.h>

typedef struct
{
  cairo_t *cr;
  const DmsTheme *theme;
  DmsTextCache *cache;
} Brush;

static void
paint_track (const Brush *brush, const DmsMark *mark)
{
  cairo_t *cr = brush->cr;
  const DmsRect *r = &mark->rect;

  if (mark->series == 1)
    {
      /* A level stands on a line. */
      cairo_move_to (cr, r->x, floor (r->y + r->height) + 0.5);
      cairo_line_to (cr, r->x + r->width, floor (r->y + r->height) + 0.5);
      dms_set_color (cr, brush->theme->dots);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
      return;
    }
  if (mark->lane == DMS_LANE_CALLS)
    return;
  dms_shape_round (cr, (DmsRect){ r->x, r->y, r->width, r->height - 2 }, 3);
  dms_set_color (cr, brush->theme->track);
  cairo_fill (cr);
}

static void
paint_bar (const Brush *brush, const DmsMark *mark)
{
  unsigned series = mark->series % DMS_SERIES;
  bool is_call = mark->lane == DMS_LANE_CALLS;
  DmsColor fill
      = is_call ? brush->theme->series[series] : brush->theme->devices[series];
  DmsColor ink = is_call ? brush->theme->series_ink[series]
                         : brush->theme->looks[DMS_LOOK_DEVICE].ink;
  DmsRect text
      = { mark->rect.x + 4, mark->rect.y, mark->rect.width - 8, mark->rect.height };

  dms_shape_round (brush->cr, mark->rect, 3);
  dms_set_color (brush->cr, fill);
  cairo_fill (brush->cr);
  /* Three letters and "…" are the least that says something; a number needs less. */
  if (text.width >= 26 || (!is_call && mark->text[0] != '\0'))
    dms_text_paint (brush->cache,
                    brush->cr,
                    DMS_FONT_SMALL,
                    mark->text,
                    text.width >= 26 ? text : mark->rect,
                    DMS_ALIGN_MIDDLE,
                    ink);
}

static DmsColor
level_color (const DmsTheme *theme, DmsLaneKind lane)
{
  switch (lane)
    {
    case DMS_LANE_REGISTERS:
      return theme->level_registers;
    case DMS_LANE_WAITING:
    case DMS_LANE_POOL:
      return theme->level_bounce;
    case DMS_LANE_MAPPINGS:
      return theme->level_mappings;
    case DMS_LANE_CALLS:
    case DMS_LANE_DEVICE:
      break;
    }
  return theme->link;
}

/* @before: the step to the left, when it touches. */
static void
paint_level (const Brush *brush, const DmsMark *mark, const DmsMark *before)
{
  cairo_t *cr = brush->cr;
  const DmsRect *r = &mark->rect;
  DmsColor color = level_color (brush->theme, mark->lane);

  color.a = 0.55;
  cairo_rectangle (cr, r->x, r->y, r->width, r->height);
  dms_set_color (cr, color);
  cairo_fill (cr);
  double y = floor (r->y) + 0.5;
  if (before == NULL)
    {
      cairo_move_to (cr, r->x, r->y + r->height);
      cairo_line_to (cr, r->x, y);
    }
  else
    {
      cairo_move_to (cr, r->x, floor (before->rect.y) + 0.5);
      cairo_line_to (cr, r->x, y);
    }
  cairo_line_to (cr, r->x + r->width, y);
  dms_set_color (cr, brush->theme->dim);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
}

static void
paint_mark (const Brush *brush, const DmsMark *mark, const DmsMark *before)
{
  const DmsRect *r = &mark->rect;
  cairo_t *cr = brush->cr;

  switch (mark->kind)
    {
    case DMS_MARK_TITLE:
      dms_text_paint (brush->cache,
                      cr,
                      DMS_FONT_SMALL,
                      mark->text,
                      *r,
                      DMS_ALIGN_END,
                      brush->theme->dim);
      break;
    case DMS_MARK_TRACK:
      paint_track (brush, mark);
      break;
    case DMS_MARK_BAR:
      paint_bar (brush, mark);
      break;
    case DMS_MARK_DENSITY:
      cairo_rectangle (cr, r->x, r->y, r->width, r->height - 2);
      dms_set_color (cr, brush->theme->devices[mark->series % DMS_SERIES]);
      cairo_fill (cr);
      break;
    case DMS_MARK_LEVEL:
      paint_level (brush, mark, before);
      break;
    case DMS_MARK_NOTE:
      dms_text_paint (brush->cache,
                      cr,
                      DMS_FONT_SMALL,
                      mark->text,
                      *r,
                      mark->count == 1 ? DMS_ALIGN_END : DMS_ALIGN_START,
                      brush->theme->ink);
      break;
    case DMS_MARK_TICK:
      cairo_rectangle (cr, floor (r->x), r->y, 1, r->height);
      dms_set_color (cr, brush->theme->tick);
      cairo_fill (cr);
      break;
    }
}

void
dms_paint_timeline (cairo_t *cr,
                    const DmsTimelineScene *scene,
                    const DmsTheme *theme,
                    DmsTextCache *cache)
{
  size_t n;
  const DmsMark *marks = dms_timeline_scene_marks (scene, &n);
  Brush brush = { cr, theme, cache };

  cairo_save (cr);
  dms_set_color (cr, theme->timeline_ground);
  cairo_paint (cr);
  for (size_t i = 0; i < n; i++)
    {
      const DmsMark *before = i > 0 && marks[i - 1].kind == DMS_MARK_LEVEL
                                      && marks[i - 1].lane == marks[i].lane
                                  ? &marks[i - 1]
                                  : NULL;
      paint_mark (&brush, &marks[i], before);
    }
  cairo_restore (cr);
}

void
dms_paint_playhead (cairo_t *cr, const DmsTimelineScene *scene, const DmsTheme *theme)
{
  DmsRect area = dms_timeline_scene_area (scene);
  double x = dms_timeline_scene_cursor_x (scene);

  if (x < area.x - 1 || x > area.x + area.width + 1)
    return;
  x = floor (x);
  cairo_save (cr);
  dms_set_color (cr, theme->accent);
  cairo_rectangle (cr, x - 1, 4, 2, area.height - 4);
  cairo_fill (cr);
  cairo_move_to (cr, x - 7, 0);
  cairo_line_to (cr, x + 7, 0);
  cairo_line_to (cr, x, 9);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_restore (cr);
}
