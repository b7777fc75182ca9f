/* dms-memory-private.h — what the parts of a recording's picture share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/scene/dms-scene-private.h"

enum
{
  DMS_SEGMENT_ROWS_MAX = 40
};

/* How a mapping gets from memory to the device. */
typedef enum
{
  DMS_WAY_STRAIGHT,
  DMS_WAY_BOUNCE, /* through slots of the pool */
  DMS_WAY_IOMMU   /* through translations */
} DmsWay;

/* One segment at a device address that is shown, or one still to come. */
typedef struct
{
  uint64_t logical;  /* 0 with is_known false */
  uint64_t physical; /* with has_physical */
  uint64_t length;
  bool is_known, has_physical, bounced;
  size_t item;
} DmsShownSegment;

typedef struct
{
  DmsScene *scene;
  const DmsSceneInput *in;
  const DmsState *state;
  const DmsEvent *event;
  const DmsVoice *voice;
  const DmsMappingState *mapping; /* in question; NULL = none that is live */
  uint32_t device;                /* name id; 0 = none */
  bool is_over;                   /* the event ends it: shown as unmapped */
  bool is_coming;                 /* bounces that no mapping has claimed */
  bool is_translation;            /* the event is about the IOMMU's */
  DmsWay way;
  DmsShownSegment segments[DMS_SEGMENT_ROWS_MAX];
  unsigned n_segments;
  uint64_t all_segments; /* shown or not */
  uint64_t hidden_bytes; /* of those that are not shown */
  double top, bottom;
  DmsRect map;
  double middle_x, middle_width; /* slots of the pool, translations */
  double device_x, device_width;
  /* the map */
  uint64_t memory; /* bytes that it spans, a power of two */
  unsigned rows;   /* of the map */
} DmsMemory;

#define DMS_MEMORY_TELL(memory, template, ...)                                         \
  DMS_TELL ((memory)->scene, (memory)->voice, template, __VA_ARGS__)
#define DMS_MEMORY_WORD(memory, word)                                                  \
  dms_scene_tell ((memory)->scene, (memory)->voice, word, (const DmsWord[]){ { 0 } })

/* The map of physical memory with all that is mapped, and the bounce pool. */
void dms_memory_add_map (DmsMemory *memory);
/* Where address @physical is drawn. */
void dms_memory_map_point (const DmsMemory *memory,
                           uint64_t physical,
                           double *ret_x,
                           double *ret_y);
