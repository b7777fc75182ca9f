/* dms-stage-memory.c — physical memory: frames in the order of their addresses, and the
 * fence
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

#include <math.h>
#include <stdlib.h>

enum
{
  FRAMES_MAX = 3 * DMS_STAGE_ROWS_MAX + 1,
  HEAD = 14, /* free above the first frame */
  CLOSE = 9, /* between bounce pages */
  TOUCH = 2  /* between frames in a row */
};

typedef enum
{
  PLACE_FRAME,  /* of the buffer */
  PLACE_BOUNCE, /* a bounce page, there or still to come */
  PLACE_SHARED, /* of memory that the device shares */
  PLACE_STRAY   /* what a device met without a mapping */
} PlaceKind;

typedef struct
{
  PlaceKind kind;
  uint64_t frame; /* where it is sorted in; of a bounce page to come that of the one
                     before */
  bool is_there;
  unsigned row; /* of the page */
  unsigned order;
  double before; /* free space above it, in units when is_far */
  bool is_far;
  bool is_fenced; /* the fence is above it */
  double y;
} Place;

typedef struct
{
  Place places[FRAMES_MAX];
  unsigned n;
  double height;  /* of a frame */
  double unit;    /* pixels of one unit of far space */
  bool has_fence; /* between two frames, or below all of them */
  double label;   /* height of what is written below the fence */
  double fence_y;
} Column;

static int
compare_places (const void *one, const void *other)
{
  const Place *a = one, *b = other;

  if (a->frame != b->frame)
    return a->frame < b->frame ? -1 : 1;
  return a->order < b->order ? -1 : a->order > b->order;
}

static void
add_place (Column *column, PlaceKind kind, uint64_t frame, unsigned row, bool is_there)
{
  for (unsigned i = 0; kind != PLACE_BOUNCE && i < column->n; i++)
    if (column->places[i].frame == frame && column->places[i].kind != PLACE_BOUNCE)
      return;
  if (column->n == FRAMES_MAX)
    return;
  column->places[column->n] = (Place){
    .kind = kind, .frame = frame, .row = row, .is_there = is_there, .order = column->n
  };
  column->n++;
}

/* Bounce pages get their places before they are known, so that nothing moves when they
 * come: they are low in memory, above everything else in the picture. */
static void
collect (DmsStage *stage, Column *column)
{
  uint64_t before = 0;

  for (unsigned row = 0; row < stage->n_rows; row++)
    {
      const DmsStagePage *page = &stage->pages[row];
      if (stage->rows[row].index == DMS_NO_PAGE || !page->bounces)
        continue;
      if (page->bounce_frame != 0)
        before = page->bounce_frame;
      add_place (column, PLACE_BOUNCE, before, row, page->bounce_frame != 0);
    }
  for (unsigned row = 0; row < stage->n_rows; row++)
    if (stage->rows[row].index != DMS_NO_PAGE)
      add_place (column, PLACE_FRAME, stage->pages[row].state->frame, row, true);
  for (unsigned row = 0; row < stage->n_shared_rows; row++)
    if (stage->shared_rows[row].index != DMS_NO_PAGE)
      {
        uint64_t frame = dms_stage_shared_frame (stage, stage->shared_rows[row].index);
        if (frame != 0)
          add_place (column, PLACE_SHARED, frame, row, true);
      }
  if (stage->event->kind == DMS_EVENT_STRAY
      && (stage->event->flags & DMS_FLAG_FAILED) == 0)
    add_place (column, PLACE_STRAY, stage->event->b >> DMS_PAGE_SHIFT, 0, true);
  qsort (column->places, column->n, sizeof *column->places, compare_places);
}

static void
weigh_gaps (const DmsStage *stage, Column *column)
{
  uint64_t mask = stage->device == NULL ? 0 : stage->device->mask;
  uint64_t limit = mask == 0 ? UINT64_MAX : mask >> DMS_PAGE_SHIFT;

  column->has_fence
      = mask != 0 && mask < UINT64_MAX && !dms_stage_is_remapped (stage)
        && (stage->state->memory_bytes == 0 || mask < stage->state->memory_bytes - 1);
  for (unsigned i = 0; i < column->n; i++)
    {
      Place *place = &column->places[i];
      const Place *last = i == 0 ? NULL : &column->places[i - 1];
      bool follows_bounce = last != NULL && last->kind == PLACE_BOUNCE;
      place->is_fenced = column->has_fence && place->frame > limit
                         && (last == NULL || last->frame <= limit);
      if (place->is_fenced)
        {
          place->is_far = true;
          place->before = 3;
        }
      else if (last == NULL)
        place->before = HEAD;
      else if (place->kind == PLACE_BOUNCE && follows_bounce)
        place->before = CLOSE;
      else if (!follows_bounce && place->kind != PLACE_BOUNCE
               && place->frame == last->frame + 1)
        place->before = TOUCH;
      else
        {
          place->is_far = true;
          place->before = 1;
        }
    }
}

/* What is left of the height when every frame has its own is shared by the far gaps. */
static void
place_frames (const DmsStage *stage, Column *column)
{
  const double most = 26, least = 13; /* of a frame */
  double height = stage->bottom - stage->top;
  const Place *last = column->n == 0 ? NULL : &column->places[column->n - 1];
  uint64_t mask = stage->device == NULL ? 0 : stage->device->mask;
  bool ends_within
      = column->has_fence && (last == NULL || last->frame <= mask >> DMS_PAGE_SHIFT);
  double units = ends_within ? 3.2 : 1;

  column->label = column->n <= 14 ? 38 : 22;
  double fixed = column->has_fence ? column->label : 0;
  for (unsigned i = 0; i < column->n; i++)
    *(column->places[i].is_far ? &units : &fixed) += column->places[i].before;
  column->height = most;
  if (column->n > 0)
    column->height = fmin (most, (height - fixed - 4 * units) / column->n);
  column->height = floor (fmax (least, column->height));
  column->unit = fmax (1.5, (height - fixed - column->n * column->height) / units);

  double y = stage->top;
  for (unsigned i = 0; i < column->n; i++)
    {
      Place *place = &column->places[i];
      double before = place->before * (place->is_far ? column->unit : 1);
      if (place->is_fenced)
        {
          column->fence_y = y + before * 0.45;
          before += column->label;
        }
      y += before;
      place->y = floor (y);
      y += column->height;
    }
  if (ends_within)
    column->fence_y = y + column->unit * 1.2;
  column->fence_y = floor (fmin (column->fence_y, stage->bottom - column->label));
}

/* ---- items ---- */

static void
add_column (DmsStage *stage)
{
  const DmsColumn *place = &stage->columns[DMS_COLUMN_MEMORY];
  DmsScene *scene = stage->scene;
  uint64_t bytes = stage->state->memory_bytes;
  DmsRect rect = { place->x, stage->top, place->width, stage->bottom - stage->top };
  size_t column = dms_scene_add (scene, DMS_ITEM_MEMORY, DMS_LOOK_PLAIN, rect);

  dms_scene_set_id (scene, column, "memory");
  if (bytes != 0)
    dms_scene_set_sentence (
        scene,
        column,
        DMS_STAGE_TELL (stage,
                        "Physical memory, {size}, address 0 at the top.",
                        DMS_SIZE ("size", bytes)));
  dms_scene_add_note (scene,
                      (DmsRect){ rect.x + 2, rect.y - 18, 52, 16 },
                      DMS_ALIGN_START,
                      DMS_STAGE_TELL (stage, "{n}", DMS_NUMBER ("n", 0)));
  if (bytes != 0)
    dms_scene_add_note (scene,
                        (DmsRect){ rect.x - 58, stage->bottom - 14, 52, 16 },
                        DMS_ALIGN_END,
                        DMS_STAGE_TELL (stage, "{size}", DMS_SIZE ("size", bytes)));
}

static void
add_fence (DmsStage *stage, const Column *column)
{
  const DmsColumn *place = &stage->columns[DMS_COLUMN_MEMORY];
  DmsScene *scene = stage->scene;

  if (!column->has_fence)
    return;
  size_t fence = dms_scene_add (
      scene,
      DMS_ITEM_FENCE,
      DMS_LOOK_PLAIN,
      (DmsRect){
          place->x, column->fence_y, place->width, stage->bottom - column->fence_y });
  const char *device = dms_stage_device_name (stage);
  dms_scene_set_id (scene, fence, "fence");
  if (column->label >= 36)
    {
      dms_scene_add_line (
          scene,
          fence,
          DMS_STAGE_TELL (stage, "{limit}", DMS_LIMIT ("limit", stage->device->mask)));
      dms_scene_add_line (scene,
                          fence,
                          DMS_STAGE_TELL (stage,
                                          "{device} reaches no further",
                                          DMS_TEXT ("device", device)));
    }
  else
    dms_scene_add_line (scene,
                        fence,
                        DMS_STAGE_TELL (stage,
                                        "{limit} · end of reach",
                                        DMS_LIMIT ("limit", stage->device->mask)));
  dms_say_bits (&scene->text, stage->device->address_bits, stage->voice);
  const char *bits = dms_scene_keep_text (scene);
  dms_scene_set_sentence (
      scene,
      fence,
      DMS_STAGE_TELL (
          stage,
          "{device} drives {bits}: it reaches memory up to {limit} and no further.",
          DMS_TEXT ("device", device),
          DMS_TEXT ("bits", bits),
          DMS_LIMIT ("limit", stage->device->mask)));
}

static void
add_gap (DmsStage *stage, double y)
{
  const DmsColumn *place = &stage->columns[DMS_COLUMN_MEMORY];

  dms_scene_add (stage->scene,
                 DMS_ITEM_GAP,
                 DMS_LOOK_PLAIN,
                 (DmsRect){ place->x + 3, floor (y) - 4, place->width - 6, 8 });
}

/* A break stands where addresses are left out and there is room to show it. */
static void
add_gaps (DmsStage *stage, const Column *column)
{
  double y = stage->top;

  for (unsigned i = 0; i < column->n; i++)
    {
      const Place *place = &column->places[i];
      if (place->is_fenced)
        {
          double below = column->fence_y + column->label;
          if (column->fence_y - y >= 22 && i > 0)
            add_gap (stage, (y + column->fence_y) / 2);
          if (place->y - below >= 18)
            add_gap (stage, (below + place->y) / 2);
        }
      else if (place->is_far && place->y - y >= 14)
        add_gap (stage, (y + place->y) / 2);
      y = place->y + column->height;
    }
  if (column->has_fence && column->fence_y > y)
    y = column->fence_y + column->label;
  if (stage->bottom - y >= 18)
    add_gap (stage, (y + stage->bottom) / 2);
}

static DmsLook
frame_look (const DmsStage *stage, const DmsPageState *page)
{
  if (dms_stage_is_out_of_reach (stage, page->frame))
    return DMS_LOOK_OUT_OF_REACH;
  if (page->n_ranges == 0)
    return DMS_LOOK_PLAIN;
  DmsLook look = dms_content_look ((DmsContent)page->ranges[0].content);
  for (unsigned i = 1; i < page->n_ranges && i < DMS_STATE_RANGES_MAX; i++)
    if (dms_content_look ((DmsContent)page->ranges[i].content) != look)
      return DMS_LOOK_OLD; /* not all of it is new */
  return look == DMS_LOOK_NEWER_BOUNCE ? DMS_LOOK_OLD : look;
}

/* The device goes where nothing is mapped for it. */
static bool
is_stray (const DmsStage *stage, const Place *place)
{
  const DmsEvent *event = stage->event;

  return place->kind == PLACE_STRAY
         || (event->kind == DMS_EVENT_STRAY && (event->flags & DMS_FLAG_FAILED) == 0
             && event->b >> DMS_PAGE_SHIFT == place->frame);
}

static DmsLook
place_look (const DmsStage *stage, const Place *place)
{
  if (is_stray (stage, place))
    return DMS_LOOK_FAULT;
  switch (place->kind)
    {
    case PLACE_BOUNCE:
      return DMS_LOOK_BOUNCE;
    case PLACE_SHARED:
      return DMS_LOOK_COHERENT;
    case PLACE_STRAY:
    case PLACE_FRAME:
      break;
    }
  return frame_look (stage, stage->pages[place->row].state);
}

static uint64_t
register_of_frame (const DmsStage *stage, uint64_t frame)
{
  const DmsState *state = stage->state;
  const DmsMappingState *mapping = stage->mapping;

  for (uint32_t i = mapping->first_register;
       i < mapping->first_register + mapping->n_registers && i < state->n_registers;
       i++)
    if (state->registers[i].use == DMS_REGISTER_BOUNCES
        && state->registers[i].bounce_frame == frame)
      return i;
  return mapping->first_register;
}

static const char *
frame_sentence (DmsStage *stage, const Place *place)
{
  const char *device = dms_stage_device_name (stage);

  if (is_stray (stage, place))
    return DMS_STAGE_TELL (stage,
                           "Frame {frame} is not mapped for {device}.",
                           DMS_FRAME ("frame", place->frame),
                           DMS_TEXT ("device", device));
  if (place->kind == PLACE_SHARED)
    return DMS_STAGE_TELL (
        stage,
        "Frame {frame} holds page {page} of the memory that {device} shares.",
        DMS_FRAME ("frame", place->frame),
        DMS_NUMBER ("page", stage->shared_rows[place->row].index),
        DMS_TEXT ("device", device));
  uint32_t index = stage->rows[place->row].index;

  if (place->kind == PLACE_BOUNCE)
    return DMS_STAGE_TELL (
        stage,
        "Bounce frame {frame}: map register {register} holds it for page {page}.",
        DMS_FRAME ("frame", place->frame),
        DMS_NUMBER ("register", register_of_frame (stage, place->frame)),
        DMS_NUMBER ("page", index));
  if (dms_stage_is_out_of_reach (stage, place->frame))
    return DMS_STAGE_TELL (
        stage,
        "Frame {frame} holds page {page} of the buffer. {device} does not reach it.",
        DMS_FRAME ("frame", place->frame),
        DMS_NUMBER ("page", index),
        DMS_TEXT ("device", device));
  return DMS_STAGE_TELL (
      stage,
      "Frame {frame} holds page {page} of the buffer. {device} reaches it.",
      DMS_FRAME ("frame", place->frame),
      DMS_NUMBER ("page", index),
      DMS_TEXT ("device", device));
}

static void
add_frame (DmsStage *stage, const Column *column, const Place *place)
{
  const DmsColumn *where = &stage->columns[DMS_COLUMN_MEMORY];
  DmsScene *scene = stage->scene;
  double inset = where->width < 150 ? 7 : 14;
  size_t item = dms_scene_add (
      scene,
      DMS_ITEM_FRAME,
      place_look (stage, place),
      (DmsRect){
          where->x + inset, place->y, where->width - 2 * inset, column->height });

  if (place->kind == PLACE_BOUNCE)
    stage->pages[place->row].bounce_item = item;
  else if (place->kind == PLACE_SHARED)
    stage->shared_frames[place->row] = item;
  dms_scene_set_id (scene, item, "frame:%llx", (unsigned long long)place->frame);
  dms_scene_add_line (
      scene,
      item,
      DMS_STAGE_TELL (stage,
                      place->kind == PLACE_SHARED ? "∞ frame {frame}" : "frame {frame}",
                      DMS_FRAME ("frame", place->frame)));
  dms_scene_set_sentence (scene, item, frame_sentence (stage, place));
}

/* Several pages may lie in one frame: of two MDLs that describe the same memory. */
static void
find_frames (DmsStage *stage)
{
  for (unsigned row = 0; row < stage->n_rows; row++)
    {
      if (stage->rows[row].index == DMS_NO_PAGE)
        continue;
      for (size_t i = 0; i < stage->scene->n_items; i++)
        {
          const DmsItem *item = &stage->scene->items[i];
          unsigned long long frame;
          if (item->kind == DMS_ITEM_FRAME && item->look != DMS_LOOK_BOUNCE
              && item->look != DMS_LOOK_COHERENT
              && (frame = strtoull (item->id + 6, NULL, 16))
                     == stage->pages[row].state->frame)
            stage->pages[row].frame_item = i;
        }
    }
}

void
dms_stage_add_memory (DmsStage *stage)
{
  Column column = { .n = 0 };

  collect (stage, &column);
  weigh_gaps (stage, &column);
  place_frames (stage, &column);
  add_column (stage);
  add_fence (stage, &column);
  add_gaps (stage, &column);
  for (unsigned i = 0; i < column.n; i++)
    if (column.places[i].is_there)
      add_frame (stage, &column, &column.places[i]);
  find_frames (stage);
}
