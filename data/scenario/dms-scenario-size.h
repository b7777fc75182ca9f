/* dms-scenario-size.h — "64 KiB", "0xA311" and back
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <glib.h>

/* Reads a decimal or 0x… number; nothing may stand around it. FALSE when it is none, or
 * needs more than 64 bits. */
gboolean dms_number_parse (const char *text, guint64 *ret_number);
/* The same with an optional unit B, KiB, MiB, GiB, TiB, PiB or EiB behind it. */
gboolean dms_size_parse (const char *text, guint64 *ret_bytes);
/* "1 byte", "4 GiB", "4294967295 bytes"; to be freed. */
char *dms_size_format (guint64 bytes);
