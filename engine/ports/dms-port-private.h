/* dms-port-private.h — the parts that a port driver is made of
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/ports/dms-port.h"

/* A call that the port driver itself makes. */
bool dms_port_call (DmsMachine *machine,
                    const DmsPort *port,
                    DmsCallInfo info,
                    DmsCall *ret_call);

/* dms-port-slave.c: the channel is asked for, for what dms_port_map() noted. */
void dms_port_begin_map (DmsMachine *machine, DmsPort *port);
/* The request is done: the channel is given back. */
void dms_port_free_channel (DmsMachine *machine, DmsPort *port);

/* dms-port-request.c: the device's next transfer, piece after piece. */
void dms_port_take (DmsMachine *machine, DmsDevice *device, DmsTransfer *transfer);
/* The piece that the miniport has completed is unmapped, and what follows begins. */
void dms_port_finish (DmsMachine *machine, DmsPort *port);
/* Hands the next piece over, or asks for the next transfer. */
void dms_port_go_on (DmsMachine *machine, DmsPort *port);
