/* test-core-random.c — random events: no crash, refusals change nothing, counts hold,
 * and a state that was saved and loaded goes on like one that was not
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-lane.h"
#include "engine/core/dms-sentence.h"
#include "tests/engine/core-log.h"
#include "tests/engine/core-nonsense.h"
#include "tests/lib/dms-test.h"

#include <string.h>

enum
{
  ROUNDS = 4,
  EVENTS = 1500
};

static void
save (const DmsState *state, DmsBytes *bytes)
{
  dms_bytes_clear (bytes);
  dms_state_save (state, bytes);
  g_assert_false (bytes->failed);
}

static void
assert_unchanged (const DmsState *state, const DmsBytes *before, const DmsEvent *event)
{
  DmsBytes after;

  dms_bytes_init (&after);
  save (state, &after);
  if (after.length != before->length
      || memcmp (after.data, before->data, after.length) != 0)
    g_test_message ("refused event of kind %u changed the state", event->kind);
  g_assert_cmpmem (after.data, after.length, before->data, before->length);
  dms_bytes_release (&after);
}

/* How often each kind was taken and refused, to see that the events go deep. */
typedef struct
{
  unsigned taken[DMS_EVENT_KIND_MAX + 1], refused;
} Tally;

static void
assert_depth (const Tally *tally, CoreNonsense what)
{
  static const DmsEventKind simulated[]
      = { DMS_EVENT_MDL,   DMS_EVENT_REQUEST, DMS_EVENT_TOUCH, DMS_EVENT_COUNT,
          DMS_EVENT_PAGE,  DMS_EVENT_BOUNCE,  DMS_EVENT_COPY,  DMS_EVENT_MAP,
          DMS_EVENT_BURST, DMS_EVENT_RELEASE, DMS_EVENT_UNMAP, DMS_EVENT_ASK,
          DMS_EVENT_FLUSH, DMS_EVENT_CANCEL,  DMS_EVENT_POOL,  DMS_EVENT_LIMIT };
  static const DmsEventKind recorded[]
      = { DMS_EVENT_MAP,  DMS_EVENT_UNMAP,     DMS_EVENT_ALLOC,
          DMS_EVENT_SYNC, DMS_EVENT_IOMMU_MAP, DMS_EVENT_IOMMU_UNMAP };

  for (unsigned i = 0; (what & CORE_SIMULATED) != 0 && i < G_N_ELEMENTS (simulated);
       i++)
    g_assert_cmpuint (tally->taken[simulated[i]], >, 20);
  for (unsigned i = 0; (what & CORE_RECORDED) != 0 && i < G_N_ELEMENTS (recorded); i++)
    g_assert_cmpuint (tally->taken[recorded[i]], >, 20);
  g_assert_cmpuint (tally->refused, >, 50);
}

/* One sequence: every event is tried; a refused one is not counted. */
static void
run_refusals (DmsTestRandom *random, CoreNonsense what, Tally *tally)
{
  DmsState *state = dms_state_new ();
  DmsBytes payload;
  DmsBytes before;

  dms_bytes_init (&payload);
  dms_bytes_init (&before);
  for (unsigned i = 0; i < EVENTS; i++)
    {
      DmsEvent event = core_nonsense_next (random, state, what, &payload);
      save (state, &before);
      DmsStatus status = dms_state_apply (state, &event);
      if (status == DMS_OK)
        tally->taken[event.kind]++;
      else
        {
          g_assert_true (status == DMS_ERROR_CORRUPT || status == DMS_ERROR_LIMIT);
          tally->refused++;
          assert_unchanged (state, &before, &event);
        }
      core_assert_counts (state);
    }
  dms_bytes_release (&before);
  dms_bytes_release (&payload);
  dms_state_free (state);
}

static void
test_refused_events_change_nothing (gconstpointer data)
{
  CoreNonsense what = (CoreNonsense)GPOINTER_TO_INT (data);
  Tally tally = { 0 };

  for (unsigned round = 0; round < ROUNDS; round++)
    {
      DmsTestRandom random;
      dms_test_random_init (&random, round);
      run_refusals (&random, what, &tally);
    }
  assert_depth (&tally, what);
}

static void
assert_same_words (const DmsEvent *event, const DmsState *one, const DmsState *other)
{
  DmsBytes a;
  DmsBytes b;
  DmsLaneSample samples[2][DMS_LANE_SAMPLES_MAX];

  dms_bytes_init (&a);
  dms_bytes_init (&b);
  dms_event_sentence (&a, event, one, NULL, NULL);
  dms_event_sentence (&b, event, other, NULL, NULL);
  dms_event_why (&a, event, one, NULL, NULL);
  dms_event_why (&b, event, other, NULL, NULL);
  g_assert_cmpstr (dms_bytes_text (&a), ==, dms_bytes_text (&b));
  unsigned n = dms_lane_samples (event, one, samples[0]);
  g_assert_cmpuint (n, <=, DMS_LANE_SAMPLES_MAX);
  g_assert_cmpuint (dms_lane_samples (event, other, samples[1]), ==, n);
  for (unsigned i = 0; i < n; i++)
    {
      g_assert_cmpint (samples[0][i].lane.kind, ==, samples[1][i].lane.kind);
      g_assert_cmpuint (samples[0][i].value, ==, samples[1][i].value);
    }
  dms_bytes_release (&a);
  dms_bytes_release (&b);
}

/* Two states take the same events; one is saved and loaded at every chance. */
static void
test_keyframes_make_no_difference (gconstpointer data)
{
  CoreNonsense what = (CoreNonsense)GPOINTER_TO_INT (data);

  for (unsigned round = 0; round < ROUNDS; round++)
    {
      DmsTestRandom random;
      DmsState *state = dms_state_new ();
      DmsState *loaded = dms_state_new ();
      DmsBytes payload;
      DmsBytes bytes;
      dms_bytes_init (&payload);
      dms_bytes_init (&bytes);
      dms_test_random_init (&random, 1000 + round);
      unsigned often = round % 3 == 0 ? 50 : 2;
      for (unsigned i = 0; i < EVENTS; i++)
        {
          DmsEvent event = core_nonsense_next (&random, state, what, &payload);
          DmsStatus status = dms_state_apply (state, &event);
          g_assert_cmpint (dms_state_apply (loaded, &event), ==, status);
          assert_same_words (&event, state, loaded);
          if (dms_test_random_chance (&random, often))
            {
              save (loaded, &bytes);
              g_assert_cmpint (
                  dms_state_load (loaded, bytes.data, bytes.length), ==, DMS_OK);
              core_assert_same_state (state, loaded, NULL);
            }
        }
      core_assert_same_state (state, loaded, NULL);
      core_assert_counts (loaded);
      dms_bytes_release (&bytes);
      dms_bytes_release (&payload);
      dms_state_free (loaded);
      dms_state_free (state);
    }
}

/* Events of nothing but random bits. */
static void
test_noise_is_survived (void)
{
  DmsTestRandom random;
  DmsState *state = dms_state_new ();
  uint8_t payload[16];
  unsigned taken = 0;

  dms_test_random_init (&random, 3);
  for (unsigned i = 0; i < 200000; i++)
    {
      DmsEvent event;
      dms_test_random_bytes (&random, &event, sizeof event);
      dms_test_random_bytes (&random, payload, sizeof payload);
      event.seq = state->seq + 1;
      event.kind &= 127;
      event.cause = 0;
      event.payload = payload;
      event.payload_length &= 3;
      taken += dms_state_apply (state, &event) == DMS_OK;
    }
  g_assert_cmpuint (taken, >, 1000);
  g_assert_cmpuint (state->seq, ==, taken);
  dms_state_free (state);
}

/* The device of an event that is refused later on is not made. */
static void
test_refused_events_make_no_device (void)
{
  static const DmsEvent refused[] = {
    { .kind = DMS_EVENT_BURST, .a = 4000, .length = 97 },      /* over a page's end */
    { .kind = DMS_EVENT_MAP, .flags = DMS_FLAG_RECORDED },     /* no id */
    { .kind = DMS_EVENT_REQUEST, .transfer = 1, .object = 9 }, /* no such buffer */
    { .kind = DMS_EVENT_COUNT, .object = 1, .a = UINT64_C (1) << 32 }, /* absurd */
    { .kind = DMS_EVENT_GRANT, .object = 7, .a = 5, .cause = 9 }, /* before its cause */
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      DmsState *state = dms_state_new ();
      DmsEvent event = refused[i];
      event.seq = 1;
      event.device = 5;
      g_assert_cmpint (dms_state_apply (state, &event), ==, DMS_ERROR_CORRUPT);
      g_assert_null (dms_state_device (state, 5));
      g_assert_cmpuint (dms_state_live (state), ==, 0);
      g_assert_cmpuint (state->seq, ==, 0);
      dms_state_free (state);
    }
}

static void
test_only_the_next_event_is_taken (void)
{
  DmsState *state = dms_state_new ();
  DmsEvent event = { .kind = DMS_EVENT_GAP, .a = 5 };

  g_assert_cmpint (dms_state_apply (state, &event), ==, DMS_ERROR_RANGE);
  event.seq = 2;
  g_assert_cmpint (dms_state_apply (state, &event), ==, DMS_ERROR_RANGE);
  event.seq = 1;
  g_assert_cmpint (dms_state_apply (state, &event), ==, DMS_OK);
  g_assert_cmpint (dms_state_apply (state, &event), ==, DMS_ERROR_RANGE);
  g_assert_cmpuint (state->lost_events, ==, 5);
  dms_state_reset (state);
  g_assert_cmpuint (state->seq, ==, 0);
  g_assert_cmpuint (state->lost_events, ==, 0);
  dms_state_free (state);
}

#define WHAT(what) GINT_TO_POINTER (what)

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_data_func ("/core/random/refused-simulated",
                        WHAT (CORE_SIMULATED),
                        test_refused_events_change_nothing);
  g_test_add_data_func ("/core/random/refused-recorded",
                        WHAT (CORE_RECORDED),
                        test_refused_events_change_nothing);
  g_test_add_data_func ("/core/random/refused-both",
                        WHAT (CORE_BOTH),
                        test_refused_events_change_nothing);
  g_test_add_data_func ("/core/random/keyframes-simulated",
                        WHAT (CORE_SIMULATED),
                        test_keyframes_make_no_difference);
  g_test_add_data_func ("/core/random/keyframes-recorded",
                        WHAT (CORE_RECORDED),
                        test_keyframes_make_no_difference);
  g_test_add_data_func ("/core/random/keyframes-both",
                        WHAT (CORE_BOTH),
                        test_keyframes_make_no_difference);
  g_test_add_func ("/core/random/noise-is-survived", test_noise_is_survived);
  g_test_add_func ("/core/random/refused-events-make-no-device",
                   test_refused_events_make_no_device);
  g_test_add_func ("/core/random/only-the-next-event",
                   test_only_the_next_event_is_taken);
  return g_test_run ();
}
