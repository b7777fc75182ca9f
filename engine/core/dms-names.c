/* dms-names.c — the dictionary of a run
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-names.h"

#include <stdlib.h>
#include <string.h>

struct DmsNames
{
  DmsName *list; /* list[i].id == i + 1; texts are owned */
  size_t n;
  size_t capacity;
  DmsTable by_hash; /* hash, counted up past collisions → DmsName.id as a pointer-sized
                       number */
};

static uint64_t
hash_name (DmsNameKind kind, int64_t number, const char *text, size_t length)
{
  uint64_t hash = UINT64_C (0xcbf29ce484222325) ^ (uint64_t)kind;
  hash = (hash ^ (uint64_t)number) * UINT64_C (0x100000001b3);
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ (uint8_t)text[i]) * UINT64_C (0x100000001b3);
  return hash;
}

static size_t
text_length (const char *text)
{
  const char *end = memchr (text, '\0', DMS_NAME_TEXT_MAX);
  return end == NULL ? DMS_NAME_TEXT_MAX : (size_t)(end - text);
}

DmsNames *
dms_names_new (void)
{
  return calloc (1, sizeof (DmsNames));
}

void
dms_names_free (DmsNames *names)
{
  if (names == NULL)
    return;
  for (size_t i = 0; i < names->n; i++)
    free ((char *)names->list[i].text);
  free (names->list);
  dms_table_release (&names->by_hash);
  free (names);
}

size_t
dms_names_count (const DmsNames *names)
{
  return names->n;
}

static bool
same (const DmsName *name,
      DmsNameKind kind,
      int64_t number,
      const char *text,
      size_t length)
{
  return name->kind == kind && name->number == number && strlen (name->text) == length
         && memcmp (name->text, text, length) == 0;
}

/* The equal name or NULL; *ret_hash is then a free key for it. */
static const DmsName *
look_up (const DmsNames *names,
         DmsNameKind kind,
         int64_t number,
         const char *text,
         size_t length,
         uint64_t *ret_hash)
{
  uint64_t hash = hash_name (kind, number, text, length);
  for (;; hash++)
    {
      uintptr_t id = (uintptr_t)dms_table_get (&names->by_hash, hash);
      *ret_hash = hash;
      if (id == 0)
        return NULL;
      if (same (&names->list[id - 1], kind, number, text, length))
        return &names->list[id - 1];
    }
}

static DmsStatus
append (DmsNames *names,
        DmsNameKind kind,
        int64_t number,
        const char *text,
        size_t length,
        uint64_t hash)
{
  if (names->n >= DMS_NAMES_MAX)
    return DMS_ERROR_LIMIT;
  if (names->n == names->capacity)
    {
      size_t capacity = names->capacity == 0 ? 16 : names->capacity * 2;
      DmsName *list = realloc (names->list, capacity * sizeof *list);
      if (list == NULL)
        return DMS_ERROR_NO_MEMORY;
      names->list = list;
      names->capacity = capacity;
    }
  char *copy = malloc (length + 1);
  uint32_t id = (uint32_t)(names->n + 1);
  if (copy == NULL || !dms_table_put (&names->by_hash, hash, (void *)(uintptr_t)id))
    {
      free (copy);
      return DMS_ERROR_NO_MEMORY;
    }
  memcpy (copy, text, length);
  copy[length] = '\0';
  names->list[names->n++]
      = (DmsName){ .id = id, .kind = kind, .number = number, .text = copy };
  return DMS_OK;
}

DmsStatus
dms_names_intern (DmsNames *names,
                  DmsNameKind kind,
                  int64_t number,
                  const char *text,
                  uint32_t *ret_id,
                  bool *ret_is_new)
{
  size_t length = text_length (text);
  uint64_t hash = 0;
  const DmsName *name = look_up (names, kind, number, text, length, &hash);
  bool is_new = name == NULL;

  if (is_new)
    {
      DmsStatus status = append (names, kind, number, text, length, hash);
      if (status != DMS_OK)
        return status;
      name = &names->list[names->n - 1];
    }
  *ret_id = name->id;
  if (ret_is_new != NULL)
    *ret_is_new = is_new;
  return DMS_OK;
}

DmsStatus
dms_names_add (DmsNames *names, const DmsName *name)
{
  if (name->text == NULL || name->id != names->n + 1 || name->kind < DMS_NAME_DEVICE
      || name->kind > DMS_NAME_TEXT)
    return DMS_ERROR_CORRUPT;

  size_t length = text_length (name->text);
  uint64_t hash = 0;
  if (look_up (names, name->kind, name->number, name->text, length, &hash) != NULL)
    return DMS_ERROR_CORRUPT;
  return append (names, name->kind, name->number, name->text, length, hash);
}

const DmsName *
dms_names_get (const DmsNames *names, uint32_t id)
{
  return names == NULL || id == 0 || id > names->n ? NULL : &names->list[id - 1];
}

const char *
dms_names_text (const DmsNames *names, uint32_t id)
{
  const DmsName *name = dms_names_get (names, id);
  return name == NULL ? "?" : name->text;
}

void
dms_names_append (DmsBytes *bytes, const DmsNames *names, uint32_t id)
{
  const char *text = dms_names_text (names, id);
  dms_bytes_append_plain (bytes, text, strlen (text));
}
