/* dms-stage-links.c — what refers to what, which way bytes move, and what just changed
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

#include <math.h>
#include <stdio.h>

enum
{
  CORRIDOR = 86 /* y between titles and columns */
};

static double
middle (DmsRect rect)
{
  return rect.y + rect.height / 2;
}

static void
set_curve (DmsLink *link, double x0, double y0, double x1, double y1)
{
  link->x0 = x0;
  link->y0 = y0;
  link->x1 = x1;
  link->y1 = y1;
  link->bend0 = (x1 - x0) * 0.5;
  link->bend1 = -link->bend0;
}

static DmsRect
rect_of (const DmsStage *stage, size_t item)
{
  return dms_scene_item (stage->scene, item)->rect;
}

/* From the left edge of @from to the right edge of @to: towards memory. */
static void
refer_left (DmsStage *stage, size_t from, size_t to, double up, bool faint)
{
  if (from == DMS_NO_ITEM || to == DMS_NO_ITEM)
    return;
  DmsRect a = rect_of (stage, from), b = rect_of (stage, to);
  DmsLink *link = dms_scene_add_link (stage->scene, DMS_LINK_REFERS, from, to);
  set_curve (link, a.x, middle (a) + up, b.x + b.width, middle (b));
  link->faint = faint;
}

static void
add_page_links (DmsStage *stage)
{
  for (unsigned row = 0; row < stage->n_rows; row++)
    {
      const DmsStagePage *page = &stage->pages[row];
      if (stage->rows[row].index == DMS_NO_PAGE)
        continue;
      if (page->frame_item != DMS_NO_ITEM)
        {
          DmsRect a = rect_of (stage, stage->rows[row].item);
          DmsRect b = rect_of (stage, page->frame_item);
          set_curve (dms_scene_add_link (stage->scene,
                                         DMS_LINK_REFERS,
                                         stage->rows[row].item,
                                         page->frame_item),
                     a.x + a.width,
                     middle (a),
                     b.x,
                     middle (b));
        }
      refer_left (stage, page->register_item, page->bounce_item, 0, false);
      if (dms_stage_is_remapped (stage))
        refer_left (stage, page->register_item, page->frame_item, 0, false);
    }
}

static size_t
frame_item (const DmsStage *stage, uint64_t frame)
{
  char id[32];

  (void)snprintf (id, sizeof id, "frame:%llx", (unsigned long long)frame);
  return dms_scene_find (stage->scene, id);
}

static void
add_element_links (DmsStage *stage)
{
  uint32_t made = stage->mapping == NULL ? 0 : stage->mapping->n_elements;
  uint32_t linked = UINT32_MAX; /* the element whose first page is linked */

  for (unsigned row = 0; row < stage->n_rows; row++)
    {
      const DmsStagePage *page = &stage->pages[row];
      if (stage->rows[row].index == DMS_NO_PAGE || !page->is_mapped || page->is_flushed)
        continue;
      int at = dms_stage_row_of (stage->elements, stage->n_element_rows, page->element);
      if (at < 0 || page->element >= made)
        continue;
      size_t element = stage->elements[at].item;
      if (page->bounces || dms_stage_is_remapped (stage))
        refer_left (stage, element, page->register_item, 0, false);
      else if (page->element != linked)
        refer_left (stage, element, page->frame_item, 0, true);
      linked = page->element;
    }
  for (unsigned i = 0; stage->is_grant && i < stage->n_element_rows; i++)
    if (stage->elements[i].index != DMS_NO_PAGE && stage->elements[i].index < made
        && stage->element_pages[i][0] == DMS_NO_PAGE)
      refer_left (stage,
                  stage->elements[i].item,
                  frame_item (stage,
                              stage->mapping->elements[stage->elements[i].index].logical
                                  >> DMS_PAGE_SHIFT),
                  0,
                  true);
  for (unsigned i = 0; i < stage->n_element_rows; i++)
    if (stage->elements[i].index != DMS_NO_PAGE && stage->elements[i].index < made)
      refer_left (stage, stage->descriptor_items[i], stage->elements[i].item, 0, false);
}

static void
add_shared_links (DmsStage *stage)
{
  for (unsigned i = 0; i < stage->n_shared_rows; i++)
    if (stage->shared_rows[i].index != DMS_NO_PAGE)
      refer_left (stage, stage->shared_rows[i].item, stage->shared_frames[i], 0, true);
}

/* ---- bytes ---- */

static void
add_copy (DmsStage *stage)
{
  const DmsEvent *event = stage->event;
  size_t from = frame_item (stage, event->a >> DMS_PAGE_SHIFT);
  size_t to = frame_item (stage, event->b >> DMS_PAGE_SHIFT);

  if (from == DMS_NO_ITEM || to == DMS_NO_ITEM)
    return;
  DmsRect a = rect_of (stage, from), b = rect_of (stage, to);
  double room = stage->columns[DMS_COLUMN_REGISTERS].x - (a.x + a.width);
  DmsLink *link = dms_scene_add_link (stage->scene, DMS_LINK_BYTES, from, to);
  set_curve (link, a.x + a.width, middle (a), b.x + b.width, middle (b));
  /* A cubic curve comes three quarters as far as its handles. */
  link->bend0 = link->bend1 = room * 0.55 / 0.75;
  link->label = DMS_STAGE_TELL (stage, "CPU: {n} B", DMS_NUMBER ("n", event->length));
  /* Between the boxes, it covers none. */
  double width = fmin (124, room - 8);
  link->label_rect = (DmsRect){
    link->x0 + (room - width) / 2, (middle (a) + middle (b)) / 2 - 12, width, 24
  };
}

static size_t
channel_item (const DmsStage *stage)
{
  char id[32];

  if (stage->device == NULL || stage->device->channel == 0)
    return DMS_NO_ITEM;
  (void)snprintf (id, sizeof id, "channel:%u", (unsigned)stage->device->channel - 1);
  return dms_scene_find (stage->scene, id);
}

/* The descriptor that the device works on, else the device itself. */
static size_t
device_end (const DmsStage *stage)
{
  const DmsEvent *event = stage->event;
  int row = dms_stage_row_of (
      stage->elements, stage->n_element_rows, dms_stage_event_element (stage));
  size_t descriptor = row < 0 ? DMS_NO_ITEM : stage->descriptor_items[row];

  size_t channel = channel_item (stage);

  if (channel != DMS_NO_ITEM)
    return channel;
  if (stage->shared != NULL && stage->shared->id == event->object)
    return stage->device_item;
  return descriptor == DMS_NO_ITEM ? stage->device_item : descriptor;
}

static void
set_label (DmsStage *stage, DmsLink *link, uint64_t length, double middle_x)
{
  dms_say_bytes (&stage->scene->text, length, stage->voice);
  link->label = dms_scene_keep_text (stage->scene);
  link->label_rect = (DmsRect){ middle_x - 60, CORRIDOR - 12, 120, 24 };
}

/* What does not get to any memory ends at the wall of the IOMMU, or at the end of
 * memory. Which way the bytes were to go does not matter then. */
static void
add_stopped (DmsStage *stage)
{
  const DmsColumn *columns = stage->columns;
  bool is_fault = stage->event->kind == DMS_EVENT_FAULT;
  size_t wall = dms_scene_find (stage->scene, is_fault ? "iommu" : "memory");
  size_t device = device_end (stage);

  if (wall == DMS_NO_ITEM || stage->device_item == DMS_NO_ITEM)
    return;
  DmsRect a = rect_of (stage, wall), b = rect_of (stage, device);
  DmsRect box = rect_of (stage, stage->device_item);
  double list_end = columns[DMS_COLUMN_LIST].x + columns[DMS_COLUMN_LIST].width;
  double near_device = list_end + (box.x - list_end) * 0.5;
  double x1 = a.x + a.width;
  double y1 = stage->top + (stage->bottom - stage->top) * (is_fault ? 0.75 : 0.5);
  DmsLink *link = dms_scene_add_link (stage->scene, DMS_LINK_BYTES, device, wall);
  set_curve (link, box.x, middle (b), x1, y1);
  link->is_routed = link->is_wrong = link->is_stopped = true;
  link->turn0 = near_device;
  link->turn1 = x1 + (is_fault ? 14 : 22);
  link->over = CORRIDOR;
  set_label (stage, link, stage->event->length, (link->turn1 + near_device) / 2);
}

/* Bytes between device and memory go round above the columns, so that they cover
 * nothing. */
static void
add_burst (DmsStage *stage)
{
  const DmsEvent *event = stage->event;
  size_t frame = frame_item (stage, event->b >> DMS_PAGE_SHIFT);
  size_t device = device_end (stage);
  bool to_device = (event->flags & DMS_FLAG_DIRECTION) == DMS_FLAG_TO_DEVICE;

  if (frame == DMS_NO_ITEM || stage->device_item == DMS_NO_ITEM)
    return;
  const DmsColumn *columns = stage->columns;
  DmsRect a = rect_of (stage, frame), b = rect_of (stage, device);
  DmsRect box = rect_of (stage, stage->device_item);
  double memory_end = columns[DMS_COLUMN_MEMORY].x + columns[DMS_COLUMN_MEMORY].width;
  double list_end = columns[DMS_COLUMN_LIST].x + columns[DMS_COLUMN_LIST].width;
  double near_frame
      = memory_end + (columns[DMS_COLUMN_REGISTERS].x - memory_end) * 0.55;
  double near_device = list_end + (box.x - list_end) * 0.5;
  double x0 = a.x + a.width, y0 = middle (a);
  double x1 = box.x, y1 = middle (b);
  DmsLink *link = dms_scene_add_link (stage->scene,
                                      DMS_LINK_BYTES,
                                      to_device ? frame : device,
                                      to_device ? device : frame);
  set_curve (link,
             to_device ? x0 : x1,
             to_device ? y0 : y1,
             to_device ? x1 : x0,
             to_device ? y1 : y0);
  link->is_routed = true;
  link->turn0 = to_device ? near_frame : near_device;
  link->turn1 = to_device ? near_device : near_frame;
  link->over = CORRIDOR;
  link->is_wrong = event->kind == DMS_EVENT_STRAY;
  set_label (stage, link, event->length, (near_frame + near_device) / 2);
}

void
dms_stage_add_links (DmsStage *stage)
{
  add_page_links (stage);
  add_element_links (stage);
  add_shared_links (stage);
  if (stage->event->kind == DMS_EVENT_COPY)
    add_copy (stage);
  else if (stage->event->kind == DMS_EVENT_FAULT
           || (stage->event->kind == DMS_EVENT_STRAY
               && (stage->event->flags & DMS_FLAG_FAILED) != 0))
    add_stopped (stage);
  else if (stage->event->kind == DMS_EVENT_BURST
           || stage->event->kind == DMS_EVENT_STRAY)
    add_burst (stage);
}

/* ---- what changed ---- */

static void
change (DmsStage *stage, size_t item, bool is_subject)
{
  if (item == DMS_NO_ITEM)
    return;
  dms_scene_item (stage->scene, item)->changed = true;
  dms_scene_item (stage->scene, item)->chosen |= is_subject;
}

static void
change_waiter (DmsStage *stage, uint64_t transfer)
{
  char id[32];

  (void)snprintf (id, sizeof id, "waiter:%llu", (unsigned long long)transfer);
  change (stage, dms_scene_find (stage->scene, id), true);
}

static void
change_registers (DmsStage *stage)
{
  for (unsigned row = 0; row < stage->n_rows; row++)
    if (stage->rows[row].index != DMS_NO_PAGE)
      change (stage, stage->pages[row].register_item, false);
  change (stage, dms_scene_find (stage->scene, "pool"), false);
}

/* A burst in shared memory is about none of the elements. */
static bool
is_about_elements (const DmsStage *stage)
{
  return stage->shared == NULL || stage->shared->id != stage->event->object;
}

void
dms_stage_mark_changes (DmsStage *stage)
{
  const DmsEvent *event = stage->event;
  uint32_t index = dms_stage_event_page (stage);
  int row = dms_stage_row_of (stage->rows, stage->n_rows, index);
  int at = is_about_elements (stage) ? dms_stage_row_of (
               stage->elements, stage->n_element_rows, dms_stage_event_element (stage))
                                     : -1;
  size_t page = row < 0 ? DMS_NO_ITEM : stage->rows[row].item;
  size_t held = row < 0 ? DMS_NO_ITEM : stage->pages[row].register_item;
  size_t element = at < 0 ? DMS_NO_ITEM : stage->elements[at].item;
  size_t descriptor = at < 0 ? DMS_NO_ITEM : stage->descriptor_items[at];

  switch (event->kind)
    {
    case DMS_EVENT_GRANT:
    case DMS_EVENT_RELEASE:
      change_registers (stage);
      break;
    case DMS_EVENT_PAGE:
      change (stage, held, false);
      change (stage, element, true);
      break;
    case DMS_EVENT_BOUNCE:
      change (stage, held, true);
      change (stage, element, false);
      change (stage, row < 0 ? DMS_NO_ITEM : stage->pages[row].bounce_item, false);
      break;
    case DMS_EVENT_COPY:
      change (stage, page, false);
      change (stage, held, true);
      break;
    case DMS_EVENT_TOUCH:
      change (stage, page, true);
      break;
    case DMS_EVENT_DESCRIPTOR:
      change (stage, descriptor, false);
      change (stage, element, true);
      break;
    case DMS_EVENT_BURST:
      change (stage, page, false);
      change (stage, descriptor, false);
      change (stage, element, true);
      break;
    case DMS_EVENT_START:
    case DMS_EVENT_INTERRUPT:
    case DMS_EVENT_STOP:
      change (stage, stage->device_item, true);
      break;
    case DMS_EVENT_WAIT:
      change_waiter (stage, event->transfer);
      break;
    case DMS_EVENT_POOL:
      change (stage, dms_scene_find (stage->scene, "pool"), false);
      change (stage, dms_scene_find (stage->scene, "away"), true);
      break;
    case DMS_EVENT_LIMIT:
      change (stage, dms_scene_find (stage->scene, "fence"), false);
      break;
    case DMS_EVENT_CONTROLLER:
    case DMS_EVENT_TERMINAL_COUNT:
      change (stage, channel_item (stage), true);
      break;
    case DMS_EVENT_FAULT:
      change (stage, dms_scene_find (stage->scene, "iommu"), true);
      break;
    case DMS_EVENT_STRAY:
      change (stage, frame_item (stage, event->b >> DMS_PAGE_SHIFT), true);
      break;
    default:
      break;
    }
}
