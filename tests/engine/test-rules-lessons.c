/* test-rules-lessons.c — the lessons, simulated, do what they are about and are judged
 * so
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/lessons/dms-lessons.h"
#include "data/scenario/dms-scenario-reader.h"
#include "engine/core/dms-state-private.h"
#include "engine/drivers/dms-simulation.h"
#include "engine/rules/dms-rules.h"
#include "tests/lib/dms-test.h"

#include <string.h>

typedef struct
{
  DmsState *state;
  DmsRules *rules;
  DmsNames *names;
  GArray *findings;
  guint n_events;
  guint kinds[DMS_EVENT_KIND_MAX + 1]; /* events of each kind */
  guint chained;                       /* of the counts, how many of a chain */
  guint copied_in;                     /* of the copies */
} Judge;

static void
found_cb (void *data, const DmsFinding *finding)
{
  Judge *judge = data;
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_finding_sentence (&bytes, finding, judge->names, NULL);
  g_test_message ("%s", dms_bytes_text (&bytes));
  g_array_append_vals (judge->findings, finding, 1);
  dms_bytes_release (&bytes);
}

static DmsStatus
event_cb (void *data, const DmsEvent *event)
{
  Judge *judge = data;
  DmsStatus status = dms_state_apply (judge->state, event);

  g_assert_true (dms_state_is_sound (judge->state));
  judge->n_events++;
  judge->kinds[event->kind]++;
  if (event->kind == DMS_EVENT_COUNT)
    judge->chained += (event->flags & DMS_FLAG_CHAINED) != 0 ? 1 : 0;
  if (event->kind == DMS_EVENT_COPY)
    judge->copied_in += (event->flags & DMS_FLAG_COPY_IN) != 0 ? 1 : 0;
  return status != DMS_OK ? status
                          : dms_rules_apply (judge->rules, event, judge->state);
}

static DmsStatus
name_cb (void *data, const DmsName *name)
{
  Judge *judge = data;

  return dms_names_add (judge->names, name);
}

static void
judge_init (Judge *judge)
{
  *judge = (Judge){ .state = dms_state_new (),
                    .names = dms_names_new (),
                    .findings = g_array_new (FALSE, FALSE, sizeof (DmsFinding)) };
  judge->rules = dms_rules_new (found_cb, judge);
}

static void
judge_release (Judge *judge)
{
  dms_rules_free (judge->rules);
  dms_state_free (judge->state);
  dms_names_free (judge->names);
  g_array_unref (judge->findings);
}

static void
run_scenario (const char *id, const char *const *sets, Judge *judge)
{
  const char *text = dms_lesson_scenario (id);
  DmsSink sink = { event_cb, name_cb, judge };
  g_autoptr (GError) error = NULL;
  DmsScenario scenario;
  DmsStatus status = DMS_OK;
  DmsBytes problem;
  DmsSimulation *simulation;

  g_test_message ("%s", id);
  dms_scenario_parse (text, strlen (text), id, sets, &scenario, &error);
  g_assert_no_error (error);
  dms_bytes_init (&problem);
  simulation = dms_simulation_new (&scenario, &sink, &status, &problem);
  g_assert_cmpstr (dms_bytes_text (&problem), ==, "");
  dms_bytes_release (&problem);
  g_assert_nonnull (simulation);
  do
    status = dms_simulation_run (simulation, UINT64_MAX);
  while (status == DMS_OK);
  g_assert_cmpint (status, ==, DMS_ERROR_END);
  g_assert_cmpint (dms_rules_finish (judge->rules, judge->state), ==, DMS_OK);
  dms_simulation_free (simulation);
  dms_scenario_release (&scenario);
}

/* Findings of lessons that are not about one mistake with one finding, in order. */
static const struct
{
  const char *id;
  const char *codes;
} special[] = {
  { "mistake-iommu-fault", "put-while-running iommu-fault list-put-twice" },
  { "mistake-memory-damaged", "outside-mapping list-changed memory-damaged" },
  { "reactos-nothing-bounces", "device-limit outside-mapping" },
  { "reactos-a-list-that-never-comes", "pool-misused request-never-completed" },
  { "reactos-the-direction-does-not-matter", "wrong-direction" },
};

static const char *
expected_codes (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (special); i++)
    if (g_str_equal (special[i].id, id))
      return special[i].codes;
  return g_str_has_prefix (id, "mistake-") ? id + strlen ("mistake-") : "";
}

static char *
found_codes (const Judge *judge)
{
  GString *codes = g_string_new (NULL);

  for (guint i = 0; i < judge->findings->len; i++)
    {
      DmsRuleId rule = g_array_index (judge->findings, DmsFinding, i).rule;

      g_string_append_printf (
          codes, "%s%s", i == 0 ? "" : " ", dms_rule_info (rule)->code);
    }
  return g_string_free (codes, FALSE);
}

static void
test_lessons (void)
{
  gsize n;
  const DmsLesson *lessons = dms_lessons (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *codes = NULL;
      Judge judge;

      judge_init (&judge);
      run_scenario (lessons[i].id, NULL, &judge);
      codes = found_codes (&judge);
      /* Small enough to be stepped through. */
      g_assert_cmpuint (judge.n_events, <=, 300);
      /* Goes on, so that one run shows every lesson that has changed. */
      if (!g_str_equal (codes, expected_codes (lessons[i].id)))
        {
          g_test_message ("%s: found %s; expected %s",
                          lessons[i].id,
                          codes,
                          expected_codes (lessons[i].id));
          g_test_fail ();
        }
      judge_release (&judge);
    }
}

static void
test_subjects (void)
{
  static const struct
  {
    const char *id;
    guint bounces, copies, copied_in, waits, chained, completions;
  } lessons[] = {
    { "all-within-reach", 0, 0, 0, 0, 0, 1 },
    { "a-chain-of-mdls", 2, 2, 2, 0, 1, 1 },
    { "two-pages-out-of-reach", 2, 2, 0, 0, 0, 1 },
    { "two-pages-out-of-reach-going-out", 2, 2, 2, 0, 0, 1 },
    { "waiting-for-map-registers", 4, 4, 2, 1, 0, 2 },
    { "a-list-in-the-drivers-own-memory", 1, 1, 0, 0, 1, 1 },
    { "bounce-pages-in-one-block", 2, 2, 0, 0, 0, 1 },
    { "everything-bounces", 6, 6, 0, 0, 0, 1 },
    { "an-iommu-instead", 0, 0, 0, 0, 0, 1 },
    { "map-transfer-piece-by-piece", 2, 2, 0, 0, 0, 1 },
    { "a-card-that-takes-one-piece", 6, 6, 0, 0, 0, 1 },
    { "five-and-five-and-two", 0, 0, 0, 0, 0, 1 },
    { "a-ring-in-shared-memory", 0, 0, 0, 0, 0, 1 },
    { "map-registers-taken-away", 2, 2, 0, 1, 0, 2 },
    { "cancelled-in-the-queue", 2, 2, 0, 0, 0, 2 },
    { "cancelled-while-it-waits", 2, 2, 0, 1, 0, 2 },
    { "the-device-is-stopped", 2, 2, 0, 0, 0, 3 },
    { "a-card-loses-address-lines", 2, 2, 0, 0, 0, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lessons); i++)
    {
      Judge judge;

      judge_init (&judge);
      run_scenario (lessons[i].id, NULL, &judge);
      g_assert_cmpuint (judge.kinds[DMS_EVENT_BOUNCE], ==, lessons[i].bounces);
      g_assert_cmpuint (judge.kinds[DMS_EVENT_COPY], ==, lessons[i].copies);
      g_assert_cmpuint (judge.copied_in, ==, lessons[i].copied_in);
      g_assert_cmpuint (judge.kinds[DMS_EVENT_WAIT], ==, lessons[i].waits);
      g_assert_cmpuint (judge.chained, ==, lessons[i].chained);
      g_assert_cmpuint (judge.kinds[DMS_EVENT_COMPLETE], ==, lessons[i].completions);
      g_assert_cmpuint (judge.kinds[DMS_EVENT_REFUSE], ==, 0);
      g_assert_cmpuint (judge.kinds[DMS_EVENT_STRAY], ==, 0);
      judge_release (&judge);
    }
}

/* Both directions, with and without bounces, once and many times. */
static void
test_variants (void)
{
  static const char *const sets[][4] = {
    { "requests[0].direction=write", NULL },
    { "devices[0].address_bits=64", NULL },
    { "devices[0].address_bits=64", "requests[0].direction=write", NULL },
    { "requests[0].count=50", "requests[0].every_ns=100", "mistakes[0].nth=50", NULL },
    { "machine.hal=x86", NULL },
    { "machine.verifier=true", NULL },
  };
  gsize n;
  const DmsLesson *lessons = dms_lessons (&n);

  for (gsize i = 0; i < n; i++)
    for (gsize v = 0; v < G_N_ELEMENTS (sets); v++)
      {
        const char *code = lessons[i].id + strlen ("mistake-");
        gboolean is_out
            = strstr (sets[v][0], "write") != NULL
              || (sets[v][1] != NULL && strstr (sets[v][1], "write") != NULL);
        Judge judge;

        if (!g_str_has_prefix (lessons[i].id, "mistake-")
            || !g_str_equal (expected_codes (lessons[i].id), code))
          continue;
        judge_init (&judge);
        run_scenario (lessons[i].id, sets[v], &judge);
        /* What goes out may be read before the flush. */
        if (is_out && g_str_equal (code, "touch-before-flush"))
          g_assert_cmpuint (judge.findings->len, ==, 0);
        else
          {
            g_assert_cmpuint (judge.findings->len, ==, 1);
            g_assert_cmpstr (
                dms_rule_info (g_array_index (judge.findings, DmsFinding, 0).rule)
                    ->code,
                ==,
                code);
          }
        judge_release (&judge);
      }
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func (
      "/engine/rules-lessons/lessons-have-the-findings-that-they-are-about",
      test_lessons);
  g_test_add_func ("/engine/rules-lessons/lessons-do-what-they-are-about",
                   test_subjects);
  g_test_add_func ("/engine/rules-lessons/mistakes-show-in-all-variants",
                   test_variants);
  return g_test_run ();
}
