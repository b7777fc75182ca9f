/* dms-memory-scene.c — a recording: memory, bounce pool or translations, device
 * addresses
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-memory-private.h"

#include <math.h>
#include <stdio.h>

enum
{
  MARGIN = 26,
  LABELS = 46, /* of the map's scale */
  TITLES = 14,
  TOP = 92,
  PITCH = 24,
  ROW = 20,
  SLOT_BYTES = 2048, /* of Linux' swiotlb */
  LEAST_WIDTH = 860,
  LEAST_HEIGHT = 460
};

/* ---- which mapping ---- */

static const DmsMappingState *
chosen_mapping (const DmsMemory *memory)
{
  unsigned long long id;

  if (memory->in->chosen != NULL
      && sscanf (memory->in->chosen, "segment:%llu:", &id) == 1)
    return dms_state_mapping (memory->state, id);
  return NULL;
}

static bool
speaks_of_mapping (unsigned kind)
{
  return kind == DMS_EVENT_MAP || kind == DMS_EVENT_ALLOC || kind == DMS_EVENT_UNMAP
         || kind == DMS_EVENT_FREE || kind == DMS_EVENT_SYNC;
}

static bool
is_end (unsigned kind)
{
  return kind == DMS_EVENT_UNMAP || kind == DMS_EVENT_FREE;
}

static void
find_mapping (DmsMemory *memory)
{
  const DmsEvent *event = memory->event;
  const DmsState *state = memory->state;

  memory->is_over = is_end (event->kind) || event->kind == DMS_EVENT_IOMMU_UNMAP;
  memory->is_translation
      = event->kind == DMS_EVENT_IOMMU_MAP || event->kind == DMS_EVENT_IOMMU_UNMAP;
  memory->is_coming = event->kind == DMS_EVENT_BOUNCE && state->n_pending > 0;
  memory->device = event->device;
  if (memory->is_over || memory->is_coming || memory->is_translation
      || (event->kind == DMS_EVENT_MAP && (event->flags & DMS_FLAG_FAILED) != 0))
    return;
  if (speaks_of_mapping (event->kind))
    memory->mapping = dms_state_mapping (
        state, event->object != 0 ? event->object : state->last_mapping);
  else
    memory->mapping = chosen_mapping (memory);
  if (memory->mapping == NULL && !speaks_of_mapping (event->kind))
    memory->mapping = dms_state_mapping (state, state->last_mapping);
  if (memory->mapping != NULL)
    memory->device = memory->mapping->device;
}

/* ---- its segments ---- */

static void
take_mapping (DmsMemory *memory, unsigned limit)
{
  const DmsMappingState *mapping = memory->mapping;
  bool is_paired = mapping->n_pieces == mapping->n_elements;

  memory->all_segments = mapping->n_elements;
  for (uint32_t i = 0; i < mapping->n_elements; i++)
    {
      if (i >= limit)
        {
          memory->hidden_bytes += mapping->elements[i].length;
          continue;
        }
      DmsShownSegment *segment = &memory->segments[memory->n_segments++];
      *segment = (DmsShownSegment){ .logical = mapping->elements[i].logical,
                                    .length = mapping->elements[i].length,
                                    .is_known = true };
      /* An IOMMU that merges makes fewer segments: then only the first one's memory is
       * sure. */
      if (mapping->n_pieces == 0 || (!is_paired && i > 0))
        continue;
      segment->physical = mapping->pieces[i].physical;
      segment->has_physical = true;
      segment->bounced = mapping->pieces[i].bounced;
    }
}

/* Of a mapping that has just ended the state knows nothing any more: what the event
 * itself says. */
static void
take_ended (DmsMemory *memory, unsigned limit)
{
  const DmsEvent *event = memory->event;
  DmsPayloadList list;
  DmsSegment piece;

  if ((event->flags & DMS_FLAG_FORM) != DMS_FLAG_FORM_SG)
    {
      memory->segments[memory->n_segments++] = (DmsShownSegment){
        .logical = event->a, .length = event->length, .is_known = true
      };
      memory->all_segments = 1;
      return;
    }
  dms_payload_find (event->payload, event->payload_length, DMS_PAYLOAD_MEMORY, &list);
  while (dms_payload_next_segment (&list, &piece))
    {
      memory->all_segments++;
      if (memory->n_segments < limit)
        memory->segments[memory->n_segments++] = (DmsShownSegment){
          .physical = piece.address, .length = piece.length, .has_physical = true
        };
      else
        memory->hidden_bytes += piece.length;
    }
}

/* What the IOMMU has just learnt or forgotten. */
static void
take_translation (DmsMemory *memory)
{
  const DmsEvent *event = memory->event;

  memory->segments[memory->n_segments++] = (DmsShownSegment){
    .logical = event->a,
    .physical = event->b,
    .length = event->length,
    .is_known = true,
    .has_physical = event->kind == DMS_EVENT_IOMMU_MAP,
  };
  memory->all_segments = 1;
}

/* Bounces of the call that goes on now: the last ones of its device and task. */
static void
take_pending (DmsMemory *memory, unsigned limit)
{
  const DmsState *state = memory->state;
  uint64_t n = 0, skipped = 0;

  for (uint32_t i = 0; i < state->n_pending; i++)
    n += state->pending[i].device == memory->event->device
         && state->pending[i].task == memory->event->task;
  memory->all_segments = n;
  for (uint32_t i = 0; i < state->n_pending; i++)
    {
      const DmsPendingBounce *pending = &state->pending[i];
      if (pending->device != memory->event->device
          || pending->task != memory->event->task)
        continue;
      /* The newest are shown, so that the one that the event tells of is among them. */
      if (n - skipped > limit)
        {
          skipped++;
          memory->hidden_bytes += pending->length;
          continue;
        }
      if (memory->n_segments < limit)
        memory->segments[memory->n_segments++]
            = (DmsShownSegment){ .physical = pending->original,
                                 .length = pending->length,
                                 .has_physical = true,
                                 .bounced = true };
    }
}

static DmsWay
find_way (const DmsMemory *memory)
{
  if (memory->is_translation)
    return DMS_WAY_IOMMU;
  for (unsigned i = 0; i < memory->n_segments; i++)
    if (memory->segments[i].bounced)
      return DMS_WAY_BOUNCE;
  for (unsigned i = 0; i < memory->n_segments; i++)
    if (memory->segments[i].is_known && memory->segments[i].has_physical
        && memory->segments[i].logical != memory->segments[i].physical)
      return DMS_WAY_IOMMU;
  /* Shared memory shows no piece; an entry of the IOMMU may still translate it. */
  if (memory->n_segments > 0 && memory->segments[0].is_known
      && dms_table_get (&memory->state->iommu,
                        memory->segments[0].logical & ~(uint64_t)DMS_PAGE_MASK)
             != NULL)
    return DMS_WAY_IOMMU;
  return DMS_WAY_STRAIGHT;
}

static void
take_segments (DmsMemory *memory)
{
  double rows = floor ((memory->bottom - memory->top) / PITCH) - 1;
  unsigned limit = rows > DMS_SEGMENT_ROWS_MAX ? DMS_SEGMENT_ROWS_MAX : (unsigned)rows;

  if (memory->mapping != NULL)
    take_mapping (memory, limit);
  else if (memory->is_translation)
    take_translation (memory);
  else if (memory->is_over)
    take_ended (memory, limit);
  else if (memory->is_coming)
    take_pending (memory, limit);
  memory->way = find_way (memory);
}

/* ---- titles ---- */

static void
add_title (DmsMemory *memory, int column, double x, double end, const char *text)
{
  DmsScene *scene = memory->scene;
  size_t title = dms_scene_add (
      scene, DMS_ITEM_TITLE, DMS_LOOK_PLAIN, (DmsRect){ x, TITLES, end - x, 58 });

  dms_scene_set_id (scene, title, "title:%d", column);
  dms_scene_add_line (scene, title, text);
}

static void
add_title_line (DmsMemory *memory, const char *line)
{
  dms_scene_add_line (memory->scene, memory->scene->n_items - 1, line);
}

static const char *
direction_words (uint32_t flags)
{
  switch (flags & DMS_FLAG_DIRECTION)
    {
    case DMS_FLAG_TO_DEVICE:
      return "to the device";
    case DMS_FLAG_FROM_DEVICE:
      return "from the device";
    case DMS_FLAG_BIDIRECTIONAL:
      return "in both directions";
    default:
      return "in no direction";
    }
}

static void
add_device_lines (DmsMemory *memory)
{
  const DmsMappingState *mapping = memory->mapping;

  if (memory->device != 0)
    add_title_line (
        memory,
        dms_scene_keep (memory->scene,
                        dms_names_text (memory->in->names, memory->device)));
  if (memory->is_coming)
    add_title_line (memory, DMS_MEMORY_WORD (memory, "not mapped yet"));
  else if (memory->is_over)
    add_title_line (memory, DMS_MEMORY_WORD (memory, "unmapped now"));
  else if (memory->is_translation)
    add_title_line (memory, DMS_MEMORY_WORD (memory, "translated now"));
  if (mapping == NULL)
    return;
  dms_say_segments (&memory->scene->text,
                    mapping->wanted_elements > mapping->n_elements
                        ? mapping->wanted_elements
                        : mapping->n_elements,
                    memory->voice);
  const char *segments = dms_scene_keep_text (memory->scene);
  const char *direction = DMS_MEMORY_WORD (memory, direction_words (mapping->flags));
  add_title_line (memory,
                  DMS_MEMORY_TELL (memory,
                                   "{segments}, {direction}",
                                   DMS_TEXT ("direction", direction),
                                   DMS_TEXT ("segments", segments)));
}

static void
add_middle_title (DmsMemory *memory)
{
  double end = memory->device_x - 12;

  if (memory->way == DMS_WAY_BOUNCE)
    {
      add_title (
          memory, 1, memory->middle_x, end, DMS_MEMORY_WORD (memory, "Bounce pool"));
      add_title_line (memory, DMS_MEMORY_WORD (memory, "slots of 2 KiB, numbers"));
      add_title_line (memory, DMS_MEMORY_WORD (memory, "counted from the lowest seen"));
    }
  else if (memory->way == DMS_WAY_IOMMU)
    {
      add_title (memory, 1, memory->middle_x, end, DMS_MEMORY_WORD (memory, "IOMMU"));
      add_title_line (memory,
                      DMS_MEMORY_TELL (memory,
                                       "translations: {n},",
                                       DMS_NUMBER ("n", memory->state->iommu.n)));
      add_title_line (memory, DMS_MEMORY_WORD (memory, "of which device is not shown"));
    }
}

static void
add_titles (DmsMemory *memory)
{
  add_title (memory,
             0,
             memory->map.x,
             memory->middle_x - 16,
             DMS_MEMORY_WORD (memory, "Physical memory"));
  add_title_line (memory,
                  DMS_MEMORY_TELL (memory,
                                   "live mappings: {n}",
                                   DMS_NUMBER ("n", memory->state->mappings.n)));
  add_title_line (memory,
                  DMS_MEMORY_TELL (memory,
                                   "mapped: {n}",
                                   DMS_SIZE ("n", memory->state->live_bytes)));
  add_middle_title (memory);
  add_title (memory,
             2,
             memory->device_x,
             memory->scene->width - 8,
             DMS_MEMORY_WORD (memory, "Device address"));
  add_device_lines (memory);
}

/* ---- rows ---- */

static DmsRect
row_rect (const DmsMemory *memory, unsigned row, bool at_device)
{
  return (DmsRect){ at_device ? memory->device_x : memory->middle_x,
                    memory->top + row * PITCH,
                    at_device ? memory->device_width : memory->middle_width,
                    ROW };
}

static size_t
add_slot (DmsMemory *memory, unsigned row)
{
  DmsScene *scene = memory->scene;
  const DmsShownSegment *segment = &memory->segments[row];
  size_t slot = dms_scene_add (
      scene, DMS_ITEM_SLOT, DMS_LOOK_BOUNCE, row_rect (memory, row, false));
  uint64_t number = (segment->logical - memory->state->pool_first) / SLOT_BYTES;

  /* A name, not an amount: its digits are not grouped. */
  dms_bytes_printf (&scene->text, "%llu", (unsigned long long)number);
  const char *name = dms_scene_keep_text (scene);
  dms_scene_set_id (scene, slot, "slot:%u", row);
  dms_scene_add_line (scene,
                      slot,
                      segment->is_known
                          ? DMS_MEMORY_TELL (memory, "slot {n}", DMS_TEXT ("n", name))
                          : DMS_MEMORY_WORD (memory, "slot ?"));
  dms_scene_add_line (
      scene,
      slot,
      DMS_MEMORY_TELL (memory, "{n} B", DMS_NUMBER ("n", segment->length)));
  dms_scene_set_sentence (
      scene,
      slot,
      segment->is_known
          ? DMS_MEMORY_TELL (
              memory,
              "{length} of memory at {physical} are bounced through slot {n} of "
              "the pool; the number counts from the lowest slot seen.",
              DMS_BYTES ("length", segment->length),
              DMS_ADDRESS ("physical", segment->physical),
              DMS_TEXT ("n", name))
          : DMS_MEMORY_TELL (
              memory,
              "{length} of memory at {physical} are bounced; which slot, the "
              "mapping will show.",
              DMS_BYTES ("length", segment->length),
              DMS_ADDRESS ("physical", segment->physical)));
  return slot;
}

static size_t
add_translation (DmsMemory *memory, unsigned row)
{
  DmsScene *scene = memory->scene;
  const DmsShownSegment *segment = &memory->segments[row];
  const DmsIommuState *entry = dms_table_get (
      &memory->state->iommu, segment->logical & ~(uint64_t)DMS_PAGE_MASK);

  uint64_t physical = segment->physical;
  if (!segment->is_known || (entry == NULL && !segment->has_physical))
    return DMS_NO_ITEM;
  if (entry != NULL && !segment->has_physical)
    physical = entry->physical;
  size_t slot = dms_scene_add (
      scene, DMS_ITEM_SLOT, DMS_LOOK_GRANTED, row_rect (memory, row, false));
  dms_scene_set_id (scene, slot, "slot:%u", row);
  dms_scene_add_line (
      scene,
      slot,
      DMS_MEMORY_TELL (
          memory, "frame {frame}", DMS_FRAME ("frame", physical >> DMS_PAGE_SHIFT)));
  dms_scene_add_line (
      scene,
      slot,
      entry == NULL
          ? ""
          : DMS_MEMORY_TELL (memory, "{size}", DMS_SIZE ("size", entry->length)));
  dms_scene_set_sentence (
      scene,
      slot,
      DMS_MEMORY_TELL (
          memory,
          "The IOMMU translates device address {logical} to physical {physical}.",
          DMS_ADDRESS ("logical", segment->logical),
          DMS_ADDRESS ("physical", physical)));
  return slot;
}

static DmsLook
segment_stripe (const DmsMemory *memory)
{
  if (memory->is_over)
    return DMS_LOOK_FREE;
  if (memory->mapping != NULL
      && (memory->mapping->flags & DMS_FLAG_FORM) == DMS_FLAG_FORM_COHERENT)
    return DMS_LOOK_COHERENT;
  return DMS_LOOK_DEVICE;
}

static const char *
segment_aside (DmsMemory *memory, const DmsShownSegment *segment)
{
  uint64_t frame = segment->physical >> DMS_PAGE_SHIFT;

  if (!segment->has_physical)
    return DMS_MEMORY_TELL (memory, "{n}", DMS_BYTES ("n", segment->length));
  if (memory->is_over)
    return DMS_MEMORY_TELL (
        memory, "unmapped, frame {frame}", DMS_FRAME ("frame", frame));
  if (memory->is_coming)
    return DMS_MEMORY_TELL (
        memory, "not mapped yet, for frame {frame}", DMS_FRAME ("frame", frame));
  if (memory->way == DMS_WAY_BOUNCE)
    return DMS_MEMORY_TELL (memory, "from frame {frame}", DMS_FRAME ("frame", frame));
  if (dms_span_pages (segment->physical, segment->length) > 1)
    return DMS_MEMORY_TELL (memory, "{n}", DMS_BYTES ("n", segment->length));
  return DMS_MEMORY_TELL (memory,
                          "{n} B in frame {frame}",
                          DMS_NUMBER ("n", segment->length),
                          DMS_FRAME ("frame", frame));
}

static size_t
add_segment (DmsMemory *memory, unsigned row, uint64_t number)
{
  DmsScene *scene = memory->scene;
  const DmsShownSegment *segment = &memory->segments[row];
  DmsLook look = memory->is_over     ? DMS_LOOK_FREE
                 : memory->is_coming ? DMS_LOOK_PENDING
                                     : DMS_LOOK_GRANTED;
  size_t item
      = dms_scene_add (scene, DMS_ITEM_SEGMENT, look, row_rect (memory, row, true));
  const char *badge = DMS_MEMORY_TELL (memory, "{n}", DMS_NUMBER ("n", number));
  const char *aside = segment_aside (memory, segment);

  if (!memory->is_coming)
    {
      dms_scene_item (scene, item)->badge = badge;
      dms_scene_item (scene, item)->stripe = segment_stripe (memory);
    }
  dms_scene_set_id (
      scene,
      item,
      "segment:%llu:%llu",
      (unsigned long long)(memory->mapping == NULL ? 0 : memory->mapping->id),
      (unsigned long long)number);
  dms_scene_add_line (scene,
                      item,
                      segment->is_known ? DMS_MEMORY_TELL (
                          memory, "{a}", DMS_ADDRESS ("a", segment->logical))
                                        : "");
  dms_scene_add_line (scene, item, aside);
  dms_scene_set_sentence (
      scene,
      item,
      segment->is_known ? DMS_MEMORY_TELL (
          memory,
          "Segment {n}: {length} at device address {address}, {aside}.",
          DMS_NUMBER ("n", number),
          DMS_BYTES ("length", segment->length),
          DMS_ADDRESS ("address", segment->logical),
          DMS_TEXT ("aside", aside))
                        : DMS_MEMORY_TELL (memory,
                                           "Segment {n}: {aside}.",
                                           DMS_NUMBER ("n", number),
                                           DMS_TEXT ("aside", aside)));
  dms_scene_item (scene, item)->changed = speaks_of_mapping (memory->event->kind);
  return item;
}

/* ---- links ---- */

static void
link_to_memory (DmsMemory *memory, const DmsShownSegment *segment, size_t from)
{
  double x, y;
  DmsRect rect = dms_scene_item (memory->scene, from)->rect;
  size_t map = dms_scene_find (memory->scene, "map");

  dms_memory_map_point (memory, segment->physical, &x, &y);
  DmsLink *link = dms_scene_add_link (memory->scene, DMS_LINK_REFERS, from, map);
  link->x0 = rect.x;
  link->y0 = rect.y + rect.height / 2;
  link->x1 = x;
  link->y1 = y;
  link->bend0 = -fmax (40, (rect.x - memory->map.x - memory->map.width) * 0.9);
  link->bend1 = fmax (20, (link->x0 - x) * 0.35);
  link->faint = true;
}

static void
link_across (DmsMemory *memory, size_t from, size_t to)
{
  DmsRect a = dms_scene_item (memory->scene, from)->rect;
  DmsRect b = dms_scene_item (memory->scene, to)->rect;
  DmsLink *link = dms_scene_add_link (memory->scene, DMS_LINK_REFERS, from, to);

  link->x0 = a.x;
  link->y0 = a.y + a.height / 2;
  link->x1 = b.x + b.width;
  link->y1 = b.y + b.height / 2;
}

static void
add_rows (DmsMemory *memory)
{
  uint64_t first = memory->is_coming ? memory->all_segments - memory->n_segments : 0;

  for (unsigned row = 0; row < memory->n_segments; row++)
    {
      DmsShownSegment *segment = &memory->segments[row];
      size_t between = DMS_NO_ITEM;
      if (memory->way == DMS_WAY_BOUNCE && segment->bounced)
        between = add_slot (memory, row);
      else if (memory->way == DMS_WAY_IOMMU)
        between = add_translation (memory, row);
      segment->item = add_segment (memory, row, first + row);
      if (between != DMS_NO_ITEM && !memory->is_coming)
        link_across (memory, segment->item, between);
      if (segment->has_physical && !memory->is_over)
        link_to_memory (
            memory, segment, between == DMS_NO_ITEM ? segment->item : between);
    }
}

static void
add_more (DmsMemory *memory)
{
  const DmsMappingState *mapping = memory->mapping;
  uint64_t hidden = memory->all_segments - memory->n_segments;
  uint64_t lost = mapping != NULL && mapping->wanted_elements > mapping->n_elements
                      ? mapping->wanted_elements - mapping->n_elements
                      : 0;
  DmsRect rect = row_rect (memory, memory->n_segments, true);

  if (hidden == 0 && lost == 0)
    return;
  size_t more = dms_scene_add (memory->scene, DMS_ITEM_MORE, DMS_LOOK_PLAIN, rect);
  uint64_t n = hidden == 0 ? lost : hidden;
  const DmsVoice *voice = memory->voice;
  dms_say_segments (&memory->scene->text, n, voice);
  const char *segments = dms_scene_keep_text (memory->scene);
  const char *more_segments = DMS_MEMORY_TELL (
      memory,
      dms_say_translate (voice, "{n} more segment", "{n} more segments", n),
      DMS_NUMBER ("n", n));
  const char *bytes
      = DMS_MEMORY_TELL (memory, ", {n}", DMS_BYTES ("n", memory->hidden_bytes));
  if (memory->hidden_bytes == 0)
    bytes = ""; /* the event does not say */
  const char *template = hidden == 0         ? "{more}, which the recording left out"
                         : memory->is_coming ? "{segments} before{bytes}"
                                             : "{more}{bytes}";
  dms_scene_add_line (memory->scene,
                      more,
                      DMS_MEMORY_TELL (memory,
                                       template,
                                       DMS_TEXT ("segments", segments),
                                       DMS_TEXT ("more", more_segments),
                                       DMS_TEXT ("bytes", bytes)));
}

/* What there is to say when nothing is mapped. */
static void
add_calm (DmsMemory *memory)
{
  if (memory->n_segments > 0)
    return;
  dms_scene_add_note (
      memory->scene,
      row_rect (memory, 0, true),
      DMS_ALIGN_START,
      memory->state->next_mapping <= 1
          ? DMS_MEMORY_WORD (memory, "Nothing was mapped up to here.")
          : DMS_MEMORY_WORD (memory, "This event speaks of no mapping that is live."));
}

static void
place_columns (DmsMemory *memory)
{
  double width = memory->scene->width;
  double room = width - 2 * MARGIN - LABELS;
  double gap = fmax (26, room * 0.035);
  double middle_gap = fmax (44, room * 0.055);

  memory->device_width = floor (fmin (340, fmax (262, room * 0.31)));
  memory->middle_width = floor (fmin (200, fmax (158, room * 0.17)));
  memory->map = (DmsRect){ MARGIN + LABELS,
                           memory->top,
                           floor (room - gap - middle_gap - memory->device_width
                                  - memory->middle_width),
                           memory->bottom - memory->top };
  memory->middle_x = floor (memory->map.x + memory->map.width + gap);
  memory->device_x = floor (memory->middle_x + memory->middle_width + middle_gap);
}

void
dms_memory_scene_build (DmsScene *scene, const DmsSceneInput *input)
{
  DmsMemory memory = {
    .scene = scene,
    .in = input,
    .state = input->state,
    .event = input->event,
    .voice = input->voice,
    .top = TOP,
  };

  scene->width = fmax (input->width, LEAST_WIDTH);
  scene->height = fmax (input->height, LEAST_HEIGHT);
  memory.bottom = dms_scene_place_bottom (scene, input);
  place_columns (&memory);
  find_mapping (&memory);
  take_segments (&memory);
  add_titles (&memory);
  dms_memory_add_map (&memory);
  add_rows (&memory);
  add_more (&memory);
  add_calm (&memory);
}
