/* dms-grant-memory.c — memory of grants and lists: lent to drivers, reused late
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-grant-private.h"

#include "engine/kernel/dms-pattern.h"

#include <stdlib.h>
#include <string.h>

enum
{
  /* So many lists that were put back keep their memory, for drivers that still look. */
  KEPT_LISTS = 64,
  /* A long list does not keep that many others. */
  KEPT_ENTRIES_EACH = 4096,
  /* A driver that prepares more transfer contexts than this leaks them. */
  CONTEXTS_MAX = 65536
};

static void
free_memory (DmsGrant *grant)
{
  free (grant->pages);
  free (grant->elements);
  if (grant->owns_image)
    free (grant->image);
  free (grant);
}

static uint64_t
image_key (const void *image)
{
  return (uint64_t)(uintptr_t)image;
}

DmsGrant *
dms_grant_new (DmsMachine *machine, DmsAdapter *adapter, uint64_t id, uint32_t room)
{
  DmsGrant *grant = NULL;

  if (dms_command_allocation_fails (machine, DMS_ALLOCATION_LIST))
    return NULL;
  grant = calloc (1, sizeof *grant);
  if (grant == NULL)
    return NULL;
  grant->id = id;
  grant->adapter = adapter;
  grant->room = room;
  grant->is_rising = true;
  grant->pages = calloc ((size_t)room + 1, sizeof *grant->pages);
  if (grant->pages == NULL || !dms_table_put (&machine->grants, id, grant))
    {
      free_memory (grant);
      return NULL;
    }
  return grant;
}

/* Another list may have been built in the same memory of the driver since. */
static void
forget_image (DmsMachine *machine, const DmsList *list)
{
  uint64_t key = image_key (list->image);

  if (list->image != NULL && dms_table_get (&machine->images, key) == list)
    dms_table_take (&machine->images, key);
}

void
dms_grant_drop (DmsMachine *machine, DmsGrant *grant)
{
  dms_table_take (&machine->grants, grant->id);
  forget_image (machine, grant);
  free_memory (grant);
}

/* ---- images ---- */

bool
dms_list_give_image (DmsMachine *machine, DmsList *list, void *image)
{
  list->image_bytes = DMS_LIST_HEAD_BYTES + (size_t)list->room * DMS_LIST_ENTRY_BYTES;
  list->elements = malloc (((size_t)list->room + 1) * sizeof *list->elements);
  list->owns_image = image == NULL;
  list->image = image == NULL ? calloc (1, list->image_bytes) : image;
  return list->elements != NULL && list->image != NULL
         && dms_table_put (&machine->images, image_key (list->image), list);
}

static void
drop_oldest (DmsMachine *machine)
{
  DmsList *oldest = machine->put_first;

  machine->put_first = oldest->next;
  if (machine->put_first == NULL)
    machine->put_last = NULL;
  machine->n_put--;
  forget_image (machine, oldest);
  free_memory (oldest);
}

/* The number of elements stays, so that a driver that walks the dead list reads the
 * pattern and does not leave the memory. Memory of the driver may be gone already. */
static void
poison (DmsList *list)
{
  if (list->owns_image)
    memset ((uint8_t *)list->image + DMS_LIST_HEAD_BYTES,
            DMS_PATTERN_FREED,
            list->image_bytes - DMS_LIST_HEAD_BYTES);
}

void
dms_list_retire (DmsMachine *machine, DmsList *list)
{
  dms_table_take (&machine->grants, list->id);
  list->phase = DMS_GRANT_DONE;
  list->next = NULL;
  poison (list);
  if (machine->put_last == NULL)
    machine->put_first = list;
  else
    machine->put_last->next = list;
  machine->put_last = list;
  machine->n_put++;
  while (machine->n_put > KEPT_LISTS
         || (machine->n_put > 1 && machine->put_first->room > KEPT_ENTRIES_EACH))
    drop_oldest (machine);
}

DmsList *
dms_list_of_image (const DmsMachine *machine, const void *image)
{
  return dms_table_get (&machine->images, image_key (image));
}

/* ---- grants and contexts by their numbers ---- */

DmsGrant *
dms_grant_live (const DmsMachine *machine, uint64_t id)
{
  return dms_table_get (&machine->grants, id);
}

DmsContext *
dms_grant_context (const DmsMachine *machine, uint64_t context)
{
  return dms_table_get (&machine->contexts, context);
}

bool
dms_grant_prepare (DmsMachine *machine, uint64_t key)
{
  DmsContext *context = dms_grant_context (machine, key);

  if (context == NULL)
    {
      if (machine->contexts.n >= CONTEXTS_MAX)
        return false;
      context = malloc (sizeof *context);
      if (context == NULL || !dms_table_put (&machine->contexts, key, context))
        {
          free (context);
          return false;
        }
    }
  *context = (DmsContext){ 0 };
  return true;
}

/* ---- the end ---- */

static void
free_all (DmsTable *table)
{
  size_t at = 0;
  void *value = NULL;

  while ((value = dms_table_next (table, &at, NULL)) != NULL)
    free (value);
  dms_table_release (table);
}

void
dms_grants_release (DmsMachine *machine)
{
  size_t at = 0;
  DmsGrant *grant = NULL;

  while ((grant = dms_table_next (&machine->grants, &at, NULL)) != NULL)
    free_memory (grant);
  while (machine->put_first != NULL)
    {
      grant = machine->put_first;
      machine->put_first = grant->next;
      free_memory (grant);
    }
  dms_table_release (&machine->images);
  dms_table_release (&machine->grants);
  dms_table_release (&machine->asking);
  free_all (&machine->contexts);
}
