/* dms-list.h — scatter/gather lists: counted, granted, mapped, put back
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-adapter.h"

/* A page of the transfer, or the part of it that the transfer touches. */
typedef struct
{
  DmsList *list;
  uint64_t frame;   /* that holds it */
  uint64_t logical; /* of its first byte, as the device sees it */
  uint32_t offset;  /* of its first byte in the page */
  uint32_t length;  /* bytes */
  uint32_t element;
  bool begins_mdl; /* its MDL's first piece: never joins what is before */
  bool is_bounced;
} DmsListPage;

typedef struct
{
  uint64_t logical;
  uint64_t length; /* bytes */
} DmsListElement;

typedef enum
{
  DMS_LIST_WAITS = 0, /* for the channel or for map registers */
  DMS_LIST_MAPPED = 1,
  DMS_LIST_PUT = 2 /* its memory is not yet lent again */
} DmsListPhase;

/* Hands the list to the driver: fills list->image and calls its AdapterListControl. */
typedef void (*DmsListDeliver) (DmsMachine *machine, DmsList *list);

/* What whoever asked for the list needs when it is there: the kernel only keeps it. */
typedef struct
{
  void (*routine) (void); /* cast to its own type before it is called */
  void *device;
  void *context;
} DmsListData;

struct DmsList
{
  uint64_t id; /* never used again */
  DmsAdapter *adapter;
  uint64_t transfer; /* id, 0 = the buffer is used for none */
  DmsListPhase phase;
  bool to_device;
  uint64_t length;
  DmsListPage *pages;
  uint32_t n_pages; /* = map registers needed */
  DmsListElement *elements;
  uint32_t n_elements;
  uint32_t n_bounced;     /* pages */
  uint64_t bounced_bytes; /* in these */
  uint64_t waiting_bytes; /* that the device wrote into bounce pages */
  uint32_t first_register;
  uint32_t n_registers; /* held now */
  void *image;          /* the list as the driver sees it */
  size_t image_bytes;
  DmsListDeliver deliver;
  DmsListData data;
  const char *callback; /* name of the driver's routine */
  uint64_t cause;       /* seq of what led on to the next step */
  DmsList *next;        /* in a queue */
};

typedef struct
{
  DmsAdapter *adapter;
  DmsMdl *const *mdls; /* the chain */
  size_t n_mdls;
  uint64_t address; /* CurrentVa: inside the first MDL */
  uint64_t length;
  bool to_device;
  DmsListDeliver deliver;
  DmsListData data;
  const char *callback; /* lives as long as the machine */
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
 * Models:  GetScatterGatherList, from inside its call.
 * Emits:   COUNT, LIST_MEMORY, CHANNEL, WAIT or GRANT, PAGE and BOUNCE (and COPY),
 * NO_COPY, MAP, the callback's CALL and RETURN; or REFUSE. Returns: DMS_NT_SUCCESS (the
 * list was or will be delivered), DMS_NT_INSUFFICIENT_RESOURCES (more registers than
 * the adapter may have, or no memory), DMS_NT_BUFFER_TOO_SMALL (the chain is shorter
 * than address + length), DMS_NT_INVALID_PARAMETER (nothing to map, no chain, an
 * address before it).
 */
uint32_t dms_list_get (DmsMachine *machine, const DmsListRequest *request);

/**
 * dms_list_put:
 * @to_device: the direction as the driver says it now; it decides whether bytes are
 * copied out of bounce pages
 *
 * Models:  PutScatterGatherList, from inside its call. A list that is not mapped (any
 * more) stays as it is. Emits:   COPY for each bounced page, RELEASE, UNMAP.
 */
void dms_list_put (DmsMachine *machine, DmsList *list, bool to_device);

/* The list with this id, waiting or mapped; NULL when there is none. */
DmsList *dms_list_live (const DmsMachine *machine, uint64_t id);
/* The page that is mapped for @device at @logical, or NULL. */
DmsListPage *
dms_list_page_at (const DmsMachine *machine, const DmsDevice *device, uint64_t logical);
/* Emits the refusal of a call that asks for a list. */
void dms_list_refuse (DmsMachine *machine,
                      const DmsDevice *device,
                      uint64_t transfer,
                      uint32_t status);
void dms_lists_release (DmsMachine *machine);
/* The list, live or put back lately, whose image is at @image; NULL for other pointers.
 */
DmsList *dms_list_of_image (const DmsMachine *machine, const void *image);
