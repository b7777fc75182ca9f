/* dms-bus.h — the one way for a device to memory
 *
 * A device puts logical addresses on its bus. Here they are translated, bytes really
 * move, and what happened is told: BURST where something is mapped for the device,
 * STRAY where it only reaches memory, FAULT where an IOMMU stops it.
 *
 * A device's bytes are a stream that follows from the seed and the transfer. It goes on
 * over all operations of one transfer, so that a request done in several pieces has the
 * same bytes as one done at once.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

typedef struct
{
  uint64_t logical;   /* first address; lines that the device does not have are lost */
  uint32_t length;    /* bytes, at most what dms_bus_room() gives */
  bool writes_memory; /* else the device reads it */
  uint64_t transfer;  /* id, 0 = not known; where a list is mapped, the list's counts */
  uint64_t list;      /* id, 0 = none */
  uint32_t descriptor; /* of the device, that it works on */
  uint64_t cause;      /* seq */
  uint8_t *bytes;      /* that are written, or room for what is read; NULL = the
                          device's stream */
} DmsBurst;

typedef enum
{
  DMS_BUS_DONE = 0,
  DMS_BUS_STRAY = 1, /* moved, but nothing is mapped there for the device */
  DMS_BUS_FAULT = 2, /* stopped by the IOMMU: nothing moved */
  DMS_BUS_NOBODY = 3 /* no memory answers: nothing moved */
} DmsBusResult;

/* Where @address goes on the bus of @device, which lacks the upper lines. */
static inline uint64_t
dms_bus_address (const DmsDevice *device, uint64_t address)
{
  return address & device->highest;
}

/* Bytes that one burst from @logical on may move, at most @want: not beyond the page,
 * the device's burst and the end of what is mapped. At least 1 when @want is. */
uint32_t dms_bus_room (const DmsMachine *machine,
                       const DmsDevice *device,
                       uint64_t logical,
                       uint64_t want);

/* Model time that such a burst takes, in picoseconds: winning the bus, its bytes, and
 * the look-up when the IOMMU does not remember the page. Remembers it from now on. */
uint64_t dms_bus_time (DmsMachine *machine,
                       DmsDevice *device,
                       uint64_t logical,
                       uint32_t length);

/* The device begins an operation of @transfer (0 = not known). Another transfer than
 * before, or one that is not known, begins its stream anew. */
void dms_bus_begin (DmsDevice *device, uint64_t transfer);

/**
 * dms_bus_move:
 * @ret_seq: of the event
 *
 * Emits: BURST, STRAY (FAILED when no memory answers) or FAULT.
 */
DmsBusResult dms_bus_move (DmsMachine *machine,
                           DmsDevice *device,
                           const DmsBurst *burst,
                           uint64_t *ret_seq);

/**
 * dms_bus_check_element:
 * @element: its number for the device
 *
 * Notes what a device can see of an element that it is given and cannot do: too long,
 * across a boundary, not aligned, out of reach; and an address that was never mapped
 * for it but is where its driver's buffer lies. The device does what it does all the
 * same.
 *
 * Emits: FACT.
 */
void dms_bus_check_element (DmsMachine *machine,
                            DmsDevice *device,
                            uint32_t element,
                            uint64_t logical,
                            uint64_t length);

/* What the device has read from memory by its stream since that began; kept only when
 * machine->keeps_received. */
const uint8_t *dms_device_received (const DmsDevice *device, size_t *ret_length);
void dms_device_forget_received (DmsDevice *device);
