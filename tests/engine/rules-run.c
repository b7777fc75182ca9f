/* rules-run.c — runs for the rules' tests, told event by event
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/rules-run.h"

#include "tests/lib/dms-test.h"

/* ---- the run ---- */

static void
found_cb (void *data, const DmsFinding *finding)
{
  g_array_append_vals (data, finding, 1);
}

static DmsStatus
event_cb (void *data, const DmsEvent *event)
{
  RulesRun *run = data;
  DmsStatus status = dms_state_apply (run->state, event);

  g_assert_cmpint (status, ==, DMS_OK);
  return dms_rules_apply (run->rules, event, run->state);
}

uint64_t
rules_run_emit (RulesRun *run, DmsEvent event)
{
  uint64_t seq = dms_emitter_emit (&run->emitter, &event);

  g_assert_cmpint (run->emitter.status, ==, DMS_OK);
  return seq;
}

static uint64_t
piece_length (unsigned page)
{
  return page == 0 ? DMS_PAGE_SIZE - RULES_RUN_OFFSET : DMS_PAGE_SIZE;
}

uint64_t
rules_run_memory_of (unsigned page)
{
  return page == 0 ? (RULES_RUN_DIRECT_FRAME << DMS_PAGE_SHIFT) + RULES_RUN_OFFSET
                   : (RULES_RUN_FIRST_HIGH_FRAME + page - 1) << DMS_PAGE_SHIFT;
}

uint64_t
rules_run_logical_of (unsigned page)
{
  return page == 0 ? rules_run_memory_of (0)
                   : (RULES_RUN_FIRST_BOUNCE_FRAME + page - 1) << DMS_PAGE_SHIFT;
}

RulesRun *
rules_run_new (void)
{
  static const uint64_t frames[] = { RULES_RUN_DIRECT_FRAME,
                                     RULES_RUN_FIRST_HIGH_FRAME,
                                     RULES_RUN_FIRST_HIGH_FRAME + 1 };
  RulesRun *run = g_new0 (RulesRun, 1);
  DmsSink sink = { .event = event_cb, .data = run };
  DmsBytes payload;

  run->state = dms_state_new ();
  run->findings = g_array_new (FALSE, FALSE, sizeof (DmsFinding));
  run->rules = dms_rules_new (found_cb, run->findings);
  g_assert_nonnull (run->state);
  g_assert_nonnull (run->rules);
  g_assert_cmpint (dms_emitter_init (&run->emitter, &sink, false), ==, DMS_OK);
  run->card = dms_emitter_name (&run->emitter, DMS_NAME_DEVICE, 0, "card0");

  dms_bytes_init (&payload);
  dms_payload_append_frames (&payload, frames, G_N_ELEMENTS (frames));
  rules_run_emit (run,
                  (DmsEvent){ .kind = DMS_EVENT_MACHINE,
                              .a = UINT64_C (8) << 30,
                              .b = 64,
                              .length = DMS_PAGE_SIZE });
  rules_run_emit (run,
                  (DmsEvent){ .kind = DMS_EVENT_DEVICE,
                              .device = run->card,
                              .a = 32,
                              .b = 65536,
                              .c = 4096,
                              .length = 16 });
  rules_run_emit (run,
                  (DmsEvent){ .kind = DMS_EVENT_MDL,
                              .object = 1,
                              .a = RULES_RUN_BUFFER_ADDRESS,
                              .length = RULES_RUN_LENGTH,
                              .payload = payload.data,
                              .payload_length = (uint32_t)payload.length });
  dms_bytes_release (&payload);
  return run;
}

void
rules_run_free (RulesRun *run)
{
  dms_rules_free (run->rules);
  dms_state_free (run->state);
  dms_emitter_release (&run->emitter);
  g_array_unref (run->findings);
  g_free (run);
}

const DmsFinding *
rules_run_finding (const RulesRun *run, guint i)
{
  g_assert_cmpuint (i, <, run->findings->len);
  return &g_array_index (run->findings, DmsFinding, i);
}

char *
rules_run_sentence (const RulesRun *run, guint i)
{
  DmsBytes bytes;
  char *text;

  dms_bytes_init (&bytes);
  dms_finding_sentence (&bytes, rules_run_finding (run, i), run->emitter.names, NULL);
  text = g_strdup (dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
  return text;
}

/* ---- what happens in a run ---- */

DmsEvent
rules_run_about (const RulesRun *run, DmsEventKind kind, uint64_t id)
{
  return (DmsEvent){
    .kind = (uint16_t)kind, .device = run->card, .transfer = id, .object = id
  };
}

static uint64_t
call (RulesRun *run, DmsEvent about, DmsRoutine routine, uint8_t irql)
{
  about.index = routine;
  about.line = 60;
  about.context = irql;
  return rules_run_emit (run, about);
}

static void
come_back (RulesRun *run, DmsRoutine routine)
{
  rules_run_emit (run, (DmsEvent){ .kind = DMS_EVENT_RETURN, .index = routine });
}

uint64_t
rules_run_call (RulesRun *run, DmsRoutine routine, uint8_t irql)
{
  DmsEvent about = rules_run_about (run, DMS_EVENT_CALL, 0);

  about.object = 1;
  return call (run, about, routine, irql);
}

void
rules_run_adapter (RulesRun *run, uint64_t id)
{
  DmsEvent event = rules_run_about (run, DMS_EVENT_ADAPTER, id);

  event.transfer = 0;
  event.a = event.b = 8;
  event.c = UINT32_MAX;
  event.cause
      = rules_run_call (run, DMS_ROUTINE_IO_GET_DMA_ADAPTER, DMS_CONTEXT_PASSIVE);
  rules_run_emit (run, event);
  come_back (run, DMS_ROUTINE_IO_GET_DMA_ADAPTER);
}

static void
map_page (RulesRun *run, uint64_t id, unsigned page, uint32_t direction)
{
  DmsEvent event
      = rules_run_about (run, page == 0 ? DMS_EVENT_PAGE : DMS_EVENT_BOUNCE, id);

  event.index = page;
  event.a = page == 0 ? RULES_RUN_DIRECT_FRAME : rules_run_memory_of (page);
  event.b = rules_run_logical_of (page);
  event.length = piece_length (page);
  rules_run_emit (run, event);
  if (page == 0 || direction != DMS_FLAG_TO_DEVICE)
    return;
  event.kind = DMS_EVENT_COPY;
  event.a = rules_run_memory_of (page);
  event.flags = DMS_FLAG_COPY_IN;
  rules_run_emit (run, event);
}

uint64_t
rules_run_make_list (RulesRun *run, uint64_t id, uint32_t direction)
{
  DmsEvent request = rules_run_about (run, DMS_EVENT_REQUEST, id);
  DmsEvent count = rules_run_about (run, DMS_EVENT_COUNT, id);
  DmsEvent grant = rules_run_about (run, DMS_EVENT_GRANT, id);
  DmsEvent map = rules_run_about (run, DMS_EVENT_MAP, id);
  DmsEvent asks = rules_run_about (run, DMS_EVENT_CALL, id);

  request.object = 1;
  request.length = count.length = map.length = RULES_RUN_LENGTH;
  request.flags = count.flags = direction;
  count.a = grant.a = map.a = 3;
  count.c = 8;
  map.index = 3;
  map.c = 2;
  map.flags = direction | DMS_FLAG_BOUNCED;
  rules_run_emit (run, request);
  asks.object = 1;
  asks.flags = direction;
  count.cause
      = call (run, asks, DMS_ROUTINE_GET_SCATTER_GATHER_LIST, DMS_CONTEXT_DISPATCH);
  rules_run_emit (run, count);
  rules_run_emit (run, grant);
  for (unsigned page = 0; page < 3; page++)
    map_page (run, id, page, direction);

  uint64_t seq = rules_run_emit (run, map);

  come_back (run, DMS_ROUTINE_GET_SCATTER_GATHER_LIST);
  return seq;
}

uint64_t
rules_run_move_page (RulesRun *run, uint64_t id, unsigned page, uint32_t direction)
{
  DmsEvent burst = rules_run_about (run, DMS_EVENT_BURST, id);

  burst.index = page;
  burst.a = burst.b = rules_run_logical_of (page);
  burst.c = burst.length = piece_length (page);
  burst.flags = direction | (page > 0 ? DMS_FLAG_BOUNCED : 0);
  return rules_run_emit (run, burst);
}

void
rules_run_move_all (RulesRun *run, uint64_t id, uint32_t direction)
{
  for (unsigned page = 0; page < 3; page++)
    rules_run_move_page (run, id, page, direction);
}

uint64_t
rules_run_call_put (RulesRun *run, uint64_t id, uint32_t direction)
{
  DmsEvent about = rules_run_about (run, DMS_EVENT_CALL, id);

  about.flags = direction;
  return call (run, about, DMS_ROUTINE_PUT_SCATTER_GATHER_LIST, DMS_CONTEXT_DISPATCH);
}

uint64_t
rules_run_copy_back (RulesRun *run, uint64_t id, unsigned page)
{
  DmsEvent copy = rules_run_about (run, DMS_EVENT_COPY, id);

  copy.index = page;
  copy.a = rules_run_logical_of (page);
  copy.b = rules_run_memory_of (page);
  copy.length = piece_length (page);
  return rules_run_emit (run, copy);
}

uint64_t
rules_run_end_list (RulesRun *run, uint64_t id)
{
  DmsEvent release = rules_run_about (run, DMS_EVENT_RELEASE, id);
  DmsEvent unmap = rules_run_about (run, DMS_EVENT_UNMAP, id);
  uint64_t seq;

  release.a = 3;
  rules_run_emit (run, release);
  seq = rules_run_emit (run, unmap);
  come_back (run, DMS_ROUTINE_PUT_SCATTER_GATHER_LIST);
  return seq;
}

void
rules_run_put (RulesRun *run, uint64_t id, uint32_t direction)
{
  rules_run_call_put (run, id, direction);
  if (direction == DMS_FLAG_FROM_DEVICE)
    for (unsigned page = 1; page < 3; page++)
      rules_run_copy_back (run, id, page);
  rules_run_end_list (run, id);
}

uint64_t
rules_run_touch (
    RulesRun *run, uint64_t id, uint64_t start, uint64_t length, uint32_t flags)
{
  DmsEvent event = rules_run_about (run, DMS_EVENT_TOUCH, id);

  event.object = 1;
  event.a = start;
  event.length = length;
  event.index = (uint32_t)((start + RULES_RUN_OFFSET) >> DMS_PAGE_SHIFT);
  event.flags = flags;
  event.line = 70;
  return rules_run_emit (run, event);
}

uint64_t
rules_run_complete (RulesRun *run, uint64_t id)
{
  DmsEvent event = rules_run_about (run, DMS_EVENT_COMPLETE, id);
  uint64_t seq;

  event.object = 1;
  event.length = RULES_RUN_LENGTH;
  event.line = 80;
  seq = rules_run_emit (run, event);
  rules_run_touch (run, id, 0, RULES_RUN_LENGTH, DMS_FLAG_REQUESTER);
  return seq;
}

void
rules_run_finish (RulesRun *run)
{
  g_assert_cmpint (dms_rules_finish (run->rules, run->state), ==, DMS_OK);
}
