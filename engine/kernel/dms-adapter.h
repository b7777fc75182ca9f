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

/* Places of the members of a DEVICE_DESCRIPTION that can be impossible; engine/wdm
 * holds its structure against them. */
enum
{
  DMS_DESCRIPTION_DMA_CHANNEL = 16,
  DMS_DESCRIPTION_DMA_WIDTH = 24,
  DMS_DESCRIPTION_MAXIMUM_LENGTH = 32,
  DMS_DESCRIPTION_DMA_ADDRESS_WIDTH = 40,
  DMS_DESCRIPTION_DMA_REQUEST_LINE = 48
};

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
  uint32_t most;    /* the same, if the device's row had no limit of its own */
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
  DmsGrantQueue waiting; /* for the channel */
  uint32_t n_registers;  /* map registers that its grants hold */
};

/**
 * dms_adapter_new:
 *
 * The documented number of map registers is the pages of the longest transfer and one
 * more, or what the platform can give: here no more than the device's row of the
 * scenario allows, than the pool has and, for a slave, than its controller reaches in
 * one go. A slave's ScatterGather is ignored (ns-wdm-_device_description), but not by
 * ReactOS. Any number of adapters can be made for one device.
 *
 * Models:  IoGetDmaAdapter, from inside its call (nf-wdm-iogetdmaadapter).
 * Emits:   ADAPTER; facts UNKNOWN_VERSION, IMPOSSIBLE_DESCRIPTION.
 * Owner:   the machine.
 * Returns: NULL for a description that is impossible, or without memory.
 */
DmsAdapter *dms_adapter_new (DmsMachine *machine,
                             DmsDevice *device,
                             const DmsDescription *description);
/* Models PutDmaAdapter; twice is harmless. */
void dms_adapter_put (DmsAdapter *adapter);

/* Alignment in bytes that buffers of the adapter need: 2 for 16-bit channels, which
 * move words, else 1 (our model, and what PCs have). Models GetDmaAlignment
 * (nc-wdm-pget_dma_alignment). */
uint32_t dms_adapter_alignment (const DmsMachine *machine, const DmsAdapter *adapter);
/* Address lines that count for the adapter. */
uint32_t dms_adapter_lines (const DmsAdapter *adapter);

/* ---- what a transfer would need ---- */

typedef struct
{
  DmsMdl *const *mdls; /* the chain; with n_mdls 0: any buffer at that address */
  size_t n_mdls;
  uint64_t address; /* CurrentVa */
  uint64_t length;
} DmsSizeRequest;

/* The status of a range that the chain does not hold, or success. Emits: facts
 * BEFORE_MDL, BEHIND_MDL, TOO_LONG. */
uint32_t dms_adapter_check_range (DmsMachine *machine,
                                  const DmsAdapter *adapter,
                                  const DmsSizeRequest *request);

/**
 * dms_adapter_list_size:
 * @ret_bytes: of a list in the worst case, as BuildScatterGatherList wants them
 * @ret_registers: map registers
 *
 * One map register for each page of each MDL that is touched, and an element for each.
 * Without MDLs the worst case: what the offset of the address and the length span.
 *
 * Models:  CalculateScatterGatherList (nc-wdm-pcalculate_scatter_gather_list_size).
 * Emits:   facts ZERO_LENGTH, BEFORE_MDL, BEHIND_MDL, TOO_LONG.
 * Returns: DMS_NT_SUCCESS; DMS_NT_INVALID_PARAMETER (nothing to map, an address before
 * the chain), DMS_NT_BUFFER_TOO_SMALL (the chain is shorter, by bytes),
 * DMS_NT_INSUFFICIENT_RESOURCES (more registers than the adapter may have). ReactOS has
 * a constant size, counts the length alone and refuses nothing.
 */
uint32_t dms_adapter_list_size (DmsMachine *machine,
                                const DmsAdapter *adapter,
                                const DmsSizeRequest *request,
                                uint64_t *ret_bytes,
                                uint64_t *ret_registers);

/**
 * dms_adapter_transfer_size:
 * @offset: of the first byte in the chain
 *
 * Models:  GetDmaTransferInfo (nc-wdm-pget_dma_transfer_info).
 * Emits:   facts ZERO_LENGTH, TOO_LONG.
 * Returns: map registers, elements and logical pages of such a transfer, which are the
 * same number; 0 when it is not inside of the chain or empty.
 */
uint64_t dms_adapter_transfer_size (DmsMachine *machine,
                                    const DmsAdapter *adapter,
                                    DmsMdl *const *mdls,
                                    size_t n_mdls,
                                    uint64_t offset,
                                    uint64_t length);

void dms_adapters_release (DmsMachine *machine);
