/* test-core-events.c — the list of events and routines, what they say, and their dump
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-sentence.h"
#include "tests/engine/core-log.h"
#include "tests/lib/dms-test.h"

#include <string.h>

/* ---- the list itself ---- */

static void
assert_fields (const DmsEventInfo *info)
{
  g_assert_cmpint (info->fields[0].field, !=, DMS_FIELD_END);
  for (const DmsFieldInfo *one = info->fields; one->field != DMS_FIELD_END; one++)
    {
      g_assert_cmpuint (
          strspn (one->name, "abcdefghijklmnopqrstuvwxyz_"), ==, strlen (one->name));
      g_assert_cmpint (one->meaning[0], !=, '\0');
      g_assert_cmpint (one->unit == DMS_UNIT_LIST, ==, one->field == DMS_FIELD_PAYLOAD);
      g_assert_cmpint (one->unit == DMS_UNIT_FLAGS, ==, one->field == DMS_FIELD_FLAGS);
      for (const DmsFieldInfo *other = info->fields; other != one; other++)
        {
          g_assert_cmpint (one->field, !=, other->field);
          g_assert_cmpstr (one->name, !=, other->name);
        }
    }
}

/* The last saying speaks for all that are left, and none is hidden by an earlier one.
 */
static void
assert_sayings (const DmsSaying *sayings)
{
  const DmsSaying *last = NULL;

  g_assert_nonnull (sayings[0].sentence);
  for (const DmsSaying *one = sayings; one->sentence != NULL; one++)
    {
      g_assert_cmpuint (one->value & ~one->mask, ==, 0);
      g_assert_cmpint (one->sentence[0], !=, '\0');
      g_assert_nonnull (one->why);
      for (const DmsSaying *other = sayings; other != one; other++)
        {
          bool hides = (other->mask & ~one->mask) == 0
                       && (one->value & other->mask) == other->value;
          g_assert_false (hides);
        }
      last = one;
    }
  g_assert_nonnull (last);
  g_assert_cmpuint (last->mask, ==, 0);
}

static void
test_each_kind_is_whole (void)
{
  size_t n = 0;
  const DmsEventInfo *infos = dms_event_infos (&n);

  g_assert_cmpuint (n, >, 30);
  for (size_t i = 0; i < n; i++)
    {
      g_assert_cmpint (infos[i].kind, >, DMS_EVENT_NONE);
      g_assert_cmpint (infos[i].kind, <, DMS_EVENT_KIND_MAX);
      g_assert_true (dms_event_info (infos[i].kind) == &infos[i]);
      for (size_t k = 0; k < i; k++)
        g_assert_cmpstr (infos[i].name, !=, infos[k].name);
      assert_fields (&infos[i]);
      assert_sayings (infos[i].sayings);
      g_assert_true (g_str_has_suffix (infos[i].meaning, "."));
    }
  for (unsigned kind = 0, known = 0; kind < 70000; kind++)
    {
      known += dms_event_info (kind) != NULL;
      g_assert_cmpuint (known, <=, n);
    }
  g_assert_null (dms_event_info (DMS_EVENT_NONE));
  g_assert_null (dms_event_info (DMS_EVENT_KIND_MAX));
  g_assert_null (dms_event_info (UINT32_MAX));
}

static void
test_each_routine_is_whole (void)
{
  size_t n = 0;
  const DmsRoutineInfo *infos = dms_routine_infos (&n);

  for (size_t i = 0; i < n; i++)
    {
      g_assert_true (dms_routine_info (infos[i].routine) == &infos[i]);
      assert_sayings (infos[i].sayings);
      g_assert_cmpint (infos[i].page[0], !=, '\0');
      for (size_t k = 0; k < i; k++)
        g_assert_cmpstr (infos[i].name, !=, infos[k].name);
    }
  g_assert_null (dms_routine_info (DMS_ROUTINE_NONE));
}

/* Numbers, names and fields are in stored traces: what is there stays as it is. */
static void
test_numbers_are_frozen (void)
{
  size_t n = 0;
  const DmsEventInfo *infos = dms_event_infos (&n);
  g_autoptr (GString) text = g_string_new (NULL);

  for (size_t i = 0; i < n; i++)
    {
      g_string_append_printf (text,
                              "event %d %s %s",
                              infos[i].kind,
                              infos[i].name,
                              infos[i].opens_step ? "step" : "part");
      for (const DmsFieldInfo *field = infos[i].fields; field->field != DMS_FIELD_END;
           field++)
        g_string_append_printf (text, " %d:%s", field->field, field->name);
      g_string_append_c (text, '\n');
    }
  const DmsRoutineInfo *routines = dms_routine_infos (&n);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (
        text, "routine %d %s\n", routines[i].routine, routines[i].name);
  for (unsigned bit = 0; bit < 32; bit++)
    {
      DmsBytes bytes;
      dms_bytes_init (&bytes);
      dms_flags_append (&bytes, UINT32_C (1) << bit);
      g_string_append_printf (
          text, "flag %08x %s\n", 1u << bit, dms_bytes_text (&bytes));
      dms_bytes_release (&bytes);
    }
  dms_test_golden ("core/numbers.txt", text->str);
}

/* ---- what they say ---- */

typedef struct
{
  CoreLog log;
  DmsState *state; /* in the midst of the story: everything is live */
  DmsEvent event;  /* names and ids of it, and plausible numbers */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  CoreLog *log = &fixture->log;

  core_log_init (log, false);
  CoreStory story = core_story_emit (log, false);
  fixture->state = core_log_fold (log, story.first_burst_of[1]);
  fixture->event = (DmsEvent){
    .seq = fixture->state->seq,
    .step = 1,
    .device = 1,
    .transfer = 1,
    .object = 1,
    .index = 1,
    .a = 0x42000,
    .b = 0x42000,
    .c = 1,
    .length = 1024,
    .task = core_log_name (log, DMS_NAME_TASK, 174, "dd"),
    .file = core_log_name (log, DMS_NAME_FILE, 0, "packet-sg.c"),
    .line = 36,
    .cpu = 1,
    .context = DMS_CONTEXT_DISPATCH,
  };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  dms_state_free (fixture->state);
  core_log_release (&fixture->log);
}

static void
assert_words (const char *text, const char *what)
{
  if (text[0] != '\0' && strpbrk (text, "?{}!") == NULL
      && g_utf8_validate (text, -1, NULL) && strstr (text, "  ") == NULL
      && text[strlen (text) - 1] == '.')
    return;
  g_test_message ("%s says: %s", what, text);
  g_test_fail ();
}

/* Speaks for every set of flags that a saying asks for. */
static void
assert_speaks (const Fixture *fixture,
               DmsEvent event,
               const DmsSaying *saying,
               const char *what)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  event.flags |= saying->value;
  dms_event_sentence (&bytes, &event, fixture->state, fixture->log.names, NULL);
  assert_words (dms_bytes_text (&bytes), what);
  dms_bytes_clear (&bytes);
  dms_event_why (&bytes, &event, fixture->state, fixture->log.names, NULL);
  if (bytes.length > 0)
    assert_words (dms_bytes_text (&bytes), what);
  dms_bytes_release (&bytes);
}

/* What is not in every event alike. */
static DmsEvent
event_of (const Fixture *fixture, const DmsEventInfo *info, DmsBytes *payload)
{
  DmsEvent event = fixture->event;

  event.kind = (uint16_t)info->kind;
  for (const DmsFieldInfo *field = info->fields; field->field != DMS_FIELD_END; field++)
    {
      if (field->unit == DMS_UNIT_NAME && field->field == DMS_FIELD_A)
        event.a = event.file;
      if (field->unit == DMS_UNIT_NAME && field->field == DMS_FIELD_C)
        event.c = event.file;
    }
  if (info->kind == DMS_EVENT_MDL)
    event.index = 0;
  if (info->kind == DMS_EVENT_COPY || info->kind == DMS_EVENT_BOUNCE)
    event.index = 2;
  dms_payload_append_string (payload, "a line of the log.");
  event.payload = payload->data;
  event.payload_length = (uint32_t)payload->length;
  return event;
}

static void
test_each_kind_speaks (Fixture *fixture, gconstpointer data)
{
  (void)data;
  size_t n = 0;
  const DmsEventInfo *infos = dms_event_infos (&n);

  for (size_t i = 0; i < n; i++)
    for (const DmsSaying *saying = infos[i].sayings; saying->sentence != NULL; saying++)
      {
        DmsBytes payload;
        dms_bytes_init (&payload);
        DmsEvent event = event_of (fixture, &infos[i], &payload);
        if (infos[i].kind == DMS_EVENT_CALL)
          event.index = DMS_ROUTINE_NONE;
        assert_speaks (fixture, event, saying, infos[i].name);
        /* With one of everything, and with nothing counted. */
        event.length = 1;
        assert_speaks (fixture, event, saying, infos[i].name);
        dms_bytes_release (&payload);
      }
}

static void
test_each_routine_speaks (Fixture *fixture, gconstpointer data)
{
  (void)data;
  size_t n = 0;
  const DmsRoutineInfo *infos = dms_routine_infos (&n);

  for (size_t i = 0; i < n; i++)
    for (const DmsSaying *saying = infos[i].sayings; saying->sentence != NULL; saying++)
      {
        DmsEvent event = fixture->event;
        event.kind = DMS_EVENT_CALL;
        event.index = infos[i].routine;
        event.a = event.file;
        assert_speaks (fixture, event, saying, infos[i].name);
      }
}

/* Without a state, without names, with any flags and numbers: words, never a crash. */
static void
test_anything_can_be_said (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsTestRandom random;
  size_t n = 0;
  const DmsEventInfo *infos = dms_event_infos (&n);

  dms_test_random_init (&random, 0);
  for (unsigned i = 0; i < 20000; i++)
    {
      DmsEvent event;
      DmsBytes bytes;
      dms_test_random_bytes (&random, &event, sizeof event);
      event.payload = NULL;
      event.payload_length = 0;
      if (!dms_test_random_chance (&random, 5))
        event.kind = (uint16_t)infos[dms_test_random_below (&random, n)].kind;
      if (dms_test_random_chance (&random, 50))
        {
          event.object = dms_test_random_below (&random, 3);
          event.device = (uint32_t)dms_test_random_below (&random, 3);
          event.index = (uint32_t)dms_test_random_below (&random, 8);
        }
      bool has_state = dms_test_random_chance (&random, 70);
      const DmsState *state = has_state ? fixture->state : NULL;
      const DmsNames *names
          = dms_test_random_chance (&random, 70) ? fixture->log.names : NULL;
      dms_bytes_init (&bytes);
      dms_event_sentence (&bytes, &event, state, names, NULL);
      dms_event_why (&bytes, &event, state, names, NULL);
      dms_event_place (&bytes, &event, names);
      dms_event_append_dump (&bytes, &event, names);
      g_assert_null (strchr (dms_bytes_text (&bytes), '\n'));
      g_assert_null (strchr (dms_bytes_text (&bytes), '{'));
      dms_bytes_release (&bytes);
    }
}

/* ---- one of something ---- */

static void
assert_says (const Fixture *fixture, DmsEvent event, const char *expected)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_event_sentence (&bytes, &event, fixture->state, fixture->log.names, NULL);
  g_assert_cmpstr (dms_bytes_text (&bytes), ==, expected);
  dms_bytes_release (&bytes);
}

static void
test_one_is_singular (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsEvent event = { .device = 1, .object = 99, .index = 5 };

  event.kind = DMS_EVENT_GRANT;
  event.a = 1;
  event.b = 1;
  assert_says (
      fixture,
      event,
      "1 map register is granted, number 5. 1 stays in the pool; card0 may take "
      "0 more.");
  event.kind = DMS_EVENT_RELEASE;
  event.b = 64;
  assert_says (
      fixture, event, "Map register 5 goes back to the pool, which has 64 again.");
  event.kind = DMS_EVENT_WAIT;
  event.a = 6;
  event.b = 1;
  event.c = 1;
  assert_says (fixture,
               event,
               "The request needs 6 map registers, but 1 map register is free, so it "
               "waits in the queue behind 1 other. The call returns STATUS_SUCCESS all "
               "the same.");
  event.kind = DMS_EVENT_MAP;
  event.index = 1;
  event.a = 1;
  assert_says (fixture, event, "The list has 1 element for 1 page: card0 reaches it.");
  event.kind = DMS_EVENT_NO_COPY;
  event.length = 1;
  assert_says (
      fixture,
      event,
      "Nothing is copied now: card0 will write 1 byte into 1 page that bounces.");
}

static void
test_refusals_give_their_numbers (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsEvent event = { .kind = DMS_EVENT_REFUSE, .device = 1, .a = 9, .b = 8 };

  event.flags = DMS_FLAG_TOO_MANY_REGISTERS;
  event.status = DMS_NT_INSUFFICIENT_RESOURCES;
  assert_says (fixture,
               event,
               "The transfer needs 9 map registers, but card0 may have 8 in one "
               "transfer: STATUS_INSUFFICIENT_RESOURCES.");
  event.flags = DMS_FLAG_TOO_SHORT;
  event.status = DMS_NT_BUFFER_TOO_SMALL;
  event.a = 20993;
  event.b = 20992;
  assert_says (
      fixture,
      event,
      "The call asks for 20 993 bytes, but from its start on the MDLs describe "
      "20 992: STATUS_BUFFER_TOO_SMALL.");
  event.flags = 0;
  event.status = 0xC0000123;
  assert_says (fixture, event, "The system refuses the call: 0xC0000123.");
}

/* ---- the dump ---- */

static void
test_dump_is_one_printable_line (Fixture *fixture, gconstpointer data)
{
  (void)data;
  DmsEvent event = fixture->event;
  DmsBytes payload;
  DmsBytes bytes;

  event.kind = DMS_EVENT_LOG;
  event.device
      = core_log_name (&fixture->log, DMS_NAME_DEVICE, 0, "evil\nseq=1\x1b[31m");
  dms_bytes_init (&payload);
  dms_payload_append_string (&payload, "one\r\ntwo\xff");
  event.payload = payload.data;
  event.payload_length = (uint32_t)payload.length;
  dms_bytes_init (&bytes);
  dms_event_append_dump (&bytes, &event, fixture->log.names);
  g_assert_nonnull (strstr (dms_bytes_text (&bytes), "device=evil seq=1 [31m"));
  g_assert_nonnull (strstr (dms_bytes_text (&bytes), "text={one  two?}"));
  dms_bytes_release (&bytes);
  dms_bytes_release (&payload);
}

static void
test_flags_have_names (void)
{
  static const struct
  {
    uint32_t flags;
    const char *text;
  } cases[] = {
    { 0, "" },
    { DMS_FLAG_TO_DEVICE, "TO_DEVICE" },
    { DMS_FLAG_NO_DIRECTION, "NO_DIRECTION" },
    { DMS_FLAG_FROM_DEVICE | DMS_FLAG_BOUNCED, "FROM_DEVICE|BOUNCED" },
    { DMS_FLAG_FORM_SG | DMS_FLAG_RECORDED, "FORM_SG|RECORDED" },
    { DMS_FLAG_FORM_SGT | DMS_FLAG_FROM_DEVICE | DMS_FLAG_TRUNCATED,
      "FROM_DEVICE|FORM_SGT|TRUNCATED" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DmsBytes bytes;
      dms_bytes_init (&bytes);
      dms_flags_append (&bytes, cases[i].flags);
      g_assert_cmpstr (dms_bytes_text (&bytes), ==, cases[i].text);
      dms_bytes_release (&bytes);
    }
}

static void
test_contexts_have_names (void)
{
  g_assert_cmpstr (dms_context_name (0), ==, "PASSIVE_LEVEL");
  g_assert_cmpstr (dms_context_name (2), ==, "DISPATCH_LEVEL");
  g_assert_cmpstr (dms_context_name (DMS_CONTEXT_DEVICE), ==, "DIRQL");
  g_assert_cmpstr (dms_context_name (DMS_CONTEXT_LINUX), ==, "task");
  g_assert_cmpstr (dms_context_name (DMS_CONTEXT_LINUX | DMS_CONTEXT_IRQS_OFF),
                   ==,
                   "task, irqs off");
  g_assert_cmpstr (
      dms_context_name (DMS_CONTEXT_LINUX | DMS_CONTEXT_HARDIRQ | DMS_CONTEXT_SOFTIRQ),
      ==,
      "hardirq");
  g_assert_cmpstr (dms_context_name (0xff), ==, "nmi");
}

/* ---- numbers as people read them ---- */

#define ASSERT_SAID(call, expected)                                                    \
  do                                                                                   \
    {                                                                                  \
      DmsBytes bytes;                                                                  \
      dms_bytes_init (&bytes);                                                         \
      call;                                                                            \
      g_assert_cmpstr (dms_bytes_text (&bytes), ==, expected);                         \
      dms_bytes_release (&bytes);                                                      \
    }                                                                                  \
  while (0)

static void
test_numbers_read_well (void)
{
  ASSERT_SAID (dms_say_number (&bytes, 0, NULL), "0");
  ASSERT_SAID (dms_say_number (&bytes, 999, NULL), "999");
  ASSERT_SAID (dms_say_number (&bytes, 1000, NULL), "1 000");
  ASSERT_SAID (dms_say_number (&bytes, 20992, NULL), "20 992");
  ASSERT_SAID (dms_say_number (&bytes, 1000007, NULL), "1 000 007");
  ASSERT_SAID (dms_say_number (&bytes, UINT64_MAX, NULL), "18 446 744 073 709 551 615");
  const DmsVoice narrow = { .group = "\u202f" };
  ASSERT_SAID (dms_say_number (&bytes, 20992, &narrow), "20\u202f992");
  ASSERT_SAID (dms_say_bytes (&bytes, 1, NULL), "1 byte");
  ASSERT_SAID (dms_say_bytes (&bytes, 0, NULL), "0 bytes");
  ASSERT_SAID (dms_say_bytes (&bytes, 4096, NULL), "4 096 bytes");
  ASSERT_SAID (dms_say_bits (&bytes, 32, NULL), "32 address lines");
  ASSERT_SAID (dms_say_registers (&bytes, 1, NULL), "1 map register");
}

static void
test_sizes_read_well (void)
{
  ASSERT_SAID (dms_say_size (&bytes, UINT64_C (8) << 30, NULL), "8 GiB");
  ASSERT_SAID (dms_say_size (&bytes, 65536, NULL), "64 KiB");
  ASSERT_SAID (dms_say_size (&bytes, 1536, NULL), "1 536 bytes");
  ASSERT_SAID (dms_say_size (&bytes, 0, NULL), "0 bytes");
  ASSERT_SAID (dms_say_size (&bytes, UINT64_C (1) << 63, NULL), "8 EiB");
  ASSERT_SAID (dms_say_limit (&bytes, UINT32_MAX, NULL), "4 GiB");
  ASSERT_SAID (dms_say_limit (&bytes, 0xffffff, NULL), "16 MiB");
  ASSERT_SAID (dms_say_limit (&bytes, UINT64_MAX, NULL), "16 EiB");
}

static void
test_addresses_read_well (void)
{
  ASSERT_SAID (dms_say_address (&bytes, 0), "0x0000_0000");
  ASSERT_SAID (dms_say_address (&bytes, 0x42000), "0x0004_2000");
  ASSERT_SAID (dms_say_address (&bytes, 0xA311200), "0x0A31_1200");
  ASSERT_SAID (dms_say_address (&bytes, UINT64_C (0x140003000)), "0x1_4000_3000");
  ASSERT_SAID (dms_say_address (&bytes, UINT64_MAX), "0xFFFF_FFFF_FFFF_FFFF");
  ASSERT_SAID (dms_say_frame (&bytes, 0x140003), "0x140003");
}

static void
test_durations_read_well (void)
{
  ASSERT_SAID (dms_say_duration (&bytes, 0, NULL), "0 ns");
  ASSERT_SAID (dms_say_duration (&bytes, 999, NULL), "999 ns");
  ASSERT_SAID (dms_say_duration (&bytes, 9610, NULL), "9.61 µs");
  ASSERT_SAID (dms_say_duration (&bytes, 1000000, NULL), "1.00 ms");
  ASSERT_SAID (dms_say_duration (&bytes, UINT64_C (13011706000), NULL), "13.01 s");
  ASSERT_SAID (dms_say_duration (&bytes, UINT64_C (4000) * 1000000000, NULL),
               "4 000.00 s");
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/core/events/each-kind-is-whole", test_each_kind_is_whole);
  g_test_add_func ("/core/events/each-routine-is-whole", test_each_routine_is_whole);
  g_test_add_func ("/core/events/numbers-are-frozen", test_numbers_are_frozen);
  add ("/core/events/each-kind-speaks", test_each_kind_speaks);
  add ("/core/events/each-routine-speaks", test_each_routine_speaks);
  add ("/core/events/anything-can-be-said", test_anything_can_be_said);
  add ("/core/events/one-is-singular", test_one_is_singular);
  add ("/core/events/refusals-give-their-numbers", test_refusals_give_their_numbers);
  add ("/core/events/dump-is-one-printable-line", test_dump_is_one_printable_line);
  g_test_add_func ("/core/events/flags-have-names", test_flags_have_names);
  g_test_add_func ("/core/events/contexts-have-names", test_contexts_have_names);
  g_test_add_func ("/core/say/numbers", test_numbers_read_well);
  g_test_add_func ("/core/say/sizes", test_sizes_read_well);
  g_test_add_func ("/core/say/addresses", test_addresses_read_well);
  g_test_add_func ("/core/say/durations", test_durations_read_well);
  return g_test_run ();
}
