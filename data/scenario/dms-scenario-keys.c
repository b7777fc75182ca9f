/* dms-scenario-keys.c — the keys that a scenario may have, with their bounds
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-keys.h"

#include "engine/core/dms-scenario.h"
#include "engine/core/dms-units.h"

#include <string.h>

#define QUIRKS_MAX 4
#define BUFFER_BYTES_MAX (DMS_SCENARIO_FRAMES_MAX * DMS_PAGE_SIZE)
#define BURST_MAX (G_GUINT64_CONSTANT (1) << 20)
#define BYTE_PS_MAX G_GUINT64_CONSTANT (1000000)         /* 1 µs */
#define ACTION_PS_MAX G_GUINT64_CONSTANT (1000000000000) /* 1 s */

/* In the order of DmsProfile. */
static const char *const profile_words[] = { "documented", "reactos", NULL };
static const char *const hal_words[] = { "x64", "x86", NULL };
static const char *const direction_words[] = { "read", "write", NULL };
static const char *const allocation_words[]
    = { "list-memory", "common-buffers", "pool-memory", "adapters", NULL };

const char *const dms_touch_words[]
    = { "after-complete", "before-flush", "after-map", NULL };
const char *const dms_quirk_words[] = { "R1", "R2", "R4", "R17", NULL };
const char *const dms_command_words[] = { "set-limit",
                                          "take-map-registers",
                                          "give-map-registers",
                                          "cancel",
                                          "stop",
                                          "fail-allocation",
                                          NULL };
const char *const dms_limit_words[] = { "address_bits", "map_registers",
                                        "max_elements", "maximum_length",
                                        "burst",        NULL };

/* clang-format off */

static const DmsKey scenario_keys[] = {
  { "dmascope", DMS_KEY_NUMBER, TRUE, 1, 1, NULL },
  { "title", DMS_KEY_TITLE, FALSE, 0, 0, NULL },
  { "machine", DMS_KEY_OBJECT, FALSE, 0, 0, NULL },
  { "devices", DMS_KEY_LIST, TRUE, 1, DMS_SCENARIO_DEVICES_MAX, NULL },
  { "buffers", DMS_KEY_LIST, TRUE, 0, DMS_SCENARIO_BUFFERS_MAX, NULL },
  { "requests", DMS_KEY_LIST, TRUE, 0, DMS_SCENARIO_REQUESTS_MAX, NULL },
  { "commands", DMS_KEY_LIST, FALSE, 0, DMS_SCENARIO_COMMANDS_MAX, NULL },
  { "mistakes", DMS_KEY_LIST, FALSE, 0, DMS_SCENARIO_MISTAKES_MAX, NULL },
  { "cost", DMS_KEY_OBJECT, FALSE, 0, 0, NULL },
  { "iommu", DMS_KEY_BOOL, FALSE, 0, 0, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey machine_keys[] = {
  { "memory", DMS_KEY_SIZE, FALSE, DMS_SCENARIO_MEMORY_MIN, DMS_SCENARIO_MEMORY_MAX, NULL },
  { "map_registers", DMS_KEY_NUMBER, FALSE, 1, DMS_SCENARIO_REGISTERS_MAX, NULL },
  { "seed", DMS_KEY_SEED, FALSE, 0, G_MAXUINT64, NULL },
  { "profile", DMS_KEY_WORD, FALSE, 0, 0, profile_words },
  { "quirks", DMS_KEY_LIST, FALSE, 0, QUIRKS_MAX, NULL },
  { "hal", DMS_KEY_WORD, FALSE, 0, 0, hal_words },
  { "verifier", DMS_KEY_BOOL, FALSE, 0, 0, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey device_keys[] = {
  { "name", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  { "model", DMS_KEY_NAME, FALSE, 0, 0, NULL },
  { "driver", DMS_KEY_NAME, FALSE, 0, 0, NULL },
  { "scatter_gather", DMS_KEY_BOOL, FALSE, 0, 0, NULL },
  { "address_bits", DMS_KEY_NUMBER, FALSE, 1, 64, NULL },
  { "maximum_length", DMS_KEY_SIZE, FALSE, 1, DMS_SCENARIO_LENGTH_MAX, NULL },
  { "map_registers", DMS_KEY_NUMBER, FALSE, 0, DMS_SCENARIO_REGISTERS_MAX, NULL },
  { "max_elements", DMS_KEY_NUMBER, FALSE, 1, DMS_SCENARIO_ELEMENTS_MAX, NULL },
  { "burst", DMS_KEY_SIZE, FALSE, 1, BURST_MAX, NULL },
  { "segment", DMS_KEY_SIZE, FALSE, 0, DMS_SCENARIO_LENGTH_MAX, NULL },
  { "boundary", DMS_KEY_SIZE, FALSE, 0, DMS_SCENARIO_MEMORY_MAX, NULL },
  { "alignment", DMS_KEY_SIZE, FALSE, 0, DMS_PAGE_SIZE, NULL },
  { "channel", DMS_KEY_NUMBER, FALSE, 0, 7, NULL },
  { "auto_initialize", DMS_KEY_BOOL, FALSE, 0, 0, NULL },
  { "ring", DMS_KEY_SIZE, FALSE, 0, DMS_SCENARIO_RING_MAX, NULL },
  { "iommu", DMS_KEY_BOOL, FALSE, 0, 0, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

#define MDL_KEYS                                                                  \
  { "offset", DMS_KEY_NUMBER, FALSE, 0, DMS_PAGE_SIZE - 1, NULL },                \
  { "length", DMS_KEY_SIZE, TRUE, 1, BUFFER_BYTES_MAX, NULL },                    \
  { "frames", DMS_KEY_FRAMES, TRUE, 0, 0, NULL },                                 \
  { "locked", DMS_KEY_BOOL, FALSE, 0, 0, NULL },                                  \
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL }

static const DmsKey mdl_keys[] = { MDL_KEYS };
static const DmsKey buffer_keys[] = {
  { "name", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  MDL_KEYS,
};

static const DmsKey chain_keys[] = {
  { "name", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  { "mdls", DMS_KEY_LIST, TRUE, 1, DMS_SCENARIO_MDLS_MAX, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

/* Exactly one of these. */
static const DmsKey frames_keys[] = {
  { "contiguous", DMS_KEY_FRAME, FALSE, 0, 0, NULL },
  { "scattered", DMS_KEY_SCATTERED, FALSE, 0, 0, NULL },
  { "above", DMS_KEY_SIZE, FALSE, 0, DMS_SCENARIO_MEMORY_MAX, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey scattered_keys[] = {
  { "seed", DMS_KEY_SEED, FALSE, 0, G_MAXUINT64, NULL },
  { "from", DMS_KEY_SIZE, FALSE, 0, DMS_SCENARIO_MEMORY_MAX, NULL },
  { "below", DMS_KEY_SIZE, FALSE, DMS_PAGE_SIZE, DMS_SCENARIO_MEMORY_MAX, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey request_keys[] = {
  { "device", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  { "buffer", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  { "direction", DMS_KEY_WORD, TRUE, 0, 0, direction_words },
  { "start", DMS_KEY_SIZE, FALSE, 0, BUFFER_BYTES_MAX - 1, NULL },
  { "length", DMS_KEY_SIZE, FALSE, 1, DMS_SCENARIO_LENGTH_MAX, NULL },
  { "at_ns", DMS_KEY_NUMBER, FALSE, 0, DMS_SCENARIO_TIME_NS_MAX, NULL },
  { "count", DMS_KEY_NUMBER, FALSE, 1, DMS_SCENARIO_REPEATS_MAX, NULL },
  { "every_ns", DMS_KEY_NUMBER, FALSE, 0, DMS_SCENARIO_TIME_NS_MAX, NULL },
  { "touch", DMS_KEY_LIST, FALSE, 0, DMS_SCENARIO_TOUCHES_MAX, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey touch_keys[] = {
  { "when", DMS_KEY_WORD, FALSE, 0, 0, dms_touch_words },
  { "writes", DMS_KEY_BOOL, FALSE, 0, 0, NULL },
  { "start", DMS_KEY_SIZE, FALSE, 0, BUFFER_BYTES_MAX - 1, NULL },
  { "length", DMS_KEY_SIZE, FALSE, 1, BUFFER_BYTES_MAX, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey mistake_keys[] = {
  { "name", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  { "device", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  { "nth", DMS_KEY_NUMBER, FALSE, 0, G_MAXUINT32, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey cost_keys[] = {
  { "call_ps", DMS_KEY_NUMBER, FALSE, 0, ACTION_PS_MAX, NULL },
  { "register_ps", DMS_KEY_NUMBER, FALSE, 0, ACTION_PS_MAX, NULL },
  { "copy_byte_ps", DMS_KEY_NUMBER, FALSE, 0, BYTE_PS_MAX, NULL },
  { "bus_byte_ps", DMS_KEY_NUMBER, FALSE, 0, BYTE_PS_MAX, NULL },
  { "burst_ps", DMS_KEY_NUMBER, FALSE, 0, ACTION_PS_MAX, NULL },
  { "register_write_ps", DMS_KEY_NUMBER, FALSE, 0, ACTION_PS_MAX, NULL },
  { "interrupt_ps", DMS_KEY_NUMBER, FALSE, 0, ACTION_PS_MAX, NULL },
  { "dpc_ps", DMS_KEY_NUMBER, FALSE, 0, ACTION_PS_MAX, NULL },
  { "iotlb_miss_ps", DMS_KEY_NUMBER, FALSE, 0, ACTION_PS_MAX, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

/* Exactly one of these. */
static const DmsKey after_keys[] = {
  { "ns", DMS_KEY_NUMBER, FALSE, 0, DMS_SCENARIO_TIME_NS_MAX, NULL },
  { "event", DMS_KEY_NUMBER, FALSE, 0, G_MAXINT64, NULL },
  { "step", DMS_KEY_NUMBER, FALSE, 0, G_MAXINT64, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

#define COMMAND_KEYS                                                              \
  { "after", DMS_KEY_OBJECT, TRUE, 0, 0, NULL },                                  \
  { "do", DMS_KEY_WORD, TRUE, 0, 0, dms_command_words }

static const DmsKey limit_command_keys[] = {
  COMMAND_KEYS,
  { "device", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  { "limit", DMS_KEY_WORD, TRUE, 0, 0, dms_limit_words },
  { "value", DMS_KEY_LIMIT, TRUE, 0, 0, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey registers_command_keys[] = {
  COMMAND_KEYS,
  { "count", DMS_KEY_NUMBER, TRUE, 1, DMS_SCENARIO_REGISTERS_MAX, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey cancel_command_keys[] = {
  COMMAND_KEYS,
  { "device", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  { "nth", DMS_KEY_NUMBER, FALSE, 1, G_MAXUINT32, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey stop_command_keys[] = {
  COMMAND_KEYS,
  { "device", DMS_KEY_NAME, TRUE, 0, 0, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

static const DmsKey fail_command_keys[] = {
  COMMAND_KEYS,
  { "of", DMS_KEY_WORD, TRUE, 0, 0, allocation_words },
  { "count", DMS_KEY_NUMBER, FALSE, 1, G_MAXUINT32, NULL },
  { "skip", DMS_KEY_NUMBER, FALSE, 0, G_MAXUINT32, NULL },
  { NULL, DMS_KEY_NOTHING, FALSE, 0, 0, NULL },
};

/* clang-format on */

const DmsKeys dms_scenario_keys = { "a scenario", scenario_keys };
const DmsKeys dms_machine_keys = { "a machine", machine_keys };
const DmsKeys dms_device_keys = { "a device", device_keys };
const DmsKeys dms_buffer_keys = { "a buffer", buffer_keys };
const DmsKeys dms_chain_keys = { "a buffer with mdls", chain_keys };
const DmsKeys dms_mdl_keys = { "an MDL", mdl_keys };
const DmsKeys dms_frames_keys = { "a rule for frames", frames_keys };
const DmsKeys dms_scattered_keys = { "scattered frames", scattered_keys };
const DmsKeys dms_request_keys = { "a request", request_keys };
const DmsKeys dms_touch_keys = { "a touch", touch_keys };
const DmsKeys dms_mistake_keys = { "a mistake", mistake_keys };
const DmsKeys dms_cost_keys = { "a cost table", cost_keys };
const DmsKeys dms_after_keys = { "a moment", after_keys };
const DmsKeys dms_limit_command_keys
    = { "a command that sets a limit", limit_command_keys };
const DmsKeys dms_registers_command_keys
    = { "a command that takes or gives map registers", registers_command_keys };
const DmsKeys dms_cancel_command_keys
    = { "a command that cancels a request", cancel_command_keys };
const DmsKeys dms_stop_command_keys
    = { "a command that stops a device", stop_command_keys };
const DmsKeys dms_fail_command_keys
    = { "a command that makes allocations fail", fail_command_keys };

const DmsKey *
dms_keys_find (const DmsKeys *keys, const char *name)
{
  for (const DmsKey *key = keys->keys; key->name != NULL; key++)
    if (strcmp (key->name, name) == 0)
      return key;
  return NULL;
}

/* ---- spelling ---- */

#define SPELLING_MAX 32

/* How many letters must be put in, left out or changed (Levenshtein's distance). */
static guint
distance (const char *one, const char *other)
{
  guint row[SPELLING_MAX + 1];
  gsize n = strlen (one);
  gsize m = strlen (other);

  if (n > SPELLING_MAX || m > SPELLING_MAX)
    return G_MAXUINT;
  for (guint j = 0; j <= m; j++)
    row[j] = j;
  for (guint i = 1; i <= n; i++)
    {
      guint diagonal = row[0];
      row[0] = i;
      for (guint j = 1; j <= m; j++)
        {
          gboolean is_same
              = g_ascii_tolower (one[i - 1]) == g_ascii_tolower (other[j - 1]);
          guint changed = diagonal + (is_same ? 0 : 1);
          diagonal = row[j];
          row[j] = MIN (changed, MIN (row[j], row[j - 1]) + 1);
        }
    }
  return row[m];
}

typedef struct
{
  const char *word;
  guint distance;
} Nearest;

/* Near is what has at most a third of its letters wrong. */
static void
consider (Nearest *nearest, const char *candidate, const char *name)
{
  guint found = distance (candidate, name);

  if (found < nearest->distance && found <= MAX (1, strlen (candidate) / 3))
    *nearest = (Nearest){ candidate, found };
}

const char *
dms_keys_nearest (const DmsKeys *keys, const char *name)
{
  Nearest nearest = { NULL, G_MAXUINT };

  for (const DmsKey *key = keys->keys; key->name != NULL; key++)
    consider (&nearest, key->name, name);
  return nearest.word;
}

const char *
dms_words_nearest (const char *const *words, const char *name)
{
  Nearest nearest = { NULL, G_MAXUINT };

  for (; *words != NULL; words++)
    consider (&nearest, *words, name);
  return nearest.word;
}

char *
dms_words_join (const char *const *words, const char *last)
{
  GString *joined = g_string_new (words[0]);

  for (gsize i = 1; words[0] != NULL && words[i] != NULL; i++)
    {
      g_string_append (joined, words[i + 1] == NULL ? last : ", ");
      g_string_append (joined, words[i]);
    }
  return g_string_free (joined, FALSE);
}

char *
dms_keys_join (const DmsKeys *keys)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (const DmsKey *key = keys->keys; key->name != NULL; key++)
    g_ptr_array_add (names, (gpointer)key->name);
  g_ptr_array_add (names, NULL);
  return dms_words_join ((const char *const *)names->pdata, " and ");
}
