/* dms-driver-names.h — names of Windows that a driver may use, and those it may not
 * here
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <glib.h>

/* Every word of the headers that are installed, sorted; made from them. */
extern const char *const dms_header_words[];
extern const size_t dms_n_header_words;

/* Whether drivers find @name in our headers, or in those of C. */
gboolean dms_driver_name_is_there (const char *name);

typedef enum
{
  DMS_NAME_USE_ROUTINE, /* called */
  DMS_NAME_USE_MEMBER,  /* behind . or -> */
  DMS_NAME_USE_HEADER,  /* included */
  DMS_NAME_USE_OTHER    /* a type, a constant, a macro */
} DmsNameUse;

/* What to do about a name that is not there: one sentence, never NULL. */
const char *dms_driver_name_advice (const char *name, DmsNameUse use);
