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
  uint64_t waiting = transfer == NULL   ? 0
                     : stage->to_device ? transfer->held_bytes
                                        : transfer->waiting_bytes;

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
  if (stage->to_device && !stage->is_grant)
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
                 waiting > 0 && !stage->is_grant
                     ? DMS_STAGE_TELL (stage,
                                       "{n} of {all} B",
                                       DMS_NUMBER ("n", waiting),
                                       DMS_NUMBER ("all", stage->bounced_bytes))
                     : DMS_STAGE_TELL (stage, "{n} B", DMS_NUMBER ("n", waiting)),
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
  dms_scene_add_line (scene,
                      item,
                      DMS_STAGE_TELL (stage,
                                      stage->is_grant ? "piece {n}" : "descriptor {n}",
                                      DMS_NUMBER ("n", index)));
  dms_scene_add_line (scene,
                      item,
                      DMS_STAGE_TELL (stage,
                                      "{moved} of {length} B",
                                      DMS_NUMBER ("moved", element->moved),
                                      DMS_NUMBER ("length", element->length)));
  dms_scene_set_sentence (
      scene,
      item,
      DMS_STAGE_TELL (
          stage,
          stage->is_grant
              ? "Piece {n}, which {device} moves: {moved} of {length} moved."
              : "Descriptor {n} of {device}: {moved} of {length} moved.",
          DMS_NUMBER ("n", index),
          DMS_TEXT ("device", dms_stage_device_name (stage)),
          DMS_NUMBER ("moved", element->moved),
          DMS_BYTES ("length", element->length)));
}

/* ---- the channel of the DMA controller ---- */

/* Bytes of this round that it has moved: of what is mapped where it was programmed for.
 */
static uint64_t
moved_in_round (const DmsStage *stage)
{
  const DmsMappingState *mapping = stage->is_grant ? stage->mapping : stage->shared;
  uint64_t first = stage->device->controller_address;
  uint64_t length = stage->device->controller_length;
  uint64_t moved = 0;

  if (mapping == NULL || length == 0)
    return 0;
  for (uint32_t i = mapping->n_elements; i-- > 0;)
    {
      const DmsElementState *element = &mapping->elements[i];
      bool is_of_it = element->logical - first < length
                      || first - element->logical < element->length;
      if (!is_of_it)
        break;
      moved += element->moved;
    }
  return moved == 0 ? 0 : (moved - 1) % length + 1;
}

static const char *
channel_words (DmsStage *stage)
{
  const DmsDeviceState *device = stage->device;

  if (device->rounds > 0 && device->controller_runs)
    return DMS_STAGE_TELL (
        stage, "round {n}, starts again", DMS_NUMBER ("n", device->rounds + 1));
  if (device->controller_runs)
    return DMS_STAGE_WORD (stage, "counts down");
  return device->rounds > 0 ? DMS_STAGE_WORD (stage, "terminal count")
                            : DMS_STAGE_WORD (stage, "masked");
}

static void
add_channel (DmsStage *stage, DmsRect box)
{
  enum
  {
    HEIGHT = 96
  };
  const DmsDeviceState *device = stage->device;
  DmsScene *scene = stage->scene;
  uint64_t length = device->controller_length;
  uint64_t moved = moved_in_round (stage);
  uint64_t left = length > moved ? length - moved : 0;
  uint32_t number = device->channel - 1;
  size_t item = dms_scene_add (
      scene,
      DMS_ITEM_CHANNEL,
      device->controller_runs ? DMS_LOOK_DEVICE : DMS_LOOK_PLAIN,
      (DmsRect){ box.x + PAD, box.y + HEAD + 8, box.width - 2 * PAD, HEIGHT });

  dms_scene_set_id (scene, item, "channel:%u", (unsigned)number);
  dms_scene_item (scene, item)->share = length == 0 ? 0 : (double)left / (double)length;
  dms_scene_add_line (
      scene,
      item,
      DMS_STAGE_TELL (stage, "8237 channel {n}", DMS_NUMBER ("n", number)));
  dms_scene_add_line (scene,
                      item,
                      length == 0 ? DMS_STAGE_WORD (stage, "not programmed yet")
                                  : DMS_STAGE_TELL (stage,
                                                    "{left} of {all} B left",
                                                    DMS_NUMBER ("left", left),
                                                    DMS_NUMBER ("all", length)));
  if (length != 0)
    {
      dms_scene_add_line (
          scene,
          item,
          DMS_STAGE_TELL (stage,
                          "at {address}",
                          DMS_ADDRESS ("address", device->controller_address + moved)));
      dms_scene_add_line (scene, item, channel_words (stage));
    }
  dms_scene_set_sentence (
      scene,
      item,
      DMS_STAGE_TELL (stage,
                      "Channel {n} of the DMA controller serves {device}: {left} of "
                      "{all} are left.",
                      DMS_NUMBER ("n", number),
                      DMS_TEXT ("device", dms_stage_device_name (stage)),
                      DMS_NUMBER ("left", left),
                      DMS_BYTES ("all", length)));
}

/* ---- an idle device ---- */

/* What an idle device is, in two lines where the descriptors will be. */
static void
add_idle (DmsStage *stage, DmsRect box)
{
  const DmsTransferState *transfer = stage->transfer;
  const char *line = DMS_STAGE_WORD (stage, "not started yet");

  if (transfer == NULL)
    line = DMS_STAGE_WORD (stage, "nothing asked for");
  else if (transfer->cancelled)
    line = DMS_STAGE_WORD (stage, "request cancelled");
  else if (transfer->phase == DMS_TRANSFER_REFUSED)
    line = DMS_STAGE_WORD (stage, "request refused");
  else if (transfer->phase == DMS_TRANSFER_WAITING)
    line = DMS_STAGE_WORD (stage, "request waits");
  else if (dms_stage_is_over (stage))
    line = DMS_STAGE_WORD (stage, "its work is done");
  if (stage->device != NULL && stage->device->stopped)
    line = DMS_STAGE_WORD (stage, "stopped by a command");
  else if (stage->device != NULL && stage->device->running)
    line = stage->shared != NULL ? DMS_STAGE_WORD (stage, "in the shared memory")
                                 : DMS_STAGE_WORD (stage, "without descriptors");
  size_t note = dms_scene_add_note (
      stage->scene,
      (DmsRect){ box.x + PAD, box.y + HEAD + PAD, box.width - 2 * PAD, 18 },
      DMS_ALIGN_START,
      stage->device != NULL && stage->device->running ? DMS_STAGE_WORD (stage, "works")
                                                      : DMS_STAGE_WORD (stage, "idle"));
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
  for (unsigned i = 0; i < stage->n_element_rows; i++)
    stage->descriptor_items[i] = DMS_NO_ITEM;
  bool has_crashed = stage->event->kind == DMS_EVENT_CRASH;
  bool is_stopped = stage->device != NULL && stage->device->stopped;
  stage->device_item = dms_scene_add (
      scene, DMS_ITEM_DEVICE, has_crashed ? DMS_LOOK_FAULT : DMS_LOOK_PLAIN, box);
  dms_scene_set_id (scene, stage->device_item, "device:%u", (unsigned)stage->device_id);
  dms_scene_add_line (scene,
                      stage->device_item,
                      has_crashed  ? DMS_STAGE_WORD (stage, "✕ driver ended")
                      : is_stopped ? DMS_STAGE_WORD (stage, "stopped")
                                   : DMS_STAGE_WORD (stage, "moved so far"));
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
  if (stage->device != NULL && stage->device->channel != 0)
    add_channel (stage, box);
  else
    add_descriptors (stage, box);
}
