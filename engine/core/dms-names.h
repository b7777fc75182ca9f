/* dms-names.h — the dictionary of a run: devices, tasks, routines, files and texts
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-bytes.h"
#include "engine/core/dms-status.h"
#include "engine/core/dms-table.h"

#include <stddef.h>
#include <stdint.h>

/* Events carry ids of names, never pointers. Numbers are part of the file format. */
typedef enum
{
  DMS_NAME_DEVICE = 1,  /* "card0", "0000:00:1f.2" */
  DMS_NAME_TASK = 2,    /* comm; number = pid */
  DMS_NAME_ROUTINE = 3, /* "StartIo", "GetScatterGatherList" */
  DMS_NAME_FILE = 4,    /* "packet-sg.c"; the driver's source may travel in the trace */
  DMS_NAME_BUFFER = 5,  /* "data" */
  DMS_NAME_TEXT = 6     /* any other word, such as a device's model */
} DmsNameKind;

#define DMS_NAME_TEXT_MAX 4096 /* bytes of one text */
#define DMS_NAMES_MAX 1048576u /* names of one run */

typedef struct
{
  uint32_t id; /* 1, 2, 3 … in order of appearance; 0 in an event means "none" */
  DmsNameKind kind;
  int64_t number; /* pid of a task, else 0 */
  const char *text;
} DmsName;

typedef struct DmsNames DmsNames;

DmsNames *dms_names_new (void); /* NULL without memory */
void dms_names_free (DmsNames *names);
size_t dms_names_count (const DmsNames *names);

/**
 * dms_names_intern:
 * @text: NUL-terminated; cut at DMS_NAME_TEXT_MAX bytes
 * @ret_id: the id of the equal name that was there, or a new one
 * @ret_is_new: may be NULL
 *
 * Returns: DMS_OK, DMS_ERROR_NO_MEMORY, DMS_ERROR_LIMIT at DMS_NAMES_MAX names.
 */
DmsStatus dms_names_intern (DmsNames *names,
                            DmsNameKind kind,
                            int64_t number,
                            const char *text,
                            uint32_t *ret_id,
                            bool *ret_is_new);

/* Stores a name under the id that a file gives it, which must be the next one
 * (DMS_ERROR_CORRUPT otherwise). The text is copied. */
DmsStatus dms_names_add (DmsNames *names, const DmsName *name);

/* NULL for 0 and for unknown ids; @names may be NULL. */
const DmsName *dms_names_get (const DmsNames *names, uint32_t id);
/* The text, or "?" for unknown ids. */
const char *dms_names_text (const DmsNames *names, uint32_t id);
/* Appends it as dms_bytes_append_plain() does: names come from outside. */
void dms_names_append (DmsBytes *bytes, const DmsNames *names, uint32_t id);
