/* dms-grant-private.h — the parts that a grant's way is made of
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-chain.h"
#include "engine/kernel/dms-list.h"

/* A callback that is asked for deeper inside of callbacks is refused, as there must be
 * room for the calls that the driver makes then. */
#define DMS_DEEPEST_NESTING 240

/* Key of the table of what is mapped: a device's logical page. */
static inline uint64_t
dms_mapped_key (const DmsDevice *device, uint64_t logical)
{
  return (logical >> DMS_PAGE_SHIFT) * DMS_SCENARIO_DEVICES_MAX + device->index;
}

static inline uint32_t
dms_direction_flag (bool to_device)
{
  return to_device ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE;
}

static inline uint64_t
dms_grant_physical (const DmsGrantPage *page)
{
  return dms_physical_of_frame (page->frame).value + page->offset;
}

/* An event of @kind about @grant, without flags. */
DmsEvent
dms_grant_event (const DmsMachine *machine, const DmsGrant *grant, DmsEventKind kind);
/* A fact about @grant. */
void dms_grant_fact (
    DmsMachine *machine, const DmsGrant *grant, DmsFact fact, uint64_t a, uint64_t b);
/* Emits the refusal that @event describes; returns @status. */
uint32_t
dms_grant_refuse (DmsMachine *machine, DmsEvent event, uint32_t status, uint32_t why);

/* ---- dms-grant-memory.c ---- */

/* A transfer context; the kernel knows it by its key alone. */
typedef struct
{
  uint64_t grant;    /* id, that it was used for last; 0 = none so far */
  bool is_cancelled; /* what it is used for next, or maps next, is cancelled */
} DmsContext;

/* Room for @room pages; NULL without memory. */
DmsGrant *
dms_grant_new (DmsMachine *machine, DmsAdapter *adapter, uint64_t id, uint32_t room);
/* Forgets the grant, its image included. */
void dms_grant_drop (DmsMachine *machine, DmsGrant *grant);
/* A list gets the memory that its driver will see: @image, or, when that is NULL,
 * memory of its own. False without memory. */
bool dms_list_give_image (DmsMachine *machine, DmsList *list, void *image);
/* Memory of a list that was put back is filled with a pattern and kept for a while. */
void dms_list_retire (DmsMachine *machine, DmsList *list);
DmsContext *dms_grant_context (const DmsMachine *machine, uint64_t context);

/* ---- dms-map.c and dms-map-page.c ---- */

/* What is being mapped by one call. The pages come from @walk, or, when @is_list, are
 * in grant->pages already. */
typedef struct
{
  DmsGrant *grant;
  bool is_list;
  DmsChainWalk walk;
  uint32_t n_list_pages; /* of a list */
  DmsListElement *elements;
  uint32_t n_elements, max_elements;
  uint32_t first;     /* page that it begins with */
  bool row_bounces;   /* the MDL that is mapped now does, as one */
  uint32_t n_bounced; /* pages */
  uint64_t bounced_bytes;
  uint64_t mapped; /* bytes */
  uint64_t cause;  /* of each page */
  bool lacks_registers;
  uint32_t n_beyond; /* bounced pages whose register is none of the grant */
} DmsMapping;

/* Maps page after page until nothing, no register or no element is left; then says what
 * is there now: NO_COPY and MAP. */
void dms_mapping_run (DmsMachine *machine, DmsMapping *mapping);
/* A page of which nothing is known but where it lies. */
void dms_page_fill (DmsGrantPage *page, const DmsChainPiece *piece);
/* An event of @kind about @page, with its direction. */
DmsEvent
dms_page_event (const DmsMachine *machine, const DmsGrantPage *page, DmsEventKind kind);
/* The device reaches the page from now on. */
void dms_page_remember (DmsMachine *machine, DmsGrantPage *page);
/* The mapping of a page ends: the device cannot reach it any more. */
void dms_page_forget (DmsMachine *machine, DmsGrantPage *page);
/* Copies bytes @from to @to of a bounced page, counted in that page. */
void dms_page_copy (
    DmsMachine *machine, DmsGrantPage *page, uint32_t from, uint32_t to, bool is_in);

/* ---- dms-wait.c ---- */

/* The grant, or list, takes channel and registers and is delivered, or waits. False
 * when it may not wait and is not there at once: then it took nothing. */
bool dms_wait_begin (DmsMachine *machine, DmsGrant *grant);
/* Takes a waiting grant out of its queue, if it is in one, frees what it held and
 * forgets it. Emits: CANCEL, CHANNEL. */
void dms_wait_cancel (DmsMachine *machine, DmsGrant *grant);
/* Registers came back to the pool: whoever waits for them is served soon. */
void dms_wait_serve (DmsMachine *machine);
/* The adapter's channel is free: the next one is served soon. Emits: CHANNEL. */
void dms_wait_free_channel (DmsMachine *machine,
                            DmsAdapter *adapter,
                            uint64_t transfer,
                            uint64_t cause);

/* ---- dms-grant.c ---- */

/* The status of a call with a transfer context, and its refusal. */
uint32_t dms_grant_check_context (DmsMachine *machine,
                                  DmsAdapter *adapter,
                                  uint64_t transfer,
                                  uint64_t context);
/* What was checked and made takes its way; its context belongs to it from now on. It
 * may be gone afterwards. Returns the status of the call. */
uint32_t dms_grant_begin (DmsMachine *machine, DmsGrant *grant);

/* ---- dms-grant-free.c ---- */

/* dms_grant_act() with another cause than the call that runs. */
void dms_grant_follow (DmsMachine *machine,
                       DmsGrant *grant,
                       DmsAction action,
                       uint64_t cause);
/* Copies nothing: what is mapped is forgotten, and the registers go back to the pool,
 * if there are any. Emits: RELEASE. */
void dms_grant_release_registers (DmsMachine *machine, DmsGrant *grant);
/* Emits: UNMAP. */
void dms_grant_end (DmsMachine *machine, const DmsGrant *grant);

/* ---- dms-list.c ---- */

/* Maps a list that has its registers; false when it is not to be delivered and gone. */
bool dms_list_map (DmsMachine *machine, DmsList *list);
