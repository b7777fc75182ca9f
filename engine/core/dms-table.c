/* dms-table.c — a hash table from 64-bit ids to pointers
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-table.h"

#include <stdlib.h>
#include <string.h>

/* Ids mostly count up from 1 or are page-aligned addresses; multiplying by an odd
 * constant and taking the upper bits spreads both. */
static size_t
home (const DmsTable *table, uint64_t id)
{
  uint64_t mixed = id * UINT64_C (0x9e3779b97f4a7c15);
  return (size_t)(mixed ^ (mixed >> 32)) & (table->capacity - 1);
}

/* Where @id stands, or the free place where it would. Needs a free place. */
static size_t
find (const DmsTable *table, uint64_t id)
{
  size_t at = home (table, id);
  while (table->values[at] != NULL && table->ids[at] != id)
    at = (at + 1) & (table->capacity - 1);
  return at;
}

void
dms_table_init (DmsTable *table)
{
  *table = (DmsTable){ 0 };
}

void
dms_table_release (DmsTable *table)
{
  free (table->ids);
  free (table->values);
  dms_table_init (table);
}

void *
dms_table_get (const DmsTable *table, uint64_t id)
{
  return table->n == 0 ? NULL : table->values[find (table, id)];
}

static bool
grow (DmsTable *table)
{
  DmsTable larger = { .capacity = table->capacity == 0 ? 8 : table->capacity * 2 };

  larger.ids = calloc (larger.capacity, sizeof *larger.ids);
  larger.values = calloc (larger.capacity, sizeof *larger.values);
  if (larger.ids == NULL || larger.values == NULL)
    {
      dms_table_release (&larger);
      return false;
    }
  for (size_t i = 0; i < table->capacity; i++)
    if (table->values[i] != NULL)
      {
        size_t at = find (&larger, table->ids[i]);
        larger.ids[at] = table->ids[i];
        larger.values[at] = table->values[i];
      }
  larger.n = table->n;
  dms_table_release (table);
  *table = larger;
  return true;
}

bool
dms_table_reserve (DmsTable *table)
{
  return (table->capacity != 0 && (table->n + 1) * 4 <= table->capacity * 3)
         || grow (table);
}

bool
dms_table_put (DmsTable *table, uint64_t id, void *value)
{
  if (!dms_table_reserve (table))
    return false;

  size_t at = find (table, id);
  if (table->values[at] == NULL)
    table->n++;
  table->ids[at] = id;
  table->values[at] = value;
  return true;
}

void *
dms_table_take (DmsTable *table, uint64_t id)
{
  if (table->n == 0)
    return NULL;
  size_t hole = find (table, id);
  void *value = table->values[hole];
  if (value == NULL)
    return NULL;

  /* Close the hole: move back whatever would no longer be found behind it. */
  size_t mask = table->capacity - 1;
  for (size_t at = (hole + 1) & mask; table->values[at] != NULL; at = (at + 1) & mask)
    {
      size_t wanted = home (table, table->ids[at]);
      if (((at - wanted) & mask) < ((at - hole) & mask))
        continue;
      table->ids[hole] = table->ids[at];
      table->values[hole] = table->values[at];
      hole = at;
    }
  table->values[hole] = NULL;
  table->n--;
  return value;
}

void *
dms_table_next (const DmsTable *table, size_t *at, uint64_t *ret_id)
{
  while (*at < table->capacity)
    {
      size_t i = (*at)++;
      if (table->values[i] != NULL)
        {
          if (ret_id != NULL)
            *ret_id = table->ids[i];
          return table->values[i];
        }
    }
  return NULL;
}

static int
compare_ids (const void *one, const void *other)
{
  const uint64_t *x = one;
  const uint64_t *y = other;
  return *x < *y ? -1 : *x > *y;
}

uint64_t *
dms_table_sorted_ids (const DmsTable *table)
{
  if (table->n == 0)
    return NULL;
  uint64_t *ids = malloc (table->n * sizeof *ids);
  if (ids == NULL)
    return NULL;
  size_t at = 0;
  for (size_t i = 0; i < table->n; i++)
    dms_table_next (table, &at, &ids[i]);
  qsort (ids, table->n, sizeof *ids, compare_ids);
  return ids;
}
