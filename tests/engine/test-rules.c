/* test-rules.c — the rules, and those about giving a list back
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/rules-run.h"
#include "tests/lib/dms-test.h"

#include <string.h>

/* ---- no finding ---- */

static void
test_clean (void)
{
  static const uint32_t directions[] = { DMS_FLAG_FROM_DEVICE, DMS_FLAG_TO_DEVICE };
  RulesRun *run = rules_run_new ();

  for (uint64_t id = 1; id <= 1000; id++)
    {
      uint32_t direction = directions[id % 2];
      rules_run_make_list (run, id, direction);
      /* What goes to the device may be read by everybody. */
      if (direction == DMS_FLAG_TO_DEVICE)
        rules_run_touch (run, id, 0, RULES_RUN_LENGTH, 0);
      rules_run_move_all (run, id, direction);
      rules_run_put (run, id, direction);
      rules_run_touch (run, id, 0, RULES_RUN_LENGTH, 0);
      rules_run_touch (run, id, 0, RULES_RUN_LENGTH, DMS_FLAG_CPU_WRITES);
      rules_run_complete (run, id);
    }
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 0);
  rules_run_free (run);
}

static void
test_recording (void)
{
  RulesRun *run = rules_run_new ();

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  run->emitter.recorded = true;
  rules_run_call_put (run, 1, DMS_FLAG_TO_DEVICE);
  rules_run_touch (run, 1, 0, 1, 0);
  rules_run_complete (run, 1);
  g_assert_cmpuint (run->findings->len, ==, 0);
  rules_run_free (run);
}

/* ---- never put ---- */

static void
test_never_put (void)
{
  RulesRun *run = rules_run_new ();
  uint64_t map = rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  uint64_t completion;
  g_autofree char *text = NULL;

  rules_run_move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  completion = rules_run_complete (run, 1);
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_LIST_NEVER_PUT);
  g_assert_cmpuint (rules_run_finding (run, 0)->seq, ==, completion);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_seq, ==, map);
  g_assert_cmpuint (rules_run_finding (run, 0)->object, ==, 1);
  g_assert_cmpuint (rules_run_finding (run, 0)->line, ==, 80);
  text = rules_run_sentence (run, 0);
  g_assert_cmpstr (
      text,
      ==,
      "The driver completes the request, but has not put list 1 back: 3 map registers "
      "stay "
      "taken, and 8 192 bytes still wait in bounce pages, where the requester does not "
      "see them. Step 8 made the list, step 12 is the completion. PutScatterGatherList "
      "belongs into the DPC, before IoCompleteRequest, also when the request "
      "failed.");
  rules_run_free (run);
}

static void
test_never_put_going_out (void)
{
  RulesRun *run = rules_run_new ();
  g_autofree char *text = NULL;

  rules_run_make_list (run, 1, DMS_FLAG_TO_DEVICE);
  rules_run_move_all (run, 1, DMS_FLAG_TO_DEVICE);
  rules_run_complete (run, 1);
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  text = rules_run_sentence (run, 0);
  g_assert_nonnull (strstr (text, "3 map registers stay taken. Step 10 made the list"));
  rules_run_free (run);
}

static void
test_never_put_at_end (void)
{
  RulesRun *run = rules_run_new ();
  g_autofree char *text = NULL;

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 2);
  g_assert_cmpint (
      rules_run_finding (run, 1)->rule, ==, DMS_RULE_REQUEST_NEVER_COMPLETED);
  g_assert_cmpuint (rules_run_finding (run, 0)->seq, ==, run->emitter.seq);
  g_assert_cmpuint (rules_run_finding (run, 0)->step, ==, run->emitter.step);
  text = rules_run_sentence (run, 0);
  g_assert_true (
      g_str_has_prefix (text,
                        "The run ends, and list 1 was never put back: 3 map registers "
                        "stay taken. Step 8 made the list."));
  rules_run_free (run);
}

/* ---- put twice ---- */

static void
test_put_twice (void)
{
  RulesRun *run = rules_run_new ();
  uint64_t second;
  g_autofree char *text = NULL;

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_put (run, 1, DMS_FLAG_FROM_DEVICE);
  second = rules_run_call_put (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_complete (run, 1);
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_LIST_PUT_TWICE);
  g_assert_cmpuint (rules_run_finding (run, 0)->seq, ==, second);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_step, ==, 12);
  g_assert_cmpuint (rules_run_finding (run, 0)->line, ==, 60);
  text = rules_run_sentence (run, 0);
  g_assert_true (g_str_has_prefix (
      text, "The driver puts list 1 back for the second time. Step 12 was the first;"));
  rules_run_free (run);
}

/* So long ago that the first call is not remembered any more. */
static void
test_put_twice_long_ago (void)
{
  RulesRun *run = rules_run_new ();
  g_autofree char *text = NULL;

  for (uint64_t id = 1; id <= 1000; id++)
    {
      rules_run_make_list (run, id, DMS_FLAG_TO_DEVICE);
      rules_run_move_all (run, id, DMS_FLAG_TO_DEVICE);
      rules_run_put (run, id, DMS_FLAG_TO_DEVICE);
      rules_run_complete (run, id);
    }
  rules_run_call_put (run, 1, DMS_FLAG_TO_DEVICE);
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_seq, ==, 0);
  text = rules_run_sentence (run, 0);
  g_assert_nonnull (strstr (text, "which it has put back long before"));
  rules_run_free (run);
}

/* Ids that were never given out are no list that was put back. */
static void
test_put_of_no_list (void)
{
  RulesRun *run = rules_run_new ();

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_call_put (run, 2, DMS_FLAG_FROM_DEVICE);
  rules_run_call_put (run, 0, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 0);
  rules_run_free (run);
}

/* ---- wrong direction ---- */

static void
test_wrong_direction (void)
{
  RulesRun *run = rules_run_new ();
  uint64_t map = rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  uint64_t call;
  g_autofree char *text = NULL;

  rules_run_move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  call = rules_run_call_put (run, 1, DMS_FLAG_TO_DEVICE);
  rules_run_end_list (run, 1);
  rules_run_complete (run, 1);
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_WRONG_DIRECTION);
  g_assert_cmpuint (rules_run_finding (run, 0)->seq, ==, call);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_seq, ==, map);
  text = rules_run_sentence (run, 0);
  g_assert_true (g_str_has_prefix (
      text,
      "The driver puts list 1 back as if it went to the device, but it came from the "
      "device: 8 192 bytes wait in bounce pages and are not copied to the buffer. Step "
      "8 made the list."));
  rules_run_free (run);
}

static void
test_wrong_direction_going_out (void)
{
  RulesRun *run = rules_run_new ();
  g_autofree char *text = NULL;

  rules_run_make_list (run, 1, DMS_FLAG_TO_DEVICE);
  rules_run_move_all (run, 1, DMS_FLAG_TO_DEVICE);
  rules_run_call_put (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_end_list (run, 1);
  rules_run_complete (run, 1);
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  text = rules_run_sentence (run, 0);
  g_assert_nonnull (
      strstr (text, "bounce pages of 2 pages may be copied over the buffer"));
  rules_run_free (run);
}

/* ---- traces that make no sense ---- */

static DmsEvent
random_event (DmsTestRandom *random, const RulesRun *run)
{
  static const uint16_t kinds[] = {
    DMS_EVENT_REQUEST, DMS_EVENT_CALL,   DMS_EVENT_COMPLETE, DMS_EVENT_TOUCH,
    DMS_EVENT_COUNT,   DMS_EVENT_REFUSE, DMS_EVENT_GRANT,    DMS_EVENT_PAGE,
    DMS_EVENT_BOUNCE,  DMS_EVENT_COPY,   DMS_EVENT_MAP,      DMS_EVENT_RELEASE,
    DMS_EVENT_UNMAP,   DMS_EVENT_BURST,  DMS_EVENT_START,    DMS_EVENT_INTERRUPT,
    DMS_EVENT_MAP,     DMS_EVENT_COUNT,  DMS_EVENT_TOUCH,    DMS_EVENT_FACT,
    DMS_EVENT_FACT,    DMS_EVENT_ASK,    DMS_EVENT_FLUSH,    DMS_EVENT_CANCEL,
    DMS_EVENT_ADAPTER, DMS_EVENT_ALLOC,  DMS_EVENT_FREE,     DMS_EVENT_STRAY,
    DMS_EVENT_FAULT,   DMS_EVENT_RETURN, DMS_EVENT_CHANNEL,
  };
  static const uint32_t routines[]
      = { DMS_ROUTINE_PUT_SCATTER_GATHER_LIST, DMS_ROUTINE_PUT_DMA_ADAPTER,
          DMS_ROUTINE_IO_GET_DMA_ADAPTER,      DMS_ROUTINE_HAL_GET_ADAPTER,
          DMS_ROUTINE_ADAPTER_CONTROL,         DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL };
  unsigned page = (unsigned)dms_test_random_below (random, 3);
  DmsEvent event = rules_run_about (
      run, kinds[dms_test_random_below (random, G_N_ELEMENTS (kinds))], 0);

  event.transfer = dms_test_random_below (random, 6);
  event.object = dms_test_random_below (random, 6);
  event.index = (uint32_t)page;
  if (event.kind == DMS_EVENT_CALL || event.kind == DMS_EVENT_RETURN)
    event.index = routines[dms_test_random_below (random, G_N_ELEMENTS (routines))];
  else if (event.kind == DMS_EVENT_FACT)
    event.index = (uint32_t)dms_test_random_below (random, 90);
  event.a = dms_test_random_chance (random, 50) ? dms_test_random_below (random, 9)
                                                : rules_run_memory_of (page);
  event.b = dms_test_random_chance (random, 50) ? rules_run_logical_of (page)
                                                : rules_run_memory_of (page);
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
      RulesRun *run = rules_run_new ();
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
      rules_run_finish (run);
      for (guint i = 0; i < run->findings->len; i++)
        {
          g_autofree char *text = rules_run_sentence (run, i);
          g_assert_null (strchr (text, '{'));
        }
      rules_run_free (run);
    }
}

/* Lists that end by events that no simulated run has, and lists that never began. */
static void
test_lost_lists (void)
{
  RulesRun *run = rules_run_new ();

  for (uint64_t id = 1; id <= 1000; id++)
    {
      DmsEvent map = rules_run_about (run, DMS_EVENT_MAP, 2000 + id);
      DmsEvent count = rules_run_about (run, DMS_EVENT_COUNT, id);
      DmsEvent refuse = rules_run_about (run, DMS_EVENT_REFUSE, id);

      rules_run_make_list (run, id, DMS_FLAG_FROM_DEVICE);
      rules_run_emit (run, count);
      rules_run_emit (run, refuse);
      g_assert_null (dms_state_mapping (run->state, id));
      rules_run_emit (run, map);
      g_assert_null (dms_table_get (&run->rules->lists, 2000 + id));
      g_assert_cmpuint (run->rules->lists.n, <=, 67);
    }
  rules_run_free (run);
}

/* ---- the list of rules ---- */

static void
test_table (void)
{
  size_t n;
  const DmsRuleInfo *infos = dms_rule_infos (&n);

  for (size_t i = 0; i < n; i++)
    {
      g_assert_true (dms_rule_info (infos[i].id) == &infos[i]);
      g_assert_cmpuint (strlen (infos[i].rule), >, 0);
      g_assert_cmpuint (strlen (infos[i].source), >, 0);
      g_assert_cmpuint (infos[i].needs, !=, 0);
      g_assert_cmpuint (infos[i].needs & ~0x3fu, ==, 0);
      g_assert_cmpuint (strlen (infos[i].here), >, 0);
      g_assert_cmpuint (strlen (infos[i].against), >, 0);
      g_assert_true (g_str_has_suffix (infos[i].rule, "."));
      g_assert_true (g_str_has_suffix (infos[i].instead, "."));
      g_assert_nonnull (infos[i].sentences[0]);
      for (size_t k = 0; k < i; k++)
        {
          g_assert_cmpstr (infos[k].code, !=, infos[i].code);
          g_assert_cmpint (infos[k].id, !=, infos[i].id);
        }
    }
  g_assert_null (dms_rule_info (0));
  g_assert_null (dms_rule_info (250));
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
