/* dms-event.h — one event: everything that happens is a row of these
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-bytes.h"
#include "engine/core/dms-names.h"
#include "engine/core/dms-status.h"

#include <stdbool.h>
#include <stdint.h>

/* Numbers are part of the file format; the list says what each kind means. */
typedef enum
{
  DMS_EVENT_NONE = 0,
#define STEP
#define PART
#define DMS_EVENT(id, number, ...) DMS_EVENT_##id = number,
#include "engine/core/dms-event-list.h"
#undef DMS_EVENT
#undef STEP
#undef PART
  DMS_EVENT_KIND_MAX = 127
} DmsEventKind;

typedef enum
{
  DMS_ROUTINE_NONE
  = 0, /* a routine that the list does not have; its name is in the event */
#define DMS_ROUTINE(id, number, ...) DMS_ROUTINE_##id = number,
#include "engine/core/dms-routine-list.h"
#undef DMS_ROUTINE
  DMS_ROUTINE_MAX = 255
} DmsRoutine;

/* What the kernel notes beside a call; see dms-fact-list.h. */
typedef enum
{
  DMS_FACT_NONE = 0,
#define DMS_FACT(id, number, ...) DMS_FACT_##id = number,
#include "engine/core/dms-fact-list.h"
#undef DMS_FACT
  DMS_FACT_MAX = 255
} DmsFact;

/* Flags, the same bits in every kind; the list says which ones a kind uses. */
#define DMS_FLAG_DIRECTION UINT32_C (0x3) /* mask of the direction */
#define DMS_FLAG_BIDIRECTIONAL UINT32_C (0x0)
#define DMS_FLAG_TO_DEVICE UINT32_C (0x1)   /* the device reads memory */
#define DMS_FLAG_FROM_DEVICE UINT32_C (0x2) /* the device writes memory */
#define DMS_FLAG_NO_DIRECTION UINT32_C (0x3)
#define DMS_FLAG_FORM UINT32_C (0x1c)          /* mask of the form of a mapping */
#define DMS_FLAG_FORM_LIST UINT32_C (0x00)     /* simulated scatter/gather list */
#define DMS_FLAG_FORM_SINGLE UINT32_C (0x04)   /* dma_map_page, dma_map_phys */
#define DMS_FLAG_FORM_SG UINT32_C (0x08)       /* dma_map_sg */
#define DMS_FLAG_FORM_RESOURCE UINT32_C (0x0c) /* dma_map_resource */
#define DMS_FLAG_FORM_COHERENT UINT32_C (0x10) /* dma_alloc, common buffer */
#define DMS_FLAG_FORM_PAGES UINT32_C (0x14)    /* dma_alloc_pages */
#define DMS_FLAG_FORM_SGT UINT32_C (0x18)      /* dma_alloc_sgt */
#define DMS_FLAG_BOUNCED UINT32_C (0x20)
#define DMS_FLAG_ALL_BOUNCED UINT32_C (0x40)
#define DMS_FLAG_FORCED UINT32_C (0x80)
#define DMS_FLAG_JOINED UINT32_C (0x100)
#define DMS_FLAG_COPY_IN UINT32_C (0x200)
#define DMS_FLAG_CALLBACK UINT32_C (0x400)
#define DMS_FLAG_HAS_STATUS UINT32_C (0x800)
#define DMS_FLAG_FAILED UINT32_C (0x1000)
#define DMS_FLAG_TRUNCATED UINT32_C (0x2000)
#define DMS_FLAG_CPU_WRITES UINT32_C (0x4000)
#define DMS_FLAG_REQUESTER UINT32_C (0x8000)
#define DMS_FLAG_TAKEN UINT32_C (0x10000)
#define DMS_FLAG_FOR_CHANNEL UINT32_C (0x20000)
#define DMS_FLAG_FOR_CPU UINT32_C (0x40000)
#define DMS_FLAG_CHAINED UINT32_C (0x80000)
#define DMS_FLAG_LOCKED UINT32_C (0x100000)
#define DMS_FLAG_SCATTER_GATHER UINT32_C (0x200000)
#define DMS_FLAG_TOO_MANY_REGISTERS UINT32_C (0x400000)
#define DMS_FLAG_TOO_SHORT UINT32_C (0x800000)
#define DMS_FLAG_NO_HOST_MEMORY UINT32_C (0x1000000)
#define DMS_FLAG_HAL_X86 UINT32_C (0x2000000)
#define DMS_FLAG_VERIFIER UINT32_C (0x4000000)
#define DMS_FLAG_RECORDED                                                              \
  UINT32_C (0x8000000) /* the event comes from a recording, not a simulation */
#define DMS_FLAG_INFERRED                                                              \
  UINT32_C (0x10000000) /* not in the source; follows from other events */
#define DMS_FLAG_REMAPPED UINT32_C (0x20000000)  /* translated by an IOMMU */
#define DMS_FLAG_HAS_VALUE UINT32_C (0x40000000) /* a routine returned a number */

/* DmsEvent.context: a simulated IRQL (0 PASSIVE_LEVEL, 1 APC_LEVEL, 2 DISPATCH_LEVEL,
 * above: device IRQL), or DMS_CONTEXT_LINUX with bits. */
#define DMS_CONTEXT_PASSIVE 0
#define DMS_CONTEXT_APC 1
#define DMS_CONTEXT_DISPATCH 2
#define DMS_CONTEXT_DEVICE 5   /* the IRQL at which our simulated interrupts arrive */
#define DMS_CONTEXT_HIGHEST 31 /* the highest IRQL there is */
#define DMS_CONTEXT_LINUX 0x40
#define DMS_CONTEXT_IRQS_OFF 0x01
#define DMS_CONTEXT_HARDIRQ 0x02
#define DMS_CONTEXT_SOFTIRQ 0x04
#define DMS_CONTEXT_NMI 0x08

typedef struct
{
  uint64_t seq;      /* 1, 2, 3 … in its run */
  uint64_t step;     /* 0 before the first step; see DMS_EVENT in the list */
  int64_t t_ns;      /* model time, or the recording's clock, in nanoseconds */
  uint64_t transfer; /* ids count from 1; 0 = none */
  uint64_t object;
  uint64_t a, b, c; /* what the list says for this kind */
  uint64_t length;
  uint64_t cause; /* seq of the earlier event that led to this one, 0 = none */
  uint32_t run;
  uint32_t index;
  uint32_t flags;  /* DMS_FLAG_… */
  uint32_t status; /* NTSTATUS, or an error number */
  uint32_t task;   /* name ids; 0 = none */
  uint32_t device;
  uint32_t file; /* where in the driver's source; 0 = not known */
  uint32_t line;
  uint16_t kind; /* DmsEventKind */
  uint16_t cpu;
  uint8_t context;
  uint32_t payload_length; /* bytes */
  const uint8_t
      *payload; /* lists of dms-payload.h; belongs to whoever hands the event out */
} DmsEvent;

/* ---- the list, as tables
 * --------------------------------------------------------------- */

typedef enum
{
  DMS_FIELD_END = 0,
  DMS_FIELD_DEVICE,
  DMS_FIELD_TRANSFER,
  DMS_FIELD_OBJECT,
  DMS_FIELD_INDEX,
  DMS_FIELD_A,
  DMS_FIELD_B,
  DMS_FIELD_C,
  DMS_FIELD_LENGTH,
  DMS_FIELD_FLAGS,
  DMS_FIELD_STATUS,
  DMS_FIELD_PAYLOAD
} DmsField;

/* How a field is printed; the unit of every number. */
typedef enum
{
  DMS_UNIT_NUMBER, /* a count without a noun */
  DMS_UNIT_ID,     /* an id of this run */
  DMS_UNIT_HEX,
  DMS_UNIT_BYTES, /* exact bytes */
  DMS_UNIT_SIZE,  /* bytes, rounded to KiB, MiB, GiB when that is exact */
  DMS_UNIT_BITS,  /* address lines */
  DMS_UNIT_PAGES,
  DMS_UNIT_REGISTERS, /* map registers */
  DMS_UNIT_ELEMENTS,  /* scatter/gather elements */
  DMS_UNIT_FRAME,     /* page frame number */
  DMS_UNIT_PHYSICAL,  /* addresses */
  DMS_UNIT_LOGICAL,
  DMS_UNIT_VIRTUAL,
  DMS_UNIT_NAME,    /* id of a DmsName */
  DMS_UNIT_ROUTINE, /* DmsRoutine */
  DMS_UNIT_FACT,    /* DmsFact */
  DMS_UNIT_STATUS,  /* NTSTATUS */
  DMS_UNIT_FLAGS,
  DMS_UNIT_LIST /* payload */
} DmsUnit;

typedef struct
{
  DmsField field; /* DMS_FIELD_END closes the array */
  const char *name;
  DmsUnit unit;
  const char *meaning;
} DmsFieldInfo;

typedef struct
{
  uint32_t mask;
  uint32_t value;
  const char *sentence; /* NULL closes the array */
  const char *why;      /* "" when nothing is to be added */
} DmsSaying;

typedef struct
{
  DmsEventKind kind;
  const char *name;
  bool opens_step;
  const char *meaning;
  const DmsFieldInfo *fields;
  const DmsSaying *sayings;
} DmsEventInfo;

typedef struct
{
  DmsRoutine routine;
  const char *name;
  const char *page;            /* documentation page of Microsoft's driver reference */
  uint8_t irql_low, irql_high; /* where it may be called, or is called */
  const DmsSaying *sayings;
} DmsRoutineInfo;

typedef struct
{
  DmsFact fact;
  const char *name;     /* "null-adapter" */
  const char *sentence; /* template, without a full stop */
  const char *numbers;  /* what a, b, c and length are */
} DmsFactInfo;

/* NULL for a number that is no kind. */
const DmsEventInfo *dms_event_info (unsigned kind);
/* All kinds in the order of the list. */
const DmsEventInfo *dms_event_infos (size_t *ret_n);
/* NULL for a number that is no routine. */
const DmsRoutineInfo *dms_routine_info (unsigned routine);
const DmsRoutineInfo *dms_routine_infos (size_t *ret_n);
/* NULL for a number that is no fact. */
const DmsFactInfo *dms_fact_info (unsigned fact);
const DmsFactInfo *dms_fact_infos (size_t *ret_n);
/* The member that @field names, widened; 0 for PAYLOAD and END. */
uint64_t dms_event_get (const DmsEvent *event, DmsField field);
/* "DISPATCH_LEVEL", "hardirq" …; never NULL. */
const char *dms_context_name (uint8_t context);
/* Names of the set flags in rising order, "TO_DEVICE|BOUNCED"; the form and direction
 * by their name. Appends nothing when no bit is set. */
void dms_flags_append (DmsBytes *bytes, uint32_t flags);

/**
 * dms_event_check:
 *
 * Whether @event is structurally possible: known kind, payload whole and within its
 * limits, cause before seq. Values that are merely wrong are the rules' business.
 *
 * Returns: DMS_OK or DMS_ERROR_CORRUPT.
 */
DmsStatus dms_event_check (const DmsEvent *event);

/* One line of searchable text without newline: "seq=12 step=5 t=2300 page device=card0
 * …". Fields in the list's order, then cause, where and context. Golden files hold
 * these. */
void
dms_event_append_dump (DmsBytes *bytes, const DmsEvent *event, const DmsNames *names);
