/* dms-failing-vfs.h — an SQLite file system whose disk is full from some write on
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <glib.h>

/* Puts itself before the default one. Syncing does nothing, so that tests are quick. */
void dms_failing_vfs_start (void);
/* The default one is the default again. */
void dms_failing_vfs_stop (void);
/* After @n_writes further writes each one fails with @code; negative: none fails. */
void dms_failing_vfs_set (int n_writes, int code);
/* Whether a write has failed since it was set. */
gboolean dms_failing_vfs_has_failed (void);
