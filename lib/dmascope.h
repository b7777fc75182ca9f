/* dmascope.h — your own driver under Dmascope
 *
 * A driver is written against wdm.h as for Windows. One more file makes a program of
 * it:
 *
 *   #include <dmascope.h>
 *   DMASCOPE_DRIVER (DriverEntry)
 *
 * docs/own-driver.md is the tutorial.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

#ifdef __cplusplus
extern "C"
{
#endif

  /**
   * dmascope_main:
   * @argc, @argv: of main(): options and a scenario, --help lists them
   * @entry: the driver's first routine
   * @entry_name: its name, for the trace
   * @source_path: of a file of the driver (__FILE__); the driver's sources are looked
   * for beside it, and travel in the trace; may be NULL
   *
   * Plays the scenario and records it. Devices whose driver is "own" get this driver.
   * It runs in a child process, and the trace is written by the parent: when the driver
   * crashes, hangs or ends the process, the trace has everything up to there, and a
   * CRASH event at its end. To be called before any thread is made.
   *
   * Returns: the exit status: 0 done, 1 the driver crashed or hung, 2 wrong usage or an
   * unreadable scenario, 3 the trace cannot be written
   */
  __attribute__ ((visibility ("default"))) int dmascope_main (int argc,
                                                              char **argv,
                                                              PDRIVER_INITIALIZE entry,
                                                              const char *entry_name,
                                                              const char *source_path);

/* main() of a program whose driver begins with @entry. */
#define DMASCOPE_DRIVER(entry)                                                         \
  DRIVER_INITIALIZE entry;                                                             \
  int main (int argc, char **argv)                                                     \
  {                                                                                    \
    return dmascope_main (argc, argv, entry, #entry, __FILE__);                        \
  }

#ifdef __cplusplus
}
#endif
