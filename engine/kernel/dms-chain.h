/* dms-chain.h — bytes of a chain of MDLs, page by page
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-mdl.h"

/* Where a walk along a chain is. */
typedef struct
{
  DmsMdl *const *mdls;
  size_t n_mdls;
  size_t at;       /* MDL that comes next */
  uint64_t skip;   /* bytes of it that are behind */
  uint64_t left;   /* bytes of the walk */
  bool begins_mdl; /* nothing of it was handed out */
} DmsChainWalk;

/* What of one page belongs to one MDL. */
typedef struct
{
  const DmsMdl *mdl;
  uint64_t skip;   /* bytes of the MDL before it */
  uint64_t frame;  /* that holds it */
  uint32_t offset; /* in the page */
  uint32_t length; /* bytes, at least 1 */
  bool begins_mdl; /* the walk's first piece of that MDL */
} DmsChainPiece;

/* What belongs to one MDL, as its buffer counts it. */
typedef struct
{
  const DmsMdl *mdl;
  const DmsBuffer *buffer;
  uint64_t start, end;
} DmsChainPart;

/* A walk over @length bytes behind the first @skip of the chain; it ends with the chain
 * when that is shorter. */
DmsChainWalk
dms_chain_walk (DmsMdl *const *mdls, size_t n, uint64_t skip, uint64_t length);
/* The next piece, or all that the next MDL has of it; false at the end. */
bool dms_chain_next_part (DmsChainWalk *walk, DmsChainPart *ret_part);
bool dms_chain_next (DmsChainWalk *walk, DmsChainPiece *ret_piece);
