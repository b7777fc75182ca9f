/* dms-port-summary.h — how the driver of each device learns the addresses of its
 * buffers: one more fold over the events
 *
 * For comparing ways of doing DMA: how many calls it takes, in which routine they are
 * made, at which IRQL, under which lock, who frees what was learnt, and until when it
 * may be used. All of it is read off the events of the run.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-event.h"
#include "engine/core/dms-status.h"

/* Who maps and frees. */
typedef enum
{
  DMS_OWNER_NOBODY = 0, /* nothing was freed yet */
  DMS_OWNER_DRIVER = 1,
  DMS_OWNER_PORT = 2 /* the port driver, for its miniport */
} DmsOwner;

/* Of one device. Routines are numbers of the list of routines, 0 = none. */
typedef struct
{
  uint32_t device;   /* name id */
  uint64_t requests; /* that arrived */
  uint16_t learns;   /* by this routine the driver learns addresses */
  uint64_t calls;    /* of it */
  uint64_t elements; /* in all lists and pieces */
  uint16_t inside;   /* the driver's routine in which it was called last */
  uint8_t irql;      /* then */
  uint8_t lock;      /* held then: 0 none, 1 the StartIo lock, 2 the interrupt's */
  DmsOwner freed_by;
  uint16_t freed_with;  /* the routine by which it was freed */
  uint16_t valid_until; /* the call of the driver from which on it may not be used */
} DmsPortSummaryRow;

typedef struct DmsPortSummary DmsPortSummary;

/* NULL without memory. */
DmsPortSummary *dms_port_summary_new (void);
void dms_port_summary_free (DmsPortSummary *summary);
/* Events in order, from the first one on. DMS_ERROR_NO_MEMORY: this event and later
 * ones are not counted. */
DmsStatus dms_port_summary_apply (DmsPortSummary *summary, const DmsEvent *event);
/* Devices whose driver learns addresses, in the order of the first time; NULL behind
 * the last. */
const DmsPortSummaryRow *dms_port_summary_row (const DmsPortSummary *summary,
                                               size_t place);
