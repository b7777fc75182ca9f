/* dms-ftrace-values.h — what single fields of a traced event mean
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/import/dms-ftrace-fields.h"
#include "engine/core/dms-payload.h"

/* All ones: what the kernel's DMA functions give for "not mapped". */
#define DMS_FTRACE_NOT_MAPPED UINT64_MAX

typedef enum
{
  DMS_FTRACE_POINTER_ABSENT, /* there is no such field */
  DMS_FTRACE_POINTER_NULL,
  DMS_FTRACE_POINTER_HIDDEN, /* the kernel had no number to print yet */
  DMS_FTRACE_POINTER_NUMBER
} DmsFtracePointer;

/* Sets the direction in *flags. An unknown one becomes NO_DIRECTION and stays untaken,
 * so that its text is kept. False when there is no field `dir`. */
bool dms_ftrace_direction (DmsFtraceFields *fields, uint32_t *flags);
/* DMA_ATTR_… bits; 0 without the field. A name that is not known leaves the field
 * untaken. */
uint64_t dms_ftrace_attributes (DmsFtraceFields *fields);
/* A pointer of the traced kernel; *ret_number is 0 unless it is a number. */
DmsFtracePointer
dms_ftrace_pointer (DmsFtraceFields *fields, const char *key, uint64_t *ret_number);
/* The device's name, empty when there is none: the lead, behind "dev_name:", or a
 * field. */
DmsSpan dms_ftrace_device (DmsFtraceFields *fields);
/* "listed/all", or the field @all_key of the raw form; false without either. */
bool dms_ftrace_total (DmsFtraceFields *fields,
                       const char *key,
                       const char *all_key,
                       uint64_t *ret_all);

typedef struct
{
  DmsSegment *entries; /* owned */
  size_t n;
  size_t capacity;
} DmsFtraceSegments;

typedef enum
{
  DMS_FTRACE_LIST_OK,
  DMS_FTRACE_LIST_ABSENT,
  DMS_FTRACE_LIST_CUT, /* read as far as it goes */
  DMS_FTRACE_LIST_NO_MEMORY
} DmsFtraceListResult;

/* Addresses of the first of the two names that is there, lengths 0. */
DmsFtraceListResult dms_ftrace_addresses (DmsFtraceFields *fields,
                                          const char *key,
                                          const char *other_key,
                                          DmsFtraceSegments *ret_segments);
/* Lengths into @segments, in order; *ret_n is how many there were, also beyond them. */
DmsFtraceListResult dms_ftrace_lengths (DmsFtraceFields *fields,
                                        DmsFtraceSegments *segments,
                                        size_t *ret_n);
/* Sum of the lengths; wraps where it does not fit. */
uint64_t dms_ftrace_sum (const DmsFtraceSegments *segments);

/* The device that a line of the log speaks of: a PCI address, with domain 0 when it is
 * short. Writes at most @size bytes with NUL; false when there is none. */
bool dms_ftrace_device_of_log (DmsSpan text, char *ret_name, size_t size);
