/* dms-adapter.h — adapter objects: what a driver gets from IoGetDmaAdapter
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

/* What of a DEVICE_DESCRIPTION matters here. */
typedef struct
{
  uint32_t version; /* 0 and 1: first table of routines; 2; 3 */
  bool is_master;
  bool scatter_gather;
  bool lines_32, lines_64; /* versions below 3 */
  uint32_t address_width;  /* version 3: address lines */
  uint64_t maximum_length; /* bytes */
} DmsDescription;

/* Lives as long as the machine: a driver may hold on to it after PutDmaAdapter, and
 * lists that were never put back refer to it. */
struct DmsAdapter
{
  uint64_t id;
  DmsDevice *device;
  uint32_t version;
  uint32_t allowed; /* map registers in one transfer */
  uint64_t highest; /* address that the device reaches, as its driver says */
  bool is_put;
  const DmsControllerOps *controller; /* of a slave; NULL for a bus master */
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
