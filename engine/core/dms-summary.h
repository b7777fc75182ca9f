/* dms-summary.h — what a run adds up to: one more fold over its events
 *
 * For comparing two runs: what was done, how long it took in model time, what was
 * copied, who waited. It judges nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-event.h"
#include "engine/core/dms-status.h"

/* Of one device, or of all together. Sums that would be too large stay at their
 * highest value. */
typedef struct
{
  uint32_t device;    /* name id; 0: all devices, and what belongs to none */
  uint64_t requests;  /* that arrived */
  uint64_t done;      /* of them, completed with success */
  uint64_t failed;    /* completed with a failure */
  uint64_t cancelled; /* completed with STATUS_CANCELLED */
  int64_t first_ns;   /* arrival of the first request; only when there was one */
  int64_t last_ns;    /* completion of the last request, else the same as first_ns */
  uint64_t busy_ns;   /* time with at least one request on its way */
  uint64_t waits;     /* requests that had to wait for the channel or map registers */
  uint64_t waited_ns; /* how long, all together */
  uint64_t refusals;
  uint64_t calls;           /* of the system's routines by the driver */
  uint64_t callbacks;       /* of the driver's routines by the system */
  uint64_t mappings;        /* lists, pieces of MapTransfer, mappings of a recording */
  uint64_t mapped_pages;    /* that went straight, or by the IOMMU */
  uint64_t bounced_pages;   /* that got a bounce page */
  uint64_t copied_bytes;    /* by the CPU, between pages and bounce pages */
  uint64_t shared_bytes;    /* by the CPU, in memory that it shares with the device */
  uint64_t registers;       /* map registers granted, each time that they were */
  uint64_t given_back;      /* map registers that went back, likewise */
  uint64_t dpcs;            /* of the callbacks, DpcForIsr and its like */
  uint64_t register_writes; /* of the device's registers by its driver */
  uint64_t bursts;
  uint64_t moved_bytes; /* by the device */
  uint64_t interrupts;
  uint64_t strays;   /* accesses to what is not mapped */
  uint64_t faults;   /* accesses that the IOMMU stopped */
  uint64_t commands; /* that changed the machine */
  uint64_t facts;
} DmsSummaryRow;

typedef struct DmsSummary DmsSummary;

/* NULL without memory. */
DmsSummary *dms_summary_new (void);
void dms_summary_free (DmsSummary *summary);
/* Events in order, from the first one on. DMS_ERROR_NO_MEMORY: this event and later
 * ones are not counted right. */
DmsStatus dms_summary_apply (DmsSummary *summary, const DmsEvent *event);
const DmsSummaryRow *dms_summary_total (const DmsSummary *summary);
/* Devices in the order in which the events first speak of them; NULL behind the last.
 */
const DmsSummaryRow *dms_summary_device (const DmsSummary *summary, size_t place);
