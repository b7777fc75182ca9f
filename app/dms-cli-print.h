/* dms-cli-print.h — a whole trace, printed event by event
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "app/dms-cli.h"

#include <jansson.h>

typedef enum
{
  DMS_PRINT_EVENTS, /* one line for each event */
  DMS_PRINT_STORY,  /* what opens a step, and below it why */
  DMS_PRINT_JSON    /* one object for each event */
} DmsPrintStyle;

/* Prints all events of @player. */
DmsExit dms_cli_print (DmsPlayer *player, DmsPrintStyle style);
/* Prints @object as one line, (transfer full). */
void dms_cli_put_json (json_t *object);
