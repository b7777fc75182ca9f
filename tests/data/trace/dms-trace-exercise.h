/* dms-trace-exercise.h — everything that a player can be asked, of a file by anybody
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"

/**
 * dms_trace_exercise:
 * @path: a file that may be damaged in any way
 *
 * Opens it, moves about, reads lanes, bars, mappings and rows. Each call may refuse,
 * with one sentence that names the file; anything else ends the program.
 *
 * Returns: TRUE when it could be opened.
 */
gboolean dms_trace_exercise (const char *path);
