/* dms-open-private.h — what the files that open things share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "app/dms-open.h"

/* Puts an error of a lower layer into our domain and keeps its sentence. */
void dms_open_adopt_error (GError **error, DmsOpenError code, GError *lower);
/* FALSE and an error when the user gave up. */
gboolean dms_open_check_cancelled (GCancellable *cancellable, GError **error);
/* What messages call the input: the file's name as the user gave it. */
const char *dms_open_request_name (const DmsOpenRequest *request);
/* Removes a trace and what SQLite keeps beside it while it is written. */
void dms_open_remove_trace (const char *path);
