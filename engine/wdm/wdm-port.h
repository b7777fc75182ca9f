/* wdm-port.h — what the routines of irb.h, srb.h and storport.h keep
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm-list.h"

#include "engine/ports/dms-port.h"
#include "engine/wdm/irb.h"
#include "engine/wdm/storport.h"

#include <stdarg.h>

typedef struct WdmPort WdmPort;

/* An IRB or SRB. */
typedef struct
{
  union
  {
    IDE_REQUEST_BLOCK irb;
    SCSI_REQUEST_BLOCK srb;
  };
  WdmPort *port;
  DmsPortRequest *request; /* NULL when the miniport must not touch it any more */
} WdmBlock;

/* So many blocks that are done keep their memory, for miniports that still look. */
#define WDM_DONE_BLOCKS 16

/* A port driver's side of a device, and its miniport. */
struct WdmPort
{
  DmsPort port;    /* first */
  void *extension; /* the channel's, or the adapter's */
  WdmBlock *done[WDM_DONE_BLOCKS];
  size_t done_next;
  WdmBlock *ending;                     /* that the miniport has completed last */
  const SAMPLE_PORT_MISTAKES *mistakes; /* or NULL */
  /* ATA port */
  void *controller_extension;
  IDE_CONTROLLER_INTERFACE controller;
  IDE_CHANNEL_INTERFACE channel;
  /* SCSI port and Storport */
  HW_INITIALIZATION_DATA hw;
  void *hw_context;
  PORT_CONFIGURATION_INFORMATION config;
  ACCESS_RANGE range;
};

static inline WdmPort *
wdm_port_of (DmsPort *port)
{
  return (WdmPort *)port;
}

/* ---- wdm-port.c ---- */

/* A port driver for the device whose miniport's entry runs, with an extension of
 * @extension_bytes; NULL when none does, twice, or without memory. */
WdmPort *wdm_port_new (const DmsPortModel *model,
                       const DmsMiniportOps *ops,
                       size_t extension_bytes);

/* The block of a request, with its list's image filled; NULL without memory. */
WdmBlock *wdm_block_new (DmsMachine *machine, WdmPort *port, DmsPortRequest *request);
/* What a miniport that makes mistakes does around its routines; with the machine set.
 */
void wdm_port_before_build (WdmPort *port, WdmBlock *block);
void wdm_port_after_build (WdmPort *port, WdmBlock *block);
void wdm_port_after_interrupt (WdmPort *port);
/* DmsMiniportOps.retire. */
void wdm_block_retire (DmsMachine *machine, DmsPort *port, DmsPortRequest *request);

/* A routine of a port driver that a miniport has called. */
typedef struct
{
  DmsMachine *machine;
  DmsPlace before;
  DmsCall call;
  WdmPort *port;
  WdmBlock *block;         /* NULL for null and unknown pointers */
  DmsPortRequest *request; /* NULL as well for one that is done */
} WdmPortCall;

/**
 * wdm_port_begin:
 * @extension: that the miniport gave
 * @block: the IRB or SRB that it gave, or NULL
 *
 * Emits:   CALL; facts NULL_POINTER, UNKNOWN_DEVICE, UNKNOWN_REQUEST.
 * Returns: false, and then there is nothing to end, when no machine runs here, calls
 * are nested too deep, or the extension is none.
 */
bool wdm_port_begin (DmsCallInfo info,
                     const void *extension,
                     const void *block,
                     WdmPortCall *ret_call);
void wdm_port_end (const WdmPortCall *call);
void wdm_port_end_value (const WdmPortCall *call, uint64_t value, uint64_t length);
void wdm_port_end_status (const WdmPortCall *call, uint32_t status);

/* The logical address of a pointer or of an address of the request's buffer, as
 * …PortGetPhysicalAddress says; ends the call. */
PHYSICAL_ADDRESS
wdm_port_answer_address (const WdmPortCall *call, PVOID address, ULONG *length);

/* The whole call of such a routine, where nothing else is to be looked at. */
PHYSICAL_ADDRESS wdm_port_physical_address (DmsCallInfo info,
                                            const void *extension,
                                            const void *block,
                                            PVOID address,
                                            ULONG *length);

/* The list of the call's request for the miniport, or NULL, without a look, when it is
 * not @is_there; ends the call. */
SCATTER_GATHER_LIST *wdm_port_answer_list (const WdmPortCall *call, bool is_there);

/* An address by which the CPU reaches the first MDL's part of the request. */
void *wdm_port_system_address (DmsMachine *machine, const DmsPortRequest *request);

/* ---- wdm-srb.c ---- */

/* Fills the limits from what the miniport has put into @config. */
void wdm_srb_read_config (WdmPort *port, const PORT_CONFIGURATION_INFORMATION *config);
ULONG wdm_srb_initialize (const DmsPortModel *model,
                          const HW_INITIALIZATION_DATA *data,
                          PVOID context);
PVOID wdm_srb_device_base (const void *extension);
/* ScsiPortGetUncachedExtension and its like. */
PVOID wdm_srb_uncached_extension (DmsCallInfo info,
                                  DmsRoutine place,
                                  PVOID extension,
                                  const PORT_CONFIGURATION_INFORMATION *config,
                                  ULONG bytes);
/* ScsiPortNotification and its like, with what follows HwDeviceExtension. @info has the
 * flag FOR_CHANNEL when the miniport asks for its next request. */
void wdm_srb_notify (DmsCallInfo info,
                     const void *extension,
                     SCSI_NOTIFICATION_TYPE type,
                     va_list arguments);
