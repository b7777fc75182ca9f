/* dms-state.h — what is so at one moment: the fold of the events up to it
 *
 * The drawn picture, `dmascope state`, keyframes and tests all read this. It holds only
 * what is live; a mapping that has ended, a transfer that is over and whose buffer was
 * lent again, are in the trace's tables. Nothing here knows where an event came from.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-event.h"
#include "engine/core/dms-names.h"
#include "engine/core/dms-payload.h"
#include "engine/core/dms-table.h"
#include "engine/core/dms-units.h"

/* Against hostile traces. Beyond them an event is DMS_ERROR_LIMIT. */
#define DMS_STATE_REGISTERS_MAX 65536u
#define DMS_STATE_CALLS_MAX 256u
#define DMS_STATE_OBJECTS_MAX (1u << 20) /* live objects of one kind */
#define DMS_STATE_RANGES_MAX 8           /* content ranges of one page; then "mixed" */

typedef struct
{
  uint32_t id;    /* name id */
  bool described; /* a device event said what follows; else only its name is known */
  uint32_t model; /* name id */
  uint32_t address_bits; /* 0 = not known */
  uint64_t mask;         /* highest address it reaches; 0 = not known */
  uint64_t maximum_length;
  uint64_t burst;
  uint32_t map_registers; /* per transfer, as the adapter says; 0 = no adapter yet */
  uint32_t max_elements;
  bool scatter_gather;
  uint64_t adapter; /* id, 0 = none */
  bool channel_taken;
  bool remapped;        /* an IOMMU stands before it */
  bool stopped;         /* by a command */
  uint32_t channel;     /* of the DMA controller, and one more; 0 = none */
  uint64_t segment;     /* longest element, 0 = any */
  uint64_t boundary;    /* that no element may cross, 0 = none */
  uint64_t alignment;   /* of addresses and lengths; 0 and 1 = none */
  uint64_t ring_length; /* of the buffer that it shares with its driver, 0 = none */
  /* Its channel of the DMA controller, as it was programmed last. */
  uint64_t controller_address;
  uint64_t controller_length; /* bytes */
  uint32_t controller_mode;
  bool controller_runs;
  uint64_t rounds;      /* how often it got to its end since then */
  uint64_t transfer;    /* what it works on, 0 = idle */
  bool running;         /* started, and not yet interrupted */
  uint64_t moved_bytes; /* of the transfer it works on, or did last */
  uint64_t moved_total; /* since the run began */
  uint64_t live_mappings;
  uint64_t live_bytes;
} DmsDeviceState;

/* Content of a byte range of a page of a buffer. */
typedef enum
{
  DMS_CONTENT_NONE = 0,        /* not part of a transfer */
  DMS_CONTENT_OLD = 1,         /* from the device: not yet arrived */
  DMS_CONTENT_ARRIVED = 2,     /* the device wrote it here */
  DMS_CONTENT_IN_BOUNCE = 3,   /* newer bytes wait in the bounce page; stale here */
  DMS_CONTENT_COPIED_BACK = 4, /* came out of the bounce page */
  DMS_CONTENT_TO_BE_READ = 5,  /* to the device: the device will read it here */
  DMS_CONTENT_COPIED_IN = 6,   /* to the device: a copy is in the bounce page */
  DMS_CONTENT_UNTRUSTED = 7,   /* copied back though the device had not written it */
  DMS_CONTENT_SENT = 8,        /* to the device: it has read it */
  DMS_CONTENT_CHANGED
  = 9,                   /* the CPU wrote it after it was copied in: will not be sent */
  DMS_CONTENT_LOST = 10, /* newer bytes were in a bounce page that was given back */
  DMS_CONTENT_MIXED = 11 /* more ranges than are kept apart */
} DmsContent;

typedef struct
{
  uint16_t start;  /* bytes from the start of the page */
  uint16_t end;    /* first byte behind, up to 4096 */
  uint8_t content; /* DmsContent */
} DmsRange;

/* Ranges are sorted, do not touch ranges of equal content, and lie within the part of
 * the page that its MDL describes. */
typedef struct
{
  uint64_t frame;
  uint16_t start, end; /* part of the page that belongs to the buffer */
  uint8_t n_ranges;
  DmsRange ranges[DMS_STATE_RANGES_MAX];
} DmsPageState;

typedef struct
{
  uint64_t address;    /* virtual address of the first byte */
  uint64_t start;      /* bytes of the buffer before it */
  uint64_t length;     /* bytes */
  uint32_t first_page; /* index into DmsBufferState.pages */
  uint32_t n_pages;
  bool locked;
} DmsMdlState;

typedef struct
{
  uint64_t id;
  uint32_t name;
  uint64_t length;   /* bytes of all MDLs */
  uint64_t transfer; /* that used it last, 0 = none */
  DmsMdlState *mdls;
  uint32_t n_mdls;
  DmsPageState *pages; /* of all MDLs, one after the other */
  uint32_t n_pages;
} DmsBufferState;

typedef enum
{
  DMS_TRANSFER_REQUESTED = 0,
  DMS_TRANSFER_COUNTED = 1,
  DMS_TRANSFER_WAITING = 2,
  DMS_TRANSFER_GRANTED = 3,
  DMS_TRANSFER_MAPPED = 4,  /* the list is ready */
  DMS_TRANSFER_RUNNING = 5, /* the device works */
  DMS_TRANSFER_MOVED = 6,   /* the device has interrupted */
  DMS_TRANSFER_PUT = 7,     /* the list is freed */
  DMS_TRANSFER_COMPLETE = 8,
  DMS_TRANSFER_REFUSED = 9
} DmsPhase;

/* A transfer is live until its buffer is used for another one. */
typedef struct
{
  uint64_t id;
  uint32_t device;
  uint64_t buffer;
  uint64_t start, length; /* bytes of the buffer */
  uint32_t direction;     /* DMS_FLAG_TO_DEVICE or DMS_FLAG_FROM_DEVICE */
  uint8_t phase;          /* DmsPhase */
  uint64_t mapping;       /* its list, 0 = none (any more) */
  uint64_t moved_bytes;   /* by the device */
  uint64_t copied_bytes;  /* by the CPU, in and out */
  uint64_t
      waiting_bytes;   /* from the device: newer in bounce pages than in the buffer */
  uint64_t held_bytes; /* in its bounce pages: waiting_bytes, or what was copied in */
  uint32_t status;     /* when complete or refused */
  bool cancelled;      /* the requester does not want it any more */
} DmsTransferState;

/* One page of a simulated list or grant, or one memory segment of a recorded mapping.
 * In a simulated run each takes the next map register of the grant, used or not; when
 * all that was mapped is flushed they are taken from the first one on again. */
typedef struct
{
  uint64_t physical;     /* first byte in memory */
  uint64_t logical;      /* first byte as the device sees it; 0 = not known */
  uint64_t length;       /* bytes; 0 = not known */
  uint32_t element;      /* element that it is part of; UINT32_MAX = not known */
  uint32_t map_register; /* that stands for it; UINT32_MAX = none */
  bool bounced;
  bool flushed; /* done with: the device must not use it any more */
} DmsPieceState;

typedef struct
{
  uint64_t logical;
  uint64_t length; /* bytes */
  uint64_t moved;  /* bytes that the device has moved, by this element's descriptor */
  bool described;  /* the device has taken it in as a descriptor */
} DmsElementState;

/* A scatter/gather list in the making or ready, what AllocateAdapterChannel granted
 * (FORM_SINGLE in a simulated run), a mapping, shared memory. */
typedef struct
{
  uint64_t id;
  uint64_t begin_seq;
  int64_t begin_t_ns;
  uint32_t device;
  uint32_t task;
  uint64_t transfer; /* 0 in recordings */
  uint32_t
      flags;  /* direction, form, BOUNCED, ALL_BOUNCED, FORCED, TRUNCATED, RECORDED */
  bool ready; /* the device may use it */
  uint64_t length;          /* bytes */
  uint64_t virtual_address; /* shared memory: the CPU's address, or a hash of it */
  uint64_t attributes;
  uint32_t first_register, n_registers; /* granted now; n 0 = none */
  uint32_t needed_registers;
  uint32_t used_registers;  /* of those granted, since all was flushed last */
  uint32_t n_flushed;       /* pieces */
  uint32_t wanted_elements; /* as the source says; the payload may have fewer */
  uint32_t wanted_pieces;
  uint64_t bounced_bytes; /* bytes of bounced pieces */
  DmsPieceState *pieces;
  uint32_t n_pieces;
  DmsElementState *elements;
  uint32_t n_elements;
} DmsMappingState;

typedef enum
{
  DMS_REGISTER_FREE = 0,
  DMS_REGISTER_GRANTED = 1, /* unused so far, or its page goes straight */
  DMS_REGISTER_BOUNCES = 2,
  DMS_REGISTER_TRANSLATES = 3, /* the IOMMU maps its logical page to a page of memory */
  DMS_REGISTER_AWAY = 4        /* a command has taken it out of the pool */
} DmsRegisterUse;

typedef struct
{
  uint8_t use;      /* DmsRegisterUse */
  uint32_t page;    /* page of the transfer that it stands for; UINT32_MAX = none yet */
  uint64_t mapping; /* id of the list that holds it */
  uint64_t bounce_frame; /* when it bounces; when it translates, the logical page */
} DmsRegisterState;

typedef struct
{
  uint32_t routine;    /* DmsRoutine */
  uint32_t name;       /* name id */
  uint32_t file, line; /* of the call */
  uint64_t seq;        /* of the call event */
  uint64_t transfer;
  uint8_t context; /* IRQL inside */
  bool callback;   /* a routine of the driver, called by the system */
} DmsCallState;

/* A translation of the IOMMU. */
typedef struct
{
  uint64_t iova, physical, length;
  uint64_t seq;
} DmsIommuState;

/* A recorded bounce that no mapping has claimed yet. */
typedef struct
{
  uint64_t original, length;
  uint32_t device, task;
  uint16_t cpu;
  bool forced;
} DmsPendingBounce;

#define DMS_STATE_PENDING_MAX 4096u

typedef struct
{
  uint64_t seq; /* events folded in: 0 = before the first */
  uint64_t step;
  int64_t t_ns;
  uint8_t context; /* of the last event */
  uint16_t cpu;
  uint32_t file, line; /* where the driver is: the last event that says so */
  bool recorded;       /* the last event came from a recording */

  uint64_t memory_bytes; /* 0 = not known */
  uint32_t page_size;
  uint32_t machine_flags;
  DmsRegisterState *registers; /* the pool; n 0 in recordings */
  uint32_t n_registers;
  uint32_t registers_granted; /* of these in use */
  uint32_t registers_bouncing;
  uint32_t registers_away;

  DmsTable devices;    /* name id → DmsDeviceState */
  DmsTable buffers;    /* id → DmsBufferState */
  DmsTable transfers;  /* id → DmsTransferState */
  DmsTable mappings;   /* id → DmsMappingState */
  DmsTable iommu;      /* start of iova's page → DmsIommuState */
  DmsTable by_address; /* derived: recorded mappings by device and first address */

  DmsCallState calls[DMS_STATE_CALLS_MAX]; /* outermost first */
  uint32_t n_calls;

  DmsPendingBounce *pending; /* oldest first */
  uint32_t n_pending;
  bool pool_is_used; /* a bounce was recorded at some time */

  uint64_t
      next_mapping; /* ids below were given out once: tells "ended" from "never was" */
  uint64_t last_mapping;  /* that the last event spoke of, 0 = none; may have ended */
  uint64_t last_transfer; /* likewise */
  uint64_t live_bytes;    /* mapped now, recordings */
  uint64_t
      bounced_bytes; /* recordings: bytes in the pool; simulation: see waiting_bytes */
  /* Recordings, as far as was seen up to now: the bounce pool's first address and the
   * one behind its last, and the end of memory that was mapped. 0 = none seen. */
  uint64_t pool_first, pool_end, memory_end;
  uint64_t waiting_bytes; /* simulation: newer in bounce pages than in buffers */
  uint64_t held_bytes;    /* simulation: in bounce pages, in either direction */
  uint64_t copied_bytes;  /* by the CPU since the run began */
  uint64_t moved_bytes;   /* by devices since the run began */
  uint64_t lost_events;   /* told by gaps */
  uint64_t
      oddities; /* events that applied though they fit nothing: ends without begin … */
} DmsState;

DmsState *dms_state_new (void); /* NULL without memory */
void dms_state_free (DmsState *state);
/* Back to before the first event. */
void dms_state_reset (DmsState *state);

/**
 * dms_state_apply:
 * @event: must be event number state->seq + 1
 *
 * Folds one event in. What is merely odd (an end without a begin, a map over a map)
 * applies as far as it makes sense and is counted in oddities; only what is
 * structurally impossible is refused, and then the state is as before.
 *
 * Returns: DMS_OK, DMS_ERROR_CORRUPT, DMS_ERROR_RANGE (not the next event),
 * DMS_ERROR_LIMIT, DMS_ERROR_NO_MEMORY (the state is then as before).
 */
DmsStatus dms_state_apply (DmsState *state, const DmsEvent *event);

const DmsDeviceState *dms_state_device (const DmsState *state, uint32_t id);
const DmsBufferState *dms_state_buffer (const DmsState *state, uint64_t id);
const DmsTransferState *dms_state_transfer (const DmsState *state, uint64_t id);
const DmsMappingState *dms_state_mapping (const DmsState *state, uint64_t id);
/* The live recorded mapping of @device that begins at device address (or, for
 * scatterlists, physical address) @address; NULL when there is none. */
const DmsMappingState *dms_state_mapping_at (const DmsState *state,
                                             uint32_t device,
                                             uint64_t address,
                                             bool is_sg);
/* The piece of element @element that holds logical address @logical, or NULL. Quick
 * also in long lists. */
const DmsPieceState *
dms_mapping_piece (const DmsMappingState *mapping, uint32_t element, uint64_t logical);
/* The page of @buffer that holds byte @start of it (start below buffer->length). */
uint32_t dms_buffer_page_of (const DmsBufferState *buffer, uint64_t start);
/* Live objects of all kinds: what keyframe distance is measured by. */
uint64_t dms_state_live (const DmsState *state);

/* Serialisation in id order: equal states give equal bytes however they were reached.
 */
void dms_state_save (const DmsState *state, DmsBytes *bytes);
/* Replaces @state; hostile bytes give DMS_ERROR_CORRUPT. On that, and without memory
 * (DMS_ERROR_NO_MEMORY), the state is reset. */
DmsStatus dms_state_load (DmsState *state, const uint8_t *data, size_t length);
bool dms_state_equal (const DmsState *one, const DmsState *other);

/* Text for people and golden files: one object a line, in id order. */
void
dms_state_append_dump (DmsBytes *bytes, const DmsState *state, const DmsNames *names);
/* "old", "arrived", "newer in bounce" …: the word in the box. */
const char *dms_content_name (DmsContent content);
const char *dms_phase_name (DmsPhase phase);
