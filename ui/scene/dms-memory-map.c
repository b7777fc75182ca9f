/* dms-memory-map.c — physical memory as rows of a map, what is mapped as dashes in it
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-memory-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum
{
  CELL = 2, /* pixels */
  ROW_LEAST = 5,
  WORD_BITS = 64
};

/* Bits of a map: one for each cell. */
typedef struct
{
  uint64_t *bits;
  unsigned columns;
  unsigned words; /* of a row */
} Marks;

static double
row_height (const DmsMemory *memory)
{
  return memory->map.height / memory->rows;
}

/* Place of @address in cells from the first one. */
static uint64_t
cell_of (const DmsMemory *memory, unsigned columns, uint64_t address)
{
  uint64_t span = memory->memory / memory->rows; /* bytes of a row */
  uint64_t row = address / span;
  double within = (double)(address % span) / (double)span;

  if (row >= memory->rows)
    return (uint64_t)memory->rows * columns - 1;
  uint64_t column = (uint64_t)(within * columns);
  return row * columns + (column >= columns ? columns - 1 : column);
}

void
dms_memory_map_point (const DmsMemory *memory,
                      uint64_t physical,
                      double *ret_x,
                      double *ret_y)
{
  unsigned columns = (unsigned)(memory->map.width / CELL);
  uint64_t cell = cell_of (memory, columns, physical);

  *ret_x = memory->map.x + (double)(cell % columns) * CELL + CELL / 2.0;
  *ret_y = memory->map.y + ((double)(cell / columns) + 0.5) * row_height (memory);
}

static void
mark (const DmsMemory *memory, Marks *marks, uint64_t address, uint64_t length)
{
  uint64_t last = length == 0 ? address : address + length - 1;

  if (last < address)
    last = UINT64_MAX;
  if (address >= memory->memory)
    return;
  if (last >= memory->memory)
    last = memory->memory - 1;
  uint64_t from = cell_of (memory, marks->columns, address);
  uint64_t to = cell_of (memory, marks->columns, last);
  for (uint64_t cell = from; cell <= to; cell++)
    {
      uint64_t row = cell / marks->columns, column = cell % marks->columns;
      marks->bits[row * marks->words + column / WORD_BITS] |= UINT64_C (1)
                                                              << (column % WORD_BITS);
    }
}

static bool
is_marked (const Marks *marks, unsigned row, unsigned column)
{
  return (marks->bits[(size_t)row * marks->words + column / WORD_BITS]
              >> (column % WORD_BITS)
          & 1)
         != 0;
}

static void
add_dash (DmsMemory *memory, unsigned row, unsigned from, unsigned to, DmsLook look)
{
  double height = row_height (memory);
  double inset = fmin (1, height / 6);

  dms_scene_add (memory->scene,
                 DMS_ITEM_BAND,
                 look,
                 (DmsRect){ memory->map.x + (double)from * CELL,
                            memory->map.y + row * height + inset,
                            (double)(to - from) * CELL,
                            height - 2 * inset });
}

static void
add_dashes (DmsMemory *memory, const Marks *marks, DmsLook look)
{
  for (unsigned row = 0; row < memory->rows; row++)
    for (unsigned column = 0; column < marks->columns; column++)
      {
        unsigned from = column;
        while (column < marks->columns && is_marked (marks, row, column))
          column++;
        if (column > from)
          add_dash (memory, row, from, column, look);
      }
}

/* ---- what is marked ---- */

static void
mark_others (DmsMemory *memory, Marks *marks)
{
  size_t at = 0;
  const DmsMappingState *mapping;

  while ((mapping = dms_table_next (&memory->state->mappings, &at, NULL)) != NULL)
    if (mapping != memory->mapping)
      for (uint32_t i = 0; i < mapping->n_pieces; i++)
        mark (memory, marks, mapping->pieces[i].physical, mapping->pieces[i].length);
}

static void
mark_this (DmsMemory *memory, Marks *marks)
{
  if (memory->mapping != NULL)
    for (uint32_t i = 0; i < memory->mapping->n_pieces; i++)
      mark (memory,
            marks,
            memory->mapping->pieces[i].physical,
            memory->mapping->pieces[i].length);
  else
    for (unsigned i = 0; i < memory->n_segments; i++)
      if (memory->segments[i].has_physical)
        mark (memory, marks, memory->segments[i].physical, memory->segments[i].length);
}

static bool
prepare (DmsMemory *memory, Marks *marks)
{
  DmsScene *scene = memory->scene;

  marks->columns = (unsigned)(memory->map.width / CELL);
  marks->words = marks->columns / WORD_BITS + 1;
  size_t n = (size_t)marks->words * memory->rows;
  if (n > scene->marks_capacity)
    {
      uint64_t *larger = realloc (scene->marks, n * sizeof *larger);
      if (larger == NULL)
        {
          scene->failed = true;
          return false;
        }
      scene->marks = larger;
      scene->marks_capacity = n;
    }
  marks->bits = scene->marks;
  memset (marks->bits, 0, n * sizeof *marks->bits);
  return true;
}

/* ---- items ---- */

/* The span is the power of two that holds all that was seen, so that it rarely changes.
 */
static void
choose_scale (DmsMemory *memory)
{
  const DmsState *state = memory->state;
  uint64_t end
      = state->memory_end > state->pool_end ? state->memory_end : state->pool_end;

  memory->memory = UINT64_C (1) << 30;
  while (memory->memory < end && memory->memory < UINT64_C (1) << 63)
    memory->memory *= 2;
  memory->rows = 16;
  while (memory->map.height / (memory->rows * 2) >= ROW_LEAST)
    memory->rows *= 2;
}

static void
add_frame (DmsMemory *memory)
{
  DmsScene *scene = memory->scene;
  size_t map = dms_scene_add (scene, DMS_ITEM_MEMORY, DMS_LOOK_PLAIN, memory->map);

  dms_scene_set_id (scene, map, "map");
  dms_scene_set_sentence (
      scene,
      map,
      DMS_MEMORY_TELL (memory,
                       "Physical memory up to {size}, address 0 at the top, {row} in a "
                       "row. Mapped now: "
                       "{live}; live mappings: {n}.",
                       DMS_SIZE ("size", memory->memory),
                       DMS_SIZE ("row", memory->memory / memory->rows),
                       DMS_SIZE ("live", memory->state->live_bytes),
                       DMS_NUMBER ("n", memory->state->mappings.n)));
  for (unsigned i = 0; i <= 4; i++)
    dms_scene_add_note (
        scene,
        (DmsRect){ memory->map.x - 64,
                   memory->map.y + memory->map.height * i / 4
                       - (i == 4   ? 13
                          : i == 0 ? 2
                                   : 8),
                   57,
                   16 },
        DMS_ALIGN_END,
        i == 0 ? "0"
               : DMS_MEMORY_TELL (
                   memory, "{size}", DMS_SIZE ("size", memory->memory / 4 * i)));
}

/* Whole rows from the first to the last address that was seen in the pool. */
static void
add_pool (DmsMemory *memory)
{
  const DmsState *state = memory->state;
  DmsScene *scene = memory->scene;

  if (state->pool_end == 0 || state->pool_first >= memory->memory)
    return;
  uint64_t span = memory->memory / memory->rows;
  double height = row_height (memory);
  double first = (double)(state->pool_first / span);
  double last = (double)((state->pool_end - 1) / span);
  last = fmin (last, memory->rows - 1);
  DmsRect rect = { memory->map.x + 1,
                   memory->map.y + first * height,
                   memory->map.width - 2,
                   (last - first + 1) * height };
  size_t pool = dms_scene_add (scene, DMS_ITEM_POOL, DMS_LOOK_BOUNCE, rect);
  dms_scene_set_id (scene, pool, "pool");
  dms_scene_set_sentence (scene,
                          pool,
                          DMS_MEMORY_TELL (memory,
                                           "The bounce pool, as far as it was seen: "
                                           "{first} to {last}; {live} of it in use.",
                                           DMS_ADDRESS ("first", state->pool_first),
                                           DMS_ADDRESS ("last", state->pool_end - 1),
                                           DMS_SIZE ("live", state->bounced_bytes)));
  double label = rect.height >= 16 ? rect.y + rect.height / 2 - 8 : rect.y - 17;
  dms_scene_add_note (scene,
                      (DmsRect){ rect.x + 8, label, rect.width - 16, 16 },
                      DMS_ALIGN_END,
                      DMS_MEMORY_WORD (memory, "bounce pool"));
}

void
dms_memory_add_map (DmsMemory *memory)
{
  Marks marks;

  choose_scale (memory);
  add_frame (memory);
  add_pool (memory);
  if (!prepare (memory, &marks))
    return;
  mark_others (memory, &marks);
  add_dashes (memory, &marks, DMS_LOOK_OTHER);
  memset (marks.bits, 0, (size_t)marks.words * memory->rows * sizeof *marks.bits);
  mark_this (memory, &marks);
  add_dashes (memory, &marks, memory->is_over ? DMS_LOOK_FREE : DMS_LOOK_CURRENT);
}
