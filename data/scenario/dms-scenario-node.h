/* dms-scenario-node.h — a value of the scenario, and how to complain about it
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/scenario/dms-scenario-keys.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* What all values of one text share. */
typedef struct
{
  const char *name;             /* of the file, for messages */
  const char *text;             /* as it was before the overrides */
  gsize length;                 /* bytes of it */
  const char *const *overrides; /* (nullable) "PATH=VALUE", NULL-terminated */
  GError **error;
} DmsReading;

/* Nodes live on the stack of whoever reads; a path is only written out for a message.
 */
typedef struct DmsNode
{
  const DmsReading *reading;
  const struct DmsNode *parent; /* NULL: the outermost value */
  const char *key;              /* member of the parent, or NULL */
  gsize index;                  /* entry of the parent, when key is NULL */
  json_t *json;                 /* NULL: not there */
} DmsNode;

/* ---- complaints ---- */

/* Sets the error: the place, the path, then @format, which goes on after the path.
 * Always returns FALSE. */
gboolean dms_node_fail (const DmsNode *node, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
/* The same for a value that is there and wrong: "… is <what it is>; <needed> is
 * needed". */
gboolean dms_node_fail_needed (const DmsNode *node, const char *needed, ...)
    G_GNUC_PRINTF (2, 3);
/* "devices[0].name"; to be freed. */
char *dms_node_path (const DmsNode *node);

/* ---- ways down ---- */

/* The member @key of an object, or entry @index of a list; json is NULL when absent. */
DmsNode dms_node_member (const DmsNode *object, const char *key);
DmsNode dms_node_entry (const DmsNode *list, gsize index);
gsize dms_node_entries (const DmsNode *list);
/* Neither absent nor null. */
gboolean dms_node_is_there (const DmsNode *node);

/* @node must be an object that has no keys but those of @keys, and all that are
 * required. */
gboolean dms_node_check_object (const DmsNode *node, const DmsKeys *keys);

/* ---- values: each is left as it is when the key is absent ---- */

gboolean dms_node_number (const DmsNode *object,
                          const DmsKeys *keys,
                          const char *key,
                          guint64 *number);
gboolean dms_node_number32 (const DmsNode *object,
                            const DmsKeys *keys,
                            const char *key,
                            guint32 *number);
/* A number or size outside of any object's table. */
gboolean dms_node_number_within (
    const DmsNode *node, DmsKeyKind kind, guint64 min, guint64 max, guint64 *number);
gboolean dms_node_bool (const DmsNode *object, const char *key, bool *value);
/* Replaces *text, which is owned by the caller and freed with free(). */
gboolean dms_node_text (const DmsNode *object,
                        const DmsKeys *keys,
                        const char *key,
                        char **text);
/* The place of the word among the key's words. */
gboolean dms_node_word (const DmsNode *object,
                        const DmsKeys *keys,
                        const char *key,
                        guint *index);
/* The place of the text of @node, which is there, among @words. */
gboolean dms_node_word_of (const DmsNode *node, const char *const *words, guint *index);
/* The member @key, which may be absent, else must be a list of an allowed length. */
gboolean dms_node_list (const DmsNode *object,
                        const DmsKeys *keys,
                        const char *key,
                        DmsNode *ret_list);
