/* dms-device-parts.c — what the models of devices share: life, events, bytes, registers
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-device-parts.h"

#include "engine/kernel/dms-bus.h"
#include "engine/kernel/dms-grant.h"
#include "engine/kernel/dms-io.h"

#include <stdlib.h>

bool
dms_device_start (DmsDevice *device, size_t state_bytes, uint64_t window_bytes)
{
  device->state = calloc (1, state_bytes);
  if (device->state == NULL)
    return false;
  device->window_bytes = window_bytes;
  device->window = calloc (1, (size_t)window_bytes);
  return device->window != NULL;
}

void
dms_device_release (DmsDevice *device)
{
  free (device->state);
  device->state = NULL;
}

DmsEvent
dms_device_event (const DmsMachine *machine,
                  const DmsDevice *device,
                  DmsDeviceWork work,
                  DmsEventKind kind)
{
  DmsEvent event = dms_machine_event (machine, kind);

  event.device = device->name;
  event.transfer = work.transfer;
  event.object = work.object;
  event.flags = work.to_device ? DMS_FLAG_TO_DEVICE : DMS_FLAG_FROM_DEVICE;
  return event;
}

void
dms_device_interrupt (DmsMachine *machine,
                      DmsDevice *device,
                      DmsEvent *event,
                      const DmsGrant *grant,
                      bool is_error)
{
  event->a = grant == NULL ? 0 : grant->waiting_bytes;
  event->flags |= event->a > 0 ? DMS_FLAG_BOUNCED : 0;
  event->flags |= is_error ? DMS_FLAG_FAILED : 0;
  dms_io_interrupt (machine, device, event);
}

uint64_t
dms_device_transfer (const DmsDevice *device, const DmsGrant *grant)
{
  if (grant != NULL)
    return grant->transfer;
  return device->current == NULL ? 0 : device->current->id;
}

void
dms_device_push_burst (DmsMachine *machine,
                       DmsDevice *device,
                       uint64_t *clock_ps,
                       uint64_t logical,
                       uint32_t length,
                       DmsWorkRun run,
                       uint64_t generation)
{
  *clock_ps
      = dms_time_later (*clock_ps, dms_bus_time (machine, device, logical, length));
  dms_machine_push (machine, *clock_ps, run, device, generation);
}
