/* dms-chain.c — bytes of a chain of MDLs, page by page
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-chain.h"

/* Goes on to the MDL that has the next byte. */
static bool
find_mdl (DmsChainWalk *walk)
{
  while (walk->at < walk->n_mdls && walk->skip >= walk->mdls[walk->at]->length)
    {
      walk->skip -= walk->mdls[walk->at]->length;
      walk->at++;
      walk->begins_mdl = true;
    }
  return walk->at < walk->n_mdls;
}

DmsChainWalk
dms_chain_walk (DmsMdl *const *mdls, size_t n, uint64_t skip, uint64_t length)
{
  return (DmsChainWalk){
    .mdls = mdls, .n_mdls = n, .skip = skip, .left = length, .begins_mdl = true
  };
}

bool
dms_chain_next (DmsChainWalk *walk, DmsChainPiece *ret_piece)
{
  if (walk->left == 0 || !find_mdl (walk))
    return false;

  const DmsMdl *mdl = walk->mdls[walk->at];
  uint64_t from_page = dms_page_offset (mdl->address) + walk->skip;
  uint64_t length = DMS_PAGE_SIZE - dms_page_offset (from_page);

  if (length > mdl->length - walk->skip)
    length = mdl->length - walk->skip;
  if (length > walk->left)
    length = walk->left;
  *ret_piece = (DmsChainPiece){ .mdl = mdl,
                                .skip = walk->skip,
                                .frame = mdl->frames[from_page >> DMS_PAGE_SHIFT],
                                .offset = (uint32_t)dms_page_offset (from_page),
                                .length = (uint32_t)length,
                                .begins_mdl = walk->begins_mdl };
  walk->skip += length;
  walk->left -= length;
  walk->begins_mdl = false;
  return true;
}

bool
dms_chain_next_part (DmsChainWalk *walk, DmsChainPart *ret_part)
{
  if (walk->left == 0 || !find_mdl (walk))
    return false;

  const DmsMdl *mdl = walk->mdls[walk->at];
  uint64_t length = mdl->length - walk->skip;

  if (length > walk->left)
    length = walk->left;
  *ret_part = (DmsChainPart){ .mdl = mdl,
                              .buffer = mdl->buffer,
                              .start = mdl->start + walk->skip,
                              .end = mdl->start + walk->skip + length };
  walk->skip += length;
  walk->left -= length;
  walk->begins_mdl = false;
  return true;
}
