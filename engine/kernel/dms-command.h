/* dms-command.h — what changes the machine in mid-run
 *
 * Commands come with the scenario, or from outside by dms_simulation_command(). Each
 * takes effect between two items of the machine's work and is an event. What they do is
 * our model; no documentation speaks of it.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-scenario.h"
#include "engine/core/dms-status.h"

struct DmsMachine;
struct DmsDevice;
struct DmsTransfer;

/* Kinds of memory that a command can make fail, with the numbers of the FAIL event. */
typedef enum
{
  DMS_ALLOCATION_LIST = 0, /* lists and grants */
  DMS_ALLOCATION_COMMON = 1,
  DMS_ALLOCATION_POOL = 2, /* ExAllocatePool… */
  DMS_ALLOCATION_ADAPTER = 3
} DmsAllocation;

#define DMS_ALLOCATIONS 4

/* Holder of a map register that a command has taken out of the pool. */
#define DMS_REGISTER_TAKEN (UINT64_MAX - 1)

/* A request that is cancelled as soon as it arrives. */
typedef struct
{
  size_t device;
  uint64_t nth;
} DmsCancelledEarly;

/* Invariant: n_owed and n_away together are no more than the pool's registers. */
typedef struct
{
  bool *is_done;                   /* of each row of the scenario's commands */
  uint64_t next_event, next_step;  /* of the first row that waits for one; UINT64_MAX */
  uint32_t n_owed;                 /* map registers that leave when they come back */
  uint32_t n_away;                 /* that have left */
  uint64_t skip[DMS_ALLOCATIONS];  /* allocations that still succeed */
  uint64_t fails[DMS_ALLOCATIONS]; /* that fail after them */
  DmsCancelledEarly *early;
  size_t n_early;
} DmsCommands;

/* Queues the commands that have a time. */
DmsStatus dms_commands_begin (struct DmsMachine *machine);
void dms_commands_release (struct DmsMachine *machine);
/* Between two items of work: those that wait for an event or a step that has happened.
 */
void dms_commands_serve (struct DmsMachine *machine);

/**
 * dms_command_run:
 *
 * Between two items of work.
 *
 * set-limit: the device's hardware is another from now on. Its adapters follow: the map
 * registers that they may have, and the address that the system takes for the highest.
 * What is mapped already stays as it is.
 * take-map-registers: free ones leave at once, from the last on; those that are held
 * leave when they come back, before anybody who waits gets them.
 * cancel: a request that waits for its driver is completed with STATUS_CANCELLED; the
 * driver that has it finds Irp->Cancel set, and its cancel routine is called when it
 * has set one; one that has not arrived is cancelled when it does. stop: requests that
 * wait for the driver, and those that come later, are completed with
 * STATUS_DELETE_PENDING; when the driver has no request left, it is told to stop.
 * fail-allocation: takes the place of an earlier one for the same kind.
 *
 * Emits:   LIMIT, POOL, REQUEST_CANCELLED, COMPLETE, STOP, FAIL.
 * Returns: DMS_ERROR_RANGE when the device, the request or the value cannot be, and
 * nothing is done; the machine's failure.
 */
DmsStatus dms_command_run (struct DmsMachine *machine,
                           const DmsScenarioCommand *command);

/* ---- for the rest of the kernel ---- */

/* Whether this allocation is one that a command makes fail; asked once for each. */
bool dms_command_allocation_fails (struct DmsMachine *machine, DmsAllocation which);
/* Map registers have come back to the pool: those that are owed leave it. */
void dms_command_collect (struct DmsMachine *machine);
/* A request is there and its driver does not know it yet. True when it was cancelled
 * early: then it is complete. */
bool dms_command_greet (struct DmsMachine *machine, struct DmsTransfer *transfer);
