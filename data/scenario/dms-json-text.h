/* dms-json-text.h — places in a JSON text, and its bounds before it is read
 *
 * jansson knows where a syntax error is, but not where a value stood. A value's place
 * is found again, when a message needs it, by walking its path through the text.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <glib.h>

/* One step of a path: into the member called key, or, when key is NULL, into entry
 * index. */
typedef struct
{
  const char *key;
  gsize index;
} DmsJsonStep;

/**
 * dms_json_line:
 * @text: JSON that has been parsed without errors, @length bytes
 * @steps: the way from the outermost value
 *
 * Returns: the line, from 1, of the value that the steps lead to, or of the innermost
 * value on the way that is there.
 */
gsize
dms_json_line (const char *text, gsize length, const DmsJsonStep *steps, gsize n_steps);

/* A member of the outermost object that may be an array of so many entries. */
typedef struct
{
  const char *key;
  gsize max;
} DmsJsonLimit;

#define DMS_JSON_DEPTH_MAX 32
#define DMS_JSON_CONTAINERS_MAX (1u << 18)
#define DMS_JSON_VALUES_MAX (1u << 21)

/**
 * dms_json_check_bounds:
 * @text: any bytes
 * @limits: closed by a NULL key
 * @ret_line: line where a bound is left, from 1
 * @ret_problem: a sentence without its subject's place, to be freed
 *
 * Counts brackets and commas, so that an absurd text is refused before it costs memory.
 *
 * Returns: FALSE when a bound is left
 */
gboolean dms_json_check_bounds (const char *text,
                                gsize length,
                                const DmsJsonLimit *limits,
                                gsize *ret_line,
                                char **ret_problem);
