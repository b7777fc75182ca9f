/* driver-bench.h — a machine whose devices have a driver of the test's own
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/devices/dms-8237.h"
#include "engine/devices/dms-bus-master.h"
#include "engine/kernel/dms-io.h"
#include "engine/wdm/dms-wdm.h"
#include "tests/engine/simulation-fixture.h"

typedef struct
{
  DmsScenario scenario;
  FixtureRun run;
  DmsMachine machine;
} Bench;

/* Runs @driver on every device of the scenario, which are of kind @model, to the end.
 */
static inline void
bench_run_model (Bench *bench, const SAMPLE_DRIVER *driver, const DmsDeviceModel *model)
{
  DmsMachine *machine = &bench->machine;
  DmsStatus status = DMS_OK;
  DmsSink sink = { NULL, NULL, NULL };

  fixture_run_init (&bench->run);
  sink = fixture_sink (&bench->run);
  g_assert_cmpint (dms_machine_init (machine, &bench->scenario, &sink), ==, DMS_OK);
  g_assert_cmpint (dms_wdm_init (machine), ==, DMS_OK);
  g_assert_cmpint (dms_8237_attach (machine), ==, DMS_OK);
  for (size_t i = 0; i < machine->n_devices; i++)
    {
      machine->devices[i].model = model;
      g_assert_true (model->start (machine, &machine->devices[i]));
      g_assert_cmpint (dms_wdm_add (machine, &machine->devices[i], driver), ==, DMS_OK);
    }
  dms_io_begin (machine);
  do
    {
      status = dms_machine_step (machine);
      if (status == DMS_ERROR_END && dms_io_end (machine))
        status = DMS_OK;
    }
  while (status == DMS_OK);
  g_assert_cmpint (status, ==, DMS_ERROR_END);
  g_assert_cmpuint (machine->n_calls, ==, 0);
}

static inline void
bench_run (Bench *bench, const SAMPLE_DRIVER *driver)
{
  bench_run_model (bench, driver, &dms_bus_master_model);
}

static inline void
bench_release (Bench *bench)
{
  dms_wdm_release (&bench->machine);
  dms_machine_release (&bench->machine);
  fixture_run_release (&bench->run);
  dms_scenario_release (&bench->scenario);
}

/* Fact number @nth (from 0) that is @fact, or NULL. */
static inline const DmsEvent *
bench_fact (const Bench *bench, DmsFact fact, guint nth)
{
  const DmsEvent *event = NULL;

  for (guint i = 0; (event = fixture_find (&bench->run, DMS_EVENT_FACT, i)) != NULL;
       i++)
    if (event->index == fact && nth-- == 0)
      return event;
  return NULL;
}

static inline guint
bench_count_facts (const Bench *bench)
{
  return fixture_count (&bench->run, DMS_EVENT_FACT);
}

/* For drivers that leave the device alone. */
static inline BOOLEAN
bench_isr (PKINTERRUPT interrupt, PVOID context)
{
  UNREFERENCED_PARAMETER (interrupt);
  UNREFERENCED_PARAMETER (context);
  return TRUE;
}

static inline VOID
bench_dpc (PKDPC dpc, PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
  UNREFERENCED_PARAMETER (dpc);
  UNREFERENCED_PARAMETER (device);
  UNREFERENCED_PARAMETER (irp);
  UNREFERENCED_PARAMETER (context);
}

static inline VOID
bench_stop (PDEVICE_OBJECT device)
{
  UNREFERENCED_PARAMETER (device);
}

static inline VOID
bench_start_io (PDEVICE_OBJECT device, PIRP irp)
{
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = 0;
  IoCompleteRequest (irp, IO_NO_INCREMENT);
  IoStartNextPacket (device, FALSE);
}

/* A driver that does nothing but what the test does in @start and @start_io. */
#define BENCH_DRIVER(extension, start, start_io)                                       \
  {                                                                                    \
    sizeof (extension), (start), (start_io), bench_isr, bench_dpc, bench_stop          \
  }
