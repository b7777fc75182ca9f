/* dms-player-tables.h — the virtual tables `event` and `segment`
 *
 *   event:   seq, step, t_ns, kind, device, task, pid, cpu, context, transfer, object,
 * idx, a, b, c, length, flags, status, cause, file, line segment: seq, side ('memory',
 * 'device' or 'frame'), idx, address, length
 *
 * Nothing of them is stored; the program registers them when it opens a trace. Numbers
 * of 64 bits are the same bits with a sign; what is none or not known is NULL.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player-private.h"

int dms_player_tables_register (DmsPlayer *player);
