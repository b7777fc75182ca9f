/* test-core-bytes.c — growing bytes, and a reader that cannot run past its end
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-bytes.h"
#include "tests/lib/dms-test.h"

#include <string.h>

static void
test_varints_come_back (void)
{
  DmsTestRandom random;
  DmsBytes bytes;
  uint64_t numbers[1000];

  dms_test_random_init (&random, 0);
  dms_bytes_init (&bytes);
  for (unsigned i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      /* Every length from 0 to 64 bits, with the edges of each. */
      unsigned bits = i % 65;
      uint64_t most = bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
      numbers[i] = i < 65 ? most : dms_test_random_next (&random) & most;
      size_t before = bytes.length;
      dms_bytes_append_varint (&bytes, numbers[i]);
      g_assert_cmpuint (bytes.length - before, <=, 10);
      dms_bytes_append_signed (&bytes, (int64_t)numbers[i]);
      dms_bytes_append_signed (&bytes, (int64_t)~numbers[i]);
    }
  DmsReader reader;
  dms_reader_init (&reader, bytes.data, bytes.length);
  for (unsigned i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_assert_cmphex (dms_reader_varint (&reader), ==, numbers[i]);
      g_assert_cmpint (dms_reader_signed (&reader), ==, (int64_t)numbers[i]);
      g_assert_cmpint (dms_reader_signed (&reader), ==, (int64_t)~numbers[i]);
    }
  g_assert_true (dms_reader_at_end (&reader));
  g_assert_false (reader.failed);
  g_assert_cmphex (dms_reader_varint (&reader), ==, 0);
  g_assert_true (reader.failed);
  dms_bytes_release (&bytes);
}

static void
test_small_numbers_are_short (void)
{
  static const struct
  {
    int64_t number;
    size_t length;
  } cases[] = { { 0, 1 },          { 63, 1 },        { -64, 1 },   { 64, 2 },
                { -65, 2 },        { 8191, 2 },      { -8192, 2 }, { 8192, 3 },
                { INT64_MAX, 10 }, { INT64_MIN, 10 } };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DmsBytes bytes;
      dms_bytes_init (&bytes);
      dms_bytes_append_signed (&bytes, cases[i].number);
      g_assert_cmpuint (bytes.length, ==, cases[i].length);
      dms_bytes_release (&bytes);
    }
}

/* What no 64-bit number looks like, each of these bytes alone and cut short. */
static void
test_impossible_varints_fail (void)
{
  static const uint8_t too_big[]
      = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2 };
  static const uint8_t too_long[]
      = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0 };
  static const uint8_t greatest[]
      = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 };
  DmsReader reader;

  dms_reader_init (&reader, greatest, sizeof greatest);
  g_assert_cmphex (dms_reader_varint (&reader), ==, UINT64_MAX);
  g_assert_false (reader.failed);
  dms_reader_init (&reader, too_big, sizeof too_big);
  g_assert_cmphex (dms_reader_varint (&reader), ==, 0);
  g_assert_true (reader.failed);
  dms_reader_init (&reader, too_long, sizeof too_long);
  g_assert_cmphex (dms_reader_varint (&reader), ==, 0);
  g_assert_true (reader.failed);
  for (size_t n = 0; n < sizeof greatest; n++)
    {
      /* In a block of its own size, so that a sanitizer sees one byte too far. */
      g_autofree uint8_t *cut = g_memdup2 (greatest, n);
      dms_reader_init (&reader, cut, n);
      g_assert_cmphex (dms_reader_varint (&reader), ==, 0);
      g_assert_true (reader.failed);
    }
}

static void
test_reader_stays_failed (void)
{
  static const uint8_t data[] = { 1, 2, 3, 4 };
  DmsReader reader;

  dms_reader_init (&reader, data, sizeof data);
  g_assert_true (dms_reader_take (&reader, 3) == data);
  g_assert_null (dms_reader_take (&reader, 2));
  g_assert_true (reader.failed);
  g_assert_cmpuint (dms_reader_byte (&reader), ==, 0);
  g_assert_null (dms_reader_take (&reader, 0));
  g_assert_null (dms_reader_take (&reader, SIZE_MAX));
  dms_reader_init (&reader, NULL, 0);
  g_assert_true (dms_reader_at_end (&reader));
  g_assert_cmpuint (dms_reader_byte (&reader), ==, 0);
}

static void
test_impossible_room_fails (void)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_bytes_append_text (&bytes, "kept");
  g_assert_false (dms_bytes_reserve (&bytes, SIZE_MAX - 2));
  g_assert_true (bytes.failed);
  dms_bytes_append_text (&bytes, "dropped");
  dms_bytes_printf (&bytes, "%d", 5);
  g_assert_cmpuint (bytes.length, ==, 4);
  g_assert_cmpmem (bytes.data, bytes.length, "kept", 4);
  dms_bytes_clear (&bytes);
  dms_bytes_append_text (&bytes, "again");
  g_assert_cmpstr (dms_bytes_text (&bytes), ==, "again");
  dms_bytes_release (&bytes);
}

static void
test_text_ends_behind_its_length (void)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  g_assert_cmpstr (dms_bytes_text (&bytes), ==, "");
  for (unsigned i = 0; i < 500; i++)
    {
      dms_bytes_printf (&bytes, "%c", 'a' + i % 26);
      g_assert_cmpuint (strlen (dms_bytes_text (&bytes)), ==, i + 1);
    }
  dms_bytes_release (&bytes);
}

static void
test_plain_text_is_printable (void)
{
  static const struct
  {
    const char *raw, *plain;
  } cases[] = {
    { "card0", "card0" },
    { "a\nb\tc\x1b[2J", "a b c [2J" },
    { "9.61 \u00b5s \u2192 \U0001f600", "9.61 \u00b5s \u2192 \U0001f600" },
    { "\xc2\x9b\x7f", "  " },       /* a terminal's command, delete */
    { "\xff\xc0\xafz", "???z" },    /* never UTF-8, overlong */
    { "\xed\xa0\x80", "???" },      /* a surrogate */
    { "\xf4\x90\x80\x80", "????" }, /* beyond Unicode */
    { "\xe2\x82", "??" },           /* cut short */
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DmsBytes bytes;
      dms_bytes_init (&bytes);
      dms_bytes_append_plain (&bytes, cases[i].raw, strlen (cases[i].raw));
      g_assert_cmpstr (dms_bytes_text (&bytes), ==, cases[i].plain);
      dms_bytes_release (&bytes);
    }
}

/* Random bytes: always one line of UTF-8, and UTF-8 without controls is not changed. */
static void
test_plain_text_agrees_with_glib (void)
{
  DmsTestRandom random;

  dms_test_random_init (&random, 1);
  for (unsigned i = 0; i < 20000; i++)
    {
      char raw[13] = { 0 };
      dms_test_random_bytes (&random, raw, 12);
      for (unsigned k = 0; k < 12; k++) /* more of what looks like UTF-8 */
        if (dms_test_random_chance (&random, 50))
          raw[k] = (char)(0x80 | (raw[k] & 0x3f));
      DmsBytes bytes;
      dms_bytes_init (&bytes);
      dms_bytes_append_plain (&bytes, raw, 12);
      g_assert_true (g_utf8_validate (dms_bytes_text (&bytes), -1, NULL));
      for (const char *at = dms_bytes_text (&bytes); *at != '\0';
           at = g_utf8_next_char (at))
        g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
      if (g_utf8_validate (raw, 12, NULL))
        g_assert_cmpuint (bytes.length, <=, 12);
      dms_bytes_release (&bytes);
    }
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/core/bytes/varints-come-back", test_varints_come_back);
  g_test_add_func ("/core/bytes/small-numbers-are-short", test_small_numbers_are_short);
  g_test_add_func ("/core/bytes/impossible-varints-fail", test_impossible_varints_fail);
  g_test_add_func ("/core/bytes/reader-stays-failed", test_reader_stays_failed);
  g_test_add_func ("/core/bytes/impossible-room-fails", test_impossible_room_fails);
  g_test_add_func ("/core/bytes/text-ends", test_text_ends_behind_its_length);
  g_test_add_func ("/core/bytes/plain-text-is-printable", test_plain_text_is_printable);
  g_test_add_func ("/core/bytes/plain-text-agrees-with-glib",
                   test_plain_text_agrees_with_glib);
  return g_test_run ();
}
