/* test-rules-facts.c — facts, calls and accesses become findings
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/rules-run.h"

#include "tests/lib/dms-test.h"

/* ---- the tables ---- */

/* Codes of Verifier's bug check that a simulated run can break. */
static void
test_each_code_has_a_rule (void)
{
  static const char *const codes[]
      = { "0x00", "0x03", "0x04", "0x05", "0x06", "0x07", "0x08", "0x09", "0x0A",
          "0x0B", "0x0C", "0x0D", "0x0E", "0x0F", "0x10", "0x11", "0x13", "0x14",
          "0x15", "0x16", "0x18", "0x19", "0x1B", "0x1D", "0x1E", "0x1F", "0x20",
          "0x21", "0x22", "0x23", "0x24", "0x25", "0x26" };
  size_t n = 0;
  const DmsRuleInfo *rules = dms_rule_infos (&n);

  for (size_t i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      bool is_there = false;

      for (size_t k = 0; k < n; k++)
        is_there |= g_str_equal (rules[k].verifier, codes[i]);
      if (!is_there)
        g_error ("no rule for code %s", codes[i]);
    }
}

/* ---- facts ---- */

/* A run with an adapter, a request and a list that is mapped. */
static RulesRun *
begin (void)
{
  RulesRun *run = rules_run_new ();

  rules_run_adapter (run, 1);
  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  return run;
}

static void
note (RulesRun *run, uint32_t fact, uint64_t object)
{
  DmsEvent event = rules_run_about (run, DMS_EVENT_FACT, 1);

  event.object = object;
  event.index = fact;
  event.a = 3;
  event.b = 2;
  event.c = 0;
  event.length = 100;
  event.line = 90;
  rules_run_emit (run, event);
}

/* Not every fact is a mistake by itself. */
static bool
is_mere_fact (uint32_t fact)
{
  return fact == DMS_FACT_NOT_CANCELLED || fact == DMS_FACT_MDL_MADE_BEFORE
         || fact == DMS_FACT_NESTED_TOO_DEEP || fact == DMS_FACT_NO_FRAMES;
}

static void
assert_sentence_is_filled (const RulesRun *run)
{
  g_autofree char *text = rules_run_sentence (run, 0);

  g_assert_null (strchr (text, '{'));
  g_assert_null (strchr (text, '}'));
  g_assert_true (g_str_has_suffix (text, "."));
}

static void
test_each_fact_is_judged (void)
{
  size_t n = 0;
  const DmsFactInfo *facts = dms_fact_infos (&n);

  for (size_t i = 0; i < n; i++)
    {
      RulesRun *run = begin ();

      /* PutScatterGatherList's own call tells the direction of a list. */
      note (run, facts[i].fact, facts[i].fact == DMS_FACT_DIRECTION_DIFFERS ? 99 : 1);
      if (run->findings->len != (is_mere_fact (facts[i].fact) ? 0u : 1u))
        g_error ("fact %s gives %u findings", facts[i].name, run->findings->len);
      if (run->findings->len > 0)
        {
          g_assert_cmpuint (rules_run_finding (run, 0)->seq, ==, run->emitter.seq);
          g_assert_cmpuint (rules_run_finding (run, 0)->line, ==, 90);
          assert_sentence_is_filled (run);
        }
      rules_run_free (run);
    }
}

/* What a finding is held against: the mapping, the request, the adapter. */
static void
test_other_event (void)
{
  static const struct
  {
    uint32_t fact;
    uint64_t other_step;
  } cases[] = {
    { DMS_FACT_FREED_WHILE_MAPPED, 10 }, /* MAP */
    { DMS_FACT_COUNT_DIFFERS, 5 },       /* COUNT */
    { DMS_FACT_UNKNOWN_ACTION, 6 },      /* GRANT */
    { DMS_FACT_NOT_LOCKED, 3 },          /* REQUEST */
    { DMS_FACT_NOT_FOR_THIS_ADAPTER, 2 } /* ADAPTER */
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RulesRun *run = begin ();

      note (run, cases[i].fact, 1);
      g_assert_cmpuint (run->findings->len, ==, 1);
      g_assert_cmpuint (
          rules_run_finding (run, 0)->other_step, ==, cases[i].other_step);
      rules_run_free (run);
    }
}

static void
test_surplus_over_the_page (void)
{
  RulesRun *run = begin ();
  DmsEvent event = rules_run_about (run, DMS_EVENT_FACT, 1);

  event.index = DMS_FACT_TOO_LONG;
  event.c = 1;
  rules_run_emit (run, event);
  event.c = 0;
  rules_run_emit (run, event);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_INVALID_BUFFER);
  g_assert_cmpint (rules_run_finding (run, 1)->rule, ==, DMS_RULE_BUFFER_TOO_SHORT);
  rules_run_free (run);
}

/* ---- calls ---- */

static void
test_irql (void)
{
  static const struct
  {
    DmsRoutine routine;
    uint8_t irql;
    const char *part; /* of the sentence; NULL: no finding */
  } cases[] = {
    { DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL, DMS_CONTEXT_PASSIVE, "has to be DISPATCH" },
    { DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL, DMS_CONTEXT_DISPATCH, NULL },
    { DMS_ROUTINE_ALLOCATE_COMMON_BUFFER, DMS_CONTEXT_DISPATCH, "has to be PASSIVE" },
    { DMS_ROUTINE_MAP_TRANSFER, DMS_CONTEXT_DEVICE, "highest that it may be called" },
    { DMS_ROUTINE_MAP_TRANSFER, DMS_CONTEXT_PASSIVE, NULL },
    { DMS_ROUTINE_GET_SCATTER_GATHER_LIST_EX, DMS_CONTEXT_PASSIVE, "the safe choice" },
    { DMS_ROUTINE_CALCULATE_SCATTER_GATHER_LIST, DMS_CONTEXT_DEVICE, NULL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RulesRun *run = begin ();

      rules_run_call (run, cases[i].routine, cases[i].irql);
      g_assert_cmpuint (run->findings->len, ==, cases[i].part == NULL ? 0 : 1);
      if (cases[i].part != NULL)
        {
          g_autofree char *text = rules_run_sentence (run, 0);

          g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_WRONG_IRQL);
          g_assert_nonnull (strstr (text, cases[i].part));
        }
      rules_run_free (run);
    }
}

static void
test_hal_get_adapter (void)
{
  RulesRun *run = begin ();

  rules_run_call (run, DMS_ROUTINE_HAL_GET_ADAPTER, DMS_CONTEXT_PASSIVE);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_HAL_GET_ADAPTER);
  rules_run_free (run);
}

/* ---- what PutDmaAdapter finds ---- */

static void
put_adapter (RulesRun *run)
{
  DmsEvent event = rules_run_about (run, DMS_EVENT_CALL, 0);

  event.object = 1;
  event.index = DMS_ROUTINE_PUT_DMA_ADAPTER;
  rules_run_emit (run, event);
}

static void
test_put_with_list (void)
{
  RulesRun *run = begin ();

  put_adapter (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_PUT_WITH_LISTS);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_step, ==, 10);
  rules_run_free (run);
}

static void
test_put_with_rest (void)
{
  RulesRun *run = rules_run_new ();
  DmsEvent event;

  rules_run_adapter (run, 1);
  event = rules_run_about (run, DMS_EVENT_ALLOC, 0);
  event.cause
      = rules_run_call (run, DMS_ROUTINE_ALLOCATE_COMMON_BUFFER, DMS_CONTEXT_PASSIVE);
  event.object = 50;
  event.a = 0x5000;
  event.length = 4096;
  event.flags = DMS_FLAG_FORM_COHERENT;
  rules_run_emit (run, event);

  event = rules_run_about (run, DMS_EVENT_ASK, 2);
  event.cause = rules_run_call (
      run, DMS_ROUTINE_ALLOCATE_ADAPTER_CHANNEL, DMS_CONTEXT_DISPATCH);
  event.a = 3;
  rules_run_emit (run, event);
  event = rules_run_about (run, DMS_EVENT_CHANNEL, 2);
  event.object = 1;
  event.flags = DMS_FLAG_TAKEN;
  rules_run_emit (run, event);
  event = rules_run_about (run, DMS_EVENT_GRANT, 2);
  event.a = 3;
  rules_run_emit (run, event);

  put_adapter (run);
  g_assert_cmpuint (run->findings->len, ==, 3);
  g_assert_cmpint (
      rules_run_finding (run, 0)->rule, ==, DMS_RULE_PUT_WITH_COMMON_BUFFERS);
  g_assert_cmpint (rules_run_finding (run, 1)->rule, ==, DMS_RULE_PUT_WITH_CHANNEL);
  g_assert_cmpint (rules_run_finding (run, 2)->rule, ==, DMS_RULE_PUT_WITH_REGISTERS);
  g_assert_cmpuint (rules_run_finding (run, 2)->a, ==, 3);
  rules_run_free (run);
}

static void
test_adapter_never_put (void)
{
  RulesRun *run = rules_run_new ();

  rules_run_adapter (run, 1);
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_ADAPTER_NEVER_PUT);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_step, ==, 2);
  rules_run_free (run);
}

/* ---- what a device does ---- */

static void
test_accesses (void)
{
  RulesRun *run = begin ();
  DmsEvent event = rules_run_about (run, DMS_EVENT_STRAY, 1);

  event.flags = DMS_FLAG_FROM_DEVICE;
  event.a = 0x7000;
  event.length = 64;
  rules_run_emit (run, event);
  /* The bursts behind it say nothing new. */
  rules_run_emit (run, event);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_OUTSIDE_MAPPING);

  rules_run_put (run, 1, DMS_FLAG_FROM_DEVICE);
  event.kind = DMS_EVENT_FAULT;
  rules_run_emit (run, event);
  g_assert_cmpuint (run->findings->len, ==, 2);
  g_assert_cmpint (rules_run_finding (run, 1)->rule, ==, DMS_RULE_IOMMU_FAULT);
  g_assert_cmpuint (rules_run_finding (run, 1)->other_seq, !=, 0);
  rules_run_free (run);
}

static void
test_put_while_running (void)
{
  RulesRun *run = begin ();
  DmsEvent event = rules_run_about (run, DMS_EVENT_START, 1);
  uint64_t start;

  event.flags = DMS_FLAG_FROM_DEVICE;
  start = rules_run_emit (run, event);
  rules_run_call_put (run, 1, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_PUT_WHILE_RUNNING);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_seq, ==, start);
  rules_run_free (run);
}

/* What a crashed driver has left undone is no mistake of its own. */
static void
test_crash (void)
{
  RulesRun *run = begin ();
  uint64_t seq = rules_run_emit (run, rules_run_about (run, DMS_EVENT_CRASH, 0));

  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_CRASHED);
  g_assert_cmpuint (rules_run_finding (run, 0)->seq, ==, seq);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_step, ==, 4);
  rules_run_free (run);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/engine/rules/each-code-has-one", test_each_code_has_a_rule);
  g_test_add_func ("/engine/rules/each-fact-is-judged", test_each_fact_is_judged);
  g_test_add_func ("/engine/rules/other-event", test_other_event);
  g_test_add_func ("/engine/rules/surplus-over-the-page", test_surplus_over_the_page);
  g_test_add_func ("/engine/rules/irql", test_irql);
  g_test_add_func ("/engine/rules/hal-get-adapter", test_hal_get_adapter);
  g_test_add_func ("/engine/rules/put-with-list", test_put_with_list);
  g_test_add_func ("/engine/rules/put-with-rest", test_put_with_rest);
  g_test_add_func ("/engine/rules/adapter-never-put", test_adapter_never_put);
  g_test_add_func ("/engine/rules/crash", test_crash);
  g_test_add_func ("/engine/rules/accesses", test_accesses);
  g_test_add_func ("/engine/rules/put-while-running", test_put_while_running);
  return g_test_run ();
}
