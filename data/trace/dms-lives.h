/* dms-lives.h — which events began and ended each mapping, packed in blocks of ids
 *
 * A row for each mapping would cost two fifths of the time of recording and a fifth of
 * the file; a block of DMS_LIVES_BLOCK ids in a row costs next to nothing of both.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-bytes.h"

#define DMS_LIVES_BLOCK 256u

/* Event numbers; 0 = none. first 0: there is no such mapping (yet). */
typedef struct
{
  uint64_t first;
  uint64_t ready; /* when another event than the first made it usable */
  uint64_t last;
} DmsLife;

/* Ids number * DMS_LIVES_BLOCK on. */
typedef struct
{
  uint64_t number;
  unsigned n_ended;
  bool is_changed; /* since it was written */
  DmsLife lives[DMS_LIVES_BLOCK];
} DmsLives;

void dms_lives_pack (DmsBytes *bytes, const DmsLives *lives);
/* Fills lives and n_ended; false on damage. */
bool dms_lives_unpack (const uint8_t *data, size_t length, DmsLives *lives);
