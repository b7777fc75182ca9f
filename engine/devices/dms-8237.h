/* dms-8237.h — the DMA controller of the PC: two 8237s, seven channels for use
 *
 * Channels 0 to 3 move bytes, 5 to 7 words of 16 bits; 4 links the second controller to
 * the first. Each channel has, as in hardware:
 *
 *   base and current address  16 bits; in words on channels 5 to 7
 *   page register             8 bits: the address lines above; it never changes by
 * itself, so a transfer stays in its window of 64 KiB, or of 128 KiB on channels 5 to
 * 7, and wraps around inside of it base and current count    transfers less one; 0xffff
 * at terminal count mode                      bits 0–1 channel, 2–3 1 = writes memory,
 * 2 = reads it, 4 auto-initialize, 6–7 0 = demand, 1 = single mask a masked channel
 * does not answer its device
 *
 * Together they drive 24 address lines. At terminal count a channel masks itself, or
 * with auto-initialize takes its base registers again. Single and demand mode differ in
 * cost alone: in single mode the bus is won anew for each transfer.
 *
 * Sources: datasheet of the 8237A; the wiring of the IBM AT.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-controller.h"

#define DMS_8237_CHANNELS 8
#define DMS_8237_CASCADE 4
#define DMS_8237_HIGHEST UINT64_C (0xffffff)

/* Puts the controller into @machine, which releases it. DMS_OK or DMS_ERROR_NO_MEMORY.
 */
DmsStatus dms_8237_attach (DmsMachine *machine);

/* Bytes of a window that one channel cannot leave. */
uint64_t dms_8237_window (uint32_t channel);
/* Bytes still to move by what the count register reads; 0xffff is taken for terminal
 * count, though it is also a full count before the first transfer (ReadDmaCounter). */
uint32_t dms_8237_bytes_left (uint16_t count, uint32_t channel);

/* The registers of a channel; for tests and pictures. */
typedef struct
{
  uint16_t base_address, address;
  uint16_t base_count, count;
  uint8_t page;
  uint8_t mode;
  bool is_masked;
  uint64_t rounds; /* how often it got to terminal count since it was programmed */
} Dms8237Registers;

Dms8237Registers dms_8237_registers (const DmsMachine *machine, uint32_t channel);

/* The grant that the channel of @device is programmed for; 0 while it is masked. */
uint64_t dms_8237_grant (const DmsMachine *machine, const DmsDevice *device);

/* ---- for device models: the device asks for service (DREQ) ---- */

/* What came of one burst. */
typedef struct
{
  uint32_t length;  /* bytes moved */
  bool to_device;   /* as the mode register says */
  bool is_at_end;   /* terminal count: a round is complete */
  bool starts_anew; /* by auto-initialize */
  bool is_stopped;  /* by an IOMMU: nothing moved */
  uint64_t seq;     /* of its last event */
} Dms8237Burst;

/* Bytes that the channel of @device would move now in one burst, at most @want; 0 when
 * it is masked. */
uint32_t
dms_8237_room (const DmsMachine *machine, const DmsDevice *device, uint64_t want);
/* Model time of a burst of @length bytes from now on, in picoseconds. */
uint64_t dms_8237_time (DmsMachine *machine, DmsDevice *device, uint32_t length);
/* Moves one burst of at most @want bytes by the channel of @device, which is not
 * masked. Emits: BURST, STRAY or FAULT; TERMINAL_COUNT. */
Dms8237Burst dms_8237_move (DmsMachine *machine, DmsDevice *device, uint32_t want);
/* The channel of @device is masked: @run is queued as soon as it is not. */
void
dms_8237_wait (DmsMachine *machine, DmsDevice *device, DmsWorkRun run, uint64_t number);
