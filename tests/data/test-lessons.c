/* test-lessons.c — the bundled lessons can be read, and are what their list says
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/lessons/dms-lessons.h"
#include "data/scenario/dms-scenario-reader.h"
#include "tests/lib/dms-test.h"

#include <string.h>

static DmsScenario
read_lesson (const char *id)
{
  const char *text = dms_lesson_scenario (id);
  g_autoptr (GError) error = NULL;
  DmsScenario scenario;

  g_assert_nonnull (text);
  dms_scenario_parse (text, strlen (text), id, NULL, &scenario, &error);
  g_assert_no_error (error);
  return scenario;
}

static void
test_all_can_be_read (void)
{
  gsize n;
  const DmsLesson *lessons = dms_lessons (&n);

  g_assert_cmpuint (n, >=, 33);
  for (gsize i = 0; i < n; i++)
    {
      DmsScenario scenario = read_lesson (lessons[i].id);
      g_autofree char *number
          = g_strdup_printf ("lesson %" G_GSIZE_FORMAT " · ", i + 1);
      g_assert_cmpstr (scenario.title, ==, lessons[i].title);
      g_assert_cmpuint (scenario.n_requests, >, 0);
      g_assert_true (g_str_has_prefix (lessons[i].subtitle, number));
      dms_scenario_release (&scenario);
    }
}

static void
test_embedded_is_the_file (void)
{
  gsize n;
  const DmsLesson *lessons = dms_lessons (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name
          = g_strdup_printf ("../data/lessons/%s.json", lessons[i].id);
      g_autofree char *path = dms_test_source_path (name);
      g_autofree char *text = NULL;
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_cmpstr (dms_lesson_scenario (lessons[i].id), ==, text);
    }
}

/* The lessons about mistakes are named after the one mistake that they make. */
static void
test_mistakes_are_made (void)
{
  gsize n;
  const DmsLesson *lessons = dms_lessons (&n);
  gsize mistakes = 0;

  for (gsize i = 0; i < n; i++)
    {
      DmsScenario scenario = read_lesson (lessons[i].id);
      if (g_str_has_prefix (lessons[i].id, "mistake-"))
        {
          g_assert_cmpuint (scenario.n_mistakes, ==, 1);
          g_assert_cmpstr (
              scenario.mistakes[0].name, ==, lessons[i].id + strlen ("mistake-"));
          mistakes++;
        }
      /* One that does no harm on ReactOS is no lesson about mistakes. */
      else if (!g_str_has_prefix (lessons[i].id, "reactos-"))
        g_assert_cmpuint (scenario.n_mistakes, ==, 0);
      dms_scenario_release (&scenario);
    }
  g_assert_cmpuint (mistakes, ==, 7);
}

/* A student reads the file that runs. */
static void
test_driver_source_is_the_file (void)
{
  static const char *const names[] = {
    "packet-sg.c", "mistakes.c", "ata-miniport.c", "sample-parts.h", "table-card.h"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_strdup_printf ("../engine/drivers/%s", names[i]);
      g_autofree char *path = dms_test_source_path (name);
      g_autofree char *text = NULL;
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_cmpstr (dms_driver_source (names[i]), ==, text);
    }
}

static void
test_unknown (void)
{
  g_assert_null (dms_lesson_scenario ("no-such-lesson"));
  g_assert_null (dms_lesson_scenario (""));
  g_assert_null (dms_lesson_scenario ("scenario.schema"));
  g_assert_null (dms_driver_source ("no-such-driver.c"));
  g_assert_null (dms_driver_source ("all-within-reach.json"));
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/data/lessons/all-can-be-read", test_all_can_be_read);
  g_test_add_func ("/data/lessons/embedded-text-is-the-file",
                   test_embedded_is_the_file);
  g_test_add_func ("/data/lessons/lessons-about-mistakes-make-them",
                   test_mistakes_are_made);
  g_test_add_func ("/data/lessons/driver-source-is-the-file",
                   test_driver_source_is_the_file);
  g_test_add_func ("/data/lessons/unknown-names-give-nothing", test_unknown);
  return g_test_run ();
}
