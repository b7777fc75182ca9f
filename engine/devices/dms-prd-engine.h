/* dms-prd-engine.h — a disk controller that fetches its descriptors from memory
 *
 * The driver leaves a table of physical region descriptors in memory that it shares
 * with the controller, and starts it. The controller reads one entry after the other by
 * DMA and moves the bytes of each. What an entry looks like is a DmsPrdFormat.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

/* One entry, decoded. */
typedef struct
{
  uint64_t address; /* logical */
  uint64_t length;  /* bytes */
  bool is_last;
} DmsPrd;

#define DMS_PRD_BYTES_MAX 16

typedef struct
{
  uint32_t entry_bytes; /* at most DMS_PRD_BYTES_MAX */
  uint64_t boundary; /* that no entry may cross: beyond, its address wraps; 0 = none */
  DmsPrd (*decode) (const uint8_t *bytes);
} DmsPrdFormat;

/* What the controller is to do. */
typedef struct
{
  uint64_t table;     /* logical address of the first entry */
  uint32_t n_entries; /* UINT32_MAX: an entry says that it is the last one */
  uint64_t length;    /* bytes that the drive moves */
  bool writes_memory;
} DmsPrdJob;

/* The job is over. */
typedef void (*DmsPrdFinished) (DmsMachine *machine, DmsDevice *device, bool is_error);

/* Invariants: while it runs, done <= entry.length and moved <= job.length; generation
 * tells a burst that was under way before the controller was started anew. */
typedef struct
{
  const DmsPrdFormat *format;
  DmsPrdFinished finished;
  DmsPrdJob job;
  bool is_running;
  uint64_t generation;
  uint64_t clock_ps;  /* when the burst under way ends */
  uint32_t n_fetched; /* bytes of the entry being fetched */
  uint8_t fetched[DMS_PRD_BYTES_MAX];
  bool has_entry;
  uint32_t at; /* number of the entry */
  DmsPrd entry;
  uint64_t entry_seq;
  uint64_t done;  /* bytes of it */
  uint64_t moved; /* bytes of the job */
  uint32_t next_length;
  uint64_t transfer, list;
  uint64_t cause;
} DmsPrdEngine;

/* dms_device_start() for a state whose first member is the engine. */
bool dms_prd_engine_make (DmsDevice *device,
                          size_t state_bytes,
                          uint64_t window_bytes,
                          const DmsPrdFormat *format,
                          DmsPrdFinished finished);

/* The registers that all controllers with tables have: what they can do. */
#define DMS_PRD_LINES 0x00
#define DMS_PRD_MAXIMUM_LENGTH 0x04
#define DMS_PRD_ENTRIES 0x08
/* What @offset of these reads as. */
uint64_t dms_prd_engine_limit (const DmsDevice *device, uint64_t offset);

/* An event of @kind about what the engine does. */
DmsEvent dms_prd_engine_event (const DmsMachine *machine,
                               const DmsDevice *device,
                               const DmsPrdEngine *engine,
                               DmsEventKind kind);

/* Forgets what it was doing and begins @job, after what it has fetched until now.
 * Emits: START, and then BURST for each entry and each piece, DESCRIPTOR; facts about
 * entries that it cannot do. */
void dms_prd_engine_start (DmsMachine *machine,
                           DmsDevice *device,
                           DmsPrdEngine *engine,
                           const DmsPrdJob *job);
void dms_prd_engine_stop (DmsPrdEngine *engine);
/* Emits: INTERRUPT. */
void dms_prd_engine_interrupt (DmsMachine *machine,
                               DmsDevice *device,
                               const DmsPrdEngine *engine,
                               bool is_error);
