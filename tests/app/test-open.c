/* test-open.c — files become traces: forms, limits, cancelling, what is left behind
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-open.h"
#include "data/lessons/dms-lessons.h"
#include "tests/lib/dms-test.h"

#include <glib/gstdio.h>
#include <string.h>

#define STORY "two-pages-out-of-reach"
#define FTRACE                                                                         \
  "# tracer: nop\n#\n"                                                                 \
  "    kworker/0:1-12      [000] d..1.    13.011706: dma_map_page: 0000:00:04.0 "      \
  "dir=FROM_DEVICE dma_addr=1a2b3000 size=4096 phys_addr=1a2b3000 attrs=0x0\n"

static char *
write_file (const char *folder, const char *name, const char *text, gssize length)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
  return path;
}

static DmsOpenRequest
story_request (void)
{
  return (DmsOpenRequest){ .text = dms_lesson_scenario (STORY), .name = STORY };
}

static guint
count_files (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  guint n = 0;

  g_assert_no_error (error);
  while (g_dir_read_name (dir))
    n++;
  return n;
}

/* ---- what a file is -------------------------------------------------------------- */

static void
test_content_decides (void)
{
  static const struct
  {
    const char *name;
    const char *text;
    DmsForm form;
  } cases[] = {
    { "a.txt", "  \n\t{ \"dmascope\": 1 }", DMS_FORM_SCENARIO },
    { "b", "\xef\xbb\xbf{}", DMS_FORM_SCENARIO },
    { "c.json", FTRACE, DMS_FORM_FTRACE_TEXT },
    { "d.json", "[]", DMS_FORM_SCENARIO },
    { "e.dmatrace", "nothing", DMS_FORM_TRACE },
    { "f.dmatrace", "{}", DMS_FORM_SCENARIO },
  };
  g_autoptr (DmsTestTempDir) folder = dms_test_temp_dir ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = write_file (folder, cases[i].name, cases[i].text, -1);
      g_autoptr (GError) error = NULL;
      DmsForm form = DMS_FORM_UNKNOWN;
      g_test_message ("%s", cases[i].name);
      g_assert_true (dms_open_recognize (path, &form, &error));
      g_assert_no_error (error);
      g_assert_cmpint (form, ==, cases[i].form);
    }
}

static void
test_unknown_content_is_refused (void)
{
  g_autoptr (DmsTestTempDir) folder = dms_test_temp_dir ();
  g_autofree char *path = write_file (folder, "letter", "Dear reader", -1);
  g_autoptr (GError) error = NULL;
  DmsForm form = DMS_FORM_TRACE;

  g_assert_false (dms_open_recognize (path, &form, &error));
  g_assert_error (error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_cmpint (form, ==, DMS_FORM_TRACE);
}

/* ---- opening --------------------------------------------------------------------- */

static void
test_lesson_is_opened_and_removed (void)
{
  DmsOpenRequest request = story_request ();
  g_autoptr (GError) error = NULL;
  DmsOpened *opened = dms_open (&request, NULL, &error);
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;

  g_assert_no_error (error);
  g_assert_true (dms_opened_is_temporary (opened));
  g_assert_cmpuint (dms_opened_result (opened)->n_events, >, 50);
  g_assert_cmpuint (dms_opened_result (opened)->n_events,
                    ==,
                    dms_player_n_events (dms_opened_player (opened)));
  g_assert_false (dms_opened_result (opened)->is_cut);
  path = g_strdup (dms_player_path (dms_opened_player (opened)));
  folder = g_path_get_dirname (path);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  dms_opened_free (opened);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

static void
test_source_travels_in_the_trace (void)
{
  DmsOpenRequest request = story_request ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsOpened) opened = dms_open (&request, NULL, &error);
  g_autofree char *source = NULL;

  g_assert_no_error (error);
  source = dms_player_source (dms_opened_player (opened), "packet-sg.c", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (source, ==, dms_driver_source ("packet-sg.c"));
}

static gboolean
take_file (const DmsEvent *event, const DmsState *state, gpointer user_data)
{
  GHashTable *files = user_data;

  (void)state;
  if (event->file != 0)
    g_hash_table_add (files, GUINT_TO_POINTER (event->file));
  return TRUE;
}

/* Before its first call a driver is shown as the file that is named first. */
static void
expect_driver_is_named_first (const DmsNames *names)
{
  guint32 id = 1;

  while (id <= dms_names_count (names)
         && dms_names_get (names, id)->kind != DMS_NAME_FILE)
    id++;
  g_assert_cmpuint (id, <=, dms_names_count (names));
  g_assert_true (g_str_has_suffix (dms_names_text (names, id), ".c"));
}

/* Wherever a statement of a lesson's drivers stands, it can be shown: also in the
 * miniports, and in what the drivers share. */
static void
test_every_statement_has_its_source (void)
{
  gsize n = 0;
  const DmsLesson *lessons = dms_lessons (&n);

  for (gsize i = 0; i < n; i++)
    {
      DmsOpenRequest request
          = { .text = dms_lesson_scenario (lessons[i].id), .name = lessons[i].id };
      g_autoptr (GError) error = NULL;
      g_autoptr (DmsOpened) opened = dms_open (&request, NULL, &error);
      g_autoptr (GHashTable) files = g_hash_table_new (NULL, NULL);
      DmsPlayer *player = dms_opened_player (opened);
      GHashTableIter iter;
      gpointer file;

      g_assert_no_error (error);
      g_assert_true (dms_player_each (
          player, 1, dms_player_n_events (player), NULL, take_file, files, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (g_hash_table_size (files), >, 0);
      expect_driver_is_named_first (dms_player_names (player));
      g_hash_table_iter_init (&iter, files);
      while (g_hash_table_iter_next (&iter, &file, NULL))
        {
          const char *name
              = dms_names_text (dms_player_names (player), GPOINTER_TO_UINT (file));
          g_autofree char *source = dms_player_source (player, name, &error);

          g_assert_no_error (error);
          if (!source)
            g_test_message ("%s: %s", lessons[i].id, name);
          g_assert_nonnull (source);
          g_assert_cmpstr (source, ==, dms_driver_source (name));
        }
    }
}

static void
test_trace_is_opened_where_it_is (void)
{
  g_autoptr (DmsTestTempDir) folder = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (folder, "story.dmatrace", NULL);
  DmsOpenRequest request = story_request ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsOpened) opened = NULL;

  g_assert_true (dms_open_record (&request, path, FALSE, NULL, NULL, &error));
  g_assert_no_error (error);
  request = (DmsOpenRequest){ .path = path };
  opened = dms_open (&request, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (dms_opened_is_temporary (opened));
  g_assert_cmpint (dms_opened_result (opened)->form, ==, DMS_FORM_TRACE);
  g_assert_cmpstr (dms_player_path (dms_opened_player (opened)), ==, path);
}

static void
test_budget_cuts_exactly (void)
{
  for (guint64 max = 1; max < 60; max += 7)
    {
      DmsOpenRequest request = story_request ();
      g_autoptr (GError) error = NULL;
      g_autoptr (DmsOpened) opened = NULL;

      request.max_events = max;
      opened = dms_open (&request, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (dms_player_n_events (dms_opened_player (opened)), ==, max);
      g_assert_true (dms_opened_result (opened)->is_cut);
    }
}

static void
test_budget_of_the_whole_run_cuts_nothing (void)
{
  DmsOpenRequest request = story_request ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsOpened) whole = dms_open (&request, NULL, &error);
  g_autoptr (DmsOpened) again = NULL;

  g_assert_no_error (error);
  request.max_events = dms_opened_result (whole)->n_events;
  again = dms_open (&request, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (dms_opened_result (again)->is_cut);
}

/* ---- progress and cancelling ----------------------------------------------------- */

typedef struct
{
  GCancellable *cancellable; /* cancelled at the first progress, or NULL */
  guint n_progress;
  guint n_unread;
  guint64 unread_number;
} Watch;

static void
progress_cb (double share, guint64 n_events, gpointer data)
{
  Watch *watch = data;

  g_assert_cmpfloat (share, <=, 1);
  g_assert_cmpuint (n_events, <, G_MAXUINT64);
  watch->n_progress++;
  if (watch->cancellable)
    g_cancellable_cancel (watch->cancellable);
}

static void
unread_cb (guint64 number, const char *line, const char *reason, gpointer data)
{
  Watch *watch = data;

  g_assert_nonnull (line);
  g_assert_nonnull (reason);
  watch->n_unread++;
  watch->unread_number = number;
}

static void
test_cancelling_leaves_nothing (void)
{
  g_autoptr (DmsTestTempDir) folder = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (folder, "long.dmatrace", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  static const char *const overrides[]
      = { "requests[0].count=1000000", "requests[0].every_ns=100000", NULL };
  DmsOpenRequest request = story_request ();
  Watch watch = { .cancellable = cancellable };
  g_autoptr (GError) error = NULL;

  request.overrides = overrides;
  request.progress = progress_cb;
  request.data = &watch;
  g_assert_false (dms_open_record (&request, path, FALSE, NULL, cancellable, &error));
  g_assert_error (error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_CANCELLED);
  g_assert_cmpuint (watch.n_progress, ==, 1);
  g_assert_cmpuint (count_files (folder), ==, 0);
}

static void
test_cancelled_before_it_begins (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  DmsOpenRequest request = story_request ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (dms_open (&request, cancellable, &error));
  g_assert_error (error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_CANCELLED);
}

static void
test_unread_lines_are_told_and_kept (void)
{
  g_autoptr (DmsTestTempDir) folder = dms_test_temp_dir ();
  g_autofree char *path = write_file (folder, "trace", FTRACE "no event at all\n", -1);
  Watch watch = { 0 };
  DmsOpenRequest request = { .path = path, .unread = unread_cb, .data = &watch };
  g_autoptr (GError) error = NULL;
  g_autoptr (DmsOpened) opened = dms_open (&request, NULL, &error);
  const DmsOpenResult *result;
  g_autoptr (GPtrArray) kept = NULL;

  g_assert_no_error (error);
  result = dms_opened_result (opened);
  g_assert_cmpuint (watch.n_unread, ==, 1);
  g_assert_cmpuint (watch.unread_number, ==, 4);
  g_assert_cmpuint (result->tally.lines, ==, 4);
  g_assert_cmpuint (result->tally.events, ==, 1);
  g_assert_cmpuint (result->tally.unread, ==, 1);
  kept = dms_player_unread (dms_opened_player (opened), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kept->len, ==, 1);
  g_assert_cmpstr (
      ((DmsUnreadLine *)g_ptr_array_index (kept, 0))->line, ==, "no event at all");
}

/* ---- where it goes --------------------------------------------------------------- */

static void
test_existing_file_stays_without_replace (void)
{
  g_autoptr (DmsTestTempDir) folder = dms_test_temp_dir ();
  g_autofree char *path = write_file (folder, "mine.dmatrace", "mine", -1);
  DmsOpenRequest request = story_request ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_false (dms_open_record (&request, path, FALSE, NULL, NULL, &error));
  g_assert_error (error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_OUTPUT);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
}

static void
test_missing_folder_is_named (void)
{
  DmsOpenRequest request = story_request ();
  g_autoptr (GError) error = NULL;

  g_assert_false (dms_open_record (
      &request, "/no-such-folder/x.dmatrace", TRUE, NULL, NULL, &error));
  g_assert_error (error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_OUTPUT);
  g_assert_nonnull (strstr (error->message, "/no-such-folder/x.dmatrace"));
}

static void
test_positions_to_stop_at (void)
{
  static const struct
  {
    const char *text;
    DmsUntilKind kind;
    gint64 value;
  } cases[] = {
    { "0", DMS_UNTIL_EVENT, 0 },
    { "17", DMS_UNTIL_EVENT, 17 },
    { "step:21", DMS_UNTIL_STEP, 21 },
    { "0.000013s", DMS_UNTIL_TIME, 13000 },
    { "13.011706s", DMS_UNTIL_TIME, G_GINT64_CONSTANT (13011706000) },
    { "2s", DMS_UNTIL_TIME, G_GINT64_CONSTANT (2000000000) },
    { "0.000000001s", DMS_UNTIL_TIME, 1 },
  };
  static const char *const wrong[] = { "",
                                       "x",
                                       "-1",
                                       "50%",
                                       "step:",
                                       "step:-1",
                                       "1.5",
                                       "1.5m",
                                       "1.s5",
                                       "s",
                                       ".5s",
                                       "+3",
                                       " 3",
                                       "99999999999999999999",
                                       "99999999999999999999s",
                                       "0.0000000001s" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      DmsUntil until = { 0 };
      g_assert_true (dms_until_parse (cases[i].text, &until, &error));
      g_assert_cmpint (until.kind, ==, cases[i].kind);
      g_assert_cmpint (until.value, ==, cases[i].value);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      DmsUntil until = { 0 };
      g_test_message ("\"%s\"", wrong[i]);
      g_assert_false (dms_until_parse (wrong[i], &until, &error));
      g_assert_error (error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_INPUT);
    }
}

static void
test_messages_name_what_was_opened (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *place = dms_open_make_place ("folder/story.json", &error);
  g_autofree char *said = g_strdup_printf ("%s: there is no event 9", place);
  g_autofree char *readable = dms_open_readable_message (said);
  g_autofree char *other = dms_open_readable_message ("/tmp/x.dmatrace: cut");

  g_assert_no_error (error);
  g_assert_cmpstr (readable, ==, "story.json: there is no event 9");
  g_assert_cmpstr (other, ==, "/tmp/x.dmatrace: cut");
  dms_open_remove_place (place);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/app/open/content-decides-what-a-file-is", test_content_decides);
  g_test_add_func ("/app/open/unknown-content-is-refused",
                   test_unknown_content_is_refused);
  g_test_add_func ("/app/open/lesson-is-opened-and-its-trace-removed",
                   test_lesson_is_opened_and_removed);
  g_test_add_func ("/app/open/source-travels-in-the-trace",
                   test_source_travels_in_the_trace);
  g_test_add_func ("/open/every-statement-has-its-source",
                   test_every_statement_has_its_source);
  g_test_add_func ("/app/open/trace-is-opened-where-it-is",
                   test_trace_is_opened_where_it_is);
  g_test_add_func ("/app/open/budget-cuts-exactly", test_budget_cuts_exactly);
  g_test_add_func ("/app/open/budget-of-the-whole-run-cuts-nothing",
                   test_budget_of_the_whole_run_cuts_nothing);
  g_test_add_func ("/app/open/cancelling-leaves-nothing",
                   test_cancelling_leaves_nothing);
  g_test_add_func ("/app/open/cancelled-before-it-begins",
                   test_cancelled_before_it_begins);
  g_test_add_func ("/app/open/unread-lines-are-told-and-kept",
                   test_unread_lines_are_told_and_kept);
  g_test_add_func ("/app/open/existing-file-stays-without-replace",
                   test_existing_file_stays_without_replace);
  g_test_add_func ("/app/open/missing-folder-is-named", test_missing_folder_is_named);
  g_test_add_func ("/app/open/messages-name-what-was-opened",
                   test_messages_name_what_was_opened);
  g_test_add_func ("/app/open/positions-to-stop-at", test_positions_to_stop_at);
  return g_test_run ();
}
