/* test-core-timeline.c — seek (n) is fold (0…n) from wherever the cursor comes
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-timeline.h"
#include "tests/engine/core-log.h"
#include "tests/engine/core-nonsense.h"
#include "tests/lib/dms-test.h"

#include <string.h>

enum
{
  EVENTS = 6000,
  KEYFRAME_EVERY = 500,
  CHECK_EVERY = 250
};

typedef struct
{
  uint64_t seq;
  GByteArray *data;
} Keyframe;

/* A source in memory that counts what it is asked, and can fail. */
typedef struct
{
  CoreLog log;
  GArray *keyframes; /* Keyframe, in order */
  GPtrArray *folds;  /* every CHECK_EVERY events, the state as GByteArray */
  uint64_t n_events_read, n_keyframes_read;
  DmsStatus event_status, keyframe_status; /* DMS_OK: answer */
} Source;

static DmsStatus
give_event (void *data, uint64_t seq, DmsEvent *ret_event)
{
  Source *source = data;

  source->n_events_read++;
  if (source->event_status != DMS_OK)
    return source->event_status;
  if (seq > source->log.events->len)
    return DMS_ERROR_END;
  *ret_event = *core_log_event (&source->log, seq);
  return DMS_OK;
}

static DmsStatus
give_keyframe (void *data,
               uint64_t seq,
               uint64_t *ret_seq,
               const uint8_t **ret_data,
               size_t *ret_length)
{
  Source *source = data;

  source->n_keyframes_read++;
  if (source->keyframe_status != DMS_OK)
    return source->keyframe_status;
  for (unsigned i = source->keyframes->len; i-- > 0;)
    {
      const Keyframe *keyframe = &g_array_index (source->keyframes, Keyframe, i);
      if (keyframe->seq > seq)
        continue;
      *ret_seq = keyframe->seq;
      *ret_data = keyframe->data->data;
      *ret_length = keyframe->data->len;
      return DMS_OK;
    }
  return DMS_ERROR_END;
}

static GByteArray *
saved (const DmsState *state)
{
  GByteArray *array = g_byte_array_new ();
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_state_save (state, &bytes);
  g_assert_false (bytes.failed);
  g_byte_array_append (array, bytes.data, (guint)bytes.length);
  dms_bytes_release (&bytes);
  return array;
}

static void
clear_keyframe (gpointer data)
{
  g_byte_array_unref (((Keyframe *)data)->data);
}

static void
free_array (gpointer data)
{
  g_byte_array_unref (data);
}

static void
set_up (Source *source, gconstpointer data)
{
  (void)data;
  DmsTestRandom random;
  DmsBytes payload;

  *source = (Source){ .keyframes = g_array_new (FALSE, FALSE, sizeof (Keyframe)),
                      .folds = g_ptr_array_new_with_free_func (free_array) };
  g_array_set_clear_func (source->keyframes, clear_keyframe);
  core_log_init (&source->log, false);
  DmsState *state = source->log.state;
  dms_test_random_init (&random, 11);
  dms_bytes_init (&payload);
  g_ptr_array_add (source->folds, saved (state));
  while (state->seq < EVENTS)
    {
      DmsEvent event = core_nonsense_next (&random, state, CORE_BOTH, &payload);
      if (dms_state_apply (state, &event) != DMS_OK)
        continue;
      core_log_append (&source->log, &event);
      if (state->seq % KEYFRAME_EVERY == 0)
        {
          Keyframe keyframe = { state->seq, saved (state) };
          g_array_append_val (source->keyframes, keyframe);
        }
      if (state->seq % CHECK_EVERY == 0)
        g_ptr_array_add (source->folds, saved (state));
    }
  dms_bytes_release (&payload);
}

static void
tear_down (Source *source, gconstpointer data)
{
  (void)data;
  core_log_release (&source->log);
  g_array_unref (source->keyframes);
  g_ptr_array_unref (source->folds);
}

static DmsTimeline *
timeline_of (Source *source)
{
  const DmsTimelineSource face = { give_event, give_keyframe, source };
  DmsTimeline *timeline = dms_timeline_new (&face);

  g_assert_cmpuint (dms_timeline_state (timeline)->seq, ==, 0);
  return timeline;
}

static void
seek (Source *source, DmsTimeline *timeline, uint64_t seq)
{
  g_assert_cmpint (dms_timeline_seek (timeline, seq), ==, DMS_OK);
  g_assert_cmpuint (dms_timeline_state (timeline)->seq, ==, seq);
  if (seq % CHECK_EVERY != 0)
    return;
  const GByteArray *fold = g_ptr_array_index (source->folds, seq / CHECK_EVERY);
  GByteArray *now = saved (dms_timeline_state (timeline));
  g_assert_cmpmem (now->data, now->len, fold->data, fold->len);
  g_byte_array_unref (now);
}

static uint64_t
random_place (DmsTestRandom *random)
{
  return dms_test_random_below (random, EVENTS / CHECK_EVERY + 1) * CHECK_EVERY;
}

static void
test_any_way_leads_there (Source *source, gconstpointer data)
{
  (void)data;
  DmsTestRandom random;
  DmsTimeline *timeline = timeline_of (source);

  dms_test_random_init (&random, 12);
  for (unsigned i = 0; i < 120; i++)
    {
      /* From somewhere between, so that the way begins anywhere. */
      seek (source, timeline, dms_test_random_below (&random, EVENTS + 1));
      seek (source, timeline, random_place (&random));
    }
  seek (source, timeline, 0);
  seek (source, timeline, EVENTS);
  dms_timeline_free (timeline);
  dms_timeline_free (NULL);
}

static void
test_step_by_step_and_back (Source *source, gconstpointer data)
{
  (void)data;
  DmsTimeline *timeline = timeline_of (source);

  for (uint64_t seq = 1; seq <= 600; seq++)
    seek (source, timeline, seq);
  g_assert_cmpuint (source->n_events_read, ==, 600); /* each step is one event */
  for (uint64_t seq = 600; seq-- > 400;)
    seek (source, timeline, seq);
  dms_timeline_free (timeline);
}

/* Going forwards, the cursor is not thrown away for a keyframe behind it. */
static void
test_a_keyframe_behind_is_not_loaded (Source *source, gconstpointer data)
{
  (void)data;
  DmsTimeline *timeline = timeline_of (source);

  g_array_set_size (source->keyframes, 1); /* at 500 alone */
  seek (source, timeline, 2000);
  source->n_events_read = 0;
  seek (source, timeline, 5000);
  g_assert_cmpuint (source->n_events_read, ==, 3000);
  source->n_events_read = 0;
  seek (source, timeline, 1000);
  g_assert_cmpuint (source->n_events_read, ==, 500);
  dms_timeline_free (timeline);
}

static void
damage (Source *source, unsigned i, unsigned how)
{
  Keyframe *keyframe = &g_array_index (source->keyframes, Keyframe, i);
  GByteArray *data = keyframe->data;

  switch (how)
    {
    case 0: /* a flipped bit */
      data->data[data->len / 2] ^= 4;
      break;
    case 1: /* cut short */
      g_byte_array_set_size (data, data->len / 3);
      break;
    case 2: /* nothing at all */
      g_byte_array_set_size (data, 0);
      break;
    default: /* whole, but of another moment */
      if (i > 0)
        {
          const Keyframe *before = keyframe - 1;
          g_byte_array_set_size (data, 0);
          g_byte_array_append (data, before->data->data, before->data->len);
        }
      break;
    }
}

/* One that is whole but not of its place, between two others, is of no use either. */
static void
test_keyframe_of_another_run (Source *source, gconstpointer data)
{
  (void)data;
  Keyframe *keyframe = &g_array_index (source->keyframes, Keyframe, 5); /* at 3 000 */
  DmsTimeline *timeline = timeline_of (source);

  seek (source, timeline, 2750);
  DmsState *state = dms_state_new ();
  GByteArray *now = saved (dms_timeline_state (timeline));
  g_assert_cmpint (dms_state_load (state, now->data, now->len), ==, DMS_OK);
  g_byte_array_unref (now);
  state->lost_events += 1000;
  g_byte_array_unref (keyframe->data);
  keyframe->data = saved (state);
  dms_state_free (state);
  seek (source, timeline, 0);
  seek (source, timeline, 3250);
  dms_timeline_free (timeline);
}

static void
test_damaged_keyframes_are_passed_over (Source *source, gconstpointer data)
{
  (void)data;
  DmsTestRandom random;

  dms_test_random_init (&random, 13);
  for (unsigned how = 0; how < 4; how++)
    {
      DmsTimeline *timeline = timeline_of (source);
      for (unsigned i = how; i < source->keyframes->len; i += 4)
        damage (source, i, how);
      for (unsigned i = 0; i < 40; i++)
        seek (source, timeline, random_place (&random));
      dms_timeline_free (timeline);
    }
  /* By now every one is damaged; the beginning does as well. */
  DmsTimeline *timeline = timeline_of (source);
  seek (source, timeline, EVENTS);
  seek (source, timeline, CHECK_EVERY);
  dms_timeline_free (timeline);
}

static void
test_failures_leave_the_cursor_at_the_beginning (Source *source, gconstpointer data)
{
  (void)data;
  DmsTimeline *timeline = timeline_of (source);

  seek (source, timeline, 3000);
  g_assert_cmpint (dms_timeline_seek (timeline, EVENTS + 1), ==, DMS_ERROR_END);
  g_assert_cmpuint (dms_timeline_state (timeline)->seq, ==, 0);
  seek (source, timeline, 3000);
  source->event_status = DMS_ERROR_CORRUPT;
  g_assert_cmpint (dms_timeline_seek (timeline, 3001), ==, DMS_ERROR_CORRUPT);
  g_assert_cmpuint (dms_timeline_state (timeline)->seq, ==, 0);
  source->event_status = DMS_OK;
  source->keyframe_status = DMS_ERROR_SINK;
  g_assert_cmpint (dms_timeline_seek (timeline, 3000), ==, DMS_ERROR_SINK);
  g_assert_cmpuint (dms_timeline_state (timeline)->seq, ==, 0);
  source->keyframe_status = DMS_OK;
  seek (source, timeline, 3000);
  dms_timeline_free (timeline);
}

static void
test_keyframes_are_due (Source *source, gconstpointer data)
{
  (void)data;
  DmsState *state = dms_state_new ();

  g_assert_false (dms_keyframe_due (DMS_KEYFRAME_EVENTS - 1, state));
  g_assert_true (dms_keyframe_due (DMS_KEYFRAME_EVENTS, state));
  dms_state_free (state);
  uint64_t live = dms_state_live (source->log.state);
  g_assert_cmpuint (live, >, 10);
  g_assert_cmpint (dms_keyframe_due (DMS_KEYFRAME_EVENTS, source->log.state),
                   ==,
                   4 * live <= DMS_KEYFRAME_EVENTS);

  /* A pool of 65 536 registers: four times as many events have to pass. */
  DmsState *large = dms_state_new ();
  const DmsEvent machine
      = { .seq = 1, .kind = DMS_EVENT_MACHINE, .b = 65536, .length = 4096 };
  g_assert_cmpint (dms_state_apply (large, &machine), ==, DMS_OK);
  g_assert_false (dms_keyframe_due (4 * 65536 - 1, large));
  g_assert_true (dms_keyframe_due (4 * 65536, large));
  dms_state_free (large);
}

static void
add (const char *path, void (*test) (Source *, gconstpointer))
{
  g_test_add (path, Source, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  add ("/core/timeline/any-way-leads-there", test_any_way_leads_there);
  add ("/core/timeline/step-by-step-and-back", test_step_by_step_and_back);
  add ("/core/timeline/keyframe-behind-is-not-loaded",
       test_a_keyframe_behind_is_not_loaded);
  add ("/core/timeline/damaged-keyframes", test_damaged_keyframes_are_passed_over);
  add ("/core/timeline/keyframe-of-another-run", test_keyframe_of_another_run);
  add ("/core/timeline/failures", test_failures_leave_the_cursor_at_the_beginning);
  add ("/core/timeline/keyframes-are-due", test_keyframes_are_due);
  return g_test_run ();
}
