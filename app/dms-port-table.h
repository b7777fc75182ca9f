/* dms-port-table.h — how drivers learn the addresses of their buffers, device by device
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-bytes.h"
#include "engine/core/dms-names.h"
#include "engine/core/dms-port-summary.h"

#include <jansson.h>

/* A table with a column for each device; nothing when no driver has learnt any. */
void dms_port_table_append (DmsBytes *bytes,
                            const DmsPortSummary *summary,
                            const DmsNames *names);
/* Puts the member "addresses" into @object. */
void dms_port_table_put_json (json_t *object,
                              const DmsPortSummary *summary,
                              const DmsNames *names);
