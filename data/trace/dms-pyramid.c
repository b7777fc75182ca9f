/* dms-pyramid.c — the lanes of a run at every scale
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-pyramid.h"

#include "data/trace/dms-varint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The unfinished row of a level: nodes block * ROW to block * ROW + n - 1. Invariant: n
 * < ROW outside of append(). */
typedef struct
{
  DmsLaneNode *nodes;
  unsigned n, capacity;
  uint64_t block;
} Level;

typedef struct
{
  DmsLane lane;
  Level levels[DMS_PYRAMID_LEVELS];
  int64_t x; /* of the last sample */
} Lane;

struct DmsPyramid
{
  DmsPyramidRow row;
  void *data;
  Lane **lanes;
  unsigned n_lanes;
  DmsTable by_lane; /* lane → its number + 1, as a pointer-sized number */
  unsigned recent[DMS_LANE_POOL + 1]; /* lane of a kind that was used last */
};

/* ---- life -------------------------------------------------------------- */

DmsPyramid *
dms_pyramid_new (DmsPyramidRow row, void *data)
{
  DmsPyramid *pyramid = calloc (1, sizeof *pyramid);

  if (pyramid == NULL)
    return NULL;
  dms_table_init (&pyramid->by_lane);
  pyramid->row = row;
  pyramid->data = data;
  return pyramid;
}

void
dms_pyramid_free (DmsPyramid *pyramid)
{
  if (pyramid == NULL)
    return;
  for (unsigned i = 0; i < pyramid->n_lanes; i++)
    {
      for (unsigned level = 0; level < DMS_PYRAMID_LEVELS; level++)
        free (pyramid->lanes[i]->levels[level].nodes);
      free (pyramid->lanes[i]);
    }
  free (pyramid->lanes);
  dms_table_release (&pyramid->by_lane);
  free (pyramid);
}

/* ---- lanes ------------------------------------------------------------- */

static uint64_t
key_of (const DmsLane *lane)
{
  return (uint64_t)lane->kind << 32 | lane->device;
}

unsigned
dms_pyramid_n_lanes (const DmsPyramid *pyramid)
{
  return pyramid->n_lanes;
}

const DmsLane *
dms_pyramid_lane (const DmsPyramid *pyramid, unsigned lane)
{
  return &pyramid->lanes[lane]->lane;
}

bool
dms_pyramid_find (const DmsPyramid *pyramid, const DmsLane *lane, unsigned *ret_lane)
{
  uintptr_t number = (uintptr_t)dms_table_get (&pyramid->by_lane, key_of (lane));
  if (number == 0)
    return false;
  *ret_lane = (unsigned)(number - 1);
  return true;
}

static DmsStatus
add_lane (DmsPyramid *pyramid, const DmsLane *lane)
{
  if (pyramid->n_lanes >= DMS_PYRAMID_LANES_MAX)
    return DMS_ERROR_LIMIT;
  Lane **lanes = realloc (pyramid->lanes, (pyramid->n_lanes + 1) * sizeof *lanes);
  if (lanes == NULL)
    return DMS_ERROR_NO_MEMORY;
  pyramid->lanes = lanes;

  Lane *added = calloc (1, sizeof *added);
  void *number = (void *)(uintptr_t)(pyramid->n_lanes + 1);
  if (added == NULL || !dms_table_put (&pyramid->by_lane, key_of (lane), number))
    {
      free (added);
      return DMS_ERROR_NO_MEMORY;
    }
  added->lane = *lane;
  added->x = INT64_MIN;
  lanes[pyramid->n_lanes++] = added;
  return DMS_OK;
}

/* ---- nodes ------------------------------------------------------------- */

static uint32_t
dominant_kind (const DmsLaneNode *nodes, unsigned n)
{
  uint32_t best = nodes[0].kind;
  unsigned most = 0;

  /* Children of one level weigh the same. */
  for (unsigned i = 0; i < n && most < n - i; i++)
    {
      unsigned count = 0;
      for (unsigned j = i; j < n; j++)
        count += nodes[j].kind == nodes[i].kind ? 1 : 0;
      if (count > most)
        {
          most = count;
          best = nodes[i].kind;
        }
    }
  return best;
}

static DmsLaneNode
merge (const DmsLaneNode *nodes, unsigned n)
{
  DmsLaneNode all = nodes[0];

  for (unsigned i = 1; i < n; i++)
    {
      all.count += nodes[i].count;
      all.min = nodes[i].min < all.min ? nodes[i].min : all.min;
      all.max = nodes[i].max > all.max ? nodes[i].max : all.max;
    }
  all.x1 = nodes[n - 1].x1;
  all.last_seq = nodes[n - 1].last_seq;
  all.last = nodes[n - 1].last;
  all.kind = dominant_kind (nodes, n);
  return all;
}

static bool
reserve (Level *level, unsigned n)
{
  if (level->capacity >= n)
    return true;
  unsigned capacity = level->capacity == 0 ? DMS_PYRAMID_FANOUT : level->capacity * 2;
  while (capacity < n)
    capacity *= 2;
  DmsLaneNode *nodes = realloc (level->nodes, capacity * sizeof *nodes);
  if (nodes == NULL)
    return false;
  level->nodes = nodes;
  level->capacity = capacity;
  return true;
}

static DmsStatus
append (DmsPyramid *pyramid, unsigned lane, DmsLaneNode node)
{
  for (unsigned i = 0; i < DMS_PYRAMID_LEVELS; i++)
    {
      Level *level = &pyramid->lanes[lane]->levels[i];
      if (!reserve (level, level->n + 1))
        return DMS_ERROR_NO_MEMORY;
      level->nodes[level->n++] = node;
      if (level->n % DMS_PYRAMID_FANOUT != 0)
        return DMS_OK;
      node = merge (&level->nodes[level->n - DMS_PYRAMID_FANOUT], DMS_PYRAMID_FANOUT);
      if (level->n == DMS_PYRAMID_ROW)
        {
          if (!pyramid->row (
                  pyramid->data, lane, i, level->block, level->nodes, level->n))
            return DMS_ERROR_SINK;
          level->block++;
          level->n = 0;
        }
    }
  return DMS_OK;
}

/* Most samples are for the lane of their kind that the one before was for. */
static bool
find_recent (DmsPyramid *pyramid, const DmsLane *lane, unsigned *ret_lane)
{
  unsigned number = pyramid->recent[lane->kind];

  if (number < pyramid->n_lanes && pyramid->lanes[number]->lane.kind == lane->kind
      && pyramid->lanes[number]->lane.device == lane->device)
    {
      *ret_lane = number;
      return true;
    }
  if (!dms_pyramid_find (pyramid, lane, ret_lane))
    return false;
  pyramid->recent[lane->kind] = *ret_lane;
  return true;
}

static DmsStatus
add_sample (DmsPyramid *pyramid,
            const DmsEvent *event,
            const DmsLaneSample *sample,
            int64_t x)
{
  unsigned number = 0;

  if (!find_recent (pyramid, &sample->lane, &number))
    {
      DmsStatus status = add_lane (pyramid, &sample->lane);
      if (status == DMS_ERROR_LIMIT)
        return DMS_OK;
      if (status != DMS_OK)
        return status;
      number = pyramid->n_lanes - 1;
    }
  /* Times that go back a little would spoil the search by x. */
  Lane *lane = pyramid->lanes[number];
  lane->x = x > lane->x ? x : lane->x;
  return append (pyramid,
                 number,
                 (DmsLaneNode){
                     .x0 = lane->x,
                     .x1 = lane->x,
                     .first_seq = event->seq,
                     .last_seq = event->seq,
                     .count = 1,
                     .kind = event->kind,
                     .min = sample->value,
                     .max = sample->value,
                     .last = sample->value,
                 });
}

DmsStatus
dms_pyramid_add (DmsPyramid *pyramid,
                 const DmsEvent *event,
                 const DmsState *state,
                 int64_t x)
{
  DmsLaneSample samples[DMS_LANE_SAMPLES_MAX];
  unsigned n = dms_lane_samples (event, state, samples);

  for (unsigned i = 0; i < n; i++)
    {
      DmsStatus status = add_sample (pyramid, event, &samples[i], x);
      if (status != DMS_OK)
        return status;
    }
  return DMS_OK;
}

DmsStatus
dms_pyramid_flush (DmsPyramid *pyramid)
{
  for (unsigned i = 0; i < pyramid->n_lanes; i++)
    for (unsigned k = 0; k < DMS_PYRAMID_LEVELS; k++)
      {
        const Level *level = &pyramid->lanes[i]->levels[k];
        if (level->n > 0
            && !pyramid->row (
                pyramid->data, i, k, level->block, level->nodes, level->n))
          return DMS_ERROR_SINK;
      }
  return DMS_OK;
}

/* ---- going on from rows ------------------------------------------------ */

bool
dms_pyramid_restore_lane (DmsPyramid *pyramid, const DmsLane *lane)
{
  unsigned number = 0;
  return !dms_pyramid_find (pyramid, lane, &number)
         && add_lane (pyramid, lane) == DMS_OK;
}

bool
dms_pyramid_restore_row (DmsPyramid *pyramid,
                         unsigned lane,
                         unsigned level,
                         uint64_t block,
                         const DmsLaneNode *nodes,
                         unsigned n)
{
  assert (lane < pyramid->n_lanes && level < DMS_PYRAMID_LEVELS && n < DMS_PYRAMID_ROW);
  Level *row = &pyramid->lanes[lane]->levels[level];

  if (!reserve (row, n == 0 ? 1 : n))
    return false;
  if (n > 0)
    memcpy (row->nodes, nodes, n * sizeof *nodes);
  row->n = n;
  row->block = block;
  if (n > 0 && level == 0)
    pyramid->lanes[lane]->x = nodes[n - 1].x1;
  return true;
}

uint64_t
dms_pyramid_n_nodes (const DmsPyramid *pyramid, unsigned lane, unsigned level)
{
  const Level *row = &pyramid->lanes[lane]->levels[level];
  return row->block * DMS_PYRAMID_ROW + row->n;
}

const DmsLaneNode *
dms_pyramid_open_row (const DmsPyramid *pyramid,
                      unsigned lane,
                      unsigned level,
                      uint64_t *ret_block,
                      unsigned *ret_n)
{
  const Level *row = &pyramid->lanes[lane]->levels[level];
  *ret_block = row->block;
  *ret_n = row->n;
  return row->nodes;
}

/* ---- rows as bytes --------------------------------------------------------- */

/* Which of the kinds seen last a node has. */
enum
{
  KIND_LAST = 0,
  KIND_OTHER = 1, /* the one before that */
  KIND_NEW = 2,   /* a byte follows */
  KIND_CODES = 4
};

typedef struct
{
  DmsLaneNode node; /* before; zeros at first */
  uint32_t other;   /* kind */
} Before;

static void
pass (Before *before, const DmsLaneNode *node)
{
  if (node->kind != before->node.kind)
    before->other = before->node.kind;
  before->node = *node;
}

static unsigned
kind_code (const Before *before, uint32_t kind)
{
  if (kind == before->node.kind)
    return KIND_LAST;
  return kind == before->other ? KIND_OTHER : KIND_NEW;
}

/*   node of level 0 := head · kind? · x · value
 *   node of others  := head · kind? · seqs · x · width · min · spread · last
 *   head := (first seq - last seq before) * 4 + kind code
 *
 * x is over the x1 before (zig-zag in the first node), value over the last before, min
 * over the min before (both zig-zag); seqs = last - first seq, width = x1 - x0, spread
 * = max - min, last is over min. A node of level k has 16^k samples. */
static uint8_t *
pack_node (uint8_t *at, unsigned level, const Before *before, const DmsLaneNode *node)
{
  unsigned code = kind_code (before, node->kind);
  uint64_t x = (uint64_t)node->x0 - (uint64_t)before->node.x1;

  at = dms_varint_put (at,
                       (node->first_seq - before->node.last_seq) * KIND_CODES + code);
  if (code == KIND_NEW)
    *at++ = (uint8_t)node->kind;
  if (level > 0)
    at = dms_varint_put (at, node->last_seq - node->first_seq);
  if (before->node.first_seq == 0)
    at = dms_varint_put_difference (at, (uint64_t)node->x0);
  else
    at = dms_varint_put (at, x);
  if (level == 0)
    return dms_varint_put_difference (at, node->last - before->node.last);
  at = dms_varint_put (at, (uint64_t)node->x1 - (uint64_t)node->x0);
  at = dms_varint_put_difference (at, node->min - before->node.min);
  at = dms_varint_put (at, node->max - node->min);
  return dms_varint_put (at, node->last - node->min);
}

void
dms_pyramid_pack (DmsBytes *bytes, unsigned level, const DmsLaneNode *nodes, unsigned n)
{
  Before before = { 0 };

  /* A node has a kind and seven numbers at most. */
  if (!dms_bytes_reserve (bytes, (size_t)n * (1 + 7 * DMS_VARINT_MAX)))
    return;
  uint8_t *at = bytes->data + bytes->length;
  for (unsigned i = 0; i < n; i++)
    {
      at = pack_node (at, level, &before, &nodes[i]);
      pass (&before, &nodes[i]);
    }
  bytes->length = (size_t)(at - bytes->data);
}

static uint32_t
unpack_kind (DmsReader *reader, const Before *before, uint64_t code)
{
  if (code == KIND_LAST)
    return before->node.kind;
  if (code == KIND_OTHER)
    return before->other;
  if (code != KIND_NEW)
    reader->failed = true;
  return dms_reader_byte (reader);
}

static DmsLaneNode
unpack_node (DmsReader *reader, unsigned level, const Before *before)
{
  DmsLaneNode node = { .count = UINT64_C (1) << (4 * level) };
  uint64_t head = dms_reader_varint (reader);

  node.kind = unpack_kind (reader, before, head % KIND_CODES);
  node.first_seq = before->node.last_seq + head / KIND_CODES;
  node.last_seq = node.first_seq + (level > 0 ? dms_reader_varint (reader) : 0);
  uint64_t x = before->node.first_seq == 0 ? (uint64_t)dms_reader_signed (reader)
                                           : dms_reader_varint (reader);
  node.x0 = (int64_t)((uint64_t)before->node.x1 + x);
  if (level == 0)
    {
      node.x1 = node.x0;
      node.last = before->node.last + (uint64_t)dms_reader_signed (reader);
      node.min = node.last;
      node.max = node.last;
      return node;
    }
  node.x1 = (int64_t)((uint64_t)node.x0 + dms_reader_varint (reader));
  node.min = before->node.min + (uint64_t)dms_reader_signed (reader);
  node.max = node.min + dms_reader_varint (reader);
  node.last = node.min + dms_reader_varint (reader);
  return node;
}

/* Everything that readers of the pyramid rely on. */
static bool
is_possible (const DmsLaneNode *node, const DmsLaneNode *before)
{
  return node->first_seq > before->last_seq && node->last_seq >= node->first_seq
         && node->last_seq <= INT64_MAX && node->x1 >= node->x0
         && (before->first_seq == 0 || node->x0 >= before->x1)
         && node->kind <= DMS_EVENT_KIND_MAX && node->max >= node->min
         && node->last >= node->min && node->last <= node->max;
}

bool
dms_pyramid_unpack (
    const uint8_t *data, size_t length, unsigned level, DmsLaneNode *nodes, unsigned n)
{
  DmsReader reader;
  Before before = { 0 };

  if (n < 1 || n > DMS_PYRAMID_ROW || level >= DMS_PYRAMID_LEVELS)
    return false;
  dms_reader_init (&reader, data, length);
  for (unsigned i = 0; i < n; i++)
    {
      nodes[i] = unpack_node (&reader, level, &before);
      if (reader.failed || !is_possible (&nodes[i], &before.node))
        return false;
      pass (&before, &nodes[i]);
    }
  return dms_reader_at_end (&reader);
}
