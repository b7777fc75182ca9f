/* dms-iommu.c — an IOMMU between a device and memory
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-iommu.h"

#include "engine/kernel/dms-common.h"
#include "engine/kernel/dms-grant-private.h"

#include <stdlib.h>

/* Translations that it remembers (its IOTLB): few, so that a miss can be seen. */
#define REMEMBERED 8

/* Logical pages that map registers and common buffers use lie below 4 GiB. */
#define REACH UINT64_C (0xffffffff)

/* A translation is told from a later one of the same page by who made it. */
typedef struct
{
  uint64_t page; /* logical */
  uint64_t owner;
  uint32_t piece;
} Remembered;

typedef struct
{
  uint64_t first, pages; /* logical */
} Common;

/* Invariants: n_common of common are sorted and do not overlap; the oldest of what is
 * remembered is at next. */
struct DmsIommu
{
  Remembered remembered[REMEMBERED];
  uint32_t n_remembered, next;
  Common *common;
  size_t n_common, capacity;
};

bool
dms_iommu_is_before (const DmsDevice *device)
{
  return device->row->iommu;
}

/* The first page of the half that map registers have. */
static uint64_t
middle (uint64_t highest)
{
  uint64_t reach = highest < REACH ? highest : REACH;

  return ((reach >> 1) + 1) >> DMS_PAGE_SHIFT;
}

bool
dms_iommu_fits (uint32_t address_bits, uint32_t map_registers)
{
  return map_registers <= middle (dms_highest_address (address_bits));
}

uint64_t
dms_iommu_logical (const DmsMachine *machine,
                   const DmsDevice *device,
                   uint32_t map_register)
{
  (void)machine;
  return (middle (device->highest) + map_register) << DMS_PAGE_SHIFT;
}

static DmsIommu *
need (DmsMachine *machine, DmsDevice *device)
{
  if (device->iommu == NULL)
    device->iommu = calloc (1, sizeof *device->iommu);
  if (device->iommu == NULL)
    dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
  return device->iommu;
}

/* ---- common buffers ---- */

/* Where @pages are free below the middle: place in the array, and the first page. Page
 * 0 is left out, so that no logical address is 0. */
static bool
find_room (const DmsIommu *iommu,
           uint64_t end,
           uint64_t pages,
           size_t *ret_at,
           uint64_t *ret_first)
{
  uint64_t first = 1;

  for (size_t i = 0; i <= iommu->n_common; i++)
    {
      uint64_t behind = i < iommu->n_common ? iommu->common[i].first : end;

      if (behind > first && behind - first >= pages)
        {
          *ret_at = i;
          *ret_first = first;
          return true;
        }
      if (i < iommu->n_common)
        first = iommu->common[i].first + iommu->common[i].pages;
    }
  return false;
}

static bool
insert (DmsIommu *iommu, size_t at, Common common)
{
  if (iommu->n_common == iommu->capacity)
    {
      size_t capacity = iommu->capacity == 0 ? 8 : iommu->capacity * 2;
      Common *grown = realloc (iommu->common, capacity * sizeof *grown);

      if (grown == NULL)
        return false;
      iommu->common = grown;
      iommu->capacity = capacity;
    }
  for (size_t i = iommu->n_common; i > at; i--)
    iommu->common[i] = iommu->common[i - 1];
  iommu->common[at] = common;
  iommu->n_common++;
  return true;
}

static void
tell (DmsMachine *machine,
      const DmsDevice *device,
      DmsEventKind kind,
      const Common *common,
      uint64_t b)
{
  DmsEvent event = dms_machine_event (machine, kind);

  event.device = device->name;
  event.a = common->first << DMS_PAGE_SHIFT;
  event.b = b;
  event.length = common->pages << DMS_PAGE_SHIFT;
  event.cause = machine->call_seq;
  dms_machine_emit (machine, &event);
}

bool
dms_iommu_map_common (DmsMachine *machine,
                      DmsDevice *device,
                      uint64_t physical,
                      uint64_t pages,
                      uint64_t *ret_logical)
{
  DmsIommu *iommu = need (machine, device);
  uint64_t end = middle (device->highest);
  Common common = { 0, pages };
  size_t at = 0;

  if (iommu == NULL || pages == 0 || !find_room (iommu, end, pages, &at, &common.first)
      || !insert (iommu, at, common))
    return false;
  tell (machine, device, DMS_EVENT_IOMMU_MAP, &common, physical);
  *ret_logical = common.first << DMS_PAGE_SHIFT;
  return true;
}

void
dms_iommu_unmap_common (DmsMachine *machine, DmsDevice *device, uint64_t logical)
{
  DmsIommu *iommu = device->iommu;
  size_t at = 0;

  if (iommu == NULL)
    return;
  while (at < iommu->n_common && iommu->common[at].first << DMS_PAGE_SHIFT != logical)
    at++;
  if (at == iommu->n_common)
    return;

  Common common = iommu->common[at];

  for (size_t i = at + 1; i < iommu->n_common; i++)
    iommu->common[i - 1] = iommu->common[i];
  iommu->n_common--;
  tell (
      machine, device, DMS_EVENT_IOMMU_UNMAP, &common, common.pages << DMS_PAGE_SHIFT);
}

/* ---- what it remembers ---- */

static bool
look_up (const DmsMachine *machine,
         const DmsDevice *device,
         uint64_t logical,
         Remembered *ret_found)
{
  const DmsGrantPage *page
      = dms_table_get (&machine->mapped, dms_mapped_key (device, logical));
  const DmsCommon *common = dms_common_at (machine, device, logical);

  if (page == NULL && common == NULL)
    return false;
  *ret_found = (Remembered){ .page = logical >> DMS_PAGE_SHIFT };
  if (page == NULL)
    ret_found->owner = common->id;
  else
    {
      ret_found->owner = page->grant->id;
      ret_found->piece
          = page->grant->first_piece + (uint32_t)(page - page->grant->pages);
    }
  return true;
}

bool
dms_iommu_remembers (DmsMachine *machine, DmsDevice *device, uint64_t logical)
{
  DmsIommu *iommu = need (machine, device);
  Remembered found;

  /* What is not there is looked for in the tables each time. */
  if (iommu == NULL || !look_up (machine, device, logical, &found))
    return false;
  for (uint32_t i = 0; i < iommu->n_remembered; i++)
    if (iommu->remembered[i].page == found.page
        && iommu->remembered[i].owner == found.owner
        && iommu->remembered[i].piece == found.piece)
      return true;
  iommu->remembered[iommu->next] = found;
  iommu->next = (iommu->next + 1) % REMEMBERED;
  if (iommu->n_remembered < REMEMBERED)
    iommu->n_remembered++;
  return false;
}

void
dms_iommu_release (DmsDevice *device)
{
  if (device->iommu != NULL)
    free (device->iommu->common);
  free (device->iommu);
  device->iommu = NULL;
}
