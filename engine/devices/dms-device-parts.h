/* dms-device-parts.h — what the models of devices share: life, events, bytes, registers
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

/* ---- life ---- */

/**
 * dms_device_start:
 * @state_bytes: of the model's state
 * @window_bytes: of the register window
 *
 * Gives the device its state and its window, both all zeros.
 *
 * Owner:   both are the device's, also when this fails half way.
 * Returns: false without memory.
 */
bool dms_device_start (DmsDevice *device, size_t state_bytes, uint64_t window_bytes);

/* DmsDeviceModel.release, for a state that owns nothing. */
void dms_device_release (DmsDevice *device);

/* ---- events ---- */

/* What a device works on, as its events say it. */
typedef struct
{
  uint64_t transfer; /* id, 0 = not known */
  uint64_t object;   /* id of a list, a grant or a common buffer; 0 = none */
  bool to_device;
} DmsDeviceWork;

/* An event of @kind by the device, for it to fill in further. */
DmsEvent dms_device_event (const DmsMachine *machine,
                           const DmsDevice *device,
                           DmsDeviceWork work,
                           DmsEventKind kind);

/**
 * dms_device_interrupt:
 * @event: INTERRUPT, with its length and cause
 * @grant: by which memory was mapped for the device, or NULL
 * @is_error: the device could not do what it was to
 *
 * Asserts the interrupt, and says in @event how many bytes still wait in bounce pages
 * of
 * @grant, and that it failed.
 *
 * Emits: what dms_io_interrupt() does.
 */
void dms_device_interrupt (DmsMachine *machine,
                           DmsDevice *device,
                           DmsEvent *event,
                           const DmsGrant *grant,
                           bool is_error);

/* The transfer of @grant, or the device's current one when that is NULL; 0 = not known.
 */
uint64_t dms_device_transfer (const DmsDevice *device, const DmsGrant *grant);

/* ---- time ---- */

/* Moves @clock_ps, the device's own, on to when a burst of @length bytes from @logical
 * on is over, and has @run called then: a device does not wait for the CPU. */
void dms_device_push_burst (DmsMachine *machine,
                            DmsDevice *device,
                            uint64_t *clock_ps,
                            uint64_t logical,
                            uint32_t length,
                            DmsWorkRun run,
                            uint64_t generation);

/* ---- bytes and registers ---- */

/* Little endian. */
static inline uint32_t
dms_bytes_get_32 (const uint8_t *bytes)
{
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16
         | (uint32_t)bytes[3] << 24;
}

/* What a register of 32 bits shows of @value: all ones when it is too narrow. */
static inline uint32_t
dms_register_32 (uint64_t value)
{
  return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

/* A register of 64 bits that was @before, after a write of @size bytes: one of 32 bits
 * reaches one half, the upper one when @is_upper. */
static inline uint64_t
dms_register_merge (uint64_t before, bool is_upper, uint64_t value, uint32_t size)
{
  if (size == 8)
    return value;
  if (is_upper)
    return (before & UINT32_MAX) | value << 32;
  return (before & ~(uint64_t)UINT32_MAX) | (uint32_t)value;
}
