/* dms-scenario-requests.c — what is asked of the devices, and what the driver does
 * wrong
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-parts.h"

#include <stdlib.h>

static guint64
buffer_length (const DmsScenarioBuffer *buffer)
{
  guint64 length = 0;

  for (size_t i = 0; i < buffer->n_mdls; i++)
    length += buffer->mdls[i].length;
  return length;
}

/* ---- names to places ---- */

GHashTable *
dms_read_index_devices (const DmsScenario *scenario)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < scenario->n_devices; i++)
    g_hash_table_insert (index, scenario->devices[i].name, GSIZE_TO_POINTER (i + 1));
  return index;
}

GHashTable *
dms_read_index_buffers (const DmsScenario *scenario)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < scenario->n_buffers; i++)
    g_hash_table_insert (index, scenario->buffers[i].name, GSIZE_TO_POINTER (i + 1));
  return index;
}

gboolean
dms_read_place (GHashTable *index,
                const DmsNode *object,
                const DmsKeys *keys,
                const char *key,
                size_t *ret_place)
{
  g_autofree char *name = NULL;
  DmsNode node = dms_node_member (object, key);

  if (!dms_node_text (object, keys, key, &name))
    return FALSE;
  gsize place = GPOINTER_TO_SIZE (g_hash_table_lookup (index, name));
  if (place == 0)
    return dms_node_fail_needed (&node, "the name of a %s of this scenario", key);
  *ret_place = place - 1;
  return TRUE;
}

/* ---- requests ---- */

static gboolean
read_touch (const DmsNode *node,
            const DmsScenarioRequest *request,
            guint64 buffer_bytes,
            DmsScenarioTouch *touch)
{
  const DmsKeys *keys = &dms_touch_keys;
  guint when = DMS_TOUCH_AFTER_COMPLETE;

  if (!dms_node_check_object (node, keys))
    return FALSE;
  touch->start = request->start;
  if (!dms_node_word (node, keys, "when", &when)
      || !dms_node_bool (node, "writes", &touch->writes)
      || !dms_node_number (node, keys, "start", &touch->start))
    return FALSE;
  touch->when = (DmsTouchWhen)when;
  if (touch->start >= buffer_bytes)
    return dms_node_fail (node,
                          " starts at byte %" G_GUINT64_FORMAT
                          "; the buffer has %" G_GUINT64_FORMAT " bytes",
                          touch->start,
                          buffer_bytes);
  touch->length = MIN (request->length, buffer_bytes - touch->start);
  if (!dms_node_number (node, keys, "length", &touch->length))
    return FALSE;
  if (touch->length > buffer_bytes - touch->start)
    return dms_node_fail (node,
                          " ends behind the buffer, which has %" G_GUINT64_FORMAT
                          " bytes from there on",
                          buffer_bytes - touch->start);
  return TRUE;
}

static gboolean
read_touches (const DmsNode *node, guint64 buffer_bytes, DmsScenarioRequest *request)
{
  DmsNode list;

  if (!dms_node_list (node, &dms_request_keys, "touch", &list))
    return FALSE;
  if (dms_node_entries (&list) == 0)
    return TRUE;
  request->touches = calloc (dms_node_entries (&list), sizeof *request->touches);
  if (request->touches == NULL)
    return dms_node_fail (&list, " needs more memory than this computer has free");
  request->n_touches = dms_node_entries (&list);
  for (gsize i = 0; i < request->n_touches; i++)
    {
      DmsNode entry = dms_node_entry (&list, i);
      if (!read_touch (&entry, request, buffer_bytes, &request->touches[i]))
        return FALSE;
    }
  return TRUE;
}

/* The last repeat must start while model time can still be counted. */
static gboolean
check_times (const DmsNode *node, const DmsScenarioRequest *request)
{
  guint64 room = DMS_SCENARIO_TIME_NS_MAX - request->at_ns;

  if (request->count > 1 && request->every_ns > room / (request->count - 1))
    return dms_node_fail (node,
                          " would be repeated beyond %" G_GUINT64_FORMAT
                          " ns of model time; count or every_ns must be smaller",
                          DMS_SCENARIO_TIME_NS_MAX);
  return TRUE;
}

static gboolean
read_part (const DmsNode *node, guint64 buffer_bytes, DmsScenarioRequest *request)
{
  const DmsKeys *keys = &dms_request_keys;
  DmsNode start = dms_node_member (node, "start");

  if (!dms_node_number (node, keys, "start", &request->start))
    return FALSE;
  if (request->start >= buffer_bytes)
    return dms_node_fail_needed (&start,
                                 "a number below the buffer's %" G_GUINT64_FORMAT
                                 " bytes",
                                 buffer_bytes);
  request->length = MIN (buffer_bytes - request->start, DMS_SCENARIO_LENGTH_MAX);
  return dms_node_number (node, keys, "length", &request->length);
}

static gboolean
read_request (const DmsNode *node,
              GHashTable *devices,
              GHashTable *buffers,
              const DmsScenario *scenario,
              DmsScenarioRequest *request)
{
  const DmsKeys *keys = &dms_request_keys;
  guint direction = 0;
  guint64 buffer_bytes;

  request->count = 1;
  if (!dms_node_check_object (node, keys)
      || !dms_read_place (devices, node, keys, "device", &request->device)
      || !dms_read_place (buffers, node, keys, "buffer", &request->buffer)
      || !dms_node_word (node, keys, "direction", &direction)
      || !dms_node_number (node, keys, "at_ns", &request->at_ns)
      || !dms_node_number32 (node, keys, "count", &request->count)
      || !dms_node_number (node, keys, "every_ns", &request->every_ns)
      || !check_times (node, request))
    return FALSE;
  request->to_device = direction == 1;
  buffer_bytes = buffer_length (&scenario->buffers[request->buffer]);
  return read_part (node, buffer_bytes, request)
         && read_touches (node, buffer_bytes, request);
}

gboolean
dms_read_requests (const DmsNode *root, DmsScenario *scenario)
{
  g_autoptr (GHashTable) devices = dms_read_index_devices (scenario);
  g_autoptr (GHashTable) buffers = dms_read_index_buffers (scenario);
  DmsNode list;

  if (!dms_node_list (root, &dms_scenario_keys, "requests", &list))
    return FALSE;
  if (dms_node_entries (&list) == 0)
    return TRUE;
  scenario->requests = calloc (dms_node_entries (&list), sizeof *scenario->requests);
  if (scenario->requests == NULL)
    return dms_node_fail (&list, " needs more memory than this computer has free");
  scenario->n_requests = dms_node_entries (&list);
  for (gsize i = 0; i < scenario->n_requests; i++)
    {
      DmsNode entry = dms_node_entry (&list, i);
      if (!read_request (&entry, devices, buffers, scenario, &scenario->requests[i]))
        return FALSE;
    }
  return TRUE;
}

/* ---- mistakes ---- */

static gboolean
read_mistake (const DmsNode *node, GHashTable *devices, DmsScenarioMistake *mistake)
{
  const DmsKeys *keys = &dms_mistake_keys;

  mistake->nth = 1;
  return dms_node_check_object (node, keys)
         && dms_node_text (node, keys, "name", &mistake->name)
         && dms_read_place (devices, node, keys, "device", &mistake->device)
         && dms_node_number32 (node, keys, "nth", &mistake->nth);
}

gboolean
dms_read_mistakes (const DmsNode *root, DmsScenario *scenario)
{
  g_autoptr (GHashTable) devices = dms_read_index_devices (scenario);
  DmsNode list;

  if (!dms_node_list (root, &dms_scenario_keys, "mistakes", &list))
    return FALSE;
  if (dms_node_entries (&list) == 0)
    return TRUE;
  scenario->mistakes = calloc (dms_node_entries (&list), sizeof *scenario->mistakes);
  if (scenario->mistakes == NULL)
    return dms_node_fail (&list, " needs more memory than this computer has free");
  scenario->n_mistakes = dms_node_entries (&list);
  for (gsize i = 0; i < scenario->n_mistakes; i++)
    {
      DmsNode entry = dms_node_entry (&list, i);
      if (!read_mistake (&entry, devices, &scenario->mistakes[i]))
        return FALSE;
    }
  return TRUE;
}
