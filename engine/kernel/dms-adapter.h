/* dms-adapter.h — adapter objects: what a driver gets from IoGetDmaAdapter
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

/* What a channel of the DMA controller does for an adapter; engine/kernel has one. */
typedef struct DmsControllerOps DmsControllerOps;

/* The bus of a DEVICE_DESCRIPTION, with the documented numbers of INTERFACE_TYPE. */
typedef enum
{
  DMS_BUS_UNDEFINED = -1,
  DMS_BUS_INTERNAL = 0,
  DMS_BUS_ISA = 1,
  DMS_BUS_EISA = 2,
  DMS_BUS_PCI = 5,
  DMS_BUS_PNP = 15
} DmsBusType;

/* What of a DEVICE_DESCRIPTION matters here. */
typedef struct
{
  uint32_t version; /* 0 and 1: first table of routines; 2; 3 */
  bool is_master;
  bool scatter_gather;
  bool demand_mode;
  bool auto_initialize;
  bool ignore_count;
  bool lines_32, lines_64; /* versions below 3 */
  int32_t bus;             /* DMS_BUS_…, or another number */
  uint32_t channel;        /* of the DMA controller; version 3: its request line */
  uint32_t width;          /* of a slave, DMA_WIDTH: 0 8 bits, 1 16 bits … */
  uint32_t speed;          /* of a slave, DMA_SPEED */
  uint32_t port;           /* has to be 0 */
  uint32_t address_width;  /* version 3, bus masters: address lines */
  uint64_t maximum_length; /* bytes */
} DmsDescription;

/* Lives as long as the machine: a driver may hold on to it after PutDmaAdapter, and
 * what was never put back refers to it. */
struct DmsAdapter
{
  uint64_t id;
  DmsDevice *device;
  uint32_t version;
  uint32_t allowed; /* map registers in one transfer */
  uint64_t highest; /* address that the device reaches, as its driver says; of a slave:
                       what the DMA controller reaches */
  uint64_t maximum_length; /* bytes, as its driver says */
  int32_t bus;             /* as its driver says */
  bool scatter_gather;     /* several pieces in one transfer */
  bool is_slave;           /* uses a channel of the system's DMA controller */
  bool width_16;           /* of a slave: 16-bit transfers, else 8-bit */
  bool demand_mode, auto_initialize, ignore_count; /* of a slave */
  uint32_t dma_channel;                            /* of a slave: 0 to 7, never 4 */
  const DmsControllerOps *controller;              /* of a slave */
  bool is_put;
  uint64_t channel;     /* id of the list that has the channel, 0 = free */
  uint64_t channel_seq; /* of the event that freed it */
  DmsList *waiting_first, *waiting_last; /* for the channel */
  uint32_t n_waiting;
};

/**
 * dms_adapter_new:
 *
 * The documented number of map registers is the pages of the longest transfer and one
 * more, or what the platform can give: here no more than the device's row of the
 * scenario allows and than the pool has.
 *
 * Models:  IoGetDmaAdapter.
 * Emits:   ADAPTER.
 * Owner:   the machine.
 * Returns: NULL for a description that is impossible or not modelled, or without
 * memory.
 */
DmsAdapter *dms_adapter_new (DmsMachine *machine,
                             DmsDevice *device,
                             const DmsDescription *description);
/* Models PutDmaAdapter; twice is harmless. */
void dms_adapter_put (DmsAdapter *adapter);
void dms_adapters_release (DmsMachine *machine);
