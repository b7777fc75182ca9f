/* test-core-table.c — the hash table against GLib's, and the dictionary of names
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-names.h"
#include "engine/core/dms-table.h"
#include "tests/lib/dms-test.h"

#include <string.h>

/* ---- table ---- */

typedef uint64_t (*MakeId) (DmsTestRandom *random);

static uint64_t
small_id (DmsTestRandom *random)
{
  return dms_test_random_below (random, 300);
}

static uint64_t
page_id (DmsTestRandom *random)
{
  return dms_test_random_below (random, 300) << 12;
}

static uint64_t
high_id (DmsTestRandom *random)
{
  return dms_test_random_below (random, 300) << 40;
}

static uint64_t
any_id (DmsTestRandom *random)
{
  return UINT64_MAX - dms_test_random_below (random, 300) * UINT64_C (0x123456789);
}

static void
assert_same (const DmsTable *table, GHashTable *model)
{
  size_t at = 0;
  size_t n = 0;
  uint64_t id = 0;
  void *value;

  g_assert_cmpuint (table->n, ==, g_hash_table_size (model));
  g_assert_cmpuint (table->n * 4, <=, table->capacity * 3);
  while ((value = dms_table_next (table, &at, &id)) != NULL)
    {
      g_assert_true (g_hash_table_lookup (model, &id) == value);
      n++;
    }
  g_assert_cmpuint (n, ==, table->n);

  uint64_t *ids = dms_table_sorted_ids (table);
  g_assert_true ((ids == NULL) == (table->n == 0));
  for (size_t i = 0; i < table->n; i++)
    {
      g_assert_true (i == 0 || ids[i] > ids[i - 1]);
      g_assert_true (g_hash_table_contains (model, &ids[i]));
    }
  free (ids);
}

static void
test_table_is_like_glibs (void)
{
  static const MakeId makes[] = { small_id, page_id, high_id, any_id };
  static char values[64];

  for (unsigned m = 0; m < G_N_ELEMENTS (makes); m++)
    {
      DmsTestRandom random;
      DmsTable table;
      g_autoptr (GHashTable) model
          = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
      dms_test_random_init (&random, m);
      dms_table_init (&table);
      for (unsigned i = 0; i < 20000; i++)
        {
          uint64_t id = makes[m](&random);
          void *known = g_hash_table_lookup (model, &id);
          g_assert_true (dms_table_get (&table, id) == known);
          /* Grows, shrinks, grows again. */
          unsigned puts = i / 2500 % 2 == 0 ? 65 : 35;
          if (dms_test_random_chance (&random, puts))
            {
              void *value = &values[dms_test_random_below (&random, sizeof values)];
              g_assert_true (dms_table_put (&table, id, value));
              g_hash_table_insert (model, g_memdup2 (&id, sizeof id), value);
            }
          else
            {
              g_assert_true (dms_table_take (&table, id) == known);
              g_hash_table_remove (model, &id);
            }
          if (i % 97 == 0)
            assert_same (&table, model);
        }
      assert_same (&table, model);
      dms_table_release (&table);
    }
}

static void
test_empty_table (void)
{
  DmsTable table;
  size_t at = 0;

  dms_table_init (&table);
  g_assert_null (dms_table_get (&table, 0));
  g_assert_null (dms_table_take (&table, 5));
  g_assert_null (dms_table_next (&table, &at, NULL));
  g_assert_null (dms_table_sorted_ids (&table));
  dms_table_release (&table);
}

/* Growing is the only thing that can fail; after a reserve it is done. */
static void
test_reserved_room_is_kept (void)
{
  DmsTable table;
  static char value;

  dms_table_init (&table);
  for (uint64_t id = 0; id < 1000; id++)
    {
      g_assert_true (dms_table_reserve (&table));
      size_t capacity = table.capacity;
      g_assert_true (dms_table_put (&table, id, &value));
      g_assert_cmpuint (table.capacity, ==, capacity);
    }
  dms_table_release (&table);
}

/* Look-ups stay short for the ids that traces have: the mean way to an id's place. */
static void
test_ways_are_short (void)
{
  static const unsigned shifts[] = { 0, 9, 12, 16, 21, 40 };
  static char value;

  for (unsigned s = 0; s < G_N_ELEMENTS (shifts); s++)
    {
      DmsTable table;
      dms_table_init (&table);
      const uint64_t n = 6000;
      for (uint64_t i = 0; i < n; i++)
        g_assert_true (dms_table_put (&table, i << shifts[s], &value));
      /* The longest run of taken places bounds every way. */
      size_t run = 0;
      size_t longest = 0;
      for (size_t i = 0; i < table.capacity * 2; i++)
        {
          run = table.values[i % table.capacity] == NULL ? 0 : run + 1;
          longest = run > longest ? run : longest;
        }
      g_assert_cmpuint (longest, <, 300);
      dms_table_release (&table);
    }
}

/* ---- names ---- */

static void
test_names_are_kept_once (void)
{
  DmsNames *names = dms_names_new ();
  uint32_t id = 0;
  bool is_new = false;

  g_assert_cmpint (
      dms_names_intern (names, DMS_NAME_DEVICE, 0, "card0", &id, &is_new), ==, DMS_OK);
  g_assert_cmpuint (id, ==, 1);
  g_assert_true (is_new);
  g_assert_cmpint (
      dms_names_intern (names, DMS_NAME_DEVICE, 0, "card0", &id, &is_new), ==, DMS_OK);
  g_assert_cmpuint (id, ==, 1);
  g_assert_false (is_new);
  /* Another kind or number is another name. */
  g_assert_cmpint (
      dms_names_intern (names, DMS_NAME_TEXT, 0, "card0", &id, NULL), ==, DMS_OK);
  g_assert_cmpuint (id, ==, 2);
  g_assert_cmpint (
      dms_names_intern (names, DMS_NAME_TASK, 7, "dd", &id, NULL), ==, DMS_OK);
  g_assert_cmpint (
      dms_names_intern (names, DMS_NAME_TASK, -7, "dd", &id, NULL), ==, DMS_OK);
  g_assert_cmpuint (id, ==, 4);
  g_assert_cmpint (dms_names_get (names, 4)->number, ==, -7);
  g_assert_cmpuint (dms_names_count (names), ==, 4);
  g_assert_null (dms_names_get (names, 0));
  g_assert_null (dms_names_get (names, 5));
  g_assert_null (dms_names_get (NULL, 1));
  g_assert_cmpstr (dms_names_text (names, 0), ==, "?");
  g_assert_cmpstr (dms_names_text (names, 2), ==, "card0");
  dms_names_free (names);
  dms_names_free (NULL);
}

static void
test_names_of_a_file_are_checked (void)
{
  DmsNames *names = dms_names_new ();
  DmsName name = { .id = 1, .kind = DMS_NAME_DEVICE, .text = "card0" };

  g_assert_cmpint (dms_names_add (names, &name), ==, DMS_OK);
  g_assert_cmpint (dms_names_add (names, &name), ==, DMS_ERROR_CORRUPT); /* id again */
  name.id = 2;
  g_assert_cmpint (dms_names_add (names, &name), ==, DMS_ERROR_CORRUPT); /* same name */
  name.kind = DMS_NAME_TEXT;
  name.id = 3;
  g_assert_cmpint (dms_names_add (names, &name), ==, DMS_ERROR_CORRUPT); /* a gap */
  name.id = 2;
  name.kind = 0;
  g_assert_cmpint (dms_names_add (names, &name), ==, DMS_ERROR_CORRUPT);
  name.kind = DMS_NAME_TEXT + 1;
  g_assert_cmpint (dms_names_add (names, &name), ==, DMS_ERROR_CORRUPT);
  name.kind = DMS_NAME_TEXT;
  name.text = NULL;
  g_assert_cmpint (dms_names_add (names, &name), ==, DMS_ERROR_CORRUPT);
  g_assert_cmpuint (dms_names_count (names), ==, 1);
  dms_names_free (names);
}

static void
test_long_names_are_cut (void)
{
  DmsNames *names = dms_names_new ();
  g_autofree char *text = g_strnfill (DMS_NAME_TEXT_MAX + 100, 'x');
  uint32_t id = 0;
  uint32_t other = 0;

  g_assert_cmpint (
      dms_names_intern (names, DMS_NAME_TEXT, 0, text, &id, NULL), ==, DMS_OK);
  g_assert_cmpuint (strlen (dms_names_text (names, id)), ==, DMS_NAME_TEXT_MAX);
  text[DMS_NAME_TEXT_MAX + 1] = 'y';
  g_assert_cmpint (
      dms_names_intern (names, DMS_NAME_TEXT, 0, text, &other, NULL), ==, DMS_OK);
  g_assert_cmpuint (other, ==, id);
  dms_names_free (names);
}

static void
test_many_names_and_the_limit (void)
{
  DmsNames *names = dms_names_new ();
  uint32_t id = 0;
  char text[16];

  for (uint32_t i = 1; i <= DMS_NAMES_MAX; i++)
    {
      g_snprintf (text, sizeof text, "n%u", i);
      g_assert_cmpint (
          dms_names_intern (names, DMS_NAME_TEXT, 0, text, &id, NULL), ==, DMS_OK);
      g_assert_cmpuint (id, ==, i);
    }
  g_assert_cmpint (dms_names_intern (names, DMS_NAME_TEXT, 0, "more", &id, NULL),
                   ==,
                   DMS_ERROR_LIMIT);
  const DmsName name
      = { .id = DMS_NAMES_MAX + 1, .kind = DMS_NAME_TEXT, .text = "more" };
  g_assert_cmpint (dms_names_add (names, &name), ==, DMS_ERROR_LIMIT);
  for (uint32_t i = 1; i <= DMS_NAMES_MAX; i += 9973)
    {
      g_snprintf (text, sizeof text, "n%u", i);
      g_assert_cmpint (
          dms_names_intern (names, DMS_NAME_TEXT, 0, text, &id, NULL), ==, DMS_OK);
      g_assert_cmpuint (id, ==, i);
      g_assert_cmpstr (dms_names_get (names, id)->text, ==, text);
    }
  dms_names_free (names);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/core/table/is-like-glibs", test_table_is_like_glibs);
  g_test_add_func ("/core/table/empty", test_empty_table);
  g_test_add_func ("/core/table/reserved-room-is-kept", test_reserved_room_is_kept);
  g_test_add_func ("/core/table/ways-are-short", test_ways_are_short);
  g_test_add_func ("/core/names/are-kept-once", test_names_are_kept_once);
  g_test_add_func ("/core/names/of-a-file-are-checked",
                   test_names_of_a_file_are_checked);
  g_test_add_func ("/core/names/long-ones-are-cut", test_long_names_are_cut);
  g_test_add_func ("/core/names/many-and-the-limit", test_many_names_and_the_limit);
  return g_test_run ();
}
