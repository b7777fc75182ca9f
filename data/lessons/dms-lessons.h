/* dms-lessons.h — the bundled lessons and the sources of the sample drivers
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <glib.h>

typedef struct
{
  const char *id;       /* "two-pages-out-of-reach" */
  const char *title;    /* English, translatable */
  const char *subtitle; /* "lesson 1 · bounce on read · GetScatterGatherList" */
} DmsLesson;

/* All lessons in the order of teaching; *ret_n of them. */
const DmsLesson *dms_lessons (gsize *ret_n);
/* The lesson's scenario as JSON, NULL for an unknown id. Static. */
const char *dms_lesson_scenario (const char *id);
/* Source text of a sample driver's file ("packet-sg.c"), NULL when unknown. Static. */
const char *dms_driver_source (const char *file);
