/* test-import.c — texts of ftrace, whole files: every line ends up where it belongs
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/import/dms-import.h"
#include "engine/core/dms-state.h"
#include "tests/lib/dms-test.h"

#include <glib/gstdio.h>
#include <string.h>

#define TRACES "../../shared/traces/"

/* Takes what an import gives: names, events, unread lines. */
typedef struct
{
  DmsNames *names;
  DmsState *state; /* the events must fold */
  DmsBytes text;   /* a line for each event and unread line */
  guint64 counts[DMS_EVENT_KIND_MAX + 1];
  guint64 n_events;
  guint64 fail_at; /* the sink fails at this event; 0 = never */
  guint64 n_unread;
  guint64 unread_max;
  gint64 last_t_ns;
  guint64 last_object;
  gboolean is_in_order;
  gboolean is_by_pid; /* addresses are pids, to be compared with the tasks' */
  double progress;
  GCancellable *cancel_at_progress;
} Catcher;

static DmsStatus
catch_name (void *data, const DmsName *name)
{
  Catcher *catcher = data;
  return dms_names_add (catcher->names, name);
}

static DmsStatus
catch_event (void *data, const DmsEvent *event)
{
  Catcher *catcher = data;

  if (++catcher->n_events == catcher->fail_at)
    return DMS_ERROR_SINK;
  g_assert_cmpint (dms_event_check (event), ==, DMS_OK);
  g_assert_cmpuint (event->seq, ==, catcher->n_events);
  g_assert_cmpuint (event->step, ==, event->seq);
  g_assert_cmpint (dms_state_apply (catcher->state, event), ==, DMS_OK);
  if (event->t_ns < catcher->last_t_ns)
    catcher->is_in_order = FALSE;
  catcher->last_t_ns = event->t_ns;
  if (event->kind == DMS_EVENT_MAP || event->kind == DMS_EVENT_ALLOC)
    g_assert_cmpuint (event->object, ==, ++catcher->last_object);
  if (catcher->is_by_pid)
    g_assert_cmpint (
        dms_names_get (catcher->names, event->task)->number, ==, (gint64)event->a);
  catcher->counts[event->kind]++;
  dms_event_append_dump (&catcher->text, event, catcher->names);
  dms_bytes_append_byte (&catcher->text, '\n');
  return DMS_OK;
}

static gboolean
catch_unread (guint64 number, const char *line, const char *reason, gpointer data)
{
  Catcher *catcher = data;

  catcher->n_unread++;
  g_assert_true (g_utf8_validate (line, -1, NULL));
  dms_bytes_printf (
      &catcher->text, "unread %u: %s\n  because %s\n", (unsigned)number, line, reason);
  return catcher->n_unread != catcher->unread_max;
}

static void
catch_progress (double share, gpointer data)
{
  Catcher *catcher = data;

  g_assert_cmpfloat (share, >=, catcher->progress);
  g_assert_cmpfloat (share, <=, 1.0);
  catcher->progress = share;
  g_cancellable_cancel (catcher->cancel_at_progress);
}

static Catcher *
catcher_new (void)
{
  Catcher *catcher = g_new0 (Catcher, 1);
  catcher->names = dms_names_new ();
  catcher->state = dms_state_new ();
  catcher->is_in_order = TRUE;
  return catcher;
}

static void
catcher_free (Catcher *catcher)
{
  dms_names_free (catcher->names);
  dms_state_free (catcher->state);
  dms_bytes_release (&catcher->text);
  g_free (catcher);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Catcher, catcher_free)

static void
info_clear (DmsRunInfo *info)
{
  g_free (info->title);
  g_free (info->origin);
  g_free (info->system);
  g_free (info->clock);
  g_free (info->notes);
  *info = (DmsRunInfo){ 0 };
}

static gboolean
import_to (Catcher *catcher,
           const char *path,
           DmsRunInfo *info,
           DmsImportTally *tally,
           GError **error)
{
  DmsImportTarget target = {
    .sink = { .event = catch_event, .name = catch_name, .data = catcher },
    .unread = catch_unread,
    .progress = catch_progress,
    .data = catcher,
  };
  return dms_import_ftrace_text (
      path, &target, info, tally, catcher->cancel_at_progress, error);
}

static void
assert_tally (const DmsImportTally *tally, guint64 n_unread)
{
  g_assert_cmpuint (tally->unread, ==, n_unread);
  g_assert_cmpuint (tally->lines,
                    ==,
                    tally->heads + tally->events + tally->others + tally->details
                        + tally->blank + tally->unread);
}

static void
append_facts (Catcher *catcher, const DmsRunInfo *info, const DmsImportTally *tally)
{
  dms_bytes_printf (&catcher->text,
                    "lines %u: heads %u, events %u, others %u, details %u, blank %u, "
                    "unread %u\n",
                    (unsigned)tally->lines,
                    (unsigned)tally->heads,
                    (unsigned)tally->events,
                    (unsigned)tally->others,
                    (unsigned)tally->details,
                    (unsigned)tally->blank,
                    (unsigned)tally->unread);
  dms_bytes_printf (&catcher->text,
                    "origin %s, system %s, resolution %d ns\n",
                    info->origin,
                    info->system == NULL ? "not known" : info->system,
                    (int)info->resolution_ns);
  if (info->notes != NULL)
    dms_bytes_printf (&catcher->text, "%s\n", info->notes);
}

/* ---- fixtures against golden files
 * --------------------------------------------------- */

static void
test_golden (gconstpointer data)
{
  const char *name = data;
  g_autofree char *fixture = g_strdup_printf ("fixtures/ftrace/%s.txt", name);
  g_autofree char *golden = g_strdup_printf ("ftrace/%s.events", name);
  g_autofree char *path = dms_test_source_path (fixture);
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };
  DmsImportTally tally = { 0 };

  g_assert_true (import_to (catcher, path, &info, &tally, &error));
  g_assert_no_error (error);
  assert_tally (&tally, catcher->n_unread);
  g_assert_cmpint (info.kind, ==, DMS_SOURCE_FTRACE_TEXT);
  g_assert_cmpuint (info.read_lines + info.unread_lines, ==, tally.lines);
  g_assert_cmpuint (catcher->n_events, ==, tally.events + tally.others);
  g_assert_true (catcher->is_in_order);
  append_facts (catcher, &info, &tally);
  dms_test_golden (golden, dms_bytes_text (&catcher->text));
  info_clear (&info);
}

/* ---- recordings, when they are there
 * --------------------------------------------------- */

/* Lines of @text that hold @word; all of its line ends for "\n". */
static guint64
count_lines (const char *text, const char *word)
{
  guint64 n = 0;
  const char *at = strstr (text, word);

  while (at != NULL)
    {
      const char *end = strchr (at, '\n');
      n++;
      at = end == NULL ? NULL : strstr (end + 1, word);
    }
  return n;
}

static guint64
count_all (const char *text, const char *const *words)
{
  guint64 n = 0;
  for (; *words != NULL; words++)
    n += count_lines (text, *words);
  return n;
}

static void
assert_counts (const Catcher *catcher, const char *text)
{
  static const char *const maps[]
      = { ": dma_map_page: ", ": dma_map_phys: ", ": dma_map_sg: ", NULL };
  static const char *const unmaps[]
      = { ": dma_unmap_page: ", ": dma_unmap_phys: ", ": dma_unmap_sg: ", NULL };
  const guint64 *counts = catcher->counts;

  g_assert_cmpuint (counts[DMS_EVENT_MAP], ==, count_all (text, maps));
  g_assert_cmpuint (counts[DMS_EVENT_UNMAP], ==, count_all (text, unmaps));
  g_assert_cmpuint (counts[DMS_EVENT_ALLOC], ==, count_lines (text, ": dma_alloc: "));
  g_assert_cmpuint (
      counts[DMS_EVENT_BOUNCE], ==, count_lines (text, ": swiotlb_bounced: "));
  g_assert_cmpuint (
      counts[DMS_EVENT_IOMMU_MAP], ==, count_lines (text, ": map: IOMMU: "));
  g_assert_cmpuint (
      counts[DMS_EVENT_IOMMU_UNMAP], ==, count_lines (text, ": unmap: IOMMU: "));
  g_assert_cmpuint (counts[DMS_EVENT_OTHER], ==, 0);
}

static void
test_recording (gconstpointer data)
{
  const char *name = data;
  g_autofree char *relative = g_strconcat (TRACES, name, NULL);
  g_autofree char *path = dms_test_source_path (relative);
  g_autofree char *text = NULL;
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };
  DmsImportTally tally = { 0 };

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_test_skip ("the recordings are not here");
      return;
    }
  g_assert_true (import_to (catcher, path, &info, &tally, &error));
  g_assert_no_error (error);
  assert_tally (&tally, 0);
  g_assert_true (catcher->is_in_order);
  g_assert_cmpuint (catcher->state->oddities, ==, 0);
  g_assert_cmpuint (tally.lines, ==, count_lines (text, "\n"));
  assert_counts (catcher, text);
  info_clear (&info);
}

/* The pool is forced on in this recording: each mapping says that all of it is bounced.
 */
static void
test_bounced_recording (void)
{
  g_autofree char *path = dms_test_source_path (TRACES "bounce-6.12.95.ftrace.txt");
  g_autoptr (Catcher) catcher = catcher_new ();
  DmsRunInfo info = { 0 };
  const char *text;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the recordings are not here");
      return;
    }
  g_assert_true (import_to (catcher, path, &info, NULL, NULL));
  text = dms_bytes_text (&catcher->text);
  g_assert_cmpuint (
      count_lines (text, "|ALL_BOUNCED"), ==, catcher->counts[DMS_EVENT_MAP]);
  info_clear (&info);
}

/* ---- what goes wrong
 * ---------------------------------------------------------------------- */

/* Imports @length bytes of @text as a file. */
static gboolean
import_text (Catcher *catcher,
             const char *text,
             gssize length,
             DmsRunInfo *info,
             DmsImportTally *tally,
             GError **error)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "given.txt", NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  return import_to (catcher, path, info, tally, error);
}

static void
assert_refused (const char *text, gssize length, const char *said)
{
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };

  g_assert_false (import_text (catcher, text, length, &info, NULL, &error));
  g_assert_error (error, DMS_IMPORT_ERROR, DMS_IMPORT_ERROR_FORMAT);
  g_assert_cmpuint (catcher->n_events, ==, 0);
  g_assert_cmpuint (catcher->n_unread, ==, 0);
  if (strstr (error->message, said) == NULL || strstr (error->message, "needed") == NULL
      || !g_str_has_prefix (error->message, "given.txt ")
      || strchr (error->message, '\n') != NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, said);
  g_assert_null (info.title);
}

static void
test_no_ftrace (void)
{
  assert_refused ("", 0, "it is empty");
  assert_refused ("Dear diary,\nnothing was mapped today.\n", -1, "no ftrace text");
  assert_refused ("{ \"dmascope\": 1 }\n", -1, "no ftrace text");
  assert_refused ("\x17\x08\x44tracing6", -1, "a binary file of trace-cmd");
  assert_refused ("PERFILE2", -1, "a binary file of perf");
  assert_refused ("SQLite format 3", 16, "a database");
  assert_refused ("  dd 270 [001] 23.730867: dma:dma_map_page: x dir=NONE\n",
                  -1,
                  "the output of perf");
  assert_refused ("# tracer: nop\n#\n", -1, "without an event");
}

static void
test_cannot_open (void)
{
  g_autoptr (DmsTestTempDir) dir = dms_test_temp_dir ();
  g_autofree char *path = g_build_filename (dir, "not-there.txt", NULL);
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };

  g_assert_false (import_to (catcher, path, &info, NULL, &error));
  g_assert_error (error, DMS_IMPORT_ERROR, DMS_IMPORT_ERROR_OPEN);
  g_assert_true (g_str_has_prefix (error->message, "not-there.txt cannot be read: "));
  g_clear_error (&error);
  g_assert_false (import_to (catcher, dir, &info, NULL, &error));
  g_assert_error (error, DMS_IMPORT_ERROR, DMS_IMPORT_ERROR_OPEN);
}

#define HEAD(cpu, time) "              dd-9       [00" cpu "] .....     " time ": "
#define UNMAP                                                                          \
  "dma_unmap_page: 0000:00:03.0 dir=TO_DEVICE dma_addr=1000 size=512 attrs=\n"

static void
test_sink_fails (void)
{
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };

  catcher->fail_at = 2;
  g_assert_false (import_text (catcher,
                               HEAD ("0", "1.000001") UNMAP HEAD ("0", "1.000002")
                                   UNMAP HEAD ("0", "1.000003") UNMAP,
                               -1,
                               &info,
                               NULL,
                               &error));
  g_assert_error (error, DMS_IMPORT_ERROR, DMS_IMPORT_ERROR_SINK);
  g_assert_cmpuint (catcher->n_events, ==, 2);
}

static void
test_given_up (void)
{
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };

  catcher->unread_max = 2;
  g_assert_false (import_text (catcher,
                               HEAD ("0", "1.000001") UNMAP "one\ntwo\nthree\n",
                               -1,
                               &info,
                               NULL,
                               &error));
  g_assert_error (error, DMS_IMPORT_ERROR, DMS_IMPORT_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "line 3"));
  g_assert_cmpuint (catcher->n_unread, ==, 2);
}

/* ---- long texts
 * ----------------------------------------------------------------------------- */

static GString *
make_lines (guint n)
{
  GString *text = g_string_new ("# tracer: nop\n");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text,
                            "              dd-9       [000] ..... %u.%06u: " UNMAP,
                            i / 1000,
                            i % 1000);
  return text;
}

static void
test_cancelled (void)
{
  GString *text = make_lines (40000);
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };

  catcher->cancel_at_progress = cancellable;
  g_assert_false (
      import_text (catcher, text->str, (gssize)text->len, &info, NULL, &error));
  g_assert_error (error, DMS_IMPORT_ERROR, DMS_IMPORT_ERROR_CANCELLED);
  g_assert_cmpuint (catcher->n_events, <, 40000);
  g_assert_cmpfloat (catcher->progress, <, 1.0);
  g_string_free (text, TRUE);
}

static void
test_progress (void)
{
  GString *text = make_lines (40000);
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };
  DmsImportTally tally = { 0 };

  g_assert_true (
      import_text (catcher, text->str, (gssize)text->len, &info, &tally, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (catcher->n_events, ==, 40000);
  g_assert_cmpuint (tally.lines, ==, 40001);
  g_assert_cmpfloat (catcher->progress, ==, 1.0);
  info_clear (&info);
  g_string_free (text, TRUE);
}

/* A line beyond the bound is one unread line, and the next one is read again; one that
 * is just as long as the bound is read. */
static void
test_long_line (gconstpointer data)
{
  gsize length = GPOINTER_TO_SIZE (data);
  gboolean is_too_long = length > 1024 * 1024;
  const char *head = HEAD ("0", "1.000001") "mark: ";
  GString *text = g_string_new (head);
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };
  DmsImportTally tally = { 0 };

  while (text->len < length)
    g_string_append_c (text, 'x');
  g_string_append (text, "\n" HEAD ("0", "1.000002") UNMAP);
  g_assert_true (
      import_text (catcher, text->str, (gssize)text->len, &info, &tally, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (tally.lines, ==, 2);
  g_assert_cmpuint (tally.unread, ==, is_too_long ? 1 : 0);
  g_assert_cmpuint (tally.others, ==, is_too_long ? 0 : 1);
  g_assert_cmpuint (tally.events, ==, 1);
  info_clear (&info);
  g_string_free (text, TRUE);
}

/* The same at the end of a file that does not end with a line end. */
static void
test_long_last_line (void)
{
  GString *text = g_string_new (HEAD ("0", "1.000002") UNMAP);
  g_autoptr (Catcher) catcher = catcher_new ();
  DmsRunInfo info = { 0 };
  DmsImportTally tally = { 0 };

  for (gsize i = 0; i < 1024 * 1024 + 1; i++)
    g_string_append_c (text, '#');
  g_assert_true (
      import_text (catcher, text->str, (gssize)text->len, &info, &tally, NULL));
  g_assert_cmpuint (tally.lines, ==, 2);
  g_assert_cmpuint (tally.unread, ==, 1);
  info_clear (&info);
  g_string_free (text, TRUE);
}

/* ---- names
 * ---------------------------------------------------------------------------- */

/* Many tasks of one name: each event has its own. */
static void
test_many_tasks (void)
{
  GString *text = g_string_new ("# tracer: nop\n");
  g_autoptr (Catcher) catcher = catcher_new ();
  DmsTestRandom random;
  DmsRunInfo info = { 0 };

  dms_test_random_init (&random, 2);
  for (guint i = 0; i < 5000; i++)
    {
      guint pid = (guint)dms_test_random_range (&random, 1, 4000);
      g_string_append_printf (text,
                              "  dd-%u [000] ..... %u.%06u: dma_unmap_page: x "
                              "dir=TO_DEVICE dma_addr=%x size=512 attrs=\n",
                              pid,
                              i / 1000,
                              i % 1000,
                              pid);
    }
  catcher->is_by_pid = TRUE;
  g_assert_true (
      import_text (catcher, text->str, (gssize)text->len, &info, NULL, NULL));
  g_assert_cmpuint (catcher->n_events, ==, 5000);
  info_clear (&info);
  g_string_free (text, TRUE);
}

/* Bytes that are no UTF-8, and a NUL, in a name, in a text and in an unread line. */
static void
test_strange_bytes (void)
{
  static const char text[]
      = "           d\xff\x01-9       [000] .....     1.000001: mark: a\0b\xc3\n"
        "junk\xfe\0junk\n";
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };
  DmsImportTally tally = { 0 };

  g_assert_true (import_text (catcher, text, sizeof text - 1, &info, &tally, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (tally.others, ==, 1);
  g_assert_cmpuint (tally.unread, ==, 1);
  g_assert_true (g_utf8_validate (dms_bytes_text (&catcher->text), -1, NULL));
  g_assert_nonnull (strstr (dms_bytes_text (&catcher->text),
                            "text={a\xef\xbf\xbd"
                            "b\xef\xbf\xbd}"));
  info_clear (&info);
}

/* ---- order
 * -------------------------------------------------------------------------------- */

/* Times jump back a little at random; what comes out rises, and no line is lost. */
static void
test_random_order (void)
{
  DmsTestRandom random;
  GString *text = g_string_new ("# tracer: nop\n");
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };

  dms_test_random_init (&random, 1);
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text,
                            "              dd-9       [000] .....     1.%06u: " UNMAP,
                            (guint)(i + 900 - dms_test_random_below (&random, 900)));
  g_assert_true (
      import_text (catcher, text->str, (gssize)text->len, &info, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (catcher->n_events, ==, 5000);
  g_assert_true (catcher->is_in_order);
  g_assert_null (info.notes);
  info_clear (&info);
  g_string_free (text, TRUE);
}

/* Two CPUs' texts one behind the other: more than the window can mend is said. */
static void
test_out_of_window (void)
{
  GString *text = make_lines (2000);
  GString *second = make_lines (2000);
  g_autoptr (Catcher) catcher = catcher_new ();
  g_autoptr (GError) error = NULL;
  DmsRunInfo info = { 0 };

  g_string_append (text, second->str);
  g_assert_true (
      import_text (catcher, text->str, (gssize)text->len, &info, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (catcher->n_events, ==, 4000);
  g_assert_nonnull (info.notes);
  /* Those of the second half that come before what had to be let go. */
  g_assert_nonnull (strstr (info.notes, "behind their place in time"));
  g_assert_true (g_str_has_suffix (info.notes, ": 976."));
  info_clear (&info);
  g_string_free (text, TRUE);
  g_string_free (second, TRUE);
}

/* ---- random damage
 * -------------------------------------------------------------------------- */

/* Whatever happens to a text, each of its lines is in one count, and the events fold.
 */
static void
test_damaged (gconstpointer data)
{
  const char *name = data;
  g_autofree char *fixture = g_strdup_printf ("fixtures/ftrace/%s.txt", name);
  g_autofree char *path = dms_test_source_path (fixture);
  g_autofree char *text = NULL;
  gsize length = 0;
  DmsTestRandom random;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (guint64 salt = 0; salt < 60; salt++)
    {
      g_autofree char *damaged = g_memdup2 (text, length);
      g_autoptr (Catcher) catcher = catcher_new ();
      DmsRunInfo info = { 0 };
      DmsImportTally tally = { 0 };

      dms_test_random_init (&random, salt);
      for (guint64 n = dms_test_random_range (&random, 1, 40); n > 0; n--)
        damaged[dms_test_random_below (&random, length)]
            = (char)dms_test_random_below (&random, 256);
      if (import_text (catcher, damaged, (gssize)length, &info, &tally, NULL))
        g_assert_cmpuint (catcher->n_events, ==, tally.events + tally.others);
      assert_tally (&tally, catcher->n_unread);
      info_clear (&info);
    }
}

int
main (int argc, char **argv)
{
  static const char *const fixtures[]
      = { "bounces", "counter", "crlf",         "heads",        "iommu",
          "latency", "losses",  "newer-kernel", "older-kernel", "order",
          "report",  "stacks",  "unread" };
  static const char *const recordings[] = { "direct-6.12.43.ftrace.txt",
                                            "direct-6.12.95.ftrace.txt",
                                            "bounce-6.12.95.ftrace.txt",
                                            "iommu-6.12.95.ftrace.txt",
                                            "iommu-7.2.13.ftrace.txt" };
  static const gsize lengths[]
      = { 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 1300 * 1024, 5000 * 1024 };

  dms_test_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (fixtures); i++)
    {
      g_autofree char *golden = g_strconcat ("/data/import/golden/", fixtures[i], NULL);
      g_autofree char *damaged
          = g_strconcat ("/data/import/damaged/", fixtures[i], NULL);
      g_test_add_data_func (golden, fixtures[i], test_golden);
      g_test_add_data_func (damaged, fixtures[i], test_damaged);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path
          = g_strconcat ("/data/import/recording/", recordings[i], NULL);
      g_test_add_data_func (path, recordings[i], test_recording);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/data/import/long-line/%u", (unsigned)lengths[i]);
      g_test_add_data_func (path, GSIZE_TO_POINTER (lengths[i]), test_long_line);
    }
  g_test_add_func ("/data/import/recording/forced-pool-bounces-every-mapping",
                   test_bounced_recording);
  g_test_add_func ("/data/import/a-text-that-is-no-ftrace-is-refused", test_no_ftrace);
  g_test_add_func ("/data/import/a-missing-file-or-a-folder-is-refused",
                   test_cannot_open);
  g_test_add_func ("/data/import/a-failing-sink-stops-the-import", test_sink_fails);
  g_test_add_func ("/data/import/who-takes-unread-lines-may-give-up", test_given_up);
  g_test_add_func ("/data/import/cancelled-in-the-middle", test_cancelled);
  g_test_add_func ("/data/import/progress-rises-to-one", test_progress);
  g_test_add_func ("/data/import/long-line/at-the-end", test_long_last_line);
  g_test_add_func ("/data/import/names/each-event-has-its-own-task", test_many_tasks);
  g_test_add_func ("/data/import/strange-bytes-become-text", test_strange_bytes);
  g_test_add_func ("/data/import/order/small-jumps-are-mended", test_random_order);
  g_test_add_func ("/data/import/order/large-jumps-are-said", test_out_of_window);
  return g_test_run ();
}
