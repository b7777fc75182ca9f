/* dms-units.h — pages, frames and the three kinds of address
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DMS_PAGE_SHIFT 12
#define DMS_PAGE_SIZE UINT64_C (4096)
#define DMS_PAGE_MASK (DMS_PAGE_SIZE - 1)

/* Physical memory ends here: 2^52 bytes, what x86-64 page tables can name. */
#define DMS_PHYSICAL_BITS 52

/* What the CPU's memory bus uses. */
typedef struct
{
  uint64_t value;
} DmsPhysical;

/* What a device puts on its bus; an element of a scatter/gather list holds one. */
typedef struct
{
  uint64_t value;
} DmsLogical;

/* What a driver computes with: MmGetMdlVirtualAddress returns one. */
typedef struct
{
  uint64_t value;
} DmsVirtual;

static inline DmsPhysical
dms_physical (uint64_t value)
{
  return (DmsPhysical){ value };
}

static inline DmsLogical
dms_logical (uint64_t value)
{
  return (DmsLogical){ value };
}

static inline DmsVirtual
dms_virtual (uint64_t value)
{
  return (DmsVirtual){ value };
}

/* Without translation hardware a device's bus sees memory under its physical address.
 */
static inline DmsLogical
dms_logical_of_physical (DmsPhysical address)
{
  return (DmsLogical){ address.value };
}

static inline DmsPhysical
dms_physical_of_frame (uint64_t frame)
{
  return (DmsPhysical){ frame << DMS_PAGE_SHIFT };
}

static inline uint64_t
dms_frame_of (DmsPhysical address)
{
  return address.value >> DMS_PAGE_SHIFT;
}

/* Bytes of @address behind the start of its page. */
static inline uint64_t
dms_page_offset (uint64_t address)
{
  return address & DMS_PAGE_MASK;
}

/**
 * dms_span_pages:
 * @address: any address; only its offset in the page counts
 * @length: bytes; @length + 8191 must not wrap
 *
 * Pages touched by @length bytes from @address, as ADDRESS_AND_SIZE_TO_SPAN_PAGES
 * counts them.
 */
static inline uint64_t
dms_span_pages (uint64_t address, uint64_t length)
{
  return (dms_page_offset (address) + length + DMS_PAGE_SIZE - 1) >> DMS_PAGE_SHIFT;
}

/* The highest address that @bits address lines (1 to 64) can name. */
static inline uint64_t
dms_highest_address (uint32_t bits)
{
  return bits >= 64 ? UINT64_MAX : (UINT64_C (1) << bits) - 1;
}
