/* dms-ahci.c — an AHCI controller with one port and one command slot
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-ahci.h"

#include "engine/devices/dms-device-parts.h"
#include "engine/devices/dms-prd-engine.h"
#include "engine/kernel/dms-bus.h"

typedef struct
{
  DmsPrdEngine engine; /* first */
  uint64_t header;     /* logical address */
  uint32_t status;
  uint32_t drive_bytes;
  bool is_fetching; /* the header */
  uint64_t generation;
  uint32_t n_fetched;
  uint8_t fetched[DMS_AHCI_HEADER_BYTES];
} Ahci;

static uint64_t
get_64 (const uint8_t *bytes)
{
  return dms_bytes_get_32 (bytes) | (uint64_t)dms_bytes_get_32 (bytes + 4) << 32;
}

static DmsPrd
decode (const uint8_t *bytes)
{
  return (DmsPrd){ .address = get_64 (bytes),
                   .length = (uint64_t)(dms_bytes_get_32 (bytes + 12) & 0x3fffff) + 1 };
}

static const DmsPrdFormat format = { .entry_bytes = 16, .decode = decode };

static void
finished (DmsMachine *machine, DmsDevice *device, bool is_error)
{
  Ahci *ahci = device->state;

  ahci->status |= DMS_AHCI_DONE | (is_error ? DMS_AHCI_ERROR : 0);
  dms_prd_engine_interrupt (machine, device, &ahci->engine, is_error);
}

/* ---- the header ---- */

static void
begin_table (DmsMachine *machine, DmsDevice *device)
{
  Ahci *ahci = device->state;
  uint32_t first = dms_bytes_get_32 (ahci->fetched);

  ahci->is_fetching = false;
  dms_prd_engine_start (
      machine,
      device,
      &ahci->engine,
      &(DmsPrdJob){ .table = (get_64 (ahci->fetched + 8) & ~UINT64_C (0x7f))
                             + DMS_AHCI_TABLE_OFFSET,
                    .n_entries = first >> 16,
                    .length = ahci->drive_bytes,
                    .writes_memory = (first & DMS_AHCI_READS_MEMORY) == 0 });
}

static void
fetch (DmsMachine *machine, void *subject, uint64_t generation)
{
  DmsDevice *device = subject;
  Ahci *ahci = device->state;

  if (!ahci->is_fetching || generation != ahci->generation)
    return;

  uint64_t at = ahci->header + ahci->n_fetched;
  DmsBurst next = {
    .logical = at,
    .length = dms_bus_room (
        machine, device, at, (uint64_t)DMS_AHCI_HEADER_BYTES - ahci->n_fetched),
    .transfer = dms_device_transfer (device, NULL),
    .cause = ahci->engine.cause,
    .bytes = ahci->fetched + ahci->n_fetched,
  };

  if (dms_bus_move (machine, device, &next, &ahci->engine.cause) == DMS_BUS_FAULT)
    {
      ahci->is_fetching = false;
      finished (machine, device, true);
      return;
    }
  ahci->n_fetched += next.length;
  if (ahci->n_fetched == DMS_AHCI_HEADER_BYTES)
    begin_table (machine, device);
  else
    dms_machine_push (machine, machine->now_ps, fetch, device, generation);
}

static void
issue (DmsMachine *machine, DmsDevice *device)
{
  Ahci *ahci = device->state;

  dms_prd_engine_stop (&ahci->engine);
  ahci->is_fetching = true;
  ahci->generation++;
  ahci->n_fetched = 0;
  ahci->engine.cause = machine->emitter.seq;

  uint64_t clock_ps = machine->now_ps;

  dms_device_push_burst (machine,
                         device,
                         &clock_ps,
                         ahci->header,
                         DMS_AHCI_HEADER_BYTES,
                         fetch,
                         ahci->generation);
}

/* ---- registers ---- */

static void
write_register (DmsMachine *machine,
                DmsDevice *device,
                uint64_t offset,
                uint64_t value,
                uint32_t size)
{
  Ahci *ahci = device->state;

  switch (offset)
    {
    case DMS_AHCI_HEADER:
    case DMS_AHCI_HEADER + 4:
      ahci->header
          = dms_register_merge (ahci->header, offset != DMS_AHCI_HEADER, value, size);
      return;
    case DMS_AHCI_STATUS:
      ahci->status &= ~(uint32_t)value;
      return;
    case DMS_AHCI_DRIVE_BYTES:
      ahci->drive_bytes = (uint32_t)value;
      return;
    case DMS_AHCI_ISSUE:
      if ((value & 1) != 0)
        issue (machine, device);
      return;
    default:
      return;
    }
}

static uint64_t
read_register (DmsMachine *machine, DmsDevice *device, uint64_t offset, uint32_t size)
{
  const Ahci *ahci = device->state;

  (void)machine;
  (void)size;
  switch (offset)
    {
    case DMS_AHCI_HEADER:
      return ahci->header;
    case DMS_AHCI_HEADER + 4:
      return ahci->header >> 32;
    case DMS_AHCI_STATUS:
      return ahci->status;
    case DMS_AHCI_ISSUE:
      return ahci->is_fetching || ahci->engine.is_running;
    case DMS_AHCI_DRIVE_BYTES:
      return ahci->drive_bytes;
    default:
      return dms_prd_engine_limit (device, offset);
    }
}

static bool
start (DmsMachine *machine, DmsDevice *device)
{
  (void)machine;
  return dms_prd_engine_make (
      device, sizeof (Ahci), DMS_AHCI_WINDOW, &format, finished);
}

const DmsDeviceModel dms_ahci_model = { .name = "ahci",
                                        .start = start,
                                        .release = dms_device_release,
                                        .write = write_register,
                                        .read = read_register };
