/* dms-scenario-keys.h — the keys that a scenario may have, with their bounds
 *
 * The reader, its messages and the test of the JSON Schema all go by these tables.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <glib.h>

typedef enum
{
  DMS_KEY_NUMBER, /* whole number */
  DMS_KEY_SIZE,   /* whole number of bytes, or text such as "64 KiB" */
  DMS_KEY_SEED,   /* whole number, or text such as "0xfeed" */
  DMS_KEY_BOOL,
  DMS_KEY_NAME,  /* short text without control characters */
  DMS_KEY_TITLE, /* longer text without control characters */
  DMS_KEY_WORD,  /* one of some words */
  DMS_KEY_LIST,
  DMS_KEY_OBJECT,
  DMS_KEY_FRAMES,    /* a list of frame numbers, or a rule */
  DMS_KEY_FRAME,     /* a frame number */
  DMS_KEY_SCATTERED, /* a seed, or an object */
  DMS_KEY_LIMIT,     /* a number or size, bounded like the device's key */
  DMS_KEY_NOTHING    /* closes a table */
} DmsKeyKind;

typedef struct
{
  const char *name; /* NULL closes the table */
  DmsKeyKind kind;
  gboolean is_required;
  guint64 min; /* of numbers and sizes; of lists: entries */
  guint64 max;
  const char *const *words; /* NULL-terminated */
} DmsKey;

typedef struct
{
  const char *noun; /* "a device" */
  const DmsKey *keys;
} DmsKeys;

#define DMS_SCENARIO_NAME_BYTES_MAX 64
#define DMS_SCENARIO_TITLE_BYTES_MAX 1024
/* Model time is counted in picoseconds with 64 bits; this leaves room for the work. */
#define DMS_SCENARIO_TIME_NS_MAX G_GUINT64_CONSTANT (1000000000000000)
/* GetScatterGatherList's length and MaximumLength are 32 bits wide. */
#define DMS_SCENARIO_LENGTH_MAX G_GUINT64_CONSTANT (0xffffffff)

extern const DmsKeys dms_scenario_keys;
extern const DmsKeys dms_machine_keys;
extern const DmsKeys dms_device_keys;
extern const DmsKeys dms_buffer_keys; /* with one MDL */
extern const DmsKeys dms_chain_keys;  /* a buffer with a chain of MDLs */
extern const DmsKeys dms_mdl_keys;    /* of a chain */
extern const DmsKeys dms_frames_keys;
extern const DmsKeys dms_scattered_keys;
extern const DmsKeys dms_request_keys;
extern const DmsKeys dms_touch_keys;
extern const DmsKeys dms_mistake_keys;
extern const DmsKeys dms_cost_keys;
extern const DmsKeys dms_after_keys; /* when a command takes effect */
extern const DmsKeys dms_limit_command_keys;
extern const DmsKeys dms_registers_command_keys;
extern const DmsKeys dms_cancel_command_keys;
extern const DmsKeys dms_stop_command_keys;
extern const DmsKeys dms_fail_command_keys;

/* In the order of DmsTouchWhen. */
extern const char *const dms_touch_words[];
/* In the order of the bits DMS_QUIRK_…. */
extern const char *const dms_quirk_words[];
/* In the order of DmsCommandKind. */
extern const char *const dms_command_words[];
/* In the order of the LIMIT event; each is a device's key too. */
extern const char *const dms_limit_words[];

/* The key called @name, or NULL. */
const DmsKey *dms_keys_find (const DmsKeys *keys, const char *name);
/* The known key or word that is nearest in spelling to @name, or NULL when none is
 * near. */
const char *dms_keys_nearest (const DmsKeys *keys, const char *name);
const char *dms_words_nearest (const char *const *words, const char *name);
/* "a, b and c"; to be freed. */
char *dms_keys_join (const DmsKeys *keys);
char *dms_words_join (const char *const *words, const char *last);
