/* test-mistakes.c — each rule has a scenario that breaks it, named after the rule
 *
 * tests/fixtures/mistakes/CODE.json breaks rule CODE; without its mistakes the same run
 * breaks none.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-reader.h"
#include "engine/drivers/dms-simulation.h"
#include "engine/rules/dms-rules.h"

#include "tests/lib/dms-test.h"

#include <string.h>

#define EVENTS_MAX 1000000

typedef struct
{
  DmsState *state;
  DmsRules *rules;
  GArray *findings; /* DmsFinding */
  const DmsNames *names;
} Judge;

static void
found_cb (void *data, const DmsFinding *finding)
{
  g_array_append_vals (data, finding, 1);
}

static DmsStatus
event_cb (void *data, const DmsEvent *event)
{
  Judge *judge = data;
  DmsStatus status = dms_state_apply (judge->state, event);

  return status == DMS_OK ? dms_rules_apply (judge->rules, event, judge->state)
                          : status;
}

/* Runs @scenario to its end; returns its findings. */
static GArray *
judge (const char *name, const DmsScenario *scenario)
{
  Judge judge = { .state = dms_state_new (),
                  .findings = g_array_new (FALSE, FALSE, sizeof (DmsFinding)) };
  DmsSink sink = { .event = event_cb, .data = &judge };
  DmsStatus status = DMS_OK;
  DmsBytes problem;

  dms_bytes_init (&problem);
  judge.rules = dms_rules_new (found_cb, judge.findings);
  DmsSimulation *simulation = dms_simulation_new (scenario, &sink, &status, &problem);
  if (simulation == NULL)
    g_error ("%s: %s", name, dms_bytes_text (&problem));
  g_assert_cmpint (dms_simulation_run (simulation, EVENTS_MAX), ==, DMS_ERROR_END);
  g_assert_cmpint (dms_rules_finish (judge.rules, judge.state), ==, DMS_OK);
  dms_simulation_free (simulation);
  dms_bytes_release (&problem);
  dms_rules_free (judge.rules);
  dms_state_free (judge.state);
  return judge.findings;
}

static gboolean
has_rule (const GArray *findings, const char *code)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const DmsFinding *finding = &g_array_index (findings, DmsFinding, i);

      if (g_str_equal (dms_rule_info (finding->rule)->code, code))
        return TRUE;
    }
  return FALSE;
}

static char *
codes_of (const GArray *findings)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    g_string_append_printf (
        text,
        "%s ",
        dms_rule_info (g_array_index (findings, DmsFinding, i).rule)->code);
  return g_string_free (text, FALSE);
}

static void
test_scenario (gconstpointer data)
{
  const char *path = data;
  g_autofree char *name = g_path_get_basename (path);
  DmsScenario scenario;
  g_autoptr (GError) error = NULL;

  dms_scenario_load (path, NULL, &scenario, NULL, &error);
  g_assert_no_error (error);
  *strrchr (name, '.') = '\0';

  GArray *findings = judge (name, &scenario);
  g_autofree char *codes = codes_of (findings);

  if (!has_rule (findings, name))
    g_error ("%s breaks: %s", name, codes);
  g_test_message ("%s breaks: %s", name, codes);
  g_array_unref (findings);
  if (scenario.n_mistakes > 0)
    {
      size_t n_mistakes = scenario.n_mistakes;

      scenario.n_mistakes = 0;
      findings = judge (name, &scenario);
      scenario.n_mistakes = n_mistakes;
      g_autofree char *others = codes_of (findings);
      if (findings->len > 0)
        g_error ("%s without its mistake breaks: %s", name, others);
      g_array_unref (findings);
    }
  dms_scenario_release (&scenario);
}

/* Those that no scenario can break say why in docs/coverage.md. */
static const char *const elsewhere[] = { "no-system-address", "crashed",   "vector-misused",
                                         "flush-while-running", "request-state",
                                         "lock-misused",        "hangs",
                                         "objects-left",        "assertion-failed",
                                         "routine-missing",     NULL };

static void
test_each_rule_has_one (gconstpointer data)
{
  const char *folder = data;
  size_t n = 0;
  const DmsRuleInfo *rules = dms_rule_infos (&n);

  for (size_t i = 0; i < n; i++)
    {
      g_autofree char *file = g_strconcat (rules[i].code, ".json", NULL);
      g_autofree char *path = g_build_filename (folder, file, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS)
          && !g_strv_contains (elsewhere, rules[i].code))
        g_error ("no scenario breaks %s", rules[i].code);
    }
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);

  g_autofree char *folder = dms_test_source_path ("fixtures/mistakes");
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;

  g_assert_nonnull (dir);
  while ((file = g_dir_read_name (dir)) != NULL)
    {
      char *path = g_build_filename (folder, file, NULL);
      g_autofree char *test = g_strconcat ("/data/mistakes/", file, NULL);

      g_ptr_array_add (paths, path);
      g_test_add_data_func (test, path, test_scenario);
    }
  g_test_add_data_func (
      "/data/mistakes/each-rule-has-one", folder, test_each_rule_has_one);
  return g_test_run ();
}
