/* dms-trace-stream.c — made-up events for tests and measurements of the trace file
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/data/trace/dms-trace-stream.h"

#include <string.h>

/* ---- a recording ------------------------------------------------------- */

void
dms_trace_stream_init (DmsTraceStream *stream,
                       const DmsSink *sink,
                       guint64 salt,
                       guint live)
{
  memset (stream, 0, sizeof *stream);
  g_assert_cmpint (dms_emitter_init (&stream->emitter, sink, true), ==, DMS_OK);
  dms_test_random_init (&stream->random, salt);
  dms_bytes_init (&stream->payload);
  stream->t_ns = 13011706000;
  stream->next_mapping = 1;
  stream->live = live;
  stream->mappings = g_malloc0_n (live, sizeof *stream->mappings);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("0000:00:0%u.0", i + 1);
      g_autofree char *task = g_strdup_printf ("kworker/%u:1", i);
      stream->devices[i]
          = dms_emitter_name (&stream->emitter, DMS_NAME_DEVICE, 0, name);
      stream->tasks[i]
          = dms_emitter_name (&stream->emitter, DMS_NAME_TASK, 100 + i, task);
    }
}

void
dms_trace_stream_release (DmsTraceStream *stream)
{
  dms_emitter_release (&stream->emitter);
  dms_bytes_release (&stream->payload);
  g_free (stream->mappings);
}

static void
begin_event (DmsTraceStream *stream, DmsEvent *event, guint16 kind)
{
  stream->t_ns += (gint64)dms_test_random_range (&stream->random, 200, 9000);
  *event = (DmsEvent){
    .kind = kind,
    .t_ns = stream->t_ns,
    .task = stream->tasks[dms_test_random_below (&stream->random, 4)],
    .cpu = (guint16)dms_test_random_below (&stream->random, 4),
    .context = DMS_CONTEXT_LINUX,
  };
}

static guint64
page_address (DmsTestRandom *random)
{
  return dms_test_random_range (random, 0x1000, 0x7ffff) << 12;
}

static void
emit_map (DmsTraceStream *stream)
{
  DmsTestRandom *random = &stream->random;
  DmsSegment segments[4];
  gsize n
      = dms_test_random_chance (random, 70) ? 1 : dms_test_random_range (random, 2, 4);
  guint32 form = n == 1 ? DMS_FLAG_FORM_SINGLE : DMS_FLAG_FORM_SG;
  guint which = (guint)dms_test_random_below (random, 4);
  DmsEvent event;

  begin_event (stream, &event, DMS_EVENT_MAP);
  for (gsize i = 0; i < n; i++)
    {
      segments[i].address = page_address (random);
      segments[i].length = n == 1 ? dms_test_random_range (random, 64, 4096) : 4096;
      event.length += segments[i].length;
    }
  dms_bytes_clear (&stream->payload);
  dms_payload_append_segments (&stream->payload, DMS_PAYLOAD_MEMORY, segments, n);
  dms_payload_append_segments (&stream->payload, DMS_PAYLOAD_DEVICE, segments, n);
  event.device = stream->devices[which];
  event.object = stream->next_mapping++;
  event.index = (guint32)n;
  event.a = n;
  event.flags = form | (which % 2 == 0 ? DMS_FLAG_FROM_DEVICE : DMS_FLAG_TO_DEVICE);
  event.payload = stream->payload.data;
  event.payload_length = (guint32)stream->payload.length;
  stream->mappings[stream->n_live].address = segments[0].address;
  stream->mappings[stream->n_live].length = event.length;
  stream->mappings[stream->n_live].device = event.device;
  stream->mappings[stream->n_live].flags = event.flags;
  stream->n_live++;
  dms_emitter_emit (&stream->emitter, &event);
}

static void
emit_unmap (DmsTraceStream *stream)
{
  guint which = (guint)dms_test_random_below (&stream->random, stream->n_live);
  DmsEvent event;

  begin_event (stream, &event, DMS_EVENT_UNMAP);
  event.device = stream->mappings[which].device;
  event.a = stream->mappings[which].address;
  event.length = stream->mappings[which].length;
  event.flags = stream->mappings[which].flags;
  stream->mappings[which] = stream->mappings[--stream->n_live];
  dms_emitter_emit (&stream->emitter, &event);
}

DmsStatus
dms_trace_stream_next (DmsTraceStream *stream)
{
  gboolean is_full = stream->n_live == stream->live;
  gboolean is_half = stream->n_live * 2 > stream->live;

  if (!is_full && !dms_test_random_chance (&stream->random, is_half ? 50 : 60))
    is_full = stream->n_live > 0;
  if (is_full)
    emit_unmap (stream);
  else
    emit_map (stream);
  return stream->emitter.status;
}

/* ---- any event --------------------------------------------------------- */

/* Numbers of all sizes, small ones often. */
static guint64
any (DmsTestRandom *random)
{
  return dms_test_random_next (random) >> dms_test_random_below (random, 64);
}

static guint32
any32 (DmsTestRandom *random)
{
  return (guint32)(any (random) & G_MAXUINT32);
}

static void
random_payload (DmsTestRandom *random, DmsBytes *payload)
{
  DmsSegment segments[5];
  guint64 frames[5];
  guint32 ids[5];
  gsize n = dms_test_random_below (random, 6);

  for (gsize i = 0; i < n; i++)
    {
      segments[i] = (DmsSegment){ any (random), any (random) };
      frames[i] = any (random);
      ids[i] = any32 (random);
    }
  if (dms_test_random_chance (random, 40))
    dms_payload_append_segments (payload, DMS_PAYLOAD_MEMORY, segments, n);
  if (dms_test_random_chance (random, 40))
    dms_payload_append_segments (payload,
                                 DMS_PAYLOAD_DEVICE,
                                 segments,
                                 dms_test_random_chance (random, 80) ? n : n / 2);
  if (dms_test_random_chance (random, 10))
    dms_payload_append_frames (payload, frames, n);
  if (dms_test_random_chance (random, 10))
    dms_payload_append_ids (payload, DMS_PAYLOAD_STACK, ids, n);
  if (dms_test_random_chance (random, 10))
    dms_payload_append_string (payload, "nvme 0000:00:03.0: swiotlb buffer is full");
}

void
dms_trace_event_random (DmsTestRandom *random,
                        guint64 seq,
                        guint64 step,
                        DmsBytes *payload,
                        DmsEvent *ret_event)
{
  size_t n = 0;
  const DmsEventInfo *infos = dms_event_infos (&n);

#define SOME(value) (dms_test_random_chance (random, 50) ? (value) : 0)
  dms_bytes_clear (payload);
  random_payload (random, payload);
  *ret_event = (DmsEvent){
    .seq = seq,
    .step = step,
    .t_ns = (gint64)any (random) * (dms_test_random_chance (random, 10) ? -1 : 1),
    .transfer = SOME (any (random)),
    .object = SOME (any (random)),
    .a = SOME (any (random)),
    .b = SOME (any (random)),
    .c = SOME (any (random)),
    .length = SOME (any (random)),
    .cause = SOME (dms_test_random_below (random, seq)),
    .run = 1,
    .index = SOME (any32 (random)),
    .flags = SOME (any32 (random)),
    .status = SOME (any32 (random)),
    .task = SOME (any32 (random)),
    .device = SOME (any32 (random)),
    .file = SOME (any32 (random)),
    .line = SOME (any32 (random)),
    .kind = (uint16_t)infos[dms_test_random_below (random, n)].kind,
    .cpu = (uint16_t)SOME (any (random) & 0xffff),
    .context = (uint8_t)SOME (any (random) & 0xff),
    .payload_length = (uint32_t)payload->length,
    .payload = payload->length == 0 ? NULL : payload->data,
  };
#undef SOME
}

gboolean
dms_trace_event_equal (const DmsEvent *one, const DmsEvent *other)
{
#define SAME(member) (one->member == other->member)
  return SAME (seq) && SAME (step) && SAME (t_ns) && SAME (transfer) && SAME (object)
         && SAME (a) && SAME (b) && SAME (c) && SAME (length) && SAME (cause)
         && SAME (index) && SAME (flags) && SAME (status) && SAME (task)
         && SAME (device) && SAME (file) && SAME (line) && SAME (kind) && SAME (cpu)
         && SAME (context) && SAME (payload_length)
         && (one->payload_length == 0
             || memcmp (one->payload, other->payload, one->payload_length) == 0);
#undef SAME
}
