/* dms-guard.c — verification: bounce pages between guard pages
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-guard.h"

#include <string.h>

/* What PADDING_DAMAGED says in its second number, as bug check 0xE6, 0x0F does. */
enum
{
  TAG_BEFORE = 1,
  TAG_BEHIND = 2,
  FREE_REGISTER = 3,
  BEFORE = 4,
  BEHIND = 5
};

/* Bytes of memory that all lie in one page. */
typedef struct
{
  uint64_t frame;
  uint32_t offset, length;
} Strip;

/* What is found damaged: from the first byte to the last. */
typedef struct
{
  uint64_t first, last; /* physical addresses */
  bool is_any;
} Damage;

bool
dms_guard_has (const DmsMachine *machine, uint32_t map_register)
{
  return machine->policy.verifies && map_register < DMS_GUARD_REGISTERS
         && map_register < machine->pool.n;
}

/* ---- strips of padding ---- */

static uint8_t *
bytes_of (DmsMachine *machine, const Strip *strip)
{
  uint8_t *page = dms_memory_page (&machine->memory, strip->frame);

  if (page == NULL)
    dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
  return page == NULL ? NULL : page + strip->offset;
}

static void
fill (DmsMachine *machine, Strip strip)
{
  uint8_t *bytes = bytes_of (machine, &strip);

  if (bytes != NULL)
    memset (bytes, DMS_GUARD_PADDING, strip.length);
}

/* Adds what is not padding any more to @damage. Strips are looked at in rising order.
 */
static void
look (DmsMachine *machine, Strip strip, Damage *damage)
{
  const uint8_t *bytes = bytes_of (machine, &strip);
  uint64_t address = dms_physical_of_frame (strip.frame).value + strip.offset;

  for (uint32_t i = 0; bytes != NULL && i < strip.length; i++)
    if (bytes[i] != DMS_GUARD_PADDING)
      {
        if (!damage->is_any)
          damage->first = address + i;
        damage->last = address + i;
        damage->is_any = true;
      }
}

static void
tell (DmsMachine *machine,
      const DmsGuardSubject *subject,
      uint32_t map_register,
      uint64_t where,
      const Damage *damage)
{
  if (!damage->is_any)
    return;
  dms_machine_fact (machine,
                    DMS_FACT_PADDING_DAMAGED,
                    (DmsFactNote){ .device = subject->adapter->device,
                                   .transfer = subject->transfer,
                                   .object = subject->object,
                                   .a = damage->first,
                                   .b = where,
                                   .c = map_register,
                                   .length = damage->last - damage->first + 1 });
}

static Strip
whole (uint64_t frame)
{
  return (Strip){ frame, 0, (uint32_t)DMS_PAGE_SIZE };
}

/* ---- rows: bounce pages in a row, with one guard page before and those behind ---- */

/* The frames of the row that @map_register is in: guards, pages, guards. */
typedef struct
{
  uint64_t first;      /* its first guard */
  uint64_t first_page; /* its first bounce page */
  uint64_t behind;     /* its pages: the first guard behind them */
  uint64_t end;        /* behind its last guard */
} Row;

static Row
row_of (const DmsMachine *machine, uint32_t map_register)
{
  const DmsRegister *r = &machine->pool.registers[map_register];
  const DmsRegister *first = &machine->pool.registers[r->row_first];
  uint64_t n = r->row_count;

  return (Row){ .first = first->home - 1,
                .first_page = first->home,
                .behind = first->home + n,
                .end = first->home - 1 + DMS_GUARD_PAGES * n };
}

static void
fill_row (DmsMachine *machine, const Row *row)
{
  for (uint64_t frame = row->first; frame < row->end; frame++)
    fill (machine, whole (frame));
}

/* While nobody holds it, all of a register's pages are padding. */
static void
look_at_free (DmsMachine *machine, const DmsGuardSubject *subject, uint32_t r)
{
  const DmsRegister *at = &machine->pool.registers[r];
  Damage damage = { 0, 0, false };

  for (uint64_t frame = at->home - 1; frame <= at->home + 1; frame++)
    look (machine, whole (frame), &damage);
  tell (machine, subject, r, FREE_REGISTER, &damage);
}

/* Only the registers of an adapter that takes one piece are in one row. */
static bool
needs_row (const DmsAdapter *adapter)
{
  return adapter->is_slave || !adapter->scatter_gather;
}

static void
lay_one (DmsMachine *machine, uint32_t r, uint32_t row_first, uint32_t row_count)
{
  DmsRegister *at = &machine->pool.registers[r];

  at->row_first = row_first;
  at->row_count = row_count;
  at->frame = machine->pool.registers[row_first].home + (r - row_first);
  at->is_guarded = row_first < DMS_GUARD_REGISTERS;
}

void
dms_guard_lay (DmsMachine *machine,
               const DmsGuardSubject *subject,
               uint32_t first,
               uint32_t count)
{
  bool in_row = needs_row (subject->adapter);

  if (!machine->policy.verifies)
    return;
  for (uint32_t r = first; r < first + count; r++)
    {
      if (machine->pool.registers[r].is_guarded)
        look_at_free (machine, subject, r);
      lay_one (machine, r, in_row ? first : r, in_row ? count : 1);
    }
  for (uint32_t r = first; r < first + count; r += machine->pool.registers[r].row_count)
    {
      Row row = row_of (machine, r);

      if (machine->pool.registers[r].is_guarded)
        fill_row (machine, &row);
    }
}

void
dms_guard_check (DmsMachine *machine,
                 const DmsGuardSubject *subject,
                 uint32_t map_register,
                 uint32_t offset,
                 uint32_t length)
{
  if (!machine->policy.verifies || map_register >= machine->pool.n
      || !machine->pool.registers[map_register].is_guarded)
    return;

  uint64_t frame = machine->pool.registers[map_register].frame;
  Row row = row_of (machine, map_register);
  Damage before = { 0, 0, false };
  Damage behind = { 0, 0, false };
  uint32_t end = offset + length;

  if (frame == row.first_page)
    look (machine, whole (row.first), &before);
  look (machine, (Strip){ frame, 0, offset }, &before);
  look (machine, (Strip){ frame, end, (uint32_t)DMS_PAGE_SIZE - end }, &behind);
  if (frame + 1 == row.behind)
    look (machine, whole (row.behind), &behind);
  tell (machine, subject, map_register, BEFORE, &before);
  tell (machine, subject, map_register, BEHIND, &behind);
  fill (machine, whole (frame));
  if (before.is_any)
    fill (machine, whole (row.first));
  if (behind.is_any)
    fill (machine, whole (row.behind));
}

/* The guards of the row alone: what its pages hold was looked at when the mapping
 * ended. */
static void
check_guards (DmsMachine *machine, const DmsGuardSubject *subject, uint32_t r)
{
  Row row = row_of (machine, r);
  Damage before = { 0, 0, false };
  Damage behind = { 0, 0, false };

  look (machine, whole (row.first), &before);
  for (uint64_t frame = row.behind; frame < row.end; frame++)
    look (machine, whole (frame), &behind);
  tell (machine, subject, r, BEFORE, &before);
  tell (
      machine, subject, r + machine->pool.registers[r].row_count - 1, BEHIND, &behind);
  fill_row (machine, &row);
}

void
dms_guard_lift (DmsMachine *machine,
                const DmsGuardSubject *subject,
                uint32_t first,
                uint32_t count)
{
  if (!machine->policy.verifies)
    return;
  for (uint32_t r = first; r < first + count; r += machine->pool.registers[r].row_count)
    if (machine->pool.registers[r].is_guarded)
      check_guards (machine, subject, r);
  for (uint32_t r = first; r < first + count; r++)
    machine->pool.registers[r].frame = machine->pool.registers[r].home;
}

/* ---- common buffers ---- */

/* The end of the text is no part of the tag. */
#define TAG_BYTES (sizeof DMS_GUARD_TAG - 1)

void
dms_guard_tag (uint8_t *bytes)
{
  for (uint32_t i = 0; i < DMS_PAGE_SIZE; i++)
    bytes[i] = (uint8_t)DMS_GUARD_TAG[i % TAG_BYTES];
}

void
dms_guard_check_tag (DmsMachine *machine,
                     const DmsGuardSubject *subject,
                     const uint8_t *bytes,
                     uint64_t address,
                     bool is_behind)
{
  Damage damage = { 0, 0, false };

  for (uint32_t i = 0; i < DMS_PAGE_SIZE; i++)
    if (bytes[i] != (uint8_t)DMS_GUARD_TAG[i % TAG_BYTES])
      {
        damage.first = damage.is_any ? damage.first : address + i;
        damage.last = address + i;
        damage.is_any = true;
      }
  tell (machine, subject, 0, is_behind ? TAG_BEHIND : TAG_BEFORE, &damage);
}
