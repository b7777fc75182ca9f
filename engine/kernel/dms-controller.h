/* dms-controller.h — the system's DMA controller, as the kernel uses it
 *
 * Which controller there is, engine/devices say (dms-8237.h); here is what MapTransfer,
 * FlushAdapterBuffers and ReadDmaCounter need of it for the adapter of a slave.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-adapter.h"

/* A piece that the channel of a slave shall move. */
typedef struct
{
  uint64_t logical; /* in a row, below the controller's limit, in one of its windows */
  uint32_t length;  /* bytes */
  bool to_device;
  uint64_t transfer;
  uint64_t grant;
  uint32_t element; /* of the grant */
} DmsControllerPiece;

struct DmsControllerOps
{
  /* Bytes of a window that no piece of the adapter's channel may leave: 65536, or
   * 131072 for a 16-bit channel. */
  uint64_t (*window) (const DmsAdapter *adapter);
  /* Highest address that the controller drives. */
  uint64_t (*highest) (const DmsAdapter *adapter);
  /* False when there is no such channel, or it is not of that width. */
  bool (*is_possible) (uint32_t channel, uint32_t width_bits);
  /* Programs address, count and mode and unmasks the channel. Emits CONTROLLER. */
  void (*program) (DmsMachine *machine,
                   DmsAdapter *adapter,
                   const DmsControllerPiece *piece);
  /* Masks the channel: it moves nothing any more. Emits CONTROLLER with FAILED, when
   * it was not masked. */
  void (*mask) (DmsMachine *machine, DmsAdapter *adapter);
  /* Bytes that the channel has still to move, as its count register says; 0 at
   * terminal count and when it was never programmed. */
  uint64_t (*counter) (const DmsMachine *machine, const DmsAdapter *adapter);
  void (*release) (DmsMachine *machine);
};
