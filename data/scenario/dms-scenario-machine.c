/* dms-scenario-machine.c — the machine of a scenario, its cost table and its devices
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-parts.h"

#include "data/scenario/dms-scenario-size.h"

#include "engine/core/dms-units.h"

#include <stdlib.h>

#define DEFAULT_MODEL "bus-master"
#define DEFAULT_DRIVER "packet-sg"
#define DEFAULT_ADDRESS_BITS 32
#define DEFAULT_MAXIMUM_LENGTH 65536
#define DEFAULT_BURST 1024

/* ---- machine ---- */

static gboolean
check_memory (const DmsNode *machine, guint64 memory)
{
  DmsNode node = dms_node_member (machine, "memory");

  if (memory % DMS_PAGE_SIZE != 0)
    return dms_node_fail_needed (&node, "a multiple of the page size, 4096 bytes,");
  return TRUE;
}

static gboolean
read_cost (const DmsNode *root, DmsCost *cost)
{
  const DmsKeys *keys = &dms_cost_keys;
  DmsNode node = dms_node_member (root, "cost");

  if (node.json == NULL)
    return TRUE;
  return dms_node_check_object (&node, keys)
         && dms_node_number (&node, keys, "call_ps", &cost->call_ps)
         && dms_node_number (&node, keys, "register_ps", &cost->register_ps)
         && dms_node_number (&node, keys, "copy_byte_ps", &cost->copy_byte_ps)
         && dms_node_number (&node, keys, "bus_byte_ps", &cost->bus_byte_ps)
         && dms_node_number (&node, keys, "burst_ps", &cost->burst_ps)
         && dms_node_number (&node, keys, "register_write_ps", &cost->register_write_ps)
         && dms_node_number (&node, keys, "interrupt_ps", &cost->interrupt_ps)
         && dms_node_number (&node, keys, "dpc_ps", &cost->dpc_ps)
         && dms_node_number (&node, keys, "iotlb_miss_ps", &cost->iotlb_miss_ps);
}

static gboolean
read_quirks (const DmsNode *machine, DmsScenario *scenario)
{
  DmsNode list;

  if (!dms_node_list (machine, &dms_machine_keys, "quirks", &list))
    return FALSE;
  /* Unless some are named, the profile has them all. */
  if (list.json == NULL && scenario->profile == DMS_PROFILE_REACTOS)
    scenario->quirks = DMS_QUIRK_R1 | DMS_QUIRK_R2 | DMS_QUIRK_R4 | DMS_QUIRK_R17;
  for (gsize i = 0; i < dms_node_entries (&list); i++)
    {
      DmsNode entry = dms_node_entry (&list, i);
      guint quirk = 0;

      if (!dms_node_word_of (&entry, dms_quirk_words, &quirk))
        return FALSE;
      scenario->quirks |= 1u << quirk;
    }
  if (scenario->quirks != 0 && scenario->profile != DMS_PROFILE_REACTOS)
    return dms_node_fail (
        &list,
        " has entries; quirks are those of the profile \"reactos\", so "
        "machine.profile must be that");
  return TRUE;
}

gboolean
dms_read_machine (const DmsNode *root, DmsScenario *scenario)
{
  const DmsKeys *keys = &dms_machine_keys;
  DmsNode node = dms_node_member (root, "machine");
  guint hal = 0;
  guint profile = 0;

  if (!read_cost (root, &scenario->cost))
    return FALSE;
  if (node.json == NULL)
    return TRUE;
  if (!dms_node_check_object (&node, keys)
      || !dms_node_number (&node, keys, "memory", &scenario->memory)
      || !check_memory (&node, scenario->memory)
      || !dms_node_number32 (&node, keys, "map_registers", &scenario->map_registers)
      || !dms_node_number (&node, keys, "seed", &scenario->seed)
      || !dms_node_word (&node, keys, "profile", &profile)
      || !dms_node_word (&node, keys, "hal", &hal)
      || !dms_node_bool (&node, "verifier", &scenario->verifier))
    return FALSE;
  scenario->hal_x86 = hal == 1;
  scenario->profile = (DmsProfile)profile;
  return read_quirks (&node, scenario);
}

/* ---- devices ---- */

static void
set_defaults (DmsScenarioDevice *device)
{
  device->model = g_strdup (DEFAULT_MODEL);
  device->driver = g_strdup (DEFAULT_DRIVER);
  device->scatter_gather = true;
  device->address_bits = DEFAULT_ADDRESS_BITS;
  device->maximum_length = DEFAULT_MAXIMUM_LENGTH;
  device->burst = DEFAULT_BURST;
}

/* Unless it is said, the hardware takes as long a list as its longest transfer can
 * need. */
static guint32
elements_for (guint64 maximum_length)
{
  guint64 pages = dms_span_pages (DMS_PAGE_SIZE - 1, maximum_length);

  return (guint32)MIN (pages, DMS_SCENARIO_ELEMENTS_MAX);
}

/* Left out and 0: there is no such limit. */
static gboolean
read_power (const DmsNode *object, const char *key, uint64_t *value)
{
  DmsNode node = dms_node_member (object, key);

  if (!dms_node_number (object, &dms_device_keys, key, value))
    return FALSE;
  if ((*value & (*value - 1)) != 0)
    return dms_node_fail_needed (&node, "a power of two, or 0 for no such limit,");
  return TRUE;
}

static gboolean
read_hardware (const DmsNode *node, DmsScenarioDevice *device)
{
  const DmsKeys *keys = &dms_device_keys;

  return dms_node_number (node, keys, "segment", &device->segment)
         && read_power (node, "boundary", &device->boundary)
         && read_power (node, "alignment", &device->alignment)
         && dms_node_number32 (node, keys, "channel", &device->channel)
         && dms_node_bool (node, "auto_initialize", &device->auto_initialize)
         && dms_node_number (node, keys, "ring", &device->ring)
         && dms_node_bool (node, "iommu", &device->iommu);
}

static gboolean
read_device (const DmsNode *node, DmsScenarioDevice *device)
{
  const DmsKeys *keys = &dms_device_keys;

  set_defaults (device);
  if (!dms_node_check_object (node, keys)
      || !dms_node_text (node, keys, "name", &device->name)
      || !dms_node_text (node, keys, "model", &device->model)
      || !dms_node_text (node, keys, "driver", &device->driver)
      || !dms_node_bool (node, "scatter_gather", &device->scatter_gather)
      || !dms_node_number32 (node, keys, "address_bits", &device->address_bits)
      || !dms_node_number (node, keys, "maximum_length", &device->maximum_length)
      || !dms_node_number32 (node, keys, "map_registers", &device->map_registers)
      || !dms_node_number (node, keys, "burst", &device->burst)
      || !read_hardware (node, device))
    return FALSE;
  device->max_elements = elements_for (device->maximum_length);
  return dms_node_number32 (node, keys, "max_elements", &device->max_elements);
}

static gboolean
check_name (const DmsNode *node, const DmsScenario *scenario, gsize index)
{
  const char *text = scenario->devices[index].name;
  DmsNode name = dms_node_member (node, "name");

  for (gsize i = 0; i < index; i++)
    if (g_str_equal (scenario->devices[i].name, text))
      return dms_node_fail (
          &name, " is \"%s\", like that of a device before; each needs its own", text);
  return TRUE;
}

gboolean
dms_read_devices (const DmsNode *root, DmsScenario *scenario)
{
  DmsNode list;
  bool iommu = false; /* before each device that says nothing about it */

  if (!dms_node_list (root, &dms_scenario_keys, "devices", &list)
      || !dms_node_bool (root, "iommu", &iommu))
    return FALSE;
  scenario->devices = calloc (dms_node_entries (&list), sizeof *scenario->devices);
  if (scenario->devices == NULL)
    return dms_node_fail (&list, " needs more memory than this computer has free");
  scenario->n_devices = dms_node_entries (&list);
  for (gsize i = 0; i < scenario->n_devices; i++)
    {
      DmsNode entry = dms_node_entry (&list, i);

      scenario->devices[i].iommu = iommu;
      if (!read_device (&entry, &scenario->devices[i])
          || !check_name (&entry, scenario, i))
        return FALSE;
    }
  return TRUE;
}
