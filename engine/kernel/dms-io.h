/* dms-io.h — requests on their way: arrival, StartIo, interrupt, DPC, completion
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-machine.h"

/* Queues the start of each device and the first request of each row. Models and drivers
 * are in place. */
void dms_io_begin (DmsMachine *machine);
/* Queues the stop of each device; false when that has been done. */
bool dms_io_end (DmsMachine *machine);

/* Models IoStartPacket: the request waits until the driver has no other one. */
void dms_io_queue (DmsMachine *machine, DmsTransfer *transfer);
/* Takes a request out of that queue; harmless when it is not in it. */
void dms_io_unqueue (DmsTransfer *transfer);
/* Models IoStartNextPacket: the driver takes the next request of its device. */
void dms_io_next (DmsMachine *machine, DmsDevice *device);
/**
 * dms_io_complete:
 * @done: bytes transferred, as the driver says
 *
 * Models IoCompleteRequest, from inside its call. A second time is harmless.
 *
 * Emits: COMPLETE; later the requester's TOUCH.
 */
void dms_io_complete (DmsMachine *machine,
                      DmsTransfer *transfer,
                      uint32_t status,
                      uint64_t done);
/* Completes a request that its driver does not have: it never gets it.
 * Emits: COMPLETE. */
void dms_io_refuse (DmsMachine *machine, DmsTransfer *transfer, uint32_t status);
/* The driver gets no further request and is told to stop when it has none left.
 * Emits: COMPLETE for those that wait. */
void dms_io_stop (DmsMachine *machine, DmsDevice *device);
/* A device interrupts; @event is its INTERRUPT, filled in. The driver's routine runs
 * when the signal has arrived. */
void dms_io_interrupt (DmsMachine *machine, DmsDevice *device, DmsEvent *event);
/* Models IoRequestDpc; false when one is asked for already. */
bool dms_io_request_dpc (DmsMachine *machine, DmsDevice *device);
/* The CPU touches bytes of the buffer that its transfer is about. */
void dms_io_touch (DmsMachine *machine,
                   const DmsBuffer *buffer,
                   uint64_t start,
                   uint64_t length,
                   uint32_t flags);
