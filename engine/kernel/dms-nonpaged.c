/* dms-nonpaged.c — nonpaged memory of drivers that has frames: devices can be sent
 * there
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-nonpaged.h"

#include "engine/kernel/dms-grant.h"
#include "engine/kernel/dms-pattern.h"

#include <stdio.h>
#include <stdlib.h>

/* Of 16 MiB and of 4 GiB. */
#define OLD_CARDS_FRAMES UINT64_C (0x1000)
#define SHORT_CARDS_FRAMES UINT64_C (0x100000)

/* Apart from everything else that is drawn by the seed. */
#define SEED_SALT UINT64_C (0x6e6f6e7061676564)

/* Frames [low, low + n) that one of the two places may take. */
typedef struct
{
  uint64_t low, n;
} Room;

static Room
room_of (const DmsMachine *machine, unsigned place)
{
  uint64_t end = machine->memory.size >> DMS_PAGE_SHIFT;
  uint64_t middle = end > SHORT_CARDS_FRAMES ? SHORT_CARDS_FRAMES : end / 2;
  uint64_t low = OLD_CARDS_FRAMES < middle / 2 ? OLD_CARDS_FRAMES : middle / 2;

  return place == 0 ? (Room){ low, middle - low } : (Room){ middle, end - middle };
}

static bool
is_free (const DmsMachine *machine, uint64_t frame)
{
  return !dms_memory_has (&machine->memory, frame)
         && !dms_register_pool_has_frame (&machine->pool, frame);
}

/* The next free frame of @place, behind the one that was taken there last. */
static bool
find_frame (DmsMachine *machine, unsigned place, uint64_t *ret_frame)
{
  Room room = room_of (machine, place);
  uint64_t *at = &machine->nonpaged_at[place];

  /* Common buffers come from the end of each half downwards. */
  if (*at == 0 && room.n > 1)
    *at = dms_pattern_mix (machine->scenario->seed ^ SEED_SALT ^ place) % (room.n / 2);
  for (uint64_t i = 0; i < room.n; i++)
    {
      uint64_t frame = room.low + (*at + i) % room.n;

      if (!is_free (machine, frame))
        continue;
      *at = (*at + i) % room.n + 1;
      *ret_frame = frame;
      return true;
    }
  return false;
}

/* Where page @i comes from. */
static unsigned
place_of (const DmsMachine *machine, uint64_t id, size_t i)
{
  uint64_t drawn = dms_pattern_mix (machine->scenario->seed ^ SEED_SALT ^ (id << 32)
                                    ^ (i == 1 ? 0 : i));

  return (unsigned)(drawn & 1) ^ (i == 1 ? 1 : 0);
}

static void
take_back (DmsMachine *machine, const DmsNonpaged *made, size_t n)
{
  for (size_t i = 0; i < n; i++)
    dms_memory_unback (&machine->memory, made->frames[i]);
}

/* Every page gets its frame, or none does. */
static bool
back_pages (DmsMachine *machine, DmsNonpaged *made, const DmsNonpagedPages *pages)
{
  for (size_t i = 0; i < pages->n_pages; i++)
    {
      unsigned place = place_of (machine, made->buffer.id, i);

      if ((find_frame (machine, place, &made->frames[i])
           || find_frame (machine, 1 - place, &made->frames[i]))
          && dms_memory_back (&machine->memory,
                              made->frames[i],
                              pages->bytes + (i << DMS_PAGE_SHIFT))
                 == DMS_OK)
        continue;
      take_back (machine, made, i);
      return false;
    }
  if (dms_memory_adopt_block (
          &machine->memory, pages->bytes, pages->n_pages, pages->allocation)
      == DMS_OK)
    return true;
  take_back (machine, made, pages->n_pages);
  return false;
}

static void
describe (DmsMachine *machine, DmsNonpaged *made, const DmsNonpagedPages *pages)
{
  char name[32];

  snprintf (name, sizeof name, "pool %u", (unsigned)machine->n_nonpaged);
  made->buffer.name = dms_emitter_name (&machine->emitter, DMS_NAME_BUFFER, 0, name);
  made->buffer.length = (uint64_t)pages->n_pages << DMS_PAGE_SHIFT;
  made->buffer.mdls = &made->mdl;
  made->buffer.n_mdls = 1;
  made->mdl = (DmsMdl){ .buffer = &made->buffer,
                        .address = pages->address,
                        .length = made->buffer.length,
                        .frames = made->frames,
                        .n_frames = (uint32_t)pages->n_pages,
                        .bytes = pages->bytes,
                        .is_locked = true };
  dms_machine_describe_mdl (machine, &made->mdl, 0);
}

DmsNonpaged *
dms_nonpaged_make (DmsMachine *machine, const DmsNonpagedPages *pages)
{
  DmsNonpaged *made = calloc (1, sizeof *made);

  if (made == NULL)
    return NULL;
  /* Requesters' buffers have the first ids. */
  made->buffer.id = machine->n_buffers + machine->n_nonpaged + 1;
  made->frames = calloc (pages->n_pages, sizeof *made->frames);
  if (made->frames == NULL || !back_pages (machine, made, pages))
    {
      free (made->frames);
      free (made);
      return NULL;
    }
  machine->n_nonpaged++;
  made->next = machine->nonpaged;
  machine->nonpaged = made;
  describe (machine, made, pages);
  return made;
}

uint64_t
dms_nonpaged_mapped (const DmsMachine *machine, const DmsNonpaged *nonpaged)
{
  const DmsGrant *grant = NULL;
  uint64_t bytes = 0;
  size_t at = 0;

  while ((grant = dms_table_next (&machine->grants, &at, NULL)) != NULL)
    for (uint32_t i = 0; i < grant->n_pages; i++)
      if (grant->pages[i].buffer == &nonpaged->buffer && !grant->pages[i].is_flushed)
        bytes += grant->pages[i].length;
  return bytes;
}

void
dms_nonpaged_release (DmsMachine *machine)
{
  DmsNonpaged *next = NULL;

  for (DmsNonpaged *at = machine->nonpaged; at != NULL; at = next)
    {
      next = at->next;
      free (at->frames);
      free (at);
    }
  machine->nonpaged = NULL;
}
