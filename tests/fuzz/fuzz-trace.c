/* fuzz-trace.c — any bytes as a .dmatrace
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/data/trace/dms-trace-exercise.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *folder;

static void
remove_all (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (path, endings[i], NULL);
      unlink (name);
    }
}

static void
remove_folder (void)
{
  g_autofree char *path = g_build_filename (folder, "trace", NULL);

  remove_all (path);
  rmdir (folder);
  g_free (folder);
}

/* A file in a folder of its own: SQLite opens files by name only. */
static char *
trace_path (void)
{
  if (folder == NULL)
    {
      folder = g_dir_make_tmp ("dms-fuzz-trace-XXXXXX", NULL);
      g_assert_nonnull (folder);
      atexit (remove_folder);
    }
  return g_build_filename (folder, "trace", NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length)
{
  g_autofree char *path = trace_path ();
  FILE *file = fopen (path, "wb");

  g_assert_nonnull (file);
  fwrite (bytes, 1, length, file);
  fclose (file);
  dms_trace_exercise (path);
  remove_all (path);
  return 0;
}
