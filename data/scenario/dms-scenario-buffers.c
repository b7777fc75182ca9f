/* dms-scenario-buffers.c — the buffers of a scenario and their MDLs
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-parts.h"

#include <stdlib.h>

/* Bytes of a chain are counted with 32 bits by those who use it. */
static gboolean
check_chain_length (const DmsNode *node, const DmsScenarioBuffer *buffer)
{
  guint64 length = 0;

  for (size_t i = 0; i < buffer->n_mdls; i++)
    length += buffer->mdls[i].length;
  if (length > (guint64)DMS_SCENARIO_FRAMES_MAX * 4096)
    return dms_node_fail (
        node, " has %" G_GUINT64_FORMAT " bytes; a buffer has at most 4 GiB", length);
  return TRUE;
}

static gboolean
read_mdl (const DmsNode *node, const DmsKeys *keys, DmsScenarioMdl *mdl)
{
  mdl->locked = true;
  return dms_node_number32 (node, keys, "offset", &mdl->offset)
         && dms_node_number (node, keys, "length", &mdl->length)
         && dms_node_bool (node, "locked", &mdl->locked);
}

static gboolean
read_chain (const DmsNode *node, DmsScenarioBuffer *buffer)
{
  DmsNode list;

  if (!dms_node_check_object (node, &dms_chain_keys)
      || !dms_node_list (node, &dms_chain_keys, "mdls", &list))
    return FALSE;
  buffer->mdls = calloc (dms_node_entries (&list), sizeof *buffer->mdls);
  if (buffer->mdls == NULL)
    return dms_node_fail (&list, " needs more memory than this computer has free");
  buffer->n_mdls = dms_node_entries (&list);
  for (gsize i = 0; i < buffer->n_mdls; i++)
    {
      DmsNode entry = dms_node_entry (&list, i);
      if (!dms_node_check_object (&entry, &dms_mdl_keys)
          || !read_mdl (&entry, &dms_mdl_keys, &buffer->mdls[i]))
        return FALSE;
    }
  return check_chain_length (&list, buffer);
}

static gboolean
read_single (const DmsNode *node, DmsScenarioBuffer *buffer)
{
  if (!dms_node_check_object (node, &dms_buffer_keys))
    return FALSE;
  buffer->mdls = calloc (1, sizeof *buffer->mdls);
  if (buffer->mdls == NULL)
    return dms_node_fail (node, " needs more memory than this computer has free");
  buffer->n_mdls = 1;
  return read_mdl (node, &dms_buffer_keys, &buffer->mdls[0]);
}

static gboolean
read_buffer (const DmsNode *node, DmsScenarioBuffer *buffer)
{
  DmsNode mdls = dms_node_member (node, "mdls");

  if (mdls.json != NULL ? !read_chain (node, buffer) : !read_single (node, buffer))
    return FALSE;
  return dms_node_text (node, &dms_buffer_keys, "name", &buffer->name);
}

/* ---- frames ---- */

typedef gboolean (*FramesReader) (DmsFrameBook *book,
                                  const DmsNode *node,
                                  gsize buffer,
                                  DmsScenarioMdl *mdl);

static gboolean
read_frames_of (DmsFrameBook *book,
                const DmsNode *node,
                gsize index,
                DmsScenarioBuffer *buffer,
                FramesReader reader)
{
  DmsNode mdls = dms_node_member (node, "mdls");

  for (gsize i = 0; i < buffer->n_mdls; i++)
    {
      DmsNode entry = dms_node_entry (&mdls, i);
      DmsNode frames = dms_node_member (mdls.json != NULL ? &entry : node, "frames");
      if (!reader (book, &frames, index, &buffer->mdls[i]))
        return FALSE;
    }
  return TRUE;
}

/* Frames that are named go first, so that those drawn at random keep out of their way.
 */
static gboolean
read_frames (const DmsNode *list, DmsScenario *scenario)
{
  static const FramesReader rounds[]
      = { dms_read_fixed_frames, dms_read_random_frames };
  g_autoptr (DmsFrameBook) book = dms_frame_book_new (scenario);

  for (gsize round = 0; round < G_N_ELEMENTS (rounds); round++)
    for (gsize i = 0; i < scenario->n_buffers; i++)
      {
        DmsNode entry = dms_node_entry (list, i);
        if (!read_frames_of (book, &entry, i, &scenario->buffers[i], rounds[round]))
          return FALSE;
      }
  return TRUE;
}

static gboolean
check_name (GHashTable *seen, const DmsNode *node, const char *text)
{
  if (!g_hash_table_add (seen, (gpointer)text))
    {
      DmsNode name = dms_node_member (node, "name");
      return dms_node_fail (
          &name, " is \"%s\", like that of a buffer before; each needs its own", text);
    }
  return TRUE;
}

gboolean
dms_read_buffers (const DmsNode *root, DmsScenario *scenario)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  DmsNode list;

  if (!dms_node_list (root, &dms_scenario_keys, "buffers", &list))
    return FALSE;
  if (dms_node_entries (&list) == 0)
    return TRUE;
  scenario->buffers = calloc (dms_node_entries (&list), sizeof *scenario->buffers);
  if (scenario->buffers == NULL)
    return dms_node_fail (&list, " needs more memory than this computer has free");
  scenario->n_buffers = dms_node_entries (&list);
  for (gsize i = 0; i < scenario->n_buffers; i++)
    {
      DmsNode entry = dms_node_entry (&list, i);
      if (!read_buffer (&entry, &scenario->buffers[i])
          || !check_name (seen, &entry, scenario->buffers[i].name))
        return FALSE;
    }
  return read_frames (&list, scenario);
}
