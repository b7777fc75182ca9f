/* test-statement.c — which lines of C text one statement covers
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-statement.h"

#include "tests/lib/dms-test.h"

#include <string.h>

static const char source[] =                          /*  line */
    "#include \"wdm.h\"\n"                            /*  1 */
    "#define TWO(a) \\\n"                             /*  2 */
    "  do { a; a; } while (0)\n"                      /*  3 */
    "\n"                                              /*  4 */
    "/* a comment; with (a semicolon */\n"            /*  5 */
    "VOID StartIo(PDEVICE_OBJECT device,\n"           /*  6 */
    "             PIRP irp)\n"                        /*  7 */
    "{\n"                                             /*  8 */
    "    CARD *card = device->DeviceExtension;\n"     /*  9 */
    "    status = card->ops->GetScatterGatherList(\n" /* 10 */
    "        card->adapter, // ; not here\n"          /* 11 */
    "        \"a ; string (\",\n"                     /* 12 */
    "        ';');\n"                                 /* 13 */
    "    if (!NT_SUCCESS(status)\n"                   /* 14 */
    "        && irp)\n"                               /* 15 */
    "        FailRequest(device,\n"                   /* 16 */
    "                    irp);\n"                     /* 17 */
    "    for (ULONG i = 0; i < n; i++)\n"             /* 18 */
    "        Write(i);\n"                             /* 19 */
    "}\n";                                            /* 20 */

static void
assert_lines (unsigned line, unsigned first, unsigned last)
{
  unsigned got_first = 0, got_last = 0;

  dms_statement_lines (source, strlen (source), line, &got_first, &got_last);
  g_assert_cmpuint (got_first, ==, first);
  g_assert_cmpuint (got_last, ==, last);
}

static void
test_a_line_of_its_own (void)
{
  assert_lines (9, 9, 9);
  assert_lines (19, 19, 19);
}

static void
test_a_call_over_several_lines (void)
{
  for (unsigned line = 10; line <= 13; line++)
    assert_lines (line, 10, 13);
  assert_lines (16, 16, 17);
  assert_lines (17, 16, 17);
}

static void
test_a_head_is_not_its_body (void)
{
  assert_lines (14, 14, 15);
  assert_lines (15, 14, 15);
  assert_lines (18, 18, 18);
}

static void
test_the_head_of_a_function (void)
{
  assert_lines (6, 6, 8);
  assert_lines (20, 20, 20);
}

static void
test_lines_that_are_not_there (void)
{
  assert_lines (0, 0, 0);
  assert_lines (4000, 4000, 4000);
}

/* Any bytes and any line: the answer holds the line, and nothing is read beyond the
 * end. */
static void
test_any_text (void)
{
  static const char pieces[] = "(){};\"'/*\\#\nif a";
  DmsTestRandom random;

  dms_test_random_init (&random, 1);
  for (unsigned round = 0; round < 20000; round++)
    {
      size_t length = dms_test_random_below (&random, 60);
      char *text = g_malloc (length + 1);
      unsigned line = (unsigned)dms_test_random_range (&random, 1, 12);
      unsigned first, last;

      for (size_t i = 0; i < length; i++)
        text[i] = pieces[dms_test_random_below (&random, sizeof pieces - 1)];
      dms_statement_lines (text, length, line, &first, &last);
      g_assert_cmpuint (first, <=, line);
      g_assert_cmpuint (line, <=, last);
      g_free (text);
    }
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/gui/statement/a-line-of-its-own", test_a_line_of_its_own);
  g_test_add_func ("/gui/statement/a-call-over-several-lines",
                   test_a_call_over_several_lines);
  g_test_add_func ("/gui/statement/a-head-is-not-its-body",
                   test_a_head_is_not_its_body);
  g_test_add_func ("/gui/statement/the-head-of-a-function",
                   test_the_head_of_a_function);
  g_test_add_func ("/gui/statement/lines-that-are-not-there",
                   test_lines_that_are_not_there);
  g_test_add_func ("/gui/statement/any-text", test_any_text);
  return g_test_run ();
}
