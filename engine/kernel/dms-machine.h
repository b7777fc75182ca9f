/* dms-machine.h — the simulated machine: what everything in the kernel works on
 *
 * The machine is a queue of work. Whatever it decides it emits as an event and keeps
 * only what it needs to decide further: bytes of memory, who holds which map register,
 * who waits. It judges nothing; a driver's wrong call is an event like any other.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-scenario.h"
#include "engine/core/dms-sink.h"
#include "engine/kernel/dms-command.h"
#include "engine/kernel/dms-mdl.h"
#include "engine/kernel/dms-memory.h"
#include "engine/kernel/dms-policy.h"
#include "engine/kernel/dms-register-pool.h"
#include "engine/kernel/dms-work.h"

typedef struct DmsMachine DmsMachine;
typedef struct DmsDevice DmsDevice;
typedef struct DmsTransfer DmsTransfer;
typedef struct DmsAdapter DmsAdapter;
typedef struct DmsGrant DmsGrant;
typedef struct DmsGrant DmsList; /* a grant that is one; see dms-list.h */
typedef struct DmsIommu DmsIommu;
typedef struct DmsCommon DmsCommon;
typedef struct DmsNonpaged DmsNonpaged;           /* dms-nonpaged.h */
typedef struct DmsControllerOps DmsControllerOps; /* dms-controller.h */

/* Who waits, oldest first. */
typedef struct
{
  DmsGrant *first, *last;
  uint32_t n;
} DmsGrantQueue;

/* A statement of the driver; file 0 where it is not known. */
typedef struct
{
  uint32_t file; /* name id */
  uint32_t line;
} DmsPlace;

/* What a kind of device does; the models are in engine/devices. */
typedef struct
{
  const char *name;
  /* Makes the device's state and the size of its register window; false without memory.
   */
  bool (*start) (DmsMachine *machine, DmsDevice *device);
  void (*release) (DmsDevice *device);
  /* An access by the driver to the register window; @size is 4 or 8 bytes. */
  void (*write) (DmsMachine *machine,
                 DmsDevice *device,
                 uint64_t offset,
                 uint64_t value,
                 uint32_t size);
  uint64_t (*read) (DmsMachine *machine,
                    DmsDevice *device,
                    uint64_t offset,
                    uint32_t size);
} DmsDeviceModel;

/* The driver of a device as the kernel sees it: engine/wdm turns these into calls of
 * the driver's own routines. */
typedef struct
{
  bool (*start) (DmsMachine *machine, DmsDevice *device);
  void (*start_io) (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer);
  bool (*isr) (DmsMachine *machine, DmsDevice *device);
  void (*dpc) (DmsMachine *machine, DmsDevice *device);
  void (*stop) (DmsMachine *machine, DmsDevice *device);
  /* The requester is done with the transfer: forget what was made for it. */
  void (*forget) (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer);
  /* The requester does not want the transfer any more, which the driver has; NULL when
   * the driver need not know. */
  void (*cancel) (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer);
  /* A request arrives and goes to the driver at once, which keeps a queue itself; NULL
   * when start_io gets one after the other. */
  void (*dispatch) (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer);
  /* The run is over: the device goes away, started or not; may be NULL. */
  void (*remove) (DmsMachine *machine, DmsDevice *device);
} DmsDriverOps;

/* One request on its way. */
struct DmsTransfer
{
  uint64_t id;
  DmsDevice *device;
  DmsBuffer *buffer;
  uint32_t row; /* of the scenario's requests */
  uint64_t start, length;
  bool to_device;
  bool is_complete;
  bool is_with_driver; /* its driver was given it */
  bool is_cancelled;   /* by its requester */
  uint64_t end_cause;  /* seq of what ends it from outside, 0 = nothing did */
  uint32_t nth;        /* request of its device, from 1 */
  uint64_t request_seq;
  uint64_t complete_seq;
  uint32_t status;   /* when complete */
  uint64_t done;     /* bytes transferred, as the driver said */
  DmsTransfer *next; /* in the device's queue */
  void *driver_side; /* belongs to the driver's ops */
};

/* The device's own bytes of one transfer, over all operations that it takes. */
typedef struct
{
  uint64_t transfer; /* id, 0 = not known */
  uint64_t at;       /* bytes moved */
  uint8_t *received; /* from memory, when machine->keeps_received */
  size_t n_received, capacity;
} DmsStream;

struct DmsDevice
{
  const DmsScenarioDevice *row; /* the hardware as it is now: &hardware */
  DmsScenarioDevice hardware;   /* its strings are the scenario's */
  uint32_t index;
  uint32_t name;    /* name id */
  uint64_t highest; /* address that it reaches */
  const DmsDeviceModel *model;
  void *state;     /* the model's */
  uint8_t *window; /* its registers, as addresses for the driver */
  uint64_t window_bytes;
  const DmsDriverOps *ops;
  void *driver_side; /* belongs to the driver's ops */
  bool is_started;
  bool is_busy;         /* the driver has a request, and not asked for the next one */
  DmsTransfer *current; /* that one; NULL when the requester is done with it */
  DmsTransfer *first, *last; /* that wait for the driver */
  uint32_t n_requests;
  uint32_t n_open;    /* that the driver has, and not completed */
  bool is_stopping;   /* a command stops it: no further request for its driver */
  uint64_t stop_seq;  /* of that command's event */
  uint64_t dpc_cause; /* seq; 0 = no DPC asked for */
  uint64_t interrupt_seq;
  uint64_t list; /* id of the list that the driver was given last */
  DmsStream stream;
  DmsIommu *iommu; /* before the device; NULL = none, or not used so far */
};

/* A routine that is running, a documented one or one of the driver. */
typedef struct
{
  uint64_t seq; /* of its call event */
  DmsRoutine routine;
  uint32_t name; /* name id */
  uint32_t device;
  uint64_t transfer;
  bool is_callback;
  uint8_t irql_before;
  DmsPlace place_before;
  uint64_t seq_before;
} DmsCall;

struct DmsMachine
{
  const DmsScenario *scenario;
  DmsPolicy policy;
  DmsEmitter emitter;
  DmsStatus status; /* first failure that is not the sink's */

  DmsMemory memory;
  DmsRegisterPool pool;
  DmsWorkQueue work;
  DmsCommands commands;
  DmsBuffer *buffers;
  size_t n_buffers;
  DmsDevice *devices;
  size_t n_devices;

  uint64_t now_ps;
  uint8_t irql;
  DmsPlace place;    /* of the driver's statement that runs */
  uint64_t call_seq; /* of the innermost call */
  uint32_t n_calls;

  uint32_t *issued; /* of each row of requests, how many have been made */
  bool is_stopping; /* nothing is left to do but to stop the devices */

  uint64_t last_transfer, last_adapter, last_list; /* ids given out */
  DmsTable transfers;                              /* id → DmsTransfer, live */
  DmsTable adapters;                               /* id → DmsAdapter, live */
  DmsTable grants; /* id → DmsGrant, asked for and not given back; also lists */
  DmsTable images; /* address of a list's memory → DmsList, live or put back lately */
  DmsTable mapped; /* device and logical page → DmsGrantPage */
  DmsTable asking; /* device object → DmsGrant that waits, or whose callback runs */
  DmsTable contexts;     /* key of a transfer context → what is known of it */
  DmsTable commons;      /* id → DmsCommon, live */
  DmsTable common_pages; /* device and logical page → DmsCommon, live */
  DmsCommon *freed_first, *freed_last; /* common buffers, oldest first */
  DmsNonpaged *nonpaged;               /* drivers' memory with frames, latest first */
  uint64_t n_nonpaged;                 /* of these */
  uint64_t nonpaged_at[2];             /* where their next frames are looked for */
  const DmsControllerOps *controller;  /* of system DMA; NULL = there is none */
  void *controller_state;              /* belongs to it */
  DmsGrantQueue waiting;               /* for map registers */
  bool is_serving;               /* a work item that serves them is in the queue */
  uint64_t release_seq;          /* of the last event that gave registers back */
  DmsList *put_first, *put_last; /* put back, memory not yet lent again */
  size_t n_put;

  DmsBytes scratch;    /* payload of the event being made */
  bool keeps_received; /* devices remember the bytes that they got; for tests */
  void *driver_side;   /* belongs to engine/wdm */
};

/**
 * dms_machine_init:
 * @scenario: outlives the machine
 *
 * Memory, buffers, map registers and devices (still without model and driver), and the
 * events that describe them. What was begun is released with dms_machine_release().
 */
DmsStatus dms_machine_init (DmsMachine *machine,
                            const DmsScenario *scenario,
                            const DmsSink *sink);
void dms_machine_release (DmsMachine *machine);
/* The first failure: of the sink or of the machine. */
DmsStatus dms_machine_status (const DmsMachine *machine);
/* Remembers @status when it is the first failure. */
void dms_machine_fail (DmsMachine *machine, DmsStatus status);

/* An event of @kind at this moment and place, to be filled in. */
DmsEvent dms_machine_event (const DmsMachine *machine, DmsEventKind kind);
uint64_t dms_machine_emit (DmsMachine *machine, DmsEvent *event);

/* Describes @mdl, whose buffer has no MDLs but those before @place. Emits: MDL. */
void dms_machine_describe_mdl (DmsMachine *machine, const DmsMdl *mdl, uint32_t place);

/* The numbers of a fact, as the list of facts says; what is not named is 0. */
typedef struct
{
  const DmsDevice *device; /* or NULL */
  uint64_t transfer, object;
  uint64_t a, b, c, length;
} DmsFactNote;

/* Notes @fact beside the call that is running. Emits: FACT. */
void dms_machine_fact (DmsMachine *machine, DmsFact fact, DmsFactNote note);
/* @ps after @now_ps. Events keep nanoseconds in 63 bits: beyond, clocks stand still. */
static inline uint64_t
dms_time_later (uint64_t now_ps, uint64_t ps)
{
  return ps > (uint64_t)INT64_MAX - now_ps ? (uint64_t)INT64_MAX : now_ps + ps;
}

/* Lets model time pass on the CPU. */
void dms_machine_spend (DmsMachine *machine, uint64_t ps);
void dms_machine_spend_each (DmsMachine *machine, uint64_t ps, uint64_t n);
/* Queues work; a failure is the machine's. */
void dms_machine_push (DmsMachine *machine,
                       uint64_t due_ps,
                       DmsWorkRun run,
                       void *subject,
                       uint64_t number);
/* Runs the next item; DMS_ERROR_END when there is none. */
DmsStatus dms_machine_step (DmsMachine *machine);
/* A driver says that its device takes one piece only, though the scenario says
 * otherwise: bounce pages have to lie in a row. False when they do not, and somebody
 * holds map registers. */
bool dms_machine_make_rows (DmsMachine *machine);
/* The device that has @pointer in its register window, or NULL. */
DmsDevice *dms_machine_device_at (DmsMachine *machine, const volatile void *pointer);

/* ---- calls and IRQL
 * ------------------------------------------------------------------- */

/* What a call event says. */
typedef struct
{
  DmsRoutine routine;
  const char *name;
  const DmsDevice *device; /* or NULL */
  uint64_t transfer, object, b, c, length;
  uint32_t flags;
  uint64_t cause; /* 0: the call around it */
  uint8_t irql;   /* callbacks: the IRQL inside */
} DmsCallInfo;

/* False when calls are nested too deep: then nothing was emitted and the routine must
 * refuse. */
bool dms_call_enter (DmsMachine *machine, const DmsCallInfo *info, DmsCall *ret_call);
/* Emits the return; IRQL and place are as before the call. */
void dms_call_leave (DmsMachine *machine, const DmsCall *call);
void dms_call_leave_status (DmsMachine *machine, const DmsCall *call, uint32_t status);
/* @length: what the routine writes to its length argument. */
void dms_call_leave_status_length (DmsMachine *machine,
                                   const DmsCall *call,
                                   uint32_t status,
                                   uint64_t length);
/* @value: what the routine returns, a number or an address; @length: what it writes to
 * its length argument, 0 when it has none. */
void dms_call_leave_value (DmsMachine *machine,
                           const DmsCall *call,
                           uint64_t value,
                           uint64_t length);
