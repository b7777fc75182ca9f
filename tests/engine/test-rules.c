/* test-rules.c — the rules, on runs that are told event by event
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-sink.h"
#include "engine/core/dms-units.h"
#include "engine/rules/dms-rules-private.h"
#include "tests/lib/dms-test.h"

#include <string.h>

/* A buffer of three pages: the first is within reach, the other two bounce. */
#define OFFSET 512u
#define LENGTH (3u * 4096u - 512u)
#define DIRECT_FRAME UINT64_C (0x100)
#define FIRST_HIGH_FRAME UINT64_C (0x140003)
#define FIRST_BOUNCE_FRAME UINT64_C (0x42)
#define BUFFER_ADDRESS (UINT64_C (0xffff800000000000) + OFFSET)

typedef struct
{
  DmsEmitter emitter;
  DmsState *state;
  DmsRules *rules;
  GArray *findings;
  uint32_t card;
} Run;

/* ---- the run ---- */

static void
found_cb (void *data, const DmsFinding *finding)
{
  g_array_append_vals (data, finding, 1);
}

static DmsStatus
event_cb (void *data, const DmsEvent *event)
{
  Run *run = data;
  DmsStatus status = dms_state_apply (run->state, event);

  g_assert_cmpint (status, ==, DMS_OK);
  return dms_rules_apply (run->rules, event, run->state);
}

static uint64_t
emit (Run *run, DmsEvent event)
{
  uint64_t seq = dms_emitter_emit (&run->emitter, &event);

  g_assert_cmpint (run->emitter.status, ==, DMS_OK);
  return seq;
}

static uint64_t
piece_length (unsigned page)
{
  return page == 0 ? DMS_PAGE_SIZE - OFFSET : DMS_PAGE_SIZE;
}

static uint64_t
memory_of (unsigned page)
{
  return page == 0 ? (DIRECT_FRAME << DMS_PAGE_SHIFT) + OFFSET
                   : (FIRST_HIGH_FRAME + page - 1) << DMS_PAGE_SHIFT;
}

static uint64_t
logical_of (unsigned page)
{
  return page == 0 ? memory_of (0) : (FIRST_BOUNCE_FRAME + page - 1) << DMS_PAGE_SHIFT;
}

static Run *
run_new (void)
{
  static const uint64_t frames[]
      = { DIRECT_FRAME, FIRST_HIGH_FRAME, FIRST_HIGH_FRAME + 1 };
  Run *run = g_new0 (Run, 1);
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
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_MACHINE,
                    .a = UINT64_C (8) << 30,
                    .b = 64,
                    .length = DMS_PAGE_SIZE });
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_DEVICE,
                    .device = run->card,
                    .a = 32,
                    .b = 65536,
                    .c = 4096,
                    .length = 16 });
  emit (run,
        (DmsEvent){ .kind = DMS_EVENT_MDL,
                    .object = 1,
                    .a = BUFFER_ADDRESS,
                    .length = LENGTH,
                    .payload = payload.data,
                    .payload_length = (uint32_t)payload.length });
  dms_bytes_release (&payload);
  return run;
}

static void
run_free (Run *run)
{
  dms_rules_free (run->rules);
  dms_state_free (run->state);
  dms_emitter_release (&run->emitter);
  g_array_unref (run->findings);
  g_free (run);
}

static const DmsFinding *
finding (const Run *run, guint i)
{
  g_assert_cmpuint (i, <, run->findings->len);
  return &g_array_index (run->findings, DmsFinding, i);
}

static char *
sentence (const Run *run, guint i)
{
  DmsBytes bytes;
  char *text;

  dms_bytes_init (&bytes);
  dms_finding_sentence (&bytes, finding (run, i), run->emitter.names, NULL);
  text = g_strdup (dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
  return text;
}

/* ---- what happens in a run ---- */

static DmsEvent
about (const Run *run, DmsEventKind kind, uint64_t id)
{
  return (DmsEvent){
    .kind = (uint16_t)kind, .device = run->card, .transfer = id, .object = id
  };
}

static void
map_page (Run *run, uint64_t id, unsigned page, uint32_t direction)
{
  DmsEvent event = about (run, page == 0 ? DMS_EVENT_PAGE : DMS_EVENT_BOUNCE, id);

  event.index = page;
  event.a = page == 0 ? DIRECT_FRAME : memory_of (page);
  event.b = logical_of (page);
  event.length = piece_length (page);
  emit (run, event);
  if (page == 0 || direction != DMS_FLAG_TO_DEVICE)
    return;
  event.kind = DMS_EVENT_COPY;
  event.a = memory_of (page);
  event.flags = DMS_FLAG_COPY_IN;
  emit (run, event);
}

/* From the request to the list. Returns seq of the map event. */
static uint64_t
make_list (Run *run, uint64_t id, uint32_t direction)
{
  DmsEvent request = about (run, DMS_EVENT_REQUEST, id);
  DmsEvent count = about (run, DMS_EVENT_COUNT, id);
  DmsEvent grant = about (run, DMS_EVENT_GRANT, id);
  DmsEvent map = about (run, DMS_EVENT_MAP, id);

  request.object = 1;
  request.length = count.length = map.length = LENGTH;
  request.flags = count.flags = direction;
  count.a = grant.a = map.a = 3;
  count.c = 8;
  map.index = 3;
  map.c = 2;
  map.flags = direction | DMS_FLAG_BOUNCED;
  emit (run, request);
  emit (run, count);
  emit (run, grant);
  for (unsigned page = 0; page < 3; page++)
    map_page (run, id, page, direction);
  return emit (run, map);
}

static uint64_t
move_page (Run *run, uint64_t id, unsigned page, uint32_t direction)
{
  DmsEvent burst = about (run, DMS_EVENT_BURST, id);

  burst.index = page;
  burst.a = burst.b = logical_of (page);
  burst.c = burst.length = piece_length (page);
  burst.flags = direction | (page > 0 ? DMS_FLAG_BOUNCED : 0);
  return emit (run, burst);
}

static void
move_all (Run *run, uint64_t id, uint32_t direction)
{
  for (unsigned page = 0; page < 3; page++)
    move_page (run, id, page, direction);
}

static uint64_t
call_put (Run *run, uint64_t id, uint32_t direction)
{
  DmsEvent call = about (run, DMS_EVENT_CALL, id);

  call.index = DMS_ROUTINE_PUT_SCATTER_GATHER_LIST;
  call.flags = direction;
  call.line = 60;
  return emit (run, call);
}

static uint64_t
copy_back (Run *run, uint64_t id, unsigned page)
{
  DmsEvent copy = about (run, DMS_EVENT_COPY, id);

  copy.index = page;
  copy.a = logical_of (page);
  copy.b = memory_of (page);
  copy.length = piece_length (page);
  return emit (run, copy);
}

/* Returns seq of the unmap event. */
static uint64_t
end_list (Run *run, uint64_t id)
{
  DmsEvent release = about (run, DMS_EVENT_RELEASE, id);
  DmsEvent unmap = about (run, DMS_EVENT_UNMAP, id);
  DmsEvent back
      = { .kind = DMS_EVENT_RETURN, .index = DMS_ROUTINE_PUT_SCATTER_GATHER_LIST };
  uint64_t seq;

  release.a = 3;
  emit (run, release);
  seq = emit (run, unmap);
  emit (run, back);
  return seq;
}

static void
put (Run *run, uint64_t id, uint32_t direction)
{
  call_put (run, id, direction);
  if (direction == DMS_FLAG_FROM_DEVICE)
    for (unsigned page = 1; page < 3; page++)
      copy_back (run, id, page);
  end_list (run, id);
}

static uint64_t
touch (Run *run, uint64_t id, uint64_t start, uint64_t length, uint32_t flags)
{
  DmsEvent event = about (run, DMS_EVENT_TOUCH, id);

  event.object = 1;
  event.a = start;
  event.length = length;
  event.index = (uint32_t)((start + OFFSET) >> DMS_PAGE_SHIFT);
  event.flags = flags;
  event.line = 70;
  return emit (run, event);
}

static uint64_t
complete (Run *run, uint64_t id)
{
  DmsEvent event = about (run, DMS_EVENT_COMPLETE, id);
  uint64_t seq;

  event.object = 1;
  event.length = LENGTH;
  event.line = 80;
  seq = emit (run, event);
  touch (run, id, 0, LENGTH, DMS_FLAG_REQUESTER);
  return seq;
}

static void
finish (Run *run)
{
  g_assert_cmpint (dms_rules_finish (run->rules, run->state), ==, DMS_OK);
}

/* ---- no finding ---- */

static void
test_clean (void)
{
  static const uint32_t directions[] = { DMS_FLAG_FROM_DEVICE, DMS_FLAG_TO_DEVICE };
  Run *run = run_new ();

  for (uint64_t id = 1; id <= 1000; id++)
    {
      uint32_t direction = directions[id % 2];
      make_list (run, id, direction);
      /* What goes to the device may be read by everybody. */
      if (direction == DMS_FLAG_TO_DEVICE)
        touch (run, id, 0, LENGTH, 0);
      move_all (run, id, direction);
      put (run, id, direction);
      touch (run, id, 0, LENGTH, 0);
      touch (run, id, 0, LENGTH, DMS_FLAG_CPU_WRITES);
      complete (run, id);
    }
  finish (run);
  g_assert_cmpuint (run->findings->len, ==, 0);
  run_free (run);
}

static void
test_recording (void)
{
  Run *run = run_new ();

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  run->emitter.recorded = true;
  call_put (run, 1, DMS_FLAG_TO_DEVICE);
  touch (run, 1, 0, 1, 0);
  complete (run, 1);
  g_assert_cmpuint (run->findings->len, ==, 0);
  run_free (run);
}

/* ---- never put ---- */

static void
test_never_put (void)
{
  Run *run = run_new ();
  uint64_t map = make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  uint64_t completion;
  g_autofree char *text = NULL;

  move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  completion = complete (run, 1);
  finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (finding (run, 0)->rule, ==, DMS_RULE_LIST_NEVER_PUT);
  g_assert_cmpuint (finding (run, 0)->seq, ==, completion);
  g_assert_cmpuint (finding (run, 0)->other_seq, ==, map);
  g_assert_cmpuint (finding (run, 0)->object, ==, 1);
  g_assert_cmpuint (finding (run, 0)->line, ==, 80);
  text = sentence (run, 0);
  g_assert_cmpstr (
      text,
      ==,
      "The driver completes the request, but has not put list 1 back: 3 map registers "
      "stay "
      "taken, and 8 192 bytes still wait in bounce pages, where the requester does not "
      "see them. Step 7 made the list, step 11 is the completion. PutScatterGatherList "
      "belongs into the DPC, before IoCompleteRequest, when the request failed as "
      "well.");
  run_free (run);
}

static void
test_never_put_going_out (void)
{
  Run *run = run_new ();
  g_autofree char *text = NULL;

  make_list (run, 1, DMS_FLAG_TO_DEVICE);
  move_all (run, 1, DMS_FLAG_TO_DEVICE);
  complete (run, 1);
  finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  text = sentence (run, 0);
  g_assert_nonnull (strstr (text, "3 map registers stay taken. Step 9 made the list"));
  run_free (run);
}

static void
test_never_put_at_end (void)
{
  Run *run = run_new ();
  g_autofree char *text = NULL;

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpuint (finding (run, 0)->seq, ==, run->emitter.seq);
  g_assert_cmpuint (finding (run, 0)->step, ==, run->emitter.step);
  text = sentence (run, 0);
  g_assert_true (
      g_str_has_prefix (text,
                        "The run ends, and list 1 was never put back: 3 map registers "
                        "stay taken. Step 7 made the list."));
  run_free (run);
}

/* ---- put twice ---- */

static void
test_put_twice (void)
{
  Run *run = run_new ();
  uint64_t second;
  g_autofree char *text = NULL;

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  put (run, 1, DMS_FLAG_FROM_DEVICE);
  second = call_put (run, 1, DMS_FLAG_FROM_DEVICE);
  complete (run, 1);
  finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (finding (run, 0)->rule, ==, DMS_RULE_LIST_PUT_TWICE);
  g_assert_cmpuint (finding (run, 0)->seq, ==, second);
  g_assert_cmpuint (finding (run, 0)->other_step, ==, 11);
  g_assert_cmpuint (finding (run, 0)->line, ==, 60);
  text = sentence (run, 0);
  g_assert_true (g_str_has_prefix (
      text, "The driver puts list 1 back for the second time. Step 11 was the first;"));
  run_free (run);
}

/* So long ago that the first call is not remembered any more. */
static void
test_put_twice_long_ago (void)
{
  Run *run = run_new ();
  g_autofree char *text = NULL;

  for (uint64_t id = 1; id <= 1000; id++)
    {
      make_list (run, id, DMS_FLAG_TO_DEVICE);
      move_all (run, id, DMS_FLAG_TO_DEVICE);
      put (run, id, DMS_FLAG_TO_DEVICE);
      complete (run, id);
    }
  call_put (run, 1, DMS_FLAG_TO_DEVICE);
  finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpuint (finding (run, 0)->other_seq, ==, 0);
  text = sentence (run, 0);
  g_assert_nonnull (strstr (text, "which it has put back long before"));
  run_free (run);
}

/* Ids that were never given out are no list that was put back. */
static void
test_put_of_no_list (void)
{
  Run *run = run_new ();

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  call_put (run, 2, DMS_FLAG_FROM_DEVICE);
  call_put (run, 0, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 0);
  run_free (run);
}

/* ---- touched before the flush ---- */

static void
test_touch_stale (void)
{
  Run *run = run_new ();
  uint64_t read;
  uint64_t copied;
  g_autofree char *text = NULL;

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  /* Page 1 from its byte 16 on, and nothing of the others. */
  read = touch (run, 1, 4096 - OFFSET + 16, 100, 0);
  g_assert_cmpuint (run->findings->len, ==, 0);
  call_put (run, 1, DMS_FLAG_FROM_DEVICE);
  copied = copy_back (run, 1, 1);
  g_assert_cmpuint (run->findings->len, ==, 1);
  copy_back (run, 1, 2);
  end_list (run, 1);
  complete (run, 1);
  finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (finding (run, 0)->rule, ==, DMS_RULE_TOUCH_BEFORE_FLUSH);
  g_assert_cmpuint (finding (run, 0)->seq, ==, read);
  g_assert_cmpuint (finding (run, 0)->other_seq, ==, copied);
  g_assert_cmpuint (finding (run, 0)->line, ==, 70);
  text = sentence (run, 0);
  g_assert_cmpstr (
      text,
      ==,
      "The driver read page 1 before PutScatterGatherList: it saw the old "
      "bytes. Step 11 is the read, step 13 is where the bytes arrived. Touch "
      "the buffer before GetScatterGatherList or after "
      "PutScatterGatherList, never between them.");
  run_free (run);
}

/* A touch that begins in a page that has arrived names the stale page behind it. */
static void
test_touch_across (void)
{
  Run *run = run_new ();

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  touch (run, 1, 0, LENGTH, 0);
  put (run, 1, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpuint (finding (run, 0)->variant, ==, 0);
  g_assert_cmpuint (finding (run, 0)->a, ==, 1);
  run_free (run);
}

/* The page does not bounce, and the device has not written it yet: a burst brings it.
 */
static void
test_touch_before_burst (void)
{
  Run *run = run_new ();
  uint64_t burst;

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  touch (run, 1, 0, 4, 0);
  burst = move_page (run, 1, 0, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpuint (finding (run, 0)->other_seq, ==, burst);
  run_free (run);
}

static void
test_touch_lucky (void)
{
  Run *run = run_new ();
  uint64_t unmap;
  g_autofree char *text = NULL;

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  touch (run, 1, 0, 4, 0);
  call_put (run, 1, DMS_FLAG_FROM_DEVICE);
  copy_back (run, 1, 1);
  copy_back (run, 1, 2);
  unmap = end_list (run, 1);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpuint (finding (run, 0)->other_seq, ==, unmap);
  text = sentence (run, 0);
  g_assert_nonnull (strstr (text, "it saw the new bytes by luck"));
  run_free (run);
}

static void
test_touch_never_arrives (void)
{
  Run *run = run_new ();
  g_autofree char *text = NULL;

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  touch (run, 1, 8000, 4, 0);
  finish (run);
  /* The list is still there, too. */
  g_assert_cmpuint (run->findings->len, ==, 2);
  text = sentence (run, 0);
  g_assert_nonnull (strstr (text, "newer bytes never arrived there"));
  g_assert_cmpint (finding (run, 1)->rule, ==, DMS_RULE_LIST_NEVER_PUT);
  run_free (run);
}

static void
test_write_while_device_writes (void)
{
  Run *run = run_new ();
  g_autofree char *text = NULL;

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  touch (run, 1, 10, 4, DMS_FLAG_CPU_WRITES);
  move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  put (run, 1, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 1);
  text = sentence (run, 0);
  g_assert_nonnull (strstr (text,
                            "wrote 4 bytes from page 0 on while the device was to "
                            "write there"));
  run_free (run);
}

/* Where the page is when the driver writes to it decides what is sent. */
static void
test_write_going_out (void)
{
  static const struct
  {
    uint64_t start;
    bool is_moved;
    const char *words;
  } cases[] = {
    { 0, false, "which bytes it sends depends on who comes first" },
    { 0, true, "when the device had already read them" },
    { 8000, false, "the device sends the bytes from before" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Run *run = run_new ();
      g_autofree char *text = NULL;

      make_list (run, 1, DMS_FLAG_TO_DEVICE);
      if (cases[i].is_moved)
        move_all (run, 1, DMS_FLAG_TO_DEVICE);
      touch (run, 1, cases[i].start, 4, DMS_FLAG_CPU_WRITES);
      put (run, 1, DMS_FLAG_TO_DEVICE);
      g_assert_cmpuint (run->findings->len, ==, 1);
      text = sentence (run, 0);
      g_test_message ("%s", text);
      g_assert_nonnull (strstr (text, cases[i].words));
      run_free (run);
    }
}

/* However often the driver does it, each time is told and memory stays bounded. */
static void
test_touch_often (void)
{
  Run *run = run_new ();

  make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  for (guint i = 0; i < 1000; i++)
    touch (run, 1, 8000, 4, 0);
  g_assert_cmpuint (run->findings->len, ==, 1000 - DMS_RULES_PENDING_MAX);
  move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  put (run, 1, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 1000);
  run_free (run);
}

/* ---- wrong direction ---- */

static void
test_wrong_direction (void)
{
  Run *run = run_new ();
  uint64_t map = make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  uint64_t call;
  g_autofree char *text = NULL;

  move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  call = call_put (run, 1, DMS_FLAG_TO_DEVICE);
  end_list (run, 1);
  complete (run, 1);
  finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (finding (run, 0)->rule, ==, DMS_RULE_WRONG_DIRECTION);
  g_assert_cmpuint (finding (run, 0)->seq, ==, call);
  g_assert_cmpuint (finding (run, 0)->other_seq, ==, map);
  text = sentence (run, 0);
  g_assert_true (g_str_has_prefix (
      text,
      "The driver puts list 1 back as if it went to the device, but it came from the "
      "device: 8 192 bytes wait in bounce pages and are not copied to the buffer. Step "
      "7 "
      "made the list."));
  run_free (run);
}

static void
test_wrong_direction_going_out (void)
{
  Run *run = run_new ();
  g_autofree char *text = NULL;

  make_list (run, 1, DMS_FLAG_TO_DEVICE);
  move_all (run, 1, DMS_FLAG_TO_DEVICE);
  call_put (run, 1, DMS_FLAG_FROM_DEVICE);
  end_list (run, 1);
  complete (run, 1);
  finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  text = sentence (run, 0);
  g_assert_nonnull (
      strstr (text, "bounce pages of 2 pages may be copied over the buffer"));
  run_free (run);
}

/* ---- traces that make no sense ---- */

static DmsEvent
random_event (DmsTestRandom *random, const Run *run)
{
  static const uint16_t kinds[] = {
    DMS_EVENT_REQUEST, DMS_EVENT_CALL,   DMS_EVENT_COMPLETE, DMS_EVENT_TOUCH,
    DMS_EVENT_COUNT,   DMS_EVENT_REFUSE, DMS_EVENT_GRANT,    DMS_EVENT_PAGE,
    DMS_EVENT_BOUNCE,  DMS_EVENT_COPY,   DMS_EVENT_MAP,      DMS_EVENT_RELEASE,
    DMS_EVENT_UNMAP,   DMS_EVENT_BURST,  DMS_EVENT_START,    DMS_EVENT_INTERRUPT,
    DMS_EVENT_MAP,     DMS_EVENT_COUNT,  DMS_EVENT_TOUCH,
  };
  unsigned page = (unsigned)dms_test_random_below (random, 3);
  DmsEvent event
      = about (run, kinds[dms_test_random_below (random, G_N_ELEMENTS (kinds))], 0);

  event.transfer = dms_test_random_below (random, 6);
  event.object = dms_test_random_below (random, 6);
  event.index = event.kind == DMS_EVENT_CALL ? DMS_ROUTINE_PUT_SCATTER_GATHER_LIST
                                             : (uint32_t)page;
  event.a = dms_test_random_chance (random, 50) ? dms_test_random_below (random, 9)
                                                : memory_of (page);
  event.b = dms_test_random_chance (random, 50) ? logical_of (page) : memory_of (page);
  event.length = dms_test_random_range (random, 1, 5000);
  event.flags = (uint32_t)dms_test_random_below (random, 4);
  if (dms_test_random_chance (random, 10))
    event.flags |= DMS_FLAG_RECORDED;
  if (dms_test_random_chance (random, 10))
    event.flags |= DMS_FLAG_CPU_WRITES | DMS_FLAG_COPY_IN;
  return event;
}

/* What the state accepts, however odd, is judged without harm and without growing. */
static void
test_nonsense (void)
{
  for (guint salt = 0; salt < 50; salt++)
    {
      Run *run = run_new ();
      DmsTestRandom random;
      uint64_t seq = run->emitter.seq;

      dms_test_random_init (&random, salt);
      for (guint i = 0; i < 2000; i++)
        {
          DmsEvent event = random_event (&random, run);
          event.seq = seq + 1;
          event.step = event.seq;
          if (dms_state_apply (run->state, &event) != DMS_OK)
            continue;
          seq++;
          g_assert_cmpint (
              dms_rules_apply (run->rules, &event, run->state), ==, DMS_OK);
          g_assert_cmpuint (run->rules->lists.n, <=, 65 + 2 * run->state->mappings.n);
          g_assert_cmpuint (run->rules->by_transfer.n, <=, run->rules->lists.n);
        }
      finish (run);
      for (guint i = 0; i < run->findings->len; i++)
        {
          g_autofree char *text = sentence (run, i);
          g_assert_null (strchr (text, '{'));
        }
      run_free (run);
    }
}

/* Lists that end by events that no simulated run has, and lists that never began. */
static void
test_lost_lists (void)
{
  Run *run = run_new ();

  for (uint64_t id = 1; id <= 1000; id++)
    {
      DmsEvent map = about (run, DMS_EVENT_MAP, 2000 + id);
      DmsEvent count = about (run, DMS_EVENT_COUNT, id);
      DmsEvent refuse = about (run, DMS_EVENT_REFUSE, id);

      make_list (run, id, DMS_FLAG_FROM_DEVICE);
      emit (run, count);
      emit (run, refuse);
      g_assert_null (dms_state_mapping (run->state, id));
      emit (run, map);
      g_assert_null (dms_table_get (&run->rules->lists, 2000 + id));
      g_assert_cmpuint (run->rules->lists.n, <=, 67);
    }
  run_free (run);
}

/* ---- the list of rules ---- */

static void
test_table (void)
{
  size_t n;
  const DmsRuleInfo *infos = dms_rule_infos (&n);

  g_assert_cmpuint (n, ==, 4);
  for (size_t i = 0; i < n; i++)
    {
      g_assert_true (dms_rule_info (infos[i].id) == &infos[i]);
      g_assert_cmpuint (strlen (infos[i].rule), >, 0);
      g_assert_cmpuint (strlen (infos[i].source), >, 0);
      g_assert_nonnull (infos[i].sentences[0]);
      for (size_t k = 0; k < i; k++)
        {
          g_assert_cmpstr (infos[k].code, !=, infos[i].code);
          g_assert_cmpint (infos[k].id, !=, infos[i].id);
        }
    }
  g_assert_null (dms_rule_info (0));
  g_assert_null (dms_rule_info (5));
  g_assert_cmpstr (dms_rule_info (DMS_RULE_LIST_PUT_TWICE)->verifier, ==, "0x06");
  g_assert_cmpstr (dms_rule_info (DMS_RULE_LIST_NEVER_PUT)->verifier, ==, "0x0A");
  g_assert_cmpstr (
      dms_rule_info (DMS_RULE_TOUCH_BEFORE_FLUSH)->code, ==, "touch-before-flush");
}

/* No word of any sentence is left standing in braces. */
static void
test_words (void)
{
  DmsNames *names = dms_names_new ();
  size_t n;
  const DmsRuleInfo *infos = dms_rule_infos (&n);
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  for (size_t i = 0; i < n; i++)
    for (uint32_t v = 0; infos[i].sentences[v] != NULL; v++)
      {
        DmsFinding made = { .rule = infos[i].id, .variant = v, .a = 1, .b = 1 };
        dms_bytes_clear (&bytes);
        dms_finding_sentence (&bytes, &made, names, NULL);
        g_assert_null (strchr (dms_bytes_text (&bytes), '{'));
        g_assert_nonnull (strstr (dms_bytes_text (&bytes), infos[i].instead));
      }
  dms_bytes_release (&bytes);
  dms_names_free (names);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/engine/rules/clean-runs-have-no-finding", test_clean);
  g_test_add_func ("/engine/rules/recordings-are-not-judged", test_recording);
  g_test_add_func ("/engine/rules/list-never-put-shows-at-completion", test_never_put);
  g_test_add_func ("/engine/rules/list-never-put-shows-going-out",
                   test_never_put_going_out);
  g_test_add_func ("/engine/rules/list-never-put-shows-at-the-end",
                   test_never_put_at_end);
  g_test_add_func ("/engine/rules/list-put-twice-names-the-first-put", test_put_twice);
  g_test_add_func ("/engine/rules/list-put-twice-shows-long-after",
                   test_put_twice_long_ago);
  g_test_add_func ("/engine/rules/put-of-no-list-is-not-put-twice",
                   test_put_of_no_list);
  g_test_add_func ("/engine/rules/stale-read-names-the-copy", test_touch_stale);
  g_test_add_func ("/engine/rules/read-across-pages-names-the-stale-one",
                   test_touch_across);
  g_test_add_func ("/engine/rules/early-read-names-the-burst", test_touch_before_burst);
  g_test_add_func ("/engine/rules/lucky-read-is-told-as-luck", test_touch_lucky);
  g_test_add_func ("/engine/rules/read-of-what-never-arrives",
                   test_touch_never_arrives);
  g_test_add_func ("/engine/rules/write-while-the-device-writes",
                   test_write_while_device_writes);
  g_test_add_func ("/engine/rules/write-while-going-out", test_write_going_out);
  g_test_add_func ("/engine/rules/each-touch-is-told", test_touch_often);
  g_test_add_func ("/engine/rules/wrong-direction-counts-what-is-lost",
                   test_wrong_direction);
  g_test_add_func ("/engine/rules/wrong-direction-going-out",
                   test_wrong_direction_going_out);
  g_test_add_func ("/engine/rules/nonsense-is-survived", test_nonsense);
  g_test_add_func ("/engine/rules/lost-lists-are-forgotten", test_lost_lists);
  g_test_add_func ("/engine/rules/list-of-rules-is-sound", test_table);
  g_test_add_func ("/engine/rules/every-word-is-known", test_words);
  return g_test_run ();
}
