/* dms-events-md.c — prints docs/events.md from the lists of events and routines
 *
 * Part of the build, not of the program: a test holds its output against the committed
 * file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-event.h"

#include <stdio.h>

static const char intro[]
    = "# Events\n"
      "\n"
      "<!-- Made from engine/core/dms-event-list.h, dms-routine-list.h and\n"
      "     dms-fact-list.h by app/dms-events-md.c; to renew it: DMS_UPDATE_GOLDEN=1 "
      "./dev test app -->\n"
      "\n"
      "Everything that happens is an event: in a simulated run as in a recording of a "
      "real\n"
      "machine. The picture, the timeline, the rules and the commands know nothing "
      "else. What\n"
      "follows is the whole vocabulary, with the words in which each event is told and "
      "the\n"
      "names under which `dmascope events --format json` prints its fields.\n"
      "\n"
      "## What every event has\n"
      "\n"
      "| JSON | meaning |\n"
      "|---|---|\n"
      "| `seq` | its number in the run: 1, 2, 3 … |\n"
      "| `step` | the step that it belongs to; 0 before the first. In recordings every "
      "event "
      "is a step |\n"
      "| `t_ns` | model time, or the recording's clock, in nanoseconds |\n"
      "| `kind` | its name, see below |\n"
      "| `cpu` | the CPU that it happened on |\n"
      "| `context` | the IRQL in a simulated run; task, softirq, hardirq or nmi in a "
      "recording |\n"
      "| `task`, `pid` | the task that was running, where that is known |\n"
      "| `cause` | `seq` of the earlier event that led to it, where that is known |\n"
      "| `file`, `line` | the driver's statement that caused it, where that is known "
      "|\n"
      "| `sentence` | what it says, in words |\n"
      "| `why` | the reason, where there is one to be told |\n"
      "\n"
      "## How values are written\n"
      "\n"
      "| unit | in JSON | in a sentence |\n"
      "|---|---|---|\n"
      "| number, bytes, size, bits, pages, registers, elements | a number | `20 992 "
      "bytes`, "
      "`8 GiB`, `6 map registers` |\n"
      "| id | a number; left out when there is none | a number |\n"
      "| frame, physical, logical, virtual, hex | a string, `\"0x42000\"` | "
      "`0x0004_2000`, "
      "frames `0x42` |\n"
      "| name, routine, fact | a string; left out when there is none | the name |\n"
      "| status | a string: its documented name, else `\"0xC0000001\"` | the same |\n"
      "| flags | an array of strings | – |\n"
      "| list | `frames`: an array of strings; `memory_segments` and `segments` (what "
      "memory "
      "holds, and what the device sees): arrays of `address` and `length`; `stack`: an "
      "array of strings, innermost first; `text`: a string | – |\n"
      "\n"
      "A number above 2⁶³ − 1, which only a damaged trace has, is a string of its "
      "digits.\n";

static const char *
member_name (DmsField field)
{
  switch (field)
    {
    case DMS_FIELD_END:
      return "";
    case DMS_FIELD_DEVICE:
      return "device";
    case DMS_FIELD_TRANSFER:
      return "transfer";
    case DMS_FIELD_OBJECT:
      return "object";
    case DMS_FIELD_INDEX:
      return "index";
    case DMS_FIELD_A:
      return "a";
    case DMS_FIELD_B:
      return "b";
    case DMS_FIELD_C:
      return "c";
    case DMS_FIELD_LENGTH:
      return "length";
    case DMS_FIELD_FLAGS:
      return "flags";
    case DMS_FIELD_STATUS:
      return "status";
    case DMS_FIELD_PAYLOAD:
      return "payload";
    }
  return "";
}

static const char *
unit_name (DmsUnit unit)
{
  static const char *const names[] = {
    [DMS_UNIT_NUMBER] = "number",     [DMS_UNIT_ID] = "id",
    [DMS_UNIT_HEX] = "hex",           [DMS_UNIT_BYTES] = "bytes",
    [DMS_UNIT_SIZE] = "size",         [DMS_UNIT_BITS] = "bits",
    [DMS_UNIT_PAGES] = "pages",       [DMS_UNIT_REGISTERS] = "registers",
    [DMS_UNIT_ELEMENTS] = "elements", [DMS_UNIT_FRAME] = "frame",
    [DMS_UNIT_PHYSICAL] = "physical", [DMS_UNIT_LOGICAL] = "logical",
    [DMS_UNIT_VIRTUAL] = "virtual",   [DMS_UNIT_NAME] = "name",
    [DMS_UNIT_ROUTINE] = "routine",   [DMS_UNIT_STATUS] = "status",
    [DMS_UNIT_FACT] = "fact",         [DMS_UNIT_FLAGS] = "flags",
    [DMS_UNIT_LIST] = "list",
  };

  return names[unit];
}

/* Text inside a cell of a table. */
static void
put_cell (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (*text == '|')
        putchar ('\\');
      putchar (*text);
    }
}

static void
put_flags (uint32_t flags, const char *none)
{
  DmsBytes words;

  dms_bytes_init (&words);
  dms_flags_append (&words, flags);
  put_cell (words.length > 0 ? dms_bytes_text (&words) : none);
  dms_bytes_release (&words);
}

/* When a saying is used: flags that must be there, and flags that must not. */
static void
put_condition (const DmsSaying *saying, bool is_first)
{
  uint32_t missing = saying->mask & ~saying->value;

  if (saying->mask == 0)
    {
      fputs (is_first ? "always" : "else", stdout);
      return;
    }
  put_flags (saying->value, "");
  /* A direction is one word for two bits: what is there excludes the others. */
  if ((saying->mask & DMS_FLAG_DIRECTION) != 0)
    missing &= ~DMS_FLAG_DIRECTION;
  if ((saying->mask & DMS_FLAG_FORM) != 0)
    missing &= ~DMS_FLAG_FORM;
  if (missing != 0)
    {
      fputs (saying->value != 0 ? ", not " : "not ", stdout);
      put_flags (missing, "");
    }
}

static void
put_sayings (const DmsSaying *sayings)
{
  const DmsSaying *first = sayings;

  fputs ("\n| when | it says |\n|---|---|\n", stdout);
  for (; sayings->sentence != NULL; sayings++)
    {
      fputs ("| ", stdout);
      put_condition (sayings, sayings == first);
      fputs (" | ", stdout);
      put_cell (sayings->sentence);
      if (sayings->why[0] != '\0')
        {
          fputs (" *", stdout);
          put_cell (sayings->why);
          fputs ("*", stdout);
        }
      fputs (" |\n", stdout);
    }
}

static void
put_fields (const DmsFieldInfo *fields)
{
  fputs ("\n| field | in `DmsEvent` | unit | meaning |\n|---|---|---|---|\n", stdout);
  for (; fields->field != DMS_FIELD_END; fields++)
    {
      printf ("| `%s` | `%s` | %s | ",
              fields->name,
              member_name (fields->field),
              unit_name (fields->unit));
      put_cell (fields->meaning);
      fputs (" |\n", stdout);
    }
}

static void
put_overview (const DmsEventInfo *events, size_t n)
{
  fputs ("\n## All kinds\n\n| number | name | opens a step | meaning "
         "|\n|---|---|---|---|\n",
         stdout);
  for (size_t i = 0; i < n; i++)
    {
      printf ("| %d | [%s](#%s) | %s | ",
              (int)events[i].kind,
              events[i].name,
              events[i].name,
              events[i].opens_step ? "yes" : "");
      put_cell (events[i].meaning);
      fputs (" |\n", stdout);
    }
}

static void
put_events (const DmsEventInfo *events, size_t n)
{
  fputs ("\nIn sentences, `{name}` stands for a field in its unit, or for a word that "
         "the state "
         "gives.\nThe first row that fits speaks; what is *slanted* is the reason, "
         "which the "
         "window shows as\na second sentence.\n",
         stdout);
  for (size_t i = 0; i < n; i++)
    {
      printf ("\n### %s\n\n%s\n", events[i].name, events[i].meaning);
      put_fields (events[i].fields);
      put_sayings (events[i].sayings);
    }
}

static void
put_irql (const DmsRoutineInfo *routine)
{
  if (routine->irql_low == routine->irql_high)
    printf ("%s.\n", dms_context_name (routine->irql_low));
  else if (routine->irql_high == DMS_CONTEXT_HIGHEST)
    puts ("any IRQL.");
  else
    printf ("%s to %s.\n",
            dms_context_name (routine->irql_low),
            dms_context_name (routine->irql_high));
}

static void
put_facts (void)
{
  size_t n;
  const DmsFactInfo *facts = dms_fact_infos (&n);

  fputs ("\n## Facts\n\nWhat a [fact](#fact) can be. The simulated kernel notes them "
         "and goes on; the\n[rules](rules.md) judge.\n"
         "\n| number | name | it says | numbers |\n|---|---|---|---|\n",
         stdout);
  for (size_t i = 0; i < n; i++)
    {
      printf ("| %d | %s | ", (int)facts[i].fact, facts[i].name);
      put_cell (facts[i].sentence);
      fputs (" | ", stdout);
      put_cell (facts[i].numbers);
      fputs (" |\n", stdout);
    }
}

static void
put_routines (void)
{
  size_t n;
  const DmsRoutineInfo *routines = dms_routine_infos (&n);

  fputs ("\n## Routines\n\nWhat a [call](#call) is about. From 100 on they are the "
         "parts that a "
         "driver's own\nroutines play; such a call is named as the source names it. "
         "The page is "
         "the one of\nMicrosoft's driver reference.\n",
         stdout);
  for (size_t i = 0; i < n; i++)
    {
      printf ("\n### %s\n\nNumber %d, page `%s`, ",
              routines[i].name,
              (int)routines[i].routine,
              routines[i].page);
      put_irql (&routines[i]);
      put_sayings (routines[i].sayings);
    }
}

static void
put_flag_list (void)
{
  fputs ("\n## Flags\n\nThe same bits in every kind. Bits 0 and 1 are the direction, 2 "
         "to 4 the "
         "form of a\nmapping.\n\n| bits | name |\n|---|---|\n",
         stdout);
  for (uint32_t form = 1; form <= 3; form++)
    {
      printf ("| `0x%x` | ", (unsigned)form);
      put_flags (form, "");
      fputs (" |\n", stdout);
    }
  for (uint32_t form = 4; form <= 0x1c; form += 4)
    {
      DmsBytes words;
      dms_bytes_init (&words);
      dms_flags_append (&words, form);
      if (words.length > 0)
        printf ("| `0x%x` | %s |\n", (unsigned)form, dms_bytes_text (&words));
      dms_bytes_release (&words);
    }
  for (unsigned bit = 5; bit < 32; bit++)
    {
      DmsBytes words;
      dms_bytes_init (&words);
      dms_flags_append (&words, UINT32_C (1) << bit);
      if (words.length > 0)
        printf ("| `0x%x` | %s |\n",
                (unsigned)(UINT32_C (1) << bit),
                dms_bytes_text (&words));
      dms_bytes_release (&words);
    }
}

int
main (void)
{
  size_t n;
  const DmsEventInfo *events = dms_event_infos (&n);

  fputs (intro, stdout);
  put_overview (events, n);
  put_events (events, n);
  put_routines ();
  put_facts ();
  put_flag_list ();
  return fflush (stdout) == 0 && !ferror (stdout) ? 0 : 1;
}
