/* dms-prd.c — a PATA controller with bus-master DMA: physical region descriptors
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/devices/dms-prd.h"

#include "engine/devices/dms-device-parts.h"
#include "engine/devices/dms-prd-engine.h"

typedef struct
{
  DmsPrdEngine engine; /* first */
  uint32_t command;
  uint32_t status;
  uint32_t table;
  uint32_t drive_bytes;
  uint32_t drive_command; /* 0 = the drive has none */
} Ide;

static DmsPrd
decode (const uint8_t *bytes)
{
  uint32_t count = dms_bytes_get_32 (bytes + 4) & 0xffff;

  return (DmsPrd){ .address = dms_bytes_get_32 (bytes),
                   .length = count == 0 ? DMS_PRD_WINDOW : count,
                   .is_last = dms_bytes_get_32 (bytes + 4) >> 31 != 0 };
}

static const DmsPrdFormat format
    = { .entry_bytes = 8, .boundary = DMS_PRD_WINDOW, .decode = decode };

static void
finished (DmsMachine *machine, DmsDevice *device, bool is_error)
{
  Ide *ide = device->state;

  ide->drive_command = 0;
  ide->status &= ~(uint32_t)DMS_IDE_ACTIVE;
  ide->status |= DMS_IDE_INTERRUPT | (is_error ? DMS_IDE_ERROR : 0);
  dms_prd_engine_interrupt (machine, device, &ide->engine, is_error);
}

/* Both the drive and the bus master have to be set off; the drive's command says which
 * way the bytes go on the cable, the bus master's bit which way they go in memory. */
static void
start_when_ready (DmsMachine *machine, DmsDevice *device)
{
  Ide *ide = device->state;

  if (ide->drive_command == 0 || (ide->command & DMS_IDE_START) == 0
      || ide->engine.is_running)
    return;
  ide->status |= DMS_IDE_ACTIVE;
  dms_prd_engine_start (
      machine,
      device,
      &ide->engine,
      &(DmsPrdJob){ .table = ide->table & ~UINT32_C (3),
                    .n_entries = UINT32_MAX,
                    .length = ide->drive_bytes,
                    .writes_memory = (ide->command & DMS_IDE_WRITES_MEMORY) != 0 });
}

static void
write_command (DmsMachine *machine, DmsDevice *device, uint32_t value)
{
  Ide *ide = device->state;

  ide->command = value;
  if ((value & DMS_IDE_START) != 0)
    {
      start_when_ready (machine, device);
      return;
    }
  ide->status &= ~(uint32_t)DMS_IDE_ACTIVE;
  dms_prd_engine_stop (&ide->engine);
}

static void
write_register (DmsMachine *machine,
                DmsDevice *device,
                uint64_t offset,
                uint64_t value,
                uint32_t size)
{
  Ide *ide = device->state;

  (void)size;
  switch (offset)
    {
    case DMS_IDE_COMMAND:
      write_command (machine, device, (uint32_t)value);
      return;
    case DMS_IDE_STATUS:
      ide->status &= ~(uint32_t)(value & (DMS_IDE_ERROR | DMS_IDE_INTERRUPT));
      return;
    case DMS_IDE_TABLE:
      ide->table = (uint32_t)value;
      return;
    case DMS_IDE_DRIVE_BYTES:
      ide->drive_bytes = (uint32_t)value;
      return;
    case DMS_IDE_DRIVE_COMMAND:
      if (value == DMS_IDE_READ_DMA || value == DMS_IDE_WRITE_DMA)
        ide->drive_command = (uint32_t)value;
      start_when_ready (machine, device);
      return;
    default:
      return;
    }
}

static uint64_t
read_register (DmsMachine *machine, DmsDevice *device, uint64_t offset, uint32_t size)
{
  const Ide *ide = device->state;

  (void)machine;
  (void)size;
  switch (offset)
    {
    case DMS_IDE_COMMAND:
      return ide->command;
    case DMS_IDE_STATUS:
      return ide->status;
    case DMS_IDE_TABLE:
      return ide->table;
    case DMS_IDE_DRIVE_BYTES:
      return ide->drive_bytes;
    default:
      return dms_prd_engine_limit (device, offset);
    }
}

static bool
start (DmsMachine *machine, DmsDevice *device)
{
  (void)machine;
  return dms_prd_engine_make (device, sizeof (Ide), DMS_IDE_WINDOW, &format, finished);
}

const DmsDeviceModel dms_ide_model = { .name = "ide",
                                       .start = start,
                                       .release = dms_device_release,
                                       .write = write_register,
                                       .read = read_register };
