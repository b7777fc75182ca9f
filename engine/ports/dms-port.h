/* dms-port.h — port drivers: what drives a device together with a small miniport
 *
 * A port driver takes the requests of its device, does the DMA side of them and calls
 * its miniport, which only knows the hardware. Three port drivers differ in how the
 * miniport learns the addresses, when it is called and under which lock; each is a
 * DmsPortModel. The miniport's own routines are behind DmsMiniportOps, which engine/wdm
 * turns into calls.
 *
 * Our model: one request is with the miniport at a time (what a channel that sets
 * nothing else has), and a request that is longer than the adapter can do at once is
 * cut by the port driver, as the class driver above it would.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-io.h"
#include "engine/kernel/dms-list.h"

typedef struct DmsPort DmsPort;

/* IDE_UNINITIALIZED_VALUE and SP_UNINITIALIZED_VALUE: as many as there are. */
#define DMS_PORT_UNLIMITED UINT32_MAX

/* The lock around a routine of the miniport: c of its CALL event. */
typedef enum
{
  DMS_LOCK_NONE = 0,
  DMS_LOCK_START_IO = 1,
  DMS_LOCK_INTERRUPT = 2
} DmsLock;

/* What a miniport says of its adapter before its first request. */
typedef struct
{
  bool is_master;
  bool scatter_gather;
  uint32_t address_bits;
  uint32_t maximum_length; /* bytes in one request; DMS_PORT_UNLIMITED */
  uint32_t breaks;         /* NumberOfPhysicalBreaks as the miniport left it */
  uint32_t alignment_mask; /* of buffers' addresses and lengths */
  uint32_t request_bytes;  /* of each request's extension */
  uint32_t channel;        /* of a slave: of the system's DMA controller */
  uint32_t width;          /* of a slave, DMA_WIDTH */
  bool demand_mode;        /* of a slave */
} DmsPortLimits;

/* What is with the miniport: an IRB or SRB. */
typedef struct
{
  uint64_t transfer; /* id */
  uint64_t start;    /* its first byte in the buffer */
  uint64_t address;  /* virtual, of that byte */
  uint64_t length;
  bool to_device;
  uint64_t list;      /* id; 0 = none is mapped */
  uint8_t *extension; /* its bytes; NULL = none asked for */
  bool is_started;    /* the start routine has had it */
  bool is_ended;      /* the miniport has completed it */
  bool is_busy;       /* it cannot take it now: it gets it once more */
  bool is_again;      /* this is that time */
  bool is_to_map;     /* of a slave: the controller is to be programmed */
  uint64_t map_start; /* for these bytes of the request */
  uint64_t map_length;
  uint64_t grant;  /* id; of a slave, while it has the channel; 0 = it has not */
  uint32_t status; /* NTSTATUS, then */
  uint64_t done;   /* bytes, then */
  void *block;     /* the IRB or SRB; belongs to the miniport's ops */
} DmsPortRequest;

/* The routines of a miniport. Those that may be NULL say so. */
typedef struct
{
  /* Fills port->limits; may ask for memory. False when it has no adapter. */
  bool (*find) (DmsMachine *machine, DmsPort *port);
  /* After the adapter object was made; may be NULL. */
  bool (*initialize) (DmsMachine *machine, DmsPort *port);
  /* Makes the IRB or SRB; false without memory. */
  bool (*make) (DmsMachine *machine, DmsPort *port, DmsPortRequest *request);
  /* Without a lock. False: the miniport completes the request itself. */
  bool (*build_io) (DmsMachine *machine, DmsPort *port, DmsPortRequest *request);
  bool (*start_io) (DmsMachine *machine, DmsPort *port, DmsPortRequest *request);
  bool (*interrupt) (DmsMachine *machine, DmsPort *port);
  /* The controller is programmed; NULL where there are no slaves. */
  void (*dma_started) (DmsMachine *machine, DmsPort *port);
  /* May be NULL. */
  void (*stop) (DmsMachine *machine, DmsPort *port);
  /* True when the miniport has left the list as it was; else the first element that
   * differs. */
  bool (*is_unchanged) (const DmsList *list, uint32_t *ret_element);
  /* The IRB or SRB is not the miniport's any more. */
  void (*retire) (DmsMachine *machine, DmsPort *port, DmsPortRequest *request);
} DmsMiniportOps;

/* In what the port drivers differ. */
typedef struct
{
  const char *name;     /* "ATA port driver" */
  DmsRoutine build_io;  /* role; DMS_ROUTINE_NONE = the model has no such routine */
  DmsRoutine start_io;  /* role */
  DmsRoutine interrupt; /* role */
  uint8_t start_irql;
  DmsLock start_lock;
  bool is_pulled; /* the miniport asks for each request */
  /* Most elements of a list, from NumberOfPhysicalBreaks. */
  uint32_t (*elements) (uint32_t breaks);
} DmsPortModel;

extern const DmsPortModel dms_ata_port_model;
extern const DmsPortModel dms_storport_model;
extern const DmsPortModel dms_scsi_port_model;

/* Invariants: request is set exactly while has_request is. */
struct DmsPort
{
  const DmsPortModel *model;
  const DmsMiniportOps *ops;
  DmsDevice *device;
  DmsPortLimits limits;
  DmsAdapter *adapter;   /* NULL until it is needed */
  DmsCommon *memory;     /* uncached extension and the request's; NULL = none */
  uint64_t extension_at; /* of the request's extension in it */
  DmsRoutine inside;     /* role of the miniport's routine that runs; NONE */
  uint64_t transfer;     /* id; 0 = none */
  uint64_t done;         /* bytes of it, by the requests before this one */
  bool has_request;
  bool is_wanted; /* the miniport has asked for the next one */
  DmsPortRequest request;
};

/* Makes @port the driver of @device; it must live as long as the machine. */
void dms_port_init (DmsPort *port,
                    DmsDevice *device,
                    const DmsPortModel *model,
                    const DmsMiniportOps *ops);

/* ---- calling the miniport ---- */

/* A routine of the miniport that runs. */
typedef struct
{
  DmsCall call;
  DmsRoutine outer;
} DmsPortVisit;

/* Emits: CALL. False when calls are nested too deep: then the routine must not run. */
bool dms_port_enter (DmsMachine *machine,
                     DmsPort *port,
                     DmsRoutine role,
                     uint8_t irql,
                     DmsLock lock,
                     DmsPortVisit *ret_visit);
/* @value: what the routine returned. Emits: RETURN. */
void dms_port_leave (DmsMachine *machine,
                     DmsPort *port,
                     const DmsPortVisit *visit,
                     uint64_t value);

/* ---- while the adapter is found ---- */

/**
 * dms_port_memory:
 * @bytes: of the uncached extension
 * @request_bytes: of the extension of each request
 *
 * Memory that CPU and adapter share. Makes the adapter object when there is none yet:
 * the limits must be filled.
 *
 * Models:  AtaPortGetUnCachedExtension and its like, from inside their calls.
 * Emits:   CALL and RETURN of IoGetDmaAdapter, ADAPTER, ALLOC.
 * Returns: the uncached extension; NULL when there is no memory, or a second time.
 */
uint8_t *dms_port_memory (DmsMachine *machine,
                          DmsPort *port,
                          uint64_t bytes,
                          uint32_t request_bytes);

/* Most elements of one list, from the limits. */
uint32_t dms_port_elements (const DmsPort *port);

/* ---- while a request is with the miniport ---- */

/**
 * dms_port_list:
 * @request: NULL for one that is completed
 * @flags: of the request, for the fact
 *
 * Emits:   facts REQUEST_ENDED, LIST_NOT_THERE.
 * Returns: NULL when there is no list (any more).
 */
const DmsList *dms_port_list (DmsMachine *machine,
                              DmsPort *port,
                              const DmsPortRequest *request,
                              uint64_t flags);

/**
 * dms_port_address_of_data:
 * @address: virtual, in the request's buffer
 * @ret_length: bytes in a row from there, to the end of the element: it may be more
 * than is left of what the caller wants
 *
 * Emits:   facts REQUEST_ENDED, LIST_NOT_THERE, OUTSIDE_MDL.
 * Returns: its logical address, 0 for an address outside.
 */
uint64_t dms_port_address_of_data (DmsMachine *machine,
                                   DmsPort *port,
                                   const DmsPortRequest *request,
                                   uint64_t address,
                                   uint64_t *ret_length);

/* The same for memory that dms_port_memory() gave; 0 for other pointers. Emits: fact
 * COMMON_UNKNOWN. */
uint64_t dms_port_address_of_memory (DmsMachine *machine,
                                     DmsPort *port,
                                     const void *pointer,
                                     uint64_t *ret_length);

/* Notes that a routine is called where it may not be. Emits: fact WRONG_PLACE. */
void dms_port_wrong_place (DmsMachine *machine, const DmsPort *port);

/**
 * dms_port_end:
 * @request: NULL for one that is completed
 *
 * The miniport has completed a request: the rest is done in a DPC.
 *
 * Models:  AtaPortCompleteRequest, StorPortNotification (RequestComplete), from inside
 * their calls. Emits: facts COMPLETED_TWICE.
 */
void dms_port_end (DmsMachine *machine,
                   DmsPort *port,
                   DmsPortRequest *request,
                   uint32_t status,
                   uint64_t done);

/* The same for a miniport that cannot take the request now: it gets it once more. */
void dms_port_busy (DmsMachine *machine, DmsPort *port, DmsPortRequest *request);

/**
 * dms_port_map:
 * @start: first byte of the request
 *
 * Has the system's DMA controller move a part of the request, in one MDL. The channel
 * is asked for and programmed in a DPC, and then the miniport's HwScsiDmaStarted is
 * called.
 *
 * Models:  ScsiPortIoMapTransfer, from inside its call.
 * Emits:   facts REQUEST_ENDED, NOT_FOR_THIS_ADAPTER, OUTSIDE_MDL, NOT_FLUSHED (what
 * was mapped before has not been flushed); then nothing is mapped.
 */
void dms_port_map (DmsMachine *machine,
                   DmsPort *port,
                   DmsPortRequest *request,
                   uint64_t start,
                   uint64_t length);

/* Ends what dms_port_map() has begun: the channel is masked, and what waits in bounce
 * pages is copied. Models ScsiPortFlushDma, from inside its call. Emits: COPY, FLUSH,
 * CONTROLLER; fact NOTHING_MAPPED. */
void dms_port_flush (DmsMachine *machine, DmsPort *port);

/* The miniport can take the next request. Models ScsiPortNotification (NextRequest);
 * without effect where requests are pushed. */
void dms_port_next (DmsMachine *machine, DmsPort *port);
