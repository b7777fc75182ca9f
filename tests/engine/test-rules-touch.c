/* test-rules-touch.c — the rule about touching the buffer while the device has it
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/rules-run.h"
#include "tests/lib/dms-test.h"

#include <string.h>

static void
test_touch_stale (void)
{
  RulesRun *run = rules_run_new ();
  uint64_t read;
  uint64_t copied;
  g_autofree char *text = NULL;

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  /* Page 1 from its byte 16 on, and nothing of the others. */
  read = rules_run_touch (run, 1, 4096 - RULES_RUN_OFFSET + 16, 100, 0);
  g_assert_cmpuint (run->findings->len, ==, 0);
  rules_run_call_put (run, 1, DMS_FLAG_FROM_DEVICE);
  copied = rules_run_copy_back (run, 1, 1);
  g_assert_cmpuint (run->findings->len, ==, 1);
  rules_run_copy_back (run, 1, 2);
  rules_run_end_list (run, 1);
  rules_run_complete (run, 1);
  rules_run_finish (run);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpint (rules_run_finding (run, 0)->rule, ==, DMS_RULE_TOUCH_BEFORE_FLUSH);
  g_assert_cmpuint (rules_run_finding (run, 0)->seq, ==, read);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_seq, ==, copied);
  g_assert_cmpuint (rules_run_finding (run, 0)->line, ==, 70);
  text = rules_run_sentence (run, 0);
  g_assert_cmpstr (
      text,
      ==,
      "The driver read page 1 before PutScatterGatherList: it saw the old "
      "bytes. Step 12 is the read, step 14 is where the bytes arrived. Touch the "
      "buffer before it is mapped or after it is flushed, never between them.");
  rules_run_free (run);
}

/* A touch that begins in a page that has arrived names the stale page behind it. */
static void
test_touch_across (void)
{
  RulesRun *run = rules_run_new ();

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_touch (run, 1, 0, RULES_RUN_LENGTH, 0);
  rules_run_put (run, 1, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpuint (rules_run_finding (run, 0)->variant, ==, 0);
  g_assert_cmpuint (rules_run_finding (run, 0)->a, ==, 1);
  rules_run_free (run);
}

/* The page does not bounce, and the device has not written it yet: a burst brings it.
 */
static void
test_touch_before_burst (void)
{
  RulesRun *run = rules_run_new ();
  uint64_t burst;

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_touch (run, 1, 0, 4, 0);
  burst = rules_run_move_page (run, 1, 0, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_seq, ==, burst);
  rules_run_free (run);
}

static void
test_touch_lucky (void)
{
  RulesRun *run = rules_run_new ();
  uint64_t unmap;
  g_autofree char *text = NULL;

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_touch (run, 1, 0, 4, 0);
  rules_run_call_put (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_copy_back (run, 1, 1);
  rules_run_copy_back (run, 1, 2);
  unmap = rules_run_end_list (run, 1);
  g_assert_cmpuint (run->findings->len, ==, 1);
  g_assert_cmpuint (rules_run_finding (run, 0)->other_seq, ==, unmap);
  text = rules_run_sentence (run, 0);
  g_assert_nonnull (strstr (text, "it saw the new bytes by luck"));
  rules_run_free (run);
}

static void
test_touch_never_arrives (void)
{
  RulesRun *run = rules_run_new ();
  g_autofree char *text = NULL;

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_touch (run, 1, 8000, 4, 0);
  rules_run_finish (run);
  /* The list is still there, too, and the request. */
  g_assert_cmpuint (run->findings->len, ==, 3);
  text = rules_run_sentence (run, 0);
  g_assert_nonnull (strstr (text, "newer bytes never arrived there"));
  g_assert_cmpint (rules_run_finding (run, 1)->rule, ==, DMS_RULE_LIST_NEVER_PUT);
  rules_run_free (run);
}

static void
test_write_while_device_writes (void)
{
  RulesRun *run = rules_run_new ();
  g_autofree char *text = NULL;

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_touch (run, 1, 10, 4, DMS_FLAG_CPU_WRITES);
  rules_run_move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_put (run, 1, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 1);
  text = rules_run_sentence (run, 0);
  g_assert_nonnull (strstr (text,
                            "wrote 4 bytes from page 0 on while the device was to "
                            "write there"));
  rules_run_free (run);
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
      RulesRun *run = rules_run_new ();
      g_autofree char *text = NULL;

      rules_run_make_list (run, 1, DMS_FLAG_TO_DEVICE);
      if (cases[i].is_moved)
        rules_run_move_all (run, 1, DMS_FLAG_TO_DEVICE);
      rules_run_touch (run, 1, cases[i].start, 4, DMS_FLAG_CPU_WRITES);
      rules_run_put (run, 1, DMS_FLAG_TO_DEVICE);
      g_assert_cmpuint (run->findings->len, ==, 1);
      text = rules_run_sentence (run, 0);
      g_test_message ("%s", text);
      g_assert_nonnull (strstr (text, cases[i].words));
      rules_run_free (run);
    }
}

/* However often the driver does it, each time is told and memory stays bounded. */
static void
test_touch_often (void)
{
  RulesRun *run = rules_run_new ();

  rules_run_make_list (run, 1, DMS_FLAG_FROM_DEVICE);
  for (guint i = 0; i < 1000; i++)
    rules_run_touch (run, 1, 8000, 4, 0);
  g_assert_cmpuint (run->findings->len, ==, 1000 - DMS_RULES_PENDING_MAX);
  rules_run_move_all (run, 1, DMS_FLAG_FROM_DEVICE);
  rules_run_put (run, 1, DMS_FLAG_FROM_DEVICE);
  g_assert_cmpuint (run->findings->len, ==, 1000);
  rules_run_free (run);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/engine/rules-touch/stale-read-names-the-copy", test_touch_stale);
  g_test_add_func ("/engine/rules-touch/read-across-pages-names-the-stale-one",
                   test_touch_across);
  g_test_add_func ("/engine/rules-touch/early-read-names-the-burst",
                   test_touch_before_burst);
  g_test_add_func ("/engine/rules-touch/lucky-read-is-told-as-luck", test_touch_lucky);
  g_test_add_func ("/engine/rules-touch/read-of-what-never-arrives",
                   test_touch_never_arrives);
  g_test_add_func ("/engine/rules-touch/write-while-the-device-writes",
                   test_write_while_device_writes);
  g_test_add_func ("/engine/rules-touch/write-while-going-out", test_write_going_out);
  g_test_add_func ("/engine/rules-touch/each-touch-is-told", test_touch_often);
  return g_test_run ();
}
