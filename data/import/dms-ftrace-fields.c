/* dms-ftrace-fields.c — what stands behind an event's name: words and key=value
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-ftrace-fields.h"

#include <string.h>

#define TOO_BIG "[LINE TOO BIG]"
#define RAW_ARRAY "ARRAY["

static bool
is_key_char (char c)
{
  return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9')
         || (c >= 'A' && c <= 'Z');
}

/* Where the '=' is when @word begins with a name and '='; 0 otherwise. */
static size_t
key_length (DmsSpan word)
{
  size_t at = 0;
  while (at < word.length && is_key_char (word.text[at]))
    at++;
  return at < word.length && word.text[at] == '=' ? at : 0;
}

/* The one value that holds blanks: it goes on to its bracket. */
static void
extend_raw_array (DmsSpan *value, DmsSpan *rest)
{
  const char *end = rest->text + rest->length;
  const char *close;

  if (!dms_span_starts (*value, RAW_ARRAY) || dms_span_ends (*value, "]"))
    return;
  close = memchr (value->text, ']', (size_t)(end - value->text));
  if (close == NULL)
    close = end - 1;
  value->length = (size_t)(close + 1 - value->text);
  *rest = dms_span_trim ((DmsSpan){ close + 1, (size_t)(end - close) - 1 });
}

static void
add_field (DmsFtraceFields *fields, DmsSpan word, size_t key_at, DmsSpan *rest)
{
  DmsSpan value = dms_span_skip (word, key_at + 1);

  extend_raw_array (&value, rest);
  if (fields->n_fields < DMS_FTRACE_FIELDS_MAX)
    fields->fields[fields->n_fields++]
        = (DmsFtraceField){ .key = { word.text, key_at }, .value = value };
}

/* Half a number is worse than none; of an array the whole entries are good. */
static void
drop_cut_field (DmsFtraceFields *fields)
{
  if (fields->is_cut && fields->n_fields > 0
      && !dms_span_starts (fields->fields[fields->n_fields - 1].value, "{"))
    fields->n_fields--;
}

void
dms_ftrace_fields_parse (DmsSpan text, DmsFtraceFields *ret_fields)
{
  DmsSpan rest = text;

  ret_fields->n_fields = 0;
  ret_fields->n_words = 0;
  ret_fields->lead = text;
  ret_fields->is_cut = dms_span_ends (text, TOO_BIG);
  if (ret_fields->is_cut)
    rest.length -= strlen (TOO_BIG);

  bool has_lead = false;
  while (rest.length > 0)
    {
      DmsSpan word = dms_span_take_word (&rest);
      size_t key_at = key_length (word);
      if (key_at > 0)
        {
          if (!has_lead)
            ret_fields->lead = dms_span_trim (
                (DmsSpan){ text.text, (size_t)(word.text - text.text) });
          has_lead = true;
          add_field (ret_fields, word, key_at, &rest);
        }
      else if (has_lead && ret_fields->n_words < DMS_FTRACE_WORDS_MAX)
        ret_fields->words[ret_fields->n_words++] = word;
    }
  drop_cut_field (ret_fields);
}

/* Most keys differ in their first bytes, so calling out to compare them would cost
 * more. */
static inline bool
is_key (DmsSpan span, const char *key)
{
  size_t at = 0;
  while (at < span.length && span.text[at] == key[at])
    at++;
  return at == span.length && key[at] == '\0';
}

static DmsFtraceField *
find (DmsFtraceFields *fields, const char *key)
{
  for (size_t i = 0; i < fields->n_fields; i++)
    if (is_key (fields->fields[i].key, key))
      return &fields->fields[i];
  return NULL;
}

const DmsSpan *
dms_ftrace_fields_get (DmsFtraceFields *fields, const char *key)
{
  DmsFtraceField *field = find (fields, key);

  if (field == NULL)
    return NULL;
  field->is_taken = true;
  return &field->value;
}

void
dms_ftrace_fields_untake (DmsFtraceFields *fields, const char *key)
{
  DmsFtraceField *field = find (fields, key);
  if (field != NULL)
    field->is_taken = false;
}

bool
dms_ftrace_fields_has_word (const DmsFtraceFields *fields, const char *word)
{
  for (size_t i = 0; i < fields->n_words; i++)
    if (dms_span_is (fields->words[i], word))
      return true;
  return false;
}

bool
dms_ftrace_fields_hex (DmsFtraceFields *fields, const char *key, uint64_t *ret_number)
{
  const DmsSpan *value = dms_ftrace_fields_get (fields, key);
  return value != NULL && dms_span_hex (*value, ret_number);
}

bool
dms_ftrace_fields_decimal (DmsFtraceFields *fields,
                           const char *key,
                           uint64_t *ret_number)
{
  const DmsSpan *value = dms_ftrace_fields_get (fields, key);
  return value != NULL && dms_span_decimal (*value, ret_number);
}

void
dms_ftrace_fields_append_rest (const DmsFtraceFields *fields, DmsBytes *bytes)
{
  for (size_t i = 0; i < fields->n_fields; i++)
    {
      const DmsFtraceField *field = &fields->fields[i];
      if (field->is_taken)
        continue;
      if (bytes->length > 0)
        dms_bytes_append_byte (bytes, ' ');
      dms_bytes_append (bytes, field->key.text, field->key.length);
      dms_bytes_append_byte (bytes, '=');
      dms_bytes_append (bytes, field->value.text, field->value.length);
    }
}

/* ---- arrays ---- */

bool
dms_ftrace_array_init (DmsFtraceArray *array, DmsSpan value, size_t entry_bytes)
{
  size_t open = 1;

  *array = (DmsFtraceArray){ .rest = value };
  if (dms_span_starts (value, RAW_ARRAY))
    {
      open = strlen (RAW_ARRAY);
      array->entry_bytes = entry_bytes;
    }
  else if (!dms_span_starts (value, "{"))
    return false;
  array->rest = dms_span_skip (value, open);
  return true;
}

/* At the closing bracket nothing may follow; at the end of the text the line was cut.
 */
static void
end_array (DmsFtraceArray *array, char bracket)
{
  array->is_damaged = array->rest.length != 1 || array->rest.text[0] != bracket;
}

static bool
next_raw (DmsFtraceArray *array, uint64_t *ret_number)
{
  uint64_t number = 0;

  for (size_t i = 0; i < array->entry_bytes; i++)
    {
      uint64_t byte = 0;
      DmsSpan before = array->rest;
      if (!dms_span_take_hex (&array->rest, &byte)
          || before.length - array->rest.length != 2)
        {
          array->rest = before;
          end_array (array, ']');
          array->is_damaged = array->is_damaged || i > 0;
          return false;
        }
      number |= byte << (8 * i);
      if (dms_span_starts (array->rest, ", "))
        array->rest = dms_span_skip (array->rest, 2);
    }
  *ret_number = number;
  return true;
}

bool
dms_ftrace_array_next (DmsFtraceArray *array, uint64_t *ret_number)
{
  if (array->is_damaged)
    return false;
  if (array->entry_bytes > 0)
    return next_raw (array, ret_number);

  DmsSpan rest = array->rest;
  uint64_t number;
  if (!dms_span_take_hex (&rest, &number) || rest.length == 0
      || (rest.text[0] != ',' && rest.text[0] != '}'))
    {
      end_array (array, '}');
      return false;
    }
  /* The closing bracket stays, so that the end can be told from a cut line. */
  array->rest = rest.text[0] == ',' ? dms_span_skip (rest, 1) : rest;
  *ret_number = number;
  return true;
}
