/* dms-rules-say.c — the list of rules as tables, and what a finding says
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules.h"

#include <string.h>

/* Marks a message for the translators; who prints translates it. */
#define N_(text) text

/* ---- the list, as tables ---- */

#define SAY(variant, sentence) sentence,
#define DMS_RULE(id,                                                                   \
                 number,                                                               \
                 code,                                                                 \
                 verifier,                                                             \
                 family,                                                               \
                 needs,                                                                \
                 source,                                                               \
                 rule,                                                                 \
                 here,                                                                 \
                 against,                                                              \
                 sayings,                                                              \
                 instead)                                                              \
  static const char *const sentences_##id[] = { sayings NULL };
#include "engine/rules/dms-rules-list.h"
#undef DMS_RULE
#undef SAY

static const DmsRuleInfo infos[] = {
#define DMS_RULE(id,                                                                   \
                 number,                                                               \
                 code,                                                                 \
                 verifier,                                                             \
                 family,                                                               \
                 needs,                                                                \
                 source,                                                               \
                 rule,                                                                 \
                 here,                                                                 \
                 against,                                                              \
                 sayings,                                                              \
                 instead)                                                              \
  { number, code, verifier, family,         needs,  source,                            \
    rule,   here, against,  sentences_##id, instead },
#include "engine/rules/dms-rules-list.h"
#undef DMS_RULE
};

const DmsRuleInfo *
dms_rule_infos (size_t *ret_n)
{
  *ret_n = sizeof infos / sizeof *infos;
  return infos;
}

const DmsRuleInfo *
dms_rule_info (unsigned id)
{
  for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
    if (infos[i].id == id)
      return &infos[i];
  return NULL;
}

/* ---- sentences ---- */

typedef struct
{
  const DmsFinding *finding;
  const DmsNames *names;
  const DmsVoice *voice;
} Speech;

static bool
is_word (const char *name, size_t length, const char *word)
{
  return strlen (word) == length && memcmp (name, word, length) == 0;
}

/* {a} is a plain number; what is behind it says what it counts. */
static bool
say_number (
    const Speech *speech, const char *suffix, size_t n, uint64_t value, DmsBytes *bytes)
{
  if (n == 0)
    dms_say_number (bytes, value, speech->voice);
  else if (is_word (suffix, n, "_bytes"))
    dms_say_bytes (bytes, value, speech->voice);
  else if (is_word (suffix, n, "_pages"))
    dms_say_pages (bytes, value, speech->voice);
  else if (is_word (suffix, n, "_registers"))
    dms_say_registers (bytes, value, speech->voice);
  else if (is_word (suffix, n, "_address"))
    dms_say_address (bytes, value);
  else if (is_word (suffix, n, "_irql"))
    dms_bytes_append_text (bytes, dms_context_name ((uint8_t)value));
  else
    return false;
  return true;
}

static bool
say_word (void *data, const char *name, size_t length, DmsBytes *bytes)
{
  const Speech *speech = data;
  const DmsFinding *finding = speech->finding;

  if (is_word (name, length, "device"))
    dms_bytes_append_text (bytes, dms_names_text (speech->names, finding->device));
  else if (is_word (name, length, "name"))
    dms_bytes_append_text (bytes, dms_names_text (speech->names, finding->name));
  else if (is_word (name, length, "list"))
    dms_say_number (bytes, finding->object, speech->voice);
  else if (is_word (name, length, "length"))
    dms_say_bytes (bytes, finding->length, speech->voice);
  else if (is_word (name, length, "step"))
    dms_say_number (bytes, finding->step, speech->voice);
  else if (is_word (name, length, "other_step"))
    dms_say_number (bytes, finding->other_step, speech->voice);
  else if (name[0] == 'a')
    return say_number (speech, name + 1, length - 1, finding->a, bytes);
  else if (name[0] == 'b')
    return say_number (speech, name + 1, length - 1, finding->b, bytes);
  else if (name[0] == 'c')
    return say_number (speech, name + 1, length - 1, finding->c, bytes);
  else
    return false;
  return true;
}

static const char *
sentence_of (const DmsRuleInfo *info, uint32_t variant)
{
  for (uint32_t i = 0; info->sentences[i] != NULL; i++)
    if (i == variant)
      return info->sentences[i];
  return info->rule;
}

void
dms_finding_sentence (DmsBytes *bytes,
                      const DmsFinding *finding,
                      const DmsNames *names,
                      const DmsVoice *voice)
{
  const DmsRuleInfo *info = dms_rule_info (finding->rule);
  Speech speech = { finding, names, voice };

  if (info == NULL)
    return;
  const char *sentence = sentence_of (info, finding->variant);
  dms_say_template (
      bytes, dms_say_translate (voice, sentence, NULL, 0), say_word, &speech);
  dms_bytes_append_byte (bytes, ' ');
  dms_bytes_append_text (bytes, dms_say_translate (voice, info->instead, NULL, 0));
}
