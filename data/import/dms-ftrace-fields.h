/* dms-ftrace-fields.h — what stands behind an event's name: words and key=value
 *
 *   0000:00:1f.2 dir=FROM_DEVICE nents=1/1 dma_addrs={0x1f1a8c0} sizes={0x200} attrs=
 *   lead         fields                                                        words:
 * none
 *
 * Fields come in any order and any number; who reads them asks by name. What nobody
 * asked for can be had at the end, so that nothing of a newer kernel gets lost.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/import/dms-span.h"
#include "engine/core/dms-bytes.h"

#define DMS_FTRACE_FIELDS_MAX 24
#define DMS_FTRACE_WORDS_MAX 8

typedef struct
{
  DmsSpan key, value;
  bool is_taken; /* somebody asked for it */
} DmsFtraceField;

typedef struct
{
  DmsSpan lead; /* everything before the first key=value */
  DmsFtraceField fields[DMS_FTRACE_FIELDS_MAX];
  size_t n_fields;
  DmsSpan words[DMS_FTRACE_WORDS_MAX]; /* without '=', behind the first field */
  size_t n_words;
  bool is_cut; /* "[LINE TOO BIG]" stood at the end: the last field may be half of
                  itself */
} DmsFtraceFields;

/* More fields or words than there is room for are left out. */
void dms_ftrace_fields_parse (DmsSpan text, DmsFtraceFields *ret_fields);

/* NULL when there is none of that name; the first when there are several. */
const DmsSpan *dms_ftrace_fields_get (DmsFtraceFields *fields, const char *key);
/* As if nobody had asked for it: its value was not understood. */
void dms_ftrace_fields_untake (DmsFtraceFields *fields, const char *key);
bool dms_ftrace_fields_has_word (const DmsFtraceFields *fields, const char *word);
/* True when there is such a field and all of it is a number; an array is not. */
bool
dms_ftrace_fields_hex (DmsFtraceFields *fields, const char *key, uint64_t *ret_number);
bool dms_ftrace_fields_decimal (DmsFtraceFields *fields,
                                const char *key,
                                uint64_t *ret_number);
/* Appends "key=value key=value" of the fields that nobody asked for. */
void dms_ftrace_fields_append_rest (const DmsFtraceFields *fields, DmsBytes *bytes);

/* An array: "{0x1000,0x2000}", or the bytes of one as some tools print it,
 * "ARRAY[00, 10, 00, 00]", lowest byte first. */
typedef struct
{
  DmsSpan rest;
  size_t entry_bytes; /* of the second form; 0 = the first form */
  bool is_damaged;    /* ended at something that is no entry */
} DmsFtraceArray;

/* False when @value is no array. @entry_bytes (1 to 8) is for the second form. */
bool dms_ftrace_array_init (DmsFtraceArray *array, DmsSpan value, size_t entry_bytes);
/* The next entry. False at the end, and at damage. */
bool dms_ftrace_array_next (DmsFtraceArray *array, uint64_t *ret_number);
