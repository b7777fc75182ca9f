/* dms-scenario.h — what a simulated run starts from
 *
 * Filled by the scenario reader or by a test, run by the simulated kernel. Everything
 * in a run follows from this.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bounds that the reader enforces and the kernel checks again. */
#define DMS_SCENARIO_DEVICES_MAX 64u
#define DMS_SCENARIO_BUFFERS_MAX 4096u
#define DMS_SCENARIO_MDLS_MAX 256u       /* of one buffer */
#define DMS_SCENARIO_FRAMES_MAX 1048576u /* of all buffers together: 4 GiB */
#define DMS_SCENARIO_REQUESTS_MAX 65536u /* rows; each may repeat */
#define DMS_SCENARIO_REPEATS_MAX 10000000u
#define DMS_SCENARIO_TOUCHES_MAX 64u /* of one request */
#define DMS_SCENARIO_MISTAKES_MAX 64u
#define DMS_SCENARIO_REGISTERS_MAX 65536u
#define DMS_SCENARIO_MEMORY_MAX (UINT64_C (1) << 52)
#define DMS_SCENARIO_MEMORY_MIN (UINT64_C (1) << 20)
#define DMS_SCENARIO_ELEMENTS_MAX 65536u
#define DMS_SCENARIO_COMMANDS_MAX 4096u
#define DMS_SCENARIO_RING_MAX (UINT64_C (1) << 30) /* bytes that a device shares */

/* Model time in picoseconds, so that a cost per byte can be whole. Assumptions, not
 * measurements: a CPU that copies 10 GB/s, a bus that carries 4 GB/s. */
typedef struct
{
  uint64_t call_ps;           /* a routine of the system is called */
  uint64_t register_ps;       /* a map register is granted, set up or given back */
  uint64_t copy_byte_ps;      /* the CPU copies a byte */
  uint64_t bus_byte_ps;       /* a device moves a byte */
  uint64_t burst_ps;          /* a device wins the bus for one burst */
  uint64_t register_write_ps; /* the driver writes a register of the device */
  uint64_t interrupt_ps;      /* from the device's signal to the driver's routine */
  uint64_t dpc_ps;            /* from the request for a DPC to its start */
  uint64_t iotlb_miss_ps;     /* the IOMMU looks a translation up in its tables */
} DmsCost;

/* How the simulated system does what the documentation leaves to it. */
typedef enum
{
  DMS_PROFILE_DOCUMENTED = 0,
  DMS_PROFILE_REACTOS = 1 /* as ReactOS: a pool of 64 slots that grows, and quirks */
} DmsProfile;

/* What ReactOS does otherwise than documented (reference: its
 * hal/halx86/generic/dma.c); bits of DmsScenario.quirks. */
#define DMS_QUIRK_R1 UINT32_C (0x1)  /* no bounce for scatter/gather devices */
#define DMS_QUIRK_R2 UINT32_C (0x2)  /* a list of too many elements is never delivered \
                                      */
#define DMS_QUIRK_R4 UINT32_C (0x4)  /* slots are counted without the offset */
#define DMS_QUIRK_R17 UINT32_C (0x8) /* PutScatterGatherList ignores its direction */

typedef struct
{
  char *name;
  char *model;  /* "bus-master" */
  char *driver; /* "packet-sg" */
  bool scatter_gather;
  uint32_t address_bits;   /* 1 to 64 */
  uint64_t maximum_length; /* bytes */
  uint32_t map_registers; /* most in one transfer; 0 = what the documented rule gives */
  uint32_t max_elements;
  uint64_t burst;       /* bytes, at least 1 */
  uint64_t segment;     /* longest element, bytes; 0 = any */
  uint64_t boundary;    /* a power of two that no element may cross; 0 = none */
  uint64_t alignment;   /* a power of two: of addresses and lengths; 0 and 1 = none */
  uint32_t channel;     /* of the system's DMA controller, 0 to 7; for "system-dma" */
  bool auto_initialize; /* the channel starts again at its end */
  uint64_t ring;        /* bytes that the device shares with its driver; 0 = none */
  bool iommu;           /* one stands between the device and memory */
} DmsScenarioDevice;

typedef struct
{
  uint32_t offset; /* of the first byte in its page, below 4096 */
  uint64_t length; /* bytes, at least 1 */
  uint64_t *frames;
  size_t n_frames; /* exactly the pages that offset and length span */
  bool locked;
} DmsScenarioMdl;

typedef struct
{
  char *name;
  DmsScenarioMdl *mdls;
  size_t n_mdls;
} DmsScenarioBuffer;

typedef enum
{
  DMS_TOUCH_AFTER_COMPLETE = 0, /* the requester, when it has its buffer back */
  DMS_TOUCH_BEFORE_FLUSH
  = 1,                    /* the driver, between interrupt and PutScatterGatherList */
  DMS_TOUCH_AFTER_MAP = 2 /* the driver, between the list and the device's start */
} DmsTouchWhen;

typedef struct
{
  DmsTouchWhen when;
  bool writes;
  uint64_t start, length; /* bytes of the buffer */
} DmsScenarioTouch;

typedef struct
{
  size_t device, buffer; /* places in the arrays below */
  bool to_device;        /* "write" */
  uint64_t start;        /* offset in the buffer */
  uint64_t length; /* bytes; may be more than the buffer has: the driver is told so */
  uint64_t at_ns;
  uint32_t count; /* how often, at least 1 */
  uint64_t every_ns;
  DmsScenarioTouch *touches;
  size_t n_touches;
} DmsScenarioRequest;

/* A mistake that the sample driver shall make; engine/drivers say which they know. */
typedef struct
{
  char *name; /* "list-never-put", "list-put-twice", "touch-before-flush",
                 "wrong-direction" */
  size_t device;
  uint32_t nth; /* request of that device, from 1; 0 = every one */
} DmsScenarioMistake;

/* What changes the machine in mid-run. */
typedef enum
{
  DMS_COMMAND_LIMIT = 1,  /* value: the new limit; which: as in the LIMIT event */
  DMS_COMMAND_TAKE = 2,   /* value: map registers that leave the pool */
  DMS_COMMAND_GIVE = 3,   /* value: map registers that come back */
  DMS_COMMAND_CANCEL = 4, /* value: request of the device, from 1 */
  DMS_COMMAND_STOP = 5,   /* the device */
  DMS_COMMAND_FAIL = 6    /* value: allocations that fail, after skip that succeed;
                             which: as in the FAIL event */
} DmsCommandKind;

typedef enum
{
  DMS_AFTER_TIME = 0,  /* when model time has come to that many nanoseconds */
  DMS_AFTER_EVENT = 1, /* between work items, when that event has happened */
  DMS_AFTER_STEP = 2
} DmsAfter;

/* Takes effect between two items of the machine's work. */
typedef struct
{
  DmsAfter after;
  uint64_t position; /* nanoseconds, seq or step */
  DmsCommandKind what;
  uint32_t which;
  size_t device; /* where the command is about one */
  uint64_t value;
  uint64_t skip;
} DmsScenarioCommand;

typedef struct
{
  char *title;
  uint64_t memory;        /* bytes, a multiple of the page size */
  uint32_t map_registers; /* in the pool, for all devices */
  uint64_t seed;
  DmsProfile profile;
  uint32_t quirks; /* DMS_QUIRK_…; of the profile "reactos" */
  bool hal_x86;    /* "hal": "x86"; else x64 */
  bool verifier;
  DmsCost cost;
  DmsScenarioDevice *devices;
  size_t n_devices;
  DmsScenarioBuffer *buffers;
  size_t n_buffers;
  DmsScenarioRequest *requests;
  size_t n_requests;
  DmsScenarioMistake *mistakes;
  size_t n_mistakes;
  DmsScenarioCommand *commands;
  size_t n_commands;
} DmsScenario;

/* Default cost table. */
DmsCost dms_cost_default (void);
/* All zero but for the defaults of ARCHITECTURE: 8 GiB, 64 map registers, seed 1, x64.
 */
void dms_scenario_init (DmsScenario *scenario);
/* Frees what the members own (all by malloc). */
void dms_scenario_release (DmsScenario *scenario);
