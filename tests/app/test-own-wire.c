/* test-own-wire.c — what comes from a driver's process is read, and never trusted
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-payload.h"
#include "lib/dms-wire.h"
#include "tests/lib/dms-test.h"

#include <string.h>
#include <unistd.h>

#define EVENTS 200

/* Bytes as a driver's process writes them: names, events with payloads, an end. */
static GByteArray *
make_stream (void)
{
  GByteArray *stream = g_byte_array_new ();
  int ends[2];
  DmsSink sink;
  DmsStatus status = DMS_ERROR_END;
  guint8 bytes[4096];
  ssize_t n;

  g_assert_cmpint (pipe (ends), ==, 0);
  sink = dms_wire_sink (&ends[1]);
  for (guint i = 1; i <= EVENTS; i++)
    {
      DmsBytes payload;
      DmsEvent event = { .seq = i, .step = i / 3, .kind = DMS_EVENT_LOG };

      if (i % 20 == 1)
        {
          g_autofree char *text = g_strdup_printf ("name %u", i);
          DmsName name
              = { .id = i / 20 + 1, .kind = DMS_NAME_TEXT, .number = i, .text = text };

          g_assert_cmpint (sink.name (sink.data, &name), ==, DMS_OK);
        }
      dms_bytes_init (&payload);
      dms_payload_append_string (&payload, "a line of the log");
      event.device = i / 20 + (i % 20 > 0);
      event.payload = payload.data;
      event.payload_length = (guint32)payload.length;
      g_assert_cmpint (sink.event (sink.data, &event), ==, DMS_OK);
      dms_bytes_release (&payload);
      /* Before the pipe is full. */
      n = read (ends[0], bytes, sizeof bytes);
      g_assert_cmpint (n, >, 0);
      g_byte_array_append (stream, bytes, (guint)n);
    }
  g_assert_true (dms_wire_write (ends[1], DMS_WIRE_END, &status, sizeof status));
  close (ends[1]);
  while ((n = read (ends[0], bytes, sizeof bytes)) > 0)
    g_byte_array_append (stream, bytes, (guint)n);
  close (ends[0]);
  return stream;
}

typedef struct
{
  guint64 n_events;
  guint32 n_names;
  gboolean has_end;
  DmsStatus status;
} Read;

/* Reads @stream in pieces of random sizes. */
static Read
read_stream (const guint8 *bytes, gsize length, DmsTestRandom *random)
{
  DmsWireReader reader;
  DmsWireRecord record;
  Read done = { 0 };
  gsize at = 0;

  dms_wire_reader_init (&reader);
  while (done.status == DMS_OK || done.status == DMS_ERROR_END)
    {
      gsize want = 1 + dms_test_random_below (random, 700);
      gsize came = MIN (want, length - at);

      if (came > 0)
        memcpy (dms_wire_reader_room (&reader, want), bytes + at, came);
      else
        (void)dms_wire_reader_room (&reader, want);
      dms_wire_reader_filled (&reader, want, came);
      at += came;
      while ((done.status = dms_wire_reader_next (&reader, &record)) == DMS_OK)
        {
          if (record.kind == DMS_WIRE_EVENT)
            g_assert_cmpuint (record.event.seq, ==, ++done.n_events);
          else if (record.kind == DMS_WIRE_NAME)
            {
              g_assert_cmpuint (record.name.id, ==, ++done.n_names);
              g_assert_cmpuint (strlen (record.name.text), <=, DMS_NAME_TEXT_MAX);
            }
          else if (record.kind == DMS_WIRE_END)
            done.has_end = TRUE;
        }
      if (came == 0)
        break;
    }
  dms_wire_reader_clear (&reader);
  return done;
}

static void
test_all_comes_through (void)
{
  g_autoptr (GByteArray) stream = make_stream ();
  DmsTestRandom random;

  dms_test_random_init (&random, 1);
  for (guint i = 0; i < 20; i++)
    {
      Read done = read_stream (stream->data, stream->len, &random);

      g_assert_cmpuint (done.n_events, ==, EVENTS);
      g_assert_cmpuint (done.n_names, ==, EVENTS / 20);
      g_assert_true (done.has_end);
      g_assert_cmpint (done.status, ==, DMS_ERROR_END);
    }
}

/* A process may end in the middle of a record: what was whole before is there. */
static void
test_a_cut_stream_has_what_is_whole (void)
{
  g_autoptr (GByteArray) stream = make_stream ();
  DmsTestRandom random;
  guint64 n_before = 0;

  dms_test_random_init (&random, 2);
  for (guint length = 0; length <= stream->len; length += 7)
    {
      Read done = read_stream (stream->data, length, &random);

      g_assert_cmpint (done.status, ==, DMS_ERROR_END);
      g_assert_cmpuint (done.n_events, >=, n_before);
      n_before = done.n_events;
    }
  g_assert_cmpuint (n_before, ==, EVENTS);
}

/* Whatever bytes come: an end or a refusal, and only events in their order before. */
static void
test_damaged_streams_are_refused (void)
{
  g_autoptr (GByteArray) stream = make_stream ();
  DmsTestRandom random;
  guint n_refused = 0;

  dms_test_random_init (&random, 3);
  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (GByteArray) damaged = g_byte_array_new ();
      guint n = 1 + (guint)dms_test_random_below (&random, 8);

      g_byte_array_append (damaged, stream->data, stream->len);
      for (guint k = 0; k < n; k++)
        damaged->data[dms_test_random_below (&random, damaged->len)]
            = (guint8)dms_test_random_below (&random, 256);
      n_refused += read_stream (damaged->data, damaged->len, &random).status
                   == DMS_ERROR_CORRUPT;
    }
  g_assert_cmpuint (n_refused, >, 1000);
}

static void
test_lengths_are_bounded (void)
{
  DmsWireHead heads[] = { { DMS_WIRE_EVENT, G_MAXUINT32 },
                          { DMS_WIRE_EVENT, 3 },
                          { DMS_WIRE_NAME, 2 },
                          { DMS_WIRE_END, 1 },
                          { DMS_WIRE_FAULT, 0 },
                          { 0, 8 },
                          { 77, 8 } };
  DmsTestRandom random;

  dms_test_random_init (&random, 4);
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      guint8 bytes[sizeof heads[0] + 16] = { 0 };

      memcpy (bytes, &heads[i], sizeof heads[0]);
      g_assert_cmpint (
          read_stream (bytes, sizeof bytes, &random).status, ==, DMS_ERROR_CORRUPT);
    }
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/app/own-wire/all-comes-through", test_all_comes_through);
  g_test_add_func ("/app/own-wire/cut", test_a_cut_stream_has_what_is_whole);
  g_test_add_func ("/app/own-wire/damaged", test_damaged_streams_are_refused);
  g_test_add_func ("/app/own-wire/lengths", test_lengths_are_bounded);
  return g_test_run ();
}
