/* dms-driver-check.h — which names in the sources of a driver are not in our headers
 *
 * No compiler is needed, so it is a matter of habit: a name that begins with a capital
 * or an underscore, and that neither our headers nor these files have, is Windows' own.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "app/dms-driver-names.h"

typedef struct
{
  const char *file;
  const char *name;
  DmsNameUse use;
  GArray *lines; /* of guint, rising, each once */
} DmsMissingName;

typedef struct
{
  GStringChunk *strings;
  GPtrArray *files;    /* of tokens and names */
  GHashTable *defined; /* words that some file defines */
  GPtrArray *missing;  /* of DmsMissingName, by file, then by first line */
  guint n_words;       /* different names that were looked at */
} DmsDriverCheck;

DmsDriverCheck *dms_driver_check_new (void);
void dms_driver_check_free (DmsDriverCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmsDriverCheck, dms_driver_check_free)

/* Reads a file and those that it includes in quotes, where they are beside it. FALSE
 * and
 * @error when @path cannot be read. */
gboolean dms_driver_check_add (DmsDriverCheck *check, const char *path, GError **error);
/* Fills in missing, when all files are there. */
void dms_driver_check_run (DmsDriverCheck *check);
