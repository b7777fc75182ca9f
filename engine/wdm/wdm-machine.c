/* wdm-machine.c — which machine runs here, and where its driver is
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/wdm/dms-wdm.h"

#include <stdlib.h>
#include <string.h>

/* Drivers call routines by their names, without a machine: the one place of the engine
 * that remembers something outside of its structures. */
typedef struct
{
  DmsMachine *machine;
  const char *routine; /* NULL: no mark */
  const char *file;
  const char *argument; /* of the mark, then of the call begun last */
  const char *begun_argument;
  unsigned line;
} Current;

static _Thread_local Current current;

void
dms_mark (const char *routine, const char *file, unsigned line, const char *argument)
{
  current.routine = routine;
  current.file = file;
  current.line = line;
  current.argument = argument;
}

SAMPLE_MARK
SampleMark (VOID)
{
  return (SAMPLE_MARK){
    current.routine, current.file, current.argument, current.line
  };
}

VOID
SampleMarkAgain (SAMPLE_MARK mark)
{
  current.routine = mark.Routine;
  current.file = mark.File;
  current.argument = mark.Argument;
  current.line = mark.Line;
}

DmsMachine *
wdm_current (void)
{
  return current.machine;
}

DmsMachine *
wdm_set_current (DmsMachine *machine)
{
  DmsMachine *before = current.machine;

  current.machine = machine;
  current.routine = NULL;
  return before;
}

WdmMachine *
wdm_of (const DmsMachine *machine)
{
  return machine->driver_side;
}

static const char *
base_name (const char *file)
{
  const char *slash = strrchr (file, '/');

  return slash == NULL ? file : slash + 1;
}

/* A mark counts for the routine that it was made for, once. */
static DmsPlace
take_mark (DmsMachine *machine, const char *routine)
{
  DmsPlace place = { 0, 0 };

  current.begun_argument = NULL;
  if (current.routine == NULL || strcmp (current.routine, routine) != 0)
    return place;
  current.routine = NULL;
  current.begun_argument = current.argument;
  place.file = dms_emitter_name (
      &machine->emitter, DMS_NAME_FILE, 0, base_name (current.file));
  place.line = current.line;
  return place;
}

DmsMachine *
wdm_begin (const char *routine, DmsPlace *ret_before)
{
  DmsMachine *machine = current.machine;

  if (machine == NULL)
    return NULL;
  *ret_before = machine->place;
  machine->place = take_mark (machine, routine);
  return machine;
}

void
wdm_end (DmsMachine *machine, DmsPlace before)
{
  machine->place = before;
}

const char *
wdm_argument (const char *otherwise)
{
  return current.begun_argument == NULL ? otherwise : current.begun_argument;
}

/* ---- handles ---- */

WdmAdapter *
wdm_find_adapter (const DmsMachine *machine, const void *pointer)
{
  return dms_table_get (&wdm_of (machine)->adapters, wdm_key (pointer));
}

WdmAdapter *
wdm_need_adapter (DmsMachine *machine, const void *pointer)
{
  WdmAdapter *adapter = wdm_find_adapter (machine, pointer);

  if (pointer == NULL)
    dms_machine_fact (machine, DMS_FACT_NULL_ADAPTER, (DmsFactNote){ .a = 0 });
  else if (adapter == NULL)
    dms_machine_fact (
        machine, DMS_FACT_UNKNOWN_ADAPTER, (DmsFactNote){ .a = wdm_shown (pointer) });
  else if (adapter->kernel->is_put)
    dms_machine_fact (machine,
                      DMS_FACT_DEAD_ADAPTER,
                      (DmsFactNote){ .device = adapter->kernel->device,
                                     .object = adapter->kernel->id });
  return adapter;
}

/* ---- life ---- */

DmsStatus
dms_wdm_init (DmsMachine *machine)
{
  WdmMachine *wdm = calloc (1, sizeof *wdm);

  if (wdm == NULL)
    return DMS_ERROR_NO_MEMORY;
  dms_table_init (&wdm->ports);
  dms_table_init (&wdm->blocks);
  dms_table_init (&wdm->devices);
  dms_table_init (&wdm->irps);
  dms_table_init (&wdm->adapters);
  dms_table_init (&wdm->mdls);
  dms_table_init (&wdm->by_kernel);
  dms_table_init (&wdm->list_mdls);
  dms_table_init (&wdm->pool);
  dms_table_init (&wdm->pool_pages);
  dms_table_init (&wdm->deleted);
  dms_table_init (&wdm->interrupts);
  dms_table_init (&wdm->dpcs);
  dms_table_init (&wdm->locks);
  dms_table_init (&wdm->work_items);
  machine->driver_side = wdm;
  return DMS_OK;
}

static void
free_devices (DmsTable *devices)
{
  size_t at = 0;
  WdmDevice *device = NULL;

  while ((device = dms_table_next (devices, &at, NULL)) != NULL)
    {
      free (device->extension);
      free (device->resources);
      free (device);
    }
  dms_table_release (devices);
}

static void
free_mdls (WdmMachine *wdm)
{
  size_t at = 0;
  WdmMdl *mdl = NULL;

  while ((mdl = dms_table_next (&wdm->mdls, &at, NULL)) != NULL)
    {
      free (mdl->mdl);
      free (mdl);
    }
  dms_table_release (&wdm->mdls);
  dms_table_release (&wdm->by_kernel);
}

static void
free_values (DmsTable *table)
{
  size_t at = 0;
  void *value = NULL;

  while ((value = dms_table_next (table, &at, NULL)) != NULL)
    free (value);
  dms_table_release (table);
}

void
dms_wdm_release (DmsMachine *machine)
{
  WdmMachine *wdm = wdm_of (machine);

  if (wdm == NULL)
    return;
  wdm_ports_release (wdm);
  wdm_irps_release (wdm);
  wdm_list_mdls_release (wdm);
  free_mdls (wdm);
  wdm_own_release (wdm);
  wdm_interrupts_release (wdm);
  wdm_dpcs_release (wdm);
  wdm_waits_release (wdm);
  wdm_pool_release (wdm);
  free_devices (&wdm->devices);
  free_devices (&wdm->deleted);
  free_values (&wdm->adapters);
  free (wdm->chain);
  free (wdm);
  machine->driver_side = NULL;
}

void
dms_wdm_end (DmsMachine *machine)
{
  wdm_pool_report (machine);
}

DmsStatus
dms_wdm_add (DmsMachine *machine, DmsDevice *device, const SAMPLE_DRIVER *driver)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmDevice *made = calloc (1, sizeof *made);

  if (made == NULL)
    return DMS_ERROR_NO_MEMORY;
  made->extension = calloc (1, driver->ExtensionSize + 1);
  if (made->extension == NULL
      || !dms_table_put (&wdm->devices, wdm_key (&made->object), made))
    {
      free (made->extension);
      free (made);
      return DMS_ERROR_NO_MEMORY;
    }
  made->device = device;
  made->driver = driver;
  made->object.Flags = DO_DIRECT_IO;
  made->object.StackSize = 1;
  made->object.DeviceExtension = made->extension;
  device->driver_side = made;
  device->ops = &wdm_driver_ops;
  return DMS_OK;
}
