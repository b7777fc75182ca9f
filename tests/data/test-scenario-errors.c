/* test-scenario-errors.c — what the scenario reader says to wrong scenarios
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-reader.h"
#include "tests/lib/dms-test.h"

#include <string.h>

#define STORY "../data/lessons/two-pages-out-of-reach.json"

/* ---- helpers ---- */

static GError *
refuse (const char *text, gsize length, const char *const *overrides)
{
  GError *error = NULL;
  DmsScenario untouched;
  DmsScenario scenario;

  memset (&untouched, 0x5a, sizeof untouched);
  memcpy (&scenario, &untouched, sizeof scenario);
  g_assert_false (
      dms_scenario_parse (text, length, "bad.json", overrides, &scenario, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, DMS_SCENARIO_ERROR);
  g_assert_cmpmem (&scenario, sizeof scenario, &untouched, sizeof untouched);
  /* One line, in UTF-8, without what a terminal would obey. */
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (const char *at = error->message; *at != '\0'; at++)
    g_assert_false (g_ascii_iscntrl (*at));
  return error;
}

/* Goes on, so that one run shows every sentence that has changed. */
static void
expect (const GError *error, const char *message)
{
  if (strcmp (error->message, message) == 0)
    return;
  g_test_message ("said:     %s", error->message);
  g_test_message ("expected: %s", message);
  g_test_fail ();
}

static char *
read_story (void)
{
  g_autofree char *path = dms_test_source_path (STORY);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* The story with one piece of its text replaced by another. */
static char *
change_story (const char *from, const char *to)
{
  g_autofree char *story = read_story ();
  GString *changed = g_string_new (story);

  g_assert_cmpuint (g_string_replace (changed, from, to, 1), ==, 1);
  return g_string_free (changed, FALSE);
}

/* ---- syntax ---- */

typedef struct
{
  const char *text;
  const char *message;
} Case;

static const Case syntax_cases[] = {
  { "",
    "bad.json:1: the text is empty; a scenario is one object of JSON, from { to }" },
  { "hello\n",
    "bad.json:1:5: near 'hello': this is no JSON; a scenario is one object of JSON, "
    "from { to }" },
  { "{\n  \"dmascope\": 1,\n",
    "bad.json:3:1: near end of file: the text ends before its brackets are closed; it "
    "seems to be cut off" },
  { "{\"dmascope\": 1}\n{}",
    "bad.json:2:1: near '{': more text stands behind the scenario's closing bracket; "
    "nothing may" },
  { "{\"a\": 1,\n \"a\": 2}",
    "bad.json:2:4: near '\"a\"': a key is here for the second time; each may be in an "
    "object once" },
  { "{\"a\": 9223372036854775808}",
    "bad.json:1:25: near '9223372036854775808': a number is too large; nothing in a "
    "scenario is above 9223372036854775807" },
  { "{\"a\": \"\\u0000\"}",
    "bad.json:1:14: near '\"\\u0000\"': a text contains a zero byte; a scenario has "
    "none" },
  { "{\"a\": \"\xff\"}",
    "bad.json:1:7: near '\"': these bytes are not UTF-8; a scenario is JSON in UTF-8" },
  { "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "bad.json:1: brackets are nested more than 32 deep" },
};

static void
test_syntax (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (syntax_cases); i++)
    {
      g_autoptr (GError) error
          = refuse (syntax_cases[i].text, strlen (syntax_cases[i].text), NULL);
      expect (error, syntax_cases[i].message);
      g_assert_cmpint (error->code, ==, DMS_SCENARIO_ERROR_SYNTAX);
    }
}

/* ---- values: the story with one thing wrong ---- */

typedef struct
{
  const char *from;
  const char *to;
  const char *message;
} Change;

static const Change changes[] = {
  { "\"dmascope\": 1",
    "\"dmascope\": 2",
    "bad.json:2: dmascope is 2; the number 1 is needed" },
  { "\"dmascope\": 1,", "", "bad.json:1: dmascope is missing; a scenario needs it" },
  { "\"devices\": [",
    "\"devices\": 5, \"x\": [",
    "bad.json:11: \"x\" is not a key of a scenario; the keys are dmascope, title, "
    "machine, "
    "devices, buffers, requests, commands, mistakes, cost and iommu" },
  { "\"map_registers\": 8,",
    "\"map_registers\": -1,",
    "bad.json:19: devices[0].map_registers is -1; a number from 0 to 65536 is needed" },
  { "\"map_registers\": 64,",
    "\"map_registers\": \"64\",",
    "bad.json:6: machine.map_registers is \"64\"; a number from 1 to 65536 is needed" },
  { "\"address_bits\": 32",
    "\"adress_bits\": 32",
    "bad.json:16: devices[0]: \"adress_bits\" is not a key of a device; address_bits "
    "is "
    "probably meant; the keys are name, model, driver, scatter_gather, address_bits, "
    "maximum_length, map_registers, max_elements, burst, segment, boundary, "
    "alignment, channel, auto_initialize, ring and iommu" },
  { "\"address_bits\": 32",
    "\"address_bits\": 65",
    "bad.json:16: devices[0].address_bits is 65; a number from 1 to 64 is needed" },
  { "\"address_bits\": 32",
    "\"address_bits\": 31.5",
    "bad.json:16: devices[0].address_bits is 31.5; a number from 1 to 64 is needed" },
  { "\"scatter_gather\": true",
    "\"scatter_gather\": \"yes\"",
    "bad.json:15: devices[0].scatter_gather is \"yes\"; true or false is needed" },
  { "\"maximum_length\": \"64 KiB\"",
    "\"maximum_length\": \"64 KB\"",
    "bad.json:18: devices[0].maximum_length is \"64 KB\"; a size from 1 byte to "
    "4294967295 bytes, such as 65536 or \"64 KiB\", is needed" },
  { "\"memory\": \"8 GiB\"",
    "\"memory\": 9223372036854775807",
    "bad.json:5: machine.memory is 9223372036854775807; a size from 1 MiB to 4 PiB, "
    "such "
    "as 65536 or \"64 KiB\", is needed" },
  { "\"memory\": \"8 GiB\"",
    "\"memory\": 1048577",
    "bad.json:5: machine.memory is 1048577; a multiple of the page size, 4096 bytes, "
    "is "
    "needed" },
  { "\"memory\": \"8 GiB\"",
    "\"memory\": \"4 GiB\"",
    "bad.json:29: buffers[0].frames[2] is \"0x140003\"; a frame number from 0x1 to "
    "0xFFFFF is needed" },
  { "\"seed\": 7",
    "\"seed\": -7",
    "bad.json:7: machine.seed is -7; a number from 0 to 18446744073709551615 is "
    "needed" },
  { "\"hal\": \"x64\"",
    "\"hal\": \"arm\"",
    "bad.json:9: machine.hal is \"arm\"; it may be x64 or x86" },
  { "\"profile\": \"documented\"",
    "\"profile\": \"react-os\"",
    "bad.json:8: machine.profile is \"react-os\"; reactos is probably meant, of "
    "documented or reactos" },
  { "\"profile\": \"documented\"",
    "\"quirks\": [\"R1\"]",
    "bad.json:8: machine.quirks has entries; quirks are those of the profile "
    "\"reactos\", so machine.profile must be that" },
  { "\"profile\": \"documented\"",
    "\"profile\": \"reactos\", \"quirks\": [\"R1\", \"R3\"]",
    "bad.json:8: machine.quirks[1] is \"R3\"; R1 is probably meant, of R1, R2, R4 or "
    "R17" },
  { "\"burst\": 1024",
    "\"boundary\": 65535",
    "bad.json:21: devices[0].boundary is 65535; a power of two, or 0 for no such "
    "limit, is needed" },
  { "\"burst\": 1024",
    "\"alignment\": \"8 KiB\"",
    "bad.json:21: devices[0].alignment is \"8 KiB\"; a size from 0 bytes to 4 KiB, "
    "such "
    "as 65536 or \"64 KiB\", is needed" },
  { "\"burst\": 1024",
    "\"channel\": 8",
    "bad.json:21: devices[0].channel is 8; a number from 0 to 7 is needed" },
  { "\"burst\": 1024",
    "\"ring\": \"2 GiB\"",
    "bad.json:21: devices[0].ring is \"2 GiB\"; a size from 0 bytes to 1 GiB, such as "
    "65536 or \"64 KiB\", is needed" },
  { "\"name\": \"card0\"",
    "\"name\": \"\"",
    "bad.json:13: devices[0].name is \"\"; text of 1 to 64 bytes without control "
    "characters is needed" },
  { "\"name\": \"card0\"",
    "\"name\": \"\\u001b[2J\"",
    "bad.json:13: devices[0].name is \"?[2J\"; text of 1 to 64 bytes without control "
    "characters is needed" },
  { "\"length\": 20992",
    "\"length\": 9223372036854775807",
    "bad.json:28: buffers[0].length is 9223372036854775807; a size from 1 byte to 4 "
    "GiB, "
    "such as 65536 or \"64 KiB\", is needed" },
  { "\"length\": 20992",
    "\"length\": 0",
    "bad.json:28: buffers[0].length is 0; a size from 1 byte to 4 GiB, such as 65536 "
    "or "
    "\"64 KiB\", is needed" },
  { "\"length\": 20992",
    "\"length\": 8192",
    "bad.json:29: buffers[0].frames has 6 entries; 8192 bytes from offset 512 touch 3 "
    "pages, and each needs its frame" },
  { "\"offset\": 512",
    "\"offset\": 4096",
    "bad.json:27: buffers[0].offset is 4096; a number from 0 to 4095 is needed" },
  { "\"0xA312\"",
    "\"0xA311\"",
    "bad.json:29: buffers[0].frames[1] names frame 0xA311, which buffer \"data\" has "
    "already; each frame holds one page" },
  { "\"0xA312\"",
    "0",
    "bad.json:29: buffers[0].frames[1] is 0; a frame number from 0x1 to 0x1FFFFF is "
    "needed" },
  { "[\"0xA311\", \"0xA312\", \"0x140003\", \"0x140004\", \"0xB020\", \"0xB021\"]",
    "{\"contiguous\": \"0x1FFFFC\"}",
    "bad.json:29: buffers[0].frames.contiguous is \"0x1FFFFC\"; a frame number from "
    "0x1 "
    "to 0x1FFFFA is needed" },
  { "[\"0xA311\", \"0xA312\", \"0x140003\", \"0x140004\", \"0xB020\", \"0xB021\"]",
    "{\"above\": \"8 GiB\"}",
    "bad.json:29: buffers[0].frames.above leaves no frame of the memory to choose "
    "from" },
  { "[\"0xA311\", \"0xA312\", \"0x140003\", \"0x140004\", \"0xB020\", \"0xB021\"]",
    "{\"scattered\": {\"below\": 16384, \"from\": 0}}",
    "bad.json:29: buffers[0].frames.scattered needs 6 frames; 3 are free in the range "
    "that it names" },
  { "[\"0xA311\", \"0xA312\", \"0x140003\", \"0x140004\", \"0xB020\", \"0xB021\"]",
    "{\"above\": 0, \"contiguous\": 1}",
    "bad.json:29: buffers[0].frames must have exactly one of the keys contiguous, "
    "scattered and above" },
  { "[\"0xA311\", \"0xA312\", \"0x140003\", \"0x140004\", \"0xB020\", \"0xB021\"]",
    "\"any\"",
    "bad.json:29: buffers[0].frames is \"any\"; a list of frame numbers, or a rule, is "
    "needed" },
  { "\"offset\": 512,",
    "\"mdls\": [],",
    "bad.json:28: buffers[0]: \"length\" is not a key of a buffer with mdls; the keys "
    "are name and mdls" },
  { "\"device\": \"card0\"",
    "\"device\": \"card1\"",
    "bad.json:33: requests[0].device is \"card1\"; the name of a device of this "
    "scenario "
    "is needed" },
  { "\"direction\": \"read\"",
    "\"direction\": \"raed\"",
    "bad.json:33: requests[0].direction is \"raed\"; it may be read or write" },
  { "\"direction\": \"read\"",
    "\"direction\": \"wrte\"",
    "bad.json:33: requests[0].direction is \"wrte\"; write is probably meant, of read "
    "or "
    "write" },
  { "\"at_ns\": 0",
    "\"at_ns\": 0, \"start\": 20992",
    "bad.json:33: requests[0].start is 20992; a number below the buffer's 20992 bytes "
    "is "
    "needed" },
  { "\"at_ns\": 0",
    "\"count\": 10000000, \"every_ns\": 1000000000",
    "bad.json:33: requests[0] would be repeated beyond 1000000000000000 ns of model "
    "time; count or every_ns must be smaller" },
  { "\"at_ns\": 0",
    "\"touch\": [{\"start\": 20000, \"length\": 993}]",
    "bad.json:33: requests[0].touch[0] ends behind the buffer, which has 992 bytes "
    "from "
    "there on" },
  { "\"commands\": []",
    "\"commands\": [{\"after\": 1}]",
    "bad.json:35: commands[0].do is missing; a command needs it" },
  { "\"commands\": []",
    "\"commands\": [5]",
    "bad.json:35: commands[0] is 5; an object, a command, is needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"setlimit\"}]",
    "bad.json:35: commands[0].do is \"setlimit\"; set-limit is probably meant, of "
    "set-limit, take-map-registers, give-map-registers, cancel, stop or "
    "fail-allocation" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"stop\", \"device\": \"card0\"}]",
    "bad.json:35: commands[0].after is missing; a command that stops a device needs "
    "it" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"stop\", \"device\": \"card0\", \"after\": 1}]",
    "bad.json:35: commands[0].after is 1; an object, a moment, is needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"stop\", \"device\": \"card0\", \"after\": {}}]",
    "bad.json:35: commands[0].after has 0 keys; exactly one of ns, event and step is "
    "needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"stop\", \"device\": \"card0\", \"after\": {\"ns\": 1, "
    "\"step\": 2}}]",
    "bad.json:35: commands[0].after has 2 keys; exactly one of ns, event and step is "
    "needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"stop\", \"device\": \"card0\", \"after\": {\"step\": "
    "-2}}]",
    "bad.json:35: commands[0].after.step is -2; a number from 0 to 9223372036854775807 "
    "is needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"stop\", \"device\": \"card1\", \"after\": {\"ns\": 1}}]",
    "bad.json:35: commands[0].device is \"card1\"; the name of a device of this "
    "scenario is needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"stop\", \"device\": \"card0\", \"count\": 1, \"after\": "
    "{\"ns\": 1}}]",
    "bad.json:35: commands[0]: \"count\" is not a key of a command that stops a "
    "device; the keys are after, do and device" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"set-limit\", \"device\": \"card0\", \"limit\": "
    "\"address_bits\", \"value\": 65, \"after\": {\"ns\": 1}}]",
    "bad.json:35: commands[0].value is 65; a number from 1 to 64 is needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"set-limit\", \"device\": \"card0\", \"limit\": "
    "\"burst\", \"value\": \"2 MiB\", \"after\": {\"ns\": 1}}]",
    "bad.json:35: commands[0].value is \"2 MiB\"; a size from 1 byte to 1 MiB, such as "
    "65536 or \"64 KiB\", is needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"set-limit\", \"device\": \"card0\", \"limit\": "
    "\"driver\", \"value\": 1, \"after\": {\"ns\": 1}}]",
    "bad.json:35: commands[0].limit is \"driver\"; it may be address_bits, "
    "map_registers, max_elements, maximum_length or burst" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"take-map-registers\", \"count\": 0, \"after\": {\"ns\": "
    "1}}]",
    "bad.json:35: commands[0].count is 0; a number from 1 to 65536 is needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"cancel\", \"device\": \"card0\", \"nth\": 0, \"after\": "
    "{\"ns\": 1}}]",
    "bad.json:35: commands[0].nth is 0; a number from 1 to 4294967295 is needed" },
  { "\"commands\": []",
    "\"commands\": [{\"do\": \"fail-allocation\", \"of\": \"list\", \"after\": "
    "{\"ns\": 1}}]",
    "bad.json:35: commands[0].of is \"list\"; it may be list-memory, common-buffers, "
    "pool-memory or adapters" },
  { "\"commands\": []",
    "\"iommu\": {}",
    "bad.json:35: iommu is an object; true or false is needed" },
  { "\"mistakes\": []",
    "\"mistakes\": [{\"name\": 5, \"device\": \"card0\"}]",
    "bad.json:36: mistakes[0].name is 5; text of 1 to 64 bytes without control "
    "characters is needed" },
  { "\"mistakes\": []",
    "\"cost\": {\"call_ps\": 1e13}",
    "bad.json:36: cost.call_ps is 10000000000000; a number from 0 to 1000000000000 is "
    "needed" },
};

static void
test_values (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *text = change_story (changes[i].from, changes[i].to);
      g_autoptr (GError) error = refuse (text, strlen (text), NULL);
      expect (error, changes[i].message);
      g_assert_cmpint (error->code, ==, DMS_SCENARIO_ERROR_VALUE);
    }
}

/* ---- overrides ---- */

static const Case override_cases[] = {
  { "devices[0].address_bits=99",
    "--set devices[0].address_bits=99: devices[0].address_bits is 99; a number from 1 "
    "to "
    "64 is needed" },
  { "machine={\"sed\": 1}",
    "--set machine={\"sed\": 1}: machine: \"sed\" is not a key of a machine; seed is "
    "probably meant; the keys are memory, map_registers, seed, profile, quirks, "
    "hal and verifier" },
  { "buffers[0].offset=4095",
    "bad.json:29: buffers[0].frames has 6 entries; 20992 bytes from offset 4095 touch "
    "7 "
    "pages, and each needs its frame" },
  { "devices[1].address_bits=24",
    "--set devices[1].address_bits=24: the scenario has nothing at the path before its "
    "end" },
  { "devices[1]=24",
    "--set devices[1]=24: the scenario has no such entry; a path may end in a new key "
    "of "
    "an object, but not in a new entry of a list" },
  { "title.deeper=24",
    "--set title.deeper=24: the scenario has no such entry; a path may end in a new "
    "key "
    "of an object, but not in a new entry of a list" },
  { "title", "--set title: PATH=VALUE is needed, such as machine.map_registers=4" },
  { "=5", "--set =5: PATH=VALUE is needed, such as machine.map_registers=4" },
  { "[0]=5", "--set [0]=5: the path must begin with a key, such as devices[0]" },
  { "devices[x].name=5",
    "--set devices[x].name=5: the path must look like devices[0].address_bits" },
  { "devices[0]name=5",
    "--set devices[0]name=5: the path must look like devices[0].address_bits" },
  { "title.=5", "--set title.=5: the path must look like devices[0].address_bits" },
};

static void
test_overrides (void)
{
  g_autofree char *story = read_story ();

  for (gsize i = 0; i < G_N_ELEMENTS (override_cases); i++)
    {
      const char *sets[] = { override_cases[i].text, NULL };
      g_autoptr (GError) error = refuse (story, strlen (story), sets);
      expect (error, override_cases[i].message);
    }
}

/* ---- absurd ---- */

static void
refuse_many (const char *before, const char *entry, gsize n, const char *message)
{
  g_autoptr (GString) text = g_string_new (before);
  gint64 start = g_get_monotonic_time ();

  for (gsize i = 0; i < n; i++)
    g_string_append (text, entry);
  g_string_append (text, "0]}");
  g_autoptr (GError) error = refuse (text->str, text->len, NULL);
  expect (error, message);
  /* Generous: even a loaded machine under sanitizers needs a fraction of this. */
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

static void
test_absurd (void)
{
  refuse_many ("{\"dmascope\":1,\n\"devices\":[",
               "{},",
               1000000,
               "bad.json:2: devices has more than 64 entries; at most 64 are allowed");
  refuse_many (
      "{\"buffers\":[",
      "[],",
      5000,
      "bad.json:1: buffers has more than 4096 entries; at most 4096 are allowed");
  refuse_many ("{\"x\":[",
               "{},",
               1000000,
               "bad.json:1: there are more than 262144 objects and lists; no scenario "
               "needs so many");
  refuse_many (
      "{\"x\":[",
      "1,",
      3000000,
      "bad.json:1: there are more than 2097152 values; no scenario needs so many");
}

static void
test_too_many_frames (void)
{
  g_autofree char *text = change_story ("\"buffers\": [",
                                        "\"buffers\": [ {\"name\": \"a\", \"length\": "
                                        "\"4 GiB\", \"frames\": {\"above\": 0}},");
  g_autoptr (GError) error = refuse (text, strlen (text), NULL);

  expect (error,
          "bad.json:24: buffers[0].frames.above would be 1048582 frames with "
          "those before; all buffers together may have 1048576");
}

/* ---- every way to cut and spoil the story ---- */

static void
test_cut (void)
{
  g_autofree char *story = read_story ();
  gsize length = strlen (g_strchomp (story));

  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *cut = g_strndup (story, i);
      g_autoptr (GError) error = refuse (cut, i, NULL);
      g_assert_cmpint (error->code, ==, DMS_SCENARIO_ERROR_SYNTAX);
    }
}

static void
test_spoilt (void)
{
  static const char letters[] = "{}[]\",:0123456789-eE.\\ntrufalsKiB \x80\x01";
  g_autofree char *story = read_story ();
  gsize length = strlen (story);
  DmsTestRandom random;

  dms_test_random_init (&random, 1);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *spoilt = g_strdup (story);
      guint spots = 1 + (guint)dms_test_random_below (&random, 4);
      g_autoptr (GError) error = NULL;
      DmsScenario scenario;

      for (guint s = 0; s < spots; s++)
        {
          gsize letter = dms_test_random_below (&random, sizeof letters - 1);
          spoilt[dms_test_random_below (&random, length)] = letters[letter];
        }
      if (dms_scenario_parse (spoilt, length, "spoilt", NULL, &scenario, &error))
        dms_scenario_release (&scenario);
      else
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* ---- files ---- */

static void
test_files (void)
{
  g_autoptr (DmsTestTempDir) folder = dms_test_temp_dir ();
  g_autofree char *missing = g_build_filename (folder, "missing.json", NULL);
  g_autofree char *expected
      = g_strdup_printf ("%s: cannot be read: No such file or directory", missing);
  g_autofree char *expected_folder
      = g_strdup_printf ("%s: cannot be read: Is a directory", folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) folder_error = NULL;
  char *text = NULL;
  DmsScenario scenario;

  g_assert_false (dms_scenario_load (missing, NULL, &scenario, &text, &error));
  g_assert_error (error, DMS_SCENARIO_ERROR, DMS_SCENARIO_ERROR_OPEN);
  expect (error, expected);
  g_assert_false (dms_scenario_load (folder, NULL, &scenario, &text, &folder_error));
  g_assert_cmpstr (folder_error->message, ==, expected_folder);
  g_assert_null (text);
}

static void
test_endless (void)
{
  g_autoptr (GError) error = NULL;
  DmsScenario scenario;

  if (!g_file_test ("/dev/zero", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there is no /dev/zero here");
      return;
    }
  g_assert_false (dms_scenario_load ("/dev/zero", NULL, &scenario, NULL, &error));
  expect (error,
          "/dev/zero:1: the text is longer than 64 MiB; no scenario needs so much");
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/data/scenario-errors/syntax-is-told-with-line-and-column",
                   test_syntax);
  g_test_add_func ("/data/scenario-errors/values-are-told-with-line-and-path",
                   test_values);
  g_test_add_func ("/data/scenario-errors/overrides-are-told-by-themselves",
                   test_overrides);
  g_test_add_func ("/data/scenario-errors/absurd-counts-are-refused-at-once",
                   test_absurd);
  g_test_add_func ("/data/scenario-errors/frames-of-all-buffers-are-bounded",
                   test_too_many_frames);
  g_test_add_func ("/data/scenario-errors/story-cut-anywhere-is-refused", test_cut);
  g_test_add_func ("/data/scenario-errors/story-spoilt-anywhere-is-survived",
                   test_spoilt);
  g_test_add_func ("/data/scenario-errors/files-that-cannot-be-read-are-named",
                   test_files);
  g_test_add_func ("/data/scenario-errors/endless-file-is-refused", test_endless);
  return g_test_run ();
}
