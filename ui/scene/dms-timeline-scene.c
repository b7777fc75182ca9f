/* dms-timeline-scene.c — lanes, bars, levels and playhead
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-timeline-scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
  TITLES = 150, /* width of the titles */
  RIGHT = 26,   /* free at the right */
  TOP = 14,     /* for the playhead's head */
  BOTTOM = 8,
  LANE_GAP = 8,
  BAR = 18,      /* height of a bar's row */
  LEVEL = 26,    /* height of a level's lane */
  DEPTH_MAX = 6, /* rows of calls */
  TICK = 40,     /* least distance of ticks */
  MARKS_MAX = 1 << 18
};

struct DmsTimelineScene
{
  DmsMark *marks;
  size_t n_marks, capacity;
  DmsRect area;
  double first, span; /* of the window, on the axis */
  bool is_time;
  int64_t cursor;
  const DmsVoice *voice;
  const DmsNames *names;
  DmsBytes text;
  bool failed;
};

DmsTimelineScene *
dms_timeline_scene_new (void)
{
  DmsTimelineScene *scene = calloc (1, sizeof *scene);

  if (scene != NULL)
    {
      dms_bytes_init (&scene->text);
      scene->span = 1;
    }
  return scene;
}

void
dms_timeline_scene_free (DmsTimelineScene *scene)
{
  if (scene == NULL)
    return;
  dms_bytes_release (&scene->text);
  free (scene->marks);
  free (scene);
}

/* ---- the axis: a step takes the room up to the next one ---- */

static double
x_of (const DmsTimelineScene *scene, double position)
{
  double t = (position - scene->first) / scene->span;
  double x = scene->area.x + t * scene->area.width;

  /* Bars may begin and end far outside the window. */
  return fmax (scene->area.x - 4, fmin (scene->area.x + scene->area.width + 4, x));
}

static double
end_of (const DmsTimelineScene *scene, int64_t position)
{
  return (double)position + (scene->is_time ? 0 : 1);
}

double
dms_timeline_scene_cursor_x (const DmsTimelineScene *scene)
{
  return scene->area.x
         + ((double)scene->cursor + (scene->is_time ? 0 : 0.5) - scene->first)
               / scene->span * scene->area.width;
}

int64_t
dms_timeline_scene_at (const DmsTimelineScene *scene, double x)
{
  double t = (x - scene->area.x) / fmax (1, scene->area.width);
  double position = scene->first + fmax (0, fmin (1, t)) * scene->span;
  double last = scene->first + scene->span - (scene->is_time ? 0 : 1);

  position = scene->is_time ? round (position) : floor (position);
  return (int64_t)fmin (position, last);
}

void
dms_timeline_scene_set_cursor (DmsTimelineScene *scene, int64_t cursor)
{
  scene->cursor = cursor;
}

DmsRect
dms_timeline_scene_area (const DmsTimelineScene *scene)
{
  return scene->area;
}

const DmsMark *
dms_timeline_scene_marks (const DmsTimelineScene *scene, size_t *ret_n)
{
  *ret_n = scene->n_marks;
  return scene->marks;
}

/* ---- marks ---- */

static DmsMark *
add (DmsTimelineScene *scene, DmsMarkKind kind, DmsLaneKind lane, DmsRect rect)
{
  static DmsMark spare;

  if (scene->n_marks == scene->capacity)
    {
      size_t more = scene->capacity == 0 ? 128 : scene->capacity * 2;
      DmsMark *larger
          = more > MARKS_MAX ? NULL : realloc (scene->marks, more * sizeof *larger);
      if (larger == NULL)
        {
          scene->failed = true;
          return &spare;
        }
      scene->marks = larger;
      scene->capacity = more;
    }
  DmsMark *mark = &scene->marks[scene->n_marks++];
  *mark = (DmsMark){ .kind = kind, .lane = lane, .rect = rect };
  return mark;
}

/* Cut between characters. */
static void
set_text (DmsMark *mark, const char *text)
{
  size_t n = strlen (text);

  if (n >= sizeof mark->text)
    {
      n = sizeof mark->text - 1;
      while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    }
  memcpy (mark->text, text, n);
  mark->text[n] = '\0';
}

static void
set_said (DmsTimelineScene *scene, DmsMark *mark)
{
  set_text (mark, dms_bytes_text (&scene->text));
  dms_bytes_clear (&scene->text);
}

typedef struct
{
  uint64_t n;
  const DmsVoice *voice;
} Counted;

static bool
number_word (void *data, const char *name, size_t length, DmsBytes *bytes)
{
  const Counted *counted = data;

  if (length != 1 || name[0] != 'n')
    return false;
  dms_say_number (bytes, counted->n, counted->voice);
  return true;
}

static void
say (DmsTimelineScene *scene, DmsMark *mark, const char *template, uint64_t n)
{
  Counted counted = { n, scene->voice };

  dms_say_template (&scene->text,
                    dms_say_translate (scene->voice, template, NULL, 0),
                    number_word,
                    &counted);
  set_said (scene, mark);
}

/* ---- lanes ---- */

static bool
is_level (const DmsTimelineLane *lane)
{
  return lane->lane.kind != DMS_LANE_CALLS && lane->lane.kind != DMS_LANE_DEVICE;
}

static double
lane_height (const DmsTimelineLane *lane)
{
  uint32_t rows = 1;

  if (is_level (lane))
    return LEVEL;
  for (size_t i = 0; lane->lane.kind == DMS_LANE_CALLS && i < lane->n_bars; i++)
    if (lane->bars[i].depth + 1 > rows)
      rows = lane->bars[i].depth + 1;
  if (lane->lane.kind == DMS_LANE_CALLS && lane->n_bars == 0 && lane->n_nodes > 0)
    rows = 2;
  return (rows > DEPTH_MAX ? DEPTH_MAX : rows) * BAR;
}

double
dms_timeline_scene_natural_height (const DmsTimelineData *data)
{
  double height = TOP + BOTTOM;

  for (size_t i = 0; i < data->n_lanes; i++)
    height += lane_height (&data->lanes[i]) + (i + 1 < data->n_lanes ? LANE_GAP : 0);
  return height;
}

static void
add_bars (DmsTimelineScene *scene,
          const DmsTimelineLane *lane,
          double y,
          unsigned series)
{
  double left = scene->area.x, right = left + scene->area.width;

  for (size_t i = 0; i < lane->n_bars; i++)
    {
      const DmsLaneBar *bar = &lane->bars[i];
      uint32_t depth = bar->depth >= DEPTH_MAX ? DEPTH_MAX - 1 : bar->depth;
      double x0 = fmax (left, x_of (scene, (double)bar->x0));
      double x1 = fmin (right, x_of (scene, end_of (scene, bar->x1)));
      if (x_of (scene, end_of (scene, bar->x1)) < left || x0 >= right)
        continue;
      bool is_call = lane->lane.kind == DMS_LANE_CALLS;
      DmsMark *mark = add (
          scene,
          DMS_MARK_BAR,
          lane->lane.kind,
          (DmsRect){
              x0, y + (is_call ? depth * BAR : 0), fmax (2, x1 - x0 - 1), BAR - 2 });
      mark->series = is_call ? depth : series;
      mark->seq = bar->first_seq;
      mark->count = bar->last_seq - bar->first_seq + 1;
      if (is_call)
        set_text (mark, dms_names_text (scene->names, bar->name));
      else if (mark->rect.width >= 76)
        say (scene, mark, "element {n}", bar->index);
      else if (mark->rect.width >= 14)
        say (scene, mark, "{n}", bar->index);
    }
}

/* More events than pixels: the height says how many, by their logarithm. */
static void
add_density (DmsTimelineScene *scene,
             const DmsTimelineLane *lane,
             double y,
             double height,
             unsigned series)
{
  uint64_t most = 1;
  double left = scene->area.x, right = left + scene->area.width;

  for (size_t i = 0; i < lane->n_nodes; i++)
    if (lane->nodes[i].count > most)
      most = lane->nodes[i].count;
  for (size_t i = 0; i < lane->n_nodes; i++)
    {
      const DmsLaneNode *node = &lane->nodes[i];
      double x0 = x_of (scene, (double)node->x0);
      double x1 = x_of (scene, end_of (scene, node->x1));
      if (x1 < left || x0 > right)
        continue;
      x0 = fmax (left, fmin (x0, right - 2));
      double share = log (1 + (double)node->count) / log (1 + (double)most);
      double bar = fmax (4, (height - 2) * share);
      DmsMark *mark = add (
          scene,
          DMS_MARK_DENSITY,
          lane->lane.kind,
          (DmsRect){ x0, y + height - bar, fmax (2, fmin (x1, right) - x0), bar });
      mark->series = series;
      mark->seq = node->first_seq;
      mark->count = node->count;
    }
}

static void
add_step (DmsTimelineScene *scene,
          const DmsTimelineLane *lane,
          double x0,
          double x1,
          double base,
          double height)
{
  x0 = fmax (x0, scene->area.x);
  x1 = fmin (x1, scene->area.x + scene->area.width);
  /* Whole pixels, so that no seam shows between steps. */
  x0 = round (x0);
  x1 = round (x1);
  if (x1 > x0)
    (void)add (scene,
               DMS_MARK_LEVEL,
               lane->lane.kind,
               (DmsRect){ x0, base - height, x1 - x0, height });
}

static void
add_note (DmsTimelineScene *scene,
          const DmsTimelineLane *lane,
          double y,
          double from,
          uint64_t most)
{
  double right = scene->area.x + scene->area.width;
  bool is_pinned = !scene->is_time && right - from > 110;
  DmsMark *note = add (scene,
                       DMS_MARK_NOTE,
                       lane->lane.kind,
                       is_pinned ? (DmsRect){ from + 5, y, right - from - 10, 16 }
                                 : (DmsRect){ right - 140, y, 136, 16 });

  note->count = is_pinned ? 0 : 1; /* 1: at the right end */
  say (scene, note, "most {n}", most);
}

/* The level of a node holds until the next one begins; while it lasts its greatest is
 * shown, so that no peak is lost. */
static void
add_level (DmsTimelineScene *scene,
           const DmsTimelineLane *lane,
           double y,
           double height)
{
  uint64_t most = 0;
  double base = y + height;
  double right = scene->area.x + scene->area.width;
  double noted = -1;

  for (size_t i = 0; i < lane->n_nodes; i++)
    if (lane->nodes[i].max > most)
      most = lane->nodes[i].max;
  for (size_t i = 0; i < lane->n_nodes; i++)
    {
      const DmsLaneNode *node = &lane->nodes[i];
      double x0 = x_of (scene, (double)node->x0);
      double x1 = x_of (scene, (double)node->x1);
      double next
          = i + 1 < lane->n_nodes ? x_of (scene, (double)lane->nodes[i + 1].x0) : right;
      double scale = most == 0 ? 0 : (height - 3) / (double)most;
      if (x1 > x0)
        add_step (scene, lane, x0, x1, base, (double)node->max * scale);
      add_step (scene, lane, x1, next, base, (double)node->last * scale);
      if (noted < 0 && node->max == most && most > 0)
        noted = fmax (x0, scene->area.x);
    }
  if (noted >= 0)
    add_note (scene, lane, y + 3, noted, most);
}

static void
add_lane (DmsTimelineScene *scene,
          const DmsTimelineLane *lane,
          double y,
          unsigned series)
{
  double height = lane_height (lane);
  DmsRect row = { scene->area.x, y, scene->area.width, height };
  DmsMark *title = add (scene,
                        DMS_MARK_TITLE,
                        lane->lane.kind,
                        (DmsRect){ 8, y, scene->area.x - 20, height });

  set_text (title, lane->title);
  add (scene, DMS_MARK_TRACK, lane->lane.kind, row)->series = is_level (lane) ? 1 : 0;
  if (is_level (lane))
    add_level (scene, lane, y, height);
  else if (lane->n_bars > 0)
    add_bars (scene, lane, y, series);
  else
    add_density (scene, lane, y, height, series);
}

static void
add_ticks (DmsTimelineScene *scene, double bottom)
{
  double least = scene->span * TICK / fmax (1, scene->area.width);
  double step = pow (10, floor (log10 (fmax (least, 1e-9))));

  while (step < least || (!scene->is_time && step < 1))
    step *= step * 2 >= least ? 2 : step * 5 >= least ? 5 : 10;
  double at = ceil (scene->first / step) * step;
  for (unsigned i = 0; i < 1000 && at <= scene->first + scene->span; i++, at += step)
    (void)add (scene,
               DMS_MARK_TICK,
               DMS_LANE_CALLS,
               (DmsRect){ x_of (scene, at), TOP - 4, 1, bottom - TOP + 4 });
}

DmsStatus
dms_timeline_scene_build (DmsTimelineScene *scene,
                          const DmsTimelineData *data,
                          const DmsNames *names,
                          const DmsVoice *voice,
                          double width,
                          double height)
{
  double y = TOP;
  unsigned series = 0;

  scene->n_marks = 0;
  scene->failed = false;
  scene->names = names;
  scene->voice = voice;
  scene->is_time = data->is_time;
  scene->cursor = data->cursor;
  scene->first = (double)data->x0;
  scene->span = fmax (1, (double)data->x1 - (double)data->x0 + (data->is_time ? 0 : 1));
  double titles = fmin (TITLES, width * 0.3);
  scene->area = (DmsRect){
    titles, 0, fmax (16, width - titles - RIGHT), fmax (height, TOP + BOTTOM)
  };
  add_ticks (scene, dms_timeline_scene_natural_height (data) - BOTTOM + 2);
  for (size_t i = 0; i < data->n_lanes; i++)
    {
      add_lane (scene, &data->lanes[i], y, series);
      y += lane_height (&data->lanes[i]) + LANE_GAP;
      if (data->lanes[i].lane.kind == DMS_LANE_DEVICE)
        series++;
    }
  return scene->failed || scene->text.failed ? DMS_ERROR_NO_MEMORY : DMS_OK;
}

size_t
dms_timeline_scene_pick (const DmsTimelineScene *scene, double x, double y)
{
  for (size_t i = scene->n_marks; i-- > 0;)
    {
      const DmsMark *mark = &scene->marks[i];
      if ((mark->kind == DMS_MARK_BAR || mark->kind == DMS_MARK_DENSITY)
          && x >= mark->rect.x && x < mark->rect.x + mark->rect.width
          && y >= mark->rect.y && y < mark->rect.y + mark->rect.height)
        return i;
    }
  return DMS_NO_ITEM;
}

static const char *
mark_name (DmsMarkKind kind)
{
  static const char *const names[]
      = { "title", "track", "bar", "density", "level", "note", "tick" };
  return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "?";
}

void
dms_timeline_scene_append_dump (DmsBytes *bytes, const DmsTimelineScene *scene)
{
  for (size_t i = 0; i < scene->n_marks; i++)
    {
      const DmsMark *mark = &scene->marks[i];
      dms_bytes_printf (bytes,
                        "%s lane=%d series=%u %.1f,%.1f %.1fx%.1f seq=%llu | %s\n",
                        mark_name (mark->kind),
                        (int)mark->lane,
                        mark->series,
                        mark->rect.x,
                        mark->rect.y,
                        mark->rect.width,
                        mark->rect.height,
                        (unsigned long long)mark->seq,
                        mark->text);
    }
  dms_bytes_printf (bytes, "playhead %.1f\n", dms_timeline_scene_cursor_x (scene));
}
