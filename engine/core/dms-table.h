/* dms-table.h — a hash table from 64-bit ids to pointers
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Open addressing with linear probing; capacity is 0 or a power of two and at most
 * three quarters are in use. Any id is allowed; NULL values are not. The table owns
 * nothing. */
typedef struct
{
  uint64_t *ids;
  void **values; /* NULL marks a free place */
  size_t capacity;
  size_t n;
} DmsTable;

void dms_table_init (DmsTable *table);
void dms_table_release (DmsTable *table);
void *dms_table_get (const DmsTable *table, uint64_t id);
/* Makes sure that the next put of one id cannot fail; false without memory. */
bool dms_table_reserve (DmsTable *table);
/* Stores @value under @id, in place of an older one; false without memory. */
bool dms_table_put (DmsTable *table, uint64_t id, void *value);
/* Takes @id out and returns its value, or NULL. */
void *dms_table_take (DmsTable *table, uint64_t id);
/* Walk in no order: start with *at = 0; NULL at the end. Do not change the table
 * meanwhile. */
void *dms_table_next (const DmsTable *table, size_t *at, uint64_t *ret_id);
/* The ids in rising order, in a malloc'ed array of table->n (NULL without memory or
 * when empty). Serialisation and drawing use this, so that order never depends on
 * history. */
uint64_t *dms_table_sorted_ids (const DmsTable *table);
