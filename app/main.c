/* main.c — a command, or the window
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-application.h"
#include "app/dms-cli.h"

int
main (int argc, char **argv)
{
  g_autofree char *position = NULL;
  DmsExit status = DMS_EXIT_DONE;

  g_set_prgname ("dmascope");
  if (dms_cli_main (&argc, &argv, &position, &status))
    return status;
  return dms_application_run (argc, argv, position);
}
