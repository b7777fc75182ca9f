/* dms-embedded.h — texts that the build puts into the program
 *
 * The table is written by embed-texts.py.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

typedef struct
{
  const char *name; /* of the file, without folder; NULL closes the table */
  const char *text; /* NUL-terminated */
} DmsEmbedded;

extern const DmsEmbedded dms_embedded[];
