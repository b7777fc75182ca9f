/* dms-list-memory.c — memory of lists: lent to drivers, filled and reused late
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-list-private.h"

#include "engine/kernel/dms-pattern.h"

#include <stdlib.h>
#include <string.h>

enum
{
  /* So many lists that were put back keep their memory, for drivers that still look. */
  KEPT_LISTS = 64,
  /* A long list does not keep that many others. */
  KEPT_ENTRIES_EACH = 4096
};

static void
free_memory (DmsList *list)
{
  free (list->pages);
  free (list->elements);
  free (list->image);
  free (list);
}

static uint64_t
image_key (const void *image)
{
  return (uint64_t)(uintptr_t)image;
}

DmsList *
dms_list_new (DmsMachine *machine, uint64_t id, uint32_t pages)
{
  DmsList *list = NULL;

  if (!dms_command_allocation_fails (machine, DMS_ALLOCATION_LIST))
    list = calloc (1, sizeof *list);
  if (list == NULL)
    return NULL;
  list->id = id;
  list->n_pages = pages;
  list->image_bytes = DMS_LIST_HEAD_BYTES + (size_t)pages * DMS_LIST_ENTRY_BYTES;
  list->pages = calloc (pages, sizeof *list->pages);
  list->elements = malloc (pages * sizeof *list->elements);
  list->image = calloc (1, list->image_bytes);
  if (list->pages == NULL || list->elements == NULL || list->image == NULL
      || !dms_table_put (&machine->images, image_key (list->image), list))
    {
      free_memory (list);
      return NULL;
    }
  if (!dms_table_put (&machine->lists, id, list))
    {
      dms_table_take (&machine->images, image_key (list->image));
      free_memory (list);
      return NULL;
    }
  return list;
}

void
dms_list_free (DmsMachine *machine, DmsList *list)
{
  dms_table_take (&machine->lists, list->id);
  dms_table_take (&machine->images, image_key (list->image));
  free_memory (list);
}

static void
drop_oldest (DmsMachine *machine)
{
  DmsList *oldest = machine->put_first;

  machine->put_first = oldest->next;
  if (machine->put_first == NULL)
    machine->put_last = NULL;
  machine->n_put--;
  dms_table_take (&machine->images, image_key (oldest->image));
  free_memory (oldest);
}

/* The number of elements stays, so that a driver that walks the dead list reads the
 * pattern and does not leave the memory. */
static void
poison (DmsList *list)
{
  memset ((uint8_t *)list->image + DMS_LIST_HEAD_BYTES,
          DMS_PATTERN_FREED,
          list->image_bytes - DMS_LIST_HEAD_BYTES);
}

void
dms_list_retire (DmsMachine *machine, DmsList *list)
{
  dms_table_take (&machine->lists, list->id);
  list->phase = DMS_LIST_PUT;
  list->next = NULL;
  poison (list);
  if (machine->put_last == NULL)
    machine->put_first = list;
  else
    machine->put_last->next = list;
  machine->put_last = list;
  machine->n_put++;
  while (machine->n_put > KEPT_LISTS
         || (machine->n_put > 1 && machine->put_first->n_pages > KEPT_ENTRIES_EACH))
    drop_oldest (machine);
}

DmsList *
dms_list_live (const DmsMachine *machine, uint64_t id)
{
  return dms_table_get (&machine->lists, id);
}

DmsList *
dms_list_of_image (const DmsMachine *machine, const void *image)
{
  return dms_table_get (&machine->images, image_key (image));
}

void
dms_lists_release (DmsMachine *machine)
{
  size_t at = 0;
  DmsList *list = NULL;

  while ((list = dms_table_next (&machine->images, &at, NULL)) != NULL)
    free_memory (list);
  dms_table_release (&machine->images);
  dms_table_release (&machine->lists);
}
