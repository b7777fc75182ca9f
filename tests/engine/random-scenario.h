/* random-scenario.h — buffers that lie anywhere in memory, for random scenarios
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

typedef struct
{
  DmsTestRandom random;
  GHashTable *frames; /* in use */
} Maker;

static inline void
maker_init (Maker *maker, uint64_t salt)
{
  dms_test_random_init (&maker->random, salt);
  maker->frames = g_hash_table_new (NULL, NULL);
}

static inline void
maker_release (Maker *maker)
{
  g_hash_table_unref (maker->frames);
}

static inline uint64_t
maker_new_frame (Maker *maker, uint64_t end)
{
  for (;;)
    {
      uint64_t frame = dms_test_random_below (&maker->random, end);

      if (frame > 0x400 && g_hash_table_add (maker->frames, GSIZE_TO_POINTER (frame)))
        return frame;
    }
}

/* Often behind the one before, as memory that is not very old is. */
static inline void
maker_choose_frames (Maker *maker, uint64_t end, uint64_t *frames, uint64_t n)
{
  for (uint64_t i = 0; i < n; i++)
    {
      uint64_t next = i == 0 ? 0 : frames[i - 1] + 1;

      if (i > 0 && next < end && dms_test_random_chance (&maker->random, 60)
          && g_hash_table_add (maker->frames, GSIZE_TO_POINTER (next)))
        frames[i] = next;
      else
        frames[i] = maker_new_frame (maker, end);
    }
}

/* One MDL or a chain of up to four, at most 24 KiB each, in whole units of @alignment.
 * Returns its bytes. */
static inline uint64_t
maker_add_buffer (Maker *maker,
                  DmsScenario *scenario,
                  const char *name,
                  uint64_t alignment)
{
  DmsScenarioBuffer *buffer = fixture_add_buffer (scenario, name);
  uint64_t n_mdls = dms_test_random_chance (&maker->random, 60)
                        ? 1
                        : dms_test_random_range (&maker->random, 2, 4);
  uint64_t total = 0;
  uint64_t frames[16];

  for (uint64_t m = 0; m < n_mdls; m++)
    {
      uint64_t offset = dms_test_random_chance (&maker->random, 40)
                            ? 0
                            : dms_test_random_below (&maker->random, 4096);
      uint64_t length = dms_test_random_chance (&maker->random, 20)
                            ? dms_test_random_range (&maker->random, 1, 64)
                            : dms_test_random_range (&maker->random, 1, 24576);

      offset -= offset % alignment;
      length += (alignment - length % alignment) % alignment;
      maker_choose_frames (
          maker, scenario->memory >> 12, frames, dms_span_pages (offset, length));
      fixture_add_mdl (buffer, (uint32_t)offset, length, frames);
      total += length;
    }
  return total;
}
