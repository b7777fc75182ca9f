/* driver-bench.h — a machine whose devices have a driver of the test's own
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/devices/dms-8237.h"
#include "engine/devices/dms-bus-master.h"
#include "tests/engine/bench.h"

/* Runs @driver on every device of the scenario, which are of kind @model, to the end.
 */
static inline void
bench_run_model (Bench *bench, const SAMPLE_DRIVER *driver, const DmsDeviceModel *model)
{
  DmsMachine *machine = &bench->machine;

  bench_begin (bench, model);
  g_assert_cmpint (dms_8237_attach (machine), ==, DMS_OK);
  for (size_t i = 0; i < machine->n_devices; i++)
    g_assert_cmpint (dms_wdm_add (machine, &machine->devices[i], driver), ==, DMS_OK);
  bench_finish (bench);
}

static inline void
bench_run (Bench *bench, const SAMPLE_DRIVER *driver)
{
  bench_run_model (bench, driver, &dms_bus_master_model);
}

/* Fact number @nth (from 0) that is @fact, or NULL. */
static inline const DmsEvent *
bench_fact (const Bench *bench, DmsFact fact, guint nth)
{
  return fixture_find_indexed (&bench->run, DMS_EVENT_FACT, fact, nth);
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
