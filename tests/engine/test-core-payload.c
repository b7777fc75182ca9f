/* test-core-payload.c — tagged lists of numbers: round trip, and hostile bytes
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-payload.h"
#include "tests/lib/dms-test.h"

#include <string.h>

enum
{
  ENTRIES = 40
};

typedef struct
{
  uint64_t frames[ENTRIES];
  DmsSegment memory[ENTRIES], device[ENTRIES];
  uint32_t stack[ENTRIES];
  size_t n[4];
} Lists;

static Lists
random_lists (DmsTestRandom *random)
{
  Lists lists;

  for (unsigned i = 0; i < 4; i++)
    lists.n[i] = dms_test_random_below (random, ENTRIES + 1);
  for (unsigned i = 0; i < ENTRIES; i++)
    {
      unsigned bits = (unsigned)dms_test_random_below (random, 64);
      lists.frames[i] = dms_test_random_next (random) >> bits;
      lists.memory[i].address = dms_test_random_next (random) >> bits;
      lists.memory[i].length = dms_test_random_next (random) >> bits;
      lists.device[i].address = dms_test_random_next (random) >> bits;
      lists.device[i].length = dms_test_random_below (random, 8192);
      lists.stack[i] = (uint32_t)(dms_test_random_next (random) >> 32);
    }
  return lists;
}

static void
append (DmsBytes *bytes, const Lists *lists)
{
  dms_payload_append_frames (bytes, lists->frames, lists->n[0]);
  dms_payload_append_segments (bytes, DMS_PAYLOAD_MEMORY, lists->memory, lists->n[1]);
  dms_payload_append_segments (bytes, DMS_PAYLOAD_DEVICE, lists->device, lists->n[2]);
  dms_payload_append_ids (bytes, DMS_PAYLOAD_STACK, lists->stack, lists->n[3]);
  dms_payload_append_string (bytes, "a log line");
}

static void
assert_segments (const DmsBytes *bytes,
                 DmsPayloadTag tag,
                 const DmsSegment *want,
                 size_t n)
{
  DmsPayloadList list;
  DmsSegment segment;
  uint64_t number;

  g_assert_true (dms_payload_find (bytes->data, bytes->length, tag, &list));
  g_assert_cmpuint (list.left, ==, n);
  g_assert_false (dms_payload_next_number (&list, &number)); /* not of this kind */
  for (size_t i = 0; i < n; i++)
    {
      g_assert_true (dms_payload_next_segment (&list, &segment));
      g_assert_cmphex (segment.address, ==, want[i].address);
      g_assert_cmphex (segment.length, ==, want[i].length);
    }
  g_assert_false (dms_payload_next_segment (&list, &segment));
}

static void
test_lists_come_back (void)
{
  DmsTestRandom random;

  dms_test_random_init (&random, 0);
  for (unsigned round = 0; round < 500; round++)
    {
      Lists lists = random_lists (&random);
      DmsBytes bytes;
      DmsPayloadList list;
      uint64_t number;

      dms_bytes_init (&bytes);
      append (&bytes, &lists);
      g_assert_true (dms_payload_check (bytes.data, bytes.length));
      assert_segments (&bytes, DMS_PAYLOAD_MEMORY, lists.memory, lists.n[1]);
      assert_segments (&bytes, DMS_PAYLOAD_DEVICE, lists.device, lists.n[2]);
      g_assert_true (
          dms_payload_find (bytes.data, bytes.length, DMS_PAYLOAD_FRAMES, &list));
      for (size_t i = 0; i < lists.n[0]; i++)
        {
          g_assert_true (dms_payload_next_number (&list, &number));
          g_assert_cmphex (number, ==, lists.frames[i]);
        }
      g_assert_false (dms_payload_next_number (&list, &number));
      g_assert_true (
          dms_payload_find (bytes.data, bytes.length, DMS_PAYLOAD_STACK, &list));
      for (size_t i = 0; i < lists.n[3]; i++)
        {
          g_assert_true (dms_payload_next_number (&list, &number));
          g_assert_cmphex (number, ==, lists.stack[i]);
        }
      DmsBytes text;
      dms_bytes_init (&text);
      dms_payload_append_plain (&text, bytes.data, bytes.length);
      g_assert_cmpstr (dms_bytes_text (&text), ==, "a log line");
      dms_bytes_release (&text);
      dms_bytes_release (&bytes);
    }
}

/* Reads everything that a payload gives, as a fold does. Returns the entries seen. */
static uint64_t
read_all (const uint8_t *data, size_t length)
{
  uint64_t entries = 0;

  for (unsigned tag = 0; tag <= DMS_PAYLOAD_TEXT + 1; tag++)
    {
      DmsPayloadList list;
      DmsSegment segment;
      uint64_t number;
      bool is_there = dms_payload_find (data, length, (DmsPayloadTag)tag, &list);
      g_assert_true (is_there || list.left == 0);
      g_assert_cmpuint (list.left, <=, length);
      while (dms_payload_next_segment (&list, &segment))
        entries++;
      while (dms_payload_next_number (&list, &number))
        entries++;
    }
  DmsBytes text;
  dms_bytes_init (&text);
  dms_payload_append_plain (&text, data, length);
  g_assert_cmpuint (text.length, <=, length);
  dms_bytes_release (&text);
  return entries;
}

/* Cut short, a payload is refused unless it was cut between two lists. */
static void
test_every_cut_is_noticed (void)
{
  DmsTestRandom random;

  dms_test_random_init (&random, 1);
  for (unsigned round = 0; round < 40; round++)
    {
      Lists lists = random_lists (&random);
      size_t ends[5] = { 0 };
      DmsBytes bytes;

      dms_bytes_init (&bytes);
      dms_payload_append_frames (&bytes, lists.frames, lists.n[0]);
      ends[1] = bytes.length;
      dms_payload_append_segments (
          &bytes, DMS_PAYLOAD_MEMORY, lists.memory, lists.n[1]);
      ends[2] = bytes.length;
      dms_payload_append_ids (&bytes, DMS_PAYLOAD_STACK, lists.stack, lists.n[3]);
      ends[3] = bytes.length;
      dms_payload_append_string (&bytes, "x");
      ends[4] = bytes.length;
      for (size_t n = 0; n <= bytes.length; n++)
        {
          g_autofree uint8_t *cut = g_memdup2 (bytes.data, n);
          bool between = false;
          for (unsigned i = 0; i < G_N_ELEMENTS (ends); i++)
            between |= ends[i] == n;
          g_assert_cmpint (dms_payload_check (cut, n), ==, between);
          read_all (cut, n);
        }
      dms_bytes_release (&bytes);
    }
}

static void
test_random_bytes_are_bounded (void)
{
  DmsTestRandom random;

  dms_test_random_init (&random, 2);
  for (unsigned round = 0; round < 50000; round++)
    {
      size_t length = dms_test_random_below (&random, 40);
      g_autofree uint8_t *data = g_malloc (length + 1);
      g_autofree uint8_t *exact = NULL;
      dms_test_random_bytes (&random, data, length);
      if (length > 0 && dms_test_random_chance (&random, 70))
        data[0] = (uint8_t)dms_test_random_range (&random, 1, 5);
      if (length > 1 && dms_test_random_chance (&random, 70))
        data[1] = (uint8_t)dms_test_random_below (&random, 20);
      exact = g_memdup2 (data, length);
      dms_payload_check (exact, length);
      g_assert_cmpuint (read_all (exact, length), <=, 2 * length);
    }
}

static void
test_limits (void)
{
  /* A count beyond what is left, beyond the limit, an unknown tag, tag 0. */
  static const uint8_t hostile[][6] = {
    { 5, 5, 'a', 'b', 'c', 'd' },
    { 1, 0xff, 0xff, 0xff, 0xff, 0x0f },
    { 6, 0, 0, 0, 0, 0 },
    { 0, 0, 0, 0, 0, 0 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (hostile); i++)
    g_assert_false (dms_payload_check (hostile[i], sizeof hostile[i]));
  g_assert_true (dms_payload_check (NULL, 0));

  size_t length = DMS_PAYLOAD_ENTRIES_MAX + 8;
  DmsBytes bytes;
  dms_bytes_init (&bytes);
  dms_bytes_append_varint (&bytes, DMS_PAYLOAD_TEXT);
  dms_bytes_append_varint (&bytes, DMS_PAYLOAD_ENTRIES_MAX + 1);
  g_assert_true (dms_bytes_reserve (&bytes, length));
  memset (bytes.data + bytes.length, 'a', DMS_PAYLOAD_ENTRIES_MAX + 1);
  bytes.length += DMS_PAYLOAD_ENTRIES_MAX + 1;
  g_assert_false (dms_payload_check (bytes.data, bytes.length));
  /* One fewer is as many as may be; writing stops there by itself. */
  g_autofree char *text = g_strnfill (DMS_PAYLOAD_ENTRIES_MAX + 1, 'a');
  dms_bytes_clear (&bytes);
  dms_payload_append_string (&bytes, text);
  g_assert_true (dms_payload_check (bytes.data, bytes.length));
  dms_bytes_release (&bytes);

  g_autofree uint8_t *large = g_malloc0 (DMS_PAYLOAD_MAX + 1);
  for (size_t i = 0; i + 1 < DMS_PAYLOAD_MAX + 1; i += 2)
    large[i] = DMS_PAYLOAD_TEXT; /* empty lists */
  g_assert_true (dms_payload_check (large, DMS_PAYLOAD_MAX));
  g_assert_false (dms_payload_check (large, DMS_PAYLOAD_MAX + 1));
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/core/payload/lists-come-back", test_lists_come_back);
  g_test_add_func ("/core/payload/every-cut-is-noticed", test_every_cut_is_noticed);
  g_test_add_func ("/core/payload/random-bytes-are-bounded",
                   test_random_bytes_are_bounded);
  g_test_add_func ("/core/payload/limits", test_limits);
  return g_test_run ();
}
