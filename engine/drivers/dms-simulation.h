/* dms-simulation.h — a scenario, the simulated kernel and its sample drivers, put
 * together
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-bytes.h"
#include "engine/core/dms-scenario.h"
#include "engine/core/dms-sink.h"

typedef struct DmsSimulation DmsSimulation;

/**
 * dms_simulation_new:
 * @scenario: copied
 * @sink: copied; takes every event and name from now on
 * @ret_status: (nullable): why it failed
 * @ret_problem: (nullable): on failure one sentence is appended, with the JSON path of
 * what the kernel or a driver cannot do: devices[0].driver is "foo"; it may be
 * packet-sg
 *
 * Returns: NULL on failure
 */
DmsSimulation *dms_simulation_new (const DmsScenario *scenario,
                                   const DmsSink *sink,
                                   DmsStatus *ret_status,
                                   DmsBytes *ret_problem);
void dms_simulation_free (DmsSimulation *simulation);

/* Somebody's own driver. */
typedef struct
{
  void (*entry) (void); /* its DriverEntry, a PDRIVER_INITIALIZE of wdm.h */
  const char *name;     /* of that routine; outlives the simulation */
} DmsOwnDriver;

/* The same with @own for the devices whose driver is "own". */
DmsSimulation *dms_simulation_new_own (const DmsScenario *scenario,
                                       const DmsSink *sink,
                                       const DmsOwnDriver *own,
                                       DmsStatus *ret_status,
                                       DmsBytes *ret_problem);

/**
 * dms_simulation_run:
 * @max_events: returns after the work item in which so many events were passed in all
 *
 * Returns: DMS_OK when there is more to do, DMS_ERROR_END when nothing is left, else
 * what failed. The same scenario gives the same events, bit for bit.
 */
DmsStatus dms_simulation_run (DmsSimulation *simulation, uint64_t max_events);

/**
 * dms_simulation_command:
 *
 * Changes the machine between two items of its work: between two runs. The same commands
 * after the same events give the same events again.
 *
 * Returns: DMS_ERROR_RANGE when what the command is about is not there (any more) or its
 * value cannot be: then nothing was done. What failed in the run.
 */
DmsStatus dms_simulation_command (DmsSimulation *simulation,
                                  const DmsScenarioCommand *command);

/* Names of the sample drivers ("packet-sg"), and the file that holds each one's source,
 * NULL for other names. */
const char *const *dms_driver_names (size_t *ret_n);
const char *dms_driver_file (const char *name);
/* All files of sample drivers: those that are wrong on purpose have files of their own.
 */
const char *const *dms_driver_files (size_t *ret_n);
