/* test-json.c — events and states as JSON: names, numbers, texts from anywhere
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-json.h"
#include "tests/lib/dms-test.h"

#include <string.h>

static const char *
text_of (const json_t *object, const char *key)
{
  const json_t *value = json_object_get (object, key);

  g_assert_true (json_is_string (value));
  return json_string_value (value);
}

/* A field that were called like a part of the head would overwrite it. */
static void
test_fields_have_names_of_their_own (void)
{
  static const char *const head[]
      = { "seq", "step",  "t_ns", "kind", "cpu",      "context", "task",
          "pid", "cause", "file", "line", "sentence", "why" };
  size_t n;
  const DmsEventInfo *infos = dms_event_infos (&n);

  for (size_t i = 0; i < n; i++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
      for (gsize h = 0; h < G_N_ELEMENTS (head); h++)
        g_hash_table_add (seen, (gpointer)head[h]);
      for (const DmsFieldInfo *field = infos[i].fields; field->field != DMS_FIELD_END;
           field++)
        if (!g_hash_table_add (seen, (gpointer)field->name))
          g_error ("event %s has two things called %s", infos[i].name, field->name);
    }
}

static void
test_every_kind_is_an_object (void)
{
  DmsNames *names = dms_names_new ();
  size_t n;
  const DmsEventInfo *infos = dms_event_infos (&n);

  for (size_t i = 0; i < n; i++)
    {
      DmsEvent event = { .seq = 1, .kind = (uint16_t)infos[i].kind, .a = 5, .b = 6 };
      json_t *json = dms_json_event (&event, NULL, names);
      g_autofree char *line = NULL;
      g_assert_cmpstr (text_of (json, "kind"), ==, infos[i].name);
      g_assert_nonnull (text_of (json, "sentence"));
      line = json_dumps (json, JSON_COMPACT);
      g_assert_nonnull (line);
      g_assert_null (strchr (line, '\n'));
      json_decref (json);
    }
  dms_names_free (names);
}

static void
test_numbers_keep_all_their_bits (void)
{
  DmsNames *names = dms_names_new ();
  DmsEvent event = { .seq = 7,
                     .kind = DMS_EVENT_PAGE,
                     .a = UINT64_C (0xFFFFFFFFFFFFF),
                     .b = UINT64_C (0xFFFFFFFFFFFFF123),
                     .length = UINT64_MAX,
                     .t_ns = INT64_MIN };
  json_t *json = dms_json_event (&event, NULL, names);

  g_assert_cmpstr (text_of (json, "frame"), ==, "0xFFFFFFFFFFFFF");
  g_assert_cmpstr (text_of (json, "logical"), ==, "0xFFFFFFFFFFFFF123");
  g_assert_cmpstr (text_of (json, "length"), ==, "18446744073709551615");
  g_assert_cmpint (json_integer_value (json_object_get (json, "t_ns")), ==, INT64_MIN);
  json_decref (json);
  dms_names_free (names);
}

/* Texts come from files of anybody; JSON is UTF-8. */
static void
test_broken_text_is_mended (void)
{
  DmsNames *names = dms_names_new ();
  DmsEvent event = { .seq = 1, .kind = DMS_EVENT_REQUEST };
  json_t *json;

  g_assert_cmpint (
      dms_names_intern (names, DMS_NAME_DEVICE, 0, "ca\xffrd\"\n", &event.device, NULL),
      ==,
      DMS_OK);
  json = dms_json_event (&event, NULL, names);
  g_assert_cmpstr (text_of (json, "device"), ==, "ca\xef\xbf\xbdrd\"\n");
  g_assert_true (g_utf8_validate (text_of (json, "sentence"), -1, NULL));
  json_decref (json);
  dms_names_free (names);
}

static void
test_lists_are_arrays (void)
{
  static const DmsSegment segments[] = { { 0x1000, 4096 }, { 0x9000, 0 } };
  DmsNames *names = dms_names_new ();
  DmsEvent event = { .seq = 1, .kind = DMS_EVENT_MAP, .flags = DMS_FLAG_FROM_DEVICE };
  DmsBytes payload;
  const json_t *array;
  json_t *json;

  dms_bytes_init (&payload);
  dms_payload_append_segments (&payload, DMS_PAYLOAD_DEVICE, segments, 2);
  dms_payload_append_string (&payload, "a text");
  event.payload = payload.data;
  event.payload_length = (uint32_t)payload.length;
  json = dms_json_event (&event, NULL, names);
  array = json_object_get (json, "segments");
  g_assert_cmpuint (json_array_size (array), ==, 2);
  g_assert_cmpstr (text_of (json_array_get (array, 1), "address"), ==, "0x9000");
  g_assert_null (json_object_get (json_array_get (array, 1), "length"));
  g_assert_cmpstr (text_of (json, "text"), ==, "a text");
  array = json_object_get (json, "flags");
  g_assert_cmpuint (json_array_size (array), ==, 1);
  g_assert_cmpstr (json_string_value (json_array_get (array, 0)), ==, "FROM_DEVICE");
  json_decref (json);
  dms_bytes_release (&payload);
  dms_names_free (names);
}

static void
test_empty_state_is_an_object (void)
{
  DmsState *state = dms_state_new ();
  DmsNames *names = dms_names_new ();
  json_t *json = dms_json_state (state, names);

  g_assert_cmpint (json_integer_value (json_object_get (json, "seq")), ==, 0);
  g_assert_cmpuint (json_array_size (json_object_get (json, "devices")), ==, 0);
  json_decref (json);
  dms_names_free (names);
  dms_state_free (state);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/app/json/fields-have-names-of-their-own",
                   test_fields_have_names_of_their_own);
  g_test_add_func ("/app/json/every-kind-is-an-object", test_every_kind_is_an_object);
  g_test_add_func ("/app/json/numbers-keep-all-their-bits",
                   test_numbers_keep_all_their_bits);
  g_test_add_func ("/app/json/broken-text-is-mended", test_broken_text_is_mended);
  g_test_add_func ("/app/json/lists-are-arrays", test_lists_are_arrays);
  g_test_add_func ("/app/json/empty-state-is-an-object", test_empty_state_is_an_object);
  return g_test_run ();
}
