/* dms-stage-scene.c — the lesson's stage: buffer, memory, registers, list, device
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

#include <math.h>

enum
{
  MARGIN = 26,
  TITLES = 14,   /* y of the titles */
  CORRIDOR = 84, /* y where bytes cross the columns */
  TOP = 102,     /* of the columns */
  LEAST_WIDTH = 930,
  LEAST_HEIGHT = 560
};

/* Columns share the width: from a least one to a comfortable one; what is left over
 * goes more to the gaps, where the links are. */
static void
place_columns (DmsStage *stage, double width)
{
  static const double least[] = { 108, 142, 112, 178, 130 };
  static const double good[] = { 122, 158, 130, 206, 160 };
  static const double least_gaps[] = { 38, 82, 28, 36 };
  static const double good_gaps[] = { 54, 104, 36, 42 };
  double sum_least = 0, sum_good = 0, sum_gaps = 0;

  for (int i = 0; i < DMS_COLUMNS; i++)
    {
      /* Dense rows have their words beside the number. */
      double wider = i == 0 && stage->is_dense ? 22 : 0;
      sum_least += least[i] + wider + (i < 4 ? least_gaps[i] : 0);
      sum_good += good[i] + wider + (i < 4 ? good_gaps[i] : 0);
      sum_gaps += i < 4 ? good_gaps[i] : 0;
    }
  double t = fmax (0, fmin (1, (width - sum_least) / (sum_good - sum_least)));
  double extra = fmax (0, width - sum_good);
  double stretch = fmin (1.3, 1 + 0.4 * extra / (sum_good - sum_gaps));
  double gap_stretch
      = 1 + fmax (0, extra - (stretch - 1) * (sum_good - sum_gaps)) / sum_gaps;
  double x = MARGIN;
  for (int i = 0; i < DMS_COLUMNS; i++)
    {
      double wider = i == 0 && stage->is_dense ? 22 : 0;
      double w = floor ((least[i] + wider + t * (good[i] - least[i])) * stretch);
      stage->columns[i] = (DmsColumn){ .x = floor (x), .width = w };
      if (i < 4)
        x += w + (least_gaps[i] + t * (good_gaps[i] - least_gaps[i])) * gap_stretch;
    }
}

static size_t
add_title (DmsStage *stage, DmsColumnKind column, const char *text)
{
  const DmsColumn *place = &stage->columns[column];
  double next = column + 1 < DMS_COLUMNS ? stage->columns[column + 1].x - 12
                                         : stage->scene->width - 8;
  size_t title = dms_scene_add (stage->scene,
                                DMS_ITEM_TITLE,
                                DMS_LOOK_PLAIN,
                                (DmsRect){ place->x, TITLES, next - place->x, 58 });

  dms_scene_set_id (stage->scene, title, "title:%d", (int)column);
  dms_scene_add_line (stage->scene, title, text);
  return title;
}

static void
add_buffer_title (DmsStage *stage)
{
  size_t title = add_title (stage, DMS_COLUMN_BUFFER, DMS_STAGE_WORD (stage, "Buffer"));
  const DmsBufferState *buffer = stage->buffer;

  if (buffer == NULL || buffer->n_mdls == 0)
    return;
  dms_scene_add_line (
      stage->scene,
      title,
      buffer->n_mdls > 1
          ? DMS_STAGE_TELL (
              stage, "chain of {n} MDLs,", DMS_NUMBER ("n", buffer->n_mdls))
          : DMS_STAGE_TELL (
              stage,
              "MDL: offset {offset},",
              DMS_NUMBER ("offset", dms_page_offset (buffer->mdls[0].address))));
  dms_say_pages (&stage->scene->text, buffer->n_pages, stage->voice);
  const char *pages = dms_scene_keep_text (stage->scene);
  dms_scene_add_line (stage->scene,
                      title,
                      DMS_STAGE_TELL (stage,
                                      "{length}, {pages}",
                                      DMS_BYTES ("length", buffer->length),
                                      DMS_TEXT ("pages", pages)));
}

static void
add_memory_title (DmsStage *stage)
{
  size_t title
      = add_title (stage, DMS_COLUMN_MEMORY, DMS_STAGE_WORD (stage, "Physical memory"));
  const DmsDeviceState *device = stage->device;

  if (stage->state->memory_bytes != 0)
    dms_scene_add_line (stage->scene,
                        title,
                        DMS_STAGE_TELL (stage,
                                        "{size} · 0 at the top",
                                        DMS_SIZE ("size", stage->state->memory_bytes)));
  if (dms_stage_is_remapped (stage))
    dms_scene_add_line (
        stage->scene,
        title,
        DMS_STAGE_TELL (stage,
                        "{device} sees what is translated",
                        DMS_TEXT ("device", dms_stage_device_name (stage))));
  else if (device != NULL && device->mask != 0
           && device->mask >= stage->state->memory_bytes - 1
           && stage->state->memory_bytes != 0)
    dms_scene_add_line (
        stage->scene,
        title,
        DMS_STAGE_TELL (stage,
                        "{device} reaches all of it",
                        DMS_TEXT ("device", dms_stage_device_name (stage))));
}

static void
add_register_title (DmsStage *stage)
{
  size_t title = add_title (
      stage, DMS_COLUMN_REGISTERS, DMS_STAGE_WORD (stage, "Map registers"));
  const DmsState *state = stage->state;

  if (state->n_registers == 0)
    return;
  if (state->registers_granted == 0)
    dms_scene_add_line (stage->scene, title, DMS_STAGE_WORD (stage, "none granted"));
  else if (dms_stage_is_remapped (stage))
    dms_scene_add_line (stage->scene,
                        title,
                        DMS_STAGE_TELL (stage,
                                        "{n} granted, they translate",
                                        DMS_NUMBER ("n", state->registers_granted)));
  else if (state->registers_bouncing == 0)
    dms_scene_add_line (stage->scene,
                        title,
                        DMS_STAGE_TELL (stage,
                                        "{n} granted",
                                        DMS_NUMBER ("n", state->registers_granted)));
  else
    dms_scene_add_line (
        stage->scene,
        title,
        DMS_STAGE_TELL (stage,
                        "{n} granted, {bouncing} bounce",
                        DMS_NUMBER ("n", state->registers_granted),
                        DMS_NUMBER ("bouncing", state->registers_bouncing)));
  dms_scene_add_line (
      stage->scene,
      title,
      DMS_STAGE_TELL (stage,
                      "{n} in the pool",
                      DMS_NUMBER ("n", dms_stage_registers_left (stage))));
}

static void
add_grant_title (DmsStage *stage)
{
  size_t title
      = add_title (stage, DMS_COLUMN_LIST, DMS_STAGE_WORD (stage, "Mapped pieces"));
  const DmsMappingState *mapping = stage->mapping;

  if (mapping == NULL || mapping->n_pieces == 0)
    {
      dms_scene_add_line (
          stage->scene, title, DMS_STAGE_WORD (stage, "nothing mapped yet"));
      return;
    }
  dms_say_pages (
      &stage->scene->text, mapping->n_pieces - mapping->n_flushed, stage->voice);
  const char *now = dms_scene_keep_text (stage->scene);
  dms_scene_add_line (
      stage->scene,
      title,
      DMS_STAGE_TELL (stage, "{pages} mapped now", DMS_TEXT ("pages", now)));
  dms_say_pages (&stage->scene->text, mapping->n_flushed, stage->voice);
  const char *before = dms_scene_keep_text (stage->scene);
  if (mapping->n_flushed > 0)
    dms_scene_add_line (stage->scene,
                        title,
                        DMS_STAGE_TELL (stage,
                                        "{pages} mapped before and flushed",
                                        DMS_TEXT ("pages", before)));
}

static void
add_shared_title (DmsStage *stage)
{
  size_t title
      = add_title (stage, DMS_COLUMN_LIST, DMS_STAGE_WORD (stage, "Shared memory"));

  dms_scene_add_line (
      stage->scene,
      title,
      DMS_STAGE_TELL (stage, "{n}", DMS_BYTES ("n", stage->shared->length)));
  dms_scene_add_line (
      stage->scene, title, DMS_STAGE_WORD (stage, "a common buffer, never flushed"));
}

static void
add_list_title (DmsStage *stage)
{
  if (stage->mapping == NULL && stage->shared != NULL)
    {
      add_shared_title (stage);
      return;
    }
  if (stage->is_grant || !dms_stage_expects_list (stage))
    {
      add_grant_title (stage);
      return;
    }
  size_t title = add_title (
      stage, DMS_COLUMN_LIST, DMS_STAGE_WORD (stage, "Scatter/gather list"));
  const DmsMappingState *mapping = stage->mapping;
  const char *line;

  if (mapping == NULL && dms_stage_is_over (stage))
    line = stage->transfer->phase == DMS_TRANSFER_REFUSED
               ? DMS_STAGE_WORD (stage, "not made")
               : DMS_STAGE_WORD (stage, "freed");
  else if (mapping == NULL || mapping->n_elements == 0)
    line = DMS_STAGE_WORD (stage, "not made yet");
  else
    {
      dms_say_elements (&stage->scene->text, mapping->n_elements, stage->voice);
      const char *elements = dms_scene_keep_text (stage->scene);
      line = mapping->ready ? DMS_STAGE_TELL (stage,
                                              "{elements}, logical addresses",
                                              DMS_TEXT ("elements", elements))
                            : DMS_STAGE_TELL (stage,
                                              "in the making: {elements} so far",
                                              DMS_TEXT ("elements", elements));
    }
  dms_scene_add_line (stage->scene, title, line);
}

/* "bus-master" is a word of scenarios; people read "bus master". */
static const char *
model_words (DmsStage *stage, const DmsDeviceState *device)
{
  const char *model = dms_names_text (stage->in->names, device->model);

  for (; *model != '\0'; model++)
    dms_bytes_append_byte (&stage->scene->text, *model == '-' ? ' ' : (uint8_t)*model);
  return dms_scene_keep_text (stage->scene);
}

static void
add_device_title (DmsStage *stage)
{
  const DmsDeviceState *device = stage->device;
  size_t title = add_title (stage,
                            DMS_COLUMN_DEVICE,
                            device == NULL ? DMS_STAGE_WORD (stage, "Device")
                                           : dms_stage_device_name (stage));

  if (device == NULL || !device->described)
    return;
  dms_scene_add_line (stage->scene, title, model_words (stage, device));
  dms_say_bits (&stage->scene->text, device->address_bits, stage->voice);
  dms_scene_add_line (stage->scene, title, dms_scene_keep_text (stage->scene));
}

void
dms_stage_add_titles (DmsStage *stage)
{
  add_buffer_title (stage);
  add_memory_title (stage);
  add_register_title (stage);
  add_list_title (stage);
  add_device_title (stage);
}

void
dms_stage_scene_build (DmsScene *scene, const DmsSceneInput *input)
{
  DmsStage stage = {
    .scene = scene,
    .in = input,
    .state = input->state,
    .event = input->event,
    .voice = input->voice,
    .device_item = DMS_NO_ITEM,
  };

  scene->width = fmax (input->width, LEAST_WIDTH);
  scene->height = fmax (input->height, LEAST_HEIGHT);
  stage.top = TOP;
  stage.bottom = dms_scene_place_bottom (scene, input);
  stage.stretch = fmax (1, fmin (1.4, (stage.bottom - stage.top) / 420));
  dms_stage_find_subject (&stage);
  dms_stage_plan (&stage);
  place_columns (&stage, scene->width - 2 * MARGIN);
  dms_stage_add_titles (&stage);
  dms_stage_add_memory (&stage);
  dms_stage_add_buffer (&stage);
  dms_stage_add_registers (&stage);
  dms_stage_add_list (&stage);
  dms_stage_add_device (&stage);
  dms_stage_add_links (&stage);
  dms_stage_mark_changes (&stage);
}
