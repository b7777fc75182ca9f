/* test-core-memory.c — every allocation of engine/core fails once: nothing crashes or
 * leaks, the failure is said, and what was there stays as it was
 *
 * Linked with --wrap for malloc, calloc and realloc; GLib's own are not counted.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-scenario.h"
#include "engine/core/dms-sentence.h"
#include "engine/core/dms-timeline.h"
#include "tests/engine/core-log.h"
#include "tests/engine/core-nonsense.h"
#include "tests/lib/dms-test.h"

#include <stdlib.h>
#include <string.h>

void *__real_malloc (size_t size);
void *__real_calloc (size_t n, size_t size);
void *__real_realloc (void *memory, size_t size);
void *__wrap_malloc (size_t size);
void *__wrap_calloc (size_t n, size_t size);
void *__wrap_realloc (void *memory, size_t size);

/* Allocations left until one fails; 0: none does. */
static uint64_t countdown = 0;
static bool has_failed = false;

static bool
fails_now (void)
{
  if (countdown == 0 || --countdown > 0)
    return false;
  has_failed = true;
  return true;
}

void *
__wrap_malloc (size_t size)
{
  return fails_now () ? NULL : __real_malloc (size);
}

void *
__wrap_calloc (size_t n, size_t size)
{
  return fails_now () ? NULL : __real_calloc (n, size);
}

void *
__wrap_realloc (void *memory, size_t size)
{
  return fails_now () ? NULL : __real_realloc (memory, size);
}

static void
fail_at (uint64_t n)
{
  countdown = n;
  has_failed = false;
}

/* ---- what is tried ---- */

/* Events of both kinds that were all taken, made once without failures. */
static CoreLog story;
static CoreLog nonsense;

static void
make_nonsense (void)
{
  DmsTestRandom random;
  DmsBytes payload;
  DmsState *state = nonsense.state;

  dms_test_random_init (&random, 21);
  dms_bytes_init (&payload);
  while (state->seq < 600)
    {
      DmsEvent event = core_nonsense_next (&random, state, CORE_BOTH, &payload);
      if (dms_state_apply (state, &event) == DMS_OK)
        core_log_append (&nonsense, &event);
    }
  dms_bytes_release (&payload);
}

/* Folds @log; the event that meets the failure is refused, changes nothing, and is
 * taken the second time. Returns false when no allocation was left to fail. */
static bool
fold_once (const CoreLog *log, uint64_t n)
{
  DmsState *state = dms_state_new ();
  DmsBytes before;
  bool had_failed = false;

  dms_bytes_init (&before);
  g_assert_nonnull (state);
  for (uint64_t seq = 1; seq <= log->events->len; seq++)
    {
      const DmsEvent *event = core_log_event (log, seq);
      if (!had_failed)
        {
          dms_bytes_clear (&before);
          dms_state_save (state, &before);
        }
      /* Counting goes on from event to event. */
      if (!had_failed)
        fail_at (n);
      DmsStatus status = dms_state_apply (state, event);
      n = countdown;
      countdown = 0;
      if (!has_failed || had_failed)
        {
          g_assert_cmpint (status, ==, DMS_OK);
          continue;
        }
      had_failed = true;
      g_assert_cmpint (status, ==, DMS_ERROR_NO_MEMORY);
      DmsBytes after;
      dms_bytes_init (&after);
      dms_state_save (state, &after);
      g_assert_cmpmem (after.data, after.length, before.data, before.length);
      dms_bytes_release (&after);
      core_assert_counts (state);
      g_assert_cmpint (dms_state_apply (state, event), ==, DMS_OK);
    }
  countdown = 0;
  core_assert_same_state (state, log->state, NULL);
  dms_bytes_release (&before);
  dms_state_free (state);
  return had_failed;
}

static void
fold_all (const CoreLog *log, uint64_t least)
{
  uint64_t n = 1;

  while (fold_once (log, n))
    n++;
  g_assert_cmpuint (n, >, least);
  g_test_message ("%u allocations failed in turn", (unsigned)(n - 1));
}

static void
test_folding (void)
{
  fold_all (&story, 15);
  fold_all (&nonsense, 150);
}

static void
test_loading (void)
{
  DmsBytes bytes;
  uint64_t n = 1;

  dms_bytes_init (&bytes);
  dms_state_save (nonsense.state, &bytes);
  for (;; n++)
    {
      DmsState *state = dms_state_new ();
      fail_at (n);
      DmsStatus status = dms_state_load (state, bytes.data, bytes.length);
      countdown = 0;
      if (has_failed)
        {
          g_assert_cmpint (status, ==, DMS_ERROR_NO_MEMORY);
          g_assert_cmpuint (dms_state_live (state), ==, 0);
          g_assert_cmpuint (state->seq, ==, 0);
        }
      else
        {
          g_assert_cmpint (status, ==, DMS_OK);
          core_assert_same_state (state, nonsense.state, NULL);
        }
      dms_state_free (state);
      if (!has_failed)
        break;
    }
  g_assert_cmpuint (n, >, 30);
  dms_bytes_release (&bytes);
}

static void
save_words (DmsBytes *bytes)
{
  const DmsEvent *event = core_log_event (&nonsense, nonsense.events->len);

  dms_state_save (nonsense.state, bytes);
  dms_state_append_dump (bytes, nonsense.state, story.names);
  dms_event_sentence (bytes, event, nonsense.state, story.names, NULL);
  dms_event_why (bytes, event, nonsense.state, story.names, NULL);
  dms_event_place (bytes, event, story.names);
  dms_event_append_dump (bytes, event, story.names);
  dms_bytes_append_plain (bytes, "text", 4);
  dms_payload_append_string (bytes, "text");
}

static void
test_saving_and_speaking (void)
{
  DmsBytes whole;

  dms_bytes_init (&whole);
  save_words (&whole);
  g_assert_false (whole.failed);
  for (uint64_t n = 1;; n++)
    {
      DmsBytes bytes;
      dms_bytes_init (&bytes);
      fail_at (n);
      save_words (&bytes);
      countdown = 0;
      g_assert_cmpint (bytes.failed, ==, has_failed);
      if (!has_failed)
        g_assert_cmpmem (bytes.data, bytes.length, whole.data, whole.length);
      if (has_failed)
        (void)dms_bytes_text (&bytes);
      dms_bytes_release (&bytes);
      if (!has_failed)
        {
          g_assert_cmpuint (n, >, 5);
          break;
        }
    }
  dms_bytes_release (&whole);
}

static DmsStatus
take_name (void *data, const DmsName *name)
{
  return dms_names_add (data, name);
}

static DmsStatus
take_event (void *data, const DmsEvent *event)
{
  (void)data;
  (void)event;
  return DMS_OK;
}

/* Many names by way of an emitter; whoever fails says so once and for all. */
static DmsStatus
emit_names (DmsNames *copy)
{
  const DmsSink sink = { take_event, take_name, copy };
  DmsEmitter emitter;
  DmsEvent event = { .kind = DMS_EVENT_GAP };
  char text[8];

  DmsStatus status = dms_emitter_init (&emitter, &sink, true);
  if (status != DMS_OK)
    return status;
  for (unsigned i = 0; i < 40; i++)
    {
      g_snprintf (text, sizeof text, "n%u", i);
      uint32_t id = dms_emitter_name (&emitter, DMS_NAME_TEXT, 0, text);
      g_assert_true ((id == 0) == (emitter.status != DMS_OK));
    }
  status = emitter.status;
  g_assert_true ((dms_emitter_emit (&emitter, &event) == 0) == (status != DMS_OK));
  dms_emitter_release (&emitter);
  return status;
}

static void
test_names (void)
{
  for (uint64_t n = 1;; n++)
    {
      DmsNames *copy = dms_names_new ();
      fail_at (n);
      DmsStatus status = emit_names (copy);
      countdown = 0;
      g_assert_cmpint (status, ==, has_failed ? DMS_ERROR_NO_MEMORY : DMS_OK);
      for (uint32_t id = 1; id <= dms_names_count (copy); id++)
        g_assert_cmpuint (dms_names_get (copy, id)->id, ==, id);
      dms_names_free (copy);
      if (!has_failed)
        {
          g_assert_cmpuint (n, >, 80);
          break;
        }
    }
}

static DmsStatus
give_event (void *data, uint64_t seq, DmsEvent *ret_event)
{
  const CoreLog *log = data;
  if (seq > log->events->len)
    return DMS_ERROR_END;
  *ret_event = *core_log_event (log, seq);
  return DMS_OK;
}

/* One keyframe: the end of the log. */
static DmsBytes keyframe;

static DmsStatus
give_keyframe (void *data,
               uint64_t seq,
               uint64_t *ret_seq,
               const uint8_t **ret_data,
               size_t *ret_length)
{
  const CoreLog *log = data;
  if (seq < log->events->len)
    return DMS_ERROR_END;
  *ret_seq = log->events->len;
  *ret_data = keyframe.data;
  *ret_length = keyframe.length;
  return DMS_OK;
}

static void
test_seeking (void)
{
  const DmsTimelineSource source = { give_event, give_keyframe, &nonsense };
  const uint64_t last = nonsense.events->len;

  dms_bytes_init (&keyframe);
  dms_state_save (nonsense.state, &keyframe);
  for (uint64_t n = 1;; n++)
    {
      fail_at (n);
      DmsTimeline *timeline = dms_timeline_new (&source);
      if (timeline != NULL)
        {
          DmsStatus status = dms_timeline_seek (timeline, last - 1);
          if (status == DMS_OK)
            status = dms_timeline_seek (timeline, 0);
          if (status == DMS_OK)
            status = dms_timeline_seek (timeline, last);
          countdown = 0;
          g_assert_cmpint (status, ==, has_failed ? DMS_ERROR_NO_MEMORY : DMS_OK);
          if (has_failed)
            g_assert_cmpuint (dms_timeline_state (timeline)->seq, ==, 0);
          else
            core_assert_same_state (
                dms_timeline_state (timeline), nonsense.state, NULL);
          dms_timeline_free (timeline);
        }
      countdown = 0;
      if (!has_failed)
        break;
    }
  dms_bytes_release (&keyframe);
}

static void
test_beginning (void)
{
  fail_at (1);
  g_assert_null (dms_state_new ());
  fail_at (1);
  g_assert_null (dms_names_new ());
  fail_at (1);
  g_assert_null (dms_timeline_new (&(DmsTimelineSource){ 0 }));
  fail_at (2);
  g_assert_null (dms_timeline_new (&(DmsTimelineSource){ 0 }));
  countdown = 0;
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  core_log_init (&story, false);
  core_story_emit (&story, true);
  core_log_init (&nonsense, false);
  make_nonsense ();
  g_test_add_func ("/core/memory/beginning", test_beginning);
  g_test_add_func ("/core/memory/folding", test_folding);
  g_test_add_func ("/core/memory/loading", test_loading);
  g_test_add_func ("/core/memory/saving-and-speaking", test_saving_and_speaking);
  g_test_add_func ("/core/memory/names", test_names);
  g_test_add_func ("/core/memory/seeking", test_seeking);
  int result = g_test_run ();
  core_log_release (&nonsense);
  core_log_release (&story);
  return result;
}
