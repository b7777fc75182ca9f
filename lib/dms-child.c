/* dms-child.c — the process in which somebody's own driver runs
 *
 * SPDX-License-Identifier: MIT
 */
#include "lib/dms-child.h"

#include "lib/dms-wire.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Handlers of signals have no other way to know the pipe. */
static int pipe_fd = -1;

/* For handlers, when the driver has used up its stack. */
static guint8 other_stack[64 * 1024];

/* Tells what the parent cannot see, and lets the signal do what it always does. */
static void
fault_cb (int number, siginfo_t *info, void *context G_GNUC_UNUSED)
{
  DmsWireFault fault = { .signal = number };

  if (number == SIGSEGV || number == SIGBUS)
    {
      /* For an address that no page can have, processors do not say which it was. */
      fault.has_address = info->si_code > 0 && info->si_code != SI_KERNEL;
      fault.address = fault.has_address ? (guint64)(guintptr)info->si_addr : 0;
    }
  (void)dms_wire_write (pipe_fd, DMS_WIRE_FAULT, &fault, sizeof fault);
  (void)raise (number);
}

static void
catch_faults (void)
{
  static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
  struct sigaction action = { .sa_sigaction = fault_cb,
                              .sa_flags = SA_SIGINFO | SA_ONSTACK | (int)SA_RESETHAND };
  stack_t stack = { .ss_sp = other_stack, .ss_size = sizeof other_stack };

  if (sigaltstack (&stack, NULL) != 0)
    action.sa_flags &= ~SA_ONSTACK;
  sigemptyset (&action.sa_mask);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    (void)sigaction (signals[i], &action, NULL);
}

void
dms_child_run (const DmsScenario *scenario, const DmsOwnDriver *own, int fd)
{
  DmsSink sink = dms_wire_sink (&pipe_fd);
  DmsStatus status = DMS_OK;
  DmsSimulation *simulation;

  pipe_fd = fd;
  /* A driver that hangs shall not outlive its recorder. */
  (void)prctl (PR_SET_PDEATHSIG, SIGKILL);
  (void)signal (SIGPIPE, SIG_IGN);
  catch_faults ();
  simulation = dms_simulation_new_own (scenario, &sink, own, &status, NULL);
  if (simulation)
    status = dms_simulation_run (simulation, G_MAXUINT64);
  dms_simulation_free (simulation);
  (void)fflush (NULL);
  _exit (dms_wire_write (fd, DMS_WIRE_END, &status, sizeof status) ? 0 : 1);
}
