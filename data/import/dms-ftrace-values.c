/* dms-ftrace-values.c — what single fields of a traced event mean
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-ftrace-values.h"

#include "engine/core/dms-event.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_ELEMENTS(array) (sizeof (array) / sizeof (array)[0])

/* ---- direction and attributes
 * -------------------------------------------------------- */

bool
dms_ftrace_direction (DmsFtraceFields *fields, uint32_t *flags)
{
  static const char *const names[]
      = { "BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE", "NONE" };
  const DmsSpan *value = dms_ftrace_fields_get (fields, "dir");
  uint64_t number = DMS_FLAG_NO_DIRECTION;

  if (value == NULL)
    return false;
  for (uint32_t i = 0; i < N_ELEMENTS (names); i++)
    if (dms_span_is (*value, names[i]))
      {
        *flags |= i;
        return true;
      }
  if (!dms_span_decimal (*value, &number) || number > DMS_FLAG_NO_DIRECTION)
    {
      dms_ftrace_fields_untake (fields, "dir");
      number = DMS_FLAG_NO_DIRECTION;
    }
  *flags |= (uint32_t)number;
  return true;
}

typedef struct
{
  const char *name;
  unsigned bit;
} Attribute;

/* Bit 11 changed its name between kernels. */
static const Attribute attributes[] = {
  { "WEAK_ORDERING", 1 },
  { "WRITE_COMBINE", 2 },
  { "NO_KERNEL_MAPPING", 4 },
  { "SKIP_CPU_SYNC", 5 },
  { "FORCE_CONTIGUOUS", 6 },
  { "ALLOC_SINGLE_PAGES", 7 },
  { "NO_WARN", 8 },
  { "PRIVILEGED", 9 },
  { "MMIO", 10 },
  { "CACHE_CLEAN", 11 },
  { "CACHELINES_OVERLAP", 11 },
  { "DEBUGGING_IGNORE_CACHELINES", 11 },
  { "REQUIRE_COHERENT", 12 },
  { "CC_SHARED", 13 },
};

static bool
attribute_bits (DmsSpan name, uint64_t *ret_bits)
{
  for (size_t i = 0; i < N_ELEMENTS (attributes); i++)
    if (dms_span_is (name, attributes[i].name))
      {
        *ret_bits = UINT64_C (1) << attributes[i].bit;
        return true;
      }
  return dms_span_starts (name, "0x") && dms_span_hex (name, ret_bits);
}

uint64_t
dms_ftrace_attributes (DmsFtraceFields *fields)
{
  const DmsSpan *value = dms_ftrace_fields_get (fields, "attrs");
  DmsSpan rest = value == NULL ? DMS_SPAN_EMPTY : *value;
  uint64_t all = 0;

  while (rest.length > 0)
    {
      const char *bar = memchr (rest.text, '|', rest.length);
      size_t length = bar == NULL ? rest.length : (size_t)(bar - rest.text);
      uint64_t bits = 0;

      if (attribute_bits ((DmsSpan){ rest.text, length }, &bits))
        all |= bits;
      else
        dms_ftrace_fields_untake (fields, "attrs");
      rest = dms_span_skip (rest, bar == NULL ? length : length + 1);
    }
  return all;
}

/* ---- pointers, devices, totals
 * --------------------------------------------------------- */

DmsFtracePointer
dms_ftrace_pointer (DmsFtraceFields *fields, const char *key, uint64_t *ret_number)
{
  const DmsSpan *value = dms_ftrace_fields_get (fields, key);

  *ret_number = 0;
  if (value == NULL)
    return DMS_FTRACE_POINTER_ABSENT;
  if (dms_span_is (*value, "(nil)") || dms_span_is (*value, "(null)"))
    return DMS_FTRACE_POINTER_NULL;
  if (!dms_span_hex (*value, ret_number))
    return DMS_FTRACE_POINTER_HIDDEN;
  return *ret_number == 0 ? DMS_FTRACE_POINTER_NULL : DMS_FTRACE_POINTER_NUMBER;
}

DmsSpan
dms_ftrace_device (DmsFtraceFields *fields)
{
  const DmsSpan *field = dms_ftrace_fields_get (fields, "device");
  DmsSpan lead = fields->lead;

  if (field == NULL)
    field = dms_ftrace_fields_get (fields, "dev_name");
  if (field != NULL)
    return *field;
  if (dms_span_starts (lead, "dev_name:"))
    lead = dms_span_skip (lead, strlen ("dev_name:"));
  return dms_span_trim (lead);
}

bool
dms_ftrace_total (DmsFtraceFields *fields,
                  const char *key,
                  const char *all_key,
                  uint64_t *ret_all)
{
  const DmsSpan *value = dms_ftrace_fields_get (fields, key);

  if (value == NULL)
    return dms_ftrace_fields_decimal (fields, all_key, ret_all);

  const char *slash = memchr (value->text, '/', value->length);
  return slash != NULL
         && dms_span_decimal (dms_span_skip (*value, (size_t)(slash - value->text) + 1),
                              ret_all);
}

/* ---- lists
 * ------------------------------------------------------------------------------ */

static bool
append_address (DmsFtraceSegments *segments, uint64_t address)
{
  if (segments->n == segments->capacity)
    {
      size_t capacity = segments->capacity == 0 ? 256 : segments->capacity * 2;
      DmsSegment *entries = realloc (segments->entries, capacity * sizeof *entries);
      if (entries == NULL)
        return false;
      segments->entries = entries;
      segments->capacity = capacity;
    }
  segments->entries[segments->n++] = (DmsSegment){ .address = address };
  return true;
}

DmsFtraceListResult
dms_ftrace_addresses (DmsFtraceFields *fields,
                      const char *key,
                      const char *other_key,
                      DmsFtraceSegments *ret_segments)
{
  const DmsSpan *value = dms_ftrace_fields_get (fields, key);
  DmsFtraceArray array;
  uint64_t address;

  ret_segments->n = 0;
  if (value == NULL && other_key != NULL)
    value = dms_ftrace_fields_get (fields, other_key);
  if (value == NULL || !dms_ftrace_array_init (&array, *value, 8))
    return DMS_FTRACE_LIST_ABSENT;
  while (ret_segments->n < DMS_PAYLOAD_ENTRIES_MAX
         && dms_ftrace_array_next (&array, &address))
    if (!append_address (ret_segments, address))
      return DMS_FTRACE_LIST_NO_MEMORY;
  return array.is_damaged ? DMS_FTRACE_LIST_CUT : DMS_FTRACE_LIST_OK;
}

DmsFtraceListResult
dms_ftrace_lengths (DmsFtraceFields *fields, DmsFtraceSegments *segments, size_t *ret_n)
{
  const DmsSpan *value = dms_ftrace_fields_get (fields, "sizes");
  DmsFtraceArray array;
  uint64_t length;

  *ret_n = 0;
  if (value == NULL)
    value = dms_ftrace_fields_get (fields, "lengths");
  if (value == NULL || !dms_ftrace_array_init (&array, *value, 4))
    return DMS_FTRACE_LIST_ABSENT;
  for (; dms_ftrace_array_next (&array, &length); (*ret_n)++)
    if (*ret_n < segments->n)
      segments->entries[*ret_n].length = length;
  return array.is_damaged ? DMS_FTRACE_LIST_CUT : DMS_FTRACE_LIST_OK;
}

uint64_t
dms_ftrace_sum (const DmsFtraceSegments *segments)
{
  uint64_t sum = 0;
  for (size_t i = 0; i < segments->n; i++)
    sum += segments->entries[i].length;
  return sum;
}

/* ---- lines of the log
 * ------------------------------------------------------------------- */

/* True when @text begins with the pattern: x is a hexadecimal digit, all else itself.
 */
static bool
fits (DmsSpan text, const char *pattern)
{
  size_t length = strlen (pattern);

  if (text.length < length)
    return false;
  for (size_t i = 0; i < length; i++)
    if (pattern[i] == 'x' ? !isxdigit ((unsigned char)text.text[i])
                          : text.text[i] != pattern[i])
      return false;
  return true;
}

bool
dms_ftrace_device_of_log (DmsSpan text, char *ret_name, size_t size)
{
  for (size_t at = 0; at < text.length; at++)
    {
      DmsSpan here = dms_span_skip (text, at);
      if (at > 0 && isxdigit ((unsigned char)text.text[at - 1]))
        continue;
      if (fits (here, "xxxx:xx:xx.x"))
        {
          snprintf (ret_name, size, "%.12s", here.text);
          return true;
        }
      if (fits (here, "xx:xx.x") && at > 0 && text.text[at - 1] == '[')
        {
          snprintf (ret_name, size, "0000:%.7s", here.text);
          return true;
        }
    }
  return false;
}
