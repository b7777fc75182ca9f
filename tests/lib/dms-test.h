/* dms-test.h — what tests share: seeded randomness, golden files, temporary folders
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * dms_test_init:
 * @argc: argument count of main()
 * @argv: arguments of main()
 *
 * Starts the GLib test framework with home and XDG folders of its own for each test
 * case, and prints the seed of this run as a TAP comment.
 */
void dms_test_init (int *argc, char ***argv);

/* ---- seeded randomness ---- */

/* A small generator (splitmix64), the same on every machine. */
typedef struct
{
  uint64_t state;
} DmsTestRandom;

/**
 * dms_test_seed:
 *
 * Returns: the seed of this run: the number in the environment variable DMS_SEED, a
 * fresh one when DMS_SEED is "random", and 1 when it is not set.
 */
uint64_t dms_test_seed (void);

/**
 * dms_test_random_init:
 * @random: generator to start
 * @salt: number of the case, so that one case can be repeated alone
 *
 * Starts the generator from dms_test_seed() and @salt.
 */
void dms_test_random_init (DmsTestRandom *random, uint64_t salt);

/** dms_test_random_next: Returns: any 64 bits. */
uint64_t dms_test_random_next (DmsTestRandom *random);

/** dms_test_random_below: Returns: 0 to @limit - 1; @limit is at least 1. */
uint64_t dms_test_random_below (DmsTestRandom *random, uint64_t limit);

/** dms_test_random_range: Returns: @first to @last, both included. */
uint64_t dms_test_random_range (DmsTestRandom *random, uint64_t first, uint64_t last);

/** dms_test_random_chance: Returns: true in @percent of 100 calls. */
bool dms_test_random_chance (DmsTestRandom *random, unsigned percent);

/** dms_test_random_bytes: Fills @length bytes at @bytes. */
void dms_test_random_bytes (DmsTestRandom *random, void *bytes, size_t length);

/* ---- golden files ---- */

/**
 * dms_test_golden:
 * @name: path below tests/golden, for example "two-pages-out-of-reach.events"
 * @text: what the program made now
 *
 * Fails the running test case with a readable difference when @text is not what the
 * file holds. With DMS_UPDATE_GOLDEN=1 in the environment the file is written instead.
 */
void dms_test_golden (const char *name, const char *text);

/**
 * dms_test_golden_bytes:
 * @name: path below tests/golden
 * @bytes: what the program made now
 * @length: their number
 *
 * The same for files that are not text: names the first byte that differs.
 */
void dms_test_golden_bytes (const char *name, const void *bytes, size_t length);

/* ---- files ---- */

/**
 * dms_test_source_path:
 * @path: path below tests/, for example "fixtures/empty.json"
 *
 * Returns: (transfer full): the file's full name in the source tree.
 */
char *dms_test_source_path (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/**
 * dms_test_temp_dir:
 *
 * Returns: (transfer full): a new, empty folder; give it to dms_test_temp_dir_free().
 */
char *dms_test_temp_dir (void) G_GNUC_WARN_UNUSED_RESULT;

/** dms_test_temp_dir_free: Removes the folder with all in it, and frees @dir. */
void dms_test_temp_dir_free (char *dir);

typedef char DmsTestTempDir;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmsTestTempDir, dms_test_temp_dir_free)
