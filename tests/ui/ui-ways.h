/* ui-ways.h — small runs, one for each way of doing DMA, for tests of the picture
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "tests/engine/core-log.h"

typedef enum
{
  UI_WAY_GRANT, /* AllocateAdapterChannel, two rounds of MapTransfer, from the device */
  UI_WAY_GRANT_WRITE, /* the same to the device */
  UI_WAY_IOMMU,       /* a list whose map registers translate, and a fault */
  UI_WAY_STRAY,       /* a device that goes astray, in memory and beyond it */
  UI_WAY_SLAVE,       /* the system's DMA controller */
  UI_WAY_RING,        /* a common buffer */
  UI_WAY_QUEUE,       /* requests that wait; registers taken away; cancelled; stopped */
  UI_WAY_CRASH        /* the driver's program ends in mid-run */
} UiWay;

enum
{
  UI_WAYS = UI_WAY_CRASH + 1
};

const char *ui_way_name (UiWay way);
/* Emits the whole run into @log, which is new and of a simulation. */
void ui_emit_way (CoreLog *log, UiWay way);
