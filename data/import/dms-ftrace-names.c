/* dms-ftrace-names.c — names of a text become ids, mostly without looking them up
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-ftrace-names.h"

#include <glib.h>
#include <string.h>

/* Names that the importer does not use up, so that it never fails for want of one. */
#define NAMES_KEPT_FREE 16

void
dms_ftrace_names_init (DmsFtraceNames *names, DmsEmitter *emitter)
{
  memset (names, 0, sizeof *names);
  names->emitter = emitter;
}

void
dms_ftrace_names_release (DmsFtraceNames *names)
{
  dms_bytes_release (&names->scratch);
}

static bool
is_clean (DmsSpan text)
{
  for (size_t i = 0; i < text.length; i++)
    if ((unsigned char)text.text[i] < 0x20 || (unsigned char)text.text[i] >= 0x7f)
      return false;
  return true;
}

void
dms_ftrace_append_clean (DmsBytes *bytes, DmsSpan text)
{
  size_t before = bytes->length;

  if (is_clean (text))
    {
      dms_bytes_append (bytes, text.text, text.length);
      return;
    }

  g_autofree char *valid = g_utf8_make_valid (text.text, (gssize)text.length);
  dms_bytes_append_text (bytes, valid);
  for (size_t i = before; i < bytes->length; i++)
    if (bytes->data[i] < 0x20 || bytes->data[i] == 0x7f)
      bytes->data[i] = ' ';
}

/* Ends and length of short names tell them apart well; a wrong guess costs one look-up.
 */
static size_t
slot_of (DmsNameKind kind, int64_t number, DmsSpan text)
{
  uint64_t hash = (uint64_t)number * 31 + (uint64_t)kind + text.length * 7;

  hash = hash * 31 + (unsigned char)text.text[0];
  hash = hash * 31 + (unsigned char)text.text[text.length / 2];
  hash = hash * 31 + (unsigned char)text.text[text.length - 1];
  if (text.length > 4)
    hash = hash * 31 + (unsigned char)text.text[text.length - 3];
  return (size_t)((hash ^ hash >> 8) % DMS_FTRACE_NAME_SLOTS);
}

static uint32_t
intern (DmsFtraceNames *names, DmsNameKind kind, int64_t number, DmsSpan text)
{
  if (dms_names_count (names->emitter->names) >= DMS_NAMES_MAX - NAMES_KEPT_FREE)
    {
      names->left_out++;
      return 0;
    }
  dms_bytes_clear (&names->scratch);
  dms_ftrace_append_clean (&names->scratch, text);
  return dms_emitter_name (
      names->emitter, kind, number, dms_bytes_text (&names->scratch));
}

uint32_t
dms_ftrace_names_get (DmsFtraceNames *names,
                      DmsNameKind kind,
                      int64_t number,
                      DmsSpan text)
{
  if (text.length == 0)
    return 0;
  if (text.length > DMS_FTRACE_NAME_SHORT)
    return intern (names, kind, number, text);

  DmsFtraceNameSlot *slot = &names->slots[slot_of (kind, number, text)];
  if (slot->id != 0 && slot->kind == kind && slot->number == number
      && slot->length == text.length
      && memcmp (slot->text, text.text, text.length) == 0)
    return slot->id;

  uint32_t id = intern (names, kind, number, text);
  if (id != 0)
    {
      *slot = (DmsFtraceNameSlot){
        .id = id, .kind = kind, .number = number, .length = text.length
      };
      memcpy (slot->text, text.text, text.length);
    }
  return id;
}
