/* dms-reactos.c — map registers as ReactOS has them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-reactos.h"

#include "engine/kernel/dms-grant-private.h"

enum
{
  BOOT_SLOTS = 16, /* 64 KiB */
  MOST_ELEMENTS = 16,
  LIST_CONTEXT = 144, /* bytes, on 64-bit systems */
  CASCADE = 4,        /* channel that the second controller hangs on */
  CHANNELS = 8,
  FIRST_16_BIT = 5,
  WIDTH_8 = 0,
  WIDTH_16 = 1,
  NEWEST_VERSION = 2
};

#define SLOT_HIGHEST UINT64_C (0xffffff)
#define WINDOW_FRAMES UINT64_C (16) /* 64 KiB */
/* The first 64 KiB and what firmware keeps below it are not for slots. */
#define FIRST_FRAME UINT64_C (0x20)

DmsPolicy
dms_reactos_policy (const DmsScenario *scenario)
{
  uint32_t n = scenario->map_registers;
  uint32_t quirks = scenario->quirks;

  return (DmsPolicy){ .newest_version = NEWEST_VERSION,
                      .reactos_adapters = true,
                      .first_registers = n < BOOT_SLOTS ? n : BOOT_SLOTS,
                      .pool_grows = true,
                      .pool_highest = SLOT_HIGHEST,
                      .masters_need_none = (quirks & DMS_QUIRK_R1) != 0,
                      .ignores_offset = (quirks & DMS_QUIRK_R4) != 0,
                      .maps_unchecked = true,
                      .most_elements = (quirks & DMS_QUIRK_R2) != 0 ? MOST_ELEMENTS : 0,
                      .list_context = LIST_CONTEXT,
                      .keeps_direction = (quirks & DMS_QUIRK_R17) != 0,
                      .takes_nothing = true,
                      .bounces_merge = true,
                      .rows_only = true,
                      .slave_pieces = true,
                      .straight_line = UINT64_C (1) << 32,
                      .bounce_line = UINT64_C (1) << 16 };
}

/* ---- adapters ---- */

static bool
is_fast_bus (int32_t bus)
{
  return bus == DMS_BUS_PCI || bus == DMS_BUS_EISA;
}

bool
dms_reactos_needs_none (const DmsAdapter *adapter)
{
  return !adapter->is_slave && adapter->scatter_gather && is_fast_bus (adapter->bus);
}

bool
dms_reactos_is_possible (const DmsDescription *description)
{
  bool is_isa = description->bus == DMS_BUS_ISA || description->bus == DMS_BUS_EISA;
  bool has_channel = !description->is_master || is_isa;

  if (is_isa && description->channel >= CHANNELS)
    has_channel = false;
  if (has_channel && description->channel == CASCADE)
    return false;
  if (description->is_master)
    return true;
  if (description->channel >= CHANNELS)
    return false;
  return description->width
         == (description->channel >= FIRST_16_BIT ? (uint32_t)WIDTH_16
                                                  : (uint32_t)WIDTH_8);
}

uint64_t
dms_reactos_allowed (const DmsMachine *machine, const DmsDescription *description)
{
  uint64_t length = description->maximum_length & INT32_MAX;
  uint64_t wanted = dms_span_pages (0, length) + 1;
  /* 16, and no more than there are in a row at the beginning. */
  uint64_t most = machine->policy.first_registers;

  if (description->scatter_gather && !description->is_master)
    return 1;
  if (description->scatter_gather && is_fast_bus (description->bus)
      && machine->policy.masters_need_none)
    return wanted;
  return wanted < most ? wanted : most;
}

/* ---- slots ---- */

static void
emit_pool (DmsMachine *machine, uint32_t first, uint32_t count, uint32_t flags)
{
  DmsEvent event = dms_machine_event (machine, DMS_EVENT_POOL);

  if (count == 0)
    return;
  event.index = first;
  event.a = count;
  event.b = machine->pool.n_free;
  event.flags = flags | DMS_FLAG_FORCED;
  machine->release_seq = dms_machine_emit (machine, &event);
}

/* Slots up to the last one that has a page. */
static uint32_t
slots_in_use (const DmsRegisterPool *pool)
{
  uint32_t n = pool->n;

  while (n > 0 && pool->registers[n - 1].home == 0)
    n--;
  return n;
}

/* The pages from @frame on become slots, with the gaps that that takes; those that find
 * no slot any more are lost, as in ReactOS. @is_there: they are in the pool already. */
static void
add_slots (DmsMachine *machine, uint64_t frame, uint32_t count, bool is_new)
{
  DmsRegisterPool *pool = &machine->pool;
  uint32_t slot = slots_in_use (pool);
  uint32_t run = slot;

  for (uint32_t i = 0; i < count && slot < pool->n; i++, frame++)
    {
      bool follows = slot > 0 && pool->registers[slot - 1].home + 1 == frame;

      if (slot > 0 && (!follows || frame % WINDOW_FRAMES == 0))
        {
          if (is_new)
            emit_pool (machine, run, slot - run, 0);
          run = ++slot;
        }
      if (slot == pool->n)
        break;
      dms_register_pool_add_page (pool, slot, frame);
      if (is_new)
        dms_register_pool_give (pool, slot, 1);
      slot++;
    }
  if (is_new)
    emit_pool (machine, run, slot - run, 0);
}

static DmsStatus
find_block (const DmsMachine *machine, uint32_t count, uint64_t *ret_frame)
{
  uint64_t end = (SLOT_HIGHEST + 1) >> DMS_PAGE_SHIFT;
  uint64_t memory_end = machine->memory.size >> DMS_PAGE_SHIFT;

  return dms_register_pool_find_block (&machine->pool,
                                       &machine->memory,
                                       FIRST_FRAME,
                                       end < memory_end ? end : memory_end,
                                       count,
                                       ret_frame);
}

DmsStatus
dms_reactos_boot (DmsMachine *machine)
{
  DmsRegisterPool *pool = &machine->pool;
  uint32_t count = machine->policy.first_registers;
  uint64_t frame = 0;

  if (count == 0)
    return DMS_OK;

  DmsStatus status = find_block (machine, count, &frame);

  if (status != DMS_OK)
    return status;
  add_slots (machine, frame, count, false);
  for (uint32_t slot = 0; slot < pool->n; slot++)
    if (pool->registers[slot].home == 0)
      dms_register_pool_withdraw (pool, slot, 1, DMS_REGISTER_OUT);
  return DMS_OK;
}

void
dms_reactos_tell (DmsMachine *machine)
{
  const DmsRegisterPool *pool = &machine->pool;
  uint32_t slot = 0;

  while (slot < pool->n)
    {
      uint32_t first = slot;

      while (slot < pool->n && pool->registers[slot].home == 0)
        slot++;
      emit_pool (machine, first, slot - first, DMS_FLAG_TAKEN);
      while (slot < pool->n && pool->registers[slot].home != 0)
        slot++;
    }
}

static void
grow (DmsMachine *machine, void *subject, uint64_t count)
{
  const DmsRegisterPool *pool = &machine->pool;
  uint64_t frame = 0;

  DmsStatus status = DMS_ERROR_RANGE;

  (void)subject;
  if (count <= pool->n && slots_in_use (pool) <= pool->n - count)
    status = find_block (machine, (uint32_t)count, &frame);
  if (status == DMS_OK)
    add_slots (machine, frame, (uint32_t)count, true);
  else if (status == DMS_ERROR_NO_MEMORY)
    dms_machine_fail (machine, status);
  dms_wait_serve (machine);
}

void
dms_reactos_grow (DmsMachine *machine, uint32_t count)
{
  dms_machine_push (machine, machine->now_ps, grow, NULL, count);
}
