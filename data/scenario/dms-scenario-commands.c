/* dms-scenario-commands.c — what changes the machine in mid-run
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-parts.h"

#include <stdlib.h>

/* The keys of each command, in the order of DmsCommandKind. */
static const DmsKeys *const tables[] = {
  &dms_limit_command_keys,  &dms_registers_command_keys, &dms_registers_command_keys,
  &dms_cancel_command_keys, &dms_stop_command_keys,      &dms_fail_command_keys,
};

/* ---- when ---- */

static gboolean
read_moment (const DmsNode *object, DmsScenarioCommand *command)
{
  /* In the order of DmsAfter. */
  static const char *const names[] = { "ns", "event", "step" };
  DmsNode after = dms_node_member (object, "after");

  if (!dms_node_check_object (&after, &dms_after_keys))
    return FALSE;
  if (json_object_size (after.json) != 1)
    return dms_node_fail (&after,
                          " has %" G_GSIZE_FORMAT
                          " keys; exactly one of ns, event and step is needed",
                          json_object_size (after.json));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_get (after.json, names[i]) != NULL)
      {
        command->after = (DmsAfter)i;
        return dms_node_number (&after, &dms_after_keys, names[i], &command->position);
      }
  return TRUE;
}

/* ---- what ---- */

/* The new value has the bounds of the device's own key. */
static gboolean
read_limit (const DmsNode *node, DmsScenarioCommand *command)
{
  DmsNode value = dms_node_member (node, "value");
  guint which = 0;

  if (!dms_node_word (node, &dms_limit_command_keys, "limit", &which))
    return FALSE;

  const DmsKey *rule = dms_keys_find (&dms_device_keys, dms_limit_words[which]);

  command->which = which;
  return dms_node_number_within (
      &value, rule->kind, rule->min, rule->max, &command->value);
}

static gboolean
read_allocations (const DmsNode *node, DmsScenarioCommand *command)
{
  const DmsKeys *keys = &dms_fail_command_keys;
  guint which = 0;

  command->value = 1;
  if (!dms_node_word (node, keys, "of", &which)
      || !dms_node_number (node, keys, "count", &command->value)
      || !dms_node_number (node, keys, "skip", &command->skip))
    return FALSE;
  command->which = which;
  return TRUE;
}

static gboolean
read_rest (const DmsNode *node, GHashTable *devices, DmsScenarioCommand *command)
{
  const DmsKeys *keys = tables[command->what - 1];

  if (dms_keys_find (keys, "device") != NULL
      && !dms_read_place (devices, node, keys, "device", &command->device))
    return FALSE;
  switch (command->what)
    {
    case DMS_COMMAND_LIMIT:
      return read_limit (node, command);
    case DMS_COMMAND_TAKE:
    case DMS_COMMAND_GIVE:
      return dms_node_number (node, keys, "count", &command->value);
    case DMS_COMMAND_CANCEL:
      command->value = 1;
      return dms_node_number (node, keys, "nth", &command->value);
    case DMS_COMMAND_STOP:
      return TRUE;
    case DMS_COMMAND_FAIL:
      return read_allocations (node, command);
    }
  return TRUE;
}

static gboolean
read_command (const DmsNode *node, GHashTable *devices, DmsScenarioCommand *command)
{
  DmsNode what = dms_node_member (node, "do");
  guint word = 0;

  if (!json_is_object (node->json))
    return dms_node_fail_needed (node, "an object, a command,");
  if (what.json == NULL)
    return dms_node_fail (&what, " is missing; a command needs it");
  if (!dms_node_word_of (&what, dms_command_words, &word))
    return FALSE;
  command->what = (DmsCommandKind)(word + 1);
  return dms_node_check_object (node, tables[word]) && read_moment (node, command)
         && read_rest (node, devices, command);
}

gboolean
dms_read_commands (const DmsNode *root, DmsScenario *scenario)
{
  g_autoptr (GHashTable) devices = dms_read_index_devices (scenario);
  DmsNode list;

  if (!dms_node_list (root, &dms_scenario_keys, "commands", &list))
    return FALSE;
  if (dms_node_entries (&list) == 0)
    return TRUE;
  scenario->commands = calloc (dms_node_entries (&list), sizeof *scenario->commands);
  if (scenario->commands == NULL)
    return dms_node_fail (&list, " needs more memory than this computer has free");
  scenario->n_commands = dms_node_entries (&list);
  for (gsize i = 0; i < scenario->n_commands; i++)
    {
      DmsNode entry = dms_node_entry (&list, i);

      if (!read_command (&entry, devices, &scenario->commands[i]))
        return FALSE;
    }
  return TRUE;
}
