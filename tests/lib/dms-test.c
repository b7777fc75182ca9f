/* dms-test.c — what tests share: seeded randomness, golden files, temporary folders
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/lib/dms-test.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
  DIFF_LINES_SHOWN = 60
};

/* The program's own home, removed when it ends; NULL before dms_test_init(). */
static char *home_dir = NULL;

static void
remove_home (void)
{
  g_clear_pointer (&home_dir, dms_test_temp_dir_free);
}

static void
set_home_folder (const char *variable, const char *name)
{
  g_autofree char *path = g_build_filename (home_dir, name, NULL);

  g_setenv (variable, path, TRUE);
}

/* The system's data folders stay as they are: themes and language files come from
 * there. */
static void
move_home (void)
{
  home_dir = dms_test_temp_dir ();
  set_home_folder ("HOME", "home");
  set_home_folder ("XDG_DATA_HOME", "data");
  set_home_folder ("XDG_CONFIG_HOME", "config");
  set_home_folder ("XDG_CACHE_HOME", "cache");
  set_home_folder ("XDG_STATE_HOME", "state");
  atexit (remove_home);
}

/* GLib stops at the first failed case; the count of failures wants all of them. */
static void
keep_going (int *argc, char ***argv)
{
  static char option[] = "-k";
  static char *longer[64];

  g_assert_cmpint (*argc + 2, <=, G_N_ELEMENTS (longer));
  for (int i = 0; i < *argc; i++)
    longer[i] = (*argv)[i];
  longer[*argc] = option;
  *argc += 1;
  *argv = longer;
}

void
dms_test_init (int *argc, char ***argv)
{
  move_home ();
  keep_going (argc, argv);
  g_test_init (argc, argv, NULL);
  printf ("# DMS_SEED=%" PRIu64 "\n", dms_test_seed ());
  fflush (stdout);
}

/* ---- seeded randomness ---- */

static uint64_t
seed_from_environment (void)
{
  const char *text = g_getenv ("DMS_SEED");

  if (text == NULL || *text == '\0')
    return 1;
  if (strcmp (text, "random") == 0)
    return (uint64_t)g_get_real_time () ^ ((uint64_t)getpid () << 40);
  return g_ascii_strtoull (text, NULL, 0);
}

uint64_t
dms_test_seed (void)
{
  static gsize once = 0;
  static uint64_t seed = 0;

  if (g_once_init_enter (&once))
    {
      seed = seed_from_environment ();
      g_once_init_leave (&once, 1);
    }
  return seed;
}

void
dms_test_random_init (DmsTestRandom *random, uint64_t salt)
{
  random->state = dms_test_seed () * UINT64_C (0x9e3779b97f4a7c15) + salt;
  /* Neighbouring salts must not give neighbouring streams. */
  random->state = dms_test_random_next (random);
}

uint64_t
dms_test_random_next (DmsTestRandom *random)
{
  uint64_t bits = random->state += UINT64_C (0x9e3779b97f4a7c15);

  bits = (bits ^ (bits >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  bits = (bits ^ (bits >> 27)) * UINT64_C (0x94d049bb133111eb);
  return bits ^ (bits >> 31);
}

uint64_t
dms_test_random_below (DmsTestRandom *random, uint64_t limit)
{
  g_assert_cmpuint (limit, >, 0);
  return dms_test_random_next (random) % limit;
}

uint64_t
dms_test_random_range (DmsTestRandom *random, uint64_t first, uint64_t last)
{
  g_assert_cmpuint (first, <=, last);
  if (last - first == UINT64_MAX)
    return dms_test_random_next (random);
  return first + dms_test_random_below (random, last - first + 1);
}

bool
dms_test_random_chance (DmsTestRandom *random, unsigned percent)
{
  return dms_test_random_below (random, 100) < percent;
}

void
dms_test_random_bytes (DmsTestRandom *random, void *bytes, size_t length)
{
  unsigned char *at = bytes;

  for (size_t i = 0; i < length; i++)
    at[i] = (unsigned char)dms_test_random_next (random);
}

/* ---- files ---- */

/* The environment names the tree that is tested; the built-in path serves a test that
 * is started by hand. */
static const char *
source_dir (void)
{
  const char *dir = g_getenv ("DMS_TEST_SOURCE_DIR");

  return dir != NULL ? dir : DMS_TEST_DEFAULT_SOURCE_DIR;
}

static const char *
build_dir (void)
{
  const char *dir = g_getenv ("DMS_TEST_BUILD_DIR");

  return dir != NULL ? dir : g_get_tmp_dir ();
}

char *
dms_test_source_path (const char *path)
{
  return g_build_filename (source_dir (), path, NULL);
}

/* In the build folder, so that what a crashed test leaves behind is cleaned away with
 * it. */
char *
dms_test_temp_dir (void)
{
  g_autofree char *parent = g_build_filename (build_dir (), "tmp", NULL);
  char *dir = g_build_filename (parent, "XXXXXX", NULL);

  if (g_mkdir_with_parents (parent, 0755) != 0 || g_mkdtemp (dir) == NULL)
    g_error ("%s: cannot be created: %s", dir, g_strerror (errno));
  return dir;
}

/* Does not follow symbolic links: what they lead to is not ours. */
static void
remove_tree (GFile *file)
{
  g_autoptr (GFileEnumerator) children
      = g_file_enumerate_children (file,
                                   G_FILE_ATTRIBUTE_STANDARD_NAME,
                                   G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS,
                                   NULL,
                                   NULL);

  while (children != NULL)
    {
      GFile *child = NULL;

      if (!g_file_enumerator_iterate (children, NULL, &child, NULL, NULL)
          || child == NULL)
        break;
      remove_tree (child);
    }
  g_file_delete (file, NULL, NULL);
}

void
dms_test_temp_dir_free (char *dir)
{
  if (dir == NULL)
    return;

  g_autoptr (GFile) file = g_file_new_for_path (dir);

  remove_tree (file);
  g_free (dir);
}

/* ---- golden files ---- */

static void
write_file (const char *path, const void *bytes, size_t length)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (dir, 0755) != 0)
    g_error ("%s: cannot be created: %s", dir, g_strerror (errno));
  g_file_set_contents (path, bytes, (gssize)length, &error);
  g_assert_no_error (error);
}

static bool
is_update_wanted (void)
{
  return g_strcmp0 (g_getenv ("DMS_UPDATE_GOLDEN"), "1") == 0;
}

static void
show_first_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", DIFF_LINES_SHOWN + 1);

  for (guint i = 0; i < DIFF_LINES_SHOWN && lines[i] != NULL; i++)
    printf ("# %s\n", lines[i]);
  if (g_strv_length (lines) > DIFF_LINES_SHOWN)
    printf ("# ... and more\n");
  fflush (stdout);
}

static void
show_text_difference (const char *golden_path, const char *made_path)
{
  const char *command[] = { "diff", "-u", golden_path, made_path, NULL };
  g_autofree char *difference = NULL;

  if (g_spawn_sync (NULL,
                    (char **)command,
                    NULL,
                    G_SPAWN_SEARCH_PATH,
                    NULL,
                    NULL,
                    &difference,
                    NULL,
                    NULL,
                    NULL)
      && difference != NULL)
    show_first_lines (difference);
}

static void
show_first_different_byte (const char *golden,
                           size_t golden_length,
                           const char *made,
                           size_t made_length)
{
  size_t i = 0;

  while (i < golden_length && i < made_length && golden[i] == made[i])
    i++;
  printf ("# %zu bytes expected, %zu made; first difference at byte %zu\n",
          golden_length,
          made_length,
          i);
  fflush (stdout);
}

static void
compare_with_golden (const char *name, const void *bytes, size_t length, bool is_text)
{
  g_autofree char *golden_path = g_build_filename (source_dir (), "golden", name, NULL);
  g_autofree char *made_path
      = g_build_filename (build_dir (), "golden-made", name, NULL);
  g_autofree char *golden = NULL;
  gsize golden_length = 0;

  if (is_update_wanted ())
    {
      write_file (golden_path, bytes, length);
      return;
    }

  bool is_there = g_file_get_contents (golden_path, &golden, &golden_length, NULL);

  if (is_there && golden_length == length && memcmp (golden, bytes, length) == 0)
    return;

  write_file (made_path, bytes, length);
  if (is_there && is_text)
    show_text_difference (golden_path, made_path);
  else if (is_there)
    show_first_different_byte (golden, golden_length, bytes, length);
  g_test_message ("tests/golden/%s %s; made: %s; DMS_UPDATE_GOLDEN=1 accepts it",
                  name,
                  is_there ? "differs" : "is missing",
                  made_path);
  g_test_fail ();
}

void
dms_test_golden (const char *name, const char *text)
{
  compare_with_golden (name, text, strlen (text), true);
}

void
dms_test_golden_bytes (const char *name, const void *bytes, size_t length)
{
  compare_with_golden (name, bytes, length, false);
}
