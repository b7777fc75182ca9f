/* test-cost.c — model time follows from the cost table, item by item
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-summary.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

#define PS_PER_NS 1000
#define MORE_PS 7000 /* whole nanoseconds, so that nothing is rounded */

/* ---- helpers ---- */

/* What one run of the story came to. */
typedef struct
{
  int64_t end_ns;
  DmsSummaryRow row;
} Sum;

static Sum
add_up (const DmsScenario *scenario)
{
  FixtureRun run;
  DmsSummary *summary = dms_summary_new ();
  DmsSimulation *simulation = NULL;
  Sum sum = { 0 };

  fixture_run_init (&run);
  simulation = fixture_run (&run, scenario);
  for (guint i = 0; i < run.events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run.events, DmsEvent, i);

      g_assert_cmpint (dms_summary_apply (summary, event), ==, DMS_OK);
      g_assert_cmpint (event->t_ns, >=, sum.end_ns);
      sum.end_ns = event->t_ns;
    }
  sum.row = *dms_summary_total (summary);
  dms_summary_free (summary);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  return sum;
}

/* The story costs nothing but what the test says. In it nothing happens at the same
 * time as something else: each item adds to the end by itself. */
static void
make_free_story (DmsScenario *scenario, bool to_device)
{
  fixture_story (scenario, to_device);
  scenario->cost = (DmsCost){ 0 };
}

/* How often the item at @offset of the table was paid for. */
static uint64_t
times_paid (size_t offset, bool to_device, bool has_iommu, DmsSummaryRow *ret_row)
{
  DmsScenario scenario;
  uint64_t *item = NULL;
  Sum sum = { 0 };

  make_free_story (&scenario, to_device);
  scenario.devices[0].iommu = has_iommu;
  item = (uint64_t *)(void *)((char *)&scenario.cost + offset);
  *item = MORE_PS;
  sum = add_up (&scenario);
  *ret_row = sum.row;
  dms_scenario_release (&scenario);
  g_assert_cmpint (sum.end_ns % (MORE_PS / PS_PER_NS), ==, 0);
  return (uint64_t)sum.end_ns / (MORE_PS / PS_PER_NS);
}

/* ---- tests ---- */

static void
test_nothing_costs_nothing (void)
{
  DmsScenario scenario;

  make_free_story (&scenario, false);
  g_assert_cmpint (add_up (&scenario).end_ns, ==, 0);
  dms_scenario_release (&scenario);
}

static void
check_each_item (bool to_device)
{
  DmsSummaryRow row;

#define PAID(item) times_paid (offsetof (DmsCost, item), to_device, false, &row)
  g_assert_cmpuint (PAID (call_ps), ==, row.calls);
  g_assert_cmpuint (PAID (register_ps),
                    ==,
                    row.registers + row.given_back + row.mapped_pages
                        + row.bounced_pages);
  g_assert_cmpuint (PAID (copy_byte_ps), ==, row.copied_bytes);
  g_assert_cmpuint (row.copied_bytes, ==, 8192);
  g_assert_cmpuint (PAID (bus_byte_ps), ==, row.moved_bytes);
  g_assert_cmpuint (row.moved_bytes, ==, 20992);
  g_assert_cmpuint (PAID (burst_ps), ==, row.bursts);
  g_assert_cmpuint (PAID (register_write_ps), ==, row.register_writes);
  g_assert_cmpuint (PAID (interrupt_ps), ==, row.interrupts);
  g_assert_cmpuint (PAID (dpc_ps), ==, row.dpcs);
  g_assert_cmpuint (PAID (iotlb_miss_ps), ==, 0);
#undef PAID
}

static void
test_each_item_is_paid (void)
{
  check_each_item (false);
  check_each_item (true);
}

/* Each page is looked up once, when the device first comes to it. */
static void
test_translations_are_looked_up (void)
{
  DmsSummaryRow row;

  g_assert_cmpuint (
      times_paid (offsetof (DmsCost, iotlb_miss_ps), false, true, &row), ==, 6);
  g_assert_cmpuint (row.bounced_pages, ==, 0);
}

/* A cost without end makes the clock stand still and hurts nobody. */
static void
test_enormous_costs (void)
{
  DmsScenario scenario;

  fixture_story (&scenario, false);
  scenario.cost = (DmsCost){ UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
                             UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX };
  g_assert_cmpuint (add_up (&scenario).row.done, ==, 1);
  dms_scenario_release (&scenario);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/cost/nothing-costs-nothing", test_nothing_costs_nothing);
  g_test_add_func ("/cost/each-item-is-paid-as-often-as-it-happens",
                   test_each_item_is_paid);
  g_test_add_func ("/cost/translations-are-looked-up-once",
                   test_translations_are_looked_up);
  g_test_add_func ("/cost/enormous-costs-stop-the-clock", test_enormous_costs);
  return g_test_run ();
}
