/* test-summary.c — what a run adds up to, against counting by hand
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-summary.h"
#include "tests/engine/simulation-fixture.h"
#include "tests/lib/dms-test.h"

/* ---- helpers ---- */

static DmsSummary *
summarize (const FixtureRun *run)
{
  DmsSummary *summary = dms_summary_new ();

  g_assert_nonnull (summary);
  for (guint i = 0; i < run->events->len; i++)
    g_assert_cmpint (
        dms_summary_apply (summary, &g_array_index (run->events, DmsEvent, i)),
        ==,
        DMS_OK);
  return summary;
}

static guint64
sum_of_lengths (const FixtureRun *run, DmsEventKind kind)
{
  guint64 sum = 0;

  for (guint i = 0; i < run->events->len; i++)
    {
      const DmsEvent *event = &g_array_index (run->events, DmsEvent, i);

      sum += event->kind == kind ? event->length : 0;
    }
  return sum;
}

static void
apply (DmsSummary *summary, DmsEvent event)
{
  g_assert_cmpint (dms_summary_apply (summary, &event), ==, DMS_OK);
}

/* ---- runs ---- */

static void
test_story (void)
{
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, false);
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  DmsSummary *summary = summarize (&run);
  const DmsSummaryRow *row = dms_summary_device (summary, 0);
  const DmsSummaryRow *total = dms_summary_total (summary);
  const DmsEvent *request = fixture_find (&run, DMS_EVENT_REQUEST, 0);
  const DmsEvent *complete = fixture_find (&run, DMS_EVENT_COMPLETE, 0);

  g_assert_cmpuint (row->requests, ==, 1);
  g_assert_cmpuint (row->done, ==, 1);
  g_assert_cmpuint (row->failed, ==, 0);
  g_assert_cmpint (row->first_ns, ==, request->t_ns);
  g_assert_cmpint (row->last_ns, ==, complete->t_ns);
  g_assert_cmpuint (row->busy_ns, ==, (guint64)(complete->t_ns - request->t_ns));
  g_assert_cmpuint (row->moved_bytes, ==, 20992);
  g_assert_cmpuint (row->copied_bytes, ==, 8192);
  g_assert_cmpuint (row->bounced_pages, ==, 2);
  g_assert_cmpuint (row->mapped_pages, ==, 4);
  g_assert_cmpuint (row->registers, ==, 6);
  g_assert_cmpuint (row->mappings, ==, 1);
  g_assert_cmpuint (row->interrupts, ==, 1);
  g_assert_cmpuint (row->waits, ==, 0);
  g_assert_cmpuint (row->bursts, ==, fixture_count (&run, DMS_EVENT_BURST));
  g_assert_cmpuint (
      row->register_writes, ==, fixture_count (&run, DMS_EVENT_REGISTER_WRITE));
  g_assert_cmpuint (
      total->calls + total->callbacks, ==, fixture_count (&run, DMS_EVENT_CALL));
  g_assert_cmpuint (total->device, ==, 0);
  g_assert_null (dms_summary_device (summary, 1));
  dms_summary_free (summary);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* Two devices, one pool: the second one waits exactly as long as its events say. */
static void
test_waits (void)
{
  static const uint64_t other[] = { 0x9000, 0x9002, 0x9004, 0x9006 };
  DmsScenario scenario;
  FixtureRun run;

  fixture_story (&scenario, true);
  scenario.map_registers = 8;
  fixture_add_device (&scenario, "card1", 32);
  fixture_add_mdl (fixture_add_buffer (&scenario, "other"), 0, 16384, other);
  fixture_add_request (&scenario, 1, 1, false, 16384)->at_ns = 1000;
  fixture_run_init (&run);

  DmsSimulation *simulation = fixture_run (&run, &scenario);
  DmsSummary *summary = summarize (&run);
  const DmsSummaryRow *total = dms_summary_total (summary);
  const DmsSummaryRow *second = dms_summary_device (summary, 1);

  g_assert_cmpuint (total->requests, ==, 2);
  g_assert_cmpuint (total->done, ==, 2);
  g_assert_cmpuint (dms_summary_device (summary, 0)->waits, ==, 0);
  g_assert_cmpuint (second->waits, ==, 1);
  g_assert_cmpuint (second->waited_ns,
                    ==,
                    (guint64)(fixture_find (&run, DMS_EVENT_GRANT, 1)->t_ns
                              - fixture_find (&run, DMS_EVENT_WAIT, 0)->t_ns));
  g_assert_cmpuint (total->waited_ns, ==, second->waited_ns);
  g_assert_cmpuint (total->moved_bytes, ==, sum_of_lengths (&run, DMS_EVENT_BURST));
  g_assert_cmpuint (total->copied_bytes, ==, sum_of_lengths (&run, DMS_EVENT_COPY));
  dms_summary_free (summary);
  dms_simulation_free (simulation);
  fixture_run_release (&run);
  dms_scenario_release (&scenario);
}

/* ---- events by hand ---- */

static void
test_requests_that_overlap (void)
{
  DmsSummary *summary = dms_summary_new ();
  const DmsSummaryRow *row = NULL;

#define AT(t, event_kind, id, ...)                                                     \
  apply (summary,                                                                      \
         (DmsEvent){ .kind = event_kind,                                               \
                     .t_ns = (t),                                                      \
                     .device = 3,                                                      \
                     .transfer = (id),                                                 \
                     __VA_ARGS__ })
  AT (10, DMS_EVENT_REQUEST, 1, .length = 1);
  AT (20, DMS_EVENT_REQUEST, 2, .length = 1);
  AT (30, DMS_EVENT_COMPLETE, 1, .status = DMS_NT_SUCCESS);
  AT (50, DMS_EVENT_COMPLETE, 2, .status = DMS_NT_CANCELLED);
  AT (60, DMS_EVENT_COMPLETE, 2, .status = DMS_NT_SUCCESS); /* counted before */
  AT (90, DMS_EVENT_REQUEST, 3, .length = 1);
  AT (95, DMS_EVENT_COMPLETE, 3, .status = DMS_NT_UNSUCCESSFUL);
  AT (99, DMS_EVENT_REQUEST, 4, .length = 1);
  row = dms_summary_device (summary, 0);
  g_assert_cmpuint (row->device, ==, 3);
  g_assert_cmpuint (row->requests, ==, 4);
  g_assert_cmpuint (row->done, ==, 1);
  g_assert_cmpuint (row->cancelled, ==, 1);
  g_assert_cmpuint (row->failed, ==, 1);
  g_assert_cmpuint (row->busy_ns, ==, 40 + 5);
  g_assert_cmpint (row->first_ns, ==, 10);
  g_assert_cmpint (row->last_ns, ==, 95);
#undef AT
  dms_summary_free (summary);
}

/* Whatever comes, in whatever order, nothing breaks and sums stay at their end. */
static void
test_nonsense (void)
{
  DmsSummary *summary = dms_summary_new ();

  for (guint i = 0; i < 2; i++)
    apply (summary,
           (DmsEvent){ .kind = DMS_EVENT_COPY, .device = 1, .length = UINT64_MAX });
  apply (summary, (DmsEvent){ .kind = DMS_EVENT_COMPLETE, .transfer = 9 });
  apply (summary, (DmsEvent){ .kind = DMS_EVENT_CANCEL, .object = 9 });
  apply (summary, (DmsEvent){ .kind = DMS_EVENT_WAIT, .object = 5, .t_ns = INT64_MAX });
  apply (summary,
         (DmsEvent){ .kind = DMS_EVENT_GRANT, .object = 5, .t_ns = INT64_MIN });
  apply (summary, (DmsEvent){ .kind = DMS_EVENT_WAIT, .object = 5, .t_ns = INT64_MIN });
  apply (summary,
         (DmsEvent){ .kind = DMS_EVENT_GRANT, .object = 5, .t_ns = INT64_MAX });
  apply (summary, (DmsEvent){ .kind = 60000 });
  g_assert_cmpuint (dms_summary_total (summary)->copied_bytes, ==, UINT64_MAX);
  g_assert_cmpuint (dms_summary_device (summary, 0)->copied_bytes, ==, UINT64_MAX);
  g_assert_cmpuint (dms_summary_total (summary)->waits, ==, 2);
  g_assert_cmpuint (dms_summary_total (summary)->waited_ns, ==, UINT64_MAX);
  dms_summary_free (summary);
  dms_summary_free (NULL);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/summary/story", test_story);
  g_test_add_func ("/summary/waits", test_waits);
  g_test_add_func ("/summary/requests-that-overlap", test_requests_that_overlap);
  g_test_add_func ("/summary/nonsense", test_nonsense);
  return g_test_run ();
}
