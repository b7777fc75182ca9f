/* dms-lessons.c — the bundled lessons and the sources of the sample drivers
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/lessons/dms-lessons.h"

#include "data/lessons/dms-embedded.h"

#include <string.h>

/* Marks a text for the translators' catalogue; who shows it translates it. */
#define N_(text) text

/* In the order of teaching: first without any trouble, then what bounces, then who
 * waits, then what goes wrong. */
static const DmsLesson lessons[] = {
  { "all-within-reach",
    N_ ("All within reach"),
    N_ ("lesson 1 · no bounce · GetScatterGatherList") },
  { "a-chain-of-mdls",
    N_ ("A chain of MDLs"),
    N_ ("lesson 2 · several MDLs, one list · GetScatterGatherList") },
  { "two-pages-out-of-reach",
    N_ ("Two pages out of reach"),
    N_ ("lesson 3 · bounce on read · GetScatterGatherList") },
  { "two-pages-out-of-reach-going-out",
    N_ ("Two pages out of reach, going out"),
    N_ ("lesson 4 · bounce on write · GetScatterGatherList") },
  { "waiting-for-map-registers",
    N_ ("Waiting for map registers"),
    N_ ("lesson 5 · two devices, one pool · GetScatterGatherList") },
  { "mistake-list-never-put",
    N_ ("The list that is never put back"),
    N_ ("lesson 6 · a mistake to find · PutScatterGatherList") },
  { "mistake-list-put-twice",
    N_ ("The list that is put back twice"),
    N_ ("lesson 7 · a mistake to find · PutScatterGatherList") },
  { "mistake-touch-before-flush",
    N_ ("Looking before the flush"),
    N_ ("lesson 8 · a mistake to find · PutScatterGatherList") },
  { "mistake-wrong-direction",
    N_ ("The wrong direction at the flush"),
    N_ ("lesson 9 · a mistake to find · PutScatterGatherList") },
};

const DmsLesson *
dms_lessons (gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS (lessons);
  return lessons;
}

static const char *
find_text (const char *name)
{
  for (const DmsEmbedded *text = dms_embedded; text->name != NULL; text++)
    if (strcmp (text->name, name) == 0)
      return text->text;
  return NULL;
}

const char *
dms_lesson_scenario (const char *id)
{
  g_autofree char *name = g_strconcat (id, ".json", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lessons); i++)
    if (strcmp (lessons[i].id, id) == 0)
      return find_text (name);
  return NULL;
}

const char *
dms_driver_source (const char *file)
{
  return g_str_has_suffix (file, ".c") ? find_text (file) : NULL;
}
