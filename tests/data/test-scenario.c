/* test-scenario.c — what the scenario reader makes of right scenarios
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-json-text.h"
#include "data/scenario/dms-scenario-keys.h"
#include "data/scenario/dms-scenario-reader.h"
#include "data/scenario/dms-scenario-size.h"
#include "engine/core/dms-units.h"
#include "tests/lib/dms-test.h"

#include <jansson.h>
#include <string.h>

#define HEAD "{\"dmascope\":1,\"devices\":[{\"name\":\"card0\"}],"
#define STORY "../data/lessons/two-pages-out-of-reach.json"

/* ---- helpers ---- */

static DmsScenario
read_text (const char *text, const char *const *overrides)
{
  g_autoptr (GError) error = NULL;
  DmsScenario scenario;

  dms_scenario_parse (text, strlen (text), "test.json", overrides, &scenario, &error);
  g_assert_no_error (error);
  return scenario;
}

static DmsScenario
read_story (const char *const *overrides, char **ret_text)
{
  g_autofree char *path = dms_test_source_path (STORY);
  g_autoptr (GError) error = NULL;
  DmsScenario scenario;

  dms_scenario_load (path, overrides, &scenario, ret_text, &error);
  g_assert_no_error (error);
  return scenario;
}

static void
assert_equal (const DmsScenario *one, const DmsScenario *other)
{
  g_assert_cmpstr (one->title, ==, other->title);
  g_assert_cmpuint (one->memory, ==, other->memory);
  g_assert_cmpuint (one->seed, ==, other->seed);
  g_assert_cmpuint (one->n_devices, ==, other->n_devices);
  g_assert_cmpuint (one->n_buffers, ==, other->n_buffers);
  g_assert_cmpuint (one->n_requests, ==, other->n_requests);
  for (size_t i = 0; i < one->n_devices; i++)
    g_assert_cmpuint (one->devices[i].address_bits, ==, other->devices[i].address_bits);
  for (size_t i = 0; i < one->n_buffers; i++)
    for (size_t m = 0; m < one->buffers[i].n_mdls; m++)
      g_assert_cmpmem (one->buffers[i].mdls[m].frames,
                       one->buffers[i].mdls[m].n_frames * sizeof (uint64_t),
                       other->buffers[i].mdls[m].frames,
                       other->buffers[i].mdls[m].n_frames * sizeof (uint64_t));
}

/* ---- the story ---- */

static void
test_story (void)
{
  static const uint64_t frames[]
      = { 0xA311, 0xA312, 0x140003, 0x140004, 0xB020, 0xB021 };
  DmsScenario story = read_story (NULL, NULL);
  const DmsScenarioDevice *card = &story.devices[0];
  const DmsScenarioMdl *mdl = &story.buffers[0].mdls[0];

  g_assert_cmpstr (story.title, ==, "Two pages out of reach");
  g_assert_cmpuint (story.memory, ==, UINT64_C (8) << 30);
  g_assert_cmpuint (story.map_registers, ==, 64);
  g_assert_cmpuint (story.seed, ==, 7);
  g_assert_false (story.hal_x86);
  g_assert_false (story.verifier);
  g_assert_cmpuint (story.n_devices, ==, 1);
  g_assert_cmpstr (card->name, ==, "card0");
  g_assert_cmpstr (card->model, ==, "bus-master");
  g_assert_cmpstr (card->driver, ==, "packet-sg");
  g_assert_true (card->scatter_gather);
  g_assert_cmpuint (card->address_bits, ==, 32);
  g_assert_cmpuint (card->maximum_length, ==, 65536);
  g_assert_cmpuint (card->map_registers, ==, 8);
  g_assert_cmpuint (card->max_elements, ==, 16);
  g_assert_cmpuint (card->burst, ==, 1024);
  g_assert_cmpuint (story.n_buffers, ==, 1);
  g_assert_cmpstr (story.buffers[0].name, ==, "data");
  g_assert_cmpuint (story.buffers[0].n_mdls, ==, 1);
  g_assert_cmpuint (mdl->offset, ==, 512);
  g_assert_cmpuint (mdl->length, ==, 20992);
  g_assert_true (mdl->locked);
  g_assert_cmpmem (
      mdl->frames, mdl->n_frames * sizeof *mdl->frames, frames, sizeof frames);
  g_assert_cmpuint (story.n_requests, ==, 1);
  g_assert_false (story.requests[0].to_device);
  g_assert_cmpuint (story.requests[0].start, ==, 0);
  g_assert_cmpuint (story.requests[0].length, ==, 20992);
  g_assert_cmpuint (story.requests[0].count, ==, 1);
  g_assert_cmpuint (story.n_mistakes, ==, 0);
  dms_scenario_release (&story);
}

static void
test_defaults (void)
{
  DmsScenario scenario = read_text (HEAD "\"buffers\":[],\"requests\":[]}", NULL);
  DmsScenario expected;
  const DmsScenarioDevice *card = &scenario.devices[0];

  dms_scenario_init (&expected);
  g_assert_cmpuint (scenario.memory, ==, expected.memory);
  g_assert_cmpuint (scenario.map_registers, ==, expected.map_registers);
  g_assert_cmpuint (scenario.seed, ==, expected.seed);
  g_assert_cmpmem (
      &scenario.cost, sizeof scenario.cost, &expected.cost, sizeof expected.cost);
  g_assert_cmpstr (scenario.title, ==, "");
  g_assert_cmpstr (card->model, ==, "bus-master");
  g_assert_cmpstr (card->driver, ==, "packet-sg");
  g_assert_true (card->scatter_gather);
  g_assert_cmpuint (card->address_bits, ==, 32);
  g_assert_cmpuint (card->maximum_length, ==, 65536);
  g_assert_cmpuint (card->map_registers, ==, 0);
  g_assert_cmpuint (card->max_elements, ==, 17);
  g_assert_cmpuint (card->burst, ==, 1024);
  dms_scenario_release (&scenario);
}

/* ---- parts ---- */

static void
test_machine (void)
{
  DmsScenario scenario = read_text (
      "{\"dmascope\":1.0,\"machine\":{\"memory\":\"4 PiB\",\"map_registers\":1,"
      "\"seed\":\"0xFFFFFFFFFFFFFFFF\",\"profile\":\"documented\",\"hal\":\"x86\","
      "\"verifier\":true},\"cost\":{\"dpc_ps\":5,\"copy_byte_ps\":0},"
      "\"devices\":[{\"name\":\"a\",\"address_bits\":64,\"scatter_gather\":false,"
      "\"maximum_length\":\"4294967295\",\"burst\":\"1 MiB\"}],"
      "\"buffers\":[],\"requests\":[],\"commands\":[],\"iommu\":false}",
      NULL);

  g_assert_cmpuint (scenario.memory, ==, UINT64_C (1) << 52);
  g_assert_cmpuint (scenario.map_registers, ==, 1);
  g_assert_cmpuint (scenario.seed, ==, UINT64_MAX);
  g_assert_true (scenario.hal_x86);
  g_assert_true (scenario.verifier);
  g_assert_cmpuint (scenario.cost.dpc_ps, ==, 5);
  g_assert_cmpuint (scenario.cost.copy_byte_ps, ==, 0);
  g_assert_cmpuint (scenario.cost.call_ps, ==, dms_cost_default ().call_ps);
  g_assert_false (scenario.devices[0].scatter_gather);
  g_assert_cmpuint (scenario.devices[0].maximum_length, ==, UINT32_MAX);
  g_assert_cmpuint (scenario.devices[0].max_elements, ==, DMS_SCENARIO_ELEMENTS_MAX);
  g_assert_cmpuint (scenario.devices[0].burst, ==, 1048576);
  dms_scenario_release (&scenario);
}

static void
test_profile (void)
{
#define WITH_MACHINE(machine) HEAD "\"buffers\":[],\"requests\":[]," machine "}"
  DmsScenario bare
      = read_text (WITH_MACHINE ("\"machine\":{\"profile\":\"reactos\"}"), NULL);
  DmsScenario named = read_text (WITH_MACHINE ("\"machine\":{\"profile\":\"reactos\","
                                               "\"quirks\":[\"R17\",\"R2\"]}"),
                                 NULL);
  DmsScenario none = read_text (
      WITH_MACHINE ("\"machine\":{\"profile\":\"reactos\",\"quirks\":[]}"), NULL);

  g_assert_cmpint (bare.profile, ==, DMS_PROFILE_REACTOS);
  g_assert_cmpuint (
      bare.quirks, ==, DMS_QUIRK_R1 | DMS_QUIRK_R2 | DMS_QUIRK_R4 | DMS_QUIRK_R17);
  g_assert_cmpuint (named.quirks, ==, DMS_QUIRK_R2 | DMS_QUIRK_R17);
  g_assert_cmpuint (none.quirks, ==, 0);
  dms_scenario_release (&bare);
  dms_scenario_release (&named);
  dms_scenario_release (&none);
#undef WITH_MACHINE
}

static void
test_hardware (void)
{
  DmsScenario scenario = read_text (
      "{\"dmascope\":1,\"iommu\":true,\"cost\":{\"iotlb_miss_ps\":7},\"devices\":["
      "{\"name\":\"a\",\"segment\":\"1 KiB\",\"boundary\":\"64 KiB\","
      "\"alignment\":2,\"channel\":5,\"auto_initialize\":true,\"ring\":\"8 KiB\"},"
      "{\"name\":\"b\",\"iommu\":false}],\"buffers\":[],\"requests\":[]}",
      NULL);
  const DmsScenarioDevice *one = &scenario.devices[0];
  const DmsScenarioDevice *other = &scenario.devices[1];

  g_assert_cmpuint (scenario.cost.iotlb_miss_ps, ==, 7);
  g_assert_cmpuint (one->segment, ==, 1024);
  g_assert_cmpuint (one->boundary, ==, 65536);
  g_assert_cmpuint (one->alignment, ==, 2);
  g_assert_cmpuint (one->channel, ==, 5);
  g_assert_true (one->auto_initialize);
  g_assert_cmpuint (one->ring, ==, 8192);
  g_assert_true (one->iommu);
  g_assert_cmpuint (other->segment, ==, 0);
  g_assert_cmpuint (other->boundary, ==, 0);
  g_assert_cmpuint (other->alignment, ==, 0);
  g_assert_false (other->auto_initialize);
  g_assert_cmpuint (other->ring, ==, 0);
  g_assert_false (other->iommu);
  dms_scenario_release (&scenario);
}

static void
assert_command (const DmsScenarioCommand *found, DmsScenarioCommand expected)
{
  g_assert_cmpint (found->after, ==, expected.after);
  g_assert_cmpuint (found->position, ==, expected.position);
  g_assert_cmpint (found->what, ==, expected.what);
  g_assert_cmpuint (found->which, ==, expected.which);
  g_assert_cmpuint (found->device, ==, expected.device);
  g_assert_cmpuint (found->value, ==, expected.value);
  g_assert_cmpuint (found->skip, ==, expected.skip);
}

static void
test_commands (void)
{
  DmsScenario scenario = read_text (
      "{\"dmascope\":1,\"devices\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
      "\"buffers\":[],\"requests\":[],\"commands\":["
      "{\"after\":{\"ns\":5},\"do\":\"set-limit\",\"device\":\"b\","
      "\"limit\":\"maximum_length\",\"value\":\"4 KiB\"},"
      "{\"after\":{\"event\":6},\"do\":\"take-map-registers\",\"count\":3},"
      "{\"after\":{\"step\":7},\"do\":\"give-map-registers\",\"count\":2},"
      "{\"after\":{\"ns\":8},\"do\":\"cancel\",\"device\":\"b\"},"
      "{\"after\":{\"ns\":9},\"do\":\"stop\",\"device\":\"b\"},"
      "{\"after\":{\"ns\":10},\"do\":\"fail-allocation\",\"of\":\"adapters\","
      "\"skip\":4}]}",
      NULL);
  const DmsScenarioCommand *commands = scenario.commands;

  g_assert_cmpuint (scenario.n_commands, ==, 6);
  assert_command (
      &commands[0],
      (DmsScenarioCommand){ DMS_AFTER_TIME, 5, DMS_COMMAND_LIMIT, 3, 1, 4096, 0 });
  assert_command (
      &commands[1],
      (DmsScenarioCommand){ DMS_AFTER_EVENT, 6, DMS_COMMAND_TAKE, 0, 0, 3, 0 });
  assert_command (
      &commands[2],
      (DmsScenarioCommand){ DMS_AFTER_STEP, 7, DMS_COMMAND_GIVE, 0, 0, 2, 0 });
  assert_command (
      &commands[3],
      (DmsScenarioCommand){ DMS_AFTER_TIME, 8, DMS_COMMAND_CANCEL, 0, 1, 1, 0 });
  assert_command (
      &commands[4],
      (DmsScenarioCommand){ DMS_AFTER_TIME, 9, DMS_COMMAND_STOP, 0, 1, 0, 0 });
  assert_command (
      &commands[5],
      (DmsScenarioCommand){ DMS_AFTER_TIME, 10, DMS_COMMAND_FAIL, 3, 0, 1, 4 });
  dms_scenario_release (&scenario);
}

static void
test_chain (void)
{
  DmsScenario scenario = read_text (
      HEAD
      "\"buffers\":[{\"name\":\"b\",\"mdls\":["
      "{\"offset\":4095,\"length\":2,\"frames\":[1,\"2\"]},"
      "{\"length\":\"4 KiB\",\"frames\":{\"contiguous\":\"0x10\"},\"locked\":false}]}],"
      "\"requests\":[{\"device\":\"card0\",\"buffer\":\"b\",\"direction\":\"write\","
      "\"start\":1,\"length\":5000}]}",
      NULL);
  const DmsScenarioBuffer *buffer = &scenario.buffers[0];

  g_assert_cmpuint (buffer->n_mdls, ==, 2);
  g_assert_cmpuint (buffer->mdls[0].n_frames, ==, 2);
  g_assert_cmpuint (buffer->mdls[0].frames[1], ==, 2);
  g_assert_true (buffer->mdls[0].locked);
  g_assert_cmpuint (buffer->mdls[1].n_frames, ==, 1);
  g_assert_cmpuint (buffer->mdls[1].frames[0], ==, 0x10);
  g_assert_false (buffer->mdls[1].locked);
  g_assert_true (scenario.requests[0].to_device);
  g_assert_cmpuint (scenario.requests[0].start, ==, 1);
  /* More than the buffer has: the driver is told so. */
  g_assert_cmpuint (scenario.requests[0].length, ==, 5000);
  dms_scenario_release (&scenario);
}

static void
test_requests (void)
{
  DmsScenario scenario = read_text (
      "{\"dmascope\":1,\"devices\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
      "\"buffers\":[{\"name\":\"x\",\"length\":4096,\"frames\":[7]},"
      "{\"name\":\"y\",\"length\":100,\"frames\":[8]}],"
      "\"requests\":[{\"device\":\"b\",\"buffer\":\"y\",\"direction\":\"read\","
      "\"start\":10,\"at_ns\":5,\"count\":3,\"every_ns\":1000,\"touch\":[{},"
      "{\"when\":\"before-flush\",\"start\":99,\"length\":1},"
      "{\"when\":\"after-map\",\"writes\":true,\"start\":0}]}],"
      "\"mistakes\":[{\"name\":\"wrong-direction\",\"device\":\"b\",\"nth\":0},"
      "{\"name\":\"list-put-twice\",\"device\":\"a\"}]}",
      NULL);
  const DmsScenarioRequest *request = &scenario.requests[0];

  g_assert_cmpuint (request->device, ==, 1);
  g_assert_cmpuint (request->buffer, ==, 1);
  g_assert_cmpuint (request->length, ==, 90);
  g_assert_cmpuint (request->at_ns, ==, 5);
  g_assert_cmpuint (request->count, ==, 3);
  g_assert_cmpuint (request->every_ns, ==, 1000);
  g_assert_cmpuint (request->n_touches, ==, 3);
  g_assert_cmpint (request->touches[0].when, ==, DMS_TOUCH_AFTER_COMPLETE);
  g_assert_cmpuint (request->touches[0].start, ==, 10);
  g_assert_cmpuint (request->touches[0].length, ==, 90);
  g_assert_false (request->touches[0].writes);
  g_assert_cmpint (request->touches[1].when, ==, DMS_TOUCH_BEFORE_FLUSH);
  g_assert_cmpuint (request->touches[1].start, ==, 99);
  g_assert_cmpuint (request->touches[1].length, ==, 1);
  g_assert_cmpint (request->touches[2].when, ==, DMS_TOUCH_AFTER_MAP);
  g_assert_true (request->touches[2].writes);
  g_assert_cmpuint (request->touches[2].length, ==, 90);
  g_assert_cmpuint (scenario.n_mistakes, ==, 2);
  g_assert_cmpstr (scenario.mistakes[0].name, ==, "wrong-direction");
  g_assert_cmpuint (scenario.mistakes[0].device, ==, 1);
  g_assert_cmpuint (scenario.mistakes[0].nth, ==, 0);
  g_assert_cmpuint (scenario.mistakes[1].device, ==, 0);
  g_assert_cmpuint (scenario.mistakes[1].nth, ==, 1);
  dms_scenario_release (&scenario);
}

/* ---- frames by rule ---- */

#define RULES                                                                          \
  HEAD "\"machine\":{\"memory\":\"8 GiB\",\"seed\":3},\"buffers\":["                   \
       "{\"name\":\"a\",\"length\":\"1 MiB\",\"frames\":{\"above\":\"4 GiB\"}},"       \
       "{\"name\":\"b\",\"length\":\"1 MiB\",\"frames\":{\"scattered\":99}},"          \
       "{\"name\":\"c\",\"length\":\"60 KiB\",\"frames\":{\"scattered\":"              \
       "{\"seed\":1,\"from\":4096,\"below\":\"64 KiB\"}}},"                            \
       "{\"name\":\"d\",\"length\":\"2 "                                               \
       "MiB\",\"frames\":{\"contiguous\":\"0x100000\"}}],"                             \
       "\"requests\":[]}"

static void
assert_within (const DmsScenarioMdl *mdl, uint64_t first, uint64_t end)
{
  for (size_t i = 0; i < mdl->n_frames; i++)
    {
      g_assert_cmpuint (mdl->frames[i], >=, first);
      g_assert_cmpuint (mdl->frames[i], <, end);
    }
}

static void
assert_distinct (const DmsScenario *scenario)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (size_t i = 0; i < scenario->n_buffers; i++)
    for (size_t m = 0; m < scenario->buffers[i].n_mdls; m++)
      {
        const DmsScenarioMdl *mdl = &scenario->buffers[i].mdls[m];
        g_assert_cmpuint (mdl->n_frames, ==, dms_span_pages (mdl->offset, mdl->length));
        for (size_t f = 0; f < mdl->n_frames; f++)
          g_assert_true (g_hash_table_add (seen, &mdl->frames[f]));
      }
}

static void
test_rules (void)
{
  DmsScenario scenario = read_text (RULES, NULL);
  DmsScenario again = read_text (RULES, NULL);

  assert_distinct (&scenario);
  assert_within (&scenario.buffers[0].mdls[0], 0x100000, 0x200000);
  assert_within (&scenario.buffers[1].mdls[0], 0x100, 0x200000);
  /* Exactly as many frames as the range has. */
  assert_within (&scenario.buffers[2].mdls[0], 1, 16);
  for (uint64_t i = 0; i < 512; i++)
    g_assert_cmpuint (scenario.buffers[3].mdls[0].frames[i], ==, 0x100000 + i);
  assert_equal (&scenario, &again);
  dms_scenario_release (&scenario);
  dms_scenario_release (&again);
}

static void
test_rules_follow_the_seed (void)
{
  static const char *const other_seed[] = { "machine.seed=4", NULL };
  DmsScenario one = read_text (RULES, NULL);
  DmsScenario other = read_text (RULES, other_seed);
  size_t bytes = one.buffers[0].mdls[0].n_frames * sizeof (uint64_t);

  g_assert_cmpint (
      memcmp (one.buffers[0].mdls[0].frames, other.buffers[0].mdls[0].frames, bytes),
      !=,
      0);
  /* This one has a seed of its own. */
  g_assert_cmpint (
      memcmp (one.buffers[1].mdls[0].frames, other.buffers[1].mdls[0].frames, bytes),
      ==,
      0);
  dms_scenario_release (&one);
  dms_scenario_release (&other);
}

static void
test_large (void)
{
  gint64 start = g_get_monotonic_time ();
  DmsScenario scenario = read_text (
      HEAD "\"machine\":{\"memory\":\"8 GiB\"},\"buffers\":[{\"name\":\"a\","
           "\"length\":\"1 GiB\",\"frames\":{\"scattered\":1}},"
           "{\"name\":\"b\",\"length\":\"2 GiB\",\"frames\":{\"scattered\":1}},"
           "{\"name\":\"c\",\"length\":\"1 GiB\",\"frames\":{\"scattered\":1}}],"
           "\"requests\":[]}",
      NULL);

  assert_distinct (&scenario);
  g_test_message ("4 GiB of frames in %" G_GINT64_FORMAT " ms",
                  (g_get_monotonic_time () - start) / 1000);
  dms_scenario_release (&scenario);
}

/* ---- overrides ---- */

static void
test_overrides (void)
{
  static const char *const sets[] = { "devices[0].address_bits=24",
                                      "machine.memory=\"16 MiB\"",
                                      "buffers[0].frames={\"contiguous\":256}",
                                      "title=Just text",
                                      "requests[0].direction=write",
                                      "requests[0].count=2",
                                      NULL };
  g_autofree char *text = NULL;
  DmsScenario story = read_story (sets, &text);

  g_assert_cmpuint (story.devices[0].address_bits, ==, 24);
  g_assert_cmpuint (story.memory, ==, 16777216);
  g_assert_cmpuint (story.buffers[0].mdls[0].frames[5], ==, 261);
  g_assert_cmpstr (story.title, ==, "Just text");
  g_assert_true (story.requests[0].to_device);
  g_assert_cmpuint (story.requests[0].count, ==, 2);

  /* The text that travels in the trace says the same without them. */
  DmsScenario travelled = read_text (text, NULL);
  assert_equal (&story, &travelled);
  dms_scenario_release (&travelled);
  dms_scenario_release (&story);
}

static void
test_text_is_kept (void)
{
  g_autofree char *path = dms_test_source_path (STORY);
  g_autofree char *text = NULL;
  g_autofree char *file = NULL;
  DmsScenario story = read_story (NULL, &text);

  g_assert_true (g_file_get_contents (path, &file, NULL, NULL));
  g_assert_cmpstr (text, ==, file);
  dms_scenario_release (&story);
}

/* ---- sizes and places ---- */

static void
test_sizes (void)
{
  static const struct
  {
    const char *text;
    guint64 bytes;
    gboolean is_size;
  } cases[] = {
    { "0", 0, TRUE },
    { "64 KiB", 65536, TRUE },
    { "64KiB", 65536, TRUE },
    { "1 B", 1, TRUE },
    { "0x10 MiB", 16777216, TRUE },
    { "8 GiB", G_GUINT64_CONSTANT (8589934592), TRUE },
    { "15 EiB", G_GUINT64_CONSTANT (15) << 60, TRUE },
    { "16 EiB", 0, FALSE },
    { "18446744073709551615", G_MAXUINT64, TRUE },
    { "18446744073709551616", 0, FALSE },
    { "", 0, FALSE },
    { "KiB", 0, FALSE },
    { "-1", 0, FALSE },
    { "64 KB", 0, FALSE },
    { "64 KiB ", 0, FALSE },
    { "1.5 KiB", 0, FALSE },
    { "0x", 0, FALSE },
    { "ff", 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 bytes = 0;
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (dms_size_parse (cases[i].text, &bytes), ==, cases[i].is_size);
      g_assert_cmpuint (bytes, ==, cases[i].bytes);
    }
}

static void
test_size_words (void)
{
  g_autofree char *one = dms_size_format (1);
  g_autofree char *odd = dms_size_format (4294967295);
  g_autofree char *even = dms_size_format (G_GUINT64_CONSTANT (1) << 52);

  g_assert_cmpstr (one, ==, "1 byte");
  g_assert_cmpstr (odd, ==, "4294967295 bytes");
  g_assert_cmpstr (even, ==, "4 PiB");
}

static void
test_lines (void)
{
  static const char text[] = "{\n\"a\\\"b\": [1,\n {\"x\": \"]}\",\n  \"y\": [[],\n"
                             "{}]\n}\n],\n\"c\": null}";
  static const struct
  {
    DmsJsonStep steps[4];
    gsize n;
    gsize line;
  } cases[] = {
    { { { NULL, 0 } }, 0, 1 },
    { { { "c", 0 } }, 1, 8 },
    { { { "a\\\"b", 0 } }, 1, 2 },
    { { { "a\\\"b", 0 }, { NULL, 1 } }, 2, 3 },
    { { { "a\\\"b", 0 }, { NULL, 1 }, { "y", 0 } }, 3, 4 },
    { { { "a\\\"b", 0 }, { NULL, 1 }, { "y", 0 }, { NULL, 1 } }, 4, 5 },
    { { { "a\\\"b", 0 }, { NULL, 2 } }, 2, 2 }, /* not there: what it would be in */
    { { { "d", 0 } }, 1, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (dms_json_line (text, strlen (text), cases[i].steps, cases[i].n),
                      ==,
                      cases[i].line);
}

/* ---- places that the simulation's sentences name ---- */

static void
test_places_of_sentences (void)
{
  static const char *const text = "{\n \"machine\": {\n  \"seed\": 1},\n"
                                  " \"buffers\": [\n  {\"frames\":\n   [1,\n    2]}]}";
  static const struct
  {
    const char *sentence;
    gsize line;
  } cases[] = {
    { "machine.seed is 1; 2 is needed", 3 },
    { "machine.memory is not there", 2 },
    { "buffers[0].frames[1] is 0x2", 7 },
    { "buffers[0].mdls[0].frames[1] is 0x2", 5 },
    { "buffers[7] is none", 4 },
    { "buffers have more than 3 pages", 4 },
    { "buffers[0].frames[0].a.b.c.d.e.f.g.h.i is deep", 6 },
    { "no memory", 0 },
    { "", 0 },
    { "[0] is", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (
        dms_scenario_line (text, strlen (text), cases[i].sentence), ==, cases[i].line);
}

/* ---- the schema ---- */

typedef struct
{
  const DmsKeys *keys;
  const char *definition; /* NULL: the outermost object */
} SchemaPart;

static const SchemaPart parts[] = {
  { &dms_scenario_keys, NULL },
  { &dms_machine_keys, "machine" },
  { &dms_device_keys, "device" },
  { &dms_buffer_keys, "buffer" },
  { &dms_chain_keys, "chain" },
  { &dms_mdl_keys, "mdl" },
  { &dms_frames_keys, "framesRule" },
  { &dms_scattered_keys, "scattered" },
  { &dms_request_keys, "request" },
  { &dms_touch_keys, "touch" },
  { &dms_mistake_keys, "mistake" },
  { &dms_cost_keys, "cost" },
  { &dms_after_keys, "after" },
  { &dms_limit_command_keys, "limitCommand" },
  { &dms_registers_command_keys, "registersCommand" },
  { &dms_cancel_command_keys, "cancelCommand" },
  { &dms_stop_command_keys, "stopCommand" },
  { &dms_fail_command_keys, "failCommand" },
};

/* A property, with what it refers to in its place. */
static json_t *
resolve (json_t *schema, json_t *property)
{
  const char *reference = json_string_value (json_object_get (property, "$ref"));

  if (reference == NULL)
    return property;
  g_assert_true (g_str_has_prefix (reference, "#/$defs/"));
  return json_object_get (json_object_get (schema, "$defs"),
                          reference + strlen ("#/$defs/"));
}

static void
assert_number (json_t *property, const DmsKey *key)
{
  json_t *range = json_object_get (property, "anyOf");

  if (json_object_get (property, "const") != NULL)
    {
      g_assert_cmpint (
          json_integer_value (json_object_get (property, "const")), ==, key->min);
      return;
    }
  range = range != NULL ? json_array_get (range, 0) : property;
  g_assert_cmpint (
      json_integer_value (json_object_get (range, "minimum")), ==, key->min);
  if (key->kind != DMS_KEY_SEED)
    g_assert_cmpint (
        json_integer_value (json_object_get (range, "maximum")), ==, key->max);
}

static void
assert_words (json_t *property, const DmsKey *key)
{
  json_t *words = json_object_get (property, "enum");
  gsize i = 0;

  /* Each command's keys say which commands they are for; see below. */
  if (g_str_equal (key->name, "do"))
    return;
  for (; key->words[i] != NULL; i++)
    g_assert_cmpstr (json_string_value (json_array_get (words, i)), ==, key->words[i]);
  g_assert_cmpuint (json_array_size (words), ==, i);
}

static void
assert_property (json_t *property, const DmsKey *key)
{
  switch (key->kind)
    {
    case DMS_KEY_NUMBER:
    case DMS_KEY_SIZE:
    case DMS_KEY_SEED:
      assert_number (property, key);
      break;
    case DMS_KEY_LIST:
      g_assert_cmpint (
          json_integer_value (json_object_get (property, "minItems")), ==, key->min);
      g_assert_cmpint (
          json_integer_value (json_object_get (property, "maxItems")), ==, key->max);
      break;
    case DMS_KEY_WORD:
      assert_words (property, key);
      break;
    case DMS_KEY_NAME:
      g_assert_cmpint (json_integer_value (json_object_get (property, "maxLength")),
                       ==,
                       DMS_SCENARIO_NAME_BYTES_MAX);
      break;
    case DMS_KEY_TITLE:
      g_assert_cmpint (json_integer_value (json_object_get (property, "maxLength")),
                       ==,
                       DMS_SCENARIO_TITLE_BYTES_MAX);
      break;
    case DMS_KEY_BOOL:
      g_assert_cmpstr (
          json_string_value (json_object_get (property, "type")), ==, "boolean");
      break;
    case DMS_KEY_NOTHING:
      g_assert_cmpstr (
          json_string_value (json_object_get (property, "type")), ==, "null");
      break;
    case DMS_KEY_OBJECT:
    case DMS_KEY_FRAMES:
    case DMS_KEY_FRAME:
    case DMS_KEY_SCATTERED:
    case DMS_KEY_LIMIT:
      break;
    }
}

/* Whether one of the definitions of commands is for @word. */
static gboolean
knows_command (json_t *definitions, const char *word)
{
  const char *name;
  json_t *definition;

  json_object_foreach (definitions, name, definition)
  {
    json_t *words = json_object_get (
        json_object_get (json_object_get (definition, "properties"), "do"), "enum");

    for (gsize i = 0; i < json_array_size (words); i++)
      if (g_str_equal (json_string_value (json_array_get (words, i)), word))
        return TRUE;
  }
  return FALSE;
}

static gboolean
is_required (json_t *definition, const char *name)
{
  json_t *required = json_object_get (definition, "required");

  for (gsize i = 0; i < json_array_size (required); i++)
    if (g_str_equal (json_string_value (json_array_get (required, i)), name))
      return TRUE;
  return FALSE;
}

static void
test_schema_agrees (void)
{
  g_autofree char *path = dms_test_source_path ("../data/lessons/scenario.schema.json");
  json_t *schema = json_load_file (path, JSON_REJECT_DUPLICATES, NULL);

  g_assert_nonnull (schema);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      json_t *definitions = json_object_get (schema, "$defs");
      json_t *definition = parts[i].definition == NULL
                               ? schema
                               : json_object_get (definitions, parts[i].definition);
      json_t *properties = json_object_get (definition, "properties");
      gsize n = 0;

      for (const DmsKey *key = parts[i].keys->keys; key->name != NULL; key++, n++)
        {
          json_t *property = json_object_get (properties, key->name);
          g_test_message ("%s: %s", parts[i].keys->noun, key->name);
          g_assert_nonnull (property);
          assert_property (resolve (schema, property), key);
          g_assert_cmpint (is_required (definition, key->name), ==, key->is_required);
        }
      g_assert_cmpuint (json_object_size (properties), ==, n);
      g_assert_true (
          json_is_false (json_object_get (definition, "additionalProperties")));
    }
  for (const char *const *word = dms_command_words; *word != NULL; word++)
    g_assert_true (knows_command (json_object_get (schema, "$defs"), *word));
  json_decref (schema);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/data/scenario/story-is-read-whole", test_story);
  g_test_add_func ("/data/scenario/what-is-left-out-has-defaults", test_defaults);
  g_test_add_func ("/data/scenario/machine-and-device-take-their-bounds", test_machine);
  g_test_add_func ("/data/scenario/profile-and-quirks-are-read", test_profile);
  g_test_add_func ("/data/scenario/limits-of-hardware-are-read", test_hardware);
  g_test_add_func ("/data/scenario/commands-are-read", test_commands);
  g_test_add_func ("/data/scenario/chain-of-mdls-is-read", test_chain);
  g_test_add_func ("/data/scenario/requests-touches-and-mistakes-are-read",
                   test_requests);
  g_test_add_func ("/data/scenario/frames-by-rule-keep-to-it-and-never-meet",
                   test_rules);
  g_test_add_func ("/data/scenario/frames-by-rule-follow-the-seed",
                   test_rules_follow_the_seed);
  g_test_add_func ("/data/scenario/four-gib-of-scattered-frames-are-distinct",
                   test_large);
  g_test_add_func ("/data/scenario/overrides-change-values-and-travel", test_overrides);
  g_test_add_func ("/data/scenario/text-without-overrides-is-kept", test_text_is_kept);
  g_test_add_func ("/data/scenario/sizes-are-read", test_sizes);
  g_test_add_func ("/data/scenario/sizes-are-said", test_size_words);
  g_test_add_func ("/data/scenario/places-are-found", test_lines);
  g_test_add_func ("/data/scenario/places-of-sentences-are-found",
                   test_places_of_sentences);
  g_test_add_func ("/data/scenario/schema-agrees-with-the-reader", test_schema_agrees);
  return g_test_run ();
}
