/* dms-grant.h — grants: an adapter channel, map registers, and what is mapped by them
 *
 * What AllocateAdapterChannel gives and what a scatter/gather list holds is the same
 * thing: the channel for a while, and one run of map registers. Each page that is
 * mapped takes the next register of the run, straight or bounced; when everything that
 * is mapped has been flushed, the run is used from its beginning again. A list is a
 * grant that was mapped at once and has an image for its driver (dms-list.h).
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-adapter.h"

typedef struct DmsGrantPage DmsGrantPage;

/* A page that is mapped, or the part of it that is. */
struct DmsGrantPage
{
  DmsGrant *grant;
  uint64_t frame;          /* that holds it */
  uint64_t logical;        /* of its first byte, as the device sees it */
  uint32_t offset;         /* of its first byte in the page */
  uint32_t length;         /* bytes */
  uint32_t map_register;   /* that stands for it */
  uint32_t element;        /* of the grant, counted over its whole life */
  const DmsBuffer *buffer; /* whose bytes these are */
  uint64_t start;          /* first of them in the buffer */
  DmsGrantPage *below;     /* mapped before at the same logical page, or NULL */
  bool begins_mdl;         /* its MDL's first piece: never joins what is before */
  bool is_bounced;
  bool is_flushed;
  bool to_device; /* as its mapping said */
};

typedef struct
{
  uint64_t logical;
  uint64_t length; /* bytes */
} DmsListElement;

/* IO_ALLOCATION_ACTION. */
typedef enum
{
  DMS_ACTION_KEEP = 1,
  DMS_ACTION_DEALLOCATE = 2,
  DMS_ACTION_KEEP_REGISTERS = 3
} DmsAction;

typedef enum
{
  DMS_GRANT_WAITS = 0,   /* for the channel or for map registers */
  DMS_GRANT_GRANTED = 1, /* its registers are held */
  DMS_GRANT_DONE = 2 /* a list that was put back; its memory is not yet lent again */
} DmsGrantPhase;

/* Runs the driver's AdapterControl; returns what that returned, be it an action or not.
 */
typedef DmsAction (*DmsGrantDeliver) (DmsMachine *machine, DmsGrant *grant);
/* Hands a list to the driver: fills list->image and calls its AdapterListControl. */
typedef void (*DmsListDeliver) (DmsMachine *machine, DmsList *list);

/* What whoever asked needs when the callback runs: the kernel only keeps it. */
typedef struct
{
  void (*routine) (void); /* cast to its own type before it is called */
  void *device;
  void *context;
  void *adapter;
} DmsListData;

/* DMA_COMPLETION_STATUS. */
typedef enum
{
  DMS_COMPLETION_DONE = 0,
  DMS_COMPLETION_ABORTED = 1,
  DMS_COMPLETION_ERROR = 2,
  DMS_COMPLETION_CANCELLED = 3
} DmsCompletion;

/* Runs the driver's DmaCompletionRoutine. */
typedef void (*DmsGrantComplete) (DmsMachine *machine,
                                  DmsAdapter *adapter,
                                  const DmsListData *data,
                                  DmsCompletion status);

/* What happens when the controller is through with a mapping (version 3). */
typedef struct
{
  DmsGrantComplete run; /* NULL: nothing */
  DmsListData data;
  const char *callback; /* name of the driver's routine; lives as long as the machine */
} DmsGrantCompletion;

/* Invariants: pages[0 … n_pages) are mapped by the registers first_register …
 * first_register + n_pages, flushed or not; when all are flushed, n_pages is 0 again.
 * room is count, but where a profile grants no registers or too few.
 * is_list says that the members of a list are filled. */
struct DmsGrant
{
  uint64_t id; /* never used again; same ids as lists and common buffers */
  DmsAdapter *adapter;
  uint64_t transfer;      /* id, 0 = not known */
  uint64_t device_object; /* key for the one-request-each rule, 0 = no such rule */
  uint64_t context;       /* key of the transfer context, 0 = none */
  DmsGrantPhase phase;
  bool is_list;
  bool is_synchronous; /* never waits */
  bool is_in_callback; /* AdapterControl runs */
  uint32_t count;      /* map registers asked for */
  uint32_t room;       /* pages that can be mapped at one time */
  uint32_t first_register;
  uint32_t n_registers; /* held now */
  DmsGrantPage *pages;  /* room for so many */
  uint32_t n_pages;
  uint32_t n_live;        /* of these, not flushed */
  uint32_t next_flush;    /* page where the search for what is flushed begins */
  bool is_rising;         /* pages lie in the order of the buffer */
  uint32_t first_piece;   /* number of pages[0] in the life of the grant */
  uint32_t next_element;  /* number of the next element in the life of the grant */
  uint64_t mapped_bytes;  /* in pages that are not flushed */
  uint64_t waiting_bytes; /* that the device wrote into bounce pages */
  DmsGrantDeliver deliver;
  DmsListData data;
  const char *callback; /* name of the driver's routine */
  DmsGrantCompletion completion;
  uint64_t cause; /* seq of what led on to the next step */
  DmsGrant *next; /* in a queue */

  /* ---- of a list ---- */
  DmsListDeliver deliver_list;
  bool to_device;
  uint64_t length;
  uint32_t n_list_pages; /* that will be mapped, or are */
  DmsListElement *elements;
  uint32_t n_elements;
  void *image; /* the list as the driver sees it */
  size_t image_bytes;
  bool owns_image; /* else it lies in memory of the driver (BuildScatterGatherList) */
};

/* ---- asking ---- */

typedef struct
{
  DmsAdapter *adapter;
  uint64_t transfer;
  uint64_t device_object; /* 0: any number may wait */
  uint64_t context;
  uint32_t count; /* map registers; 0: the channel alone */
  bool is_synchronous;
  DmsGrantDeliver deliver; /* NULL: synchronous, and the caller takes what it gets */
  DmsListData data;
  const char *callback; /* lives as long as the machine */
} DmsGrantRequest;

/**
 * dms_grant_ask:
 * @ret_grant: the grant when it is there at once and has not gone away again in the
 * callback, else NULL; may be NULL
 *
 * Models:  AllocateAdapterChannel, AllocateAdapterChannelEx, from inside their calls
 * (nc-wdm-pallocate_adapter_channel, nc-wdm-pallocate_adapter_channel_ex).
 * Emits:   ASK, WAIT, CHANNEL, GRANT, CALL and RETURN of AdapterControl, and what its
 * return value asks for; or REFUSE. Facts ASKED_TWICE, ASKED_IN_CALLBACK,
 * TOO_MANY_IN_TOTAL, CONTEXT_IN_USE.
 * Returns: DMS_NT_SUCCESS (AdapterControl ran, will run, or was cancelled in advance),
 * DMS_NT_INSUFFICIENT_RESOURCES (more registers than the adapter may have, or, when
 * synchronous, not there at once), DMS_NT_UNSUCCESSFUL for a second request of one
 * device object (our model, as the documentation does not say).
 */
uint32_t dms_grant_ask (DmsMachine *machine,
                        const DmsGrantRequest *request,
                        DmsGrant **ret_grant);

/* A transfer context is used for the first time, or again: nothing is cancelled in
 * advance. False without memory. Models InitializeDmaTransferContext. */
bool dms_grant_prepare (DmsMachine *machine, uint64_t context);

/**
 * dms_grant_cancel:
 *
 * What waits with @context leaves its queue and is never called; what is not yet asked
 * for will be cancelled when it is.
 *
 * Models:  CancelAdapterChannel. Emits: CANCEL. Facts NOT_CANCELLED, CONTEXT_UNKNOWN.
 * Returns: false when it is granted already.
 */
bool dms_grant_cancel (DmsMachine *machine, DmsAdapter *adapter, uint64_t context);

/* True while what was asked for with @context waits or is held. */
bool dms_grant_is_context_used (const DmsMachine *machine, uint64_t context);
/* True when the mapping of @grant was cancelled and not flushed since. */
bool dms_grant_is_cancelled (const DmsMachine *machine, const DmsGrant *grant);

/**
 * dms_grant_stop:
 *
 * Masks the channel of what was mapped last with @context, and tells the driver so. It
 * has to be flushed all the same.
 *
 * Models:  CancelMappedTransfer. Emits: CONTROLLER, CALL and RETURN of the completion
 * routine. Facts CONTEXT_UNKNOWN, NOT_FOR_THIS_ADAPTER.
 * Returns: DMS_NT_SUCCESS; DMS_NT_UNSUCCESSFUL when it had stopped already (our model,
 * as the page says only that it fails); DMS_NT_INVALID_PARAMETER.
 */
uint32_t dms_grant_stop (DmsMachine *machine, DmsAdapter *adapter, uint64_t context);

/* ---- giving back ---- */

/* What an AdapterControl returned, or FreeAdapterObject says, becomes of @grant; it may
 * be gone afterwards. Emits: CHANNEL, RELEASE, UNMAP. Fact UNKNOWN_ACTION. */
void dms_grant_act (DmsMachine *machine, DmsGrant *grant, DmsAction action);

/* FreeAdapterObject: what becomes of what the adapter was granted without a callback.
 * Emits: CHANNEL, RELEASE, UNMAP. Facts CHANNEL_NOT_HELD, UNKNOWN_ACTION,
 * FREED_WHILE_MAPPED. */
void dms_grant_free_object (DmsMachine *machine, DmsAdapter *adapter, DmsAction action);

/* FreeAdapterChannel: the channel and the registers that came with it.
 * Emits: CHANNEL, RELEASE, UNMAP. Facts CHANNEL_NOT_HELD, FREED_WHILE_MAPPED. */
void dms_grant_free_channel (DmsMachine *machine, DmsAdapter *adapter);

/* FreeMapRegisters: all registers of the grant, whatever @count says.
 * Emits: RELEASE, UNMAP. Facts COUNT_DIFFERS, FREED_WHILE_MAPPED. */
void dms_grant_free_registers (DmsMachine *machine,
                               DmsAdapter *adapter,
                               DmsGrant *grant,
                               uint32_t count);

/* ---- mapping ---- */

/* Bytes of a chain of MDLs. */
typedef struct
{
  DmsMdl *const *mdls;
  size_t n_mdls;
  uint64_t skip;   /* bytes of the chain before the range */
  uint64_t length; /* bytes, all inside of the chain */
  bool to_device;
  bool whole_chain;      /* MapTransferEx; else one piece in a row, of one MDL */
  uint32_t max_elements; /* at least 1 */
} DmsMapRange;

/**
 * dms_grant_map:
 * @elements: room for range->max_elements
 * @ret_mapped: bytes; fewer than asked for when registers or elements run out, or,
 * without whole_chain and with scatter/gather, when the next page is not in a row
 *
 * An adapter without scatter/gather gets one element: its pages go straight when they
 * are in a row and in reach, else all of them bounce into frames in a row. That of a
 * slave is programmed into its controller.
 *
 * Models:  MapTransfer, MapTransferEx, from inside their calls.
 * Emits:   PAGE, BOUNCE, COPY, NO_COPY, MAP, CONTROLLER. Facts ALREADY_MAPPED,
 * TOO_FEW_REGISTERS, NOT_LOCKED, NOT_FLUSHED, ZERO_LENGTH.
 * Returns: DMS_NT_SUCCESS; DMS_NT_INSUFFICIENT_RESOURCES when no register is left,
 * DMS_NT_INVALID_PARAMETER for nothing: then nothing is mapped.
 */
uint32_t dms_grant_map (DmsMachine *machine,
                        DmsGrant *grant,
                        const DmsMapRange *range,
                        DmsListElement *elements,
                        uint32_t *ret_n,
                        uint64_t *ret_mapped);

/**
 * dms_grant_flush:
 *
 * Ends the mapping of each page that lies in the range, whole or in part, and copies
 * out of its bounce page. The channel of a slave is masked.
 *
 * Models:  FlushAdapterBuffers, FlushAdapterBuffersEx, from inside their calls.
 * Emits:   COPY, FLUSH, CONTROLLER. Facts NOT_MAPPED, NOTHING_MAPPED, FLUSH_TOO_LONG,
 * FLUSH_TOO_SHORT, DIRECTION_DIFFERS, FLUSH_WHILE_RUNNING.
 * Returns: DMS_NT_SUCCESS, or DMS_NT_INVALID_PARAMETER when nothing of it is mapped.
 */
uint32_t
dms_grant_flush (DmsMachine *machine, DmsGrant *grant, const DmsMapRange *range);

/* The controller is through with what was mapped last for @adapter: its completion
 * routine is called, once, when it has one. @cause: seq of what says so. Emits: CALL
 * and RETURN of it. */
void dms_grant_complete (DmsMachine *machine,
                         DmsAdapter *adapter,
                         DmsCompletion status,
                         uint64_t cause);

/* ---- finding ---- */

/* The grant, or list, with this id: asked for and not given back; NULL when there is
 * none. */
DmsGrant *dms_grant_live (const DmsMachine *machine, uint64_t id);
/* The page that is mapped for @device at @logical, or NULL. */
DmsGrantPage *dms_grant_page_at (const DmsMachine *machine,
                                 const DmsDevice *device,
                                 uint64_t logical);
void dms_grants_release (DmsMachine *machine);
