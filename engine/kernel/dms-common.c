/* dms-common.c — common buffers: memory that a driver and its device share
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-common.h"

#include "engine/core/dms-payload.h"
#include "engine/kernel/dms-controller.h"
#include "engine/kernel/dms-frames.h"
#include "engine/kernel/dms-guard.h"
#include "engine/kernel/dms-iommu.h"
#include "engine/kernel/dms-pattern.h"

#include <stdlib.h>
#include <string.h>

enum
{
  /* So many of the buffers freed last are not used again as long as there is room. */
  KEPT_FREED = 8
};

/* Where drivers see common buffers: simulated addresses, so that two runs are alike. */
#define FIRST_ADDRESS UINT64_C (0xffffa10000000000)

static uint64_t
page_key (const DmsDevice *device, uint64_t logical)
{
  return (logical >> DMS_PAGE_SHIFT) * DMS_SCENARIO_DEVICES_MAX + device->index;
}

/* ---- memory ---- */

static void
put_freed (DmsMachine *machine, DmsCommon *common)
{
  common->next = NULL;
  if (machine->freed_last == NULL)
    machine->freed_first = common;
  else
    machine->freed_last->next = common;
  machine->freed_last = common;
}

static void
take_freed (DmsMachine *machine, DmsCommon *before, DmsCommon *common)
{
  if (before == NULL)
    machine->freed_first = common->next;
  else
    before->next = common->next;
  if (machine->freed_last == common)
    machine->freed_last = before;
  common->next = NULL;
}

/* One that was freed, at least @spared others after it, as old as possible. */
static DmsCommon *
reuse (DmsMachine *machine, const DmsFrameWish *wish, size_t spared)
{
  size_t n = 0;

  for (const DmsCommon *at = machine->freed_first; at != NULL; at = at->next)
    n++;

  DmsCommon *before = NULL;
  DmsCommon *common = machine->freed_first;

  for (; common != NULL && n > spared; before = common, common = common->next, n--)
    if (common->n_pages >= wish->n && common->frames[0] + wish->n <= wish->end
        && !dms_frames_cross (wish, common->frames[0]))
      {
        take_freed (machine, before, common);
        return common;
      }
  return NULL;
}

static void
free_common (DmsCommon *common)
{
  if (common != NULL)
    free (common->frames);
  free (common);
}

/* Its bytes are behind its frames; false without memory. */
static bool
back_frames (DmsMachine *machine, DmsCommon *common, uint64_t first)
{
  size_t guards = common->guards;
  size_t n = common->n_pages + 2 * guards;
  uint8_t *bytes = NULL;

  if (dms_memory_add_block (&machine->memory, n, &bytes) != DMS_OK)
    return false;
  memset (bytes, DMS_PATTERN_FRESH, n << DMS_PAGE_SHIFT);
  for (size_t i = 0; i < n; i++)
    if (dms_memory_back (
            &machine->memory, first - guards + i, bytes + (i << DMS_PAGE_SHIFT))
        != DMS_OK)
      return false;
  for (size_t i = 0; i < common->n_pages; i++)
    common->frames[i] = first + i;
  common->bytes = bytes + (guards << DMS_PAGE_SHIFT);
  return true;
}

static DmsCommon *
make_fresh (DmsMachine *machine, const DmsFrameWish *wish)
{
  uint64_t first = 0;

  if (!dms_frames_find (machine, wish, &first))
    return NULL;

  DmsCommon *common = calloc (1, sizeof *common);

  if (common == NULL)
    return NULL;
  common->n_pages = (size_t)wish->n;
  common->guards = (size_t)wish->guards;
  common->frames = calloc (common->n_pages, sizeof *common->frames);
  if (common->frames == NULL || !back_frames (machine, common, first))
    {
      free_common (common);
      return NULL;
    }
  return common;
}

/* ---- mapping ---- */

static void
unmap_pages (DmsMachine *machine, const DmsCommon *common, uint64_t n)
{
  const DmsDevice *device = common->adapter->device;

  for (uint64_t i = 0; i < n; i++)
    dms_table_take (&machine->common_pages,
                    page_key (device, common->logical + (i << DMS_PAGE_SHIFT)));
}

static bool
map_pages (DmsMachine *machine, DmsCommon *common)
{
  const DmsDevice *device = common->adapter->device;
  uint64_t n = common->length >> DMS_PAGE_SHIFT;

  for (uint64_t i = 0; i < n; i++)
    if (!dms_table_put (&machine->common_pages,
                        page_key (device, common->logical + (i << DMS_PAGE_SHIFT)),
                        common))
      {
        unmap_pages (machine, common, i);
        return false;
      }
  return true;
}

static void
describe (DmsMachine *machine, DmsCommon *common)
{
  common->buffer
      = (DmsBuffer){ .length = common->length, .mdls = &common->mdl, .n_mdls = 1 };
  common->mdl
      = (DmsMdl){ .buffer = &common->buffer,
                  .address = FIRST_ADDRESS + (common->frames[0] << DMS_PAGE_SHIFT),
                  .length = common->length,
                  .frames = common->frames,
                  .n_frames = (uint32_t)(common->length >> DMS_PAGE_SHIFT),
                  .bytes = common->bytes,
                  .is_locked = true };
  common->id = ++machine->last_list;
}

/* Logical addresses and the tables that find it; false without memory. */
static bool
map (DmsMachine *machine, DmsCommon *common)
{
  DmsDevice *device = common->adapter->device;
  uint64_t physical = common->frames[0] << DMS_PAGE_SHIFT;
  bool is_remapped = dms_iommu_is_before (device);

  common->logical = physical;
  if (is_remapped
      && !dms_iommu_map_common (machine,
                                device,
                                physical,
                                common->length >> DMS_PAGE_SHIFT,
                                &common->logical))
    return false;
  if (dms_table_reserve (&machine->commons) && map_pages (machine, common))
    {
      describe (machine, common);
      return dms_table_put (&machine->commons, common->id, common);
    }
  if (is_remapped)
    dms_iommu_unmap_common (machine, device, common->logical);
  return false;
}

/* ---- events ---- */

static DmsEvent
event_of (const DmsMachine *machine, const DmsCommon *common, DmsEventKind kind)
{
  DmsEvent event = dms_machine_event (machine, kind);

  event.device = common->adapter->device->name;
  event.object = common->id;
  event.a = common->logical;
  event.b = common->mdl.address;
  event.length = common->length;
  event.flags = DMS_FLAG_FORM_COHERENT;
  event.cause = machine->call_seq;
  return event;
}

static void
emit_alloc (DmsMachine *machine, const DmsCommon *common)
{
  DmsEvent event = event_of (machine, common, DMS_EVENT_ALLOC);
  DmsSegment segment
      = { .address = common->frames[0] << DMS_PAGE_SHIFT, .length = common->length };

  dms_bytes_clear (&machine->scratch);
  dms_payload_append_segments (&machine->scratch, DMS_PAYLOAD_MEMORY, &segment, 1);
  if (machine->scratch.failed)
    {
      dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
      return;
    }
  event.payload = machine->scratch.data;
  event.payload_length = (uint32_t)machine->scratch.length;
  dms_machine_emit (machine, &event);
}

static void
emit_failed (DmsMachine *machine, const DmsAdapter *adapter, uint64_t length)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_ALLOC);

  event.device = adapter->device->name;
  event.length = length;
  event.flags = DMS_FLAG_FORM_COHERENT | DMS_FLAG_FAILED;
  event.cause = machine->call_seq;
  dms_machine_emit (machine, &event);
}

/* ---- what the system does ---- */

/* Behind an IOMMU the device's reach is one of logical addresses: frames may lie
 * anywhere. */
static DmsFrameWish
wish_for (const DmsMachine *machine,
          const DmsAdapter *adapter,
          uint64_t length,
          uint64_t highest)
{
  DmsFrameWish wish
      = { .n = (length >> DMS_PAGE_SHIFT) + (dms_page_offset (length) != 0),
          .guards = machine->policy.verifies ? 1 : 0,
          .end = machine->memory.size >> DMS_PAGE_SHIFT };
  uint64_t limit
      = dms_iommu_is_before (adapter->device) ? UINT64_MAX : adapter->highest;

  if (highest < limit)
    limit = highest;
  if (limit < UINT64_MAX && (limit + 1) >> DMS_PAGE_SHIFT < wish.end)
    wish.end = (limit + 1) >> DMS_PAGE_SHIFT;
  if (adapter->controller != NULL)
    wish.window = adapter->controller->window (adapter) >> DMS_PAGE_SHIFT;
  if (dms_policy_common_line (machine, adapter) != 0)
    wish.window = dms_policy_common_line (machine, adapter) >> DMS_PAGE_SHIFT;
  return wish;
}

static DmsCommon *
allocate (DmsMachine *machine, DmsAdapter *adapter, uint64_t length, uint64_t highest)
{
  DmsFrameWish wish = wish_for (machine, adapter, length, highest);
  DmsCommon *common = reuse (machine, &wish, KEPT_FREED);

  if (common == NULL)
    common = make_fresh (machine, &wish);
  if (common == NULL)
    common = reuse (machine, &wish, 0);
  if (common == NULL)
    return NULL;
  common->adapter = adapter;
  common->asked = length;
  common->length = wish.n << DMS_PAGE_SHIFT;
  common->moved = 0;
  common->is_freed = false;
  if (map (machine, common))
    {
      if (common->guards > 0)
        {
          dms_guard_tag (common->bytes - DMS_PAGE_SIZE);
          dms_guard_tag (common->bytes + common->length);
        }
      return common;
    }
  common->is_freed = true;
  put_freed (machine, common);
  return NULL;
}

DmsCommon *
dms_common_allocate (DmsMachine *machine,
                     DmsAdapter *adapter,
                     uint64_t length,
                     uint64_t highest)
{
  DmsCommon *common = NULL;

  if (length > 0 && length <= DMS_COMMON_MAX
      && !dms_command_allocation_fails (machine, DMS_ALLOCATION_COMMON))
    common = allocate (machine, adapter, length, highest);
  if (common == NULL)
    emit_failed (machine, adapter, length);
  else
    emit_alloc (machine, common);
  return common;
}

static void
check_tags (DmsMachine *machine, const DmsCommon *common)
{
  DmsGuardSubject subject = { .adapter = common->adapter, .object = common->id };
  uint64_t physical = common->frames[0] << DMS_PAGE_SHIFT;

  if (common->guards == 0)
    return;
  dms_guard_check_tag (machine,
                       &subject,
                       common->bytes - DMS_PAGE_SIZE,
                       physical - DMS_PAGE_SIZE,
                       false);
  dms_guard_check_tag (machine,
                       &subject,
                       common->bytes + common->length,
                       physical + common->length,
                       true);
}

/* What the driver may have meant: by its logical address, else by its pointer. */
static DmsCommon *
find (const DmsMachine *machine,
      const DmsAdapter *adapter,
      uint64_t logical,
      const void *bytes)
{
  DmsCommon *common = dms_common_at (machine, adapter->device, logical);

  if (common == NULL)
    common = dms_common_of (machine, bytes);
  return common == NULL || common->is_freed ? NULL : common;
}

static void
note_differences (DmsMachine *machine,
                  const DmsAdapter *adapter,
                  const DmsCommon *common,
                  uint64_t length,
                  uint64_t logical,
                  const void *bytes)
{
  uint64_t which = length != common->asked      ? 2
                   : logical != common->logical ? 3
                   : bytes != common->bytes     ? 4
                   : adapter != common->adapter ? 1
                                                : 0;

  if (which != 0)
    dms_machine_fact (machine,
                      DMS_FACT_COMMON_DIFFERS,
                      (DmsFactNote){ .device = adapter->device,
                                     .object = common->id,
                                     .a = length,
                                     .b = common->asked,
                                     .c = which });
}

void
dms_common_free (DmsMachine *machine,
                 DmsAdapter *adapter,
                 uint64_t length,
                 uint64_t logical,
                 const void *bytes)
{
  DmsCommon *common = find (machine, adapter, logical, bytes);

  if (common == NULL)
    {
      dms_machine_fact (machine,
                        DMS_FACT_COMMON_UNKNOWN,
                        (DmsFactNote){ .device = adapter->device,
                                       .object = adapter->id,
                                       .a = logical });
      return;
    }
  note_differences (machine, adapter, common, length, logical, bytes);
  check_tags (machine, common);

  DmsEvent event = event_of (machine, common, DMS_EVENT_FREE);

  dms_machine_emit (machine, &event);
  dms_table_take (&machine->commons, common->id);
  unmap_pages (machine, common, common->length >> DMS_PAGE_SHIFT);
  if (dms_iommu_is_before (common->adapter->device))
    dms_iommu_unmap_common (machine, common->adapter->device, common->logical);
  memset (common->bytes, DMS_PATTERN_FREED, (size_t)common->length);
  common->is_freed = true;
  put_freed (machine, common);
}

/* ---- finding ---- */

DmsCommon *
dms_common_at (const DmsMachine *machine, const DmsDevice *device, uint64_t logical)
{
  return dms_table_get (&machine->common_pages, page_key (device, logical));
}

static bool
has_pointer (const DmsCommon *common, const void *pointer)
{
  uintptr_t at = (uintptr_t)pointer;
  uintptr_t start = (uintptr_t)common->bytes;

  return at >= start && at - start < common->length;
}

DmsCommon *
dms_common_of (const DmsMachine *machine, const void *pointer)
{
  size_t at = 0;
  DmsCommon *common = NULL;

  while ((common = dms_table_next (&machine->commons, &at, NULL)) != NULL)
    if (has_pointer (common, pointer))
      return common;
  for (common = machine->freed_first; common != NULL; common = common->next)
    if (has_pointer (common, pointer))
      return common;
  return NULL;
}

void
dms_common_touch (DmsMachine *machine,
                  const DmsCommon *common,
                  uint64_t start,
                  uint64_t length,
                  uint32_t flags)
{
  const DmsDevice *device = common->adapter->device;
  DmsEvent event = event_of (machine, common, DMS_EVENT_SHARED_TOUCH);

  event.transfer = device->current == NULL ? 0 : device->current->id;
  event.a = start;
  event.b = 0;
  event.length = length;
  event.flags = flags;
  dms_machine_emit (machine, &event);
}

size_t
dms_common_live (const DmsMachine *machine)
{
  return machine->commons.n;
}

void
dms_commons_release (DmsMachine *machine)
{
  size_t at = 0;
  DmsCommon *common = NULL;

  while ((common = dms_table_next (&machine->commons, &at, NULL)) != NULL)
    free_common (common);
  while ((common = machine->freed_first) != NULL)
    {
      machine->freed_first = common->next;
      free_common (common);
    }
  machine->freed_last = NULL;
  dms_table_release (&machine->commons);
  dms_table_release (&machine->common_pages);
}
