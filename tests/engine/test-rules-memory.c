/* test-rules-memory.c — the rules without memory: they say so, and can still be freed
 *
 * Linked with the allocator's calls wrapped, so that the n-th one can fail.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-units.h"
#include "engine/rules/dms-rules.h"
#include "tests/lib/dms-test.h"

#include <stdlib.h>

#define ENOUGH 100000

void *__real_malloc (size_t size);
void *__real_calloc (size_t n, size_t size);
void *__real_realloc (void *old, size_t size);
void *__wrap_malloc (size_t size);
void *__wrap_calloc (size_t n, size_t size);
void *__wrap_realloc (void *old, size_t size);

/* Calls that may still succeed while failing is on. */
static bool is_failing;
static unsigned left;

static bool
may_allocate (void)
{
  if (!is_failing)
    return true;
  if (left == 0)
    return false;
  left--;
  return true;
}

void *
__wrap_malloc (size_t size)
{
  return may_allocate () ? __real_malloc (size) : NULL;
}

void *
__wrap_calloc (size_t n, size_t size)
{
  return may_allocate () ? __real_calloc (n, size) : NULL;
}

void *
__wrap_realloc (void *old, size_t size)
{
  return may_allocate () ? __real_realloc (old, size) : NULL;
}

static void
found_cb (void *data, const DmsFinding *finding)
{
  unsigned *found = data;

  (void)finding;
  (*found)++;
}

typedef struct
{
  DmsState *state;
  DmsRules *rules;
  unsigned found;
  DmsStatus status; /* first failure of the rules */
} Run;

/* Only the rules run short of memory, not the state that they look at. */
static void
feed (Run *run, DmsEvent event)
{
  event.seq = run->state->seq + 1;
  event.step = event.seq;
  is_failing = false;
  g_assert_cmpint (dms_state_apply (run->state, &event), ==, DMS_OK);
  is_failing = true;
  DmsStatus status = dms_rules_apply (run->rules, &event, run->state);
  is_failing = false;
  if (run->status == DMS_OK)
    run->status = status;
}

static void
feed_call (Run *run, DmsRoutine routine, uint8_t irql)
{
  feed (run, (DmsEvent){ .kind = DMS_EVENT_RETURN });
  feed (run,
        (DmsEvent){ .kind = DMS_EVENT_CALL,
                    .device = 1,
                    .object = 1,
                    .index = routine,
                    .context = irql });
}

/* An adapter that is never given back, and memory that it shares. */
static void
feed_adapter (Run *run)
{
  feed_call (run, DMS_ROUTINE_IO_GET_DMA_ADAPTER, DMS_CONTEXT_PASSIVE);
  feed (run,
        (DmsEvent){ .kind = DMS_EVENT_ADAPTER,
                    .device = 1,
                    .object = 1,
                    .cause = run->state->seq });
  feed (run,
        (DmsEvent){ .kind = DMS_EVENT_ALLOC,
                    .device = 1,
                    .object = 1000,
                    .a = 0x1000,
                    .length = 100,
                    .flags = DMS_FLAG_FORM_COHERENT });
}

static void
feed_list (Run *run, uint64_t id)
{
  DmsEvent event = { .device = 1, .transfer = id, .object = 1 };
  uint64_t highest = UINT64_C (0x200000);

  event.kind = DMS_EVENT_REQUEST;
  event.length = 100;
  event.flags = DMS_FLAG_FROM_DEVICE;
  feed (run, event);
  feed_call (run, DMS_ROUTINE_GET_SCATTER_GATHER_LIST, DMS_CONTEXT_DISPATCH);
  event.object = id;
  event.kind = DMS_EVENT_COUNT;
  event.a = 1;
  event.cause = run->state->seq;
  feed (run, event);
  event.cause = 0;
  event.kind = DMS_EVENT_GRANT;
  event.index = (uint32_t)id;
  feed (run, event);
  event.kind = DMS_EVENT_BOUNCE;
  event.index = 0;
  event.a = highest << DMS_PAGE_SHIFT;
  event.b = (0x40 + id) << DMS_PAGE_SHIFT;
  feed (run, event);
  event.kind = DMS_EVENT_MAP;
  feed (run, event);
  event.kind = DMS_EVENT_TOUCH;
  event.object = 1;
  event.a = 0;
  event.length = 10;
  event.flags = 0;
  for (unsigned i = 0; i < 6; i++)
    feed (run, event);
}

static void
set_up (Run *run)
{
  uint64_t frame = 0x200000;
  DmsBytes payload;

  dms_bytes_init (&payload);
  dms_payload_append_frames (&payload, &frame, 1);
  feed (run,
        (DmsEvent){ .kind = DMS_EVENT_MACHINE,
                    .a = UINT64_C (1) << 40,
                    .b = 64,
                    .length = DMS_PAGE_SIZE });
  feed (run,
        (DmsEvent){ .kind = DMS_EVENT_MDL,
                    .object = 1,
                    .length = 100,
                    .payload = payload.data,
                    .payload_length = (uint32_t)payload.length });
  dms_bytes_release (&payload);
}

/* Whether the run needed no more than @allowed allocations of the rules. */
static bool
run_with (unsigned allowed)
{
  Run run = { .state = dms_state_new () };

  left = allowed;
  is_failing = true;
  run.rules = dms_rules_new (found_cb, &run.found);
  is_failing = false;
  if (run.rules != NULL)
    {
      set_up (&run);
      feed_adapter (&run);
      for (uint64_t id = 1; id <= 30; id++)
        feed_list (&run, id);
      is_failing = true;
      DmsStatus status = dms_rules_finish (run.rules, run.state);
      is_failing = false;
      if (run.status == DMS_OK)
        run.status = status;
    }
  bool is_enough = run.rules != NULL && run.status == DMS_OK;
  if (is_enough)
    g_assert_cmpuint (run.found, ==, 30 + 30 * 6 + 30 + 1);
  else if (run.rules != NULL)
    g_assert_cmpint (run.status, ==, DMS_ERROR_NO_MEMORY);
  dms_rules_free (run.rules);
  dms_state_free (run.state);
  return is_enough;
}

static void
test_each_allocation_fails_once (void)
{
  unsigned allowed = 0;

  while (!run_with (allowed))
    {
      allowed++;
      g_assert_cmpuint (allowed, <, ENOUGH);
    }
  g_test_message ("%u allocations", allowed);
  /* Each list takes at least itself and its touches. */
  g_assert_cmpuint (allowed, >, 60);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/engine/rules-memory/each-allocation-may-fail",
                   test_each_allocation_fails_once);
  return g_test_run ();
}
