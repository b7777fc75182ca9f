/* dms-stage-device.c — the device: its descriptors, and how far it has come
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

#include <math.h>

enum
{
  HEAD = 28, /* of the box, with its title */
  COUNTER = 38,
  COUNTERS = 3,
  PAD = 10
};

static void
add_counter (DmsStage *stage,
             DmsRect box,
             unsigned place,
             const char *name,
             const char *value,
             DmsLook look)
{
  DmsScene *scene = stage->scene;
  size_t counter = dms_scene_add (
      scene,
      DMS_ITEM_COUNTER,
      look,
      (DmsRect){ box.x + PAD,
                 box.y + box.height - PAD + 2 - (COUNTERS - place) * COUNTER,
                 box.width - 2 * PAD,
                 COUNTER });

  dms_scene_set_id (scene, counter, "counter:%u", place);
  dms_scene_add_line (scene, counter, name);
  dms_scene_add_line (scene, counter, value);
}

static void
add_counters (DmsStage *stage, DmsRect box)
{
  const DmsTransferState *transfer = stage->transfer;
  uint64_t copied = transfer == NULL ? 0 : transfer->copied_bytes;
  uint64_t left = stage->bounced_bytes > copied ? stage->bounced_bytes - copied : 0;
  uint64_t waiting = transfer == NULL ? 0 : transfer->waiting_bytes;

  add_counter (
      stage,
      box,
      0,
      DMS_STAGE_WORD (stage, "Moved by the device"),
      DMS_STAGE_TELL (stage,
                      "{n} B",
                      DMS_NUMBER ("n", transfer == NULL ? 0 : transfer->moved_bytes)),
      DMS_LOOK_PLAIN);
  add_counter (stage,
               box,
               1,
               DMS_STAGE_WORD (stage, "Copied by the CPU"),
               DMS_STAGE_TELL (stage, "{n} B", DMS_NUMBER ("n", copied)),
               DMS_LOOK_PLAIN);
  if (stage->to_device)
    add_counter (
        stage,
        box,
        2,
        DMS_STAGE_WORD (stage, "Still to copy"),
        DMS_STAGE_TELL (
            stage, "{n} B", DMS_NUMBER ("n", dms_stage_is_over (stage) ? 0 : left)),
        left > 0 && !dms_stage_is_over (stage) ? DMS_LOOK_BOUNCE : DMS_LOOK_PLAIN);
  else
    add_counter (stage,
                 box,
                 2,
                 DMS_STAGE_WORD (stage, "In bounce pages"),
                 waiting > 0 ? DMS_STAGE_TELL (stage,
                                               "{n} of {all} B",
                                               DMS_NUMBER ("n", waiting),
                                               DMS_NUMBER ("all", stage->bounced_bytes))
                             : DMS_STAGE_TELL (stage, "{n} B", DMS_NUMBER ("n", 0)),
                 waiting > 0 ? DMS_LOOK_BOUNCE : DMS_LOOK_PLAIN);
}

static void
add_descriptor (DmsStage *stage, unsigned i, DmsRect rect)
{
  DmsScene *scene = stage->scene;
  uint32_t index = stage->elements[i].index;
  const DmsElementState *element = &stage->mapping->elements[index];
  size_t item = dms_scene_add (scene, DMS_ITEM_DESCRIPTOR, DMS_LOOK_DEVICE, rect);

  stage->descriptor_items[i] = item;
  dms_scene_set_id (scene, item, "descriptor:%u:%u", (unsigned)stage->device_id, index);
  dms_scene_item (scene, item)->share
      = element->length == 0
            ? 0
            : fmin (1, (double)element->moved / (double)element->length);
  dms_scene_add_line (
      scene, item, DMS_STAGE_TELL (stage, "descriptor {n}", DMS_NUMBER ("n", index)));
  dms_scene_add_line (scene,
                      item,
                      DMS_STAGE_TELL (stage,
                                      "{moved} of {length} B",
                                      DMS_NUMBER ("moved", element->moved),
                                      DMS_NUMBER ("length", element->length)));
  dms_scene_set_sentence (
      scene,
      item,
      DMS_STAGE_TELL (stage,
                      "Descriptor {n} of {device}: {moved} of {length} moved.",
                      DMS_NUMBER ("n", index),
                      DMS_TEXT ("device", dms_stage_device_name (stage)),
                      DMS_NUMBER ("moved", element->moved),
                      DMS_BYTES ("length", element->length)));
}

/* What an idle device is, in two lines where the descriptors will be. */
static void
add_idle (DmsStage *stage, DmsRect box)
{
  const DmsTransferState *transfer = stage->transfer;
  const char *line = DMS_STAGE_WORD (stage, "not started yet");

  if (transfer == NULL)
    line = DMS_STAGE_WORD (stage, "nothing asked for");
  else if (transfer->phase == DMS_TRANSFER_REFUSED)
    line = DMS_STAGE_WORD (stage, "request refused");
  else if (transfer->phase == DMS_TRANSFER_WAITING)
    line = DMS_STAGE_WORD (stage, "request waits");
  else if (dms_stage_is_over (stage))
    line = DMS_STAGE_WORD (stage, "its work is done");
  size_t note = dms_scene_add_note (
      stage->scene,
      (DmsRect){ box.x + PAD, box.y + HEAD + PAD, box.width - 2 * PAD, 18 },
      DMS_ALIGN_START,
      DMS_STAGE_WORD (stage, "idle"));
  dms_scene_item (stage->scene, note)->look = DMS_LOOK_CURRENT; /* as a heading */
  dms_scene_add_note (
      stage->scene,
      (DmsRect){ box.x + PAD, box.y + HEAD + PAD + 18, box.width - 2 * PAD, 18 },
      DMS_ALIGN_START,
      line);
}

static void
add_descriptors (DmsStage *stage, DmsRect box)
{
  DmsRow rows[DMS_STAGE_ROWS_MAX];
  bool is_idle = true;

  for (unsigned i = 0; i < stage->n_element_rows; i++)
    rows[i] = stage->elements[i];
  dms_stage_space_rows (rows,
                        stage->n_element_rows,
                        box.y + HEAD + 8,
                        box.y + box.height - COUNTERS * COUNTER - 14,
                        58 * stage->stretch,
                        6);
  for (unsigned i = 0; i < stage->n_element_rows; i++)
    {
      DmsRect rect = { box.x + PAD, rows[i].y, box.width - 2 * PAD, rows[i].height };
      uint32_t index = rows[i].index;
      stage->descriptor_items[i] = DMS_NO_ITEM;
      if (index != DMS_NO_PAGE && stage->mapping != NULL
          && index < stage->mapping->n_elements
          && stage->mapping->elements[index].described)
        {
          add_descriptor (stage, i, rect);
          is_idle = false;
        }
      else if (index == DMS_NO_PAGE && !is_idle)
        {
          size_t more
              = dms_scene_add (stage->scene, DMS_ITEM_MORE, DMS_LOOK_PLAIN, rect);
          dms_scene_add_line (
              stage->scene,
              more,
              DMS_STAGE_TELL (stage, "… {n} more", DMS_NUMBER ("n", rows[i].left_out)));
        }
    }
  if (is_idle)
    add_idle (stage, box);
}

void
dms_stage_add_device (DmsStage *stage)
{
  const DmsColumn *column = &stage->columns[DMS_COLUMN_DEVICE];
  DmsScene *scene = stage->scene;
  double rows = stage->n_element_rows < 3 ? 3 : stage->n_element_rows;
  double height = fmin (stage->bottom - stage->top,
                        HEAD + 28 + rows * 58 * stage->stretch + COUNTERS * COUNTER);
  DmsRect box = { column->x, stage->top, column->width, height };
  const char *name = dms_stage_device_name (stage);

  if (stage->device_id == 0)
    return;
  stage->device_item = dms_scene_add (scene, DMS_ITEM_DEVICE, DMS_LOOK_PLAIN, box);
  dms_scene_set_id (scene, stage->device_item, "device:%u", (unsigned)stage->device_id);
  dms_scene_add_line (
      scene, stage->device_item, DMS_STAGE_WORD (stage, "moved so far"));
  dms_scene_set_sentence (
      scene,
      stage->device_item,
      stage->transfer == NULL
          ? DMS_STAGE_TELL (stage, "{device}.", DMS_TEXT ("device", name))
          : DMS_STAGE_TELL (stage,
                            "{device} has moved {moved} of {length}.",
                            DMS_TEXT ("device", name),
                            DMS_NUMBER ("moved", stage->transfer->moved_bytes),
                            DMS_BYTES ("length", stage->transfer->length)));
  add_counters (stage, box);
  add_descriptors (stage, box);
}
