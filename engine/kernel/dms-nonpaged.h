/* dms-nonpaged.h — nonpaged memory of drivers that has frames: devices can be sent
 * there
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

/* Invariants: mdl describes all the pages, one frame each; mdl.buffer is &buffer, which
 * no request uses. It lives as long as the machine: who still has its frames or its
 * pointer when the driver has freed it finds memory. */
struct DmsNonpaged
{
  DmsBuffer buffer;
  DmsMdl mdl;
  uint64_t *frames;
  DmsNonpaged *next;
};

/* Whole pages of the host that are to become memory of the machine. */
typedef struct
{
  uint8_t *bytes; /* page aligned; nothing but the memory lies in these pages */
  size_t n_pages;
  void *allocation; /* what free() takes */
  uint64_t address; /* virtual address of the first byte; page aligned */
} DmsNonpagedPages;

/**
 * dms_nonpaged_make:
 *
 * Puts frames to @pages; their bytes stay as they are. Our model: frames come from two
 * places, one in the lower and one in the upper half of memory, or below and above
 * 4 GiB where there is more; the first two pages come from different ones, each further
 * page from either, as the scenario's seed says. So a device of 32 bits reaches some of
 * them. The lowest frames are left to those who reach no other, and bounce pages and
 * frames that have a user are passed by.
 *
 * Emits:   MDL, as for a requester's buffer, with an id and a name of its own.
 * Owner:   the machine, of @pages->allocation as well.
 * Returns: NULL when there are not enough such frames, or without memory: then @pages
 * stay the caller's.
 */
DmsNonpaged *dms_nonpaged_make (DmsMachine *machine, const DmsNonpagedPages *pages);
/* Bytes of it that are mapped for devices and not flushed. */
uint64_t dms_nonpaged_mapped (const DmsMachine *machine, const DmsNonpaged *nonpaged);
void dms_nonpaged_release (DmsMachine *machine);
