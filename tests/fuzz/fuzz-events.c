/* fuzz-events.c — bytes as events, or as a saved state
 *
 * The first byte chooses. 'E': events follow, each a kind, its fields as varints and a
 * payload; all that are taken are folded, spoken and dumped, and in the end the state
 * is saved and loaded. 'S': a saved state without its checksum follows, which is added,
 * so that mutations come past it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz-event.h"
#include "tests/fuzz/fuzz.h"

#include "engine/core/dms-lane.h"
#include "engine/core/dms-sentence.h"
#include "engine/core/dms-state-private.h"

#include <stdlib.h>
#include <string.h>

enum
{
  EVENTS_MAX = 2000,
  CHECKED_EVENTS = 200 /* refusals of these are held against the state before */
};

/* All that is made of an event; nothing may be unprintable. */
static void
speak (const DmsEvent *event, const DmsState *state, DmsBytes *bytes)
{
  DmsLaneSample samples[DMS_LANE_SAMPLES_MAX];

  dms_bytes_clear (bytes);
  dms_event_sentence (bytes, event, state, NULL, NULL);
  dms_event_why (bytes, event, state, NULL, NULL);
  dms_event_place (bytes, event, NULL);
  dms_event_append_dump (bytes, event, NULL);
  for (size_t i = 0; i < bytes->length; i++)
    if (bytes->data[i] < ' ')
      abort ();
  if (dms_lane_samples (event, state, samples) > DMS_LANE_SAMPLES_MAX)
    abort ();
}

/* Saved, loaded and saved again it is the same. */
static void
check_round_trip (const DmsState *state, DmsBytes *bytes)
{
  DmsState *again = dms_state_new ();

  dms_bytes_clear (bytes);
  dms_state_save (state, bytes);
  if (again == NULL || bytes->failed
      || dms_state_load (again, bytes->data, bytes->length) != DMS_OK
      || !dms_state_equal (state, again))
    abort ();
  dms_bytes_clear (bytes);
  dms_state_append_dump (bytes, again, NULL);
  dms_state_free (again);
}

/* A refused event leaves the state as it was. */
static void
check_unchanged (const DmsState *state, const DmsBytes *before)
{
  DmsBytes after;

  dms_bytes_init (&after);
  dms_state_save (state, &after);
  if (after.length != before->length
      || memcmp (after.data, before->data, after.length) != 0)
    abort ();
  dms_bytes_release (&after);
}

static void
fold_events (DmsState *state, DmsReader *reader)
{
  DmsBytes bytes;
  DmsEvent event;

  dms_bytes_init (&bytes);
  for (unsigned i = 0;
       i < EVENTS_MAX && fuzz_read_event (reader, state->seq + 1, &event);
       i++)
    {
      /* A pool of 65 536 registers makes each check slow. */
      bool is_checked = i < CHECKED_EVENTS && state->n_registers <= 256;
      dms_bytes_clear (&bytes);
      if (is_checked)
        dms_state_save (state, &bytes);
      if (dms_state_apply (state, &event) == DMS_OK)
        speak (&event, state, &bytes);
      else if (is_checked)
        check_unchanged (state, &bytes);
    }
  check_round_trip (state, &bytes);
  dms_bytes_release (&bytes);
}

static void
load_state (DmsState *state, const uint8_t *data, size_t length)
{
  uint64_t sum = dms_state_checksum (data, length);
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_bytes_append (&bytes, data, length);
  for (unsigned i = 0; i < DMS_STATE_CHECKSUM_BYTES; i++)
    dms_bytes_append_byte (&bytes, (uint8_t)(sum >> (8 * i)));
  DmsStatus status = dms_state_load (state, bytes.data, bytes.length);
  if (status == DMS_OK)
    {
      /* It is a state like any other: events go on from it. */
      DmsReader reader;
      check_round_trip (state, &bytes);
      dms_reader_init (&reader, data, length);
      if (state->seq < UINT64_MAX / 2)
        fold_events (state, &reader);
    }
  else if (status != DMS_ERROR_CORRUPT || dms_state_live (state) != 0)
    abort ();
  dms_bytes_release (&bytes);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length)
{
  DmsState *state = dms_state_new ();
  DmsReader reader;

  if (state == NULL || length == 0)
    {
      dms_state_free (state);
      return 0;
    }
  dms_reader_init (&reader, bytes + 1, length - 1);
  if (bytes[0] == 'S')
    load_state (state, bytes + 1, length - 1);
  else
    fold_events (state, &reader);
  dms_state_free (state);
  return 0;
}
