/* test-core-save.c — states as bytes: round trip, and what hostile bytes give
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-state-private.h"
#include "tests/engine/core-log.h"
#include "tests/engine/core-nonsense.h"
#include "tests/lib/dms-test.h"

#include <string.h>

typedef struct
{
  CoreLog log;
  CoreStory story;
  DmsBytes saved; /* in the midst of the story */
} Fixture;

static void
save (const DmsState *state, DmsBytes *bytes)
{
  dms_bytes_clear (bytes);
  dms_state_save (state, bytes);
  g_assert_false (bytes->failed);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  core_log_init (&fixture->log, false);
  fixture->story = core_story_emit (&fixture->log, false);
  dms_bytes_init (&fixture->saved);
  DmsState *state = core_log_fold (&fixture->log, fixture->story.first_burst_of[1]);
  save (state, &fixture->saved);
  dms_state_free (state);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  dms_bytes_release (&fixture->saved);
  core_log_release (&fixture->log);
}

/* A state of the other kind of trace, with a bit of everything. */
static DmsState *
recorded_state (void)
{
  DmsTestRandom random;
  DmsState *state = dms_state_new ();
  DmsBytes payload;

  dms_test_random_init (&random, 7);
  dms_bytes_init (&payload);
  for (unsigned i = 0; i < 3000; i++)
    {
      DmsEvent event = core_nonsense_next (&random, state, CORE_BOTH, &payload);
      (void)dms_state_apply (state, &event);
    }
  dms_bytes_release (&payload);
  return state;
}

static void
test_every_moment_comes_back (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = dms_state_new ();
  DmsState *loaded = dms_state_new ();
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  for (uint64_t seq = 0; seq <= fixture->log.events->len; seq++)
    {
      if (seq > 0)
        g_assert_cmpint (
            dms_state_apply (state, core_log_event (&fixture->log, seq)), ==, DMS_OK);
      save (state, &bytes);
      g_assert_cmpint (dms_state_load (loaded, bytes.data, bytes.length), ==, DMS_OK);
      core_assert_same_state (state, loaded, fixture->log.names);
      core_assert_counts (loaded);
      g_assert_cmpuint (dms_state_live (loaded), ==, dms_state_live (state));
    }
  dms_bytes_release (&bytes);
  dms_state_free (loaded);
  dms_state_free (state);
}

/* Saving appends: what was there before stays, and the checksum is of the state alone.
 */
static void
test_saving_appends (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_bytes_append_text (&bytes, "before");
  dms_state_save (fixture->log.state, &bytes);
  g_assert_cmpint (memcmp (bytes.data, "before", 6), ==, 0);
  DmsState *loaded = dms_state_new ();
  g_assert_cmpint (
      dms_state_load (loaded, bytes.data + 6, bytes.length - 6), ==, DMS_OK);
  core_assert_same_state (fixture->log.state, loaded, fixture->log.names);
  dms_state_free (loaded);
  dms_bytes_release (&bytes);
}

static void
assert_refused (DmsState *state, const uint8_t *data, size_t length)
{
  g_autofree uint8_t *exact = g_memdup2 (data, length);

  g_assert_cmpint (dms_state_load (state, exact, length), ==, DMS_ERROR_CORRUPT);
  g_assert_cmpuint (state->seq, ==, 0);
  g_assert_cmpuint (dms_state_live (state), ==, 0);
}

static void
test_damage_is_noticed (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const DmsBytes *saved = &fixture->saved;
  DmsState *state = dms_state_new ();

  for (size_t n = 0; n < saved->length; n++)
    assert_refused (state, saved->data, n);
  for (size_t i = 0; i < saved->length; i++)
    for (unsigned bit = 0; bit < 8; bit++)
      {
        saved->data[i] ^= (uint8_t)(1u << bit);
        assert_refused (state, saved->data, saved->length);
        saved->data[i] ^= (uint8_t)(1u << bit);
      }
  g_assert_cmpint (dms_state_load (state, saved->data, saved->length), ==, DMS_OK);
  dms_state_free (state);
}

static void
seal (uint8_t *data, size_t length)
{
  length -= DMS_STATE_CHECKSUM_BYTES;
  uint64_t sum = dms_state_checksum (data, length);
  for (unsigned i = 0; i < DMS_STATE_CHECKSUM_BYTES; i++)
    data[length + i] = (uint8_t)(sum >> (8 * i));
}

/* Uses everything that a loaded state is used for. */
static void
use_state (DmsTestRandom *random, DmsState *state)
{
  DmsBytes bytes;
  DmsState *again = dms_state_new ();

  dms_bytes_init (&bytes);
  save (state, &bytes);
  g_assert_cmpint (dms_state_load (again, bytes.data, bytes.length), ==, DMS_OK);
  core_assert_same_state (state, again, NULL);
  dms_bytes_clear (&bytes);
  dms_state_append_dump (&bytes, state, NULL);
  dms_state_free (again);
  for (unsigned i = 0; i < 40; i++)
    {
      DmsEvent event = core_nonsense_next (random, state, CORE_BOTH, &bytes);
      (void)dms_state_apply (state, &event);
    }
  dms_bytes_release (&bytes);
}

/* Somebody who computes the checksum as well can make states that never were; they are
 * refused, or they are used without harm. */
static void
attack (const DmsBytes *saved, uint64_t salt)
{
  DmsTestRandom random;
  DmsState *state = dms_state_new ();
  unsigned taken = 0;

  dms_test_random_init (&random, salt);
  for (unsigned i = 0; i < 3000; i++)
    {
      size_t length = saved->length;
      g_autofree uint8_t *data = g_memdup2 (saved->data, length);
      unsigned changes = 1 + (unsigned)dms_test_random_below (&random, 3);
      for (unsigned k = 0; k < changes; k++)
        data[dms_test_random_below (&random, length)]
            = (uint8_t)dms_test_random_next (&random);
      if (dms_test_random_chance (&random, 10))
        length = 8 + dms_test_random_below (&random, length - 8);
      seal (data, length);
      g_autofree uint8_t *exact = g_memdup2 (data, length);
      DmsStatus status = dms_state_load (state, exact, length);
      if (status == DMS_OK)
        {
          taken++;
          use_state (&random, state);
        }
      else
        {
          g_assert_cmpint (status, ==, DMS_ERROR_CORRUPT);
          g_assert_cmpuint (dms_state_live (state), ==, 0);
        }
    }
  g_assert_cmpuint (taken, >, 0);
  dms_state_free (state);
}

static void
test_forged_states_do_no_harm (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = recorded_state ();
  DmsBytes bytes;

  attack (&fixture->saved, 1);
  dms_bytes_init (&bytes);
  save (state, &bytes);
  attack (&bytes, 2);
  dms_bytes_release (&bytes);
  dms_state_free (state);
}

/* Absurd counts take no memory: they are held against the bytes that are left. */
static void
test_random_bytes_are_refused (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsTestRandom random;
  DmsState *state = dms_state_new ();

  dms_test_random_init (&random, 3);
  for (unsigned i = 0; i < 20000; i++)
    {
      uint8_t bytes[200];
      size_t length = 8 + dms_test_random_below (&random, sizeof bytes - 8);
      dms_test_random_bytes (&random, bytes, length);
      /* The first numbers of a real one, to come further. */
      size_t real = dms_test_random_below (&random, length);
      memcpy (bytes, fixture->saved.data, MIN (real, fixture->saved.length));
      seal (bytes, length);
      g_autofree uint8_t *exact = g_memdup2 (bytes, length);
      if (dms_state_load (state, exact, length) != DMS_OK)
        g_assert_cmpuint (dms_state_live (state), ==, 0);
    }
  dms_state_free (state);
}

/* ---- states that cannot be, each with a right checksum ---- */

static DmsBufferState *
buffer_of (DmsState *state)
{
  return dms_table_get (&state->buffers, 1);
}

static DmsMappingState *
list_of (DmsState *state)
{
  return dms_table_get (&state->mappings, 1);
}

static void
shorter_page (DmsState *state)
{
  buffer_of (state)->pages[2].end = 0; /* a touch would go round for ever */
  buffer_of (state)->pages[2].n_ranges = 0;
}

static void
later_page (DmsState *state)
{
  buffer_of (state)->pages[0].start = 0;
}

static void
longer_mdl (DmsState *state)
{
  buffer_of (state)->mdls[0].length += 4096;
}

static void
more_pages (DmsState *state)
{
  buffer_of (state)->mdls[0].n_pages++;
}

static void
longer_buffer (DmsState *state)
{
  buffer_of (state)->length++;
}

static void
start_behind_the_buffer (DmsState *state)
{
  ((DmsTransferState *)dms_table_get (&state->transfers, 1))->start = STORY_LENGTH;
}

static void
no_buffer (DmsState *state)
{
  ((DmsTransferState *)dms_table_get (&state->transfers, 1))->buffer = 2;
}

static void
more_waiting (DmsState *state)
{
  state->waiting_bytes++;
}

static void
more_held (DmsState *state)
{
  state->held_bytes++;
}

static void
more_granted (DmsState *state)
{
  state->registers_granted++;
}

static void
fewer_bouncing (DmsState *state)
{
  state->registers_bouncing--;
}

static void
registers_behind_the_pool (DmsState *state)
{
  list_of (state)->first_register = 60;
}

static void
long_piece (DmsState *state)
{
  list_of (state)->pieces[0].length = 4097;
}

static void
piece_of_no_element (DmsState *state)
{
  list_of (state)->pieces[0].element = 4;
}

static void
another_id (DmsState *state)
{
  list_of (state)->id = 2;
}

static void
more_live_bytes (DmsState *state)
{
  state->live_bytes++;
}

static void
more_in_the_pool (DmsState *state)
{
  state->bounced_bytes++;
}

static void
another_device (DmsState *state)
{
  ((DmsDeviceState *)dms_table_get (&state->devices, 1))->id = 2;
}

static void
more_mappings_of_the_device (DmsState *state)
{
  ((DmsDeviceState *)dms_table_get (&state->devices, 1))->live_mappings++;
}

static void
test_unsound_states_are_refused (Fixture *fixture, gconstpointer data)
{
  (void)data;
  static void (*const spoils[]) (DmsState *) = {
    shorter_page,
    later_page,
    longer_mdl,
    more_pages,
    longer_buffer,
    start_behind_the_buffer,
    no_buffer,
    more_waiting,
    more_held,
    more_granted,
    fewer_bouncing,
    registers_behind_the_pool,
    long_piece,
    piece_of_no_element,
    another_id,
    more_live_bytes,
    more_in_the_pool,
    another_device,
    more_mappings_of_the_device,
  };
  DmsState *loaded = dms_state_new ();
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  for (unsigned i = 0; i < G_N_ELEMENTS (spoils); i++)
    {
      DmsState *state = core_log_fold (&fixture->log, fixture->story.first_burst_of[1]);
      g_assert_true (dms_state_is_sound (state));
      spoils[i](state);
      dms_bytes_clear (&bytes);
      dms_state_save (state, &bytes);
      bytes.failed = false; /* saving may notice as well; the checksum is made right */
      if (dms_state_is_sound (state))
        g_test_message ("state %u seems sound", i);
      g_assert_false (dms_state_is_sound (state));
      g_assert_cmpint (
          dms_state_load (loaded, bytes.data, bytes.length), ==, DMS_ERROR_CORRUPT);
      dms_state_free (state);
    }
  dms_bytes_release (&bytes);
  dms_state_free (loaded);
}

static void
test_states_differ_by_a_bit (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *one = core_log_fold (&fixture->log, fixture->story.map);
  DmsState *other = core_log_fold (&fixture->log, fixture->story.map);

  g_assert_true (dms_state_equal (one, other));
  other->oddities++;
  g_assert_false (dms_state_equal (one, other));
  other->oddities--;
  g_assert_true (dms_state_equal (one, other));
  other->registers[63].use = DMS_REGISTER_GRANTED;
  g_assert_false (dms_state_equal (one, other));
  dms_state_free (one);
  dms_state_free (other);
}

/* Ways to the same state that differ in history: table order, array capacity. */
static void
test_history_does_not_show (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = dms_state_new ();
  DmsEvent event
      = { .kind = DMS_EVENT_IOMMU_MAP, .flags = DMS_FLAG_RECORDED, .length = 4096 };
  DmsState *other = dms_state_new ();

  for (unsigned i = 0; i < 200; i++)
    {
      event.seq = i + 1;
      event.kind = i < 100 ? DMS_EVENT_IOMMU_MAP : DMS_EVENT_IOMMU_UNMAP;
      event.a = (uint64_t)(i % 100) << 12;
      g_assert_cmpint (dms_state_apply (state, &event), ==, DMS_OK);
      event.kind = i % 2 == 0 ? DMS_EVENT_IOMMU_MAP : DMS_EVENT_IOMMU_UNMAP;
      event.a = (uint64_t)(i / 2) << 12;
      if (i == 199)
        event.a = UINT64_C (99) << 12;
      g_assert_cmpint (dms_state_apply (other, &event), ==, DMS_OK);
    }
  g_assert_cmpuint (state->iommu.n, ==, 0);
  core_assert_same_state (state, other, fixture->log.names);
  dms_state_free (state);
  dms_state_free (other);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  add ("/core/save/every-moment-comes-back", test_every_moment_comes_back);
  add ("/core/save/saving-appends", test_saving_appends);
  add ("/core/save/damage-is-noticed", test_damage_is_noticed);
  add ("/core/save/forged-states-do-no-harm", test_forged_states_do_no_harm);
  add ("/core/save/random-bytes-are-refused", test_random_bytes_are_refused);
  add ("/core/save/unsound-states-are-refused", test_unsound_states_are_refused);
  add ("/core/save/states-differ-by-a-bit", test_states_differ_by_a_bit);
  add ("/core/save/history-does-not-show", test_history_does_not_show);
  return g_test_run ();
}
