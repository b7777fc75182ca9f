/* test-core-story.c — the story of ARCHITECTURE §7: what the state shows after each
 * step and what is said about it
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-sentence.h"
#include "tests/engine/core-log.h"
#include "tests/lib/dms-test.h"

#include <string.h>

typedef struct
{
  CoreLog log;
  CoreStory story;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer to_device)
{
  core_log_init (&fixture->log, false);
  fixture->story = core_story_emit (&fixture->log, GPOINTER_TO_INT (to_device) != 0);
}

static void
tear_down (Fixture *fixture, gconstpointer to_device)
{
  (void)to_device;
  core_log_release (&fixture->log);
}

/* The state right after event @seq; free it. */
static DmsState *
state_at (Fixture *fixture, uint64_t seq)
{
  DmsState *state = core_log_fold (&fixture->log, seq);
  core_assert_counts (state);
  return state;
}

typedef void (*Say) (DmsBytes *bytes,
                     const DmsEvent *event,
                     const DmsState *state,
                     const DmsNames *names,
                     const DmsVoice *voice);

static char *
say_with (Fixture *fixture, uint64_t seq, Say say)
{
  DmsState *state = core_log_fold (&fixture->log, seq);
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  say (&bytes, core_log_event (&fixture->log, seq), state, fixture->log.names, NULL);
  char *text = g_strdup (dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
  dms_state_free (state);
  return text;
}

#define ASSERT_SAYS(fixture, seq, expected)                                            \
  do                                                                                   \
    {                                                                                  \
      g_autofree char *said = say_with (fixture, seq, dms_event_sentence);             \
      g_assert_cmpstr (said, ==, expected);                                            \
    }                                                                                  \
  while (0)
#define ASSERT_WHY(fixture, seq, expected)                                             \
  do                                                                                   \
    {                                                                                  \
      g_autofree char *said = say_with (fixture, seq, dms_event_why);                  \
      g_assert_cmpstr (said, ==, expected);                                            \
    }                                                                                  \
  while (0)

/* ---- words: the table of VOICE.md ---- */

static void
test_words_of_the_way_in (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const CoreStory *story = &fixture->story;

  ASSERT_SAYS (fixture,
               story->ask,
               "The driver asks for a scatter/gather list of 20 992 bytes, from the "
               "device into the buffer.");
  ASSERT_SAYS (
      fixture,
      story->count,
      "The buffer touches 6 pages, because it starts 512 bytes into the first: (512 + "
      "20 992 + 4 095) / 4 096, rounded down. One map register is needed for each; "
      "card0 may have 8 in one transfer.");
  ASSERT_SAYS (fixture,
               story->grant,
               "6 map registers are granted, 0 to 5. 58 stay in the pool; card0 may "
               "take 2 more.");
  ASSERT_SAYS (fixture,
               story->page[0],
               "Page 0 is frame 0xA311. card0 reaches it, so map register 0 stays "
               "unused and element 0 points straight at logical address 0x0A31_1200, "
               "3 584 bytes.");
  ASSERT_SAYS (
      fixture,
      story->page[1],
      "Page 1 is frame 0xA312, right behind page 0 in memory. It joins element "
      "0, which is now 7 680 bytes.");
  ASSERT_SAYS (fixture,
               story->page[2],
               "Page 2 is frame 0x140003, above 4 GiB. card0 drives 32 address lines "
               "and cannot reach it, so map register 2 puts its bounce page, frame "
               "0x42, in its place: element 1, logical address 0x0004_2000.");
  ASSERT_SAYS (fixture,
               story->no_copy,
               "Nothing is copied now: card0 will write 8 192 bytes into 2 pages that "
               "bounce.");
  ASSERT_SAYS (fixture,
               story->map,
               "The list has 4 elements for 6 pages: 2 runs that card0 reaches and 2 "
               "pages that bounce.");
  ASSERT_SAYS (fixture,
               story->callback,
               "The system calls ProgramDevice at DISPATCH_LEVEL with the list.");
  ASSERT_WHY (fixture,
              story->callback,
              "When it returns the adapter channel is free again; the map registers "
              "stay granted.");
}

static void
test_words_of_the_way_back (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const CoreStory *story = &fixture->story;

  ASSERT_SAYS (fixture,
               story->first_burst_of[1],
               "card0 writes 1 024 bytes to logical address 0x0004_2000, in bounce "
               "frame 0x42, which map register 2 holds for page 2.");
  ASSERT_WHY (fixture,
              story->first_burst_of[1],
              "Page 2 itself is frame 0x140003, above 4 GiB, and keeps its old bytes "
              "until PutScatterGatherList copies them back.");
  ASSERT_SAYS (fixture,
               story->first_burst_of[0],
               "card0 writes 1 024 bytes to logical address 0x0A31_1200, in frame "
               "0xA311: page 0 itself.");
  ASSERT_SAYS (fixture,
               story->interrupt,
               "card0 has moved all 20 992 bytes and interrupts. 8 192 of them wait in "
               "bounce pages.");
  ASSERT_SAYS (fixture,
               story->copy_out[0],
               "The system copies 4 096 bytes from bounce frame 0x42, which map "
               "register 2 holds, to page 2.");
  ASSERT_SAYS (fixture,
               story->release,
               "Map registers 0 to 5 go back to the pool, which has 64 again.");
  ASSERT_SAYS (fixture,
               story->unmap,
               "The list is freed. Only now may the driver look at the buffer.");
}

static void
test_words_of_the_way_out (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const CoreStory *story = &fixture->story;

  ASSERT_SAYS (fixture,
               story->ask,
               "The driver asks for a scatter/gather list of 20 992 bytes, from the "
               "buffer to the device.");
  ASSERT_SAYS (fixture,
               story->copy_in[0],
               "The system copies page 2, 4 096 bytes, into bounce frame 0x42, which "
               "map register 2 holds.");
  ASSERT_WHY (fixture,
              story->copy_in[0],
              "It does so now, before the driver gets the list, because the device "
              "will read frame 0x42 in its place. What the CPU writes to page 2 from "
              "here on is not sent.");
  ASSERT_SAYS (fixture,
               story->first_burst_of[1],
               "card0 reads 1 024 bytes from logical address 0x0004_2000, in bounce "
               "frame 0x42, which map register 2 holds for page 2.");
  ASSERT_SAYS (
      fixture, story->interrupt, "card0 has moved all 20 992 bytes and interrupts.");
  ASSERT_SAYS (fixture, story->unmap, "The list is freed.");
}

static void
test_place_names_line_and_irql (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_event_place (
      &bytes, core_log_event (&fixture->log, fixture->story.ask), fixture->log.names);
  g_assert_cmpstr (dms_bytes_text (&bytes), ==, "packet-sg.c:36, DISPATCH_LEVEL");
  dms_bytes_release (&bytes);
}

/* Every event of the story, in words, with its dump below: no "?" and no name left. */
static void
test_every_event_is_told (Fixture *fixture, gconstpointer to_device)
{
  DmsState *state = dms_state_new ();
  DmsBytes text;

  dms_bytes_init (&text);
  for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
    {
      const DmsEvent *event = core_log_event (&fixture->log, seq);
      g_assert_cmpint (dms_state_apply (state, event), ==, DMS_OK);
      dms_bytes_printf (&text, "%u. ", (unsigned)event->step);
      size_t start = text.length;
      dms_event_sentence (&text, event, state, fixture->log.names, NULL);
      g_assert_cmpuint (text.length, >, start);
      dms_bytes_append_text (&text, "\n   ");
      size_t before_why = text.length;
      dms_event_why (&text, event, state, fixture->log.names, NULL);
      dms_bytes_append_text (&text, text.length > before_why ? "\n    " : " ");
      dms_event_append_dump (&text, event, fixture->log.names);
      dms_bytes_append_text (&text, "\n");
      const char *told = dms_bytes_text (&text) + start;
      g_assert_null (strchr (told, '?'));
      g_assert_null (strpbrk (strstr (told, "\n    seq=") == NULL ? told : "", "{}"));
    }
  dms_test_golden (GPOINTER_TO_INT (to_device) ? "core/story-write.txt"
                                               : "core/story-read.txt",
                   dms_bytes_text (&text));
  dms_bytes_release (&text);
  dms_state_free (state);
}

/* ---- state ---- */

static void
assert_page (
    const DmsState *state, unsigned i, unsigned start, unsigned end, DmsContent c)
{
  const DmsPageState *page = &dms_state_buffer (state, 1)->pages[i];

  g_assert_cmpuint (page->n_ranges, ==, 1);
  g_assert_cmpstr (
      dms_content_name (page->ranges[0].content), ==, dms_content_name (c));
  g_assert_cmpuint (page->ranges[0].start, ==, start);
  g_assert_cmpuint (page->ranges[0].end, ==, end);
}

/* One content for each page of the buffer, over all its bytes. */
static void
assert_pages (const DmsState *state, const DmsContent contents[STORY_PAGES])
{
  for (unsigned i = 0; i < STORY_PAGES; i++)
    assert_page (
        state, i, i == 0 ? STORY_OFFSET : 0, i == 5 ? 1024 : 4096, contents[i]);
}

static void
test_list_is_made (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = state_at (fixture, fixture->story.grant);

  g_assert_cmpuint (state->registers_granted, ==, 6);
  g_assert_cmpuint (state->registers_bouncing, ==, 0);
  g_assert_cmpuint (state->n_calls, ==, 2);
  g_assert_true (dms_state_device (state, 1)->channel_taken);
  dms_state_free (state);

  state = state_at (fixture, fixture->story.map);
  const DmsMappingState *list = dms_state_mapping (state, 1);
  g_assert_cmpuint (state->registers_granted, ==, 6);
  g_assert_cmpuint (state->registers_bouncing, ==, 2);
  g_assert_cmphex (state->registers[2].bounce_frame, ==, 0x42);
  g_assert_cmphex (state->registers[3].bounce_frame, ==, 0x57);
  g_assert_cmpuint (list->n_pieces, ==, 6);
  g_assert_cmpuint (list->n_elements, ==, 4);
  static const DmsSegment elements[] = {
    { 0xA311200, 7680 }, { 0x42000, 4096 }, { 0x57000, 4096 }, { 0xB020000, 5120 }
  };
  for (unsigned i = 0; i < 4; i++)
    {
      g_assert_cmphex (list->elements[i].logical, ==, elements[i].address);
      g_assert_cmpuint (list->elements[i].length, ==, elements[i].length);
    }
  g_assert_true (list->ready);
  g_assert_true (dms_mapping_piece (list, 0, 0xA312fff) == &list->pieces[1]);
  g_assert_null (dms_mapping_piece (list, 0, 0xA313000));
  g_assert_null (dms_mapping_piece (list, 1, 0xA311200));
  dms_state_free (state);
}

static void
test_read_contents (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const CoreStory *story = &fixture->story;
  const DmsContent old = DMS_CONTENT_OLD;
  const DmsContent arrived = DMS_CONTENT_ARRIVED;
  const DmsContent bounce = DMS_CONTENT_IN_BOUNCE;
  const DmsContent back = DMS_CONTENT_COPIED_BACK;

  DmsState *state = state_at (fixture, story->request);
  assert_pages (state, (DmsContent[]){ old, old, old, old, old, old });
  dms_state_free (state);

  /* The picture of stage.png: half of page 2 is in its bounce page. */
  state = state_at (fixture, story->first_burst_of[1] + 1);
  const DmsPageState *page = &dms_state_buffer (state, 1)->pages[2];
  g_assert_cmpuint (page->n_ranges, ==, 2);
  g_assert_cmpuint (page->ranges[0].content, ==, bounce);
  g_assert_cmpuint (page->ranges[0].end, ==, 2048);
  g_assert_cmpuint (page->ranges[1].content, ==, old);
  g_assert_cmpuint (state->waiting_bytes, ==, 2048);
  g_assert_cmpuint (state->held_bytes, ==, 2048);
  g_assert_cmpuint (state->moved_bytes, ==, 9728);
  g_assert_cmpuint (dms_state_mapping (state, 1)->elements[1].moved, ==, 2048);
  dms_state_free (state);

  state = state_at (fixture, story->interrupt);
  assert_pages (state,
                (DmsContent[]){ arrived, arrived, bounce, bounce, arrived, arrived });
  g_assert_cmpuint (state->waiting_bytes, ==, 8192);
  g_assert_cmpuint (state->copied_bytes, ==, 0);
  g_assert_cmpuint (dms_state_transfer (state, 1)->phase, ==, DMS_TRANSFER_MOVED);
  dms_state_free (state);

  state = state_at (fixture, story->copy_out[0]);
  assert_pages (state,
                (DmsContent[]){ arrived, arrived, back, bounce, arrived, arrived });
  g_assert_cmpuint (state->waiting_bytes, ==, 4096);
  g_assert_cmpuint (state->held_bytes, ==, 4096);
  dms_state_free (state);
}

static void
test_write_contents (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const CoreStory *story = &fixture->story;
  const DmsContent read = DMS_CONTENT_TO_BE_READ;
  const DmsContent in = DMS_CONTENT_COPIED_IN;
  const DmsContent sent = DMS_CONTENT_SENT;

  DmsState *state = state_at (fixture, story->request);
  assert_pages (state, (DmsContent[]){ read, read, read, read, read, read });
  dms_state_free (state);

  state = state_at (fixture, story->map);
  assert_pages (state, (DmsContent[]){ read, read, in, in, read, read });
  g_assert_cmpuint (state->held_bytes, ==, 8192);
  g_assert_cmpuint (state->waiting_bytes, ==, 0);
  g_assert_cmpuint (state->copied_bytes, ==, 8192);
  dms_state_free (state);

  state = state_at (fixture, story->interrupt);
  assert_pages (state, (DmsContent[]){ sent, sent, sent, sent, sent, sent });
  g_assert_cmpuint (state->held_bytes, ==, 8192);
  dms_state_free (state);
}

static void
test_nothing_is_left (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const DmsState *state = fixture->log.state;
  const DmsTransferState *transfer = dms_state_transfer (state, 1);

  core_assert_counts (state);
  g_assert_cmpuint (state->registers_granted, ==, 0);
  g_assert_cmpuint (state->mappings.n, ==, 0);
  g_assert_cmpuint (state->n_calls, ==, 0);
  g_assert_cmpuint (state->waiting_bytes, ==, 0);
  g_assert_cmpuint (state->held_bytes, ==, 0);
  g_assert_cmpuint (state->live_bytes, ==, 0);
  g_assert_cmpuint (state->oddities, ==, 0);
  g_assert_cmpuint (state->moved_bytes, ==, STORY_LENGTH);
  g_assert_cmpuint (state->copied_bytes, ==, 8192);
  g_assert_cmpuint (transfer->phase, ==, DMS_TRANSFER_COMPLETE);
  g_assert_cmpuint (transfer->copied_bytes, ==, 8192);
  g_assert_cmpuint (transfer->moved_bytes, ==, STORY_LENGTH);
}

/* Waiting is what the pages say, at every event. */
static void
test_waiting_is_in_the_pages (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = dms_state_new ();

  for (uint64_t seq = 1; seq <= fixture->log.events->len; seq++)
    {
      uint64_t waiting = 0;
      const DmsEvent *event = core_log_event (&fixture->log, seq);
      g_assert_cmpint (dms_state_apply (state, event), ==, DMS_OK);
      core_assert_counts (state);
      const DmsBufferState *buffer = dms_state_buffer (state, 1);
      for (uint32_t i = 0; buffer != NULL && i < buffer->n_pages; i++)
        for (unsigned r = 0; r < buffer->pages[i].n_ranges; r++)
          if (buffer->pages[i].ranges[r].content == DMS_CONTENT_IN_BOUNCE)
            waiting
                += buffer->pages[i].ranges[r].end - buffer->pages[i].ranges[r].start;
      g_assert_cmpuint (state->waiting_bytes, ==, waiting);
    }
  dms_state_free (state);
}

/* ---- what goes wrong in the story ---- */

static DmsEvent
about_list (const Fixture *fixture, DmsEventKind kind)
{
  return (DmsEvent){ .seq = fixture->log.emitter.seq,
                     .kind = (uint16_t)kind,
                     .device = 1,
                     .transfer = 1,
                     .object = 1 };
}

static void
apply_next (DmsState *state, DmsEvent event)
{
  event.seq = state->seq + 1;
  g_assert_cmpint (dms_state_apply (state, &event), ==, DMS_OK);
  core_assert_counts (state);
}

static void
test_bytes_not_copied_are_lost (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = state_at (fixture, fixture->story.copy_out[0]);
  DmsEvent release = about_list (fixture, DMS_EVENT_RELEASE);

  release.a = STORY_PAGES;
  apply_next (state, release);
  assert_page (state, 2, 0, 4096, DMS_CONTENT_COPIED_BACK);
  assert_page (state, 3, 0, 4096, DMS_CONTENT_LOST);
  g_assert_cmpuint (state->waiting_bytes, ==, 0);
  g_assert_cmpuint (state->held_bytes, ==, 0);
  dms_state_free (state);
}

static void
test_unmap_without_release_gives_registers_back (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = state_at (fixture, fixture->story.interrupt);

  apply_next (state, about_list (fixture, DMS_EVENT_UNMAP));
  g_assert_cmpuint (state->registers_granted, ==, 0);
  g_assert_cmpuint (state->oddities, ==, 1);
  g_assert_cmpuint (state->held_bytes, ==, 0);
  assert_page (state, 2, 0, 4096, DMS_CONTENT_LOST);
  dms_state_free (state);
}

static void
test_copy_before_the_device_wrote_is_untrusted (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = state_at (fixture, fixture->story.first_burst_of[1]);

  /* 1 024 bytes of page 2 are in the bounce page; the whole page is copied. */
  DmsEvent copy = *core_log_event (&fixture->log, fixture->story.copy_out[0]);
  apply_next (state, copy);
  const DmsPageState *page = &dms_state_buffer (state, 1)->pages[2];
  g_assert_cmpuint (page->n_ranges, ==, 2);
  g_assert_cmpuint (page->ranges[0].content, ==, DMS_CONTENT_COPIED_BACK);
  g_assert_cmpuint (page->ranges[0].end, ==, 1024);
  g_assert_cmpuint (page->ranges[1].content, ==, DMS_CONTENT_UNTRUSTED);
  g_assert_cmpuint (state->waiting_bytes, ==, 0);
  dms_state_free (state);
}

static void
test_late_write_of_the_cpu_is_not_sent (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = state_at (fixture, fixture->story.map);
  DmsEvent touch = { .kind = DMS_EVENT_TOUCH,
                     .transfer = 1,
                     .object = 1,
                     .a = 8192 - STORY_OFFSET + 100,
                     .length = 50,
                     .index = 2,
                     .flags = DMS_FLAG_CPU_WRITES };

  apply_next (state, touch);
  const DmsPageState *page = &dms_state_buffer (state, 1)->pages[2];
  g_assert_cmpuint (page->n_ranges, ==, 3);
  g_assert_cmpuint (page->ranges[1].content, ==, DMS_CONTENT_CHANGED);
  g_assert_cmpuint (page->ranges[1].start, ==, 100);
  g_assert_cmpuint (page->ranges[1].end, ==, 150);
  /* The same in a page that goes straight changes nothing. */
  touch.a = 0;
  apply_next (state, touch);
  assert_page (state, 0, STORY_OFFSET, 4096, DMS_CONTENT_TO_BE_READ);
  dms_state_free (state);
}

static void
test_more_than_eight_ranges_are_mixed (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = state_at (fixture, fixture->story.map);
  const DmsPageState *page = &dms_state_buffer (state, 1)->pages[2];
  DmsEvent touch = { .kind = DMS_EVENT_TOUCH,
                     .transfer = 1,
                     .object = 1,
                     .length = 10,
                     .index = 2,
                     .flags = DMS_FLAG_CPU_WRITES };

  for (unsigned i = 0; i < 3; i++)
    {
      touch.a = 8192 - STORY_OFFSET + 100 + i * 100;
      apply_next (state, touch);
      g_assert_cmpuint (page->n_ranges, ==, 3 + 2 * i);
    }
  touch.a += 100;
  apply_next (state, touch);
  assert_page (state, 2, 0, 4096, DMS_CONTENT_MIXED);
  dms_state_free (state);
}

/* The state is also that of a list whose registers were given to somebody else. */
static void
test_second_count_of_a_list_starts_it_again (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsState *state = state_at (fixture, fixture->story.interrupt);
  DmsEvent count = *core_log_event (&fixture->log, fixture->story.count);

  apply_next (state, count);
  g_assert_cmpuint (state->oddities, ==, 1);
  g_assert_cmpuint (state->registers_granted, ==, 0);
  g_assert_cmpuint (state->live_bytes, ==, 0);
  g_assert_cmpuint (dms_state_mapping (state, 1)->n_pieces, ==, 0);
  g_assert_cmpuint (dms_state_device (state, 1)->live_mappings, ==, 0);
  dms_state_free (state);
}

#define READ GINT_TO_POINTER (0)
#define WRITE GINT_TO_POINTER (1)

static void
add (const char *path, gpointer to_device, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, to_device, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  add ("/core/story/read-words-of-the-way-in", READ, test_words_of_the_way_in);
  add ("/core/story/read-words-of-the-way-back", READ, test_words_of_the_way_back);
  add ("/core/story/write-words", WRITE, test_words_of_the_way_out);
  add ("/core/story/place-names-line-and-irql", READ, test_place_names_line_and_irql);
  add ("/core/story/read-every-event-is-told", READ, test_every_event_is_told);
  add ("/core/story/write-every-event-is-told", WRITE, test_every_event_is_told);
  add ("/core/story/list-is-made", READ, test_list_is_made);
  add ("/core/story/read-contents", READ, test_read_contents);
  add ("/core/story/write-contents", WRITE, test_write_contents);
  add ("/core/story/read-nothing-is-left", READ, test_nothing_is_left);
  add ("/core/story/write-nothing-is-left", WRITE, test_nothing_is_left);
  add ("/core/story/waiting-is-in-the-pages", READ, test_waiting_is_in_the_pages);
  add ("/core/story/bytes-not-copied-are-lost", READ, test_bytes_not_copied_are_lost);
  add ("/core/story/unmap-without-release",
       READ,
       test_unmap_without_release_gives_registers_back);
  add ("/core/story/copy-before-the-device-wrote",
       READ,
       test_copy_before_the_device_wrote_is_untrusted);
  add ("/core/story/late-write-is-not-sent",
       WRITE,
       test_late_write_of_the_cpu_is_not_sent);
  add ("/core/story/more-than-eight-ranges",
       WRITE,
       test_more_than_eight_ranges_are_mixed);
  add ("/core/story/second-count", READ, test_second_count_of_a_list_starts_it_again);
  return g_test_run ();
}
