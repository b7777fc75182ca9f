/* dms-list.h — scatter/gather lists: counted, granted, mapped, put back
 *
 * A list is a grant that the system asks for and maps, whole, before the driver sees
 * it. DmsList is the name of a DmsGrant that is one.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-grant.h"

typedef struct
{
  DmsAdapter *adapter;
  DmsMdl *const *mdls; /* the chain */
  size_t n_mdls;
  uint64_t address; /* CurrentVa: inside the first MDL */
  uint64_t length;
  bool to_device;
  DmsListDeliver deliver; /* NULL: synchronous, and the caller takes what it gets */
  DmsListData data;
  const char *callback; /* lives as long as the machine */

  /* ---- all 0 for GetScatterGatherList ---- */
  void *memory; /* for the image, of the driver; NULL = the system allocates it */
  uint64_t memory_bytes;
  bool is_synchronous; /* never waits */
  uint64_t context;    /* key of a transfer context, 0 = none */
  /* The list, when the routine returns success and it is there and not put back yet;
   * else NULL. May be NULL itself. */
  DmsList **ret_list;
} DmsListRequest;

/* Size of the image: a head, and an entry for each element; as on 64-bit Windows. */
#define DMS_LIST_HEAD_BYTES 16
#define DMS_LIST_ENTRY_BYTES 24

/**
 * dms_list_get:
 *
 * Counts map registers, allocates the list, takes the adapter channel and the registers
 * or puts the request in their queue, maps page by page, and calls the driver.
 *
 * Models:  GetScatterGatherList, BuildScatterGatherList, GetScatterGatherListEx and
 * BuildScatterGatherListEx, from inside their calls.
 * Emits:   COUNT, LIST_MEMORY, CHANNEL, WAIT or GRANT, PAGE and BOUNCE (and COPY),
 * NO_COPY, MAP, the callback's CALL and RETURN; or REFUSE. Facts ZERO_LENGTH,
 * BEFORE_MDL, BEHIND_MDL, TOO_LONG, NOT_LOCKED, BUFFER_SMALL, CONTEXT_UNKNOWN,
 * CONTEXT_IN_USE, NESTED_TOO_DEEP.
 * Returns: DMS_NT_SUCCESS (the list was or will be delivered),
 * DMS_NT_INSUFFICIENT_RESOURCES (more registers than the adapter may have, no memory,
 * or, when synchronous, not there at once), DMS_NT_BUFFER_TOO_SMALL (the chain is
 * shorter than address + length, or the memory for the list is), DMS_NT_CANCELLED
 * (synchronous, and cancelled in advance), DMS_NT_INVALID_PARAMETER (nothing to map, no
 * chain, an address before it, memory that holds another list).
 */
uint32_t dms_list_get (DmsMachine *machine, const DmsListRequest *request);

/**
 * dms_list_put:
 * @to_device: the direction as the driver says it now; it decides whether bytes are
 * copied out of bounce pages
 *
 * Models:  PutScatterGatherList, from inside its call. A list that is not mapped (any
 * more) stays as it is.
 * Emits:   COPY for each bounced page, RELEASE, UNMAP. Fact DIRECTION_DIFFERS.
 */
void dms_list_put (DmsMachine *machine, DmsList *list, bool to_device);

/* The list with this id, waiting or mapped; NULL when there is none. */
static inline DmsList *
dms_list_live (const DmsMachine *machine, uint64_t id)
{
  return dms_grant_live (machine, id);
}

/* Emits the refusal of a call that asks for a list. */
void dms_list_refuse (DmsMachine *machine,
                      const DmsDevice *device,
                      uint64_t transfer,
                      uint32_t status);
/* The list, live or put back lately, whose image is at @image; NULL for other pointers.
 */
DmsList *dms_list_of_image (const DmsMachine *machine, const void *image);
