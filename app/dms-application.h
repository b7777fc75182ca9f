/* dms-application.h — the program with windows
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <adwaita.h>

#define DMS_APPLICATION_ID "io.github.dmascope.Dmascope"

#define DMS_TYPE_APPLICATION (dms_application_get_type ())
G_DECLARE_FINAL_TYPE (DmsApplication, dms_application, DMS, APPLICATION, AdwApplication)

DmsApplication *dms_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * dms_application_run:
 * @argc, @argv: the program's name, then files; a window opens for each, or one with
 * the first lesson
 * @position: (nullable): where to begin in each, as `--at` has it
 *
 * Returns: the exit status
 */
int dms_application_run (int argc, char **argv, const char *position);
