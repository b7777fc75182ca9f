/* driver.c — feeds stored inputs to a fuzz target, so that it is an ordinary test as
 * well
 *
 *   fuzz-x FILE-OR-FOLDER…
 *
 * Stands in for libFuzzer in normal builds. Prints TAP: a line for the empty input, and
 * one for each file, which is fed whole and then cut short at a few places. A crash
 * ends the program, and the last comment names the file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum
{
  CUTS = 16
};

typedef struct
{
  int ran;
  int failed;
} Tally;

static void
report (Tally *tally, bool is_ok, const char *name)
{
  tally->ran++;
  tally->failed += is_ok ? 0 : 1;
  printf ("%s %d %s\n", is_ok ? "ok" : "not ok", tally->ran, name);
  fflush (stdout);
}

/* In a block of its own of exactly that size, so that a sanitizer sees one byte too
 * far. */
static bool
feed (const uint8_t *bytes, size_t length)
{
  uint8_t *copy = calloc (1, length > 0 ? length : 1);

  if (copy == NULL)
    return false;
  if (length > 0)
    memcpy (copy, bytes, length);

  bool is_ok = LLVMFuzzerTestOneInput (copy, length) == 0;

  free (copy);
  return is_ok;
}

static bool
feed_whole_and_cut (const uint8_t *bytes, size_t length)
{
  bool is_ok = feed (bytes, length);

  for (size_t i = 1; i < CUTS; i++)
    is_ok = feed (bytes, length / CUTS * i) && is_ok;
  if (length > 0)
    is_ok = feed (bytes, length - 1) && is_ok;
  return is_ok;
}

static uint8_t *
read_file (const char *path, size_t *ret_length)
{
  FILE *file = fopen (path, "rb");
  uint8_t *bytes = NULL;
  long length;

  if (file == NULL)
    return NULL;
  if (fseek (file, 0, SEEK_END) != 0 || (length = ftell (file)) < 0)
    goto out;
  rewind (file);
  bytes = malloc ((size_t)length + 1);
  if (bytes == NULL)
    goto out;
  *ret_length = fread (bytes, 1, (size_t)length, file);

out:
  fclose (file);
  return bytes;
}

static void
feed_file (Tally *tally, const char *path)
{
  size_t length = 0;
  uint8_t *bytes = read_file (path, &length);
  const char *slash = strrchr (path, '/');

  printf ("# %s\n", path);
  fflush (stdout);
  report (tally,
          bytes != NULL && feed_whole_and_cut (bytes, length),
          slash != NULL ? slash + 1 : path);
  free (bytes);
}

static int
is_visible (const struct dirent *entry)
{
  return entry->d_name[0] != '.';
}

static void
feed_folder (Tally *tally, const char *path)
{
  struct dirent **entries = NULL;
  int count = scandir (path, &entries, is_visible, alphasort);

  for (int i = 0; i < count; i++)
    {
      char name[4096];

      snprintf (name, sizeof name, "%s/%s", path, entries[i]->d_name);
      feed_file (tally, name);
      free (entries[i]);
    }
  free (entries);
}

static void
feed_path (Tally *tally, const char *path)
{
  struct stat facts;

  if (stat (path, &facts) != 0)
    printf ("# %s: %s\n", path, strerror (errno));
  else if (S_ISDIR (facts.st_mode))
    feed_folder (tally, path);
  else
    feed_file (tally, path);
}

int
main (int argc, char **argv)
{
  Tally tally = { 0 };

  report (&tally, feed ((const uint8_t *)"", 0), "the empty input");
  for (int i = 1; i < argc; i++)
    feed_path (&tally, argv[i]);
  printf ("1..%d\n", tally.ran);
  return tally.failed == 0 ? 0 : 1;
}
