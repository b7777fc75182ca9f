/* ui-scenes.c — moments for tests of scene and painters
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/ui/ui-scenes.h"

#include "tests/lib/dms-test.h"

DmsState *
ui_moment (const CoreLog *log, uint64_t seq, DmsEvent *ret_opening, DmsEvent *ret_last)
{
  DmsState *state = core_log_fold (log, seq);
  uint64_t at = seq;

  *ret_opening = *ret_last = (DmsEvent){ .kind = DMS_EVENT_NONE };
  if (seq == 0)
    return state;
  *ret_last = *core_log_event (log, seq);
  while (at > 1 && core_log_event (log, at - 1)->step == ret_last->step)
    at--;
  *ret_opening = *core_log_event (log, at);
  return state;
}

void
ui_set_facts (DmsScene *scene, const CoreLog *log, uint64_t seq)
{
  DmsEvent facts[DMS_SCENE_FACTS_MAX];
  uint64_t step = core_log_event (log, seq)->step;
  size_t n = 0;

  for (uint64_t at = seq; at > 0 && core_log_event (log, at)->step == step; at--)
    if (core_log_event (log, at)->kind == DMS_EVENT_FACT && n < DMS_SCENE_FACTS_MAX)
      facts[n++] = *core_log_event (log, at);
  dms_scene_set_facts (scene, facts, n);
}

void
ui_build_scene (DmsScene *scene,
                const CoreLog *log,
                uint64_t seq,
                const char *chosen,
                double width,
                double height)
{
  DmsEvent opening, last;
  DmsState *state = ui_moment (log, seq, &opening, &last);
  DmsStatus status = dms_scene_build (
      scene, state, &opening, &last, log->names, NULL, chosen, width, height);

  g_assert_cmpint (status, ==, DMS_OK);
  dms_state_free (state);
}

const DmsItem *
ui_item (const DmsScene *scene, const char *id)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);
  size_t item = dms_scene_find (scene, id);

  if (item == DMS_NO_ITEM)
    g_error ("no item %s", id);
  return &items[item];
}

/* ---- layout ---- */

static bool
is_opaque (const DmsItem *item)
{
  return item->kind == DMS_ITEM_PAGE || item->kind == DMS_ITEM_FRAME
         || item->kind == DMS_ITEM_REGISTER || item->kind == DMS_ITEM_ELEMENT
         || item->kind == DMS_ITEM_DEVICE || item->kind == DMS_ITEM_TITLE
         || item->kind == DMS_ITEM_MORE || item->kind == DMS_ITEM_SHARED
         || item->kind == DMS_ITEM_WAITER
         || (item->kind == DMS_ITEM_POOL && item->look == DMS_LOOK_POOL);
}

static bool
overlap (DmsRect a, DmsRect b)
{
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height
         && b.y < a.y + a.height;
}

static bool
is_inside_device (const DmsItem *a, const DmsItem *b)
{
  return (a->kind == DMS_ITEM_DEVICE && b->kind == DMS_ITEM_MORE)
         || (b->kind == DMS_ITEM_DEVICE && a->kind == DMS_ITEM_MORE);
}

void
ui_assert_layout (const DmsScene *scene)
{
  size_t n;
  const DmsItem *items = dms_scene_items (scene, &n);
  DmsRect legend = dms_scene_legend_rect (scene);
  double width, height;

  dms_scene_size (scene, &width, &height);
  for (size_t i = 0; i < n; i++)
    {
      DmsRect r = items[i].rect;
      if (r.x < 0 || r.y < 0 || r.x + r.width > width || r.y + r.height > legend.y
          || r.width < 0 || r.height < 0)
        g_error ("%s at %g,%g %gx%g is not on the picture of %gx%g",
                 items[i].id,
                 r.x,
                 r.y,
                 r.width,
                 r.height,
                 width,
                 height);
      for (size_t j = i + 1; j < n && is_opaque (&items[i]); j++)
        if (is_opaque (&items[j]) && overlap (r, items[j].rect)
            && !is_inside_device (&items[i], &items[j]))
          g_error ("%s covers %s", items[i].id, items[j].id);
    }
}

/* ---- a larger transfer ---- */

enum
{
  BURST_BYTES = 1024,
  OFFSET = 512
};

typedef struct
{
  CoreLog *log;
  uint32_t device;
  uint32_t direction;
  uint64_t *frames;
  unsigned pages;
  unsigned n_elements;
} Large;

static void
emit_mdls (Large *large, bool chain)
{
  unsigned n = chain && large->pages >= 6 ? 3 : 1;
  unsigned first = 0;
  uint64_t start = 0;

  for (unsigned i = 0; i < n; i++)
    {
      unsigned end = large->pages * (i + 1) / n;
      DmsBytes payload;
      uint64_t length = (uint64_t)(end - first) * DMS_PAGE_SIZE - OFFSET;
      dms_bytes_init (&payload);
      dms_payload_append_frames (&payload, large->frames + first, end - first);
      core_log_emit (
          large->log,
          (DmsEvent){ .kind = DMS_EVENT_MDL,
                      .object = 1,
                      .index = i,
                      .a = UINT64_C (0xffff800000100000) + OFFSET,
                      .b = start,
                      .c = core_log_name (large->log, DMS_NAME_BUFFER, 0, "data"),
                      .length = length,
                      .flags = DMS_FLAG_LOCKED,
                      .payload = payload.data,
                      .payload_length = (uint32_t)payload.length });
      dms_bytes_release (&payload);
      start += length;
      first = end;
    }
}

static void
emit_page (Large *large, const DmsState *state, unsigned page)
{
  const DmsBufferState *buffer = dms_state_buffer (state, 1);
  const DmsPageState *is = &buffer->pages[page];
  DmsEvent event = { .device = large->device,
                     .transfer = 1,
                     .object = 1,
                     .index = page,
                     .length = (uint64_t)(is->end - is->start) };

  if (is->frame < 0x100000)
    {
      bool joins
          = page > 0 && is->start == 0 && is->frame == large->frames[page - 1] + 1;
      event.kind = DMS_EVENT_PAGE;
      event.a = is->frame;
      event.b = (is->frame << DMS_PAGE_SHIFT) + is->start;
      event.flags = joins ? DMS_FLAG_JOINED : 0;
      core_log_emit (large->log, event);
      return;
    }
  event.kind = DMS_EVENT_BOUNCE;
  event.a = (is->frame << DMS_PAGE_SHIFT) + is->start;
  event.b = ((uint64_t)(0x40 + page * 3) << DMS_PAGE_SHIFT) + is->start;
  event.c = UINT32_MAX;
  core_log_emit (large->log, event);
  if (large->direction != DMS_FLAG_TO_DEVICE)
    return;
  event.kind = DMS_EVENT_COPY;
  event.flags = DMS_FLAG_COPY_IN;
  event.c = 0;
  core_log_emit (large->log, event);
}

static void
emit_work (Large *large)
{
  const DmsMappingState *mapping = dms_state_mapping (large->log->state, 1);
  DmsEvent event = { .device = large->device, .transfer = 1, .object = 1 };
  unsigned n = mapping->n_elements;

  for (unsigned i = 0; i < n; i++)
    {
      event.kind = DMS_EVENT_DESCRIPTOR;
      event.index = i;
      event.a = mapping->elements[i].logical;
      event.length = mapping->elements[i].length;
      core_log_emit (large->log, event);
    }
  event = (DmsEvent){ .kind = DMS_EVENT_START,
                      .device = large->device,
                      .transfer = 1,
                      .object = 1,
                      .a = n,
                      .length = mapping->length,
                      .flags = large->direction };
  core_log_emit (large->log, event);
  for (unsigned i = 0; i < n * 2 / 3 + 1; i++)
    for (uint64_t done = 0; done < mapping->elements[i].length;)
      {
        uint64_t left = mapping->elements[i].length - done;
        uint64_t logical = mapping->elements[i].logical + done;
        uint64_t to_page_end = DMS_PAGE_SIZE - dms_page_offset (logical);
        uint64_t length = MIN (MIN (left, BURST_BYTES), to_page_end);
        bool bounced = dms_mapping_piece (mapping, i, logical)->bounced;
        done += length;
        core_log_emit (
            large->log,
            (DmsEvent){ .kind = DMS_EVENT_BURST,
                        .device = large->device,
                        .transfer = 1,
                        .object = 1,
                        .index = i,
                        .a = logical,
                        .b = logical,
                        .c = done,
                        .length = length,
                        .flags = large->direction | (bounced ? DMS_FLAG_BOUNCED : 0) });
      }
}

void
ui_emit_large (CoreLog *log, unsigned pages, bool to_device, bool chain)
{
  Large large = { .log = log,
                  .device = core_log_name (log, DMS_NAME_DEVICE, 0, "card0"),
                  .direction = to_device ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE,
                  .frames = g_new (uint64_t, pages),
                  .pages = pages };
  DmsTestRandom random = { 7 };
  uint64_t frame = 0x3000;

  for (unsigned i = 0; i < pages; i++)
    {
      frame = dms_test_random_chance (&random, 40)
                  ? frame + 1
                  : 0x1000 + dms_test_random_below (&random, 0xe0000);
      large.frames[i]
          = i % 4 == 2 ? 0x100000 + dms_test_random_below (&random, 0x90000) : frame;
    }
  core_log_emit (log,
                 (DmsEvent){ .kind = DMS_EVENT_MACHINE,
                             .a = UINT64_C (8) << 30,
                             .b = pages + 16,
                             .length = DMS_PAGE_SIZE });
  core_log_emit (
      log,
      (DmsEvent){ .kind = DMS_EVENT_DEVICE,
                  .device = large.device,
                  .object = core_log_name (log, DMS_NAME_TEXT, 0, "bus-master"),
                  .a = 32,
                  .b = UINT64_C (1) << 24,
                  .c = BURST_BYTES,
                  .length = 4096,
                  .flags = DMS_FLAG_SCATTER_GATHER });
  emit_mdls (&large, chain);
  uint64_t length = dms_state_buffer (log->state, 1)->length;
  DmsEvent about = { .kind = DMS_EVENT_REQUEST,
                     .device = large.device,
                     .transfer = 1,
                     .object = 1,
                     .length = length,
                     .flags = large.direction };
  core_log_emit (log, about);
  about.kind = DMS_EVENT_COUNT;
  about.a = pages;
  about.b = OFFSET;
  about.c = pages;
  about.index = 1;
  core_log_emit (log, about);
  core_log_emit (log,
                 (DmsEvent){ .kind = DMS_EVENT_GRANT,
                             .device = large.device,
                             .transfer = 1,
                             .object = 1,
                             .a = pages,
                             .b = 16 });
  for (unsigned i = 0; i < pages; i++)
    emit_page (&large, log->state, i);
  core_log_emit (log,
                 (DmsEvent){ .kind = DMS_EVENT_MAP,
                             .device = large.device,
                             .transfer = 1,
                             .object = 1,
                             .index = dms_state_mapping (log->state, 1)->n_elements,
                             .a = pages,
                             .length = length,
                             .flags = large.direction | DMS_FLAG_BOUNCED });
  emit_work (&large);
  g_free (large.frames);
}

/* ---- a recording ---- */

static void
emit_map (CoreLog *log,
          DmsEvent event,
          const DmsSegment *memory,
          const DmsSegment *device,
          unsigned n)
{
  DmsBytes payload;

  dms_bytes_init (&payload);
  dms_payload_append_segments (&payload, DMS_PAYLOAD_MEMORY, memory, n);
  dms_payload_append_segments (&payload, DMS_PAYLOAD_DEVICE, device, n);
  event.kind = DMS_EVENT_MAP;
  event.index = n;
  event.a = n;
  event.payload = payload.data;
  event.payload_length = (uint32_t)payload.length;
  core_log_emit (log, event);
  dms_bytes_release (&payload);
}

void
ui_emit_recording (CoreLog *log, unsigned segments)
{
  uint32_t net = core_log_name (log, DMS_NAME_DEVICE, 0, "0000:00:03.0");
  uint32_t disk = core_log_name (log, DMS_NAME_DEVICE, 0, "0000:00:1f.2");
  uint32_t dd = core_log_name (log, DMS_NAME_TASK, 253, "dd");
  uint64_t pool = 0x3bc00000;
  uint64_t length = 0;
  DmsTestRandom random = { 3 };

  for (unsigned i = 0; i < 120; i++)
    {
      DmsSegment memory
          = { 0xc800000 + 0x1000 * dms_test_random_below (&random, 0x600), 4096 };
      if (i % 6 == 0)
        memory.address = 0x1000 * dms_test_random_below (&random, 0x30000);
      emit_map (log,
                (DmsEvent){ .device = net,
                            .task = dd,
                            .t_ns = 5000000 * (int64_t)i,
                            .object = i + 1,
                            .length = 4096,
                            .flags = DMS_FLAG_FROM_DEVICE | DMS_FLAG_FORM_SINGLE },
                &memory,
                &memory,
                1);
    }
  g_autofree DmsSegment *memory = g_new (DmsSegment, segments + 1);
  g_autofree DmsSegment *device = g_new (DmsSegment, segments + 1);
  for (unsigned i = 0; i < segments; i++)
    {
      memory[i] = (DmsSegment){ 0x52d8000 + 0x1000 * ((i * 37) % 64), 4096 };
      device[i] = (DmsSegment){ pool + 0x184000 + 0x1000 * i, 4096 };
      length += 4096;
      core_log_emit (log,
                     (DmsEvent){ .kind = DMS_EVENT_BOUNCE,
                                 .device = disk,
                                 .task = dd,
                                 .t_ns = 700000000 + (int64_t)i * 3000,
                                 .a = memory[i].address,
                                 .c = UINT64_MAX,
                                 .length = 4096,
                                 .flags = DMS_FLAG_FORCED });
    }
  if (segments > 0)
    emit_map (log,
              (DmsEvent){ .device = disk,
                          .task = dd,
                          .t_ns = 701000000,
                          .object = 200,
                          .length = length,
                          .flags = DMS_FLAG_FROM_DEVICE | DMS_FLAG_FORM_SG
                                   | DMS_FLAG_BOUNCED | DMS_FLAG_ALL_BOUNCED },
              memory,
              device,
              segments);
}

/* ---- a timeline ---- */

static gint
compare_lanes (gconstpointer one, gconstpointer other)
{
  const DmsTimelineLane *a = one, *b = other;

  return a->lane.kind != b->lane.kind ? (gint)a->lane.kind - (gint)b->lane.kind
                                      : (gint)a->lane.device - (gint)b->lane.device;
}

static GArray *
lane_array (UiTimeline *timeline, const DmsLane *lane, gsize size)
{
  for (guint i = 0; i < timeline->lanes->len; i++)
    {
      const DmsTimelineLane *is = &g_array_index (timeline->lanes, DmsTimelineLane, i);
      if (is->lane.kind == lane->kind && is->lane.device == lane->device)
        return g_ptr_array_index (timeline->arrays, is->n_bars);
    }
  GArray *array = g_array_new (FALSE, TRUE, (guint)size);
  /* Until all are there, n_bars holds the place of the array. */
  DmsTimelineLane fresh = { .lane = *lane, .n_bars = timeline->arrays->len };
  g_array_append_val (timeline->lanes, fresh);
  g_ptr_array_add (timeline->arrays, array);
  return array;
}

static void
add_bar (GArray *bars, const DmsEvent *event, DmsLaneBar bar)
{
  bar.x0 = bar.x1 = (int64_t)event->step;
  bar.first_seq = bar.last_seq = event->seq;
  g_array_append_val (bars, bar);
}

static void
take_call (GArray *bars, const DmsEvent *event, uint64_t depth)
{
  if (event->kind == DMS_EVENT_CALL)
    {
      add_bar (
          bars,
          event,
          (DmsLaneBar){ .depth = (uint32_t)depth - 1, .name = (uint32_t)event->a });
      return;
    }
  for (guint i = bars->len; i-- > 0;)
    {
      DmsLaneBar *bar = &g_array_index (bars, DmsLaneBar, i);
      if (bar->depth != depth)
        continue;
      bar->x1 = (int64_t)event->step;
      bar->last_seq = event->seq;
      return;
    }
}

static void
take_burst (GArray *bars, const DmsEvent *event)
{
  DmsLaneBar *last
      = bars->len == 0 ? NULL : &g_array_index (bars, DmsLaneBar, bars->len - 1);

  if (event->kind != DMS_EVENT_BURST)
    return;
  if (last == NULL || last->index != event->index)
    add_bar (bars, event, (DmsLaneBar){ .index = event->index });
  else
    last->x1 = (int64_t)event->step;
}

static void
take_sample (UiTimeline *timeline, const DmsEvent *event, const DmsLaneSample *sample)
{
  bool is_time = timeline->data.is_time;
  DmsLaneKind kind = sample->lane.kind;
  bool is_bars = !is_time && (kind == DMS_LANE_CALLS || kind == DMS_LANE_DEVICE);
  GArray *array = lane_array (
      timeline, &sample->lane, is_bars ? sizeof (DmsLaneBar) : sizeof (DmsLaneNode));

  if (is_bars && kind == DMS_LANE_CALLS)
    take_call (array, event, sample->value);
  else if (is_bars)
    take_burst (array, event);
  else
    {
      int64_t x = is_time ? event->t_ns : (int64_t)event->step;
      DmsLaneNode node = { .x0 = x,
                           .x1 = x,
                           .first_seq = event->seq,
                           .last_seq = event->seq,
                           .count = 1,
                           .kind = event->kind,
                           .min = sample->value,
                           .max = sample->value,
                           .last = sample->value };
      g_array_append_val (array, node);
    }
}

void
ui_timeline_make (UiTimeline *timeline, const CoreLog *log, uint64_t seq)
{
  DmsState *state = dms_state_new ();
  const DmsEvent *at = core_log_event (log, seq);
  const DmsEvent *end = core_log_event (log, log->events->len);

  *timeline = (UiTimeline){
    .lanes = g_array_new (FALSE, TRUE, sizeof (DmsTimelineLane)),
    .arrays = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref)
  };
  DmsTimelineData *data = &timeline->data;
  data->is_time = (at->flags & DMS_FLAG_RECORDED) != 0;
  data->first = data->x0 = data->is_time ? core_log_event (log, 1)->t_ns : 0;
  data->last = data->x1 = data->is_time ? end->t_ns : (int64_t)end->step;
  data->cursor = data->is_time ? at->t_ns : (int64_t)at->step;
  for (uint64_t i = 1; i <= log->events->len; i++)
    {
      DmsLaneSample samples[DMS_LANE_SAMPLES_MAX];
      const DmsEvent *event = core_log_event (log, i);
      g_assert_cmpint (dms_state_apply (state, event), ==, DMS_OK);
      unsigned n = dms_lane_samples (event, state, samples);
      for (unsigned s = 0; s < n; s++)
        take_sample (timeline, event, &samples[s]);
    }
  dms_state_free (state);

  g_array_sort (timeline->lanes, compare_lanes);
  for (guint i = 0; i < timeline->lanes->len; i++)
    {
      DmsTimelineLane *lane = &g_array_index (timeline->lanes, DmsTimelineLane, i);
      GArray *array = g_ptr_array_index (timeline->arrays, lane->n_bars);
      bool is_bars = g_array_get_element_size (array) == sizeof (DmsLaneBar);
      lane->title = dms_lane_title (&lane->lane, log->names);
      lane->n_bars = is_bars ? array->len : 0;
      lane->n_nodes = is_bars ? 0 : array->len;
      lane->bars = is_bars ? (const DmsLaneBar *)(void *)array->data : NULL;
      lane->nodes = is_bars ? NULL : (const DmsLaneNode *)(void *)array->data;
    }
  data->lanes = (const DmsTimelineLane *)(void *)timeline->lanes->data;
  data->n_lanes = timeline->lanes->len;
}

void
ui_timeline_release (UiTimeline *timeline)
{
  if (timeline->lanes == NULL)
    return;
  g_array_unref (timeline->lanes);
  g_ptr_array_unref (timeline->arrays);
}
